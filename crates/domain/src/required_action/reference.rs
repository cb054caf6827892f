//! The slow way: who owes what, done by plain loops over every unit, post and person of a small world. The store's
//! fast way is compared with it, cell by cell, over random worlds.

use super::{
    CellState, Counts, Credit, Period, RequiredAction, Rule, SubjectKind, Tally, early_day, state_of,
};
use crate::calendar::Calendar;
use crate::day::Day;
use crate::id::{PersonId, PostId, RequiredActionId, UnitId};
use crate::person::{Post, Tenure};
use crate::unit::{Unit, UnitPath};
use std::collections::{BTreeMap, BTreeSet};

/// A unit with the parents it had: from which day on below whom.
#[derive(Clone, Debug)]
pub struct PastUnit {
    /// As it stands today; its path is not looked at.
    pub unit: Unit,
    /// What it was before, each until the day before one, oldest first.
    pub past: Vec<(Day, Unit)>,
    /// Parents, oldest first.
    pub parents: Vec<(Day, Option<UnitId>)>,
}

/// Everything that is known of an organisation.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// Units.
    pub units: BTreeMap<UnitId, PastUnit>,
    /// Posts.
    pub posts: Vec<Post>,
    /// Who held them.
    pub tenures: Vec<Tenure>,
}

impl World {
    /// The unit's place on a day, the days after today taken as today.
    pub fn path_on(&self, unit: UnitId, day: Day) -> UnitPath {
        let parent = self.units.get(&unit).and_then(|past| {
            let first = past.parents.first().and_then(|(_, parent)| *parent);
            past.parents.iter().rev().find(|(from, _)| *from <= day).map_or(first, |(_, parent)| *parent)
        });
        match parent {
            Some(parent) => self.path_on(parent, day).child(unit),
            None => UnitPath::root(unit),
        }
    }

    fn holders(&self, post: PostId, day: Day) -> impl Iterator<Item = &Tenure> {
        self.tenures.iter().filter(move |tenure| tenure.post_id == post && tenure.holds_on(day))
    }

    /// The unit a person belongs to on a day: that of the leading, else of the longest held post.
    pub fn home_on(&self, person: PersonId, day: Day) -> Option<UnitId> {
        let held = self.tenures.iter().filter(|t| t.person_id == person && t.holds_on(day));
        let with_post = held.filter_map(|tenure| {
            let post = self.posts.iter().find(|post| post.id == tenure.post_id)?;
            Some((!post.leads, tenure.from_day, tenure.id, post.unit_id))
        });
        with_post.min().map(|(.., unit)| unit)
    }

    fn in_scope(&self, rule: &Rule, unit: UnitId, day: Day) -> bool {
        let Some(past) = self.units.get(&unit).filter(|past| past.unit.is_open_on(day)) else { return false };
        let mut placed =
            past.past.iter().find(|(until, _)| day < *until).map_or(&past.unit, |(_, was)| was).clone();
        placed.path = self.path_on(unit, day);
        placed.parent_id = placed.path.units().iter().rev().nth(1).copied();
        let scope = rule.units();
        let root = scope.subtree.map(|root| self.path_on(root, day));
        scope.reaches(&placed, root.as_ref(), &[])
    }

    /// Every subject that owes the rule in a period, with the unit it is counted at: who is in the scope on the last
    /// day of the period.
    pub fn owing(&self, rule: &Rule, period: Period) -> Vec<(i64, UnitId)> {
        let day = period.last;
        match rule.subject {
            SubjectKind::Unit | SubjectKind::WorkingGroup => {
                let units = self.units.keys().filter(|unit| self.in_scope(rule, **unit, day));
                units.map(|unit| (unit.0, *unit)).collect()
            }
            SubjectKind::Post => {
                let owes = |post: &&Post| {
                    rule.takes_post(&post.name, post.leads)
                        && post.closed_day.is_none_or(|closed| day < closed)
                        && self.holders(post.id, day).next().is_some()
                        && self.in_scope(rule, post.unit_id, day)
                };
                self.posts.iter().filter(owes).map(|post| (post.id.0, post.unit_id)).collect()
            }
            SubjectKind::Person => {
                let people: BTreeSet<PersonId> = self.tenures.iter().map(|t| t.person_id).collect();
                let home = |person: PersonId| {
                    let unit = self.home_on(person, day)?;
                    self.in_scope(rule, unit, day).then_some((person.0, unit))
                };
                people.into_iter().filter_map(home).collect()
            }
        }
    }
}

/// Who is excused: rule, subject, last day of the period.
pub type Excused = BTreeSet<(RequiredActionId, i64, Day)>;

/// Counts every subject of a rule and period at its unit and at every unit above, in the tree of the period's last day.
pub fn derive(
    world: &World,
    action: &RequiredAction,
    credits: &[Credit],
    excused: &Excused,
    upto: Day,
    calendar: &Calendar,
) -> BTreeMap<(UnitId, Day), (i64, Counts)> {
    let mut found: BTreeMap<(UnitId, Day), (i64, Counts)> = BTreeMap::new();
    for (period, version) in action.periods(upto) {
        for (subject, unit) in world.owing(&version.rule, period) {
            let own = credits.iter().filter(|credit| {
                credit.rule_id == action.id
                    && credit.subject_id == subject
                    && credit.period_day == period.last
            });
            let free = excused.contains(&(action.id, subject, period.last));
            let state: CellState = state_of(&version.rule, period, own, free, early_day(period, calendar));
            for above in world.path_on(unit, period.last).units() {
                let cell = found.entry((above, period.last)).or_default();
                cell.0 += 1;
                cell.1.add(state, 1);
            }
        }
    }
    found
}

/// The tally of a cell.
pub fn tally(cell: Option<&(i64, Counts)>, due: Day, today: Day) -> Tally {
    let (expected, counts) = cell.copied().unwrap_or_default();
    Tally::of(expected, counts, due, today)
}
