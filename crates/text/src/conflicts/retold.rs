//! A number told again with its digits changed about, as hands that type it do: 153件 in front, 135件 behind.

use std::collections::HashMap;

use super::days::as_of;
use super::reckon::{all_han, bare, is_share, same_unit};
use super::within::plain;
use super::{Certainty, ConflictKind, Found};
use crate::figures::{FigureKind, Mention};
use crate::lexicon::{any, ending, find};

/// How far in front a rate may have been told, in code points.
const FAR: usize = 4_000;
/// How far in front a number may have been told that is told again with its digits changed about.
const AGAIN: usize = 20_000;
/// Orders of the same digits that are kept.
const ORDERS_MAX: usize = 8;
/// How many digits a number needs whose digits changed about are no chance.
const DIGITS: usize = 3;
/// Characters in front of a number and behind its unit among which its name is looked for.
const NAME: usize = 12;
/// Shared characters that make two numbers those of one thing.
const SHARED: usize = 3;
/// The same where the number has more digits than [`DIGITS`].
const SHARED_OF_LONG: usize = 2;
/// Words that say nothing of what is counted.
const COMMON: &str = "截至 目前 其中 累计 全市 全县 全镇 全乡 全区 全省 今年 全年 上半年 下半年 以来 共有 一共 分别 完成 开展 组织 方面 \
                      工作 情况 问题 项目 以上 以下 左右 达到 比上 同比 增长 新增 已经 落实 实施 建立 推进";
/// Characters directly in front of two numbers that make also short ones those of one thing.
const SAME: usize = 4;
/// Shared characters of two rates of one name, 参与率, and of the sentences in which they stand.
const RATE: (usize, usize) = (3, 4);
/// Words by which a number is of another time or of a part.
const OTHER: &str = "去年 上年 同期 往年 上月 上季 上半年的 前年 原计划 提高到 提升到 下降到 降到 减少到 增加到 增至 减至 升至 降至";

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    let told: Vec<(&Mention, Vec<char>)> = mentions
        .iter()
        .filter(|m| (told_exactly(m)) && !any(chars, m.clause.0, m.start, OTHER))
        .filter_map(|m| digits(chars, m).map(|digits| (m, digits)))
        .collect();
    // Those whose digits are the same, whatever their order; of each order the first.
    let mut by_digits: HashMap<Vec<char>, Vec<usize>> = HashMap::new();
    let mut pairs: Vec<(&Mention, &Mention)> = Vec::new();
    for (at, (second, digits)) in told.iter().enumerate() {
        let mut sorted = digits.clone();
        sorted.sort_unstable();
        let orders = by_digits.entry(sorted).or_default();
        orders.retain(|first| told[*first].0.start + AGAIN >= second.start);
        match orders.iter().find(|first| told[**first].1 != *digits) {
            Some(first) => pairs.push((told[*first].0, second)),
            None if orders.is_empty() => orders.push(at),
            None => {}
        }
        if orders.iter().all(|first| told[*first].1 != *digits) && orders.len() < ORDERS_MAX {
            orders.push(at);
        }
    }
    pairs.sort_by_key(|(_, second)| second.start);
    for (first, second) in pairs {
        twisted(found, mentions, first, second);
    }
    for (n, (second, _)) in told.iter().enumerate() {
        let rate = |first: &&(&Mention, Vec<char>)| same_rate(chars, first.0, second);
        let near = told[..n].iter().rev().take_while(|(first, _)| first.start + FAR >= second.start);
        if let Some((first, _)) = near.into_iter().find(rate) {
            let reason = format!("同一比率前后写作{}和{}", first.number.value, second.number.value);
            found.between(&[first, second], ConflictKind::TwoValues, Certainty::Query, reason);
        }
    }
}

/// Whether these characters are Chinese and hold no word that says nothing of the thing.
fn telling(words: &[char]) -> bool {
    all_han(words) && common(words) == 0
}

/// 参与率为91.6% …… 课后服务参与率达到95.6%: one digit of the same rate is another.
fn same_rate(chars: &[char], first: &Mention, second: &Mention) -> bool {
    let printed = |m: &Mention| &chars[m.number.start..m.number.end];
    let (a, b) = (printed(first), printed(second));
    let one = a.len() == b.len() && a.iter().zip(b).filter(|(x, y)| x != y).count() == 1;
    // 整改率 of two things are two rates.
    let done =
        any(chars, second.clause.0, second.number.start, "整改率 完成率 办结率 化解率 销号率 占 增 降 同比");
    let named = |m: &Mention| {
        let from = m.number.start.saturating_sub(8).max(m.clause.0);
        any(chars, from, m.number.start, "率 度 占比 比重")
    };
    let done = done || !named(first) || !named(second);
    let rates = first.kind == FigureKind::Rate && second.kind == FigureKind::Rate && !done;
    if !one || !rates || first.sentence == second.sentence {
        return false;
    }
    let theme = |m: &Mention| chars[m.sentence.0..m.start].windows(RATE.1);
    !of_other_days(chars, first, second)
        && shared_name(chars, first, second) >= RATE.0
        && theme(first).any(|w| telling(w) && theme(second).any(|v| v == w))
}

/// A number that can be told again: of things, people, money, a rate, an average.
fn told_exactly(m: &Mention) -> bool {
    m.kind != FigureKind::Rank && m.exact() && !m.rhythm && !m.quoted && !m.number.han
}

/// The digits of a number as printed, if it has enough of them and two that differ.
fn digits(chars: &[char], m: &Mention) -> Option<Vec<char>> {
    let printed = &chars[m.number.start..m.number.end];
    let digits: Vec<char> = printed.iter().copied().filter(char::is_ascii_digit).collect();
    let differ = digits.iter().any(|d| *d != digits[0]);
    // 1200 and 2100 differ by what they are rounded to.
    let round = digits.iter().rev().take_while(|d| **d == '0').count() > 1;
    (digits.len() > 1 && differ && !round).then_some(digits)
}

fn twisted(found: &mut Found<'_>, mentions: &[Mention], first: &Mention, second: &Mention) {
    let chars = found.chars;
    let near = first.amount(chars) / second.amount(chars).max(1e-9);
    let front = |m: &Mention| m.number.start.checked_sub(SAME).map(|from| &chars[from..m.number.start]);
    let same = front(first).is_some_and(|w| telling(w) && Some(w) == front(second));
    let alike = (same || (0.5..2.0).contains(&near)) && same_unit(chars, first, second);
    if first.sentence == second.sentence || !alike || bare(chars, first).is_empty() {
        return;
    }
    // 零售总额86.4亿元 …… 城镇零售额64.8亿元，占75%: a part of it.
    let behind = mentions.partition_point(|m| m.start < second.end);
    let part = mentions.get(behind).is_some_and(|rate| {
        rate.plain_unit(chars) == "%"
            && rate.start - second.end <= NAME
            && is_share(chars, second, first, rate)
    });
    // 西澜街道128处 and 东荞街道摸排182处: each place by itself.
    let place = |m: &Mention| {
        let from = m.start.saturating_sub(NAME).max(m.clause.0);
        let named =
            |w: &[char]| w == ['街', '道'] || w[1] == '镇' && all_han(w) && !"城乡集全各市".contains(w[0]);
        let at = chars[from..m.start].windows(2).rposition(named);
        at.map(|at| &chars[(from + at).saturating_sub(1).max(m.clause.0)..from + at + 2])
    };
    let places = place(first).zip(place(second)).is_some_and(|(a, b)| a != b);
    // 参与的党支部达128个 and 仍有182个党支部没有申报: others than those.
    if part || places || denied(chars, first) != denied(chars, second) || of_other_days(chars, first, second)
    {
        return;
    }
    let shared = if same { SHARED } else { shared_name(chars, first, second) };
    let count = chars[first.number.start..first.number.end].iter().filter(|c| c.is_ascii_digit()).count();
    if count < DIGITS && !same && shared < 5 {
        return;
    }
    let long = count > DIGITS;
    // 76起，处理103人 and 76起问题共处理130人: with another number that both tell.
    let beside = tell_the_same(chars, mentions, first, second)
        && (shared >= SHARED_OF_LONG || clauses_alike(chars, first, second));
    let whole = bare(chars, first).len() > 1 && bare(chars, first) == bare(chars, second);
    if shared >= SHARED || (long || whole) && shared >= SHARED_OF_LONG || beside {
        let reason = format!(
            "同一件事前后写作{}和{}，数字颠倒",
            plain(first.amount(chars)),
            plain(second.amount(chars))
        );
        found.between(&[first, second], ConflictKind::TwoValues, Certainty::Certain, reason);
    }
}

/// Whether both sentences tell another number that is the same.
fn tell_the_same(chars: &[char], mentions: &[Mention], first: &Mention, second: &Mention) -> bool {
    let of = |m: &Mention| {
        let sentence = m.sentence;
        mentions.iter().filter(move |n| n.sentence == sentence && n.number.value >= 5.0)
    };
    of(first).any(|a| {
        of(second).any(|b| same_unit(chars, a, b) && (a.amount(chars) - b.amount(chars)).abs() < 1e-9)
    })
}

/// 回乡团组9批186人次 and 9批168人次的回乡团组: two words of both clauses are the same.
fn clauses_alike(chars: &[char], first: &Mention, second: &Mention) -> bool {
    let own = &chars[first.clause.0..first.clause.1];
    let other = &chars[second.clause.0..second.clause.1];
    shared_words(own, other) > 2
}

/// How many words of two characters stand in both stretches, but for those that say nothing of the thing.
pub(super) fn shared_words(own: &[char], other: &[char]) -> usize {
    let mut words: Vec<&[char]> =
        own.windows(2).filter(|w| telling(w) && other.windows(2).any(|v| v == *w)).collect();
    words.sort_unstable();
    words.dedup();
    words.len()
}

/// Whether a count is told of those of which something is not so.
pub(super) fn denied(chars: &[char], m: &Mention) -> bool {
    any(chars, m.clause.0, m.clause.1, "仍有 还有 尚有 没有 未")
}

/// Whether both sentences say as of which day they tell, and the days differ.
pub(super) fn of_other_days(chars: &[char], first: &Mention, second: &Mention) -> bool {
    let day = |m: &Mention| as_of(chars, m.sentence.0, m.start);
    day(first).zip(day(second)).is_some_and(|(a, b)| a.1 != b.1)
}

/// 财政管理方面，查出问题34个……重大项目方面，查出问题41个: each field by itself.
pub(super) fn of_other_fields(chars: &[char], first: &Mention, again: &Mention) -> bool {
    let field = |m: &Mention| {
        let own = ["方面", "领域"].iter().find_map(|word| find(chars, m.sentence.0, m.start, word));
        let at = own.or_else(|| heading(chars, m))?;
        Some(&chars[at.saturating_sub(4)..at])
    };
    field(first).zip(field(again)).is_some_and(|(a, b)| a != b)
}

/// （二）危险化学品领域。: where the heading names the field at the begin of the line of a number.
fn heading(chars: &[char], m: &Mention) -> Option<usize> {
    /// The longest heading, and how far back the begin of the line is looked for.
    const LONG: usize = 24;
    const BACK: usize = 800;
    let from = m.start.saturating_sub(BACK);
    let line = from + chars[from..m.start].iter().rposition(|c| *c == '\n')? + 1;
    let end = find(chars, line, m.start.min(line + LONG), "。")?;
    ["方面", "领域"].iter().find_map(|word| ending(chars, end, word)).filter(|at| *at > line + 4)
}

/// The longest name that stands at both numbers, in characters.
pub(super) fn shared_name(chars: &[char], first: &Mention, second: &Mention) -> usize {
    let (a, b) = (around(chars, first), around(chars, second));
    let mut longest = 0;
    for one in &a {
        for other in &b {
            for start in 0..one.len() {
                for from in 0..other.len() {
                    let same = one[start..].iter().zip(&other[from..]).take_while(|(x, y)| x == y).count();
                    if same > longest {
                        longest = longest.max(same - common(&one[start..start + same]).min(same));
                    }
                }
            }
        }
    }
    longest
}

/// How many of these characters belong to words that say nothing of the thing.
fn common(name: &[char]) -> usize {
    let held = |word: &&str| any(name, 0, name.len(), word);
    COMMON.split_whitespace().filter(held).map(|word| word.chars().count()).sum()
}

/// The Chinese in front of a number, within its clause, and behind its unit up to the next mark or number.
fn around<'a>(chars: &'a [char], m: &Mention) -> [&'a [char]; 2] {
    let han = |c: &char| ('\u{4e00}'..='\u{9fff}').contains(c);
    let front = &chars[m.number.start.saturating_sub(NAME).max(m.clause.0)..m.number.start];
    let mut from = front.iter().rposition(|c| !han(c)).map_or(0, |at| at + 1);
    // 累计转移群众3276户9814人: the name stands in front of both numbers.
    let mut front = front;
    if (1..3).contains(&(front.len() - from)) && from > 0 && front[from - 1].is_ascii_digit() {
        let end = front[..from].iter().rposition(|c| !c.is_ascii_digit() && *c != '.').map_or(0, |at| at + 1);
        front = &front[..end];
        from = front.iter().rposition(|c| !han(c)).map_or(0, |at| at + 1);
    }
    let behind = &chars[m.end..(m.end + NAME).min(m.clause.1.max(m.end))];
    let to = behind.iter().position(|c| !han(c)).unwrap_or(behind.len());
    [&front[from..], &behind[..to]]
}
