//! Decisions of a meeting: tasks with owner and day from the moment they are made.

use super::{MeetingView, append_with, stepped, touched, unit_of};
use crate::Error;
use crate::context::{App, Context};
use crate::input::{self, inputs};
use crate::task::{Decided, set_at_meeting};
use bihuan_domain::Refusal;
use bihuan_domain::dispatch::{self as domain, Decision, DecisionState};
use bihuan_domain::id::{DecisionId, DispatchId, DispatchItemId, UnitId};
use bihuan_domain::refusal::{limit_text, require_text};
use bihuan_store::dispatch as store;
use bihuan_store::journal::{self, Write};

inputs! {
    /// What was decided.
    DecisionInput {
        item: one "议题",
        text: one "议定事项",
        owner_unit: one "责任单位",
        owner_name: one "责任人",
        due_day: one "完成日期",
    }
}

/// A decision that a unit owes.
#[derive(Clone, Debug)]
pub struct Owed {
    /// The decision.
    pub decision: Decision,
    /// The name of the unit that owes it now.
    pub unit_name: String,
}

impl MeetingView {
    /// The unit that does now what another was charged with: its successor after a merger.
    pub fn successor(&self, decision: &Decision) -> Option<&str> {
        let task = self.tasks.get(&decision.task_id?)?;
        let moved = task.unit_id != decision.owner_unit_id;
        self.names.get(&task.unit_id).map(String::as_str).filter(|_| moved)
    }
}

impl App {
    /// Writes a decision down: in the same step it becomes a task of its owner, and what becomes of the task is what
    /// becomes of it.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `Invalid`, `not_allowed`, `dispatch_closed`, `owner_outside`, `too_many_decisions`,
    /// refusals of `task::create_at_meeting`.
    pub fn decide_at_meeting(
        &self,
        ctx: &Context,
        id: DispatchId,
        version: i64,
        sent: DecisionInput,
    ) -> Result<DecisionId, Error> {
        let (app, ctx) = (self.clone(), ctx.clone());
        self.db.write(move |conn| {
            let seen = stepped(conn, &ctx, id, version, "记录议定事项")?;
            seen.campaign.check_running()?;
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
            let text = require_text("text", "议定事项", &sent.text, domain::TEXT_CHARS_MAX)?;
            let owner_name = limit_text("owner_name", "责任人", &sent.owner_name, domain::NAME_CHARS_MAX)?;
            let template = match seen.campaign.template_text.as_str() {
                "" => None,
                _ => Some(app.template(&seen.campaign)?),
            };
            let decided = Decided {
                campaign: seen.campaign.id,
                template: template.as_deref(),
                unit: &owner,
                order: &seen.unit,
                text: &text,
                meeting: format!("“{}”第{}次会议", seen.series.name, seen.dispatch.number),
                owner: &owner_name,
                starts_day: seen.dispatch.held_day.min(ctx.today()),
                due_day,
            };
            let (task, task_entry) = set_at_meeting(conn, &ctx, &decided)?;
            let decision = Decision {
                id: DecisionId(journal::next_id(conn, "dispatch_decision", 1)?),
                dispatch_id: id,
                item_id: item,
                text,
                owner_unit_id: owner.id,
                owner_name,
                due_day,
                state: DecisionState::Open,
                outcome: String::new(),
                done_day: None,
                task_id: Some(task.id),
                decided_by: ctx.actor.person,
                version: 1,
            };
            let mut writes = touched(&seen.dispatch);
            writes.push(Write::insert(&decision));
            let note = format!(
                "议定：{}（{}，{}前，{}）",
                decision.text,
                owner.name,
                due_day.in_chinese(),
                task.citation()
            );
            let said = ("dispatch.decided", note);
            append_with(conn, &ctx, (&seen.series, &seen.unit), id, said, writes, vec![task_entry])?;
            Ok(decision.id)
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
            let names = bihuan_store::unit::names(conn, decisions.iter().map(|(_, unit)| *unit))?;
            let name = |id: UnitId| names.get(&id).cloned().unwrap_or_default();
            let owed = |(decision, unit)| Owed { unit_name: name(unit), decision };
            Ok(decisions.into_iter().map(owed).collect())
        })
    }
}
