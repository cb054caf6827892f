//! Study: one's own page, and classes.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::study::{
    ClassInput, ClassPage, HoursFrom, ReadingInput, SessionInput, StudyInput, StudyPage,
};
use bihuan_domain::id::{CampaignId, ClassSessionId, ReadingId, StudyClassId};
use maud::{Markup, Render as _, html};

use crate::{
    current::{CampaignWish, current_campaign, no_campaign},
    error::Problem,
    form::Fields,
    frame::Page,
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
        Route::get("/study/classes/{id}", "study.class", "读书班", class),
        Route::post("/study/classes/{id}/sessions", "study.add_session", "登记一课", add_session),
        Route::post(
            "/study/classes/{id}/sessions/{session}",
            "study.set_attendance",
            "更正到课",
            set_attendance,
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
        (ui::heading("我的学习", Some("只有您自己看得到。这里不记在线时长、不打卡、不排名。"), html! {}))
        (ledger(&page, &found)?)
        (plan_card(&page, &found, today)?)
        (readings(&page, &found, campaign)?)
        (classes(&page, &found, campaign)?)
    };
    Ok(current.remember(&web, page.show(page.frame("学习"), body)))
}

fn in_hours(minutes: i64) -> String {
    format!("{:.1}", minutes as f64 / 60.0)
}

fn ledger(page: &Page, found: &StudyPage) -> Result<Markup, Problem> {
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
    let form = PostForm::new("/study/hours", page.csrf()?).within("hours").body(html! {
        (ui::text("what", "学习内容").within("hours").required())
        (ui::date("day", "日期").within("hours").required())
        (ui::number("duration", "时长（分钟）").within("hours").required().narrow())
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
            details { summary { "填写自学学时" } (form) }
        },
    ).render())
}

fn plan_card(page: &Page, found: &StudyPage, today: bihuan_domain::Day) -> Result<Markup, Problem> {
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
    let form = PostForm::new("/study/plan", page.csrf()?).within("plan").body(html! {
        (ui::text("what", "计划").within("plan").required())
        (ui::date("day", "计划完成日期").within("plan").required())
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

fn readings(page: &Page, found: &StudyPage, campaign: CampaignId) -> Result<Markup, Problem> {
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
    let form = PostForm::new("/study/readings", page.csrf()?)
        .hidden("campaign", campaign.to_string())
        .within("reading")
        .body(html! {
            (ui::select("unit", "列出书目的单位", units_choice(found)).within("reading"))
            (ui::text("title", "书名或篇名").within("reading").required())
            (ui::area("parts", "章节", 4).within("reading").hint("一行一章；不写就是全书"))
            div .actions { (button("列入书目")) }
        });
    Ok(card(
        "书目",
        html! {
            @if books.is_empty() { p .text-muted { "还没有书目。" } }
            @for book in &books { (book) }
            @if !found.units.is_empty() { details { summary { "列入书目" } (form) } }
        },
    )
    .render())
}

fn classes(page: &Page, found: &StudyPage, campaign: CampaignId) -> Result<Markup, Problem> {
    let rows = found.classes.iter().map(|(class, unit, own)| {
        Row::new([
            html! { a href={ "/study/classes/" (class.id) } { (class.name) } },
            html! { (unit) },
            html! { (class.from_day) "至" (class.to_day) },
            html! { @match own { Some(own) => { (own.attended) "/" (own.held) "课，" (in_hours(own.minutes)) "学时" }, None => "—" } },
        ])
    });
    let form = PostForm::new("/study/classes", page.csrf()?).hidden("campaign", campaign.to_string()).within("class").body(html! {
        (ui::select("unit", "举办单位", units_choice(found)).within("class"))
        (ui::text("name", "读书班名称").within("class").required())
        (ui::number("hours", "要求学时").within("class").narrow())
        (ui::date("from_day", "开始日期").within("class").required())
        (ui::date("to_day", "结束日期").within("class").required())
        (ui::checkboxes("everyone", "参加人员", vec![Choice::new("1", "本单位全体")]).within("class").value("1"))
        div .actions { (button("举办读书班")) }
    });
    Ok(card("读书班", html! {
        (Table::new("classes", "读书班").hide_caption().row_head(0)
            .columns([Column::new("名称"), Column::new("举办单位"), Column::new("时间").short(), Column::new("我的到课")])
            .rows(rows).stack().empty(html! { p .text-muted { "还没有读书班。" } }))
        @if !found.units.is_empty() { details { summary { "举办读书班" } (form) } }
    }).render())
}

async fn class(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let found = web.run(move |app| app.class_page(&ctx, StudyClassId(id))).await?;
    let frame = page.frame(found.class.name.clone()).crumb("学习", STUDY_PATH);
    Ok(page.show(frame, class_body(&page, &found)?))
}

fn class_body(page: &Page, found: &ClassPage) -> Result<Markup, Problem> {
    let lead = format!(
        "{} · {}至{}",
        found.unit.name,
        found.class.from_day.in_chinese(),
        found.class.to_day.in_chinese()
    );
    let rows = found.members.iter().map(|member| {
        let state = member.completeness;
        Row::new([
            html! { (member.name) },
            html! { (state.attended) " / " (state.held) @if state.made_up > 0 { "（补课" (state.made_up) "）" } },
            html! { (in_hours(state.minutes)) @if found.class.hours > 0 { " / " (found.class.hours) } },
            html! { @if state.is_complete(&found.class) { (badge(Tone::Good, "已学完")) } @else { (badge(Tone::Info, "还要补")) } },
        ])
    });
    let members = || choices(found.members.iter().map(|m| (m.person.to_string(), m.name.clone())));
    let mut sessions = Vec::new();
    for session in &found.sessions {
        let here = format!("session-{}", session.id);
        let at =
            found.members.iter().filter(|m| m.attended.contains(&session.id)).map(|m| m.person.to_string());
        let form =
            PostForm::new(format!("/study/classes/{}/sessions/{}", found.class.id, session.id), page.csrf()?)
                .within(&here)
                .body(html! {
                    (ui::checkboxes("people", "到课人员", members()).within(&here).values(at))
                    div .actions { (button("更正到课")) }
                });
        sessions.push(html! { li {
            (session.day) " " (session.topic) "，" (session.duration_minutes) "分钟"
            @if session.makes_up_id.is_some() { " " (badge(Tone::Warning, "补课")) }
            @if found.may_run { details { summary { "到课" } (form) } }
        } });
    }
    let mut first = vec![Choice::new("", "不是补课")];
    first.extend(
        found
            .sessions
            .iter()
            .filter(|s| s.makes_up_id.is_none())
            .map(|s| Choice::new(s.id.to_string(), format!("补{} {}", s.day, s.topic))),
    );
    let form = PostForm::new(format!("/study/classes/{}/sessions", found.class.id), page.csrf()?).body(html! {
        (ui::date("day", "日期").required())
        (ui::text("topic", "学习内容").required())
        (ui::number("duration", "时长（分钟）").required().narrow())
        (ui::select("makes_up", "补哪一课", first))
        (ui::checkboxes("people", "到课人员", members()).values(found.members.iter().map(|m| m.person.to_string())).hint("默认全到，去掉没来的"))
        div .actions { (button("登记一课").primary()) }
    });
    Ok(html! {
        (ui::heading(&found.class.name, Some(&lead), html! {}))
        (Table::new("members", "学习情况").row_head(0)
            .columns([Column::new("姓名"), Column::new("到课").number(), Column::new("学时").number(), Column::new("情况")])
            .rows(rows).stack())
        (card("课次", html! { @if sessions.is_empty() { p .text-muted { "还没有登记课次。" } } @else { ol { @for item in &sessions { (item) } } } }))
        @if found.may_run { (card("登记一课", html! { (form) })) }
    })
}

async fn add_reading(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    fields: Fields,
) -> Result<Response, Problem> {
    let sent = input_of_form::<ReadingInput>(&fields)?;
    web.run(move |app| app.add_reading(&ctx, sent)).await?;
    Ok(page.go(STUDY_PATH, "已列入书目。"))
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
    fields: Fields,
) -> Result<Response, Problem> {
    let sent = input_of_form::<StudyInput>(&fields)?;
    web.run(move |app| app.plan_study(&ctx, sent)).await?;
    Ok(page.go(STUDY_PATH, "已列入计划。"))
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
    fields: Fields,
) -> Result<Response, Problem> {
    let sent = input_of_form::<StudyInput>(&fields)?;
    web.run(move |app| app.enter_hours(&ctx, sent)).await?;
    Ok(page.go(STUDY_PATH, "学时已填写，注明为本人填写。"))
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
    fields: Fields,
) -> Result<Response, Problem> {
    let sent = input_of_form::<ClassInput>(&fields)?;
    let id = web.run(move |app| app.create_class(&ctx, sent)).await?;
    Ok(page.go(format!("/study/classes/{id}"), "读书班已举办。"))
}

async fn add_session(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let sent = input_of_form::<SessionInput>(&fields)?;
    web.run(move |app| app.add_session(&ctx, StudyClassId(id), sent)).await?;
    Ok(page.go(format!("/study/classes/{id}"), "已登记一课。"))
}

async fn set_attendance(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path((id, session)): Path<(i64, i64)>,
    fields: Fields,
) -> Result<Response, Problem> {
    let people: Vec<String> = fields.all("people").map(str::to_owned).collect();
    web.run(move |app| app.set_attendance(&ctx, StudyClassId(id), ClassSessionId(session), people)).await?;
    Ok(page.go(format!("/study/classes/{id}"), "到课情况已更正。"))
}
