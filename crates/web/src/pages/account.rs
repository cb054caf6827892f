//! The own account: password, second factor, places signed in, tokens for programs.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::{Context, account::own::OwnAccount, account::token::TOKEN_DAYS_MAX};
use bihuan_domain::{Instant, password::SecurityPolicy};
use maud::{Markup, html};

use super::session::untrimmed;
use crate::{
    error::Problem,
    form::{FieldErrors, Fields},
    frame::{Again, Page},
    page::ACCOUNT_PATH,
    route::{Route, token_scopes},
    state::{FACTOR_PATH, PASSWORD_PATH, Session, SessionSecret, WebState},
    ui::{self, Choice, Column, PostForm, Row, Table, Tone, badge, button, button_link, card},
};

/// Days a token lasts unless the person says otherwise.
const TOKEN_DAYS: i64 = 90;

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get(ACCOUNT_PATH, "account.own", "我的账号", show),
        Route::get(PASSWORD_PATH, "account.edit_password", "修改密码页", edit_password),
        Route::post(PASSWORD_PATH, "account.change_password", "修改密码", change_password),
        Route::get(FACTOR_PATH, "account.edit_factor", "动态口令页", edit_factor),
        Route::post(FACTOR_PATH, "account.confirm_factor", "启用动态口令", confirm_factor),
        Route::post("/account/factor/remove", "account.remove_factor", "停用动态口令", remove_factor),
        Route::post("/account/sessions/end", "session.sign_out_elsewhere", "退出其他登录", end_sessions),
        Route::post("/account/tokens", "token.create", "新建访问令牌", create_token),
        Route::post("/account/tokens/{id}/revoke", "token.revoke", "收回访问令牌", revoke_token),
    ]
}

/// What the page shows.
struct Own {
    account: OwnAccount,
    sessions: Markup,
    tokens: Markup,
}

async fn load(web: &WebState, ctx: &Context, secret: &str, page: &Page) -> Result<Own, Problem> {
    let (who, key) = (ctx.clone(), secret.to_owned());
    let (account, sessions, tokens) = web
        .run(move |app| Ok((app.own_account(&who)?, app.own_sessions(&who, &key)?, app.own_tokens(&who)?)))
        .await?;
    let csrf = page.csrf()?;
    let rows = sessions.iter().map(|(session, own)| {
        Row::new([
            html! { (session.created.in_chinese()) },
            html! { (session.seen.in_chinese()) },
            html! { (session.source_address) },
            html! { @if *own { (badge(Tone::Info, "本次登录")) } },
        ])
    });
    let columns = ["登录时间", "最近操作", "来源地址", "说明"].map(|label| Column::new(label).short());
    let sessions = Table::new("sessions", "登录中的地方").columns(columns).rows(rows).stack();
    let rows = tokens.iter().map(|token| {
        let live = token.revoked_us.is_none() && token.expires_us > ctx.at;
        Row::new([
            html! { (token.name) },
            html! { (scope_words(&token.scope)) },
            html! { (token.expires_us.in_chinese()) },
            html! { @match token.used_day { Some(day) => (day.in_chinese()), None => span .text-muted { "未使用" } } },
            html! {
                @if live {
                    (PostForm::new(format!("/account/tokens/{}/revoke", token.id), csrf).inline().confirm(format!("确定收回“{}”？使用它的程序将立即失去访问权。", token.name)).body(html! { (button("收回").small()) }))
                } @else if token.revoked_us.is_some() { (badge(Tone::Neutral, "已收回")) } @else { (badge(Tone::Neutral, "已过期")) }
            },
        ])
    });
    let columns = ["用途", "权限", "失效时间", "最近使用", "状态"].map(Column::new);
    let tokens = Table::new("tokens", "访问令牌")
        .columns(columns)
        .row_head(0)
        .rows(rows)
        .stack()
        .empty(html! { p .text-muted { "还没有访问令牌。" } });
    Ok(Own { account, sessions: html! { (sessions) }, tokens: html! { (tokens) } })
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    SessionSecret(secret): SessionSecret,
) -> Result<Response, Problem> {
    let own = load(&web, &ctx, &secret, &page).await?;
    let body = body(&ctx, &page, &own, &Fields::default(), &FieldErrors::default())?;
    Ok(page.show(page.frame("我的账号"), body))
}

fn body(
    ctx: &Context,
    page: &Page,
    own: &Own,
    fields: &Fields,
    errors: &FieldErrors,
) -> Result<Markup, Problem> {
    let csrf = page.csrf()?;
    let OwnAccount { account, guard } = &own.account;
    let set_at = account.password_set_at.map(Instant::in_chinese);
    Ok(html! {
        (ui::heading("我的账号", None, html! {}))
        (card("账号", html! {
            (ui::definitions()
                .add("姓名", &ctx.actor.name)
                .add("登录名", &account.login)
                .add_some("密码设置时间", set_at)
                .add("动态口令", html! { @if guard.second_factor().is_some() { (badge(Tone::Good, "已启用")) } @else { (badge(Tone::Warning, "未启用")) } }))
            div .actions { (button_link("修改密码", PASSWORD_PATH)) (button_link("动态口令", FACTOR_PATH)) (button_link("系统保存的我的信息", "/account/data")) }
        }))
        (card("登录中的地方", html! {
            (own.sessions)
            (PostForm::new("/account/sessions/end", csrf).body(html! { div .actions { (button("退出其他所有登录")) } }))
        }))
        (card("访问令牌", html! {
            p { "访问令牌供程序调用接口使用，权限不会超过您本人。令牌只显示一次，请妥善保存。" a href="/api" { "接口说明" } }
            (own.tokens)
        }))
        (card("新建访问令牌", html! {
            (PostForm::new("/account/tokens", csrf).errors(errors).body(html! {
                (ui::text("name", "用途").hint("例如：与督查平台同步").required().max_chars(50).refill(fields).errors(errors))
                (ui::checkboxes("scope", "权限", scope_choices()).required().values(fields.all("scope").map(str::to_owned)).errors(errors))
                (ui::number("days", "有效天数").hint(format!("最多 {TOKEN_DAYS_MAX} 天")).required().value(TOKEN_DAYS.to_string()).refill(fields).errors(errors))
                div .actions { (button("新建").primary()) }
            }))
        }))
    })
}

fn scope_choices() -> Vec<Choice> {
    token_scopes(&crate::routes()).into_iter().map(|(scope, words)| Choice::new(scope, words)).collect()
}

fn scope_words(scopes: &str) -> String {
    let known = token_scopes(&crate::routes());
    let words = |scope: &str| {
        known.iter().find(|(have, _)| *have == scope).map_or(scope.to_owned(), |(_, words)| words.clone())
    };
    scopes.split(' ').map(words).collect::<Vec<_>>().join("、")
}

async fn edit_password(State(web): State<WebState>, page: Page) -> Result<Response, Problem> {
    Ok(page.show(
        page.frame("修改密码").crumb("我的账号", ACCOUNT_PATH),
        password_form(&web, &page, &FieldErrors::default())?,
    ))
}

/// What a password must be, in words.
pub(super) fn password_hint(policy: &SecurityPolicy) -> String {
    format!(
        "至少 {} 位，含大写字母、小写字母、数字、符号中的 {} 种，不含登录名，不与最近 {} 次用过的密码相同。",
        policy.password_chars_min, policy.password_kinds_min, policy.password_history
    )
}

fn password_form(web: &WebState, page: &Page, errors: &FieldErrors) -> Result<Markup, Problem> {
    Ok(html! {
        (ui::heading("修改密码", Some("修改之后，其他地方的登录会自动退出。"), html! {}))
        (ui::panel(html! { (PostForm::new(PASSWORD_PATH, page.csrf()?).errors(errors).body(html! {
            (ui::password("old", "现在的密码").required().autocomplete("current-password").errors(errors))
            (ui::password("password", "新密码").hint(password_hint(&web.app.policy)).required().autocomplete("new-password").errors(errors))
            (ui::password("again", "再输一次新密码").required().autocomplete("new-password").errors(errors))
            div .actions { (button("修改密码").primary()) }
        })) }))
    })
}

async fn change_password(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    SessionSecret(secret): SessionSecret,
    fields: Fields,
) -> Result<Response, Problem> {
    let (old, new) = (untrimmed(&fields, "old"), untrimmed(&fields, "password"));
    let outcome = if new == untrimmed(&fields, "again") {
        web.run(move |app| app.change_password(&ctx, &secret, &old, &new)).await
    } else {
        Err(Problem::invalid("again", "两次输入的新密码不一样，请重新输入。"))
    };
    match outcome {
        Ok(()) => Ok(page.go("/", "密码已修改。")),
        Err(problem) => {
            let again = Again::of(problem)?;
            let form = password_form(&web, &page, &again.errors)?;
            Ok(page.show_again(page.frame("修改密码").crumb("我的账号", ACCOUNT_PATH), form, &again))
        }
    }
}

async fn edit_factor(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
) -> Result<Response, Problem> {
    let body = factor_body(&web, &ctx, &page, &FieldErrors::default()).await?;
    Ok(page.show(page.frame("动态口令").crumb("我的账号", ACCOUNT_PATH), body))
}

async fn factor_body(
    web: &WebState,
    ctx: &Context,
    page: &Page,
    errors: &FieldErrors,
) -> Result<Markup, Problem> {
    let who = ctx.clone();
    let own = web.run(move |app| app.own_account(&who)).await?;
    let csrf = page.csrf()?;
    if own.guard.second_factor().is_some() {
        return Ok(html! {
            (ui::heading("动态口令", Some("已启用。登录时除密码外还要输入验证器上的 6 位数字。"), html! {}))
            (PostForm::new("/account/factor/remove", csrf).errors(errors).body(html! {
                p { "更换手机时先停用再重新启用。管理员停用后须立即重新启用才能继续使用。" }
                (ui::password("old", "现在的密码").required().autocomplete("current-password").errors(errors))
                div .actions { (button("停用动态口令").danger()) }
            }))
        });
    }
    let who = ctx.clone();
    let secret = web.run(move |app| app.begin_second_factor(&who)).await?;
    let groups: Vec<String> =
        secret.as_bytes().chunks(4).map(|part| String::from_utf8_lossy(part).into_owned()).collect();
    Ok(html! {
        (ui::heading("启用动态口令", Some("登录时除密码外再输入一个每 30 秒变化的 6 位数字，密码泄露也进不来。"), html! {}))
        (ui::panel(html! {
        ol {
            li { "在手机上打开身份验证器（支持 TOTP 的任何一种）。" }
            li { "选择“手动输入密钥”，账户名填“" (own.account.login) "”，密钥填：" p .mono { (groups.join(" ")) } }
            li { "把验证器显示的 6 位数字填在下面。" }
        }
        (PostForm::new(FACTOR_PATH, csrf).errors(errors).body(html! {
            (ui::text("code", "动态口令").required().narrow().autocomplete("one-time-code").errors(errors))
            div .actions { (button("启用").primary()) }
        }))
        }))
    })
}

async fn confirm_factor(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    fields: Fields,
) -> Result<Response, Problem> {
    let (who, code) = (ctx.clone(), fields.text("code").to_owned());
    match web.run(move |app| app.confirm_second_factor(&who, &code)).await {
        Ok(()) => Ok(page.go(ACCOUNT_PATH, "动态口令已启用，下次登录时使用。")),
        Err(problem) => factor_again(&web, &ctx, &page, problem).await,
    }
}

async fn remove_factor(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    fields: Fields,
) -> Result<Response, Problem> {
    let (who, password) = (ctx.clone(), untrimmed(&fields, "old"));
    match web.run(move |app| app.remove_second_factor(&who, &password)).await {
        Ok(()) => Ok(page.go(ACCOUNT_PATH, "动态口令已停用。")),
        Err(problem) => factor_again(&web, &ctx, &page, problem).await,
    }
}

async fn factor_again(
    web: &WebState,
    ctx: &Context,
    page: &Page,
    problem: Problem,
) -> Result<Response, Problem> {
    let again = Again::of(problem)?;
    let body = factor_body(web, ctx, page, &again.errors).await?;
    Ok(page.show_again(page.frame("动态口令").crumb("我的账号", ACCOUNT_PATH), body, &again))
}

async fn end_sessions(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    SessionSecret(secret): SessionSecret,
) -> Result<Response, Problem> {
    let ended = web.run(move |app| app.sign_out_elsewhere(&ctx, &secret)).await?;
    Ok(page.go(ACCOUNT_PATH, &format!("已退出其他 {ended} 处登录。")))
}

async fn create_token(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    SessionSecret(secret): SessionSecret,
    fields: Fields,
) -> Result<Response, Problem> {
    let known = token_scopes(&crate::routes());
    let scopes: Vec<String> = fields
        .all("scope")
        .filter(|scope| known.iter().any(|(have, _)| have == scope))
        .map(str::to_owned)
        .collect();
    let (who, name, days) = (ctx.clone(), fields.text("name").to_owned(), fields.number("days").unwrap_or(0));
    match web.run(move |app| app.create_token(&who, &name, &scopes, days)).await {
        Ok(token) => Ok(page.show(
            page.frame("新的访问令牌").crumb("我的账号", ACCOUNT_PATH),
            html! {
                (ui::heading("新的访问令牌", Some("只显示这一次，离开本页后无法再查看。"), html! {}))
                (ui::panel(html! {
                    p .mono { (token) }
                    p { "调用接口时放在请求头里：" code { "Authorization: Bearer 令牌" } "。" }
                    div .actions { (button_link("我已保存", ACCOUNT_PATH).primary()) }
                }))
            },
        )),
        Err(problem) => {
            let again = Again::of(problem)?;
            let own = load(&web, &ctx, &secret, &page).await?;
            let body = body(&ctx, &page, &own, &fields, &again.errors)?;
            Ok(page.show_again(page.frame("我的账号"), body, &again))
        }
    }
}

async fn revoke_token(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    web.run(move |app| app.revoke_token(&ctx, id)).await?;
    Ok(page.go(ACCOUNT_PATH, "访问令牌已收回。"))
}
