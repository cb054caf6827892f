//! What can break in the store. A `Fault` is never a rule of the office saying no (that is a `Refusal` of the
//! domain): it is a broken connection, a full disk, a statement that does not run.

use std::sync::Arc;

use rusqlite::ErrorCode;
use tokio_postgres::error::SqlState;

/// The error of the engine underneath, kept as the source of a [`Fault`].
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// From SQLite.
    #[error("SQLite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// From PostgreSQL. The crate's own text is only "db error", so the server's message is added.
    #[error("PostgreSQL: {}", postgres_message(.0))]
    Postgres(#[from] tokio_postgres::Error),
}

/// Something broke. Cheap to clone, because one failed commit is told to many callers.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// A statement failed, for a reason that has no variant of its own.
    #[error("statement failed: {statement}: {source}")]
    Sql {
        /// The statement, cut to [`STATEMENT_SHOWN_CHARS`] characters; never its values.
        statement: String,
        /// What the engine said.
        source: Arc<EngineError>,
    },
    /// Another process holds the lock, the queue or the pool is full, or a time limit passed. Trying again may help.
    #[error("database is busy: {what}")]
    Busy {
        /// What was waited for, and for how long.
        what: String,
        /// What the engine said, when it was the engine.
        source: Option<Arc<EngineError>>,
    },
    /// There is no room left for the write. Nothing of it was kept.
    #[error("disk is full: {source}")]
    DiskFull {
        /// What the engine said.
        source: Arc<EngineError>,
    },
    /// The connection to the server could not be made or broke before the commit was sent: nothing was kept.
    #[error("connection to the database failed: {what}")]
    Connection {
        /// What was being done.
        what: String,
        /// What the engine said.
        source: Option<Arc<EngineError>>,
    },
    /// The connection broke while the commit was under way: the write may or may not have been kept.
    #[error("connection broke during the commit; the write may or may not have been kept")]
    InDoubt {
        /// What the engine said.
        source: Arc<EngineError>,
    },
    /// A closure panicked; its changes were rolled back.
    #[error("a database closure panicked: {message}")]
    Panicked {
        /// The panic message.
        message: String,
    },
    /// The database, or what the store wrote in it, is damaged.
    #[error("database is damaged: {what}")]
    Corrupt {
        /// What was found.
        what: String,
        /// What the engine said, when it was the engine.
        source: Option<Arc<EngineError>>,
    },
    /// A result column does not hold what the code reads from it.
    #[error("column {column} holds {found}, {wanted} was wanted")]
    ColumnType {
        /// Name or number of the column.
        column: String,
        /// The type asked for.
        wanted: &'static str,
        /// The type found.
        found: &'static str,
    },
    /// A parameter cannot be given to the statement: wrong number, wrong type, or a value no engine can keep.
    #[error("bad parameter: {what} in: {statement}")]
    Argument {
        /// What is wrong.
        what: String,
        /// The statement, cut to [`STATEMENT_SHOWN_CHARS`] characters.
        statement: String,
    },
    /// The database was closed, or its writer has ended.
    #[error("the database is closed")]
    Closed,
    /// The settings name a database that cannot be used.
    #[error("bad database setting: {what}")]
    BadConfig {
        /// What is wrong and what to do.
        what: String,
        /// What the engine said, when it was the engine.
        source: Option<Arc<EngineError>>,
    },
    /// `read` or `write` was called from inside a closure of the same database: it would wait for itself.
    #[error("read or write was called from inside a closure of the same database")]
    Nested,
    /// The closure went on after a failed statement. PostgreSQL cannot keep such a transaction, so neither engine does.
    #[error("the closure went on after a failed statement: {source}")]
    Poisoned {
        /// The first failure.
        source: Box<Fault>,
    },
    /// The store was called in a way that can never work.
    #[error("the store was misused: {what}")]
    Misuse {
        /// What was done.
        what: String,
    },
    /// The schema and the program do not fit each other.
    #[error("{what}")]
    Migration {
        /// A whole sentence that says what to do.
        what: String,
    },
    /// A file beside the database could not be read or written.
    #[error("{what}: {source}")]
    Io {
        /// What was being done.
        what: String,
        /// What the system said.
        source: Arc<std::io::Error>,
    },
}

/// How much of a statement a fault shows, in characters.
pub const STATEMENT_SHOWN_CHARS: usize = 300;

impl Fault {
    /// The store found something in the database that it never writes.
    pub fn corrupt(what: impl Into<String>) -> Fault {
        Fault::Corrupt { what: what.into(), source: None }
    }

    /// A caller's mistake that no retry will mend.
    pub fn misuse(what: impl Into<String>) -> Fault {
        Fault::Misuse { what: what.into() }
    }

    /// A file beside the database failed.
    pub fn io(what: impl Into<String>, source: std::io::Error) -> Fault {
        let source = Arc::new(source);
        Fault::Io { what: what.into(), source }
    }

    /// Two rows would share a key that must be unique.
    pub fn is_unique_violation(&self) -> bool {
        match self.engine_error() {
            Some(EngineError::Sqlite(rusqlite::Error::SqliteFailure(e, _))) => {
                matches!(
                    e.extended_code,
                    rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE
                        | rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY
                        | rusqlite::ffi::SQLITE_CONSTRAINT_ROWID
                )
            }
            Some(EngineError::Postgres(e)) => e.code() == Some(&SqlState::UNIQUE_VIOLATION),
            _ => false,
        }
    }

    /// Any constraint of the schema refused the row: unique, foreign key, check, not null.
    pub fn is_constraint_violation(&self) -> bool {
        match self.engine_error() {
            Some(EngineError::Sqlite(rusqlite::Error::SqliteFailure(e, _))) => {
                e.code == ErrorCode::ConstraintViolation
            }
            Some(EngineError::Postgres(e)) => e.code().is_some_and(|c| c.code().starts_with("23")),
            _ => false,
        }
    }

    /// The connection is gone; a new call will open another.
    pub fn is_connection(&self) -> bool {
        matches!(self.root(), Fault::Connection { .. } | Fault::InDoubt { .. })
    }

    /// Trying again later may help.
    pub fn is_busy(&self) -> bool {
        matches!(self.root(), Fault::Busy { .. })
    }

    /// There was no room on the disk.
    pub fn is_disk_full(&self) -> bool {
        matches!(self.root(), Fault::DiskFull { .. })
    }

    /// The first failure under any [`Fault::Poisoned`].
    fn root(&self) -> &Fault {
        match self {
            Fault::Poisoned { source } => source.root(),
            other => other,
        }
    }

    fn engine_error(&self) -> Option<&EngineError> {
        match self.root() {
            Fault::Sql { source, .. } | Fault::DiskFull { source } | Fault::InDoubt { source } => {
                Some(source)
            }
            Fault::Busy { source, .. }
            | Fault::Connection { source, .. }
            | Fault::Corrupt { source, .. }
            | Fault::BadConfig { source, .. } => source.as_deref(),
            _ => None,
        }
    }

    /// Names a SQLite error that came from `statement`.
    pub(crate) fn from_sqlite(statement: &str, error: rusqlite::Error) -> Fault {
        let code = error.sqlite_error_code();
        let text = error.to_string();
        let source = Arc::new(EngineError::Sqlite(error));
        match code {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Fault::Busy {
                what: "another process holds the lock of the database file".to_owned(),
                source: Some(source),
            },
            Some(ErrorCode::DiskFull) => Fault::DiskFull { source },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Fault::Corrupt { what: text, source: Some(source) }
            }
            _ => Fault::Sql { statement: shown(statement), source },
        }
    }

    /// Names a PostgreSQL error that came from `statement`.
    pub(crate) fn from_postgres(statement: &str, error: tokio_postgres::Error) -> Fault {
        let class = classify(&error);
        let text = postgres_message(&error);
        let source = Arc::new(EngineError::Postgres(error));
        match class {
            Class::Connection => Fault::Connection { what: text, source: Some(source) },
            Class::Busy => Fault::Busy { what: text, source: Some(source) },
            Class::DiskFull => Fault::DiskFull { source },
            Class::Corrupt => Fault::Corrupt { what: text, source: Some(source) },
            Class::Parameter => Fault::Argument { what: text, statement: shown(statement) },
            Class::Other => Fault::Sql { statement: shown(statement), source },
        }
    }
}

enum Class {
    Connection,
    Busy,
    DiskFull,
    Corrupt,
    Parameter,
    Other,
}

fn classify(error: &tokio_postgres::Error) -> Class {
    let Some(code) = error.code() else {
        let io = std::error::Error::source(error).is_some_and(|s| s.is::<std::io::Error>());
        let parameter = error.to_string().starts_with("error serializing parameter");
        return match (error.is_closed() || io, parameter) {
            (_, true) => Class::Parameter,
            (true, _) => Class::Connection,
            _ => Class::Other,
        };
    };
    match code.code() {
        // Too many connections, connection exceptions, the server going down or not yet up.
        "53300" | "57P01" | "57P02" | "57P03" | "57P05" => Class::Connection,
        c if c.starts_with("08") => Class::Connection,
        "53100" => Class::DiskFull,
        // Lock not available, statement timeout, serialization failure, deadlock.
        "55P03" | "57014" | "40001" | "40P01" => Class::Busy,
        "XX001" | "XX002" => Class::Corrupt,
        _ => Class::Other,
    }
}

/// The server's message with its code and detail, or the driver's message with its cause.
fn postgres_message(error: &tokio_postgres::Error) -> String {
    if let Some(db) = error.as_db_error() {
        let detail = db.detail().map(|d| format!(" ({d})")).unwrap_or_default();
        return format!("{}{detail} [{}]", db.message(), db.code().code());
    }
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

/// The statement in one line, cut.
pub(crate) fn shown(statement: &str) -> String {
    let line = statement.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(STATEMENT_SHOWN_CHARS) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line,
    }
}
