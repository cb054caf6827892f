//! Files for tests: real ledgers where they are found, and made-up ones.

use std::path::{Path, PathBuf};

use bihuan_documents::ledger::{LedgerRow, read_workbook};
use bihuan_documents::sheet::read_any;

/// The folder of the development data; `None` (said aloud) where it is missing and not required.
pub fn shared(part: &str) -> Option<PathBuf> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")).join(part);
    if path.exists() {
        return Some(path);
    }
    #[expect(clippy::disallowed_methods, reason = "a switch of the test run, not of the program")]
    let required = std::env::var("BIHUAN_REQUIRE_ALL").is_ok_and(|v| v == "1");
    assert!(!required, "../shared is required and missing");
    eprintln!("skipped: ../shared is missing");
    None
}

/// The xlsx files of the development ledgers.
pub fn dev_ledgers() -> Vec<PathBuf> {
    let Some(folder) = shared("data/ledgers") else { return Vec::new() };
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "xlsx"))
        .collect();
    files.sort();
    files
}

/// All problems a file offers.
pub fn read_rows(name: &str, bytes: &[u8]) -> Vec<LedgerRow> {
    let workbook = read_any(name, bytes).unwrap();
    read_workbook(&workbook).into_iter().filter(|r| r.verdict.is_offered()).flat_map(|r| r.rows).collect()
}
