//! The named differences.

use bihuan_store::db::{Db, DbOptions, Engine, Target};
use bihuan_store::dialect::{self, append_only, ddl};
use bihuan_store::fault::Fault;
use bihuan_store::vals;
use bihuan_testkit::{TestDb, on_each_empty_engine};

use super::{add, ids, table};

#[test]
fn placeholders_and_types_become_the_engine_s_own() {
    let script =
        "-- {NOT_ONE} BIGINT\nCREATE TABLE x (id {PK}, MY_BIGINT BIGINT, BIGINTS BIGINT, r {REAL}, b {BLOB},
        t {TEXT_C} DEFAULT '{}') {WITHOUT_ROWID};";
    assert_eq!(
        ddl(script, Engine::Sqlite).unwrap(),
        "CREATE TABLE x (id INTEGER NOT NULL PRIMARY KEY, MY_BIGINT INTEGER, BIGINTS INTEGER, r REAL, b BLOB,
        t TEXT DEFAULT '{}') STRICT, WITHOUT ROWID;\n"
    );
    assert_eq!(
        ddl(script, Engine::Postgres).unwrap(),
        "CREATE TABLE x (id BIGINT NOT NULL PRIMARY KEY, MY_BIGINT BIGINT, BIGINTS BIGINT, r DOUBLE PRECISION, b BYTEA,
        t TEXT COLLATE \"C\" DEFAULT '{}') ;\n"
    );
    assert!(matches!(ddl("{NOSUCH}", Engine::Sqlite), Err(Fault::Misuse { .. })));
    assert!(matches!(append_only("a; DROP", Engine::Sqlite), Err(Fault::Misuse { .. })));
    let deferrable = "CREATE TABLE x (y BIGINT REFERENCES z DEFERRABLE INITIALLY DEFERRED)";
    assert!(matches!(ddl(deferrable, Engine::Postgres), Err(Fault::Misuse { .. })));
}

#[test]
fn a_list_is_one_json_parameter() {
    on_each_empty_engine(|t| {
        t.db.write(dialect::prepare_database).unwrap();
        t.db.write(dialect::prepare_database).unwrap();
        table(&t.db);
        (1..=9).for_each(|id| assert_eq!(add(&t.db, id).unwrap(), 1));
        let sql =
            "SELECT id FROM note WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each($1)) ORDER BY id";
        let found = |list: &str| -> Vec<i64> {
            let rows = t.db.read(|c| c.rows(sql, &vals![list])).unwrap();
            rows.iter().map(|r| r.int(0).unwrap()).collect()
        };
        assert_eq!(found("[3, 5, 77]"), [3, 5]);
        assert!(found("[]").is_empty());
        let texts = "SELECT id FROM note WHERE body IN (SELECT value FROM json_each($1))";
        let row = t.db.read(|c| c.first(texts, &vals![r#"["第4条"]"#])).unwrap().unwrap();
        assert_eq!(row.int(0).unwrap(), 4);
        let places = "SELECT CAST(key AS BIGINT), CAST(value AS BIGINT) FROM json_each($1) ORDER BY 1";
        let rows = t.db.read(|c| c.rows(places, &vals!["[30, 20]"])).unwrap();
        assert_eq!(rows[1].clone().into_vals(), vals![1, 20]);
        let object = "SELECT key, CAST(value AS TEXT) FROM json_each($1)";
        let row = t.db.read(|c| c.first(object, &vals![r#"{"甲": 1}"#])).unwrap().unwrap();
        assert_eq!(row.into_vals(), vals!["甲", "1"]);
        let inside = "SELECT CAST(json_extract($1, '$.a[1]') AS BIGINT), json_extract($1, '$.b'), json_extract($1, '$.c')";
        let row = t.db.read(|c| c.first(inside, &vals![r#"{"a":[1,2],"b":"x"}"#])).unwrap().unwrap();
        assert_eq!(row.into_vals(), vals![2, "x", None::<i64>]);
    });
}

#[test]
fn an_append_only_table_refuses_every_change() {
    on_each_empty_engine(|t| {
        t.db.write(dialect::prepare_database).unwrap();
        table(&t.db);
        let triggers = append_only("note", t.engine()).unwrap();
        t.db.write(move |c| c.batch(&triggers)).unwrap();
        add(&t.db, 1).unwrap();
        let mut changes = vec![
            "UPDATE note SET amount = 1",
            "DELETE FROM note",
            "INSERT INTO note (id, body) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET body = excluded.body",
        ];
        changes.push(match t.engine() {
            Engine::Sqlite => "INSERT OR REPLACE INTO note (id, body) VALUES (1, 'x')",
            Engine::Postgres => "TRUNCATE note",
        });
        for sql in changes {
            let changed = t.db.write(move |c| c.exec(sql, &[])).unwrap_err();
            assert!(changed.to_string().contains("note is append-only"), "{sql}: {changed}");
            assert!(
                changed.is_constraint_violation() && !changed.is_unique_violation(),
                "{sql}: {changed:?}"
            );
        }
        add(&t.db, 2).unwrap();
        assert_eq!(ids(&t.db), [1, 2]);
    });
}

#[test]
fn the_head_row_is_locked_and_the_size_is_told() {
    on_each_empty_engine(|t| {
        table(&t.db);
        add(&t.db, 1).unwrap();
        let sql = dialect::for_update("SELECT id FROM note WHERE id = $1", t.engine());
        let row = t.db.write(move |c| c.first(&sql, &vals![1])).unwrap();
        assert_eq!(row.unwrap().int(0).unwrap(), 1);
        assert!(t.db.read(dialect::database_size).unwrap() > 4096);
    });
}

#[test]
fn a_backup_taken_while_writing_holds_one_whole_state() {
    let t = TestDb::empty(Engine::Sqlite);
    table(&t.db);
    (0..500).for_each(|id| assert_eq!(add(&t.db, id).unwrap(), 1));
    let db = t.db.clone();
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let stopped = std::sync::Arc::clone(&stop);
    let writer = std::thread::spawn(move || {
        let mut id = 500;
        while !stopped.load(std::sync::atomic::Ordering::Relaxed) {
            // Two rows at a time: a backup with an odd count would be torn.
            let pair: Result<u64, Fault> = db.write(move |c| {
                c.exec("INSERT INTO note (id) VALUES ($1)", &vals![id])?;
                c.exec("INSERT INTO note (id) VALUES ($1)", &vals![id + 1])
            });
            pair.unwrap();
            id += 2;
        }
        id
    });
    let folder = t.file().unwrap().parent().unwrap().to_owned();
    for n in 0..3 {
        let to = folder.join(format!("copy{n}.db"));
        dialect::backup(&t.db, &to).unwrap();
        let copy = Db::open(&Target::Sqlite(to.clone()), &DbOptions::default()).unwrap();
        let copied = ids(&copy);
        assert!(copied.len() >= 500 && copied.len().is_multiple_of(2));
        assert!(matches!(dialect::backup(&t.db, &to), Err(Fault::Io { .. })), "no backup is overwritten");
    }
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(writer.join().unwrap() as usize, ids(&t.db).len());
}
