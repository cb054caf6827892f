//! Intake: registering by form or API with warnings, the two screening steps, handing in again, and looking
//! elsewhere for the same 举一反三.

use super::{Ask, Done, register_draft};
use crate::context::{App, Context, campaign_for, readable_unit};
use crate::input::{self, inputs};
use crate::{Error, likeness};
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::{CampaignId, ProblemId, UnitId};
use bihuan_domain::problem::{self as domain, Draft, ImportedState, Screening};
use bihuan_domain::template::Template;
use bihuan_store::{Conn, journal};
use bihuan_text::Span;
use bihuan_text::vagueness::{Code, Warning};

inputs! {
    /// What a person says of a new problem.
    RegisterInput {
        campaign: one "专项行动",
        unit: one "登记单位",
        text: one "问题描述",
        place: one "地点",
        category: one "类别",
        strand: one "重点措施",
        source: one "问题来源",
        ground: one "依据",
        goal: one "整改目标",
        deadline: one "整改时限",
        due_day: one "截止日期",
        remark: one "备注",
        form_key: one "表单编号",
    }
    /// A screening step.
    ScreenInput { decision: one "审核意见", reason: one "理由" }
    /// The text written anew after a return.
    ResubmitInput { text: one "问题描述" }
    /// A check whether the same is found elsewhere.
    AlikeInput { units: one "核查单位", text: one "核查内容", deadline: one "核查时限" }
}

/// What the register form should tell its writer before it is final.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Warnings {
    /// What is vague, and how to say it better.
    pub vague: Vec<Warning>,
    /// Problems like it that the reader may see.
    pub alike: Vec<likeness::Alike>,
    /// How many more there are that the reader may not see.
    pub alike_hidden: usize,
}

impl Warnings {
    /// Nothing to warn of.
    pub fn is_empty(&self) -> bool {
        self.vague.is_empty() && self.alike.is_empty() && self.alike_hidden == 0
    }
}

impl App {
    /// What there is to say about a text before it is registered.
    ///
    /// # Errors
    /// `NotFound` for a campaign out of sight.
    pub fn warnings(
        &self,
        ctx: &Context,
        campaign: CampaignId,
        place: &str,
        text: &str,
    ) -> Result<Warnings, Error> {
        self.db.read(|conn| {
            let campaign = campaign_for(conn, ctx, campaign)?;
            let template = self.template_of(&campaign)?;
            warnings_in(conn, ctx, (&campaign, template.as_deref()), None, place, text)
        })
    }

    /// The problem that this very form has registered already, so that a double click is not warned of itself.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn registered_by_form(&self, ctx: &Context, sent: &RegisterInput) -> Result<Option<Done>, Error> {
        if sent.form_key.is_empty() {
            return Ok(None);
        }
        let ask = Ask::new("register", None, sent);
        self.db.read(|conn| registered_before(conn, ctx, &ask))
    }

    /// Registers a problem by form or API.
    ///
    /// # Errors
    /// Refusals of the domain; `NotFound` for a campaign or unit out of sight.
    pub fn register(&self, ctx: &Context, sent: RegisterInput) -> Result<Done, Error> {
        let (app, ctx) = (self.clone(), ctx.clone());
        self.db.write(move |conn| {
            let ask = Ask::new("register", None, &sent);
            if !sent.form_key.is_empty()
                && let Some(done) = registered_before(conn, &ctx, &ask)?
            {
                return Ok(done);
            }
            let campaign = input::number("campaign", "专项行动", &sent.campaign)?
                .ok_or_else(|| Error::invalid("campaign", "请选择“专项行动”。"))?;
            let campaign = campaign_for(conn, &ctx, CampaignId(campaign))?;
            campaign.check_running()?;
            let unit = input::number("unit", "登记单位", &sent.unit)?
                .ok_or_else(|| Error::invalid("unit", "请选择“登记单位”。"))?;
            let unit = readable_unit(conn, &ctx, UnitId(unit))?;
            crate::context::require_within(conn, &campaign, &unit)?;
            let due_day = input::day("due_day", "截止日期", &sent.due_day)?;
            let rules = app.rules(&campaign)?;
            // A deadline that is not clear yet is kept as written; the assignment must make it clear.
            let deadline = match sent.deadline.trim() {
                "" => due_day.map(bihuan_domain::deadline::Deadline::on),
                text => {
                    let read = app.deadline(conn, &campaign, text, ctx.today())?;
                    Some(match due_day {
                        Some(day) => read.confirmed_on(day),
                        None => read,
                    })
                }
            };
            let draft = Draft {
                campaign_id: campaign.id,
                unit_id: unit.id,
                unit_path: unit.path,
                text: sent.text.clone(),
                place: sent.place.clone(),
                category: sent.category.trim().to_owned(),
                strand: sent.strand.trim().to_owned(),
                source: sent.source.trim().to_owned(),
                ground: sent.ground.clone(),
                goal: sent.goal.clone(),
                deadline,
                remark: sent.remark.clone(),
                ..Draft::default()
            };
            register_draft(conn, &ctx, &rules, draft, None, Some(&ask))
        })
    }

    /// One step of the screening; which one follows from the state.
    ///
    /// # Errors
    /// As `domain::screen`.
    pub fn screen(
        &self,
        ctx: &Context,
        id: ProblemId,
        version: Option<i64>,
        sent: ScreenInput,
    ) -> Result<Done, Error> {
        let ask = Ask::new("screen", version, &sent);
        self.step(ctx, id, ask, move |case, scene, _| {
            let decision = match sent.decision.trim() {
                "accept" => Screening::Accept,
                "return" => Screening::Return(sent.reason),
                "drop" => Screening::Drop(sent.reason),
                _ => return Err(Error::invalid("decision", "请选择“审核意见”：通过、退回补充或不予立项。")),
            };
            Ok(domain::screen(case, scene, decision)?)
        })
    }

    /// Hands a returned problem in again.
    ///
    /// # Errors
    /// As `domain::screen`.
    pub fn resubmit(
        &self,
        ctx: &Context,
        id: ProblemId,
        version: Option<i64>,
        sent: ResubmitInput,
    ) -> Result<Done, Error> {
        let ask = Ask::new("resubmit", version, &sent);
        self.step(ctx, id, ask, move |case, scene, _| {
            Ok(domain::screen(case, scene, Screening::Resubmit(sent.text))?)
        })
    }

    /// Has the same looked for at other units: one linked problem for each 举一反三.
    ///
    /// # Errors
    /// Refusals of the domain, `Invalid` units.
    pub fn check_elsewhere(
        &self,
        ctx: &Context,
        id: ProblemId,
        sent: AlikeInput,
    ) -> Result<Vec<Done>, Error> {
        let (app, ctx) = (self.clone(), ctx.clone());
        self.db.write(move |conn| {
            let (origin, campaign) = super::visible_case(conn, &ctx, id)?;
            let rules = app.rules(&campaign)?;
            campaign.check_running()?;
            let home = crate::context::root_of(conn, &campaign)?;
            let meant = super::meant_units(conn, &home, ctx.today(), "units", &sent.units)?;
            if meant.is_empty() {
                return Err(Error::invalid("units", "“核查单位”没有填写，请填写要核查的单位。"));
            }
            let mut all = Vec::new();
            for super::Meant { unit, .. } in meant {
                // A number may mean any unit; what lies outside is told as in the other forms.
                if !unit.path.is_within(&home.path) {
                    let sentence = format!("“{}”不在这个专项行动的范围之内。", unit.name);
                    return Err(Error::invalid("units", sentence));
                }
                if !ctx.actor.may_read(&unit.path) {
                    let sentence = format!("您不能给“{}”登记核查事项。", unit.name);
                    return Err(Error::invalid("units", sentence));
                }
                let mut ask = Ask::new("check_elsewhere", None, &(id, unit.id, &sent));
                ask.version = None;
                if let Some(done) = registered_before(conn, &ctx, &ask)? {
                    all.push(done);
                    continue;
                }
                let text = sent.deadline.trim();
                let deadline = if text.is_empty() {
                    None
                } else {
                    Some(app.deadline(conn, &campaign, text, ctx.today())?)
                };
                let problem = &origin.problem;
                let draft = Draft {
                    campaign_id: campaign.id,
                    unit_id: unit.id,
                    unit_path: unit.path,
                    text: sent.text.clone(),
                    category: problem.category.clone(),
                    strand: problem.strand.clone(),
                    source: problem.source.clone(),
                    ground: format!("举一反三：{}", problem.citation()),
                    goal: problem.goal.clone(),
                    split_from_id: Some(problem.id),
                    deadline,
                    ..Draft::default()
                };
                all.push(register_draft(conn, &ctx, &rules, draft, None::<ImportedState>, Some(&ask))?);
            }
            Ok(all)
        })
    }
}

/// The problem an identical request registered before.
fn registered_before(conn: &mut Conn, ctx: &Context, ask: &Ask) -> Result<Option<Done>, Error> {
    let since = ctx.at.plus_seconds(-super::SENT_AGAIN_SECONDS);
    let found = journal::entry_of_request(conn, ("problem", 0), ctx.actor.person, &ask.digest, since)?;
    let Some((seq, id)) = found else { return Ok(None) };
    Ok(journal::by_id(conn, id)?.map(|problem| Done { problem, seq }))
}

/// What there is to say about a text; `own` is the problem it belongs to, where there is one already.
pub(super) fn warnings_in(
    conn: &mut Conn,
    ctx: &Context,
    (campaign, template): (&Campaign, Option<&Template>),
    own: Option<ProblemId>,
    place: &str,
    text: &str,
) -> Result<Warnings, Error> {
    if text.trim().is_empty() {
        return Ok(Warnings::default());
    }
    let mut vague = bihuan_text::vagueness(&format!("{}{}", place.trim(), text.trim()));
    vague.extend(words_of_campaign(template, text));
    let (alike, alike_hidden) = likeness::near_duplicates(conn, ctx, campaign.id, own, text)?;
    Ok(Warnings { vague, alike, alike_hidden })
}

/// Wording that this campaign's template points out, beside the common list.
fn words_of_campaign(template: Option<&Template>, text: &str) -> Vec<Warning> {
    let words = template.map(|template| template.vagueness.words.as_slice()).unwrap_or_default();
    let found = words.iter().filter_map(|word| text.find(word.as_str()).map(|at| (word, at)));
    found
        .map(|(word, at)| {
            let start = text[..at].chars().count();
            Warning {
                code: Code::SetPhrase,
                span: Span { start, end: start + word.chars().count() },
                reason: format!("“{word}”是本次行动提醒慎用的笼统说法"),
                suggestion: "换成看得见、数得清的事实".to_owned(),
            }
        })
        .collect()
}
