//! What is kept on a person: for themselves, and for the administrators who hand it out or erase it.

use axum::{
    extract::{Path, State},
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use bihuan_app::Context;
use bihuan_app::erasure::{ERASURES_PAGE, PersonalData};
use bihuan_domain::erasure::{ASKED_BY_CHARS_MAX, Asked, ERASURE_TEXT_CHARS_MAX, Erasure, ErasureState};
use bihuan_domain::id::{ErasureId, PersonId};
use bihuan_domain::role::Role;
use bihuan_domain::{Coded as _, Day};
use maud::{Markup, html};

use crate::{
    error::Problem,
    form::{FieldErrors, Fields, QueryFields},
    frame::{Again, Page},
    page::ACCOUNT_PATH,
    route::Route,
    state::{Session, WebState},
    ui::{
        self, Choice, Column, Href, Pager, PostForm, Row, Table, Tone, badge, button, button_link, card,
        definitions,
    },
};

const ERASURES_PATH: &str = "/admin/erasures";

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get(ERASURES_PATH, "erasure.list", "个人信息删除申请", list),
        Route::get("/people/{id}/data", "person.data", "系统保存的个人信息", show),
        Route::get("/people/{id}/data/export", "person.export_data", "导出个人信息", export),
        Route::post("/people/{id}/data/erasure", "erasure.request", "登记删除申请", request),
        Route::post("/people/{id}/data/erasure/decision", "erasure.decide", "决定删除申请", decide),
        Route::get("/account/data", "person.own_data", "系统保存的我的信息", own),
        Route::get("/account/data/export", "person.export_own_data", "导出我的信息", export_own),
    ]
}

pub(super) fn data_path(id: PersonId) -> String {
    format!("/people/{id}/data")
}

fn tone(state: ErasureState) -> Tone {
    match state {
        ErasureState::Requested => Tone::Warning,
        ErasureState::Done => Tone::Good,
        ErasureState::Refused => Tone::Neutral,
    }
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let number = query.number::<i64>("page").unwrap_or(1);
    let (rows, total) = web.run(move |app| app.erasures(&ctx, number)).await?;
    let rows = rows.iter().map(|(erasure, name)| {
        Row::new([
            html! { a href=(data_path(erasure.person_id)) { (name) } },
            html! { (badge(tone(erasure.state), erasure.state.label())) },
            html! { (erasure.asked_by) },
            html! { (erasure.asked_day.in_chinese()) },
            html! { (erasure.reason) },
            html! { (erasure.word) },
        ])
    });
    let columns = ["人员", "状态", "申请人", "申请日期", "理由", "决定意见"].map(Column::new);
    let table = Table::new("erasures", "个人信息删除申请").columns(columns).row_head(0).rows(rows).stack();
    let lead = "本人要求删除个人信息时，由系统管理员登记、安全管理员决定。登记请从“人员”打开其个人信息页。";
    let body = html! {
        (ui::heading("个人信息删除申请", Some(lead), html! { (button_link("人员", "/people")) }))
        (table.empty(ui::empty("没有删除申请", "收到申请后，在人员的个人信息页登记。", None)))
        (Pager::new(Href::new(ERASURES_PATH), u64::try_from(number).unwrap_or(1), ERASURES_PAGE as u64, u64::try_from(total).unwrap_or_default()))
    };
    Ok(page.show(page.frame("个人信息删除申请"), body))
}

async fn load(web: &WebState, ctx: &Context, id: i64) -> Result<PersonalData, Problem> {
    let who = ctx.clone();
    web.run(move |app| app.personal_data(&who, PersonId(id))).await
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let data = load(&web, &ctx, id).await?;
    let body = body(&page, &ctx, &data, &Fields::default(), &FieldErrors::default())?;
    Ok(page.show(frame(&page, &data), body))
}

fn frame(page: &Page, data: &PersonalData) -> crate::page::Frame {
    page.frame("系统保存的个人信息")
        .crumb("人员", "/people")
        .crumb(data.person.name.clone(), format!("/people/{}", data.person.id))
}

async fn own(State(web): State<WebState>, Session(ctx): Session, page: Page) -> Result<Response, Problem> {
    let data = load(&web, &ctx, ctx.actor.person.0).await?;
    let body = html! {
        (ui::heading("系统保存的我的信息", Some("除这里列出的以外，系统不保存您的其他个人信息，也不收集身份证号码。"), html! {
            (button_link("导出", "/account/data/export").primary())
        }))
        (kept(&data, true))
        p .text-muted { "姓名、电话有误，请本单位工作专班更正。离岗之后可以向系统管理员申请删除。" }
    };
    Ok(page.show(page.frame("系统保存的我的信息").crumb("我的账号", ACCOUNT_PATH), body))
}

/// What is kept, and what would become of it.
fn kept(data: &PersonalData, own: bool) -> Markup {
    let person = &data.person;
    let phone = if own { person.phone.clone() } else { person.masked_phone() };
    let mut facts = definitions()
        .add("姓名", &person.name)
        .add("办公电话", if phone.is_empty() { "未填写".to_owned() } else { phone });
    if let Some(account) = &data.account {
        facts = facts.add("登录名", html! { (account.login) "（" (account.state.label()) "）" });
    }
    facts = facts.add_some("任职经历", Some(data.posts.join("；")).filter(|posts| !posts.is_empty()));
    let line = |words: &str, count: i64, fate: &str| {
        Row::new([
            html! { (words) },
            html! { (ui::thousands(u64::try_from(count).unwrap_or_default())) },
            html! { (fate) },
        ])
    };
    let mut rows = vec![
        line("姓名、电话、登录名、密码散列、动态口令", 1, "删除"),
        line("日志旁保存的姓名、电话、登录名（按条）", data.personal_entries as i64, "删除，日志链不受影响"),
    ];
    rows.extend(data.goes.iter().map(|(words, count)| line(words, *count, "删除或收回")));
    rows.extend(data.stays.iter().map(|(words, count)| line(words, *count, "保留，只留人员编号")));
    let columns = [Column::new("种类"), Column::new("数量").number(), Column::new("删除时")];
    html! {
        (card("基本信息", html! { (facts) }))
        (card("保存的内容", html! {
            (Table::new("kept", "保存的内容和删除时的去留").hide_caption().columns(columns).row_head(0).rows(rows).stack())
            p .text-muted { "问题、措施、报告正文和附件里手写的姓名不会自动删除；以前的备份里仍有，到期销毁。" }
        }))
    }
}

fn body(
    page: &Page,
    ctx: &Context,
    data: &PersonalData,
    fields: &Fields,
    errors: &FieldErrors,
) -> Result<Markup, Problem> {
    let path = data_path(data.person.id);
    let waiting = data.erasures.iter().find(|erasure| erasure.state == ErasureState::Requested);
    let erased = data.erasures.iter().any(|erasure| erasure.state == ErasureState::Done);
    let system = ctx.actor.holds_anywhere(Role::SystemAdmin) && ctx.actor.person != data.person.id;
    let security = ctx.actor.holds_anywhere(Role::SecurityAdmin) && ctx.actor.person != data.person.id;
    let csrf = page.csrf()?;
    Ok(html! {
        (ui::heading("系统保存的个人信息", Some(&data.person.name), html! { (button_link("导出", format!("{path}/export"))) }))
        @if !((system && waiting.is_none() && !erased) || (security && waiting.is_some())) { (ui::error_summary(errors)) }
        (kept(data, ctx.actor.person == data.person.id))
        @if !data.erasures.is_empty() { (card("删除申请", html! { @for erasure in &data.erasures { (one(erasure)) } })) }
        @if let Some(erasure) = waiting.filter(|_| security) {
            (card("决定", html! { (PostForm::new(format!("{path}/erasure/decision"), csrf)
                .hidden("erasure", erasure.id.to_string()).hidden("version", erasure.version.to_string())
                .confirm("同意后立即删除，无法恢复。确定提交？").errors(errors).body(html! {
                (ui::radios("decision", "决定", vec![
                    Choice::new("accept", "同意删除").hint("法定保存期限已满或者不再必要"),
                    Choice::new("refuse", "不予删除").hint("例如保存期限未满；请在意见中写明依据"),
                ]).required().refill(fields).errors(errors))
                (ui::area("word", "决定意见", 3).required().max_chars(ERASURE_TEXT_CHARS_MAX).refill(fields).errors(errors))
                div .actions { (button("提交决定").danger()) }
            })) }))
        }
        @if system && waiting.is_none() && !erased {
            (card("登记删除申请", html! { (PostForm::new(format!("{path}/erasure"), csrf).errors(errors).body(html! {
                p .text-muted { "只删除已离岗、没有角色的人员的信息；由安全管理员决定后执行。" }
                (ui::text("asked_by", "申请人").hint("例如：本人书面申请；不要写姓名").required().max_chars(ASKED_BY_CHARS_MAX).refill(fields).errors(errors))
                (ui::date("asked_day", "申请日期").required().refill(fields).errors(errors))
                (ui::area("reason", "理由", 3).required().max_chars(ERASURE_TEXT_CHARS_MAX).refill(fields).errors(errors))
                div .actions { (button("登记").primary()) }
            })) }))
        }
    })
}

fn one(erasure: &Erasure) -> Markup {
    html! {
        (definitions()
            .add("状态", badge(tone(erasure.state), erasure.state.label()))
            .add("申请人", &erasure.asked_by)
            .add("申请日期", erasure.asked_day.in_chinese())
            .add("理由", &erasure.reason)
            .add_some("决定意见", Some(&erasure.word).filter(|word| !word.is_empty()))
            .add_some("决定时间", erasure.decided_at.map(|at| at.in_chinese())))
    }
}

/// What was asked, from a form; JSON uses the same names.
pub(crate) fn asked_of(text: impl Fn(&str) -> String) -> Result<Asked, Problem> {
    let day = text("asked_day");
    let asked_day = match day.trim() {
        "" => None,
        day => Some(Day::parse(day).map_err(|error| Problem::invalid("asked_day", error.to_string()))?),
    };
    Ok(Asked { asked_by: text("asked_by"), asked_day, reason: text("reason") })
}

/// `accept` or `refuse`.
pub(crate) fn decision_of(text: &str) -> Result<bool, Problem> {
    match text {
        "accept" => Ok(true),
        "refuse" => Ok(false),
        _ => Err(Problem::invalid("decision", "请选择同意删除还是不予删除。")),
    }
}

async fn again(
    web: &WebState,
    ctx: &Context,
    page: &Page,
    id: i64,
    fields: &Fields,
    problem: Problem,
) -> Result<Response, Problem> {
    let again = Again::of(problem)?;
    let data = load(web, ctx, id).await?;
    let body = body(page, ctx, &data, fields, &again.errors)?;
    Ok(page.show_again(frame(page, &data), body, &again))
}

async fn request(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let who = ctx.clone();
    let done = match asked_of(|name| fields.text(name).to_owned()) {
        Ok(asked) => web.run(move |app| app.request_erasure(&who, PersonId(id), asked)).await,
        Err(problem) => Err(problem),
    };
    match done {
        Ok(_) => Ok(page.go(data_path(PersonId(id)), "申请已登记，等安全管理员决定。")),
        Err(problem) => again(&web, &ctx, &page, id, &fields, problem).await,
    }
}

async fn decide(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let (who, erasure) = (ctx.clone(), fields.number("erasure").unwrap_or_default());
    let (version, word) = (fields.number("version"), fields.text("word").to_owned());
    let done = match decision_of(fields.text("decision")) {
        Ok(accept) => {
            web.run(move |app| app.decide_erasure(&who, ErasureId(erasure), version, accept, &word)).await
        }
        Err(problem) => Err(problem),
    };
    match done {
        Ok(done) => Ok(page.go(data_path(done.person_id), &format!("{}。", done.state.label()))),
        Err(problem) => again(&web, &ctx, &page, id, &fields, problem).await,
    }
}

async fn export(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    handed_out(&web, ctx, PersonId(id)).await
}

async fn export_own(State(web): State<WebState>, Session(ctx): Session) -> Result<Response, Problem> {
    let id = ctx.actor.person;
    handed_out(&web, ctx, id).await
}

async fn handed_out(web: &WebState, ctx: Context, id: PersonId) -> Result<Response, Problem> {
    let data = web.run(move |app| app.export_personal_data(&ctx, id)).await?;
    let text = serde_json::to_string_pretty(&data).map_err(Problem::fault)?;
    let name = format!("attachment; filename=\"personal-data-{id}.json\"");
    Ok(([(CONTENT_TYPE, "application/json; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)], text)
        .into_response())
}
