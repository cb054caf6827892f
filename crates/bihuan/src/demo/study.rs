//! The county's study: a reading list, and a class with a session that one person made up for.

use super::county::County;
use crate::exit::Failure;
use bihuan_app::study::{ClassInput, ReadingInput, SessionInput};
use bihuan_app::{App, Context};
use bihuan_domain::id::CampaignId;
use bihuan_domain::{Day, Instant};

/// Sets up the reading list.
///
/// # Errors
/// Faults of the database; a use case that refuses.
pub(super) fn reading_list(
    app: &App,
    office: &Context,
    county: &County,
    campaign: CampaignId,
) -> Result<(), Failure> {
    app.add_reading(
        office,
        ReadingInput {
            campaign: campaign.to_string(),
            unit: county.county.to_string(),
            title: "基层工作方法二十讲".to_owned(),
            parts: "入户走访\n听得懂的话\n矛盾不上交\n一张表管到底\n说到做到".to_owned(),
        },
    )?;
    Ok(())
}

/// The county's reading class: two days, one of them made up for.
///
/// # Errors
/// Faults of the database; a use case that refuses.
pub(super) fn class(
    app: &App,
    county: &mut County,
    campaign: CampaignId,
    at: Instant,
) -> Result<(), Failure> {
    let desk = county.departments[0].clone();
    let ctx = county.ctx(desk.filler, at)?;
    let today: Day = ctx.today();
    let id = app.create_class(
        &ctx,
        ClassInput {
            campaign: campaign.to_string(),
            unit: desk.unit.to_string(),
            name: "领导干部读书班".to_owned(),
            hours: "8".to_owned(),
            from_day: today.plus_days(-4).to_string(),
            to_day: today.plus_days(20).to_string(),
            everyone: "1".to_owned(),
            ..ClassInput::default()
        },
    )?;
    let people: Vec<String> =
        app.class_page(&ctx, id)?.members.iter().map(|member| member.person.to_string()).collect();
    let session = |day: i32, topic: &str, makes_up: String, people: Vec<String>| SessionInput {
        day: today.plus_days(day).to_string(),
        topic: topic.to_owned(),
        duration: "240".to_owned(),
        makes_up,
        people,
        ..SessionInput::default()
    };
    app.add_session(&ctx, id, session(-4, "集中自学和专题辅导", String::new(), people.clone()))?;
    let some: Vec<String> = people.iter().skip(1).cloned().collect();
    let second = app.add_session(&ctx, id, session(-3, "分组研讨和交流发言", String::new(), some))?;
    let late: Vec<String> = people.into_iter().take(1).collect();
    app.add_session(&ctx, id, session(-1, "分组研讨补课", second.to_string(), late))?;
    Ok(())
}
