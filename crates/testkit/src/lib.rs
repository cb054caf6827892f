//! For tests only: throw-away databases of both engines, and what tests may or may not find on a machine.
//!
//! A missing PostgreSQL, browser or folder of sample documents skips a test with a printed line; with
//! `BIHUAN_REQUIRE_ALL=1` it fails the test.

mod cluster;
mod database;
mod tls;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

pub use crate::database::{
    TestDb, TestEngine, engines, lift_append_only, on_each_empty_engine, on_each_engine,
};
pub use crate::tls::TlsServer;

/// The folder of sample documents beside the repository, or `None` after saying that it is missing.
///
/// # Panics
/// When it is missing and `BIHUAN_REQUIRE_ALL=1`.
pub fn shared_dir() -> Option<PathBuf> {
    let dir = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared"));
    if dir.is_dir() { dir.canonicalize().ok() } else { missing("../shared is missing") }
}

/// A Chromium for browser tests, or `None` after saying that there is none.
///
/// # Panics
/// When it is missing and `BIHUAN_REQUIRE_ALL=1`.
pub fn chromium() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
        .into_iter()
        .find_map(on_path)
        .or_else(|| missing("Chromium is not installed"))
}

/// Says `skipped: …` and answers `None`.
///
/// # Panics
/// With `BIHUAN_REQUIRE_ALL=1`.
pub fn missing<T>(what: &str) -> Option<T> {
    assert!(!require_all(), "BIHUAN_REQUIRE_ALL=1, and {what}");
    println!("skipped: {what}");
    None
}

/// Whether nothing may be skipped.
pub fn require_all() -> bool {
    env("BIHUAN_REQUIRE_ALL").is_some_and(|v| v == "1")
}

/// The program of this name on PATH.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    path_folders().map(|dir| dir.join(program)).find(|p| p.is_file())
}

pub(crate) fn path_folders() -> impl Iterator<Item = PathBuf> {
    let path = env("PATH").unwrap_or_default();
    std::env::split_paths(&path).collect::<Vec<_>>().into_iter()
}

pub(crate) fn env(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

pub(crate) fn temp_dir() -> PathBuf {
    std::env::temp_dir()
}
