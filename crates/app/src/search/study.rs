//! Books of the reading list, found by all who study from it; classes, found by their people and by those who run them.

use super::{Right, Sketch, Source, itself, lines, no_states, places_of};
use crate::Error;
use crate::context::App;
use bihuan_domain::study::{ClassMember, ClassSession, Reading, StudyClass};
use bihuan_store::Conn;
use bihuan_store::search::{Document, rows};

pub(crate) const READINGS: Source = Source {
    kind: "reading",
    label: "书目",
    table: "reading",
    touched: &[("reading", itself)],
    sketch: sketch_readings,
    states: no_states,
};

pub(crate) const CLASSES: Source = Source {
    kind: "study_class",
    label: "读书班",
    table: "study_class",
    touched: &[("study_class", itself)],
    sketch: sketch_classes,
    states: no_states,
};

fn sketch_readings(_: &App, conn: &mut Conn, ids: &[i64]) -> Result<Vec<Sketch>, Error> {
    let readings: Vec<Reading> = rows(conn, "id", ids)?;
    let places = places_of(conn, readings.iter().map(|reading| reading.unit_id))?;
    Ok(readings
        .into_iter()
        .map(|reading| Sketch {
            units: places.get(&reading.unit_id).cloned().into_iter().collect(),
            rights: vec![Right::Below(reading.unit_id), Right::Belongs(reading.unit_id)],
            campaign: Some(reading.campaign_id),
            document: Document {
                kind: READINGS.kind.to_owned(),
                subject_id: reading.id.0,
                unit_id: reading.unit_id,
                href: format!("/study?campaign={}", reading.campaign_id),
                content: lines(reading.part_names()),
                title: format!("《{}》", reading.title.trim_matches(['《', '》'])),
                ..Document::default()
            },
            ..Sketch::default()
        })
        .collect())
}

/// Not more than the page of a class allows: its own people, and those who may run it.
fn sketch_classes(_: &App, conn: &mut Conn, ids: &[i64]) -> Result<Vec<Sketch>, Error> {
    let classes: Vec<StudyClass> = rows(conn, "id", ids)?;
    let sessions: Vec<ClassSession> = rows(conn, "class_id", ids)?;
    let members: Vec<ClassMember> = rows(conn, "class_id", ids)?;
    let places = places_of(conn, classes.iter().map(|class| class.unit_id))?;
    Ok(classes
        .into_iter()
        .map(|class| {
            let topics = sessions.iter().filter(|one| one.class_id == class.id).map(|one| one.topic.as_str());
            let people = members.iter().filter(|member| member.class_id == class.id);
            let mut rights: Vec<Right> = people.map(|member| Right::Person(member.person_id)).collect();
            rights.extend(places.get(&class.unit_id).into_iter().flat_map(Right::recorders_of));
            Sketch {
                rights,
                campaign: Some(class.campaign_id),
                document: Document {
                    kind: CLASSES.kind.to_owned(),
                    subject_id: class.id.0,
                    unit_id: class.unit_id,
                    day: Some(class.from_day),
                    href: format!("/study/classes/{}", class.id),
                    content: lines(topics),
                    title: class.name,
                    ..Document::default()
                },
                ..Sketch::default()
            }
        })
        .collect())
}
