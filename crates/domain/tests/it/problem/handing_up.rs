//! M25: the root cause goes up, and the clock with it.

use super::world::{BUREAU, COUNTY, OFFICE, Stage, TOWN, VILLAGE, World, due, party, path};
use bihuan_domain::id::{ProblemId, UnitId};
use bihuan_domain::problem::*;
use bihuan_domain::request::RequestState;

fn up(unit: i64) -> (UnitId, bihuan_domain::unit::UnitPath) {
    (UnitId(unit), path(unit))
}

fn accept(c: &mut Case, s: &Scene<'_>) -> Result<Step, bihuan_domain::Refusal> {
    answer_hand_up(
        c,
        s,
        HandUpAnswer::Accept { root_cause: Some(ProblemId(3)), note: "列入县级项目".to_owned() },
    )
}

#[test]
fn m25_only_a_unit_above_is_called_and_the_clock_is_its_from_then_on() {
    let mut world = World::at(Stage::Rectifying);
    for wrong in [TOWN, VILLAGE, BUREAU, OFFICE] {
        assert_eq!(world.refusal("doer", |c, s| hand_up(c, s, up(wrong), "需要资金")), "not_a_superior");
    }
    assert_eq!(world.refusal("doer", |c, s| hand_up(c, s, up(COUNTY), "")), "text_missing");
    assert_eq!(world.refusal("neighbour", |c, s| hand_up(c, s, up(COUNTY), "需要资金")), "not_allowed");
    world.run("doer", |c, s| hand_up(c, s, up(COUNTY), "需要资金")).unwrap();
    let problem = &world.case.problem;
    assert_eq!((problem.state, problem.holder_unit_id), (State::HandedUp, Some(UnitId(COUNTY))));
    assert_eq!(problem.clock_day, None, "no deadline runs against the doing unit");
    assert!(!problem.is_late_on(due(2024, 12, 31).date.unwrap()));
}

#[test]
fn m25_the_days_above_are_given_back_to_problem_and_open_measures() {
    let mut world = World::at(Stage::Rectifying);
    let draft = |text: &str, day: u32| MeasureDraft {
        text: text.to_owned(),
        owner_unit_id: UnitId(TOWN),
        deadline: Some(due(2024, 4, day)),
        ..MeasureDraft::default()
    };
    world.run("doer", |c, s| add_measure(c, s, draft("清淤", 10))).unwrap();
    world.run("doer", |c, s| add_measure(c, s, draft("换板", 20))).unwrap();
    let first = world.case.measures[0].id;
    world.run("doer", |c, s| finish_measure(c, s, first, "已清淤", s.today)).unwrap();
    world.run("doer", |c, s| hand_up(c, s, up(COUNTY), "需要资金")).unwrap();
    world.days(4);
    world.run("superior", accept).unwrap();
    assert_eq!(world.case.problem.root_cause_id, Some(ProblemId(3)));
    world.days(9);
    world.run("superior", |c, s| finish_hand_up(c, s, "资金已下达")).unwrap();
    let problem = &world.case.problem;
    assert_eq!(problem.due_day, due(2024, 5, 13).date, "30 April and 13 days");
    assert_eq!(problem.first_due_day, due(2024, 4, 30).date, "the deadline first set is remembered");
    assert_eq!(problem.extensions, 0, "days given back are no extension");
    assert_eq!(world.case.measures[0].due_day, due(2024, 4, 10).date, "what was done stays as it was");
    assert_eq!(world.case.measures[1].due_day, due(2024, 5, 3).date);
    assert_eq!((problem.state, problem.holder_unit_id), (State::Rectifying, Some(UnitId(TOWN))));
    assert_eq!(world.case.requests[0].state, RequestState::Finished);
}

#[test]
fn m25_a_superior_refuses_only_with_a_reason_and_the_clock_comes_back() {
    let mut world = World::at(Stage::HandedUp);
    let refuse = |reason: &'static str| {
        move |c: &mut Case, s: &Scene<'_>| answer_hand_up(c, s, HandUpAnswer::Refuse(reason.to_owned()))
    };
    assert_eq!(world.refusal("superior", refuse("")), "text_missing");
    assert_eq!(world.refusal("checker", refuse("不归我们")), "not_allowed");
    assert_eq!(world.refusal("doer", refuse("我替上级拒绝")), "not_allowed");
    world.days(5);
    world.run("superior", refuse("镇级维修资金可以列支")).unwrap();
    let problem = &world.case.problem;
    assert_eq!((problem.state, problem.holder_unit_id), (State::Rectifying, Some(UnitId(TOWN))));
    assert_eq!(problem.due_day, due(2024, 5, 5).date);
    let own = |c: &mut Case, s: &Scene<'_>| {
        answer_hand_up(c, s, HandUpAnswer::Accept { root_cause: Some(c.problem.id), note: String::new() })
    };
    let mut world = World::at(Stage::HandedUp);
    assert_eq!(world.refusal("superior", own), "root_cause_of_itself");
}

#[test]
fn m25_a_village_calls_its_town_and_the_town_passes_it_on() {
    let mut world = World::at(Stage::Accepted);
    let parties = vec![party(VILLAGE, PartyRole::Lead), party(BUREAU, PartyRole::Checking)];
    world.run("office", |c, s| assign(c, s, Assignment { parties, ..Assignment::default() }, "")).unwrap();
    world.run("village", sign).unwrap();
    world.run("village", |c, s| hand_up(c, s, up(TOWN), "村里没有资金")).unwrap();
    let pass = |unit: i64| {
        move |c: &mut Case, s: &Scene<'_>| {
            answer_hand_up(c, s, HandUpAnswer::Pass(up(unit), "镇级也无此资金".to_owned()))
        }
    };
    assert_eq!(world.refusal("doer", pass(BUREAU)), "not_a_superior");
    assert_eq!(world.refusal("doer", pass(TOWN)), "not_a_superior");
    world.days(3);
    world.run("doer", pass(COUNTY)).unwrap();
    assert_eq!(world.case.problem.holder_unit_id, Some(UnitId(COUNTY)));
    assert_eq!(world.refusal("doer", accept), "not_allowed", "the town has passed it on");
    let held: Vec<i64> = world.case.holdings.iter().map(|h| h.unit_id.0).collect();
    assert_eq!(held, [VILLAGE, VILLAGE, TOWN, COUNTY], "who held it, for the time line");
    world.run("superior", accept).unwrap();
}
