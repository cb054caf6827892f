//! Chinese official text: segmentation, obligations, figures and their conflicts, faults, vagueness,
//! near-duplicates, search tokens.
//!
//! Everything here is a pure function of its arguments: no IO, no clock, no environment. Offsets are
//! Unicode code points into the text as given, half open, so that a page or a spreadsheet can mark them.

pub mod bigrams;
pub mod conflicts;
mod deadline;
pub mod faults;
pub mod figures;
pub mod fold;
mod lexicon;
pub mod likeness;
mod numbers;
pub mod obligations;
pub mod segment;
mod sieve;
mod spaced;
mod span;
pub mod tables;
mod trees;
pub mod vagueness;
mod written;

pub use bigrams::{Snippet, bigrams, each_token, highlight, snippet};
pub use conflicts::{
    Certainty, Conflict, ConflictKind, FIGURES_TOGETHER_MAX, Told, conflicts, suspected, told_numbers,
};
pub use faults::{Fault, FaultKind, OwnWords, Slip, faults, faults_with, folded_for_grams, slips, taken_for};
pub use figures::{Figure, FigureKind, figures, stated};
pub use likeness::{
    Index, SharedPart, Signature, bands, containment, jaccard, likeness, shared_parts, signature,
};
pub use numbers::says_number;
pub use obligations::{
    Hardness, Obligation, OwnTerms, Reason, obligations, obligations_of_day, obligations_with, parties,
};
pub use segment::{Mark, Numbering, clauses, numbering, sentences};
pub use span::Span;
pub use vagueness::{Code, Warning, vague_goal, vague_measure, vagueness};
pub use written::IssueDay;
