//! Where lines end: no closing mark begins a line, no opening mark ends one, numbers and words stay whole.

/// Marks that may not begin a line.
const NOT_FIRST: &str = "、。，．：；？！）》」』】〕〉”’…—％‰℃!),.:;?]}%·～";
/// Marks that may not end a line.
const NOT_LAST: &str = "（《「『【〔〈“‘([{＃￥";

/// One character with its width, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Wide {
    pub(crate) ch: char,
    pub(crate) width: f64,
}

/// A line: characters from `start` to before `end`, and how wide they are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Line {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) width: f64,
}

/// Whether a line may end between two characters.
pub(crate) fn may_break(before: char, after: char) -> bool {
    if NOT_FIRST.contains(after) || NOT_LAST.contains(before) {
        return false;
    }
    let joined = |c: char| c.is_ascii_graphic();
    // The two halves of a dash or an ellipsis belong together; a number keeps its sign.
    !((joined(before) && joined(after)) || (before == after && matches!(before, '—' | '…')))
}

/// Breaks a paragraph whose first line has `first` points and each other `rest` points.
pub(crate) fn lines(text: &[Wide], first: f64, rest: f64) -> Vec<Line> {
    // A thousandth of a point is what adding up twenty-eight widths may lose.
    const SLACK_PT: f64 = 0.05;
    let mut out = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let room = if out.is_empty() { first } else { rest } + SLACK_PT;
        let mut width = 0.0;
        let mut end = start;
        while end < text.len() && width + text[end].width <= room {
            width += text[end].width;
            end += 1;
        }
        if end < text.len() {
            let full = end.max(start + 1);
            let mut at = full;
            while at > start + 1 && !may_break(text[at - 1].ch, text[at].ch) {
                at -= 1;
            }
            // A word longer than a line is cut where the line is full.
            end = if at > start + 1 || may_break(text[at - 1].ch, text[at].ch) { at } else { full };
            width = text[start..end].iter().map(|w| w.width).sum();
        }
        out.push(Line { start, end, width });
        start = end;
        // Blanks at the break are not carried to the next line.
        while start < text.len() && text[start].ch == ' ' {
            start += 1;
        }
    }
    out
}

/// Breaks a title so that its lines are of like length and none ends within a word that `together` names.
pub(crate) fn balanced(text: &[Wide], room: f64) -> Vec<Line> {
    let plain = lines(text, room, room);
    if plain.len() < 2 {
        return plain;
    }
    let total: f64 = text.iter().map(|w| w.width).sum();
    let mut width = total / plain.len() as f64;
    while width < room {
        // Lines get shorter downwards: a trapezoid standing on its short side.
        let tried = lines(text, (width * 1.1).min(room), width.min(room));
        if tried.len() <= plain.len() {
            return tried;
        }
        width += text.first().map_or(room, |w| w.width) / 2.0;
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide(text: &str) -> Vec<Wide> {
        text.chars().map(|ch| Wide { ch, width: if ch.is_ascii() { 5.0 } else { 10.0 } }).collect()
    }

    fn broken(text: &str, room: f64) -> Vec<String> {
        let chars = wide(text);
        lines(&chars, room, room)
            .iter()
            .map(|line| chars[line.start..line.end].iter().map(|w| w.ch).collect())
            .collect()
    }

    #[test]
    fn a_closing_mark_never_begins_a_line() {
        assert_eq!(broken("全县共登记问题，其中", 70.0), ["全县共登记问", "题，其中"]);
    }

    #[test]
    fn an_opening_mark_never_ends_a_line() {
        assert_eq!(broken("印发了方案《云溪》", 60.0), ["印发了方案", "《云溪》"]);
    }

    #[test]
    fn a_number_stays_whole() {
        assert_eq!(broken("共有问题1234件", 50.0), ["共有问题", "1234件"]);
    }

    #[test]
    fn a_word_longer_than_a_line_is_cut() {
        assert_eq!(broken("aaaaaaaaaaaa", 20.0).len(), 3);
        assert_eq!(broken("，，，，", 20.0).len(), 2);
    }
}
