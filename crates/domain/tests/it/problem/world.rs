//! A small made-up county with the people the loop needs, and a problem at any stage of it.

use bihuan_domain::campaign::CampaignRules;
use bihuan_domain::deadline::Deadline;
use bihuan_domain::id::{
    AccountId, CampaignId, GrantId, LookBackId, PersonId, PostId, ProblemId, RequestId, UnitId,
};
use bihuan_domain::problem::*;
use bihuan_domain::role::{Actor, Grant, HeldPost, Role};
use bihuan_domain::unit::UnitPath;
use bihuan_domain::{Day, Refusal};

/// 云溪县
pub(super) const COUNTY: i64 = 1;
/// 县专班
pub(super) const OFFICE: i64 = 2;
/// 清河镇, which does the work
pub(super) const TOWN: i64 = 3;
/// 清河镇石桥村, below it
pub(super) const VILLAGE: i64 = 4;
/// 县农业农村局, which checks
pub(super) const BUREAU: i64 = 5;
/// 东岭镇, next door
pub(super) const NEXT_TOWN: i64 = 6;

/// How far the problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Registered,
    Screened,
    Returned,
    Accepted,
    Assigned,
    Rectifying,
    HandedUp,
    Reported,
    Proposed,
    Closed,
}

/// The place of a unit.
pub(super) fn path(unit: i64) -> UnitPath {
    let county = UnitPath::root(UnitId(COUNTY));
    match unit {
        COUNTY => county,
        VILLAGE => county.child(UnitId(TOWN)).child(UnitId(VILLAGE)),
        other => county.child(UnitId(other)),
    }
}

/// A person with one post and some grants.
pub(super) fn person(number: i64, post_unit: i64, grants: &[(Role, i64)]) -> Actor {
    Actor {
        account: AccountId(number),
        person: PersonId(number),
        name: format!("人员{number}"),
        posts: vec![HeldPost {
            post: PostId(number),
            name: "干部".to_owned(),
            unit: UnitId(post_unit),
            path: path(post_unit),
        }],
        grants: grants
            .iter()
            .map(|(role, unit)| Grant { id: GrantId(0), role: *role, unit: UnitId(*unit), path: path(*unit) })
            .collect(),
    }
}

pub(super) fn party(unit: i64, role: PartyRole) -> Party {
    Party { unit_id: UnitId(unit), path: path(unit), role, written: String::new() }
}

/// A problem, the day, and the rules.
#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) case: Case,
    pub(super) today: Day,
    pub(super) rules: CampaignRules,
    next_id: i64,
}

impl World {
    /// A problem registered on 4 March 2024 by the town's clerk, due on 30 April.
    pub(super) fn new() -> World {
        World::with_rules(CampaignRules::default())
    }

    pub(super) fn with_rules(rules: CampaignRules) -> World {
        let today = Day::from_ymd(2024, 3, 4).unwrap();
        let registrar = actor("registrar");
        let scene = Scene { actor: &registrar, today, now: today.starts_at(), rules: &rules };
        let (mut case, _) = register(draft(), &scene, None).unwrap();
        case.problem.id = ProblemId(7);
        World { case, today, rules, next_id: 100 }
    }

    /// A problem that has come to `stage` in the ordinary way.
    pub(super) fn at(stage: Stage) -> World {
        let mut world = World::new();
        world.go(stage);
        world
    }

    fn go(&mut self, stage: Stage) {
        let course = [
            Stage::Screened,
            Stage::Accepted,
            Stage::Assigned,
            Stage::Rectifying,
            Stage::Reported,
            Stage::Proposed,
            Stage::Closed,
        ];
        let steps = match stage {
            Stage::Registered => vec![],
            Stage::Returned => vec![Stage::Returned],
            Stage::HandedUp => [&course[..4], &[Stage::HandedUp]].concat(),
            other => course[..=course.iter().position(|s| *s == other).unwrap()].to_vec(),
        };
        for step in steps {
            self.take(step);
        }
    }

    fn take(&mut self, stage: Stage) {
        let words = |text: &str| text.to_owned();
        let done = match stage {
            Stage::Registered => return,
            Stage::Screened => self.run("leader", |c, s| screen(c, s, Screening::Accept)),
            Stage::Returned => self.run("leader", |c, s| screen(c, s, Screening::Return(words("地点不明")))),
            Stage::Accepted => self.run("office", |c, s| screen(c, s, Screening::Accept)),
            Stage::Assigned => self.run("office", |c, s| assign(c, s, order(), "")),
            Stage::Rectifying => self.run("doer", sign),
            Stage::HandedUp => {
                self.run("doer", |c, s| hand_up(c, s, (UnitId(COUNTY), path(COUNTY)), "需县级协调资金"))
            }
            Stage::Reported => {
                self.case.closure_evidence = 1;
                self.days(10);
                self.run("doer", |c, s| report_done(c, s, Outcome::Solved, "渠道已修复通水", s.today))
            }
            Stage::Proposed => self.run("checker", |c, s| {
                let verdict =
                    Verdict { outcome: Outcome::Solved, truth: Truth::True, note: words("现场查看") };
                verify(c, s, verdict)
            }),
            Stage::Closed => {
                self.days(6);
                self.run("office", |c, s| confirm_closure(c, s, ""))
            }
        };
        done.unwrap();
    }

    /// Lets days pass.
    pub(super) fn days(&mut self, count: i32) {
        self.today = self.today.plus_days(count);
    }

    /// Everybody who has a part in the world.
    pub(super) fn everybody(&self) -> Vec<Actor> {
        ["registrar", "leader", "office", "doer", "checker", "inspector", "superior", "neighbour", "village"]
            .iter()
            .map(|who| self.actor(who))
            .collect()
    }

    pub(super) fn actor(&self, who: &str) -> Actor {
        actor(who)
    }

    pub(super) fn office_path(&self) -> UnitPath {
        path(OFFICE)
    }

    pub(super) fn scene<'a>(&'a self, actor: &'a Actor) -> Scene<'a> {
        Scene {
            actor,
            today: self.today,
            now: self.today.starts_at().plus_seconds(9 * 3600),
            rules: &self.rules,
        }
    }

    /// One command by one of the people; a refused one changes nothing.
    pub(super) fn run<F>(&mut self, who: &str, command: F) -> Result<Step, Refusal>
    where
        F: FnOnce(&mut Case, &Scene<'_>) -> Result<Step, Refusal>,
    {
        self.run_as(&actor(who), command)
    }

    pub(super) fn run_as<F>(&mut self, actor: &Actor, command: F) -> Result<Step, Refusal>
    where
        F: FnOnce(&mut Case, &Scene<'_>) -> Result<Step, Refusal>,
    {
        let mut case = self.case.clone();
        let step = command(&mut case, &self.scene(actor))?;
        self.case = case;
        self.number();
        Ok(step)
    }

    /// The code of the refusal of a command.
    pub(super) fn refusal<F>(&mut self, who: &str, command: F) -> &'static str
    where
        F: FnOnce(&mut Case, &Scene<'_>) -> Result<Step, Refusal>,
    {
        let before = self.case.clone();
        let code = self.run(who, command).expect_err("the command should have been refused").code;
        assert_eq!(self.case, before, "a refused command changes nothing");
        code
    }

    /// Gives numbers to new children, as the store does.
    fn number(&mut self) {
        let mut next = || {
            self.next_id += 1;
            self.next_id
        };
        for measure in self.case.measures.iter_mut().filter(|m| m.id.0 == 0) {
            measure.id.0 = next();
        }
        for request in self.case.requests.iter_mut().filter(|r| r.id == RequestId(0)) {
            request.id = RequestId(next());
        }
        for look_back in self.case.look_backs.iter_mut().filter(|l| l.id == LookBackId(0)) {
            look_back.id = LookBackId(next());
        }
    }
}

/// The people of the world, by what they are to the problem.
pub(super) fn actor(who: &str) -> Actor {
    match who {
        "registrar" => person(1, NEXT_TOWN, &[(Role::Filler, NEXT_TOWN)]),
        "leader" => person(2, COUNTY, &[(Role::Leader, COUNTY)]),
        "office" => person(3, OFFICE, &[(Role::Office, COUNTY)]),
        "doer" => person(4, TOWN, &[(Role::Filler, TOWN)]),
        "checker" => person(5, BUREAU, &[(Role::Verifier, BUREAU)]),
        "inspector" => person(6, OFFICE, &[(Role::Inspector, COUNTY)]),
        "superior" => person(7, COUNTY, &[(Role::Leader, COUNTY)]),
        "neighbour" => person(8, NEXT_TOWN, &[(Role::Filler, NEXT_TOWN), (Role::Leader, NEXT_TOWN)]),
        "village" => person(9, VILLAGE, &[(Role::Filler, VILLAGE)]),
        other => panic!("nobody is called {other}"),
    }
}

pub(super) fn draft() -> Draft {
    Draft {
        campaign_id: CampaignId(1),
        number: 12,
        unit_id: UnitId(NEXT_TOWN),
        unit_path: path(NEXT_TOWN),
        text: "石桥村灌溉渠道破损120米未修，下游60亩水田无法灌溉".to_owned(),
        category: "民生".to_owned(),
        source: "visit".to_owned(),
        deadline: Some(due(2024, 4, 30)),
        ..Draft::default()
    }
}

pub(super) fn due(year: i32, month: u32, day: u32) -> Deadline {
    Deadline::on(Day::from_ymd(year, month, day).unwrap())
}

/// The ordinary assignment: the town does, the bureau checks.
pub(super) fn order() -> Assignment {
    Assignment {
        parties: vec![party(TOWN, PartyRole::Lead), party(BUREAU, PartyRole::Checking)],
        ..Assignment::default()
    }
}
