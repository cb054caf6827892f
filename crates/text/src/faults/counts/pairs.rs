//! Counts in front of what is told as the one and the other: 三类原因：一类是……；另一类是…….

use super::super::{FaultKind, Found};
use super::{few, next_mark, whole_number};
use crate::lexicon::{any, find, stands, words};

/// How the one and the other of them begin.
const PAIRS: [(&str, &str); 4] =
    [("一方面", "另一方面"), ("一类是", "另一类是"), ("一种是", "另一种是"), ("一个是", "另一个是")];
/// How far behind the number the first of them may stand, in code points.
const NEAR: usize = 14;
/// Words that begin a further one.
const FURTHER: &str = "还有 再一 此外 第三 三是 同时还 又一";

pub(in super::super) fn one_and_other(found: &mut Found<'_>) {
    let chars = found.chars;
    for &at in found.counted {
        let Some(number) = whole_number(chars, at).filter(few).filter(|n| n.value > 2.0) else { continue };
        let stop = chars.len().min(number.end + NEAR);
        let Some(colon) = (number.end..stop).find(|i| matches!(chars[*i], '：' | '，' | '。' | '\n'))
        else {
            continue;
        };
        let Some((one, other)) = PAIRS.iter().find(|(one, _)| stands(chars, colon + 1, one)) else {
            continue;
        };
        let unit = any(chars, number.end, colon, "方面 类 种 个 点 条");
        let end = next_mark(chars, colon + 1, |c| c == '\n');
        let Some(second) = find(chars, colon + 1, end, other) else { continue };
        let second_end = second + other.chars().count();
        let more = find(chars, second_end, end, one).is_some() || any(chars, colon, end, FURTHER);
        if chars[colon] == '：' && unit && !more {
            let reason =
                format!("说的是{}，下文只有“{one}”和“{other}”两项", words(chars, number.start, number.end));
            found.tell(at, colon, FaultKind::CountMismatch, "one and the other", reason, None);
        }
    }
}
