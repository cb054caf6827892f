//! Required actions, found by all for whom they hold and by those above; excuses from them, found by those who read the
//! unit that asked.

use super::{Right, Sketch, Source, itself, lines, no_states, places_of};
use crate::Error;
use crate::context::App;
use bihuan_domain::Coded;
use bihuan_domain::required_action::ExcuseState;
use bihuan_store::Conn;
use bihuan_store::required_action::{ActionRow, Excuse, VersionRow, rule_of};
use bihuan_store::search::{Document, rows};

pub(crate) const SOURCE: Source = Source {
    kind: "required_action",
    label: "规定动作",
    table: "required_action",
    touched: &[("required_action", itself)],
    sketch,
    states: no_states,
};

pub(crate) const EXCUSES: Source = Source {
    kind: "action_excuse",
    label: "免做申请",
    table: "action_excuse",
    touched: &[],
    sketch: sketch_excuses,
    states: || ExcuseState::ALL.iter().map(|state| (state.code(), state.label())).collect(),
};

fn sketch(_: &App, conn: &mut Conn, ids: &[i64]) -> Result<Vec<Sketch>, Error> {
    let actions: Vec<ActionRow> = rows(conn, "id", ids)?;
    let versions: Vec<VersionRow> = rows(conn, "rule_id", ids)?;
    let places = places_of(conn, actions.iter().map(|action| action.owner_unit_id))?;
    let mut sketches = Vec::with_capacity(actions.len());
    for action in actions {
        let own: Vec<&VersionRow> = versions.iter().filter(|version| version.rule_id == action.id).collect();
        let Some(newest) = own.last() else { continue };
        let rule = rule_of(newest)?;
        let said = own.iter().flat_map(|version| [version.added.as_str(), &version.reason]);
        sketches.push(Sketch {
            units: places.get(&action.owner_unit_id).cloned().into_iter().collect(),
            rights: vec![Right::Below(action.owner_unit_id)],
            campaign: Some(action.campaign_id),
            document: Document {
                kind: SOURCE.kind.to_owned(),
                subject_id: action.id.0,
                unit_id: action.owner_unit_id,
                day: Some(newest.from_day),
                href: format!("/actions/{}", action.id),
                content: lines(
                    [rule.basis.as_str()]
                        .into_iter()
                        .chain(rule.posts.iter().map(String::as_str))
                        .chain(said),
                ),
                title: rule.name,
                ..Document::default()
            },
            ..Sketch::default()
        });
    }
    Ok(sketches)
}

fn sketch_excuses(_: &App, conn: &mut Conn, ids: &[i64]) -> Result<Vec<Sketch>, Error> {
    let excuses: Vec<Excuse> = rows(conn, "id", ids)?;
    let owners: Vec<i64> = excuses.iter().map(|excuse| excuse.rule_id.0).collect();
    let actions: Vec<ActionRow> = rows(conn, "id", &owners)?;
    let versions: Vec<VersionRow> = rows(conn, "rule_id", &owners)?;
    let places = places_of(conn, excuses.iter().map(|excuse| excuse.unit_id))?;
    let mut sketches = Vec::with_capacity(excuses.len());
    for excuse in excuses {
        let newest = versions.iter().rfind(|version| version.rule_id == excuse.rule_id);
        let Some(newest) = newest else { continue };
        sketches.push(Sketch {
            units: places.get(&excuse.unit_id).cloned().into_iter().collect(),
            campaign: actions
                .iter()
                .find(|action| action.id == excuse.rule_id)
                .map(|action| action.campaign_id),
            document: Document {
                kind: EXCUSES.kind.to_owned(),
                subject_id: excuse.id.0,
                unit_id: excuse.unit_id,
                state: excuse.state.code().to_owned(),
                day: Some(excuse.asked_at.day_in_china()),
                href: format!("/actions/{}", excuse.rule_id),
                title: format!("免做申请：{}", rule_of(newest)?.name),
                content: lines([excuse.reason.as_str(), &excuse.decision_reason]),
                ..Document::default()
            },
            ..Sketch::default()
        });
    }
    Ok(sketches)
}
