//! Moving, merging, splitting and closing: a form, then a page that says what will happen, then the step.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::Context;
use bihuan_app::unit::{MergePlan, SplitOrder, UnitPage};
use bihuan_domain::Day;
use bihuan_domain::id::UnitId;
use bihuan_domain::unit::reorganise::UnitDraft;
use maud::{Markup, html};

use super::forms::{answer, blank, draft_fields, draft_of, load, unit_path};
use super::{day_of, frame_of};
use crate::{
    error::Problem,
    form::{FieldErrors, Fields, QueryFields},
    frame::{Again, Page},
    pages::pick::{self, Offers},
    route::Route,
    state::{Session, WebState},
    ui::{self, Choice, Column, Confirm, PostForm, Row, Table, button, button_link, card},
};

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get("/units/{id}/move", "unit.move_form", "划转隶属页", move_form),
        Route::post("/units/{id}/move", "unit.move", "划转隶属", move_post),
        Route::get("/units/{id}/merge", "unit.merge_form", "并入其他单位页", merge_form),
        Route::post("/units/{id}/merge", "unit.merge", "并入其他单位", merge_post),
        Route::get("/units/{id}/split", "unit.split_form", "拆分单位页", split_form),
        Route::post("/units/{id}/split", "unit.split", "拆分单位", split_post),
        Route::get("/units/{id}/close", "unit.close_form", "撤销单位页", close_form),
        Route::post("/units/{id}/close", "unit.close", "撤销单位", close_post),
    ]
}

/// Every step has the same two handlers.
macro_rules! handlers {
    ($($step:ident: $form:ident, $post:ident;)+) => {$(
        async fn $form(web: State<WebState>, ctx: Session, page: Page, id: Path<i64>, query: QueryFields) -> Result<Response, Problem> {
            form(Step::$step, web, ctx, page, id, query).await
        }

        async fn $post(web: State<WebState>, ctx: Session, page: Page, id: Path<i64>, fields: Fields) -> Result<Response, Problem> {
            post(Step::$step, web, ctx, page, id, fields).await
        }
    )+};
}

handlers! {
    Move: move_form, move_post;
    Merge: merge_form, merge_post;
    Split: split_form, split_post;
    Close: close_form, close_post;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Move,
    Merge,
    Split,
    Close,
}

impl Step {
    fn verb(self) -> &'static str {
        match self {
            Step::Move => "move",
            Step::Merge => "merge",
            Step::Split => "split",
            Step::Close => "close",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Step::Move => "划转隶属",
            Step::Merge => "并入其他单位",
            Step::Split => "拆分",
            Step::Close => "撤销",
        }
    }

    fn lead(self) -> &'static str {
        match self {
            Step::Move => "单位连同下级和全部问题一起划转；过去日期的统计仍按当时的隶属关系。",
            Step::Merge => {
                "未办结的问题由接收单位承接，下级单位随之划转，岗位撤销；已销号的问题仍记在原单位。"
            }
            Step::Split => "在同级新设一个单位，可以把部分下级划过去；问题仍留在原单位，由专班逐件调整。",
            Step::Close => "撤销后不能再交办问题；过去的记录都保留。",
        }
    }

    /// The field that names the other unit.
    fn other(self) -> Option<(&'static str, &'static str)> {
        match self {
            Step::Move => Some(("parent", "新的上级单位")),
            Step::Merge => Some(("into", "接收单位")),
            Step::Split | Step::Close => None,
        }
    }
}

async fn form(
    step: Step,
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let of = load(&web, &ctx, id).await?;
    let body = markup(step, &page, &of, &ctx, &query, &FieldErrors::default(), &Offers::default())?;
    Ok(answer(&page, &of, step.title(), body, None))
}

fn markup(
    step: Step,
    page: &Page,
    of: &UnitPage,
    ctx: &Context,
    fields: &Fields,
    errors: &FieldErrors,
    offers: &Offers,
) -> Result<Markup, Problem> {
    let at = unit_path(of.unit.id.0);
    let version = fields.filled("version").map_or_else(|| of.unit.version.to_string(), str::to_owned);
    Ok(html! {
        p { (step.lead()) }
        (PostForm::new(format!("{at}/{}", step.verb()), page.csrf()?).hidden("version", version).errors(errors).body(html! {
            @if let Some((name, label)) = step.other() {
                (offers.field(ui::text(name, label).required().hint("填写单位的名称、简称或代码"), name, fields, errors))
            }
            @if step == Step::Split { (split_fields(of, fields, errors)) }
            (ui::date("day", "生效日期").required().value(ctx.today().to_string()).refill(fields).errors(errors))
            div .actions { (button("下一步：查看影响").primary()) (button_link("取消", &at)) }
        }))
    })
}

fn split_fields(of: &UnitPage, fields: &Fields, errors: &FieldErrors) -> Markup {
    let start = UnitDraft {
        kind: of.unit.kind,
        level: of.unit.level,
        official_order: of.unit.official_order + 1,
        ..blank(of)
    };
    let children: Vec<Choice> = of
        .children
        .iter()
        .map(|child| Choice::new(child.unit.id.to_string(), child.unit.name.clone()))
        .collect();
    html! {
        fieldset { legend { "新设单位" } (draft_fields("", &start, fields, errors, true)) }
        @if !children.is_empty() {
            (ui::checkboxes("children", "划给新设单位的下级", children).refill(fields).errors(errors))
        }
    }
}

/// What a form asks for, read and looked up.
enum Order {
    Move(UnitId),
    Merge(Box<MergePlan>),
    Split(Box<SplitOrder>),
    Close,
}

async fn read(
    step: Step,
    web: &WebState,
    ctx: &Context,
    id: i64,
    fields: &Fields,
    offers: &mut Offers,
) -> Result<(Order, Day), Problem> {
    let other = match step.other() {
        Some(field) => Some(pick::unit(web, ctx, fields, field, offers).await?),
        None => None,
    };
    let day = day_of(fields, "day", "生效日期")?;
    let order = match (step, other) {
        (Step::Move, Some(to)) => Order::Move(to),
        (Step::Merge, Some(into)) => {
            let who = ctx.clone();
            Order::Merge(Box::new(web.run(move |app| app.plan_merge(&who, UnitId(id), into, day)).await?))
        }
        (Step::Split, _) => {
            let children = fields.all("children").filter_map(|text| text.parse().ok()).collect();
            Order::Split(Box::new(SplitOrder { parts: vec![(draft_of("", fields)?, children)], day }))
        }
        _ => Order::Close,
    };
    Ok((order, day))
}

async fn post(
    step: Step,
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let mut offers = Offers::default();
    let answered = match read(step, &web, &ctx, id, &fields, &mut offers).await {
        Ok((order, day)) if fields.has("confirmed") => {
            carry_out(&web, &ctx, id, fields.number("version"), order, day)
                .await
                .map(|words| page.go(unit_path(id), &words))
        }
        Ok((order, day)) => preview(step, &web, &ctx, &page, id, &fields, order, day).await,
        Err(problem) => Err(problem),
    };
    match answered {
        Ok(response) => Ok(response),
        Err(problem) => {
            let again = Again::of(problem)?;
            let of = load(&web, &ctx, id).await?;
            let body = markup(step, &page, &of, &ctx, &fields, &again.errors, &offers)?;
            Ok(answer(&page, &of, step.title(), body, Some(&again)))
        }
    }
}

async fn carry_out(
    web: &WebState,
    ctx: &Context,
    id: i64,
    version: Option<i64>,
    order: Order,
    day: Day,
) -> Result<String, Problem> {
    let (who, unit) = (ctx.clone(), UnitId(id));
    Ok(match order {
        Order::Move(to) => {
            web.run(move |app| app.move_unit(&who, unit, version, to, day)).await?;
            "已划转。".to_owned()
        }
        Order::Merge(plan) => {
            let (into, name) = (plan.into.id, plan.into.name.clone());
            web.run(move |app| app.merge_units(&who, unit, version, into, day)).await?;
            format!("已并入“{name}”。")
        }
        Order::Split(order) => {
            let name = order.parts.first().map(|(draft, _)| draft.name.clone()).unwrap_or_default();
            web.run(move |app| app.split_unit(&who, unit, version, *order)).await?;
            format!("已分设“{name}”。")
        }
        Order::Close => {
            web.run(move |app| app.close_unit(&who, unit, version, day)).await?;
            "已撤销。".to_owned()
        }
    })
}

#[expect(clippy::too_many_arguments, reason = "one call, from `post`")]
async fn preview(
    step: Step,
    web: &WebState,
    ctx: &Context,
    page: &Page,
    id: i64,
    fields: &Fields,
    order: Order,
    day: Day,
) -> Result<Response, Problem> {
    let of = load(web, ctx, id).await?;
    let at = unit_path(id);
    let mut confirm = Confirm::new("", format!("{at}/{}", step.verb()), &at).hidden("confirmed", "1");
    for (name, value) in fields.pairs().filter(|(name, _)| *name != crate::guard::CSRF_FIELD) {
        confirm = confirm.hidden(name, value);
    }
    let mut more = html! {};
    let title = match &order {
        Order::Move(to) => {
            let to = load(web, ctx, to.0).await?;
            confirm = confirm
                .consequence(format!(
                    "自{}起，“{}”由“{}”划转到“{}”。",
                    day.in_chinese(),
                    of.unit.name,
                    parent_name(&of),
                    full_name(&to)
                ))
                .consequence(format!("连同辖区内{}个单位和它们的全部问题。", (of.below - 1).max(0)))
                .consequence(format!("{}之前的统计仍按原来的隶属关系。", day.in_chinese()));
            format!("把“{}”划转到“{}”？", of.unit.name, to.unit.name)
        }
        Order::Merge(plan) => {
            confirm = merge_consequences(confirm, plan).danger().yes("确认合并");
            more = merge_details(plan);
            format!("把“{}”并入“{}”？", plan.unit.name, plan.into.name)
        }
        Order::Split(split) => {
            let part = split
                .parts
                .first()
                .map(|(draft, children)| (draft.name.clone(), children.len()))
                .unwrap_or_default();
            confirm = confirm
                .consequence(format!(
                    "自{}起，在“{}”下新设“{}”。",
                    day.in_chinese(),
                    parent_name(&of),
                    part.0
                ))
                .consequence(format!("{}个下级单位划给新设单位，其余不变。", part.1))
                .consequence("问题仍留在原单位，由专班逐件调整交办。".to_owned());
            format!("从“{}”分设“{}”？", of.unit.name, part.0)
        }
        Order::Close => {
            confirm = confirm
                .consequence(format!(
                    "自{}起，“{}”撤销，{}个岗位同时撤销。",
                    day.in_chinese(),
                    of.unit.name,
                    of.posts.len()
                ))
                .consequence("过去的名称、任职、问题和统计都保留。".to_owned())
                .danger()
                .yes("确认撤销");
            format!("撤销“{}”？", of.unit.name)
        }
    };
    let confirm = confirm.titled(&title);
    let frame = frame_of(page, step.title(), &of.above);
    Ok(page.show(frame, html! { (confirm.render(page.csrf()?)) (more) }))
}

fn parent_name(of: &UnitPage) -> String {
    of.above.iter().rev().nth(1).map_or_else(|| "最上级".to_owned(), |(_, name)| name.clone())
}

fn full_name(of: &UnitPage) -> String {
    of.above.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(" / ")
}

fn merge_consequences(confirm: Confirm, plan: &MergePlan) -> Confirm {
    let open = plan.problems.iter().filter(|problem| problem.open).count();
    let lost = plan.problems.iter().filter(|problem| problem.lost_leader).count();
    let mut confirm = confirm
        .consequence(format!(
            "自{}起，“{}”撤销，由“{}”承接。",
            plan.day.in_chinese(),
            plan.unit.name,
            plan.into.name
        ))
        .consequence(format!(
            "{open}件未销号的问题改由“{}”办理，时限不变；已销号的问题仍记在“{}”。",
            plan.into.name, plan.unit.name
        ))
        .consequence(format!(
            "{}个下级单位（辖区内共{}个）划到“{}”之下。",
            plan.children.len(),
            plan.below,
            plan.into.name
        ))
        .consequence(format!(
            "{}个岗位撤销，{}人免去相应职务。",
            plan.posts.len(),
            plan.posts.iter().map(|(_, holders)| holders).sum::<usize>()
        ));
    if lost > 0 {
        confirm = confirm.consequence(format!("{lost}件问题的包案领导岗位随之撤销，需要重新确定包案领导。"));
    }
    if plan.accounts > 0 {
        confirm = confirm.consequence(format!("{}个账号受影响，请安全管理员核对授权。", plan.accounts));
    }
    confirm
}

/// Most problems listed before a merger; their number is always told in full.
const LISTED_PROBLEMS: usize = 200;

fn merge_details(plan: &MergePlan) -> Markup {
    let rows = plan.problems.iter().take(LISTED_PROBLEMS).map(|problem| {
        let note = match (&problem.new_checker, problem.lacks_checker, problem.open) {
            (Some(name), ..) => format!("验收单位改为“{name}”：合并后原验收单位就是整改单位"),
            (None, true, _) => "合并后没有验收单位，请专班另行指定".to_owned(),
            (None, false, false) => "已销号，只移交回头看".to_owned(),
            (None, false, true) => "由接收单位承接".to_owned(),
        };
        Row::new([
            html! { a href={ "/problems/" (problem.id) } { "第" (problem.number) "号" } },
            html! { (problem.text.chars().take(60).collect::<String>()) },
            html! { (note) @if problem.lost_leader { "；包案领导须重新确定" } },
        ])
    });
    let table = Table::new("moved", "随合并移交的问题")
        .hide_caption()
        .columns([Column::new("问题").short(), Column::new("内容").long(), Column::new("怎样处理")])
        .row_head(0)
        .rows(rows)
        .stack()
        .empty(ui::empty("没有需要移交的问题", "", None));
    html! {
        (card(format!("随合并移交的问题（{}）", plan.problems.len()), html! {
            (table)
            @if plan.problems.len() > LISTED_PROBLEMS { p .text-muted { "只列出前" (LISTED_PROBLEMS) "件。" } }
        }).flush())
    }
}
