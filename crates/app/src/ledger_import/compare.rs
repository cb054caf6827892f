//! A file of a layout that was imported before: what is the same, what changed, what is new, what is missing.
//!
//! Every field is compared three ways: what the file said last time (base), what the problem says now (ours), what the
//! file says (theirs). Only where theirs differs from both does a person decide; nothing is ever deleted.

use super::own;
use super::plan::{fit_category, fit_place, fit_text, fit_words, measure_texts};
use super::reading::SheetPlan;
use super::state::{self, Answers, Take};
use crate::Error;
use bihuan_documents::diff::{Difference, diff};
use bihuan_documents::ledger::{Field, LedgerRow};
use bihuan_domain::Coded;
use bihuan_domain::id::{LedgerImportId, MeasureId, ProblemId};
use bihuan_domain::ledger_import::ImportState;
use bihuan_domain::measure::{Measure, MeasureState};
use bihuan_domain::problem::{Problem, State};
use bihuan_store::records::LedgerImport;
use bihuan_store::{Conn, journal, ledger as store};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Earlier imports of one layout that are looked through.
const CHAIN_MAX: usize = 60;

/// A row of an import as it is kept.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptRow {
    /// As the file says it.
    pub row: LedgerRow,
    /// With the cells a person corrected, where any were.
    pub fixed: Option<LedgerRow>,
    /// The state of the problem to which the row's status text belongs; while it lasts, an export gives that text.
    pub marker: String,
}

/// A row known from before with its problem.
#[derive(Clone, Debug)]
pub struct Base {
    /// What the ledger said last.
    pub kept: KeptRow,
    /// The problem.
    pub problem: ProblemId,
    /// The row as it would be given back now.
    pub ours: LedgerRow,
    /// The row is one that this program writes itself.
    pub own: bool,
    /// Another unit registered the problem: the file cannot change it.
    pub elsewhere: bool,
}

/// Which part of a field differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// Measures that were not there before, as texts.
    New(Vec<String>),
    /// A measure that the file no longer names.
    Gone(MeasureId),
}

/// One field that differs.
#[derive(Clone, Debug)]
pub struct FieldDifference {
    /// The field.
    pub field: Field,
    /// Which part of it.
    pub part: Part,
    /// A person can take it; what is done already stays, and is only told.
    pub takeable: bool,
    /// What the file said last time.
    pub base: String,
    /// What is here now.
    pub ours: String,
    /// What the file says.
    pub theirs: String,
    /// Its name in [`Answers::takes`].
    pub key: String,
    /// What a person decided.
    pub take: Option<Take>,
}

impl FieldDifference {
    /// What differs, in words.
    pub fn label(&self) -> &'static str {
        match self.part {
            Part::Whole => self.field.label(),
            Part::New(_) => "新增的整改措施",
            Part::Gone(_) => "文件里没有了的整改措施",
        }
    }
}

/// A changed row.
#[derive(Clone, Debug)]
pub struct Compared {
    /// Position among the file's rows.
    pub at: usize,
    /// The problem.
    pub problem: Problem,
    /// What differs.
    pub fields: Vec<FieldDifference>,
    /// The change can be taken: the problem is still open.
    pub open: bool,
}

/// What became of one row of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Known, and nothing to decide; position among the bases.
    Same(usize),
    /// Known and changed; positions among the bases and the changed.
    Changed(usize, usize),
    /// Not known.
    New,
}

/// The whole comparison.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// The earlier import it is compared with.
    pub follows: Option<LedgerImportId>,
    /// Rows known from before.
    pub bases: Vec<Base>,
    /// For each row of the file.
    pub verdicts: Vec<Verdict>,
    /// Changed rows.
    pub changed: Vec<Compared>,
    /// Problems the file no longer names.
    pub missing: Vec<Problem>,
}

impl Comparison {
    /// Nothing new, nothing changed, nothing missing.
    pub fn is_empty(&self) -> bool {
        self.changed.is_empty()
            && self.missing.is_empty()
            && self.verdicts.iter().all(|verdict| matches!(verdict, Verdict::Same(_)))
    }

    /// How many rows are new.
    pub fn added(&self) -> usize {
        self.verdicts.iter().filter(|verdict| **verdict == Verdict::New).count()
    }

    /// How many rows are known and unchanged.
    pub fn same(&self) -> usize {
        self.verdicts.iter().filter(|verdict| matches!(verdict, Verdict::Same(_))).count()
    }

    /// Row `at` of the file says something new in one of the fields: only then is its wording asked about.
    pub fn brings(&self, at: usize, fields: &[Field]) -> bool {
        match self.verdicts.get(at) {
            Some(Verdict::Same(_)) => false,
            Some(Verdict::Changed(_, changed)) => {
                let differing = self.changed.get(*changed).into_iter().flat_map(|row| &row.fields);
                differing.into_iter().any(|difference| fields.contains(&difference.field))
            }
            Some(Verdict::New) | None => true,
        }
    }

    /// Fields somebody must still decide about.
    pub fn undecided(&self) -> usize {
        let open = self.changed.iter().filter(|row| row.open);
        open.flat_map(|row| &row.fields).filter(|field| field.takeable && field.take.is_none()).count()
    }
}

/// The latest finished import of this unit and campaign with the same file or a layout in common.
///
/// # Errors
/// Faults of the database.
pub fn earlier(
    conn: &mut Conn,
    import: &LedgerImport,
    sheets: &[SheetPlan],
) -> Result<Option<LedgerImportId>, Error> {
    let all = store::imports_by_unit(conn, import.campaign_id, import.unit_id)?;
    for old in all.into_iter().filter(|old| old.id != import.id && old.state == ImportState::Done) {
        if old.digest == import.digest || shares_layout(&old, sheets)? {
            return Ok(Some(old.id));
        }
    }
    Ok(None)
}

/// Another import of the same layout that is not finished.
///
/// # Errors
/// Faults of the database.
pub fn unfinished(
    conn: &mut Conn,
    import: &LedgerImport,
    sheets: &[SheetPlan],
) -> Result<Option<LedgerImport>, Error> {
    let all = store::imports_by_unit(conn, import.campaign_id, import.unit_id)?;
    for old in all.into_iter().filter(|old| old.id != import.id && old.state == ImportState::Importing) {
        if old.digest == import.digest || shares_layout(&old, sheets)? {
            return Ok(Some(old));
        }
    }
    Ok(None)
}

fn shares_layout(old: &LedgerImport, sheets: &[SheetPlan]) -> Result<bool, Error> {
    let theirs: Vec<SheetPlan> = state::decode(&old.mapping)?;
    let prints: BTreeSet<&str> =
        theirs.iter().filter(|s| s.offered).map(|s| s.mapping.fingerprint.as_str()).collect();
    Ok(sheets.iter().any(|s| {
        s.offered && !s.mapping.fingerprint.is_empty() && prints.contains(s.mapping.fingerprint.as_str())
    }))
}

/// Rows known from the import that `import` follows and those before it, the newest word of each problem, and the
/// problems that came out of them since.
///
/// # Errors
/// Faults of the database.
pub fn bases(conn: &mut Conn, import: &LedgerImport) -> Result<Vec<Base>, Error> {
    let mut found: Vec<(KeptRow, ProblemId)> = Vec::new();
    let mut seen: HashSet<ProblemId> = HashSet::new();
    let mut next = import.follows_id;
    for _ in 0..CHAIN_MAX {
        let Some(id) = next else { break };
        for row in store::rows_of(conn, id)? {
            let Some(problem) = row.problem_id else { continue };
            if seen.insert(problem) {
                found.push((state::decode(&row.content)?, problem));
            }
        }
        next = journal::by_id::<LedgerImport>(conn, id.0)?.and_then(|old| old.follows_id);
    }
    with_ours(conn, found)
}

/// Rows of one import with their problems, as they would be given back now, and the problems split off from them.
///
/// # Errors
/// Faults of the database.
pub fn with_ours(conn: &mut Conn, kept: Vec<(KeptRow, ProblemId)>) -> Result<Vec<Base>, Error> {
    let ids: Vec<ProblemId> = kept.iter().map(|(_, id)| *id).collect();
    let problems = store::problems(conn, &ids)?;
    let mut bases: Vec<Base> = Vec::with_capacity(kept.len());
    for (kept, id) in kept {
        let Some(problem) = problems.get(&id) else { continue };
        bases.push(Base { ours: ours(&kept, problem), kept, problem: id, own: false, elsewhere: false });
    }
    let known: HashSet<ProblemId> = ids.iter().copied().collect();
    for problem in store::split_off_from(conn, &ids)?.into_iter().filter(|p| !known.contains(&p.id)) {
        let row = row_of_problem(&problem);
        bases.push(Base {
            kept: KeptRow { row: row.clone(), ..KeptRow::default() },
            ours: row,
            problem: problem.id,
            own: false,
            elsewhere: false,
        });
    }
    Ok(bases)
}

/// A problem that never stood in the ledger, as a row of it.
pub fn row_of_problem(problem: &Problem) -> LedgerRow {
    LedgerRow {
        problem: problem.text.clone(),
        place: problem.place.clone(),
        category: problem.category.clone(),
        goal: problem.goal.clone(),
        deadline_text: problem.deadline_text.clone(),
        progress: problem.progress.clone(),
        status_text: status_now(problem),
        remark: problem.remark.clone(),
        ..LedgerRow::default()
    }
}

/// The status as an export words it, once it is no longer the one the ledger came with.
pub fn status_now(problem: &Problem) -> String {
    match problem.outcome {
        Some(outcome) if problem.state == State::Closed => outcome.label().to_owned(),
        _ => problem.state.label().to_owned(),
    }
}

/// The row as it would be given back now: what was not changed here keeps the ledger's own wording to the letter.
pub fn ours(kept: &KeptRow, problem: &Problem) -> LedgerRow {
    let base = kept.fixed.as_ref().unwrap_or(&kept.row);
    let mut row = kept.row.clone();
    let pick = |now: &str, fitted: String, slot: &mut String| {
        if now != fitted {
            now.clone_into(slot);
        }
    };
    pick(&problem.text, fit_text(base), &mut row.problem);
    pick(&problem.place, fit_place(&base.place), &mut row.place);
    pick(&problem.category, fit_category(&base.category), &mut row.category);
    pick(&problem.goal, fit_words(&base.goal), &mut row.goal);
    pick(&problem.remark, fit_words(&base.remark), &mut row.remark);
    pick(&problem.progress, base.progress.clone(), &mut row.progress);
    pick(&problem.deadline_text, base.deadline_text.clone(), &mut row.deadline_text);
    if kept.marker != problem.state.code() {
        row.status_text = status_now(problem);
    } else if problem.status_text != base.status_text {
        row.status_text.clone_from(&problem.status_text);
    }
    row
}

/// Compares the rows of a file with what is known.
///
/// # Errors
/// Faults of the database.
pub fn compare(
    conn: &mut Conn,
    import: &LedgerImport,
    (own, whole): (Vec<Base>, bool),
    rows: &[LedgerRow],
    answers: &Answers,
) -> Result<Comparison, Error> {
    // A file of our own need not name all that an earlier one named.
    let mut bases = if whole { Vec::new() } else { bases(conn, import)? };
    let told: HashSet<ProblemId> = own.iter().map(|base| base.problem).collect();
    bases.retain(|base| !told.contains(&base.problem));
    bases.extend(own);
    let ids: Vec<ProblemId> = bases.iter().map(|base| base.problem).collect();
    let problems = store::problems(conn, &ids)?;
    let mut comparison = Comparison { follows: import.follows_id, ..Comparison::default() };
    if bases.is_empty() {
        comparison.verdicts = vec![Verdict::New; rows.len()];
        return Ok(comparison);
    }
    let pairs = pair(&bases, rows);
    let measures = measures_of_changed(conn, &bases, rows, &pairs)?;
    let mut met = vec![false; bases.len()];
    for (at, row) in rows.iter().enumerate() {
        let Some(base_at) = pairs.get(&at).copied() else {
            comparison.verdicts.push(Verdict::New);
            continue;
        };
        met[base_at] = true;
        let live = measures.get(&bases[base_at].problem).map(Vec::as_slice).unwrap_or_default();
        let fields = differences(&bases[base_at], row, live, answers);
        let problem = problems.get(&bases[base_at].problem).filter(|_| !fields.is_empty());
        match problem {
            None => comparison.verdicts.push(Verdict::Same(base_at)),
            Some(problem) => {
                comparison.verdicts.push(Verdict::Changed(base_at, comparison.changed.len()));
                let open = !bases[base_at].elsewhere
                    && !matches!(problem.state, State::Closed | State::Proposed | State::Reported);
                comparison.changed.push(Compared { at, problem: problem.clone(), fields, open });
            }
        }
    }
    let missing = bases.iter().zip(&met).filter(|(base, met)| !**met && !is_extra(base));
    comparison.missing = missing.filter_map(|(base, _)| problems.get(&base.problem).cloned()).collect();
    comparison.bases = bases;
    Ok(comparison)
}

/// A problem that came out of the ledger's problems here: the user's file need not name it.
fn is_extra(base: &Base) -> bool {
    base.kept.row.row == 0
}

/// Which row of the file is which known one: by what the ledger said, then by what the problem says now.
fn pair(bases: &[Base], rows: &[LedgerRow]) -> HashMap<usize, usize> {
    let mut pairs = HashMap::new();
    let match_by = |pick: &dyn Fn(&Base) -> LedgerRow, pairs: &mut HashMap<usize, usize>| {
        let taken: HashSet<usize> = pairs.values().copied().collect();
        let left: Vec<usize> = (0..bases.len()).filter(|at| !taken.contains(at)).collect();
        let right: Vec<usize> = (0..rows.len()).filter(|at| !pairs.contains_key(at)).collect();
        let old: Vec<LedgerRow> = left.iter().map(|at| pick(&bases[*at])).collect();
        let new: Vec<LedgerRow> = right.iter().map(|at| rows[*at].clone()).collect();
        for difference in diff(&old, &new) {
            if let Difference::Same { old, new } | Difference::Changed { old, new, .. } = difference {
                pairs.insert(right[new], left[old]);
            }
        }
    };
    match_by(&|base| base.kept.row.clone(), &mut pairs);
    if pairs.len() < rows.len() {
        match_by(&|base| base.ours.clone(), &mut pairs);
    }
    pairs
}

/// Fields in which the file differs both from its last word and from what is here.
fn differences(base: &Base, theirs: &LedgerRow, live: &[Measure], answers: &Answers) -> Vec<FieldDifference> {
    let mut found = Vec::new();
    for field in Field::ALL.into_iter().filter(|field| *field != Field::Seq) {
        let (was, now, new) = (base.kept.row.text_of(field), base.ours.text_of(field), theirs.text_of(field));
        let fixed = base.kept.fixed.as_ref().map(|row| row.text_of(field));
        if new == was || new == now || fixed == Some(new.clone()) || (base.own && own::same(&now, &new)) {
            continue;
        }
        let key = Answers::cell_key(&theirs.sheet, theirs.row, field.key());
        if field == Field::Measures {
            found.extend(measure_differences(base, theirs, live, &key, answers));
            continue;
        }
        found.push(FieldDifference {
            field,
            part: Part::Whole,
            takeable: true,
            base: was.into_owned(),
            ours: now.into_owned(),
            theirs: new.into_owned(),
            take: answers.takes.get(&key).copied(),
            key,
        });
    }
    found
}

/// Measures here of the problems whose measures the file words otherwise than before.
fn measures_of_changed(
    conn: &mut Conn,
    bases: &[Base],
    rows: &[LedgerRow],
    pairs: &HashMap<usize, usize>,
) -> Result<HashMap<ProblemId, Vec<Measure>>, Error> {
    let reworded = |(row, base): &(&usize, &usize)| rows[**row].measures != bases[**base].kept.row.measures;
    let changed: Vec<ProblemId> =
        pairs.iter().filter(reworded).map(|(_, base)| bases[*base].problem).collect();
    if changed.is_empty() { Ok(HashMap::new()) } else { Ok(store::live_measures(conn, &changed)?) }
}

/// Measures one by one: those the file adds, together, and each that it no longer names. Nothing is taken back
/// silently, and what is done stays.
fn measure_differences(
    base: &Base,
    theirs: &LedgerRow,
    live: &[Measure],
    key: &str,
    answers: &Answers,
) -> Vec<FieldDifference> {
    let was = measure_texts(base.kept.fixed.as_ref().unwrap_or(&base.kept.row));
    let now = measure_texts(theirs);
    let here = |text: &String| live.iter().find(|measure| measure.text == *text);
    let new: Vec<String> =
        now.iter().filter(|text| !was.contains(text) && here(text).is_none()).cloned().collect();
    let mut found = Vec::new();
    if !new.is_empty() {
        found.push(FieldDifference {
            field: Field::Measures,
            takeable: true,
            base: String::new(),
            ours: String::new(),
            theirs: new.join("\n"),
            take: answers.takes.get(key).copied(),
            key: key.to_owned(),
            part: Part::New(new),
        });
    }
    for (at, text) in was.iter().enumerate().filter(|(_, text)| !now.contains(text)) {
        // A measure that was reworded here is known by its place.
        let reworded = || {
            let there = live.iter().find(|measure| measure.ordinal == at as i64 + 1);
            there.filter(|measure| !was.contains(&measure.text) && !now.contains(&measure.text))
        };
        let Some(measure) = here(text).or_else(reworded) else { continue };
        let key = format!("{key}!{at}");
        found.push(FieldDifference {
            field: Field::Measures,
            part: Part::Gone(measure.id),
            takeable: measure.state == MeasureState::Planned,
            base: text.clone(),
            ours: format!("{}（{}）", measure.text, measure.state.label()),
            theirs: String::new(),
            take: answers.takes.get(&key).copied(),
            key,
        });
    }
    found
}
