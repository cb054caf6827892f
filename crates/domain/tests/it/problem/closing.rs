//! M22, M23: notice, objection, closing, look-back, and rounds.

use super::world::{BUREAU, COUNTY, Stage, World, actor, person};
use bihuan_domain::id::LookBackId;
use bihuan_domain::look_back::LookBackResult;
use bihuan_domain::problem::*;
use bihuan_domain::role::Role;

fn pending(world: &World) -> LookBackId {
    world.case.look_backs.iter().find(|l| l.result == LookBackResult::Pending).unwrap().id
}

#[test]
fn m22_a_closure_waits_for_the_end_of_its_notice_and_for_nothing_where_there_is_none() {
    let mut world = World::at(Stage::Proposed);
    let until = world.case.problem.notice_until_day.unwrap();
    world.today = until;
    assert_eq!(world.refusal("office", |c, s| confirm_closure(c, s, "")), "notice_running");
    world.today = until.plus_days(1);
    assert_eq!(world.refusal("neighbour", |c, s| confirm_closure(c, s, "")), "not_allowed");
    world.clone().run("checker", |c, s| confirm_closure(c, s, "")).unwrap();
    world.run("office", |c, s| confirm_closure(c, s, "")).unwrap();
    assert_eq!(world.case.problem.state, State::Closed);
    let mut world = World::at(Stage::Proposed);
    world.rules.notice_days = 0;
    world.run("office", |c, s| confirm_closure(c, s, "")).unwrap();
}

#[test]
fn an_objection_brings_the_problem_back_to_the_checker() {
    let mut world = World::at(Stage::Proposed);
    assert_eq!(world.refusal("village", |c, s| object(c, s, "")), "text_missing");
    world.run("village", |c, s| object(c, s, "上周又漏水了")).unwrap();
    let problem = &world.case.problem;
    assert_eq!(
        (problem.state, problem.verified_day, problem.notice_until_day),
        (State::Reported, None, None)
    );
    assert_eq!(problem.holder_unit_id, problem.checking_unit_id);
}

#[test]
fn outcomes_are_kept_apart_and_only_what_is_said_to_be_done_is_looked_back_at() {
    let close = |outcome, truth| {
        let mut world = World::at(Stage::Reported);
        let verdict = Verdict { outcome, truth, note: "现场查看".to_owned() };
        world.run("checker", |c, s| verify(c, s, verdict)).unwrap();
        world.days(10);
        world.run("office", |c, s| confirm_closure(c, s, "")).unwrap();
        let round = world.case.rounds.last().unwrap();
        assert_eq!((round.outcome, round.closed_day), (Some(outcome), Some(world.today)));
        (world.case.problem.outcome, world.case.look_backs.len())
    };
    assert_eq!(close(Outcome::Solved, Truth::True), (Some(Outcome::Solved), 1));
    assert_eq!(close(Outcome::Standing, Truth::True), (Some(Outcome::Standing), 1));
    assert_eq!(close(Outcome::ClosedUnsolved, Truth::True), (Some(Outcome::ClosedUnsolved), 0));
    assert_eq!(close(Outcome::NotTrue, Truth::NotTrue), (Some(Outcome::NotTrue), 0));
}

#[test]
fn m23_only_people_without_a_part_look_back() {
    let result = LookBackResult::SlippedBack;
    let looks = |c: &mut Case, s: &Scene<'_>| {
        let id = c.look_backs[0].id;
        record_look_back(c, s, id, result, "渠道又破损")
    };
    let mut world = World::at(Stage::Closed);
    assert_eq!(world.refusal("doer", looks), "not_allowed");
    assert_eq!(
        world.refusal("checker", looks),
        "hand_in_the_work",
        "the checker would judge the own verdict"
    );
    let doer_above = person(4, COUNTY, &[(Role::Inspector, COUNTY)]);
    assert_eq!(world.run_as(&doer_above, looks).unwrap_err().code, "doer_cannot_check");
    let colleague = person(50, BUREAU, &[(Role::Verifier, BUREAU)]);
    world.clone().run_as(&colleague, looks).unwrap();
    world.run("inspector", looks).unwrap();
}

#[test]
fn m23_a_look_back_finds_that_it_holds_only_when_its_day_has_come() {
    let mut world = World::at(Stage::Closed);
    let id = pending(&world);
    let holds = |c: &mut Case, s: &Scene<'_>| record_look_back(c, s, id, LookBackResult::Holds, "渠道完好");
    let due = world.case.look_backs[0].due_day;
    assert_eq!(due, world.today.plus_days(world.rules.look_back_days));
    world.today = due.plus_days(-1);
    assert_eq!(world.refusal("inspector", holds), "look_back_too_early");
    world.today = due;
    let nothing = |c: &mut Case, s: &Scene<'_>| record_look_back(c, s, id, LookBackResult::Pending, "看过");
    assert_eq!(world.refusal("inspector", nothing), "result_missing");
    world.run("inspector", holds).unwrap();
    assert_eq!(world.case.problem.state, State::Closed);
    assert_eq!(world.refusal("inspector", holds), "no_look_back");
    assert_eq!(world.case.look_backs.len(), 1, "one look-back is enough for what was solved");
}

#[test]
fn m23_a_rebound_begins_a_new_round_and_the_old_one_stays_as_it_was() {
    for result in [LookBackResult::SlippedBack, LookBackResult::NeverTrue] {
        let mut world = World::at(Stage::Closed);
        let old_round = world.case.rounds[0].clone();
        let statement = world.case.problem.statement.clone();
        world.days(100);
        let id = pending(&world);
        let step = world.run("inspector", |c, s| record_look_back(c, s, id, result, "渠道又破损")).unwrap();
        assert!(step.flows.contains(&Flow::Reopened));
        let problem = &world.case.problem;
        assert_eq!((problem.state, problem.round, problem.recurrences), (State::Rectifying, 2, 1));
        assert_eq!(problem.outcome, None);
        assert_eq!(world.case.rounds[0], old_round, "issued reports stay true");
        assert_eq!(old_round.statement, statement);
        assert_eq!(
            problem.due_day,
            Some(world.today.plus_days(REOPENED_DAYS)),
            "the old deadline is used up"
        );
        assert!(!problem.is_late_on(world.today));
        assert_eq!(world.case.closure_evidence, 0, "old evidence does not prove the new round");
        assert_eq!(problem.holder_unit_id, problem.lead_unit_id);
    }
}

#[test]
fn m23_a_standing_duty_is_looked_at_again_and_again() {
    let mut world = World::at(Stage::Reported);
    world.case.problem.recheck_days = Some(30);
    let verdict =
        Verdict { outcome: Outcome::Standing, truth: Truth::True, note: "管护已落实".to_owned() };
    world.run("checker", |c, s| verify(c, s, verdict)).unwrap();
    world.days(10);
    world.run("office", |c, s| confirm_closure(c, s, "")).unwrap();
    for checks in 1..=3 {
        let look_back = world.case.look_backs.last().unwrap().clone();
        assert_eq!(look_back.due_day, world.today.plus_days(30));
        world.today = look_back.due_day;
        let holds = |c: &mut Case, s: &Scene<'_>| {
            record_look_back(c, s, look_back.id, LookBackResult::Holds, "台账齐全")
        };
        world.run("inspector", holds).unwrap();
        assert_eq!(world.case.look_backs.len(), checks + 1);
    }
}

#[test]
fn a_closed_problem_is_opened_again_by_office_or_inspector_with_a_reason() {
    let mut world = World::at(Stage::Closed);
    assert_eq!(world.refusal("doer", |c, s| reopen(c, s, "又坏了")), "not_allowed");
    assert_eq!(world.refusal("office", |c, s| reopen(c, s, "")), "text_missing");
    world.run("office", |c, s| reopen(c, s, "群众反映又漏水")).unwrap();
    assert_eq!(world.case.look_backs[0].result, LookBackResult::Overtaken);
    assert_eq!(world.case.rounds.last().unwrap().reason, "群众反映又漏水");
    let mut merged = World::at(Stage::Accepted);
    let target = bihuan_domain::id::ProblemId(99);
    merged.run("office", |c, s| merge_into(c, s, target, "重复")).unwrap();
    assert_eq!(merged.refusal("office", |c, s| reopen(c, s, "再看看")), "cannot_reopen");
    let mut dropped = World::at(Stage::Registered);
    dropped.run("office", |c, s| screen(c, s, Screening::Drop("不属本次范围".to_owned()))).unwrap();
    dropped.run("office", |c, s| reopen(c, s, "领导批示立项")).unwrap();
    assert_eq!(dropped.case.problem.state, State::Accepted, "nobody was responsible yet");
    assert_eq!(actor("office").person.0, 3);
}
