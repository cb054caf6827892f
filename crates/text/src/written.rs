//! On which day a text was written, as it says itself, and days reckoned from that day.

use jiff::Span;
use jiff::civil::Date;

use crate::lexicon::{any, stands};
use crate::numbers::number_at;
use crate::segment::is_blank;

/// Lines at the head of a text among which its day is looked for.
const HEAD_LINES: usize = 6;
/// Lines at its end: 抄送 and 印发 may stand behind the sign-off.
const LAST_LINES: usize = 4;
/// Longest line that may hold the day, in code points.
const MAX_LINE: usize = 40;
/// How long past a month or day without a year may lie and still be of the year of the text, in days.
const PAST_DAYS: i32 = 60;

/// The day of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IssueDay(Date);

impl IssueDay {
    /// A day of the calendar; nothing where the month has no such day.
    ///
    /// ```
    /// assert!(bihuan_text::IssueDay::new(2026, 11, 20).is_some());
    /// assert!(bihuan_text::IssueDay::new(2026, 2, 29).is_none());
    /// ```
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        let year = i16::try_from(year).ok().filter(|year| *year > 0)?;
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok().map(Self)
    }

    pub(crate) fn year(self) -> i32 {
        i32::from(self.0.year())
    }

    pub(crate) fn month(self) -> u32 {
        self.0.month().unsigned_abs().into()
    }

    /// The day of the week, Sunday being 0.
    pub(crate) fn day_of_week(self) -> usize {
        self.0.weekday().to_sunday_zero_offset().unsigned_abs().into()
    }

    /// The same as YYYY-MM-DD.
    pub(crate) fn written(self) -> String {
        self.0.to_string()
    }

    /// Reads YYYY-MM-DD.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        Self::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    }

    /// So many days later.
    pub(crate) fn plus_days(self, days: u32) -> Option<Self> {
        self.0.checked_add(Span::new().try_days(days).ok()?).ok().map(Self)
    }

    /// So many months later, on the last day where the month is shorter.
    pub(crate) fn plus_months(self, months: u32) -> Option<Self> {
        self.0.checked_add(Span::new().try_months(months).ok()?).ok().map(Self)
    }

    /// The same day of the next year.
    pub(crate) fn next_year(self) -> Option<Self> {
        self.plus_months(12)
    }

    /// Whether a day lies so far back that a limit set on this day does not mean it.
    pub(crate) fn long_past(self, day: Self) -> bool {
        (self.0 - day.0).get_days() > PAST_DAYS
    }
}

/// The day of a line that holds it and little else, at the head of the text or at its end: （2023年9月12日）.
pub(crate) fn written_in(chars: &[char]) -> Option<IssueDay> {
    let lines: Vec<&[char]> = lines(chars).collect();
    let first = lines.iter().take(HEAD_LINES);
    first.chain(lines.iter().rev().take(LAST_LINES)).find_map(|line| dated_line(line))
}

/// The day with which one of the first lines begins: 2026年11月20日，县委召开……. Less sure than a line of its own.
pub(crate) fn opening_day(chars: &[char]) -> Option<IssueDay> {
    lines(chars).take(HEAD_LINES).find_map(|line| {
        let from = line.iter().position(|c| !outer(*c))?;
        let (day, end) = full_date(line, from)?;
        (!limits(line, end)).then_some(day)
    })
}

fn lines(chars: &[char]) -> impl Iterator<Item = &[char]> {
    chars.split(|c| *c == '\n').filter(|line| line.iter().any(|c| !c.is_whitespace()))
}

fn outer(c: char) -> bool {
    c.is_whitespace() || matches!(c, '（' | '）' | '(' | ')' | '〔' | '〕')
}

/// The day of a line that begins or ends with it and asks nothing: 云溪县水利局 2026年11月20日, （2026年11月20日，根据录音整理）.
fn dated_line(line: &[char]) -> Option<IssueDay> {
    let from = line.iter().position(|c| !outer(*c))?;
    let bracketed = from > 0 && matches!(line[from - 1], '（' | '(');
    if line.len() - from > MAX_LINE || any(line, from, line.len(), "。 ； ： : ; 施行 截止 有效") {
        return None;
    }
    if let Some((day, end)) = full_date(line, from) {
        let free = line.get(end).is_none_or(|c| outer(*c) || bracketed && *c == '，');
        return (free || stands(line, end, "印发") || stands(line, end, "讲话")).then_some(day);
    }
    let end = line.iter().rposition(|c| !outer(*c))? + 1;
    let end = end - if stands(line, end.saturating_sub(2), "印发") { 2 } else { 0 };
    // A name and the day are parted: by a space, a bracket or the name's own last character.
    (from + 1..end).find_map(|at| {
        let parted =
            is_blank(line[at - 1]) || outer(line[at - 1]) || "局委办院厅府部会组室".contains(line[at - 1]);
        full_date(line, at).filter(|(_, to)| parted && *to == end).map(|(day, _)| day)
    })
}

/// Whether what stands behind a day makes it a limit or a stretch of time.
fn limits(line: &[char], end: usize) -> bool {
    ["前", "之前", "以前", "至", "到", "起", "—", "-"].iter().any(|w| stands(line, end, w))
}

/// 2026年11月20日, 二〇二六年十一月二十日: the day and where it ends.
fn full_date(line: &[char], at: usize) -> Option<(IssueDay, usize)> {
    if at > 0 && line[at - 1].is_ascii_digit() {
        return None;
    }
    let digit = |c: char| match c {
        '〇' | '○' | '零' | 'Ｏ' => Some(0),
        _ => {
            c.to_digit(10).or_else(|| "一二三四五六七八九".chars().position(|d| d == c).map(|i| i as u32 + 1))
        }
    };
    let year = line.get(at..at + 4)?.iter().try_fold(0, |sum, c| Some(sum * 10 + digit(*c)?))?;
    let month = number_at(line, at + 5).filter(|n| line.get(n.end) == Some(&'月') && line[at + 4] == '年')?;
    let day = number_at(line, month.end + 1).filter(|n| line.get(n.end) == Some(&'日'))?;
    let found = IssueDay::new(year as i32, month.value as u32, day.value as u32)?;
    Some((found, day.end + 1))
}

#[cfg(test)]
mod tests {
    use super::{IssueDay, written_in};

    fn day(year: i32, month: u32, day: u32) -> IssueDay {
        IssueDay::new(year, month, day).expect("a day")
    }

    #[test]
    fn days_and_months_are_reckoned_over_the_ends_of_years() {
        assert_eq!(day(2026, 12, 25).plus_days(14), Some(day(2027, 1, 8)));
        assert_eq!(
            (day(2026, 12, 25).plus_days(u32::MAX), day(2026, 12, 25).plus_months(u32::MAX)),
            (None, None)
        );
        assert_eq!(day(2026, 1, 31).plus_months(1), Some(day(2026, 2, 28)));
        assert_eq!(day(2024, 2, 29).next_year(), Some(day(2025, 2, 28)));
        assert!(day(2026, 11, 20).long_past(day(2026, 1, 10)));
        assert!(!day(2026, 11, 20).long_past(day(2026, 10, 10)));
    }

    #[test]
    fn the_day_of_a_text_stands_at_its_head_or_its_end() {
        let cases = [
            ("会议讲话\n（2026年11月20日）\n同志们：", Some(day(2026, 11, 20))),
            ("会议讲话\n（2026年11月20日，根据录音整理）\n同志们：", Some(day(2026, 11, 20))),
            (
                "关于整改的通知\n各乡镇：\n要抓好整改。\n云溪县水利局\n二〇二六年十一月二十日\n",
                Some(day(2026, 11, 20)),
            ),
            ("水利简报\n云溪县水利局办公室 2026年11月20日\n工作动态", Some(day(2026, 11, 20))),
            ("关于整改的通知\n报送时限：2026年11月20日\n", None),
            ("关于整改的通知\n2027年1月10日前完成整改\n", None),
            ("9999年99月99日\n2026年2月30日", None),
        ];
        for (text, wanted) in cases {
            assert_eq!(written_in(&text.chars().collect::<Vec<_>>()), wanted, "{text}");
        }
    }
}
