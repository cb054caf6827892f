//! M20: signing, measures, progress, extension, reporting.

use super::world::{BUREAU, NEXT_TOWN, OFFICE, Stage, TOWN, World, actor, due, path};
use bihuan_domain::evidence::{EVIDENCE_MAX, Stage as For};
use bihuan_domain::id::{MeasureId, UnitId};
use bihuan_domain::measure::{MEASURES_MAX, MeasureState};
use bihuan_domain::problem::*;
use bihuan_domain::request::RequestState;

fn measure(text: &str) -> MeasureDraft {
    MeasureDraft { text: text.to_owned(), owner_unit_id: UnitId(TOWN), ..MeasureDraft::default() }
}

#[test]
fn only_the_doing_unit_signs_and_a_leader_above_does_not_sign_for_it() {
    let mut world = World::at(Stage::Assigned);
    for who in ["leader", "office", "checker", "neighbour", "village"] {
        assert_eq!(world.refusal(who, sign), "not_allowed", "{who}");
    }
    world.run("doer", sign).unwrap();
    assert_eq!(world.case.problem.state, State::Rectifying);
    assert_eq!(world.refusal("doer", sign), "wrong_state");
}

#[test]
fn a_unit_gives_a_wrong_assignment_back_with_a_reason_before_it_signs() {
    let mut world = World::at(Stage::Assigned);
    assert_eq!(world.refusal("doer", |c, s| return_assignment(c, s, "")), "text_missing");
    world.run("doer", |c, s| return_assignment(c, s, "该渠道由县水利部门管护")).unwrap();
    assert_eq!(world.case.problem.state, State::Accepted);
    assert_eq!(world.case.problem.holder_unit_id, Some(UnitId(OFFICE)), "the clock is the office's again");
    assert_eq!(world.case.problem.clock_day, None);
    let mut world = World::at(Stage::Rectifying);
    assert_eq!(world.refusal("doer", |c, s| return_assignment(c, s, "不是我们的")), "wrong_state");
}

#[test]
fn m20_measures_that_are_open_block_solved_and_standing_but_not_unsolved() {
    for outcome in [Outcome::Solved, Outcome::Standing] {
        let mut world = World::at(Stage::Rectifying);
        world.case.closure_evidence = 1;
        world.run("doer", |c, s| add_measure(c, s, measure("更换破损渠板"))).unwrap();
        let report = |c: &mut Case, s: &Scene<'_>| report_done(c, s, outcome, "已修复", s.today);
        assert_eq!(world.refusal("doer", report), "measures_open");
        let id = world.case.measures[0].id;
        world.run("doer", |c, s| finish_measure(c, s, id, "已更换", s.today)).unwrap();
        world.run("doer", report).unwrap();
    }
    let mut world = World::at(Stage::Rectifying);
    world.run("doer", |c, s| add_measure(c, s, measure("更换破损渠板"))).unwrap();
    world
        .run("doer", |c, s| report_done(c, s, Outcome::ClosedUnsolved, "土地权属未定，无法施工", s.today))
        .unwrap();
    // What the doer could not claim, the checker cannot find either.
    let verdict = Verdict { outcome: Outcome::Solved, truth: Truth::True, note: "已解决".to_owned() };
    assert_eq!(world.refusal("checker", |c, s| verify(c, s, verdict)), "measures_open");
}

#[test]
fn a_standing_measure_never_blocks_the_closing() {
    let mut world = World::at(Stage::Rectifying);
    world.case.closure_evidence = 1;
    world.run("doer", |c, s| add_measure(c, s, measure("落实日常管护"))).unwrap();
    world.case.measures[0].standing = true;
    world.run("doer", |c, s| report_done(c, s, Outcome::Solved, "已修复", s.today)).unwrap();
}

#[test]
fn a_measure_belongs_to_a_unit_with_a_hand_in_the_work_and_to_a_day() {
    let mut world = World::at(Stage::Rectifying);
    for stranger in [BUREAU, NEXT_TOWN] {
        let draft = || MeasureDraft { owner_unit_id: UnitId(stranger), ..measure("清淤") };
        assert_eq!(world.refusal("doer", |c, s| add_measure(c, s, draft())), "owner_not_party");
    }
    let unclear = bihuan_domain::deadline::Deadline { date: None, needs_person: true, ..due(2024, 4, 1) };
    let draft = MeasureDraft { deadline: Some(unclear), ..measure("清淤") };
    assert_eq!(world.refusal("doer", |c, s| add_measure(c, s, draft)), "deadline_unclear");
    for count in 0..MEASURES_MAX {
        world.run("doer", |c, s| add_measure(c, s, measure(&format!("第{count}条")))).unwrap();
    }
    assert_eq!(world.refusal("doer", |c, s| add_measure(c, s, measure("多一条"))), "too_many_measures");
    let id = world.case.measures[0].id;
    assert_eq!(world.refusal("doer", |c, s| drop_measure(c, s, id, " ")), "text_missing");
    world.run("doer", |c, s| drop_measure(c, s, id, "与第二条重复")).unwrap();
    assert_eq!(world.case.measures[0].state, MeasureState::Dropped);
    assert_eq!(world.refusal("doer", |c, s| finish_measure(c, s, id, "完成", s.today)), "measure_not_open");
    assert_eq!(
        world.refusal("doer", |c, s| finish_measure(c, s, MeasureId(999), "完成", s.today)),
        "measure_not_open"
    );
}

#[test]
fn m21_the_clock_is_the_nearest_day_of_problem_and_open_measures() {
    let mut world = World::at(Stage::Rectifying);
    let draft = MeasureDraft { deadline: Some(due(2024, 3, 20)), ..measure("清淤") };
    world.run("doer", |c, s| add_measure(c, s, draft)).unwrap();
    assert_eq!(world.case.problem.clock_day, due(2024, 3, 20).date);
    let id = world.case.measures[0].id;
    world.run("doer", |c, s| finish_measure(c, s, id, "已清淤", s.today)).unwrap();
    assert_eq!(world.case.problem.clock_day, due(2024, 4, 30).date);
}

#[test]
fn evidence_is_asked_for_once_and_only_where_something_is_said_to_be_done() {
    let mut world = World::at(Stage::Rectifying);
    let report = |outcome| move |c: &mut Case, s: &Scene<'_>| report_done(c, s, outcome, "情况说明", s.today);
    assert_eq!(world.refusal("doer", report(Outcome::Solved)), "evidence_missing");
    world.clone().run("doer", report(Outcome::NotTrue)).unwrap();
    let filing = |stage, count, replaces| {
        move |c: &mut Case, s: &Scene<'_>| {
            let filing =
                Filing { stage, caption: "修复后照片".to_owned(), measure_id: None, replaces, count };
            file_evidence(c, s, filing).map(|(step, _)| step)
        }
    };
    assert_eq!(world.refusal("doer", filing(For::Closure, EVIDENCE_MAX, false)), "too_much_evidence");
    assert_eq!(world.refusal("neighbour", filing(For::Closure, 0, false)), "not_allowed");
    world.run("doer", filing(For::Closure, EVIDENCE_MAX - 1, false)).unwrap();
    world.run("doer", filing(For::Closure, 1, true)).unwrap();
    assert_eq!(world.case.closure_evidence, 1, "a new edition is not a second piece");
    world.run("doer", report(Outcome::Solved)).unwrap();
    assert_eq!(world.refusal("doer", filing(For::Closure, 1, true)), "wrong_state", "handed in is handed in");
    world.run("checker", filing(For::Verification, 1, false)).unwrap();
}

#[test]
fn what_was_done_was_done_on_a_day_that_has_come() {
    let mut world = World::at(Stage::Rectifying);
    world.case.closure_evidence = 1;
    let tomorrow = world.today.plus_days(1);
    let report = |day| move |c: &mut Case, s: &Scene<'_>| report_done(c, s, Outcome::Solved, "已修复", day);
    assert_eq!(world.refusal("doer", report(tomorrow)), "claimed_in_future");
    let earlier = world.today.plus_days(-3);
    world.run("doer", report(earlier)).unwrap();
    let problem = &world.case.problem;
    assert_eq!(
        (problem.claimed_day, problem.filed_day),
        (Some(earlier), Some(world.today)),
        "both days are kept"
    );
}

#[test]
fn an_extension_is_asked_for_before_the_day_and_decided_by_who_set_it() {
    let mut world = World::at(Stage::Rectifying);
    let office = path(OFFICE);
    let ask =
        |day: u32| move |c: &mut Case, s: &Scene<'_>| ask_extension(c, s, &due(2024, 5, day), "连续降雨");
    let decide = |grant: bool, reason: &'static str| {
        let office = office.clone();
        move |c: &mut Case, s: &Scene<'_>| decide_extension(c, s, &office, grant, reason)
    };
    assert_eq!(
        world.refusal("doer", |c, s| ask_extension(c, s, &due(2024, 4, 30), "连续降雨")),
        "no_later_day"
    );
    assert_eq!(world.refusal("doer", |c, s| ask_extension(c, s, &due(2024, 5, 30), "")), "text_missing");
    let mut late = world.clone();
    late.today = due(2024, 5, 1).date.unwrap();
    assert_eq!(late.refusal("doer", ask(30)), "too_late_to_ask");
    let mut last_day = world.clone();
    last_day.today = due(2024, 4, 30).date.unwrap();
    assert_eq!(last_day.refusal("doer", ask(30)), "too_late_to_ask", "before the day, not on it");
    last_day.today = due(2024, 4, 29).date.unwrap();
    last_day.run("doer", ask(30)).unwrap();

    world.run("doer", ask(30)).unwrap();
    assert_eq!(world.refusal("doer", ask(31)), "already_asked");
    for who in ["doer", "checker", "neighbour"] {
        assert_eq!(world.refusal(who, decide(true, "")), "not_allowed", "{who}");
    }
    let mut town_leader = actor("doer");
    town_leader.grants.extend(actor("leader").grants);
    let own = world.run_as(&town_leader, decide(true, ""));
    assert_eq!(own.unwrap_err().code, "doer_cannot_check", "nobody decides about their own time");
    assert_eq!(world.refusal("office", decide(false, "")), "text_missing");
    world.run("office", decide(true, "")).unwrap();
    let problem = &world.case.problem;
    assert_eq!((problem.due_day, problem.first_due_day), (due(2024, 5, 30).date, due(2024, 4, 30).date));
    assert_eq!(problem.extensions, 1, "counted apart from lateness");
    assert!(!problem.is_late_on(due(2024, 5, 10).date.unwrap()));
    assert_eq!(world.refusal("office", decide(true, "")), "no_request");
}

#[test]
fn a_refused_extension_changes_no_day_and_an_unanswered_one_lapses_with_the_report() {
    let mut world = World::at(Stage::Rectifying);
    let office = path(OFFICE);
    world.run("doer", |c, s| ask_extension(c, s, &due(2024, 5, 30), "连续降雨")).unwrap();
    world.run("office", |c, s| decide_extension(c, s, &office, false, "雨季未到")).unwrap();
    assert_eq!((world.case.problem.due_day, world.case.problem.extensions), (due(2024, 4, 30).date, 0));
    world.run("doer", |c, s| ask_extension(c, s, &due(2024, 5, 15), "材料未到")).unwrap();
    world.case.closure_evidence = 1;
    world.run("doer", |c, s| report_done(c, s, Outcome::Solved, "已修复", s.today)).unwrap();
    assert_eq!(world.case.requests.last().unwrap().state, RequestState::Lapsed);
    assert_eq!(world.refusal("office", |c, s| decide_extension(c, s, &office, true, "")), "no_request");
}

#[test]
fn an_unclear_deadline_is_cleared_once_and_by_the_office() {
    let mut world = World::at(Stage::Accepted);
    let clarify = |world: &World, who: &str| {
        let (mut case, actor) = (world.case.clone(), actor(who));
        clarify_deadline(&mut case, &world.scene(&actor), &due(2024, 6, 1)).map(|_| ()).map_err(|r| r.code)
    };
    assert_eq!(clarify(&world, "office"), Err("deadline_is_clear"));
    world.case.problem.due_day = None;
    assert_eq!(clarify(&world, "doer"), Err("not_allowed"));
    assert_eq!(clarify(&world, "office"), Ok(()));
}
