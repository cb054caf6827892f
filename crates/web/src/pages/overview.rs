//! The overview of a unit: every figure with its definition and the rows behind it.

use axum::{extract::State, response::Response};
use bihuan_app::ledger::{FacetNames, LedgerQuery, Standpoint};
use bihuan_app::overview::{CHANGED_DAYS, ChildLine, FacetLine, Figure, Overview, StateLine, Week};
use bihuan_domain::{Coded as _, Day, figure::SAMPLE_MIN};
use maud::{Markup, html};

use crate::{
    current::{CampaignWish, current_campaign, no_campaign},
    error::Problem,
    form::QueryFields,
    frame::Page,
    page::{AsOf, Frame},
    route::Route,
    state::{Session, WebState},
    ui::{
        self, BarChart, Column, Filter, Href, LineChart, Row, Series, StackedChart, StackedRow, Stat, Table,
        Tone, button_link, card, percent, thousands,
    },
};

/// Most children that are drawn; a longer list has its table only.
const CHART_ROWS_MAX: usize = 40;

pub fn routes() -> Vec<Route<WebState>> {
    vec![Route::get("/overview", "overview.show", "总览", show)]
}

/// The address of the rows behind a figure.
pub(crate) fn rows_of(query: &LedgerQuery) -> Href {
    address("/ledger", query)
}

/// An address that asks a question to the ledger.
pub(crate) fn address(path: &str, query: &LedgerQuery) -> Href {
    query.pairs().into_iter().fold(Href::new(path), |href, (name, value)| href.and(name, value))
}

async fn show(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
    QueryFields(fields): QueryFields,
) -> Result<Response, Problem> {
    let mut query = LedgerQuery::from_pairs(fields.pairs()).map_err(|fields| Problem::Invalid { fields })?;
    let since = match fields.filled("since") {
        Some(text) => Some(Day::parse(text).map_err(|error| Problem::invalid("since", error.to_string()))?),
        None => None,
    };
    let current = current_campaign(&web, &ctx, &wish).await?;
    query.campaign = current.id();
    if query.campaign.is_none() {
        return Ok(page.show(page.frame("总览"), no_campaign("总览")));
    }
    let asked = query.clone();
    let now = ctx.at.in_chinese();
    let (found, actions) = web
        .run(move |app| {
            let found = app.overview(&ctx, &asked, since)?;
            let day = found.at.as_of.map(|moment| moment.day);
            let actions = app.actions_overview(&ctx, found.at.campaign.id, found.unit, day)?;
            Ok((found, actions))
        })
        .await?;
    let frame = frame(&page, &found.at, &now);
    let here = address("/overview", &query.base()).with_some("since", since);
    let body = html! {
        (head(&found, &here))
        (current.switcher(&here.without("unit")))
        (filter(&found, &here, since))
        (ui::stats(&found.figures.iter().map(tile).collect::<Vec<_>>()))
        div .columns {
            (card("环节与颜色", html! { (states(&found.states)) (definitions(&[&found.states[0].all, &found.colours[0], &found.colours[1], &found.colours[2]])) }).flush())
            (card("逾期时长", html! { (ages(&found)) }))
            (changed(&found))
        }
        (children(&found))
        (super::required_action::overview_card(actions.as_deref(), found.at.as_of.map(|moment| moment.day)))
        (card("近十二周", html! { (trend(&found.trend)) }))
        div .columns {
            (facet("categories", "按类别", &found.categories, &found.at.words.categories))
            (facet("strands", "按重点措施", &found.strands, &found.at.words.strands))
            div {
                (card("销号结果", html! { (outcomes(&found)) }).flush())
                (facet("sources", "按来源", &found.sources, &found.at.words.sources))
            }
        }
    };
    Ok(current.remember(&web, page.show(frame, body)))
}

/// A frame with the units above as its trail and the entry it is exact as of.
pub(crate) fn frame(page: &Page, at: &Standpoint, now: &str) -> Frame {
    let base = LedgerQuery {
        campaign: Some(at.campaign.id),
        as_of: at.as_of.map(|moment| moment.day),
        ..LedgerQuery::default()
    };
    let told = match at.as_of {
        Some(moment) => format!("{}终", moment.day.in_chinese()),
        None => now.to_owned(),
    };
    let entry = u64::try_from(at.seq).unwrap_or(0);
    let mut frame = page.frame(format!("{}总览", at.unit.name)).as_of(AsOf { entry, at: told });
    for unit in at.above.iter().filter(|unit| unit.id != at.unit.id) {
        let query = LedgerQuery { unit: Some(unit.id), ..base.clone() };
        frame = frame.crumb(unit.name.clone(), address("/overview", &query).to_string());
    }
    frame
}

fn head(found: &Overview, here: &Href) -> Markup {
    let past = found.at.as_of.is_some();
    let lead = if past {
        format!("{} · {}终的情况，按当日单位关系", found.at.campaign.name, found.day.in_chinese())
    } else {
        format!("{} · 截至今天（{}）", found.at.campaign.name, found.day.in_chinese())
    };
    html! {
        (ui::heading(&format!("{}总览", found.unit_name), Some(&lead), html! {
            (button_link("查看台账", rows_of(&found.figures[0].query)).primary())
            @if past { (button_link("回到今天", here.without("as_of"))) }
            (ui::print_button())
        }))
    }
}

fn filter(found: &Overview, here: &Href, since: Option<Day>) -> Filter {
    let today = found.at.as_of.is_none().then_some(found.day);
    let mut filter = Filter::new(here.clone())
        .keep("campaign")
        .keep("unit")
        .field(
            ui::date("as_of", "看哪一天的情况")
                .hint("不填就是现在；可以看过去任何一天")
                .value(found.at.as_of.map(|moment| moment.day.to_string()).unwrap_or_default())
                .between(None, today.map(|day| day.to_string())),
        )
        .field(
            ui::date("since", "变化从哪天算起")
                .hint(format!("不填就是最近{CHANGED_DAYS}天，最早到十二周前"))
                .value(since.map(|day| day.to_string()).unwrap_or_default()),
        );
    if let Some(moment) = found.at.as_of {
        filter = filter.active(format!("{}终", moment.day.in_chinese()), here.without("as_of"));
    }
    if let Some(day) = since {
        filter = filter.active(format!("变化自{}", day.in_chinese()), here.without("since"));
    }
    filter
}

fn count(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

/// A number that opens to its rows.
fn linked(figure: &Figure) -> Markup {
    html! {
        a href=(rows_of(&figure.query)) title={ (figure.label) "：查看明细" } { (thousands(count(figure.value))) }
    }
}

fn sentence(figure: &Figure) -> String {
    let out_of = figure.definition.denominator;
    let denominator = if out_of.is_empty() { String::new() } else { format!("分母：{out_of}。") };
    format!("{}{denominator}", figure.definition.definition)
}

fn tile(figure: &Figure) -> Stat {
    let tone = match figure.definition.code {
        "late" if figure.value > 0 => Tone::Danger,
        "solved" => Tone::Good,
        _ => Tone::Neutral,
    };
    let stat = ui::stat(figure.label.clone(), count(figure.value), "件")
        .href(rows_of(&figure.query).to_string())
        .definition(sentence(figure))
        .tone(tone);
    let whole = match figure.definition.code {
        "late" => "应办未办",
        "solved" => "应整改",
        _ => "总数",
    };
    match figure.out_of {
        Some(0) => stat.note("没有可比的基数"),
        Some(all) if figure.is_small_sample() => {
            stat.note(format!("{whole}{all}件，不足{SAMPLE_MIN}件，不算比例"))
        }
        Some(all) => stat.share(count(figure.value), count(all), whole),
        None => stat,
    }
}

/// What the numbers of a table mean, one click away.
fn definitions(figures: &[&Figure]) -> Markup {
    html! {
        details .definitions-box {
            summary { "口径" }
            dl { @for figure in figures { dt { (figure.definition.name) } dd { (sentence(figure)) } } }
        }
    }
}

fn states(lines: &[StateLine]) -> Markup {
    let rows = lines.iter().map(|line| {
        let cell = |at: usize| match line.colours.get(at) {
            Some(figure) => linked(figure),
            None => html! { span .text-muted { "—" } },
        };
        Row::new([html! { (line.state.label()) }, linked(&line.all), cell(0), cell(1), cell(2)])
    });
    let table = Table::new("states", "各环节问题数及应办问题的颜色")
        .hide_caption()
        .row_head(0)
        .columns([
            Column::new("环节"),
            Column::new("合计").number(),
            Column::new("■ 红").number(),
            Column::new("▲ 黄").number(),
            Column::new("● 绿").number(),
        ])
        .rows(rows);
    html! { (table) }
}

fn ages(found: &Overview) -> Markup {
    let bars = found.late_by_age.iter().map(|figure| (figure.label.clone(), count(figure.value))).collect();
    html! {
        (BarChart {
            id: "ages".to_owned(),
            title: "逾期问题按逾期天数".to_owned(),
            unit: "件".to_owned(),
            summary: String::new(),
            bars, hrefs: Vec::new() })
        ul .figure-links {
            @for figure in &found.late_by_age { li { (figure.label) "：" (linked(figure)) " 件" } }
        }
        (definitions(&[&found.late_by_age[0], &found.figures[2]]))
    }
}

fn changed(found: &Overview) -> Markup {
    let rows = found.changed.iter().map(|figure| {
        let unit = if figure.definition.code == "moved" { "次" } else { "件" };
        Row::new([html! { (figure.label) }, html! { (linked(figure)) " " (unit) }])
    });
    let table = Table::new("changed", "所选日期以来的变化")
        .hide_caption()
        .row_head(0)
        .columns([Column::new("变化"), Column::new("数量").number()])
        .rows(rows);
    let title = format!("{}以来的变化", found.since.in_chinese());
    let (moved, late) = (&found.changed[0], &found.changed[found.changed.len() - 1]);
    html! { (card(title, html! { (table) (definitions(&[moved, late])) }).flush()) }
}

fn outcomes(found: &Overview) -> Markup {
    let closed = found.outcomes.first().and_then(|figure| figure.out_of).unwrap_or(0);
    let rows = found.outcomes.iter().map(|figure| {
        let share =
            if closed < SAMPLE_MIN { "—".to_owned() } else { percent(count(figure.value), count(closed)) };
        Row::new([html! { (figure.label) }, linked(figure), html! { (share) }])
    });
    let table = Table::new("outcomes", "已销号问题的结果")
        .hide_caption()
        .row_head(0)
        .columns([Column::new("结果"), Column::new("件数").number(), Column::new("占已销号").number()])
        .rows(rows);
    html! { (table) (definitions(&[&found.outcomes[0]])) }
}

fn children(found: &Overview) -> Markup {
    let units = found.children.len().saturating_sub(1);
    let title = if units == 0 {
        "本单位".to_owned()
    } else {
        format!("本级和{units}个下级单位（按官方顺序，不排名）")
    };
    html! {
        (card(title, html! {
            @if units > 0 && found.children.len() <= CHART_ROWS_MAX { div .chart-pad { (children_chart(found)) } }
            (children_table(found))
            (definitions(&found.children[0].figures.iter().collect::<Vec<_>>()))
        }).flush())
    }
}

/// Values of a child line by code of figure.
fn value(line: &ChildLine, code: &str) -> u64 {
    line.figures.iter().find(|figure| figure.definition.code == code).map_or(0, |figure| count(figure.value))
}

fn unit_page(found: &Overview, line: &ChildLine) -> Option<Href> {
    let query = LedgerQuery { unit: Some(line.unit), ..found.figures[0].query.base() };
    (!line.own).then(|| address("/overview", &query))
}

fn children_chart(found: &Overview) -> StackedChart {
    let part = |name: &str, tone| (name.to_owned(), tone);
    let row = |line: &ChildLine| {
        let (red, yellow, closed) = (value(line, "red"), value(line, "yellow"), value(line, "closed"));
        let rest = value(line, "total").saturating_sub(red + yellow + closed);
        StackedRow {
            label: line.name.clone(),
            href: unit_page(found, line).map(String::from),
            values: vec![closed, rest, yellow, red],
        }
    };
    StackedChart {
        id: "children-chart".to_owned(),
        title: "各单位问题".to_owned(),
        unit: "件".to_owned(),
        summary: "按官方顺序排列；没有问题的单位也列出。".to_owned(),
        row_label: "单位".to_owned(),
        parts: vec![
            part("已销号", Tone::Good),
            part("其余在办", Tone::Neutral),
            part("黄", Tone::Warning),
            part("红", Tone::Danger),
        ],
        rows: found.children.iter().map(row).collect(),
    }
}

fn children_table(found: &Overview) -> Table {
    let row = |line: &ChildLine| {
        let name = match unit_page(found, line) {
            Some(href) => html! { a href=(href) { (line.name) } @if !line.open { " （已撤并）" } },
            None => html! { (line.name) },
        };
        let solved = line.figures.last();
        let rate = match solved {
            Some(figure) if figure.is_small_sample() => {
                html! { span .text-muted title="应整改不足10件，不算比例" { "样本不足" } }
            }
            Some(figure) => html! { (percent(count(figure.value), count(figure.out_of.unwrap_or(0)))) },
            None => html! {},
        };
        Row::new(std::iter::once(name).chain(line.figures.iter().map(linked)).chain([rate]))
    };
    Table::new("children", "本级和各下级单位的数字，按官方顺序")
        .hide_caption()
        .stack()
        .row_head(0)
        .columns(
            [Column::new("单位")].into_iter().chain(
                ["合计", "在办", "■ 红", "▲ 黄", "● 绿", "逾期", "已销号", "已解决", "解决率"]
                    .map(|label| Column::new(label).number()),
            ),
        )
        .rows(found.children.iter().map(row))
}

fn trend(weeks: &[Week]) -> Markup {
    let names: Vec<String> =
        weeks.first().map(|week| week.figures.iter().map(|f| f.label.clone()).collect()).unwrap_or_default();
    let short = |day: Day| {
        let (_, month, day) = day.ymd();
        format!("{month}.{day}")
    };
    let series = names.iter().enumerate().map(|(at, name)| Series {
        name: name.clone(),
        values: weeks.iter().map(|week| week.figures.get(at).map(|figure| count(figure.value))).collect(),
    });
    let rows = weeks.iter().rev().map(|week| {
        let name = html! { (short(week.from)) "—" (short(week.to)) };
        Row::new(std::iter::once(name).chain(week.figures.iter().map(linked)))
    });
    let table = Table::new("weeks", "每周变化，新的在前")
        .row_head(0)
        .columns(
            std::iter::once(Column::new("周").short())
                .chain(names.iter().map(|name| Column::new(name.clone()).number())),
        )
        .rows(rows);
    let moved = weeks.first().and_then(|week| week.figures.first());
    html! {
        (LineChart {
            id: "trend".to_owned(),
            title: "每周变化".to_owned(),
            unit: "次".to_owned(),
            summary: "每周新登记、销号、重新打开和验收退回的次数。".to_owned(),
            axis_label: "周".to_owned(),
            axis: weeks.iter().map(|week| short(week.to)).collect(),
            series: series.collect(),
        })
        details .definitions-box { summary { "每周明细（可点开）" } (table) }
        @if let Some(figure) = moved { (definitions(&[figure])) }
    }
}

fn facet(id: &str, title: &str, lines: &[FacetLine], names: &[(String, String)]) -> Markup {
    let rows = lines.iter().map(|line| {
        let name = match line.name.as_str() {
            "" => "未注明",
            code => FacetNames::name(names, code),
        };
        Row::new([html! { (name) }, linked(&line.open), linked(&line.closed)])
    });
    let table = Table::new(id, format!("{title}的在办和已销号"))
        .hide_caption()
        .row_head(0)
        .columns([
            Column::new(title.trim_start_matches('按')),
            Column::new("在办").number(),
            Column::new("已销号").number(),
        ])
        .rows(rows)
        .empty(ui::empty("没有数据", "登记问题时填写后，这里会按此分列。", None));
    html! { (card(title, html! { (table) }).flush()) }
}
