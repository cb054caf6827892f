//! Registering: batch by batch, each in one transaction; after a crash the rest is taken up where it stopped.

use super::compare::{self, Comparison, KeptRow, Verdict};
use super::doubts::{self, Doubts, Reckoning};
use super::plan::{Outcome, Planned, Planner};
use super::reading::{self, SheetPlan, SheetView};
use super::state::{self, Answers, Counted, REASONS_MAX, Take};
use super::{ImportView, draft, entry, load, remember_layouts, require_importer};
use crate::Error;
use crate::context::{self, App, Context};
use crate::likeness;
use crate::problem::entry_of;
use bihuan_documents::diff::row_keys;
use bihuan_documents::ledger::{Field, LedgerRow};
use bihuan_documents::sheet::Workbook;
use bihuan_domain::campaign::CampaignRules;
use bihuan_domain::id::LedgerImportId;
use bihuan_domain::ledger_import::{IMPORT_BATCH_ROWS, ImportState};
use bihuan_domain::problem::{Retaken, State, re_import, register, take_over};
use bihuan_domain::unit::Unit;
use bihuan_domain::{Coded, Refusal};
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::records::{LedgerImport, LedgerRowRecord};
use bihuan_store::{Conn, ledger as store, problem as problems};

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Rows written.
    pub done: usize,
    /// Rows in all.
    pub rows: usize,
}

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
    /// `doubts_open`, `differences_open`, `import_unfinished`; a conflict when another import came in between.
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
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let view = draft(conn, &ctx, id, Some(version))?;
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

    /// Registers what is not yet registered, batch by batch; taking up an import that was broken off is the same call.
    ///
    /// # Errors
    /// `NotFound`, `not_allowed`, `import_not_started`, faults of the database.
    pub fn run_import(
        &self,
        ctx: &Context,
        id: LedgerImportId,
        tell: &mut dyn FnMut(Progress),
    ) -> Result<Counted, Error> {
        let (planned, total, rules) = self.db.read(|conn| -> Result<_, Error> {
            let view = load(conn, ctx, id)?;
            require_importer(&ctx.actor, &view.unit.path)?;
            require_running(&view)?;
            let (_, book) = reading::workbook_of(conn, &view.import)?;
            let work = self.work(conn, ctx, &view, &book)?;
            let total = work.rows.len();
            let done = store::registered(conn, id)?;
            let mut planned = work.plan()?;
            planned.retain(|row| !done.contains(&row.ordinal));
            Ok((planned, total, self.rules(&view.campaign)?))
        })?;
        let mut left = planned.len();
        tell(Progress { done: total - left, rows: total });
        let mut planned = planned.into_iter().peekable();
        while planned.peek().is_some() {
            let batch: Vec<Planned> = planned.by_ref().take(IMPORT_BATCH_ROWS).collect();
            left -= batch.len();
            let (ctx, rules) = (ctx.clone(), rules.clone());
            self.db.write(move |conn| write_batch(conn, &ctx, id, &rules, batch))?;
            tell(Progress { done: total - left, rows: total });
        }
        self.finish_import(ctx, id)
    }

    fn finish_import(&self, ctx: &Context, id: LedgerImportId) -> Result<Counted, Error> {
        let missing = self.db.read(|conn| -> Result<i64, Error> {
            let view = load(conn, ctx, id)?;
            let (_, book) = reading::workbook_of(conn, &view.import)?;
            let rows = reading::rows(&book, &view.sheets, &view.answers)?;
            Ok(compare::compare(conn, &view.import, &rows, &view.answers)?.missing.len() as i64)
        })?;
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let view = load(conn, &ctx, id)?;
            if view.import.state == ImportState::Done {
                return Ok(view.counted);
            }
            let counted = Counted { missing, ..view.counted };
            let after = LedgerImport {
                state: ImportState::Done,
                counts: state::encode(&counted)?,
                version: view.import.version + 1,
                ..view.import.clone()
            };
            let note = format!("导入完成：新登记{}件，更新{}件", counted.registered, counted.updated);
            let writes = Write::update(&view.import, &after).into_iter().collect();
            journal::append(
                conn,
                &ctx.stamp(Some(&view.unit)),
                vec![entry("ledger.imported", &after, note, writes)],
            )?;
            Ok(counted)
        })
    }

    fn work(
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
        let comparison = compare::compare(conn, &view.import, &rows, answers)?;
        let doubts = doubts::find(self, conn, &view.unit, &rows, answers, &reckoning, today)?;
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

fn require_running(view: &ImportView) -> Result<(), Refusal> {
    if view.import.state == ImportState::Importing {
        return Ok(());
    }
    Err(Refusal::new(
        "import_not_started",
        format!("这次导入现在是“{}”。", view.import.state.label()),
        "请刷新页面查看最新情况。",
    ))
}

/// Everything the plan of an import is made from.
struct Work {
    import: LedgerImport,
    unit: Unit,
    answers: Answers,
    rows: Vec<LedgerRow>,
    /// The rows before cells were corrected; empty where none were.
    raw: Vec<LedgerRow>,
    reckoning: Reckoning,
    comparison: Comparison,
    doubts: Doubts,
    checking: Option<Unit>,
}

impl Work {
    fn plan(&self) -> Result<Vec<Planned>, Error> {
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
        let taken_fields: Vec<Field> = compared
            .fields
            .iter()
            .filter(|field| compared.open && field.take == Some(Take::New))
            .map(|field| field.field)
            .collect();
        if taken_fields.is_empty() {
            return self.known(base, row, true);
        }
        let mut taken = Retaken::default();
        for field in &taken_fields {
            take_field(planner, &mut taken, *field, row);
        }
        let units = [Field::LeadUnit, Field::ResponsibleUnits, Field::AssistingUnits];
        if taken_fields.iter().any(|field| units.contains(field)) {
            taken.assignment = planner.assignment(row).ok().map(|(order, _)| order);
        }
        let marker =
            taken_fields.contains(&Field::StatusText).then(|| compared.problem.state.code().to_owned());
        let marker = marker.or_else(|| Some(self.marker(base, row, Some(compared.problem.state))));
        Outcome::Update { problem: compared.problem.id, taken: Box::new(taken), marker }
    }
}

fn take_field(planner: &Planner<'_>, taken: &mut Retaken, field: Field, row: &LedgerRow) {
    use super::plan::{fit_category, fit_place, fit_text, fit_words};
    match field {
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
        Field::Measures => taken.measures = planner.measures(row),
        Field::LeadUnit | Field::ResponsibleUnits | Field::AssistingUnits | Field::Seq => {}
    }
}

/// One batch in the writer's hands.
struct Batch {
    entries: Vec<NewEntry>,
    rows: Vec<LedgerRowRecord>,
    counted: Counted,
}

fn write_batch(
    conn: &mut Conn,
    ctx: &Context,
    id: LedgerImportId,
    rules: &CampaignRules,
    planned: Vec<Planned>,
) -> Result<(), Error> {
    let view = load(conn, ctx, id)?;
    require_importer(&ctx.actor, &view.unit.path)?;
    require_running(&view)?;
    // A second runner of the same import finds its rows written already.
    let done = store::registered(conn, id)?;
    let planned: Vec<Planned> = planned.into_iter().filter(|row| !done.contains(&row.ordinal)).collect();
    let new = planned.iter().filter(|row| matches!(row.outcome, Outcome::New { .. })).count() as i64;
    let mut number = if new > 0 { problems::next_number(conn, view.import.campaign_id, new)? } else { 0 };
    let mut batch = Batch { entries: Vec::new(), rows: Vec::new(), counted: view.counted.clone() };
    let written = planned.len();
    for row in planned {
        write_planned(conn, ctx, rules, &view, row, &mut number, &mut batch)?;
    }
    let after = LedgerImport {
        counts: state::encode(&batch.counted)?,
        version: view.import.version + 1,
        ..view.import.clone()
    };
    let mut writes: Vec<Write> = Write::update(&view.import, &after).into_iter().collect();
    writes.push(Write::bulk(&batch.rows));
    let mut entries = batch.entries;
    entries.push(entry("ledger.rows_imported", &after, format!("导入{written}行"), writes));
    journal::append(conn, &ctx.stamp(Some(&view.unit)), entries)?;
    Ok(())
}

fn write_planned(
    conn: &mut Conn,
    ctx: &Context,
    rules: &CampaignRules,
    view: &ImportView,
    planned: Planned,
    number: &mut i64,
    batch: &mut Batch,
) -> Result<(), Error> {
    let Planned { ordinal, row, raw, key, outcome } = planned;
    batch.counted.rows += 1;
    let (problem, marker) = match outcome {
        Outcome::Known { problem, marker, kept } => {
            if kept {
                batch.counted.kept += 1;
            } else {
                batch.counted.same += 1;
            }
            (problem, marker)
        }
        Outcome::New { mut draft, taken, state, mut waits } => {
            draft.number = *number;
            *number += 1;
            let scene = ctx.scene(rules);
            let (mut case, step) = register(*draft, &scene, Some(state))?;
            let (mut step, refused) = take_over(&mut case, &scene, step, *taken);
            step.note = format!("“{}”{}第{}行", view.import.file_name, row.sheet, row.row);
            if let Some(refused) = refused {
                waits = refused.sentence;
            }
            batch.counted.registered += 1;
            batch.counted.assigned += i64::from(case.problem.assigned_day.is_some());
            if !waits.is_empty() && batch.counted.waiting.len() < REASONS_MAX {
                batch.counted.waiting.push((ordinal, waits));
            }
            batch.entries.push(entry_of(conn, None, &mut case, step)?);
            likeness::learn(conn, None, &case)?;
            (case.problem.id, case.problem.state.code().to_owned())
        }
        Outcome::Update { problem, taken, marker } => {
            let before = problems::load_case(conn, problem)?.ok_or(Error::NotFound)?;
            let mut after = before.clone();
            match re_import(&mut after, &ctx.scene(rules), *taken) {
                Ok(mut step) => {
                    step.note = format!("“{}”{}第{}行", view.import.file_name, row.sheet, row.row);
                    batch.counted.updated += 1;
                    batch.entries.push(entry_of(conn, Some(&before), &mut after, step)?);
                    likeness::learn(conn, Some(&before), &after)?;
                }
                Err(refusal) => {
                    batch.counted.kept += 1;
                    if batch.counted.refused.len() < REASONS_MAX {
                        batch.counted.refused.push((ordinal, refusal.sentence));
                    }
                }
            }
            (problem, marker.unwrap_or_default())
        }
    };
    let kept = match raw {
        Some(raw) => KeptRow { row: raw, fixed: Some(row), marker },
        None => KeptRow { row, fixed: None, marker },
    };
    let content = state::encode(&kept)?;
    batch.rows.push(LedgerRowRecord {
        import_id: view.import.id,
        ordinal,
        row_key: key,
        content,
        problem_id: Some(problem),
    });
    Ok(())
}

/// Sheets of an import as they were read, for callers that export.
pub(super) fn offered(sheets: &[SheetPlan]) -> impl Iterator<Item = &SheetPlan> {
    sheets.iter().filter(|sheet| sheet.offered)
}
