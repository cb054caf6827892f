//! Files of a report, handed out.

use super::issue::{hex, refused};
use super::{ReportView, entry};
use crate::Error;
use crate::context::{App, Context};
use crate::evidence::FileOut;
use bihuan_documents::export::write_tables;
use bihuan_documents::paper::{Block, Paper, Profile, docx, pdf};
use bihuan_domain::id::ReportId;
use bihuan_domain::report::{EditionState, FileFormat};
use bihuan_domain::{Coded, Refusal};
use bihuan_store::{journal, problem as problems};
use serde_json::json;

impl App {
    /// A file of a report: the frozen one of an issued edition, or what a draft would become. Handing it out leaves an
    /// entry and, where it is much or often, raises the alert of mass exports.
    ///
    /// # Errors
    /// `NotFound`; a refusal that says what to install where there is no Chinese font.
    pub fn report_file(
        &self,
        ctx: &Context,
        id: ReportId,
        number: Option<i64>,
        format: FileFormat,
    ) -> Result<FileOut, Error> {
        let view = self.report(ctx, id, number)?;
        let file = self.file_of(&view, format)?;
        let rows = rows_in(&view.composed.paper);
        let (app, ctx, digest) = (self.clone(), ctx.clone(), file.digest.clone());
        self.db.write(move |conn| {
            let note = format!("下载《{}》{}", view.composed.paper.title_line(), format.label());
            let mut one = entry(&view.report, "report.exported", note, Vec::new());
            one.detail =
                json!({ "edition": view.edition.number, "format": format, "rows": rows, "sha256": digest });
            journal::append(conn, &ctx.stamp(Some(&view.unit)), vec![one])?;
            app.watch_export(conn, &ctx, rows).map_err(Error::from)
        })?;
        Ok(file)
    }

    fn file_of(&self, view: &ReportView, format: FileFormat) -> Result<FileOut, Error> {
        // Two editions of one report lie in one folder: the later one says so.
        let state = match (view.edition.state, view.edition.number) {
            (EditionState::Draft, _) => "（草稿）".to_owned(),
            (EditionState::Issued, 1) => String::new(),
            (EditionState::Issued, number) => format!("（第{number}版）"),
        };
        let name = format!("{}{state}.{}", view.composed.paper.title_line(), format.code());
        if view.edition.state == EditionState::Issued {
            let file = view.files.iter().find(|file| file.format == format);
            let file = file.ok_or_else(|| match (format, &view.own) {
                (FileFormat::Pdf, Some(_)) => own_without_pdf(),
                _ => Error::NotFound,
            })?;
            let bytes =
                self.db.read(|conn| problems::file_content(conn, &file.digest))?.ok_or(Error::NotFound)?;
            return Ok(FileOut {
                name,
                media_type: format.media_type().to_owned(),
                bytes,
                digest: file.digest.clone(),
            });
        }
        let own = view.composed.own_text.as_ref().map(|own| own.file.clone());
        let paper = &view.composed.paper;
        let bytes = match (format, own) {
            (FileFormat::Docx, Some(bytes)) => bytes,
            (FileFormat::Pdf, Some(_)) => return Err(own_without_pdf()),
            (FileFormat::Docx, None) => refused(docx::write(paper, &Profile::default()))?,
            (FileFormat::Xlsx, _) => {
                refused(write_tables(&view.composed.sheets(), &format!("单位：{}", view.unit.name)))?
            }
            (FileFormat::Pdf, None) => {
                refused(pdf::write(paper, &Profile::default(), self.reports.fonts()))?.bytes
            }
        };
        Ok(FileOut { name, media_type: format.media_type().to_owned(), digest: hex(&bytes), bytes })
    }
}

fn own_without_pdf() -> Error {
    let sentence = "自有Word模板的报告没有PDF。";
    let hint = "请下载Word文件，用Word或WPS另存为PDF；数字另有Excel文件。";
    Refusal::new("report_own_without_pdf", sentence, hint).into()
}

/// Rows of all tables of a document.
fn rows_in(paper: &Paper) -> i64 {
    fn of(blocks: &[Block]) -> usize {
        let rows = |block: &Block| match block {
            Block::Table(table) => table.rows.len(),
            Block::Landscape(inner) => of(inner),
            _ => 0,
        };
        blocks.iter().map(rows).sum()
    }
    let attached: usize = paper.attachments.iter().map(|one| of(&one.blocks)).sum();
    i64::try_from(of(&paper.blocks) + attached).unwrap_or(i64::MAX)
}
