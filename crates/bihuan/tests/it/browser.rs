//! The pages in a real browser: `e2e/` runs against a demonstration of its own.

use crate::support::{copy_of_filled, root, text};
use bihuan_testkit::{chromium, missing};
use std::process::Command;

#[test]
fn the_pages_work_in_a_browser() {
    let Some(browser) = chromium() else { return };
    let Some(node) = node() else { return };
    let folder = root().join("e2e");
    if !folder.join("node_modules/playwright-core").is_dir() {
        let done = Command::new("npm").args(["ci", "--ignore-scripts"]).current_dir(&folder).output();
        if !done.is_ok_and(|done| done.status.success()) {
            missing::<()>("npm ci in e2e failed");
            return;
        }
    }
    // The tests change the county, so they get a copy of the one made for all.
    let data = copy_of_filled();
    let done = Command::new(node)
        .args(["--test", "--test-concurrency=1", "runs.test.mjs", "supervision.test.mjs"])
        .current_dir(&folder)
        .env("DEMO_DATA", text(data.path()))
        .env("CHROMIUM", text(&browser))
        .env("BIHUAN", env!("CARGO_BIN_EXE_bihuan"))
        .output()
        .expect("node starts");
    let out = String::from_utf8_lossy(&done.stdout);
    println!("{out}");
    assert!(done.status.success(), "{out}{}", String::from_utf8_lossy(&done.stderr));
}

fn node() -> Option<&'static str> {
    let works =
        |name: &&str| Command::new(name).arg("--version").output().is_ok_and(|done| done.status.success());
    ["node", "nodejs"].into_iter().find(works).or_else(|| missing("Node is not installed"))
}
