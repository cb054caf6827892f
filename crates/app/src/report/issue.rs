//! Issuing freezes: document, figures, files, entry. What came after shows as "since then"; a file at hand is known by
//! its digest.

use super::basis::gather_for;
use super::compose::{Composed, Making, compose, edition_key};
use super::figures::Known;
use super::frozen::{FROZEN_TYPE, Frozen, thaw};
use super::problem_list::find;
use super::{context_campaign, draft, entry, may_change, own, typed};
use crate::Error;
use crate::context::{App, Context};
use bihuan_documents::export::write_tables;
use bihuan_documents::paper::{Profile, docx, pdf};
use bihuan_documents::{DocumentError, Result as DocumentResult};
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::ReportId;
use bihuan_domain::report::text::FigureName;
use bihuan_domain::report::{
    self as domain, Edition, EditionFigure, EditionFile, EditionState, FileFormat, NumberSeries, Report,
    Trimmings,
};
use bihuan_domain::unit::Unit;
use bihuan_store::journal::{self, Write};
use bihuan_store::report as store;
use bihuan_store::{Conn, Fault};
use serde_json::json;
use sha2::{Digest, Sha256};

/// How often a number may be taken by another while the files are being made.
const TRIES_MAX: usize = 4;

/// What issuing did.
#[derive(Clone, Debug)]
pub struct Issued {
    /// The edition.
    pub edition: Edition,
    /// Its files.
    pub files: Vec<EditionFile>,
    /// Why there is no PDF, where there is none.
    pub without_pdf: String,
    /// What the check still found in it; the number stands in the journal.
    pub findings: usize,
}

/// One written file.
struct Made {
    format: FileFormat,
    bytes: Vec<u8>,
    pages: i64,
    fonts: String,
}

/// What tells whether figures are those somebody looked at.
pub(super) fn digest_of(figures: &[EditionFigure]) -> String {
    let all: Vec<String> = figures.iter().map(|one| format!("{}={}", one.name, one.shown)).collect();
    hex(&all.join("\n").into_bytes())
}

pub(super) fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a correction says above its text: what it corrects, why, and which figures it changes.
pub(super) fn correction_words(
    conn: &mut Conn,
    ctx: &Context,
    report: &Report,
    edition: &Edition,
    known: &Known,
) -> Result<String, Error> {
    if edition.number < 2 {
        return Ok(String::new());
    }
    let editions = store::editions(conn, report.id)?;
    let Some(old) = editions.iter().find(|one| one.number == edition.number - 1) else {
        return Ok(String::new());
    };
    let day = old.issued_at.unwrap_or(ctx.at).day_in_china().in_chinese();
    let number =
        if old.document_number.is_empty() { String::new() } else { format!("（{}）", old.document_number) };
    let mut changed = Vec::new();
    let mut in_tables = 0;
    for then in store::figures(conn, old.id)? {
        let now = find(conn, ctx, known, &then.name)?.filter(|now| now.shown != then.shown);
        let Some(now) = now else { continue };
        if FigureName::parse(&then.name).is_some() {
            changed.push(format!("{}由{}更正为{}", then.label, then.shown, now.shown));
        } else {
            in_tables += 1;
        }
    }
    if in_tables > 0 {
        changed.push(format!("表中另有{in_tables}个数字更正"));
    }
    let figures = if changed.is_empty() {
        String::new()
    } else {
        format!("更正的数字：{}。", changed.join("，"))
    };
    let basis = match edition.kept_at() {
        Some(entry) => format!("数字沿用第{}版（截至第{entry}号记录），没有重新统计。", old.number),
        None => format!("数字按截至第{}号记录的台账重新统计。", known.at.seq),
    };
    let reason = edition.reason.trim_end_matches('。');
    Ok(format!(
        "【更正】本版更正{day}印发的《{}》{number}第{}版。更正原因：{reason}。{basis}{figures}",
        thaw(conn, old)?.paper.title_line(),
        old.number
    ))
}

impl App {
    /// Issues the draft of a report. `seen` is what [`super::ReportView::seen`] gave for the page the person looked at;
    /// when the figures have moved since, nothing is issued.
    ///
    /// # Errors
    /// `NotFound`; refusals of `domain::report::issue`; a conflict when draft or figures have changed.
    pub fn issue_report(
        &self,
        ctx: &Context,
        id: ReportId,
        version: Option<i64>,
        seen: Option<&str>,
    ) -> Result<Issued, Error> {
        for _ in 0..TRIES_MAX {
            if let Some(issued) = self.try_issue(ctx, id, version, seen)? {
                return Ok(issued);
            }
        }
        Err(Error::Conflict("同时有多份文件在编号，请稍候再签发一次。".to_owned()))
    }

    /// One try: `None` when another document took the number in the meantime.
    fn try_issue(
        &self,
        ctx: &Context,
        id: ReportId,
        version: Option<i64>,
        seen: Option<&str>,
    ) -> Result<Option<Issued>, Error> {
        let ready = self.db.read(|conn| -> Result<Ready, Error> {
            let (report, unit, edition) = draft(conn, ctx, id, version, "签发报告")?;
            domain::issue(&edition)?;
            domain::require_words(&report, &edition)?;
            let campaign = context_campaign(conn, report.campaign_id)?;
            let (number, series) = next_number(conn, ctx, &report, &edition)?;
            let mut known = gather_for(self, conn, ctx, &report, &edition)?;
            let correction = correction_words(conn, ctx, &report, &edition, &known)?;
            let form = self.form_of(&report, &campaign)?;
            let making = Making {
                edition: &edition,
                form: &form,
                number: Some(number.clone()),
                origin: &self.reports.origin,
                correction,
                own: own::fields_of(conn, &report)?,
                hands: typed::hands(conn, report.id)?,
            };
            let composed = compose(conn, ctx, &mut known, &making)?;
            let own = own::filled(conn, &report, &edition, &known, &composed)?;
            let composed = composed.with_own(own);
            Ok(Ready { report, unit, campaign, edition, composed, number, series })
        })?;
        if seen.is_some_and(|seen| !seen.is_empty() && seen != digest_of(&ready.composed.figures)) {
            return Err(Error::Conflict(
                "您打开页面之后台账有变化，报告里的数字与您看到的不一样了，没有签发。请核对页面上的最新数字后再签发。".to_owned(),
            ));
        }
        // Checked and written before the writer's turn: that must not keep others waiting.
        let found = {
            let over = (ready.report.from_day, ready.report.to_day);
            self.composed_findings(ctx, (&ready.unit, &ready.campaign), over, &ready.composed)?
        };
        let (made, without_pdf) = self.make(&ready)?;
        let (ctx, findings) = (ctx.clone(), found.findings.len());
        self.db.write(move |conn| freeze(conn, &ctx, ready, made, (without_pdf, findings)))
    }

    fn make(&self, ready: &Ready) -> Result<(Vec<Made>, String), Error> {
        let paper = &ready.composed.paper;
        let profile = Profile::default();
        let plain = |format, bytes| Made { format, bytes, pages: 0, fonts: String::new() };
        if let Some(own) = &ready.composed.own_text {
            let tables = refused(write_tables(&ready.composed.sheets(), &place_of(ready)))?;
            let made = vec![plain(FileFormat::Docx, own.file.clone()), plain(FileFormat::Xlsx, tables)];
            return Ok((made, OWN_WITHOUT_PDF.to_owned()));
        }
        let mut made = vec![
            plain(FileFormat::Docx, refused(docx::write(paper, &profile))?),
            plain(FileFormat::Xlsx, refused(write_tables(&ready.composed.sheets(), &place_of(ready)))?),
        ];
        match pdf::write(paper, &profile, self.reports.fonts()) {
            Ok(written) => {
                let fonts: Vec<String> =
                    written.fonts.iter().map(|(face, name)| format!("{}：{name}", face.label())).collect();
                made.push(Made {
                    format: FileFormat::Pdf,
                    bytes: written.bytes,
                    pages: i64::try_from(written.pages).unwrap_or(0),
                    fonts: fonts.join("，"),
                });
                Ok((made, String::new()))
            }
            Err(DocumentError::NoChineseFont) => Ok((made, format!("{}。", DocumentError::NoChineseFont))),
            Err(error) => Err(crate::ledger::document_error(&error)),
        }
    }
}

pub(super) fn refused<T>(made: DocumentResult<T>) -> Result<T, Error> {
    made.map_err(|error| crate::ledger::document_error(&error))
}

/// Why a report of somebody's own docx has no PDF, and the way out.
pub(super) const OWN_WITHOUT_PDF: &str =
    "自有Word模板的报告不生成PDF，因为版式在Word文件里；需要时请用Word或WPS打开下载的文件，另存为PDF。";

/// Everything that is about to be frozen.
struct Ready {
    report: Report,
    unit: Unit,
    campaign: Campaign,
    edition: Edition,
    composed: Composed,
    number: String,
    /// The series the number is taken from, as it was and as it will be.
    series: Option<(Option<NumberSeries>, NumberSeries)>,
}

fn place_of(ready: &Ready) -> String {
    format!(
        "单位：{}        截至：{}        数据截至第{}号记录",
        ready.unit.name,
        ready.composed.as_of_day.in_chinese(),
        ready.composed.as_of_seq
    )
}

type Series = Option<(Option<NumberSeries>, NumberSeries)>;

/// The next number of the unit's series of the year. A correction keeps the number of what it corrects.
fn next_number(
    conn: &mut Conn,
    ctx: &Context,
    report: &Report,
    edition: &Edition,
) -> Result<(String, Series), Error> {
    if edition.number > 1 {
        return Ok((edition.document_number.clone(), None));
    }
    let trimmings: Trimmings = serde_json::from_str(&edition.trimmings).unwrap_or_default();
    if trimmings.prefix.is_empty() {
        return Ok((String::new(), None));
    }
    let year = i64::from(ctx.today().year());
    let old = store::series(conn, report.unit_id, &trimmings.prefix, year)?;
    let last = old.as_ref().map_or(0, |one| one.last) + 1;
    let new = NumberSeries { unit_id: report.unit_id, prefix: trimmings.prefix.clone(), year, last };
    Ok((domain::document_number(&trimmings.prefix, year, last), Some((old, new))))
}

fn freeze(
    conn: &mut Conn,
    ctx: &Context,
    ready: Ready,
    made: Vec<Made>,
    (without_pdf, findings): (String, usize),
) -> Result<Option<Issued>, Error> {
    let Ready { report, unit, edition, composed, number, series, .. } = ready;
    let (_, _, now) = draft(conn, ctx, report.id, Some(edition.version), "签发报告")?;
    debug_assert!(may_change(ctx, &unit) && now.id == edition.id);
    let mut writes = Vec::new();
    if let Some((old, new)) = &series {
        if store::series(conn, new.unit_id, &new.prefix, new.year)? != *old {
            return Ok(None);
        }
        match old {
            Some(old) => writes.extend(Write::update(old, new)),
            None => writes.push(Write::insert(new)),
        }
    }
    let figures_as_of = composed.figures_as_of;
    let kept = Frozen { paper: composed.paper, rows: composed.rows, figures_as_of };
    let content = serde_json::to_vec(&kept).map_err(|error| Fault::corrupt(error.to_string()))?;
    let title = kept.paper.title_line();
    let issued = Edition {
        state: EditionState::Issued,
        frozen: hex(&content),
        document_number: number.clone(),
        as_of_seq: composed.as_of_seq,
        as_of_day: Some(composed.as_of_day),
        issued_by: Some(ctx.actor.person),
        issued_at: Some(ctx.at),
        version: edition.version + 1,
        ..edition.clone()
    };
    writes.push(Write::File { digest: issued.frozen.clone(), media_type: FROZEN_TYPE.to_owned(), content });
    writes.extend(Write::update(&edition, &issued));
    writes.extend(composed.figures.iter().map(Write::insert));
    let mut files = Vec::new();
    for one in made {
        let digest = hex(&one.bytes);
        let file = EditionFile {
            edition_id: edition.id,
            format: one.format,
            digest: digest.clone(),
            size_bytes: i64::try_from(one.bytes.len()).unwrap_or(i64::MAX),
            pages: one.pages,
            fonts: one.fonts,
        };
        writes.push(Write::File {
            digest,
            media_type: one.format.media_type().to_owned(),
            content: one.bytes,
        });
        writes.push(Write::insert(&file));
        files.push(file);
    }
    let digests: Vec<_> =
        files.iter().map(|file| json!({ "format": file.format, "sha256": file.digest })).collect();
    let mut one = entry(
        &report,
        "report.issued",
        format!("{title}{}", if number.is_empty() { String::new() } else { format!("（{number}）") }),
        writes,
    );
    one.detail = json!({
        "edition": issued.number, "number": number, "as_of": composed.as_of_seq, "corrects": (issued.number > 1).then_some(issued.number - 1),
        "reason": issued.reason, "figures": figures_as_of, "findings": findings, "files": digests, "key": edition_key(&issued),
    });
    journal::append(conn, &ctx.stamp(Some(&unit)), vec![one])?;
    Ok(Some(Issued { edition: issued, files, without_pdf, findings }))
}
