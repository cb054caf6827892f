//! Another body speaks where the body of the document should: 穆岭县水利局将另行专题报告 in a report of 穆岭县农业农村局.

use super::own_body::{SIGNED, own, place_end};
use super::own_name::tell;
use super::{Found, han};
use crate::lexicon::{stands, words};

/// What a document says of its own body, right behind the name.
const OWN_DEEDS: &str = "将另行 将以 将继续 将进一步 将认真 将严格 将持续 将按 将坚决 将切实 高度重视 党组高度重视 党委高度重视 党总支高度重视 党支部高度重视 始终 坚决 立即行动 迅速行动 党组始终 的每一位 全体干部 全体职工 全体教师 全体教职工 全体医务";
/// How long the other name is behind its place, in characters.
const NAME: std::ops::RangeInclusive<usize> = 3..=14;

pub(super) fn own_voice(found: &mut Found<'_>, lines: &[(usize, usize)]) {
    let chars = found.chars;
    let Some(own) = own(chars, lines) else { return };
    let (Some(place), Some(&(_, begin))) = (place_end(chars, own), lines.first()) else { return };
    let (prefix, name) = (&chars[own.0..=place], &chars[place + 1..own.1]);
    let Some(last) = name.last() else { return };
    // The name of the place in full, as nobody writes it of a neighbour.
    for at in (begin..own.0).filter(|at| chars[*at..].starts_with(prefix)) {
        let from = at + prefix.len();
        let end = NAME.clone().map(|n| from + n).find(|end| {
            chars.get(end - 1) == Some(last) && OWN_DEEDS.split(' ').any(|deed| stands(chars, *end, deed))
        });
        let fronted = at > 0 && !han(Some(&chars[at - 1]));
        let Some(end) = end.filter(|_| fronted) else { continue };
        if chars[from..end] != *name && chars[from..end].iter().all(|c| han(Some(c))) {
            tell(found, (at, end), words(chars, own.0, own.1), SIGNED);
        }
    }
}
