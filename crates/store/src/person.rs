//! People, posts and who held them when.

pub(crate) mod below;

pub use below::recount as recount_below;

use crate::record::{Field, Record};
use crate::unit::{Sight, json_list};
use crate::{Conn, Fault, Row, Val, vals};
use bihuan_domain::Coded;
use bihuan_domain::Day;
use bihuan_domain::id::{PersonId, PostId, UnitId};
use bihuan_domain::measure::MeasureState;
use bihuan_domain::person::{Account, Person, Post, RoleGrant, Tenure};
use bihuan_domain::problem::State;

/// Rows of one page of people.
pub const PEOPLE_PAGE: i64 = 50;

/// A post with those who hold it on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostHolders {
    /// The post.
    pub post: Post,
    /// Holders on the day, longest first.
    pub holders: Vec<Holder>,
}

/// A person in a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The tenure.
    pub tenure: Tenure,
    /// The person's name.
    pub name: String,
}

/// A post a person held, with its unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The tenure.
    pub tenure: Tenure,
    /// The post.
    pub post: Post,
    /// The unit's name today.
    pub unit_name: String,
    /// The unit's place today.
    pub unit_path: bihuan_domain::unit::UnitPath,
}

/// The posts of a subtree that exist, who holds them on a day or later, and those people with everybody who never held
/// a post.
#[derive(Clone, Debug, Default)]
pub struct Staffing {
    /// Posts.
    pub posts: Vec<Post>,
    /// Tenures of these posts that last beyond the day.
    pub tenures: Vec<Tenure>,
    /// People.
    pub people: Vec<Person>,
}

/// The staffing of a subtree, or of all units.
///
/// # Errors
/// Faults of the database.
pub fn staffing(
    conn: &mut Conn,
    below: Option<&bihuan_domain::unit::UnitPath>,
    day: Day,
) -> Result<Staffing, Fault> {
    let (from, to) =
        below.map_or((String::new(), "~".to_owned()), |path| (path.as_str().to_owned(), path.subtree_end()));
    let posts = "SELECT id FROM post WHERE closed_day IS NULL AND unit_id IN \
         (SELECT id FROM unit WHERE path >= $1 AND path < $2)";
    let lasting = "to_day IS NULL OR to_day > $3";
    let args = vals![from, to, i64::from(day.days())];
    let held = format!("SELECT person_id FROM tenure WHERE ({lasting}) AND post_id IN ({posts})");
    Ok(Staffing {
        posts: Post::load(conn, &format!("WHERE id IN ({posts}) ORDER BY id"), &args[..2])?,
        tenures: Tenure::load(
            conn,
            &format!("WHERE ({lasting}) AND post_id IN ({posts}) ORDER BY id"),
            &args,
        )?,
        people: Person::load(
            conn,
            &format!(
                "WHERE id IN ({held}) OR NOT EXISTS (SELECT 1 FROM tenure t WHERE t.person_id = person.id) ORDER BY id"
            ),
            &args,
        )?,
    })
}

/// A person in a list, with the posts of the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The person.
    pub person: Person,
    /// Unit and post names, main post first.
    pub posts: Vec<(UnitId, String, String)>,
    /// Has an account.
    pub has_account: bool,
}

/// The posts of a unit in order, open on `day`, with their holders of that day.
///
/// # Errors
/// Faults of the database.
pub fn posts_on(conn: &mut Conn, unit: UnitId, day: Day) -> Result<Vec<PostHolders>, Fault> {
    let posts = Post::load(
        conn,
        "WHERE unit_id = $1 AND (closed_day IS NULL OR closed_day > $2) ORDER BY official_order, id",
        &vals![unit.0, day.to_val()],
    )?;
    let mut tenures = holders(conn, &posts.iter().map(|post| post.id).collect::<Vec<_>>())?;
    tenures.retain(|holder| holder.tenure.holds_on(day));
    let with = |post: Post| {
        let holders = tenures.iter().filter(|h| h.tenure.post_id == post.id).cloned().collect();
        PostHolders { post, holders }
    };
    Ok(posts.into_iter().map(with).collect())
}

/// Every holder of some posts, past and present, oldest first.
///
/// # Errors
/// Faults of the database.
pub fn holders(conn: &mut Conn, posts: &[PostId]) -> Result<Vec<Holder>, Fault> {
    let columns = qualified::<Tenure>("t");
    let sql = format!(
        "SELECT {columns}, p.name FROM tenure t JOIN person p ON p.id = t.person_id \
         WHERE t.post_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) ORDER BY t.from_day, t.id"
    );
    let list = json_list(posts.iter().map(|post| UnitId(post.0)));
    let holder = |row: &Row| -> Result<Holder, Fault> {
        Ok(Holder { tenure: Tenure::from_row(row, 0)?, name: row.text(Tenure::COLUMNS.len())? })
    };
    conn.rows(&sql, &vals![list])?.iter().map(holder).collect()
}

fn qualified<T: Record>(alias: &str) -> String {
    T::COLUMNS.iter().map(|c| format!("{alias}.{c}")).collect::<Vec<_>>().join(", ")
}

/// Posts of a unit, closed ones too.
///
/// # Errors
/// Faults of the database.
pub fn all_posts(conn: &mut Conn, unit: UnitId) -> Result<Vec<Post>, Fault> {
    Post::load(conn, "WHERE unit_id = $1 ORDER BY official_order, id", &vals![unit.0])
}

/// All tenures of a post, oldest first.
///
/// # Errors
/// Faults of the database.
pub fn tenures_of_post(conn: &mut Conn, post: PostId) -> Result<Vec<Tenure>, Fault> {
    Tenure::load(conn, "WHERE post_id = $1 ORDER BY from_day, id", &vals![post.0])
}

/// What a person held, newest first.
///
/// # Errors
/// Faults of the database.
pub fn held_by(conn: &mut Conn, person: PersonId) -> Result<Vec<Held>, Fault> {
    let sql = format!(
        "SELECT {}, {}, u.name, u.path FROM tenure t JOIN post o ON o.id = t.post_id JOIN unit u ON u.id = o.unit_id \
         WHERE t.person_id = $1 \
         ORDER BY CASE WHEN t.to_day IS NULL THEN 0 ELSE 1 END, t.from_day DESC, t.id DESC",
        qualified::<Tenure>("t"),
        qualified::<Post>("o")
    );
    let (tenure, post) = (Tenure::COLUMNS.len(), Post::COLUMNS.len());
    let held = |row: &Row| -> Result<Held, Fault> {
        Ok(Held {
            tenure: Tenure::from_row(row, 0)?,
            post: Post::from_row(row, tenure)?,
            unit_name: row.text(tenure + post)?,
            unit_path: Field::from_val(row.val(tenure + post + 1)?)?,
        })
    };
    conn.rows(&sql, &vals![person.0])?.iter().map(held).collect()
}

/// Roles a person has on a day, of the person and of the posts held that day, with the unit's name.
///
/// # Errors
/// Faults of the database.
pub fn grants_on(conn: &mut Conn, person: PersonId, day: Day) -> Result<Vec<(RoleGrant, String)>, Fault> {
    let sql = format!(
        "SELECT {}, u.name FROM role_grant g JOIN unit u ON u.id = g.unit_id \
         WHERE g.from_day <= $2 AND (g.to_day IS NULL OR g.to_day > $2) AND (g.person_id = $1 OR g.post_id IN ( \
           SELECT t.post_id FROM tenure t JOIN post o ON o.id = t.post_id WHERE t.person_id = $1 \
             AND t.from_day <= $2 AND (t.to_day IS NULL OR t.to_day > $2) \
             AND (o.closed_day IS NULL OR o.closed_day > $2))) ORDER BY g.id",
        qualified::<RoleGrant>("g")
    );
    let grant = |row: &Row| -> Result<(RoleGrant, String), Fault> {
        Ok((RoleGrant::from_row(row, 0)?, row.text(RoleGrant::COLUMNS.len())?))
    };
    conn.rows(&sql, &vals![person.0, day.to_val()])?.iter().map(grant).collect()
}

/// The person's account.
///
/// # Errors
/// Faults of the database.
pub fn account_of(conn: &mut Conn, person: PersonId) -> Result<Option<Account>, Fault> {
    Account::find(conn, "WHERE person_id = $1", &vals![person.0])
}

/// Whom to list.
#[derive(Clone, Debug)]
pub struct PeopleFilter {
    /// Units whose people may be seen; a person who ever held a post there is one of them.
    pub sight: Sight,
    /// Also people who never held a post and were given no role: newly registered ones.
    pub with_unplaced: bool,
    /// Part of the name.
    pub name: String,
    /// Only holders of a post on the day.
    pub in_post_only: bool,
    /// The day.
    pub day: Day,
}

/// People by name, with the posts of the day, and how many there are.
///
/// # Errors
/// Faults of the database.
pub fn people(conn: &mut Conn, filter: &PeopleFilter, offset: i64) -> Result<(Vec<Listed>, i64), Fault> {
    let mut args: Vec<Val> = Vec::new();
    let condition = conditions(filter, &mut args);
    let total = conn.first(&format!("SELECT COUNT(*) FROM person p WHERE {condition}"), &args)?;
    let total = total.map_or(Ok(0), |row| row.int(0))?;
    let sql = format!(
        "SELECT {}, (SELECT COUNT(*) FROM account a WHERE a.person_id = p.id) FROM person p WHERE {condition} \
         ORDER BY p.name, p.id LIMIT {PEOPLE_PAGE} OFFSET ${}",
        qualified::<Person>("p"),
        args.len() + 1
    );
    args.push(Val::Int(offset));
    let mut listed: Vec<Listed> = Vec::new();
    for row in conn.rows(&sql, &args)? {
        let person = Person::from_row(&row, 0)?;
        listed.push(Listed { person, posts: Vec::new(), has_account: row.int(Person::COLUMNS.len())? > 0 });
    }
    add_posts(conn, &mut listed, filter)?;
    Ok((listed, total))
}

/// Whether the filter lets a person through: the same rule as the list.
///
/// # Errors
/// Faults of the database.
pub fn is_seen(conn: &mut Conn, person: PersonId, filter: &PeopleFilter) -> Result<bool, Fault> {
    let mut args: Vec<Val> = Vec::new();
    let condition = conditions(filter, &mut args);
    args.push(person.to_val());
    let sql = format!("SELECT p.id FROM person p WHERE {condition} AND p.id = ${}", args.len());
    Ok(conn.first(&sql, &args)?.is_some())
}

fn conditions(filter: &PeopleFilter, args: &mut Vec<Val>) -> String {
    let mut seen: Vec<String> = Vec::new();
    let (held, given) = match &filter.sight {
        Sight::All => ("1 = 1".to_owned(), "1 = 1".to_owned()),
        Sight::Subtrees(roots) => {
            let parts: Vec<String> = roots
                .iter()
                .map(|root| {
                    args.push(Val::from(root.as_str()));
                    args.push(Val::from(root.subtree_end()));
                    format!("u.path >= ${} AND u.path < ${}", args.len() - 1, args.len())
                })
                .collect();
            let place = if parts.is_empty() { "1 = 0".to_owned() } else { parts.join(" OR ") };
            (place.clone(), place)
        }
    };
    if filter.sight == Sight::All && !filter.in_post_only {
        seen.push("1 = 1".to_owned());
    }
    let mut now = String::new();
    if filter.in_post_only {
        args.push(filter.day.to_val());
        let n = args.len();
        now = format!(" AND t.from_day <= ${n} AND (t.to_day IS NULL OR t.to_day > ${n})");
    }
    seen.push(format!(
        "p.id IN (SELECT t.person_id FROM unit u JOIN post o ON o.unit_id = u.id JOIN tenure t ON t.post_id = o.id WHERE ({held}){now})"
    ));
    if !filter.in_post_only {
        seen.push(format!(
            "p.id IN (SELECT g.person_id FROM unit u JOIN role_grant g ON g.unit_id = u.id WHERE ({given}) AND g.person_id IS NOT NULL)"
        ));
        if filter.with_unplaced {
            seen.push(
                "(NOT EXISTS (SELECT 1 FROM tenure t WHERE t.person_id = p.id) \
                  AND NOT EXISTS (SELECT 1 FROM role_grant g WHERE g.person_id = p.id))"
                    .to_owned(),
            );
        }
    }
    let mut condition = format!("({})", seen.join(" OR "));
    if !filter.name.trim().is_empty() {
        let name: String = filter.name.trim().replace(['%', '_', '!'], "");
        args.push(Val::from(format!("%{name}%")));
        condition.push_str(&format!(" AND p.name LIKE ${}", args.len()));
    }
    condition
}

/// The posts of the day of the listed people; of units out of sight nothing is shown.
fn add_posts(conn: &mut Conn, listed: &mut [Listed], filter: &PeopleFilter) -> Result<(), Fault> {
    let list = json_list(listed.iter().map(|l| UnitId(l.person.id.0)));
    let sql = "SELECT t.person_id, u.id, u.name, o.name, u.path FROM tenure t JOIN post o ON o.id = t.post_id \
         JOIN unit u ON u.id = o.unit_id WHERE t.person_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) \
         AND t.from_day <= $2 AND (t.to_day IS NULL OR t.to_day > $2) AND (o.closed_day IS NULL OR o.closed_day > $2) \
         ORDER BY t.from_day, t.id";
    for row in conn.rows(sql, &vals![list, filter.day.to_val()])? {
        let path = Field::from_val(row.val(4)?)?;
        if !filter.sight.sees(&path) {
            continue;
        }
        let person = PersonId(row.int(0)?);
        if let Some(entry) = listed.iter_mut().find(|l| l.person.id == person) {
            entry.posts.push((UnitId(row.int(1)?), row.text(2)?, row.text(3)?));
        }
    }
    Ok(())
}

/// Open problems in charge of a post, and measures it answers for.
///
/// # Errors
/// Faults of the database.
pub fn open_work_of_post(conn: &mut Conn, post: PostId) -> Result<i64, Fault> {
    let sql = "SELECT (SELECT COUNT(*) FROM problem WHERE leader_post_id = $1 AND state <> $2) + \
         (SELECT COUNT(*) FROM measure m JOIN problem p ON p.id = m.problem_id \
            WHERE m.owner_post_id = $1 AND m.state = $3 AND p.state <> $2 AND p.round = m.round)";
    let row = conn.first(sql, &vals![post.0, State::Closed.code(), MeasureState::Planned.code()])?;
    row.map_or(Ok(0), |row| row.int(0))
}

/// Leading posts of a unit and of the units above it, with the unit's name: who may take a problem in charge.
///
/// # Errors
/// Faults of the database.
pub fn leading_posts(
    conn: &mut Conn,
    path: &bihuan_domain::unit::UnitPath,
    day: Day,
) -> Result<Vec<(Post, String, Vec<String>)>, Fault> {
    let mut found = Vec::new();
    for unit in crate::unit::ancestors(conn, path)?.into_iter().rev() {
        for entry in posts_on(conn, unit.id, day)?.into_iter().filter(|entry| entry.post.leads) {
            let names = entry.holders.into_iter().map(|holder| holder.name).collect();
            found.push((entry.post, unit.name.clone(), names));
        }
    }
    Ok(found)
}

/// Accounts whose person holds a post of the unit, or a role over exactly this unit, on a day.
///
/// # Errors
/// Faults of the database.
pub fn accounts_at(conn: &mut Conn, unit: UnitId, day: Day) -> Result<i64, Fault> {
    let sql = "SELECT COUNT(*) FROM account a WHERE a.person_id IN ( \
           SELECT t.person_id FROM post o JOIN tenure t ON t.post_id = o.id WHERE o.unit_id = $1 \
             AND t.from_day <= $2 AND (t.to_day IS NULL OR t.to_day > $2)) \
         OR a.person_id IN (SELECT g.person_id FROM role_grant g WHERE g.unit_id = $1 \
             AND g.from_day <= $2 AND (g.to_day IS NULL OR g.to_day > $2))";
    let row = conn.first(sql, &vals![unit.0, day.to_val()])?;
    row.map_or(Ok(0), |row| row.int(0))
}
