//! Forms that change something, their buttons, and the page that asks before something grave is done.

use maud::{Markup, PreEscaped, Render, html};

use super::Field;
use crate::{
    form::FieldErrors,
    guard::{CSRF_FIELD, CsrfToken},
};

/// The hidden field with the form token, for forms that are written by hand.
pub fn csrf_field(csrf: &CsrfToken) -> Markup {
    html! { input type="hidden" name=(CSRF_FIELD) value=(csrf.masked()); }
}

/// A form that is sent by POST with the token of the session as its first field.
#[derive(Debug, Clone)]
pub struct PostForm {
    action: String,
    csrf: Option<CsrfToken>,
    hidden: Vec<(String, String)>,
    uploads: bool,
    unsaved: bool,
    confirm: Option<String>,
    inline: bool,
    errors: FieldErrors,
    within: String,
    body: Markup,
}

impl PostForm {
    /// For a signed-in person; the token is that of the viewer.
    pub fn new(action: impl Into<String>, csrf: &CsrfToken) -> Self {
        Self { csrf: Some(csrf.clone()), ..Self::without_session(action) }
    }

    /// For pages before signing in, where there is no session to protect.
    pub fn without_session(action: impl Into<String>) -> Self {
        Self {
            action: action.into(),
            csrf: None,
            hidden: Vec::new(),
            uploads: false,
            unsaved: false,
            confirm: None,
            inline: false,
            errors: FieldErrors::default(),
            within: String::new(),
            body: PreEscaped(String::new()),
        }
    }

    pub fn hidden(mut self, name: &str, value: impl Into<String>) -> Self {
        self.hidden.push((name.to_owned(), value.into()));
        self
    }

    /// The form carries files.
    pub fn uploads(mut self) -> Self {
        self.uploads = true;
        self
    }

    /// Asks before the page is left with changes that were not sent.
    pub fn warn_unsaved(mut self) -> Self {
        self.unsaved = true;
        self
    }

    /// Asks before sending. Without script nobody asks: what cannot be undone needs a [`Confirm`] page as well.
    pub fn confirm(mut self, question: impl Into<String>) -> Self {
        self.confirm = Some(question.into());
        self
    }

    /// A form of one button within a line.
    pub fn inline(mut self) -> Self {
        self.inline = true;
        self
    }

    /// One of several forms of a page; its fields are [`Field::within`] the same.
    pub fn within(mut self, form: &str) -> Self {
        self.within = form.to_owned();
        self
    }

    /// Shows the summary of errors above the fields.
    pub fn errors(mut self, errors: &FieldErrors) -> Self {
        self.errors = errors.clone();
        self
    }

    pub fn body(mut self, body: Markup) -> Self {
        self.body = body;
        self
    }
}

impl Render for PostForm {
    fn render(&self) -> Markup {
        html! {
            form .inline[self.inline] action=(self.action) method="post" accept-charset="utf-8"
                enctype=[self.uploads.then_some("multipart/form-data")]
                data-unsaved[self.unsaved] data-confirm=[self.confirm.as_deref()] {
                @if let Some(csrf) = &self.csrf { (csrf_field(csrf)) }
                @for (name, value) in &self.hidden { input type="hidden" name=(name) value=(value); }
                (summary_within(&self.errors, &self.within))
                (self.body)
            }
        }
    }
}

/// What must be corrected, with links to the fields. The script moves the focus here.
pub fn error_summary(errors: &FieldErrors) -> Markup {
    summary_of(errors, "", "，内容还没有保存")
}

/// The same above a form that only asks: there was nothing to be saved.
pub fn query_error_summary(errors: &FieldErrors) -> Markup {
    summary_of(errors, "", "，改好后再查")
}

fn summary_within(errors: &FieldErrors, form: &str) -> Markup {
    summary_of(errors, form, "，内容还没有保存")
}

fn summary_of(errors: &FieldErrors, form: &str, so: &str) -> Markup {
    let key = |field: &str| if form.is_empty() { field.to_owned() } else { format!("{form}-{field}") };
    html! {
        @if !errors.is_empty() {
            div .error-summary role="alert" tabindex="-1" aria-labelledby="error-summary-title" {
                h2 #error-summary-title { "有 " (errors.iter().count()) " 处需要修改" (so) }
                ul { @for (field, sentence) in errors.iter() { li {
                    @if field.is_empty() { (sentence) } @else { a href={ "#" (Field::id(&key(field))) } { (sentence) } }
                } } }
            }
        }
    }
}

/// A button or a link that looks like one.
#[derive(Debug, Clone)]
pub struct Button {
    label: String,
    href: Option<String>,
    look: &'static str,
    small: bool,
    sends: Option<(String, String)>,
}

/// A button that sends the form.
pub fn button(label: impl Into<String>) -> Button {
    Button { label: label.into(), href: None, look: "btn-outline-secondary", small: false, sends: None }
}

/// A link in the form of a button.
pub fn button_link(label: impl Into<String>, href: impl Into<String>) -> Button {
    Button { href: Some(href.into()), ..button(label) }
}

impl Button {
    /// The one thing that most people want on this page.
    pub fn primary(mut self) -> Self {
        self.look = "btn-primary";
        self
    }

    /// It takes something away or cannot be undone.
    pub fn danger(mut self) -> Self {
        self.look = "btn-danger";
        self
    }

    pub fn small(mut self) -> Self {
        self.small = true;
        self
    }

    /// What the button adds to the form, where a form has several.
    pub fn sends(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.sends = Some((name.into(), value.into()));
        self
    }
}

impl Render for Button {
    fn render(&self) -> Markup {
        let class = format!("btn {}{}", self.look, if self.small { " btn-sm" } else { "" });
        let name = self.sends.as_ref().map(|(name, _)| name.as_str());
        let value = self.sends.as_ref().map(|(_, value)| value.as_str());
        html! {
            @match &self.href {
                Some(href) => a class=(class) href=(href) { (self.label) },
                None => button class=(class) type="submit" name=[name] value=[value] { (self.label) },
            }
        }
    }
}

/// Prints the page. Only the script can do it, so only the script shows the button.
pub fn print_button() -> Markup {
    html! { button .btn .btn-outline-secondary type="button" data-print hidden { "打印" } }
}

/// The body of a page that asks before something is done that others rely on or that cannot be undone.
#[derive(Debug, Clone)]
pub struct Confirm {
    title: String,
    consequences: Vec<String>,
    action: String,
    yes: String,
    cancel: String,
    hidden: Vec<(String, String)>,
    danger: bool,
    fields: Markup,
}

impl Confirm {
    /// `title` is a question, `action` where the answer is sent, `cancel` where to go back to.
    pub fn new(title: impl Into<String>, action: impl Into<String>, cancel: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            consequences: Vec::new(),
            action: action.into(),
            yes: "确定".to_owned(),
            cancel: cancel.into(),
            hidden: Vec::new(),
            danger: false,
            fields: PreEscaped(String::new()),
        }
    }

    /// Another question, where it is only known after the rest.
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// What will happen, one sentence each.
    pub fn consequence(mut self, sentence: impl Into<String>) -> Self {
        self.consequences.push(sentence.into());
        self
    }

    /// The words on the button: what is done, such as `确认销号`.
    pub fn yes(mut self, label: impl Into<String>) -> Self {
        self.yes = label.into();
        self
    }

    pub fn hidden(mut self, name: &str, value: impl Into<String>) -> Self {
        self.hidden.push((name.to_owned(), value.into()));
        self
    }

    pub fn danger(mut self) -> Self {
        self.danger = true;
        self
    }

    /// Fields to fill in, such as a reason.
    pub fn fields(mut self, fields: Markup) -> Self {
        self.fields = fields;
        self
    }

    pub fn render(&self, csrf: &CsrfToken) -> Markup {
        let yes = if self.danger { button(&self.yes).danger() } else { button(&self.yes).primary() };
        let form = self
            .hidden
            .iter()
            .fold(PostForm::new(&self.action, csrf), |form, (name, value)| form.hidden(name, value));
        html! {
            div .confirm .confirm-danger[self.danger] {
                h1 { (self.title) }
                @if !self.consequences.is_empty() {
                    p { "确定之后：" }
                    ul { @for sentence in &self.consequences { li { (sentence) } } }
                }
                (form.body(html! {
                    (self.fields)
                    div .actions { (yes) (button_link("取消", &self.cancel)) }
                }))
            }
        }
    }
}
