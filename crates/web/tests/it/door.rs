use std::{net::SocketAddr, sync::Arc};

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, StatusCode, request::Parts},
    response::IntoResponse,
};
use bihuan_web::{
    error::Problem,
    form::Fields,
    guard::{
        CsrfToken, Doorkeeper, Entrance, Gate, Proof, SessionCookie, UPLOAD_HEAD_BYTES, client_address,
        cookie,
    },
    headers::{CONTENT_SECURITY_POLICY, Settings},
    page::Viewer,
    route::{self, Access, BODY_LIMIT_BYTES, Route},
    shell,
};

use super::{
    gallery::{SECRET, viewer},
    get, header, send, text,
};

/// Recognises a session by its cookie and an API token by its header.
#[derive(Debug, Clone)]
struct Sessions;

impl Doorkeeper<()> for Sessions {
    type Caller = &'static str;

    async fn recognise(&self, _state: &(), head: &Parts) -> Result<Option<Entrance<&'static str>>, Problem> {
        let proof = if let Some(secret) = (SessionCookie { secure: false }).read(&head.headers) {
            Proof::Session(CsrfToken::of_session(secret))
        } else if head.headers.get("authorization").is_some_and(|value| value == "Bearer reader") {
            Proof::Bearer { scopes: vec!["problem:read".to_owned()] }
        } else {
            return Ok(None);
        };
        Ok(Some(Entrance { caller: "wang", viewer: viewer(), proof }))
    }
}

const UPLOAD_LIMIT_BYTES: usize = 64 * 1024;

fn routes() -> Vec<Route<()>> {
    vec![
        Route::get("/page", "page.show", "页面", async |viewer: Viewer| viewer.name),
        Route::get("/open", "open.show", "公开", async |viewer: Option<Viewer>| match viewer {
            Some(viewer) => viewer.name,
            None => "stranger".to_owned(),
        })
        .access(Access::Public),
        Route::get("/api/v1/problems", "problem.list", "问题", async || "[]")
            .access(Access::Token("problem:read")),
        Route::post("/api/v1/problems", "problem.add", "登记", async || {
            StatusCode::CREATED.into_response()
        })
        .access(Access::Token("problem:write")),
        Route::post("/save", "page.save", "保存", async |fields: Fields| fields.text("title").to_owned()),
        Route::post("/open", "open.save", "公开提交", async |fields: Fields| {
            fields.text("title").to_owned()
        })
        .access(Access::Public),
        Route::post("/upload", "file.add", "上传", upload).body_limit(UPLOAD_LIMIT_BYTES),
        Route::get("/sleep", "page.sleep", "很慢", async || {
            tokio::time::sleep(std::time::Duration::from_secs(5)).await;
        })
        .time_limit(std::time::Duration::from_millis(20)),
    ]
}

async fn upload(mut form: axum::extract::Multipart) -> Result<String, Problem> {
    let mut said = Vec::new();
    while let Some(part) = form.next_field().await.map_err(|error| Problem::BadRequest(error.status()))? {
        let name = part.name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(|error| Problem::BadRequest(error.status()))?;
        said.push(format!("{name}={}", bytes.len()));
    }
    Ok(said.join(","))
}

async fn knock(request: Request<Body>) -> axum::http::Response<Body> {
    let settings = Arc::new(Settings::default());
    let gate = Gate { state: (), doorkeeper: Sessions, settings: settings.clone() };
    send(shell::wrap(route::router(routes(), &gate), settings), request).await
}

fn form(path: &str) -> axum::http::request::Builder {
    Request::post(path)
        .header("cookie", format!("bihuan={SECRET}"))
        .header("content-type", "application/x-www-form-urlencoded")
}

fn token() -> String {
    CsrfToken::of_session(SECRET).masked()
}

fn save(token: &str) -> Request<Body> {
    form("/save").body(Body::from(format!("_csrf={token}&title=%E6%B0%B4+"))).unwrap()
}

#[test]
fn a_token_is_shown_differently_each_time_and_belongs_to_one_session() {
    let mine = CsrfToken::of_session("mine");
    let shown = mine.masked();
    assert_ne!(shown, mine.masked());
    assert!(mine.accepts(&shown) && mine.accepts(&mine.masked()));
    assert!(!CsrfToken::of_session("other").accepts(&shown));
    for wrong in ["", "x", &shown[1..], &format!("{shown}A"), "!!!!"] {
        assert!(!mine.accepts(wrong), "{wrong}");
    }
    assert!(!format!("{mine:?}").contains("mine"));
}

#[tokio::test]
async fn a_form_with_its_token_is_accepted_and_its_fields_arrive() {
    let answer = knock(save(&token())).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(text(answer).await, "水");
}

#[tokio::test]
async fn a_form_without_token_or_with_that_of_another_session_is_refused() {
    for wrong in ["", "x", &CsrfToken::of_session("another").masked()] {
        let answer = knock(save(wrong)).await;
        assert_eq!(answer.status(), 403, "{wrong}");
        assert!(text(answer).await.contains("页面已过期"));
    }
}

#[tokio::test]
async fn a_script_shows_the_token_in_a_header() {
    let body = || Body::from("title=x");
    let good = form("/save").header("x-csrf-token", token()).body(body()).unwrap();
    assert_eq!(knock(good).await.status(), 200);
    let bad = form("/save").header("x-csrf-token", "x").body(body()).unwrap();
    assert_eq!(knock(bad).await.status(), 403);
    let json = Request::post("/save")
        .header("cookie", format!("bihuan={SECRET}"))
        .header("content-type", "application/json");
    assert_eq!(knock(json.body(Body::from("{}")).unwrap()).await.status(), 403);
}

#[tokio::test]
async fn a_request_that_another_site_started_is_refused_even_with_a_token_or_without_a_session() {
    let cases = [
        ("sec-fetch-site", "cross-site", 403),
        ("sec-fetch-site", "same-site", 403),
        ("sec-fetch-site", "same-origin", 200),
        ("sec-fetch-site", "none", 200),
        ("origin", "https://evil.example", 403),
        ("origin", "null", 403),
        ("origin", "http://bihuan.example", 200),
    ];
    for (name, value, status) in cases {
        for path in ["/save", "/open"] {
            let request = form(path).header("host", "bihuan.example").header(name, value);
            let answer = knock(request.body(Body::from(format!("_csrf={}&title=x", token()))).unwrap()).await;
            assert_eq!(answer.status(), status, "{path} {name}: {value}");
        }
        let stranger = Request::post("/open").header("host", "bihuan.example").header(name, value);
        assert_eq!(
            knock(stranger.body(Body::empty()).unwrap()).await.status().is_client_error(),
            status == 403
        );
    }
    let read = Request::get("/page")
        .header("cookie", format!("bihuan={SECRET}"))
        .header("sec-fetch-site", "cross-site");
    assert_eq!(
        knock(read.body(Body::empty()).unwrap()).await.status(),
        200,
        "a link in a letter may be followed"
    );
}

fn multipart(token: &str, file_bytes: usize) -> Request<Body> {
    let mut body =
        format!("--b\r\nContent-Disposition: form-data; name=\"_csrf\"\r\n\r\n{token}\r\n").into_bytes();
    body.extend(b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n");
    body.extend(vec![b'x'; file_bytes]);
    body.extend(b"\r\n--b--\r\n");
    Request::post("/upload")
        .header("cookie", format!("bihuan={SECRET}"))
        .header("content-type", "multipart/form-data; boundary=b")
        .body(Body::from(body))
        .unwrap()
}

#[tokio::test]
async fn an_upload_shows_its_token_as_the_first_part_and_arrives_whole() {
    let size = UPLOAD_HEAD_BYTES + 5_000;
    let answer = knock(multipart(&token(), size)).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(text(answer).await, format!("_csrf={},file={size}", token().len()));
    assert_eq!(knock(multipart("x", 10)).await.status(), 403);
}

#[tokio::test]
async fn an_upload_in_small_pieces_is_understood() {
    let whole = axum::body::to_bytes(multipart(&token(), 100).into_body(), UPLOAD_LIMIT_BYTES).await.unwrap();
    let pieces: Vec<Result<Vec<u8>, std::io::Error>> =
        whole.chunks(7).map(|piece| Ok(piece.to_vec())).collect();
    let (head, _) = multipart("", 0).into_parts();
    let request = Request::from_parts(head, Body::from_stream(futures_util::stream::iter(pieces)));
    assert_eq!(knock(request).await.status(), 200);
}

#[tokio::test]
async fn bodies_are_limited_at_the_byte_by_length_and_by_what_arrives() {
    let request = |bytes: usize, path: &str| {
        let lead = format!("_csrf={}&title=", token());
        let body = lead.clone() + &"x".repeat(bytes - lead.len());
        form(path).header("content-length", bytes).body(Body::from(body)).unwrap()
    };
    assert_eq!(knock(request(BODY_LIMIT_BYTES, "/save")).await.status(), 200);
    let large = knock(request(BODY_LIMIT_BYTES + 1, "/save")).await;
    assert_eq!(large.status(), 413);
    assert!(text(large).await.contains("超过了 1 MB 的上限"));
    let (mut head, body) = request(BODY_LIMIT_BYTES + 1, "/save").into_parts();
    head.headers.remove("content-length");
    assert_eq!(knock(Request::from_parts(head, body)).await.status(), 413);
    assert_eq!(knock(multipart(&token(), UPLOAD_LIMIT_BYTES)).await.status(), 413);
}

#[tokio::test]
async fn a_stranger_is_led_to_the_sign_in_page_and_from_there_back() {
    let answer = knock(Request::get("/page?unit=3&q=a%26b").body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status(), 303);
    assert_eq!(header(&answer, "location"), "/sign-in?next=%2Fpage%3Funit%3D3%26q%3Da%2526b");
    assert_eq!(header(&answer, "cache-control"), "no-store");
    let saved = knock(Request::post("/save").body(Body::empty()).unwrap()).await;
    assert_eq!(saved.status(), 401);
    let program = knock(Request::get("/api/v1/problems").body(Body::empty()).unwrap()).await;
    assert_eq!(program.status(), 401);
    assert!(text(program).await.contains("\"code\":\"sign_in\""));
}

#[tokio::test]
async fn a_stranger_gets_nothing_but_refusals_on_every_route_that_is_not_public() {
    for route in routes() {
        let info = route.info;
        let request =
            Request::builder().method(info.method.clone()).uri(info.path).body(Body::empty()).unwrap();
        let status = knock(request).await.status();
        if info.access == Access::Public {
            assert_eq!(status, 200, "{}", info.name);
        } else {
            assert!(status == 303 || status == 401, "{}: {status}", info.name);
        }
        assert_eq!(info.mutates, info.method == Method::POST, "{}", info.name);
    }
}

#[tokio::test]
async fn an_api_token_opens_what_its_scope_names_and_no_page() {
    let ask = |method: Method, path: &str| {
        let request = Request::builder().method(method).uri(path).header("authorization", "Bearer reader");
        knock(request.body(Body::empty()).unwrap())
    };
    assert_eq!(ask(Method::GET, "/api/v1/problems").await.status(), 200);
    assert_eq!(ask(Method::POST, "/api/v1/problems").await.status(), 403);
    assert_eq!(ask(Method::GET, "/page").await.status(), 403);
}

#[tokio::test]
async fn a_handler_that_takes_too_long_is_cut_off_with_words() {
    let request =
        Request::get("/sleep").header("cookie", format!("bihuan={SECRET}")).body(Body::empty()).unwrap();
    let answer = knock(request).await;
    assert_eq!(answer.status(), 503);
    assert!(text(answer).await.contains("查询时间过长"));
}

#[tokio::test]
async fn every_answer_carries_the_security_headers_and_its_number() {
    let mut numbers = std::collections::BTreeSet::new();
    for path in ["/", "/nothing", "/broken", "/panic", "/favicon.ico", "/api/v1/nothing"] {
        let answer = get(path).await;
        assert_eq!(header(&answer, "content-security-policy"), CONTENT_SECURITY_POLICY, "{path}");
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
        assert_eq!(header(&answer, "x-frame-options"), "DENY");
        assert_eq!(header(&answer, "referrer-policy"), "same-origin");
        assert_eq!(header(&answer, "cross-origin-opener-policy"), "same-origin");
        assert_eq!(header(&answer, "strict-transport-security"), "");
        assert!(header(&answer, "cache-control") == "no-store" || path == "/favicon.ico");
        assert!(numbers.insert(header(&answer, "x-request-id").to_owned()));
    }
    assert!(!CONTENT_SECURITY_POLICY.contains("unsafe") && !CONTENT_SECURITY_POLICY.contains("  "));
    let secure = Settings { secure: true, strict_transport: true, ..Settings::default() };
    let answer = send(super::gallery(secure), Request::get("/").body(Body::empty()).unwrap()).await;
    assert_eq!(header(&answer, "strict-transport-security"), "max-age=63072000");
}

#[test]
fn the_cookie_of_a_session_is_locked_down_where_tls_is() {
    let secure = SessionCookie { secure: true };
    assert_eq!(secure.set("s3cret"), "__Host-bihuan=s3cret; Path=/; HttpOnly; SameSite=Lax; Secure");
    assert!(secure.clear().contains("Max-Age=0") && secure.clear().ends_with("; Secure"));
    let plain = SessionCookie { secure: false };
    assert_eq!(plain.set("s3cret"), "bihuan=s3cret; Path=/; HttpOnly; SameSite=Lax");
    let mut headers = HeaderMap::new();
    headers.append("cookie", "a=1; bihuan=plain".parse().unwrap());
    headers.append("cookie", "__Host-bihuan=locked".parse().unwrap());
    assert_eq!(plain.read(&headers), Some("plain"));
    assert_eq!(secure.read(&headers), Some("locked"));
    assert_eq!(cookie(&headers, "missing"), None);
}

#[test]
fn only_a_trusted_proxy_may_say_where_a_request_came_from() {
    let settings = Settings { trusted_proxies: vec!["10.0.0.1".parse().unwrap()], ..Settings::default() };
    let from = |socket: &str, forwarded: &str| {
        let (mut head, ()) =
            Request::get("/").header("x-forwarded-for", forwarded).body(()).unwrap().into_parts();
        head.extensions.insert(ConnectInfo::<SocketAddr>(socket.parse().unwrap()));
        client_address(&settings, &head).unwrap().to_string()
    };
    assert_eq!(from("192.0.2.7:1", "198.51.100.9"), "192.0.2.7");
    assert_eq!(from("10.0.0.1:1", "203.0.113.1, 198.51.100.9"), "198.51.100.9");
    assert_eq!(from("10.0.0.1:1", "198.51.100.9, 10.0.0.1"), "198.51.100.9");
    assert_eq!(from("[::ffff:10.0.0.1]:1", "198.51.100.9"), "198.51.100.9");
    assert_eq!(from("10.0.0.1:1", "nonsense"), "10.0.0.1");
}
