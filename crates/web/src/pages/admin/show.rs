//! One account: its state, and the roles of its person.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::Context;
use bihuan_app::account::AccountView;
use bihuan_app::account::grant::{Holder, NewGrant};
use bihuan_domain::id::{AccountId, GrantId};
use bihuan_domain::person::AccountState;
use bihuan_domain::role::Role;
use bihuan_domain::{Coded as _, Day};
use maud::{Markup, html};

use super::super::label::clearance_form;
use super::{ACCOUNTS_PATH, Number, account_path, one_time, state_badge, when};
use crate::{
    error::Problem,
    form::{FieldErrors, Fields},
    frame::{Again, Page},
    guard::CsrfToken,
    route::Route,
    state::{Session, WebState},
    ui::{self, Choice, Column, PostForm, Row, Table, button, card},
};

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get("/admin/accounts/{id}", "account.show", "账号详情", show),
        Route::post("/admin/accounts/{id}/authorise", "account.authorise", "启用账号", authorise),
        Route::post("/admin/accounts/{id}/disable", "account.disable", "停用账号", disable),
        Route::post("/admin/accounts/{id}/unlock", "account.unlock", "解锁账号", unlock),
        Route::post(
            "/admin/accounts/{id}/reset-password",
            "account.reset_password",
            "重置密码",
            reset_password,
        ),
        Route::post("/admin/accounts/{id}/grants", "role.grant", "授予角色", grant),
        Route::post("/admin/accounts/{id}/grants/{grant}/revoke", "role.revoke", "收回角色", revoke),
    ]
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Number,
) -> Result<Response, Problem> {
    let who = ctx.clone();
    let view = web.run(move |app| app.account(&who, AccountId(id))).await?;
    let body = body(&ctx, &page, &view, &Fields::default(), &FieldErrors::default())?;
    Ok(page.show(page.frame(format!("账号 {}", view.account.login)).crumb("账号", ACCOUNTS_PATH), body))
}

fn body(
    ctx: &Context,
    page: &Page,
    view: &AccountView,
    fields: &Fields,
    errors: &FieldErrors,
) -> Result<Markup, Problem> {
    let csrf = page.csrf()?;
    let (account, security) = (&view.account, ctx.actor.holds_anywhere(Role::SecurityAdmin));
    let locked = view.guard.locked_until > ctx.at;
    let posts: Vec<String> = view.posts.iter().map(|(post, unit)| format!("{unit} {}", post.name)).collect();
    Ok(html! {
        (ui::heading(&format!("账号 {}", account.login), Some(&view.person.name), html! {}))
        // Where there is no form, the refusal still has to be said.
        @if !security || ctx.actor.account == account.id { (ui::error_summary(errors)) }
        (card("账号", html! {
            (ui::definitions()
                .add("姓名", &view.person.name)
                .add_some("岗位", Some(posts.join("；")).filter(|posts| !posts.is_empty()))
                .add("状态", state_badge(account.state, locked))
                .add("最近登录", when(view.guard.last_sign_in))
                .add("动态口令", if view.guard.second_factor().is_some() { "已启用" } else { "未启用" }))
            @if security && ctx.actor.account != account.id { (state_forms(view, locked, csrf, fields, errors)) }
        }))
        (card("角色", html! {
            (grants_table(view, security.then_some(csrf)))
        }))
        @if security && ctx.actor.account != account.id {
            (card("授予角色", grant_form(view, csrf, fields, errors)))
            (card("可以查看的材料", clearance_form(account.id.0, view.person.id, view.clearance, csrf, fields, errors)))
        }
    })
}

fn state_forms(
    view: &AccountView,
    locked: bool,
    csrf: &CsrfToken,
    fields: &Fields,
    errors: &FieldErrors,
) -> Markup {
    let account = &view.account;
    let form = |verb: &str| {
        PostForm::new(format!("{}/{verb}", account_path(account.id.0)), csrf)
            .hidden("version", account.version.to_string())
    };
    html! {
        div .actions {
            @if account.state != AccountState::Active { (form("authorise").inline().body(html! { (button("启用账号").primary()) })) }
            @if locked { (form("unlock").inline().body(html! { (button("解锁")) })) }
            (form("reset-password").inline().confirm("重置后原密码失效，其所有登录都会退出。确定重置？").body(html! { (button("重置密码")) }))
        }
        @if account.state != AccountState::Disabled {
            (form("disable").body(html! {
                (ui::text("reason", "停用理由").required().max_chars(200).refill(fields).errors(errors))
                div .actions { (button("停用账号").danger()) }
            }))
        }
    }
}

fn grants_table(view: &AccountView, csrf: Option<&CsrfToken>) -> Markup {
    let rows = view.grants.iter().map(|row| {
        let grant = &row.grant;
        Row::new([
            html! { (grant.role.label()) },
            html! { @if grant.role.is_administrator() { "全系统" } @else { (row.unit_name) " 及其下级" } },
            html! { @if row.post_name.is_empty() { "本人" } @else { "岗位：" (row.post_name) } },
            html! { (grant.from_day.in_chinese()) @match grant.to_day { Some(day) => { " 至 " (day.in_chinese()) }, None => " 起" } },
            html! {
                @if let Some(csrf) = csrf {
                    (PostForm::new(format!("{}/grants/{}/revoke", account_path(view.account.id.0), grant.id), csrf).inline()
                        .confirm(format!("确定收回“{}”角色？", grant.role.label())).body(html! { (button("收回").small()) }))
                }
            },
        ])
    });
    let columns = ["角色", "范围", "授予给", "期限", "操作"].map(Column::new);
    let table = Table::new("grants", "现有角色").columns(columns).row_head(0).rows(rows).stack();
    html! { (table.empty(html! { p .text-muted { "还没有角色。" } })) }
}

fn grant_form(view: &AccountView, csrf: &CsrfToken, fields: &Fields, errors: &FieldErrors) -> Markup {
    let roles = Role::ALL
        .iter()
        .map(|role| {
            Choice::new(role.code(), role.label()).group(if role.is_administrator() {
                "管理员（三员，不兼业务）"
            } else {
                "业务角色"
            })
        })
        .collect();
    let mut holders: Vec<Choice> = view
        .posts
        .iter()
        .map(|(post, unit)| {
            Choice::new(post.post.to_string(), format!("{unit} {}", post.name)).hint("换人后角色随岗位转移")
        })
        .collect();
    holders.push(Choice::new("person", "本人").hint("离岗后仍然保留，须另行收回；管理员角色只能授予本人"));
    let first = holders.first().map(|choice| choice.value.clone()).unwrap_or_default();
    html! {
        (PostForm::new(format!("{}/grants", account_path(view.account.id.0)), csrf).errors(errors).body(html! {
            (ui::select("role", "角色", roles).prompt("请选择").required().refill(fields).errors(errors))
            (ui::radios("holder", "授予给", holders).required().value(first).refill(fields).errors(errors))
            (ui::text("unit", "授权范围").hint("单位全称或代码，权限及于它和它的下级；管理员不填。").refill(fields).errors(errors))
            (ui::date("to_day", "截止日期").hint("不填为长期有效").refill(fields).errors(errors))
            div .actions { (button("授予").primary()) }
        }))
    }
}

/// Shows the account's page again with what was refused.
pub(in crate::pages) async fn again(
    web: &WebState,
    ctx: Context,
    page: &Page,
    id: i64,
    fields: &Fields,
    problem: Problem,
) -> Result<Response, Problem> {
    let again = Again::of(problem)?;
    let who = ctx.clone();
    let view = web.run(move |app| app.account(&who, AccountId(id))).await?;
    let body = body(&ctx, page, &view, fields, &again.errors)?;
    Ok(page.show_again(
        page.frame(format!("账号 {}", view.account.login)).crumb("账号", ACCOUNTS_PATH),
        body,
        &again,
    ))
}

async fn authorise(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Number,
    fields: Fields,
) -> Result<Response, Problem> {
    let (who, version) = (ctx.clone(), fields.number("version"));
    match web.run(move |app| app.set_account_state(&who, AccountId(id), version, true, "")).await {
        Ok(()) => Ok(page.go(account_path(id), "账号已启用。")),
        Err(problem) => again(&web, ctx, &page, id, &fields, problem).await,
    }
}

async fn disable(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Number,
    fields: Fields,
) -> Result<Response, Problem> {
    let (who, version, reason) = (ctx.clone(), fields.number("version"), fields.text("reason").to_owned());
    match web.run(move |app| app.set_account_state(&who, AccountId(id), version, false, &reason)).await {
        Ok(()) => Ok(page.go(account_path(id), "账号已停用，其所有登录已退出。")),
        Err(problem) => again(&web, ctx, &page, id, &fields, problem).await,
    }
}

async fn unlock(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Number,
    fields: Fields,
) -> Result<Response, Problem> {
    let who = ctx.clone();
    match web.run(move |app| app.unlock_account(&who, AccountId(id))).await {
        Ok(()) => Ok(page.go(account_path(id), "账号已解锁。")),
        Err(problem) => again(&web, ctx, &page, id, &fields, problem).await,
    }
}

async fn reset_password(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Number,
    fields: Fields,
) -> Result<Response, Problem> {
    let (who, version) = (ctx.clone(), fields.number("version"));
    match web.run(move |app| app.reset_password(&who, AccountId(id), version)).await {
        Ok(created) => Ok(one_time(&page, "密码已重置", &created, "其所有登录已退出。")),
        Err(problem) => again(&web, ctx, &page, id, &fields, problem).await,
    }
}

async fn grant(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Number,
    fields: Fields,
) -> Result<Response, Problem> {
    let (who, wanted) = (ctx.clone(), fields.clone());
    let call = move |app: &bihuan_app::App| {
        let invalid = |field: &str, sentence: &str| bihuan_app::Error::invalid(field, sentence);
        let view = app.account(&who, AccountId(id))?;
        let role = Role::from_code(wanted.text("role")).ok_or_else(|| invalid("role", "请选择角色。"))?;
        let holder = match wanted.text("holder") {
            "person" => Holder::Person(view.person.id),
            // Only posts that the person holds: the form of this page offers no others.
            post => {
                let held = view.posts.iter().find(|(held, _)| held.post.to_string() == post);
                Holder::Post(held.ok_or_else(|| invalid("holder", "请选择授予给岗位还是本人。"))?.0.post)
            }
        };
        let unit = match wanted.filled("unit") {
            Some(text) if !role.is_administrator() => Some(app.unit_of_grant(&who, text)?),
            _ => None,
        };
        let to_day = match wanted.filled("to_day") {
            Some(text) => Some(Day::parse(text).map_err(|error| invalid("to_day", &error.to_string()))?),
            None => None,
        };
        app.grant_role(&who, NewGrant { holder, role, unit, to_day })
    };
    match web.run(call).await {
        Ok(_) => Ok(page.go(account_path(id), "角色已授予，立即生效。")),
        Err(problem) => again(&web, ctx, &page, id, &fields, problem).await,
    }
}

async fn revoke(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path((id, grant)): Path<(i64, i64)>,
    fields: Fields,
) -> Result<Response, Problem> {
    let who = ctx.clone();
    match web.run(move |app| app.revoke_role(&who, GrantId(grant))).await {
        Ok(()) => Ok(page.go(account_path(id), "角色已收回，立即生效。")),
        Err(problem) => again(&web, ctx, &page, id, &fields, problem).await,
    }
}
