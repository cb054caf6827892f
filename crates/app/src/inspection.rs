//! Inspections 督导检查: plans with authority and team, visits, findings that become problems (M29).

mod finding;
mod visit;

pub use finding::{FindingInput, Origin, RaiseInput};
pub use visit::{FileVisitInput, VisitInput, VisitView};
pub(crate) use visit::{answers_of, stored_answers};

use crate::Error;
use crate::context::{self, App, Context, campaign_for, readable_unit};
use crate::draw::{json, roots};
use crate::input::{self, inputs};
use bihuan_domain::campaign::Campaign;
use bihuan_domain::draw::{Draw, Drawn};
use bihuan_domain::id::{CampaignId, InspectionId, PersonId, UnitId, VisitId};
use bihuan_domain::inspection::{
    self as domain, Inspection, InspectionKind, InspectionMeans, InspectionState, PlanText, Visit, VisitKind,
    VisitState,
};
use bihuan_domain::role::Role;
use bihuan_domain::template::Checklist;
use bihuan_domain::unit::{Level, Unit};
use bihuan_domain::{Day, Refusal};
use bihuan_store::draw::Able;
use bihuan_store::inspection as store;
pub use bihuan_store::inspection::{Coverage, Covered, VisitLine};
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::record::Record;
use bihuan_store::records::{InspectionMember, InspectionRevision, VisitMember};
use bihuan_store::{Conn, vals};
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
    /// Own visits with others of the same unit nearby.
    pub overlaps: Vec<(VisitId, VisitLine)>,
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
            let overlaps = store::overlaps(conn, id)?;
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

    /// Who of a level was visited, and who never 一个都不少.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn visit_coverage(
        &self,
        ctx: &Context,
        campaign: CampaignId,
        unit: UnitId,
        level: Level,
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

/// What a form says of a plan, checked against the lists it chooses from.
fn written(
    app: &App,
    campaign: &Campaign,
    sent: &InspectionInput,
    plan: &mut Inspection,
) -> Result<(), Error> {
    plan.kind = input::coded::<InspectionKind>("kind", "督查种类", &sent.kind)?;
    plan.means = input::coded::<InspectionMeans>("means", "督查方式", &sent.means)?;
    let starts = input::required_day("starts_day", "开始日期", &sent.starts_day)?;
    let ends = input::required_day("ends_day", "结束日期", &sent.ends_day)?;
    let known = app.checklists(campaign)?;
    plan.checklist = sent.checklist.trim().to_owned();
    if !plan.checklist.is_empty() && !known.iter().any(|c| c.code == plan.checklist) {
        return Err(Error::invalid("checklist", "请从列表中选择“检查清单”，或者不选。"));
    }
    plan.head_id = input::number("head", "组长", &sent.head)?.map(PersonId);
    let text = PlanText {
        title: sent.title.clone(),
        authority: sent.authority.clone(),
        document: sent.document.clone(),
        subject: sent.subject.clone(),
        targets: sent.targets.clone(),
    };
    Ok(plan.write(text, starts, ends)?)
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

fn create(app: &App, conn: &mut Conn, ctx: &Context, sent: &InspectionInput) -> Result<InspectionId, Error> {
    let campaign = input::number("campaign", "专项行动", &sent.campaign)?
        .ok_or_else(|| Error::invalid("campaign", "请选择“专项行动”。"))?;
    let campaign = campaign_for(conn, ctx, CampaignId(campaign))?;
    campaign.check_running()?;
    let unit = input::number("unit", "组织检查的单位", &sent.unit)?
        .ok_or_else(|| Error::invalid("unit", "请选择“组织检查的单位”。"))?;
    let unit = readable_unit(conn, ctx, UnitId(unit))?;
    domain::may_plan(&ctx.actor, &unit.path, "拟制检查计划")?;
    let mut plan = Inspection {
        id: InspectionId(0),
        campaign_id: campaign.id,
        unit_id: unit.id,
        title: String::new(),
        kind: InspectionKind::Special,
        means: InspectionMeans::Announced,
        authority: String::new(),
        document: String::new(),
        subject: String::new(),
        targets: String::new(),
        checklist: String::new(),
        starts_day: ctx.today(),
        ends_day: ctx.today(),
        head_id: None,
        state: InspectionState::Draft,
        revision: 1,
        overlap_reason: String::new(),
        drafted_by: ctx.actor.person,
        decided_by: None,
        decided_at: None,
        decision_note: String::new(),
        issued_at: None,
        version: 1,
    };
    written(app, &campaign, sent, &mut plan)?;
    let team = people_of(conn, ctx, &unit, ("members", "督查组成员"), &sent.members)?;
    plan.id = InspectionId(journal::next_id(conn, "inspection", 1)?);
    let mut writes = vec![Write::insert(&plan)];
    writes.extend(
        team.iter()
            .map(|person| Write::insert(&InspectionMember { inspection_id: plan.id, person_id: *person })),
    );
    let note = format!("拟制检查计划“{}”", plan.title);
    append(conn, ctx, &unit, &plan, ("inspection.drafted", note), writes)?;
    Ok(plan.id)
}

fn change(
    app: &App,
    conn: &mut Conn,
    ctx: &Context,
    id: InspectionId,
    version: i64,
    sent: &InspectionInput,
) -> Result<InspectionId, Error> {
    let (before, unit, campaign, team) = fresh(conn, ctx, id, version)?;
    domain::may_plan(&ctx.actor, &unit.path, "修改检查计划")?;
    before.require_state("修改", &[InspectionState::Draft])?;
    let mut plan = before.clone();
    written(app, &campaign, sent, &mut plan)?;
    plan.version += 1;
    let wanted = people_of(conn, ctx, &unit, ("members", "督查组成员"), &sent.members)?;
    let member = |person: &PersonId| InspectionMember { inspection_id: id, person_id: *person };
    let mut writes: Vec<Write> = Write::update(&before, &plan).into_iter().collect();
    writes.extend(wanted.iter().filter(|p| !team.contains(p)).map(|p| Write::insert(&member(p))));
    writes.extend(team.iter().filter(|p| !wanted.contains(p)).map(|p| Write::delete(&member(p))));
    let note = format!("修改检查计划“{}”", plan.title);
    append(conn, ctx, &unit, &plan, ("inspection.changed", note), writes)?;
    Ok(id)
}

/// The plan that a form names.
pub(crate) fn of_input(conn: &mut Conn, ctx: &Context, text: &str) -> Result<Option<Inspection>, Error> {
    let Some(id) = input::number("inspection", "检查计划", text)? else { return Ok(None) };
    let (plan, unit, ..) = seen(conn, ctx, InspectionId(id))?;
    domain::may_plan(&ctx.actor, &unit.path, "为检查抽取单位")?;
    if plan.state == InspectionState::Ended {
        return Err(Refusal::of_field(
            "inspection",
            "inspection_ended",
            "这次检查已经结束。",
            "请选择另一个检查计划。",
        )
        .into());
    }
    Ok(Some(plan))
}

/// Visits to the units that a draw chose, by the examiners it chose.
pub(crate) fn add_drawn(
    conn: &mut Conn,
    id: InspectionId,
    draw: &Draw,
    drawn: &[Drawn],
) -> Result<Vec<NewEntry>, Error> {
    let plan: Inspection = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
    let mut team = store::members(conn, id)?;
    let mut writes = Vec::new();
    for one in drawn {
        let visit = Visit {
            id: VisitId(journal::next_id(conn, "visit", 1)?),
            inspection_id: id,
            campaign_id: plan.campaign_id,
            unit_id: UnitId(one.id),
            kind: VisitKind::Visit,
            from_day: draw.open_day.max(plan.starts_day),
            to_day: plan.ends_day.max(draw.open_day),
            state: VisitState::Planned,
            done_day: None,
            answers: String::new(),
            summary: String::new(),
            draw_id: Some(draw.id),
            follows_id: None,
            shared_from_id: None,
            filed_by: None,
            filed_at: None,
            client_key: String::new(),
            version: 1,
        };
        writes.push(Write::insert(&visit));
        for person in one.examiners.iter().map(|person| PersonId(*person)) {
            writes.push(Write::insert(&VisitMember { visit_id: visit.id, person_id: person }));
            if !team.contains(&person) {
                team.push(person);
                writes.push(Write::insert(&InspectionMember { inspection_id: id, person_id: person }));
            }
        }
    }
    let note = format!("按抽取“{}”列入{}个受检单位", draw.title, drawn.len());
    Ok(vec![entry_of(&plan, ("inspection.units_drawn", note), writes)])
}
