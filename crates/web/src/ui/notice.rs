//! Messages and progress.

use maud::{Markup, PreEscaped, Render, html};

use super::Tone;

/// A message above the page: what became of the last action, or what the reader should know.
#[derive(Debug, Clone)]
pub struct Notice {
    tone: Tone,
    text: String,
    detail: Markup,
}

impl Notice {
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, text: text.into(), detail: PreEscaped(String::new()) }
    }

    /// It worked.
    pub fn good(text: impl Into<String>) -> Self {
        Self::new(Tone::Good, text)
    }

    /// It did not work.
    pub fn danger(text: impl Into<String>) -> Self {
        Self::new(Tone::Danger, text)
    }

    pub fn warning(text: impl Into<String>) -> Self {
        Self::new(Tone::Warning, text)
    }

    pub fn info(text: impl Into<String>) -> Self {
        Self::new(Tone::Info, text)
    }

    /// More below the sentence: a list, links.
    pub fn detail(mut self, detail: Markup) -> Self {
        self.detail = detail;
        self
    }
}

impl Render for Notice {
    fn render(&self) -> Markup {
        // Screen readers interrupt for an alert and wait with a status.
        let role = if self.tone == Tone::Danger { "alert" } else { "status" };
        html! {
            div class={ "notice notice-" (self.tone.class()) } role=(role) {
                span .shape aria-hidden="true" { (self.tone.shape()) }
                div {
                    p { (self.text) }
                    (self.detail)
                }
            }
        }
    }
}

/// How far a long job has come, in words and as a bar. Refresh it by htmx or by a link to the same page.
pub fn progress(label: &str, done: u64, whole: u64) -> Markup {
    html! {
        div .progress-line role="status" {
            p {
                (label) " " strong { (super::thousands(done)) } " / " (super::thousands(whole))
                "（" (super::percent(done, whole)) "）"
            }
            progress value=(done) max=(whole.max(1)) aria-label=(label) { (super::percent(done, whole)) }
        }
    }
}
