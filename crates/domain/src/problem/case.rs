//! One problem with everything a rule needs to see.

use super::{Action, Flow, Outcome, Problem, State};
use crate::campaign::CampaignRules;
use crate::colour::Colour;
use crate::id::{PersonId, UnitId};
use crate::look_back::LookBack;
use crate::measure::{Measure, MeasureState};
use crate::refusal::Refusal;
use crate::request::{Request, RequestKind, RequestState};
use crate::role::{Actor, Role};
use crate::unit::UnitPath;
use crate::{Day, Instant};
use serde::{Deserialize, Serialize};

crate::coded! {
    /// What a unit has to do with a problem.
    PartyRole ("单位职责") {
        Lead = "lead", "牵头单位";
        Responsible = "responsible", "责任单位";
        Assisting = "assisting", "配合单位";
        Checking = "checking", "验收单位";
        Registering = "registering", "登记单位";
        /// A superior that was asked.
        Superior = "superior", "上级单位";
    }
}

impl PartyRole {
    /// The unit has a hand in the doing, and so may never check it.
    pub fn does(self) -> bool {
        matches!(self, PartyRole::Lead | PartyRole::Responsible | PartyRole::Assisting)
    }
}

/// A unit with its role in a problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// The unit.
    pub unit_id: UnitId,
    /// Its place in the tree today.
    pub path: UnitPath,
    /// Its role.
    pub role: PartyRole,
    /// The unit as written in the ledger, where it came from one ("各村支部").
    pub written: String,
}

crate::coded! {
    /// Who did what with their own hands; verification and look-back exclude them.
    DeedKind ("经手") {
        Registered = "registered", "登记";
        Signed = "signed", "签收";
        Planned = "planned", "制定措施";
        Did = "did", "整改";
        Reported = "reported", "报告完成";
        Verified = "verified", "验收";
    }
}

impl DeedKind {
    /// A hand in the doing.
    pub fn is_doing(self) -> bool {
        !matches!(self, DeedKind::Registered | DeedKind::Verified)
    }
}

/// A person's hand in a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    /// The round.
    pub round: i64,
    /// The person.
    pub person_id: PersonId,
    /// For which unit.
    pub unit_id: UnitId,
    /// What.
    pub kind: DeedKind,
}

/// Who held the clock, from when to when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// Order within the problem, from 1.
    pub ordinal: i64,
    /// The unit.
    pub unit_id: UnitId,
    /// Since.
    pub from_at: Instant,
    /// Until; `None` while it holds.
    pub to_at: Option<Instant>,
    /// What it held it for, in Chinese.
    pub why: String,
}

/// A finished or running round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// Number, from 1.
    pub round: i64,
    /// First day.
    pub opened_day: Day,
    /// Why it was opened again; empty for the first.
    pub reason: String,
    /// Last day.
    pub closed_day: Option<Day>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// What the doer stated.
    pub statement: String,
}

/// One problem with all that belongs to it. New children carry the number 0 until the store gives them one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The problem.
    pub problem: Problem,
    /// Its units.
    pub parties: Vec<Party>,
    /// Measures of all rounds, in order.
    pub measures: Vec<Measure>,
    /// Requests, oldest first.
    pub requests: Vec<Request>,
    /// Look-backs, oldest first.
    pub look_backs: Vec<LookBack>,
    /// Rounds, oldest first.
    pub rounds: Vec<Round>,
    /// Who did what.
    pub deeds: Vec<Deed>,
    /// Who held the clock.
    pub holdings: Vec<Holding>,
    /// Closure evidence of the present round that has not been replaced.
    pub closure_evidence: i64,
}

/// The circumstances of a command.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// The day in China.
    pub today: Day,
    /// The instant.
    pub now: Instant,
    /// The campaign's numbers.
    pub rules: &'a CampaignRules,
}

/// What a command did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The action.
    pub action: Action,
    /// What moved, for the day's counts.
    pub flows: Vec<Flow>,
    /// Words that belong to the record: reason, note, statement.
    pub note: String,
    /// The unit it was done for.
    pub unit_id: UnitId,
}

impl Case {
    /// Units with `role`.
    pub fn units_with(&self, role: PartyRole) -> impl Iterator<Item = &Party> {
        self.parties.iter().filter(move |party| party.role == role)
    }

    /// The lead unit's party.
    pub fn lead(&self) -> Option<&Party> {
        self.units_with(PartyRole::Lead).next()
    }

    /// Units with a hand in the doing.
    pub fn doing_parties(&self) -> impl Iterator<Item = &Party> {
        self.parties.iter().filter(|party| party.role.does())
    }

    /// Measures of the present round that are not dropped.
    pub fn live_measures(&self) -> impl Iterator<Item = &Measure> {
        let round = self.problem.round;
        self.measures.iter().filter(move |m| m.round == round && m.state != MeasureState::Dropped)
    }

    /// The open request of `kind`.
    pub fn open_request(&self, kind: RequestKind) -> Option<usize> {
        self.requests.iter().position(|r| {
            r.kind == kind && matches!(r.state, RequestState::Open)
                || r.kind == kind && kind == RequestKind::HandUp && r.state == RequestState::Granted
        })
    }

    /// May see the problem: reads the home unit or any unit that has a part in it.
    pub fn visible_to(&self, actor: &Actor) -> bool {
        actor.may_read(&self.problem.home_path)
            || self.parties.iter().any(|party| actor.may_read(&party.path))
    }

    /// The doing unit for which `actor` may act: fillers over a doing unit, and leaders who belong to it. A leader
    /// above leads; he does not sign for those below.
    ///
    /// # Errors
    /// `not_allowed`.
    pub fn doer(&self, actor: &Actor, step: &str) -> Result<Party, Refusal> {
        let mut doing: Vec<&Party> = self.doing_parties().collect();
        doing.sort_by_key(|party| party.role);
        doing
            .into_iter()
            .find(|party| {
                actor.holds(Role::Filler, &party.path)
                    || actor.holds(Role::Leader, &party.path) && actor.belongs_to(&party.path)
            })
            .cloned()
            .ok_or_else(|| Refusal::not_allowed(step, "牵头、责任或配合单位的填报员或领导身份"))
    }

    /// Refuses an actor who had, or whose unit had, a hand in the doing, in this round or an earlier one: the doer
    /// never checks (M22). A unit that was relieved of the problem still had its hand in it.
    ///
    /// # Errors
    /// `doer_cannot_check`.
    pub fn refuse_doers(&self, actor: &Actor) -> Result<(), Refusal> {
        let mut doing = self.deeds.iter().filter(|deed| deed.kind.is_doing());
        let own_hand = doing.clone().any(|deed| deed.person_id == actor.person);
        let units: Vec<UnitId> = actor.posts.iter().flat_map(|post| post.path.units()).collect();
        let own_unit = self.doing_parties().any(|party| actor.belongs_to(&party.path))
            || doing.any(|deed| units.contains(&deed.unit_id));
        if own_hand {
            return Err(Refusal::new(
                "doer_cannot_check",
                "您参与了本问题的整改，不能验收、销号或裁定。",
                "请由验收单位中没有经手整改的人员办理。",
            ));
        }
        if own_unit {
            return Err(Refusal::new(
                "doer_cannot_check",
                "您所在单位（或其上级责任单位）承担过本问题的整改，不能验收、销号或裁定。",
                "须由另一个单位的人员办理。",
            ));
        }
        Ok(())
    }

    /// Refuses a step that does not fit the present state.
    ///
    /// # Errors
    /// `wrong_state`, naming the state and the step.
    pub fn require_state(&self, step: &str, allowed: &[State]) -> Result<(), Refusal> {
        use crate::Coded;
        if allowed.contains(&self.problem.state) {
            return Ok(());
        }
        let names: Vec<&str> = allowed.iter().map(|state| state.label()).collect();
        Err(Refusal::new(
            "wrong_state",
            format!("问题现在是“{}”，不能{step}。", self.problem.state.label()),
            format!("只有“{}”的问题可以{step}；请刷新页面查看最新情况。", names.join("、")),
        ))
    }

    /// Records the actor's hand.
    pub(super) fn add_deed(&mut self, actor: &Actor, unit: UnitId, kind: DeedKind) {
        let deed = Deed { round: self.problem.round, person_id: actor.person, unit_id: unit, kind };
        if !self.deeds.contains(&deed) {
            self.deeds.push(deed);
        }
    }

    /// Moves the clock to `unit`, or stops it.
    pub(super) fn move_clock(&mut self, scene: &Scene<'_>, unit: Option<UnitId>, why: &str) {
        if self.problem.holder_unit_id == unit
            && self.holdings.last().is_some_and(|h| h.to_at.is_none() && h.why == why)
        {
            return;
        }
        if let Some(last) = self.holdings.last_mut()
            && last.to_at.is_none()
        {
            last.to_at = Some(scene.now);
        }
        self.problem.holder_unit_id = unit;
        if let Some(unit_id) = unit {
            let ordinal = self.holdings.len() as i64 + 1;
            self.holdings.push(Holding {
                ordinal,
                unit_id,
                from_at: scene.now,
                to_at: None,
                why: why.to_owned(),
            });
        }
    }

    /// Derives what colour and lateness read, after every command.
    pub(super) fn settle(&mut self, scene: &Scene<'_>) {
        let owes = self.problem.state.doer_owes();
        let measures =
            self.live_measures().filter(|m| m.state == MeasureState::Planned).filter_map(|m| m.due_day).min();
        let own = self.problem.due_day;
        self.problem.clock_day = if owes { [own, measures].into_iter().flatten().min() } else { None };
        let lapsed = self.problem.forced_until_day.is_none_or(|until| until < scene.today);
        if self.red_by_returns(scene) || self.problem.forced_reason.is_empty() || lapsed {
            self.problem.forced_colour = (owes && self.red_by_returns(scene)).then_some(Colour::Red);
            self.problem.forced_until_day = None;
            self.problem.forced_reason = String::new();
        }
        self.problem.changed_at = scene.now;
    }

    /// Sent back so often that it is red whatever its dates, and whatever a person would like to set.
    pub(super) fn red_by_returns(&self, scene: &Scene<'_>) -> bool {
        let limit = scene.rules.red_after_send_backs;
        limit > 0 && self.problem.send_backs >= limit
    }

    /// An open extension request ends without an answer, because what it asked for is over.
    pub(super) fn lapse_extension(&mut self, scene: &Scene<'_>, why: &str) {
        if let Some(index) = self.open_request(RequestKind::Extension) {
            let request = &mut self.requests[index];
            request.state = RequestState::Lapsed;
            request.decided_at = Some(scene.now);
            request.decision_reason = why.to_owned();
        }
    }

    /// Sets the lead unit as home, or the registering unit where there is none.
    pub(super) fn settle_home(&mut self) {
        let home = self.lead().or_else(|| self.units_with(PartyRole::Registering).next()).cloned();
        let lead = self.lead().map(|party| party.unit_id);
        let checking = self.units_with(PartyRole::Checking).next().map(|party| party.unit_id);
        self.problem.lead_unit_id = lead;
        self.problem.checking_unit_id = checking;
        if let Some(home) = home {
            self.problem.home_unit_id = home.unit_id;
            self.problem.home_path = home.path;
        }
    }

    /// Ends the present round.
    pub(super) fn end_round(&mut self, scene: &Scene<'_>, outcome: Outcome) {
        self.problem.state = State::Closed;
        self.problem.outcome = Some(outcome);
        self.problem.closed_day = Some(scene.today);
        self.lapse_extension(scene, "问题已销号，申请失效");
        self.move_clock(scene, None, "");
        let (round, statement) = (self.problem.round, self.problem.statement.clone());
        if let Some(record) = self.rounds.iter_mut().find(|r| r.round == round) {
            record.closed_day = Some(scene.today);
            record.outcome = Some(outcome);
            record.statement = statement;
        }
    }
}

impl Step {
    /// A step done for `unit`.
    pub(super) fn new(action: Action, unit_id: UnitId, note: impl Into<String>) -> Step {
        Step { action, flows: Vec::new(), note: note.into(), unit_id }
    }

    /// With something that moved.
    pub(super) fn with(mut self, flow: Flow) -> Step {
        self.flows.push(flow);
        self
    }
}
