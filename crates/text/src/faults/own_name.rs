//! The name of the body whose document it is, written otherwise elsewhere in it: another name below than in the title, its place
//! with one character for another, a township that is a town in the title.

use super::heard::plainly_alike;
use super::names::named_places;
use super::{FaultKind, Found, han};
use crate::lexicon::{stands, words};

/// How many lines at the end may hold who signs.
pub(super) const LAST_LINES: usize = 5;
/// The shortest and the longest name of a body that signs, in characters.
const SIGNED: std::ops::RangeInclusive<usize> = 6..=32;
/// With what the names of bodies end.
const BODIES: &str = "局 府 委 会 室 组 院 校 部 司 队 心 所 团 处 社 办 站";
/// What stands behind such a name in a title or below.
const BEHIND: &str =
    "关于 在 党组 党委 党支部 党总支 领导班子 班子 主题教育 工作 民主生活会 组织生活会 20 ， 2";
/// How many characters of two such names may differ.
const APART: usize = 3;
/// The rule, and where the right name stands.
pub(super) const TITLED: (&str, &str) = ("name of the place", "标题");
/// Kinds of places that are taken for one another.
const KINDS: [&str; 5] = ["乡", "镇", "街道", "县", "区"];

/// The body that signs is named otherwise in the title.
pub(super) fn signed(found: &mut Found<'_>, lines: &[(usize, usize)]) {
    let chars = found.chars;
    let Some(&(from, to)) = lines.first() else { return };
    let from = from + usize::from(stands(chars, from, "中共")) * 2;
    let title = &chars[from..to];
    for &(start, end) in lines.iter().skip(1).rev().take(LAST_LINES) {
        let (start, end) = body(chars, start, end);
        let name = &chars[start..end];
        let ends = name.last().is_some_and(|c| BODIES.contains(*c));
        if !ends || !SIGNED.contains(&name.len()) || !name.iter().all(|c| han(Some(c))) {
            continue;
        }
        if title.windows(name.len()).any(|same| same == name) {
            return;
        }
        let near = (name.len().saturating_sub(APART)..=title.len().min(name.len() + APART)).filter(|n| {
            let ends = *n > 0 && title[..*n].last() == name.last();
            ends && BEHIND.split(' ').any(|word| stands(title, *n, word))
        });
        let near = near.map(|n| (apart(&title[..n], name), n)).min();
        if let Some((1..=APART, n)) = near.filter(|(apart, _)| apart * 3 <= name.len()) {
            let (own, other) = (words(title, 0, n), words(chars, start, end));
            let reason = format!("标题写的是“{own}”，落款写的是“{other}”");
            found.tell(start, end, FaultKind::Other, "title and signature", reason, Some(own));
        }
        return;
    }
}

/// The name of a body in a line that signs, without 中共 in front and 党组 behind.
pub(super) fn body(chars: &[char], start: usize, end: usize) -> (usize, usize) {
    let blank = |c: &char| c.is_whitespace();
    let start = start + chars[start..end].iter().take_while(|c| blank(c)).count();
    let end = end - chars[start..end].iter().rev().take_while(|c| blank(c)).count();
    let start = start + usize::from(stands(chars, start, "中共")) * 2;
    const OF_PARTY: [&str; 4] = ["党组", "党委", "党总支", "党支部"];
    let behind = OF_PARTY.iter().find_map(|word| {
        let at = end.checked_sub(word.chars().count()).filter(|at| *at > start)?;
        stands(chars, at, word).then_some(at)
    });
    (start, behind.unwrap_or(end))
}

/// How many characters of two names differ: Levenshtein's distance.
pub(super) fn apart(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let next = (corner + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            corner = std::mem::replace(&mut row[j + 1], next);
        }
    }
    row[b.len()]
}

/// 临兰县 once in a document of 临岚县, 白石坳乡 once in one of 白石坳镇.
pub(super) fn other_place(found: &mut Found<'_>, lines: &[(usize, usize)]) {
    let chars = found.chars;
    let Some(&(from, to)) = lines.first() else { return };
    for kind in KINDS {
        let Some(own) = named_places(chars, (from, to), kind).next() else { continue };
        let name = &chars[own..own + 2];
        // Whatever stands in front of it: a name that is but for one character the own one is no other word.
        let ends = (to + 2..chars.len()).filter(|end| stands(chars, *end, kind));
        let others: Vec<usize> = ends.map(|end| end - 2).collect();
        let again =
            |name: &[char]| others.iter().filter(|at| chars[**at..**at + 2] == *name).nth(1).is_some();
        let slip = |other: &[char]| {
            let [a, b] = [(name[0], other[0]), (name[1], other[1])];
            a.0 == a.1 && b.0 != b.1 && plainly_alike(b.0, b.1)
                || b.0 == b.1 && a.0 != a.1 && plainly_alike(a.0, a.1)
        };
        for &at in &others {
            let other = &chars[at..at + 2];
            if slip(other) && !again(other) {
                let right = format!("{}{kind}", words(name, 0, 2));
                tell(found, (at, at + 2 + kind.chars().count()), right, TITLED);
            }
        }
    }
    of_another_kind(found, (from, to));
}

/// 白石坳乡 in a document of 白石坳镇, whose name stands in front of the title.
fn of_another_kind(found: &mut Found<'_>, (from, to): (usize, usize)) {
    let chars = found.chars;
    let kinds = &KINDS[..3];
    let own = kinds.iter().find_map(|kind| {
        (from + 2..to.min(from + 8)).find(|at| stands(chars, *at, kind)).map(|at| (at, *kind))
    });
    let Some((end, own)) = own else { return };
    let from = from + usize::from(stands(chars, from, "中共")) * 2;
    let name = &chars[from..end];
    if name.len() < 2 || !name.iter().all(|c| han(Some(c)) && !"县市区省全各我关于".contains(*c)) {
        return;
    }
    let places: Vec<usize> =
        (to..chars.len().saturating_sub(name.len())).filter(|at| chars[*at..].starts_with(name)).collect();
    let is = |kind: &str| {
        places.iter().filter(|at| stands(chars, **at + name.len(), kind)).copied().collect::<Vec<_>>()
    };
    if is(own).is_empty() {
        return;
    }
    for kind in kinds.iter().filter(|kind| **kind != own) {
        if let [at] = is(kind)[..] {
            let right = format!("{}{own}", words(name, 0, name.len()));
            tell(found, (at, at + name.len() + kind.chars().count()), right, TITLED);
        }
    }
}

/// Tells that a name is written otherwise than where it is right, unless it is told already.
pub(super) fn tell(
    found: &mut Found<'_>,
    (start, end): (usize, usize),
    right: String,
    (rule, stands_in): (&'static str, &str),
) {
    if found.is_told((start, end), FaultKind::Other) {
        return;
    }
    let written = words(found.chars, start, end);
    let reason = format!("{stands_in}写的是“{right}”，这里写作“{written}”");
    found.tell(start, end, FaultKind::Other, rule, reason, Some(right));
}
