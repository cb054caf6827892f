//! For whom anything may wait, in one pass over what waits, whoever it waits for: so that the digest asks in detail only
//! for people with something. Never says no where something waits; may say yes where nothing does, because rights are
//! looked at afterwards. Required actions are apart: what they ask of whom needs the calendar.

use crate::record::Field;
use crate::{Conn, Fault, Val, vals};
use bihuan_domain::Day;
use bihuan_domain::id::{PersonId, PostId, UnitId};
use bihuan_domain::role::{Actor, Grant, HeldPost};
use bihuan_domain::unit::UnitPath;
use std::collections::{BTreeMap, HashSet};

/// Where things wait.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    /// Units at which something lies, with every unit above them.
    units: HashSet<UnitId>,
    posts: HashSet<PostId>,
    people: HashSet<PersonId>,
}

impl Reach {
    /// Whether anything may wait for a person: at their posts, or at or below a unit they have a right over.
    pub fn touches(&self, actor: &Actor) -> bool {
        self.people.contains(&actor.person)
            || actor
                .posts
                .iter()
                .any(|held| self.posts.contains(&held.post) || self.units.contains(&held.unit))
            || actor.grants.iter().any(|grant| self.units.contains(&grant.unit))
    }

    fn place(&mut self, path: &UnitPath) {
        self.units.extend(path.units());
    }
}

/// Paths of units at which problems, calls, tasks, plans, musters, slips and excuses wait; $1 is today. Each line says the same
/// as, or more than, a condition of the list of what waits (`todo.rs`, `slip.rs`, `task.rs`, `inspection.rs`, `muster.rs`,
/// `required_action.rs`).
const PLACES: [&str; 11] = [
    "SELECT DISTINCT p.home_path FROM problem p WHERE p.campaign_id IN (SELECT id FROM campaign) \
     AND p.state IN ('registered', 'screened', 'returned', 'accepted', 'proposed')",
    "SELECT DISTINCT u.path FROM problem p JOIN problem_party r ON r.problem_id = p.id JOIN unit u ON u.id = r.unit_id \
     WHERE p.campaign_id IN (SELECT id FROM campaign) AND p.state IN ('assigned', 'rectifying', 'sent_back') \
     AND r.role IN ('lead', 'responsible', 'assisting')",
    "SELECT DISTINCT u.path FROM problem p JOIN problem_party r ON r.problem_id = p.id JOIN unit u ON u.id = r.unit_id \
     WHERE p.campaign_id IN (SELECT id FROM campaign) AND p.state IN ('reported', 'proposed') AND r.role = 'checking'",
    "SELECT DISTINCT p.home_path FROM look_back l JOIN problem p ON p.id = l.problem_id \
     WHERE l.result = 'pending' AND l.due_day <= $1",
    "SELECT DISTINCT u.path FROM look_back l JOIN unit u ON u.id = l.unit_id \
     WHERE l.result = 'pending' AND l.due_day <= $1",
    "SELECT DISTINCT u.path FROM request r JOIN unit u ON u.id = r.to_unit_id WHERE r.state IN ('open', 'granted')",
    "SELECT DISTINCT u.path FROM task t JOIN unit u ON u.id = t.unit_id WHERE t.state IN ('running', 'reported')",
    "SELECT DISTINCT u.path FROM inspection i JOIN unit u ON u.id = i.unit_id WHERE i.state = 'proposed'",
    "SELECT DISTINCT u.path FROM muster m JOIN muster_unit c ON c.muster_id = m.id \
     JOIN unit u ON u.id IN (c.unit_id, m.caller_unit_id) WHERE m.state IN ('called', 'finished')",
    "SELECT DISTINCT u.path FROM slip s JOIN unit u ON u.id IN (s.holder_unit_id, s.issuer_unit_id) \
     WHERE s.state IN ('drafted', 'issued', 'signed', 'sent_back', 'answered', 'disputed')",
    "SELECT DISTINCT u.path FROM action_excuse e JOIN unit u ON u.id = e.unit_id \
     WHERE e.rule_id IN (SELECT id FROM required_action) AND e.state = 'asked'",
];

/// Posts that own a measure or a task, or were written to.
const POSTS: [&str; 3] = [
    "SELECT DISTINCT m.owner_post_id FROM measure m JOIN problem p ON p.id = m.problem_id AND p.round = m.round \
     WHERE m.owner_post_id IS NOT NULL AND m.state = 'planned' AND p.state IN ('rectifying', 'sent_back')",
    "SELECT DISTINCT owner_post_id FROM task WHERE owner_post_id IS NOT NULL AND state = 'running'",
    "SELECT DISTINCT to_post_id FROM slip WHERE to_post_id IS NOT NULL \
     AND state IN ('drafted', 'issued', 'signed', 'sent_back', 'answered', 'disputed')",
];

/// People who have a visit to make.
const PEOPLE: &str = "SELECT DISTINCT m.person_id FROM visit v JOIN visit_member m ON m.visit_id = v.id \
     JOIN inspection i ON i.id = v.inspection_id WHERE v.state = 'planned' AND i.state = 'issued'";

/// Where anything waits today.
///
/// # Errors
/// Faults of the database.
pub fn reach(conn: &mut Conn, today: Day) -> Result<Reach, Fault> {
    let mut reach = Reach::default();
    for sql in PLACES {
        let args = if sql.contains("$1") { vec![Val::from(today.days())] } else { vec![] };
        for row in conn.rows(sql, &args)? {
            reach.place(&Field::from_val(row.val(0)?)?);
        }
    }
    for sql in POSTS {
        for row in conn.rows(sql, &[])? {
            reach.posts.insert(Field::from_val(row.val(0)?)?);
        }
    }
    for row in conn.rows(PEOPLE, &[])? {
        reach.people.insert(Field::from_val(row.val(0)?)?);
    }
    Ok(reach)
}

/// Posts and roles of many people on a day, each as [`crate::account::posts_of`] and [`crate::account::grants_of`] give
/// them for one.
#[derive(Clone, Debug, Default)]
pub struct Rights {
    /// Posts held.
    pub posts: BTreeMap<PersonId, Vec<HeldPost>>,
    /// Roles given, by posts and by themselves.
    pub grants: BTreeMap<PersonId, Vec<Grant>>,
}

/// The posts and roles of these people on a day.
///
/// # Errors
/// Faults of the database.
pub fn rights_of(conn: &mut Conn, people: &[PersonId], day: Day) -> Result<Rights, Fault> {
    let list = serde_json::to_string(people).unwrap_or_default();
    let args = vals![list, day.days()];
    let mut rights = Rights::default();
    let posts = "SELECT t.person_id, p.id, p.name, u.id, u.path \
         FROM tenure t JOIN post p ON p.id = t.post_id JOIN unit u ON u.id = p.unit_id \
         WHERE t.person_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) \
           AND t.from_day <= $2 AND (t.to_day IS NULL OR t.to_day > $2) \
           AND (p.closed_day IS NULL OR p.closed_day > $2) ORDER BY t.person_id, p.leads DESC, t.from_day, t.id";
    for row in conn.rows(posts, &args)? {
        let post = HeldPost {
            post: Field::from_val(row.val(1)?)?,
            name: row.text(2)?,
            unit: Field::from_val(row.val(3)?)?,
            path: Field::from_val(row.val(4)?)?,
        };
        rights.posts.entry(Field::from_val(row.val(0)?)?).or_default().push(post);
    }
    // One row for a role, also where somebody holds its post twice.
    let grants = "SELECT g.person_id, g.id, g.role, g.unit_id, COALESCE(u.path, '') \
         FROM role_grant g LEFT JOIN unit u ON u.id = g.unit_id \
         WHERE g.person_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) \
           AND g.from_day <= $2 AND (g.to_day IS NULL OR g.to_day > $2) \
         UNION SELECT t.person_id, g.id, g.role, g.unit_id, COALESCE(u.path, '') \
         FROM tenure t JOIN post p ON p.id = t.post_id JOIN role_grant g ON g.post_id = p.id LEFT JOIN unit u ON u.id = g.unit_id \
         WHERE t.person_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) \
           AND t.from_day <= $2 AND (t.to_day IS NULL OR t.to_day > $2) \
           AND (p.closed_day IS NULL OR p.closed_day > $2) \
           AND g.from_day <= $2 AND (g.to_day IS NULL OR g.to_day > $2) ORDER BY 1, 2";
    for row in conn.rows(grants, &args)? {
        let grant = Grant {
            id: Field::from_val(row.val(1)?)?,
            role: Field::from_val(row.val(2)?)?,
            unit: Field::from_val(row.val(3)?)?,
            path: Field::from_val(row.val(4)?)?,
        };
        rights.grants.entry(Field::from_val(row.val(0)?)?).or_default().push(grant);
    }
    Ok(rights)
}
