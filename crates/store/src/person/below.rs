//! How many posts are held, and how many people belong, strictly below a unit on a day: kept as changes by day, by
//! month and by year, folded by the journal. What a rule of posts or people expects of a subtree is read from here.

use crate::db::Question;
use crate::record::{Field, Record};
use crate::rollup::Fold;
use crate::unit::{Class, below as units, json_list};
use crate::unit_tree::{FOREVER_DAY, Move};
use crate::{Conn, Fault, Row, Val, vals};
use bihuan_domain::Day;
use bihuan_domain::id::{PersonId, UnitId};
use bihuan_domain::person::{Post, Tenure};
use bihuan_domain::required_action::SubjectKind;
use bihuan_domain::unit::UnitPath;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What is counted together: posts of one name in units of one class, or the people who belong there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Group {
    /// `Post` or `Person`.
    pub(crate) subject: SubjectKind,
    /// The units' class.
    pub(crate) class: Class,
    /// Name of the post; empty for people.
    pub(crate) post: String,
    /// A leading post.
    pub(crate) leads: bool,
}

/// A change is written by its day, and into the sum of its month and of its year.
pub(crate) const GRAINS: [&str; 3] = ["day", "month", "year"];

/// The first day of the day's month and of its year.
pub(crate) fn firsts(day: i64) -> (i64, i64) {
    let Some((year, month, _)) = i32::try_from(day).ok().and_then(Day::from_days).map(Day::ymd) else {
        return (day, day);
    };
    let first = |month| Day::from_ymd(year, month, 1).map_or(day, |first| i64::from(first.days()));
    (first(month), first(1))
}

/// Posts and people whose counts change together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Staff {
    pub(crate) posts: BTreeSet<i64>,
    pub(crate) people: BTreeSet<i64>,
}

impl Staff {
    /// Those of a unit, whenever they held its posts.
    ///
    /// # Errors
    /// Faults of the database.
    pub(crate) fn of_unit(conn: &mut Conn, unit: i64) -> Result<Staff, Fault> {
        let sql = "SELECT o.id, t.person_id FROM post o LEFT JOIN tenure t ON t.post_id = o.id WHERE o.unit_id = $1";
        Staff::read(conn, sql, unit)
    }

    /// A post with all who ever held it.
    ///
    /// # Errors
    /// Faults of the database.
    pub(crate) fn of_post(conn: &mut Conn, post: i64) -> Result<Staff, Fault> {
        let mut staff = Staff::read(conn, "SELECT post_id, person_id FROM tenure WHERE post_id = $1", post)?;
        staff.posts.insert(post);
        Ok(staff)
    }

    fn read(conn: &mut Conn, sql: &str, id: i64) -> Result<Staff, Fault> {
        let mut staff = Staff::default();
        for row in conn.rows(sql, &vals![id])? {
            staff.posts.insert(row.int(0)?);
            if let Val::Int(person) = row.val(1)? {
                staff.people.insert(*person);
            }
        }
        Ok(staff)
    }

    fn is_empty(&self) -> bool {
        self.posts.is_empty() && self.people.is_empty()
    }
}

/// From a day to the day before another.
pub(crate) type Days = (i64, i64);

fn days_of(tenure: &Tenure) -> Days {
    let to = tenure.to_day.map_or(FOREVER_DAY, |day| i64::from(day.days()));
    (i64::from(tenure.from_day.days()), to)
}

/// By unit: what counts there, the name of the post, whether it leads, and when.
type Spans<'h> = BTreeMap<UnitId, Vec<(SubjectKind, &'h str, bool, Days)>>;

/// Posts and tenures read at once.
#[derive(Debug, Default)]
pub(crate) struct Held {
    posts: HashMap<i64, Post>,
    of_post: BTreeMap<i64, Vec<Days>>,
    of_person: BTreeMap<i64, Vec<Tenure>>,
}

impl Held {
    /// What concerns these posts and people.
    ///
    /// # Errors
    /// Faults of the database.
    pub(crate) fn load(conn: &mut Conn, staff: &Staff) -> Result<Held, Fault> {
        let list = |ids: &BTreeSet<i64>| Val::from(json_list(ids.iter().map(|id| UnitId(*id))));
        let among = "IN (SELECT CAST(value AS BIGINT) FROM json_each($1))";
        let of_posts = Tenure::load(conn, &format!("WHERE post_id {among}"), &[list(&staff.posts)])?;
        let of_people = Tenure::load(conn, &format!("WHERE person_id {among}"), &[list(&staff.people)])?;
        let mut ids = staff.posts.clone();
        ids.extend(of_people.iter().map(|tenure| tenure.post_id.0));
        let posts = Post::load(conn, &format!("WHERE id {among}"), &[list(&ids)])?;
        Ok(Held::new(posts, of_posts, of_people))
    }

    /// The questions whose answers [`Held::from_answers`] takes: the posts of a list of units that anybody ever held,
    /// and all posts of all who held them.
    pub(crate) fn questions(units: &Val) -> [Question; 3] {
        let own = "SELECT id FROM post WHERE unit_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1))";
        let people = format!("SELECT person_id FROM tenure WHERE post_id IN ({own})");
        let posts = format!("SELECT post_id FROM tenure WHERE person_id IN ({people})");
        [
            format!("{} WHERE post_id IN ({own})", Tenure::select()),
            format!("{} WHERE person_id IN ({people})", Tenure::select()),
            format!("{} WHERE id IN ({posts})", Post::select()),
        ]
        .map(|sql| (sql, vec![units.clone()]))
    }

    /// From the answers to [`Held::questions`].
    ///
    /// # Errors
    /// Faults of the database.
    pub(crate) fn from_answers(answers: &[Vec<Row>]) -> Result<Held, Fault> {
        let [of_posts, of_people, posts] = answers else {
            return Err(Fault::misuse("three answers tell of posts and people".to_owned()));
        };
        Ok(Held::new(all_from(posts)?, all_from(of_posts)?, all_from(of_people)?))
    }

    fn new(posts: Vec<Post>, of_posts: Vec<Tenure>, of_people: Vec<Tenure>) -> Held {
        let mut held =
            Held { posts: posts.into_iter().map(|post| (post.id.0, post)).collect(), ..Held::default() };
        for tenure in of_posts {
            held.of_post.entry(tenure.post_id.0).or_default().push(days_of(&tenure));
        }
        for tenure in of_people {
            held.of_person.entry(tenure.person_id.0).or_default().push(tenure);
        }
        held
    }

    /// Every post with the days on which somebody held it.
    pub(crate) fn held_posts(&self) -> impl Iterator<Item = (&Post, Vec<Days>)> {
        self.of_post.iter().filter_map(|(id, held)| {
            let post = self.posts.get(id)?;
            let closed = post.closed_day.map_or(FOREVER_DAY, |day| i64::from(day.days()));
            let days = united(held).into_iter().map(|(from, to)| (from, to.min(closed)));
            Some((post, days.filter(|(from, to)| from < to).collect()))
        })
    }

    /// Every person with the units they belonged to: that of the leading, else of the longest held post.
    pub(crate) fn homes(&self) -> impl Iterator<Item = (PersonId, Vec<(UnitId, Days)>)> {
        self.of_person.iter().map(|(person, tenures)| (PersonId(*person), self.homes_of(tenures)))
    }

    /// By unit, its posts and people with the days on which they count.
    fn spans(&self) -> Spans<'_> {
        let mut spans: Spans<'_> = BTreeMap::new();
        for (post, days) in self.held_posts() {
            let own = spans.entry(post.unit_id).or_default();
            own.extend(
                days.into_iter().map(|days| (SubjectKind::Post, post.name.as_str(), post.leads, days)),
            );
        }
        for (_, homes) in self.homes() {
            for (unit, days) in homes {
                spans.entry(unit).or_default().push((SubjectKind::Person, "", false, days));
            }
        }
        spans
    }

    fn homes_of(&self, tenures: &[Tenure]) -> Vec<(UnitId, Days)> {
        let bounds: BTreeSet<i64> = tenures.iter().map(days_of).flat_map(|(from, to)| [from, to]).collect();
        let bounds: Vec<i64> = bounds.into_iter().collect();
        let home = |from: i64| {
            let there = tenures.iter().filter(|tenure| {
                let (first, end) = days_of(tenure);
                first <= from && from < end
            });
            let ranked = there.filter_map(|tenure| {
                let post = self.posts.get(&tenure.post_id.0)?;
                Some((!post.leads, tenure.from_day, tenure.id, post.unit_id))
            });
            ranked.min().map(|(.., unit)| unit)
        };
        let spans = bounds.windows(2).filter_map(|pair| Some((home(pair[0])?, (pair[0], pair[1]))));
        spans.collect()
    }
}

fn all_from<T: Record>(rows: &[Row]) -> Result<Vec<T>, Fault> {
    rows.iter().map(|row| T::from_row(row, 0)).collect()
}

/// Overlapping stretches joined.
fn united(days: &[Days]) -> Vec<Days> {
    let mut sorted = days.to_vec();
    sorted.sort_unstable();
    let mut joined: Vec<Days> = Vec::new();
    for (from, to) in sorted {
        match joined.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => joined.push((from, to)),
        }
    }
    joined
}

/// Counts these posts and people wherever they stand, or takes them away with `sign` -1.
///
/// # Errors
/// Faults of the database.
pub(crate) fn count(conn: &mut Conn, staff: &Staff, sign: i64, fold: &mut Fold) -> Result<(), Fault> {
    if staff.is_empty() {
        return Ok(());
    }
    let held = Held::load(conn, staff)?;
    count_spans(conn, held.spans(), sign, fold)
}

/// Counts the posts of one unit and the people while they belonged to it, or takes them away with `sign` -1. Where they
/// belonged before or after stays as it is counted.
///
/// # Errors
/// Faults of the database.
pub(crate) fn count_in(conn: &mut Conn, unit: UnitId, sign: i64, fold: &mut Fold) -> Result<(), Fault> {
    let staff = Staff::of_unit(conn, unit.0)?;
    let held = Held::load(conn, &staff)?;
    let mut spans = held.spans();
    spans.retain(|place, _| *place == unit);
    count_spans(conn, spans, sign, fold)
}

fn count_spans(conn: &mut Conn, spans: Spans<'_>, sign: i64, fold: &mut Fold) -> Result<(), Fault> {
    let stays = units::stays(conn, spans.keys().copied())?;
    for (unit, own) in spans {
        for stay in stays.get(&unit).map_or(&[][..], Vec::as_slice) {
            for (subject, name, leads, (from, to)) in &own {
                let (from, to) = (stay.from.max(*from), stay.to.min(*to));
                if from >= to {
                    continue;
                }
                let group = Group {
                    subject: *subject,
                    class: stay.class.clone(),
                    post: (*name).to_owned(),
                    leads: *leads,
                };
                if to < FOREVER_DAY {
                    fold.people(stay.above, group.clone(), to, -sign);
                }
                fold.people(stay.above, group, from, sign);
            }
        }
    }
    Ok(())
}

/// A unit goes elsewhere: from the day on the posts and people of the units below it count there. Its own are counted
/// anew by the caller.
///
/// # Errors
/// Faults of the database.
pub(crate) fn move_counts(conn: &mut Conn, step: &Move, fold: &mut Fold) -> Result<(), Fault> {
    let from = i64::from(step.day.days());
    let sql = "SELECT subject, level, kind, sector, line, post, leads, day, n FROM people_below \
         WHERE unit_id = $1 AND grain = 'day'";
    let above = |path: &UnitPath| {
        let units = path.units();
        units[..units.len().saturating_sub(1)].to_vec()
    };
    let (old, new) = (above(&step.old_path), above(&step.new_path));
    for row in conn.rows(sql, &vals![step.unit.0])? {
        let (group, day, n) = (group_of(&row)?, row.int(7)?.max(from), row.int(8)?);
        old.iter().for_each(|unit| fold.people(unit.0, group.clone(), day, -n));
        new.iter().for_each(|unit| fold.people(unit.0, group.clone(), day, n));
    }
    Ok(())
}

/// Subject, class, post and whether it leads, from the first columns of a row.
pub(crate) fn group_of(row: &Row) -> Result<Group, Fault> {
    Ok(Group {
        subject: SubjectKind::from_val(row.val(0)?)?,
        class: [row.text(1)?, row.text(2)?, row.text(3)?, row.text(4)?],
        post: row.text(5)?,
        leads: row.flag(6)?,
    })
}

/// Compares what is kept with a count of all posts and people; answers how many cells differ.
///
/// # Errors
/// Faults of the database.
pub fn recount(conn: &mut Conn) -> Result<usize, Fault> {
    let tenures = Tenure::load(conn, "ORDER BY id", &[])?;
    let held = Held::new(Post::load(conn, "ORDER BY id", &[])?, tenures.clone(), tenures);
    let mut fold = Fold::default();
    count_spans(conn, held.spans(), 1, &mut fold)?;
    let mut counted: BTreeMap<(i64, Group, usize, i64), i64> = BTreeMap::new();
    for ((unit, group, day), n) in fold.take_people() {
        let (month, year) = firsts(day);
        for (grain, first) in [day, month, year].into_iter().enumerate() {
            *counted.entry((unit, group.clone(), grain, first)).or_insert(0) += n;
        }
    }
    counted.retain(|_, n| *n != 0);
    let mut wrong = 0;
    let sql = "SELECT subject, level, kind, sector, line, post, leads, unit_id, grain, day, n FROM people_below WHERE n <> 0";
    conn.each(sql, &[], &mut |row| {
        let grain = GRAINS.iter().position(|grain| row.str(8).is_ok_and(|kept| kept == *grain)).unwrap_or(0);
        let key = (row.int(7)?, group_of(row)?, grain, row.int(9)?);
        wrong += usize::from(counted.remove(&key).unwrap_or(0) != row.int(10)?);
        Ok(())
    })?;
    Ok(wrong + counted.len())
}
