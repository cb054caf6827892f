//! Days, instants and the working-day calendar.

use bihuan_domain::calendar::{Calendar, CalendarError, CalendarRow, DayKind, MIN_HOLIDAYS_OF_A_HELD_YEAR};
use bihuan_domain::day::{Day, Instant, Weekday};
use proptest::prelude::*;

use crate::shared_file;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

#[test]
fn a_day_is_iso_text_outside_and_a_number_inside() {
    let day = day("2023-09-04");
    assert_eq!(day.to_string(), "2023-09-04");
    assert_eq!(day.in_chinese(), "2023年9月4日");
    assert_eq!(day.ymd(), (2023, 9, 4));
    assert_eq!(day.weekday(), Weekday::Monday);
    assert_eq!(serde_json::to_string(&day).unwrap(), "\"2023-09-04\"");
    assert_eq!(serde_json::from_str::<Day>("\"2023-09-04\"").unwrap(), day);
    assert_eq!(Day::parse("1970-01-01").unwrap().days(), 0);
}

#[test]
fn text_that_is_no_day_is_refused_with_the_form_to_use() {
    for text in ["", "2023-9-4", "2023-02-29", "2023/09/04", "二〇二三年", "0000-01-01", "2023-09-04 "] {
        let error = Day::parse(text).unwrap_err().to_string();
        assert!(error.contains("2023-09-04 的格式"), "{text}: {error}");
    }
}

#[test]
fn the_first_and_the_last_day_are_the_edges() {
    assert_eq!(Day::MIN.to_string(), "0001-01-01");
    assert_eq!(Day::MAX.to_string(), "9999-12-31");
    assert_eq!(Day::MAX.plus_days(1), Day::MAX);
    assert_eq!(Day::MIN.plus_days(-1), Day::MIN);
    assert_eq!(Day::from_days(Day::MAX.days() + 1), None);
    assert_eq!(Day::MAX.plus_months(1), Day::MAX);
    assert_eq!(Day::last_of_month(9999, 12), Some(Day::MAX));
}

#[test]
fn a_month_later_stays_within_the_month() {
    assert_eq!(day("2024-01-31").plus_months(1), day("2024-02-29"));
    assert_eq!(day("2023-12-15").plus_months(-12), day("2022-12-15"));
    assert_eq!(Day::last_of_month(2023, 2), Some(day("2023-02-28")));
    assert_eq!(Day::last_of_month(2023, 13), None);
}

#[test]
fn an_instant_falls_on_the_china_day_whatever_utc_says() {
    let late = Instant::parse_rfc3339("2023-09-03T16:00:00Z").unwrap();
    assert_eq!(late.day_in_china(), day("2023-09-04"));
    assert_eq!(late.plus_seconds(-1).day_in_china(), day("2023-09-03"));
    assert_eq!(late, day("2023-09-04").starts_at());
    assert_eq!(late.plus_seconds(61).in_china(), "2023-09-04 00:01");
    assert_eq!(late.in_chinese(), "2023年9月4日0时00分");
    assert_eq!(late.to_rfc3339(), "2023-09-04T00:00:00+08:00");
    assert_eq!(Instant::from_micros(i64::MAX).day_in_china(), Day::MAX);
    assert_eq!(Instant::from_micros(i64::MIN).day_in_china(), Day::MIN);
}

#[test]
fn the_built_in_calendar_agrees_with_the_published_facts() {
    let Some(text) = shared_file("data/holidays-cn.csv") else { return };
    let expected: Vec<CalendarRow> = text
        .lines()
        .skip(1)
        .map(|line| {
            let mut parts = line.split(',');
            let mut next = || parts.next().unwrap();
            CalendarRow {
                day: day(next()),
                kind: DayKind::from_code(next()).unwrap(),
                name: next().to_string(),
            }
        })
        .collect();
    let ours: Vec<CalendarRow> = Calendar::china().rows().collect();
    assert_eq!(ours, expected);
}

#[test]
fn the_year_2023_has_the_working_days_the_notice_gives() {
    let calendar = Calendar::china();
    assert_eq!(calendar.years(), [2023, 2024, 2025, 2026]);
    assert!(!calendar.is_working_day(day("2023-10-02")).unwrap());
    assert!(calendar.is_working_day(day("2023-10-07")).unwrap(), "a Saturday worked in exchange");
    assert!(!calendar.is_working_day(day("2023-09-02")).unwrap(), "an ordinary Saturday");
    // 260 weekdays, less 18 weekdays off, plus 7 weekend days worked; counted by hand from the notice.
    assert_eq!(calendar.working_days_between(day("2023-01-01"), day("2023-12-31")).unwrap(), 249);
}

#[test]
fn working_days_are_counted_from_the_next_day() {
    let calendar = Calendar::china();
    let add = |from: &str, count| calendar.add_working_days(day(from), count).unwrap().to_string();
    assert_eq!(add("2023-09-04", 0), "2023-09-04");
    assert_eq!(add("2023-09-04", 1), "2023-09-05");
    assert_eq!(add("2023-09-28", 1), "2023-10-07");
    assert_eq!(add("2023-09-04", 15), "2023-09-25");
    assert_eq!(add("2023-10-07", -1), "2023-09-28");
    assert_eq!(add("2023-10-02", -1), "2023-09-28");
    assert_eq!(add("2023-12-29", 1), "2024-01-02");
}

#[test]
fn beyond_its_years_the_calendar_refuses_and_says_what_to_add() {
    let calendar = Calendar::china();
    for error in [
        calendar.is_working_day(day("2027-01-04")).unwrap_err(),
        calendar.add_working_days(day("2026-12-31"), 1).unwrap_err(),
        calendar.working_days_between(day("2026-12-31"), day("2027-01-04")).unwrap_err(),
    ] {
        let sentence = error.to_string();
        assert!(sentence.contains("最后一年是2026年"), "{sentence}");
        assert!(sentence.contains("补充2027年的放假和调休安排"), "{sentence}");
        assert_eq!(error.code(), "calendar_year_not_held");
    }
    let before = calendar.is_working_day(day("2022-12-30")).unwrap_err();
    assert!(before.to_string().contains("2022年12月30日"));
    assert!(calendar.add_working_days(day("2023-01-03"), -1).is_err());
}

fn golden_week(year: i32, days: usize) -> Vec<CalendarRow> {
    (0..days)
        .map(|number| CalendarRow {
            day: Day::from_ymd(year, 10, 1).unwrap().plus_days(i32::try_from(number).unwrap()),
            kind: DayKind::Holiday,
            name: "国庆节".to_string(),
        })
        .collect()
}

#[test]
fn an_administrator_adds_a_year() {
    let calendar = Calendar::china();
    let some = calendar.with_overrides(golden_week(2027, MIN_HOLIDAYS_OF_A_HELD_YEAR - 1)).unwrap();
    assert_eq!(some.last_year(), 2026, "a half-entered year is not reckoned with");
    let all = calendar.with_overrides(golden_week(2027, MIN_HOLIDAYS_OF_A_HELD_YEAR)).unwrap();
    assert_eq!(all.last_year(), 2027);
    assert!(!all.is_working_day(day("2027-10-01")).unwrap());
    let reread = Calendar::from_rows(all.rows()).unwrap();
    assert_eq!(reread.rows().collect::<Vec<_>>(), all.rows().collect::<Vec<_>>());
    assert_eq!(all.name_of(day("2027-10-01")), Some((DayKind::Holiday, "国庆节")));
}

#[test]
fn a_year_missing_in_the_middle_is_refused_too() {
    let calendar = Calendar::china().with_overrides(golden_week(2028, 11)).unwrap();
    assert!(calendar.is_working_day(day("2028-10-09")).is_ok());
    assert!(calendar.is_working_day(day("2027-10-08")).is_err());
    assert!(calendar.working_days_between(day("2026-10-08"), day("2028-10-08")).is_err());
    assert!(calendar.add_working_days(day("2026-10-08"), 500).is_err());
}

#[test]
fn rows_that_contradict_each_other_are_refused() {
    let mut rows = golden_week(2027, 11);
    rows.push(CalendarRow { day: rows[0].day, kind: DayKind::Workday, name: String::new() });
    let error = Calendar::from_rows(rows.clone()).unwrap_err();
    assert_eq!(error, CalendarError::Contradiction(day("2027-10-01")));
    assert!(error.to_string().contains("2027年10月1日"));
    assert!(Calendar::china().with_overrides(rows).is_err());
    assert_eq!(Calendar::from_rows([]).unwrap_err(), CalendarError::Empty);
    let far: Vec<_> = golden_week(2000, 11).into_iter().chain(golden_week(2200, 11)).collect();
    assert_eq!(Calendar::from_rows(far).unwrap_err(), CalendarError::TooWide);
}

proptest! {
    #[test]
    fn every_number_is_a_day_and_back(days in Day::MIN.days()..=Day::MAX.days()) {
        let day = Day::from_days(days).unwrap();
        let (year, month, of_month) = day.ymd();
        prop_assert_eq!(Day::from_ymd(year, month, of_month), Some(day));
        prop_assert_eq!(Day::parse(&day.to_string()), Ok(day));
        prop_assert_eq!(i32::from(day.weekday().to_monday_zero_offset()), day.days_after_monday());
    }

    #[test]
    fn added_working_days_are_that_many_away(offset in 0..1200_i32, count in -240..240_i32) {
        let calendar = Calendar::china();
        let from = day("2023-01-01").plus_days(offset);
        if let Ok(to) = calendar.add_working_days(from, count) {
            prop_assert_eq!(calendar.working_days_between(from, to).unwrap(), count);
            let by_hand = (0..to.minus(from).abs())
                .map(|step| if count > 0 { from.plus_days(step + 1) } else { to.plus_days(step) })
                .filter(|day| calendar.is_working_day(*day).unwrap())
                .count();
            prop_assert_eq!(i32::try_from(by_hand).unwrap(), count.abs());
        }
    }
}
