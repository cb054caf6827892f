//! Units in need and their helpers 联系点: with the figures of the first day and those of today (M32).

use crate::Error;
use crate::context::{self, App, Context, campaign_for, readable_unit};
use crate::draw::{json, parse, roots};
use crate::input::{self, inputs};
use bihuan_domain::colour::Colour;
use bihuan_domain::help::{self as domain, Help, HelpState};
use bihuan_domain::id::{CampaignId, HelpId, UnitId};
use bihuan_domain::unit::Unit;
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::{Conn, counts, help as store};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

inputs! {
    /// What a person says of help for a unit.
    HelpInput {
        campaign: one "专项行动",
        unit: one "被帮扶单位",
        reason: one "列入理由",
        helper_unit: one "帮扶单位",
        helper_name: one "联系人",
        plan: one "帮扶计划",
        ends_day: one "结束日期",
    }
}

/// Figures of a unit on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// Not closed.
    pub open: i64,
    /// Late.
    pub late: i64,
    /// Red.
    pub red: i64,
    /// Closed.
    pub closed: i64,
    /// Looked at again and found to have come back or never true.
    pub rebounds: i64,
}

/// Help with what changed since.
#[derive(Clone, Debug)]
pub struct HelpLine {
    /// The help.
    pub help: Help,
    /// The unit in need.
    pub unit: Unit,
    /// Name of the helping unit.
    pub helper: String,
    /// On the first day.
    pub before: Baseline,
    /// Today.
    pub now: Baseline,
    /// The reader may end it.
    pub may: bool,
}

impl App {
    /// Help of a campaign, as far as the reader reads the units in need or the helping ones.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn helps(&self, ctx: &Context, campaign: CampaignId) -> Result<Vec<HelpLine>, Error> {
        self.db.read(|conn| {
            let campaign = campaign_for(conn, ctx, campaign)?;
            let rows = store::list(conn, campaign.id, &roots(ctx))?;
            let helpers: HashMap<UnitId, String> =
                bihuan_store::unit::names(conn, rows.iter().map(|(help, _)| help.helper_unit_id))?;
            let mut lines = Vec::new();
            for (help, unit) in rows {
                let above = unit.path.parent().unwrap_or_else(|| unit.path.clone());
                lines.push(HelpLine {
                    before: parse(&help.baseline, "a baseline")?,
                    now: self.baseline(conn, ctx, &help, &unit)?,
                    helper: helpers.get(&help.helper_unit_id).cloned().unwrap_or_default(),
                    may: domain::may_set(&ctx.actor, &above, "结束帮扶").is_ok(),
                    help,
                    unit,
                });
            }
            Ok(lines)
        })
    }

    fn baseline(&self, conn: &mut Conn, ctx: &Context, help: &Help, unit: &Unit) -> Result<Baseline, Error> {
        let campaign = journal::by_id(conn, help.campaign_id.0)?.ok_or(Error::NotFound)?;
        let yellow = self.rules(&campaign)?.yellow_days;
        let own = counts::of_unit(conn, unit.id, campaign.id, ctx.today(), yellow, None)?;
        let found = bihuan_store::look_back::reliability(conn, campaign.id, &unit.path)?;
        Ok(Baseline {
            open: own.open(),
            late: own.late,
            red: own.colour(Colour::Red),
            closed: own.closed(),
            rebounds: found.values().map(|one| one.slipped_back + one.never_true).sum(),
        })
    }

    /// Puts a unit on the list with its helper.
    ///
    /// # Errors
    /// `NotFound`, `Invalid`, `not_allowed`, `helped_already`, refusals of `Help::check`.
    pub fn set_help(&self, ctx: &Context, sent: HelpInput) -> Result<HelpId, Error> {
        let (app, ctx) = (self.clone(), ctx.clone());
        self.db.write(move |conn| {
            let campaign = input::number("campaign", "专项行动", &sent.campaign)?
                .ok_or_else(|| Error::invalid("campaign", "请选择“专项行动”。"))?;
            let campaign = campaign_for(conn, &ctx, CampaignId(campaign))?;
            let unit = input::number("unit", "被帮扶单位", &sent.unit)?
                .ok_or_else(|| Error::invalid("unit", "请填写“被帮扶单位”。"))?;
            let unit = readable_unit(conn, &ctx, UnitId(unit))?;
            let above = unit.path.parent().unwrap_or_else(|| unit.path.clone());
            domain::may_set(&ctx.actor, &above, "列为联系点")?;
            let helper = input::number("helper_unit", "帮扶单位", &sent.helper_unit)?
                .ok_or_else(|| Error::invalid("helper_unit", "请填写“帮扶单位”。"))?;
            let helper = context::unit(conn, UnitId(helper))?;
            let running = store::list(conn, campaign.id, &roots(&ctx))?;
            if running.iter().any(|(help, of)| of.id == unit.id && help.state == HelpState::Running) {
                return Err(bihuan_domain::Refusal::of_field(
                    "unit",
                    "helped_already",
                    format!("“{}”已经在帮扶名单中。", unit.name),
                    "请先结束原来的帮扶，或者在原来的帮扶中继续。",
                )
                .into());
            }
            let mut help = Help {
                id: HelpId(0),
                campaign_id: campaign.id,
                unit_id: unit.id,
                reason: sent.reason.clone(),
                helper_unit_id: helper.id,
                helper_name: sent.helper_name.clone(),
                plan: sent.plan.clone(),
                starts_day: ctx.today(),
                ends_day: input::required_day("ends_day", "结束日期", &sent.ends_day)?,
                baseline: String::new(),
                state: HelpState::Running,
                outcome: String::new(),
                ended_day: None,
                set_by: ctx.actor.person,
                version: 1,
            }
            .check()?;
            help.baseline = json(&app.baseline(conn, &ctx, &help, &unit)?)?;
            help.id = HelpId(journal::next_id(conn, "help", 1)?);
            let note = format!("{}列为联系点，由{}{}帮扶", unit.name, helper.name, help.helper_name);
            append(conn, &ctx, &unit, &help, ("help.set", note), vec![Write::insert(&help)])?;
            Ok(help.id)
        })
    }

    /// Ends help with what came of it.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `not_allowed`, refusals of `Help::end`.
    pub fn end_help(&self, ctx: &Context, id: HelpId, version: i64, outcome: &str) -> Result<(), Error> {
        let (ctx, outcome) = (ctx.clone(), outcome.to_owned());
        self.db.write(move |conn| {
            let before: Help = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
            let unit = readable_unit(conn, &ctx, before.unit_id)?;
            let above = unit.path.parent().unwrap_or_else(|| unit.path.clone());
            domain::may_set(&ctx.actor, &above, "结束帮扶")?;
            if before.version != version {
                return Err(Error::stale());
            }
            let mut after = before.clone();
            after.end(&outcome, ctx.today())?;
            let note = format!("{}帮扶结束：{}", unit.name, after.outcome);
            let writes = Write::update(&before, &after).into_iter().collect();
            append(conn, &ctx, &unit, &after, ("help.ended", note), writes)
        })
    }
}

fn append(
    conn: &mut Conn,
    ctx: &Context,
    unit: &Unit,
    help: &Help,
    (action, note): (&str, String),
    writes: Vec<Write>,
) -> Result<(), Error> {
    let entry = NewEntry {
        action: action.to_owned(),
        subject_kind: "help",
        subject_id: help.id.0,
        unit: Some(help.unit_id),
        campaign: Some(help.campaign_id),
        note,
        writes,
        ..NewEntry::default()
    };
    journal::append(conn, &ctx.stamp(Some(unit)), vec![entry])?;
    Ok(())
}
