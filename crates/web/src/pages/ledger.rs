//! The ledger: the spreadsheet people know, filtered, sorted, paged, saved, exported.

use axum::{
    body::Body,
    extract::{Path, State},
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    response::{IntoResponse as _, Response},
};
use bihuan_app::ledger::{ExportFormat, FacetNames, LedgerQuery, LedgerView, Line, VIEW_NAME_CHARS_MAX};
use bihuan_app::ledger::{LedgerSort, PAGE_ROWS};
use bihuan_domain::colour::Colour;
use bihuan_domain::problem::{Flow, Outcome, PartyRole, State as ProblemState};
use bihuan_domain::{Coded, Day};
use maud::{Markup, html};
use std::io::{Read as _, Seek as _};
use std::time::Duration;

use super::overview::{address, frame};
use crate::{
    current::{CampaignWish, current_campaign, no_campaign},
    error::Problem,
    form::{Fields, QueryFields},
    frame::Page,
    route::Route,
    state::{Session, WebState},
    ui::{
        self, Choice, Column, Direction, Filter, Href, Light, Pager, PostForm, Row, Table, Tone, badge,
        button, button_link, choices, light, thousands,
    },
};

const LEDGER_PATH: &str = "/ledger";
/// A whole county's ledger takes a few seconds to write.
const LONG: Duration = Duration::from_secs(300);
/// Bytes of an export handed on at once.
const CHUNK_BYTES: usize = 64 * 1024;
/// Characters of an account of progress that a row shows.
const PROGRESS_CHARS: usize = 60;
/// Children offered to choose from.
const CHILDREN_MAX: usize = 300;

pub fn routes() -> Vec<Route<WebState>> {
    vec![
        Route::get(LEDGER_PATH, "ledger.list", "问题台账", list),
        Route::post("/ledger/export", "ledger.export", "导出台账", export).time_limit(LONG),
        Route::post("/ledger/views", "ledger.save_view", "保存视图", save_view),
        Route::post("/ledger/views/{id}/drop", "ledger.drop_view", "删除视图", drop_view),
    ]
}

pub(crate) fn query_of(fields: &Fields) -> Result<LedgerQuery, Problem> {
    LedgerQuery::from_pairs(fields.pairs()).map_err(|fields| Problem::Invalid { fields })
}

async fn list(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
    QueryFields(fields): QueryFields,
) -> Result<Response, Problem> {
    let mut query = query_of(&fields)?;
    let current = current_campaign(&web, &ctx, &wish).await?;
    query.campaign = current.id();
    if query.campaign.is_none() {
        return Ok(page.show(page.frame("问题台账"), no_campaign("问题台账")));
    }
    let now = ctx.at.in_chinese();
    let found = web.run(move |app| app.ledger(&ctx, &query)).await?;
    let here = address(LEDGER_PATH, &found.query.first_page());
    let body = html! {
        (head(&page, &found)?)
        (current.switcher(&address(LEDGER_PATH, &found.query.base()).without("unit")))
        (views(&page, &found)?)
        (filter(&found, &here))
        (table(&found, &here))
        (Pager::new(here.clone(), count(found.query.page.max(1)), count(found.query.per.unwrap_or(PAGE_ROWS)), count(found.total)))
        @if found.query.moved.is_some() { p .text-muted { "按变化逐次列出：同一问题在期间内多次发生的，有几次列几行。" } }
    };
    let frame = frame(&page, &found.at, &now).wide();
    Ok(current.remember(&web, page.show(retitled(&page, frame, &found), body)))
}

fn retitled(_page: &Page, frame: crate::page::Frame, found: &LedgerView) -> crate::page::Frame {
    let unit = &found.at.unit;
    let query = LedgerQuery { unit: Some(unit.id), ..found.query.base() };
    frame.crumb(unit.name.clone(), address("/overview", &query).to_string()).title("问题台账")
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn head(page: &Page, found: &LedgerView) -> Result<Markup, Problem> {
    let day = match found.at.as_of {
        Some(moment) => format!("{}终的情况", moment.day.in_chinese()),
        None => "现在".to_owned(),
    };
    let level = found.query.level.map(|level| format!("（{}单位的）", level.label()));
    let own = if found.query.own { "本级".to_owned() } else { level.unwrap_or_default() };
    let lead = format!("{}{own} · 共 {} 件 · {day}", found.at.unit.name, thousands(count(found.total)));
    let export = |format: &str, label: &str| -> Result<Markup, Problem> {
        let mut form = PostForm::new("/ledger/export", page.csrf()?).inline().hidden("format", format);
        for (name, value) in found.query.first_page().pairs() {
            form = form.hidden(name, value);
        }
        Ok(html! { (form.body(html! { (button(label)) })) })
    };
    Ok(ui::heading(
        "问题台账",
        Some(&lead),
        html! {
            (export("xlsx", "导出 Excel")?)
            (export("csv", "导出 CSV")?)
            (button_link("导入记录", "/imports"))
            (ui::print_button())
        },
    ))
}

fn views(page: &Page, found: &LedgerView) -> Result<Markup, Problem> {
    let csrf = page.csrf()?;
    let shown = found.query.pairs();
    Ok(html! {
        div .saved-views {
            @if !found.views.is_empty() {
                nav aria-label="保存的视图" {
                    ul .chips {
                        @for view in &found.views {
                            li .saved-view {
                                a .chip href={ (LEDGER_PATH) "?" (view.query) } { (view.name) }
                                (PostForm::new(format!("/ledger/views/{}/drop", view.id), csrf).inline()
                                    .body(html! { button .chip-drop type="submit" { "×" span .visually-hidden { "删除视图" (view.name) } } }))
                            }
                        }
                    }
                }
            }
            @if found.query.is_filtered() {
                details .save-view {
                    summary { "保存当前筛选" }
                    (save_form(csrf, &shown))
                }
            }
        }
    })
}

fn save_form(csrf: &crate::guard::CsrfToken, shown: &[(&'static str, String)]) -> PostForm {
    let mut form = PostForm::new("/ledger/views", csrf);
    for (name, value) in shown {
        form = form.hidden(name, value.clone());
    }
    form.body(html! {
        (ui::text("view", "视图名称").required().max_chars(VIEW_NAME_CHARS_MAX).hint("例如：本周要到期的").narrow())
        (button("保存"))
    })
}

fn facet_choices(
    found: std::collections::BTreeMap<String, (i64, i64)>,
    names: &[(String, String)],
) -> Vec<Choice> {
    let used = found.into_iter().filter(|(_, (open, closed))| open + closed > 0);
    used.map(|(code, _)| {
        let label = if code.is_empty() { "未注明" } else { FacetNames::name(names, &code) };
        Choice::new(if code.is_empty() { "(无)".to_owned() } else { code.clone() }, label.to_owned())
    })
    .collect()
}

fn coded<T: Coded>() -> Vec<Choice> {
    choices(T::ALL.iter().map(|value| (value.code(), value.label())))
}

fn filter(found: &LedgerView, here: &Href) -> Filter {
    let fields = Fields::new(here.pairs().to_vec());
    let words = &found.at.words;
    let mut units =
        vec![Choice::new(found.at.unit.id.to_string(), format!("{}（含下级）", found.at.unit.name))];
    let below = found.below.iter().filter(|unit| unit.is_open_on(found.at.day)).take(CHILDREN_MAX);
    units.extend(below.map(|unit| Choice::new(unit.id.to_string(), unit.name.clone()).group("下级单位")));
    let mut states = vec![Choice::new("open", "全部在办")];
    states.extend(coded::<ProblemState>());
    let ages = [("0", "7天以内"), ("1", "8至30天"), ("2", "31至90天"), ("3", "90天以上")];
    let leaders = found
        .leaders
        .iter()
        .map(|post| Choice::new(post.post.to_string(), format!("{} {}", post.name, post.holder)));
    let mut filter = Filter::new(here.clone())
        .field(ui::text("q", "文字或第几号").refill(&fields))
        .field(ui::select("state", "环节", states).prompt("全部").refill(&fields))
        .field(ui::select("colour", "颜色", coded::<Colour>()).prompt("全部").refill(&fields))
        .field(ui::select("late_age", "逾期", choices(ages)).prompt("不限").refill(&fields))
        .field(ui::select("unit", "单位", units).refill(&fields))
        .field(ui::select("outcome", "结果", coded::<Outcome>()).prompt("全部").refill(&fields));
    let facets = [
        ("category", "类别", facet_choices(found.counts.categories.clone(), &words.categories)),
        ("strand", "重点措施", facet_choices(found.counts.strands.clone(), &words.strands)),
        ("source", "来源", facet_choices(found.counts.sources.clone(), &words.sources)),
        ("leader", "包案领导", leaders.collect()),
    ];
    for (name, label, options) in facets.into_iter().filter(|(_, _, options)| !options.is_empty()) {
        filter = filter.field(ui::select(name, label, options).prompt("全部").refill(&fields));
    }
    filter = filter
        .field(ui::select("moved", "发生过", coded::<Flow>()).prompt("不限").refill(&fields))
        .field(ui::date("from", "自").refill(&fields))
        .field(ui::date("to", "至").refill(&fields))
        .field(ui::date("as_of", "看哪一天的台账").refill(&fields));
    for name in ["campaign", "own", "level", "late", "newly_late", "import", "sort", "per"] {
        filter = filter.keep(name);
    }
    for (words, without) in active(found, here) {
        filter = filter.active(words, without);
    }
    filter
}

/// What narrows the list now, in words, each with the address without it.
fn active(found: &LedgerView, here: &Href) -> Vec<(String, Href)> {
    let query = &found.query;
    let words = &found.at.words;
    let mut set: Vec<(String, Href)> = Vec::new();
    let mut add = |text: Option<String>, name: &str| {
        if let Some(text) = text {
            set.push((text, here.without(name)));
        }
    };
    if query.states == LedgerQuery::open_states() {
        add(Some("在办".to_owned()), "state");
    } else if !query.states.is_empty() {
        let labels: Vec<&str> = query.states.iter().map(|state| state.label()).collect();
        add(Some(format!("环节：{}", labels.join("、"))), "state");
    }
    let facet = |label: &str, code: &Option<String>, names: &[(String, String)]| {
        code.as_ref().map(|code| {
            let name = if code.is_empty() { "未注明" } else { FacetNames::name(names, code) };
            format!("{label}：{name}")
        })
    };
    add(query.own.then(|| "只看本级".to_owned()), "own");
    add(query.colour.map(|colour| format!("颜色：{}", colour.label())), "colour");
    add(query.late.then(|| "逾期".to_owned()), "late");
    add(
        query
            .late_age
            .map(|age| format!("逾期{}", ["7天以内", "8至30天", "31至90天", "90天以上"][age.min(3)])),
        "late_age",
    );
    add(query.newly_late.map(|day| format!("{}以来新逾期", day.in_chinese())), "newly_late");
    add(query.outcome.map(|outcome| format!("结果：{}", outcome.label())), "outcome");
    add(facet("类别", &query.category, &words.categories), "category");
    add(facet("重点措施", &query.strand, &words.strands), "strand");
    add(facet("来源", &query.source, &words.sources), "source");
    let leader = query.leader.map(|id| {
        found
            .leaders
            .iter()
            .find(|post| post.post == id)
            .map_or_else(|| format!("{id}号岗位"), |post| post.name.clone())
    });
    add(leader.map(|name| format!("包案：{name}")), "leader");
    add(query.import.map(|id| format!("第{id}次导入")), "import");
    add((!query.text.is_empty()).then(|| format!("含“{}”", query.text)), "q");
    if let Some(flow) = query.moved {
        let day = |day: Option<Day>| day.unwrap_or(found.at.day).in_chinese();
        let text = format!("{}至{}：{}", day(query.from), day(query.to), flow.label());
        set.push((text, here.without("moved").without("from").without("to")));
    }
    if let Some(moment) = found.at.as_of {
        set.push((format!("{}终", moment.day.in_chinese()), here.without("as_of")));
    }
    set
}

/// A problem's state with its tone.
pub(crate) fn state_badge(state: ProblemState) -> ui::Badge {
    let tone = match state {
        ProblemState::Closed => Tone::Good,
        ProblemState::SentBack | ProblemState::Returned => Tone::Danger,
        ProblemState::Reported | ProblemState::Proposed | ProblemState::HandedUp => Tone::Warning,
        ProblemState::Rectifying => Tone::Info,
        _ => Tone::Neutral,
    };
    badge(tone, state.label())
}

fn colour_badge(line: &Line, day: Day) -> Markup {
    let Some(colour) = line.colour else { return html! { span .text-muted { "—" } } };
    let lamp = match colour {
        Colour::Red => Light::Red,
        Colour::Yellow => Light::Yellow,
        Colour::Green => Light::Green,
    };
    let words = match line.problem.clock_day {
        _ if line.late_days > 0 => format!("逾期{}天", line.late_days),
        Some(due) if due == day => "今天到期".to_owned(),
        Some(due) if colour != Colour::Green => format!("还有{}天", due.minus(day)),
        _ => String::new(),
    };
    html! { (light(lamp, words)) }
}

fn table(found: &LedgerView, here: &Href) -> Table {
    let sort = |sort: LedgerSort, code: &str| {
        let now = (found.query.sort == sort).then_some(if sort == LedgerSort::Changed {
            Direction::Descending
        } else {
            Direction::Ascending
        });
        (here.with("sort", code), now)
    };
    let (number, due, changed) = (
        sort(LedgerSort::Number, "number"),
        sort(LedgerSort::Due, "due"),
        sort(LedgerSort::Changed, "changed"),
    );
    let rows = found.lines.iter().map(|line| row(found, line));
    Table::new("ledger", "问题台账")
        .hide_caption()
        .stack()
        .row_head(1)
        .columns([
            Column::new("编号").short().sort(number.0, number.1),
            Column::new("存在问题").long(),
            Column::new("类别").short(),
            Column::new("牵头单位"),
            Column::new("责任、配合单位"),
            Column::new("整改时限").sort(due.0, due.1),
            Column::new("颜色").short(),
            Column::new("环节").short(),
            Column::new("进展"),
            Column::new("最近更新").short().sort(changed.0, changed.1),
        ])
        .rows(rows)
        .empty(ui::empty(
            "没有符合条件的问题",
            "可以去掉一些筛选条件，或换一个单位、一天再看。",
            Some(("清除筛选", address(LEDGER_PATH, &found.query.base()))),
        ))
}

fn row(found: &LedgerView, line: &Line) -> Row {
    let problem = &line.problem;
    let lead = match line.units(PartyRole::Lead) {
        lead if lead.is_empty() => line.home.clone(),
        lead => lead,
    };
    let others: Vec<String> = [PartyRole::Responsible, PartyRole::Assisting]
        .into_iter()
        .map(|role| line.units(role))
        .filter(|text| !text.is_empty())
        .collect();
    let progress: String = problem.progress.chars().take(PROGRESS_CHARS).collect();
    let cut = problem.progress.chars().count() > PROGRESS_CHARS;
    let outcome = problem.outcome.filter(|_| problem.state == ProblemState::Closed);
    let tone = match line.colour {
        Some(Colour::Red) => Tone::Danger,
        Some(Colour::Yellow) => Tone::Warning,
        _ => Tone::Neutral,
    };
    Row::new([
        html! { (problem.number) @if problem.round > 1 { " " span .text-muted { "第" (problem.round) "轮" } } },
        html! {
            div {
                a href={ "/problems/" (problem.id) } { (clipped(&problem.text)) }
                @if !problem.place.is_empty() { div .text-muted { (problem.place) } }
            }
        },
        html! { (FacetNames::name(&found.at.words.categories, &problem.category)) },
        html! { div { (lead) @if let Some(leader) = &line.leader { div .text-muted { "包案：" (leader.name) (leader.holder) } } } },
        html! { (others.join("；")) },
        html! {
            div {
                @if !problem.deadline_text.is_empty() { (clip(&problem.deadline_text, 20)) }
                @if let Some(day) = problem.due_day { div .text-muted .nowrap { (day) } }
            }
        },
        colour_badge(line, found.at.day),
        html! { div { (state_badge(problem.state)) @if let Some(outcome) = outcome { div .text-muted { (outcome.label()) } } } },
        html! { (progress) @if cut { "…" } },
        html! { (problem.changed_at.day_in_china()) },
    ])
    .tone(tone)
}

fn clipped(text: &str) -> String {
    clip(text, 120)
}

fn clip(text: &str, chars: usize) -> String {
    let mut short: String = text.chars().take(chars).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

async fn export(
    State(web): State<WebState>,
    Session(ctx): Session,
    fields: Fields,
) -> Result<Response, Problem> {
    let query = query_of(&fields)?;
    let format = ExportFormat::from_extension(fields.text("format"))
        .ok_or_else(|| Problem::invalid("format", "请选择导出 Excel 或 CSV。"))?;
    let name = format!("问题台账-{}.{}", ctx.today(), format.extension());
    let file = web
        .run(move |app| {
            let mut file = bihuan_app::ledger::scratch_file()?;
            app.export_list(&ctx, &query, format, &mut file)?;
            Ok(file)
        })
        .await?;
    send_file(file, &name, format.media_type())
}

/// Hands a scratch file on piece by piece, to be saved.
pub(crate) fn send_file(
    mut file: std::fs::File,
    name: &str,
    media_type: &'static str,
) -> Result<Response, Problem> {
    file.rewind().map_err(Problem::fault)?;
    let (to, from) = tokio::sync::mpsc::channel::<std::io::Result<Vec<u8>>>(4);
    tokio::task::spawn_blocking(move || {
        loop {
            let mut chunk = vec![0; CHUNK_BYTES];
            let piece = match file.read(&mut chunk) {
                Ok(0) => break,
                Ok(length) => {
                    chunk.truncate(length);
                    Ok(chunk)
                }
                Err(error) => Err(error),
            };
            let broken = piece.is_err();
            if to.blocking_send(piece).is_err() || broken {
                break;
            }
        }
    });
    let stream =
        futures_util::stream::unfold(
            from,
            |mut from| async move { from.recv().await.map(|piece| (piece, from)) },
        );
    let mut response = Body::from_stream(stream).into_response();
    let disposition = format!("attachment; filename*=UTF-8''{}", encoded(name));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, axum::http::HeaderValue::from_static(media_type));
    headers.insert(
        CONTENT_DISPOSITION,
        axum::http::HeaderValue::from_str(&disposition).map_err(Problem::fault)?,
    );
    Ok(response)
}

/// A file's name as RFC 5987 wants it.
pub(crate) fn encoded(name: &str) -> String {
    name.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

async fn save_view(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    fields: Fields,
) -> Result<Response, Problem> {
    let query = query_of(&fields)?;
    let name = fields.text("view").to_owned();
    let view = web.run(move |app| app.save_view(&ctx, &name, &query)).await?;
    Ok(page.go(format!("{LEDGER_PATH}?{}", view.query), &format!("已保存视图“{}”。", view.name)))
}

async fn drop_view(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    web.run(move |app| app.drop_view(&ctx, id)).await?;
    Ok(page.go(LEDGER_PATH, "已删除视图。"))
}
