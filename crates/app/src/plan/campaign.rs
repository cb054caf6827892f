//! Steps of the campaign itself on the time line.

use super::{Bar, Site};
use crate::Error;
use bihuan_domain::campaign::CampaignState;
use bihuan_domain::plan::BarKind;
use bihuan_store::Conn;

pub(super) fn bars(_conn: &mut Conn, site: &Site<'_>) -> Result<Vec<Bar>, Error> {
    let campaign = site.campaign;
    let (today, href) = (site.today(), format!("/campaigns/{}", campaign.id));
    let begun = campaign.state != CampaignState::Preparing;
    let step = |title: &str, day, done| Bar {
        href: href.clone(),
        ..Bar::new(BarKind::Campaign, title, (day, day), done, today)
    };
    let mut bars = vec![step("启动专项行动", campaign.starts_day, begun)];
    if let Some(ends) = campaign.ends_day {
        bars.push(step("专项行动结束", ends, campaign.state == CampaignState::Ended));
    }
    Ok(bars)
}
