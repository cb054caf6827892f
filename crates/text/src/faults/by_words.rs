//! Rows that are numbered by a word of their own: lines 问题1：, 一问：, and 其一，其二， within a paragraph.

use super::{FaultKind, Found, numbering};
use crate::lexicon::{stands, words};
use crate::numbers::number_at;

/// What a line may begin with in front of its number, and what may stand behind it.
const FRONT: [&str; 10] = ["问题", "任务", "措施", "建议", "做法", "经验", "短板", "举措", "事项", "清单"];
const BEHIND: &str = "问答看策招诀";
/// Fewest lines of a row: two may be of two rows.
const LEAST: usize = 3;
/// Highest number of a row.
const MOST: f64 = 60.0;

/// One of a row: its number, and where that stands with its word.
#[derive(Clone, Copy, Debug)]
struct Item {
    number: u32,
    start: usize,
    end: usize,
}

/// Tells numbers of such rows that are left out or stand twice.
pub(super) fn by_words(found: &mut Found<'_>, lines: &[(usize, usize)]) {
    let chars = found.chars;
    for front in FRONT {
        row(found, lines.iter().filter_map(|line| in_front(chars, *line, front)).collect(), LEAST);
    }
    for behind in BEHIND.chars() {
        row(found, lines.iter().filter_map(|line| followed(chars, *line, behind)).collect(), LEAST);
    }
    for line in lines {
        row(found, of_those(chars, *line), LEAST - 1);
    }
}

fn marked(chars: &[char], at: usize) -> bool {
    chars.get(at).is_some_and(|c| matches!(c, '：' | ':' | '，' | '、' | '。'))
}

/// 问题1：
fn in_front(chars: &[char], (start, end): (usize, usize), front: &str) -> Option<Item> {
    let from = start + front.chars().count();
    if from >= end || !stands(chars, start, front) {
        return None;
    }
    item(chars, start, from, 0)
}

/// 一问：
fn followed(chars: &[char], (start, end): (usize, usize), behind: char) -> Option<Item> {
    let near = &chars[start..end.min(start + 3)];
    near.contains(&behind)
        .then(|| item(chars, start, start, 1))
        .flatten()
        .filter(|i| chars[i.end - 1] == behind)
}

/// A number at `from` and, so many characters further, a mark.
fn item(chars: &[char], start: usize, from: usize, further: usize) -> Option<Item> {
    let number =
        number_at(chars, from).filter(|n| n.value.fract() == 0.0 && (1.0..=MOST).contains(&n.value))?;
    let end = number.end + further;
    marked(chars, end).then_some(Item { number: number.value as u32, start, end })
}

/// 其一，……其二，……
fn of_those(chars: &[char], (start, end): (usize, usize)) -> Vec<Item> {
    let begins = |at: usize| at == start || matches!(chars[at - 1], '，' | '。' | '；' | '：');
    let those = (start..end.saturating_sub(2)).filter(|at| chars[*at] == '其' && begins(*at));
    those.filter_map(|at| item(chars, at, at + 1, 0)).collect()
}

/// A row begins with its first; whatever does not go on with it by one is told, if it goes on by two or stands twice.
fn row(found: &mut Found<'_>, items: Vec<Item>, least: usize) {
    if items.len() < least || items[0].number != 1 {
        return;
    }
    for two in items.windows(2) {
        let (before, this) = (two[0], two[1]);
        let reason = match this.number.wrapping_sub(before.number) {
            0 => "序号重复",
            2 => "序号跳号",
            _ => continue,
        };
        let written = words(found.chars, this.start, this.end);
        let wanted = before.number + 1;
        let digits = written.contains(|c: char| c.is_ascii_digit());
        let as_written = |n: u32| if digits { n.to_string() } else { numbering::han(n) };
        let right = written.replace(&as_written(this.number), &as_written(wanted));
        found.tell(
            this.start,
            this.end,
            FaultKind::Numbering,
            "numbered by words",
            reason.to_string(),
            Some(right),
        );
    }
}
