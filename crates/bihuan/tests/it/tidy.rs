//! The rules of the house that the compiler cannot say (STYLE.md).

use crate::support::root;
use std::path::{Path, PathBuf};

/// Longest source file, in lines.
const FILE_LINES_MAX: usize = 500;
/// Longest function, in lines.
const FUNCTION_LINES_MAX: usize = 70;
/// Folders that are not ours.
const FOREIGN: [&str; 5] = ["target", "node_modules", ".git", "demo-data", "bihuan-data"];

/// What a crate may use of ours; nothing else, in any kind of dependency but tests.
const ALLOWED: [(&str, &[&str]); 8] = [
    ("domain", &[]),
    ("text", &[]),
    ("documents", &[]),
    ("store", &["domain"]),
    ("app", &["domain", "text", "documents", "store"]),
    ("web", &["domain", "app"]),
    ("bihuan", &["domain", "documents", "store", "app", "web"]),
    ("testkit", &["store", "app", "domain", "web"]),
];

fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            if path.is_dir() {
                if !FOREIGN.contains(&name.as_str()) && !name.starts_with("target-") {
                    folders.push(path);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

fn short(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// Fails with all faults at once.
fn none(faults: Vec<String>) {
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn files_and_functions_are_short() {
    let mut faults = Vec::new();
    for path in files(&root().join("crates"), &[".rs"]) {
        let text = read(&path);
        let lines: Vec<&str> = text.lines().collect();
        if lines.len() > FILE_LINES_MAX {
            faults.push(format!("{}: {} lines", short(&path), lines.len()));
        }
        for (at, line) in lines.iter().enumerate() {
            let indent = line.len() - line.trim_start().len();
            let word = line.trim_start();
            let is_function =
                ["fn ", "pub fn ", "pub(crate) fn ", "pub(super) fn ", "async fn ", "pub async fn "]
                    .iter()
                    .any(|start| word.starts_with(start));
            if !is_function || word.ends_with(';') {
                continue;
            }
            let close = format!("{}}}", " ".repeat(indent));
            let length = lines[at..].iter().position(|line| *line == close).map_or(0, |end| end + 1);
            if length > FUNCTION_LINES_MAX {
                faults.push(format!("{}:{}: a function of {length} lines", short(&path), at + 1));
            }
        }
    }
    none(faults);
}

#[test]
fn sql_is_written_in_the_store_only() {
    let words = ["SELECT ", "INSERT INTO ", "DELETE FROM ", "CREATE TABLE "];
    let mut faults = Vec::new();
    for path in files(&root().join("crates"), &[".rs", ".sql"]) {
        let name = short(&path);
        let elsewhere = !name.starts_with("crates/store/") && !name.starts_with("crates/testkit/");
        if !elsewhere || name.contains("/tests/") {
            continue;
        }
        if name.ends_with(".sql") {
            faults.push(format!("{name}: SQL outside the store"));
        }
        for (at, line) in read(&path).lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if words.iter().any(|word| code.contains(&format!("\"{word}"))) {
                faults.push(format!("{name}:{}: SQL outside the store", at + 1));
            }
        }
    }
    none(faults);
}

#[test]
fn crates_depend_in_one_direction() {
    let mut faults = Vec::new();
    for (name, allowed) in ALLOWED {
        let manifest: toml::Table =
            toml::from_str(&read(&root().join("crates").join(name).join("Cargo.toml"))).expect("a manifest");
        for kind in ["dependencies", "build-dependencies"] {
            let Some(uses) = manifest.get(kind).and_then(toml::Value::as_table) else { continue };
            for other in uses.keys().filter_map(|key| key.strip_prefix("bihuan-")) {
                if !allowed.contains(&other) {
                    faults.push(format!("{name} may not use {other}"));
                }
            }
        }
    }
    let known: Vec<&str> = ALLOWED.iter().map(|(name, _)| *name).collect();
    for entry in std::fs::read_dir(root().join("crates")).expect("crates").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !known.contains(&name.as_str()) {
            faults.push(format!("crate {name} needs a decision record and a line here"));
        }
    }
    none(faults);
}

#[test]
fn nothing_is_unsafe_and_nothing_is_left_undone() {
    let mut faults = Vec::new();
    for path in files(&root().join("crates"), &[".rs"]) {
        if path.ends_with("tests/it/tidy.rs") {
            continue;
        }
        for (at, line) in read(&path).lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if ["unsafe {", "unsafe fn", "todo!(", "unimplemented!(", "dbg!("]
                .iter()
                .any(|word| code.contains(word))
            {
                faults.push(format!("{}:{}: {}", short(&path), at + 1, line.trim()));
            }
        }
    }
    none(faults);
}

#[test]
fn no_file_tells_of_a_machine_or_of_a_registry() {
    let words = ["/work/", "/root/", "registry.npmjs", "npmmirror", "crates-io.proxy", "\"resolved\":"];
    let endings = [".rs", ".md", ".toml", ".json", ".mjs", ".yml", ".sh", "run"];
    let mut faults = Vec::new();
    for path in files(&root(), &endings) {
        if path.ends_with("tests/it/tidy.rs") {
            continue;
        }
        for (at, line) in read(&path).lines().enumerate() {
            if let Some(word) = words.iter().find(|word| line.contains(*word)) {
                faults.push(format!("{}:{}: {word}", short(&path), at + 1));
            }
        }
    }
    none(faults);
}

#[test]
fn every_test_file_is_part_of_its_tests() {
    let mut faults = Vec::new();
    for path in files(&root().join("crates"), &[".rs"]) {
        let name = short(&path);
        let Some((before, inner)) = name.split_once("/tests/it/") else { continue };
        if inner == "main.rs" {
            continue;
        }
        let stem = inner.trim_end_matches(".rs").trim_end_matches("/mod");
        let (parent, module) = match stem.rsplit_once('/') {
            Some((folder, module)) => (vec![format!("{folder}.rs"), format!("{folder}/mod.rs")], module),
            None => (vec!["main.rs".to_owned()], stem),
        };
        let base = root().join(before).join("tests/it");
        let declared = parent.iter().any(|parent| {
            let text = read(&base.join(parent));
            text.lines().any(|line| {
                line.trim_start().trim_start_matches("pub ").starts_with(&format!("mod {module};"))
            })
        });
        if !declared {
            faults.push(format!("{name}: no `mod {module};`"));
        }
    }
    none(faults);
}

#[test]
fn the_glossary_covers_types_and_tables() {
    let glossary = read(&root().join("docs/glossary.md"));
    let mut faults = Vec::new();
    for line in read(&root().join("crates/store/migrations/0001_house.sql")).lines() {
        if let Some(rest) = line.strip_prefix("CREATE TABLE ") {
            let table = rest.split_whitespace().next().unwrap_or_default();
            if !glossary.contains(&format!("`{table}`")) {
                faults.push(format!("table `{table}` is not in docs/glossary.md"));
            }
        }
    }
    for noun in [
        "unit",
        "person",
        "campaign",
        "problem",
        "evidence",
        "request",
        "look_back",
        "measure",
        "role",
        "scope",
    ] {
        let text = read(&root().join(format!("crates/domain/src/{noun}.rs")));
        for line in text.lines() {
            let Some(rest) = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "))
            else {
                continue;
            };
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
            if !glossary.contains(&format!("`{name}`")) {
                faults.push(format!("type `{name}` ({noun}.rs) is not in docs/glossary.md"));
            }
        }
    }
    none(faults);
}
