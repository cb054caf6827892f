//! The library as programs ask it.

use axum::{Json, extract::State};
use bihuan_app::search::{Found, SearchInput};

use crate::{
    error::Problem,
    form::QueryFields,
    route::{Access, Route},
    state::{Session, WebState},
};

/// The kinds of the library, in its order; a test keeps them the same.
const KINDS: &str = "类别：problem、evidence、activity、activity_file、task、task_evidence、slip、report、inspection、visit、dispatch、\
    breakdown、requirement、talk、campaign、required_action、action_excuse、muster、look_back、draw、week_plan、help、reading、\
    study_class、text_check、unit";

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get("/api/v1/search", "search.show_json", "资料库检索", show)
            .access(Access::Token("search:read"))
            .query(&[
                ("q", "查找内容：空格隔开的词同时出现，单位的全称、简称都可以，引号内按原样"),
                ("kind", KINDS),
                ("state", "状态代码"),
                ("unit", "单位编号，含其全部下级"),
                ("from", "起始日期"),
                ("to", "截止日期"),
                ("sort", "best 按相关程度，newest 按日期"),
                ("page", "页码，从 1 开始"),
            ]),
    ]
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    QueryFields(query): QueryFields,
) -> Result<Json<Found>, Problem> {
    let text = |name: &str| query.text(name).to_owned();
    let input = SearchInput {
        q: text("q"),
        kind: text("kind"),
        state: text("state"),
        unit: text("unit"),
        from: text("from"),
        to: text("to"),
        sort: text("sort"),
        page: text("page"),
    };
    Ok(Json(web.run(move |app| app.search(&ctx, &input)).await?))
}
