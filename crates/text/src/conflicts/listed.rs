//! What a list of counts says of its whole and of its items: 按对象分，甲1850人、乙920人 that do not make the 3870; 消防安全隐患最多，占43.8%.

use super::exceeds;
use super::facts::{List, exhaustive, introduction, label, of_other_things};
use super::reckon::{Range, in_front, is_share, parted, quantity, same_unit};
use super::share;
use super::within::plain;
use super::{Certainty, ConflictKind, Found};
use crate::figures::Mention;
use crate::lexicon::{any, find};

/// How far in front of a list its whole may stand that does not fit, in code points.
const WHOLE: usize = 90;
/// How far in front a number may stand that makes a list or a share right.
const EXPLAINED: usize = 900;
/// How far the sum of a list may be from its whole and still be meant as it, as a share of the whole.
const NEAR: f64 = 0.25;
/// How far behind its list a share may stand.
const SHARE: usize = 90;

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention], lists: &[List]) {
    for list in lists {
        if list.whole.is_none() {
            does_not_make(found, mentions, list);
        }
        shares(found, mentions, list);
    }
}

/// 福彩公益金860万元，主要用于甲320万元、乙215万元、丙180万元和丁155万元.
fn does_not_make(found: &mut Found<'_>, mentions: &[Mention], list: &List) {
    let chars = found.chars;
    let items: Vec<&Mention> =
        list.items.iter().map(|at| &mentions[*at]).take_while(|m| !of_other_things(chars, m)).collect();
    let intro = introduction(chars, mentions, list);
    let first = list.items[0];
    let largest = items.iter().map(|m| m.amount(chars)).fold(0.0, f64::max);
    // 初次信访918件、重复信访368件；按内容分，甲402件: an item of the list in front is no whole.
    let item = |m: &Mention| chars.get(m.end) == Some(&'、') || chars[m.clause.0..m.start].contains(&'、');
    let mut wholes = in_front(chars, mentions, first, WHOLE).filter(|m| m.amount(chars) > largest);
    let Some(whole) = wholes.find(|m| !item(m)) else { return };
    let last = items.last().map_or(whole.end, |m| m.end);
    let open = any(chars, last, mentions[first].sentence.1.min(last + 8), "等 其余 其他 其它 余下 剩余");
    let owed = any(chars, whole.clause.0, whole.start, "计划 目标 任务 去年 上年 同期");
    // What follows may be one more that was not read as such.
    let behind = mentions.partition_point(|m| m.start <= last);
    let more = mentions[behind..]
        .iter()
        .take_while(|m| m.start - last <= WHOLE / 3)
        .any(|m| !chars[last..m.start].contains(&'；') && quantity(m) && same_unit(chars, m, whole));
    if items.len() < 2
        || open
        || more
        || owed
        || parted(chars, whole.end, items[0].start)
        || found.is_sure_of(items[0])
    {
        return;
    }
    let all = exhaustive(intro) && items.len() > 2 || names_all(chars, mentions, whole, list, items.len());
    let sum = items.iter().fold(Range::exactly(0.0), |sum, m| sum.plus(Range::of(chars, m)));
    let (total, of) = (sum.low.midpoint(sum.high), whole.amount(chars));
    let less = items.iter().all(|m| m.amount(chars) < of);
    let explained = |m: &Mention| Range::of(chars, m).meets(sum) && !parted(chars, m.end, items[0].start);
    // 一般隐患3218条，重大隐患57条。从来源看，……: of both together.
    let front: Vec<&Mention> = in_front(chars, mentions, first, EXPLAINED).collect();
    let both = front.windows(2).any(|w| {
        let two = Range::of(chars, w[0]).plus(Range::of(chars, w[1]));
        w[0].sentence == w[1].sentence && two.meets(sum)
    });
    let far = whole.sentence != items[0].sentence && any(intro, 0, intro.len(), "分别");
    if !all
        || both
        || far
        || !less
        || sum.meets(Range::of(chars, whole))
        || (total - of).abs() > NEAR * of
        || in_front(chars, mentions, first, EXPLAINED).any(explained)
    {
        return;
    }
    let reason = format!("各项相加为{}，总数为{}", plain(total), plain(of));
    let figures: Vec<&Mention> = [whole].into_iter().chain(items).collect();
    found.between(&figures, ConflictKind::Sum, Certainty::Certain, reason);
}

/// 局机关和下属单位共清退资金18.6万元，其中局机关7.4万元、下属单位9.8万元: the whole is told of just these.
fn names_all(chars: &[char], mentions: &[Mention], whole: &Mention, list: &List, count: usize) -> bool {
    list.items[..count].iter().all(|at| {
        let name = label(chars, mentions, *at);
        name.len() > 1 && chars[whole.clause.0..whole.start].windows(name.len()).any(|w| w == name)
    }) && chars[whole.clause.0..whole.start].contains(&'共')
}

/// 消防安全231处、……，消防安全隐患最多，占43.8%: the share of an item that the text names.
fn shares(found: &mut Found<'_>, mentions: &[Mention], list: &List) {
    let chars = found.chars;
    let end = mentions[list.items[list.items.len() - 1]].end;
    let behind = list.items[list.items.len() - 1] + 1;
    for rate in mentions[behind..].iter().take_while(|m| m.start - end <= SHARE) {
        let said = find(chars, rate.clause.0.max(end), rate.number.start, "占")
            .filter(|at| rate.number.start - at <= 9);
        let (Some(said), true) = (said, rate.plain_unit(chars) == "%" && rate.exact()) else { continue };
        // Only where no count stands between: its share would be told.
        let count = mentions[behind..].iter().take_while(|m| m.start < rate.start).any(quantity);
        if count || found.holds(rate) {
            return;
        }
        let before = mentions[behind..].iter().take_while(|m| m.start < rate.start).last();
        let end = before.map_or(end, |m| m.end);
        if end > said {
            continue;
        }
        // 邻里和婚姻家庭纠纷合计占63.9%: of several together.
        if any(chars, end, rate.number.start, "合计 共占 两类 三类 两项 三项 之和 二者 两者 三者")
        {
            return;
        }
        let Some(part) = item_named(chars, mentions, list, (end, said)) else { continue };
        let fits = |whole: &Mention| is_share(chars, part, whole, rate);
        let whole = match list.whole {
            Some(at) => Some(&mentions[at]),
            None => in_front(chars, mentions, list.items[0], WHOLE).next(),
        };
        let explained = in_front(chars, mentions, list.items[0], EXPLAINED).any(fits);
        if let Some(whole) = whole.filter(|m| !explained && m.amount(chars) > part.amount(chars)) {
            let sure = if list.whole.is_some() { Certainty::Certain } else { Certainty::Query };
            share::tell(found, whole, part, rate, sure);
        }
    }
}

/// The one item whose name stands between the list and the share.
fn item_named<'a>(
    chars: &[char],
    mentions: &'a [Mention],
    list: &List,
    (from, to): (usize, usize),
) -> Option<&'a Mention> {
    let named = |at: &&usize| {
        let name = label(chars, mentions, **at);
        name.len() > 1 && chars[from..to].windows(name.len()).any(|w| w == name)
    };
    let mut items = list.items.iter().filter(named);
    let item = items.next();
    if items.next().is_some() {
        return None;
    }
    item.map(|at| &mentions[*at])
}

/// 12368栋经营性自建房中，……；3层及以上的有13207栋: none of those in a sentence that begins with all of them is more.
pub(super) fn of_all_in_front(found: &mut Found<'_>, mentions: &[Mention], from: usize, to: usize) {
    let chars = found.chars;
    let Some(all) = mentions[from..to].first().filter(|m| quantity(m)) else { return };
    let Some(at) = find(chars, all.end, all.clause.1 + 1, "中，").filter(|at| at - all.end <= 14) else {
        return;
    };
    if all.start - all.sentence.0 > 12 || !chars[all.sentence.0..all.start].iter().all(|c| *c != '，') {
        return;
    }
    for part in mentions[from + 1..to].iter().filter(|m| m.start > at && quantity(m)) {
        let same = same_unit(chars, all, part);
        let wider =
            any(chars, part.clause.0, part.start, "累计 共 合计 涉及 带动 惠及 去年 上年 全省 全国 次");
        let more = part.amount(chars) > all.amount(chars) && part.amount(chars) <= 1.5 * all.amount(chars);
        if same && more && !wider && !found.holds(part) {
            exceeds::tell(found, all, part);
        }
    }
}
