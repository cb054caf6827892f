//! What counted things are of, as the text says it: the name in front of a number and behind its unit, the lists they
//! stand in, and the wholes that such lists make.

use super::reckon::{Range, all_han, in_front, quantity, same_unit, without_links};
use super::within::earlier;
use crate::figures::Mention;
use crate::lexicon::{any, find, stands};

/// How far two items of a list may stand from one another, in code points.
const STEP: usize = 22;
/// How far in front of a list its whole may stand.
const WHOLE: usize = 320;
/// The longest name that is read.
const NAME: usize = 14;
/// More words that stand between a name and its number.
const SUMMED: [&str; 2] = ["合计", "总计"];
/// Words in front of a name that join it to what stands before it.
const JOINTS: [&str; 12] =
    ["其中", "包括", "涉及", "以及", "此外", "另有", "目前", "和", "及", "与", "或", "对"];
/// Words by which a number is told as done or left, and is no kind of the whole: anywhere in front of it, and directly.
const STATES: (&str, &str) =
    ("已 未 还有 另 同比 较 比上 比去 累计 每 均", "共 共有 其余 剩余 完成 整改 办结 销号 化解 解决 到位");

/// A list of counts of one unit that follow one another, with the count in front that they make.
#[derive(Debug)]
pub(super) struct List {
    /// Where its items stand among the numbers of the text.
    pub items: Vec<usize>,
    /// Where its whole stands, if a count in front is the sum of the items.
    pub whole: Option<usize>,
    /// What the items make together.
    pub sum: Range,
}

/// The name that stands in front of a number, without what joins it to either side: 民营医疗机构 of 其中民营医疗机构有11家.
pub(super) fn label<'a>(chars: &'a [char], mentions: &[Mention], at: usize) -> &'a [char] {
    let m = &mentions[at];
    let before = at.checked_sub(1).map_or(0, |n| mentions[n].end);
    let begin = m.clause.0.max(before.min(m.number.start)).max(m.number.start.saturating_sub(NAME));
    let to = without_links(chars, begin, m.number.start.min(m.start).max(begin), &SUMMED);
    let han = |c: &char| all_han(&[*c]) || c.is_ascii_alphanumeric();
    let mut from = chars[begin..to].iter().rposition(|c| !han(c)).map_or(begin, |n| begin + n + 1);
    while let Some(word) = JOINTS.iter().find(|word| from < to && stands(chars, from, word)) {
        from += word.chars().count();
    }
    &chars[from.min(to)..to]
}

/// The words directly behind the unit, up to the next mark.
pub(super) fn behind<'a>(chars: &'a [char], m: &Mention) -> &'a [char] {
    let behind = &chars[m.end..chars.len().min(m.end + NAME)];
    let ends = |c: &char| !all_han(&[*c]) && !c.is_ascii_alphanumeric();
    &behind[..behind.iter().position(ends).unwrap_or(behind.len())]
}

/// All lists of a text.
pub(super) fn lists(chars: &[char], mentions: &[Mention]) -> Vec<List> {
    let mut lists = Vec::new();
    let mut at = 0;
    while at < mentions.len() {
        let items = items_from(chars, mentions, at);
        at = items.last().map_or(at, |last| *last) + 1;
        // 总投资4860万元，甲2150万元、乙…: the whole itself may be taken for the first item.
        let of_rest = (items.len() > 2).then(|| made(chars, mentions, items[1..].to_vec())).filter(|list| {
            let first = &mentions[items[0]];
            list.sum.meets(Range::of(chars, first))
        });
        if let Some(list) = of_rest {
            lists.push(List { whole: Some(items[0]), ..list });
        } else if items.len() > 1 {
            lists.push(made(chars, mentions, items));
        }
    }
    lists
}

fn made(chars: &[char], mentions: &[Mention], items: Vec<usize>) -> List {
    let sum = items.iter().fold(Range::exactly(0.0), |sum, at| sum.plus(Range::of(chars, &mentions[*at])));
    let first = items[0];
    let largest = items.iter().map(|at| mentions[*at].amount(chars)).fold(0.0, f64::max);
    let whole = in_front(chars, mentions, first, WHOLE)
        .find(|m| m.amount(chars) > largest && Range::of(chars, m).meets(sum))
        .and_then(|m| mentions[..first].iter().rposition(|other| other.start == m.start));
    List { items, whole, sum }
}

fn items_from(chars: &[char], mentions: &[Mention], first: usize) -> Vec<usize> {
    let mut items = vec![first];
    if !quantity(&mentions[first]) || earlier(chars, &mentions[first]) {
        return items;
    }
    for at in first + 1..mentions.len() {
        let (last, m) = (&mentions[items[items.len() - 1]], &mentions[at]);
        if m.sentence != last.sentence {
            break;
        }
        let gap = &chars[last.end..m.number.start.max(last.end)];
        // Its share belongs to an item: 231处，占33.8%. So do bounds: 完成30%至50%的6个, 80至89周岁3512人.
        let bound = !m.exact() || matches!(chars.get(m.end), Some('的' | '至' | '以' | '及'));
        let rate = m.plain_unit(chars) == "%";
        if rate && (gap.len() <= 6 && gap.contains(&'占') || bound) || m.plain_unit(chars).ends_with('岁') {
            continue;
        }
        // 甲640人、乙860人；取得证书3219人: behind another mark something else begins.
        let first_gap = items.get(1).map(|at| &chars[mentions[items[0]].end..mentions[*at].number.start]);
        if gap.contains(&'；') && first_gap.is_some_and(|gap| gap.contains(&'、')) {
            break;
        }
        // 资金860万元，主要用于甲320万元: the first is the whole of those that follow.
        if items.len() == 1 && any(gap, 0, gap.len(), "其中 用于 包括 分别 分为 按 由 ：") {
            break;
        }
        if !quantity(m) || !same_unit(chars, m, last) || !next_item(gap) {
            break;
        }
        items.push(at);
    }
    items
}

/// Whether only the name of the next item stands between two numbers, and one mark or joining word.
fn next_item(gap: &[char]) -> bool {
    let marks = gap.iter().filter(|c| matches!(c, '、' | '，' | '；')).count();
    let joined = matches!(gap.first(), Some('和' | '及' | '与' | '以'));
    let rate = gap.contains(&'%');
    let directly = gap.len().saturating_sub(4);
    let state = any(gap, 0, gap.len(), STATES.0) || any(gap, directly, gap.len(), STATES.1);
    gap.len() <= STEP
        && (marks == 1 || marks == 0 && joined || rate && marks == 2)
        && !state
        && !gap.contains(&'：')
}

/// Whether the item of a list is told of a thing of its own, and not of the whole: 其余10个乡镇保持零火点.
pub(super) fn of_other_things(chars: &[char], m: &Mention) -> bool {
    let from = m.number.start.saturating_sub(3).max(m.clause.0);
    any(chars, from, m.number.start, "其余 其他 其它 剩余") && behind(chars, m).len() > 1
}

/// The words between the whole, or the beginning of the sentence, and the first item of a list.
pub(super) fn introduction<'a>(chars: &'a [char], mentions: &[Mention], list: &List) -> &'a [char] {
    let first = &mentions[list.items[0]];
    let before = list.items[0].checked_sub(1).map_or(0, |at| mentions[at].end).max(first.sentence.0);
    &chars[before.min(first.number.start)..first.number.start]
}

/// Whether a list is introduced as all there is of its whole: 按对象分, 主要用于, 分为.
pub(super) fn exhaustive(intro: &[char]) -> bool {
    let by = ["按", "从", "分"].iter().any(|word| {
        find(intro, 0, intro.len(), word)
            .is_some_and(|at| any(intro, at, intro.len(), "分， 分： 看， 看： 划分 分类"))
    });
    // 按内容分，居前三位的是甲、乙、丙: there are others.
    let some = any(intro, 0, intro.len(), "居前 前三 前两 前五 最多 靠前 较多 突出 集中在");
    // 18个单位中，完成50%以上的有11个，不足30%的有3个: every one has its place.
    let bounds = intro.contains(&'中') && any(intro, 0, intro.len(), "以上的 以下的 不足 以上有");
    !some
        && (bounds
            || by
            || any(intro, 0, intro.len(), "用于 分为 分别为 分别是 分别用于 由 构成 结果为 等次为"))
}
