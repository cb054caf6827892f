//! Importing a ledger: the file, how it is read, what is doubtful, what changed, what came of it.

mod differences;
mod doubts;
mod grid;
mod show;

use axum::{
    extract::{Multipart, Path, State},
    http::{HeaderValue, StatusCode, header::CONTENT_DISPOSITION, header::CONTENT_TYPE},
    response::{IntoResponse as _, Response},
};
use bihuan_app::ledger_import::{ImportView, Upload};
use bihuan_domain::id::{LedgerImportId, UnitId};
use bihuan_domain::ledger_import::ImportState;
use bihuan_domain::role::Role;
use bihuan_domain::{Coded as _, Day};
use maud::{Markup, html};
use std::time::Duration;

use crate::{
    current::{CampaignWish, CurrentCampaign, current_campaign, no_campaign},
    error::Problem,
    form::Fields,
    frame::{Again, Page},
    route::Route,
    state::{Session, WebState},
    ui::{self, Badge, Choice, Column, Href, PostForm, Row, Table, Tone, badge, button, button_link},
};

const IMPORTS_PATH: &str = "/imports";
/// Reading a large ledger and comparing it with what is known takes a while.
const LONG: Duration = Duration::from_secs(900);
/// Largest file of a ledger, in bytes, with room for the rest of the form.
const UPLOAD_BYTES_MAX: usize = bihuan_app::ledger_import::FILE_BYTES_MAX + 64 * 1024;

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get(IMPORTS_PATH, "import.list", "导入记录", list),
        Route::get("/imports/new", "import.form", "导入台账", form),
        Route::post(IMPORTS_PATH, "import.begin", "上传台账", begin)
            .body_limit(UPLOAD_BYTES_MAX)
            .time_limit(LONG),
        Route::get("/imports/{id}", "import.show", "台账导入", show::show).time_limit(LONG),
        Route::post("/imports/{id}/mapping", "import.map", "调整读法", grid::change).time_limit(LONG),
        Route::post("/imports/{id}/answers", "import.answer", "答复疑点", doubts::answer).time_limit(LONG),
        Route::get("/imports/{id}/differences", "import.differences", "导入差异", differences::show)
            .time_limit(LONG),
        Route::post("/imports/{id}/differences", "import.decide", "决定取舍", differences::decide)
            .time_limit(LONG),
        Route::post("/imports/{id}/commit", "import.commit", "确认导入", commit).time_limit(LONG),
        Route::post("/imports/{id}/resume", "import.resume", "继续导入", resume),
        Route::post("/imports/{id}/stop", "import.stop", "中止导入", stop),
        Route::post("/imports/{id}/discard", "import.discard", "放弃导入", discard),
        Route::post("/imports/{id}/export", "import.export", "按原版式导出", give_back).time_limit(LONG),
    ]
}

pub(crate) fn place(id: LedgerImportId) -> String {
    format!("{IMPORTS_PATH}/{id}")
}

fn state_badge(state: ImportState) -> Badge {
    let tone = match state {
        ImportState::Draft => Tone::Warning,
        ImportState::Importing => Tone::Info,
        ImportState::Done => Tone::Good,
        ImportState::Discarded => Tone::Neutral,
    };
    badge(tone, state.label())
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
) -> Result<Response, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    let campaign = current.id();
    let may = ctx.actor.holds_anywhere(Role::Office) || ctx.actor.holds_anywhere(Role::Filler);
    let found = web.run(move |app| app.imports(&ctx, campaign)).await?;
    let body = html! {
        (ui::heading("导入记录", Some("每次上传的台账、读法、答复和结果都在这里。"), html! {
            @if may { (button_link("导入台账", "/imports/new").primary()) }
        }))
        (current.switcher(&Href::new(IMPORTS_PATH)))
        (list_table(&found, may))
    };
    Ok(current.remember(&web, page.show(page.frame("导入记录"), body)))
}

fn list_table(found: &[ImportView], may: bool) -> Table {
    let rows = found.iter().map(|view| {
        let import = &view.import;
        let counted = &view.counted;
        Row::new([
            html! { a href=(place(import.id)) { (import.file_name) } },
            html! { (view.unit.name) },
            html! { (import.imported_at.in_chinese()) },
            html! { (state_badge(import.state)) },
            html! { (counted.registered) },
            html! { (counted.updated) },
            html! { (counted.same) },
        ])
    });
    Table::new("imports", "导入记录，新的在前")
        .hide_caption()
        .stack()
        .row_head(0)
        .columns([
            Column::new("文件").long(),
            Column::new("登记单位"),
            Column::new("上传时间").short(),
            Column::new("状态").short(),
            Column::new("新登记").number(),
            Column::new("更新").number(),
            Column::new("无变化").number(),
        ])
        .rows(rows)
        .empty(ui::empty(
            "还没有导入过台账",
            "手上的 Excel、CSV 或 Word 台账可以直接上传，不用改版式。",
            may.then(|| ("导入台账", Href::new("/imports/new"))),
        ))
}

async fn form(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
) -> Result<Response, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    show_form(&web, ctx, &page, &current, &Fields::default(), None).await
}

/// Units for which the person may import: where an office's or filler's role begins, and those right below.
async fn units_of(web: &WebState, ctx: bihuan_app::Context) -> Result<Vec<(UnitId, String)>, Problem> {
    web.run(move |app| app.importing_units(&ctx)).await
}

async fn show_form(
    web: &WebState,
    ctx: bihuan_app::Context,
    page: &Page,
    current: &CurrentCampaign,
    fields: &Fields,
    again: Option<&Again>,
) -> Result<Response, Problem> {
    let frame = page.frame("导入台账").crumb("导入记录", IMPORTS_PATH);
    let Some(campaign) = current.chosen() else { return Ok(page.show(frame, no_campaign("导入台账"))) };
    let units = units_of(web, ctx).await?;
    let errors = again.map(|again| again.errors.clone()).unwrap_or_default();
    let choices: Vec<Choice> =
        units.iter().map(|(id, name)| Choice::new(id.to_string(), name.clone())).collect();
    let first = units.first().map(|(id, _)| id.to_string()).unwrap_or_default();
    let body = html! {
        (ui::heading("导入台账", Some(&format!("{} · 原样上传，不用改版式", campaign.name)), html! {}))
        (current.switcher(&Href::new("/imports/new")))
        @if units.is_empty() {
            (ui::empty("您不能导入台账", "导入台账需要登记单位的工作专班或填报员身份。", None))
        } @else {
            (ui::panel(html! {
                (PostForm::new(IMPORTS_PATH, page.csrf()?).uploads().hidden("campaign", campaign.id.to_string()).errors(&errors).body(html! {
                    (ui::file("file", "台账文件", ".xlsx,.csv,.docx").required().errors(&errors)
                        .hint("Excel（xlsx）、CSV 或 Word（docx）中的表格；标题行、多行表头、合并单元格、分组行、多个工作表都可以。最大 50 MB。"))
                    (ui::select("unit", "登记单位", choices).required().value(first).refill(fields).errors(&errors)
                        .hint("台账由哪个单位登记；同名单位、“各村支部”等按这个单位的地区来认。"))
                    (ui::date("issued", "交办日期").refill(fields).errors(&errors)
                        .hint("“15个工作日内”等时限从这一天算起；不填就是今天。"))
                    div .actions { (button("上传并识别").primary()) (button_link("取消", IMPORTS_PATH)) }
                }))
            }))
            p .text-muted { "上传后先看识别结果，逐条确认疑点，再决定是否导入；在此之前不会登记任何问题。" }
        }
    };
    Ok(match again {
        Some(again) => page.show_again(frame, body, again),
        None => page.show(frame, body),
    })
}

async fn begin(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
    upload: Multipart,
) -> Result<Response, Problem> {
    let (fields, file_name, bytes) = read_upload(upload).await?;
    let current = current_campaign(&web, &ctx, &wish.or_of_form(&fields)).await?;
    let answer = match upload_of(&fields, &current, file_name, bytes) {
        Ok(upload) => {
            let who = ctx.clone();
            web.run(move |app| app.begin_import(&who, upload)).await
        }
        Err(problem) => Err(problem),
    };
    match answer {
        Ok(import) => Ok(page.go(place(import.id), "已上传并识别，请核对读法和疑点。")),
        Err(problem) => {
            let again = Again::of(problem)?;
            show_form(&web, ctx, &page, &current, &fields, Some(&again)).await
        }
    }
}

fn upload_of(
    fields: &Fields,
    current: &CurrentCampaign,
    file_name: String,
    bytes: Vec<u8>,
) -> Result<Upload, Problem> {
    let campaign = current.id().ok_or_else(|| Problem::invalid("file", "还没有可以导入的专项行动。"))?;
    if bytes.is_empty() {
        return Err(Problem::invalid("file", "没有选择台账文件，或文件是空的。"));
    }
    let issued = match fields.filled("issued") {
        Some(text) => Some(Day::parse(text).map_err(|error| Problem::invalid("issued", error.to_string()))?),
        None => None,
    };
    let unit = fields.number("unit").map(UnitId);
    let unit = unit.ok_or_else(|| Problem::invalid("unit", "没有选择登记单位。"))?;
    Ok(Upload { campaign, unit, file_name, bytes, issued })
}

/// The fields of an upload and its one file.
async fn read_upload(mut form: Multipart) -> Result<(Fields, String, Vec<u8>), Problem> {
    let (mut pairs, mut name, mut bytes) = (Vec::new(), String::new(), Vec::new());
    let broken = |error: axum::extract::multipart::MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge { limit_bytes: UPLOAD_BYTES_MAX },
        status => Problem::BadRequest(status),
    };
    while let Some(part) = form.next_field().await.map_err(broken)? {
        let field = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(str::to_owned) {
            Some(file) => {
                name = file;
                bytes = part.bytes().await.map_err(broken)?.to_vec();
            }
            None => pairs.push((field, part.text().await.map_err(broken)?)),
        }
    }
    Ok((Fields::new(pairs), name, bytes))
}

async fn commit(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let id = LedgerImportId(id);
    let version = fields.number("version").unwrap_or(0);
    let who = ctx.clone();
    let started = web.run(move |app| app.start_import(&who, id, version)).await;
    if let Err(problem) = started {
        let again = Again::of(problem)?;
        return show::page_of(&web, ctx, &page, id, Some(&again)).await;
    }
    web.register_in_background(ctx, id);
    Ok(page.go(place(id), "已开始导入。"))
}

async fn resume(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let id = LedgerImportId(id);
    let who = ctx.clone();
    web.run(move |app| app.resume_import(&who, id)).await?;
    web.register_in_background(ctx, id);
    Ok(page.go(place(id), "已继续导入。"))
}

async fn stop(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let id = LedgerImportId(id);
    web.run(move |app| app.stop_import(&ctx, id)).await?;
    Ok(page.go(place(id), "已中止；已经登记的问题保留，其余的行没有登记。"))
}

async fn discard(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let version = fields.number("version").unwrap_or(0);
    web.run(move |app| app.discard_import(&ctx, LedgerImportId(id), version)).await?;
    Ok(page.go(IMPORTS_PATH, "已放弃这次导入，没有登记任何问题。"))
}

async fn give_back(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let given = web.run(move |app| app.give_back(&ctx, LedgerImportId(id))).await?;
    let name = super::ledger::encoded(&given.file_name);
    let media = match given.file_name.rsplit_once('.').map(|(_, end)| end.to_lowercase()).as_deref() {
        Some("csv") => "text/csv; charset=utf-8",
        Some("docx") => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _ => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    };
    let mut response = given.bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media));
    let disposition = format!("attachment; filename*=UTF-8''{name}");
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).map_err(Problem::fault)?);
    Ok(response)
}

/// A heading for the pages of one import.
pub(crate) fn heading(view: &ImportView, actions: Markup) -> Markup {
    let import = &view.import;
    let lead =
        format!("{} · {} · {}上传", view.campaign.name, view.unit.name, import.imported_at.in_chinese());
    ui::heading(&import.file_name, Some(&lead), html! { (state_badge(import.state)) (actions) })
}
