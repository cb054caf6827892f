//! Bringing people and their posts in from a table: 姓名, 单位, 职务, 手机.
//!
//! First a plan says whom it would register, which posts it would set up and who takes them, and what is wrong in which
//! row; carrying it out does exactly that, in one transaction, with the same entries as by hand. The same table again
//! changes nothing. The file itself is not kept: it holds telephone numbers.

mod plan;
mod table;
mod write;

pub use plan::{PeoplePlan, PeopleTally, PlannedRow};
pub use table::{PEOPLE_ROWS_MAX, read_people};

use crate::Error;
use crate::context::App;
use crate::table_import::LineError;
use crate::unit::seen_unit;
use crate::unit_import::Importer;
use bihuan_domain::id::UnitId;
use bihuan_domain::person::appointing::require_importer;
use bihuan_domain::unit::Unit;
use bihuan_domain::unit::reorganise::Desk;
use bihuan_domain::{Day, Refusal};
use bihuan_store::{Conn, unit as store};
use std::sync::Arc;

/// A row of the table. `None` means that the file says nothing about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonLine {
    /// Row of the file, from 1.
    pub line: u32,
    /// Name, without the blanks that make it look even.
    pub name: String,
    /// Unit, by name or code; empty for the place of the import.
    pub unit: String,
    /// Post.
    pub post: String,
    /// Telephone number.
    pub phone: Option<String>,
    /// A leading post.
    pub leads: bool,
    /// Since when; the day of the import where it is not said.
    pub day: Option<Day>,
}

/// A file as read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeopleFile {
    /// Its rows.
    pub lines: Vec<PersonLine>,
    /// Rows that could not be read.
    pub errors: Vec<LineError>,
    /// Headings of columns that are not taken.
    pub ignored: Vec<String>,
}

/// Where to and since when.
#[derive(Clone, Debug)]
pub struct PeopleOrder {
    /// The unit at or below which all units of the file are; `None` for the whole tree.
    pub below: Option<UnitId>,
    /// First day of tenures whose row says none.
    pub day: Day,
}

impl PeopleOrder {
    /// The unit the import goes to, when this caller may import there.
    fn target(&self, conn: &mut Conn, who: &Importer) -> Result<Option<Unit>, Error> {
        let target = match (who, self.below) {
            (_, None) => None,
            (Importer::Person(ctx), Some(id)) => Some(seen_unit(conn, ctx, id)?),
            (Importer::Console(_), Some(id)) => Some(crate::context::unit(conn, id)?),
        };
        if let Importer::Person(ctx) = who {
            let desk = Desk { actor: &ctx.actor, today: ctx.today() };
            require_importer(&desk, target.as_ref().map(|unit| &unit.path), store::in_use(conn)?)?;
        }
        if self.day > who.today() {
            let hint = "请填写今天或以前的日期。";
            return Err(Refusal::of_field("day", "day_in_future", "任职日期还没有到。", hint).into());
        }
        Ok(target)
    }
}

impl App {
    /// Says what an import of people would do. Changes nothing.
    ///
    /// # Errors
    /// `NotFound` for a place out of sight, `not_allowed`, `tree_in_use`, `day_in_future`.
    pub fn plan_people(
        &self,
        who: &Importer,
        file: &PeopleFile,
        order: &PeopleOrder,
    ) -> Result<PeoplePlan, Error> {
        self.db.read(|conn| {
            let target = order.target(conn, who)?;
            Ok(plan::decide(conn, file, target.as_ref(), (order.day, who.today()))?.plan)
        })
    }

    /// Carries an import of people out, in one transaction. Answers with what was done and the last entry.
    ///
    /// # Errors
    /// As [`App::plan_people`]; `Invalid` when a row is wrong: then nothing is changed.
    pub fn import_people(
        &self,
        who: Importer,
        file: Arc<PeopleFile>,
        order: PeopleOrder,
    ) -> Result<(PeopleTally, i64), Error> {
        self.db.write(move |conn| {
            let target = order.target(conn, &who)?;
            let decided = plan::decide(conn, &file, target.as_ref(), (order.day, who.today()))?;
            if let Some(first) = decided.plan.errors.first() {
                let words = format!(
                    "文件有{}处错误，第{}行：{}",
                    decided.plan.error_count, first.line, first.sentence
                );
                return Err(Error::invalid("file", words));
            }
            write::carry_out(conn, &who, target.as_ref(), decided)
        })
    }
}
