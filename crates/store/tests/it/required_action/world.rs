//! A small organisation that lives through random steps, once in the store and once in plain lists.

use crate::random_history::{CAMPAIGN, Op, ROOT, action_row, campaign, change_calendar, version_row};
use bihuan_domain::activity::{Activity, ActivityState, Attendance};
use bihuan_domain::id::{ActivityId, ExcuseId, PersonId, PostId, RequiredActionId, TenureId, UnitId};
use bihuan_domain::person::{Person, Post, Tenure};
use bihuan_domain::required_action::reference::{Excused, PastUnit, World};
use bihuan_domain::required_action::{
    Cadence, Credit, ExcuseState, Facts, Part, Participant, Proof, QuantityUnit, RequiredAction, Rule,
    SubjectKind, Version, credits,
};
use bihuan_domain::scope::Scope;
use bihuan_domain::unit::{Level, Unit, UnitKind, UnitPath};
use bihuan_domain::{Coded, Day};
use bihuan_store::activity::{ActivityPerson, facts};
use bihuan_store::journal::{self, NewEntry, Stamp, Write};
use bihuan_store::required_action::{Excuse, VersionRow};
use bihuan_store::unit_tree::Move;
use bihuan_store::{Db, unit as store};
use std::collections::BTreeMap;

pub struct Play {
    pub db: Db,
    pub today: Day,
    pub world: World,
    pub actions: Vec<RequiredAction>,
    pub facts: BTreeMap<ActivityId, (Activity, Facts)>,
    pub excused: Excused,
    next: i64,
}

fn first_day() -> Day {
    Day::from_ymd(2023, 8, 30).unwrap()
}

impl Play {
    pub fn new(db: &Db) -> Play {
        let mut play = Play {
            db: db.clone(),
            today: first_day(),
            world: World::default(),
            actions: Vec::new(),
            facts: BTreeMap::new(),
            excused: Excused::new(),
            next: 1,
        };
        play.write(vec![Write::insert(&campaign(first_day()))]);
        play.create(None, 0);
        for n in 0..4 {
            play.create(Some(ROOT), n);
        }
        for n in 0..5 {
            play.issue(n, n * 7);
        }
        play
    }

    fn write(&self, writes: Vec<Write>) {
        let at = self.today.starts_at().plus_seconds(36_000);
        let stamp = Stamp { at, source_address: "console".to_owned(), ..Stamp::default() };
        let entry = NewEntry { action: "test.step".to_owned(), writes, ..NewEntry::default() };
        self.db.write(move |conn| journal::append(conn, &stamp, vec![entry])).unwrap();
    }

    fn id(&mut self) -> i64 {
        self.next += 1;
        self.next - 1
    }

    fn stored(&self, id: UnitId) -> Unit {
        self.db.read(|conn| store::by_id(conn, id)).unwrap().unwrap()
    }

    fn open_units(&self) -> Vec<UnitId> {
        let open = self.world.units.values().filter(|past| past.unit.is_open_on(self.today));
        open.map(|past| past.unit.id).collect()
    }

    fn pick(&self, n: u16) -> UnitId {
        let open = self.open_units();
        open[usize::from(n) % open.len()]
    }

    pub fn credits(&self) -> Vec<Credit> {
        let valid = self.facts.values().filter(|(activity, _)| activity.state == ActivityState::Recorded);
        valid.flat_map(|(_, facts)| credits(&self.actions, facts)).collect()
    }

    pub fn step(&mut self, op: Op) {
        match op.what {
            0 | 1 => self.create(Some(self.pick(op.a)), op.b),
            2 | 3 => self.today = self.today.plus_days(i32::from(op.a % 23)),
            4 | 5 => self.move_unit(self.pick(op.a), self.pick(op.b)),
            6 => self.close(self.pick(op.a)),
            7 => self.amend(self.pick(op.a), op.b),
            8 => self.appoint(op),
            9 => self.leave(op),
            10..=13 => self.record(op),
            14 => self.correct(op),
            15 => self.excuse(op),
            16 => self.new_version(op),
            _ => change_calendar(&self.db, self.today, op),
        }
    }

    fn create(&mut self, parent: Option<UnitId>, n: u16) {
        let id = UnitId(if parent.is_none() { 1 } else { 100 + self.id() });
        let path = parent.map_or(UnitPath::root(id), |parent| self.stored(parent).path.child(id));
        if path.depth() > 6 {
            return;
        }
        let unit = Unit {
            id,
            code: id.to_string(),
            name: format!("单位{id}"),
            short_names: String::new(),
            kind: UnitKind::ALL[usize::from(n % 3) * 4],
            level: [Level::County, Level::Township, Level::Village][usize::from(n / 3 % 3)],
            sector: ["", "农村"][usize::from(n / 9 % 2)].to_owned(),
            line: String::new(),
            parent_id: parent,
            path,
            official_order: id.0,
            created_day: self.today,
            closed_day: None,
            successor_id: None,
            version: 1,
        };
        self.write(store::creation(&unit));
        self.world.units.insert(id, PastUnit { unit, past: Vec::new(), parents: vec![(self.today, parent)] });
    }

    fn move_unit(&mut self, unit: UnitId, to: UnitId) {
        let (before, to) = (self.stored(unit), self.stored(to));
        if unit == ROOT || to.path.is_within(&before.path) || to.path.depth() > 3 {
            return;
        }
        let new_path = to.path.child(unit);
        self.write(vec![Write::MoveUnit(Move { unit, old_path: before.path, new_path, day: self.today })]);
        let past = self.world.units.get_mut(&unit).unwrap();
        past.parents.retain(|(from, _)| *from < self.today);
        past.parents.push((self.today, Some(to.id)));
    }

    fn close(&mut self, unit: UnitId) {
        let path = self.stored(unit).path;
        let below = self.open_units().into_iter().filter(|id| self.stored(*id).path.is_within(&path)).count();
        if unit == ROOT || below > 1 || self.world.units[&unit].unit.created_day == self.today {
            return;
        }
        let before = self.stored(unit);
        let after = Unit { closed_day: Some(self.today), ..before.clone() };
        self.write(Write::update(&before, &after).into_iter().collect());
        self.world.units.get_mut(&unit).unwrap().unit.closed_day = Some(self.today);
    }

    fn amend(&mut self, unit: UnitId, n: u16) {
        let before = self.stored(unit);
        let level = [Level::County, Level::Township, Level::Village][usize::from(n % 3)];
        let after = Unit { level, ..before.clone() };
        let mut writes: Vec<Write> = Write::update(&before, &after).into_iter().collect();
        let was = self.db.read(|conn| store::standing(conn, &before, &after, self.today)).unwrap();
        let past = self.world.units.get_mut(&unit).unwrap();
        if was.is_some() {
            past.past.push((self.today, past.unit.clone()));
        }
        past.unit.level = level;
        writes.extend(was);
        self.write(writes);
    }

    /// A person takes a post, old or new.
    fn appoint(&mut self, op: Op) {
        // On a day of its own: a record says which posts were held on its day when it was made.
        self.today = self.today.plus_days(1);
        let person = PersonId(i64::from(op.c % 5) + 1);
        let mut writes = Vec::new();
        let known = self.world.tenures.iter().any(|tenure| tenure.person_id == person);
        if !known {
            let row = Person { id: person, name: format!("人{person}"), phone: String::new(), version: 1 };
            writes.push(Write::insert(&row));
        }
        let posts = &self.world.posts;
        let old = (!op.b.is_multiple_of(3) && !posts.is_empty())
            .then(|| posts[usize::from(op.a) % posts.len()].clone());
        let post = match old {
            Some(post) => post,
            None => {
                let post = Post {
                    id: PostId(self.id()),
                    unit_id: self.pick(op.a),
                    name: ["书记", "干事"][usize::from(op.b % 2)].to_owned(),
                    leads: op.b.is_multiple_of(5),
                    shared: true,
                    official_order: 1,
                    closed_day: None,
                    version: 1,
                };
                writes.push(Write::insert(&post));
                self.world.posts.push(post.clone());
                post
            }
        };
        let tenure = Tenure {
            id: TenureId(self.id()),
            post_id: post.id,
            person_id: person,
            from_day: self.today,
            to_day: None,
        };
        writes.push(Write::insert(&tenure));
        self.world.tenures.push(tenure);
        self.write(writes);
    }

    fn leave(&mut self, op: Op) {
        let open: Vec<usize> =
            (0..self.world.tenures.len()).filter(|n| self.world.tenures[*n].to_day.is_none()).collect();
        let Some(at) = open.get(usize::from(op.a) % open.len().max(1)).copied() else { return };
        self.today = self.today.plus_days(1);
        let before = self.world.tenures[at].clone();
        let after = Tenure { to_day: Some(self.today), ..before.clone() };
        self.write(Write::update(&before, &after).into_iter().collect());
        self.world.tenures[at] = after;
    }

    fn record(&mut self, op: Op) {
        let back = i32::from(op.b % 40);
        let unit = self.pick(op.a);
        let day = self.today.plus_days(-(back / 4));
        let activity = Activity {
            id: ActivityId(self.id()),
            campaign_id: CAMPAIGN,
            unit_id: unit,
            kind: ["study", "lecture"][usize::from(op.c % 2)].to_owned(),
            day,
            makes_up_day: op.c.is_multiple_of(7).then(|| day.plus_days(-20)),
            topic: "学习".to_owned(),
            minutes_text: if op.c.is_multiple_of(3) { String::new() } else { "纪要".to_owned() },
            duration_minutes: i64::from(op.c % 3) * 60,
            link: String::new(),
            filed_by: PersonId(1),
            filed_at: self.today.starts_at(),
            files: 0,
            state: ActivityState::Recorded,
            version: 1,
        };
        let holders = self.world.tenures.iter().filter(|tenure| tenure.holds_on(day));
        let mut people: Vec<PersonId> = holders.map(|tenure| tenure.person_id).collect();
        people.sort();
        people.dedup();
        people.truncate(usize::from(op.b % 4));
        let rows: Vec<ActivityPerson> = people
            .iter()
            .enumerate()
            .map(|(n, person)| ActivityPerson {
                activity_id: activity.id,
                person_id: *person,
                attendance: if n == 0 { Attendance::Lead } else { Attendance::Attend },
            })
            .collect();
        self.save(None, activity, &rows);
    }

    fn save(&mut self, before: Option<Activity>, activity: Activity, people: &[ActivityPerson]) {
        let mut writes: Vec<Write> = match &before {
            None => vec![Write::insert(&activity)],
            Some(before) => Write::update(before, &activity).into_iter().collect(),
        };
        writes.extend(people.iter().map(Write::insert));
        self.write(writes);
        let facts = self.db.read(|conn| facts(conn, &activity)).unwrap();
        assert_eq!(facts.people, self.participants(&activity, &facts), "posts of the day");
        let valid = activity.state == ActivityState::Recorded;
        let new = if valid { credits(&self.actions, &facts) } else { Vec::new() };
        let kinds: BTreeMap<RequiredActionId, SubjectKind> =
            self.actions.iter().map(|a| (a.id, a.newest().unwrap().rule.subject.table())).collect();
        let credits = new.into_iter().map(|credit| (kinds[&credit.rule_id], credit)).collect();
        let fresh = before.is_none();
        self.write(vec![Write::Credits { activity: activity.id, fresh, credits, actions: Vec::new() }]);
        self.facts.insert(activity.id, (activity, facts));
    }

    fn participants(&self, activity: &Activity, facts: &Facts) -> Vec<Participant> {
        let posts = |person: PersonId| {
            let held =
                self.world.tenures.iter().filter(|t| t.person_id == person && t.holds_on(activity.day));
            let mut posts: Vec<(PostId, String, bool)> = held
                .map(|tenure| self.world.posts.iter().find(|post| post.id == tenure.post_id).unwrap())
                .map(|post| (post.id, post.name.clone(), post.leads))
                .collect();
            posts.sort();
            posts
        };
        facts.people.iter().map(|one| Participant { posts: posts(one.person), ..one.clone() }).collect()
    }

    fn correct(&mut self, op: Op) {
        let ids: Vec<ActivityId> = self.facts.keys().copied().collect();
        let Some(id) = ids.get(usize::from(op.a) % ids.len().max(1)) else { return };
        let before = self.facts[id].0.clone();
        let mut after = Activity { version: before.version + 1, ..before.clone() };
        match op.b % 3 {
            0 => after.state = ActivityState::Withdrawn,
            1 => after.duration_minutes = i64::from(op.c % 4) * 60,
            _ => after.kind = ["study", "lecture"][usize::from(op.c % 2)].to_owned(),
        }
        self.save(Some(before), after, &[]);
    }

    fn excuse(&mut self, op: Op) {
        let action = self.actions[usize::from(op.a) % self.actions.len()].clone();
        let periods = action.periods(self.today);
        let Some((period, version)) = periods.get(usize::from(op.b) % periods.len().max(1)) else { return };
        let subject_id = match version.rule.subject {
            SubjectKind::Unit | SubjectKind::WorkingGroup => self.pick(op.c).0,
            SubjectKind::Post => self.world.posts.first().map_or(1, |post| post.id.0),
            SubjectKind::Person => i64::from(op.c % 5) + 1,
        };
        let row = Excuse {
            id: ExcuseId(self.id()),
            rule_id: action.id,
            subject_kind: version.rule.subject.table(),
            subject_id,
            period_day: period.last,
            unit_id: ROOT,
            reason: "抗洪".to_owned(),
            state: ExcuseState::Approved,
            asked_by: PersonId(1),
            asked_at: self.today.starts_at(),
            decided_by: Some(PersonId(2)),
            decided_at: Some(self.today.starts_at()),
            decision_reason: String::new(),
            version: 1,
        };
        if self.excused.insert((action.id, subject_id, period.last)) {
            self.write(vec![Write::insert(&row)]);
        }
    }

    pub fn rule(&self, n: u16, subject: SubjectKind, from_day: Day) -> Rule {
        let pick = |every: u16, of: u16| n / every % of;
        let cadence = Cadence::ALL[usize::from(n % 7)];
        let to_day =
            (cadence.is_single() || pick(5, 3) == 0).then(|| from_day.plus_days(40 + i32::from(n % 90)));
        let all = vec![Level::County, Level::Township, Level::Village];
        let scope = Scope {
            subtree: [None, Some(ROOT), Some(self.pick(n / 3))][usize::from(pick(2, 3))],
            with_root: pick(3, 2) == 0,
            children_only: pick(7, 4) == 0,
            levels: if pick(2, 2) == 0 { vec![Level::Village, Level::Township] } else { all },
            kinds: if pick(11, 4) == 0 { vec![UnitKind::ALL[0]] } else { Vec::new() },
            sectors: if pick(13, 5) == 0 { vec!["农村".to_owned()] } else { Vec::new() },
            listed: if pick(17, 3) == 0 { vec![self.pick(n / 5)] } else { Vec::new() },
            without: if pick(19, 3) == 0 { vec![self.pick(n / 7)] } else { Vec::new() },
            ..Scope::default()
        };
        Rule {
            name: "学习".to_owned(),
            basis: String::new(),
            strand: String::new(),
            subject,
            scope,
            posts: if pick(3, 2) == 0 { vec!["书记".to_owned()] } else { Vec::new() },
            leads_only: pick(23, 4) == 0,
            kinds: [&["study"][..], &["lecture"], &["study", "lecture"]][usize::from(pick(4, 3))]
                .iter()
                .map(|kind| (*kind).to_owned())
                .collect(),
            each_kind: pick(6, 2) == 0,
            part: Part::ALL[usize::from(pick(8, 2))],
            cadence,
            from_day,
            to_day,
            quantity: i64::from(pick(9, 2)) + 1,
            unit: QuantityUnit::ALL[usize::from(pick(10, 2))],
            proof: Proof::ALL[usize::from(pick(12, 2))],
            grace_working_days: i32::from(pick(14, 4)),
        }
    }

    fn issue(&mut self, n: u16, seed: u16) {
        let subject = SubjectKind::ALL[usize::from(n % 4)];
        let rule = self.rule(seed * 31 + n, subject, first_day());
        let action = RequiredAction {
            id: RequiredActionId(i64::from(n) + 1),
            campaign_id: CAMPAIGN,
            owner_unit_id: ROOT,
            versions: Vec::new(),
        };
        let row = action_row(action.id, subject);
        let action = action.with_version(rule, first_day());
        self.write(vec![Write::insert(&row), Write::insert(&self.row(&action.versions[0], action.id))]);
        self.actions.push(action);
    }

    fn row(&self, version: &Version, rule_id: RequiredActionId) -> VersionRow {
        version_row(version, rule_id, first_day())
    }

    fn new_version(&mut self, op: Op) {
        let at = usize::from(op.a) % self.actions.len();
        let newest = self.actions[at].newest().unwrap().rule.clone();
        self.change(at, self.rule(op.c, newest.subject, newest.from_day));
    }

    /// A rule has a new version from today on.
    pub fn change(&mut self, at: usize, rule: Rule) {
        let old = self.actions[at].clone();
        let newest = old.newest().unwrap();
        let new = old.clone().with_version(rule, self.today);
        let (before, ended) = (newest, &new.versions[new.versions.len() - 2]);
        let from = new.newest().unwrap().from_day;
        let mut writes = vec![Write::Uncredit { rule: old.id, from }];
        writes.extend(Write::update(&self.row(before, old.id), &self.row(ended, old.id)));
        writes.push(Write::insert(&self.row(new.newest().unwrap(), old.id)));
        writes.push(Write::Recredit { rule: old.id, from });
        self.write(writes);
        self.actions[at] = new;
    }
}
