//! The program as its users meet it: commands, a crash, a browser; and the rules of the house.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod bench;
mod browser;
mod cli;
mod config;
mod crash;
mod demo;
mod digest;
mod journal_format;
mod key;
mod pages;
mod support;
mod tidy;
mod wrong;
