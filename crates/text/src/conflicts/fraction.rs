//! Shares told in words: 一半以上, 三分之二, 近八成.

use super::reckon::Range;
use crate::lexicon::stands;
use crate::numbers::{digit, number_at};

/// A share told in words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fraction {
    pub start: usize,
    pub end: usize,
    pub range: Range,
}

/// How far a share in words may be from the true one: 三分之一 is said of 35 %, 一半 of 48 %.
const LOOSE: f64 = 0.035;

/// The shares in words between two places, in their order.
pub(super) fn fractions(chars: &[char], start: usize, end: usize) -> Vec<Fraction> {
    let mut out: Vec<Fraction> = Vec::new();
    for at in start..end.min(chars.len()) {
        if !matches!(chars[at], '半' | '之' | '成') || out.last().is_some_and(|last| last.end > at) {
            continue;
        }
        if let Some(fraction) = half(chars, at).or_else(|| parts(chars, at)).or_else(|| tenths(chars, at)) {
            out.push(fraction);
        }
    }
    out
}

/// 一半, 半数, 过半.
fn half(chars: &[char], at: usize) -> Option<Fraction> {
    if chars[at] != '半' || at == 0 {
        return None;
    }
    let before = chars[at - 1];
    let behind = chars.get(at + 1).copied().unwrap_or(' ');
    if before == '过' || before == '超' && behind != '数' {
        let word = matches!(behind, '，' | '。' | '；' | '数' | '、' | '）');
        return word.then_some(Fraction { start: at - 1, end: at + 1, range: Range { low: 0.5, high: 1.0 } });
    }
    let (start, end) = match (before, behind) {
        ('一', '年' | '月' | '天' | '个' | '小' | '数') => return None,
        ('一', _) => (at - 1, at + 1),
        (_, '数') => (at, at + 2),
        _ => return None,
    };
    Some(worded(chars, start, end, 0.5))
}

/// 三分之二.
fn parts(chars: &[char], at: usize) -> Option<Fraction> {
    if at < 2 || !stands(chars, at - 1, "分之") {
        return None;
    }
    let of = number_at(chars, at - 2).filter(|n| n.end == at - 1 && n.value >= 2.0)?;
    let some = number_at(chars, at + 1).filter(|n| n.value >= 1.0 && n.value < of.value)?;
    let ten = at > 2 && matches!(chars[at - 3], '百' | '千' | '十');
    (!ten && of.value <= 10.0).then(|| worded(chars, at - 2, some.end, some.value / of.value))
}

/// 八成, 七成五.
fn tenths(chars: &[char], at: usize) -> Option<Fraction> {
    if chars[at] != '成' || at == 0 {
        return None;
    }
    let value = match digit(chars[at - 1]) {
        Some(d) => f64::from(d),
        None => number_at(chars, at - 1).filter(|n| n.end == at && n.value >= 1.0)?.value,
    };
    let alone = at < 2 || !matches!(chars[at - 2], '0'..='9' | '十' | '百' | '.' | '第' | '、');
    let behind = chars.get(at + 1).copied().unwrap_or(' ');
    // 两成五.
    let more = number_at(chars, at + 1).filter(|n| n.han && n.value >= 1.0 && n.value < 10.0);
    if let Some(more) = more.filter(|n| alone && matches!(chars.get(n.end), Some('，' | '。' | '；' | '、')))
    {
        return Some(worded(chars, at - 1, more.end, value / 10.0 + more.value / 100.0));
    }
    let share = matches!(behind, '，' | '。' | '；' | '以' | '多' | '左' | '的' | '、' | '）' | '\n');
    if !alone || !share || !(1.0..10.0).contains(&value) {
        return None;
    }
    Some(worded(chars, at - 1, at + 1, value / 10.0))
}

/// With 近, 超过, 以上 and the like around it.
fn worded(chars: &[char], start: usize, end: usize, value: f64) -> Fraction {
    let before = |words: &[&str]| {
        words.iter().any(|w| {
            let length = w.chars().count();
            start >= length && stands(chars, start - length, w)
        })
    };
    let behind = |words: &[&str]| words.iter().any(|w| stands(chars, end, w));
    let range = if before(&["超过", "超", "突破", "不少于", "高于", "逾"])
        || behind(&["以上", "多", "强", "还多"])
    {
        Range { low: value, high: 1.0 }
    } else if before(&["不足", "不到", "低于"]) || behind(&["以下", "以内", "不到"]) {
        Range { low: 0.0, high: value }
    } else if before(&["近", "接近", "将近"]) || behind(&["弱"]) {
        Range { low: value - 0.1, high: value + LOOSE }
    } else if before(&["约", "大约"]) || behind(&["左右", "上下"]) {
        Range { low: value - 0.07, high: value + 0.07 }
    } else {
        Range { low: value - LOOSE, high: value + LOOSE }
    };
    Fraction { start, end, range }
}
