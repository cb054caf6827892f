//! Title and body that disagree on whose document this is.

use super::{FaultKind, Found, han};
use crate::lexicon::{any, find, stands, words};

/// Longest first line that is taken for a title, in code points.
const MAX_TITLE: usize = 45;
/// How often a body names another place than its title before it is told.
const PLACE_TIMES: usize = 2;
/// Last characters of the names of bodies that call themselves 我局, 我委.
const BODIES: [&str; 9] = ["局", "委", "办", "院", "校", "厅", "公司", "医院", "集团"];

/// The body calls itself by another kind or level than the title.
pub(super) fn title_and_body(found: &mut Found<'_>, lines: &[(usize, usize)]) {
    let chars = found.chars;
    let Some(&(start, end)) = lines.first().filter(|(s, e)| e - s <= MAX_TITLE && lines.len() > 2) else {
        return;
    };
    places(found, (start, end));
    // 市财政局关于……的汇报: the unit stands in front of 关于 or 在.
    let stop = ["关于", "在"].iter().filter_map(|w| find(chars, start, end, w)).min().unwrap_or(end);
    let unit = words(chars, start, stop);
    // A county may say 我省 and 我市; it is no township.
    if unit.ends_with('县') && unit.chars().count() <= 8 {
        let own: Vec<usize> = (end..chars.len()).filter(|at| chars[*at] == '我').collect();
        ["我乡", "我镇"].iter().for_each(|word| tell(found, &own, word, &unit));
    }
    let level = unit.chars().find(|c| "省市县区乡镇".contains(*c));
    let body = BODIES.iter().rfind(|b| unit.ends_with(**b));
    let Some(body) = body else { return };
    // Where the body speaks of itself, once for all words.
    let own: Vec<usize> = (end..chars.len()).filter(|at| chars[*at] == '我').collect();
    for other in BODIES.iter().filter(|o| !body.ends_with(**o) && !o.ends_with(*body)) {
        tell(found, &own, &format!("我{other}"), &unit);
    }
    let Some(level) = level else { return };
    let strangers: &[&str] = match level {
        '市' => &["我县", "我省", "我乡", "我镇"],
        '县' | '区' => &["我省", "我乡", "我镇"],
        '省' => &["我县", "我市", "我区"],
        _ => &["我省", "我市"],
    };
    strangers.iter().for_each(|word| tell(found, &own, word, &unit));
    if level != '省' {
        central_group(found, end, &unit);
    }
}

/// 关于青岚镇……的报告 over a body that speaks of 柳汀镇 only: another place of the same kind, and never the one of the title.
fn places(found: &mut Found<'_>, (start, end): (usize, usize)) {
    const KINDS: [&str; 5] = ["街道", "镇", "乡", "县", "村"];
    let chars = found.chars;
    let body = &chars[end..];
    for kind in KINDS {
        let Some(titled) = named_places(chars, (start, end), kind).next() else { continue };
        let own = &chars[titled..titled + 2];
        // It is named, or speaks of itself.
        if body.windows(2).any(|two| two == own)
            || find(chars, end, chars.len(), &format!("我{kind}")).is_some()
        {
            return;
        }
        let mut others: Vec<usize> = named_places(chars, (end, chars.len()), kind).collect();
        let Some(first) = others.first().copied() else { continue };
        others.retain(|at| chars[*at..*at + 2] == chars[first..first + 2]);
        // 赴柳汀镇考察, 与柳汀镇交界: a place that something is done with.
        if first > 0 && han(chars.get(first - 1))
            || chars[start..end].windows(2).any(|two| *two == chars[first..first + 2])
        {
            return;
        }
        // Named again and again, and first of all: it is the one the body is about.
        if others.len() >= PLACE_TIMES {
            let to = first + 2 + kind.chars().count();
            let (title, other) = (words(chars, titled, titled + 2), words(chars, first, to));
            let reason = format!("标题写的是“{title}{kind}”，正文写的是“{other}”");
            found.tell(first, to, FaultKind::Other, "title and body", reason, None);
        }
        return;
    }
}

/// Where names of two characters begin that stand in front of a kind of place, which begins within `from..to`: 青岚 in front of 镇.
pub(super) fn named_places<'a>(
    chars: &'a [char],
    (from, to): (usize, usize),
    kind: &'a str,
) -> impl Iterator<Item = usize> + 'a {
    // Nearly no character begins a kind of place, and nothing else is asked of the others.
    let first = kind.chars().next();
    let begins = chars[from..to].iter().enumerate().filter(move |(_, c)| Some(**c) == first);
    begins.filter_map(move |(i, _)| place(chars, from + i, kind))
}

/// Where a name of two characters in front of a kind of place begins that ends at `at`.
fn place(chars: &[char], at: usize, kind: &str) -> Option<usize> {
    let from = at.checked_sub(2).filter(|_| stands(chars, at, kind))?;
    let name = &chars[from..at];
    let named = name.iter().all(|c| han(Some(c)) && !joins(*c))
        // 柳汀镇党委 and 柳汀镇 are names, 青岚镇长 is not.
        && !chars.get(at + kind.chars().count()).is_some_and(|c| "长级域区里办".contains(*c));
    let begins = || {
        from == 0
            || !han(chars.get(from - 1))
            || "于在对由向从县市区到是和及与为把将议".contains(chars[from - 1])
    };
    (named && begins()).then_some(from)
}

/// Little words and kinds of places, which no name of two characters holds.
fn joins(c: char) -> bool {
    "各全我本该每外城乡村县市区省的个在到和与及关于对由向从为是".contains(c)
}

fn tell(found: &mut Found<'_>, own: &[usize], word: &str, unit: &str) {
    let chars = found.chars;
    if let Some(at) = own.iter().copied().find(|at| stands(chars, *at, word)) {
        let end = at + word.chars().count();
        // 我国, 我部门 and the like go on behind.
        if !chars.get(end).is_some_and(|c| "员托派任理公方法".contains(*c)) {
            let reason = format!("标题是“{unit}”，正文自称“{word}”");
            found.tell(at, end, FaultKind::Other, "title and body", reason, None);
        }
    }
}

/// A unit of a city or county is not guided by a central group.
fn central_group(found: &mut Found<'_>, from: usize, unit: &str) {
    let chars = found.chars;
    let mut at = from;
    while let Some(here) = find(chars, at, chars.len(), "中央第") {
        at = here + 3;
        let stop = (at + 10).min(chars.len());
        if any(chars, at, stop, "指导组 督导组 巡视组")
            && any(chars, here.saturating_sub(6), stop, "在 指导 帮助 督导")
        {
            let reason = format!("标题是“{unit}”，正文写受中央工作组指导，可能照搬别处稿件");
            found.tell(here, stop.min(here + 9), FaultKind::Other, "title and body", reason, None);
        }
    }
}
