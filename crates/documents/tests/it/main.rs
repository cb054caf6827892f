//! The tests of the crate, one binary.

mod agreement;
mod support;
