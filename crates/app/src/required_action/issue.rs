//! Issuing a rule: first a plan that says whom it reaches and what it adds, then the same in one transaction.

use super::added::{added_to, kinds_of_template, upper_of};
use super::write::{entry, write};
use super::{campaign_root, may_issue, seen_action};
use crate::Error;
use crate::context::{App, Context, campaign_for, readable_unit};
use crate::input::{self, inputs};
use bihuan_domain::campaign::Campaign;
use bihuan_domain::deadline::Deadline;
use bihuan_domain::id::{CampaignId, RequiredActionId, ScopeId, UnitId};
use bihuan_domain::refusal::limit_text;
use bihuan_domain::required_action::{
    Cadence, EXCUSE_CHARS_MAX, Part, Proof, QuantityUnit, RequiredAction, Rule, SubjectKind, Tightening,
};
use bihuan_domain::role::Role;
use bihuan_domain::scope::Scope;
use bihuan_domain::unit::{Level, Unit, UnitKind};
use bihuan_domain::{Coded, Day, Refusal};
use bihuan_store::journal::{self, Write};
use bihuan_store::required_action::{self as store, ActionRow, VersionRow};
use bihuan_store::scope::Reach;
use bihuan_store::{Conn, Fault};
use std::collections::BTreeSet;

inputs! {
    /// A rule as typed.
    ActionInput {
        owner: one "下达单位",
        upper: one "承接的上级规定动作",
        name: one "名称",
        basis: one "文件要求",
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

/// Units named one by one in a difference of reach.
const DIFFERENCE_UNITS: usize = 50;

/// What issuing would do.
#[derive(Clone, Debug)]
pub struct ActionPlan {
    /// The rule as it would stand.
    pub rule: Rule,
    /// The unit in whose subtree it holds.
    pub owner: Unit,
    /// First day it governs.
    pub from_day: Day,
    /// Whom it reaches today, as far as the actor may read.
    pub reach: Reach,
    /// Units newly reached: how many, and the first of them.
    pub newly: (i64, Vec<String>),
    /// Units no longer reached.
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
        let kinds: Vec<String> = if campaign.template_text.is_empty() {
            Vec::new()
        } else {
            self.template(&campaign)?.activity_kinds.iter().map(|kind| kind.code.clone()).collect()
        };
        let scope = scope_of(conn, ctx, &owner, sent)?;
        let rule = read(sent, scope, &kinds)?.checked()?;
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
                added_to(conn, upper, &rule, &owner, (ctx.today(), &kinds_of_template(&campaign)))?
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
            let kinds = kinds_of_template(campaign);
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

fn scope_of(conn: &mut Conn, ctx: &Context, owner: &Unit, sent: &ActionInput) -> Result<Scope, Error> {
    if let Some(id) = input::number("scope", "已存范围", &sent.scope)? {
        let row = bihuan_store::scope::by_id(conn, ScopeId(id))?.ok_or(Error::NotFound)?;
        readable_unit(conn, ctx, row.owner_unit_id)
            .map_err(|_| Error::invalid("scope", "选择的范围不存在，请重新选择。"))?;
        let mut scope: Scope =
            serde_json::from_str(&row.definition).map_err(|e| Fault::corrupt(e.to_string()))?;
        scope.subtree = scope.subtree.or(Some(owner.id));
        return Ok(scope);
    }
    let levels: Vec<Level> =
        sent.levels.iter().map(|code| input::coded("levels", "层级", code)).collect::<Result<_, _>>()?;
    let kinds: Vec<UnitKind> =
        sent.kinds.iter().map(|code| input::coded("kinds", "单位性质", code)).collect::<Result<_, _>>()?;
    let sector = sent.sector.trim();
    Ok(Scope {
        subtree: Some(owner.id),
        with_root: true,
        levels: if levels.is_empty() { Level::ALL.to_vec() } else { levels },
        kinds,
        sectors: if sector.is_empty() { Vec::new() } else { vec![sector.to_owned()] },
        ..Scope::default()
    })
}

fn read(sent: &ActionInput, scope: Scope, kinds: &[String]) -> Result<Rule, Error> {
    if let Some(unknown) = sent.activities.iter().find(|code| !kinds.contains(code)) {
        return Err(Error::invalid("activities", format!("模板里没有代码为“{unknown}”的活动，请重新选择。")));
    }
    let or = |text: &str, code: &str| if text.trim().is_empty() { code.to_owned() } else { text.to_owned() };
    Ok(Rule {
        name: sent.name.clone(),
        basis: sent.basis.clone(),
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

fn plan(
    conn: &mut Conn,
    ctx: &Context,
    owner: Unit,
    rule: Rule,
    before: Option<&RequiredAction>,
    added: Vec<Tightening>,
) -> Result<ActionPlan, Error> {
    let today = ctx.today();
    let roots: Vec<_> = ctx.actor.readable_roots().into_iter().map(|(_, path)| path).collect();
    let reach = bihuan_store::scope::reach(conn, &rule.units(), today, today, &roots, 0)?;
    let old = before.and_then(|action| action.newest()).map(|version| version.rule.units());
    let (newly, no_longer) = match old {
        None => (
            (reach.total, reach.page.iter().take(DIFFERENCE_UNITS).map(|u| u.name.clone()).collect()),
            (0, Vec::new()),
        ),
        Some(old) if old == rule.units() => ((0, Vec::new()), (0, Vec::new())),
        Some(old) => {
            let was: BTreeSet<UnitId> =
                bihuan_store::scope::expand(conn, &old, today, today)?.into_iter().collect();
            let is: BTreeSet<UnitId> =
                bihuan_store::scope::expand(conn, &rule.units(), today, today)?.into_iter().collect();
            let newly: Vec<UnitId> = is.difference(&was).copied().collect();
            let no_longer: Vec<UnitId> = was.difference(&is).copied().collect();
            (named(conn, &newly)?, named(conn, &no_longer)?)
        }
    };
    let from_day = match before {
        Some(action) => action.next_version_from(today),
        None => rule.from_day,
    };
    let times = match rule.cadence {
        Cadence::Week => 52,
        Cadence::Month => 12,
        Cadence::Quarter => 4,
        Cadence::HalfYear => 2,
        _ => 1,
    };
    let times_a_year = if rule.unit == QuantityUnit::Times { times * rule.quantity } else { times };
    Ok(ActionPlan { rule, owner, from_day, reach, newly, no_longer, added, times_a_year })
}

fn named(conn: &mut Conn, ids: &[UnitId]) -> Result<(i64, Vec<String>), Error> {
    let some = ids.iter().take(DIFFERENCE_UNITS).copied();
    let mut units = bihuan_store::unit::by_ids(conn, some)?;
    units.sort_by(|a, b| a.path.cmp(&b.path));
    Ok((ids.len() as i64, units.into_iter().map(|unit| unit.name).collect()))
}
