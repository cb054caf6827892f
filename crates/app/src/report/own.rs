//! A docx of one's own as the template of a report: its named fields are filled, everything else stays as it is.

use super::compose::{Composed, OwnText, edition_key};
use super::figures::{Known, gather};
use super::require_office;
use super::typed::{Typed, typed_in_template};
use super::unread;
use crate::Error;
use crate::context::{App, Context, campaign_for, readable_unit};
use crate::evidence::{SentFile, accept_document, kept_name};
use crate::input::{self, inputs};
use bihuan_documents::paper::Note;
use bihuan_documents::paper::fill::{self, Field, Filling, Instead};
use bihuan_documents::text::{Comment, add_comments, read_text};
use bihuan_documents::upload::FileKind;
use bihuan_domain::id::{CampaignId, ReportId, ReportTemplateId, UnitId};
use bihuan_domain::refusal::require_text;
use bihuan_domain::report::text::{self, FigureName, OwnField, Piece};
use bihuan_domain::report::{
    Edition, EditionState, FileFormat, Report, ReportKind, ReportTemplate, TITLE_CHARS_MAX,
};
use bihuan_domain::{Coded, Refusal};
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::{Conn, problem as problems, report as store};

inputs! {
    /// What is said about a docx template.
    OwnTemplateInput {
        campaign: one "专项行动",
        unit: one "单位",
        name: one "模板名称",
        kind: one "文种",
    }
}

/// A docx template with real data in it, before a report is made from it.
#[derive(Clone, Debug)]
pub struct OwnPreview {
    /// The template.
    pub template: ReportTemplate,
    /// Each field with what it is filled with; `None` for a field nobody knows.
    pub fields: Vec<(String, Option<String>)>,
    /// The paragraphs that hold fields, filled.
    pub paragraphs: Vec<String>,
    /// The reader may remove it.
    pub may_remove: bool,
}

pub(super) fn template(
    conn: &mut Conn,
    id: &str,
    campaign: CampaignId,
    unit: UnitId,
) -> Result<ReportTemplate, Error> {
    let wrong = |_| Error::invalid("template", "自有模板的编号不对，请重新选择。");
    let id: ReportTemplateId = id.trim().parse().map_err(wrong)?;
    let found: Option<ReportTemplate> = journal::by_id(conn, id.0)?;
    found
        .filter(|one| one.campaign_id == campaign && one.unit_id == unit)
        .ok_or_else(|| Error::invalid("template", "这个自有模板不是所选单位的，请重新选择。"))
}

fn value_of(known: &Known, name: &str) -> Option<String> {
    match text::field(name).ok()? {
        Piece::Text(text) => Some(text),
        Piece::Value(value) => Some(known.value(value)),
        Piece::Figure(figure) => Some(known.told(figure).shown),
    }
}

/// What a preview shows for a field: a table is only named.
fn previewed(known: &Known, field: &Field) -> Option<String> {
    match text::own_field(&field.name, field.alone).ok()? {
        OwnField::Table(_) => Some(format!("（在这里排成一张表：{}）", field.name)),
        OwnField::Piece(_) => value_of(known, &field.name),
    }
}

/// A report's own docx as it was brought in; `None` for reports of other templates.
fn docx_of(conn: &mut Conn, report: &Report) -> Result<Option<Vec<u8>>, Error> {
    let Some(id) = report.own_template_id else { return Ok(None) };
    let template: ReportTemplate = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
    Ok(Some(problems::file_content(conn, &template.digest)?.ok_or(Error::NotFound)?))
}

/// The fields of the docx of a report, in the order they stand; none for reports of other templates.
pub(super) fn fields_of(conn: &mut Conn, report: &Report) -> Result<Vec<(String, OwnField)>, Error> {
    let Some(docx) = docx_of(conn, report)? else { return Ok(Vec::new()) };
    let fields = fill::fields(&docx).map_err(|error| crate::ledger::document_error(&error))?;
    let read = |field: Field| {
        let read = text::own_field(&field.name, field.alone).ok()?;
        Some((field.name, read))
    };
    Ok(fields.into_iter().filter_map(read).collect())
}

/// The docx of an edition, each figure with its note as a comment; `None` for reports of other templates.
pub(super) fn filled(
    conn: &mut Conn,
    report: &Report,
    edition: &Edition,
    known: &Known,
    composed: &Composed,
) -> Result<Option<OwnText>, Error> {
    let Some(bytes) = docx_of(conn, report)? else { return Ok(None) };
    let key = match edition.state {
        EditionState::Draft => edition_key(edition),
        EditionState::Issued => String::new(),
    };
    let notes: Vec<String> = composed.paper.notes.iter().map(Note::words).collect();
    let value = |name: &str| {
        if let Some((_, table)) = composed.own_tables.iter().find(|(field, _)| field == name) {
            let table = Some(Instead { table: table.clone(), notes: notes.clone() });
            return Some(Filling { table, ..Filling::default() });
        }
        let text = value_of(known, name)?;
        // A field may be written by another name than the one it is kept under.
        let kept = FigureName::parse(name).map(FigureName::name).unwrap_or_default();
        let at = composed.figures.iter().position(|figure| figure.name == kept);
        let note = at.and_then(|at| notes.get(at)).cloned().unwrap_or_default();
        Some(Filling { text, note, table: None })
    };
    let made = fill::fill(&bytes, (&key, &composed.correction), &value);
    let broken = |error| crate::ledger::document_error(&error);
    let made = made.map_err(broken)?;
    let text = read(&made.bytes)?;
    let by = match report.own_template_id {
        Some(id) => {
            let template: ReportTemplate = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
            typed_in_template(conn, &template)?
        }
        None => String::new(),
    };
    let (typed, comments) = typed_in(&text, !composed.correction.is_empty(), &made.filled, &by);
    let file = add_comments(&made.bytes, &comments).map_err(broken)?;
    Ok(Some(OwnText { text, figures: made.noted, cells: made.cells, typed, file }))
}

/// The numbers of a filled docx that no field was filled with, and the comments that say so. The words of a correction
/// stand first.
fn typed_in(text: &str, corrects: bool, filled: &[(usize, usize)], by: &str) -> (Vec<Typed>, Vec<Comment>) {
    let (mut typed, mut comments, mut at) = (Vec::new(), Vec::new(), 0);
    // The fillings stand in the order of the text.
    let mut fillings = filled.iter().peekable();
    for (number, line) in text.split('\n').enumerate() {
        for place in text::typed_in_line(line) {
            let start = at + line[..place.start].chars().count();
            let end = start + line[place.clone()].chars().count();
            while fillings.next_if(|(_, to)| *to <= start).is_some() {}
            if (corrects && number == 0) || fillings.peek().is_some_and(|(from, _)| *from < end) {
                continue;
            }
            let behind = line[place.end..].chars().next().map_or(0, char::len_utf8);
            let words = line[place.start..place.end + behind].to_owned();
            typed.push(Typed { line: number + 1, text: words, by: by.to_owned(), note: 0 });
            let (author, text) = ("闭环".to_owned(), by.to_owned());
            comments.push(Comment { start, end, author, at: String::new(), text });
        }
        at += line.chars().count() + 1;
    }
    (typed, comments)
}

/// The running text of an issued docx; `None` for reports of other templates.
pub(super) fn issued_text(
    conn: &mut Conn,
    report: &Report,
    edition: &Edition,
) -> Result<Option<OwnText>, Error> {
    if report.own_template_id.is_none() {
        return Ok(None);
    }
    let files = store::files(conn, edition.id)?;
    let Some(file) = files.into_iter().find(|file| file.format == FileFormat::Docx) else { return Ok(None) };
    let bytes = problems::file_content(conn, &file.digest)?.ok_or(Error::NotFound)?;
    Ok(Some(OwnText {
        text: read(&bytes)?,
        figures: Vec::new(),
        cells: Vec::new(),
        typed: Vec::new(),
        file: bytes,
    }))
}

fn read(docx: &[u8]) -> Result<String, Error> {
    let read = read_text("own.docx", docx).map_err(|error| crate::ledger::document_error(&error))?;
    Ok(read.text)
}

impl App {
    /// Keeps a docx as a template for a unit's reports.
    ///
    /// # Errors
    /// `Invalid` file or a docx without fields, or with unknown ones, each named; refused for those without the office.
    pub fn add_report_template(
        &self,
        ctx: &Context,
        sent: &OwnTemplateInput,
        file: &SentFile,
    ) -> Result<ReportTemplateId, Error> {
        let accepted = accept_document(file, " .docx ")?;
        if accepted.kind != FileKind::Docx {
            let sentence = format!("“{}”不是 Word 文件；报告模板请用 .docx 文件。", file.name);
            return Err(Error::invalid("file", sentence));
        }
        let fields =
            fill::fields(&accepted.bytes).map_err(|error| Error::invalid("file", format!("{error}。")))?;
        if let Some(sentence) = unread::unread(&read(&accepted.bytes)?) {
            return Err(Error::invalid("file", sentence));
        }
        if fields.is_empty() {
            return Err(Error::invalid(
                "file",
                "这份Word文件里没有字段。请在要自动填写的地方写上两层花括号，例如 {{问题总数}}、{{单位}}、{{止日}}。",
            ));
        }
        let (mut tables, mut unknown) = (Vec::new(), String::new());
        for field in &fields {
            match text::own_field(&field.name, field.alone) {
                Ok(OwnField::Table(node)) => tables.push(node),
                Ok(OwnField::Piece(_)) => {}
                Err(sentence) => unknown.push_str(&sentence),
            }
        }
        if !unknown.is_empty() {
            return Err(Error::invalid("file", unknown));
        }
        if let Some(sentence) = text::too_many(tables.iter()) {
            return Err(Error::invalid("file", sentence));
        }
        let name = require_text("name", "模板名称", &sent.name, TITLE_CHARS_MAX)?;
        let kind = input::coded::<ReportKind>("kind", "文种", &sent.kind)?;
        let campaign = input::number("campaign", "专项行动", &sent.campaign)?.map(CampaignId);
        let unit = input::number("unit", "单位", &sent.unit)?.map(UnitId);
        let (Some(campaign), Some(unit)) = (campaign, unit) else {
            return Err(Error::invalid("unit", "没有选择专项行动或者单位，请选择。"));
        };
        let (ctx, file_name) = (ctx.clone(), kept_name(&file.name));
        self.db.write(move |conn| {
            let campaign = campaign_for(conn, &ctx, campaign)?;
            let unit = readable_unit(conn, &ctx, unit)?;
            require_office(&ctx, &unit, "上传报告模板")?;
            let template = ReportTemplate {
                id: ReportTemplateId(journal::next_id(conn, "report_template", 1)?),
                campaign_id: campaign.id,
                unit_id: unit.id,
                name: name.clone(),
                kind,
                file_name,
                digest: accepted.sha256.clone(),
                created_by: ctx.actor.person,
                created_at: ctx.at,
                version: 1,
            };
            let media_type = accepted.kind.media_type().to_owned();
            let writes = vec![
                Write::File { digest: accepted.sha256, media_type, content: accepted.bytes },
                Write::insert(&template),
            ];
            let entry = NewEntry { unit: Some(unit.id), writes, ..about(&template, "report_template.added") };
            journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry])?;
            Ok(template.id)
        })
    }

    /// A docx template with the figures of the last seven days in it.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn preview_report_template(&self, ctx: &Context, id: ReportTemplateId) -> Result<OwnPreview, Error> {
        self.db.read(|conn| {
            let template: ReportTemplate = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
            let unit = readable_unit(conn, ctx, template.unit_id)?;
            let today = ctx.today();
            let report = Report {
                id: ReportId(0),
                campaign_id: template.campaign_id,
                unit_id: unit.id,
                template_code: String::new(),
                own_template_id: Some(id),
                kind: template.kind,
                from_day: today.plus_days(-6),
                to_day: today,
                created_by: ctx.actor.person,
                created_at: ctx.at,
                version: 1,
            };
            let known = gather(self, conn, ctx, &report, None, true)?;
            let bytes = problems::file_content(conn, &template.digest)?.ok_or(Error::NotFound)?;
            let broken = |error| crate::ledger::document_error(&error);
            let fields = fill::fields(&bytes).map_err(broken)?;
            let shown = |field: Field| (field.name.clone(), previewed(&known, &field));
            let fields: Vec<(String, Option<String>)> = fields.into_iter().map(shown).collect();
            let value = |name: &str| fields.iter().find(|(field, _)| field == name)?.1.clone();
            let paragraphs = fill::preview(&bytes, &value).map_err(broken)?;
            Ok(OwnPreview { template, fields, paragraphs, may_remove: super::may_change(ctx, &unit) })
        })
    }

    /// Removes a docx template that no report uses.
    ///
    /// # Errors
    /// `NotFound`; `report_template_in_use`.
    pub fn remove_report_template(&self, ctx: &Context, id: ReportTemplateId) -> Result<(), Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let template: ReportTemplate = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
            let unit = readable_unit(conn, &ctx, template.unit_id)?;
            require_office(&ctx, &unit, "删除报告模板")?;
            if store::uses_template(conn, id)? {
                return Err(Refusal::new(
                    "report_template_in_use",
                    "已有报告用了这个模板，不能删除。",
                    "可以另外上传一个新模板。",
                )
                .into());
            }
            let writes = vec![Write::delete(&template)];
            let entry =
                NewEntry { unit: Some(unit.id), writes, ..about(&template, "report_template.removed") };
            journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry])?;
            Ok(())
        })
    }
}

fn about(template: &ReportTemplate, action: &str) -> NewEntry {
    NewEntry {
        action: action.to_owned(),
        subject_kind: "report_template",
        subject_id: template.id.0,
        campaign: Some(template.campaign_id),
        note: format!("{}：{}", template.kind.label(), template.name),
        ..NewEntry::default()
    }
}
