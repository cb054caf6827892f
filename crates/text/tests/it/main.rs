//! What the text rooms promise, shown on made-up texts.

mod bigrams;
mod likeness;
mod segment;
mod vagueness;
