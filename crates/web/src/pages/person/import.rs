//! Importing people and their posts: upload, a preview of what would happen, then the same in one go.

use axum::{extract::State, response::Response};
use bihuan_app::Context;
use bihuan_app::person_import::{PeopleFile, PeopleOrder, PeoplePlan, PeopleTally, read_people};
use bihuan_app::unit_import::Importer;
use bihuan_domain::id::UnitId;
use maud::{Markup, html};
use std::{sync::Arc, time::Duration};

use super::PEOPLE_PATH;
use crate::{
    error::Problem,
    form::{FieldErrors, Fields},
    frame::{Again, Page},
    pages::pick::{self, Offers},
    pages::unit::day_of,
    route::Route,
    state::{Session, WebState},
    table_import,
    ui::{self, Column, PostForm, Row, Table, Tone, button, button_link, panel, stat, stats},
    upload::Upload,
};

/// Largest file of people a page takes, in bytes. Larger ones go by the command line.
pub(crate) const IMPORT_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Largest confirmation, in bytes: the form carries the table, and every byte of a Chinese character as three.
const CONFIRM_BYTES_MAX: usize = 3 * IMPORT_BYTES_MAX;
/// How long an import may take.
pub(crate) const IMPORT_TIME: Duration = Duration::from_secs(300);
const TITLE: &str = "导入人员";
const FORM_PATH: &str = "/people/import";

pub(super) fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get(FORM_PATH, "person.import_form", "导入人员页", form),
        Route::get("/people/import/template.csv", "person.import_template", "人员导入模板", template),
        Route::post("/people/import/plan", "person.import_plan", "人员导入预览", plan)
            .leaves_no_entry()
            .body_limit(IMPORT_BYTES_MAX)
            .time_limit(IMPORT_TIME),
        Route::post(FORM_PATH, "person.import", "确认导入人员", import)
            .body_limit(CONFIRM_BYTES_MAX)
            .time_limit(IMPORT_TIME),
    ]
}

async fn template() -> Response {
    let rows = "姓名,单位,职务,手机,领导岗位,任职日期\r\n\
        张示例,示例镇,镇长,0690-3000001,是,2024-03-01\r\n\
        李示例,示例镇,党建办干部,,,\r\n";
    table_import::template("people-template.csv", rows)
}

async fn form(Session(ctx): Session, page: Page) -> Result<Response, Problem> {
    let body = form_body(&page, &ctx, &Fields::default(), &FieldErrors::default(), &Offers::default())?;
    Ok(page.show(page.frame(TITLE).crumb("人员", PEOPLE_PATH), body))
}

fn form_body(
    page: &Page,
    ctx: &Context,
    fields: &Fields,
    errors: &FieldErrors,
    offers: &Offers,
) -> Result<Markup, Problem> {
    Ok(html! {
        (ui::heading(TITLE, Some("先上传、再看清楚会登记哪些人、设置哪些岗位，最后确认。同一表格重复导入不会产生变化。只导入工作需要的信息，不收身份证号码。"), html! {
            (button_link("下载模板", "/people/import/template.csv"))
        }))
        (panel(html! {
            (PostForm::new("/people/import/plan", page.csrf()?).uploads().errors(errors).body(html! {
                (ui::file("file", "人员表格", ".csv,.xlsx").required()
                    .hint("csv（UTF-8或GBK）或xlsx，表头为：姓名、单位、职务，可选：手机、领导岗位、任职日期").errors(errors))
                (offers.field(ui::text("below", "导入范围").hint("表格中的单位都在哪个单位及以下，填写名称或代码；表格没有“单位”一列时，都归到这个单位"), "below", fields, errors))
                (ui::date("day", "任职日期").required().value(ctx.today().to_string()).hint("表格中没有写任职日期的，按这一天算").refill(fields).errors(errors))
                div .actions { (button("上传并预览").primary()) (button_link("取消", PEOPLE_PATH)) }
            }))
        }))
        p .text-muted { "超过" (ui::file_size(IMPORT_BYTES_MAX as u64)) "的表格，请系统管理员在服务器上用命令 bihuan people import 导入。" }
    })
}

async fn plan(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    sent: Upload,
) -> Result<Response, Problem> {
    let mut offers = Offers::default();
    let frame = || page.frame("导入预览").crumb("人员", PEOPLE_PATH).crumb(TITLE, FORM_PATH);
    match planned(&web, &ctx, &sent, &mut offers).await {
        Ok((file, order, plan)) => Ok(page.show(frame(), plan_body(&page, &file, &order, &plan)?)),
        Err(problem) => {
            let again = Again::of(problem)?;
            let body = form_body(&page, &ctx, &sent.fields, &again.errors, &offers)?;
            Ok(page.show_again(page.frame(TITLE).crumb("人员", PEOPLE_PATH), body, &again))
        }
    }
}

async fn planned(
    web: &WebState,
    ctx: &Context,
    sent: &Upload,
    offers: &mut Offers,
) -> Result<(PeopleFile, PeopleOrder, PeoplePlan), Problem> {
    let file = table_import::chosen(sent)?;
    let below = match sent.fields.filled("below") {
        Some(_) => Some(pick::unit(web, ctx, &sent.fields, ("below", "导入范围"), offers).await?),
        None => None,
    };
    let order = PeopleOrder { below, day: day_of(&sent.fields, "day", "任职日期")? };
    let (who, asked) = (Importer::Person(ctx.clone()), order.clone());
    let (file, plan) = web
        .run(move |app| {
            let file = read_people(&file.name, &file.bytes)?;
            let plan = app.plan_people(&who, &file, &asked)?;
            Ok((file, plan))
        })
        .await?;
    Ok((file, order, plan))
}

fn plan_body(
    page: &Page,
    file: &PeopleFile,
    order: &PeopleOrder,
    plan: &PeoplePlan,
) -> Result<Markup, Problem> {
    let tally = plan.tally;
    let number = |n: i64| u64::try_from(n).unwrap_or(0);
    let mut form = PostForm::new(FORM_PATH, page.csrf()?).hidden("day", order.day.to_string());
    if let Some(below) = order.below {
        form = form.hidden("below", below.to_string());
    }
    Ok(html! {
        (ui::heading("导入预览", Some(&format!("表格中读到{}行。", plan.rows)), html! {}))
        @if plan.error_count > 0 { (table_import::errors("表格", &plan.errors, plan.error_count)) }
        @if !plan.ignored.is_empty() { p { "以下列不导入：" (plan.ignored.join("、")) "。" } }
        (stats(&[
            stat("登记人员", number(tally.registered), "人").tone(Tone::Info),
            stat("设置岗位", number(tally.posts), "个"),
            stat("任职", number(tally.appointed), "人次"),
            stat("更正电话", number(tally.phones), "人"),
            stat("没有变化", number(tally.unchanged), "行"),
        ]))
        (sample(plan))
        @if plan.error_count > 0 {
            div .actions { (button_link("修改后重新上传", FORM_PATH).primary()) }
        } @else if plan.is_empty() {
            p .notice .notice-good role="status" { "✓ 表格与现有人员一致，不需要导入。" }
            div .actions { (button_link("返回人员", PEOPLE_PATH)) }
        } @else {
            (form.hidden("table", file.to_csv()).body(html! {
                div .actions { (button("确认导入").primary()) (button_link("取消", FORM_PATH)) }
            }))
        }
    })
}

fn sample(plan: &PeoplePlan) -> Markup {
    if plan.samples.is_empty() {
        return html! {};
    }
    let rows = plan.samples.iter().map(|row| {
        Row::new([
            html! { (row.line) },
            html! { (row.name) },
            html! { (row.unit) },
            html! { (row.post) },
            html! { (row.words) },
        ])
    });
    let table = Table::new("people-plan", format!("将要办理的前{}行", plan.samples.len()))
        .columns([
            Column::new("行").number(),
            Column::new("姓名").short(),
            Column::new("单位"),
            Column::new("职务"),
            Column::new("办理").long(),
        ])
        .row_head(1)
        .rows(rows)
        .stack();
    html! { (table) }
}

/// What was done, in words.
fn done_words(tally: PeopleTally) -> String {
    format!(
        "导入完成：登记{}人，设置岗位{}个，任职{}人次，更正电话{}人。",
        tally.registered, tally.posts, tally.appointed, tally.phones
    )
}

async fn import(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    fields: Fields,
) -> Result<Response, Problem> {
    let order = PeopleOrder {
        below: fields.number::<i64>("below").map(UnitId),
        day: day_of(&fields, "day", "任职日期")?,
    };
    let table = fields.text("table").to_owned();
    let (tally, _) = web
        .run(move |app| {
            let file = read_people("people.csv", table.as_bytes())?;
            app.import_people(Importer::Person(ctx), Arc::new(file), order)
        })
        .await?;
    Ok(page.go(PEOPLE_PATH, &done_words(tally)))
}
