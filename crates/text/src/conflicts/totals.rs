//! How many there are of a thing in all, as a list or its own words tell, against what is told of it elsewhere: 其中民营医疗机构11家
//! …… 约谈13家民营医疗机构; 构成重大危险源32个，其中一级5个…… 全市35个重大危险源.

use std::collections::{HashMap, HashSet};

use super::days::as_of;
use super::facts::{List, behind, label};
use super::reckon::{all_han, directly_before, quantity, same_unit, within};
use super::retold::{of_other_days, of_other_fields};
use super::within::plain;
use super::{Certainty, ConflictKind, Found};
use crate::figures::Mention;
use crate::lexicon::{any, find, stands};

/// How far from one another a total and what is told of its thing may stand, in code points.
const FAR: usize = 4_000;
/// How much larger a count may be and still be meant of the same thing, as a factor.
const MEANT: f64 = 1.6;
/// Shared characters that name a thing for sure, where nothing else says so.
const NAMED: usize = 3;
/// Words by which a count is of another time, of a part, or of times and not of things.
const OTHER: &str = "去年 上年 同期 往年 上月 上季 前年 计划 目标 任务 预算 力争 新增 增加 减少 净增 拟 每 均 累计 其余 剩余 \
                     全省 全国 首批 第一批 第二批 历年 近年 年初 原有 原来 以上的 以下的 不少于 至少";
/// Words by which a count of all of a place is of another time.
const EARLIER: &str = "去年 上年 同期 往年 新增 增加 减少 原有 原来 年初 累计";
/// Words by which a count is told as how many there are.
const SAID: [&str; 9] = ["共有", "现有", "共", "辖", "设有", "共设", "共设立", "现共有", "拥有"];
/// Words in front of a number by which all there are of a place are meant.
const ALL_OF: [&str; 14] = [
    "全市",
    "全县",
    "全区",
    "全镇",
    "全乡",
    "全系统",
    "全局",
    "全街道",
    "我市",
    "我县",
    "我区",
    "辖区内",
    "辖区",
    "上述",
];
/// Words in front of a name by which it is counted.
const COUNTED: [&str; 20] = [
    "构成",
    "排查",
    "设立",
    "成立",
    "建立",
    "组建",
    "登记",
    "发现",
    "梳理",
    "确定",
    "纳入",
    "配备",
    "摸排",
    "建成",
    "全市",
    "全县",
    "全区",
    "查出",
    "排查出",
    "梳理出",
];
/// What is said to have been done with anything.
const PLAIN: [&str; 8] = ["已完成", "已整改", "已办结", "已解决", "已化解", "已销号", "已落实", "已建成"];
/// Characters by which a name is known whatever verb stands in front of it: 建设粮油单产提升示范片42个.
const LONG: usize = 6;
/// Units of the country, of which a place has so many: their names are short.
const PLACES: [&str; 6] = ["乡镇", "行政村", "建制村", "街道", "社区", "村庄"];

/// A count that says how many there are of a thing.
struct Total {
    at: usize,
    /// Whether a list proves it.
    proved: bool,
}

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention], lists: &[List]) {
    let chars = found.chars;
    let totals = totals(chars, mentions, lists);
    told_twice(found, mentions);
    for total in &totals {
        if any(chars, mentions[total.at].clause.0, mentions[total.at].start, OTHER) {
            continue;
        }
        for at in within(mentions, mentions[total.at].start, FAR) {
            against(found, mentions, total, at);
        }
    }
}

fn totals(chars: &[char], mentions: &[Mention], lists: &[List]) -> Vec<Total> {
    let mut totals = Vec::new();
    for list in lists {
        let Some(whole) = list.whole else { continue };
        totals.push(Total { at: whole, proved: true });
        totals.extend(list.items.iter().map(|at| Total { at: *at, proved: true }));
    }
    let proved: HashSet<usize> = totals.iter().map(|total: &Total| total.at).collect();
    for (at, m) in mentions.iter().enumerate() {
        let said = directly_before(chars, m.number.start, &SAID).is_some();
        let known = proved.contains(&at);
        // 已上线运行21项: so many there are of those that are told again as 已上线的.
        let done = label(chars, mentions, at).first() == Some(&'已');
        if !known && quantity(m) && (said || done || of_the_place(chars, m)) {
            totals.push(Total { at, proved: false });
        }
    }
    totals.sort_by_key(|total| total.at);
    totals
}

/// 全区12个镇、152个行政村: all of a place, told one behind the other.
fn of_the_place(chars: &[char], m: &Mention) -> bool {
    let directly = directly_before(chars, m.number.start, &ALL_OF).is_some();
    let from = m.number.start.saturating_sub(8).max(m.clause.0);
    let listed = chars[from..m.number.start].last() == Some(&'、')
        && ALL_OF.iter().any(|word| {
            find(chars, from, m.number.start, word)
                .is_some_and(|at| chars.get(at + word.chars().count()).is_some_and(char::is_ascii_digit))
        });
    directly || listed
}

/// Words in front of a name that say when, where or that it is all of them.
const SCOPE: [&str; 15] = [
    "在",
    "今年以来",
    "今年",
    "全年",
    "全市",
    "全县",
    "全区",
    "全镇",
    "累计",
    "共",
    "已",
    "我市",
    "我县",
    "我区",
    "年内",
];
/// Characters of a verb with its thing by which a count is known again: 发出家庭教育指导令37份.
const TOLD: usize = 6;

/// 共发出家庭教育指导令37份 …… 今年前8个月，全区发出家庭教育指导令73份: told twice in the same words.
fn told_twice(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    let name = |at: usize| {
        let mut name = label(chars, mentions, at);
        while let Some(word) = SCOPE.iter().find(|w| name.len() >= w.chars().count() && stands(name, 0, w)) {
            name = &name[word.chars().count()..];
        }
        name
    };
    let names: Vec<&[char]> =
        (0..mentions.len()).map(|at| if quantity(&mentions[at]) { name(at) } else { &[] }).collect();
    let mut told: HashMap<&[char], Vec<usize>> = HashMap::new();
    for at in 0..mentions.len() {
        let again = &mentions[at];
        if names[at].len() < TOLD {
            continue;
        }
        let same = told.entry(names[at]).or_default();
        same.retain(|n| mentions[*n].start + FAR >= again.start);
        let first = same.iter().copied().find(|n| same_unit(chars, &mentions[*n], again));
        same.push(at);
        let wished = any(chars, again.clause.0, again.start, "计划 拟 将 再")
            || any(chars, again.sentence.0, again.start, "力争 争取 明年 确保 目标 计划")
                && !any(chars, again.end, again.clause.1, "基础上");
        let other = wished || any(chars, again.clause.0, again.start, EARLIER);
        if found.holds(again) || other {
            continue;
        }
        let Some(first) = first.map(|n| &mentions[n]).filter(|m| !found.holds(m)) else { continue };
        let (all, of) = (first.amount(chars), again.amount(chars));
        let close = (all - of).abs() > 1e-9 && of <= all * 2.0 && all <= of * 2.0;
        let other = any(chars, first.clause.0, first.start, EARLIER) || first.sentence == again.sentence;
        if close && !other && !of_another(chars, mentions, first, again) && !of_a_part(chars, first, again) {
            let reason = format!("同一件事一处是{}，另一处是{}", plain(all), plain(of));
            found.between(&[first, again], ConflictKind::TwoValues, Certainty::Certain, reason);
        }
    }
}

/// Whether one of both is told of a place, a stretch of time or a kind that the other is not.
fn of_a_part(chars: &[char], first: &Mention, again: &Mention) -> bool {
    const PARTS: &str = "其中 上半年 下半年 季度 第一轮 第二轮 首轮 首批 第一批 第二批 本月 当月 镇 乡 村 街道 局 市级 县级 省级 区级 分别 每 各";
    let says = |m: &Mention, word: &str| {
        find(chars, m.sentence.0, m.number.start, word)
            .is_some_and(|at| !matches!(word, "镇" | "乡" | "村") || at > m.sentence.0 + 1)
    };
    let digit_month = |m: &Mention| {
        chars[m.sentence.0..m.number.start].windows(2).any(|w| w[1] == '月' && w[0].is_ascii_digit())
    };
    PARTS.split_whitespace().any(|word| says(first, word) != says(again, word))
        || digit_month(first) && digit_month(again)
}

/// How a count names the thing of a total.
#[derive(Clone, Copy, PartialEq)]
enum Names {
    /// By its name alone.
    Thing,
    /// 尚未消除风险的398户, 亏损的4户企业: by what was said of the total.
    Those,
}

fn against(found: &mut Found<'_>, mentions: &[Mention], total: &Total, at: usize) {
    let chars = found.chars;
    let (first, again) = (&mentions[total.at], &mentions[at]);
    let apart = first.clause != again.clause && quantity(again) && same_unit(chars, first, again);
    let (all, of) = (first.amount(chars), again.amount(chars));
    let close = (all - of).abs() > 1e-9 && of <= all * MEANT && all <= of * MEANT;
    // 力争实现全区156个行政村应治尽治: what is wished for all of them, they are that many now.
    let other = if of_the_place(chars, again) { EARLIER } else { OTHER };
    if !apart || !close || found.holds(again) || any(chars, again.clause.0, again.start, other) {
        return;
    }
    let Some(names) = names_it(chars, mentions, total.at, at) else { return };
    if of_another(chars, mentions, first, again) || told_elsewhere(chars, mentions, total.at, at) {
        return;
    }
    let those = names == Names::Those;
    // 全市32个现场教学点中 with its parts: whatever else is told of them is wrong.
    let decides =
        total.proved && of_the_place(chars, first) && chars[first.end..first.clause.1].contains(&'中');
    let definite = those || decides || of_the_place(chars, again);
    let mut figures = [first, again];
    figures.sort_by_key(|m| m.start);
    if definite {
        let reason = format!("同一事物一处是{}，另一处是{}", plain(all), plain(of));
        found.between(&figures, ConflictKind::TwoValues, Certainty::Certain, reason);
    } else if of > all && again.start > first.start {
        let reason = format!("一共{}，这里却有{}", plain(all), plain(of));
        let sure = if total.proved { Certainty::Certain } else { Certainty::Query };
        found.between(&figures, ConflictKind::SubsetExceedsSet, sure, reason);
    }
}

/// Whether a count elsewhere names the thing that a total is of, and how.
fn names_it(chars: &[char], mentions: &[Mention], total: usize, again: usize) -> Option<Names> {
    let (own, other) = (label(chars, mentions, total), label(chars, mentions, again));
    let (thing, named) = (behind(chars, &mentions[total]), behind(chars, &mentions[again]));
    // 尚未消除风险的383户 and 尚未消除风险的398户; 亏损3户 and 亏损的4户企业.
    let bare = |name: &'_ [char]| name.strip_suffix(&['的']).unwrap_or(name).to_vec();
    let (one, two) = (bare(own), bare(other));
    let those = other.last() == Some(&'的');
    // 已化解66件 and 已化解的68件积案, of which the first sentence tells.
    let sentence = mentions[total].sentence;
    let told_of = |name: &[char]| chars[sentence.0..sentence.1].windows(2).any(|w| name.get(..2) == Some(w));
    if those && one == two && one.first() == Some(&'已') && told_of(named) {
        return Some(Names::Those);
    }
    // 现有党员1265名 and 全镇党员中已有1310名; 党员236名 and 全局263名党员.
    let front = &chars[mentions[again].clause.0..mentions[again].start];
    let among =
        own.len() > 1 && front.windows(own.len() + 1).any(|w| w.starts_with(own) && w[own.len()] == '中');
    let short = own.len() == 2
        && named.starts_with(own)
        && of_the_place(chars, &mentions[again])
        && ends_there(named, 2);
    if thing.is_empty() && (among || short) {
        return Some(Names::Thing);
    }
    let so_far = two.len() >= NAMED && two[0] == '已' && one.starts_with(&two);
    if those && so_far && !PLAIN.contains(&two.iter().collect::<String>().as_str()) {
        return Some(Names::Those);
    }
    // 计划改造公交站台60座，已完成45座 and 已完成54座公交站台改造: by what its sentence tells of.
    let theme = &chars[mentions[total].sentence.0..mentions[total].start];
    if one.len() >= NAMED
        && one[0] == '已'
        && one == two
        && named.len() > 3
        && theme.windows(4).any(|w| w == &named[..4])
    {
        return Some(Names::Those);
    }
    if one.first() == Some(&'已') {
        return None;
    }
    // 完成12项 and 完成的11项: what is said of anything names nothing.
    let said = PLAIN.iter().any(|word| word.chars().skip(1).eq(one.iter().copied()));
    if those
        && !said
        && one.len() > 1
        && all_han(&one)
        && (two == one || two.len() > one.len() && two.ends_with(&one))
    {
        return Some(Names::Those);
    }
    let begins = |behind: &[char], name: &[char]| name.len() >= NAMED && behind.starts_with(name);
    // 民营医疗机构11家 and 13家民营医疗机构, 4A级5家 and 6家4A级景区.
    if begins(named, own) && all_han(&own[own.len() - 1..]) {
        return Some(Names::Thing);
    }
    // 构成重大危险源32个 and 35个重大危险源全部落实.
    let longest = (NAMED..=named.len().min(own.len())).rev().find(|n| own.ends_with(&named[..*n]));
    let whole = |n: &usize| {
        *n == own.len()
            || *n >= LONG && own.len() - n <= 4
            || COUNTED.contains(&own[..own.len() - n].iter().collect::<String>().as_str())
    };
    if longest.filter(whole).is_some_and(|n| n > NAMED || ends_there(named, n)) {
        return Some(Names::Thing);
    }
    // 152个行政村 and 156个行政村.
    let place = PLACES.iter().any(|place| {
        let place: Vec<char> = place.chars().collect();
        thing.starts_with(&place) && named.starts_with(&place)
    });
    let same = (NAMED..=named.len().min(thing.len())).rev().find(|n| thing[..*n] == named[..*n]);
    let same = same.is_some_and(|n| n > NAMED && (ends_there(named, n) || ends_there(thing, n)));
    (place || same).then_some(Names::Thing)
}

/// Whether a name of so many characters ends there, as far as can be seen: at a mark or a word that goes on.
fn ends_there(words: &[char], length: usize) -> bool {
    words.get(length).is_none_or(|c| "全均已都进得被正中的等和及与为有未开完参纳实落".contains(*c))
}

/// Whether the counts are of other times or places.
fn of_another(chars: &[char], mentions: &[Mention], first: &Mention, again: &Mention) -> bool {
    let from = |m: &Mention| {
        let first = mentions.partition_point(|n| n.start < m.clause.0);
        mentions.get(first).map_or(m.start, |n| n.start.min(m.start))
    };
    let place = |m: &Mention| {
        // 柳溪镇、石门镇等17个乡镇: some of all.
        chars[..m.number.start].last() != Some(&'等')
            && chars[m.clause.0..from(m)].windows(2).any(|w| {
                matches!(w[1], '镇' | '乡' | '县' | '村')
                    && !"全各乡我辖行建".contains(w[0])
                    && all_han(&w[..1])
            })
    };
    let month = |m: &Mention| {
        let front = &chars[m.sentence.0..m.start];
        front.windows(2).any(|w| w[0].is_ascii_digit() && w[1] == '月')
            && as_of(chars, m.sentence.0, m.start).is_none()
            && !any(front, 0, front.len(), "以来 至今 截至")
    };
    let set = |m: &Mention| {
        // 46家工业企业中，……；批零住餐企业中，……: of other sets.
        let end = find(chars, m.sentence.0, m.start, "中，")?;
        Some(&chars[end.saturating_sub(2).max(m.sentence.0)..end])
    };
    let sets = set(first).zip(set(again)).is_some_and(|(a, b)| a != b || first.sentence != again.sentence);
    let fields = of_other_fields(chars, first, again);
    fields
        || sets
        || of_other_days(chars, first, again)
        || place(again) && !place(first)
        || place(first) && !place(again)
        || month(first) != month(again)
}

/// Whether the value told again is that of another count of the same name, or what some of them make.
fn told_elsewhere(chars: &[char], mentions: &[Mention], total: usize, again: usize) -> bool {
    let of = mentions[again].amount(chars);
    let kin = |at: &usize| {
        *at != again && quantity(&mentions[*at]) && same_unit(chars, &mentions[*at], &mentions[again])
    };
    let same = |at: usize| (mentions[at].amount(chars) - of).abs() < 1e-9;
    let near = within(mentions, mentions[again].start, FAR).start;
    let front: Vec<usize> = (near..again).filter(kin).collect();
    front.iter().any(|at| same(*at) && names_it(chars, mentions, *at, again).is_some())
        || front.windows(2).any(|w| {
            let (a, b) = (mentions[w[0]].amount(chars), mentions[w[1]].amount(chars));
            (a + b - of).abs() < 1e-9 && (w[0] == total || w[1] == total)
        })
}
