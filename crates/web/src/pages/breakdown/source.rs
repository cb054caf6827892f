//! The sentence of a document that a problem, a task, a rule or a requirement came from, on their pages.

use bihuan_app::breakdown::Origin;
use maud::{Markup, html};

use super::PATH;
use crate::ui::card;

/// The source with the paragraph it stands in, opened at its place in the document by whoever may read all of it.
pub(crate) fn source_card(origin: Option<&Origin>) -> Markup {
    let Some(origin) = origin else { return html! {} };
    let body = html! {
        @for quote in &origin.quotes { blockquote { p { (quote) } } }
        @if origin.passages.iter().any(|one| !(one.before.is_empty() && one.after.is_empty())) {
            details {
                summary { "看原文所在的段落" }
                @for one in &origin.passages { blockquote { p { (one.before) mark { (one.words) } (one.after) } } }
            }
        }
        p {
            "《" (origin.title) "》（" (origin.day.in_chinese()) "）"
            @if origin.opens { " " a href={ (PATH) "/" (origin.breakdown) "#span-" (origin.draft) } { "打开原文" } }
        }
    };
    html! { (card("来自文件分解", body)) }
}
