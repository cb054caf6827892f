//! Times and rhythms at the front of a clause.

use super::clause::{Clause, Setting};
use super::fronts::in_period;
use crate::deadline::{Deadline, Sort, after_event, deadline_at};
use crate::lexicon::stands;

/// How often, in front of the verb.
const RHYTHMS: [&str; 25] = [
    "每半个月",
    "每两个月",
    "每两周",
    "每双周",
    "每半月",
    "每半年",
    "每季度",
    "每学期",
    "每个月",
    "每星期",
    "每月",
    "每周",
    "每年",
    "每天",
    "每日",
    "每旬",
    "每季",
    "逐月",
    "逐周",
    "逐季",
    "按月",
    "按周",
    "按季",
    "按旬",
    "双周",
];

impl Clause {
    /// Takes the rhythm that stands at `at` with its day, and tells where it ends.
    pub(super) fn take_rhythm(&mut self, chars: &[char], at: usize) -> Option<usize> {
        let begins = matches!(chars.get(at), Some('每' | '逐' | '按' | '双'));
        let word = RHYTHMS.iter().find(|w| begins && stands(chars, at, w))?;
        self.rhythm.get_or_insert(at);
        let behind = at + word.chars().count();
        let to = in_period(chars, behind, self.end);
        if to > behind {
            self.due.get_or_insert((at, to));
        }
        Some(to)
    }

    /// Takes the time that stands at `at`, and tells where it ends.
    pub(super) fn take_time(&mut self, setting: &Setting<'_>, at: usize) -> Option<usize> {
        let chars = setting.chars;
        // 最迟12月上旬, 力争12月20日前: the time stands behind.
        let latest = ["最迟", "最晚", "至迟", "力争", "争取"].iter().any(|w| stands(chars, at, w));
        let link = if latest {
            2
        } else {
            usize::from(["在", "于", "到", "从", "自"].iter().any(|w| stands(chars, at, w)))
        };
        let named = deadline_at(chars, at + link, self.end, setting.times);
        let mut time = named.or_else(|| after_event(chars, at + link, self.end))?;
        let mut to = time.end;
        // 从11月份开始: when it begins is no limit.
        if link == 1 && matches!(chars[at], '从' | '自') {
            let from = ["开始", "起"].iter().find(|w| stands(chars, to, w));
            to += from.map_or(0, |w| w.chars().count());
            time.day = time.day.filter(|_| from.is_none());
        }
        self.limit(chars, time);
        Some(to)
    }

    /// Keeps the first time of the clause, or a limit in its place where that one names no day: 会后……于11月25日前.
    fn limit(&mut self, chars: &[char], mut time: Deadline) {
        let open = self.time.as_ref().filter(|known| known.sort == Sort::Open && time.sort > Sort::Open);
        if let Some(open) = open {
            // 会后10个工作日内 is one time.
            let joined = open.end == time.start && time.sort == Sort::Within && chars[open.end - 1] == '后';
            time.start = if joined { open.start } else { time.start };
            self.time = Some(time);
        } else {
            self.time.get_or_insert(time);
        }
    }
}
