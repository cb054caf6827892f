//! The door to the database, tested hard: it is our own.

mod dialect;
mod faults;
mod migrating;
mod reading;
mod tls;
mod values;
mod writing;

use bihuan_store::db::Db;
use bihuan_store::fault::Fault;
use bihuan_store::vals;

/// A table with a column of each kind.
fn table(db: &Db) {
    let script = bihuan_store::dialect::ddl(
        "CREATE TABLE note (id {PK}, body TEXT, raw {BLOB}, share {REAL}, amount BIGINT, UNIQUE (body)) {STRICT};",
        db.engine(),
    )
    .unwrap();
    db.write(move |c| c.batch(&script)).unwrap();
}

fn add(db: &Db, id: i64) -> Result<u64, Fault> {
    db.write(move |c| c.exec("INSERT INTO note (id, body) VALUES ($1, $2)", &vals![id, format!("第{id}条")]))
}

fn ids(db: &Db) -> Vec<i64> {
    let rows = db.read(|c| c.rows("SELECT id FROM note ORDER BY id", &[])).unwrap();
    rows.iter().map(|r| r.int(0).unwrap()).collect()
}
