//! To do 待办: one list of what waits for the reader, nearest first, to be recorded from here.

use axum::{extract::State, response::Response};
use bihuan_app::todo::{TODO_ROWS_MAX, Todo, TodoItem, TodoKind};
use bihuan_domain::{Coded, Day};
use maud::{Markup, html};

use crate::{
    error::Problem,
    form::QueryFields,
    frame::{Page, as_of},
    guard::CsrfToken,
    pages::problem::{days_words, short, state_badge},
    route::Route,
    state::{Session, WebState},
    ui::{self, Href, PostForm, Tone, badge, button},
};

const PATH: &str = "/todo";

pub fn routes() -> Vec<Route<WebState>> {
    vec![Route::get(PATH, "todo.show", "待办", show)]
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let kind = TodoKind::from_code(query.text("kind"));
    let today = ctx.today();
    let (todo, as_of_now) = web.run(move |app| Ok((app.todo(&ctx, kind)?, app.as_of()?))).await?;
    let shown = Shown { kind, page: query.number("page").unwrap_or(1) };
    let body = body(&todo, &shown, today, page.csrf()?);
    Ok(page.show(page.frame("待办").as_of(as_of(as_of_now)), body))
}

/// Items of one page: as many as a phone scrolls through in a few strokes.
const PAGE_ITEMS: u64 = 25;

/// Which part of the list is shown.
struct Shown {
    kind: Option<TodoKind>,
    /// From 1.
    page: u64,
}

impl Shown {
    /// The last page when the list has become shorter meanwhile.
    fn page_of(&self, items: usize) -> u64 {
        self.page.clamp(1, (items as u64).div_ceil(PAGE_ITEMS).max(1))
    }

    /// The list without its page.
    fn list(&self) -> Href {
        Href::new(PATH).with_some("kind", self.kind.map(|kind| kind.code()))
    }
}

fn body(todo: &Todo, shown: &Shown, today: Day, csrf: &CsrfToken) -> Markup {
    let page = shown.page_of(todo.items.len());
    let before = usize::try_from((page - 1) * PAGE_ITEMS).unwrap_or(usize::MAX);
    let back = if page > 1 { shown.list().with("page", page) } else { shown.list() }.to_string();
    let items = todo.items.iter().enumerate().skip(before).take(PAGE_ITEMS as usize);
    let late = todo.items.iter().filter(|item| item.late).count();
    let lead = match (todo.total(), late) {
        (0, _) => "现在没有等您办理的事项。".to_owned(),
        (total, 0) => format!("共{total}件，最急的在前。"),
        (total, late) => format!("共{total}件，其中{late}件已逾期；最急的在前。"),
    };
    // What is only told is on the list and in no count of what waits.
    let told = todo.counts.get(&TodoKind::Requirement).copied().unwrap_or(0);
    let lead =
        if told > 0 { format!("{lead}另有{told}条文件要求，照此办理即可。") } else { lead };
    html! {
        (ui::heading("待办", Some(&lead), html! { (ui::button_link("登记问题", "/problems/new")) }))
        (filter(todo, shown.kind))
        @if todo.items.is_empty() {
            (ui::empty("没有待办事项", "轮到您办理的问题会自动出现在这里，不用打卡，也不用逐个查找。", Some(("查看台账", Href::new("/ledger")))))
        } @else {
            ol .todo-list start=(before + 1) { @for (at, item) in items { (row(at, item, today, csrf, &back)) } }
            @if todo.items.len() as u64 > PAGE_ITEMS {
                (ui::Pager::new(shown.list(), page, PAGE_ITEMS, todo.items.len() as u64))
            }
            @if todo.items.len() as i64 >= TODO_ROWS_MAX {
                p .text-muted { "只列出最急的" (TODO_ROWS_MAX) "件，请用上面的类别筛选。" }
            }
        }
    }
}

/// Counts by kind; each opens its list.
fn filter(todo: &Todo, kind: Option<TodoKind>) -> Markup {
    let all: i64 = todo.counts.values().sum();
    html! {
        @if todo.counts.len() > 1 || kind.is_some() {
            nav aria-label="按类别筛选" {
                ul .todo-kinds {
                    li { a href=(PATH) aria-current=[kind.is_none().then_some("page")] { "全部 " span .count { (all) } } }
                    @for (one, count) in &todo.counts { li {
                        a href=(Href::new(PATH).with("kind", one.code())) aria-current=[(kind == Some(*one)).then_some("page")] {
                            (one.label()) " " span .count { (count) }
                        }
                    } }
                }
            }
        }
    }
}

fn row(at: usize, item: &TodoItem, today: Day, csrf: &CsrfToken, back: &str) -> Markup {
    html! {
        li .todo-item .todo-late[item.late] {
            div .todo-what {
                p .todo-marks {
                    (badge(if item.late { Tone::Danger } else { Tone::Info }, item.kind.label()))
                    " " (when(item, today)) " "
                    @if let Some(problem) = item.problem.as_ref().filter(|_| item.kind == TodoKind::InCharge) { (state_badge(problem.state, None)) }
                }
                p .todo-text { a href=(item.href) { @if !item.citation.is_empty() { (item.citation) "　" } (short(&item.text, 110)) } }
                @if !item.words.is_empty() { p .case-quote { (short(&item.words, 90)) } }
                p .case-meta {
                    (item.unit_name)
                    @if !item.deadline_text.is_empty() { " · 时限原文：" (short(&item.deadline_text, 30)) }
                }
            }
            div .todo-do { (here(at, item, csrf, back)) }
        }
    }
}

/// A day that is a deadline, or since when it waits.
fn when(item: &TodoItem, today: Day) -> Markup {
    html! {
        @match item.day {
            None => span .text-muted { "无具体日期" },
            Some(day) if item.kind.day_is_deadline() => {
                span .todo-day { (days_words(Some(day), today)) }
                span .text-muted { "（" (day) "）" }
            },
            Some(day) => span .text-muted { "已等" (today.minus(day).max(0)) "天（自" (day) "）" },
        }
    }
}

/// What needs no other page is recorded here; the rest leads to its form.
fn here(at: usize, item: &TodoItem, csrf: &CsrfToken, back: &str) -> Markup {
    let verb = item.kind.verb();
    let Some(record) = &item.record else {
        return html! {
            @if item.href == item.do_href { a href=(item.href) { "查看" } }
            @else { a .btn .btn-outline-secondary .btn-sm href=(item.do_href) { (verb) } }
        };
    };
    let post = record
        .hidden
        .iter()
        .fold(PostForm::new(&record.action, csrf).hidden("back", back), |form, (name, value)| {
            form.hidden(name, value)
        });
    let post = if record.uploads { post.uploads() } else { post };
    html! {
        @match record.field {
            None => {
                (post.inline().body(html! { (button(record.button).primary().small()) }))
                a href=(item.href) { "查看" }
            },
            Some((name, label)) => {
                details .todo-record {
                    summary .btn .btn-outline-secondary .btn-sm { (record.button) }
                    (post.body(html! {
                        (ui::area(name, label, 2).within(&format!("todo-{at}")).required())
                        (button("保存").primary().small())
                    }))
                }
                a href=(item.do_href) { (verb) }
            },
        }
    }
}
