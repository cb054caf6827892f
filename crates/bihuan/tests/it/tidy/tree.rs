//! The repository's files, and Rust sources taken apart into code and string literals.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold no sources of ours.
const LEFT_OUT: [&str; 5] = [".git", "node_modules", "demo-data", "bihuan-data", "proptest-regressions"];
/// Files written by tools, and the licence, whose words are not ours.
const NOT_OURS: [&str; 3] = ["Cargo.lock", "package-lock.json", "LICENSE"];
/// Endings of text files.
const TEXT: [&str; 13] =
    ["rs", "toml", "md", "sql", "scss", "js", "mjs", "json", "sh", "svg", "txt", "yml", "html"];

/// One text file of the repository.
#[derive(Debug)]
pub struct Source {
    /// Path from the root, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl Source {
    /// The ending of its name.
    pub fn ending(&self) -> &str {
        self.path.rsplit_once('.').map_or("", |(_, ending)| ending)
    }

    /// The crate it belongs to; empty outside `crates`.
    pub fn room(&self) -> &str {
        self.path.strip_prefix("crates/").and_then(|rest| rest.split('/').next()).unwrap_or("")
    }

    /// A Rust file that is built into the program, not a test or an example.
    pub fn is_program(&self) -> bool {
        self.ending() == "rs" && self.path.contains("/src/") && !self.path.contains("/tests/")
    }
}

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).to_path_buf()
}

/// Every text file that is ours, by path.
pub fn sources() -> Vec<Source> {
    let mut found = Vec::new();
    walk(&root(), "", &mut found);
    assert!(found.len() > 200, "the walk lost its way: {} files", found.len());
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn walk(folder: &Path, prefix: &str, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        if entry.file_type().unwrap().is_dir() {
            if !LEFT_OUT.contains(&name.as_str()) && !name.starts_with("target") {
                walk(&entry.path(), &format!("{path}/"), found);
            }
        } else if !NOT_OURS.contains(&name.as_str())
            && (prefix == ".ci/" || TEXT.iter().any(|ending| name.ends_with(&format!(".{ending}"))))
            && let Ok(text) = fs::read_to_string(entry.path())
        {
            found.push(Source { path, text });
        }
    }
}

/// A Rust source without comments: its code with literals emptied, and the literals.
#[derive(Debug, Default)]
pub struct Parts {
    /// Code; every string literal is `""`.
    pub code: String,
    /// String literals: line, from 1, and text as written.
    pub literals: Vec<(usize, String)>,
}

/// Takes a source apart. Knows comments, nested ones too, strings of every kind, characters and lifetimes.
pub fn take_apart(source: &str) -> Parts {
    let mut parts = Parts::default();
    let (mut rest, mut line, mut counted) = (source, 1, 0);
    while let Some(first) = rest.chars().next() {
        let here = source.len() - rest.len();
        line += source[counted..here].matches('\n').count();
        counted = here;
        if rest.starts_with("//") {
            rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
        } else if rest.starts_with("/*") {
            rest = after_comment(rest);
        } else if let Some((text, after)) = raw_string(rest, &parts.code).or_else(|| plain_string(rest)) {
            parts.literals.push((line, text.to_owned()));
            parts.code.push_str("\"\"");
            rest = after;
        } else if let Some(after) = character(rest) {
            parts.code.push_str("' '");
            rest = after;
        } else {
            parts.code.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    parts
}

fn after_comment(text: &str) -> &str {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        if text[at..].starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if text[at..].starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return &text[at..];
            }
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    ""
}

fn raw_string<'a>(text: &'a str, before: &str) -> Option<(&'a str, &'a str)> {
    if before.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let body = text.strip_prefix("br").or_else(|| text.strip_prefix('r'))?;
    let hashes = body.len() - body.trim_start_matches('#').len();
    let body = body[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let at = body.find(&end)?;
    Some((&body[..at], &body[at + end.len()..]))
}

fn plain_string(text: &str) -> Option<(&str, &str)> {
    let body = text.strip_prefix('"')?;
    let mut escaped = false;
    for (at, c) in body.char_indices() {
        match c {
            '"' if !escaped => return Some((&body[..at], &body[at + 1..])),
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    None
}

/// Skips a character literal; a lifetime is none.
fn character(text: &str) -> Option<&str> {
    let body = text.strip_prefix('\'')?;
    if let Some(escape) = body.strip_prefix('\\') {
        let at = escape.char_indices().skip(1).find(|(_, c)| *c == '\'')?.0;
        return Some(&escape[at + 1..]);
    }
    let mut chars = body.chars();
    let one = chars.next()?;
    chars.as_str().strip_prefix('\'').filter(|_| one != '\'')
}

#[test]
fn a_source_is_taken_apart_rightly() {
    let source = r####"let a = 'x'; // "no"
/* "no /* nested */ either" */ let b: &'static str = "yes \" one";
let c = r#"yes "two""#; let d = '"'; let e = '\''; let f = b"three";"####;
    let parts = take_apart(source);
    let literals: Vec<(usize, &str)> = parts.literals.iter().map(|(n, t)| (*n, t.as_str())).collect();
    assert_eq!(literals, [(2, "yes \\\" one"), (3, "yes \"two\""), (3, "three")]);
    assert!(parts.code.contains("&'static str = \"\"") && !parts.code.contains("no"), "{}", parts.code);
}
