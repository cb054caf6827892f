//! Earlier editions of a record: what stood in it, who took part and who held it, before it was corrected.

use super::parties::Parties;
use crate::Error;
use bihuan_domain::activity::{Activity, Attendance};
use bihuan_domain::id::{PersonId, UnitId};
use bihuan_store::Conn;
use bihuan_store::activity::ActivityVersion;
use std::collections::{BTreeMap, BTreeSet};

/// An earlier edition.
#[derive(Clone, Debug)]
pub struct Edition {
    /// Its number.
    pub number: i64,
    /// The record as it stood.
    pub record: Activity,
    /// Name of its kind then.
    pub kind: String,
    /// Who took part then.
    pub people: Vec<(PersonId, String, Attendance)>,
    /// Units that held it together with the recording one then.
    pub units: Vec<(UnitId, String)>,
    /// Why it was corrected.
    pub reason: String,
    /// By whom.
    pub by: String,
    /// When.
    pub at: bihuan_domain::Instant,
}

/// An edition as kept: numbers without names.
pub(super) struct Kept {
    pub(super) number: i64,
    pub(super) record: Activity,
    pub(super) people: Vec<(PersonId, Attendance)>,
    pub(super) units: Vec<UnitId>,
    pub(super) reason: String,
    pub(super) by: PersonId,
    pub(super) at: bihuan_domain::Instant,
}

impl Kept {
    /// Reads a row; nothing where it does not parse. Editions kept before it was written down who led say of everybody
    /// that they took part.
    pub(super) fn read(row: &ActivityVersion) -> Option<Kept> {
        let content: serde_json::Value = serde_json::from_str(&row.content).ok()?;
        let numbers = |name: &str| -> Vec<i64> {
            let list = content.get(name).and_then(|list| list.as_array());
            list.into_iter().flatten().filter_map(serde_json::Value::as_i64).collect()
        };
        let led = numbers("lead");
        let part =
            |id: i64| (PersonId(id), if led.contains(&id) { Attendance::Lead } else { Attendance::Attend });
        Some(Kept {
            number: row.number,
            record: serde_json::from_value(content.get("record")?.clone()).ok()?,
            people: numbers("people").into_iter().map(part).collect(),
            units: numbers("units").into_iter().map(UnitId).collect(),
            reason: row.reason.clone(),
            by: row.changed_by,
            at: row.changed_at,
        })
    }
}

/// The names behind all numbers of a record's page, each asked once.
pub(super) struct Names {
    people: BTreeMap<PersonId, String>,
    units: BTreeMap<UnitId, String>,
}

impl Names {
    pub(super) fn of(
        conn: &mut Conn,
        activity: &Activity,
        parties: &Parties,
        kept: &[Kept],
    ) -> Result<Names, Error> {
        let mut people: BTreeSet<PersonId> = parties.people.iter().map(|one| one.person_id).collect();
        people.insert(activity.filed_by);
        people.extend(kept.iter().map(|one| one.by));
        people.extend(kept.iter().flat_map(|one| &one.people).map(|(id, _)| *id));
        let mut units: BTreeSet<UnitId> = parties.units.iter().map(|one| one.unit_id).collect();
        units.extend(kept.iter().flat_map(|one| &one.units));
        let people: Vec<PersonId> = people.into_iter().collect();
        Ok(Names {
            people: bihuan_store::problem::units::person_names(conn, &people)?.into_iter().collect(),
            units: bihuan_store::unit::names(conn, units)?.into_iter().collect(),
        })
    }

    pub(super) fn person(&self, id: PersonId) -> String {
        self.people.get(&id).cloned().unwrap_or_default()
    }

    pub(super) fn people(
        &self,
        people: impl Iterator<Item = (PersonId, Attendance)>,
    ) -> Vec<(PersonId, String, Attendance)> {
        people.map(|(id, how)| (id, self.person(id), how)).collect()
    }

    pub(super) fn units(&self, units: impl Iterator<Item = UnitId>) -> Vec<(UnitId, String)> {
        units.map(|id| (id, self.units.get(&id).cloned().unwrap_or_default())).collect()
    }
}
