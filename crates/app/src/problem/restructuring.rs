//! Merge, split, transfer.

use super::{Ask, Done, ReasonInput, entry_of, register_draft};
use crate::Error;
use crate::context::{App, Context};
use crate::input::{self, inputs};
use bihuan_domain::Refusal;
use bihuan_domain::id::{ProblemId, UnitId};
use bihuan_domain::problem::{self as domain, Case, Draft, ImportedState, State};
use bihuan_domain::role::Role;
use bihuan_domain::unit::UnitPath;
use bihuan_store::problem as store;

inputs! {
    /// The problem that goes on.
    MergeInput { target: one "并入的问题编号", reason: one "合并理由" }
    /// The problems it becomes, one text each.
    SplitInput { parts: many "拆分后的问题", reason: one "拆分理由" }
}

/// Fewest and most problems one is split into.
pub const SPLIT_PARTS: std::ops::RangeInclusive<usize> = 2..=20;

impl App {
    /// Hands the problem over to a body outside.
    ///
    /// # Errors
    /// As `domain::transfer_out`.
    pub fn transfer_out(
        &self,
        ctx: &Context,
        id: ProblemId,
        version: Option<i64>,
        sent: ReasonInput,
    ) -> Result<Done, Error> {
        let ask = Ask::new("transfer_out", version, &sent);
        self.step(ctx, id, ask, move |case, scene, _| Ok(domain::transfer_out(case, scene, &sent.reason)?))
    }

    /// Merges this problem into another, which keeps every origin.
    ///
    /// # Errors
    /// As `domain::merge_into` and `domain::absorb`; `Invalid` number.
    pub fn merge_into(
        &self,
        ctx: &Context,
        id: ProblemId,
        version: Option<i64>,
        sent: MergeInput,
    ) -> Result<Done, Error> {
        let ask = Ask::new("merge_into", version, &sent);
        self.step(ctx, id, ask, move |case, scene, desk| {
            let text = sent.target.trim().trim_start_matches('第').trim_end_matches('号').to_owned();
            let number = input::number("target", "并入的问题编号", &text)?
                .ok_or_else(|| Error::invalid("target", "“并入的问题编号”没有填写。"))?;
            let unknown =
                || Error::invalid("target", format!("没有找到第{number}号问题，或者您没有查看权限。"));
            let target =
                store::id_of_number(desk.conn, case.problem.campaign_id, number)?.ok_or_else(unknown)?;
            let step = domain::merge_into(case, scene, target, &sent.reason)?;
            let (before, _) = super::visible_case(desk.conn, desk.ctx, target).map_err(|_| unknown())?;
            let mut after = before.clone();
            let absorbed = domain::absorb(&mut after, scene, case)?;
            desk.entries.push(entry_of(desk.conn, Some(&before), &mut after, absorbed)?);
            Ok(step)
        })
    }

    /// Splits this problem; the parts are registered with it as their origin. Answers with the problem that was
    /// split; its parts carry its number in `split_from_id`.
    ///
    /// # Errors
    /// As `domain::split_off` and `domain::register`; `split_needs_parts`.
    pub fn split_off(
        &self,
        ctx: &Context,
        id: ProblemId,
        version: Option<i64>,
        sent: SplitInput,
    ) -> Result<Done, Error> {
        let ask = Ask::new("split_off", version, &sent);
        self.step(ctx, id, ask, move |case, scene, desk| {
            // A form sends one box with a problem a line; a program sends a list.
            let parts: Vec<String> = sent
                .parts
                .iter()
                .flat_map(|part| part.lines())
                .map(|line| line.trim().to_owned())
                .filter(|line| !line.is_empty())
                .collect();
            if !SPLIT_PARTS.contains(&parts.len()) {
                return Err(Refusal::of_field(
                    "parts",
                    "split_needs_parts",
                    format!(
                        "拆分后的问题应为{}至{}个，现在有{}个。",
                        SPLIT_PARTS.start(),
                        SPLIT_PARTS.end(),
                        parts.len()
                    ),
                    "请每行填写一个问题。",
                )
                .into());
            }
            let accepted =
                !matches!(case.problem.state, State::Registered | State::Screened | State::Returned);
            let state = if accepted { ImportedState::Accepted } else { ImportedState::Screen };
            let (unit, path) = part_home(case, scene.actor);
            let step = domain::split_off(case, scene, &sent.reason)?;
            for text in parts {
                let draft = part_of(case, unit, path.clone(), text);
                register_draft(desk.conn, desk.ctx, scene.rules, draft, Some(state), None)?;
            }
            Ok(step)
        })
    }
}

/// The registering unit keeps its part where the actor may register for it; else the present home does.
fn part_home(case: &Case, actor: &bihuan_domain::role::Actor) -> (UnitId, UnitPath) {
    let may = |path: &UnitPath| actor.holds_any(&[Role::Office, Role::Leader], path);
    case.units_with(domain::PartyRole::Registering).find(|party| may(&party.path)).map_or_else(
        || (case.problem.home_unit_id, case.problem.home_path.clone()),
        |party| (party.unit_id, party.path.clone()),
    )
}

fn part_of(case: &Case, unit: UnitId, path: UnitPath, text: String) -> Draft {
    let problem = &case.problem;
    Draft {
        campaign_id: problem.campaign_id,
        unit_id: unit,
        unit_path: path,
        text,
        place: problem.place.clone(),
        category: problem.category.clone(),
        strand: problem.strand.clone(),
        source: problem.source.clone(),
        ground: problem.ground.clone(),
        goal: problem.goal.clone(),
        split_from_id: Some(problem.id),
        ..Draft::default()
    }
}
