//! Numbers as officials write them: 1.16万、三百二十、两、半、百余、85%.

/// A number in a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Number {
    pub start: usize,
    /// Behind the digits, before 万 or 亿, 多 or 余.
    pub end: usize,
    /// The value as printed.
    pub value: f64,
    /// Whether it is written in Chinese numerals.
    pub han: bool,
}

/// Reads the number that begins at `at`, if one does.
pub(crate) fn number_at(chars: &[char], at: usize) -> Option<Number> {
    let first = *chars.get(at)?;
    if digit(first).is_some() { arabic(chars, at) } else { han(chars, at) }
}

/// Whether a text says so many of something, be it in Arabic or in Chinese numerals: 30户 and 三十户.
///
/// ```
/// assert!(bihuan_text::says_number("走访农户三十户", 30.0, "户"));
/// assert!(!bihuan_text::says_number("走访农户130户", 30.0, "户"));
/// ```
pub fn says_number(text: &str, value: f64, unit: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let unit: Vec<char> = unit.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        match number_at(&chars, at) {
            Some(number) if number.end > at => {
                if number.value == value && chars[number.end..].starts_with(&unit) {
                    return true;
                }
                at = number.end;
            }
            _ => at += 1,
        }
    }
    false
}

/// The value of an Arabic digit of either width.
pub(crate) fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(c as u32 - '0' as u32),
        '０'..='９' => Some(c as u32 - '０' as u32),
        _ => None,
    }
}

fn arabic(chars: &[char], at: usize) -> Option<Number> {
    // Read as a whole, so that 1.86 is 1.86 and not a sum of parts that is nearly so.
    let mut written = String::new();
    let mut end = at;
    while let Some(c) = chars.get(end) {
        if let Some(d) = digit(*c) {
            written.extend(char::from_digit(d, 10));
        } else if !(matches!(c, ',' | '，') && end > at && thousands(chars, end)) {
            break;
        }
        end += 1;
    }
    if matches!(chars.get(end), Some('.' | '．')) && chars.get(end + 1).is_some_and(|c| digit(*c).is_some())
    {
        written.push('.');
        end += 1;
        while let Some(d) = chars.get(end).and_then(|c| digit(*c)) {
            written.extend(char::from_digit(d, 10));
            end += 1;
        }
    }
    let value = written.parse().ok()?;
    Some(Number { start: at, end, value, han: false })
}

/// Whether a comma parts thousands: three digits behind it, and no fourth.
fn thousands(chars: &[char], comma: usize) -> bool {
    chars[comma] == ','
        && (1..=3).all(|n| chars.get(comma + n).is_some_and(|c| digit(*c).is_some()))
        && chars.get(comma + 4).is_none_or(|c| digit(*c).is_none())
}

fn han(chars: &[char], at: usize) -> Option<Number> {
    if chars[at] == '半' {
        return Some(Number { start: at, end: at + 1, value: 0.5, han: true });
    }
    let (mut total, mut one, mut end) = (0.0, None, at);
    while let Some(c) = chars.get(end) {
        if let Some(d) = "零一二三四五六七八九".chars().position(|d| d == *c) {
            if one.is_some() && *c != '零' {
                break;
            }
            one = (*c != '零').then_some(d as f64).or(one);
        } else if *c == '两' && one.is_none() {
            one = Some(2.0);
        } else if let Some(power) = "十百千".chars().position(|p| p == *c) {
            total += one.take().unwrap_or(1.0) * 10_f64.powi(power as i32 + 1);
        } else {
            break;
        }
        end += 1;
    }
    (end > at).then_some(Number { start: at, end, value: total + one.unwrap_or(0.0), han: true })
}

#[cfg(test)]
mod tests {
    use super::number_at;

    fn value(text: &str) -> Option<f64> {
        number_at(&text.chars().collect::<Vec<_>>(), 0).map(|n| n.value)
    }

    #[test]
    fn numbers_of_every_writing_are_read() {
        let cases = [
            ("1.16万户", 1.16),
            ("1.86万人次", 1.86),
            ("1,000元", 1000.0),
            ("三百二十户", 320.0),
            ("十二个", 12.0),
            ("两个", 2.0),
            ("百亿", 100.0),
            ("半天", 0.5),
        ];
        for (text, wanted) in cases {
            assert_eq!(value(text), Some(wanted), "{text}");
        }
        assert_eq!(value("路灯"), None);
    }
}
