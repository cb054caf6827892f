//! The library 资料库: one question over every record and every file's text that the reader may see.

use axum::{
    extract::State,
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use bihuan_app::Context;
use bihuan_app::search::{self, Found, Hit, SEARCH_CHARS_MAX, SEARCH_PAGE, SearchInput, Snippet, SortBy};
use bihuan_documents::export::{CSV_MARK, plain_csv_line};
use bihuan_domain::Coded;
use maud::{Markup, html};

use super::{
    ledger::encoded,
    pick::{self, Offers},
};
use crate::{
    error::Problem,
    form::{FieldErrors, Fields, QueryFields},
    frame::{Again, Page},
    route::Route,
    state::{Session, WebState},
    ui::{self, Href, Pager, Tone, badge, button_link, choices, select},
};

const PATH: &str = "/search";

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get(PATH, "search.show", "资料库检索", show),
        Route::get("/search/download", "search.download", "下载检索结果（CSV）", download),
    ]
}

/// What was asked, with the unit by its number.
async fn input_of(
    web: &WebState,
    ctx: &Context,
    query: &Fields,
    offers: &mut Offers,
) -> Result<SearchInput, Problem> {
    let text = |name: &str| query.text(name).to_owned();
    let unit = match query.filled("unit") {
        Some(number) if number.bytes().all(|byte| byte.is_ascii_digit()) && number.len() < 6 => {
            number.to_owned()
        }
        Some(_) => pick::unit(web, ctx, query, ("unit", "单位"), offers).await?.to_string(),
        None => String::new(),
    };
    Ok(SearchInput {
        q: text("q"),
        kind: text("kind"),
        state: text("state"),
        unit,
        from: text("from"),
        to: text("to"),
        sort: text("sort"),
        page: text("page"),
    })
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let frame = page.frame("资料库检索");
    let asked = query.pairs().any(|(_, value)| !value.trim().is_empty());
    if !asked {
        let body = html! { (head()) (form(&query, &FieldErrors::default(), &Offers::default())) (hints()) };
        return Ok(page.show(frame, body));
    }
    let mut offers = Offers::default();
    let found = match input_of(&web, &ctx, &query, &mut offers).await {
        Ok(input) => web.run(move |app| app.search(&ctx, &input)).await,
        Err(problem) => Err(problem),
    };
    match found {
        Ok(found) => {
            let here = query.pairs().filter(|(name, value)| *name != "page" && !value.is_empty());
            let here = here.fold(Href::new(PATH), |href, (name, value)| href.with(name, value));
            let body = html! {
                (head())
                (form(&query, &FieldErrors::default(), &offers))
                (results(&found, &here))
            };
            Ok(page.show(frame, body))
        }
        Err(problem) => {
            let again = Again::of(problem)?;
            let body = html! { (head()) (form(&query, &again.errors, &offers)) };
            Ok(page.show_again(frame, body, &again))
        }
    }
}

fn head() -> Markup {
    ui::heading(
        "资料库检索",
        Some(
            "查遍您有权查看的问题、任务、活动、督办单、报告、检查、会议、文件和单位；附件里的文字也能查到。",
        ),
        html! {},
    )
}

fn hints() -> Markup {
    ui::empty(
        "输入要查的字词",
        "空格隔开的词要同时出现；单位写全称、简称都可以，它的记录也会列出；加引号的按原样查找，如“限期整改”；字母数字后加星号查开头，如 GB*；全角半角、各种括号一样对待。",
        None,
    )
}

fn form(query: &Fields, errors: &FieldErrors, offers: &Offers) -> Markup {
    let sorts = SortBy::ALL.iter().map(|sort| (sort.code(), sort.label()));
    html! {
        form .search-form action=(PATH) method="get" role="search" aria-label="检索资料库" {
            (ui::query_error_summary(errors))
            div .search-line {
                (ui::text("q", "查找内容").max_chars(SEARCH_CHARS_MAX).refill(query).errors(errors))
                button .btn .btn-primary type="submit" { "查找" }
            }
            details open[narrowed(query)] {
                summary { "更多条件" }
                div .columns {
                    (select("kind", "类别", choices(search::kinds())).prompt("全部类别").refill(query).errors(errors))
                    (select("state", "状态", choices(search::states())).prompt("全部状态").refill(query).errors(errors))
                    (select("sort", "排序", choices(sorts)).refill(query).errors(errors))
                }
                div .columns {
                    (offers.field(ui::text("unit", "单位").hint("含其全部下级；填名称、简称或代码。"), "unit", query, errors))
                    (ui::date("from", "起始日期").refill(query).errors(errors))
                    (ui::date("to", "截止日期").refill(query).errors(errors))
                }
            }
        }
    }
}

fn narrowed(query: &Fields) -> bool {
    ["kind", "state", "unit", "from", "to", "sort"].iter().any(|name| query.filled(name).is_some())
}

fn results(found: &Found, here: &Href) -> Markup {
    let total = u64::try_from(found.total).unwrap_or(0);
    html! {
        @if found.building {
            p .notice .notice-warning role="status" { "资料库正在重建索引，有些内容暂时查不到，稍后再查就全了。" }
        }
        @if found.hits.is_empty() {
            (ui::empty("没有查到", "换一个说法，或者少写几个字、放宽条件再查；只能查到您有权查看的内容。", None))
        } @else {
            p .search-total role="status" {
                "共查到 " strong { (ui::thousands(total)) } " 条"
                span .text-muted { "（只计您有权查看的）" } " "
                (button_link("下载清单", Href::new("/search/download").to_string() + &query_of(here)).small())
            }
            ol .search-hits { @for hit in &found.hits { li { (one(hit)) } } }
            (Pager::new(here.clone(), found.page as u64, SEARCH_PAGE as u64, total))
        }
    }
}

fn query_of(here: &Href) -> String {
    let text = here.to_string();
    text.find('?').map_or_else(String::new, |at| text[at..].to_owned())
}

fn one(hit: &Hit) -> Markup {
    html! {
        p .search-title {
            a href=(hit.href) { (marked(&hit.title)) }
        }
        p .search-text { (marked(&hit.text)) }
        p .search-facts {
            (badge(Tone::Neutral, hit.kind_label))
            @if !hit.state_label.is_empty() { " " (badge(Tone::Neutral, hit.state_label)) }
            @if !hit.unit_name.is_empty() { " " span { (hit.unit_name) } }
            @if let Some(day) = hit.day { " " span { (day) } }
            @if !hit.file_href.is_empty() { " " a href=(hit.file_href) { "下载附件" } }
        }
    }
}

/// A piece of text with what was found marked.
pub(crate) fn marked(piece: &Snippet) -> Markup {
    let chars: Vec<char> = piece.text.chars().collect();
    let words = |from: usize, to: usize| -> String {
        chars[from.min(chars.len())..to.min(chars.len())].iter().collect()
    };
    let mut at = 0;
    html! {
        @if piece.cut_before { "…" }
        @for mark in &piece.marks {
            (words(at, mark.start)) mark { (words(mark.start, mark.end)) }
            @let () = at = mark.end;
        }
        (words(at, chars.len()))
        @if piece.cut_after { "…" }
    }
}

async fn download(
    State(web): State<WebState>,
    Session(ctx): Session,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let input = input_of(&web, &ctx, &query, &mut Offers::default()).await?;
    let found = web.run(move |app| app.search_all(&ctx, &input)).await?;
    let mut text = CSV_MARK.to_owned();
    text.push_str(&plain_csv_line(
        &["类别", "标题", "单位", "状态", "日期", "内容摘录", "链接"].map(str::to_owned),
    ));
    for hit in &found.hits {
        text.push_str(&plain_csv_line(&[
            hit.kind_label.to_owned(),
            hit.title.text.clone(),
            hit.unit_name.clone(),
            hit.state_label.to_owned(),
            hit.day.map(|day| day.to_string()).unwrap_or_default(),
            hit.text.text.clone(),
            hit.href.clone(),
        ]));
    }
    let mut response = text.into_response();
    let disposition = format!("attachment; filename*=UTF-8''{}", encoded("检索结果.csv"));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, axum::http::HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(
        CONTENT_DISPOSITION,
        axum::http::HeaderValue::from_str(&disposition).map_err(Problem::fault)?,
    );
    Ok(response)
}
