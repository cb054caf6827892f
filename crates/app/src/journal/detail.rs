//! What one entry changed, row by row, in words.

use super::{EntryLine, Names, line, words};
use crate::{App, Error};
use bihuan_domain::campaign::Campaign;
use bihuan_domain::template::Template;
use bihuan_domain::{Day, Instant};
use bihuan_store::journal::{self, Entry};
use bihuan_store::{Conn, Fault};
use serde_json::{Map, Value};
use std::sync::Arc;

/// The subject whose personal values nobody reads here.
const RESTRICTED_KIND: &str = "talk";
/// Characters of a value that are shown; the export has all of it.
pub const VALUE_CHARS_SHOWN: usize = 2_000;

/// One entry on its page.
#[derive(Clone, Debug)]
pub struct EntryDetail {
    /// The entry in words.
    pub line: EntryLine,
    /// Rows it wrote.
    pub rows: Vec<RowView>,
    /// Further facts: name and value.
    pub facts: Vec<(String, String)>,
    /// Personal data was erased since.
    pub erased: bool,
}

/// One written row.
#[derive(Clone, Debug)]
pub struct RowView {
    /// What kind of record.
    pub table: String,
    /// New, changed or gone.
    pub op: &'static str,
    /// Which record.
    pub key: String,
    /// Its columns.
    pub changes: Vec<ChangeView>,
}

/// One column before and after; empty where there was nothing.
#[derive(Clone, Debug)]
pub struct ChangeView {
    /// The column in words.
    pub label: String,
    /// Before.
    pub before: String,
    /// After.
    pub after: String,
}

/// What turns stored values into words.
struct Reader<'a> {
    conn: &'a mut Conn,
    /// The lists of the campaign it concerns.
    template: Option<Arc<Template>>,
    names: Names,
    personal: Option<Vec<Value>>,
    erased: bool,
}

pub(super) fn of(app: &App, conn: &mut Conn, entry: Entry) -> Result<EntryDetail, Error> {
    let template = template_of(app, conn, &entry)?;
    let body: Value = serde_json::from_str(&entry.body)
        .map_err(|error| Fault::corrupt(format!("body of entry {}: {error}", entry.seq)))?;
    let mut personal = journal::personal(conn, entry.seq)?;
    if entry.subject_kind == RESTRICTED_KIND {
        // That the record exists is the journal's business; what it says is only for those it names.
        personal = personal.map(|kept| kept.iter().map(|_| Value::from("（限知悉人员）")).collect());
    }
    let mut names = Names::default();
    let line = line(conn, &mut names, entry)?;
    let mut reader = Reader { conn, template, names, personal, erased: false };
    let mut rows = Vec::new();
    for row in body["rows"].as_array().map(Vec::as_slice).unwrap_or_default() {
        rows.push(reader.row(row)?);
    }
    let facts = match &body["detail"] {
        Value::Object(facts) => facts
            .iter()
            .filter(|(_, value)| !value.is_null() && *value != "" && *value != false)
            .map(|(name, value)| (words::fact(name).to_owned(), plain(value)))
            .collect(),
        _ => Vec::new(),
    };
    Ok(EntryDetail { line, rows, facts, erased: reader.erased })
}

/// What the entry's campaign calls its lists today; codes of a list never change their meaning.
fn template_of(app: &App, conn: &mut Conn, entry: &Entry) -> Result<Option<Arc<Template>>, Error> {
    let Some(id) = entry.campaign else { return Ok(None) };
    let campaign: Option<Campaign> = journal::by_id(conn, id.0)?;
    let campaign = campaign.filter(|campaign| !campaign.template_text.is_empty());
    campaign.map(|campaign| app.template(&campaign)).transpose()
}

impl Reader<'_> {
    fn row(&mut self, row: &Value) -> Result<RowView, Error> {
        let table = row["table"].as_str().unwrap_or_default();
        let op = row["op"].as_str().unwrap_or_default();
        let empty = Map::new();
        let mut changes = Vec::new();
        for (column, value) in row["set"].as_object().unwrap_or(&empty) {
            let (before, after) = match (op, value) {
                ("update", Value::Array(pair)) => (pair.first(), pair.get(1)),
                ("delete", value) => (Some(value), None),
                (_, value) => (None, Some(value)),
            };
            let before = self.value(table, column, before)?;
            let after = self.value(table, column, after)?;
            // A new row need not list what was left empty.
            if !(before.is_empty() && after.is_empty()) && column != "version" {
                changes.push(ChangeView { label: words::column(table, column).to_owned(), before, after });
            }
        }
        let mut key = Vec::new();
        for (column, value) in row["key"].as_object().unwrap_or(&empty) {
            let value = self.value(table, column, Some(value))?;
            key.push(if column == "id" { format!("第 {value} 号") } else { value });
        }
        Ok(RowView {
            table: words::table(table).to_owned(), op: words::op(op), key: key.join("，"), changes
        })
    }

    fn value(&mut self, table: &str, column: &str, value: Option<&Value>) -> Result<String, Error> {
        let Some(value) = value else { return Ok(String::new()) };
        if let Some(at) = value["personal"].as_u64() {
            let kept = self.personal.as_ref().and_then(|kept| kept.get(usize::try_from(at).ok()?));
            self.erased |= kept.is_none();
            return Ok(kept.map_or_else(|| "（个人信息，已删除）".to_owned(), plain));
        }
        if value["secret"] == true {
            return Ok("（密文，不显示）".to_owned());
        }
        if let Some(number) = value.as_i64() {
            return Ok(self.number(table, column, number)?);
        }
        Ok(match value.as_str() {
            Some(code) => self.coded(table, column, code).unwrap_or_else(|| plain(value)),
            None => plain(value),
        })
    }

    fn coded(&self, table: &str, column: &str, code: &str) -> Option<String> {
        let of_template = || words::in_template(self.template.as_deref()?, table, column, code);
        words::coded(table, column, code).map(str::to_owned).or_else(of_template)
    }

    fn number(&mut self, table: &str, column: &str, number: i64) -> Result<String, Fault> {
        if table == "role_grant" && column == "unit_id" && number == 0 {
            return Ok("全系统".to_owned());
        }
        if let Some(kind) = words::named(table, column) {
            return self.names.get(self.conn, kind, number);
        }
        if words::is_flag(column) {
            return Ok(if number == 0 { "否" } else { "是" }.to_owned());
        }
        if column.ends_with("_day") || column == "day" {
            let day = i32::try_from(number).ok().and_then(Day::from_days);
            return Ok(day.map_or_else(|| number.to_string(), Day::in_chinese));
        }
        if column.ends_with("_us") || column.ends_with("_at") {
            return Ok(Instant::from_micros(number).in_chinese());
        }
        Ok(number.to_string())
    }
}

fn plain(value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match text.char_indices().nth(VALUE_CHARS_SHOWN) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text,
    }
}
