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
    page::Frame,
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
        Route::get("/posts/{id}/appoint", "post.appoint_form", "任职页", appoint_form),
        Route::post("/posts/{id}/appoint", "post.appoint", "任职", appoint),
        Route::get("/posts/{id}/hand-over", "post.hand_over_form", "岗位交接页", hand_over_form),
        Route::post("/posts/{id}/hand-over", "post.hand_over", "岗位交接", hand_over),
        Route::get("/posts/{id}/relieve", "post.relieve_form", "免职页", relieve_form),
        Route::post("/posts/{id}/relieve", "post.relieve", "免职", relieve),
        Route::get("/posts/{id}/close", "post.close_form", "撤销岗位页", close_form),
        Route::post("/posts/{id}/close", "post.close", "撤销岗位", close),
    ]
}

/// What is done with a post on a page of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Appoint,
    HandOver,
    Relieve,
    Close,
}

impl Act {
    fn verb(self) -> &'static str {
        match self {
            Act::Appoint => "appoint",
            Act::HandOver => "hand-over",
            Act::Relieve => "relieve",
            Act::Close => "close",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Act::Appoint => "任职",
            Act::HandOver => "岗位交接",
            Act::Relieve => "免职",
            Act::Close => "撤销岗位",
        }
    }

    fn day(self) -> &'static str {
        match self {
            Act::Appoint => "任职日期",
            Act::HandOver => "交接日期",
            Act::Relieve => "免职日期",
            Act::Close => "撤销日期",
        }
    }

    fn lead(self) -> &'static str {
        match self {
            Act::Appoint => "从任职日期起，随岗位的未办结事项由任职人员办理。",
            Act::HandOver => {
                "未办结的事项留在岗位，由接任人继续办理；已经签字的仍记在原任职人名下，中间没有空档。"
            }
            Act::Relieve => "免职后岗位空缺，未办结的事项仍在岗位上等待接任。",
            Act::Close => "还有未办结事项的岗位不能撤销；现任人员同时免职。",
        }
    }

    /// The field that names a person.
    fn person(self) -> Option<(&'static str, &'static str)> {
        match self {
            Act::Appoint => Some(("person", "任职人员")),
            Act::HandOver => Some(("successor", "接任人")),
            Act::Relieve | Act::Close => None,
        }
    }
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
    let lead =
        format!("{} · {}", of.unit.name, if of.post.closed_day.is_some() { "已撤销" } else { "现有岗位" });
    let held = !present(&of, &ctx).is_empty();
    let acts = [Act::HandOver, Act::Appoint, Act::Relieve, Act::Close].into_iter().filter(|act| match act {
        Act::Appoint => !held || of.post.shared,
        Act::HandOver | Act::Relieve => held,
        Act::Close => true,
    });
    let facts = definitions()
        .add("所属单位", html! { a href={ "/units/" (of.unit.id) } { (of.unit.name) } })
        .add("可以包案", html! { @if of.post.leads { "是" } @else { "否" } })
        .add("可由多人担任", html! { @if of.post.shared { "是" } @else { "否" } })
        .add("未办结事项", html! { (of.open_work) " 项" });
    let body = html! {
        (ui::heading(&of.post.name, Some(&lead), html! {
            @if of.post.closed_day.is_none() && of.may_change {
                @for act in acts { (button_link(act.title(), format!("/posts/{id}/{}", act.verb()))) }
            }
        }))
        (card("岗位", html! {
            (facts)
            p .text-muted { "工作随岗位走，签字随人走：交接时未办结的事项留在岗位，已经签字的仍记在原任职人名下。" }
        }))
        (card("历任人员", html! { (holders(&of, &ctx)) }).flush())
    };
    Ok(page.show(frame_of(&page, &of.post.name, &of), body))
}

fn frame_of(page: &Page, title: &str, of: &PostPage) -> Frame {
    page.frame(title).crumb("单位", "/units").crumb(of.unit.name.clone(), format!("/units/{}", of.unit.id))
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

/// The page of an act, fresh or after a refusal.
async fn act_page(
    act: Act,
    (web, ctx, page, id): (&WebState, &Context, &Page, i64),
    fields: &Fields,
    offers: &Offers,
    again: Option<&Again>,
) -> Result<Response, Problem> {
    let of = load(web, ctx, id).await?;
    let errors = again.map(|again| again.errors.clone()).unwrap_or_default();
    let present = present(&of, ctx);
    let first = present.first().map(|choice| choice.value.clone()).unwrap_or_default();
    let at = format!("/posts/{id}");
    let send = match act {
        Act::Appoint | Act::HandOver => button(act.title()).primary(),
        Act::Relieve | Act::Close => button(act.title()).danger(),
    };
    let leaving = if act == Act::Relieve { "免职人员" } else { "离任人" };
    let version = fields.filled("version").map_or_else(|| of.post.version.to_string(), str::to_owned);
    let form = PostForm::new(format!("{at}/{}", act.verb()), page.csrf()?)
        .hidden("version", version)
        .errors(&errors);
    let form = form.body(html! {
        @if matches!(act, Act::HandOver | Act::Relieve) {
            (ui::select("tenure", leaving, present).value(first).refill(fields).errors(&errors).narrow())
        }
        @if let Some((name, label)) = act.person() {
            (offers.field(
                ui::text(name, label).required().narrow().hint("填写姓名；没有登记的先到“人员”中登记"),
                name, fields, &errors,
            ))
        }
        (ui::date("day", act.day()).required().value(ctx.today().to_string()).refill(fields).errors(&errors))
        div .actions { (send) (button_link("取消", &at)) }
    });
    let body = html! {
        (ui::heading(act.title(), Some(&format!("{} · {}", of.unit.name, of.post.name)), html! {}))
        (panel(html! { p { (act.lead()) } (form) }))
    };
    let frame = frame_of(page, act.title(), &of).crumb(of.post.name.clone(), at);
    Ok(match again {
        Some(again) => page.show_again(frame, body, again),
        None => page.show(frame, body),
    })
}

/// Reads what an act asks for and carries it out; answers with the words of the notice.
async fn carry_out(
    act: Act,
    (web, ctx, id): (&WebState, &Context, i64),
    fields: &Fields,
    offers: &mut Offers,
) -> Result<&'static str, Problem> {
    let person = match act.person() {
        Some(field) => Some(pick::person(web, ctx, fields, field, offers).await?),
        None => None,
    };
    let day = day_of(fields, "day", act.day())?;
    let (who, post, version) = (ctx.clone(), PostId(id), fields.number("version"));
    Ok(match (act, person) {
        (Act::Appoint, Some(person)) => {
            web.run(move |app| app.appoint(&who, post, person, day)).await?;
            "已任职。"
        }
        (Act::HandOver, Some(successor)) => {
            let tenure = tenure_of(fields)?;
            web.run(move |app| app.hand_over(&who, tenure, successor, day)).await?;
            "交接完成，未办结的事项由接任人继续办理。"
        }
        (Act::Relieve, _) => {
            let tenure = tenure_of(fields)?;
            web.run(move |app| app.relieve(&who, tenure, day)).await?;
            "已免职，岗位空缺。"
        }
        _ => {
            web.run(move |app| app.close_post(&who, post, version, day)).await?;
            "岗位已撤销。"
        }
    })
}

fn tenure_of(fields: &Fields) -> Result<TenureId, Problem> {
    let wrong =
        || Problem::Invalid { fields: vec![("tenure".to_owned(), "没有选择现任人员。".to_owned())] };
    fields.number("tenure").map(TenureId).ok_or_else(wrong)
}

async fn act_post(
    act: Act,
    (web, ctx, page, id): (&WebState, &Context, &Page, i64),
    fields: &Fields,
) -> Result<Response, Problem> {
    let mut offers = Offers::default();
    match carry_out(act, (web, ctx, id), fields, &mut offers).await {
        Ok(words) => Ok(page.go(format!("/posts/{id}"), words)),
        Err(problem) => {
            let again = Again::of(problem)?;
            act_page(act, (web, ctx, page, id), fields, &offers, Some(&again)).await
        }
    }
}

/// Every act has the same two handlers.
macro_rules! handlers {
    ($($act:ident: $form:ident, $post:ident;)+) => {$(
        async fn $form(
            State(web): State<WebState>,
            Session(ctx): Session,
            page: Page,
            Path(id): Path<i64>,
        ) -> Result<Response, Problem> {
            act_page(Act::$act, (&web, &ctx, &page, id), &Fields::default(), &Offers::default(), None).await
        }

        async fn $post(
            State(web): State<WebState>,
            Session(ctx): Session,
            page: Page,
            Path(id): Path<i64>,
            fields: Fields,
        ) -> Result<Response, Problem> {
            act_post(Act::$act, (&web, &ctx, &page, id), &fields).await
        }
    )+};
}

handlers! {
    Appoint: appoint_form, appoint;
    HandOver: hand_over_form, hand_over;
    Relieve: relieve_form, relieve;
    Close: close_form, close;
}
