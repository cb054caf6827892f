//! 截至1月18日18时，……救助37人次 …… 截至1月18日18时，已救助29人次: the same, as of the same day, with two values.

use super::super::claims::places;
use super::super::facts::label;
use super::super::reckon::{all_han, same_unit};
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found};
use super::counted;
use crate::figures::Mention;
use crate::lexicon::{any, find, stands};

/// How far apart both may be told, in code points.
const FAR: usize = 4_000;
/// How far in front of its number the day may stand.
const DAY: usize = 120;
/// How much of a name must be the same.
const NAME: usize = 4;
/// Words in front of a name that are no part of it.
const SCOPE: [&str; 14] = [
    "累计", "已经", "先后", "全省", "全市", "全县", "全区", "全镇", "全乡", "已", "共", "我县", "我市",
    "我区",
];
/// Words by which a count is only of some or of another time.
const SOME: &str = "其中 去年 上年 同期 当日 当天 本月 当月 今日 新增 每 均 分别 计划 目标";
const PLACES: &str = "全省 全市 全县 全区 全镇 全乡";

/// A count as of a day: 1月18日18时, and the name of what is counted.
struct AsOf<'a> {
    at: usize,
    day: &'a [char],
    name: &'a [char],
}

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    let all: Vec<AsOf<'_>> = (0..mentions.len()).filter_map(|at| as_of(chars, mentions, at)).collect();
    for (n, again) in all.iter().enumerate().skip(1) {
        let m = &mentions[again.at];
        let near = |other: &&AsOf<'_>| m.start - mentions[other.at].end <= FAR;
        let same = |other: &&AsOf<'_>| {
            let one = &mentions[other.at];
            other.day == again.day
                && one.sentence != m.sentence
                && same_unit(chars, one, m)
                && same_name(other, again)
        };
        let before: Vec<&AsOf<'_>> = all[..n].iter().rev().take_while(near).filter(same).collect();
        let [first] = before[..] else { continue };
        let one = &mentions[first.at];
        let (a, b) = (one.amount(chars), m.amount(chars));
        let close = (a - b).abs() > 1e-9 && a <= 2.0 * b && b <= 2.0 * a;
        if close && !other_place(chars, one, m) && !found.holds(m) {
            let day: String = again.day.iter().collect();
            let reason = format!("同是截至{day}，前面是{}，这里是{}", plain(a), plain(b));
            found.between(&[one, m], ConflictKind::TwoValues, Certainty::Certain, reason);
        }
    }
}

fn as_of<'a>(chars: &'a [char], mentions: &[Mention], at: usize) -> Option<AsOf<'a>> {
    let m = &mentions[at];
    if !counted(m) {
        return None;
    }
    let from = m.sentence.0.max(m.number.start.saturating_sub(DAY));
    let until = (from..m.number.start).rev().find(|at| {
        ["截至", "截止", "到"].iter().any(|word| stands(chars, *at, word)) && day_behind(chars, *at).is_some()
    })?;
    let day = day_behind(chars, until)?;
    let own = chars[day.1..m.number.start].iter().collect::<Vec<_>>();
    let other_day = own.windows(2).any(|w| w[0].is_ascii_digit() && matches!(w[1], '月' | '日' | '年'));
    if other_day || any(chars, day.1, m.number.start, SOME) {
        return None;
    }
    // 截至8月底全县已完工31处: the day is no part of the name.
    let name = label(chars, mentions, at);
    let mut name = &name[name.len().saturating_sub(own.len())..];
    while let Some(word) = SCOPE.iter().find(|w| name.len() > w.chars().count() && stands(name, 0, w)) {
        name = &name[word.chars().count()..];
    }
    // 已完工28处: an act alone, where nothing else in the sentence is its whole.
    let act =
        name.len() == 2 && chars[..m.number.start - 2].ends_with(&['已']) && !own_whole(chars, mentions, at);
    ((name.len() >= NAME || act) && all_han(name)).then(|| AsOf { at, day: &chars[day.0..day.1], name })
}

/// 计划36处，已完工28处: a count of its own unit right in front, but not the one that the act is told of, 46处工程已完工28处.
fn own_whole(chars: &[char], mentions: &[Mention], at: usize) -> bool {
    let m = &mentions[at];
    let front = mentions[..at].iter().rev().take_while(|n| n.sentence == m.sentence);
    front.into_iter().any(|n| same_unit(chars, n, m) && n.clause != m.clause)
}

/// 1月18日18时, 3月底 behind 截至.
fn day_behind(chars: &[char], until: usize) -> Option<(usize, usize)> {
    let from = (until + 1..until + 4).find(|at| chars.get(*at).is_some_and(char::is_ascii_digit))?;
    let part = |c: &char| c.is_ascii_digit() || matches!(c, '年' | '月' | '日' | '时' | '底' | '末');
    let end = from + chars[from..].iter().take(16).take_while(|c| part(c)).count();
    // 到2023年 is no day, 到120户 none at all.
    let said = &chars[from..end];
    let whole = said.contains(&'月') && !said.last().is_some_and(char::is_ascii_digit);
    // The year is told only once.
    let begin = said.iter().position(|c| *c == '年').map_or(from, |n| from + n + 1);
    whole.then_some((begin, end))
}

fn same_name(a: &AsOf<'_>, b: &AsOf<'_>) -> bool {
    a.name == b.name || a.name.ends_with(b.name) || b.name.ends_with(a.name)
}

/// Whether both name places, and none that is the same.
pub(super) fn named_elsewhere(chars: &[char], one: &Mention, other: &Mention) -> bool {
    let named = |m: &Mention| {
        let text = &chars[m.sentence.0..m.start];
        // 老旧小区 and 对照县委要求 name no places.
        let office = |name: &[char]| {
            text.windows(4).any(|w| w.starts_with(name) && matches!(w[3], '委' | '政' | '级'))
        };
        let mut names = places(text);
        names.retain(|name| !name.ends_with(&['小', '区']) && !office(name));
        names
    };
    let (a, b) = (named(one), named(other));
    !a.is_empty() && !b.is_empty() && !a.iter().any(|place| b.contains(place))
}

/// Whether both name places or years, and not the same.
fn other_place(chars: &[char], one: &Mention, other: &Mention) -> bool {
    let named = |m: &Mention, words: &'static str| -> Vec<&str> {
        words.split(' ').filter(|word| find(chars, m.sentence.0, m.start, word).is_some()).collect()
    };
    let own = |m: &Mention| {
        let front = &chars[m.clause.0..m.number.start];
        front
            .windows(2)
            .any(|w| matches!(w[1], '镇' | '乡' | '村' | '社') && all_han(w) && !"全各乡".contains(w[0]))
    };
    let years = "2019年 2020年 2021年 2022年 2023年 2024年 2025年 2026年";
    let differ = |words| {
        let (a, b) = (named(one, words), named(other, words));
        !a.is_empty() && !b.is_empty() && a != b
    };
    differ(PLACES) || differ(years) || own(one) != own(other)
}
