//! Talks and holding to account 约谈、问责 (M33): a restricted record of a person's decision. The program never decides,
//! proposes or counts towards one; the record keeps the ground, the statement and the right to object.

use crate::id::{CampaignId, PersonId, SlipId, TalkId, UnitId};
use crate::refusal::{Refusal, limit_text, require_text};
use crate::role::{Actor, Role};
use crate::unit::UnitPath;
use crate::{Day, Instant};
use serde::{Deserialize, Serialize};

/// Longest text of the record, in characters.
pub const TALK_CHARS_MAX: usize = 4_000;
/// Most people one record names as readers.
pub const READERS_MAX: usize = 20;
/// Days after the decision in which the person may object.
pub const OBJECTION_DAYS: i32 = 30;

crate::coded! {
    /// What was decided.
    TalkKind ("约谈问责类型") {
        Talk = "talk", "约谈";
        Reminder = "reminder", "提醒谈话";
        Report = "report", "责令作出书面说明";
        Referred = "referred", "移送有权机关处理";
    }
}

/// A record. Everything a reader may know of it is in here; nothing of it is counted anywhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Talk {
    /// Number.
    pub id: TalkId,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// The slip it follows, where there is one.
    pub slip_id: Option<SlipId>,
    /// The unit the person answers for.
    pub unit_id: UnitId,
    /// The person.
    pub person_id: PersonId,
    /// What was decided.
    pub kind: TalkKind,
    /// On what ground: facts and the rule it rests on.
    pub ground: String,
    /// Who decided.
    pub decided_by: PersonId,
    /// When.
    pub decided_day: Day,
    /// People who may read it beside the person and the decider: JSON array of numbers.
    pub readers: String,
    /// What the person stated; empty until then.
    pub statement: String,
    /// When.
    pub stated_at: Option<Instant>,
    /// What the person objected; empty where nothing.
    pub objection: String,
    /// When.
    pub objected_at: Option<Instant>,
    /// The answer to the objection.
    pub objection_answer: String,
    /// Who answered it: not who decided.
    pub objection_answered_by: Option<PersonId>,
    /// What came of it.
    pub outcome: String,
    /// Row version.
    pub version: i64,
}

impl Talk {
    /// The people named as readers.
    pub fn named(&self) -> Vec<PersonId> {
        serde_json::from_str(&self.readers).unwrap_or_default()
    }

    /// Only the person, who decided, who answered the objection, and those named. No role opens it.
    pub fn visible_to(&self, actor: &Actor) -> bool {
        actor.person == self.person_id
            || actor.person == self.decided_by
            || self.objection_answered_by == Some(actor.person)
            || self.named().contains(&actor.person)
    }
}

/// What a decider writes.
#[derive(Clone, Debug, Default)]
pub struct TalkDraft {
    /// The campaign.
    pub campaign_id: CampaignId,
    /// The slip it follows.
    pub slip_id: Option<SlipId>,
    /// The unit.
    pub unit: (UnitId, UnitPath),
    /// The person.
    pub person_id: PersonId,
    /// What.
    pub kind: Option<TalkKind>,
    /// Ground.
    pub ground: String,
    /// Readers.
    pub readers: Vec<PersonId>,
}

/// Records a decision. Only a leader over the unit decides, never about themself.
///
/// # Errors
/// `not_allowed`, `about_oneself`, `kind_missing`, `too_many_readers`, text limits.
pub fn decide(draft: TalkDraft, actor: &Actor, today: Day) -> Result<Talk, Refusal> {
    if !actor.holds(Role::Leader, &draft.unit.1) {
        return Err(Refusal::not_allowed("作出约谈问责决定", "对该单位有管理权的领导身份"));
    }
    if draft.person_id == actor.person {
        return Err(Refusal::new("about_oneself", "不能对自己作出决定。", "请由上级领导办理。"));
    }
    let kind = draft.kind.ok_or_else(|| {
        Refusal::of_field("kind", "kind_missing", "“类型”没有选择。", "请选择约谈问责类型。")
    })?;
    let ground = require_text("ground", "事由和依据", &draft.ground, TALK_CHARS_MAX)?;
    if draft.readers.len() > READERS_MAX {
        let sentence = format!("知悉人员最多{READERS_MAX}人。");
        return Err(Refusal::of_field(
            "readers",
            "too_many_readers",
            sentence,
            "请只保留确有必要知悉的人员。",
        ));
    }
    Ok(Talk {
        id: TalkId(0),
        campaign_id: draft.campaign_id,
        slip_id: draft.slip_id,
        unit_id: draft.unit.0,
        person_id: draft.person_id,
        kind,
        ground,
        decided_by: actor.person,
        decided_day: today,
        readers: serde_json::to_string(&draft.readers).unwrap_or_default(),
        statement: String::new(),
        stated_at: None,
        objection: String::new(),
        objected_at: None,
        objection_answer: String::new(),
        objection_answered_by: None,
        outcome: String::new(),
        version: 1,
    })
}

fn only_the_person(talk: &Talk, actor: &Actor, step: &str) -> Result<(), Refusal> {
    if talk.person_id == actor.person {
        Ok(())
    } else {
        Err(Refusal::not_allowed(step, "被约谈人本人"))
    }
}

/// The person's statement; may be added to until an outcome is recorded.
///
/// # Errors
/// `not_allowed`, `wrong_state`, text limits.
pub fn state(talk: &mut Talk, actor: &Actor, now: Instant, words: &str) -> Result<(), Refusal> {
    only_the_person(talk, actor, "陈述")?;
    if !talk.outcome.is_empty() {
        let hint = "如有不同意见，可以提出申诉。";
        return Err(Refusal::new("wrong_state", "结果已经记录，不能再修改陈述。", hint));
    }
    talk.statement = require_text("statement", "陈述", words, TALK_CHARS_MAX)?;
    talk.stated_at = Some(now);
    Ok(())
}

/// The person objects, once, within [`OBJECTION_DAYS`].
///
/// # Errors
/// `not_allowed`, `wrong_state`, `too_late`, text limits.
pub fn object(talk: &mut Talk, actor: &Actor, now: Instant, words: &str) -> Result<(), Refusal> {
    only_the_person(talk, actor, "申诉")?;
    if !talk.objection.is_empty() {
        return Err(Refusal::new("wrong_state", "已经提出过申诉。", "请等待答复。"));
    }
    if now.day_in_china() > talk.decided_day.plus_days(OBJECTION_DAYS) {
        let sentence = format!("申诉须在决定之日起{OBJECTION_DAYS}天内提出。");
        return Err(Refusal::new("too_late", sentence, "可以向上级机关反映。"));
    }
    talk.objection = require_text("objection", "申诉理由", words, TALK_CHARS_MAX)?;
    talk.objected_at = Some(now);
    Ok(())
}

/// Another leader than who decided answers the objection.
///
/// # Errors
/// `not_allowed`, `wrong_state`, `decider_cannot_answer`, text limits.
pub fn answer_objection(talk: &mut Talk, path: &UnitPath, actor: &Actor, words: &str) -> Result<(), Refusal> {
    if talk.objection.is_empty() || !talk.objection_answer.is_empty() {
        return Err(Refusal::new("wrong_state", "没有等待答复的申诉。", "请刷新页面查看最新情况。"));
    }
    if actor.person == talk.decided_by || actor.person == talk.person_id {
        let hint = "请由知悉人员中的另一位领导答复。";
        return Err(Refusal::new("decider_cannot_answer", "作出决定的人不能答复申诉。", hint));
    }
    if !actor.holds(Role::Leader, path) {
        return Err(Refusal::not_allowed("答复申诉", "对该单位有管理权的领导身份"));
    }
    talk.objection_answer = require_text("answer", "申诉答复", words, TALK_CHARS_MAX)?;
    talk.objection_answered_by = Some(actor.person);
    Ok(())
}

/// Who decided records what came of it: after the person's statement, not before.
///
/// # Errors
/// `not_allowed`, `statement_missing`, text limits.
pub fn conclude(talk: &mut Talk, actor: &Actor, words: &str) -> Result<(), Refusal> {
    if actor.person != talk.decided_by {
        return Err(Refusal::not_allowed("记录结果", "作出决定的领导本人"));
    }
    if talk.statement.is_empty() {
        let hint = "请先听取本人陈述；本人表示不陈述的，由本人写明。";
        return Err(Refusal::new("statement_missing", "本人还没有陈述。", hint));
    }
    require_text("outcome", "结果", words, TALK_CHARS_MAX)?;
    talk.outcome = limit_text("outcome", "结果", words, TALK_CHARS_MAX)?;
    Ok(())
}
