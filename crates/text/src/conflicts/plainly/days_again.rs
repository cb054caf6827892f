//! 办了5天读书班 …… 为期6天的读书班: how many days one and the same course or meeting lasted, told twice.

use super::super::reckon::all_han;
use super::super::{Certainty, ConflictKind, Found};
use crate::figures::Mention;
use crate::lexicon::{any, find, stands};

/// What lasts some days and is held once, unless the text says otherwise.
const EVENTS: [&str; 14] = [
    "读书班",
    "培训班",
    "研讨班",
    "轮训班",
    "研修班",
    "集训班",
    "学习班",
    "夏令营",
    "展销会",
    "博览会",
    "交易会",
    "集训",
    "轮训",
    "集中学习",
];
/// How far in front of its days an event may be named: 读书班为期5天.
const FRONT: usize = 6;
/// By which there were several, or only some of the days are meant.
const SEVERAL: &str =
    "期读书班 两期 三期 四期 一期 二期 第二 各 分批 两批 三批 每 首期 又 再 另 半天 前 余 轮流 人均";

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    let days: Vec<(&Mention, &str)> = mentions
        .iter()
        .filter(|m| m.exact() && !m.quoted && m.plain_unit(chars) == "天" && m.number.value > 1.0)
        .filter_map(|m| event(chars, m).map(|event| (m, event)))
        .collect();
    for (at, (second, event)) in days.iter().enumerate() {
        let told: Vec<&Mention> = days.iter().filter(|(_, of)| of == event).map(|(m, _)| *m).collect();
        let other = |(first, of): &&(&Mention, &str)| {
            of == event && (first.number.value - second.number.value).abs() > 1e-9
        };
        let Some((first, _)) = days[..at].iter().find(other) else { continue };
        if told.len() == 2 && !told.iter().any(|m| any(chars, m.sentence.0, m.sentence.1, SEVERAL)) {
            let reason = format!("{event}前面是{}天，这里是{}天", first.number.value, second.number.value);
            found.between(&[first, second], ConflictKind::Duration, Certainty::Certain, reason);
        }
    }
}

/// The event that lasts so many days: 5天读书班, 为期6天的读书班, 读书班为期5天.
fn event(chars: &[char], days: &Mention) -> Option<&'static str> {
    let behind = EVENTS.iter().find(|event| {
        let to = (days.end + 12).min(days.clause.1);
        find(chars, days.end, to, event).is_some_and(|at| all_han(&chars[days.end..at]) || at == days.end)
    });
    let front = || {
        EVENTS.iter().find(|event| {
            let length = event.chars().count();
            let from = days.start.saturating_sub(FRONT + length).max(days.clause.0);
            let named = (from..days.start).any(|at| stands(chars, at, event));
            named && any(chars, from, days.start, "为期 历时 持续 共 办了")
        })
    };
    behind.or_else(front).copied()
}
