//! The words by which documents speak of figures: of each its own name, and the usual ones beside it.

use super::{ActionPart, FigureName, SlipPart, TaskPart};
use crate::figure;
use crate::problem::Flow;

/// What a figure is counted of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Matter {
    /// Problems of the ledger.
    Problems,
    /// Required actions.
    Actions,
    /// Tasks.
    Tasks,
    /// Slips.
    Slips,
}

impl Matter {
    /// Words that say that what follows is about it.
    pub fn anchors(self) -> &'static [&'static str] {
        match self {
            Matter::Problems => &["问题", "隐患", "台账"],
            Matter::Actions => &["规定动作"],
            Matter::Tasks => &["任务", "民生实事"],
            Matter::Slips => &["督办单", "督办函", "提示单", "提醒单", "催办单"],
        }
    }

    /// What it is counted in.
    pub fn units(self) -> &'static [&'static str] {
        match self {
            Matter::Problems => &["件", "个", "项", "条", "起", "处", "宗"],
            Matter::Actions => &["次", "项", "个"],
            Matter::Tasks => &["项", "个", "件"],
            Matter::Slips => &["份", "件", "张", "个"],
        }
    }
}

/// Words that name a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// The words, which stand directly before or behind the number.
    pub words: String,
    /// They say it only of problems that are named with them: 排查问题12个, not 排查12个.
    pub with_problems: bool,
}

/// Words of a figure that say it of problems alone, in what is counted.
const TOTAL: &str = "排查 排查出 梳理 梳理出 查摆 查摆出 发现 登记 检视 检视出 自查 反馈 建立台账 列入台账 纳入台账 合计 共计 总计 累计 共有";

impl FigureName {
    /// What it is counted of.
    pub fn matter(self) -> Matter {
        match self {
            FigureName::Action(_) | FigureName::ActionNow(_) => Matter::Actions,
            FigureName::Task(_) => Matter::Tasks,
            FigureName::Slip(_) => Matter::Slips,
            _ => Matter::Problems,
        }
    }

    /// The words that name it: first those of its own name, so that a new figure is known by its name at once.
    pub fn wordings(self) -> Vec<Wording> {
        let name = self.name();
        let own = name.rsplit_once('：').map_or(name.as_str(), |(_, label)| label);
        // What stands in brackets explains a name and is left out where it is said.
        let own = own.split('（').next().unwrap_or(own);
        let mut all = vec![own.to_owned()];
        if own != name {
            all.push(name.replace('：', ""));
        }
        let (plain, of_problems) = self.usual();
        all.extend(plain.split_whitespace().map(str::to_owned));
        let plain = all.into_iter().map(|words| Wording { words, with_problems: false });
        let of_problems = of_problems.split_whitespace();
        let of_problems = of_problems.map(|words| Wording { words: words.to_owned(), with_problems: true });
        plain.chain(of_problems).collect()
    }

    /// Its usual words beside its name: those that say it alone, and those that say it with 问题.
    fn usual(self) -> (&'static str, &'static str) {
        match self {
            FigureName::Plain(code) => usual_plain(code),
            FigureName::Rate => ("整改完成率 问题整改率 问题解决率", ""),
            FigureName::NewlyLate => ("新逾期 新增逾期", ""),
            FigureName::Moved(Flow::Registered) => ("新增登记", "新增 新排查 新发现 新检视 新查摆"),
            FigureName::Action(ActionPart::Expected) => ("应完成", ""),
            FigureName::Action(ActionPart::Done) => ("按时完成", ""),
            FigureName::Action(ActionPart::Late) => ("超期完成", ""),
            FigureName::Action(ActionPart::Missed) => ("逾期未完成 超期未做 超期未完成", ""),
            FigureName::Task(TaskPart::Total) => ("任务 任务共 任务合计 任务共计 承担任务", ""),
            FigureName::Task(TaskPart::Done) => ("已完成 已经完成", ""),
            FigureName::Task(TaskPart::OnSchedule) => ("按序时推进 正常推进", ""),
            FigureName::Task(TaskPart::Behind) => ("进度滞后 已滞后", ""),
            FigureName::Task(TaskPart::AtRisk) => ("存在风险", ""),
            FigureName::Task(TaskPart::NotStarted) => ("未启动 尚未启动", ""),
            FigureName::Slip(SlipPart::Sent) => ("督办单 已发 已发出 签发 下发 印发", ""),
            FigureName::Slip(SlipPart::Unsigned) => ("尚未签收 待签收", ""),
            FigureName::Slip(SlipPart::Unanswered) => ("超期未答复 逾期未回复 超期未回复", ""),
            FigureName::Slip(SlipPart::Accepted) => ("办结", ""),
            _ => ("", ""),
        }
    }
}

fn usual_plain(code: &str) -> (&'static str, &'static str) {
    match code {
        code if code == figure::TOTAL.code => {
            ("问题总量 问题合计 问题共计 问题总计 问题累计 问题总 问题共 问题共有", TOTAL)
        }
        code if code == figure::OPEN.code => (
            "未销号 尚未销号 未办结 尚未办结 正在办理 办理中",
            "未完成 尚未完成 未完成整改 尚未完成整改 正在整改 正在推进 剩余 还有 尚有",
        ),
        code if code == figure::LATE.code => (
            "已逾期 超期 已超期 超时限 逾期未办结 逾期未完成 逾期未整改 逾期未销号 逾期未解决 逾期在办 超期未办结 超期未完成 超期未整改 超期未销号",
            "",
        ),
        code if code == figure::CLOSED.code => ("销号 完成销号 累计销号 已办结 办结 已经办结", ""),
        code if code == figure::SOLVED.code => {
            ("完成整改 整改完成 已整改 已整改完成 已完成整改 整改到位 已整改到位", "已完成 解决")
        }
        code if code == figure::RED.code => ("红灯 亮红灯 标红 红色", ""),
        code if code == figure::YELLOW.code => ("黄灯 亮黄灯 标黄 黄色 临期 临近时限", ""),
        code if code == figure::GREEN.code => ("绿灯 亮绿灯 标绿 绿色", ""),
        _ => ("", ""),
    }
}

/// The words that name a figure of problems by what it is out of all: closed ones, which have no definition of their own.
pub const CLOSED_RATE: &str = "销号率";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Coded as _;

    #[test]
    fn every_figure_has_words_of_its_own() {
        for figure in FigureName::all() {
            let words = figure.wordings();
            let label = figure.name();
            assert!(words.iter().any(|one| label.contains(&one.words)), "{label}");
        }
        assert_eq!(FigureName::Moved(Flow::ALL[0]).wordings()[0].words, Flow::ALL[0].label());
    }
}
