//! A muster 吹哨报到: a unit calls several others together on a matter it cannot settle alone, with one of them in the
//! lead. Each that is called reports in and says what it did; it ends when the lead says done and the caller accepts (M25).
//!
//! The clock of the matter itself stays where it is: units that are called help, they do not take the matter over.

mod life;

pub use life::{
    Draft, Scene, accept, call, did, finish, may, may_call, release, report_in, send_back, withdraw,
};

use crate::id::{CampaignId, MusterId, PersonId, UnitId};
use crate::role::{Actor, Role};
use crate::slip::SubjectKind;
use crate::unit::UnitPath;
use crate::{Day, Instant};
use serde::{Deserialize, Serialize};

/// Most units called together at once.
pub const CALLED_MAX: usize = 30;
/// The roles whose people speak for a unit they belong to.
pub const SPEAKERS: [Role; 3] = [Role::Filler, Role::Office, Role::Leader];
/// Longest text of a step, in characters.
pub const MUSTER_WORDS_CHARS_MAX: usize = 1_000;

crate::coded! {
    /// Where a muster stands.
    MusterState ("吹哨报到状态") {
        Called = "called", "办理中";
        /// The lead says that it is done; the caller has to accept.
        Finished = "finished", "牵头已报办结，待认可";
        Accepted = "accepted", "已办结";
        Withdrawn = "withdrawn", "已撤回";
    }
}

crate::coded! {
    /// How far one called unit is.
    CalledState ("应召单位状态") {
        Called = "called", "待报到";
        Present = "present", "已报到";
        /// It said what it did.
        Done = "done", "已办";
        /// The caller needs it no more.
        Released = "released", "不再需要";
    }
}

crate::coded! {
    /// What was done in a muster.
    MusterVerb ("吹哨报到办理") {
        Call = "call", "吹哨";
        ReportIn = "report_in", "报到";
        Did = "did", "报告本单位所办";
        Release = "release", "不再需要某单位";
        Finish = "finish", "牵头报告办结";
        Accept = "accept", "认可办结";
        SendBack = "send_back", "退回继续办理";
        Withdraw = "withdraw", "撤回吹哨";
    }
}

/// A muster as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Muster {
    /// Number.
    pub id: MusterId,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// What kind of record it is about.
    pub subject_kind: SubjectKind,
    /// Number of that record.
    pub subject_id: i64,
    /// That record in words, as it was when the units were called.
    pub subject_words: String,
    /// The unit that calls: the one that owes the matter, or the office above it.
    pub caller_unit_id: UnitId,
    /// Who called.
    pub called_by: PersonId,
    /// When.
    pub called_at: Instant,
    /// The called unit that leads.
    pub lead_unit_id: UnitId,
    /// What is needed of them.
    pub needed: String,
    /// By when.
    pub due_day: Day,
    /// Where it stands.
    pub state: MusterState,
    /// What the lead says was done.
    pub result: String,
    /// Who said so.
    pub finished_by: Option<PersonId>,
    /// When it ended: accepted or withdrawn.
    pub ended_at: Option<Instant>,
    /// Row version.
    pub version: i64,
}

impl Muster {
    /// As people cite it.
    pub fn citation(&self) -> String {
        format!("吹哨第{}号", self.id)
    }

    /// Past its day, with something still to be done by those who were called.
    pub fn is_late_on(&self, today: Day) -> bool {
        self.state == MusterState::Called && self.due_day < today
    }
}

/// One unit that was called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalledUnit {
    /// The muster.
    pub muster_id: MusterId,
    /// The unit.
    pub unit_id: UnitId,
    /// Order, from 1.
    pub ordinal: i64,
    /// How far it is.
    pub state: CalledState,
    /// When it reported in.
    pub present_at: Option<Instant>,
    /// Who reported in for it.
    pub present_by: Option<PersonId>,
    /// What it did.
    pub did: String,
    /// When it said so, or was released.
    pub done_at: Option<Instant>,
    /// Who said so.
    pub done_by: Option<PersonId>,
}

impl CalledUnit {
    /// Microseconds are too fine for people: whole days it has held its part, from the call to when it was through.
    pub fn days_held(&self, muster: &Muster, now: Instant) -> i32 {
        let end = self.done_at.or(muster.ended_at).unwrap_or(now);
        end.day_in_china().minus(muster.called_at.day_in_china()).max(0)
    }
}

/// One step, for the time line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MusterStep {
    /// The muster.
    pub muster_id: MusterId,
    /// Order, from 1.
    pub ordinal: i64,
    /// What was done.
    pub verb: MusterVerb,
    /// For which unit, or about which where the caller releases one.
    pub unit_id: UnitId,
    /// By whom.
    pub person_id: PersonId,
    /// When.
    pub at: Instant,
    /// Words.
    pub words: String,
}

/// A muster with what its rules need to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MusterCase {
    /// The muster.
    pub muster: Muster,
    /// Place of the unit that calls.
    pub caller_path: UnitPath,
    /// Units that were called, the lead first, with their places.
    pub called: Vec<(CalledUnit, UnitPath)>,
    /// Its steps so far.
    pub steps: Vec<MusterStep>,
}

impl MusterCase {
    /// The caller, everybody called, and those above either may see it.
    pub fn visible_to(&self, actor: &Actor) -> bool {
        actor.may_read(&self.caller_path) || self.called.iter().any(|(_, path)| actor.may_read(path))
    }

    /// Called units for which the actor may speak.
    pub fn mine<'a>(&'a self, actor: &'a Actor) -> impl Iterator<Item = &'a CalledUnit> {
        self.called.iter().filter(|(_, path)| speaks_for(actor, path)).map(|(unit, _)| unit)
    }

    /// Days each unit has held its part, in the order of the list.
    pub fn days_held(&self, now: Instant) -> Vec<(UnitId, i32)> {
        self.called.iter().map(|(unit, _)| (unit.unit_id, unit.days_held(&self.muster, now))).collect()
    }
}

/// May speak for a unit: records in it, or belongs to it and leads.
pub fn speaks_for(actor: &Actor, path: &UnitPath) -> bool {
    actor.holds_any(&SPEAKERS, path) && actor.belongs_to(path)
}
