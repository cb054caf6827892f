//! Study: one's own page, and classes.

mod class;

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::Context;
use bihuan_app::study::{ClassInput, HoursFrom, NO_KIND, ReadingInput, StudyInput, StudyPage};
use bihuan_domain::id::{CampaignId, ReadingId};
use maud::{Markup, Render as _, html};

use crate::{
    current::{CampaignWish, current_campaign, no_campaign},
    error::Problem,
    form::Fields,
    frame::{Again, Page},
    pages::problem::input_of_form,
    route::Route,
    state::{Session, WebState},
    ui::{self, Choice, Column, Href, PostForm, Row, Table, Tone, badge, button, card, choices},
};

const STUDY_PATH: &str = "/study";

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get(STUDY_PATH, "study.show", "我的学习", show),
        Route::post("/study/readings", "study.add_reading", "列入书目", add_reading),
        Route::post("/study/readings/{id}/mark", "study.mark", "标记读书进度", mark),
        Route::post("/study/plan", "study.plan", "列入学习计划", plan),
        Route::post("/study/plan/{id}", "study.settle_plan", "完成或删去计划", settle),
        Route::post("/study/hours", "study.hours", "填写本人学时", hours),
        Route::post("/study/hours/{id}/drop", "study.drop_hours", "删去本人学时", drop_hours),
        Route::post("/study/classes", "study.create_class", "举办读书班", create_class),
        Route::get("/study/classes/{id}", "study.class", "读书班", class::class),
        Route::post("/study/classes/{id}/sessions", "study.add_session", "登记一课", class::add_session),
        Route::post(
            "/study/classes/{id}/sessions/{session}",
            "study.set_attendance",
            "更正到课",
            class::set_attendance,
        ),
    ]
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
) -> Result<Response, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    let Some(campaign) = current.id() else {
        return Ok(page.show(page.frame("学习"), no_campaign("学习")));
    };
    let (who, today) = (ctx.clone(), ctx.today());
    let found = web.run(move |app| app.study_page(&who, campaign)).await?;
    let body = html! {
        (current.switcher(&Href::new(STUDY_PATH)))
        (body(&page, &found, campaign, today, None)?)
    };
    Ok(current.remember(&web, page.show(page.frame("学习"), body)))
}

fn body(
    page: &Page,
    found: &StudyPage,
    campaign: CampaignId,
    today: bihuan_domain::Day,
    refused: Option<&Refused>,
) -> Result<Markup, Problem> {
    Ok(html! {
        (ui::heading("我的学习", Some("只有您自己看得到。这里不记在线时长、不打卡、不排名。"), html! {}))
        (ledger(page, found, refused)?)
        (plan_card(page, found, today, refused)?)
        (readings(page, found, campaign, refused)?)
        (classes(page, found, campaign, refused)?)
    })
}

/// A form that was refused, with what was typed into it.
struct Refused {
    form: String,
    fields: Fields,
    again: Again,
}

impl Refused {
    fn of(form: impl Into<String>, fields: Fields, problem: Problem) -> Result<Refused, Problem> {
        Ok(Refused { form: form.into(), fields, again: Again::of(problem)? })
    }
}

/// The refusal of this very form.
fn refusal<'r>(refused: Option<&'r Refused>, form: &str) -> Option<&'r Refused> {
    refused.filter(|refused| refused.form == form)
}

/// A field of a form; of the refused one with what was typed and what is wrong with it.
fn put(refused: Option<&Refused>, form: &str, field: ui::Field) -> ui::Field {
    let field = field.within(form);
    match refusal(refused, form) {
        Some(refused) => field.refill(&refused.fields).errors(&refused.again.errors),
        None => field,
    }
}

fn post(page: &Page, to: String, refused: Option<&Refused>, form: &str) -> Result<PostForm, Problem> {
    let post = PostForm::new(to, page.csrf()?).within(form);
    Ok(match refusal(refused, form) {
        Some(refused) => post.errors(&refused.again.errors),
        None => post,
    })
}

/// One's own page with the refused form as it was filled in.
async fn again(
    web: &WebState,
    ctx: &Context,
    page: &Page,
    wish: &CampaignWish,
    refused: Refused,
) -> Result<Response, Problem> {
    let current = current_campaign(web, ctx, wish).await?;
    let campaign = current.id().ok_or(Problem::NotFound)?;
    let who = ctx.clone();
    let found = web.run(move |app| app.study_page(&who, campaign)).await?;
    let body = body(page, &found, campaign, ctx.today(), Some(&refused))?;
    Ok(page.show_again(page.frame("学习"), body, &refused.again))
}

fn in_hours(minutes: i64) -> String {
    format!("{:.1}", minutes as f64 / 60.0)
}

fn ledger(page: &Page, found: &StudyPage, refused: Option<&Refused>) -> Result<Markup, Problem> {
    let mut rows = Vec::new();
    for line in &found.hours {
        let from = match line.from {
            HoursFrom::Activity => badge(Tone::Neutral, "活动记录"),
            HoursFrom::Class => badge(Tone::Neutral, "读书班"),
            HoursFrom::Own => badge(Tone::Info, "本人填写"),
        };
        let form = line
            .own_id
            .map(|id| -> Result<Markup, Problem> {
                let form = PostForm::new(format!("/study/hours/{id}/drop"), page.csrf()?)
                    .inline()
                    .body(html! { (button("删去").small()) });
                Ok(html! { (form) })
            })
            .transpose()?;
        rows.push(Row::new([
            html! { (line.day) },
            html! { (line.what) },
            html! { (in_hours(line.minutes)) },
            html! { (from) @if let Some(form) = form { " " (form) } },
        ]));
    }
    let put = |field| put(refused, "hours", field);
    let form = post(page, "/study/hours".to_owned(), refused, "hours")?.body(html! {
        (put(ui::text("what", "学习内容").required()))
        (put(ui::date("day", "日期").required()))
        (put(ui::number("duration", "时长（分钟）").required().narrow()))
        div .actions { (button("填写")) }
    });
    Ok(card(
        format!("今年学时 {}（其中本人填写 {}）", in_hours(found.minutes), in_hours(found.own_minutes)),
        html! {
            (Table::new("hours", "学时")
                .hide_caption()
                .columns([Column::new("日期").short(), Column::new("内容").long(), Column::new("学时").number(), Column::new("来源")])
                .rows(rows)
                .stack()
                .empty(html! { p .text-muted { "单位登记的活动、读书班的课会自动列在这里；自学的可以自己填，会注明“本人填写”。" } }))
            details open[refusal(refused, "hours").is_some()] { summary { "填写自学学时" } (form) }
        },
    ).render())
}

fn plan_card(
    page: &Page,
    found: &StudyPage,
    today: bihuan_domain::Day,
    refused: Option<&Refused>,
) -> Result<Markup, Problem> {
    let mut items = Vec::new();
    for line in &found.plan {
        let form = PostForm::new(format!("/study/plan/{}", line.id), page.csrf()?).inline().body(html! {
            @if line.done_day.is_none() { (button("完成").small().sends("do", "done")) }
            (button("删去").small().sends("do", "drop"))
        });
        items.push(html! { li {
            (line.due_day) " " (line.what) " "
            @match line.done_day {
                Some(day) => (badge(Tone::Good, format!("{day}完成"))),
                None if line.due_day < today => (badge(Tone::Warning, "过了自己定的日期")),
                None => "",
            }
            " " (form)
        } });
    }
    let put = |field| put(refused, "plan", field);
    let form = post(page, "/study/plan".to_owned(), refused, "plan")?.body(html! {
        (put(ui::text("what", "计划").required()))
        (put(ui::date("day", "计划完成日期").required()))
        div .actions { (button("列入计划")) }
    });
    Ok(card("我的计划", html! {
        @if items.is_empty() { p .text-muted { "还没有计划。" } } @else { ul { @for item in &items { (item) } } }
        (form)
    }).render())
}

fn units_choice(found: &StudyPage) -> Vec<Choice> {
    choices(found.units.iter().map(|(id, name)| (id.to_string(), name.clone())))
}

fn readings(
    page: &Page,
    found: &StudyPage,
    campaign: CampaignId,
    refused: Option<&Refused>,
) -> Result<Markup, Problem> {
    let mut books = Vec::new();
    for line in &found.readings {
        let done = line.parts.iter().filter(|(_, day)| day.is_some()).count();
        let mut parts = Vec::new();
        for (at, (name, day)) in line.parts.iter().enumerate() {
            let form = PostForm::new(format!("/study/readings/{}/mark", line.reading.id), page.csrf()?)
                .inline()
                .hidden("part", at.to_string())
                .body(html! {
                    @if day.is_some() { (button("取消").small().sends("read", "0")) } @else { (button("读完了").small().sends("read", "1")) }
                });
            parts.push(html! { li { (name) " " @if let Some(day) = day { (badge(Tone::Good, format!("{day}读完"))) } " " (form) } });
        }
        books.push(html! { details { summary { "《" (line.reading.title) "》 " (done) "/" (line.parts.len()) } ol { @for part in &parts { (part) } } } });
    }
    let put = |field| put(refused, "reading", field);
    let form = post(page, "/study/readings".to_owned(), refused, "reading")?
        .hidden("campaign", campaign.to_string())
        .body(html! {
            (put(ui::select("unit", "列出书目的单位", units_choice(found))))
            (put(ui::text("title", "书名或篇名").required()))
            (put(ui::area("parts", "章节", 4).hint("一行一章；不写就是全书")))
            div .actions { (button("列入书目")) }
        });
    Ok(card(
        "书目",
        html! {
            @if books.is_empty() { p .text-muted { "还没有书目。" } }
            @for book in &books { (book) }
            @if !found.units.is_empty() { details open[refusal(refused, "reading").is_some()] { summary { "列入书目" } (form) } }
        },
    )
    .render())
}

fn classes(
    page: &Page,
    found: &StudyPage,
    campaign: CampaignId,
    refused: Option<&Refused>,
) -> Result<Markup, Problem> {
    let rows = found.classes.iter().map(|(class, unit, own)| {
        Row::new([
            html! { a href={ "/study/classes/" (class.id) } { (class.name) } },
            html! { (unit) },
            html! { (class.from_day) "至" (class.to_day) },
            html! { @match own { Some(own) => { (own.attended) "/" (own.held) "课，" (in_hours(own.minutes)) "学时" }, None => "—" } },
        ])
    });
    let mut kinds =
        vec![Choice::new("", "读书班（模板有这类活动时）"), Choice::new(NO_KIND, "不算入规定动作")];
    kinds.extend(choices(found.kinds.iter().map(|(code, name)| (code.clone(), name.clone()))));
    let put = |field| put(refused, "class", field);
    let form = post(page, "/study/classes".to_owned(), refused, "class")?;
    let form = form.hidden("campaign", campaign.to_string()).body(html! {
        (put(ui::select("unit", "举办单位", units_choice(found))))
        (put(ui::text("name", "读书班名称").required()))
        (put(ui::select("kind", "算作哪类活动", kinds).hint("每一课会作为这类活动，算入够得上的规定动作")))
        (put(ui::number("hours", "要求学时").narrow()))
        (put(ui::date("from_day", "开始日期").required()))
        (put(ui::date("to_day", "结束日期").required()))
        (put(ui::checkboxes("everyone", "参加人员", vec![Choice::new("1", "本单位全体")]).value("1")))
        div .actions { (button("举办读书班")) }
    });
    Ok(card("读书班", html! {
        (Table::new("classes", "读书班").hide_caption().row_head(0)
            .columns([Column::new("名称"), Column::new("举办单位"), Column::new("时间").short(), Column::new("我的到课")])
            .rows(rows).stack().empty(html! { p .text-muted { "还没有读书班。" } }))
        @if !found.units.is_empty() { details open[refusal(refused, "class").is_some()] { summary { "举办读书班" } (form) } }
    }).render())
}

async fn add_reading(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
    fields: Fields,
) -> Result<Response, Problem> {
    let sent = input_of_form::<ReadingInput>(&fields)?;
    let who = ctx.clone();
    match web.run(move |app| app.add_reading(&who, sent)).await {
        Ok(_) => Ok(page.go(STUDY_PATH, "已列入书目。")),
        Err(problem) => again(&web, &ctx, &page, &wish, Refused::of("reading", fields, problem)?).await,
    }
}

async fn mark(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let (part, read) = (fields.number("part").unwrap_or(0), fields.text("read") == "1");
    web.run(move |app| app.mark_reading(&ctx, ReadingId(id), part, read)).await?;
    Ok(page.go(STUDY_PATH, "已更新读书进度。"))
}

async fn plan(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
    fields: Fields,
) -> Result<Response, Problem> {
    let sent = input_of_form::<StudyInput>(&fields)?;
    let who = ctx.clone();
    match web.run(move |app| app.plan_study(&who, sent)).await {
        Ok(_) => Ok(page.go(STUDY_PATH, "已列入计划。")),
        Err(problem) => again(&web, &ctx, &page, &wish, Refused::of("plan", fields, problem)?).await,
    }
}

async fn settle(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let done = fields.text("do") == "done";
    web.run(move |app| app.settle_plan(&ctx, id, done)).await?;
    Ok(page.go(STUDY_PATH, "计划已更新。"))
}

async fn hours(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
    fields: Fields,
) -> Result<Response, Problem> {
    let sent = input_of_form::<StudyInput>(&fields)?;
    let who = ctx.clone();
    match web.run(move |app| app.enter_hours(&who, sent)).await {
        Ok(_) => Ok(page.go(STUDY_PATH, "学时已填写，注明为本人填写。")),
        Err(problem) => again(&web, &ctx, &page, &wish, Refused::of("hours", fields, problem)?).await,
    }
}

async fn drop_hours(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    web.run(move |app| app.drop_hours(&ctx, id)).await?;
    Ok(page.go(STUDY_PATH, "已删去。"))
}

async fn create_class(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
    fields: Fields,
) -> Result<Response, Problem> {
    let sent = input_of_form::<ClassInput>(&fields)?;
    let who = ctx.clone();
    match web.run(move |app| app.create_class(&who, sent)).await {
        Ok(id) => Ok(page.go(format!("/study/classes/{id}"), "读书班已举办。")),
        Err(problem) => again(&web, &ctx, &page, &wish, Refused::of("class", fields, problem)?).await,
    }
}
