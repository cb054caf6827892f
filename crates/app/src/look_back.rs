//! Look-backs over many problems: the reverse check that was drawn, who owes it, and how reliable closures were (M23).

use crate::Error;
use crate::context::{App, Context, campaign_for, readable_unit};
use crate::draw::{json, roots};
use crate::input::{self, inputs};
use crate::inspection::{answers_of, stored_answers};
use crate::problem::{Ask, Done};
use bihuan_domain::campaign::Campaign;
use bihuan_domain::draw::DrawPurpose;
use bihuan_domain::id::{CampaignId, DrawId, LookBackId, PersonId, UnitId};
use bihuan_domain::inspection::Answer;
use bihuan_domain::look_back::{LookBackDuty, LookBackResult, Reliability};
use bihuan_domain::problem as domain;
use bihuan_domain::template::{Checklist, SamplingRule};
use bihuan_domain::unit::{Level, Unit};
use bihuan_store::journal::{self, Write};
pub use bihuan_store::look_back::LOOK_BACK_ROWS;
use bihuan_store::look_back::{self as store, Filter, Line};
use std::collections::HashMap;

inputs! {
    /// What a drawn look-back found. An answer is `point=value` or `point=value=note`.
    FileLookBackInput { result: one "回头看结果", note: one "回头看情况", answers: many "检查清单" }
}

/// Which look-backs a page shows.
#[derive(Clone, Debug, Default)]
pub struct LookBackQuery {
    /// Only of this draw.
    pub draw: Option<DrawId>,
    /// Only the reader's own.
    pub own: bool,
    /// Only with these results.
    pub results: Vec<LookBackResult>,
    /// Only of this unit's subtree.
    pub unit: Option<UnitId>,
    /// Only of problems counted at units of this level.
    pub level: Option<Level>,
    /// Page, from 1; 0 is 1.
    pub page: i64,
}

/// One unit's closures, looked at again.
#[derive(Clone, Debug)]
pub struct ReliabilityLine {
    /// The unit.
    pub unit: Unit,
    /// The unit itself, without those below it 本级.
    pub own: bool,
    /// What look-backs found.
    pub reliability: Reliability,
}

/// Look-backs of a campaign.
#[derive(Clone, Debug)]
pub struct LookBacksView {
    /// The campaign.
    pub campaign: Campaign,
    /// The unit looked from.
    pub unit: Unit,
    /// The template's rule.
    pub rule: SamplingRule,
    /// One page of look-backs, by day.
    pub lines: Vec<Line>,
    /// How many the filter leaves.
    pub total: i64,
    /// All units together.
    pub whole: Reliability,
    /// Unit by unit, in official order.
    pub units: Vec<ReliabilityLine>,
    /// Names of those who look.
    pub people: HashMap<PersonId, String>,
    /// Names of units.
    pub names: HashMap<UnitId, String>,
    /// Draws for the reverse check.
    pub draws: Vec<bihuan_domain::draw::Draw>,
}

/// One drawn look-back.
#[derive(Clone, Debug)]
pub struct LookBackView {
    /// The look-back with its problem.
    pub line: Line,
    /// The checklist.
    pub checklist: Option<Checklist>,
    /// What was answered.
    pub answers: Vec<Answer>,
    /// Who looks.
    pub person: String,
    /// The reader files it.
    pub may_file: bool,
    /// The reader finds the draw that named who looks.
    pub draw_seen: bool,
}

impl App {
    /// Look-backs of a campaign and what they say of each unit below `unit`.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn look_backs(
        &self,
        ctx: &Context,
        campaign: CampaignId,
        query: &LookBackQuery,
    ) -> Result<LookBacksView, Error> {
        self.db.read(|conn| {
            let campaign = campaign_for(conn, ctx, campaign)?;
            let unit = match query.unit {
                Some(unit) => readable_unit(conn, ctx, unit)?,
                None => {
                    let office = crate::context::unit(conn, campaign.office_unit_id)?;
                    crate::imbalance::standpoint(conn, ctx, &office)?
                }
            };
            let filter = Filter {
                campaign: campaign.id,
                draw: query.draw,
                person: query.own.then_some(ctx.actor.person),
                results: query.results.clone(),
                within: query.unit.map(|_| unit.path.clone()),
                level: query.level,
                offset: (query.page.max(1) - 1).saturating_mul(LOOK_BACK_ROWS),
            };
            let (lines, total) = store::list(conn, &filter, &roots(ctx))?;
            let found = store::reliability(conn, campaign.id, &unit.path)?;
            let mut whole = Reliability::default();
            for one in found.values() {
                whole.holds += one.holds;
                whole.slipped_back += one.slipped_back;
                whole.never_true += one.never_true;
                whole.pending += one.pending;
            }
            let ids = found.keys().filter_map(|path| path.units().last().copied());
            let mut units: Vec<ReliabilityLine> = bihuan_store::unit::by_ids(conn, ids)?
                .into_iter()
                .filter_map(|one| {
                    let reliability = *found.get(&one.path)?;
                    Some(ReliabilityLine { own: one.id == unit.id, unit: one, reliability })
                })
                .collect();
            units.sort_by_key(|line| (!line.own, line.unit.official_order, line.unit.id));
            let people: Vec<PersonId> = lines
                .iter()
                .flat_map(|line| [line.duty.as_ref().map(|duty| duty.person_id), line.look_back.done_by])
                .flatten()
                .collect();
            let people = bihuan_store::problem::units::person_names(conn, &people)?.into_iter().collect();
            let names = bihuan_store::unit::names(conn, lines.iter().map(|line| line.problem.home_unit_id))?;
            let draws = bihuan_store::draw::list(conn, campaign.id, &roots(ctx))?;
            let draws = draws.into_iter().map(|(draw, _)| draw);
            let rule = self.sampling(&campaign)?;
            Ok(LookBacksView {
                draws: draws.filter(|draw| draw.purpose == DrawPurpose::LookBacks).collect(),
                rule,
                campaign,
                unit,
                lines,
                total,
                whole,
                units,
                people,
                names,
            })
        })
    }

    /// The sampling rule of a campaign's template.
    ///
    /// # Errors
    /// A fault when the stored template no longer parses.
    pub fn sampling(&self, campaign: &Campaign) -> Result<SamplingRule, Error> {
        if campaign.template_text.is_empty() {
            return Ok(SamplingRule::default());
        }
        Ok(self.template(campaign)?.sampling.clone())
    }

    /// One look-back with its checklist.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn look_back(&self, ctx: &Context, id: LookBackId) -> Result<LookBackView, Error> {
        self.db.read(|conn| {
            let look_back: bihuan_domain::look_back::LookBack =
                journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
            let (case, campaign) = crate::problem::visible_case(conn, ctx, look_back.problem_id)?;
            let duty: Option<LookBackDuty> = journal::by_id(conn, id.0)?;
            let code = duty.as_ref().map(|duty| duty.checklist.clone()).unwrap_or_default();
            let checklist = self.checklists(&campaign)?.into_iter().find(|list| list.code == code);
            let answers = stored_answers(duty.as_ref().map_or("", |duty| duty.answers.as_str()))?;
            let who = duty.as_ref().map(|duty| duty.person_id).or(look_back.done_by);
            let names =
                bihuan_store::problem::units::person_names(conn, &who.into_iter().collect::<Vec<_>>())?;
            // The rules themselves are asked: who may file is theirs to say.
            let rules = self.rules(&campaign)?;
            let attempt = LookBackResult::SlippedBack;
            let may_file =
                domain::record_look_back(&mut case.clone(), &ctx.scene(&rules), id, attempt, "试填").is_ok();
            let draw_seen = match &duty {
                Some(duty) => crate::draw::is_seen(conn, ctx, duty.draw_id)?,
                None => false,
            };
            Ok(LookBackView {
                draw_seen,
                line: Line { look_back, problem: case.problem, duty },
                checklist,
                answers,
                person: names.into_iter().map(|(_, name)| name).next().unwrap_or_default(),
                may_file,
            })
        })
    }

    /// Files a look-back with its checklist. A drawn one is filed by whom it was drawn for.
    ///
    /// # Errors
    /// `NotFound`, `not_the_drawn_person`, `Invalid`, as `domain::record_look_back`.
    pub fn file_look_back(
        &self,
        ctx: &Context,
        id: LookBackId,
        sent: FileLookBackInput,
    ) -> Result<Done, Error> {
        let seen = self.look_back(ctx, id)?;
        let ask = Ask::new("file_look_back", None, &(id, &sent));
        let problem = seen.line.problem.id;
        self.step(ctx, problem, ask, move |case, scene, desk| {
            let duty: Option<LookBackDuty> = journal::by_id(desk.conn, id.0)?;
            let result = input::coded::<LookBackResult>("result", "回头看结果", &sent.result)?;
            let answers = answers_of(seen.checklist.as_ref(), &sent.answers)?;
            let step = domain::record_look_back(case, scene, id, result, &sent.note)?;
            if let Some(duty) = duty
                && !answers.is_empty()
            {
                let after =
                    LookBackDuty { answers: json(&answers)?, version: duty.version + 1, ..duty.clone() };
                desk.writes.extend(Write::update(&duty, &after));
            }
            Ok(step)
        })
    }
}
