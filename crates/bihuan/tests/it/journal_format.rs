//! The recomputation printed in `docs/operating/journal-format.md` runs as it stands there.

use bihuan_domain::id::PersonId;
use bihuan_domain::person::Person;
use bihuan_store::db::{Db, DbOptions, Target};
use bihuan_store::journal::{self, NewEntry, Stamp, Write};
use bihuan_store::{Fault, migrate, vals};
use std::path::Path;
use std::process::{Command, Output};

const PAGE: &str = include_str!("../../../../docs/operating/journal-format.md");

/// The program on the page.
fn script() -> &'static str {
    let (_, rest) = PAGE.split_once("```python\n").unwrap();
    rest.split_once("```").unwrap().0
}

fn recompute(file: &Path) -> Option<Output> {
    let Ok(output) = Command::new("python3").arg("-c").arg(script()).arg(file).output() else {
        return bihuan_testkit::missing("python3 is not installed");
    };
    Some(output)
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// A database with a few entries: with and without numbers, personal data, Chinese text, several in one append.
fn written(folder: &Path) -> Db {
    let db = Db::open(&Target::Sqlite(folder.join("bihuan.db")), &DbOptions::default()).unwrap();
    migrate::migrate(&db).unwrap();
    for id in 1..=3 {
        db.write(move |conn| {
            let person = Person {
                id: PersonId(id),
                name: "王小云".to_owned(),
                phone: "0719-000000".to_owned(),
                version: 1,
            };
            let stamp = Stamp {
                person: (id > 1).then_some(PersonId(1)),
                source_address: "console".to_owned(),
                ..Stamp::default()
            };
            let made = NewEntry {
                action: "person.created".to_owned(),
                subject_kind: "person",
                subject_id: id,
                note: "登记“王小云”\n第二行".to_owned(),
                writes: vec![Write::insert(&person)],
                ..NewEntry::default()
            };
            let refused =
                NewEntry { action: "session.refused".to_owned(), failed: true, ..NewEntry::default() };
            journal::append(conn, &stamp, vec![made, refused])
        })
        .unwrap();
    }
    db
}

#[test]
fn an_outsider_recomputes_the_chain_from_the_file_and_from_a_backup() {
    let folder = tempfile::tempdir().unwrap();
    let db = written(folder.path());
    let report = db.read(|conn| journal::verify_chain(conn, &mut |_| {})).unwrap();
    assert_eq!((report.entries, &report.fault), (6, &None));
    let expected = format!("6 {}", report.head_hash);

    let Some(output) = recompute(&folder.path().join("bihuan.db")) else { return };
    assert_eq!(said(&output), expected, "{}", String::from_utf8_lossy(&output.stderr));

    let backup = folder.path().join("backup.zip");
    let made = crate::support::bihuan()
        .arg("backup")
        .arg("--data")
        .arg(folder.path())
        .arg(&backup)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert_eq!(said(&recompute(&backup).unwrap()), expected);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&backup).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "others may read the backup");
    }
}

#[test]
fn an_outsider_sees_an_altered_entry() {
    let folder = tempfile::tempdir().unwrap();
    let db = written(folder.path());
    db.write(|conn| -> Result<(), Fault> {
        conn.batch(bihuan_testkit::lift_append_only(conn.engine()))?;
        conn.exec("UPDATE entry SET note = $1 WHERE seq = 4", &vals!["无事发生"])?;
        Ok(())
    })
    .unwrap();
    let Some(output) = recompute(&folder.path().join("bihuan.db")) else { return };
    assert!(!output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stderr).trim(), "entry 4 does not fit");
}
