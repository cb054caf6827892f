//! Weighing what the scan found: which day is the milestone, what stands for good, what a person must say.

use crate::calendar::Calendar;
use crate::day::Day;

use super::item::Item;
use super::read::{Found, hangs_on_event};
use super::{Cadence, Deadline, DeadlineDefaults, DeadlineKind, words};

/// The wording as read, with the words that stand in it.
pub(super) struct Weighing<'a> {
    pub(super) text: &'a str,
    pub(super) folded: &'a str,
    pub(super) issued: Day,
    pub(super) calendar: &'a Calendar,
    pub(super) defaults: &'a DeadlineDefaults,
}

impl Weighing<'_> {
    pub(super) fn weigh(&self, found: Found) -> Deadline {
        let continuous = words::continuous(self.folded);
        let mut dated: Vec<&Item> = found.items.iter().filter(|item| item.day.is_some()).collect();
        // 6月底前完成，以后每季度开展一次: what is repeated after the milestone goes on for good.
        let standing_word =
            continuous.is_some() || words::first(self.folded, &words::REPEATED_AFTER).is_some();
        if standing_word || found.cadence.is_some() {
            // 2024年1月起长期坚持: the first day of a duty for good is no limit.
            dated.retain(|item| item.kind != DeadlineKind::StartDay);
        }
        let ends = dated.iter().copied().filter(|item| item.kind != DeadlineKind::StartDay);
        let milestone = ends.max_by_key(|item| item.day).or_else(|| dated.last().copied());
        let unclear = found.items.iter().find(|item| item.day.is_none());
        let mut deadline = match (milestone, unclear) {
            (Some(item), _) => self.milestone(item, unclear, standing_word),
            (None, Some(item)) => self.ask(item.kind, item.doubt.clone().unwrap_or_default()),
            (None, None) => self.without_day(&found.cadence, continuous),
        };
        if standing_word && deadline.kind != DeadlineKind::Continuous {
            deadline.standing = true;
        }
        if deadline.kind == DeadlineKind::Unreadable && deadline.standing {
            deadline.kind = DeadlineKind::Continuous;
        }
        deadline.dates = found.items.iter().filter_map(|item| item.day).collect();
        deadline.recheck_days = self.recheck_days(&found.cadence, deadline.standing);
        deadline.cadence = found.cadence.map(|(_, cadence)| cadence);
        deadline
    }

    fn recheck_days(&self, cadence: &Option<(usize, Cadence)>, standing: bool) -> Option<u32> {
        match cadence {
            Some((_, cadence)) if cadence.days > 0 => Some(cadence.interval_days()),
            Some(_) => Some(self.defaults.recheck_days),
            None => standing.then_some(self.defaults.recheck_days),
        }
    }

    fn milestone(&self, item: &Item, unclear: Option<&Item>, standing: bool) -> Deadline {
        let day = item.day.unwrap_or(self.issued);
        let estimate = words::first(self.folded, &words::ESTIMATE).is_some();
        let mut deadline = Deadline::new(self.text, item.kind);
        deadline.date = Some(day);
        deadline.working_days = item.working_days;
        deadline.year_inferred = item.year_inferred;
        let of_calendar = !matches!(
            item.kind,
            DeadlineKind::SameDay | DeadlineKind::Duration | DeadlineKind::Workdays | DeadlineKind::StartDay
        );
        if estimate && of_calendar {
            deadline.kind =
                if item.year_inferred { DeadlineKind::EstimateNoYear } else { DeadlineKind::Estimate };
        }
        let done = words::first(self.folded, &words::DONE).is_some() && !standing;
        let reason = if let Some(doubt) = &item.doubt {
            Some(doubt.clone())
        } else if let Some(unclear) = unclear {
            Some(format!("另有一处时限读不出日期：{}", unclear.doubt.clone().unwrap_or_default()))
        } else if item.kind == DeadlineKind::StartDay {
            Some("只写了起始日期，没有写截止日期".to_string())
        } else if done {
            Some("写的是已经完成，不是整改时限".to_string())
        } else if estimate {
            Some("写的是预计时间，不是承诺的时限".to_string())
        } else if item.year_inferred && day < self.issued {
            Some(format!("没有写年份，按{}理解则早于下发日期", day.in_chinese()))
        } else {
            None
        };
        deadline.needs_person = reason.is_some();
        deadline.reason = reason.map(ask);
        deadline
    }

    fn without_day(&self, cadence: &Option<(usize, Cadence)>, continuous: Option<usize>) -> Deadline {
        let unspecified = words::first(self.folded, &words::UNSPECIFIED);
        if words::first(self.folded, &words::IMMEDIATE).is_some() {
            return self.immediate(unspecified.is_some_and(|_| self.folded.contains("限期")));
        }
        if unspecified.is_some_and(|_| continuous.is_none_or(|_| self.folded.contains("限期")))
            && cadence.is_none()
        {
            return self.ask(DeadlineKind::Unspecified, "没有写明具体时限");
        }
        match (cadence, continuous) {
            (Some((at, _)), Some(word)) if *at < word => self.standing(DeadlineKind::Cadence),
            (Some(_), None) => self.standing(DeadlineKind::Cadence),
            (_, Some(_)) => self.standing(DeadlineKind::Continuous),
            (None, None) if words::first(self.folded, &words::DONE).is_some() => {
                self.ask(DeadlineKind::Unspecified, "写的是完成情况，不是整改时限")
            }
            (None, None) if hangs_on_event(self.folded) => {
                self.ask(DeadlineKind::OnEvent, "时限取决于某件事，日期还不知道")
            }
            (None, None) => self.ask(DeadlineKind::Unreadable, "读不懂这个时限"),
        }
    }

    /// 立行立改: the campaign's default period, counted in working days.
    fn immediate(&self, contradicted: bool) -> Deadline {
        let mut deadline = Deadline::new(self.text, DeadlineKind::Immediate);
        let count = i32::try_from(self.defaults.immediate_working_days).unwrap_or(i32::MAX);
        deadline.working_days = Some(count);
        match self.calendar.add_working_days(self.issued, count) {
            Ok(day) => deadline.date = Some(day),
            Err(error) => {
                deadline.needs_person = true;
                deadline.reason = Some(error.to_string());
            }
        }
        if contradicted {
            deadline.needs_person = true;
            deadline.reason = Some(ask("同时写了立行立改和限期整改，互相矛盾".to_string()));
        }
        deadline
    }

    fn standing(&self, kind: DeadlineKind) -> Deadline {
        Deadline { standing: true, ..Deadline::new(self.text, kind) }
    }

    fn ask(&self, kind: DeadlineKind, why: impl Into<String>) -> Deadline {
        Deadline::asking(self.text, kind, ask(why.into()))
    }
}

/// Ends a doubt with what to do.
fn ask(why: String) -> String {
    if why.contains("请") {
        format!("{why}。")
    } else {
        format!("{why}，请填写或确认具体日期。")
    }
}
