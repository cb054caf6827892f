//! What changed: the old and the new value of fields.

use maud::{Markup, html};

/// One field that may have changed.
#[derive(Debug, Clone)]
pub struct Change {
    pub label: String,
    pub old: String,
    pub new: String,
}

impl Change {
    pub fn new(label: impl Into<String>, old: impl Into<String>, new: impl Into<String>) -> Self {
        Self { label: label.into(), old: old.into(), new: new.into() }
    }
}

/// A table of old and new values. Fields that stayed the same are counted, not listed.
pub fn difference(caption: &str, changes: &[Change]) -> Markup {
    let changed: Vec<&Change> = changes.iter().filter(|change| change.old != change.new).collect();
    let same = changes.len() - changed.len();
    html! {
        div .table-scroll role="region" aria-label=(caption) tabindex="0" {
            table .table .table-stack .difference {
                caption { (caption) }
                thead { tr { th scope="col" { "项目" } th scope="col" { "原来" } th scope="col" { "现在" } } }
                tbody {
                    @for change in changed {
                        tr {
                            th scope="row" { (change.label) }
                            td data-label="原来" { (value(&change.old, true)) }
                            td data-label="现在" { (value(&change.new, false)) }
                        }
                    }
                    @if same > 0 {
                        tr .same { td colspan="3" { "其余 " (same) " 项没有变化" } }
                    }
                }
            }
        }
    }
}

fn value(text: &str, old: bool) -> Markup {
    html! {
        @if text.is_empty() { span .text-muted { "（空）" } }
        @else if old { del { (text) } }
        @else { ins { (text) } }
    }
}
