//! What is expected of subtrees: reckoned from counts of units by class and day, never by walking them.

use super::people::{People, PeopleAsked, PeopleDays, people_days};
use super::place::{ever_children, reaches};
use super::{Asked, day, list};
use crate::db::Question;
use crate::record::{Field, Record};
use crate::records::UnitStandingRow;
use crate::{Conn, Fault, Row};
use bihuan_domain::Day;
use bihuan_domain::id::UnitId;
use bihuan_domain::required_action::{Period, Rule, SubjectKind};
use bihuan_domain::scope::Scope;
use bihuan_domain::unit::{Level, Unit, UnitKind};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// What units are counted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UnitClass {
    level: Level,
    kind: UnitKind,
    sector: String,
    line: String,
}

impl UnitClass {
    /// Level, kind, sector and line from a row.
    pub(super) fn read(row: &Row, at: usize) -> Result<UnitClass, Fault> {
        Ok(UnitClass {
            level: Level::from_val(row.val(at)?)?,
            kind: UnitKind::from_val(row.val(at + 1)?)?,
            sector: row.text(at + 2)?,
            line: row.text(at + 3)?,
        })
    }

    /// Units of it are in the scope, wherever they stand.
    pub(super) fn is_taken(&self, scope: &Scope) -> bool {
        scope.takes_class(self.level, self.kind, &self.sector, &self.line)
    }
}

/// Units of one class below a unit, by day.
#[derive(Debug)]
struct Class {
    class: UnitClass,
    /// Changes by day, in order.
    steps: Vec<(i64, i64)>,
}

impl Class {
    fn on(&self, day: i64) -> i64 {
        self.steps.iter().take_while(|(from, _)| *from <= day).map(|(_, n)| n).sum()
    }
}

/// Ancestor (the unit itself last), from, to.
type Places = Vec<(UnitId, i64, i64)>;

/// Readers keep what was read for so many units at most.
const KEPT_UNITS_MAX: usize = 500;

/// What has to be read for some units and rules.
#[derive(Debug)]
struct Needs {
    /// The units asked about and those that scopes name.
    named: BTreeSet<UnitId>,
    /// Units whose children alone a scope takes.
    children_of: BTreeSet<UnitId>,
    people_on: PeopleDays,
}

impl Needs {
    fn of(targets: &[UnitId], asked: &[Asked<'_>]) -> Needs {
        let mut named: BTreeSet<UnitId> = targets.iter().copied().collect();
        let mut children_of = BTreeSet::new();
        for (_, version) in asked.iter().flat_map(|asked| &asked.periods) {
            let scope = &version.rule.scope;
            named.extend(scope.subtree.iter().chain(&scope.listed).chain(&scope.without).copied());
            children_of.extend(scope.subtree.filter(|_| scope.children_only));
        }
        Needs { named, children_of, people_on: people_days(asked) }
    }

    /// Tells them apart.
    fn key(&self) -> String {
        let list =
            |units: &BTreeSet<UnitId>| units.iter().map(|unit| format!("{} ", unit.0)).collect::<String>();
        format!("{}/{}/{:?}", list(&self.named), list(&self.children_of), self.people_on)
    }
}

/// Everything needed to answer for some units, read at once.
#[derive(Debug, Default)]
pub(super) struct Expected {
    below: HashMap<UnitId, Vec<Class>>,
    places: HashMap<UnitId, Places>,
    units: HashMap<UnitId, Unit>,
    children: HashMap<UnitId, Vec<(Unit, i64, i64)>>,
    /// What units were on days that have passed.
    past: HashMap<UnitId, Vec<UnitStandingRow>>,
    people: People,
}

impl Expected {
    /// Reads what is needed for these units and rules.
    pub(super) fn load(
        conn: &mut Conn,
        targets: &[UnitId],
        asked: &[Asked<'_>],
    ) -> Result<Arc<Expected>, Fault> {
        Ok(Expected::load_and_ask(conn, targets, asked, Vec::new())?.0)
    }

    /// Reads it together with the answers to other questions. Readers keep it until units, posts or tenures change.
    pub(super) fn load_and_ask(
        conn: &mut Conn,
        targets: &[UnitId],
        asked: &[Asked<'_>],
        others: Vec<Question>,
    ) -> Result<(Arc<Expected>, Vec<Vec<Row>>), Fault> {
        let needs = Needs::of(targets, asked);
        let key = needs.key();
        if let Some(kept) = conn.kept(&key)? {
            return Ok((kept, conn.ask_these(&others)?));
        }
        let (found, answers) = Expected::read(conn, &needs, others)?;
        let found = Arc::new(found);
        if needs.named.len() <= KEPT_UNITS_MAX {
            conn.keep(key, &found)?;
        }
        Ok((found, answers))
    }

    /// Reads it anew, together with the answers to other questions.
    fn read(
        conn: &mut Conn,
        needs: &Needs,
        others: Vec<Question>,
    ) -> Result<(Expected, Vec<Vec<Row>>), Fault> {
        let mut found = Expected::default();
        for root in &needs.children_of {
            found.children.insert(*root, ever_children(conn, *root)?);
        }
        let mut questions = Expected::questions(&needs.named);
        let mut named = needs.named.clone();
        named.extend(found.children.values().flatten().map(|(unit, ..)| unit.id));
        let people = PeopleAsked::of(&named, &needs.people_on);
        let of_units = questions.len();
        questions.extend_from_slice(&people.questions);
        let own = questions.len();
        questions.extend(others);
        // With one wait for the server.
        let mut answers = conn.ask_these(&questions)?;
        let of_others = answers.split_off(own);
        found.take_units(&answers[..of_units])?;
        found.people = People::from_answers(&people, &answers[of_units..])?;
        Ok((found, of_others))
    }

    /// The units, their places and facts of all days, and what stands below them.
    fn questions(named: &BTreeSet<UnitId>) -> Vec<Question> {
        const THESE: &str = "IN (SELECT CAST(value AS BIGINT) FROM json_each($1))";
        [
            format!("{} WHERE id {THESE}", Unit::select()),
            format!(
                "SELECT descendant_id, ancestor_id, from_day, to_day FROM unit_closure WHERE descendant_id {THESE} \
                 ORDER BY descendant_id, depth DESC"
            ),
            format!("{} WHERE unit_id {THESE}", UnitStandingRow::select()),
            format!(
                "SELECT unit_id, level, kind, sector, line, day, n FROM unit_below WHERE unit_id {THESE} \
                 ORDER BY unit_id, level, kind, sector, line, day"
            ),
        ]
        .map(|sql| (sql, vec![list(named.iter().copied())]))
        .into()
    }

    fn take_units(&mut self, answers: &[Vec<Row>]) -> Result<(), Fault> {
        for row in &answers[0] {
            let unit = Unit::from_row(row, 0)?;
            self.units.insert(unit.id, unit);
        }
        for row in &answers[1] {
            let place = (UnitId(row.int(1)?), row.int(2)?, row.int(3)?);
            self.places.entry(UnitId(row.int(0)?)).or_default().push(place);
        }
        for row in &answers[2] {
            let row = UnitStandingRow::from_row(row, 0)?;
            self.past.entry(row.unit_id).or_default().push(row);
        }
        for row in &answers[3] {
            let classes = self.below.entry(UnitId(row.int(0)?)).or_default();
            let (class, step) = (UnitClass::read(row, 1)?, (row.int(5)?, row.int(6)?));
            match classes.last_mut() {
                Some(last) if last.class == class => last.steps.push(step),
                _ => classes.push(Class { class, steps: vec![step] }),
            }
        }
        Ok(())
    }

    fn path(&self, unit: UnitId, on: i64) -> Vec<UnitId> {
        self.places_on(unit, on).collect()
    }

    /// The units above a unit on a day and itself, root first.
    pub(super) fn above(&self, unit: UnitId, on: Day) -> impl Iterator<Item = UnitId> {
        self.places_on(unit, day(on))
    }

    fn places_on(&self, unit: UnitId, on: i64) -> impl Iterator<Item = UnitId> {
        let places = self.places.get(&unit).map_or(&[][..], Vec::as_slice);
        places.iter().filter(move |(_, from, to)| *from <= on && on < *to).map(|(above, ..)| *above)
    }

    /// The unit as it was on a day, with its place.
    fn unit_on(&self, unit: UnitId, on: Day) -> Option<(Unit, Vec<UnitId>)> {
        let found = self.units.get(&unit).filter(|found| found.is_open_on(on))?;
        let path = self.path(unit, day(on));
        (!path.is_empty()).then(|| (self.as_it_was(found, on), path))
    }

    /// Level, kind, sector and line that a unit had on a day.
    fn facts_on<'a>(&'a self, unit: &'a Unit, on: Day) -> (Level, UnitKind, &'a str, &'a str) {
        let past = self.past.get(&unit.id).map_or(&[][..], Vec::as_slice);
        match UnitStandingRow::on(past, on) {
            None => (unit.level, unit.kind, &unit.sector, &unit.line),
            Some(row) => (row.level, row.kind, &row.sector, &row.line),
        }
    }

    fn as_it_was(&self, unit: &Unit, on: Day) -> Unit {
        let past = self.past.get(&unit.id).map_or(&[][..], Vec::as_slice);
        UnitStandingRow::of_day(past, unit, on)
    }

    /// How many subjects of a subtree, its root among them, owe the rule in the period.
    pub(super) fn subtree(&self, target: UnitId, period: &Period, rule: &Rule) -> i64 {
        let (scope, on) = (rule.units(), period.last);
        let own = if self.own(target, &scope, on) == 1 { self.weight(target, rule, on) } else { 0 };
        own + self.below(target, &scope, rule, on)
    }

    /// 1 when the unit itself owes it, or its posts or people do.
    pub(super) fn own(&self, target: UnitId, scope: &Scope, on: Day) -> i64 {
        let Some(unit) = self.units.get(&target) else { return 0 };
        let (level, kind, sector, line) = self.facts_on(unit, on);
        // Most units of a large tree are of a level that the rule does not ask; they are not put in their place.
        if !scope.takes_class(level, kind, sector, line) && !scope.listed.contains(&target) {
            return 0;
        }
        self.unit_on(target, on).map_or(0, |(unit, path)| i64::from(reaches(scope, &unit, &path)))
    }

    /// Subjects that a unit in the scope has itself.
    fn weight(&self, unit: UnitId, rule: &Rule, on: Day) -> i64 {
        match rule.subject {
            SubjectKind::Unit | SubjectKind::WorkingGroup => 1,
            SubjectKind::Post => self.people.posts_held(unit, rule, day(on)),
            SubjectKind::Person => self.people.at_home(unit, day(on)),
        }
    }

    fn below(&self, target: UnitId, scope: &Scope, rule: &Rule, on: Day) -> i64 {
        if scope.is_blank() {
            return 0;
        }
        if scope.listed.is_empty() && scope.without.is_empty() {
            return self.by_conditions(target, scope, rule, on);
        }
        let plain = Scope { listed: Vec::new(), without: Vec::new(), ..scope.clone() };
        let mut sum = self.by_conditions(target, &plain, rule, on);
        let under = |unit: UnitId| {
            let (unit, path) = self.unit_on(unit, on)?;
            let stands = path.len() > 1 && path[..path.len() - 1].contains(&target);
            stands.then(|| reaches(&plain, &unit, &path))
        };
        let without: BTreeSet<UnitId> = scope.without.iter().copied().collect();
        for unit in &without {
            sum -= if under(*unit) == Some(true) { self.weight(*unit, rule, on) } else { 0 };
        }
        let listed: BTreeSet<UnitId> =
            scope.listed.iter().copied().filter(|u| !without.contains(u)).collect();
        for unit in &listed {
            sum += if under(*unit) == Some(false) { self.weight(*unit, rule, on) } else { 0 };
        }
        sum
    }

    fn classes(&self, unit: UnitId, scope: &Scope, rule: &Rule, on: i64) -> i64 {
        match rule.subject {
            SubjectKind::Unit | SubjectKind::WorkingGroup => {
                let classes = self.below.get(&unit).map_or(&[][..], Vec::as_slice);
                classes.iter().filter(|c| c.class.is_taken(scope)).map(|class| class.on(on)).sum()
            }
            SubjectKind::Post | SubjectKind::Person => self.people.below(unit, scope, rule, on),
        }
    }

    fn by_conditions(&self, target: UnitId, plain: &Scope, rule: &Rule, on: Day) -> i64 {
        if plain.is_blank() {
            return 0;
        }
        let at = day(on);
        let Some(root) = plain.subtree else { return self.classes(target, plain, rule, at) };
        let inside = self.path(target, at).contains(&root);
        if inside && target != root {
            return if plain.children_only { 0 } else { self.classes(target, plain, rule, at) };
        }
        // The target is the root, or above it: then the root itself is below the target.
        let root_path = self.path(root, at);
        if !root_path.contains(&target) {
            return 0;
        }
        let reached = target != root && self.own(root, plain, on) == 1;
        let own = if reached { self.weight(root, rule, on) } else { 0 };
        let rest = if plain.children_only {
            let children = self.children.get(&root).map_or(&[][..], Vec::as_slice);
            let stood = children.iter().filter(|(unit, from, to)| {
                *from <= at && at < *to && unit.is_open_on(on) && self.takes(plain, &self.as_it_was(unit, on))
            });
            stood.map(|(unit, ..)| self.weight(unit.id, rule, on)).sum()
        } else {
            self.classes(root, plain, rule, at)
        };
        own + rest
    }

    fn takes(&self, scope: &Scope, unit: &Unit) -> bool {
        scope.takes_class(unit.level, unit.kind, &unit.sector, &unit.line)
    }
}
