//! Channels: set by the office or the system administrator, tested by sending. What is secret is never shown again.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::Context;
use bihuan_app::channel::{ChannelInput, ChannelView};
use bihuan_domain::Coded as _;
use bihuan_domain::channel::{CHANNEL_ADDRESS_CHARS_MAX, CHANNEL_NAME_CHARS_MAX, ChannelKind};
use bihuan_domain::id::ChannelId;
use maud::{Markup, html};

use super::pick::{self, Offers};
use super::problem::input_of_form;
use crate::{
    error::Problem,
    form::{FieldErrors, Fields},
    frame::{Again, Page},
    route::Route,
    state::{Session, WebState},
    ui::{self, Choice, Column, PostForm, Row, Table, Tone, badge, button, button_link, choices, panel},
};

const CHANNELS_PATH: &str = "/channels";

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get(CHANNELS_PATH, "channel.list", "通知渠道", list),
        Route::get("/channels/new", "channel.new", "新建通知渠道页", new),
        Route::post(CHANNELS_PATH, "channel.create", "新建通知渠道", create),
        Route::get("/channels/{id}", "channel.show", "通知渠道设置页", show),
        Route::post("/channels/{id}", "channel.change", "修改通知渠道", change),
        Route::post("/channels/{id}/delete", "channel.delete", "删除通知渠道", delete),
        Route::post("/channels/{id}/test", "channel.test", "发送测试消息", test),
    ]
}

async fn list(State(web): State<WebState>, Session(ctx): Session, page: Page) -> Result<Response, Problem> {
    let channels = web.run(move |app| app.channels(&ctx)).await?;
    let rows = channels.iter().map(|view| {
        let state = if view.channel.enabled { badge(Tone::Good, "启用") } else { badge(Tone::Neutral, "停用") };
        Row::new([
            html! { a href={ (CHANNELS_PATH) "/" (view.channel.id) } { (view.channel.name) } },
            html! { (view.channel.kind.label()) },
            html! { (view.unit_name) },
            html! { (state) },
            html! { "待发" (view.waiting) "，已发" (view.sent) @if view.failed > 0 { "，失败" (view.failed) } },
        ])
    });
    let table = Table::new("channels", "通知渠道")
        .hide_caption()
        .columns([
            Column::new("名称"),
            Column::new("类型"),
            Column::new("所属单位"),
            Column::new("状态").short(),
            Column::new("消息"),
        ])
        .row_head(0)
        .rows(rows)
        .stack()
        .empty(ui::empty("还没有通知渠道", "不设渠道也能用：每日摘要在页面上查看。", None));
    let lead = "每日摘要和紧急督办单从这里发到邮箱和工作群。群里只说数量，不点名个人。";
    let body = html! {
        (ui::heading("通知渠道", Some(lead), html! { (button_link("新建渠道", "/channels/new").primary()) }))
        (table)
    };
    Ok(page.show(page.frame("通知渠道").crumb("每日摘要", "/digests"), body))
}

fn form(
    page: &Page,
    view: Option<&ChannelView>,
    fields: &Fields,
    errors: &FieldErrors,
    offers: &Offers,
) -> Result<Markup, Problem> {
    let kept = view.is_some();
    let action =
        view.map_or_else(|| CHANNELS_PATH.to_owned(), |view| format!("{CHANNELS_PATH}/{}", view.channel.id));
    let kinds = choices(ChannelKind::ALL.iter().map(|kind| (kind.code(), kind.label())));
    let mut form = PostForm::new(action, page.csrf()?).errors(errors);
    if let Some(view) = view {
        form = form.hidden("version", view.channel.version.to_string());
    }
    let secret_hint = if kept {
        "已保存的不显示；不填为不改"
    } else {
        "钉钉、飞书机器人填“加签”密钥，邮件填密码，应用填 Secret"
    };
    let url_hint = if kept {
        "已保存的完整地址不显示；不填为不改"
    } else {
        "群机器人填完整地址；邮件填服务器，例如 smtp.example.org:587；应用不填即为平台的公网地址，自建平台的填它的地址"
    };
    Ok(panel(html! {
        (form.body(html! {
            (ui::text("name", "名称").required().narrow().max_chars(CHANNEL_NAME_CHARS_MAX).refill(fields).errors(errors))
            (offers.field(ui::text("unit", "所属单位").required().narrow().hint("这个单位及其下级的事从这里发出"), "unit", fields, errors))
            (ui::radios("kind", "渠道类型", kinds).required().refill(fields).errors(errors))
            (ui::text("url", "地址").max_chars(CHANNEL_ADDRESS_CHARS_MAX).hint(url_hint).refill(fields).errors(errors))
            (ui::password("secret", "密钥或密码").narrow().hint(secret_hint).autocomplete("off").errors(errors))
            (ui::text("sender", "发件人地址或应用编号").narrow().hint("电子邮件填发件人地址；企业微信、钉钉应用填 AgentId").refill(fields).errors(errors))
            (ui::text("login", "登录名或应用标识").narrow().hint("电子邮件填登录名，不需要登录的不填；企业微信应用填企业ID，钉钉应用填 AppKey，飞书应用填 App ID").refill(fields).errors(errors))
            (ui::checkboxes("enabled", "启用", vec![Choice::new("1", "启用这个渠道")]).refill(fields))
            div .actions { (button("保存").primary()) (button_link("取消", CHANNELS_PATH)) }
        }))
    })
    .into_markup())
}

trait IntoMarkup {
    fn into_markup(self) -> Markup;
}

impl IntoMarkup for ui::Card {
    fn into_markup(self) -> Markup {
        html! { (self) }
    }
}

async fn new(Session(_): Session, page: Page) -> Result<Response, Problem> {
    let fields = Fields::new(vec![("enabled".to_owned(), "1".to_owned())]);
    let body = html! {
        (ui::heading("新建通知渠道", None, html! {}))
        (form(&page, None, &fields, &FieldErrors::default(), &Offers::default())?)
    };
    Ok(page.show(page.frame("新建通知渠道").crumb("通知渠道", CHANNELS_PATH), body))
}

async fn save(
    web: &WebState,
    ctx: &Context,
    fields: &Fields,
    id: Option<ChannelId>,
    offers: &mut Offers,
) -> Result<ChannelView, Problem> {
    let unit = pick::unit(web, ctx, fields, ("unit", "所属单位"), offers).await?;
    let sent = ChannelInput { unit: unit.to_string(), ..input_of_form::<ChannelInput>(fields)? };
    let (who, version) = (ctx.clone(), fields.number("version"));
    web.run(move |app| app.save_channel(&who, id, version, sent)).await
}

async fn create(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    fields: Fields,
) -> Result<Response, Problem> {
    let mut offers = Offers::default();
    match save(&web, &ctx, &fields, None, &mut offers).await {
        Ok(view) => {
            Ok(page.go(format!("{CHANNELS_PATH}/{}", view.channel.id), "渠道已保存，请发一条测试消息。"))
        }
        Err(problem) => {
            let again = Again::of(problem)?;
            let body = html! {
                (ui::heading("新建通知渠道", None, html! {}))
                (form(&page, None, &fields, &again.errors, &offers)?)
            };
            Ok(page.show_again(page.frame("新建通知渠道").crumb("通知渠道", CHANNELS_PATH), body, &again))
        }
    }
}

async fn view_of(web: &WebState, ctx: &Context, id: i64) -> Result<ChannelView, Problem> {
    let who = ctx.clone();
    web.run(move |app| app.channel(&who, ChannelId(id))).await
}

fn fields_of(view: &ChannelView) -> Fields {
    let channel = &view.channel;
    let mut pairs = vec![
        ("name".to_owned(), channel.name.clone()),
        ("unit".to_owned(), view.unit_name.clone()),
        ("kind".to_owned(), channel.kind.code().to_owned()),
        ("sender".to_owned(), channel.sender.clone()),
        ("login".to_owned(), channel.login.clone()),
    ];
    pairs.extend(pick::Offers::hidden("unit", channel.unit_id.0, &view.unit_name));
    if channel.enabled {
        pairs.push(("enabled".to_owned(), "1".to_owned()));
    }
    Fields::new(pairs)
}

fn page_body(
    page: &Page,
    view: &ChannelView,
    fields: &Fields,
    errors: &FieldErrors,
    offers: &Offers,
) -> Result<Markup, Problem> {
    let path = format!("{CHANNELS_PATH}/{}", view.channel.id);
    let to = match view.channel.kind {
        ChannelKind::Email => "接收测试邮件的地址",
        kind if kind.is_app() => "接收测试消息的平台账号（UserID）",
        _ => "",
    };
    let secret = if view.secret_set { "已保存" } else { "未设置" };
    Ok(html! {
        (ui::heading(&view.channel.name, Some(&format!("{}，{}", view.channel.kind.label(), view.channel.host)), html! {
            (PostForm::new(format!("{path}/delete"), page.csrf()?).inline().confirm("确定删除这个渠道？等待发出的消息一并删除。")
                .body(html! { (button("删除").danger()) }))
        }))
        p { "密钥：" (secret) "。待发" (view.waiting) "条，已发" (view.sent) "条，失败" (view.failed) "条。" }
        @if !view.last_error.is_empty() { p .notice .notice-warning role="note" { "▲ 最近一次没有发出：" (view.last_error) } }
        (ui::card("发送测试", html! {
            (PostForm::new(format!("{path}/test"), page.csrf()?).within("test").body(html! {
                @if !to.is_empty() { (ui::text("to", to).narrow().within("test").required().refill(fields).errors(errors)) }
                div .actions { (button("发送测试消息")) }
            }))
        }))
        (form(page, Some(view), fields, errors, offers)?)
    })
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let view = view_of(&web, &ctx, id).await?;
    let body = page_body(&page, &view, &fields_of(&view), &FieldErrors::default(), &Offers::default())?;
    Ok(page.show(page.frame(view.channel.name.clone()).crumb("通知渠道", CHANNELS_PATH), body))
}

async fn again(
    web: &WebState,
    ctx: &Context,
    page: &Page,
    id: i64,
    fields: &Fields,
    problem: Problem,
    offers: &Offers,
) -> Result<Response, Problem> {
    let again = Again::of(problem)?;
    let view = view_of(web, ctx, id).await?;
    let body =
        html! { (ui::error_summary(&again.errors)) (page_body(page, &view, fields, &again.errors, offers)?) };
    Ok(page.show_again(page.frame(view.channel.name.clone()).crumb("通知渠道", CHANNELS_PATH), body, &again))
}

async fn change(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let mut offers = Offers::default();
    match save(&web, &ctx, &fields, Some(ChannelId(id)), &mut offers).await {
        Ok(_) => Ok(page.go(format!("{CHANNELS_PATH}/{id}"), "渠道已保存。")),
        Err(problem) => again(&web, &ctx, &page, id, &fields, problem, &offers).await,
    }
}

async fn delete(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    web.run(move |app| app.delete_channel(&ctx, ChannelId(id))).await?;
    Ok(page.go(CHANNELS_PATH, "渠道已删除。"))
}

async fn test(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let (who, to) = (ctx.clone(), fields.text("to").to_owned());
    match web.run(move |app| app.test_channel(&who, ChannelId(id), &to)).await {
        Ok(()) => Ok(page.go(format!("{CHANNELS_PATH}/{id}"), "测试消息已发出，请到对方查看。")),
        Err(problem) => {
            let view = view_of(&web, &ctx, id).await?;
            let mut kept: Vec<(String, String)> =
                fields_of(&view).pairs().map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
            kept.push(("to".to_owned(), fields.text("to").to_owned()));
            again(&web, &ctx, &page, id, &Fields::new(kept), problem, &Offers::default()).await
        }
    }
}
