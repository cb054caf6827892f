//! Days and congresses whose date is known: 党的二十大 was held in October 2022, 中国人民警察节 is on 10 January.

use std::sync::LazyLock;

use super::{FaultKind, Found};
use crate::lexicon::{Lexicon, stands, words};
use crate::numbers::number_at;

/// Name, month and day of days that come every year.
const DAYS: [(&str, u32, u32); 24] = [
    ("中国人民警察节", 1, 10),
    ("植树节", 3, 12),
    ("世界水日", 3, 22),
    ("全民国家安全教育日", 4, 15),
    ("全国防灾减灾日", 5, 12),
    ("护士节", 5, 12),
    ("世界环境日", 6, 5),
    ("六五环境日", 6, 5),
    ("世界食品安全日", 6, 7),
    ("全国土地日", 6, 25),
    ("国际禁毒日", 6, 26),
    ("中国医师节", 8, 19),
    ("全国残疾预防日", 8, 25),
    ("教师节", 9, 10),
    ("烈士纪念日", 9, 30),
    ("国庆节", 10, 1),
    ("全国扶贫日", 10, 17),
    ("记者节", 11, 8),
    ("全国消防日", 11, 9),
    ("消防宣传日", 11, 9),
    ("全国交通安全日", 12, 2),
    ("国家宪法日", 12, 4),
    ("国际志愿者日", 12, 5),
    ("国家公祭日", 12, 13),
];
/// Name, year and month of congresses.
const CONGRESSES: [(&str, u32, u32); 3] =
    [("党的十八大", 2012, 11), ("党的十九大", 2017, 10), ("党的二十大", 2022, 10)];
/// How far behind the name of a day its date may stand, in characters.
const REACH: usize = 8;
/// What stands between a date and the congress that was held then.
const HELD: [&str; 5] = ["召开的", "，", "胜利召开的", "举行的", ""];

pub(super) fn known_days(found: &mut Found<'_>) {
    static NAMES: LazyLock<Lexicon> = LazyLock::new(|| {
        let names: Vec<&str> = DAYS.iter().chain(&CONGRESSES).map(|(name, _, _)| *name).collect();
        Lexicon::new(&[(1, &names.join(" "))])
    });
    let chars = found.chars;
    for hit in NAMES.scan(chars, 0, chars.len()) {
        let name = words(chars, hit.start, hit.end);
        let of = |known: &'static [(&'static str, u32, u32)]| {
            known.iter().find(|(own, _, _)| *own == name).copied()
        };
        if let Some((_, month, day)) = of(&DAYS) {
            of_year(found, (hit.start, hit.end), &name, (month, day));
        } else if let Some((_, year, month)) = of(&CONGRESSES) {
            held_in(found, hit.start, &name, (year, month));
        }
    }
}

/// A day that comes every year, with another date than its own.
fn of_year(found: &mut Found<'_>, (at, end): (usize, usize), name: &str, (month, day): (u32, u32)) {
    let date = date_behind(found.chars, end).or_else(|| date_in_front(found.chars, at));
    if let Some((from, to, told)) = date.filter(|(_, _, told)| *told != (month, day)) {
        let right = format!("{month}月{day}日");
        let reason = format!("{name}是{right}，这里写作{}月{}日", told.0, told.1);
        found.tell(from, to, FaultKind::Date, "known day", reason, Some(right));
    }
}

/// A congress with another month than that in which it was held.
fn held_in(found: &mut Found<'_>, at: usize, name: &str, (year, month): (u32, u32)) {
    let chars = found.chars;
    if let Some((from, told)) = month_in_front(chars, at).filter(|(_, told)| *told != (year, month)) {
        let reason = format!("{name}于{year}年{month}月召开，这里写作{}年{}月", told.0, told.1);
        let right = format!("{year}年{month}月") + &words(chars, behind_month(chars, from), at);
        found.tell(from, at, FaultKind::Date, "known day", reason, Some(right));
    }
}

/// A number and the sign behind it: where both end, and the number.
fn part(chars: &[char], at: usize, sign: char) -> Option<(usize, u32)> {
    let number =
        number_at(chars, at).filter(|n| chars.get(n.end) == Some(&sign) && n.value.fract() == 0.0)?;
    Some((number.end + 1, number.value as u32))
}

/// 全国残疾预防日是每年的8月28日.
fn date_behind(chars: &[char], end: usize) -> Option<(usize, usize, (u32, u32))> {
    let says = ["是", "（", "为", "定在"].iter().any(|w| stands(chars, end, w));
    let from = (end..(end + REACH).min(chars.len())).find(|i| chars[*i].is_ascii_digit()).filter(|_| says)?;
    let (behind, month) = part(chars, from, '月')?;
    let (to, day) = part(chars, behind, '日')?;
    Some((from, to, (month, day)))
}

/// 1月11日中国人民警察节.
fn date_in_front(chars: &[char], at: usize) -> Option<(usize, usize, (u32, u32))> {
    let begins = |i: &usize| chars[*i].is_ascii_digit() && (*i == 0 || !chars[i - 1].is_ascii_digit());
    (at.saturating_sub(6)..at).filter(begins).find_map(|from| {
        let (behind, month) = part(chars, from, '月')?;
        let (to, day) = part(chars, behind, '日')?;
        (to == at).then_some((from, to, (month, day)))
    })
}

/// 2021年10月召开的党的二十大: where the date begins, its year and month.
fn month_in_front(chars: &[char], at: usize) -> Option<(usize, (u32, u32))> {
    (at.saturating_sub(14)..at).find_map(|from| {
        let (behind, year) = part(chars, from, '年').filter(|(_, year)| (1900..=2100).contains(year))?;
        let (to, month) = part(chars, behind, '月')?;
        let held = HELD.iter().any(|w| stands(chars, to, w) && to + w.chars().count() == at);
        held.then_some((from, (year, month)))
    })
}

/// Behind the month of a date that begins here.
fn behind_month(chars: &[char], from: usize) -> usize {
    let to = part(chars, from, '年').and_then(|(behind, _)| part(chars, behind, '月'));
    to.map_or(from, |(to, _)| to)
}
