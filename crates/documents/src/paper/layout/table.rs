//! Tables whose head stands on every page, and charts of bars.

use super::flow::{ASCENT, Char, Flow, Style};
use super::{Ink, Item};
use crate::paper::break_line::{self, Line, Wide};
use crate::paper::{Cell, Chart, Face, Run, Table, placed};

/// Between a cell's line and its text, in points.
const PADDING_PT: f64 = 4.0;
/// Thickness of a table's lines, in points.
const LINE_PT: f64 = 0.6;
/// From line to line within a cell, in its characters.
const PITCH_EMS: f64 = 1.4;
/// A chart's bars, in points from one to the next.
const BAR_STEP_PT: f64 = 24.0;
/// Share of the width that a chart's labels take.
const LABEL_SHARE: f64 = 0.3;

/// A cell ready to be drawn.
struct Block {
    column: usize,
    columns: usize,
    rows: usize,
    centred: bool,
    chars: Vec<Char>,
    wide: Vec<Wide>,
    lines: Vec<Line>,
}

struct Grid {
    rows: Vec<Vec<Block>>,
    heights: Vec<f64>,
}

struct Measure {
    /// Left edges of the columns, and the right edge of the last, from the left of the type area.
    edges: Vec<f64>,
    style: Style,
}

/// Sets a table from where the flow stands, on as many pages as it needs.
pub(super) fn table(flow: &mut Flow<'_, '_>, table: &Table) {
    let columns = columns_of(table);
    if columns == 0 {
        return;
    }
    let measure = measure(flow, table, columns);
    let head = grid(flow, &table.head, columns, &measure, Face::Hei);
    let body = grid(flow, &table.rows, columns, &measure, Face::Fang);
    let head_height: f64 = head.heights.iter().sum();
    let first: f64 = body.heights.first().copied().unwrap_or(0.0);
    let above = caption_height(flow, table);
    flow.keep((above + head_height + first).min(flow.bottom() - flow.area().1));
    caption(flow, table);
    draw(flow, &head, 0..head.rows.len(), &measure);
    let mut at = 0;
    while at < body.rows.len() {
        let end = group_end(&body, at);
        let height: f64 = body.heights[at..end].iter().sum();
        if flow.left() + 0.01 < height {
            let whole = flow.bottom() - flow.area().1 - head_height;
            if height > whole {
                at = split(flow, &body, at, &head, &measure);
                continue;
            }
            flow.new_page();
            draw(flow, &head, 0..head.rows.len(), &measure);
        }
        draw(flow, &body, at..end, &measure);
        at = end;
    }
    flow.y += flow.profile.line_pt() * 0.3;
    flow.snap();
}

fn columns_of(table: &Table) -> usize {
    let widest = |rows: &[Vec<Cell>]| rows.iter().map(|row| row.iter().map(|c| c.columns.max(1)).sum()).max();
    table.widths.len().max(widest(&table.head).unwrap_or(0)).max(widest(&table.rows).unwrap_or(0))
}

fn measure(flow: &Flow<'_, '_>, table: &Table, columns: usize) -> Measure {
    let (_, _, width, _) = flow.area();
    let shares: Vec<f64> =
        (0..columns).map(|at| f64::from(table.widths.get(at).copied().unwrap_or(10).max(1))).collect();
    let all: f64 = shares.iter().sum();
    let mut edges = vec![0.0];
    let mut at = 0.0;
    for share in shares {
        at += share / all * width;
        edges.push(at);
    }
    let size = flow.profile.table_pt;
    let style = Style {
        face: Face::Fang,
        size,
        pitch: size * PITCH_EMS,
        tight: 1.0,
        first_indent: 0.0,
        indent: 0.0,
        centred: false,
    };
    Measure { edges, style }
}

fn caption_height(flow: &Flow<'_, '_>, table: &Table) -> f64 {
    let lines = usize::from(!table.caption.is_empty()) + usize::from(!table.unit.is_empty());
    lines as f64 * flow.profile.line_pt()
}

fn caption(flow: &mut Flow<'_, '_>, table: &Table) {
    let (left, _, width, _) = flow.area();
    let tight = flow.profile.tightness();
    if !table.caption.is_empty() {
        let size = flow.profile.small_pt;
        let long = flow.case.width(&table.caption, Face::Hei, size, tight);
        let y = flow.y + (flow.profile.line_pt() - size) / 2.0;
        let x = left + ((width - long) / 2.0).max(0.0);
        flow.text_at(&table.caption, Face::Hei, size, x, y);
        if let Some(note) = table.caption_note {
            flow.put([Item::Note { x, y, width: long.min(width), height: size * 1.1, note }]);
        }
        flow.y += flow.profile.line_pt();
    }
    if !table.unit.is_empty() {
        let size = flow.profile.table_pt;
        let text = format!("单位：{}", table.unit);
        let long = flow.case.width(&text, Face::Fang, size, tight);
        let y = flow.y + (flow.profile.line_pt() - size) * 0.7;
        flow.text_at(&text, Face::Fang, size, left + width - long, y);
        flow.y += flow.profile.line_pt();
    }
}

fn grid(flow: &mut Flow<'_, '_>, rows: &[Vec<Cell>], columns: usize, measure: &Measure, face: Face) -> Grid {
    let mut out = Vec::new();
    for row in placed(rows, columns) {
        let mut line = Vec::new();
        for (column, cell) in row {
            let end = (column + cell.columns.max(1)).min(columns);
            let room = measure.edges[end] - measure.edges[column] - 2.0 * PADDING_PT;
            let runs: Vec<Run> =
                cell.runs.iter().map(|run| Run { face: run.face.or(Some(face)), ..run.clone() }).collect();
            let chars = Flow::chars(&runs, face);
            let wide = flow.wide(&chars, measure.style.size, 1.0);
            let lines = break_line::lines(&wide, room, room);
            let (columns, rows) = (end - column, cell.rows.max(1));
            line.push(Block { column, columns, rows, centred: cell.centred, chars, wide, lines });
        }
        out.push(line);
    }
    let heights = heights(&out, measure);
    Grid { rows: out, heights }
}

fn height_of(block: &Block, measure: &Measure) -> f64 {
    block.lines.len().max(1) as f64 * measure.style.pitch + 2.0 * PADDING_PT
}

/// Rows are as high as their highest cell; a cell over several rows makes the last of them higher where it must.
fn heights(rows: &[Vec<Block>], measure: &Measure) -> Vec<f64> {
    let least = measure.style.pitch + 2.0 * PADDING_PT;
    let mut heights: Vec<f64> = rows
        .iter()
        .map(|row| row.iter().filter(|b| b.rows == 1).map(|b| height_of(b, measure)).fold(least, f64::max))
        .collect();
    for (at, row) in rows.iter().enumerate() {
        for block in row.iter().filter(|b| b.rows > 1) {
            let end = (at + block.rows).min(heights.len());
            let have: f64 = heights[at..end].iter().sum();
            if let Some(last) = heights[at..end].last_mut() {
                *last += (height_of(block, measure) - have).max(0.0);
            }
        }
    }
    heights
}

/// Where the rows end that cells over several rows hold together with row `from`.
fn group_end(grid: &Grid, from: usize) -> usize {
    let mut end = from + 1;
    let mut at = from;
    while at < end && at < grid.rows.len() {
        for block in &grid.rows[at] {
            end = end.max((at + block.rows).min(grid.rows.len()));
        }
        at += 1;
    }
    end
}

fn draw(flow: &mut Flow<'_, '_>, grid: &Grid, rows: std::ops::Range<usize>, measure: &Measure) {
    let end = rows.end;
    for at in rows {
        for block in &grid.rows[at] {
            let height: f64 = grid.heights[at..(at + block.rows).min(end)].iter().sum();
            cell(flow, block, 0..block.lines.len(), height, measure);
        }
        flow.y += grid.heights[at];
    }
}

/// Draws some lines of a cell in a box of a height at the flow's place.
fn cell(
    flow: &mut Flow<'_, '_>,
    block: &Block,
    lines: std::ops::Range<usize>,
    height: f64,
    measure: &Measure,
) {
    let (left, _, _, _) = flow.area();
    let x = left + measure.edges[block.column];
    let width = measure.edges[block.column + block.columns] - measure.edges[block.column];
    frame(flow, x, flow.y, width, height);
    let pitch = measure.style.pitch;
    let inset = (height - lines.len() as f64 * pitch) / 2.0 + (pitch - measure.style.size) / 2.0;
    for (at, line) in block.lines[lines].iter().enumerate() {
        let from = if block.centred { (width - line.width) / 2.0 } else { PADDING_PT };
        let top = flow.y + inset + at as f64 * pitch;
        let items = flow.line(&block.chars, &block.wide, line, (x + from, top, 0.0), &measure.style);
        flow.put(items);
    }
}

fn frame(flow: &mut Flow<'_, '_>, x: f64, y: f64, width: f64, height: f64) {
    let half = LINE_PT / 2.0;
    let line = |x, y, width, height| Item::Fill { x, y, width, height, ink: Ink::Black };
    flow.put([
        line(x - half, y - half, width + LINE_PT, LINE_PT),
        line(x - half, y + height - half, width + LINE_PT, LINE_PT),
        line(x - half, y - half, LINE_PT, height + LINE_PT),
        line(x + width - half, y - half, LINE_PT, height + LINE_PT),
    ]);
}

/// A row higher than a page goes on at the top of the next one; answers the row after it.
fn split(flow: &mut Flow<'_, '_>, body: &Grid, at: usize, head: &Grid, measure: &Measure) -> usize {
    let pitch = measure.style.pitch;
    let most = body.rows[at].iter().map(|block| block.lines.len()).max().unwrap_or(0);
    let mut from = 0;
    while from < most {
        let room = ((flow.left() - 2.0 * PADDING_PT) / pitch).floor();
        if room < 1.0 {
            flow.new_page();
            draw(flow, head, 0..head.rows.len(), measure);
            continue;
        }
        // Whole lines of a page: at least one, and never more than are left.
        let count = (room as usize).min(most - from).max(1);
        let height = count as f64 * pitch + 2.0 * PADDING_PT;
        for block in &body.rows[at] {
            let end = (from + count).min(block.lines.len());
            cell(flow, block, from.min(end)..end, height, measure);
        }
        flow.y += height;
        from += count;
    }
    at + 1
}

/// Bars with their labels at the left and their values behind them.
pub(super) fn chart(flow: &mut Flow<'_, '_>, chart: &Chart) {
    if chart.bars.is_empty() {
        return;
    }
    let size = flow.profile.table_pt;
    let most = chart.bars.iter().map(|(_, value)| *value).max().unwrap_or(0).max(1) as f64;
    let all = chart.bars.len() as f64 * BAR_STEP_PT + flow.profile.line_pt();
    flow.keep(all.min(flow.bottom() - flow.area().1));
    for (at, (label, value)) in chart.bars.iter().enumerate() {
        flow.keep(BAR_STEP_PT);
        bar(flow, label, *value, most, &chart.unit, size);
        if let Some(note) = chart.notes.get(at) {
            let (x, _, width, _) = flow.area();
            flow.put(vec![Item::Note { x, y: flow.y, width, height: BAR_STEP_PT, note: *note }]);
        }
        flow.y += BAR_STEP_PT;
    }
    let (left, _, width, _) = flow.area();
    let long = flow.case.width(&chart.title, Face::Hei, size, 1.0);
    let base = flow.y + ASCENT * size + 4.0;
    let x = left + ((width - long) / 2.0).max(0.0);
    let items = flow.case.set(&chart.title, Face::Hei, size, 1.0, x, base, Ink::Black);
    flow.put(items);
    flow.y += flow.profile.line_pt();
    flow.snap();
}

fn bar(flow: &mut Flow<'_, '_>, label: &str, value: i64, most: f64, unit: &str, size: f64) {
    let (left, _, width, _) = flow.area();
    let label_room = width * LABEL_SHARE - PADDING_PT;
    let mut shown: String = label.to_owned();
    while flow.case.width(&shown, Face::Fang, size, 1.0) > label_room && shown.pop().is_some() {}
    let long = flow.case.width(&shown, Face::Fang, size, 1.0);
    let base = flow.y + (BAR_STEP_PT - size) / 2.0 + ASCENT * size;
    let start = left + width * LABEL_SHARE;
    let text = format!("{value}{unit}");
    let value_room = flow.case.width(&text, Face::Fang, size, 1.0) + 2.0 * PADDING_PT;
    let length = (value.max(0) as f64 / most) * (width * (1.0 - LABEL_SHARE) - value_room).max(1.0);
    let mut items = flow.case.set(&shown, Face::Fang, size, 1.0, start - PADDING_PT - long, base, Ink::Black);
    let (y, height) = (flow.y + BAR_STEP_PT * 0.2, BAR_STEP_PT * 0.6);
    items.push(Item::Fill { x: start, y, width: length.max(LINE_PT), height, ink: Ink::Grey });
    items.extend(flow.case.set(&text, Face::Fang, size, 1.0, start + length + PADDING_PT, base, Ink::Black));
    flow.put(items);
}
