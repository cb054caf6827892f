//! What is expected of subtrees: reckoned from counts of units by class and day, never by walking them.

use super::place::{all_places, ever_children, reaches};
use super::{Asked, day, list};
use crate::record::Field;
use crate::{Conn, Fault, Val, vals};
use bihuan_domain::Day;
use bihuan_domain::id::{RequiredActionId, UnitId};
use bihuan_domain::required_action::{Period, RequiredAction, Rule, SubjectKind, Version};
use bihuan_domain::scope::Scope;
use bihuan_domain::unit::{Level, Unit, UnitKind};
use std::collections::{BTreeSet, HashMap};

/// Units of one class below a unit, by day.
#[derive(Debug)]
struct Class {
    level: Level,
    kind: UnitKind,
    sector: String,
    line: String,
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

/// Everything needed to answer for some units, read at once.
#[derive(Debug, Default)]
pub(super) struct Expected {
    below: HashMap<UnitId, Vec<Class>>,
    places: HashMap<UnitId, Places>,
    units: HashMap<UnitId, Unit>,
    children: HashMap<UnitId, Vec<(Unit, i64, i64)>>,
    /// Posts and people, which are counted by query: rule, last day, unit.
    people: HashMap<(RequiredActionId, i64, UnitId), i64>,
}

impl Expected {
    /// Reads what is needed for these units and rules.
    pub(super) fn load(
        conn: &mut Conn,
        targets: &[UnitId],
        asked: &[Asked<'_>],
        today: Day,
    ) -> Result<Expected, Fault> {
        let mut found = Expected::default();
        let mut named: BTreeSet<UnitId> = targets.iter().copied().collect();
        for (_, version) in asked.iter().flat_map(|asked| &asked.periods) {
            let scope = &version.rule.scope;
            named.extend(scope.subtree.iter().chain(&scope.listed).chain(&scope.without).copied());
            if let Some(root) =
                scope.subtree.filter(|root| scope.children_only && !found.children.contains_key(root))
            {
                found.children.insert(root, ever_children(conn, root)?);
            }
        }
        found.units =
            crate::unit::by_ids(conn, named.iter().copied())?.into_iter().map(|u| (u.id, u)).collect();
        for [unit, above, from, to] in all_places(conn, named.iter().copied())? {
            found.places.entry(UnitId(unit)).or_default().push((UnitId(above), from, to));
        }
        found.read_below(conn, &named)?;
        for asked in asked {
            for (period, version) in &asked.periods {
                if matches!(version.rule.subject, SubjectKind::Post | SubjectKind::Person) {
                    found.read_people(conn, asked.action, period, version, targets, today)?;
                }
            }
        }
        Ok(found)
    }

    fn read_below(&mut self, conn: &mut Conn, units: &BTreeSet<UnitId>) -> Result<(), Fault> {
        let sql = "SELECT unit_id, level, kind, sector, line, day, n FROM unit_below \
             WHERE unit_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) ORDER BY unit_id, level, kind, sector, line, day";
        let below = &mut self.below;
        conn.each(sql, &[list(units.iter().copied())], &mut |row| {
            let classes: &mut Vec<Class> = below.entry(UnitId(row.int(0)?)).or_default();
            let (level, kind) = (Level::from_val(row.val(1)?)?, UnitKind::from_val(row.val(2)?)?);
            let (sector, line) = (row.str(3)?, row.str(4)?);
            let step = (row.int(5)?, row.int(6)?);
            match classes.last_mut() {
                Some(last)
                    if last.level == level
                        && last.kind == kind
                        && last.sector == sector
                        && last.line == line =>
                {
                    last.steps.push(step);
                }
                _ => classes.push(Class {
                    level,
                    kind,
                    sector: sector.to_owned(),
                    line: line.to_owned(),
                    steps: vec![step],
                }),
            }
            Ok(())
        })
    }

    fn read_people(
        &mut self,
        conn: &mut Conn,
        action: &RequiredAction,
        period: &Period,
        version: &Version,
        targets: &[UnitId],
        today: Day,
    ) -> Result<(), Fault> {
        let Some((sql, args)) = people_sql(conn, &version.rule, period.last, today, targets)? else {
            return Ok(());
        };
        for row in conn.rows(&sql, &args)? {
            let key = (action.id, day(period.last), UnitId(row.int(0)?));
            self.people.insert(key, row.int(1)?);
        }
        Ok(())
    }

    fn path(&self, unit: UnitId, on: i64) -> Vec<UnitId> {
        let places = self.places.get(&unit).map_or(&[][..], Vec::as_slice);
        places.iter().filter(|(_, from, to)| *from <= on && on < *to).map(|(above, ..)| *above).collect()
    }

    fn unit_on(&self, unit: UnitId, on: Day) -> Option<(&Unit, Vec<UnitId>)> {
        let found = self.units.get(&unit).filter(|found| found.is_open_on(on))?;
        let path = self.path(unit, day(on));
        (!path.is_empty()).then_some((found, path))
    }

    /// How many subjects of a subtree, its root among them, owe the rule in the period.
    pub(super) fn subtree(
        &self,
        target: UnitId,
        action: RequiredActionId,
        period: &Period,
        rule: &Rule,
    ) -> i64 {
        if matches!(rule.subject, SubjectKind::Post | SubjectKind::Person) {
            let key = (action, day(period.last), target);
            return self.people.get(&key).copied().unwrap_or(0);
        }
        let scope = rule.units();
        self.own(target, &scope, period.last) + self.below(target, &scope, period.last)
    }

    /// 1 when the unit itself owes it.
    pub(super) fn own(&self, target: UnitId, scope: &Scope, on: Day) -> i64 {
        self.unit_on(target, on).map_or(0, |(unit, path)| i64::from(reaches(scope, unit, &path)))
    }

    fn below(&self, target: UnitId, scope: &Scope, on: Day) -> i64 {
        if scope.is_blank() {
            return 0;
        }
        let plain = Scope { listed: Vec::new(), without: Vec::new(), ..scope.clone() };
        let mut sum = self.by_conditions(target, &plain, on);
        let under = |unit: UnitId| {
            let (unit, path) = self.unit_on(unit, on)?;
            let stands = path.len() > 1 && path[..path.len() - 1].contains(&target);
            stands.then(|| reaches(&plain, unit, &path))
        };
        let without: BTreeSet<UnitId> = scope.without.iter().copied().collect();
        for unit in &without {
            sum -= i64::from(under(*unit) == Some(true));
        }
        let listed: BTreeSet<UnitId> =
            scope.listed.iter().copied().filter(|u| !without.contains(u)).collect();
        for unit in &listed {
            sum += i64::from(under(*unit) == Some(false));
        }
        sum
    }

    fn classes(&self, unit: UnitId, scope: &Scope, on: i64) -> i64 {
        let classes = self.below.get(&unit).map_or(&[][..], Vec::as_slice);
        let taken = classes.iter().filter(|c| scope.takes_class(c.level, c.kind, &c.sector, &c.line));
        taken.map(|class| class.on(on)).sum()
    }

    fn by_conditions(&self, target: UnitId, plain: &Scope, on: Day) -> i64 {
        if plain.is_blank() {
            return 0;
        }
        let at = day(on);
        let Some(root) = plain.subtree else { return self.classes(target, plain, at) };
        let inside = self.path(target, at).contains(&root);
        if inside && target != root {
            return if plain.children_only { 0 } else { self.classes(target, plain, at) };
        }
        // The target is the root, or above it: then the root itself is below the target.
        let root_path = self.path(root, at);
        if !root_path.contains(&target) {
            return 0;
        }
        let own = if target == root { 0 } else { self.own(root, plain, on) };
        let rest = if plain.children_only {
            let children = self.children.get(&root).map_or(&[][..], Vec::as_slice);
            let stood = children.iter().filter(|(unit, from, to)| {
                *from <= at && at < *to && unit.is_open_on(on) && self.takes(plain, unit)
            });
            stood.count() as i64
        } else {
            self.classes(root, plain, at)
        };
        own + rest
    }

    fn takes(&self, scope: &Scope, unit: &Unit) -> bool {
        scope.takes_class(unit.level, unit.kind, &unit.sector, &unit.line)
    }
}

/// Posts or people who owe a rule on a day, by unit above.
fn people_sql(
    conn: &mut Conn,
    rule: &Rule,
    on: Day,
    today: Day,
    targets: &[UnitId],
) -> Result<Option<(String, Vec<Val>)>, Fault> {
    let Some((scope, mut args)) = crate::scope::condition(conn, &rule.units(), on, today, None)? else {
        return Ok(None);
    };
    args.push(list(targets.iter().copied()));
    let wanted = format!("(SELECT CAST(value AS BIGINT) FROM json_each(${}))", args.len());
    let places = format!("k.ancestor_id IN {wanted} AND k.from_day <= $1 AND k.to_day > $1");
    let holds = "t.from_day <= $1 AND (t.to_day IS NULL OR t.to_day > $1)";
    if rule.subject == SubjectKind::Person {
        let sql = format!(
            "SELECT k.ancestor_id, COUNT(*) FROM (SELECT t.person_id, o.unit_id, \
               ROW_NUMBER() OVER (PARTITION BY t.person_id ORDER BY o.leads DESC, t.from_day, t.id) AS place \
               FROM tenure t JOIN post o ON o.id = t.post_id WHERE {holds} AND t.person_id IN ( \
                 SELECT a.person_id FROM unit_closure k JOIN post b ON b.unit_id = k.descendant_id \
                 JOIN tenure a ON a.post_id = b.id WHERE {places})) h \
             JOIN unit u ON u.id = h.unit_id JOIN unit_closure k ON k.descendant_id = u.id \
             WHERE h.place = 1 AND {places} AND {scope} GROUP BY k.ancestor_id"
        );
        return Ok(Some((sql, args)));
    }
    let mut post = "(o.closed_day IS NULL OR o.closed_day > $1)".to_owned();
    if rule.leads_only {
        post.push_str(" AND o.leads = 1");
    }
    let mut words = Vec::new();
    for word in &rule.posts {
        args.extend(vals![word.as_str()]);
        words.push(format!("replace(o.name, ${0}, '') <> o.name", args.len()));
    }
    if !words.is_empty() {
        post.push_str(&format!(" AND ({})", words.join(" OR ")));
    }
    let sql = format!(
        "SELECT k.ancestor_id, COUNT(*) FROM unit_closure k JOIN unit u ON u.id = k.descendant_id \
         JOIN post o ON o.unit_id = u.id WHERE {places} AND {scope} AND {post} \
         AND EXISTS (SELECT 1 FROM tenure t WHERE t.post_id = o.id AND {holds}) GROUP BY k.ancestor_id"
    );
    Ok(Some((sql, args)))
}
