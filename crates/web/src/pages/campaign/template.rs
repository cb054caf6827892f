//! A campaign's own copy of its template: edited as text, with every fault at its line, and compared before it is saved.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::{
    Context,
    campaign::{CampaignView, TemplatePlan},
};
use bihuan_domain::{
    campaign::{CampaignState, DiffLine, LineChange, REASON_CHARS_MAX},
    id::CampaignId,
    template::TemplateFault,
};
use maud::{Markup, html};

use super::{CAMPAIGNS_PATH, address, form::FormWithTemplate};
use crate::{
    error::Problem,
    form::{FieldErrors, Fields},
    frame::{Again, Page},
    guard::CsrfToken,
    route::Route,
    state::{Session, WebState},
    ui::{self, Notice, PostForm, button, button_link, card, difference, panel},
};

/// Unchanged lines shown before and after a change.
const CONTEXT_LINES: usize = 3;

pub(super) fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get("/campaigns/{id}/template", "campaign.template", "修改模板页", show),
        Route::post("/campaigns/{id}/template", "campaign.change_template", "核对或保存模板", change),
    ]
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let view = runnable(&web, ctx, CampaignId(id)).await?;
    let text = view.campaign.template_text.clone();
    let body = editor(&view, page.csrf()?, &text, &FieldErrors::default(), &[]);
    Ok(page.show(frame(&page, &view), body))
}

/// The campaign, for those who may change it.
async fn runnable(web: &WebState, ctx: Context, id: CampaignId) -> Result<CampaignView, Problem> {
    let view = web.run(move |app| app.campaign_view(&ctx, id)).await?;
    if view.may_run { Ok(view) } else { Err(Problem::Forbidden) }
}

fn frame(page: &Page, view: &CampaignView) -> crate::page::Frame {
    let campaign = &view.campaign;
    page.frame("修改模板").crumb("专项行动", CAMPAIGNS_PATH).crumb(&campaign.name, address(campaign.id))
}

/// One form with three buttons: compare, save, go on writing. Nothing is saved before the differences were shown.
async fn change(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    FormWithTemplate(fields): FormWithTemplate,
) -> Result<Response, Problem> {
    let id = CampaignId(id);
    let text = super::form::untrimmed(&fields, "template_text");
    let (who, wanted) = (ctx.clone(), text.clone());
    if fields.text("step") == "save" {
        let (version, reason) = (fields.number("version"), fields.text("reason").to_owned());
        return match web.run(move |app| app.change_template(&who, id, version, &wanted, &reason)).await {
            Ok(_) => Ok(page.go(address(id), "模板已保存，改动已写入记录。")),
            Err(problem) => show_plan(&web, ctx, &page, id, &text, &fields, Some(Again::of(problem)?)).await,
        };
    }
    if fields.text("step") == "edit" {
        let view = runnable(&web, ctx, id).await?;
        let body = editor(&view, page.csrf()?, &text, &FieldErrors::default(), &[]);
        return Ok(page.show(frame(&page, &view), body));
    }
    show_plan(&web, ctx, &page, id, &text, &fields, None).await
}

/// The faults in the editor, or what saving would change.
async fn show_plan(
    web: &WebState,
    ctx: Context,
    page: &Page,
    id: CampaignId,
    text: &str,
    fields: &Fields,
    again: Option<Again>,
) -> Result<Response, Problem> {
    let view = runnable(web, ctx.clone(), id).await?;
    let wanted = text.to_owned();
    let plan = web.run(move |app| app.plan_template(&ctx, id, &wanted)).await?;
    let mut errors = again.as_ref().map(|again| again.errors.clone()).unwrap_or_default();
    let frame = frame(page, &view);
    let unprocessable = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    if !plan.faults.is_empty() || plan.refusal.is_some() {
        if errors.is_empty() {
            plan.faults.iter().for_each(|fault| errors.add("template_text", fault.to_string()));
            if let Some(refusal) = &plan.refusal {
                errors.add("template_text", format!("{}{}", refusal.sentence, refusal.hint));
            }
        }
        let body = editor(&view, page.csrf()?, text, &errors, &plan.faults);
        return Ok(page.show_again(frame, body, &Again { errors, status: unprocessable }));
    }
    let body = comparison(&view, page.csrf()?, &plan, fields, &errors);
    Ok(match again {
        Some(again) => page.show_again(frame, body, &again),
        None => page.show(frame, body),
    })
}

fn editor(
    view: &CampaignView,
    csrf: &CsrfToken,
    text: &str,
    errors: &FieldErrors,
    faults: &[TemplateFault],
) -> Markup {
    let campaign = &view.campaign;
    let here = address(campaign.id);
    let form = PostForm::new(format!("{here}/template"), csrf)
        .hidden("version", campaign.version.to_string())
        .uploads()
        .warn_unsaved()
        .errors(errors)
        .body(html! {
            (faulty_lines(text, faults))
            div .code-field {
                (ui::area("template_text", "模板文本", 28).hint("类别、来源和重点措施的代码（code）会写进问题里：可以改名称，不要改代码。").value(text).error(first(errors)))
            }
            details .more {
                summary { "上传文件来替换" }
                (ui::file("template_file", "模板文件", ".toml,text/plain").hint("UTF-8 编码的 TOML 文件；选了文件就以文件为准。"))
            }
            div .actions { (button("核对改动").primary().sends("step", "plan")) (button_link("取消", here.clone())) }
        });
    html! {
        (ui::heading("修改模板", Some(&campaign.name), html! { (button_link("下载现在的模板", format!("{here}/template.toml"))) }))
        @if campaign.state == CampaignState::Running {
            (Notice::info("行动正在进行：新规则从保存时起用于以后的步骤，已经算好的时限和已经销号的问题不变。"))
        }
        (form)
    }
}

fn first(errors: &FieldErrors) -> Option<&str> {
    errors.of("template_text")
}

/// The lines that are wrong, with their neighbours, so that nobody has to count.
fn faulty_lines(text: &str, faults: &[TemplateFault]) -> Markup {
    let lines: Vec<&str> = text.lines().collect();
    html! {
        @for fault in faults.iter().take(50) {
            @let from = fault.line.saturating_sub(2).max(1);
            figure .code-excerpt {
                figcaption { (fault.to_string()) }
                pre tabindex="0" { code {
                    @for number in from..=(fault.line + 1).min(lines.len()) {
                        span .code-line .code-wrong[number == fault.line] {
                            span .line-number aria-hidden="true" { (number) }
                            (lines.get(number - 1).copied().unwrap_or_default()) "\n"
                        }
                    }
                } }
            }
        }
    }
}

fn comparison(
    view: &CampaignView,
    csrf: &CsrfToken,
    plan: &TemplatePlan,
    fields: &Fields,
    errors: &FieldErrors,
) -> Markup {
    let campaign = &view.campaign;
    let here = address(campaign.id);
    let running = campaign.state == CampaignState::Running;
    let changes: Vec<ui::Change> =
        plan.rules.iter().map(|(label, old, new)| ui::Change::new(*label, old, new)).collect();
    let form = PostForm::new(format!("{here}/template"), csrf)
        .hidden("version", campaign.version.to_string())
        .hidden("template_text", &plan.text)
        .errors(errors)
        .body(html! {
            @if !plan.is_same() {
                @let reason = ui::area("reason", "理由", 2).max_chars(REASON_CHARS_MAX).hint(if running { "行动已经开始，修改的理由会写入记录。" } else { "筹备中可以不填。" }).refill(fields).errors(errors);
                @if running { (reason.required()) } @else { (reason) }
            }
            div .actions {
                @if !plan.is_same() { (button("保存模板").primary().sends("step", "save")) }
                // Going on writing needs no reason, so the browser must not ask for it.
                button .btn .btn-outline-secondary type="submit" name="step" value="edit" formnovalidate { "继续修改" }
                (button_link("放弃", here))
            }
        });
    html! {
        (ui::heading("核对改动", Some(&campaign.name), html! {}))
        @if plan.is_same() { (Notice::info("模板没有改动。")) }
        @if !changes.is_empty() { (panel(difference("规则的变化", &changes)).flush()) }
        @if !plan.is_same() { (card("文本的变化", changed_lines(&plan.lines)).flush()) }
        (form)
    }
}

/// Changed lines with a few around them; long unchanged stretches are counted.
fn changed_lines(lines: &[DiffLine]) -> Markup {
    let near = |at: usize| {
        let from = at.saturating_sub(CONTEXT_LINES);
        let to = (at + CONTEXT_LINES + 1).min(lines.len());
        lines[from..to].iter().any(|line| line.change != LineChange::Kept)
    };
    let numbered: Vec<(usize, &DiffLine)> = lines.iter().enumerate().collect();
    let stretches = numbered.chunk_by(|(one, _), (next, _)| near(*one) == near(*next));
    html! {
        div .table-scroll role="region" aria-label="文本的变化" tabindex="0" {
            table .diff {
                caption .visually-hidden { "文本的变化，逐行" }
                thead .visually-hidden { tr { th scope="col" { "原行号" } th scope="col" { "新行号" } th scope="col" { "变化" } th scope="col" { "内容" } } }
                tbody {
                    @for stretch in stretches {
                        @if near(stretch[0].0) { @for (_, line) in stretch { (diff_row(line)) } }
                        @else { (gap(stretch.len())) }
                    }
                }
            }
        }
    }
}

fn gap(lines: usize) -> Markup {
    html! { tr .diff-gap { td colspan="4" { "…… " (lines) " 行没有变化" } } }
}

fn diff_row(line: &DiffLine) -> Markup {
    let (class, sign, words) = match line.change {
        LineChange::Kept => ("", " ", ""),
        LineChange::Removed => ("diff-old", "−", "删去"),
        LineChange::Added => ("diff-new", "+", "新增"),
    };
    html! {
        tr class=[Some(class).filter(|class| !class.is_empty())] {
            td .line-number { @if let Some(number) = line.old { (number) } }
            td .line-number { @if let Some(number) = line.new { (number) } }
            td .diff-sign { span aria-hidden="true" { (sign) } span .visually-hidden { (words) } }
            td .diff-text { code { (line.text) } }
        }
    }
}
