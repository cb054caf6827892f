//! What an import would do: the file's tree against the tree there is.

use super::{ImportOrder, LineError, UnitFile, UnitLine};
use crate::Error;
use bihuan_domain::id::UnitId;
use bihuan_domain::unit::reorganise::{
    SECTOR_CHARS_MAX, SHORT_NAMES_CHARS_MAX, UNIT_CODE_CHARS_MAX, level_below,
};
use bihuan_domain::unit::{Level, UNIT_DEPTH_MAX, UNIT_NAME_CHARS_MAX, Unit, UnitKind};
use bihuan_store::unit::{self as store, Branch, Compact};
use bihuan_store::{Conn, Fault};
use std::collections::{BTreeMap, HashMap};

/// Most wrong rows that are told.
pub const PLAN_ERRORS_MAX: usize = 100;
/// Most changes of one kind that are told.
pub const PLAN_SAMPLE_MAX: usize = 100;
/// Codes asked for in one statement.
const CODES_AT_ONCE: usize = 5_000;

/// One change, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedChange {
    /// Row of the file; 0 for units the file does not name.
    pub line: u32,
    /// Code.
    pub code: String,
    /// Name before, or the only one.
    pub name: String,
    /// What becomes of it.
    pub words: String,
}

/// How many units of each fate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// New.
    pub created: i64,
    /// With another name.
    pub renamed: i64,
    /// Below another unit.
    pub moved: i64,
    /// With other facts.
    pub amended: i64,
    /// To be closed.
    pub closed: i64,
    /// As they are.
    pub unchanged: i64,
    /// In the tree, not in the file, and left alone.
    pub missing: i64,
}

/// What an import would do.
#[derive(Clone, Debug, Default)]
pub struct ImportPlan {
    /// Units of the file.
    pub units: i64,
    /// Their fates.
    pub tally: Tally,
    /// New units by level.
    pub new_by_level: BTreeMap<Level, i64>,
    /// Statistical levels among the file's units.
    pub placeholders: i64,
    /// The first of each kind of change: created, renamed, moved, amended, closed, missing.
    pub samples: BTreeMap<&'static str, Vec<PlannedChange>>,
    /// The first wrong rows.
    pub errors: Vec<LineError>,
    /// How many wrong rows there are.
    pub error_count: usize,
}

impl ImportPlan {
    fn wrong(&mut self, line: u32, sentence: impl Into<String>) {
        self.error_count += 1;
        if self.errors.len() < PLAN_ERRORS_MAX {
            self.errors.push(LineError { line, sentence: sentence.into() });
        }
    }

    fn sample(&mut self, kind: &'static str, change: impl FnOnce() -> PlannedChange) {
        let list = self.samples.entry(kind).or_default();
        if list.len() < PLAN_SAMPLE_MAX {
            list.push(change());
        }
    }

    /// Nothing would be changed.
    pub fn is_empty(&self) -> bool {
        let t = &self.tally;
        t.created + t.renamed + t.moved + t.amended + t.closed == 0
    }
}

/// The plan with what carrying it out needs: indexes of the file's lines.
#[derive(Debug, Default)]
pub(super) struct Decided {
    pub(super) plan: ImportPlan,
    /// Every line in the order of the new tree, parents before children, siblings in order.
    pub(super) order: Vec<usize>,
    /// Parent line of each line; `None` hangs on the place of the import.
    pub(super) parents: Vec<Option<usize>>,
    /// The unit each line is already.
    pub(super) known: Vec<Option<UnitId>>,
    /// Level and kind each line gets.
    pub(super) facts: Vec<(UnitKind, Level)>,
    /// Lines whose unit moves, is renamed, is amended.
    pub(super) moves: Vec<usize>,
    pub(super) renames: Vec<usize>,
    pub(super) amends: Vec<usize>,
    /// Units that close, deepest first.
    pub(super) closes: Vec<UnitId>,
}

/// Decides an import.
pub(super) fn decide(
    conn: &mut Conn,
    file: &UnitFile,
    target: Option<&Unit>,
    order: &ImportOrder,
) -> Result<Decided, Error> {
    let mut decided = Decided::default();
    decided.plan.units = file.lines.len() as i64;
    for error in &file.errors {
        decided.plan.wrong(error.line, error.sentence.clone());
    }
    let by_code = index(file, &mut decided.plan);
    let branch = target.map_or(Branch::Whole, |unit| Branch::Below(unit.path.clone()));
    let tree = store::compact_below(conn, &branch)?;
    let tree_by_code: HashMap<&str, &Compact> = tree.iter().map(|unit| (&*unit.code, unit)).collect();
    check_texts(file, &mut decided.plan);
    find_parents(file, &by_code, target, &mut decided);
    arrange(file, target, &mut decided);
    settle_facts(file, target, &mut decided);
    compare(file, &tree_by_code, target, &mut decided);
    if target.is_some() {
        refuse_taken_codes(conn, file, &mut decided)?;
    }
    let tree_ids: HashMap<UnitId, &Compact> = tree.iter().map(|unit| (unit.id, unit)).collect();
    find_missing(conn, &by_code, &tree, &tree_ids, target, order, &mut decided)?;
    Ok(decided)
}

fn index<'a>(file: &'a UnitFile, plan: &mut ImportPlan) -> HashMap<&'a str, usize> {
    let mut by_code: HashMap<&str, usize> = HashMap::with_capacity(file.lines.len());
    for (at, line) in file.lines.iter().enumerate() {
        if let Some(first) = by_code.get(&*line.code).filter(|_| !line.code.is_empty()) {
            let earlier = file.lines[*first].line;
            plan.wrong(
                line.line,
                format!("单位代码“{}”与第{earlier}行重复，请核对后只保留一行。", line.code),
            );
        } else {
            by_code.insert(&line.code, at);
        }
    }
    by_code
}

fn check_texts(file: &UnitFile, plan: &mut ImportPlan) {
    for line in &file.lines {
        let optional = |text: &Option<Box<str>>| text.as_deref().map_or(0, |text| text.chars().count());
        let checks = [
            ("单位代码", line.code.chars().count(), UNIT_CODE_CHARS_MAX, true),
            ("单位名称", line.name.chars().count(), UNIT_NAME_CHARS_MAX, true),
            ("简称", optional(&line.short_names), SHORT_NAMES_CHARS_MAX, false),
            ("领域", optional(&line.sector), SECTOR_CHARS_MAX, false),
            ("系统", optional(&line.ministry), SECTOR_CHARS_MAX, false),
        ];
        for (label, chars, max, needed) in checks {
            if needed && chars == 0 {
                plan.wrong(line.line, format!("没有填写{label}。"));
            } else if chars > max {
                plan.wrong(line.line, format!("{label}有{chars}个字，最多{max}个字。"));
            }
        }
    }
}

fn find_parents(
    file: &UnitFile,
    by_code: &HashMap<&str, usize>,
    target: Option<&Unit>,
    decided: &mut Decided,
) {
    decided.parents = Vec::with_capacity(file.lines.len());
    for line in &file.lines {
        let above = &*line.parent_code;
        let parent = by_code.get(above).copied().filter(|_| !above.is_empty());
        let on_target = above.is_empty() || target.is_some_and(|unit| unit.code == above);
        if parent.is_none() && !on_target {
            decided.plan.wrong(
                line.line,
                format!("上级代码“{above}”在文件中没有，也不是导入位置的代码；请补上该单位，或者留空表示直接隶属导入位置。"),
            );
        }
        if let Some(unit) = target.filter(|unit| unit.code == *line.code) {
            decided.plan.wrong(line.line, format!("“{}”就是导入位置本身，不能再次列出。", unit.name));
        }
        decided.parents.push(parent);
    }
}

/// Puts parents before children and siblings in order; lines that hang in a circle are told.
fn arrange(file: &UnitFile, target: Option<&Unit>, decided: &mut Decided) {
    let count = file.lines.len();
    // Children lists without a vector each: first child and next sibling, as indexes.
    let mut children: Vec<Vec<u32>> = vec![Vec::new(); count + 1];
    for (at, parent) in decided.parents.iter().enumerate() {
        children[parent.unwrap_or(count)].push(u32::try_from(at).unwrap_or(u32::MAX));
    }
    for list in &mut children {
        list.sort_by_key(|at| (file.lines[*at as usize].order.unwrap_or(i64::MAX), *at));
    }
    let base = target.map_or(0, |unit| unit.path.units().len());
    let mut stack: Vec<(u32, usize)> = children[count].iter().rev().map(|at| (*at, base + 1)).collect();
    let mut too_deep = Vec::new();
    decided.order = Vec::with_capacity(count);
    while let Some((at, depth)) = stack.pop() {
        if depth > UNIT_DEPTH_MAX {
            too_deep.push(at as usize);
        }
        decided.order.push(at as usize);
        stack.extend(children[at as usize].iter().rev().map(|child| (*child, depth + 1)));
    }
    for at in too_deep {
        decided.plan.wrong(file.lines[at].line, format!("层级超过{UNIT_DEPTH_MAX}级，请减少层级。"));
    }
    if decided.order.len() < count {
        let mut reached = vec![false; count];
        decided.order.iter().for_each(|at| reached[*at] = true);
        for (at, _) in reached.iter().enumerate().filter(|(_, reached)| !**reached) {
            let line = &file.lines[at];
            decided.plan.wrong(
                line.line,
                format!("“{}”与上级代码“{}”互为上下级，形成循环。", line.name, line.parent_code),
            );
        }
    }
}

/// Levels and kinds, from the line or from the unit above.
fn settle_facts(file: &UnitFile, target: Option<&Unit>, decided: &mut Decided) {
    decided.facts = vec![(UnitKind::Other, Level::Branch); file.lines.len()];
    for at in &decided.order {
        let line = &file.lines[*at];
        let above = match decided.parents[*at] {
            Some(parent) => Some(decided.facts[parent].1),
            None => target.map(|unit| unit.level),
        };
        let kind = line.kind.unwrap_or(UnitKind::Other);
        let guess = match (kind, above) {
            (UnitKind::Branch, _) => Level::Branch,
            (UnitKind::Territory | UnitKind::Placeholder, Some(above)) => level_below(above),
            (_, Some(above)) => above,
            (_, None) => Level::County,
        };
        decided.facts[*at] = (kind, line.level.unwrap_or(guess));
        if kind == UnitKind::Placeholder {
            decided.plan.placeholders += 1;
        }
    }
}

fn change(line: &UnitLine, name: &str, words: impl Into<String>) -> PlannedChange {
    PlannedChange { line: line.line, code: line.code.to_string(), name: name.to_owned(), words: words.into() }
}

fn compare(file: &UnitFile, tree: &HashMap<&str, &Compact>, target: Option<&Unit>, decided: &mut Decided) {
    decided.known = file.lines.iter().map(|line| tree.get(&*line.code).map(|unit| unit.id)).collect();
    for index in 0..decided.order.len() {
        let at = decided.order[index];
        let line = &file.lines[at];
        let Some(unit) = tree.get(&*line.code) else {
            decided.plan.tally.created += 1;
            *decided.plan.new_by_level.entry(decided.facts[at].1).or_default() += 1;
            decided.plan.sample("created", || change(line, &line.name, "新设"));
            continue;
        };
        let renamed = *unit.name != *line.name;
        // A parent that is itself new cannot be the one there is.
        let moved = match decided.parents[at] {
            Some(parent) => decided.known[parent].is_none() || decided.known[parent] != unit.parent_id,
            None => target.map(|unit| unit.id) != unit.parent_id,
        };
        let amended = differs(line, unit);
        if renamed {
            decided.plan.tally.renamed += 1;
            decided.plan.sample("renamed", || change(line, &unit.name, format!("更名为“{}”", line.name)));
            decided.renames.push(at);
        }
        if moved {
            decided.plan.tally.moved += 1;
            decided.plan.sample("moved", || {
                change(line, &unit.name, format!("划转到代码“{}”的单位", line.parent_code))
            });
            decided.moves.push(at);
        }
        if amended {
            decided.plan.tally.amended += 1;
            decided
                .plan
                .sample("amended", || change(line, &unit.name, "更正性质、层级、领域、系统、简称或排序"));
            decided.amends.push(at);
        }
        if !(renamed || moved || amended) {
            decided.plan.tally.unchanged += 1;
        }
    }
}

fn differs(line: &UnitLine, unit: &Compact) -> bool {
    let text = |new: &Option<Box<str>>, old: &str| new.as_deref().is_some_and(|new| new != old);
    line.kind.is_some_and(|kind| kind != unit.kind)
        || line.level.is_some_and(|level| level != unit.level)
        || line.order.is_some_and(|order| order != unit.official_order)
        || text(&line.sector, &unit.sector)
        || text(&line.ministry, &unit.line)
        || text(&line.short_names, &unit.short_names)
}

/// New codes that units outside the branch already bear.
fn refuse_taken_codes(conn: &mut Conn, file: &UnitFile, decided: &mut Decided) -> Result<(), Fault> {
    let new: Vec<usize> = (0..file.lines.len()).filter(|at| decided.known[*at].is_none()).collect();
    for chunk in new.chunks(CODES_AT_ONCE) {
        let codes: Vec<&str> = chunk.iter().map(|at| &*file.lines[*at].code).collect();
        for (code, name) in store::open_codes(conn, &codes)? {
            if let Some(at) = chunk.iter().find(|at| *file.lines[**at].code == *code) {
                let words = format!("单位代码“{code}”已被导入位置以外的“{name}”使用，请核对代码或导入位置。");
                decided.plan.wrong(file.lines[*at].line, words);
            }
        }
    }
    Ok(())
}

/// Units of the branch that the file does not name: left alone, or closed when that was asked for and nothing hangs
/// on them.
fn find_missing(
    conn: &mut Conn,
    by_code: &HashMap<&str, usize>,
    tree: &[Compact],
    tree_ids: &HashMap<UnitId, &Compact>,
    target: Option<&Unit>,
    order: &ImportOrder,
    decided: &mut Decided,
) -> Result<(), Fault> {
    let own = target.map(|unit| unit.id);
    let missing = tree.iter().filter(|unit| Some(unit.id) != own && !by_code.contains_key(&*unit.code));
    let mut closes: Vec<(usize, UnitId)> = Vec::new();
    for unit in missing {
        let told = |words: String| PlannedChange {
            line: 0,
            code: unit.code.to_string(),
            name: unit.name.to_string(),
            words,
        };
        if !order.close_missing {
            decided.plan.tally.missing += 1;
            decided.plan.sample("missing", || told("文件中没有，保持不变".to_owned()));
            continue;
        }
        let open = store::open_problems(conn, unit.id)?.len();
        if open > 0 {
            let words = format!(
                "“{}”（{}）不在文件中，但还有{open}个未办结的问题，不能撤销；请先合并或调整交办。",
                unit.name, unit.code
            );
            decided.plan.wrong(0, words);
            continue;
        }
        decided.plan.tally.closed += 1;
        decided.plan.sample("closed", || told("文件中没有，撤销".to_owned()));
        let mut depth = 0;
        let mut above = unit.parent_id;
        while let Some(parent) = above.and_then(|id| tree_ids.get(&id)) {
            depth += 1;
            above = parent.parent_id;
        }
        closes.push((depth, unit.id));
    }
    closes.sort_by(|a, b| b.cmp(a));
    decided.closes = closes.into_iter().map(|(_, id)| id).collect();
    Ok(())
}
