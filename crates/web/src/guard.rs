//! The door of every route: who is it, may they knock here, did the request come from our own page.

use std::{fmt, future::Future, net::IpAddr, sync::Arc};

use axum::{
    body::{Body, Bytes},
    extract::{ConnectInfo, FromRequestParts, OptionalFromRequestParts, Request, State},
    http::{
        HeaderMap, Method,
        header::{CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HOST, ORIGIN},
        request::Parts,
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use futures_util::{StreamExt as _, stream};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq as _;

use crate::{
    error::Problem,
    form::{FORM_TYPE, Fields},
    headers::Settings,
    page::Viewer,
    route::{Access, RouteInfo},
};

/// The name of the hidden field that carries the token.
pub const CSRF_FIELD: &str = "_csrf";
/// The header that carries the token when a script sends the request.
pub const CSRF_HEADER: &str = "x-csrf-token";
/// Bytes of a token.
const CSRF_BYTES: usize = 32;
/// Bytes of an upload that are read to find the token, which our forms send as the first part.
pub const UPLOAD_HEAD_BYTES: usize = 16 * 1024;

/// The secret of one session that our own pages show and other sites cannot know.
#[derive(Clone, PartialEq, Eq)]
pub struct CsrfToken([u8; CSRF_BYTES]);

impl CsrfToken {
    /// The token of a session, computed from the secret in its cookie, so that nothing more has to be stored.
    pub fn of_session(secret: &str) -> Self {
        let mut digest = Sha256::new();
        digest.update(b"bihuan form token\0");
        digest.update(secret.as_bytes());
        Self(digest.finalize().into())
    }

    /// The token as a page shows it: different each time, so that the size of a compressed page says nothing about it.
    pub fn masked(&self) -> String {
        let mut shown = [0_u8; 2 * CSRF_BYTES];
        // Without randomness the mask is all zeros: the token still works, only the masking is lost.
        if getrandom::fill(&mut shown[..CSRF_BYTES]).is_err() {
            tracing::warn!("the machine gives no random bytes; a form token is shown without its mask");
        }
        for index in 0..CSRF_BYTES {
            shown[CSRF_BYTES + index] = shown[index] ^ self.0[index];
        }
        BASE64_URL_SAFE_NO_PAD.encode(shown)
    }

    /// Whether what came back is this token, compared in constant time.
    pub fn accepts(&self, shown: &str) -> bool {
        let Ok(bytes) = BASE64_URL_SAFE_NO_PAD.decode(shown) else { return false };
        let Ok(bytes) = <[u8; 2 * CSRF_BYTES]>::try_from(bytes) else { return false };
        let (mask, masked) = bytes.split_at(CSRF_BYTES);
        let token: Vec<u8> = mask.iter().zip(masked).map(|(mask, byte)| mask ^ byte).collect();
        token.ct_eq(&self.0).into()
    }
}

impl fmt::Debug for CsrfToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CsrfToken(hidden)")
    }
}

/// How a request showed who sent it.
#[derive(Debug, Clone)]
pub enum Proof {
    /// By the cookie of a session. Browsers send cookies unasked, so requests that change something need the token too.
    Session(CsrfToken),
    /// By an API token in the `Authorization` header, with the scopes that the token carries.
    Bearer { scopes: Vec<String> },
}

/// What the doorkeeper found out about a request.
#[derive(Debug, Clone)]
pub struct Entrance<C> {
    /// Handlers get it by `Extension<C>`.
    pub caller: C,
    /// Handlers get it by taking a [`Viewer`]; error pages use it for their frame.
    pub viewer: Viewer,
    pub proof: Proof,
}

/// Finds out who sends a request. The only implementation for real use keeps sessions in the store.
pub trait Doorkeeper<S>: Clone + Send + Sync + 'static {
    /// The caller as use cases want it.
    type Caller: Clone + Send + Sync + 'static;

    /// `Ok(None)` when nobody has signed in or the session is over.
    fn recognise(
        &self,
        state: &S,
        head: &Parts,
    ) -> impl Future<Output = Result<Option<Entrance<Self::Caller>>, Problem>> + Send;

    /// Hears of each request that was turned away, for whoever watches.
    fn turned_away(
        &self,
        _state: &S,
        _caller: Option<Self::Caller>,
        _address: Option<IpAddr>,
    ) -> impl Future<Output = ()> + Send {
        async {}
    }
}

/// Answers that turn somebody away from what is not theirs; a wrong field or a form too old does not.
fn turns_away(response: &Response) -> bool {
    match response.extensions().get::<Problem>() {
        Some(Problem::NotFound | Problem::Forbidden | Problem::Barred(_)) => true,
        Some(Problem::Refused { code, .. }) => *code == "not_allowed",
        _ => false,
    }
}

/// What [`admit`] needs besides the route.
#[derive(Debug, Clone)]
pub struct Gate<S, D> {
    pub state: S,
    pub doorkeeper: D,
    pub settings: Arc<Settings>,
}

/// Lets a request in or answers it at the door. Runs once for each request, directly before its handler.
pub async fn admit<S, D>(
    State((gate, info)): State<(Gate<S, D>, RouteInfo)>,
    request: Request,
    next: Next,
) -> Response
where
    S: Clone + Send + Sync + 'static,
    D: Doorkeeper<S>,
{
    let (parts, body) = request.into_parts();
    let entrance = match gate.doorkeeper.recognise(&gate.state, &parts).await {
        Ok(entrance) => entrance,
        Err(problem) => return problem.into_response(),
    };
    let viewer = entrance.as_ref().map(|entrance| entrance.viewer.clone());
    let caller = entrance.as_ref().map(|entrance| entrance.caller.clone());
    let address = client_address(&gate.settings, &parts);
    let time_limit = info.time_limit;
    let answered = async {
        match checked(&gate.settings, info, entrance, parts, body).await {
            Ok(request) => next.run(request).await,
            Err(problem) => problem.into_response(),
        }
    };
    let mut response = match tokio::time::timeout(time_limit, answered).await {
        Ok(response) => response,
        Err(_) => Problem::Slow.into_response(),
    };
    if turns_away(&response) {
        gate.doorkeeper.turned_away(&gate.state, caller, address).await;
    }
    if let Some(viewer) = viewer {
        response.extensions_mut().insert(viewer);
    }
    response
}

async fn checked<C: Clone + Send + Sync + 'static>(
    settings: &Settings,
    info: RouteInfo,
    entrance: Option<Entrance<C>>,
    mut parts: Parts,
    body: Body,
) -> Result<Request, Problem> {
    check_access(&info, entrance.as_ref().map(|entrance| &entrance.proof), &parts)?;
    check_length(&info, &parts.headers)?;
    let mut body = body;
    let by_token = matches!(entrance.as_ref().map(|entrance| &entrance.proof), Some(Proof::Bearer { .. }));
    if !parts.method.is_safe() && !by_token {
        check_origin(settings, &parts.headers)?;
        let token = entrance.as_ref().and_then(|entrance| match &entrance.proof {
            Proof::Session(token) => Some(token),
            Proof::Bearer { .. } => None,
        });
        body = check_token(&info, token, &mut parts, body).await?;
    }
    if let Some(entrance) = entrance {
        parts.extensions.insert(entrance.caller);
        parts.extensions.insert(entrance.viewer);
    }
    parts.extensions.insert(info);
    Ok(Request::from_parts(parts, body))
}

fn check_access(info: &RouteInfo, proof: Option<&Proof>, parts: &Parts) -> Result<(), Problem> {
    match (info.access, proof) {
        (Access::Public, _) | (Access::SignedIn | Access::Token(_), Some(Proof::Session(_))) => Ok(()),
        (Access::Token(scope), Some(Proof::Bearer { scopes })) if scopes.iter().any(|have| have == scope) => {
            Ok(())
        }
        (_, Some(Proof::Bearer { .. })) => Err(Problem::Forbidden),
        (_, None) => {
            // Only a page that is read can be opened again after signing in.
            let next = (parts.method == Method::GET)
                .then(|| parts.uri.path_and_query().map(|path| path.as_str().to_owned()))
                .flatten();
            Err(Problem::SignIn { next })
        }
    }
}

fn check_length(info: &RouteInfo, headers: &HeaderMap) -> Result<(), Problem> {
    let length = header(headers, CONTENT_LENGTH.as_str()).and_then(|length| length.parse::<u64>().ok());
    match length {
        Some(length) if length > info.body_limit as u64 => {
            Err(Problem::TooLarge { limit_bytes: info.body_limit })
        }
        _ => Ok(()),
    }
}

/// Refuses requests that another site started. Browsers say so in `Sec-Fetch-Site`; older ones only send `Origin`.
///
/// A neighbour under the same registered domain (`same-site`) is another office's system and counts as foreign.
fn check_origin(settings: &Settings, headers: &HeaderMap) -> Result<(), Problem> {
    match header(headers, "sec-fetch-site") {
        Some("same-origin" | "none") => return Ok(()),
        Some(_) => return Err(Problem::Stale),
        None => {}
    }
    let Some(origin) = header(headers, ORIGIN.as_str()) else { return Ok(()) };
    if settings.public_origin.as_deref() == Some(origin) {
        return Ok(());
    }
    let host = origin.split_once("://").map(|(_, host)| host);
    if host.is_some() && host == header(headers, HOST.as_str()) { Ok(()) } else { Err(Problem::Stale) }
}

/// Checks the form token of a session and gives the body back as it was.
async fn check_token(
    info: &RouteInfo,
    token: Option<&CsrfToken>,
    parts: &mut Parts,
    body: Body,
) -> Result<Body, Problem> {
    let in_header = header(&parts.headers, CSRF_HEADER)
        .is_some_and(|shown| token.is_some_and(|token| token.accepts(shown)));
    let kind = header(&parts.headers, CONTENT_TYPE.as_str()).unwrap_or_default().to_owned();
    if kind.starts_with(FORM_TYPE) {
        let bytes = axum::body::to_bytes(body, info.body_limit)
            .await
            .map_err(|_| Problem::TooLarge { limit_bytes: info.body_limit })?;
        let fields = Fields::of_body(bytes.clone()).await?;
        let in_form = token.is_none_or(|token| token.accepts(fields.text(CSRF_FIELD)));
        parts.extensions.insert(fields);
        return if in_header || in_form { Ok(Body::from(bytes)) } else { Err(Problem::Stale) };
    }
    let Some(token) = token.filter(|_| !in_header) else { return Ok(body) };
    if !kind.starts_with("multipart/form-data") {
        return Err(Problem::Stale);
    }
    let (head, body) = split_head(body).await?;
    let shown = first_part(&head, CSRF_FIELD).ok_or(Problem::Stale)?;
    if token.accepts(&shown) { Ok(body) } else { Err(Problem::Stale) }
}

/// Reads the beginning of an upload and returns it beside a body that still has everything. The rest of a large
/// file is never held in memory.
async fn split_head(body: Body) -> Result<(Vec<u8>, Body), Problem> {
    let mut head = Vec::new();
    let mut rest = body.into_data_stream();
    while head.len() < UPLOAD_HEAD_BYTES && first_part(&head, CSRF_FIELD).is_none() {
        match rest.next().await {
            Some(Ok(chunk)) => head.extend_from_slice(&chunk),
            Some(Err(error)) => {
                tracing::info!(%error, "an upload broke off");
                return Err(Problem::BadRequest(axum::http::StatusCode::BAD_REQUEST));
            }
            None => break,
        }
    }
    let read = stream::iter([Ok::<Bytes, axum::Error>(Bytes::from(head.clone()))]);
    Ok((head, Body::from_stream(read.chain(rest))))
}

/// The value of the first part of a multipart body, if it is complete and has the wanted name.
fn first_part(head: &[u8], name: &str) -> Option<String> {
    let head = &head[..head.len().min(UPLOAD_HEAD_BYTES)];
    let start = find(head, b"\r\n\r\n")?;
    let described = String::from_utf8_lossy(&head[..start]);
    if !described.contains(&format!("name=\"{name}\"")) {
        return None;
    }
    let value = &head[start + 4..];
    let end = find(value, b"\r\n--")?;
    String::from_utf8(value[..end].to_vec()).ok()
}

fn find(within: &[u8], wanted: &[u8]) -> Option<usize> {
    within.windows(wanted.len()).position(|window| window == wanted)
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// The address a request came from: the connection's, or what a trusted proxy before us wrote down.
///
/// `None` when the server was started without connection addresses, as tests do.
pub fn client_address(settings: &Settings, head: &Parts) -> Option<IpAddr> {
    let ConnectInfo(socket) = head.extensions.get::<ConnectInfo<std::net::SocketAddr>>()?;
    let near = socket.ip().to_canonical();
    if !settings.trusted_proxies.contains(&near) {
        return Some(near);
    }
    // The last address that is no proxy of ours was written by a proxy of ours; anything before it can be invented.
    let hops = header(&head.headers, "x-forwarded-for").unwrap_or_default();
    let far =
        hops.rsplit(',').filter_map(|hop| hop.trim().parse::<IpAddr>().ok()).map(|hop| hop.to_canonical());
    Some(far.into_iter().find(|hop| !settings.trusted_proxies.contains(hop)).unwrap_or(near))
}

/// The cookie that carries the secret of a session.
#[derive(Debug, Clone, Copy)]
pub struct SessionCookie {
    /// Whether browsers reach us by TLS, here or at a proxy.
    pub secure: bool,
}

impl SessionCookie {
    /// `__Host-` makes browsers refuse a cookie of this name that another host set or that came without TLS.
    pub fn name(self) -> &'static str {
        if self.secure { "__Host-bihuan" } else { "bihuan" }
    }

    /// The value of a `Set-Cookie` header. The cookie ends with the browser; the server ends the session.
    pub fn set(self, secret: &str) -> String {
        format!("{}={secret}; Path=/; HttpOnly; SameSite=Lax{}", self.name(), self.attribute())
    }

    /// The value of a `Set-Cookie` header that takes the cookie away.
    pub fn clear(self) -> String {
        format!("{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{}", self.name(), self.attribute())
    }

    pub fn read(self, headers: &HeaderMap) -> Option<&str> {
        cookie(headers, self.name()).filter(|secret| !secret.is_empty())
    }

    fn attribute(self) -> &'static str {
        if self.secure { "; Secure" } else { "" }
    }
}

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(have, value)| (have == name).then_some(value))
}

/// The signed-in person. Routes for signed-in people always have one.
impl<S: Send + Sync> FromRequestParts<S> for Viewer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or(Problem::SignIn { next: None })
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for Viewer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Option<Self>, Problem> {
        Ok(parts.extensions.get::<Self>().cloned())
    }
}
