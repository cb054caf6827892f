//! Where am I: path, tabs, steps.

use maud::{Markup, html};

/// A page above the present one.
#[derive(Debug, Clone)]
pub struct Crumb {
    pub label: String,
    pub href: String,
}

/// The path to the present page.
pub fn breadcrumbs(crumbs: &[Crumb], here: &str) -> Markup {
    html! {
        nav aria-label="所在位置" {
            ol .breadcrumb {
                @for crumb in crumbs { li .breadcrumb-item { a href=(crumb.href) { (crumb.label) } } }
                li .breadcrumb-item .active aria-current="page" { (here) }
            }
        }
    }
}

/// One of several views of the same thing. Tabs are links, so they work without script and can be sent to others.
#[derive(Debug, Clone)]
pub struct Tab {
    pub label: String,
    pub href: String,
    pub here: bool,
    pub count: Option<u64>,
}

impl Tab {
    pub fn new(label: impl Into<String>, href: impl Into<String>, here: bool) -> Self {
        Self { label: label.into(), href: href.into(), here, count: None }
    }

    pub fn count(mut self, count: u64) -> Self {
        self.count = Some(count);
        self
    }
}

/// Tabs; the label says what they are views of.
pub fn tabs(label: &str, tabs: &[Tab]) -> Markup {
    html! {
        nav aria-label=(label) {
            ul .tabs {
                @for tab in tabs {
                    li {
                        a href=(tab.href) aria-current=[tab.here.then_some("page")] {
                            (tab.label)
                            @if let Some(count) = tab.count { " " span .count { (super::thousands(count)) } }
                        }
                    }
                }
            }
        }
    }
}

/// One step of a longer job.
#[derive(Debug, Clone)]
pub struct Step {
    pub label: String,
    /// A link back to a step that is done.
    pub href: Option<String>,
    /// A few words below, such as a date.
    pub note: Option<String>,
}

impl Step {
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), href: None, note: None }
    }

    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

/// The steps of a job; `current` counts from 0, and a number past the last means that all are done.
pub fn stepper(label: &str, steps: &[Step], current: usize) -> Markup {
    html! {
        ol .stepper aria-label=(label) {
            @for (index, step) in steps.iter().enumerate() {
                li .done[index < current] .current[index == current]
                    aria-current=[(index == current).then_some("step")] {
                    span .step-mark aria-hidden="true" {
                        @if index < current { "✓" } @else { (index + 1) }
                    }
                    span .step-text {
                        @match &step.href {
                            Some(href) if index < current => a href=(href) { (step.label) },
                            _ => (step.label),
                        }
                        @if index < current { span .visually-hidden { "（已完成）" } }
                        @if let Some(note) = &step.note { small { (note) } }
                    }
                }
            }
        }
    }
}
