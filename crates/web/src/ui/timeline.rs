//! What happened, in order.

use maud::{Markup, PreEscaped, Render, html};

use super::Tone;

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct Happening {
    tone: Tone,
    when: String,
    machine_time: String,
    title: String,
    who: String,
    body: Markup,
}

impl Happening {
    /// `when` is for people (`3月5日 14:20`), `machine_time` for the `datetime` attribute (`2026-03-05T14:20:00+08:00`).
    pub fn new(when: impl Into<String>, machine_time: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            tone: Tone::Neutral,
            when: when.into(),
            machine_time: machine_time.into(),
            title: title.into(),
            who: String::new(),
            body: PreEscaped(String::new()),
        }
    }

    /// Person, post and unit.
    pub fn who(mut self, who: impl Into<String>) -> Self {
        self.who = who.into();
        self
    }

    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    pub fn body(mut self, body: Markup) -> Self {
        self.body = body;
        self
    }
}

/// Happenings in the order given; say in the label which end is the newest.
pub fn timeline(label: &str, happenings: &[Happening]) -> Markup {
    html! {
        ol .timeline aria-label=(label) {
            @for happening in happenings {
                li class={ "tone-" (happening.tone.class()) } {
                    span .dot aria-hidden="true" { (happening.tone.shape()) }
                    div .happening {
                        p .happening-title { (happening.title) }
                        p .happening-meta {
                            time datetime=(happening.machine_time) { (happening.when) }
                            @if !happening.who.is_empty() { " · " (happening.who) }
                        }
                        (happening.body.render())
                    }
                }
            }
        }
    }
}
