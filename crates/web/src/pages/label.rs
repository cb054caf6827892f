//! The label of a file, and of whom may open what.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::Context;
use bihuan_app::label::{LabelInput, LabelView};
use bihuan_domain::id::{AccountId, EvidenceId, ProblemId};
use bihuan_domain::label::{LABEL_REASON_CHARS_MAX, Label};
use bihuan_domain::{Coded as _, id::PersonId};
use maud::{Markup, html};

use super::problem::input_of_form;
use crate::{
    error::Problem,
    form::{FieldErrors, Fields},
    frame::{Again, Page},
    guard::CsrfToken,
    route::Route,
    state::{Session, WebState},
    ui::{self, Badge, Choice, PostForm, Tone, badge, button, button_link},
};

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get("/problems/{id}/evidence/{part}/label", "evidence.label_page", "材料的信息标签", show),
        Route::post("/problems/{id}/evidence/{part}/label", "evidence.label", "调整材料的信息标签", change),
        Route::post("/admin/accounts/{id}/clearance", "account.clear", "设置可以查看的信息标签", clear),
    ]
}

/// A label as a badge; nothing for the common one.
pub(crate) fn shown(label: Label) -> Option<Badge> {
    match label {
        Label::Internal => None,
        Label::Public => Some(badge(Tone::Info, label.label())),
        Label::Sensitive => Some(badge(Tone::Danger, label.label())),
    }
}

pub(crate) fn label_choices() -> Vec<Choice> {
    vec![
        Choice::new(Label::Public.code(), Label::Public.label()).hint("可以对外公开的内容"),
        Choice::new(Label::Internal.code(), Label::Internal.label()).hint("能看到这个问题的人都可以打开"),
        Choice::new(Label::Sensitive.code(), Label::Sensitive.label())
            .hint("只有上传人和安全管理员授权的人可以打开，内容不进检索"),
    ]
}

async fn load(web: &WebState, ctx: &Context, (id, part): (i64, i64)) -> Result<LabelView, Problem> {
    let who = ctx.clone();
    web.run(move |app| app.evidence_label(&who, ProblemId(id), EvidenceId(part))).await
}

fn body(page: &Page, view: &LabelView, fields: &Fields, errors: &FieldErrors) -> Result<Markup, Problem> {
    let e = &view.evidence;
    let problem = format!("/problems/{}", e.problem_id);
    Ok(html! {
        (ui::heading("信息标签", Some(&e.caption), html! {}))
        (ui::panel(html! {
            p { "现在是“" (view.label.label()) "”。国家秘密不得存入本系统，也没有对应的标签。" }
            (PostForm::new(format!("{problem}/evidence/{}/label", e.id), page.csrf()?).errors(errors).body(html! {
                (ui::radios("label", "改为", label_choices()).required().value(view.label.code()).refill(fields).errors(errors))
                (ui::text("reason", "理由").hint("上传人可以调高；调低由本级工作专班办理。").required().max_chars(LABEL_REASON_CHARS_MAX).refill(fields).errors(errors))
                div .actions { (button("保存").primary()) (button_link("返回问题", &problem)) }
            }))
        }))
    })
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(at): Path<(i64, i64)>,
) -> Result<Response, Problem> {
    let view = load(&web, &ctx, at).await?;
    let body = body(&page, &view, &Fields::default(), &FieldErrors::default())?;
    Ok(page.show(page.frame("信息标签").crumb("问题", format!("/problems/{}", at.0)), body))
}

async fn change(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(at): Path<(i64, i64)>,
    fields: Fields,
) -> Result<Response, Problem> {
    let (who, sent) = (ctx.clone(), input_of_form::<LabelInput>(&fields)?);
    let done = web.run(move |app| app.label_evidence(&who, ProblemId(at.0), EvidenceId(at.1), sent)).await;
    match done {
        Ok(label) => {
            Ok(page
                .go(format!("/problems/{}#evidence", at.0), &format!("信息标签已改为“{}”。", label.label())))
        }
        Err(problem) => {
            let again = Again::of(problem)?;
            let view = load(&web, &ctx, at).await?;
            let body = body(&page, &view, &fields, &again.errors)?;
            Ok(page.show_again(
                page.frame("信息标签").crumb("问题", format!("/problems/{}", at.0)),
                body,
                &again,
            ))
        }
    }
}

/// The form of the security administrator on the page of an account.
pub(super) fn clearance_form(
    account: i64,
    person: PersonId,
    now: Label,
    csrf: &CsrfToken,
    fields: &Fields,
    errors: &FieldErrors,
) -> Markup {
    html! {
        p { "现在可以打开标签为“" (now.label()) "”及以下的材料。" }
        (PostForm::new(format!("/admin/accounts/{account}/clearance"), csrf).hidden("person", person.to_string()).errors(errors).body(html! {
            (ui::select("label", "可以查看到", Label::ALL.iter().map(|label| Choice::new(label.code(), label.label())).collect()).within("clearance").required().value(now.code()).refill(fields).errors(errors))
            (ui::text("reason", "理由").within("clearance").required().max_chars(LABEL_REASON_CHARS_MAX).refill(fields).errors(errors))
            div .actions { (button("保存")) }
        }))
    }
}

async fn clear(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let (who, sent) = (ctx.clone(), input_of_form::<LabelInput>(&fields)?);
    let done = web
        .run(move |app| {
            let person = app.account(&who, AccountId(id))?.person.id;
            app.set_clearance(&who, person, sent)
        })
        .await;
    match done {
        Ok(_) => Ok(page.go(format!("/admin/accounts/{id}"), "已保存。")),
        Err(problem) => super::admin::again(&web, ctx, &page, id, &fields, problem).await,
    }
}
