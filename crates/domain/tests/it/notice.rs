//! A year of the calendar read from the wording of its notice, and written back.

use bihuan_domain::Day;
use bihuan_domain::calendar::{
    Calendar, CalendarRow, DayKind, MIN_HOLIDAYS_OF_A_HELD_YEAR, NOTICE_CHARS_MAX, read_notice, write_notice,
};

/// An arrangement made up in the style of the yearly notice, for a year far off.
const PASTED: &str = "经批准，现将2031年放假调休日期的具体安排通知如下。
一、元旦：1月1日（周三）至3日（周五）放假调休，共3天。1月4日（周六）上班。
二、春节：1月22日（农历除夕、周三）至28日（周二）放假调休，共7天。1月19日（周日）、2月1日（周六）上班。
三、清明节：4月4日（周五）放假，与周末连休。
四、劳动节：5月1日（周四）放假。
节假日期间，请安排好值班。
某某办公厅 2030年11月4日
";

fn day(month: u32, day: u32) -> Day {
    Day::from_ymd(2031, month, day).unwrap()
}

fn sentences(text: &str) -> Vec<String> {
    read_notice(2031, text).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn a_pasted_notice_is_read_as_it_stands() {
    let rows = read_notice(2031, PASTED).unwrap();
    let off: Vec<Day> = rows.iter().filter(|row| row.kind == DayKind::Holiday).map(|row| row.day).collect();
    assert_eq!((off.len(), off[0], off[3], off[9]), (12, day(1, 1), day(1, 22), day(1, 28)));
    let work: Vec<Day> = rows.iter().filter(|row| row.kind == DayKind::Workday).map(|row| row.day).collect();
    assert_eq!(work, [day(1, 4), day(1, 19), day(2, 1)]);
    assert_eq!(rows[0].name, "元旦");
}

#[test]
fn every_built_in_year_is_written_and_read_back_the_same() {
    for year in Calendar::china().years() {
        let rows = Calendar::china().rows_of(year);
        let text = write_notice(year, &rows);
        assert_eq!(read_notice(year, &text), Ok(rows), "{text}");
    }
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    let wrong = |from: &str, to: &str| sentences(&PASTED.replace(from, to));
    assert!(wrong("共7天", "共8天")[0].starts_with("第3行：写的是共8天，按日期算是7天"));
    assert!(
        wrong("22日（农历除夕、周三）", "22日（农历除夕、周四）")[0].contains("是周三，文字中写的是周四")
    );
    assert!(wrong("1月4日（周六）上班", "1月6日上班")[0].contains("不是周末"));
    assert!(wrong("4月4日（周五）放假", "4月31日放假")[0].contains("没有4月31日"));
    assert!(wrong("4月4日（周五）放假", "四月四日放假")[0].contains("没有读到日期"));
    assert!(wrong("1月4日（周六）上班", "2035年1月6日上班")[0].contains("请核对年份"));
    assert!(wrong("三、清明节：", "三、")[0].contains("行首没有写节日名称"));
    assert!(wrong("2月1日（周六）上班", "1月25日上班")[0].contains("既写了放假又写了上班"));
}

#[test]
fn half_a_year_is_refused() {
    let row = |number: u32| format!("节日：3月{number}日放假。\n");
    let text = |count: usize| (1..=count as u32).map(row).collect::<String>();
    assert!(read_notice(2031, &text(MIN_HOLIDAYS_OF_A_HELD_YEAR)).is_ok());
    assert!(sentences(&text(MIN_HOLIDAYS_OF_A_HELD_YEAR - 1))[0].contains("全年的安排至少有11天"));
    assert!(sentences("")[0].contains("0天"));
    assert!(sentences(&"长".repeat(NOTICE_CHARS_MAX + 1))[0].contains("超过"));
}

#[test]
fn full_dates_and_a_holiday_over_new_year_are_read() {
    let text = PASTED.replace(
        "四、劳动节：5月1日（周四）放假。",
        "劳动节：2031-05-01 至 2031-05-02 放假\n元旦：12月31日至1月1日放假",
    );
    let rows = read_notice(2031, &text).unwrap();
    assert!(rows.iter().any(|row| row.day == day(5, 2)));
    assert_eq!(rows.last().map(|row| row.day), Day::from_ymd(2032, 1, 1));
}

#[test]
fn rows_over_the_built_in_year_make_exactly_the_wanted_year() {
    let mut wanted = Calendar::china().rows_of(2026);
    wanted.retain(|row| {
        row.day != Day::from_ymd(2026, 10, 10).unwrap() && row.day != Day::from_ymd(2026, 5, 5).unwrap()
    });
    let extra = Day::from_ymd(2026, 9, 28).unwrap();
    wanted.push(CalendarRow { day: extra, kind: DayKind::Holiday, name: "中秋节".to_owned() });
    let kept = Calendar::china().overrides_for(2026, &wanted);
    assert_eq!(kept.len(), 3);
    let calendar = Calendar::china().with_overrides(kept).unwrap();
    let works = |month, day| calendar.is_working_day(Day::from_ymd(2026, month, day).unwrap()).unwrap();
    assert!(!works(10, 10) && works(5, 5) && !works(9, 28) && works(5, 9));
}

#[test]
fn the_next_year_is_asked_for_from_november_on() {
    let calendar = Calendar::china();
    let last = calendar.last_year();
    let of = |month, day| Day::from_ymd(last, month, day).unwrap();
    assert_eq!(calendar.missing_year(of(10, 31)), None);
    assert_eq!(calendar.missing_year(of(11, 1)), Some(last + 1));
    assert_eq!(calendar.missing_year(Day::from_ymd(last + 1, 1, 1).unwrap()), Some(last + 1));
}

#[test]
fn no_text_panics() {
    for text in [
        "：",
        "1",
        "1月",
        "1月日放假",
        "（",
        "春节：1月1日（周",
        "99999999999月1日放假",
        "一、",
        "至至至1月1日",
    ] {
        let _ = read_notice(2031, text);
    }
}
