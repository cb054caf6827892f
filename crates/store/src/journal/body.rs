//! The body of an entry: which rows were written, each column before and after. The format is a contract of the
//! store, versioned, and independent of the domain types.

use crate::{Fault, Val};
use serde_json::{Map, Value, json};

/// Version of the body's format.
pub const BODY_VERSION: i64 = 1;

/// What happened to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowOp {
    /// The row is new: `set` holds its values.
    Insert,
    /// The row was changed: `set` holds `[before, after]` of the changed columns.
    Update,
    /// The row is gone: `set` holds its last values.
    Delete,
}

impl RowOp {
    fn code(self) -> &'static str {
        match self {
            RowOp::Insert => "insert",
            RowOp::Update => "update",
            RowOp::Delete => "delete",
        }
    }
}

/// One written row.
#[derive(Clone, Debug)]
pub struct RowChange {
    /// Table.
    pub table: &'static str,
    /// What happened.
    pub op: RowOp,
    /// Columns and values of the key.
    pub key: Vec<(&'static str, Val)>,
    /// Changed columns: name, before, after.
    pub set: Vec<(&'static str, Val, Val)>,
    /// Columns with personal data.
    pub personal: &'static [&'static str],
}

/// The body of an entry.
#[derive(Clone, Debug)]
pub struct Body {
    /// Further facts of the command.
    pub detail: Value,
    /// The rows it wrote.
    pub changes: Vec<RowChange>,
}

impl Body {
    /// The JSON text, and the personal values that it only points at (`{"personal": index}`).
    ///
    /// # Errors
    /// A fault when the JSON cannot be written.
    pub fn encode(self) -> Result<(String, Vec<Value>), Fault> {
        let mut personal = Vec::new();
        let changes: Vec<Value> =
            self.changes.iter().map(|change| encode_change(change, &mut personal)).collect();
        let mut body = Map::new();
        if !self.detail.is_null() {
            body.insert("detail".to_owned(), self.detail);
        }
        if !changes.is_empty() {
            body.insert("rows".to_owned(), Value::Array(changes));
        }
        Ok((Value::Object(body).to_string(), personal))
    }
}

fn encode_change(change: &RowChange, personal: &mut Vec<Value>) -> Value {
    let key: Map<String, Value> =
        change.key.iter().map(|(name, val)| ((*name).to_owned(), plain(val))).collect();
    let mut set = Map::new();
    for (name, before, after) in &change.set {
        let mut hide = |val: &Val| hidden(change.personal, name, val, personal);
        let value = match change.op {
            RowOp::Update => json!([hide(before), hide(after)]),
            RowOp::Insert => hide(after),
            RowOp::Delete => hide(before),
        };
        set.insert((*name).to_owned(), value);
    }
    json!({ "table": change.table, "op": change.op.code(), "key": key, "set": set })
}

/// Secrets never enter the journal; personal values go beside it.
fn hidden(personal_columns: &[&str], column: &str, val: &Val, personal: &mut Vec<Value>) -> Value {
    if column == "password_hash" {
        return json!({ "secret": true });
    }
    if personal_columns.contains(&column) && *val != Val::Null {
        personal.push(plain(val));
        return json!({ "personal": personal.len() - 1 });
    }
    plain(val)
}

fn plain(val: &Val) -> Value {
    match val {
        Val::Null => Value::Null,
        Val::Int(number) => json!(number),
        Val::Real(number) => json!(number),
        Val::Text(text) => json!(text),
        Val::Bytes(bytes) => json!({ "bytes": bytes.len() }),
    }
}
