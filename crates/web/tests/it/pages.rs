use super::{all_pages, get, header, markup, text};

#[tokio::test]
async fn no_page_has_inline_style_or_script_and_all_names_and_references_are_there() {
    for (path, html) in all_pages().await {
        let faults = markup::faults(&html);
        assert!(faults.is_empty(), "{path}: {faults:#?}");
    }
}

#[tokio::test]
async fn a_page_stays_below_200_kb_with_everything_it_loads() {
    use bihuan_web::assets::Asset;
    let loaded: usize = [Asset::Styles, Asset::Script, Asset::Htmx, Asset::Logo]
        .map(|asset| asset.bytes().len())
        .iter()
        .sum();
    for (path, html) in all_pages().await {
        assert!(html.len() + loaded < 200 * 1024, "{path}: {} bytes", html.len() + loaded);
    }
}

#[tokio::test]
async fn every_page_can_be_entered_by_keyboard_and_has_help_in_the_same_place() {
    for (path, html) in all_pages().await {
        let skip = html.find("class=\"skip-link\" href=\"#main\"").unwrap_or_else(|| panic!("{path}"));
        let help = html.find("href=\"/help\"").unwrap_or_else(|| panic!("{path}"));
        let main = html.find("<main id=\"main\"").unwrap_or_else(|| panic!("{path}"));
        assert!(skip < help && help < main, "{path}");
    }
}

#[tokio::test]
async fn the_navigation_is_there_without_script_in_a_narrow_window_too_and_marks_where_we_are() {
    let html = text(get("/ledger/317").await).await;
    assert_eq!(html.matches("aria-label=\"主导航\"").count(), 2);
    assert_eq!(html.matches("href=\"/ledger\" aria-current=\"page\"").count(), 2);
}

#[tokio::test]
async fn the_foot_says_up_to_which_entry_the_figures_are_exact() {
    let html = text(get("/overview").await).await;
    assert!(html.contains("数据截至第 <strong>18,342</strong> 条记录（2026年3月5日 14:20）"));
}

#[tokio::test]
async fn a_page_tells_the_script_when_the_session_ends_and_where_to_keep_it() {
    let html = text(get("/import").await).await;
    assert!(html.contains("data-session-seconds=\"900\" data-session-keep=\"/session/keep\""));
    assert!(html.contains("id=\"session-warning\""));
    let kept = get("/session/keep").await;
    assert_eq!(header(&kept, "content-type"), "application/json");
    assert!(text(kept).await.contains("\"csrf\":\""));
}

#[tokio::test]
async fn large_type_is_remembered_by_a_cookie_and_leads_back_to_a_page_of_ours_only() {
    use axum::{body::Body, http::Request};
    let ask = |back: &str| {
        let csrf = bihuan_web::guard::CsrfToken::of_session(super::gallery::SECRET).masked();
        Request::post("/preferences/type")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(format!("_csrf={csrf}&type=large&back={back}")))
            .unwrap()
    };
    let chosen = super::send(super::gallery(Default::default()), ask("/overview")).await;
    assert_eq!(chosen.status(), 303);
    assert_eq!(header(&chosen, "location"), "/overview");
    assert!(header(&chosen, "set-cookie").starts_with("bihuan_type=large; Path=/; HttpOnly; SameSite=Lax"));
    for elsewhere in ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:1", ""] {
        let chosen = super::send(super::gallery(Default::default()), ask(elsewhere)).await;
        assert_eq!(header(&chosen, "location"), "/", "{elsewhere}");
    }
    let large = Request::get("/").header("cookie", "a=b; bihuan_type=large").body(Body::empty()).unwrap();
    let html = text(super::send(super::gallery(Default::default()), large).await).await;
    assert!(html.contains("<html lang=\"zh-CN\" class=\"large-type\">"));
}
