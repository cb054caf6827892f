//! Signing in and out.

use axum::{
    extract::State,
    http::request::Parts,
    response::{IntoResponse, Redirect, Response},
};
use bihuan_app::actor::is_administrator;
use bihuan_app::{Context, Visit};
use maud::{Markup, html};
use std::time::Instant as Moment;

use crate::{
    counter,
    error::{Problem, SIGN_IN_PATH},
    form::{Fields, QueryFields},
    frame::{Again, Page, set_cookie},
    guard::client_address,
    nav,
    page::SIGN_OUT_PATH,
    pages::setup::SETUP_PATH,
    route::{Access, Route},
    shell::local_path,
    state::{Session, SessionSecret, WebState},
    ui::{self, PostForm, button, button_link},
};

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get(SIGN_IN_PATH, "session.new", "登录页", new).access(Access::Public),
        Route::post(SIGN_IN_PATH, "session.sign_in", "登录", sign_in).access(Access::Public),
        Route::post(SIGN_OUT_PATH, "session.sign_out", "退出登录", sign_out),
    ]
}

async fn new(
    State(web): State<WebState>,
    page: Page,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    if page.viewer().is_some() && query.filled("next").is_none() {
        return Ok(Redirect::to("/").into_response());
    }
    // Nobody can sign in before the administrators are made: the first page leads there.
    if page.viewer().is_none() && web.run(|app| app.is_waiting_for_set_up()).await? {
        return Ok(Redirect::to(SETUP_PATH).into_response());
    }
    Ok(page.show(page.frame("登录"), form(&web, &page, &query, None)))
}

fn form(web: &WebState, page: &Page, fields: &Fields, again: Option<&Again>) -> Markup {
    let errors = again.map(|again| again.errors.clone()).unwrap_or_default();
    let form = match page.viewer() {
        Some(viewer) => PostForm::new(SIGN_IN_PATH, &viewer.csrf),
        None => PostForm::without_session(SIGN_IN_PATH),
    };
    let next = local_path(fields.text("next")).unwrap_or_default();
    html! {
        div .confirm {
            h1 { "登录闭环" }
            (form.hidden("next", next).errors(&errors).body(html! {
                (ui::text("login", "登录名").required().refill(fields).autocomplete("username"))
                (ui::password("password", "密码").required().errors(&errors).autocomplete("current-password"))
                (ui::text("code", "动态口令").hint("已启用动态口令的账号填写 6 位数字，其他账号不填。").narrow().autocomplete("one-time-code"))
                div .actions { (button("登录").primary()) }
            }))
            @if web.demo.is_some() {
                p { "这是演示系统，不用输入密码。" (button_link("选择演示人员", "/demo")) }
            }
            p .text-muted { "忘记密码或者账号被锁定，请联系本单位的安全管理员。" }
        }
    }
}

async fn sign_in(
    State(web): State<WebState>,
    visit: Visit,
    page: Page,
    head: Parts,
    fields: Fields,
) -> Result<Response, Problem> {
    let address = client_address(&web.settings, &head);
    let login = fields.text("login").to_owned();
    web.limiter
        .try_once(Moment::now(), address, &login)
        .map_err(|wait| Problem::TooMany { retry_after_seconds: wait.as_secs().max(1) })?;
    let (name, password, code) =
        (login.clone(), untrimmed(&fields, "password"), fields.text("code").to_owned());
    let opened = match web.run(move |app| app.sign_in(&visit, &name, &password, &code)).await {
        Ok(opened) => opened,
        Err(problem) => {
            let again = Again::of(problem)?;
            web.turned_away(None, address).await;
            return Ok(page.show_again(page.frame("登录"), form(&web, &page, &fields, Some(&again)), &again));
        }
    };
    if is_administrator(&opened.actor)
        && let Some(bar) = counter::bar(&web.settings, &head)
    {
        let Visit { at, source_address } = web.visit(&head);
        let ctx = Context { actor: opened.actor, at, source_address };
        let leaver = ctx.clone();
        web.run(move |app| app.sign_out(&leaver, &opened.secret)).await?;
        web.bar(ctx, bar).await?;
        return Err(Problem::Barred(bar));
    }
    web.limiter.succeeded(address, &login);
    let to = local_path(fields.text("next")).unwrap_or_else(|| nav::home(&opened.actor));
    Ok(enter(&web, to, &opened.secret))
}

/// A password may begin or end with a space.
pub(super) fn untrimmed(fields: &Fields, name: &str) -> String {
    fields.pairs().find(|(have, _)| *have == name).map(|(_, value)| value.to_owned()).unwrap_or_default()
}

/// Leads on with the cookie of a new session.
pub(super) fn enter(web: &WebState, to: &str, secret: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    set_cookie(&mut response, &web.cookie().set(secret));
    response
}

async fn sign_out(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    SessionSecret(secret): SessionSecret,
) -> Result<Response, Problem> {
    web.run(move |app| app.sign_out(&ctx, &secret)).await?;
    let mut response = page.go(SIGN_IN_PATH, "您已退出登录。");
    set_cookie(&mut response, &web.cookie().clear());
    // Nothing that was seen may stay in the browser.
    response
        .headers_mut()
        .insert("clear-site-data", axum::http::HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(response)
}
