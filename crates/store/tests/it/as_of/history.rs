//! A small organisation that lives through random steps; at the end of every day it is written down what is told.

use crate::random_history::{CAMPAIGN, Op, ROOT, calendar, campaign, change_calendar};
use bihuan_domain::activity::{Activity, ActivityState, Attendance};
use bihuan_domain::id::{ActivityId, ExcuseId, PersonId, PostId, RequiredActionId, TenureId, UnitId};
use bihuan_domain::person::{Person, Post, Tenure};
use bihuan_domain::required_action::{ExcuseState, RequiredAction, SubjectKind, Tally, credits};
use bihuan_domain::unit::{Level, Unit, UnitKind, UnitPath};
use bihuan_domain::{Coded, Day};
use bihuan_store::activity::{ActivityPerson, facts};
use bihuan_store::calendar::load_on;
use bihuan_store::journal::{self, NewEntry, Stamp, Write};
use bihuan_store::record::Record;
use bihuan_store::required_action::{
    Asked, Excuse, known_on, of_campaign, overview, overview_on, own_cells, own_cells_on,
};
use bihuan_store::unit_tree::Move;
use bihuan_store::{Conn, Db, Fault, unit as store};
use std::collections::BTreeMap;

pub struct History {
    db: Db,
    pub today: Day,
    next: i64,
    kept: BTreeMap<Day, BTreeMap<UnitId, Tally>>,
}

pub fn first_day() -> Day {
    Day::from_ymd(2023, 8, 30).unwrap()
}

impl History {
    /// A root with five units; everybody owes everything that may be asked.
    pub fn new(db: &Db) -> History {
        let mut new = History { db: db.clone(), today: first_day(), next: 1, kept: BTreeMap::new() };
        new.write(vec![Write::insert(&campaign(first_day()))]);
        new.create(None, 0);
        for _ in 0..5 {
            new.create(Some(ROOT), 1);
        }
        new.appoint(1, 1);
        new.appoint(2, 2);
        for n in 0..6 {
            new.issue(n);
        }
        new
    }

    pub fn write(&self, writes: Vec<Write>) {
        self.write_as("test.step", ("", 0), writes);
    }

    pub fn write_as(
        &self,
        action: &str,
        (subject_kind, subject_id): (&'static str, i64),
        writes: Vec<Write>,
    ) {
        let at = self.today.starts_at().plus_seconds(36_000);
        let stamp = Stamp { at, source_address: "console".to_owned(), ..Stamp::default() };
        let entry =
            NewEntry { action: action.to_owned(), subject_kind, subject_id, writes, ..NewEntry::default() };
        self.db.write(move |conn| journal::append(conn, &stamp, vec![entry])).unwrap();
    }

    pub fn read<T>(&self, read: impl FnOnce(&mut Conn) -> Result<T, Fault>) -> T {
        self.db.read(read).unwrap()
    }

    fn all<T: Record>(&self, condition: &'static str) -> Vec<T> {
        self.read(|conn| T::load(conn, condition, &[]))
    }

    fn id(&mut self) -> i64 {
        self.next += 1;
        self.next
    }

    fn stored(&self, id: UnitId) -> Unit {
        self.read(|conn| store::by_id(conn, id)).unwrap()
    }

    /// Open units by number, the root first.
    pub fn units(&self) -> Vec<UnitId> {
        let all = self.all::<Unit>("WHERE closed_day IS NULL ORDER BY id");
        all.into_iter().map(|unit| unit.id).collect()
    }

    fn pick(&self, n: u16) -> UnitId {
        let open = self.units();
        open[usize::from(n) % open.len()]
    }

    pub fn actions(&self) -> Vec<RequiredAction> {
        self.read(|conn| of_campaign(conn, CAMPAIGN))
    }

    /// What every unit is told to owe and to have done, today.
    fn live_all(&self) -> BTreeMap<UnitId, Tally> {
        let (actions, today) = (self.actions(), self.today);
        let asked: Vec<Asked<'_>> = actions.iter().map(|action| Asked::begun(action, today)).collect();
        let units: Vec<UnitId> = self.all::<Unit>("").into_iter().map(|unit| unit.id).collect();
        let calendar = calendar(&self.db);
        self.read(|conn| overview(conn, &units, &asked, today, &calendar))
    }

    pub fn live(&self) -> Tally {
        self.live_all()[&ROOT]
    }

    fn told_all(&self, on: Day, units: &[UnitId]) -> BTreeMap<UnitId, Tally> {
        let mut known = Vec::new();
        for action in self.actions() {
            known.extend(self.read(|conn| known_on(conn, action, on)));
        }
        let asked: Vec<Asked<'_>> = known.iter().map(|action| Asked::begun(action, on)).collect();
        let calendar = self.read(|conn| load_on(conn, on));
        let found = self.read(|conn| overview_on(conn, units, &asked, on, &calendar)).unwrap();
        // A unit's own cells are told by another way; in sum they are what the unit itself counts.
        for unit in units.iter().filter(|_| on == self.today) {
            let own = self.read(|conn| own_cells_on(conn, *unit, &asked, on, &calendar));
            assert_eq!(own, self.read(|conn| own_cells(conn, &[*unit], &asked)));
        }
        found
    }

    /// What the root is told of a day, now.
    pub fn told(&self, on: Day) -> Tally {
        self.told_of(on, ROOT)
    }

    pub fn told_of(&self, on: Day, unit: UnitId) -> Tally {
        self.told_all(on, &[unit])[&unit]
    }

    /// What the root was told at the end of a day.
    pub fn kept(&self, on: Day) -> Tally {
        self.kept[&on][&ROOT]
    }

    /// The day ends, and what is told then is written down.
    pub fn next_day(&mut self, day: Day) {
        self.kept.insert(self.today, self.live_all());
        self.today = day;
    }

    /// Every day that was written down is told as it was.
    pub fn compare(&mut self) {
        self.next_day(self.today);
        for (day, kept) in &self.kept {
            let units: Vec<UnitId> = kept.keys().copied().collect();
            let told = self.told_all(*day, &units);
            for (unit, tally) in kept {
                assert_eq!(told[unit], *tally, "{unit} on {day}, today {}", self.today);
            }
        }
    }

    pub fn step(&mut self, op: Op) {
        let actions = 6;
        match op.what {
            0 => self.create(Some(self.pick(op.a)), op.b),
            1..=4 => self.next_day(self.today.plus_days(1 + i32::from(op.a % 19))),
            5 | 6 => self.move_unit(self.pick(op.a), self.pick(op.b)),
            7 => self.close(self.pick(op.a)),
            8 => self.amend(self.pick(op.a), op.b),
            9 => self.appoint(i64::from(op.a % 5) + 1, op.b),
            10 => self.leave(op.a),
            11..=13 => self.record(op),
            14 | 15 => self.correct(op),
            16 | 17 => self.excuse(op),
            18 => self.reissue(usize::from(op.a % actions), op.b),
            19 if op.a.is_multiple_of(4) => self.end(usize::from(op.b % actions)),
            20 | 21 => change_calendar(&self.db, self.today, op),
            _ => {}
        }
    }

    fn create(&mut self, parent: Option<UnitId>, n: u16) {
        let id = if parent.is_none() { ROOT } else { UnitId(100 + self.id()) };
        let path = parent.map_or(UnitPath::root(id), |parent| self.stored(parent).path.child(id));
        if path.depth() > 5 {
            return;
        }
        self.write(store::creation(&Unit {
            id,
            code: id.to_string(),
            name: format!("单位{id}"),
            short_names: String::new(),
            kind: UnitKind::ALL[0],
            level: [Level::County, Level::Township, Level::Village][usize::from(n % 3)],
            sector: String::new(),
            line: String::new(),
            parent_id: parent,
            path,
            official_order: id.0,
            created_day: self.today,
            closed_day: None,
            successor_id: None,
            version: 1,
        }));
    }

    pub fn move_unit(&mut self, unit: UnitId, to: UnitId) {
        let (before, to) = (self.stored(unit), self.stored(to));
        if unit == ROOT || to.path.is_within(&before.path) || to.path.depth() > 3 {
            return;
        }
        let new_path = to.path.child(unit);
        self.write(vec![Write::MoveUnit(Move { unit, old_path: before.path, new_path, day: self.today })]);
    }

    fn close(&mut self, unit: UnitId) {
        let before = self.stored(unit);
        let below = self.units().into_iter().filter(|id| self.stored(*id).path.is_within(&before.path));
        if unit == ROOT || below.count() > 1 || before.created_day == self.today {
            return;
        }
        let after = Unit { closed_day: Some(self.today), ..before.clone() };
        self.write(Write::update(&before, &after).into_iter().collect());
    }

    fn amend(&mut self, unit: UnitId, n: u16) {
        let before = self.stored(unit);
        let level = [Level::County, Level::Township, Level::Village][usize::from(n % 3)];
        let after = Unit { level, ..before.clone() };
        let mut writes: Vec<Write> = Write::update(&before, &after).into_iter().collect();
        writes.extend(self.read(|conn| store::standing(conn, &before, &after, self.today)));
        self.write(writes);
    }

    /// A person takes a post of some unit, made for them.
    fn appoint(&mut self, person: i64, n: u16) {
        let person = PersonId(person);
        let mut writes = Vec::new();
        if self.read(|conn| journal::by_id::<Person>(conn, person.0)).is_none() {
            let row = Person { id: person, name: format!("人{person}"), phone: String::new(), version: 1 };
            writes.push(Write::insert(&row));
        }
        let post = Post {
            id: PostId(self.id()),
            unit_id: self.pick(n),
            name: ["书记", "干事"][usize::from(n % 2)].to_owned(),
            leads: n.is_multiple_of(3),
            shared: true,
            official_order: 1,
            closed_day: None,
            version: 1,
        };
        let tenure = Tenure {
            id: TenureId(self.id()),
            post_id: post.id,
            person_id: person,
            from_day: self.today,
            to_day: None,
        };
        writes.extend([Write::insert(&post), Write::insert(&tenure)]);
        self.write(writes);
    }

    fn leave(&mut self, n: u16) {
        let open: Vec<Tenure> = self.all("WHERE to_day IS NULL ORDER BY id");
        let Some(before) = open.get(usize::from(n) % open.len().max(1)) else { return };
        if before.from_day == self.today {
            return;
        }
        let after = Tenure { to_day: Some(self.today), ..before.clone() };
        self.write(Write::update(before, &after).into_iter().collect());
    }

    pub fn record_at(&mut self, unit: UnitId, day: Day) -> ActivityId {
        let activity = Activity {
            id: ActivityId(self.id()),
            campaign_id: CAMPAIGN,
            unit_id: unit,
            kind: "study".to_owned(),
            day,
            makes_up_day: None,
            topic: "学习".to_owned(),
            minutes_text: "纪要".to_owned(),
            duration_minutes: 60,
            link: String::new(),
            filed_by: PersonId(1),
            filed_at: self.today.starts_at(),
            files: 0,
            state: ActivityState::Recorded,
            version: 1,
        };
        self.save(None, &activity);
        activity.id
    }

    fn record(&mut self, op: Op) {
        let id = self.record_at(self.pick(op.a), self.today.plus_days(-i32::from(op.b % 12)));
        if op.c.is_multiple_of(4) {
            self.correct(Op { a: u16::MAX, ..op });
        }
        assert!(id.0 > 0);
    }

    /// Writes the record with its people and what it counts for; a correction in one entry, as the program does.
    fn save(&self, before: Option<&Activity>, activity: &Activity) {
        let mut writes: Vec<Write> = Vec::new();
        if let Some(before) = before {
            writes.extend(Write::update(before, activity));
        } else {
            let held: Vec<Tenure> = self.all("ORDER BY person_id");
            let mut people: Vec<PersonId> =
                held.iter().filter(|t| t.holds_on(activity.day)).map(|tenure| tenure.person_id).collect();
            people.dedup();
            let mut new = vec![Write::insert(activity)];
            new.extend(people.iter().enumerate().map(|(n, person)| {
                let attendance = if n == 0 { Attendance::Lead } else { Attendance::Attend };
                Write::insert(&ActivityPerson { activity_id: activity.id, person_id: *person, attendance })
            }));
            self.write(new);
        }
        let valid = activity.state == ActivityState::Recorded;
        let (actions, facts) = (self.actions(), self.read(|conn| facts(conn, activity)));
        let kinds: BTreeMap<RequiredActionId, SubjectKind> =
            actions.iter().map(|a| (a.id, a.newest().unwrap().rule.subject.table())).collect();
        let new = if valid { credits(&actions, &facts) } else { Vec::new() };
        let credits = new.into_iter().map(|credit| (kinds[&credit.rule_id], credit)).collect();
        let fresh = before.is_none();
        writes.push(Write::Credits { activity: activity.id, fresh, credits, actions: Vec::new() });
        self.write(writes);
    }

    fn correct(&mut self, op: Op) {
        let valid: Vec<Activity> = self.all("WHERE state = 'recorded' ORDER BY id");
        let Some(before) = valid.get(usize::from(op.a) % valid.len().max(1)) else { return };
        let mut after = Activity { version: before.version + 1, ..before.clone() };
        match op.b % 4 {
            0 => after.state = ActivityState::Withdrawn,
            1 => after.duration_minutes = i64::from(op.c % 3) * 60,
            2 => after.day = after.day.plus_days(-i32::from(op.c % 40)),
            _ => after.kind = ["study", "lecture"][usize::from(op.c % 2)].to_owned(),
        }
        self.save(Some(before), &after);
    }

    pub fn withdraw(&self, id: ActivityId) {
        let before: Activity = self.read(|conn| journal::by_id(conn, id.0)).unwrap();
        let after = Activity { state: ActivityState::Withdrawn, version: 2, ..before.clone() };
        self.save(Some(&before), &after);
    }

    fn excuse(&mut self, op: Op) {
        let granted: Vec<Excuse> = self.all("WHERE state = 'approved' ORDER BY id");
        if let Some(one) = granted.get(usize::from(op.a % 9)) {
            return self.revoke(one.id);
        }
        let actions = self.actions();
        let action = &actions[usize::from(op.a) % actions.len()];
        let periods = action.periods(self.today);
        let Some((period, version)) = periods.get(usize::from(op.b) % periods.len().max(1)) else { return };
        let posts: Vec<Post> = self.all("ORDER BY id");
        let subject_id = match version.rule.subject {
            SubjectKind::Unit | SubjectKind::WorkingGroup => self.pick(op.c).0,
            SubjectKind::Post => posts[usize::from(op.c) % posts.len()].id.0,
            SubjectKind::Person => i64::from(op.c % 5) + 1,
        };
        self.grant(action.id, version.rule.subject.table(), subject_id, period.last);
    }

    /// The unit is excused from the first rule in the period of today.
    pub fn excuse_at(&mut self, unit: UnitId) -> ExcuseId {
        let period = self.actions()[0].period_of(self.today).unwrap().0;
        self.grant(RequiredActionId(1), SubjectKind::Unit, unit.0, period.last)
    }

    fn grant(&mut self, rule: RequiredActionId, kind: SubjectKind, subject_id: i64, last: Day) -> ExcuseId {
        let at = self.today.starts_at();
        let row = Excuse {
            id: ExcuseId(self.id()),
            rule_id: rule,
            subject_kind: kind,
            subject_id,
            period_day: last,
            unit_id: ROOT,
            reason: "抗洪".to_owned(),
            state: ExcuseState::Approved,
            asked_by: PersonId(1),
            asked_at: at,
            decided_by: Some(PersonId(2)),
            decided_at: Some(at),
            decision_reason: String::new(),
            version: 1,
        };
        self.write(vec![Write::insert(&row)]);
        row.id
    }

    pub fn revoke(&self, id: ExcuseId) {
        let before: Excuse = self.read(|conn| journal::by_id(conn, id.0)).unwrap();
        let after = Excuse {
            state: ExcuseState::Revoked,
            decided_at: Some(self.today.starts_at()),
            version: before.version + 1,
            ..before.clone()
        };
        self.write(Write::update(&before, &after).into_iter().collect());
    }
}
