//! The sheet as it looks, with what each column is read as above it.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::ledger_import::{Field, MappedRole, Settle, SheetView, Waiting};
use bihuan_domain::Day;
use bihuan_domain::id::LedgerImportId;
use maud::{Markup, html};
use std::collections::HashSet;

use super::{place, show};
use crate::{
    error::Problem,
    form::Fields,
    frame::{Again, Page},
    guard::CsrfToken,
    state::{Session, WebState},
    ui::{Notice, PostForm, button},
};

/// Rows and columns of a sheet that are shown.
const ROWS_SHOWN: usize = 40;
const COLUMNS_SHOWN: usize = 40;
/// Characters of a cell that are shown.
const CELL_CHARS: usize = 60;

/// Every role a column may have, with its name.
fn roles() -> Vec<(String, String)> {
    let mut roles: Vec<(String, String)> =
        Field::ALL.iter().map(|field| (field.key().to_owned(), field.label().to_owned())).collect();
    roles.push(("mixed_units".to_owned(), "责任（配合）单位混写".to_owned()));
    roles.push(("status_choice".to_owned(), "打勾的状态列".to_owned()));
    roles.push(("extra".to_owned(), "其他（原样保留）".to_owned()));
    roles
}

fn code_of(role: MappedRole) -> &'static str {
    match role {
        MappedRole::Field(field) => field.key(),
        MappedRole::MixedUnits => "mixed_units",
        MappedRole::StatusChoice => "status_choice",
        MappedRole::Extra => "extra",
    }
}

fn role_of(code: &str) -> Option<MappedRole> {
    match code {
        "mixed_units" => Some(MappedRole::MixedUnits),
        "status_choice" => Some(MappedRole::StatusChoice),
        "extra" => Some(MappedRole::Extra),
        _ => Field::ALL.iter().find(|field| field.key() == code).map(|field| MappedRole::Field(*field)),
    }
}

/// All sheets with the form that changes how they are read.
pub(super) fn sheets(waiting: &Waiting, csrf: &CsrfToken, editable: bool) -> Markup {
    let import = &waiting.view.import;
    html! {
        @for (at, view) in waiting.sheets.iter().enumerate() {
            details .sheet-box open[view.plan.offered] {
                summary {
                    strong { (view.plan.sheet) }
                    " · " @if view.plan.offered { (view.rows.len()) " 个问题" } @else { "不导入" }
                    @if view.plan.remembered { " · 沿用上次的读法" }
                }
                @if !view.plan.why_not.is_empty() { (Notice::info(view.plan.why_not.clone())) }
                @for note in &view.notes { (Notice::warning(note.clone())) }
                @if editable {
                    (PostForm::new(format!("{}/mapping", place(import.id)), csrf)
                        .hidden("version", import.version.to_string())
                        .hidden("sheet", at.to_string())
                        .body(html! {
                            label .sheet-offer { input .form-check-input type="checkbox" name="offered" value="1" aria-label="导入这个工作表" checked[view.plan.offered]; " 导入这个工作表" }
                            (grid(view, true))
                            div .actions { (button("按这样读")) }
                        }))
                } @else { (grid(view, false)) }
            }
        }
    }
}

fn grid(view: &SheetView, editable: bool) -> Markup {
    let sheet = &view.sheet;
    let width = sheet.width().clamp(1, COLUMNS_SHOWN);
    let height = sheet.height().min(ROWS_SHOWN);
    let starts: HashSet<usize> = view.rows.iter().map(|row| row.row as usize).collect();
    let covered =
        |row: usize| view.rows.iter().any(|r| (r.row as usize..=r.last_row as usize).contains(&row));
    let head = view.plan.mapping.header_top..view.plan.mapping.header_top + view.plan.mapping.header_rows;
    let is_table = view.plan.mapping.header_rows > 0;
    html! {
        @if !is_table { (labels(view, editable)) }
        div .table-scroll .sheet-scroll tabindex="0" role="region" aria-label={ "工作表“" (view.plan.sheet) "”" } {
            table .sheet {
                caption .visually-hidden { "工作表“" (view.plan.sheet) "”的原样，表头行和问题行有标记" }
                thead {
                    tr {
                        th scope="col" { "行" }
                        @for column in 0..width {
                            th scope="col" { (bihuan_app::ledger_import::column_letters(column)) @if is_table { (role_cell(view, column, editable)) } }
                        }
                    }
                }
                tbody {
                    @for row in 0..height {
                        @let number = row + 1;
                        @let kind = if head.contains(&number) { "sheet-head" } else if starts.contains(&number) { "sheet-row" }
                            else if covered(number) { "sheet-part" } else { "sheet-rest" };
                        tr class=(kind) {
                            th scope="row" { (number) @if kind == "sheet-head" { span .sheet-mark { "表头" } } @else if kind == "sheet-row" { span .sheet-mark { "问题" } } }
                            (cells(view, row, width, height))
                        }
                    }
                }
            }
        }
        @if sheet.height() > ROWS_SHOWN { p .text-muted { "只显示前" (ROWS_SHOWN) "行，共" (sheet.height()) "行。" } }
    }
}

fn cells(view: &SheetView, row: usize, width: usize, height: usize) -> Markup {
    let sheet = &view.sheet;
    html! {
        @for column in 0..width {
            @match sheet.merge_at(row, column) {
                Some(merge) if merge.top != row || merge.left != column => {},
                Some(merge) => td rowspan=(merge.bottom.min(height - 1) + 1 - row) colspan=(merge.right.min(width - 1) + 1 - column) { (clip(sheet.text(row, column))) },
                None => td { (clip(sheet.text(row, column))) },
            }
        }
    }
}

fn clip(text: &str) -> String {
    let mut short: String = text.chars().take(CELL_CHARS).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

fn role_cell(view: &SheetView, index: usize, editable: bool) -> Markup {
    let Some((at, column)) = view.plan.mapping.columns.iter().enumerate().find(|(_, c)| c.index == index)
    else {
        return html! {};
    };
    let doubt = view.doubts.get(at).filter(|doubt| doubt.confidence < DOUBTFUL && !view.plan.remembered);
    html! {
        @if editable { (role_select(index, code_of(column.role), &column.header)) }
        @else { div .sheet-role { (name_of(column.role)) } }
        @if let Some(doubt) = doubt { div .sheet-doubt { "▲ " (doubt.reason) } }
    }
}

/// Columns less sure than this say why.
const DOUBTFUL: f32 = 0.7;

fn name_of(role: MappedRole) -> String {
    let code = code_of(role);
    roles().into_iter().find(|(have, _)| have == code).map(|(_, name)| name).unwrap_or_default()
}

fn role_select(index: usize, now: &str, header: &str) -> Markup {
    html! {
        select .form-select .form-select-sm name={ "col." (index) } aria-label={ "“" (header) "”这一列读作" } {
            @for (code, name) in roles() { option value=(code) selected[code == now] { (name) } }
        }
    }
}

/// A form or running text: its labels and what they are read as.
fn labels(view: &SheetView, editable: bool) -> Markup {
    html! {
        dl .sheet-labels {
            @for column in &view.plan.mapping.columns {
                dt { (column.header) }
                dd { @if editable { (role_select(column.index, code_of(column.role), &column.header)) } @else { (name_of(column.role)) } }
            }
        }
    }
}

/// Takes over how a sheet is read, and from which day deadlines are reckoned.
pub(super) async fn change(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let id = LedgerImportId(id);
    let version = fields.number("version").unwrap_or(0);
    let who = ctx.clone();
    let sent = fields.clone();
    let answer = web
        .run(move |app| {
            let view = app.import(&who, id)?;
            let mut settle = Settle::default();
            if let Some(text) = sent.filled("issued") {
                let day = Day::parse(text);
                settle.issued =
                    Some(day.map_err(|error| bihuan_app::Error::invalid("issued", error.to_string()))?);
            }
            if let Some(at) = sent.number::<usize>("sheet") {
                let mut sheets = view.sheets;
                if let Some(plan) = sheets.get_mut(at) {
                    plan.offered = sent.has("offered");
                    for column in &mut plan.mapping.columns {
                        if let Some(role) = role_of(sent.text(&format!("col.{}", column.index))) {
                            column.role = role;
                        }
                    }
                }
                settle.sheets = Some(sheets);
            }
            app.settle_import(&who, id, version, settle)
        })
        .await;
    match answer {
        Ok(_) => Ok(page.go(place(id), "已按新的读法重新识别。")),
        Err(problem) => {
            let again = Again::of(problem)?;
            show::page_of(&web, ctx, &page, id, Some(&again)).await
        }
    }
}
