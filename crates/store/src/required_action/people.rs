//! Posts and people that rules ask: those of single units, and how many stand below a unit on a day.

use super::expected::UnitClass;
use super::{Asked, day, list};
use crate::db::Question;
use crate::person::below::{Days, Held, firsts};
use crate::{Fault, Row, Val};
use bihuan_domain::Coded;
use bihuan_domain::Day;
use bihuan_domain::id::UnitId;
use bihuan_domain::person::Post;
use bihuan_domain::required_action::{Rule, SubjectKind};
use bihuan_domain::scope::Scope;
use std::collections::{BTreeSet, HashMap};

/// Posts of one name, or people, in units of one class below a unit.
#[derive(Debug)]
struct Group {
    class: UnitClass,
    post: String,
    leads: bool,
    years: Vec<(i64, i64)>,
    months: Vec<(i64, i64)>,
    days: Vec<(i64, i64)>,
}

impl Group {
    /// How many there are on a day: whole years before its own, whole months before its own, then days.
    fn on(&self, day: i64) -> i64 {
        let (month, year) = firsts(day);
        let next = firsts(day + 1).0;
        let between = |steps: &[(i64, i64)], from: i64, to: i64| -> i64 {
            steps.iter().filter(|(at, _)| from <= *at && *at < to).map(|(_, n)| n).sum()
        };
        let within = between(&self.years, i64::MIN, year) + between(&self.months, year, month);
        let last = if next > month {
            between(&self.months, month, next)
        } else {
            between(&self.days, month, day + 1)
        };
        within + last
    }
}

/// A post with the days on which somebody held it.
type HeldPost = (Post, Vec<Days>);

/// What is known of posts and people.
#[derive(Debug, Default)]
pub(super) struct People {
    posts: HashMap<UnitId, Vec<HeldPost>>,
    homes: HashMap<UnitId, Vec<Days>>,
    below: HashMap<(UnitId, SubjectKind), Vec<Group>>,
}

/// What is read for rules of posts or of people, and for which of them.
#[derive(Debug, Default)]
pub(super) struct PeopleAsked {
    below: Vec<SubjectKind>,
    pub(super) questions: Vec<Question>,
}

/// The last days of the periods of rules that ask posts or people.
pub(super) type PeopleDays = Vec<(SubjectKind, BTreeSet<Day>)>;

/// Those of some rules.
pub(super) fn people_days(asked: &[Asked<'_>]) -> PeopleDays {
    let days = |subject: SubjectKind| {
        let periods = asked.iter().flat_map(|asked| &asked.periods);
        let own = periods.filter(|(_, version)| version.rule.subject == subject);
        (subject, own.map(|(period, _)| period.last).collect::<BTreeSet<Day>>())
    };
    [SubjectKind::Post, SubjectKind::Person]
        .map(days)
        .into_iter()
        .filter(|(_, days)| !days.is_empty())
        .collect()
}

impl PeopleAsked {
    /// What rules of posts and people need; nothing where there are none.
    pub(super) fn of(units: &BTreeSet<UnitId>, on: &PeopleDays) -> PeopleAsked {
        let mut found = PeopleAsked::default();
        for (subject, days) in on {
            found.below.push(*subject);
            found.questions.push(below_question(*subject, units, days));
        }
        if !found.below.is_empty() {
            found.questions.extend(Held::questions(&list(units.iter().copied())));
        }
        found
    }
}

/// How many posts or people stand below the units.
fn below_question(subject: SubjectKind, units: &BTreeSet<UnitId>, days: &BTreeSet<Day>) -> Question {
    let (first, last) = (days.first().map_or(0, |d| day(*d)), days.last().map_or(0, |d| day(*d)));
    // Whole months need no days; most periods end with a month.
    let broken: Vec<i64> =
        days.iter().map(|d| day(*d)).filter(|d| firsts(*d + 1).0 == firsts(*d).0).collect();
    let from_day = broken.iter().map(|d| firsts(*d).0).min().unwrap_or(i64::MAX);
    let columns = "unit_id, level, kind, sector, line, post, leads";
    // The changes of one group come as one text, for a row each costs more than all the rest.
    let part = |grain: &str, days: &str| {
        format!(
            "SELECT {columns}, '{grain}' AS grain, string_agg(CAST(day AS TEXT) || ':' || CAST(n AS TEXT), ' ') AS steps \
             FROM people_below WHERE unit_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) \
             AND subject = $2 AND grain = '{grain}' AND {days} GROUP BY {columns}"
        )
    };
    let sql = format!(
        "SELECT * FROM ({} UNION ALL {} UNION ALL {}) parts ORDER BY {columns}",
        part("year", "day <= $4"),
        part("month", "day >= $3 AND day <= $4"),
        part("day", "day >= $5 AND day <= $4"),
    );
    let args = vec![
        list(units.iter().copied()),
        Val::from(subject.code()),
        Val::Int(firsts(first).1),
        Val::Int(last),
        Val::Int(from_day),
    ];
    (sql, args)
}

impl People {
    /// From the answers to what was asked.
    pub(super) fn from_answers(asked: &PeopleAsked, answers: &[Vec<Row>]) -> Result<People, Fault> {
        let mut found = People::default();
        for (subject, rows) in asked.below.iter().zip(answers) {
            found.take_below(*subject, rows)?;
        }
        if let Some(of_units) = answers.get(asked.below.len()..).filter(|rest| !rest.is_empty()) {
            let held = Held::from_answers(of_units)?;
            for (post, days) in held.held_posts() {
                found.posts.entry(post.unit_id).or_default().push((post.clone(), days));
            }
            for (unit, days) in held.homes().flat_map(|(_, homes)| homes) {
                found.homes.entry(unit).or_default().push(days);
            }
        }
        Ok(found)
    }

    fn take_below(&mut self, subject: SubjectKind, rows: &[Row]) -> Result<(), Fault> {
        for row in rows {
            let groups = self.below.entry((UnitId(row.int(0)?), subject)).or_default();
            let (class, post, leads) = (UnitClass::read(row, 1)?, row.str(5)?, row.flag(6)?);
            let known = groups.last().is_some_and(|g| g.leads == leads && g.post == post && g.class == class);
            if !known {
                let post = post.to_owned();
                let (years, months, days) = (Vec::new(), Vec::new(), Vec::new());
                groups.push(Group { class, post, leads, years, months, days });
            }
            let steps = steps(row.str(8)?)?;
            if let Some(group) = groups.last_mut() {
                match row.str(7)? {
                    "year" => group.years = steps,
                    "month" => group.months = steps,
                    _ => group.days = steps,
                }
            }
        }
        Ok(())
    }

    /// Posts of the unit itself that a rule asks and somebody holds.
    pub(super) fn posts_held(&self, unit: UnitId, rule: &Rule, on: i64) -> i64 {
        let posts = self.posts.get(&unit).map_or(&[][..], Vec::as_slice);
        let held =
            posts.iter().filter(|(post, days)| rule.takes_post(&post.name, post.leads) && holds(days, on));
        held.count() as i64
    }

    /// People who belong to the unit itself.
    pub(super) fn at_home(&self, unit: UnitId, on: i64) -> i64 {
        let homes = self.homes.get(&unit).map_or(&[][..], Vec::as_slice);
        homes.iter().filter(|(from, to)| *from <= on && on < *to).count() as i64
    }

    /// Posts that a rule asks, or people, strictly below a unit.
    pub(super) fn below(&self, unit: UnitId, scope: &Scope, rule: &Rule, on: i64) -> i64 {
        let groups = self.below.get(&(unit, rule.subject)).map_or(&[][..], Vec::as_slice);
        let taken = groups.iter().filter(|group| {
            group.class.is_taken(scope)
                && (rule.subject == SubjectKind::Person || rule.takes_post(&group.post, group.leads))
        });
        taken.map(|group| group.on(on)).sum()
    }
}

/// Days with what changes on them, `19967:2 19998:-1`.
fn steps(text: &str) -> Result<Vec<(i64, i64)>, Fault> {
    let step = |part: &str| {
        let (day, n) = part.split_once(':')?;
        Some((day.parse().ok()?, n.parse().ok()?))
    };
    let all: Option<Vec<(i64, i64)>> = text.split(' ').map(step).collect();
    all.ok_or_else(|| Fault::corrupt(format!("people_below: {text}")))
}

fn holds(days: &[Days], on: i64) -> bool {
    days.iter().any(|(from, to)| *from <= on && on < *to)
}
