//! Excuses 免做: asked for by the unit, decided by somebody above it.

use super::seen_action;
use crate::Error;
use crate::context::{App, Context, readable_unit};
use crate::input::{self, inputs};
use bihuan_domain::id::{ExcuseId, RequiredActionId, UnitId};
use bihuan_domain::refusal::{limit_text, require_text};
use bihuan_domain::required_action::{EXCUSE_CHARS_MAX, ExcuseState, SubjectKind};
use bihuan_domain::role::Role;
use bihuan_domain::unit::Unit;
use bihuan_domain::{Coded, Refusal};
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::required_action::{self as store, Excuse, Key};
use bihuan_store::{Conn, unit as units};

inputs! {
    /// An excuse as asked for: `period` is the last day of the period.
    ExcuseInput {
        unit: one "单位",
        subject: one "岗位或个人",
        period: one "周期",
        reason: one "理由",
    }
}

/// An excuse with the names it shows.
#[derive(Clone, Debug)]
pub struct ExcuseLine {
    /// The excuse.
    pub excuse: Excuse,
    /// Name of the unit.
    pub unit_name: String,
    /// The reader may decide.
    pub may_decide: bool,
}

/// The actor stands above the unit: holds office or leads at a unit strictly above it.
pub(crate) fn may_decide(ctx: &Context, unit: &Unit) -> bool {
    unit.path.parent().is_some_and(|above| ctx.actor.holds_any(&[Role::Office, Role::Leader], &above))
}

fn entry(
    action: &str,
    excuse: &Excuse,
    campaign: bihuan_domain::id::CampaignId,
    note: String,
    write: Option<Write>,
) -> NewEntry {
    NewEntry {
        action: action.to_owned(),
        subject_kind: "required_action",
        subject_id: excuse.rule_id.0,
        unit: Some(excuse.unit_id),
        campaign: Some(campaign),
        note,
        writes: write.into_iter().collect(),
        ..NewEntry::default()
    }
}

impl App {
    /// Asks for an excuse from a rule in one period.
    ///
    /// # Errors
    /// `NotFound`, `not_allowed`, `Invalid`, `excuse_asked_already`, text limits.
    pub fn ask_excuse(
        &self,
        ctx: &Context,
        id: RequiredActionId,
        sent: ExcuseInput,
    ) -> Result<ExcuseId, Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let (row, action, _) = seen_action(conn, &ctx, id)?;
            let unit = input::number("unit", "单位", &sent.unit)?
                .ok_or_else(|| Error::invalid("unit", "请选择“单位”。"))?;
            let unit = readable_unit(conn, &ctx, UnitId(unit))?;
            if !crate::activity::may_record(&ctx, &unit) {
                return Err(Refusal::not_allowed("申请免做", "该单位的填报员或工作专班身份").into());
            }
            let day = input::required_day("period", "周期", &sent.period)?;
            let Some((period, version)) = action.period_ending(day) else {
                return Err(Error::invalid(
                    "period",
                    "这项规定动作没有这个周期，请从矩阵中打开单元格再申请。",
                ));
            };
            let reason = require_text("reason", "理由", &sent.reason, EXCUSE_CHARS_MAX)?;
            let kind = version.rule.subject.table();
            let subject_id = match kind {
                SubjectKind::Unit => unit.id.0,
                _ => subject_of(conn, &unit, kind, &sent.subject, period.last)?,
            };
            let key = Key { subject_kind: kind, subject_id, rule_id: id, period_day: period.last };
            let live = |excuse: &Excuse| matches!(excuse.state, ExcuseState::Asked | ExcuseState::Approved);
            if store::excuses_at(conn, &key)?.iter().any(live) {
                let sentence = "这个周期已经申请过免做。";
                return Err(Refusal::new("excuse_asked_already", sentence, "请等待上级答复。").into());
            }
            let excuse = Excuse {
                id: ExcuseId(journal::next_id(conn, "action_excuse", 1)?),
                rule_id: id,
                subject_kind: kind,
                subject_id,
                period_day: period.last,
                unit_id: unit.id,
                reason: reason.clone(),
                state: ExcuseState::Asked,
                asked_by: ctx.actor.person,
                asked_at: ctx.at,
                decided_by: None,
                decided_at: None,
                decision_reason: String::new(),
                version: 1,
            };
            let note = format!("“{}”申请{}免做：{reason}", unit.name, period.label(version.rule.cadence));
            let entry =
                entry("action.excuse_asked", &excuse, row.campaign_id, note, Some(Write::insert(&excuse)));
            journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry])?;
            Ok(excuse.id)
        })
    }

    /// Approves, refuses or later revokes an excuse.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `not_allowed`, `own_excuse`, `excuse_decided`, text limits.
    pub fn decide_excuse(
        &self,
        ctx: &Context,
        id: ExcuseId,
        version: Option<i64>,
        decision: &str,
        reason: &str,
    ) -> Result<Excuse, Error> {
        let (ctx, decision, reason) = (ctx.clone(), decision.to_owned(), reason.to_owned());
        self.db.write(move |conn| {
            let before: Excuse = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
            let unit = readable_unit(conn, &ctx, before.unit_id)?;
            let (row, ..) = seen_action(conn, &ctx, before.rule_id)?;
            if !may_decide(&ctx, &unit) {
                return Err(Refusal::not_allowed("批准免做", "上级单位的工作专班或领导身份").into());
            }
            if before.asked_by == ctx.actor.person {
                let hint = "请由上级单位的另一位同志批准。";
                return Err(Refusal::new("own_excuse", "不能批准自己提出的免做申请。", hint).into());
            }
            if version.is_some_and(|version| version != before.version) {
                return Err(Error::stale());
            }
            let state: ExcuseState = input::coded("decision", "答复", &decision)?;
            let allowed = match before.state {
                ExcuseState::Asked => matches!(state, ExcuseState::Approved | ExcuseState::Refused),
                ExcuseState::Approved => state == ExcuseState::Revoked,
                _ => false,
            };
            if !allowed {
                let sentence = format!("这份申请{}，不能再这样答复。", before.state.label());
                return Err(
                    Refusal::of_field("decision", "excuse_decided", sentence, "需要时请重新申请。").into()
                );
            }
            let reason = match state {
                ExcuseState::Approved => limit_text("reason", "答复意见", &reason, EXCUSE_CHARS_MAX)?,
                _ => require_text("reason", "答复意见", &reason, EXCUSE_CHARS_MAX)?,
            };
            let after = Excuse {
                state,
                decided_by: Some(ctx.actor.person),
                decided_at: Some(ctx.at),
                decision_reason: reason,
                version: before.version + 1,
                ..before.clone()
            };
            let note = format!("“{}”的免做申请{}", unit.name, state.label());
            let entry =
                entry("action.excuse_decided", &after, row.campaign_id, note, Write::update(&before, &after));
            journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry])?;
            Ok(after)
        })
    }

    /// The excuses of a rule within the actor's sight, newest first.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn excuses(&self, ctx: &Context, id: RequiredActionId) -> Result<Vec<ExcuseLine>, Error> {
        self.db.read(|conn| {
            seen_action(conn, ctx, id)?;
            let all = store::excuses_of(conn, id, None)?;
            let found = units::by_ids(conn, all.iter().map(|excuse| excuse.unit_id))?;
            let line = |excuse: Excuse| {
                let unit = found.iter().find(|unit| unit.id == excuse.unit_id)?;
                ctx.actor.may_read(&unit.path).then(|| ExcuseLine {
                    unit_name: unit.name.clone(),
                    may_decide: may_decide(ctx, unit) && excuse.asked_by != ctx.actor.person,
                    excuse,
                })
            };
            Ok(all.into_iter().filter_map(line).collect())
        })
    }
}

/// The post or person that owes it, which must belong to the unit.
fn subject_of(
    conn: &mut Conn,
    unit: &Unit,
    kind: SubjectKind,
    written: &str,
    day: bihuan_domain::Day,
) -> Result<i64, Error> {
    let wrong = || Error::invalid("subject", "请选择本单位的岗位或人员。");
    let id = input::number("subject", "岗位或个人", written)?.ok_or_else(wrong)?;
    let posts = bihuan_store::person::posts_on(conn, unit.id, day)?;
    let belongs = match kind {
        SubjectKind::Post => posts.iter().any(|post| post.post.id.0 == id),
        _ => posts.iter().flat_map(|post| &post.holders).any(|holder| holder.tenure.person_id.0 == id),
    };
    if belongs { Ok(id) } else { Err(wrong()) }
}
