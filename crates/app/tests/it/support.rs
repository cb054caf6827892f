//! A made-up county from a table of units, people with roles, and problems.

#![allow(dead_code, reason = "each noun's tests use a part of it")]

use bihuan_app::problem::AssignInput;
use bihuan_app::required_action::ActionInput;
use bihuan_app::unit_import::{ImportOrder, Importer, Progress, UnitFile, read_table};
use bihuan_app::{App, Context};
use bihuan_domain::campaign::{Campaign, CampaignState};
use bihuan_domain::id::{AccountId, CampaignId, GrantId, PersonId, ProblemId, UnitId};
use bihuan_domain::problem::{Draft, ImportedState};
use bihuan_domain::role::{Actor, Grant, HeldPost, Role};
use bihuan_domain::unit::{Unit, UnitPath};
use bihuan_domain::{Day, Refusal};
use bihuan_store::journal::{self, NewEntry, Stamp, Write};
use bihuan_store::{Db, Fault};
use std::sync::Arc;

/// A rule: a monthly meeting of every township, from the first day on.
pub fn monthly_meeting() -> ActionInput {
    ActionInput {
        name: "每月例会".to_owned(),
        subject: "unit".to_owned(),
        levels: vec!["township".to_owned()],
        activities: vec!["three-meetings".to_owned()],
        cadence: "month".to_owned(),
        from_day: first_day().to_string(),
        ..ActionInput::default()
    }
}

/// The first day of everything.
pub fn first_day() -> Day {
    Day::from_ymd(2024, 3, 1).unwrap()
}

/// The county's units, by code.
pub const TREE: &str = "code,name,parent_code,kind,level,sector,line,short_names,order\n\
    JZ,江州市,,territory,city,,,江州,1\n\
    YX,云溪县,JZ,territory,county,,,云溪,1\n\
    YX01,石桥镇,YX,territory,township,农村,,石桥,1\n\
    YX02,柳湾乡,YX,territory,township,农村,,柳湾,2\n\
    YX03,白塔镇,YX,territory,township,农村,,白塔,3\n\
    YX0101,青石村,YX01,territory,village,农村,,,1\n\
    YX0102,上坪村,YX01,territory,village,农村,,,2\n\
    YX0201,河湾村,YX02,territory,village,农村,,,1\n\
    YX0101Z,青石村党支部,YX0101,branch,branch,农村,,,1\n\
    YX0201Z,河湾村党支部,YX0201,branch,branch,农村,,,1\n\
    YX-SL,云溪县水利局,YX,department,county,机关,水利,县水利局,11\n\
    YX-CZ,云溪县财政局,YX,department,county,机关,财政,县财政局,12\n\
    YX-ZGB,云溪县整改办,YX,task_force,county,机关,,整改办,10\n\
    JZ-FG,江州市发展改革委,JZ,department,city,机关,发改,市发改委,11\n\
    YS,远山县,JZ,territory,county,,,远山,2\n\
    YS01,大岭镇,YS,territory,township,农村,,,1\n";

/// An application over a fresh database with the county.
pub struct Fixture {
    pub app: App,
    pub db: Db,
}

impl Fixture {
    pub fn new(db: &Db) -> Fixture {
        let fixture = Fixture { app: App::new(db.clone()).with_vault(vault()), db: db.clone() };
        fixture.import(TREE);
        fixture.campaign();
        fixture
    }

    /// Imports a table at the console, on the first day.
    pub fn import(&self, table: &str) {
        let file: UnitFile = read_table("units.csv", table.as_bytes()).unwrap();
        let at = first_day().starts_at().plus_seconds(3600);
        let order = ImportOrder { below: None, day: first_day(), close_missing: false };
        self.app.import_units(Importer::Console(at), Arc::new(file), order, Progress::silent()).unwrap();
    }

    fn campaign(&self) {
        let office = self.unit("YX-ZGB").id;
        self.db
            .write(move |conn| -> Result<(), Fault> {
                let campaign = Campaign {
                    id: CampaignId(1),
                    code: "trial".to_owned(),
                    name: "试行整改".to_owned(),
                    office_unit_id: office,
                    basis: bihuan_domain::campaign::AuthorityBasis::Decision,
                    authority: "云溪县委常委会会议纪要第3号".to_owned(),
                    document: "关于开展专项行动的通知".to_owned(),
                    scope: "全县各单位".to_owned(),
                    state: CampaignState::Running,
                    starts_day: first_day(),
                    ends_day: None,
                    template_text: include_str!("../../../../templates/themed-education.toml").to_owned(),
                    follows_id: None,
                    version: 1,
                };
                let entry = NewEntry { writes: vec![Write::insert(&campaign)], ..entry("campaign.created") };
                journal::append(conn, &stamp(first_day()), vec![entry])?;
                Ok(())
            })
            .unwrap();
    }

    /// The open or closed unit that bears a code, the newest first.
    pub fn unit(&self, code: &str) -> Unit {
        use bihuan_store::record::Record;
        let found = self.db.read(|conn| {
            Unit::find(conn, "WHERE code = $1 ORDER BY id DESC LIMIT 1", &bihuan_store::vals![code])
        });
        found.unwrap().unwrap_or_else(|| panic!("no unit {code}"))
    }

    /// A person with one role over the unit of a code, on a day.
    pub fn ctx(&self, role: Role, code: &str, day: Day) -> Context {
        let unit = self.unit(code);
        context(900, role, &unit, day)
    }

    /// A problem that waits for its assignment.
    pub fn accepted(&self, registered: &str, day: Day) -> ProblemId {
        self.accepted_from("self-check", registered, day)
    }

    /// The same from another source of the template.
    pub fn accepted_from(&self, source: &'static str, registered: &str, day: Day) -> ProblemId {
        let (unit, app) = (self.unit(registered), self.app.clone());
        let ctx = context(900, Role::Office, &self.unit("JZ"), day);
        self.db
            .write(move |conn| -> Result<ProblemId, bihuan_app::Error> {
                let campaign: Campaign = journal::by_id(conn, 1)?.unwrap();
                let rules = app.rules(&campaign)?;
                let draft = Draft {
                    campaign_id: campaign.id,
                    unit_id: unit.id,
                    unit_path: unit.path,
                    text: "灌渠淤积，下游三个组春灌用水不足".to_owned(),
                    category: "livelihood".to_owned(),
                    source: source.to_owned(),
                    number: bihuan_store::problem::next_number(conn, campaign.id, 1)?,
                    ..Draft::default()
                };
                let scene = ctx.scene(&rules);
                let (case, step) =
                    bihuan_domain::problem::register(draft, &scene, Some(ImportedState::Accepted))?;
                Ok(bihuan_app::problem::write_step(conn, &ctx, None, case, step)?.problem.id)
            })
            .unwrap()
    }

    /// A problem assigned to a unit, checked by another.
    pub fn assigned(&self, lead: &str, checking: &str, day: Day) -> ProblemId {
        self.assigned_from("self-check", lead, checking, day)
    }

    /// The same from another source of the template.
    pub fn assigned_from(&self, source: &'static str, lead: &str, checking: &str, day: Day) -> ProblemId {
        let id = self.accepted_from(source, "YX-ZGB", day);
        let ctx = self.ctx(Role::Office, "JZ", day);
        let sent = AssignInput {
            lead: self.unit(lead).id.to_string(),
            checking: self.unit(checking).id.to_string(),
            deadline: "立行立改".to_owned(),
            due_day: day.plus_days(20).to_string(),
            ..AssignInput::default()
        };
        self.app.assign(&ctx, id, None, sent).unwrap();
        id
    }

    /// The doing unit reports a problem done that it cannot solve, so that no evidence is needed.
    pub fn report_done(&self, id: ProblemId, day: Day) {
        let lead = self.problem(id).problem.lead_unit_id.unwrap();
        let unit: Unit = self.db.read(|conn| journal::by_id(conn, lead.0)).unwrap().unwrap();
        let ctx = context(901, Role::Filler, &unit, day);
        if self.problem(id).problem.signed_day.is_none() {
            self.app.sign(&ctx, id, None).unwrap();
        }
        let sent = bihuan_app::problem::ReportInput {
            outcome: "closed_unsolved".to_owned(),
            statement: "渠道所在地块已经征收，原渠不再使用，村组三十户改由泵站供水，2024年4月完成".to_owned(),
            claimed_day: day.to_string(),
        };
        self.app.report_done(&ctx, id, None, sent).unwrap();
    }

    pub fn problem(&self, id: ProblemId) -> bihuan_domain::problem::Case {
        self.db.read(|conn| bihuan_store::problem::load_case(conn, id)).unwrap().unwrap()
    }

    pub fn no_drift(&self) {
        let drift = self.db.read(|conn| bihuan_store::rollup::recount(conn, 10)).unwrap();
        assert!(drift.is_empty(), "{drift:?}");
    }
}

pub fn context(person: i64, role: Role, unit: &Unit, day: Day) -> Context {
    let actor = Actor {
        account: AccountId(person),
        person: PersonId(person),
        name: "周敏".to_owned(),
        posts: vec![HeldPost {
            post: bihuan_domain::id::PostId(person),
            name: "干事".to_owned(),
            unit: unit.id,
            path: unit.path.clone(),
        }],
        grants: vec![Grant { id: GrantId(person), role, unit: unit.id, path: unit.path.clone() }],
    };
    Context {
        actor: Arc::new(actor),
        at: day.starts_at().plus_seconds(9 * 3600),
        source_address: "192.0.2.1".to_owned(),
    }
}

pub fn entry(action: &str) -> NewEntry {
    NewEntry { action: action.to_owned(), ..NewEntry::default() }
}

pub fn stamp(day: Day) -> Stamp {
    Stamp { at: day.starts_at().plus_seconds(3600), source_address: "console".to_owned(), ..Stamp::default() }
}

/// The refusal of an answer.
#[track_caller]
pub fn refused<T: std::fmt::Debug>(answer: Result<T, bihuan_app::Error>) -> Refusal {
    match answer {
        Err(bihuan_app::Error::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

pub fn path_of(chain: &[UnitId]) -> UnitPath {
    chain[1..].iter().fold(UnitPath::root(chain[0]), |path, id| path.child(*id))
}

/// A vault with a key of its own.
fn vault() -> bihuan_app::vault::Vault {
    bihuan_app::vault::Vault::new(bihuan_app::vault::Key::generate().unwrap())
}

/// Everything the journal tells is in the index, and what the reader finds of a kind: how many, and their numbers.
pub fn found(f: &Fixture, who: &Context, kind: &str, q: &str) -> (usize, Vec<i64>) {
    use bihuan_app::search::SearchInput;
    while f.app.index_step().unwrap().more {}
    let sent = SearchInput { q: q.to_owned(), kind: kind.to_owned(), ..SearchInput::default() };
    let found = f.app.search(who, &sent).unwrap();
    (found.total, found.hits.iter().map(|hit| hit.subject_id).collect())
}
