//! A draft that becomes a rule: scope × action × cadence × window × quantity, in the words of required actions.

use super::accepting::{AcceptInput, At, who_is_asked};
use crate::Error;
use crate::context::App;
use crate::input;
use crate::problem::meant_scope;
use crate::required_action::issue_rule;
use bihuan_domain::breakdown::BreakdownDraft;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::RequiredActionId;
use bihuan_domain::required_action::{
    BASIS_CHARS_MAX, Cadence, Part, Proof, QuantityUnit, RULE_NAME_CHARS_MAX, Rule, SubjectKind,
};
use bihuan_store::Conn;

/// A kind of activity as it is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindOffer {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
}

impl KindOffer {
    /// Whether the words of a draft speak of this kind: its name stands in them, or two characters in a row that are
    /// no general word of meetings and activities.
    pub fn is_meant_by(&self, words: &str) -> bool {
        const GENERAL: [&str; 8] = ["活动", "会议", "开展", "专题", "整改", "工作", "组织", "记录"];
        let chars: Vec<char> = self.name.chars().collect();
        words.contains(&self.name)
            || chars.windows(2).any(|pair| {
                let pair: String = pair.iter().collect();
                !GENERAL.contains(&pair.as_str()) && words.contains(&pair)
            })
    }
}

pub(super) fn offers(app: &App, campaign: &Campaign) -> Result<Vec<KindOffer>, Error> {
    let kinds = crate::required_action::kinds_of(app, campaign)?;
    Ok(kinds.into_iter().map(|(code, name)| KindOffer { code, name }).collect())
}

/// How often a rule asks, by the cadence a draft was read with: once by a day is a limit, 经常 a person must settle.
pub fn rule_cadence(draft: &BreakdownDraft) -> Option<Cadence> {
    match draft.cadence.as_str() {
        "weekly" => Some(Cadence::Week),
        "monthly" => Some(Cadence::Month),
        "quarterly" => Some(Cadence::Quarter),
        "yearly" => Some(Cadence::Year),
        "continuous" => None,
        _ => draft.due_day.map(|_| Cadence::ByDate),
    }
}

/// How much a draft asks: the number, and what it counts.
pub fn rule_quantity(draft: &BreakdownDraft) -> (i64, QuantityUnit) {
    let digits: String = draft.quantity.chars().skip_while(|c| !c.is_ascii_digit()).collect();
    let number: String = digits.chars().take_while(char::is_ascii_digit).collect();
    let unit = match digits.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.') {
        "学时" | "小时" | "个学时" | "课时" => QuantityUnit::Hours,
        "次" | "场" | "场次" | "期" | "轮" | "回" | "" => QuantityUnit::Times,
        _ => QuantityUnit::Cases,
    };
    (number.parse().unwrap_or(1).max(1), unit)
}

impl At<'_> {
    /// Issues the rule, owned by the unit that breaks the document down.
    pub(super) fn issue_rule(
        &self,
        conn: &mut Conn,
        draft: &BreakdownDraft,
        sent: &AcceptInput,
    ) -> Result<RequiredActionId, Error> {
        let kinds = offers(self.app, self.campaign)?;
        if kinds.is_empty() {
            let sentence = "这次行动的模板里没有活动类型，不能下达规定动作；请改为交办问题或者重点任务。";
            return Err(Error::invalid("becomes", sentence));
        }
        if let Some(unknown) =
            sent.activities.iter().find(|code| kinds.iter().all(|kind| kind.code != **code))
        {
            let sentence = format!("模板里没有代码为“{unknown}”的活动，请重新选择。");
            return Err(Error::invalid("activities", sentence));
        }
        if sent.activities.is_empty() {
            return Err(Error::invalid("activities", "请选择“哪些活动算数”：登记了哪种活动就算完成。"));
        }
        let today = self.ctx.today();
        let scope = meant_scope(conn, self.unit, today, "unit", &who_is_asked(draft, sent))?;
        let cadence = match sent.cadence.trim() {
            "" => rule_cadence(draft)
                .ok_or_else(|| Error::invalid("cadence", "请选择“周期”：每月、每季度，还是在某一天以前。"))?,
            code => input::coded::<Cadence>("cadence", "周期", code)?,
        };
        let (quantity, unit) = rule_quantity(draft);
        let quantity = input::number("quantity", "数量", &sent.quantity)?.unwrap_or(quantity);
        let unit = match sent.quantity_unit.trim() {
            "" => unit,
            code => input::coded::<QuantityUnit>("quantity_unit", "数量单位", code)?,
        };
        let subject = match sent.subject.trim() {
            "" => SubjectKind::Unit,
            code => input::coded::<SubjectKind>("subject", "责任对象", code)?,
        };
        let source = format!("《{}》（{}）：“", self.breakdown.title, self.breakdown.day.in_chinese());
        let room = BASIS_CHARS_MAX.saturating_sub(source.chars().count() + 1);
        let rule = Rule {
            name: draft.action.chars().take(RULE_NAME_CHARS_MAX).collect(),
            basis: format!("{source}{}”", draft.quote.chars().take(room).collect::<String>()),
            strand: String::new(),
            subject,
            scope,
            posts: sent.posts.split(['、', '，', ',']).map(|word| word.trim().to_owned()).collect(),
            leads_only: false,
            kinds: sent.activities.clone(),
            each_kind: false,
            part: Part::Any,
            cadence,
            from_day: input::day("from_day", "开始日期", &sent.from_day)?.unwrap_or(today),
            to_day: draft.due_day.or(self.campaign.ends_day),
            quantity,
            unit,
            proof: Proof::Record,
            grace_working_days: 0,
        };
        issue_rule(self.app, conn, self.ctx, self.campaign, self.unit.clone(), rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bihuan_domain::Day;
    use bihuan_domain::id::BreakdownId;

    fn draft(cadence: &str, quantity: &str, due: bool) -> BreakdownDraft {
        BreakdownDraft {
            cadence: cadence.to_owned(),
            quantity: quantity.to_owned(),
            due_day: due.then(|| Day::from_ymd(2024, 5, 31).expect("a day")),
            ..super::super::empty(BreakdownId(1))
        }
    }

    #[test]
    fn cadence_and_quantity_of_a_draft_are_those_of_a_rule_m42() {
        assert_eq!(rule_cadence(&draft("monthly", "", false)), Some(Cadence::Month));
        assert_eq!(rule_cadence(&draft("once", "", true)), Some(Cadence::ByDate));
        assert_eq!(rule_cadence(&draft("once", "", false)), None, "without a day a person must say");
        assert_eq!(rule_cadence(&draft("continuous", "", true)), None);
        assert_eq!(rule_quantity(&draft("", "不少于2次", false)), (2, QuantityUnit::Times));
        assert_eq!(rule_quantity(&draft("", "12学时", false)), (12, QuantityUnit::Hours));
        assert_eq!(rule_quantity(&draft("", "不少于3件", false)), (3, QuantityUnit::Cases));
        assert_eq!(rule_quantity(&draft("", "", false)), (1, QuantityUnit::Times));
    }

    #[test]
    fn a_kind_is_meant_by_its_own_words_not_by_general_ones_m42() {
        let kind = |name: &str| KindOffer { code: "x".to_owned(), name: name.to_owned() };
        assert!(kind("走访群众").is_meant_by("每月到村走访不少于2次"));
        assert!(kind("问题会商会议").is_meant_by("至少召开1次问题会商会"));
        assert!(!kind("专题会议").is_meant_by("召开工作会议"));
        assert!(!kind("主题党日").is_meant_by("每月报送工作进展"));
    }
}
