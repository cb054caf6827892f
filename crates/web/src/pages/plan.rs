//! The plan 施工图 of a unit: one time line over all strands, to be looked at, followed and printed on A3.

use axum::{extract::State, response::Response};
use bihuan_app::Context;
use bihuan_app::plan::{Bar, PLAN_BARS_MAX, Plan, PlanQuery};
use bihuan_domain::id::{CampaignId, UnitId};
use bihuan_domain::plan::{BarState, Span};
use bihuan_domain::{Coded as _, Day};
use maud::{Markup, html};

use crate::{
    current::{CampaignWish, current_campaign, no_campaign},
    error::Problem,
    form::{Fields, QueryFields},
    frame::{Page, as_of},
    pages::pick::{self, Offers},
    route::Route,
    state::{Session, WebState},
    ui::{self, Filter, Gantt, GanttBar, Href, Tone, button_link, choices},
};

const PATH: &str = "/plan";
/// Names that the address may carry.
pub const QUERY: &[(&str, &str)] = &[
    ("campaign", "专项编号"),
    ("unit", "单位编号；不写为本人所在的单位"),
    ("span", "month 一个月，quarter 一个季度，campaign 整个行动"),
    ("day", "要看的月份或季度中的一天"),
];

pub fn routes() -> Vec<Route<WebState>> {
    vec![Route::get(PATH, "plan.show", "施工图", show)]
}

/// The question in an address. Without a unit it is the one the reader belongs to, else the first one that may be read.
pub fn query_of(fields: &Fields, ctx: &Context, campaign: CampaignId) -> Result<PlanQuery, Problem> {
    let span = match fields.filled("span") {
        None => Span::Quarter,
        Some(code) => Span::from_code(code)
            .ok_or_else(|| Problem::invalid("span", "时间范围只有一个月、一个季度和整个行动。"))?,
    };
    let day = match fields.filled("day") {
        None => None,
        Some(text) => Some(Day::parse(text).map_err(|error| Problem::invalid("day", error.to_string()))?),
    };
    let roots = ctx.actor.readable_roots();
    let own = ctx.actor.posts.iter().find(|post| ctx.actor.may_read(&post.path)).map(|post| post.unit);
    let unit = fields.number("unit").map(UnitId).or(own).or_else(|| roots.first().map(|(unit, _)| *unit));
    Ok(PlanQuery { campaign, unit: unit.ok_or(Problem::NotFound)?, span, day })
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
    QueryFields(mut fields): QueryFields,
) -> Result<Response, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    let Some(campaign) = current.id() else {
        return Ok(page.show(page.frame("施工图"), no_campaign("施工图")));
    };
    let mut wrong = None;
    if fields.filled("unit_name").is_some() {
        match pick::unit(&web, &ctx, &fields, ("unit_name", "单位"), &mut Offers::default()).await {
            Ok(id) => fields = with_unit(&fields, id),
            Err(Problem::Invalid { fields }) => wrong = fields.into_iter().next().map(|(_, words)| words),
            Err(problem) => return Err(problem),
        }
    }
    let query = query_of(&fields, &ctx, campaign)?;
    let who = ctx.clone();
    let (plan, seen) = web.run(move |app| Ok((app.plan(&who, &query)?, app.as_of()?))).await?;
    let here = Href::new(PATH)
        .with("campaign", campaign)
        .with("unit", plan.unit_id)
        .with("span", plan.span.code())
        .with_some("day", query.day);
    let body = html! {
        (ui::heading(&format!("{}施工图", plan.unit_name), Some(&lead(&plan)), html! {
            (button_link("一计划两清单一记录", Href::new(format!("/units/{}/file", plan.unit_id)).with("campaign", campaign).to_string()))
            (ui::print_button())
        }))
        (current.switcher(&here))
        @if let Some(words) = &wrong { (ui::Notice::warning(words.clone())) }
        (filter(&plan, &here))
        (turn(&plan, &here))
        @if plan.groups.is_empty() {
            (ui::empty("这段时间没有安排", "规定动作、任务、节点和有时限的问题会自动出现在这里，不用另外画图。", Some(("看整个行动", here.with("span", Span::Campaign.code()).without("day")))))
        } @else {
            div .plan-sheet { (legend()) (chart(&plan)) }
        }
        @if plan.left_out > 0 { p .text-muted { "只画出最先到期的" (PLAN_BARS_MAX) "项，另有" (plan.left_out) "项；请改看一个月。" } }
    };
    Ok(current.remember(&web, page.show(page.frame("施工图").wide().as_of(as_of(seen)), body)))
}

/// The same fields, with the unit that was found by its name.
fn with_unit(fields: &Fields, unit: UnitId) -> Fields {
    let kept = fields.pairs().filter(|(name, _)| *name != "unit" && *name != "unit_name");
    let mut pairs: Vec<(String, String)> =
        kept.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    pairs.push(("unit".to_owned(), unit.to_string()));
    Fields::new(pairs)
}

fn lead(plan: &Plan) -> String {
    let late = plan.count(BarState::Late);
    let all = plan.bars().count();
    let late = if late > 0 { format!("，其中{late}项逾期") } else { String::new() };
    format!("{} · {}至{}，{all}项{late}。", plan.campaign_name, plan.from.in_chinese(), plan.to.in_chinese())
}

fn filter(plan: &Plan, here: &Href) -> Markup {
    let spans = choices(Span::ALL.iter().map(|span| (span.code(), span.label())));
    let filter = Filter::new(here.clone())
        .keep("campaign")
        .keep("unit")
        .field(ui::text("unit_name", "看哪个单位").hint("名称、简称或代码；不填就是现在这个单位。"))
        .field(ui::select("span", "时间范围", spans).value(plan.span.code()))
        .field(ui::date("day", "其中的一天").value(plan.from.max(plan.today.min(plan.to)).to_string()));
    html! { (filter) }
}

/// The stretch before and after.
fn turn(plan: &Plan, here: &Href) -> Markup {
    if plan.span == Span::Campaign {
        return html! {};
    }
    let words = if plan.span == Span::Month { "月" } else { "季度" };
    html! {
        nav .actions aria-label="前后翻看" {
            (button_link(format!("上一{words}"), here.with("day", plan.from.plus_days(-1)).to_string()).small())
            (button_link("今天", here.without("day").to_string()).small())
            (button_link(format!("下一{words}"), here.with("day", plan.to.plus_days(1)).to_string()).small())
        }
    }
}

fn tone(state: BarState) -> Tone {
    match state {
        BarState::Done => Tone::Good,
        BarState::Running => Tone::Info,
        BarState::Soon => Tone::Warning,
        BarState::Late => Tone::Danger,
        BarState::Ahead => Tone::Neutral,
    }
}

fn legend() -> Markup {
    html! {
        ul .legend aria-label="图例" {
            @for state in BarState::ALL {
                @let class = if *state == BarState::Ahead { "ahead" } else { tone(*state).class() };
                li { span class={ "key tone-" (class) } aria-hidden="true" { (tone(*state).shape()) } (state.label()) }
            }
        }
    }
}

fn chart(plan: &Plan) -> Gantt {
    let bar = |bar: &Bar| GanttBar {
        kind: bar.kind.label().to_owned(),
        title: bar.title.clone(),
        href: Some(bar.href.clone()).filter(|href| !href.is_empty()),
        from: bar.from,
        to: bar.to,
        tone: tone(bar.state),
        ahead: bar.state == BarState::Ahead,
        state: bar.state.label().to_owned(),
        note: bar.note.clone(),
    };
    Gantt {
        id: "plan".to_owned(),
        title: format!("{}至{}", plan.from.in_chinese(), plan.to.in_chinese()),
        summary: format!(
            "完成{}项，进行中{}项，临近到期{}项，逾期{}项，未开始{}项。",
            plan.count(BarState::Done),
            plan.count(BarState::Running),
            plan.count(BarState::Soon),
            plan.count(BarState::Late),
            plan.count(BarState::Ahead)
        ),
        from: plan.from,
        to: plan.to,
        today: plan.today,
        groups: plan
            .groups
            .iter()
            .map(|(name, bars)| (name.clone(), bars.iter().map(bar).collect()))
            .collect(),
    }
}
