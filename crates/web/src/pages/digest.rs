//! The digest: one for a person and working day; and where the person wants to be told.

use axum::{extract::State, response::Response};
use bihuan_app::channel::ContactInput;
use bihuan_domain::digest::{Digest, QUIET_FROM_HOUR, QUIET_UNTIL_HOUR};
use bihuan_domain::role::Role;
use maud::{Markup, html};

use super::problem::input_of_form;
use crate::{
    error::Problem,
    form::{FieldErrors, Fields},
    frame::{Again, Page},
    route::Route,
    state::{Session, WebState},
    ui::{self, Href, PostForm, Tone, badge, button, button_link},
};
use bihuan_app::Context;

const DIGESTS_PATH: &str = "/digests";

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get(DIGESTS_PATH, "digest.list", "每日摘要", list),
        Route::post("/digests/contact", "digest.contact", "设置摘要接收地址", contact),
        Route::get("/api/v1/digests", "digest.list_json", "本人的每日摘要", list_json)
            .access(crate::route::Access::Token("digest:read")),
    ]
}

async fn read(web: &WebState, ctx: &Context) -> Result<(Vec<Digest>, ContactInput), Problem> {
    let who = ctx.clone();
    web.run(move |app| Ok((app.digests(&who)?, app.contact(&who)?))).await
}

async fn list(State(web): State<WebState>, Session(ctx): Session, page: Page) -> Result<Response, Problem> {
    let (digests, contact) = read(&web, &ctx).await?;
    let fields =
        Fields::new(vec![("email".to_owned(), contact.email), ("user_id".to_owned(), contact.user_id)]);
    let body = body(&page, &ctx, &digests, &fields, &FieldErrors::default())?;
    Ok(page.show(page.frame("每日摘要"), body))
}

fn body(
    page: &Page,
    ctx: &Context,
    digests: &[Digest],
    fields: &Fields,
    errors: &FieldErrors,
) -> Result<Markup, Problem> {
    let setter = ctx.actor.holds_anywhere(Role::Office) || ctx.actor.holds_anywhere(Role::SystemAdmin);
    let lead = format!(
        "每个工作日最多一份，把等您办理的事放在一起；{QUIET_FROM_HOUR}时到次日{QUIET_UNTIL_HOUR}时和休息日不打扰，没有事就不发。只有紧急督办单例外。"
    );
    Ok(html! {
        (ui::heading("每日摘要", Some(&lead), html! { @if setter { (button_link("通知渠道", "/channels")) } }))
        @if digests.is_empty() {
            (ui::empty("还没有摘要", "工作日早上有待办时自动生成。", Some(("查看待办", Href::new("/todo")))))
        }
        @for (index, digest) in digests.iter().enumerate() {
            details .case-step open[index == 0] {
                summary {
                    (digest.day.in_chinese()) "　" (badge(Tone::Info, format!("{}件", digest.items)))
                    @if digest.late > 0 { " " (badge(Tone::Danger, format!("逾期{}件", digest.late))) }
                }
                div .digest-lines { @for line in digest.body.lines() { p .case-words { (line) } } }
            }
        }
        (ui::card("接收方式", html! {
            (PostForm::new("/digests/contact", page.csrf()?).errors(errors).body(html! {
                (ui::text("email", "电子邮件地址").narrow().autocomplete("email")
                    .hint("单位设置了邮件渠道的，摘要同时发到这里").refill(fields).errors(errors))
                (ui::text("user_id", "办公平台账号").narrow()
                    .hint("您在企业微信、钉钉或飞书通讯录里的账号（UserID）；单位设置了应用渠道的，摘要同时发到这里。两项都不填只在本页查看，两项都填只发一处").refill(fields).errors(errors))
                div .actions { (button("保存").primary()) }
            }))
        }))
    })
}

async fn contact(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    fields: Fields,
) -> Result<Response, Problem> {
    let sent = input_of_form::<ContactInput>(&fields)?;
    let who = ctx.clone();
    match web.run(move |app| app.save_contact(&who, sent)).await {
        Ok(()) => Ok(page.go(DIGESTS_PATH, "接收地址已保存。")),
        Err(problem) => {
            let again = Again::of(problem)?;
            let (digests, _) = read(&web, &ctx).await?;
            let body = body(&page, &ctx, &digests, &fields, &again.errors)?;
            Ok(page.show_again(page.frame("每日摘要"), body, &again))
        }
    }
}

async fn list_json(
    State(web): State<WebState>,
    Session(ctx): Session,
) -> Result<axum::Json<serde_json::Value>, Problem> {
    let (digests, _) = read(&web, &ctx).await?;
    Ok(axum::Json(serde_json::json!({ "digests": digests })))
}
