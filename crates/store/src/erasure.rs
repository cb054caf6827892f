//! What is kept on one person: to be shown to them, and to be erased.

use crate::journal::Write;
use crate::record::{Field, Record};
use crate::records::{PersonContact, SavedView};
use crate::{Conn, Fault, vals};
use bihuan_domain::Coded as _;
use bihuan_domain::digest::Digest;
use bihuan_domain::erasure::{Erasure, ErasureState};
use bihuan_domain::id::{AccountId, PersonId};
use bihuan_domain::study::{OwnHours, PlanLine};
use serde_json::{Value, json};

/// Tables whose rows only their owner writes, keyed by a number.
const OWN_TABLES: [&str; 4] = ["api_token", "saved_view", "study_plan", "study_hours"];
/// Tables keyed by the person.
const OF_PERSON: [&str; 2] = ["person_contact", "digest"];
/// Rows of one kind in an answer to a person, at most.
pub const ROWS_MAX: i64 = 20_000;

/// Requests, undecided ones first, then the newest, with the present name of the person.
///
/// # Errors
/// Faults of the database.
pub fn list(conn: &mut Conn, limit: i64, offset: i64) -> Result<Vec<(Erasure, String)>, Fault> {
    let columns: Vec<String> = Erasure::COLUMNS.iter().map(|column| format!("e.{column}")).collect();
    let sql = format!(
        "SELECT {}, p.name FROM erasure e JOIN person p ON p.id = e.person_id \
         ORDER BY CASE WHEN e.state = $1 THEN 0 ELSE 1 END, e.id DESC LIMIT $2 OFFSET $3",
        columns.join(", ")
    );
    let width = Erasure::COLUMNS.len();
    conn.rows(&sql, &vals![ErasureState::Requested.code(), limit, offset])?
        .iter()
        .map(|row| Ok((Erasure::from_row(row, 0)?, row.text(width)?)))
        .collect()
}

/// How many requests there are.
///
/// # Errors
/// Faults of the database.
pub fn count(conn: &mut Conn) -> Result<i64, Fault> {
    conn.first("SELECT COUNT(*) FROM erasure", &[])?.map_or(Ok(0), |row| row.int(0))
}

/// Requests about a person, newest first.
///
/// # Errors
/// Faults of the database.
pub fn of_person(conn: &mut Conn, person: PersonId) -> Result<Vec<Erasure>, Fault> {
    Erasure::load(conn, "WHERE person_id = $1 ORDER BY id DESC", &vals![person.0])
}

/// Rows that say what a person did or was: word for the kind, and the rows as JSON objects.
type Kind = (&'static str, &'static str, &'static [&'static str]);

/// What a person signed or did, by number. `$1` is the person, `$2` the account, `$3` the limit.
const DONE: [Kind; 9] = [
    (
        "登记的问题",
        "SELECT id, registered_day FROM problem WHERE registered_by = $1 AND CAST($2 AS BIGINT) IS NOT NULL",
        &["problem", "day"],
    ),
    (
        "问题经办记录",
        "SELECT problem_id, round, kind FROM problem_deed WHERE person_id = $1 AND CAST($2 AS BIGINT) IS NOT NULL",
        &["problem", "round", "kind"],
    ),
    (
        "填报的措施",
        "SELECT id, problem_id FROM measure WHERE filed_by = $1 AND CAST($2 AS BIGINT) IS NOT NULL",
        &["measure", "problem"],
    ),
    (
        "上传的佐证",
        "SELECT id, problem_id, filed_at FROM evidence WHERE filed_by = $1 AND CAST($2 AS BIGINT) IS NOT NULL",
        &["evidence", "problem", "at_us"],
    ),
    (
        "提出或答复的申请",
        "SELECT id, problem_id, kind FROM request WHERE (asked_by = $1 OR decided_by = $1) AND CAST($2 AS BIGINT) IS NOT NULL",
        &["request", "problem", "kind"],
    ),
    (
        "回头看",
        "SELECT id, problem_id FROM look_back WHERE done_by = $1 AND CAST($2 AS BIGINT) IS NOT NULL",
        &["look_back", "problem"],
    ),
    (
        "台账导入",
        "SELECT id, imported_at FROM ledger_import WHERE imported_by = $1 AND CAST($2 AS BIGINT) IS NOT NULL",
        &["import", "at_us"],
    ),
    (
        "本人的操作日志",
        "SELECT seq, at_us, action, source_address FROM entry WHERE person_id = $1 AND CAST($2 AS BIGINT) IS NOT NULL",
        &["entry", "at_us", "action", "source_address"],
    ),
    (
        "关于本人的日志",
        "SELECT seq, at_us, action FROM entry WHERE (subject_kind = 'person' AND subject_id = $1) \
           OR (subject_kind = 'account' AND subject_id = $2)",
        &["entry", "at_us", "action"],
    ),
];

/// What belongs to the account and goes with it.
const OWN: [Kind; 7] = [
    (
        "登录中的地方",
        "SELECT created_us, seen_us, source_address FROM session WHERE account_id = $2 AND CAST($1 AS BIGINT) IS NOT NULL",
        &["created_us", "seen_us", "source_address"],
    ),
    (
        "访问令牌",
        "SELECT name, scope, created_us, expires_us FROM api_token WHERE account_id = $2 AND CAST($1 AS BIGINT) IS NOT NULL",
        &["name", "scope", "created_us", "expires_us"],
    ),
    (
        "通知地址",
        "SELECT email, user_id FROM person_contact WHERE person_id = $1 AND CAST($2 AS BIGINT) IS NOT NULL",
        &["email", "user_id"],
    ),
    (
        "每日摘要",
        "SELECT day, body FROM digest WHERE person_id = $1 AND CAST($2 AS BIGINT) IS NOT NULL",
        &["day", "body"],
    ),
    (
        "自学计划",
        "SELECT due_day, what FROM study_plan WHERE person_id = $1 AND CAST($2 AS BIGINT) IS NOT NULL",
        &["due_day", "what"],
    ),
    (
        "自学时长",
        "SELECT day, what, duration_minutes FROM study_hours WHERE person_id = $1 AND CAST($2 AS BIGINT) IS NOT NULL",
        &["day", "what", "minutes"],
    ),
    (
        "常用筛选",
        "SELECT name, query FROM saved_view WHERE person_id = $1 AND CAST($2 AS BIGINT) IS NOT NULL",
        &["name", "query"],
    ),
];

/// Kinds of rows on a person with their rows; `stays` tells what a person did from what goes with the account.
///
/// # Errors
/// Faults of the database.
pub fn rows(
    conn: &mut Conn,
    person: PersonId,
    account: Option<AccountId>,
    stays: bool,
) -> Result<Vec<(&'static str, Vec<Value>)>, Fault> {
    let kinds: &[Kind] = if stays { &DONE } else { &OWN };
    kinds
        .iter()
        .map(|(words, sql, names)| {
            let sql = format!("{sql} ORDER BY 1 LIMIT {ROWS_MAX}");
            let found = conn.rows(&sql, &vals![person.0, account.map_or(-1, |account| account.0)])?;
            let object = |row: &crate::Row| -> Result<Value, Fault> {
                let mut object = json!({});
                for (at, name) in names.iter().enumerate() {
                    object[*name] = match row.val(at)? {
                        crate::Val::Int(number) => json!(number),
                        crate::Val::Text(text) => json!(text),
                        _ => Value::Null,
                    };
                }
                Ok(object)
            };
            Ok((*words, found.iter().map(object).collect::<Result<_, _>>()?))
        })
        .collect()
}

/// How many rows of each kind there are.
///
/// # Errors
/// Faults of the database.
pub fn counts(
    conn: &mut Conn,
    person: PersonId,
    account: Option<AccountId>,
    stays: bool,
) -> Result<Vec<(&'static str, i64)>, Fault> {
    let kinds: &[Kind] = if stays { &DONE } else { &OWN };
    kinds
        .iter()
        .map(|(words, sql, _)| {
            let sql = format!("SELECT COUNT(*) FROM ({sql}) AS found");
            let row = conn.first(&sql, &vals![person.0, account.map_or(-1, |account| account.0)])?;
            Ok((*words, row.map_or(Ok(0), |row| row.int(0))?))
        })
        .collect()
}

/// Rows of a person that hold personal values: table and number of each. What was written of them in the past stands
/// beside the journal.
///
/// # Errors
/// Faults of the database.
pub fn personal_rows(
    conn: &mut Conn,
    person: PersonId,
    account: Option<AccountId>,
) -> Result<Vec<(&'static str, i64)>, Fault> {
    let mut rows = vec![("person", person.0)];
    if let Some(account) = account {
        rows.push(("account", account.0));
        rows.extend(crate::account::tokens(conn, account)?.iter().map(|token| ("api_token", token.id)));
    }
    rows.extend(crate::ledger::saved_views(conn, person)?.iter().map(|view| ("saved_view", view.id)));
    Ok(rows)
}

/// Rows that are only about the person and go with them, as writes: contact, digests, own study plan and hours, filters.
///
/// # Errors
/// Faults of the database.
pub fn own_rows(conn: &mut Conn, person: PersonId) -> Result<Vec<Write>, Fault> {
    fn of<T: Record>(conn: &mut Conn, person: PersonId, writes: &mut Vec<Write>) -> Result<(), Fault> {
        let rows = T::load(conn, "WHERE person_id = $1", &vals![person.0])?;
        writes.extend(rows.iter().map(Write::delete));
        Ok(())
    }
    let mut writes = Vec::new();
    of::<PersonContact>(conn, person, &mut writes)?;
    of::<Digest>(conn, person, &mut writes)?;
    of::<PlanLine>(conn, person, &mut writes)?;
    of::<OwnHours>(conn, person, &mut writes)?;
    of::<SavedView>(conn, person, &mut writes)?;
    Ok(writes)
}

/// Entries beside which personal values of these rows are kept, or of tokens and filters that the person once had.
///
/// # Errors
/// Faults of the database.
pub fn entries_with_personal(
    conn: &mut Conn,
    person: PersonId,
    rows: &[(&'static str, i64)],
) -> Result<Vec<i64>, Fault> {
    let mut found = Vec::new();
    let sql = "SELECT e.seq, e.body, e.person_id FROM entry_personal p JOIN entry e ON e.seq = p.seq ORDER BY e.seq";
    conn.each(sql, &[], &mut |row| {
        let body: Value = serde_json::from_str(row.str(1)?)
            .map_err(|error| Fault::corrupt(format!("the body of an entry: {error}")))?;
        let changes = body["rows"].as_array().map_or(&[][..], Vec::as_slice);
        let own = row.opt_int(2)? == Some(person.0);
        let theirs = |change: &Value| {
            rows.iter().any(|(table, id)| change["table"] == *table && change["key"]["id"] == *id)
                || OF_PERSON
                    .iter()
                    .any(|table| change["table"] == *table && change["key"]["person_id"] == person.0)
                || (own && OWN_TABLES.iter().any(|table| change["table"] == *table))
        };
        if changes.iter().any(theirs) {
            found.push(i64::from_val(row.val(0)?)?);
        }
        Ok(())
    })?;
    Ok(found)
}

/// Takes away the running state of an account: lock, second factor, earlier passwords, sessions.
///
/// # Errors
/// Faults of the database.
pub fn remove_running_state(conn: &mut Conn, account: AccountId) -> Result<(), Fault> {
    conn.exec("DELETE FROM account_guard WHERE account_id = $1", &vals![account.0])?;
    crate::account::end_sessions(conn, account, "")?;
    Ok(())
}
