//! The shell of the pages: what every page and every answer must keep to.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod account;
mod action_examples;
mod activity;
mod alert;
mod assets;
mod burden;
mod campaign;
mod counter;
mod coverage;
mod document;
mod document_examples;
mod door;
mod erasure;
mod errors;
mod examples;
mod excuse;
mod import;
mod journal;
mod label;
mod ledger;
mod ledger_examples;
mod ledger_support;
mod markup;
mod muster_examples;
mod openapi;
mod organisation;
mod overview;
mod pages;
mod palette;
mod problem;
mod problem_examples;
mod rate;
mod report;
mod report_examples;
mod search;
mod server;
mod session;
mod slip;
mod slip_examples;
mod study;
mod supervision;
mod supervision_examples;
mod support;
mod task;
mod task_examples;
mod ui;

#[path = "../../examples/gallery/pages.rs"]
mod gallery;

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, Response, StatusCode},
};
use bihuan_web::{assets as web_assets, guard::Gate, headers::Settings, route, shell};
use tower::ServiceExt as _;

/// Bytes of an answer that a test reads.
const ANSWER_LIMIT_BYTES: usize = 4 * 1024 * 1024;

/// The gallery as it is served.
fn gallery(settings: Settings) -> Router {
    let settings = Arc::new(settings);
    let gate = Gate { state: (), doorkeeper: gallery::Everybody, settings: settings.clone() };
    let routes = [web_assets::routes(), shell::routes(), gallery::routes()].into_iter().flatten().collect();
    shell::wrap(route::router(routes, &gate), settings)
}

async fn send(router: Router, request: Request<Body>) -> Response<Body> {
    router.oneshot(request).await.expect("a router always answers")
}

async fn get(path: &str) -> Response<Body> {
    send(gallery(Settings::default()), Request::get(path).body(Body::empty()).unwrap()).await
}

async fn text(response: Response<Body>) -> String {
    let bytes = to_bytes(response.into_body(), ANSWER_LIMIT_BYTES).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Every page of the gallery with its markup.
async fn all_pages() -> Vec<(String, String)> {
    let mut pages = Vec::new();
    let paths = [
        "/",
        "/overview",
        "/ledger",
        "/ledger/317",
        "/import",
        "/confirm",
        "/sign-in",
        "/nothing",
        "/broken",
    ];
    for path in paths {
        let response = get(path).await;
        assert_ne!(response.status(), StatusCode::SEE_OTHER, "{path}");
        pages.push((path.to_owned(), text(response).await));
    }
    pages
}

fn header<'a>(response: &'a Response<Body>, name: &str) -> &'a str {
    response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
