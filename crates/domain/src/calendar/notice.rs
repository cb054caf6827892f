//! A year of the calendar in the wording of the yearly notice: read from what an administrator pastes, and written
//! back in the same wording, so that one text serves for looking, editing and taking over a new notice.
//!
//! One line a holiday: `春节：2月15日（周日）至23日放假调休，共9天。2月14日、28日上班。` Full dates (`2026-02-15`) are read too.

use super::{CalendarRow, DayKind, MIN_HOLIDAYS_OF_A_HELD_YEAR};
use crate::Day;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The longest text, in characters; a notice has under a thousand.
pub const NOTICE_CHARS_MAX: usize = 10_000;
/// The longest holiday, in days.
pub const HOLIDAY_DAYS_MAX: i32 = 31;
/// The longest name of a holiday, in characters.
pub const HOLIDAY_NAME_CHARS_MAX: usize = 20;

/// One thing wrong with the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeFault {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong and how to mend it, in Chinese.
    pub sentence: String,
}

impl std::fmt::Display for NoticeFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "第{}行：{}", self.line, self.sentence)
    }
}

/// Reads the arrangement of a year.
///
/// # Errors
/// Every fault with its line, and a year with too few holidays to be whole.
pub fn read_notice(year: i32, text: &str) -> Result<Vec<CalendarRow>, Vec<NoticeFault>> {
    if text.chars().count() > NOTICE_CHARS_MAX {
        let sentence = format!("文字超过{NOTICE_CHARS_MAX}个字，请只粘贴放假安排部分。");
        return Err(vec![NoticeFault { line: 1, sentence }]);
    }
    let mut faults = Vec::new();
    let mut rows: BTreeMap<Day, CalendarRow> = BTreeMap::new();
    for (index, line) in text.lines().enumerate() {
        let mut fault = |sentence: String| faults.push(NoticeFault { line: index + 1, sentence });
        match read_line(year, line) {
            Ok(read) => {
                for row in read {
                    match rows.get(&row.day) {
                        Some(other) if other.kind != row.kind => {
                            fault(format!("{}既写了放假又写了上班，请保留一种。", row.day.in_chinese()));
                        }
                        _ => {
                            rows.insert(row.day, row);
                        }
                    }
                }
            }
            Err(sentence) => fault(sentence),
        }
    }
    let off = rows.values().filter(|row| row.kind == DayKind::Holiday && row.day.year() == year).count();
    if faults.is_empty() && off < MIN_HOLIDAYS_OF_A_HELD_YEAR {
        let sentence = format!(
            "{year}年只读到{off}天放假，全年的安排至少有{MIN_HOLIDAYS_OF_A_HELD_YEAR}天；请写全七个节日，每行一个。"
        );
        faults.push(NoticeFault { line: text.lines().count().max(1), sentence });
    }
    if faults.is_empty() { Ok(rows.into_values().collect()) } else { Err(faults) }
}

/// Writes rows in the wording that [`read_notice`] reads, one line a holiday.
pub fn write_notice(year: i32, rows: &[CalendarRow]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for row in rows.iter().filter(|row| !row.name.is_empty()) {
        if !names.contains(&row.name.as_str()) {
            names.push(&row.name);
        }
    }
    let mut text = String::new();
    for name in names {
        let days =
            |kind| rows.iter().filter(move |row| row.name == name && row.kind == kind).map(|row| row.day);
        let _ = write!(text, "{name}：");
        let spans: Vec<String> =
            spans(days(DayKind::Holiday)).iter().map(|span| span_words(year, *span)).collect();
        if !spans.is_empty() {
            let _ = write!(text, "{}放假。", spans.join("、"));
        }
        let work: Vec<String> = days(DayKind::Workday).map(|day| day_words(year, day)).collect();
        if !work.is_empty() {
            let _ = write!(text, "{}上班。", work.join("、"));
        }
        text.push('\n');
    }
    text
}

/// Neighbouring days together.
fn spans(days: impl Iterator<Item = Day>) -> Vec<(Day, Day)> {
    let mut spans: Vec<(Day, Day)> = Vec::new();
    for day in days {
        match spans.last_mut() {
            Some((_, last)) if last.plus_days(1) == day => *last = day,
            _ => spans.push((day, day)),
        }
    }
    spans
}

fn span_words(year: i32, (first, last): (Day, Day)) -> String {
    if first == last {
        return day_words(year, first);
    }
    format!("{}至{}", day_words(year, first), day_words(year, last))
}

fn day_words(year: i32, day: Day) -> String {
    let (own, month, day) = day.ymd();
    if own == year { format!("{month}月{day}日") } else { format!("{own}年{month}月{day}日") }
}

/// The rows of a line; none for a line without a date, such as the notice's opening sentence.
fn read_line(year: i32, line: &str) -> Result<Vec<CalendarRow>, String> {
    let line = without_ordinal(line.trim());
    let says = ["放假", "上班", "补班", "休"].iter().any(|word| line.contains(word));
    let has_date = line.contains('月') && line.contains('日') || line.contains('-');
    if !line.contains(|c: char| c.is_ascii_digit()) || !has_date {
        return match says && line.contains('月') {
            true => Err("没有读到日期，请写成“2月15日至23日放假”。".to_owned()),
            false => Ok(Vec::new()),
        };
    }
    // The day on which the notice was signed stands alone.
    if !says && !line.contains(['：', ':']) {
        return Ok(Vec::new());
    }
    let end = line.find(|c: char| c.is_ascii_digit()).unwrap_or(line.len());
    let name = line[..end].trim_matches(|c: char| c.is_whitespace() || "：:，,。、".contains(c));
    if name.is_empty() {
        return Err("行首没有写节日名称，请写成“春节：2月15日至23日放假”。".to_owned());
    }
    if name.chars().count() > HOLIDAY_NAME_CHARS_MAX {
        return Err(format!("节日名称最多{HOLIDAY_NAME_CHARS_MAX}个字，请每行写一个节日。"));
    }
    let mut reader = Reader { year, month: None, rows: Vec::new(), name };
    let mut said = None;
    for piece in pieces(&line[end..]) {
        if let Some(count) = total(&piece) {
            said = Some(count);
        } else {
            reader.piece(&piece)?;
        }
    }
    let off = reader.rows.iter().filter(|row| row.kind == DayKind::Holiday).count();
    match said {
        Some(said) if said != off => Err(format!("写的是共{said}天，按日期算是{off}天，请核对。")),
        _ => Ok(reader.rows),
    }
}

fn without_ordinal(line: &str) -> &str {
    let rest = line.trim_start_matches(|c: char| "（(一二三四五六七八九十".contains(c));
    match rest.strip_prefix(['、', '）', ')', '.', '．']) {
        Some(rest) => rest.trim_start_matches(['、', ' ']),
        None => line,
    }
}

/// Parts between full stops, commas and semicolons; what stands in brackets belongs to its part.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut depth = 0_i32;
    for letter in text.chars() {
        match letter {
            '（' | '(' => depth += 1,
            '）' | ')' => depth -= 1,
            _ => {}
        }
        if depth <= 0 && matches!(letter, '。' | '，' | ',' | '；' | ';') {
            pieces.push(String::new());
        } else if let Some(last) = pieces.last_mut() {
            last.push(letter);
        }
    }
    pieces
}

/// The number of 共9天.
fn total(piece: &str) -> Option<usize> {
    let rest = piece.trim().strip_prefix('共')?;
    rest.trim_end_matches('天').trim().parse().ok()
}

struct Reader<'a> {
    year: i32,
    /// The month last named; 至23日 and 、28日 go on with it.
    month: Option<(i32, u32)>,
    rows: Vec<CalendarRow>,
    name: &'a str,
}

impl Reader<'_> {
    fn piece(&mut self, piece: &str) -> Result<(), String> {
        let kind = if piece.contains("上班") || piece.contains("补班") {
            DayKind::Workday
        } else {
            DayKind::Holiday
        };
        let mut last: Option<Day> = None;
        let mut ranging = false;
        let mut rest = piece;
        while let Some(letter) = rest.chars().next() {
            if let Some(inside) = rest.strip_prefix(['（', '(']) {
                let close = inside.find(['）', ')']).unwrap_or(inside.len());
                self.check_weekday(last, &inside[..close])?;
                rest = inside.get(close..).unwrap_or_default().trim_start_matches(['）', ')']);
            } else if letter.is_ascii_digit() {
                let (day, after) = self.date(rest)?;
                if let Some(day) = day {
                    let from = last.filter(|_| ranging).map_or(day, |from| from.plus_days(1));
                    let day = self.after_new_year(from, day, ranging);
                    self.span(from, day, kind)?;
                    (last, ranging) = (Some(day), false);
                }
                rest = after;
            } else {
                ranging |= last.is_some() && matches!(letter, '至' | '到' | '—' | '－' | '~' | '～' | '-');
                rest = &rest[letter.len_utf8()..];
            }
        }
        Ok(())
    }

    /// 12月31日至1月2日: the end lies in the next year.
    fn after_new_year(&mut self, from: Day, day: Day, ranging: bool) -> Day {
        if !ranging || day >= from {
            return day;
        }
        let (year, month, number) = day.ymd();
        let Some(next) = Day::from_ymd(year + 1, month, number) else { return day };
        self.month = Some((year + 1, month));
        next
    }

    /// One date at the beginning of the text, and what follows; no date for a lone year (2026年) or month.
    fn date<'t>(&mut self, text: &'t str) -> Result<(Option<Day>, &'t str), String> {
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (digits, rest) = text.split_at(end);
        let number: i32 = digits.parse().map_err(|_| format!("“{digits}”不是日期。"))?;
        if digits.len() == 4 && rest.starts_with(['-', '/', '.']) {
            return self.full_date(text);
        }
        if let Some(rest) = rest.strip_prefix('年') {
            self.month = Some((number, 0));
            return Ok((None, rest));
        }
        let year = self.month.map_or(self.year, |(year, _)| year);
        if let Some(rest) = rest.strip_prefix('月') {
            self.month = Some((year, u32::try_from(number).unwrap_or(0)));
            return Ok((None, rest));
        }
        let Some(rest) = rest.strip_prefix(['日', '号']) else {
            return Err(format!("“{digits}”后面没有“年”“月”或“日”，请写成“2月15日”。"));
        };
        let month = self.month.map_or(0, |(_, month)| month);
        let day = Day::from_ymd(year, month, u32::try_from(number).unwrap_or(0));
        match day {
            Some(day) => Ok((Some(day), rest)),
            None => Err(format!("{year}年没有{month}月{number}日，请核对。")),
        }
    }

    fn full_date<'t>(&mut self, text: &'t str) -> Result<(Option<Day>, &'t str), String> {
        let end =
            text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '-' | '/' | '.')).unwrap_or(text.len());
        let (written, rest) = text.split_at(end);
        let day = Day::parse(&written.replace(['/', '.'], "-"))
            .map_err(|_| format!("“{written}”不是有效日期，请写成“2月15日”或“2026-02-15”。"))?;
        let (year, month, _) = day.ymd();
        self.month = Some((year, month));
        Ok((Some(day), rest))
    }

    fn span(&mut self, first: Day, last: Day, kind: DayKind) -> Result<(), String> {
        let near = |day: Day| (day.year() - self.year).abs() <= 1;
        if !near(first) || !near(last) {
            return Err(format!("{}不在{}年前后，请核对年份。", last.in_chinese(), self.year));
        }
        if last < first || last.minus(first) >= HOLIDAY_DAYS_MAX {
            return Err(format!("{}至{}不像一个假期，请核对日期。", first.in_chinese(), last.in_chinese()));
        }
        for count in 0..=last.minus(first) {
            let day = first.plus_days(count);
            if kind == DayKind::Workday && !day.is_weekend() {
                return Err(format!("{}不是周末，本来就上班，请核对调休日期。", day.in_chinese()));
            }
            self.rows.push(CalendarRow { day, kind, name: self.name.to_owned() });
        }
        Ok(())
    }

    /// A weekday in brackets that is not that of the date: most often the notice of another year.
    fn check_weekday(&self, day: Option<Day>, inside: &str) -> Result<(), String> {
        let Some(day) = day else { return Ok(()) };
        let at = inside
            .find("周")
            .map(|at| at + "周".len())
            .or_else(|| inside.find("星期").map(|at| at + "星期".len()));
        let Some(letter) = at.and_then(|at| inside[at..].chars().next()) else { return Ok(()) };
        let names = ['一', '二', '三', '四', '五', '六', '日'];
        let own = usize::try_from(day.days_after_monday()).ok().and_then(|at| names.get(at)).copied();
        if !names.contains(&letter) || own == Some(letter) {
            return Ok(());
        }
        let own = own.unwrap_or('？');
        Err(format!(
            "{}是周{own}，文字中写的是周{letter}，请核对是不是{}年的通知。",
            day.in_chinese(),
            self.year
        ))
    }
}
