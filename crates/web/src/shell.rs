//! What surrounds every request: its number, the headers, and the page or JSON for whatever went wrong.

use std::{any::Any, sync::Arc};

use axum::{
    Extension, Json, Router,
    extract::{FromRequestParts, Request, State},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{ACCEPT, CONTENT_TYPE},
        request::Parts,
    },
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

use crate::{
    error::Problem,
    form::Fields,
    guard::cookie,
    headers::{self, Settings},
    page::{Frame, KEEP_SESSION_PATH, Viewer},
    route::{Access, Route},
};

/// The header in which every answer carries its number.
pub const REQUEST_ID_HEADER: &str = "x-request-id";
/// The cookie that remembers the choice of large type in this browser.
pub const LARGE_TYPE_COOKIE: &str = "bihuan_type";
/// A year; the choice is no secret and stays until it is changed.
const LARGE_TYPE_SECONDS: u32 = 365 * 24 * 60 * 60;
/// Letters and digits that cannot be mistaken for one another when read out on the telephone.
const REQUEST_ID_ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The number of a request, such as `7K3F-9QWM`: short enough to be told to the administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);

impl RequestId {
    fn new() -> Self {
        let mut bytes = [0_u8; 8];
        if getrandom::fill(&mut bytes).is_err() {
            tracing::warn!("the machine gives no random bytes; request ids are not unique");
        }
        let letter = |byte: &u8| char::from(REQUEST_ID_ALPHABET[usize::from(byte % 32)]);
        let (front, back) = bytes.split_at(4);
        Self(front.iter().map(letter).chain(['-']).chain(back.iter().map(letter)).collect())
    }
}

/// Whether this browser asked for large type; for [`Frame::large_type`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LargeType(pub bool);

impl LargeType {
    pub fn of(headers: &HeaderMap) -> Self {
        Self(cookie(headers, LARGE_TYPE_COOKIE) == Some("large"))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for LargeType {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&parts.headers))
    }
}

/// Puts the shell around a finished router. Nothing goes out without passing it.
pub fn wrap(router: Router, settings: Arc<Settings>) -> Router {
    router
        .fallback(async || Problem::NotFound)
        .method_not_allowed_fallback(async || Problem::BadRequest(StatusCode::METHOD_NOT_ALLOWED))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(settings, surround))
        .layer(CompressionLayer::new())
}

/// The routes of the shell itself.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Vec<Route<S>> {
    vec![
        Route::post("/preferences/type", "preference.type", "切换大字显示", choose_type)
            .access(Access::Public)
            .leaves_no_entry(),
        Route::get(KEEP_SESSION_PATH, "session.keep", "继续使用，不退出登录", keep_session),
    ]
}

/// Any request of a session keeps it alive; this one does nothing else. It answers with the form token, because
/// a person who signed in anew in another window still has a filled form with the old token in this one. Other
/// sites cannot read the answer, as they cannot read our pages.
async fn keep_session(viewer: Viewer) -> Json<Kept> {
    Json(Kept { csrf: viewer.csrf.masked() })
}

#[derive(serde::Serialize)]
struct Kept {
    csrf: String,
}

/// Switches large type on or off in this browser and goes back to where the person was.
async fn choose_type(Extension(settings): Extension<Arc<Settings>>, fields: Fields) -> Response {
    let size = if fields.text("type") == "large" { "large" } else { "normal" };
    let secure = if settings.secure { "; Secure" } else { "" };
    let cookie = format!(
        "{LARGE_TYPE_COOKIE}={size}; Path=/; HttpOnly; SameSite=Lax; Max-Age={LARGE_TYPE_SECONDS}{secure}"
    );
    let back = local_path(fields.text("back")).unwrap_or("/").to_owned();
    (StatusCode::SEE_OTHER, [("set-cookie", cookie), ("location", back)]).into_response()
}

/// A path on this host, or nothing: what comes from a form must not lead to another site.
pub fn local_path(path: &str) -> Option<&str> {
    let ours = path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    ours.then_some(path)
}

fn panicked(payload: Box<dyn Any + Send>) -> Response {
    let message = payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without words");
    Problem::fault(format!("panic: {message}")).into_response()
}

/// What has to be known about a request after it is gone.
struct Asked {
    id: RequestId,
    path: String,
    method: String,
    json: bool,
    /// Nothing was to be changed.
    reading: bool,
    large_type: bool,
}

async fn surround(State(settings): State<Arc<Settings>>, mut request: Request, next: Next) -> Response {
    let asked = Asked {
        id: RequestId::new(),
        path: request.uri().path().to_owned(),
        method: request.method().to_string(),
        json: wants_json(&request),
        reading: request.method().is_safe(),
        large_type: LargeType::of(request.headers()).0,
    };
    request.extensions_mut().insert(asked.id.clone());
    request.extensions_mut().insert(settings.clone());
    let response = next.run(request).await;
    let mut response = match problem_of(&response) {
        Some(problem) => answer(&asked, &problem, response),
        None => response,
    };
    headers::add(&settings, response.headers_mut());
    if let Ok(id) = HeaderValue::from_str(&asked.id.0) {
        response.headers_mut().insert(REQUEST_ID_HEADER, id);
    }
    response
}

/// Programs and page fragments read JSON; a person gets a page.
fn wants_json(request: &Request) -> bool {
    let headers = request.headers();
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    request.uri().path().starts_with("/api/")
        || headers.contains_key("hx-request")
        || (accept.contains("json") && !accept.contains("text/html"))
}

/// The problem that a response carries, or one made of a bare refusal of the framework.
fn problem_of(response: &Response) -> Option<Problem> {
    if let Some(problem) = response.extensions().get::<Problem>() {
        return Some(problem.clone());
    }
    let status = response.status();
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let bare = kind.is_none_or(|kind| kind.starts_with("text/plain"));
    match status {
        _ if !bare => None,
        StatusCode::NOT_FOUND => Some(Problem::NotFound),
        _ if status.is_client_error() => Some(Problem::BadRequest(status)),
        _ if status.is_server_error() => {
            Some(Problem::fault(format!("a handler answered {status} without words")))
        }
        _ => None,
    }
}

fn answer(asked: &Asked, problem: &Problem, response: Response) -> Response {
    if let Problem::Fault { cause } = problem {
        tracing::error!(request_id = asked.id.0, method = asked.method, path = asked.path, cause = %chain(cause), "fault");
    }
    if asked.json {
        return problem.to_json(&asked.id.0, asked.reading);
    }
    if let Some(redirect) = problem.redirect() {
        return redirect;
    }
    let said = problem.said_when(asked.reading);
    let mut frame = Frame::new(said.title).large_type(LargeType(asked.large_type)).here(&asked.path);
    if let Some(viewer) = response.extensions().get::<Viewer>() {
        frame = frame.viewer(viewer.clone());
    }
    let mut page = (said.status, frame.render(problem.to_markup(&asked.id.0, asked.reading))).into_response();
    problem.add_headers(&mut page);
    page
}

/// An error with its sources in one line.
fn chain(cause: &Arc<dyn std::error::Error + Send + Sync>) -> String {
    let mut text = cause.to_string();
    let mut source = cause.source();
    while let Some(inner) = source {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    text
}
