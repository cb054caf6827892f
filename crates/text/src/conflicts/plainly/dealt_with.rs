//! 排查出56辆，目前已自行清理27辆、依法拖移34辆: more were dealt with in two ways than were found.

use super::super::facts::label;
use super::super::reckon::same_unit;
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found};
use super::counted;
use crate::figures::Mention;
use crate::lexicon::any;

/// How far behind those that were found the first of both may stand, in code points, and the second behind it.
const WHOLE: usize = 50;
const STEP: usize = 14;
/// How much more than was found may be meant as it.
const MORE: f64 = 1.5;
const FOUND: &str = "排查 发现 摸排 查出 登记 核查出 清查 收到 受理";
/// Ways to be rid of something, of which one thing goes but one.
const RID: &str =
    "清理 拖移 拆除 取缔 关停 搬迁 退还 追回 移除 报废 收回 清退 清运 注销 关闭 拆移 搬离 撤销 腾退";

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let Some([whole, one, other]) = mentions.get(i..i + 3) else { return };
    let alike = [whole, one, other].iter().all(|m| counted(m) && same_unit(chars, m, whole));
    let row = whole.sentence == other.sentence
        && one.start.saturating_sub(whole.end) <= WHOLE
        && other.start.saturating_sub(one.end) <= STEP
        && chars[one.end..other.number.start].contains(&'、');
    let rid = |at: usize| {
        let name = label(chars, mentions, at);
        any(name, 0, name.len(), RID)
    };
    let found_first = any(chars, whole.clause.0, whole.number.start, FOUND)
        && !any(chars, whole.clause.0, other.number.start, "另 历年 去年 新增 累计 共清理 其中 ；");
    let done = any(chars, one.clause.0, one.number.start, "已");
    let (a, b, all) = (one.amount(chars), other.amount(chars), whole.amount(chars));
    if alike
        && row
        && rid(i + 1)
        && rid(i + 2)
        && found_first
        && done
        && a.max(b) < all
        && a + b > all
        && a + b <= MORE * all
    {
        let reason = format!("两项相加为{}，一共只有{}", plain(a + b), plain(all));
        found.between(&[whole, one, other], ConflictKind::Sum, Certainty::Certain, reason);
    }
}
