//! What is left, told far from its whole and from what is done: 查摆问题40个，已整改34个 …… 剩余8个问题.

use super::reckon::{all_han, in_front, is_share, of_them, parted, quantity, same_unit, word_before};
use super::retold::shared_words;
use super::{ConflictKind, Found};
use crate::figures::Mention;
use crate::lexicon::{any, find};

/// How far in front the whole may stand, in code points.
const FAR: usize = 4_000;
/// How far behind the whole what is done of it may stand.
const DONE_BEHIND: usize = 120;
/// How far what is left may be from the difference and still be meant as it, as a share of the whole.
const NEAR: f64 = 0.3;
/// Numbers below it are told of many things.
const SMALL: f64 = 20.0;
/// How far in front of a whole its noun may stand.
const NAMED: usize = 10;
/// Most counts in front that are tried as wholes.
const TRIED: usize = 60;
/// Words by which a whole is counted.
const FOUND: &str = "共 查摆 查出 排查 发现 反馈 交办 受理 梳理 登记 收集 征集 移交 转办 检视 认定";
/// Words of finishing, in front of a count or directly behind it.
const DONE: &str = "完成 整改到位 办结 销号 化解 竣工 完工 解决 验收 整改 建成 处置 拆除 清退 追回 收回 退还 归还 整治 修复 关闭 归集 兑付 执结 审结 结案";

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    for i in 1..mentions.len() {
        if let Some((whole, done)) = told_apart(found.chars, mentions, i) {
            found.left((whole, done, &mentions[i]), ConflictKind::Sum);
        }
    }
}

/// The whole of which the number is told as left, and what was done of it, where their difference is another number.
fn told_apart<'a>(
    chars: &'a [char],
    mentions: &'a [Mention],
    i: usize,
) -> Option<(&'a Mention, &'a Mention)> {
    let left = &mentions[i];
    if !is_left(chars, left) {
        return None;
    }
    let set = set_named(chars, mentions, i);
    let before: Vec<&Mention> = in_front(chars, mentions, i, FAR).take(TRIED).collect();
    let here = |m: &&Mention| m.sentence == left.sentence && set.is_none_or(|set| m.start != set.start);
    let own: Vec<&Mention> = before.iter().copied().filter(here).collect();
    let new = found_anew(chars, left);
    // 未完成的问题中，逾期未整改的33个: some of those left.
    // 对整改彻底的12家予以表扬，对逾期未改的9家予以通报: some of them, for something else.
    let praised = any(chars, left.end, left.clause.1, "予以 通报 表扬 批评");
    let of_open = praised
        || find(chars, left.sentence.0, left.clause.0, "未")
            .is_some_and(|at| find(chars, at, left.start, "中，").is_some());
    if of_open || new || own.len() > 1 || explained(chars, mentions, &before, set, left) {
        return None;
    }
    let fits = |whole: &Mention, done: &Mention| {
        let off = (whole.amount(chars) - done.amount(chars) - left.amount(chars)).abs();
        off > 1e-9 && off <= NEAR * whole.amount(chars) && left.amount(chars) < whole.amount(chars)
    };
    // 共排查出问题342个。……已完成整改328个，整改率95.9%，剩余24个问题
    if let [done] = own[..] {
        let rate = mentions[..i]
            .iter()
            .rev()
            .take_while(|m| m.start > done.end)
            .find(|m| m.plain_unit(chars) == "%");
        let counted = |m: &&&Mention| {
            m.sentence != left.sentence
                && m.amount(chars) > done.amount(chars)
                && (rate.is_some_and(|rate| is_share(chars, done, m, rate))
                    || same_noun(chars, m, left) && any(chars, m.clause.0, m.start, FOUND))
        };
        let whole = before.iter().find(counted).filter(|whole| fits(whole, done))?;
        return is_done(chars, done).then_some((*whole, done));
    }
    if let Some(pair) = by_the_act(chars, &before, left).filter(|(whole, done)| fits(whole, done)) {
        return Some(pair);
    }
    // 其余 says less than 尚未整改的: others of the same sentence may be meant.
    let firm = !any(chars, left.clause.0, left.start, "其余");
    let off = |(whole, done): &(&Mention, &Mention)| {
        (whole.amount(chars) - done.amount(chars) - left.amount(chars)).abs()
    };
    // Of several the one that comes nearest.
    let pairs = before.iter().filter_map(|whole| {
        let of = set.map_or_else(
            || same_noun(chars, whole, left) || firm && same_topic(chars, whole, left),
            |set| same(chars, whole, set),
        );
        let done = done_of(chars, mentions, whole).filter(|_| of && whole.sentence != left.sentence)?;
        fits(whole, done).then_some((*whole, done))
    });
    pairs.min_by(|a, b| off(a).total_cmp(&off(b)))
}

/// 公路中断38处 …… 中断公路已抢通33处 …… 尚未抢通的7处公路中断点: what is done is told by the same verb.
fn by_the_act<'a>(
    chars: &[char],
    before: &[&'a Mention],
    left: &Mention,
) -> Option<(&'a Mention, &'a Mention)> {
    let from = left.number.start.saturating_sub(10).max(left.clause.0);
    let at = word_before(chars, from, left.start, "尚未 仍未 未能 未全部 未完全 未按期 未")?;
    let act = chars.get(at..at + 2).filter(|act| at + 3 >= left.start && all_han(act))?;
    let done = before.iter().find(|m| {
        let near = m.start.saturating_sub(5).max(m.clause.0);
        chars[near..m.start].windows(2).any(|w| w == act)
            && any(chars, m.clause.0, m.start, "已 共 累计 全部")
    })?;
    let topic = &chars[left.end..left.clause.1.min(left.end + 8).max(left.end)];
    let whole = before.iter().find(|m| {
        m.start < done.start
            && m.amount(chars) > done.amount(chars)
            && if topic.first().is_some_and(|c| all_han(&[*c])) {
                shared_words(&chars[m.clause.0..m.clause.1], topic) > 0
            } else {
                any(chars, m.clause.0, m.start, FOUND) && done.start - m.end <= FAR / 8
            }
    })?;
    Some((*whole, *done))
}

/// 限期整改隐患中，仍有134处 of 限期整改的1426处隐患: two words in front of both.
fn same_topic(chars: &[char], whole: &Mention, left: &Mention) -> bool {
    // 4处重大隐患 has a name of its own.
    let named = chars
        .get(left.end..left.end + 2)
        .is_some_and(|w| all_han(w) && !matches!(w[0], '未' | '尚' | '正' | '因' | '没' | '仍'));
    if named {
        return false;
    }
    let stop = |m: &Mention| m.clause.1.min(m.end + 6).max(m.end);
    let of = &chars[whole.clause.0..stop(whole)];
    let own = &chars[left.sentence.0..stop(left)];
    shared_words(of, own) > 1
}

/// 剩余5项中，3项为新发现: not all of them were left of what was told.
pub(super) fn found_anew(chars: &[char], left: &Mention) -> bool {
    any(chars, left.end, left.sentence.1.min(left.end + 10), "中，")
        && any(chars, left.end, left.sentence.1, "新")
}

/// Whether the number is told as what is left over.
fn is_left(chars: &[char], m: &Mention) -> bool {
    if !quantity(m) {
        return false;
    }
    let from = m.number.start.saturating_sub(6).max(m.clause.0);
    let rest = word_before(chars, from, m.start, "剩余 余下 剩下 尚余 还剩 其余")
        .is_some_and(|at| m.start - at <= 2);
    // 其余3件实事……均已完成: none of them is left.
    let rest = rest && !any(chars, m.end, m.sentence.1, "均已完成 均已办结 均已全部 已全部完成");
    let some = word_before(chars, from, m.start, "仍有 还有 尚有").is_some_and(|at| m.start - at <= 1)
        && any(chars, m.end, m.sentence.1.min(m.end + 20), "未 没有 正在");
    // 紧盯尚未整改的43条隐患
    let from = m.number.start.saturating_sub(10).max(m.clause.0);
    let not = of_them(chars, m) && word_before(chars, from, m.start, "尚未 仍未 未").is_some();
    rest || some || not
}

/// 查摆的40个问题中，剩余8个: the set that the sentence names in front of what is left.
fn set_named<'a>(chars: &[char], mentions: &'a [Mention], i: usize) -> Option<&'a Mention> {
    let left = &mentions[i];
    let set = mentions[i.checked_sub(1)?..i]
        .iter()
        .find(|m| m.sentence == left.sentence && same_unit(chars, m, left))?;
    let among = chars[set.end..left.start].contains(&'中') && !any(chars, set.end, left.start, "其中");
    (among && quantity(set) && left.clause.0 >= set.clause.1).then_some(set)
}

/// Whether some counts in front make the number right: one less what was done of it, or it was told itself as what is left; of a
/// named set, what was done of it.
fn explained(
    chars: &[char],
    mentions: &[Mention],
    before: &[&Mention],
    set: Option<&Mention>,
    left: &Mention,
) -> bool {
    let of = left.amount(chars);
    let told = |value: f64| before.iter().any(|m| (m.amount(chars) - value).abs() < 1e-9);
    if let Some(set) = set {
        return told(set.amount(chars) - of);
    }
    // 31个问题已整改29个，村级78个问题已整改75个: what is left of all together.
    let rest = |done: &&Mention| {
        let of = |m: &&&Mention| {
            m.clause == done.clause && m.end <= done.start && m.amount(chars) >= done.amount(chars)
        };
        before.iter().find(of).map(|whole| (whole.amount(chars) - done.amount(chars), done.sentence))
    };
    let rests: Vec<_> = before.iter().filter(|m| is_done(chars, m)).filter_map(rest).collect();
    let together = rests.len() > 1 && (rests.iter().map(|(rest, _)| rest).sum::<f64>() - of).abs() < 1e-9;
    let both = |w: &[(f64, (usize, usize))]| w[0].1 == w[1].1 && (w[0].0 + w[1].0 - of).abs() < 1e-9;
    if together || rests.windows(2).any(both) {
        return true;
    }
    // A small number stands anywhere: it must be told as open too.
    let open = |m: &&&Mention| {
        of >= SMALL
            || any(chars, m.clause.0, m.sentence.1.min(m.end + 20), "未 剩余 其余 正在 余下 还有 仍有")
    };
    before.iter().filter(open).any(|m| (m.amount(chars) - of).abs() < 1e-9)
        || before.iter().any(|whole| {
            done_of(chars, mentions, whole)
                .is_some_and(|done| (whole.amount(chars) - done.amount(chars) - of).abs() < 1e-9)
        })
}

/// 312户危房 and 剩余33户危房: two characters behind the unit, or in front of the number, are the same.
fn same_noun(chars: &[char], whole: &Mention, left: &Mention) -> bool {
    let noun = chars.get(left.end..left.end + 2).filter(|noun| all_han(noun));
    noun.is_some_and(|noun| {
        let near = |words: &[char]| words.windows(2).any(|w| w == noun);
        near(&chars[whole.start.saturating_sub(NAMED).max(whole.clause.0)..whole.start]) || {
            let behind = &chars[whole.end..chars.len().min(whole.end + NAMED / 2)];
            near(&behind[..behind.iter().position(|c| !all_han(&[*c])).unwrap_or(behind.len())])
        }
    })
}

fn same(chars: &[char], a: &Mention, b: &Mention) -> bool {
    (a.amount(chars) - b.amount(chars)).abs() < 1e-9
}

/// What is told as done directly behind the whole, and of nothing else.
fn done_of<'a>(chars: &[char], mentions: &'a [Mention], whole: &Mention) -> Option<&'a Mention> {
    let from = mentions.partition_point(|m| m.start < whole.end);
    let near = |m: &&Mention| m.start - whole.end <= DONE_BEHIND && !parted(chars, whole.end, m.start);
    // Where a larger one stands between, the done ones are of that.
    let smaller = |m: &&Mention| m.amount(chars) < whole.amount(chars);
    let mut counts = mentions[from..]
        .iter()
        .take_while(near)
        .filter(|m| quantity(m) && same_unit(chars, m, whole))
        .take_while(smaller);
    // 村级78个问题已整改75个: done of a whole of its own.
    let own = |done: &&Mention| {
        let front = |m: &Mention| m.clause == done.clause && m.end <= done.start && m.start != whole.start;
        mentions[from..].iter().any(|m| front(m) && same_unit(chars, m, done))
    };
    counts.find(|done| is_done(chars, done) && !own(done) && done.amount(chars) < whole.amount(chars))
}

/// Whether the count is told as what is done.
fn is_done(chars: &[char], done: &Mention) -> bool {
    let behind = done.clause.1.min(done.end + 2);
    let said = word_before(chars, done.clause.0, done.start, DONE).is_some_and(|at| done.start - at <= 4)
        || any(chars, done.end, behind, DONE);
    said && !any(chars, done.clause.0, done.start, "其中 未 正在 计划 力争 基本")
}
