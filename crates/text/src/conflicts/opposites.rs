//! What is told by a word and by its opposite, against all: 抽检320批次，合格314批次……8批次不合格; 共有牌子3680块，已清理2146块，保留1634块.

use super::reckon::{Range, in_front, parted, quantity, same_unit};
use super::{ConflictKind, Found};
use crate::figures::Mention;
use crate::lexicon::any;

/// How far in front of the opposite the word and its whole may stand, in code points.
const FAR: usize = 200;
/// How far what is left may be from what should be, as a share of the whole.
const NEAR: f64 = 0.3;
/// A word and its opposite.
const OPPOSITES: [(&str, &str); 8] = [
    ("合格", "不合格"),
    ("属实", "不属实 不实 失实"),
    ("通过", "未通过 没有通过"),
    ("达标", "不达标 未达标"),
    ("一致", "不一致"),
    ("满意", "不满意"),
    ("有效", "无效"),
    ("参加", "未参加 缺席 请假"),
];
/// What is taken away, and what stays.
const TAKEN: &str = "压减 清理 撤销 取消 注销 关停 淘汰 退出 拆除 精简 减少 撤并 合并 清退 停办 核减";
const KEPT: &str = "保留 仍有 剩余 剩下 现余 还剩";

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    for i in 2..mentions.len() {
        if quantity(&mentions[i]) && !found.holds(&mentions[i]) {
            opposite(found, mentions, i);
            balance(found, mentions, i);
            kept(found, mentions, i);
        }
    }
}

/// Whether a word stands next to a number: in front of it in its clause, or directly behind its unit.
fn says(chars: &[char], m: &Mention, words: &str) -> bool {
    let front = m.number.start.saturating_sub(6).max(m.clause.0);
    any(chars, front, m.number.start, words) || any(chars, m.end, chars.len().min(m.end + 4), words)
}

fn opposite(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let not = &mentions[i];
    let Some((word, _)) = OPPOSITES.iter().find(|(_, others)| says(chars, not, others)) else { return };
    let before: Vec<&Mention> =
        in_front(chars, mentions, i, FAR).take_while(|m| m.sentence == not.sentence).collect();
    let others = OPPOSITES.iter().find(|(w, _)| w == word).map_or("", |(_, others)| others);
    let Some(at) = before.iter().position(|m| says(chars, m, word) && !says(chars, m, others)) else {
        return;
    };
    let [is, rest @ ..] = &before[at..] else { return };
    let Some(all) = rest.first() else { return };
    tell(found, mentions, (all, is, not), &before);
}

/// 收入3.46亿元、支出2.98亿元，当期结余0.58亿元.
fn balance(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let [income, expense, rest] = [&mentions[i - 2], &mentions[i - 1], &mentions[i]];
    let named = |m: &Mention, words: &str| {
        any(chars, m.number.start.saturating_sub(4).max(m.clause.0), m.number.start, words)
    };
    let told = named(income, "收入") && named(expense, "支出") && named(rest, "结余 盈余 节余");
    let one = [income, expense]
        .iter()
        .all(|m| m.sentence == rest.sentence && quantity(m) && same_unit(chars, m, rest));
    if told && one && !any(chars, income.clause.0, rest.start, "累计 滚存 上年末 历年 加上") {
        let left = Range::of(chars, income).minus(Range::of(chars, expense));
        if income.amount(chars) > expense.amount(chars) && !left.meets(Range::of(chars, rest)) {
            found.left((income, expense, rest), ConflictKind::Sum);
        }
    }
}

fn kept(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let stays = &mentions[i];
    let front = stays.number.start.saturating_sub(4).max(stays.clause.0);
    if !any(chars, front, stays.number.start, KEPT) {
        return;
    }
    let before: Vec<&Mention> =
        in_front(chars, mentions, i, FAR).take_while(|m| m.sentence == stays.sentence).collect();
    let taken =
        |m: &&Mention| any(chars, m.number.start.saturating_sub(5).max(m.clause.0), m.number.start, TAKEN);
    // 压减117家，其中注销83家、转为34家: of several the first, of which the others are parts.
    let Some(at) = before.iter().rposition(taken) else { return };
    let Some(all) = before[at..].get(1) else { return };
    // 由23个减至17个: a new value and no difference.
    if any(chars, all.end, before[at].number.start, "至 到") {
        return;
    }
    tell(found, mentions, (all, before[at], stays), &before);
}

fn tell(
    found: &mut Found<'_>,
    mentions: &[Mention],
    (all, out, rest): (&Mention, &Mention, &Mention),
    before: &[&Mention],
) {
    let chars = found.chars;
    let left = Range::of(chars, all).minus(Range::of(chars, out));
    let off = (left.low.midpoint(left.high) - rest.amount(chars)).abs();
    // 关停46家，搬迁17家，保留89家: both went.
    let both = before.windows(2).any(|pair| {
        let gone = pair[0].amount(chars) + pair[1].amount(chars);
        (all.amount(chars) - gone - rest.amount(chars)).abs() < 1e-9
    });
    let right = both
        || before.iter().any(|w| {
            before.iter().any(|o| {
                o.start > w.start
                    && Range::of(chars, w).minus(Range::of(chars, o)).meets(Range::of(chars, rest))
            })
        });
    let wider = any(chars, all.clause.0, rest.start, "另 累计 历年 以往 新增 上年 去年 同期");
    let near = off <= NEAR * all.amount(chars) && all.amount(chars) > out.amount(chars);
    let behind = mentions.partition_point(|m| m.start <= out.end);
    let third = mentions[behind..].iter().take_while(|m| m.start < rest.start).any(|m| {
        m.start > out.end
            && m.start < rest.start
            && quantity(m)
            && same_unit(chars, m, rest)
            && any(chars, m.clause.0, m.start, "未 正在 其余")
    });
    // 属实142件；部分属实65件；不属实41件: there are others between.
    let partly = any(chars, all.clause.0, rest.start, "部分 基本 重复 其他");
    if off > 1e-9 && !partly && near && !right && !wider && !third && !parted(chars, all.end, rest.start) {
        found.left((all, out, rest), ConflictKind::Sum);
    }
}
