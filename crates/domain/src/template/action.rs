//! Kinds of activities, and the required actions that a campaign of this template usually issues.

use super::shape::{CODE, Kind, LEVELS, MAX_NAME_CHARS, NAME, SUMMARY, Shape, may, must};
use crate::coded::Coded as _;
use crate::day::Day;
use crate::required_action::{
    Cadence, GRACE_WORKING_DAYS_MAX, POST_WORDS_MAX, Part, Proof, QUANTITY_MAX, QuantityUnit, RULE_KINDS_MAX,
    Rule, SubjectKind,
};
use crate::scope::Scope;
use crate::unit::{Level, UnitKind};
use serde::{Deserialize, Serialize};

const SUBJECTS: [&str; 4] = ["unit", "post", "person", "working_group"];
const CADENCES: [&str; 7] = ["week", "month", "quarter", "half_year", "year", "window", "by_date"];
const UNITS: [&str; 3] = ["times", "hours", "cases"];
const PROOFS: [&str; 3] = ["record", "minutes", "material"];
const PARTS: [&str; 2] = ["any", "lead"];
const UNIT_KINDS: [&str; 10] = [
    "territory",
    "party",
    "department",
    "organ",
    "mass_body",
    "institution",
    "enterprise",
    "branch",
    "task_force",
    "other",
];
const SECTORS_MAX: usize = 20;

/// One kind of activity.
pub(super) const ACTIVITY_KIND: Shape = Shape {
    fields: &[
        CODE,
        NAME,
        SUMMARY,
        may("timed", Kind::Flag, "登记时是否填写时长（按学时计的活动）"),
        may("joint", Kind::Flag, "是否常与别的单位联合开展"),
    ],
};

/// One required action.
pub(super) const REQUIRED_ACTION: Shape = Shape {
    fields: &[
        CODE,
        NAME,
        SUMMARY,
        may("strand", Kind::Reference("strand"), "所属重点措施的代码，施工图里归到这一项"),
        must("subject", Kind::Choice(&SUBJECTS), "责任对象"),
        may("levels", Kind::Choices(&LEVELS), "哪些层级要做，不写为全部"),
        may("kinds", Kind::Choices(&UNIT_KINDS), "哪些性质的单位要做，不写为全部"),
        may("sectors", Kind::Texts(SECTORS_MAX, MAX_NAME_CHARS), "哪些领域要做，不写为全部"),
        may("posts", Kind::Texts(POST_WORDS_MAX, MAX_NAME_CHARS), "岗位名称含有的字样，责任对象是岗位时用"),
        may("leads_only", Kind::Flag, "是否只限领导岗位"),
        must("activities", Kind::References("activity_kind", RULE_KINDS_MAX), "哪些活动算数"),
        may("each", Kind::Flag, "是否每种活动都要达到数量"),
        may("part", Kind::Choice(&PARTS), "岗位和个人怎样参加才算"),
        must("cadence", Kind::Choice(&CADENCES), "周期"),
        may("quantity", Kind::Integer(1, QUANTITY_MAX), "每个周期的数量"),
        may("unit", Kind::Choice(&UNITS), "数量单位"),
        may("proof", Kind::Choice(&PROOFS), "凭什么算完成"),
        may(
            "grace_working_days",
            Kind::Integer(0, GRACE_WORKING_DAYS_MAX as i64),
            "周期结束后几个工作日内可以补登",
        ),
        may("by", Kind::Text(MAX_NAME_CHARS), "限期完成的时限，例如“11月底前”"),
    ],
};

/// A kind of activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivityKind {
    /// Stable code, kept in records.
    pub code: String,
    /// Name on pages.
    pub name: String,
    /// Explanation.
    #[serde(default)]
    pub summary: String,
    /// The record asks how long it took.
    #[serde(default)]
    pub timed: bool,
    /// Often held together with other units.
    #[serde(default)]
    pub joint: bool,
}

/// A required action as a template words it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionForm {
    /// Stable code.
    pub code: String,
    /// Name.
    pub name: String,
    /// What the document says.
    #[serde(default)]
    pub summary: String,
    /// Code of the strand it belongs to; empty for none.
    #[serde(default)]
    pub strand: String,
    /// Who owes it.
    pub subject: SubjectKind,
    /// Levels.
    #[serde(default)]
    pub levels: Vec<Level>,
    /// Kinds of units.
    #[serde(default)]
    pub kinds: Vec<UnitKind>,
    /// Sectors.
    #[serde(default)]
    pub sectors: Vec<String>,
    /// Words of post names.
    #[serde(default)]
    pub posts: Vec<String>,
    /// Leading posts only.
    #[serde(default)]
    pub leads_only: bool,
    /// Codes of activity kinds.
    pub activities: Vec<String>,
    /// Each kind must reach the quantity.
    #[serde(default)]
    pub each: bool,
    /// Whose part counts.
    #[serde(default = "any")]
    pub part: Part,
    /// How often.
    pub cadence: Cadence,
    /// How much.
    #[serde(default = "once")]
    pub quantity: i64,
    /// Of what.
    #[serde(default = "times")]
    pub unit: QuantityUnit,
    /// What proves it.
    #[serde(default = "record")]
    pub proof: Proof,
    /// Working days to file in after the period.
    #[serde(default)]
    pub grace_working_days: i32,
    /// Wording of the deadline of a single window.
    #[serde(default)]
    pub by: String,
}

fn any() -> Part {
    Part::Any
}

fn once() -> i64 {
    1
}

fn times() -> QuantityUnit {
    QuantityUnit::Times
}

fn record() -> Proof {
    Proof::Record
}

impl ActionForm {
    /// The rule for a campaign's units from a first to a last day. A scope of all levels is written out, since a blank
    /// scope reaches nobody.
    pub fn rule(&self, subtree: crate::id::UnitId, from_day: Day, to_day: Option<Day>) -> Rule {
        let levels = if self.levels.is_empty() { Level::ALL.to_vec() } else { self.levels.clone() };
        Rule {
            name: self.name.clone(),
            basis: self.summary.clone(),
            strand: self.strand.clone(),
            subject: self.subject,
            scope: Scope {
                subtree: Some(subtree),
                with_root: true,
                levels,
                kinds: self.kinds.clone(),
                sectors: self.sectors.clone(),
                ..Scope::default()
            },
            posts: self.posts.clone(),
            leads_only: self.leads_only,
            kinds: self.activities.clone(),
            each_kind: self.each,
            part: self.part,
            cadence: self.cadence,
            from_day,
            to_day,
            quantity: self.quantity,
            unit: self.unit,
            proof: self.proof,
            grace_working_days: self.grace_working_days,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_a_template_may_choose_are_those_of_the_rules() {
        let codes = |all: Vec<&'static str>, known: &[&str]| assert_eq!(all, known);
        codes(SubjectKind::ALL.iter().map(|v| v.code()).collect(), &SUBJECTS);
        codes(Cadence::ALL.iter().map(|v| v.code()).collect(), &CADENCES);
        codes(QuantityUnit::ALL.iter().map(|v| v.code()).collect(), &UNITS);
        codes(Proof::ALL.iter().map(|v| v.code()).collect(), &PROOFS);
        codes(Part::ALL.iter().map(|v| v.code()).collect(), &PARTS);
        assert!(UNIT_KINDS.iter().all(|code| UnitKind::from_code(code).is_some()));
    }
}
