//! Deleting a document that is no longer wanted, with its drafts.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::breakdown::BreakdownView;
use bihuan_domain::{breakdown::DraftState, id::BreakdownId};
use maud::{Markup, html};

use super::PATH;
use crate::{
    error::Problem,
    frame::Page,
    state::{Session, WebState},
    ui::{PostForm, button},
};

/// The button, where nothing came of the document yet.
pub(super) fn form(page: &Page, seen: &BreakdownView) -> Result<Markup, Problem> {
    if !seen.may_decide || seen.drafts.iter().any(|draft| draft.state == DraftState::Accepted) {
        return Ok(html! {});
    }
    let form = PostForm::new(format!("{PATH}/{}/remove", seen.breakdown.id), page.csrf()?).inline();
    Ok(html! {
        (form.confirm("确定删除这份文件和它的全部草稿？").body(html! { (button("删除").danger()) }))
    })
}

pub(super) async fn remove(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    web.run(move |app| app.remove_breakdown(&ctx, BreakdownId(id))).await?;
    Ok(page.go(PATH, "文件和草稿已删除。"))
}
