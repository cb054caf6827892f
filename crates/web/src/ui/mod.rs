//! Components of the pages: functions and small builders that render themselves in `maud::html!`.
//!
//! No component writes a style or a script into the page; the content security policy would refuse it.
//! Colours and shapes come from classes in `styles/`.

mod badge;
mod card;
mod chart;
mod choice;
mod difference;
mod field;
mod filter;
mod form;
mod gantt;
mod href;
mod marked;
mod nav;
mod notice;
mod pager;
mod table;
mod timeline;
mod tree;

pub use self::{
    badge::{Badge, Light, Tone, badge, light},
    card::{Card, Definitions, Stat, card, definitions, empty, heading, panel, stat, stats},
    chart::{BarChart, LineChart, Series, StackedChart, StackedRow},
    choice::{Choice, choices},
    difference::{Change, difference},
    field::{Field, area, checkboxes, date, file, number, password, radios, select, text},
    filter::Filter,
    form::{
        Button, Confirm, PostForm, button, button_link, csrf_field, error_summary, print_button,
        query_error_summary,
    },
    gantt::{Gantt, GanttBar},
    href::Href,
    marked::{Stretch, marked_text},
    nav::{Crumb, Step, Tab, breadcrumbs, stepper, tabs},
    notice::{Notice, progress},
    pager::Pager,
    table::{Column, Direction, Row, Table},
    timeline::{Happening, timeline},
    tree::{Node, tree},
};

/// A whole number with thousands separators: `12,345`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A share in percent with one decimal, or a dash when there is nothing to divide by. It is 100 % only where it is all.
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "—".to_owned();
    }
    let tenths = (u128::from(part) * 1000 + u128::from(whole) / 2) / u128::from(whole);
    let tenths = if part < whole { tenths.min(999) } else { tenths };
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// A length of time as people say it: `45 秒`, `3 分钟`, `2 小时`. Rounded up, because it tells how long to wait.
pub fn duration(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{} 秒", seconds.max(1)),
        60..3600 => format!("{} 分钟", seconds.div_ceil(60)),
        _ => format!("{} 小时", seconds.div_ceil(3600)),
    }
}

/// A size in bytes as people read it: `512 字节`, `1.5 MB`.
pub fn file_size(bytes: u64) -> String {
    const KB: u64 = 1024;
    const MB: u64 = 1024 * KB;
    let tenths = |unit: u64| (bytes * 10 + unit / 2) / unit;
    let show = |tenths: u64, name| match tenths % 10 {
        0 => format!("{} {name}", tenths / 10),
        rest => format!("{}.{rest} {name}", tenths / 10),
    };
    match bytes {
        0..KB => format!("{bytes} 字节"),
        KB..MB => show(tenths(KB), "KB"),
        _ => show(tenths(MB), "MB"),
    }
}
