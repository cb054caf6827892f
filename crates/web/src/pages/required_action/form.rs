//! The form of a rule: typed, previewed with exactly whom it reaches, then issued.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_app::Context;
use bihuan_app::required_action::{ActionInput, ActionPlan, KEEP_SCOPE};
use bihuan_domain::Coded;
use bihuan_domain::id::{CampaignId, RequiredActionId, UnitId};
use bihuan_domain::required_action::{
    BASIS_CHARS_MAX, Cadence, EXCUSE_CHARS_MAX, Part, Proof, QuantityUnit, RULE_NAME_CHARS_MAX, Rule,
    SubjectKind,
};
use bihuan_domain::scope::Scope;
use bihuan_domain::unit::{Level, UnitKind};
use maud::{Markup, html};

use super::{ACTIONS_PATH, show};
use crate::{
    current::{CampaignWish, current_campaign, no_campaign},
    error::Problem,
    form::{FieldErrors, Fields, QueryFields},
    frame::{Again, Page},
    pages::problem::input_of_form,
    state::{Session, WebState},
    ui::{self, Choice, PostForm, button, card, choices},
};

/// What the form offers.
struct Offers {
    kinds: Vec<(String, String)>,
    scopes: Vec<(String, String)>,
    units: Vec<(String, String)>,
    strands: Vec<(String, String)>,
}

async fn offers(web: &WebState, ctx: &Context, campaign: CampaignId) -> Result<Offers, Problem> {
    let who = ctx.clone();
    web.run(move |app| {
        let form = app.record_form(&who, campaign, None, &Default::default())?;
        let scopes = app.scopes(&who)?;
        let template = app.campaign_view(&who, campaign)?.template;
        let strands = template.iter().flat_map(|template| &template.strands);
        Ok(Offers {
            kinds: form.kinds.iter().map(|kind| (kind.code.clone(), kind.name.clone())).collect(),
            scopes: scopes.iter().map(|s| (s.id.to_string(), s.name.clone())).collect(),
            strands: strands.map(|strand| (strand.code.clone(), strand.name.clone())).collect(),
            units: form.units.iter().map(|unit| (unit.id.to_string(), unit.name.clone())).collect(),
        })
    })
    .await
}

fn codes<T: Coded>() -> Vec<Choice> {
    choices(T::ALL.iter().map(|value| (value.code(), value.label())))
}

fn optional(first: &str, pairs: &[(String, String)]) -> Vec<Choice> {
    let mut all = vec![Choice::new("", first)];
    all.extend(choices(pairs.iter().map(|(value, label)| (value.clone(), label.clone()))));
    all
}

pub(super) async fn new(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    wish: CampaignWish,
    QueryFields(query): QueryFields,
) -> Result<Response, Problem> {
    let current = current_campaign(&web, &ctx, &wish).await?;
    let Some(campaign) = current.id() else {
        return Ok(page.show(page.frame("下达规定动作"), no_campaign("下达规定动作")));
    };
    let offers = offers(&web, &ctx, campaign).await?;
    let body = form(&page, &offers, campaign, None, &query, &FieldErrors::default(), None)?;
    Ok(page.show(page.frame("下达规定动作").crumb("规定动作", ACTIONS_PATH), body))
}

/// The conditions of the form say all there is in a scope; what was listed one by one, left out or kept to some branch
/// they do not.
fn fields_say_all(scope: &Scope, owner: UnitId) -> bool {
    let said = Scope {
        subtree: Some(owner),
        with_root: true,
        levels: scope.levels.clone(),
        kinds: scope.kinds.clone(),
        sectors: scope.sectors.clone(),
        ..Scope::default()
    };
    *scope == said
}

fn fields_of(rule: &Rule, owner: UnitId) -> Fields {
    let mut pairs = vec![
        ("name", rule.name.clone()),
        ("basis", rule.basis.clone()),
        ("strand", rule.strand.clone()),
        ("subject", rule.subject.code().to_owned()),
        ("posts", rule.posts.join("、")),
        ("leads_only", if rule.leads_only { "1".to_owned() } else { String::new() }),
        ("each", if rule.each_kind { "1".to_owned() } else { String::new() }),
        ("part", rule.part.code().to_owned()),
        ("cadence", rule.cadence.code().to_owned()),
        ("quantity", rule.quantity.to_string()),
        ("unit", rule.unit.code().to_owned()),
        ("proof", rule.proof.code().to_owned()),
        ("grace_working_days", rule.grace_working_days.to_string()),
        ("from_day", rule.from_day.to_string()),
        ("to_day", rule.to_day.map(|day| day.to_string()).unwrap_or_default()),
        ("sector", rule.scope.sectors.join("、")),
    ];
    pairs.extend(rule.kinds.iter().map(|code| ("activities", code.clone())));
    if rule.scope.levels.len() < Level::ALL.len() {
        pairs.extend(rule.scope.levels.iter().map(|level| ("levels", level.code().to_owned())));
    }
    pairs.extend(rule.scope.kinds.iter().map(|kind| ("kinds", kind.code().to_owned())));
    if !fields_say_all(&rule.scope, owner) {
        pairs.push(("scope", KEEP_SCOPE.to_owned()));
    }
    pairs.retain(|(_, value)| !value.is_empty());
    Fields::new(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

pub(super) async fn edit(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let who = ctx.clone();
    let found = web.run(move |app| app.action_page(&who, RequiredActionId(id), None)).await?;
    if !found.may_change {
        return Err(Problem::NotFound);
    }
    let offers = offers(&web, &ctx, found.campaign.id).await?;
    let fields = fields_of(&found.rule, found.owner.id);
    let at = Some((found.row.id, found.row.version));
    let body = form(&page, &offers, found.campaign.id, at, &fields, &FieldErrors::default(), None)?;
    Ok(page.show(page.frame("调整规定动作").crumb("规定动作", ACTIONS_PATH), body))
}

pub(super) async fn issue(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    fields: Fields,
) -> Result<Response, Problem> {
    let campaign = CampaignId(fields.number("campaign").ok_or(Problem::NotFound)?);
    step(&web, ctx, &page, campaign, None, fields).await
}

pub(super) async fn change(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let who = ctx.clone();
    let found = web.run(move |app| app.action_page(&who, RequiredActionId(id), None)).await?;
    let version = fields.number("version").unwrap_or(found.row.version);
    step(&web, ctx, &page, found.campaign.id, Some((found.row.id, version)), fields).await
}

/// Shows whom it reaches; with `do=issue` issues it.
async fn step(
    web: &WebState,
    ctx: Context,
    page: &Page,
    campaign: CampaignId,
    at: Option<(RequiredActionId, i64)>,
    fields: Fields,
) -> Result<Response, Problem> {
    let sent = input_of_form::<ActionInput>(&fields)?;
    let title = if at.is_some() { "调整规定动作" } else { "下达规定动作" };
    let frame = page.frame(title).crumb("规定动作", ACTIONS_PATH);
    let issue = fields.text("do") == "issue";
    let (who, input, id) = (ctx.clone(), sent.clone(), at.map(|(id, _)| id));
    let plan = match web.run(move |app| app.plan_action(&who, campaign, id, input)).await {
        Ok(plan) => plan,
        Err(problem) => {
            let again = Again::of(problem)?;
            let offers = offers(web, &ctx, campaign).await?;
            let body = form(page, &offers, campaign, at, &fields, &again.errors, None)?;
            return Ok(page.show_again(frame, body, &again));
        }
    };
    if issue {
        let (who, id) = (ctx.clone(), at.map(|(id, version)| (id, Some(version))));
        match web.run(move |app| app.issue_action(&who, campaign, id, sent)).await {
            Ok(done) => return Ok(page.go(format!("{ACTIONS_PATH}/{}", done.id), "规定动作已下达。")),
            Err(problem) => {
                let again = Again::of(problem)?;
                let offers = offers(web, &ctx, campaign).await?;
                let body = form(page, &offers, campaign, at, &fields, &again.errors, Some(&plan))?;
                return Ok(page.show_again(frame, body, &again));
            }
        }
    }
    let offers = offers(web, &ctx, campaign).await?;
    let body = form(page, &offers, campaign, at, &fields, &FieldErrors::default(), Some(&plan))?;
    Ok(page.show(frame, body))
}

pub(super) async fn adopt(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    fields: Fields,
) -> Result<Response, Problem> {
    let campaign = CampaignId(fields.number("campaign").ok_or(Problem::NotFound)?);
    let codes: Vec<String> = fields.all("codes").map(str::to_owned).collect();
    let done = web.run(move |app| app.adopt_actions(&ctx, campaign, codes)).await?;
    Ok(page.go(ACTIONS_PATH, &format!("已下达{}项规定动作。", done.len())))
}

pub(super) async fn end(
    State(web): State<WebState>,
    Session(ctx): Session,
    page: Page,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, Problem> {
    let (version, day, reason) =
        (fields.number("version"), fields.text("day").to_owned(), fields.text("reason").to_owned());
    web.run(move |app| app.end_action(&ctx, RequiredActionId(id), version, &day, &reason)).await?;
    Ok(page.go(format!("{ACTIONS_PATH}/{id}"), "已记下停止日期。"))
}

fn form(
    page: &Page,
    offers: &Offers,
    campaign: CampaignId,
    at: Option<(RequiredActionId, i64)>,
    fields: &Fields,
    errors: &FieldErrors,
    plan: Option<&ActionPlan>,
) -> Result<Markup, Problem> {
    let action = at.map_or(ACTIONS_PATH.to_owned(), |(id, _)| format!("{ACTIONS_PATH}/{id}/edit"));
    let mut form = PostForm::new(action, page.csrf()?)
        .hidden("campaign", campaign.to_string())
        .warn_unsaved()
        .errors(errors);
    if let Some((_, version)) = at {
        form = form.hidden("version", version.to_string());
    }
    let title = if at.is_some() { "调整规定动作" } else { "下达规定动作" };
    let put = |field: ui::Field| field.refill(fields).errors(errors);
    Ok(html! {
        (ui::heading(title, Some("先看清楚正好要求到谁、一年几次，再下达。"), html! {}))
        (form.body(html! {
            @if let Some(plan) = plan { (preview(plan)) }
            (put(ui::text("name", "名称")).max_chars(RULE_NAME_CHARS_MAX).required())
            (put(ui::area("basis", "文件要求", 2)).max_chars(BASIS_CHARS_MAX).hint("照抄文件原话，下级看得到"))
            @if !offers.strands.is_empty() {
                (put(ui::select("strand", "重点措施", optional("不归入", &offers.strands))).hint("施工图里归到这一项下面"))
            }
            (put(ui::select("subject", "责任对象", codes::<SubjectKind>())).hint("岗位的要求留在岗位，个人的要求跟着人走"))
            @if at.is_none() { (put(ui::select("owner", "下达单位", optional("整个行动范围（或本单位）", &offers.units)))) }
            (put(ui::select("scope", "已存范围", scopes(offers, at.is_some()))).hint("选了已存的或原来的范围，下面的层级、性质和领域就不再看"))
            (put(ui::checkboxes("levels", "层级", codes::<Level>())).hint("不选就是全部层级"))
            (put(ui::checkboxes("kinds", "单位性质", codes::<UnitKind>())).hint("不选就是全部性质"))
            (put(ui::text("sector", "领域")).hint("例如“农村”，几个领域用顿号隔开；不填就是全部").narrow())
            (put(ui::text("posts", "岗位名称含有")).hint("责任对象是岗位时填，例如“书记”"))
            (put(ui::checkboxes("leads_only", "岗位范围", vec![Choice::new("1", "只限领导岗位")])))
            (put(ui::checkboxes("activities", "哪些活动算数", choices(offers.kinds.iter().map(|(code, name)| (code.clone(), name.clone()))))).required())
            (put(ui::checkboxes("each", "多种活动时", vec![Choice::new("1", "每种都要达到数量")])))
            (put(ui::select("part", "怎样参加才算", codes::<Part>())))
            (put(ui::select("cadence", "周期", codes::<Cadence>())))
            (put(ui::number("quantity", "数量")).narrow().hint("每个周期至少多少，不填为1"))
            (put(ui::select("unit", "数量单位", codes::<QuantityUnit>())))
            (put(ui::select("proof", "凭什么算完成", codes::<Proof>())).hint("能不要就不要：要求越多，基层负担越重"))
            (put(ui::number("grace_working_days", "补登期（工作日）")).narrow())
            (put(ui::date("from_day", "开始日期")).required())
            (put(ui::date("to_day", "截止日期")).hint("期间内、限期前的动作必填"))
            @if at.is_some() { (put(ui::area("reason", "调整理由", 2)).max_chars(EXCUSE_CHARS_MAX).required()) }
            div .actions {
                (button("预览要求到谁").sends("do", "preview"))
                @if plan.is_some() { (button("确认下达").primary().sends("do", "issue")) }
            }
        }))
    })
}

fn scopes(offers: &Offers, changing: bool) -> Vec<Choice> {
    let mut all = optional("不用，按下面的条件", &offers.scopes);
    if changing {
        all.insert(1, Choice::new(KEEP_SCOPE, "保持原来的范围，包括逐个列出和除外的单位"));
    }
    all
}

/// “3 个单位”, “31 个岗位”, “250 人”.
fn amount(n: i64, subject: SubjectKind) -> String {
    match subject {
        SubjectKind::Person => format!("{n} 人"),
        other => format!("{n} 个{}", other.label()),
    }
}

fn preview(plan: &ActionPlan) -> Markup {
    let names = |some: &[String]| some.iter().take(10).cloned().collect::<Vec<_>>().join("、");
    let subject = plan.rule.subject;
    html! {
        (card("下达之后", html! {
            p { strong { "新增触达 " (amount(plan.newly.0, subject)) } @if plan.newly.0 > 0 { "：" (names(&plan.newly.1)) @if plan.newly.0 > 10 { "等" } } "。" }
            @if plan.no_longer.0 > 0 { p { "不再要求 " (amount(plan.no_longer.0, subject)) "：" (names(&plan.no_longer.1)) @if plan.no_longer.0 > 10 { "等" } "。" } }
            p { "共 " (amount(plan.subjects, subject)) @if subject.table() != SubjectKind::Unit { "（范围内有 " (plan.reach.total) " 个单位）" } "，" (plan.rule.in_words()) "；每个对象一年约 " (plan.times_a_year) " 次。自" (plan.from_day.in_chinese()) "起执行，正在进行的周期仍按原来的要求。" }
            (show::added(&plan.added))
        }))
    }
}
