//! Slips in the county: the ladder runs each working morning of the last weeks, and the people answer as people do.

use super::county::{County, Desk};
use super::random::Random;
use crate::exit::Failure;
use bihuan_app::slip::{DraftInput, SlipFilter, SlipLine, SlipStepInput};
use bihuan_app::{App, Context, Error};
use bihuan_domain::Instant;
use bihuan_domain::id::CampaignId;
use bihuan_domain::slip::{SlipState, SlipVerb};

/// Days before now on which the ladder begins.
pub(super) const DAYS: i32 = 14;
/// Days before now from which digests are made.
const DIGEST_DAYS: i32 = 4;

const ANSWERS: [&str; 4] = [
    "已约施工队进场，本周内完成剩余工程，完工后即报佐证。",
    "材料采购延误所致，货已到位，预计五个工作日完成。",
    "已完成主体整改，正在补齐验收资料。",
    "经现场核实，剩余两处需与邻村协商，已约定时间。",
];

/// One morning: the ladder, then what people do with the slips on their tables.
///
/// # Errors
/// Faults of the database.
pub(super) fn morning(
    app: &App,
    county: &mut County,
    campaign: CampaignId,
    (at, now): (Instant, Instant),
    random: &mut Random,
) -> Result<(), Failure> {
    app.run_ladder(at)?;
    let office = county.ctx(county.offices[0], at)?;
    let filter = SlipFilter { campaign: Some(campaign), ..SlipFilter::default() };
    let page = app.slips(&office, filter)?;
    for line in &page.lines {
        by_hand(app, county, &office, line, at, random)?;
    }
    if now.day_in_china().minus(at.day_in_china()) <= super::muster::DAYS {
        super::muster::morning(app, county, campaign, at)?;
    }
    if now.day_in_china().minus(at.day_in_china()) <= DIGEST_DAYS {
        app.make_digests(at)?;
    }
    Ok(())
}

/// Somebody does something with a slip, or nothing.
fn by_hand(
    app: &App,
    county: &mut County,
    office: &Context,
    line: &SlipLine,
    at: Instant,
    random: &mut Random,
) -> Result<(), Failure> {
    let slip = &line.slip;
    let desks: Vec<Desk> = county.townships.iter().chain(&county.departments).cloned().collect();
    let Some(desk) = desks.iter().find(|desk| desk.unit == slip.holder_unit_id) else { return Ok(()) };
    let clerk = county.ctx(desk.filler, at)?;
    let chance = random.between(0, 99);
    let (who, verb) = match (slip.state, chance) {
        (SlipState::Drafted, 0..20) => (office, SlipVerb::Issue),
        (SlipState::Issued, 0..45) => (&clerk, SlipVerb::Sign),
        (SlipState::Issued, 45..49) => (&clerk, SlipVerb::Return),
        (SlipState::Signed | SlipState::SentBack, 0..25) => (&clerk, SlipVerb::Answer),
        (SlipState::Answered, 0..50) => (office, SlipVerb::Accept),
        (SlipState::Answered, 50..65) => (office, SlipVerb::SendBack),
        (SlipState::Disputed, 0..30) => (office, SlipVerb::Decide),
        _ => return Ok(()),
    };
    let (reason, opinion) = match verb {
        SlipVerb::Return => ("这处渠道属邻乡管护范围，请重新明确。", ""),
        SlipVerb::Decide => ("按管护协议仍由你单位办理。", ""),
        SlipVerb::SendBack => ("", "只说了打算，没有写明完成时间，请补充。"),
        _ => ("", "情况清楚，同意。"),
    };
    let sent = SlipStepInput {
        answer: (*random.pick(&ANSWERS)).to_owned(),
        opinion: opinion.to_owned(),
        reason: reason.to_owned(),
        ..SlipStepInput::default()
    };
    tolerate(app.slip_step(who, slip.id, None, verb, sent))
}

/// On the last day the office sends one by hand, under a document number, and one is recalled.
///
/// # Errors
/// Faults of the database.
pub(super) fn by_the_office(
    app: &App,
    county: &mut County,
    campaign: CampaignId,
    at: Instant,
) -> Result<(), Failure> {
    let office = county.ctx(county.offices[0], at)?;
    let filter = SlipFilter { campaign: Some(campaign), ..SlipFilter::default() };
    let page = app.slips(&office, filter)?;
    let Some(known) = page.lines.iter().find(|line| line.slip.number > 0) else { return Ok(()) };
    let make = |prefix: &str, title: &str, urgent: &str| DraftInput {
        subject_kind: "problem".to_owned(),
        subject: known.slip.subject_id.to_string(),
        form: "notice".to_owned(),
        document_prefix: prefix.to_owned(),
        title: title.to_owned(),
        urgent: urgent.to_owned(),
        now: "1".to_owned(),
        ..DraftInput::default()
    };
    tolerate(app.make_slip(&office, make("云整改办督", "关于加快整改进度的通知单", "1")))?;
    if let Ok(done) = app.make_slip(&office, make("云整改办督", "关于报送整改进度的通知单", ""))
    {
        let sent = SlipStepInput {
            reason: "与前一张重复，合并办理。".to_owned(),
            ..SlipStepInput::default()
        };
        tolerate(app.slip_step(&office, done.slip.id, None, SlipVerb::Recall, sent))?;
    }
    Ok(())
}

/// What a rule refuses is part of life; a fault ends the play.
fn tolerate<T>(result: Result<T, Error>) -> Result<(), Failure> {
    match result {
        Ok(_) | Err(Error::Refused(_) | Error::Invalid(_) | Error::NotFound) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
