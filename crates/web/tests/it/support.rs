//! A small made-up county with a person for each role, and a browser that keeps cookies and form tokens.
//!
//! ```ignore
//! on_each_app(|app| {
//!     let mut clerk = app.sign_in("filler");
//!     let page = clerk.get("/todo");
//!     assert_eq!(page.status, 200);
//!     let answer = clerk.post("/problems/1/sign", &[("version", "1")]);
//!     assert_eq!(answer.location(), "/problems/1");
//! });
//! ```

#![allow(dead_code, reason = "each noun's tests use a part of it")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, header};
use bihuan_app::{App, Context, Visit};
use bihuan_domain::id::{AccountId, GrantId, PersonId, PostId, TenureId, UnitId};
use bihuan_domain::password::{HashCost, SecurityPolicy};
use bihuan_domain::person::{Account, AccountState, Person, Post, RoleGrant, Tenure};
use bihuan_domain::role::{Actor, Role};
use bihuan_domain::unit::{Level, Unit, UnitKind, UnitPath};
use bihuan_domain::{Day, Instant};
use bihuan_store::journal::{self, NewEntry, Stamp, Write};
use bihuan_store::{Conn, Db, Fault, unit_tree};
use bihuan_testkit::{TestDb, on_each_engine};
use bihuan_web::headers::Settings;
use bihuan_web::state::{Clock, WebState};
use tower::ServiceExt as _;

/// The county: 云溪县.
pub const COUNTY: i64 = 1;
/// A township of it: 石桥镇.
pub const TOWN: i64 = 2;
/// Another township: 柳湾乡.
pub const OTHER_TOWN: i64 = 3;
/// A department of the county: 云溪县水利局.
pub const BUREAU: i64 = 4;
/// The campaign's office of the county.
pub const OFFICE: i64 = 5;
/// A village of the township.
pub const VILLAGE: i64 = 6;
/// Another county, of which nobody in the first may know anything.
pub const STRANGE_COUNTY: i64 = 7;

/// Sign-in name, person's name, post, unit of the post, role, root of its subtree. Person, post, account and grant
/// of line n all bear the number n + 1.
pub const PEOPLE: [(&str, &str, &str, i64, Role, i64); 12] = [
    ("office", "周敏", "整改办主任", OFFICE, Role::Office, COUNTY),
    ("leader", "韩立新", "县委副书记", COUNTY, Role::Leader, COUNTY),
    ("filler", "陈小燕", "石桥镇党政办干事", TOWN, Role::Filler, TOWN),
    ("town_leader", "马振国", "石桥镇党委书记", TOWN, Role::Leader, TOWN),
    ("other_filler", "林涛", "柳湾乡党政办干事", OTHER_TOWN, Role::Filler, OTHER_TOWN),
    ("verifier", "何静", "水利局督查科科长", BUREAU, Role::Verifier, COUNTY),
    ("inspector", "罗毅", "督导组组长", OFFICE, Role::Inspector, COUNTY),
    ("evaluator", "宋洁", "评估员", OFFICE, Role::Evaluator, COUNTY),
    ("system", "高翔", "信息中心主任", COUNTY, Role::SystemAdmin, COUNTY),
    ("security", "谢芳", "保密办主任", COUNTY, Role::SecurityAdmin, COUNTY),
    ("audit", "邓超", "审计科科长", COUNTY, Role::AuditAdmin, COUNTY),
    ("stranger", "外县人", "他县整改办主任", STRANGE_COUNTY, Role::Office, STRANGE_COUNTY),
];

/// The password of all of them.
pub const PASSWORD: &str = "Yunxi-2024-ok";

/// A day on which the clock of the tests stands at nine in the morning.
pub fn first_day() -> Day {
    Day::from_ymd(2024, 3, 5).unwrap()
}

pub fn path(unit: i64) -> UnitPath {
    let county = UnitPath::root(UnitId(COUNTY));
    match unit {
        COUNTY => county,
        STRANGE_COUNTY => UnitPath::root(UnitId(unit)),
        VILLAGE => path(TOWN).child(UnitId(unit)),
        _ => county.child(UnitId(unit)),
    }
}

fn unit(id: i64, name: &str, level: Level, kind: UnitKind) -> Unit {
    let path = path(id);
    Unit {
        id: UnitId(id),
        code: format!("5399{id:02}"),
        name: name.to_owned(),
        short_names: String::new(),
        kind,
        level,
        sector: String::new(),
        line: String::new(),
        parent_id: path.units().iter().rev().nth(1).copied(),
        path,
        official_order: id,
        created_day: first_day().plus_days(-1000),
        closed_day: None,
        successor_id: None,
        version: 1,
    }
}

fn units() -> Vec<Unit> {
    vec![
        unit(COUNTY, "云溪县", Level::County, UnitKind::Territory),
        unit(TOWN, "石桥镇", Level::Township, UnitKind::Territory),
        unit(OTHER_TOWN, "柳湾乡", Level::Township, UnitKind::Territory),
        unit(BUREAU, "云溪县水利局", Level::County, UnitKind::Department),
        unit(OFFICE, "云溪县整改办", Level::County, UnitKind::TaskForce),
        unit(VILLAGE, "石桥镇青石村", Level::Village, UnitKind::Territory),
        unit(STRANGE_COUNTY, "远山县", Level::County, UnitKind::Territory),
    ]
}

/// The actor of a line of [`PEOPLE`] on the first day, for direct calls of use cases.
pub fn actor(db: &Db, login: &str) -> Actor {
    db.read(|conn| -> Result<Actor, bihuan_app::Error> {
        let account = bihuan_store::account::by_login(conn, login)?.expect("no such person");
        Ok(bihuan_app::actor::load(conn, &account, first_day())?.actor)
    })
    .unwrap()
}

/// Makes the county and its people.
pub fn plant(db: &Db, hash: String) {
    db.write(move |conn| -> Result<(), Fault> {
        let from = first_day().plus_days(-900);
        let units = units();
        let closure = units.iter().flat_map(|u| unit_tree::closure_rows(&u.path, u.created_day)).collect();
        let mut writes = vec![
            Write::bulk(&units),
            Write::Bulk {
                table: "unit_closure",
                columns: unit_tree::CLOSURE_COLUMNS.to_vec(),
                rows: closure,
            },
        ];
        for (line, (login, name, post, unit, role, over)) in PEOPLE.into_iter().enumerate() {
            let id = line as i64 + 1;
            writes.push(Write::insert(&Person {
                id: PersonId(id),
                name: name.to_owned(),
                phone: String::new(),
                version: 1,
            }));
            writes.push(Write::insert(&Post {
                id: PostId(id),
                unit_id: UnitId(unit),
                name: post.to_owned(),
                leads: role == Role::Leader,
                shared: false,
                official_order: id,
                closed_day: None,
                version: 1,
            }));
            writes.push(Write::insert(&Tenure {
                id: TenureId(id),
                post_id: PostId(id),
                person_id: PersonId(id),
                from_day: from,
                to_day: None,
            }));
            writes.push(Write::insert(&Account {
                id: AccountId(id),
                person_id: PersonId(id),
                login: login.to_owned(),
                password_hash: hash.clone(),
                must_change: false,
                password_set_at: Some(first_day().starts_at()),
                state: AccountState::Active,
                version: 1,
            }));
            // Administrators hold their role as persons, the others by their post.
            let by_person = role.is_administrator();
            writes.push(Write::insert(&RoleGrant {
                id: GrantId(id),
                role,
                post_id: (!by_person).then_some(PostId(id)),
                person_id: by_person.then_some(PersonId(id)),
                unit_id: UnitId(over),
                from_day: from,
                to_day: None,
            }));
        }
        let entry = NewEntry {
            action: "test.planted".to_owned(),
            subject_kind: "unit",
            writes,
            ..NewEntry::default()
        };
        let stamp = Stamp { at: from.starts_at(), source_address: "console".to_owned(), ..Stamp::default() };
        journal::append(conn, &stamp, vec![entry])?;
        count_ids(conn)
    })
    .unwrap();
}

/// Takes the numbers that were given by hand, so that new rows do not meet them.
fn count_ids(conn: &mut Conn) -> Result<(), Fault> {
    for name in ["unit", "person", "post", "tenure", "account", "role_grant"] {
        journal::next_id(conn, name, 100)?;
    }
    Ok(())
}

/// A vault with the same key in every test.
pub fn vault() -> bihuan_app::vault::Vault {
    let text = format!("bihuan-key-1 aes-256-gcm {}=", "A".repeat(43));
    bihuan_app::vault::Vault::new(bihuan_app::vault::Key::parse(&text).expect("a key"))
}

/// The whole program in process over a fresh database.
#[derive(Debug)]
pub struct TestApp {
    pub app: App,
    pub db: Db,
    pub router: Router,
    now: Arc<AtomicI64>,
    runtime: Arc<tokio::runtime::Runtime>,
}

/// Runs `test` once on each engine, each time with the made-up county.
pub fn on_each_app(test: impl Fn(&TestApp)) {
    on_each_engine(|db| test(&TestApp::new(db)));
}

/// Security settings with a cheap hash and without a second factor.
pub fn policy() -> SecurityPolicy {
    SecurityPolicy {
        hash_cost: HashCost { memory_kib: 64, passes: 1 },
        second_factor_for_admins: false,
        ..SecurityPolicy::default()
    }
}

/// What handlers reach, with the clock of the test.
fn state(app: &App, now: &Arc<AtomicI64>, settings: Settings) -> WebState {
    let told = Arc::clone(now);
    let clock = Clock::new(move || Instant::from_micros(told.load(Ordering::SeqCst)));
    WebState::new(app.clone(), settings).with_clock(clock)
}

impl TestApp {
    pub fn new(test: &TestDb) -> TestApp {
        TestApp::with_policy(test, policy())
    }

    pub fn with_policy(test: &TestDb, policy: SecurityPolicy) -> TestApp {
        let hash = bihuan_app::secret::hash_password(policy.hash_cost, PASSWORD).unwrap();
        plant(&test.db, hash);
        TestApp::bare(test, policy)
    }

    /// Without the county: an installation on its first day.
    pub fn bare(test: &TestDb, policy: SecurityPolicy) -> TestApp {
        let now = Arc::new(AtomicI64::new(first_day().starts_at().plus_seconds(9 * 3600).micros()));
        let app = App::new(test.db.clone()).with_policy(policy).with_vault(vault());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (db, router, runtime) = (test.db.clone(), Router::new(), Arc::new(runtime));
        TestApp { app, db, router, now, runtime }.with_settings(Settings::default())
    }

    /// The same program under other settings of the web, with counters of its own.
    pub fn with_settings(&self, settings: Settings) -> TestApp {
        let state = state(&self.app, &self.now, settings);
        let (app, db, router) = (self.app.clone(), self.db.clone(), bihuan_web::router(state));
        TestApp { app, db, router, now: Arc::clone(&self.now), runtime: Arc::clone(&self.runtime) }
    }

    /// What the program does at its next start, on the same data.
    pub fn restarted<F: Future<Output = ()>>(&self, start: impl FnOnce(WebState) -> F) {
        self.runtime.block_on(start(state(&self.app, &self.now, Settings::default())));
    }

    pub fn now(&self) -> Instant {
        Instant::from_micros(self.now.load(Ordering::SeqCst))
    }

    /// Turns the clock on.
    pub fn later(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    /// The circumstances of a call by one of [`PEOPLE`], for use cases called directly.
    pub fn ctx(&self, login: &str) -> Context {
        Context {
            actor: Arc::new(actor(&self.db, login)),
            at: self.now(),
            source_address: "192.0.2.1".to_owned(),
        }
    }

    /// A browser in which nobody has signed in.
    pub fn browser(&self) -> Browser {
        Browser {
            router: self.router.clone(),
            runtime: Arc::clone(&self.runtime),
            cookies: BTreeMap::new(),
            csrf: None,
            bearer: None,
            from: None,
            headers: Vec::new(),
        }
    }

    /// A browser in which one of [`PEOPLE`] has signed in, without the cost of a password.
    pub fn sign_in(&self, login: &str) -> Browser {
        let visit = Visit { at: self.now(), source_address: String::new() };
        let opened = self.app.sign_in_for_demo(&visit, login).unwrap();
        let mut browser = self.browser();
        browser.csrf = Some(bihuan_web::guard::CsrfToken::of_session(&opened.secret).masked());
        browser.cookies.insert("bihuan".to_owned(), opened.secret);
        browser
    }

    /// The last entry of the journal: action, and whether it was a success.
    pub fn last_entry(&self) -> journal::Entry {
        self.entries(1).pop().expect("the journal is empty")
    }

    /// The newest entries, newest first.
    pub fn entries(&self, count: i64) -> Vec<journal::Entry> {
        self.db.read(|conn| journal::list(conn, &journal::EntryFilter::default(), count)).unwrap()
    }

    /// The number of the last entry.
    pub fn head(&self) -> i64 {
        self.db.read(journal::head).unwrap()
    }
}

/// A browser: keeps cookies, and sends the form token with every form.
#[derive(Debug, Clone)]
pub struct Browser {
    router: Router,
    runtime: Arc<tokio::runtime::Runtime>,
    pub cookies: BTreeMap<String, String>,
    /// The form token as a page showed it; without one, forms are sent without.
    pub csrf: Option<String>,
    /// An API token; then no cookie is sent.
    pub bearer: Option<String>,
    /// The other end of the connection; nothing went over a network without it.
    pub from: Option<std::net::SocketAddr>,
    /// Further headers, as a proxy adds.
    pub headers: Vec<(&'static str, &'static str)>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: header::HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// Where it leads to; empty if nowhere.
    pub fn location(&self) -> String {
        self.header("location")
    }

    pub fn header(&self, name: &str) -> String {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    }

    /// Fails with the page when the status is another.
    #[track_caller]
    pub fn expect(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "location: {:?}\n{}", self.location(), self.text());
        self
    }
}

/// One part of an upload: name of the field, name of the file, content.
pub type Upload<'a> = (&'a str, &'a str, &'a [u8]);

const BOUNDARY: &str = "bihuan-test-boundary-7f3a";

impl Browser {
    pub fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None, Vec::new())
    }

    /// Sends a form with the token of the session.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut pairs: Vec<(&str, &str)> = Vec::new();
        let csrf = self.csrf.clone();
        if let Some(csrf) = &csrf {
            pairs.push((bihuan_web::guard::CSRF_FIELD, csrf));
        }
        pairs.extend(fields);
        let body: Vec<String> =
            pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        self.send(
            Method::POST,
            path,
            Some(bihuan_web::form::FORM_TYPE.to_owned()),
            body.join("&").into_bytes(),
        )
    }

    /// Sends a form with files.
    pub fn upload(&mut self, path: &str, fields: &[(&str, &str)], files: &[Upload<'_>]) -> Answer {
        let mut body = Vec::new();
        let csrf = self.csrf.clone().unwrap_or_default();
        let token = [(bihuan_web::guard::CSRF_FIELD, csrf.as_str())];
        for (name, value) in token.iter().chain(fields) {
            body.extend(
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                    .bytes(),
            );
        }
        for (name, file, content) in files {
            let head = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
            );
            body.extend(head.bytes());
            body.extend_from_slice(content);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{BOUNDARY}--\r\n").bytes());
        self.send(Method::POST, path, Some(format!("multipart/form-data; boundary={BOUNDARY}")), body)
    }

    /// Sends JSON as a script of our pages or a program does.
    pub fn json(&mut self, method: Method, path: &str, body: &serde_json::Value) -> Answer {
        self.send(method, path, Some("application/json".to_owned()), body.to_string().into_bytes())
    }

    fn send(&mut self, method: Method, path: &str, kind: Option<String>, body: Vec<u8>) -> Answer {
        let mut request = Request::builder().method(&method).uri(path).header(header::HOST, "bihuan.test");
        if let Some(bearer) = &self.bearer {
            request = request.header(header::AUTHORIZATION, format!("Bearer {bearer}"));
        } else if !self.cookies.is_empty() {
            let cookies: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        if let Some(kind) = kind {
            if kind == "application/json"
                && let Some(csrf) = &self.csrf
            {
                request = request.header(bihuan_web::guard::CSRF_HEADER, csrf);
            }
            request = request.header(header::CONTENT_TYPE, kind);
        }
        for (name, value) in &self.headers {
            request = request.header(*name, *value);
        }
        if let Some(from) = self.from {
            request = request.extension(axum::extract::ConnectInfo(from));
        }
        let request = request.body(Body::from(body)).unwrap();
        let router = self.router.clone();
        let answer = self.runtime.block_on(async move {
            let response = router.oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
            Answer { status: parts.status.as_u16(), headers: parts.headers, bytes: bytes.to_vec() }
        });
        self.keep_cookies(&answer);
        answer
    }

    fn keep_cookies(&mut self, answer: &Answer) {
        for line in answer.headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap_or_default().split_once('=').unwrap();
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
            if name == "bihuan" {
                self.csrf = Some(bihuan_web::guard::CsrfToken::of_session(value).masked())
                    .filter(|_| !value.is_empty());
            }
        }
    }
}

fn encode(text: &str) -> String {
    let keep = |byte: &u8| byte.is_ascii_alphanumeric();
    text.bytes()
        .map(|byte| if keep(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
