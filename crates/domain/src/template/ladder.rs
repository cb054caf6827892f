//! The sections `[supervision]` and `[[ladder]]`: which rule sends which slip to whom, and what no rule may do.

use super::shape::{CODE, Kind, MAX_DAYS, NAME, SUMMARY, Shape, may, must};
use crate::coded::Coded as _;
use crate::slip::SlipKind;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// What a talk is called; a form that bears the word is one.
pub const TALK: &str = "约谈";
/// Most rules of a ladder.
pub const LADDER_RULES_MAX: usize = 50;

pub(super) const SLIP_KINDS: [&str; 6] = ["notice", "reminder", "feedback", "warning", "talk", "other"];
/// What has a clock that the ladder watches. Required actions have none: what a unit owes is counted, and nobody is
/// reminded of a record by machine.
const SUBJECTS: [&str; 4] = ["problem", "appeal", "task", "request"];
const RUNGS: [&str; 4] = ["blue", "yellow", "orange", "red"];
const ADDRESSEES: [&str; 3] = ["unit", "superior", "leader"];
const ISSUES: [&str; 2] = ["automatic", "person"];
/// Keys of which a rule needs one at least.
const CONDITIONS: [&str; 6] =
    ["left_percent", "overdue_working_days", "send_backs", "passed_on", "unanswered", "after"];

pub(super) const SUPERVISION: Shape = Shape {
    fields: &[
        may("interval_working_days", Kind::Integer(0, 250), "同一事项两次催办至少相隔几个工作日，升级不受限"),
        may("dispute_working_days", Kind::Integer(1, 250), "退回的督办单几个工作日内裁定"),
        may("superior_working_days", Kind::Integer(1, 250), "上级接到请求后几个工作日内答复"),
        may("help_working_days", Kind::Integer(1, MAX_DAYS), "上级认领后几个工作日内办结"),
    ],
};

pub(super) const LADDER: Shape = Shape {
    fields: &[
        CODE,
        NAME,
        SUMMARY,
        may(
            "applies",
            Kind::Choices(&SUBJECTS),
            "用于哪些事项（问题、诉求、任务、请求），写了问题的也用于诉求，不写为全部",
        ),
        must("colour", Kind::Choice(&RUNGS), "颜色"),
        may("left_percent", Kind::Integer(0, 100), "剩余时间不超过百分之几"),
        may("overdue_working_days", Kind::Integer(1, MAX_DAYS), "逾期满几个工作日"),
        may("send_backs", Kind::Integer(1, 100), "被退回满几次"),
        may("passed_on", Kind::Integer(1, 100), "被转办满几次"),
        may("unanswered", Kind::Integer(1, 100), "逾期未答复的督办单满几张"),
        may("after", Kind::Reference("ladder"), "前一级的代码，前一级没有落实才升到这一级"),
        may("after_working_days", Kind::Integer(0, 250), "前一级发出后再等几个工作日"),
        may("urgent_starts", Kind::Flag, "紧急事项是否直接从这一级开始"),
        may("slip", Kind::Reference("slip"), "发哪种督办单，不写为只变颜色"),
        may("to", Kind::Choices(&ADDRESSEES), "发给谁，不写为承办单位"),
        may("issue", Kind::Choice(&ISSUES), "自动发出（automatic）还是由人签发（person），不写为由人签发"),
        may("repeat_working_days", Kind::Integer(1, 250), "仍未落实时隔几个工作日再发一次，不写为只发一次"),
    ],
};

/// Numbers of supervision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SupervisionRule {
    /// Working days between two slips about one item, unless it climbs.
    pub interval_working_days: i32,
    /// Working days in which a slip that was returned is decided.
    pub dispute_working_days: i32,
    /// Working days in which a superior answers a call.
    pub superior_working_days: i32,
    /// Working days in which a superior does what it took over.
    pub help_working_days: i32,
}

impl Default for SupervisionRule {
    fn default() -> Self {
        SupervisionRule {
            interval_working_days: 2,
            dispute_working_days: 3,
            superior_working_days: 5,
            help_working_days: 20,
        }
    }
}

type Fault = (Range<usize>, &'static str, String);

/// What a shape cannot say: a rule needs a condition, a slip needs a form, and nobody is called to a talk by a machine.
pub(super) fn faults(template: &DeTable<'_>) -> Vec<Fault> {
    let talks = talk_codes(template);
    let mut found = Vec::new();
    for rule in tables(template, "ladder") {
        let (table, span) = rule;
        let text = |key: &str| value(table, key).and_then(|(value, _)| value.as_str().map(str::to_owned));
        if !CONDITIONS.iter().any(|key| value(table, key).is_some()) {
            let sentence = format!("这一级没有写明条件，请至少写一项：{}", CONDITIONS.join("、"));
            found.push((span.clone(), "no_condition", sentence));
        }
        let slip = text("slip");
        let automatic = text("issue").as_deref() == Some("automatic");
        if automatic && slip.as_ref().is_some_and(|code| talks.contains(code)) {
            let at = value(table, "issue").map_or(span.clone(), |(_, at)| at);
            let sentence = "约谈只能由人决定，不能自动发出，请把issue改为person".to_owned();
            found.push((at, "talk_is_automatic", sentence));
        }
        if text("after").is_some() && text("after") == text("code") {
            found.push((span, "after_itself", "after不能是这一级自己，请写前一级的代码".to_owned()));
        }
    }
    found
}

/// Codes of forms that call somebody to a talk, by code, kind or name.
fn talk_codes(template: &DeTable<'_>) -> Vec<String> {
    tables(template, "slip")
        .into_iter()
        .filter_map(|(table, _)| {
            let text = |key| value(table, key).and_then(|(value, _)| value.as_str().map(str::to_owned));
            let code = text("code")?;
            let talk = SlipKind::Talk.code();
            let is_talk = text("kind").as_deref().unwrap_or(&code) == talk
                || text("name").is_some_and(|name| name.contains(TALK));
            is_talk.then_some(code)
        })
        .collect()
}

fn value<'t, 'i>(table: &'t DeTable<'i>, key: &str) -> Option<(&'t DeValue<'i>, Range<usize>)> {
    table
        .iter()
        .find(|(name, _)| name.get_ref().as_ref() == key)
        .map(|(_, value)| (value.get_ref(), value.span()))
}

fn tables<'t, 'i>(template: &'t DeTable<'i>, key: &str) -> Vec<(&'t DeTable<'i>, Range<usize>)> {
    let Some((DeValue::Array(array), _)) = value(template, key) else { return Vec::new() };
    array.iter().filter_map(|item| item.get_ref().as_table().map(|table| (table, item.span()))).collect()
}
