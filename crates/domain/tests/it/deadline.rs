//! Deadlines as written (M20): the wording stays, the meaning is reckoned, and nothing becomes "no deadline".

use bihuan_domain::calendar::Calendar;
use bihuan_domain::day::Day;
use bihuan_domain::deadline::{Deadline, DeadlineDefaults, DeadlineError, DeadlineKind, MAX_TEXT_CHARS};
use proptest::prelude::*;

use crate::shared_file;

const ISSUED: &str = "2023-09-04";

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn read_on(text: &str, issued: &str) -> Deadline {
    Deadline::parse(text, day(issued), Calendar::china(), &DeadlineDefaults::default()).unwrap()
}

fn read(text: &str) -> Deadline {
    read_on(text, ISSUED)
}

/// Wording, kind, day (empty for none), and whether a person is asked.
type Case = (&'static str, &'static str, &'static str, bool);

fn check(cases: &[Case]) {
    let mut wrong = Vec::new();
    for (text, kind, date, asked) in cases {
        let found = read(text);
        let found_date = found.date.map(|day| day.to_string()).unwrap_or_default();
        if (found.kind_code(), found_date.as_str(), found.needs_person) != (*kind, *date, *asked) {
            wrong.push(format!("{text}: {} {found_date} {}", found.kind_code(), found.needs_person));
        }
        assert_eq!(found.text, *text, "the wording is kept");
        assert_eq!(found.needs_person, found.reason.is_some(), "{text}: who asks says why");
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_full_date_is_read_in_every_notation() {
    check(&[
        ("2024年5月1日", "by_day", "2024-05-01", false),
        ("2024 年 5 月 1 日前", "by_day", "2024-05-01", false),
        ("2024-05-01", "by_day", "2024-05-01", false),
        ("2024.5.1", "by_day", "2024-05-01", false),
        ("2024/5/1前", "by_day", "2024-05-01", false),
        ("20240501", "by_day", "2024-05-01", false),
        ("24.5.1", "by_day", "2024-05-01", false),
        ("２０２４年５月１日前", "by_day", "2024-05-01", false),
        ("二〇二四年五月一日", "by_day", "2024-05-01", false),
        ("二○二四年五月三十一號前", "by_day", "2024-05-31", false),
        ("2024-05-01 00:00:00", "by_day", "2024-05-01", false),
        ("2024年5月31日下午6时前", "by_day", "2024-05-31", false),
        ("45413", "by_day", "2024-05-01", false),
        ("45413.5", "by_day", "2024-05-01", false),
        ("2024年5月31日（周五）前", "by_day", "2024-05-31", false),
        ("2024年5月31日（周四）前", "by_day", "2024-05-31", true),
    ]);
}

#[test]
fn ends_of_periods_are_their_last_days() {
    check(&[
        ("2024年5月", "month_end", "2024-05-31", false),
        ("2024.05", "month_end", "2024-05-31", false),
        ("202405", "month_end", "2024-05-31", false),
        ("2024年2月份底前", "month_end", "2024-02-29", false),
        ("2024年11月低前完成", "month_end", "2024-11-30", false),
        ("2024年6月未前", "month_end", "2024-06-30", false),
        ("2024年3月上旬前", "ten_days_end", "2024-03-10", false),
        ("10月中旬", "ten_days_end", "2023-10-20", false),
        ("12月下旬", "month_end", "2023-12-31", false),
        ("2025年第一季度", "quarter_end", "2025-03-31", false),
        ("三季度末", "quarter_end", "2023-09-30", false),
        ("2024年上半年", "half_year", "2024-06-30", false),
        ("2024年年底前", "year_end", "2024-12-31", false),
        ("24年底", "year_end", "2024-12-31", false),
        ("2024年度", "year_end", "2024-12-31", false),
        ("2024", "year_end", "2024-12-31", false),
        ("2024年一、二季度", "quarter_end", "2024-06-30", false),
        // Before its first day or by its last? Both are meant by somebody.
        ("2023年12月前", "month_end", "2023-12-31", true),
        ("2024年前完成", "year_end", "2024-12-31", true),
        ("年低前", "year_end", "2023-12-31", false),
        ("“十四五”末", "plan_end", "2025-12-31", false),
        ("十五五期末", "plan_end", "2030-12-31", false),
    ]);
}

#[test]
fn a_day_without_its_year_is_reckoned_from_the_issue_day() {
    check(&[
        ("11月15日前整改完毕", "by_day_no_year", "2023-11-15", false),
        ("1月15日前", "by_day_no_year", "2024-01-15", false),
        ("12.31前", "by_day_no_year", "2023-12-31", false),
        ("十月十五日", "by_day_no_year", "2023-10-15", false),
        ("2月底前", "month_end", "2024-02-29", false),
        // Two months before the issue day: a slip or next year, so a person says which.
        ("6月30日前", "by_day_no_year", "2023-06-30", true),
        ("25日前", "by_day_no_year", "2023-09-25", false),
        ("3日前", "by_day_no_year", "2023-10-03", false),
    ]);
    assert_eq!(read_on("9月20日前", "2017-09-14").date, Some(day("2017-09-20")));
    assert_eq!(read_on("1月15日前", "2023-12-20").date, Some(day("2024-01-15")));
}

#[test]
fn relative_days_are_reckoned_from_the_issue_day() {
    check(&[
        ("今天", "same_day", "2023-09-04", false),
        ("明天", "by_day", "2023-09-05", false),
        ("本周五", "weekday", "2023-09-08", false),
        ("下周三前", "weekday", "2023-09-13", false),
        ("本周内", "week_end", "2023-09-08", false),
        ("本月底", "month_end", "2023-09-30", false),
        ("月底前", "month_end", "2023-09-30", false),
        ("下月15日前", "by_day", "2023-10-15", false),
        ("下个月中旬", "ten_days_end", "2023-10-20", false),
        ("本季度末", "quarter_end", "2023-09-30", false),
        ("年底前", "year_end", "2023-12-31", false),
        ("明年6月底", "month_end", "2024-06-30", false),
        ("春节前", "holiday", "2024-02-09", false),
        ("国庆节前", "holiday", "2023-09-30", false),
        ("2031年春节前", "holiday", "", true),
        ("年前", "holiday", "", true),
    ]);
}

#[test]
fn durations_run_from_the_issue_day_or_from_the_start_written() {
    check(&[
        ("60日内", "duration", "2023-11-03", false),
        ("二十日内", "duration", "2023-09-24", false),
        ("一周内", "duration", "2023-09-11", false),
        ("两周内", "duration", "2023-09-18", false),
        ("半个月", "duration", "2023-09-19", false),
        ("一个半月内", "duration", "2023-10-19", false),
        ("3个月内整改到位", "duration", "2023-12-04", false),
        ("半年之内", "duration", "2024-03-04", false),
        ("1年之内", "duration", "2024-09-04", false),
        ("48小时内", "duration", "2023-09-06", false),
        ("收到通知后7个工作日内", "workdays", "2023-09-13", false),
        ("十五个工作日", "workdays", "2023-09-25", false),
        ("1—5日内", "range", "2023-09-09", false),
        ("三五天内", "range", "2023-09-09", false),
        ("2024年5月4日起，2个月内整改到位", "duration", "2024-07-04", false),
        ("验收合格后10日内", "duration", "", true),
        ("2024年5月4日起", "start_day", "2024-05-04", true),
        ("90年内", "duration", "2113-09-04", true),
    ]);
    assert_eq!(read("十五个工作日").working_days, Some(15));
}

#[test]
fn of_several_days_the_last_is_the_milestone_and_all_are_kept() {
    check(&[
        ("2024年3月底前定方案；2024年6月底前完成", "month_end", "2024-06-30", false),
        ("2024年3月底前定方案，6月底前完成", "month_end", "2024-06-30", false),
        ("2024年3月底前定方案，年底前完成", "year_end", "2024-12-31", false),
        ("1.2024年6月底前；2.2025年底前", "year_end", "2025-12-31", false),
        ("（1）2024年6月底前\n（2）2024年3月底前", "month_end", "2024-06-30", false),
        ("2024年3月至5月", "range", "2024-05-31", false),
        ("2024.5.1-6.30", "range", "2024-06-30", false),
        ("9-10月", "range", "2023-10-31", false),
        ("11月至2月", "range", "2024-02-29", false),
        ("2024-2025年", "range", "2025-12-31", false),
        ("即日起至12月31日", "range", "2023-12-31", false),
    ]);
    let two = read("2024年3月底前定方案，6月底前完成");
    assert_eq!(two.dates, [day("2024-03-31"), day("2024-06-30")]);
}

#[test]
fn a_standing_duty_is_its_own_kind_with_a_re_check_interval() {
    check(&[
        ("长期坚持", "continuous", "", false),
        ("持续推进", "continuous", "", false),
        ("2024年底前，并长期坚持", "year_end_then_continuous", "2024-12-31", false),
        ("2024年6月30日前取得成效并持续推进", "by_day_then_continuous", "2024-06-30", false),
        ("立行立改，长期坚持", "immediate_then_continuous", "2023-09-11", false),
        ("15个工作日内，并长期坚持", "workdays_then_continuous", "2023-09-25", false),
        ("限期整改，长期坚持", "unspecified_then_continuous", "", true),
        ("持续到2024年底", "year_end", "2024-12-31", false),
        ("2024年1月起长期坚持", "continuous", "", false),
    ]);
    let standing = read("2024年底前，并长期坚持");
    assert!(standing.standing);
    assert_eq!(standing.recheck_days, Some(DeadlineDefaults::default().recheck_days));
    assert_eq!(read("持续到2024年底").recheck_days, None);
    assert_eq!(read("长期坚持，每半年复查一次").recheck_days, Some(180));
}

#[test]
fn a_cadence_is_no_deadline_but_a_rhythm() {
    for (text, days) in [
        ("每月28日前", 30),
        ("每季度", 90),
        ("每月两次", 15),
        ("每周一次", 7),
        ("每两周调度一次", 14),
        ("每年6月底前", 365),
        ("一周一调度", 7),
        ("按月报送", 30),
        ("每日", 1),
        ("定期开展", 90),
    ] {
        let found = read(text);
        assert_eq!((found.kind_code(), found.date), ("cadence", None), "{text}");
        assert_eq!((found.standing, found.recheck_days), (true, Some(days)), "{text}");
    }
    assert_eq!(read("每月28日前").cadence.unwrap().by.as_deref(), Some("28日"));
    assert_eq!(read("每月5日、20日前").cadence.unwrap().by.as_deref(), Some("5日、20日"));
    let both = read("每月28日前报送进展，2024年底前完成");
    assert_eq!((both.kind_code(), both.date), ("year_end", Some(day("2024-12-31"))));
    assert_eq!((both.standing, both.recheck_days), (false, Some(30)));
}

#[test]
fn at_once_means_the_campaigns_own_period_in_working_days() {
    let defaults = DeadlineDefaults { immediate_working_days: 15, recheck_days: 60 };
    for text in ["立行立改", "立即进行整改", "边审边改", "第一时间处置"] {
        let found = Deadline::parse(text, day(ISSUED), Calendar::china(), &defaults).unwrap();
        assert_eq!((found.kind_code(), found.date), ("immediate", Some(day("2023-09-25"))), "{text}");
        assert_eq!(found.working_days, Some(15));
    }
    check(&[("立行立改/限期整改", "immediate", "2023-09-11", true)]);
}

#[test]
fn what_says_no_day_is_put_before_a_person_with_the_reason() {
    check(&[
        ("", "unspecified", "", true),
        (" / ", "unspecified", "", true),
        ("无", "unspecified", "", true),
        ("限期整改", "unspecified", "", true),
        ("尽快", "unspecified", "", true),
        ("X月X日前", "unspecified", "", true),
        ("2024年X月底前", "unspecified", "", true),
        ("已完成", "unspecified", "", true),
        ("主题教育结束前", "on_event", "", true),
        ("2024年汛期前", "on_event", "", true),
        ("6", "unreadable", "", true),
        ("按日程推进", "unreadable", "", true),
        ("2024年2月30日", "by_day", "", true),
        ("2024年13月底前", "by_day", "", true),
        ("预计2024年4月30日", "estimate", "2024-04-30", true),
        ("预计10月底", "estimate_no_year", "2023-10-31", true),
        ("2024年5月至3月", "range", "", true),
    ]);
    assert!(read("2024年2月30日").reason.unwrap().contains("没有这一天"));
}

#[test]
fn working_days_beyond_the_calendar_are_an_error_that_names_the_year() {
    let far =
        Deadline::parse("15个工作日内", day("2026-12-25"), Calendar::china(), &DeadlineDefaults::default());
    let DeadlineError::Calendar { text, .. } = far.clone().unwrap_err();
    assert_eq!(text, "15个工作日内");
    assert!(far.unwrap_err().to_string().contains("补充2027年的放假和调休安排"));
    let asked = Deadline::parse_or_ask(
        "15个工作日内",
        day("2026-12-25"),
        Calendar::china(),
        &DeadlineDefaults::default(),
    );
    assert!(asked.needs_person && asked.date.is_none());
    let at_once = read_on("立行立改", "2026-12-30");
    assert!(at_once.needs_person, "the default period has no day either");
    assert_eq!(at_once.working_days, Some(5));
}

#[test]
fn one_line_has_exactly_the_seven_fields() {
    let line = serde_json::to_string(&read("2024年底前，并长期坚持").line()).unwrap();
    let expected = concat!(
        r#"{"text":"2024年底前，并长期坚持","kind":"year_end_then_continuous","date":"2024-12-31","#,
        r#""standing":true,"recheck_days":90,"working_days":null,"needs_person":false}"#
    );
    assert_eq!(line, expected);
}

#[test]
fn wording_longer_than_the_limit_is_kept_and_asked_about() {
    let longest = format!("2024年底前{}", "，".repeat(MAX_TEXT_CHARS - 7));
    assert_eq!(longest.chars().count(), MAX_TEXT_CHARS);
    assert_eq!(read(&longest).date, Some(day("2024-12-31")));
    let longer = format!("{longest}，");
    assert!(read(&longer).needs_person);
    assert_eq!(read(&longer).text, longer);
}

#[test]
fn a_person_settles_what_was_asked_and_the_wording_stays() {
    let settled = read("限期整改").confirmed_on(day("2023-12-01"));
    assert_eq!((settled.text.as_str(), settled.date), ("限期整改", Some(day("2023-12-01"))));
    assert!(!settled.needs_person && settled.reason.is_none());
    let standing = read("尽快").confirmed_standing(30);
    assert_eq!((standing.standing, standing.recheck_days), (true, Some(30)));
    assert_eq!(Deadline::on(day("2024-01-05")).text, "2024年1月5日前");
    assert_eq!(read("2024年1月5日前").date, Deadline::on(day("2024-01-05")).date);
}

#[test]
fn codes_of_kinds_lead_back_to_the_kind() {
    for kind in DeadlineKind::ALL {
        assert_eq!(DeadlineKind::from_code(kind.code()), Some(*kind));
        assert_eq!(DeadlineKind::from_code(kind.code_then_continuous()), Some(*kind));
    }
    assert_eq!(DeadlineKind::from_code("infinity"), None);
}

#[test]
fn every_attested_expression_has_its_kind_and_its_day() {
    let Some(table) = shared_file("data/deadline-expressions.tsv") else { return };
    for line in table.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let (text, kind, normalised) = (columns[0], columns[1], columns[2]);
        let issued = if text.starts_with("9月20日") { "2017-09-14" } else { ISSUED };
        let found = read_on(text, issued);
        assert_eq!(found.kind_code(), kind, "{text}");
        let first = normalised.split(' ').next().unwrap().trim_end_matches(',');
        if let Ok(expected) = Day::parse(first) {
            assert_eq!(found.date, Some(expected), "{text}");
        }
        if normalised.contains("periodic") {
            assert!(found.standing && found.recheck_days.is_some(), "{text}");
        }
        if normalised.starts_with("start + ") {
            assert!(found.date.is_some_and(|day| day > Day::parse(issued).unwrap()), "{text}");
        }
        assert!(found.date.is_some() || found.standing || found.needs_person, "{text}");
    }
}

/// Pieces of wording, glued in any order, reach further into the grammar than random characters.
const PIECES: [&str; 40] = [
    "2024",
    "年",
    "月",
    "日",
    "底",
    "前",
    "十五",
    "个",
    "工作日",
    "内",
    "每",
    "季度",
    "末",
    "并",
    "长期坚持",
    "立行立改",
    "，",
    "；",
    "\n",
    "-",
    "至",
    "5",
    "31",
    ".",
    "/",
    "周",
    "五",
    "半",
    "两",
    "起",
    "后",
    "预计",
    "本",
    "下",
    "春节",
    "Q",
    "第",
    " ",
    "（",
    "99999999999",
];

proptest! {
    #[test]
    fn no_text_panics_and_none_loses_its_wording(text in "\\PC{0,60}", offset in 0..1400_i32) {
        let issued = day("2023-01-03").plus_days(offset);
        let found = Deadline::parse_or_ask(&text, issued, Calendar::china(), &DeadlineDefaults::default());
        prop_assert_eq!(&found.text, &text);
        prop_assert!(found.date.is_some() || found.standing || found.needs_person);
    }

    #[test]
    fn no_glued_wording_becomes_no_deadline(
        pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..12),
        offset in 0..1400_i32,
    ) {
        let text = pieces.concat();
        let issued = day("2023-01-03").plus_days(offset);
        let found = Deadline::parse_or_ask(&text, issued, Calendar::china(), &DeadlineDefaults::default());
        prop_assert_eq!(&found.text, &text);
        prop_assert!(found.date.is_some() || found.standing || found.needs_person, "{:?}", found);
        prop_assert_eq!(found.needs_person, found.reason.is_some());
        prop_assert!(!found.standing || found.recheck_days.is_some());
    }

    #[test]
    fn a_duration_never_ends_before_it_begins(count in 1..400_u32, unit in 0..5_usize, offset in 0..400_i32) {
        let unit = ["天内", "个工作日内", "周内", "个月内", "个自然日内"][unit];
        let issued = day("2023-01-03").plus_days(offset);
        let text = format!("{count}{unit}");
        let found = Deadline::parse_or_ask(&text, issued, Calendar::china(), &DeadlineDefaults::default());
        prop_assert!(found.date.is_some_and(|date| date > issued), "{}: {:?}", text, found);
    }

    #[test]
    fn every_day_is_read_back_in_five_notations(days in 7_400..47_800_i32) {
        let expected = Day::from_days(days).unwrap();
        let (year, month, of_month) = expected.ymd();
        for text in [
            expected.in_chinese(),
            expected.to_string(),
            format!("{year}.{month}.{of_month}前"),
            format!("{year}/{month}/{of_month}"),
            format!("于{year}年{month:02}月{of_month:02}日前完成"),
        ] {
            prop_assert_eq!(read(&text).date, Some(expected), "{}", text);
        }
    }
}
