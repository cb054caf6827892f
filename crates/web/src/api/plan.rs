//! The plan and the file of a unit as programs read them.

use axum::{
    Json,
    extract::{Path, State},
};
use bihuan_app::plan::Plan;
use bihuan_domain::id::{CampaignId, UnitId};
use serde_json::{Value, json};

use crate::{
    error::Problem,
    form::{Fields, QueryFields},
    pages::{branch_file, plan},
    route::{Access, Route},
    state::{Session, WebState},
};

pub fn routes() -> Vec<Route<WebState>> {
    let read = Access::Token("plan:read");
    vec![
        Route::get("/api/v1/plan", "plan.show_json", "施工图", show).access(read).query(plan::QUERY),
        Route::get("/api/v1/units/{id}/file", "unit.file_json", "一计划两清单一记录", file)
            .access(read)
            .query(&[("campaign", "专项编号，必填"), ("day", "看哪一天，不写为今天")]),
    ]
}

fn campaign(fields: &Fields) -> Result<CampaignId, Problem> {
    let number = fields.number::<i64>("campaign");
    number.map(CampaignId).ok_or_else(|| Problem::invalid("campaign", "请写明专项编号（campaign）。"))
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    QueryFields(fields): QueryFields,
) -> Result<Json<Plan>, Problem> {
    let query = plan::query_of(&fields, &ctx, campaign(&fields)?)?;
    web.run(move |app| app.plan(&ctx, &query)).await.map(Json)
}

async fn file(
    State(web): State<WebState>,
    Session(ctx): Session,
    Path(id): Path<i64>,
    QueryFields(fields): QueryFields,
) -> Result<Json<Value>, Problem> {
    let (campaign, day) = (campaign(&fields)?, branch_file::day_of(&fields)?);
    let file = web.run(move |app| app.branch_file(&ctx, UnitId(id), campaign, day)).await?;
    let problems: Vec<&bihuan_domain::problem::Problem> =
        file.problems.iter().map(|line| &line.problem).collect();
    Ok(Json(json!({
        "day": file.day, "plan": file.plan, "problems": problems, "problems_total": file.problems_total,
        "tasks": file.tasks, "records": file.records, "records_total": file.records_total, "missing": file.missing,
    })))
}
