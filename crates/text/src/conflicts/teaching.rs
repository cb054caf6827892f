//! What `examples/learn` asks of a text.

use super::{decimals, suspects};
use crate::figures::{Mention, mentions};

/// Numbers of a text that could contradict one another, each with what the trees of [`suspects`] look at: its family, its
/// spans as pairs of first code point and code point behind, and its features. For `examples/learn.rs`.
#[doc(hidden)]
pub fn suspected(text: &str) -> Vec<(usize, Vec<(usize, usize)>, Vec<f64>)> {
    let chars: Vec<char> = text.chars().collect();
    let family = |of: suspects::Family| suspects::Family::ALL.iter().position(|f| *f == of).unwrap_or(0);
    let mut rows = Vec::new();
    suspects::each(&chars, &mentions(&chars), &mut |s| rows.push((family(s.family), s.spans, s.features)));
    rows
}

/// A number that a text tells exactly, for `examples/learn`.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct Told {
    /// First code point of the printed number, and the one behind it.
    pub start: usize,
    pub end: usize,
    /// With 万 and 亿 counted in, and by what these multiply.
    pub amount: f64,
    pub scale: f64,
    pub decimals: usize,
    pub unit: String,
}

/// The numbers that a text tells exactly in digits, for `examples/learn`.
#[doc(hidden)]
pub fn told_numbers(text: &str) -> Vec<Told> {
    let chars: Vec<char> = text.chars().collect();
    let exact = |m: &&Mention| m.exact() && !m.quoted && !m.number.han && m.number.value > 0.0;
    let told = |m: &Mention| Told {
        start: m.number.start,
        end: m.number.end,
        amount: m.amount(&chars),
        scale: m.amount(&chars) / m.number.value,
        decimals: decimals(&chars, m),
        unit: m.plain_unit(&chars),
    };
    mentions(&chars).iter().filter(exact).map(told).collect()
}
