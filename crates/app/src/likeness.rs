//! Likeness: near-duplicates at intake, copied closures for the verifier, the same found elsewhere 举一反三.
//!
//! A reader is told by name only of what the reader may see; the rest is counted.

use crate::Error;
use crate::context::Context;
use bihuan_documents::upload::{NEAR_BITS, print_likeness};
use bihuan_domain::activity::{Activity, ActivityState};
use bihuan_domain::breakdown::{Becomes, Breakdown};
use bihuan_domain::evidence::Evidence;
use bihuan_domain::id::{CampaignId, ProblemId, UnitId};
use bihuan_domain::problem::{Case, Problem, State};
use bihuan_domain::unit::UnitPath;
use bihuan_domain::{Coded, Day};
use bihuan_store::likeness::{self as store, TextKind};
use bihuan_store::{Conn, breakdown, image_print, problem, search, unit};
use bihuan_text::likeness::{SharedPart, Signature, bands, likeness, shared_parts, signature};
use std::collections::{BTreeMap, BTreeSet};

/// From this likeness on a new problem is said to repeat another.
pub const DUPLICATE_FROM: f64 = 0.75;
/// From this likeness on a closure statement is said to be copied.
pub const COPIED_FROM: f64 = 0.8;
/// From this (estimated) likeness on a problem elsewhere is offered as similar.
pub const SIMILAR_FROM: f64 = 0.35;
/// Most problems named in one list.
pub const NAMED_MAX: usize = 8;
/// How far an estimate may lie below the likeness of the words: three standard errors.
const ESTIMATE_ERROR: f64 = 0.15;
/// Most texts that are compared word by word for one question.
const CONFIRMED_MAX: usize = 40;
/// Minutes shorter than this, in characters, are set phrases that everybody writes.
const MINUTES_CHARS_MIN: usize = 30;
/// Parts the keys of campaigns; any large odd number.
const CAMPAIGN_FACTOR: i64 = 0x1E37_79B9_7F4A_7C15;

/// Another problem that is like this one.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Alike {
    /// The problem.
    pub id: ProblemId,
    /// As people cite it.
    pub citation: String,
    /// Its text, or the statement that is alike.
    pub text: String,
    /// The unit it is counted at.
    pub unit: UnitId,
    /// Where it stands.
    pub state: State,
    /// How alike, in hundredths.
    pub percent: u8,
    /// Parts that stand in both.
    #[serde(skip)]
    pub shared: Vec<SharedPart>,
}

/// Learns the texts of a case that are new or changed.
///
/// # Errors
/// Faults of the database.
pub fn learn(conn: &mut Conn, before: Option<&Case>, after: &Case) -> Result<(), Error> {
    let problem = &after.problem;
    if before.is_none_or(|old| old.problem.text != problem.text) {
        keep(conn, TextKind::Problem, (problem.id.0, 0), problem.campaign_id, &problem.text)?;
    }
    let old = before.map_or(("", 0), |old| (old.problem.statement.as_str(), old.problem.round));
    if !problem.statement.is_empty() && old != (problem.statement.as_str(), problem.round) {
        let round = (problem.id.0, problem.round);
        keep(conn, TextKind::Closure, round, problem.campaign_id, &problem.statement)?;
    }
    Ok(())
}

/// Learns a text: of a problem's round, or of another thing, whose round is 0.
///
/// # Errors
/// Faults of the database.
pub fn keep(
    conn: &mut Conn,
    kind: TextKind,
    subject: (i64, i64),
    campaign: CampaignId,
    text: &str,
) -> Result<(), Error> {
    let signature = signature(text);
    let old = store::signature_of(conn, kind, subject)?.and_then(|bytes| Signature::from_bytes(&bytes));
    let gone = old.map_or_else(Vec::new, |old| keys_of(&old, campaign));
    let keys = keys_of(&signature, campaign);
    Ok(store::keep(conn, kind, subject, signature.to_bytes(), (&keys, &gone))?)
}

/// The keys of a text within a campaign: texts of different campaigns do not meet.
pub fn keys_of(signature: &Signature, campaign: CampaignId) -> Vec<i64> {
    let campaign = campaign.0.wrapping_mul(CAMPAIGN_FACTOR);
    bands(signature).into_iter().map(|band| band ^ campaign).collect()
}

/// Other texts of the kind and campaign that may be as alike as `from`: subject, round, estimated likeness, the most
/// alike first. An estimate may err by a little, so the words themselves decide.
///
/// # Errors
/// Faults of the database.
pub fn alike_texts(
    conn: &mut Conn,
    kind: TextKind,
    own: (CampaignId, i64),
    text: &str,
    from: f64,
) -> Result<Vec<(i64, i64, f64)>, Error> {
    alike_texts_but(conn, kind, own, text, (from, &[]))
}

/// As [`alike_texts`], without these subjects.
fn alike_texts_but(
    conn: &mut Conn,
    kind: TextKind,
    (campaign, own): (CampaignId, i64),
    text: &str,
    (from, but): (f64, &[i64]),
) -> Result<Vec<(i64, i64, f64)>, Error> {
    let signature = signature(text);
    let mut found: Vec<(i64, i64, f64)> = store::candidates(conn, kind, own, &keys_of(&signature, campaign))?
        .into_iter()
        .filter(|other| !but.contains(&other.subject))
        .filter_map(|other| {
            let alike = Signature::from_bytes(&other.signature)?.likeness(&signature);
            (alike >= from - ESTIMATE_ERROR).then_some((other.subject, other.round, alike))
        })
        .collect();
    found.sort_by(|a, b| b.2.total_cmp(&a.2).then(b.0.cmp(&a.0)));
    found.truncate(CONFIRMED_MAX);
    Ok(found)
}

/// Problems that one sentence of a document gave to several units: the same thing asked of each, so that none repeats or
/// resembles another.
fn asked_alike(conn: &mut Conn, own: ProblemId) -> Result<Vec<i64>, Error> {
    Ok(breakdown::of_same_sentence(conn, Becomes::Problem.code(), own.0)?)
}

/// Problems of the campaign that say nearly the same: those the reader may see by name, the others counted.
///
/// # Errors
/// Faults of the database.
pub fn near_duplicates(
    conn: &mut Conn,
    ctx: &Context,
    campaign: CampaignId,
    own: Option<ProblemId>,
    text: &str,
) -> Result<(Vec<Alike>, usize), Error> {
    let asked_alike = own.map(|own| asked_alike(conn, own)).transpose()?.unwrap_or_default();
    let own = (campaign, own.unwrap_or_default().0);
    let found = alike_texts_but(conn, TextKind::Problem, own, text, (DUPLICATE_FROM, &asked_alike))?;
    let ids: Vec<ProblemId> = found.into_iter().map(|(id, ..)| ProblemId(id)).collect();
    let problems = problem::by_ids(conn, &ids)?;
    let alike: Vec<Alike> = problems
        .iter()
        .map(|other| alike_of(other, &other.text, likeness(text, &other.text)))
        .filter(|alike| f64::from(alike.percent) >= DUPLICATE_FROM * 100.0)
        .collect();
    named(conn, ctx, alike, &problems)
}

/// Closure statements elsewhere that say nearly the same as this one, with what they share.
///
/// # Errors
/// Faults of the database.
pub fn copied_closures(
    conn: &mut Conn,
    ctx: &Context,
    problem: &Problem,
) -> Result<(Vec<Alike>, usize), Error> {
    if problem.statement.trim().is_empty() {
        return Ok((vec![], 0));
    }
    let own = (problem.campaign_id, problem.id.0);
    let found = alike_texts(conn, TextKind::Closure, own, &problem.statement, COPIED_FROM)?;
    let ids: Vec<ProblemId> = found.iter().map(|(id, ..)| ProblemId(*id)).collect();
    let problems = problem::by_ids(conn, &ids)?;
    let mut alike: Vec<Alike> = Vec::new();
    for (id, round, _) in found {
        let id = ProblemId(id);
        let Some(other) = problems.iter().find(|other| other.id == id) else { continue };
        let Some(text) = store::statement_of(conn, id, round)? else { continue };
        let mut one = alike_of(other, &text, likeness(&problem.statement, &text));
        if f64::from(one.percent) >= COPIED_FROM * 100.0 && !alike.iter().any(|have| have.id == id) {
            one.shared = shared_parts(&problem.statement, &text);
            alike.push(one);
        }
    }
    named(conn, ctx, alike, &problems)
}

/// A text of another unit that says nearly the same.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Copied {
    /// The page that shows it.
    pub href: String,
    /// Its title.
    pub title: String,
    /// Name of its unit.
    pub unit: String,
    /// Its day.
    pub day: Day,
    /// How alike, in hundredths.
    pub percent: u8,
}

/// Minutes of other activities that say nearly the same: copied speeches and opinions. Those the reader may see by
/// name, the others counted.
///
/// # Errors
/// Faults of the database.
pub fn copied_minutes(conn: &mut Conn, ctx: &Context, own: &Activity) -> Result<(Vec<Copied>, usize), Error> {
    let text = &own.minutes_text;
    if text.chars().count() < MINUTES_CHARS_MIN {
        return Ok((Vec::new(), 0));
    }
    let found = alike_texts(conn, TextKind::Minutes, (own.campaign_id, own.id.0), text, COPIED_FROM)?;
    let ids: Vec<i64> = found.iter().map(|(id, ..)| *id).collect();
    let others: Vec<Activity> = search::rows(conn, "id", &ids)?;
    let live = others.into_iter().filter(|other| other.state == ActivityState::Recorded);
    let copied = live.map(|other| Text {
        href: format!("/activities/{}", other.id),
        percent: percent(likeness(text, &other.minutes_text)),
        unit: other.unit_id,
        day: other.day,
        title: other.topic,
    });
    named_texts(conn, ctx, copied.collect())
}

/// Speeches and notices that were broken down already, here or elsewhere.
///
/// # Errors
/// Faults of the database.
pub fn same_speeches(conn: &mut Conn, ctx: &Context, own: &Breakdown) -> Result<(Vec<Copied>, usize), Error> {
    let text = &own.content;
    let found = alike_texts(conn, TextKind::Speech, (own.campaign_id, own.id.0), text, COPIED_FROM)?;
    let ids: Vec<i64> = found.iter().map(|(id, ..)| *id).collect();
    let others: Vec<Breakdown> = search::rows(conn, "id", &ids)?;
    let copied = others.into_iter().map(|other| Text {
        href: format!("/breakdowns/{}", other.id),
        percent: percent(likeness(text, &other.content)),
        unit: other.unit_id,
        day: other.day,
        title: other.title,
    });
    named_texts(conn, ctx, copied.collect())
}

struct Text {
    href: String,
    title: String,
    unit: UnitId,
    day: Day,
    percent: u8,
}

fn named_texts(conn: &mut Conn, ctx: &Context, mut texts: Vec<Text>) -> Result<(Vec<Copied>, usize), Error> {
    texts.retain(|text| f64::from(text.percent) >= COPIED_FROM * 100.0);
    texts.sort_by(|a, b| b.percent.cmp(&a.percent).then(a.href.cmp(&b.href)));
    let units = unit::by_ids(conn, texts.iter().map(|text| text.unit))?;
    let total = texts.len();
    let mut named: Vec<Copied> = Vec::new();
    for text in texts {
        let unit = units.iter().find(|unit| unit.id == text.unit && ctx.actor.may_read(&unit.path));
        if let Some(unit) = unit {
            let Text { href, title, day, percent, .. } = text;
            named.push(Copied { href, title, unit: unit.name.clone(), day, percent });
        }
    }
    let hidden = total - named.len();
    named.truncate(NAMED_MAX);
    Ok((named, hidden))
}

fn percent(likeness: f64) -> u8 {
    (likeness * 100.0).round().clamp(0.0, 100.0) as u8
}

/// Problems of the same category at other units that are similar enough to look at together.
///
/// # Errors
/// Faults of the database.
pub fn similar_elsewhere(
    conn: &mut Conn,
    ctx: &Context,
    problem: &Problem,
) -> Result<(Vec<Alike>, usize), Error> {
    let asked_alike = asked_alike(conn, problem.id)?;
    let own = signature(&problem.text);
    let estimated = |bytes: &[u8]| Signature::from_bytes(bytes).map_or(0.0, |other| own.likeness(&other));
    let mut scored: Vec<(ProblemId, f64)> =
        store::signatures_of_category(conn, problem.campaign_id, &problem.category, problem.id)?
            .iter()
            .filter(|(id, _)| !asked_alike.contains(&id.0))
            .map(|(id, bytes)| (*id, estimated(bytes)))
            .filter(|(_, score)| *score >= SIMILAR_FROM)
            .collect();
    scored.sort_by(|a, b| b.1.total_cmp(&a.1));
    scored.truncate(4 * NAMED_MAX);
    let ids: Vec<ProblemId> = scored.iter().map(|(id, _)| *id).collect();
    let problems = problem::by_ids(conn, &ids)?;
    let alike = problems
        .iter()
        .filter(|other| other.home_unit_id != problem.home_unit_id)
        .map(|other| alike_of(other, &other.text, likeness(&problem.text, &other.text)))
        .filter(|alike| f64::from(alike.percent) >= SIMILAR_FROM * 100.0)
        .collect();
    named(conn, ctx, alike, &problems)
}

/// The same file in other problems: with their problems where the reader may see them, else counted.
///
/// # Errors
/// Faults of the database.
pub fn same_files(
    conn: &mut Conn,
    ctx: &Context,
    evidence: &[Evidence],
) -> Result<BTreeMap<String, (Vec<Problem>, usize)>, Error> {
    let mut found = BTreeMap::new();
    for (digest, own) in evidence.iter().map(|e| (&e.digest, e.problem_id)).collect::<BTreeSet<_>>() {
        let others = problem::same_file_elsewhere(conn, digest, own)?;
        if others.is_empty() {
            continue;
        }
        let ids: Vec<ProblemId> =
            others.iter().map(|e| e.problem_id).collect::<BTreeSet<_>>().into_iter().collect();
        let problems = problem::by_ids(conn, &ids)?;
        let seen = seen(conn, ctx, &problems)?;
        let (named, hidden): (Vec<Problem>, Vec<Problem>) =
            problems.into_iter().partition(|problem| seen.contains(&problem.id));
        found.insert(digest.clone(), (named, hidden.len()));
    }
    Ok(found)
}

/// Pictures of other problems that show nearly the same as one of these, by the digest of the own file: problems that
/// the reader may see with how alike in hundredths, and how many more there are.
///
/// # Errors
/// Faults of the database.
pub fn near_pictures(
    conn: &mut Conn,
    ctx: &Context,
    evidence: &[Evidence],
) -> Result<BTreeMap<String, (Vec<(Problem, u8)>, usize)>, Error> {
    let mut found = BTreeMap::new();
    let pictures = evidence.iter().filter(|e| e.media_type.starts_with("image/"));
    for (digest, own) in pictures.map(|e| (&e.digest, e.problem_id)).collect::<BTreeSet<_>>() {
        let Some((print, near)) = image_print::candidates(conn, digest)? else { continue };
        let near: BTreeMap<String, u8> = near
            .into_iter()
            .filter(|(_, other)| (print ^ other).count_ones() <= NEAR_BITS)
            .map(|(digest, other)| (digest, print_likeness(print, other)))
            .collect();
        let digests: Vec<String> = near.keys().cloned().collect();
        let mut best: BTreeMap<ProblemId, u8> = BTreeMap::new();
        for piece in image_print::evidence_of(conn, &digests, own)? {
            let percent = near.get(&piece.digest).copied().unwrap_or(0);
            let kept = best.entry(piece.problem_id).or_default();
            *kept = percent.max(*kept);
        }
        if best.is_empty() {
            continue;
        }
        let problems = problem::by_ids(conn, &best.keys().copied().collect::<Vec<_>>())?;
        let seen = seen(conn, ctx, &problems)?;
        let (named, hidden): (Vec<Problem>, Vec<Problem>) =
            problems.into_iter().partition(|problem| seen.contains(&problem.id));
        let named = named
            .into_iter()
            .map(|problem| {
                let percent = best[&problem.id];
                (problem, percent)
            })
            .collect();
        found.insert(digest.clone(), (named, hidden.len()));
    }
    Ok(found)
}

fn alike_of(other: &Problem, text: &str, likeness: f64) -> Alike {
    Alike {
        id: other.id,
        citation: other.citation(),
        text: text.to_owned(),
        unit: other.home_unit_id,
        state: other.state,
        percent: percent(likeness),
        shared: Vec::new(),
    }
}

/// Keeps the most alike that the reader may see, and counts the others.
fn named(
    conn: &mut Conn,
    ctx: &Context,
    mut alike: Vec<Alike>,
    problems: &[Problem],
) -> Result<(Vec<Alike>, usize), Error> {
    alike.sort_by(|a, b| b.percent.cmp(&a.percent).then(a.id.cmp(&b.id)));
    let involved: Vec<Problem> =
        problems.iter().filter(|p| alike.iter().any(|one| one.id == p.id)).cloned().collect();
    let seen = seen(conn, ctx, &involved)?;
    let total = alike.len();
    alike.retain(|one| seen.contains(&one.id));
    let hidden = total - alike.len();
    alike.truncate(NAMED_MAX);
    Ok((alike, hidden))
}

/// Which of these problems the reader may see: by their home or by any unit with a part in them.
///
/// # Errors
/// Faults of the database.
pub fn seen(conn: &mut Conn, ctx: &Context, problems: &[Problem]) -> Result<BTreeSet<ProblemId>, Error> {
    let may = |path: &UnitPath| ctx.actor.may_read(path);
    let mut seen: BTreeSet<ProblemId> = problems.iter().filter(|p| may(&p.home_path)).map(|p| p.id).collect();
    let rest: Vec<ProblemId> = problems.iter().map(|p| p.id).filter(|id| !seen.contains(id)).collect();
    if !rest.is_empty() {
        let paths = problem::party_paths(conn, &rest)?;
        seen.extend(paths.into_iter().filter(|(_, path)| may(path)).map(|(id, _)| id));
    }
    Ok(seen)
}
