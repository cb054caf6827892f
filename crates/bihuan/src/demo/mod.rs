//! The made-up county: everything in it was invented here. It is played through the use cases of the application,
//! with its own clock, so that its history is a true history; the same seed gives the same county, relative to today.

mod asking;
mod county;
mod document;
mod errand;
mod files;
mod habit;
mod ledger;
mod life;
mod members;
mod muster;
mod play;
mod random;
mod report;
mod slip;
mod steps;
mod study;
mod supervision;
mod texts;
mod trust;

use crate::exit::Failure;
use bihuan_app::{App, actor};
use bihuan_domain::campaign::{AuthorityBasis, Campaign, CampaignState};
use bihuan_domain::id::CampaignId;
use bihuan_domain::person::Account;
use bihuan_domain::{Day, Instant};
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::setting;
use bihuan_web::state::DemoPerson;
use county::County;

pub use play::Played;
pub use random::Random;

/// The seed of the county.
pub const SEED: u64 = 20_150_101;
/// Days before today on which the county was set up.
const AGE_DAYS: i32 = 300;
/// The setting that says how far a demonstration was filled.
const SETTING: &str = "demonstration";

/// What a database is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filled {
    /// Nobody has used it.
    Empty,
    /// A demonstration whose filling was cut off.
    Partly,
    /// A whole demonstration.
    Wholly,
    /// Something else.
    Foreign,
}

/// Looks what a database is.
///
/// # Errors
/// Faults of the database.
pub fn filled(app: &App) -> Result<Filled, Failure> {
    Ok(app.db.read(|conn| -> Result<Filled, bihuan_store::Fault> {
        Ok(match setting::get(conn, SETTING)?.as_deref() {
            Some("whole") => Filled::Wholly,
            Some(_) => Filled::Partly,
            None if bihuan_store::portable::is_untouched(conn)? => Filled::Empty,
            None => Filled::Foreign,
        })
    })?)
}

/// Whether a database of any version, also one this program cannot use, is a demonstration.
pub fn is_demonstration(db: &bihuan_store::Db) -> bool {
    matches!(db.read(|conn| setting::get(conn, SETTING)), Ok(Some(_)))
}

/// Fills an empty database. `say` hears the parts of a thousand that are done.
///
/// # Errors
/// Faults of the database; a use case that refuses what the county does.
pub fn fill(app: &App, now: Instant, say: &mut dyn FnMut(u64)) -> Result<Played, Failure> {
    mark(app, "begun")?;
    let born = now.day_in_china().plus_days(-AGE_DAYS);
    let at = born.starts_at().plus_seconds(9 * 3_600);
    let mut county = County::found(app, at, SEED)?;
    say(100);
    let campaign = campaign(app, &mut county, at.plus_seconds(3_600), born)?;
    let at = at.plus_seconds(7_200);
    let office = county.ctx(county.offices[0], at)?;
    let issued = habit::issue(app, &office, campaign)?;
    study::reading_list(app, &office, &county, campaign)?;
    let texts = texts::Texts::read()?;
    let plans = (errand::Errands::read()?, habit::Habits::read()?);
    let mut play = play::Play::new(app, &mut county, campaign, &texts, now, SEED + 1, plans);
    play.plan_habits(0, campaign, &issued, at)?;
    let played = play.run(&mut |part| say(100 + part * 9 / 10))?;
    slip::by_the_office(app, &mut county, campaign, now)?;
    supervision::play(app, &mut county, campaign, now)?;
    trust::play(app, now)?;
    document::play(app, &mut county, campaign, now)?;
    mark(app, "whole")?;
    Ok(played)
}

fn mark(app: &App, how_far: &'static str) -> Result<(), Failure> {
    Ok(app.db.write(move |conn| setting::set(conn, SETTING, how_far))?)
}

fn campaign(app: &App, county: &mut County, at: Instant, day: Day) -> Result<CampaignId, Failure> {
    let office = county.county;
    let ctx = county.ctx(county.city_office, at)?;
    Ok(app.db.write(move |conn| -> Result<CampaignId, bihuan_store::Fault> {
        let campaign = Campaign {
            id: CampaignId(journal::next_id(conn, "campaign", 1)?),
            code: "yunxi-theme".to_owned(),
            name: "云溪县主题教育检视整改".to_owned(),
            office_unit_id: office,
            basis: AuthorityBasis::Decision,
            authority: "中共云溪县委常委会会议".to_owned(),
            document: "《云溪县主题教育检视整改工作方案》（云委发〔演示〕3号）".to_owned(),
            scope: "全县各乡镇、县直各部门和所属党支部，检视问题、整改销号、回头看。".to_owned(),
            state: CampaignState::Running,
            starts_day: day,
            ends_day: None,
            template_text: include_str!("../../../../templates/themed-education.toml").to_owned(),
            follows_id: None,
            version: 1,
        };
        let entry = NewEntry {
            action: "campaign.created".to_owned(),
            subject_kind: "campaign",
            subject_id: campaign.id.0,
            unit: Some(office),
            campaign: Some(campaign.id),
            note: campaign.name.clone(),
            writes: vec![Write::insert(&campaign)],
            ..NewEntry::default()
        };
        journal::append(conn, &ctx.stamp(None), vec![entry])?;
        Ok(campaign.id)
    })?)
}

/// Whom the start page offers, and what is worth seeing as each.
const PEOPLE: [(&str, &str); 12] = [
    ("office", "县专班主任：初核、上会、交办、延期答复、销号，看全县的账。"),
    ("filler", "乡镇填报员：签收、定措施、传佐证、报告完成。"),
    ("secretary", "乡镇党委书记：初核本镇登记的问题，看本镇的进度。"),
    ("branch", "村支部书记：只看到本支部的事。"),
    ("verifier", "部门验收员：验收别的单位报来的完成情况，不能验收自己参与的。"),
    ("inspector", "督导员：登记发现的问题，做回头看。"),
    ("leader", "县领导：看总览，答复请求上级的事项。"),
    ("city-office", "市专班：从上往下看，认领县里上提的问题。"),
    ("evaluator", "评估员：只看不改。"),
    ("system", "系统管理员：建账号，不看业务。"),
    ("security", "安全管理员：授角色、解锁，不看业务。"),
    ("audit", "审计管理员：查流水，不看业务。"),
];

/// The people of the start page.
///
/// # Errors
/// Faults of the database.
pub fn people(app: &App, now: Instant) -> Result<Vec<DemoPerson>, Failure> {
    let mut people = Vec::new();
    for (login, what_to_see) in PEOPLE {
        let found = app.db.read(|conn| -> Result<Option<DemoPerson>, bihuan_app::Error> {
            let account: Option<Account> = bihuan_store::account::by_login(conn, login)?;
            let Some(account) = account else { return Ok(None) };
            let loaded = actor::load(conn, &account, now.day_in_china())?;
            let post = loaded.actor.posts.first().map(|post| post.name.clone());
            Ok(Some(DemoPerson {
                login: login.to_owned(),
                name: loaded.actor.name.clone(),
                post: post.unwrap_or_else(|| what_to_see.split('：').next().unwrap_or_default().to_owned()),
                unit: loaded.unit_name,
                what_to_see: what_to_see.split('：').nth(1).unwrap_or(what_to_see).to_owned(),
            }))
        })?;
        people.extend(found);
    }
    Ok(people)
}
