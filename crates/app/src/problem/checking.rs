//! Checking, closing, objecting, looking back, opening again.

use super::{Ask, Done, NoteInput, ReasonInput};
use crate::Error;
use crate::context::{App, Context};
use crate::input::{self, inputs};
use bihuan_domain::id::{LookBackId, ProblemId};
use bihuan_domain::look_back::LookBackResult;
use bihuan_domain::problem::{self as domain, Outcome, Truth, Verdict};

inputs! {
    /// What the checker found.
    VerifyInput { outcome: one "整改结果", truth: one "属实情况", note: one "验收意见" }
    /// What a look-back found.
    LookBackInput { result: one "回头看结果", note: one "回头看情况" }
}

impl App {
    /// The checking unit passes the verification.
    ///
    /// # Errors
    /// As `domain::verify`.
    pub fn verify(
        &self,
        ctx: &Context,
        id: ProblemId,
        version: Option<i64>,
        sent: VerifyInput,
    ) -> Result<Done, Error> {
        let ask = Ask::new("verify", version, &sent);
        self.step(ctx, id, ask, move |case, scene, _| {
            let outcome = input::coded::<Outcome>("outcome", "整改结果", &sent.outcome)?;
            let truth = input::coded::<Truth>("truth", "属实情况", &sent.truth)?;
            Ok(domain::verify(case, scene, Verdict { outcome, truth, note: sent.note })?)
        })
    }

    /// The checking unit sends the problem back.
    ///
    /// # Errors
    /// As `domain::send_back`.
    pub fn send_back(
        &self,
        ctx: &Context,
        id: ProblemId,
        version: Option<i64>,
        sent: ReasonInput,
    ) -> Result<Done, Error> {
        let ask = Ask::new("send_back", version, &sent);
        self.step(ctx, id, ask, move |case, scene, _| Ok(domain::send_back(case, scene, &sent.reason)?))
    }

    /// Closes after the notice period.
    ///
    /// # Errors
    /// As `domain::confirm_closure`.
    pub fn confirm_closure(
        &self,
        ctx: &Context,
        id: ProblemId,
        version: Option<i64>,
        sent: NoteInput,
    ) -> Result<Done, Error> {
        let ask = Ask::new("confirm_closure", version, &sent);
        self.step(ctx, id, ask, move |case, scene, _| Ok(domain::confirm_closure(case, scene, &sent.note)?))
    }

    /// Objects to a proposed closure.
    ///
    /// # Errors
    /// As `domain::object`.
    pub fn object(
        &self,
        ctx: &Context,
        id: ProblemId,
        version: Option<i64>,
        sent: ReasonInput,
    ) -> Result<Done, Error> {
        let ask = Ask::new("object", version, &sent);
        self.step(ctx, id, ask, move |case, scene, _| Ok(domain::object(case, scene, &sent.reason)?))
    }

    /// Files a look-back.
    ///
    /// # Errors
    /// As `domain::record_look_back`.
    pub fn record_look_back(
        &self,
        ctx: &Context,
        id: ProblemId,
        look_back: LookBackId,
        version: Option<i64>,
        sent: LookBackInput,
    ) -> Result<Done, Error> {
        let ask = Ask::new("record_look_back", version, &(look_back, &sent));
        self.step(ctx, id, ask, move |case, scene, _| {
            let result = input::coded::<LookBackResult>("result", "回头看结果", &sent.result)?;
            Ok(domain::record_look_back(case, scene, look_back, result, &sent.note)?)
        })
    }

    /// Opens a closed problem again, as a new round.
    ///
    /// # Errors
    /// As `domain::reopen`.
    pub fn reopen(
        &self,
        ctx: &Context,
        id: ProblemId,
        version: Option<i64>,
        sent: ReasonInput,
    ) -> Result<Done, Error> {
        let ask = Ask::new("reopen", version, &sent);
        self.step(ctx, id, ask, move |case, scene, _| Ok(domain::reopen(case, scene, &sent.reason)?))
    }
}
