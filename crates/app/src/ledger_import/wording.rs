//! What ledgers say of themselves: statuses as written, and totals they announce.

use bihuan_documents::ledger::LedgerRow;
use bihuan_documents::sheet::Sheet;
use bihuan_domain::problem::ImportedState;

/// A total the ledger states of itself, beside what was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Total {
    /// The sheet.
    pub sheet: String,
    /// The sentence.
    pub sentence: String,
    /// What it says.
    pub stated: i64,
    /// What was read, or what its parts add up to.
    pub found: i64,
    /// What is compared, in Chinese.
    pub what: &'static str,
}

/// Longest status that is taken for a usual wording, in characters; a longer one is an account.
const STATUS_CHARS: usize = 16;

/// The first group of which a word occurs decides; what is not done goes before what is.
const STATUS_WORDS: [(ImportedState, &[&str]); 5] = [
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
    let found = STATUS_WORDS.iter().find(|(_, words)| {
        words
            .iter()
            .any(|word| if word.chars().nth(1).is_none() { head == **word } else { head.contains(word) })
    });
    match found {
        Some((state, _)) => (*state, usual),
        None => (ImportedState::Accepted, false),
    }
}

/// Announced totals of a sheet: 共697个问题, and 其中 parts that must add up to it.
pub fn totals(sheet: &Sheet, rows: &[LedgerRow]) -> Vec<Total> {
    let mine: Vec<&LedgerRow> = rows.iter().filter(|row| row.sheet == sheet.name).collect();
    let (Some(first), Some(last)) =
        (mine.iter().map(|row| row.row).min(), mine.iter().map(|row| row.last_row).max())
    else {
        return Vec::new();
    };
    let inside = |row: usize| (first as usize..=last as usize).contains(&(row + 1));
    let mut sentences: Vec<String> = sheet.before.iter().chain(&sheet.after).cloned().collect();
    for row in (0..sheet.height()).filter(|row| !inside(*row)) {
        sentences.extend(sheet.filled(row).map(|column| sheet.text(row, column).to_owned()));
    }
    sentences.iter().flat_map(|sentence| totals_in(sheet, sentence, mine.len() as i64)).collect()
}

fn totals_in(sheet: &Sheet, sentence: &str, rows: i64) -> Vec<Total> {
    let counts = counted(sentence);
    let mut found = Vec::new();
    let total = counts.iter().position(|(before, _)| {
        ["共", "合计", "总计", "共计", "总数", "累计", "共有", "梳理", "发现", "反馈"]
            .iter()
            .any(|w| before.ends_with(w))
    });
    let Some(at) = total else { return found };
    let stated = counts[at].1;
    let total =
        |found, what| Total { sheet: sheet.name.clone(), sentence: sentence.to_owned(), stated, found, what };
    found.push(total(rows, "读出的问题数"));
    let parts: Vec<i64> = counts[at + 1..].iter().map(|(_, n)| *n).collect();
    let split = ["其中", "已完成", "已整改", "完成整改", "正在整改", "未完成", "未整改"];
    if parts.len() >= 2 && split.iter().any(|word| sentence.contains(word)) {
        found.push(total(parts.iter().sum(), "各部分之和"));
    }
    found
}

/// Numbers followed by 个、项、条、件、处, each with the text before it.
fn counted(sentence: &str) -> Vec<(String, i64)> {
    let chars: Vec<char> = sentence.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if !chars[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let from = at;
        while at < chars.len() && chars[at].is_ascii_digit() {
            at += 1;
        }
        let number: String = chars[from..at].iter().collect();
        if chars.get(at).is_some_and(|c| "个项条件处".contains(*c))
            && let Ok(number) = number.parse()
        {
            let before: String = chars[..from].iter().collect();
            found.push((before.trim_end().to_owned(), number));
        }
    }
    found
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

    #[test]
    fn announced_totals_are_found_with_their_parts() {
        let sheet = Sheet::new("台账", vec![], vec![]);
        let found = totals_in(&sheet, "共697个问题，其中已完成688个，基本完成4个，未完成5个", 690);
        let numbers: Vec<(i64, i64)> = found.iter().map(|total| (total.stated, total.found)).collect();
        assert_eq!(numbers, [(697, 690), (697, 697)]);
    }
}
