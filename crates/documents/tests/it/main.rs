//! The tests of the crate, one binary.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up should stop")]

mod agreement;
mod changes;
mod exports;
mod layouts;
mod layouts_other;
mod limits;
mod support;
mod uploads;
