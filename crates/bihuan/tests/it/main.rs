//! The program as its users meet it: commands, a crash, a browser; and the rules of the house.

mod browser;
mod cli;
mod config;
mod crash;
mod demo;
mod support;
//! Integration tests of the program, and of the repository as a whole.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod journal_format;
mod tidy;
