//! One cell opened: the figure, the units behind it, the records, excuses.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::Context;
use bihuan_app::required_action::{CellExcuse, CellPage, ExcuseInput};
use bihuan_app::slip::SubjectSlips;
use bihuan_domain::Coded;
use bihuan_domain::Day;
use bihuan_domain::id::{ExcuseId, RequiredActionId, UnitId};
use bihuan_domain::required_action::{EXCUSE_CHARS_MAX, ExcuseState, Status};
use bihuan_domain::slip::Subject;
use maud::{Markup, html};

use super::show::{cell_at, matrix_at, status_badge};
use super::{ACTIONS_PATH, day_of};
use crate::{
    error::Problem,
    form::{FieldErrors, Fields, QueryFields},
    frame::{Again, Page},
    pages::problem::input_of_form,
    state::{Session, WebState},
    ui::{self, Choice, Column, Href, PostForm, Row, Table, Tone, badge, button, button_link, card},
};

pub(super) async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let unit = query.number("unit").map(UnitId).ok_or(Problem::NotFound)?;
    let period = day_of(&query, "period")?;
    let again = Again { errors: FieldErrors::default(), status: axum::http::StatusCode::OK };
    show_cell(&web, &ctx, &page, RequiredActionId(id), unit, period, &query, &again).await
}

#[expect(clippy::too_many_arguments, reason = "the address of a cell and the form on it")]
async fn show_cell(
    web: &WebState,
    ctx: &Context,
    page: &Page,
    id: RequiredActionId,
    unit: UnitId,
    period: Day,
    fields: &Fields,
    again: &Again,
) -> Result<Response, Problem> {
    let who = ctx.clone();
    let found = web.run(move |app| app.action_cell(&who, id, unit, period)).await?;
    let named = Subject::owed(id.0, unit, period);
    let (who, owes) = (ctx.clone(), found.own.is_some());
    let slips = match owes {
        true => web.run(move |app| app.subject_slips(&who, &named)).await?,
        false => SubjectSlips::default(),
    };
    let frame = page
        .frame(format!("{} {}", found.unit.name, found.column.label))
        .crumb("规定动作", ACTIONS_PATH)
        .crumb(found.rule.name.clone(), matrix_at(id, unit).to_string());
    let body = html! {
        (figure(&found))
        (units(&found))
        (subjects(&found))
        (records(&found))
        (excuses(page, &found, fields, &again.errors)?)
        (crate::pages::slip::of_subject(&slips, &named, ctx.today()))
    };
    Ok(page.show_again(frame, body, again))
}

fn figure(found: &CellPage) -> Markup {
    let tally = &found.tally;
    let lead = format!("{} · {}", found.rule.name, found.column.label);
    html! {
        (ui::heading(&found.unit.name, Some(&lead), html! {
            @if found.may_record { (button_link("登记活动", found.record_href.clone()).primary()) }
            (button_link("各周期", matrix_at(found.action.id, found.unit.id).to_string()))
        }))
        p {
            (found.rule.subject.label()) "，" (found.rule.in_words()) "；按时登记到" (found.column.due.in_chinese()) "。 "
            @if let Some(own) = found.own { "本单位自身：" (status_badge(own)) }
        }
        dl .facts {
            dt { "应做" } dd { (tally.expected) }
            dt { "按期完成" } dd { (tally.done) @if tally.done_early > 0 { "，其中提前完成" (tally.done_early) } }
            dt { "逾期完成" } dd { (tally.done_late) }
            dt { "经批准免做" } dd { (tally.excused) }
            dt { "逾期未完成" } dd { (tally.missed) }
            dt { "未到期" } dd { (tally.not_yet_due) }
        }
    }
}

fn units(found: &CellPage) -> Markup {
    if found.units.len() < 2 {
        return html! {};
    }
    let row = |line: &bihuan_app::required_action::CellUnit| {
        let tally = line.tally.unwrap_or_default();
        let silent = line.status == Some(Status::Missed) || line.status == Some(Status::NotYetDue);
        let cells = Row::new([
            html! { a href=(cell_at(found.action.id, line.unit, found.column.period)) { (line.name) } },
            html! { @match line.status { Some(status) => (status_badge(status)), None => span .text-muted { "—" } } },
            html! { @if line.own.is_some_and(|own| own.records == 0) && silent { "未报告" } @else { (line.own.map_or(0, |own| own.records)) "条" } },
            html! { (tally.done + tally.done_late) " / " (tally.expected) },
        ]);
        if line.status == Some(Status::Missed) || tally.missed > 0 { cells.tone(Tone::Danger) } else { cells }
    };
    html! {
        (Table::new("units", "各单位（法定排序）")
            .row_head(0)
            .columns([Column::new("单位"), Column::new("本单位自身"), Column::new("记录"), Column::new("连同下级 已做/应做").number()])
            .rows(found.units.iter().map(row))
            .stack())
    }
}

fn records(found: &CellPage) -> Markup {
    let rows = found.records.iter().map(|record| {
        Row::new([
            html! { a href={ "/activities/" (record.activity.id) } { (record.activity.topic) } },
            html! { (record.unit_name) @if record.elsewhere { br; (badge(Tone::Info, "在外单位开展")) } },
            html! { (record.activity.day) @if record.activity.makes_up_day.is_some() { br; (badge(Tone::Warning, "补做")) } },
            html! { (record.activity.filed_day()) @if record.filed_late { br; (badge(Tone::Warning, "迟报")) } },
        ])
    });
    html! {
        (Table::new("records", format!("算数的记录（共{}条）", found.records_total))
            .row_head(0)
            .columns([Column::new("内容").long(), Column::new("单位"), Column::new("活动日期").short(), Column::new("登记日期").short()])
            .rows(rows)
            .stack()
            .empty(html! { p .text-muted { "还没有算数的记录。" } }))
    }
}

/// The unit's posts or people in the order of its posts; nobody is compared with anybody.
fn subjects(found: &CellPage) -> Markup {
    if found.subjects.is_empty() {
        return html! {};
    }
    let rows = found.subjects.iter().map(|one| {
        Row::new([html! { (one.name) }, html! { (status_badge(one.status)) }, html! { (one.records) "条" }])
    });
    let what = format!("本单位的{}（按岗位顺序）", found.rule.subject.label());
    html! {
        (Table::new("subjects", what)
            .row_head(0)
            .columns([Column::new(found.rule.subject.label()), Column::new("完成情况"), Column::new("记录").number()])
            .rows(rows))
    }
}

fn excuses(page: &Page, found: &CellPage, fields: &Fields, errors: &FieldErrors) -> Result<Markup, Problem> {
    let is_open = |status: Status| matches!(status, Status::Missed | Status::NotYetDue);
    let live = |state: ExcuseState| matches!(state, ExcuseState::Asked | ExcuseState::Approved);
    let askable: Vec<Choice> = found
        .subjects
        .iter()
        .filter(|one| is_open(one.status) && !one.excused)
        .map(|one| Choice::new(one.id.to_string(), one.name.clone()))
        .collect();
    let own = found.own.is_some_and(is_open) && !found.excuses.iter().any(|line| live(line.excuse.state));
    let may_ask = found.may_record && (own || !askable.is_empty());
    let ask = PostForm::new(format!("{ACTIONS_PATH}/{}/excuses", found.action.id), page.csrf()?)
        .hidden("unit", found.unit.id.to_string())
        .hidden("period", found.column.period.last.to_string())
        .errors(errors)
        .body(html! {
            @if !askable.is_empty() {
                (ui::select("subject", &format!("为哪个{}申请", found.rule.subject.label()), askable).refill(fields).errors(errors))
            }
            (ui::area("reason", "理由", 3).max_chars(EXCUSE_CHARS_MAX).refill(fields).errors(errors).required().hint("例如：全村转移安置；上级批准后，这个周期不算逾期"))
            div .actions { (button("申请本周期免做")) }
        });
    let mut list = Vec::new();
    for line in &found.excuses {
        list.push(excuse(page, found.may_decide, line)?);
    }
    Ok(html! {
        @if !list.is_empty() || may_ask {
            (card("免做", html! {
                @if !list.is_empty() { ul .list-unstyled { @for item in &list { (item) } } }
                @if may_ask { (ask) }
            }))
        }
    })
}

fn excuse(page: &Page, may_decide: bool, line: &CellExcuse) -> Result<Markup, Problem> {
    let excuse = &line.excuse;
    let here = format!("excuse-{}", excuse.id);
    let form = PostForm::new(format!("/excuses/{}/decide", excuse.id), page.csrf()?)
        .hidden("version", excuse.version.to_string())
        .within(&here)
        .body(html! {
            (ui::text("reason", "答复意见").within(&here).max_chars(EXCUSE_CHARS_MAX))
            div .actions {
                @if excuse.state == ExcuseState::Asked {
                    (button("批准免做").primary().sends("decision", "approved"))
                    (button("不批准").sends("decision", "refused"))
                } @else {
                    (button("撤销批准").sends("decision", "revoked"))
                }
            }
        });
    let decidable = may_decide && matches!(excuse.state, ExcuseState::Asked | ExcuseState::Approved);
    Ok(html! {
        li {
            (badge(Tone::Neutral, excuse.state.label())) " "
            @if !line.subject.is_empty() { strong { (line.subject) } "：" }
            (excuse.reason)
            br; span .text-muted {
                (line.asked_by) "申请"
                @if !line.decided_by.is_empty() { "，" (line.decided_by) "答复" }
                @if !excuse.decision_reason.is_empty() { "：" (excuse.decision_reason) }
            }
            @if decidable { (form) }
        }
    })
}

pub(super) async fn ask(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let sent = input_of_form::<ExcuseInput>(&fields)?;
    let unit = fields.number("unit").map(UnitId).ok_or(Problem::NotFound)?;
    let period = day_of(&fields, "period")?;
    let (who, id) = (ctx.clone(), RequiredActionId(id));
    match web.run(move |app| app.ask_excuse(&who, id, sent)).await {
        Ok(_) => {
            let to = Href::new(format!("{ACTIONS_PATH}/{id}/cell")).with("unit", unit).with("period", period);
            Ok(page.go(to.to_string(), "免做申请已报上级。"))
        }
        Err(problem) => {
            let again = Again::of(problem)?;
            show_cell(&web, &ctx, &page, id, unit, period, &fields, &again).await
        }
    }
}

pub(super) async fn decide(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let (version, decision, reason) =
        (fields.number("version"), fields.text("decision").to_owned(), fields.text("reason").to_owned());
    let done = web.run(move |app| app.decide_excuse(&ctx, ExcuseId(id), version, &decision, &reason)).await?;
    let to = Href::new(format!("{ACTIONS_PATH}/{}/cell", done.rule_id))
        .with("unit", done.unit_id)
        .with("period", done.period_day);
    Ok(page.go(to.to_string(), &format!("申请{}。", done.state.label())))
}
