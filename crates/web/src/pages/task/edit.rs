//! Setting a task, changing it, scheduling its milestones back from the deadline, and breaking it down.

use axum::{extract::State, response::Response};
use bihuan_app::Context;
use bihuan_app::task::{BreakDownInput, MilestoneRow, PartRow, TargetRow, TaskInput, TaskView};
use bihuan_domain::campaign::{Campaign, REASON_CHARS_MAX};
use bihuan_domain::id::CampaignId;
use bihuan_domain::task::{TEXT_CHARS_MAX, TITLE_CHARS_MAX, Task, TaskTarget, value_words, yuan_words};
use bihuan_domain::template::Template;
use maud::{Markup, html};

use super::show::view_of;
use super::{At, TASKS_PATH, address};
use crate::{
    current::{CampaignWish, current_campaign, no_campaign},
    error::Problem,
    form::{FieldErrors, Fields},
    frame::{Again, Page},
    pages::pick::{self, Offers},
    pages::problem::input_of_form,
    route::Route,
    state::{Session, WebState},
    ui::{self, Choice, Href, Notice, PostForm, button, button_link, card},
};

/// Blank rows beyond those that are filled.
const BLANK_ROWS: usize = 3;

pub(super) fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get("/tasks/new", "task.new", "下达任务页", new),
        Route::post(TASKS_PATH, "task.create", "下达任务", create),
        Route::get("/tasks/{id}/edit", "task.edit", "修改任务页", edit),
        Route::post("/tasks/{id}/edit", "task.amend", "修改任务", amend),
        Route::get("/tasks/{id}/milestones", "task.milestones", "排节点页", schedule_page),
        Route::post("/tasks/{id}/milestones", "task.schedule", "倒排节点", schedule),
        Route::get("/tasks/{id}/break-down", "task.parts", "分解任务页", break_down_page),
        Route::post("/tasks/{id}/break-down", "task.break_down", "分解任务", break_down),
    ]
}

async fn new(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
) -> Result<Response, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    let Some(id) = current.id() else {
        return Ok(page.show(page.frame("下达任务"), no_campaign("下达任务")));
    };
    show_new(&web, &ctx, &page, id, &Fields::default(), None, &Offers::default()).await
}

async fn show_new(
    web: &WebState,
    ctx: &Context,
    page: &Page,
    id: CampaignId,
    fields: &Fields,
    again: Option<&Again>,
    offers: &Offers,
) -> Result<Response, Problem> {
    let (who, today) = (ctx.clone(), ctx.today().to_string());
    let view = web.run(move |app| app.campaign_view(&who, id)).await?;
    let errors = again.map(|again| again.errors.clone()).unwrap_or_default();
    let list = Href::new(TASKS_PATH).with("campaign", id);
    let form = PostForm::new(TASKS_PATH, page.csrf()?)
        .hidden("campaign", id.to_string())
        .warn_unsaved()
        .errors(&errors)
        .body(html! {
            (facts(&view.campaign, view.template.as_deref(), Some(offers), fields, &errors, &today))
            (target_rows(fields, &[], &errors))
            p .text-muted { "节点按任务类别的通常做法，从时限按工作日倒排；下达后可以在任务页“排节点”里改。" }
            div .actions { (button("下达任务").primary()) (button_link("取消", list.to_string())) }
        });
    let body = html! { (ui::heading("下达任务", Some(&view.campaign.name), html! {})) (form) };
    let frame = page.frame("下达任务").crumb("任务与实事", list.to_string());
    Ok(match again {
        Some(again) => page.show_again(frame, body, again),
        None => page.show(frame, body),
    })
}

fn facts(
    campaign: &Campaign,
    template: Option<&Template>,
    unit: Option<&Offers>,
    fields: &Fields,
    errors: &FieldErrors,
    today: &str,
) -> Markup {
    let kinds: Vec<Choice> = template
        .map(|t| {
            let kind = |k: &bihuan_domain::template::TaskKind| {
                let suffix = if k.project { "（民生实事）" } else { "" };
                Choice::new(k.code.clone(), format!("{}{suffix}", k.name)).hint(k.summary.clone())
            };
            t.task_kinds.iter().map(kind).collect()
        })
        .unwrap_or_default();
    let strands: Vec<Choice> = template
        .map(|t| t.strands.iter().map(|s| Choice::new(s.code.clone(), s.name.clone())).collect())
        .unwrap_or_default();
    let starts = campaign.starts_day.to_string();
    let filled = |field: ui::Field| field.refill(fields).errors(errors);
    html! {
        (filled(ui::text("title", "任务名称").required().max_chars(TITLE_CHARS_MAX)))
        @if let Some(offers) = unit {
            (offers.field(ui::text("unit", "承担单位").required().hint("单位的名称、简称或者代码。"), "unit", fields, errors))
        }
        @if !kinds.is_empty() { (filled(ui::radios("kind", "任务类别", kinds))) }
        @if !strands.is_empty() { (filled(ui::select("strand", "重点措施", strands).prompt("不归入"))) }
        (filled(ui::area("goal", "目标", 2).max_chars(TEXT_CHARS_MAX).hint("做到什么样算完成；数量写在下面的指标里。")))
        (filled(ui::date("starts_day", "开始日期").required().value(if starts.as_str() > today { starts.clone() } else { today.to_owned() })))
        (filled(ui::date("due_day", "完成时限").required()))
        (filled(ui::text("partners", "配合单位")))
        (filled(ui::text("budget", "预算（元）").narrow().hint("最多两位小数，例如 125000 或 3200.50。")))
        (filled(ui::text("spent", "已支出（元）").narrow()))
        (filled(ui::number("beneficiaries", "受益人数").narrow()))
        (filled(ui::text("beneficiary_words", "受益群众").hint("是谁，按人还是按户，例如“沿线三个村的村民”。")))
    }
}

/// Rows of one kind: what was typed, else what is there, with a few blank ones.
fn rows(fields: &Fields, names: &[&str], have: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let typed: Vec<Vec<String>> =
        names.iter().map(|name| fields.all(name).map(str::to_owned).collect()).collect();
    let most = typed.iter().map(Vec::len).max().unwrap_or(0);
    let mut rows: Vec<Vec<String>> = if most > 0 {
        (0..most)
            .map(|at| typed.iter().map(|column| column.get(at).cloned().unwrap_or_default()).collect())
            .collect()
    } else {
        have
    };
    rows.retain(|row| row.iter().any(|text| !text.is_empty()));
    rows.extend((0..BLANK_ROWS).map(|_| vec![String::new(); names.len()]));
    rows
}

const TARGET_NAMES: [&str; 4] = ["target_name", "target_measure", "target_from", "target_to"];
const MILESTONE_NAMES: [&str; 4] = ["milestone_id", "milestone_title", "milestone_days", "milestone_due"];

fn target_rows(fields: &Fields, have: &[bihuan_domain::task::TaskTarget], errors: &FieldErrors) -> Markup {
    let have = have
        .iter()
        .map(|t| vec![t.name.clone(), t.measure_word.clone(), value_words(t.baseline), value_words(t.target)])
        .collect();
    html! {
        fieldset .row-fields {
            legend { "量化指标" }
            p .text-muted { "例如“新建公路里程”，公里，从 0 到 20；越少越好的写成从大到小。空行不算。" }
            @if let Some(error) = errors.of("targets") { p .invalid-feedback .d-block #field-targets { (error) } }
            @for (at, row) in rows(fields, &TARGET_NAMES, have).iter().enumerate() {
                @let within = format!("target-{at}");
                div .field-row {
                    (ui::text(TARGET_NAMES[0], "指标名称").within(&within).value(&row[0]))
                    (ui::text(TARGET_NAMES[1], "计量单位").within(&within).value(&row[1]).narrow())
                    (ui::text(TARGET_NAMES[2], "起点").within(&within).value(&row[2]).narrow())
                    (ui::text(TARGET_NAMES[3], "目标值").within(&within).value(&row[3]).narrow())
                }
            }
        }
    }
}

/// The typed target rows.
fn targets_of(fields: &Fields) -> Vec<TargetRow> {
    rows(fields, &TARGET_NAMES, vec![])
        .into_iter()
        .filter_map(|row| {
            let [name, measure_word, baseline, target] = <[String; 4]>::try_from(row).ok()?;
            Some(TargetRow { name, measure_word, baseline, target })
        })
        .collect()
}

async fn create(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    fields: Fields,
) -> Result<Response, Problem> {
    let id = CampaignId(fields.number("campaign").ok_or(Problem::NotFound)?);
    let mut offers = Offers::default();
    let done = async {
        let unit = pick::unit(&web, &ctx, &fields, ("unit", "承担单位"), &mut offers).await?;
        let sent = TaskInput { unit: unit.to_string(), ..input_of_form::<TaskInput>(&fields)? };
        let (who, targets) = (ctx.clone(), targets_of(&fields));
        web.run(move |app| app.create_task(&who, id, sent, targets, Vec::new())).await
    }
    .await;
    match done {
        Ok(done) => {
            let said = match done.notice.as_str() {
                "" => "任务已下达，节点已从时限倒排。".to_owned(),
                notice => format!("任务已下达。{notice}"),
            };
            Ok(page.go(address(done.task.id), &said))
        }
        Err(problem) => {
            let again = Again::of(problem)?;
            show_new(&web, &ctx, &page, id, &fields, Some(&again), &offers).await
        }
    }
}

/// The form's fields of a task as it stands.
fn fields_of(task: &Task) -> Fields {
    let amount = |fen: i64| if fen == 0 { String::new() } else { yuan_words(fen) };
    let number = |n: i64| if n == 0 { String::new() } else { n.to_string() };
    let pairs = [
        ("title", task.title.clone()),
        ("kind", task.kind.clone()),
        ("strand", task.strand.clone()),
        ("goal", task.goal.clone()),
        ("starts_day", task.starts_day.to_string()),
        ("due_day", task.due_day.to_string()),
        ("partners", task.partners.clone()),
        ("budget", amount(task.budget_fen)),
        ("spent", amount(task.spent_fen)),
        ("beneficiaries", number(task.beneficiaries)),
        ("beneficiary_words", task.beneficiary_words.clone()),
        ("owner_post", task.owner_post_id.map(|post| post.to_string()).unwrap_or_default()),
    ];
    Fields::new(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// The task, for those who may plan it.
async fn planned(web: &WebState, ctx: &Context, at: At) -> Result<TaskView, Problem> {
    let view = view_of(web, ctx, at.id).await?;
    if view.may.plan { Ok(view) } else { Err(Problem::Forbidden) }
}

fn frame(page: &Page, view: &TaskView, title: &str) -> crate::page::Frame {
    page.frame(title)
        .crumb("任务与实事", Href::new(TASKS_PATH).with("campaign", view.campaign.id).to_string())
        .crumb(view.line.citation.clone(), address(view.line.task.id))
}

fn shown(page: &Page, frame: crate::page::Frame, body: Markup, again: Option<&Again>) -> Response {
    match again {
        Some(again) => page.show_again(frame, body, again),
        None => page.show(frame, body),
    }
}

async fn edit(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    at: At,
) -> Result<Response, Problem> {
    let view = planned(&web, &ctx, at).await?;
    let fields = fields_of(&view.line.task);
    show_edit(&web, &ctx, &page, &view, &fields, None).await
}

async fn show_edit(
    web: &WebState,
    ctx: &Context,
    page: &Page,
    view: &TaskView,
    fields: &Fields,
    again: Option<&Again>,
) -> Result<Response, Problem> {
    let errors = again.map(|again| again.errors.clone()).unwrap_or_default();
    let (unit, day) = (view.unit.clone(), ctx.today());
    let posts = web.run(move |app| app.leading_posts_of(&unit, day)).await?;
    let posts: Vec<Choice> = posts
        .iter()
        .map(|post| {
            Choice::new(post.post.to_string(), format!("{}{}（{}）", post.unit_name, post.name, post.holder))
        })
        .collect();
    let today = ctx.today().to_string();
    let form = PostForm::new(format!("{}/edit", address(view.line.task.id)), page.csrf()?)
        .hidden("version", fields.filled("version").map_or(view.line.task.version.to_string(), str::to_owned))
        .warn_unsaved()
        .errors(&errors)
        .body(html! {
            (facts(&view.campaign, view.template.as_deref(), None, fields, &errors, &today))
            @if !posts.is_empty() { (ui::select("owner_post", "责任人", posts).prompt("不指定").refill(fields).errors(&errors)) }
            (target_rows(fields, &view.targets, &errors))
            (ui::area("reason", "修改的理由", 2).max_chars(REASON_CHARS_MAX).hint("会写进经过。改了时限，没有完成的节点会重新倒排。").refill(fields).errors(&errors))
            div .actions { (button("保存").primary()) (button_link("取消", address(view.line.task.id))) }
        });
    let body = html! { (ui::heading("修改任务", Some(&view.line.task.title), html! {})) (form) };
    Ok(shown(page, frame(page, view, "修改任务"), body, again))
}

async fn amend(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    at: At,
    fields: Fields,
) -> Result<Response, Problem> {
    let sent = input_of_form::<TaskInput>(&fields)?;
    let (who, version, targets) = (ctx.clone(), fields.number("version"), targets_of(&fields));
    match web.run(move |app| app.amend_task(&who, at.id, version, sent, Some(targets))).await {
        Ok(done) => Ok(page.go(address(at.id), &format!("任务已修改。{}", done.notice))),
        Err(problem) => {
            let again = Again::of(problem)?;
            let view = planned(&web, &ctx, at).await?;
            show_edit(&web, &ctx, &page, &view, &fields, Some(&again)).await
        }
    }
}

async fn schedule_page(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    at: At,
) -> Result<Response, Problem> {
    let view = planned(&web, &ctx, at).await?;
    show_schedule(&page, &view, &Fields::default(), None)
}

fn show_schedule(
    page: &Page,
    view: &TaskView,
    fields: &Fields,
    again: Option<&Again>,
) -> Result<Response, Problem> {
    let task = &view.line.task;
    let errors = again.map(|again| again.errors.clone()).unwrap_or_default();
    let open = view.milestones.iter().filter(|m| m.done_day.is_none());
    let have = open
        .map(|m| {
            let pinned = if m.pinned { m.due_day.to_string() } else { String::new() };
            vec![m.id.to_string(), m.title.clone(), m.working_days.to_string(), pinned]
        })
        .collect();
    let done = view.milestones.iter().filter(|m| m.done_day.is_some()).count();
    let form = PostForm::new(format!("{}/milestones", address(task.id)), page.csrf()?)
        .hidden("version", fields.filled("version").map_or(task.version.to_string(), str::to_owned))
        .warn_unsaved()
        .errors(&errors)
        .body(html! {
            fieldset .row-fields {
                legend { "没有完成的节点，按先后" }
                @for (at, row) in rows(fields, &MILESTONE_NAMES, have).iter().enumerate() {
                    @let within = format!("milestone-{at}");
                    div .field-row {
                        input type="hidden" name=(MILESTONE_NAMES[0]) value=(row[0]);
                        (ui::text(MILESTONE_NAMES[1], "节点").within(&within).value(&row[1]))
                        (ui::number(MILESTONE_NAMES[2], "工作日").within(&within).value(&row[2]).narrow())
                        (ui::date(MILESTONE_NAMES[3], "固定日期（可不填）").within(&within).value(&row[3]).narrow())
                    }
                }
            }
            p .text-muted { "空行不算；把一行清空就是删去这个节点。要加更多节点，保存后再打开。" }
            div .actions { (button("从时限倒排").primary()) (button_link("取消", address(task.id))) }
        });
    let lead = format!(
        "最后一个节点在{}完成，前面的按工作日依次往前排，节假日和调休以工作日历为准。",
        task.due_day.in_chinese()
    );
    let body = html! {
        (ui::heading("排节点", Some(&lead), html! {}))
        @if done > 0 { (Notice::info(format!("已完成的{done}个节点不动，排在前面。"))) }
        (form)
    };
    Ok(shown(page, frame(page, view, "排节点"), body, again))
}

async fn schedule(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    at: At,
    fields: Fields,
) -> Result<Response, Problem> {
    let sent: Vec<MilestoneRow> = rows(&fields, &MILESTONE_NAMES, vec![])
        .into_iter()
        .filter_map(|row| {
            let [milestone, title, working_days, due_day] = <[String; 4]>::try_from(row).ok()?;
            Some(MilestoneRow { milestone, title, working_days, due_day })
        })
        .collect();
    let (who, version) = (ctx.clone(), fields.number("version"));
    match web.run(move |app| app.schedule_task(&who, at.id, version, sent)).await {
        Ok(_) => Ok(page.go(format!("{}#milestones", address(at.id)), "节点已重新排定。")),
        Err(problem) => {
            let again = Again::of(problem)?;
            let view = planned(&web, &ctx, at).await?;
            show_schedule(&page, &view, &fields, Some(&again))
        }
    }
}

async fn break_down_page(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    at: At,
) -> Result<Response, Problem> {
    let view = view_of(&web, &ctx, at.id).await?;
    show_break_down(&page, &view, &Fields::default(), None)
}

fn show_break_down(
    page: &Page,
    view: &TaskView,
    fields: &Fields,
    again: Option<&Again>,
) -> Result<Response, Problem> {
    if !view.may.break_down {
        return Err(Problem::Forbidden);
    }
    let task = &view.line.task;
    let errors = again.map(|again| again.errors.clone()).unwrap_or_default();
    let first = view.targets.first();
    let hint = match first {
        Some(target) if target.baseline == 0 && !target.is_rate() => format!(
            "填每个单位分到的“{}”（{}），总目标是{}；不填的不分。",
            target.name,
            target.measure_word,
            value_words(target.target)
        ),
        Some(target) => format!(
            "填每个单位的“{}”（{}）要到多少，总目标是从{}到{}；不填的不分。{}",
            target.name,
            target.measure_word,
            value_words(target.baseline),
            value_words(target.target),
            match target.is_rate() {
                true =>
                    "比率不相加：总的进度按权重算，权重填户数等分量，不填就各单位一样；起点不填就同总的起点。",
                false => "起点填这个单位现在是多少。",
            }
        ),
        None => "这项任务没有量化指标：给要分到的单位填 1。".to_owned(),
    };
    let form = PostForm::new(format!("{}/break-down", address(task.id)), page.csrf()?)
        .hidden("version", fields.filled("version").map_or(task.version.to_string(), str::to_owned))
        .errors(&errors)
        .body(html! {
            p { (hint) }
            @for (at, unit) in view.below.iter().enumerate() {
                input type="hidden" name="part_unit" value=(unit.id);
                (part_fields(first, &unit.name, at, fields))
            }
            (ui::date("due_day", "分解任务的时限").value(task.due_day.to_string()).hint(format!("不能晚于{}；更早就是层层加码，任务页会显示早了几天。", task.due_day.in_chinese())).refill(fields).errors(&errors))
            div .actions { (button("分解").primary()) (button_link("取消", address(task.id))) }
        });
    let body = html! {
        (ui::heading("分解到下级", Some(&task.title), html! {}))
        @if view.below.is_empty() { (card("没有可以分解的单位", html! { p { "下级单位都已分到，或者没有下级单位。" } })) }
        @else { (form) }
    };
    Ok(shown(page, frame(page, view, "分解到下级"), body, again))
}

/// What one unit gets: where it shall come, and where it begins and what it weighs where that does not follow.
fn part_fields(first: Option<&TaskTarget>, unit: &str, at: usize, fields: &Fields) -> Markup {
    let put = |name: &str, label: &str| {
        let typed = fields.all(name).nth(at).unwrap_or_default();
        ui::text(name, label).within(&format!("part-{at}")).value(typed).narrow()
    };
    html! {
        (put("part_target", unit))
        @if first.is_some_and(|first| first.baseline != 0) { (put("part_baseline", &format!("{unit}的起点"))) }
        @if first.is_some_and(TaskTarget::is_rate) { (put("part_weight", &format!("{unit}的权重"))) }
    }
}

async fn break_down(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    at: At,
    fields: Fields,
) -> Result<Response, Problem> {
    let typed = |name: &str, at: usize| fields.all(name).nth(at).unwrap_or_default().to_owned();
    let part = |at: usize| PartRow {
        unit: typed("part_unit", at),
        target: typed("part_target", at),
        baseline: typed("part_baseline", at),
        weight: typed("part_weight", at),
    };
    let parts: Vec<PartRow> = (0..fields.all("part_unit").count()).map(part).collect();
    let sent = input_of_form::<BreakDownInput>(&fields)?;
    let (who, version) = (ctx.clone(), fields.number("version"));
    match web.run(move |app| app.break_down_task(&who, at.id, version, sent, parts)).await {
        Ok(_) => Ok(page.go(address(at.id), "已分解，下级单位的待办里会出现。")),
        Err(problem) => {
            let again = Again::of(problem)?;
            let view = view_of(&web, &ctx, at.id).await?;
            show_break_down(&page, &view, &fields, Some(&again))
        }
    }
}
