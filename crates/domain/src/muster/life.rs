//! What may be done in a muster, and by whom.

use super::{
    CALLED_MAX, CalledState, CalledUnit, MUSTER_WORDS_CHARS_MAX, Muster, MusterCase, MusterState, MusterStep,
    MusterVerb, speaks_for,
};
use crate::coded::Coded as _;
use crate::id::{CampaignId, MusterId, UnitId};
use crate::refusal::{Refusal, require_text};
use crate::role::Actor;
use crate::slip::SubjectKind;
use crate::unit::UnitPath;
use crate::{Day, Instant};

/// The circumstances of a command.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// The day in China.
    pub today: Day,
    /// The instant.
    pub now: Instant,
}

/// What the caller writes.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The campaign.
    pub campaign_id: CampaignId,
    /// The record: kind, number, words.
    pub subject: (SubjectKind, i64, String),
    /// The unit that owes it.
    pub owner: UnitPath,
    /// The unit that calls.
    pub caller: (UnitId, UnitPath),
    /// The units called.
    pub called: Vec<(UnitId, UnitPath)>,
    /// The one that leads.
    pub lead: UnitId,
    /// What is needed.
    pub needed: String,
    /// By when.
    pub due_day: Day,
}

/// May call others together on a matter in the name of a unit: speaks for that unit, and the matter is its own or of a
/// unit below it.
///
/// # Errors
/// `not_allowed`.
pub fn may_call(actor: &Actor, caller: &UnitPath, owner: &UnitPath) -> Result<(), Refusal> {
    if speaks_for(actor, caller) && owner.is_within(caller) {
        return Ok(());
    }
    Err(Refusal::not_allowed("吹哨", "承办单位（或其上级）的填报员、工作专班或领导身份"))
}

/// Calls the units together.
///
/// # Errors
/// `not_allowed`, `nobody_called`, `too_many_called`, `caller_called`, `lead_not_called`, `day_passed`, text limits.
pub fn call(draft: Draft, scene: &Scene<'_>) -> Result<MusterCase, Refusal> {
    may_call(scene.actor, &draft.caller.1, &draft.owner)?;
    let needed = require_text("needed", "需要解决的事项", &draft.needed, MUSTER_WORDS_CHARS_MAX)?;
    let wrong =
        |field, code, sentence: String, hint: &str| Err(Refusal::of_field(field, code, sentence, hint));
    if draft.called.is_empty() {
        let hint = "请填写要召集的单位，多个单位用顿号分开。";
        return wrong("units", "nobody_called", "“召集单位”没有填写。".to_owned(), hint);
    }
    if draft.called.len() > CALLED_MAX {
        let sentence = format!("一次最多召集{CALLED_MAX}个单位，现在有{}个。", draft.called.len());
        return wrong("units", "too_many_called", sentence, "请只召集确实需要的单位，或者分几次召集。");
    }
    if draft.called.iter().any(|(unit, _)| *unit == draft.caller.0) {
        let hint = "吹哨的单位负责认可办结，不能同时是应召单位；请从“召集单位”中去掉本单位。";
        return wrong("units", "caller_called", "不能召集本单位自己。".to_owned(), hint);
    }
    if !draft.called.iter().any(|(unit, _)| *unit == draft.lead) {
        let hint = "请从召集的单位中选一个牵头单位。";
        return wrong("lead", "lead_not_called", "“牵头单位”不在召集的单位中。".to_owned(), hint);
    }
    if draft.due_day < scene.today {
        return wrong("due_day", "day_passed", "“办结时限”已经过去。".to_owned(), "请选择今天或以后的日期。");
    }
    let muster = Muster {
        id: MusterId(0),
        campaign_id: draft.campaign_id,
        subject_kind: draft.subject.0,
        subject_id: draft.subject.1,
        subject_words: draft.subject.2,
        caller_unit_id: draft.caller.0,
        called_by: scene.actor.person,
        called_at: scene.now,
        lead_unit_id: draft.lead,
        needed: needed.clone(),
        due_day: draft.due_day,
        state: MusterState::Called,
        result: String::new(),
        finished_by: None,
        ended_at: None,
        version: 1,
    };
    let mut units = draft.called;
    units.sort_by_key(|(unit, _)| *unit != draft.lead);
    let called =
        units.into_iter().enumerate().map(|(at, (unit, path))| (called_unit(unit, at), path)).collect();
    let mut case = MusterCase { muster, caller_path: draft.caller.1, called, steps: vec![] };
    case.note(scene, MusterVerb::Call, draft.caller.0, &needed);
    Ok(case)
}

fn called_unit(unit_id: UnitId, at: usize) -> CalledUnit {
    CalledUnit {
        muster_id: MusterId(0),
        unit_id,
        ordinal: at as i64 + 1,
        state: CalledState::Called,
        present_at: None,
        present_by: None,
        did: String::new(),
        done_at: None,
        done_by: None,
    }
}

impl MusterCase {
    fn note(&mut self, scene: &Scene<'_>, verb: MusterVerb, unit_id: UnitId, words: &str) {
        self.steps.push(MusterStep {
            muster_id: self.muster.id,
            ordinal: self.steps.len() as i64 + 1,
            verb,
            unit_id,
            person_id: scene.actor.person,
            at: scene.now,
            words: words.to_owned(),
        });
    }

    fn require(&self, verb: MusterVerb, state: MusterState) -> Result<(), Refusal> {
        if self.muster.state == state {
            return Ok(());
        }
        Err(Refusal::new(
            "wrong_state",
            format!("这次吹哨现在是“{}”，不能{}。", self.muster.state.label(), verb.label()),
            "请刷新页面查看最新情况。",
        ))
    }

    fn by_caller(&self, scene: &Scene<'_>, verb: MusterVerb) -> Result<(), Refusal> {
        if speaks_for(scene.actor, &self.caller_path) {
            return Ok(());
        }
        Err(Refusal::not_allowed(verb.label(), "吹哨单位的填报员、工作专班或领导身份"))
    }

    /// The place in the list of a called unit for which the actor speaks.
    fn own(&self, scene: &Scene<'_>, unit: UnitId, verb: MusterVerb) -> Result<usize, Refusal> {
        let at =
            self.called.iter().position(|(one, path)| one.unit_id == unit && speaks_for(scene.actor, path));
        at.ok_or_else(|| Refusal::not_allowed(verb.label(), "该应召单位的填报员、工作专班或领导身份"))
    }
}

fn passed(case: &MusterCase, at: usize, verb: MusterVerb) -> Refusal {
    let label = case.called[at].0.state.label();
    Refusal::new(
        "wrong_state",
        format!("这个单位现在是“{label}”，不能{}。", verb.label()),
        "请刷新页面查看最新情况。",
    )
}

/// A called unit reports in.
///
/// # Errors
/// `not_allowed`, `wrong_state`, text limits.
pub fn report_in(case: &mut MusterCase, scene: &Scene<'_>, unit: UnitId, words: &str) -> Result<(), Refusal> {
    case.require(MusterVerb::ReportIn, MusterState::Called)?;
    let at = case.own(scene, unit, MusterVerb::ReportIn)?;
    let words = require_text("words", "谁来报到、怎样联系", words, MUSTER_WORDS_CHARS_MAX)?;
    if case.called[at].0.state != CalledState::Called {
        return Err(passed(case, at, MusterVerb::ReportIn));
    }
    let one = &mut case.called[at].0;
    one.state = CalledState::Present;
    one.present_at = Some(scene.now);
    one.present_by = Some(scene.actor.person);
    case.note(scene, MusterVerb::ReportIn, unit, &words);
    Ok(())
}

/// A called unit says what it did, after it reported in.
///
/// # Errors
/// `not_allowed`, `wrong_state`, `not_present`, text limits.
pub fn did(case: &mut MusterCase, scene: &Scene<'_>, unit: UnitId, words: &str) -> Result<(), Refusal> {
    case.require(MusterVerb::Did, MusterState::Called)?;
    let at = case.own(scene, unit, MusterVerb::Did)?;
    let words = require_text("words", "本单位做了什么", words, MUSTER_WORDS_CHARS_MAX)?;
    match case.called[at].0.state {
        CalledState::Present => {}
        CalledState::Called => {
            return Err(Refusal::new("not_present", "本单位还没有报到。", "请先报到，再报告所办。"));
        }
        _ => return Err(passed(case, at, MusterVerb::Did)),
    }
    let one = &mut case.called[at].0;
    one.state = CalledState::Done;
    one.did.clone_from(&words);
    one.done_at = Some(scene.now);
    one.done_by = Some(scene.actor.person);
    case.note(scene, MusterVerb::Did, unit, &words);
    Ok(())
}

/// The caller needs one of the units no more, with the reason. The lead cannot be let go.
///
/// # Errors
/// `not_allowed`, `wrong_state`, `not_called`, `lead_is_needed`, text limits.
pub fn release(case: &mut MusterCase, scene: &Scene<'_>, unit: UnitId, words: &str) -> Result<(), Refusal> {
    case.require(MusterVerb::Release, MusterState::Called)?;
    case.by_caller(scene, MusterVerb::Release)?;
    let Some(at) = case.called.iter().position(|(one, _)| one.unit_id == unit) else {
        let hint = "请从应召单位中选择。";
        return Err(Refusal::of_field("unit", "not_called", "“单位”不在这次召集的单位中。", hint));
    };
    if unit == case.muster.lead_unit_id {
        let hint = "换牵头单位的，请撤回后重新吹哨。";
        return Err(Refusal::of_field("unit", "lead_is_needed", "牵头单位不能单独撤下。", hint));
    }
    let words = require_text("words", "不再需要的原因", words, MUSTER_WORDS_CHARS_MAX)?;
    if matches!(case.called[at].0.state, CalledState::Done | CalledState::Released) {
        return Err(passed(case, at, MusterVerb::Release));
    }
    let one = &mut case.called[at].0;
    one.state = CalledState::Released;
    one.done_at = Some(scene.now);
    case.note(scene, MusterVerb::Release, unit, &words);
    Ok(())
}

/// The lead says that it is done. Every other unit has said before what it did, or was let go.
///
/// # Errors
/// `not_allowed`, `wrong_state`, `not_present`, `others_open`, text limits.
pub fn finish(case: &mut MusterCase, scene: &Scene<'_>, words: &str) -> Result<(), Refusal> {
    case.require(MusterVerb::Finish, MusterState::Called)?;
    let lead = case.muster.lead_unit_id;
    let at = case.own(scene, lead, MusterVerb::Finish)?;
    let words = require_text("words", "办结情况", words, MUSTER_WORDS_CHARS_MAX)?;
    if case.called[at].0.state == CalledState::Called {
        return Err(Refusal::new("not_present", "牵头单位还没有报到。", "请先报到，再报告办结。"));
    }
    let open = |(one, _): &&(CalledUnit, UnitPath)| {
        one.unit_id != lead && !matches!(one.state, CalledState::Done | CalledState::Released)
    };
    let open = case.called.iter().filter(open).count();
    if open > 0 {
        return Err(Refusal::new(
            "others_open",
            format!("还有{open}个应召单位没有报告所办，不能报告办结。"),
            "请先由各单位报告所办；确实不再需要的，请吹哨单位写明原因后撤下。",
        ));
    }
    let one = &mut case.called[at].0;
    if one.state == CalledState::Present {
        one.state = CalledState::Done;
        one.did.clone_from(&words);
        one.done_by = Some(scene.actor.person);
    }
    one.done_at = Some(scene.now);
    case.muster.state = MusterState::Finished;
    case.muster.result.clone_from(&words);
    case.muster.finished_by = Some(scene.actor.person);
    case.note(scene, MusterVerb::Finish, lead, &words);
    Ok(())
}

/// Somebody of the calling unit accepts, who is not the one that said done.
///
/// # Errors
/// `not_allowed`, `wrong_state`, `own_word`, text limits.
pub fn accept(case: &mut MusterCase, scene: &Scene<'_>, words: &str) -> Result<(), Refusal> {
    case.require(MusterVerb::Accept, MusterState::Finished)?;
    case.by_caller(scene, MusterVerb::Accept)?;
    if case.muster.finished_by == Some(scene.actor.person) {
        let hint = "请由吹哨单位的其他人员认可。";
        return Err(Refusal::new("own_word", "不能认可自己报告的办结。", hint));
    }
    let words = crate::refusal::limit_text("words", "认可意见", words, MUSTER_WORDS_CHARS_MAX)?;
    case.muster.state = MusterState::Accepted;
    case.muster.ended_at = Some(scene.now);
    case.note(scene, MusterVerb::Accept, case.muster.caller_unit_id, &words);
    Ok(())
}

/// The caller sends it back with what is still missing; the lead goes on.
///
/// # Errors
/// `not_allowed`, `wrong_state`, text limits.
pub fn send_back(case: &mut MusterCase, scene: &Scene<'_>, words: &str) -> Result<(), Refusal> {
    case.require(MusterVerb::SendBack, MusterState::Finished)?;
    case.by_caller(scene, MusterVerb::SendBack)?;
    let words = require_text("words", "还差什么", words, MUSTER_WORDS_CHARS_MAX)?;
    let lead = case.muster.lead_unit_id;
    for (one, _) in case.called.iter_mut().filter(|(one, _)| one.unit_id == lead) {
        one.state = CalledState::Present;
        one.done_at = None;
    }
    case.muster.state = MusterState::Called;
    case.note(scene, MusterVerb::SendBack, case.muster.caller_unit_id, &words);
    Ok(())
}

/// The caller withdraws the call, with the reason.
///
/// # Errors
/// `not_allowed`, `wrong_state`, text limits.
pub fn withdraw(case: &mut MusterCase, scene: &Scene<'_>, words: &str) -> Result<(), Refusal> {
    if case.muster.state != MusterState::Finished {
        case.require(MusterVerb::Withdraw, MusterState::Called)?;
    }
    case.by_caller(scene, MusterVerb::Withdraw)?;
    let words = require_text("words", "撤回原因", words, MUSTER_WORDS_CHARS_MAX)?;
    case.muster.state = MusterState::Withdrawn;
    case.muster.ended_at = Some(scene.now);
    case.note(scene, MusterVerb::Withdraw, case.muster.caller_unit_id, &words);
    Ok(())
}

/// Whether the actor may take a step now, for `unit` where it is about one; pages offer what this lets pass.
pub fn may(case: &MusterCase, scene: &Scene<'_>, verb: MusterVerb, unit: UnitId) -> bool {
    const WORDS: &str = "是";
    let mut trial = case.clone();
    match verb {
        MusterVerb::Call => false,
        MusterVerb::ReportIn => report_in(&mut trial, scene, unit, WORDS).is_ok(),
        MusterVerb::Did => unit != case.muster.lead_unit_id && did(&mut trial, scene, unit, WORDS).is_ok(),
        MusterVerb::Release => release(&mut trial, scene, unit, WORDS).is_ok(),
        MusterVerb::Finish => finish(&mut trial, scene, WORDS).is_ok(),
        MusterVerb::Accept => accept(&mut trial, scene, WORDS).is_ok(),
        MusterVerb::SendBack => send_back(&mut trial, scene, WORDS).is_ok(),
        MusterVerb::Withdraw => withdraw(&mut trial, scene, WORDS).is_ok(),
    }
}
