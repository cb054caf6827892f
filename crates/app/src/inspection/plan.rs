//! A plan drafted and changed.

use super::{InspectionInput, append, fresh, people_of};
use crate::Error;
use crate::context::{App, Context, campaign_for, readable_unit};
use crate::input;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::{CampaignId, InspectionId, PersonId, UnitId};
use bihuan_domain::inspection::{
    self as domain, Inspection, InspectionKind, InspectionMeans, InspectionState, PlanText,
};
use bihuan_store::Conn;
use bihuan_store::journal::{self, Write};
use bihuan_store::records::InspectionMember;

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

pub(super) fn create(
    app: &App,
    conn: &mut Conn,
    ctx: &Context,
    sent: &InspectionInput,
) -> Result<InspectionId, Error> {
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

pub(super) fn change(
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
