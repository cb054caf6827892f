//! The ladder at work: looks at every running clock once a working day, issues what may issue itself, lays the rest
//! before a person, and takes back what is over. Everything is derived from the state of the moment (M28).

use crate::context::{App, Context};
use crate::slip::{
    Bench, Paper, SlipSubject, append_by_ladder, draft_case, issue_case, lapse_by_ladder, subject,
};
use crate::{Error, channel, context};
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::{AccountId, PersonId, PostId, ProblemId};
use bihuan_domain::ladder::{self as domain, Addressee, Cause, Issuing, Item, LadderRule, Rung, Sent};
use bihuan_domain::problem::{Problem, State};
use bihuan_domain::request::{Request, RequestState};
use bihuan_domain::role::Actor;
use bihuan_domain::slip::{Slip, SlipState, SlipVerb, SubjectKind};
use bihuan_domain::task::{Task, TaskState};
use bihuan_domain::template::ladder::SupervisionRule;
use bihuan_domain::unit::Unit;
use bihuan_domain::{Day, Instant, Refusal};
use bihuan_store::problem::units;
use bihuan_store::slip as store;
use bihuan_store::{Conn, journal};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Problems one transaction looks at.
const BATCH: i64 = 500;

/// What one run of the ladder did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct LadderReport {
    /// Items whose clock runs.
    pub looked: i64,
    /// Slips that issued themselves.
    pub issued: i64,
    /// Slips that wait for a person.
    pub drafted: i64,
    /// Drafts taken back, because what called for them is over.
    pub lapsed: i64,
}

/// The program itself: no person, no rights.
pub fn program(at: Instant) -> Context {
    let actor = Actor {
        account: AccountId(0),
        person: PersonId(0),
        name: String::new(),
        posts: vec![],
        grants: vec![],
    };
    Context { actor: Arc::new(actor), at, source_address: "program".to_owned() }
}

pub(crate) fn cause_is_over() -> Error {
    let hint = "事项已经赶上进度或已办结，这张督办单不用再发；可以选择“不再发出”。";
    Error::Refused(Refusal::new("cause_is_over", "要求发这张督办单的情形已经消失。", hint))
}

/// A running clock: the item the rules look at, and where its words come from.
struct Running {
    item: Item,
    kind: SubjectKind,
    id: i64,
    /// The problem it is, or is about; `None` for a task.
    problem: Option<ProblemId>,
}

fn supervision(bench: &Bench) -> SupervisionRule {
    bench.template.as_ref().map(|template| template.supervision.clone()).unwrap_or_default()
}

/// What slips say about an item: history of the ladder, and counts.
fn with_slips(item: &mut Item, slips: &[&Slip], returns: i64, today: Day) {
    item.passed_on = slips.iter().map(|slip| slip.passes).sum::<i64>() + returns;
    item.unanswered = slips.iter().filter(|slip| slip.is_unanswered_on(today)).count() as i64;
    item.urgent = slips.iter().any(|slip| slip.urgent && !slip.state.is_over());
    for slip in slips.iter().filter(|slip| !slip.rule.is_empty()) {
        if matches!(slip.state, SlipState::Lapsed | SlipState::Recalled) {
            continue;
        }
        let day = slip.issued_day.unwrap_or(slip.drafted_at.day_in_china());
        let met =
            matches!(slip.state, SlipState::Answered | SlipState::Accepted) && slip.answer_working_days > 0;
        let same = |sent: &&mut Sent| {
            sent.rule == slip.rule
                && sent.due == slip.cause_due_day
                && sent.round == slip.cause_round
                && sent.day == day
        };
        // One rule may send to several; an answer of one of them is an answer.
        if let Some(sent) = item.sent.iter_mut().find(same) {
            sent.met |= met;
            continue;
        }
        item.sent.push(Sent {
            rule: slip.rule.clone(),
            day,
            due: slip.cause_due_day,
            round: slip.cause_round,
            answer_day: slip.answer_day,
            met,
        });
    }
}

fn item_of(kind: SubjectKind, started: Day, due: Option<Day>, problem: &Problem) -> Item {
    Item {
        kind,
        started,
        due,
        round: problem.round,
        urgent: false,
        send_backs: problem.send_backs,
        passed_on: 0,
        unanswered: 0,
        sent: vec![],
    }
}

/// The clock of the unit that was asked: to answer, then to help.
fn item_of_request(
    bench: &Bench,
    problem: &Problem,
    request: &Request,
    since: Instant,
) -> Result<Item, Error> {
    let rule = supervision(bench);
    let days = match request.state {
        RequestState::Granted => rule.help_working_days,
        _ => rule.superior_working_days,
    };
    let started = since.day_in_china();
    let due = bench.calendar.add_working_days(started, days)?;
    let mut item = item_of(SubjectKind::Request, started, Some(due), problem);
    item.send_backs = 0;
    Ok(item)
}

/// The running clocks of these problems.
fn running(conn: &mut Conn, bench: &Bench, problems: &[Problem], today: Day) -> Result<Vec<Running>, Error> {
    let mut all = Vec::new();
    let ids: Vec<ProblemId> =
        problems.iter().filter(|p| p.state == State::HandedUp).map(|problem| problem.id).collect();
    let asked = if ids.is_empty() { vec![] } else { store::running_requests(conn, &ids)? };
    for problem in problems {
        if problem.state.doer_owes() {
            let started = problem.assigned_day.unwrap_or(problem.registered_day);
            let called = subject::kind_of(problem, bench.template.as_deref());
            let item = item_of(called, started, problem.clock_day, problem);
            let (kind, id) = (SubjectKind::Problem, problem.id.0);
            all.push(Running { item, kind, id, problem: Some(problem.id) });
        }
        for (request, since) in asked.iter().filter(|(request, _)| request.problem_id == problem.id) {
            let item = item_of_request(bench, problem, request, *since)?;
            let (kind, id) = (SubjectKind::Request, request.id.0);
            all.push(Running { item, kind, id, problem: Some(problem.id) });
        }
    }
    add_slips(conn, &mut all, today)?;
    Ok(all)
}

/// The running clocks of these tasks.
fn running_tasks(conn: &mut Conn, tasks: &[Task], today: Day) -> Result<Vec<Running>, Error> {
    let owed = tasks.iter().filter(|task| task.state == TaskState::Running);
    let mut all: Vec<Running> = owed
        .map(|task| Running {
            item: Item {
                kind: SubjectKind::Task,
                started: task.starts_day,
                due: Some(task.due_day),
                round: 0,
                urgent: false,
                send_backs: task.send_backs,
                passed_on: 0,
                unanswered: 0,
                sent: vec![],
            },
            kind: SubjectKind::Task,
            id: task.id.0,
            problem: None,
        })
        .collect();
    add_slips(conn, &mut all, today)?;
    Ok(all)
}

/// What slips say about each of these clocks.
fn add_slips(conn: &mut Conn, all: &mut [Running], today: Day) -> Result<(), Error> {
    for kind in [SubjectKind::Problem, SubjectKind::Request, SubjectKind::Task] {
        let ids: Vec<i64> = all.iter().filter(|one| one.kind == kind).map(|one| one.id).collect();
        if ids.is_empty() {
            continue;
        }
        let mut slips = store::about(conn, kind, &ids)?;
        let mut returned = store::returns_about(conn, kind, &ids)?;
        if kind == SubjectKind::Problem {
            // Appeals are problems under another name, which the template may have taken up on the way.
            slips.extend(store::about(conn, SubjectKind::Appeal, &ids)?);
            returned.extend(store::returns_about(conn, SubjectKind::Appeal, &ids)?);
            slips.sort_by_key(|slip| slip.id);
        }
        if slips.is_empty() {
            continue;
        }
        let mut returns: BTreeMap<i64, i64> = BTreeMap::new();
        for (id, times) in returned {
            *returns.entry(id).or_insert(0) += times;
        }
        let mut by_id: BTreeMap<i64, Vec<&Slip>> = BTreeMap::new();
        for slip in &slips {
            by_id.entry(slip.subject_id).or_default().push(slip);
        }
        for one in all.iter_mut().filter(|one| one.kind == kind) {
            let own = by_id.get(&one.id).map_or(&[][..], Vec::as_slice);
            with_slips(&mut one.item, own, returns.get(&one.id).copied().unwrap_or(0), today);
        }
    }
    Ok(())
}

/// The clock a slip speaks of; `None` when it no longer runs.
fn running_of(conn: &mut Conn, bench: &Bench, slip: &Slip, today: Day) -> Result<Option<Running>, Error> {
    let problem = match slip.subject_kind {
        SubjectKind::Problem | SubjectKind::Appeal => ProblemId(slip.subject_id),
        SubjectKind::Request => match journal::by_id::<Request>(conn, slip.subject_id)? {
            Some(request) => request.problem_id,
            None => return Ok(None),
        },
        SubjectKind::Task => {
            let Some(task) = journal::by_id::<Task>(conn, slip.subject_id)? else { return Ok(None) };
            return Ok(running_tasks(conn, &[task], today)?.pop());
        }
        SubjectKind::RequiredAction => return Ok(None),
    };
    let Some(problem) = journal::by_id::<Problem>(conn, problem.0)? else { return Ok(None) };
    let all = running(conn, bench, &[problem], today)?;
    let kind = match slip.subject_kind {
        SubjectKind::Appeal => SubjectKind::Problem,
        other => other,
    };
    Ok(all.into_iter().find(|one| one.kind == kind && one.id == slip.subject_id))
}

/// What is true today of the cause of a slip of the ladder; `None` when it is over.
pub(crate) fn present_cause(
    conn: &mut Conn,
    bench: &Bench,
    slip: &Slip,
    today: Day,
) -> Result<Option<Cause>, Error> {
    let rules = rules_of(bench);
    let Some(one) = running_of(conn, bench, slip, today)? else { return Ok(None) };
    if one.item.due != slip.cause_due_day || one.item.round != slip.cause_round {
        return Ok(None);
    }
    Ok(domain::still_holds(&slip.rule, &one.item, rules, &bench.calendar, today)?)
}

fn rules_of(bench: &Bench) -> &[LadderRule] {
    bench.template.as_ref().map_or(&[][..], |template| template.ladder.as_slice())
}

/// To whom a rule sends: unit and post, each once. A leader where there is none is the unit above.
fn receivers(
    conn: &mut Conn,
    rule: &LadderRule,
    subject: &SlipSubject,
    today: Day,
) -> Result<Vec<(Unit, Option<PostId>)>, Error> {
    let mut found: Vec<(Unit, Option<PostId>)> = Vec::new();
    for addressee in rule.addressees() {
        let one = match (addressee, subject.leader_post) {
            (Addressee::Unit, _) => Some((subject.unit.clone(), None)),
            (Addressee::Leader, Some(post)) => {
                let posts = units::posts_by_ids(conn, &[post], today)?;
                match posts.first().filter(|post| !post.holder.is_empty()) {
                    Some(held) => Some((context::unit(conn, held.unit)?, Some(post))),
                    None => subject.superior.clone().map(|unit| (unit, None)),
                }
            }
            (Addressee::Superior | Addressee::Leader, _) => subject.superior.clone().map(|unit| (unit, None)),
        };
        let Some(one) = one else { continue };
        if !found.iter().any(|(unit, post)| unit.id == one.0.id && *post == one.1) {
            found.push(one);
        }
    }
    Ok(found)
}

/// The words of what a clock runs for.
fn matter(conn: &mut Conn, bench: &Bench, one: &Running) -> Result<SlipSubject, Error> {
    let Some(problem) = one.problem else {
        let task: Task = journal::by_id(conn, one.id)?.ok_or(Error::NotFound)?;
        let unit = context::unit(conn, task.unit_id)?;
        return subject::of_task(conn, &task, unit);
    };
    let case = bihuan_store::problem::load_case(conn, problem)?.ok_or(Error::NotFound)?;
    if one.kind == SubjectKind::Problem {
        return subject::of_problem(conn, &case, bench.template.as_deref());
    }
    let request = case.requests.iter().find(|request| request.id.0 == one.id).cloned();
    let mut subject = subject::of_request(conn, &case, &request.ok_or(Error::NotFound)?)?;
    subject.due_day = one.item.due;
    Ok(subject)
}

/// Sends, or lays before a person, what one item calls for.
fn climb(
    conn: &mut Conn,
    ctx: &Context,
    bench: &Bench,
    one: &Running,
    report: &mut LadderReport,
) -> Result<(), Error> {
    let rules = rules_of(bench);
    let interval = supervision(bench).interval_working_days;
    let due = domain::due_slips(&one.item, rules, interval, &bench.calendar, ctx.today())?;
    if due.is_empty() {
        return Ok(());
    }
    let subject = matter(conn, bench, one)?;
    for slip in due {
        let Some(form) = bench.template.as_ref().and_then(|t| t.slip(slip.rule.slip.as_deref()?)) else {
            continue;
        };
        for (to, to_post) in receivers(conn, slip.rule, &subject, ctx.today())? {
            let issuer = bench.campaign.office_unit_id;
            if to.id == issuer && to_post.is_none() {
                continue;
            }
            let prefix = store::last_prefix(conn, issuer, &form.code)?;
            let copy = subject.superior.as_ref().map(|unit| unit.id).filter(|id| *id != to.id);
            let copy = copy.filter(|_| form.wording.contains("{上级单位}"));
            let urgent = one.item.urgent && slip.rule.colour == Rung::Red;
            let paper = Paper { form, issuer, to, to_post, copy, urgent, prefix };
            let mut draft = draft_case(conn, ctx, &subject, paper)?;
            draft.slip.rule.clone_from(&slip.rule.code);
            draft.slip.cause = slip.cause.sentence();
            draft.slip.cause_due_day = slip.cause.due;
            let places = (issuer, Some(draft.slip.holder_unit_id));
            draft.note(&bench.scene(ctx, false), SlipVerb::Draft, places, &slip.rule.name);
            if slip.rule.issue == Issuing::Automatic {
                issue_case(conn, ctx, bench, &mut draft, &subject, false)?;
                append_by_ladder(conn, ctx, None, &mut draft, "issued")?;
                channel::tell_urgent(conn, ctx, &draft.slip)?;
                report.issued += 1;
            } else {
                append_by_ladder(conn, ctx, None, &mut draft, "drafted")?;
                report.drafted += 1;
            }
        }
    }
    Ok(())
}

/// Takes back drafts of the ladder whose cause is over.
fn tidy_up(conn: &mut Conn, ctx: &Context, bench: &Bench) -> Result<i64, Error> {
    let mut lapsed = 0;
    for slip in store::waiting_drafts(conn, bench.campaign.id)? {
        if present_cause(conn, bench, &slip, ctx.today())?.is_some() {
            continue;
        }
        let case = store::load_case(conn, slip.id)?.ok_or(Error::NotFound)?;
        lapse_by_ladder(conn, ctx, bench, &case, "事项已赶上进度、改期或办结，情形消失")?;
        lapsed += 1;
    }
    Ok(lapsed)
}

impl App {
    /// Runs the ladder of every running campaign once, as of `now`. Running it again on the same day sends nothing
    /// twice.
    ///
    /// # Errors
    /// The calendar's, faults of the database.
    pub fn run_ladder(&self, now: Instant) -> Result<LadderReport, Error> {
        let mut report = LadderReport::default();
        let campaigns = self.db.read(|conn| -> Result<Vec<Campaign>, Error> {
            if !self.calendar(conn)?.is_working_day(now.day_in_china())? {
                return Ok(vec![]);
            }
            Ok(bihuan_store::campaign::running(conn)?)
        })?;
        for campaign in campaigns {
            if self.template_of(&campaign)?.is_none_or(|template| template.ladder.is_empty()) {
                continue;
            }
            self.run_ladder_of(&campaign, now, &mut report)?;
        }
        Ok(report)
    }

    fn run_ladder_of(
        &self,
        campaign: &Campaign,
        now: Instant,
        report: &mut LadderReport,
    ) -> Result<(), Error> {
        let ctx = program(now);
        let (app, who, of) = (self.clone(), ctx.clone(), campaign.clone());
        report.lapsed += self.db.write(move |conn| -> Result<i64, Error> {
            let bench = Bench::of(&app, conn, of)?;
            tidy_up(conn, &who, &bench)
        })?;
        let mut after = 0;
        while let Some(last) = self.climb_some(campaign, &ctx, after, report, problems_after)? {
            after = last;
        }
        after = 0;
        while let Some(last) = self.climb_some(campaign, &ctx, after, report, tasks_after)? {
            after = last;
        }
        Ok(())
    }

    /// Looks at one batch of clocks behind `after`; answers with the number of its last record.
    fn climb_some(
        &self,
        campaign: &Campaign,
        ctx: &Context,
        after: i64,
        report: &mut LadderReport,
        clocks: Clocks,
    ) -> Result<Option<i64>, Error> {
        let (app, who, of) = (self.clone(), ctx.clone(), campaign.clone());
        let (last, part) = self.db.write(move |conn| -> Result<(Option<i64>, LadderReport), Error> {
            let bench = Bench::of(&app, conn, of)?;
            let (last, all) = clocks(conn, &bench, after, who.today())?;
            let mut part = LadderReport { looked: all.len() as i64, ..LadderReport::default() };
            for one in &all {
                climb(conn, &who, &bench, one, &mut part)?;
            }
            Ok((last, part))
        })?;
        report.looked += part.looked;
        report.issued += part.issued;
        report.drafted += part.drafted;
        Ok(last)
    }
}

/// One batch of running clocks behind a number, and the number of the batch's last record.
type Clocks = fn(&mut Conn, &Bench, i64, Day) -> Result<(Option<i64>, Vec<Running>), Error>;

fn problems_after(
    conn: &mut Conn,
    bench: &Bench,
    after: i64,
    today: Day,
) -> Result<(Option<i64>, Vec<Running>), Error> {
    let problems = store::running_problems(conn, bench.campaign.id, ProblemId(after), BATCH)?;
    let last = problems.last().map(|problem| problem.id.0);
    Ok((last, running(conn, bench, &problems, today)?))
}

fn tasks_after(
    conn: &mut Conn,
    bench: &Bench,
    after: i64,
    today: Day,
) -> Result<(Option<i64>, Vec<Running>), Error> {
    let tasks = store::running_tasks(conn, bench.campaign.id, after, BATCH)?;
    let last = tasks.last().map(|task| task.id.0);
    Ok((last, running_tasks(conn, &tasks, today)?))
}

/// The colour of a problem on the ladder today; `None` while no rule holds, and beyond the calendar's last year.
pub(crate) fn rung_of_problem(
    app: &App,
    conn: &mut Conn,
    base: &crate::problem::CaseView,
    today: Day,
) -> Result<Option<Rung>, Error> {
    let bench = Bench::of(app, conn, base.campaign.clone())?;
    if rules_of(&bench).is_empty() {
        return Ok(None);
    }
    let all = match running(conn, &bench, std::slice::from_ref(&base.case.problem), today) {
        Err(Error::Refused(_)) => return Ok(None),
        other => other?,
    };
    let Some(one) = all.first() else { return Ok(None) };
    Ok(domain::rung(&one.item, rules_of(&bench), &bench.calendar, today).unwrap_or(None))
}
