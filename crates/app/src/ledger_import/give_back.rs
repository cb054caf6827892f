//! Giving a ledger back in the user's own layout, with what is so now.

use super::commit::offered;
use super::compare::{self, Base, KeptRow};
use super::{entry, load, reading, state};
use crate::Error;
use crate::context::{App, Context};
use bihuan_documents::DocumentError;
use bihuan_documents::export::{Change, write_ledger};
use bihuan_documents::ledger::{Field, Layout};
use bihuan_domain::id::{LedgerImportId, ProblemId};
use bihuan_domain::{Instant, Refusal};
use bihuan_store::journal::{self, EntryFilter};
use bihuan_store::ledger as store;
use serde_json::json;
use std::collections::BTreeMap;

/// A ledger given back.
#[derive(Clone, Debug)]
pub struct GivenBack {
    /// The bytes, of the kind that was sent.
    pub bytes: Vec<u8>,
    /// The name it was sent under.
    pub file_name: String,
    /// Cells that now say something else, and new rows.
    pub changes: usize,
    /// What the layout has no place for: reason and how often.
    pub skipped: Vec<(String, usize)>,
}

/// What is written back: what the loop changes. Units and measures stay as the user wrote them.
const FIELDS: [Field; 8] = [
    Field::Problem,
    Field::Place,
    Field::Category,
    Field::Goal,
    Field::DeadlineText,
    Field::Progress,
    Field::StatusText,
    Field::Remark,
];

impl App {
    /// Gives an imported ledger back in its own layout with present progress, status and rows that came out of its
    /// problems since. Without changes here it comes back byte for byte. Leaves an entry `ledger.exported`.
    ///
    /// # Errors
    /// `NotFound`; `no_layout` for documents that cannot be written back.
    pub fn give_back(&self, ctx: &Context, id: LedgerImportId) -> Result<GivenBack, Error> {
        let (given, unit, import) = self.db.read(|conn| -> Result<_, Error> {
            let view = load(conn, ctx, id)?;
            let bytes = store::file(conn, &view.import.digest)?.ok_or(Error::NotFound)?;
            let mut kept: Vec<(KeptRow, ProblemId)> = Vec::new();
            for row in store::rows_of(conn, id)? {
                if let Some(problem) = row.problem_id {
                    kept.push((state::decode(&row.content)?, problem));
                }
            }
            let bases = compare::with_ours(conn, kept)?;
            let given = write_back(bytes, &view.sheets, &bases, &view.import.file_name)?;
            Ok((given, view.unit, view.import))
        })?;
        let (app, ctx) = (self.clone(), ctx.clone());
        let words = words_of(&given);
        let told = json!({ "changes": given.changes, "skipped": given.skipped });
        self.db.write(move |conn| -> Result<(), Error> {
            let mut entry = entry("ledger.exported", &import, words, vec![]);
            entry.detail = told;
            journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry])?;
            app.watch_export(conn, &ctx, 0)?;
            Ok(())
        })?;
        Ok(given)
    }

    /// When the ledger was last given back, and what of the present state its layout had no place for.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn last_given_back(
        &self,
        ctx: &Context,
        id: LedgerImportId,
    ) -> Result<Option<(Instant, String)>, Error> {
        self.db.read(|conn| {
            load(conn, ctx, id)?;
            let filter = EntryFilter {
                subject: Some(("ledger_import".to_owned(), id.0)),
                action_prefix: "ledger.exported".to_owned(),
                ..EntryFilter::default()
            };
            Ok(journal::list(conn, &filter, 1)?.pop().map(|entry| (entry.at, entry.note)))
        })
    }
}

/// What an export did, in a sentence for the journal and the import's page.
fn words_of(given: &GivenBack) -> String {
    let skipped: Vec<String> =
        given.skipped.iter().map(|(reason, count)| format!("{reason}（{count}处）")).collect();
    let left =
        if skipped.is_empty() { String::new() } else { format!("，没有写回：{}", skipped.join("；")) };
    format!("按原版式导出“{}”，改动{}处{left}", given.file_name, given.changes)
}

fn write_back(
    mut bytes: Vec<u8>,
    sheets: &[reading::SheetPlan],
    bases: &[Base],
    file_name: &str,
) -> Result<GivenBack, Error> {
    let mut skipped: BTreeMap<String, usize> = BTreeMap::new();
    let mut written = 0;
    let adds = added(bases);
    // New rows go to the first table; other layouts have no room for them.
    let table = offered(sheets).find(|sheet| sheet.mapping.layout == Layout::Table).map(|s| s.sheet.clone());
    for sheet in offered(sheets) {
        let mut changes = set_cells(bases, &sheet.sheet);
        if table.as_deref() == Some(sheet.sheet.as_str()) {
            changes.extend(adds.iter().cloned());
        }
        if changes.is_empty() {
            continue;
        }
        let given = write_ledger(&bytes, &sheet.mapping, &changes).map_err(|error| layout_error(&error))?;
        written += changes.len() - given.skipped.len();
        for skip in given.skipped {
            *skipped.entry(skip.reason).or_insert(0) += 1;
        }
        bytes = given.bytes;
    }
    if table.is_none() && !adds.is_empty() {
        skipped.insert("这种版式没有可以追加新行的表格".to_owned(), adds.len());
    }
    Ok(GivenBack {
        bytes,
        file_name: file_name.to_owned(),
        changes: written,
        skipped: skipped.into_iter().collect(),
    })
}

fn layout_error(error: &DocumentError) -> Error {
    Refusal::new("no_layout", error.to_string(), "请改为导出普通台账（xlsx 或 csv）。").into()
}

fn set_cells(bases: &[Base], sheet: &str) -> Vec<Change> {
    let mine = bases.iter().filter(|base| base.kept.row.row > 0 && base.kept.row.sheet == sheet);
    let changes = mine.flat_map(|base| {
        FIELDS.iter().filter_map(move |field| {
            let (was, now) = (base.kept.row.text_of(*field), base.ours.text_of(*field));
            (was != now).then(|| Change::Set {
                row: base.kept.row.row,
                field: *field,
                text: now.into_owned(),
            })
        })
    });
    changes.collect()
}

fn added(bases: &[Base]) -> Vec<Change> {
    let new = bases.iter().filter(|base| base.kept.row.row == 0);
    let change = |base: &Base| {
        let values = FIELDS.iter().map(|field| (*field, base.ours.text_of(*field).into_owned()));
        Change::Add { values: values.filter(|(_, text)| !text.is_empty()).collect() }
    };
    new.map(change).collect()
}
