//! Campaigns: found by all whom they reach, and by those above.

use super::{Right, Sketch, Source, itself, lines};
use crate::Error;
use crate::context::App;
use bihuan_domain::Coded;
use bihuan_domain::campaign::{Campaign, CampaignState, reach};
use bihuan_store::Conn;
use bihuan_store::search::{Document, rows};

pub(crate) const SOURCE: Source = Source {
    kind: "campaign",
    label: "专项行动",
    table: "campaign",
    touched: &[("campaign", itself)],
    sketch,
    states: || CampaignState::ALL.iter().map(|state| (state.code(), state.label())).collect(),
};

fn sketch(_: &App, conn: &mut Conn, ids: &[i64]) -> Result<Vec<Sketch>, Error> {
    let campaigns: Vec<Campaign> = rows(conn, "id", ids)?;
    let offices = bihuan_store::unit::by_ids(conn, campaigns.iter().map(|campaign| campaign.office_unit_id))?;
    Ok(campaigns
        .into_iter()
        .filter_map(|campaign| {
            let reach = reach(offices.iter().find(|office| office.id == campaign.office_unit_id)?);
            Some(Sketch {
                rights: reach.units().last().copied().map(Right::Below).into_iter().collect(),
                units: vec![reach],
                campaign: Some(campaign.id),
                document: Document {
                    kind: SOURCE.kind.to_owned(),
                    subject_id: campaign.id.0,
                    unit_id: campaign.office_unit_id,
                    state: campaign.state.code().to_owned(),
                    day: Some(campaign.starts_day),
                    href: format!("/campaigns/{}", campaign.id),
                    content: lines([campaign.scope.as_str(), &campaign.authority, &campaign.document]),
                    title: campaign.name,
                    ..Document::default()
                },
                ..Sketch::default()
            })
        })
        .collect())
}
