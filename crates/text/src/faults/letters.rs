//! Letters typed for digits: 2O24年, l2家.

use super::{FaultKind, Found, han};

/// Letters that look like a digit, with that digit.
const LOOKS: [(char, char); 4] = [('O', '0'), ('o', '0'), ('l', '1'), ('I', '1')];

/// Whether digits and such letters alone make a number: not O2O, 5l or H2O.
pub(super) fn letters(found: &mut Found<'_>) {
    let chars = found.chars;
    let mut at = 0;
    while at < chars.len() {
        if !chars[at].is_ascii_alphanumeric() {
            at += 1;
            continue;
        }
        let end = (at..chars.len()).find(|i| !chars[*i].is_ascii_alphanumeric()).unwrap_or(chars.len());
        if let Some(right) = number_of(&chars[at..end], chars.get(end)) {
            let reason = "数字里混入了字母".to_string();
            found.tell(at, end, FaultKind::Substitution, "letter for digit", reason, Some(right));
        }
        at = end;
    }
}

/// The number meant, if a letter stands in it.
fn number_of(token: &[char], behind: Option<&char>) -> Option<String> {
    let digit = |c: &char| LOOKS.iter().find(|(letter, _)| letter == c).map(|(_, digit)| *digit);
    let known = token.iter().all(|c| c.is_ascii_digit() || digit(c).is_some());
    let digits = token.iter().filter(|c| c.is_ascii_digit()).count();
    let letters = token.len() - digits;
    // A unit or a word follows a number; O2O and 5l are none.
    let measure = behind.is_some_and(|c| han(Some(c)) || *c == '%');
    let inside =
        letters == 1 && digits >= 1 && measure && !token.last().is_some_and(char::is_ascii_alphabetic);
    // 1O栋: a round number of houses or people.
    let round = letters == 1
        && digits >= 1
        && matches!(token.last(), Some('O' | 'o'))
        && behind.is_some_and(|c| "栋户个家人名件项处条万亿".contains(*c));
    let longer =
        token.len() >= 4 && letters >= 1 && digits >= 2 && token.last().is_some_and(char::is_ascii_digit);
    let oxygen = token.len() == 2 && matches!(token[0], 'O' | 'o');
    (known && (inside || round || longer) && !oxygen)
        .then(|| token.iter().map(|c| digit(c).unwrap_or(*c)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_in_a_number_is_told_and_names_are_not() {
        let read = |text: &str| {
            let all: Vec<char> = text.chars().collect();
            let end = all.iter().position(|c| !c.is_ascii_alphanumeric()).unwrap_or(all.len());
            number_of(&all[..end], all.get(end))
        };
        for (text, right) in [("2O24年", "2024"), ("l2家", "12"), ("1O0个", "100"), ("1O栋", "10")] {
            assert_eq!(read(text), Some(right.to_owned()), "{text}");
        }
        for text in ["O2O模式", "5l水", "O2浓度", "H2O", "2024年", "o", "I级", "lO"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
