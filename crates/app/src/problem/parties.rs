//! Units as people write them: names, short names, numbers, and groups that expand with the tree of the day.

use super::Desk;
use crate::Error;
use bihuan_domain::Day;
use bihuan_domain::id::UnitId;
use bihuan_domain::problem::{PARTIES_MAX, Party, PartyRole};
use bihuan_domain::scope::Scope;
use bihuan_domain::unit::Unit;
use bihuan_domain::unit_match::{Candidate, Match, UnitIndex};
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

/// What separates units in one field, outside brackets.
const SEPARATORS: [char; 9] = ['、', '，', ',', '；', ';', '\n', '\r', ' ', '\u{3000}'];

/// The words of a field: "各县（市、区）、县水利局" are two.
pub(super) fn words(text: &str) -> Vec<String> {
    let (mut words, mut depth) = (vec![String::new()], 0_usize);
    for c in text.chars() {
        match c {
            '（' | '(' => depth += 1,
            '）' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && SEPARATORS.contains(&c) {
            words.push(String::new());
        } else if let Some(word) = words.last_mut() {
            word.push(c);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The units a text means, in the order written, none twice. `home` is the office's unit: names are looked for in its
/// subtree and among those above it, groups mean the units below it.
///
/// # Errors
/// `Invalid` naming `field`: a name that is not known, or that several units bear.
pub fn meant_units(
    conn: &mut Conn,
    home: &Unit,
    today: Day,
    field: &str,
    text: &str,
) -> Result<Vec<Meant>, Error> {
    let mut meant: Vec<Meant> = Vec::new();
    let mut wrong: Vec<(String, String)> = Vec::new();
    let mut known: Option<Known> = None;
    for word in words(text) {
        match joined(conn, home, today, &word, &mut known)? {
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

/// Words that join the last of several names.
const JOINTS: [&str; 4] = ["以及", "和", "及", "与"];

/// One word of a field, or two names joined by 和: 柳汀镇和白石铺镇 where no unit is called so.
fn joined(
    conn: &mut Conn,
    home: &Unit,
    today: Day,
    word: &str,
    known: &mut Option<Known>,
) -> Result<Result<Vec<Meant>, String>, Error> {
    let whole = one_word(conn, home, today, word, known)?;
    let Err(sentence) = whole else { return Ok(whole) };
    for joint in JOINTS {
        for (at, _) in word.match_indices(joint) {
            let (front, behind) = (&word[..at], &word[at + joint.len()..]);
            if front.is_empty() || behind.is_empty() {
                continue;
            }
            if let Ok(mut front) = one_word(conn, home, today, front, known)?
                && let Ok(behind) = one_word(conn, home, today, behind, known)?
            {
                front.extend(behind);
                return Ok(Ok(front));
            }
        }
    }
    Ok(Err(sentence))
}

/// The units of a text as a scope: a group word stays a class, so that units made later are meant too; names are listed.
/// Only units at or below `home` can be meant.
///
/// # Errors
/// As [`meant_units`]; `Invalid` for a unit that is not below `home`.
pub(crate) fn meant_scope(
    conn: &mut Conn,
    home: &Unit,
    today: Day,
    field: &str,
    text: &str,
) -> Result<Scope, Error> {
    if let [word] = words(text).as_slice() {
        let known = Known::read(conn, home, today)?;
        if let Match::Group(group) = known.index.lookup(word, Some(home.id))
            && !group.needs_person
            && let Some(scope) = group.kind.scope_below(group.within.unwrap_or(home.id))
        {
            return Ok(scope);
        }
    }
    let meant = meant_units(conn, home, today, field, text)?;
    if meant.is_empty() {
        return Err(Error::invalid(field, "请填写责任单位：单位名称，或者“各乡镇”这样的一类单位。"));
    }
    if let Some(outside) = meant.iter().find(|one| !one.unit.path.is_within(&home.path)) {
        let sentence = format!("“{}”不在{}之下，不能向它下达规定动作。", outside.unit.name, home.name);
        return Err(Error::invalid(field, sentence));
    }
    Ok(Scope { listed: meant.into_iter().map(|one| one.unit.id).collect(), ..Scope::default() })
}

/// Units to match against, read once a field.
struct Known {
    units: Vec<Unit>,
    index: UnitIndex,
}

impl Known {
    fn read(conn: &mut Conn, home: &Unit, today: Day) -> Result<Known, Error> {
        let mut units = store::open_within(conn, &home.path, today, store::UNITS_MAX)?;
        let above = store::by_ids(conn, &home.path.units())?;
        units.extend(above.into_iter().filter(|unit| unit.id != home.id && unit.is_open_on(today)));
        let index = UnitIndex::new(units.iter().map(|unit| Candidate::of(unit, true)));
        Ok(Known { units, index })
    }

    fn unit(&self, id: UnitId) -> Option<&Unit> {
        self.units.iter().find(|unit| unit.id == id)
    }
}

type Found = Result<Vec<Meant>, String>;

/// What one word means: a number, a full name, or what the matching of ledgers makes of it.
fn one_word(
    conn: &mut Conn,
    home: &Unit,
    today: Day,
    word: &str,
    known: &mut Option<Known>,
) -> Result<Found, Error> {
    let named = |unit: Unit| Ok(vec![Meant { unit, written: String::new() }]);
    if let Ok(id) = word.parse::<i64>() {
        // Only of the campaign's subtree or above it, as for names: a number tells nothing of what lies elsewhere.
        let near = |unit: &Unit| unit.path.is_within(&home.path) || home.path.is_within(&unit.path);
        let found = journal::by_id::<Unit>(conn, id)?.filter(|unit| unit.is_open_on(today) && near(unit));
        return Ok(found.map_or_else(|| Err(format!("没有编号为{word}的现有单位。")), named));
    }
    if let Some(unit) = store::only_named(conn, &home.path, word, today)? {
        return Ok(named(unit));
    }
    let known = match known {
        Some(known) => known,
        None => known.insert(Known::read(conn, home, today)?),
    };
    let unknown = || format!("没有找到单位“{word}”，请填写单位全称，多个单位用顿号分开。");
    Ok(match known.index.lookup(word, Some(home.id)) {
        Match::Sure(id, _) => known.unit(id).cloned().map_or_else(|| Err(unknown()), named),
        Match::Doubtful(guesses) => Err(doubt(word, &guesses, known)),
        Match::Unknown => Err(unknown()),
        Match::Group(group) => {
            let within = group.within.unwrap_or(home.id);
            let scope = group.kind.scope_below(within).filter(|_| !group.needs_person);
            let Some(scope) = scope else {
                return Ok(Err(format!("“{word}”没有写明是哪些单位，请逐个填写单位名称。")));
            };
            let ids = bihuan_store::scope::expand(conn, &scope, today, today)?;
            let mut units = store::by_ids(conn, &ids)?;
            units.sort_by(|a, b| a.path.cmp(&b.path));
            let all = units.into_iter().map(|unit| Meant { unit, written: word.to_owned() });
            let all: Vec<Meant> = all.collect();
            if all.is_empty() {
                Err(format!("“{word}”目前没有对应的单位，请填写单位名称。"))
            } else {
                Ok(all)
            }
        }
    })
}

fn doubt(word: &str, guesses: &[bihuan_domain::unit_match::Guess], known: &Known) -> String {
    let offer = |unit: &Unit| {
        let above = unit.parent_id.and_then(|id| known.unit(id));
        let path = above.map_or_else(String::new, |above| above.name.clone());
        format!("{path}{}（填编号{}）", unit.name, unit.id)
    };
    let offers: Vec<String> =
        guesses.iter().filter_map(|guess| known.unit(guess.unit_id)).take(5).map(offer).collect();
    format!("“{word}”是哪个单位不能确定：{}。请填写全称或编号。", offers.join("、"))
}

/// Reads the units of one role; a unit that already has a nearer role to the problem is left out.
pub(super) fn parties_of(
    desk: &mut Desk<'_>,
    home: &Unit,
    role: PartyRole,
    field: &'static str,
    texts: &[String],
    parties: &mut Vec<Party>,
) -> Result<(), Error> {
    let today = desk.ctx.today();
    let meant = meant_units(desk.conn, home, today, field, &texts.join("、"))?;
    for Meant { unit, written } in meant {
        let has_part = parties.iter().any(|p| p.unit_id == unit.id && p.role.does() && role.does());
        if !has_part {
            parties.push(Party { unit_id: unit.id, path: unit.path, role, written });
        }
    }
    Ok(())
}
