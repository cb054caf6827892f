//! Further wordings of deadlines, invented along the grammar of those in the field and judged by hand (M20).

use bihuan_domain::calendar::Calendar;
use bihuan_domain::day::Day;
use bihuan_domain::deadline::{Deadline, DeadlineDefaults};

/// Wording; day (empty for none); it stands for good; a person is asked.
type Case = (&'static str, &'static str, bool, bool);

const CASES: [Case; 72] = [
    ("月底前", "2024-03-31", false, false),
    ("3月底前", "2024-03-31", false, false),
    ("下月底前", "2024-04-30", false, false),
    ("次月10日前", "2024-04-10", false, false),
    ("季度末", "2024-03-31", false, false),
    ("三季度末", "2024-09-30", false, false),
    ("第二季度内", "2024-06-30", false, false),
    ("上半年", "2024-06-30", false, false),
    ("下半年", "2024-12-31", false, false),
    ("年中", "2024-06-30", false, false),
    ("年内", "2024-12-31", false, false),
    ("全年", "2024-12-31", false, false),
    ("明年6月底前", "2025-06-30", false, false),
    ("去年底", "2023-12-31", false, false),
    ("24年6月底前", "2024-06-30", false, false),
    ("二〇二四年六月三十日", "2024-06-30", false, false),
    ("2024 年 6 月 底 前", "2024-06-30", false, false),
    ("2024年6月末", "2024-06-30", false, false),
    ("2024.06", "2024-06-30", false, false),
    ("20240630", "2024-06-30", false, false),
    ("45473", "2024-06-30", false, false),
    ("6.30前", "2024-06-30", false, false),
    ("12月31号之前", "2024-12-31", false, false),
    ("3月15日17:00前", "2024-03-15", false, false),
    ("不迟于6月底", "2024-06-30", false, false),
    ("截至6月30日", "2024-06-30", false, false),
    ("15个工作日内", "2024-03-26", false, false),
    ("十五个工作日内", "2024-03-26", false, false),
    ("7个工作日", "2024-03-14", false, false),
    ("自交办之日起10个工作日内", "2024-03-19", false, false),
    ("3至5个工作日", "2024-03-12", false, false),
    ("收到通知后5日内", "2024-03-10", false, false),
    ("30日内", "2024-04-04", false, false),
    ("半个月内", "2024-03-20", false, false),
    ("三个月内", "2024-06-05", false, false),
    ("一周内", "2024-03-12", false, false),
    ("24小时内", "2024-03-06", false, false),
    ("当日", "2024-03-05", false, false),
    ("即知即改", "2024-03-12", false, false),
    ("边查边改", "2024-03-12", false, false),
    ("立行立改（3日内）", "2024-03-08", false, false),
    ("立即（3月底前）", "2024-03-31", false, false),
    ("周五前", "2024-03-08", false, false),
    ("下周一前", "2024-03-11", false, false),
    ("本周内", "2024-03-08", false, false),
    ("3月上旬", "2024-03-10", false, false),
    ("4月中旬前", "2024-04-20", false, false),
    ("5月下旬", "2024-05-31", false, false),
    ("国庆节前", "2024-09-30", false, false),
    ("五一前", "2024-04-30", false, false),
    ("元旦前", "2024-12-31", false, false),
    ("汛期前", "", false, true),
    ("开学前", "", false, true),
    ("项目竣工后15日内", "", false, true),
    ("2024年3月至6月", "2024-06-30", false, false),
    ("2024—2025年底", "2025-12-31", false, false),
    ("2024年6月底前完成并长期坚持", "2024-06-30", true, false),
    ("2024年6月30日前（长期坚持）", "2024-06-30", true, false),
    ("2024年6月底前完成，以后每季度开展一次", "2024-06-30", true, false),
    ("2024年6月底前，每月调度一次", "2024-06-30", false, false),
    ("每季度", "", true, false),
    ("每月28日前", "", true, false),
    ("每旬", "", true, false),
    ("长期", "", true, false),
    ("持续推进", "", true, false),
    ("整改完毕后长期坚持", "", true, false),
    ("已完成", "", false, true),
    ("6月底（已完成）", "2024-06-30", false, true),
    ("待定", "", false, true),
    ("限期整改", "", false, true),
    ("视情况而定", "", false, true),
    ("2月30日前", "", false, true),
];

#[test]
fn further_wordings_mean_what_an_office_means_by_them_m20() {
    let issued = Day::parse("2024-03-05").unwrap();
    let mut wrong = Vec::new();
    for (text, date, standing, asked) in CASES {
        let found = Deadline::parse_or_ask(text, issued, Calendar::china(), &DeadlineDefaults::default());
        let read = found.date.map(|day| day.to_string()).unwrap_or_default();
        if (read.as_str(), found.standing, found.needs_person) != (date, standing, asked) {
            wrong.push(format!("{text}: {read} {} {}", found.standing, found.needs_person));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_repeated_after_a_milestone_is_looked_at_as_often_as_it_says() {
    let issued = Day::parse("2024-03-05").unwrap();
    let text = "2024年6月底前完成，以后每季度开展一次";
    let found = Deadline::parse_or_ask(text, issued, Calendar::china(), &DeadlineDefaults::default());
    assert_eq!((found.kind_code(), found.recheck_days), ("month_end_then_continuous", Some(90)));
}
