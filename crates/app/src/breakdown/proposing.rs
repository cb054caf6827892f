//! What the rules propose for a document, matched to units and days.

use super::{DRAFTS_MAX, empty};
use crate::Error;
use crate::context::{App, Context};
use bihuan_domain::Day;
use bihuan_domain::breakdown::{self as domain, Breakdown, BreakdownDraft};
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::{BreakdownDraftId, UnitId};
use bihuan_domain::unit::Unit;
use bihuan_domain::unit_match::{Candidate, Match, UnitIndex};
use bihuan_store::{Conn, journal};
use bihuan_text::{Hardness, IssueDay, Obligation, OwnTerms, obligations_of_day, obligations_with, parties};

/// Units read to understand who is asked.
const MATCH_UNITS_MAX: i64 = 5_000;

/// What the rules propose for a text of a day.
pub(super) fn proposed(text: &str, day: Day, terms: &OwnTerms) -> Vec<Obligation> {
    let mut found = match IssueDay::parse(&day.to_string()) {
        Some(issued) => obligations_of_day(text, issued, terms),
        None => obligations_with(text, Some(day.year()), terms),
    };
    found.truncate(DRAFTS_MAX);
    found
}

pub(super) fn drafts_of(
    app: &App,
    conn: &mut Conn,
    ctx: &Context,
    (row, unit, campaign): (&Breakdown, &Unit, &Campaign),
    found: Vec<Obligation>,
) -> Result<Vec<BreakdownDraft>, Error> {
    let above = bihuan_store::unit::ancestors(conn, &unit.path)?;
    let below = bihuan_store::problem::units::open_within(conn, &unit.path, ctx.today(), MATCH_UNITS_MAX)?;
    let known: Vec<&Unit> = above.iter().chain(below.iter().filter(|other| other.id != unit.id)).collect();
    let index = UnitIndex::new(known.iter().map(|unit| Candidate::of(unit, true)));
    let first = journal::next_id(conn, "breakdown_draft", found.len().max(1) as i64)?;
    let mut drafts = Vec::new();
    for (obligation, id) in found.into_iter().zip(first..) {
        let (unit_id, unit_doubt) = who(&index, unit, named(&obligation));
        let resolved = obligation.deadline_resolved.as_deref().and_then(|text| Day::parse(text).ok());
        let due_day = match (&resolved, &obligation.deadline) {
            (Some(day), _) => Some(*day),
            (None, Some(text)) => app.deadline(conn, campaign, text, row.day).ok().and_then(|read| read.date),
            (None, None) => None,
        };
        drafts.push(BreakdownDraft {
            id: BreakdownDraftId(id),
            start_at: obligation.start as i64,
            end_at: obligation.end as i64,
            subject: cut(obligation.subject.unwrap_or_default()),
            subject_level: obligation.subject_level.unwrap_or_default().to_owned(),
            unit_id,
            unit_doubt,
            action: cut(obligation.action),
            strand: obligation.measure.unwrap_or_default().to_owned(),
            quantity: quantity(
                obligation.comparator,
                obligation.quantity,
                obligation.quantity_unit.as_deref(),
            ),
            cadence: obligation.cadence.unwrap_or_default().to_owned(),
            deadline_text: cut(obligation.deadline.unwrap_or_default()),
            due_day,
            hard: obligation.hardness == Hardness::Hard,
            reasons: serde_json::to_string(&obligation.reasons).unwrap_or_default(),
            quote: obligation.quote,
            ..empty(row.id)
        });
    }
    Ok(drafts)
}

fn cut(text: String) -> String {
    text.chars().take(domain::ACTION_CHARS_MAX).collect()
}

/// Who owes it by name: for 我局 and 我镇, the unit whose document it is.
fn named(obligation: &Obligation) -> Option<&str> {
    let issuer = obligation.reasons.iter().find(|reason| reason.rule == "issuing unit");
    issuer.map(|reason| reason.words.as_str()).or(obligation.subject.as_deref())
}

/// The unit that a subject names; what is doubtful about it otherwise.
fn who(index: &UnitIndex, home: &Unit, subject: Option<&str>) -> (Option<UnitId>, String) {
    let Some(subject) = subject else { return (None, "原文没有写明由谁办理。".to_owned()) };
    // The unit itself is not among those looked up, so that a class of units below is not taken for it.
    if subject == home.name {
        return (Some(home.id), String::new());
    }
    match index.lookup(subject, Some(home.id)) {
        Match::Sure(id, _) => (Some(id), String::new()),
        Match::Group(_) => (None, format!("“{subject}”是一类单位，采用时按当天的隶属关系展开。")),
        Match::Doubtful(_) => (None, format!("“{subject}”可能是几个单位之一，请填写全称。")),
        Match::Unknown => match parties(subject).len() {
            0 | 1 => (None, format!("“{subject}”不是单位名称，请选择责任单位。")),
            several => (None, format!("“{subject}”写了{several}个责任对象，采用时逐个交办。")),
        },
    }
}

fn quantity(comparator: Option<&str>, number: Option<f64>, unit: Option<&str>) -> String {
    let Some(number) = number else { return String::new() };
    let sign = match comparator {
        Some(">=") => "不少于",
        Some(">") => "超过",
        Some("<=") => "不超过",
        _ => "",
    };
    format!("{sign}{number}{}", unit.unwrap_or_default())
}
