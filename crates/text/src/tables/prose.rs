//! Totals of a table told in the sentences around it: 全县共排查隐患118处 above a table whose total is 117.

use super::grid::{Grid, Kind, Value};
use crate::conflicts::{Certainty, Conflict, ConflictKind};
use crate::lexicon::{any, ending, find, stands, words};
use crate::numbers::number_at;

/// Shortest head of a column that is looked for in sentences, in code points.
const HEAD_MIN: usize = 3;
/// Most places where a head is looked up in one text.
const PLACES_MAX: usize = 200;
/// Sentences that tell of all that the table sums up.
const ALL: &str = "全县 全市 全区 全镇 全乡 全省 全局 全系统 共 累计 合计 总计";
/// Sentences that tell of another part or time than the table.
const OTHERWISE: &str =
    "其中 新增 本周 本月 当月 今日 当日 上月 上周 去年 上年 同期 同比 较 比 平均 户均 人均";
/// What may stand in a clause in front of the head, at its end.
const BEFORE: [&str; 8] = ["共", "累计", "合计", "总计", "目前", "全县", "全市", "现已"];
/// What may stand between the head and its number.
const BETWEEN: [&str; 10] = ["总数为", "总数达", "共计", "合计", "达到", "数为", "了", "共", "为", "达"];

/// Totals that sentences tell otherwise. `inside` says whether a place stands in a table.
pub(super) fn told_otherwise(chars: &[char], grid: &Grid, inside: &impl Fn(usize) -> bool) -> Vec<Conflict> {
    let mut found = Vec::new();
    for column in grid.added.iter().copied() {
        let totals: Vec<Value> = grid
            .rows
            .iter()
            .filter(|row| row.kind == Kind::Total)
            .filter_map(|row| row.cells[column].value())
            .collect();
        let [total] = totals[..] else { continue };
        let head = core(&grid.heads[column]);
        if head.chars().count() < HEAD_MIN {
            continue;
        }
        for (start, end, number) in stated(chars, &head, grid, inside) {
            if (number - total.number).abs() > 1e-9 {
                found.push(conflict(chars, (start, end, number), &total, &grid.named(column)));
            }
        }
    }
    found
}

fn conflict(
    chars: &[char],
    (start, end, number): (usize, usize, f64),
    total: &Value,
    head: &str,
) -> Conflict {
    let spans = vec![[start, end], [total.span.0, total.span.1]];
    Conflict {
        start,
        end,
        quotes: spans.iter().map(|[start, end]| words(chars, *start, *end).trim().to_owned()).collect(),
        spans,
        kind: ConflictKind::TwoValues,
        strength: Certainty::Query,
        reason: format!("文中为{number}，表中{head}的合计是{}；若说的是同一件事，请核对", total.number),
    }
}

/// The head without the unit in brackets and without 数: 排查隐患(处), 问题总数.
fn core(head: &str) -> String {
    let head = head.split('(').next().unwrap_or_default();
    ["总数", "数量", "个数", "数"].iter().find_map(|end| head.strip_suffix(end)).unwrap_or(head).to_owned()
}

/// Numbers that sentences tell of the head for all: first code point, the one behind the unit, value.
fn stated(
    chars: &[char],
    head: &str,
    grid: &Grid,
    inside: &impl Fn(usize) -> bool,
) -> Vec<(usize, usize, f64)> {
    let length = head.chars().count();
    let (mut found, mut from) = (Vec::new(), 0);
    for _ in 0..PLACES_MAX {
        let Some(at) = find(chars, from, chars.len(), head) else { break };
        from = at + length;
        if inside(at) || !of_all(chars, at, grid) {
            continue;
        }
        let between =
            BETWEEN.iter().find(|word| stands(chars, from, word)).map_or(0, |word| word.chars().count());
        let Some(number) = number_at(chars, from + between).filter(|number| !number.han) else { continue };
        // 1280万元 may stand in the table as 1280: in which unit it counts is told elsewhere.
        let scaled =
            chars[number.start..=number.end.min(chars.len() - 1)].iter().any(|c| matches!(c, '万' | '亿'));
        let other = chars.get(number.end).is_some_and(|c| "%％月日年余多".contains(*c));
        if scaled || other {
            continue;
        }
        found.push((number.start, number.end, number.value));
    }
    found
}

/// Whether the clause at `at` tells of all rows: no row is named in its sentence, and nothing narrows it.
fn of_all(chars: &[char], at: usize, grid: &Grid) -> bool {
    let back = |marks: &str| chars[..at].iter().rposition(|c| marks.contains(*c)).map_or(0, |mark| mark + 1);
    let (sentence, clause) = (back("。；！？\n"), back("，。；：！？\n"));
    let plain = clause == at || BEFORE.iter().any(|word| ending(chars, at, word).is_some());
    let named = grid.rows.iter().any(|row| {
        row.kind == Kind::Item
            && row.label.chars().count() > 1
            && find(chars, sentence, at, &row.label).is_some()
    });
    plain && !named && any(chars, sentence, at, ALL) && !any(chars, sentence, at, OTHERWISE)
}
