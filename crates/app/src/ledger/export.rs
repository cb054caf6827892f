//! A plain ledger of any filtered list, written row by row.

use super::{FacetNames, LedgerQuery, Line, Standpoint, lines, standpoint};
use crate::Error;
use crate::context::{App, Context};
use bihuan_documents::DocumentError;
use bihuan_documents::export::{CSV_MARK, PlainColumn, PlainLedger, plain_csv_line};
use bihuan_domain::problem::PartyRole;
use bihuan_domain::{Coded, Refusal};
use bihuan_store::journal::{self, NewEntry};
use bihuan_store::{Fault, ledger as store, problem as problems};
use serde_json::json;
use std::collections::HashSet;
use std::io::{Seek, Write};

/// Most rows of one export: what one sheet may hold.
pub const EXPORT_ROWS_MAX: i64 = bihuan_documents::limits::ROWS as i64 - 10;

/// What kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// A spreadsheet.
    Xlsx,
    /// Separated text in UTF-8 with a mark.
    Csv,
}

impl ExportFormat {
    /// The ending of the file's name.
    pub fn extension(self) -> &'static str {
        match self {
            ExportFormat::Xlsx => "xlsx",
            ExportFormat::Csv => "csv",
        }
    }

    /// The format of an ending.
    pub fn from_extension(text: &str) -> Option<ExportFormat> {
        [ExportFormat::Xlsx, ExportFormat::Csv].into_iter().find(|format| format.extension() == text)
    }

    /// The media type to serve it with.
    pub fn media_type(self) -> &'static str {
        match self {
            ExportFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ExportFormat::Csv => "text/csv; charset=utf-8",
        }
    }
}

/// Columns of a plain ledger: header and width.
pub(crate) const COLUMNS: [(&str, f64); 18] = [
    ("序号", 8.0),
    ("类别", 14.0),
    ("地点", 16.0),
    ("存在问题", 48.0),
    ("整改目标", 28.0),
    ("整改措施", 40.0),
    ("牵头单位", 20.0),
    ("责任单位", 24.0),
    ("配合单位", 24.0),
    ("验收单位", 20.0),
    ("包案领导", 16.0),
    ("整改时限", 20.0),
    ("时限日期", 12.0),
    ("整改进展", 36.0),
    ("状态", 12.0),
    ("颜色", 8.0),
    ("结果", 16.0),
    ("备注", 20.0),
];

/// A faulty document crate becomes a fault of the program; limits become refusals.
pub(crate) fn document_error(error: &DocumentError) -> Error {
    Refusal::new("document_refused", error.to_string(), "").into()
}

/// A file for an export that goes away by itself.
///
/// # Errors
/// A fault when the machine has no room for it.
pub fn scratch_file() -> Result<std::fs::File, Error> {
    tempfile::tempfile().map_err(|error| Error::Fault(io_error(error)))
}

fn io_error(error: std::io::Error) -> Fault {
    Fault::io("writing an export", error)
}

impl App {
    /// Writes all rows of a query as a plain ledger; answers how many. Leaves an entry `ledger.exported`.
    ///
    /// # Errors
    /// `NotFound`; `export_too_large`; failures of `out`.
    pub fn export_list(
        &self,
        ctx: &Context,
        query: &LedgerQuery,
        format: ExportFormat,
        out: &mut (impl Write + Seek + Send),
    ) -> Result<i64, Error> {
        let mut unit = None;
        let written = self.db.read(|conn| -> Result<i64, Error> {
            let at = standpoint(self, conn, ctx, query)?;
            let filter = query.filter(&at);
            let total = problems::count(conn, &filter)?;
            if total > EXPORT_ROWS_MAX {
                return Err(Refusal::new(
                    "export_too_large",
                    format!("要导出{total}行，一次最多导出{EXPORT_ROWS_MAX}行。"),
                    "请按单位、状态或时间缩小范围，分次导出。",
                )
                .into());
            }
            let mut sink = Sink::begin(format, &at, out)?;
            let mut seen = HashSet::new();
            let written = problems::each_page(conn, &filter, &mut |conn, mut page| {
                page.retain(|problem| seen.insert(problem.id) || filter.moved.is_none());
                if filter.moved.is_none() {
                    seen.clear();
                }
                let measures = store::measures_of(conn, page.iter().map(|p| p.id))?;
                let lines = lines(conn, &at, page, &ctx.actor).map_err(fault_of)?;
                for line in &lines {
                    let texts = measures.get(&line.problem.id).map_or(&[][..], Vec::as_slice);
                    sink.push(&row_of(&at, line, texts)).map_err(fault_of)?;
                }
                Ok(())
            })?;
            sink.finish()?;
            unit = Some(at.unit);
            Ok(written)
        })?;
        let (app, ctx, pairs) = (self.clone(), ctx.clone(), query.pairs());
        self.db.write(move |conn| {
            let entry = NewEntry {
                action: "ledger.exported".to_owned(),
                subject_kind: "unit",
                subject_id: unit.as_ref().map_or(0, |unit| unit.id.0),
                unit: unit.as_ref().map(|unit| unit.id),
                note: format!("导出台账{written}行"),
                detail: json!({ "rows": written, "format": format.extension(), "query": pairs }),
                ..NewEntry::default()
            };
            journal::append(conn, &ctx.stamp(unit.as_ref()), vec![entry])?;
            app.watch_export(conn, &ctx, written).map_err(Error::from)
        })?;
        Ok(written)
    }
}

fn fault_of(error: Error) -> Fault {
    match error {
        Error::Fault(fault) => fault,
        other => Fault::misuse(other.to_string()),
    }
}

/// The file being written.
enum Sink<'a, W: Write + Seek + Send> {
    Xlsx(Box<PlainLedger>, &'a mut W),
    Csv(&'a mut W),
}

impl<'a, W: Write + Seek + Send> Sink<'a, W> {
    fn begin(format: ExportFormat, at: &Standpoint, out: &'a mut W) -> Result<Self, Error> {
        match format {
            ExportFormat::Xlsx => {
                let columns: Vec<PlainColumn> =
                    COLUMNS.iter().map(|(header, width)| PlainColumn::new(*header, *width)).collect();
                let title = format!("{}问题台账", at.campaign.name);
                let meta = [
                    format!("单位：{}", at.unit.name),
                    format!("截至：{}", at.day.in_chinese()),
                    format!("数据截至第{}号记录", at.seq),
                ];
                let ledger = PlainLedger::begin(&title, &meta, &columns).map_err(|e| document_error(&e))?;
                Ok(Sink::Xlsx(Box::new(ledger), out))
            }
            ExportFormat::Csv => {
                let header: Vec<String> = COLUMNS.iter().map(|(header, _)| (*header).to_owned()).collect();
                out.write_all(CSV_MARK.as_bytes()).map_err(io_error)?;
                out.write_all(plain_csv_line(&header).as_bytes()).map_err(io_error)?;
                Ok(Sink::Csv(out))
            }
        }
    }

    fn push(&mut self, row: &[String]) -> Result<(), Error> {
        match self {
            Sink::Xlsx(ledger, _) => ledger.push(row).map_err(|e| document_error(&e)),
            Sink::Csv(out) => Ok(out.write_all(plain_csv_line(row).as_bytes()).map_err(io_error)?),
        }
    }

    fn finish(self) -> Result<(), Error> {
        match self {
            Sink::Xlsx(ledger, out) => ledger.finish(out).map_err(|e| document_error(&e)),
            Sink::Csv(out) => Ok(out.flush().map_err(io_error)?),
        }
    }
}

/// The cells of a row.
pub(crate) fn row_of(at: &Standpoint, line: &Line, measures: &[String]) -> Vec<String> {
    let problem = &line.problem;
    let numbered: Vec<String> = match measures {
        [only] => vec![only.clone()],
        many => many.iter().enumerate().map(|(at, text)| format!("{}. {text}", at + 1)).collect(),
    };
    let leader = line.leader.as_ref().map(|post| format!("{}{}", post.name, post.holder));
    vec![
        problem.number.to_string(),
        FacetNames::name(&at.words.categories, &problem.category).to_owned(),
        problem.place.clone(),
        problem.text.clone(),
        problem.goal.clone(),
        numbered.join("\n"),
        line.units(PartyRole::Lead),
        line.units(PartyRole::Responsible),
        line.units(PartyRole::Assisting),
        line.units(PartyRole::Checking),
        leader.unwrap_or_default(),
        problem.deadline_text.clone(),
        problem.due_day.map(|day| day.to_string()).unwrap_or_default(),
        problem.progress.clone(),
        problem.state.label().to_owned(),
        line.colour.map(|colour| colour.label().to_owned()).unwrap_or_default(),
        problem
            .outcome
            .filter(|_| !problem.state.is_open())
            .map(|o| o.label().to_owned())
            .unwrap_or_default(),
        problem.remark.clone(),
    ]
}
