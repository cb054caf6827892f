//! The promises, checked from the records alone and not with the ladder's own code; and the figures.

use super::world::World;
use crate::exit::Failure;
use bihuan_app::digest::Turn;
use bihuan_domain::id::SlipId;
use bihuan_domain::problem::{Problem, State};
use bihuan_domain::request::{Request, RequestState};
use bihuan_domain::slip::{Slip, SubjectKind};
use bihuan_domain::task::{Task, TaskState};
use bihuan_domain::{Day, Instant};
use bihuan_store::record::Record;
use bihuan_store::records::HoldingRow;
use bihuan_store::{journal, vals};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What the play came to.
#[derive(Debug, Default, Clone, Serialize)]
pub struct Figures {
    pub days: i32,
    pub units: i64,
    pub seed: u64,
    pub problems: i64,
    pub closed: i64,
    pub tasks: i64,
    /// Steps people took, and those that were refused to them.
    pub steps: i64,
    pub refused: i64,
    /// Runs of the ladder and clocks it looked at.
    pub ladder_runs: i64,
    pub clocks_looked_at: i64,
    pub slips_by_itself: i64,
    pub slips_for_a_person: i64,
    pub drafts_taken_back: i64,
    pub slips_by_rule: BTreeMap<String, i64>,
    pub slips_answered: i64,
    pub digest_runs: i64,
    pub digests: i64,
    pub people_with_a_digest: i64,
    /// Most digests one person got for one day: never more than 1.
    pub most_digests_a_day: i64,
    /// Days on which somebody got two.
    pub double_digests: i64,
    /// Overdue items looked at, and those that lacked their slip.
    pub overdue_checked: i64,
    pub overdue_without_slip: i64,
    /// Of the overdue items: calls for a superior that nobody answered in time, and tasks.
    pub overdue_requests: i64,
    pub overdue_tasks: i64,
    /// Slips whose cause was looked at when they were sent, and those it was not true of.
    pub causes_checked: i64,
    pub causes_untrue: i64,
    pub late_at_the_end: i64,
    pub seconds: f64,
    /// What was told so far.
    #[serde(skip)]
    pub(super) told: Told,
}

/// An item and the deadline and round it was told of.
type Deadline = (SubjectKind, i64, Option<Day>, i64);

/// Slips that told units of their overdue items, and the highest slip looked at.
#[derive(Debug, Default, Clone)]
pub(super) struct Told {
    last_slip: i64,
    slips: BTreeMap<Deadline, SlipId>,
}

impl Figures {
    /// Promises that were broken, all kinds together.
    pub fn promises_broken(&self) -> i64 {
        self.double_digests + self.overdue_without_slip + self.causes_untrue
    }

    /// What a turn of the program did.
    pub fn take(&mut self, turn: &Turn) {
        if let Some(ladder) = turn.ladder {
            self.ladder_runs += 1;
            self.clocks_looked_at += ladder.looked;
            self.slips_by_itself += ladder.issued;
            self.slips_for_a_person += ladder.drafted;
            self.drafts_taken_back += ladder.lapsed;
        }
        if let Some(digests) = turn.digests {
            self.digest_runs += 1;
            self.digests += digests.made;
        }
    }

    /// Looks at everything just after the ladder ran.
    pub fn check(&mut self, world: &World, now: Instant) -> Result<(), Failure> {
        let today = now.day_in_china();
        let after = self.told.last_slip;
        let (slips, lapsed, overdue) = world.app.db.read(|conn| -> Result<_, bihuan_app::Error> {
            let new = Slip::load(conn, "WHERE rule <> '' AND id > $1 ORDER BY id", &vals![after])?;
            let gone = "WHERE rule = 'overdue' AND state IN ('lapsed', 'recalled')";
            let lapsed: BTreeSet<SlipId> = Slip::load(conn, gone, &[])?.iter().map(|slip| slip.id).collect();
            Ok((new, lapsed, overdue(world, conn, today)?))
        })?;
        for slip in slips.iter().filter(|slip| slip.rule == "overdue") {
            let of = (slip.subject_kind, slip.subject_id, slip.cause_due_day, slip.cause_round);
            self.told.slips.insert(of, slip.id);
        }
        for of in overdue {
            self.overdue_checked += 1;
            self.overdue_requests += i64::from(of.0 == SubjectKind::Request);
            self.overdue_tasks += i64::from(of.0 == SubjectKind::Task);
            if self.told.slips.get(&of).is_none_or(|slip| lapsed.contains(slip)) {
                self.overdue_without_slip += 1;
            }
        }
        for slip in &slips {
            self.causes_checked += 1;
            self.causes_untrue += i64::from(!self.is_true(world, slip, today)?);
            self.told.last_slip = self.told.last_slip.max(slip.id.0);
        }
        Ok(())
    }

    /// A draft of the ladder that a person has just issued.
    pub fn check_issued(&mut self, world: &World, id: SlipId, now: Instant) -> Result<(), Failure> {
        let slip: Option<Slip> = world.app.db.read(|conn| journal::by_id(conn, id.0))?;
        if let Some(slip) = slip.filter(|slip| !slip.rule.is_empty()) {
            self.causes_checked += 1;
            self.causes_untrue += i64::from(!self.is_true(world, &slip, now.day_in_china())?);
        }
        Ok(())
    }

    /// Whether what the rule says was the case, from the records of this moment.
    fn is_true(&self, world: &World, slip: &Slip, today: Day) -> Result<bool, Failure> {
        let Some(due) = slip.cause_due_day else { return Ok(false) };
        let (started, running, send_backs) = match slip.subject_kind {
            SubjectKind::Problem => {
                let found: Option<Problem> =
                    world.app.db.read(|conn| journal::by_id(conn, slip.subject_id))?;
                let Some(problem) = found else { return Ok(false) };
                let started = problem.assigned_day.unwrap_or(problem.registered_day);
                let owes = matches!(problem.state, State::Assigned | State::Rectifying | State::SentBack);
                (started, owes && problem.clock_day == Some(due), problem.send_backs)
            }
            SubjectKind::Task => {
                let found: Option<Task> = world.app.db.read(|conn| journal::by_id(conn, slip.subject_id))?;
                let Some(task) = found else { return Ok(false) };
                let owes = task.state == TaskState::Running && task.due_day == due;
                (task.starts_day, owes, task.send_backs)
            }
            _ => {
                let found: Option<Request> =
                    world.app.db.read(|conn| journal::by_id(conn, slip.subject_id))?;
                let Some(request) = found else { return Ok(false) };
                let running = matches!(request.state, RequestState::Open | RequestState::Granted);
                let since = request.decided_at.unwrap_or(request.asked_at);
                (since.day_in_china(), running, 0)
            }
        };
        let share = |percent: i64| {
            let whole = i64::from(due.minus(started).max(1));
            due >= today && i64::from(due.minus(today)) * 100 / whole <= percent
        };
        let about = |conn: &mut bihuan_store::Conn| {
            bihuan_store::slip::about(conn, slip.subject_kind, &[slip.subject_id])
        };
        let others = world.app.db.read(about)?;
        let unanswered = others.iter().filter(|other| other.is_unanswered_on(today)).count();
        let holds = match slip.rule.as_str() {
            "near" => share(30),
            "close" => share(15),
            "overdue" => due < today,
            "overdue-up" => due.plus_days(10) <= today && unanswered >= 1,
            "talk" => due.plus_days(15) <= today && unanswered >= 2,
            "redone" => send_backs >= 3,
            "passed-around" => {
                others.iter().any(|other| other.passes > 0 || other.decider_unit_id.is_some())
                    || others.len() >= 2
            }
            _ => false,
        };
        Ok(running && holds)
    }

    /// Counts what is left at the end.
    pub fn count(&mut self, world: &World) -> Result<(), Failure> {
        let (slips, tally, late) = world.app.db.read(|conn| -> Result<_, bihuan_store::Fault> {
            let slips = Slip::load(conn, "WHERE rule <> '' ORDER BY id", &[])?;
            let tally = bihuan_store::digest::tally(conn)?;
            let last = last_day(conn)?;
            let late = bihuan_store::slip::late_within(conn, &world.county.path, last)?;
            Ok((slips, tally, late))
        })?;
        for slip in &slips {
            *self.slips_by_rule.entry(slip.rule.clone()).or_insert(0) += 1;
            self.slips_answered += i64::from(slip.answered_day.is_some());
        }
        (self.people_with_a_digest, self.most_digests_a_day, self.double_digests) = tally;
        self.late_at_the_end = late;
        Ok(())
    }

    /// In words.
    pub fn print(&self) {
        println!("模拟{}天、{}个单位（种子{}），用时{:.1}秒", self.days, self.units, self.seed, self.seconds);
        println!(
            "问题{}个，销号{}个，期末逾期{}个；任务{}个；办理{}步，被拒{}步",
            self.problems, self.closed, self.late_at_the_end, self.tasks, self.steps, self.refused
        );
        println!(
            "阶梯运行{}次，看过时钟{}次：自动发出{}张，请人签发{}张，情形消失收回{}张；答复{}张",
            self.ladder_runs,
            self.clocks_looked_at,
            self.slips_by_itself,
            self.slips_for_a_person,
            self.drafts_taken_back,
            self.slips_answered
        );
        for (rule, count) in &self.slips_by_rule {
            println!("  {rule}：{count}张");
        }
        println!(
            "每日摘要{}份，{}人收到，同一人同一天最多{}份",
            self.digests, self.people_with_a_digest, self.most_digests_a_day
        );
        println!(
            "承诺：同一天两份摘要{}次；逾期事项查{}次（其中请求上级{}次、任务{}次），缺督办单{}次；督办单依据查{}次，不实{}次",
            self.double_digests,
            self.overdue_checked,
            self.overdue_requests,
            self.overdue_tasks,
            self.overdue_without_slip,
            self.causes_checked,
            self.causes_untrue
        );
    }
}

/// Everything that is overdue today by the records alone: problems, calls for a superior, tasks.
fn overdue(
    world: &World,
    conn: &mut bihuan_store::Conn,
    today: Day,
) -> Result<Vec<Deadline>, bihuan_app::Error> {
    let late = "WHERE state IN ('assigned', 'rectifying', 'sent_back') AND clock_day < $1";
    let args = vals![i64::from(today.days())];
    let mut found: Vec<Deadline> = Problem::load(conn, late, &args)?
        .into_iter()
        .map(|problem| (SubjectKind::Problem, problem.id.0, problem.clock_day, problem.round))
        .collect();
    let late = "WHERE state = 'running' AND due_day < $1";
    let tasks = Task::load(conn, late, &args)?;
    found.extend(tasks.into_iter().map(|task| (SubjectKind::Task, task.id.0, Some(task.due_day), 0)));
    let calendar = world.app.calendar(conn)?;
    let waiting = "WHERE kind = 'hand_up' AND state IN ('open', 'granted')";
    for request in Request::load(conn, waiting, &[])? {
        let problem: Option<Problem> = journal::by_id(conn, request.problem_id.0)?;
        let Some(problem) = problem.filter(|problem| problem.state == State::HandedUp) else { continue };
        let held = "WHERE problem_id = $1 AND unit_id = $2 AND to_us IS NULL";
        let of = vals![problem.id.0, request.to_unit_id.0];
        let since = HoldingRow::load(conn, held, &of)?.iter().map(|row| row.from_us).max();
        let days = match request.state {
            RequestState::Granted => world.help_working_days,
            _ => world.superior_working_days,
        };
        let since = since.unwrap_or(request.asked_at).day_in_china();
        let due = calendar.add_working_days(since, days)?;
        if due < today {
            found.push((SubjectKind::Request, request.id.0, Some(due), problem.round));
        }
    }
    Ok(found)
}

/// The day of the last entry: the play's own today.
fn last_day(conn: &mut bihuan_store::Conn) -> Result<Day, bihuan_store::Fault> {
    let last = journal::list(conn, &journal::EntryFilter::default(), 1)?;
    Ok(last.first().map_or_else(|| Instant::default().day_in_china(), |entry| entry.at.day_in_china()))
}

#[cfg(test)]
mod tests {
    use crate::simulate::{Outline, run, run_in};

    /// Seeds that are played. In a single play of this size it can happen that nobody is late long enough for a slip that
    /// a person must issue, so that what is to be put to the test is counted over all of them.
    const SEEDS: [u64; 3] = [7, 8, 9];

    #[test]
    fn two_months_of_sixty_units_keep_the_promises_of_the_ladder_m28_m46() {
        let (mut overdue, mut causes, mut answered, mut taken_back) = (0, 0, 0, 0);
        let (mut requests, mut tasks) = (0, 0);
        for seed in SEEDS {
            let figures = run(Outline { days: 60, units: 60, seed }).unwrap();
            figures.print();
            assert_eq!(figures.promises_broken(), 0, "{figures:?}");
            assert_eq!(figures.most_digests_a_day, 1);
            assert!(figures.digests > 100 && figures.digest_runs >= 40, "{figures:?}");
            overdue += figures.overdue_checked;
            requests += figures.overdue_requests;
            tasks += figures.overdue_tasks;
            causes += figures.causes_checked;
            answered += figures.slips_answered;
            taken_back += figures.drafts_taken_back;
        }
        // The plays must have put the promises to the test at all.
        assert!(overdue > 60 && causes > 60, "{overdue} overdue items, {causes} causes");
        assert!(requests > 0 && tasks > 0, "{requests} calls, {tasks} tasks overdue");
        assert!(answered > 0 && taken_back > 0, "{answered} slips answered, {taken_back} drafts taken back");
    }

    #[test]
    fn the_promises_hold_on_each_engine_m28_m46() {
        bihuan_testkit::on_each_engine(|t| {
            let figures = run_in(t.db.clone(), Outline { days: 25, units: 40, seed: 11 }).unwrap();
            figures.print();
            assert_eq!(figures.promises_broken(), 0, "{figures:?}");
            assert!(figures.slips_by_itself > 0 && figures.digests > 20, "{figures:?}");
        });
    }
}
