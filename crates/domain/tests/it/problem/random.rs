//! Whatever is tried in whatever order: no doer verifies or closes, holdings have no gap of their own making, the clock
//! follows from the state.

use super::world::{
    BUREAU, COUNTY, NEXT_TOWN, OFFICE, TOWN, VILLAGE, World, due, order, party, path, person,
};
use bihuan_domain::colour::Colour;
use bihuan_domain::id::{PersonId, UnitId};
use bihuan_domain::look_back::LookBackResult;
use bihuan_domain::measure::MeasureState;
use bihuan_domain::problem::*;
use bihuan_domain::role::{Actor, Role};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use std::cell::Cell;
use std::collections::BTreeSet;

/// People with wide rights, each in another place: what stops them must be the rule, not the lack of a role.
fn crowd() -> Vec<Actor> {
    let wide = [Role::Filler, Role::Office, Role::Leader, Role::Inspector, Role::Verifier];
    let grants: Vec<(Role, i64)> = wide.iter().map(|role| (*role, COUNTY)).collect();
    let units = [COUNTY, OFFICE, TOWN, VILLAGE, BUREAU, NEXT_TOWN];
    units.iter().zip(200..).map(|(unit, number)| person(number, *unit, &grants)).collect()
}

/// One command by its number, with what it needs.
fn command(case: &mut Case, scene: &Scene<'_>, number: u8) -> Result<Step, bihuan_domain::Refusal> {
    let words = || "情况说明".to_owned();
    let turned = || Assignment {
        parties: vec![party(NEXT_TOWN, PartyRole::Lead), party(BUREAU, PartyRole::Checking)],
        ..Assignment::default()
    };
    let measure =
        case.measures.iter().find(|m| m.state == MeasureState::Planned).map(|m| m.id).unwrap_or_default();
    let look_back = case
        .look_backs
        .iter()
        .find(|l| l.result == LookBackResult::Pending)
        .map(|l| l.id)
        .unwrap_or_default();
    let draft = MeasureDraft {
        text: words(),
        owner_unit_id: case.problem.home_unit_id,
        deadline: Some(due(2024, 4, 12)),
        ..MeasureDraft::default()
    };
    match number % 26 {
        0..=2 => screen(case, scene, Screening::Accept),
        3 => screen(case, scene, Screening::Return(words())),
        4 => screen(case, scene, Screening::Resubmit(words())),
        5 => assign(case, scene, order(), "调整"),
        6 => assign(case, scene, turned(), "转办"),
        7 => return_assignment(case, scene, "不归我管"),
        8..=9 => sign(case, scene),
        10 => add_measure(case, scene, draft),
        11 => finish_measure(case, scene, measure, "完成", scene.today),
        12 => note_progress(case, scene, "推进中"),
        13..=14 => report_done(case, scene, Outcome::Solved, "已修复", scene.today),
        15 => ask_extension(case, scene, &due(2024, 12, 30), "降雨"),
        16 => decide_extension(case, scene, &path(OFFICE), true, ""),
        17 => hand_up(case, scene, (UnitId(COUNTY), path(COUNTY)), "要钱"),
        18 => answer_hand_up(case, scene, HandUpAnswer::Accept { root_cause: None, note: String::new() }),
        19 => finish_hand_up(case, scene, "办结"),
        20..=21 => {
            let verdict = Verdict { outcome: Outcome::Solved, truth: Truth::True, note: words() };
            verify(case, scene, verdict)
        }
        22 => send_back(case, scene, "不符"),
        23 => confirm_closure(case, scene, ""),
        24 => record_look_back(case, scene, look_back, LookBackResult::SlippedBack, "反弹"),
        _ => override_colour(case, scene, Some(Colour::Red), Some(scene.today.plus_days(3)), "重点"),
    }
}

fn invariants(case: &Case, today: bihuan_domain::Day) {
    let problem = &case.problem;
    let open = case.holdings.iter().filter(|h| h.to_at.is_none()).count();
    assert_eq!(open, usize::from(problem.holder_unit_id.is_some()), "one open holding when somebody holds");
    for (index, pair) in case.holdings.windows(2).enumerate() {
        assert!(
            pair[0].to_at.is_some_and(|end| end <= pair[1].from_at),
            "holding {index} ends before the next"
        );
        assert_eq!(pair[1].ordinal, pair[0].ordinal + 1);
    }
    assert_eq!(problem.clock_day.is_some(), problem.state.doer_owes() && case_has_day(case));
    assert_eq!(problem.state == State::Closed, problem.closed_day.is_some());
    assert_eq!(problem.round, case.rounds.len() as i64);
    assert_eq!(case.rounds.last().map(|r| r.closed_day.is_some()), Some(problem.state == State::Closed));
    assert!(!problem.is_late_on(today) || problem.state.doer_owes());
}

fn case_has_day(case: &Case) -> bool {
    case.problem.due_day.is_some()
        || case.live_measures().any(|m| m.state == MeasureState::Planned && m.due_day.is_some())
}

/// One run of commands; answers whether somebody closed the problem.
fn run(steps: Vec<(usize, u8, i32)>) -> Result<bool, TestCaseError> {
    let crowd = crowd();
    let mut world = World::new();
    let mut hands: BTreeSet<PersonId> = BTreeSet::new();
    let mut closed = false;
    for (who, number, days) in steps {
        world.days(days);
        world.case.closure_evidence = 1;
        let actor = &crowd[who];
        let doing = world.case.doing_parties().any(|p| actor.belongs_to(&p.path));
        if let Ok(step) = world.run_as(actor, |c, s| command(c, s, number)) {
            use Action::*;
            let checks = [Verified, SentBack, Closed, LookedBack, ExtensionDecided];
            if checks.contains(&step.action) {
                prop_assert!(!hands.contains(&actor.person) && !doing, "{:?} by a doer", step.action);
            }
            if [Signed, MeasureAdded, MeasureFinished, ProgressNoted, Reported, HandUpFinished]
                .contains(&step.action)
            {
                hands.insert(actor.person);
            }
            closed |= step.action == Closed;
        }
        invariants(&world.case, world.today);
    }
    Ok(closed)
}

#[test]
fn m22_no_sequence_of_commands_lets_a_doer_verify_or_close() {
    let step = (0_usize..6, any::<u8>(), 0_i32..4);
    let steps = proptest::collection::vec(step, 1..200);
    let mut runner = TestRunner::new(ProptestConfig { cases: 256, ..ProptestConfig::default() });
    let closings = Cell::new(0);
    let ran = runner.run(&steps, |steps| {
        closings.set(closings.get() + i32::from(run(steps)?));
        Ok(())
    });
    ran.unwrap();
    assert!(closings.get() > 10, "the sequences must come far enough to try: {}", closings.get());
}
