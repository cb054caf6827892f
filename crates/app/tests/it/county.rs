//! A small made-up county on a fresh database, and its people as actors.

#![allow(dead_code, reason = "each noun's tests use a part of it")]

use bihuan_app::{App, Context};
use bihuan_domain::campaign::{Campaign, CampaignState};
use bihuan_domain::id::{AccountId, CampaignId, GrantId, PersonId, PostId, UnitId};
use bihuan_domain::person::{Person, Post};
use bihuan_domain::role::{Actor, Grant, HeldPost, Role};
use bihuan_domain::unit::{Level, Unit, UnitKind, UnitPath};
use bihuan_domain::{Day, Instant};
use bihuan_store::journal::{self, NewEntry, Stamp, Write};
use bihuan_store::{Db, Fault, unit_tree};
use bihuan_testkit::TestDb;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// 云溪县
pub const COUNTY: i64 = 1;
/// 石桥镇, which does
pub const TOWN: i64 = 2;
/// 柳湾乡
pub const OTHER_TOWN: i64 = 3;
/// 云溪县水利局, which checks
pub const BUREAU: i64 = 4;
/// 云溪县整改办
pub const OFFICE: i64 = 5;
/// 石桥镇青石村
pub const VILLAGE: i64 = 6;
/// Two party branches below the village and the other town
pub const BRANCHES: [i64; 2] = [7, 8];
/// 远山县, another county
pub const STRANGE: i64 = 9;

/// Name, post's unit, role, root.
pub const PEOPLE: [(&str, i64, Role, i64); 10] = [
    ("office", OFFICE, Role::Office, COUNTY),
    ("leader", COUNTY, Role::Leader, COUNTY),
    ("filler", TOWN, Role::Filler, TOWN),
    ("town_leader", TOWN, Role::Leader, TOWN),
    ("other_filler", OTHER_TOWN, Role::Filler, OTHER_TOWN),
    ("verifier", BUREAU, Role::Verifier, COUNTY),
    ("inspector", OFFICE, Role::Inspector, COUNTY),
    ("evaluator", OFFICE, Role::Evaluator, COUNTY),
    ("village", VILLAGE, Role::Filler, VILLAGE),
    ("stranger", STRANGE, Role::Office, STRANGE),
];

pub fn first_day() -> Day {
    Day::from_ymd(2024, 3, 5).unwrap()
}

pub fn path(unit: i64) -> UnitPath {
    let county = UnitPath::root(UnitId(COUNTY));
    match unit {
        COUNTY => county,
        STRANGE => UnitPath::root(UnitId(unit)),
        VILLAGE => path(TOWN).child(UnitId(unit)),
        7 => path(VILLAGE).child(UnitId(unit)),
        8 => path(OTHER_TOWN).child(UnitId(unit)),
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

fn plant(db: &Db) {
    db.write(|conn| -> Result<(), Fault> {
        let units = vec![
            unit(COUNTY, "云溪县", Level::County, UnitKind::Territory),
            unit(TOWN, "石桥镇", Level::Township, UnitKind::Territory),
            unit(OTHER_TOWN, "柳湾乡", Level::Township, UnitKind::Territory),
            unit(BUREAU, "云溪县水利局", Level::County, UnitKind::Department),
            unit(OFFICE, "云溪县整改办", Level::County, UnitKind::TaskForce),
            unit(VILLAGE, "青石村", Level::Village, UnitKind::Territory),
            unit(7, "青石村党支部", Level::Branch, UnitKind::Branch),
            unit(8, "柳湾村党支部", Level::Branch, UnitKind::Branch),
            unit(STRANGE, "远山县", Level::County, UnitKind::Territory),
        ];
        let closure = units.iter().flat_map(|u| unit_tree::closure_rows(&u.path, u.created_day)).collect();
        let mut writes = vec![
            Write::bulk(&units),
            Write::Bulk {
                table: "unit_closure",
                columns: unit_tree::CLOSURE_COLUMNS.to_vec(),
                rows: closure,
            },
        ];
        for (index, (name, unit, role, _)) in PEOPLE.into_iter().enumerate() {
            let id = index as i64 + 1;
            let person =
                Person { id: PersonId(id), name: format!("人员-{name}"), phone: String::new(), version: 1 };
            writes.push(Write::insert(&person));
            writes.push(Write::insert(&Post {
                id: PostId(id),
                unit_id: UnitId(unit),
                name: name.to_owned(),
                leads: role == Role::Leader,
                shared: false,
                official_order: id,
                closed_day: None,
                version: 1,
            }));
        }
        writes.push(Write::insert(&Campaign {
            id: CampaignId(1),
            code: "2024".to_owned(),
            name: "群众身边问题整改".to_owned(),
            office_unit_id: UnitId(COUNTY),
            basis: bihuan_domain::campaign::AuthorityBasis::Decision,
            authority: "云溪办发〔2024〕1号".to_owned(),
            document: "关于开展专项行动的通知".to_owned(),
            scope: "全县各单位".to_owned(),
            state: CampaignState::Running,
            starts_day: first_day(),
            ends_day: None,
            template_text: String::new(),
            follows_id: None,
            version: 1,
        }));
        let entry = NewEntry {
            action: "test.planted".to_owned(),
            subject_kind: "unit",
            writes,
            ..NewEntry::default()
        };
        let stamp = Stamp { at: first_day().plus_days(-900).starts_at(), ..Stamp::default() };
        journal::append(conn, &stamp, vec![entry])?;
        Ok(())
    })
    .unwrap();
}

/// The application with its county, and a clock of its own.
#[derive(Debug)]
pub struct TestApp {
    pub app: App,
    now: Arc<AtomicI64>,
}

/// Runs `test` once on each engine.
pub fn on_each_app(test: impl Fn(&TestApp)) {
    bihuan_testkit::on_each_engine(|db| test(&TestApp::new(db)));
}

impl TestApp {
    pub fn new(test: &TestDb) -> TestApp {
        plant(&test.db);
        let start = first_day().starts_at().plus_seconds(9 * 3600).micros();
        TestApp { app: App::new(test.db.clone()).with_vault(vault()), now: Arc::new(AtomicI64::new(start)) }
    }

    /// Lets days pass.
    pub fn days(&self, count: i64) {
        self.now.fetch_add(count * 86_400_000_000, Ordering::SeqCst);
    }

    /// The circumstances of a call by one of the people; each call is a second after the one before.
    pub fn ctx(&self, name: &str) -> Context {
        let (index, (_, unit, role, over)) =
            PEOPLE.iter().enumerate().find(|(_, line)| line.0 == name).expect("no such person");
        let id = index as i64 + 1;
        let post =
            HeldPost { post: PostId(id), name: name.to_owned(), unit: UnitId(*unit), path: path(*unit) };
        let grant = Grant { id: GrantId(id), role: *role, unit: UnitId(*over), path: path(*over) };
        let actor = Actor {
            account: AccountId(id),
            person: PersonId(id),
            name: name.to_owned(),
            posts: vec![post],
            grants: vec![grant],
        };
        let at = Instant::from_micros(self.now.fetch_add(1_000_000, Ordering::SeqCst));
        Context { actor: Arc::new(actor), at, source_address: "192.0.2.1".to_owned() }
    }

    /// The number of the last entry.
    pub fn head(&self) -> i64 {
        self.app.db.read(journal::head).unwrap()
    }
}

/// A vault with a key of its own.
fn vault() -> bihuan_app::vault::Vault {
    bihuan_app::vault::Vault::new(bihuan_app::vault::Key::generate().unwrap())
}
