//! Decisions of a meeting: owner and day on the spot, and what became of them.

use super::{append, stepped, touched, unit_of};
use crate::Error;
use crate::context::{self, App, Context};
use crate::input::{self, inputs};
use bihuan_domain::Coded;
use bihuan_domain::Refusal;
use bihuan_domain::dispatch::{self as domain, Decision, DecisionState, Dispatch, DispatchSeries};
use bihuan_domain::id::{DecisionId, DispatchId, DispatchItemId, UnitId};
use bihuan_domain::refusal::{limit_text, require_text};
use bihuan_domain::unit::Unit;
use bihuan_store::dispatch as store;
use bihuan_store::journal::{self, NewEntry, Write};

inputs! {
    /// What was decided.
    DecisionInput {
        item: one "议题",
        text: one "议定事项",
        owner_unit: one "责任单位",
        owner_name: one "责任人",
        due_day: one "完成日期",
    }
    /// What became of a decision.
    EndDecisionInput { state: one "办理情况", outcome: one "办理结果" }
}

/// A decision that a unit owes.
#[derive(Clone, Debug)]
pub struct Owed {
    /// The decision.
    pub decision: Decision,
    /// The owner's name.
    pub unit_name: String,
}

impl App {
    /// Writes a decision down: it is a task of its owner from now on.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `Invalid`, `not_allowed`, `dispatch_closed`, `owner_outside`, `too_many_decisions`.
    pub fn decide_at_meeting(
        &self,
        ctx: &Context,
        id: DispatchId,
        version: i64,
        sent: DecisionInput,
    ) -> Result<DecisionId, Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let seen = stepped(conn, &ctx, id, version, "记录议定事项")?;
            if seen.decisions.len() >= domain::DECISIONS_MAX {
                let words = format!("一次会议最多{}件议定事项。", domain::DECISIONS_MAX);
                return Err(Refusal::new("too_many_decisions", words, "请合并相近的事项。").into());
            }
            let owner = unit_of(conn, "owner_unit", "责任单位", &sent.owner_unit)?;
            if !owner.path.is_within(&seen.unit.path) || !owner.is_open_on(ctx.today()) {
                return Err(Refusal::of_field(
                    "owner_unit",
                    "owner_outside",
                    format!("“{}”不在{}之下，或者已撤销。", owner.name, seen.unit.name),
                    "请选择召开单位管辖范围内的单位。",
                )
                .into());
            }
            let item = input::number("item", "议题", &sent.item)?.map(DispatchItemId);
            if item.is_some_and(|item| !seen.items.iter().any(|have| have.id == item)) {
                return Err(Error::invalid("item", "请从本次会议的议题中选择。"));
            }
            let due_day = input::required_day("due_day", "完成日期", &sent.due_day)?;
            seen.dispatch.check_due(due_day)?;
            let decision = Decision {
                id: DecisionId(journal::next_id(conn, "dispatch_decision", 1)?),
                dispatch_id: id,
                item_id: item,
                text: require_text("text", "议定事项", &sent.text, domain::TEXT_CHARS_MAX)?,
                owner_unit_id: owner.id,
                owner_name: limit_text("owner_name", "责任人", &sent.owner_name, domain::NAME_CHARS_MAX)?,
                due_day,
                state: DecisionState::Open,
                outcome: String::new(),
                done_day: None,
                task_id: None,
                decided_by: ctx.actor.person,
                version: 1,
            };
            let mut writes = touched(&seen.dispatch);
            writes.push(Write::insert(&decision));
            let note = format!("议定：{}（{}，{}前）", decision.text, owner.name, due_day.in_chinese());
            append(conn, &ctx, (&seen.series, &seen.unit), id, ("dispatch.decided", note), writes)?;
            Ok(decision.id)
        })
    }

    /// Says what became of a decision: its owner, or whoever runs the meeting.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `Invalid`, `not_allowed`, `decision_ended`, text limits.
    pub fn end_decision(
        &self,
        ctx: &Context,
        id: DecisionId,
        version: i64,
        sent: EndDecisionInput,
    ) -> Result<DispatchId, Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let before: Decision = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
            let dispatch: Dispatch = journal::by_id(conn, before.dispatch_id.0)?.ok_or(Error::NotFound)?;
            let series: DispatchSeries =
                journal::by_id(conn, dispatch.series_id.0)?.ok_or(Error::NotFound)?;
            let holder = context::unit(conn, series.unit_id)?;
            let owner = context::unit(conn, before.owner_unit_id)?;
            if !ctx.actor.may_read(&owner.path) && !ctx.actor.may_read(&holder.path) {
                return Err(Error::NotFound);
            }
            if before.version != version {
                return Err(Error::stale());
            }
            let state = input::coded::<DecisionState>("state", "办理情况", &sent.state)?;
            match state {
                DecisionState::Open => {
                    return Err(Error::invalid("state", "请选择“办理情况”：已办结，或者不再办理。"));
                }
                DecisionState::Done => domain::may_answer(&ctx.actor, &owner.path, "办结议定事项")?,
                // What the meeting decided only those who run it give up.
                DecisionState::Dropped => domain::may_run(&ctx.actor, &holder.path, "不再办理议定事项")?,
            }
            let mut after = before.clone();
            after.end(state, &sent.outcome, ctx.today())?;
            let entry = ended(&series, &owner, &after, Write::update(&before, &after).into_iter().collect());
            journal::append(conn, &ctx.stamp(Some(&owner)), vec![entry])?;
            Ok(dispatch.id)
        })
    }

    /// Open decisions that units under the actor's own hand owe, by day.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn decisions_owed(&self, ctx: &Context) -> Result<Vec<Owed>, Error> {
        self.db.read(|conn| {
            let roots: Vec<_> = ctx.actor.posts.iter().map(|post| post.path.clone()).collect();
            let decisions = store::decisions_owed(conn, &roots)?;
            let names = bihuan_store::unit::names(conn, decisions.iter().map(|d| d.owner_unit_id))?;
            let name = |id: UnitId| names.get(&id).cloned().unwrap_or_default();
            Ok(decisions
                .into_iter()
                .map(|d| Owed { unit_name: name(d.owner_unit_id), decision: d })
                .collect())
        })
    }
}

fn ended(series: &DispatchSeries, owner: &Unit, decision: &Decision, writes: Vec<Write>) -> NewEntry {
    NewEntry {
        action: "dispatch.decision_ended".to_owned(),
        subject_kind: "dispatch",
        subject_id: decision.dispatch_id.0,
        unit: Some(owner.id),
        campaign: Some(series.campaign_id),
        note: format!("{}：{}", decision.state.label(), decision.outcome),
        writes,
        ..NewEntry::default()
    }
}
