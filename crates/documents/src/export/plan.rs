//! From changes of problems to edits of cells.

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, Skipped};
use crate::ledger::{Field, Layout, LedgerRow, Mapping, Role, mappings, read, value_cell};
use crate::sheet::{Merge, Sheet};

/// What is to be done to one sheet; rows and columns counted from 0.
#[derive(Debug, Default)]
pub(super) struct Edits {
    /// New texts by place.
    pub(super) cells: BTreeMap<(usize, usize), String>,
    /// Places among them that lie in a merged region: their height is not that of one row.
    pub(super) merged: BTreeSet<(usize, usize)>,
    /// Regions to take apart.
    pub(super) unmerge: Vec<Merge>,
    /// New rows, each as texts by column.
    pub(super) rows: Vec<BTreeMap<usize, String>>,
    /// The row the new ones follow.
    pub(super) after: usize,
}

impl Edits {
    pub(super) fn is_empty(&self) -> bool {
        self.cells.is_empty() && self.rows.is_empty()
    }
}

struct Plan<'a> {
    sheet: &'a Sheet,
    mapping: &'a Mapping,
    /// What the columns mean from a row on: a sheet may hold several tables.
    tables: Vec<(u32, Mapping)>,
    rows: Vec<LedgerRow>,
    /// Cells that hold more than text.
    frozen: &'a BTreeSet<(usize, usize)>,
    edits: Edits,
}

/// Works out the edits, and which changes this layout has no place for. `frozen` cells hold more than text.
pub(super) fn plan(
    sheet: &Sheet,
    mapping: &Mapping,
    changes: &[Change],
    frozen: &BTreeSet<(usize, usize)>,
) -> (Edits, Vec<Skipped>) {
    if changes.is_empty() {
        return (Edits::default(), Vec::new());
    }
    let rows = read(sheet, mapping);
    let mut plan =
        Plan { sheet, mapping, tables: mappings(sheet, mapping), rows, frozen, edits: Edits::default() };
    plan.edits.after = plan.rows.iter().map(|r| r.last_row as usize).max().unwrap_or(1).saturating_sub(1);
    let mut skipped = Vec::new();
    for change in changes {
        let done = match change {
            Change::Set { row, field, text } => plan.set(*row, *field, text),
            Change::Add { values } => plan.add(values),
        };
        if let Err(reason) = done {
            skipped.push(Skipped { change: change.clone(), reason: reason.to_owned() });
        }
    }
    let is_merged = |(row, column): &&(usize, usize)| sheet.merge_at(*row, *column).is_some();
    plan.edits.merged = plan.edits.cells.keys().filter(is_merged).copied().collect();
    (plan.edits, skipped)
}

/// Why a cell with a picture keeps its text.
const FROZEN: &str = "原表该单元格里有图片、脚注或嵌套表格，请在原文件中修改";

type Done = std::result::Result<(), &'static str>;

impl Plan<'_> {
    fn mapping_at(&self, row: u32) -> Mapping {
        let table = self.tables.iter().rev().find(|(first, _)| *first <= row);
        table.map_or_else(|| self.mapping.clone(), |(_, mapping)| mapping.clone())
    }

    fn set(&mut self, row: u32, field: Field, text: &str) -> Done {
        let Some(at) = self.rows.iter().position(|r| r.row == row) else {
            return Err("原表中没有从这一行开始的问题");
        };
        let problem = self.rows[at].clone();
        if problem.text_of(field) == text {
            return Ok(());
        }
        let mapping = self.mapping_at(row);
        if field == Field::StatusText && mapping.columns.iter().any(|c| c.role == Role::StatusChoice) {
            return self.tick(&mapping, &problem, text);
        }
        let mut columns = mapping.columns_of(field);
        let (first, second) = (columns.next(), columns.next());
        if first.is_none() {
            return Err("原表没有这一列，值来自分组行、标题或其他单元格");
        }
        if second.is_some() {
            return Err("原表由多列合成这一项，请在原表中修改");
        }
        let shared = [Field::LeadUnit, Field::ResponsibleUnits, Field::AssistingUnits];
        let cell = problem.origin(field).map(|o| o.cell);
        if shared.contains(&field) {
            let same_cell =
                |f: &Field| *f != field && cell.is_some() && problem.origin(*f).map(|o| o.cell) == cell;
            if shared.iter().any(same_cell) {
                return Err("原表在同一单元格中写了多种单位，请在原表中修改");
            }
        }
        match self.mapping.layout {
            Layout::Table => self.set_in_table(&problem, field, first.map_or(0, |c| c.index), text),
            Layout::Form => {
                let place = cell.map(|c| (c.row as usize, c.column as usize));
                let place = place.or_else(|| value_cell(self.sheet, self.mapping, &problem, field));
                let place = place.ok_or("原表单中没有这一项的位置")?;
                if self.frozen.contains(&place) {
                    return Err(FROZEN);
                }
                self.edits.cells.insert(place, text.to_owned());
                Ok(())
            }
            Layout::Matrix | Layout::Prose => Err("交叉表和文字材料不能按原版式回写"),
        }
    }

    fn set_in_table(&mut self, problem: &LedgerRow, field: Field, column: usize, text: &str) -> Done {
        let (first, last) = (problem.row as usize - 1, problem.last_row as usize - 1);
        let prefix = self.part_prefix(problem, field, first, column)?;
        let text = format!("{prefix}{text}");
        if let Some(merge) = self.sheet.merge_at(first, column).copied() {
            if merge.top < first || merge.bottom > last {
                self.split(merge);
            }
            if merge.left != column {
                return Err("原表中该单元格被左侧的合并单元格覆盖");
            }
        }
        if (first..=last).any(|row| self.frozen.contains(&(row, column))) {
            return Err(FROZEN);
        }
        let own: Vec<usize> = (first..=last).filter(|&r| !self.sheet.text(r, column).is_empty()).collect();
        let lines: Vec<&str> = text.lines().collect();
        if own.len() > 1 && own.len() == lines.len() {
            for (row, line) in own.iter().zip(lines) {
                if self.sheet.text(*row, column) != line {
                    self.edits.cells.insert((*row, column), line.to_owned());
                }
            }
            return Ok(());
        }
        for row in own.into_iter().filter(|r| *r != first) {
            self.edits.cells.insert((row, column), String::new());
        }
        self.edits.cells.insert((first, column), text);
        Ok(())
    }

    /// Where `3.(1)` was read from `3` and `(1)…`, the part's number goes back before the problem.
    fn part_prefix(
        &self,
        problem: &LedgerRow,
        field: Field,
        row: usize,
        column: usize,
    ) -> std::result::Result<String, &'static str> {
        let raw = self.sheet.text(row, column);
        match field {
            Field::Problem => {
                let prefix = raw.strip_suffix(problem.problem.as_str()).unwrap_or("");
                Ok(prefix.to_owned())
            }
            Field::Seq if self.sheet.seen(row, column) != problem.seq => {
                Err("原表多个问题共用一个序号，请在原表中修改")
            }
            _ => Ok(String::new()),
        }
    }

    /// A region over several problems is taken apart, so that one of them can change; the others keep their text.
    fn split(&mut self, merge: Merge) {
        if self.edits.unmerge.contains(&merge) {
            return;
        }
        let text = self.sheet.text(merge.top, merge.left).to_owned();
        for row in merge.top + 1..=merge.bottom {
            self.edits.cells.entry((row, merge.left)).or_insert_with(|| text.clone());
        }
        self.edits.unmerge.push(merge);
    }

    /// A status told by ticks: the tick moves.
    fn tick(&mut self, mapping: &Mapping, problem: &LedgerRow, text: &str) -> Done {
        let choices: Vec<(usize, String)> = mapping
            .columns
            .iter()
            .filter(|c| c.role == Role::StatusChoice)
            .map(|c| (c.index, c.header.rsplit('/').next().unwrap_or("").to_owned()))
            .collect();
        if !text.is_empty() && !choices.iter().any(|(_, header)| header.starts_with(text)) {
            return Err("原表的状态列中没有这一状态");
        }
        let row = problem.row as usize - 1;
        for (column, header) in choices {
            let ticked = !text.is_empty() && header.starts_with(text);
            let now = self.sheet.text(row, column);
            if ticked && now.is_empty() {
                self.edits.cells.insert((row, column), "√".to_owned());
            } else if !ticked && !now.is_empty() {
                self.edits.cells.insert((row, column), String::new());
            }
        }
        Ok(())
    }

    fn add(&mut self, values: &[(Field, String)]) -> Done {
        if self.mapping.layout != Layout::Table {
            return Err("只有表格版式可以追加新行");
        }
        let last = self.rows.last().map_or(0, |r| r.row);
        let mapping = self.mapping_at(last);
        let mut row = BTreeMap::new();
        for (field, text) in values {
            if let Some(column) = mapping.columns_of(*field).next() {
                row.insert(column.index, text.clone());
            }
        }
        if row.is_empty() {
            return Err("原表没有可以填写这些内容的列");
        }
        if let Some(seq) = mapping.columns_of(Field::Seq).next() {
            let last = self.rows.last().and_then(|r| r.seq.parse::<usize>().ok());
            if let (Some(last), false) = (last, row.contains_key(&seq.index)) {
                row.insert(seq.index, (last + 1 + self.edits.rows.len()).to_string());
            }
        }
        self.edits.rows.push(row);
        Ok(())
    }
}
