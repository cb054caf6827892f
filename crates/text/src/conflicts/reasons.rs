//! Numbers in the words that say why, as the text prints its own: 6亿 beside 3.2亿元 and not 600000000.

use super::Conflict;

const YI: f64 = 1e8;
const WAN: f64 = 1e4;

/// Writes the amounts of a reason in 万 and 亿, where the numbers of the conflict are so printed.
pub(super) fn printed(conflict: &mut Conflict) {
    let held = |unit: char| conflict.quotes.iter().any(|quote| quote.contains(unit));
    let units = (held('亿'), held('万'));
    let chars: Vec<char> = conflict.reason.chars().collect();
    let mut told = String::with_capacity(conflict.reason.len());
    let mut at = 0;
    while at < chars.len() {
        let part = |c: &&char| c.is_ascii_digit() || **c == '.';
        let length = chars[at..].iter().take_while(part).count();
        if length == 0 {
            told.push(chars[at]);
            at += 1;
            continue;
        }
        let number: String = chars[at..at + length].iter().collect();
        let own = conflict.quotes.iter().any(|quote| quote.contains(&number));
        told.push_str(&if own { number } else { in_units(&number, units) });
        at += length;
    }
    conflict.reason = told;
}

fn in_units(number: &str, (yi, wan): (bool, bool)) -> String {
    let short = |value: f64| {
        let text = format!("{value:.4}");
        text.trim_end_matches('0').trim_end_matches('.').to_string()
    };
    match number.parse::<f64>() {
        Ok(value) if yi && value >= YI => format!("{}亿", short(value / YI)),
        Ok(value) if (yi || wan) && value >= WAN => format!("{}万", short(value / WAN)),
        // 97.40 of two digits is 97.4.
        Ok(_)
            if number.split('.').nth(1).is_some_and(|digits| digits.len() == 2 && digits.ends_with('0')) =>
        {
            number.trim_end_matches('0').trim_end_matches('.').to_string()
        }
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::in_units;

    #[test]
    fn amounts_are_written_as_the_text_prints_them() {
        for (number, units, right) in [
            ("600000000", (true, false), "6亿"),
            ("900000", (false, true), "90万"),
            ("36000000", (true, false), "3600万"),
            ("25200", (false, false), "25200"),
            ("860", (true, true), "860"),
            ("97.40", (false, false), "97.4"),
            ("5040.00", (false, false), "5040"),
        ] {
            assert_eq!(in_units(number, units), right, "{number}");
        }
    }
}
