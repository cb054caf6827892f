//! Succession 承接: a unit was merged, and its open problems go to the unit that took over (M01).

use super::{Action, Case, Party, PartyRole, Scene, Step};
use crate::id::{CampaignId, PostId, UnitId};
use crate::look_back::LookBackResult;
use crate::measure::MeasureState;
use crate::request::RequestState;

/// Who takes over from whom.
#[derive(Clone, Debug)]
pub struct Succession {
    /// The unit that goes, with its posts, which go with it.
    pub from: UnitId,
    /// Its posts.
    pub posts: Vec<PostId>,
    /// The unit that takes over; role and wording are taken from the party it replaces.
    pub to: Party,
    /// Who checks where the successor would check its own work: the unit above it.
    pub checker: Option<Party>,
    /// Why, for the time line.
    pub reason: String,
}

/// Puts the successor in the place of a merged unit in everything of an open problem that is still to be done.
/// What was signed stays signed by whom it was signed; of a closed problem only the look-backs change hands. The caller has decided the merge; this rule only carries it out.
pub fn succeed(case: &mut Case, scene: &Scene<'_>, succession: &Succession) -> Step {
    let (from, to) = (succession.from, succession.to.unit_id);
    if !case.problem.state.is_open() {
        succeed_look_backs(case, from, to);
        return Step::new(Action::Reassigned, case.problem.home_unit_id, succession.reason.clone());
    }
    replace_parties(case, succession);
    for measure in case.measures.iter_mut().filter(|m| m.state == MeasureState::Planned) {
        if measure.owner_unit_id == from {
            measure.owner_unit_id = to;
            measure.version += 1;
        }
        if measure.owner_post_id.is_some_and(|post| succession.posts.contains(&post)) {
            measure.owner_post_id = None;
        }
    }
    for request in &mut case.requests {
        let live = matches!(request.state, RequestState::Open | RequestState::Granted);
        if live && (request.to_unit_id == from || request.asked_unit_id == from) {
            let swap = |unit: UnitId| if unit == from { to } else { unit };
            request.to_unit_id = swap(request.to_unit_id);
            request.asked_unit_id = swap(request.asked_unit_id);
            request.version += 1;
        }
    }
    succeed_look_backs(case, from, to);
    let problem = &mut case.problem;
    if problem.deadline_unit_id == Some(from) {
        problem.deadline_unit_id = Some(to);
    }
    if problem.leader_post_id.is_some_and(|post| succession.posts.contains(&post)) {
        problem.leader_post_id = None;
    }
    case.settle_home();
    if case.problem.holder_unit_id == Some(from) {
        let why = case.holdings.last().map(|h| h.why.clone()).unwrap_or_default();
        case.move_clock(scene, Some(to), &why);
    }
    case.settle(scene);
    Step::new(Action::Reassigned, case.problem.home_unit_id, succession.reason.clone())
}

/// Moves an open problem to the campaign that follows its own, under a number of that campaign. Everything that was
/// done stays done, and every clock keeps running.
pub fn follow(case: &mut Case, campaign: CampaignId, number: i64, reason: &str) -> Step {
    let earlier = case.problem.citation();
    case.problem.campaign_id = campaign;
    case.problem.number = number;
    Step::new(Action::TakenOver, case.problem.home_unit_id, format!("{reason}（原{earlier}）"))
}

/// Gives the look-backs still to be made by `from` to `to`.
fn succeed_look_backs(case: &mut Case, from: UnitId, to: UnitId) {
    for look_back in case.look_backs.iter_mut().filter(|l| l.result == LookBackResult::Pending) {
        if look_back.unit_id == from {
            look_back.unit_id = to;
            look_back.version += 1;
        }
    }
}

fn replace_parties(case: &mut Case, succession: &Succession) {
    let mut parties: Vec<Party> = Vec::with_capacity(case.parties.len());
    for party in case.parties.drain(..) {
        let party = if party.unit_id == succession.from {
            Party { role: party.role, written: party.written, ..succession.to.clone() }
        } else {
            party
        };
        if !parties.iter().any(|kept| kept.unit_id == party.unit_id && kept.role == party.role) {
            parties.push(party);
        }
    }
    // The doer never checks: where the merger made one unit do both, the unit above the successor checks.
    let doing: Vec<Party> = parties.iter().filter(|party| party.role.does()).cloned().collect();
    let own_work = |checker: &Party| doing.iter().any(|doer| checker.path.is_within(&doer.path));
    if parties.iter().any(|party| party.role == PartyRole::Checking && own_work(party)) {
        parties.retain(|party| party.role != PartyRole::Checking);
        let above = succession.checker.iter().filter(|checker| !own_work(checker));
        parties.extend(above.map(|checker| Party { role: PartyRole::Checking, ..checker.clone() }));
    }
    case.parties = parties;
}
