//! Scopes: conditions, a preview of exactly whom they reach, and saving under a name.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::Context;
use bihuan_app::scope::{NamedScope, Preview, SCOPE_NAME_CHARS_MAX};
use bihuan_domain::id::{ScopeId, UnitId};
use bihuan_domain::role::Role;
use bihuan_domain::scope::Scope;
use bihuan_domain::unit::{Level, UnitKind};
use bihuan_domain::{Coded, Day};
use maud::{Markup, html};

use super::pick::{self, Offers};
use crate::{
    error::Problem,
    form::{FieldErrors, Fields, QueryFields},
    frame::{Again, Page},
    route::Route,
    state::{Session, WebState},
    ui::{
        self, Choice, Column, Href, Pager, PostForm, Row, Table, button, button_link, card, choices, panel,
    },
};

const SCOPES_PATH: &str = "/scopes";
/// Units on one page of a preview, as the store lists them.
const SCOPE_PAGE: u64 = 100;

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get(SCOPES_PATH, "scope.list", "适用范围列表", list),
        Route::get("/scopes/new", "scope.new", "新建适用范围页", new),
        Route::post(SCOPES_PATH, "scope.save", "预览或保存适用范围", save),
        Route::get("/scopes/{id}", "scope.show", "适用范围预览", show),
        Route::get("/scopes/{id}/edit", "scope.edit", "修改适用范围页", edit),
        Route::post("/scopes/{id}/delete", "scope.delete", "删除适用范围", delete),
    ]
}

async fn list(State(web): State<WebState>, Session(ctx): Session, page: Page) -> Result<Response, Problem> {
    let who = ctx.clone();
    let scopes = web.run(move |app| app.scopes(&who)).await?;
    let rows = scopes.iter().map(|saved| {
        Row::new([
            html! { a href={ (SCOPES_PATH) "/" (saved.id) } { (saved.name) } },
            html! { (saved.owner.name) },
            html! { (words(&saved.scope)) },
        ])
    });
    let table = Table::new("scopes", "已保存的适用范围")
        .hide_caption()
        .columns([Column::new("名称"), Column::new("维护单位"), Column::new("条件").long()])
        .row_head(0)
        .rows(rows)
        .stack()
        .empty(ui::empty(
            "还没有保存的范围",
            "把“各村支部”“农村领域”这类常用范围保存下来，要求、表单和统计都可以直接引用。",
            None,
        ));
    let body = html! {
        (ui::heading("适用范围", Some("同一个范围到处都是同一批单位：按条件选出，按某一天的隶属关系展开，先看清楚正好包括谁。"), html! {
            @if ctx.actor.holds_anywhere(Role::Office) { (button_link("新建范围", "/scopes/new").primary()) }
        }))
        (table)
    };
    Ok(page.show(page.frame("适用范围").crumb("单位", "/units"), body))
}

/// The conditions in one line.
fn words(scope: &Scope) -> String {
    fn labels<T: Coded>(values: &[T]) -> String {
        values.iter().map(|value| value.label()).collect::<Vec<_>>().join("、")
    }
    let mut parts = Vec::new();
    let mut add = |name: &str, text: String| {
        if !text.is_empty() {
            parts.push(format!("{name}：{text}"));
        }
    };
    add("层级", labels(&scope.levels));
    add("性质", labels(&scope.kinds));
    add("领域", scope.sectors.join("、"));
    add("系统", scope.lines.join("、"));
    add("角色", labels(&scope.roles));
    if scope.children_only {
        parts.push("只含直接下级".to_owned());
    }
    if !scope.listed.is_empty() {
        parts.push(format!("另列{}个单位", scope.listed.len()));
    }
    if !scope.without.is_empty() {
        parts.push(format!("除外{}个单位", scope.without.len()));
    }
    if parts.is_empty() { "全部下级".to_owned() } else { parts.join("；") }
}

fn coded<T: Coded>(values: &[T]) -> Vec<Choice> {
    choices(values.iter().map(|value| (value.code(), value.label())))
}

/// The form's fields of a saved scope.
async fn fields_of(web: &WebState, saved: &NamedScope) -> Result<Fields, Problem> {
    let scope = &saved.scope;
    let ids: Vec<UnitId> = scope.subtree.iter().chain(&scope.listed).chain(&scope.without).copied().collect();
    let units = web.run(move |app| app.units(&ids)).await?;
    let code = |id: &UnitId| units.iter().find(|u| u.id == *id).map(|u| u.code.clone()).unwrap_or_default();
    let mut pairs = vec![
        ("name".to_owned(), saved.name.clone()),
        ("owner".to_owned(), saved.owner.code.clone()),
        ("id".to_owned(), saved.id.to_string()),
        ("version".to_owned(), saved.version.to_string()),
        ("subtree".to_owned(), scope.subtree.as_ref().map(code).unwrap_or_default()),
        ("sectors".to_owned(), scope.sectors.join("、")),
        ("lines".to_owned(), scope.lines.join("、")),
        ("listed".to_owned(), scope.listed.iter().map(code).collect::<Vec<_>>().join("\n")),
        ("without".to_owned(), scope.without.iter().map(code).collect::<Vec<_>>().join("\n")),
    ];
    pairs.extend(scope.levels.iter().map(|v| ("levels".to_owned(), v.code().to_owned())));
    pairs.extend(scope.kinds.iter().map(|v| ("kinds".to_owned(), v.code().to_owned())));
    pairs.extend(scope.roles.iter().map(|v| ("roles".to_owned(), v.code().to_owned())));
    if scope.children_only {
        pairs.push(("reach".to_owned(), "children_only".to_owned()));
    }
    if scope.with_root {
        pairs.push(("reach".to_owned(), "with_root".to_owned()));
    }
    Ok(Fields::new(pairs))
}

/// Reads the conditions; a group's wording wins over them.
async fn scope_of(
    web: &WebState,
    ctx: &Context,
    fields: &Fields,
    offers: &mut Offers,
) -> Result<Scope, Problem> {
    let subtree = match fields.filled("subtree") {
        Some(_) => Some(pick::unit(web, ctx, fields, ("subtree", "上级单位"), offers).await?),
        None => None,
    };
    if let Some(wording) = fields.filled("group") {
        let base = subtree.ok_or_else(|| Problem::Invalid {
            fields: vec![(
                "subtree".to_owned(),
                "按说法展开时要填写“上级单位”，例如“各村支部”是哪个县的。".to_owned(),
            )],
        })?;
        let (who, wording) = (ctx.clone(), wording.to_owned());
        return web.run(move |app| app.group_scope(&who, &wording, base)).await;
    }
    fn list<T: Coded>(fields: &Fields, name: &str) -> Vec<T> {
        fields.all(name).filter_map(T::from_code).collect()
    }
    let texts = |name: &str| -> Vec<String> {
        fields
            .text(name)
            .split(['、', '，', ',', ' '])
            .map(str::trim)
            .filter(|t| !t.is_empty())
            .map(str::to_owned)
            .collect()
    };
    Ok(Scope {
        subtree,
        with_root: fields.all("reach").any(|value| value == "with_root"),
        children_only: fields.all("reach").any(|value| value == "children_only"),
        levels: list::<Level>(fields, "levels"),
        kinds: list::<UnitKind>(fields, "kinds"),
        roles: list::<Role>(fields, "roles"),
        sectors: texts("sectors"),
        lines: texts("lines"),
        listed: units_of(web, ctx, fields, "listed", "另外列出的单位").await?,
        without: units_of(web, ctx, fields, "without", "除外的单位").await?,
    })
}

/// Units named one a line, each by code or unmistakable name.
async fn units_of(
    web: &WebState,
    ctx: &Context,
    fields: &Fields,
    name: &str,
    label: &str,
) -> Result<Vec<UnitId>, Problem> {
    let mut found = Vec::new();
    for line in fields.text(name).lines().map(str::trim).filter(|line| !line.is_empty()) {
        let one = Fields::new(vec![("unit".to_owned(), line.to_owned())]);
        match pick::unit(web, ctx, &one, ("unit", label), &mut Offers::default()).await {
            Ok(id) => found.push(id),
            Err(Problem::Invalid { .. }) => {
                let words = format!("“{label}”中的“{line}”没有找到或者不止一个，请改填单位代码。");
                return Err(Problem::Invalid { fields: vec![(name.to_owned(), words)] });
            }
            Err(problem) => return Err(problem),
        }
    }
    Ok(found)
}

fn form(
    page: &Page,
    ctx: &Context,
    fields: &Fields,
    errors: &FieldErrors,
    offers: &Offers,
) -> Result<Markup, Problem> {
    let reach =
        vec![Choice::new("children_only", "只要直接下级"), Choice::new("with_root", "也包括上级单位本身")];
    let roles: Vec<Role> = Role::ALL.iter().copied().filter(|role| role.reads_business()).collect();
    let mut form = PostForm::new(SCOPES_PATH, page.csrf()?).errors(errors);
    for name in ["id", "version"] {
        if let Some(value) = fields.filled(name) {
            form = form.hidden(name, value);
        }
    }
    Ok(html! {
        (panel(html! {
            (form.body(html! {
                (offers.field(ui::text("subtree", "上级单位").hint("在哪个单位的辖区内，填写名称、简称或代码"), "subtree", fields, errors))
                (ui::checkboxes("reach", "辖区内的哪些单位", reach).refill(fields))
                (ui::text("group", "按说法展开").hint("例如：各村支部、各乡镇（街道）、各县（市、区）、市直各部门；填写后以说法为准").refill(fields).errors(errors))
                details .fold open[!fields.has("group") || fields.filled("group").is_none()] {
                    summary { span .caret aria-hidden="true" {} "按条件选择（几项条件同时满足）" }
                    div .short-options { (ui::checkboxes("levels", "层级", coded(Level::ALL)).refill(fields).errors(errors)) }
                    div .short-options { (ui::checkboxes("kinds", "单位性质", coded(UnitKind::ALL)).refill(fields).errors(errors)) }
                    (ui::text("sectors", "领域").hint("几个领域之间用顿号隔开").refill(fields).errors(errors))
                    (ui::text("lines", "系统").hint("几个系统之间用顿号隔开").refill(fields).errors(errors))
                    div .short-options { (ui::checkboxes("roles", "角色", coded(&roles)).hint("只要授予了这些角色的单位").refill(fields)) }
                    (ui::area("listed", "另外列出的单位", 3).hint("每行一个，填写代码或名称").refill(fields).errors(errors))
                    (ui::area("without", "除外的单位", 2).hint("每行一个，填写代码或名称").refill(fields).errors(errors))
                }
                (ui::date("day", "展开日期").value(ctx.today().to_string()).hint("按这一天的隶属关系展开").refill(fields).errors(errors))
                div .actions { (button("预览包括哪些单位").primary().sends("do", "preview")) }
                @if ctx.actor.holds_anywhere(Role::Office) {
                    fieldset { legend { "保存为常用范围" }
                        (ui::text("name", "范围名称").max_chars(SCOPE_NAME_CHARS_MAX).narrow().refill(fields).errors(errors))
                        (offers.field(ui::text("owner", "维护单位").narrow().hint("谁可以修改；其上下级都可以引用"), "owner", fields, errors))
                        div .actions { (button("保存").sends("do", "save")) (button_link("取消", SCOPES_PATH)) }
                    }
                }
            }))
        }))
    })
}

async fn new(
    Session(ctx): Session,
    page: Page,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let body = html! {
        (ui::heading("新建适用范围", None, html! {}))
        (form(&page, &ctx, &query, &FieldErrors::default(), &Offers::default())?)
    };
    Ok(page.show(page.frame("新建适用范围").crumb("适用范围", SCOPES_PATH), body))
}

async fn edit(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let who = ctx.clone();
    let saved = web.run(move |app| app.scope(&who, ScopeId(id))).await?;
    let fields = fields_of(&web, &saved).await?;
    let body = html! {
        (ui::heading("修改适用范围", Some(&saved.name), html! {}))
        (form(&page, &ctx, &fields, &FieldErrors::default(), &Offers::default())?)
    };
    Ok(page.show(page.frame("修改适用范围").crumb("适用范围", SCOPES_PATH), body))
}

enum Done {
    Saved(ScopeId),
    Preview(Box<Preview>),
}

async fn carry_out(
    web: &WebState,
    ctx: &Context,
    fields: &Fields,
    offers: &mut Offers,
) -> Result<Done, Problem> {
    let scope = scope_of(web, ctx, fields, offers).await?;
    let who = ctx.clone();
    if fields.text("do") != "save" {
        let day = fields.filled("day").and_then(|text| Day::parse(text).ok());
        let preview = web.run(move |app| app.preview_scope(&who, &scope, day, 0)).await?;
        return Ok(Done::Preview(Box::new(preview)));
    }
    let owner = pick::unit(web, ctx, fields, ("owner", "维护单位"), offers).await?;
    let id = fields.number("id").map(ScopeId).zip(fields.number("version"));
    let name = fields.text("name").to_owned();
    let saved = web.run(move |app| app.save_scope(&who, id, owner, &name, scope)).await?;
    Ok(Done::Saved(saved.id))
}

async fn save(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    fields: Fields,
) -> Result<Response, Problem> {
    let mut offers = Offers::default();
    let frame = page.frame("适用范围").crumb("适用范围", SCOPES_PATH);
    match carry_out(&web, &ctx, &fields, &mut offers).await {
        Ok(Done::Saved(id)) => Ok(page.go(format!("{SCOPES_PATH}/{id}"), "范围已保存。")),
        Ok(Done::Preview(preview)) => {
            let body = html! {
                (ui::heading("适用范围预览", None, html! {}))
                (reached(&preview, None))
                h2 { "修改条件" }
                (form(&page, &ctx, &fields, &FieldErrors::default(), &offers)?)
            };
            Ok(page.show(frame, body))
        }
        Err(problem) => {
            let again = Again::of(problem)?;
            let body = html! {
                (ui::heading("适用范围", None, html! {}))
                (form(&page, &ctx, &fields, &again.errors, &offers)?)
            };
            Ok(page.show_again(frame, body, &again))
        }
    }
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let who = ctx.clone();
    let saved = web.run(move |app| app.scope(&who, ScopeId(id))).await?;
    let day = query.filled("day").and_then(|text| Day::parse(text).ok());
    let number = query.number::<u64>("page").unwrap_or(1).max(1);
    let offset = i64::try_from((number - 1).saturating_mul(SCOPE_PAGE)).unwrap_or(0);
    let (who, scope) = (ctx.clone(), saved.scope.clone());
    let preview = web.run(move |app| app.preview_scope(&who, &scope, day, offset)).await?;
    let here = Href::new(format!("{SCOPES_PATH}/{id}")).with_some("day", query.filled("day"));
    let lead = format!("{} · {}", saved.owner.name, words(&saved.scope));
    let body = html! {
        (ui::heading(&saved.name, Some(&lead), html! {
            @if saved.may_change {
                (button_link("修改", format!("{SCOPES_PATH}/{id}/edit")))
                (PostForm::new(format!("{SCOPES_PATH}/{id}/delete"), page.csrf()?).inline()
                    .hidden("version", saved.version.to_string()).confirm("确定删除这个范围？已经按它办理的事项不受影响。")
                    .body(html! { (button("删除").danger()) }))
            }
        }))
        form .day-form action="" method="get" {
            (ui::date("day", "展开日期").value(preview.day.to_string()).between(None, Some(ctx.today().to_string())))
            div .actions { button .btn .btn-outline-secondary .btn-sm type="submit" { "按这一天展开" } }
        }
        (reached(&preview, Some((here, number))))
    };
    Ok(page.show(page.frame(saved.name.clone()).crumb("适用范围", SCOPES_PATH), body))
}

fn reached(preview: &Preview, pages: Option<(Href, u64)>) -> Markup {
    let total = u64::try_from(preview.reach.total).unwrap_or(0);
    let groups = preview.reach.groups.iter().map(|(level, kind, n)| {
        Row::new([
            html! { (level.label()) },
            html! { (kind.label()) },
            html! { (ui::thousands(u64::try_from(*n).unwrap_or(0))) },
        ])
    });
    let rows = preview.reach.page.iter().zip(&preview.above).map(|(unit, above)| {
        Row::new([
            html! { a href={ "/units/" (unit.id) } { (unit.name) } },
            html! { (above.join(" / ")) },
            html! { (unit.level.label()) },
            html! { (unit.kind.label()) },
        ])
    });
    let by_group = Table::new("groups", "按层级和性质")
        .hide_caption()
        .columns([Column::new("层级"), Column::new("性质"), Column::new("单位数").number()])
        .rows(groups)
        .foot(Row::new([html! { "合计" }, html! {}, html! { (ui::thousands(total)) }]))
        .empty(ui::empty("没有包括任何单位", "请放宽条件，或者核对展开日期。", None));
    let units = Table::new("reached", "包括的单位")
        .hide_caption()
        .columns([
            Column::new("单位"),
            Column::new("所在位置").long(),
            Column::new("层级").short(),
            Column::new("性质").short(),
        ])
        .row_head(0)
        .rows(rows)
        .stack()
        .empty(html! {});
    html! {
        (card(format!("{}正好包括 {} 个单位", preview.day.in_chinese(), ui::thousands(total)), html! {
            p .text-muted { "只计您有权查看的单位。" }
            (by_group)
        }))
        @if total > 0 {
            (card("单位清单", html! {
                (units)
                @match pages {
                    Some((here, number)) => (Pager::new(here, number, SCOPE_PAGE, total)),
                    None => @if total > SCOPE_PAGE { p .text-muted { "只列出前" (SCOPE_PAGE) "个，保存后可以逐页查看。" } },
                }
            }).flush())
        }
    }
}

async fn delete(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let version = fields.number("version").unwrap_or(0);
    web.run(move |app| app.delete_scope(&ctx, ScopeId(id), version)).await?;
    Ok(page.go(SCOPES_PATH, "范围已删除。"))
}
