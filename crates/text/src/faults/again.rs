//! The same words on both sides of a mark: “解剖麻雀”“解剖麻雀”, 松劲歇脚、松劲歇脚.

use super::repeats::by_turns;
use super::{FaultKind, Found, han};
use crate::lexicon::words;

/// How long the words are, in code points.
const LENGTH: std::ops::RangeInclusive<usize> = 3..=10;

pub(super) fn again(found: &mut Found<'_>) {
    let chars = found.chars;
    let taken = found.taken(FaultKind::Duplicate);
    for at in (1..chars.len()).filter(|at| matches!(chars[*at], '、' | '”')) {
        let twice = match chars[at] {
            '、' => across(chars, at, at + 1, false),
            '”' if chars.get(at + 1) == Some(&'“') => across(chars, at, at + 2, true),
            _ => None,
        };
        let Some((start, middle, end)) = twice else { continue };
        if !taken[start..end].contains(&true) && !by_turns(chars, at) {
            let word = words(chars, start, middle);
            let reason = format!("“{}”连写两遍", word.trim_matches(['“', '”']));
            found.tell(start, end, FaultKind::Duplicate, "twice around a mark", reason, Some(word));
        }
    }
}

/// The same Chinese words in front of `to` and from `from` on: where both begin and end.
fn across(chars: &[char], to: usize, from: usize, quoted: bool) -> Option<(usize, usize, usize)> {
    LENGTH.rev().find_map(|n| {
        let start = to.checked_sub(n)?;
        let (one, other) = (&chars[start..to], chars.get(from..from + n)?);
        // The first character decides nearly always.
        if one[0] != other[0] {
            return None;
        }
        let front = start.checked_sub(1).map(|i| chars[i]);
        let begins = if quoted { front == Some('“') } else { !han(front.as_ref()) };
        // 县人民医院、县人民医院城东院区: another name begins so.
        let behind = chars.get(from + n);
        let ends = if quoted { behind == Some(&'”') } else { !han(behind) || behind == Some(&'的') };
        // 一个村一个村、: said of each.
        let same = one == other && one.iter().all(|c| han(Some(c))) && begins && ends && one[0] != '一';
        // With their marks, which are there where it begins behind one.
        let around = usize::from(quoted);
        same.then(|| (start - around, to + around, from + n + around))
    })
}
