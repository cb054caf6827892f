//! One binary for all tests of the domain; each module tells what its noun must and must not do.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod calendar;
mod campaign;
mod deadline;
mod deadline_more;
mod draw;
mod ladder;
mod look_back;
mod notice;
mod problem;
mod task;
mod template;
mod unit_match;

/// The text of a file of the data handed around beside the repository, or nothing (said aloud) when it is absent.
fn shared_file(path: &str) -> Option<String> {
    let root = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared"));
    match std::fs::read_to_string(root.join(path)) {
        Ok(text) => Some(text),
        Err(error) => {
            let required = std::env::var_os("BIHUAN_REQUIRE_ALL").is_some_and(|value| value == "1");
            assert!(!required, "../shared/{path} is required and cannot be read: {error}");
            println!("skipped: ../shared is missing");
            None
        }
    }
}
