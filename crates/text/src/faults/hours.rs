//! Hours that do not exist, days of the week that do not fit their date, 29 February of a year without it.

use super::{FaultKind, Found};
use crate::deadline::last_day;
use crate::lexicon::{stands, words};
use crate::numbers::number_at;
use crate::written::IssueDay;

/// Names of the days of the week, Sunday first.
const WEEK: [char; 7] = ['日', '一', '二', '三', '四', '五', '六'];

pub(super) fn hours(found: &mut Found<'_>) {
    let chars = found.chars;
    let only = only_year(chars);
    for at in 0..chars.len() {
        if !chars[at].is_ascii_digit() || at > 0 && (chars[at - 1].is_ascii_digit() || chars[at - 1] == '.') {
            continue;
        }
        hour(found, at);
        weekday(found, at);
        leap_day(found, at, only);
        day_day(found, at);
    }
}

/// 25时30分, 10时75分.
fn hour(found: &mut Found<'_>, at: usize) {
    let chars = found.chars;
    let small = |at: usize| number_at(chars, at).filter(|n| !n.han && n.end - n.start <= 2);
    let Some(hour) = small(at).filter(|n| chars.get(n.end) == Some(&'时')) else { return };
    // 7月16日25时前: of a day.
    let of_day = at > 0 && chars[at - 1] == '日';
    if of_day && hour.value > 24.0 && hour.value < 100.0 {
        found.tell(at, hour.end + 1, FaultKind::Date, "no such hour", "时间不存在".to_string(), None);
        return;
    }
    let Some(minute) = small(hour.end + 1).filter(|n| chars.get(n.end) == Some(&'分')) else { return };
    // 30时20分 in a table of durations has no day in front of it; 24时00分 ends one.
    if hour.value > 24.0 || minute.value >= 60.0 {
        let reason = "时间不存在".to_string();
        found.tell(at, minute.end + 1, FaultKind::Date, "no such hour", reason, None);
    }
}

/// 2026年11月24日（星期一）, which is a Tuesday.
fn weekday(found: &mut Found<'_>, at: usize) {
    let chars = found.chars;
    let part = |at: usize, unit: char| {
        number_at(chars, at).filter(|n| !n.han && n.value.fract() == 0.0 && chars.get(n.end) == Some(&unit))
    };
    let Some(year) = part(at, '年').filter(|y| (1950.0..=2100.0).contains(&y.value)) else { return };
    let Some(month) = part(year.end + 1, '月') else { return };
    let Some(day) = part(month.end + 1, '日') else { return };
    let date = IssueDay::new(year.value as i32, month.value as u32, day.value as u32);
    let open = day.end + 1;
    let name = ["（星期", "(星期", "（周", "(周"].into_iter().find(|name| stands(chars, open, name));
    let (Some(name), Some(date)) = (name, date) else { return };
    let place = open + name.chars().count();
    let told = chars.get(place).map(|c| if *c == '天' { '日' } else { *c });
    let Some(told) = told.and_then(|c| WEEK.iter().position(|d| *d == c)) else { return };
    let right = date.day_of_week();
    if told != right {
        let reason = format!("这一天是星期{}", WEEK[right]);
        let fix = words(chars, at, place) + &WEEK[right].to_string();
        found.tell(at, place + 1, FaultKind::Date, "day of the week", reason, Some(fix));
    }
}

/// 31日日前.
fn day_day(found: &mut Found<'_>, at: usize) {
    let chars = found.chars;
    let Some(end) = number_at(chars, at).map(|n| n.end).filter(|end| stands(chars, *end, "日日")) else {
        return;
    };
    if ["前", "起", "至", "，", "。", "、"].iter().any(|next| stands(chars, end + 2, next)) {
        let (reason, right) = ("“日”连写两遍".to_string(), Some("日".to_string()));
        found.tell(end, end + 2, FaultKind::Duplicate, "word twice", reason, right);
    }
}

/// The only year that a text tells.
fn only_year(chars: &[char]) -> Option<i32> {
    let mut only = None;
    for end in (4..chars.len()).filter(|at| chars[*at] == '年') {
        let digits = chars[end - 4..end].iter().all(char::is_ascii_digit);
        let Some(year) = digits.then(|| words(chars, end - 4, end).parse().ok()).flatten() else { continue };
        if only.is_some_and(|known| known != year) {
            return None;
        }
        only = Some(year);
    }
    only
}

/// 2月29日 in a text of 2025, whose next year has none either.
fn leap_day(found: &mut Found<'_>, at: usize, only: Option<i32>) {
    let chars = found.chars;
    let bare = at == 0 || chars[at - 1] != '年';
    let Some(year) = only.filter(|_| bare && stands(chars, at, "2月29日")) else { return };
    if [year, year + 1].iter().all(|y| last_day(*y, 2) == Some(28)) {
        let reason = format!("{year}年2月没有29日");
        found.tell(at, at + 5, FaultKind::Date, "no such day", reason, Some("2月28日".to_string()));
    }
}
