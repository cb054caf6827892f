//! The working-day calendar: Monday to Friday, corrected by the yearly holiday arrangement, and nothing beyond it.

mod notice;

pub use notice::{
    HOLIDAY_DAYS_MAX, HOLIDAY_NAME_CHARS_MAX, NOTICE_CHARS_MAX, NoticeFault, read_notice, write_notice,
};

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::day::Day;

/// A year counts as held only when at least this many days of it are holidays: every yearly arrangement
/// names at least eleven statutory days off, and a half-entered year must not be reckoned with.
pub const MIN_HOLIDAYS_OF_A_HELD_YEAR: usize = 11;

/// The month from which a missing next year is pointed out: the notice appears in late October or November.
pub const FIRST_MONTH_OF_WARNING: u32 = 11;

/// The widest calendar, in years from first to last.
pub const MAX_YEARS: i32 = 200;

/// What a row of the calendar makes of its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// A day off, whatever its weekday.
    Holiday,
    /// A working day, usually a weekend day worked in exchange.
    Workday,
}

impl DayKind {
    /// The code used in files and tables.
    pub fn code(self) -> &'static str {
        match self {
            DayKind::Holiday => "holiday",
            DayKind::Workday => "workday",
        }
    }

    /// Reads the code; nothing for any other text.
    pub fn from_code(code: &str) -> Option<DayKind> {
        match code {
            "holiday" => Some(DayKind::Holiday),
            "workday" => Some(DayKind::Workday),
            _ => None,
        }
    }
}

/// One row of the calendar, as an operator edits it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarRow {
    /// The day that differs from its weekday, or a weekend day inside a holiday.
    pub day: Day,
    /// Off or worked.
    pub kind: DayKind,
    /// The holiday it belongs to, such as 春节.
    pub name: String,
}

/// Why the calendar cannot answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// The day lies in a year whose arrangement is not held.
    #[error(
        "工作日历现有{first}年至{last}年的放假安排，最后一年是{last}年，无法判断{}是否为工作日；请管理员在“日历”中补充{}年的放假和调休安排",
        .asked.in_chinese(), .asked.year()
    )]
    YearNotHeld {
        /// The day asked about.
        asked: Day,
        /// First year held.
        first: i32,
        /// Last year held.
        last: i32,
    },
    /// No year is held at all.
    #[error("工作日历为空，请管理员在“日历”中录入放假和调休安排")]
    Empty,
    /// Two rows disagree about one day.
    #[error("工作日历中{}既是放假又是上班，请保留其中一条", .0.in_chinese())]
    Contradiction(Day),
    /// Rows lie too far apart to be a calendar.
    #[error("工作日历的年份跨度超过{MAX_YEARS}年，请检查日期是否写错")]
    TooWide,
    /// The data text is not a calendar.
    #[error("工作日历数据无法读取：{0}")]
    BadData(String),
}

impl CalendarError {
    /// A stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            CalendarError::YearNotHeld { .. } => "calendar_year_not_held",
            CalendarError::Empty => "calendar_empty",
            CalendarError::Contradiction(_) => "calendar_contradiction",
            CalendarError::TooWide => "calendar_too_wide",
            CalendarError::BadData(_) => "calendar_bad_data",
        }
    }
}

/// Working days of the years held. Every question is answered in constant time from sums made once.
#[derive(Debug, Clone)]
pub struct Calendar {
    rows: BTreeMap<Day, (DayKind, String)>,
    /// Whether each year from `first_year` on is held.
    held: Vec<bool>,
    first_year: i32,
    first_day: Day,
    /// `before[i]`: working days from `first_day` up to but not including `first_day + i`.
    before: Vec<i32>,
    /// The working days in order, as offsets from `first_day`.
    working: Vec<i32>,
}

#[derive(Deserialize)]
struct DataFile {
    year: Vec<DataYear>,
}

#[derive(Deserialize)]
struct DataYear {
    holidays: Vec<DataHoliday>,
}

#[derive(Deserialize)]
struct DataHoliday {
    name: String,
    off: [Day; 2],
    work: Vec<Day>,
}

static CHINA: LazyLock<Calendar> = LazyLock::new(|| {
    Calendar::parse(include_str!("calendar/china.toml"))
        .expect("BUG: the built-in calendar is checked by a test")
});

impl Calendar {
    /// The arrangement of the State Council for the years this program was released with.
    pub fn china() -> &'static Calendar {
        &CHINA
    }

    /// Reads a data text: `[[year]]` tables whose `holidays` give `name`, `off` (first and last day) and `work`.
    ///
    /// # Errors
    /// Text of another shape, and everything `from_rows` refuses.
    pub fn parse(text: &str) -> Result<Calendar, CalendarError> {
        let file: DataFile =
            toml::from_str(text).map_err(|error| CalendarError::BadData(error.message().to_string()))?;
        let mut rows = Vec::new();
        for holiday in file.year.into_iter().flat_map(|year| year.holidays) {
            let [first, last] = holiday.off;
            let mut day = first;
            while day <= last && rows.len() < 366 * usize::try_from(MAX_YEARS).unwrap_or(0) {
                rows.push(CalendarRow { day, kind: DayKind::Holiday, name: holiday.name.clone() });
                day = day.plus_days(1);
            }
            rows.extend(holiday.work.into_iter().map(|day| CalendarRow {
                day,
                kind: DayKind::Workday,
                name: holiday.name.clone(),
            }));
        }
        Self::from_rows(rows)
    }

    /// Builds a calendar from all of its rows. A year is held when at least `MIN_HOLIDAYS_OF_A_HELD_YEAR` of
    /// its days are holidays.
    ///
    /// # Errors
    /// No year held, two rows that disagree about a day, or a span wider than `MAX_YEARS`.
    pub fn from_rows(rows: impl IntoIterator<Item = CalendarRow>) -> Result<Calendar, CalendarError> {
        let mut by_day: BTreeMap<Day, (DayKind, String)> = BTreeMap::new();
        for row in rows {
            if by_day.get(&row.day).is_some_and(|(kind, _)| *kind != row.kind) {
                return Err(CalendarError::Contradiction(row.day));
            }
            by_day.insert(row.day, (row.kind, row.name));
        }
        Self::build(by_day)
    }

    /// The same calendar with some days set anew; a row for a day already there replaces it.
    ///
    /// # Errors
    /// As `from_rows`.
    pub fn with_overrides(
        &self,
        rows: impl IntoIterator<Item = CalendarRow>,
    ) -> Result<Calendar, CalendarError> {
        let mut by_day = self.rows.clone();
        let mut fresh: BTreeMap<Day, DayKind> = BTreeMap::new();
        for row in rows {
            if fresh.insert(row.day, row.kind).is_some_and(|kind| kind != row.kind) {
                return Err(CalendarError::Contradiction(row.day));
            }
            by_day.insert(row.day, (row.kind, row.name));
        }
        Self::build(by_day)
    }

    fn build(rows: BTreeMap<Day, (DayKind, String)>) -> Result<Calendar, CalendarError> {
        let mut holidays: BTreeMap<i32, usize> = BTreeMap::new();
        for (day, (kind, _)) in &rows {
            if *kind == DayKind::Holiday {
                *holidays.entry(day.year()).or_default() += 1;
            }
        }
        holidays.retain(|_, count| *count >= MIN_HOLIDAYS_OF_A_HELD_YEAR);
        let (Some((&first_year, _)), Some((&last_year, _))) =
            (holidays.first_key_value(), holidays.last_key_value())
        else {
            return Err(CalendarError::Empty);
        };
        if last_year - first_year >= MAX_YEARS {
            return Err(CalendarError::TooWide);
        }
        let held = (first_year..=last_year).map(|year| holidays.contains_key(&year)).collect();
        let (Some(first_day), Some(last_day)) =
            (Day::from_ymd(first_year, 1, 1), Day::from_ymd(last_year, 12, 31))
        else {
            return Err(CalendarError::TooWide);
        };
        let mut before = vec![0];
        let mut working = Vec::new();
        for offset in 0..=last_day.minus(first_day) {
            let day = first_day.plus_days(offset);
            let works = match rows.get(&day) {
                Some((kind, _)) => *kind == DayKind::Workday,
                None => !day.is_weekend(),
            };
            if works {
                working.push(offset);
            }
            before.push(i32::try_from(working.len()).unwrap_or(i32::MAX));
        }
        Ok(Calendar { rows, held, first_year, first_day, before, working })
    }

    /// All rows, by day: what an operator sees and edits.
    pub fn rows(&self) -> impl Iterator<Item = CalendarRow> + '_ {
        self.rows.iter().map(|(day, (kind, name))| CalendarRow { day: *day, kind: *kind, name: name.clone() })
    }

    /// The rows of a year.
    pub fn rows_of(&self, year: i32) -> Vec<CalendarRow> {
        self.rows().filter(|row| row.day.year() == year).collect()
    }

    /// Rows to be kept over this calendar so that the days of `year`, and other days that `wanted` names, are as
    /// `wanted` says. A day that this calendar sets apart and `wanted` does not becomes an ordinary day again: its row
    /// has no name.
    pub fn overrides_for(&self, year: i32, wanted: &[CalendarRow]) -> Vec<CalendarRow> {
        let mut rows: Vec<CalendarRow> = wanted
            .iter()
            .filter(|row| self.name_of(row.day) != Some((row.kind, row.name.as_str())))
            .cloned()
            .collect();
        let names = |day| wanted.iter().any(|row| row.day == day);
        rows.extend(self.rows_of(year).into_iter().filter(|row| !names(row.day)).map(|row| {
            let kind = if row.day.is_weekend() { DayKind::Holiday } else { DayKind::Workday };
            CalendarRow { day: row.day, kind, name: String::new() }
        }));
        rows.sort_by_key(|row| row.day);
        rows
    }

    /// What an administrator must do soon: from 1 November on, the next year's arrangement should be held.
    pub fn missing_year(&self, today: Day) -> Option<i32> {
        let (year, month, _) = today.ymd();
        let held = self.years();
        if !held.contains(&year) {
            return Some(year);
        }
        (month >= FIRST_MONTH_OF_WARNING && !held.contains(&(year + 1))).then_some(year + 1)
    }

    /// The years held, in order.
    pub fn years(&self) -> Vec<i32> {
        (self.first_year..).zip(&self.held).filter(|(_, held)| **held).map(|(year, _)| year).collect()
    }

    /// The last year held.
    pub fn last_year(&self) -> i32 {
        self.first_year + i32::try_from(self.held.len()).unwrap_or(0) - 1
    }

    /// The holiday a day belongs to, when a row names one.
    pub fn name_of(&self, day: Day) -> Option<(DayKind, &str)> {
        self.rows.get(&day).map(|(kind, name)| (*kind, name.as_str()))
    }

    /// The offset of a day whose year is held.
    fn offset(&self, day: Day) -> Result<usize, CalendarError> {
        let year = usize::try_from(day.year() - self.first_year).ok();
        if year.and_then(|year| self.held.get(year)) != Some(&true) {
            return Err(self.not_held(day));
        }
        usize::try_from(day.minus(self.first_day)).map_err(|_| self.not_held(day))
    }

    fn not_held(&self, asked: Day) -> CalendarError {
        CalendarError::YearNotHeld { asked, first: self.first_year, last: self.last_year() }
    }

    /// Refuses when a year from `from` to `to` is not held.
    fn check_years(&self, from: Day, to: Day) -> Result<(), CalendarError> {
        for year in from.year()..=to.year() {
            let day = Day::from_ymd(year, 1, 1).unwrap_or(from);
            self.offset(if year == from.year() { from } else { day })?;
        }
        Ok(())
    }

    /// Whether people work on this day.
    ///
    /// # Errors
    /// The day's year is not held.
    pub fn is_working_day(&self, day: Day) -> Result<bool, CalendarError> {
        let offset = self.offset(day)?;
        Ok(self.before[offset + 1] > self.before[offset])
    }

    /// The `count`-th working day after `day` (before it when negative). The day itself is not counted, as
    /// official periods begin on the following day; `0` gives the day itself.
    ///
    /// # Errors
    /// The answer would lie in a year that is not held.
    pub fn add_working_days(&self, day: Day, count: i32) -> Result<Day, CalendarError> {
        let offset = self.offset(day)?;
        if count == 0 {
            return Ok(day);
        }
        // Rank of the answer among the working days: those up to and including `day` come first.
        let rank = if count > 0 {
            self.before[offset + 1].saturating_add(count - 1)
        } else {
            self.before[offset].saturating_add(count)
        };
        let found = usize::try_from(rank).ok().and_then(|rank| self.working.get(rank));
        let Some(found) = found else {
            let beyond = if count > 0 { self.last_year() + 1 } else { self.first_year - 1 };
            return Err(self.not_held(Day::from_ymd(beyond, 1, 1).unwrap_or(day)));
        };
        let answer = self.first_day.plus_days(*found);
        self.check_years(day.min(answer), day.max(answer))?;
        Ok(answer)
    }

    /// Working days after `from` up to and including `to`; when `to` is earlier, minus those from `to` up to but
    /// not including `from`. So the answer of `add_working_days(day, n)` is always `n` working days away.
    ///
    /// # Errors
    /// A year in between is not held.
    pub fn working_days_between(&self, from: Day, to: Day) -> Result<i32, CalendarError> {
        self.check_years(from.min(to), from.max(to))?;
        if to < from {
            return Ok(self.before[self.offset(to)?] - self.before[self.offset(from)?]);
        }
        Ok(self.before[self.offset(to)? + 1] - self.before[self.offset(from)? + 1])
    }
}
