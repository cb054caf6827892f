//! Reading, checking and taking out the journal. Each of these leaves an entry itself (GB/T 22239, audit of the audit).

mod detail;
pub mod words;

pub use detail::{ChangeView, EntryDetail, RowView};

use crate::{App, Context, Error};
use bihuan_documents::export::neutral;
use bihuan_domain::id::{AccountId, PersonId, PostId, UnitId};
use bihuan_domain::person::{Account, Person, Post};
use bihuan_domain::role::Role;
use bihuan_domain::unit::Unit;
use bihuan_domain::{Coded as _, Day, Refusal};
use bihuan_store::journal::{self, ChainReport, Entry, EntryFilter, NewEntry, Sight};
use bihuan_store::{Conn, Fault};
use serde_json::{Value, json};
use std::collections::HashMap;

/// Entries of one page.
pub const ENTRIES_PAGE: i64 = 50;
/// Entries of one export; more are taken out by narrower dates.
pub const EXPORT_ENTRIES_MAX: i64 = 50_000;

/// What to look for.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Actions that begin with this: `problem`, `session.refused`.
    pub action: String,
    /// By this person.
    pub person: Option<PersonId>,
    /// About this unit and those below it.
    pub unit: Option<UnitId>,
    /// About one subject: kind and number.
    pub subject: Option<(String, i64)>,
    /// First day.
    pub from: Option<Day>,
    /// Last day.
    pub to: Option<Day>,
    /// Only refused or failed attempts.
    pub failed_only: bool,
    /// Only entries before this number: the next page.
    pub before: Option<i64>,
}

/// An entry in a list, in words.
#[derive(Clone, Debug)]
pub struct EntryLine {
    /// The entry.
    pub entry: Entry,
    /// The action in words.
    pub action: String,
    /// Who: name; empty for the program itself.
    pub who: String,
    /// The post acted from; empty where none.
    pub post: String,
    /// The subject in words: kind and number or name.
    pub subject: String,
    /// The unit it concerns.
    pub unit: String,
}

/// A page of the journal.
#[derive(Clone, Debug)]
pub struct JournalPage {
    /// Newest first.
    pub lines: Vec<EntryLine>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<i64>,
    /// What the reader sees, in words.
    pub sight: &'static str,
    /// May check the chain.
    pub may_verify: bool,
}

/// How an export is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// A table for spreadsheet programs, safe from formulas.
    Csv,
    /// One JSON object a line.
    JsonLines,
}

impl App {
    /// A page of what the reader may see.
    ///
    /// # Errors
    /// `NotFound` for somebody without any role.
    pub fn journal(&self, ctx: &Context, search: &Search) -> Result<JournalPage, Error> {
        let (sight, words) = sight_of(ctx)?;
        let page = self.db.read(|conn| -> Result<JournalPage, Error> {
            let filter = filter_of(conn, search)?;
            let mut entries = journal::list_seen(conn, &filter, &sight, ENTRIES_PAGE + 1)?;
            let more = entries.len() as i64 > ENTRIES_PAGE;
            entries.truncate(ENTRIES_PAGE as usize);
            let next = entries.last().map(|entry| entry.seq).filter(|_| more);
            let mut names = Names::default();
            let lines =
                entries.into_iter().map(|entry| line(conn, &mut names, entry)).collect::<Result<_, _>>()?;
            Ok(JournalPage { lines, next, sight: words, may_verify: may_verify(ctx) })
        })?;
        self.note(ctx, "journal.viewed", false, describe(search))?;
        Ok(page)
    }

    /// One entry with what it changed.
    ///
    /// # Errors
    /// `NotFound`, also when it exists but the reader may not see it.
    pub fn journal_entry(&self, ctx: &Context, seq: i64) -> Result<EntryDetail, Error> {
        let (sight, _) = sight_of(ctx)?;
        let found = self.db.read(|conn| -> Result<EntryDetail, Error> {
            let entry = journal::find_seen(conn, seq, &sight)?.ok_or(Error::NotFound)?;
            detail::of(self, conn, entry)
        })?;
        self.note(ctx, "journal.viewed", false, json!({ "entry": seq }))?;
        Ok(found)
    }

    /// Hashes the whole chain again.
    ///
    /// # Errors
    /// A refusal for everybody but the audit and the security administrator.
    pub fn verify_journal(&self, ctx: &Context) -> Result<ChainReport, Error> {
        if !may_verify(ctx) {
            return Err(Refusal::not_allowed("校验日志", Role::AuditAdmin.label()).into());
        }
        self.check_chain(&ctx.stamp(None))
    }

    /// Takes out what the reader may see, oldest first, at most [`EXPORT_ENTRIES_MAX`].
    ///
    /// # Errors
    /// `NotFound` for somebody without any role.
    pub fn export_journal(
        &self,
        ctx: &Context,
        search: &Search,
        format: ExportFormat,
    ) -> Result<String, Error> {
        let (sight, _) = sight_of(ctx)?;
        let (text, count) = self.db.read(|conn| -> Result<_, Error> {
            let filter = filter_of(conn, search)?;
            let mut entries = journal::list_seen(conn, &filter, &sight, EXPORT_ENTRIES_MAX)?;
            entries.reverse();
            let (mut names, count) = (Names::default(), entries.len());
            let mut text = match format {
                ExportFormat::Csv => csv_head(),
                ExportFormat::JsonLines => String::new(),
            };
            for entry in entries {
                let line = line(conn, &mut names, entry)?;
                text.push_str(&match format {
                    ExportFormat::Csv => csv_line(&line),
                    ExportFormat::JsonLines => json_line(&line),
                });
            }
            Ok((text, count))
        })?;
        let mut detail = describe(search);
        detail["entries"] = json!(count);
        self.note(ctx, "journal.exported", false, detail)?;
        let (app, ctx) = (self.clone(), ctx.clone());
        self.db.write(move |conn| app.watch_export(conn, &ctx, count as i64))?;
        Ok(text)
    }

    fn note(&self, ctx: &Context, action: &'static str, failed: bool, detail: Value) -> Result<(), Error> {
        let stamp = ctx.stamp(None);
        self.db.write(move |conn| {
            let entry = NewEntry {
                action: action.to_owned(),
                subject_kind: "journal",
                failed,
                detail,
                ..NewEntry::default()
            };
            journal::append(conn, &stamp, vec![entry]).map(|_| ())
        })?;
        Ok(())
    }
}

fn may_verify(ctx: &Context) -> bool {
    ctx.actor.holds_anywhere(Role::AuditAdmin) || ctx.actor.holds_anywhere(Role::SecurityAdmin)
}

fn sight_of(ctx: &Context) -> Result<(Sight, &'static str), Error> {
    if ctx.actor.holds_anywhere(Role::AuditAdmin) {
        return Ok((Sight::All, "全部记录"));
    }
    if ctx.actor.holds_anywhere(Role::SecurityAdmin) {
        return Ok((Sight::Security(ctx.actor.person), "审计管理员的操作、账号与授权记录，以及您自己的操作"));
    }
    if ctx.actor.grants.is_empty() {
        return Err(Error::NotFound);
    }
    let roots = ctx.actor.readable_roots().into_iter().map(|(_, path)| path).collect();
    Ok((Sight::Business(roots, ctx.actor.person), "您的权限范围内各单位的业务记录，以及您自己的操作"))
}

fn filter_of(conn: &mut Conn, search: &Search) -> Result<EntryFilter, Error> {
    let within = match search.unit {
        Some(id) => Some(journal::by_id::<Unit>(conn, id.0)?.ok_or(Error::NotFound)?.path),
        None => None,
    };
    Ok(EntryFilter {
        subject: search.subject.clone(),
        person: search.person,
        action_prefix: search.action.clone(),
        before_seq: search.before,
        failed_only: search.failed_only,
        from: search.from.map(Day::starts_at),
        to: search.to.map(|day| day.plus_days(1).starts_at()),
        within,
    })
}

fn describe(search: &Search) -> Value {
    json!({
        "action": search.action,
        "person": search.person,
        "unit": search.unit,
        "subject": search.subject,
        "from": search.from,
        "to": search.to,
        "failed_only": search.failed_only,
        "before": search.before,
    })
}

/// Names of what entries only number, each looked up once.
#[derive(Debug, Default)]
pub(crate) struct Names(HashMap<(&'static str, i64), String>);

impl Names {
    fn get(&mut self, conn: &mut Conn, kind: &'static str, id: i64) -> Result<String, Fault> {
        if let Some(name) = self.0.get(&(kind, id)) {
            return Ok(name.clone());
        }
        let name = match kind {
            "unit" => journal::by_id::<Unit>(conn, id)?.map(|unit| unit.name),
            "person" => journal::by_id::<Person>(conn, id)?.map(|person| person.name),
            "post" => journal::by_id::<Post>(conn, id)?.map(|post| post.name),
            "account" => journal::by_id::<Account>(conn, id)?.map(|account| account.login),
            "campaign" => {
                journal::by_id::<bihuan_domain::campaign::Campaign>(conn, id)?.map(|campaign| campaign.name)
            }
            _ => None,
        };
        let name = name.unwrap_or_else(|| format!("第 {id} 号"));
        self.0.insert((kind, id), name.clone());
        Ok(name)
    }

    pub(crate) fn unit(&mut self, conn: &mut Conn, id: UnitId) -> Result<String, Fault> {
        self.get(conn, "unit", id.0)
    }
}

fn line(conn: &mut Conn, names: &mut Names, entry: Entry) -> Result<EntryLine, Fault> {
    let who = entry.person.map(|PersonId(id)| names.get(conn, "person", id)).transpose()?.unwrap_or_default();
    let post = entry.post.map(|PostId(id)| names.get(conn, "post", id)).transpose()?.unwrap_or_default();
    let unit = entry.unit.map(|id| names.unit(conn, id)).transpose()?.unwrap_or_default();
    let kind = words::subject(&entry.subject_kind);
    let subject = match (entry.subject_kind.as_str(), entry.subject_id) {
        (_, 0) => kind.to_owned(),
        ("unit", id) => format!("{kind} {}", names.get(conn, "unit", id)?),
        ("person", id) => format!("{kind} {}", names.get(conn, "person", id)?),
        ("post", id) => format!("{kind} {}", names.get(conn, "post", id)?),
        ("account", id) => format!("{kind} {}", names.get(conn, "account", id)?),
        ("campaign", id) => format!("{kind} {}", names.get(conn, "campaign", id)?),
        (_, id) => format!("{kind} {id}"),
    };
    let action = words::action(&entry.action);
    Ok(EntryLine { entry, action, who, post, subject, unit })
}

/// The columns of the exported table.
const CSV_COLUMNS: [&str; 13] = [
    "序号",
    "时间",
    "人员",
    "账号编号",
    "岗位",
    "来源地址",
    "操作",
    "操作代码",
    "对象",
    "单位",
    "结果",
    "说明",
    "散列值",
];

fn csv_head() -> String {
    // The mark tells spreadsheet programs that the text is UTF-8.
    format!("\u{feff}{}\r\n", CSV_COLUMNS.join(","))
}

fn csv_line(line: &EntryLine) -> String {
    let entry = &line.entry;
    let fields = [
        entry.seq.to_string(),
        entry.at.to_rfc3339(),
        line.who.clone(),
        entry.account.map(|AccountId(id)| id.to_string()).unwrap_or_default(),
        line.post.clone(),
        entry.source_address.clone(),
        line.action.clone(),
        entry.action.clone(),
        line.subject.clone(),
        line.unit.clone(),
        if entry.succeeded { "成功" } else { "未成功" }.to_owned(),
        entry.note.clone(),
        entry.hash.clone(),
    ];
    let quoted = |field: &String| format!("\"{}\"", neutral(field).replace('"', "\"\""));
    format!("{}\r\n", fields.iter().map(quoted).collect::<Vec<_>>().join(","))
}

fn json_line(line: &EntryLine) -> String {
    let entry = &line.entry;
    let body: Value = serde_json::from_str(&entry.body).unwrap_or(Value::Null);
    let object = json!({
        "seq": entry.seq,
        "at": entry.at.to_rfc3339(),
        "account": entry.account,
        "person": entry.person,
        "person_name": line.who,
        "post": entry.post,
        "source_address": entry.source_address,
        "action": entry.action,
        "subject_kind": entry.subject_kind,
        "subject_id": entry.subject_id,
        "unit": entry.unit,
        "campaign": entry.campaign,
        "succeeded": entry.succeeded,
        "note": entry.note,
        "body": body,
        "hash": entry.hash,
    });
    format!("{object}\n")
}
