//! What a draw is made from: the candidates and their layers, and who may examine them.

use super::Prepared;
use crate::Error;
use crate::context::{App, Context, campaign_for, readable_unit};
use crate::input::{self, inputs};
use bihuan_domain::campaign::Campaign;
use bihuan_domain::draw::{self as domain, Candidate, DrawMethod, DrawPlan, DrawPurpose, Examiner, Stratum};
use bihuan_domain::id::{CampaignId, UnitId};
use bihuan_domain::problem::{Outcome, Problem, can_be_looked_back};
use bihuan_domain::refusal::require_text;
use bihuan_domain::role::Role;
use bihuan_domain::scope::Scope;
use bihuan_domain::template::{SamplingRule, SamplingStrata};
use bihuan_domain::unit::{Level, Unit};
use bihuan_domain::{Coded, Day};
use bihuan_store::Conn;
use bihuan_store::draw::{self as store, Able};
use std::collections::BTreeMap;

inputs! {
    /// What a person says of a draw.
    DrawInput {
        campaign: one "专项行动",
        unit: one "组织抽取的单位",
        title: one "抽取名称",
        purpose: one "抽取用途",
        method: one "抽取方式",
        public_source: one "公开数的来源",
        open_day: one "启封日期",
        examiners_each: one "每个对象几名检查人员",
        examiners: many "检查人员",
        levels: many "单位层级",
        layering: one "分层方式",
        size: one "每层抽取数",
        percent: one "每层抽取百分比",
        after_days: one "销号满多少天",
        within_days: one "销号不超过多少天",
        inspection: one "检查计划",
    }
}

bihuan_domain::coded! {
    /// How units are layered.
    Layering ("分层方式") {
        None = "none", "不分层";
        Parent = "parent", "按上级单位";
        Level = "level", "按层级";
        Sector = "sector", "按领域";
    }
}

/// Candidates, each with code and name of its layer.
type Layered = Vec<(Candidate, String)>;

pub(super) fn prepare(
    app: &App,
    conn: &mut Conn,
    ctx: &Context,
    sent: &DrawInput,
) -> Result<(Prepared, Campaign, DrawMethod), Error> {
    let campaign = input::number("campaign", "专项行动", &sent.campaign)?
        .ok_or_else(|| Error::invalid("campaign", "请选择“专项行动”。"))?;
    let campaign = campaign_for(conn, ctx, CampaignId(campaign))?;
    let unit = input::number("unit", "组织抽取的单位", &sent.unit)?
        .ok_or_else(|| Error::invalid("unit", "请选择“组织抽取的单位”。"))?;
    let unit = readable_unit(conn, ctx, UnitId(unit))?;
    domain::may_draw(&ctx.actor, &unit.path, "组织抽取")?;
    let purpose = input::coded::<DrawPurpose>("purpose", "抽取用途", &sent.purpose)?;
    let method = input::coded::<DrawMethod>("method", "抽取方式", &sent.method)?;
    let rule = sampling(app, &campaign, sent)?;
    let (layered, roles) = match purpose {
        DrawPurpose::Visits => (units(conn, ctx, &unit, sent)?, &[Role::Inspector][..]),
        DrawPurpose::LookBacks => {
            let found = problems(app, conn, ctx, (&campaign, &unit), (&rule, sent))?;
            (found, &[Role::Inspector, Role::Verifier, Role::Office][..])
        }
    };
    let able = store::able(conn, roles, &unit.path, ctx.today())?;
    let each = input::number("examiners_each", "每个对象几名检查人员", &sent.examiners_each)?;
    let open_day = input::day("open_day", "启封日期", &sent.open_day)?.unwrap_or(ctx.today());
    let plan = DrawPlan {
        title: require_text("title", "抽取名称", &sent.title, domain::TITLE_CHARS_MAX)?,
        purpose,
        open_day,
        examiners_each: u32::try_from(each.unwrap_or(1)).unwrap_or(u32::MAX),
        strata: strata(&layered, purpose, &rule, sent)?,
        examiners: examiners(&able, &sent.examiners),
        candidates: layered.into_iter().map(|(candidate, _)| candidate).collect(),
    };
    let refusal = plan.check(ctx.today()).err();
    Ok((Prepared { plan, unit, able, refusal }, campaign, method))
}

/// The template's rule with what the form says otherwise.
fn sampling(app: &App, campaign: &Campaign, sent: &DrawInput) -> Result<SamplingRule, Error> {
    let mut rule = match campaign.template_text.as_str() {
        "" => SamplingRule::default(),
        _ => app.template(campaign)?.sampling.clone(),
    };
    let days = |field: &str, label: &str, text: &str| -> Result<Option<i32>, Error> {
        let number = input::number(field, label, text)?;
        number
            .map(|n| i32::try_from(n).ok().filter(|n| (0..=3_660).contains(n)))
            .map(|n| n.ok_or_else(|| Error::invalid(field, format!("“{label}”应在0到3660之间。"))))
            .transpose()
    };
    if let Some(after) = days("after_days", "销号满多少天", &sent.after_days)? {
        rule.after_days = after;
    }
    if let Some(within) = days("within_days", "销号不超过多少天", &sent.within_days)? {
        rule.within_days = within;
    }
    if let Some(percent) = input::number("percent", "每层抽取百分比", &sent.percent)? {
        rule.percent = u8::try_from(percent)
            .ok()
            .filter(|percent| (1..=100).contains(percent))
            .ok_or_else(|| Error::invalid("percent", "“每层抽取百分比”应在1到100之间。"))?;
        rule.at_least = 1;
    }
    Ok(rule)
}

fn units(conn: &mut Conn, ctx: &Context, unit: &Unit, sent: &DrawInput) -> Result<Layered, Error> {
    let levels: Vec<Level> = sent.levels.iter().filter_map(|code| Level::from_code(code)).collect();
    if levels.is_empty() {
        return Err(Error::invalid("levels", "请选择要抽取的“单位层级”，例如乡镇、村。"));
    }
    let layering = match sent.layering.trim() {
        "" => Layering::None,
        text => input::coded::<Layering>("layering", "分层方式", text)?,
    };
    let scope = Scope { subtree: Some(unit.id), levels, ..Scope::default() };
    let ids = bihuan_store::scope::expand(conn, &scope, ctx.today(), ctx.today())?;
    let mut found = bihuan_store::unit::by_ids(conn, ids.into_iter().take(domain::CANDIDATES_MAX + 1))?;
    found.sort_by_key(|unit| unit.id);
    let parents: Vec<UnitId> = found.iter().filter_map(|unit| unit.parent_id).collect();
    let names = bihuan_store::unit::names(conn, parents)?;
    let layered = found.into_iter().map(|unit| {
        let (stratum, name) = match layering {
            Layering::None => ("all".to_owned(), "全部".to_owned()),
            Layering::Level => (unit.level.code().to_owned(), unit.level.label().to_owned()),
            Layering::Sector if unit.sector.is_empty() => ("other".to_owned(), "未分领域".to_owned()),
            Layering::Sector => (unit.sector.clone(), unit.sector.clone()),
            Layering::Parent => {
                let parent = unit.parent_id.unwrap_or_default();
                (format!("u{parent}"), names.get(&parent).cloned().unwrap_or_default())
            }
        };
        let doing = vec![unit.id.0];
        (Candidate { id: unit.id.0, name: unit.name, stratum, doing, hands: vec![] }, name)
    });
    Ok(layered.collect())
}

fn problems(
    app: &App,
    conn: &mut Conn,
    ctx: &Context,
    (campaign, unit): (&Campaign, &Unit),
    (rule, sent): (&SamplingRule, &DrawInput),
) -> Result<Layered, Error> {
    let strata = match sent.layering.trim() {
        "" => rule.strata,
        text => input::coded::<SamplingStrata>("layering", "分层方式", text)?,
    };
    let today = ctx.today();
    let days: (Day, Day) = (today.plus_days(-rule.within_days), today.plus_days(-rule.after_days));
    let outcomes: Vec<Outcome> = Outcome::ALL.iter().copied().filter(|o| can_be_looked_back(*o)).collect();
    let found = store::closed(conn, campaign.id, &unit.path, days, &outcomes)?;
    let ids: Vec<_> = found.iter().map(|problem| problem.id).collect();
    let mut hands = store::hands(conn, &ids)?;
    let below =
        |problem: &Problem| problem.home_path.units().get(unit.path.depth() + 1).copied().unwrap_or(unit.id);
    let names = bihuan_store::unit::names(conn, found.iter().map(below))?;
    let template = match campaign.template_text.as_str() {
        "" => None,
        _ => Some(app.template(campaign)?),
    };
    let mut layered = Layered::new();
    for problem in &found {
        let (stratum, name) = match strata {
            SamplingStrata::Unit => {
                let unit = below(problem);
                (format!("u{unit}"), names.get(&unit).cloned().unwrap_or_default())
            }
            SamplingStrata::Category => {
                let known = template.as_ref().and_then(|t| t.category(&problem.category));
                let name = known.map_or(problem.category.clone(), |category| category.name.clone());
                (problem.category.clone(), name)
            }
            SamplingStrata::Outcome => {
                let outcome = problem.outcome.unwrap_or(Outcome::Solved);
                (outcome.code().to_owned(), outcome.label().to_owned())
            }
        };
        let (doing, people) = hands.remove(&problem.id).unwrap_or_default();
        let candidate =
            Candidate { id: problem.id.0, name: problem.citation(), stratum, doing, hands: people };
        layered.push((candidate, name));
    }
    Ok(layered)
}

/// Layers in the order of their codes, with how many are drawn of each.
fn strata(
    layered: &Layered,
    purpose: DrawPurpose,
    rule: &SamplingRule,
    sent: &DrawInput,
) -> Result<Vec<Stratum>, Error> {
    let mut have: BTreeMap<&str, (&str, usize)> = BTreeMap::new();
    for (candidate, name) in layered {
        have.entry(&candidate.stratum).or_insert((name, 0)).1 += 1;
    }
    let size = input::number("size", "每层抽取数", &sent.size)?;
    if purpose == DrawPurpose::Visits && size.is_none() && sent.percent.trim().is_empty() {
        return Err(Error::invalid("size", "请填写“每层抽取数”或者“每层抽取百分比”。"));
    }
    let layers = have.into_iter().map(|(code, (name, n))| {
        // A layer with fewer than asked for gives all it has.
        let size = match size {
            Some(size) => u32::try_from(size).unwrap_or(0).min(u32::try_from(n).unwrap_or(0)),
            None => rule.size_of(n),
        };
        Stratum { code: code.to_owned(), name: name.to_owned(), size }
    });
    Ok(layers.collect())
}

fn examiners(able: &[Able], wanted: &[String]) -> Vec<Examiner> {
    let wanted: Vec<i64> = wanted.iter().filter_map(|text| text.trim().parse().ok()).collect();
    let chosen = able.iter().filter(|able| wanted.is_empty() || wanted.contains(&able.person.0));
    let mut found: Vec<Examiner> = chosen
        .map(|able| {
            let mut units: Vec<i64> =
                able.posts.iter().flat_map(|path| path.units()).map(|id| id.0).collect();
            units.sort_unstable();
            units.dedup();
            Examiner { person: able.person.0, name: able.name.clone(), units }
        })
        .collect();
    found.sort_by_key(|examiner| examiner.person);
    found
}
