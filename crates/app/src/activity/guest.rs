//! People of other units who took part, and units that held an activity together with the recording one: found by name
//! within what the actor may see, so that they are added on a telephone without scripts.

use crate::Error;
use crate::context::Context;
use bihuan_domain::Day;
use bihuan_domain::id::{ActivityId, PersonId, UnitId};
use bihuan_domain::unit::Unit;
use bihuan_store::person::{self, PeopleFilter};
use bihuan_store::recording::{self, Staff};
use bihuan_store::unit::{self as units, Sight};
use bihuan_store::{Conn, problem};
use std::collections::{BTreeMap, BTreeSet};

/// Most names typed in one field.
pub const NAMES_MAX: usize = 50;
/// Longest list of names in one field, in characters.
pub const NAMES_CHARS_MAX: usize = 1_000;
/// Most people or units offered for one name.
pub const OFFERED_MAX: usize = 20;

/// Somebody of another unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    /// The person.
    pub id: PersonId,
    /// The name.
    pub name: String,
    /// The unit the person belongs to; empty where it is not known any more.
    pub unit_name: String,
}

/// Whom a form holds already or looks for by name.
#[derive(Clone, Debug, Default)]
pub struct Guests {
    /// The record that is corrected: whoever is in it stays offered.
    pub record: Option<ActivityId>,
    /// People chosen, those of the unit among them.
    pub people: Vec<PersonId>,
    /// Units chosen.
    pub units: Vec<UnitId>,
    /// Names of people as typed.
    pub people_named: String,
    /// Names of units as typed.
    pub units_named: String,
}

fn split<'a>(field: &'static str, label: &str, text: &'a str, also: &[char]) -> Result<Vec<&'a str>, Error> {
    let apart = |c: char| ['、', '，', ',', '；', ';', '\n', '\r'].contains(&c) || also.contains(&c);
    let names: Vec<&str> = text.split(apart).map(str::trim).filter(|name| !name.is_empty()).collect();
    if names.len() > NAMES_MAX {
        let sentence =
            format!("“{label}”一次最多写{NAMES_MAX}个名字，现在有{}个，请分几次添加。", names.len());
        return Err(Error::invalid(field, sentence));
    }
    Ok(names)
}

fn people_split(text: &str) -> Result<Vec<&str>, Error> {
    split("other_names", "外单位人员姓名", text, &[' ', '\u{3000}', '\t'])
}

fn units_split(text: &str) -> Result<Vec<&str>, Error> {
    split("unit_names", "联合开展单位名称", text, &[])
}

/// People in a post of the day whose names contain the text, those who bear exactly it first and alone where there are
/// any.
fn people_called(conn: &mut Conn, ctx: &Context, day: Day, name: &str) -> Result<Vec<PersonId>, Error> {
    let roots = ctx.actor.readable_roots().into_iter().map(|(_, path)| path).collect();
    let filter = PeopleFilter {
        sight: Sight::Subtrees(roots),
        with_unplaced: false,
        name: name.to_owned(),
        in_post_only: true,
        day,
    };
    let (found, _) = person::people(conn, &filter, 0)?;
    let exact: Vec<PersonId> =
        found.iter().filter(|one| one.person.name == name).map(|one| one.person.id).collect();
    let all = || found.iter().take(OFFERED_MAX).map(|one| one.person.id).collect();
    Ok(if exact.is_empty() { all() } else { exact.into_iter().take(OFFERED_MAX).collect() })
}

/// The people behind typed names, each of whom must be one person; whoever is chosen already needs no more telling.
///
/// # Errors
/// `Invalid` for a name nobody in sight bears, or several do.
pub(super) fn people_named(
    conn: &mut Conn,
    ctx: &Context,
    day: Day,
    text: &str,
    chosen: &BTreeSet<PersonId>,
) -> Result<Vec<PersonId>, Error> {
    let mut found = Vec::new();
    for name in people_split(text)? {
        let called = people_called(conn, ctx, day, name)?;
        if called.iter().any(|one| chosen.contains(one)) {
            continue;
        }
        let names: BTreeMap<PersonId, String> =
            problem::units::person_names(conn, &called)?.into_iter().collect();
        match called.as_slice() {
            [] => {
                let words = "请核对姓名；只能添加您看得到的单位里在岗的人员。";
                return Err(Error::invalid("other_names", format!("没有找到外单位人员“{name}”，{words}")));
            }
            [one] if names.get(one).is_some_and(|known| known == name) => found.push(*one),
            several => {
                let words = format!(
                    "“{name}”找到{}人，请在“只有部分人参加”里勾选是哪一位，或者写全姓名。",
                    several.len()
                );
                return Err(Error::invalid("other_names", words));
            }
        }
    }
    Ok(found)
}

fn units_called(conn: &mut Conn, ctx: &Context, name: &str) -> Result<Vec<Unit>, Error> {
    let found = units::search(conn, name, &crate::unit::sight(ctx), OFFERED_MAX)?;
    let found: Vec<Unit> = found.into_iter().map(|found| found.unit).collect();
    let exact: Vec<Unit> = found.iter().filter(|unit| unit.name == name).cloned().collect();
    Ok(if exact.is_empty() { found } else { exact })
}

/// The units behind typed names, as [`people_named`].
///
/// # Errors
/// `Invalid` for a name no unit in sight bears, or several do.
pub(super) fn units_named(
    conn: &mut Conn,
    ctx: &Context,
    text: &str,
    chosen: &BTreeSet<UnitId>,
) -> Result<Vec<UnitId>, Error> {
    let mut found = Vec::new();
    for name in units_split(text)? {
        let called = units_called(conn, ctx, name)?;
        if called.iter().any(|unit| chosen.contains(&unit.id)) {
            continue;
        }
        match called.as_slice() {
            [] => {
                let words = format!("没有找到联合开展单位“{name}”，请核对名称；只能添加您看得到的单位。");
                return Err(Error::invalid("unit_names", words));
            }
            [one] => found.push(one.id),
            several => {
                let words =
                    format!("“{name}”找到{}个单位，请在下面勾选是哪一个，或者写全名称。", several.len());
                return Err(Error::invalid("unit_names", words));
            }
        }
    }
    Ok(found)
}

/// Names of people and of the units they belong to on a day, in the order of the names of the units.
pub(super) fn guests(conn: &mut Conn, day: Day, people: &[PersonId]) -> Result<Vec<Guest>, Error> {
    let staff = recording::people_with_posts(conn, people)?;
    let home = |person: &PersonId| {
        let held = staff.get(person)?;
        recording::home_of(held, day).or_else(|| held.last().map(|post| post.unit))
    };
    let homes: BTreeMap<PersonId, UnitId> =
        people.iter().filter_map(|person| Some((*person, home(person)?))).collect();
    let places = units::names(conn, homes.values().copied())?;
    let names = problem::units::person_names(conn, people)?;
    let mut found: Vec<Guest> = names
        .into_iter()
        .map(|(id, name)| Guest {
            id,
            name,
            unit_name: homes.get(&id).and_then(|unit| places.get(unit)).cloned().unwrap_or_default(),
        })
        .collect();
    found.sort_by(|a, b| (&a.unit_name, &a.name, a.id).cmp(&(&b.unit_name, &b.name, b.id)));
    Ok(found)
}

/// Those of these people who may be named by the actor: who ever held a post in a unit the actor may read.
pub(super) fn in_sight(conn: &mut Conn, ctx: &Context, staff: &Staff) -> Result<BTreeSet<PersonId>, Error> {
    let places: BTreeSet<UnitId> = staff.values().flatten().map(|post| post.unit).collect();
    if places.is_empty() {
        return Ok(BTreeSet::new());
    }
    let found = units::by_ids(conn, places)?;
    let seen: BTreeSet<UnitId> =
        found.iter().filter(|unit| ctx.actor.may_read(&unit.path)).map(|unit| unit.id).collect();
    let sees = |held: &Vec<recording::HeldPost>| held.iter().any(|post| seen.contains(&post.unit));
    Ok(staff.iter().filter(|(_, held)| sees(held)).map(|(person, _)| *person).collect())
}

/// What a form offers beside the people of the unit: chosen and found people of other units, and units.
pub(super) fn offered(
    conn: &mut Conn,
    ctx: &Context,
    asked: &Guests,
    own: &BTreeSet<PersonId>,
) -> Result<(Vec<Guest>, Vec<(UnitId, String)>), Error> {
    let known = match asked.record {
        Some(record) => super::parties::Parties::of(conn, record)?,
        None => super::parties::Parties::default(),
    };
    let chosen: Vec<PersonId> = asked.people.iter().copied().filter(|one| !own.contains(one)).collect();
    let staff = recording::people_with_posts(conn, &chosen)?;
    let mut people = in_sight(conn, ctx, &staff)?;
    people.extend(known.people.iter().map(|one| one.person_id).filter(|one| !own.contains(one)));
    for name in people_split(&asked.people_named).unwrap_or_default() {
        people.extend(
            people_called(conn, ctx, ctx.today(), name)?.into_iter().filter(|one| !own.contains(one)),
        );
    }
    let people: Vec<PersonId> = people.into_iter().collect();
    let people = if people.is_empty() { Vec::new() } else { guests(conn, ctx.today(), &people)? };
    let mut joint: BTreeSet<UnitId> = known.units.iter().map(|one| one.unit_id).collect();
    let sight = crate::unit::sight(ctx);
    if !asked.units.is_empty() {
        let chosen = units::by_ids(conn, asked.units.iter().copied())?;
        joint.extend(chosen.iter().filter(|unit| sight.sees(&unit.path)).map(|unit| unit.id));
    }
    for name in units_split(&asked.units_named).unwrap_or_default() {
        joint.extend(units_called(conn, ctx, name)?.into_iter().map(|unit| unit.id));
    }
    let names =
        if joint.is_empty() { Default::default() } else { units::names(conn, joint.iter().copied())? };
    let named = |unit: UnitId| (unit, names.get(&unit).cloned().unwrap_or_default());
    Ok((people, joint.into_iter().map(named).collect()))
}
