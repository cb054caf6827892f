//! 截至9月末……非标债务6.85亿元 …… 截至9月末，非标债务余额仍有7.85亿元: one amount as of one day, named with and without 余额.

use super::super::days::as_of;
use super::super::facts::label;
use super::super::reckon::{all_han, same_unit};
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found};
use super::same_day::named_elsewhere;
use crate::figures::{FigureKind, Mention};
use crate::lexicon::{any, find, stands};

/// How far apart both may be told, in code points.
const FAR: usize = 4_000;
/// How far in front of its number, in its paragraph, the day may be told.
const DAY: usize = 240;
/// The shortest name that leaves no doubt.
const NAME: usize = 4;
const NEARLY: std::ops::RangeInclusive<f64> = 0.5..=2.0;
const STATES: [&str; 8] = ["仍高达", "仍然", "尚余", "仍", "尚", "还", "高", "的"];
const SUFFIXES: [&str; 7] = ["余额", "总额", "规模", "总量", "存量", "总规模", "金额"];
/// Words of a change, or of another time: such an amount is none as of a day.
const OTHER: &str = "增 减 降 压 化解 偿还 新发 净 去年 上年 年初 计划 目标 预计 力争 到期 同期 月均 日均 均";

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    let all: Vec<(usize, &[char], u32)> =
        (0..mentions.len()).filter_map(|at| balance(chars, mentions, at)).collect();
    for (n, (at, name, day)) in all.iter().enumerate().skip(1) {
        let again = &mentions[*at];
        let same = |(other, own, as_of): &&(usize, &[char], u32)| {
            let m = &mentions[*other];
            own == name
                && as_of == day
                && m.sentence != again.sentence
                && same_unit(chars, m, again)
                && again.start - m.end <= FAR
        };
        let before: Vec<&Mention> = all[..n].iter().filter(same).map(|(at, ..)| &mentions[*at]).collect();
        let [first] = before[..] else { continue };
        let (a, b) = (first.amount(chars), again.amount(chars));
        let elsewhere = named_elsewhere(chars, first, again);
        if (a - b).abs() > 1e-9 && NEARLY.contains(&(a / b.max(1e-9))) && !elsewhere {
            let reason = format!("同一天的同一个数，前面是{}，这里是{}", plain(a), plain(b));
            found.between(&[first, again], ConflictKind::TwoValues, Certainty::Certain, reason);
        }
    }
}

/// What an amount is of, without 余额 and the like, and the day as of which it is told.
fn balance<'a>(chars: &'a [char], mentions: &'a [Mention], at: usize) -> Option<(usize, &'a [char], u32)> {
    let m = &mentions[at];
    if m.kind != FigureKind::Money || !m.exact() || m.quoted {
        return None;
    }
    let strip = |mut name: &'a [char], words: &[&str]| {
        for word in words {
            let word: Vec<char> = word.chars().collect();
            name = name.strip_suffix(&word[..]).unwrap_or(name);
        }
        name
    };
    let mut name = strip(strip(label(chars, mentions, at), &STATES), &SUFFIXES);
    if let Some(scope) =
        ["全县", "全市", "全区", "全镇", "我县", "我市", "我区"].iter().find(|s| stands(name, 0, s))
    {
        name = &name[scope.chars().count()..];
    }
    let paragraph = m.number.start.saturating_sub(DAY);
    let line = chars[paragraph..m.number.start]
        .iter()
        .rposition(|c| *c == '\n')
        .map_or(paragraph, |n| paragraph + n + 1);
    let until = ["截至", "截止"].iter().filter_map(|word| find(chars, line, m.number.start, word)).max()?;
    let (_, day) = as_of(chars, line, m.number.start)?;
    let one = as_of(chars, until, m.number.start).is_some_and(|(_, own)| own == day);
    let other = any(name, 0, name.len(), OTHER) || any(chars, m.clause.0, m.number.start, OTHER);
    (one && !other && name.len() >= NAME && all_han(name)).then_some((at, name, day))
}
