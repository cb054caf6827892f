//! A page in the hands of a handler: its frame filled with what the request says, notices that survive a redirect,
//! and forms that are shown again after a refusal.

use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, StatusCode, header::SET_COOKIE, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use bihuan_domain::Instant;
use maud::Markup;

use crate::{
    error::Problem,
    form::FieldErrors,
    guard::{CsrfToken, cookie},
    page::{AsOf, Frame, Viewer},
    shell::LargeType,
    state::WebState,
    ui::Notice,
};

/// The cookie that carries one sentence over a redirect.
const NOTICE_COOKIE: &str = "bihuan_notice";
/// Seconds it lives: a redirect takes no longer.
const NOTICE_SECONDS: u32 = 30;
/// Characters of such a sentence that are kept.
const NOTICE_CHARS: usize = 300;

/// What a handler needs to show a page. Take it as an argument: `page: Page`.
#[derive(Debug, Clone)]
pub struct Page {
    viewer: Option<Viewer>,
    large_type: LargeType,
    here: String,
    notice: Option<String>,
    secure: bool,
}

impl FromRequestParts<WebState> for Page {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Self::Rejection> {
        let here = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let notice = cookie(&parts.headers, NOTICE_COOKIE)
            .and_then(|text| BASE64_URL_SAFE_NO_PAD.decode(text).ok())
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .map(|text| text.chars().take(NOTICE_CHARS).collect());
        Ok(Self {
            viewer: parts.extensions.get::<Viewer>().cloned(),
            large_type: LargeType::of(&parts.headers),
            here: here.to_owned(),
            notice,
            secure: state.settings.secure,
        })
    }
}

impl Page {
    /// A frame for the viewer of this request: navigation, place, size of type, and the notice of the last action.
    pub fn frame(&self, title: impl Into<String>) -> Frame {
        let mut frame = Frame::new(title)
            .here(&self.here)
            .large_type(self.large_type)
            .notice(self.notice.as_ref().map(Notice::good));
        if let Some(viewer) = &self.viewer {
            frame = frame.viewer(viewer.clone());
        }
        frame
    }

    /// The person who looks at it.
    pub fn viewer(&self) -> Option<&Viewer> {
        self.viewer.as_ref()
    }

    /// The form token; pages for signed-in people always have one.
    ///
    /// # Errors
    /// `SignIn` when nobody has signed in.
    pub fn csrf(&self) -> Result<&CsrfToken, Problem> {
        self.viewer.as_ref().map(|viewer| &viewer.csrf).ok_or(Problem::SignIn { next: None })
    }

    /// The path of this request with its query.
    pub fn here(&self) -> &str {
        &self.here
    }

    /// The finished page.
    pub fn show(&self, frame: Frame, body: Markup) -> Response {
        let mut response = frame.render(body).into_response();
        if self.notice.is_some() {
            set_cookie(&mut response, &self.notice_cookie("", 0));
        }
        response
    }

    /// The page of a form again, with the status of the refusal.
    pub fn show_again(&self, frame: Frame, body: Markup, again: &Again) -> Response {
        let mut response = self.show(frame, body);
        *response.status_mut() = again.status;
        response
    }

    /// Leads to another page, which begins with a sentence about what was done.
    pub fn go(&self, to: impl AsRef<str>, notice: &str) -> Response {
        let mut response = Redirect::to(to.as_ref()).into_response();
        if !notice.is_empty() {
            set_cookie(
                &mut response,
                &self.notice_cookie(&BASE64_URL_SAFE_NO_PAD.encode(notice), NOTICE_SECONDS),
            );
        }
        response
    }

    fn notice_cookie(&self, value: &str, seconds: u32) -> String {
        let secure = if self.secure { "; Secure" } else { "" };
        format!("{NOTICE_COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
    }
}

/// Adds a cookie to an answer.
pub fn set_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}

/// The foot of a page that shows records: [`bihuan_app::App::as_of`] made readable.
pub fn as_of((seq, at): (i64, Option<Instant>)) -> Option<AsOf> {
    let entry = u64::try_from(seq).ok().filter(|entry| *entry > 0)?;
    Some(AsOf { entry, at: at?.in_chinese() })
}

/// Why a form is shown again, with everything the person typed.
#[derive(Debug, Clone)]
pub struct Again {
    pub errors: FieldErrors,
    pub status: StatusCode,
}

impl Again {
    /// What the form's page says. A problem that no correction of the form would mend is handed on.
    ///
    /// # Errors
    /// The problem itself: not found, signed out, broken.
    pub fn of(problem: Problem) -> Result<Self, Problem> {
        let mut errors = FieldErrors::default();
        match &problem {
            Problem::Refused { sentence, hint, field, .. } => {
                let sentence = format!("{sentence}{}", hint.as_deref().unwrap_or_default());
                errors.add(field.clone().unwrap_or_default(), sentence);
            }
            Problem::Invalid { fields } => {
                fields.iter().for_each(|(name, sentence)| errors.add(name, sentence))
            }
            Problem::Conflict => errors.add(
                "",
                "您打开页面之后，别人更新了同一内容。您填写的内容还在下面，请核对最新情况后再提交。",
            ),
            _ => return Err(problem),
        }
        Ok(Self { errors, status: problem.said().status })
    }
}
