//! A slip as a letter of GB/T 9704: docx for those who print it, PDF for those who send it.

use super::SlipView;
use crate::Error;
use crate::context::{App, Context};
use crate::evidence::FileOut;
use bihuan_documents::paper::{Block, Form, Head, Identity, Imprint, Paper, Profile, Run, Sign, docx, pdf};
use bihuan_domain::id::SlipId;
use bihuan_domain::report::FileFormat;
use bihuan_domain::{Coded, Day};
use bihuan_store::journal::{self, NewEntry};
use serde_json::json;

/// The slip as a document.
fn paper_of(view: &SlipView) -> Paper {
    let slip = &view.case.slip;
    let to = if view.to_post.is_empty() { &view.line.to } else { &view.to_post };
    let day = slip.issued_day.map(|day| day.in_chinese()).unwrap_or_else(|| "（签发日期）".to_owned());
    let lines = view.text.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut blocks: Vec<Block> = lines.map(|line| Block::Paragraph(vec![Run::new(line)])).collect();
    // Wording that names the day itself is not said twice.
    let asked = slip.answer_day.map(Day::in_chinese).filter(|day| !view.text.contains(day.as_str()));
    if let Some(day) = asked {
        blocks.push(Block::Paragraph(vec![Run::new(format!("请于{day}前答复。"))]));
    }
    Paper {
        form: Form::Letter,
        head: Some(Head {
            mark: view.line.issuer.clone(),
            number: view.line.citation.clone(),
            urgency: if slip.urgent { "特急".to_owned() } else { String::new() },
            ..Head::default()
        }),
        title: vec![slip.title.clone()],
        addressee: to.clone(),
        blocks,
        sign: Some(Sign { unit: view.line.issuer.clone(), day: day.clone(), sealed: true }),
        imprint: (!view.copy.is_empty()).then(|| Imprint {
            copies: view.copy.clone(),
            printer: view.line.issuer.clone(),
            day,
        }),
        identity: Identity {
            key: String::new(),
            author: view.line.issuer.clone(),
            day: slip.issued_day.map(|day| day.to_string()).unwrap_or_default(),
        },
        ..Paper::default()
    }
}

impl App {
    /// A slip as docx or PDF, for whoever may read it. Handing it out leaves an entry.
    ///
    /// # Errors
    /// `NotFound`, also for a format slips do not have; a refusal that says what to install where there is no Chinese
    /// font.
    pub fn slip_file(&self, ctx: &Context, id: SlipId, format: FileFormat) -> Result<FileOut, Error> {
        let view = self.slip_view(ctx, id)?;
        let paper = paper_of(&view);
        let made = match format {
            FileFormat::Docx => docx::write(&paper, &Profile::default()),
            FileFormat::Pdf => {
                pdf::write(&paper, &Profile::default(), self.reports.fonts()).map(|made| made.bytes)
            }
            FileFormat::Xlsx => return Err(Error::NotFound),
        };
        let bytes = made.map_err(|error| crate::ledger::document_error(&error))?;
        let slip = &view.case.slip;
        let entry = NewEntry {
            action: "slip.exported".to_owned(),
            subject_kind: "slip",
            subject_id: slip.id.0,
            unit: Some(slip.holder_unit_id),
            campaign: Some(slip.campaign_id),
            note: format!("下载{}的{}文件", view.line.citation, format.label()),
            detail: json!({ "format": format }),
            ..NewEntry::default()
        };
        let (app, ctx) = (self.clone(), ctx.clone());
        self.db.write(move |conn| {
            journal::append(conn, &ctx.stamp(None), vec![entry])?;
            app.watch_export(conn, &ctx, 1).map_err(Error::from)
        })?;
        Ok(FileOut {
            name: format!("{}　{}.{}", view.line.citation, slip.title, format.code()),
            media_type: format.media_type().to_owned(),
            bytes,
            digest: String::new(),
        })
    }
}
