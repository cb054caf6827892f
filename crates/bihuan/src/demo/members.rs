//! The members of the county's branches, brought in from a table as an office would.

use super::county::County;
use crate::exit::Failure;
use bihuan_app::App;
use bihuan_app::person_import::{PeopleOrder, read_people};
use bihuan_app::unit_import::Importer;
use bihuan_domain::Instant;
use bihuan_domain::id::UnitId;
use std::sync::Arc;

/// Members of a branch beside its secretary, by the number of the branch.
const MEMBERS: [usize; 4] = [3, 2, 4, 2];
/// The earliest and the latest day of a tenure, in days before the table.
const SINCE_DAYS: (i64, i64) = (60, 1_400);

/// Imports them.
///
/// # Errors
/// What the import refuses, which would be a fault of this file.
pub(super) fn import(app: &App, county: &mut County, at: Instant) -> Result<(), Failure> {
    let mut table = "单位,姓名,职务,任职日期\n".to_owned();
    let desks = county.townships.iter().map(|desk| (true, desk));
    let desks = desks.chain(county.departments.iter().map(|desk| (false, desk)));
    // The first branch of a township has a secretary, who has an account.
    let branches: Vec<(bool, UnitId)> = desks
        .flat_map(|(town, desk)| {
            desk.branches.iter().enumerate().map(move |(n, (unit, _))| (town && n == 0, *unit))
        })
        .collect();
    let ids: Vec<UnitId> = branches.iter().map(|(_, unit)| *unit).collect();
    let mut codes: Vec<(UnitId, String)> =
        app.units(&ids)?.into_iter().map(|unit| (unit.id, unit.code)).collect();
    codes.sort();
    for (n, (led, unit)) in branches.into_iter().enumerate() {
        let Ok(found) = codes.binary_search_by_key(&unit, |(id, _)| *id) else { continue };
        let secretary = if led { None } else { Some("支部书记") };
        let members = std::iter::repeat_n("党员", MEMBERS[n % MEMBERS.len()]);
        for post in secretary.into_iter().chain(["组织委员"]).chain(members) {
            let name = county.new_name();
            let since = at.day_in_china().plus_days(-(county.days(SINCE_DAYS) as i32));
            table.push_str(&format!("{},{name},{post},{since}\n", codes[found].1));
        }
    }
    let file = read_people("members.csv", table.as_bytes())?;
    let order = PeopleOrder { below: Some(county.county), day: at.day_in_china() };
    let ctx = county.ctx(county.city_office, at)?;
    app.import_people(Importer::Person(ctx), Arc::new(file), order)?;
    Ok(())
}
