//! Likeness: near-duplicates at intake, copied closures for the verifier, the same found elsewhere 举一反三.
//!
//! A reader is told by name only of what the reader may see; the rest is counted.

use crate::Error;
use crate::context::Context;
use bihuan_documents::upload::{NEAR_BITS, print_likeness};
use bihuan_domain::evidence::Evidence;
use bihuan_domain::id::{CampaignId, ProblemId, UnitId};
use bihuan_domain::problem::{Case, Problem, State};
use bihuan_domain::unit::UnitPath;
use bihuan_store::likeness::{self as store, TextKind};
use bihuan_store::{Conn, image_print, problem};
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
        keep(conn, TextKind::Problem, problem.id, 0, &problem.text)?;
    }
    let old = before.map_or(("", 0), |old| (old.problem.statement.as_str(), old.problem.round));
    if !problem.statement.is_empty() && old != (problem.statement.as_str(), problem.round) {
        keep(conn, TextKind::Closure, problem.id, problem.round, &problem.statement)?;
    }
    Ok(())
}

fn keep(conn: &mut Conn, kind: TextKind, id: ProblemId, round: i64, text: &str) -> Result<(), Error> {
    let signature = signature(text);
    Ok(store::keep(conn, kind, id, round, signature.to_bytes(), &bands(&signature))?)
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
    let keys = bands(&signature(text));
    let own = own.unwrap_or_default();
    let ids: Vec<ProblemId> = store::candidates(conn, TextKind::Problem, campaign, own, &keys)?
        .into_iter()
        .map(|(id, _)| id)
        .collect();
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
    let keys = bands(&signature(&problem.statement));
    let found = store::candidates(conn, TextKind::Closure, problem.campaign_id, problem.id, &keys)?;
    let ids: Vec<ProblemId> = found.iter().map(|(id, _)| *id).collect();
    let problems = problem::by_ids(conn, &ids)?;
    let mut alike: Vec<Alike> = Vec::new();
    for (id, round) in found {
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

/// Problems of the same category at other units that are similar enough to look at together.
///
/// # Errors
/// Faults of the database.
pub fn similar_elsewhere(
    conn: &mut Conn,
    ctx: &Context,
    problem: &Problem,
) -> Result<(Vec<Alike>, usize), Error> {
    let own = signature(&problem.text);
    let estimated = |bytes: &[u8]| Signature::from_bytes(bytes).map_or(0.0, |other| own.likeness(&other));
    let mut scored: Vec<(ProblemId, f64)> =
        store::signatures_of_category(conn, problem.campaign_id, &problem.category, problem.id)?
            .iter()
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
        percent: (likeness * 100.0).round().clamp(0.0, 100.0) as u8,
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
