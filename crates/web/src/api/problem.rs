//! Problems and what waits for a person, as programs read and write them. The steps stand in `pages/problem/steps.rs`
//! beside their forms, under the same names.

use axum::{
    Json,
    body::Bytes,
    extract::State,
    response::{IntoResponse, Response},
};
use bihuan_app::problem::{ProblemView, RegisterInput};
use bihuan_domain::Coded;
use serde_json::{Value, json};

use crate::{
    error::Problem,
    form::QueryFields,
    pages::problem::{Target, done_json, done_schema, json_routes, object_of, request_of},
    route::{Access, Route},
    state::{Session, WebState},
};

pub fn routes() -> Vec<Route<WebState>> {
    let mut routes = vec![
        Route::get("/api/v1/todo", "todo.show_json", "待办", todo).access(Access::Token("problem:read")),
        Route::post("/api/v1/problems", "problem.register_json", "登记问题", register)
            .access(Access::Token("problem:write"))
            .request(request_of::<RegisterInput>)
            .response(done_schema),
        Route::get("/api/v1/problems/{id}", "problem.show_json", "问题详情", show)
            .access(Access::Token("problem:read")),
    ];
    routes.extend(json_routes());
    routes
}

async fn todo(
    State(web): State<WebState>,
    Session(ctx): Session,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let kind = Coded::from_code(query.text("kind"));
    let todo = web.run(move |app| app.todo(&ctx, kind)).await?;
    Ok(Json(todo).into_response())
}

/// Registers at once; the answer carries what the form would have warned of.
async fn register(
    State(web): State<WebState>,
    Session(ctx): Session,
    bytes: Bytes,
) -> Result<Response, Problem> {
    let value = object_of(&bytes)?;
    let sent: RegisterInput = serde_json::from_value(value)
        .map_err(|error| Problem::invalid("", format!("JSON 内容不符合要求：{error}。")))?;
    let done = web.run(move |app| app.register(&ctx, sent)).await?;
    Ok(done_json(&done))
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    target: Target,
) -> Result<Response, Problem> {
    let today = ctx.today();
    let view = web.run(move |app| app.problem_view(&ctx, target.id)).await?;
    let problem = &view.base.case.problem;
    let mut body = body_of(&view);
    body["colour"] = json!(problem.colour_on(today, view.base.rules.yellow_days));
    body["late"] = json!(problem.is_late_on(today));
    Ok(Json(body).into_response())
}

fn body_of(view: &ProblemView) -> Value {
    let case = &view.base.case;
    let parties: Vec<Value> = case
        .parties
        .iter()
        .map(|p| json!({ "unit_id": p.unit_id, "name": view.names.unit(p.unit_id), "role": p.role, "written": p.written }))
        .collect();
    let evidence: Vec<Value> = view
        .evidence
        .iter()
        .map(|piece| {
            let e = &piece.evidence;
            json!({
                "id": e.id, "stage": e.stage, "caption": e.caption, "file_name": e.file_name, "digest": e.digest,
                "media_type": e.media_type, "size_bytes": e.size_bytes, "edition": e.edition,
                "replaced_by": e.replaced_by, "round": e.round, "measure_id": e.measure_id,
                "label": piece.label, "may_open": piece.may_open,
                "filed_at": e.filed_at.to_rfc3339(), "filed_by": view.names.person(e.filed_by),
                "href": format!("/api/v1/problems/{}/evidence/{}", e.problem_id, e.id),
                "same_file": { "problems": piece.same, "hidden": piece.same_hidden },
                "near_picture": { "problems": piece.near, "hidden": piece.near_hidden },
            })
        })
        .collect();
    let holdings: Vec<Value> = case
        .holdings
        .iter()
        .map(|h| {
            json!({ "unit_id": h.unit_id, "name": view.names.unit(h.unit_id), "why": h.why,
                "from": h.from_at.to_rfc3339(), "to": h.to_at.map(|at| at.to_rfc3339()) })
        })
        .collect();
    let steps: Vec<Value> = view
        .possible
        .iter()
        .map(|p| json!({ "verb": p.verb, "label": p.verb.label(), "blocked": p.blocked }))
        .collect();
    let links = &view.links;
    json!({
        "problem": case.problem,
        "citation": case.problem.citation(),
        "campaign": { "id": view.base.campaign.id, "name": view.base.campaign.name },
        "parties": parties,
        "measures": case.measures,
        "requests": case.requests,
        "rounds": case.rounds,
        "look_backs": case.look_backs,
        "holdings": holdings,
        "evidence": evidence,
        "links": {
            "root_cause": links.root_cause, "symptoms": links.symptoms, "merged_into": links.merged_into,
            "split_from": links.split_from, "merged": links.merged, "split": links.split, "hidden": links.hidden,
        },
        "similar": { "problems": view.similar.0, "hidden": view.similar.1 },
        "steps": steps,
        "origin": view.origin,
        "timeline": timeline(view),
        "as_of_entry": view.as_of,
    })
}

fn timeline(view: &ProblemView) -> Vec<Value> {
    let line = |line: &bihuan_app::problem::Line| {
        json!({
            "entry": line.seq, "at": line.at.to_rfc3339(), "action": line.action, "label": line.action.label(),
            "person": line.person.map(|id| view.names.person(id)), "unit": line.unit.map(|id| view.names.unit(id)),
            "note": line.note,
        })
    };
    view.lines.iter().map(line).collect()
}
