//! Visits: planned, filed once however often the form is sent, covered by another team's result, cancelled.

use super::{domain, entry_of, fresh, people_of, seen};
use crate::Error;
use crate::context::{self, App, Context, readable_unit};
use crate::draw::{json, parse};
use crate::input::{self, inputs};
use bihuan_domain::Coded;
use bihuan_domain::id::{InspectionId, PersonId, UnitId, VisitId};
use bihuan_domain::inspection::{
    Answer, AnswerValue, Finding, FindingPhoto, Inspection, InspectionMeans, InspectionState, Visit,
    VisitKind, VisitState,
};
use bihuan_domain::refusal::limit_text;
use bihuan_domain::template::Checklist;
use bihuan_domain::unit::Unit;
use bihuan_store::inspection::{self as store, VisitLine};
use bihuan_store::journal::{self, Write};
use bihuan_store::records::VisitMember;
use bihuan_store::{Conn, Fault};
use std::collections::HashMap;

/// Units one form may add visits for.
pub const VISITS_ADDED_MAX: usize = 200;

inputs! {
    /// Visits to be planned: one for each unit.
    VisitInput {
        units: many "受检单位",
        kind: one "走访种类",
        from_day: one "最早日期",
        to_day: one "最晚日期",
        members: many "检查人员",
        follows: one "接续的走访",
    }
    /// What a visit saw. An answer is `point=value` or `point=value=note`.
    FileVisitInput {
        done_day: one "检查日期",
        summary: one "检查情况",
        answers: many "检查清单",
        client_key: one "表单编号",
    }
}

/// A visit as read.
#[derive(Clone, Debug)]
pub struct VisitView {
    /// The visit with its unit.
    pub line: VisitLine,
    /// Its plan.
    pub inspection: Inspection,
    /// Who visits.
    pub members: Vec<PersonId>,
    /// Names.
    pub people: HashMap<PersonId, String>,
    /// The checklist of the plan.
    pub checklist: Option<Checklist>,
    /// What was answered.
    pub answers: Vec<Answer>,
    /// What was found.
    pub findings: Vec<(Finding, Vec<FindingPhoto>)>,
    /// Other visits of the unit, newest first.
    pub others: Vec<VisitLine>,
    /// The reader files it.
    pub may_file: bool,
    /// The reader plans and cancels.
    pub may_plan: bool,
    /// The reader finds the plan; a visited unit sees the visit alone.
    pub plan_seen: bool,
}

/// Whether the reader may know of a visit: those who read the inspecting unit, the team, and the visited unit once it
/// was done or when it was announced.
pub(super) fn may_see(
    conn: &mut Conn,
    ctx: &Context,
    plan: &Inspection,
    line: &VisitLine,
) -> Result<bool, Error> {
    let unit = context::unit(conn, plan.unit_id)?;
    if ctx.actor.may_read(&unit.path) {
        return Ok(true);
    }
    let members = store::visit_members(conn, [line.visit.id])?;
    let person = ctx.actor.person;
    if members.values().flatten().any(|member| *member == person)
        || store::members(conn, plan.id)?.contains(&person)
    {
        return Ok(true);
    }
    let told = line.visit.state == VisitState::Done
        || plan.means == InspectionMeans::Announced && plan.state == InspectionState::Issued;
    Ok(told && ctx.actor.may_read(&line.unit.path))
}

/// A visit the reader may see, with its plan.
pub(super) fn seen_visit(
    conn: &mut Conn,
    ctx: &Context,
    id: VisitId,
) -> Result<(VisitLine, Inspection), Error> {
    let line = store::visit(conn, id)?.ok_or(Error::NotFound)?;
    let plan: Inspection = journal::by_id(conn, line.visit.inspection_id.0)?.ok_or(Error::NotFound)?;
    if may_see(conn, ctx, &plan, &line)? { Ok((line, plan)) } else { Err(Error::NotFound) }
}

impl App {
    /// One visit.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn visit(&self, ctx: &Context, id: VisitId) -> Result<VisitView, Error> {
        self.db.read(|conn| {
            let (line, inspection) = seen_visit(conn, ctx, id)?;
            let members = store::visit_members(conn, [id])?.remove(&id).unwrap_or_default();
            let campaign = journal::by_id(conn, inspection.campaign_id.0)?.ok_or(Error::NotFound)?;
            let checklist = self.checklists(&campaign)?.into_iter().find(|c| c.code == inspection.checklist);
            let answers = match line.visit.answers.as_str() {
                "" => Vec::new(),
                text => parse(text, "a visit's answers")?,
            };
            let mut others = Vec::new();
            for other in store::of_unit(conn, line.visit.unit_id)? {
                let plan: Inspection =
                    journal::by_id(conn, other.visit.inspection_id.0)?.ok_or(Error::NotFound)?;
                if other.visit.id != id && may_see(conn, ctx, &plan, &other)? {
                    others.push(other);
                }
            }
            let mut people = members.clone();
            people.extend(line.visit.filed_by);
            people.extend(inspection.head_id);
            let unit = context::unit(conn, inspection.unit_id)?;
            let member = members.contains(&ctx.actor.person) || inspection.head_id == Some(ctx.actor.person);
            let own = line.visit.kind != VisitKind::WalkThrough && ctx.actor.belongs_to(&line.unit.path);
            let plan_seen = match seen(conn, ctx, inspection.id) {
                Ok(_) => true,
                Err(Error::NotFound) => false,
                Err(error) => return Err(error),
            };
            Ok(VisitView {
                plan_seen,
                may_file: member && !own && inspection.state == InspectionState::Issued,
                may_plan: domain::may_plan(&ctx.actor, &unit.path, "安排走访").is_ok(),
                people: bihuan_store::problem::units::person_names(conn, &people)?.into_iter().collect(),
                findings: store::findings(conn, id)?,
                line,
                inspection,
                members,
                checklist,
                answers,
                others,
            })
        })
    }

    /// Adds visits to a plan, one for each unit. Visits may be added until the inspection ends.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `not_allowed`, `Invalid`.
    pub fn add_visits(
        &self,
        ctx: &Context,
        id: InspectionId,
        version: i64,
        sent: VisitInput,
    ) -> Result<usize, Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let (plan, unit, ..) = fresh(conn, &ctx, id, version)?;
            domain::may_plan(&ctx.actor, &unit.path, "安排走访")?;
            plan.require_state(
                "安排走访",
                &[
                    InspectionState::Draft,
                    InspectionState::Proposed,
                    InspectionState::Approved,
                    InspectionState::Issued,
                ],
            )?;
            let planned = planned(conn, &ctx, &plan, &unit, &sent)?;
            let mut writes = Vec::new();
            for (visit, members) in &planned {
                writes.push(Write::insert(visit));
                writes.extend(
                    members.iter().map(|p| Write::insert(&VisitMember { visit_id: visit.id, person_id: *p })),
                );
            }
            let note = format!("检查“{}”安排走访{}个单位", plan.title, planned.len());
            let entry = entry_of(&plan, ("inspection.visits_added", note), writes);
            journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry])?;
            Ok(planned.len())
        })
    }

    /// Files what a visit saw. The same form sent again changes nothing and answers as the first time did.
    ///
    /// # Errors
    /// `NotFound`, `Invalid`, refusals of `Visit::file`.
    pub fn file_visit(&self, ctx: &Context, id: VisitId, sent: FileVisitInput) -> Result<(), Error> {
        let (app, ctx) = (self.clone(), ctx.clone());
        self.db.write(move |conn| {
            let (line, plan) = seen_visit(conn, &ctx, id)?;
            let key = limit_text("client_key", "表单编号", &sent.client_key, 64)?;
            if !key.is_empty() && line.visit.client_key == key && line.visit.state == VisitState::Done {
                return Ok(());
            }
            let members = store::visit_members(conn, [id])?.remove(&id).unwrap_or_default();
            let day = input::required_day("done_day", "检查日期", &sent.done_day)?;
            let campaign = journal::by_id(conn, plan.campaign_id.0)?.ok_or(Error::NotFound)?;
            let checklist = app.checklists(&campaign)?.into_iter().find(|c| c.code == plan.checklist);
            let answers = answers_of(checklist.as_ref(), &sent.answers)?;
            let mut visit = line.visit.clone();
            visit.file(&plan, &ctx.actor, (&members, &line.unit.path), (day, &sent.summary), ctx.at)?;
            visit.answers = if answers.is_empty() { String::new() } else { json(&answers)? };
            visit.client_key = key;
            let note = format!("检查{}：{}", line.unit.name, visit.summary);
            append(conn, &ctx, &plan, &line, &visit, ("visit.filed", note))
        })
    }

    /// Uses another team's result of the same unit, so that nobody comes twice.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `not_allowed`, refusals of `Visit::cover`.
    pub fn cover_visit(&self, ctx: &Context, id: VisitId, version: i64, by: VisitId) -> Result<(), Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let (line, plan) = stepped(conn, &ctx, id, version, "采用他组结果")?;
            let (other, _) = seen_visit(conn, &ctx, by)?;
            let mut visit = line.visit.clone();
            visit.cover(&other.visit)?;
            let note = format!("{}采用“{}”的检查结果，不再上门", line.unit.name, other.title);
            append(conn, &ctx, &plan, &line, &visit, ("visit.covered", note))
        })
    }

    /// Cancels a planned visit.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `not_allowed`, refusals of `Visit::cancel`.
    pub fn cancel_visit(&self, ctx: &Context, id: VisitId, version: i64, reason: &str) -> Result<(), Error> {
        let (ctx, reason) = (ctx.clone(), reason.to_owned());
        self.db.write(move |conn| {
            let (line, plan) = stepped(conn, &ctx, id, version, "取消走访")?;
            let mut visit = line.visit.clone();
            visit.cancel(&reason)?;
            let note = format!("取消走访{}：{}", line.unit.name, visit.summary);
            append(conn, &ctx, &plan, &line, &visit, ("visit.cancelled", note))
        })
    }
}

fn stepped(
    conn: &mut Conn,
    ctx: &Context,
    id: VisitId,
    version: i64,
    step: &str,
) -> Result<(VisitLine, Inspection), Error> {
    let (line, _) = seen_visit(conn, ctx, id)?;
    let (plan, unit, ..) = seen(conn, ctx, line.visit.inspection_id)?;
    domain::may_plan(&ctx.actor, &unit.path, step)?;
    if line.visit.version != version {
        return Err(Error::stale());
    }
    Ok((line, plan))
}

fn append(
    conn: &mut Conn,
    ctx: &Context,
    plan: &Inspection,
    line: &VisitLine,
    visit: &Visit,
    (action, note): (&str, String),
) -> Result<(), Error> {
    let mut entry = entry_of(plan, (action, note), Write::update(&line.visit, visit).into_iter().collect());
    (entry.subject_kind, entry.subject_id) = ("visit", visit.id.0);
    // The visited unit's own people read that they were visited.
    entry.unit = Some(visit.unit_id);
    journal::append(conn, &ctx.stamp(Some(&line.unit)), vec![entry])?;
    Ok(())
}

/// The visits of a form, each with its people.
fn planned(
    conn: &mut Conn,
    ctx: &Context,
    plan: &Inspection,
    unit: &Unit,
    sent: &VisitInput,
) -> Result<Vec<(Visit, Vec<PersonId>)>, Error> {
    let kind = input::coded::<VisitKind>("kind", "走访种类", &sent.kind)?;
    let from = input::day("from_day", "最早日期", &sent.from_day)?.unwrap_or(plan.starts_day);
    let to = input::day("to_day", "最晚日期", &sent.to_day)?.unwrap_or(plan.ends_day);
    if from < plan.starts_day || to > plan.ends_day || to < from {
        let (first, last) = (plan.starts_day, plan.ends_day);
        return Err(Error::invalid(
            "to_day",
            format!("走访日期应在检查计划的{first}至{last}之内，且先后有序。"),
        ));
    }
    if sent.units.is_empty() || sent.units.len() > VISITS_ADDED_MAX {
        return Err(Error::invalid("units", format!("请填写“受检单位”，一次最多{VISITS_ADDED_MAX}个。")));
    }
    let mut members = people_of(conn, ctx, unit, ("members", "检查人员"), &sent.members)?;
    if members.is_empty() {
        members = store::members(conn, plan.id)?;
    }
    let follows = input::number("follows", "接续的走访", &sent.follows)?.map(VisitId);
    if let Some(follows) = follows {
        seen_visit(conn, ctx, follows)?;
    }
    let mut all = Vec::new();
    for text in &sent.units {
        let id = input::number("units", "受检单位", text)?.map(UnitId);
        let id = id.ok_or_else(|| Error::invalid("units", "请填写“受检单位”。"))?;
        let visited = readable_unit(conn, ctx, id)?;
        if !visited.path.is_within(&unit.path) || !visited.is_open_on(ctx.today()) {
            let words = format!("“{}”不在组织检查的单位之下，或者已撤销。", visited.name);
            return Err(Error::invalid("units", words));
        }
        let visit = Visit {
            id: VisitId(journal::next_id(conn, "visit", 1)?),
            inspection_id: plan.id,
            campaign_id: plan.campaign_id,
            unit_id: id,
            kind,
            from_day: from,
            to_day: to,
            state: VisitState::Planned,
            done_day: None,
            answers: String::new(),
            summary: String::new(),
            draw_id: None,
            follows_id: follows,
            shared_from_id: None,
            filed_by: None,
            filed_at: None,
            client_key: String::new(),
            version: 1,
        };
        all.push((visit, members.clone()));
    }
    Ok(all)
}

/// Answers of a form, each to a point of the checklist.
///
/// # Errors
/// `Invalid`, naming the point.
pub(crate) fn answers_of(checklist: Option<&Checklist>, sent: &[String]) -> Result<Vec<Answer>, Error> {
    let mut answers: Vec<Answer> = Vec::new();
    for text in sent {
        let mut parts = text.splitn(3, '=').map(str::trim);
        let (item, value) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let note = parts.next().unwrap_or_default();
        if value.is_empty() && note.is_empty() {
            continue;
        }
        let point = checklist.and_then(|list| list.points.iter().find(|point| point.code == item));
        let field = format!("answer-{item}");
        let point = point.ok_or_else(|| Error::invalid(&field, format!("检查清单里没有“{item}”这一项。")))?;
        let value = AnswerValue::from_code(value).ok_or_else(|| {
            Error::invalid(&field, format!("“{}”请选择符合、不符合或者未查看。", point.text))
        })?;
        let note = limit_text("answers", "检查说明", note, domain::TEXT_CHARS_MAX)?;
        if value == AnswerValue::Fails && note.is_empty() {
            return Err(Error::invalid(field, format!("“{}”不符合的，请写明看到了什么。", point.text)));
        }
        if answers.iter().any(|answer| answer.item == item) {
            return Err(Error::invalid(field, format!("“{}”重复填写了。", point.text)));
        }
        answers.push(Answer { item: item.to_owned(), value, note });
    }
    Ok(answers)
}

/// A fault when a stored list of answers does not parse.
pub(crate) fn stored_answers(text: &str) -> Result<Vec<Answer>, Fault> {
    if text.is_empty() { Ok(Vec::new()) } else { parse(text, "answers") }
}
