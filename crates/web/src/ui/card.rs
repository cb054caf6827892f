//! Cards, figures, definition lists, headings and empty states.

use maud::{Markup, PreEscaped, Render, html};

use super::{Href, Tone};

/// The heading of a page with what can be done on it.
pub fn heading(title: &str, lead: Option<&str>, actions: Markup) -> Markup {
    html! {
        div .page-head {
            div {
                h1 { (title) }
                @if let Some(lead) = lead { p .page-lead { (lead) } }
            }
            @if !actions.0.is_empty() { div .actions { (actions) } }
        }
    }
}

/// A part of a page with a heading and a frame.
#[derive(Debug, Clone)]
pub struct Card {
    title: String,
    aside: Markup,
    body: Markup,
    flush: bool,
}

/// A card with a heading of the second level.
pub fn card(title: impl Into<String>, body: Markup) -> Card {
    Card { title: title.into(), aside: PreEscaped(String::new()), body, flush: false }
}

/// A frame without a heading.
pub fn panel(body: Markup) -> Card {
    card("", body)
}

impl Card {
    /// What stands at the end of the heading's line: a link, a count.
    pub fn aside(mut self, aside: Markup) -> Self {
        self.aside = aside;
        self
    }

    /// Lets a table reach the edges of the card.
    pub fn flush(mut self) -> Self {
        self.flush = true;
        self
    }
}

impl Render for Card {
    fn render(&self) -> Markup {
        html! {
            section .card {
                @if !self.title.is_empty() {
                    div .card-top {
                        h2 { (self.title) }
                        @if !self.aside.0.is_empty() { div .card-aside { (self.aside) } }
                    }
                }
                div .card-body[!self.flush] .card-flush[self.flush] { (self.body) }
            }
        }
    }
}

/// One figure: what it counts, how many, of how many, and by which definition.
#[derive(Debug, Clone)]
pub struct Stat {
    label: String,
    figure: String,
    unit: String,
    href: Option<String>,
    share: Option<String>,
    definition: Option<String>,
    tone: Tone,
}

/// A tile with one figure, such as `stat("逾期未销号", 37, "件")`.
pub fn stat(label: impl Into<String>, figure: u64, unit: impl Into<String>) -> Stat {
    Stat {
        label: label.into(),
        figure: super::thousands(figure),
        unit: unit.into(),
        href: None,
        share: None,
        definition: None,
        tone: Tone::Neutral,
    }
}

impl Stat {
    /// The rows behind the figure.
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// The share with its denominator: `占应整改 412 件的 9.0%`.
    pub fn share(mut self, part: u64, whole: u64, whole_label: &str) -> Self {
        self.share =
            Some(format!("占{whole_label} {} 的 {}", super::thousands(whole), super::percent(part, whole)));
        self
    }

    /// Another line under the figure, such as the change since a day.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.share = Some(note.into());
        self
    }

    /// How the figure is counted, shown when asked for.
    pub fn definition(mut self, definition: impl Into<String>) -> Self {
        self.definition = Some(definition.into());
        self
    }

    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }
}

impl Render for Stat {
    fn render(&self) -> Markup {
        let figure = html! { strong { (self.figure) } " " span .stat-unit { (self.unit) } };
        html! {
            div class={ "stat stat-" (self.tone.class()) } {
                div .stat-label {
                    @if self.tone != Tone::Neutral { span .shape aria-hidden="true" { (self.tone.shape()) } }
                    span { (self.label) }
                    @if let Some(definition) = &self.definition {
                        details .tip data-menu {
                            summary { span aria-hidden="true" { "?" } span .visually-hidden { (self.label) "的口径" } }
                            p .tip-text { (definition) }
                        }
                    }
                }
                @match &self.href {
                    Some(href) => a .stat-figure href=(href) { (figure) span .visually-hidden { "，查看明细" } },
                    None => div .stat-figure { (figure) },
                }
                @if let Some(share) = &self.share { div .stat-share { (share) } }
            }
        }
    }
}

/// Tiles side by side.
pub fn stats(stats: &[Stat]) -> Markup {
    html! { div .stats { @for stat in stats { (stat) } } }
}

/// Terms with their values.
#[derive(Debug, Clone, Default)]
pub struct Definitions(Vec<(String, Markup)>);

/// A list of terms and values, such as the head of a problem's page.
pub fn definitions() -> Definitions {
    Definitions::default()
}

impl Definitions {
    pub fn add(mut self, term: impl Into<String>, value: impl Render) -> Self {
        self.0.push((term.into(), value.render()));
        self
    }

    /// Adds the value if there is one; where there can be none, nothing is said.
    pub fn add_if(self, term: impl Into<String>, value: Option<impl Render>) -> Self {
        match value {
            Some(value) => self.add(term, value),
            None => self,
        }
    }

    /// Adds the value if there is one; a missing one is said to be missing, so that nobody wonders.
    pub fn add_some(self, term: impl Into<String>, value: Option<impl Render>) -> Self {
        match value {
            Some(value) => self.add(term, value),
            None => self.add(term, html! { span .text-muted { "未填写" } }),
        }
    }
}

impl Render for Definitions {
    fn render(&self) -> Markup {
        html! {
            dl .definitions { @for (term, value) in &self.0 { div { dt { (term) } dd { (value) } } } }
        }
    }
}

/// What stands where a list would be, and what to do next.
pub fn empty(title: &str, hint: &str, action: Option<(&str, Href)>) -> Markup {
    html! {
        div .empty {
            p .empty-title { (title) }
            @if !hint.is_empty() { p { (hint) } }
            @if let Some((label, href)) = action { p { a .btn .btn-outline-primary href=(href) { (label) } } }
        }
    }
}
