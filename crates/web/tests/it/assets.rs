use axum::{body::Body, http::Request};
use bihuan_web::{assets::Asset, headers::Settings};

use super::{gallery, get, header, send};

/// Bytes of our own script: what every page has, signing out on a shared machine, and agendas put in order by dragging.
const SCRIPT_BYTES_MAX: usize = 8 * 1024;

#[test]
fn styles_and_scripts_stay_small() {
    assert!(Asset::Styles.bytes().len() < 110 * 1024, "{}", Asset::Styles.bytes().len());
    assert!(Asset::Htmx.bytes().len() < 56 * 1024, "{}", Asset::Htmx.bytes().len());
    assert!(Asset::Script.bytes().len() <= SCRIPT_BYTES_MAX, "{}", Asset::Script.bytes().len());
}

#[test]
fn styles_and_our_script_load_nothing_from_elsewhere() {
    for asset in [Asset::Styles, Asset::Script] {
        let text = std::str::from_utf8(asset.bytes()).unwrap();
        let addresses = text.matches("://").count();
        let namespaces = text.matches("http://www.w3.org/2000/svg").count()
            + text.matches("http%3a//www.w3.org/2000/svg").count();
        assert_eq!(addresses, namespaces, "{asset:?}");
        assert!(!text.contains("@import"), "{asset:?}");
    }
}

#[test]
fn the_lock_file_names_no_registry() {
    let lock = include_str!("../../package-lock.json");
    assert!(!lock.contains("://"));
    assert!(!lock.contains("\"resolved\""));
    assert!(lock.contains("\"integrity\""));
}

#[tokio::test]
async fn a_named_asset_is_kept_for_a_year_and_an_old_name_is_not_found() {
    let styles = get(Asset::Styles.url()).await;
    assert_eq!(styles.status(), 200);
    assert_eq!(header(&styles, "content-type"), "text/css; charset=utf-8");
    assert_eq!(header(&styles, "cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(header(&styles, "x-content-type-options"), "nosniff");
    assert_eq!(get("/assets/bihuan-000000000000.css").await.status(), 404);
    assert_eq!(get("/assets/..%2f..%2fCargo.toml").await.status(), 404);
}

#[tokio::test]
async fn styles_travel_compressed() {
    let request =
        Request::get(Asset::Styles.url()).header("accept-encoding", "gzip").body(Body::empty()).unwrap();
    let styles = send(gallery(Settings::default()), request).await;
    assert_eq!(header(&styles, "content-encoding"), "gzip");
    let bytes = axum::body::to_bytes(styles.into_body(), super::ANSWER_LIMIT_BYTES).await.unwrap();
    assert!(bytes.len() < 24 * 1024, "{}", bytes.len());
}
