//! Inspections 督导检查: plans with authority and team, visits, findings that become problems (M29).

mod drawn;
mod finding;
mod overlap;
mod plan;
mod visit;

pub(crate) use drawn::{add_drawn, of_input};
pub use finding::{FindingInput, Origin, RaiseInput};
pub use overlap::Overlap;
pub use visit::{FileVisitInput, VisitInput, VisitView};
pub(crate) use visit::{answers_of, stored_answers};

use crate::Error;
use crate::context::{self, App, Context, campaign_for, readable_unit};
use crate::draw::{json, roots};
use crate::input::{self, inputs};
use bihuan_domain::Day;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::draw::Draw;
use bihuan_domain::id::{CampaignId, InspectionId, PersonId, UnitId, VisitId};
use bihuan_domain::inspection::{self as domain, Inspection, VisitState};
use bihuan_domain::role::Role;
use bihuan_domain::template::Checklist;
use bihuan_domain::unit::{Level, Unit};
use bihuan_store::draw::Able;
use bihuan_store::inspection as store;
pub use bihuan_store::inspection::{Coverage, Covered, VisitLine};
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::record::Record;
use bihuan_store::records::InspectionRevision;
use bihuan_store::{Conn, vals};
use plan::{change, create};
use std::collections::{BTreeMap, HashMap};

inputs! {
    /// What a person says of a plan.
    InspectionInput {
        campaign: one "专项行动",
        unit: one "组织检查的单位",
        title: one "检查名称",
        kind: one "督查种类",
        means: one "督查方式",
        authority: one "批准机关和时间",
        document: one "依据文件",
        subject: one "督查内容",
        targets: one "督查对象和范围",
        checklist: one "检查清单",
        starts_day: one "开始日期",
        ends_day: one "结束日期",
        head: one "组长",
        members: many "督查组成员",
    }
    /// A decision on a plan.
    DecideInput { decision: one "审批结论", note: one "审批意见" }
}

/// A plan in the list.
#[derive(Clone, Debug)]
pub struct InspectionLine {
    /// The plan.
    pub inspection: Inspection,
    /// The unit that inspects.
    pub unit: Unit,
}

/// A plan as read.
#[derive(Clone, Debug)]
pub struct InspectionView {
    /// The plan.
    pub inspection: Inspection,
    /// The unit that inspects.
    pub unit: Unit,
    /// Its campaign.
    pub campaign: Campaign,
    /// The team.
    pub team: Vec<PersonId>,
    /// Names of the people named anywhere.
    pub people: HashMap<PersonId, String>,
    /// Visits.
    pub visits: Vec<VisitLine>,
    /// Who visits.
    pub members: BTreeMap<VisitId, Vec<PersonId>>,
    /// Own visits with others of the same unit nearby, those on a like subject first.
    pub overlaps: Vec<Overlap>,
    /// What is missing before it may be handed in.
    pub missing: Vec<&'static str>,
    /// Earlier editions.
    pub revisions: Vec<InspectionRevision>,
    /// Draws that serve it.
    pub draws: Vec<Draw>,
    /// The checklist.
    pub checklist: Option<Checklist>,
    /// The reader may plan and run it.
    pub may_plan: bool,
    /// The reader may approve it.
    pub may_decide: bool,
}

/// What the form of a plan offers.
#[derive(Clone, Debug)]
pub struct PlanChoices {
    /// The campaign.
    pub campaign: Campaign,
    /// Units the reader may inspect for.
    pub units: Vec<Unit>,
    /// Checklists of the template.
    pub checklists: Vec<Checklist>,
    /// People who may be of the team.
    pub able: Vec<Able>,
}

impl App {
    /// Plans of a campaign, as far as the reader reads the units that inspect.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn inspections(&self, ctx: &Context, campaign: CampaignId) -> Result<Vec<InspectionLine>, Error> {
        self.db.read(|conn| {
            let campaign = campaign_for(conn, ctx, campaign)?;
            let rows = store::list(conn, campaign.id, &roots(ctx))?;
            Ok(rows.into_iter().map(|(inspection, unit)| InspectionLine { inspection, unit }).collect())
        })
    }

    /// What the form of a plan offers.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn plan_choices(&self, ctx: &Context, campaign: CampaignId) -> Result<PlanChoices, Error> {
        self.db.read(|conn| {
            let campaign = campaign_for(conn, ctx, campaign)?;
            let mut units: Vec<UnitId> = Vec::new();
            for grant in &ctx.actor.grants {
                if [Role::Office, Role::Inspector].contains(&grant.role) && !units.contains(&grant.unit) {
                    units.push(grant.unit);
                }
            }
            let mut units = bihuan_store::unit::by_ids(conn, units)?;
            units.sort_by_key(|unit| (unit.path.depth(), unit.official_order));
            let mut able: Vec<Able> = Vec::new();
            for unit in &units {
                for one in bihuan_store::draw::able(conn, &TEAM_ROLES, &unit.path, ctx.today())? {
                    if !able.iter().any(|have| have.person == one.person) {
                        able.push(one);
                    }
                }
            }
            let checklists = self.checklists(&campaign)?;
            Ok(PlanChoices { campaign, units, checklists, able })
        })
    }

    /// Checklists of a campaign's template.
    ///
    /// # Errors
    /// A fault when the stored template no longer parses.
    pub fn checklists(&self, campaign: &Campaign) -> Result<Vec<Checklist>, Error> {
        if campaign.template_text.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.template(campaign)?.checklists.clone())
    }

    /// One plan with its visits and what overlaps.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn inspection(&self, ctx: &Context, id: InspectionId) -> Result<InspectionView, Error> {
        self.db.read(|conn| {
            let (inspection, unit, campaign, team) = seen(conn, ctx, id)?;
            let visits = store::visits(conn, id)?;
            let members = store::visit_members(conn, visits.iter().map(|line| line.visit.id))?;
            let overlaps = overlap::overlaps_of(conn, &inspection)?;
            let revisions =
                InspectionRevision::load(conn, "WHERE inspection_id = $1 ORDER BY revision", &vals![id.0])?;
            let draws = Draw::load(conn, "WHERE inspection_id = $1 ORDER BY id", &vals![id.0])?;
            let mut people: Vec<PersonId> = team.clone();
            people.extend(members.values().flatten().copied());
            people.extend(inspection.decided_by);
            people.push(inspection.drafted_by);
            people.extend(revisions.iter().map(|r| r.person_id));
            let checklist = self.checklists(&campaign)?.into_iter().find(|c| c.code == inspection.checklist);
            Ok(InspectionView {
                missing: inspection.missing(&team),
                people: bihuan_store::problem::units::person_names(conn, &people)?.into_iter().collect(),
                may_plan: domain::may_plan(&ctx.actor, &unit.path, "安排检查").is_ok(),
                may_decide: ctx.actor.holds(Role::Leader, &unit.path),
                inspection,
                unit,
                campaign,
                team,
                visits,
                members,
                overlaps,
                revisions,
                draws,
                checklist,
            })
        })
    }

    /// Saves a plan; `id: None` makes a new one. Only a draft can be changed.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `not_allowed`, `Invalid`, refusals of `Inspection::write`.
    pub fn save_inspection(
        &self,
        ctx: &Context,
        id: Option<(InspectionId, i64)>,
        sent: InspectionInput,
    ) -> Result<InspectionId, Error> {
        let (app, ctx) = (self.clone(), ctx.clone());
        self.db.write(move |conn| match id {
            Some((id, version)) => change(&app, conn, &ctx, id, version, &sent),
            None => create(&app, conn, &ctx, &sent),
        })
    }

    /// Hands a plan in for approval.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `not_allowed`, refusals of `Inspection::propose`.
    pub fn propose_inspection(&self, ctx: &Context, id: InspectionId, version: i64) -> Result<(), Error> {
        self.plan_step(ctx, id, version, "inspection.proposed", "报批", move |_, plan, team| {
            plan.propose(team)?;
            Ok((format!("检查计划“{}”报批", plan.title), vec![]))
        })
    }

    /// Approves a plan or gives it back.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `Invalid`, refusals of `Inspection::decide`.
    pub fn decide_inspection(
        &self,
        ctx: &Context,
        id: InspectionId,
        version: i64,
        sent: DecideInput,
    ) -> Result<(), Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let (before, unit, ..) = fresh(conn, &ctx, id, version)?;
            let approve = match sent.decision.trim() {
                "approve" => true,
                "return" => false,
                _ => return Err(Error::invalid("decision", "请选择“审批结论”：批准，或者退回修改。")),
            };
            let mut plan = before.clone();
            plan.decide(&ctx.actor, &unit.path, approve, &sent.note, ctx.at)?;
            let (action, word) =
                if approve { ("inspection.approved", "批准") } else { ("inspection.returned", "退回") };
            let note = format!("{word}检查计划“{}”{}", plan.title, plan.decision_note);
            let writes = Write::update(&before, &plan).into_iter().collect();
            append(conn, &ctx, &unit, &plan, (action, note), writes)
        })
    }

    /// Issues an approved plan; overlaps need a reason.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `not_allowed`, refusals of `Inspection::issue`.
    pub fn issue_inspection(
        &self,
        ctx: &Context,
        id: InspectionId,
        version: i64,
        reason: &str,
    ) -> Result<(), Error> {
        let (reason, at) = (reason.to_owned(), ctx.at);
        self.plan_step(ctx, id, version, "inspection.issued", "下发", move |conn, plan, team| {
            let planned = store::visits(conn, id)?.len()
                + Draw::load(conn, "WHERE inspection_id = $1 AND state <> 'dropped'", &vals![id.0])?.len();
            let overlaps = store::overlaps(conn, id)?.len();
            plan.issue(team, planned, overlaps, &reason, at)?;
            Ok((format!("下发检查计划“{}”", plan.title), vec![]))
        })
    }

    /// Ends an inspection.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `not_allowed`, refusals of `Inspection::end`.
    pub fn end_inspection(&self, ctx: &Context, id: InspectionId, version: i64) -> Result<(), Error> {
        self.plan_step(ctx, id, version, "inspection.ended", "结束", move |conn, plan, _| {
            let open = store::visits(conn, id)?;
            plan.end(open.iter().filter(|line| line.visit.state == VisitState::Planned).count())?;
            Ok((format!("检查“{}”结束", plan.title), vec![]))
        })
    }

    /// Takes a plan back for a change; the edition as it was is kept.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `not_allowed`, refusals of `Inspection::revise`.
    pub fn revise_inspection(
        &self,
        ctx: &Context,
        id: InspectionId,
        version: i64,
        reason: &str,
    ) -> Result<(), Error> {
        let (reason, at, person) = (reason.to_owned(), ctx.at, ctx.actor.person);
        self.plan_step(ctx, id, version, "inspection.revised", "调整", move |_, plan, team| {
            let content = json(&serde_json::json!({ "plan": &*plan, "team": team }))?;
            let revision = plan.revision;
            let reason = plan.revise(&reason)?;
            let kept = InspectionRevision {
                inspection_id: id,
                revision,
                at_us: at,
                person_id: person,
                reason: reason.clone(),
                content,
            };
            Ok((format!("调整检查计划“{}”：{reason}", plan.title), vec![Write::insert(&kept)]))
        })
    }

    /// One step on a plan by those who plan.
    fn plan_step<F>(
        &self,
        ctx: &Context,
        id: InspectionId,
        version: i64,
        action: &'static str,
        step: &'static str,
        decide: F,
    ) -> Result<(), Error>
    where
        F: FnOnce(&mut Conn, &mut Inspection, &[PersonId]) -> Result<(String, Vec<Write>), Error>
            + Send
            + 'static,
    {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let (before, unit, _, team) = fresh(conn, &ctx, id, version)?;
            domain::may_plan(&ctx.actor, &unit.path, step)?;
            let mut plan = before.clone();
            let (note, mut writes) = decide(conn, &mut plan, &team)?;
            writes.extend(Write::update(&before, &plan));
            append(conn, &ctx, &unit, &plan, (action, note), writes)
        })
    }

    /// Visits in the units the reader may read, on a calendar.
    ///
    /// # Errors
    /// `NotFound` for a unit out of sight.
    pub fn visit_calendar(
        &self,
        ctx: &Context,
        unit: Option<UnitId>,
        from: Day,
        to: Day,
    ) -> Result<Vec<VisitLine>, Error> {
        self.db.read(|conn| {
            let within = match unit {
                Some(unit) => vec![readable_unit(conn, ctx, unit)?.path],
                None => roots(ctx),
            };
            let mut lines = store::calendar(conn, &within, from, to)?;
            // Whom an unannounced visit will reach is for those who plan it.
            let mut shown = Vec::new();
            for line in lines.drain(..) {
                let plan: Inspection =
                    journal::by_id(conn, line.visit.inspection_id.0)?.ok_or(Error::NotFound)?;
                if visit::may_see(conn, ctx, &plan, &line)? {
                    shown.push(line);
                }
            }
            Ok(shown)
        })
    }

    /// Who of a level was visited, and who never 一个都不少; of all levels where none is given.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn visit_coverage(
        &self,
        ctx: &Context,
        campaign: CampaignId,
        unit: UnitId,
        level: Option<Level>,
        offset: i64,
    ) -> Result<(Unit, Coverage), Error> {
        self.db.read(|conn| {
            let campaign = campaign_for(conn, ctx, campaign)?;
            let unit = readable_unit(conn, ctx, unit)?;
            let coverage = store::coverage(conn, campaign.id, &unit.path, level, offset.max(0))?;
            Ok((unit, coverage))
        })
    }
}

/// Roles whose holders may be of a team.
pub(crate) const TEAM_ROLES: [Role; 4] = [Role::Inspector, Role::Office, Role::Verifier, Role::Leader];

type Seen = (Inspection, Unit, Campaign, Vec<PersonId>);

/// A plan the reader may see: by reading the unit that inspects, or by being of the team.
pub(crate) fn seen(conn: &mut Conn, ctx: &Context, id: InspectionId) -> Result<Seen, Error> {
    let inspection: Inspection = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
    let unit = context::unit(conn, inspection.unit_id)?;
    let team = store::members(conn, id)?;
    if !ctx.actor.may_read(&unit.path) && !team.contains(&ctx.actor.person) {
        return Err(Error::NotFound);
    }
    let campaign = campaign_for(conn, ctx, inspection.campaign_id)?;
    Ok((inspection, unit, campaign, team))
}

fn fresh(conn: &mut Conn, ctx: &Context, id: InspectionId, version: i64) -> Result<Seen, Error> {
    let seen = seen(conn, ctx, id)?;
    if seen.0.version != version {
        return Err(Error::stale());
    }
    Ok(seen)
}

pub(crate) fn entry_of(plan: &Inspection, (action, note): (&str, String), writes: Vec<Write>) -> NewEntry {
    NewEntry {
        action: action.to_owned(),
        subject_kind: "inspection",
        subject_id: plan.id.0,
        unit: Some(plan.unit_id),
        campaign: Some(plan.campaign_id),
        note,
        writes,
        ..NewEntry::default()
    }
}

fn append(
    conn: &mut Conn,
    ctx: &Context,
    unit: &Unit,
    plan: &Inspection,
    said: (&str, String),
    writes: Vec<Write>,
) -> Result<(), Error> {
    journal::append(conn, &ctx.stamp(Some(unit)), vec![entry_of(plan, said, writes)])?;
    Ok(())
}

/// The people of a form, each of whom must be able to be of the team.
pub(crate) fn people_of(
    conn: &mut Conn,
    ctx: &Context,
    unit: &Unit,
    (field, label): (&str, &str),
    sent: &[String],
) -> Result<Vec<PersonId>, Error> {
    let able = bihuan_store::draw::able(conn, &TEAM_ROLES, &unit.path, ctx.today())?;
    let mut people = Vec::new();
    for text in sent {
        let person = input::number(field, label, text)?.map(PersonId);
        let known = person.filter(|person| able.iter().any(|able| able.person == *person));
        let Some(person) = known else {
            return Err(Error::invalid(
                field,
                format!("“{label}”只能从列表中选择：须是现任督导员、专班、验收员或领导。"),
            ));
        };
        if !people.contains(&person) {
            people.push(person);
        }
    }
    if people.len() > domain::TEAM_MAX {
        return Err(Error::invalid(field, format!("“{label}”最多{}人。", domain::TEAM_MAX)));
    }
    people.sort_unstable();
    Ok(people)
}
