//! What is recorded of the required actions, in all campaigns: most in time, now and then late, missing or excused.
//! What becomes of a period is decided when a campaign begins; each record lies in the queue of the play.

use super::life::working_moment;
use super::play::Play;
use super::random::Random;
use crate::exit::Failure;
use bihuan_app::activity::ActivityInput;
use bihuan_app::required_action::ExcuseInput;
use bihuan_app::{App, Context, Error};
use bihuan_domain::id::{AccountId, CampaignId, ExcuseId, PersonId, RequiredActionId, UnitId};
use bihuan_domain::required_action::Period;
use bihuan_domain::{Day, Instant};
use bihuan_store::person::{self, PostHolders};
use serde::Deserialize;

/// The seed of its own chance: the rest of the county does not change with it.
const SEED: u64 = 104_729;
/// Of so many turns one is missed and one is made up for later.
const TURNS: usize = 11;
const MISSED: usize = 4;
const LATE: usize = 9;
/// Hundredths of a period by which the day of something done once varies, in five steps.
const VARIES: i64 = 8;
/// Days after the end of a period on which it is made up for, and how many days that may vary.
const LATE_DAYS: i32 = 4;
const LATE_VARIES: usize = 6;
/// Branches that hold a day together, in a township and in a department.
const TOGETHER: (usize, usize) = (4, 2);
/// The department that the schools belong to.
const EDUCATION: usize = 5;
/// The branch a mobile member of the first township belongs to, and the period from which the member is away.
const HOME_BRANCH: usize = 9;
const AWAY_FROM: usize = 2;
/// One party in so many has nobody who leads.
const LEADERLESS: usize = 6;
/// Seconds before now at which an excuse is asked for that still waits.
const ASKED_SECONDS: [i64; 2] = [18 * 3_600, 1_800];

/// The habits, from `demo/habits.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    habit: Vec<Habit>,
}

/// Who records a kind of activity, and how.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Habit {
    /// 0 for the campaign of the county, else the number of a smaller one.
    campaign: usize,
    action: String,
    kind: String,
    who: Vec<Who>,
    /// Parties of the list that do not.
    #[serde(default)]
    skip: usize,
    /// Where in a period it takes place, in hundredths, one for each time.
    at: Vec<i64>,
    topics: Vec<String>,
    #[serde(default)]
    minutes: String,
    /// Minutes.
    #[serde(default)]
    duration: i64,
    #[serde(default)]
    link: String,
    /// Words in the names of the posts that lead it.
    #[serde(default)]
    lead: Vec<String>,
    /// The people of the branches below come too.
    #[serde(default)]
    with_branches: bool,
    /// What the record adds when a mobile member takes part; empty where none does.
    #[serde(default)]
    guest: String,
    /// Why a missed period is excused, and why one is asked for that still waits; empty for none.
    #[serde(default)]
    excuse: String,
    #[serde(default)]
    asks: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Who {
    Town,
    Dept,
    County,
    School,
    Group,
    Branch,
}

/// Whose clerk records.
#[derive(Debug, Clone, Copy)]
enum Clerk {
    Town(usize),
    Dept(usize),
    Office(usize),
}

/// A unit that records, alone or with others.
#[derive(Debug, Clone)]
struct Party {
    clerk: Clerk,
    units: Vec<UnitId>,
}

/// One time that something takes place.
#[derive(Debug, Clone)]
struct Turn {
    habit: usize,
    party: Party,
    campaign: CampaignId,
    day: Day,
    makes_up: Option<Day>,
    topic: usize,
    leaderless: bool,
    guest: Guest,
}

/// What a turn has to do with the mobile member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Guest {
    No,
    Comes,
    Away,
}

/// An excuse that is asked for.
#[derive(Debug, Clone)]
struct Ask {
    rule: RequiredActionId,
    party: Party,
    period: Period,
    reason: String,
    asked: Option<ExcuseId>,
}

/// One moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Moment {
    Record(usize),
    Ask(usize),
    Agree(usize),
}

/// What was planned.
#[derive(Debug)]
pub(super) struct Habits {
    habits: Vec<Habit>,
    turns: Vec<Turn>,
    asks: Vec<Ask>,
    random: Random,
}

/// A rule as a campaign issued it, with its code in the template.
pub(super) type Issued = (String, RequiredActionId);

/// Issues everything the template asks.
///
/// # Errors
/// Faults of the database; a use case that refuses.
pub(super) fn issue(app: &App, office: &Context, campaign: CampaignId) -> Result<Vec<Issued>, Failure> {
    let codes: Vec<String> =
        app.template_actions(office, campaign)?.into_iter().map(|line| line.code).collect();
    let done = app.adopt_actions(office, campaign, codes.clone())?;
    Ok(codes.into_iter().zip(done.into_iter().map(|done| done.id)).collect())
}

impl Habits {
    /// Reads the habits.
    ///
    /// # Errors
    /// A fault of the file.
    pub(super) fn read() -> Result<Habits, Failure> {
        let file: File = toml::from_str(include_str!("../../demo/habits.toml"))
            .map_err(|error| Failure::Fault(format!("demo/habits.toml: {error}")))?;
        Ok(Habits { habits: file.habit, turns: vec![], asks: vec![], random: Random::new(SEED) })
    }
}

/// What is planned for one party in one period.
struct Slot<'a> {
    habit: (usize, &'a Habit),
    campaign: CampaignId,
    party: (usize, &'a Party),
    period: (usize, Period),
}

impl Slot<'_> {
    /// A number that tells slots apart.
    fn number(&self) -> usize {
        self.party.0 * 5 + self.period.0 * 7 + self.habit.0 * 3
    }

    fn turn(&self) -> usize {
        self.number() % TURNS
    }

    /// The day of a time: a working day where the period has one around it.
    fn day(&self, percent: i64) -> Day {
        let (_, period) = self.period;
        let varied = (percent + (self.number() % 5) as i64 * VARIES / self.habit.1.at.len() as i64).min(97);
        let day = period.first.plus_days((i64::from(period.last.minus(period.first)) * varied / 100) as i32);
        let friday = day.plus_days(-(day.days_after_monday() - 4).max(0));
        if friday < period.first { day } else { friday }
    }

    fn guest(&self, home: Option<UnitId>) -> Guest {
        if self.habit.1.guest.is_empty() || self.period.0 < AWAY_FROM {
            return Guest::No;
        }
        match self.party.0 {
            0 => Guest::Comes,
            _ if home.is_some_and(|home| self.party.1.units.contains(&home)) => Guest::Away,
            _ => Guest::No,
        }
    }
}

impl Play<'_> {
    /// Plans what will be recorded for a campaign from `begin` on; `number` as the habits name it.
    pub(super) fn plan_habits(
        &mut self,
        number: usize,
        campaign: CampaignId,
        issued: &[Issued],
        begin: Instant,
    ) -> Result<(), Failure> {
        let office = self.ctx(self.office(0), begin)?;
        let actions = self.app.required_actions(&office, campaign)?;
        let today = self.today();
        for (h, habit) in self.habits.habits.clone().iter().enumerate() {
            if habit.campaign != number {
                continue;
            }
            let rule = issued.iter().find(|(code, _)| *code == habit.action).map(|(_, id)| *id);
            let Some(action) = actions.iter().find(|action| Some(action.id) == rule) else {
                return Err(Failure::Fault(format!("demo/habits.toml: {}", habit.action)));
            };
            let parties = self.parties(habit);
            let (mut excused, mut asked) = (habit.excuse.is_empty(), habit.asks.is_empty());
            for (p, (period, version)) in action.periods(today).into_iter().enumerate() {
                for (n, party) in parties.iter().enumerate() {
                    let on = period.last.min(today);
                    let owes = |conn: &mut bihuan_store::Conn| {
                        bihuan_store::required_action::unit_owes(conn, &version.rule, party.units[0], on)
                    };
                    if !self.app.db.read(owes)? {
                        continue;
                    }
                    let slot = Slot { habit: (h, habit), campaign, party: (n, party), period: (p, period) };
                    if !asked && period.contains(today) && n > 0 {
                        asked = true;
                        self.plan_waiting(action.id, &slot);
                    } else if !excused && p > 0 && period.last < today && slot.turn() == MISSED {
                        excused = true;
                        self.plan_excuse(action.id, &slot, begin);
                    } else {
                        self.plan_turns(&slot, begin);
                    }
                }
            }
        }
        Ok(())
    }

    fn plan_turns(&mut self, slot: &Slot<'_>, begin: Instant) {
        let (h, habit) = slot.habit;
        let times = habit.at.len();
        for (k, percent) in habit.at.iter().enumerate() {
            let planned = slot.day(*percent);
            let (day, makes_up) = match slot.turn() {
                MISSED => continue,
                LATE if k + 1 == times => {
                    let after = LATE_DAYS + (slot.number() % LATE_VARIES) as i32;
                    (slot.period.1.last.plus_days(after), Some(planned))
                }
                _ => (planned, None),
            };
            let home = self.county.townships[0].branches.get(HOME_BRANCH).map(|(unit, _)| *unit);
            let turn = Turn {
                habit: h,
                party: slot.party.1.clone(),
                campaign: slot.campaign,
                day,
                makes_up,
                topic: slot.party.0 + slot.period.0 * times + k,
                leaderless: slot.party.0 % LEADERLESS == LEADERLESS - 1,
                guest: slot.guest(home),
            };
            let when = working_moment(day, &mut self.habits.random);
            // What took place before the campaign was kept here was recorded when that began.
            let when = if when > begin { when } else { begin.plus_seconds(60 * (slot.number() as i64 + 1)) };
            self.habits.turns.push(turn);
            self.queue_habit(when, Moment::Record(self.habits.turns.len() - 1));
        }
    }

    fn plan_excuse(&mut self, rule: RequiredActionId, slot: &Slot<'_>, begin: Instant) {
        let planned = working_moment(slot.day(slot.habit.1.at[0]), &mut self.habits.random);
        let when = planned.max(begin.plus_seconds(3_600));
        self.ask_for(rule, slot, slot.habit.1.excuse.clone());
        let n = self.habits.asks.len() - 1;
        self.queue_habit(when, Moment::Ask(n));
        self.queue_habit(when.plus_seconds(20 * 3_600), Moment::Agree(n));
    }

    fn plan_waiting(&mut self, rule: RequiredActionId, slot: &Slot<'_>) {
        let before = ASKED_SECONDS.map(|seconds| self.until().plus_seconds(-seconds));
        let when = before.into_iter().find(|at| at.day_in_china() >= slot.period.1.first);
        self.ask_for(rule, slot, slot.habit.1.asks.clone());
        self.queue_habit(when.unwrap_or(before[1]), Moment::Ask(self.habits.asks.len() - 1));
    }

    fn ask_for(&mut self, rule: RequiredActionId, slot: &Slot<'_>, reason: String) {
        let (party, period) = (slot.party.1.clone(), slot.period.1);
        self.habits.asks.push(Ask { rule, party, period, reason, asked: None });
    }

    fn parties(&self, habit: &Habit) -> Vec<Party> {
        let mut found = Vec::new();
        let county = &*self.county;
        let alone = |clerk: Clerk, unit: UnitId| Party { clerk, units: vec![unit] };
        for who in &habit.who {
            let from = found.len();
            let towns = county.townships.iter().enumerate();
            let depts = county.departments.iter().enumerate();
            match who {
                Who::Town => found.extend(towns.map(|(n, desk)| alone(Clerk::Town(n), desk.unit))),
                Who::Dept => found.extend(depts.map(|(n, desk)| alone(Clerk::Dept(n), desk.unit))),
                Who::County => found.push(alone(Clerk::Office(1), county.county)),
                Who::School => {
                    found.extend(county.schools.iter().map(|unit| alone(Clerk::Dept(EDUCATION), *unit)));
                }
                Who::Group => found.extend(county.groups.iter().map(|unit| alone(Clerk::Office(2), *unit))),
                Who::Branch => {
                    let towns = towns.map(|(n, desk)| (Clerk::Town(n), TOGETHER.0, desk));
                    let depts = depts.map(|(n, desk)| (Clerk::Dept(n), TOGETHER.1, desk));
                    for (clerk, together, desk) in towns.chain(depts) {
                        let units = desk.branches.chunks(together);
                        let units = units.map(|some| some.iter().map(|(unit, _)| *unit).collect());
                        found.extend(units.map(|units| Party { clerk, units }));
                    }
                }
            }
            if from == 0 {
                found.drain(..habit.skip.min(found.len()));
            }
        }
        found
    }

    /// Who records for a party now; nobody where the unit has gone into another.
    fn clerk(&self, party: &Party) -> Option<AccountId> {
        let desk = match party.clerk {
            Clerk::Office(n) => return Some(self.office(n)),
            Clerk::Town(n) => &self.county.townships[n],
            Clerk::Dept(n) => &self.county.departments[n],
        };
        let own = desk.unit == party.units[0];
        let below = desk.branches.iter().any(|(unit, _)| *unit == party.units[0]);
        let school = self.county.schools.contains(&party.units[0]);
        (own || below || school).then_some(desk.filler)
    }

    /// Runs one moment.
    pub(super) fn habit(&mut self, what: Moment, at: Instant) -> Result<(), Failure> {
        match what {
            Moment::Record(n) => self.record(n, at),
            Moment::Ask(n) => self.ask(n, at),
            Moment::Agree(n) => self.agree(n, at),
        }
    }

    fn record(&mut self, n: usize, at: Instant) -> Result<(), Failure> {
        let turn = self.habits.turns[n].clone();
        let habit = self.habits.habits[turn.habit].clone();
        let Some(clerk) = self.clerk(&turn.party) else { return Ok(()) };
        let ctx = self.ctx(clerk, at)?;
        let staff = self.staff(&turn, &habit)?;
        let mut people: Vec<PersonId> = holders(&staff, |_| true);
        let mut topic = habit.topics[turn.topic % habit.topics.len()].clone();
        if let (Guest::Comes | Guest::Away, Some(guest)) = (turn.guest, self.mobile_member(turn.day)?) {
            people.retain(|person| *person != guest);
            if turn.guest == Guest::Comes {
                people.push(guest);
                topic.push_str(&habit.guest);
            }
        }
        let leads = |post: &str| habit.lead.iter().any(|word| post.contains(word.as_str()));
        let lead = if turn.leaderless { Vec::new() } else { holders(&staff, leads) };
        let texts = |ids: Vec<PersonId>| ids.into_iter().map(|id| id.to_string()).collect();
        let sent = ActivityInput {
            campaign: turn.campaign.to_string(),
            unit: turn.party.units[0].to_string(),
            kind: habit.kind.clone(),
            day: turn.day.to_string(),
            makes_up_day: turn.makes_up.map(|day| day.to_string()).unwrap_or_default(),
            topic,
            people: texts(people),
            lead: texts(lead),
            units: turn.party.units[1..].iter().map(UnitId::to_string).collect(),
            minutes_text: habit.minutes.clone(),
            duration: if habit.duration > 0 { habit.duration.to_string() } else { String::new() },
            link: habit.link.clone(),
            ..ActivityInput::default()
        };
        let done = self.app.record_activity(&ctx, sent, Vec::new());
        self.took("record", &turn.party, done.map(|_| ()))
    }

    /// The people of a turn's units, and of the branches below where they come too.
    fn staff(&self, turn: &Turn, habit: &Habit) -> Result<Vec<PostHolders>, Failure> {
        let mut units = turn.party.units.clone();
        if habit.with_branches {
            let desk = match turn.party.clerk {
                Clerk::Town(n) => Some(&self.county.townships[n]),
                Clerk::Dept(n) => Some(&self.county.departments[n]),
                Clerk::Office(_) => None,
            };
            units.extend(desk.iter().flat_map(|desk| &desk.branches).map(|(unit, _)| *unit));
        }
        self.posts_of(&units, turn.day)
    }

    fn posts_of(&self, units: &[UnitId], day: Day) -> Result<Vec<PostHolders>, Failure> {
        Ok(self.app.db.read(|conn| -> Result<_, bihuan_store::Fault> {
            let mut found = Vec::new();
            for unit in units {
                found.extend(person::posts_on(conn, *unit, day)?);
            }
            Ok(found)
        })?)
    }

    /// A member of a branch of the first township who works, and takes part, where another branch is.
    fn mobile_member(&self, day: Day) -> Result<Option<PersonId>, Failure> {
        let Some((home, _)) = self.county.townships[0].branches.get(HOME_BRANCH) else { return Ok(None) };
        Ok(holders(&self.posts_of(&[*home], day)?, |post| post == "党员").pop())
    }

    fn ask(&mut self, n: usize, at: Instant) -> Result<(), Failure> {
        let ask = self.habits.asks[n].clone();
        let Some(clerk) = self.clerk(&ask.party) else { return Ok(()) };
        let ctx = self.ctx(clerk, at)?;
        let sent = ExcuseInput {
            unit: ask.party.units[0].to_string(),
            period: ask.period.last.to_string(),
            reason: ask.reason.clone(),
            ..ExcuseInput::default()
        };
        let asked = self.app.ask_excuse(&ctx, ask.rule, sent);
        self.habits.asks[n].asked = asked.as_ref().ok().copied();
        self.took("ask", &ask.party, asked.map(|_| ()))
    }

    fn agree(&mut self, n: usize, at: Instant) -> Result<(), Failure> {
        let ask = self.habits.asks[n].clone();
        let Some(id) = ask.asked else { return Ok(()) };
        let ctx = self.ctx(self.office(0), at)?;
        let words = "情况属实，同意；工作不能断，下一周期一并补上。";
        let decided = self.app.decide_excuse(&ctx, id, None, "approved", words);
        self.took("agree", &ask.party, decided.map(|_| ()))
    }

    /// A fault ends the play; what a rule refuses is told at the end.
    fn took(&mut self, step: &str, party: &Party, result: Result<(), Error>) -> Result<(), Failure> {
        match result {
            Ok(()) => Ok(()),
            Err(Error::Fault(fault)) => Err(Error::Fault(fault).into()),
            Err(refused) => {
                self.refused(format!("{step} {party:?}: {refused}"));
                Ok(())
            }
        }
    }
}

/// The holders of posts whose name is wanted, none twice.
fn holders(posts: &[PostHolders], wanted: impl Fn(&str) -> bool) -> Vec<PersonId> {
    let mut found = Vec::new();
    for post in posts.iter().filter(|post| wanted(&post.post.name)) {
        for holder in &post.holders {
            if !found.contains(&holder.tenure.person_id) {
                found.push(holder.tenure.person_id);
            }
        }
    }
    found
}
