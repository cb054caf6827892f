//! What a report is called where only its title is shown: in lists, in the library, in the words of a correction.

use crate::Error;
use bihuan_domain::report::text::{self, Piece, Value};
use bihuan_domain::report::{Edition, EditionState, Report};
use bihuan_store::{Conn, problem as problems};
use serde::Deserialize;

/// Stands for what is counted only when the report is opened.
const UNTOLD: &str = "×";

/// Of what is frozen with an edition, the title alone.
#[derive(Deserialize)]
struct Frozen {
    paper: Title,
}

#[derive(Deserialize)]
struct Title {
    title: Vec<String>,
}

/// The title of an edition: as it was issued, whatever is renamed later; for a draft with the names of its unit and
/// campaign and its days in place of their fields.
pub(crate) fn title_of(
    conn: &mut Conn,
    report: &Report,
    edition: &Edition,
    (unit, campaign): (&str, &str),
) -> Result<String, Error> {
    if edition.state == EditionState::Issued
        && let Some(bytes) = problems::file_content(conn, &edition.frozen)?
        && let Ok(kept) = serde_json::from_slice::<Frozen>(&bytes)
    {
        return Ok(kept.paper.title.concat());
    }
    Ok(filled(&edition.title, report, (unit, campaign)))
}

fn filled(title: &str, report: &Report, (unit, campaign): (&str, &str)) -> String {
    let Ok(pieces) = text::pieces(title) else { return title.to_owned() };
    let word = |value: &Value| match value {
        Value::Unit => unit.to_owned(),
        Value::Campaign => campaign.to_owned(),
        Value::From => report.from_day.in_chinese(),
        Value::To => report.to_day.in_chinese(),
        Value::Period => format!("{}至{}", report.from_day.in_chinese(), report.to_day.in_chinese()),
        Value::Parent | Value::Today | Value::Entry | Value::Number => UNTOLD.to_owned(),
    };
    let words = pieces.iter().map(|piece| match piece {
        Piece::Text(text) => (text.clone(), false),
        Piece::Value(value) => (word(value), true),
        Piece::Figure(_) => (UNTOLD.to_owned(), true),
    });
    joined(words.collect()).into_iter().map(|(text, _)| text).collect()
}

/// Least characters that are taken for a name said twice.
const TWICE_CHARS_MIN: usize = 2;

/// Pieces of a title, each with whether it was filled in, without what one says again at once: a campaign's name mostly
/// begins with its unit's and ends in words that the title goes on with.
pub(super) fn joined(pieces: Vec<(String, bool)>) -> Vec<(String, bool)> {
    let mut out: Vec<(String, bool)> = Vec::new();
    for (text, filled) in pieces {
        let again = out.last().filter(|(_, before)| *before || filled).map_or(0, |(before, _)| {
            let ends = text.char_indices().map(|(at, c)| at + c.len_utf8()).skip(TWICE_CHARS_MIN - 1);
            ends.filter(|end| before.ends_with(&text[..*end])).last().unwrap_or(0)
        });
        out.push((text[again..].to_owned(), filled));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use bihuan_domain::id::{CampaignId, PersonId, ReportId, UnitId};
    use bihuan_domain::report::ReportKind;
    use bihuan_domain::{Day, Instant};

    #[test]
    fn a_title_is_told_with_the_names_its_fields_stand_for() {
        let day = |d| Day::from_ymd(2024, 3, d).expect("a day");
        let report = Report {
            id: ReportId(1),
            campaign_id: CampaignId(1),
            unit_id: UnitId(1),
            template_code: String::new(),
            own_template_id: None,
            kind: ReportKind::Bulletin,
            from_day: day(1),
            to_day: day(5),
            created_by: PersonId(1),
            created_at: Instant::from_micros(0),
            version: 1,
        };
        let told = |title| filled(title, &report, ("云溪县", "渠道整治"));
        assert_eq!(told("{{单位}}{{专项}}工作简报"), "云溪县渠道整治工作简报");
        let again = |title| filled(title, &report, ("云溪县", "云溪县检视整改"));
        assert_eq!(again("{{单位}}{{专项}}整改台账"), "云溪县检视整改台账");
        assert_eq!(again("{{单位}}问题清单"), "云溪县问题清单");
        assert_eq!(told("{{止日}}逾期{{逾期}}件的专报"), "2024年3月5日逾期×件的专报");
    }
}
