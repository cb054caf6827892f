//! Report templates of a campaign: `[[report]]`.

use super::shape::{CODE, Kind, NAME, SUMMARY, Shape, may, must};
use crate::report::{LINE_CHARS_MAX, ReportKind, TEXT_CHARS_MAX, TITLE_CHARS_MAX};
use serde::{Deserialize, Serialize};

/// How a report is laid out: as an official document, as a letter, as minutes, or plainly without a head.
pub const FORMS: [&str; 4] = ["document", "letter", "minutes", "plain"];

const KINDS: [&str; 11] = [
    "progress",
    "special",
    "bulletin",
    "circular",
    "problem_list",
    "ledger",
    "closures",
    "weekly",
    "brief",
    "minutes",
    "letter",
];

pub(super) const SHAPE: Shape = Shape {
    fields: &[
        CODE,
        NAME,
        SUMMARY,
        must("kind", Kind::Choice(&KINDS), "文种"),
        may("form", Kind::Choice(&FORMS), "版式"),
        must("title", Kind::ReportText(TITLE_CHARS_MAX), "标题"),
        may("addressee", Kind::ReportText(LINE_CHARS_MAX), "主送机关"),
        must("text", Kind::ReportText(TEXT_CHARS_MAX), "正文"),
    ],
};

/// A report template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportForm {
    /// Stable code.
    pub code: String,
    /// Name.
    pub name: String,
    /// When it is used.
    #[serde(default)]
    pub summary: String,
    /// Kind of document.
    pub kind: ReportKind,
    /// One of [`FORMS`]; empty is the first.
    #[serde(default)]
    pub form: String,
    /// Title with fields.
    pub title: String,
    /// To whom, with fields.
    #[serde(default)]
    pub addressee: String,
    /// Text with fields.
    pub text: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Coded;

    #[test]
    fn every_kind_may_be_named() {
        let codes: Vec<&str> = ReportKind::ALL.iter().map(|kind| kind.code()).collect();
        assert_eq!(codes, KINDS);
    }
}
