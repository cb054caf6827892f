//! Slips: the list with its filters, one slip as paper and with its course, and making one with a preview.

mod forms;
mod make;
mod paper;

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::Context;
use bihuan_app::slip::{SlipLine, SlipStepInput, SlipView, SlipsPage, SubjectSlips};
use bihuan_domain::id::{ProblemId, SlipId, UnitId};
use bihuan_domain::ladder::Rung;
use bihuan_domain::slip::{SlipKind, SlipState, SlipVerb, Subject, SubjectKind};
use bihuan_domain::unit::Level;
use bihuan_domain::{Coded, Day};
use maud::{Markup, html};

use super::problem::input_of_form;
use crate::{
    current::{CampaignWish, current_campaign},
    error::Problem,
    form::{FieldErrors, Fields, QueryFields},
    frame::{Again, Page},
    page::Frame,
    route::Route,
    shell::local_path,
    state::{Session, WebState},
    ui::{
        self, Choice, Column, Filter, Happening, Href, Pager, Row, Tab, Table, Tone, badge, button_link,
        choices,
    },
};

use bihuan_app::slip::{SLIP_PAGE_ROWS, SlipFilter, SlipWish};

pub(super) const SLIPS_PATH: &str = "/slips";
/// Slips that a unit's page shows.
const UNIT_SLIPS: usize = 10;

/// The steps by form: address, name, words, form, what is said after it.
macro_rules! step {
    ($verb:ident, $path:literal, $label:literal, $said:literal) => {
        Route::post(
            concat!("/slips/{id}/", $path),
            concat!("slip.", $path),
            $label,
            async move |State(web): State<WebState>,
                        Session(ctx): Session,
                        page: Page,
                        Path(id): Path<i64>,
                        fields: Fields| {
                take(&web, &ctx, &page, id, SlipVerb::$verb, fields, $said).await
            },
        )
    };
}

pub fn routes() -> Vec<Route<WebState>> {
    let mut routes = vec![
        Route::get(SLIPS_PATH, "slip.list", "督办单列表", list),
        Route::get("/slips/{id}", "slip.show", "督办单", show),
        Route::get("/slips/{id}/file/{format}", "slip.file", "下载督办单（docx、pdf）", paper::file),
        step!(Issue, "issue", "签发督办单", "督办单已签发。"),
        step!(Sign, "sign", "签收督办单", "已签收。"),
        step!(Answer, "answer", "答复督办单", "答复已报送。"),
        step!(Accept, "accept", "认可督办答复", "已认可，督办单办结。"),
        step!(SendBack, "send-back", "退回督办答复", "已退回重答。"),
        step!(Recall, "recall", "撤回督办单", "已撤回。"),
        step!(PassOn, "pass-on", "转办督办单", "已转办。"),
        step!(Return, "return", "退回督办单（不属本单位）", "已退回，等待裁定。"),
        step!(Decide, "decide", "裁定督办单归属", "已裁定。"),
        step!(Lapse, "lapse", "不再发出督办单", "这张督办单不再发出。"),
    ];
    routes.extend(make::routes());
    routes
}

/// The filter that an address asks for.
pub(crate) fn filter_of(query: &Fields) -> SlipFilter {
    let page = query.number::<i64>("page").unwrap_or(1).max(1);
    SlipFilter {
        wish: SlipWish::from_code(query.text("wish")),
        kind: SlipKind::from_code(query.text("kind")),
        state: SlipState::from_code(query.text("state")),
        unit: query.number::<i64>("unit").map(UnitId),
        level: Level::from_code(query.text("level")),
        below: query.number::<i64>("below").map(UnitId),
        offset: (page - 1).saturating_mul(SLIP_PAGE_ROWS),
        ..SlipFilter::default()
    }
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    let filter = SlipFilter { campaign: current.id(), ..filter_of(&query) };
    let (who, today) = (ctx.clone(), ctx.today());
    let slips = web.run(move |app| app.slips(&who, filter)).await?;
    let here = ["wish", "kind", "state", "unit", "below", "level"]
        .into_iter()
        .fold(Href::new(SLIPS_PATH), |href, name| href.with_some(name, query.filled(name)));
    let number = query.number::<u64>("page").unwrap_or(1).max(1);
    let total = u64::try_from(slips.total).unwrap_or(0);
    let rows = u64::try_from(SLIP_PAGE_ROWS).unwrap_or(1);
    let lead =
        "发给单位的正式督办：签收、答复、审核，谁没签、谁没答一看便知。提示可以自动发出，约谈只由人决定。";
    let body = html! {
        (ui::heading("督办单", Some(lead), html! { (button_link("约谈记录", "/talks")) }))
        (current.switcher(&here))
        (wishes(&slips, &query, &here))
        (filters(&query, here.clone()))
        (table("slips", "督办单", &slips.lines, today))
        (Pager::new(here, number, rows, total))
    };
    Ok(current.remember(&web, page.show(page.frame("督办单"), body)))
}

fn wishes(slips: &SlipsPage, query: &Fields, here: &Href) -> Markup {
    let chosen = SlipWish::from_code(query.text("wish")).unwrap_or(SlipWish::All);
    let tabs: Vec<Tab> = SlipWish::ALL
        .iter()
        .map(|wish| {
            let href = match wish {
                SlipWish::All => here.without("wish"),
                wish => here.with("wish", wish.code()),
            };
            let count = slips.counts.get(wish).copied().unwrap_or(0);
            Tab::new(wish.label(), href, *wish == chosen).count(u64::try_from(count).unwrap_or(0))
        })
        .collect();
    ui::tabs("督办单筛选", &tabs)
}

fn coded<T: Coded>(none: &str) -> Vec<Choice> {
    let mut all = vec![Choice::new("", none)];
    all.extend(choices(T::ALL.iter().map(|value| (value.code(), value.label()))));
    all
}

fn filters(query: &Fields, here: Href) -> Filter {
    let mut filter = Filter::new(here.clone())
        .keep("wish")
        .keep("unit")
        .keep("below")
        .keep("level")
        .field(ui::select("kind", "类型", coded::<SlipKind>("全部类型")).refill(query))
        .field(ui::select("state", "状态", coded::<SlipState>("全部状态")).refill(query));
    if let Some(kind) = SlipKind::from_code(query.text("kind")) {
        filter = filter.active(kind.label(), here.without("kind"));
    }
    if let Some(state) = SlipState::from_code(query.text("state")) {
        filter = filter.active(state.label(), here.without("state"));
    }
    if query.filled("unit").is_some() {
        filter = filter.active("只看一个单位", here.without("unit"));
    }
    if let Some(level) = Level::from_code(query.text("level")) {
        filter = filter.active(format!("只看{}单位", level.label()), here.without("level"));
    }
    if query.filled("below").is_some() {
        filter = filter.active("只看一个单位及其下级", here.without("below"));
    }
    filter
}

/// Slips as a table that stacks on a phone.
fn table(id: &str, caption: &str, lines: &[SlipLine], today: Day) -> Table {
    let rows = lines.iter().map(|line| {
        let slip = &line.slip;
        Row::new([
            html! { a href={ (SLIPS_PATH) "/" (slip.id) } { (line.citation) } @if slip.urgent { " " (badge(Tone::Danger, "紧急")) } },
            html! { (slip.title) },
            html! { (line.holder) @if slip.holder_unit_id != slip.to_unit_id { span .text-muted { "（转自" (line.to) "）" } } },
            html! { (state_badge(line)) },
            html! { (day_cell(line, today)) },
            html! { (line.issuer) },
        ])
    });
    Table::new(id, caption)
        .hide_caption()
        .columns([
            Column::new("编号"),
            Column::new("标题").long(),
            Column::new("收单单位"),
            Column::new("状态").short(),
            Column::new("签发与答复"),
            Column::new("发单单位"),
        ])
        .row_head(0)
        .rows(rows)
        .stack()
        .empty(ui::empty(
            "没有符合条件的督办单",
            "督办单从问题的页面上发出，也可以按模板的督办阶梯自动发出。",
            None,
        ))
}

fn day_cell(line: &SlipLine, today: Day) -> Markup {
    let slip = &line.slip;
    html! {
        @match slip.issued_day { Some(day) => { (day) "签发" }, None => { "尚未签发" } }
        @if let Some(day) = slip.answer_day {
            @if line.unanswered { br; strong .text-danger { "应于" (day) "答复，已超" (today.minus(day)) "天" } }
            @else if slip.state.holder_owes() { br; "应于" (day) "前答复" }
        }
    }
}

fn state_badge(line: &SlipLine) -> ui::Badge {
    let tone = match line.slip.state {
        _ if line.unanswered => Tone::Danger,
        SlipState::Drafted | SlipState::Issued | SlipState::SentBack | SlipState::Disputed => Tone::Warning,
        SlipState::Signed | SlipState::Answered => Tone::Info,
        SlipState::Accepted => Tone::Good,
        SlipState::Recalled | SlipState::Lapsed => Tone::Neutral,
    };
    badge(tone, line.slip.state.label())
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let view = view_of(&web, &ctx, id).await?;
    let (frame, body) = render(&view, &page, query.text("do"), &Fields::default(), &FieldErrors::default())?;
    Ok(page.show(frame, body))
}

async fn view_of(web: &WebState, ctx: &Context, id: i64) -> Result<SlipView, Problem> {
    let ctx = ctx.clone();
    web.run(move |app| app.slip_view(&ctx, SlipId(id))).await
}

fn render(
    view: &SlipView,
    page: &Page,
    open: &str,
    typed: &Fields,
    errors: &FieldErrors,
) -> Result<(Frame, Markup), Problem> {
    let slip = &view.case.slip;
    let frame = page.frame(view.line.citation.clone()).crumb("督办单", SLIPS_PATH);
    let body = html! {
        (ui::heading(&view.line.citation, Some(&slip.title), html! {
            (state_badge(&view.line)) " "
            (button_link("下载Word", format!("{SLIPS_PATH}/{}/file/docx", slip.id)))
            (button_link("下载PDF", format!("{SLIPS_PATH}/{}/file/pdf", slip.id)))
            (ui::print_button())
        }))
        (forms::now(view, page.csrf()?, open, typed, errors))
        div .case-columns {
            div .case-main { (paper::paper(view)) }
            div .case-side { (paper::facts(view)) (talks(view)) }
        }
        (course(view))
    };
    Ok((frame, body))
}

fn talks(view: &SlipView) -> Markup {
    html! {
        @if !view.talks.is_empty() {
            (ui::card("约谈记录（限知悉人员）", html! {
                ul .case-list { @for talk in &view.talks { li { a href={ "/talks/" (talk.id) } { "第" (talk.id) "号记录" } } } }
            }))
        }
        @if view.case.slip.kind == SlipKind::Talk && view.case.slip.number > 0 {
            p .no-print { (button_link("记录约谈", Href::new("/talks/new").with("slip", view.case.slip.id).to_string())) }
        }
    }
}

fn course(view: &SlipView) -> Markup {
    let name = |id: UnitId| view.units.get(&id).cloned().unwrap_or_default();
    let happenings: Vec<Happening> = view
        .case
        .steps
        .iter()
        .rev()
        .map(|step| {
            let who = match step.person_id.filter(|person| person.0 > 0) {
                Some(person) => view.people.get(&person).cloned().unwrap_or_default(),
                None => "督办阶梯（自动）".to_owned(),
            };
            let to = step.to_unit_id.map_or_else(String::new, |to| format!(" → {}", name(to)));
            Happening::new(step.at.in_china(), step.at.to_rfc3339(), step.verb.label())
                .who(format!("{who}　{}{to}", name(step.unit_id)))
                .body(html! { @if !step.words.is_empty() { p { (step.words) } } })
        })
        .collect();
    html! { section .no-print { h2 { "办理经过" } (ui::timeline("办理经过", &happenings)) } }
}

async fn take(
    web: &WebState,
    ctx: &Context,
    page: &Page,
    id: i64,
    verb: SlipVerb,
    fields: Fields,
    said: &str,
) -> Result<Response, Problem> {
    let sent = input_of_form::<SlipStepInput>(&fields)?;
    let (who, version) = (ctx.clone(), fields.number("version"));
    match web.run(move |app| app.slip_step(&who, SlipId(id), version, verb, sent)).await {
        Ok(_) => {
            let to =
                local_path(fields.text("back")).map_or_else(|| format!("{SLIPS_PATH}/{id}"), str::to_owned);
            Ok(page.go(to, said))
        }
        Err(problem) => {
            let again = Again::of(problem)?;
            let view = view_of(web, ctx, id).await?;
            let (frame, body) = render(&view, page, &path_of(verb), &fields, &again.errors)?;
            Ok(page.show_again(frame, body, &again))
        }
    }
}

/// The last part of a step's address, which also names its form.
fn path_of(verb: SlipVerb) -> String {
    verb.code().replace('_', "-")
}

/// Where a slip about a record is made.
fn make_at(named: &Subject) -> Href {
    Href::new("/slips/new")
        .with("subject_kind", named.kind.code())
        .with("subject", named.id)
        .with_some("subject_unit", named.unit_id)
        .with_some("subject_period", named.period_day)
}

/// The section of a problem's page, where slips may call it an appeal.
pub(crate) fn of_problem(slips: &SubjectSlips, problem: ProblemId, today: Day) -> Markup {
    let kind = if slips.appeal { SubjectKind::Appeal } else { SubjectKind::Problem };
    of_subject(slips, &Subject::of(kind, problem.0), today)
}

/// The section of the page of a problem, a task, or what a unit owes of a required action.
pub(crate) fn of_subject(slips: &SubjectSlips, named: &Subject, today: Day) -> Markup {
    let unsigned = slips.lines.iter().filter(|line| line.slip.is_unsigned()).count();
    let unanswered = slips.lines.iter().filter(|line| line.unanswered).count();
    let may_make = slips.may_make || !slips.requests.is_empty();
    if slips.lines.is_empty() && !may_make && slips.rung.is_none() {
        return html! {};
    }
    html! {
        div #slips {
            (ui::card("督办单", html! {
                @if let Some(rung) = slips.rung { p { "督办阶梯当前：" (rung_badge(rung)) } }
                @if unsigned + unanswered > 0 { p { "未签收" (unsigned) "张，逾期未答复" (unanswered) "张。" } }
                @if !slips.lines.is_empty() { (table("subject-slips", "有关的督办单", &slips.lines, today)) }
                @if !slips.hints.is_empty() {
                    details { summary { "以往归属裁定" } ul .case-list { @for hint in &slips.hints { li { (hint) } } } }
                }
                @if may_make { div .actions {
                    @if slips.may_make { (button_link(if slips.appeal { "就这件诉求发督办单" } else { "发督办单" }, make_at(named).to_string())) }
                    @for (request, asked) in &slips.requests {
                        (button_link(format!("就请求事项督办{asked}"), make_at(&Subject::of(SubjectKind::Request, request.0)).to_string()))
                    }
                } }
            }))
        }
    }
}

/// The section of a unit's page: slips written to it or held by it, with those that wait named first.
pub(crate) fn of_unit(slips: &SlipsPage, unit: UnitId, today: Day) -> Markup {
    if slips.total == 0 {
        return html! {};
    }
    let count = |wish: SlipWish| slips.counts.get(&wish).copied().unwrap_or(0);
    let list = Href::new(SLIPS_PATH).with("unit", unit);
    let filtered = |wish: SlipWish| list.with("wish", wish.code());
    let newest = &slips.lines[..slips.lines.len().min(UNIT_SLIPS)];
    html! {
        div #slips {
            (ui::card("督办单", html! {
                p {
                    "共" a href=(list) { (slips.total) "张" } "，其中未签收"
                    a href=(filtered(SlipWish::Unsigned)) { (count(SlipWish::Unsigned)) "张" } "，逾期未答复"
                    a href=(filtered(SlipWish::Unanswered)) { (count(SlipWish::Unanswered)) "张" } "。"
                }
                (table("unit-slips", "本单位的督办单", newest, today))
            }).aside(html! { a href=(list) { "全部督办单" } }))
        }
    }
}

/// A colour of the ladder, never by colour alone.
fn rung_badge(rung: Rung) -> ui::Badge {
    let (tone, shape) = match rung {
        Rung::Blue => (Tone::Info, "○"),
        Rung::Yellow => (Tone::Warning, "▲"),
        Rung::Orange => (Tone::Warning, "◆"),
        Rung::Red => (Tone::Danger, "■"),
    };
    badge(tone, format!("{}色", rung.label())).shape(shape)
}
