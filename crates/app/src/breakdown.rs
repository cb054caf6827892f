//! Speeches and notices broken down 文件分解 (M42): drafts are proposed, a person decides what becomes of each.

mod accepting;
mod origin;
mod proposing;
mod quantity;
mod removing;
mod requirement;
mod rule;
mod telling;

pub use accepting::{AcceptInput, Accepted};
pub(crate) use origin::origin_of;
pub use origin::{Origin, PASSAGE_CHARS_MAX, Passage};
pub use quantity::amount_of;
pub use requirement::{Requirement, RequirementView};
pub use rule::{KindOffer, rule_cadence, rule_quantity};
pub use telling::reason_words;

use crate::Error;
use crate::context::{self, App, Context, campaign_for, readable_unit};
use crate::evidence::SentFile;
use crate::input::{self, inputs};
use crate::likeness::{self, Copied};
use crate::office_word;
use crate::text_check::document_of;
use bihuan_domain::Refusal;
use bihuan_domain::breakdown::{self as domain, BREAKDOWN_CHARS_MAX, Breakdown, BreakdownDraft, DraftState};
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::{BreakdownDraftId, BreakdownId, CampaignId, UnitId};
use bihuan_domain::office_word::WordKind;
use bihuan_domain::refusal::{limit_text, require_text};
use bihuan_domain::unit::Unit;
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::likeness::TextKind;
use bihuan_store::{Conn, breakdown as store};
use proposing::{drafts_of, proposed};
use std::collections::HashMap;

/// Most drafts kept of one document.
pub const DRAFTS_MAX: usize = 1_000;
inputs! {
    /// A document to be broken down.
    BreakdownInput {
        unit: one "分解单位",
        campaign: one "专项行动",
        title: one "标题",
        text: one "文件内容",
        day: one "文件日期",
    }
    /// A draft changed by hand: all of it, so that what is sent empty is empty afterwards.
    EditInput {
        action: one "任务内容",
        unit: one "责任单位",
        deadline: one "时限原文",
        due_day: one "截止日期",
        amount: one "目标数量",
        measure_word: one "计量单位",
    }
    /// A draft that is not taken.
    DropInput { reason: one "不采用的理由", word: one "以后遇到这个词不再列出" }
    /// Into which other draft it goes.
    MergeInput { into: one "并入条目" }
    /// A draft the rules did not see.
    AddInput { quote: one "原文", action: one "任务内容" }
}

/// A document with its drafts as its page shows them.
#[derive(Clone, Debug)]
pub struct BreakdownView {
    /// The document.
    pub breakdown: Breakdown,
    /// The unit that breaks it down.
    pub unit: Unit,
    /// The campaign.
    pub campaign: Campaign,
    /// The drafts, in the order of the text.
    pub drafts: Vec<BreakdownDraft>,
    /// Names of the units in the drafts.
    pub names: HashMap<UnitId, String>,
    /// The reader may decide.
    pub may_decide: bool,
    /// Kinds of activity that a rule can count; empty where the campaign's template has none.
    pub kinds: Vec<KindOffer>,
    /// Names of the strands of the campaign by their codes.
    pub strands: HashMap<String, String>,
    /// Documents that say nearly the same, and how many more the reader may not see.
    pub same: (Vec<Copied>, usize),
}

impl App {
    /// Takes a document in and proposes drafts.
    ///
    /// # Errors
    /// `Invalid` document, `NotFound` unit or campaign, `not_allowed`.
    pub fn break_down(
        &self,
        ctx: &Context,
        sent: BreakdownInput,
        file: Option<SentFile>,
    ) -> Result<BreakdownId, Error> {
        let document = document_of(&sent.title, &sent.text, file, BREAKDOWN_CHARS_MAX)?;
        let day = input::day("day", "文件日期", &sent.day)?.unwrap_or(ctx.today());
        let (app, ctx) = (self.clone(), ctx.clone());
        self.db.write(move |conn| {
            let unit = input::number("unit", "分解单位", &sent.unit)?
                .ok_or_else(|| Error::invalid("unit", "请选择“分解单位”。"))?;
            let unit = readable_unit(conn, &ctx, UnitId(unit))?;
            if !domain::may_break_down(&ctx.actor, &unit.path) {
                return Err(Refusal::not_allowed("分解文件", "该单位的工作专班身份").into());
            }
            let campaign = input::number("campaign", "专项行动", &sent.campaign)?
                .ok_or_else(|| Error::invalid("campaign", "请选择“专项行动”。"))?;
            let campaign = campaign_for(conn, &ctx, CampaignId(campaign))?;
            let words = office_word::words_of(conn, &unit.path)?;
            let found = proposed(&document.text, day, &words.terms);
            let id = BreakdownId(journal::next_id(conn, "breakdown", 1)?);
            let row = Breakdown {
                id,
                unit_id: unit.id,
                campaign_id: campaign.id,
                title: document.title,
                file_name: document.file_name,
                digest: document.digest,
                day,
                content: document.text,
                made_by: ctx.actor.person,
                made_at: ctx.at,
                version: 1,
            };
            let drafts = drafts_of(&app, conn, &ctx, (&row, &unit, &campaign), found)?;
            let mut writes = document.writes;
            writes.push(Write::insert(&row));
            writes.extend(drafts.iter().map(Write::insert));
            let entry = NewEntry {
                action: "breakdown.made".to_owned(),
                subject_kind: "breakdown",
                subject_id: id.0,
                unit: Some(unit.id),
                campaign: Some(campaign.id),
                note: format!("分解“{}”，提出{}条", row.title, drafts.len()),
                writes,
                ..NewEntry::default()
            };
            journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry])?;
            likeness::keep(conn, TextKind::Speech, (id.0, 0), campaign.id, &row.content)?;
            Ok(id)
        })
    }

    /// Documents the actor may open, newest first, each with how many drafts are open and how many there are; whoever
    /// reads no drafts is told of those that were accepted.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn breakdowns(&self, ctx: &Context) -> Result<Vec<(Breakdown, usize, usize)>, Error> {
        let actor = &ctx.actor;
        let roots: Vec<_> = actor.readable_roots().into_iter().map(|(_, path)| path).collect();
        let working = actor.grants.iter().filter(|grant| domain::OPEN_TO.contains(&grant.role));
        let working: Vec<_> = working.map(|grant| grant.path.clone()).collect();
        self.db.read(|conn| {
            let rows = store::list(conn, &roots, (&working, actor.person))?;
            let counts = store::draft_counts(conn, rows.iter().map(|row| row.id))?;
            let units = bihuan_store::unit::by_ids(conn, rows.iter().map(|row| row.unit_id))?;
            let drafts_too = |row: &Breakdown| {
                let unit = units.iter().find(|unit| unit.id == row.unit_id);
                unit.is_some_and(|unit| domain::may_open(actor, &unit.path, row.made_by))
            };
            let counted = |row: Breakdown| {
                let counts = counts.get(&row.id).copied().unwrap_or_default();
                let (open, all) =
                    if drafts_too(&row) { (counts.open, counts.all) } else { (0, counts.accepted) };
                (row, open, all)
            };
            Ok(rows.into_iter().map(counted).collect())
        })
    }

    /// A document with its drafts; whoever reads no drafts sees those that were accepted.
    ///
    /// # Errors
    /// `NotFound`; `not_allowed` for whoever reads no drafts while none is accepted.
    pub fn breakdown(&self, ctx: &Context, id: BreakdownId) -> Result<BreakdownView, Error> {
        self.db.read(|conn| {
            let (breakdown, unit, campaign) = seen(conn, ctx, id)?;
            let mut drafts = store::drafts(conn, id)?;
            let drafts_too = domain::may_open(&ctx.actor, &unit.path, breakdown.made_by);
            drafts.retain(|draft| drafts_too || draft.state == DraftState::Accepted);
            let names = bihuan_store::unit::names(conn, drafts.iter().filter_map(|draft| draft.unit_id))?;
            let may_decide = domain::may_break_down(&ctx.actor, &unit.path);
            let kinds = rule::offers(self, &campaign)?;
            let strands = strands_of(self, &campaign)?;
            // Others that say the same may be drafts still.
            let same =
                if drafts_too { likeness::same_speeches(conn, ctx, &breakdown)? } else { (Vec::new(), 0) };
            Ok(BreakdownView { breakdown, unit, campaign, drafts, names, may_decide, kinds, strands, same })
        })
    }

    /// Changes a draft that nobody decided on yet.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `draft_decided`, text limits.
    pub fn edit_draft(
        &self,
        ctx: &Context,
        id: BreakdownDraftId,
        version: Option<i64>,
        sent: EditInput,
    ) -> Result<BreakdownId, Error> {
        self.on_draft(ctx, id, version, "breakdown.draft_edited", move |conn, ctx, (unit, draft)| {
            domain::check_open(&ctx.actor, &unit.path, draft)?;
            let next = edited(conn, ctx, unit, draft, &sent)?;
            Ok((vec![next.clone()], format!("修改：{}", short(&next.action))))
        })
    }

    /// Drops a draft with a reason; a word given teaches the office's list.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `draft_decided`, text limits.
    pub fn drop_draft(
        &self,
        ctx: &Context,
        id: BreakdownDraftId,
        version: Option<i64>,
        sent: DropInput,
    ) -> Result<BreakdownId, Error> {
        self.on_draft(ctx, id, version, "breakdown.draft_dropped", move |conn, ctx, (unit, draft)| {
            let next = domain::drop_draft(&ctx.actor, &unit.path, draft, &sent.reason)?;
            let word = sent.word.trim();
            if !word.is_empty() {
                if !draft.quote.contains(word) {
                    return Err(Error::invalid(
                        "word",
                        format!("原文里没有“{word}”，请从这一条的原文中摘取。"),
                    ));
                }
                office_word::keep(conn, ctx, unit, WordKind::Dropped, (word, "", "分解中不采用"))?;
            }
            Ok((vec![next], format!("不采用：{}", short(&draft.action))))
        })
    }

    /// Puts a draft into another of the same document.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `draft_decided`, `draft_of_other_document`.
    pub fn merge_draft(
        &self,
        ctx: &Context,
        id: BreakdownDraftId,
        version: Option<i64>,
        sent: MergeInput,
    ) -> Result<BreakdownId, Error> {
        self.on_draft(ctx, id, version, "breakdown.draft_merged", move |conn, ctx, (unit, draft)| {
            let into = input::number("into", "并入条目", &sent.into)?
                .ok_or_else(|| Error::invalid("into", "请选择要并入的条目。"))?;
            let into: BreakdownDraft = journal::by_id(conn, into)?
                .ok_or_else(|| Error::invalid("into", "没有这一条，请重新选择。"))?;
            let (kept, gone) = domain::merge_drafts(&ctx.actor, &unit.path, &into, draft)?;
            Ok((vec![gone, kept], format!("并入：{}", short(&draft.action))))
        })
    }

    /// Adds a draft by hand: a stretch of the text that the rules did not see.
    ///
    /// # Errors
    /// `NotFound`, `not_allowed`, `Invalid` where the quote does not stand in the text.
    pub fn add_draft(
        &self,
        ctx: &Context,
        id: BreakdownId,
        sent: AddInput,
    ) -> Result<BreakdownDraftId, Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let (breakdown, unit, _) = seen(conn, &ctx, id)?;
            if !domain::may_break_down(&ctx.actor, &unit.path) {
                return Err(Refusal::not_allowed("分解文件", "该单位的工作专班身份").into());
            }
            let quote = require_text("quote", "原文", &sent.quote, domain::ACTION_CHARS_MAX)?;
            let Some(at) = breakdown.content.find(&quote) else {
                return Err(Error::invalid("quote", "文件里没有这句话，请从左边的原文照抄一段。"));
            };
            if store::drafts(conn, id)?.len() >= DRAFTS_MAX {
                return Err(
                    Refusal::new("drafts_too_many", format!("一份文件最多{DRAFTS_MAX}条。"), "").into()
                );
            }
            let start = breakdown.content[..at].chars().count() as i64;
            let action = if sent.action.trim().is_empty() { quote.clone() } else { sent.action.clone() };
            let row = BreakdownDraft {
                id: BreakdownDraftId(journal::next_id(conn, "breakdown_draft", 1)?),
                start_at: start,
                end_at: start + quote.chars().count() as i64,
                action: require_text("action", "任务内容", &action, domain::ACTION_CHARS_MAX)?,
                quote,
                reasons: "[]".to_owned(),
                ..empty(breakdown.id)
            };
            append(
                conn,
                &ctx,
                (&breakdown, &unit),
                "breakdown.draft_added",
                short(&row.action),
                vec![Write::insert(&row)],
            )?;
            Ok(row.id)
        })
    }

    /// The document of a draft that the actor may read.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn breakdown_of_draft(&self, ctx: &Context, id: BreakdownDraftId) -> Result<BreakdownId, Error> {
        self.db.read(|conn| Ok(seen_draft(conn, ctx, id, None)?.1.id))
    }

    fn on_draft<F>(
        &self,
        ctx: &Context,
        id: BreakdownDraftId,
        version: Option<i64>,
        action: &'static str,
        decide: F,
    ) -> Result<BreakdownId, Error>
    where
        F: FnOnce(
                &mut Conn,
                &Context,
                (&Unit, &BreakdownDraft),
            ) -> Result<(Vec<BreakdownDraft>, String), Error>
            + Send
            + 'static,
    {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let (draft, breakdown, unit, _) = seen_draft(conn, &ctx, id, version)?;
            let (changed, note) = decide(conn, &ctx, (&unit, &draft))?;
            let mut writes = Vec::new();
            for next in changed {
                writes.extend(update(conn, &ctx, next)?);
            }
            append(conn, &ctx, (&breakdown, &unit), action, note, writes)?;
            Ok(breakdown.id)
        })
    }
}

/// The strands of a campaign's template, name by code. A text is read with the general ones, which a template need not
/// have: what is none of its own must not reach its ledger.
fn strands_of(app: &App, campaign: &Campaign) -> Result<HashMap<String, String>, Error> {
    if campaign.template_text.is_empty() {
        return Ok(HashMap::new());
    }
    let template = app.template(campaign)?;
    Ok(template.strands.iter().map(|one| (one.code.clone(), one.name.clone())).collect())
}

/// The writes that bring a draft to its next state, with who decided.
fn update(conn: &mut Conn, ctx: &Context, next: BreakdownDraft) -> Result<Option<Write>, Error> {
    let before: BreakdownDraft = journal::by_id(conn, next.id.0)?.ok_or(Error::NotFound)?;
    let decided = next.state != DraftState::Open;
    let next = BreakdownDraft {
        version: before.version + 1,
        decided_by: decided.then_some(ctx.actor.person),
        decided_at: decided.then_some(ctx.at),
        ..next
    };
    Ok(Write::update(&before, &next))
}

fn append(
    conn: &mut Conn,
    ctx: &Context,
    (breakdown, unit): (&Breakdown, &Unit),
    action: &str,
    note: String,
    writes: Vec<Write>,
) -> Result<(), Error> {
    let entry = NewEntry {
        action: action.to_owned(),
        subject_kind: "breakdown",
        subject_id: breakdown.id.0,
        unit: Some(unit.id),
        campaign: Some(breakdown.campaign_id),
        note,
        writes,
        ..NewEntry::default()
    };
    journal::append(conn, &ctx.stamp(Some(unit)), vec![entry])?;
    Ok(())
}

fn seen(conn: &mut Conn, ctx: &Context, id: BreakdownId) -> Result<(Breakdown, Unit, Campaign), Error> {
    let breakdown: Breakdown = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
    let unit = context::unit(conn, breakdown.unit_id)?;
    if !ctx.actor.may_read(&unit.path) {
        return Err(Error::NotFound);
    }
    check_open_to(conn, ctx, &breakdown, &unit)?;
    let campaign = journal::by_id(conn, breakdown.campaign_id.0)?.ok_or(Error::NotFound)?;
    Ok((breakdown, unit, campaign))
}

/// Refuses whoever reads the unit but none of its drafts, as long as none is accepted.
fn check_open_to(conn: &mut Conn, ctx: &Context, breakdown: &Breakdown, unit: &Unit) -> Result<(), Error> {
    if !domain::may_open(&ctx.actor, &unit.path, breakdown.made_by) {
        let drafts = store::drafts(conn, breakdown.id)?;
        domain::check_open_to(&ctx.actor, &unit.path, breakdown.made_by, &drafts)?;
    }
    Ok(())
}

fn seen_draft(
    conn: &mut Conn,
    ctx: &Context,
    id: BreakdownDraftId,
    version: Option<i64>,
) -> Result<(BreakdownDraft, Breakdown, Unit, Campaign), Error> {
    let draft: BreakdownDraft = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
    let (breakdown, unit, campaign) = seen(conn, ctx, draft.breakdown_id)?;
    if version.is_some_and(|version| version != draft.version) {
        return Err(Error::stale());
    }
    Ok((draft, breakdown, unit, campaign))
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

fn empty(id: BreakdownId) -> BreakdownDraft {
    BreakdownDraft {
        id: BreakdownDraftId(0),
        breakdown_id: id,
        start_at: 0,
        end_at: 0,
        quote: String::new(),
        subject: String::new(),
        subject_level: String::new(),
        unit_id: None,
        unit_doubt: String::new(),
        action: String::new(),
        strand: String::new(),
        quantity: String::new(),
        cadence: String::new(),
        deadline_text: String::new(),
        due_day: None,
        hard: false,
        reasons: "[]".to_owned(),
        state: DraftState::Open,
        merged_into: None,
        becomes_kind: String::new(),
        becomes_id: None,
        drop_reason: String::new(),
        decided_by: None,
        decided_at: None,
        version: 1,
    }
}

/// The draft with what a person typed.
fn edited(
    conn: &mut Conn,
    ctx: &Context,
    home: &Unit,
    draft: &BreakdownDraft,
    sent: &EditInput,
) -> Result<BreakdownDraft, Error> {
    let action = require_text("action", "任务内容", &sent.action, domain::ACTION_CHARS_MAX)?;
    let deadline_text = limit_text("deadline", "时限原文", &sent.deadline, domain::ACTION_CHARS_MAX)?;
    let due_day = input::day("due_day", "截止日期", &sent.due_day)?;
    let quantity = quantity::written(&draft.quantity, &sent.amount, &sent.measure_word)?;
    let mut next = BreakdownDraft { action, deadline_text, due_day, quantity, ..draft.clone() };
    let unit = sent.unit.trim();
    if unit.is_empty() {
        (next.unit_id, next.unit_doubt) = (None, "请填写责任单位。".to_owned());
        return Ok(next);
    }
    let meant = crate::problem::meant_units(conn, home, ctx.today(), "unit", unit)?;
    match meant.as_slice() {
        [one] => (next.unit_id, next.unit_doubt) = (Some(one.unit.id), String::new()),
        several => {
            next.subject = limit_text("unit", "责任单位", unit, domain::ACTION_CHARS_MAX)?;
            (next.unit_id, next.unit_doubt) = (None, format!("“{unit}”是{}个单位。", several.len()));
        }
    }
    Ok(next)
}
