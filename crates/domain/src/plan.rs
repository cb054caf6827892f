//! The plan 施工图: which days a unit's time line shows, and how one stretch of work stands on a day (M03).

use crate::Day;

crate::coded! {
    /// How much of the time line is shown.
    Span ("时间范围") {
        Month = "month", "一个月";
        Quarter = "quarter", "一个季度";
        /// From the campaign's first day to its last, or to the end of the year.
        Campaign = "campaign", "整个行动";
    }
}

crate::coded! {
    /// What a bar of the time line is.
    BarKind ("事项类别") {
        Action = "action", "规定动作";
        Task = "task", "任务";
        Milestone = "milestone", "节点";
        Problem = "problem", "问题整改";
        LookBack = "look_back", "回头看";
        Campaign = "campaign", "专项步骤";
    }
}

crate::coded! {
    /// How a bar stands today.
    BarState ("事项状态") {
        Done = "done", "完成";
        /// Begun, and in time.
        Running = "running", "进行中";
        /// Due within the days that warn.
        Soon = "soon", "临近到期";
        Late = "late", "逾期";
        Ahead = "ahead", "未开始";
    }
}

/// Days before its end from which a bar is due soon.
pub const SOON_DAYS: i32 = 7;
/// Most days one plan shows: three years.
pub const PLAN_DAYS_MAX: i32 = 1_100;

/// How an open stretch of work stands: nothing is typed in.
pub fn bar_state(from: Day, to: Day, done: bool, today: Day) -> BarState {
    if done {
        BarState::Done
    } else if to < today {
        BarState::Late
    } else if to.minus(today) <= SOON_DAYS {
        BarState::Soon
    } else if from > today {
        BarState::Ahead
    } else {
        BarState::Running
    }
}

/// The first and last day shown. `whole` is the campaign's own first and last day.
pub fn window(span: Span, day: Day, whole: (Day, Option<Day>)) -> (Day, Day) {
    let (year, month, _) = day.ymd();
    let stretch = |first: u32, last: u32| {
        let from = Day::from_ymd(year, first, 1).unwrap_or(day);
        (from, Day::last_of_month(year, last).unwrap_or(day))
    };
    match span {
        Span::Month => stretch(month, month),
        Span::Quarter => {
            let first = (month - 1) / 3 * 3 + 1;
            stretch(first, first + 2)
        }
        Span::Campaign => {
            let end = whole.1.or_else(|| Day::from_ymd(year.max(whole.0.year()), 12, 31)).unwrap_or(day);
            (whole.0, end.max(whole.0).min(whole.0.plus_days(PLAN_DAYS_MAX)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> Day {
        Day::from_ymd(year, month, day).expect("a day")
    }

    #[test]
    fn a_window_is_a_month_a_quarter_or_the_campaign_m03() {
        let whole = (day(2024, 3, 5), None);
        let on = day(2024, 5, 20);
        assert_eq!(window(Span::Month, on, whole), (day(2024, 5, 1), day(2024, 5, 31)));
        assert_eq!(window(Span::Quarter, on, whole), (day(2024, 4, 1), day(2024, 6, 30)));
        assert_eq!(window(Span::Quarter, day(2024, 12, 31), whole), (day(2024, 10, 1), day(2024, 12, 31)));
        assert_eq!(window(Span::Campaign, on, whole), (day(2024, 3, 5), day(2024, 12, 31)));
        let ended = (day(2024, 3, 5), Some(day(2024, 8, 1)));
        assert_eq!(window(Span::Campaign, on, ended).1, day(2024, 8, 1));
        let long = (day(2000, 1, 1), Some(day(2024, 8, 1)));
        assert_eq!(window(Span::Campaign, on, long).1, day(2000, 1, 1).plus_days(PLAN_DAYS_MAX));
    }

    #[test]
    fn a_bar_turns_by_its_days_alone_m03() {
        let (from, to) = (day(2024, 5, 1), day(2024, 5, 20));
        assert_eq!(bar_state(from, to, true, day(2024, 6, 1)), BarState::Done);
        assert_eq!(bar_state(from, to, false, day(2024, 5, 21)), BarState::Late);
        assert_eq!(bar_state(from, to, false, day(2024, 5, 20)), BarState::Soon);
        assert_eq!(bar_state(from, to, false, to.plus_days(-SOON_DAYS)), BarState::Soon);
        assert_eq!(bar_state(from, to, false, to.plus_days(-SOON_DAYS - 1)), BarState::Running);
        assert_eq!(bar_state(from, to, false, day(2024, 4, 1)), BarState::Ahead);
    }
}
