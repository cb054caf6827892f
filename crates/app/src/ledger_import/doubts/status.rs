//! What a status as written in a ledger usually means.

use bihuan_domain::problem::ImportedState;

/// The first group of which a word occurs decides; what is not done goes before what is.
const WORDS: [(ImportedState, &[&str]); 5] = [
    (ImportedState::Screen, &["草稿", "待审核", "被驳回", "待初核", "待核实", "核实中"]),
    (
        ImportedState::Accepted,
        &[
            "未完成",
            "未整改",
            "未销号",
            "未办结",
            "未解决",
            "尚未",
            "没有完成",
            "不能",
            "无法",
            "正在",
            "整改中",
            "办理中",
            "处理中",
            "进行中",
            "推进",
            "持续",
            "长期",
            "阶段性",
            "基本完成",
            "部分",
            "待整改",
            "待办",
            "待签收",
            "未启动",
            "退回",
            "滞后",
            "逾期",
        ],
    ),
    (
        ImportedState::Reported,
        &["待验收", "待销号", "申请销号", "拟销号", "公示中", "待复核", "待核查", "自查完成"],
    ),
    (ImportedState::ClosedBefore, &["已销号", "销号", "通过验收", "验收合格", "已验收", "已归档"]),
    (
        ImportedState::Reported,
        &[
            "已完成",
            "完成整改",
            "整改完成",
            "已整改",
            "已办结",
            "办结",
            "已解决",
            "整改到位",
            "完成",
            "√",
            "100%",
            "已落实",
            "是",
        ],
    ),
];

/// Longest status that is taken for a usual wording, in characters; a longer one is an account.
const STATUS_CHARS: usize = 16;

/// What a status as written usually means, and whether the wording is a usual one.
pub fn propose_status(text: &str) -> (ImportedState, bool) {
    let text = text.trim();
    if text.is_empty() {
        return (ImportedState::Accepted, true);
    }
    let usual = text.chars().nth(STATUS_CHARS).is_none();
    let head: String = text.chars().take(60).collect();
    if let Some(number) = head.strip_suffix('%').and_then(|n| n.trim().parse::<f64>().ok()) {
        let done = number >= 100.0;
        return (if done { ImportedState::Reported } else { ImportedState::Accepted }, true);
    }
    let found = WORDS.iter().find(|(_, words)| {
        words
            .iter()
            .any(|word| if word.chars().nth(1).is_none() { head == **word } else { head.contains(word) })
    });
    match found {
        Some((state, _)) => (*state, usual),
        None => (ImportedState::Accepted, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_as_written_gets_a_sensible_proposal() {
        let of = |text| propose_status(text).0;
        for text in
            ["未完成", "基本完成（取得阶段性成果并持续整改）", "正在整改", "持续整改", "60%", "无法整改"]
        {
            assert_eq!(of(text), ImportedState::Accepted, "{text}");
        }
        for text in ["已完成整改", "已办结", "待验收", "拟销号", "100%", "√"] {
            assert_eq!(of(text), ImportedState::Reported, "{text}");
        }
        for text in ["已销号", "完成整改并通过验收"] {
            assert_eq!(of(text), ImportedState::ClosedBefore, "{text}");
        }
        assert_eq!(of("待审核"), ImportedState::Screen);
        assert!(!propose_status("不详").1, "an unusual wording is asked");
    }
}
