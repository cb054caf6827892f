//! Brings the schema to what this program needs: numbered scripts, written once for both engines, each applied in a
//! transaction of its own and recorded with its digest.

use sha2::{Digest, Sha256};

use crate::db::{Conn, Db, Engine};
use crate::dialect;
use crate::fault::Fault;
use crate::vals;

/// One step of the schema. A script that was released is never altered: add another.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// From 1, without gaps.
    pub number: i64,
    /// What the step is about: the file is `NNNN_name.sql`.
    pub name: &'static str,
    /// DDL with the placeholders of [`dialect::ddl`].
    pub script: &'static str,
}

impl Migration {
    /// Digest of the script, the same on both engines and for both kinds of line ends.
    fn digest(&self) -> String {
        let hash = Sha256::digest(self.script.replace("\r\n", "\n").as_bytes());
        crate::journal::hex(&hash)
    }
}

/// Embeds scripts of `crates/store/migrations`: `migrations![1 => "0001_house", …]`.
macro_rules! migrations {
    ($($number:literal => $file:literal),* $(,)?) => {
        &[$(Migration {
            number: $number,
            name: $file,
            script: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/", $file, ".sql")),
        }),*]
    };
}

/// All steps of this program, in order. A new file in `migrations` is added here.
pub const MIGRATIONS: &[Migration] = migrations![
    1 => "0001_house",
    2 => "0002_actions",
    3 => "0003_tasks",
    4 => "0004_reports",
    5 => "0005_search",
    6 => "0006_slips",
    7 => "0007_inspections",
    8 => "0008_recent_cells",
    9 => "0009_past",
    10 => "0010_source_stamp",
    11 => "0011_requirements",
    12 => "0012_search_pages",
];

/// Applies the steps of this program that the database lacks. Answers how many were applied.
///
/// # Errors
/// `Migration` when the database is newer than the program or an applied script was altered; the fault of a failing
/// script, which leaves the steps before it applied and itself undone.
pub fn migrate(db: &Db) -> Result<usize, Fault> {
    migrate_with(db, MIGRATIONS)
}

/// Like [`migrate`], with steps given by the caller: for tests.
pub fn migrate_with(db: &Db, steps: &'static [Migration]) -> Result<usize, Fault> {
    for (step, expected) in steps.iter().zip(1..) {
        if step.number != expected {
            return Err(Fault::misuse(format!("migration {} stands at place {expected}", step.number)));
        }
    }
    let applied = db.write(move |conn| {
        dialect::lock_migrations(conn)?;
        dialect::prepare_database(conn)?;
        create_version_table(conn)?;
        check(conn, steps)
    })?;
    let mut count = 0;
    for step in steps.iter().filter(|s| s.number > applied) {
        if db.write(move |conn| apply(conn, steps, step))? {
            tracing::info!(number = step.number, name = step.name, "schema step applied");
            count += 1;
        }
    }
    Ok(count)
}

/// The number of the last applied step; 0 for an empty database.
pub fn schema_version(conn: &mut Conn) -> Result<i64, Fault> {
    let row = conn.first("SELECT COALESCE(MAX(number), 0) FROM schema_version", &[])?;
    row.ok_or_else(|| Fault::corrupt("the table schema_version gives no answer"))?.int(0)
}

fn create_version_table(conn: &mut Conn) -> Result<(), Fault> {
    let script = "CREATE TABLE IF NOT EXISTS schema_version (
        number {PK}, name TEXT NOT NULL, digest TEXT NOT NULL, applied_at_us BIGINT NOT NULL
    ) {STRICT};";
    let script = dialect::ddl(script, conn.engine())?;
    conn.batch(&script)
}

/// Compares what was applied with what this program brings; answers the last applied number.
fn check(conn: &mut Conn, steps: &[Migration]) -> Result<i64, Fault> {
    let applied = conn.rows("SELECT number, name, digest FROM schema_version ORDER BY number", &[])?;
    for row in &applied {
        let (number, name, digest) = (row.int(0)?, row.str(1)?, row.str(2)?);
        let Some(step) = steps.iter().find(|s| s.number == number) else {
            return Err(Fault::Migration {
                what: format!(
                    "数据库的结构版本是 {number}（{name}），比本程序所带的 {} 新。请换用新版本的 bihuan 程序；数据没有改动。",
                    steps.len()
                ),
            });
        };
        if step.digest() != digest {
            return Err(Fault::Migration {
                what: format!(
                    "第 {number} 号结构脚本（{name}）在执行之后被改过，与数据库记录不符。请换回原来的程序版本；数据没有改动。"
                ),
            });
        }
    }
    Ok(applied.len() as i64)
}

/// Applies one step, unless another process has done it meanwhile.
fn apply(conn: &mut Conn, steps: &[Migration], step: &Migration) -> Result<bool, Fault> {
    dialect::lock_migrations(conn)?;
    if check(conn, steps)? >= step.number {
        return Ok(false);
    }
    let script = dialect::ddl(step.script, conn.engine())?;
    conn.batch(&script)?;
    let now = dialect::now_us(conn.engine());
    let sql = format!(
        "INSERT INTO schema_version (number, name, digest, applied_at_us) VALUES ($1, $2, $3, {now})"
    );
    conn.exec(&sql, &vals![step.number, step.name, step.digest()])?;
    Ok(true)
}

/// The whole schema as one engine sees it: for tests and for reading.
pub fn schema(engine: Engine) -> Result<String, Fault> {
    MIGRATIONS.iter().map(|step| dialect::ddl(step.script, engine)).collect()
}
