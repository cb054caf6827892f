//! A fresh database for each test.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use bihuan_store::db::{Db, DbOptions, Engine, Target};
use bihuan_store::migrate;
use tempfile::TempDir;

use crate::cluster::{Cluster, cluster};

/// The engines are those of the store.
pub type TestEngine = Engine;

/// Any number, the same in all test processes: who makes the template holds this lock.
const TEMPLATE_LOCK: i64 = 4_242_420_002;

static NEXT: AtomicU32 = AtomicU32::new(1);

/// The engines this machine can test: SQLite, and PostgreSQL when it is installed.
///
/// # Panics
/// When PostgreSQL is missing and `BIHUAN_REQUIRE_ALL=1`.
pub fn engines() -> Vec<TestEngine> {
    let mut engines = vec![Engine::Sqlite];
    if cluster().is_some() {
        engines.push(Engine::Postgres);
    } else {
        crate::missing::<()>("PostgreSQL is not installed");
    }
    engines
}

/// Runs `test` once on each engine, each time with a fresh migrated database.
pub fn on_each_engine(test: impl Fn(&TestDb)) {
    for engine in engines() {
        println!("engine: {engine:?}");
        test(&TestDb::new(engine));
    }
}

/// Runs `test` once on each engine, each time with a database that has no table.
pub fn on_each_empty_engine(test: impl Fn(&TestDb)) {
    for engine in engines() {
        println!("engine: {engine:?}");
        test(&TestDb::empty(engine));
    }
}

/// A database that goes when it is dropped.
#[derive(Debug)]
pub struct TestDb {
    /// The open database.
    pub db: Db,
    /// Where it is, to open it a second time.
    pub target: Target,
    /// After `db`, so that it is closed before its file or database is removed.
    _place: Place,
}

#[derive(Debug)]
enum Place {
    Folder { _folder: TempDir },
    Database { cluster: &'static Cluster, name: String },
}

impl TestDb {
    /// A fresh database with the schema of this program.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn new(engine: TestEngine) -> TestDb {
        match engine {
            Engine::Sqlite => {
                let test = TestDb::empty(engine);
                migrate::migrate(&test.db).expect("the schema could not be made");
                test
            }
            Engine::Postgres => TestDb::on_server(Some(template())),
        }
    }

    /// A fresh database without any table.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn empty(engine: TestEngine) -> TestDb {
        match engine {
            Engine::Sqlite => {
                let folder = TempDir::with_prefix("bihuan-test-").expect("no temporary folder");
                let target = Target::Sqlite(folder.path().join("bihuan.db"));
                TestDb::open(target, Place::Folder { _folder: folder })
            }
            Engine::Postgres => TestDb::on_server(None),
        }
    }

    /// Which engine this is.
    pub fn engine(&self) -> TestEngine {
        self.db.engine()
    }

    /// The file of a SQLite database.
    pub fn file(&self) -> Option<PathBuf> {
        match &self.target {
            Target::Sqlite(path) => Some(path.clone()),
            Target::Postgres(_) => None,
        }
    }

    fn on_server(template: Option<&str>) -> TestDb {
        let cluster = installed();
        let name = format!("t_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let from = template.map(|t| format!(" TEMPLATE {t}")).unwrap_or_default();
        let mut admin = cluster.admin().expect("the test server does not answer");
        admin.batch_execute(&format!("CREATE DATABASE {name}{from}")).expect("CREATE DATABASE failed");
        let target = Target::Postgres(cluster.url(&name));
        TestDb::open(target, Place::Database { cluster, name })
    }

    fn open(target: Target, place: Place) -> TestDb {
        let db = Db::open(&target, &DbOptions::default()).expect("the fresh database does not open");
        TestDb { db, target, _place: place }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Place::Database { cluster, name } = self else { return };
        let dropped = cluster.admin().and_then(|mut admin| {
            admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        });
        // The test may be failing already; the whole server goes soon anyway.
        if let Err(error) = dropped {
            eprintln!("the test database {name} was not removed: {error}");
        }
    }
}

fn installed() -> &'static Cluster {
    cluster().expect("PostgreSQL is not installed; ask `engines` first")
}

/// A migrated database to copy from, made once per server and schema.
fn template() -> &'static str {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| {
        let schema = migrate::schema(Engine::Postgres).expect("the schema has a bad placeholder");
        let mut hasher = DefaultHasher::new();
        schema.hash(&mut hasher);
        let name = format!("template_{:016x}", hasher.finish());
        make_template(&name);
        name
    })
}

fn make_template(name: &str) {
    let cluster = installed();
    let mut admin = cluster.admin().expect("the test server does not answer");
    // The lock goes with the connection.
    admin.execute("SELECT pg_advisory_lock($1)", &[&TEMPLATE_LOCK]).expect("no lock on the template");
    let found = admin
        .query("SELECT datistemplate FROM pg_database WHERE datname = $1", &[&name])
        .expect("the test server does not list its databases");
    if found.first().is_some_and(|row| row.get(0)) {
        return;
    }
    // One that is there without the mark was left by a failed attempt.
    admin
        .batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        .expect("DROP DATABASE failed");
    admin.batch_execute(&format!("CREATE DATABASE {name}")).expect("CREATE DATABASE failed");
    let target = Target::Postgres(cluster.url(name));
    let db = Db::open(&target, &DbOptions::default()).expect("the template does not open");
    migrate::migrate(&db).expect("the schema could not be made");
    drop(db);
    admin.batch_execute(&format!("ALTER DATABASE {name} IS_TEMPLATE true")).expect("ALTER DATABASE failed");
}

/// Takes the guard off the journal, as somebody with the file and a database tool could: for tests of `verify`.
pub fn lift_append_only(engine: TestEngine) -> &'static str {
    match engine {
        Engine::Sqlite => "DROP TRIGGER entry_no_update; DROP TRIGGER entry_no_delete;",
        Engine::Postgres => "ALTER TABLE entry DISABLE TRIGGER ALL;",
    }
}
