//! Look-backs of a campaign: whom they wait for, and how far each unit's closures held.

use axum::{Json, body::Bytes, extract::State, response::Response};
use bihuan_app::Context;
use bihuan_app::look_back::{FileLookBackInput, LOOK_BACK_ROWS, LookBackQuery, LookBackView, LookBacksView};
use bihuan_domain::Coded;
use bihuan_domain::figure::SAMPLE_MIN;
use bihuan_domain::id::{DrawId, LookBackId, UnitId};
use bihuan_domain::inspection::AnswerValue;
use bihuan_domain::look_back::{LookBackDuty, LookBackResult, Reliability};
use bihuan_domain::unit::Level;
use maud::{Markup, html};
use serde_json::{Value, json};

use crate::{
    current::{CampaignWish, current_campaign, no_campaign},
    error::Problem,
    form::{Fields, QueryFields},
    frame::{Again, Page},
    page::Frame,
    route::{Access, Route},
    state::{Session, WebState},
    step::{self, Place, Typed, input_of_form},
    ui::{
        self, Column, Href, Pager, PostForm, Row, Tab, Table, Tone, badge, button, button_link, card,
        choices, definitions,
    },
};

const LOOK_BACKS_PATH: &str = "/look-backs";

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get(LOOK_BACKS_PATH, "look_back.list", "回头看", list),
        Route::get("/look-backs/{id}", "look_back.show", "填报回头看页", show),
        Route::post("/look-backs/{id}/file", "look_back.file", "填报回头看和核查清单", file),
        Route::get(
            "/api/v1/look-backs",
            "look_back.list_json",
            "回头看和销号可靠度（campaign、draw、unit、level、result、own、page）",
            list_json,
        )
        .access(Access::Token("look_back:read")),
        Route::post("/api/v1/look-backs/{id}/file", "look_back.file_json", "填报回头看和核查清单", file_json)
            .access(Access::Token("look_back:write"))
            .request(step::request_of::<FileLookBackInput>),
    ]
}

fn query_of(fields: &Fields) -> LookBackQuery {
    let results = match fields.text("result") {
        "rebound" => vec![LookBackResult::SlippedBack, LookBackResult::NeverTrue],
        code => LookBackResult::from_code(code).into_iter().collect(),
    };
    LookBackQuery {
        draw: fields.number("draw").map(DrawId),
        own: fields.text("own") == "1",
        results,
        unit: fields.number("unit").map(UnitId),
        level: Level::from_code(fields.text("level")),
        page: fields.number("page").unwrap_or(1),
    }
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
    QueryFields(fields): QueryFields,
) -> Result<Response, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    let Some(campaign) = current.id() else {
        return Ok(page.show(page.frame("回头看"), no_campaign("回头看")));
    };
    let (who, query) = (ctx.clone(), query_of(&fields));
    let view = web.run(move |app| app.look_backs(&who, campaign, &query)).await?;
    let here = Href::new(LOOK_BACKS_PATH)
        .with_some("unit", fields.filled("unit"))
        .with_some("draw", fields.filled("draw"))
        .with_some("level", fields.filled("level"));
    let shown = here.with_some("own", fields.filled("own")).with_some("result", fields.filled("result"));
    let now = if fields.text("own") == "1" { "own" } else { fields.text("result") };
    let tab = |label: &str, key: &str| {
        let href = if key == "own" {
            here.with("own", "1")
        } else {
            here.with_some("result", (!key.is_empty()).then_some(key))
        };
        Tab::new(label, href.to_string(), now == key)
    };
    let draw = Href::new("/draws/new").with("campaign", campaign).with("purpose", "look_backs");
    let rule = format!(
        "模板规定：销号满{}天的，每层抽{}%（至少{}件），{}。",
        view.rule.after_days,
        view.rule.percent,
        view.rule.at_least,
        view.rule.strata.label()
    );
    let body = html! {
        (ui::heading("回头看", Some(&rule), html! { (button_link("抽取反向核查", draw.to_string()).primary()) }))
        (current.switcher(&here))
        (summary(&view))
        (reliability_table(&view, &here))
        (ui::tabs("回头看", &[tab("全部", ""), tab("待回头看", "pending"), tab("我的", "own"), tab("反弹和虚假", "rebound"), tab("成效保持", "holds")]))
        (table(&view, &ctx))
        (Pager::new(shown, fields.number("page").unwrap_or(1), count(LOOK_BACK_ROWS), count(view.total)))
    };
    Ok(current.remember(&web, page.show(page.frame("回头看"), body)))
}

fn count(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

fn per_mille(n: i64) -> String {
    format!("{}.{}%", n / 10, n % 10)
}

fn summary(view: &LookBacksView) -> Markup {
    let whole = &view.whole;
    let checked = count(whole.checked());
    html! {
        (ui::stats(&[
            ui::stat("已回头看", checked, "件"),
            ui::stat("成效保持", count(whole.holds), "件").share(count(whole.holds), checked, "已回头看").tone(Tone::Good),
            ui::stat("反弹", count(whole.slipped_back), "件").share(count(whole.slipped_back), checked, "已回头看").tone(Tone::Warning),
            ui::stat("虚假销号", count(whole.never_true), "件").share(count(whole.never_true), checked, "已回头看").tone(Tone::Danger),
            ui::stat("待回头看", count(whole.pending), "件"),
        ]))
    }
}

/// The share that held with its interval, or why there is none.
pub(super) fn held(reliability: &Reliability) -> Markup {
    match reliability.held() {
        Some(interval) => {
            html! { div { (per_mille(interval.share)) br; span .text-muted { "95%区间 " (per_mille(interval.low)) "—" (per_mille(interval.high)) } } }
        }
        None => html! { span .text-muted { "样本不足" (SAMPLE_MIN) "件，不比较" } },
    }
}

fn reliability_table(view: &LookBacksView, here: &Href) -> Markup {
    let rows = view.units.iter().map(|line| {
        let r = &line.reliability;
        let rows_of = |result: &str, n: i64| {
            let href = here.with("unit", line.unit.id).with("result", result);
            html! { @if n > 0 { a href=(href) { (n) } } @else { "0" } }
        };
        Row::new([
            html! { a href=(here.with("unit", line.unit.id)) { (line.unit.name) @if line.own { "（本级）" } } },
            html! { (r.checked()) },
            rows_of("holds", r.holds),
            rows_of("rebound", r.slipped_back + r.never_true),
            html! { @match r.rebound_per_mille() { Some(rate) => (per_mille(rate)), None => span .text-muted { "—" } } },
            held(r),
            rows_of("pending", r.pending),
        ])
    });
    let table = Table::new("reliability", "各单位销号可靠度")
        .hide_caption()
        .columns([
            Column::new("单位"),
            Column::new("已回头看").number(),
            Column::new("成效保持").number(),
            Column::new("反弹和虚假").number(),
            Column::new("反弹率").number(),
            Column::new("销号可靠度").short(),
            Column::new("待回头看").number(),
        ])
        .row_head(0)
        .rows(rows)
        .stack()
        .empty(html! { p .text-muted { "还没有回头看。" } });
    html! {
        (card(format!("{}各单位销号可靠度", view.unit.name), html! {
            (table)
            p .text-muted { "按规定顺序排列，不排名次。可靠度＝成效保持÷已回头看；区间按威尔逊法计算；点开数字看到每一件。" }
        }).flush())
    }
}

fn table(view: &LookBacksView, ctx: &Context) -> Markup {
    let today = ctx.today();
    let tone = |result| match result {
        LookBackResult::Holds => Tone::Good,
        LookBackResult::SlippedBack | LookBackResult::NeverTrue => Tone::Danger,
        LookBackResult::Pending => Tone::Info,
        LookBackResult::Overtaken => Tone::Neutral,
    };
    let rows = view.lines.iter().map(|line| {
        let look = &line.look_back;
        let pending = look.result == LookBackResult::Pending;
        let who = line.duty.as_ref().map(|duty| duty.person_id).or(look.done_by);
        Row::new([
            html! { a href={ "/problems/" (line.problem.id) } { (line.problem.citation()) } " " (crate::pages::problem::short(&line.problem.text, 40)) },
            html! { (view.names.get(&line.problem.home_unit_id).cloned().unwrap_or_default()) },
            html! { div { (look.due_day) @if pending && look.due_day < today { br; (badge(Tone::Warning, "已到期")) } } },
            html! { (who.and_then(|who| view.people.get(&who).cloned()).unwrap_or_default())
                @if let Some(duty) = &line.duty { br; (drawn(duty, view.draws.iter().any(|draw| draw.id == duty.draw_id), "抽签确定")) } },
            html! { (badge(tone(look.result), look.result.label())) },
            // A drawn one is filed by the drawn person alone.
            html! { @if pending && line.look_back.person_id.is_none_or(|person| person == ctx.actor.person) { a .btn .btn-outline-secondary .btn-sm href={ (LOOK_BACKS_PATH) "/" (look.id) } { "填报" } } @else { a href={ (LOOK_BACKS_PATH) "/" (look.id) } { "查看" } } },
        ])
    });
    html! {
        (Table::new("look-backs", "回头看清单")
            .hide_caption()
            .columns([Column::new("问题").long(), Column::new("单位"), Column::new("应看日期").short(), Column::new("人员").short(), Column::new("结果").short(), Column::new("办理").short()])
            .rows(rows)
            .stack()
            .empty(ui::empty("没有符合条件的回头看", "销号满规定天数的问题会出现在这里；也可以抽取一批做反向核查。", None)))
    }
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    place: Place,
) -> Result<Response, Problem> {
    let (frame, body) = render(&web, &ctx, &page, place.id, None).await?;
    Ok(page.show(frame, body))
}

async fn render(
    web: &WebState,
    ctx: &Context,
    page: &Page,
    id: i64,
    typed: Option<&Typed>,
) -> Result<(Frame, Markup), Problem> {
    let who = ctx.clone();
    let view = web.run(move |app| app.look_back(&who, LookBackId(id))).await?;
    let problem = &view.line.problem;
    let title = format!("回头看：{}", problem.citation());
    let look = &view.line.look_back;
    let body = html! {
        (ui::heading(&title, Some(&problem.text), html! { (button_link("打开问题", format!("/problems/{}", problem.id))) }))
        (card("销号时的说法", html! {
            (definitions()
                .add("完成情况", html! { (problem.statement) })
                .add("应看日期", html! { (look.due_day.in_chinese()) "起" })
                .add_some("核查人员", (!view.person.is_empty()).then(|| view.person.clone()))
                .add("结果", html! { (look.result.label()) @if !look.note.is_empty() { "：" (look.note) } }))
            @if let Some(duty) = &view.line.duty { p { "由" (drawn(duty, view.draw_seen, "随机抽取")) "确定，核查人员没有参与过这个问题的整改和验收。" } }
        }))
        (answers(&view))
        @if view.may_file { (form(&view, page, typed)?) }
        @else if look.result == LookBackResult::Pending { p .text-muted { "由抽签确定的核查人员填报。" } }
    };
    Ok((page.frame(title).crumb("回头看", LOOK_BACKS_PATH), body))
}

fn answers(view: &LookBackView) -> Markup {
    if view.answers.is_empty() {
        return html! {};
    }
    let text = |code: &str| {
        let points = view.checklist.iter().flat_map(|list| &list.points);
        points.filter(|point| point.code == code).map(|point| point.text.clone()).next().unwrap_or_default()
    };
    let rows = view.answers.iter().map(|answer| {
        Row::new([html! { (text(&answer.item)) }, html! { (answer.value.label()) }, html! { (answer.note) }])
    });
    html! {
        (card("核查清单", html! {
            (Table::new("answers", "核查清单").hide_caption().columns([Column::new("要点").long(), Column::new("结论").short(), Column::new("说明")]).rows(rows).stack())
        }).flush())
    }
}

fn form(view: &LookBackView, page: &Page, typed: Option<&Typed>) -> Result<Markup, Problem> {
    let typed = Typed::of(typed, "file");
    let (have, errors) = (&typed.fields, &typed.errors);
    let results = [LookBackResult::Holds, LookBackResult::SlippedBack, LookBackResult::NeverTrue];
    let results = choices(results.iter().map(|result| (result.code(), result.label())));
    let values = choices(AnswerValue::ALL.iter().map(|value| (value.code(), value.label())));
    let action = format!("{LOOK_BACKS_PATH}/{}/file", view.line.look_back.id);
    let form = PostForm::new(action, page.csrf()?).errors(errors).warn_unsaved();
    Ok(html! {
        (card("填报", html! {
            (form.body(html! {
                @if let Some(list) = &view.checklist {
                    h3 { (list.name) }
                    @for point in &list.points {
                        div .short-options .check-point {
                            (ui::radios(&format!("answer-{}", point.code), &point.text, values.clone()).hint(point.how.clone()).refill(have).errors(errors))
                            (ui::text(&format!("note-{}", point.code), "说明（不符合的必填）").refill(have))
                        }
                    }
                }
                (ui::radios("result", "回头看结果", results).required().hint("反弹或虚假销号的，问题进入新一轮整改").refill(have).errors(errors))
                (ui::area("note", "回头看情况", 4).required().hint("到现场看到了什么，问了谁").refill(have).errors(errors))
                div .actions { (button("保存回头看情况").primary()) (button_link("取消", LOOK_BACKS_PATH)) }
            }))
        }))
    })
}

fn filed(fields: &Fields) -> Result<FileLookBackInput, Problem> {
    let mut sent = input_of_form::<FileLookBackInput>(fields)?;
    if sent.answers.is_empty() {
        sent.answers = super::inspection::answers_of(fields);
    }
    Ok(sent)
}

async fn file(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    place: Place,
    fields: Fields,
) -> Result<Response, Problem> {
    let (who, sent) = (ctx.clone(), filed(&fields)?);
    match web.run(move |app| app.file_look_back(&who, LookBackId(place.id), sent)).await {
        Ok(_) => Ok(page.go(format!("{LOOK_BACKS_PATH}/{}", place.id), "回头看情况已保存。")),
        Err(problem) => {
            let again = Again::of(problem)?;
            let typed = Typed { form: "file", fields, errors: again.errors.clone(), ..Typed::default() };
            let (frame, body) = render(&web, &ctx, &page, place.id, Some(&typed)).await?;
            Ok(page.show_again(frame, body, &again))
        }
    }
}

async fn file_json(
    State(web): State<WebState>,
    Session(ctx): Session,
    place: Place,
    bytes: Bytes,
) -> Result<Response, Problem> {
    let value = crate::pages::problem::object_of(&bytes)?;
    let sent: FileLookBackInput = serde_json::from_value(value)
        .map_err(|error| Problem::invalid("", format!("JSON 内容不符合要求：{error}。")))?;
    let done = web.run(move |app| app.file_look_back(&ctx, LookBackId(place.id), sent)).await?;
    Ok(crate::pages::problem::done_json(&done))
}

async fn list_json(
    State(web): State<WebState>,
    Session(ctx): Session,
    wish: CampaignWish,
    QueryFields(fields): QueryFields,
) -> Result<Json<Value>, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    let campaign = current.id().ok_or(Problem::NotFound)?;
    let query = query_of(&fields);
    let view = web.run(move |app| app.look_backs(&ctx, campaign, &query)).await?;
    let lines: Vec<Value> = view
        .lines
        .iter()
        .map(|line| {
            json!({ "look_back": line.look_back, "problem": line.problem.id,
                "person": line.duty.as_ref().map(|duty| duty.person_id), "draw": line.duty.as_ref().map(|duty| duty.draw_id) })
        })
        .collect();
    let units: Vec<Value> = view
        .units
        .iter()
        .map(|line| {
            json!({ "unit": line.unit.id, "own": line.own, "results": line.reliability,
                "rebound_per_mille": line.reliability.rebound_per_mille(), "held": line.reliability.held() })
        })
        .collect();
    Ok(Json(json!({ "look_backs": lines, "total": view.total, "units": units, "whole": view.whole })))
}

/// How somebody came to look back, with the way to the draw for those who find it.
fn drawn(duty: &LookBackDuty, seen: bool, words: &str) -> Markup {
    html! { @if seen { a href={ "/draws/" (duty.draw_id) } { (words) } } @else { (words) } }
}
