//! One file a command: its options, whose comments are its help, and what it does.

pub mod bench;
pub mod deadline;
pub mod ledger;
pub mod verify;
