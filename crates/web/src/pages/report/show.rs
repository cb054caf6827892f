//! One report: the document, its editions, files, typed numbers, what changed since; issuing and correcting.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::Context;
use bihuan_app::report::{CorrectInput, Left, ReportView};
use bihuan_app::text_check::Findings;
use bihuan_domain::Coded as _;
use bihuan_domain::id::ReportId;
use bihuan_domain::report::{EditionState, FiguresAsOf, FileFormat, REASON_CHARS_MAX};
use maud::{Markup, html};

use super::{REPORTS_PATH, count, edition_of, sheet, state_badge};
use crate::{
    error::Problem,
    form::{FieldErrors, Fields, QueryFields},
    frame::{Again, Page},
    pages::problem::input_of_form,
    state::{Session, WebState},
    ui::{self, Choice, Column, Notice, PostForm, Row, Table, button, button_link, card, file_size},
};

/// Typed numbers named before the list is cut.
const TYPED_SHOWN: usize = 20;

pub(super) async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    page_of(&web, ctx, &page, ReportId(id), edition_of(&query), None).await
}

async fn page_of(
    web: &WebState,
    ctx: Context,
    page: &Page,
    id: ReportId,
    edition: Option<i64>,
    again: Option<(&Again, &Fields)>,
) -> Result<Response, Problem> {
    let (view, findings) = web
        .run(move |app| {
            let view = app.report(&ctx, id, edition)?;
            let checked =
                if is_draft(&view) { app.report_findings(&ctx, &view)? } else { Findings::default() };
            Ok((view, checked))
        })
        .await?;
    let title = view.composed.paper.title_line();
    let lead = format!(
        "{} · {} · {}至{} · 截至第{}号记录",
        view.report.kind.label(),
        view.unit.name,
        view.report.from_day,
        view.report.to_day,
        view.composed.as_of_seq
    );
    let errors = again.map(|(again, _)| again.errors.clone()).unwrap_or_default();
    let body = html! {
        (ui::heading(&title, Some(&lead), html! {
            (state_badge(view.edition.state, view.edition.number))
            (actions(&view))
        }))
        (notices(&view))
        (ui::error_summary(&errors))
        @if view.own.is_none() { (sheet::paper(&view.composed.paper, &view.composed.figures)) } @else { (own_note(&view)) }
        (since(&view))
        (checked(&view, &findings))
        @if view.may_change && view.edition.number == newest(&view) { (decide(page, &view, &errors, again.map(|(_, fields)| fields))?) }
        (files(&view))
        (editions(&view))
        (figures(&view))
    };
    let frame = page.frame(title).crumb("报告", REPORTS_PATH);
    Ok(match again {
        Some((again, _)) => page.show_again(frame, body, again),
        None => page.show(frame, body),
    })
}

fn newest(view: &ReportView) -> i64 {
    view.editions.first().map_or(0, |one| one.number)
}

fn is_draft(view: &ReportView) -> bool {
    view.edition.state == EditionState::Draft
}

fn formats(view: &ReportView) -> Vec<FileFormat> {
    if !is_draft(view) {
        return view.files.iter().map(|file| file.format).collect();
    }
    if view.own.is_some() { vec![FileFormat::Docx, FileFormat::Xlsx] } else { FileFormat::ALL.to_vec() }
}

fn actions(view: &ReportView) -> Markup {
    let at = format!("{REPORTS_PATH}/{}", view.report.id);
    html! {
        @if is_draft(view) && view.may_change { (button_link(if view.own.is_some() { "修改名称和字号" } else { "修改文字" }, format!("{at}/edit"))) }
        @for format in formats(view) {
            (button_link(format!("下载{}", format.label()), format!("{at}/file/{}?edition={}", format.code(), view.edition.number)))
        }
        (ui::print_button())
    }
}

fn notices(view: &ReportView) -> Markup {
    let typed = &view.composed.typed;
    html! {
        (told_basis(view))
        @if let Some((number, reason)) = &view.corrected_by {
            (Notice::warning(format!("这一版已由第{number}版更正。")).detail(html! {
                "更正原因：" (reason.trim_end_matches('。')) "。" a href={ (REPORTS_PATH) "/" (view.report.id) "?edition=" (number) } { "打开第" (number) "版" }
            }))
        }
        @if view.is_long() {
            @let (most, sort) = view.report.kind.long_chars();
            (Notice::warning(format!("正文有{}字，超过{most}字。", view.composed.chars))
                .detail(html! { "按为基层减负的要求，" (sort) "一般不超过" (most) "字，请精简。" }))
        }
        @if is_draft(view) && !typed.is_empty() {
            (Notice::info(format!("正文里有{}处手工填写的数字，没有取数口径，已在下面标出。", typed.len())).detail(html! {
                ul { @for one in typed.iter().take(TYPED_SHOWN) { li { "第" (one.line) "行：" (one.text) "　" span .text-muted { (one.by) } } } }
                @if typed.len() > TYPED_SHOWN { p { "还有" (typed.len() - TYPED_SHOWN) "处。" } }
            }))
        }
        @if !is_draft(view) && !view.files.iter().any(|file| file.format == FileFormat::Pdf) && view.own.is_none() {
            (Notice::warning("签发时服务器没有可用的中文字体，没有生成PDF。").detail(html! { "请系统管理员安装中文字体；这一版的Word和Excel不受影响。" }))
        }
    }
}

/// What the check found in a draft, before anybody signs it.
fn checked(view: &ReportView, checked: &Findings) -> Markup {
    let findings = &checked.findings;
    if !is_draft(view) {
        return html! {};
    }
    let rows = findings.iter().map(|one| {
        Row::new([
            html! { (one.sort) },
            html! { (one.quote) },
            html! { (one.reason) @if let Some(link) = &one.link { " " a href=(link) { "打开数据" } } },
            html! { @match &one.expected { Some(fix) => (fix), None => "—" } },
        ])
    });
    html! {
    (card("签发前校核", html! {
        @if findings.is_empty() { p { "没有发现差错：编号、标点、数字关系都查过了。" } (against_ledger(view, checked)) } @else {
            p { "发现" (findings.len()) "处，请修改文字后再签发；确认无误的可以保留。" }
            (against_ledger(view, checked))
            (Table::new("findings", "签发前校核发现的问题").hide_caption().row_head(0).stack()
                .columns([Column::new("类别").short(), Column::new("原文").long(), Column::new("原因").long(), Column::new("建议").long()])
                .rows(rows))
        }
    }))
    }
}

/// How many of the typed numbers were held against the ledger: nothing is said to agree that was not recognised.
fn against_ledger(view: &ReportView, checked: &Findings) -> Markup {
    let (typed, known) = (view.composed.typed.len(), checked.compared.len());
    let wrong = checked.compared.iter().filter(|one| !one.agrees).count();
    let left = typed.saturating_sub(known);
    html! {
        @if known > 0 {
            p { "与台账核对：认出" (known) "个手工填写的数字，" @if wrong == 0 { "都与台账一致。" } @else { (wrong) "个与台账不一致。" } }
        }
        @if known == 0 && typed == 0 {
            p { "与台账核对：文中没有手工填写的数字；取数字段的数字就是台账的数字。" }
        }
        @if known == 0 && typed > 0 {
            p { "与台账核对：手工填写的数字里没有一个认得出口径，没有核对，请自行核对" (typed) "处。" }
        } @else if left > 0 {
            p { "其余" (left) "处手工填写的数字没有认出口径，没有与台账核对，请自行核对。" }
        }
    }
}

fn own_note(view: &ReportView) -> Markup {
    let Some(own) = &view.own else { return html! {} };
    html! {
        (card("自有Word模板", html! {
            p { "这份报告用自有模板“" a href={ "/reports/templates/" (own.id) } { (own.name) } "”生成，版式和文字以下载的Word文件为准；数字在文件里各有批注，在下面各能打开明细，也可以下载Excel。这样的报告不生成PDF，需要时请用Word或WPS把下载的文件另存为PDF。" }
        }))
        (card("文件里的文字", html! {
            @for line in view.composed.own_text.iter().flat_map(|own| own.text.lines()).filter(|line| !line.trim().is_empty()) {
                p { (line) }
            }
        }))
    }
}

fn since(view: &ReportView) -> Markup {
    if is_draft(view) || view.since.is_empty() {
        return html! {};
    }
    let rows = view.since.iter().map(|one| {
        Row::new([
            html! { a href={ "/f/" (one.then.code) } { (one.then.label) } },
            html! { (one.then.shown) },
            html! { (one.now) },
        ])
    });
    html! {
        (card("签发以后的变化", html! {
            p .text-muted { "文件中的数字是签发时的数字，不会改变；下面是同一口径现在的数字。" }
            (Table::new("since", "签发以后的变化").hide_caption().row_head(0)
                .columns([Column::new("数字"), Column::new("签发时").number(), Column::new("现在").number()]).rows(rows))
        }))
    }
}

/// Issuing a draft, or beginning the correction of what was issued.
fn decide(
    page: &Page,
    view: &ReportView,
    errors: &FieldErrors,
    fields: Option<&Fields>,
) -> Result<Markup, Problem> {
    let at = format!("{REPORTS_PATH}/{}", view.report.id);
    let nothing = Fields::default();
    let fields = fields.unwrap_or(&nothing);
    if is_draft(view) {
        let body = html! {
            p { "签发后，文件、数字和所截至的记录都不再改变；文件的摘要记入流水，以后可以核对手上的文件是不是这一份。" }
            @if !view.edition.reason.is_empty() { p { "更正原因：" (view.edition.reason) } }
            (PostForm::new(format!("{at}/issue"), page.csrf()?)
                .hidden("version", view.edition.version.to_string()).hidden("seen", view.seen())
                .confirm("签发后不能再改，确定签发？")
                .body(html! { div .actions { (button("签发").primary()) } }))
        };
        return Ok(html! { (card("签发", body)) (discarding(page, view)?) });
    }
    let bases: Vec<Choice> = FiguresAsOf::ALL.iter().map(basis_choice).collect();
    let body = html! {
        p { "已签发的文件不能改。发现有误，请更正：另出一版，写明更正哪里、为什么，原来的一版照样保留。" }
        (PostForm::new(format!("{at}/correct"), page.csrf()?).body(html! {
            (ui::area("reason", "更正原因", 2).required().max_chars(REASON_CHARS_MAX).refill(fields).errors(errors))
            (ui::radios("figures", "数字口径", bases).required().value(FiguresAsOf::Issued.code()).refill(fields).errors(errors))
            div .actions { (button("起草更正稿")) }
        }))
    };
    Ok(html! { (card("更正", body)) })
}

fn basis_choice(basis: &FiguresAsOf) -> Choice {
    let hint = match basis {
        FiguresAsOf::Issued => "只改文字和所选内容：已签发的数字、表和清单不变，新加的数字也截至那一版的记录",
        FiguresAsOf::Now => "全部数字按现在的台账重算，与原来一版不同的会在更正说明里逐个写明",
    };
    Choice::new(basis.code(), basis.label()).hint(hint)
}

/// What the figures of a correction are as of.
fn told_basis(view: &ReportView) -> Markup {
    html! {
        @if let Some(basis) = view.composed.figures_as_of {
            p .text-muted { "本版是更正，数字口径：" (basis.label()) "（截至第" (view.composed.as_of_seq) "号记录）。" }
        }
    }
}

/// A draft that is not wanted goes; what was issued stays.
fn discarding(page: &Page, view: &ReportView) -> Result<Markup, Problem> {
    let (what, sure) = match view.editions.iter().any(|one| one.state == EditionState::Issued) {
        true => ("不更正了，可以删除这份更正稿；已签发的各版不受影响。", "确定删除这份更正稿？"),
        false => ("不用这份草稿了，可以删除。", "确定删除这份草稿？"),
    };
    let body = html! {
        p { (what) "删除记入流水。" }
        (PostForm::new(format!("{REPORTS_PATH}/{}/discard", view.report.id), page.csrf()?)
            .hidden("version", view.edition.version.to_string()).confirm(sure)
            .body(html! { div .actions { (button("删除草稿").danger()) } }))
    };
    Ok(html! { (card("删除草稿", body)) })
}

pub async fn discard(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let version = fields.number("version");
    let left = web.run(move |app| app.discard_draft(&ctx, ReportId(id), version)).await?;
    Ok(match left {
        Left::Nothing => page.go(REPORTS_PATH, "草稿已删除。"),
        Left::Issued(number) => {
            page.go(format!("{REPORTS_PATH}/{id}"), &format!("更正稿已删除，仍以第{number}版为准。"))
        }
    })
}

fn files(view: &ReportView) -> Markup {
    if view.files.is_empty() {
        return html! {};
    }
    let rows = view.files.iter().map(|file| {
        Row::new([
            html! { (file.format.label()) },
            html! { (file_size(count(file.size_bytes))) },
            html! { @if file.pages > 0 { (file.pages) } },
            html! { code .digest { (file.digest) } },
            html! { (file.fonts) },
        ])
    });
    html! {
        (card("签发的文件", html! {
            (Table::new("files", "签发的文件").hide_caption().row_head(0).stack()
                .columns([Column::new("格式").short(), Column::new("大小").short(), Column::new("页数").number(), Column::new("SHA-256 摘要").long(), Column::new("所用字体").long()])
                .rows(rows))
            p .text-muted { "拿到文件的人可以在“核对文件”里比对，命令行用 bihuan verify 文件名。" }
        }))
    }
}

fn editions(view: &ReportView) -> Markup {
    if view.editions.len() < 2 {
        return html! {};
    }
    html! {
        (card("各版", html! { ul .list-unstyled {
            @for one in &view.editions {
                li {
                    a href={ (REPORTS_PATH) "/" (view.report.id) "?edition=" (one.number) } aria-current=[(one.number == view.edition.number).then_some("true")] {
                        "第" (one.number) "版"
                    }
                    " " (one.state.label())
                    @if let Some(at) = one.issued_at { " " (at.in_chinese()) }
                    @if !one.reason.is_empty() { "，更正原因：" (one.reason) }
                }
            }
        } }))
    }
}

fn figures(view: &ReportView) -> Markup {
    let rows = view.composed.figures.iter().map(|one| {
        Row::new([
            html! { a href=(sheet::opens(one)) { (one.label) } },
            html! { (one.shown) },
            html! { (one.definition) },
            html! { (one.denominator) @if let Some(all) = one.out_of { @if !one.denominator.is_empty() { "（" (all) "）" } } },
        ])
    });
    html! {
        // Of a docx of one's own the figures open only here.
        details .fold open[view.own.is_some()] {
            summary { span .caret aria-hidden="true" {} "全部数字及其口径（" (view.composed.figures.len()) "个）" }
            (Table::new("figures", "报告中的数字").hide_caption().row_head(0).stack()
                .columns([Column::new("数字"), Column::new("数值").number(), Column::new("口径").long(), Column::new("分母").long()])
                .rows(rows).empty(html! { p { "这份报告没有取数字段。" } }))
        }
    }
}

pub(super) async fn issue(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let id = ReportId(id);
    let (version, seen, who) = (fields.number("version"), fields.text("seen").to_owned(), ctx.clone());
    match web.run(move |app| app.issue_report(&who, id, version, Some(&seen))).await {
        Ok(issued) => {
            let number = &issued.edition.document_number;
            let number = if number.is_empty() { String::new() } else { format!("，文号{number}") };
            let left = match issued.findings {
                0 => String::new(),
                count => format!("签发前校核还有{count}处没有改，已记入流水。"),
            };
            Ok(page.go(
                format!("{REPORTS_PATH}/{id}"),
                &format!("已签发第{}版{number}。{left}{}", issued.edition.number, issued.without_pdf),
            ))
        }
        Err(problem) => {
            let again = Again::of(problem)?;
            page_of(&web, ctx, &page, id, None, Some((&again, &fields))).await
        }
    }
}

pub(super) async fn correct(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let id = ReportId(id);
    let (sent, who) = (input_of_form::<CorrectInput>(&fields)?, ctx.clone());
    match web.run(move |app| app.correct_report(&who, id, sent)).await {
        Ok(number) => {
            Ok(page.go(format!("{REPORTS_PATH}/{id}"), &format!("第{number}版更正稿已起草，请修改后签发。")))
        }
        Err(problem) => {
            let again = Again::of(problem)?;
            page_of(&web, ctx, &page, id, None, Some((&again, &fields))).await
        }
    }
}
