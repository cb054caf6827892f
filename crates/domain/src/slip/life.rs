//! What may be done with a slip: issue, sign, answer, accept or send back, recall, pass on, return, decide.

use super::{
    PASSES_MAX, RoutingRule, SLIP_WORDS_CHARS_MAX, Slip, SlipCase, SlipKind, SlipState, SlipStep, SlipVerb,
};
use crate::calendar::Calendar;
use crate::coded::Coded as _;
use crate::id::UnitId;
use crate::refusal::{Refusal, limit_text, require_text};
use crate::role::{Actor, Role};
use crate::unit::UnitPath;
use crate::{Day, Instant};

/// The circumstances of a command on a slip.
#[derive(Clone, Copy, Debug)]
pub struct SlipScene<'a> {
    /// Who; `None` for the ladder.
    pub actor: Option<&'a Actor>,
    /// The day in China.
    pub today: Day,
    /// The instant.
    pub now: Instant,
    /// Working days.
    pub calendar: &'a Calendar,
    /// Working days in which a returned slip is decided.
    pub dispute_working_days: i32,
}

/// A unit with its place, as a command names it.
pub type Place = (UnitId, UnitPath);

impl SlipCase {
    fn require(&self, verb: SlipVerb, allowed: &[SlipState]) -> Result<(), Refusal> {
        if allowed.contains(&self.slip.state) {
            return Ok(());
        }
        Err(Refusal::new(
            "wrong_state",
            format!("督办单现在是“{}”，不能{}。", self.slip.state.label(), verb.label()),
            "请刷新页面查看最新情况。",
        ))
    }

    /// Adds a step to the time line.
    pub fn note(
        &mut self,
        scene: &SlipScene<'_>,
        verb: SlipVerb,
        places: (UnitId, Option<UnitId>),
        words: &str,
    ) {
        self.steps.push(SlipStep {
            slip_id: self.slip.id,
            ordinal: self.steps.len() as i64 + 1,
            verb,
            unit_id: places.0,
            to_unit_id: places.1,
            person_id: scene.actor.map(|actor| actor.person),
            at: scene.now,
            words: words.to_owned(),
        });
    }

    fn holder<'a>(&self, scene: &SlipScene<'a>, verb: SlipVerb) -> Result<&'a Actor, Refusal> {
        scene.actor.filter(|actor| self.acts_for_holder(actor)).ok_or_else(|| {
            let needed = match (self.slip.to_post_id, self.slip.kind) {
                (Some(_), _) => "被发单岗位的任职人",
                (None, SlipKind::Talk) => "被约谈单位的领导",
                (None, _) => "收单单位的填报员或领导身份",
            };
            Refusal::not_allowed(verb.label(), needed)
        })
    }

    /// A decider of the issuing unit, never somebody of the unit that has the slip, nor whoever answered it.
    fn decider<'a>(&self, scene: &SlipScene<'a>, verb: SlipVerb) -> Result<&'a Actor, Refusal> {
        let actor = scene
            .actor
            .filter(|actor| self.is_decider(actor))
            .ok_or_else(|| Refusal::not_allowed(verb.label(), "发单单位的工作专班或领导身份"))?;
        let slip = &self.slip;
        let own = actor.posts.iter().any(|post| post.unit == slip.holder_unit_id)
            && slip.holder_unit_id != slip.issuer_unit_id;
        if own || slip.answered_by == Some(actor.person) {
            return Err(Refusal::new(
                "holder_cannot_decide",
                "您是收单单位的人员（或答复人），不能审核自己的答复。",
                "须由发单单位的其他人员办理。",
            ));
        }
        Ok(actor)
    }
}

fn after(scene: &SlipScene<'_>, working_days: i32) -> Result<Day, Refusal> {
    scene.calendar.add_working_days(scene.today, working_days).map_err(|error| {
        Refusal::new(error.code(), error.to_string(), "请系统管理员在“日历”中补充该年度放假安排。")
    })
}

fn answer_day(slip: &Slip, scene: &SlipScene<'_>) -> Result<Option<Day>, Refusal> {
    let days = i32::try_from(slip.answer_working_days).unwrap_or(i32::MAX);
    if days == 0 { Ok(None) } else { after(scene, days).map(Some) }
}

/// Checks that the actor may send slips to a unit from one of their own.
///
/// # Errors
/// `not_allowed`, `own_unit`.
pub fn may_draft(actor: &Actor, issuer: &Place, to: &Place, to_a_post: bool) -> Result<(), Refusal> {
    if !super::acts_from(actor, issuer) || !actor.holds_any(&[Role::Office, Role::Leader], &to.1) {
        return Err(Refusal::not_allowed("发督办单", "对收单单位有督办权的工作专班或领导身份"));
    }
    if issuer.0 == to.0 && !to_a_post {
        return Err(Refusal::of_field(
            "to",
            "own_unit",
            "不能给本单位发督办单。",
            "请选择承办单位、其上级单位或包案领导。",
        ));
    }
    Ok(())
}

/// Issues a draft under the next number. A talk is issued by a person, never by the ladder.
///
/// # Errors
/// `wrong_state`, `not_allowed`, `talk_needs_a_person`, the calendar's.
pub fn issue(case: &mut SlipCase, scene: &SlipScene<'_>, number: i64) -> Result<(), Refusal> {
    case.require(SlipVerb::Issue, &[SlipState::Drafted])?;
    if scene.actor.is_some() {
        case.decider(scene, SlipVerb::Issue)?;
    } else if case.slip.kind == SlipKind::Talk {
        return Err(Refusal::new(
            "talk_needs_a_person",
            "约谈只能由人决定，不能自动发出。",
            "请由工作专班或领导签发。",
        ));
    }
    case.slip.answer_day = answer_day(&case.slip, scene)?;
    case.slip.state = SlipState::Issued;
    case.slip.issued_by = scene.actor.map(|actor| actor.person);
    case.slip.issued_day = Some(scene.today);
    case.slip.year = i64::from(scene.today.year());
    case.slip.number = number;
    let places = (case.slip.issuer_unit_id, Some(case.slip.holder_unit_id));
    case.note(scene, SlipVerb::Issue, places, "");
    Ok(())
}

/// Drops a draft, with the reason: what called for it is over, or a person decided against it.
///
/// # Errors
/// `wrong_state`, `not_allowed`, text limits.
pub fn lapse(case: &mut SlipCase, scene: &SlipScene<'_>, reason: &str) -> Result<(), Refusal> {
    case.require(SlipVerb::Lapse, &[SlipState::Drafted])?;
    if scene.actor.is_some() {
        case.decider(scene, SlipVerb::Lapse)?;
    }
    let reason = require_text("reason", "不再发出的原因", reason, SLIP_WORDS_CHARS_MAX)?;
    case.slip.state = SlipState::Lapsed;
    case.note(scene, SlipVerb::Lapse, (case.slip.issuer_unit_id, None), &reason);
    Ok(())
}

/// Signs for it. Where no answer is asked, that is the end of it.
///
/// # Errors
/// `wrong_state`, `not_allowed`.
pub fn sign(case: &mut SlipCase, scene: &SlipScene<'_>) -> Result<(), Refusal> {
    case.require(SlipVerb::Sign, &[SlipState::Issued])?;
    let actor = case.holder(scene, SlipVerb::Sign)?;
    case.slip.signed_by = Some(actor.person);
    case.slip.signed_day = Some(scene.today);
    case.slip.state = if case.slip.answer_day.is_some() { SlipState::Signed } else { SlipState::Accepted };
    case.note(scene, SlipVerb::Sign, (case.slip.holder_unit_id, None), "");
    Ok(())
}

/// Answers it; an answer also signs.
///
/// # Errors
/// `wrong_state`, `not_allowed`, text limits.
pub fn answer(case: &mut SlipCase, scene: &SlipScene<'_>, words: &str) -> Result<(), Refusal> {
    case.require(SlipVerb::Answer, &[SlipState::Issued, SlipState::Signed, SlipState::SentBack])?;
    let actor = case.holder(scene, SlipVerb::Answer)?;
    let words = require_text("answer", "答复内容", words, SLIP_WORDS_CHARS_MAX)?;
    if case.slip.signed_by.is_none() {
        case.slip.signed_by = Some(actor.person);
        case.slip.signed_day = Some(scene.today);
    }
    case.slip.answer.clone_from(&words);
    case.slip.answered_by = Some(actor.person);
    case.slip.answered_day = Some(scene.today);
    case.slip.state = SlipState::Answered;
    case.note(scene, SlipVerb::Answer, (case.slip.holder_unit_id, None), &words);
    Ok(())
}

/// Accepts the answer.
///
/// # Errors
/// `wrong_state`, `not_allowed`, `holder_cannot_decide`, text limits.
pub fn accept(case: &mut SlipCase, scene: &SlipScene<'_>, words: &str) -> Result<(), Refusal> {
    case.require(SlipVerb::Accept, &[SlipState::Answered])?;
    case.decider(scene, SlipVerb::Accept)?;
    let words = limit_text("opinion", "审核意见", words, SLIP_WORDS_CHARS_MAX)?;
    case.slip.state = SlipState::Accepted;
    case.note(scene, SlipVerb::Accept, (case.slip.issuer_unit_id, None), &words);
    Ok(())
}

/// Sends the answer back with what is missing; the days to answer in begin again.
///
/// # Errors
/// `wrong_state`, `not_allowed`, `holder_cannot_decide`, text limits, the calendar's.
pub fn send_back(case: &mut SlipCase, scene: &SlipScene<'_>, words: &str) -> Result<(), Refusal> {
    case.require(SlipVerb::SendBack, &[SlipState::Answered])?;
    case.decider(scene, SlipVerb::SendBack)?;
    let words = require_text("opinion", "退回意见", words, SLIP_WORDS_CHARS_MAX)?;
    case.slip.answer_working_days = case.slip.answer_working_days.max(1);
    case.slip.answer_day = answer_day(&case.slip, scene)?;
    case.slip.state = SlipState::SentBack;
    let places = (case.slip.issuer_unit_id, Some(case.slip.holder_unit_id));
    case.note(scene, SlipVerb::SendBack, places, &words);
    Ok(())
}

/// Takes an issued slip back, with the reason. Its number stays used.
///
/// # Errors
/// `wrong_state`, `not_allowed`, text limits.
pub fn recall(case: &mut SlipCase, scene: &SlipScene<'_>, reason: &str) -> Result<(), Refusal> {
    use SlipState::{Answered, Disputed, Issued, SentBack, Signed};
    case.require(SlipVerb::Recall, &[Issued, Signed, Answered, SentBack, Disputed])?;
    case.decider(scene, SlipVerb::Recall)?;
    let reason = require_text("reason", "撤回原因", reason, SLIP_WORDS_CHARS_MAX)?;
    case.slip.state = SlipState::Recalled;
    case.note(scene, SlipVerb::Recall, (case.slip.issuer_unit_id, None), &reason);
    Ok(())
}

/// Passes it on to a unit below 转办; the day to answer stays as it is.
///
/// # Errors
/// `wrong_state`, `not_allowed`, `cannot_pass_on`, `not_below`, `passed_too_often`, text limits.
pub fn pass_on(case: &mut SlipCase, scene: &SlipScene<'_>, to: Place, words: &str) -> Result<(), Refusal> {
    case.require(SlipVerb::PassOn, &[SlipState::Issued, SlipState::Signed, SlipState::SentBack])?;
    case.holder(scene, SlipVerb::PassOn)?;
    let words = require_text("reason", "转办说明", words, SLIP_WORDS_CHARS_MAX)?;
    if case.slip.to_post_id.is_some() || case.slip.is_restricted() {
        let hint = "请本人签收答复，确有困难的退回发单单位。";
        return Err(Refusal::new("cannot_pass_on", "发给个人的督办单和约谈单不能转办。", hint));
    }
    if !to.1.is_within(&case.holder_path) || to.0 == case.slip.holder_unit_id {
        return Err(Refusal::of_field(
            "to",
            "not_below",
            "只能转给本单位的下级单位。",
            "不属于本单位职责的，请选择“退回”，由发单单位裁定。",
        ));
    }
    if case.slip.passes >= PASSES_MAX {
        let sentence = format!("这张督办单已转办{PASSES_MAX}次，不能再转。");
        return Err(Refusal::new("passed_too_often", sentence, "请答复，或者退回发单单位裁定。"));
    }
    let places = (case.slip.holder_unit_id, Some(to.0));
    move_to(case, to);
    case.slip.passes += 1;
    case.note(scene, SlipVerb::PassOn, places, &words);
    Ok(())
}

fn move_to(case: &mut SlipCase, to: Place) {
    case.slip.holder_unit_id = to.0;
    case.holder_path = to.1;
    case.slip.state = SlipState::Issued;
    case.slip.signed_by = None;
    case.slip.signed_day = None;
}

/// Says that it is not this unit's matter. The issuing unit decides by a day.
///
/// # Errors
/// `wrong_state`, `not_allowed`, text limits, the calendar's.
pub fn give_back(case: &mut SlipCase, scene: &SlipScene<'_>, reason: &str) -> Result<(), Refusal> {
    case.require(SlipVerb::Return, &[SlipState::Issued, SlipState::Signed])?;
    case.holder(scene, SlipVerb::Return)?;
    let reason = require_text("reason", "退回理由", reason, SLIP_WORDS_CHARS_MAX)?;
    case.slip.state = SlipState::Disputed;
    case.slip.decider_unit_id = Some(case.slip.issuer_unit_id);
    case.slip.decide_by_day = Some(after(scene, scene.dispute_working_days)?);
    let places = (case.slip.holder_unit_id, Some(case.slip.issuer_unit_id));
    case.note(scene, SlipVerb::Return, places, &reason);
    Ok(())
}

/// Decides whose matter a returned slip is: `to: None` leaves it where it was. The days to answer in begin again; a
/// decision for another unit becomes a routing rule for matters of the `category`.
///
/// # Errors
/// `wrong_state`, `not_allowed`, `holder_cannot_decide`, `same_unit`, text limits, the calendar's.
pub fn decide(
    case: &mut SlipCase,
    scene: &SlipScene<'_>,
    to: Option<Place>,
    category: &str,
    reason: &str,
) -> Result<(), Refusal> {
    case.require(SlipVerb::Decide, &[SlipState::Disputed])?;
    let actor = case.decider(scene, SlipVerb::Decide)?;
    let reason = require_text("reason", "裁定理由", reason, SLIP_WORDS_CHARS_MAX)?;
    let from = case.slip.holder_unit_id;
    if let Some(to) = to {
        may_draft(actor, &(case.slip.issuer_unit_id, case.issuer_path.clone()), &to, false)?;
        if to.0 == from {
            let hint = "维持由该单位办理的，不用选择单位。";
            return Err(Refusal::of_field("to", "same_unit", "选择的就是退回的单位。", hint));
        }
        case.learnt.push(RoutingRule {
            id: 0,
            campaign_id: case.slip.campaign_id,
            category: category.to_owned(),
            from_unit_id: from,
            to_unit_id: to.0,
            slip_id: case.slip.id,
            decided_day: scene.today,
            reason: reason.clone(),
        });
        case.slip.to_post_id = None;
        move_to(case, to);
    } else {
        case.slip.state = SlipState::Issued;
    }
    case.slip.answer_day = answer_day(&case.slip, scene)?;
    case.slip.decider_unit_id = None;
    case.slip.decide_by_day = None;
    let places = (case.slip.issuer_unit_id, Some(case.slip.holder_unit_id));
    case.note(scene, SlipVerb::Decide, places, &reason);
    Ok(())
}

/// Whether the actor may take a step now; pages offer what this lets pass.
pub fn may(case: &SlipCase, scene: &SlipScene<'_>, verb: SlipVerb) -> bool {
    const WORDS: &str = "是";
    let mut trial = case.clone();
    let below: Place = (UnitId(-1), trial.holder_path.child(UnitId(1)));
    match verb {
        SlipVerb::Draft => false,
        SlipVerb::Issue => issue(&mut trial, scene, 1).is_ok(),
        SlipVerb::Sign => sign(&mut trial, scene).is_ok(),
        SlipVerb::Answer => case.slip.answer_day.is_some() && answer(&mut trial, scene, WORDS).is_ok(),
        SlipVerb::Accept => accept(&mut trial, scene, WORDS).is_ok(),
        SlipVerb::SendBack => send_back(&mut trial, scene, WORDS).is_ok(),
        SlipVerb::Recall => recall(&mut trial, scene, WORDS).is_ok(),
        SlipVerb::PassOn => pass_on(&mut trial, scene, below, WORDS).is_ok(),
        SlipVerb::Return => give_back(&mut trial, scene, WORDS).is_ok(),
        SlipVerb::Decide => decide(&mut trial, scene, None, "", WORDS).is_ok(),
        SlipVerb::Lapse => lapse(&mut trial, scene, WORDS).is_ok(),
    }
}
