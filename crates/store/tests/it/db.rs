//! The door to the database, tested hard: it is our own.

use std::sync::mpsc;
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use bihuan_store::db::{Conn, Db, DbOptions, Engine, Target, Val};
use bihuan_store::fault::Fault;
use bihuan_store::{dialect, vals};
use bihuan_testkit::{TestDb, engines, on_each_empty_engine};

fn table(db: &Db) {
    let script = dialect::ddl(
        "CREATE TABLE note (id {PK}, body TEXT, raw {BLOB}, share {REAL}, UNIQUE (body)) {STRICT};",
        db.engine(),
    );
    let script = script.unwrap();
    db.write(move |c| c.batch(&script)).unwrap();
}

fn add(db: &Db, id: i64) -> Result<u64, Fault> {
    db.write(move |c| c.exec("INSERT INTO note (id, body) VALUES ($1, $2)", &vals![id, format!("第{id}条")]))
}

fn count(db: &Db) -> i64 {
    db.read(|c| c.first("SELECT COUNT(*) FROM note", &[])?.unwrap().int(0)).unwrap()
}

fn ids(db: &Db) -> Vec<i64> {
    let rows = db.read(|c| c.rows("SELECT id FROM note ORDER BY id", &[])).unwrap();
    rows.iter().map(|r| r.int(0).unwrap()).collect()
}

#[test]
fn a_written_row_is_read_back() {
    on_each_empty_engine(|t| {
        table(&t.db);
        add(&t.db, 7).unwrap();
        assert_eq!(ids(&t.db), [7]);
    });
}
