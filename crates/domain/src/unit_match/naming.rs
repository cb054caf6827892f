//! Names as people type them into a search: which units a written name is of, and how else it may be written.

use std::collections::HashSet;

use crate::id::UnitId;
use crate::unit::UnitKind;

use super::MAX_NAME_CHARS;
use super::fold::{ORGAN_FORMS, PLACE_ENDINGS, bare_place, fold, organ_form, territory_form};
use super::index::{Tier, UnitIndex};
use super::lookup::KINDS;

/// The most other wordings of one name.
pub const WORDINGS_MAX: usize = 24;
/// The most full names one written name may stand for.
pub const FULL_NAMES_MAX: usize = 600;
/// Long forms are put in one behind the other: 编办 has two.
const ROUNDS: usize = 3;
/// What the name of an organ ends with; other words are not taken for one.
const ORGAN_ENDINGS: [char; 14] =
    ['局', '委', '办', '部', '会', '联', '协', '院', '社', '站', '所', '队', '府', '司'];

/// How else the name of an organ is written, by the language alone: 应急局 ↔ 应急管理局, 镇政府 ↔ 镇人民政府. Nothing for words
/// that are no organ's name. A text that holds the written name is found by it, so wordings that contain it are left out.
pub fn wordings(written: &str) -> Vec<String> {
    let mut all = organ_wordings(written);
    all.retain(|wording| !wording.contains(written));
    let covered = |one: &str| all.iter().any(|other| other != one && one.contains(other.as_str()));
    all.iter().filter(|one| !covered(one)).cloned().collect()
}

fn organ_wordings(written: &str) -> Vec<String> {
    let name = fold(written);
    let organ = name.ends_with(ORGAN_ENDINGS) || ORGAN_FORMS.iter().any(|(long, _)| name.ends_with(long));
    if !organ || name.chars().nth(1).is_none() || name.chars().nth(MAX_NAME_CHARS).is_some() {
        return Vec::new();
    }
    let form = organ_form(&name);
    let mut all = vec![name.clone()];
    if form != name && form.chars().nth(1).is_some() {
        all.push(form);
    }
    let mut from = 0;
    for _ in 0..ROUNDS {
        let known = all.len();
        for at in from..known {
            for (long, short) in ORGAN_FORMS.iter().filter(|(_, short)| !short.is_empty()) {
                let one = all[at].clone();
                if !one.contains(short) || one.contains(long) || all.len() >= WORDINGS_MAX {
                    continue;
                }
                let longer = one.replacen(short, long, 1);
                if organ_form(&longer) == organ_form(&one) && !all.contains(&longer) {
                    all.push(longer);
                }
            }
        }
        from = known;
    }
    all.remove(0);
    all
}

/// The full names a written one may stand for among units at or below places of these names, the written one with them.
pub fn full_names<'a>(written: &str, places: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let name = fold(written);
    if name.chars().nth(1).is_none() || name.chars().nth(MAX_NAME_CHARS).is_some() {
        return Vec::new();
    }
    let mut all = of_place(written);
    for place in places {
        let kind = KINDS.iter().find(|kind| place.ends_with(**kind)).copied();
        let fronts = [Some(place), bare_place(place), kind];
        let rests = fronts.into_iter().flatten().filter_map(|front| name.strip_prefix(front));
        let rests: Vec<&str> = rests.filter(|rest| rest.chars().nth(1).is_some()).collect();
        for front in [Some(place), kind, Some("")].into_iter().flatten() {
            for rest in rests.iter().copied().chain([name.as_str()]) {
                all.extend(of_place(rest).into_iter().map(|one| format!("{front}{one}")));
            }
        }
    }
    let party: Vec<String> =
        all.iter().filter(|one| one.contains('委')).map(|one| format!("中共{one}")).collect();
    all.extend(party);
    let mut seen = HashSet::new();
    all.retain(|one| seen.insert(one.clone()));
    all.truncate(FULL_NAMES_MAX);
    all
}

/// The name itself, its wordings, and the authorities that bear the name of a place: 青岚镇 → 青岚镇人民政府.
fn of_place(name: &str) -> Vec<String> {
    let mut all = vec![name.to_owned()];
    all.extend(organ_wordings(name));
    let place = territory_form(name);
    if PLACE_ENDINGS.iter().any(|ending| place.ends_with(ending) && place.len() > ending.len()) {
        let kinds: &[&str] = match () {
            () if place.ends_with('村') => &["村民委员会", "村委会"],
            () if place.ends_with("社区") => &["居民委员会", "居委会"],
            () if place.ends_with("街道") => &["办事处", "人民政府"],
            () => &["人民政府"],
        };
        all.extend(kinds.iter().map(|ending| format!("{place}{ending}")));
        if let Some(bare) = place.strip_suffix('村') {
            all.push(format!("{bare}村民委员会"));
        }
        all.push(place);
    }
    all
}

impl UnitIndex {
    /// All units that a written name surely is of: their name, a short name that is kept, or one that follows from the
    /// name and the places above. What [`UnitIndex::lookup`] would only offer is not among them.
    pub fn named(&self, written: &str) -> Vec<UnitId> {
        let name = fold(written);
        if name.chars().nth(1).is_none() || name.chars().nth(MAX_NAME_CHARS).is_some() {
            return Vec::new();
        }
        let mut places: Vec<u32> = self.hits_of_forms(&name).into_iter().map(|(place, _)| place).collect();
        let form = organ_form(&name);
        places.extend(self.bearers(&form, Tier::Name, Tier::Form).map(|(place, _)| place));
        if places.is_empty() {
            places = self.by_places_above(&name);
        }
        let mut units: Vec<UnitId> = places.into_iter().map(|place| self.entry(place).id).collect();
        units.sort_unstable();
        units.dedup();
        units
    }

    /// 云溪县应急局, 县应急局, and 应急局 for a unit that is called 县应急管理局.
    fn by_places_above(&self, name: &str) -> Vec<u32> {
        for (at, _) in name.char_indices().skip(1) {
            let (prefix, rest) = name.split_at(at);
            if rest.chars().nth(1).is_none() {
                break;
            }
            let hits = self.hits_of_forms(rest).into_iter().map(|(place, _)| place);
            let places: Vec<u32> = hits.filter(|place| self.lies_under(*place, prefix)).collect();
            if !places.is_empty() {
                return places;
            }
        }
        let with_kind = KINDS.iter().flat_map(|kind| {
            let form = organ_form(&format!("{kind}{name}"));
            let bearers: Vec<u32> =
                self.bearers(&form, Tier::Name, Tier::Form).map(|(place, _)| place).collect();
            bearers.into_iter().filter(|place| {
                self.entry(*place).kind != UnitKind::Territory && self.lies_under(*place, kind)
            })
        });
        with_kind.collect()
    }
}
