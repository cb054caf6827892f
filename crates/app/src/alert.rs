//! Alerts: raised by repeated denials, mass exports and a broken chain; read and acknowledged by the audit and the
//! security administrator. Raising one leaves an entry, and so does acknowledging.

use crate::{App, Context, Error, Visit};
use bihuan_domain::alert::{self as domain, Alert, AlertKind};
use bihuan_domain::id::{AccountId, AlertId};
pub use bihuan_store::alert::AlertRow;

use bihuan_store::alert as store;
use bihuan_store::journal::{self, ChainReport, NewEntry, Stamp, Write};
use bihuan_store::{Conn, Fault};
use serde_json::json;

/// Alerts of one page.
pub const ALERTS_PAGE: i64 = 50;
/// So many exports by one person within [`EXPORTS_HOURS`] raise an alert.
pub const EXPORTS_MAX: i64 = 20;
/// See [`EXPORTS_MAX`].
const EXPORTS_HOURS: i64 = 1;

/// A page of alerts.
#[derive(Clone, Debug)]
pub struct AlertsPage {
    /// Open ones first, then the newest.
    pub rows: Vec<AlertRow>,
    /// How many are open.
    pub open: i64,
    /// How many there are.
    pub total: i64,
}

/// What was seen, for a new alert or one that is open already.
pub(crate) struct Seen {
    pub kind: AlertKind,
    pub account: Option<AccountId>,
    pub detail: String,
}

impl App {
    /// Alerts, a page at a time from 1.
    ///
    /// # Errors
    /// `NotFound` for everybody but the audit and the security administrator.
    pub fn alerts(&self, ctx: &Context, open_only: bool, page: i64) -> Result<AlertsPage, Error> {
        if !domain::may_see_alerts(&ctx.actor) {
            return Err(Error::NotFound);
        }
        self.db.read(|conn| {
            let rows = store::list(conn, open_only, ALERTS_PAGE, (page.max(1) - 1) * ALERTS_PAGE)?;
            let (open, total) = store::count(conn)?;
            Ok(AlertsPage { rows, open, total })
        })
    }

    /// Acknowledges an alert with a word.
    ///
    /// # Errors
    /// `NotFound` for everybody but the two administrators; refusals of `domain::acknowledge`; `Conflict`.
    pub fn acknowledge_alert(
        &self,
        ctx: &Context,
        id: AlertId,
        version: Option<i64>,
        word: &str,
    ) -> Result<Alert, Error> {
        if !domain::may_see_alerts(&ctx.actor) {
            return Err(Error::NotFound);
        }
        let (ctx, word) = (ctx.clone(), word.to_owned());
        self.db.write(move |conn| {
            let before: Alert = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
            let after = domain::acknowledge(&before, &ctx.actor, &word, ctx.at)?;
            if version.is_some_and(|version| version != before.version) {
                return Err(Error::stale());
            }
            let writes = Write::update(&before, &after).into_iter().collect();
            let entry = NewEntry { writes, ..entry(&after, "alert.acknowledged", &after.word) };
            journal::append(conn, &ctx.stamp(None), vec![entry])?;
            Ok(after)
        })
    }

    /// Raises the alert of repeated denials: an account, or where nobody had signed in an address, was turned away
    /// `times` times within the minutes of the settings.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn raise_denials(&self, visit: &Visit, caller: Option<&Context>, times: i64) -> Result<(), Error> {
        let seen = Seen {
            kind: AlertKind::RepeatedDenials,
            account: caller.map(|ctx| ctx.actor.account),
            detail: format!("{}分钟内被拒{times}次", self.policy.alert_minutes),
        };
        let stamp = match caller {
            Some(ctx) => ctx.stamp(None),
            None => Stamp { at: visit.at, source_address: visit.source_address.clone(), ..Stamp::default() },
        };
        self.db.write(move |conn| raise(conn, &stamp, &seen))?;
        Ok(())
    }

    /// Notes that an administrator was turned away at the door, for the reason in words.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn note_barred(&self, ctx: &Context, why: &str) -> Result<(), Error> {
        let entry =
            NewEntry { failed: true, ..crate::session::own_entry(ctx, "session.barred", why.to_owned()) };
        let stamp = ctx.stamp(None);
        self.db.write(move |conn| journal::append(conn, &stamp, vec![entry]).map(|_| ()))?;
        Ok(())
    }

    /// Hashes the whole chain again, as the program does by itself; a fault raises an alert.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn check_chain(&self, stamp: &Stamp) -> Result<ChainReport, Error> {
        let report = self.db.read(|conn| journal::verify_chain(conn, &mut |_| {}))?;
        let (stamp, failed) = (stamp.clone(), report.fault.is_some());
        let detail = json!({ "entries": report.entries, "fault": report.fault });
        let words = format!("日志链在第{}条之后不完整，请运行 bihuan verify 查明", report.entries);
        self.db.write(move |conn| -> Result<(), Fault> {
            let entry = NewEntry {
                action: "journal.verified".to_owned(),
                subject_kind: "journal",
                failed,
                detail,
                ..NewEntry::default()
            };
            journal::append(conn, &stamp, vec![entry])?;
            if failed {
                raise(conn, &stamp, &Seen { kind: AlertKind::BrokenChain, account: None, detail: words })?;
            }
            Ok(())
        })?;
        Ok(report)
    }

    /// To be called after the entry of an export: much at once, or often within an hour, raises an alert.
    ///
    /// # Errors
    /// Faults of the database.
    pub(crate) fn watch_export(&self, conn: &mut Conn, ctx: &Context, rows: i64) -> Result<(), Fault> {
        let since = ctx.at.plus_seconds(-3_600 * EXPORTS_HOURS);
        let times = store::exports_since(conn, ctx.actor.person, since)?;
        let detail = if rows >= self.policy.alert_export_rows {
            format!("一次导出{rows}行")
        } else if times >= EXPORTS_MAX {
            format!("{EXPORTS_HOURS}小时内导出{times}次")
        } else {
            return Ok(());
        };
        let seen = Seen { kind: AlertKind::MassExport, account: Some(ctx.actor.account), detail };
        raise(conn, &ctx.stamp(None), &seen)
    }
}

/// Raises an alert, or counts one more where the same is still open.
pub(crate) fn raise(conn: &mut Conn, stamp: &Stamp, seen: &Seen) -> Result<(), Fault> {
    let before = store::open_like(conn, seen.kind, seen.account, &stamp.source_address)?;
    let after = match &before {
        Some(open) => Alert {
            last_at: stamp.at,
            times: open.times + 1,
            detail: seen.detail.clone(),
            source_address: stamp.source_address.clone(),
            version: open.version + 1,
            ..open.clone()
        },
        None => Alert {
            id: AlertId(journal::next_id(conn, "alert", 1)?),
            kind: seen.kind,
            account_id: seen.account,
            source_address: stamp.source_address.clone(),
            first_at: stamp.at,
            last_at: stamp.at,
            times: 1,
            detail: seen.detail.clone(),
            acknowledged_by: None,
            acknowledged_at: None,
            word: String::new(),
            version: 1,
        },
    };
    let write = match &before {
        Some(before) => Write::update(before, &after),
        None => Some(Write::insert(&after)),
    };
    let note = format!("{}：{}", bihuan_domain::Coded::label(after.kind), after.detail);
    let entry = NewEntry { writes: write.into_iter().collect(), ..entry(&after, "alert.raised", &note) };
    journal::append(conn, stamp, vec![entry]).map(|_| ())
}

fn entry(alert: &Alert, action: &str, note: &str) -> NewEntry {
    NewEntry {
        action: action.to_owned(),
        subject_kind: "alert",
        subject_id: alert.id.0,
        note: note.to_owned(),
        ..NewEntry::default()
    }
}
