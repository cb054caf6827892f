//! Units: who sees which, lists and pickers, and their dated reorganisation.

mod merge;
mod pages;
mod reorganise;

pub use merge::{MergePlan, MovedProblem};
pub use pages::{AsOf, Browse, HistoryItem, UnitPage};
pub(crate) use reorganise::close_posts;
pub use reorganise::{SplitOrder, UnitDone};

use crate::Error;
use crate::context::{self, App, Context};
use bihuan_domain::id::UnitId;
use bihuan_domain::role::Role;
use bihuan_domain::unit::{Unit, UnitPath};
use bihuan_store::unit::{Found, Sight};
use bihuan_store::{Conn, unit as store};
use std::collections::HashMap;

/// Units a picker offers at once.
pub const PICKER_UNITS: usize = 20;

/// Which units the actor may see: those they read, the units above these, and for the three administrators, who need
/// the tree but none of its business, all.
pub fn sight(ctx: &Context) -> Sight {
    let administers = [Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin];
    if administers.iter().any(|role| ctx.actor.holds_anywhere(*role)) {
        return Sight::All;
    }
    Sight::Subtrees(ctx.actor.readable_roots().into_iter().map(|(_, path)| path).collect())
}

/// Loads a unit the actor may see in the tree, which does not mean its business may be read.
///
/// # Errors
/// `NotFound`, also when it lies out of sight.
pub fn seen_unit(conn: &mut Conn, ctx: &Context, id: UnitId) -> Result<Unit, Error> {
    let unit = context::unit(conn, id)?;
    if sight(ctx).sees(&unit.path) { Ok(unit) } else { Err(Error::NotFound) }
}

/// Reads the unit, its row version checked against the form's.
pub(crate) fn fresh_unit(
    conn: &mut Conn,
    ctx: &Context,
    id: UnitId,
    version: Option<i64>,
) -> Result<Unit, Error> {
    let unit = seen_unit(conn, ctx, id)?;
    if version.is_some_and(|version| version != unit.version) {
        return Err(Error::stale());
    }
    Ok(unit)
}

impl App {
    /// Units for a picker or a search box: by name, short name or code, within the actor's sight.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn search_units(&self, ctx: &Context, query: &str, limit: usize) -> Result<Vec<Found>, Error> {
        let sight = sight(ctx);
        self.db.read(|conn| Ok(store::search(conn, query, &sight, limit)?))
    }

    /// Open units in the actor's sight that a written name surely is of: the full name, a short name that is kept, or one
    /// that follows from the full name (县应急局 for 县应急管理局).
    ///
    /// # Errors
    /// Faults of the database.
    pub fn units_named(&self, ctx: &Context, written: &str) -> Result<Vec<Unit>, Error> {
        let sight = sight(ctx);
        let found = self.db.read(|conn| crate::search::bearers(conn, &sight, &[written]))?;
        Ok(found
            .into_iter()
            .flatten()
            .filter(|unit| unit.closed_day.is_none_or(|day| ctx.today() < day))
            .collect())
    }

    /// Names of many units at once, whoever asks: a name beside a problem the actor sees is no secret.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn unit_names(&self, ids: &[UnitId]) -> Result<HashMap<UnitId, String>, Error> {
        self.db.read(|conn| Ok(store::names(conn, ids.iter().copied())?))
    }

    /// Many units at once, for forms that name units a person chose before.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn units(&self, ids: &[UnitId]) -> Result<Vec<Unit>, Error> {
        self.db.read(|conn| Ok(store::by_ids(conn, ids.iter().copied())?))
    }

    /// The units above and the unit itself, root first, whatever the sight: upward the tree is no secret.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn breadcrumb(&self, path: &UnitPath) -> Result<Vec<Unit>, Error> {
        self.db.read(|conn| Ok(store::ancestors(conn, path)?))
    }

    /// The roots of what the actor may read, with their names: where an overview begins.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn readable_units(&self, ctx: &Context) -> Result<Vec<Unit>, Error> {
        let roots = ctx.actor.readable_roots();
        let mut units = self.db.read(|conn| store::by_ids(conn, roots.iter().map(|(id, _)| *id)))?;
        units.sort_by_key(|unit| (unit.path.as_str().len(), unit.official_order, unit.id));
        Ok(units)
    }
}
