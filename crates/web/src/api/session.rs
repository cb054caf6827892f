//! Who am I, as programs ask it.

use axum::Json;
use bihuan_domain::role::Actor;

use crate::{
    route::{Access, Route},
    state::{Session, WebState},
};

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get("/api/v1/me", "session.show_json", "当前账号、岗位和授权", me)
            .access(Access::Token("me:read")),
    ]
}

async fn me(Session(ctx): Session) -> Json<Actor> {
    Json((*ctx.actor).clone())
}
