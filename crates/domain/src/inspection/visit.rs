//! The steps of a visit: filed, covered by another team's result, cancelled.

use super::{
    Inspection, InspectionState, SUMMARY_CHARS_MAX, TEXT_CHARS_MAX, Visit, VisitKind, VisitState, refuse,
};
use crate::id::PersonId;
use crate::refusal::{Refusal, require_text};
use crate::role::Actor;
use crate::unit::UnitPath;
use crate::{Coded as _, Day, Instant};

impl Visit {
    /// Whether both are at the same unit in the same days.
    pub fn overlaps(&self, other: &Visit) -> bool {
        self.unit_id == other.unit_id && self.from_day <= other.to_day && other.from_day <= self.to_day
    }

    fn require_planned(&self, step: &str) -> Result<(), Refusal> {
        if self.state == VisitState::Planned {
            return Ok(());
        }
        Err(refuse(
            "visit_in_another_state",
            format!("这次走访现在是“{}”，不能{step}。", self.state.label()),
            "请刷新页面查看最新情况。",
        ))
    }

    /// Files what was seen. Nobody inspects their own unit, but for walking through its service as a user.
    ///
    /// # Errors
    /// `visit_in_another_state`, `inspection_not_issued`, `not_of_the_team`, `own_unit`, `day_in_the_future`, text limits.
    pub fn file(
        &mut self,
        inspection: &Inspection,
        actor: &Actor,
        (team, path): (&[PersonId], &UnitPath),
        (day, summary): (Day, &str),
        now: Instant,
    ) -> Result<(), Refusal> {
        self.require_planned("填报检查情况")?;
        if inspection.state != InspectionState::Issued {
            return Err(refuse(
                "inspection_not_issued",
                "检查计划没有批准下发，不能填报检查情况。",
                "督查须先有依据、人员和组长，经批准后下发。",
            ));
        }
        if !team.contains(&actor.person) && inspection.head_id != Some(actor.person) {
            return Err(Refusal::not_allowed("填报这次检查", "本次走访的检查人员或组长身份"));
        }
        if self.kind != VisitKind::WalkThrough && actor.belongs_to(path) {
            return Err(refuse(
                "own_unit",
                "您在被检查的单位任职，不能检查自己的单位。",
                "请由其他人员检查；自己单位的人可以按“走流程”自查。",
            ));
        }
        if day > now.day_in_china() {
            return Err(Refusal::of_field(
                "done_day",
                "day_in_the_future",
                "检查日期不能晚于今天。",
                "请填写实际检查的日期。",
            ));
        }
        self.summary = require_text("summary", "检查情况", summary, SUMMARY_CHARS_MAX)?;
        self.state = VisitState::Done;
        self.done_day = Some(day);
        (self.filed_by, self.filed_at) = (Some(actor.person), Some(now));
        self.version += 1;
        Ok(())
    }

    /// Uses another team's result: nobody comes a second time.
    ///
    /// # Errors
    /// `visit_in_another_state`, `other_result_unfit`.
    pub fn cover(&mut self, other: &Visit) -> Result<(), Refusal> {
        self.require_planned("采用他组结果")?;
        if other.unit_id != self.unit_id || other.state != VisitState::Done || other.id == self.id {
            return Err(refuse(
                "other_result_unfit",
                "只能采用对同一单位已经检查完的结果。",
                "请选择另一次对该单位的检查。",
            ));
        }
        self.state = VisitState::Covered;
        self.shared_from_id = Some(other.id);
        self.version += 1;
        Ok(())
    }

    /// Cancels the visit.
    ///
    /// # Errors
    /// `visit_in_another_state`, text limits.
    pub fn cancel(&mut self, reason: &str) -> Result<(), Refusal> {
        self.require_planned("取消")?;
        self.summary = require_text("reason", "取消理由", reason, TEXT_CHARS_MAX)?;
        self.state = VisitState::Cancelled;
        self.version += 1;
        Ok(())
    }
}
