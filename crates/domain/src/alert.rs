//! Alerts 告警: what the audit and the security administrator must look at (GB/T 22239 B18).

use crate::id::{AccountId, AlertId, PersonId};
use crate::refusal::{Refusal, require_text};
use crate::role::{Actor, Role};
use crate::{Coded as _, Instant};
use serde::{Deserialize, Serialize};

/// Longest word of acknowledgement, in characters.
pub const ALERT_WORD_CHARS_MAX: usize = 200;

crate::coded! {
    /// What an alert is about.
    AlertKind ("告警类别") {
        /// Somebody is turned away again and again.
        RepeatedDenials = "repeated_denials", "反复被拒";
        /// One person takes out much at once, or often.
        MassExport = "mass_export", "大量导出";
        /// The chain of the journal does not hold.
        BrokenChain = "broken_chain", "日志链异常";
    }
}

/// An alert. It stays open until one of the two administrators has said a word about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Number.
    pub id: AlertId,
    /// What it is about.
    pub kind: AlertKind,
    /// Whose doing; `None` where nobody had signed in.
    pub account_id: Option<AccountId>,
    /// Where from; empty where it is not known.
    pub source_address: String,
    /// When it was raised.
    pub first_at: Instant,
    /// When the same was last seen while it was open.
    pub last_at: Instant,
    /// How often the same was seen while it was open.
    pub times: i64,
    /// What was seen, in words without names.
    pub detail: String,
    /// Who acknowledged it.
    pub acknowledged_by: Option<PersonId>,
    /// When.
    pub acknowledged_at: Option<Instant>,
    /// The word said about it; empty while it is open.
    pub word: String,
    /// Row version.
    pub version: i64,
}

impl Alert {
    /// Nobody has acknowledged it.
    pub fn is_open(&self) -> bool {
        self.acknowledged_at.is_none()
    }
}

/// Whether alerts are this person's business.
pub fn may_see_alerts(actor: &Actor) -> bool {
    actor.holds_anywhere(Role::AuditAdmin) || actor.holds_anywhere(Role::SecurityAdmin)
}

/// Acknowledges an alert with a word.
///
/// # Errors
/// `not_allowed`; `own_alert` for what the person did themselves; `alert_acknowledged`; refusals of the word.
pub fn acknowledge(alert: &Alert, actor: &Actor, word: &str, now: Instant) -> Result<Alert, Refusal> {
    if !may_see_alerts(actor) {
        return Err(Refusal::not_allowed("处理告警", Role::AuditAdmin.label()));
    }
    if alert.account_id == Some(actor.account) {
        let sentence = "这条告警由您自己的操作引起，不能由您本人确认。";
        return Err(Refusal::new("own_alert", sentence, "请由另一名管理员核查后确认。"));
    }
    if !alert.is_open() {
        return Err(Refusal::new("alert_acknowledged", "这条告警已经确认过了。", "请刷新页面查看处理意见。"));
    }
    let word = require_text("word", "处理意见", word, ALERT_WORD_CHARS_MAX)?;
    Ok(Alert {
        acknowledged_by: Some(actor.person),
        acknowledged_at: Some(now),
        word,
        version: alert.version + 1,
        ..alert.clone()
    })
}
