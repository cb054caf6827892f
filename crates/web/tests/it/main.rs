//! Tests of pages and JSON, in process and by route, on both engines.

mod session;
mod support;
