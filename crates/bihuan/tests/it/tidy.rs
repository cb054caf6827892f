//! What holds for the repository as a whole and no compiler checks: `ARCHITECTURE.md` says why for each.

mod documents;
mod tree;

use std::collections::BTreeSet;
use std::fs;
use tree::{Source, root, sources, take_apart};

/// Longest source file, in lines.
const FILE_LINES_MAX: usize = 500;

/// Fails with every finding, so that all can be mended at once.
fn none(findings: &[String]) {
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

fn rust() -> impl Iterator<Item = Source> {
    sources().into_iter().filter(|source| source.ending() == "rs")
}

#[test]
fn no_source_file_is_longer_than_500_lines() {
    let long: Vec<String> = sources()
        .iter()
        .filter(|source| ["rs", "js", "scss"].contains(&source.ending()))
        .map(|source| (source.text.lines().count(), &source.path))
        .filter(|(lines, _)| *lines > FILE_LINES_MAX)
        .map(|(lines, path)| format!("{path} has {lines} lines, at most {FILE_LINES_MAX} are allowed"))
        .collect();
    none(&long);
}

#[test]
fn functions_are_held_to_70_lines_by_clippy() {
    let threshold = fs::read_to_string(root().join("clippy.toml")).unwrap();
    assert!(threshold.contains("too-many-lines-threshold = 70"));
    let lints = manifest("Cargo.toml")["workspace"]["lints"].clone();
    assert_eq!(lints["clippy"]["too_many_lines"].as_str(), Some("warn"));
    assert_eq!(lints["rust"]["unsafe_code"].as_str(), Some("forbid"));
    for room in rooms() {
        let manifest = manifest(&format!("crates/{room}/Cargo.toml"));
        assert_eq!(manifest["lints"]["workspace"].as_bool(), Some(true), "{room} does not share the lints");
    }
}

#[test]
fn sql_stands_in_the_store_only() {
    let mut found = Vec::new();
    // The test kit makes and drops whole databases; tests may look into them.
    for source in rust().filter(|s| s.is_program() && !["store", "testkit"].contains(&s.room())) {
        for (line, text) in take_apart(&source.text).literals {
            if is_sql(&text) {
                found.push(format!("{}:{line}: {text:?} belongs into the store", source.path));
            }
        }
    }
    none(&found);
    assert!(is_sql("SELECT 1 FROM unit") && is_sql("UPDATE unit SET a = 1") && !is_sql("SELECTED FROM"));
}

fn is_sql(text: &str) -> bool {
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
    let has = |word: &str| words.contains(&word);
    let next = |a: &str, b: &str| words.windows(2).any(|pair| pair == [a, b]);
    has("SELECT") && has("FROM")
        || has("UPDATE") && has("SET")
        || next("INSERT", "INTO")
        || next("DELETE", "FROM")
        || next("CREATE", "TABLE")
}

#[test]
fn nothing_is_unsafe() {
    let found: Vec<String> = rust()
        .filter(|source| {
            let code = take_apart(&source.text).code;
            code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == "unsafe")
        })
        .map(|source| format!("{} is unsafe", source.path))
        .collect();
    none(&found);
}

fn manifest(path: &str) -> toml::Table {
    fs::read_to_string(root().join(path)).unwrap().parse().unwrap()
}

fn rooms() -> Vec<String> {
    let mut rooms: Vec<String> = fs::read_dir(root().join("crates"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| root().join("crates").join(name).join("Cargo.toml").is_file())
        .collect();
    rooms.sort();
    rooms
}

/// What each room may use of ours in the program.
const ARROWS: [(&str, &[&str]); 8] = [
    ("app", &["documents", "domain", "store", "text"]),
    ("bihuan", &["app", "documents", "domain", "store", "text", "web"]),
    ("documents", &[]),
    ("domain", &[]),
    ("store", &["domain"]),
    ("testkit", &["store"]),
    ("text", &[]),
    ("web", &["app", "documents", "domain"]),
];

/// Crates of others that only some rooms may use.
const KEPT_APART: [(&str, &[&str]); 11] = [
    ("rusqlite", &["store"]),
    ("postgres", &["testkit"]),
    ("tokio-postgres", &["store"]),
    // In the store only behind the plain calls of `db/line.rs`, which the next test holds it to.
    ("tokio", &["bihuan", "store", "web"]),
    ("axum", &["bihuan", "web"]),
    ("tower", &["bihuan", "web"]),
    ("tower-http", &["web"]),
    ("maud", &["web"]),
    ("clap", &["bihuan"]),
    ("quick-xml", &["documents"]),
    ("argon2", &["app"]),
];

#[test]
fn the_store_waits_for_its_server_in_one_file_and_is_plain_everywhere_else() {
    let mut found = Vec::new();
    for source in rust().filter(|source| source.is_program() && source.room() == "store") {
        let code = take_apart(&source.text).code;
        let waits = ["async ", ".await", "tokio::"].iter().any(|word| code.contains(word));
        if waits && !source.path.ends_with("db/line.rs") {
            found.push(format!("{} waits by itself; db/line.rs does that for the store", source.path));
        }
    }
    none(&found);
}

#[test]
fn rooms_import_along_the_arrows_only() {
    let mut found = Vec::new();
    assert_eq!(rooms(), ARROWS.map(|(room, _)| room.to_owned()), "a ninth crate needs a decision record");
    for (room, allowed) in ARROWS {
        let manifest = manifest(&format!("crates/{room}/Cargo.toml"));
        for section in ["dependencies", "build-dependencies"] {
            for name in manifest.get(section).and_then(|s| s.as_table()).into_iter().flat_map(|s| s.keys()) {
                let own = name.strip_prefix("bihuan-");
                let elsewhere = KEPT_APART.iter().find(|(kept, _)| kept == name);
                if own.is_some_and(|own| !allowed.contains(&own))
                    || elsewhere.is_some_and(|(_, rooms)| !rooms.contains(&room))
                {
                    found.push(format!("crates/{room}/Cargo.toml: [{section}] may not name {name}"));
                }
            }
        }
    }
    none(&found);
}

#[test]
fn every_test_file_is_a_module() {
    let mut found = Vec::new();
    for room in rooms() {
        let folder = root().join("crates").join(&room).join("tests/it");
        let Ok(files) = fs::read_dir(&folder) else { continue };
        let main = fs::read_to_string(folder.join("main.rs")).unwrap();
        let code = take_apart(&main).code;
        for file in files {
            let name = file.unwrap().file_name().to_string_lossy().into_owned();
            let Some(module) = name.strip_suffix(".rs").filter(|module| *module != "main") else { continue };
            let declared =
                [format!("mod {module};"), format!("mod {module} ")].iter().any(|m| code.contains(m));
            if !declared {
                found.push(format!("crates/{room}/tests/it/{name} is not declared in main.rs"));
            }
        }
        let beside = fs::read_dir(root().join("crates").join(&room).join("tests")).unwrap();
        let other = beside.map(|entry| entry.unwrap().file_name()).filter(|name| name != "it");
        found.extend(other.map(|name| format!("crates/{room}/tests/{} is a second binary", name.display())));
    }
    none(&found);
}

#[test]
fn nothing_tells_where_it_was_made() {
    // Put together here, so that this file does not name them itself.
    let words = ["ai", "agent", "agents", "chatbot", "copilot", "llm", "gpt"].map(str::to_owned);
    let names =
        [["cla", "ude"], ["anthro", "pic"], ["open", "ai"], ["chat", "gpt"]].map(|part| part.concat());
    let places = [["/wo", "rk/"], ["/ro", "ot/"], ["registry.npm", "js"], ["npm", "mirror"], ["rs", "proxy"]];
    let places = places.map(|part| part.concat());
    let notes = ["field", "product", "mechanisms", "standards", "models", "stack", "rules", "peers"];
    let notes: BTreeSet<String> = notes.iter().map(|note| format!("{note}.md")).collect();
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| !source.path.ends_with("tests/it/tidy.rs")) {
        for (number, line) in source.text.lines().enumerate() {
            let lower = line.to_ascii_lowercase();
            let mut tokens = lower.split(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c));
            let named = tokens.any(|token| {
                let token = token.trim_matches(['.', '-']);
                words.iter().any(|word| word == token) || notes.contains(token)
            });
            let placed = places.iter().any(|place| stands_in(&lower, place));
            if named || placed || names.iter().any(|name| lower.contains(name.as_str())) {
                found.push(format!("{}:{}: {}", source.path, number + 1, line.trim()));
            }
        }
    }
    none(&found);
}

/// A folder is one only at the beginning of a path.
fn stands_in(line: &str, place: &str) -> bool {
    line.match_indices(place).any(|(at, _)| {
        !place.starts_with('/') || !line[..at].ends_with(|c: char| c.is_alphanumeric() || ")}.~".contains(c))
    })
}

#[test]
fn every_template_is_one() {
    let mut count = 0;
    for file in fs::read_dir(root().join("templates")).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            let text = fs::read_to_string(&path).unwrap();
            let parsed = bihuan_domain::template::Template::parse(&text);
            assert!(parsed.is_ok(), "{}: {parsed:?}", path.display());
            count += 1;
        }
    }
    assert!(count > 0);
}
