//! Units as people write them: names, short names, numbers, and groups that expand with the tree of the day.

use super::Desk;
use crate::Error;
use bihuan_domain::Day;
use bihuan_domain::id::UnitId;
use bihuan_domain::problem::{PARTIES_MAX, Party, PartyRole};
use bihuan_domain::unit::{Level, Unit, UnitKind, UnitPath};
use bihuan_store::problem::units as store;
use bihuan_store::{Conn, journal};

/// A unit that somebody meant, with the words that meant it where they were not its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meant {
    /// The unit.
    pub unit: Unit,
    /// The group as written ("各村支部"); empty for a unit that was named itself.
    pub written: String,
}

/// What separates units in one field.
pub(super) const SEPARATORS: [char; 9] = ['、', '，', ',', '；', ';', '\n', '\r', ' ', '\u{3000}'];

/// Groups: the word after 各 (or 全县各…), and which units it means.
const GROUPS: [(&[&str], &[Level], &[UnitKind]); 6] = [
    (&["支部", "党支部", "村支部", "基层党组织"], &[], &[UnitKind::Branch]),
    (&["乡镇", "镇街", "乡镇街道", "镇", "乡", "街道"], &[Level::Township], &[UnitKind::Territory]),
    (&["村", "村社区", "社区", "行政村"], &[Level::Village], &[UnitKind::Territory]),
    (
        &["部门", "县直部门", "市直部门", "区直部门", "职能部门", "县直单位", "有关部门"],
        &[],
        &[UnitKind::Department],
    ),
    (&["县市区", "县区", "区县", "县"], &[Level::County], &[UnitKind::Territory]),
    (&["企业", "国有企业"], &[], &[UnitKind::Enterprise]),
];

/// The units a text means, in the order written, none twice. `root` is the subtree they are looked for in first;
/// its ancestors count too.
///
/// # Errors
/// `Invalid` naming `field`: a name that is not known, or that several units bear.
pub fn meant_units(
    conn: &mut Conn,
    root: &UnitPath,
    today: Day,
    field: &str,
    text: &str,
) -> Result<Vec<Meant>, Error> {
    let words: Vec<&str> = text.split(SEPARATORS).map(str::trim).filter(|word| !word.is_empty()).collect();
    let mut meant: Vec<Meant> = Vec::new();
    let mut wrong: Vec<(String, String)> = Vec::new();
    let mut known: Option<Vec<Unit>> = None;
    for word in words {
        let found = match word.parse::<i64>() {
            Ok(id) => journal::by_id::<Unit>(conn, id)?
                .filter(|unit| unit.is_open_on(today))
                .map(|unit| vec![Meant { unit, written: String::new() }])
                .ok_or_else(|| format!("没有编号为{word}的现有单位。")),
            Err(_) => {
                if known.is_none() {
                    known = Some(candidates(conn, root, today)?);
                }
                named(word, known.as_deref().unwrap_or_default(), root)
            }
        };
        match found {
            Ok(units) => {
                for one in units {
                    if !meant.iter().any(|have| have.unit.id == one.unit.id) {
                        meant.push(one);
                    }
                }
            }
            Err(sentence) => wrong.push((field.to_owned(), sentence)),
        }
    }
    if meant.len() > PARTIES_MAX {
        let sentence =
            format!("一次最多选择{PARTIES_MAX}个单位，现在有{}个；请按单位拆分问题。", meant.len());
        return Err(Error::invalid(field, sentence));
    }
    if wrong.is_empty() { Ok(meant) } else { Err(Error::Invalid(wrong)) }
}

fn candidates(conn: &mut Conn, root: &UnitPath, today: Day) -> Result<Vec<Unit>, Error> {
    let mut units = store::open_within(conn, root, today, store::UNITS_MAX)?;
    let above: Vec<UnitId> =
        root.units().into_iter().filter(|id| Some(*id) != root.units().last().copied()).collect();
    units.extend(store::by_ids(conn, &above)?.into_iter().filter(|unit| unit.is_open_on(today)));
    Ok(units)
}

/// The unit of a name, or the units of a group.
fn named(word: &str, units: &[Unit], root: &UnitPath) -> Result<Vec<Meant>, String> {
    let exact: Vec<&Unit> = units.iter().filter(|unit| unit.name == word).collect();
    let short = |unit: &&Unit| unit.short_names.split('、').any(|name| name == word);
    let hits = if exact.is_empty() { units.iter().filter(short).collect() } else { exact };
    match hits.as_slice() {
        [one] => return Ok(vec![Meant { unit: (*one).clone(), written: String::new() }]),
        [] => {}
        several => {
            let names: Vec<String> = several
                .iter()
                .take(5)
                .map(|unit| format!("{}（填“{}”）", path_name(unit, units), unit.id))
                .collect();
            return Err(format!("“{word}”不止一个单位：{}。请填写编号。", names.join("、")));
        }
    }
    let group = group_of(word, units, root);
    if group.is_empty() {
        return Err(format!("没有找到单位“{word}”，请填写单位全称，多个单位用顿号分开。"));
    }
    Ok(group)
}

fn group_of(word: &str, units: &[Unit], root: &UnitPath) -> Vec<Meant> {
    let Some((place, rest)) = word.split_once('各').or_else(|| word.split_once("所有")) else {
        return vec![];
    };
    let rest: String = rest.chars().filter(|c| !"（）()、/和".contains(*c)).collect();
    let Some((_, levels, kinds)) = GROUPS.iter().find(|(names, ..)| names.contains(&rest.as_str())) else {
        return vec![];
    };
    let within = match units.iter().find(|unit| !place.is_empty() && unit.name.ends_with(place)) {
        Some(unit) => unit.path.clone(),
        None if place.is_empty() || place.starts_with('全') => root.clone(),
        None => return vec![],
    };
    let villages_only = rest.starts_with('村') && kinds.contains(&UnitKind::Branch);
    units
        .iter()
        .filter(|unit| unit.path.is_within(&within) && unit.path != within)
        .filter(|unit| levels.is_empty() || levels.contains(&unit.level))
        .filter(|unit| kinds.contains(&unit.kind))
        .filter(|unit| !villages_only || unit.name.contains('村'))
        .map(|unit| Meant { unit: unit.clone(), written: word.to_owned() })
        .collect()
}

/// A unit's name behind that of the unit above it.
fn path_name(unit: &Unit, units: &[Unit]) -> String {
    let above = units.iter().find(|other| Some(other.id) == unit.parent_id);
    above.map_or_else(|| unit.name.clone(), |above| format!("{}{}", above.name, unit.name))
}

/// Reads the units of one role; a unit that already has a nearer role to the problem is left out.
pub(super) fn parties_of(
    desk: &mut Desk<'_>,
    root: &UnitPath,
    role: PartyRole,
    field: &'static str,
    texts: &[String],
    parties: &mut Vec<Party>,
) -> Result<(), Error> {
    let today = desk.ctx.today();
    let meant = meant_units(desk.conn, root, today, field, &texts.join("、"))?;
    for Meant { unit, written } in meant {
        let has_part = parties.iter().any(|p| p.unit_id == unit.id && p.role.does() && role.does());
        if !has_part {
            parties.push(Party { unit_id: unit.id, path: unit.path, role, written });
        }
    }
    Ok(())
}
