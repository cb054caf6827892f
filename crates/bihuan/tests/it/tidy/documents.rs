//! Documents: links lead somewhere, pages are reached, the glossary is whole.

use super::none;
use super::tree::{Source, root, sources, take_apart};
use std::collections::BTreeSet;

fn pages() -> Vec<Source> {
    sources().into_iter().filter(|source| source.ending() == "md").collect()
}

/// Links of a page: target and anchor, without those to other places of the world.
fn links(page: &Source) -> Vec<(String, String)> {
    let mut prose = String::new();
    for (index, part) in page.text.split("```").enumerate() {
        if index % 2 == 0 {
            prose.push_str(part);
        }
    }
    let mut found = Vec::new();
    for (at, _) in prose.match_indices("](") {
        let rest = &prose[at + 2..];
        let target = &rest[..rest.find(')').unwrap_or(0)];
        if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
            continue;
        }
        let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
        found.push((resolved(&page.path, file), anchor.to_owned()));
    }
    found
}

/// A link from a page, as a path from the root.
fn resolved(from: &str, to: &str) -> String {
    if to.is_empty() {
        return from.to_owned();
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in to.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// The anchor that a heading gets.
fn anchor_of(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    text.chars()
        .filter(|c| c.is_alphanumeric() || " -_".contains(*c))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

#[test]
fn every_link_leads_to_a_page() {
    let pages = pages();
    // Pictures are made from the running program; until there are any, pages may already say where they go.
    let pictures = root().join("docs/images").is_dir();
    let mut broken = Vec::new();
    for page in &pages {
        for (target, anchor) in links(page) {
            let picture = target.ends_with(".png") && !pictures;
            if !picture && !root().join(&target).exists() {
                broken.push(format!("{}: {target} does not exist", page.path));
            }
            let Some(there) = pages.iter().find(|there| there.path == target) else { continue };
            let mut headings = there.text.lines().filter(|line| line.starts_with('#')).map(anchor_of);
            if !anchor.is_empty() && !headings.any(|heading| heading == anchor) {
                broken.push(format!("{}: {target} has no heading #{anchor}", page.path));
            }
        }
    }
    none(&broken);
}

#[test]
fn every_page_is_reached_from_the_readme() {
    let pages = pages();
    let mut reached: BTreeSet<String> = BTreeSet::from(["README.md".to_owned()]);
    loop {
        let next: BTreeSet<String> = pages
            .iter()
            .filter(|page| reached.contains(&page.path))
            .flat_map(|page| links(page).into_iter().map(|(target, _)| target))
            .filter(|target| !reached.contains(target))
            .collect();
        if next.is_empty() {
            break;
        }
        reached.extend(next);
    }
    let lost: Vec<String> = pages
        .iter()
        .filter(|page| !reached.contains(&page.path))
        .map(|page| format!("{} is linked from nowhere", page.path))
        .collect();
    none(&lost);
}

/// Public types of a file of the domain: plain ones, and those that the domain's macros declare.
fn types_of(source: &Source) -> Vec<String> {
    let code = take_apart(&source.text).code;
    let name = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut found = Vec::new();
    for word in ["pub struct ", "pub enum "] {
        found.extend(code.match_indices(word).map(|(at, _)| name(&code[at + word.len()..])));
    }
    for (at, _) in code.match_indices("coded! {") {
        let inside = code[at + "coded! {".len()..].trim_start();
        found.push(name(inside));
    }
    if source.path.ends_with("/id.rs") {
        let ids = code.split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() > 2 && w.ends_with("Id"));
        found.extend(ids.map(str::to_owned));
    }
    found.retain(|found| !found.is_empty());
    found
}

#[test]
fn every_type_of_the_domain_and_every_table_is_in_the_glossary() {
    let all = sources();
    let glossary = all.iter().find(|source| source.path == "docs/glossary.md").unwrap();
    let known: BTreeSet<&str> = glossary.text.split('`').skip(1).step_by(2).collect();
    let mut wanted: Vec<(String, &str)> = Vec::new();
    for source in all.iter().filter(|s| s.room() == "domain" && s.is_program()) {
        wanted.extend(types_of(source).into_iter().map(|found| (found, source.path.as_str())));
    }
    assert!(wanted.len() > 80, "only {} types were found", wanted.len());
    for source in all.iter().filter(|source| source.path.starts_with("crates/store/migrations/")) {
        let tables = source.text.split("CREATE TABLE ").skip(1);
        let name = |rest: &str| rest.split([' ', '(']).next().unwrap_or_default().to_owned();
        wanted.extend(tables.map(|rest| (name(rest), source.path.as_str())));
    }
    let missing: Vec<String> = wanted
        .iter()
        .filter(|(word, _)| !known.contains(word.as_str()))
        .map(|(word, path)| format!("docs/glossary.md does not explain `{word}` ({path})"))
        .collect();
    none(&missing);
}

#[test]
fn every_command_and_option_is_described() {
    let all = sources();
    let page = |path: &str| all.iter().find(|source| source.path == path).unwrap().text.clone();
    let text = page("docs/operating/commands.md") + &page("docs/operating/configuration.md");
    let mut missing = Vec::new();
    let mut waiting = vec![String::new()];
    while let Some(command) = waiting.pop() {
        let args: Vec<&str> = command.split_whitespace().chain(["--help"]).collect();
        let help = crate::support::run(&args).out;
        if !command.is_empty() && !text.contains(&format!("`{command}")) {
            missing.push(format!("bihuan {command} is not described"));
        }
        let options = help.lines().filter(|line| line.trim_start().starts_with('-'));
        let long = options.flat_map(str::split_whitespace).filter(|word| word.starts_with("--"));
        let unknown =
            long.filter(|option| !["--help", "--version"].contains(option) && !text.contains(option));
        missing.extend(unknown.map(|option| format!("bihuan {command} {option} is not described")));
        let listed = help.lines().skip_while(|line| *line != "命令:").skip(1);
        let names = listed.take_while(|line| !line.is_empty()).filter_map(|l| l.split_whitespace().next());
        waiting.extend(
            names.filter(|name| *name != "help").map(|name| format!("{command} {name}").trim().to_owned()),
        );
    }
    none(&missing);
}
