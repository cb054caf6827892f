//! 在岗乡村医生231人，其中60岁以上的97人，占52.0%: a share right behind its part, and the whole right in front of 其中.
//! 现有民警18名、辅警32名。民警中35岁以下的9名，占60%: the whole told again by its name.

use super::super::reckon::{all_han, parted, same_unit};
use super::super::{Certainty, Found, share};
use super::{counted, fits, is_rate};
use crate::figures::Mention;
use crate::lexicon::{any, find, stands};

/// How far the whole may stand in front of its part, in code points.
const FAR: usize = 40;
/// How far in front a whole may stand that is told again by its name.
const NAMED: usize = 120;
/// The same of a name of four characters and more.
const NAMED_WELL: usize = 2_500;
/// How long a name is that says well enough what is counted.
const WELL: usize = 4;
/// Where in its sentence a name told again ends.
const FRONT: usize = 8;
/// How far in front of its number 占 stands, and how far behind the part the share.
const STEP: usize = 4;
const BEHIND: usize = 20;

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let rate = &mentions[i];
    let Some(at) = part_of(chars, mentions, i).filter(|_| is_rate(chars, rate)) else { return };
    let part = &mentions[at];
    let whole = in_front(chars, mentions, at).or_else(|| named(chars, mentions, at));
    let Some(whole) = whole.filter(|whole| whole.amount(chars) > part.amount(chars)) else { return };
    // Any other count of the sentence may be meant.
    let here =
        |m: &&Mention| m.sentence == part.sentence && m.start < part.start && same_unit(chars, m, part);
    let other = mentions[..at].iter().rev().take_while(|m| m.end > part.sentence.0).filter(here);
    let near = mentions[..at].iter().rev().take_while(|m| part.start - m.end <= FAR);
    let mut wholes = other.chain(near.filter(|m| counted(m))).chain([whole]);
    if !wholes.any(|whole| fits(chars, part, whole, rate)) {
        share::tell(found, whole, part, rate, Certainty::Certain);
    }
}

/// 其中18个实现24小时开放，占36.7%: the count in front of 占, behind which nothing else is counted.
fn part_of(chars: &[char], mentions: &[Mention], i: usize) -> Option<usize> {
    let rate = &mentions[i];
    let at = mentions[..i].iter().rposition(counted)?;
    let part = &mentions[at];
    let gap = &chars[part.end.min(rate.number.start)..rate.number.start];
    let last = &gap[gap.len().saturating_sub(STEP)..];
    let marks = gap.iter().filter(|c| matches!(c, '，' | '：')).count();
    let share = last.contains(&'占')
        && marks < 2
        && !gap.contains(&'；')
        && !any(gap, 0, gap.len(), "合计 共占 占全 其中");
    (share && gap.len() <= BEHIND && part.sentence == rate.sentence).then_some(at)
}

/// 在岗乡村医生231人，其中60岁以上的97人.
fn in_front<'a>(chars: &[char], mentions: &'a [Mention], at: usize) -> Option<&'a Mention> {
    let part = &mentions[at];
    let whole = mentions[..at].iter().rev().find(|m| counted(m))?;
    let near = part.start.saturating_sub(whole.end) <= FAR && whole.sentence == part.sentence;
    let among = find(chars, whole.end.min(part.start), part.start, "其中").is_some();
    let apart = any(chars, whole.end.min(part.start), part.start, "； ： 新增 上年 去年 同期");
    (near && among && !apart && same_unit(chars, whole, part)).then_some(whole)
}

/// 民警中35岁以下的9名: the name in front of a count of the sentence before.
fn named<'a>(chars: &[char], mentions: &'a [Mention], at: usize) -> Option<&'a Mention> {
    let part = &mentions[at];
    // 全镇小场所已安装860家
    let place = ["全镇", "全县", "全市", "全区", "全乡", "全省"]
        .iter()
        .find(|place| stands(chars, part.clause.0, place));
    let from = part.clause.0 + place.map_or(0, |place| place.chars().count());
    let done = || find(chars, from, part.start.min(from + FRONT), "已").filter(|at| at - from > 2);
    let among = find(chars, from, part.start.min(from + FRONT), "中").or_else(done)?;
    let name = &chars[from..among];
    if name.len() < 2 || !all_han(name) {
        return None;
    }
    let far = if name.len() >= WELL || place.is_some() && name.len() > 2 { NAMED_WELL } else { NAMED };
    mentions[..at].iter().rev().take_while(|m| part.start - m.end <= far).find(|m| {
        let own = m.number.start.checked_sub(name.len()).is_some_and(|to| &chars[to..m.number.start] == name);
        // 新增规上企业24家 is no stock, 高新技术企业120家 only some of the 企业.
        let front = m.number.start.saturating_sub(name.len());
        let whole = front <= m.clause.0 || !longer_name(chars, m, front);
        own && whole
            && counted(m)
            && same_unit(chars, m, part)
            && (name.len() >= WELL || place.is_some() || !parted(chars, m.end, part.start))
    })
}

/// Whether a kind or a flow stands in front of a name, and not only how many there are.
fn longer_name(chars: &[char], m: &Mention, front: usize) -> bool {
    const THERE: &str = "有 共 现 辖 内 的 和 及 ， 、";
    let flow = any(chars, m.clause.0, front, "新增 培育 认定 净增 新设");
    let last = chars[front - 1];
    flow || all_han(&[last])
        && !THERE.contains(last)
        && !any(
            chars,
            front.saturating_sub(2),
            front,
            "全市 全县 全区 全镇 全省 在册 登记 在岗 现任 各类 各种",
        )
}
