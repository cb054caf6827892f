//! Counts behind what they count: 《甲办法》《乙细则》两项制度, 学习、调研、整改三个环节.

use super::super::{FaultKind, Found};
use super::{MAX_ITEMS, behind_mark};
use crate::lexicon::{any, stands, words};
use crate::numbers::{Number, number_at};

/// 《甲办法》《乙细则》四项制度: more or fewer titles than their number.
pub(in super::super) fn titles(found: &mut Found<'_>) {
    let chars = found.chars;
    for close in (1..chars.len()).filter(|at| chars[*at] == '》') {
        let Some(number) = number_at(chars, close + 1).filter(|n| (2.0..=MAX_ITEMS).contains(&n.value))
        else {
            continue;
        };
        let unit = ["项", "个", "部", "份"].iter().any(|unit| stands(chars, number.end, unit));
        let kind =
            any(chars, number.end, (number.end + 5).min(chars.len()), "制度 办法 文件 方案 规定 规范 细则");
        if !unit || !kind {
            continue;
        }
        let mut told = 0;
        let mut at = close;
        loop {
            let open = behind_mark(chars, at, |c| c == '《');
            if open == 0 || chars[open - 1] != '《' {
                break;
            }
            told += 1;
            // One title follows another, at most with a mark or a word between.
            let before = behind_mark(chars, open - 1, |c| !matches!(c, '、' | '和' | '及'));
            match before.checked_sub(1).filter(|i| chars[*i] == '》') {
                Some(next) => at = next,
                None => break,
            }
        }
        if told >= 2 && f64::from(told) != number.value {
            let reason = format!("说的是{}项，前面列了{told}项", words(chars, number.start, number.end));
            found.tell(
                number.start,
                number.end + 1,
                FaultKind::CountMismatch,
                "titles counted",
                reason,
                None,
            );
        }
    }
}

/// A、B、C三个方面: the number behind a list.
pub(in super::super) fn listed(found: &mut Found<'_>) {
    let chars = found.chars;
    const UNITS: [&str; 12] = [
        "个方面",
        "方面",
        "个环节",
        "个步骤",
        "项重点",
        "项任务",
        "张清单",
        "个维度",
        "个阶段",
        "项措施",
        "大环节",
        "项重点措施",
    ];
    for at in found.counted_inside() {
        if chars[at - 1].is_ascii_digit() {
            continue;
        }
        let Some(number) = number_at(chars, at).filter(|n| n.value >= 2.0 && n.value <= 10.0) else {
            continue;
        };
        // “学、讲、比、练、干”四位一体
        let unit = ["位一体", "字诀", "步", "个环节", "个方面"].iter().find(|u| stands(chars, number.end, u));
        if let Some(unit) = unit.filter(|_| chars[at - 1] == '”') {
            let open = behind_mark(chars, at, |c| matches!(c, '“' | '\n'));
            let (commas, _) = separators(&chars[open..at - 1]);
            if commas >= 2 && commas + 1 != number.value as usize {
                let reason =
                    format!("引号里列了{}项，写的是{}", commas + 1, words(chars, number.start, number.end));
                found.tell(
                    open,
                    number.end + unit.chars().count(),
                    FaultKind::CountMismatch,
                    "count behind a list",
                    reason,
                    None,
                );
            }
            continue;
        }
        let unit = UNITS.iter().any(|u| stands(chars, number.end, u)) || names_counted(chars, &number);
        if !unit || matches!(chars[at - 1], '第' | '等' | '这' | '的' | '“' | '，' | '。') {
            continue;
        }
        let from = behind_mark(chars, at, |c| matches!(c, '，' | '。' | '；' | '：' | '\n' | '（'));
        let (commas, links) = separators(&chars[from..at]);
        let (least, most) = (commas + 1, commas + 1 + links);
        let wanted = number.value as usize;
        if commas >= 2
            && !(least..=most).contains(&wanted)
            && wanted.abs_diff(most) <= 2
            && wanted.abs_diff(least) <= 2
        {
            let reason = format!("前面列了{most}项，写的是{}", words(chars, number.start, number.end));
            found.tell(at, number.end + 2, FaultKind::CountMismatch, "count behind a list", reason, None);
        }
    }
}

/// 大堰、白果、长岭3个乡镇: a count of bodies or kinds right behind their names, none of which is counted itself.
fn names_counted(chars: &[char], number: &Number) -> bool {
    const COUNTED: &str = "个乡镇 个镇 个乡 个街道 个村 个社区 个单位 个部门 个领域 个行业 个县 个重点领域 个重点行业 家单位 家企业 类问题 类群众 类群体 类人员 类对象 类重点 类突出 大行业 大领域 大产业 大工程 大行动";
    let at = number.start;
    if !COUNTED.split(' ').any(|unit| stands(chars, number.end, unit))
        || at == 0
        || matches!(chars[at - 1], '、' | '和' | '及' | '与')
    {
        return false;
    }
    // 青岚镇、石桥镇5个村: what belongs to those named is counted.
    if "镇乡县市区".contains(chars[at - 1])
        && !["镇", "乡", "县", "街道"].iter().any(|body| stands(chars, number.end + 1, body))
    {
        return false;
    }
    let from = behind_mark(chars, at, |c| matches!(c, '，' | '。' | '；' | '：' | '\n' | '（'));
    // 吃水难、行路难的大坪、石板两个村: what belongs to the names cannot be told from what is said of them.
    let other = |c: &char| c.is_ascii_digit() || matches!(c, '的' | '赴' | '级');
    !chars[from..at].iter().any(other)
}

/// Commas of a list and words that may join its last item, both outside of brackets.
pub(super) fn separators(list: &[char]) -> (usize, usize) {
    let (mut depth, mut commas, mut links) = (0_i32, 0, 0);
    for c in list {
        match c {
            '（' | '《' => depth += 1,
            '）' | '》' => depth -= 1,
            '、' if depth == 0 => commas += 1,
            '和' | '及' | '与' if depth == 0 => links += 1,
            _ => {}
        }
    }
    (commas, links)
}
