//! What changed since the earlier import, field by field; a person decides.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::ledger_import::{Compared, FieldDifference, Part, Settle, Take, Waiting};
use bihuan_domain::id::LedgerImportId;
use maud::{Markup, html};

use super::super::ledger::state_badge;
use super::{IMPORTS_PATH, heading, place};
use crate::{
    error::Problem,
    form::Fields,
    frame::{Again, Page},
    guard::CsrfToken,
    state::{Session, WebState},
    ui::{self, Column, Notice, PostForm, Row, Table, button, button_link, card},
};

/// Changed rows of one page; the rest follows when these are decided.
const ROWS_ASKED: usize = 100;
/// Rows listed of what is new or missing.
const ROWS_LISTED: usize = 100;

/// The few numbers on the import's own page.
pub(super) fn summary(waiting: &Waiting) -> Markup {
    let comparison = &waiting.comparison;
    let known = comparison.same() + comparison.changed.len() + comparison.missing.len() > 0;
    if comparison.follows.is_none() && !known {
        return html! { p .text-muted { "这种版式是第一次导入，全部按新问题登记。" } };
    }
    let import = &waiting.view.import;
    html! {
        p {
            @match comparison.follows {
                Some(follows) => { "与" a href=(place(follows)) { "第" (follows) "次导入" } "相比：" },
                // Rows that this program wrote are known by themselves, also where no import brought them.
                None => { "没有导入过这种版式，但文件里有本系统导出的问题；与台账现状相比：" },
            }
            "无变化 " (comparison.same()) " 件，有变化 " (comparison.changed.len())
            " 件，新增 " (comparison.added()) " 件，文件里没有了 " (comparison.missing.len()) " 件。"
        }
        @if !comparison.changed.is_empty() || !comparison.missing.is_empty() {
            div .actions { (button_link(format!("逐项查看差异（{}处待定）", comparison.undecided()), format!("{}/differences", place(import.id)))) }
        }
    }
}

pub(super) async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    page_of(&web, ctx, &page, LedgerImportId(id), None).await
}

async fn page_of(
    web: &WebState,
    ctx: bihuan_app::Context,
    page: &Page,
    id: LedgerImportId,
    again: Option<&Again>,
) -> Result<Response, Problem> {
    let waiting = web.run(move |app| app.import_review(&ctx, id)).await?;
    let csrf = page.csrf()?;
    let name = waiting.view.import.file_name.clone();
    let frame = page.frame("导入差异").crumb("导入记录", IMPORTS_PATH).crumb(name, place(id));
    let body = html! {
        (heading(&waiting.view, html! { (button_link("返回导入", place(id))) }))
        @if let Some(again) = again { (ui::error_summary(&again.errors)) }
        (body(&waiting, csrf))
    };
    Ok(match again {
        Some(again) => page.show_again(frame, body, again),
        None => page.show(frame, body),
    })
}

fn body(waiting: &Waiting, csrf: &CsrfToken) -> Markup {
    let comparison = &waiting.comparison;
    let import = &waiting.view.import;
    let form = PostForm::new(format!("{}/differences", place(import.id)), csrf)
        .hidden("version", import.version.to_string());
    html! {
        @if comparison.is_empty() { (Notice::good("与上次导入没有差异。")) }
        @if !comparison.changed.is_empty() {
            (form.body(html! {
                p .text-muted { "“原来”是上次文件里写的，“现在”是系统里的，“这次”是新文件里写的。只有三者不同才需要决定。" }
                div .actions {
                    (button("全部采用新内容").sends("all", "new"))
                    (button("全部保留现有内容").sends("all", "ours"))
                }
                @for (at, row) in comparison.changed.iter().take(ROWS_ASKED).enumerate() { (changed(waiting, at, row)) }
                div .actions { (button("保存取舍").primary()) }
            }))
        }
        @if comparison.added() > 0 { (added(waiting)) }
        @if !comparison.missing.is_empty() { (missing(waiting)) }
    }
}

fn changed(waiting: &Waiting, at: usize, row: &Compared) -> Markup {
    let source = &waiting.rows[row.at];
    let title = format!("{}第{}行 · {}", source.sheet, source.row, row.problem.citation());
    html! {
        (card(title, html! {
            p { a href={ "/problems/" (row.problem.id) } { (row.problem.text) } " " (state_badge(row.problem.state)) }
            @if !row.open { (Notice::info("这个问题已报告完成、拟销号或已销号，或者由别的单位登记，不随台账更新；变化只列在这里。")) }
            @for (index, field) in row.fields.iter().enumerate() { (field_box(at, index, field, row.open)) }
        }))
    }
}

fn field_box(at: usize, index: usize, field: &FieldDifference, open: bool) -> Markup {
    let name = format!("take.{at}.{index}");
    let value = match field.take {
        Some(Take::New) => "new",
        Some(Take::Ours) => "ours",
        None => "",
    };
    let choices = match field.part {
        Part::Gone(_) => [("new", "取消这条措施"), ("ours", "保留这条措施")],
        _ => [("new", "采用这次的"), ("ours", "保留现在的")],
    };
    html! {
        div .field-difference {
            h3 { (field.label()) }
            dl .three-ways {
                dt { "原来" } dd { (shown(&field.base)) }
                dt { "现在" } dd { (shown(&field.ours)) }
                dt { "这次" } dd { ins { (shown(&field.theirs)) } }
            }
            @if open && !field.takeable { p .text-muted { "已经完成的措施保留，不随台账取消。" } }
            @if open && field.takeable {
                input type="hidden" name={ (name) ".key" } value=(field.key);
                fieldset .take {
                    legend .visually-hidden { (field.label()) "的取舍" }
                    @for (code, label) in choices {
                        label { input .form-check-input type="radio" name=(name) value=(code) checked[value == code]; " " (label) }
                    }
                }
            }
        }
    }
}

fn shown(text: &str) -> &str {
    if text.is_empty() { "（空）" } else { text }
}

fn added(waiting: &Waiting) -> Markup {
    use bihuan_app::ledger_import::Verdict;
    let comparison = &waiting.comparison;
    let new = waiting.rows.iter().zip(&comparison.verdicts).filter(|(_, verdict)| **verdict == Verdict::New);
    let rows = new.take(ROWS_LISTED).map(|(row, _)| {
        Row::new([
            html! { (row.sheet) " " (row.row) },
            html! { (row.problem) },
            html! { (row.responsible_units.join("、")) },
        ])
    });
    let table = Table::new("added", "这次新增的问题")
        .hide_caption()
        .stack()
        .row_head(1)
        .columns([Column::new("位置").short(), Column::new("问题").long(), Column::new("责任单位")])
        .rows(rows);
    html! { (card(format!("新增 {} 件", comparison.added()), html! { (table) }).flush()) }
}

fn missing(waiting: &Waiting) -> Markup {
    let rows = waiting.comparison.missing.iter().take(ROWS_LISTED).map(|problem| {
        Row::new([
            html! { (problem.number) },
            html! { a href={ "/problems/" (problem.id) } { (problem.text) } },
            html! { (state_badge(problem.state)) },
        ])
    });
    let table = Table::new("missing", "这次文件里没有的问题")
        .hide_caption()
        .stack()
        .row_head(1)
        .columns([Column::new("编号").short(), Column::new("问题").long(), Column::new("环节").short()])
        .rows(rows);
    html! {
        (card(format!("文件里没有了 {} 件（不会删除）", waiting.comparison.missing.len()), html! { (table) }).flush())
    }
}

/// Takes over what was decided.
pub(super) async fn decide(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let id = LedgerImportId(id);
    let (who, sent) = (ctx.clone(), fields.clone());
    let decided = web
        .run(move |app| {
            let version = sent.number("version").unwrap_or(0);
            let waiting = app.import_review(&who, id)?;
            let mut answers = waiting.view.answers.clone();
            let all = take_of(sent.text("all"));
            for (at, row) in waiting.comparison.changed.iter().enumerate() {
                for (index, field) in row.fields.iter().enumerate().filter(|(_, field)| field.takeable) {
                    let name = format!("take.{at}.{index}");
                    let same = sent.text(&format!("{name}.key")) == field.key;
                    if let Some(take) = all.or_else(|| take_of(sent.text(&name)).filter(|_| same)) {
                        answers.takes.insert(field.key.clone(), take);
                    }
                }
            }
            app.settle_import(&who, id, version, Settle { answers: Some(answers), ..Settle::default() })?;
            Ok(app.import_review(&who, id)?.comparison.undecided())
        })
        .await;
    match decided {
        Ok(0) => Ok(page.go(place(id), "取舍已保存，可以导入了。")),
        Ok(open) => {
            Ok(page.go(format!("{}/differences", place(id)), &format!("已保存，还有{open}处没有决定。")))
        }
        Err(problem) => {
            let again = Again::of(problem)?;
            page_of(&web, ctx, &page, id, Some(&again)).await
        }
    }
}

fn take_of(code: &str) -> Option<Take> {
    match code {
        "new" => Some(Take::New),
        "ours" => Some(Take::Ours),
        _ => None,
    }
}
