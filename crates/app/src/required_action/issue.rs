//! Issuing a rule: first a plan that says whom it reaches and what it adds, then the same in one transaction.

use super::added::{added_to, upper_of};
use super::matrix::kinds_of;
use super::reach::{plan, scope_of};
use super::write::{entry, write};
use super::{campaign_root, may_issue, seen_action};
use crate::Error;
use crate::context::{App, Context, campaign_for, readable_unit};
use crate::input::{self, inputs};
use bihuan_domain::campaign::Campaign;
use bihuan_domain::deadline::Deadline;
use bihuan_domain::id::{CampaignId, RequiredActionId, UnitId};
use bihuan_domain::refusal::limit_text;
use bihuan_domain::required_action::{
    Cadence, EXCUSE_CHARS_MAX, Part, Proof, QuantityUnit, RequiredAction, Rule, SubjectKind, Tightening,
};
use bihuan_domain::role::Role;
use bihuan_domain::scope::Scope;
use bihuan_domain::unit::Unit;
use bihuan_domain::{Day, Refusal};
use bihuan_store::Conn;
use bihuan_store::journal::{self, Write};
use bihuan_store::required_action::{self as store, ActionRow, VersionRow};
use bihuan_store::scope::Reach;
use std::collections::BTreeSet;

inputs! {
    /// A rule as typed.
    ActionInput {
        owner: one "下达单位",
        upper: one "承接的上级规定动作",
        name: one "名称",
        basis: one "文件要求",
        strand: one "重点措施",
        subject: one "责任对象",
        scope: one "已存范围",
        levels: many "层级",
        kinds: many "单位性质",
        sector: one "领域",
        posts: one "岗位名称含有",
        leads_only: one "只限领导岗位",
        activities: many "哪些活动算数",
        each: one "每种都要做",
        part: one "怎样参加才算",
        cadence: one "周期",
        quantity: one "数量",
        unit: one "数量单位",
        proof: one "凭什么算完成",
        grace_working_days: one "补登期（工作日）",
        from_day: one "开始日期",
        to_day: one "截止日期",
        reason: one "调整理由",
    }
}

/// What issuing would do.
#[derive(Clone, Debug)]
pub struct ActionPlan {
    /// The rule as it would stand.
    pub rule: Rule,
    /// The unit in whose subtree it holds.
    pub owner: Unit,
    /// First day it governs.
    pub from_day: Day,
    /// The units of its scope today, as far as the actor may read.
    pub reach: Reach,
    /// How many units, posts or people owe it today, as far as the actor may read.
    pub subjects: i64,
    /// Units, posts or people newly reached: how many, and the first of them.
    pub newly: (i64, Vec<String>),
    /// Those no longer reached.
    pub no_longer: (i64, Vec<String>),
    /// What it adds to the upper level's rule; empty for the campaign's own office.
    pub added: Vec<Tightening>,
    /// How often each subject owes it within a year.
    pub times_a_year: i64,
}

/// What a step answers.
#[derive(Clone, Debug)]
pub struct ActionDone {
    /// The rule.
    pub id: RequiredActionId,
    /// The entry.
    pub seq: i64,
}

/// A required action of the template that the campaign has not issued.
#[derive(Clone, Debug)]
pub struct FormLine {
    /// Code.
    pub code: String,
    /// The rule it would become.
    pub rule: Rule,
}

pub(super) struct Decided {
    pub(super) campaign: Campaign,
    pub(super) before: Option<(ActionRow, RequiredAction)>,
    pub(super) upper: Option<RequiredActionId>,
    pub(super) plan: ActionPlan,
}

impl App {
    /// What issuing or changing a rule would do. Changes nothing.
    ///
    /// # Errors
    /// `NotFound`, `Invalid`, `not_allowed`, refusals of `Rule::checked`.
    pub fn plan_action(
        &self,
        ctx: &Context,
        campaign: CampaignId,
        id: Option<RequiredActionId>,
        sent: ActionInput,
    ) -> Result<ActionPlan, Error> {
        self.db.read(|conn| Ok(self.decide_action(conn, ctx, campaign, id, &sent)?.plan))
    }

    /// Issues a rule, or a new version of one.
    ///
    /// # Errors
    /// As [`App::plan_action`], and `Conflict`.
    pub fn issue_action(
        &self,
        ctx: &Context,
        campaign: CampaignId,
        id: Option<(RequiredActionId, Option<i64>)>,
        sent: ActionInput,
    ) -> Result<ActionDone, Error> {
        let (app, ctx) = (self.clone(), ctx.clone());
        self.db.write(move |conn| {
            let decided = app.decide_action(conn, &ctx, campaign, id.map(|(id, _)| id), &sent)?;
            if let (Some((row, _)), Some((_, Some(version)))) = (&decided.before, id)
                && row.version != version
            {
                return Err(Error::stale());
            }
            let reason = limit_text("reason", "调整理由", &sent.reason, EXCUSE_CHARS_MAX)?;
            if decided.before.is_some() && reason.is_empty() {
                return Err(Error::invalid("reason", "请写明“调整理由”，承办单位会看到。"));
            }
            write(conn, &ctx, decided, "", &reason)
        })
    }

    /// The required actions of the template that were not issued yet.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn template_actions(&self, ctx: &Context, campaign: CampaignId) -> Result<Vec<FormLine>, Error> {
        self.db.read(|conn| {
            let campaign = campaign_for(conn, ctx, campaign)?;
            self.not_issued(conn, &campaign)
        })
    }

    fn not_issued(&self, conn: &mut Conn, campaign: &Campaign) -> Result<Vec<FormLine>, Error> {
        if campaign.template_text.is_empty() {
            return Ok(Vec::new());
        }
        let template = self.template(campaign)?;
        let have: BTreeSet<String> =
            store::rows_of(conn, campaign.id)?.into_iter().map(|row| row.code).collect();
        let root = campaign_root(conn, campaign)?;
        let calendar = self.calendar(conn)?;
        let defaults = self.deadline_defaults(campaign)?;
        let forms = template.required_actions.iter().filter(|form| !have.contains(&form.code));
        let line = |form: &bihuan_domain::template::ActionForm| {
            let by = Deadline::parse(&form.by, campaign.starts_day, &calendar, &defaults);
            let by = by.ok().and_then(|deadline| deadline.date);
            let to_day = if form.cadence.is_single() { by.or(campaign.ends_day) } else { campaign.ends_day };
            FormLine { code: form.code.clone(), rule: form.rule(root.id, campaign.starts_day, to_day) }
        };
        Ok(forms.map(line).collect())
    }

    /// Issues required actions of the template as they are worded there.
    ///
    /// # Errors
    /// `NotFound`, `not_allowed`, `Invalid` when none is chosen.
    pub fn adopt_actions(
        &self,
        ctx: &Context,
        campaign: CampaignId,
        codes: Vec<String>,
    ) -> Result<Vec<ActionDone>, Error> {
        let (app, ctx) = (self.clone(), ctx.clone());
        self.db.write(move |conn| {
            let campaign = campaign_for(conn, &ctx, campaign)?;
            let root = campaign_root(conn, &campaign)?;
            require_office(&ctx, &root)?;
            let chosen: Vec<FormLine> = app
                .not_issued(conn, &campaign)?
                .into_iter()
                .filter(|line| codes.contains(&line.code))
                .collect();
            if chosen.is_empty() {
                return Err(Error::invalid("codes", "没有选择要下达的规定动作；已经下达的不再列出。"));
            }
            let mut done = Vec::new();
            for line in chosen {
                let rule = line.rule.checked()?;
                let plan = plan(conn, &ctx, root.clone(), rule, None, Vec::new())?;
                let decided = Decided { campaign: campaign.clone(), before: None, upper: None, plan };
                done.push(write(conn, &ctx, decided, &line.code, "")?);
            }
            Ok(done)
        })
    }

    /// Ends a rule: periods that begin on the day or later are not owed.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `not_allowed`, `Invalid`.
    pub fn end_action(
        &self,
        ctx: &Context,
        id: RequiredActionId,
        version: Option<i64>,
        day: &str,
        reason: &str,
    ) -> Result<ActionDone, Error> {
        let (ctx, day, reason) = (ctx.clone(), day.to_owned(), reason.to_owned());
        self.db.write(move |conn| {
            let (row, action, owner) = seen_action(conn, &ctx, id)?;
            require_office(&ctx, &owner)?;
            if version.is_some_and(|version| version != row.version) {
                return Err(Error::stale());
            }
            let day = input::required_day("day", "停止日期", &day)?;
            let reason = bihuan_domain::refusal::require_text("reason", "理由", &reason, EXCUSE_CHARS_MAX)?;
            let last = store::versions_of(conn, id)?.pop().ok_or(Error::NotFound)?;
            let until = action.next_version_from(day).max(day);
            if last.until_day.is_some() {
                return Err(
                    Refusal::new("action_ended", "这项规定动作已经停止。", "不需要再停止一次。").into()
                );
            }
            let ended = VersionRow { until_day: Some(until), reason: reason.clone(), ..last.clone() };
            let after = ActionRow { version: row.version + 1, ..row.clone() };
            let mut writes = vec![Write::Uncredit { rule: id, from: until }];
            writes.extend(Write::update(&last, &ended));
            writes.extend(Write::update(&row, &after));
            writes.push(Write::Recredit { rule: id, from: until });
            let entry = entry(
                "action.ended",
                &row,
                &owner,
                format!("自{}起停止：{reason}", until.in_chinese()),
                writes,
            );
            let seq = journal::append(conn, &ctx.stamp(Some(&owner)), vec![entry])?;
            Ok(ActionDone { id, seq })
        })
    }

    fn decide_action(
        &self,
        conn: &mut Conn,
        ctx: &Context,
        campaign: CampaignId,
        id: Option<RequiredActionId>,
        sent: &ActionInput,
    ) -> Result<Decided, Error> {
        let campaign = campaign_for(conn, ctx, campaign)?;
        let root = campaign_root(conn, &campaign)?;
        let before = id.map(|id| seen_action(conn, ctx, id)).transpose()?;
        let owner = match &before {
            Some((.., owner)) => owner.clone(),
            None => owner_of(conn, ctx, &root, &sent.owner)?,
        };
        require_office(ctx, &owner)?;
        let template = match campaign.template_text.is_empty() {
            true => None,
            false => Some(self.template(&campaign)?),
        };
        let kinds: Vec<String> = template
            .iter()
            .flat_map(|template| &template.activity_kinds)
            .map(|kind| kind.code.clone())
            .collect();
        let known = before.as_ref().map(|(_, action, _)| action);
        let scope = scope_of(conn, ctx, &owner, sent, known)?;
        let rule = read(sent, scope, &kinds)?.checked()?;
        if !rule.strand.is_empty() && template.is_none_or(|known| known.strand(&rule.strand).is_none()) {
            return Err(Error::invalid("strand", "选择的重点措施不在模板中，请重新选择。"));
        }
        if let Some((row, ..)) = &before
            && row.subject != rule.subject
        {
            let hint = "请停止这一项，另外下达一项。";
            return Err(Refusal::of_field("subject", "subject_is_fixed", "责任对象不能更改。", hint).into());
        }
        let upper = match (&before, owner.id == root.id) {
            (Some((row, ..)), _) => row.upper_id,
            (None, true) => None,
            (None, false) => upper_of(conn, ctx, &campaign, &owner, &rule, &sent.upper)?,
        };
        let added = match (owner.id == root.id, upper) {
            (true, _) => Vec::new(),
            (false, upper) => {
                added_to(conn, upper, &rule, &owner, (ctx.today(), &kinds_of(self, &campaign)?))?
            }
        };
        let before = before.map(|(row, action, _)| (row, action));
        let plan = plan(conn, ctx, owner, rule, before.as_ref().map(|(_, action)| action), added)?;
        Ok(Decided { campaign, before, upper, plan })
    }
}

/// Issues a new rule that another noun made, within the caller's transaction.
///
/// # Errors
/// `not_allowed`; `Invalid` for an owner outside the campaign; refusals of `Rule::checked`.
pub(crate) fn issue_rule(
    app: &App,
    conn: &mut Conn,
    ctx: &Context,
    campaign: &Campaign,
    owner: Unit,
    rule: Rule,
) -> Result<RequiredActionId, Error> {
    require_office(ctx, &owner)?;
    let root = campaign_root(conn, campaign)?;
    if !owner.path.is_within(&root.path) {
        return Err(Error::invalid("unit", "下达单位不在本次行动的范围之内，不能下达规定动作。"));
    }
    let rule = rule.checked()?;
    let (upper, added) = match owner.id == root.id {
        true => (None, Vec::new()),
        false => {
            let upper = upper_of(conn, ctx, campaign, &owner, &rule, "")?;
            let kinds = kinds_of(app, campaign)?;
            (upper, added_to(conn, upper, &rule, &owner, (ctx.today(), &kinds))?)
        }
    };
    let plan = plan(conn, ctx, owner, rule, None, added)?;
    let decided = Decided { campaign: campaign.clone(), before: None, upper, plan };
    Ok(write(conn, ctx, decided, "", "")?.id)
}

fn require_office(ctx: &Context, owner: &Unit) -> Result<(), Error> {
    if may_issue(ctx, owner) {
        return Ok(());
    }
    Err(Refusal::not_allowed("下达规定动作", "下达单位的工作专班身份").into())
}

fn owner_of(conn: &mut Conn, ctx: &Context, root: &Unit, written: &str) -> Result<Unit, Error> {
    if let Some(id) = input::number("owner", "下达单位", written)? {
        let owner = readable_unit(conn, ctx, UnitId(id))?;
        if !owner.path.is_within(&root.path) {
            return Err(Error::invalid("owner", "下达单位不在本次行动的范围之内，请重新选择。"));
        }
        return Ok(owner);
    }
    if may_issue(ctx, root) {
        return Ok(root.clone());
    }
    let own = ctx.actor.grants.iter().find(|g| g.role == Role::Office && g.path.is_within(&root.path));
    match own {
        Some(grant) => crate::context::unit(conn, grant.unit),
        None => Err(Refusal::not_allowed("下达规定动作", "工作专班身份").into()),
    }
}

fn read(sent: &ActionInput, scope: Scope, kinds: &[String]) -> Result<Rule, Error> {
    if let Some(unknown) = sent.activities.iter().find(|code| !kinds.contains(code)) {
        return Err(Error::invalid("activities", format!("模板里没有代码为“{unknown}”的活动，请重新选择。")));
    }
    let or = |text: &str, code: &str| if text.trim().is_empty() { code.to_owned() } else { text.to_owned() };
    Ok(Rule {
        name: sent.name.clone(),
        basis: sent.basis.clone(),
        strand: sent.strand.trim().to_owned(),
        subject: input::coded::<SubjectKind>("subject", "责任对象", &sent.subject)?,
        scope,
        posts: sent.posts.split(['、', '，', ',']).map(|word| word.trim().to_owned()).collect(),
        leads_only: input::flag(&sent.leads_only),
        kinds: sent.activities.clone(),
        each_kind: input::flag(&sent.each),
        part: input::coded::<Part>("part", "怎样参加才算", &or(&sent.part, "any"))?,
        cadence: input::coded::<Cadence>("cadence", "周期", &sent.cadence)?,
        from_day: input::required_day("from_day", "开始日期", &sent.from_day)?,
        to_day: input::day("to_day", "截止日期", &sent.to_day)?,
        quantity: input::number("quantity", "数量", &or(&sent.quantity, "1"))?.unwrap_or(1),
        unit: input::coded::<QuantityUnit>("unit", "数量单位", &or(&sent.unit, "times"))?,
        proof: input::coded::<Proof>("proof", "凭什么算完成", &or(&sent.proof, "record"))?,
        grace_working_days: i32::try_from(
            input::number("grace_working_days", "补登期", &or(&sent.grace_working_days, "0"))?.unwrap_or(0),
        )
        .unwrap_or(i32::MAX),
    })
}
