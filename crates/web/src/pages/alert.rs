//! Alerts, for the audit and the security administrator. To others this page does not exist.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::Context;
use bihuan_app::alert::{ALERTS_PAGE, AlertRow, AlertsPage};
use bihuan_domain::Coded as _;
use bihuan_domain::alert::{ALERT_WORD_CHARS_MAX, Alert, AlertKind};
use bihuan_domain::id::AlertId;
use maud::{Markup, html};

use crate::{
    error::Problem,
    form::{FieldErrors, Fields, QueryFields},
    frame::{Again, Page},
    guard::CsrfToken,
    route::Route,
    state::{Session, WebState},
    ui::{self, Choice, Column, Filter, Href, Pager, PostForm, Row, Table, Tone, badge, button, card},
};

const ALERTS_PATH: &str = "/admin/alerts";

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get(ALERTS_PATH, "alert.list", "告警", list),
        Route::post("/admin/alerts/{id}/acknowledge", "alert.acknowledge", "确认告警", acknowledge),
    ]
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let (found, number) = load(&web, &ctx, &query).await?;
    let body = body(&page, &ctx, &found, number, &query, None)?;
    Ok(page.show(page.frame("告警"), body))
}

async fn load(web: &WebState, ctx: &Context, query: &Fields) -> Result<(AlertsPage, i64), Problem> {
    let (who, open, number) = (ctx.clone(), query.has("open"), query.number::<i64>("page").unwrap_or(1));
    Ok((web.run(move |app| app.alerts(&who, open, number)).await?, number))
}

/// The form that was refused: which alert, what was typed, what is wrong.
struct Refused<'a> {
    id: i64,
    fields: &'a Fields,
    errors: &'a FieldErrors,
}

fn body(
    page: &Page,
    ctx: &Context,
    found: &AlertsPage,
    number: i64,
    query: &Fields,
    refused: Option<&Refused<'_>>,
) -> Result<Markup, Problem> {
    let here = Href::new(ALERTS_PATH).with_some("open", query.filled("open"));
    let (open, closed): (Vec<_>, Vec<_>) = found.rows.iter().partition(|row| row.alert.is_open());
    let lead =
        format!("反复被拒、大量导出和日志链异常在这里提示。请核查后写明处理意见。未确认 {} 条。", found.open);
    let only = vec![Choice::new("1", "只看未确认的")];
    let shown = if query.has("open") { found.open } else { found.total };
    let csrf = page.csrf()?;
    Ok(html! {
        (ui::heading("告警", Some(&lead), html! {}))
        (Filter::new(here.clone()).field(ui::checkboxes("open", "显示", only).refill(query)))
        @for row in &open { (open_card(row, ctx, csrf, refused.filter(|refused| refused.id == row.alert.id.0))) }
        @if open.is_empty() { p .text-muted { "没有未确认的告警。" } }
        @if !closed.is_empty() { (closed_table(&closed)) }
        (Pager::new(here, u64::try_from(number).unwrap_or(1), ALERTS_PAGE as u64, u64::try_from(shown).unwrap_or_default()))
    })
}

fn tone(kind: AlertKind) -> Tone {
    if kind == AlertKind::BrokenChain { Tone::Danger } else { Tone::Warning }
}

fn whose(row: &AlertRow) -> Markup {
    html! {
        @match row.alert.account_id {
            Some(_) => { "账号 " (row.login) },
            None if row.alert.kind == AlertKind::BrokenChain => { "系统" },
            None => { "未登录者" },
        }
    }
}

fn open_card(row: &AlertRow, ctx: &Context, csrf: &CsrfToken, refused: Option<&Refused<'_>>) -> Markup {
    let alert = &row.alert;
    let (none, fresh) = (FieldErrors::default(), Fields::default());
    let (fields, errors) = refused.map_or((&fresh, &none), |refused| (refused.fields, refused.errors));
    let form = format!("alert-{}", alert.id);
    let own = alert.account_id == Some(ctx.actor.account);
    html! { (card(format!("第 {} 号", alert.id), html! {
        p { (badge(tone(alert.kind), alert.kind.label())) " " (alert.detail) }
        (ui::definitions()
            .add("对象", whose(row))
            .add_some("来源地址", Some(&alert.source_address).filter(|address| !address.is_empty()))
            .add("首次", alert.first_at.in_chinese())
            .add("最近", alert.last_at.in_chinese())
            .add("次数", alert.times))
        @if own {
            p .text-muted { "这条告警由您自己的操作引起，请另一名管理员确认。" }
        } @else {
            (PostForm::new(format!("{ALERTS_PATH}/{}/acknowledge", alert.id), csrf)
                .hidden("version", alert.version.to_string()).errors(errors).body(html! {
                    (ui::text("word", "处理意见").within(&form).hint("例如：已与本人核实，属正常导出。").required().max_chars(ALERT_WORD_CHARS_MAX).refill(fields).errors(errors))
                    div .actions { (button("确认").primary()) }
                }))
        }
    })) }
}

fn closed_table(rows: &[&AlertRow]) -> Table {
    let cells = rows.iter().map(|row| {
        let alert = &row.alert;
        Row::new([
            html! { (alert.id) },
            html! { (badge(Tone::Neutral, alert.kind.label())) },
            whose(row),
            html! { (alert.detail) },
            html! { (alert.last_at.in_chinese()) },
            html! { (row.acknowledged_by) },
            html! { (alert.word) },
        ])
    });
    let columns = ["编号", "类别", "对象", "情况", "时间", "确认人", "处理意见"].map(Column::new);
    Table::new("closed", "已确认的告警").columns(columns).row_head(0).rows(cells).stack()
}

async fn acknowledge(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let (who, version, word) = (ctx.clone(), fields.number("version"), fields.text("word").to_owned());
    let done: Result<Alert, Problem> =
        web.run(move |app| app.acknowledge_alert(&who, AlertId(id), version, &word)).await;
    match done {
        Ok(_) => Ok(page.go(ALERTS_PATH, "告警已确认。")),
        Err(problem) => {
            let again = Again::of(problem)?;
            let query = Fields::default();
            let (found, number) = load(&web, &ctx, &query).await?;
            let refused = Refused { id, fields: &fields, errors: &again.errors };
            let body = body(&page, &ctx, &found, number, &query, Some(&refused))?;
            Ok(page.show_again(page.frame("告警"), body, &again))
        }
    }
}
