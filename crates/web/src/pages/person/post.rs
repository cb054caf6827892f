//! Posts: set up, appoint, hand over, relieve, close.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::Context;
use bihuan_app::person::PostPage;
use bihuan_domain::id::{PostId, TenureId, UnitId};
use bihuan_domain::person::POST_NAME_CHARS_MAX;
use bihuan_domain::person::appointing::PostDraft;
use maud::{Markup, html};

use crate::{
    error::Problem,
    form::{FieldErrors, Fields},
    frame::{Again, Page},
    pages::{
        pick::{self, Offers},
        unit::day_of,
    },
    route::Route,
    state::{Session, WebState},
    ui::{
        self, Choice, Column, PostForm, Row, Table, Tone, badge, button, button_link, card, definitions,
        panel,
    },
};

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get("/units/{id}/posts/new", "post.new", "设置岗位页", new),
        Route::post("/units/{id}/posts/new", "post.create", "设置岗位", create),
        Route::get("/posts/{id}", "post.show", "岗位页", show),
        Route::post("/posts/{id}/appoint", "post.appoint", "任职", appoint),
        Route::post("/posts/{id}/hand-over", "post.hand_over", "岗位交接", hand_over),
        Route::post("/posts/{id}/relieve", "post.relieve", "免职", relieve),
        Route::post("/posts/{id}/close", "post.close", "撤销岗位", close),
    ]
}

/// The name of a unit the reader may see.
async fn unit_name(web: &WebState, ctx: &Context, id: i64) -> Result<String, Problem> {
    let who = ctx.clone();
    let page = web.run(move |app| app.unit_page(&who, UnitId(id), bihuan_app::unit::AsOf::Today)).await?;
    Ok(page.unit.name)
}

fn new_body(
    page: &Page,
    id: i64,
    unit: &str,
    fields: &Fields,
    errors: &FieldErrors,
) -> Result<Markup, Problem> {
    let at = format!("/units/{id}");
    let traits = vec![
        Choice::new("leads", "可以包案").hint("领导岗位，可以作为问题的包案领导"),
        Choice::new("shared", "可由多人担任").hint("例如联络员；不勾选则同一时间只有一人担任"),
    ];
    Ok(html! {
        (ui::heading("设置岗位", Some(unit), html! {}))
        (panel(html! {
            (PostForm::new(format!("{at}/posts/new"), page.csrf()?).errors(errors).warn_unsaved().body(html! {
                (ui::text("name", "岗位名称").required().max_chars(POST_NAME_CHARS_MAX).hint("例如：党委书记、整改联络员").refill(fields).errors(errors))
                (ui::checkboxes("traits", "岗位特点", traits).refill(fields))
                (ui::number("official_order", "排序").hint("在本单位岗位中的顺序，数字小的在前").value("10").refill(fields).errors(errors))
                div .actions { (button("设置").primary()) (button_link("取消", &at)) }
            }))
        }))
    })
}

async fn new(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let unit = unit_name(&web, &ctx, id).await?;
    let body = new_body(&page, id, &unit, &Fields::default(), &FieldErrors::default())?;
    Ok(page.show(page.frame("设置岗位").crumb("单位", "/units").crumb(unit, format!("/units/{id}")), body))
}

async fn create(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let has = |value: &str| fields.all("traits").any(|have| have == value);
    let order: Result<i64, Problem> = fields.filled("official_order").map_or(Ok(0), |text| {
        let words = "“排序”不是整数。请填写数字，例如10。".to_owned();
        text.parse().map_err(|_| Problem::Invalid { fields: vec![("official_order".to_owned(), words)] })
    });
    let done = match order {
        Ok(official_order) => {
            let draft = PostDraft {
                name: fields.text("name").to_owned(),
                leads: has("leads"),
                shared: has("shared"),
                official_order,
            };
            let who = ctx.clone();
            web.run(move |app| app.create_post(&who, UnitId(id), draft)).await
        }
        Err(problem) => Err(problem),
    };
    match done {
        Ok(post) => Ok(page.go(format!("/posts/{}", post.id), "岗位已设置，可以办理任职。")),
        Err(problem) => {
            let again = Again::of(problem)?;
            let unit = unit_name(&web, &ctx, id).await?;
            let body = new_body(&page, id, &unit, &fields, &again.errors)?;
            Ok(page.show_again(page.frame("设置岗位").crumb("单位", "/units"), body, &again))
        }
    }
}

async fn load(web: &WebState, ctx: &Context, id: i64) -> Result<PostPage, Problem> {
    let who = ctx.clone();
    web.run(move |app| app.post_page(&who, PostId(id))).await
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let of = load(&web, &ctx, id).await?;
    shown(&page, &of, &ctx, &Back::default(), None)
}

/// What a refused form of this page brings back.
#[derive(Default)]
struct Back {
    fields: Fields,
    errors: FieldErrors,
    offers: Offers,
    verb: &'static str,
}

fn shown(
    page: &Page,
    of: &PostPage,
    ctx: &Context,
    back: &Back,
    again: Option<&Again>,
) -> Result<Response, Problem> {
    let lead =
        format!("{} · {}", of.unit.name, if of.post.closed_day.is_some() { "已撤销" } else { "现有岗位" });
    let today = ctx.today();
    let holding = of.holders.iter().any(|holder| holder.tenure.holds_on(today));
    let open = of.post.closed_day.is_none() && of.may_change;
    let facts = definitions()
        .add("所属单位", html! { a href={ "/units/" (of.unit.id) } { (of.unit.name) } })
        .add("可以包案", html! { @if of.post.leads { "是" } @else { "否" } })
        .add("可由多人担任", html! { @if of.post.shared { "是" } @else { "否" } })
        .add("未办结事项", html! { (of.open_work) " 项" });
    let body = html! {
        (ui::heading(&of.post.name, Some(&lead), html! {}))
        (card("岗位", html! { (facts) p .text-muted { "交接时未办结的事项留在岗位，由接任人继续办理；已经签字的仍记在原任职人名下。" } }))
        (card("历任人员", html! { (holders(of, ctx)) }).flush())
        @if open && holding { (hand_over_form(page, of, ctx, back)?) }
        @if open && (!holding || of.post.shared) { (appoint_form(page, of, ctx, back)?) }
        @if open { (endings(page, of, ctx, back)?) }
    };
    let frame = page
        .frame(of.post.name.clone())
        .crumb("单位", "/units")
        .crumb(of.unit.name.clone(), format!("/units/{}", of.unit.id));
    Ok(match again {
        Some(again) => page.show_again(frame, body, again),
        None => page.show(frame, body),
    })
}

fn holders(of: &PostPage, ctx: &Context) -> Table {
    let rows = of.holders.iter().rev().map(|holder| {
        Row::new([
            html! { a href={ "/people/" (holder.tenure.person_id) } { (holder.name) } },
            html! { (holder.tenure.from_day.in_chinese()) },
            html! {
                @match holder.tenure.to_day {
                    Some(day) => (day.in_chinese()),
                    None if holder.tenure.holds_on(ctx.today()) => (badge(Tone::Good, "现任")),
                    None => "—",
                }
            },
        ])
    });
    Table::new("holders", "历任人员")
        .hide_caption()
        .columns([Column::new("姓名"), Column::new("自").short(), Column::new("至").short()])
        .row_head(0)
        .rows(rows)
        .empty(ui::empty("还没有人担任", "", None))
}

/// Present holders as options.
fn present(of: &PostPage, ctx: &Context) -> Vec<Choice> {
    let now = of
        .holders
        .iter()
        .filter(|holder| holder.tenure.holds_on(ctx.today()) && holder.tenure.to_day.is_none());
    now.map(|holder| Choice::new(holder.tenure.id.to_string(), holder.name.clone())).collect()
}

fn empty_unless<'a>(verb: &str, back: &'a Back, none: &'a Back) -> &'a Back {
    if back.verb == verb { back } else { none }
}

fn hand_over_form(page: &Page, of: &PostPage, ctx: &Context, back: &Back) -> Result<Markup, Problem> {
    let none = Back::default();
    let back = empty_unless("hand-over", back, &none);
    let present = present(of, ctx);
    let first = present.first().map(|choice| choice.value.clone()).unwrap_or_default();
    let form = PostForm::new(format!("/posts/{}/hand-over", of.post.id), page.csrf()?).errors(&back.errors).body(html! {
        @if present.len() > 1 {
            (ui::select("tenure", "离任人", present).value(first).refill(&back.fields).narrow())
        } @else { input type="hidden" name="tenure" value=(first); }
        (back.offers.field(ui::text("successor", "接任人").required().narrow().hint("填写姓名；没有登记的先到“人员”中登记"), "successor", &back.fields, &back.errors))
        (ui::date("day", "交接日期").required().value(ctx.today().to_string()).refill(&back.fields).errors(&back.errors))
        div .actions { (button("办理交接").primary()) }
    });
    Ok(html! { (card("岗位交接", html! { (form) })) })
}

fn appoint_form(page: &Page, of: &PostPage, ctx: &Context, back: &Back) -> Result<Markup, Problem> {
    let none = Back::default();
    let back = empty_unless("appoint", back, &none);
    let form = PostForm::new(format!("/posts/{}/appoint", of.post.id), page.csrf()?).errors(&back.errors).body(html! {
        (back.offers.field(ui::text("person", "任职人员").required().narrow().hint("填写姓名；没有登记的先到“人员”中登记"), "person", &back.fields, &back.errors))
        (ui::date("day", "任职日期").required().value(ctx.today().to_string()).refill(&back.fields).errors(&back.errors))
        div .actions { (button("任职").primary()) }
    });
    Ok(html! { (card("任职", html! { (form) })) })
}

fn endings(page: &Page, of: &PostPage, ctx: &Context, back: &Back) -> Result<Markup, Problem> {
    let none = Back::default();
    let (relieving, closing) = (empty_unless("relieve", back, &none), empty_unless("close", back, &none));
    let present = present(of, ctx);
    let at = format!("/posts/{}", of.post.id);
    let first = present.first().map(|choice| choice.value.clone()).unwrap_or_default();
    let day = |label: &str, back: &Back| {
        html! { (ui::date("day", label).required().value(ctx.today().to_string()).refill(&back.fields).errors(&back.errors)) }
    };
    let relieve = PostForm::new(format!("{at}/relieve"), page.csrf()?).errors(&relieving.errors).body(html! {
        (ui::select("tenure", "免职人员", present.clone()).value(first).refill(&relieving.fields).narrow())
        (day("免职日期", relieving))
        div .actions { (button("免职").danger()) }
    });
    let close = PostForm::new(format!("{at}/close"), page.csrf()?)
        .hidden("version", of.post.version.to_string())
        .confirm("确定撤销这个岗位？现任人员同时免职。")
        .errors(&closing.errors)
        .body(html! {
            (day("撤销日期", closing))
            div .actions { (button("撤销岗位").danger()) }
        });
    Ok(html! {
        details .card .fold open[!back.errors.is_empty() && ["relieve", "close"].contains(&back.verb)] {
            summary { span .caret aria-hidden="true" {} "免职和撤销岗位" }
            div .card-body {
                @if !present.is_empty() { h3 { "免职（岗位空缺）" } (relieve) }
                h3 { "撤销岗位" }
                p .text-muted { "还有未办结事项的岗位不能撤销。" }
                (close)
            }
        }
    })
}

/// Shows the page again after a refusal of one of its forms.
#[expect(clippy::too_many_arguments, reason = "the end of four handlers")]
async fn refused(
    web: &WebState,
    ctx: &Context,
    page: &Page,
    id: i64,
    problem: Problem,
    verb: &'static str,
    fields: Fields,
    offers: Offers,
) -> Result<Response, Problem> {
    let again = Again::of(problem)?;
    let of = load(web, ctx, id).await?;
    let back = Back { fields, errors: again.errors.clone(), offers, verb };
    shown(page, &of, ctx, &back, Some(&again))
}

async fn appoint(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let mut offers = Offers::default();
    let person = pick::person(&web, &ctx, &fields, ("person", "任职人员"), &mut offers).await;
    let done = match (person, day_of(&fields, "day", "任职日期")) {
        (Ok(person), Ok(day)) => {
            let who = ctx.clone();
            web.run(move |app| app.appoint(&who, PostId(id), person, day)).await
        }
        (Err(problem), _) | (_, Err(problem)) => Err(problem),
    };
    match done {
        Ok(_) => Ok(page.go(format!("/posts/{id}"), "已任职。")),
        Err(problem) => refused(&web, &ctx, &page, id, problem, "appoint", fields, offers).await,
    }
}

fn tenure_of(fields: &Fields) -> Result<TenureId, Problem> {
    let wrong =
        || Problem::Invalid { fields: vec![("tenure".to_owned(), "没有选择现任人员。".to_owned())] };
    fields.number("tenure").map(TenureId).ok_or_else(wrong)
}

async fn hand_over(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let mut offers = Offers::default();
    let successor = pick::person(&web, &ctx, &fields, ("successor", "接任人"), &mut offers).await;
    let done = match (successor, day_of(&fields, "day", "交接日期"), tenure_of(&fields)) {
        (Ok(successor), Ok(day), Ok(tenure)) => {
            let who = ctx.clone();
            web.run(move |app| app.hand_over(&who, tenure, successor, day)).await
        }
        (Err(problem), ..) | (_, Err(problem), _) | (.., Err(problem)) => Err(problem),
    };
    match done {
        Ok(_) => Ok(page.go(format!("/posts/{id}"), "交接完成，未办结的事项由接任人继续办理。")),
        Err(problem) => refused(&web, &ctx, &page, id, problem, "hand-over", fields, offers).await,
    }
}

async fn relieve(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let done = match (tenure_of(&fields), day_of(&fields, "day", "免职日期")) {
        (Ok(tenure), Ok(day)) => {
            let who = ctx.clone();
            web.run(move |app| app.relieve(&who, tenure, day)).await
        }
        (Err(problem), _) | (_, Err(problem)) => Err(problem),
    };
    match done {
        Ok(_) => Ok(page.go(format!("/posts/{id}"), "已免职，岗位空缺。")),
        Err(problem) => refused(&web, &ctx, &page, id, problem, "relieve", fields, Offers::default()).await,
    }
}

async fn close(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let done = match day_of(&fields, "day", "撤销日期") {
        Ok(day) => {
            let (who, version) = (ctx.clone(), fields.number("version"));
            web.run(move |app| app.close_post(&who, PostId(id), version, day)).await
        }
        Err(problem) => Err(problem),
    };
    match done {
        Ok(_) => Ok(page.go(format!("/posts/{id}"), "岗位已撤销。")),
        Err(problem) => refused(&web, &ctx, &page, id, problem, "close", fields, Offers::default()).await,
    }
}
