//! People and posts.

mod import;
mod post;

pub(crate) use import::{IMPORT_BYTES_MAX, IMPORT_TIME};

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::person::PersonPage;
use bihuan_domain::Coded as _;
use bihuan_domain::id::PersonId;
use bihuan_domain::person::{PERSON_NAME_CHARS_MAX, PHONE_CHARS_MAX};
use bihuan_domain::role::Role;
use maud::{Markup, html};

use crate::{
    error::Problem,
    form::{FieldErrors, Fields, QueryFields},
    frame::{Again, Page},
    route::Route,
    state::{Session, WebState},
    ui::{
        self, Choice, Column, Filter, Href, Pager, PostForm, Row, Table, Tone, badge, button, button_link,
        card, definitions, panel,
    },
};

/// The list's address.
const PEOPLE_PATH: &str = "/people";
/// People on one page, as the store lists them.
const PEOPLE_PAGE: u64 = 50;

pub fn routes() -> Vec<Route<WebState>> {
    let mut routes = vec![
        Route::get(PEOPLE_PATH, "person.list", "人员列表", list),
        Route::get("/people/new", "person.new", "登记人员页", new),
        Route::post(PEOPLE_PATH, "person.create", "登记人员", create),
        Route::get("/people/{id}", "person.show", "人员页", show),
        Route::post("/people/{id}/phone", "person.open_phone", "查看联系电话", open_phone),
        Route::get("/people/{id}/edit", "person.edit", "更正人员资料页", edit),
        Route::post("/people/{id}/edit", "person.change", "更正人员资料", change),
    ];
    routes.extend(import::routes());
    routes.extend(post::routes());
    routes
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let number = query.number::<u64>("page").unwrap_or(1).max(1);
    let (who, name, in_post) = (ctx.clone(), query.text("name").to_owned(), query.has("in_post"));
    let offset = i64::try_from((number - 1).saturating_mul(PEOPLE_PAGE)).unwrap_or(0);
    let found = web.run(move |app| app.people(&who, &name, in_post, offset)).await?;
    let rows = found.people.iter().map(|entry| {
        Row::new([
            html! { a href={ (PEOPLE_PATH) "/" (entry.person.id) } { (entry.person.name) } },
            html! {
                @if entry.posts.is_empty() { span .text-muted { "现无岗位" } }
                @for (index, (unit, unit_name, post)) in entry.posts.iter().enumerate() {
                    @if index > 0 { "、" }
                    a href={ "/units/" (unit) } { (unit_name) } " " (post)
                }
            },
            html! { @if entry.has_account { "有" } @else { span .text-muted { "无" } } },
        ])
    });
    let table = Table::new("people", "人员")
        .hide_caption()
        .columns([Column::new("姓名").short(), Column::new("单位和岗位").long(), Column::new("账号").short()])
        .row_head(0)
        .rows(rows)
        .stack()
        .empty(ui::empty("没有符合条件的人员", "只能看到您管辖范围内的人员。", None));
    let here = Href::new(PEOPLE_PATH)
        .with_some("name", query.filled("name"))
        .with_some("in_post", query.filled("in_post"));
    let may = [Role::Office, Role::SystemAdmin].iter().any(|role| ctx.actor.holds_anywhere(*role));
    let total = u64::try_from(found.total).unwrap_or(0);
    let body = html! {
        (ui::heading("人员", Some("工作随岗位走，签字随人走：人员变动时在岗位上办理交接，未办结的事项留在岗位。"), html! {
            @if may { (button_link("登记人员", "/people/new").primary()) (button_link("导入人员", "/people/import")) }
        }))
        (Filter::new(here.clone())
            .field(ui::text("name", "姓名").refill(&query))
            .field(ui::checkboxes("in_post", "在岗情况", vec![Choice::new("1", "只看现有岗位的")]).refill(&query)))
        p .text-muted { "共 " (ui::thousands(total)) " 人" }
        (table)
        (Pager::new(here, number, PEOPLE_PAGE, total))
    };
    Ok(page.show(page.frame("人员"), body))
}

fn person_fields(fields: &Fields, errors: &FieldErrors, name: &str, phone_hint: &str) -> Markup {
    html! {
        (ui::text("name", "姓名").required().max_chars(PERSON_NAME_CHARS_MAX).narrow().value(name).refill(fields).errors(errors))
        (ui::text("phone", "办公电话").max_chars(PHONE_CHARS_MAX).narrow().hint(phone_hint).refill(fields).errors(errors))
    }
}

fn new_body(page: &Page, fields: &Fields, errors: &FieldErrors) -> Result<Markup, Problem> {
    Ok(html! {
        (ui::heading("登记人员", Some("只登记工作需要的信息，不收集身份证号码。登记之后到单位的岗位上办理任职。"), html! {}))
        (panel(html! {
            (PostForm::new(PEOPLE_PATH, page.csrf()?).errors(errors).warn_unsaved().body(html! {
                (person_fields(fields, errors, "", "用于工作联系，默认遮盖显示；没有可以不填"))
                div .actions { (button("登记").primary()) (button_link("取消", PEOPLE_PATH)) }
            }))
        }))
    })
}

async fn new(page: Page, QueryFields(query): QueryFields) -> Result<Response, Problem> {
    let body = new_body(&page, &query, &FieldErrors::default())?;
    Ok(page.show(page.frame("登记人员").crumb("人员", PEOPLE_PATH), body))
}

async fn create(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    fields: Fields,
) -> Result<Response, Problem> {
    let (name, phone) = (fields.text("name").to_owned(), fields.text("phone").to_owned());
    match web.run(move |app| app.create_person(&ctx, &name, &phone)).await {
        Ok(person) => {
            Ok(page.go(format!("{PEOPLE_PATH}/{}", person.id), "已登记。请到所在单位的岗位上办理任职。"))
        }
        Err(problem) => {
            let again = Again::of(problem)?;
            let body = new_body(&page, &fields, &again.errors)?;
            Ok(page.show_again(page.frame("登记人员").crumb("人员", PEOPLE_PATH), body, &again))
        }
    }
}

async fn load(web: &WebState, ctx: &bihuan_app::Context, id: i64) -> Result<PersonPage, Problem> {
    let who = ctx.clone();
    web.run(move |app| app.person_page(&who, PersonId(id))).await
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let shown = load(&web, &ctx, id).await?;
    let body = show_body(&page, &shown, None)?;
    Ok(page.show(page.frame(shown.person.name.clone()).crumb("人员", PEOPLE_PATH), body))
}

/// The number is shown once, in the answer to the request that is kept in the journal.
async fn open_phone(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let who = ctx.clone();
    let phone = web.run(move |app| app.open_phone(&who, PersonId(id))).await?;
    let shown = load(&web, &ctx, id).await?;
    let body = show_body(&page, &shown, Some(&phone))?;
    let mut response = page.show(page.frame(shown.person.name.clone()).crumb("人员", PEOPLE_PATH), body);
    response.headers_mut().insert("cache-control", axum::http::HeaderValue::from_static("no-store"));
    Ok(response)
}

fn show_body(page: &Page, shown: &PersonPage, phone: Option<&str>) -> Result<Markup, Problem> {
    let at = format!("{PEOPLE_PATH}/{}", shown.person.id);
    let now: Vec<String> = shown
        .held
        .iter()
        .filter(|held| held.tenure.to_day.is_none())
        .map(|held| format!("{}{}", held.unit_name, held.post.name))
        .collect();
    let lead = if now.is_empty() { "现无岗位".to_owned() } else { now.join("、") };
    let telephone = html! {
        @match phone {
            Some(phone) => { strong { (phone) } span .text-muted { "（本次查看已记入日志）" } },
            None if shown.person.phone.is_empty() => span .text-muted { "未填写" },
            None => {
                (shown.person.masked_phone()) " "
                @if shown.may_open_phone {
                    (PostForm::new(format!("{at}/phone"), page.csrf()?).inline().body(html! { (button("查看").small()) }))
                    span .form-text { "查看会记入日志" }
                }
            },
        }
    };
    let mut facts = definitions().add("办公电话", telephone);
    if let Some((login, state)) = &shown.account {
        facts = facts.add("登录名", html! { (login) "（" (state) "）" });
    }
    Ok(html! {
        (ui::heading(&shown.person.name, Some(&lead), html! {
            @if shown.may_change { (button_link("更正资料", format!("{at}/edit"))) }
            @if shown.may_see_data { (button_link("个人信息清单", super::erasure::data_path(shown.person.id))) }
        }))
        (card("基本情况", html! { (facts) }))
        (card("任职经历", html! { (held_table(shown)) }).flush())
        (card("现有授权", html! { (grants(shown)) }).flush())
    })
}

fn held_table(shown: &PersonPage) -> Table {
    let rows = shown.held.iter().map(|held| {
        Row::new([
            html! { a href={ "/units/" (held.post.unit_id) } { (held.unit_name) } },
            html! { a href={ "/posts/" (held.post.id) } { (held.post.name) } },
            html! { (held.tenure.from_day.in_chinese()) },
            html! { @match held.tenure.to_day { Some(day) => (day.in_chinese()), None => (badge(Tone::Good, "现任")) } },
        ])
    });
    Table::new("held", "任职经历")
        .hide_caption()
        .columns([
            Column::new("单位"),
            Column::new("岗位"),
            Column::new("自").short(),
            Column::new("至").short(),
        ])
        .row_head(1)
        .rows(rows)
        .stack()
        .empty(ui::empty("还没有任职记录", "到单位页面的岗位上办理任职。", None))
}

fn grants(shown: &PersonPage) -> Table {
    let rows = shown.grants.iter().map(|(grant, unit)| {
        Row::new([
            html! { (grant.role.label()) },
            html! { (unit) "及其下级" },
            html! { @if grant.post_id.is_some() { "随岗位" } @else { "给本人" } },
            html! { (grant.from_day.in_chinese()) },
        ])
    });
    Table::new("grants", "现有授权")
        .hide_caption()
        .columns([
            Column::new("角色"),
            Column::new("范围"),
            Column::new("方式").short(),
            Column::new("自").short(),
        ])
        .row_head(0)
        .rows(rows)
        .stack()
        .empty(ui::empty("没有授权", "角色由安全管理员授予。", None))
}

fn edit_body(
    page: &Page,
    shown: &PersonPage,
    fields: &Fields,
    errors: &FieldErrors,
) -> Result<Markup, Problem> {
    let at = format!("{PEOPLE_PATH}/{}", shown.person.id);
    let version = fields.filled("version").map_or_else(|| shown.person.version.to_string(), str::to_owned);
    let hint = if shown.person.phone.is_empty() {
        "没有可以不填".to_owned()
    } else {
        format!("现为{}；不填则保持不变", shown.person.masked_phone())
    };
    Ok(html! {
        (ui::heading("更正人员资料", Some(&shown.person.name), html! {}))
        (panel(html! {
            (PostForm::new(format!("{at}/edit"), page.csrf()?).hidden("version", version).errors(errors).warn_unsaved().body(html! {
                (person_fields(fields, errors, &shown.person.name, &hint))
                div .actions { (button("保存").primary()) (button_link("取消", &at)) }
            }))
        }))
    })
}

async fn edit(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let shown = load(&web, &ctx, id).await?;
    let body = edit_body(&page, &shown, &Fields::default(), &FieldErrors::default())?;
    Ok(page.show(page.frame("更正人员资料").crumb("人员", PEOPLE_PATH), body))
}

async fn change(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let (who, name, version) = (ctx.clone(), fields.text("name").to_owned(), fields.number("version"));
    let phone = fields.filled("phone").map(str::to_owned);
    match web.run(move |app| app.change_person(&who, PersonId(id), version, &name, phone.as_deref())).await {
        Ok(_) => Ok(page.go(format!("{PEOPLE_PATH}/{id}"), "已保存。")),
        Err(problem) => {
            let again = Again::of(problem)?;
            let shown = load(&web, &ctx, id).await?;
            let body = edit_body(&page, &shown, &fields, &again.errors)?;
            Ok(page.show_again(page.frame("更正人员资料").crumb("人员", PEOPLE_PATH), body, &again))
        }
    }
}
