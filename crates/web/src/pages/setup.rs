//! The first day: the page on which the three administrators are made. It is there only until they are.

use axum::{extract::State, http::request::Parts, response::Response};
use bihuan_app::{
    Visit,
    bootstrap::{Administrator, SetUp},
};
use maud::{Markup, html};
use std::time::Instant as Moment;

use super::{account::password_hint, session::untrimmed};
use crate::{
    counter,
    error::{Problem, SIGN_IN_PATH},
    form::{FieldErrors, Fields},
    frame::{Again, Page},
    guard::client_address,
    route::{Access, Route},
    state::WebState,
    ui::{self, PostForm, button, button_link},
};

pub(super) const SETUP_PATH: &str = "/setup";

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get(SETUP_PATH, "installation.new", "系统初始化页", new).access(Access::Public),
        Route::post(SETUP_PATH, "installation.set_up", "系统初始化", set_up).access(Access::Public),
    ]
}

async fn new(State(web): State<WebState>, page: Page, head: Parts) -> Result<Response, Problem> {
    if !web.run(|app| app.is_waiting_for_set_up()).await? {
        return Err(Problem::NotFound);
    }
    let_in(&web, &head)?;
    Ok(page.show(page.frame("系统初始化"), form(&web, &Fields::default(), &FieldErrors::default())))
}

fn form(web: &WebState, fields: &Fields, errors: &FieldErrors) -> Markup {
    let person = |which: &str, title: &str, duty: &str| {
        html! {
            fieldset {
                legend { (title) }
                p .text-muted { (duty) }
                (ui::text(&format!("{which}_name"), "姓名").required().max_chars(30).autocomplete("off").refill(fields).errors(errors))
                (ui::text(&format!("{which}_login"), "登录名").hint("3–40 位小写字母、数字或 . _ -").required().max_chars(40).autocomplete("off").refill(fields).errors(errors))
            }
        }
    };
    html! {
        (ui::heading("系统初始化", Some("按照三员分立，由三个人分别担任三名管理员；他们都不兼任业务角色。"), html! {}))
        (ui::panel(html! { (PostForm::without_session(SETUP_PATH).errors(errors).body(html! {
            (ui::password("secret", "初始化密钥").hint("在服务器上运行 bihuan init 时打印的一串字符，只能用一次。").required().autocomplete("off").errors(errors))
            (person("system", "系统管理员（您本人）", "管理系统运行，创建账号。"))
            (ui::password("password", "您的密码").hint(password_hint(&web.app.policy)).required().autocomplete("new-password").errors(errors))
            (ui::password("again", "再输一次密码").required().autocomplete("new-password").errors(errors))
            (person("security", "安全管理员", "授予和收回角色，解锁账号，重置密码。"))
            (person("audit", "审计管理员", "查看、校验和导出日志。"))
            div .actions { (button("完成初始化").primary()) }
        })) }))
    }
}

/// Whoever becomes administrator comes as administrators have to come.
fn let_in(web: &WebState, head: &Parts) -> Result<(), Problem> {
    counter::bar(&web.settings, head).map_or(Ok(()), |bar| Err(Problem::Barred(bar)))
}

async fn set_up(
    State(web): State<WebState>,
    visit: Visit,
    page: Page,
    head: Parts,
    fields: Fields,
) -> Result<Response, Problem> {
    let_in(&web, &head)?;
    web.limiter
        .try_once(Moment::now(), client_address(&web.settings, &head), &set_up_key(&web, &head))
        .map_err(|wait| Problem::TooMany { retry_after_seconds: wait.as_secs().max(1) })?;
    let person = |which: &str| Administrator {
        name: fields.text(&format!("{which}_name")).to_owned(),
        login: fields.text(&format!("{which}_login")).to_owned(),
    };
    let wanted = SetUp {
        secret: fields.text("secret").to_owned(),
        system: person("system"),
        password: untrimmed(&fields, "password"),
        security: person("security"),
        audit: person("audit"),
    };
    let logins = [wanted.security.login.clone(), wanted.audit.login.clone()];
    let outcome = if wanted.password == untrimmed(&fields, "again") {
        web.run(move |app| app.set_up(&visit, wanted)).await
    } else {
        Err(Problem::invalid("again", "两次输入的密码不一样，请重新输入。"))
    };
    match outcome {
        Ok(passwords) => Ok(page.show(page.frame("初始化完成"), done(&logins, &passwords))),
        Err(problem) => {
            let again = Again::of(problem)?;
            Ok(page.show_again(page.frame("系统初始化"), form(&web, &fields, &again.errors), &again))
        }
    }
}

fn done(logins: &[String; 2], passwords: &[String; 2]) -> Markup {
    html! {
        (ui::heading("初始化完成", Some("请把下面两个一次性密码分别当面交给本人，离开本页后无法再查看。"), html! {}))
        (ui::definitions()
            .add(format!("安全管理员 {}", logins[0]), html! { span .mono { (passwords[0]) } })
            .add(format!("审计管理员 {}", logins[1]), html! { span .mono { (passwords[1]) } }))
        p { "首次登录时须修改密码，并启用动态口令。" }
        div .actions { (button_link("去登录", SIGN_IN_PATH).primary()) }
    }
}

/// Tries are counted by address only: nobody far away shall be able to keep the office from setting up.
fn set_up_key(web: &WebState, head: &Parts) -> String {
    client_address(&web.settings, head)
        .map_or_else(|| "set up".to_owned(), |address| format!("set up {address}"))
}
