//! The county that is simulated: units, one clerk each, a campaign with the built-in ladder.

use super::Outline;
use crate::demo::Random;
use crate::exit::Failure;
use bihuan_app::unit_import::{ImportOrder, Importer, Progress, read_table};
use bihuan_app::{App, Context};
use bihuan_domain::campaign::{AuthorityBasis, Campaign, CampaignState};
use bihuan_domain::id::{
    AccountId, CampaignId, GrantId, PersonId, PostId, ProblemId, TaskId, TenureId, UnitId,
};
use bihuan_domain::person::{Account, AccountState, Person, Post, RoleGrant, Tenure};
use bihuan_domain::role::{Actor, Grant, HeldPost, Role};
use bihuan_domain::template::Template;
use bihuan_domain::unit::Unit;
use bihuan_domain::{Day, Instant};
use bihuan_store::Db;
use bihuan_store::journal::{self, NewEntry, Stamp, Write};
use bihuan_store::record::Record;
use std::collections::HashMap;
use std::sync::Arc;

/// Villages of one township.
const VILLAGES: i64 = 20;

/// The campaign's template, with its ladder.
const TEMPLATE: &str = include_str!("../../../../templates/themed-education.toml");

/// Everything the play needs.
pub struct World {
    pub app: App,
    /// Units that do, by number.
    pub units: Vec<Unit>,
    pub county: Unit,
    pub office: Unit,
    pub bureau: Unit,
    pub random: Random,
    /// Problems that are not closed.
    pub open: Vec<ProblemId>,
    /// Tasks that are not done.
    pub tasks: Vec<TaskId>,
    /// Working days a superior has to answer a call, and to help, by the template.
    pub superior_working_days: i32,
    pub help_working_days: i32,
    /// All units by their number.
    by_id: HashMap<UnitId, Unit>,
    /// A unit directly below each unit that has one.
    pub below: HashMap<UnitId, UnitId>,
}

impl World {
    /// Founds the county in an empty, migrated database.
    pub fn found(db: Db, outline: Outline, first: Day) -> Result<World, Failure> {
        let app = App::new(db);
        let file = read_table("units.csv", table(outline.units).as_bytes())?;
        let born = first.plus_days(-30);
        let order = ImportOrder { below: None, day: born, close_missing: false };
        let at = born.starts_at().plus_seconds(3600);
        app.import_units(Importer::Console(at), Arc::new(file), order, Progress::silent())?;
        let all: Vec<Unit> = app.db.read(|conn| Unit::load(conn, "ORDER BY id", &[]))?;
        let named = |code: &str| {
            let found = all.iter().find(|unit| unit.code == code).cloned();
            found.ok_or_else(|| Failure::Fault(format!("no unit {code}")))
        };
        let (county, office, bureau) = (named("S")?, named("SO")?, named("SB")?);
        let template = Template::parse(TEMPLATE).map_err(|faults| Failure::Fault(format!("{faults:?}")))?;
        let rule = template.supervision;
        let units: Vec<Unit> =
            all.iter().filter(|unit| !["S", "SO", "SB"].contains(&unit.code.as_str())).cloned().collect();
        let world = World {
            app,
            units,
            county,
            office,
            bureau,
            random: Random::new(outline.seed),
            open: Vec::new(),
            tasks: Vec::new(),
            superior_working_days: rule.superior_working_days,
            help_working_days: rule.help_working_days,
            below: all.iter().filter_map(|unit| unit.parent_id.map(|above| (above, unit.id))).collect(),
            by_id: all.iter().map(|unit| (unit.id, unit.clone())).collect(),
        };
        world.people(&all, at)?;
        world.campaign(at)?;
        Ok(world)
    }

    /// One clerk a unit; the county has a leader, the office a head, the bureau a verifier.
    fn people(&self, all: &[Unit], at: Instant) -> Result<(), Failure> {
        let county = self.county.id;
        let from_day = at.day_in_china();
        let (mut people, mut posts, mut tenures, mut accounts, mut grants) =
            (vec![], vec![], vec![], vec![], vec![]);
        for unit in all {
            let id = unit.id.0;
            let (role, over) = self.role_of(unit);
            people.push(Person {
                id: PersonId(id),
                name: format!("甲{id}"),
                phone: String::new(),
                version: 1,
            });
            posts.push(Post {
                id: PostId(id),
                unit_id: unit.id,
                name: "联络员".to_owned(),
                leads: unit.id == county,
                shared: false,
                official_order: 1,
                closed_day: None,
                version: 1,
            });
            tenures.push(Tenure {
                id: TenureId(id),
                post_id: PostId(id),
                person_id: PersonId(id),
                from_day,
                to_day: None,
            });
            accounts.push(Account {
                id: AccountId(id),
                person_id: PersonId(id),
                login: format!("u{id}"),
                password_hash: String::new(),
                must_change: false,
                password_set_at: None,
                state: AccountState::Active,
                version: 1,
            });
            grants.push(RoleGrant {
                id: GrantId(id),
                role,
                post_id: Some(PostId(id)),
                person_id: None,
                unit_id: over.id,
                from_day,
                to_day: None,
            });
        }
        let writes = vec![
            Write::bulk(&people),
            Write::bulk(&posts),
            Write::bulk(&tenures),
            Write::bulk(&accounts),
            Write::bulk(&grants),
        ];
        self.append(at, "person.planted", writes)
    }

    fn role_of<'a>(&'a self, unit: &'a Unit) -> (Role, &'a Unit) {
        match unit.id {
            id if id == self.county.id => (Role::Leader, &self.county),
            id if id == self.office.id => (Role::Office, &self.county),
            id if id == self.bureau.id => (Role::Verifier, &self.county),
            _ => (Role::Filler, unit),
        }
    }

    fn campaign(&self, at: Instant) -> Result<(), Failure> {
        let campaign = Campaign {
            id: CampaignId(1),
            code: "simulation".to_owned(),
            name: "模拟行动".to_owned(),
            office_unit_id: self.office.id,
            basis: AuthorityBasis::Decision,
            authority: "模拟".to_owned(),
            document: "模拟".to_owned(),
            scope: "全部单位".to_owned(),
            state: CampaignState::Running,
            starts_day: at.day_in_china(),
            ends_day: None,
            template_text: TEMPLATE.to_owned(),
            follows_id: None,
            version: 1,
        };
        self.append(at, "campaign.created", vec![Write::insert(&campaign)])
    }

    fn append(&self, at: Instant, action: &'static str, writes: Vec<Write>) -> Result<(), Failure> {
        let stamp = Stamp { at, source_address: "console".to_owned(), ..Stamp::default() };
        let entry =
            NewEntry { action: action.to_owned(), subject_kind: "person", writes, ..NewEntry::default() };
        self.app.db.write(move |conn| journal::append(conn, &stamp, vec![entry]).map(|_| ()))?;
        Ok(())
    }

    /// The clerk of a unit, at a moment.
    pub fn clerk(&self, unit: &Unit, at: Instant) -> Context {
        let (role, over) = self.role_of(unit);
        let actor = Actor {
            account: AccountId(unit.id.0),
            person: PersonId(unit.id.0),
            name: String::new(),
            posts: vec![HeldPost {
                post: PostId(unit.id.0),
                name: "联络员".to_owned(),
                unit: unit.id,
                path: unit.path.clone(),
            }],
            grants: vec![Grant { id: GrantId(unit.id.0), role, unit: over.id, path: over.path.clone() }],
        };
        Context { actor: Arc::new(actor), at, source_address: "simulation".to_owned() }
    }

    /// The clerk of a unit by its number.
    pub fn clerk_of(&self, id: UnitId, at: Instant) -> Context {
        self.clerk(self.by_id.get(&id).unwrap_or(&self.county), at)
    }
}

/// The tree as a table: the county, its office and bureau, townships with villages.
fn table(units: i64) -> String {
    let mut text = String::from(
        "code,name,parent_code,kind,level\nS,模拟县,,territory,county\nSO,模拟县整改办,S,task_force,county\nSB,模拟县检查局,S,department,county\n",
    );
    for number in 0..(units - 3).max(0) {
        let (town, village) = (number / (VILLAGES + 1), number % (VILLAGES + 1));
        if village == 0 {
            text.push_str(&format!("T{town},第{town}镇,S,territory,township\n"));
        } else {
            text.push_str(&format!("T{town}V{village},第{town}镇第{village}村,T{town},territory,village\n"));
        }
    }
    text
}
