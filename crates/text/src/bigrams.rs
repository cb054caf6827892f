//! Search tokens for Chinese text, and the marking of what a search found.
//!
//! Han characters are indexed in overlapping pairs, so that a two-character word is one token and a longer one
//! is a phrase of tokens. Words of letters and digits are one token each and also pair with their Han
//! neighbours, so that 第3期 is found as a phrase. Full and half width, brackets and quotes are one.

use serde::Serialize;

use crate::Span;
use crate::fold::{Folded, Kind, fold, kind};

/// Longest token kept, in code points: a longer run of letters or digits is cut, so that pasted
/// base64 cannot swell an index.
pub const MAX_TOKEN: usize = 64;

/// The search tokens of a text, in its order, with repetitions.
///
/// The same function serves documents and queries. A query of one single Han character gives that character
/// alone: an index that wants to serve it looks for tokens that begin with it.
pub fn bigrams(text: &str) -> Vec<String> {
    let mut tokens = Vec::with_capacity(text.len() / 3);
    let mut run: Vec<Unit> = Vec::new();
    for c in text.chars().map(fold) {
        match kind(c) {
            Kind::Mark => flush(&mut run, &mut tokens),
            Kind::Han => run.push(Unit { word: c.to_string(), han: true }),
            Kind::Word => match run.last_mut() {
                Some(last) if !last.han => {
                    if last.word.chars().count() < MAX_TOKEN {
                        last.word.push(c);
                    }
                }
                _ => run.push(Unit { word: c.to_string(), han: false }),
            },
        }
    }
    flush(&mut run, &mut tokens);
    tokens
}

struct Unit {
    word: String,
    han: bool,
}

fn flush(run: &mut Vec<Unit>, tokens: &mut Vec<String>) {
    for (i, unit) in run.iter().enumerate() {
        if !unit.han || run.len() == 1 {
            tokens.push(unit.word.clone());
        }
        if let Some(next) = run.get(i + 1) {
            tokens.push(format!("{}{}", unit.word, next.word));
        }
    }
    run.clear();
}

/// Where a text shows what a query asked for: spans in code points, in order, not overlapping.
///
/// Terms are parted by white space. A term is found whatever marks stand inside it; when it stands
/// nowhere as a whole, its pairs of characters are marked instead.
pub fn highlight(text: &str, query: &str) -> Vec<Span> {
    let folded = Folded::new(text);
    let mut spans = Vec::new();
    for term in query.split_whitespace() {
        let term = Folded::new(term).chars;
        if term.is_empty() {
            continue;
        }
        let before = spans.len();
        find(&folded, &term, &mut spans);
        if spans.len() == before && term.len() > 2 {
            for pair in term.windows(2) {
                find(&folded, pair, &mut spans);
            }
        }
    }
    join(spans)
}

fn find(folded: &Folded, term: &[char], spans: &mut Vec<Span>) {
    for (i, window) in folded.chars.windows(term.len()).enumerate() {
        if window == term {
            spans.push(Span::new(folded.at[i], folded.at[i + term.len() - 1] + 1));
        }
    }
}

/// Sorts spans and joins those that touch or overlap.
fn join(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort();
    let mut out: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match out.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => out.push(span),
        }
    }
    out
}

/// A short piece of a text around what a query found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Snippet {
    /// The piece, at most as long as asked for.
    pub text: String,
    /// What to mark in it, in code points of the piece.
    pub marks: Vec<Span>,
    /// Whether something was cut off in front.
    pub cut_before: bool,
    /// Whether something was cut off behind.
    pub cut_after: bool,
}

/// The piece of at most `width` code points that shows most of what the query asked for; the beginning of the
/// text where nothing is found.
pub fn snippet(text: &str, query: &str, width: usize) -> Snippet {
    let marks = highlight(text, query);
    let total = text.chars().count();
    let lead = width / 5;
    let best = marks
        .iter()
        .map(|first| {
            let from = first.start.saturating_sub(lead);
            let shown = marks
                .iter()
                .filter(|m| m.start >= from && m.end <= from + width)
                .map(|m| m.len())
                .sum::<usize>();
            (shown, std::cmp::Reverse(from))
        })
        .max();
    let from = best.map_or(0, |(_, from)| from.0).min(total.saturating_sub(width));
    let to = (from + width).min(total);
    Snippet {
        text: Span::new(from, to).of(text).to_string(),
        marks: marks
            .iter()
            .filter(|m| m.end > from && m.start < to)
            .map(|m| Span::new(m.start.max(from) - from, m.end.min(to) - from))
            .collect(),
        cut_before: from > 0,
        cut_after: to < total,
    }
}
