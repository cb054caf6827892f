//! A class 读书班: its sessions, who was there, make-up.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::Context;
use bihuan_app::study::{ClassPage, SessionInput};
use bihuan_domain::activity::MINUTES_CHARS_MAX;
use bihuan_domain::id::{ClassSessionId, StudyClassId};
use maud::{Markup, html};

use super::{Refused, STUDY_PATH, in_hours, post, put, refusal};
use crate::{
    error::Problem,
    form::Fields,
    frame::Page,
    pages::problem::input_of_form,
    state::{Session, WebState},
    ui::{self, Choice, Column, Row, Table, Tone, badge, button, card, choices},
};

pub(super) async fn class(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let found = web.run(move |app| app.class_page(&ctx, StudyClassId(id))).await?;
    let frame = page.frame(found.class.name.clone()).crumb("学习", STUDY_PATH);
    Ok(page.show(frame, class_body(&page, &found, None)?))
}

/// The class's page with the refused form as it was filled in.
async fn class_again(
    web: &WebState,
    ctx: Context,
    page: &Page,
    id: i64,
    refused: Refused,
) -> Result<Response, Problem> {
    let found = web.run(move |app| app.class_page(&ctx, StudyClassId(id))).await?;
    let frame = page.frame(found.class.name.clone()).crumb("学习", STUDY_PATH);
    Ok(page.show_again(frame, class_body(page, &found, Some(&refused))?, &refused.again))
}

fn class_body(page: &Page, found: &ClassPage, refused: Option<&Refused>) -> Result<Markup, Problem> {
    let lead = format!(
        "{} · {}至{}",
        found.unit.name,
        found.class.from_day.in_chinese(),
        found.class.to_day.in_chinese()
    );
    let rows = found.members.iter().map(|member| {
        let state = member.completeness;
        Row::new([
            html! { (member.name) },
            html! { (state.attended) " / " (state.held) @if state.made_up > 0 { "（补课" (state.made_up) "）" } },
            html! { (in_hours(state.minutes)) @if found.class.hours > 0 { " / " (found.class.hours) } },
            html! { @if state.is_complete(&found.class) { (badge(Tone::Good, "已学完")) } @else { (badge(Tone::Info, "还要补")) } },
        ])
    });
    let members = || choices(found.members.iter().map(|m| (m.person.to_string(), m.name.clone())));
    let mut sessions = Vec::new();
    for session in &found.sessions {
        let here = format!("session-{}", session.id);
        let at =
            found.members.iter().filter(|m| m.attended.contains(&session.id)).map(|m| m.person.to_string());
        let to = format!("/study/classes/{}/sessions/{}", found.class.id, session.id);
        let form = post(page, to, refused, &here)?.body(html! {
            (put(refused, &here, ui::checkboxes("people", "到课人员", members()).values(at)))
            div .actions { (button("更正到课")) }
        });
        sessions.push(html! { li {
            (session.day) " " (session.topic) "，" (session.duration_minutes) "分钟"
            @if session.makes_up_id.is_some() { " " (badge(Tone::Warning, "补课")) }
            @if let Some(id) = session.activity_id { " " a href={ "/activities/" (id) } { "活动记录" } }
            @if found.may_run { details open[refusal(refused, &here).is_some()] { summary { "到课" } (form) } }
        } });
    }
    let mut first = vec![Choice::new("", "不是补课")];
    first.extend(
        found
            .sessions
            .iter()
            .filter(|s| s.makes_up_id.is_none())
            .map(|s| Choice::new(s.id.to_string(), format!("补{} {}", s.day, s.topic))),
    );
    let put = |field| put(refused, "session", field);
    let to = format!("/study/classes/{}/sessions", found.class.id);
    let all = found.members.iter().map(|m| m.person.to_string());
    let form = post(page, to, refused, "session")?.body(html! {
        (put(ui::date("day", "日期").required()))
        (put(ui::text("topic", "学习内容").required()))
        (put(ui::number("duration", "时长（分钟）").required().narrow()))
        (put(ui::select("makes_up", "补哪一课", first)))
        (put(ui::checkboxes("people", "到课人员", members()).values(all).hint("默认全到，去掉没来的")))
        @if !found.class.kind.is_empty() {
            (put(ui::area("minutes_text", "记录或纪要", 3).max_chars(MINUTES_CHARS_MAX).hint("规定动作要求记录或纪要时才填；附件可以登记后在这一课的“活动记录”里补")))
        }
        div .actions { (button("登记一课").primary()) }
    });
    Ok(html! {
        (ui::heading(&found.class.name, Some(&lead), html! {}))
        (Table::new("members", "学习情况").row_head(0)
            .columns([Column::new("姓名"), Column::new("到课").number(), Column::new("学时").number(), Column::new("情况")])
            .rows(rows).stack())
        (card("课次", html! { @if sessions.is_empty() { p .text-muted { "还没有登记课次。" } } @else { ol { @for item in &sessions { (item) } } } }))
        @if found.may_run { (card("登记一课", html! { (form) })) }
    })
}

pub(super) async fn add_session(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let sent = input_of_form::<SessionInput>(&fields)?;
    let who = ctx.clone();
    match web.run(move |app| app.add_session(&who, StudyClassId(id), sent)).await {
        Ok(_) => Ok(page.go(format!("/study/classes/{id}"), "已登记一课。")),
        Err(problem) => class_again(&web, ctx, &page, id, Refused::of("session", fields, problem)?).await,
    }
}

pub(super) async fn set_attendance(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path((id, session)): Path<(i64, i64)>,
    fields: Fields,
) -> Result<Response, Problem> {
    let people: Vec<String> = fields.all("people").map(str::to_owned).collect();
    let who = ctx.clone();
    let (class, at) = (StudyClassId(id), ClassSessionId(session));
    match web.run(move |app| app.set_attendance(&who, class, at, people)).await {
        Ok(()) => Ok(page.go(format!("/study/classes/{id}"), "到课情况已更正。")),
        Err(problem) => {
            let refused = Refused::of(format!("session-{session}"), fields, problem)?;
            class_again(&web, ctx, &page, id, refused).await
        }
    }
}
