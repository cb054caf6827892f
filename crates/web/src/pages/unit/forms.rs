//! Creating, renaming, correcting and ordering units.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::Context;
use bihuan_app::unit::{AsOf, UnitPage};
use bihuan_domain::Coded as _;
use bihuan_domain::id::UnitId;
use bihuan_domain::unit::reorganise::{
    SECTOR_CHARS_MAX, SHORT_NAMES_CHARS_MAX, UNIT_CODE_CHARS_MAX, UnitDraft, level_below,
};
use bihuan_domain::unit::{Level, UNIT_NAME_CHARS_MAX, UnitKind};
use maud::{Markup, html};

use super::{UNITS_PATH, day_of, frame_of};
use crate::{
    error::Problem,
    form::{FieldErrors, Fields, QueryFields},
    frame::{Again, Page},
    route::Route,
    state::{Session, WebState},
    ui::{self, Choice, Column, PostForm, Row, Table, button, button_link, choices, panel},
};

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get("/units/{id}/new", "unit.new", "设立下级单位页", new),
        Route::post("/units/{id}/new", "unit.create", "设立下级单位", create),
        Route::get("/units/{id}/rename", "unit.rename_form", "单位更名页", rename_form),
        Route::post("/units/{id}/rename", "unit.rename", "单位更名", rename),
        Route::get("/units/{id}/edit", "unit.edit", "更正单位资料页", edit),
        Route::post("/units/{id}/edit", "unit.amend", "更正单位资料", amend),
        Route::get("/units/{id}/order", "unit.order_form", "调整下级单位排序页", order_form),
        Route::post("/units/{id}/order", "unit.reorder", "调整下级单位排序", reorder),
    ]
}

/// Loads the unit of a form's page.
pub(super) async fn load(web: &WebState, ctx: &Context, id: i64) -> Result<UnitPage, Problem> {
    let who = ctx.clone();
    web.run(move |app| app.unit_page(&who, UnitId(id), AsOf::Today)).await
}

pub(super) fn unit_path(id: i64) -> String {
    format!("{UNITS_PATH}/{id}")
}

/// The page of a form, fresh or again.
pub(super) fn answer(
    page: &Page,
    of: &UnitPage,
    title: &str,
    form: Markup,
    again: Option<&Again>,
) -> Response {
    let frame = frame_of(page, title, &of.above);
    let body = html! { (ui::heading(title, Some(&of.unit.name), html! {})) (panel(form)) };
    match again {
        Some(again) => page.show_again(frame, body, again),
        None => page.show(frame, body),
    }
}

fn kinds() -> Vec<Choice> {
    choices(UnitKind::ALL.iter().map(|kind| (kind.code(), kind.label())))
}

fn levels() -> Vec<Choice> {
    choices(Level::ALL.iter().map(|level| (level.code(), level.label())))
}

/// The fields of a unit's facts; `prefix` tells several units of one form apart.
pub(super) fn draft_fields(
    prefix: &str,
    start: &UnitDraft,
    fields: &Fields,
    errors: &FieldErrors,
    named: bool,
) -> Markup {
    let name = |field: &str| format!("{prefix}{field}");
    html! {
        @if named {
            (ui::text(&name("name"), "单位名称").required().max_chars(UNIT_NAME_CHARS_MAX).value(&start.name).refill(fields).errors(errors))
        }
        (ui::text(&name("code"), "单位代码").required().max_chars(UNIT_CODE_CHARS_MAX).narrow()
            .hint("行政区划代码或者本地统一编制的代码，现有单位之间不能重复").value(&start.code).refill(fields).errors(errors))
        (ui::text(&name("short_names"), "简称").max_chars(SHORT_NAMES_CHARS_MAX)
            .hint("几个简称之间用顿号隔开；导入台账时按简称也能认出单位").value(&start.short_names).refill(fields).errors(errors))
        (ui::select(&name("kind"), "单位性质", kinds()).value(start.kind.code()).refill(fields).errors(errors).narrow())
        (ui::select(&name("level"), "层级", levels()).value(start.level.code()).refill(fields).errors(errors).narrow())
        (ui::text(&name("sector"), "领域").max_chars(SECTOR_CHARS_MAX).narrow()
            .hint("机关、国企、高校、两新、农村……，没有可以不填").value(&start.sector).refill(fields).errors(errors))
        (ui::text(&name("line"), "系统").max_chars(SECTOR_CHARS_MAX).narrow()
            .hint("业务主管系统，例如水利、教育，没有可以不填").value(&start.line).refill(fields).errors(errors))
        (ui::number(&name("official_order"), "排序").hint("在同级单位中的顺序，数字小的在前").value(start.official_order.to_string()).refill(fields).errors(errors))
    }
}

/// The facts as typed.
///
/// # Errors
/// `Invalid` for an order that is no number, and for a list's value that does not exist.
pub(super) fn draft_of(prefix: &str, fields: &Fields) -> Result<UnitDraft, Problem> {
    let name = |field: &str| format!("{prefix}{field}");
    let mut errors = FieldErrors::default();
    let kind = UnitKind::from_code(fields.text(&name("kind")));
    if kind.is_none() {
        errors.add(name("kind"), "没有选择单位性质。");
    }
    let level = Level::from_code(fields.text(&name("level")));
    if level.is_none() {
        errors.add(name("level"), "没有选择层级。");
    }
    let order = match fields.filled(&name("official_order")) {
        None => Some(0),
        Some(text) => text.parse().ok(),
    };
    if order.is_none() {
        errors.add(name("official_order"), "“排序”不是整数。请填写数字，例如10。");
    }
    errors.check()?;
    let text = |field: &str| fields.text(&name(field)).to_owned();
    Ok(UnitDraft {
        code: text("code"),
        name: text("name"),
        short_names: text("short_names"),
        kind: kind.unwrap_or(UnitKind::Other),
        level: level.unwrap_or(Level::Branch),
        sector: text("sector"),
        line: text("line"),
        official_order: order.unwrap_or(0),
    })
}

/// An empty unit below another.
pub(super) fn blank(below: &UnitPage) -> UnitDraft {
    let last = below.children.iter().map(|child| child.unit.official_order).max().unwrap_or(0);
    UnitDraft {
        code: String::new(),
        name: String::new(),
        short_names: String::new(),
        kind: UnitKind::Territory,
        level: level_below(below.unit.level),
        sector: below.unit.sector.clone(),
        line: String::new(),
        official_order: last + 10,
    }
}

fn new_form(
    page: &Page,
    of: &UnitPage,
    ctx: &Context,
    fields: &Fields,
    errors: &FieldErrors,
) -> Result<Markup, Problem> {
    let at = unit_path(of.unit.id.0);
    Ok(html! {
        (PostForm::new(format!("{at}/new"), page.csrf()?).errors(errors).warn_unsaved().body(html! {
            (draft_fields("", &blank(of), fields, errors, true))
            (ui::date("day", "设立日期").required().value(ctx.today().to_string()).refill(fields).errors(errors))
            div .actions { (button("设立").primary()) (button_link("取消", &at)) }
        }))
    })
}

async fn new(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let of = load(&web, &ctx, id).await?;
    let form = new_form(&page, &of, &ctx, &query, &FieldErrors::default())?;
    Ok(answer(&page, &of, "设立下级单位", form, None))
}

async fn create(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let done = match (draft_of("", &fields), day_of(&fields, "day", "设立日期")) {
        (Ok(draft), Ok(day)) => {
            let who = ctx.clone();
            web.run(move |app| app.create_unit(&who, UnitId(id), draft, day)).await
        }
        (Err(problem), _) | (_, Err(problem)) => Err(problem),
    };
    match done {
        Ok(done) => Ok(page.go(unit_path(done.unit.id.0), &format!("已设立“{}”。", done.unit.name))),
        Err(problem) => {
            let again = Again::of(problem)?;
            let of = load(&web, &ctx, id).await?;
            let form = new_form(&page, &of, &ctx, &fields, &again.errors)?;
            Ok(answer(&page, &of, "设立下级单位", form, Some(&again)))
        }
    }
}

fn version_of(fields: &Fields, of: &UnitPage) -> String {
    fields.filled("version").map_or_else(|| of.unit.version.to_string(), str::to_owned)
}

fn rename_markup(
    page: &Page,
    of: &UnitPage,
    ctx: &Context,
    fields: &Fields,
    errors: &FieldErrors,
) -> Result<Markup, Problem> {
    let at = unit_path(of.unit.id.0);
    Ok(html! {
        p { "现名称：" (of.unit.name) "。过去日期的台账、报表仍显示当时的名称。" }
        (PostForm::new(format!("{at}/rename"), page.csrf()?).hidden("version", version_of(fields, of)).errors(errors).body(html! {
            (ui::text("name", "新名称").required().max_chars(UNIT_NAME_CHARS_MAX).refill(fields).errors(errors))
            (ui::date("day", "生效日期").required().value(ctx.today().to_string()).refill(fields).errors(errors))
            div .actions { (button("更名").primary()) (button_link("取消", &at)) }
        }))
    })
}

async fn rename_form(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let of = load(&web, &ctx, id).await?;
    let form = rename_markup(&page, &of, &ctx, &Fields::default(), &FieldErrors::default())?;
    Ok(answer(&page, &of, "单位更名", form, None))
}

async fn rename(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let done = match day_of(&fields, "day", "生效日期") {
        Ok(day) => {
            let (who, name, version) =
                (ctx.clone(), fields.text("name").to_owned(), fields.number("version"));
            web.run(move |app| app.rename_unit(&who, UnitId(id), version, &name, day)).await
        }
        Err(problem) => Err(problem),
    };
    match done {
        Ok(done) => Ok(page.go(unit_path(id), &format!("已更名为“{}”。", done.unit.name))),
        Err(problem) => {
            let again = Again::of(problem)?;
            let of = load(&web, &ctx, id).await?;
            let form = rename_markup(&page, &of, &ctx, &fields, &again.errors)?;
            Ok(answer(&page, &of, "单位更名", form, Some(&again)))
        }
    }
}

fn edit_markup(page: &Page, of: &UnitPage, fields: &Fields, errors: &FieldErrors) -> Result<Markup, Problem> {
    let at = unit_path(of.unit.id.0);
    Ok(html! {
        (PostForm::new(format!("{at}/edit"), page.csrf()?).hidden("version", version_of(fields, of)).errors(errors).warn_unsaved().body(html! {
            (draft_fields("", &UnitDraft::of(&of.unit), fields, errors, false))
            (ui::date("since", "类型、级别、领域、系统自何日起如此").refill(fields).errors(errors)
                .hint("这几项变了的，填生效日期，查看以前的日子时仍按当时的算；只是更正登记错误的，不填。"))
            div .actions { (button("保存").primary()) (button_link("取消", &at)) }
        }))
    })
}

async fn edit(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let of = load(&web, &ctx, id).await?;
    let form = edit_markup(&page, &of, &Fields::default(), &FieldErrors::default())?;
    Ok(answer(&page, &of, "更正单位资料", form, None))
}

async fn amend(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let since = match fields.filled("since") {
        None => Ok(None),
        Some(_) => day_of(&fields, "since", "生效日期").map(Some),
    };
    let done = match draft_of("", &fields).and_then(|draft| Ok((draft, since?))) {
        Ok((draft, since)) => {
            let (who, version) = (ctx.clone(), fields.number("version"));
            web.run(move |app| app.amend_unit(&who, UnitId(id), version, draft, since)).await
        }
        Err(problem) => Err(problem),
    };
    match done {
        Ok(_) => Ok(page.go(unit_path(id), "单位资料已更正。")),
        Err(problem) => {
            let again = Again::of(problem)?;
            let of = load(&web, &ctx, id).await?;
            let form = edit_markup(&page, &of, &fields, &again.errors)?;
            Ok(answer(&page, &of, "更正单位资料", form, Some(&again)))
        }
    }
}

async fn order_form(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let of = load(&web, &ctx, id).await?;
    let at = unit_path(id);
    let rows = of.children.iter().enumerate().map(|(index, child)| {
        let field = format!("place-{}", child.unit.id);
        Row::new([
            html! { (child.unit.name) },
            html! {
                label .visually-hidden for=(field) { "“" (child.unit.name) "”的位次" }
                input .form-control .narrow type="text" inputmode="numeric" id=(field) name=(field) value=(index + 1);
            },
        ])
    });
    let table = Table::new("order", "下级单位的位次")
        .columns([Column::new("单位"), Column::new("位次").short()])
        .row_head(0)
        .rows(rows);
    let form = html! {
        p { "改动位次后保存，数字小的在前；位次相同的按原来的先后。台账、总览都按这个顺序排列。" }
        (PostForm::new(format!("{at}/order"), page.csrf()?).body(html! {
            (table)
            div .actions { (button("保存排序").primary()) (button_link("取消", &at)) }
        }))
    };
    Ok(answer(&page, &of, "调整排序", form, None))
}

async fn reorder(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let mut places: Vec<(i64, usize, UnitId)> = Vec::new();
    for (name, value) in fields.pairs() {
        if let Some(Ok(unit)) = name.strip_prefix("place-").map(str::parse::<i64>) {
            places.push((value.trim().parse().unwrap_or(i64::MAX), places.len(), UnitId(unit)));
        }
    }
    places.sort();
    let wanted: Vec<UnitId> = places.into_iter().map(|(.., unit)| unit).collect();
    web.run(move |app| app.reorder_units(&ctx, UnitId(id), &wanted)).await?;
    Ok(page.go(unit_path(id), "排序已保存。"))
}
