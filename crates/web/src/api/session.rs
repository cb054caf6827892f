//! Who am I, as programs ask it.

use axum::Json;
use bihuan_domain::Coded as _;
use bihuan_domain::role::{Actor, Role};
use serde_json::Value;

use crate::{
    openapi::schema,
    route::{Access, Route},
    state::{Session, WebState},
};

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get("/api/v1/me", "session.show_json", "当前账号、岗位和授权", me)
            .access(Access::Token("me:read"))
            .response(actor_schema),
    ]
}

fn actor_schema() -> Value {
    let place = |fields: &[(&'static str, Value)]| {
        let mut all = fields.to_vec();
        all.push(("unit", schema::integer("单位编号")));
        all.push(("path", schema::string("单位在组织树中的位置")));
        schema::object(&all)
    };
    schema::object(&[
        ("account", schema::integer("账号编号")),
        ("person", schema::integer("人员编号")),
        ("name", schema::string("姓名")),
        (
            "posts",
            schema::array(place(&[("post", schema::integer("岗位编号")), ("name", schema::string("岗位"))])),
        ),
        (
            "grants",
            schema::array(place(&[
                ("id", schema::integer("授权编号")),
                ("role", schema::code("角色", Role::ALL.iter().map(|role| role.code()))),
            ])),
        ),
    ])
}

async fn me(Session(ctx): Session) -> Json<Actor> {
    Json((*ctx.actor).clone())
}
