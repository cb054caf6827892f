//! Setting a campaign up, starting it, changing it and ending it (政府督查工作条例 Art. 6–8, 11, 15; M01).
//!
//! Who may: the office over the unit the campaign is run for, or the office of a unit above. A campaign cannot start
//! before it is recorded who decided it, in which document, and what it covers. That a follow-up campaign takes over
//! what is still open (承接) is told by [`Campaign::follows_id`]; the problems move by `problem::follow`.

use super::{AuthorityBasis, Campaign, CampaignState};
use crate::id::CampaignId;
use crate::problem::State;
use crate::refusal::{Refusal, limit_text, require_text};
use crate::role::{Actor, Role};
use crate::template::{MAX_DAYS, Template};
use crate::unit::{Unit, UnitKind, UnitPath};
use crate::{Coded, Day};

/// Longest code, in characters.
pub const CODE_CHARS_MAX: usize = 40;
/// Longest name, in characters.
pub const NAME_CHARS_MAX: usize = 100;
/// Longest wording of who decided, and of the document, in characters.
pub const AUTHORITY_CHARS_MAX: usize = 300;
/// Longest description of content, targets and reach, in characters.
pub const SCOPE_CHARS_MAX: usize = 2_000;
/// Longest reason of a change, in characters.
pub const REASON_CHARS_MAX: usize = 500;

/// Who decides, and today.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// The day in China.
    pub today: Day,
}

/// What is recorded about a campaign beside its template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Name.
    pub name: String,
    /// How it was decided.
    pub basis: AuthorityBasis,
    /// Who decided it, when.
    pub authority: String,
    /// Title and number of the document.
    pub document: String,
    /// Content, targets and reach.
    pub scope: String,
    /// First day.
    pub starts_day: Day,
    /// Last day.
    pub ends_day: Option<Day>,
}

impl Facts {
    /// As a campaign has them.
    pub fn of(campaign: &Campaign) -> Facts {
        Facts {
            name: campaign.name.clone(),
            basis: campaign.basis,
            authority: campaign.authority.clone(),
            document: campaign.document.clone(),
            scope: campaign.scope.clone(),
            starts_day: campaign.starts_day,
            ends_day: campaign.ends_day,
        }
    }
}

/// A campaign to be set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Short code.
    pub code: String,
    /// What is recorded about it.
    pub facts: Facts,
    /// The template's text; may be chosen later, while it is empty.
    pub template_text: String,
    /// The campaign whose open problems it takes over.
    pub follows_id: Option<CampaignId>,
}

/// Open problems of a campaign by state.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct OpenWork {
    /// State and how many, in the order of the loop; states without any are left out.
    pub by_state: Vec<(State, i64)>,
    /// Of these, past their day.
    pub overdue: i64,
}

impl OpenWork {
    /// How many are open.
    pub fn total(&self) -> i64 {
        self.by_state.iter().map(|(_, count)| count).sum()
    }

    /// In words: `待验收 3 件、整改中 12 件`.
    pub fn in_words(&self) -> String {
        let parts: Vec<String> =
            self.by_state.iter().map(|(state, count)| format!("{}{count}件", state.label())).collect();
        parts.join("、")
    }
}

/// What problems use of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    /// In which list it stands, and what uses it.
    pub list: UsedList,
    /// The code.
    pub code: String,
    /// How many problems, rules or records.
    pub times: i64,
}

crate::coded! {
    /// The lists of a template that something refers to.
    UsedList ("模板清单") {
        Category = "category", "问题类别";
        Strand = "strand", "重点措施";
        Source = "source", "问题来源";
        /// By a required action, which nothing could be recorded for any more.
        RuleKind = "rule_kind", "活动类别";
        /// By a record, which would lose the name of its kind.
        RecordKind = "record_kind", "活动类别";
    }
}

impl UsedList {
    /// Those that problems refer to; their codes are the columns of a problem.
    pub const OF_PROBLEMS: [UsedList; 3] = [UsedList::Category, UsedList::Strand, UsedList::Source];

    /// The name of an entry of the list; `None` where the template has none of the code.
    pub fn name_in<'t>(self, template: &'t Template, code: &str) -> Option<&'t str> {
        match self {
            UsedList::Category => template.category(code).map(|entry| entry.name.as_str()),
            UsedList::Strand => template.strand(code).map(|entry| entry.name.as_str()),
            UsedList::Source => template.source(code).map(|entry| entry.name.as_str()),
            UsedList::RuleKind | UsedList::RecordKind => {
                template.activity_kinds.iter().find(|kind| kind.code == code).map(|kind| kind.name.as_str())
            }
        }
    }

    fn measure(self) -> &'static str {
        match self {
            UsedList::Category | UsedList::Strand | UsedList::Source => "件问题",
            UsedList::RuleKind => "项规定动作",
            UsedList::RecordKind => "条活动记录",
        }
    }
}

/// The root of what a campaign covers: the office's unit with all below, and for a task force (专班, 领导小组办公室),
/// which has nothing below it, the unit it works for.
pub fn reach(office: &Unit) -> UnitPath {
    reach_of(office.kind, &office.path)
}

/// The same from the unit's kind and place.
pub fn reach_of(kind: UnitKind, path: &UnitPath) -> UnitPath {
    match kind {
        UnitKind::TaskForce => path.parent().unwrap_or_else(|| path.clone()),
        _ => path.clone(),
    }
}

/// The actor may set up, start, change and end a campaign of this office's unit.
pub fn may_run(actor: &Actor, office: &Unit) -> bool {
    actor.holds(Role::Office, &reach(office))
}

fn allowed(desk: &Desk<'_>, step: &str, office: &Unit) -> Result<(), Refusal> {
    if may_run(desk.actor, office) {
        return Ok(());
    }
    Err(Refusal::not_allowed(step, "该单位或其上级单位的“工作专班”角色"))
}

/// Sets a campaign up. `taken` says that the code is in use.
///
/// # Errors
/// `not_allowed`, `unit_not_open`, `code_taken`, and wrong inputs by field.
pub fn create(desk: &Desk<'_>, office: &Unit, draft: Draft, taken: bool) -> Result<Campaign, Refusal> {
    allowed(desk, "建立专项行动", office)?;
    if !office.is_open_on(desk.today) {
        return Err(Refusal::of_field(
            "office_unit",
            "unit_not_open",
            "选择的单位已撤销。",
            "请选择现有单位。",
        ));
    }
    let code = check_code(&draft.code)?;
    if taken {
        return Err(Refusal::of_field(
            "code",
            "code_taken",
            format!("代码“{code}”已被别的专项行动使用。"),
            "请换一个代码，例如加上年份。",
        ));
    }
    let facts = check_facts(draft.facts)?;
    if !draft.template_text.trim().is_empty() {
        check_template(&draft.template_text)?;
    }
    Ok(Campaign {
        id: CampaignId(0),
        code,
        name: facts.name,
        office_unit_id: office.id,
        basis: facts.basis,
        authority: facts.authority,
        document: facts.document,
        scope: facts.scope,
        state: CampaignState::Preparing,
        starts_day: facts.starts_day,
        ends_day: facts.ends_day,
        template_text: draft.template_text,
        follows_id: draft.follows_id,
        version: 1,
    })
}

fn check_code(code: &str) -> Result<String, Refusal> {
    let code = require_text("code", "代码", code, CODE_CHARS_MAX)?;
    if code.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')) {
        return Ok(code);
    }
    Err(Refusal::of_field(
        "code",
        "bad_code",
        format!("代码“{code}”只能用字母、数字、连字符、下划线和点。"),
        "例如 ztjy-2026。",
    ))
}

fn check_facts(facts: Facts) -> Result<Facts, Refusal> {
    let facts = Facts {
        name: require_text("name", "名称", &facts.name, NAME_CHARS_MAX)?,
        authority: limit_text("authority", "谁决定的", &facts.authority, AUTHORITY_CHARS_MAX)?,
        document: limit_text("document", "依据文件", &facts.document, AUTHORITY_CHARS_MAX)?,
        scope: limit_text("scope", "内容、对象和范围", &facts.scope, SCOPE_CHARS_MAX)?,
        ..facts
    };
    let Some(ends) = facts.ends_day else { return Ok(facts) };
    if ends < facts.starts_day {
        return Err(Refusal::of_field(
            "ends_day",
            "ends_before_start",
            format!("结束日期{}早于开始日期{}。", ends.in_chinese(), facts.starts_day.in_chinese()),
            "请核对两个日期。",
        ));
    }
    if i64::from(ends.minus(facts.starts_day)) > MAX_DAYS {
        return Err(Refusal::of_field(
            "ends_day",
            "too_long",
            format!("专项行动最长{MAX_DAYS}天，现在是{}天。", ends.minus(facts.starts_day)),
            "请核对年份；长期工作可以不填结束日期。",
        ));
    }
    Ok(facts)
}

fn check_template(text: &str) -> Result<Template, Refusal> {
    Template::parse(text).map_err(|faults| {
        let first = faults.first().map(ToString::to_string).unwrap_or_default();
        Refusal::of_field(
            "template",
            "template_faulty",
            format!("模板有{}处需要修改。{first}", faults.len()),
            "请按行号逐处修改。",
        )
    })
}

/// What is still missing before it can start: field and sentence of each.
pub fn missing_for_start(campaign: &Campaign) -> Vec<(&'static str, &'static str)> {
    let mut missing = Vec::new();
    if campaign.authority.is_empty() {
        missing.push(("authority", "没有写明由谁决定"));
    }
    if campaign.document.is_empty() {
        missing.push(("document", "没有写明依据文件的名称和文号"));
    }
    if campaign.scope.is_empty() {
        missing.push(("scope", "没有写明内容、对象和范围"));
    }
    if campaign.template_text.trim().is_empty() {
        missing.push(("template", "没有选定模板"));
    } else if Template::parse(&campaign.template_text).is_err() {
        missing.push(("template", "模板有写错的地方"));
    }
    missing
}

/// Starts a campaign: from now on problems may be registered.
///
/// # Errors
/// `not_allowed`, `wrong_state`, `not_ready` naming what is missing, `over_already`.
pub fn start(desk: &Desk<'_>, before: &Campaign, office: &Unit) -> Result<Campaign, Refusal> {
    allowed(desk, "启动专项行动", office)?;
    if before.state != CampaignState::Preparing {
        return Err(wrong_state(before, "启动", "只有筹备中的专项行动可以启动。"));
    }
    let missing = missing_for_start(before);
    if let Some((field, _)) = missing.first() {
        let list: Vec<&str> = missing.iter().map(|(_, sentence)| *sentence).collect();
        return Err(Refusal::of_field(
            field,
            "not_ready",
            format!("还不能启动：{}。", list.join("；")),
            "政府督查工作条例第八条、第十一条、第十五条要求先有决定、依据和范围；请补充后再启动。",
        ));
    }
    if let Some(ends) = before.ends_day.filter(|ends| *ends < desk.today) {
        return Err(Refusal::of_field(
            "ends_day",
            "over_already",
            format!("结束日期{}已经过去。", ends.in_chinese()),
            "请先修改结束日期。",
        ));
    }
    // Started before the planned day, it begins today; started later, the day of the plan stays.
    let starts_day = before.starts_day.min(desk.today);
    Ok(Campaign { state: CampaignState::Running, starts_day, version: before.version + 1, ..before.clone() })
}

/// Changes what is recorded about a campaign, such as its dates. While it runs this needs a reason, because Art. 15
/// lets nobody widen a supervision silently.
///
/// # Errors
/// `not_allowed`, `wrong_state` after its end, `text_missing` without a reason, and wrong inputs by field.
pub fn amend(
    desk: &Desk<'_>,
    before: &Campaign,
    office: &Unit,
    facts: Facts,
    reason: &str,
) -> Result<Campaign, Refusal> {
    allowed(desk, "修改专项行动", office)?;
    let facts = check_facts(facts)?;
    check_reason(before, "修改", reason)?;
    if before.state == CampaignState::Running {
        if facts.starts_day != before.starts_day {
            return Err(Refusal::of_field(
                "starts_day",
                "started_already",
                format!("专项行动已于{}开始，开始日期不能再改。", before.starts_day.in_chinese()),
                "如需改变安排，请修改结束日期。",
            ));
        }
        if facts.ends_day.is_some_and(|ends| ends < desk.today) {
            return Err(Refusal::of_field(
                "ends_day",
                "ends_in_past",
                "进行中的专项行动不能把结束日期改到今天以前。",
                "如果已经做完，请使用“结束专项行动”。",
            ));
        }
        let kept = Campaign {
            authority: facts.authority.clone(),
            document: facts.document.clone(),
            scope: facts.scope.clone(),
            ..before.clone()
        };
        if let Some((field, sentence)) = missing_for_start(&kept).first() {
            return Err(Refusal::of_field(
                field,
                "not_ready",
                format!("进行中的专项行动{sentence}。"),
                "请填写后再保存。",
            ));
        }
    }
    Ok(Campaign {
        name: facts.name,
        basis: facts.basis,
        authority: facts.authority,
        document: facts.document,
        scope: facts.scope,
        starts_day: facts.starts_day,
        ends_day: facts.ends_day,
        version: before.version + 1,
        ..before.clone()
    })
}

/// Ends a campaign: nothing new is registered, and what is open stays open until it is closed or taken over.
///
/// # Errors
/// `not_allowed`, `wrong_state`, `text_missing` without a reason.
pub fn end(desk: &Desk<'_>, before: &Campaign, office: &Unit, reason: &str) -> Result<Campaign, Refusal> {
    allowed(desk, "结束专项行动", office)?;
    if before.state == CampaignState::Ended {
        return Err(wrong_state(before, "结束", "不需要再次结束。"));
    }
    require_text("reason", "理由", reason, REASON_CHARS_MAX)?;
    Ok(Campaign {
        state: CampaignState::Ended,
        starts_day: before.starts_day.min(desk.today),
        ends_day: Some(desk.today),
        version: before.version + 1,
        ..before.clone()
    })
}

/// Replaces the campaign's own copy of its template. What problems, required actions and records use
/// cannot vanish.
///
/// # Errors
/// `not_allowed`, `wrong_state` after its end, `template_faulty`, `text_missing` without a reason while it runs,
/// `in_use` naming every entry that is still used.
pub fn change_template(
    desk: &Desk<'_>,
    before: &Campaign,
    office: &Unit,
    text: &str,
    used: &[Used],
    reason: &str,
) -> Result<Campaign, Refusal> {
    allowed(desk, "修改模板", office)?;
    let after = check_template(text)?;
    let old = Template::parse(&before.template_text).ok();
    let gone: Vec<String> = used.iter().filter_map(|used| vanished(used, old.as_ref(), &after)).collect();
    if !gone.is_empty() {
        return Err(Refusal::of_field(
            "template",
            "in_use",
            format!("模板里还在使用的条目不能删去：{}。", gone.join("；")),
            "可以改名称和说明，代码要保留；确实不再使用的，请先把这些问题改到别的类别，把用到它的规定动作调整或停止。",
        ));
    }
    check_reason(before, "修改模板", reason)?;
    Ok(Campaign { template_text: text.to_owned(), version: before.version + 1, ..before.clone() })
}

/// The name of an entry that the old template had, the new one has not, and something uses.
fn vanished(used: &Used, old: Option<&Template>, after: &Template) -> Option<String> {
    let named = used.list.name_in(old?, &used.code)?;
    if used.list.name_in(after, &used.code).is_some() {
        return None;
    }
    Some(format!("{}“{named}”（{}，{}{}）", used.list.label(), used.code, used.times, used.list.measure()))
}

fn check_reason(before: &Campaign, step: &str, reason: &str) -> Result<(), Refusal> {
    match before.state {
        CampaignState::Preparing => limit_text("reason", "理由", reason, REASON_CHARS_MAX).map(|_| ()),
        CampaignState::Running => {
            require_text("reason", "理由", reason, REASON_CHARS_MAX).map(|_| ()).map_err(|mut refusal| {
                if refusal.code == "text_missing" {
                    refusal.sentence = format!("专项行动已经开始，{step}要写明理由。");
                    refusal.hint = "理由会写入记录。".to_owned();
                }
                refusal
            })
        }
        CampaignState::Ended => Err(wrong_state(before, step, "已结束的专项行动不再修改。")),
    }
}

fn wrong_state(campaign: &Campaign, step: &str, hint: &str) -> Refusal {
    let sentence = format!("专项行动“{}”{}，不能{step}。", campaign.name, campaign.state.label());
    Refusal::new("wrong_state", sentence, hint)
}
