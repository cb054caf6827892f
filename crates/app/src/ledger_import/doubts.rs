//! What a person is asked: each wording once.

use super::compare::Comparison;
use super::groups::{expand, expand_group};
use super::state::{Answers, DeadlineAnswer, UnitAnswer};
use super::wording::{Total, propose_status};
use crate::Error;
use crate::context::{App, Context};
use bihuan_documents::ledger::{Field, LedgerRow};
use bihuan_domain::Day;
use bihuan_domain::calendar::Calendar;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::deadline::{Deadline, DeadlineDefaults};
use bihuan_domain::id::UnitId;
use bihuan_domain::problem::ImportedState;
use bihuan_domain::scope::Scope;
use bihuan_domain::unit::{Unit, UnitKind, UnitPath};
use bihuan_domain::unit_match::{Group, GroupKind, Match, MatchReason, UnitIndex};
use bihuan_store::records::LedgerImport;
use bihuan_store::{Conn, ledger as store};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Most doubtful cells one page lists.
pub const CELL_DOUBTS_MAX: usize = 200;

/// A unit that may be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitGuess {
    /// The unit.
    pub unit: UnitId,
    /// Its name with the one above it.
    pub name: String,
    /// Why it is offered.
    pub reason: &'static str,
}

/// A unit as written, and what it is.
#[derive(Clone, Debug)]
pub struct UnitDoubt {
    /// As written.
    pub written: String,
    /// In how many places.
    pub places: usize,
    /// What it surely is, without asking.
    pub sure: Option<UnitGuess>,
    /// What it may be.
    pub guesses: Vec<UnitGuess>,
    /// The group it names, and how many units that is on the day.
    pub group: Option<(Scope, usize)>,
    /// What a person answered.
    pub answer: Option<UnitAnswer>,
    /// Units it stands for now; empty when it is kept as text or not yet known.
    pub units: Vec<UnitId>,
}

impl UnitDoubt {
    /// Somebody must still say what it is.
    pub fn is_open(&self) -> bool {
        self.answer.is_none() && self.sure.is_none() && self.group.is_none()
    }
}

/// A deadline as written that needs a person.
#[derive(Clone, Debug)]
pub struct DeadlineDoubt {
    /// As written; empty where none was.
    pub written: String,
    /// In how many rows.
    pub places: usize,
    /// Why it is asked.
    pub reason: String,
    /// The day it may mean.
    pub guess: Option<Day>,
    /// What a person answered.
    pub answer: Option<DeadlineAnswer>,
}

/// A status as written and what it means for the loop.
#[derive(Clone, Debug)]
pub struct StatusDoubt {
    /// As written; empty where none was.
    pub written: String,
    /// In how many rows.
    pub places: usize,
    /// What is proposed, or was answered.
    pub state: ImportedState,
    /// The wording is a usual one.
    pub usual: bool,
}

/// A cell of which the reading is not sure.
#[derive(Clone, Debug)]
pub struct CellDoubt {
    /// Sheet.
    pub sheet: String,
    /// First row of the problem.
    pub row: u32,
    /// The field.
    pub field: Field,
    /// The cell it came from.
    pub cell: String,
    /// What was read, or corrected.
    pub text: String,
    /// Why it is doubtful.
    pub reason: String,
    /// A person has looked at it.
    pub answered: bool,
}

/// Everything that is asked about an import.
#[derive(Clone, Debug, Default)]
pub struct Doubts {
    /// Units, the open ones first.
    pub units: Vec<UnitDoubt>,
    /// Deadlines that need a person.
    pub deadlines: Vec<DeadlineDoubt>,
    /// Statuses, the unusual ones first.
    pub statuses: Vec<StatusDoubt>,
    /// Doubtful cells, at most [`CELL_DOUBTS_MAX`].
    pub cells: Vec<CellDoubt>,
    /// How many doubtful cells there are in all.
    pub cells_total: usize,
    /// Announced totals.
    pub totals: Vec<Total>,
    /// Units already loaded, by number.
    pub loaded: HashMap<UnitId, Unit>,
}

impl Doubts {
    /// Questions that must be answered before the import: wordings of units and deadlines.
    pub fn open(&self) -> usize {
        self.units.iter().filter(|unit| unit.is_open()).count()
            + self.deadlines.iter().filter(|deadline| deadline.answer.is_none()).count()
    }

    /// The answer to a unit as written.
    pub fn unit(&self, written: &str) -> Option<&UnitDoubt> {
        self.units.iter().find(|unit| unit.written == written)
    }
}

/// What deadlines are reckoned with.
#[derive(Clone, Debug)]
pub struct Reckoning {
    /// The day they run from.
    pub issued: Day,
    /// Working days.
    pub calendar: Arc<Calendar>,
    /// The campaign's defaults.
    pub defaults: DeadlineDefaults,
}

impl Reckoning {
    /// For one import.
    pub fn of(app: &App, conn: &mut Conn, import: &LedgerImport, campaign: &Campaign) -> Result<Self, Error> {
        Ok(Reckoning {
            issued: import.issued_day,
            calendar: app.calendar(conn)?,
            defaults: app.deadline_defaults(campaign)?,
        })
    }

    /// A deadline as written with a person's answer; `None` where nothing was written and nothing answered.
    pub fn read(&self, text: &str, answers: &Answers) -> Deadline {
        let read = Deadline::parse_or_ask(text, self.issued, &self.calendar, &self.defaults);
        match answers.deadlines.get(text) {
            Some(DeadlineAnswer::Day(day)) => read.confirmed_on(*day),
            Some(DeadlineAnswer::Standing(days)) => read.confirmed_standing(*days),
            Some(DeadlineAnswer::Clarify) | None if read.needs_person => {
                Deadline { date: None, standing: false, ..read }
            }
            Some(DeadlineAnswer::Clarify) | None => read,
        }
    }
}

/// The rows of an import with what is known and answered about them.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// The rows.
    pub rows: &'a [LedgerRow],
    /// What was imported before.
    pub comparison: &'a Comparison,
    /// What a person answered.
    pub answers: &'a Answers,
}

/// Finds everything to ask about the rows. What was imported before and says the same again is not asked again.
pub fn find(
    app: &App,
    conn: &mut Conn,
    unit: &Unit,
    reading: Reading<'_>,
    reckoning: &Reckoning,
    today: Day,
) -> Result<Doubts, Error> {
    let Reading { rows, comparison, answers } = reading;
    // What is known and says the same again is not asked about cell by cell either.
    let brought = rows.iter().enumerate().filter(|(at, _)| comparison.brings(*at, &Field::ALL));
    let (cells, cells_total) = cells(brought.map(|(_, row)| row), answers);
    let bringing = |fields: &'static [Field]| {
        rows.iter().enumerate().filter(move |(at, _)| comparison.brings(*at, fields)).map(|(_, row)| row)
    };
    let mut doubts = Doubts {
        deadlines: deadlines(bringing(&[Field::DeadlineText]), answers, reckoning),
        statuses: statuses(bringing(&[Field::StatusText]), answers),
        cells,
        cells_total,
        ..Doubts::default()
    };
    let written = count_of(bringing(&UNIT_FIELDS).flat_map(units_of));
    if !written.is_empty() {
        let index = app.unit_index(conn, today)?;
        for (text, places) in written {
            let mut doubt = look_up(conn, &index, unit, text, today)?;
            doubt.places = places;
            answer_unit(conn, &mut doubt, answers.units.get(text), today)?;
            doubts.units.push(doubt);
        }
        doubts.units.sort_by_key(|unit| (!unit.is_open(), unit.sure.is_some()));
        name_units(conn, &mut doubts)?;
    }
    Ok(doubts)
}

fn count_of<'a>(texts: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    texts.fold(BTreeMap::new(), |mut counts, text| {
        *counts.entry(text).or_insert(0) += 1;
        counts
    })
}

/// Fields that name units.
pub(super) const UNIT_FIELDS: [Field; 3] = [Field::LeadUnit, Field::ResponsibleUnits, Field::AssistingUnits];

/// Units of a row as written.
fn units_of(row: &LedgerRow) -> impl Iterator<Item = &str> {
    std::iter::once(&row.lead_unit)
        .chain(&row.responsible_units)
        .chain(&row.assisting_units)
        .map(String::as_str)
        .filter(|text| !text.is_empty())
}

fn look_up(
    conn: &mut Conn,
    index: &UnitIndex,
    unit: &Unit,
    text: &str,
    today: Day,
) -> Result<UnitDoubt, Error> {
    let mut doubt = UnitDoubt {
        written: text.to_owned(),
        places: 0,
        sure: None,
        guesses: Vec::new(),
        group: None,
        answer: None,
        units: Vec::new(),
    };
    let guess =
        |unit, reason: MatchReason| UnitGuess { unit, name: String::new(), reason: reason.in_chinese() };
    match index.lookup(text, Some(unit.id)) {
        Match::Sure(id, reason) => {
            doubt.sure = Some(guess(id, reason));
            doubt.units = vec![id];
        }
        Match::Doubtful(guesses) => {
            doubt.guesses = guesses.iter().map(|one| guess(one.unit_id, one.reason)).collect();
        }
        Match::Group(group) => {
            if let Some((scope, units)) = expand_group(conn, unit, &group, today)? {
                doubt.group = Some((scope, units.len()));
                doubt.units = units;
            }
        }
        Match::Unknown => {}
    }
    Ok(doubt)
}

/// A person's answer goes before what was found.
fn answer_unit(
    conn: &mut Conn,
    doubt: &mut UnitDoubt,
    answer: Option<&UnitAnswer>,
    today: Day,
) -> Result<(), Error> {
    match answer {
        Some(UnitAnswer::Unit(id)) => doubt.units = vec![*id],
        Some(UnitAnswer::Group(scope)) => doubt.units = expand(conn, scope, today)?,
        Some(UnitAnswer::Keep) => doubt.units.clear(),
        None => {}
    }
    doubt.answer = answer.cloned();
    Ok(())
}

/// Gives the guesses their names, each with the unit above it, and keeps the units for the plan.
fn name_units(conn: &mut Conn, doubts: &mut Doubts) -> Result<(), Error> {
    let mut ids: Vec<UnitId> = doubts.units.iter().flat_map(|unit| unit.units.iter().copied()).collect();
    ids.extend(doubts.units.iter().flat_map(|u| u.guesses.iter().chain(&u.sure).map(|guess| guess.unit)));
    ids.sort_unstable();
    ids.dedup();
    for chunk in ids.chunks(500) {
        doubts.loaded.extend(store::units(conn, chunk)?.into_iter().map(|unit| (unit.id, unit)));
    }
    let above: Vec<UnitId> = doubts.loaded.values().filter_map(|unit| unit.parent_id).collect();
    let parents = store::unit_names(conn, above.into_iter())?;
    let loaded = &doubts.loaded;
    let name = |id: UnitId| {
        let Some(unit) = loaded.get(&id) else { return String::new() };
        match unit.parent_id.and_then(|parent| parents.get(&parent)) {
            Some(parent) if !unit.name.starts_with(parent.as_str()) => format!("{parent} / {}", unit.name),
            _ => unit.name.clone(),
        }
    };
    for unit in &mut doubts.units {
        for guess in unit.guesses.iter_mut().chain(&mut unit.sure) {
            guess.name = name(guess.unit);
        }
    }
    Ok(())
}

/// Groups a person may choose for a wording, with their codes.
pub const GROUP_CHOICES: [(&str, &str, GroupKind); 7] = [
    ("counties", "各县（市、区）", GroupKind::Counties),
    ("townships", "各乡镇（街道）", GroupKind::Townships),
    ("villages", "各村（社区）", GroupKind::Villages),
    ("village_branches", "各村支部", GroupKind::VillageBranches),
    ("branches", "各党支部", GroupKind::Branches),
    ("departments", "本级各部门", GroupKind::Departments),
    ("all", "全部下级单位", GroupKind::All),
];

/// Most units offered as checking ones.
const CHECKERS_MAX: usize = 200;

/// Units that usually check: the registering one, those beside it, the one above.
pub fn checkers(conn: &mut Conn, unit: &Unit, today: Day) -> Result<Vec<Unit>, Error> {
    let mut line = store::units(conn, &unit.path.units())?;
    line.reverse();
    let mut found: Vec<Unit> = line.iter().take(2).cloned().collect();
    for above in line.iter().take(2) {
        found.extend(store::children(conn, above.id)?);
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|one| one.is_open_on(today) && one.kind != UnitKind::Branch && seen.insert(one.id));
    found.sort_by_key(|one| {
        (one.kind == UnitKind::Territory && one.id != unit.id, one.path.depth(), one.official_order)
    });
    found.truncate(CHECKERS_MAX);
    Ok(found)
}

impl App {
    /// The unit a person typed, for an import registered by `home`: its name, short name, or a part only it bears.
    ///
    /// # Errors
    /// `Invalid` for `field` when none or several are meant.
    pub fn unit_as_typed(
        &self,
        ctx: &Context,
        home: UnitId,
        field: &str,
        text: &str,
    ) -> Result<UnitId, Error> {
        self.db.read(|conn| {
            let index = self.unit_index(conn, ctx.today())?;
            match index.lookup(text, Some(home)) {
                Match::Sure(id, _) => return Ok(id),
                Match::Doubtful(guesses) if guesses.len() == 1 => return Ok(guesses[0].unit_id),
                _ => {}
            }
            let root = crate::context::unit(conn, home)?.path.units().first().copied().map(UnitPath::root);
            let found = store::find_units(conn, &root.unwrap_or_default(), text, 4)?;
            match found.as_slice() {
                [only] => Ok(only.id),
                [] => {
                    Err(Error::invalid(field, format!("没有找到单位“{text}”，请填写单位树中的全称或简称。")))
                }
                several => {
                    let names: Vec<&str> = several.iter().map(|unit| unit.name.as_str()).collect();
                    Err(Error::invalid(
                        field,
                        format!("“{text}”可能是{}等多个单位，请填写全称。", names.join("、")),
                    ))
                }
            }
        })
    }

    /// The scope of a group a person chose, below the territory of the registering unit.
    ///
    /// # Errors
    /// `Invalid` when there is no such group or it reaches nobody.
    pub fn group_as_chosen(
        &self,
        ctx: &Context,
        home: UnitId,
        field: &str,
        code: &str,
    ) -> Result<Scope, Error> {
        let kind = GROUP_CHOICES.iter().find(|(have, ..)| *have == code).map(|(.., kind)| *kind);
        let kind = kind.ok_or_else(|| Error::invalid(field, "请选择一组单位。"))?;
        self.db.read(|conn| {
            let unit = crate::context::unit(conn, home)?;
            let group = Group { kind, within: None, level: None, needs_person: false };
            match expand_group(conn, &unit, &group, ctx.today())? {
                Some((scope, _)) => Ok(scope),
                None => Err(Error::invalid(field, "这一组在本地区没有单位，请换一个选择。")),
            }
        })
    }
}

fn deadlines<'a>(
    rows: impl Iterator<Item = &'a LedgerRow>,
    answers: &Answers,
    reckoning: &Reckoning,
) -> Vec<DeadlineDoubt> {
    let written = count_of(rows.map(|row| row.deadline_text.as_str()));
    let doubt = |(text, places): (&str, usize)| {
        let read = Deadline::parse_or_ask(text, reckoning.issued, &reckoning.calendar, &reckoning.defaults);
        read.needs_person.then(|| DeadlineDoubt {
            written: text.to_owned(),
            places,
            reason: read.reason.clone().unwrap_or_default(),
            guess: read.date,
            answer: answers.deadlines.get(text).cloned(),
        })
    };
    let mut doubts: Vec<DeadlineDoubt> = written.into_iter().filter_map(doubt).collect();
    doubts.sort_by_key(|doubt| doubt.answer.is_some());
    doubts
}

fn statuses<'a>(rows: impl Iterator<Item = &'a LedgerRow>, answers: &Answers) -> Vec<StatusDoubt> {
    let written = count_of(rows.map(|row| row.status_text.as_str()));
    let doubt = |(text, places): (&str, usize)| {
        let (proposed, usual) = propose_status(text);
        let answer = answers.statuses.get(text).copied();
        StatusDoubt {
            written: text.to_owned(),
            places,
            state: answer.unwrap_or(proposed),
            usual: usual || answer.is_some(),
        }
    };
    let mut doubts: Vec<StatusDoubt> = written.into_iter().map(doubt).collect();
    doubts.sort_by_key(|doubt| (doubt.usual, std::cmp::Reverse(doubt.places)));
    doubts
}

fn cells<'a>(rows: impl Iterator<Item = &'a LedgerRow>, answers: &Answers) -> (Vec<CellDoubt>, usize) {
    let mut found = Vec::new();
    let mut total = 0;
    for row in rows {
        for (field, origin) in row.doubtful() {
            let answered = answers.cells.contains_key(&Answers::cell_key(&row.sheet, row.row, field.key()));
            total += usize::from(!answered);
            if found.len() < CELL_DOUBTS_MAX {
                found.push(CellDoubt {
                    sheet: row.sheet.clone(),
                    row: row.row,
                    field,
                    cell: origin.cell.to_string(),
                    text: row.text_of(field).into_owned(),
                    reason: origin.reason.to_string(),
                    answered,
                });
            }
        }
    }
    (found, total)
}
