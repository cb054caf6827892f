//! Plans of a week and what became of them.

use super::{Sketch, Source, itself, lines, no_states, places_of};
use crate::Error;
use crate::context::App;
use bihuan_domain::dispatch::WeekPlan;
use bihuan_store::Conn;
use bihuan_store::search::{Document, rows};

pub(crate) const SOURCE: Source = Source {
    kind: "week_plan",
    label: "一周一计划",
    table: "week_plan",
    touched: &[("week_plan", itself)],
    sketch,
    states: no_states,
};

fn sketch(_: &App, conn: &mut Conn, ids: &[i64]) -> Result<Vec<Sketch>, Error> {
    let plans: Vec<WeekPlan> = rows(conn, "id", ids)?;
    let names = bihuan_store::unit::names(conn, plans.iter().map(|plan| plan.unit_id))?;
    let places = places_of(conn, plans.iter().map(|plan| plan.unit_id))?;
    Ok(plans
        .into_iter()
        .map(|plan| Sketch {
            units: places.get(&plan.unit_id).cloned().into_iter().collect(),
            campaign: Some(plan.campaign_id),
            document: Document {
                kind: SOURCE.kind.to_owned(),
                subject_id: plan.id.0,
                unit_id: plan.unit_id,
                day: Some(plan.monday),
                href: format!("/dispatches/weeks?campaign={}&day={}", plan.campaign_id, plan.monday),
                title: format!(
                    "{}{}起一周的计划",
                    names.get(&plan.unit_id).map_or("", String::as_str),
                    plan.monday.in_chinese()
                ),
                content: lines([plan.content.as_str(), &plan.review]),
                ..Document::default()
            },
            ..Sketch::default()
        })
        .collect())
}
