//! The tables of a document as a workbook, each on a sheet laid out as offices lay theirs out: title row, unit row,
//! head over several rows, borders, widths, print area, head repeated on every printed page, figures with comments.

use super::is_formula_like;
use super::plain::row_height;
use crate::Result;
use crate::paper::{Block, Cell, Chart, Note, Paper, Run, Table, placed};
use rust_xlsxwriter::{
    Chart as Drawn, ChartType, DocProperties, Format, FormatAlign, FormatBorder, Note as Comment, Workbook,
    Worksheet,
};
use std::collections::HashSet;

/// Width of a table's sheet in characters: what A4 laid across takes.
const SHEET_CHARS: f64 = 120.0;
/// The head of a table stands below title and unit rows.
const FIRST_ROW: u32 = 2;
/// Rows and the last column that a drawn chart covers.
const CHART_ROWS: u32 = 16;
const CHART_COLUMNS: u16 = 12;
/// Longest name of a sheet.
const NAME_CHARS: usize = 28;

/// Writes every table of a document, then the list of its figures.
///
/// # Errors
/// [`crate::DocumentError::Write`].
pub fn write_tables(paper: &Paper, place: &str) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let mark = paper.identity.mark();
    let mut properties = DocProperties::new()
        .set_title(paper.title_line())
        .set_author(&paper.identity.author)
        .set_keywords(mark);
    if let Some((year, month, day)) = ymd(&paper.identity.day)
        && let Ok(at) = rust_xlsxwriter::ExcelDateTime::from_ymd(year, month, day)
    {
        // Without it the machine's clock would make two files of one document differ.
        properties = properties.set_creation_datetime(&at);
    }
    workbook.set_properties(&properties);
    let mut used = HashSet::new();
    let mut parts = Vec::new();
    collect(&paper.blocks, "", &mut parts);
    for attachment in &paper.attachments {
        collect(&attachment.blocks, &attachment.title, &mut parts);
    }
    let title = paper.title_line();
    for part in &parts {
        let sheet = workbook.add_worksheet();
        match part {
            Part::Table(table, within) => {
                let name = if table.caption.is_empty() { within } else { table.caption.as_str() };
                sheet.set_name(sheet_name(name, &mut used))?;
                let heading = if within.is_empty() { &title } else { *within };
                write_table(sheet, table, heading, place, &paper.notes)?;
            }
            Part::Chart(chart) => {
                let name = sheet_name(&chart.title, &mut used);
                sheet.set_name(&name)?;
                write_table(sheet, &behind(chart), &title, place, &paper.notes)?;
                draw(sheet, chart, &name)?;
            }
        }
    }
    if parts.is_empty() {
        let sheet = workbook.add_worksheet();
        sheet.set_name("说明")?;
        sheet.write_string(0, 0, &title)?;
        sheet.write_string(1, 0, "这份文件没有表格。")?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn ymd(day: &str) -> Option<(u16, u8, u8)> {
    let mut parts = day.split('-');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

enum Part<'a> {
    /// A table, and the title of the attachment it stands in.
    Table(&'a Table, &'a str),
    Chart(&'a Chart),
}

/// The numbers of a chart as a table of two columns.
fn behind(chart: &Chart) -> Table {
    let row = |(at, (label, value)): (usize, &(String, i64))| {
        let run = Run { note: chart.notes.get(at).copied(), ..Run::new(value.to_string()) };
        vec![Cell::text(label), Cell::new(vec![run]).centred()]
    };
    Table {
        caption: chart.title.clone(),
        caption_note: None,
        unit: chart.unit.clone(),
        widths: vec![60, 24],
        head: vec![vec![Cell::text("类别").centred(), Cell::text("数量").centred()]],
        rows: chart.bars.iter().enumerate().map(row).collect(),
    }
}

/// The chart itself, beside its numbers.
fn draw(sheet: &mut Worksheet, chart: &Chart, name: &str) -> Result<()> {
    if chart.bars.is_empty() {
        return Ok(());
    }
    let (first, last) =
        (FIRST_ROW + 1, FIRST_ROW + u32::try_from(chart.bars.len()).unwrap_or(u32::MAX - FIRST_ROW));
    let mut drawn = Drawn::new(ChartType::Bar);
    drawn.add_series().set_categories((name, first, 0, last, 0)).set_values((name, first, 1, last, 1));
    drawn.title().set_name(&chart.title);
    drawn.legend().set_hidden();
    drawn.x_axis().set_reverse();
    sheet.insert_chart(FIRST_ROW, 3, &drawn)?;
    // The drawing is printed with its numbers.
    sheet.set_print_area(0, 0, last.max(FIRST_ROW + CHART_ROWS), CHART_COLUMNS)?;
    Ok(())
}

fn collect<'a>(blocks: &'a [Block], within: &'a str, out: &mut Vec<Part<'a>>) {
    for block in blocks {
        match block {
            Block::Table(table) => out.push(Part::Table(table, within)),
            Block::Chart(chart) => out.push(Part::Chart(chart)),
            Block::Landscape(inner) => collect(inner, within, out),
            _ => {}
        }
    }
}

fn sheet_name(caption: &str, used: &mut HashSet<String>) -> String {
    let plain: String = caption
        .chars()
        .filter(|c| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'') && !c.is_control())
        .take(NAME_CHARS)
        .collect();
    let base = if plain.trim().is_empty() { "表".to_owned() } else { plain.trim().to_owned() };
    let mut name = base.clone();
    let mut at = 2;
    while !used.insert(name.clone()) {
        name = format!("{base}{at}");
        at += 1;
    }
    name
}

fn write_table(sheet: &mut Worksheet, table: &Table, title: &str, place: &str, notes: &[Note]) -> Result<()> {
    let columns = table.widths.len().max(1);
    let last = u16::try_from(columns - 1).unwrap_or(u16::MAX);
    let heading = if table.caption.is_empty() { title } else { &table.caption };
    let top = Format::new()
        .set_bold()
        .set_font_size(18)
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap();
    let meta_format = Format::new().set_align(FormatAlign::Left);
    let unit =
        if table.unit.is_empty() { String::new() } else { format!("        计量单位：{}", table.unit) };
    let meta = format!("{place}{unit}");
    if last > 0 {
        sheet.merge_range(0, 0, 0, last, heading, &top)?;
        sheet.merge_range(1, 0, 1, last, &meta, &meta_format)?;
    } else {
        sheet.write_string_with_format(0, 0, heading, &top)?;
        sheet.write_string_with_format(1, 0, &meta, &meta_format)?;
    }
    sheet.set_row_height(0, 36)?;
    if let Some(note) = table.caption_note.and_then(|at| notes.get(at)) {
        sheet.insert_note(0, 0, &comment(note))?;
    }
    let all: u32 = table.widths.iter().sum::<u32>().max(1);
    let width = |share: &u32| (f64::from(*share) / f64::from(all) * SHEET_CHARS).clamp(6.0, 60.0);
    let widths: Vec<f64> = table.widths.iter().map(width).collect();
    for (at, width) in widths.iter().enumerate() {
        sheet.set_column_width(u16::try_from(at).unwrap_or(u16::MAX), *width)?;
    }
    heights(sheet, &table.head, &widths, 2)?;
    heights(sheet, &table.rows, &widths, 2 + table.head.len())?;
    let head = Format::new()
        .set_bold()
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap();
    let body =
        Format::new().set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::VerticalCenter);
    cells(sheet, &table.head, columns, 2, &head, notes)?;
    let first = 2 + table.head.len();
    cells(sheet, &table.rows, columns, first, &body, notes)?;
    let row = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let end = (first + table.rows.len()).max(3) - 1;
    sheet.set_print_area(0, 0, row(end), last)?;
    if !table.head.is_empty() {
        sheet.set_repeat_rows(2, row(first - 1))?;
        sheet.set_freeze_panes(row(first), 0)?;
    }
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_footer("&C第 &P 页 共 &N 页");
    Ok(())
}

/// Rows are made as high as their longest text needs: not every program does that when it opens a file.
fn heights(sheet: &mut Worksheet, rows: &[Vec<Cell>], widths: &[f64], first: usize) -> Result<()> {
    for (line, row) in placed(rows, widths.len()).into_iter().enumerate() {
        // A cell over several rows has room enough in them.
        let single = row.iter().filter(|(_, cell)| cell.rows <= 1);
        let (texts, rooms): (Vec<String>, Vec<f64>) = single
            .map(|(at, cell)| {
                let room = widths[*at..(at + cell.columns.max(1)).min(widths.len())].iter().sum::<f64>();
                (cell.plain(), room)
            })
            .unzip();
        let at = u32::try_from(first + line).unwrap_or(u32::MAX);
        sheet.set_row_height(at, row_height(&rooms, &texts))?;
    }
    Ok(())
}

fn cells(
    sheet: &mut Worksheet,
    rows: &[Vec<Cell>],
    columns: usize,
    first: usize,
    format: &Format,
    notes: &[Note],
) -> Result<()> {
    for (line, row) in placed(rows, columns).into_iter().enumerate() {
        for (column, cell) in row {
            let (from_row, from) = (first + line, column);
            let (to_row, to) =
                (from_row + cell.rows.max(1) - 1, (column + cell.columns.max(1) - 1).min(columns - 1));
            let at = |row: usize, column: usize| {
                (u32::try_from(row).unwrap_or(u32::MAX), u16::try_from(column).unwrap_or(u16::MAX))
            };
            let ((r0, c0), (r1, c1)) = (at(from_row, from), at(to_row, to));
            if (r0, c0) != (r1, c1) {
                sheet.merge_range(r0, c0, r1, c1, "", format)?;
            }
            value(sheet, (r0, c0), cell, format)?;
            if let Some(note) = cell.runs.iter().find_map(|run| notes.get(run.note?)) {
                sheet.insert_note(r0, c0, &comment(note))?;
            }
        }
    }
    Ok(())
}

fn comment(note: &Note) -> Comment {
    Comment::new(note.words()).set_author("闭环").add_author_prefix(false)
}

/// Numbers as numbers, everything else as text that nothing takes for a formula.
fn value(sheet: &mut Worksheet, (row, column): (u32, u16), cell: &Cell, format: &Format) -> Result<()> {
    let text = cell.plain();
    let short = text.len() < 12 && !(text.len() > 1 && text.starts_with('0'));
    let format = if cell.centred { format.clone().set_align(FormatAlign::Center) } else { format.clone() };
    match text.parse::<i64>() {
        Ok(number) if short => sheet.write_number_with_format(row, column, number as f64, &format)?,
        _ => {
            let format = if is_formula_like(&text) { format.set_quote_prefix() } else { format };
            let text: String = text.chars().take(crate::limits::CELL_CHARS).collect();
            sheet.write_string_with_format(row, column, text, &format)?
        }
    };
    Ok(())
}
