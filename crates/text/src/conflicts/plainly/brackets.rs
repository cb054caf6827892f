//! 16个乡镇中，达到100%的有5个，80%至100%之间的有8个，低于80%的有4个: brackets that leave no place out make all of them.

use super::super::reckon::same_unit;
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found};
use super::counted;
use crate::figures::Mention;
use crate::lexicon::any;

/// How far behind the whole the first bracket may stand, in code points, and each behind the other.
const STEP: usize = 30;
/// Most numbers of all brackets together.
const MOST: usize = 20;

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let whole = &mentions[i];
    if !counted(whole) {
        return;
    }
    let mut parts: Vec<&Mention> = Vec::new();
    let mut bounds: Vec<Vec<f64>> = vec![Vec::new()];
    let mut last = whole.end;
    for m in mentions[i + 1..].iter().take(MOST).take_while(|m| m.sentence == whole.sentence) {
        if m.start.saturating_sub(last) > STEP {
            break;
        }
        if m.plain_unit(chars) == "%" {
            bounds.last_mut().unwrap_or(&mut Vec::new()).push(m.number.value);
        } else if counted(m) && same_unit(chars, m, whole) {
            parts.push(m);
            bounds.push(Vec::new());
        } else {
            return;
        }
        last = m.end;
    }
    bounds.truncate(parts.len());
    let (Some(first), Some(end)) = (parts.first(), parts.last()) else { return };
    let all = any(chars, whole.end, first.number.start, "中，");
    let sum: f64 = parts.iter().map(|m| m.amount(chars)).sum();
    if parts.len() < 2 || !all || !closed(&bounds) || (sum - whole.amount(chars)).abs() < 1e-9 {
        return;
    }
    let low = "低于 不足 不到 以下 小于";
    let high = "达到 达 以上 超过 高于 实现";
    let side = |m: &Mention, words: &str| {
        any(chars, m.number.start.saturating_sub(STEP).max(m.clause.0), m.number.start, words)
    };
    let falls = side(first, high) && side(end, low) || side(first, low) && side(end, high);
    if falls {
        let reason = format!("各档相加为{}，总数为{}", plain(sum), plain(whole.amount(chars)));
        let figures: Vec<&Mention> = [whole].into_iter().chain(parts).collect();
        found.between(&figures, ConflictKind::Sum, Certainty::Certain, reason);
    }
}

/// Whether each bracket ends where the next one begins.
fn closed(bounds: &[Vec<f64>]) -> bool {
    let mut at: Option<f64> = None;
    let last = bounds.len() - 1;
    for (n, own) in bounds.iter().enumerate() {
        match (own[..].as_ref(), at) {
            ([one], None) if n == 0 => at = Some(*one),
            ([one], Some(before)) if n == last && (one - before).abs() < 1e-9 => return true,
            ([a, b], Some(before)) if n < last => {
                if (a - before).abs() < 1e-9 {
                    at = Some(*b);
                } else if (b - before).abs() < 1e-9 {
                    at = Some(*a);
                } else {
                    return false;
                }
            }
            _ => return false,
        }
    }
    false
}
