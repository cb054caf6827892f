//! Reads markup and finds what no page may contain.

use std::collections::{BTreeMap, BTreeSet};

/// A tag with its attributes, in the order of the page.
#[derive(Debug, Clone)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
}

impl Element {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str())
    }
}

/// All opening tags. Good enough for markup made by `maud`, where quotes and angle brackets in text are escaped.
pub fn elements(html: &str) -> Vec<Element> {
    html.split('<')
        .skip(1)
        .filter(|part| part.starts_with(|letter: char| letter.is_ascii_alphabetic()))
        .map(|part| {
            let tag = part.split_once('>').map_or(part, |(tag, _)| tag);
            let (name, rest) = tag.split_once(' ').unwrap_or((tag, ""));
            Element { name: name.to_owned(), attributes: attributes(rest) }
        })
        .collect()
}

fn attributes(mut rest: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return found;
        }
        let end = rest.find(['=', ' ']).unwrap_or(rest.len());
        let name = rest[..end].to_owned();
        rest = &rest[end..];
        let mut value = String::new();
        if let Some(quoted) = rest.strip_prefix("=\"") {
            let (inside, after) = quoted.split_once('"').expect("an attribute ends with a quote");
            value = inside.to_owned();
            rest = after;
        }
        found.push((name, value));
    }
}

/// Sentences about what is wrong with a page; none for a good one.
pub fn faults(html: &str) -> Vec<String> {
    let elements = elements(html);
    let mut faults = Vec::new();
    let mut ids = BTreeSet::new();
    for element in &elements {
        let Element { name, attributes } = element;
        if name == "style" || name == "script" && element.attribute("src").is_none() {
            faults.push(format!("inline <{name}>"));
        }
        let mut seen = BTreeMap::new();
        for (attribute, value) in attributes {
            if attribute == "style" || attribute.starts_with("on") || attribute.starts_with("hx-on") {
                faults.push(format!("<{name} {attribute}=…>"));
            }
            if value.starts_with("javascript:") || value.contains("://") && attribute != "xmlns" {
                faults.push(format!("<{name} {attribute}=\"{value}\"> leads elsewhere"));
            }
            if seen.insert(attribute, ()).is_some() {
                faults.push(format!("<{name}> has {attribute} twice"));
            }
        }
        if let Some(id) = element.attribute("id")
            && !ids.insert(id.to_owned())
        {
            faults.push(format!("id {id} twice"));
        }
    }
    faults.extend(elements.iter().flat_map(|element| references(element, &ids)));
    faults.extend(elements.iter().flat_map(|element| names(element, &elements)));
    if elements.iter().filter(|element| element.name == "table").count() != html.matches("<caption").count() {
        faults.push("a table without caption".to_owned());
    }
    if elements.iter().filter(|element| element.name == "h1").count() != 1 {
        faults.push("not exactly one h1".to_owned());
    }
    faults
}

/// References to ids that are not there.
fn references(element: &Element, ids: &BTreeSet<String>) -> Vec<String> {
    ["aria-labelledby", "aria-describedby", "for", "headers"]
        .into_iter()
        .filter_map(|attribute| Some((attribute, element.attribute(attribute)?)))
        .flat_map(|(attribute, value)| value.split(' ').map(move |id| (attribute, id)))
        .filter(|(_, id)| !ids.contains(*id))
        .map(|(attribute, id)| format!("<{} {attribute}> names {id}, which is not there", element.name))
        .collect()
}

/// Controls, pictures and heads of tables that say nothing to a screen reader.
fn names(element: &Element, all: &[Element]) -> Option<String> {
    let has = |attribute| element.attribute(attribute).is_some();
    let labelled = || {
        let id = element.attribute("id");
        has("aria-label")
            || all.iter().any(|other| other.name == "label" && id.is_some() && other.attribute("for") == id)
    };
    match element.name.as_str() {
        "input" if element.attribute("type") == Some("hidden") => None,
        "input" | "select" | "textarea" if !labelled() => Some(format!("no label: {element:?}")),
        "img" if !has("alt") => Some("a picture without alt".to_owned()),
        "th" if !has("scope") => Some("a head of a table without scope".to_owned()),
        "html" if element.attribute("lang") != Some("zh-CN") => Some("no language".to_owned()),
        _ => None,
    }
}

#[test]
fn the_reader_of_markup_sees_what_is_forbidden() {
    let page = r#"<html lang="zh-CN"><h1>x</h1><p style="color:red" onclick="x()">y</p><div id="a" class="b" class="c"></div>
        <a href="https://cdn.example/x">z</a><input name="q"><script>alert(1)</script><table><th>t</th></table>"#;
    let faults = faults(page);
    assert_eq!(faults.len(), 8, "{faults:?}");
}
