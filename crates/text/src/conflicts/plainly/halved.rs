//! 学员共62名，男学员45名，女学员27名: two halves and their whole; 应到86人，请假5人，实到83人: who was due, who was away and who came.

use super::super::facts::label;
use super::super::reckon::{Range, same_unit};
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found};
use super::counted;
use crate::figures::Mention;
use crate::lexicon::any;

/// How far the three may stand from one another, in code points.
const STEP: usize = 20;
/// What parts all there are in two.
const HALVES: [(&str, &str); 12] = [
    ("男", "女"),
    ("在职", "退休"),
    ("城镇", "农村"),
    ("城市", "农村"),
    ("集中供养", "分散供养"),
    ("专职", "兼职"),
    ("公办", "民办"),
    ("线上", "线下"),
    ("正式党员", "预备党员"),
    ("新建", "续建"),
    ("县内", "县外"),
    ("省内", "省外"),
];
/// How far from their sum what is told may be, as a share of it.
const NEAR: f64 = 0.35;
const OTHER: &str = "去年 上年 同期 计划 每 均 ； 增加 减少 比上 较上 新增 占";

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let Some([all, one, other]) = i.checked_sub(2).map(|from| &mentions[from..=i]) else { return };
    let near = |a: &Mention, b: &Mention| b.number.start.saturating_sub(a.end) <= STEP;
    let together = [all, one, other].iter().all(|m| counted(m) && m.sentence == all.sentence)
        && near(all, one)
        && near(one, other)
        && same_unit(chars, all, one)
        && same_unit(chars, one, other);
    if !together || any(chars, all.clause.0, other.number.start, OTHER) {
        return;
    }
    let own = |at: usize| {
        let name = label(chars, mentions, at);
        &name[name.len().saturating_sub(6)..]
    };
    let (first, second) = (own(i - 1), own(i));
    let says = |name: &[char], word: &str| any(name, 0, name.len(), word);
    let halves = HALVES.iter().any(|(a, b)| {
        let straight = says(first, a) && says(second, b) && !says(first, b) && !says(second, a);
        straight || says(first, b) && says(second, a) && !says(first, a) && !says(second, b)
    });
    let whole_named = any(chars, all.clause.0, all.number.start, "共 总 现有 有 全");
    let of_one = HALVES.iter().all(|(a, b)| !says(own(i - 2), a) && !says(own(i - 2), b));
    let (x, y, z) = (all.amount(chars), one.amount(chars), other.amount(chars));
    let sum = y + z;
    if halves
        && whole_named
        && of_one
        && (sum - x).abs() > 1e-9
        && (sum - x).abs() <= NEAR * sum
        && x > y.max(z)
    {
        let reason = format!("两项相加为{}，总数为{}", plain(sum), plain(x));
        found.between(&[all, one, other], ConflictKind::Sum, Certainty::Certain, reason);
    }
    let due = any(chars, all.clause.0, all.number.start, "应到 应出席 应参会 应参加 应参训 应收 应缴 应征");
    let away = |name: &[char]| says(name, "请假 缺席 缺勤 未到 因公 因事 因病 外出 欠缴 欠收 尚欠 未缴 未收");
    let came = |name: &[char]| says(name, "实到 出席 到会 实际参加 实际到会 实参 实收 实缴");
    let (gone, here) = match (away(first) && came(second), came(first) && away(second)) {
        (true, _) => (y, z),
        (_, true) => (z, y),
        _ => return,
    };
    // A number of those who were only away at first may be missing; more than there are cannot be.
    let made = Range::of(chars, one).plus(Range::of(chars, other));
    if due && !made.meets(Range::of(chars, all)) && (gone + here > x || x - gone - here <= NEAR * x) {
        let reason = format!(
            "应到{}，缺席{}，应实到{}，文中为{}",
            plain(x),
            plain(gone),
            plain(x - gone),
            plain(here)
        );
        found.between(&[all, one, other], ConflictKind::Sum, Certainty::Certain, reason);
    }
}
