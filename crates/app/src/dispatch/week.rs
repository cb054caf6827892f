//! Weekly plans of units 一周一计划, and two days laid side by side.

use super::unit_of;
use crate::Error;
use crate::context::{App, Context, campaign_for};
use crate::draw::roots;
use crate::input::{self, inputs};
use crate::ledger::LedgerQuery;
use crate::overview::Figure;
use bihuan_domain::Day;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::dispatch::{self as domain, WeekPlan, monday_of};
use bihuan_domain::id::{CampaignId, UnitId, WeekPlanId};
use bihuan_domain::refusal::{limit_text, require_text};
use bihuan_domain::unit::Unit;
use bihuan_store::dispatch as store;
use bihuan_store::journal::{self, NewEntry, Write};

/// Weeks before and after today for which a plan may be filed.
pub const WEEKS_AROUND: i32 = 8;

inputs! {
    /// A unit's week.
    WeekInput {
        campaign: one "专项行动",
        unit: one "单位",
        monday: one "周一日期",
        content: one "本周计划",
        review: one "完成情况",
    }
}

/// Plans of a week.
#[derive(Clone, Debug)]
pub struct WeekView {
    /// The campaign.
    pub campaign: Campaign,
    /// First day of the week.
    pub monday: Day,
    /// Plans, by unit.
    pub plans: Vec<(WeekPlan, Unit)>,
}

/// One unit on two days.
#[derive(Clone, Debug)]
pub struct MovedLine {
    /// Its name.
    pub name: String,
    /// The unit.
    pub unit: UnitId,
    /// Each figure on both days; `None` where the unit was not there on that day.
    pub figures: Vec<(Option<Figure>, Option<Figure>)>,
}

impl MovedLine {
    /// Anything that is not the same on both days.
    pub fn moved(&self) -> bool {
        self.figures
            .iter()
            .any(|(before, after)| before.as_ref().map(|f| f.value) != after.as_ref().map(|f| f.value))
    }
}

/// Two days side by side, the unit itself first.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The unit.
    pub unit: UnitId,
    /// Its name.
    pub unit_name: String,
    /// The first day.
    pub before: Day,
    /// The second day.
    pub after: Day,
    /// What stands in each column.
    pub heads: Vec<String>,
    /// The unit, then its children.
    pub lines: Vec<MovedLine>,
}

impl App {
    /// Plans of the week of a day, as far as the reader reads the units.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn week_plans(&self, ctx: &Context, campaign: CampaignId, day: Day) -> Result<WeekView, Error> {
        self.db.read(|conn| {
            let campaign = campaign_for(conn, ctx, campaign)?;
            let monday = monday_of(day);
            let plans = store::week_plans(conn, campaign.id, monday, &roots(ctx))?;
            Ok(WeekView { campaign, monday, plans })
        })
    }

    /// Files a unit's plan for a week, or what became of it; a plan filed before is changed.
    ///
    /// # Errors
    /// `NotFound`, `Invalid`, `not_allowed`, text limits.
    pub fn file_week_plan(&self, ctx: &Context, sent: WeekInput) -> Result<WeekPlanId, Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let campaign = input::number("campaign", "专项行动", &sent.campaign)?
                .ok_or_else(|| Error::invalid("campaign", "请选择“专项行动”。"))?;
            let campaign = campaign_for(conn, &ctx, CampaignId(campaign))?;
            let unit = unit_of(conn, "unit", "单位", &sent.unit)?;
            if !ctx.actor.may_read(&unit.path) {
                return Err(Error::NotFound);
            }
            domain::may_answer(&ctx.actor, &unit.path, "填报周计划")?;
            let day = input::day("monday", "周一日期", &sent.monday)?.unwrap_or(ctx.today());
            let monday = monday_of(day);
            if monday.minus(monday_of(ctx.today())).abs() > WEEKS_AROUND * 7 {
                return Err(Error::invalid("monday", format!("只能填报前后{WEEKS_AROUND}周之内的计划。")));
            }
            let content = require_text("content", "本周计划", &sent.content, domain::TEXT_CHARS_MAX)?;
            let review = limit_text("review", "完成情况", &sent.review, domain::TEXT_CHARS_MAX)?;
            let known = store::week_plan(conn, campaign.id, unit.id, monday)?;
            let (plan, write) = match &known {
                Some(before) => {
                    let after = WeekPlan {
                        content,
                        review,
                        filed_by: ctx.actor.person,
                        filed_at: ctx.at,
                        version: before.version + 1,
                        ..before.clone()
                    };
                    (after.clone(), Write::update(before, &after))
                }
                None => {
                    let new = WeekPlan {
                        id: WeekPlanId(journal::next_id(conn, "week_plan", 1)?),
                        campaign_id: campaign.id,
                        unit_id: unit.id,
                        monday,
                        content,
                        review,
                        filed_by: ctx.actor.person,
                        filed_at: ctx.at,
                        version: 1,
                    };
                    (new.clone(), Some(Write::insert(&new)))
                }
            };
            let entry = NewEntry {
                action: "week_plan.filed".to_owned(),
                subject_kind: "week_plan",
                subject_id: plan.id.0,
                unit: Some(unit.id),
                campaign: Some(campaign.id),
                note: format!("{}填报{}这一周的计划", unit.name, monday.in_chinese()),
                writes: write.into_iter().collect(),
                ..NewEntry::default()
            };
            journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry])?;
            Ok(plan.id)
        })
    }

    /// A unit and its children on two days, each with the tree and the records of that day.
    ///
    /// # Errors
    /// `NotFound`, `Invalid` when the days are in the wrong order or lie ahead.
    pub fn compare_days(
        &self,
        ctx: &Context,
        campaign: Option<CampaignId>,
        unit: Option<UnitId>,
        (before, after): (Day, Day),
    ) -> Result<Comparison, Error> {
        if before >= after || after > ctx.today() {
            return Err(Error::invalid("after", "第二个日期应在第一个日期之后，且不晚于今天。"));
        }
        let query = |day: Day| LedgerQuery {
            campaign,
            unit,
            as_of: (day < ctx.today()).then_some(day),
            ..LedgerQuery::default()
        };
        let first = self.overview(ctx, &query(before), None)?;
        let second = self.overview(ctx, &query(after), None)?;
        let heads = second.figures.iter().map(|figure| figure.label.clone()).collect();
        let own = |of: &[Figure]| of.iter().cloned().map(Some).collect::<Vec<_>>();
        let mut lines = vec![MovedLine {
            name: format!("{}（全部）", second.unit_name),
            unit: second.unit,
            figures: own(&first.figures).into_iter().zip(own(&second.figures)).collect(),
        }];
        let labels: Vec<&str> = second.figures.iter().map(|f| f.definition.code).collect();
        let pick = |figures: &[Figure]| -> Vec<Option<Figure>> {
            labels.iter().map(|code| figures.iter().find(|f| f.definition.code == *code).cloned()).collect()
        };
        let none = || labels.iter().map(|_| None).collect::<Vec<_>>();
        for child in &second.children {
            let was = first.children.iter().find(|one| one.unit == child.unit && one.own == child.own);
            let was = was.map_or_else(none, |one| pick(&one.figures));
            let name = if child.own { format!("{}（本级）", child.name) } else { child.name.clone() };
            lines.push(MovedLine {
                name,
                unit: child.unit,
                figures: was.into_iter().zip(pick(&child.figures)).collect(),
            });
        }
        for gone in first.children.iter().filter(|one| !second.children.iter().any(|c| c.unit == one.unit)) {
            lines.push(MovedLine {
                name: format!("{}（已撤并）", gone.name),
                unit: gone.unit,
                figures: pick(&gone.figures).into_iter().zip(none()).collect(),
            });
        }
        Ok(Comparison { unit: second.unit, unit_name: second.unit_name, before, after, heads, lines })
    }
}
