//! The journal: who did what when, what it changed, and whether the chain is whole.

use axum::{
    extract::{Path, State},
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use bihuan_app::Context;
use bihuan_app::journal::{EntryDetail, EntryLine, ExportFormat, JournalPage, RowView, Search, words};
use bihuan_domain::Day;
use bihuan_domain::role::Role;
use maud::{Markup, html};
use std::time::Duration;

use crate::{
    error::Problem,
    form::{Fields, QueryFields},
    frame::Page,
    route::Route,
    state::{Session, WebState},
    ui::{
        self, Change, Choice, Column, Definitions, Filter, Href, Notice, PostForm, Row, Table, Tone, badge,
        button, button_link, card, choices,
    },
};

const JOURNAL_PATH: &str = "/journal";
/// Hashing some millions of entries again, or writing them out, takes a while.
const LONG: Duration = Duration::from_secs(600);

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get(JOURNAL_PATH, "journal.list", "日志", list),
        Route::get("/journal/{seq}", "journal.show", "日志条目", show),
        Route::get("/journal/export", "journal.export", "导出日志", export).time_limit(LONG),
        Route::post("/journal/verify", "journal.verify", "校验日志", verify).time_limit(LONG),
    ]
}

/// What the query asks for; days that cannot be read are said to be wrong.
pub(crate) fn search_of(query: &Fields) -> Result<Search, Problem> {
    let day = |name: &str| match query.filled(name) {
        Some(text) => Day::parse(text).map(Some).map_err(|error| Problem::invalid(name, error.to_string())),
        None => Ok(None),
    };
    let subject = query.filled("subject").and_then(|text| {
        let (kind, id) = text.split_once(':')?;
        Some((kind.to_owned(), id.parse().ok()?))
    });
    Ok(Search {
        action: query.text("action").to_owned(),
        person: query.number("person").map(bihuan_domain::id::PersonId),
        unit: query.number("unit").map(bihuan_domain::id::UnitId),
        subject,
        from: day("from")?,
        to: day("to")?,
        failed_only: query.has("failed"),
        before: query.number("before"),
    })
}

fn address(query: &Fields, path: &str) -> Href {
    ["action", "person", "unit", "subject", "from", "to", "failed"]
        .into_iter()
        .fold(Href::new(path), |href, name| href.with_some(name, query.filled(name)))
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let (search, ways) = (search_of(&query)?, ways(&ctx));
    let found = web.run(move |app| app.journal(&ctx, &search)).await?;
    let body = html! {
        (ui::heading("日志", Some(&format!("您能看到：{}。查看日志本身也会记入日志。", found.sight)), actions(&page, &query, &found)?))
        (filter(&query))
        (table(&found.lines, ways))
        @if let Some(next) = found.next {
            nav .pager aria-label="分页" { ul { li { a rel="next" href=(address(&query, JOURNAL_PATH).with("before", next)) { "更早的记录" } } } }
        }
    };
    Ok(page.show(page.frame("日志"), body))
}

fn actions(page: &Page, query: &Fields, found: &JournalPage) -> Result<Markup, Problem> {
    let export = address(query, "/journal/export");
    Ok(html! {
        @if found.may_verify { (PostForm::new("/journal/verify", page.csrf()?).inline().body(html! { (button("校验完整性")) })) }
        (button_link("导出表格", export.with("format", "csv")))
        (button_link("导出 JSON", export.with("format", "jsonl")))
    })
}

fn filter(query: &Fields) -> Filter {
    let here = address(query, JOURNAL_PATH);
    let mut filter = Filter::new(here.clone())
        .field(ui::select("action", "操作", choices(words::action_groups())).prompt("全部").refill(query))
        .field(ui::date("from", "起").refill(query))
        .field(ui::date("to", "止").refill(query))
        .field(ui::checkboxes("failed", "结果", vec![Choice::new("1", "只看未成功的")]).refill(query))
        .keep("person")
        .keep("unit")
        .keep("subject");
    if let Some(code) = query.filled("action") {
        let groups = words::action_groups();
        let words = groups.iter().find(|(have, _)| *have == code).map_or(code, |(_, words)| words);
        filter = filter.active(format!("操作：{words}"), here.without("action"));
    }
    for (name, words) in
        [("person", "指定人员"), ("unit", "指定单位"), ("subject", "指定对象"), ("failed", "只看未成功的")]
    {
        if query.has(name) {
            filter = filter.active(words, here.without(name));
        }
    }
    filter
}

fn table(lines: &[EntryLine], ways: Ways) -> Table {
    let rows = lines.iter().map(|line| {
        let entry = &line.entry;
        Row::new([
            html! { a href={ (JOURNAL_PATH) "/" (entry.seq) } { (entry.seq) } },
            html! { (entry.at.in_chinese()) },
            html! { (who(line)) },
            html! { (line.action) @if !entry.succeeded { " " (badge(Tone::Danger, "未成功")) } },
            html! { (subject(line, ways)) },
            html! { (line.unit) },
            html! { (entry.note) },
        ])
    });
    let columns = [
        Column::new("序号").number(),
        Column::new("时间").short(),
        Column::new("人员"),
        Column::new("操作"),
        Column::new("对象"),
        Column::new("单位"),
        Column::new("说明").long(),
    ];
    Table::new("entries", "日志，新的在前").columns(columns).row_head(0).rows(rows).stack().empty(ui::empty(
        "没有符合条件的记录",
        "可以放宽筛选条件。",
        None,
    ))
}

fn who(line: &EntryLine) -> Markup {
    html! {
        @match line.entry.person {
            Some(person) => a href=(Href::new(JOURNAL_PATH).with("person", person)) { (line.who) },
            None => span .text-muted { "系统" },
        }
        @if !line.post.is_empty() { " " span .text-muted { (line.post) } }
    }
}

/// Pages that the reader of the journal finds: what is not for them has no link, only words.
#[derive(Clone, Copy)]
struct Ways {
    business: bool,
    people: bool,
}

fn ways(ctx: &Context) -> Ways {
    let business = !ctx.actor.readable_roots().is_empty();
    let made_by = [Role::SystemAdmin, Role::SecurityAdmin];
    Ways { business, people: business || made_by.iter().any(|role| ctx.actor.holds_anywhere(*role)) }
}

fn subject(line: &EntryLine, ways: Ways) -> Markup {
    let (kind, id) = (line.entry.subject_kind.as_str(), line.entry.subject_id);
    let page = match kind {
        "problem" if ways.business => Some(format!("/problems/{id}")),
        "unit" => Some(format!("/units/{id}")),
        "person" if ways.people => Some(format!("/people/{id}")),
        "campaign" if ways.business => Some(format!("/campaigns/{id}")),
        _ => None,
    };
    html! {
        @match page.filter(|_| id != 0) {
            Some(page) => a href=(page) { (line.subject) },
            None => (line.subject),
        }
    }
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(seq): Path<i64>,
) -> Result<Response, Problem> {
    let ways = ways(&ctx);
    let found = web.run(move |app| app.journal_entry(&ctx, seq)).await?;
    Ok(page.show(page.frame(format!("日志第 {seq} 条")).crumb("日志", JOURNAL_PATH), detail(&found, ways)))
}

fn detail(found: &EntryDetail, ways: Ways) -> Markup {
    let (line, entry) = (&found.line, &found.line.entry);
    html! {
        (ui::heading(&format!("第 {} 条：{}", entry.seq, line.action), None, html! {}))
        (card("记录", html! { (facts(line, ways)) }))
        @if found.erased { (Notice::info("其中的个人信息已依法删除，日志的完整性不受影响。")) }
        @for (index, row) in found.rows.iter().enumerate() { (card(format!("{}{} {}", row.op, row.table, row.key), changes(index, row))) }
        @if !found.facts.is_empty() {
            @let facts = found.facts.iter().fold(ui::definitions(), |list, (name, value)| list.add(name, value));
            (card("其他", html! { (facts) }))
        }
    }
}

/// What the entry itself says; what it leaves empty is left out.
fn facts(line: &EntryLine, ways: Ways) -> Definitions {
    let entry = &line.entry;
    let all = Href::new(JOURNAL_PATH).with("subject", format!("{}:{}", entry.subject_kind, entry.subject_id));
    let result = if entry.succeeded { badge(Tone::Good, "成功") } else { badge(Tone::Danger, "未成功") };
    let mut facts = ui::definitions()
        .add("时间", format!("{}（北京时间）", entry.at.in_chinese()))
        .add("人员", who(line))
        .add("操作", html! { (line.action) " " span .text-muted .mono { (entry.action) } })
        .add(
            "对象",
            html! { (subject(line, ways)) @if entry.subject_id != 0 { " " a href=(all) { "此对象的全部记录" } } },
        )
        .add("结果", result);
    for (label, value) in [("单位", &line.unit), ("说明", &entry.note), ("来源地址", &entry.source_address)]
    {
        if !value.is_empty() {
            facts = facts.add(label, value);
        }
    }
    facts.add("散列值", html! { span .mono { (entry.hash) } })
}

fn changes(index: usize, row: &RowView) -> Markup {
    if row.op == "修改" {
        let changes: Vec<Change> = row
            .changes
            .iter()
            .map(|change| Change::new(&change.label, &change.before, &change.after))
            .collect();
        return ui::difference(&format!("第 {} 项修改前后", index + 1), &changes);
    }
    let list = row.changes.iter().fold(ui::definitions(), |list, change| {
        list.add(&change.label, if change.after.is_empty() { &change.before } else { &change.after })
    });
    html! { (list) }
}

async fn verify(State(web): State<WebState>, Session(ctx): Session, page: Page) -> Result<Response, Problem> {
    let report = web.run(move |app| app.verify_journal(&ctx)).await?;
    let notice = match &report.fault {
        None => Notice::good(format!(
            "日志完整：共 {} 条，逐条重新计算，首尾相接，没有改动、缺失或者换序。",
            ui::thousands(u64::try_from(report.entries).unwrap_or_default())
        )),
        Some(fault) => Notice::danger("日志不完整，请立即报告并保护现场，不要继续使用。")
            .detail(html! { p { (fault_words(fault)) } }),
    };
    let body = html! {
        (ui::heading("校验结果", None, html! {}))
        (notice)
        (ui::definitions().add("最后一条的散列值", html! { span .mono { (report.head_hash) } }))
        p { "请把散列值抄录或者打印存档，以后可以用它证明日志没有被改动。" }
        div .actions { (button_link("返回日志", JOURNAL_PATH)) (ui::print_button()) }
    };
    Ok(page.show(page.frame("校验结果").crumb("日志", JOURNAL_PATH), body))
}

fn fault_words(fault: &impl serde::Serialize) -> String {
    let fault = serde_json::to_value(fault).unwrap_or_default();
    let number = |name: &str| fault[name].as_i64().unwrap_or_default();
    match fault["kind"].as_str().unwrap_or_default() {
        "gap" => format!("第 {} 条缺失，后面紧接着第 {} 条。", number("expected"), number("found")),
        "broken_link" => format!("第 {} 条与前一条接不上。", number("seq")),
        "altered" => format!("第 {} 条被改动。", number("seq")),
        "personal_altered" => format!("第 {} 条的个人信息被改动。", number("seq")),
        _ => {
            format!("末尾不符：找到的最后一条是第 {} 条，登记的是第 {} 条。", number("last"), number("head"))
        }
    }
}

async fn export(
    State(web): State<WebState>,
    Session(ctx): Session,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let search = search_of(&query)?;
    let (format, kind, file) = match query.text("format") {
        "jsonl" => (ExportFormat::JsonLines, "application/x-ndjson; charset=utf-8", "journal.jsonl"),
        _ => (ExportFormat::Csv, "text/csv; charset=utf-8", "journal.csv"),
    };
    let text = web.run(move |app| app.export_journal(&ctx, &search, format)).await?;
    Ok((
        [(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\""))],
        text,
    )
        .into_response())
}
