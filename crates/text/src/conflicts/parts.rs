//! All parts of a whole, named one by one in a sentence of their own: 按类别分……, 已办结的信访件中，属实……、部分属实…….

use super::reckon::{Range, in_front, parted, quantity, same_unit};
use super::within::plain;
use super::{Certainty, ConflictKind, Found};
use crate::figures::Mention;
use crate::lexicon::{any, find};

/// How far in front of the parts their whole may stand, in code points.
const WHOLE: usize = 260;
/// How far in front a number may stand that the parts make.
const EXPLAINED: usize = 900;
/// How far the parts may stand from one another.
const STEP: usize = 26;
/// How far the sum may be from the whole and still be meant as it, as a share of it.
const NEAR: f64 = 0.1;
/// The same where the text says that they make it up.
const NEAR_OF_MADE: f64 = 0.35;
/// Fewest parts.
const PARTS: usize = 2;
/// How near two parts alone must come to their whole.
const NEAR_OF_TWO: f64 = 0.06;

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    let mut at = 0;
    while at < mentions.len() {
        let list = listed(found.chars, mentions, at);
        // 总投资4860万元，由……2150万元、……: the whole itself may stand directly in front.
        let all = [&list[..], &list[1..]]
            .into_iter()
            .find(|list| list.len() >= PARTS && all_there_are(found.chars, mentions, list));
        if let Some(all) = all {
            told(found, mentions, all);
        }
        at = list.last().map_or(at, |last| *last) + 1;
    }
}

/// The numbers of one unit that follow one another, shares in between left out.
fn listed(chars: &[char], mentions: &[Mention], first: usize) -> Vec<usize> {
    let mut list = vec![first];
    if !quantity(&mentions[first]) {
        return list;
    }
    for (at, m) in mentions.iter().enumerate().skip(first + 1) {
        let last = &mentions[list[list.len() - 1]];
        // 550批次，分别检出不合格样品3批次: another list.
        let other = any(chars, last.end, m.start.max(last.end), "分别 检出 发现 查出 中，");
        if m.sentence != last.sentence || m.start.saturating_sub(last.end) > STEP || other {
            break;
        }
        if m.plain_unit(chars) == "%" && chars[m.clause.0..m.start].contains(&'占') {
            continue;
        }
        if !quantity(m) || !same_unit(chars, m, last) {
            break;
        }
        list.push(at);
    }
    list
}

/// Whether words in front of the first part say that all parts follow.
fn all_there_are(chars: &[char], mentions: &[Mention], list: &[usize]) -> bool {
    let (first, last) = (&mentions[list[0]], &mentions[list[list.len() - 1]]);
    let before = list[0].checked_sub(1).map_or(0, |at| mentions[at].end).max(first.sentence.0);
    let by = find(chars, before, first.start, "按").or_else(|| find(chars, before, first.start, "从"));
    let kinds = by.is_some_and(|at| any(chars, at, first.start, "分， 看， 分： 看："));
    let seen = any(
        chars,
        before,
        first.start,
        "分县区看 分县看 分地区看 分乡镇看 分区域看 分领域看 分类别看 分行业看 分部门看 分月看 分单位看 分来源看 分性质看",
    );
    let kinds = kinds || seen;
    let of = find(chars, before, first.start, "中，").is_some_and(|at| at > first.sentence.0 + 2)
        && before == first.sentence.0;
    // 由中央资金2150万元、省级资金1380万元和县级配套1030万元三部分构成
    let made = find(chars, before, first.start, "由").is_some()
        && any(chars, last.end, last.sentence.1.min(last.end + 8), "构成 组成");
    let behind = any(chars, last.end, last.sentence.1.min(last.end + 10), "等 其余 其他 其它 余下 剩余");
    let other = any(chars, before.max(first.clause.0), last.end, "已")
        || any(chars, first.start, last.end, "同比 较 比上 累计 另 还有 每 均 以上 以下 共 已");
    (kinds || of || made) && !behind && !other
}

fn told(found: &mut Found<'_>, mentions: &[Mention], list: &[usize]) {
    let chars = found.chars;
    let parts: Vec<&Mention> = list.iter().map(|at| &mentions[*at]).collect();
    let sum = parts.iter().fold(Range::exactly(0.0), |sum, m| sum.plus(Range::of(chars, m)));
    let total = sum.low.midpoint(sum.high);
    // 自建房47起、住宅小区35起；亡人的1起: the first of them make the whole already.
    let complete = (2..parts.len()).any(|n| {
        let some = parts[..n].iter().fold(Range::exactly(0.0), |sum, m| sum.plus(Range::of(chars, m)));
        in_front(chars, mentions, list[0], EXPLAINED).any(|m| Range::of(chars, m).meets(some))
    });
    if complete && chars[parts[0].end..parts[parts.len() - 1].start].contains(&'；') {
        return;
    }
    let here = |m: &Mention| !parted(chars, m.end, parts[0].start);
    if in_front(chars, mentions, list[0], EXPLAINED).any(|m| here(m) && Range::of(chars, m).meets(sum)) {
        return;
    }
    // 所立案件按类型分 of 立案查处63起, a paragraph in front.
    let theme = &chars[parts[0].sentence.0
        ..find(chars, parts[0].sentence.0, parts[0].start, "按").unwrap_or(parts[0].sentence.0)];
    // 批零住餐企业中，一致的32家，不一致的6家: of a whole that is told of by that name.
    let among = find(chars, parts[0].sentence.0, parts[0].start, "中，").is_some();
    let theme = match find(chars, parts[0].sentence.0, parts[0].start, "中，") {
        Some(at) => &chars[parts[0].sentence.0..at],
        None => theme,
    };
    let told_of =
        |m: &Mention| theme.windows(2).any(|w| chars[m.clause.0..m.clause.1].windows(2).any(|v| v == w));
    let meant = |m: &Mention| here(m) && !among || told_of(m);
    if in_front(chars, mentions, list[0], EXPLAINED).any(|m| meant(m) && Range::of(chars, m).meets(sum)) {
        return;
    }
    let whole = in_front(chars, mentions, list[0], 2 * WHOLE).find(|m| {
        let of = m.amount(chars);
        let near = if parts.len() > 2 { NEAR } else { NEAR_OF_TWO };
        // 由24个直营店和52个加盟店组成: there are no others.
        let last = parts[parts.len() - 1];
        let made = any(chars, last.end, last.sentence.1.min(last.end + 8), "构成 组成")
            && parts[0].sentence == m.sentence;
        let near = if made { NEAR_OF_MADE } else { near };
        (of - total).abs() <= near * of && parts.iter().all(|part| part.amount(chars) < of) && meant(m)
    });
    if let Some(whole) = whole {
        let reason = format!("各项相加为{}，总数为{}", plain(total), plain(whole.amount(chars)));
        let figures: Vec<&Mention> = [whole].into_iter().chain(parts).collect();
        found.between(&figures, ConflictKind::Sum, Certainty::Certain, reason);
    }
}
