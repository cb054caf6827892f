//! An office's own words 词表: what checks and breakdowns go by besides the general lists. Data, taught by people.

use crate::id::{OfficeWordId, UnitId};
use crate::refusal::{Refusal, limit_text, require_text};
use crate::role::{Actor, Role};
use crate::unit::UnitPath;
use serde::{Deserialize, Serialize};

/// Longest word, in characters.
pub const WORD_CHARS_MAX: usize = 60;
/// Most words of one office.
pub const WORDS_MAX: usize = 2_000;

crate::coded! {
    /// What a word is for.
    WordKind ("词表类别") {
        /// A full name or set phrase: a place that differs from it by one character is told.
        Phrase = "phrase", "全称和固定提法";
        /// A wrong way to write something, with the right one.
        Wrong = "wrong", "不规范写法";
        /// Words that a check does not tell any more.
        Ignored = "ignored", "校核时不再提示";
        /// A unit or post that may be asked to do something.
        Subject = "subject", "责任主体";
        /// Words that make a draft not worth showing.
        Dropped = "dropped", "分解时不作任务";
    }
}

/// One word of an office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeWord {
    /// Number.
    pub id: OfficeWordId,
    /// The unit whose people go by it; units below it go by it too.
    pub unit_id: UnitId,
    /// What it is for.
    pub kind: WordKind,
    /// The word.
    pub word: String,
    /// What it should be, for a wrong one.
    pub replacement: String,
    /// Where it came from, in words.
    pub origin: String,
    /// Row version.
    pub version: i64,
}

/// Whether `actor` keeps the words of the unit at `path`.
pub fn may_keep(actor: &Actor, path: &UnitPath) -> bool {
    actor.holds(Role::Office, path)
}

/// Checks a word before it is kept.
///
/// # Errors
/// `not_allowed`, text limits, `replacement_missing`, `word_too_short`.
pub fn check_word(
    actor: &Actor,
    path: &UnitPath,
    kind: WordKind,
    word: &str,
    replacement: &str,
) -> Result<(String, String), Refusal> {
    if !may_keep(actor, path) {
        return Err(Refusal::not_allowed("维护词表", "该单位的工作专班身份"));
    }
    let word = require_text("word", "词语", word, WORD_CHARS_MAX)?;
    let replacement = limit_text("replacement", "规范写法", replacement, WORD_CHARS_MAX)?;
    if word.chars().count() < 2 {
        return Err(Refusal::of_field(
            "word",
            "word_too_short",
            "词语至少要有两个字。",
            "一个字会在文稿里到处碰到。",
        ));
    }
    if kind == WordKind::Wrong && (replacement.is_empty() || replacement == word) {
        return Err(Refusal::of_field(
            "replacement",
            "replacement_missing",
            "不规范写法要写明应当怎么写。",
            "请填写与它不同的规范写法。",
        ));
    }
    let replacement = if kind == WordKind::Wrong { replacement } else { String::new() };
    Ok((word, replacement))
}
