//! One file a command: its options, whose comments are its help, and what it does.

pub mod backup;
pub mod bench;
mod bench_action;
mod bench_likeness;
pub mod bench_search;
mod bench_task;
pub mod deadline;
pub mod demo;
pub mod draw;
pub mod export;
pub mod index;
pub mod init;
pub mod key;
pub mod ledger;
pub mod ledger_file;
pub mod people;
pub mod restore;
pub mod serve;
pub mod simulate;
pub mod template;
pub mod text;
pub mod units;
pub mod verify;
