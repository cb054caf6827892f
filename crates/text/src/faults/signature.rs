//! Who signs below is of another place, or another bureau, than the title says: a document taken over from elsewhere, or a name
//! typed wrong.

use super::own_name::{LAST_LINES, TITLED, body, tell};
use super::{Found, han};
use crate::lexicon::{stands, words};

/// Kinds of places, the longer first.
const KINDS: [&str; 6] = ["街道", "镇", "乡", "县", "区", "旗"];
/// How long the name of a place is without its kind, in characters.
const NAME: std::ops::RangeInclusive<usize> = 2..=4;
/// The longest line that holds nothing but who signs, in characters.
const LONGEST: usize = 40;
/// With what the names of those who sign end.
const SIGNS: &str = "局府委会室组院校部司队心所团处社办站";
/// What is a piece of no name of a place.
const NEVER: &str = "各全我本该每外的个在到和与及关于对由向从为是市县区乡镇省年月日第";

/// 中共汀堤镇委员会 under a title of 汀坝镇; 岚溪县城市管理局 under one of 岚溪县住房和城乡建设局 that speaks of 我局.
pub(super) fn signature(found: &mut Found<'_>, lines: &[(usize, usize)]) {
    let chars = found.chars;
    let Some(&title) = lines.first() else { return };
    let Some((own, kind)) = place(chars, title.0) else { return };
    let signs = lines.iter().skip(1).rev().take(LAST_LINES).flat_map(|line| bodies(chars, *line));
    for (from, to) in signs {
        let Some((other, like)) = place(chars, from) else { continue };
        if chars[other.0..other.1] != chars[own.0..own.1] && kind == like {
            let right = words(chars, own.0, own.1);
            tell(found, other, right, TITLED);
        } else if kind == like {
            another_bureau(found, lines, title, (from, to));
        }
    }
}

/// The bureau that signs is another one of the place than that whose name begins the title, which speaks of 我局.
fn another_bureau(
    found: &mut Found<'_>,
    lines: &[(usize, usize)],
    title: (usize, usize),
    (from, to): (usize, usize),
) {
    let chars = found.chars;
    let front = title.0 + usize::from(stands(chars, title.0, "中共")) * 2;
    let Some(titled) = (front..title.1).find(|at| chars[*at] == '局').map(|at| (front, at + 1)) else {
        return;
    };
    let name = &chars[from..to];
    // Bodies that have the same words in front of 局 or more behind it are told by what is nearly the same.
    let other = name.last() == Some(&'局')
        && chars[titled.0..titled.1] != *name
        && !chars[title.0..title.1].windows(name.len()).any(|same| same == name)
        && chars[titled.0..titled.1].iter().all(|c| han(Some(c)));
    let end = lines.last().map_or(title.1, |line| line.1);
    let speaks = || (title.1..end).any(|at| stands(chars, at, "我局"));
    if other && speaks() {
        let right = words(chars, titled.0, titled.1);
        tell(found, (from, to), right, TITLED);
    }
}

/// The names of the bodies in a line that holds nothing else: 中共汀坝镇委员会、汀坝镇人民政府.
fn bodies(chars: &[char], (start, end): (usize, usize)) -> Vec<(usize, usize)> {
    if end - start > LONGEST {
        return Vec::new();
    }
    let mut parts = Vec::new();
    let mut from = start;
    for at in start..=end {
        if at == end || chars[at] == '、' || chars[at].is_whitespace() {
            parts.extend(Some(body(chars, from, at)).filter(|(from, to)| to > from));
            from = at + 1;
        }
    }
    let named = |(from, to): &(usize, usize)| {
        chars[*from..*to].iter().all(|c| han(Some(c))) && SIGNS.contains(chars[to - 1])
    };
    if parts.iter().all(named) { parts } else { Vec::new() }
}

/// The place whose name begins here, with its kind, and which kind that is.
fn place(chars: &[char], at: usize) -> Option<((usize, usize), &'static str)> {
    let from = at + usize::from(stands(chars, at, "中共")) * 2;
    let (end, kind) = NAME.clone().map(|n| from + n).find_map(|end| {
        let kind = KINDS.iter().find(|kind| stands(chars, end, kind))?;
        Some((end, *kind))
    })?;
    let named = chars[from..end].iter().all(|c| han(Some(c)) && !NEVER.contains(*c));
    // 城区分局 and 山区建设 are no places of a name.
    (named && !stands(chars, end + 1, "分")).then(|| ((from, end + kind.chars().count()), kind))
}
