//! Proposing what each column means: the words of its header, then the other columns, then what it holds.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::cells::is_wide_title;
use super::evidence::{is_number, looks_like_deadline, looks_like_unit};
use super::rows::Shape;
use super::table::{Header, find_header, guess_path};
use super::words::{Guess, Nature, is_tick, is_void, names_state};
use super::{ColumnRole, Field, Layout, Mapping, Role, form, matrix, prose};
use crate::sheet::{CellKind, Sheet, column_letters};

/// How many data rows are looked at to judge what a column holds.
const SAMPLE_ROWS: usize = 200;

/// How sure the proposal is of one column, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnDoubt {
    /// The column, as in the mapping.
    pub index: usize,
    /// From 0 to 1.
    pub confidence: f32,
    /// A Chinese sentence.
    pub reason: String,
}

/// What was understood of a sheet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// The mapping proposed; without columns where the sheet is no ledger.
    pub mapping: Mapping,
    /// How sure each column is, in the order of the mapping's columns.
    pub columns: Vec<ColumnDoubt>,
    /// Things a person should know, in Chinese.
    pub notes: Vec<String>,
    /// Why the sheet is not taken for a ledger, in Chinese.
    pub why_not: Option<String>,
}

/// A short digest of a sheet's layout: equal for the same headers in the same order, whatever the data.
pub fn layout_fingerprint(sheet: &Sheet) -> String {
    propose(sheet).mapping.fingerprint
}

pub(super) fn fingerprint_of<'a>(layout: &str, headers: impl Iterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    hash.update(b"layout-1\n");
    hash.update(layout.as_bytes());
    for header in headers {
        hash.update(b"\n");
        hash.update(header.as_bytes());
    }
    hash.finalize().iter().take(16).map(|b| format!("{b:02x}")).collect()
}

impl Mapping {
    /// This mapping for another sheet of the same layout, whose header may stand in another row.
    pub fn for_sheet(&self, sheet: &Sheet) -> Option<Self> {
        let found = propose(sheet).mapping;
        (found.fingerprint == self.fingerprint && !self.columns.is_empty()).then(|| Self {
            sheet: sheet.name.clone(),
            header_top: found.header_top,
            header_rows: found.header_rows,
            ..self.clone()
        })
    }
}

/// Looks at a sheet and proposes how to read it.
pub fn propose(sheet: &Sheet) -> Proposal {
    if sheet.height() == 0 {
        return not_a_ledger(sheet, "这是空白工作表");
    }
    let header = find_header(sheet);
    let form = form::propose(sheet);
    let matched = header.as_ref().map_or(0, |h| h.paths.iter().filter(|p| guess_path(p).is_some()).count());
    let form_fields = form.as_ref().map_or(0, |f| f.columns.iter().filter(|c| c.role != Role::Extra).count());
    let mut why = "没有找到表头：没有哪一行写有“问题、责任单位、时限”等列标题".to_owned();
    // A form may hold a row that looks like a small header; the layout that explains more labels wins.
    let matrix = matrix::propose(sheet);
    // A header found below the head of a cross table is made of its cells: 沙溪镇上沙村, 污水外溢问题.
    let below = |h: &Header| matrix.as_ref().is_some_and(|m| h.top >= m.header_top);
    if let Some(header) = header.filter(|h| form_fields <= matched.max(2) && !below(h)) {
        let proposal = propose_table(sheet, &header);
        match proposal.why_not {
            None => return proposal,
            Some(reason) => why = reason,
        }
    }
    let other = form
        .map(|m| (m, "竖式表单：左侧为标签，右侧为内容"))
        .or_else(|| matrix.map(|m| (m, "交叉表：横向为类别，纵向为地点，单元格为问题")))
        .or_else(|| prose::propose(sheet).map(|m| (m, "文字材料：按小标题和标签读取，请逐条核对")));
    match other {
        Some((mapping, note)) => with_labels(mapping, note),
        None => not_a_ledger(sheet, &why),
    }
}

fn not_a_ledger(sheet: &Sheet, why: &str) -> Proposal {
    let mapping = Mapping {
        sheet: sheet.name.clone(),
        layout: Layout::Table,
        header_top: 0,
        header_rows: 0,
        columns: Vec::new(),
        fingerprint: fingerprint_of("none", std::iter::empty()),
    };
    Proposal { mapping, columns: Vec::new(), notes: Vec::new(), why_not: Some(why.to_owned()) }
}

fn with_labels(mapping: Mapping, note: &str) -> Proposal {
    let columns = mapping
        .columns
        .iter()
        .map(|c| ColumnDoubt {
            index: c.index,
            confidence: if mapping.layout == Layout::Prose { 0.65 } else { 0.85 },
            reason: format!("标签“{}”", c.header),
        })
        .collect();
    Proposal { mapping, columns, notes: vec![note.to_owned()], why_not: None }
}

/// What a column holds, in shares of its filled cells.
#[derive(Debug, Clone, Copy, Default)]
struct Held {
    filled: usize,
    mean_chars: usize,
    units: f32,
    deadlines: f32,
    statuses: f32,
    ticks: f32,
    numbers: f32,
    /// In vertical regions.
    merged: f32,
}

struct Column {
    index: usize,
    title: String,
    guess: Option<Guess>,
    held: Held,
    role: Role,
    confidence: f32,
    reason: String,
}

fn hold(sheet: &Sheet, header: &Header, column: usize) -> Held {
    let (mut held, mut chars) = (Held::default(), 0usize);
    let (mut units, mut deadlines, mut statuses, mut ticks, mut numbers, mut merged) =
        (0usize, 0usize, 0usize, 0usize, 0usize, 0usize);
    let first = header.first_data(sheet);
    for row in first..sheet.height().min(first + SAMPLE_ROWS) {
        let cell = sheet.cell(row, column);
        let text = cell.text().trim();
        let spread = sheet.merge_at(row, column).is_some_and(|m| m.width() > 2);
        if text.is_empty() || spread || is_void(text) || super::evidence::is_subtotal(text) {
            continue;
        }
        held.filled += 1;
        chars += text.chars().count();
        units += usize::from(text.split(['、', '，', '；', '\n', ' ']).all(looks_like_unit));
        deadlines += usize::from(cell.kind() == CellKind::Date || looks_like_deadline(text));
        statuses += usize::from(names_state(text) || is_tick(text) || text == "否");
        ticks += usize::from(is_tick(text));
        numbers += usize::from(is_number(text));
        merged += usize::from(sheet.merge_at(row, column).is_some_and(|m| m.height() > 1));
    }
    if let Some(mean) = chars.checked_div(held.filled) {
        let share = |n: usize| n as f32 / held.filled as f32;
        held.mean_chars = mean;
        held.units = share(units);
        held.deadlines = share(deadlines);
        held.statuses = share(statuses);
        held.ticks = share(ticks);
        held.numbers = share(numbers);
        held.merged = share(merged);
    }
    held
}

/// What the columns below a header mean.
pub(super) fn table_mapping(sheet: &Sheet, header: &Header) -> Mapping {
    propose_table(sheet, header).mapping
}

fn propose_table(sheet: &Sheet, header: &Header) -> Proposal {
    let mut columns: Vec<Column> = (0..sheet.width())
        .map(|index| {
            let guess = header.paths.get(index).and_then(|p| guess_path(p));
            let title = header.title(index);
            let held = hold(sheet, header, index);
            let (role, confidence) = guess.map_or((Role::Extra, 0.5), |g| (g.role, rank(&title, g)));
            let reason = match guess {
                Some(g) if g.role != Role::Extra => format!("列标题“{title}”"),
                Some(_) => format!("列标题“{title}”不属于台账字段，原样保留"),
                None => "列标题不认识，原样保留".to_owned(),
            };
            Column { index, title, guess, held, role, confidence, reason }
        })
        .filter(|c| !c.title.is_empty() || c.held.filled > 0)
        .collect();
    drop_twins(sheet, header, &mut columns);
    settle_states(&mut columns);
    settle_outcomes(&mut columns);
    settle_places(&mut columns);
    settle_bare(&mut columns);
    keep_one_each(&mut columns);
    fill_gaps(&mut columns);
    let fingerprint = fingerprint_of("table", columns.iter().map(|c| c.title.as_str()));
    let mapping = Mapping {
        sheet: sheet.name.clone(),
        layout: Layout::Table,
        header_top: header.top + 1,
        header_rows: header.bottom - header.top + 1,
        columns: columns
            .iter()
            .map(|c| ColumnRole { index: c.index, header: c.title.clone(), role: c.role })
            .collect(),
        fingerprint,
    };
    let why_not = why_not(sheet, header, &mapping, &columns);
    let doubts = columns
        .iter()
        .map(|c| ColumnDoubt { index: c.index, confidence: c.confidence, reason: c.reason.clone() })
        .collect();
    Proposal { mapping, columns: doubts, notes: notes(header), why_not }
}

fn notes(header: &Header) -> Vec<String> {
    let rows = header.bottom - header.top + 1;
    let place = if rows == 1 { String::new() } else { format!("至第 {} 行", header.bottom + 1) };
    vec![format!("表头在第 {} 行{place}，上方为标题和说明", header.top + 1)]
}

/// Words that mean the same field, from the plain one to the one that gives way.
fn rank(title: &str, guess: Guess) -> f32 {
    let leaf = title.rsplit('/').next().unwrap_or(title);
    let any = |words: &[&str]| words.iter().any(|w| leaf.contains(w));
    let less = match guess.role {
        Role::Field(Field::Category) if any(&["来源", "指标", "专项", "项目"]) => 0.1,
        Role::Field(Field::Measures) if any(&["下步", "下一步", "建议", "要求", "意见"]) => 0.1,
        Role::Field(Field::DeadlineText) if any(&["时间", "日期"]) => 0.08,
        Role::Field(Field::Problem) if any(&["标题", "名称", "概要", "摘要"]) => 0.06,
        Role::Field(Field::Problem)
            if any(&["任务", "事项", "内容", "工作", "线索"]) && !any(&["问题", "隐患"]) =>
        {
            0.1
        }
        Role::Field(Field::StatusText) if any(&["验收"]) => 0.1,
        _ => 0.0,
    };
    guess.confidence - less
}

/// One header over several columns without words of their own: blank twins are no columns.
fn drop_twins(sheet: &Sheet, header: &Header, columns: &mut Vec<Column>) {
    let twin = |c: &Column| {
        sheet.merge_at(header.bottom, c.index).is_some_and(|m| m.left < c.index) && c.held.filled == 0
    };
    columns.retain(|c| !twin(c));
}

fn has(columns: &[Column], field: Field) -> bool {
    columns.iter().any(|c| c.role == Role::Field(field))
}

/// 完成情况, 整改情况, 办理情况: a status or an account, told by the values and by the other columns.
fn settle_outcomes(columns: &mut [Column]) {
    let plain = |columns: &[Column], field: Field| {
        columns
            .iter()
            .any(|c| c.role == Role::Field(field) && c.guess.is_some_and(|g| g.nature == Nature::Plain))
    };
    let (mut status, mut progress) = (plain(columns, Field::StatusText), plain(columns, Field::Progress));
    status |= columns.iter().any(|c| c.role == Role::StatusChoice);
    for column in columns.iter_mut() {
        if !column.guess.is_some_and(|g| g.nature == Nature::Outcome) {
            continue;
        }
        let held = column.held;
        let worded = held.filled > 0 && held.statuses >= 0.6;
        let long = held.filled > 0 && !worded && held.mean_chars > 12;
        // 办理情况 and its like stay a status unless they are plainly an account; 完成情况 in sentences is one.
        let account = long && (column.title.contains("完成情况") || held.mean_chars > 40);
        let wants_status =
            if worded { true } else { column.role == Role::Field(Field::StatusText) && !account };
        let (role, sure) = match (wants_status, status, progress) {
            (true, false, _) => (Field::StatusText, if worded { 0.9 } else { 0.75 }),
            (true, true, false) | (false, _, false) => (Field::Progress, if worded { 0.6 } else { 0.85 }),
            (false, false, true) if !long => (Field::StatusText, 0.6),
            _ => {
                column.role = Role::Extra;
                column.confidence = 0.6;
                "另有更明确的情况列，原样保留".clone_into(&mut column.reason);
                continue;
            }
        };
        status |= role == Field::StatusText;
        progress |= role == Field::Progress;
        column.role = Role::Field(role);
        column.confidence = sure;
        column.reason = format!("列标题“{}”，按内容归为{}", column.title, role.label());
    }
}

/// 办理进度 that holds nothing but 已办结, 办理中 is a status where no other column gives one.
fn settle_states(columns: &mut [Column]) {
    let names = |c: &Column| c.held.filled > 0 && c.held.statuses >= 0.8 && c.held.ticks < 0.5;
    let nature = |c: &Column| c.guess.map_or(Nature::Plain, |g| g.nature);
    let status = |c: &Column| match c.role {
        Role::StatusChoice => true,
        Role::Field(Field::StatusText) => nature(c) != Nature::Outcome || names(c),
        _ => false,
    };
    let progress = |c: &Column| c.role == Role::Field(Field::Progress);
    if columns.iter().any(|c| status(c) || progress(c) && nature(c) == Nature::Outcome && names(c)) {
        return;
    }
    if let Some(column) = columns.iter_mut().find(|c| progress(c) && nature(c) == Nature::Plain && names(c)) {
        column.role = Role::Field(Field::StatusText);
        column.confidence = 0.75;
        column.reason = format!("列标题“{}”，内容都是状态", column.title);
    }
}

/// 所属街道 beside the spot itself: who answers for it, where no column names a unit.
fn settle_places(columns: &mut [Column]) {
    let names_unit = |c: &Column| {
        matches!(
            c.role,
            Role::MixedUnits | Role::Field(Field::LeadUnit | Field::ResponsibleUnits | Field::AssistingUnits)
        )
    };
    if columns.iter().any(names_unit) {
        return;
    }
    let spot = columns.iter().position(|c| c.role == Role::Field(Field::Place));
    let belongs = |c: &Column| {
        c.role == Role::Field(Field::Place) && ["所属", "属地", "归属"].iter().any(|w| c.title.contains(w))
    };
    let Some(spot) = spot.filter(|&at| !belongs(&columns[at])) else { return };
    if let Some(column) = columns.iter_mut().skip(spot + 1).find(|c| belongs(c) && c.held.units > 0.7) {
        column.role = Role::Field(Field::ResponsibleUnits);
        column.confidence = 0.55;
        column.reason = format!("没有责任单位列，暂以“{}”作为责任单位，请核对", column.title);
    }
}

/// Whether an unknown column is one of units by its head and by what it holds.
fn names_offices(column: &Column) -> bool {
    ["单位", "部门", "机关"].iter().any(|end| column.title.ends_with(end)) && column.held.units > 0.7
}

/// 单位, 项目, 是否销号: told by what the other columns already give.
fn settle_bare(columns: &mut [Column]) {
    let firm_unit = columns.iter().any(|c| {
        matches!(c.role, Role::MixedUnits | Role::Field(Field::ResponsibleUnits | Field::LeadUnit))
            && c.guess.is_some_and(|g| g.nature == Nature::Plain)
            // 移交部门, 属地部门: no word of the list, but a column of units all the same.
            || c.guess.is_none() && names_offices(c)
    });
    let firm_problem = columns
        .iter()
        .any(|c| c.role == Role::Field(Field::Problem) && c.guess.is_some_and(|g| g.nature == Nature::Plain));
    let worded_status = columns.iter().any(|c| {
        (c.role == Role::Field(Field::StatusText) || c.role == Role::StatusChoice)
            && c.guess.is_some_and(|g| g.nature != Nature::YesNo)
    });
    // A township beside a shop does not say where the problem is as the shop does.
    let narrow = |c: &Column| c.role == Role::Field(Field::Place) && !is_wide_title(&c.title);
    let mut place = columns.iter().any(narrow);
    for column in columns.iter_mut() {
        let Some(guess) = column.guess else { continue };
        let (role, confidence, why) = match guess.nature {
            Nature::BareUnit if firm_unit && !place => {
                (Role::Field(Field::Place), 0.75, "另有责任单位列，这一列视为地点（对象）")
            }
            Nature::BareUnit if firm_unit => (Role::Extra, 0.6, "另有责任单位列，原样保留"),
            Nature::WeakProblem if firm_problem && !place && column.title.contains(['项', '工']) => {
                (Role::Field(Field::Place), 0.6, "另有问题列，这一列视为地点（项目）")
            }
            Nature::WeakProblem if firm_problem => (Role::Extra, 0.6, "另有问题列，原样保留"),
            Nature::YesNo if worded_status => (Role::Extra, 0.7, "另有写明状态的列，原样保留"),
            _ => continue,
        };
        place |= role == Role::Field(Field::Place);
        column.role = role;
        column.confidence = confidence;
        why.clone_into(&mut column.reason);
    }
}

/// Fields that one column gives; of several the surest, then the one that says more, then the leftmost.
fn keep_one_each(columns: &mut [Column]) {
    use Field::{Category, DeadlineText, Goal, Measures, Problem, Remark, Seq, StatusText};
    for field in [Seq, Category, Problem, Measures, Goal, DeadlineText, StatusText, Remark] {
        let score = |c: &Column| {
            let says = if field == Problem { c.held.mean_chars.min(60) as f32 / 1_000.0 } else { 0.0 };
            let empty = if c.held.filled == 0 { 0.3 } else { 0.0 };
            c.confidence + says - empty
        };
        let best =
            columns.iter().filter(|c| c.role == Role::Field(field)).fold(None::<(usize, f32)>, |best, c| {
                match best {
                    Some((_, s)) if s >= score(c) => best,
                    _ => Some((c.index, score(c))),
                }
            });
        let Some((best, _)) = best else { continue };
        // Ticks under several kinds of one group are one category together.
        let ticked = |c: &Column| field == Category && c.held.ticks > 0.9 && c.title.contains('/');
        let group = |c: &Column| c.title.rsplit_once('/').map(|(group, _)| group.to_owned());
        let together = columns.iter().find(|c| c.index == best && ticked(c)).and_then(group);
        let joins =
            |c: &Column| together.is_some() && (ticked(c) || c.held.filled == 0) && group(c) == together;
        for column in
            columns.iter_mut().filter(|c| c.role == Role::Field(field) && c.index != best && !joins(c))
        {
            column.role = Role::Extra;
            column.confidence = 0.65;
            column.reason = format!("另有更合适的{}列，原样保留", field.label());
        }
    }
}

/// Columns whose header says nothing, by what they hold.
fn fill_gaps(columns: &mut [Column]) {
    let unknown = |c: &Column| c.guess.is_none() && c.role == Role::Extra && c.held.filled > 0;
    let give = |columns: &mut [Column], field: Field, fits: &dyn Fn(&Column) -> bool, why: &str| {
        if has(columns, field) {
            return;
        }
        let found = columns
            .iter_mut()
            .filter(|c| unknown(c) && fits(c))
            .max_by_key(|c| if field == Field::Problem { c.held.mean_chars } else { c.held.filled });
        if let Some(column) = found {
            column.role = Role::Field(field);
            column.confidence = 0.5;
            column.reason = format!("列标题不认识，{why}，请核对");
        }
    };
    give(columns, Field::Seq, &|c| c.index == 0 && c.held.numbers > 0.8, "内容是连续的编号");
    if !columns.iter().any(|c| matches!(c.role, Role::MixedUnits | Role::Field(Field::LeadUnit))) {
        give(columns, Field::ResponsibleUnits, &|c| c.held.units > 0.7, "内容像是单位名称");
    }
    give(
        columns,
        Field::Category,
        &|c| c.index <= 1 && c.held.merged > 0.4 && c.held.mean_chars <= 12,
        "内容按组合并",
    );
    give(columns, Field::DeadlineText, &|c| c.held.deadlines > 0.7, "内容像是时限");
    give(
        columns,
        Field::Problem,
        &|c| c.held.mean_chars >= 8 && c.held.numbers < 0.3 && c.held.deadlines < 0.5 && c.held.units < 0.5,
        "内容是较长的文字",
    );
    // 目标任务 or 整改措施 alone: then the task is what is to be closed.
    for field in [Field::Goal, Field::Measures] {
        if has(columns, Field::Problem) {
            break;
        }
        if let Some(column) = columns.iter_mut().find(|c| c.role == Role::Field(field) && c.held.filled > 0) {
            column.role = Role::Field(Field::Problem);
            column.confidence = 0.5;
            column.reason = format!("没有问题列，暂以“{}”作为问题，请核对", column.title);
        }
    }
}

fn why_not(sheet: &Sheet, header: &Header, mapping: &Mapping, columns: &[Column]) -> Option<String> {
    let Some(problem) = columns.iter().find(|c| c.role == Role::Field(Field::Problem)) else {
        return Some("没有找到写问题、任务或隐患的列，可能是统计表、名单或说明".to_owned());
    };
    let numeric =
        columns.iter().filter(|c| c.held.filled > 0 && c.held.numbers > 0.6 && c.role == Role::Extra).count();
    let texts = columns.iter().filter(|c| c.role != Role::Extra).count();
    if problem.held.filled > 0
        && (problem.held.numbers > 0.5 || numeric >= 3 && numeric > texts && problem.confidence < 0.7)
    {
        return Some("各列多为数字，像是统计表，不是问题台账".to_owned());
    }
    let more = columns.iter().any(|c| !matches!(c.role, Role::Extra | Role::Field(Field::Problem)));
    if !more {
        return Some("除问题外没有序号、单位、时限等列，不像台账".to_owned());
    }
    let shape = Shape::new(sheet, header, mapping, sheet.height());
    let any = (shape.first_data()..sheet.height()).any(|r| !sheet.seen(r, problem.index).is_empty());
    (!any).then(|| {
        let column = column_letters(problem.index);
        format!("表头（第 {} 行）下面没有数据：{column} 列没有填写问题", header.top + 1)
    })
}
