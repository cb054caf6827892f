//! Names of figures, as they stand between the braces.

use super::by_label;
use crate::Coded;
use crate::figure::{self, Definition};
use crate::problem::{Flow, Outcome, State};

crate::coded! {
    /// What is told of required actions.
    ActionPart ("规定动作数字") {
        Expected = "expected", "应做";
        Done = "done", "按期完成";
        Late = "late", "逾期完成";
        Missed = "missed", "逾期未做";
        Excused = "excused", "免做";
        Open = "open", "未到期";
        Rate = "rate", "完成率";
    }
}

crate::coded! {
    /// What is told of tasks.
    TaskPart ("任务数字") {
        Total = "total", "总数";
        Done = "done", "完成";
        OnSchedule = "on_schedule", "按时序推进";
        AtRisk = "at_risk", "有风险";
        Behind = "behind", "滞后";
        NotStarted = "not_started", "未到启动时间";
        Stopped = "stopped", "已终止";
    }
}

crate::coded! {
    /// What is told of slips.
    SlipPart ("督办单数字") {
        Sent = "sent", "发出";
        SentNow = "sent_now", "本期发出";
        Unsigned = "unsigned", "未签收";
        Unanswered = "unanswered", "逾期未答复";
        Accepted = "accepted", "已办结";
    }
}

/// Whether a text has a field, table, chart or list over required actions, tasks or slips.
pub fn speaks_of_deeds(text: &str) -> bool {
    const WORDS: [&str; 3] = ["规定动作", "任务", "督办单"];
    let fields = text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}")).map(|(field, _)| field);
    fields.into_iter().any(|field| WORDS.iter().any(|word| field.contains(word)))
}

/// A figure by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FigureName {
    /// One of the plain ones.
    Plain(&'static str),
    /// The rate of solved ones.
    Rate,
    /// In a state.
    State(State),
    /// With an outcome.
    Outcome(Outcome),
    /// Moved within the period.
    Moved(Flow),
    /// Became late within the period.
    NewlyLate,
    /// Of the rules: all periods begun by the last day.
    Action(ActionPart),
    /// Of the rules: periods that end within the report's.
    ActionNow(ActionPart),
    /// Of the tasks.
    Task(TaskPart),
    /// Of the slips.
    Slip(SlipPart),
}

/// Plain figures, in the order they are offered.
pub const PLAIN: [Definition; 8] = [
    figure::TOTAL,
    figure::OPEN,
    figure::LATE,
    figure::CLOSED,
    figure::SOLVED,
    figure::RED,
    figure::YELLOW,
    figure::GREEN,
];

impl FigureName {
    /// Reads a name as it stands between the braces.
    pub fn parse(name: &str) -> Option<FigureName> {
        if let Some((group, rest)) = name.split_once(['：', ':']) {
            let rest = rest.trim();
            return match group.trim() {
                "环节" | "状态" => by_label(rest).map(FigureName::State),
                "结果" => by_label(rest).map(FigureName::Outcome),
                "本期" => by_label(rest).map(FigureName::Moved),
                "规定动作" => by_label(rest).map(FigureName::Action),
                "本期规定动作" => by_label(rest).map(FigureName::ActionNow),
                "任务" => by_label(rest).map(FigureName::Task),
                "督办单" => by_label(rest).map(FigureName::Slip),
                _ => None,
            };
        }
        match name {
            "解决率" => Some(FigureName::Rate),
            "本期新逾期" => Some(FigureName::NewlyLate),
            _ => PLAIN.iter().find(|one| one.name == name).map(|one| FigureName::Plain(one.code)),
        }
    }

    /// The name as it is written.
    pub fn name(self) -> String {
        match self {
            FigureName::Plain(code) => figure::definition(code).map_or(code, |one| one.name).to_owned(),
            FigureName::Rate => "解决率".to_owned(),
            FigureName::State(state) => format!("环节：{}", state.label()),
            FigureName::Outcome(outcome) => format!("结果：{}", outcome.label()),
            FigureName::Moved(flow) => format!("本期：{}", flow.label()),
            FigureName::NewlyLate => "本期新逾期".to_owned(),
            FigureName::Action(part) => format!("规定动作：{}", part.label()),
            FigureName::ActionNow(part) => format!("本期规定动作：{}", part.label()),
            FigureName::Task(part) => format!("任务：{}", part.label()),
            FigureName::Slip(part) => format!("督办单：{}", part.label()),
        }
    }

    /// Every figure there is.
    pub fn all() -> Vec<FigureName> {
        let mut all: Vec<FigureName> = PLAIN.iter().map(|one| FigureName::Plain(one.code)).collect();
        all.extend([FigureName::Rate, FigureName::NewlyLate]);
        all.extend(State::ALL.iter().map(|one| FigureName::State(*one)));
        all.extend(Outcome::ALL.iter().map(|one| FigureName::Outcome(*one)));
        all.extend(Flow::ALL.iter().map(|one| FigureName::Moved(*one)));
        all.extend(ActionPart::ALL.iter().map(|one| FigureName::Action(*one)));
        all.extend(ActionPart::ALL.iter().map(|one| FigureName::ActionNow(*one)));
        all.extend(TaskPart::ALL.iter().map(|one| FigureName::Task(*one)));
        all.extend(SlipPart::ALL.iter().map(|one| FigureName::Slip(*one)));
        all
    }

    /// Whether it is counted for each unit below, so that it can be a column.
    pub fn is_of_units(self) -> bool {
        matches!(self, FigureName::Plain(_) | FigureName::Rate) || self.is_of_deeds()
    }

    /// Whether it is told of rules, tasks or slips, not of the ledger.
    pub fn is_of_deeds(self) -> bool {
        use FigureName::{Action, ActionNow, Slip, Task};
        matches!(self, Action(_) | ActionNow(_) | Task(_) | Slip(_))
    }

    /// Whether it is a share, shown in per cent.
    pub fn is_rate(self) -> bool {
        matches!(
            self,
            FigureName::Rate | FigureName::Action(ActionPart::Rate) | FigureName::ActionNow(ActionPart::Rate)
        )
    }
}
