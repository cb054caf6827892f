//! Musters 吹哨报到: the list, calling units together, and one muster with how long each has held its part.

mod forms;

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::Context;
use bihuan_app::muster::{
    CalledLine, MUSTER_PAGE_ROWS, MusterFilter, MusterInput, MusterLine, MusterStepInput, MusterView,
    MusterWish,
};
use bihuan_domain::id::{MusterId, UnitId};
use bihuan_domain::muster::{CalledState, MusterState, MusterVerb};
use bihuan_domain::slip::SubjectKind;
use bihuan_domain::{Coded as _, Day};
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
    ui::{self, Column, Happening, Href, Pager, Row, Tab, Table, Tone, badge, button_link, definitions},
};

pub(super) const MUSTERS_PATH: &str = "/musters";

/// The steps by form: address, name, label, what is said after it.
macro_rules! step {
    ($verb:ident, $path:literal, $label:literal, $said:literal) => {
        Route::post(
            concat!("/musters/{id}/", $path),
            concat!("muster.", $path),
            $label,
            async move |State(web): State<WebState>,
                        Session(ctx): Session,
                        page: Page,
                        Path(id): Path<i64>,
                        fields: Fields| {
                take(&web, &ctx, &page, id, MusterVerb::$verb, fields, $said).await
            },
        )
    };
}

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get(MUSTERS_PATH, "muster.list", "吹哨报到", list),
        Route::get("/musters/new", "muster.new", "吹哨页", forms::new),
        Route::post(MUSTERS_PATH, "muster.call", "吹哨：召集单位", forms::call),
        Route::get("/musters/{id}", "muster.show", "一次吹哨", show),
        step!(ReportIn, "report-in", "应召报到", "已报到。"),
        step!(Did, "did", "报告本单位所办", "已报告本单位所办。"),
        step!(Release, "release", "不再需要某单位", "已撤下该单位。"),
        step!(Finish, "finish", "牵头报告办结", "已报告办结，等待吹哨单位认可。"),
        step!(Accept, "accept", "认可吹哨办结", "已认可办结。"),
        step!(SendBack, "send-back", "退回继续办理", "已退回，请牵头单位继续办理。"),
        step!(Withdraw, "withdraw", "撤回吹哨", "已撤回。"),
    ]
}

/// The filter that an address asks for.
pub(crate) fn filter_of(query: &Fields) -> MusterFilter {
    let page = query.number::<i64>("page").unwrap_or(1).max(1);
    MusterFilter {
        wish: MusterWish::from_code(query.text("wish")),
        subject: SubjectKind::from_code(query.text("subject_kind")).zip(query.number("subject")),
        unit: query.number::<i64>("unit").map(UnitId),
        offset: (page - 1).saturating_mul(MUSTER_PAGE_ROWS),
        ..MusterFilter::default()
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
    let filter = MusterFilter { campaign: current.id(), ..filter_of(&query) };
    let shown = web.run(move |app| app.musters(&ctx, filter)).await?;
    let here = ["wish", "unit"]
        .into_iter()
        .fold(Href::new(MUSTERS_PATH), |href, name| href.with_some(name, query.filled(name)));
    let chosen = MusterWish::from_code(query.text("wish")).unwrap_or(MusterWish::All);
    let tabs: Vec<Tab> = MusterWish::ALL
        .iter()
        .map(|wish| {
            let href = match wish {
                MusterWish::All => here.without("wish"),
                wish => here.with("wish", wish.code()),
            };
            let count = shown.counts.get(wish).copied().unwrap_or(0);
            Tab::new(wish.label(), href, *wish == chosen).count(u64::try_from(count).unwrap_or(0))
        })
        .collect();
    let total = u64::try_from(shown.total).unwrap_or(0);
    let rows = u64::try_from(MUSTER_PAGE_ROWS).unwrap_or(1);
    let number = query.number::<u64>("page").unwrap_or(1).max(1);
    let lead = "一个单位办不了的事，把需要的单位一起叫来，一家牵头；各单位报到、报告所办，牵头报办结，吹哨的单位认可才算完。";
    let body = html! {
        (ui::heading("吹哨报到", Some(lead), html! {}))
        (current.switcher(&here))
        (ui::tabs("吹哨报到筛选", &tabs))
        (table("musters", "吹哨报到", &shown.lines))
        (Pager::new(here, number, rows, total))
    };
    Ok(current.remember(&web, page.show(page.frame("吹哨报到"), body)))
}

/// Musters as a table that stacks on a phone.
fn table(id: &str, caption: &str, lines: &[MusterLine]) -> Table {
    let rows = lines.iter().map(|line| {
        let muster = &line.muster;
        let through = |one: &&CalledLine| matches!(one.called.state, CalledState::Done | CalledState::Released);
        let present = line.called.iter().filter(|one| one.called.state != CalledState::Called).count();
        Row::new([
            html! { a href={ (MUSTERS_PATH) "/" (muster.id) } { (line.citation) } },
            html! { (muster.needed) },
            html! { (line.caller) },
            html! { @for one in line.called.iter().filter(|one| one.leads) { (one.name) } },
            html! { (state_badge(muster.state)) " 报到" (present) "/" (line.called.len()) "，已办" (line.called.iter().filter(through).count()) },
            html! { (muster.due_day) @if line.late { br; strong .text-danger { "已超时限" } } },
        ])
    });
    Table::new(id, caption)
        .hide_caption()
        .columns([
            Column::new("编号").short(),
            Column::new("需要解决的事项").long(),
            Column::new("吹哨单位").short(),
            Column::new("牵头单位").short(),
            Column::new("进展"),
            Column::new("办结时限").short(),
        ])
        .row_head(0)
        .rows(rows)
        .stack()
        .empty(ui::empty(
            "没有符合条件的吹哨",
            "在问题或任务的页面上，选择“吹哨：召集几个单位一起办”。",
            None,
        ))
}

fn state_badge(state: MusterState) -> ui::Badge {
    let tone = match state {
        MusterState::Called => Tone::Info,
        MusterState::Finished => Tone::Warning,
        MusterState::Accepted => Tone::Good,
        MusterState::Withdrawn => Tone::Neutral,
    };
    badge(tone, state.label())
}

/// The section on the page of a problem or task.
pub(crate) fn of_subject(lines: &[MusterLine], kind: SubjectKind, id: i64, may_call: bool) -> Markup {
    if lines.is_empty() && !may_call {
        return html! {};
    }
    let call = Href::new("/musters/new").with("subject_kind", kind.code()).with("subject", id);
    html! {
        div #musters {
            (ui::card("吹哨报到", html! {
                @for line in lines {
                    p {
                        a href={ (MUSTERS_PATH) "/" (line.muster.id) } { (line.citation) } " " (state_badge(line.muster.state))
                        @if line.late { " " strong .text-danger { "已超时限" } }
                    }
                    p .case-quote { (line.muster.needed) }
                    ul .case-list { @for one in &line.called { li {
                        (one.name) @if one.leads { "（牵头）" } " " (called_badge(one.called.state)) span .case-meta { "持有" (one.days_held) "天" }
                    } } }
                }
                @if may_call { div .actions { (button_link("吹哨：召集几个单位一起办", call.to_string())) } }
            }))
        }
    }
}

fn called_badge(state: CalledState) -> ui::Badge {
    let tone = match state {
        CalledState::Called => Tone::Warning,
        CalledState::Present => Tone::Info,
        CalledState::Done => Tone::Good,
        CalledState::Released => Tone::Neutral,
    };
    badge(tone, state.label())
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let view = view_of(&web, &ctx, id).await?;
    let nothing = (Fields::default(), FieldErrors::default());
    let (frame, body) = render(&view, &page, ctx.today(), query.text("do"), (&nothing.0, &nothing.1))?;
    Ok(page.show(frame, body))
}

async fn view_of(web: &WebState, ctx: &Context, id: i64) -> Result<MusterView, Problem> {
    let ctx = ctx.clone();
    web.run(move |app| app.muster_view(&ctx, MusterId(id))).await
}

fn render(
    view: &MusterView,
    page: &Page,
    today: Day,
    open: &str,
    again: (&Fields, &FieldErrors),
) -> Result<(Frame, Markup), Problem> {
    let muster = &view.case.muster;
    let frame = page.frame(view.line.citation.clone()).crumb("吹哨报到", MUSTERS_PATH);
    let body = html! {
        (ui::heading(&view.line.citation, Some(&muster.needed), html! { (state_badge(muster.state)) " " (ui::print_button()) }))
        (forms::now(view, page.csrf()?, open, again))
        div .case-columns {
            div .case-main { (called(view)) }
            div .case-side { (facts(view, today)) }
        }
        (course(view))
    };
    Ok((frame, body))
}

fn facts(view: &MusterView, today: Day) -> Markup {
    let muster = &view.case.muster;
    html! {
        (ui::card("为了什么", html! {
            (definitions()
                .add("事项", html! {
                    (muster.subject_kind.label()) "："
                    @match &view.subject {
                        Some(subject) => a href=(subject.href) { (muster.subject_words) },
                        None => (muster.subject_words),
                    }
                })
                .add("吹哨单位", html! { (view.line.caller) })
                .add("吹哨时间", html! { (muster.called_at.in_china()) })
                .add("办结时限", html! { (muster.due_day.in_chinese()) @if view.line.late { " " strong .text-danger { "已超" (today.minus(muster.due_day)) "天" } } })
                .add("牵头报告", html! { @if muster.result.is_empty() { span .text-muted { "还没有报告办结" } } @else { (muster.result) } }))
            p .text-muted { "应召单位是来一起办的：事项本身的时限仍由原承办单位承担。" }
        }))
    }
}

/// Every called unit with when it came, what it did, and how long it has held its part.
fn called(view: &MusterView) -> Table {
    let rows = view.line.called.iter().map(|line| {
        let one = &line.called;
        Row::new([
            html! { (line.name) @if line.leads { " " (badge(Tone::Info, "牵头")) } },
            html! { (called_badge(one.state)) },
            html! { @match one.present_at { Some(at) => (at.in_china()), None => "—" } },
            html! { @if one.did.is_empty() { "—" } @else { (one.did) } },
            html! { (line.days_held) "天" },
        ])
    });
    Table::new("called", "应召单位")
        .columns([
            Column::new("单位"),
            Column::new("进展").short(),
            Column::new("报到时间").short(),
            Column::new("做了什么").long(),
            Column::new("持有").number(),
        ])
        .row_head(0)
        .rows(rows)
        .stack()
}

fn course(view: &MusterView) -> Markup {
    let happenings: Vec<Happening> = view
        .case
        .steps
        .iter()
        .rev()
        .map(|step| {
            let who = view.people.get(&step.person_id).map_or("（已注销人员）", String::as_str);
            let unit = view.units.get(&step.unit_id).map_or("", String::as_str);
            Happening::new(step.at.in_china(), step.at.to_rfc3339(), step.verb.label())
                .who(format!("{who}　{unit}"))
                .body(html! { @if !step.words.is_empty() { p { (step.words) } } })
        })
        .collect();
    html! { section { h2 { "经过" } (ui::timeline("经过", &happenings)) } }
}

async fn take(
    web: &WebState,
    ctx: &Context,
    page: &Page,
    id: i64,
    verb: MusterVerb,
    fields: Fields,
    said: &str,
) -> Result<Response, Problem> {
    let sent = input_of_form::<MusterStepInput>(&fields)?;
    let (who, version) = (ctx.clone(), fields.number("version"));
    match web.run(move |app| app.muster_step(&who, MusterId(id), version, verb, sent)).await {
        Ok(_) => {
            let to =
                local_path(fields.text("back")).map_or_else(|| format!("{MUSTERS_PATH}/{id}"), str::to_owned);
            Ok(page.go(to, said))
        }
        Err(problem) => {
            let again = Again::of(problem)?;
            let view = view_of(web, ctx, id).await?;
            let open = path_of(verb);
            let (frame, body) = render(&view, page, ctx.today(), &open, (&fields, &again.errors))?;
            let offered = view.possible.iter().any(|(one, _)| *one == verb);
            let body = if offered {
                body
            } else {
                html! { (ui::error_summary(&again.errors)) (body) }
            };
            Ok(page.show_again(frame, body, &again))
        }
    }
}

/// The last part of a step's address, which also names its form.
fn path_of(verb: MusterVerb) -> String {
    verb.code().replace('_', "-")
}

/// What a page or a form was asked for.
fn wanted(fields: &Fields) -> MusterInput {
    MusterInput {
        subject_kind: fields.text("subject_kind").to_owned(),
        subject: fields.text("subject").to_owned(),
        ..MusterInput::default()
    }
}
