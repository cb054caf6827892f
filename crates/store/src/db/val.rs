//! One value of a parameter or a result column, the same on both engines.

use crate::fault::Fault;

/// A value as both engines keep it. Booleans are 0 and 1; times, days and money are integers.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Val {
    /// No value.
    #[default]
    Null,
    /// A 64-bit integer (BIGINT).
    Int(i64),
    /// A floating-point number (DOUBLE PRECISION). Must be finite: SQLite would keep NaN as NULL.
    Real(f64),
    /// Text without a NUL character: PostgreSQL cannot keep one.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl Val {
    /// The name of the type, for messages.
    pub fn type_name(&self) -> &'static str {
        match self {
            Val::Null => "null",
            Val::Int(_) => "integer",
            Val::Real(_) => "real",
            Val::Text(_) => "text",
            Val::Bytes(_) => "bytes",
        }
    }

    /// Refuses what only one engine would keep, so that both behave alike.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        match self {
            Val::Real(x) if !x.is_finite() => Err("a real number is not finite"),
            Val::Text(t) if t.as_bytes().contains(&0) => Err("a text holds a NUL character"),
            _ => Ok(()),
        }
    }
}

macro_rules! from_integer {
    ($($t:ty),*) => {$(
        impl From<$t> for Val {
            fn from(v: $t) -> Val {
                Val::Int(i64::from(v))
            }
        }
    )*};
}
from_integer!(i64, i32, i16, i8, u32, u16, u8, bool);

impl From<f64> for Val {
    fn from(v: f64) -> Val {
        Val::Real(v)
    }
}
impl From<&str> for Val {
    fn from(v: &str) -> Val {
        Val::Text(v.to_owned())
    }
}
impl From<&String> for Val {
    fn from(v: &String) -> Val {
        Val::Text(v.clone())
    }
}
impl From<String> for Val {
    fn from(v: String) -> Val {
        Val::Text(v)
    }
}
impl From<std::borrow::Cow<'_, str>> for Val {
    fn from(v: std::borrow::Cow<'_, str>) -> Val {
        Val::Text(v.into_owned())
    }
}
impl From<Vec<u8>> for Val {
    fn from(v: Vec<u8>) -> Val {
        Val::Bytes(v)
    }
}
impl From<&[u8]> for Val {
    fn from(v: &[u8]) -> Val {
        Val::Bytes(v.to_vec())
    }
}
impl<const N: usize> From<[u8; N]> for Val {
    fn from(v: [u8; N]) -> Val {
        Val::Bytes(v.to_vec())
    }
}
impl<const N: usize> From<&[u8; N]> for Val {
    fn from(v: &[u8; N]) -> Val {
        Val::Bytes(v.to_vec())
    }
}
impl From<&Val> for Val {
    fn from(v: &Val) -> Val {
        v.clone()
    }
}
impl<T> From<Option<T>> for Val
where
    Val: From<T>,
{
    fn from(v: Option<T>) -> Val {
        v.map_or(Val::Null, Val::from)
    }
}

/// Parameters of a statement: `conn.exec(sql, &vals![id, name, None::<i64>])`.
#[macro_export]
macro_rules! vals {
    ($($value:expr),* $(,)?) => {
        [$($crate::db::Val::from($value)),*]
    };
}

/// One row of a result. Columns are read by number from 0, or by name.
#[derive(Clone, Debug)]
pub struct Row {
    names: std::sync::Arc<[String]>,
    vals: Vec<Val>,
}

impl Row {
    pub(crate) fn new(names: std::sync::Arc<[String]>, vals: Vec<Val>) -> Row {
        Row { names, vals }
    }

    /// How many columns the row has.
    pub fn len(&self) -> usize {
        self.vals.len()
    }

    /// Whether the row has no column.
    pub fn is_empty(&self) -> bool {
        self.vals.is_empty()
    }

    /// The names of the columns, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The values, in order.
    pub fn into_vals(self) -> Vec<Val> {
        self.vals
    }

    /// The value of column `i`.
    pub fn val(&self, i: usize) -> Result<&Val, Fault> {
        self.vals.get(i).ok_or_else(|| Fault::ColumnType {
            column: i.to_string(),
            wanted: "a value",
            found: "no such column",
        })
    }

    /// The value of the column with this name.
    pub fn at(&self, name: &str) -> Result<&Val, Fault> {
        let found = self.names.iter().position(|n| n == name).and_then(|i| self.vals.get(i));
        found.ok_or_else(|| Fault::ColumnType {
            column: name.to_owned(),
            wanted: "a value",
            found: "no such column",
        })
    }

    /// An integer; null is a fault.
    pub fn int(&self, i: usize) -> Result<i64, Fault> {
        match self.val(i)? {
            Val::Int(v) => Ok(*v),
            other => Err(self.wrong(i, "an integer", other)),
        }
    }

    /// An integer or null.
    pub fn opt_int(&self, i: usize) -> Result<Option<i64>, Fault> {
        match self.val(i)? {
            Val::Null => Ok(None),
            _ => self.int(i).map(Some),
        }
    }

    /// A real number; an integer is taken as one. Null is a fault.
    pub fn real(&self, i: usize) -> Result<f64, Fault> {
        match self.val(i)? {
            Val::Real(v) => Ok(*v),
            Val::Int(v) => Ok(*v as f64),
            other => Err(self.wrong(i, "a real number", other)),
        }
    }

    /// A real number or null.
    pub fn opt_real(&self, i: usize) -> Result<Option<f64>, Fault> {
        match self.val(i)? {
            Val::Null => Ok(None),
            _ => self.real(i).map(Some),
        }
    }

    /// A text, copied; null is a fault.
    pub fn text(&self, i: usize) -> Result<String, Fault> {
        self.str(i).map(str::to_owned)
    }

    /// A text, borrowed; null is a fault.
    pub fn str(&self, i: usize) -> Result<&str, Fault> {
        match self.val(i)? {
            Val::Text(v) => Ok(v),
            other => Err(self.wrong(i, "a text", other)),
        }
    }

    /// A text or null, copied.
    pub fn opt_text(&self, i: usize) -> Result<Option<String>, Fault> {
        match self.val(i)? {
            Val::Null => Ok(None),
            _ => self.text(i).map(Some),
        }
    }

    /// Bytes, copied; null is a fault.
    pub fn bytes(&self, i: usize) -> Result<Vec<u8>, Fault> {
        match self.val(i)? {
            Val::Bytes(v) => Ok(v.clone()),
            other => Err(self.wrong(i, "bytes", other)),
        }
    }

    /// Bytes or null, copied.
    pub fn opt_bytes(&self, i: usize) -> Result<Option<Vec<u8>>, Fault> {
        match self.val(i)? {
            Val::Null => Ok(None),
            _ => self.bytes(i).map(Some),
        }
    }

    /// A yes or no kept as 1 or 0; any other number is a fault.
    pub fn flag(&self, i: usize) -> Result<bool, Fault> {
        match self.int(i)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.wrong(i, "0 or 1", &Val::Int(0))),
        }
    }

    fn wrong(&self, i: usize, wanted: &'static str, found: &Val) -> Fault {
        let column = match self.names.get(i) {
            Some(name) => format!("{i} ({name})"),
            None => i.to_string(),
        };
        Fault::ColumnType { column, wanted, found: found.type_name() }
    }
}
