//! A list that sorts all of a whole that another list proves: 党支部124个，其中农村68个、机关31个、学校14个、“两新”组织11个 …… “好”的57个，
//! “较好”48个，“一般”16个，“差”5个.

use super::super::facts::{List, introduction};
use super::super::reckon::{Range, all_han, same_unit};
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found};
use super::slipped;
use crate::figures::Mention;
use crate::lexicon::any;

/// How far in front the whole may stand, in code points.
const FAR: usize = 900;
/// Words that introduce a list of all.
const SORTED: &str = "看， 看： 分， 分： 评定， 评议， 评为 等次 结构 类型 类别 学历 年龄 来源";

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], lists: &[List]) {
    let chars = found.chars;
    for (n, list) in lists.iter().enumerate().filter(|(_, list)| list.whole.is_none() && list.items.len() > 2)
    {
        let first = &mentions[list.items[0]];
        let intro = introduction(chars, mentions, list);
        let said = any(intro, 0, intro.len(), SORTED) || any(chars, first.sentence.0, first.start, SORTED);
        // 居前三位的是, 主要有: some of them.
        let some = any(chars, first.sentence.0, first.start, "居前 主要 其中 前三 前五 较多 突出");
        if !said || some {
            continue;
        }
        let near = |other: &&List| first.start.saturating_sub(mentions[other.items[0]].start) <= 2 * FAR;
        let proven: Vec<&Mention> = lists[..n]
            .iter()
            .rev()
            .take_while(near)
            .filter_map(|other| other.whole.map(|at| &mentions[at]))
            .filter(|whole| same_unit(chars, whole, first) && first.start.saturating_sub(whole.end) <= FAR)
            .collect();
        let Some(whole) = proven.first().copied() else { continue };
        let fits = |whole: &&&Mention| Range::of(chars, whole).meets(list.sum);
        let sum = list.sum.low.midpoint(list.sum.high);
        if proven.iter().any(|whole| fits(&whole))
            || !slipped(chars, whole, sum)
            || !named(chars, whole, first)
        {
            continue;
        }
        let reason = format!("各项相加为{}，总数为{}", plain(sum), plain(whole.amount(chars)));
        let figures: Vec<&Mention> =
            [whole].into_iter().chain(list.items.iter().map(|at| &mentions[*at])).collect();
        found.between(&figures, ConflictKind::Sum, Certainty::Certain, reason);
    }
}

/// Whether two characters at the number of the whole stand in the sentence of the list, or nothing else is named there.
fn named(chars: &[char], whole: &Mention, first: &Mention) -> bool {
    let front = &chars[whole.number.start.saturating_sub(3).max(whole.clause.0)..whole.number.start];
    let own = &chars[first.sentence.0..first.sentence.1];
    let has = front.windows(2).any(|w| all_han(w) && own.windows(2).any(|v| v == w));
    // 从学历结构看，大专及以上103名: of those of whom the paragraph tells.
    has || !chars[whole.end..first.start].contains(&'\n')
}
