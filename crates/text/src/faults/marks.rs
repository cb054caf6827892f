//! Punctuation: half-width marks, doubled marks, stray spaces, quotes and brackets.

use super::left_open;
use super::{FaultKind, Found, han};
use crate::lexicon::{any, stands};

/// Half-width marks and what they should be in Chinese text.
const WIDE: [(char, char); 8] =
    [(',', '，'), (';', '；'), (':', '：'), ('!', '！'), ('?', '？'), ('.', '。'), ('(', '（'), (')', '）')];
/// How far a full stop is looked for from a space, in code points.
const SENTENCE_MAX: usize = 600;
/// Longest words between two closing quotes of which the first should open, in code points.
const MAX_TURNED: usize = 14;
/// Longest part of an inner pair that is quoted, in code points.
const NESTED_MAX: usize = 12;

pub(super) fn marks(found: &mut Found<'_>, lines: &[(usize, usize)]) {
    let chars = found.chars;
    // Marks are few among the characters of words, and none of them is a Han character.
    let mut paired = 0;
    // Whether the last bracket that opened in this line is one of full width.
    let mut wide = false;
    for at in (0..chars.len()).filter(|at| !han(chars.get(*at))) {
        if at >= paired {
            paired = half_width(found, at, wide);
        }
        if matches!(chars[at], '(' | '（' | '\n') {
            wide = chars[at] == '（';
        }
        doubled(found, at);
        spaces(found, at);
    }
    for &(start, end) in lines {
        line_end(found, start, end);
    }
    if chars.first() == Some(&'\u{FEFF}') {
        found.tell(
            0,
            1,
            FaultKind::Other,
            "invisible character",
            "开头混入不可见字符".to_string(),
            Some(String::new()),
        );
    }
}

/// Gives where the next mark may be told: behind both brackets and what they hold.
fn half_width(found: &mut Found<'_>, at: usize, opened_wide: bool) -> usize {
    let chars = found.chars;
    let Some((_, wide)) = WIDE.iter().find(|(half, _)| *half == chars[at]) else { return at };
    let before = at.checked_sub(1).and_then(|i| chars.get(i));
    let after = chars.get(at + 1);
    let chinese = |c: Option<&char>| han(c) || c.is_some_and(|c| "“”《》、，。；：！？）（".contains(*c));
    let wrong = match chars[at] {
        '(' => chinese(after) && bracket_holds_han(chars, at),
        // One record for a pair: the opening one is told.
        ')' => chinese(before) && opened_wide,
        '.' => han(before) && !after.is_some_and(char::is_ascii_alphanumeric),
        _ => {
            chinese(before) && after.is_none_or(|c| *c != '/')
                || (han(after) || after == Some(&' ') && han(chars.get(at + 2)))
                    && before.is_some_and(|c| c.is_ascii_digit() || matches!(*c, '%' | '‰'))
        }
    };
    if wrong && chars[at] == '(' {
        return half_width_pair(found, at);
    }
    if wrong {
        let reason = format!("中文里用了半角标点“{}”", chars[at]);
        found.tell(at, at + 1, FaultKind::Punctuation, "half-width mark", reason, Some(wide.to_string()));
    }
    at + 1
}

/// Longest words between two brackets that are looked at, in code points.
const BRACKET_MAX: usize = 200;

/// Both brackets and the marks between them as one record: whoever accepts it mends them all.
fn half_width_pair(found: &mut Found<'_>, at: usize) -> usize {
    let chars = found.chars;
    let mut depth = 0;
    let inside = chars[at..].iter().take(BRACKET_MAX).take_while(|c| **c != '\n');
    let close = inside.clone().position(|c| {
        depth += i32::from(matches!(c, '(' | '（')) - i32::from(matches!(c, ')' | '）'));
        depth == 0
    });
    let end = close.filter(|length| chars[at + length] == ')').map_or(at + 1, |length| at + length + 1);
    let right = (at..end).map(|i| {
        let wide = WIDE
            .iter()
            .find(|(half, _)| *half == chars[i] && !chars.get(i + 1).is_some_and(char::is_ascii_digit));
        wide.map_or(chars[i], |(_, wide)| *wide)
    });
    let reason = "中文里用了半角括号".to_string();
    let right = Some(right.collect());
    found.tell(at, end, FaultKind::Punctuation, "half-width mark", reason, right);
    end
}

fn bracket_holds_han(chars: &[char], at: usize) -> bool {
    let inside = &chars[at + 1..chars.len().min(at + 1 + BRACKET_MAX)];
    let close = inside.iter().position(|c| matches!(c, ')' | '）' | '\n')).unwrap_or(inside.len());
    // （一） as numbering in half width is common and harmless at the start of a line; in (一） the two do not match.
    let numbering = inside[..close].iter().all(|c| "一二三四五六七八九十".contains(*c));
    !numbering || inside.get(close) == Some(&'）') || alone_among_headings(chars, at)
}

/// How far around a heading others are looked for, in code points.
const HEADINGS: usize = 3_000;

/// （一）……（二）……(三): one heading in half width where all around are in full width.
fn alone_among_headings(chars: &[char], at: usize) -> bool {
    let begins = |i: usize| i == 0 || chars[i - 1] == '\n';
    let around = at.saturating_sub(HEADINGS)..chars.len().min(at + HEADINGS);
    let count = |bracket: char| {
        let numbered = |i: &usize| {
            chars[*i] == bracket
                && begins(*i)
                && chars.get(i + 1).is_some_and(|c| "一二三四五六七八九十".contains(*c))
        };
        around.clone().filter(numbered).count()
    };
    begins(at) && count('(') == 1 && count('（') > 1
}

fn doubled(found: &mut Found<'_>, at: usize) {
    let chars = found.chars;
    let (Some(a), Some(b)) = (chars.get(at), chars.get(at + 1)) else { return };
    let stop = |c: &char| matches!(c, '，' | '。' | '；' | '：' | '、' | '！' | '？');
    let begun = at > 0 && stop(&chars[at - 1]);
    let fine = a == b && matches!(a, '！' | '？') || *a == '！' && *b == '？' || *a == '？' && *b == '！';
    if stop(a) && stop(b) && !begun && !fine {
        let reason = format!("标点“{a}{b}”连用");
        let run = chars[at..].iter().take_while(|c| stop(c)).count();
        found.tell(at, at + run, FaultKind::Punctuation, "marks in a row", reason, Some(a.to_string()));
    }
    let line_start = at == 0 || chars[at - 1] == '\n';
    if line_start && stop(a) {
        found.tell(
            at,
            at + 1,
            FaultKind::Punctuation,
            "mark at line start",
            "行首出现标点".to_string(),
            Some(String::new()),
        );
    }
}

fn spaces(found: &mut Found<'_>, at: usize) {
    let chars = found.chars;
    match chars[at] {
        '\u{A0}' | '\u{200B}' | '\u{200E}' | '\u{FEFF}' if at > 0 || chars[at] != '\u{FEFF}' => {
            let first = at == 0 || chars[at - 1] != chars[at];
            if first {
                let run = chars[at..].iter().take_while(|c| **c == chars[at]).count();
                let reason = format!("混入不可见字符 U+{:04X}", chars[at] as u32);
                found.tell(
                    at,
                    at + run,
                    FaultKind::Other,
                    "invisible character",
                    reason,
                    Some(String::new()),
                );
            }
        }
        '…' if (at == 0 || chars[at - 1] != '…') && chars.get(at + 1) != Some(&'…') => {
            found.tell(
                at,
                at + 1,
                FaultKind::Punctuation,
                "half an ellipsis",
                "省略号应为六点“……”".to_string(),
                Some("……".to_string()),
            );
        }
        ' ' | '\u{3000}'
            if at > 0 && han(chars.get(at - 1)) && han(chars.get(at + 1)) && in_sentence(chars, at) =>
        {
            found.tell(
                at,
                at + 1,
                FaultKind::Punctuation,
                "stray space",
                "汉字之间有多余空格".to_string(),
                Some(String::new()),
            );
        }
        _ => {}
    }
}

/// Whether the line of this place is running text.
fn in_sentence(chars: &[char], at: usize) -> bool {
    let ends = |c: &&char| matches!(c, '\n' | '。');
    let before = chars[..at].iter().rev().take(SENTENCE_MAX).find(ends);
    before == Some(&'。') || chars[at..].iter().take(SENTENCE_MAX).find(ends) == Some(&'。')
}

/// A paragraph of several sentences whose last has no mark.
fn line_end(found: &mut Found<'_>, start: usize, end: usize) {
    let chars = found.chars;
    let last = chars[start..end].iter().rposition(|c| !c.is_whitespace()).map_or(end, |i| start + i + 1);
    if end < chars.len() && last > start && matches!(chars[last - 1], '，' | '、') {
        found.tell(
            last - 1,
            last,
            FaultKind::Punctuation,
            "line broken",
            "句子没有完就换行，可能误断行".to_string(),
            None,
        );
        return;
    }
    let inner = chars[start..last].contains(&'。') && end < chars.len();
    // 以上是我的对照检查，请各位同志批评指正: the last sentence of many texts.
    let closing = stands(chars, start, "以上")
        && chars[start..last].contains(&'，')
        && any(chars, start, last, "请 不当 不妥 汇报 检查");
    // 打通“最后一公里” at the end of a paragraph lacks its mark as well; a whole sentence in quotes does not.
    let quoted = matches!(chars[last - 1], '”' | '》') && last >= 2 && han(chars.get(last - 2));
    let share = inner && chars[last - 1] == '%';
    if (inner || closing) && (quoted || share || han(chars.get(last - 1))) {
        let from = chars[start..last]
            .iter()
            .rposition(|c| matches!(c, '。' | '，' | '；'))
            .map_or(start, |i| start + i + 1);
        let expected = crate::lexicon::words(chars, from, last) + "。";
        found.tell(
            from,
            last,
            FaultKind::Punctuation,
            "no mark at the end",
            "段末没有标点，可能漏句号或误断行".to_string(),
            Some(expected),
        );
    }
}

/// Quotes and brackets, paragraph by paragraph.
pub(super) fn quotes(found: &mut Found<'_>, lines: &[(usize, usize)]) {
    for &(start, end) in lines {
        pairs(found, start, end, '“', '”', "引号");
        pairs(found, start, end, '‘', '’', "单引号");
        pairs(found, start, end, '《', '》', "书名号");
        pairs(found, start, end, '（', '）', "括号");
        straight(found, start, end);
    }
}

fn pairs(found: &mut Found<'_>, start: usize, end: usize, open: char, close: char, name: &str) {
    let chars = found.chars;
    // Most lines hold none of them.
    if !chars[start..end].contains(&open) && !chars[start..end].contains(&close) {
        return;
    }
    let mut opened: Option<usize> = None;
    // The opening mark that was told already as standing inside of another pair.
    let mut told = None;
    let last = (start..end).rfind(|at| chars[*at] == close);
    // How many more opened than closed in front of a place: a closing mark may belong to an outer pair whose inner one was told.
    let mut depth = 0_i32;
    let mut at = start;
    while at < end {
        let c = chars[at];
        if c == open {
            if let Some(outer) = opened {
                nested(found, outer, at, last, (open, close), name);
                told = Some(at);
                // Behind a nested pair the outer one stands open again if it closes later.
            }
            opened = Some(at);
            depth += 1;
        } else if c == close {
            let alone = opened.take().is_none() && !(close == '）' && numbered(chars, at)) && depth <= 0;
            let to = if alone { turned(found, at, end, close, open, name) } else { at };
            depth -= 1 + i32::from(to > at);
            at = to;
        }
        at += 1;
    }
    if let Some(at) = opened.filter(|at| told != Some(*at)) {
        left_open::tell(found, at, end, (open, close), name);
    }
}

/// 1） counts items and opens nothing.
fn numbered(chars: &[char], at: usize) -> bool {
    at > 0 && (chars[at - 1].is_ascii_digit() || "一二三四五六七八九十".contains(chars[at - 1]))
}

fn nested(
    found: &mut Found<'_>,
    outer: usize,
    inner: usize,
    last: Option<usize>,
    (open, close): (char, char),
    name: &str,
) {
    if open == '（' {
        return;
    }
    let chars = found.chars;
    // Where the line closes one at all behind the inner one, the quote ends there or is cut.
    let to = last.filter(|last| *last > inner).map_or(inner + 1, |last| {
        let far = inner + NESTED_MAX;
        (inner..last.min(far)).find(|i| chars[*i] == close).unwrap_or(last).min(far - 1) + 1
    });
    let reason = format!("{name}里再用{name}，里层应换一种（‘ ’或〈 〉），或前一个没有配对");
    found.tell(outer, to, FaultKind::Quotes, "nested in its own kind", reason, None);
}

/// A closing mark that nothing opened: if another follows soon, the first should have opened.
fn turned(found: &mut Found<'_>, at: usize, end: usize, close: char, open: char, name: &str) -> usize {
    let chars = found.chars;
    let stop = (at + 1 + MAX_TURNED).min(end);
    let other = (at + 1..stop).find(|i| chars[*i] == close || chars[*i] == open || chars[*i] == '。');
    // ”经济体检“: both the wrong way.
    if let Some(to) = reversed(chars, at, end, close, open) {
        let inside = crate::lexicon::words(chars, at + 1, to);
        let reason = format!("前后{name}用反了");
        let right = format!("{open}{inside}{close}");
        found.tell(at, to + 1, FaultKind::Quotes, "turned around", reason, Some(right));
        return to;
    }
    if let Some(other) = other.filter(|i| chars[*i] == close) {
        let mut expected = crate::lexicon::words(chars, at + 1, other + 1);
        expected.insert(0, open);
        found.tell(
            at,
            other + 1,
            FaultKind::Quotes,
            "turned around",
            format!("前{name}误作后{name}"),
            Some(expected),
        );
        return other;
    }
    found.tell(
        at,
        at + 1,
        FaultKind::Quotes,
        "not opened",
        format!("{name}没有配对：只有“{close}”没有“{open}”"),
        None,
    );
    at
}

/// Where the pair ends whose marks both stand the wrong way: from here to the end of the line each closing one is followed by an
/// opening one, with a name between them.
fn reversed(chars: &[char], at: usize, end: usize, close: char, open: char) -> Option<usize> {
    let marks = || (at..end).filter(|i| chars[*i] == close || chars[*i] == open);
    let to = marks().nth(1).filter(|to| chars[*to] == open)?;
    let turns = marks().enumerate().all(|(n, i)| (chars[i] == close) == (n % 2 == 0));
    let named =
        to - at <= MAX_TURNED && chars[at + 1..to].iter().all(|c| han(Some(c)) || c.is_ascii_alphanumeric());
    (turns && named && to > at + 1 && marks().count() % 2 == 0).then_some(to)
}

/// Straight quotes around Chinese words; one record for a pair.
fn straight(found: &mut Found<'_>, start: usize, end: usize) {
    let chars = found.chars;
    let mut at = start;
    while at < end {
        if chars[at] == '"' && (han(chars.get(at + 1)) || at > start && han(chars.get(at - 1))) {
            let to = (at + 1..end).find(|i| chars[*i] == '"').map_or(at + 1, |i| i + 1);
            found.tell(
                at,
                to,
                FaultKind::Quotes,
                "straight quotes",
                "中文里用了半角直引号，应用“ ”".to_string(),
                None,
            );
            at = to;
        } else {
            at += 1;
        }
    }
}
