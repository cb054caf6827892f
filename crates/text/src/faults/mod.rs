//! Faults of form in a document: numbering, announced counts, quotes, marks, blanks, doubled and wrong words.
//!
//! Every rule is mechanical or goes by a word list, says what it went by, and proposes a fix where it knows one.
//! Judgement of style and sense is left to people.

mod again;
mod blanks;
mod by_words;
mod called;
mod clauses;
mod confusions;
mod counts;
mod echoed;
mod gaps;
mod grammar;
mod hanging;
mod heard;
mod hours;
mod idioms;
mod known_days;
mod law_names;
mod laws;
mod left_open;
mod letters;
mod levels;
mod marks;
mod names;
mod nth;
mod numbering;
mod own_body;
mod own_name;
mod own_voice;
mod phrases;
mod repeats;
mod replacements;
mod set_phrases;
mod signature;
mod strangers;
mod stutter;
mod swapped;
mod telephones;
mod traces;
mod verses;
mod words;

pub use heard::{Slip, folded_for_grams, slips, taken_for};
use serde::Serialize;

use crate::lexicon::words as words_of;
use crate::segment::numbering_of;
use crate::spaced::closed;

/// What sort of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// A number skipped, repeated or of another shape than its neighbours.
    Numbering,
    /// An announced count that its items do not match.
    CountMismatch,
    /// Quotes or brackets unbalanced, turned around or nested in their own kind.
    Quotes,
    /// Half-width marks, doubled or missing marks, stray spaces.
    Punctuation,
    /// Words or sentences written twice.
    Duplicate,
    /// Something left to be filled in.
    Placeholder,
    /// Letters or words put in by a careless replacement.
    Substitution,
    /// A wrong character, or a set phrase with one wrong, missing or extra.
    WrongChar,
    /// A day or an hour that does not exist.
    Date,
    /// Advertising or traces of a download.
    Residue,
    /// Anything else, such as a name that must not be shortened.
    Other,
}

/// One fault found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// First code point.
    pub start: usize,
    /// Code point behind.
    pub end: usize,
    /// The words.
    pub quote: String,
    /// What sort of fault.
    pub kind: FaultKind,
    /// Name of the rule.
    pub rule: &'static str,
    /// Why, in Chinese.
    pub reason: String,
    /// The proposed fix for the quote, where the rule knows one.
    pub expected: Option<String>,
}

/// Words of the office's own, kept as its data.
#[derive(Clone, Debug, Default)]
pub struct OwnWords {
    /// Full names and set phrases: a place that differs from one by a single character is told.
    pub phrases: Vec<String>,
    /// Wrong words with what they should be, such as abbreviations that are not allowed.
    pub wrong: Vec<(String, String)>,
}

/// The faults of a text, in its order.
pub fn faults(text: &str) -> Vec<Fault> {
    faults_with(text, &OwnWords::default())
}

/// The faults of a text, with an office's own names and words.
pub fn faults_with(text: &str, own: &OwnWords) -> Vec<Fault> {
    let chars: Vec<char> = text.chars().collect();
    let counted = counts::places(&chars);
    let mut found = Found { chars: &chars, counted: &counted, faults: Vec::new() };
    let lines = lines(&chars);
    marks::marks(&mut found, &lines);
    marks::quotes(&mut found, &lines);
    blanks::blanks(&mut found);
    replacements::substitutions(&mut found);
    telephones::telephones(&mut found);
    swapped::swapped(&mut found);
    gaps::gaps(&mut found);
    by_words::by_words(&mut found, &lines);
    traces::residue(&mut found);
    traces::advertising(&mut found);
    letters::letters(&mut found);
    let numbers = numbering_of(&chars);
    numbering::sequences(&mut found, &lines, &numbers);
    nth::nth(&mut found);
    counts::announced(&mut found, &numbers);
    counts::stages(&mut found);
    counts::called(&mut found);
    counts::words_of_a_number(&mut found, &numbers);
    counts::listed(&mut found);
    counts::titles(&mut found);
    counts::namely(&mut found);
    counts::in_title(&mut found, &lines, &numbers);
    counts::aspects(&mut found, &numbers);
    called::quoted(&mut found);
    called::ones(&mut found);
    counts::behind_it(&mut found);
    counts::in_front(&mut found);
    counts::in_brackets(&mut found);
    counts::dashes(&mut found, &lines);
    counts::dated(&mut found);
    counts::one_and_other(&mut found);
    counts::rows(&mut found);
    days(&mut found);
    hours::hours(&mut found);
    names::title_and_body(&mut found, &lines);
    strangers::strangers(&mut found, &lines);
    own_name::signed(&mut found, &lines);
    own_name::other_place(&mut found, &lines);
    signature::signature(&mut found, &lines);
    levels::levels(&mut found);
    own_body::renamed(&mut found, &lines);
    own_voice::own_voice(&mut found, &lines);
    repeats::doubled(&mut found);
    clauses::clauses(&mut found, &lines);
    again::again(&mut found);
    laws::laws(&mut found);
    phrases::wrong(&mut found, own);
    phrases::miswritten(&mut found);
    grammar::particles(&mut found);
    echoed::echoed(&mut found);
    hanging::hanging(&mut found);
    known_days::known_days(&mut found);
    phrases::near(&mut found, own);
    phrases::fixed(&mut found);
    numbering::rates(&mut found);
    heard::heard(&mut found, own);
    each_once(&mut found.faults);
    found.faults
}

/// Sorts what was told and drops what tells the same slip once more.
fn each_once(faults: &mut Vec<Fault>) {
    faults.sort_by_key(|f| (f.start, f.end, f.kind));
    // One slip may be found by two lists; the first that tells it is enough.
    faults.dedup_by(|b, a| a.start == b.start && a.end == b.end);
    let mut counted_to = 0;
    let mut wrong_to = 0;
    faults.retain(|f| {
        let again = matches!(f.kind, FaultKind::WrongChar | FaultKind::Duplicate) && f.start < wrong_to;
        wrong_to = if f.kind == FaultKind::WrongChar { wrong_to.max(f.end) } else { wrong_to };
        // “三个到位” and 三个到位: of one count.
        let counted = f.kind == FaultKind::CountMismatch && f.start < counted_to;
        counted_to = if f.kind == FaultKind::CountMismatch { counted_to.max(f.end) } else { counted_to };
        !again && !counted
    });
}

/// Days that do not exist, also where layout left spaces in them: 2 月 30 日.
fn days(found: &mut Found<'_>) {
    let Some(closed) = closed(found.chars) else { return numbering::dates(found) };
    let mut days = Found { chars: &closed.chars, counted: &[], faults: Vec::new() };
    numbering::dates(&mut days);
    for mut day in days.faults {
        (day.start, day.end) = closed.given(day.start, day.end);
        day.quote = words_of(found.chars, day.start, day.end);
        found.faults.push(day);
    }
}

/// The text and what was found so far.
struct Found<'a> {
    chars: &'a [char],
    /// Where a number of two or more may begin: many rules ask for counts.
    counted: &'a [usize],
    faults: Vec<Fault>,
}

impl<'a> Found<'a> {
    /// Where a number of two or more may begin with something in front of it.
    fn counted_inside(&self) -> impl Iterator<Item = usize> + use<'a> {
        self.counted.iter().copied().filter(|at| *at > 0)
    }

    /// Which characters belong to a fault of this kind already.
    fn taken(&self, kind: FaultKind) -> Vec<bool> {
        let mut taken = vec![false; self.chars.len()];
        let told = self.faults.iter().filter(|f| f.kind == kind);
        told.for_each(|f| taken[f.start..f.end].fill(true));
        taken
    }

    /// Whether any of these characters belongs to a fault of this kind already.
    fn is_told(&self, (start, end): (usize, usize), kind: FaultKind) -> bool {
        self.faults.iter().any(|f| f.kind == kind && f.start < end && start < f.end)
    }

    fn tell(
        &mut self,
        start: usize,
        end: usize,
        kind: FaultKind,
        rule: &'static str,
        reason: String,
        expected: Option<String>,
    ) {
        // What is told of may be the last of the text.
        let end = end.min(self.chars.len());
        let quote = words_of(self.chars, start, end);
        self.faults.push(Fault { start, end, quote, kind, rule, reason, expected });
    }
}

/// Starts and ends of the lines that are not blank.
fn lines(chars: &[char]) -> Vec<(usize, usize)> {
    let mut lines = Vec::new();
    let mut start = 0;
    for at in 0..=chars.len() {
        if at == chars.len() || chars[at] == '\n' {
            if chars[start..at].iter().any(|c| !c.is_whitespace()) {
                lines.push((start, at));
            }
            start = at + 1;
        }
    }
    lines
}

/// Whether a character is a Han character.
fn han(c: Option<&char>) -> bool {
    c.is_some_and(|c| ('\u{4E00}'..='\u{9FFF}').contains(c))
}
