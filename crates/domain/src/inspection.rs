//! Inspections 督导检查: a plan with authority, scope, period, team and head; visits by it, and what they found.

mod visit;

use crate::id::{CampaignId, DrawId, FindingId, InspectionId, PersonId, ProblemId, UnitId, VisitId};
use crate::refusal::{Refusal, limit_text, require_text};
use crate::role::{Actor, Role};
use crate::unit::UnitPath;
use crate::{Coded as _, Day, Instant};
use serde::{Deserialize, Serialize};

/// Longest title, in characters.
pub const TITLE_CHARS_MAX: usize = 100;
/// Longest text of a plan's part, in characters.
pub const TEXT_CHARS_MAX: usize = 2_000;
/// Longest summary of a visit, and longest finding, in characters.
pub const SUMMARY_CHARS_MAX: usize = 4_000;
/// Longest inspection, in days: frequency and length are strictly controlled (政府督查工作条例 Art. 15).
pub const PERIOD_DAYS_MAX: i32 = 180;
/// Most people of a team.
pub const TEAM_MAX: usize = 100;
/// Most findings of one visit.
pub const FINDINGS_MAX: usize = 100;
/// Most photos of one finding.
pub const PHOTOS_MAX: usize = 10;

crate::coded! {
    /// Kinds of supervision (政府督查工作条例 Art. 14), and the regular and drawn checks beside them.
    InspectionKind ("督查种类") {
        Comprehensive = "comprehensive", "综合督查";
        Special = "special", "专项督查";
        Incident = "incident", "事件调查";
        Routine = "routine", "日常督办";
        Clue = "clue", "线索核查";
        Regular = "regular", "定期检查";
        Drawn = "drawn", "随机抽查";
    }
}

crate::coded! {
    /// How it is done (Art. 12).
    InspectionMeans ("督查方式") {
        Announced = "announced", "明察（事先通知）";
        Unannounced = "unannounced", "暗访（不打招呼）";
        Online = "online", "“互联网＋督查”";
        Papers = "papers", "调阅材料";
    }
}

crate::coded! {
    /// How far a plan is.
    InspectionState ("检查计划状态") {
        Draft = "draft", "拟制中";
        Proposed = "proposed", "待批准";
        Approved = "approved", "已批准，待下发";
        Issued = "issued", "进行中";
        Ended = "ended", "已结束";
    }
}

crate::coded! {
    /// What a visit is.
    VisitKind ("走访种类") {
        Visit = "visit", "实地检查";
        /// To a unit that was visited before.
        Repeat = "repeat", "再次走访";
        /// By the unit's own people, as one who comes for a service.
        WalkThrough = "walk_through", "走流程";
    }
}

crate::coded! {
    /// How far a visit is.
    VisitState ("走访状态") {
        Planned = "planned", "待检查";
        Done = "done", "已检查";
        /// Another team's result is used instead.
        Covered = "covered", "采用他组结果，不再上门";
        Cancelled = "cancelled", "已取消";
    }
}

crate::coded! {
    /// An answer to a point of a checklist.
    AnswerValue ("检查结论") {
        Fits = "fits", "符合";
        Fails = "fails", "不符合";
        NotSeen = "not_seen", "未查看";
    }
}

/// An inspection plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspection {
    /// Number.
    pub id: InspectionId,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// The unit that inspects.
    pub unit_id: UnitId,
    /// Title.
    pub title: String,
    /// Kind.
    pub kind: InspectionKind,
    /// How.
    pub means: InspectionMeans,
    /// Who decided it, when.
    pub authority: String,
    /// The document that says so.
    pub document: String,
    /// What is inspected 督查内容.
    pub subject: String,
    /// Whom, in words 督查对象和范围.
    pub targets: String,
    /// Code of the checklist; empty for none.
    pub checklist: String,
    /// First day.
    pub starts_day: Day,
    /// Last day.
    pub ends_day: Day,
    /// Head of the team 组长.
    pub head_id: Option<PersonId>,
    /// How far it is.
    pub state: InspectionState,
    /// Edition of the plan, from 1.
    pub revision: i64,
    /// Why it goes on although others visit the same units.
    pub overlap_reason: String,
    /// Who drafted it.
    pub drafted_by: PersonId,
    /// Who decided.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<Instant>,
    /// In what words.
    pub decision_note: String,
    /// When it was issued.
    pub issued_at: Option<Instant>,
    /// Row version.
    pub version: i64,
}

/// What a person writes into a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanText {
    /// Title.
    pub title: String,
    /// Who decided it, when.
    pub authority: String,
    /// The document that says so.
    pub document: String,
    /// What is inspected.
    pub subject: String,
    /// Whom.
    pub targets: String,
}

/// A visit to a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// Number.
    pub id: VisitId,
    /// The plan.
    pub inspection_id: InspectionId,
    /// Its campaign.
    pub campaign_id: CampaignId,
    /// The visited unit.
    pub unit_id: UnitId,
    /// What it is.
    pub kind: VisitKind,
    /// Planned from this day
    pub from_day: Day,
    /// to this one.
    pub to_day: Day,
    /// How far it is.
    pub state: VisitState,
    /// The day it took place.
    pub done_day: Option<Day>,
    /// [`Answer`]s as JSON; empty until filed.
    pub answers: String,
    /// What was seen.
    pub summary: String,
    /// The draw that chose the unit.
    pub draw_id: Option<DrawId>,
    /// The visit it follows up.
    pub follows_id: Option<VisitId>,
    /// The visit whose result is used instead.
    pub shared_from_id: Option<VisitId>,
    /// Who filed it.
    pub filed_by: Option<PersonId>,
    /// When.
    pub filed_at: Option<Instant>,
    /// Key of the form that filed it, so that a draft sent twice counts once.
    pub client_key: String,
    /// Row version.
    pub version: i64,
}

/// An answer to one point of a checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Code of the point.
    pub item: String,
    /// What was seen.
    pub value: AnswerValue,
    /// In words.
    pub note: String,
}

/// Something a visit found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Number.
    pub id: FindingId,
    /// The visit.
    pub visit_id: VisitId,
    /// Order within the visit, from 1.
    pub ordinal: i64,
    /// Point of the checklist; empty for none.
    pub item: String,
    /// What was found.
    pub text: String,
    /// Where.
    pub place: String,
    /// The problem it became.
    pub problem_id: Option<ProblemId>,
    /// Key of the form that sent it.
    pub client_key: String,
    /// Who found it.
    pub found_by: PersonId,
    /// When it was filed.
    pub found_at: Instant,
    /// Row version.
    pub version: i64,
}

/// A photo of a finding; it becomes evidence with the problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingPhoto {
    /// Number.
    pub id: i64,
    /// The finding.
    pub finding_id: FindingId,
    /// File name.
    pub file_name: String,
    /// SHA-256 of its bytes.
    pub digest: String,
    /// Media type by content.
    pub media_type: String,
    /// Size in bytes.
    pub size_bytes: i64,
}

fn refuse(code: &'static str, sentence: impl Into<String>, hint: &str) -> Refusal {
    Refusal::new(code, sentence, hint)
}

/// Whoever may plan and run inspections of a unit's subtree.
///
/// # Errors
/// `not_allowed`.
pub fn may_plan(actor: &Actor, path: &UnitPath, step: &str) -> Result<(), Refusal> {
    if actor.holds_any(&[Role::Office, Role::Inspector], path) {
        return Ok(());
    }
    Err(Refusal::not_allowed(step, "该单位的工作专班或督导员身份"))
}

impl Inspection {
    /// Refuses a step in another state.
    ///
    /// # Errors
    /// `inspection_in_another_state`.
    pub fn require_state(&self, step: &str, wanted: &[InspectionState]) -> Result<(), Refusal> {
        if wanted.contains(&self.state) {
            return Ok(());
        }
        let names: Vec<&str> = wanted.iter().map(|state| state.label()).collect();
        Err(refuse(
            "inspection_in_another_state",
            format!("检查计划现在是“{}”，不能{step}。", self.state.label()),
            &format!("只有“{}”的计划可以{step}；请刷新页面查看最新情况。", names.join("、")),
        ))
    }

    /// Takes over what a person wrote.
    ///
    /// # Errors
    /// Text limits, `period_out_of_range`.
    pub fn write(&mut self, text: PlanText, starts: Day, ends: Day) -> Result<(), Refusal> {
        self.title = require_text("title", "检查名称", &text.title, TITLE_CHARS_MAX)?;
        self.authority = limit_text("authority", "批准机关和时间", &text.authority, TEXT_CHARS_MAX)?;
        self.document = limit_text("document", "依据文件", &text.document, TEXT_CHARS_MAX)?;
        self.subject = limit_text("subject", "督查内容", &text.subject, TEXT_CHARS_MAX)?;
        self.targets = limit_text("targets", "督查对象和范围", &text.targets, TEXT_CHARS_MAX)?;
        if ends < starts || ends > starts.plus_days(PERIOD_DAYS_MAX) {
            return Err(Refusal::of_field(
                "ends_day",
                "period_out_of_range",
                format!("结束日期应在开始日期之后，且检查时间不超过{PERIOD_DAYS_MAX}天。"),
                "请修改起止日期；时间更长的，请分成几次检查。",
            ));
        }
        (self.starts_day, self.ends_day) = (starts, ends);
        Ok(())
    }

    /// What the plan still lacks before it may be handed in, in Chinese; empty when nothing.
    pub fn missing(&self, team: &[PersonId]) -> Vec<&'static str> {
        let mut missing = Vec::new();
        let texts = [
            (&self.authority, "批准机关和时间"),
            (&self.document, "依据文件"),
            (&self.subject, "督查内容"),
            (&self.targets, "督查对象和范围"),
        ];
        missing.extend(texts.into_iter().filter(|(text, _)| text.is_empty()).map(|(_, name)| name));
        if team.is_empty() {
            missing.push("督查组成员");
        }
        if !self.head_id.is_some_and(|head| team.contains(&head)) {
            missing.push("组长（须是督查组成员）");
        }
        missing
    }

    fn require_whole(&self, step: &str, team: &[PersonId]) -> Result<(), Refusal> {
        let missing = self.missing(team);
        if missing.is_empty() {
            return Ok(());
        }
        Err(refuse(
            "inspection_incomplete",
            format!("检查计划还缺：{}，不能{step}。", missing.join("、")),
            "督查须有依据、内容、范围、时间、人员和组长；请补齐后再办理。",
        ))
    }

    /// Hands the plan in for approval.
    ///
    /// # Errors
    /// `inspection_in_another_state`, `inspection_incomplete`.
    pub fn propose(&mut self, team: &[PersonId]) -> Result<(), Refusal> {
        self.require_state("报批", &[InspectionState::Draft])?;
        self.require_whole("报批", team)?;
        self.state = InspectionState::Proposed;
        self.version += 1;
        Ok(())
    }

    /// A leader approves, or gives it back with a reason. Whoever drafted it does not decide.
    ///
    /// # Errors
    /// `inspection_in_another_state`, `not_allowed`, `drafter_cannot_approve`, text limits.
    pub fn decide(
        &mut self,
        actor: &Actor,
        path: &UnitPath,
        approve: bool,
        note: &str,
        now: Instant,
    ) -> Result<(), Refusal> {
        self.require_state("审批", &[InspectionState::Proposed])?;
        if !actor.holds(Role::Leader, path) {
            return Err(Refusal::not_allowed("审批检查计划", "该单位或其上级的领导身份"));
        }
        if actor.person == self.drafted_by {
            return Err(refuse(
                "drafter_cannot_approve",
                "检查计划是您拟制的，不能由您批准。",
                "请由另一位负责同志审批。",
            ));
        }
        self.decision_note = if approve {
            limit_text("note", "审批意见", note, TEXT_CHARS_MAX)?
        } else {
            require_text("note", "退回理由", note, TEXT_CHARS_MAX)?
        };
        self.state = if approve { InspectionState::Approved } else { InspectionState::Draft };
        (self.decided_by, self.decided_at) = (Some(actor.person), Some(now));
        self.version += 1;
        Ok(())
    }

    /// Issues the plan. Units that others visit for the same in the same days must be explained.
    ///
    /// # Errors
    /// `inspection_in_another_state`, `inspection_incomplete`, `no_visits`, `overlap_unexplained`, text limits.
    pub fn issue(
        &mut self,
        team: &[PersonId],
        visits: usize,
        overlaps: usize,
        reason: &str,
        now: Instant,
    ) -> Result<(), Refusal> {
        self.require_state("下发", &[InspectionState::Approved])?;
        self.require_whole("下发", team)?;
        if visits == 0 {
            return Err(refuse("no_visits", "还没有安排任何走访单位，不能下发。", "请先添加要走访的单位。"));
        }
        let reason = limit_text("overlap_reason", "重复检查的理由", reason, TEXT_CHARS_MAX)?;
        if overlaps > 0 && reason.is_empty() {
            return Err(Refusal::of_field(
                "overlap_reason",
                "overlap_unexplained",
                format!("有{overlaps}处与其他检查重复（同一单位、相近时间）。"),
                "请合并、错开或者采用对方结果；确需重复检查的，请写明理由。",
            ));
        }
        self.overlap_reason = reason;
        self.state = InspectionState::Issued;
        self.issued_at = Some(now);
        self.version += 1;
        Ok(())
    }

    /// Ends the inspection.
    ///
    /// # Errors
    /// `inspection_in_another_state`, `visits_are_open`.
    pub fn end(&mut self, open_visits: usize) -> Result<(), Refusal> {
        self.require_state("结束", &[InspectionState::Issued])?;
        if open_visits > 0 {
            return Err(refuse(
                "visits_are_open",
                format!("还有{open_visits}个单位没有检查。"),
                "请检查完、采用他组结果或者取消走访后再结束。",
            ));
        }
        self.state = InspectionState::Ended;
        self.version += 1;
        Ok(())
    }

    /// Takes the plan back for a change: a new edition, which needs a new approval.
    ///
    /// # Errors
    /// `inspection_in_another_state`, text limits.
    pub fn revise(&mut self, reason: &str) -> Result<String, Refusal> {
        use InspectionState::{Approved, Issued, Proposed};
        self.require_state("调整", &[Proposed, Approved, Issued])?;
        let reason = require_text("reason", "调整理由", reason, TEXT_CHARS_MAX)?;
        self.state = InspectionState::Draft;
        self.revision += 1;
        (self.decided_by, self.decided_at) = (None, None);
        self.decision_note = String::new();
        self.version += 1;
        Ok(reason)
    }
}
