//! All sheets of a file: which are ledgers, which are not and why, which repeat another.

use std::collections::{HashMap, HashSet};

use super::evidence::{enumerator, looks_like_unit};
use super::row::{How, LedgerRow, Origin};
use super::words::{is_status_word, normal};
use super::{Field, Mapping, Proposal, Role, propose, read};
use crate::sheet::{CellRef, Sheet, Workbook};

/// What a sheet is taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// A ledger; its rows are offered.
    Ledger,
    /// Not a ledger; the Chinese reason.
    NotLedger(String),
    /// A ledger whose problems another sheet already has; the name of that sheet.
    Repeats(String),
    /// Tells more about the problems of another sheet (问题清单, 责任清单, 销号清单); its values were added to that
    /// sheet's rows. The name of that sheet.
    Joined(String),
    /// Hidden in the file; its rows were read but are not offered.
    Hidden,
}

impl Verdict {
    /// Whether the rows of the sheet are offered for import without asking.
    pub fn is_offered(&self) -> bool {
        *self == Self::Ledger
    }

    /// The Chinese sentence for a person; empty for a ledger.
    pub fn reason(&self) -> String {
        match self {
            Self::Ledger => String::new(),
            Self::NotLedger(why) => why.clone(),
            Self::Repeats(sheet) => format!("内容与工作表“{sheet}”重复，默认不导入"),
            Self::Joined(sheet) => format!("是工作表“{sheet}”所列问题的补充，内容已并入其中"),
            Self::Hidden => "这是隐藏的工作表，默认不导入".to_owned(),
        }
    }
}

/// One sheet with what was understood of it.
#[derive(Debug, Clone)]
pub struct SheetReading {
    /// The name of the sheet.
    pub sheet: String,
    /// What was proposed.
    pub proposal: Proposal,
    /// What it is taken for.
    pub verdict: Verdict,
    /// Its problems; also where they are not offered.
    pub rows: Vec<LedgerRow>,
}

/// Proposes and reads every sheet.
pub fn read_workbook(workbook: &Workbook) -> Vec<SheetReading> {
    let mut readings: Vec<SheetReading> = Vec::new();
    for sheet in &workbook.sheets {
        let proposal = propose(sheet);
        let mut rows = if proposal.why_not.is_none() { read(sheet, &proposal.mapping) } else { Vec::new() };
        let verdict = match &proposal.why_not {
            Some(why) => Verdict::NotLedger(why.clone()),
            None if rows.is_empty() => Verdict::NotLedger("表头下面没有可读的问题行".to_owned()),
            None if sheet.hidden => Verdict::Hidden,
            None => match repeats(&rows, &readings) {
                Some(other) => Verdict::Repeats(other),
                None => join(&rows, &mut readings).map_or(Verdict::Ledger, Verdict::Joined),
            },
        };
        rows.shrink_to_fit();
        readings.push(SheetReading { sheet: sheet.name.clone(), proposal, verdict, rows });
    }
    readings
}

/// The pieces of a problem's text that may each stand in a row of another sheet.
fn pieces(row: &LedgerRow) -> impl Iterator<Item = String> + '_ {
    row.problem.lines().map(|line| {
        let line = line.trim();
        normal(enumerator(line).map_or(line, |(_, n)| line[n..].trim()))
    })
}

/// The earlier sheet that already has nearly all problems of this one at the same places. Two months of one
/// ledger repeat wording too, but then they tell more than the problem, so rows with other fields are kept.
fn repeats(rows: &[LedgerRow], earlier: &[SheetReading]) -> Option<String> {
    let told = |r: &LedgerRow| {
        [Field::Measures, Field::Progress, Field::StatusText, Field::DeadlineText]
            .iter()
            .any(|f| !r.is_blank(*f))
    };
    if rows.iter().any(told) {
        return None;
    }
    let mine: Vec<String> = rows.iter().flat_map(pieces).filter(|p| p.chars().count() >= 4).collect();
    if mine.len() < 3 {
        return None;
    }
    earlier.iter().filter(|r| r.verdict.is_offered()).find_map(|reading| {
        let theirs: HashSet<String> = reading.rows.iter().flat_map(pieces).collect();
        let shared = mine.iter().filter(|p| theirs.contains(*p)).count();
        (shared * 10 >= mine.len() * 9).then(|| reading.sheet.clone())
    })
}

/// Joins a sheet that tells other things about the problems an earlier sheet lists. Where the two say different
/// things of one problem (two months of one ledger), they stay apart.
fn join(rows: &[LedgerRow], earlier: &mut [SheetReading]) -> Option<String> {
    let key = |r: &LedgerRow| normal(&r.problem);
    let reading = earlier.iter_mut().filter(|r| r.verdict.is_offered()).find(|reading| {
        let by_key: HashMap<String, &LedgerRow> = reading.rows.iter().map(|r| (key(r), r)).collect();
        let pairs: Vec<(&LedgerRow, &LedgerRow)> =
            rows.iter().filter_map(|r| by_key.get(&key(r)).map(|o| (*o, r))).collect();
        let all = by_key.len() == reading.rows.len() && pairs.len() == rows.len() && rows.len() >= 2;
        let agrees = |f: Field, (old, new): &(&LedgerRow, &LedgerRow)| {
            old.is_blank(f) || new.is_blank(f) || old.text_of(f) == new.text_of(f)
        };
        let adds =
            |f: Field| pairs.iter().all(|(o, _)| o.is_blank(f)) && pairs.iter().any(|(_, n)| !n.is_blank(f));
        all && Field::ALL.into_iter().all(|f| pairs.iter().all(|p| agrees(f, p)))
            && Field::ALL.into_iter().any(adds)
    })?;
    for row in &mut reading.rows {
        let Some(more) = rows.iter().find(|r| key(r) == key(row)) else { continue };
        for (field, origin) in &more.origins {
            if row.is_blank(*field) {
                let reason = format!("来自工作表“{}”的单元格 {}", more.sheet, origin.cell);
                let origin = Origin { how: How::Inferred, reason: reason.into(), ..origin.clone() };
                row.add_text(*field, &more.text_of(*field), origin);
            }
        }
        for extra in &more.extra {
            row.add_extra(&format!("{}/{}", more.sheet, extra.header), &extra.text);
        }
        if row.measure_lines.is_empty() {
            row.measure_lines.clone_from(&more.measure_lines);
        }
    }
    Some(reading.sheet.clone())
}

/// What the title, the rows above the header and the name of the sheet say about all its problems.
pub(super) fn title_values(
    sheet: &Sheet,
    header_top: usize,
    mapping: &Mapping,
    has_unit_column: bool,
) -> Vec<(Field, String, Origin)> {
    let mut found: Vec<(Field, String, Origin)> = Vec::new();
    let origin = |cell, confidence, reason| Origin::new(cell, How::SheetTitle, confidence, reason);
    if !has_unit_column {
        let above = (0..header_top).flat_map(|r| sheet.filled(r).map(move |c| (r, c)));
        let mut lines: Vec<(String, CellRef)> = above
            .map(|(r, c)| {
                let (label, value) = (sheet.text(r, c), sheet.text(r, c + 1));
                let colon = if label.ends_with([':', '：']) || value.is_empty() { "" } else { "：" };
                (format!("{label}{colon}{value}"), CellRef::new(r, c))
            })
            .collect();
        lines.extend(sheet.before.iter().map(|p| (p.clone(), CellRef::new(0, 0))));
        for (line, cell) in &lines {
            if let Some((unit, confidence)) = unit_in_meta(line) {
                found.push((
                    Field::ResponsibleUnits,
                    unit,
                    origin(*cell, confidence, "来自表头上方的单位行"),
                ));
                break;
            }
        }
        if found.is_empty() && looks_like_unit(&sheet.name) && !sheet.name.starts_with("表") {
            let cell = CellRef::new(0, 0);
            found.push((
                Field::ResponsibleUnits,
                sheet.name.clone(),
                origin(cell, 0.5, "工作表名称像是单位名称"),
            ));
        }
    }
    let has_status =
        mapping.has(Field::StatusText) || mapping.columns.iter().any(|c| c.role == Role::StatusChoice);
    if !has_status && is_status_word(&sheet.name) {
        let cell = CellRef::new(0, 0);
        found.push((Field::StatusText, sheet.name.clone(), origin(cell, 0.6, "来自工作表名称")));
    }
    found
}

/// 责任单位：某局 in a meta row, and with less certainty 填报单位 and 单位.
fn unit_in_meta(line: &str) -> Option<(String, f32)> {
    const LABELS: [(&str, f32); 7] = [
        ("责任单位", 0.85),
        ("整改单位", 0.85),
        ("责任部门", 0.85),
        ("填报单位", 0.6),
        ("报送单位", 0.6),
        ("填表单位", 0.6),
        ("单位", 0.5),
    ];
    LABELS.iter().find_map(|(label, confidence)| {
        let at = line.find(label)?;
        let before = line[..at].chars().next_back();
        if before.is_some_and(|c| !c.is_whitespace() && !"；;，,。（(".contains(c)) {
            return None;
        }
        let rest =
            line[at + label.len()..].trim_start_matches(['（', '(', '盖', '章', '）', ')', ' ', '\u{3000}']);
        let rest = rest.strip_prefix(['：', ':'])?.trim_start();
        let end = rest.find(|c: char| c.is_whitespace() || "；;，,".contains(c)).unwrap_or(rest.len());
        let unit = rest[..end].trim();
        looks_like_unit(unit).then(|| (unit.to_owned(), *confidence))
    })
}
