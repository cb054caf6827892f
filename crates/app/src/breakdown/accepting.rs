//! Accepting a draft: what it becomes, and where it is opened from.

use super::quantity::{taken, target_of, with_quantity};
use super::{append, seen_draft, short, strands_of, update};
use crate::Error;
use crate::context::{App, Context};
use crate::input::{self, inputs};
use crate::problem::{Meant, meant_units, register_draft, write_step};
use crate::task::TaskInput;
use bihuan_domain::breakdown::{self as domain, Becomes, Breakdown, BreakdownDraft, DraftState};
use bihuan_domain::campaign::Campaign;
use bihuan_domain::deadline::Deadline;
use bihuan_domain::id::{BreakdownDraftId, BreakdownId, ProblemId, RequiredActionId, TaskId, UnitId};
use bihuan_domain::problem::{self, Assignment, Draft, ImportedState, Party, PartyRole};
use bihuan_domain::refusal::require_text;
use bihuan_domain::unit::Unit;
use bihuan_domain::{Coded, Day};
use bihuan_store::journal::{self, Write};
use bihuan_store::{Conn, problem as problems};

/// Characters of a draft's action that make the name of a task.
const TASK_TITLE_CHARS: usize = 60;

inputs! {
    /// A draft taken, with what a person changed in it: what is sent empty stays as the draft has it. Amount and measure
    /// word are those of the draft, of which a task gets its target; quantity and its unit are those of a rule's period.
    AcceptInput {
        becomes: one "采用为",
        action: one "任务内容",
        unit: one "责任单位",
        checking: one "验收单位",
        deadline: one "时限原文",
        due_day: one "截止日期",
        amount: one "目标数量",
        measure_word: one "计量单位",
        subject: one "责任对象",
        posts: one "岗位名称含有",
        activities: many "哪些活动算数",
        cadence: one "周期",
        quantity: one "每期数量",
        quantity_unit: one "每期数量的单位",
        from_day: one "开始日期",
        confirmed: one "确认交办给这些单位",
    }
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The document.
    pub breakdown: BreakdownId,
    /// Problems that were registered and assigned, in the order of the units.
    pub problems: Vec<ProblemId>,
    /// Tasks that were set, in the order of the units.
    pub tasks: Vec<TaskId>,
    /// The rule that was issued.
    pub required_action: Option<RequiredActionId>,
    /// The requirements that were listed, each by its draft and with the unit that is told, in the order of the units; one
    /// without a unit where nobody is named.
    pub requirements: Vec<(BreakdownDraftId, Option<UnitId>)>,
}

impl App {
    /// Accepts a draft: it becomes a problem or a task of each unit that is meant, or one rule for all of them, or stands
    /// in the list of requirements. The source stays with it.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `draft_decided`; refusals of registering and assigning, of tasks and of rules.
    pub fn accept_draft(
        &self,
        ctx: &Context,
        id: BreakdownDraftId,
        version: Option<i64>,
        sent: AcceptInput,
    ) -> Result<Accepted, Error> {
        let (app, ctx) = (self.clone(), ctx.clone());
        self.db.write(move |conn| {
            let (draft, breakdown, unit, campaign) = seen_draft(conn, &ctx, id, version)?;
            domain::check_open(&ctx.actor, &unit.path, &draft)?;
            let becomes = match sent.becomes.trim() {
                "" => Becomes::Problem,
                _ => input::coded::<Becomes>("becomes", "采用为", &sent.becomes)?,
            };
            let action =
                if sent.action.trim().is_empty() { draft.action.clone() } else { sent.action.clone() };
            let action = require_text("action", "任务内容", &action, domain::ACTION_CHARS_MAX)?;
            let due_day = input::day("due_day", "截止日期", &sent.due_day)?.or(draft.due_day);
            let quantity = taken(&draft, &sent.amount, &sent.measure_word)?;
            let action = match becomes {
                Becomes::Requirement | Becomes::Problem => {
                    let whole = with_quantity(&action, &quantity);
                    require_text("action", "任务内容", &whole, domain::ACTION_CHARS_MAX)?
                }
                Becomes::Task | Becomes::RequiredAction => action,
            };
            let next = BreakdownDraft {
                action,
                quantity,
                due_day,
                state: DraftState::Accepted,
                becomes_kind: becomes.code().to_owned(),
                ..draft.clone()
            };
            let at = At { app: &app, ctx: &ctx, breakdown: &breakdown, unit: &unit, campaign: &campaign };
            let (rows, made) = match becomes {
                Becomes::Requirement => (at.list_all(conn, next, &sent)?, vec![]),
                Becomes::Problem | Becomes::Task => at.give_all(conn, &draft, next, becomes, &sent)?,
                Becomes::RequiredAction => {
                    let rule = at.issue_rule(conn, &next, &sent)?;
                    (vec![BreakdownDraft { becomes_id: Some(rule.0), ..next }], vec![rule.0])
                }
            };
            let listed = rows.iter().filter(|_| becomes == Becomes::Requirement);
            let requirements = listed.map(|row| (row.id, row.unit_id)).collect();
            let mut writes: Vec<Write> = Vec::new();
            for row in rows {
                if row.id == draft.id {
                    writes.extend(update(conn, &ctx, row)?);
                } else {
                    writes.push(Write::insert(&row));
                }
            }
            let note = format!("采用为{}：{}", becomes.label(), short(&draft.action));
            append(conn, &ctx, (&breakdown, &unit), "breakdown.draft_accepted", note, writes)?;
            let of = |kind: Becomes| if becomes == kind { made.clone() } else { Vec::new() };
            Ok(Accepted {
                breakdown: breakdown.id,
                problems: of(Becomes::Problem).into_iter().map(ProblemId).collect(),
                tasks: of(Becomes::Task).into_iter().map(TaskId).collect(),
                required_action: of(Becomes::RequiredAction).into_iter().map(RequiredActionId).next(),
                requirements,
            })
        })
    }
}

/// Whom a person wrote, else whom the document names.
pub(super) fn who_is_asked(draft: &BreakdownDraft, sent: &AcceptInput) -> String {
    match (sent.unit.trim(), draft.unit_id) {
        ("", Some(id)) => id.to_string(),
        ("", None) => draft.subject.clone(),
        (written, _) => written.to_owned(),
    }
}

/// Units that the question before handing out to a class of units names; the others are counted.
const NAMED_MAX: usize = 8;

/// A class of units 各乡镇 becomes many problems or tasks at once, and none of them can be taken back unseen: whoever hands
/// them out says that these units are meant.
fn confirm_class(asked: &str, units: &[Meant], becomes: Becomes, sent: &AcceptInput) -> Result<(), Error> {
    let a_class = units.len() > 1 && units.iter().any(|meant| !meant.written.is_empty());
    if !a_class || input::flag(&sent.confirmed) {
        return Ok(());
    }
    let named: Vec<&str> = units.iter().take(NAMED_MAX).map(|meant| meant.unit.name.as_str()).collect();
    let named = named.join("、");
    let more = if units.len() > NAMED_MAX { "等" } else { "" };
    let sentence = format!(
        "“{asked}”现在是{}个单位：{named}{more}，会给每个单位各建一件{}。请核对后勾选“确认交办给这些单位”，再点“采用”；只要其中几个的，请在“责任单位”里写明。",
        units.len(),
        becomes.label()
    );
    Err(Error::invalid("confirmed", sentence))
}

fn too_early(due: Day, document: Day) -> String {
    format!("“截止日期”{}早于文件日期{}，一交办就已逾期，请改正。", due.in_chinese(), document.in_chinese())
}

pub(super) struct At<'a> {
    pub(super) app: &'a App,
    pub(super) ctx: &'a Context,
    pub(super) breakdown: &'a Breakdown,
    pub(super) unit: &'a Unit,
    pub(super) campaign: &'a Campaign,
}

impl At<'_> {
    /// One problem or task a unit; further units get a copy of the draft, so that each opens its source.
    fn give_all(
        &self,
        conn: &mut Conn,
        draft: &BreakdownDraft,
        next: BreakdownDraft,
        becomes: Becomes,
        sent: &AcceptInput,
    ) -> Result<(Vec<BreakdownDraft>, Vec<i64>), Error> {
        let today = self.ctx.today();
        let units = meant_units(conn, self.unit, today, "unit", &who_is_asked(draft, sent))?;
        if units.is_empty() {
            return Err(Error::invalid("unit", "请填写责任单位：单位名称，或者“各乡镇”这样的一类单位。"));
        }
        let checking = match sent.checking.trim() {
            "" => self.unit.clone(),
            written => match meant_units(conn, self.unit, today, "checking", written)?.as_slice() {
                [one] => one.unit.clone(),
                _ => return Err(Error::invalid("checking", "验收单位只能填一个。")),
            },
        };
        confirm_class(&who_is_asked(draft, sent), &units, becomes, sent)?;
        let deadline = self.deadline(conn, sent, next.due_day)?;
        if let Some(day) = deadline.date.filter(|day| *day < self.breakdown.day) {
            return Err(Error::invalid("due_day", too_early(day, self.breakdown.day)));
        }
        let (mut rows, mut ids) = (Vec::new(), Vec::new());
        for (nth, meant) in units.into_iter().enumerate() {
            let made = match becomes {
                Becomes::Task => self.set_task(conn, &next, &meant.unit, &deadline)?,
                _ => self.assign_one(conn, &next, &meant.unit, &checking, &deadline)?.0,
            };
            rows.push(self.for_unit(conn, &next, (nth, Some(meant.unit.id)), Some(made))?);
            ids.push(made);
        }
        Ok((rows, ids))
    }

    /// The draft as one unit's: the first keeps its row, the others get copies, so that each opens its source.
    pub(super) fn for_unit(
        &self,
        conn: &mut Conn,
        next: &BreakdownDraft,
        (nth, unit_id): (usize, Option<UnitId>),
        becomes_id: Option<i64>,
    ) -> Result<BreakdownDraft, Error> {
        let id = match nth {
            0 => next.id,
            _ => BreakdownDraftId(journal::next_id(conn, "breakdown_draft", 1)?),
        };
        Ok(BreakdownDraft {
            id,
            unit_id,
            unit_doubt: String::new(),
            becomes_id,
            decided_by: Some(self.ctx.actor.person),
            decided_at: Some(self.ctx.at),
            version: if nth == 0 { next.version } else { 1 },
            ..next.clone()
        })
    }

    fn deadline(&self, conn: &mut Conn, sent: &AcceptInput, due: Option<Day>) -> Result<Deadline, Error> {
        let text = sent.deadline.trim();
        let read = if text.is_empty() {
            None
        } else {
            Some(self.app.deadline(conn, self.campaign, text, self.breakdown.day)?)
        };
        match (read, due) {
            (Some(read), Some(day)) => Ok(read.confirmed_on(day)),
            (Some(read), None) if !read.needs_person => Ok(read),
            (None, Some(day)) => Ok(Deadline::on(day)),
            _ => Err(Error::invalid("due_day", "请填写截止日期：交办下去的事项要有明确的时限。")),
        }
    }

    fn set_task(
        &self,
        conn: &mut Conn,
        draft: &BreakdownDraft,
        unit: &Unit,
        deadline: &Deadline,
    ) -> Result<i64, Error> {
        let due =
            deadline.date.ok_or_else(|| Error::invalid("due_day", "请填写截止日期：任务要有完成时限。"))?;
        let quote: String = draft.quote.chars().take(300).collect();
        let targets = target_of(&draft.quantity).into_iter().collect();
        let sent = TaskInput {
            unit: unit.id.to_string(),
            title: draft.action.chars().take(TASK_TITLE_CHARS).collect(),
            goal: with_quantity(&format!("《{}》：“{quote}”", self.breakdown.title), &draft.quantity),
            starts_day: self.ctx.today().to_string(),
            due_day: due.to_string(),
            ..TaskInput::default()
        };
        let done = self.app.create_task_in(conn, self.ctx, self.campaign.id, sent, (targets, vec![]))?;
        Ok(done.task.id.0)
    }

    fn assign_one(
        &self,
        conn: &mut Conn,
        draft: &BreakdownDraft,
        lead: &Unit,
        checking: &Unit,
        deadline: &Deadline,
    ) -> Result<ProblemId, Error> {
        let rules = self.app.rules(self.campaign)?;
        let quote: String = draft.quote.chars().take(300).collect();
        let strands = strands_of(self.app, self.campaign)?;
        let registered = Draft {
            campaign_id: self.campaign.id,
            unit_id: self.unit.id,
            unit_path: self.unit.path.clone(),
            text: draft.action.clone(),
            strand: Some(&draft.strand)
                .filter(|code| strands.contains_key(*code))
                .cloned()
                .unwrap_or_default(),
            ground: format!("《{}》（{}）：“{quote}”", self.breakdown.title, self.breakdown.day.in_chinese()),
            deadline: Some(deadline.clone()),
            ..Draft::default()
        };
        let state = Some(ImportedState::Accepted);
        let done = register_draft(conn, self.ctx, &rules, registered, state, None)?;
        let before = problems::load_case(conn, done.problem.id)?.ok_or(Error::NotFound)?;
        let mut after = before.clone();
        let party = |unit: &Unit, role| Party {
            unit_id: unit.id,
            path: unit.path.clone(),
            role,
            written: unit.name.clone(),
        };
        let order = Assignment {
            parties: vec![party(lead, PartyRole::Lead), party(checking, PartyRole::Checking)],
            deadline: Some(deadline.clone()),
            ..Assignment::default()
        };
        let step = problem::assign(&mut after, &self.ctx.scene(&rules), order, "")?;
        write_step(conn, self.ctx, Some(&before), after, step)?;
        Ok(done.problem.id)
    }
}
