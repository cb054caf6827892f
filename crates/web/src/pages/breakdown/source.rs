//! The sentence of a document that a problem, a task or a rule came from, on their pages.

use bihuan_app::breakdown::Origin;
use maud::{Markup, html};

use super::PATH;
use crate::ui::card;

/// The source, opened at its place in the document by whoever may read it.
pub(crate) fn source_card(origin: Option<&Origin>) -> Markup {
    let Some(origin) = origin else { return html! {} };
    let body = html! {
        @for quote in &origin.quotes { blockquote { p { (quote) } } }
        p {
            "《" (origin.title) "》（" (origin.day.in_chinese()) "）"
            @if origin.opens { " " a href={ (PATH) "/" (origin.breakdown) "#span-" (origin.draft) } { "打开原文" } }
        }
    };
    html! { (card("来自文件分解", body)) }
}
