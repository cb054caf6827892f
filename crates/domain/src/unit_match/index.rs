//! The index: one sorted list of hashed names and forms, and the tree by position.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::id::UnitId;
use crate::unit::UnitKind;

use super::fold::{bare_place, fold, organ_form, territory_form, without_branch};
use super::{Candidate, MAX_NAME_CHARS, SHORT_NAME_BREAKS};

/// The most levels walked upwards; a ring in the data ends there.
pub(super) const MAX_LEVELS: usize = 16;

/// How a written name relates to the unit's own, surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Tier {
    Name,
    Short,
    Form,
    /// Its own name without the places above it.
    Core,
    /// Only to be offered.
    Loose,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    /// 64 bits of the name's hash: with five million names two of them share one with a chance of one in a million.
    hash: u64,
    place: u32,
    tier: Tier,
}

/// A unit in the index.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) id: UnitId,
    parent: Option<u32>,
    pub(super) kind: UnitKind,
    pub(super) open: bool,
    /// Folded name.
    pub(super) name: Box<str>,
}

/// All units of a tree, ready for lookups.
#[derive(Debug, Clone, Default)]
pub struct UnitIndex {
    pub(super) entries: Vec<Entry>,
    by_id: HashMap<UnitId, u32>,
    keys: Vec<Key>,
    /// Children that are no territories, by parent's position: where abbreviations are looked for.
    organs: HashMap<u32, Vec<u32>>,
}

fn hash(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

impl UnitIndex {
    /// Builds the index from all units, in any order.
    pub fn new(candidates: impl IntoIterator<Item = Candidate>) -> UnitIndex {
        let mut index = UnitIndex::default();
        let mut parents = Vec::new();
        let mut short_names: Vec<(u32, String)> = Vec::new();
        for candidate in candidates {
            let Ok(place) = u32::try_from(index.entries.len()) else { break };
            index.by_id.insert(candidate.unit_id, place);
            parents.push(candidate.parent_id);
            if !candidate.short_names.is_empty() {
                short_names.push((place, candidate.short_names));
            }
            index.entries.push(Entry {
                id: candidate.unit_id,
                parent: None,
                kind: candidate.kind,
                open: candidate.open,
                name: fold(&candidate.name).into_boxed_str(),
            });
        }
        for (place, parent) in parents.into_iter().enumerate() {
            let parent = parent.and_then(|id| index.by_id.get(&id)).copied();
            index.entries[place].parent = parent.filter(|parent| *parent as usize != place);
        }
        for (place, names) in short_names {
            for name in names.split(SHORT_NAME_BREAKS).filter(|name| !name.is_empty()) {
                let folded = fold(name);
                index.keys.push(Key { hash: hash(&folded), place, tier: Tier::Short });
                index.add(place, Tier::Form, &organ_form(&folded));
            }
        }
        for place in 0..index.entries.len() {
            // A statistical level is nobody's name: 市辖区 and 县 in a ledger never mean it.
            if let Ok(number) = u32::try_from(place)
                && index.entries[place].kind != UnitKind::Placeholder
            {
                index.add_forms(number);
            }
        }
        index.keys.sort_unstable();
        index.keys.dedup_by_key(|key| (key.hash, key.place));
        index
    }

    /// How many units it holds.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn add(&mut self, place: u32, tier: Tier, form: &str) {
        if !form.is_empty() {
            self.keys.push(Key { hash: hash(form), place, tier });
        }
    }

    fn add_forms(&mut self, place: u32) {
        let entry = self.entry(place);
        let (name, territory) = (entry.name.to_string(), entry.kind == UnitKind::Territory);
        if name.is_empty() || name.chars().nth(MAX_NAME_CHARS).is_some() {
            return;
        }
        let form = if territory { territory_form(&name) } else { organ_form(&name) };
        self.add(place, Tier::Name, &name);
        self.add(place, Tier::Form, &form);
        if let Some(bare) = bare_place(&form).filter(|_| territory) {
            self.add(place, Tier::Loose, bare);
        }
        if let Some(bare) = without_branch(&form) {
            self.add(place, Tier::Loose, bare);
            self.add(place, Tier::Loose, &territory_form(bare));
        }
        if !territory && let Some(parent) = entry_parent(&self.entries, place) {
            self.organs.entry(parent).or_default().push(place);
        }
        let above: Vec<String> =
            self.ancestors(place).map(|above| self.entry(above).name.to_string()).collect();
        let core = core(&name, &above);
        if core.len() < name.len() && core.chars().nth(1).is_some() {
            let form = if territory { territory_form(core) } else { organ_form(core) };
            self.add(place, Tier::Core, core);
            self.add(place, Tier::Core, &form);
            for office in branch_office_forms(core, &above) {
                self.add(place, Tier::Core, &organ_form(&office));
            }
        }
    }

    pub(super) fn entry(&self, place: u32) -> &Entry {
        &self.entries[place as usize]
    }

    pub(super) fn place(&self, id: UnitId) -> Option<u32> {
        self.by_id.get(&id).copied()
    }

    /// The units above, nearest first.
    pub(super) fn ancestors(&self, place: u32) -> impl Iterator<Item = u32> + '_ {
        std::iter::successors(entry_parent(&self.entries, place), |above| entry_parent(&self.entries, *above))
            .take(MAX_LEVELS)
    }

    /// The unit itself or one above it.
    pub(super) fn is_within(&self, place: u32, above: u32) -> bool {
        place == above || self.ancestors(place).any(|unit| unit == above)
    }

    pub(super) fn organs_of(&self, parent: u32) -> &[u32] {
        self.organs.get(&parent).map_or(&[], Vec::as_slice)
    }

    /// Units that bear this form, each with how.
    pub(super) fn bearers(
        &self,
        form: &str,
        surest: Tier,
        loosest: Tier,
    ) -> impl Iterator<Item = (u32, Tier)> + '_ {
        let wanted = hash(form);
        let from = self.keys.partition_point(|key| key.hash < wanted);
        self.keys[from..]
            .iter()
            .take_while(move |key| key.hash == wanted)
            .filter(move |key| key.tier >= surest && key.tier <= loosest)
            .map(|key| (key.place, key.tier))
    }
}

fn entry_parent(entries: &[Entry], place: u32) -> Option<u32> {
    entries.get(place as usize).and_then(|entry| entry.parent)
}

/// A unit's own name without the names of the units above it in front: 江州市云溪县财政局 → 财政局.
fn core<'a>(name: &'a str, above: &[String]) -> &'a str {
    let mut rest = name.strip_prefix("中共").unwrap_or(name);
    for place in above.iter().rev() {
        if let Some(shorter) = rest.strip_prefix(place.as_str()) {
            rest = shorter;
            rest = without_authority(rest);
        }
    }
    rest
}

/// 云溪县委组织部: the committee belongs to the place. 委员会 is the committee itself and 委办公室 its own office.
fn without_authority(rest: &str) -> &str {
    let own =
        |tail: &&str| !tail.starts_with('办') && !tail.starts_with("员会") && tail.chars().nth(1).is_some();
    ["人民政府", "委"].iter().filter_map(|word| rest.strip_prefix(word)).find(own).unwrap_or(rest)
}

/// 生态环境局云溪县分局 of 云溪县 also goes by 生态环境局 and 生态环境分局.
fn branch_office_forms(core: &str, above: &[String]) -> Vec<String> {
    let Some(before) = core.strip_suffix("分局") else { return Vec::new() };
    let names = above.iter().flat_map(|place| [Some(place.as_str()), bare_place(place)]).flatten();
    let Some(bureau) =
        names.filter_map(|name| before.strip_suffix(name)).find(|bureau| bureau.ends_with('局'))
    else {
        return Vec::new();
    };
    vec![bureau.to_string(), format!("{}分局", bureau.trim_end_matches('局'))]
}
