//! Imports of ledgers 台账导入: a file is read, its mapping settled, its doubts answered, its problems registered in
//! batches; a file of the same layout again shows what changed, and a person decides.

mod commit;
mod compare;
mod doubts;
mod give_back;
mod groups;
mod own;
mod plan;
mod reading;
mod run;
mod state;
mod wording;

pub use bihuan_documents::ledger::{Field, LedgerRow, Role as MappedRole};
pub use bihuan_documents::sheet::column_letters;
pub use commit::Waiting;
pub use compare::{Compared, Comparison, FieldDifference, Part, Verdict};
pub use doubts::{CellDoubt, DeadlineDoubt, Doubts, GROUP_CHOICES, StatusDoubt, UnitDoubt, UnitGuess};
pub use give_back::GivenBack;
pub use plan::{Outcome, Planned};
pub use reading::{SheetPlan, SheetView};
pub use run::Progress;
pub use state::{Answers, Counted, DeadlineAnswer, Take, UnitAnswer};
pub use wording::Total;

use crate::Error;
use crate::context::{App, Context, campaign_for, readable_unit, require_within};
use bihuan_documents::Limits;
use bihuan_documents::upload::check_upload;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::{CampaignId, LedgerImportId, UnitId};
use bihuan_domain::ledger_import::ImportState;
use bihuan_domain::role::{Actor, Role};
use bihuan_domain::unit::{Unit, UnitPath};
use bihuan_domain::{Day, Refusal};
use bihuan_store::Conn;
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::ledger as store;
use bihuan_store::records::{LedgerImport, LedgerLayout};

/// Largest file of a ledger, in bytes.
pub const FILE_BYTES_MAX: usize = bihuan_documents::limits::UPLOAD_BYTES as usize;
/// Longest file name kept, in characters.
pub const FILE_NAME_CHARS_MAX: usize = 200;

/// Most units offered to import for.
const UNITS_OFFERED_MAX: usize = 500;

/// A file to import.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The campaign.
    pub campaign: CampaignId,
    /// The unit that registers.
    pub unit: UnitId,
    /// File name as sent.
    pub file_name: String,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The day deadlines are reckoned from; today otherwise.
    pub issued: Option<Day>,
}

/// An import with where it belongs, as pages show it.
#[derive(Clone, Debug)]
pub struct ImportView {
    /// The record.
    pub import: LedgerImport,
    /// Its campaign.
    pub campaign: Campaign,
    /// The registering unit.
    pub unit: Unit,
    /// How each sheet is read.
    pub sheets: Vec<SheetPlan>,
    /// Answers given so far.
    pub answers: Answers,
    /// What came of it.
    pub counted: Counted,
    /// Rows registered so far.
    pub registered: i64,
    /// The reader may change it.
    pub may_change: bool,
}

impl App {
    /// Keeps a file and proposes how to read it. Nothing is registered yet.
    ///
    /// # Errors
    /// `not_allowed`; refusals of the file; `NotFound`.
    pub fn begin_import(&self, ctx: &Context, upload: Upload) -> Result<LedgerImport, Error> {
        let accepted = check_upload(&upload.file_name, upload.bytes, &Limits::default())
            .map_err(|error| file_refused(error.to_string()))?;
        let book = reading::workbook(&upload.file_name, &accepted.bytes)?;
        let (ctx, unit, campaign) = (ctx.clone(), upload.unit, upload.campaign);
        let file_name: String = upload.file_name.chars().take(FILE_NAME_CHARS_MAX).collect();
        let issued = upload.issued.unwrap_or_else(|| ctx.today());
        self.db.write(move |conn| {
            let campaign = campaign_for(conn, &ctx, campaign)?;
            campaign.check_running()?;
            let unit = readable_unit(conn, &ctx, unit)?;
            require_within(conn, &campaign, &unit)?;
            require_importer(&ctx.actor, &unit.path)?;
            let sheets = reading::propose_all(conn, &book, campaign.id)?;
            if !sheets.iter().any(|sheet| sheet.offered) {
                let why: Vec<String> =
                    sheets.iter().map(|sheet| format!("“{}”：{}", sheet.sheet, sheet.why_not)).collect();
                return Err(file_refused(format!("文件中没有找到台账。{}", why.join("；"))));
            }
            let answers = remembered_answers(conn, campaign.id, unit.id)?;
            let import = LedgerImport {
                id: LedgerImportId(journal::next_id(conn, "ledger_import", 1)?),
                campaign_id: campaign.id,
                unit_id: unit.id,
                file_name,
                digest: accepted.sha256.clone(),
                issued_day: issued,
                state: ImportState::Draft,
                mapping: state::encode(&sheets)?,
                answers: state::encode(&answers)?,
                counts: state::encode(&Counted::default())?,
                imported_by: ctx.actor.person,
                imported_at: ctx.at,
                follows_id: None,
                run_by: None,
                rows_total: 0,
                halted: String::new(),
                version: 1,
            };
            let import = LedgerImport { follows_id: compare::earlier(conn, &import, &sheets)?, ..import };
            let file = Write::File {
                digest: accepted.sha256,
                media_type: accepted.kind.media_type().to_owned(),
                content: accepted.bytes,
            };
            let note = format!("上传台账“{}”", import.file_name);
            let entry = entry("ledger.uploaded", &import, note, vec![file, Write::insert(&import)]);
            journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry])?;
            Ok(import)
        })
    }

    /// Units for which the person may import: the roots of the grants that allow it, and the open units right below.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn importing_units(&self, ctx: &Context) -> Result<Vec<(UnitId, String)>, Error> {
        self.db.read(|conn| {
            let mut found: Vec<(UnitId, String)> = Vec::new();
            let grants = ctx.actor.grants.iter().filter(|g| matches!(g.role, Role::Office | Role::Filler));
            for grant in grants {
                let root = crate::context::unit(conn, grant.unit)?;
                let below = store::children(conn, root.id)?;
                for unit in std::iter::once(root).chain(below).filter(|unit| unit.is_open_on(ctx.today())) {
                    if !found.iter().any(|(id, _)| *id == unit.id) && found.len() < UNITS_OFFERED_MAX {
                        found.push((unit.id, unit.name));
                    }
                }
            }
            Ok(found)
        })
    }

    /// Imports the reader may see, newest first.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn imports(&self, ctx: &Context, campaign: Option<CampaignId>) -> Result<Vec<ImportView>, Error> {
        self.db.read(|conn| {
            let roots: Vec<UnitPath> = ctx.actor.readable_roots().into_iter().map(|(_, path)| path).collect();
            let found = store::imports_of(conn, campaign, &roots)?;
            found.into_iter().map(|import| view_of(conn, ctx, import)).collect()
        })
    }

    /// One import.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn import(&self, ctx: &Context, id: LedgerImportId) -> Result<ImportView, Error> {
        self.db.read(|conn| load(conn, ctx, id))
    }

    /// Changes how sheets are read, from which day deadlines are reckoned, and the answers; only of a draft.
    ///
    /// # Errors
    /// `NotFound`, stale `version`, `import_not_draft`, `not_allowed`.
    pub fn settle_import(
        &self,
        ctx: &Context,
        id: LedgerImportId,
        version: i64,
        change: Settle,
    ) -> Result<LedgerImport, Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let view = draft(conn, &ctx, id, Some(version))?;
            let mut after = view.import.clone();
            let (mut sheets, mut answers) = (view.sheets, view.answers);
            if let Some(day) = change.issued {
                after.issued_day = day;
            }
            if let Some(new) = change.sheets {
                sheets = new;
            }
            if let Some(new) = change.answers {
                check_answers(conn, &ctx, &new)?;
                answers = new;
            }
            after.mapping = state::encode(&sheets)?;
            after.answers = state::encode(&answers)?;
            after.follows_id = compare::earlier(conn, &after, &sheets)?;
            after.version += 1;
            let writes = Write::update(&view.import, &after).into_iter().collect();
            let entry = entry("ledger.settled", &after, "调整台账读法和疑点答复".to_owned(), writes);
            journal::append(conn, &ctx.stamp(Some(&view.unit)), vec![entry])?;
            Ok(after)
        })
    }

    /// Puts a draft away.
    ///
    /// # Errors
    /// As [`App::settle_import`].
    pub fn discard_import(&self, ctx: &Context, id: LedgerImportId, version: i64) -> Result<(), Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let view = draft(conn, &ctx, id, Some(version))?;
            let after = LedgerImport {
                state: ImportState::Discarded,
                version: view.import.version + 1,
                ..view.import.clone()
            };
            let writes = Write::update(&view.import, &after).into_iter().collect();
            let entry = entry("ledger.discarded", &after, "放弃导入".to_owned(), writes);
            journal::append(conn, &ctx.stamp(Some(&view.unit)), vec![entry])?;
            Ok(())
        })
    }
}

/// What is changed of a draft; `None` leaves it.
#[derive(Clone, Debug, Default)]
pub struct Settle {
    /// The day deadlines are reckoned from.
    pub issued: Option<Day>,
    /// How sheets are read.
    pub sheets: Option<Vec<SheetPlan>>,
    /// Answers.
    pub answers: Option<Answers>,
}

/// Importing is for the campaign's office and for fillers, over the registering unit.
///
/// # Errors
/// `not_allowed`.
pub fn require_importer(actor: &Actor, path: &UnitPath) -> Result<(), Refusal> {
    if actor.holds_any(&[Role::Office, Role::Filler], path) {
        return Ok(());
    }
    Err(Refusal::not_allowed("导入台账", "登记单位的工作专班或填报员身份"))
}

fn file_refused(sentence: String) -> Error {
    Error::invalid("file", sentence)
}

/// Loads an import the actor may see.
pub(crate) fn load(conn: &mut Conn, ctx: &Context, id: LedgerImportId) -> Result<ImportView, Error> {
    let import: LedgerImport = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
    view_of(conn, ctx, import)
}

fn view_of(conn: &mut Conn, ctx: &Context, import: LedgerImport) -> Result<ImportView, Error> {
    let unit = readable_unit(conn, ctx, import.unit_id)?;
    let campaign: Campaign = journal::by_id(conn, import.campaign_id.0)?.ok_or(Error::NotFound)?;
    Ok(ImportView {
        sheets: state::decode(&import.mapping)?,
        answers: state::decode(&import.answers)?,
        counted: state::decode(&import.counts)?,
        registered: store::progress_of(conn, import.id)?,
        may_change: require_importer(&ctx.actor, &unit.path).is_ok(),
        campaign,
        unit,
        import,
    })
}

/// Loads a draft that the actor may change.
pub(crate) fn draft(
    conn: &mut Conn,
    ctx: &Context,
    id: LedgerImportId,
    version: Option<i64>,
) -> Result<ImportView, Error> {
    let view = load(conn, ctx, id)?;
    require_importer(&ctx.actor, &view.unit.path)?;
    if view.import.state != ImportState::Draft {
        return Err(Refusal::new(
            "import_not_draft",
            "这次导入已经开始或结束，不能再改。",
            "请刷新页面查看最新情况；需要更正时重新上传文件。",
        )
        .into());
    }
    if version.is_some_and(|version| version != view.import.version) {
        return Err(Error::stale());
    }
    Ok(view)
}

pub(crate) fn entry(action: &str, import: &LedgerImport, note: String, writes: Vec<Write>) -> NewEntry {
    NewEntry {
        action: action.to_owned(),
        subject_kind: "ledger_import",
        subject_id: import.id.0,
        unit: Some(import.unit_id),
        campaign: Some(import.campaign_id),
        note,
        writes,
        ..NewEntry::default()
    }
}

/// Units and statuses answered in this unit's last import of the campaign are offered again.
fn remembered_answers(conn: &mut Conn, campaign: CampaignId, unit: UnitId) -> Result<Answers, Error> {
    let earlier = store::imports_by_unit(conn, campaign, unit)?;
    let Some(last) = earlier.first() else { return Ok(Answers::default()) };
    let old: Answers = state::decode(&last.answers)?;
    Ok(Answers {
        units: old.units,
        statuses: old.statuses,
        checking: old.checking,
        source: old.source,
        remembered: true,
        ..Answers::default()
    })
}

/// Units named in answers must exist.
fn check_answers(conn: &mut Conn, ctx: &Context, answers: &Answers) -> Result<(), Error> {
    let named = answers.units.values().filter_map(|answer| match answer {
        UnitAnswer::Unit(id) => Some(*id),
        _ => None,
    });
    let ids: Vec<UnitId> = named.chain(answers.checking).collect();
    let units = store::units(conn, &ids)?;
    let lost = ids.iter().any(|id| !units.iter().any(|u| u.id == *id && u.is_open_on(ctx.today())));
    if lost {
        return Err(Error::invalid("units", "选择的单位不存在或已撤销，请重新选择。"));
    }
    Ok(())
}

/// Remembers how layouts are read, for the next file of the same headers.
pub(crate) fn remember_layouts(
    conn: &mut Conn,
    campaign: CampaignId,
    sheets: &[SheetPlan],
) -> Result<Vec<Write>, Error> {
    let mut writes = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for plan in sheets.iter().filter(|plan| plan.offered) {
        let fingerprint = plan.mapping.fingerprint.clone();
        if fingerprint.is_empty() || !seen.insert(fingerprint.clone()) {
            continue;
        }
        let mapping = state::encode(&plan.mapping)?;
        match store::layout(conn, &fingerprint, campaign)? {
            None => writes.push(Write::insert(&LedgerLayout {
                fingerprint,
                campaign_id: campaign,
                mapping,
                version: 1,
            })),
            Some(old) if old.mapping != mapping => {
                let new = LedgerLayout { mapping, version: old.version + 1, ..old.clone() };
                writes.extend(Write::update(&old, &new));
            }
            Some(_) => {}
        }
    }
    Ok(writes)
}
