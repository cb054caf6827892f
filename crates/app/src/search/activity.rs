//! Activities: what was done, its minutes, and the text of what is attached.

use super::{Sketch, Source, itself, lines, no_states, places_of};
use crate::Error;
use crate::context::App;
use bihuan_domain::Coded;
use bihuan_domain::activity::{Activity, ActivityState};
use bihuan_store::Conn;
use bihuan_store::activity::{self as store, ActivityFile};
use bihuan_store::search::{Document, rows};

pub(crate) const SOURCE: Source = Source {
    kind: "activity",
    label: "活动",
    table: "activity",
    touched: &[("activity", itself)],
    sketch,
    states: || ActivityState::ALL.iter().map(|state| (state.code(), state.label())).collect(),
};

pub(crate) const FILES: Source = Source {
    kind: "activity_file",
    label: "活动附件",
    table: "activity_file",
    touched: &[("activity", files_of)],
    sketch: sketch_files,
    states: no_states,
};

fn files_of(conn: &mut Conn, id: i64) -> Result<Vec<i64>, Error> {
    Ok(store::files(conn, bihuan_domain::id::ActivityId(id))?.iter().map(|file| file.id).collect())
}

fn sketch(_: &App, conn: &mut Conn, ids: &[i64]) -> Result<Vec<Sketch>, Error> {
    let activities: Vec<Activity> = rows(conn, "id", ids)?;
    let places = places_of(conn, activities.iter().map(|activity| activity.unit_id))?;
    Ok(activities
        .into_iter()
        .map(|activity| Sketch {
            units: places.get(&activity.unit_id).cloned().into_iter().collect(),
            campaign: Some(activity.campaign_id),
            document: Document {
                kind: SOURCE.kind.to_owned(),
                subject_id: activity.id.0,
                unit_id: activity.unit_id,
                state: activity.state.code().to_owned(),
                day: Some(activity.day),
                href: format!("/activities/{}", activity.id),
                content: lines([activity.topic.as_str(), &activity.minutes_text, &activity.link]),
                title: activity.topic,
                ..Document::default()
            },
            ..Sketch::default()
        })
        .collect())
}

fn sketch_files(_: &App, conn: &mut Conn, ids: &[i64]) -> Result<Vec<Sketch>, Error> {
    let files: Vec<ActivityFile> = rows(conn, "id", ids)?;
    let owners: Vec<i64> = files.iter().map(|file| file.activity_id.0).collect();
    let activities: Vec<Activity> = rows(conn, "id", &owners)?;
    let places = places_of(conn, activities.iter().map(|activity| activity.unit_id))?;
    Ok(files
        .into_iter()
        .filter_map(|file| {
            let owner = activities.iter().find(|activity| activity.id == file.activity_id)?;
            let href = format!("/activities/{}", owner.id);
            Some(Sketch {
                units: places.get(&owner.unit_id).cloned().into_iter().collect(),
                campaign: Some(owner.campaign_id),
                document: Document {
                    kind: FILES.kind.to_owned(),
                    subject_id: file.id,
                    unit_id: owner.unit_id,
                    day: Some(owner.day),
                    file_href: format!("{href}/files/{}", file.id),
                    href,
                    title: format!("{}（{}）", owner.topic, file.file_name),
                    ..Document::default()
                },
                file: Some((file.file_name, file.digest)),
                ..Sketch::default()
            })
        })
        .collect())
}
