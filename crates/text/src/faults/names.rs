//! Title and body that disagree on whose document this is.

use super::{FaultKind, Found};
use crate::lexicon::{any, find, stands, words};

/// Longest first line that is taken for a title, in code points.
const MAX_TITLE: usize = 45;
/// Last characters of the names of bodies that call themselves 我局, 我委.
const BODIES: [&str; 9] = ["局", "委", "办", "院", "校", "厅", "公司", "医院", "集团"];

/// The body calls itself by another kind or level than the title.
pub(super) fn title_and_body(found: &mut Found<'_>, lines: &[(usize, usize)]) {
    let chars = found.chars;
    let Some(&(start, end)) = lines.first().filter(|(s, e)| e - s <= MAX_TITLE && lines.len() > 2) else {
        return;
    };
    // 市财政局关于……的汇报: the unit stands in front of 关于 or 在.
    let stop = ["关于", "在"].iter().filter_map(|w| find(chars, start, end, w)).min().unwrap_or(end);
    let unit = words(chars, start, stop);
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
