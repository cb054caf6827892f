//! TLS to PostgreSQL, against a server that takes nothing else (GB/T 22239 B19).

use bihuan_store::db::{Db, DbOptions, Target};
use bihuan_store::fault::Fault;
use bihuan_testkit::TlsServer;
use std::time::Duration;

fn open(url: String) -> Result<Db, Fault> {
    let options =
        DbOptions { read_connections: 1, pool_wait: Duration::from_secs(2), ..DbOptions::default() };
    let db = Db::open(&Target::Postgres(url), &options)?;
    db.read(|conn| conn.rows("SELECT 1", &[]).map(|_| ()))?;
    Ok(db)
}

fn is_encrypted(db: &Db) -> bool {
    let sql = "SELECT CAST(ssl AS INTEGER), version FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    let row = db.read(|conn| conn.first(sql, &[])).unwrap().expect("a row about this connection");
    row.int(0).unwrap() == 1 && ["TLSv1.2", "TLSv1.3"].contains(&row.str(1).unwrap())
}

#[test]
fn a_server_is_reached_by_tls_and_refused_when_it_is_not_the_one_b19() {
    let Some(server) = TlsServer::start() else { return };
    let with_root = |mode: &str, root: std::path::PathBuf| {
        format!("sslmode={mode}&sslrootcert={}", root.to_string_lossy().replace('/', "%2F"))
    };
    let good = [
        ("127.0.0.1", "sslmode=require".to_owned()),
        ("127.0.0.1", "sslmode=prefer".to_owned()),
        ("127.0.0.1", with_root("verify-ca", server.root())),
        ("127.0.0.1", with_root("require", server.root())),
        ("localhost", with_root("verify-full", server.root())),
    ];
    for (host, parameters) in good {
        let db = open(server.url(host, &parameters)).unwrap_or_else(|e| panic!("{parameters}: {e}"));
        assert!(is_encrypted(&db), "{parameters}: in clear");
        db.write(|conn| conn.batch("CREATE TEMP TABLE t (a BIGINT)")).expect("the writer comes in, too");
    }
    let bad = [
        ("127.0.0.1", "sslmode=disable".to_owned(), ""),
        ("127.0.0.1", String::new(), ""),
        ("127.0.0.1", with_root("verify-full", server.root()), "not valid for name"),
        ("localhost", with_root("verify-full", server.other_root()), "UnknownIssuer"),
        ("127.0.0.1", with_root("verify-ca", server.other_root()), "UnknownIssuer"),
        ("127.0.0.1", with_root("require", server.other_root()), "UnknownIssuer"),
    ];
    for (host, parameters, why) in bad {
        let Err(fault) = open(server.url(host, &parameters)) else { panic!("{host} {parameters} came in") };
        assert!(fault.to_string().contains(why), "{parameters}: {fault}");
    }
}
