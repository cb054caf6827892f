//! The description of the API is the one that is committed, and the page shows it.

use crate::support::on_each_app;
use bihuan_web::openapi::document;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi.json");

#[test]
fn the_committed_description_is_what_the_routes_say() {
    let wanted = serde_json::to_string_pretty(&document(&bihuan_web::routes())).unwrap() + "\n";
    if std::env::var_os("BIHUAN_UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(FILE, &wanted).unwrap();
    }
    let have = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(have == wanted, "openapi.json is old: run the tests once with BIHUAN_UPDATE=1 and commit it");
}

#[test]
fn programs_and_people_can_read_it() {
    on_each_app(|app| {
        let json = app.browser().get("/api/v1/openapi.json").expect(200).json();
        assert_eq!(json["openapi"], "3.1.0");
        assert_eq!(json["paths"]["/api/v1/me"]["get"]["security"][0]["token"][0], "me:read");
        let page = app.sign_in("filler").get("/api").expect(200).text();
        assert!(page.contains("GET /api/v1/journal") && page.contains("读取日志"));
    });
}

#[test]
fn the_description_says_what_a_report_s_routes_take() {
    let all = document(&bihuan_web::routes());
    let file = &all["paths"]["/api/v1/reports/{id}/file/{format}"]["get"]["parameters"];
    let kind = |name: &str| {
        let found = file.as_array().unwrap().iter().find(|one| one["name"] == name).unwrap();
        found["schema"].clone()
    };
    assert_eq!(kind("format")["type"], "string", "a docx is no number");
    assert_eq!(kind("format")["enum"], serde_json::json!(["docx", "pdf", "xlsx"]));
    assert_eq!(kind("id")["type"], "integer");
    let correct = &all["paths"]["/api/v1/reports/{id}/correct"]["post"]["requestBody"];
    assert_eq!(correct["content"]["application/json"]["schema"]["required"], serde_json::json!(["reason"]));
}

#[test]
fn the_description_names_every_kind_that_can_be_searched() {
    let all = document(&bihuan_web::routes());
    let parameters = all["paths"]["/api/v1/search"]["get"]["parameters"].as_array().unwrap();
    let words = parameters.iter().find(|one| one["name"] == "kind").unwrap()["description"].as_str().unwrap();
    let told: Vec<&str> = words.trim_start_matches("类别：").split('、').collect();
    let kinds: Vec<&str> = bihuan_app::search::kinds().into_iter().map(|(code, _)| code).collect();
    assert_eq!(told, kinds);
}

#[test]
fn names_of_routes_are_unique() {
    let routes = bihuan_web::routes();
    let mut names: Vec<&str> = routes.iter().map(|route| route.info.name).collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all);
}
