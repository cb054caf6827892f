//! Whose a stated figure is: the unit's own, that of a unit below it that the sentence names, or somebody else's.

use super::meaning::CLAUSE_ENDS;
use crate::Error;
use bihuan_domain::unit::Unit;
use bihuan_store::{Conn, unit as store};
use std::collections::BTreeSet;

/// Kinds of places that, named before a figure, make it theirs.
const KINDS: [char; 12] = ['镇', '乡', '村', '局', '街', '道', '县', '市', '区', '委', '办', '院'];
/// Shortest and longest name that is looked for, in characters.
const NAME_CHARS: std::ops::RangeInclusive<usize> = 2..=16;
/// Names that one document is asked for.
const NAMES_MAX: usize = 20_000;
/// Words that speak of the unit of the document itself.
const OWN: [&str; 10] = ["全县", "全市", "全省", "全区", "全镇", "全乡", "全街道", "我县", "我市", "各单位"];

/// The units below that a document may name.
pub(super) struct Places<'a> {
    unit: &'a Unit,
    units: Vec<Unit>,
}

impl<'a> Places<'a> {
    /// The units below whose names stand in the sentences of some places.
    pub(super) fn of(
        conn: &mut Conn,
        chars: &[char],
        at: impl Iterator<Item = usize>,
        unit: &'a Unit,
    ) -> Result<Places<'a>, Error> {
        let sentences: BTreeSet<(usize, usize)> = at.map(|at| (sentence(chars, at), at)).collect();
        let mut names = BTreeSet::new();
        for (from, to) in sentences {
            for end in (from..to).filter(|place| KINDS.contains(&chars[*place])) {
                for long in NAME_CHARS.filter(|long| end + 1 >= from + long) {
                    if names.len() < NAMES_MAX {
                        names.insert(chars[end + 1 - long..=end].iter().collect::<String>());
                    }
                }
            }
        }
        let names: Vec<String> = names.into_iter().collect();
        let mut units = store::named_within(conn, &unit.path, &names)?;
        units.retain(|one| one.id != unit.id);
        // Of two units of one name nothing says which is meant.
        let twice: BTreeSet<String> = units
            .iter()
            .filter(|one| units.iter().filter(|other| other.name == one.name).count() > 1)
            .map(|one| one.name.clone())
            .collect();
        units.retain(|one| !twice.contains(&one.name));
        units.sort_by_key(|one| std::cmp::Reverse(one.name.chars().count()));
        Ok(Places { unit, units })
    }

    /// `Some(None)` for the unit's own figure, `None` for one of somebody unknown.
    pub(super) fn whose(&self, chars: &[char], at: usize) -> Option<Option<&Unit>> {
        let first = sentence(chars, at);
        let mut end = at;
        loop {
            let from = chars[first..end]
                .iter()
                .rposition(|c| CLAUSE_ENDS.contains(*c))
                .map_or(first, |place| first + place + 1);
            let clause: String = chars[from..end].iter().collect();
            let named = self.units.iter().filter_map(|one| Some((clause.rfind(&one.name)?, one)));
            // The longest of those that begin last: the names are in order of length.
            let named = named.rev().max_by_key(|(place, one)| (place + one.name.len(), one.name.len()));
            if let Some((_, one)) = named {
                let listed = from > first && chars[from - 1] == '、';
                let others = self.units.iter().filter(|other| {
                    other.id != one.id && !one.name.contains(&other.name) && clause.contains(&other.name)
                });
                return (!listed && others.count() == 0).then_some(Some(one));
            }
            if OWN.iter().any(|word| clause.contains(word)) || clause.contains(&self.unit.name) {
                return Some(None);
            }
            if of_another_place(&clause) {
                return None;
            }
            if from == first {
                return Some(None);
            }
            end = from - 1;
        }
    }
}

/// Where the sentence of a place begins.
fn sentence(chars: &[char], at: usize) -> usize {
    chars[..at].iter().rposition(|c| "。！？\n".contains(*c)).map_or(0, |end| end + 1)
}

/// 柳林镇排查问题12个 in a county's report is the township's figure, known here or not.
fn of_another_place(clause: &str) -> bool {
    const GENERAL: &str = "全各本我";
    const PLACES: [char; 8] = ['镇', '乡', '村', '局', '街', '县', '市', '委'];
    let chars: Vec<char> = clause.chars().collect();
    chars.iter().enumerate().any(|(at, c)| {
        PLACES.contains(c) && at >= 2 && !GENERAL.contains(chars[at - 1]) && !"乡县市".contains(chars[at - 1])
    })
}
