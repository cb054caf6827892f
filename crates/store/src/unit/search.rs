//! Finding a unit by name, short name or code, for pickers and search boxes, within a time limit at full scale.
//!
//! Names are found by exact match and by prefix through the index first; only when those do not fill the list, names
//! that contain the text are looked for, which reads the index of names once. Brackets, spaces, full-width letters
//! and case are not told apart.

use crate::record::Record;
use crate::{Conn, Fault, Val, vals};
use bihuan_domain::id::UnitId;
use bihuan_domain::unit::{Unit, UnitPath};
use std::collections::HashMap;

/// Most units one search answers with.
pub const FOUND_MAX: usize = 50;
/// Longest text searched for, in characters.
pub const QUERY_CHARS_MAX: usize = 60;
/// Most rows looked at by one way of searching before they are put in order.
const CANDIDATES_MAX: usize = 400;
/// Most units with short names whose short names a question reads one by one.
pub const SHORT_NAMES_READ_MAX: i64 = 3_000;
/// Roots at this depth or deeper are searched through the index of places, others through the index of names.
const SMALL_BRANCH_DEPTH: usize = 2;

/// What may be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Every unit.
    All,
    /// Units of these subtrees, and the units above them.
    Subtrees(Vec<UnitPath>),
}

impl Sight {
    /// The unit at `path` may be seen.
    pub fn sees(&self, path: &UnitPath) -> bool {
        match self {
            Sight::All => true,
            Sight::Subtrees(roots) => roots.iter().any(|root| path.is_within(root) || root.is_within(path)),
        }
    }
}

/// A found unit with the names above it, root first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The unit.
    pub unit: Unit,
    /// Names of the units above, root first.
    pub above: Vec<String>,
}

/// Open units whose name, short name or code matches. Of several words the last names the unit and the others units
/// above it (`云溪 财政局`). Best first: the exact name, then higher units.
///
/// # Errors
/// Faults of the database.
pub fn search(conn: &mut Conn, query: &str, sight: &Sight, limit: usize) -> Result<Vec<Found>, Fault> {
    let limit = limit.min(FOUND_MAX);
    let query: String = query.chars().take(QUERY_CHARS_MAX).collect();
    let mut words: Vec<&str> = query.split_whitespace().collect();
    let Some(word) = words.pop() else { return Ok(Vec::new()) };
    let plain = plain(word);
    let mut found: Vec<Unit> = Vec::new();
    for way in [Way::Code, Way::Name, Way::Prefix, Way::ShortName, Way::Contains] {
        // The slow way is only taken when the quick ones found little.
        if way == Way::Contains && words.is_empty() && found.len() >= limit {
            break;
        }
        for unit in candidates(conn, way, word, sight)? {
            let fits = rank(&unit, &plain, word).is_some() && sight.sees(&unit.path);
            if fits && !found.iter().any(|known| known.id == unit.id) {
                found.push(unit);
            }
        }
    }
    found.sort_by(|a, b| {
        let key = |u: &Unit| (rank(u, &plain, word), u.path.as_str().len(), u.official_order, u.id);
        key(a).cmp(&key(b))
    });
    let mut found = with_names_above(conn, found)?;
    let above: Vec<String> = words.into_iter().map(self::plain).collect();
    found.retain(|f| above.iter().all(|word| f.above.iter().any(|name| self::plain(name).contains(word))));
    found.truncate(limit);
    Ok(found)
}

/// Open units that bear exactly this name.
///
/// # Errors
/// Faults of the database.
pub fn by_exact_name(conn: &mut Conn, name: &str) -> Result<Vec<Unit>, Fault> {
    Unit::load(
        conn,
        "WHERE name = $1 AND closed_day IS NULL ORDER BY length(path), path LIMIT 50",
        &vals![name],
    )
}

/// Open units of a subtree that bear one of these names.
///
/// # Errors
/// Faults of the database.
pub fn named_within(conn: &mut Conn, root: &UnitPath, names: &[String]) -> Result<Vec<Unit>, Fault> {
    let list = serde_json::to_string(names).unwrap_or_default();
    Unit::load(
        conn,
        "WHERE name IN (SELECT value FROM json_each($1)) AND path >= $2 AND path < $3 AND closed_day IS NULL ORDER BY id",
        &vals![list, root.as_str(), root.subtree_end()],
    )
}

/// Units in sight, closed ones too, that bear one of these names or a short name with one of these words in it, the
/// highest first. Whoever asks sets what was found against what was meant.
///
/// # Errors
/// Faults of the database.
pub fn bearing(
    conn: &mut Conn,
    names: &[String],
    shorts: &[String],
    sight: &Sight,
) -> Result<Vec<Unit>, Fault> {
    let mut args: Vec<Val> = vals![serde_json::to_string(names).unwrap_or_default()].to_vec();
    let place = places(sight, true, &mut args);
    let order = format!("ORDER BY length(path), path LIMIT {CANDIDATES_MAX}");
    let sql = format!("WHERE name IN (SELECT value FROM json_each($1)){place} {order}");
    let mut found = Unit::load(conn, &sql, &args)?;
    if !shorts.is_empty() {
        let by_short = bearing_short(conn, shorts, sight)?;
        found.extend(
            by_short.into_iter().filter(|unit| found.iter().all(|one| one.id != unit.id)).collect::<Vec<_>>(),
        );
    }
    Ok(found)
}

/// Units in sight with one of these words in a short name. Where more units have short names than a question may take time
/// for, only those whose one short name it is.
fn bearing_short(conn: &mut Conn, shorts: &[String], sight: &Sight) -> Result<Vec<Unit>, Fault> {
    let order = format!("ORDER BY length(path), path LIMIT {CANDIDATES_MAX}");
    let counted = format!(
        "SELECT COUNT(*) FROM (SELECT id FROM unit WHERE short_names <> '' LIMIT {}) named",
        SHORT_NAMES_READ_MAX + 1
    );
    let counted = conn.rows(&counted, &[])?;
    if counted.first().map_or(Ok(0), |row| row.int(0))? > SHORT_NAMES_READ_MAX {
        let mut args: Vec<Val> = vals![serde_json::to_string(shorts).unwrap_or_default()].to_vec();
        let place = places(sight, true, &mut args);
        // More of them than these say nothing of which is meant, so that they need no order.
        let sql = format!(
            "WHERE short_names <> '' AND short_names IN (SELECT value FROM json_each($1)){place} LIMIT {CANDIDATES_MAX}"
        );
        return Unit::load(conn, &sql, &args);
    }
    let mut args: Vec<Val> = shorts.iter().map(|short| Val::from(pattern(short))).collect();
    let likes: Vec<String> =
        (1..=shorts.len()).map(|n| format!("lower(short_names) LIKE ${n} ESCAPE '!'")).collect();
    let place = places(sight, true, &mut args);
    let sql = format!("WHERE short_names <> '' AND ({}){place} {order}", likes.join(" OR "));
    Unit::load(conn, &sql, &args)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Code,
    Name,
    Prefix,
    ShortName,
    Contains,
}

fn candidates(conn: &mut Conn, way: Way, word: &str, sight: &Sight) -> Result<Vec<Unit>, Fault> {
    let mut args: Vec<Val> = Vec::new();
    let prefix: String = word.chars().take_while(|c| !is_loose(*c)).collect();
    let condition = match way {
        Way::Code => {
            if !word.is_ascii() {
                return Ok(Vec::new());
            }
            args.extend(vals![word, after(word)]);
            "code >= $1 AND code < $2".to_owned()
        }
        Way::Name => {
            args.extend(vals![word]);
            "name = $1".to_owned()
        }
        Way::Prefix => {
            if prefix.is_empty() {
                return Ok(Vec::new());
            }
            args.extend(vals![prefix.as_str(), after(&prefix)]);
            "name >= $1 AND name < $2".to_owned()
        }
        Way::ShortName => {
            args.extend(vals![pattern(word)]);
            "short_names <> '' AND lower(short_names) LIKE $1 ESCAPE '!'".to_owned()
        }
        Way::Contains => return contains(conn, word, sight),
    };
    let place = places(sight, true, &mut args);
    let order = "ORDER BY length(path), path";
    let sql = format!("WHERE {condition} AND closed_day IS NULL{place} {order} LIMIT {CANDIDATES_MAX}");
    Unit::load(conn, &sql, &args)
}

/// Names that contain the text: through the index of names for a wide sight, through that of places for a small one.
fn contains(conn: &mut Conn, word: &str, sight: &Sight) -> Result<Vec<Unit>, Fault> {
    let mut args: Vec<Val> = vals![pattern(word)].to_vec();
    let small = match sight {
        Sight::All => false,
        Sight::Subtrees(roots) => roots.iter().all(|root| root.depth() >= SMALL_BRANCH_DEPTH),
    };
    let like = "lower(name) LIKE $1 ESCAPE '!'";
    if small {
        let place = places(sight, false, &mut args);
        let sql = format!("WHERE {like} AND closed_day IS NULL{place} LIMIT {CANDIDATES_MAX}");
        return Unit::load(conn, &sql, &args);
    }
    let place = places(sight, true, &mut args);
    let sql = format!(
        "WHERE id IN (SELECT id FROM unit WHERE {like}) AND closed_day IS NULL{place} LIMIT {CANDIDATES_MAX}"
    );
    Unit::load(conn, &sql, &args)
}

/// The condition of sight. `||` keeps the engine from walking the index of places when another is better.
fn places(sight: &Sight, by_other_index: bool, args: &mut Vec<Val>) -> String {
    let Sight::Subtrees(roots) = sight else { return String::new() };
    let path = if by_other_index { "(path || '')" } else { "path" };
    let mut parts: Vec<String> = Vec::new();
    for root in roots {
        args.push(Val::from(root.as_str()));
        args.push(Val::from(root.subtree_end()));
        let mut part = format!("{path} >= ${} AND {path} < ${}", args.len() - 1, args.len());
        for above in root.units().iter().take(root.depth()) {
            part.push_str(&format!(" OR id = {}", above.0));
        }
        parts.push(part);
    }
    if parts.is_empty() { " AND 1 = 0".to_owned() } else { format!(" AND ({})", parts.join(" OR ")) }
}

/// The first text behind every text that begins with `prefix`.
fn after(prefix: &str) -> String {
    format!("{prefix}\u{10FFFF}")
}

/// Characters that are written one way or another: brackets, spaces, full-width and half-width signs, and what LIKE
/// takes for a wildcard.
fn is_loose(c: char) -> bool {
    matches!(
        c,
        '%' | '_' | '!' | '·' | '•' | '、' | '，' | '\u{3000}' | '\u{FF01}'
            ..='\u{FF5E}' | '〔' | '〕' | '【' | '】' | '「' | '」' | '《' | '》' | '“' | '”'
    ) || c.is_ascii_punctuation()
        || c.is_ascii_uppercase()
}

/// A LIKE pattern in which every loose character stands for any one character.
fn pattern(word: &str) -> String {
    let body: String = word
        .chars()
        .map(|c| match c {
            c if c.is_ascii_uppercase() => c.to_ascii_lowercase(),
            c if is_loose(c) => '_',
            c => c,
        })
        .collect();
    format!("%{body}%")
}

/// A text with loose characters written one way.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            '〔' | '【' | '「' | '《' => '(',
            '〕' | '】' | '」' | '》' => ')',
            c => c,
        })
        .map(|c| match c {
            '[' | '{' | '<' => '(',
            ']' | '}' | '>' => ')',
            c => c.to_ascii_lowercase(),
        })
        .collect()
}

/// How well a unit fits, best first; `None` when it does not.
fn rank(unit: &Unit, word: &str, code: &str) -> Option<u8> {
    let name = plain(&unit.name);
    let shorts: Vec<String> = unit.short_names.split('、').map(plain).collect();
    if name == word || unit.code == code {
        Some(0)
    } else if shorts.iter().any(|short| short == word) {
        Some(1)
    } else if name.starts_with(word) {
        Some(2)
    } else if name.contains(word) || shorts.iter().any(|short| short.contains(word)) {
        Some(3)
    } else if unit.code.starts_with(code) {
        Some(4)
    } else {
        None
    }
}

/// Adds the names above, read at once.
pub(crate) fn with_names_above(conn: &mut Conn, units: Vec<Unit>) -> Result<Vec<Found>, Fault> {
    let above: Vec<UnitId> = units.iter().flat_map(|unit| unit.path.units()).collect();
    let names: HashMap<UnitId, String> = super::names(conn, above)?;
    let found = units.into_iter().map(|unit| {
        let path = unit.path.units();
        let above = path.iter().take(path.len().saturating_sub(1)).filter_map(|id| names.get(id).cloned());
        Found { above: above.collect(), unit }
    });
    Ok(found.collect())
}
