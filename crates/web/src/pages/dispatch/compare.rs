//! Two days side by side.

use axum::{Json, extract::State, response::Response};
use bihuan_app::Context;
use bihuan_app::dispatch::{Comparison, MovedLine};
use bihuan_domain::id::UnitId;
use maud::{Markup, html};
use serde_json::{Value, json};

use super::{COMPARE_PATH, DISPATCHES_PATH, day_of, tabs};
use crate::pages::overview::rows_of;
use crate::{
    current::{CampaignWish, CurrentCampaign, current_campaign, no_campaign},
    error::Problem,
    form::QueryFields,
    frame::Page,
    state::{Session, WebState},
    ui::{self, Column, Href, Row, Table, Tone, badge},
};

async fn compared(
    web: &WebState,
    ctx: &Context,
    wish: &CampaignWish,
    query: &crate::form::Fields,
) -> Result<(CurrentCampaign, Comparison), Problem> {
    let current = current_campaign(web, ctx, wish).await?;
    let after = day_of(query, "after")?.unwrap_or(ctx.today());
    let before = day_of(query, "before")?.unwrap_or(after.plus_days(-7));
    let (who, campaign, unit) = (ctx.clone(), current.id(), query.number("unit").map(UnitId));
    let found = web.run(move |app| app.compare_days(&who, campaign, unit, (before, after))).await?;
    Ok((current, found))
}

pub(super) async fn compare(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    if current_campaign(&web, &ctx, &wish).await?.id().is_none() {
        return Ok(page.show(page.frame("两天对照"), no_campaign("两天对照")));
    }
    let (current, found) = compared(&web, &ctx, &wish, &query).await?;
    let here = Href::new(COMPARE_PATH)
        .with("unit", found.unit)
        .with("before", found.before)
        .with("after", found.after);
    let moved = found.lines.iter().skip(1).filter(|line| line.moved()).count();
    let body = html! {
        (ui::heading("两天对照", Some(&format!("{}：{}与{}，{moved}个下级单位有变化", found.unit_name, found.before.in_chinese(), found.after.in_chinese())), html! { (ui::print_button()) }))
        (current.switcher(&here))
        (tabs(COMPARE_PATH))
        form .day-form action=(COMPARE_PATH) method="get" {
            input type="hidden" name="unit" value=(found.unit);
            (ui::date("before", "第一天").value(found.before.to_string()).between(None, Some(ctx.today().to_string())))
            (ui::date("after", "第二天").value(found.after.to_string()).between(None, Some(ctx.today().to_string())))
            div .actions { button .btn .btn-outline-secondary .btn-sm type="submit" { "对照" } }
        }
        (compare_table(&found))
    };
    Ok(page.show(page.frame("两天对照").crumb("调度会", DISPATCHES_PATH), body))
}

fn compare_table(found: &Comparison) -> Markup {
    let rows = found.lines.iter().map(|line: &MovedLine| {
        let mut cells = vec![html! { a href=(Href::new(COMPARE_PATH).with("unit", line.unit).with("before", found.before).with("after", found.after)) { (line.name) } }];
        for (before, after) in &line.figures {
            let value = |figure: &Option<bihuan_app::overview::Figure>| match figure {
                Some(figure) => html! { a href=(rows_of(&figure.query)) { (figure.value) } },
                None => html! { "—" },
            };
            let (was, is) = (before.as_ref().map_or(0, |f| f.value), after.as_ref().map_or(0, |f| f.value));
            cells.push(html! { (value(before)) " → " (value(after))
                @if was != is { br; (badge(Tone::Info, format!("{:+}", is - was))) } });
        }
        Row::new(cells)
    });
    let mut columns = vec![Column::new("单位")];
    columns.extend(found.heads.iter().map(|head| Column::new(head.clone()).number()));
    html! {
        (Table::new("compare", "两天对照").hide_caption().columns(columns).row_head(0).rows(rows).stack())
        p .text-muted { "每一天都按当天的记录和当天的隶属关系计算；点开数字看到那一天的每一件。" }
    }
}

pub(super) async fn compare_json(
    State(web): State<WebState>,
    Session(ctx): Session,
    wish: CampaignWish,
    QueryFields(query): QueryFields,
) -> Result<Json<Value>, Problem> {
    let (_, found) = compared(&web, &ctx, &wish, &query).await?;
    let lines: Vec<Value> = found
        .lines
        .iter()
        .map(|line| {
            let figures: Vec<Value> = line
                .figures
                .iter()
                .map(|(before, after)| json!({ "before": before.as_ref().map(|f| f.value), "after": after.as_ref().map(|f| f.value) }))
                .collect();
            json!({ "unit": line.unit, "name": line.name, "figures": figures })
        })
        .collect();
    Ok(Json(json!({ "before": found.before, "after": found.after, "heads": found.heads, "lines": lines })))
}
