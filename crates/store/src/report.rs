//! Reports: editions, frozen figures and files.

use crate::record::{Field as _, Record};
use crate::{Conn, Fault, Val, vals};
use bihuan_domain::Instant;
use bihuan_domain::id::{CampaignId, EditionId, PersonId, ReportId, ReportTemplateId, UnitId};
use bihuan_domain::report::{
    Edition, EditionFigure, EditionFile, EditionState, NumberSeries, Report, ReportTemplate,
};
use bihuan_domain::unit::UnitPath;
use serde_json::Value;

/// Reports on one page of the list.
pub const REPORT_PAGE: i64 = 50;

/// A report with its latest edition, as a list shows it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The report.
    pub report: Report,
    /// Its latest edition.
    pub edition: Edition,
    /// Name of its unit.
    pub unit_name: String,
}

/// For whom reports are listed.
#[derive(Clone, Debug, Default)]
pub struct Asker {
    /// Subtrees in which issued reports are read.
    pub reads: Vec<UnitPath>,
    /// Subtrees in which drafts are seen too.
    pub drafts: Vec<UnitPath>,
}

fn within(paths: &[UnitPath], args: &mut Vec<Val>) -> String {
    let mut parts = vec!["1 = 0".to_owned()];
    for path in paths {
        args.push(Val::from(path.as_str()));
        args.push(Val::from(path.subtree_end()));
        parts.push(format!("u.path >= ${} AND u.path < ${}", args.len() - 1, args.len()));
    }
    format!("({})", parts.join(" OR "))
}

/// Reports of a campaign that an asker may see, the newest first, and how many there are in all. Somebody who may not
/// see a draft is shown the edition that was issued last.
///
/// # Errors
/// Faults of the database.
pub fn list(
    conn: &mut Conn,
    campaign: CampaignId,
    asker: &Asker,
    offset: i64,
) -> Result<(Vec<Listed>, i64), Fault> {
    let mut args: Vec<Val> = vals![campaign.0, "issued"].to_vec();
    let reads = within(&asker.reads, &mut args);
    let drafts = within(&asker.drafts, &mut args);
    let from = format!(
        "FROM report r JOIN unit u ON u.id = r.unit_id JOIN report_edition e ON e.report_id = r.id \
         AND e.number = (SELECT MAX(x.number) FROM report_edition x WHERE x.report_id = r.id \
           AND (x.state = $2 OR {drafts})) \
         WHERE r.campaign_id = $1 AND (({reads} AND e.state = $2) OR {drafts})"
    );
    let count = conn.first(&format!("SELECT COUNT(*) {from}"), &args)?.map_or(Ok(0), |row| row.int(0))?;
    let columns = |alias: &str, names: &[&str]| {
        names.iter().map(|c| format!("{alias}.{c}")).collect::<Vec<_>>().join(", ")
    };
    args.push(Val::Int(offset));
    let sql = format!(
        "SELECT {}, {}, u.name {from} ORDER BY r.id DESC LIMIT {REPORT_PAGE} OFFSET ${}",
        columns("r", Report::COLUMNS),
        columns("e", Edition::COLUMNS),
        args.len()
    );
    let (at, end) = (Report::COLUMNS.len(), Report::COLUMNS.len() + Edition::COLUMNS.len());
    let rows = conn.rows(&sql, &args)?;
    let listed = rows.iter().map(|row| {
        Ok(Listed {
            report: Report::from_row(row, 0)?,
            edition: Edition::from_row(row, at)?,
            unit_name: row.text(end)?,
        })
    });
    Ok((listed.collect::<Result<_, Fault>>()?, count))
}

/// All editions of a report, the newest first.
///
/// # Errors
/// Faults of the database.
pub fn editions(conn: &mut Conn, report: ReportId) -> Result<Vec<Edition>, Fault> {
    Edition::load(conn, "WHERE report_id = $1 ORDER BY number DESC", &vals![report.0])
}

/// The figures of an edition in order.
///
/// # Errors
/// Faults of the database.
pub fn figures(conn: &mut Conn, edition: EditionId) -> Result<Vec<EditionFigure>, Fault> {
    EditionFigure::load(conn, "WHERE edition_id = $1 ORDER BY ordinal", &vals![edition.0])
}

/// The figure of a short link.
///
/// # Errors
/// Faults of the database.
pub fn figure_by_code(conn: &mut Conn, code: &str) -> Result<Option<EditionFigure>, Fault> {
    EditionFigure::find(conn, "WHERE code = $1", &vals![code])
}

/// The files of an edition.
///
/// # Errors
/// Faults of the database.
pub fn files(conn: &mut Conn, edition: EditionId) -> Result<Vec<EditionFile>, Fault> {
    EditionFile::load(conn, "WHERE edition_id = $1 ORDER BY format", &vals![edition.0])
}

/// The issued file of a digest.
///
/// # Errors
/// Faults of the database.
pub fn file_by_digest(conn: &mut Conn, digest: &str) -> Result<Option<EditionFile>, Fault> {
    EditionFile::find(conn, "WHERE digest = $1 ORDER BY edition_id LIMIT 1", &vals![digest])
}

/// The last number of a series; `None` where none was given.
///
/// # Errors
/// Faults of the database.
pub fn series(conn: &mut Conn, unit: UnitId, prefix: &str, year: i64) -> Result<Option<NumberSeries>, Fault> {
    NumberSeries::find(conn, "WHERE unit_id = $1 AND prefix = $2 AND year = $3", &vals![unit.0, prefix, year])
}

/// Docx templates of a unit in a campaign, by name.
///
/// # Errors
/// Faults of the database.
pub fn own_templates(
    conn: &mut Conn,
    campaign: CampaignId,
    unit: UnitId,
) -> Result<Vec<ReportTemplate>, Fault> {
    ReportTemplate::load(
        conn,
        "WHERE campaign_id = $1 AND unit_id = $2 ORDER BY name, id",
        &vals![campaign.0, unit.0],
    )
}

/// Whether a report uses a docx template.
///
/// # Errors
/// Faults of the database.
pub fn uses_template(conn: &mut Conn, id: ReportTemplateId) -> Result<bool, Fault> {
    Ok(conn.first("SELECT 1 FROM report WHERE own_template_id = $1 LIMIT 1", &vals![id.0])?.is_some())
}

/// The edition issued last, of a report.
///
/// # Errors
/// Faults of the database.
pub fn last_issued(conn: &mut Conn, report: ReportId) -> Result<Option<Edition>, Fault> {
    let editions = editions(conn, report)?;
    Ok(editions.into_iter().find(|one| one.state == EditionState::Issued))
}

/// The wording of the last edition a unit issued of a kind: head and imprint are offered again.
///
/// # Errors
/// Faults of the database.
pub fn last_trimmings(conn: &mut Conn, unit: UnitId, template: &str) -> Result<Option<String>, Fault> {
    let row = conn.first(
        "SELECT e.trimmings FROM report r JOIN report_edition e ON e.report_id = r.id \
         WHERE r.unit_id = $1 AND r.template_code = $2 ORDER BY e.id DESC LIMIT 1",
        &vals![unit.0, template],
    )?;
    row.map(|row| row.text(0)).transpose()
}

/// Texts of a report that are read to learn who wrote what, the newest.
pub const TEXTS_READ_MAX: usize = 500;

/// The texts a report had, oldest first over all its editions: who saved each, and when.
///
/// # Errors
/// Faults of the database, a body that cannot be read.
pub fn each_text(
    conn: &mut Conn,
    id: ReportId,
    take: &mut dyn FnMut(Option<PersonId>, Instant, &str),
) -> Result<(), Fault> {
    let sql = format!(
        "SELECT person_id, at_us, body FROM entry WHERE seq IN (SELECT seq FROM entry WHERE subject_kind = 'report' \
         AND subject_id = $1 AND action IN ('report.drawn_up', 'report.edited', 'report.correction_begun') \
         ORDER BY seq DESC LIMIT {TEXTS_READ_MAX}) ORDER BY seq"
    );
    conn.each(&sql, &vals![id.0], &mut |row| {
        let body: Value = serde_json::from_str(row.str(2)?).map_err(|e| Fault::corrupt(e.to_string()))?;
        let changes = body["rows"].as_array().map_or(&[][..], Vec::as_slice);
        for change in changes.iter().filter(|change| change["table"] == Edition::TABLE) {
            // An insert holds the text, an update the old and the new one.
            let set = &change["set"]["text"];
            if let Some(text) = set.as_str().or_else(|| set[1].as_str()) {
                take(Option::from_val(row.val(0)?)?, Instant::from_val(row.val(1)?)?, text);
            }
        }
        Ok(())
    })
}
