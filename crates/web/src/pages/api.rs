//! The description of the API, for programs as JSON and for people as a page.

use axum::{Json, response::Response};
use maud::{Markup, html};
use serde_json::Value;

use crate::{
    frame::Page,
    openapi::{api_routes, document},
    page::ACCOUNT_PATH,
    route::{Access, Route, RouteInfo, token_scopes},
    state::WebState,
    ui::{self, Column, Row, Table, card},
};

/// Where programs find the description.
const DOCUMENT_PATH: &str = "/api/v1/openapi.json";

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get("/api", "api.show", "接口说明", show),
        Route::get(DOCUMENT_PATH, "api.document", "接口说明（OpenAPI 3.1）", json).access(Access::Public),
    ]
}

async fn json() -> Json<Value> {
    Json(document(&crate::routes()))
}

async fn show(page: Page) -> Response {
    let routes = crate::routes();
    let scopes = token_scopes(&routes);
    let mut nouns: Vec<(&str, Vec<&RouteInfo>)> = Vec::new();
    for info in api_routes(&routes) {
        let noun = info.name.split('.').next().unwrap_or_default();
        match nouns.iter_mut().find(|(have, _)| *have == noun) {
            Some((_, members)) => members.push(info),
            None => nouns.push((noun, vec![info])),
        }
    }
    let body = html! {
        (ui::heading("接口说明", Some("页面能办的事，程序用同样的规则和权限也能办。"), html! {}))
        (card("怎样调用", html! {
            ol {
                li { "在" a href=(ACCOUNT_PATH) { "我的账号" } "新建访问令牌，勾选需要的权限。" }
                li { "请求时带上请求头 " code { "Authorization: Bearer 令牌" } "，内容用 JSON。" }
                li { "没有办成时，答复是 " code { "application/problem+json" } "，其中的 " code { "code" } " 供程序判断，" code { "detail" } " 和 " code { "hint" } " 给人看。" }
            }
            p { "机器可读的说明：" a href=(DOCUMENT_PATH) { (DOCUMENT_PATH) } "（OpenAPI 3.1）" }
        }))
        @for (noun, members) in &nouns {
            div id=(noun) {
                (card(bihuan_app::journal::words::subject(noun), html! {
                    @for info in members { (operation(info, &scopes)) }
                }))
            }
        }
    };
    page.show(page.frame("接口说明"), body)
}

fn operation(info: &RouteInfo, scopes: &[(&'static str, String)]) -> Markup {
    let access = match info.access {
        Access::Public => "不需要登录".to_owned(),
        Access::SignedIn => "登录后的页面".to_owned(),
        Access::Token(scope) => {
            let words = scopes.iter().find(|(have, _)| *have == scope).map_or(scope, |(_, words)| words);
            format!("{words}（{scope}）")
        }
    };
    html! {
        details .operation {
            summary { code { (info.method) " " (info.path) } " " (info.summary) }
            (ui::definitions().add("需要权限", access))
            @if !info.docs.query.is_empty() {
                (Table::new(format!("query-{}", info.name.replace('.', "-")), "查询参数")
                    .columns([Column::new("参数"), Column::new("含义")])
                    .row_head(0)
                    .rows(info.docs.query.iter().map(|(name, words)| Row::new([html! { code { (name) } }, html! { (words) }]))))
            }
            @if let Some(schema) = info.docs.request { (fields(info, "request", "请求内容", &schema())) }
            @if let Some(schema) = info.docs.response { (fields(info, "response", "答复内容", &schema())) }
        }
    }
}

/// The fields of a schema, one line each; what lies deeper is named with dots.
fn fields(info: &RouteInfo, which: &str, caption: &str, schema: &Value) -> Markup {
    let mut lines = Vec::new();
    flatten(schema, "", &mut lines);
    let rows = lines.into_iter().map(|(name, kind, words)| {
        Row::new([html! { code { (name) } }, html! { (kind) }, html! { (words) }])
    });
    html! {
        (Table::new(format!("{which}-{}", info.name.replace('.', "-")), caption)
            .columns(["字段", "类型", "含义"].map(Column::new))
            .row_head(0)
            .rows(rows))
    }
}

fn flatten(schema: &Value, name: &str, lines: &mut Vec<(String, String, String)>) {
    let below = |part: &str| if name.is_empty() { part.to_owned() } else { format!("{name}.{part}") };
    if let Some(properties) = schema["properties"].as_object() {
        for (part, schema) in properties {
            flatten(schema, &below(part), lines);
        }
    } else if schema["items"].is_object() {
        flatten(&schema["items"], &format!("{name}[]"), lines);
    } else {
        let kind = match &schema["type"] {
            Value::String(kind) => kind.clone(),
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" 或 "),
            _ => String::new(),
        };
        lines.push((name.to_owned(), kind, schema["description"].as_str().unwrap_or_default().to_owned()));
    }
}
