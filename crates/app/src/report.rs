//! Reports (M41, M38): drawn up from a template over a unit and a period, edited, looked at, issued, corrected.

mod basis;
mod called;
mod choices;
mod compose;
mod deed_list;
mod deeds;
mod discard;
mod explanation;
mod figures;
mod file;
mod frozen;
mod issue;
mod note;
mod opened;
mod own;
mod own_tables;
mod past;
mod problem_list;
mod title;
mod typed;
mod unread;
mod wording;

pub(crate) use called::title_of;
pub use choices::Choices;
pub use compose::{Composed, OwnText};
pub(crate) use deed_list::DEED_HEADS;
pub use deeds::RowLine;
pub use discard::Left;
pub(crate) use explanation::EXPLANATION_HEAD;
pub(crate) use figures::{Known, Scope, gather_over};
pub use issue::Issued;
pub(crate) use note::query_words;
pub use opened::{Checked, FigureView, SinceThen};
pub use own::{OwnPreview, OwnTemplateInput};
pub(crate) use problem_list::{LIST_HEAD, list_row};
pub use typed::Typed;

use crate::Error;
use crate::context::{App, Context, campaign_for, readable_unit};
use crate::input::{self, inputs};
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::{CampaignId, EditionId, ReportId, UnitId};
use bihuan_domain::report::{
    self as domain, Edition, EditionFile, EditionState, FiguresAsOf, Report, ReportKind, Trimmings, Wording,
};
use bihuan_domain::role::Role;
use bihuan_domain::template::{ReportForm, Template};
use bihuan_domain::unit::Unit;
use bihuan_domain::{Coded, Refusal};
use bihuan_store::Conn;
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::report::{self as store, Listed};
use std::sync::LazyLock;

inputs! {
    /// What a report is drawn up over.
    ReportInput {
        campaign: one "专项行动",
        unit: one "单位",
        template: one "报告模板",
        from: one "期间起日",
        to: one "期间止日",
    }

    /// A correction of what was issued.
    CorrectInput { reason: one "更正原因", figures: one "数字口径" }

    /// What a person writes into a draft.
    DraftInput {
        title: one "标题",
        addressee: one "主送机关",
        text: one "正文",
        mark: one "发文机关标志",
        prefix: one "机关代字",
        marking: one "标注",
        urgency: one "紧急程度",
        signers: one "签发人",
        signature: one "署名",
        sealed: one "预留印章位置",
        copies: one "抄送",
        remark: one "附注",
        explained: one "附数字说明",
    }
}

/// One report of a list.
#[derive(Clone, Debug)]
pub struct ReportRow {
    /// The report with its latest edition and its unit.
    pub listed: Listed,
    /// The title in plain words.
    pub title: String,
}

/// Reports of a campaign as a list.
#[derive(Clone, Debug)]
pub struct ReportList {
    /// The rows.
    pub rows: Vec<ReportRow>,
    /// How many there are in all.
    pub total: i64,
    /// The reader may draw one up.
    pub may_draw_up: bool,
}

/// One edition with everything a page shows.
#[derive(Clone, Debug)]
pub struct ReportView {
    /// The report.
    pub report: Report,
    /// The edition shown.
    pub edition: Edition,
    /// All editions, the newest first; drafts only for those who may see them.
    pub editions: Vec<Edition>,
    /// Its unit.
    pub unit: Unit,
    /// The campaign.
    pub campaign: Campaign,
    /// The document: live for a draft, as of its entry for an issued edition.
    pub composed: Composed,
    /// Files of an issued edition.
    pub files: Vec<EditionFile>,
    /// Figures that have changed since an edition was issued.
    pub since: Vec<SinceThen>,
    /// The reader may edit, issue and correct.
    pub may_change: bool,
    /// What a later edition corrected in this one: its number and reason.
    pub corrected_by: Option<(i64, String)>,
    /// Its docx template, where it is made from one.
    pub own: Option<domain::ReportTemplate>,
}

impl ReportView {
    /// What tells whether the figures a person looked at are those that would be issued.
    pub fn seen(&self) -> String {
        issue::digest_of(&self.composed.figures)
    }

    /// The text is longer than N11 allows without a warning.
    pub fn is_long(&self) -> bool {
        self.composed.chars > self.report.kind.long_chars().0
    }
}

/// Templates for campaigns whose own template has none.
static BUILT_IN: LazyLock<Vec<ReportForm>> = LazyLock::new(|| {
    let first = crate::campaign::built_in().first();
    first.and_then(|one| Template::parse(one.text).ok()).map(|one| one.reports).unwrap_or_default()
});

/// The report templates of a campaign.
pub(crate) fn forms(app: &App, campaign: &Campaign) -> Result<Vec<ReportForm>, Error> {
    if campaign.template_text.is_empty() {
        return Ok(BUILT_IN.clone());
    }
    let own = &app.template(campaign)?.reports;
    Ok(if own.is_empty() { BUILT_IN.clone() } else { own.clone() })
}

/// Whether the actor draws reports of a unit up.
fn may_change(ctx: &Context, unit: &Unit) -> bool {
    ctx.actor.holds(Role::Office, &unit.path)
}

fn require_office(ctx: &Context, unit: &Unit, step: &str) -> Result<(), Error> {
    if may_change(ctx, unit) {
        Ok(())
    } else {
        Err(Refusal::not_allowed(step, "本单位或者上级单位的专班角色").into())
    }
}

/// A report with its unit, when the actor may know of it: anybody who reads the unit may, of an issued one.
pub(super) fn visible(
    conn: &mut Conn,
    ctx: &Context,
    id: ReportId,
) -> Result<(Report, Unit, Vec<Edition>), Error> {
    let report: Report = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
    let unit = readable_unit(conn, ctx, report.unit_id)?;
    let mut editions = store::editions(conn, id)?;
    if !may_change(ctx, &unit) {
        editions.retain(|one| one.state == EditionState::Issued);
    }
    if editions.is_empty() {
        return Err(Error::NotFound);
    }
    Ok((report, unit, editions))
}

impl App {
    /// Reports of a campaign, the newest first.
    ///
    /// # Errors
    /// `NotFound` for a campaign out of sight.
    pub fn reports(&self, ctx: &Context, campaign: CampaignId, offset: i64) -> Result<ReportList, Error> {
        self.db.read(|conn| {
            let name = campaign_for(conn, ctx, campaign)?.name;
            let reads = ctx.actor.readable_roots().into_iter().map(|(_, path)| path).collect();
            let drafts = ctx.actor.grants.iter().filter(|grant| grant.role == Role::Office);
            let drafts = drafts.map(|grant| grant.path.clone()).collect();
            let (rows, total) = store::list(conn, campaign, &store::Asker { reads, drafts }, offset.max(0))?;
            let rows = rows
                .into_iter()
                .map(|listed| {
                    let names = (listed.unit_name.as_str(), name.as_str());
                    let title = title_of(conn, &listed.report, &listed.edition, names)?;
                    Ok(ReportRow { listed, title })
                })
                .collect::<Result<_, Error>>()?;
            Ok(ReportList { rows, total, may_draw_up: ctx.actor.holds_anywhere(Role::Office) })
        })
    }

    /// Draws a report up: its first edition is a draft with the template's words.
    ///
    /// # Errors
    /// `Invalid`; `NotFound`; refusals of `domain::report::check_period`; refused for those who hold no office there.
    pub fn draw_up_report(&self, ctx: &Context, sent: &ReportInput) -> Result<ReportId, Error> {
        let campaign = input::number("campaign", "专项行动", &sent.campaign)?.map(CampaignId);
        let unit = input::number("unit", "单位", &sent.unit)?.map(UnitId);
        let (Some(campaign), Some(unit)) = (campaign, unit) else {
            return Err(Error::invalid("unit", "没有选择专项行动或者单位，请选择。"));
        };
        let today = ctx.today();
        let to = input::day("to", "期间止日", &sent.to)?.unwrap_or(today);
        let from = input::day("from", "期间起日", &sent.from)?.unwrap_or_else(|| to.plus_days(-6));
        domain::check_period(from, to, today)?;
        let own = sent.template.strip_prefix("own:").map(str::to_owned);
        let (ctx, template, app) = (ctx.clone(), sent.template.trim().to_owned(), self.clone());
        self.db.write(move |conn| {
            let campaign = campaign_for(conn, &ctx, campaign)?;
            let unit = readable_unit(conn, &ctx, unit)?;
            require_office(&ctx, &unit, "起草报告")?;
            let own = own.map(|id| own::template(conn, &id, campaign.id, unit.id)).transpose()?;
            let form = forms(&app, &campaign)?.into_iter().find(|form| form.code == template);
            let (kind, wording) = match (&own, &form) {
                (Some(own), _) => (own.kind, Wording { title: own.name.clone(), ..Wording::default() }),
                (None, Some(form)) => (form.kind, worded(conn, form, &unit)?),
                (None, None) => return Err(Error::invalid("template", "没有选择报告模板，请选择一个。")),
            };
            let report = Report {
                id: ReportId(journal::next_id(conn, "report", 1)?),
                campaign_id: campaign.id,
                unit_id: unit.id,
                template_code: form.filter(|_| own.is_none()).map(|form| form.code).unwrap_or_default(),
                own_template_id: own.map(|own| own.id),
                kind,
                from_day: from,
                to_day: to,
                created_by: ctx.actor.person,
                created_at: ctx.at,
                version: 1,
            };
            let edition = Edition {
                id: EditionId(journal::next_id(conn, "report_edition", 1)?),
                report_id: report.id,
                number: 1,
                state: EditionState::Draft,
                title: wording.title,
                addressee: wording.addressee,
                text: wording.text,
                trimmings: encode(&wording.trimmings),
                document_number: String::new(),
                reason: String::new(),
                as_of_seq: 0,
                as_of_day: None,
                issued_by: None,
                issued_at: None,
                frozen: String::new(),
                version: 1,
            };
            let writes = vec![Write::insert(&report), Write::insert(&edition)];
            let entry = entry(&report, "report.drawn_up", edition.title.clone(), writes);
            journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry])?;
            Ok(report.id)
        })
    }

    /// One edition, the newest the reader may see unless another is asked for.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn report(&self, ctx: &Context, id: ReportId, number: Option<i64>) -> Result<ReportView, Error> {
        self.db.read(|conn| {
            let (report, unit, editions) = visible(conn, ctx, id)?;
            let edition = match number {
                Some(number) => editions.iter().find(|one| one.number == number),
                None => editions.first(),
            };
            let edition = edition.cloned().ok_or(Error::NotFound)?;
            let campaign = context_campaign(conn, report.campaign_id)?;
            let composed = self.document_of(conn, ctx, &report, &edition)?;
            let issued = edition.state == EditionState::Issued;
            let since = if issued { self.since_then(conn, ctx, &report, &edition)? } else { Vec::new() };
            let corrected_by = editions
                .iter()
                .filter(|one| one.state == EditionState::Issued && one.number == edition.number + 1)
                .map(|one| (one.number, one.reason.clone()))
                .next();
            let own = match report.own_template_id {
                Some(id) => journal::by_id(conn, id.0)?,
                None => None,
            };
            Ok(ReportView {
                files: store::files(conn, edition.id)?,
                may_change: may_change(ctx, &unit),
                composed,
                since,
                corrected_by,
                own,
                report,
                edition,
                editions,
                unit,
                campaign,
            })
        })
    }

    /// Saves what a person wrote into a draft.
    ///
    /// # Errors
    /// `NotFound`; `report_already_issued`; refusals of `domain::report::check_wording`; a conflict when another saved
    /// it in between.
    pub fn save_draft(
        &self,
        ctx: &Context,
        id: ReportId,
        version: Option<i64>,
        sent: &DraftInput,
    ) -> Result<(), Error> {
        let wording = domain::check_wording(&sent.wording())?;
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let (report, unit, edition) = draft(conn, &ctx, id, version, "修改报告")?;
            let after = Edition {
                title: wording.title.clone(),
                addressee: wording.addressee.clone(),
                text: wording.text.clone(),
                trimmings: encode(&wording.trimmings),
                version: edition.version + 1,
                ..edition.clone()
            };
            let same = Edition { version: edition.version, ..after.clone() } == edition;
            if same {
                return Ok(());
            }
            let writes = Write::update(&edition, &after).into_iter().collect();
            let entry = entry(&report, "report.edited", after.title.clone(), writes);
            journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry])?;
            Ok(())
        })
    }

    /// Begins a new edition that corrects the one issued last; its figures stay as they were issued unless it is asked to
    /// count them anew.
    ///
    /// # Errors
    /// `Invalid`; `NotFound`; refusals of `domain::report::correct`; `report_correction_begun` where a draft exists already.
    pub fn correct_report(&self, ctx: &Context, id: ReportId, sent: CorrectInput) -> Result<i64, Error> {
        let figures = match sent.figures.trim() {
            "" => FiguresAsOf::Issued,
            code => input::coded("figures", "数字口径", code)?,
        };
        let (ctx, reason) = (ctx.clone(), sent.reason);
        self.db.write(move |conn| {
            let (report, unit, editions) = visible(conn, &ctx, id)?;
            require_office(&ctx, &unit, "更正报告")?;
            let last = editions.first().ok_or(Error::NotFound)?;
            if last.number > 1 && last.state == EditionState::Draft {
                return Err(Refusal::new(
                    "report_correction_begun",
                    format!("第{}版更正稿已经起草，还没有签发。", last.number),
                    "请在更正稿上继续修改。",
                )
                .into());
            }
            let next = EditionId(journal::next_id(conn, "report_edition", 1)?);
            let edition = domain::correct(last, next, &reason, figures)?;
            let note = format!("{reason}（{}）", figures.label());
            let entry = entry(&report, "report.correction_begun", note, vec![Write::insert(&edition)]);
            journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry])?;
            Ok(edition.number)
        })
    }
}

fn worded(conn: &mut Conn, form: &ReportForm, unit: &Unit) -> Result<Wording, Error> {
    let last = store::last_trimmings(conn, unit.id, &form.code)?;
    let kept: Option<Trimmings> = last.and_then(|text| serde_json::from_str(&text).ok());
    // Head and imprint are those of the last report from this template; what it was about is not kept.
    let trimmings =
        kept.map(|one| Trimmings { urgency: String::new(), ..one }).unwrap_or_else(|| Trimmings {
            signature: if form.form == "plain" { String::new() } else { unit.name.clone() },
            // What goes to a leader on one page stays one page; its workbook explains the figures all the same.
            explained: form.kind != ReportKind::Brief,
            ..Trimmings::default()
        });
    Ok(Wording {
        title: form.title.clone(),
        addressee: form.addressee.clone(),
        text: form.text.trim().to_owned(),
        trimmings,
    })
}

fn encode(trimmings: &Trimmings) -> String {
    serde_json::to_string(trimmings).unwrap_or_default()
}

/// The draft of a report that the actor may change.
fn draft(
    conn: &mut Conn,
    ctx: &Context,
    id: ReportId,
    version: Option<i64>,
    step: &str,
) -> Result<(Report, Unit, Edition), Error> {
    let (report, unit, editions) = visible(conn, ctx, id)?;
    require_office(ctx, &unit, step)?;
    let edition = editions.into_iter().next().ok_or(Error::NotFound)?;
    if edition.state == EditionState::Issued {
        domain::issue(&edition)?;
    }
    if version.is_some_and(|version| version != edition.version) {
        return Err(Error::stale());
    }
    Ok((report, unit, edition))
}

fn context_campaign(conn: &mut Conn, id: CampaignId) -> Result<Campaign, Error> {
    journal::by_id(conn, id.0)?.ok_or(Error::NotFound)
}

/// An entry about a report.
fn entry(report: &Report, action: &str, note: String, writes: Vec<Write>) -> NewEntry {
    NewEntry {
        action: action.to_owned(),
        subject_kind: "report",
        subject_id: report.id.0,
        unit: Some(report.unit_id),
        campaign: Some(report.campaign_id),
        note: format!("{}：{note}", report.kind.label()),
        writes,
        ..NewEntry::default()
    }
}
