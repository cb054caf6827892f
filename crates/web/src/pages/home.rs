//! The first page: leads each person to where their work is.

use axum::response::{IntoResponse, Redirect, Response};

use crate::{
    nav,
    route::Route,
    state::{Session, WebState},
};

pub fn routes() -> Vec<Route<WebState>> {
    vec![Route::get("/", "home.show", "首页", show)]
}

async fn show(Session(ctx): Session) -> Response {
    Redirect::to(nav::home(&ctx.actor)).into_response()
}
