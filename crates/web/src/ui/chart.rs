//! Charts as SVG, the same on the page, in print and in reports. Each comes with a title, one sentence that says
//! what it shows, and its figures as a table. Positions are percentages, so that letters keep their size at any width.

use maud::{Markup, Render, html};

use super::{Column, Row, Table, thousands};

/// Pixels from one bar to the next: a line of words above a bar.
const BAR_STEP: usize = 44;
/// Pixels of the words' base line and of the bar below the top of its step.
const WORDS_AT: usize = 16;
const BAR_AT: usize = 23;
const BAR_HEIGHT: usize = 12;
/// Pixels of a line chart: its field, and the room above and below it.
const FIELD_HEIGHT: u64 = 180;
const ROOM_ABOVE: u64 = 14;
const ROOM_BELOW: u64 = 28;
/// At most so many labels fit under a line chart on a phone.
const AXIS_LABELS: usize = 5;
/// Percent of the width that a stack's part needs before its figure is written into it.
const FIGURE_ROOM: f64 = 9.0;
/// Colours in `styles/_charts.scss`; more series than this start again, and the legend's shapes tell them apart.
const SERIES_COLOURS: usize = 4;

/// Bars, one for each category.
#[derive(Debug, Clone)]
pub struct BarChart {
    pub id: String,
    pub title: String,
    /// What is counted: `件`.
    pub unit: String,
    /// What the chart shows, in one sentence. Made from the figures if empty.
    pub summary: String,
    /// Label and value, in the order they are shown.
    pub bars: Vec<(String, u64)>,
    /// Where each value opens, in the same order; empty where it opens nothing.
    pub hrefs: Vec<String>,
}

impl BarChart {
    fn summary(&self) -> String {
        if !self.summary.is_empty() {
            return self.summary.clone();
        }
        let total: u64 = self.bars.iter().map(|(_, value)| value).sum();
        match self.bars.iter().max_by_key(|(_, value)| *value) {
            Some((label, value)) if total > 0 => format!(
                "共 {} {unit}，最多的是{label}（{} {unit}）。",
                thousands(total),
                thousands(*value),
                unit = self.unit
            ),
            _ => "没有数据。".to_owned(),
        }
    }
}

impl Render for BarChart {
    fn render(&self) -> Markup {
        let most = self.bars.iter().map(|(_, value)| *value).max().unwrap_or(0);
        let rows = self.bars.iter().enumerate().map(|(at, (label, value))| {
            let href = self.hrefs.get(at).filter(|href| !href.is_empty());
            let value = html! {
                @match href { Some(href) => a href=(href) { (thousands(*value)) }, None => (thousands(*value)) }
            };
            Row::new([html! { (label) }, value])
        });
        let table = Table::new(format!("{}-table", self.id), &self.title)
            .columns([Column::new("类别"), Column::new(format!("数量（{}）", self.unit)).number()])
            .row_head(0)
            .rows(rows);
        let drawing = html! {
            @for (index, (label, value)) in self.bars.iter().enumerate() {
                @let top = index * BAR_STEP;
                g {
                    title { (label) "：" (thousands(*value)) " " (self.unit) }
                    text .words x="0" y=(top + WORDS_AT) { (label) }
                    text .figure x="100%" y=(top + WORDS_AT) text-anchor="end" { (thousands(*value)) }
                    rect .track x="0" y=(top + BAR_AT) width="100%" height=(BAR_HEIGHT) rx="3" {}
                    rect .series-0 x="0" y=(top + BAR_AT) width=(share(*value, most)) height=(BAR_HEIGHT) rx="3" {}
                }
            }
        };
        figure(
            &self.id,
            &self.title,
            &self.summary(),
            self.bars.len() * BAR_STEP,
            &drawing,
            &html! {},
            &table,
        )
    }
}

/// A bar for each child, divided by kind.
#[derive(Debug, Clone)]
pub struct StackedChart {
    pub id: String,
    pub title: String,
    pub unit: String,
    /// What the chart shows, in one sentence.
    pub summary: String,
    /// What the rows are: `乡镇`.
    pub row_label: String,
    /// The kinds, each with the class of its colour: `good`, `warning`, `danger`, `neutral`, `info`.
    pub parts: Vec<(String, super::Tone)>,
    pub rows: Vec<StackedRow>,
}

/// One bar of a [`StackedChart`], with as many values as there are parts.
#[derive(Debug, Clone)]
pub struct StackedRow {
    pub label: String,
    pub href: Option<String>,
    pub values: Vec<u64>,
}

impl StackedRow {
    fn total(&self) -> u64 {
        self.values.iter().sum()
    }
}

impl StackedChart {
    fn bar(&self, row: &StackedRow, top: usize, most: u64) -> Markup {
        let mut before = 0;
        let parts: Vec<(u64, u64, &(String, super::Tone))> = row
            .values
            .iter()
            .zip(&self.parts)
            .map(|(value, part)| {
                let start = before;
                before += value;
                (start, *value, part)
            })
            .filter(|(_, value, _)| *value > 0)
            .collect();
        html! {
            text .words x="0" y=(top + WORDS_AT) { (row.label) }
            text .figure x="100%" y=(top + WORDS_AT) text-anchor="end" { (thousands(row.total())) }
            rect .track x="0" y=(top + BAR_AT) width="100%" height=(BAR_HEIGHT + 4) rx="3" {}
            @for (start, value, (name, tone)) in parts {
                g {
                    title { (row.label) "，" (name) "：" (thousands(value)) " " (self.unit) }
                    rect class={ "part tone-" (tone.class()) } x=(share(start, most)) y=(top + BAR_AT)
                        width=(share(value, most)) height=(BAR_HEIGHT + 4) {}
                    @if percent_of(value, most) >= FIGURE_ROOM {
                        text class={ "inside inside-" (tone.class()) } x=(share(2 * start + value, 2 * most)) y=(top + BAR_AT + BAR_HEIGHT)
                            text-anchor="middle" { (thousands(value)) }
                    }
                }
            }
        }
    }

    fn table(&self) -> Table {
        let columns = std::iter::once(Column::new(&self.row_label))
            .chain(self.parts.iter().map(|(name, _)| Column::new(name).number()))
            .chain([Column::new("合计").number()]);
        let rows = self.rows.iter().map(|row| {
            let name = match &row.href {
                Some(href) => html! { a href=(href) { (row.label) } },
                None => html! { (row.label) },
            };
            let values =
                row.values.iter().copied().chain([row.total()]).map(|value| html! { (thousands(value)) });
            Row::new(std::iter::once(name).chain(values))
        });
        Table::new(format!("{}-table", self.id), &self.title).columns(columns).row_head(0).rows(rows)
    }
}

impl Render for StackedChart {
    fn render(&self) -> Markup {
        let most = self.rows.iter().map(StackedRow::total).max().unwrap_or(0);
        let legend = html! {
            ul .legend {
                @for (name, tone) in &self.parts {
                    li { span class={ "key tone-" (tone.class()) } aria-hidden="true" { (tone.shape()) } (name) }
                }
            }
        };
        let drawing = html! {
            @for (index, row) in self.rows.iter().enumerate() { (self.bar(row, index * BAR_STEP, most)) }
        };
        figure(
            &self.id,
            &self.title,
            &self.summary,
            self.rows.len() * BAR_STEP,
            &drawing,
            &legend,
            &self.table(),
        )
    }
}

/// One line of a [`LineChart`].
#[derive(Debug, Clone)]
pub struct Series {
    pub name: String,
    /// As many values as there are points on the axis; `None` leaves a gap.
    pub values: Vec<Option<u64>>,
}

/// Values along time, such as weeks.
#[derive(Debug, Clone)]
pub struct LineChart {
    pub id: String,
    pub title: String,
    pub unit: String,
    /// What the chart shows, in one sentence.
    pub summary: String,
    /// What the points are: `周`.
    pub axis_label: String,
    pub axis: Vec<String>,
    pub series: Vec<Series>,
}

impl LineChart {
    fn top(&self) -> u64 {
        let most = self.series.iter().flat_map(|series| &series.values).flatten().max().copied().unwrap_or(0);
        // Shares end at a hundred; the axis goes on only where something does.
        if self.unit == "%" && most <= 100 { 100 } else { round_up(most) }
    }

    /// Percent from the left, away from the edges so that the marks are whole.
    fn across(&self, index: usize) -> f64 {
        let last = self.axis.len().saturating_sub(1).max(1);
        2.0 + 96.0 * index as f64 / last as f64
    }

    fn down(value: u64, top: u64) -> u64 {
        ROOM_ABOVE + FIELD_HEIGHT - (value * FIELD_HEIGHT).checked_div(top).unwrap_or(0)
    }

    fn line(&self, index: usize, series: &Series, top: u64) -> Markup {
        let kind = index % SERIES_COLOURS;
        let points: Vec<Option<(f64, u64)>> = series
            .values
            .iter()
            .enumerate()
            .map(|(at, value)| value.map(|value| (self.across(at), Self::down(value, top))))
            .collect();
        html! {
            @for pair in points.windows(2) {
                @if let [Some((x1, y1)), Some((x2, y2))] = pair {
                    line class={ "stroke-" (kind) } x1={ (round(*x1)) "%" } y1=(y1) x2={ (round(*x2)) "%" } y2=(y2) {}
                }
            }
            @for (at, value) in series.values.iter().enumerate() {
                @if let (Some(value), Some(Some((x, y)))) = (value, points.get(at)) {
                    g {
                        title { (self.axis.get(at).map(String::as_str).unwrap_or_default()) "，" (series.name) "：" (thousands(*value)) " " (self.unit) }
                        (mark(kind, *x, *y))
                    }
                }
            }
        }
    }

    fn axes(&self, top: u64) -> Markup {
        let every = self.axis.len().div_ceil(AXIS_LABELS).max(1);
        let last = self.axis.len().saturating_sub(1);
        html! {
            @for quarter in [0, 2, 4] {
                @let value = top * quarter / 4;
                @let y = Self::down(value, top);
                line .grid x1="0" x2="100%" y1=(y) y2=(y) {}
                text .axis x="0" y=(y - 3) { (thousands(value)) }
            }
            @for (index, label) in self.axis.iter().enumerate() {
                @if (last - index).is_multiple_of(every) {
                    text .axis x={ (round(self.across(index))) "%" } y=(ROOM_ABOVE + FIELD_HEIGHT + 20)
                        text-anchor=(anchor(index, last)) { (label) }
                }
            }
        }
    }

    fn table(&self) -> Table {
        let columns = std::iter::once(Column::new(&self.axis_label)).chain(
            self.series
                .iter()
                .map(|series| Column::new(format!("{}（{}）", series.name, self.unit)).number()),
        );
        let rows = self.axis.iter().enumerate().map(|(at, label)| {
            let values = self.series.iter().map(|series| match series.values.get(at) {
                Some(Some(value)) => html! { (thousands(*value)) },
                _ => html! { "—" },
            });
            Row::new(std::iter::once(html! { (label) }).chain(values))
        });
        Table::new(format!("{}-table", self.id), &self.title).columns(columns).row_head(0).rows(rows)
    }
}

impl Render for LineChart {
    fn render(&self) -> Markup {
        let top = self.top();
        let legend = html! {
            ul .legend {
                @for (index, series) in self.series.iter().enumerate() {
                    @let kind = index % SERIES_COLOURS;
                    li {
                        svg .key-line width="30" height="14" aria-hidden="true" {
                            line class={ "stroke-" (kind) } x1="0" x2="30" y1="7" y2="7" {}
                            (mark(kind, 50.0, 7))
                        }
                        (series.name)
                    }
                }
            }
        };
        let drawing = html! {
            (self.axes(top))
            @for (index, series) in self.series.iter().enumerate() { (self.line(index, series, top)) }
        };
        let height = usize::try_from(ROOM_ABOVE + FIELD_HEIGHT + ROOM_BELOW).unwrap_or(usize::MAX);
        figure(&self.id, &self.title, &self.summary, height, &drawing, &legend, &self.table())
    }
}

/// A mark of its own for each series: circle, square, cross, ring.
fn mark(kind: usize, x: f64, y: u64) -> Markup {
    let x = round(x);
    html! {
        @match kind {
            0 => circle class="mark-0" cx={ (x) "%" } cy=(y) r="3.5" {},
            // A nested picture has its own origin, so that pixels can be added to a percentage.
            1 => svg x={ (x) "%" } y=(y) overflow="visible" { rect class="mark-1" x="-3.5" y="-3.5" width="7" height="7" {} },
            2 => svg x={ (x) "%" } y=(y) overflow="visible" { path class="mark-2" d="M0-5 4.5 3.5h-9z" {} },
            _ => circle class="mark-3" cx={ (x) "%" } cy=(y) r="3.5" {},
        }
    }
}

fn anchor(index: usize, last: usize) -> &'static str {
    match index {
        0 => "start",
        _ if index == last => "end",
        _ => "middle",
    }
}

/// The frame of every chart.
fn figure(
    id: &str,
    title: &str,
    summary: &str,
    height: usize,
    drawing: &Markup,
    legend: &Markup,
    table: &Table,
) -> Markup {
    html! {
        figure .chart {
            figcaption {
                h3 { (title) }
                p { (summary) }
            }
            (legend)
            svg .drawing role="img" aria-labelledby={ (id) "-title " (id) "-summary" } width="100%" height=(height)
                xmlns="http://www.w3.org/2000/svg" {
                title id={ (id) "-title" } { (title) }
                desc id={ (id) "-summary" } { (summary) }
                (drawing)
            }
            details .figures { summary { span .caret aria-hidden="true" {} "查看数据表" } (table) }
        }
    }
}

fn percent_of(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { 100.0 * part as f64 / whole as f64 }
}

fn share(part: u64, whole: u64) -> String {
    format!("{}%", round(percent_of(part, whole)))
}

fn round(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

/// The next number whose quarters are easy to read: 4, 8, 20, 40, 80, 200, …
fn round_up(most: u64) -> u64 {
    let mut step = 1_u64;
    loop {
        for factor in [4, 8, 12, 20] {
            let top = step.saturating_mul(factor);
            if top >= most || top == u64::MAX {
                return top;
            }
        }
        step = step.saturating_mul(10);
    }
}
