//! What was so at the end of a day that has passed: the cells of subtrees and of single units, counted from the records
//! and excuses that held then, in the organisation of then. Units are taken some hundreds at a time, so that memory does
//! not grow with the subtree or with how much has changed since.

use super::expected::Expected;
use super::figures::At;
use super::moment::{Among, Moment, within};
use super::{Asked, Key, OwnCell, list};
use crate::person::below::{Days, Held};
use crate::{Conn, Fault, Val};
use bihuan_domain::Day;
use bihuan_domain::calendar::Calendar;
use bihuan_domain::id::{PersonId, RequiredActionId, UnitId};
use bihuan_domain::person::Post;
use bihuan_domain::required_action::{
    CellState, Counts, Credit, Period, RequiredAction, Rule, SubjectKind, Tally, Version, due_day, early_day,
    state_of,
};
use bihuan_domain::scope::Scope;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Most units, of all times, below those asked about: more than the largest province has, at a few seconds for one
/// answer. Of a larger subtree a unit further down is asked for instead.
pub const AS_OF_UNITS_MAX: usize = 100_000;
/// Units that are counted at a time.
const UNITS_AT_ONCE: usize = 500;

/// One tally a unit over all rules and periods asked, as it was told at the end of a day: the sums of [`cells_on`].
/// Nothing when more than [`AS_OF_UNITS_MAX`] units ever stood below.
///
/// # Errors
/// Faults of the database.
pub fn overview_on(
    conn: &mut Conn,
    units: &[UnitId],
    asked: &[Asked<'_>],
    on: Day,
    calendar: &Calendar,
) -> Result<Option<BTreeMap<UnitId, Tally>>, Fault> {
    let mut found: BTreeMap<UnitId, Tally> = units.iter().map(|unit| (*unit, Tally::default())).collect();
    let Some(cells) = cells_on(conn, units, asked, on, calendar)? else { return Ok(None) };
    for ((unit, ..), tally) in cells {
        if let Some(sum) = found.get_mut(&unit) {
            sum.plus(tally);
        }
    }
    Ok(Some(found))
}

/// Tallies of whole subtrees by rule and period, as they were told at the end of a day: with the units, posts and
/// people of that day (of periods not over by then, as they stood that day) and with the records, excuses and versions
/// that held then, whatever became of them since. `asked` holds the rules as [`super::known_on`] tells them. Cells in
/// which nothing was expected are left out. Nothing when more than [`AS_OF_UNITS_MAX`] units ever stood below.
///
/// # Errors
/// Faults of the database.
pub fn cells_on(
    conn: &mut Conn,
    units: &[UnitId],
    asked: &[Asked<'_>],
    on: Day,
    calendar: &Calendar,
) -> Result<Option<BTreeMap<(UnitId, RequiredActionId, Period), Tally>>, Fault> {
    let mut found = BTreeMap::new();
    if asked.is_empty() {
        return Ok(Some(found));
    }
    let moment = Moment::of(conn, on)?;
    let Some(below) = ever_below(conn, units)? else { return Ok(None) };
    let cells = Cells::new(asked, &moment, calendar);
    let mut counted: HashMap<(UnitId, At), Counts> = HashMap::new();
    let wanted: BTreeSet<UnitId> = units.iter().copied().collect();
    for some in below.chunks(UNITS_AT_ONCE) {
        let piece = Piece::load(conn, some, &cells)?;
        piece.count(conn, &cells, &wanted, &mut counted)?;
    }
    let standing = cells.standing();
    let expected = Expected::load(conn, units, &standing)?;
    for ((id, last), due) in &cells.all {
        let at = Period { first: due.period.first, last: due.at };
        for unit in &wanted {
            let n = expected.subtree(*unit, &at, &due.version.rule);
            let counts = counted.get(&(*unit, (*id, *last))).copied().unwrap_or_default();
            if n != 0 {
                let due_on = due_day(&due.version.rule, due.period, calendar);
                found.insert((*unit, *id, due.period), Tally::of(n, counts, due_on, on));
            }
        }
    }
    Ok(Some(found))
}

/// The cells of a unit that owes rules itself, as they were told at the end of a day.
///
/// # Errors
/// Faults of the database.
pub fn own_cells_on(
    conn: &mut Conn,
    unit: UnitId,
    asked: &[Asked<'_>],
    on: Day,
    calendar: &Calendar,
) -> Result<BTreeMap<(UnitId, RequiredActionId, Period), OwnCell>, Fault> {
    let moment = Moment::of(conn, on)?;
    let cells = Cells::new(asked, &moment, calendar);
    let piece = Piece::load(conn, &[unit], &cells)?;
    let nothing = OwnCell { state: CellState::Open, records: 0, amount: 0 };
    let mut found = BTreeMap::new();
    for ((id, _), due) in cells.all.iter().filter(|(_, due)| due.kind == SubjectKind::Unit) {
        if piece.expected.own(unit, &due.scope, due.at) == 1 {
            found.insert((unit, *id, due.period), nothing);
        }
    }
    piece.each(conn, &cells, SubjectKind::Unit, &[unit.0], &mut |key, due, state, credits| {
        if let Some(cell) = found.get_mut(&(unit, key.rule_id, due.period)) {
            let amount = credits.iter().map(|credit| credit.amount).sum();
            *cell = OwnCell { state, records: credits.len() as i64, amount };
        }
    })?;
    Ok(found)
}

/// The posts and people of a unit that owe rules, with how each stood at the end of a day: all of them in few questions.
/// Of a period not over by then they are those of that day. The key names the subject, the rule and the period.
///
/// # Errors
/// Faults of the database.
pub fn staff_cells_on(
    conn: &mut Conn,
    unit: UnitId,
    asked: &[Asked<'_>],
    on: Day,
    calendar: &Calendar,
) -> Result<BTreeMap<Key, CellState>, Fault> {
    let moment = Moment::of(conn, on)?;
    let cells = Cells::new(asked, &moment, calendar);
    let piece = Piece::load(conn, &[unit], &cells)?;
    let posts: Vec<i64> = piece.posts.keys().copied().collect();
    let people: Vec<i64> = piece.homes.keys().map(|person| person.0).collect();
    let of_kinds = [(SubjectKind::Post, posts), (SubjectKind::Person, people)];
    let mut found: BTreeMap<Key, CellState> = BTreeMap::new();
    for (subject_kind, subjects) in &of_kinds {
        for ((rule_id, last), due) in cells.all.iter().filter(|(_, due)| due.kind == *subject_kind) {
            for subject_id in subjects {
                let key = Key {
                    subject_kind: *subject_kind,
                    subject_id: *subject_id,
                    rule_id: *rule_id,
                    period_day: *last,
                };
                if piece.place(&key, due) == Some(unit) {
                    found.insert(key, CellState::Open);
                }
            }
        }
        piece.each(conn, &cells, *subject_kind, subjects, &mut |key, _, state, _| {
            if let Some(cell) = found.get_mut(&key) {
                *cell = state;
            }
        })?;
    }
    Ok(found)
}

/// All units that ever stood below some units, and these.
fn ever_below(conn: &mut Conn, units: &[UnitId]) -> Result<Option<Vec<UnitId>>, Fault> {
    let sql = format!(
        "SELECT DISTINCT descendant_id FROM unit_closure \
         WHERE ancestor_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) LIMIT {}",
        AS_OF_UNITS_MAX + 1
    );
    let mut found: Vec<UnitId> = Vec::new();
    conn.each(&sql, &[list(units.iter().copied())], &mut |row| {
        found.push(UnitId(row.int(0)?));
        Ok(())
    })?;
    found.sort_unstable();
    Ok((found.len() <= AS_OF_UNITS_MAX).then_some(found))
}

/// A rule in a period.
struct Due<'r> {
    period: Period,
    version: &'r Version,
    scope: Scope,
    kind: SubjectKind,
    early: Day,
    /// The day by which the organisation is looked at.
    at: Day,
}

/// The rules and periods that are asked.
struct Cells<'r> {
    moment: Moment,
    all: BTreeMap<At, Due<'r>>,
    /// The rules as if units owed them all: who is in their scope is asked of units only.
    of_units: Vec<RequiredAction>,
    asked: &'r [Asked<'r>],
}

impl<'r> Cells<'r> {
    fn new(asked: &'r [Asked<'r>], moment: &Moment, calendar: &Calendar) -> Cells<'r> {
        let due = |period: Period, version: &'r Version| Due {
            period,
            version,
            scope: version.rule.units(),
            kind: version.rule.subject.table(),
            early: early_day(period, calendar),
            at: moment.standing(period.last),
        };
        let of = |asked: &'r Asked<'r>| {
            asked.periods.iter().map(move |(period, version)| (asked.action.id, *period, *version))
        };
        let all = asked.iter().flat_map(of).map(|(id, period, v)| ((id, period.last), due(period, v)));
        let as_units = |asked: &Asked<'_>| {
            let mut action = asked.action.clone();
            action.versions.iter_mut().for_each(|version| version.rule.subject = SubjectKind::Unit);
            action
        };
        Cells { moment: *moment, all: all.collect(), of_units: asked.iter().map(as_units).collect(), asked }
    }

    /// What is asked, with periods that end on the day by which the organisation is looked at.
    fn standing(&self) -> Vec<Asked<'r>> {
        let cut = |(period, version): &(Period, &'r Version)| {
            (Period { first: period.first, last: self.moment.standing(period.last) }, *version)
        };
        let one = |asked: &'r Asked<'r>| Asked {
            action: asked.action,
            periods: asked.periods.iter().map(cut).collect(),
        };
        self.asked.iter().map(one).collect()
    }

    fn asks(&self, kind: SubjectKind) -> bool {
        self.all.values().any(|due| due.kind == kind)
    }

    fn rules(&self, kind: SubjectKind) -> Val {
        let ids: BTreeSet<UnitId> =
            self.all.iter().filter(|(_, due)| due.kind == kind).map(|((id, _), _)| UnitId(id.0)).collect();
        list(ids)
    }
}

/// Some units with their posts and people, and where they stood when.
#[derive(Default)]
struct Piece {
    units: Vec<i64>,
    expected: Arc<Expected>,
    posts: HashMap<i64, (Post, Vec<Days>)>,
    homes: HashMap<PersonId, Vec<(UnitId, Days)>>,
}

impl Piece {
    fn load(conn: &mut Conn, some: &[UnitId], cells: &Cells<'_>) -> Result<Piece, Fault> {
        let day = Period { first: cells.moment.on, last: cells.moment.on };
        let of_units: Vec<Asked<'_>> = cells
            .of_units
            .iter()
            .map(|action| Asked { action, periods: action.versions.iter().map(|v| (day, v)).collect() })
            .collect();
        let expected = Expected::load(conn, some, &of_units)?;
        let mut piece =
            Piece { units: some.iter().map(|unit| unit.0).collect(), expected, ..Piece::default() };
        if cells.asks(SubjectKind::Post) || cells.asks(SubjectKind::Person) {
            piece.read_staff(conn, &list(some.iter().copied()))?;
        }
        Ok(piece)
    }

    fn read_staff(&mut self, conn: &mut Conn, units: &Val) -> Result<(), Fault> {
        let held = Held::from_answers(&conn.ask_these(&Held::questions(units))?)?;
        self.posts = held.held_posts().map(|(post, days)| (post.id.0, (post.clone(), days))).collect();
        self.homes = held.homes().collect();
        Ok(())
    }

    /// Adds the cells of these units to what the units wanted count.
    fn count(
        &self,
        conn: &mut Conn,
        cells: &Cells<'_>,
        wanted: &BTreeSet<UnitId>,
        counted: &mut HashMap<(UnitId, At), Counts>,
    ) -> Result<(), Fault> {
        let posts: Vec<i64> = self.posts.keys().copied().collect();
        let people: Vec<i64> = self.homes.keys().map(|person| person.0).collect();
        let of_kinds = [
            (SubjectKind::Unit, self.units.as_slice()),
            (SubjectKind::Post, posts.as_slice()),
            (SubjectKind::Person, people.as_slice()),
        ];
        for (kind, subjects) in of_kinds {
            self.each(conn, cells, kind, subjects, &mut |key, due, state, _| {
                let Some(unit) = self.place(&key, due) else { return };
                for above in self.expected.above(unit, due.at).filter(|above| wanted.contains(above)) {
                    let at = (key.rule_id, key.period_day);
                    counted.entry((above, at)).or_default().add(state, 1);
                }
            })?;
        }
        Ok(())
    }

    /// Gives every cell of some subjects in which something was done or excused.
    fn each(
        &self,
        conn: &mut Conn,
        cells: &Cells<'_>,
        kind: SubjectKind,
        subjects: &[i64],
        take: &mut dyn FnMut(Key, &Due<'_>, CellState, &[Credit]),
    ) -> Result<(), Fault> {
        if subjects.is_empty() || !cells.asks(kind) {
            return Ok(());
        }
        let rules = cells.rules(kind);
        let among = Among { kind, subjects, rules: &rules };
        let mut excused = cells.moment.excused(conn, &among)?;
        let mut give = |key: Key, credits: &[Credit], excused: bool| {
            let Some(due) = cells.all.get(&(key.rule_id, key.period_day)) else { return };
            let state = state_of(&due.version.rule, due.period, credits, excused, due.early);
            if state != CellState::Open || !credits.is_empty() {
                take(key, due, state, credits);
            }
        };
        cells.moment.credits(conn, &among, &mut |key, credits| {
            give(key, credits, excused.remove(&key));
            Ok(())
        })?;
        excused.into_iter().for_each(|key| give(key, &[], true));
        Ok(())
    }

    /// The unit where a subject owed the rule; nothing where it did not.
    fn place(&self, key: &Key, due: &Due<'_>) -> Option<UnitId> {
        let rule: &Rule = &due.version.rule;
        let unit = match key.subject_kind {
            SubjectKind::Unit | SubjectKind::WorkingGroup => UnitId(key.subject_id),
            SubjectKind::Post => {
                let (post, days) = self.posts.get(&key.subject_id)?;
                let held = days.iter().any(|days| within(*days, due.at));
                (held && rule.takes_post(&post.name, post.leads)).then_some(post.unit_id)?
            }
            SubjectKind::Person => {
                let homes = self.homes.get(&PersonId(key.subject_id))?;
                homes.iter().find(|(_, days)| within(*days, due.at)).map(|(unit, _)| *unit)?
            }
        };
        (self.expected.own(unit, &due.scope, due.at) == 1).then_some(unit)
    }
}
