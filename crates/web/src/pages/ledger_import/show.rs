//! One import: step by step before it is committed, and what came of it afterwards.

use axum::{
    extract::{Path, State},
    http::header::REFRESH,
    response::{IntoResponse as _, Response},
};
use bihuan_app::Context;
use bihuan_app::ledger_import::{ImportView, Waiting};
use bihuan_domain::Instant;
use bihuan_domain::id::LedgerImportId;
use bihuan_domain::ledger_import::ImportState;
use maud::{Markup, html};

use super::{IMPORTS_PATH, differences, doubts, grid, heading, place};
use crate::{
    error::Problem,
    form::FieldErrors,
    frame::{Again, Page},
    guard::CsrfToken,
    state::{Session, WebState},
    ui::{self, Column, Notice, PostForm, Row, Step, Table, Tone, button, button_link, card, thousands},
};

/// Rows shown of what was read, and of what waits.
const ROWS_SHOWN: usize = 30;
/// How often the page of an import that goes on asks for itself anew, in seconds.
const REFRESH_SECONDS: u32 = 3;

pub(super) async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    page_of(&web, ctx, &page, LedgerImportId(id), None).await
}

/// The page of an import, also again after a refusal.
pub(super) async fn page_of(
    web: &WebState,
    ctx: Context,
    page: &Page,
    id: LedgerImportId,
    again: Option<&Again>,
) -> Result<Response, Problem> {
    let who = ctx.clone();
    let view = web.run(move |app| app.import(&who, id)).await?;
    let csrf = page.csrf()?;
    let frame = page.frame(view.import.file_name.clone()).crumb("导入记录", IMPORTS_PATH).wide();
    let errors = again.map(|again| again.errors.clone()).unwrap_or_default();
    let here = web.jobs.has(id);
    let body = match view.import.state {
        ImportState::Draft => {
            let waiting = web.run(move |app| app.import_review(&ctx, id)).await?;
            draft(&waiting, csrf, &errors)
        }
        ImportState::Importing => running(&view, here, csrf),
        ImportState::Done => {
            let given = web.run(move |app| app.last_given_back(&ctx, id)).await?;
            done(&view, given, csrf)
        }
        ImportState::Discarded => html! {
            (heading(&view, html! {}))
            (ui::empty("已放弃这次导入", "没有登记任何问题；需要时请重新上传文件。", None))
        },
    };
    let goes_on = view.import.state == ImportState::Importing && here && view.import.halted.is_empty();
    Ok(match again {
        Some(again) => page.show_again(frame, body, again),
        None if goes_on => ([(REFRESH, REFRESH_SECONDS.to_string())], page.show(frame, body)).into_response(),
        None => page.show(frame, body),
    })
}

fn draft(waiting: &Waiting, csrf: &CsrfToken, errors: &FieldErrors) -> Markup {
    let (view, doubts, comparison) = (&waiting.view, &waiting.doubts, &waiting.comparison);
    let import = &view.import;
    let at = if doubts.open() > 0 {
        1
    } else if comparison.undecided() > 0 {
        2
    } else {
        3
    };
    let mut steps = vec![
        Step::new("核对读法").href("#mapping").note(format!("{}个问题", waiting.rows.len())),
        Step::new("答复疑点").href("#doubts").note(format!("还有{}处", doubts.open())),
        Step::new("比较差异").href("#differences").note(format!("还有{}处", comparison.undecided())),
        Step::new("确认导入").href("#commit"),
    ];
    if comparison.follows.is_none() {
        steps[2] = Step::new("比较差异").note("首次导入");
    }
    let editable = view.may_change;
    html! {
        (heading(view, html! {
            @if editable {
                (PostForm::new(format!("{}/discard", place(import.id)), csrf).inline().hidden("version", import.version.to_string())
                    .confirm("放弃这次导入？").body(html! { (button("放弃")) }))
            }
        }))
        (ui::stepper("导入步骤", &steps, at))
        @if !errors.is_empty() { (ui::error_summary(errors)) }
        @if view.answers.remembered && !view.answers.units.is_empty() { (Notice::info("单位、状态的对应沿用了本单位上次导入的答复，可以修改。")) }
        section #mapping .import-part {
            h2 { "1. 表是这样读的" }
            (totals(waiting))
            (grid::sheets(waiting, csrf, editable))
            (read_rows(waiting))
            @if editable { (issued(waiting, csrf)) }
        }
        section #doubts .import-part {
            h2 { "2. 只问拿不准的" }
            @if editable { (doubts::form(waiting, csrf, &FieldErrors::default())) }
        }
        section #differences .import-part {
            h2 { "3. 与上次导入相比" }
            (differences::summary(waiting))
        }
        section #commit .import-part { h2 { "4. 确认导入" } (summary(waiting, csrf, editable)) }
    }
}

fn issued(waiting: &Waiting, csrf: &CsrfToken) -> Markup {
    let import = &waiting.view.import;
    html! {
        details .definitions-box {
            summary { "时限从" (import.issued_day.in_chinese()) "起算" }
            (PostForm::new(format!("{}/mapping", place(import.id)), csrf).hidden("version", import.version.to_string()).body(html! {
                (ui::date("issued", "交办日期").value(import.issued_day.to_string()).hint("“15个工作日内”等从这一天算起。"))
                (button("更改"))
            }))
        }
    }
}

fn totals(waiting: &Waiting) -> Markup {
    html! {
        @for total in &waiting.doubts.totals {
            @let words = format!("工作表“{}”写明{}个，{}是{}。", total.sheet, total.stated, total.what, total.found);
            @if total.stated == total.found { (Notice::good(format!("{words}对得上。"))) }
            @else { (Notice::warning(format!("{words}对不上，请核对。")).detail(html! { p { "原文：" (total.sentence) } })) }
        }
    }
}

fn read_rows(waiting: &Waiting) -> Markup {
    let rows = waiting.rows.iter().take(ROWS_SHOWN).map(|row| {
        let units = row.responsible_units.join("、");
        Row::new([
            html! { (row.sheet) " " (row.row) },
            html! { (row.seq) },
            html! { (row.problem) @if !row.place.is_empty() { div .text-muted { (row.place) } } },
            html! { (row.measures) },
            html! { @if !row.lead_unit.is_empty() { "牵头：" (row.lead_unit) br; } (units) @if !row.assisting_units.is_empty() { br; "配合：" (row.assisting_units.join("、")) } },
            html! { (row.deadline_text) },
            html! { (row.status_text) },
            html! { @for extra in &row.extra { div .text-muted { (extra.header) "：" (extra.text) } } },
        ])
    });
    let table = Table::new("read", "读出的问题")
        .stack()
        .row_head(2)
        .columns([
            Column::new("位置").short(),
            Column::new("序号").short(),
            Column::new("问题").long(),
            Column::new("措施").long(),
            Column::new("单位"),
            Column::new("时限").short(),
            Column::new("状态").short(),
            Column::new("其他列"),
        ])
        .rows(rows);
    html! {
        details .sheet-box {
            summary { strong { "读出的问题" } " · 共 " (waiting.rows.len()) " 个，看前" (ROWS_SHOWN.min(waiting.rows.len())) "个" }
            (table)
        }
    }
}

fn summary(waiting: &Waiting, csrf: &CsrfToken, editable: bool) -> Markup {
    let (comparison, doubts) = (&waiting.comparison, &waiting.doubts);
    let import = &waiting.view.import;
    let ready = doubts.open() == 0 && comparison.undecided() == 0;
    let count = |n: usize| u64::try_from(n).unwrap_or(0);
    html! {
        (ui::stats(&[
            ui::stat("新登记", count(comparison.added()), "件"),
            ui::stat("其中要等人工交办", count(waiting.waits.len()), "件").tone(if waiting.waits.is_empty() { Tone::Neutral } else { Tone::Warning }),
            ui::stat("有变化", count(comparison.changed.len()), "件"),
            ui::stat("无变化", count(comparison.same()), "件"),
            ui::stat("文件里没有了", count(comparison.missing.len()), "件").note("只列出，不删除"),
        ]))
        (waits(&waiting.waits))
        @if editable && ready {
            (PostForm::new(format!("{}/commit", place(import.id)), csrf).hidden("version", import.version.to_string()).body(html! {
                p { "导入后逐件记入日志，不能整批撤回；单个问题可以照常退回或更正。" }
                div .actions { (button(format!("导入这 {} 行", waiting.rows.len())).primary()) }
            }))
        } @else if editable {
            (Notice::warning(format!("还有 {} 处疑点、{} 处差异没有决定，答复后才能导入。", doubts.open(), comparison.undecided())))
        }
    }
}

fn waits(waits: &[(i64, String)]) -> Markup {
    html! {
        @if !waits.is_empty() {
            details .definitions-box {
                summary { (waits.len()) " 件先登记为“待交办”，原因如下" }
                ul .plain-list { @for (ordinal, why) in waits.iter().take(ROWS_SHOWN * 4) { li { "第" (ordinal) "个问题：" (why) } } }
            }
        }
    }
}

/// How far an import is. While it goes on the page asks for itself anew every few seconds, without script.
fn running(view: &ImportView, here: bool, csrf: &CsrfToken) -> Markup {
    let import = &view.import;
    let whole = |n: i64| u64::try_from(n).unwrap_or(0);
    let (done, rows) = (whole(view.registered), whole(import.rows_total.max(view.registered)));
    let halted = !import.halted.is_empty() || !here;
    html! {
        (heading(view, html! {}))
        (ui::panel(html! {
            p role="status" { "已处理 " (thousands(done)) " 行，共 " (thousands(rows)) " 行。" }
            (ui::progress("已处理", done, rows))
            @if !import.halted.is_empty() { (Notice::warning(format!("导入停住了：{}", import.halted))) }
            @else if !here { (Notice::warning("导入没有在进行，可能是服务中断过。可以继续，已经登记的不会重复。")) }
            @else { p .text-muted { "可以离开这一页，导入会继续；本页每" (REFRESH_SECONDS) "秒自动更新，也可以" a href=(place(import.id)) { "马上刷新" } "。" } }
            @if view.may_change && halted {
                div .actions {
                    (PostForm::new(format!("{}/resume", place(import.id)), csrf).inline().body(html! { (button("继续导入").primary()) }))
                    @if !import.halted.is_empty() {
                        (PostForm::new(format!("{}/stop", place(import.id)), csrf).inline()
                            .confirm("中止后，已经登记的问题保留，其余的行不再登记。确定中止？")
                            .body(html! { (button("中止导入").danger()) }))
                    }
                }
            }
        }))
    }
}

fn done(view: &ImportView, given: Option<(Instant, String)>, csrf: &CsrfToken) -> Markup {
    let counted = &view.counted;
    let count = |n: i64| u64::try_from(n).unwrap_or(0);
    let ledger =
        format!("/ledger?campaign={}&unit={}&import={}", view.campaign.id, view.unit.id, view.import.id);
    html! {
        (heading(view, html! {
            (button_link("查看这批问题", ledger).primary())
            (PostForm::new(format!("{}/export", place(view.import.id)), csrf).inline().body(html! { (button("按原版式导出")) }))
            @if view.may_change { (button_link("再次导入", "/imports/new")) }
        }))
        (ui::stats(&[
            ui::stat("新登记", count(counted.registered), "件").tone(Tone::Good),
            ui::stat("直接交办", count(counted.assigned), "件"),
            ui::stat("更新", count(counted.updated), "件"),
            ui::stat("保留现有内容", count(counted.kept), "行"),
            ui::stat("无变化", count(counted.same), "行"),
        ]))
        @if counted.rows < view.import.rows_total {
            (Notice::warning(format!("这次导入中止过：共 {} 行，处理了 {} 行；其余的行没有登记，重新上传同一个文件可以补登。", view.import.rows_total, counted.rows)))
        }
        @if !counted.waiting.is_empty() {
            (card(format!("{}件等待交办", counted.waiting.len()), html! {
                ul .plain-list { @for (ordinal, why) in &counted.waiting { li { "第" (ordinal) "个问题：" (why) } } }
            }))
        }
        @if !counted.refused.is_empty() {
            (card(format!("{}处变化没有采用", counted.refused.len()), html! {
                ul .plain-list { @for (ordinal, why) in &counted.refused { li { "第" (ordinal) "个问题：" (why) } } }
            }))
        }
        @if let Some((at, words)) = given { (Notice::info(format!("{}：{words}。", at.in_chinese()))) }
        @if counted.missing > 0 { (Notice::info(format!("上次导入的问题中有 {} 件这次的文件里没有，没有删除。", counted.missing))) }
        p .text-muted { "“按原版式导出”给回您自己的表：只更新进展、状态等有变化的单元格，其余不动；没有变化时与上传的文件完全一样。" }
    }
}
