//! 由1.28万只增加到1.92万只，实现翻番: twice, or so many times as much, against both values.

use super::super::reckon::same_unit;
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found};
use super::counted;
use crate::figures::Mention;
use crate::lexicon::{any, find, stands};

/// How far behind the two values it may be said, in code points.
const SAID: usize = 14;
/// How far apart both values may stand.
const STEP: usize = 24;
/// Words, and how many times as much they mean, from and to.
const TIMES: [(&str, f64, f64); 9] = [
    ("翻两番", 3.7, 4.4),
    ("翻了两番", 3.7, 4.4),
    ("翻一番", 1.9, 2.15),
    ("翻了一番", 1.9, 2.15),
    ("翻番", 1.9, 2.6),
    ("增长一倍", 1.9, 2.15),
    ("增加一倍", 1.9, 2.15),
    ("增长了一倍", 1.9, 2.15),
    ("增加了一倍", 1.9, 2.15),
];

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let Some(at) = i.checked_sub(1) else { return };
    let (old, new) = (&mentions[at], &mentions[i]);
    let pair = counted(old) && counted(new) && same_unit(chars, old, new) && old.sentence == new.sentence;
    let gap = (old.end.min(new.number.start), new.number.start);
    let grew = any(
        chars,
        gap.0,
        gap.1,
        "增加到 增至 提高到 上升到 增长到 扩大到 发展到 提升到 跃升到 增加至 增长至 提高至 上升至 扩大至 发展至 提升至 发展为",
    );
    let stop = new.sentence.1.min(new.end + SAID);
    if !pair || !grew || gap.1 - gap.0 > STEP {
        return;
    }
    let said =
        TIMES.iter().find_map(|(word, low, high)| Some((find(chars, new.end, stop, word)?, word, low, high)));
    let Some((start, word, low, high)) = said else { return };
    let times = new.amount(chars) / old.amount(chars).max(1e-9);
    let end = start + word.chars().count();
    // 翻一番多: so many times and more.
    let more = ["多", "以上", "有余", "还多"].iter().any(|word| stands(chars, end, word));
    let high = if more { f64::INFINITY } else { *high };
    // 产值翻番, 较2020年翻一番, 翻番目标: of something else, or of another time.
    let own = chars[new.end..start]
        .iter()
        .all(|c| "，已了实现总体共正好整成功体量数规模两三四五年内间".contains(*c));
    let aim = any(chars, end, stop, "目标 计划 任务");
    if !own || aim || (*low..=high).contains(&times) {
        return;
    }
    let reason =
        format!("由{}到{}为{times:.2}倍，文中称{word}", plain(old.amount(chars)), plain(new.amount(chars)));
    let spans = [(old.start, old.end), (new.start, new.end), (start, end)];
    found.tell(&spans, ConflictKind::Change, Certainty::Certain, reason);
}
