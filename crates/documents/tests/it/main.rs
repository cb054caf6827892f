//! The tests of the crate, one binary.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up should stop")]

mod agreement;
mod changes;
mod cross_check;
mod exports;
mod kinds;
mod layouts;
mod layouts_more;
mod layouts_other;
mod layouts_stacked;
mod limits;
mod paper;
mod paper_measure;
mod paper_support;
mod random;
mod support;
mod text;
mod uploads;
