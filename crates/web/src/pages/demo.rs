//! The start page of the demonstration: one click signs in. Its routes exist only in a demonstration, which is only
//! served to this machine.

use axum::{extract::State, response::Response};
use bihuan_app::Visit;
use maud::html;

use crate::{
    error::Problem,
    form::Fields,
    frame::Page,
    nav,
    route::{Access, Route},
    state::WebState,
    ui::{self, PostForm, button, card},
};

use super::session::enter;

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get("/demo", "demo.show", "演示：选择人员", show).access(Access::Public),
        Route::post("/demo", "demo.sign_in", "演示：一键登录", sign_in).access(Access::Public),
    ]
}

async fn show(State(web): State<WebState>, page: Page) -> Response {
    let people = web.demo.as_deref().unwrap_or_default();
    let lead = "数据都是虚构的。点一个人就以其身份进入，随时可以回到这里换一个人。";
    let body = html! {
        (ui::heading("从谁的角度看", Some(lead), html! {}))
        div .columns {
            @for person in people {
                (card(format!("{} · {}", person.name, person.post), html! {
                    p .text-muted { (person.unit) }
                    p { (person.what_to_see) }
                    @let form = match page.viewer() {
                        Some(viewer) => PostForm::new("/demo", &viewer.csrf),
                        None => PostForm::without_session("/demo"),
                    };
                    (form.hidden("login", &person.login).body(html! { (button(format!("以{}的身份进入", person.name)).primary()) }))
                }))
            }
        }
    };
    page.show(page.frame("演示"), body)
}

async fn sign_in(State(web): State<WebState>, visit: Visit, fields: Fields) -> Result<Response, Problem> {
    let people = web.demo.as_deref().unwrap_or_default();
    let login = people
        .iter()
        .map(|person| person.login.clone())
        .find(|login| login == fields.text("login"))
        .ok_or(Problem::NotFound)?;
    let opened = web.run(move |app| app.sign_in_for_demo(&visit, &login)).await?;
    Ok(enter(&web, nav::home(&opened.actor), &opened.secret))
}
