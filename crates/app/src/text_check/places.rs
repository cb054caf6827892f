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
    /// The one of them whose document it is by its title: 青岚镇关于……的报告.
    titled: Option<Unit>,
}

impl<'a> Places<'a> {
    /// The units below whose names stand in the sentences of some places.
    pub(super) fn of(
        conn: &mut Conn,
        chars: &[char],
        at: impl Iterator<Item = usize>,
        unit: &'a Unit,
    ) -> Result<Places<'a>, Error> {
        let begin = chars.iter().position(|c| !c.is_whitespace()).unwrap_or(chars.len());
        let title = chars[begin..].iter().position(|c| *c == '\n').map_or(chars.len(), |end| begin + end);
        let sentences = at.map(|at| (sentence(chars, at), at)).chain([(begin, title)]);
        let sentences: BTreeSet<(usize, usize)> = sentences.collect();
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
        let title: String = chars[begin..title].iter().collect();
        let titled = of_title(&title, unit, &units);
        Ok(Places { unit, units, titled })
    }

    /// 全镇共排查19个。已整改13个: whether the paragraph spoke last, in front of a sentence, of a place that is not the unit's.
    fn after_another(&self, chars: &[char], sentence: usize) -> bool {
        let paragraph = chars[..sentence].iter().rposition(|c| *c == '\n').map_or(0, |at| at + 1);
        let front: String = chars[paragraph..sentence].iter().collect();
        let said = OWN.iter().filter_map(|word| Some((front.rfind(word)?, *word)));
        let last = said.max_by_key(|(at, _)| *at);
        last.is_some_and(|(_, word)| !speaks_of(word, self.own()))
    }

    /// Whose the document is.
    fn own(&self) -> &Unit {
        self.titled.as_ref().unwrap_or(self.unit)
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
            if let Some(word) = OWN.iter().find(|word| clause.contains(**word)) {
                // 全镇 in a text that is of no township speaks of somebody else.
                return speaks_of(word, self.own()).then_some(self.titled.as_ref());
            }
            if clause.contains(&self.unit.name) {
                return Some(None);
            }
            if of_another_place(&clause) {
                return None;
            }
            if from == first {
                return (!self.after_another(chars, first)).then_some(self.titled.as_ref());
            }
            end = from - 1;
        }
    }
}

/// The unit below that a title begins with, or names behind 关于: its report, checked at the unit above.
fn of_title(title: &str, unit: &Unit, units: &[Unit]) -> Option<Unit> {
    let own = title.strip_prefix(&unit.name).unwrap_or(title);
    let own = own.strip_prefix("关于").unwrap_or(own);
    let named = units.iter().filter(|one| own.starts_with(&one.name));
    named.max_by_key(|one| one.name.len()).cloned()
}

/// Whether 全镇 or 我县 is what a unit calls its own place; a bureau may speak of any.
fn speaks_of(word: &str, unit: &Unit) -> bool {
    const LEVELS: [&str; 7] = ["街道", "省", "市", "县", "区", "镇", "乡"];
    let level = LEVELS.iter().find(|level| unit.name.ends_with(**level));
    level.is_none_or(|level| word.ends_with(level) || word.ends_with("单位"))
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
        let named = at >= 1 && !GENERAL.contains(chars[at - 1]) && !"乡县市".contains(chars[at - 1]);
        // 甲村 and 柳林镇, and no 全村 or 12个村.
        PLACES.contains(c) && named && (at >= 2 || "甲乙丙丁某".contains(chars[0]))
    })
}
