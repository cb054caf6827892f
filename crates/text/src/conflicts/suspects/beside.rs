//! How two numbers stand to one another.

use super::super::within::plain;
use super::signs::{Sign, Signs, common, plain_unit};
use crate::lexicon::any;

/// How much of what stands between them is looked at, in code points.
const BETWEEN: usize = 120;

/// Whether they share a name, stand in one sentence, and what stands between them.
pub(super) fn beside(
    signs: &Signs<'_>,
    unit: &[usize],
    a: (usize, &Sign<'_>),
    b: (usize, &Sign<'_>),
) -> [f64; 28] {
    let ((i, a), (j, b)) = (a, b);
    let (shared, weight) = signs.shared(a, b);
    let both = |x: &[u64], y: &[u64]| common(x, y).len().min(4) as f64;
    let together = a.all.len() + b.all.len() - shared as usize;
    let between = &signs.chars[a.m.end.min(b.m.number.start)..b.m.number.start];
    let between = &between[..between.len().min(BETWEEN)];
    let marks = |mark: char| between.iter().filter(|c| **c == mark).count().min(5) as f64;
    let after = |of: &[char]| f64::from(between.first().is_some_and(|c| of.contains(c)));
    let length = |s: &Sign<'_>| s.m.number.start - s.from;
    let head = |s: &Sign<'_>| signs.chars[s.from..s.m.number.start].last_chunk::<2>().copied();
    [
        shared.min(6.0),
        weight.min(3.0),
        shared / together.max(1) as f64,
        both(&a.front, &b.front),
        both(&a.behind, &b.behind),
        both(&a.front, &b.behind),
        both(&a.behind, &b.front),
        f64::from(head(a).is_some() && head(a) == head(b)),
        apart(a, b),
        f64::from(a.m.sentence == b.m.sentence),
        f64::from(a.paragraph == b.paragraph),
        f64::from(b.at == a.at + 1),
        (b.at - a.at - 1).min(10) as f64,
        (j - i - 1).min(6) as f64,
        plain_unit(signs.chars, a.m),
        unit.len().min(20) as f64,
        after(&['、']),
        after(&['，']),
        after(&['。', '；', '\n']),
        after(&['中', '的', '里']),
        marks('、'),
        marks('，'),
        marks('。') + marks('；'),
        marks('\n'),
        f64::from(any(between, 0, between.len(), "其中")),
        f64::from(any(between, 0, between.len(), "到 至 减 增 转 为")),
        f64::from(between.len() < 2),
        // 甲3个、乙4个: items of a list have names of like length.
        length(a).abs_diff(length(b)) as f64,
    ]
}

/// How far two numbers stand from one another.
pub(super) fn apart(a: &Sign<'_>, b: &Sign<'_>) -> f64 {
    (b.m.number.start.saturating_sub(a.m.end) as f64).ln_1p()
}

/// Whether one number is the other but for a digit, and whether but for two that changed places.
pub(super) fn slip(a: f64, b: f64) -> (f64, f64) {
    digits_off(&plain(a), &plain(b))
}

/// The same of numbers as they are printed.
pub(super) fn digits_off(a: &str, b: &str) -> (f64, f64) {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len() != b.len() {
        return (0.0, 0.0);
    }
    let off: Vec<usize> = (0..a.len()).filter(|n| a[*n] != b[*n]).collect();
    let swapped = matches!(off[..], [i, j] if a[i] == b[j] && a[j] == b[i]);
    (f64::from(off.len() == 1), f64::from(swapped))
}

/// Whether a difference is a round one, as one wrong digit makes it: 10, 0.3, 200.
pub(super) fn round(difference: f64) -> f64 {
    let digits = plain(difference.abs()).replace('.', "");
    f64::from(digits.trim_matches('0').len() == 1)
}
