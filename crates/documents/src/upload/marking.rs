//! Markings of state secrets. What carries one must not be stored here, whatever its content.

use crate::{DocumentError, Result};

const LEVELS: [&str; 3] = ["绝密", "机密", "秘密"];

/// How many rows or lines at the top of a document are searched for a marking.
pub(super) const HEAD_ROWS: usize = 30;
/// The longest line, in characters, that is a marking rather than a sentence.
const LINE_CHARS: usize = 24;

/// The marking that a file name or title carries: 机密★1年, 【秘密】, 绝密-…, …（机密）. Words such as 保守秘密
/// or 商业秘密 in a sentence are no marking.
pub fn secret_marking(text: &str) -> Option<&'static str> {
    with_star(text).or_else(|| LEVELS.into_iter().find(|level| stands_alone(text, level)))
}

fn with_star(text: &str) -> Option<&'static str> {
    let tight: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    LEVELS.into_iter().find(|level| {
        tight
            .match_indices(level)
            .any(|(at, _)| tight[at + level.len()..].starts_with(['★', '☆', '✩', '✭', '*', '＊']))
    })
}

fn stands_alone(text: &str, level: &str) -> bool {
    let stem = text.rsplit_once('.').map_or(text, |(stem, end)| if end.len() <= 5 { stem } else { text });
    stem.match_indices(level).any(|(at, _)| {
        let before = stem[..at].chars().next_back();
        let after = stem[at + level.len()..].chars().next();
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        let bracketed = before.is_some_and(|c| "（(【[〔<《".contains(c))
            && after.is_some_and(|c| "）)】]〕>》".contains(c));
        // At the edge of the name and set off from the rest: 机密-名单.xlsx, 名单_绝密.xlsx.
        bracketed || edge(before) && edge(after)
    })
}

/// Refuses a name or title that carries a marking.
///
/// # Errors
/// [`DocumentError::SecretMarking`], whose sentence says that state secrets must not be stored.
pub fn check_marking(text: &str) -> Result<()> {
    match secret_marking(text) {
        Some(marking) => Err(DocumentError::SecretMarking { found: shorten(text), marking }),
        None => Ok(()),
    }
}

/// Refuses a line at the head of a document that is a marking by form: a level with a star, or the level alone.
pub(super) fn check_head(line: &str) -> Result<()> {
    let short = line.chars().count() <= LINE_CHARS;
    let alone = LEVELS.into_iter().find(|l| line.split_whitespace().collect::<String>() == **l);
    match with_star(line).filter(|_| short).or(alone) {
        Some(marking) => Err(DocumentError::SecretMarking { found: shorten(line), marking }),
        None => Ok(()),
    }
}

fn shorten(text: &str) -> String {
    text.trim().chars().take(40).collect()
}
