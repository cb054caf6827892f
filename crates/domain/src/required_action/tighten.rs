//! 层层加码: what a lower level asks beyond the upper one, in words, so that the upper level sees it.

use super::period::period_of;
use super::{Cadence, Part, Proof, Rule, SubjectKind};
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

/// Units that a lower rule reaches and its upper rule does not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beyond {
    /// How many.
    pub units: i64,
    /// The names of the first of them.
    pub named: Vec<String>,
}

impl Beyond {
    fn in_words(&self) -> String {
        let more = if self.units > self.named.len() as i64 { "等" } else { "" };
        format!("多要求到{}个单位：{}{more}", self.units, self.named.join("、"))
    }
}

/// What is told.
struct Told(Vec<Tightening>);

impl Told {
    fn tell(&mut self, code: &'static str, words: String) {
        self.0.push(Tightening { code, words });
    }

    /// By when, since when, how often and how much.
    fn time_and_amount(&mut self, upper: &Rule, lower: &Rule) {
        if per_year(lower.cadence) > per_year(upper.cadence) {
            let words = format!("周期由“{}”加密为“{}”", upper.cadence.label(), lower.cadence.label());
            self.tell("more_often", words);
        }
        if lower.unit == upper.unit && lower.quantity > upper.quantity {
            let unit = upper.unit.label();
            self.tell("more", format!("数量由{}{unit}增加到{}{unit}", upper.quantity, lower.quantity));
        }
        if lower.unit != upper.unit {
            let words = format!("由按“{}”计改为按“{}”计", upper.unit.label(), lower.unit.label());
            self.tell("other_unit", words);
        }
        if lower.from_day < upper.from_day {
            let (up, low) = (upper.from_day.in_chinese(), lower.from_day.in_chinese());
            self.tell("earlier_start", format!("开始日期由{up}提前到{low}"));
        }
        self.deadline(upper, lower);
        if lower.grace_working_days < upper.grace_working_days {
            let (up, low) = (upper.grace_working_days, lower.grace_working_days);
            self.tell("less_grace", format!("补登期由{up}个工作日缩短为{low}个"));
        }
    }

    fn deadline(&mut self, upper: &Rule, lower: &Rule) {
        let until = |rule: &Rule| rule.to_day.map_or_else(|| "长期".to_owned(), |day| day.in_chinese());
        if !lower.cadence.is_single() {
            if upper.to_day.is_some_and(|up| lower.to_day.is_none_or(|low| low > up)) {
                self.tell("longer", format!("由做到{}延长为{}", until(upper), until(lower)));
            }
            return;
        }
        let Some(low) = lower.to_day else { return };
        // What is asked once has to be done by the end of the upper level's first period, wherever that ends.
        let up = match upper.cadence.is_single() {
            true => upper.to_day,
            false => {
                period_of(upper.cadence, upper.from_day, upper.to_day, lower.from_day.max(upper.from_day))
                    .map(|period| period.last)
            }
        };
        if let Some(up) = up.filter(|up| low < *up) {
            self.tell("earlier", format!("截止日由{}提前到{}", up.in_chinese(), low.in_chinese()));
        }
    }

    /// Which activities count, whose part in them, and what proves it.
    fn activities(&mut self, upper: &Rule, lower: &Rule, name: &dyn Fn(&str) -> String) {
        let named = |kinds: &[String], without: &[String]| -> Vec<String> {
            kinds.iter().filter(|kind| !without.contains(kind)).map(|kind| name(kind)).collect()
        };
        let no_more = named(&upper.kinds, &lower.kinds);
        if !no_more.is_empty() {
            self.tell("fewer_kinds", format!("上级认可的“{}”不再算数", no_more.join("”“")));
        }
        let new = named(&lower.kinds, &upper.kinds);
        if !new.is_empty() && lower.each_kind && upper.each_kind {
            self.tell("more_kinds", format!("每种都要做的活动增加了“{}”", new.join("”“")));
        }
        if lower.each_kind && !upper.each_kind && lower.kinds.len() > 1 {
            self.tell("each_kind", "由任选一种活动改为每种都要做".to_owned());
        }
        if lower.part == Part::Lead && upper.part == Part::Any {
            let words = format!("由“{}”改为“{}”才算", upper.part.label(), lower.part.label());
            self.tell("must_lead", words);
        }
        if weight(lower.proof) > weight(upper.proof) {
            let (low, up) = (lower.proof.label(), upper.proof.label());
            self.tell("more_proof", format!("另外要求{low}（上级只要求{up}）"));
        }
    }

    /// Who owes it.
    fn subjects(&mut self, upper: &Rule, lower: &Rule, beyond: &Beyond) {
        if lower.subject != upper.subject {
            let words = format!("责任对象由{}改为{}", upper.subject.label(), lower.subject.label());
            self.tell("other_subject", words);
        } else if lower.subject == SubjectKind::Post && takes_more_posts(upper, lower) {
            let words = format!("岗位由{}扩大到{}", posts_in_words(upper), posts_in_words(lower));
            self.tell("more_posts", words);
        }
        if beyond.units > 0 {
            self.tell("reaches_more", beyond.in_words());
        }
    }
}

/// Some name of a post is taken by the lower rule only: every word of the lower one should hold a word of the upper one.
fn takes_more_posts(upper: &Rule, lower: &Rule) -> bool {
    let within = |word: &String| upper.posts.iter().any(|up| word.contains(up.as_str()));
    let words = !upper.posts.is_empty() && (lower.posts.is_empty() || !lower.posts.iter().all(within));
    words || (upper.leads_only && !lower.leads_only)
}

fn posts_in_words(rule: &Rule) -> String {
    let leads = if rule.leads_only { "领导岗位" } else { "岗位" };
    if rule.posts.is_empty() {
        format!("全部{leads}")
    } else {
        format!("“{}”{leads}", rule.posts.join("”“"))
    }
}

/// What `lower` asks beyond `upper`, whom it reaches beyond it among that; without an upper rule, the rule itself is what
/// was added. `name` names a kind of activity by its code.
pub fn tightenings(
    upper: Option<&Rule>,
    lower: &Rule,
    beyond: &Beyond,
    name: &dyn Fn(&str) -> String,
) -> Vec<Tightening> {
    let mut told = Told(Vec::new());
    match upper {
        None => told.tell("new_action", format!("上级没有布置“{}”，由本级自行增加", lower.name)),
        Some(upper) => {
            told.subjects(upper, lower, beyond);
            told.time_and_amount(upper, lower);
            told.activities(upper, lower, name);
        }
    }
    told.0
}
