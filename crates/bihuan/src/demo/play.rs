//! Plays the months of the campaign in the order of time, each step through its use case.

use super::county::{County, Desk};
use super::errand::{Errand, Errands};
use super::habit::{self, Habits};
use super::ledger;
use super::life::{FATES, Fate, Life, Seat, Stage, later, working_moment};
use super::random::Random;
use super::report;
use super::study;
use super::texts::{Texts, Words};
use crate::exit::Failure;
use bihuan_app::{App, Context};
use bihuan_domain::id::{AccountId, CampaignId, ProblemId};
use bihuan_domain::{Day, Instant};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Problems that are registered one by one.
pub const PROBLEMS: usize = 560;
/// Days after the first registration on which the reading class ends.
const CLASS_DAYS: i32 = 72;
/// Days from the first registration to the last.
const SPREAD_DAYS: i64 = 285;

/// What came of it.
#[derive(Debug, Default)]
pub struct Played {
    /// Steps that were taken.
    pub steps: u64,
    /// Steps that were refused, which should be none: what, and why.
    pub refused: Vec<String>,
}

/// Things that happen to the county, not to one problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Happening {
    Problem(usize),
    HandOver(usize),
    MergeTownships,
    ImportLedger,
    LeaveLedger,
    Errand(Errand),
    Habit(habit::Moment),
    Class,
    Morning,
    Report(report::Step),
}

/// The running play.
#[derive(Debug)]
pub struct Play<'a> {
    pub(super) app: &'a App,
    texts: &'a Texts,
    pub(super) county: &'a mut County,
    pub(super) campaign: CampaignId,
    pub(super) lives: Vec<Life>,
    pub(super) errands: Errands,
    pub(super) habits: Habits,
    now: Instant,
    queue: BinaryHeap<Reverse<(i64, Happening)>>,
    random: Random,
    played: Played,
}

impl<'a> Play<'a> {
    /// Draws every life; nothing has happened yet.
    pub fn new(
        app: &'a App,
        county: &'a mut County,
        campaign: CampaignId,
        texts: &'a Texts,
        now: Instant,
        seed: u64,
        (mut errands, habits): (Errands, Habits),
    ) -> Play<'a> {
        let mut random = Random::new(seed);
        let (mut lives, mut queue) = (Vec::new(), BinaryHeap::new());
        let first = now.day_in_china().plus_days(-(SPREAD_DAYS as i32) - 3);
        for n in 0..PROBLEMS {
            lives.push(draw(n, county, texts, &mut random, lives.last()));
            let day =
                first.plus_days((n as i64 * SPREAD_DAYS / PROBLEMS as i64 + random.between(0, 3)) as i32);
            queue.push(Reverse((working_moment(day, &mut random).micros(), Happening::Problem(n))));
        }
        for n in 0..county.changing.len() {
            let day = first.plus_days(70 + 25 * n as i32);
            queue.push(Reverse((working_moment(day, &mut random).micros(), Happening::HandOver(n))));
        }
        let day = first.plus_days(60);
        queue.push(Reverse((working_moment(day, &mut random).micros(), Happening::MergeTownships)));
        queue.push(Reverse((
            working_moment(first.plus_days(20), &mut random).micros(),
            Happening::ImportLedger,
        )));
        let day = first.plus_days(CLASS_DAYS);
        queue.push(Reverse((working_moment(day, &mut random).micros(), Happening::Class)));
        for before in 1..=super::slip::DAYS {
            let day = now.day_in_china().plus_days(-before);
            queue.push(Reverse((
                day.starts_at().plus_seconds(8 * 3_600 + 1_800).micros(),
                Happening::Morning,
            )));
        }
        let yesterday = now.plus_seconds(-20 * 3_600);
        queue.push(Reverse((yesterday.micros(), Happening::LeaveLedger)));
        for (at, what) in errands.moments(now.day_in_china()) {
            queue.push(Reverse((at.micros(), Happening::Errand(what))));
        }
        for (step, days) in report::STEPS {
            let at = working_moment(now.day_in_china().plus_days(-days), &mut random);
            queue.push(Reverse((at.micros(), Happening::Report(step))));
        }
        let played = Played::default();
        Play { app, texts, county, campaign, lives, errands, habits, now, queue, random, played }
    }

    /// Plays until now. `say` hears how many of a thousand parts of the time have passed.
    ///
    /// # Errors
    /// Faults of the database. A refused step only ends the life it belongs to.
    pub fn run(mut self, say: &mut dyn FnMut(u64)) -> Result<Played, Failure> {
        let start = self.queue.peek().map_or(0, |Reverse((at, _))| *at);
        while let Some(Reverse((micros, what))) = self.queue.pop() {
            if micros > self.now.micros() {
                break;
            }
            let span = (self.now.micros() - start).max(1);
            say(((micros - start) * 1_000 / span).clamp(0, 1_000) as u64);
            let at = Instant::from_micros(micros);
            match what {
                Happening::Problem(n) => self.step(n, at)?,
                Happening::Errand(what) => self.errand(what, at)?,
                Happening::HandOver(n) => self.hand_over(n, at)?,
                Happening::MergeTownships => self.merge_townships(at)?,
                Happening::ImportLedger => {
                    let taken = ledger::import(self.app, self.county, self.campaign, self.texts, at)?;
                    for (id, words, town) in taken {
                        self.adopt(id, words, Seat::Town(town), at);
                    }
                }
                Happening::Habit(what) => self.habit(what, at)?,
                Happening::Class => study::class(self.app, self.county, self.campaign, at)?,
                Happening::Morning => {
                    let times = (at, self.now);
                    super::slip::morning(self.app, self.county, self.campaign, times, &mut self.random)?;
                }
                Happening::Report(step) => report::take(self.app, self.county, self.campaign, step, at)?,
                Happening::LeaveLedger => {
                    ledger::leave(self.app, self.county, self.campaign, self.texts, at)?
                }
            }
        }
        Ok(self.played)
    }

    fn step(&mut self, n: usize, at: Instant) -> Result<(), Failure> {
        let stage = self.lives[n].stage;
        match self.act(n, at) {
            Ok(next) => {
                self.played.steps += 1;
                if let Some((stage, when)) = next {
                    self.lives[n].stage = stage;
                    let when = when.micros().max(at.micros() + 1_000_000);
                    self.queue.push(Reverse((when, Happening::Problem(n))));
                }
                Ok(())
            }
            Err(Failure::Fault(fault)) => Err(Failure::Fault(fault)),
            Err(refused) => {
                let life = &self.lives[n];
                self.played.refused.push(format!("{n} {:?} {stage:?}: {refused}", life.fate));
                Ok(())
            }
        }
    }

    /// A problem that exists already begins a life of its own, waiting to be assigned.
    pub(super) fn adopt(&mut self, id: ProblemId, words: Words, seat: Seat, at: Instant) {
        let n = self.lives.len();
        let mut random = Random::new(self.random.between(1, i64::MAX - 1) as u64);
        let checker = self.county.departments.iter().position(|desk| desk.name == words.dept).unwrap_or(0);
        let checker =
            if seat == Seat::Dept(checker) { (checker + 1) % self.county.departments.len() } else { checker };
        let when = later(at, 2, 9, &mut random);
        self.lives.push(Life {
            words,
            fate: Fate::Plain,
            seat,
            branch: None,
            checker,
            assisting: None,
            by_inspector: false,
            id: Some(id),
            number: 0,
            due: None,
            stage: Stage::Assign,
            turns: 0,
            round: 1,
            random,
            elsewhere: None,
        });
        self.queue.push(Reverse((when.micros(), Happening::Problem(n))));
    }

    /// Something of a required action comes at a moment.
    pub(super) fn queue_habit(&mut self, when: Instant, what: habit::Moment) {
        self.queue.push(Reverse((when.micros(), Happening::Habit(what))));
    }

    /// A step that was refused, told at the end.
    pub(super) fn refused(&mut self, what: String) {
        self.played.refused.push(what);
    }

    /// When the play ends.
    pub(super) fn until(&self) -> Instant {
        self.now
    }

    /// The day on which the play ends.
    pub(super) fn today(&self) -> Day {
        self.now.day_in_china()
    }

    /// A life of its own begins at a moment.
    pub(super) fn live(&mut self, life: Life, when: Instant) {
        self.lives.push(life);
        self.queue.push(Reverse((when.micros(), Happening::Problem(self.lives.len() - 1))));
    }

    fn hand_over(&mut self, n: usize, at: Instant) -> Result<(), Failure> {
        let (tenure, desk) = self.county.changing[n].clone();
        if desk.name == self.county.names.merged_township {
            return Ok(());
        }
        let (account, person) = self.county.somebody(at, &format!("successor{n}"))?;
        let ctx = self.county.ctx(self.county.city_office, at)?;
        self.app.hand_over(&ctx, tenure, person, at.day_in_china())?;
        let desks = self.county.townships.iter_mut().chain(&mut self.county.departments);
        for own in desks.filter(|own| own.leader_post == desk.leader_post) {
            own.leader = account;
        }
        self.county.forget();
        self.played.steps += 1;
        Ok(())
    }

    fn merge_townships(&mut self, at: Instant) -> Result<(), Failure> {
        let by_name = |name: &str| self.county.townships.iter().position(|desk| desk.name == name);
        let merged = by_name(&self.county.names.merged_township);
        let into = by_name(&self.county.names.merged_into);
        let (Some(merged), Some(into)) = (merged, into) else { return Ok(()) };
        let (from, to) = (self.county.townships[merged].unit, self.county.townships[into].clone());
        let ctx = self.county.ctx(self.county.city_office, at)?;
        self.app.merge_units(&ctx, from, None, to.unit, at.day_in_china())?;
        let branches = std::mem::take(&mut self.county.townships[merged].branches);
        self.county.townships[merged] = Desk { branches, ..to };
        self.county.forget();
        self.played.steps += 1;
        Ok(())
    }

    /// The desk that owes a problem.
    pub(super) fn desk(&self, n: usize) -> &Desk {
        match self.lives[n].seat {
            Seat::Town(i) => &self.county.townships[i],
            Seat::Dept(i) => &self.county.departments[i],
        }
    }

    pub(super) fn office(&self, n: usize) -> AccountId {
        self.county.offices[n % self.county.offices.len()]
    }

    pub(super) fn ctx(&mut self, account: AccountId, at: Instant) -> Result<Context, Failure> {
        self.county.ctx(account, at)
    }

    /// The problem of a life that has been registered.
    pub(super) fn id(&self, n: usize) -> Result<ProblemId, Failure> {
        self.lives[n].id.ok_or_else(|| Failure::Fault("a step before the registration".to_owned()))
    }

    /// The next stage after some working days.
    pub(super) fn soon(
        &mut self,
        n: usize,
        at: Instant,
        stage: Stage,
        low: i64,
        high: i64,
    ) -> Option<(Stage, Instant)> {
        Some((stage, later(at, low, high, &mut self.lives[n].random)))
    }

    /// The next stage on `day`, or a little later than now where that day has passed.
    pub(super) fn on(&mut self, n: usize, at: Instant, stage: Stage, day: Day) -> Option<(Stage, Instant)> {
        let when = working_moment(day, &mut self.random);
        if when <= at { self.soon(n, at, stage, 0, 2) } else { Some((stage, when)) }
    }
}

/// Draws one life.
fn draw(n: usize, county: &County, texts: &Texts, random: &mut Random, before: Option<&Life>) -> Life {
    let mut own = Random::new(random.between(1, i64::MAX - 1) as u64);
    let towns = county.townships.len();
    let fate = FATES[n % FATES.len()];
    let seat = if own.chance(78) {
        Seat::Town(own.between(0, towns as i64 - 1) as usize)
    } else {
        Seat::Dept(own.between(0, county.departments.len() as i64 - 1) as usize)
    };
    let (desk, branch) = match seat {
        Seat::Town(i) => {
            let desk = &county.townships[i];
            let branch = own.chance(45).then(|| own.between(0, desk.branches.len() as i64 - 1) as usize);
            (desk, branch)
        }
        Seat::Dept(i) => (&county.departments[i], None),
    };
    let place = match branch {
        Some(branch) => {
            let name = desk.branches[branch].1.trim_end_matches("党支部");
            format!("{}{}", name, own.pick(&county.names.places))
        }
        None if matches!(seat, Seat::Dept(_)) => format!("{}{}", desk.name, own.pick(&county.names.rooms)),
        None => format!("{}{}", desk.name, own.pick(&county.names.places)),
    };
    // Every topic comes up, in an order that mixes them.
    let mut words = texts.words((n * 23 + 5) % 9_973, &place, &mut own);
    if let (Fate::Merged, Some(before)) = (fate, before) {
        words = before.words.clone();
        words.problem = words.problem.replace('，', "， ").replace("反映，", "再次反映，");
    }
    let line = county.departments.iter().position(|desk| desk.name == words.dept).unwrap_or(0);
    let other = |own: &mut Random, not: &[usize]| loop {
        let at = own.between(0, county.departments.len() as i64 - 1) as usize;
        if !not.contains(&at) {
            return at;
        }
    };
    let (checker, assisting) = match seat {
        Seat::Town(_) if own.chance(60) => (line, None),
        Seat::Town(_) => (other(&mut own, &[line]), Some(line)),
        Seat::Dept(i) => (other(&mut own, &[i, line]), (line != i).then_some(line)),
    };
    Life {
        words,
        fate,
        seat,
        branch,
        checker,
        assisting,
        by_inspector: own.chance(18),
        id: None,
        number: 0,
        due: None,
        stage: Stage::Register,
        turns: 0,
        round: 1,
        random: own,
        elsewhere: None,
    }
}
