//! Integration tests of the program, and of the repository as a whole.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod journal_format;
mod tidy;
