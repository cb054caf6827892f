//! The made-up county: its units, posts and people, created as an office would create them.

use super::random::Random;
use crate::exit::Failure;
use bihuan_app::account::Owner;
use bihuan_app::account::grant::{Holder, NewGrant};
use bihuan_app::bootstrap::{Administrator, SetUp};
use bihuan_app::unit_import::{ImportOrder, Importer, Progress, read_table};
use bihuan_app::{App, Context, Visit, actor};
use bihuan_domain::id::{AccountId, PersonId, PostId, TenureId, UnitId};
use bihuan_domain::person::Account;
use bihuan_domain::person::appointing::PostDraft;
use bihuan_domain::role::{Actor, Role};
use bihuan_domain::unit::reorganise::UnitDraft;
use bihuan_domain::unit::{Level, UnitKind};
use bihuan_domain::{Coded, Day, Instant};
use bihuan_store::journal;
use serde::Deserialize;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// Names of the county, from `demo/county.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    city: String,
    county: String,
    /// The township that is merged, and
    pub merged_township: String,
    /// the one that takes it over.
    pub merged_into: String,
    townships: Vec<String>,
    villages: Vec<String>,
    /// Places inside a village or street.
    pub places: Vec<String>,
    /// Places inside a department.
    pub rooms: Vec<String>,
    enterprises: Vec<String>,
    schools: Vec<String>,
    surnames: String,
    given_first: String,
    given_second: String,
    department: Vec<Department>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Department {
    name: String,
    kind: String,
    short: String,
}

/// A unit that does work, with who acts for it.
#[derive(Clone, Debug)]
pub struct Desk {
    /// The unit.
    pub unit: UnitId,
    /// Its name.
    pub name: String,
    /// Fills in.
    pub filler: AccountId,
    /// Screens, leads.
    pub leader: AccountId,
    /// The leading post.
    pub leader_post: PostId,
    /// Checks what others did; departments only.
    pub verifier: Option<AccountId>,
    /// Branches below it.
    pub branches: Vec<(UnitId, String)>,
}

/// The county with its people.
#[derive(Debug)]
pub struct County {
    app: App,
    /// Names.
    pub names: Names,
    /// The city above.
    pub city: UnitId,
    /// The county.
    pub county: UnitId,
    /// Townships.
    pub townships: Vec<Desk>,
    /// Departments.
    pub departments: Vec<Desk>,
    /// People of the county's office.
    pub offices: Vec<AccountId>,
    /// The city's office.
    pub city_office: AccountId,
    /// Working groups of the county.
    pub groups: Vec<UnitId>,
    /// Schools, below the department of education.
    pub schools: Vec<UnitId>,
    /// Inspectors.
    pub inspectors: Vec<AccountId>,
    /// Leaders of the county, with their posts.
    pub leaders: Vec<(AccountId, PostId)>,
    /// Tenures that will change hands: the present one.
    pub changing: Vec<(TenureId, Desk)>,
    security: AccountId,
    system: AccountId,
    actors: BTreeMap<AccountId, Arc<Actor>>,
    named: HashSet<String>,
    logins: usize,
    order: i64,
    random: Random,
}

/// The first day of every unit.
const FOUNDED: (i32, u32, u32) = (2015, 1, 1);

impl County {
    /// Founds the county at `at`.
    ///
    /// # Errors
    /// What a use case refuses, which would be a fault of this file.
    pub fn found(app: &App, at: Instant, seed: u64) -> Result<County, Failure> {
        let names: Names = toml::from_str(include_str!("../../demo/county.toml"))
            .map_err(|error| Failure::Fault(format!("demo/county.toml: {error}")))?;
        let mut county = County {
            app: app.clone(),
            names,
            city: UnitId(0),
            county: UnitId(0),
            townships: vec![],
            departments: vec![],
            offices: vec![],
            city_office: AccountId(0),
            groups: vec![],
            schools: vec![],
            inspectors: vec![],
            leaders: vec![],
            changing: vec![],
            security: AccountId(0),
            system: AccountId(0),
            actors: BTreeMap::new(),
            named: HashSet::new(),
            logins: 0,
            order: 0,
            random: Random::new(seed),
        };
        county.administrators(at)?;
        county.roots(at)?;
        county.offices(at)?;
        county.departments(at)?;
        county.townships(at)?;
        county.others(at)?;
        super::members::import(app, &mut county, at)?;
        Ok(county)
    }

    /// The circumstances in which `account` acts at `at`.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn ctx(&mut self, account: AccountId, at: Instant) -> Result<Context, Failure> {
        let actor = match self.actors.get(&account) {
            Some(actor) => Arc::clone(actor),
            None => {
                let loaded = self.app.db.read(|conn| {
                    let row: Account = journal::by_id(conn, account.0)?.ok_or(bihuan_app::Error::NotFound)?;
                    actor::load(conn, &row, at.day_in_china())
                })?;
                let actor = Arc::new(loaded.actor);
                self.actors.insert(account, Arc::clone(&actor));
                actor
            }
        };
        Ok(Context { actor, at, source_address: "演示".to_owned() })
    }

    /// Forgets who may do what, after people or units changed.
    pub fn forget(&mut self) {
        self.actors.clear();
    }

    fn administrators(&mut self, at: Instant) -> Result<(), Failure> {
        let secret = self.app.make_bootstrap_secret(at)?;
        let mut person = |login: &str| Administrator { name: self.new_name(), login: login.to_owned() };
        let set_up = SetUp {
            secret,
            system: person("system"),
            password: "Yunxi-2015-demo".to_owned(),
            security: person("security"),
            audit: person("audit"),
        };
        let visit = Visit { at: at.plus_seconds(60), source_address: "console".to_owned() };
        self.app.set_up(&visit, set_up)?;
        let by_login = |login: &'static str| -> Result<AccountId, Failure> {
            let found = self.app.db.read(|conn| bihuan_store::account::by_login(conn, login))?;
            found.map(|account| account.id).ok_or_else(|| Failure::Fault(format!("no account {login}")))
        };
        (self.system, self.security) = (by_login("system")?, by_login("security")?);
        Ok(())
    }

    fn roots(&mut self, at: Instant) -> Result<(), Failure> {
        let (city, county) = (&self.names.city, &self.names.county);
        let table = format!(
            "单位代码,单位名称,上级代码,单位性质,层级\n3690,{city},,行政区划,市级\n369027,{county},3690,行政区划,县级\n"
        );
        let file = read_table("units.csv", table.as_bytes())?;
        let order = ImportOrder { below: None, day: founded(), close_missing: false };
        self.app.import_units(Importer::Console(at), Arc::new(file), order, Progress::silent())?;
        let by_code = |code: &'static str| -> Result<UnitId, Failure> {
            let found = self.app.db.read(|conn| bihuan_store::unit::open_by_code(conn, code))?;
            found.map(|unit| unit.id).ok_or_else(|| Failure::Fault(format!("no unit {code}")))
        };
        (self.city, self.county) = (by_code("3690")?, by_code("369027")?);
        Ok(())
    }

    /// The city's and the county's offices. The first officer is registered by the administrators, who then let them
    /// build the rest.
    fn offices(&mut self, at: Instant) -> Result<(), Failure> {
        let name = self.new_name();
        let first = self.account(at, "city-office", Owner::New(name, String::new()))?;
        let person = self.person_of(first)?;
        self.grant(at, Holder::Person(person), Role::Office, self.city)?;
        self.city_office = first;
        self.forget();
        let city_unit =
            self.unit(at, self.city, "市主题教育专班", "市专班", UnitKind::TaskForce, Level::City, "")?;
        let post = self.post(at, city_unit, "专班负责人", false)?;
        self.appoint(at, post, person)?;
        let office =
            self.unit(at, self.county, "县主题教育专班", "县专班", UnitKind::TaskForce, Level::County, "")?;
        self.groups.push(office);
        for (login, post) in [("office", "专班主任"), ("office2", "综合组干部"), ("office3", "整改组干部")]
        {
            let (account, _, _) =
                self.officer(at, office, post, false, login, &[(Role::Office, self.county)])?;
            self.offices.push(account);
        }
        self.forget();
        Ok(())
    }

    fn departments(&mut self, at: Instant) -> Result<(), Failure> {
        let departments = std::mem::take(&mut self.names.department);
        for (n, one) in departments.iter().enumerate() {
            let kind = UnitKind::from_code(&one.kind).unwrap_or(UnitKind::Department);
            let unit = self.unit(at, self.county, &one.name, &one.short, kind, Level::County, "机关")?;
            let verify =
                if one.name == "县交通运输局" { "verifier".to_owned() } else { format!("check{n}") };
            let head = match one.name.as_str() {
                name if name.ends_with("办公室") => "主任",
                name if name.ends_with('局') => "局长",
                name if name.ends_with('部') => "部长",
                _ => "主要负责人",
            };
            let (leader, leader_post, tenure) =
                self.officer(at, unit, head, true, &format!("dept{n}-head"), &[(Role::Leader, unit)])?;
            let (filler, ..) =
                self.officer(at, unit, "综合股干部", false, &format!("dept{n}"), &[(Role::Filler, unit)])?;
            let (verifier, ..) =
                self.officer(at, unit, "督查股股长", false, &verify, &[(Role::Verifier, unit)])?;
            let mut branches = Vec::new();
            for which in ["机关第一党支部", "机关第二党支部", "离退休党支部"] {
                let name = format!("{}{which}", one.name);
                branches
                    .push((self.unit(at, unit, &name, "", UnitKind::Branch, Level::Branch, "机关")?, name));
            }
            let desk = Desk {
                unit,
                name: one.name.clone(),
                filler,
                leader,
                leader_post,
                verifier: Some(verifier),
                branches,
            };
            if n % 5 == 4 {
                self.changing.push((tenure, desk.clone()));
            }
            self.departments.push(desk);
        }
        Ok(())
    }

    fn townships(&mut self, at: Instant) -> Result<(), Failure> {
        let townships = std::mem::take(&mut self.names.townships);
        let villages = self.names.villages.clone();
        for (n, name) in townships.iter().enumerate() {
            let unit = self.unit(at, self.county, name, "", UnitKind::Territory, Level::Township, "农村")?;
            let login = if n == 0 { "secretary".to_owned() } else { format!("town{n}-head") };
            let (leader, leader_post, tenure) =
                self.officer(at, unit, "党委书记", true, &login, &[(Role::Leader, unit)])?;
            self.officer(at, unit, "乡镇长", true, &format!("town{n}-chief"), &[(Role::Leader, unit)])?;
            let login = if n == 0 { "filler".to_owned() } else { format!("town{n}") };
            let (filler, ..) =
                self.officer(at, unit, "党建办干部", false, &login, &[(Role::Filler, unit)])?;
            let mut branches = Vec::new();
            for k in 0..11 {
                let village = &villages[(n * 7 + k) % villages.len()];
                let branch = format!("{name}{village}村党支部");
                branches.push((
                    self.unit(at, unit, &branch, "", UnitKind::Branch, Level::Branch, "农村")?,
                    branch,
                ));
            }
            let login = if n == 0 { "branch".to_owned() } else { format!("town{n}-branch") };
            self.officer(at, branches[0].0, "支部书记", false, &login, &[(Role::Filler, branches[0].0)])?;
            let desk =
                Desk { unit, name: name.clone(), filler, leader, leader_post, verifier: None, branches };
            if n % 4 == 1 {
                self.changing.push((tenure, desk.clone()));
            }
            self.townships.push(desk);
        }
        Ok(())
    }

    /// Schools and enterprises, county leaders, inspectors, the evaluator.
    fn others(&mut self, at: Instant) -> Result<(), Failure> {
        let education = self.departments[5].unit;
        for name in self.names.schools.clone() {
            let unit = self.unit(at, education, &name, "", UnitKind::Institution, Level::County, "学校")?;
            self.schools.push(unit);
            self.unit(at, unit, &format!("{name}党支部"), "", UnitKind::Branch, Level::Branch, "学校")?;
        }
        for name in self.names.enterprises.clone() {
            let unit = self.unit(at, self.county, &name, "", UnitKind::Enterprise, Level::County, "国企")?;
            self.unit(at, unit, &format!("{name}党支部"), "", UnitKind::Branch, Level::Branch, "国企")?;
        }
        let county = self.county;
        let posts =
            ["县委书记", "县长", "县委副书记", "分管农业的副县长", "分管城建的副县长", "分管民生的副县长"];
        for (n, post) in posts.into_iter().enumerate() {
            let login = if n == 2 { "leader".to_owned() } else { format!("leader{n}") };
            let (account, post, _) =
                self.officer(at, county, post, true, &login, &[(Role::Leader, county)])?;
            self.leaders.push((account, post));
        }
        let group =
            self.unit(at, county, "县委巡回督导组", "督导组", UnitKind::TaskForce, Level::County, "")?;
        self.groups.push(group);
        for (login, post) in [
            ("inspector", "组长"),
            ("inspector2", "副组长"),
            ("inspector3", "甲组联络员"),
            ("inspector4", "乙组联络员"),
        ] {
            let (account, ..) = self.officer(at, group, post, false, login, &[(Role::Inspector, county)])?;
            self.inspectors.push(account);
        }
        let judges = self.unit(at, county, "第三方评估组", "评估组", UnitKind::Other, Level::County, "")?;
        self.officer(at, judges, "评估员", false, "evaluator", &[(Role::Evaluator, county)])?;
        self.forget();
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "the facts of a unit, said once each above")]
    fn unit(
        &mut self,
        at: Instant,
        parent: UnitId,
        name: &str,
        short: &str,
        kind: UnitKind,
        level: Level,
        sector: &str,
    ) -> Result<UnitId, Failure> {
        self.order += 1;
        let draft = UnitDraft {
            code: format!("369027{:05}", self.order),
            name: name.to_owned(),
            short_names: short.to_owned(),
            kind,
            level,
            sector: sector.to_owned(),
            line: String::new(),
            official_order: self.order,
        };
        let ctx = self.ctx(self.city_office, at)?;
        Ok(self.app.create_unit(&ctx, parent, draft, founded())?.unit.id)
    }

    fn post(&mut self, at: Instant, unit: UnitId, name: &str, leads: bool) -> Result<PostId, Failure> {
        self.order += 1;
        let ctx = self.ctx(self.city_office, at)?;
        let draft = PostDraft { name: name.to_owned(), leads, shared: false, official_order: self.order };
        Ok(self.app.create_post(&ctx, unit, draft)?.id)
    }

    fn appoint(&mut self, at: Instant, post: PostId, person: PersonId) -> Result<TenureId, Failure> {
        let ctx = self.ctx(self.city_office, at)?;
        let since = at.day_in_china().plus_days(-(self.random.between(60, 1_400) as i32));
        Ok(self.app.appoint(&ctx, post, person, since)?.id)
    }

    /// A post with a person and an account, and the roles of the post.
    fn officer(
        &mut self,
        at: Instant,
        unit: UnitId,
        post: &str,
        leads: bool,
        login: &str,
        roles: &[(Role, UnitId)],
    ) -> Result<(AccountId, PostId, TenureId), Failure> {
        let post = self.post(at, unit, post, leads)?;
        let (account, person) = self.somebody(at, login)?;
        let tenure = self.appoint(at, post, person)?;
        for (role, root) in roles {
            self.grant(at, Holder::Post(post), *role, *root)?;
        }
        Ok((account, post, tenure))
    }

    /// A new person with an active account.
    ///
    /// # Errors
    /// As [`County::found`].
    pub fn somebody(&mut self, at: Instant, login: &str) -> Result<(AccountId, PersonId), Failure> {
        let ctx = self.ctx(self.city_office, at)?;
        let phone = format!("0690-3{:03}{:03}", self.random.between(100, 999), self.random.between(100, 999));
        let name = self.new_name();
        let person = self.app.create_person(&ctx, &name, &phone)?;
        Ok((self.account(at, login, Owner::Known(person.id))?, person.id))
    }

    fn account(&mut self, at: Instant, login: &str, owner: Owner) -> Result<AccountId, Failure> {
        self.logins += 1;
        let system = self.ctx(self.system, at)?;
        let account = self.app.create_account(&system, owner, login)?.account;
        let security = self.ctx(self.security, at)?;
        self.app.set_account_state(&security, account, None, true, "本人到岗")?;
        Ok(account)
    }

    fn person_of(&self, account: AccountId) -> Result<PersonId, Failure> {
        let row = self.app.db.read(|conn| journal::by_id::<Account>(conn, account.0))?;
        row.map(|row| row.person_id).ok_or_else(|| Failure::Fault("an account is missing".to_owned()))
    }

    fn grant(&mut self, at: Instant, holder: Holder, role: Role, unit: UnitId) -> Result<(), Failure> {
        let security = self.ctx(self.security, at)?;
        self.app.grant_role(&security, NewGrant { holder, role, unit: Some(unit), to_day: None })?;
        Ok(())
    }

    /// A number of days, from the first to the second.
    pub fn days(&mut self, (low, high): (i64, i64)) -> i64 {
        self.random.between(low, high)
    }

    /// A name nobody else in the county bears.
    pub fn new_name(&mut self) -> String {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        let (surnames, first, second) =
            (chars(&self.names.surnames), chars(&self.names.given_first), chars(&self.names.given_second));
        loop {
            let mut name = String::new();
            name.push(*self.random.pick(&surnames));
            name.push(*self.random.pick(&first));
            if self.random.chance(70) {
                name.push(*self.random.pick(&second));
            }
            if self.named.insert(name.clone()) {
                return name;
            }
        }
    }
}

fn founded() -> Day {
    Day::from_ymd(FOUNDED.0, FOUNDED.1, FOUNDED.2).unwrap_or_default()
}
