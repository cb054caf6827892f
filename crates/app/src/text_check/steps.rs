//! Checks kept: made, read, decided on, handed out corrected or with remarks.

use super::handing::corrected;
use super::tables::in_rows;
use super::{Checked, Finding, Findings, tables_of};
use crate::Error;
use crate::context::{self, App, Context, campaign_for, readable_unit};
use crate::evidence::{SentFile, accept_document};
use crate::input::{self, inputs};
use crate::office_word;
use bihuan_documents::text::read_text;
use bihuan_documents::upload::check_marking;
use bihuan_domain::Refusal;
use bihuan_domain::id::{CampaignId, TextCheckId, UnitId};
use bihuan_domain::office_word::WordKind;
use bihuan_domain::refusal::require_text;
use bihuan_domain::text_check::{self as domain, CHECK_CHARS_MAX, CheckDecision, TextCheck};
use bihuan_domain::unit::Unit;
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::{Conn, Fault, text_check as store};
use bihuan_text::tables::{Cell, tabbed};

/// Longest title, in characters.
pub const TITLE_CHARS_MAX: usize = 100;

inputs! {
    /// A document to be checked.
    CheckInput {
        unit: one "单位",
        campaign: one "专项行动",
        title: one "标题",
        text: one "文稿内容",
        day: one "文稿日期",
    }
    /// A decision on a finding.
    DecideInput {
        finding: one "校核意见",
        accept: one "是否采纳",
        replacement: one "改为",
        reason: one "不改的理由",
        ignore_word: one "以后不再提示",
    }
}

/// A finding with what was decided on it.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Told {
    /// The finding.
    #[serde(flatten)]
    pub finding: Finding,
    /// Its number in the check, from 0.
    pub number: i64,
    /// The decision, if there is one.
    pub decision: Option<CheckDecision>,
}

impl Told {
    /// The decision where the finding was accepted.
    pub fn accepted(&self) -> Option<&CheckDecision> {
        self.decision.as_ref().filter(|decision| decision.accepted)
    }
}

/// A check as its page shows it.
#[derive(Clone, Debug)]
pub struct CheckView {
    /// The check.
    pub check: TextCheck,
    /// The unit.
    pub unit: Unit,
    /// What was found, with what was decided.
    pub told: Vec<Told>,
    /// Figures beside the ledger's.
    pub compared: Vec<super::Compared>,
    /// The reader may decide.
    pub may_decide: bool,
    /// The reader may delete it.
    pub may_remove: bool,
    /// The text, each row of its tables in one line.
    pub text: String,
    /// The same with everything accepted put in.
    pub corrected: String,
}

/// A document as it came: pasted, or a file that was read.
pub(crate) struct Document {
    pub title: String,
    pub text: String,
    /// The cells of each table in it.
    pub tables: Vec<Vec<Cell>>,
    pub file_name: String,
    pub digest: String,
    pub writes: Vec<Write>,
}

impl Document {
    fn checked(&self) -> Checked<'_> {
        Checked { text: &self.text, tables: &self.tables, made: &[] }
    }
}

/// Takes a pasted text or a file; the title is the first line where none was given.
///
/// # Errors
/// `Invalid` naming `text`, `file` or `title`.
pub(crate) fn document(
    title: &str,
    pasted: &str,
    file: Option<SentFile>,
    chars_max: usize,
) -> Result<Document, Error> {
    let text = pasted.replace("\r\n", "\n");
    let mut taken = Document {
        title: String::new(),
        tables: tabbed(&text),
        text,
        file_name: String::new(),
        digest: String::new(),
        writes: Vec::new(),
    };
    if let Some(file) = file.filter(|file| !file.bytes.is_empty()) {
        let kept = accept_document(&file, " txt、docx、带文字层的 pdf ")?;
        let read =
            read_text(&file.name, &kept.bytes).map_err(|e| Error::invalid("file", format!("{e}。")))?;
        taken.tables = tables_of(&read);
        taken.text = read.text;
        taken.file_name = file.name;
        taken.digest.clone_from(&kept.sha256);
        taken.writes.push(Write::File {
            digest: kept.sha256,
            media_type: kept.kind.media_type().to_owned(),
            content: kept.bytes,
        });
    }
    if taken.text.trim().is_empty() {
        return Err(Error::invalid(
            "text",
            "没有内容。请粘贴文稿，或者选择 txt、docx、带文字层的 pdf 文件。",
        ));
    }
    let chars = taken.text.chars().count();
    if chars > chars_max {
        return Err(Error::invalid(
            "text",
            format!("文稿有{chars}个字，最多{chars_max}个字，请拆分后再送。"),
        ));
    }
    let first = taken.text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let own: String = first.chars().take(TITLE_CHARS_MAX).collect();
    let title = if title.trim().is_empty() { &own } else { title };
    taken.title = require_text("title", "标题", title, TITLE_CHARS_MAX)?;
    for head in taken.text.lines().take(30).chain([taken.title.as_str()]) {
        if head.chars().count() <= 24 {
            check_marking(head).map_err(|e| Error::invalid("text", format!("{e}。")))?;
        }
    }
    Ok(taken)
}

impl App {
    /// Checks a document and keeps what was found.
    ///
    /// # Errors
    /// `Invalid` document, `NotFound` unit or campaign, `not_allowed`.
    pub fn check_text(
        &self,
        ctx: &Context,
        sent: CheckInput,
        file: Option<SentFile>,
    ) -> Result<TextCheckId, Error> {
        let document = document(&sent.title, &sent.text, file, CHECK_CHARS_MAX)?;
        let day = input::day("day", "文稿日期", &sent.day)?.unwrap_or(ctx.today());
        let (unit, campaign) = self.db.read(|conn| -> Result<_, Error> {
            let unit = input::number("unit", "单位", &sent.unit)?
                .ok_or_else(|| Error::invalid("unit", "请选择“单位”。"))?;
            let unit = readable_unit(conn, ctx, UnitId(unit))?;
            let campaign = input::number("campaign", "专项行动", &sent.campaign)?;
            let campaign = campaign.map(|id| campaign_for(conn, ctx, CampaignId(id))).transpose()?;
            Ok((unit, campaign))
        })?;
        if !domain::may_check(&ctx.actor, &unit.path) {
            return Err(Refusal::not_allowed("送校文稿", "该单位的办理身份").into());
        }
        // Before the writer's turn: a long document takes a while.
        let found = self.findings(ctx, &unit, campaign.as_ref(), (day, None), document.checked())?;
        let findings = serde_json::to_string(&found).map_err(|e| Fault::corrupt(e.to_string()))?;
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let id = TextCheckId(journal::next_id(conn, "text_check", 1)?);
            let row = TextCheck {
                id,
                unit_id: unit.id,
                campaign_id: campaign.as_ref().map(|campaign| campaign.id),
                title: document.title,
                file_name: document.file_name,
                digest: document.digest,
                day,
                content: document.text,
                findings,
                made_by: ctx.actor.person,
                made_at: ctx.at,
                version: 1,
            };
            let entry = NewEntry {
                action: "text_check.made".to_owned(),
                subject_kind: "text_check",
                subject_id: id.0,
                unit: Some(unit.id),
                campaign: row.campaign_id,
                note: format!("校核“{}”，{}条意见", row.title, found.findings.len()),
                writes: document.writes.into_iter().chain([Write::insert(&row)]).collect(),
                ..NewEntry::default()
            };
            journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry])?;
            Ok(id)
        })
    }

    /// Checks the actor may read, newest first, each with how many findings it has.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn text_checks(&self, ctx: &Context) -> Result<Vec<(TextCheck, usize)>, Error> {
        let open = ctx.actor.grants.iter().filter(|grant| domain::OPEN_TO.contains(&grant.role));
        let roots: Vec<_> = open.map(|grant| grant.path.clone()).collect();
        let rows = self.db.read(|conn| store::list(conn, &roots, ctx.actor.person))?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let count = findings_of(&row).map_or(0, |f| f.findings.len());
                (row, count)
            })
            .collect())
    }

    /// A check with everything its page shows.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn text_check(&self, ctx: &Context, id: TextCheckId) -> Result<CheckView, Error> {
        self.db.read(|conn| view(conn, ctx, id))
    }

    /// Accepts a finding (its replacement goes into the text) or passes it over with a reason.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `not_allowed`, text limits.
    pub fn decide_finding(
        &self,
        ctx: &Context,
        id: TextCheckId,
        version: Option<i64>,
        sent: DecideInput,
    ) -> Result<(), Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let seen = view(conn, &ctx, id)?;
            if version.is_some_and(|version| version != seen.check.version) {
                return Err(Error::stale());
            }
            let number = input::number("finding", "校核意见", &sent.finding)?;
            let told = seen.told.iter().find(|told| Some(told.number) == number).ok_or(Error::NotFound)?;
            let accepted = input::flag(&sent.accept);
            let path = &seen.unit.path;
            let (replacement, reason) =
                domain::decide(&ctx.actor, path, accepted, &sent.replacement, &sent.reason)?;
            if accepted {
                replaces(&seen.told, told, &replacement)?;
            }
            let row = CheckDecision {
                check_id: id,
                finding: told.number,
                accepted,
                replacement,
                reason,
                decided_by: ctx.actor.person,
                decided_at: ctx.at,
            };
            let next = TextCheck { version: seen.check.version + 1, ..seen.check.clone() };
            let mut writes: Vec<Write> = Write::update(&seen.check, &next).into_iter().collect();
            match &told.decision {
                Some(old) => writes.extend(Write::update(old, &row)),
                None => writes.push(Write::insert(&row)),
            }
            let what = if accepted { "采纳" } else { "不改" };
            let entry = NewEntry {
                action: "text_check.decided".to_owned(),
                subject_kind: "text_check",
                subject_id: id.0,
                unit: Some(seen.unit.id),
                note: format!("{what}：{}", told.finding.quote.chars().take(40).collect::<String>()),
                writes,
                ..NewEntry::default()
            };
            journal::append(conn, &ctx.stamp(Some(&seen.unit)), vec![entry])?;
            if !accepted && input::flag(&sent.ignore_word) {
                let word = (told.finding.quote.as_str(), "", "校核中不再提示");
                office_word::keep(conn, &ctx, &seen.unit, WordKind::Ignored, word)?;
            }
            Ok(())
        })
    }
}

/// Refuses a replacement that changes nothing, and one of words that are replaced already: only one of both would stand in
/// the text.
fn replaces(all: &[Told], told: &Told, replacement: &str) -> Result<(), Error> {
    let Finding { start, end, quote, .. } = &told.finding;
    if replacement == quote {
        let sentence = format!(
            "“改为”与原文“{quote}”一样，没有改动。请写上改后的文字；不用改的，请选“不改”并写明理由。"
        );
        return Err(Error::invalid("replacement", sentence));
    }
    let taken = |other: &Told| {
        other.number != told.number && other.finding.start < *end && *start < other.finding.end
    };
    let accepted = all.iter().filter(|other| taken(other)).find_map(|other| Some((other, other.accepted()?)));
    let Some((other, decision)) = accepted else { return Ok(()) };
    if decision.replacement == replacement && (other.finding.start, other.finding.end) == (*start, *end) {
        return Ok(());
    }
    let sentence = format!(
        "这一处已按第{}条意见改为“{}”，不能再改成别的。请先把那一条改为“不改”，或者把这一条记为“不改”。",
        other.number + 1,
        decision.replacement
    );
    Err(Error::invalid("replacement", sentence))
}

fn findings_of(row: &TextCheck) -> Result<Findings, Fault> {
    serde_json::from_str(&row.findings)
        .map_err(|error| Fault::corrupt(format!("the findings of check {} do not parse: {error}", row.id)))
}

pub(super) fn view(conn: &mut Conn, ctx: &Context, id: TextCheckId) -> Result<CheckView, Error> {
    let check: TextCheck = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
    let unit = context::unit(conn, check.unit_id)?;
    if !domain::may_open(&ctx.actor, &unit.path, check.made_by) {
        return Err(Error::NotFound);
    }
    let found = findings_of(&check)?;
    let decisions = store::decisions(conn, id)?;
    let text = in_rows(&check.content, &found.row_marks);
    let told: Vec<Told> = found
        .findings
        .into_iter()
        .zip(0..)
        .map(|(finding, number)| Told {
            decision: decisions.iter().find(|decision| decision.finding == number).cloned(),
            finding,
            number,
        })
        .collect();
    Ok(CheckView {
        may_decide: domain::may_check(&ctx.actor, &unit.path),
        may_remove: domain::may_remove(&ctx.actor, &unit.path, check.made_by),
        corrected: corrected(&text, &told),
        text,
        compared: found.compared,
        told,
        unit,
        check,
    })
}
