//! The first unit of a new system: offered where the tree would be, and made on a page of its own.

use axum::{extract::State, response::Response};
use bihuan_app::Context;
use bihuan_app::unit_import::Importer;
use bihuan_domain::role::Role;
use bihuan_domain::unit::reorganise::UnitDraft;
use bihuan_domain::unit::{Level, UnitKind};
use maud::{Markup, html};

use super::forms::{draft_fields, draft_of, unit_path};
use super::{UNITS_PATH, day_of};
use crate::{
    error::Problem,
    form::{FieldErrors, Fields},
    frame::{Again, Page},
    route::Route,
    state::{Session, WebState},
    ui::{self, PostForm, button, button_link, panel},
};

const PATH: &str = "/units/new";
const TITLE: &str = "设立第一个单位";

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get(PATH, "unit.first", "设立第一个单位页", new),
        Route::post(PATH, "unit.create_first", "设立第一个单位", create),
    ]
}

/// What stands where the tree would be while there is no unit.
pub(super) fn offer(ctx: &Context) -> Markup {
    if !ctx.actor.holds_anywhere(Role::SystemAdmin) {
        return ui::empty("还没有单位", "第一个单位由系统管理员设立或者导入，之后这里显示单位树。", None);
    }
    html! {
        div .empty {
            p .empty-title { "还没有单位" }
            p { "先设立最上级的一个单位，例如本县、本市或者本系统的主管单位，其他单位都挂在它下面；已有名册的，可以整批导入。" }
            div .actions .justify-content-center { (button_link(TITLE, PATH).primary()) (button_link("导入单位", "/units/import")) }
        }
    }
}

fn blank() -> UnitDraft {
    UnitDraft {
        code: String::new(),
        name: String::new(),
        short_names: String::new(),
        kind: UnitKind::Territory,
        level: Level::County,
        sector: String::new(),
        line: String::new(),
        official_order: 10,
    }
}

fn body(page: &Page, ctx: &Context, fields: &Fields, errors: &FieldErrors) -> Result<Markup, Problem> {
    let lead = "它是单位树的最上级。设立以后，由安全管理员把它的工作专班角色授给一名人员，下级单位、岗位和专项行动都由工作专班来建。";
    let form = PostForm::new(PATH, page.csrf()?).errors(errors).warn_unsaved().body(html! {
        (draft_fields("", &blank(), fields, errors, true))
        (ui::date("day", "设立日期").required().value(ctx.today().to_string()).refill(fields).errors(errors)
            .hint("台账、报表可以追溯到这一天；要登记以前的情况，请填得早一些"))
        div .actions { (button("设立").primary()) (button_link("取消", UNITS_PATH)) }
    });
    Ok(html! { (ui::heading(TITLE, Some(lead), html! {})) (panel(html! { (form) })) })
}

async fn new(State(web): State<WebState>, Session(ctx): Session, page: Page) -> Result<Response, Problem> {
    let who = ctx.clone();
    web.run(move |app| app.may_create_first_unit(&who)).await?;
    let body = body(&page, &ctx, &Fields::default(), &FieldErrors::default())?;
    Ok(page.show(page.frame(TITLE).crumb("单位", UNITS_PATH), body))
}

async fn create(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    fields: Fields,
) -> Result<Response, Problem> {
    let done = match (draft_of("", &fields), day_of(&fields, "day", "设立日期")) {
        (Ok(draft), Ok(day)) => {
            let who = Importer::Person(ctx.clone());
            web.run(move |app| app.create_first_unit(who, draft, day)).await
        }
        (Err(problem), _) | (_, Err(problem)) => Err(problem),
    };
    match done {
        Ok(done) => Ok(page.go(
            unit_path(done.unit.id.0),
            &format!(
                "已设立“{}”。下一步：在“账号”中建立账号，请安全管理员授予工作专班角色。",
                done.unit.name
            ),
        )),
        Err(problem) => {
            let again = Again::of(problem)?;
            let body = body(&page, &ctx, &fields, &again.errors)?;
            Ok(page.show_again(page.frame(TITLE).crumb("单位", UNITS_PATH), body, &again))
        }
    }
}
