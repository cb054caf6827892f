//! Reports: drawn up, looked at, issued, corrected, downloaded, opened figure by figure.

mod edit;
mod figure;
mod own;
mod sheet;
mod show;

use axum::{
    extract::{Multipart, Path, State},
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    response::{IntoResponse as _, Response},
};
use bihuan_app::Context;
use bihuan_app::evidence::{EVIDENCE_BYTES_MAX, FileOut, SentFile};
use bihuan_app::report::{Checked, Choices, ReportInput, ReportList};
use bihuan_domain::Coded as _;
use bihuan_domain::id::{ReportId, UnitId};
use bihuan_domain::report::{EditionState, FileFormat};
use maud::{Markup, html};
use std::time::Duration;

use crate::{
    current::{CampaignWish, CurrentCampaign, current_campaign, no_campaign},
    error::Problem,
    form::{Fields, QueryFields},
    frame::{Again, Page},
    route::Route,
    state::{Session, WebState},
    ui::{
        self, Badge, Choice, Column, Href, Notice, Pager, PostForm, Row, Table, Tone, badge, button,
        button_link,
    },
};

pub(super) const REPORTS_PATH: &str = "/reports";
/// A long report takes a few seconds to write.
const LONG: Duration = Duration::from_secs(120);
/// Largest file to compare, in bytes, with room for the rest of the form.
const UPLOAD_BYTES_MAX: usize = EVIDENCE_BYTES_MAX + 64 * 1024;
/// The largest file that is compared with what was issued, with its form: the PDF of the longest lists has some 24 MB.
const CHECKED_BYTES_MAX: usize = 48 * 1024 * 1024;
/// Reports on a page, as the store lists them.
const REPORT_PAGE: u64 = 50;

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get(REPORTS_PATH, "report.list", "报告", list),
        Route::get("/reports/new", "report.new", "起草报告页", new),
        Route::post(REPORTS_PATH, "report.draw_up", "起草报告", draw_up).time_limit(LONG),
        Route::get("/reports/check", "report.check_form", "核对文件页", check_form),
        Route::post("/reports/check", "report.check", "核对文件是不是签发的那一份", check)
            .body_limit(CHECKED_BYTES_MAX)
            .leaves_no_entry(),
        Route::get("/reports/templates", "report_template.list", "自有模板", own::list),
        Route::post("/reports/templates", "report_template.add", "上传自有模板", own::add)
            .body_limit(UPLOAD_BYTES_MAX),
        Route::get("/reports/templates/{id}", "report_template.show", "自有模板预览", own::show),
        Route::post("/reports/templates/{id}/remove", "report_template.remove", "删除自有模板", own::remove),
        Route::get("/reports/{id}", "report.show", "报告", show::show).time_limit(LONG),
        Route::get("/reports/{id}/edit", "report.edit", "修改报告页", edit::edit).time_limit(LONG),
        Route::post("/reports/{id}/edit", "report.save", "保存报告草稿", edit::save).time_limit(LONG),
        Route::post("/reports/{id}/issue", "report.issue", "签发报告", show::issue).time_limit(LONG),
        Route::post("/reports/{id}/discard", "report.discard", "删除报告草稿", show::discard),
        Route::post("/reports/{id}/correct", "report.correct", "更正报告", show::correct).time_limit(LONG),
        Route::get("/reports/{id}/file/{format}", "report.file", "下载报告", file).time_limit(LONG),
        Route::get("/reports/{id}/rows", "report.rows", "草稿中数字的明细", figure::rows).time_limit(LONG),
        Route::get("/f/{code}", "report.figure", "报告中的数字", figure::show).time_limit(LONG),
    ]
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn state_badge(state: EditionState, number: i64) -> Badge {
    match state {
        EditionState::Draft => badge(Tone::Warning, format!("第{number}版草稿")),
        EditionState::Issued => badge(Tone::Good, format!("第{number}版已签发")),
    }
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    let Some(campaign) = current.id() else {
        return Ok(page.show(page.frame("报告"), no_campaign("报告")));
    };
    let at = query.number::<u64>("page").unwrap_or(1).max(1);
    let offset = i64::try_from((at - 1).saturating_mul(REPORT_PAGE)).unwrap_or(0);
    let found = web.run(move |app| app.reports(&ctx, campaign, offset)).await?;
    let lead = "汇报、专报、简报、通报、清单和调度表：数字从台账取，签发即定版，更正另出一版。";
    let body = html! {
        (ui::heading("报告", Some(lead), html! {
            (button_link("核对文件", "/reports/check"))
            @if found.may_draw_up {
                (button_link("自有模板", "/reports/templates"))
                (button_link("起草报告", "/reports/new").primary())
            }
        }))
        (current.switcher(&Href::new(REPORTS_PATH)))
        (list_table(&found))
        (Pager::new(Href::new(REPORTS_PATH), at, REPORT_PAGE, count(found.total)))
    };
    Ok(current.remember(&web, page.show(page.frame("报告"), body)))
}

fn list_table(found: &ReportList) -> Table {
    let rows = found.rows.iter().map(|one| {
        let (report, edition) = (&one.listed.report, &one.listed.edition);
        Row::new([
            html! { a href={ (REPORTS_PATH) "/" (report.id) } { (one.title) } },
            html! { (report.kind.label()) },
            html! { (one.listed.unit_name) },
            html! { (report.from_day) " 至 " (report.to_day) },
            html! { (state_badge(edition.state, edition.number)) },
            html! { (edition.document_number) },
            html! { @if let Some(at) = edition.issued_at { (at.day_in_china()) } },
        ])
    });
    Table::new("reports", "报告，新的在前")
        .hide_caption()
        .stack()
        .row_head(0)
        .columns([
            Column::new("标题").long(),
            Column::new("文种").short(),
            Column::new("单位"),
            Column::new("期间").short(),
            Column::new("状态").short(),
            Column::new("文号"),
            Column::new("签发日期").short(),
        ])
        .rows(rows)
        .empty(ui::empty(
            "还没有报告",
            "选一个模板、一个单位和一段时间，系统把数字、表和清单填好，您只写文字。",
            found.may_draw_up.then(|| ("起草报告", Href::new("/reports/new"))),
        ))
}

async fn new(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    show_form(&web, ctx, &page, &current, &query, None).await
}

async fn show_form(
    web: &WebState,
    ctx: Context,
    page: &Page,
    current: &CurrentCampaign,
    fields: &Fields,
    again: Option<&Again>,
) -> Result<Response, Problem> {
    let frame = page.frame("起草报告").crumb("报告", REPORTS_PATH);
    let Some(campaign) = current.chosen() else { return Ok(page.show(frame, no_campaign("起草报告"))) };
    let (id, unit, who) = (campaign.id, fields.number("unit").map(UnitId), ctx.clone());
    let found = web.run(move |app| app.report_choices(&who, id, unit)).await?;
    let errors = again.map(|again| again.errors.clone()).unwrap_or_default();
    let today = ctx.today();
    let week_ago = today.plus_days(-6);
    let body = html! {
        (ui::heading("起草报告", Some(&campaign.name), html! {}))
        (current.switcher(&Href::new("/reports/new")))
        @if found.units.len() > 1 { (unit_form(&found)) }
        (ui::panel(html! {
            (PostForm::new(REPORTS_PATH, page.csrf()?).hidden("campaign", id.to_string()).hidden("unit", found.unit.id.to_string())
                .errors(&errors).body(html! {
                p { "单位：" strong { (found.unit.name) } }
                (ui::radios("template", "报告模板", templates(&found)).required().refill(fields).errors(&errors))
                (ui::date("from", "期间起日").value(week_ago.to_string()).between(None, Some(today.to_string())).narrow().refill(fields).errors(&errors))
                (ui::date("to", "期间止日").value(today.to_string()).between(None, Some(today.to_string())).narrow().refill(fields).errors(&errors)
                    .hint("数字取到这一天终了；填今天就取到现在。"))
                div .actions { (button("生成草稿").primary()) (button_link("取消", REPORTS_PATH)) }
            }))
        }))
    };
    Ok(match again {
        Some(again) => page.show_again(frame, body, again),
        None => page.show(frame, body),
    })
}

fn unit_form(found: &Choices) -> Markup {
    let units = found.units.iter().map(|unit| Choice::new(unit.id.to_string(), unit.name.clone()));
    html! {
        form .day-form action="/reports/new" method="get" {
            (ui::select("unit", "哪个单位的报告", units.collect()).value(found.unit.id.to_string()).narrow())
            div .actions { button .btn .btn-outline-secondary .btn-sm type="submit" { "换单位" } }
        }
    }
}

fn templates(found: &Choices) -> Vec<Choice> {
    let forms = found
        .forms
        .iter()
        .map(|form| Choice::new(form.code.clone(), form.name.clone()).hint(form.summary.clone()));
    let own = found
        .own
        .iter()
        .map(|one| Choice::new(format!("own:{}", one.id), one.name.clone()).hint("自有Word模板"));
    forms.chain(own).collect()
}

async fn draw_up(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
    fields: Fields,
) -> Result<Response, Problem> {
    let sent: ReportInput = super::problem::input_of_form(&fields)?;
    let who = ctx.clone();
    match web.run(move |app| app.draw_up_report(&who, &sent)).await {
        Ok(id) => Ok(page.go(format!("{REPORTS_PATH}/{id}"), "草稿已生成，数字已按单位和期间填好。")),
        Err(problem) => {
            let again = Again::of(problem)?;
            let current = current_campaign(&web, &ctx, &wish.or_of_form(&fields)).await?;
            show_form(&web, ctx, &page, &current, &fields, Some(&again)).await
        }
    }
}

/// The number of the edition an address asks for.
fn edition_of(query: &Fields) -> Option<i64> {
    query.number("edition")
}

async fn file(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path((id, format)): Path<(i64, String)>,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let format = FileFormat::from_code(&format).ok_or(Problem::NotFound)?;
    let edition = edition_of(&query);
    let found = web.run(move |app| app.report_file(&ctx, ReportId(id), edition, format)).await?;
    handed_out(found)
}

/// A document of another noun, as the page of a report shows it.
pub(crate) fn paper(paper: &bihuan_documents::paper::Paper) -> maud::Markup {
    sheet::paper(paper, &[])
}

/// A file to be kept under its name.
pub(crate) fn handed_out(file: FileOut) -> Result<Response, Problem> {
    let mut response = file.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_str(&file.media_type).map_err(Problem::fault)?);
    let disposition = format!("attachment; filename*=UTF-8''{}", super::ledger::encoded(&file.name));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).map_err(Problem::fault)?);
    Ok(response)
}

/// The fields of an upload and its one file.
async fn read_upload(mut form: Multipart, most: usize) -> Result<(Fields, SentFile), Problem> {
    let (mut pairs, mut file) = (Vec::new(), SentFile::default());
    let broken = |error: axum::extract::multipart::MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge { limit_bytes: most },
        status => Problem::BadRequest(status),
    };
    while let Some(part) = form.next_field().await.map_err(broken)? {
        let field = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(str::to_owned) {
            Some(name) => {
                file = SentFile { name, bytes: part.bytes().await.map_err(broken)?.to_vec() };
            }
            None => pairs.push((field, part.text().await.map_err(broken)?)),
        }
    }
    Ok((Fields::new(pairs), file))
}

async fn check_form(page: Page) -> Result<Response, Problem> {
    show_check(&page, &html! {}, None)
}

fn show_check(page: &Page, result: &Markup, again: Option<&Again>) -> Result<Response, Problem> {
    let errors = again.map(|again| again.errors.clone()).unwrap_or_default();
    let body = html! {
        (ui::heading("核对文件", Some("手上的Word、PDF或Excel是不是本系统签发的那一份：逐字节比对，不保存您上传的文件。"), html! {}))
        (result)
        (ui::panel(html! {
            (PostForm::new("/reports/check", page.csrf()?).uploads().errors(&errors).body(html! {
                (ui::file("file", "要核对的文件", ".docx,.pdf,.xlsx").required().errors(&errors))
                div .actions { (button("核对").primary()) }
            }))
        }))
    };
    let frame = page.frame("核对文件").crumb("报告", REPORTS_PATH);
    Ok(match again {
        Some(again) => page.show_again(frame, body, again),
        None => page.show(frame, body),
    })
}

async fn check(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    upload: Multipart,
) -> Result<Response, Problem> {
    let (_, file) = read_upload(upload, CHECKED_BYTES_MAX).await?;
    if file.bytes.is_empty() {
        let again =
            Again::of(Problem::invalid("file", "没有选择文件，或者文件是空的；请选择要核对的文件。"))?;
        return show_check(&page, &html! {}, Some(&again));
    }
    let found = web.run(move |app| app.check_report_file(Some(&ctx), &file.bytes)).await?;
    show_check(&page, &checked(&found), None)
}

fn checked(found: &Checked) -> Markup {
    match found {
        Checked::Identical { report, edition, title, format, superseded } => {
            let words = format!("与签发的{}文件完全一致：《{title}》第{edition}版。", format.label());
            let notice = if *superseded { Notice::warning(words) } else { Notice::good(words) };
            html! { (notice.detail(html! {
                @if *superseded { "但这一版后来作了更正，请以最新一版为准。" }
                a href={ (REPORTS_PATH) "/" (report) "?edition=" (edition) } { "打开这一版" }
            })) }
        }
        Checked::Differs { key, title } => {
            let of = title
                .as_ref()
                .map_or_else(|| format!("（标识{key}）"), |title| format!("《{title}》（标识{key}）"));
            html! { (Notice::danger(format!("这份文件带有{of}的标识，但内容与签发的文件不一致。"))
            .detail(html! { "可能被改动过，也可能只是重新保存过；请下载签发的原文件使用。" })) }
        }
        Checked::Unknown => {
            html! { (Notice::danger("这份文件不是本系统签发的文件，或者不在您可以查看的范围内。")) }
        }
    }
}
