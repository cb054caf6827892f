//! A stretch of text, counted in Unicode code points.

use serde::{Deserialize, Serialize};

/// A half-open stretch `[start, end)` of a text, in Unicode code points (not bytes, not graphemes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First code point of the stretch.
    pub start: usize,
    /// Code point behind the stretch.
    pub end: usize,
}

impl Span {
    /// A stretch from `start` to `end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Number of code points.
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether the stretch holds nothing.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The words of `text` under this stretch; what lies outside of the text is left out.
    pub fn of(self, text: &str) -> &str {
        let from = byte_at(text, self.start);
        let to = from + byte_at(&text[from..], self.len());
        &text[from..to]
    }
}

fn byte_at(text: &str, point: usize) -> usize {
    text.char_indices().nth(point).map_or(text.len(), |(byte, _)| byte)
}
