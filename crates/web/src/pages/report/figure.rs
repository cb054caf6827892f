//! A figure of a report, opened: what it means, what it is out of, its rows, and what it is now.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::report::{FigureView, RowLine};
use bihuan_domain::Day;
use bihuan_domain::id::ReportId;
use maud::{Markup, html};

use super::REPORTS_PATH;
use crate::{
    error::Problem,
    form::QueryFields,
    frame::Page,
    state::{Session, WebState},
    ui::{self, Column, Row, Table, button_link, card, definitions},
};

/// The figure of a short link.
pub(super) async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    let found = web.run(move |app| app.report_figure(&ctx, &code)).await?;
    Ok(page.show(page.frame(found.figure.label.clone()).crumb("报告", REPORTS_PATH), view(&found)))
}

/// The rows behind a figure of a draft that is not of the ledger.
pub(super) async fn rows(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let ordinal = query.number("figure").ok_or(Problem::NotFound)?;
    let found = web.run(move |app| app.draft_figure(&ctx, ReportId(id), ordinal)).await?;
    Ok(page.show(page.frame(found.figure.label.clone()).crumb("报告", REPORTS_PATH), view(&found)))
}

fn view(found: &FigureView) -> Markup {
    let FigureView { figure, report, edition, now, rows } = found;
    let changed = now.as_ref().is_some_and(|now| *now != figure.shown);
    let at = format!("{REPORTS_PATH}/{}?edition={}", report.id, edition.number);
    let issued = !figure.code.is_empty();
    let lead = if issued {
        let day = edition.as_of_day.map(Day::in_chinese).unwrap_or_default();
        format!("截至第{}号记录（{day}）", edition.as_of_seq)
    } else {
        "草稿，按现在的记录".to_owned()
    };
    let counted = match figure.unit.as_str() {
        "‰" => String::new(),
        unit => format!(" {unit}"),
    };
    // A count is out of nothing: it has no denominator that somebody left out.
    let denominator = (!figure.denominator.is_empty())
        .then(|| html! { (figure.denominator) @if let Some(all) = figure.out_of { "：" (all) } });
    let number = (!edition.document_number.is_empty()).then(|| html! { (edition.document_number) });
    let now = now.as_ref();
    let facts = definitions()
        .add("数字", html! { strong { (figure.shown) } (counted) })
        .add("口径", html! { (figure.definition) })
        .add_if("分母", denominator)
        .add("期间", html! { (report.from_day) " 至 " (report.to_day) })
        .add_if("文号", number)
        .add("版次", html! { "第" (edition.number) "版" })
        .add_if(
            "现在",
            now.map(|now| html! { (now) @if changed { "（签发后有变化）" } @else { "（没有变化）" } }),
        );
    html! {
        (ui::heading(&figure.label, Some(&lead), html! {
            @if rows.is_none() { (button_link("打开明细", figure.address.clone()).primary()) }
            (button_link("打开报告", at))
        }))
        (card(if issued { "签发时的数字" } else { "草稿里的数字" }, html! { (facts) }))
        @if let Some(rows) = rows { (lines(rows, issued)) }
    }
}

fn lines(rows: &[RowLine], issued: bool) -> Markup {
    let sum: i64 = rows.iter().map(|row| row.count).sum();
    let lines =
        rows.iter().map(|row| Row::new([html! { a href=(row.href) { (row.words) } }, html! { (row.count) }]));
    let table = Table::new("rows", "数字的明细")
        .hide_caption()
        .row_head(0)
        .columns([Column::new("明细").long(), Column::new("数量").number()])
        .rows(lines)
        .foot(Row::new([html! { "合计" }, html! { (sum) }]))
        .empty(html! { p { "没有符合条件的。" } });
    let note = if issued {
        "明细是签发时的明细；点开的页面显示现在的情况。"
    } else {
        "明细是现在的明细，签发时定下来。"
    };
    html! { (card("明细", html! { (table) p .text-muted { (note) } }).flush()) }
}
