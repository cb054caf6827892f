//! Accounts, as the system and the security administrator look after them. To others these pages do not exist.

mod show;

pub(super) use show::again;

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::Context;
use bihuan_app::account::{ACCOUNTS_PAGE, Created, Owner};
use bihuan_domain::id::{AccountId, PersonId};
use bihuan_domain::person::AccountState;
use bihuan_domain::role::Role;
use bihuan_domain::{Coded as _, Instant};
use maud::{Markup, html};

use crate::{
    error::Problem,
    form::{FieldErrors, Fields, QueryFields},
    frame::{Again, Page},
    route::Route,
    state::{Session, WebState},
    ui::{
        self, Badge, Choice, Column, Filter, Href, Pager, PostForm, Row, Table, Tone, badge, button,
        button_link, choices,
    },
};

const ACCOUNTS_PATH: &str = "/admin/accounts";

pub fn routes() -> Vec<Route<WebState>> {
    let mut routes = vec![
        Route::get(ACCOUNTS_PATH, "account.list", "账号列表", list),
        Route::get("/admin/accounts/new", "account.new", "创建账号页", new),
        Route::post(ACCOUNTS_PATH, "account.create", "创建账号", create),
        Route::post("/admin/accounts/disable", "account.disable_many", "批量停用账号", disable_many),
    ];
    routes.extend(show::routes());
    routes
}

/// The words for an account's state, with the lock before it.
fn state_badge(state: AccountState, locked: bool) -> Badge {
    if locked {
        return badge(Tone::Danger, "锁定");
    }
    let tone = match state {
        AccountState::Active => Tone::Good,
        AccountState::Pending => Tone::Warning,
        AccountState::Disabled => Tone::Neutral,
    };
    badge(tone, state.label())
}

fn when(at: Instant) -> Markup {
    html! { @if at.micros() == 0 { span .text-muted { "从未" } } @else { (at.in_chinese()) } }
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let (who, text) = (ctx.clone(), query.text("text").to_owned());
    let state = query.filled("state").and_then(AccountState::from_code);
    let (stale, number) = (query.has("stale"), query.number::<i64>("page").unwrap_or(1));
    let (rows, total) = web.run(move |app| app.accounts(&who, &text, state, stale, number)).await?;
    let security = ctx.actor.holds_anywhere(Role::SecurityAdmin);
    let rows = rows.iter().map(|row| {
        let account = &row.account;
        let mut cells = vec![
            html! { a href={ (ACCOUNTS_PATH) "/" (account.id) } { (account.login) } },
            html! { (row.name) },
            html! { (state_badge(account.state, row.locked_until > ctx.at)) },
            when(row.last_sign_in),
            html! { @if row.second_factor { "已启用" } @else { span .text-muted { "未启用" } } },
        ];
        if stale && security {
            let id = format!("pick-{}", account.id);
            cells.push(html! {
                input .form-check-input type="checkbox" id=(id) name="account" value=(account.id) form="disable";
                label .visually-hidden for=(id) { "选中 " (account.login) }
            });
        }
        Row::new(cells)
    });
    let mut columns =
        ["登录名", "姓名", "状态", "最近登录", "动态口令"].map(|label| Column::new(label).short()).to_vec();
    if stale && security {
        columns.push(Column::new("选择").short());
    }
    let table = Table::new("accounts", "账号")
        .columns(columns)
        .row_head(0)
        .rows(rows)
        .stack()
        .empty(ui::empty("没有符合条件的账号", "可以放宽筛选条件。", None));
    let here = Href::new(ACCOUNTS_PATH)
        .with_some("text", query.filled("text"))
        .with_some("state", query.filled("state"))
        .with_some("stale", query.filled("stale"));
    let total = u64::try_from(total).unwrap_or_default();
    let body = html! {
        (ui::heading("账号", Some("系统管理员创建账号，安全管理员授权启用；两步由两个人办理。"), html! {
            @if ctx.actor.holds_anywhere(Role::SystemAdmin) { (button_link("创建账号", "/admin/accounts/new").primary()) }
        }))
        (filter(&query, here.clone(), web.app.policy.stale_days))
        (table)
        @if stale && security && total > 0 {
            form #disable action="/admin/accounts/disable" method="post" data-confirm="确定停用选中的账号？" {
                (ui::csrf_field(page.csrf()?))
                div .actions { (button("停用选中的账号").danger()) }
            }
        }
        (Pager::new(here, u64::try_from(number).unwrap_or(1), ACCOUNTS_PAGE as u64, total))
    };
    Ok(page.show(page.frame("账号"), body))
}

fn filter(query: &Fields, here: Href, stale_days: i64) -> Filter {
    let states = choices(AccountState::ALL.iter().map(|state| (state.code(), state.label())));
    let stale = vec![Choice::new("1", format!("只看 {stale_days} 天未登录或不在岗的"))];
    let mut filter = Filter::new(here.clone())
        .field(ui::text("text", "登录名或姓名").refill(query))
        .field(ui::select("state", "状态", states).prompt("全部").refill(query))
        .field(ui::checkboxes("stale", "长期不用", stale).refill(query));
    if query.has("stale") {
        filter = filter.active("长期未登录或不在岗", here.without("stale"));
    }
    filter
}

async fn new(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let body = new_body(&web, &ctx, &page, &query, &FieldErrors::default()).await?;
    Ok(page.show(page.frame("创建账号").crumb("账号", ACCOUNTS_PATH), body))
}

async fn new_body(
    web: &WebState,
    ctx: &Context,
    page: &Page,
    fields: &Fields,
    errors: &FieldErrors,
) -> Result<Markup, Problem> {
    let (who, search) = (ctx.clone(), fields.text("search").to_owned());
    let people = web.run(move |app| app.account_candidates(&who, &search)).await?;
    let mut owners: Vec<Choice> = people
        .iter()
        .map(|(person, posts)| {
            Choice::new(person.id.to_string(), &person.name).hint(if posts.is_empty() {
                "尚未任职"
            } else {
                posts
            })
        })
        .collect();
    owners.push(Choice::new("new", "新登记一个人").hint("填写下面的姓名和办公电话"));
    Ok(html! {
        (ui::heading("创建账号", Some("一个人只有一个账号。创建后由安全管理员授权，本人才能登录。"), html! {}))
        (Filter::new(Href::new("/admin/accounts/new")).field(ui::text("search", "查找人员").refill(fields)))
        (ui::panel(html! { (PostForm::new(ACCOUNTS_PATH, page.csrf()?).hidden("search", fields.text("search")).errors(errors).body(html! {
            (ui::radios("person", "给谁", owners).required().refill(fields).errors(errors))
            (ui::text("name", "姓名（新登记时填写）").max_chars(30).autocomplete("off").refill(fields).errors(errors))
            (ui::text("phone", "办公电话（新登记时填写）").max_chars(30).autocomplete("off").refill(fields).errors(errors))
            (ui::text("login", "登录名").hint("3–40 位小写字母、数字或 . _ -，例如 jyj-zw01").required().max_chars(40).autocomplete("off").refill(fields).errors(errors))
            div .actions { (button("创建").primary()) (button_link("取消", ACCOUNTS_PATH)) }
        })) }))
    })
}

async fn create(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    fields: Fields,
) -> Result<Response, Problem> {
    let owner = match fields.text("person") {
        "new" => Ok(Owner::New(fields.text("name").to_owned(), fields.text("phone").to_owned())),
        number => number.parse().map(|id| Owner::Known(PersonId(id))),
    };
    let (who, login) = (ctx.clone(), fields.text("login").to_owned());
    let outcome = match owner {
        Ok(owner) => web.run(move |app| app.create_account(&who, owner, &login)).await,
        Err(_) => Err(Problem::invalid("person", "请选择给谁创建账号。")),
    };
    match outcome {
        Ok(created) => {
            Ok(one_time(&page, "账号已创建", &created, "账号还要由安全管理员授权启用，才能登录。"))
        }
        Err(problem) => {
            let again = Again::of(problem)?;
            let body = new_body(&web, &ctx, &page, &fields, &again.errors).await?;
            Ok(page.show_again(page.frame("创建账号").crumb("账号", ACCOUNTS_PATH), body, &again))
        }
    }
}

/// The page that shows a one-time password, once.
fn one_time(page: &Page, title: &str, created: &Created, next: &str) -> Response {
    let body = html! {
        (ui::heading(title, Some("请把一次性密码当面交给本人，离开本页后无法再查看。首次登录须修改密码。"), html! {}))
        (ui::definitions().add("登录名", &created.login).add("一次性密码", html! { span .mono { (created.one_time) } }))
        p { (next) }
        div .actions { (button_link("查看账号", format!("{ACCOUNTS_PATH}/{}", created.account)).primary()) (button_link("返回列表", ACCOUNTS_PATH)) }
    };
    page.show(page.frame(title).crumb("账号", ACCOUNTS_PATH), body)
}

async fn disable_many(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    fields: Fields,
) -> Result<Response, Problem> {
    let ids: Vec<AccountId> = fields.all("account").filter_map(|id| id.parse().ok()).collect();
    let count = web.run(move |app| app.disable_accounts(&ctx, ids)).await?;
    Ok(page.go(format!("{ACCOUNTS_PATH}?stale=1"), &format!("已停用 {count} 个账号。")))
}

/// The page of one account.
fn account_path(id: i64) -> String {
    format!("{ACCOUNTS_PATH}/{id}")
}

/// For handlers that only need the number.
type Number = Path<i64>;
