//! A campaign of the made-up county, and some problems.

use crate::support::{COUNTY, OFFICE, TOWN, TestApp, first_day};
use bihuan_domain::campaign::{Campaign, CampaignState};
use bihuan_domain::id::{CampaignId, UnitId};
use bihuan_domain::problem::{Draft, ImportedState, register};
use bihuan_store::journal::{self, NewEntry, Stamp, Write};

/// The county's campaign number 1.
pub fn campaign(app: &TestApp) {
    app.db
        .write(|conn| -> Result<(), bihuan_store::Fault> {
            let campaign = Campaign {
                id: CampaignId(1),
                code: "trial".to_owned(),
                name: "试行整改".to_owned(),
                office_unit_id: UnitId(COUNTY),
                basis: bihuan_domain::campaign::AuthorityBasis::Decision,
                authority: "县委常委会会议纪要第3号".to_owned(),
                document: "关于开展试行整改的通知".to_owned(),
                scope: "全县各单位".to_owned(),
                state: CampaignState::Running,
                starts_day: first_day(),
                ends_day: None,
                template_text: String::new(),
                follows_id: None,
                version: 1,
            };
            let writes = vec![Write::insert(&campaign)];
            let entry = NewEntry { action: "campaign.created".to_owned(), writes, ..NewEntry::default() };
            journal::append(conn, &Stamp { at: first_day().starts_at(), ..Stamp::default() }, vec![entry])?;
            Ok(())
        })
        .unwrap();
}

/// Problems registered by the county and by a township, that wait for their assignment.
pub fn problems(app: &TestApp, count: i64) {
    let (ctx, use_cases) = (app.ctx("office"), app.app.clone());
    app.db
        .write(move |conn| -> Result<(), bihuan_app::Error> {
            let campaign: Campaign = journal::by_id(conn, 1)?.unwrap();
            let rules = use_cases.rules(&campaign)?;
            for n in 0..count {
                let unit = bihuan_app::context::unit(conn, UnitId([COUNTY, TOWN][n as usize % 2]))?;
                let draft = Draft {
                    campaign_id: campaign.id,
                    unit_id: unit.id,
                    unit_path: unit.path,
                    text: format!("=第{}处渡口没有救生设备", n + 1),
                    category: ["民生", ""][n as usize % 2].to_owned(),
                    number: bihuan_store::problem::next_number(conn, campaign.id, 1)?,
                    ..Draft::default()
                };
                let (case, step) = register(draft, &ctx.scene(&rules), Some(ImportedState::Accepted))?;
                bihuan_app::problem::write_step(conn, &ctx, None, case, step)?;
            }
            Ok(())
        })
        .unwrap();
}

/// The office of the county checks what townships do.
pub const CHECKER: i64 = OFFICE;
