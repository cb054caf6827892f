//! What the pages about required actions are made of.

use crate::breakdown::Origin;
use bihuan_domain::Day;
use bihuan_domain::activity::Activity;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::{CampaignId, UnitId};
use bihuan_domain::required_action::{Period, RequiredAction, Rule, Status, Tally, Tightening};
use bihuan_domain::unit::{Unit, UnitPath};
use bihuan_store::required_action::{ActionRow, Excuse, OwnCell};

/// One rule in a list.
#[derive(Clone, Debug)]
pub struct ActionLine {
    /// The rule.
    pub action: RequiredAction,
    /// What it asks now.
    pub rule: Rule,
    /// The unit that issued it.
    pub owner: Unit,
    /// What it adds to the upper level's rule.
    pub added: Vec<Tightening>,
    /// All periods begun by today, of the unit's subtree.
    pub tally: Tally,
    /// The period in course.
    pub now: Option<(Period, Tally)>,
    /// It was ended on this day.
    pub ended: Option<Day>,
}

/// The list of rules of a campaign.
#[derive(Clone, Debug)]
pub struct ActionsPage {
    /// The campaign.
    pub campaign: Campaign,
    /// The unit whose figures are shown.
    pub unit: Unit,
    /// Rules.
    pub lines: Vec<ActionLine>,
    /// The reader may issue rules for the whole campaign.
    pub may_issue: bool,
    /// The reader may issue rules for some unit of it.
    pub may_issue_some: bool,
    /// Names of activity kinds.
    pub kinds: Vec<(String, String)>,
    /// Everything in one tally.
    pub total: Tally,
}

/// A column of a matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The period.
    pub period: Period,
    /// Its name.
    pub label: String,
    /// Last day on which a record is in time.
    pub due: Day,
}

impl Column {
    /// The day that stands for the period, once it is over: what is recorded now makes up for it.
    pub fn missed(&self, today: Day) -> Option<Day> {
        (self.period.last < today).then_some(self.period.last)
    }
}

/// The form of a record for a unit in a campaign, filled in with a kind, and for a period that is over with the day
/// whose period is made up for: without that day the record would count for the period in course.
pub(crate) fn record_href(
    (campaign, unit): (CampaignId, UnitId),
    kind: Option<&String>,
    missed: Option<Day>,
) -> String {
    let kind = kind.map(|kind| format!("&kind={kind}")).unwrap_or_default();
    let makes_up = missed.map(|day| format!("&makes_up_day={day}")).unwrap_or_default();
    format!("/activities/new?campaign={campaign}&unit={unit}{kind}{makes_up}")
}

/// A row of a matrix.
#[derive(Clone, Debug)]
pub struct MatrixRow {
    /// The unit.
    pub unit: UnitId,
    /// Its name; “本级” for the unit itself.
    pub name: String,
    /// The unit itself beside its children.
    pub own: bool,
    /// It has units below.
    pub deeper: bool,
    /// What it stands for, by column; `None` where nothing is owed.
    pub cells: Vec<Option<Tally>>,
    /// Its own status, by column, where the unit itself owes it.
    pub statuses: Vec<Option<Status>>,
}

/// Units × periods of one rule.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// Columns, oldest first.
    pub columns: Vec<Column>,
    /// The unit itself, then its children in official order.
    pub rows: Vec<MatrixRow>,
    /// The whole subtree.
    pub sums: Vec<Option<Tally>>,
    /// Which page of periods this is; 1 holds the newest.
    pub page: usize,
    /// How many periods have begun.
    pub periods: usize,
    /// How many of them lie before those shown.
    pub before: usize,
}

/// A version on a rule's page.
#[derive(Clone, Debug)]
pub struct VersionLine {
    /// Number.
    pub number: i64,
    /// First day.
    pub from_day: Day,
    /// Day after the last.
    pub until_day: Option<Day>,
    /// What it asked.
    pub rule: Rule,
    /// Why.
    pub reason: String,
    /// What it added to the upper level's when it was issued; the newest version, what it adds as both stand today.
    pub added: Vec<Tightening>,
}

/// A rule's page.
#[derive(Clone, Debug)]
pub struct ActionPage {
    /// The row.
    pub row: ActionRow,
    /// The rule.
    pub action: RequiredAction,
    /// What it asks now.
    pub rule: Rule,
    /// The campaign.
    pub campaign: Campaign,
    /// The unit that issued it.
    pub owner: Unit,
    /// The unit whose matrix is shown, with those above it that the reader may see.
    pub unit: Unit,
    /// Units above the shown one that the reader may read, root first.
    pub above: Vec<Unit>,
    /// The matrix.
    pub matrix: Matrix,
    /// Versions, newest first.
    pub versions: Vec<VersionLine>,
    /// The reader may change it.
    pub may_change: bool,
    /// Names of activity kinds.
    pub kinds: Vec<(String, String)>,
    /// Excuses that wait for a decision.
    pub waiting: Vec<Excuse>,
    /// The sentence of the document it came from.
    pub origin: Option<Origin>,
}

/// A row of a unit's page: one rule.
#[derive(Clone, Debug)]
pub struct UnitRow {
    /// The rule.
    pub action: RequiredAction,
    /// What it asks now.
    pub rule: Rule,
    /// How many earlier periods the rule's own page shows.
    pub before: usize,
    /// Its newest periods, oldest first, with the subtree's tally and the unit's own status.
    pub cells: Vec<(Column, Tally, Option<Status>)>,
}

/// Rules × periods of one unit.
#[derive(Clone, Debug)]
pub struct UnitActions {
    /// The unit.
    pub unit: Unit,
    /// The campaign.
    pub campaign: Campaign,
    /// Rules that reach something in its subtree.
    pub rows: Vec<UnitRow>,
}

/// What an overview shows of required actions.
#[derive(Clone, Debug, serde::Serialize)]
pub struct ChildActions {
    /// The unit.
    pub unit: UnitId,
    /// Its name.
    pub name: String,
    /// The unit itself beside its children.
    pub own: bool,
    /// All rules and all periods begun by today.
    pub tally: Tally,
}

/// A record behind a cell.
#[derive(Clone, Debug)]
pub struct CellRecord {
    /// The record.
    pub activity: Activity,
    /// Name of the unit that held it.
    pub unit_name: String,
    /// Recorded after the period was due.
    pub filed_late: bool,
    /// Held by a unit outside the subtree: it counts for a person of it, or was held jointly.
    pub elsewhere: bool,
}

impl CellRecord {
    pub(super) fn of(
        activity: Activity,
        unit_name: String,
        held_at: &UnitPath,
        cell: &Unit,
        column: &Column,
    ) -> CellRecord {
        let filed_late = activity.filed_day() > column.due;
        CellRecord { activity, unit_name, filed_late, elsewhere: !held_at.is_within(&cell.path) }
    }
}

/// A unit behind a cell.
#[derive(Clone, Debug)]
pub struct CellUnit {
    /// The unit.
    pub unit: UnitId,
    /// Its name.
    pub name: String,
    /// Its own status, where it owes the rule itself.
    pub status: Option<Status>,
    /// How much is recorded for it.
    pub own: Option<OwnCell>,
    /// Its subtree.
    pub tally: Option<Tally>,
}

/// A post or person of the unit.
#[derive(Clone, Debug, serde::Serialize)]
pub struct CellSubject {
    /// Its number.
    pub id: i64,
    /// The post with who holds it, or the person's name.
    pub name: String,
    /// How it stands.
    pub status: Status,
    /// Records that count.
    pub records: i64,
    /// An excuse is asked for or approved.
    pub excused: bool,
}

/// An excuse with whom it is for and who answered.
#[derive(Clone, Debug)]
pub struct CellExcuse {
    /// The excuse.
    pub excuse: Excuse,
    /// The post or person; empty for the unit itself.
    pub subject: String,
    /// Who asked.
    pub asked_by: String,
    /// The approver; empty while nobody answered.
    pub decided_by: String,
}

/// Everything behind one cell.
#[derive(Clone, Debug)]
pub struct CellPage {
    /// The rule.
    pub action: RequiredAction,
    /// As it held in the period.
    pub rule: Rule,
    /// The campaign.
    pub campaign: CampaignId,
    /// The unit.
    pub unit: Unit,
    /// The period.
    pub column: Column,
    /// The subtree's tally.
    pub tally: Tally,
    /// The unit's own status.
    pub own: Option<Status>,
    /// The unit and those directly below, in official order.
    pub units: Vec<CellUnit>,
    /// Records of the subtree that count, newest first, at most a page.
    pub records: Vec<CellRecord>,
    /// How many records there are.
    pub records_total: i64,
    /// The unit's posts or people, where they owe the rule and not the unit.
    pub subjects: Vec<CellSubject>,
    /// Excuses of the unit itself, or of its posts or people: whose (empty for the unit), and who decided.
    pub excuses: Vec<CellExcuse>,
    /// The reader may record for the unit.
    pub may_record: bool,
    /// The form that records for this unit and period.
    pub record_href: String,
    /// The reader may decide on excuses of the unit.
    pub may_decide: bool,
}
