//! Steps that ask somebody: a superior to take the clock, or the unit that set the deadline for more time.

use super::life::{Answer, Fate, Stage};
use super::play::Play;
use super::steps::Next;
use crate::exit::Failure;
use bihuan_app::problem::{AnswerInput, ExtensionInput, HandUpInput, NoteInput};
use bihuan_domain::Instant;
use bihuan_domain::id::AccountId;

impl Play<'_> {
    pub(super) fn hand_up(&mut self, n: usize, at: Instant) -> Result<Next, Failure> {
        let ctx = self.ctx(self.filler(n), at)?;
        let superior = if n.is_multiple_of(3) { self.county.city } else { self.county.county };
        let needed = "涉及跨乡镇管线和资金统筹，本级无权调整，请求上级明确牵头单位和资金渠道。".to_owned();
        let sent = HandUpInput { superior: superior.to_string(), needed };
        self.app.hand_up(&ctx, self.id(n)?, None, sent)?;
        match self.lives[n].fate {
            Fate::HandUp(Answer::Waits) => Ok(None),
            _ => Ok(self.soon(n, at, Stage::AnswerHandUp, 3, 12)),
        }
    }

    fn superior(&self, n: usize) -> AccountId {
        if n.is_multiple_of(3) {
            self.county.city_office
        } else {
            self.county.leaders[n % self.county.leaders.len()].0
        }
    }

    pub(super) fn answer_hand_up(&mut self, n: usize, at: Instant) -> Result<Next, Failure> {
        let ctx = self.ctx(self.superior(n), at)?;
        let accepts = self.lives[n].fate == Fate::HandUp(Answer::Accepts);
        let (decision, reason) = if accepts {
            ("grant", "由本级召集相关部门统筹解决，资金列入下半年计划。")
        } else {
            ("refuse", "所需资金在乡镇现有渠道内可以解决，不需上级统筹，请继续整改。")
        };
        let sent = AnswerInput {
            decision: decision.to_owned(),
            reason: reason.to_owned(),
            ..AnswerInput::default()
        };
        let done = self.app.answer_hand_up(&ctx, self.id(n)?, None, sent)?;
        self.lives[n].due = done.problem.due_day;
        if accepts { Ok(self.soon(n, at, Stage::FinishHandUp, 10, 30)) } else { Ok(self.then_proof(n, at)) }
    }

    pub(super) fn finish_hand_up(&mut self, n: usize, at: Instant) -> Result<Next, Failure> {
        let ctx = self.ctx(self.superior(n), at)?;
        let note = "协调会已明确由主管部门安排管线改造，资金到位，乡镇继续完成其余措施。".to_owned();
        let done = self.app.finish_hand_up(&ctx, self.id(n)?, None, NoteInput { note })?;
        self.lives[n].due = done.problem.due_day;
        Ok(self.then_proof(n, at))
    }

    pub(super) fn ask_extension(&mut self, n: usize, at: Instant) -> Result<Next, Failure> {
        let ctx = self.ctx(self.filler(n), at)?;
        let today = at.day_in_china();
        let due = self.lives[n].due.unwrap_or(today);
        if due < today {
            return Ok(self.then_proof(n, at));
        }
        let until = due.plus_days(self.lives[n].random.between(15, 40) as i32);
        let sent = ExtensionInput {
            deadline: format!("{}前", until.in_chinese()),
            due_day: String::new(),
            reason: "连续降雨无法施工，且设备采购周期比预计长，申请顺延。".to_owned(),
        };
        self.app.ask_extension(&ctx, self.id(n)?, None, sent)?;
        Ok(self.soon(n, at, Stage::DecideExtension, 1, 4))
    }

    pub(super) fn decide_extension(&mut self, n: usize, at: Instant) -> Result<Next, Failure> {
        let ctx = self.ctx(self.office(n + 1), at)?;
        let (decision, reason) = if self.lives[n].fate == Fate::Extension(true) {
            ("grant", "情况属实，同意延期一次，不再二次延期。")
        } else {
            ("refuse", "所述原因不影响其余措施，请按原时限完成。")
        };
        let sent = AnswerInput {
            decision: decision.to_owned(),
            reason: reason.to_owned(),
            ..AnswerInput::default()
        };
        let done = self.app.decide_extension(&ctx, self.id(n)?, None, sent)?;
        self.lives[n].due = done.problem.due_day;
        Ok(self.then_proof(n, at))
    }
}
