//! Reports, an edition each. What was issued is found in the words of its file by all who read the unit, a draft by the
//! office alone.

use super::{Right, Sketch, Source, places_of};
use crate::Error;
use crate::context::App;
use crate::report::title_of;
use bihuan_domain::Coded;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::ReportId;
use bihuan_domain::report::{Edition, EditionFile, EditionState, FileFormat, Report};
use bihuan_store::search::{Document, rows};
use bihuan_store::{Conn, report as store};
use std::collections::HashMap;

pub(crate) const SOURCE: Source = Source {
    kind: "report",
    label: "报告",
    table: "report_edition",
    touched: &[("report", editions_of)],
    sketch,
    states: || EditionState::ALL.iter().map(|state| (state.code(), state.label())).collect(),
};

fn editions_of(conn: &mut Conn, id: i64) -> Result<Vec<i64>, Error> {
    Ok(store::editions(conn, ReportId(id))?.iter().map(|edition| edition.id.0).collect())
}

fn sketch(_: &App, conn: &mut Conn, ids: &[i64]) -> Result<Vec<Sketch>, Error> {
    let editions: Vec<Edition> = rows(conn, "id", ids)?;
    let owners: Vec<i64> = editions.iter().map(|edition| edition.report_id.0).collect();
    let reports: Vec<Report> = rows(conn, "id", &owners)?;
    let files: Vec<EditionFile> = rows(conn, "edition_id", ids)?;
    let places = places_of(conn, reports.iter().map(|report| report.unit_id))?;
    let owners: Vec<i64> = reports.iter().map(|report| report.campaign_id.0).collect();
    let campaigns: Vec<Campaign> = rows(conn, "id", &owners)?;
    let names = bihuan_store::unit::names(conn, reports.iter().map(|report| report.unit_id))?;
    let mut titles = HashMap::new();
    for edition in &editions {
        let Some(report) = reports.iter().find(|report| report.id == edition.report_id) else { continue };
        let campaign = campaigns.iter().find(|one| one.id == report.campaign_id);
        let unit = names.get(&report.unit_id).map_or("", String::as_str);
        let names = (unit, campaign.map_or("", |one| one.name.as_str()));
        titles.insert(edition.id, title_of(conn, report, edition, names)?);
    }
    Ok(editions
        .into_iter()
        .filter_map(|edition| {
            let report = reports.iter().find(|report| report.id == edition.report_id)?;
            let place = places.get(&report.unit_id)?;
            let issued = edition.state == EditionState::Issued;
            let file = files.iter().find(|f| f.edition_id == edition.id && f.format == FileFormat::Docx);
            let file = file.filter(|_| issued).map(|file| ("报告.docx".to_owned(), file.digest.clone()));
            // The file says what the fields of the text stood for.
            let content = if file.is_some() { String::new() } else { edition.text.clone() };
            Some(Sketch {
                units: if issued { vec![place.clone()] } else { Vec::new() },
                rights: if issued { Vec::new() } else { Right::offices_of(place) },
                campaign: Some(report.campaign_id),
                document: Document {
                    kind: SOURCE.kind.to_owned(),
                    subject_id: edition.id.0,
                    unit_id: report.unit_id,
                    state: edition.state.code().to_owned(),
                    day: edition.as_of_day.or(Some(report.to_day)),
                    href: format!("/reports/{}?edition={}", report.id, edition.number),
                    title: title(&edition, titles.get(&edition.id)?),
                    content: format!("{}{content}", report.kind.label()),
                    ..Document::default()
                },
                file,
            })
        })
        .collect())
}

/// The number and the title, and which edition it is where there are several.
fn title(edition: &Edition, words: &str) -> String {
    let later = if edition.number > 1 { format!("（第{}版）", edition.number) } else { String::new() };
    format!("{} {words}{later}", edition.document_number).trim().to_owned()
}
