//! Who and what belongs to a record: people, units that held it together, files.

use super::guest;
use super::record::{ActivityInput, Read};
use crate::Error;
use crate::context::Context;
use crate::input;
use bihuan_domain::Day;
use bihuan_domain::activity::{Attendance, PARTICIPANTS_MAX, UNITS_MAX};
use bihuan_domain::id::{ActivityId, PersonId, UnitId};
use bihuan_domain::unit::Unit;
use bihuan_store::Conn;
use bihuan_store::activity::{self as store, ActivityFile, ActivityPerson, ActivityUnit};
use bihuan_store::journal::{self, Write};
use bihuan_store::recording::{self, Staff};
use std::collections::BTreeSet;

pub(super) type Accepted = bihuan_documents::upload::Accepted;

/// Who and what belongs to a record.
#[derive(Debug, Default)]
pub(super) struct Parties {
    pub(super) people: Vec<ActivityPerson>,
    pub(super) units: Vec<ActivityUnit>,
}

impl Parties {
    pub(super) fn of(conn: &mut Conn, id: ActivityId) -> Result<Parties, Error> {
        Ok(Parties { people: store::people(conn, id)?, units: store::units(conn, id)? })
    }

    /// Takes them all away, before the corrected ones are written.
    pub(super) fn removal(&self) -> impl Iterator<Item = Write> {
        self.people.iter().map(Write::delete).chain(self.units.iter().map(Write::delete))
    }

    fn has_person(&self, person: PersonId) -> bool {
        self.people.iter().any(|one| one.person_id == person)
    }
}

/// Who took part: all people of the unit but some, or those named; whoever led it took part. With the posts of those of
/// other units.
pub(super) fn participants(
    conn: &mut Conn,
    ctx: &Context,
    (own, day): (&Staff, Day),
    sent: &ActivityInput,
    known: Option<&Parties>,
) -> Result<(Vec<(PersonId, Attendance)>, Staff), Error> {
    let numbers = |field: &'static str, label: &str, texts: &[String]| -> Result<BTreeSet<PersonId>, Error> {
        texts
            .iter()
            .map(|text| {
                let wrong = || Error::invalid(field, format!("请选择“{label}”。"));
                input::number(field, label, text)?.map(PersonId).ok_or_else(wrong)
            })
            .collect()
    };
    let lead = numbers("lead", "主讲或主持", &sent.lead)?;
    let mut people = numbers("people", "参加人员", &sent.people)?;
    if input::flag(&sent.everyone) {
        let except = numbers("except", "未参加", &sent.except)?;
        people.extend(own.keys().filter(|person| !except.contains(person)));
    }
    people.extend(&lead);
    people.extend(guest::people_named(conn, ctx, day, &sent.other_names, &people)?);
    if people.len() > PARTICIPANTS_MAX {
        let sentence = format!("参加人员最多{PARTICIPANTS_MAX}人，现在有{}人。", people.len());
        return Err(Error::invalid("people", sentence));
    }
    let others: Vec<PersonId> = people.iter().copied().filter(|person| !own.contains_key(person)).collect();
    let held = recording::people_with_posts(conn, &others)?;
    let seen = guest::in_sight(conn, ctx, &held)?;
    let kept = |person: &PersonId| known.is_some_and(|known| known.has_person(*person));
    if others.iter().any(|person| !seen.contains(person) && !kept(person)) {
        return Err(Error::invalid("people", "参加人员中有您看不到的单位的人，请重新选择。"));
    }
    let part = |person: PersonId| {
        let how = if lead.contains(&person) { Attendance::Lead } else { Attendance::Attend };
        (person, how)
    };
    Ok((people.into_iter().map(part).collect(), held))
}

/// The units that held it together with the recording one: chosen, or named.
pub(super) fn joint(
    conn: &mut Conn,
    ctx: &Context,
    unit: &Unit,
    sent: &ActivityInput,
    known: Option<&Parties>,
) -> Result<Vec<UnitId>, Error> {
    let mut found = BTreeSet::new();
    let sight = crate::unit::sight(ctx);
    for text in &sent.units {
        let id = input::number("units", "联合开展单位", text)?.unwrap_or(0);
        let kept = known.is_some_and(|known| known.units.iter().any(|one| one.unit_id.0 == id));
        let other: Option<Unit> = journal::by_id(conn, id)?;
        match other {
            Some(other) if kept || other.closed_day.is_none() && sight.sees(&other.path) => {
                found.insert(other.id)
            }
            _ => return Err(Error::invalid("units", "联合开展单位不存在、已撤销或您看不到，请重新选择。")),
        };
    }
    found.extend(guest::units_named(conn, ctx, &sent.unit_names, &found)?);
    found.remove(&unit.id);
    if found.len() > UNITS_MAX {
        return Err(Error::invalid("units", format!("联合开展单位最多{UNITS_MAX}个。")));
    }
    Ok(found.into_iter().collect())
}

pub(super) fn parties(id: ActivityId, read: &Read) -> Vec<Write> {
    let people = read.people.iter().map(|(person, attendance)| {
        Write::insert(&ActivityPerson { activity_id: id, person_id: *person, attendance: *attendance })
    });
    let units =
        read.units.iter().map(|unit| Write::insert(&ActivityUnit { activity_id: id, unit_id: *unit }));
    people.chain(units).collect()
}

/// Writes the files; answers for each whether it is the minutes.
pub(super) fn kept_files(
    conn: &mut Conn,
    id: ActivityId,
    is_minutes: bool,
    files: Vec<(String, Accepted)>,
    writes: &mut Vec<Write>,
) -> Result<Vec<bool>, Error> {
    let mut kept = Vec::new();
    for (name, file) in files {
        let row = ActivityFile {
            id: journal::next_id(conn, "activity_file", 1)?,
            activity_id: id,
            minutes: is_minutes,
            file_name: name,
            digest: file.sha256.clone(),
            media_type: file.kind.media_type().to_owned(),
            size_bytes: file.bytes.len() as i64,
        };
        writes.push(Write::File {
            digest: file.sha256,
            media_type: row.media_type.clone(),
            content: file.bytes,
        });
        writes.push(Write::insert(&row));
        kept.push(is_minutes);
    }
    Ok(kept)
}
