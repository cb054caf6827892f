//! Units: the tree, a unit's page, and where it is reorganised.

mod first;
mod forms;
mod grave;
mod import;

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::Context;
use bihuan_app::unit::{AsOf, Browse, UnitPage};
use bihuan_domain::id::UnitId;
use bihuan_domain::role::Role;
use bihuan_domain::unit::{Unit, UnitKind};
use bihuan_domain::{Coded as _, Day};
use maud::{Markup, html};

use crate::{
    error::Problem,
    form::{Fields, QueryFields},
    frame::Page,
    page::Frame,
    route::Route,
    state::{Session, WebState},
    ui::{self, Column, Filter, Happening, Href, Row, Table, Tone, badge, button_link, card, definitions},
};

/// The tree's address.
pub(super) const UNITS_PATH: &str = "/units";
/// Units one search shows.
const SEARCH_UNITS: usize = 50;

pub fn routes() -> Vec<Route<WebState>> {
    let mut routes = vec![
        Route::get(UNITS_PATH, "unit.list", "单位树", list),
        Route::get("/units/{id}", "unit.show", "单位页", show),
    ];
    routes.extend(first::routes());
    routes.extend(forms::routes());
    routes.extend(grave::routes());
    routes.extend(import::routes());
    routes
}

/// The day a query asks for; nothing for today, later days, and what is no day.
pub(crate) fn as_of(query: &Fields, today: Day) -> (AsOf, Option<Day>) {
    let day = query.filled("day").and_then(|text| Day::parse(text).ok()).filter(|day| *day < today);
    (AsOf::new(day, today), day)
}

/// A day of a form.
///
/// # Errors
/// `Invalid` naming the field.
pub(crate) fn day_of(fields: &Fields, name: &str, label: &str) -> Result<Day, Problem> {
    let wrong = |sentence: String| Problem::Invalid { fields: vec![(name.to_owned(), sentence)] };
    let text = fields
        .filled(name)
        .ok_or_else(|| wrong(format!("“{label}”没有填写。请选择日期，例如2024-06-30。")))?;
    Day::parse(text).map_err(|_| wrong(format!("“{label}”不是日期。请填写如2024-06-30的日期。")))
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    if web.run(|app| app.lacks_units()).await? {
        let lead = "单位、岗位和人员之间的隶属关系都从这里开始。";
        let body = html! { (ui::heading("单位", Some(lead), html! {})) (first::offer(&ctx)) };
        return Ok(page.show(page.frame("单位"), body));
    }
    let body = match query.filled("q") {
        Some(words) => found(&web, &ctx, &query, words.to_owned()).await?,
        None => level(&web, &ctx, &query).await?,
    };
    let admin = ctx.actor.holds_anywhere(Role::SystemAdmin) || ctx.actor.holds_anywhere(Role::Office);
    let actions = html! {
        @if ctx.actor.grants.iter().any(|grant| grant.role.reads_business()) { (button_link("适用范围", "/scopes")) }
        @if admin { (button_link("导入单位", "/units/import")) }
    };
    let lead = "按官方顺序排列；机构设立、更名、划转、合并、撤销都按日期记录，可以查看任意一天的隶属关系。";
    let body = html! {
        (ui::heading("单位", Some(lead), actions))
        (filter(&query, ctx.today()))
        (body)
    };
    Ok(page.show(page.frame("单位"), body))
}

fn filter(query: &Fields, today: Day) -> Filter {
    let here = Href::new(UNITS_PATH)
        .with_some("parent", query.filled("parent"))
        .with_some("q", query.filled("q"))
        .with_some("day", query.filled("day"));
    let mut filter = Filter::new(here.clone())
        .keep("parent")
        .field(ui::text("q", "查找单位").hint("名称、简称或代码；重名时前面加上级，用空格隔开").refill(query))
        .field(
            ui::date("day", "截至日期")
                .hint("不填为今天")
                .between(None, Some(today.to_string()))
                .refill(query),
        );
    if let Some(day) = query.filled("day") {
        filter = filter.active(format!("截至{day}"), here.without("day"));
    }
    if let Some(words) = query.filled("q") {
        filter = filter.active(format!("查找“{words}”"), here.without("q"));
    }
    filter
}

async fn found(web: &WebState, ctx: &Context, query: &Fields, words: String) -> Result<Markup, Problem> {
    let (who, asked) = (ctx.clone(), words.clone());
    let found = web.run(move |app| app.search_units(&who, &asked, SEARCH_UNITS)).await?;
    let full = found.len() == SEARCH_UNITS;
    let rows = found.iter().map(|f| {
        Row::new([
            html! { a href=(unit_href(f.unit.id, query.filled("day"))) { (f.unit.name) } },
            html! { @if f.above.is_empty() { "—" } @else { (f.above.join(" / ")) } },
            html! { (f.unit.level.label()) },
            html! { (f.unit.code) },
        ])
    });
    let table = Table::new("found", format!("与“{words}”相符的单位"))
        .columns([
            Column::new("单位"),
            Column::new("所在位置").long(),
            Column::new("层级").short(),
            Column::new("代码").short(),
        ])
        .row_head(0)
        .rows(rows)
        .stack()
        .empty(ui::empty(
            "没有找到",
            "请核对写法，或者改填简称、代码。只能查到您管辖范围内及其上级的现有单位。",
            Some(("查看单位树", Href::new(UNITS_PATH))),
        ));
    Ok(html! {
        (table)
        @if full { p .text-muted { "只显示最相近的 " (SEARCH_UNITS) " 个，请写得再具体一些。" } }
    })
}

fn unit_href(id: UnitId, day: Option<&str>) -> Href {
    Href::new(format!("{UNITS_PATH}/{id}")).with_some("day", day)
}

async fn level(web: &WebState, ctx: &Context, query: &Fields) -> Result<Markup, Problem> {
    let (as_of, day) = as_of(query, ctx.today());
    let parent = query.number::<i64>("parent").map(UnitId);
    let (closed, offset) = (query.has("closed"), query.number("offset").unwrap_or(0));
    let who = ctx.clone();
    let shown = web.run(move |app| app.browse_units(&who, parent, as_of, closed, offset)).await?;
    let words = day.map(|day| day.to_string());
    let day_text = words.as_deref();
    let here = |parent: Option<UnitId>| {
        Href::new(UNITS_PATH)
            .with_some("parent", parent)
            .with_some("day", day_text)
            .with_some("closed", closed.then_some("1"))
    };
    Ok(html! {
        @if let Some(day) = day {
            p .notice .notice-info role="note" { "◆ 这是" (day.in_chinese()) "的隶属关系和名称。" }
        }
        (way(&shown, &here))
        (children_table(&shown, day_text, &here))
        @if let Some(next) = shown.next_offset {
            p { (button_link("后面的单位", here(parent).with("offset", next))) }
        }
        @if day.is_none() {
            p .text-muted {
                @if closed { a href=(here(parent).without("closed")) { "不显示已撤销的单位" } }
                @else { a href=(here(parent).with("closed", 1)) { "同时显示已撤销的单位" } }
            }
        }
    })
}

fn way(shown: &Browse, here: &impl Fn(Option<UnitId>) -> Href) -> Markup {
    html! {
        nav aria-label="上级单位" {
            ol .breadcrumb {
                li .breadcrumb-item { @if shown.above.is_empty() { "最上级" } @else { a href=(here(None)) { "最上级" } } }
                @for (index, (id, name)) in shown.above.iter().enumerate() {
                    @let last = index + 1 == shown.above.len();
                    li .breadcrumb-item .active[last] aria-current=[last.then_some("true")] {
                        @if last { (name) } @else { a href=(here(Some(*id))) { (name) } }
                    }
                }
            }
        }
    }
}

fn children_table(shown: &Browse, day: Option<&str>, here: &impl Fn(Option<UnitId>) -> Href) -> Table {
    let rows = shown.children.iter().map(|child| {
        let unit = &child.unit;
        Row::new([
            html! { a href=(unit_href(unit.id, day)) { (unit.name) } (marks(unit)) },
            html! {
                @if child.children > 0 {
                    a href=(here(Some(unit.id))) { (ui::thousands(count(child.children))) span .visually-hidden { " 个下级，展开“" (unit.name) "”" } }
                } @else { "0" }
            },
            html! { (unit.level.label()) },
            html! { (unit.kind.label()) },
            html! { @if unit.sector.is_empty() { "—" } @else { (unit.sector) } },
            html! { (unit.code) },
        ])
    });
    let caption = match &shown.unit {
        Some(unit) => format!("“{}”的下级单位", unit.name),
        None => "最上级单位".to_owned(),
    };
    Table::new("units", caption)
        .columns([
            Column::new("单位"),
            Column::new("下级").number(),
            Column::new("层级").short(),
            Column::new("性质").short(),
            Column::new("领域").short(),
            Column::new("代码").short(),
        ])
        .row_head(0)
        .rows(rows)
        .stack()
        .empty(ui::empty("没有下级单位", "可以在单位页面上设立，或者批量导入。", None))
}

/// What is out of the ordinary about a unit.
fn marks(unit: &Unit) -> Markup {
    html! {
        @if unit.closed_day.is_some() { " " (badge(Tone::Neutral, "已撤销")) }
        @if unit.kind == UnitKind::Placeholder { " " (badge(Tone::Neutral, "统计层级")) }
    }
}

/// A frame with the units above as its path.
pub(super) fn frame_of(page: &Page, title: &str, above: &[(UnitId, String)]) -> Frame {
    let frame = page.frame(title).crumb("单位", UNITS_PATH);
    above.iter().fold(frame, |frame, (id, name)| frame.crumb(name, format!("{UNITS_PATH}/{id}")))
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let (as_of, day) = as_of(&query, ctx.today());
    let who = ctx.clone();
    let shown = web.run(move |app| app.unit_page(&who, UnitId(id), as_of)).await?;
    let beside = match shown.reads && day.is_none() {
        true => {
            let who = ctx.clone();
            let found = web.run(move |app| app.unit_slips(&who, UnitId(id))).await?;
            let who = ctx.clone();
            let asked = web.run(move |app| app.unit_requirements(&who, UnitId(id))).await?;
            html! {
                (super::breakdown::of_unit(&asked, ctx.today()))
                (super::slip::of_unit(&found, UnitId(id), ctx.today()))
            }
        }
        false => html! {},
    };
    let above = &shown.above[..shown.above.len().saturating_sub(1)];
    let frame = frame_of(&page, &shown.name, above);
    Ok(page.show(frame, show_body(&shown, day, &ctx, &beside)))
}

fn show_body(shown: &UnitPage, day: Option<Day>, ctx: &Context, beside: &Markup) -> Markup {
    let unit = &shown.unit;
    let at = format!("{UNITS_PATH}/{}", unit.id);
    let open = unit.closed_day.is_none() && day.is_none();
    let lead = format!("{} · {}", unit.level.label(), unit.kind.label());
    html! {
        (ui::heading(&shown.name, Some(&lead), html! {
            @if shown.reads { (button_link("问题台账", Href::new("/ledger").with("unit", unit.id))) (button_link("总览", Href::new("/overview").with("unit", unit.id))) (button_link("施工图", Href::new("/plan").with("unit", unit.id))) (button_link("一计划两清单一记录", format!("{at}/file"))) }
        }))
        @if let Some(day) = day {
            p .notice .notice-info role="note" { "◆ 这是" (day.in_chinese()) "的名称、隶属关系和任职情况。" a href=(at) { "查看今天的情况" } }
        }
        @if let Some(closed) = unit.closed_day {
            p .notice .notice-warning role="note" {
                "▲ 本单位已于" (closed.in_chinese()) "撤销。"
                @if let Some((id, name)) = &shown.successor { "由" a href={ (UNITS_PATH) "/" (id) } { (name) } "承接。" }
            }
        }
        div .columns {
            (facts(shown, ctx.today()))
            (posts(shown, &at, open))
        }
        (beside)
        (children(shown, day, &at, open))
        (history(shown))
        @if open && shown.may_reorganise { (reorganise(shown, &at)) }
    }
}

fn reorganise(shown: &UnitPage, at: &str) -> Markup {
    let actions = [
        ("更名", "rename"),
        ("更正资料", "edit"),
        ("划转隶属", "move"),
        ("并入其他单位", "merge"),
        ("拆分", "split"),
        ("撤销", "close"),
    ];
    let root = shown.unit.parent_id.is_none();
    html! {
        (card("机构调整", html! {
            p .text-muted { "每项调整都按生效日期记录；划转、合并、拆分、撤销在办理之前先列出影响。" }
            div .actions { @for (label, verb) in actions {
                @if !(root && ["move", "split"].contains(&verb)) { (button_link(label, format!("{at}/{verb}")).small()) }
            } }
        }))
    }
}

fn facts(shown: &UnitPage, today: Day) -> Markup {
    let unit = &shown.unit;
    let filled = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let above = &shown.above[..shown.above.len().saturating_sub(1)];
    let list = definitions()
        .add("单位代码", html! { (unit.code) })
        .add_some("简称", filled(&unit.short_names).map(|text| html! { (text) }))
        .add("层级", html! { (unit.level.label()) })
        .add("单位性质", html! { (unit.kind.label()) })
        .add_some("领域", filled(&unit.sector).map(|text| html! { (text) }))
        .add_some("系统", filled(&unit.line).map(|text| html! { (text) }))
        .add(
            "上级单位",
            html! { @match above.last() {
                Some((id, name)) => a href={ (UNITS_PATH) "/" (id) } { (name) },
                None => "无（最上级）",
            } },
        )
        .add("辖区单位", html! { (ui::thousands(count((shown.below - 1).max(0)))) " 个" })
        .add("设立日期", html! { (unit.created_day.in_chinese()) });
    let form = html! {
        form .day-form action="" method="get" {
            (ui::date("day", "查看某一天").between(Some(unit.created_day.to_string()), Some(today.to_string())))
            div .actions { button .btn .btn-outline-secondary .btn-sm type="submit" { "查看" } }
        }
    };
    html! { (card("基本情况", html! { (list) (form) })) }
}

fn posts(shown: &UnitPage, at: &str, open: bool) -> Markup {
    let rows = shown.posts.iter().map(|entry| {
        Row::new([
            html! {
                a href={ "/posts/" (entry.post.id) } { (entry.post.name) }
                @if entry.post.leads { " " (badge(Tone::Info, "可包案")) }
                @if entry.post.shared { " " (badge(Tone::Neutral, "可多人")) }
            },
            html! {
                @if entry.holders.is_empty() { span .text-muted { "空缺" } }
                @for (index, holder) in entry.holders.iter().enumerate() {
                    @if index > 0 { "、" }
                    a href={ "/people/" (holder.tenure.person_id) } { (holder.name) }
                }
            },
            html! { @if let Some(first) = entry.holders.first() { (first.tenure.from_day.in_chinese()) } @else { "—" } },
        ])
    });
    let table = Table::new("posts", "岗位和任职")
        .hide_caption()
        .columns([Column::new("岗位"), Column::new("任职人员"), Column::new("任职起").short()])
        .row_head(0)
        .rows(rows)
        .stack()
        .empty(ui::empty("没有岗位", "工作落到岗位，人员变动时未办结的事项随岗位移交。", None));
    html! {
        (card("岗位和任职", html! { (table) }).flush().aside(html! {
            @if open && shown.may_appoint { (button_link("设置岗位", format!("{at}/posts/new")).small()) }
        }))
    }
}

fn children(shown: &UnitPage, day: Option<Day>, at: &str, open: bool) -> Markup {
    let day = day.map(|day| day.to_string());
    let rows = shown.children.iter().map(|child| {
        Row::new([
            html! { a href=(unit_href(child.unit.id, day.as_deref())) { (child.unit.name) } (marks(&child.unit)) },
            html! { (ui::thousands(count(child.children))) },
            html! { (child.unit.level.label()) },
            html! { (child.unit.kind.label()) },
        ])
    });
    let table = Table::new("children", "下级单位")
        .hide_caption()
        .columns([
            Column::new("单位"),
            Column::new("下级").number(),
            Column::new("层级").short(),
            Column::new("性质").short(),
        ])
        .row_head(0)
        .rows(rows)
        .stack()
        .empty(ui::empty("没有下级单位", "", None));
    html! {
        (card(format!("下级单位（{}）", shown.children.len()), html! {
            (table)
            @if let Some(next) = shown.next_offset {
                p { (button_link("后面的单位", Href::new(UNITS_PATH).with("parent", shown.unit.id).with("offset", next))) }
            }
        }).flush().aside(html! {
            @if open && shown.may_extend {
                (button_link("设立下级单位", format!("{at}/new")).small())
                @if shown.children.len() > 1 { (button_link("调整排序", format!("{at}/order")).small()) }
            }
        }))
    }
}

fn history(shown: &UnitPage) -> Markup {
    let happenings: Vec<Happening> = shown
        .history
        .iter()
        .map(|item| {
            let words = html! {
                @if !item.text.is_empty() { p { (item.text) } }
                @if let Some((id, name)) = &item.other { p { a href={ (UNITS_PATH) "/" (id) } { (name) } } }
            };
            Happening::new(item.day.in_chinese(), item.day.to_string(), item.label)
                .tone(Tone::Info)
                .body(words)
        })
        .collect();
    let held: Vec<_> = shown.past_holders.iter().filter(|(.., holders)| holders.len() > 1).collect();
    html! {
        (card("沿革", html! {
            (ui::timeline("沿革，最近的在前", &happenings))
            @if !held.is_empty() {
                details .fold { summary { span .caret aria-hidden="true" {} "历任人员" }
                    dl .definitions { @for (id, post, holders) in held {
                        div {
                            dt { a href={ "/posts/" (id) } { (post) } }
                            dd { @for (index, holder) in holders.iter().enumerate() {
                                @if index > 0 { "；" }
                                (holder.name) "（" (holder.tenure.from_day.in_chinese()) "起"
                                @if let Some(end) = holder.tenure.to_day { "，至" (end.in_chinese()) }
                                "）"
                            } }
                        }
                    } }
                }
            }
        }))
    }
}
