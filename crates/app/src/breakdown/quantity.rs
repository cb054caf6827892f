//! How much a draft asks: a number with its measure word, as people change it and as a task or a text takes it.

use crate::Error;
use crate::task::TargetRow;
use bihuan_domain::breakdown::BreakdownDraft;
use bihuan_domain::refusal::limit_text;
use bihuan_domain::task::{MEASURE_WORD_CHARS_MAX, parse_value, value_words};

/// The name of the target of a task that was made from a draft.
const TARGET_NAME: &str = "完成量";
/// What is not to be exceeded is no target to be reached.
const CEILING: &str = "不超过";

/// A quantity in its parts: what stands before the number (不少于), the number, the measure word.
fn parts(quantity: &str) -> (&str, &str, &str) {
    let from = quantity.find(|c: char| c.is_ascii_digit()).unwrap_or(quantity.len());
    let (sign, rest) = quantity.split_at(from);
    let to = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let (number, measure_word) = rest.split_at(to);
    (sign, number, measure_word)
}

/// Number and measure word of what a draft asks, as a form shows them; empty where it asks no number.
pub fn amount_of(draft: &BreakdownDraft) -> (&str, &str) {
    let (_, number, measure_word) = parts(&draft.quantity);
    (number, measure_word)
}

/// The quantity as a person wrote it, with what stood before the number in the text; empty where nothing is written.
pub(super) fn written(before: &str, amount: &str, measure_word: &str) -> Result<String, Error> {
    let amount: String = amount.trim().chars().map(half_width).collect();
    let measure_word = limit_text("measure_word", "计量单位", measure_word, MEASURE_WORD_CHARS_MAX)?;
    if amount.is_empty() {
        return match measure_word.as_str() {
            "" => Ok(String::new()),
            word => Err(Error::invalid(
                "amount",
                format!("只写了计量单位“{word}”，没有写“目标数量”；请填写数量，或者把计量单位也删去。"),
            )),
        };
    }
    if measure_word.chars().any(|c| half_width(c).is_ascii_digit()) {
        let sentence = "“计量单位”里只写单位，例如 亩、户、万元；数字请写在“目标数量”里。";
        return Err(Error::invalid("measure_word", sentence));
    }
    let value = parse_value(&amount).filter(|value| *value > 0).ok_or_else(|| {
        let sentence = "“目标数量”应是大于0的数字，最多三位小数，例如 20000 或 2.5；单位请写在“计量单位”里。";
        Error::invalid("amount", sentence)
    })?;
    let (sign, ..) = parts(before);
    Ok(format!("{sign}{}{measure_word}", value_words(value)))
}

/// As [`written`], where what is not written stays as the draft has it.
pub(super) fn taken(draft: &BreakdownDraft, amount: &str, measure_word: &str) -> Result<String, Error> {
    let (own, own_word) = amount_of(draft);
    match (amount.trim(), measure_word.trim()) {
        ("", "") => Ok(draft.quantity.clone()),
        // As the form showed it, however long the number is.
        (amount, word) if (amount, word) == (own, own_word) => Ok(draft.quantity.clone()),
        ("", word) => written(&draft.quantity, own, word),
        (amount, "") => written(&draft.quantity, amount, own_word),
        (amount, word) => written(&draft.quantity, amount, word),
    }
}

/// The target that a quantity gives a task; none for an upper limit.
pub(super) fn target_of(quantity: &str) -> Option<TargetRow> {
    let (sign, number, measure_word) = parts(quantity);
    let value = parse_value(number).filter(|value| *value > 0 && sign != CEILING)?;
    Some(TargetRow {
        name: TARGET_NAME.to_owned(),
        measure_word: measure_word.chars().take(MEASURE_WORD_CHARS_MAX).collect(),
        baseline: String::new(),
        target: value_words(value),
    })
}

/// The words with the quantity behind them, where they do not say it themselves, be it in digits or in Chinese numerals.
pub(super) fn with_quantity(words: &str, quantity: &str) -> String {
    let (_, number, measure_word) = parts(quantity);
    let says = || number.parse().is_ok_and(|value: f64| bihuan_text::says_number(words, value, measure_word));
    if number.is_empty() || says() { words.to_owned() } else { format!("{words}（数量：{quantity}）") }
}

fn half_width(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
        '．' => '.',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_is_changed_in_its_parts_and_keeps_what_stood_before_it_m42() {
        assert_eq!(parts("不少于2.5万亩"), ("不少于", "2.5", "万亩"));
        assert_eq!(parts(""), ("", "", ""));
        assert_eq!(written("不少于2万亩", "３", "万亩").unwrap(), "不少于3万亩");
        assert_eq!(written("", "20,000", "亩").unwrap(), "20000亩");
        assert_eq!(written("2万亩", "", "").unwrap(), "");
        let longest = "亩".repeat(MEASURE_WORD_CHARS_MAX);
        assert!(written("", "1", &longest).is_ok());
        for (amount, word) in [
            ("两万", "亩"),
            ("-1", "亩"),
            ("0", "亩"),
            ("", "亩"),
            ("2", "3亩"),
            ("1", &format!("{longest}亩")),
        ] {
            assert!(written("", amount, word).is_err(), "{amount} {word}");
        }
    }

    #[test]
    fn an_upper_limit_is_no_target_of_a_task_m42() {
        assert!(target_of("不超过3次").is_none() && target_of("").is_none());
        let target = target_of("不少于2万亩").unwrap();
        assert_eq!((target.target.as_str(), target.measure_word.as_str()), ("2", "万亩"));
    }

    #[test]
    fn words_that_say_their_quantity_are_left_as_they_are_m42() {
        assert_eq!(with_quantity("建成高标准农田2万亩", "2万亩"), "建成高标准农田2万亩");
        assert_eq!(with_quantity("走访农户三十户", "30户"), "走访农户三十户");
        assert_eq!(with_quantity("建成高标准农田2万亩", "3万亩"), "建成高标准农田2万亩（数量：3万亩）");
        assert_eq!(with_quantity("建成高标准农田12万亩", "2万亩"), "建成高标准农田12万亩（数量：2万亩）");
        assert_eq!(with_quantity("建立台账", ""), "建立台账");
    }
}
