//! What is told twice with words that leave no doubt that it is the same: what is left of a whole whose rate fits, all of so many
//! where some of them were open, one amount with two units.

use super::super::claims::clauses;
use super::super::facts::behind;
use super::super::reckon::{all_han, holds, same_unit};
use super::super::{Certainty, ConflictKind, Found, decimals};
use super::{before, counted, fits, is_rate};
use crate::figures::{FigureKind, Mention};
use crate::lexicon::{any, find};

/// How far behind its whole the part may stand whose rate fits, in code points.
const WHOLE: usize = 300;
/// How far behind it what is left may be told again.
const FAR: usize = 2_500;
/// How far behind its part a rate may stand.
const RATE: usize = 24;
/// How far what is told as left may be from what is, as a share of it.
const OFF: f64 = 0.35;
/// How far behind one item of a list the next may stand.
const ITEM: usize = 14;
/// How many counts behind one the other may stand of which it leaves what is told.
const PAIRS: usize = 2;
/// How far in front of its number it is said that something is left.
const FRONT: usize = 8;
/// How far behind an amount a part of it may be told.
const NEAR_BY: usize = 60;
/// What is left.
const LEFT: &str = "其余 剩余 尚未 未完成 没有完成 未整改 未办结 未化解 未整治";
/// What is done to the last.
const ACTS: [&str; 14] = [
    "整改", "整治", "完成", "办结", "化解", "销号", "解决", "落实", "验收", "拆除", "追回", "治理", "清退",
    "到位",
];
/// Words by which something is only wished.
const WISHED: &str = "确保 力争 要 将 计划 争取 拟 预计 应 须 月底 年底 日前 月前";

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    for i in 2..mentions.len() {
        if is_rate(found.chars, &mentions[i]) {
            left(found, mentions, i);
        }
    }
    for i in 0..mentions.len() {
        all_but_some(found, mentions, i);
    }
    units(found, mentions);
}

/// 查出36个，已完成整改33个，整改完成率91.7%。……对尚未完成的5个问题.
fn left(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let (done, rate) = (&mentions[i - 1], &mentions[i]);
    let rated = any(chars, rate.clause.0, rate.number.start, "率")
        && rate.start.saturating_sub(done.end) <= RATE
        && done.sentence == rate.sentence
        && counted(done);
    let Some(act) =
        ACTS.iter().find(|act| any(chars, rate.clause.0, rate.number.start, act)).filter(|_| rated)
    else {
        return;
    };
    let exactly = decimals(chars, rate) > 0;
    let fitting = |m: &&Mention| {
        counted(m)
            && same_unit(chars, m, done)
            && fits(chars, done, m, rate)
            && m.amount(chars) > done.amount(chars)
            && (exactly || m.sentence == done.sentence)
            && !is_item(chars, mentions, m)
    };
    let near = mentions[..i - 1].iter().rev().take_while(|m| done.start - m.end <= WHOLE);
    let Some(whole) = near.into_iter().find(fitting) else { return };
    let rest = whole.amount(chars) - done.amount(chars);
    for told in mentions[i + 1..].iter().take_while(|m| m.start - rate.end <= FAR) {
        let again = counted(told)
            && same_unit(chars, told, done)
            && (told.amount(chars) - rest).abs() > 1e-9
            && (told.amount(chars) - rest).abs() <= (OFF * rest).max(2.0)
            && told_as_left(chars, mentions, told, act)
            && !of_another(chars, mentions, (i, whole), told)
            && !left_of_others(chars, mentions, told)
            && !left_of_more(chars, mentions, whole, told);
        if again && same_thing(chars, whole, told) {
            found.left((whole, done, told), ConflictKind::Sum);
            return;
        }
    }
}

/// 对尚未完成的5个问题: what is left of all, told of no day of its own and of no others in its sentence.
fn told_as_left(chars: &[char], mentions: &[Mention], told: &Mention, act: &str) -> bool {
    let from = told.number.start.saturating_sub(FRONT).max(told.clause.0);
    let front = (from, told.number.start);
    let said = any(chars, front.0, front.1, LEFT)
        && (chars[front.1 - 1] == '的' || any(chars, front.1.saturating_sub(2), front.1, "其余 剩余"));
    let of_it =
        any(chars, front.0, told.clause.1, act) || any(chars, front.0, told.clause.1, "完成 整改 办结");
    let own = before(mentions, told.start, FAR)
        .iter()
        .rev()
        .take_while(|m| m.sentence == told.sentence)
        .any(|m| counted(m) && same_unit(chars, m, told));
    let dated = any(chars, told.sentence.0, told.start, "月 年 本次 本轮 上次 方面 领域 类");
    said && of_it && !own && !dated
}

/// 重大隐患46处，一般隐患2714处: one kind of them.
fn is_item(chars: &[char], mentions: &[Mention], m: &Mention) -> bool {
    let front = mentions[..mentions.partition_point(|n| n.start < m.start)].last();
    front.is_some_and(|one| {
        let gap = &chars[one.end.min(m.start)..m.start];
        same_unit(chars, one, m) && gap.len() <= ITEM && gap.iter().any(|c| matches!(c, '，' | '、' | '；'))
    })
}

/// 两个口径下均为化解127件 of 160: whether a greater whole leaves just so much.
fn left_of_more(chars: &[char], mentions: &[Mention], whole: &Mention, told: &Mention) -> bool {
    let near = |m: &&Mention| m.end <= told.start && told.start - m.end <= FAR;
    let counts: Vec<f64> = before(mentions, told.start, FAR)
        .iter()
        .filter(near)
        .filter(|m| counted(m) && same_unit(chars, m, told))
        .map(|m| m.amount(chars))
        .collect();
    let all = counts.iter().filter(|value| **value > whole.amount(chars));
    all.into_iter().any(|all| counts.iter().any(|done| (all - done - told.amount(chars)).abs() < 1e-9))
}

/// Whether two other counts in front leave just so much.
fn left_of_others(chars: &[char], mentions: &[Mention], told: &Mention) -> bool {
    let near = |m: &&Mention| told.start.saturating_sub(m.end) <= FAR && m.end <= told.start;
    let counts: Vec<&Mention> = before(mentions, told.start, FAR)
        .iter()
        .filter(near)
        .filter(|m| counted(m) && same_unit(chars, m, told))
        .collect();
    counts.iter().enumerate().any(|(n, a)| {
        counts[n + 1..]
            .iter()
            .take(PAIRS)
            .any(|b| (a.amount(chars) - b.amount(chars) - told.amount(chars)).abs() < 1e-9)
    })
}

/// 消防专项检查发现隐患52处, 政法部门交办案件中: another set stands right in front of what is left, or the words say so.
fn of_another(chars: &[char], mentions: &[Mention], (i, whole): (usize, &Mention), told: &Mention) -> bool {
    const FOUND: &str = "发现 反馈 交办 排查 受理 查出 收到 检查 移交 信访件";
    /// How far in front of what is left the other set stands.
    const BEFORE: usize = 70;
    let other_set = |m: &&Mention| {
        let front = m.number.start.saturating_sub(FRONT).max(m.clause.0);
        counted(m)
            && same_unit(chars, m, told)
            && m.sentence != mentions[i].sentence
            && told.start - m.end <= BEFORE
            && !chars[m.end..told.start].contains(&'\n')
            && any(chars, front, m.number.start, FOUND)
            && (m.amount(chars) - whole.amount(chars)).abs() > 1e-9
    };
    let between = mentions[i + 1..].iter().take_while(|m| m.start < told.start).any(|m| other_set(&m));
    let named = told.clause.0 > told.sentence.0 && chars[..told.clause.0].ends_with(&['中', '，']);
    let heavy =
        any(chars, told.end, told.clause.1, "重点") && !any(chars, whole.clause.0, whole.clause.1, "重点");
    between || named || heavy || super::shown::told_apart(chars, whole, told)
}

/// Whether both are followed by one name, or one of them by none.
fn same_thing(chars: &[char], whole: &Mention, told: &Mention) -> bool {
    let (a, b) = (behind(chars, whole), behind(chars, told));
    match (a, b) {
        (_, []) => true,
        ([], b) => b.windows(2).any(|w| holds(&chars[whole.clause.0..whole.start], w)),
        (a, b) => a.len() < 2 || holds(b, &a[a.len() - 2..]),
    }
}

/// 16个问题已全部整改完成。其中两个问题仍在推进: some of just those are open.
fn all_but_some(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let some = &mentions[i];
    let open =
        any(chars, some.end, some.sentence.1, "仍在推进 正在整改 仍在整改 正在推进 尚未 仍未 还未 没有完成");
    let among =
        find(chars, some.sentence.0, some.number.start, "其中").is_some_and(|at| at == some.sentence.0);
    if !open || !among || some.sentence.0 == 0 {
        return;
    }
    // Only in the sentence right in front.
    let front = before(mentions, some.start, FAR);
    let before: Vec<&Mention> = front.iter().filter(|m| m.sentence.1 < some.sentence.0).collect();
    let Some(sentence) = before.last().map(|m| m.sentence).filter(|s| s.1 + 2 > some.sentence.0) else {
        return;
    };
    // Of several that are counted the last is meant by 其中.
    let whole = before.iter().rev().find(|m| {
        m.sentence == sentence
            && counted(m)
            && same_unit(chars, m, some)
            && m.amount(chars) > some.amount(chars)
    });
    let Some(whole) = whole else { return };
    let clause = clauses(&chars[sentence.0..sentence.1])
        .into_iter()
        .map(|c| (c.0 + sentence.0, c.1 + sentence.0))
        .filter(|c| c.0 >= whole.clause.0)
        .find(|c| all_done(chars, *c));
    if let Some(clause) = clause {
        let spans = [(whole.start, whole.end), clause, (some.start, some.end)];
        let reason = "称全部完成，后面又说其中有的还没有完成".to_string();
        found.tell(&spans, ConflictKind::AllDoneVsUnfinished, Certainty::Certain, reason);
    }
}

/// 已全部整改完成.
fn all_done(chars: &[char], clause: (usize, usize)) -> bool {
    let at = ["全部", "均已", "都已"].iter().filter_map(|word| find(chars, clause.0, clause.1, word)).min();
    let done = at.is_some_and(|at| {
        ACTS.iter().any(|act| find(chars, at, clause.1, act).is_some_and(|n| n - at <= 4))
            && !any(chars, at, clause.1, "启动 制定 开展 推进 明确")
    });
    done && !any(chars, clause.0, clause.1, WISHED)
}

/// 拆除复耕71个、162.4亩 and 162.4公顷; 挽回损失1342.6万元 and 1.34亿元: one amount with a unit or a point of its own.
fn units(found: &mut Found<'_>, mentions: &[Mention]) {
    const AREAS: [&str; 4] = ["亩", "公顷", "平方米", "平方公里"];
    const LENGTHS: [&str; 3] = ["公里", "米", "千米"];
    /// How many digits two amounts have in common at least.
    const DIGITS: usize = 3;
    let chars = found.chars;
    let digits = |m: &Mention| {
        let printed = chars[m.number.start..m.number.end].iter().filter(|c| c.is_ascii_digit());
        let text: String = printed.collect();
        text.trim_matches('0').to_string()
    };
    let other_unit = |a: &Mention, b: &Mention| {
        let (x, y) = (a.plain_unit(chars), b.plain_unit(chars));
        let of = |units: &[&str]| units.contains(&x.as_str()) && units.contains(&y.as_str());
        x != y && (of(&AREAS) || of(&LENGTHS)) && a.amount(chars).total_cmp(&b.amount(chars)).is_eq()
    };
    let other_point = |a: &Mention, b: &Mention| {
        let (more, less) = if a.amount(chars) > b.amount(chars) { (a, b) } else { (b, a) };
        let ten = less.amount(chars) * 10.0;
        let off = (more.amount(chars) - ten).abs() / ten.max(1e-9);
        let money = a.kind == FigureKind::Money && same_unit(chars, a, b);
        let (x, y) = (a.number.value / b.number.value, more.number.value);
        let part = part_told(chars, a, b);
        money && !part && off < 0.004 && !(0.02..=50.0).contains(&x) && y > 0.0 && shared_name(chars, a, b)
    };
    let exact: Vec<&Mention> = mentions
        .iter()
        .filter(|m| m.exact() && !m.quoted && digits(m).len() >= DIGITS && m.kind != FigureKind::Rate)
        .collect();
    for (n, a) in exact.iter().enumerate() {
        for b in exact[n + 1..].iter().take_while(|b| b.start - a.end <= FAR) {
            let printed = digits(a) == digits(b) && digits(a).len() > DIGITS && decimals(chars, a) > 0;
            let same_digits = printed && other_unit(a, b);
            if same_digits || other_point(a, b) {
                let reason = "同一个数两处的单位或小数点不一致".to_string();
                found.between(&[a, b], ConflictKind::TwoValues, Certainty::Certain, reason);
            }
        }
    }
}

/// 总投资1.25亿元，已完成1250万元: a tenth of it by right.
fn part_told(chars: &[char], a: &Mention, b: &Mention) -> bool {
    let between = any(chars, a.end.min(b.start), b.end, "其中 占 10% 首期 已完成 安排 用于 争取");
    a.sentence == b.sentence || between && b.start - a.end <= NEAR_BY
}

/// Whether both numbers have a word of two characters in common right in front.
fn shared_name(chars: &[char], a: &Mention, b: &Mention) -> bool {
    let front =
        |m: &Mention| chars[m.number.start.saturating_sub(6).max(m.clause.0)..m.number.start].to_vec();
    let (a, b) = (front(a), front(b));
    let names = |w: &&[char]| all_han(w) && !matches!(w, ['资', '金'] | ['投', '资'] | ['收', '入']);
    a.windows(2).filter(names).any(|w| b.windows(2).any(|v| v == w))
}
