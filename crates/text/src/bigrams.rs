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

/// The Han characters of a text, folded, in its order: what a search for one character looks at.
pub fn han_characters(text: &str) -> impl Iterator<Item = char> {
    text.chars().map(fold).filter(|c| kind(*c) == Kind::Han)
}

/// Gives the tokens of [`bigrams`] one by one with their places, without an allocation a token.
pub fn each_token(text: &str, mut take: impl FnMut(&str, u32)) {
    let mut run = Run::default();
    let mut place = 0;
    for c in text.chars().map(fold) {
        match kind(c) {
            Kind::Mark => {
                // What stands on both sides of a mark is not one phrase.
                place += u32::from(run.units > 0);
                run.end(&mut take);
            }
            Kind::Han => {
                run.next(true, &mut place, &mut take);
                run.last.push(c);
            }
            Kind::Word if run.last_is_word() => {
                if run.length < MAX_TOKEN {
                    run.last.push(c);
                    run.length += 1;
                }
            }
            Kind::Word => {
                run.next(false, &mut place, &mut take);
                run.last.push(c);
                run.length = 1;
            }
        }
    }
    run.end(&mut take);
}

/// A stretch of a question without marks in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryRun {
    /// Its tokens with their places.
    pub tokens: Vec<(String, u32)>,
    /// How many characters and words it is made of.
    pub units: usize,
    /// It ends with a Han character.
    pub han: bool,
}

/// The tokens to look for, run by run: each run must stand in a document as it is.
pub fn query_runs(text: &str) -> Vec<QueryRun> {
    let folded: String = text.chars().map(fold).collect();
    let mut runs = Vec::new();
    for stretch in folded.split(|c| kind(c) == Kind::Mark).filter(|stretch| !stretch.is_empty()) {
        let mut run = QueryRun::default();
        each_token(stretch, |token, place| run.tokens.push((token.to_owned(), place)));
        run.han = stretch.chars().next_back().is_some_and(|c| kind(c) == Kind::Han);
        run.units = units(stretch);
        cover(&mut run);
        runs.push(run);
    }
    runs
}

/// Characters and words of a folded stretch without marks.
fn units(stretch: &str) -> usize {
    let mut last = Kind::Mark;
    stretch
        .chars()
        .filter(|c| {
            let now = kind(*c);
            let begins = now == Kind::Han || last != Kind::Word;
            last = now;
            begins
        })
        .count()
}

/// Pairs that lie side by side say as much as all of them: places leave no gap between them.
fn cover(run: &mut QueryRun) {
    if run.units < 2 {
        return;
    }
    let last = run.units as u32 - 2;
    let mut kept: Vec<(String, u32)> = Vec::new();
    for place in (0..=last).step_by(2).chain([last]) {
        // At one place the pair is longer than the word it begins with.
        let pair = run.tokens.iter().filter(|(_, at)| *at == place).max_by_key(|(token, _)| token.len());
        if let Some(pair) = pair.filter(|pair| !kept.contains(pair)) {
            kept.push(pair.clone());
        }
    }
    run.tokens = kept;
}

/// The last two units of a run of characters.
#[derive(Default)]
struct Run {
    before: String,
    last: String,
    last_han: bool,
    /// Characters of the last word.
    length: usize,
    /// Place of the last unit.
    place: u32,
    units: u32,
    pair: String,
}

impl Run {
    fn last_is_word(&self) -> bool {
        self.units > 0 && !self.last_han
    }

    /// Begins the next unit: the one before it is whole now.
    fn next(&mut self, han: bool, place: &mut u32, take: &mut impl FnMut(&str, u32)) {
        if self.units > 0 {
            self.give(take);
            std::mem::swap(&mut self.before, &mut self.last);
        }
        self.last.clear();
        (self.last_han, self.place) = (han, *place);
        self.units += 1;
        *place += 1;
    }

    /// The pair that ends with the last unit, and the unit itself if it is a word.
    fn give(&mut self, take: &mut impl FnMut(&str, u32)) {
        if self.units > 1 {
            self.pair.clear();
            self.pair.push_str(&self.before);
            self.pair.push_str(&self.last);
            take(&self.pair, self.place - 1);
        }
        if !self.last_han {
            take(&self.last, self.place);
        }
    }

    fn end(&mut self, take: &mut impl FnMut(&str, u32)) {
        if self.units > 0 {
            self.give(take);
            if self.last_han && self.units == 1 {
                take(&self.last, self.place);
            }
        }
        self.units = 0;
    }
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
