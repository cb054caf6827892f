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
    EXTENDED = "extended", "批准延期", "经确定时限的单位批准的延期次数，与逾期分别计数。", "";
}

/// The definition of a code.
pub fn definition(code: &str) -> Option<Definition> {
    ALL.iter().copied().find(|figure| figure.code == code)
}
