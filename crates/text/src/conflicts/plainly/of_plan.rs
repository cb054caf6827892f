//! 计划新增500个，实际新增620个，完成计划的118%: what was planned, what was done, and its share of the plan, beyond all of it.

use super::super::reckon::same_unit;
use super::super::{Certainty, ConflictKind, Found};
use super::{counted, fits, is_rate};
use crate::figures::Mention;
use crate::lexicon::any;

/// How far in front of the share both may be told, in code points.
const FAR: usize = 60;
const PLANNED: &str = "计划 目标 任务 应";
const DONE: &str = "实际 完成 已 新增 新建";
const OF_PLAN: &str = "完成计划的 完成年度计划的 完成全年计划的 完成目标的 完成年度目标的 完成任务的 完成年度任务的 完成目标任务的 占计划的 为计划的 完成率";

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let rate = &mentions[i];
    let front = rate.start.saturating_sub(12).max(rate.clause.0);
    if !is_rate(chars, rate) || !any(chars, front, rate.number.start, OF_PLAN) {
        return;
    }
    let Some([plan, done]) = i.checked_sub(2).map(|from| &mentions[from..i]) else { return };
    let near = plan.sentence == rate.sentence && rate.start - plan.end <= FAR;
    let alike = near && same_unit(chars, plan, done) && counted(plan) && counted(done);
    let said = any(chars, plan.clause.0, plan.start, PLANNED) && any(chars, done.clause.0, done.start, DONE);
    // Within the plan other rules see it as a share.
    let beyond = done.amount(chars) > plan.amount(chars);
    if alike && said && beyond && !fits(chars, done, plan, rate) {
        let right = done.amount(chars) / plan.amount(chars) * 100.0;
        let reason = format!("按文中两数算应为{right:.1}%，文中为{}%", rate.number.value);
        found.between(&[plan, done, rate], ConflictKind::Share, Certainty::Certain, reason);
    }
}
