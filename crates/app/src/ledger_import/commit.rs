//! From a draft to its plan: what a person decides about, and the moment from which the answers stand.

use super::compare::{self, Comparison, FieldDifference, Part, Verdict};
use super::doubts::{self, Doubts, Reckoning};
use super::own;
use super::plan::{Outcome, Planned, Planner};
use super::reading::{self, SheetPlan, SheetView};
use super::state::{Answers, REASONS_MAX, Take};
use super::{ImportView, draft, entry, load, remember_layouts};
use crate::Error;
use crate::context::{self, App, Context};
use bihuan_documents::diff::row_keys;
use bihuan_documents::ledger::{Field, LedgerRow};
use bihuan_documents::sheet::Workbook;
use bihuan_domain::id::LedgerImportId;
use bihuan_domain::ledger_import::ImportState;
use bihuan_domain::problem::{Retaken, State};
use bihuan_domain::unit::Unit;
use bihuan_domain::{Coded as _, Refusal};
use bihuan_store::Conn;
use bihuan_store::journal::{self, Write};
use bihuan_store::records::LedgerImport;

/// Everything a page shows of a draft before it is committed.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The import.
    pub view: ImportView,
    /// Sheets as they look, with what was read.
    pub sheets: Vec<SheetView>,
    /// The rows that would be imported.
    pub rows: Vec<LedgerRow>,
    /// What is asked.
    pub doubts: Doubts,
    /// What changed since the earlier import.
    pub comparison: Comparison,
    /// The unit that checks, where one was chosen.
    pub checking: Option<Unit>,
    /// Units to choose the checking one from.
    pub checkers: Vec<Unit>,
    /// The campaign's sources: code and name.
    pub sources: Vec<(String, String)>,
    /// New rows that could not be assigned at once: order in the file and why.
    pub waits: Vec<(i64, String)>,
}

impl App {
    /// A draft with everything a person decides about.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn import_review(&self, ctx: &Context, id: LedgerImportId) -> Result<Waiting, Error> {
        self.db.read(|conn| {
            let view = load(conn, ctx, id)?;
            let (_, book) = reading::workbook_of(conn, &view.import)?;
            let work = self.work(conn, ctx, &view, &book)?;
            let planned = work.plan()?;
            let waits = planned.iter().filter_map(|row| match &row.outcome {
                Outcome::New { waits, .. } if !waits.is_empty() => Some((row.ordinal, waits.clone())),
                _ => None,
            });
            let waits = waits.take(REASONS_MAX).collect();
            let checkers = doubts::checkers(conn, &view.unit, ctx.today())?;
            let sources = match view.campaign.template_text.is_empty() {
                true => Vec::new(),
                false => self
                    .template(&view.campaign)?
                    .sources
                    .iter()
                    .map(|s| (s.code.clone(), s.name.clone()))
                    .collect(),
            };
            let mut doubts = work.doubts;
            let sheets = reading::views(&book, &view.sheets);
            doubts.totals =
                book.sheets.iter().flat_map(|sheet| super::wording::totals(sheet, &work.rows)).collect();
            Ok(Waiting {
                sheets,
                doubts,
                comparison: work.comparison,
                checking: work.checking,
                checkers,
                sources,
                rows: work.rows,
                waits,
                view,
            })
        })
    }

    /// Starts registering: from here on the answers stand. [`App::run_import`] does the work.
    ///
    /// # Errors
    /// `campaign_not_running`, `doubts_open`, `differences_open`, `import_unfinished`; a conflict when another import came in between.
    pub fn start_import(&self, ctx: &Context, id: LedgerImportId, version: i64) -> Result<(), Error> {
        let review = self.import_review(ctx, id)?;
        let open = review.doubts.open();
        if open > 0 {
            return Err(Refusal::new(
                "doubts_open",
                format!("还有{open}处疑点没有答复（单位或时限的写法）。"),
                "请逐条答复；拿不准的可以选“保留原文”或“交办时明确”。",
            )
            .into());
        }
        let undecided = review.comparison.undecided();
        if undecided > 0 {
            return Err(Refusal::new(
                "differences_open",
                format!("与上次导入相比，还有{undecided}处变化没有决定取舍。"),
                "请在“差异”页逐项选择采用新内容还是保留现有内容。",
            )
            .into());
        }
        let (ctx, rows_total) = (ctx.clone(), review.rows.len() as i64);
        self.db.write(move |conn| {
            let view = draft(conn, &ctx, id, Some(version))?;
            view.campaign.check_running()?;
            if compare::unfinished(conn, &view.import, &view.sheets)?.is_some() {
                return Err(Refusal::new(
                    "import_unfinished",
                    "同一版式的另一次导入还没有完成。",
                    "请先到“导入记录”继续完成那一次导入。",
                )
                .into());
            }
            if compare::earlier(conn, &view.import, &view.sheets)? != view.import.follows_id {
                return Err(Error::Conflict(
                    "核对之后又有一次同版式的导入完成了，请重新核对差异后再提交。".to_owned(),
                ));
            }
            let after = LedgerImport {
                state: ImportState::Importing,
                run_by: Some(ctx.actor.account),
                rows_total,
                version: view.import.version + 1,
                ..view.import.clone()
            };
            let mut writes: Vec<Write> = Write::update(&view.import, &after).into_iter().collect();
            writes.extend(remember_layouts(conn, view.import.campaign_id, &view.sheets)?);
            let entry = entry("ledger.import_started", &after, "开始导入".to_owned(), writes);
            journal::append(conn, &ctx.stamp(Some(&view.unit)), vec![entry])?;
            Ok(())
        })
    }

    /// The rows of an import beside what is known.
    pub(super) fn compared(
        &self,
        conn: &mut Conn,
        ctx: &Context,
        view: &ImportView,
        book: &Workbook,
        rows: &[LedgerRow],
    ) -> Result<Comparison, Error> {
        let own = own::bases(self, conn, ctx, view, book)?;
        let whole = own::is_whole(book, &view.sheets);
        compare::compare(conn, &view.import, (own, whole), rows, &view.answers)
    }

    pub(super) fn work(
        &self,
        conn: &mut Conn,
        ctx: &Context,
        view: &ImportView,
        book: &Workbook,
    ) -> Result<Work, Error> {
        let rows = reading::rows(book, &view.sheets, &view.answers)?;
        let raw = if view.answers.cells.is_empty() {
            Vec::new()
        } else {
            reading::rows(book, &view.sheets, &Answers::default())?
        };
        let reckoning = Reckoning::of(self, conn, &view.import, &view.campaign)?;
        let answers = &view.answers;
        let today = ctx.today();
        let comparison = self.compared(conn, ctx, view, book, &rows)?;
        let reading = doubts::Reading { rows: &rows, comparison: &comparison, answers };
        let doubts = doubts::find(self, conn, &view.unit, reading, &reckoning, today)?;
        let checking = match answers.checking {
            Some(id) => Some(context::unit(conn, id)?),
            None => None,
        };
        Ok(Work {
            import: view.import.clone(),
            unit: view.unit.clone(),
            answers: answers.clone(),
            rows,
            raw,
            reckoning,
            comparison,
            doubts,
            checking,
        })
    }
}

/// Everything the plan of an import is made from.
pub(super) struct Work {
    import: LedgerImport,
    unit: Unit,
    answers: Answers,
    pub(super) rows: Vec<LedgerRow>,
    /// The rows before cells were corrected; empty where none were.
    raw: Vec<LedgerRow>,
    reckoning: Reckoning,
    comparison: Comparison,
    doubts: Doubts,
    checking: Option<Unit>,
}

impl Work {
    pub(super) fn plan(&self) -> Result<Vec<Planned>, Error> {
        let planner = Planner {
            import: self.import.id,
            campaign: self.import.campaign_id,
            unit: &self.unit,
            checking: self.checking.as_ref(),
            answers: &self.answers,
            doubts: &self.doubts,
            reckoning: &self.reckoning,
        };
        let keys = row_keys(&self.rows);
        let mut planned = Vec::with_capacity(self.rows.len());
        for (at, (row, key)) in self.rows.iter().zip(keys).enumerate() {
            let outcome = match self.comparison.verdicts.get(at).copied().unwrap_or(Verdict::New) {
                Verdict::New => planner.new_problem(row, &key)?,
                Verdict::Same(base) => self.known(base, row, false),
                Verdict::Changed(base, changed) => self.changed(&planner, base, changed, row),
            };
            let raw = self.raw.get(at).filter(|raw| *raw != row).cloned();
            planned.push(Planned { ordinal: at as i64 + 1, row: row.clone(), raw, key, outcome });
        }
        Ok(planned)
    }

    /// The next export words the status as the file does, where the file says what is so.
    fn marker(&self, base: usize, row: &LedgerRow, state: Option<State>) -> String {
        let base = &self.comparison.bases[base];
        let same_as_ours = row.status_text == base.ours.status_text;
        let same_as_base = row.status_text == base.kept.row.status_text;
        match state {
            Some(state) if same_as_ours && !same_as_base => state.code().to_owned(),
            _ if same_as_base => base.kept.marker.clone(),
            _ => String::new(),
        }
    }

    fn known(&self, base: usize, row: &LedgerRow, kept: bool) -> Outcome {
        Outcome::Known {
            problem: self.comparison.bases[base].problem,
            marker: self.marker(base, row, None),
            kept,
        }
    }

    fn changed(&self, planner: &Planner<'_>, base: usize, changed: usize, row: &LedgerRow) -> Outcome {
        let compared = &self.comparison.changed[changed];
        let taken_parts = || {
            let open = compared.fields.iter().filter(|field| compared.open && field.takeable);
            open.filter(|field| field.take == Some(Take::New))
        };
        let taken_fields: Vec<Field> = taken_parts().map(|field| field.field).collect();
        if taken_fields.is_empty() {
            return self.known(base, row, true);
        }
        let mut taken = Retaken::default();
        for field in taken_parts() {
            take_field(planner, &mut taken, field, row);
        }
        if taken_fields.iter().any(|field| doubts::UNIT_FIELDS.contains(field)) {
            taken.assignment = planner.assignment(row).ok().map(|(order, _)| order);
        }
        let marker =
            taken_fields.contains(&Field::StatusText).then(|| compared.problem.state.code().to_owned());
        let marker = marker.or_else(|| Some(self.marker(base, row, Some(compared.problem.state))));
        Outcome::Update { problem: compared.problem.id, taken: Box::new(taken), marker }
    }
}

fn take_field(planner: &Planner<'_>, taken: &mut Retaken, field: &FieldDifference, row: &LedgerRow) {
    use super::plan::{fit_category, fit_place, fit_text, fit_words};
    match field.field {
        Field::Problem => taken.text = Some(fit_text(row)),
        Field::Place => taken.place = Some(fit_place(&row.place)),
        Field::Category => taken.category = Some(fit_category(&row.category)),
        Field::Goal => taken.goal = Some(fit_words(&row.goal)),
        Field::Remark => taken.remark = Some(fit_words(&row.remark)),
        Field::Progress => taken.progress = Some(row.progress.clone()),
        Field::StatusText => taken.status_text = Some(row.status_text.clone()),
        Field::DeadlineText => {
            taken.deadline = Some(planner.reckoning.read(&row.deadline_text, planner.answers));
        }
        Field::Measures => match &field.part {
            Part::Gone(id) => taken.gone.push(*id),
            Part::New(texts) => {
                taken.measures = planner.measures(row);
                taken.measures.retain(|line| texts.contains(&line.text));
            }
            Part::Whole => taken.measures = planner.measures(row),
        },
        Field::LeadUnit | Field::ResponsibleUnits | Field::AssistingUnits | Field::Seq => {}
    }
}

/// Sheets of an import as they were read, for callers that export.
pub(super) fn offered(sheets: &[SheetPlan]) -> impl Iterator<Item = &SheetPlan> {
    sheets.iter().filter(|sheet| sheet.offered)
}
