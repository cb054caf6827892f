//! Draws: prepared with a preview, committed to, drawn, opened on their day, given out as a file.

mod new;

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, header::CONTENT_DISPOSITION},
    response::{IntoResponse, Response},
};
use bihuan_app::draw::DrawView;
use bihuan_app::problem::{NoteInput, ReasonInput};
use bihuan_app::{Context, input::InputField};
use bihuan_domain::Coded as _;
use bihuan_domain::draw::{Draw, DrawMethod, DrawPurpose, DrawState};
use bihuan_domain::id::DrawId;
use bihuan_domain::role::Role;
use maud::{Markup, html};
use serde_json::{Value, json};

use crate::{
    current::{CampaignWish, current_campaign, no_campaign},
    error::Problem,
    frame::Page,
    page::Frame,
    route::{Access, Route},
    state::{Session, WebState},
    step,
    step::{Carried, Place, Shown, Typed},
    ui::{self, Column, Href, PostForm, Row, Table, Tone, badge, button, button_link, card, definitions},
};

/// Where draws are listed.
pub const DRAWS_PATH: &str = "/draws";

/// The public value of a draw.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct ValueInput {
    public_value: String,
}

impl bihuan_app::input::Input for ValueInput {
    const FIELDS: &'static [InputField] =
        &[InputField { name: "public_value", label: "公开数", many: false }];
}

pub fn routes() -> Vec<Route<WebState>> {
    let mut routes = vec![
        Route::get(DRAWS_PATH, "draw.list", "随机抽查列表", list),
        Route::get("/draws/new", "draw.new", "组织抽取", new::show),
        Route::post("/draws", "draw.commit", "预览名单或公布承诺", new::commit),
        Route::get("/draws/{id}", "draw.show", "随机抽查", show),
        Route::get("/draws/{id}/file", "draw.file", "下载抽取文件", file),
        Route::post("/api/v1/draws", "draw.commit_json", "公布抽取名单和承诺", new::commit_json)
            .access(Access::Token("draw:write"))
            .request(step::request_of::<bihuan_app::draw::DrawInput>),
        Route::get("/api/v1/draws", "draw.list_json", "随机抽查（campaign）", list_json)
            .access(Access::Token("draw:read")),
        Route::get("/api/v1/draws/{id}", "draw.show_json", "随机抽查：与抽取文件相同", show_json)
            .access(Access::Token("draw:read")),
    ];
    routes.extend(steps().into_iter().flatten());
    routes
}

fn steps() -> Vec<[Route<WebState>; 2]> {
    vec![
        step!(
            "/draws/{id}/value",
            "draw",
            "value",
            "填写公开数并抽取",
            "已抽取，名单封存到启封日期。",
            again,
            |app, ctx, at, version, sent: ValueInput| {
                app.enter_public_value(ctx, DrawId(at.id), version, &sent.public_value)?;
                Ok(carried(at))
            }
        ),
        step!(
            "/draws/{id}/open",
            "draw",
            "open",
            "启封名单",
            "名单已启封。",
            again,
            |app, ctx, at, version, _: NoteInput| {
                app.open_draw(ctx, DrawId(at.id), version)?;
                Ok(carried(at))
            }
        ),
        step!(
            "/draws/{id}/drop",
            "draw",
            "drop",
            "作废抽取",
            "本次抽取已作废，记录保留。",
            again,
            |app, ctx, at, version, sent: ReasonInput| {
                app.drop_draw(ctx, DrawId(at.id), version, &sent.reason)?;
                Ok(carried(at))
            }
        ),
    ]
}

fn carried(at: Place) -> Carried {
    Carried::to(format!("{DRAWS_PATH}/{}", at.id), json!({ "id": at.id }))
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
) -> Result<Response, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    let Some(campaign) = current.id() else {
        return Ok(page.show(page.frame("随机抽查"), no_campaign("随机抽查")));
    };
    let who = ctx.clone();
    let draws = web.run(move |app| app.draws(&who, campaign)).await?;
    let rows = draws.iter().map(|(draw, unit)| {
        Row::new([
            html! { a href={ (DRAWS_PATH) "/" (draw.id) } { (draw.title) } },
            html! { (draw.purpose.label()) },
            html! { (unit.name) },
            html! { (state_badge(draw)) },
            html! { (draw.committed_at.day_in_china()) },
            html! { (draw.open_day) },
        ])
    });
    let table = Table::new("draws", "随机抽查")
        .hide_caption()
        .columns([
            Column::new("名称").long(),
            Column::new("用途"),
            Column::new("组织单位"),
            Column::new("状态").short(),
            Column::new("公布承诺").short(),
            Column::new("启封日期").short(),
        ])
        .row_head(0)
        .rows(rows)
        .stack()
        .empty(ui::empty(
            "还没有组织过随机抽查",
            "抽查前先公布名单摘要和承诺，抽后任何人都能用抽取文件重抽一遍，核对是否一致。",
            None,
        ));
    let may = ctx.actor.holds_anywhere(Role::Office) || ctx.actor.holds_anywhere(Role::Inspector);
    let body = html! {
        (ui::heading("随机抽查", Some("随机抽取受检单位或已销号问题，随机确定检查人员，按规定回避；名单到日子才启封。"), html! {
            @if may { (button_link("组织抽取", Href::new("/draws/new").with("campaign", campaign).to_string()).primary()) }
        }))
        (current.switcher(&Href::new(DRAWS_PATH)))
        (table)
    };
    Ok(current.remember(&web, page.show(page.frame("随机抽查"), body)))
}

fn state_badge(draw: &Draw) -> Markup {
    let tone = match draw.state {
        DrawState::Committed => Tone::Info,
        DrawState::Drawn => Tone::Warning,
        DrawState::Opened => Tone::Good,
        DrawState::Dropped => Tone::Neutral,
    };
    html! { (badge(tone, draw.state.label())) }
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

fn again(web: WebState, ctx: Context, page: Page, place: Place, typed: Typed) -> Shown {
    Box::pin(async move { render(&web, &ctx, &page, place.id, Some(&typed)).await })
}

async fn render(
    web: &WebState,
    ctx: &Context,
    page: &Page,
    id: i64,
    typed: Option<&Typed>,
) -> Result<(Frame, Markup), Problem> {
    let who = ctx.clone();
    let view = web.run(move |app| app.draw(&who, DrawId(id))).await?;
    let lead = format!("{} · {}", view.unit.name, view.draw.purpose.label());
    let body = html! {
        (ui::heading(&view.draw.title, Some(&lead), html! {
            (button_link("下载抽取文件", format!("{DRAWS_PATH}/{id}/file")))
            (ui::print_button())
        }))
        (facts(&view))
        @if view.may { (next(&view, page, ctx, typed)?) }
        (drawn(&view))
        (layers(&view))
        (examiners(&view))
    };
    let frame = page.frame(view.draw.title.clone()).crumb("随机抽查", DRAWS_PATH);
    Ok((frame, body))
}

fn mono(text: &str) -> Markup {
    html! { @if text.is_empty() { span .text-muted { "尚未产生" } } @else { span .mono .wrap-anywhere { (text) } } }
}

fn facts(view: &DrawView) -> Markup {
    let draw = &view.draw;
    let shown = card(
        "抽取凭据",
        html! {
            (definitions()
                .add("状态", state_badge(draw))
                .add("方式", html! { (draw.method.label()) })
                .add("名单摘要", mono(&draw.plan_digest))
                .add("承诺", html! { (mono(&draw.commitment)) br; span .text-muted { (draw.committed_at.in_chinese()) "公布，"
                    a href={ "/journal?seq=" (draw.committed_seq) } { "留痕第" (draw.committed_seq) "条" } } })
                .add("公开数的来源", html! { (draw.public_source) })
                .add("公开数", mono(&draw.public_value))
                .add("结果摘要", mono(&draw.result_digest))
                .add("密数", html! { @if draw.secret.is_empty() { span .text-muted { "启封时公布" } } @else { (mono(&draw.secret)) } })
                .add("启封日期", html! { (draw.open_day.in_chinese()) }))
            p .text-muted { "任何人都可以用抽取文件执行 " span .mono { "bihuan draw verify 文件" } " 重抽一遍；算法逐字节写在《随机抽查怎样核验》里。" }
        },
    );
    html! { (shown) }
}

/// The form of what comes next.
fn next(view: &DrawView, page: &Page, ctx: &Context, typed: Option<&Typed>) -> Result<Markup, Problem> {
    let (draw, csrf) = (&view.draw, page.csrf()?);
    let base = format!("{DRAWS_PATH}/{}", draw.id);
    let version = draw.version.to_string();
    let (value, open, dropped) =
        (Typed::of(typed, "value"), Typed::of(typed, "open"), Typed::of(typed, "drop"));
    let today = ctx.today();
    Ok(html! {
        @if draw.state == DrawState::Committed && draw.method == DrawMethod::Announced {
            (card("填写公开数并抽取", html! {
                p { "事先说好用：" strong { (draw.public_source) } "。公布以后照实填写，填后不能更改。" }
                (PostForm::new(format!("{base}/value"), csrf).within("value").hidden("version", &version).errors(&value.errors)
                    .confirm("公开数填写后不能更改，确定吗？")
                    .body(html! {
                        (ui::text("public_value", "公开数").within("value").required().refill(&value.fields).errors(&value.errors))
                        div .actions { (button("抽取").primary()) }
                    }))
            }))
        }
        @if draw.state == DrawState::Drawn {
            (card("启封", html! {
                @if today < draw.open_day {
                    p { "名单已经抽定，封存到" (draw.open_day.in_chinese()) "。在此之前任何人都看不到，包括组织抽取的人。" }
                } @else {
                    (PostForm::new(format!("{base}/open"), csrf).within("open").hidden("version", &version).errors(&open.errors)
                        .body(html! {
                            @match draw.purpose {
                                DrawPurpose::Visits => p { "启封后列出受检单位和检查人员；已关联检查计划的，自动安排走访。" },
                                DrawPurpose::LookBacks => p { "启封后抽中的问题列入反向核查，由抽中的人员填报。" },
                            }
                            div .actions { (button("启封名单").primary()) }
                        }))
                }
            }))
        }
        @if matches!(draw.state, DrawState::Committed | DrawState::Drawn) {
            details .fold open[dropped.is_refused()] {
                summary { span .caret aria-hidden="true" {} "作废本次抽取" }
                (PostForm::new(format!("{base}/drop"), csrf).within("drop").hidden("version", &version).errors(&dropped.errors)
                    .body(html! {
                        (ui::text("reason", "作废理由").within("drop").required().refill(&dropped.fields).errors(&dropped.errors))
                        div .actions { (button("作废").danger()) }
                    }))
            }
        }
    })
}

fn drawn(view: &DrawView) -> Markup {
    let Some(drawn) = &view.drawn else { return html! {} };
    let address = match view.draw.purpose {
        DrawPurpose::Visits => "/units/",
        DrawPurpose::LookBacks => "/problems/",
    };
    let layer = |code: &str| {
        view.plan.strata.iter().find(|s| s.code == code).map_or(code.to_owned(), |s| s.name.clone())
    };
    let rows = drawn.iter().map(|one| {
        let names: Vec<&str> = one.examiners.iter().map(|person| view.examiner(*person)).collect();
        Row::new([
            html! { a href={ (address) (one.id) } { (view.candidate(one.id)) } },
            html! { (layer(&one.stratum)) },
            html! { (one.place) },
            html! { (names.join("、")) },
        ])
    });
    let table = Table::new("drawn", "抽取结果")
        .hide_caption()
        .columns([
            Column::new("对象"),
            Column::new("所在层"),
            Column::new("层内顺序").number(),
            Column::new("检查人员"),
        ])
        .row_head(0)
        .rows(rows)
        .stack();
    let aside = html! {
        @if view.draw.purpose == DrawPurpose::LookBacks { a href={ "/look-backs?draw=" (view.draw.id) } { "反向核查进度" } }
        @if let Some(inspection) = view.draw.inspection_id { a href={ "/inspections/" (inspection) } { "检查计划" } }
    };
    html! { (card(format!("抽取结果（{}个）", drawn.len()), html! { (table) }).aside(aside).flush()) }
}

fn layers(view: &DrawView) -> Markup {
    let rows = view.plan.strata.iter().map(|stratum| {
        let have = view.plan.of_stratum(&stratum.code).count();
        let barred = view
            .plan
            .of_stratum(&stratum.code)
            .filter(|one| view.plan.examiners.iter().any(|examiner| examiner.is_barred_from(one)));
        Row::new([
            html! { (stratum.name) },
            html! { (have) },
            html! { (stratum.size) },
            html! { (barred.count()) },
        ])
    });
    let (total, size): (usize, u32) =
        (view.plan.candidates.len(), view.plan.strata.iter().map(|stratum| stratum.size).sum());
    let table = Table::new("layers", "分层和抽取数")
        .hide_caption()
        .columns([
            Column::new("层"),
            Column::new("对象数").number(),
            Column::new("抽取数").number(),
            Column::new("有人须回避的对象").number(),
        ])
        .row_head(0)
        .rows(rows)
        .foot(Row::new([html! { "合计" }, html! { (total) }, html! { (size) }, html! {}]));
    html! {
        (card("分层和抽取数", html! { (table) }).flush())
        (card("全部抽取对象", html! {
            details .figures {
                summary { "列出全部" (total) "个对象" }
                ul .columns-list { @for one in &view.plan.candidates { li { (one.name) } } }
            }
        }))
    }
}

fn examiners(view: &DrawView) -> Markup {
    if view.plan.examiners_each == 0 {
        return html! {};
    }
    let shown = card(
        format!("检查人员（{}人，每个对象{}人）", view.plan.examiners.len(), view.plan.examiners_each),
        html! {
            ul .columns-list { @for one in &view.plan.examiners { li { (one.name) } } }
            p .text-muted { "在受检单位任职的、参与过整改的，一律回避，不会抽到自己单位的事。" }
        },
    );
    html! { (shown) }
}

async fn file(State(web): State<WebState>, Session(ctx): Session, place: Place) -> Result<Response, Problem> {
    let file = web.run(move |app| app.draw_file(&ctx, DrawId(place.id))).await?;
    let mut response = ([("content-type", "application/json")], file.text()).into_response();
    let name = format!("attachment; filename=\"draw-{}.json\"", place.id);
    let name = HeaderValue::from_str(&name).map_err(Problem::fault)?;
    response.headers_mut().insert(CONTENT_DISPOSITION, name);
    Ok(response)
}

async fn list_json(
    State(web): State<WebState>,
    Session(ctx): Session,
    wish: CampaignWish,
) -> Result<Json<Value>, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    let Some(campaign) = current.id() else { return Ok(Json(json!({ "draws": [] }))) };
    let draws = web.run(move |app| app.draws(&ctx, campaign)).await?;
    let line = |(draw, unit): &(Draw, bihuan_domain::unit::Unit)| {
        json!({ "id": draw.id, "title": draw.title, "purpose": draw.purpose, "state": draw.state, "unit": unit.id,
            "open_day": draw.open_day, "plan_digest": draw.plan_digest, "commitment": draw.commitment,
            "result_digest": draw.result_digest, "version": draw.version })
    };
    Ok(Json(json!({ "draws": draws.iter().map(line).collect::<Vec<_>>() })))
}

async fn show_json(
    State(web): State<WebState>,
    Session(ctx): Session,
    place: Place,
) -> Result<Response, Problem> {
    let file = web.run(move |app| app.draw_file(&ctx, DrawId(place.id))).await?;
    Ok(Json(file).into_response())
}
