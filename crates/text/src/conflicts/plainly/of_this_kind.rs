//! 共发现问题96个，归为以下四类 …… 此类问题34个 …… 此类问题17个: as many kinds as were announced, each counted where it is told.

use super::super::reckon::same_unit;
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found};
use super::counted;
use crate::figures::Mention;
use crate::lexicon::{any, find};
use crate::numbers::number_at;

/// How far behind the whole its kinds may be told, in code points.
const FAR: usize = 3_000;
/// How far behind the whole it is said into how many kinds it falls, in code points.
const SAID: usize = 20;
const KINDS: &str = "归为 分为 归纳为 可分 分成 概括为 主要有";
const THIS: &str = "此类 这类 该类 这一类 此种情形 这种情形 此类情形";

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let whole = &mentions[i];
    if !counted(whole) || any(chars, whole.clause.0, whole.start, THIS) {
        return;
    }
    let reach = (whole.end + SAID).min(chars.len());
    let kinds = (whole.end..reach).find_map(|at| {
        let number = number_at(chars, at).filter(|n| chars.get(n.end) == Some(&'类'))?;
        any(chars, whole.end, at, KINDS).then_some(number.value)
    });
    let Some(kinds) = kinds.filter(|kinds| (2.0..=9.0).contains(kinds)) else { return };
    let this = |m: &&Mention| {
        counted(m)
            && same_unit(chars, m, whole)
            && find(chars, m.clause.0, m.start, "类").is_some()
            && any(chars, m.clause.0, m.start, THIS)
    };
    let behind = mentions[i + 1..].iter().take_while(|m| m.start < whole.end + FAR);
    let told: Vec<&Mention> = behind.filter(this).collect();
    let sum: f64 = told.iter().map(|m| m.amount(chars)).sum();
    if told.len() as f64 == kinds && (sum - whole.amount(chars)).abs() > 1e-9 {
        let reason = format!("各类相加为{}，总数为{}", plain(sum), plain(whole.amount(chars)));
        let all: Vec<&Mention> = std::iter::once(whole).chain(told).collect();
        found.between(&all, ConflictKind::Sum, Certainty::Certain, reason);
    }
}
