//! Registering: batch by batch, each in one transaction; after a crash the rest is taken up where it stopped.

use super::compare::KeptRow;
use super::plan::{Outcome, Planned};
use super::state::{self, Counted, REASONS_MAX};
use super::{ImportView, entry, load, reading, require_importer};
use crate::context::{App, Context};
use crate::problem::entry_of;
use crate::{Error, likeness};
use bihuan_domain::campaign::CampaignRules;
use bihuan_domain::id::LedgerImportId;
use bihuan_domain::ledger_import::{IMPORT_BATCH_ROWS, ImportState};
use bihuan_domain::person::{Account, AccountState};
use bihuan_domain::problem::{re_import, register, take_over};
use bihuan_domain::{Coded, Instant, Refusal};
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::records::{LedgerImport, LedgerRowRecord};
use bihuan_store::{Conn, ledger as store, problem as problems};
use std::sync::Arc;

/// Longest account of why an import halted, in characters.
const HALT_CHARS_MAX: usize = 1_000;

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Rows written.
    pub done: usize,
    /// Rows in all.
    pub rows: usize,
}

impl App {
    /// Registers what is not yet registered, batch by batch; taking up an import that was broken off is the same call.
    ///
    /// # Errors
    /// `NotFound`, `not_allowed`, `import_not_started`, `campaign_not_running`, faults of the database.
    pub fn run_import(
        &self,
        ctx: &Context,
        id: LedgerImportId,
        tell: &mut dyn FnMut(Progress),
    ) -> Result<Counted, Error> {
        self.run_import_by(ctx, id, &mut |progress| {
            tell(progress);
            ctx.at
        })
    }

    /// The same for an import that runs for minutes: `tell` answers what time it is, so that each batch is dated when
    /// it was written.
    ///
    /// # Errors
    /// As [`App::run_import`].
    pub fn run_import_by(
        &self,
        ctx: &Context,
        id: LedgerImportId,
        tell: &mut dyn FnMut(Progress) -> Instant,
    ) -> Result<Counted, Error> {
        let (planned, total, rules) = self.db.read(|conn| -> Result<_, Error> {
            let view = load(conn, ctx, id)?;
            require_importer(&ctx.actor, &view.unit.path)?;
            require_running(&view)?;
            view.campaign.check_running()?;
            let (_, book) = reading::workbook_of(conn, &view.import)?;
            let work = self.work(conn, ctx, &view, &book)?;
            let total = work.rows.len();
            let done = store::registered(conn, id)?;
            let mut planned = work.plan()?;
            planned.retain(|row| !done.contains(&row.ordinal));
            Ok((planned, total, self.rules(&view.campaign)?))
        })?;
        let mut left = planned.len();
        let mut at = tell(Progress { done: total - left, rows: total });
        let mut planned = planned.into_iter().peekable();
        while planned.peek().is_some() {
            let batch: Vec<Planned> = planned.by_ref().take(IMPORT_BATCH_ROWS).collect();
            left -= batch.len();
            let (ctx, rules) = (Context { at, ..ctx.clone() }, rules.clone());
            self.db.write(move |conn| write_batch(conn, &ctx, id, &rules, batch))?;
            at = tell(Progress { done: total - left, rows: total });
        }
        self.finish_import(&Context { at, ..ctx.clone() }, id)
    }

    fn finish_import(&self, ctx: &Context, id: LedgerImportId) -> Result<Counted, Error> {
        let missing = self.db.read(|conn| -> Result<i64, Error> {
            let view = load(conn, ctx, id)?;
            let (_, book) = reading::workbook_of(conn, &view.import)?;
            let rows = reading::rows(&book, &view.sheets, &view.answers)?;
            Ok(self.compared(conn, ctx, &view, &book, &rows)?.missing.len() as i64)
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

    /// Notes why an import stands still, so that its page can say so; the next run takes that back.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn halt_import(&self, ctx: &Context, id: LedgerImportId, why: &str) -> Result<(), Error> {
        let why: String = why.chars().take(HALT_CHARS_MAX).collect();
        self.change_running(ctx, id, "ledger.import_halted", format!("导入停住：{why}"), move |import| {
            import.halted = why;
        })
    }

    /// Takes up an import that stands still, in the name of who asks; [`App::run_import`] does the work.
    ///
    /// # Errors
    /// `NotFound`, `not_allowed`, `import_not_started`, `campaign_not_running`.
    pub fn resume_import(&self, ctx: &Context, id: LedgerImportId) -> Result<(), Error> {
        self.import(ctx, id)?.campaign.check_running()?;
        let account = ctx.actor.account;
        self.change_running(ctx, id, "ledger.import_resumed", "继续导入".to_owned(), move |import| {
            import.halted = String::new();
            import.run_by = Some(account);
        })
    }

    /// Ends an import that stands still: what is registered stays, the other rows are new when the file comes again.
    ///
    /// # Errors
    /// `NotFound`, `not_allowed`, `import_not_started`, `import_running` where nothing keeps it from going on.
    pub fn stop_import(&self, ctx: &Context, id: LedgerImportId) -> Result<(), Error> {
        if self.import(ctx, id)?.import.halted.is_empty() {
            return Err(Refusal::new(
                "import_running",
                "这次导入正在进行，不能中止。",
                "请等它完成；停住之后才可以中止。",
            )
            .into());
        }
        self.change_running(ctx, id, "ledger.import_stopped", "中止导入".to_owned(), |import| {
            import.state = ImportState::Done;
        })
    }

    fn change_running(
        &self,
        ctx: &Context,
        id: LedgerImportId,
        action: &'static str,
        note: String,
        change: impl FnOnce(&mut LedgerImport) + Send + 'static,
    ) -> Result<(), Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let view = load(conn, &ctx, id)?;
            require_importer(&ctx.actor, &view.unit.path)?;
            require_running(&view)?;
            let mut after = view.import.clone();
            change(&mut after);
            after.version += 1;
            let writes = Write::update(&view.import, &after).into_iter().collect();
            journal::append(conn, &ctx.stamp(Some(&view.unit)), vec![entry(action, &after, note, writes)])?;
            Ok(())
        })
    }

    /// Imports that were under way when the program ended, each with the circumstances of who began it, as they are
    /// at `at`. Those that stand still for a reason, or whose account is no longer active, are not among them.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn imports_under_way(&self, at: Instant) -> Result<Vec<(LedgerImportId, Context)>, Error> {
        self.db.read(|conn| {
            let mut found = Vec::new();
            for import in store::imports_running(conn)? {
                let Some(account) = import.run_by.filter(|_| import.halted.is_empty()) else { continue };
                let account: Option<Account> = journal::by_id(conn, account.0)?;
                let Some(account) = account.filter(|account| account.state == AccountState::Active) else {
                    continue;
                };
                let actor = crate::actor::load(conn, &account, at.day_in_china())?.actor;
                let source_address = "console".to_owned();
                found.push((import.id, Context { actor: Arc::new(actor), at, source_address }));
            }
            Ok(found)
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
