//! Imbalance: outcomes of levels and siblings beside each other, in official order, and the units in need.

use axum::{Json, extract::State, response::Response};
use bihuan_app::Context;
use bihuan_app::help::{Baseline, HelpInput, HelpLine};
use bihuan_app::imbalance::{Aspect, Imbalance, ImbalanceLine, Share, Spread};
use bihuan_app::input::InputField;
use bihuan_domain::figure::SAMPLE_MIN;
use bihuan_domain::help::HelpState;
use bihuan_domain::id::{CampaignId, HelpId, UnitId};
use bihuan_domain::role::Role;
use bihuan_domain::{Coded, Day};
use maud::{Markup, html};
use serde_json::{Value, json};

use super::overview::rows_of;
use crate::{
    current::{CampaignWish, CurrentCampaign, current_campaign, no_campaign},
    error::Problem,
    form::QueryFields,
    frame::Page,
    page::Frame,
    route::{Access, Route},
    state::{Session, WebState},
    step,
    step::{Carried, Place, Shown, Typed},
    ui::{self, Column, Href, PostForm, Row, Table, Tone, badge, button, card},
};

const IMBALANCE_PATH: &str = "/imbalance";
/// Pixels of one strip of a small multiple: a line of words and a bar.
const STRIP: usize = 34;
/// Siblings drawn in one small multiple; the table has all.
const DRAWN_MAX: usize = 40;

pub fn routes() -> Vec<Route<WebState>> {
    let mut routes = vec![
        Route::get(IMBALANCE_PATH, "imbalance.show", "温差与帮扶", show),
        Route::get(
            "/api/v1/imbalance",
            "imbalance.show_json",
            "各层级和同级单位的结果差异（campaign、unit）",
            show_json,
        )
        .access(Access::Token("figure:read")),
        Route::get("/api/v1/helps", "help.list_json", "帮扶名单（campaign）", helps_json)
            .access(Access::Token("help:read")),
    ];
    let steps = [
        step!(
            "/helps",
            "help",
            "set",
            "列为联系点",
            "已列入帮扶名单。",
            &[("unit", "被帮扶单位"), ("helper_unit", "帮扶单位")],
            again,
            |app, ctx, _, _, sent: HelpInput| {
                let id = app.set_help(ctx, sent)?;
                Ok(Carried::to(format!("{IMBALANCE_PATH}#help"), json!({ "id": id })))
            }
        ),
        step!(
            "/helps/{id}/end",
            "help",
            "end",
            "结束帮扶",
            "帮扶已结束，结果已记录。",
            again,
            |app, ctx, at, version, sent: OutcomeInput| {
                app.end_help(ctx, HelpId(at.id), version, &sent.outcome)?;
                Ok(Carried::to(format!("{IMBALANCE_PATH}#help"), json!({ "id": at.id })))
            }
        ),
    ];
    routes.extend(steps.into_iter().flatten());
    routes
}

/// What came of help.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct OutcomeInput {
    outcome: String,
}

impl bihuan_app::input::Input for OutcomeInput {
    const FIELDS: &'static [InputField] =
        &[InputField { name: "outcome", label: "帮扶结果", many: false }];
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
    QueryFields(fields): QueryFields,
) -> Result<Response, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    let Some(campaign) = current.id() else {
        return Ok(page.show(page.frame("温差与帮扶"), no_campaign("温差与帮扶")));
    };
    let unit = fields.number("unit").map(UnitId);
    let (frame, body) = render(&web, &ctx, &page, (campaign, unit), Some(&current), None).await?;
    Ok(current.remember(&web, page.show(frame, body)))
}

fn again(web: WebState, ctx: Context, page: Page, place: Place, mut typed: Typed) -> Shown {
    Box::pin(async move {
        // The list shows one form for each line; only the one that was refused gets its words back.
        typed.part = place.id;
        let campaign = typed.fields.number("campaign").map(CampaignId).ok_or(Problem::NotFound)?;
        render(&web, &ctx, &page, (campaign, None), None, Some(&typed)).await
    })
}

async fn render(
    web: &WebState,
    ctx: &Context,
    page: &Page,
    (campaign, unit): (CampaignId, Option<UnitId>),
    current: Option<&CurrentCampaign>,
    typed: Option<&Typed>,
) -> Result<(Frame, Markup), Problem> {
    let who = ctx.clone();
    let (found, helps) =
        web.run(move |app| Ok((app.imbalance(&who, campaign, unit)?, app.helps(&who, campaign)?))).await?;
    let lead =
        format!("{}的下级单位，按规定顺序排列，不排名次；样本不足{SAMPLE_MIN}件的不比较。", found.unit.name);
    let may = ctx.actor.holds_any(&[Role::Office, Role::Leader], &found.unit.path);
    let body = html! {
        (ui::heading("温差与帮扶", Some(&lead), html! { (ui::print_button()) }))
        @if let Some(current) = current { (current.switcher(&Href::new(IMBALANCE_PATH).with_some("unit", unit))) }
        (spreads(&found))
        (multiples(&found))
        (siblings(&found))
        (levels(&found))
        div #help { (helps_table(&helps, page, ctx, campaign, typed)?) }
        @if may { (help_form(page, ctx, campaign, typed)?) }
    };
    Ok((page.frame("温差与帮扶"), body))
}

fn per_mille(n: i64) -> String {
    format!("{}.{}%", n / 10, n % 10)
}

/// How far apart siblings lie in each aspect.
fn spreads(found: &Imbalance) -> Markup {
    html! { (card("同级之间的落差", html! { (spread_table("spread", "同级之间的落差", |aspect| found.spread(aspect))) }).flush()) }
}

fn spread_table(id: &str, title: &str, spread: impl Fn(Aspect) -> Option<Spread>) -> Table {
    let rows = Aspect::ALL.iter().map(|aspect| {
        let spread = spread(*aspect);
        Row::new([
            html! { div { (aspect.label()) br; span .text-muted { (aspect.definition()) } } },
            html! { @match spread { Some(s) => (s.units), None => "—" } },
            html! { @match spread { Some(s) => (per_mille(s.low)), None => span .text-muted { "样本不足" } } },
            html! { @match spread { Some(s) => (per_mille(s.middle)), None => "—" } },
            html! { @match spread { Some(s) => (per_mille(s.high)), None => "—" } },
            html! { @match spread { Some(s) => (per_mille(s.high - s.low)), None => "—" } },
        ])
    });
    Table::new(id, title)
        .hide_caption()
        .columns([
            Column::new("项目").long(),
            Column::new("可比个数").number(),
            Column::new("最低").number(),
            Column::new("中位").number(),
            Column::new("最高").number(),
            Column::new("落差").number(),
        ])
        .row_head(0)
        .rows(rows)
        .stack()
}

/// One small chart for each aspect, all in the same order of units, so that they can be read side by side.
fn multiples(found: &Imbalance) -> Markup {
    let shown: Vec<&ImbalanceLine> =
        found.siblings.iter().filter(|line| is_told(line)).take(DRAWN_MAX).collect();
    if shown.is_empty() {
        return html! {};
    }
    html! {
        (card("逐项对照", html! {
            div .multiples { @for aspect in Aspect::ALL { (multiple(found, *aspect, &shown)) } }
            p .text-muted { "每张图的单位顺序相同，只画至少一项样本足够的单位；空白表示这一项样本不足。点开数字看到每一件。" }
        }))
    }
}

fn multiple(found: &Imbalance, aspect: Aspect, lines: &[&ImbalanceLine]) -> Markup {
    let most = lines.iter().filter_map(|line| line.share(aspect).per_mille()).max().unwrap_or(0).max(1);
    let told = lines.iter().filter(|line| line.share(aspect).per_mille().is_some()).count();
    let summary =
        format!("{}：{}个单位中{told}个样本足够，最高{}。", aspect.label(), lines.len(), per_mille(most));
    let class = if aspect.is_burden() { "tone-warning" } else { "tone-good" };
    html! {
        figure .chart .multiple {
            figcaption { (aspect.label()) }
            svg role="img" aria-label=(summary) width="100%" height=(lines.len() * STRIP) {
                @for (index, line) in lines.iter().enumerate() {
                    @let top = index * STRIP;
                    @let rate = line.share(aspect).per_mille();
                    g {
                        title { (line.name) "：" @match rate { Some(rate) => (per_mille(rate)), None => "样本不足" } }
                        text .words x="0" y=(top + 14) { (line.name) }
                        @if let Some(rate) = rate {
                            @let figure = html! { text .figure x="100%" y=(top + 14) text-anchor="end" { (per_mille(rate)) } };
                            @match rows_href(found, line, aspect) { Some(href) => a href=(href) { (figure) }, None => (figure) }
                        }
                        rect .track x="0" y=(top + 19) width="100%" height="8" rx="2" {}
                        @if let Some(rate) = rate {
                            rect class=(class) x="0" y=(top + 19) width={ (rate * 100 / most) "%" } height="8" rx="2" {}
                        }
                    }
                }
            }
        }
    }
}

/// At least one rate has a sufficient sample.
fn is_told(line: &ImbalanceLine) -> bool {
    Aspect::ALL.iter().any(|aspect| line.share(*aspect).per_mille().is_some())
}

/// Units in official order; those of which no rate can be told stand apart, so that the others can be read.
fn siblings(found: &Imbalance) -> Markup {
    let (told, small): (Vec<_>, Vec<_>) = found.siblings.iter().partition(|line| is_told(line));
    html! {
        (card("同级单位对照", html! { (sibling_table("siblings", found, &told)) }).flush())
        @if !small.is_empty() {
            details .fold {
                summary { span .caret aria-hidden="true" {} "各项样本都不足的单位（" (small.len()) "个）" }
                (sibling_table("siblings-small", found, &small))
            }
        }
    }
}

fn sibling_table(id: &str, found: &Imbalance, lines: &[&ImbalanceLine]) -> Table {
    let rows = lines.iter().map(|line| {
        let mut cells = vec![match line.unit {
            Some(unit) => html! { a href={ (IMBALANCE_PATH) "?unit=" (unit) } { (line.name) } },
            None => html! { (line.name) },
        }];
        cells.extend(Aspect::ALL.iter().map(|aspect| cell(found, line, *aspect)));
        cells.push(super::look_back::held(&line.reliability));
        Row::new(cells)
    });
    let mut columns = vec![Column::new("单位")];
    columns.extend(Aspect::ALL.iter().map(|aspect| Column::new(aspect.label()).number()));
    columns.push(Column::new("销号可靠度").short());
    Table::new(id, "同级单位对照")
        .hide_caption()
        .columns(columns)
        .row_head(0)
        .rows(rows)
        .stack()
        .empty(ui::empty("没有样本足够的下级单位", "请选择有下级的单位，或者等记录多起来再比较。", None))
}

/// Where the rows behind a share are; nothing for a share of none.
fn rows_href(found: &Imbalance, line: &ImbalanceLine, aspect: Aspect) -> Option<String> {
    if line.share(aspect).part == 0 {
        return None;
    }
    let level = line.level.map(Coded::code);
    let unit = line.unit.unwrap_or(found.unit.id);
    let href = match aspect {
        Aspect::Unanswered => {
            Href::new("/slips").with("below", unit).with("wish", "unanswered").with_some("level", level)
        }
        Aspect::Rebounds => {
            Href::new("/look-backs").with("unit", unit).with("result", "rebound").with_some("level", level)
        }
        Aspect::Coverage => {
            Href::new("/inspections/coverage").with("unit", unit).with("level", level.unwrap_or("all"))
        }
        Aspect::Late | Aspect::SentBack => rows_of(&found.rows(line, aspect)?),
    };
    Some(href.to_string())
}

fn cell(found: &Imbalance, line: &ImbalanceLine, aspect: Aspect) -> Markup {
    let Share { part, whole } = line.share(aspect);
    let rate = line.share(aspect).per_mille();
    html! {
        div {
            @match rate { Some(rate) => strong { (per_mille(rate)) }, None => span .text-muted { "样本不足" } }
            br;
            @match rows_href(found, line, aspect) {
                Some(href) => a href=(href) { (part) "/" (whole) },
                None => span .text-muted { (part) "/" (whole) },
            }
        }
    }
}

fn levels(found: &Imbalance) -> Markup {
    let rows = found.levels.iter().map(|line| {
        let mut cells = vec![html! { (line.name) }];
        cells.extend(Aspect::ALL.iter().map(|aspect| cell(found, line, *aspect)));
        cells.push(super::look_back::held(&line.reliability));
        Row::new(cells)
    });
    let mut columns = vec![Column::new("层级")];
    columns.extend(Aspect::ALL.iter().map(|aspect| Column::new(aspect.label()).number()));
    columns.push(Column::new("销号可靠度").short());
    let table =
        Table::new("levels", "各层级对照").hide_caption().columns(columns).row_head(0).rows(rows).stack();
    let lines: Vec<&ImbalanceLine> = found.levels.iter().collect();
    html! {
        (card("上下层级对照", html! { (table) p .text-muted { "每一层级只算本层级单位自己的，不含下级；上热下冷、层层递减在这里看。" } }).flush())
        (card("上下层级之间的落差", html! { (spread_table("level-spread", "上下层级之间的落差", |aspect| found.spread_of_levels(aspect))) }).flush())
        @if lines.len() > 1 {
            (card("各层级逐项对照", html! { div .multiples { @for aspect in Aspect::ALL { (multiple(found, *aspect, &lines)) } } }))
        }
    }
}

fn changed(before: i64, now: i64, burden: bool) -> Markup {
    let tone = match (now - before).signum() {
        0 => Tone::Neutral,
        1 if burden => Tone::Warning,
        -1 if burden => Tone::Good,
        1 => Tone::Good,
        _ => Tone::Warning,
    };
    html! { (before) " → " (badge(tone, now.to_string())) }
}

fn helps_table(
    helps: &[HelpLine],
    page: &Page,
    ctx: &Context,
    campaign: CampaignId,
    typed: Option<&Typed>,
) -> Result<Markup, Problem> {
    let mut rows = Vec::new();
    for line in helps {
        let (help, Baseline { open, late, rebounds, .. }) = (&line.help, line.before);
        let typed = Typed::of_part(typed, "end", help.id.0);
        let within = format!("end-{}", help.id);
        let over = help.state == HelpState::Running && help.ends_day < ctx.today();
        rows.push(Row::new([
            html! { div { a href={ "/overview?unit=" (line.unit.id) } { (line.unit.name) } br; span .text-muted { (help.reason) } } },
            html! { div { (line.helper) br; (help.helper_name) } },
            html! { (help.plan) },
            html! { div { (help.starts_day) "至" (help.ends_day) br;
                (badge(if over { Tone::Warning } else if help.state == HelpState::Ended { Tone::Neutral } else { Tone::Info }, if over { "已到期" } else { help.state.label() })) } },
            html! { div { "逾期 " (changed(late, line.now.late, true)) br; "未销号 " (changed(open, line.now.open, true)) br; "反弹 " (changed(rebounds, line.now.rebounds, true)) } },
            html! {
                @if help.state == HelpState::Ended { (help.outcome) }
                @else if line.may {
                    (PostForm::new(format!("/helps/{}/end", help.id), page.csrf()?).within(&within)
                        .hidden("version", help.version.to_string()).hidden("campaign", campaign.to_string())
                        .body(html! {
                            (ui::text("outcome", "帮扶结果").within(&within).required().refill(&typed.fields).errors(&typed.errors))
                            (button("结束帮扶").small())
                        }))
                }
            },
        ]));
    }
    let table = Table::new("helps", "帮扶名单")
        .hide_caption()
        .columns([
            Column::new("需要帮扶的单位").long(),
            Column::new("帮扶单位和联系人"),
            Column::new("计划").long(),
            Column::new("期限").short(),
            Column::new("开始以来的变化").short(),
            Column::new("办理"),
        ])
        .row_head(0)
        .rows(rows)
        .stack()
        .empty(ui::empty(
            "还没有列入帮扶的单位",
            "差距大的单位可以列为联系点，明确帮扶单位、计划和期限。",
            None,
        ));
    Ok(html! { (card("联系点帮扶", html! { (table) }).flush()) })
}

fn help_form(
    page: &Page,
    ctx: &Context,
    campaign: CampaignId,
    typed: Option<&Typed>,
) -> Result<Markup, Problem> {
    let typed = Typed::of(typed, "set");
    let (have, errors) = (&typed.fields, &typed.errors);
    let ends: Day = ctx.today().plus_days(90);
    let form = PostForm::new("/helps", page.csrf()?)
        .within("set")
        .hidden("campaign", campaign.to_string())
        .errors(errors);
    Ok(html! {
        details .fold open[typed.is_refused()] {
            summary { span .caret aria-hidden="true" {} "列入一个单位" }
            (form.body(html! {
                (typed.offers.field(ui::text("unit", "被帮扶单位").within("set").required().hint("名称、简称或代码"), "unit", have, errors))
                (ui::area("reason", "列入理由", 2).within("set").required().refill(have).errors(errors))
                (typed.offers.field(ui::text("helper_unit", "帮扶单位").within("set").required(), "helper_unit", have, errors))
                (ui::text("helper_name", "联系人").within("set").required().hint("姓名和职务").refill(have).errors(errors))
                (ui::area("plan", "帮扶计划", 3).within("set").required().refill(have).errors(errors))
                (ui::date("ends_day", "结束日期").within("set").required().value(ends.to_string()).refill(have).errors(errors))
                div .actions { (button("列入帮扶名单").primary()) }
            }))
        }
    })
}

async fn show_json(
    State(web): State<WebState>,
    Session(ctx): Session,
    wish: CampaignWish,
    QueryFields(fields): QueryFields,
) -> Result<Json<Value>, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    let campaign = current.id().ok_or(Problem::NotFound)?;
    let unit = fields.number("unit").map(UnitId);
    let found = web.run(move |app| app.imbalance(&ctx, campaign, unit)).await?;
    let spreads: Vec<Value> = Aspect::ALL
        .iter()
        .map(|aspect| {
            json!({ "aspect": aspect, "definition": aspect.definition(), "spread": found.spread(*aspect),
            "spread_of_levels": found.spread_of_levels(*aspect) })
        })
        .collect();
    Ok(Json(
        json!({ "unit": found.unit.id, "day": found.day, "siblings": found.siblings, "levels": found.levels, "spreads": spreads }),
    ))
}

async fn helps_json(
    State(web): State<WebState>,
    Session(ctx): Session,
    wish: CampaignWish,
) -> Result<Json<Value>, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    let campaign = current.id().ok_or(Problem::NotFound)?;
    let helps = web.run(move |app| app.helps(&ctx, campaign)).await?;
    let line = |line: &HelpLine| {
        json!({ "id": line.help.id, "unit": line.unit.id, "helper_unit": line.help.helper_unit_id, "helper_name": line.help.helper_name,
            "plan": line.help.plan, "starts_day": line.help.starts_day, "ends_day": line.help.ends_day, "state": line.help.state,
            "before": line.before, "now": line.now, "version": line.help.version })
    };
    Ok(Json(json!({ "helps": helps.iter().map(line).collect::<Vec<_>>() })))
}
