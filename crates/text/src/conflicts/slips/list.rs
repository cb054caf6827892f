//! Parts that follow their whole: 已化解的2041起中，村级就地化解1386起，乡镇化解512起，县级会商化解153起.

use super::super::reckon::{Range, same_unit};
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found};
use super::{FAR, is_item, is_told, slipped};
use crate::figures::Mention;
use crate::lexicon::any;

/// How far apart two parts may stand, in code points.
const STEP: usize = 26;
/// Smaller wholes are but for a digit what they should be too often by chance.
const LARGE: f64 = 30.0;
/// From here on a slip is no chance in the sentence behind either.
const LONG: f64 = 1_000.0;
/// Most parts of a whole.
const PARTS_MAX: usize = 40;
/// How far the parts may be from the whole, as a share of it.
const NEAR: f64 = 0.15;

pub(super) fn told(found: &mut Found<'_>, kin: &[&Mention], all: &[Mention]) {
    let chars = found.chars;
    for i in 0..kin.len() {
        let whole = kin[i];
        let parts: Vec<&Mention> = parts_of(chars, kin, i);
        if parts.len() < 3 {
            continue;
        }
        let of = whole.amount(chars);
        let mut so_far = Range::exactly(0.0);
        let fits = parts.iter().any(|m| {
            so_far = so_far.plus(Range::of(chars, m));
            so_far.meets(Range::of(chars, whole))
        });
        let total: f64 = parts.iter().map(|m| m.amount(chars)).sum();
        // 620件，在办220件，逾期40件，已销号400件: one of them is part of another, and the others make the whole.
        let within_another = parts.iter().any(|m| (total - m.amount(chars) - of).abs() < 1e-6 * of);
        if fits || within_another || (total - of).abs() > NEAR * of || holds_a_whole(chars, &parts) {
            continue;
        }
        let one = parts.iter().any(|m| slipped(chars, m, of - (total - m.amount(chars))));
        let mut told = vec![whole];
        told.extend(&parts);
        // 机关35个、农村42个、社区18个、企业14个: one of the parts of another whole.
        let greater = |m: &&Mention| m.end <= whole.start && same_unit(chars, m, whole);
        let first = all.partition_point(|m| m.end + FAR < whole.start);
        let near = &all[first..all.partition_point(|m| m.start < whole.start).max(first)];
        let item = near.iter().filter(greater).any(|m| (m.amount(chars) - of - total).abs() < 1e-6 * of)
            || kin[i.saturating_sub(PARTS_MAX)..i]
                .windows(2)
                .any(|w| (w[0].amount(chars) - w[1].amount(chars) - of - total).abs() < 1e-6 * of);
        // 已化解的68件积案 where 66 are told before: that says it better.
        // 软弱涣散村21个，其中6个，5个，4个，7个: more than all of them.
        let among = any(chars, whole.end, parts[0].start, "其中 分别");
        let near = !item && !found.is_sure_of(whole) && (of >= LARGE || among && total > of);
        if near
            && (slipped(chars, whole, total) || one)
            && !is_told(chars, kin, &told, total)
            && !is_told(chars, kin, &told, total + of)
        {
            let reason = format!("各部分相加为{}，总数为{}", plain(total), plain(of));
            found.between(&told, ConflictKind::Sum, Certainty::Certain, reason);
        }
    }
}

/// The numbers that follow one another directly behind a larger one, each of them smaller.
fn parts_of<'a>(chars: &[char], kin: &[&'a Mention], i: usize) -> Vec<&'a Mention> {
    let whole = kin[i];
    let mut parts: Vec<&Mention> = Vec::new();
    for m in &kin[i + 1..] {
        let last = parts.last().copied().unwrap_or(whole);
        let gap = &chars[last.end..m.number.start.max(last.end)];
        let far = if parts.is_empty() { FAR / 2 } else { STEP };
        // 环比分别减少41件次、28件次: of others, one by one.
        if any(gap, 0, gap.len(), "分别减 分别增 分别下 分别上") {
            break;
        }
        let apart = gap.contains(&'。') && (whole.number.value < LONG || is_item(chars, whole))
            || !parts.is_empty() && gap.contains(&'；');
        // 10亿元以上项目11个、50亿元以上项目2个: some of them are counted twice.
        let bound = any(gap, 0, gap.len(), "以上 以下 以内");
        // So many are no list of parts.
        if parts.len() == PARTS_MAX {
            return Vec::new();
        }
        if gap.len() > far || apart || bound || m.amount(chars) >= whole.amount(chars) {
            break;
        }
        parts.push(m);
    }
    parts
}

/// 尚有24户中，城关镇9户、石桥镇8户、柳林乡7户: one of them is the whole of those behind it.
fn holds_a_whole(chars: &[char], parts: &[&Mention]) -> bool {
    parts.iter().enumerate().any(|(i, whole)| {
        let mut sum = 0.0;
        parts[i + 1..].iter().any(|m| {
            sum += m.amount(chars);
            sum > m.amount(chars) && (sum - whole.amount(chars)).abs() < 1e-6 * sum
        })
    })
}
