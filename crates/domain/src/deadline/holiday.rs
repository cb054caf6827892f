//! Holidays as deadlines: 春节前, 国庆节前, 中秋假期期间. Those on a fixed day are known for ever, the others from the calendar.

use crate::calendar::DayKind;
use crate::day::Day;

use super::item::Item;
use super::scan::Cursor;
use super::{DeadlineKind, Surroundings};

/// Written name, name in the calendar, and month and day where the day is fixed.
type Known = (&'static str, &'static str, Option<(u32, u32)>);

const HOLIDAYS: [Known; 15] = [
    ("元旦", "元旦", Some((1, 1))),
    ("劳动节", "劳动节", Some((5, 1))),
    ("五一", "劳动节", Some((5, 1))),
    ("国庆", "国庆节", Some((10, 1))),
    ("十一", "国庆节", Some((10, 1))),
    ("七一", "", Some((7, 1))),
    ("八一", "", Some((8, 1))),
    ("五四", "", Some((5, 4))),
    ("春节", "春节", None),
    ("新春", "春节", None),
    ("清明", "清明节", None),
    ("端午", "端午节", None),
    ("中秋", "中秋节", None),
    ("元宵", "元宵节", None),
    ("重阳", "重阳节", None),
];

/// Reads a holiday with an optional year before it.
pub(super) fn holiday(cursor: &mut Cursor<'_>, around: &Surroundings<'_>) -> Option<Item> {
    let start = *cursor;
    let found = read(cursor, around);
    if found.is_none() {
        *cursor = start;
    }
    found
}

fn read(cursor: &mut Cursor<'_>, around: &Surroundings<'_>) -> Option<Item> {
    if !cursor.before().is_some_and(|before| before.is_ascii_digit() || super::scan::is_numeral(before))
        && cursor.eat_any(&["年前", "年关前"]).is_some()
    {
        return Some(Item::doubtful(
            DeadlineKind::Holiday,
            "“年前”没有写明是元旦前还是春节前，请填写具体日期",
        ));
    }
    let year = year_before(cursor, around.issued);
    let (written, name, fixed) = HOLIDAYS.iter().find(|(written, ..)| cursor.eat(written))?;
    cursor.eat("节");
    let week = cursor.eat_any(&["假期", "假日", "小长假", "长假", "黄金周", "放假"]).is_some();
    let side = cursor.eat_any(&["前夕", "之前", "以前", "前后", "前", "期间", "之后", "以后", "后"]);
    if *written == "十一" && side.is_none() {
        return None;
    }
    let unknown = |why: &str| {
        Item::doubtful(
            DeadlineKind::Holiday,
            format!("“{written}{}”{why}，请填写具体日期", side.unwrap_or("")),
        )
    };
    let day = match side {
        Some("后" | "之后" | "以后") => return Some(unknown("只说在其后，没有截止日")),
        Some("前后") => return Some(unknown("不是确定的日期")),
        Some("期间") | None if week || side.is_some() => last_of(around, name, year),
        Some(_) => first_of(around, name, *fixed, year).map(|day| day.plus_days(-1)),
        None => first_of(around, name, *fixed, year),
    };
    Some(match day {
        Some(day) => Item { year_inferred: year.is_none(), ..Item::new(DeadlineKind::Holiday, Some(day)) },
        None => unknown("的日期不在工作日历中"),
    })
}

fn year_before(cursor: &mut Cursor<'_>, issued: Day) -> Option<i32> {
    let start = *cursor;
    for (word, step) in [("今年", 0), ("明年", 1), ("本年", 0)] {
        if cursor.eat(word) {
            return Some(issued.year() + step);
        }
    }
    if let Some(number) = cursor.number().filter(|number| number.digits == 4)
        && cursor.eat("年")
    {
        return i32::try_from(number.value).ok();
    }
    *cursor = start;
    None
}

/// The holiday's day in the year meant; without a year the next one not before the issue day.
fn first_of(
    around: &Surroundings<'_>,
    name: &str,
    fixed: Option<(u32, u32)>,
    year: Option<i32>,
) -> Option<Day> {
    let after = around.issued.plus_days(1);
    if let Some((month, day)) = fixed {
        let mut years = match year {
            Some(year) => year..=year,
            None => around.issued.year()..=around.issued.year() + 1,
        };
        return years
            .find_map(|of| Day::from_ymd(of, month, day).filter(|found| year.is_some() || *found >= after));
    }
    in_calendar(around, name, year, after).next()
}

fn last_of(around: &Surroundings<'_>, name: &str, year: Option<i32>) -> Option<Day> {
    let mut days = in_calendar(around, name, year, around.issued);
    let first = days.next()?;
    Some(days.take_while(|day| day.minus(first) < 15).last().unwrap_or(first))
}

fn in_calendar<'a>(
    around: &'a Surroundings<'_>,
    name: &'a str,
    year: Option<i32>,
    after: Day,
) -> impl Iterator<Item = Day> + 'a {
    around
        .calendar
        .rows()
        .filter(move |row| row.kind == DayKind::Holiday && !name.is_empty() && row.name.contains(name))
        .map(|row| row.day)
        .filter(move |day| year.map_or(*day >= after, |year| day.year() == year))
}
