//! The lookup: from the surest reading of a written name to the loosest, stopping at the first that finds anybody.

use crate::id::UnitId;
use crate::unit::UnitKind;

use super::fold::{bare_place, fold, organ_form, territory_form, without_brackets, without_branch};
use super::group::{Group, group};
use super::index::{Tier, UnitIndex};
use super::{Guess, MAX_GUESSES, MAX_NAME_CHARS, Match, MatchReason};

/// Words in brackets behind a unit that say what it does, not which it is.
const ROLE_WORDS: [&str; 12] =
    ["牵头", "配合", "责任", "主办", "协办", "主责", "协助", "督办", "建设", "施工", "监理", "验收"];
/// The most neighbours whose letters are compared with an abbreviation.
const MAX_NEIGHBOURS: usize = 2_000;
/// The most bearers of one name that are weighed.
const MAX_BEARERS: usize = 20_000;

/// Kinds of territory that stand for "ours" in front of a department.
pub(super) const KINDS: [&str; 9] = ["省", "市", "县", "区", "州", "旗", "镇", "乡", "街道"];

type Hits = Vec<(u32, Tier)>;

impl UnitIndex {
    /// What a unit as written in a ledger is. `home` is the unit of the office whose ledger it is: where several units
    /// bear the name, the one in its area is meant if it is the only one there.
    pub fn lookup(&self, written: &str, home: Option<UnitId>) -> Match {
        let name = fold(written);
        if name.is_empty() || name.chars().nth(MAX_NAME_CHARS).is_some() {
            return Match::Unknown;
        }
        let home = home.and_then(|id| self.place(id));
        let exact = self.hits(&name, Tier::Name, Tier::Short);
        if !exact.is_empty() {
            return self.decide(&exact, home, false);
        }
        if let Some(found) = self.as_group(&name, home) {
            return found;
        }
        if let Some(found) = self.by_form_or_path(&name, home) {
            return found;
        }
        if let Some(found) = self.without_bracket(&name, home) {
            return found;
        }
        let mut loose = self.loose(&name);
        loose.extend(self.abbreviated(&name, home));
        self.offer(&loose, home, None)
    }

    fn hits(&self, form: &str, surest: Tier, loosest: Tier) -> Hits {
        self.bearers(form, surest, loosest).take(MAX_BEARERS).collect()
    }

    pub(super) fn hits_of_forms(&self, name: &str) -> Hits {
        let as_written = self.hits(name, Tier::Name, Tier::Core);
        if !as_written.is_empty() {
            return as_written;
        }
        // 云溪县委 is first the committee; only without one it is the county.
        let as_organ = self.hits(&organ_form(name), Tier::Name, Tier::Core);
        let by_form = if as_organ.is_empty() {
            self.hits(&territory_form(name), Tier::Name, Tier::Core)
        } else {
            as_organ
        };
        by_form.into_iter().map(|(place, tier)| (place, tier.max(Tier::Form))).collect()
    }

    fn as_group(&self, name: &str, home: Option<u32>) -> Option<Match> {
        let (kind, level, place) = group(name)?;
        let within = if place.is_empty() {
            None
        } else {
            match self.lookup(&place, home.map(|home| self.entry(home).id)) {
                Match::Sure(unit, _) => Some(unit),
                // 某某各村 of a place nobody knows: a person says which.
                _ => return Some(Match::Group(Group { kind, within: None, level, needs_person: true })),
            }
        };
        let needs_person = kind == super::GroupKind::Related;
        Some(Match::Group(Group { kind, within, level, needs_person }))
    }

    fn by_form_or_path(&self, name: &str, home: Option<u32>) -> Option<Match> {
        let hits = self.hits_of_forms(name);
        if !hits.is_empty() {
            return Some(self.decide(&hits, home, false));
        }
        if let Some(found) = self.own_territory(name, home) {
            return Some(found);
        }
        for (at, _) in name.char_indices().skip(1) {
            let (prefix, rest) = name.split_at(at);
            if rest.chars().nth(1).is_none() {
                break;
            }
            let mut hits = self.hits_of_forms(rest);
            hits.retain(|(place, _)| self.lies_under(*place, prefix));
            if !hits.is_empty() {
                return Some(self.decide(&hits, home, true));
            }
        }
        self.branch_office(name, home)
    }

    /// 县政府, 县委, 我县, 镇党委: the territory of that kind the office lies in, if there is exactly one.
    fn own_territory(&self, name: &str, home: Option<u32>) -> Option<Match> {
        const AUTHORITIES: [&str; 8] =
            ["委政府", "党委政府", "人民政府", "政府", "党委", "党工委", "委", "本级"];
        let home = home?;
        let bare = AUTHORITIES.iter().find_map(|ending| name.strip_suffix(ending));
        let own = name.strip_prefix(['我', '本']).or(bare)?;
        if !KINDS.contains(&own) {
            return None;
        }
        let mut chain = std::iter::once(home).chain(self.ancestors(home)).filter(|unit| {
            self.entry(*unit).kind == UnitKind::Territory && self.entry(*unit).name.ends_with(own)
        });
        let territory = chain.next()?;
        chain.next().is_none().then(|| Match::Sure(self.entry(territory).id, MatchReason::Path))
    }

    /// 江州市生态环境局云溪分局 for the bureau's office in 云溪县, however the tree names it.
    fn branch_office(&self, name: &str, home: Option<u32>) -> Option<Match> {
        let before = name.strip_suffix("分局")?;
        let end = before.rfind('局')? + '局'.len_utf8();
        let (bureau, area) = before.split_at(end);
        for (at, _) in bureau.char_indices() {
            let mut hits = self.hits_of_forms(&bureau[at..]);
            hits.retain(|(place, _)| !area.is_empty() && self.lies_under(*place, area));
            if !hits.is_empty() {
                return Some(self.decide(&hits, home, true));
            }
        }
        None
    }

    /// Whether the written prefix names units above: 江州市云溪县, 云溪, 县, 县委, 市直.
    pub(super) fn lies_under(&self, place: u32, prefix: &str) -> bool {
        let above: Vec<u32> = self.ancestors(place).collect();
        let top_down: Vec<&str> = above.iter().rev().map(|unit| &*self.entry(*unit).name).collect();
        if consumes(prefix, &top_down) {
            return true;
        }
        let generic = prefix.trim_end_matches(['委', '直', '级']);
        let nearest = above.iter().find(|unit| self.entry(**unit).kind == UnitKind::Territory);
        KINDS.contains(&generic) && nearest.is_some_and(|unit| self.entry(*unit).name.ends_with(generic))
    }

    fn without_bracket(&self, name: &str, home: Option<u32>) -> Option<Match> {
        let (outside, inside) = without_brackets(name)?;
        let found = self.lookup(&outside, home.map(|home| self.entry(home).id));
        let role = ROLE_WORDS.iter().any(|word| inside.contains(word));
        Some(match found {
            Match::Sure(unit_id, _) if !role => {
                let reason = MatchReason::Bracket;
                Match::Doubtful(vec![Guess { unit_id, score: reason.score(), reason }])
            }
            other => other,
        })
    }

    fn loose(&self, name: &str) -> Hits {
        let mut hits = self.hits(name, Tier::Loose, Tier::Loose);
        for form in [bare_place(name), without_branch(name)].into_iter().flatten() {
            hits.extend(self.hits(form, Tier::Name, Tier::Loose));
        }
        hits.into_iter().map(|(place, _)| (place, Tier::Loose)).collect()
    }

    /// Departments near the office whose name holds the written letters in order and ends alike.
    fn abbreviated(&self, name: &str, home: Option<u32>) -> Hits {
        let Some(home) = home else { return Vec::new() };
        let name = organ_form(name);
        let short = name.trim_start_matches(['省', '市', '县', '区', '州']);
        if short.chars().nth(1).is_none() {
            return Vec::new();
        }
        let levels = std::iter::once(home).chain(self.ancestors(home));
        levels
            .flat_map(|unit| self.organs_of(unit).iter().copied())
            .take(MAX_NEIGHBOURS)
            .filter(|place| holds_letters(&organ_form(&self.entry(*place).name), short))
            .map(|place| (place, Tier::Core))
            .collect()
    }

    /// The area of an office: its nearest territory.
    fn area(&self, home: u32) -> u32 {
        std::iter::once(home)
            .chain(self.ancestors(home))
            .find(|unit| self.entry(*unit).kind == UnitKind::Territory)
            .unwrap_or(home)
    }

    fn decide(&self, hits: &[(u32, Tier)], home: Option<u32>, by_path: bool) -> Match {
        let open: Vec<(u32, Tier)> =
            hits.iter().copied().filter(|(place, _)| self.entry(*place).open).collect();
        let sure = |place: u32, reason| Match::Sure(self.entry(place).id, reason);
        let reason_of = |tier| match tier {
            _ if by_path => MatchReason::Path,
            Tier::Name => MatchReason::Name,
            Tier::Short => MatchReason::ShortName,
            Tier::Core => MatchReason::Path,
            Tier::Form | Tier::Loose => MatchReason::Form,
        };
        let near: Option<Vec<(u32, Tier)>> = home.map(|home| {
            let area = self.area(home);
            let inside: Vec<_> =
                open.iter().copied().filter(|(place, _)| self.is_within(*place, area)).collect();
            if !inside.is_empty() {
                return inside;
            }
            // An office of a county may name a bureau of its city: a unit directly under one above the office.
            let above: Vec<u32> = self.ancestors(home).collect();
            open.iter()
                .copied()
                .filter(|(place, _)| {
                    above.contains(place)
                        || self.ancestors(*place).next().is_some_and(|up| above.contains(&up))
                })
                .collect()
        });
        match (&open[..], near.as_deref()) {
            ([], _) => self.offer(hits, home, Some(MatchReason::Closed)),
            ([(place, tier)], None) => sure(*place, reason_of(*tier)),
            ([(place, tier)], Some([_])) => sure(*place, reason_of(*tier)),
            // The only unit of that full name or path, though elsewhere; a short form elsewhere may be chance.
            ([(place, tier)], Some(_)) if *tier == Tier::Name || by_path => sure(*place, reason_of(*tier)),
            ([_], Some(_)) => self.offer(&open, home, Some(MatchReason::Elsewhere)),
            (_, Some([(place, _)])) => sure(*place, MatchReason::Near),
            (_, Some(several)) if !several.is_empty() => {
                self.offer(several, home, Some(MatchReason::SeveralOfTheName))
            }
            _ => self.offer(&open, home, Some(MatchReason::SeveralOfTheName)),
        }
    }

    /// Puts hits before a person, the nearest to the office first.
    fn offer(&self, hits: &[(u32, Tier)], home: Option<u32>, reason: Option<MatchReason>) -> Match {
        let chain: Vec<u32> =
            home.map_or_else(Vec::new, |home| std::iter::once(home).chain(self.ancestors(home)).collect());
        let mut ranked: Vec<(usize, Guess)> = hits
            .iter()
            .map(|(place, tier)| {
                let entry = self.entry(*place);
                let reason = match (entry.open, reason, tier) {
                    (false, ..) => MatchReason::Closed,
                    (true, Some(reason), _) => reason,
                    (true, None, Tier::Core) => MatchReason::Abbreviation,
                    (true, None, _) => MatchReason::Loose,
                };
                let apart = chain.iter().position(|up| self.is_within(*place, *up)).unwrap_or(chain.len());
                (apart, Guess { unit_id: entry.id, score: reason.score(), reason })
            })
            .collect();
        ranked.sort_by_key(|(apart, guess)| (*apart, std::cmp::Reverse(guess.score), guess.unit_id));
        let mut guesses: Vec<Guess> = Vec::new();
        for (apart, mut guess) in ranked {
            if guesses.iter().any(|known| known.unit_id == guess.unit_id) {
                continue;
            }
            let further = u8::try_from(apart.min(20)).unwrap_or(20);
            guess.score = guess.score.saturating_sub(further);
            guesses.push(guess);
            if guesses.len() == MAX_GUESSES {
                break;
            }
        }
        guesses.sort_by_key(|guess| std::cmp::Reverse(guess.score));
        if guesses.is_empty() { Match::Unknown } else { Match::Doubtful(guesses) }
    }
}

/// Whether the prefix is made of names of the units above, from the top down, some left out.
fn consumes(prefix: &str, top_down: &[&str]) -> bool {
    if prefix.is_empty() {
        return true;
    }
    top_down.iter().enumerate().any(|(index, name)| {
        let names = [Some(*name), bare_place(name)];
        names.into_iter().flatten().any(|name| {
            prefix.strip_prefix(name).is_some_and(|rest| {
                let rest = ["人民政府", "政府", "委", "直"]
                    .iter()
                    .find_map(|word| rest.strip_prefix(word))
                    .unwrap_or(rest);
                consumes(rest, &top_down[index + 1..])
            })
        })
    })
}

/// Whether `short` keeps the order of `long`'s letters and ends alike.
fn holds_letters(long: &str, short: &str) -> bool {
    if long.chars().last() != short.chars().last() || long.chars().count() <= short.chars().count() {
        return false;
    }
    let mut rest = long.chars();
    short.chars().all(|letter| rest.any(|other| other == letter))
}
