//! The tests of the crate, one binary.

mod agreement;
mod changes;
mod exports;
mod layouts;
mod layouts_other;
mod limits;
mod support;
mod uploads;
