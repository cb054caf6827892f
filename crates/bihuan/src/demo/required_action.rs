//! The county's required actions: issued at the start, recorded month by month, now and then late or missing.

use super::county::{County, Desk};
use super::random::Random;
use crate::exit::Failure;
use bihuan_app::activity::ActivityInput;
use bihuan_app::required_action::ExcuseInput;
use bihuan_app::study::{ClassInput, ReadingInput, SessionInput};
use bihuan_app::{App, Context};
use bihuan_domain::id::CampaignId;
use bihuan_domain::{Day, Instant};

const TOPICS: [&str; 6] = [
    "学习基层治理文件，讨论本地信访积案怎么化解",
    "对照查摆清单逐条议整改措施",
    "学习防汛抗旱有关规定，复盘上次值守",
    "围绕减轻基层负担谈体会、提建议",
    "学习安全生产条例，研究岁末年初安排",
    "研讨产业发展，听两个村介绍做法",
];

/// Issues everything the template asks and sets up the reading list.
///
/// # Errors
/// Faults of the database; a use case that refuses.
pub fn issue(app: &App, county: &mut County, campaign: CampaignId, at: Instant) -> Result<(), Failure> {
    let office = county.ctx(county.offices[0], at)?;
    let codes = app.template_actions(&office, campaign)?.into_iter().map(|line| line.code).collect();
    app.adopt_actions(&office, campaign, codes)?;
    app.add_reading(
        &office,
        ReadingInput {
            campaign: campaign.to_string(),
            unit: county.county.to_string(),
            title: "基层工作方法二十讲".to_owned(),
            parts: "入户走访\n听得懂的话\n矛盾不上交\n一张表管到底\n说到做到".to_owned(),
        },
    )?;
    Ok(())
}

/// What is recorded within one month, on its last working days.
///
/// # Errors
/// Faults of the database; a use case that refuses.
pub fn month(
    app: &App,
    county: &mut County,
    campaign: CampaignId,
    (n, at): (usize, Instant),
    random: &mut Random,
) -> Result<(), Failure> {
    let desks: Vec<Desk> = county.townships.iter().chain(&county.departments).cloned().collect();
    for (place, desk) in desks.iter().enumerate() {
        let ctx = county.ctx(desk.filler, at)?;
        // One unit in nine lets a month pass.
        if (place + n) % 9 != 4 {
            let minutes = "会议记录：学习后逐项讨论，明确了下一步由谁办、何时办完。";
            record(app, &ctx, campaign, desk.unit.0, ("group-study", n + place, minutes, "90"))?;
        }
        if let Some((branch, _)) = desk.branches.get(n % desk.branches.len().max(1))
            && random.between(0, 4) > 0
        {
            record(app, &ctx, campaign, branch.0, ("theme-day", n + place + 1, "", ""))?;
        }
    }
    if n == 1 {
        excuse(app, county, campaign, at)?;
    }
    if n == 2 {
        class(app, county, campaign, at)?;
    }
    Ok(())
}

fn record(
    app: &App,
    ctx: &Context,
    campaign: CampaignId,
    unit: i64,
    (kind, n, minutes, duration): (&str, usize, &str, &str),
) -> Result<(), Failure> {
    let day = ctx.today().plus_days(-(n as i32 % 5));
    let sent = ActivityInput {
        campaign: campaign.to_string(),
        unit: unit.to_string(),
        kind: kind.to_owned(),
        day: day.to_string(),
        topic: TOPICS[n % TOPICS.len()].to_owned(),
        everyone: "1".to_owned(),
        minutes_text: minutes.to_owned(),
        duration: duration.to_owned(),
        ..ActivityInput::default()
    };
    match app.record_activity(ctx, sent, Vec::new()) {
        // A unit that was merged meanwhile records no more.
        Ok(_) | Err(bihuan_app::Error::Refused(_) | bihuan_app::Error::Invalid(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// A township asks to be let off one month, and the county agrees.
fn excuse(app: &App, county: &mut County, campaign: CampaignId, at: Instant) -> Result<(), Failure> {
    let desk = county.townships[0].clone();
    let ctx = county.ctx(desk.filler, at)?;
    let office = county.ctx(county.offices[0], at)?;
    let actions = app.required_actions(&ctx, campaign)?;
    let monthly = actions.iter().find(|action| {
        action.newest().is_some_and(|version| version.rule.kinds.iter().any(|kind| kind == "theme-day"))
    });
    let Some(action) = monthly else { return Ok(()) };
    let Some((branch, _)) = desk.branches.last().cloned() else { return Ok(()) };
    let Some((period, _)) = action.period_of(ctx.today()) else { return Ok(()) };
    let asked = app.ask_excuse(
        &ctx,
        action.id,
        ExcuseInput {
            unit: branch.to_string(),
            period: period.last.to_string(),
            reason: "汛期全员值守堤段，党员分散在各险工险段，当月无法集中。".to_owned(),
            ..ExcuseInput::default()
        },
    )?;
    app.decide_excuse(&office, asked, None, "approved", "同意，下月结合复盘一并开展。")?;
    Ok(())
}

/// The county's reading class: two days, one of them made up for.
fn class(app: &App, county: &mut County, campaign: CampaignId, at: Instant) -> Result<(), Failure> {
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
