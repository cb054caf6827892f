//! Serials and number formats: what a stored number looks like to its reader.

/// How a number format shows a number, as far as a ledger needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum NumberStyle {
    /// As digits.
    #[default]
    Plain,
    /// As a percentage.
    Percent,
    /// As a day, with the time where the number has one.
    Date,
}

/// The style of a built-in format number (ECMA-376 18.8.30, with the Chinese date formats).
pub(crate) fn builtin_style(id: u32) -> NumberStyle {
    match id {
        9 | 10 => NumberStyle::Percent,
        14..=22 | 27..=36 | 45..=47 | 50..=58 => NumberStyle::Date,
        _ => NumberStyle::Plain,
    }
}

/// The style of a format code such as `yyyy"年"m"月"d"日"`.
pub(crate) fn code_style(code: &str) -> NumberStyle {
    let mut quoted = false;
    let mut bracket = false;
    let mut percent = false;
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '[' => bracket = true,
            ']' => bracket = false,
            _ if bracket => {}
            '\\' | '_' | '*' => {
                chars.next();
            }
            'y' | 'Y' | 'd' | 'D' | 'h' | 'H' | 'm' | 'M' | 's' | 'S' => return NumberStyle::Date,
            '%' => percent = true,
            _ => {}
        }
    }
    // "General" has no date letter outside this list, so nothing else is needed.
    if percent { NumberStyle::Percent } else { NumberStyle::Plain }
}

/// A stored number as plain digits: `1` not `1.0`, without binary noise.
pub(crate) fn plain(raw: &str) -> String {
    if raw.bytes().all(|b| b.is_ascii_digit()) {
        return raw.to_owned();
    }
    match raw.parse::<f64>() {
        Ok(value) if value.is_finite() => digits(value),
        _ => raw.to_owned(),
    }
}

fn digits(value: f64) -> String {
    // Fifteen significant digits are what a spreadsheet keeps and shows.
    let rounded: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    format!("{rounded}")
}

/// A stored ratio as a percentage: `0.85` is `85%`.
pub(crate) fn percent(raw: &str) -> String {
    match raw.parse::<f64>() {
        Ok(value) if value.is_finite() => format!("{}%", digits(value * 100.0)),
        _ => raw.to_owned(),
    }
}

/// A serial as ISO: a day, a day with minutes, or minutes alone below one day. `None` outside 1900–9999.
pub fn serial_to_iso(serial: f64, epoch_1904: bool) -> Option<String> {
    let serial = if epoch_1904 { serial + 1_462.0 } else { serial };
    if !(0.0..2_958_466.0).contains(&serial) {
        return None;
    }
    let mut day = serial.floor();
    let mut minute = ((serial - day) * 1_440.0).round();
    if minute >= 1_440.0 {
        day += 1.0;
        minute = 0.0;
    }
    // Both are whole and small by the check above.
    let (day, minute) = (day as i64, minute as i64);
    let time = format!("{:02}:{:02}", minute / 60, minute % 60);
    if day == 0 {
        return Some(time);
    }
    // Serial 60 is the 29 February 1900 that never was.
    let since_1970 = day - 25_569 + i64::from(day < 60);
    let (y, m, d) = civil(since_1970);
    let date = format!("{y:04}-{m:02}-{d:02}");
    Some(if minute == 0 { date } else { format!("{date} {time}") })
}

/// Days since 1970-01-01 to a Gregorian date (Howard Hinnant's algorithm).
fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serials_become_iso_days() {
        assert_eq!(serial_to_iso(45_382.0, false).as_deref(), Some("2024-03-31"));
        assert_eq!(serial_to_iso(45_382.604_166_67, false).as_deref(), Some("2024-03-31 14:30"));
        assert_eq!(serial_to_iso(43_920.0, true).as_deref(), Some("2024-03-31"));
        assert_eq!(serial_to_iso(0.5, false).as_deref(), Some("12:00"));
        assert_eq!(serial_to_iso(1.0, false).as_deref(), Some("1900-01-01"));
        assert_eq!(serial_to_iso(61.0, false).as_deref(), Some("1900-03-01"));
        assert_eq!(serial_to_iso(-1.0, false), None);
    }

    #[test]
    fn format_codes_are_told_apart() {
        assert_eq!(code_style("yyyy\"年\"m\"月\"d\"日\""), NumberStyle::Date);
        assert_eq!(code_style("[$-804]m\"月\""), NumberStyle::Date);
        assert_eq!(code_style("0.00%"), NumberStyle::Percent);
        assert_eq!(code_style("0\"month\""), NumberStyle::Plain);
        assert_eq!(code_style("General"), NumberStyle::Plain);
        assert_eq!(code_style("[Red]#,##0"), NumberStyle::Plain);
    }

    #[test]
    fn numbers_keep_their_digits() {
        assert_eq!(plain("1"), "1");
        assert_eq!(plain("1.0"), "1");
        assert_eq!(plain("0.30000000000000004"), "0.3");
        assert_eq!(plain("0108"), "0108");
        assert_eq!(percent("9.617"), "961.7%");
    }
}
