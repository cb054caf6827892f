//! What issuing a rule writes.

use super::issue::{ActionDone, Decided};
use crate::Error;
use crate::context::Context;
use bihuan_domain::id::RequiredActionId;
use bihuan_domain::required_action::{RequiredAction, Tightening};
use bihuan_domain::unit::Unit;
use bihuan_domain::{Coded, Refusal};
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::required_action::{self as store, ActionRow, Excuse, VersionRow};
use bihuan_store::{Conn, Fault};

/// Most rules of one campaign.
const RULES_MAX: usize = 300;

pub(super) fn entry(
    action: &str,
    row: &ActionRow,
    owner: &Unit,
    note: String,
    writes: Vec<Write>,
) -> NewEntry {
    NewEntry {
        action: action.to_owned(),
        subject_kind: "required_action",
        subject_id: row.id.0,
        unit: Some(owner.id),
        campaign: Some(row.campaign_id),
        note,
        writes,
        ..NewEntry::default()
    }
}

fn version_row(
    ctx: &Context,
    action: &RequiredAction,
    added: &[Tightening],
    reason: &str,
) -> Result<VersionRow, Error> {
    let version = action.newest().ok_or(Error::NotFound)?;
    let json = |error: serde_json::Error| Fault::corrupt(error.to_string());
    Ok(VersionRow {
        rule_id: action.id,
        number: version.number,
        from_day: version.from_day,
        until_day: version.until_day,
        definition: serde_json::to_string(&version.rule).map_err(json)?,
        added: serde_json::to_string(added).map_err(json)?,
        reason: reason.to_owned(),
        issued_by: ctx.actor.person,
        issued_at: ctx.at,
    })
}

pub(super) fn write(
    conn: &mut Conn,
    ctx: &Context,
    decided: Decided,
    code: &str,
    reason: &str,
) -> Result<ActionDone, Error> {
    let Decided { campaign, before, upper, plan } = decided;
    let owner = plan.owner;
    let (row, action, mut writes) = match before {
        None => {
            let count = store::rows_of(conn, campaign.id)?.len();
            if count >= RULES_MAX {
                let sentence = format!("一次行动最多{RULES_MAX}项规定动作。");
                return Err(Refusal::new("too_many_actions", sentence, "请合并同类要求，给基层减负。").into());
            }
            let id = RequiredActionId(journal::next_id(conn, "required_action", 1)?);
            let row = ActionRow {
                id,
                campaign_id: campaign.id,
                code: code.to_owned(),
                owner_unit_id: owner.id,
                upper_id: upper,
                subject: plan.rule.subject,
                ordinal: count as i64 + 1,
                version: 1,
            };
            let new = RequiredAction {
                id,
                campaign_id: campaign.id,
                owner_unit_id: owner.id,
                versions: Vec::new(),
            };
            let from = plan.rule.from_day;
            let writes = vec![Write::insert(&row)];
            (row, new.with_version(plan.rule, from), writes)
        }
        Some((row, action)) => {
            let old = store::versions_of(conn, row.id)?.pop().ok_or(Error::NotFound)?;
            let action = action.with_version(plan.rule, ctx.today());
            let from = action.newest().map_or(ctx.today(), |version| version.from_day);
            let ended = VersionRow { until_day: Some(from), ..old.clone() };
            let after = ActionRow { version: row.version + 1, ..row.clone() };
            let mut writes = vec![Write::Uncredit { rule: row.id, from }];
            writes.extend(Write::update(&old, &ended));
            writes.extend(Write::update(&row, &after));
            (after, action, writes)
        }
    };
    let version = version_row(ctx, &action, &plan.added, reason)?;
    let (number, from) = (version.number, version.from_day);
    writes.push(Write::insert(&version));
    writes.push(Write::Recredit { rule: row.id, from });
    writes.extend(carried_excuses(conn, &action)?);
    let note = match number {
        1 => format!("下达“{}”：{}", rule_name(&action), words(&action)),
        _ => format!("调整“{}”：{}（{reason}）", rule_name(&action), words(&action)),
    };
    let code = if number == 1 { "action.issued" } else { "action.changed" };
    let seq = journal::append(conn, &ctx.stamp(Some(&owner)), vec![entry(code, &row, &owner, note, writes)])?;
    Ok(ActionDone { id: row.id, seq })
}

/// Excuses from a single window that was replaced hold for the window that replaces it.
fn carried_excuses(conn: &mut Conn, action: &RequiredAction) -> Result<Vec<Write>, Error> {
    let Some(newest) =
        action.newest().filter(|version| version.number > 1 && version.rule.cadence.is_single())
    else {
        return Ok(Vec::new());
    };
    let Some(last) = newest.rule.to_day else { return Ok(Vec::new()) };
    let mut writes = Vec::new();
    for excuse in store::excuses_of(conn, action.id, None)? {
        if action.period_ending(excuse.period_day).is_none() {
            let after = Excuse { period_day: last, version: excuse.version + 1, ..excuse.clone() };
            writes.extend(Write::update(&excuse, &after));
        }
    }
    Ok(writes)
}

pub(super) fn rule_name(action: &RequiredAction) -> String {
    action.newest().map(|version| version.rule.name.clone()).unwrap_or_default()
}

fn words(action: &RequiredAction) -> String {
    let rule = action.newest().map(|version| &version.rule);
    rule.map(|rule| format!("{}，{}", rule.subject.label(), rule.in_words())).unwrap_or_default()
}
