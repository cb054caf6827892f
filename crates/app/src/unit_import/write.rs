//! Carrying an import out: new units in bulk, then moves from the top down, names, facts and closings.

use super::plan::{Decided, Tally};
use super::{ImportOrder, Importer, UnitFile};
use crate::Error;
use bihuan_domain::Coded;
use bihuan_domain::id::UnitId;
use bihuan_domain::unit::reorganise::UnitAction;
use bihuan_domain::unit::{Unit, UnitPath};
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::record::Record;
use bihuan_store::records::{UnitChange, UnitNameRow};
use bihuan_store::unit_tree::{CLOSURE_COLUMNS, Move, closure_rows};
use bihuan_store::{Conn, Val, unit as store};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// New units of one entry: bounds the memory of an import of any size.
pub const IMPORT_CHUNK_UNITS: usize = 20_000;

/// Told how many of how many units have been written.
#[derive(Clone)]
pub struct Progress(Arc<dyn Fn(u64, u64) + Send + Sync>);

impl Progress {
    /// Tells `tell`.
    pub fn new(tell: impl Fn(u64, u64) + Send + Sync + 'static) -> Progress {
        Progress(Arc::new(tell))
    }

    /// Tells nobody.
    pub fn silent() -> Progress {
        Progress::new(|_, _| {})
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Progress")
    }
}

/// What an import did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportDone {
    /// Units by fate.
    pub tally: Tally,
    /// The last entry; the number there was before when nothing was changed.
    pub seq: i64,
}

pub(super) fn carry_out(
    conn: &mut Conn,
    who: &Importer,
    file: &UnitFile,
    target: Option<&Unit>,
    order: &ImportOrder,
    mut decided: Decided,
    progress: &Progress,
) -> Result<ImportDone, Error> {
    create(conn, who, file, target, order, &mut decided, progress)?;
    let in_order: HashMap<usize, usize> = decided.order.iter().enumerate().map(|(n, at)| (*at, n)).collect();
    let mut moves = std::mem::take(&mut decided.moves);
    moves.sort_by_key(|at| in_order.get(at));
    for at in moves {
        move_one(conn, who, target, order, &decided, at)?;
    }
    for at in &decided.renames {
        rename_one(conn, who, file, order, &decided, *at)?;
    }
    amend(conn, who, file, order, &decided)?;
    for id in &decided.closes {
        close_one(conn, who, order, *id)?;
    }
    Ok(ImportDone { tally: decided.plan.tally, seq: journal::head(conn)? })
}

/// Numbers of new units follow the order of the tree, so that index pages are filled one after the other.
fn create(
    conn: &mut Conn,
    who: &Importer,
    file: &UnitFile,
    target: Option<&Unit>,
    order: &ImportOrder,
    decided: &mut Decided,
    progress: &Progress,
) -> Result<(), Error> {
    let total = decided.plan.tally.created;
    if total == 0 {
        return Ok(());
    }
    let mut next = journal::next_id(conn, "unit", total)?;
    let mut paths = Paths::new(conn, target, decided)?;
    let mut chunk: Vec<Unit> = Vec::with_capacity(IMPORT_CHUNK_UNITS);
    let mut written = 0u64;
    for index in 0..decided.order.len() {
        let at = decided.order[index];
        if decided.known[at].is_some() {
            continue;
        }
        let id = UnitId(next);
        next += 1;
        let path = paths.of_new(at, id, decided);
        decided.known[at] = Some(id);
        chunk.push(unit_of(file, at, id, path, target, order, decided));
        if chunk.len() == IMPORT_CHUNK_UNITS {
            written += append_chunk(conn, who, target, &chunk)?;
            chunk.clear();
            progress.0(written, total.unsigned_abs());
        }
    }
    if !chunk.is_empty() {
        written += append_chunk(conn, who, target, &chunk)?;
        progress.0(written, total.unsigned_abs());
    }
    Ok(())
}

/// Paths of the units new ones may hang below.
struct Paths {
    target: Option<UnitPath>,
    known: HashMap<UnitId, UnitPath>,
}

impl Paths {
    /// Reads the paths of present units that get new children.
    fn new(conn: &mut Conn, target: Option<&Unit>, decided: &Decided) -> Result<Paths, Error> {
        let is_new = |at: &usize| decided.known[*at].is_none();
        let present = decided.order.iter().filter(|at| is_new(at));
        let parents: Vec<UnitId> =
            present.filter_map(|at| decided.parents[*at].and_then(|parent| decided.known[parent])).collect();
        let known = store::by_ids(conn, parents)?.into_iter().map(|unit| (unit.id, unit.path)).collect();
        Ok(Paths { target: target.map(|unit| unit.path.clone()), known })
    }

    fn of_new(&mut self, at: usize, id: UnitId, decided: &Decided) -> UnitPath {
        let above = match decided.parents[at] {
            Some(parent) => decided.known[parent].and_then(|parent| self.known.get(&parent)),
            None => self.target.as_ref(),
        };
        let path = above.map_or_else(|| UnitPath::root(id), |above| above.child(id));
        self.known.insert(id, path.clone());
        path
    }
}

fn unit_of(
    file: &UnitFile,
    at: usize,
    id: UnitId,
    path: UnitPath,
    target: Option<&Unit>,
    order: &ImportOrder,
    decided: &Decided,
) -> Unit {
    let line = &file.lines[at];
    let text = |text: &Option<Box<str>>| text.as_deref().unwrap_or_default().to_owned();
    let (kind, level) = decided.facts[at];
    Unit {
        id,
        code: line.code.to_string(),
        name: line.name.to_string(),
        short_names: text(&line.short_names),
        kind,
        level,
        sector: text(&line.sector),
        line: text(&line.ministry),
        parent_id: decided.parents[at].map_or(target.map(|unit| unit.id), |parent| decided.known[parent]),
        path,
        official_order: line.order.unwrap_or(i64::from(line.line)),
        created_day: order.day,
        closed_day: None,
        successor_id: None,
        version: 1,
    }
}

fn append_chunk(
    conn: &mut Conn,
    who: &Importer,
    target: Option<&Unit>,
    chunk: &[Unit],
) -> Result<u64, Error> {
    let names = chunk.iter().map(|unit| {
        let row = UnitNameRow {
            unit_id: unit.id,
            from_day: unit.created_day,
            to_day: None,
            name: unit.name.clone(),
        };
        row.values()
    });
    let places: Vec<Vec<Val>> =
        chunk.iter().flat_map(|unit| closure_rows(&unit.path, unit.created_day)).collect();
    let writes = vec![
        Write::bulk(chunk),
        Write::Bulk {
            table: UnitNameRow::TABLE,
            columns: UnitNameRow::COLUMNS.to_vec(),
            rows: names.collect(),
        },
        Write::Bulk { table: "unit_closure", columns: CLOSURE_COLUMNS.to_vec(), rows: places },
    ];
    let note = format!("导入单位{}个", chunk.len());
    append(conn, who, target, UnitAction::Imported, target.map_or(UnitId(0), |unit| unit.id), note, writes)?;
    Ok(chunk.len() as u64)
}

fn append(
    conn: &mut Conn,
    who: &Importer,
    stamped: Option<&Unit>,
    action: UnitAction,
    subject: UnitId,
    note: String,
    writes: Vec<Write>,
) -> Result<(), Error> {
    let entry = NewEntry {
        action: action.code().to_owned(),
        subject_kind: "unit",
        subject_id: subject.0,
        unit: (subject.0 != 0).then_some(subject),
        note,
        writes,
        ..NewEntry::default()
    };
    journal::append(conn, &who.stamp(stamped), vec![entry])?;
    Ok(())
}

fn record(
    conn: &mut Conn,
    unit: UnitId,
    kind: UnitAction,
    order: &ImportOrder,
    other: Option<UnitId>,
    detail: &str,
) -> Result<Write, Error> {
    let id = journal::next_id(conn, "unit_change", 1)?;
    let row = UnitChange {
        id,
        unit_id: unit,
        kind,
        day: order.day,
        other_unit_id: other,
        detail: detail.to_owned(),
    };
    Ok(Write::insert(&row))
}

fn known(conn: &mut Conn, decided: &Decided, at: usize) -> Result<Unit, Error> {
    let id = decided.known[at].ok_or(Error::NotFound)?;
    store::by_id(conn, id)?.ok_or(Error::NotFound)
}

fn move_one(
    conn: &mut Conn,
    who: &Importer,
    target: Option<&Unit>,
    order: &ImportOrder,
    decided: &Decided,
    at: usize,
) -> Result<(), Error> {
    let unit = known(conn, decided, at)?;
    let to = match decided.parents[at] {
        Some(parent) => Some(known(conn, decided, parent)?),
        None => target.map(|unit| store::by_id(conn, unit.id)).transpose()?.flatten(),
    };
    let burden = store::burden(conn, &unit, to.as_ref())?;
    if burden.last_changed.is_some_and(|last| order.day < last) {
        let words =
            format!("“{}”在生效日期之后已有调整，不能按该日期划转；请填写更晚的生效日期。", unit.name);
        return Err(Error::invalid("day", words));
    }
    let new_path = to.as_ref().map_or_else(|| UnitPath::root(unit.id), |to| to.path.child(unit.id));
    let step = Move { unit: unit.id, old_path: unit.path.clone(), new_path, day: order.day };
    let words = format!("划转到“{}”", to.as_ref().map_or("最上级", |to| &to.name));
    let change = record(conn, unit.id, UnitAction::Moved, order, to.map(|to| to.id), &words)?;
    append(conn, who, Some(&unit), UnitAction::Moved, unit.id, words, vec![Write::MoveUnit(step), change])
}

fn rename_one(
    conn: &mut Conn,
    who: &Importer,
    file: &UnitFile,
    order: &ImportOrder,
    decided: &Decided,
    at: usize,
) -> Result<(), Error> {
    let before = known(conn, decided, at)?;
    let after = Unit { name: file.lines[at].name.to_string(), version: before.version + 1, ..before.clone() };
    if store::names_of(conn, before.id)?.last().is_some_and(|last| order.day < last.from_day) {
        let words = format!("“{}”在生效日期之后已经更名；请填写更晚的生效日期。", before.name);
        return Err(Error::invalid("day", words));
    }
    let mut writes = store::rename(conn, &before, &after, order.day)?;
    let words = format!("“{}”更名为“{}”", before.name, after.name);
    writes.push(record(conn, before.id, UnitAction::Renamed, order, None, &words)?);
    append(conn, who, Some(&before), UnitAction::Renamed, before.id, words, writes)
}

/// Facts change in one entry; what a unit was until the day of the import is kept.
fn amend(
    conn: &mut Conn,
    who: &Importer,
    file: &UnitFile,
    order: &ImportOrder,
    decided: &Decided,
) -> Result<(), Error> {
    for part in decided.amends.chunks(IMPORT_CHUNK_UNITS) {
        let mut writes = Vec::new();
        for at in part {
            let (before, line) = (known(conn, decided, *at)?, &file.lines[*at]);
            let text = |new: &Option<Box<str>>, old: &str| new.as_deref().unwrap_or(old).to_owned();
            let after = Unit {
                kind: line.kind.unwrap_or(before.kind),
                level: line.level.unwrap_or(before.level),
                sector: text(&line.sector, &before.sector),
                line: text(&line.ministry, &before.line),
                short_names: text(&line.short_names, &before.short_names),
                official_order: line.order.unwrap_or(before.official_order),
                version: before.version + 1,
                ..before.clone()
            };
            writes.extend(store::standing(conn, &before, &after, order.day)?);
            writes.extend(Write::update(&before, &after));
        }
        let note = format!("导入时更正单位资料{}个", part.len());
        append(conn, who, None, UnitAction::Amended, UnitId(0), note, writes)?;
    }
    Ok(())
}

fn close_one(conn: &mut Conn, who: &Importer, order: &ImportOrder, id: UnitId) -> Result<(), Error> {
    let Some(before) = store::by_id(conn, id)? else { return Ok(()) };
    let children = store::open_children(conn, id)?;
    if let Some(child) = children.first() {
        let words =
            format!("“{}”不在文件中，但下级“{}”仍在，不能撤销；请先划转下级单位。", before.name, child.name);
        return Err(Error::invalid("close_missing", words));
    }
    let day = order.day.max(before.created_day);
    let after = Unit { closed_day: Some(day), version: before.version + 1, ..before.clone() };
    let mut writes: Vec<Write> = Write::update(&before, &after).into_iter().collect();
    writes.extend(crate::unit::close_posts(conn, id, day)?);
    writes.push(record(conn, id, UnitAction::Closed, order, None, "不在导入文件中")?);
    let words = format!("撤销“{}”", before.name);
    append(conn, who, Some(&before), UnitAction::Closed, id, words, writes)
}
