//! Rows as they stood after an entry: what later entries wrote is taken back, for their bodies hold every column before
//! and after. For small things that keep no history of their own.

use crate::record::Record;
use crate::{Conn, Fault, Row, Val, vals};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The rows of some subjects as they stood after entry `seq`, by number. `rows` are all that there are now; of what was
/// written since, only entries about these subjects are looked at.
///
/// # Errors
/// Faults of the database, a body that cannot be read.
pub fn rows_then<T: Record>(
    conn: &mut Conn,
    rows: Vec<T>,
    (kind, ids): (&str, &[i64]),
    seq: i64,
) -> Result<Vec<T>, Fault> {
    let key = T::COLUMNS.iter().position(|column| *column == T::KEY[0]).unwrap_or(0);
    let number = |vals: &[Val]| if let Some(Val::Int(number)) = vals.get(key) { *number } else { 0 };
    let mut then: BTreeMap<i64, Vec<Val>> =
        rows.iter().map(T::values).map(|vals| (number(&vals), vals)).collect();
    let list = serde_json::json!(ids).to_string();
    let sql = "SELECT body FROM entry WHERE subject_kind = $1 \
         AND subject_id IN (SELECT CAST(value AS BIGINT) FROM json_each($2)) AND seq > $3 AND body LIKE $4 \
         ORDER BY seq DESC";
    let args = vals![kind, list, seq, format!("%\"table\":\"{}\"%", T::TABLE)];
    conn.each(sql, &args, &mut |row| {
        let body: Value = serde_json::from_str(row.str(0)?).map_err(|e| Fault::corrupt(e.to_string()))?;
        let changes = body.get("rows").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        for change in changes.iter().rev().filter(|change| change["table"] == T::TABLE) {
            take_back::<T>(&mut then, change);
        }
        Ok(())
    })?;
    let names: Arc<[String]> = T::COLUMNS.iter().map(|column| (*column).to_owned()).collect();
    then.into_values().map(|vals| T::from_row(&Row::new(Arc::clone(&names), vals), 0)).collect()
}

fn take_back<T: Record>(then: &mut BTreeMap<i64, Vec<Val>>, change: &Value) {
    let Some(id) = change["key"][T::KEY[0]].as_i64() else { return };
    let nothing = Map::new();
    let set = change["set"].as_object().unwrap_or(&nothing);
    let at = |name: &str| T::COLUMNS.iter().position(|column| *column == name);
    match change["op"].as_str() {
        Some("insert") => {
            then.remove(&id);
        }
        Some("delete") => {
            let was = T::COLUMNS.iter().map(|column| set.get(*column).map_or(Val::Null, val_of));
            then.insert(id, was.collect());
        }
        _ => {
            let Some(vals) = then.get_mut(&id) else { return };
            for (name, pair) in set {
                if let Some(at) = at(name) {
                    vals[at] = val_of(&pair[0]);
                }
            }
        }
    }
}

fn val_of(value: &Value) -> Val {
    match value {
        Value::String(text) => Val::Text(text.clone()),
        Value::Number(number) => {
            number.as_i64().map(Val::Int).unwrap_or_else(|| Val::Real(number.as_f64().unwrap_or_default()))
        }
        Value::Bool(flag) => Val::Int(i64::from(*flag)),
        _ => Val::Null,
    }
}
