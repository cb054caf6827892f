//! Small marks of state. Each has a shape and words: colour is never the only sign.

use maud::{Markup, Render, html};

/// What a mark means for the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Nothing to do, nothing wrong.
    #[default]
    Neutral,
    /// Under way.
    Info,
    /// Done, right.
    Good,
    /// Soon due, doubtful.
    Warning,
    /// Overdue, refused, dangerous.
    Danger,
}

impl Tone {
    /// The ending of the CSS classes: `badge-good`, `notice-danger`.
    pub fn class(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Info => "info",
            Self::Good => "good",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }

    /// A shape of its own for each tone.
    pub fn shape(self) -> &'static str {
        match self {
            Self::Neutral => "○",
            Self::Info => "◆",
            Self::Good => "✓",
            Self::Warning => "▲",
            Self::Danger => "■",
        }
    }
}

/// A mark with a shape and words, such as the state of a problem.
#[derive(Debug, Clone)]
pub struct Badge {
    tone: Tone,
    shape: &'static str,
    text: String,
}

/// A mark with the shape of its tone.
pub fn badge(tone: Tone, text: impl Into<String>) -> Badge {
    Badge { tone, shape: tone.shape(), text: text.into() }
}

impl Badge {
    /// Another shape, where several states share a tone.
    pub fn shape(mut self, shape: &'static str) -> Self {
        self.shape = shape;
        self
    }
}

impl Render for Badge {
    fn render(&self) -> Markup {
        html! {
            span class={ "badge badge-" (self.tone.class()) } {
                span .shape aria-hidden="true" { (self.shape) }
                (self.text)
            }
        }
    }
}

/// The colour of something with a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Light {
    Red,
    Yellow,
    Green,
    /// No date to judge by: a standing duty between two checks.
    None,
}

impl Light {
    pub fn tone(self) -> Tone {
        match self {
            Self::Red => Tone::Danger,
            Self::Yellow => Tone::Warning,
            Self::Green => Tone::Good,
            Self::None => Tone::Neutral,
        }
    }

    /// The character of the colour, said aloud and printed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Red => "红",
            Self::Yellow => "黄",
            Self::Green => "绿",
            Self::None => "无",
        }
    }

    pub fn shape(self) -> &'static str {
        match self {
            Self::Red => "■",
            Self::Yellow => "▲",
            Self::Green => "●",
            Self::None => "○",
        }
    }
}

/// The light with words that say why, such as `逾期 12 天`. The colour's own character is in the text for readers
/// who see no colour.
pub fn light(light: Light, text: impl Into<String>) -> Badge {
    let text = text.into();
    let text = match light {
        Light::None => text,
        _ if text.is_empty() => light.word().to_owned(),
        _ => format!("{} · {text}", light.word()),
    };
    Badge { tone: light.tone(), shape: light.shape(), text }
}
