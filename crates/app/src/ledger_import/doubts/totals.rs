//! Totals that a ledger states of itself.

use super::Total;
use bihuan_documents::ledger::LedgerRow;
use bihuan_documents::sheet::Sheet;

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
    fn announced_totals_are_found_with_their_parts() {
        let sheet = Sheet::new("台账", vec![], vec![]);
        let found = totals_in(&sheet, "共697个问题，其中已完成688个，基本完成4个，未完成5个", 690);
        let numbers: Vec<(i64, i64)> = found.iter().map(|total| (total.stated, total.found)).collect();
        assert_eq!(numbers, [(697, 690), (697, 697)]);
    }
}
