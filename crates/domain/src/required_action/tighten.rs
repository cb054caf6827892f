//! 层层加码: what a lower level asks beyond the upper one, in words, so that the upper level sees it.

use super::{Cadence, Proof, Rule};
use crate::Coded as _;
use serde::Serialize;

/// One thing a lower level added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tightening {
    /// Stable code.
    pub code: &'static str,
    /// In words, with both values.
    pub words: String,
}

fn per_year(cadence: Cadence) -> i64 {
    match cadence {
        Cadence::Week => 52,
        Cadence::Month => 12,
        Cadence::Quarter => 4,
        Cadence::HalfYear => 2,
        Cadence::Year | Cadence::Window | Cadence::ByDate => 1,
    }
}

fn weight(proof: Proof) -> i64 {
    match proof {
        Proof::Record => 0,
        Proof::Minutes => 1,
        Proof::Material => 2,
    }
}

/// What `lower` asks beyond `upper`; without an upper rule of the same kinds, the rule itself is what was added.
pub fn tightenings(upper: Option<&Rule>, lower: &Rule) -> Vec<Tightening> {
    let Some(upper) = upper else {
        return vec![Tightening {
            code: "new_action",
            words: format!("上级没有布置“{}”，由本级自行增加", lower.name),
        }];
    };
    let mut found = Vec::new();
    let mut tell = |code, words: String| found.push(Tightening { code, words });
    if per_year(lower.cadence) > per_year(upper.cadence) {
        tell("more_often", format!("周期由“{}”加密为“{}”", upper.cadence.label(), lower.cadence.label()));
    }
    if lower.unit == upper.unit && lower.quantity > upper.quantity {
        let unit = upper.unit.label();
        tell("more", format!("数量由{}{unit}增加到{}{unit}", upper.quantity, lower.quantity));
    }
    if lower.unit != upper.unit {
        tell("other_unit", format!("由按“{}”计改为按“{}”计", upper.unit.label(), lower.unit.label()));
    }
    if let (Some(up), Some(low)) = (upper.to_day, lower.to_day)
        && low < up
        && lower.cadence.is_single()
    {
        tell("earlier", format!("截止日由{}提前到{}", up.in_chinese(), low.in_chinese()));
    }
    if lower.grace_working_days < upper.grace_working_days {
        tell(
            "less_grace",
            format!("补登期由{}个工作日缩短为{}个", upper.grace_working_days, lower.grace_working_days),
        );
    }
    if weight(lower.proof) > weight(upper.proof) {
        tell("more_proof", format!("另外要求{}（上级只要求{}）", lower.proof.label(), upper.proof.label()));
    }
    if lower.each_kind && !upper.each_kind && lower.kinds.len() > 1 {
        tell("each_kind", "由任选一种活动改为每种都要做".to_owned());
    }
    found
}
