//! Telephone numbers with digits left out: 138xxxxxxxx, 0××—×××××××.

use super::{FaultKind, Found};

/// From how many signs on digits are left out.
const LEAST: usize = 4;

pub(super) fn telephones(found: &mut Found<'_>) {
    let chars = found.chars;
    let sign = |c: &char| matches!(c, 'x' | 'X' | '×' | '*' | '＊');
    let dash = |c: &char| matches!(c, '-' | '—' | '－');
    let told = found.taken(FaultKind::Placeholder);
    let mut at = 0;
    while at < chars.len() {
        if !chars[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let digits = chars[at..].iter().take_while(|c| c.is_ascii_digit()).count();
        let from = at + digits;
        let length = chars[from..].iter().take_while(|c| sign(c) || dash(c)).count();
        let signs = chars[from..from + length].iter().filter(|c| sign(c)).count();
        let begins = chars[at] == '0' || chars[at] == '1' && digits <= 4;
        let free = !told[at..from + length].contains(&true);
        if begins && free && signs >= LEAST && chars.get(from).is_some_and(sign) {
            let reason = "电话号码没有填写".to_string();
            found.tell(at, from + length, FaultKind::Placeholder, "telephone", reason, None);
        }
        at = from + length;
    }
}
