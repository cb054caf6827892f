//! Setting up, amending, starting and ending a campaign, and changing its template. Each leaves an entry.

use crate::context::{self, App, Context, campaign_for};
use crate::input::{self, inputs};
use crate::{Error, unit::seen_unit};
use bihuan_domain::Coded;
use bihuan_domain::campaign::{
    self as rules, AuthorityBasis, Campaign, CampaignAction, Desk, Draft, Facts, LineChange, OpenWork,
};
use bihuan_domain::id::{CampaignId, UnitId};
use bihuan_domain::template::Template;
use bihuan_domain::unit::Unit;
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::{Conn, campaign as store};
use serde_json::{Value, json};

inputs! {
    /// A campaign to be set up, or what is recorded about one.
    CampaignInput {
        code: one "代码",
        name: one "名称",
        office_unit: one "专班所在单位",
        basis: one "立项依据",
        authority: one "谁决定的",
        document: one "依据文件",
        scope: one "内容、对象和范围",
        starts_day: one "开始日期",
        ends_day: one "结束日期",
        template: one "模板",
        template_text: one "模板文本",
        follows: one "承接哪项行动",
        reason: one "理由",
    }
}

/// What a step answers.
#[derive(Clone, Debug)]
pub struct CampaignDone {
    /// The campaign as it stands after it.
    pub campaign: Campaign,
    /// The entry.
    pub seq: i64,
}

/// What ending a campaign leaves.
#[derive(Clone, Debug)]
pub struct Ending {
    /// The campaign.
    pub campaign: Campaign,
    /// The entry.
    pub seq: i64,
    /// What was still open on that day.
    pub open: OpenWork,
}

/// Most changed lines that an entry keeps beside the two texts.
const LINES_IN_ENTRY: usize = 200;

pub(super) fn desk(ctx: &Context) -> Desk<'_> {
    Desk { actor: &ctx.actor, today: ctx.today() }
}

fn facts(input: &CampaignInput) -> Result<Facts, Error> {
    Ok(Facts {
        name: input.name.clone(),
        basis: input::coded::<AuthorityBasis>("basis", "立项依据", &input.basis)?,
        authority: input.authority.clone(),
        document: input.document.clone(),
        scope: input.scope.clone(),
        starts_day: input::required_day("starts_day", "开始日期", &input.starts_day)?,
        ends_day: input::day("ends_day", "结束日期", &input.ends_day)?,
    })
}

/// The text of the template that was chosen or given.
///
/// # Errors
/// `Invalid` with every fault of a given text and its line, or for an unknown template.
fn template_text(input: &CampaignInput) -> Result<String, Error> {
    if !input.template_text.trim().is_empty() {
        let text = with_plain_line_ends(&input.template_text);
        check_text(&text)?;
        return Ok(text);
    }
    match input.template.trim() {
        "" => Ok(String::new()),
        code => super::built_in_of(code)
            .map(|template| template.text.to_owned())
            .ok_or_else(|| Error::invalid("template", format!("没有代码为“{code}”的模板，请重新选择。"))),
    }
}

/// Browsers send line breaks as CR LF.
pub(super) fn with_plain_line_ends(text: &str) -> String {
    let mut text = text.replace("\r\n", "\n");
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

fn check_text(text: &str) -> Result<(), Error> {
    let Err(faults) = Template::parse(text) else { return Ok(()) };
    Err(Error::Invalid(faults.iter().map(|fault| ("template_text".to_owned(), fault.to_string())).collect()))
}

/// Loads a campaign that may be seen, its row version checked against the form's.
pub(super) fn fresh(
    conn: &mut Conn,
    ctx: &Context,
    id: CampaignId,
    version: Option<i64>,
) -> Result<(Campaign, Unit), Error> {
    let campaign = campaign_for(conn, ctx, id)?;
    if version.is_some_and(|version| version != campaign.version) {
        return Err(Error::stale());
    }
    let office = context::unit(conn, campaign.office_unit_id)?;
    Ok((campaign, office))
}

/// The campaign that a new one says it follows, if it says so.
fn earlier_of(conn: &mut Conn, ctx: &Context, input: &CampaignInput) -> Result<Option<Campaign>, Error> {
    let Some(id) = input::number("follows", "承接哪项行动", &input.follows)? else { return Ok(None) };
    match campaign_for(conn, ctx, CampaignId(id)) {
        Ok(earlier) => Ok(Some(earlier)),
        Err(Error::NotFound) => Err(Error::invalid("follows", "选择的行动不存在，请重新选择。")),
        Err(error) => Err(error),
    }
}

pub(super) fn append(
    conn: &mut Conn,
    ctx: &Context,
    office: &Unit,
    action: CampaignAction,
    (before, after): (Option<&Campaign>, Campaign),
    (note, detail): (String, Value),
) -> Result<CampaignDone, Error> {
    let writes = match before {
        None => vec![Write::insert(&after)],
        Some(before) => Write::update(before, &after).into_iter().collect(),
    };
    let entry = NewEntry {
        action: action.code().to_owned(),
        subject_kind: "campaign",
        subject_id: after.id.0,
        unit: Some(office.id),
        campaign: Some(after.id),
        note,
        detail,
        writes,
        ..NewEntry::default()
    };
    let seq = journal::append(conn, &ctx.stamp(Some(office)), vec![entry])?;
    Ok(CampaignDone { campaign: after, seq })
}

impl App {
    /// Sets a campaign up, with one of the built-in templates, a text of one's own, or none yet.
    ///
    /// # Errors
    /// `Invalid` with the faults of the inputs and of the template by line, refusals of `campaign::create`.
    pub fn create_campaign(&self, ctx: &Context, input: CampaignInput) -> Result<CampaignDone, Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let office = input::number("office_unit", "专班所在单位", &input.office_unit)?
                .ok_or_else(|| Error::invalid("office_unit", "请选择“专班所在单位”。"))?;
            let office = seen_unit(conn, &ctx, UnitId(office)).map_err(|error| match error {
                Error::NotFound => Error::invalid("office_unit", "选择的单位不存在，请重新选择。"),
                other => other,
            })?;
            let earlier = earlier_of(conn, &ctx, &input)?;
            let mut text = template_text(&input)?;
            if text.is_empty() {
                // What it follows was asked in those words; its open problems bear its codes.
                text = earlier.as_ref().map(|earlier| earlier.template_text.clone()).unwrap_or_default();
            }
            let draft = Draft {
                code: input.code.clone(),
                facts: facts(&input)?,
                template_text: text,
                follows_id: earlier.map(|earlier| earlier.id),
            };
            let taken = store::by_code(conn, draft.code.trim())?.is_some();
            let mut campaign = rules::create(&desk(&ctx), &office, draft, taken)?;
            campaign.id = CampaignId(journal::next_id(conn, "campaign", 1)?);
            let note = format!("建立“{}”", campaign.name);
            append(conn, &ctx, &office, CampaignAction::Created, (None, campaign), (note, Value::Null))
        })
    }

    /// Changes what is recorded about a campaign.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, refusals of `campaign::amend`.
    pub fn amend_campaign(
        &self,
        ctx: &Context,
        id: CampaignId,
        version: Option<i64>,
        input: CampaignInput,
    ) -> Result<CampaignDone, Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let (before, office) = fresh(conn, &ctx, id, version)?;
            let after = rules::amend(&desk(&ctx), &before, &office, facts(&input)?, &input.reason)?;
            let said = (input.reason.trim().to_owned(), Value::Null);
            append(conn, &ctx, &office, CampaignAction::Amended, (Some(&before), after), said)
        })
    }

    /// Starts a campaign.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, refusals of `campaign::start`.
    pub fn start_campaign(
        &self,
        ctx: &Context,
        id: CampaignId,
        version: Option<i64>,
    ) -> Result<CampaignDone, Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let (before, office) = fresh(conn, &ctx, id, version)?;
            let after = rules::start(&desk(&ctx), &before, &office)?;
            let note = format!("依据：{}；{}", before.authority, before.document);
            append(conn, &ctx, &office, CampaignAction::Started, (Some(&before), after), (note, Value::Null))
        })
    }

    /// Ends a campaign. What is open is counted in the entry and stays open.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, refusals of `campaign::end`.
    pub fn end_campaign(
        &self,
        ctx: &Context,
        id: CampaignId,
        version: Option<i64>,
        reason: &str,
    ) -> Result<Ending, Error> {
        let (ctx, reason) = (ctx.clone(), reason.to_owned());
        self.db.write(move |conn| {
            let (before, office) = fresh(conn, &ctx, id, version)?;
            let after = rules::end(&desk(&ctx), &before, &office, &reason)?;
            let open = store::open_work(conn, id, ctx.today())?;
            let rest = match open.total() {
                0 => "没有未销号的问题".to_owned(),
                total => format!("尚有{total}件没有销号（{}），其中逾期{}件", open.in_words(), open.overdue),
            };
            let note = format!("{}；{rest}", reason.trim());
            let detail = json!({ "open": open });
            let done =
                append(conn, &ctx, &office, CampaignAction::Ended, (Some(&before), after), (note, detail))?;
            Ok(Ending { campaign: done.campaign, seq: done.seq, open })
        })
    }

    /// Replaces the campaign's own copy of its template. The entry keeps both texts, the changed lines, and the changed
    /// rules in plain words.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `Invalid` with every fault and its line, refusals of `campaign::change_template`.
    pub fn change_template(
        &self,
        ctx: &Context,
        id: CampaignId,
        version: Option<i64>,
        text: &str,
        reason: &str,
    ) -> Result<CampaignDone, Error> {
        let (ctx, text, reason) = (ctx.clone(), with_plain_line_ends(text), reason.to_owned());
        self.db.write(move |conn| {
            let (before, office) = fresh(conn, &ctx, id, version)?;
            if rules::may_run(&ctx.actor, &office) {
                check_text(&text)?;
            }
            let used = store::used(conn, id)?;
            let after = rules::change_template(&desk(&ctx), &before, &office, &text, &used, &reason)?;
            if after.template_text == before.template_text {
                return Err(Error::invalid("template_text", "模板没有改动，不需要保存。"));
            }
            let said = (reason.trim().to_owned(), difference(&before.template_text, &after.template_text));
            append(conn, &ctx, &office, CampaignAction::TemplateChanged, (Some(&before), after), said)
        })
    }
}

/// What the entry of a changed template says beside the two texts.
fn difference(old: &str, new: &str) -> Value {
    let lines = rules::changed_lines(old, new);
    let changed: Vec<&rules::DiffLine> =
        lines.iter().filter(|line| line.change != LineChange::Kept).collect();
    let words = match Template::parse(new) {
        Ok(new) => rules::changed_rules(Template::parse(old).ok().as_ref(), &new),
        Err(_) => Vec::new(),
    };
    json!({
        "rules": words.iter().map(|(label, old, new)| json!({ "rule": label, "old": old, "new": new })).collect::<Vec<_>>(),
        "lines": changed.iter().take(LINES_IN_ENTRY).collect::<Vec<_>>(),
        "more_lines": changed.len().saturating_sub(LINES_IN_ENTRY),
    })
}
