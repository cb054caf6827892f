//! Figures 数字: every one has a name, a definition and a denominator, in one place.

use serde::Serialize;

/// What a figure means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Definition {
    /// Stable code.
    pub code: &'static str,
    /// Name on the page.
    pub name: &'static str,
    /// What is counted, in one sentence.
    pub definition: &'static str,
    /// Out of what; empty for a plain count.
    pub denominator: &'static str,
}

/// Rates with fewer cases than this are shown as "样本不足", never compared.
pub const SAMPLE_MIN: i64 = 10;

/// A share in per mille, rounded to the nearest; it is all only where it is all, so that nothing unfinished reads 100 %.
/// `None` where there is nothing to divide by.
pub fn per_mille(part: i64, whole: i64) -> Option<i64> {
    if whole <= 0 {
        return None;
    }
    let rounded = (part.saturating_mul(1000)).saturating_add(whole / 2) / whole;
    Some(if part < whole { rounded.min(999) } else { rounded })
}

macro_rules! figures {
    ($($constant:ident = $code:literal, $name:literal, $definition:literal, $denominator:literal;)+) => {
        $(
            #[doc = $name]
            pub const $constant: Definition =
                Definition { code: $code, name: $name, definition: $definition, denominator: $denominator };
        )+
        /// Every figure.
        pub const ALL: &[Definition] = &[$($constant,)+];
    };
}

figures! {
    TOTAL = "total", "问题总数", "登记到本单位及下辖单位（按牵头单位归属，交办前按登记单位）的全部问题，含已销号。", "";
    OPEN = "open", "在办", "尚未销号的问题，含登记审核、整改、验收、公示和请求上级各环节。", "";
    LATE = "late", "逾期", "整改单位应办而未办：待签收、整改中、验收退回的问题中，整改时限（或任一未完成措施的时限）已过的。", "待签收、整改中、验收退回的问题";
    CLOSED = "closed", "已销号", "已结束的问题，按结果分别计数；并入、拆分、不予立项不算整改成果。", "";
    SOLVED = "solved", "已解决", "经另一单位验收、公示期满销号，结果为“已解决”的问题。", "";
    SOLVED_RATE = "solved_rate", "解决率", "“已解决”占应整改问题的比例；未能解决、移交、导入前已销号不算解决。", "问题总数减去不属实、并入、拆分、不予立项";
    RED = "red", "红", "逾期，或验收退回达到规定次数的应办问题。", "待签收、整改中、验收退回的问题";
    YELLOW = "yellow", "黄", "临近时限的应办问题。", "待签收、整改中、验收退回的问题";
    GREEN = "green", "绿", "时限未近的应办问题。", "待签收、整改中、验收退回的问题";
    STATE = "state", "状态", "现在处在这一环节的问题。", "";
    OUTCOME = "outcome", "销号结果", "已销号的问题中以这一结果结束的；各种结果分别计数，不相加为“完成”。", "已销号";
    LATE_BY_AGE = "late_by_age", "逾期天数", "逾期的问题按已超过时限的天数分组。", "逾期";
    NEWLY_LATE = "newly_late", "新逾期", "所选日期以来越过时限、至今仍未办结的问题。", "";
    MOVED = "moved", "变化", "所选期间发生的次数，记在发生时问题所属的单位；同一问题多次发生的逐次计数。", "";
    REOPENED = "reopened", "重新打开", "回头看发现反弹、虚假销号或由专班重新打开的次数。", "";
    ACTION_EXPECTED = "action_expected", "规定动作应做", "截至日以前开始的各周期里应做的次数：每项规定动作、每个周期、每个责任对象算一次。", "";
    ACTION_DONE = "action_done", "规定动作按期完成", "在周期内（含补登期）做到、有登记记录的。", "规定动作应做";
    ACTION_LATE = "action_late", "规定动作逾期完成", "周期和补登期过后才做到的。", "规定动作应做";
    ACTION_MISSED = "action_missed", "规定动作逾期未做", "周期和补登期已过，没有做到，也没有批准免做的。", "规定动作应做";
    ACTION_EXCUSED = "action_excused", "规定动作免做", "经批准在这一周期免做的。", "规定动作应做";
    ACTION_OPEN = "action_open", "规定动作未到期", "周期或补登期还没有过、尚未做到的。", "规定动作应做";
    ACTION_RATE = "action_rate", "规定动作完成率", "按期完成和逾期完成占到期应做的比例。", "规定动作应做，减去免做和未到期";
    TASK_TOTAL = "task_total", "任务总数", "截至日以前设定、由所选单位及下辖单位承担的重点任务，单位隶属按截至日；分解到下级的算在上一级任务里，不另计。", "";
    TASK_STANDING = "task_standing", "任务进度", "截至日处在这一进度的任务，按截至日以前填报的节点、指标和下级任务以及当时的时限推算，以后的填报和认定不算。", "任务总数";
    SLIP_SENT = "slip_sent", "督办单发出", "截至日以前签发、截至日由所选单位及下辖单位承办的督办单，不含约谈单和截至日已撤回的。", "";
    SLIP_SENT_NOW = "slip_sent_now", "本期发出督办单", "期间内签发的督办单，不含约谈单和已撤回的。", "";
    SLIP_UNSIGNED = "slip_unsigned", "督办单未签收", "截至日已经发出、还没有签收的督办单。", "督办单发出";
    SLIP_UNANSWERED = "slip_unanswered", "督办单逾期未答复", "答复期限在截至日以前，截至日仍未答复（含退回重答）的督办单。", "督办单发出";
    SLIP_ACCEPTED = "slip_accepted", "督办单已办结", "截至日答复已被认可的督办单。", "督办单发出";
    ACTION_MISSED_LINES = "action_missed_lines", "逾期未做规定动作清单行数", "逾期未做的规定动作，按规定动作、周期和下级单位各算一项，不论其中逾期几次。", "";
    LISTED_REGISTERED = "listed_registered", "本期登记问题件数", "期间内登记的问题，逐次列出；同一问题在期间内登记不止一次的，每次算一件。", "";
    LISTED_CLOSED = "listed_closed", "本期销号问题件数", "期间内销号的问题，逐次列出；同一问题在期间内销号不止一次的，每次算一件。", "";
    EXTENDED = "extended", "批准延期", "经确定时限的单位批准的延期次数，与逾期分别计数。", "";
}

/// The definition of a code.
pub fn definition(code: &str) -> Option<Definition> {
    ALL.iter().copied().find(|figure| figure.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_and_all_is_said_only_of_all() {
        assert_eq!(per_mille(319, 577), Some(553));
        assert_eq!(per_mille(9_999, 10_000), Some(999));
        assert_eq!(per_mille(10, 10), Some(1000));
        assert_eq!(per_mille(0, 0), None);
    }
}
