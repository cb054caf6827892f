//! Serving: the demonstration stays on this machine, and a request under way is answered before the end.

use crate::support::{TestApp, policy};
use bihuan_testkit::{TestDb, TestEngine};
use bihuan_web::headers::Settings;
use bihuan_web::state::{DemoPerson, WebState};
use std::io::{Read as _, Write as _};

fn demo(app: &TestApp) -> WebState {
    let person = DemoPerson {
        login: "filler".to_owned(),
        name: "陈小燕".to_owned(),
        post: "石桥镇党政办干事".to_owned(),
        unit: "石桥镇".to_owned(),
        what_to_see: "待签收的问题".to_owned(),
    };
    WebState::new(app.app.clone(), Settings::default()).with_demo(vec![person])
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

#[test]
fn a_person_of_the_demonstration_is_entered_by_one_click_and_nobody_else_is() {
    let db = TestDb::new(TestEngine::Sqlite);
    let mut app = TestApp::with_policy(&db, policy());
    app.browser().get("/demo").expect(404);
    app.router = bihuan_web::router(demo(&app));
    let mut browser = app.browser();
    assert!(browser.get("/demo").expect(200).text().contains("待签收的问题"));
    browser.post("/demo", &[("login", "office")]).expect(404);
    browser.post("/demo", &[("login", "filler")]).expect(303);
    assert_eq!(browser.get("/api/v1/me").expect(200).json()["name"], "陈小燕");
}

#[test]
fn a_demonstration_is_not_served_to_other_machines() {
    let db = TestDb::new(TestEngine::Sqlite);
    let app = TestApp::with_policy(&db, policy());
    let served = runtime().block_on(async {
        let listener = tokio::net::TcpListener::bind("0.0.0.0:0").await.unwrap();
        bihuan_web::serve(demo(&app), listener, std::future::pending()).await
    });
    assert_eq!(served.map_err(|error| error.kind()), Err(std::io::ErrorKind::InvalidInput));
}

#[test]
fn the_server_answers_writes_down_the_address_and_ends_when_asked() {
    let db = TestDb::new(TestEngine::Sqlite);
    let app = TestApp::with_policy(&db, policy());
    let state = WebState::new(app.app.clone(), Settings::default());
    let runtime = runtime();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    let served = runtime.spawn(bihuan_web::serve(state, listener, async {
        let _ = ended.await;
    }));
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    let body = "login=filler&password=x";
    let length = body.len();
    write!(
        stream,
        "POST /sign-in HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
    for header in
        ["content-security-policy", "x-content-type-options", "x-frame-options", "cache-control: no-store"]
    {
        assert!(answer.to_lowercase().contains(header), "{header}: {answer}");
    }
    assert_eq!(app.last_entry().source_address, "127.0.0.1");
    end.send(()).unwrap();
    runtime.block_on(served).unwrap().unwrap();
}
