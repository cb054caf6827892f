//! Bars along days, drawn on the server, with a line for today and the same as a table. Positions are percentages, so
//! that letters keep their size at any width and on any paper.

use bihuan_domain::Day;
use maud::{Markup, Render, html};

use super::{Column, Row, Table, Tone, badge};

/// Pixels from one bar to the next: a line of words above a bar.
const BAR_STEP: usize = 40;
/// Pixels of a strand's head.
const HEAD_STEP: usize = 30;
/// Pixels of the months at the top.
const TOP: usize = 26;
const WORDS_AT: usize = 15;
const BAR_AT: usize = 21;
const BAR_HEIGHT: usize = 11;
/// Characters of a title that fit beside its day on a phone, and those that are added where there is room.
const TITLE_CHARS: usize = 11;
const MORE_CHARS: usize = 29;
/// Share of the width that the name of a month needs, in percent.
const MONTH_ROOM: f64 = 6.0;
/// Share of the width below which a bar is not drawn narrower, in percent.
const WIDTH_MIN: f64 = 0.8;
/// At most so many months are named; of more, every third is.
const MONTHS_NAMED: usize = 7;

/// One bar.
#[derive(Debug, Clone)]
pub struct GanttBar {
    /// What kind of thing it is, in one word.
    pub kind: String,
    pub title: String,
    pub href: Option<String>,
    pub from: Day,
    pub to: Day,
    pub tone: Tone,
    /// Not begun: drawn hollow.
    pub ahead: bool,
    /// How it stands, in words.
    pub state: String,
    pub note: String,
}

/// Groups of bars over a stretch of days.
#[derive(Debug, Clone)]
pub struct Gantt {
    pub id: String,
    pub title: String,
    /// What it shows, in one sentence.
    pub summary: String,
    pub from: Day,
    pub to: Day,
    pub today: Day,
    pub groups: Vec<(String, Vec<GanttBar>)>,
}

impl Gantt {
    /// Percent from the left of the beginning of a day.
    fn across(&self, day: Day) -> f64 {
        let span = f64::from(self.to.minus(self.from) + 1).max(1.0);
        (f64::from(day.minus(self.from)) * 100.0 / span).clamp(0.0, 100.0)
    }

    fn height(&self) -> usize {
        TOP + self.groups.iter().map(|(_, bars)| HEAD_STEP + bars.len() * BAR_STEP).sum::<usize>() + 6
    }

    fn months(&self) -> Vec<Day> {
        let (year, month, _) = self.from.ymd();
        let first = Day::from_ymd(year, month, 1).unwrap_or(self.from);
        (0..).map(|n| first.plus_months(n)).take_while(|day| *day <= self.to).take(60).collect()
    }

    fn grid(&self) -> Markup {
        let months = self.months();
        let every = if months.len() > MONTHS_NAMED { 3 } else { 1 };
        let height = self.height();
        html! {
            @for (at, month) in months.iter().enumerate() {
                @let x = percent(self.across(*month));
                line .grid x1=(x) x2=(x) y1="0" y2=(height) {}
                @let next = months.get(at + 1).map_or(100.0, |next| self.across(*next));
                @if at.is_multiple_of(every) && next - self.across(*month) >= MONTH_ROOM / every as f64 {
                    text .axis x=(x) y="14" dx="3" { (month.ymd().1) "月" @if month.ymd().1 == 1 { "（" (month.year()) "）" } }
                }
            }
            @if self.from <= self.today && self.today <= self.to {
                @let x = percent(self.across(self.today));
                line .gantt-today x1=(x) x2=(x) y1=(TOP - 6) y2=(height) {}
                text .gantt-today-word x=(x) y=(TOP + 6) dx=(if self.across(self.today) > 85.0 { "-4" } else { "4" })
                    text-anchor=(if self.across(self.today) > 85.0 { "end" } else { "start" }) { "今天" }
            }
        }
    }

    fn bar(&self, bar: &GanttBar, top: usize) -> Markup {
        let (left, right) = (self.across(bar.from), self.across(bar.to.plus_days(1)));
        let width = (right - left).max(WIDTH_MIN);
        let left = left.min(100.0 - width);
        let title: String = bar.title.chars().take(TITLE_CHARS).collect();
        let more: String = bar.title.chars().skip(TITLE_CHARS).take(MORE_CHARS).collect();
        let cut = if bar.title.chars().count() > TITLE_CHARS + MORE_CHARS { "…" } else { "" };
        let (_, month, day) = bar.to.ymd();
        let tone = if bar.ahead { "ahead" } else { bar.tone.class() };
        let words = html! { text .words x="0" y=(top + WORDS_AT) { "［" (bar.kind) "］" (title) @if !more.is_empty() { tspan .gantt-more { (more) (cut) } } } };
        html! {
            g {
                title { (bar.title) "，" (bar.from) "至" (bar.to) "，" (bar.state) }
                @match &bar.href { Some(href) => a href=(href) { (words) }, None => (words) }
                text .figure x="100%" y=(top + WORDS_AT) text-anchor="end" { (month) "/" (day) " " (bar.state) }
                rect .track x="0" y=(top + BAR_AT) width="100%" height=(BAR_HEIGHT) rx="2" {}
                rect class={ "part tone-" (tone) } x=(percent(left)) y=(top + BAR_AT) width=(percent(width)) height=(BAR_HEIGHT) rx="2" {}
            }
        }
    }

    fn table(&self) -> Table {
        let rows = self.groups.iter().flat_map(|(group, bars)| {
            bars.iter().map(move |bar| {
                Row::new([
                    html! { (group) },
                    html! { (bar.kind) },
                    html! { @match &bar.href { Some(href) => a href=(href) { (bar.title) }, None => (bar.title) } @if !bar.note.is_empty() { div .text-muted { (bar.note) } } },
                    html! { (bar.from) },
                    html! { (bar.to) },
                    html! { (badge(bar.tone, bar.state.clone())) },
                ])
            })
        });
        Table::new(format!("{}-table", self.id), &self.title)
            .columns([
                Column::new("重点措施"),
                Column::new("类别").short(),
                Column::new("事项").long(),
                Column::new("开始").short(),
                Column::new("到期").short(),
                Column::new("状态").short(),
            ])
            .row_head(2)
            .rows(rows)
            .stack()
    }
}

impl Render for Gantt {
    fn render(&self) -> Markup {
        let mut top = TOP;
        let mut drawn = Vec::new();
        for (group, bars) in &self.groups {
            drawn.push(html! { text .gantt-head x="0" y=(top + 22) { (group) "（" (bars.len()) "）" } });
            top += HEAD_STEP;
            for bar in bars {
                drawn.push(self.bar(bar, top));
                top += BAR_STEP;
            }
        }
        html! {
            figure .chart .gantt {
                figcaption { h3 { (self.title) } p { (self.summary) } }
                svg .drawing role="img" aria-labelledby={ (self.id) "-title " (self.id) "-summary" } width="100%" height=(self.height())
                    xmlns="http://www.w3.org/2000/svg" {
                    title id={ (self.id) "-title" } { (self.title) }
                    desc id={ (self.id) "-summary" } { (self.summary) }
                    (self.grid())
                    @for one in &drawn { (one) }
                }
                details .figures { summary { span .caret aria-hidden="true" {} "查看数据表" } (self.table()) }
            }
        }
    }
}

fn percent(number: f64) -> String {
    format!("{}%", (number * 100.0).round() / 100.0)
}
