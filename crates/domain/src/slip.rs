//! Slips 督办单: numbered papers made from the records they speak of, signed for and answered by a day (M28).
//!
//! A slip speaks of a subject by its kind and number, so that problems, required actions, tasks, requests and appeals
//! are all supervised by one engine. [`life`] holds what may be done with one, and by whom.

pub mod life;

use crate::id::{CampaignId, PersonId, PostId, SlipId, UnitId};
use crate::role::{Actor, Role};
use crate::unit::UnitPath;
use crate::{Day, Instant};
use serde::{Deserialize, Serialize};

/// Longest body of a slip, in characters.
pub const SLIP_BODY_CHARS_MAX: usize = 4_000;
/// Longest title of a slip, in characters.
pub const SLIP_TITLE_CHARS_MAX: usize = 100;
/// Longest answer, reason or opinion, in characters.
pub const SLIP_WORDS_CHARS_MAX: usize = 2_000;
/// Longest prefix of a document number 发文代字, in characters.
pub const DOCUMENT_PREFIX_CHARS_MAX: usize = 30;
/// Most times one slip is passed on; then it goes back to whoever issued it.
pub const PASSES_MAX: i64 = 10;

crate::coded! {
    /// Kind of a slip; the template's own forms each have one of these.
    SlipKind ("督办单类型") {
        Notice = "notice", "通知单";
        Reminder = "reminder", "提示单";
        Feedback = "feedback", "反馈单";
        Warning = "warning", "预警单";
        /// Calls somebody to a talk: decided by a person, read by few.
        Talk = "talk", "约谈单";
        Other = "other", "其他督办单";
    }
}

crate::coded! {
    /// Where a slip stands.
    SlipState ("督办单状态") {
        /// Made, waits for a person to issue it.
        Drafted = "drafted", "待签发";
        Issued = "issued", "待签收";
        Signed = "signed", "已签收";
        Answered = "answered", "已答复，待审核";
        /// The answer was not enough; a new one is owed.
        SentBack = "sent_back", "答复退回，待重答";
        /// The unit says it is not theirs; waits for the decider.
        Disputed = "disputed", "退回，待裁定";
        Accepted = "accepted", "已办结";
        Recalled = "recalled", "已撤回";
        /// Never issued: what called for it was over.
        Lapsed = "lapsed", "未发出（情形已消失）";
    }
}

impl SlipState {
    /// The receiving unit owes a signature or an answer.
    pub fn holder_owes(self) -> bool {
        matches!(self, SlipState::Issued | SlipState::Signed | SlipState::SentBack)
    }

    /// Nothing follows any more.
    pub fn is_over(self) -> bool {
        matches!(self, SlipState::Accepted | SlipState::Recalled | SlipState::Lapsed)
    }
}

crate::coded! {
    /// What a slip is about.
    SubjectKind ("督办事项") {
        Problem = "problem", "问题";
        RequiredAction = "required_action", "规定动作";
        Task = "task", "任务";
        Request = "request", "请求事项";
        Appeal = "appeal", "诉求";
    }
}

/// The record a slip speaks of, by its kind and number. What a unit owes of a required action has no number of its own:
/// it is named by the rule, the unit, and the last day of the period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Kind.
    pub kind: SubjectKind,
    /// Number of the record; of the rule for a required action.
    pub id: i64,
    /// The unit that owes it, for a required action.
    pub unit_id: Option<UnitId>,
    /// Last day of the period, for a required action.
    pub period_day: Option<Day>,
}

impl Subject {
    /// A record with a number of its own.
    pub fn of(kind: SubjectKind, id: i64) -> Subject {
        Subject { kind, id, unit_id: None, period_day: None }
    }

    /// What a unit owes of a required action in the period that ends on `period_day`.
    pub fn owed(action: i64, unit_id: UnitId, period_day: Day) -> Subject {
        Subject {
            kind: SubjectKind::RequiredAction,
            id: action,
            unit_id: Some(unit_id),
            period_day: Some(period_day),
        }
    }
}

crate::coded! {
    /// What was done with a slip.
    SlipVerb ("督办单办理") {
        Draft = "draft", "拟稿";
        Issue = "issue", "签发";
        Sign = "sign", "签收";
        Answer = "answer", "答复";
        Accept = "accept", "认可答复";
        SendBack = "send_back", "退回重答";
        Recall = "recall", "撤回";
        PassOn = "pass_on", "转办";
        Return = "return", "退回（不属本单位）";
        Decide = "decide", "裁定归属";
        Lapse = "lapse", "不再发出";
    }
}

/// A slip as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slip {
    /// Number of the row.
    pub id: SlipId,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// Code of the template's form.
    pub form: String,
    /// The form's name at that time.
    pub form_name: String,
    /// Kind.
    pub kind: SlipKind,
    /// The unit that issues it.
    pub issuer_unit_id: UnitId,
    /// Year of the number; 0 while it is a draft.
    pub year: i64,
    /// Running number of the issuing unit, form and year; 0 while it is a draft.
    pub number: i64,
    /// 发文代字, where the office wants a document number; empty otherwise.
    pub document_prefix: String,
    /// What it is about.
    pub subject_kind: SubjectKind,
    /// Number of that record; of the rule for a required action.
    pub subject_id: i64,
    /// The unit that owes it, for a required action.
    pub subject_unit_id: Option<UnitId>,
    /// Last day of the period, for a required action.
    pub subject_day: Option<Day>,
    /// That record in words, as it was when the slip was made.
    pub subject_words: String,
    /// The unit it was written to.
    pub to_unit_id: UnitId,
    /// The unit that has it now, after passing on or a decision.
    pub holder_unit_id: UnitId,
    /// The leading post it is addressed to, where it is addressed to a person in charge.
    pub to_post_id: Option<PostId>,
    /// The unit that gets a copy 抄送.
    pub copy_unit_id: Option<UnitId>,
    /// Title.
    pub title: String,
    /// Text.
    pub body: String,
    /// Urgent: told at once, not in the next digest.
    pub urgent: bool,
    /// Where it stands.
    pub state: SlipState,
    /// Who drafted it; `None` for the ladder.
    pub drafted_by: Option<PersonId>,
    /// When it was drafted.
    pub drafted_at: Instant,
    /// Who issued it; `None` for the ladder.
    pub issued_by: Option<PersonId>,
    /// The day it was issued.
    pub issued_day: Option<Day>,
    /// Working days to answer in; 0 when none is asked.
    pub answer_working_days: i64,
    /// The last day to answer.
    pub answer_day: Option<Day>,
    /// Who signed for it.
    pub signed_by: Option<PersonId>,
    /// The day it was signed for.
    pub signed_day: Option<Day>,
    /// The answer in force.
    pub answer: String,
    /// Who answered.
    pub answered_by: Option<PersonId>,
    /// The day it was answered.
    pub answered_day: Option<Day>,
    /// Times it was passed on.
    pub passes: i64,
    /// Who decides about a returned slip.
    pub decider_unit_id: Option<UnitId>,
    /// By when.
    pub decide_by_day: Option<Day>,
    /// Code of the ladder's rule that called for it; empty for slips made by hand.
    pub rule: String,
    /// What was true when it was made, in words.
    pub cause: String,
    /// The due day the rule looked at.
    pub cause_due_day: Option<Day>,
    /// The round the rule looked at.
    pub cause_round: i64,
    /// Row version.
    pub version: i64,
}

impl Slip {
    /// The record it speaks of.
    pub fn subject(&self) -> Subject {
        Subject {
            kind: self.subject_kind,
            id: self.subject_id,
            unit_id: self.subject_unit_id,
            period_day: self.subject_day,
        }
    }

    /// The number as people cite it: a document number where the office wants one.
    pub fn citation(&self) -> String {
        if self.number == 0 {
            return format!("{}（未编号）", self.form_name);
        }
        if self.document_prefix.is_empty() {
            return format!("{}{}年第{}号", self.form_name, self.year, self.number);
        }
        format!("{}〔{}〕{}号", self.document_prefix, self.year, self.number)
    }

    /// Nobody has signed although it was issued.
    pub fn is_unsigned(&self) -> bool {
        self.state == SlipState::Issued
    }

    /// An answer is owed and its day has passed.
    pub fn is_unanswered_on(&self, today: Day) -> bool {
        self.state.holder_owes() && self.answer_day.is_some_and(|day| day < today)
    }

    /// Read by few: only the people of [`SlipCase::visible_to`].
    pub fn is_restricted(&self) -> bool {
        self.kind == SlipKind::Talk
    }
}

/// One step of a slip's life, for its time line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlipStep {
    /// The slip.
    pub slip_id: SlipId,
    /// Order, from 1.
    pub ordinal: i64,
    /// What was done.
    pub verb: SlipVerb,
    /// For which unit.
    pub unit_id: UnitId,
    /// To which unit it went, where it went to another.
    pub to_unit_id: Option<UnitId>,
    /// By whom; `None` for the ladder.
    pub person_id: Option<PersonId>,
    /// When.
    pub at: Instant,
    /// Words: answer, reason, opinion.
    pub words: String,
}

/// Where a slip stood at the end of a day, by its steps in order. Before it was issued it was a draft.
pub fn state_on(slip: &Slip, steps: &[SlipStep], day: Day) -> SlipState {
    let mut state = SlipState::Drafted;
    for step in steps.iter().take_while(|step| step.at.day_in_china() <= day) {
        state = match step.verb {
            SlipVerb::Draft => SlipState::Drafted,
            SlipVerb::Issue | SlipVerb::PassOn | SlipVerb::Decide => SlipState::Issued,
            SlipVerb::Sign if slip.answer_day.is_none() => SlipState::Accepted,
            SlipVerb::Sign => SlipState::Signed,
            SlipVerb::Answer => SlipState::Answered,
            SlipVerb::Accept => SlipState::Accepted,
            SlipVerb::SendBack => SlipState::SentBack,
            SlipVerb::Recall => SlipState::Recalled,
            SlipVerb::Return => SlipState::Disputed,
            SlipVerb::Lapse => SlipState::Lapsed,
        };
    }
    state
}

/// What a decision about a disputed slip teaches: such matters of one unit belong to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutingRule {
    /// Number.
    pub id: i64,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// The category of the problem it was about; empty where the subject has none.
    pub category: String,
    /// The unit that said it was not theirs.
    pub from_unit_id: UnitId,
    /// The unit it belongs to.
    pub to_unit_id: UnitId,
    /// The slip that was decided.
    pub slip_id: SlipId,
    /// When.
    pub decided_day: Day,
    /// Why.
    pub reason: String,
}

/// A slip with what its rules need to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlipCase {
    /// The slip.
    pub slip: Slip,
    /// Place of the issuing unit.
    pub issuer_path: UnitPath,
    /// Place of the unit that has it.
    pub holder_path: UnitPath,
    /// Place of the unit it was written to.
    pub to_path: UnitPath,
    /// Place of the unit that gets a copy.
    pub copy_path: Option<UnitPath>,
    /// Its steps so far.
    pub steps: Vec<SlipStep>,
    /// Routing rules that the present command adds.
    pub learnt: Vec<RoutingRule>,
}

impl SlipCase {
    /// May see it. A draft is the issuer's; a talk is for those who decide about it and those who are called.
    pub fn visible_to(&self, actor: &Actor) -> bool {
        let slip = &self.slip;
        if slip.is_restricted() {
            let hand = [slip.drafted_by, slip.issued_by, slip.signed_by, slip.answered_by];
            return hand.contains(&Some(actor.person))
                || self.is_decider(actor)
                || (!matches!(slip.state, SlipState::Drafted | SlipState::Lapsed) && self.is_called(actor));
        }
        if matches!(slip.state, SlipState::Drafted | SlipState::Lapsed) {
            return actor.may_read(&self.issuer_path) || self.is_decider(actor);
        }
        let places =
            [Some(&self.issuer_path), Some(&self.holder_path), Some(&self.to_path), self.copy_path.as_ref()];
        places.into_iter().flatten().any(|path| actor.may_read(path)) || self.is_post(actor)
    }

    /// Leads in the issuing unit, or runs the campaign from it or from a unit inside it: decides about drafts, answers
    /// and disputes.
    pub fn is_decider(&self, actor: &Actor) -> bool {
        actor.holds_any(&[Role::Office, Role::Leader], &self.holder_path)
            && acts_from(actor, &(self.slip.issuer_unit_id, self.issuer_path.clone()))
    }

    /// A leader of the unit that is called to a talk, or the holder of the post.
    fn is_called(&self, actor: &Actor) -> bool {
        self.is_post(actor)
            || self.slip.to_post_id.is_none()
                && actor.holds(Role::Leader, &self.holder_path)
                && actor.posts.iter().any(|post| post.unit == self.slip.holder_unit_id)
    }

    fn is_post(&self, actor: &Actor) -> bool {
        self.slip.to_post_id.is_some_and(|wanted| actor.posts.iter().any(|post| post.post == wanted))
    }

    /// May sign and answer for the unit that has it; what is addressed to a post only by whoever holds it, a talk only
    /// by those who lead.
    pub fn acts_for_holder(&self, actor: &Actor) -> bool {
        if self.slip.to_post_id.is_some() {
            return self.is_post(actor);
        }
        if self.slip.is_restricted() {
            return self.is_called(actor);
        }
        actor.holds(Role::Filler, &self.holder_path)
            || actor.holds(Role::Leader, &self.holder_path) && actor.belongs_to(&self.holder_path)
    }
}

/// May send slips in the name of a unit: has a post in it, or inside it a right that reaches all of it (the office of a
/// county sends in the county's name; an office of the city above does not).
pub fn acts_from(actor: &Actor, issuer: &life::Place) -> bool {
    actor.posts.iter().any(|post| post.unit == issuer.0)
        || actor.holds_any(&[Role::Office, Role::Leader], &issuer.1) && actor.belongs_to(&issuer.1)
}
