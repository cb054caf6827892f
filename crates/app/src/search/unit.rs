//! Units: names of today and of the past, short names, code.

use super::{Sketch, Source, itself, no_states, problem::line};
use crate::Error;
use crate::context::App;
use bihuan_domain::Coded;
use bihuan_domain::id::UnitId;
use bihuan_store::search::Document;
use bihuan_store::{Conn, unit as store};

pub(crate) const SOURCE: Source = Source {
    kind: "unit",
    label: "单位",
    table: "unit",
    touched: &[("unit", itself)],
    sketch,
    states: no_states,
};

fn sketch(_: &App, conn: &mut Conn, ids: &[i64]) -> Result<Vec<Sketch>, Error> {
    let units = store::by_ids(conn, ids.iter().copied().map(UnitId))?;
    let past = store::all_names(conn, ids.iter().copied().map(UnitId))?;
    Ok(units
        .into_iter()
        .map(|unit| {
            let mut content = String::new();
            line(&mut content, &format!("{}　{}　{}", unit.name, unit.level.label(), unit.kind.label()));
            for name in past.get(&unit.id).into_iter().flatten().filter(|name| **name != unit.name) {
                line(&mut content, &format!("曾用名：{name}"));
            }
            for part in [&unit.short_names, &unit.code, &unit.sector, &unit.line] {
                line(&mut content, part);
            }
            Sketch {
                document: Document {
                    kind: SOURCE.kind.to_owned(),
                    subject_id: unit.id.0,
                    unit_id: unit.id,
                    day: Some(unit.created_day),
                    href: format!("/units/{}", unit.id),
                    title: unit.name.clone(),
                    content,
                    ..Document::default()
                },
                units: vec![unit.path],
                ..Sketch::default()
            }
        })
        .collect())
}
