//! The small county that is written about: a township with its clerk and its secretary, an office, a bureau that
//! checks, and tokens for the three who write.

use crate::support::root;
use bihuan_app::{App, Context, actor};
use bihuan_domain::campaign::{AuthorityBasis, Campaign, CampaignState};
use bihuan_domain::id::{AccountId, CampaignId, GrantId, PersonId, PostId, TenureId, UnitId};
use bihuan_domain::person::{Account, AccountState, Person, Post, RoleGrant, Tenure};
use bihuan_domain::role::Role;
use bihuan_domain::unit::{Level, Unit, UnitKind, UnitPath};
use bihuan_domain::{Day, Instant};
use bihuan_store::journal::{self, NewEntry, Stamp, Write};
use bihuan_store::{Conn, Db, Fault, unit_tree};
use std::sync::Arc;

const COUNTY: i64 = 1;
/// The township that registers and does.
pub const TOWN: i64 = 2;
/// The bureau that checks.
pub const BUREAU: i64 = 3;
/// The campaign.
pub const CAMPAIGN: i64 = 1;

/// Unit, name, level, kind.
const UNITS: [(i64, &str, Level, UnitKind); 3] = [
    (COUNTY, "云溪县", Level::County, UnitKind::Territory),
    (TOWN, "青岚镇", Level::Township, UnitKind::Territory),
    (BUREAU, "云溪县交通运输局", Level::County, UnitKind::Department),
];

/// Sign-in name, name, post, unit, role, root of its subtree.
const PEOPLE: [(&str, &str, &str, i64, Role, i64); 4] = [
    ("clerk", "陆小禾", "青岚镇党政办干事", TOWN, Role::Filler, TOWN),
    ("secretary", "秦立山", "青岚镇党委书记", TOWN, Role::Leader, TOWN),
    ("office", "柳青", "整改办主任", COUNTY, Role::Office, COUNTY),
    ("checker", "方正平", "交通运输局督查股股长", BUREAU, Role::Verifier, COUNTY),
];

/// Tokens of those who write.
#[derive(Clone)]
pub struct Tokens {
    pub clerk: String,
    pub secretary: String,
    pub office: String,
}

/// Makes the county in a migrated database and tokens for its people.
pub fn plant(db: &Db, now: Instant) -> Tokens {
    let from = now.day_in_china().plus_days(-300);
    db.write(move |conn| -> Result<(), Fault> {
        let mut writes = units(from);
        for (line, person) in PEOPLE.iter().enumerate() {
            writes.extend(person_with_role(line as i64 + 1, person, from));
        }
        writes.push(Write::insert(&campaign(from)));
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
    let app = App::new(db.clone());
    let token = |login: &str| token_of(&app, login, now);
    Tokens { clerk: token("clerk"), secretary: token("secretary"), office: token("office") }
}

fn units(from: Day) -> Vec<Write> {
    let county = UnitPath::root(UnitId(COUNTY));
    let made = UNITS.map(|(id, name, level, kind)| Unit {
        id: UnitId(id),
        code: format!("5388{id:02}"),
        name: name.to_owned(),
        short_names: String::new(),
        kind,
        level,
        sector: String::new(),
        line: String::new(),
        parent_id: (id != COUNTY).then_some(UnitId(COUNTY)),
        path: if id == COUNTY { county.clone() } else { county.child(UnitId(id)) },
        official_order: id,
        created_day: from,
        closed_day: None,
        successor_id: None,
        version: 1,
    });
    let rows = made.iter().flat_map(|unit| unit_tree::closure_rows(&unit.path, from)).collect();
    let columns = unit_tree::CLOSURE_COLUMNS.to_vec();
    vec![Write::bulk(&made), Write::Bulk { table: "unit_closure", columns, rows }]
}

fn person_with_role(
    id: i64,
    (login, name, post, unit, role, over): &(&str, &str, &str, i64, Role, i64),
    from: Day,
) -> Vec<Write> {
    vec![
        Write::insert(&Person {
            id: PersonId(id),
            name: (*name).to_owned(),
            phone: String::new(),
            version: 1,
        }),
        Write::insert(&Post {
            id: PostId(id),
            unit_id: UnitId(*unit),
            name: (*post).to_owned(),
            leads: *role == Role::Leader,
            shared: false,
            official_order: id,
            closed_day: None,
            version: 1,
        }),
        Write::insert(&Tenure {
            id: TenureId(id),
            post_id: PostId(id),
            person_id: PersonId(id),
            from_day: from,
            to_day: None,
        }),
        Write::insert(&Account {
            id: AccountId(id),
            person_id: PersonId(id),
            login: (*login).to_owned(),
            password_hash: String::new(),
            must_change: false,
            password_set_at: Some(from.starts_at()),
            state: AccountState::Active,
            version: 1,
        }),
        Write::insert(&RoleGrant {
            id: GrantId(id),
            role: *role,
            post_id: Some(PostId(id)),
            person_id: None,
            unit_id: UnitId(*over),
            from_day: from,
            to_day: None,
        }),
    ]
}

fn campaign(from: Day) -> Campaign {
    let template = root().join("templates/themed-education.toml");
    Campaign {
        id: CampaignId(CAMPAIGN),
        code: "crash".to_owned(),
        name: "云溪县道路隐患整改".to_owned(),
        office_unit_id: UnitId(COUNTY),
        basis: AuthorityBasis::Decision,
        authority: "县委常委会会议".to_owned(),
        document: "《云溪县道路隐患整改方案》".to_owned(),
        scope: "全县".to_owned(),
        state: CampaignState::Running,
        starts_day: from,
        ends_day: None,
        template_text: std::fs::read_to_string(template).expect("the template is there"),
        follows_id: None,
        version: 1,
    }
}

/// Takes the numbers that were given by hand.
fn count_ids(conn: &mut Conn) -> Result<(), Fault> {
    for name in ["unit", "person", "post", "tenure", "account", "role_grant", "campaign"] {
        journal::next_id(conn, name, 100)?;
    }
    Ok(())
}

/// Somebody of the county, at work in the test itself.
pub fn context(app: &App, login: &str, at: Instant) -> Context {
    let actor = app.db.read(|conn| -> Result<_, bihuan_app::Error> {
        let account = bihuan_store::account::by_login(conn, login)?.expect("a planted account");
        Ok(actor::load(conn, &account, at.day_in_china())?.actor)
    });
    Context { actor: Arc::new(actor.unwrap()), at, source_address: "127.0.0.1".to_owned() }
}

fn token_of(app: &App, login: &str, at: Instant) -> String {
    let ctx = context(app, login, at);
    app.create_token(&ctx, "崩溃测试", &["problem:write".to_owned()], 1).unwrap()
}
