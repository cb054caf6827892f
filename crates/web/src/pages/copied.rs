//! Texts elsewhere that say nearly the same, as activities and broken-down documents show them.

use bihuan_app::likeness::Copied;
use maud::{Markup, html};

use crate::ui::{Tone, badge};

/// From this many hundredths on two texts are the same for a reader.
const SAME_PERCENT: u8 = 95;

/// The list with its title; nothing where there is none.
pub fn copied((named, hidden): &(Vec<Copied>, usize), title: &str) -> Markup {
    if named.is_empty() && *hidden == 0 {
        return html! {};
    }
    html! {
        div .alert .alert-warning role="note" {
            p { strong { (title) } }
            ul .case-alike {
                @for one in named { li {
                    a href=(one.href) { (one.title) } " "
                    (badge(if one.percent >= SAME_PERCENT { Tone::Warning } else { Tone::Neutral }, format!("相似{}%", one.percent)))
                    span .text-muted { " " (one.unit) " · " (one.day.in_chinese()) }
                } }
                @if *hidden > 0 { li .text-muted { "另有" (hidden) "篇不在您的查看范围内。" } }
            }
        }
    }
}
