//! M22: the doer never checks and never closes; who checked is not the one who did, by no way round.

use super::world::{BUREAU, COUNTY, NEXT_TOWN, Stage, TOWN, VILLAGE, World, actor, party, path, person};
use bihuan_domain::id::{PostId, UnitId};
use bihuan_domain::problem::*;
use bihuan_domain::role::{Actor, HeldPost, Role};

fn passes(c: &mut Case, s: &Scene<'_>) -> Result<Step, bihuan_domain::Refusal> {
    verify(c, s, Verdict { outcome: Outcome::Solved, truth: Truth::True, note: "现场查看属实".to_owned() })
}

/// A person of the bureau who may verify, with something more.
fn checker_and(change: impl FnOnce(&mut Actor)) -> Actor {
    let mut checker = actor("checker");
    change(&mut checker);
    checker
}

fn second_post(unit: i64) -> HeldPost {
    HeldPost { post: PostId(90), name: "挂职副镇长".to_owned(), unit: UnitId(unit), path: path(unit) }
}

#[test]
fn m22_a_doer_cannot_verify_send_back_or_close_their_own_problem() {
    let all_powers = [(Role::Verifier, COUNTY), (Role::Office, COUNTY), (Role::Inspector, COUNTY)];
    let ways: [(&str, Actor); 5] = [
        ("who reported it, with every role there is", person(4, NEXT_TOWN, &all_powers)),
        ("who belongs to the doing unit", person(30, TOWN, &all_powers)),
        ("who belongs to a unit below the doing unit", person(31, VILLAGE, &all_powers)),
        ("who has a second post in the doing unit", checker_and(|a| a.posts.push(second_post(TOWN)))),
        ("who has a second post below it", checker_and(|a| a.posts.push(second_post(VILLAGE)))),
    ];
    for (who, actor) in ways {
        let mut world = World::at(Stage::Reported);
        assert_eq!(world.run_as(&actor, passes).unwrap_err().code, "doer_cannot_check", "{who} verifies");
        let back = world.run_as(&actor, |c, s| send_back(c, s, "不行"));
        assert_eq!(back.unwrap_err().code, "doer_cannot_check", "{who} sends back");
        let mut world = World::at(Stage::Proposed);
        world.days(30);
        let mut closer = actor.clone();
        closer.grants.extend(person(0, COUNTY, &[(Role::Office, COUNTY)]).grants);
        let closed = world.run_as(&closer, |c, s| confirm_closure(c, s, ""));
        assert_eq!(closed.unwrap_err().code, "doer_cannot_check", "{who} closes");
    }
}

#[test]
fn m22_a_checker_needs_the_role_over_the_checking_unit() {
    let mut world = World::at(Stage::Reported);
    for who in ["office", "leader", "neighbour", "registrar"] {
        assert_eq!(world.refusal(who, passes), "not_allowed", "{who}");
    }
    world.clone().run("inspector", passes).unwrap();
    world.run("checker", passes).unwrap();
    assert_eq!(world.case.problem.state, State::Proposed);
}

#[test]
fn m22_a_checking_unit_that_came_to_lie_below_the_doing_unit_cannot_check() {
    let mut world = World::at(Stage::Reported);
    // The bureau's branch was moved below the town after the assignment.
    for checking in world.case.parties.iter_mut().filter(|p| p.role == PartyRole::Checking) {
        checking.path = path(TOWN).child(UnitId(BUREAU));
    }
    let above = person(40, COUNTY, &[(Role::Verifier, COUNTY)]);
    assert_eq!(world.run_as(&above, passes).unwrap_err().code, "checker_is_doer");
}

#[test]
fn m22_a_hand_in_an_earlier_round_or_for_a_relieved_unit_still_counts() {
    let mut world = World::at(Stage::Closed);
    world.run("office", |c, s| reopen(c, s, "又漏水")).unwrap();
    world.case.closure_evidence = 1;
    let other = person(41, TOWN, &[(Role::Filler, TOWN)]);
    world.run_as(&other, |c, s| report_done(c, s, Outcome::Solved, "重新修复", s.today)).unwrap();
    let moved = person(4, BUREAU, &[(Role::Verifier, BUREAU)]);
    assert_eq!(
        world.run_as(&moved, passes).unwrap_err().code,
        "doer_cannot_check",
        "did it in the first round"
    );

    let mut world = World::at(Stage::Rectifying);
    let parties = vec![party(NEXT_TOWN, PartyRole::Lead), party(BUREAU, PartyRole::Checking)];
    world
        .run("office", |c, s| assign(c, s, Assignment { parties, ..Assignment::default() }, "转办"))
        .unwrap();
    world.run("neighbour", sign).unwrap();
    world.case.closure_evidence = 1;
    world.run("neighbour", |c, s| report_done(c, s, Outcome::Solved, "已修复", s.today)).unwrap();
    let of_town = person(42, TOWN, &[(Role::Verifier, COUNTY)]);
    assert_eq!(
        world.run_as(&of_town, passes).unwrap_err().code,
        "doer_cannot_check",
        "the town had begun it"
    );
}

#[test]
fn a_superior_who_did_a_part_of_the_work_does_not_check_it() {
    let mut world = World::at(Stage::HandedUp);
    let superior = person(7, COUNTY, &[(Role::Leader, COUNTY), (Role::Verifier, COUNTY)]);
    let accept = HandUpAnswer::Accept { root_cause: None, note: String::new() };
    world.run_as(&superior, |c, s| answer_hand_up(c, s, accept)).unwrap();
    world.run_as(&superior, |c, s| finish_hand_up(c, s, "资金已下达")).unwrap();
    world.case.closure_evidence = 1;
    world.run("doer", |c, s| report_done(c, s, Outcome::Solved, "已修复", s.today)).unwrap();
    assert_eq!(world.run_as(&superior, passes).unwrap_err().code, "doer_cannot_check");
    world.run("checker", passes).unwrap();
}

#[test]
fn whether_it_is_true_is_kept_apart_from_whether_it_is_done() {
    let verdict = |outcome, truth| {
        let mut world = World::at(Stage::Reported);
        let verdict = Verdict { outcome, truth, note: "现场查看".to_owned() };
        world.run("checker", |c, s| verify(c, s, verdict)).map(|_| ()).map_err(|r| r.code)
    };
    use Outcome::*;
    assert_eq!(verdict(Solved, Truth::PartlyTrue), Ok(()));
    assert_eq!(verdict(ClosedUnsolved, Truth::True), Ok(()));
    assert_eq!(verdict(Standing, Truth::MostlyTrue), Ok(()));
    assert_eq!(verdict(NotTrue, Truth::NotTrue), Ok(()));
    assert_eq!(verdict(NotTrue, Truth::True), Err("truth_and_outcome_differ"));
    assert_eq!(verdict(Solved, Truth::NotTrue), Err("truth_and_outcome_differ"));
    for outcome in [Merged, Split, Dropped, ClosedBefore] {
        assert_eq!(verdict(outcome, Truth::True), Err("outcome_missing"));
    }
}

#[test]
fn m21_sent_back_often_is_red_whatever_the_dates_and_nobody_paints_it_green() {
    use bihuan_domain::colour::Colour;
    let mut world = World::at(Stage::Reported);
    for round in 1..=world.rules.red_after_send_backs {
        world.run("checker", |c, s| send_back(c, s, "照片与现场不符")).unwrap();
        let colour = world.case.problem.colour_on(world.today, world.rules.yellow_days);
        let red = round >= world.rules.red_after_send_backs;
        assert_eq!(colour == Some(Colour::Red), red, "after {round} returns");
        if !red {
            world.run("doer", |c, s| report_done(c, s, Outcome::Solved, "已重新修复", s.today)).unwrap();
        }
    }
    let until = world.today.plus_days(3);
    let paint =
        |c: &mut Case, s: &Scene<'_>| override_colour(c, s, Some(Colour::Green), Some(until), "已整改");
    assert_eq!(world.refusal("office", paint), "red_by_returns");
}
