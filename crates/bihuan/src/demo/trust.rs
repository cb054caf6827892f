//! What the administrators see: alerts, one of them dealt with, and a request to erase what is kept on somebody.

use crate::exit::Failure;
use bihuan_app::{App, Context, Visit, actor};
use bihuan_domain::Instant;
use bihuan_domain::erasure::Asked;
use bihuan_domain::id::AlertId;
use std::sync::Arc;

/// Plays it on the two days before `now`.
///
/// # Errors
/// Faults of the database; refusals.
pub(super) fn play(app: &App, now: Instant) -> Result<(), Failure> {
    let yesterday = now.plus_seconds(-26 * 3_600);
    let outside = Visit { at: yesterday, source_address: "203.0.113.40".to_owned() };
    app.raise_denials(&outside, None, app.policy.alert_denials)?;
    let clerk = ctx(app, "filler", yesterday.plus_seconds(3_600))?;
    let visit = Visit { at: clerk.at, source_address: clerk.source_address.clone() };
    app.raise_denials(&visit, Some(&clerk), app.policy.alert_denials)?;
    let audit = ctx(app, "audit", yesterday.plus_seconds(7_200))?;
    let word = "已与网络管理部门核实，为外部扫描，已在边界封堵。";
    app.acknowledge_alert(&audit, AlertId(1), None, word)?;
    let system = ctx(app, "system", now.plus_seconds(-7_200))?;
    let person = app.create_person(&system, "汪晓兰", "6200118")?;
    let asked = Asked {
        asked_by: "本人书面申请".to_owned(),
        asked_day: Some(system.today()),
        reason: "借调期满已离开，登记有误未任职，要求删除个人信息。".to_owned(),
    };
    app.request_erasure(&system, person.id, asked)?;
    Ok(())
}

fn ctx(app: &App, login: &str, at: Instant) -> Result<Context, Failure> {
    let found = app.db.read(|conn| -> Result<_, bihuan_app::Error> {
        let account = bihuan_store::account::by_login(conn, login)?.ok_or(bihuan_app::Error::NotFound)?;
        Ok(actor::load(conn, &account, at.day_in_china())?.actor)
    })?;
    Ok(Context { actor: Arc::new(found), at, source_address: "192.0.2.21".to_owned() })
}
