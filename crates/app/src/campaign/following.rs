//! Taking over what an earlier campaign left open, batch by batch, with all its history (M01).

use super::steps::{append, desk, fresh};
use crate::context::{self, App, Context, campaign_for};
use crate::problem::entry_of;
use crate::{Error, task};
use bihuan_domain::campaign::{self as rules, Campaign, CampaignAction};
use bihuan_domain::id::CampaignId;
use bihuan_domain::problem::follow;
use bihuan_store::{Conn, campaign as store, journal, problem};
use serde::Serialize;
use serde_json::json;

/// Problems that one transaction takes over, so that others get their turn.
pub const TAKE_OVER_BATCH: i64 = 200;

/// What was taken over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TakeOver {
    /// Problems that moved.
    pub moved: i64,
    /// Tasks that moved.
    pub tasks: i64,
    /// Open problems that stay, because they lie outside what the follow-up covers.
    pub left: i64,
}

impl App {
    /// Moves the open problems and tasks of the campaign that `id` follows into it. They keep their rounds, measures,
    /// evidence and deadlines, and are counted in one campaign only. What broke off is taken up by calling again.
    ///
    /// # Errors
    /// `NotFound`, refusals of `campaign::may_take_over`.
    pub fn take_over_open(&self, ctx: &Context, id: CampaignId) -> Result<TakeOver, Error> {
        let mut all = TakeOver::default();
        loop {
            let (app, ctx) = (self.clone(), ctx.clone());
            let moved = self.db.write(move |conn| app.take_over_batch(conn, &ctx, id))?;
            all.moved += moved;
            if moved < TAKE_OVER_BATCH {
                break;
            }
        }
        let (app, who) = (self.clone(), ctx.clone());
        let so_far = all;
        self.db.write(move |conn| app.finish_take_over(conn, &who, id, so_far))
    }

    /// The two campaigns, if what is open may go from one to the other.
    fn following(
        &self,
        conn: &mut Conn,
        ctx: &Context,
        id: CampaignId,
    ) -> Result<(Campaign, Campaign), Error> {
        let (after, office) = fresh(conn, ctx, id, None)?;
        let earlier = match after.follows_id {
            Some(earlier) => campaign_for(conn, ctx, earlier)?,
            None => {
                let words = format!("“{}”没有写明承接哪项行动。", after.name);
                let hint = "承接哪项行动，在建立专项行动时选择。";
                return Err(bihuan_domain::Refusal::new("follows_nothing", words, hint).into());
            }
        };
        let earlier_office = context::unit(conn, earlier.office_unit_id)?;
        let used = store::used_by_open(conn, earlier.id)?;
        let template = match after.template_text.is_empty() {
            true => None,
            false => Some(self.template(&after)?),
        };
        let (both, old) = ((&after, &office), (&earlier, &earlier_office));
        rules::may_take_over(&desk(ctx), both, old, &used, template.as_deref())?;
        Ok((after, earlier))
    }

    fn take_over_batch(&self, conn: &mut Conn, ctx: &Context, id: CampaignId) -> Result<i64, Error> {
        let (after, earlier) = self.following(conn, ctx, id)?;
        let office = context::unit(conn, after.office_unit_id)?;
        let open = store::open_problems(conn, earlier.id, &rules::reach(&office), TAKE_OVER_BATCH)?;
        let mut number = problem::next_number(conn, id, open.len().max(1) as i64)?;
        let reason = format!("由“{}”承接“{}”", after.name, earlier.name);
        let mut entries = Vec::with_capacity(open.len());
        for one in &open {
            let Some(before) = problem::load_case(conn, *one)? else { continue };
            let mut case = before.clone();
            let step = follow(&mut case, id, number, &reason);
            number += 1;
            entries.push(entry_of(conn, Some(&before), &mut case, step)?);
        }
        if !entries.is_empty() {
            journal::append(conn, &ctx.stamp(Some(&office)), entries)?;
        }
        Ok(open.len() as i64)
    }

    /// Moves the tasks, counts what stays, and writes what was done into the campaign's history.
    fn finish_take_over(
        &self,
        conn: &mut Conn,
        ctx: &Context,
        id: CampaignId,
        so_far: TakeOver,
    ) -> Result<TakeOver, Error> {
        let (after, earlier) = self.following(conn, ctx, id)?;
        let office = context::unit(conn, after.office_unit_id)?;
        let template = match after.template_text.is_empty() {
            true => None,
            false => Some(self.template(&after)?),
        };
        let entries =
            task::take_over_tasks(conn, (&earlier, &after), &rules::reach(&office), template.as_deref())?;
        let left = store::open_work(conn, earlier.id, ctx.today())?.total();
        let done = TakeOver { tasks: entries.len() as i64, left, ..so_far };
        if !entries.is_empty() {
            journal::append(conn, &ctx.stamp(Some(&office)), entries)?;
        }
        let note = format!("承接“{}”未销号问题{}件、任务{}项", earlier.name, done.moved, done.tasks);
        let said =
            (note, json!({ "earlier": earlier.id, "moved": done.moved, "tasks": done.tasks, "left": left }));
        append(conn, ctx, &office, CampaignAction::TookOver, (Some(&after), after.clone()), said)?;
        Ok(done)
    }
}
