//! Fields of forms: label, hint, error and control belong together.

use maud::{Markup, Render, html};

use super::Choice;
use crate::form::{FieldErrors, Fields};

/// A field with its label. Build it by [`text`], [`area`], [`select`] and the others.
#[derive(Debug, Clone)]
pub struct Field {
    name: String,
    label: String,
    hint: Option<String>,
    error: Option<String>,
    required: bool,
    values: Vec<String>,
    autocomplete: Option<&'static str>,
    max_chars: Option<usize>,
    narrow: bool,
    within: String,
    list: Option<String>,
    control: Control,
}

#[derive(Debug, Clone)]
enum Control {
    Input {
        kind: &'static str,
        mode: Option<&'static str>,
        low: Option<String>,
        high: Option<String>,
    },
    Area {
        rows: u8,
    },
    Select {
        options: Vec<Choice>,
        prompt: Option<String>,
    },
    /// Boxes when several may be chosen, else round buttons.
    Boxes {
        options: Vec<Choice>,
        several: bool,
    },
    File {
        accept: String,
        several: bool,
    },
}

fn field(name: &str, label: &str, control: Control) -> Field {
    Field {
        name: name.to_owned(),
        label: label.to_owned(),
        hint: None,
        error: None,
        required: false,
        values: Vec::new(),
        autocomplete: None,
        max_chars: None,
        narrow: false,
        within: String::new(),
        list: None,
        control,
    }
}

fn input(name: &str, label: &str, kind: &'static str, mode: Option<&'static str>) -> Field {
    field(name, label, Control::Input { kind, mode, low: None, high: None })
}

/// One line of text.
pub fn text(name: &str, label: &str) -> Field {
    input(name, label, "text", None)
}

/// A password. It is never filled in by us; browsers may paste and remember.
pub fn password(name: &str, label: &str) -> Field {
    input(name, label, "password", None)
}

/// A whole number. A text field with digits on the phone's keyboard: a wheel cannot change it by mistake.
pub fn number(name: &str, label: &str) -> Field {
    input(name, label, "text", Some("numeric")).narrow()
}

/// A day, in the browser's own calendar; the value is `2026-03-05`.
pub fn date(name: &str, label: &str) -> Field {
    input(name, label, "date", None).narrow()
}

/// Several lines of text.
pub fn area(name: &str, label: &str, rows: u8) -> Field {
    field(name, label, Control::Area { rows })
}

/// One of many options in a list.
pub fn select(name: &str, label: &str, options: Vec<Choice>) -> Field {
    field(name, label, Control::Select { options, prompt: None })
}

/// Several of a few options.
pub fn checkboxes(name: &str, label: &str, options: Vec<Choice>) -> Field {
    field(name, label, Control::Boxes { options, several: true })
}

/// One of a few options, all in sight.
pub fn radios(name: &str, label: &str, options: Vec<Choice>) -> Field {
    field(name, label, Control::Boxes { options, several: false })
}

/// Files to upload; `accept` is a list such as `.xlsx,.csv`. The form must be a [`super::PostForm`] with uploads.
pub fn file(name: &str, label: &str, accept: &str) -> Field {
    field(name, label, Control::File { accept: accept.to_owned(), several: false })
}

impl Field {
    /// What to fill in, with an example; stands between label and control.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What is wrong and how to put it right.
    pub fn error(mut self, error: Option<&str>) -> Self {
        self.error = error.map(str::to_owned);
        self
    }

    /// Takes the sentence about this field, if there is one.
    pub fn errors(self, errors: &FieldErrors) -> Self {
        let error = errors.of(&self.name).map(str::to_owned);
        self.error(error.as_deref())
    }

    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.values = vec![value.into()];
        self
    }

    /// The chosen options.
    pub fn values<V: Into<String>>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        self.values = values.into_iter().map(Into::into).collect();
        self
    }

    /// Shows again what was submitted, so that nothing is typed twice.
    pub fn refill(mut self, fields: &Fields) -> Self {
        if fields.has(&self.name) {
            self.values = fields.all(&self.name).map(str::to_owned).collect();
        }
        self
    }

    /// The purpose of a field about a person: `name`, `username`, `current-password`, `tel`, …
    pub fn autocomplete(mut self, purpose: &'static str) -> Self {
        self.autocomplete = Some(purpose);
        self
    }

    /// The longest accepted text in characters; the rules check it again.
    pub fn max_chars(mut self, chars: usize) -> Self {
        self.max_chars = Some(chars);
        self
    }

    /// Tells fields of the same name in several forms of one page apart; the form is `within` the same.
    pub fn within(mut self, form: &str) -> Self {
        self.within = form.to_owned();
        self
    }

    /// Suggests the options of a `datalist` with this id while typing.
    pub fn list(mut self, id: &str) -> Self {
        self.list = Some(id.to_owned());
        self
    }

    /// A short control for a short value.
    pub fn narrow(mut self) -> Self {
        self.narrow = true;
        self
    }

    /// The first and the last day that can be chosen.
    pub fn between(mut self, first: Option<String>, last: Option<String>) -> Self {
        if let Control::Input { low, high, .. } = &mut self.control {
            (*low, *high) = (first, last);
        }
        self
    }

    /// What a list shows while nothing is chosen; it sends an empty value.
    pub fn prompt(mut self, words: impl Into<String>) -> Self {
        if let Control::Select { prompt, .. } = &mut self.control {
            *prompt = Some(words.into());
        }
        self
    }

    /// Lets several files be chosen.
    pub fn several(mut self) -> Self {
        if let Control::File { several, .. } = &mut self.control {
            *several = true;
        }
        self
    }

    /// The id of the control; the error summary links to it.
    pub fn id(name: &str) -> String {
        format!("f-{name}")
    }

    /// The name of the control among all forms of the page.
    fn key(&self) -> String {
        if self.within.is_empty() { self.name.clone() } else { format!("{}-{}", self.within, self.name) }
    }

    fn described_by(&self) -> Option<String> {
        let hint = self.hint.is_some().then(|| format!("h-{}", self.key()));
        let error = self.error.is_some().then(|| format!("e-{}", self.key()));
        match (hint, error) {
            (Some(hint), Some(error)) => Some(format!("{hint} {error}")),
            (hint, error) => hint.or(error),
        }
    }

    fn first_value(&self) -> &str {
        self.values.first().map(String::as_str).unwrap_or_default()
    }

    fn chosen(&self, choice: &Choice) -> bool {
        self.values.contains(&choice.value)
    }

    fn words_around(&self) -> Markup {
        html! {
            @if let Some(hint) = &self.hint { div .form-text id={ "h-" (self.key()) } { (hint) } }
            @if let Some(error) = &self.error {
                p .field-error id={ "e-" (self.key()) } {
                    span .shape aria-hidden="true" { "■" }
                    span .visually-hidden { "错误：" }
                    (error)
                }
            }
        }
    }

    fn label_text(&self) -> Markup {
        html! {
            (self.label)
            @if self.required { span .star aria-hidden="true" { "*" } span .visually-hidden { "（必填）" } }
        }
    }

    fn control(&self) -> Markup {
        let id = Self::id(&self.key());
        let invalid = self.error.is_some().then_some("true");
        let described = self.described_by();
        match &self.control {
            Control::Input { kind, mode, low, high } => html! {
                input .form-control .narrow[self.narrow] id=(id) name=(self.name) type=(kind)
                    value=[(*kind != "password").then(|| self.first_value())]
                    inputmode=[*mode] list=[self.list.as_deref()] min=[low.as_deref()] max=[high.as_deref()] maxlength=[self.max_chars]
                    autocomplete=[self.autocomplete] required[self.required]
                    aria-describedby=[described.as_deref()] aria-invalid=[invalid];
            },
            Control::Area { rows } => html! {
                textarea .form-control id=(id) name=(self.name) rows=(rows) maxlength=[self.max_chars]
                    required[self.required] aria-describedby=[described.as_deref()] aria-invalid=[invalid] {
                    // A browser drops the first line break after the tag; this one is given for it.
                    "\n" (self.first_value())
                }
            },
            Control::Select { options, prompt } => html! {
                select .form-select .narrow[self.narrow] id=(id) name=(self.name) required[self.required]
                    autocomplete=[self.autocomplete]
                    aria-describedby=[described.as_deref()] aria-invalid=[invalid] {
                    @if let Some(prompt) = prompt { option value="" { (prompt) } }
                    @for (group, options) in grouped(options) {
                        @match group {
                            Some(group) => optgroup label=(group) { @for option in options { (self.option(option)) } },
                            None => @for option in options { (self.option(option)) },
                        }
                    }
                }
            },
            Control::File { accept, several } => html! {
                input .form-control type="file" id=(id) name=(self.name) accept=(accept) multiple[*several]
                    required[self.required] aria-describedby=[described.as_deref()] aria-invalid=[invalid];
            },
            Control::Boxes { options, several } => self.boxes(options, *several),
        }
    }

    fn option(&self, choice: &Choice) -> Markup {
        html! {
            option value=(choice.value) selected[self.chosen(choice)] disabled[choice.disabled] { (choice.label) }
        }
    }

    fn boxes(&self, options: &[Choice], several: bool) -> Markup {
        let kind = if several { "checkbox" } else { "radio" };
        html! {
            @for (index, choice) in options.iter().enumerate() {
                div .form-check {
                    input .form-check-input type=(kind) id={ "f-" (self.key()) "-" (index) } name=(self.name)
                        value=(choice.value) checked[self.chosen(choice)] disabled[choice.disabled]
                        required[self.required && !several];
                    label .form-check-label for={ "f-" (self.key()) "-" (index) } {
                        (choice.label)
                        @if let Some(hint) = &choice.hint { span .form-text { (hint) } }
                    }
                }
            }
        }
    }
}

/// Neighbouring options of one group together.
fn grouped(options: &[Choice]) -> Vec<(Option<&str>, Vec<&Choice>)> {
    let mut groups: Vec<(Option<&str>, Vec<&Choice>)> = Vec::new();
    for option in options {
        let group = option.group.as_deref();
        match groups.last_mut() {
            Some((have, members)) if *have == group => members.push(option),
            _ => groups.push((group, vec![option])),
        }
    }
    groups
}

impl Render for Field {
    fn render(&self) -> Markup {
        let wrong = self.error.is_some();
        if matches!(self.control, Control::Boxes { .. }) {
            let described = self.described_by();
            return html! {
                fieldset .field .field-wrong[wrong] id=(Self::id(&self.key())) tabindex="-1"
                    aria-describedby=[described.as_deref()] {
                    legend .form-label { (self.label_text()) }
                    (self.words_around())
                    (self.control())
                }
            };
        }
        html! {
            div .field .field-wrong[wrong] {
                label .form-label for=(Self::id(&self.key())) { (self.label_text()) }
                (self.words_around())
                (self.control())
            }
        }
    }
}
