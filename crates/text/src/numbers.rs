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

/// Longest number that is read at once, in code points: a text of digits only must not take quadratic time.
const LONGEST: usize = 100;
/// Longest number whose digits are an exact value, in code points.
const EXACT: usize = 15;
/// The powers of ten by which such a number is divided.
const TENS: [f64; EXACT] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14];

/// Reads the number that begins at `at`, if one does.
pub(crate) fn number_at(chars: &[char], at: usize) -> Option<Number> {
    // Asked at nearly every character of a text, and most begin no number.
    match *chars.get(at)? {
        '0'..='9' | '０'..='９' => arabic(chars, at),
        '半' => Some(Number { start: at, end: at + 1, value: 0.5, han: true }),
        c => (numeral(c).is_some() || c == '两' || power(c).is_some()).then(|| han(chars, at)),
    }
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
    let chars = &chars[..chars.len().min(at + LONGEST)];
    let mut end = at;
    while let Some(c) = chars.get(end) {
        let part = matches!(c, ',' | '，') && end > at && thousands(chars, end);
        if digit(*c).is_none() && !part {
            break;
        }
        end += 1;
    }
    if matches!(chars.get(end), Some('.' | '．')) && chars.get(end + 1).is_some_and(|c| digit(*c).is_some())
    {
        end += 1;
        end += chars[end..].iter().take_while(|c| digit(**c).is_some()).count();
    }
    let value = value_of(&chars[at..end])?;
    Some(Number { start: at, end, value, han: false })
}

/// The value of digits with their commas and their point.
fn value_of(written: &[char]) -> Option<f64> {
    let point = |c: &char| matches!(c, '.' | '．');
    if written.len() <= EXACT {
        // Read as a whole, so that 1.86 is 1.86 and not a sum of parts that is nearly so: both parts of the quotient are
        // exact, and so it is the number nearest to what is written.
        let whole = written.iter().filter_map(|c| digit(*c)).fold(0_u64, |sum, d| sum * 10 + u64::from(d));
        let behind = written.iter().rposition(point).map_or(0, |at| written.len() - at - 1);
        return Some(whole as f64 / TENS[behind]);
    }
    let plain = written
        .iter()
        .filter_map(|c| digit(*c).and_then(|d| char::from_digit(d, 10)).or(point(c).then_some('.')));
    plain.collect::<String>().parse().ok()
}

/// Whether a comma parts thousands: three digits behind it, and no fourth.
fn thousands(chars: &[char], comma: usize) -> bool {
    chars[comma] == ','
        && (1..=3).all(|n| chars.get(comma + n).is_some_and(|c| digit(*c).is_some()))
        && chars.get(comma + 4).is_none_or(|c| digit(*c).is_none())
}

/// The value of a Chinese numeral below ten; 两 is one only where it begins a number.
fn numeral(c: char) -> Option<u32> {
    Some(match c {
        '零' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// Which power of ten a Chinese numeral is.
fn power(c: char) -> Option<i32> {
    match c {
        '十' => Some(1),
        '百' => Some(2),
        '千' => Some(3),
        _ => None,
    }
}

/// The number in Chinese numerals that begins here; one does.
fn han(chars: &[char], at: usize) -> Number {
    let chars = &chars[..chars.len().min(at + LONGEST)];
    let (mut total, mut one, mut end) = (0.0, None, at);
    while let Some(c) = chars.get(end) {
        if let Some(d) = numeral(*c) {
            if one.is_some() && *c != '零' {
                break;
            }
            one = (*c != '零').then_some(f64::from(d)).or(one);
        } else if *c == '两' && one.is_none() {
            one = Some(2.0);
        } else if let Some(power) = power(*c) {
            total += one.take().unwrap_or(1.0) * 10_f64.powi(power);
        } else {
            break;
        }
        end += 1;
    }
    Number { start: at, end, value: total + one.unwrap_or(0.0), han: true }
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
            ("0.1", 0.1),
            ("9.00000000000001", 9.00000000000001),
            ("1234567.12345678", 1_234_567.123_456_78),
            ("9999999999999999999999999", 1e25),
        ];
        for (text, wanted) in cases {
            assert_eq!(value(text), Some(wanted), "{text}");
        }
        assert_eq!(value("路灯"), None);
    }
}
