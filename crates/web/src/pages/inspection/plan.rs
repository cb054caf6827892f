//! One plan: what it says, who visits whom, what overlaps, and the next step.

use axum::{Json, extract::State, response::Response};
use bihuan_app::Context;
use bihuan_app::inspection::{DecideInput, InspectionView, Overlap, VisitInput};
use bihuan_app::problem::{NoteInput, ReasonInput};
use bihuan_domain::Coded;
use bihuan_domain::id::{InspectionId, PersonId, VisitId};
use bihuan_domain::inspection::{InspectionState, VisitKind, VisitState};
use maud::{Markup, html};
use serde_json::{Value, json};

use super::{INSPECTIONS_PATH, state_badge, visit_badge};
use crate::{
    error::Problem,
    frame::Page,
    page::Frame,
    route::Route,
    state::{Session, WebState},
    step,
    step::{Carried, Place, Shown, Typed},
    ui::{
        self, Choice, Column, Href, Notice, PostForm, Row, Table, badge, button, button_link, card, choices,
        definitions,
    },
};

fn done(at: Place) -> Carried {
    Carried::to(format!("{INSPECTIONS_PATH}/{}", at.id), json!({ "id": at.id }))
}

#[expect(clippy::too_many_lines, reason = "one table of routes, a row a step")]
pub(super) fn steps() -> Vec<[Route<WebState>; 2]> {
    vec![
        step!(
            "/inspections/{id}/visits",
            "inspection",
            "add_visits",
            "安排走访",
            "已安排走访。",
            &[("units", "受检单位")],
            again,
            |app, ctx, at, version, sent: VisitInput| {
                app.add_visits(ctx, InspectionId(at.id), version, sent)?;
                Ok(done(at))
            }
        ),
        step!(
            "/inspections/{id}/propose",
            "inspection",
            "propose",
            "检查计划报批",
            "已报批，等待领导审批。",
            again,
            |app, ctx, at, version, _: NoteInput| {
                app.propose_inspection(ctx, InspectionId(at.id), version)?;
                Ok(done(at))
            }
        ),
        step!(
            "/inspections/{id}/decide",
            "inspection",
            "decide",
            "审批检查计划",
            "审批意见已记录。",
            again,
            |app, ctx, at, version, sent: DecideInput| {
                app.decide_inspection(ctx, InspectionId(at.id), version, sent)?;
                Ok(done(at))
            }
        ),
        step!(
            "/inspections/{id}/issue",
            "inspection",
            "issue",
            "下发检查计划",
            "检查计划已下发。",
            again,
            |app, ctx, at, version, sent: ReasonInput| {
                app.issue_inspection(ctx, InspectionId(at.id), version, &sent.reason)?;
                Ok(done(at))
            }
        ),
        step!(
            "/inspections/{id}/revise",
            "inspection",
            "revise",
            "调整检查计划",
            "已转为拟制中，修改后须重新报批。",
            again,
            |app, ctx, at, version, sent: ReasonInput| {
                app.revise_inspection(ctx, InspectionId(at.id), version, &sent.reason)?;
                Ok(done(at))
            }
        ),
        step!(
            "/inspections/{id}/end",
            "inspection",
            "end",
            "结束检查",
            "检查已结束。",
            again,
            |app, ctx, at, version, _: NoteInput| {
                app.end_inspection(ctx, InspectionId(at.id), version)?;
                Ok(done(at))
            }
        ),
    ]
}

pub(super) async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    place: Place,
) -> Result<Response, Problem> {
    let (frame, body) = render(&web, &ctx, &page, place.id, None).await?;
    Ok(page.show(frame, body))
}

pub(super) async fn show_json(
    State(web): State<WebState>,
    Session(ctx): Session,
    place: Place,
) -> Result<Json<Value>, Problem> {
    let view = web.run(move |app| app.inspection(&ctx, InspectionId(place.id))).await?;
    let overlaps: Vec<Value> = view
        .overlaps
        .iter()
        .map(|one| json!({ "visit": one.own, "other": one.other.visit.id, "title": one.other.title, "unit": one.other.unit.id, "alike": one.alike }))
        .collect();
    let visits: Vec<&bihuan_domain::inspection::Visit> = view.visits.iter().map(|line| &line.visit).collect();
    Ok(Json(
        json!({ "inspection": view.inspection, "team": view.team, "visits": visits, "overlaps": overlaps, "missing": view.missing }),
    ))
}

fn again(web: WebState, ctx: Context, page: Page, place: Place, typed: Typed) -> Shown {
    Box::pin(async move { render(&web, &ctx, &page, place.id, Some(&typed)).await })
}

async fn render(
    web: &WebState,
    ctx: &Context,
    page: &Page,
    id: i64,
    typed: Option<&Typed>,
) -> Result<(Frame, Markup), Problem> {
    let who = ctx.clone();
    let view = web.run(move |app| app.inspection(&who, InspectionId(id))).await?;
    let plan = &view.inspection;
    let lead = format!("{} · {} · 第{}版", view.unit.name, plan.kind.label(), plan.revision);
    let drafted = plan.state == InspectionState::Draft && view.may_plan;
    let body = html! {
        (ui::heading(&plan.title, Some(&lead), html! {
            @if drafted { (button_link("修改计划", format!("{INSPECTIONS_PATH}/{id}/edit"))) }
            (ui::print_button())
        }))
        (next(&view, page, typed)?)
        (overlaps(&view))
        (facts(&view))
        (visits(&view))
        @if view.may_plan && plan.state != InspectionState::Ended { (add_visits(&view, page, typed)?) }
        (revisions(&view))
    };
    Ok((page.frame(plan.title.clone()).crumb("督导检查", INSPECTIONS_PATH), body))
}

fn person(view: &InspectionView, id: PersonId) -> String {
    let name = view.people.get(&id).cloned().unwrap_or_default();
    if view.inspection.head_id == Some(id) { format!("{name}（组长）") } else { name }
}

fn facts(view: &InspectionView) -> Markup {
    let plan = &view.inspection;
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let team: Vec<String> = view.team.iter().map(|id| person(view, *id)).collect();
    html! {
        (card("检查计划", html! {
            (definitions()
                .add("状态", state_badge(plan))
                .add("时间", html! { (plan.starts_day.in_chinese()) "至" (plan.ends_day.in_chinese()) })
                .add("方式", html! { (plan.means.label()) })
                .add_some("批准机关和时间", some(&plan.authority))
                .add_some("依据文件", some(&plan.document))
                .add_some("督查内容", some(&plan.subject))
                .add_some("对象和范围", some(&plan.targets))
                .add_some("督查组", some(&team.join("、")))
                .add("检查清单", html! { @match &view.checklist { Some(list) => (list.name), None => span .text-muted { "不用清单" } } })
                .add("审批", html! {
                    @match (plan.decided_by, plan.decided_at) {
                        (Some(who), Some(at)) => { (view.people.get(&who).cloned().unwrap_or_default()) "，" (at.in_chinese()) @if !plan.decision_note.is_empty() { "：" (plan.decision_note) } },
                        _ => span .text-muted { "尚未审批" },
                    }
                }))
            @if !plan.overlap_reason.is_empty() { p { "重复检查的理由：" (plan.overlap_reason) } }
        }))
    }
}

#[expect(clippy::collapsible_match, reason = "each state of a plan is one arm of the page")]
/// The one form of the next step, for whom may take it.
fn next(view: &InspectionView, page: &Page, typed: Option<&Typed>) -> Result<Markup, Problem> {
    let (plan, csrf) = (&view.inspection, page.csrf()?);
    let base = format!("{INSPECTIONS_PATH}/{}", plan.id);
    let form = |name: &str| {
        let typed = Typed::of(typed, name);
        PostForm::new(format!("{base}/{name}"), csrf)
            .within(name)
            .hidden("version", plan.version.to_string())
            .errors(&typed.errors)
    };
    let (issue, decide, revise) =
        (Typed::of(typed, "issue"), Typed::of(typed, "decide"), Typed::of(typed, "revise"));
    let decisions = choices([("approve", "批准"), ("return", "退回修改")]);
    Ok(html! {
        @match plan.state {
            InspectionState::Draft if view.may_plan => {
                @if view.missing.is_empty() {
                    (card("报批", html! { (form("propose").body(html! { div .actions { (button("报领导审批").primary()) } })) }))
                } @else {
                    (Notice::warning(format!("还缺：{}。补齐后才能报批。", view.missing.join("、"))))
                }
            },
            InspectionState::Proposed if view.may_decide => {
                (card("审批", html! {
                    (form("decide").body(html! {
                        (ui::radios("decision", "审批结论", decisions).within("decide").required().refill(&decide.fields).errors(&decide.errors))
                        (ui::area("note", "审批意见", 2).within("decide").hint("退回须写明理由").refill(&decide.fields).errors(&decide.errors))
                        div .actions { (button("提交审批意见").primary()) }
                    }))
                }))
            },
            InspectionState::Proposed => (Notice::info("已报批，等待领导审批。")),
            InspectionState::Approved if view.may_plan => {
                (card("下发", html! {
                    (form("issue").body(html! {
                        @if !view.overlaps.is_empty() {
                            (ui::area("reason", "重复检查的理由", 2).within("issue").hint("有重复的，合并、错开或者采用对方结果；确需重复的写明理由").refill(&issue.fields).errors(&issue.errors))
                        }
                        div .actions { (button("下发检查计划").primary()) }
                    }))
                }))
            },
            InspectionState::Issued if view.may_plan => {
                @if view.visits.iter().all(|line| line.visit.state != VisitState::Planned) {
                    (card("结束", html! { (form("end").body(html! { div .actions { (button("结束检查").primary()) } })) }))
                }
            },
            _ => {},
        }
        @if view.may_plan && matches!(plan.state, InspectionState::Proposed | InspectionState::Approved | InspectionState::Issued) {
            details .fold open[revise.is_refused()] {
                summary { span .caret aria-hidden="true" {} "调整计划（须重新报批）" }
                (form("revise").body(html! {
                    (ui::text("reason", "调整理由").within("revise").required().refill(&revise.fields).errors(&revise.errors))
                    div .actions { (button("转为拟制中")) }
                }))
            }
        }
    })
}

/// What others do at the same units nearby, shown before the plan is issued.
fn overlaps(view: &InspectionView) -> Markup {
    if view.overlaps.is_empty() {
        return html! {};
    }
    let own = |id: VisitId| view.visits.iter().find(|line| line.visit.id == id);
    let rows = view.overlaps.iter().map(|Overlap { own: id, other, alike }| {
        let days = own(*id).map(|line| format!("{}至{}", line.visit.from_day, line.visit.to_day)).unwrap_or_default();
        Row::new([
            html! { (other.unit.name) },
            html! { (days) },
            html! { div { (other.title) @if !other.subject.is_empty() { br; span .text-muted { (other.subject) } } @if *alike { br; (badge(ui::Tone::Danger, "内容相近")) } } },
            html! { div { (other.visit.from_day) "至" (other.visit.to_day) br; (visit_badge(other.visit.state)) } },
            html! { a href={ "/visits/" (id) } { "处理" } },
        ])
    });
    let table = Table::new("overlaps", "重复的检查")
        .hide_caption()
        .columns([
            Column::new("单位"),
            Column::new("本计划").short(),
            Column::new("对方检查").long(),
            Column::new("对方时间").short(),
            Column::new("办理").short(),
        ])
        .row_head(0)
        .rows(rows)
        .stack();
    html! {
        (Notice::warning(format!("有{}处与其他检查重复：同一单位，前后一周之内。", view.overlaps.len())))
        (card("重复的检查", html! { (table) }).flush())
    }
}

fn visits(view: &InspectionView) -> Markup {
    let rows = view.visits.iter().map(|line| {
        let visit = &line.visit;
        let people = view.members.get(&visit.id).map(Vec::as_slice).unwrap_or_default();
        let people: Vec<String> = people.iter().map(|id| person(view, *id)).collect();
        Row::new([
            html! { a href={ "/visits/" (visit.id) } { (line.unit.name) } @if visit.draw_id.is_some() { " " (badge(ui::Tone::Info, "抽中")) } },
            html! { (visit.kind.label()) },
            html! { (visit.from_day) "至" (visit.to_day) },
            html! { (people.join("、")) },
            html! { (visit_badge(visit.state)) },
            html! { (line.findings) },
        ])
    });
    let table = Table::new("visits", "走访安排")
        .hide_caption()
        .columns([
            Column::new("单位"),
            Column::new("种类").short(),
            Column::new("时间").short(),
            Column::new("检查人员"),
            Column::new("状态").short(),
            Column::new("发现").number(),
        ])
        .row_head(0)
        .rows(rows)
        .stack()
        .empty(html! { p .text-muted { "还没有安排走访单位。" } });
    let left = view.visits.iter().filter(|line| line.visit.state == VisitState::Planned).count();
    let aside = html! {
        @if !view.visits.is_empty() { (view.visits.len()) "个，待检查" (left) "个" }
        @for draw in &view.draws { " " a href={ "/draws/" (draw.id) } { (draw.title) } }
    };
    html! { (card("走访安排", html! { (table) }).aside(aside).flush()) }
}

fn add_visits(view: &InspectionView, page: &Page, typed: Option<&Typed>) -> Result<Markup, Problem> {
    let plan = &view.inspection;
    let typed = Typed::of(typed, "add_visits");
    let (have, errors) = (&typed.fields, &typed.errors);
    let kinds = choices(VisitKind::ALL.iter().map(|kind| (kind.code(), kind.label())));
    let people: Vec<Choice> =
        view.team.iter().map(|id| Choice::new(id.to_string(), person(view, *id))).collect();
    let draw = Href::new("/draws/new")
        .with("inspection", plan.id)
        .with("campaign", plan.campaign_id)
        .with("purpose", "visits");
    let form = PostForm::new(format!("{INSPECTIONS_PATH}/{}/visits", plan.id), page.csrf()?)
        .within("add_visits")
        .hidden("version", plan.version.to_string())
        .errors(errors);
    Ok(html! {
        details .fold open[typed.is_refused() || view.visits.is_empty()] {
            summary { span .caret aria-hidden="true" {} "安排走访单位" }
            p { "也可以" a href=(draw) { "随机抽取受检单位和检查人员" } "。" }
            (form.body(html! {
                (ui::area("units", "受检单位", 3).within("add_visits").required().hint("每行一个，填写名称、简称或代码").refill(have).errors(errors))
                (ui::select("kind", "走访种类", kinds).within("add_visits").refill(have).errors(errors))
                (ui::date("from_day", "最早日期").within("add_visits").value(plan.starts_day.to_string()).refill(have).errors(errors))
                (ui::date("to_day", "最晚日期").within("add_visits").value(plan.ends_day.to_string()).refill(have).errors(errors))
                div .short-options { (ui::checkboxes("members", "检查人员", people).within("add_visits").hint("都不选就是全组").refill(have).errors(errors)) }
                div .actions { (button("安排走访").primary()) }
            }))
        }
    })
}

fn revisions(view: &InspectionView) -> Markup {
    if view.revisions.is_empty() {
        return html! {};
    }
    html! {
        (card("历次版本", html! {
            ul .plain-list { @for one in &view.revisions { li {
                "第" (one.revision) "版：" (one.at_us.in_chinese()) "，" (view.people.get(&one.person_id).cloned().unwrap_or_default()) "调整，理由：" (one.reason)
            } } }
        }))
    }
}
