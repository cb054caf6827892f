//! M19: intake and the screening in two steps.

use super::world::{NEXT_TOWN, Stage, TOWN, World, actor, draft, path, person};
use bihuan_domain::campaign::CampaignRules;
use bihuan_domain::problem::*;
use bihuan_domain::role::Role;

#[test]
fn m19_a_problem_is_registered_by_a_person_with_a_right_over_the_unit() {
    let world = World::new();
    let register_as =
        |who| register(draft(), &world.scene(&who), None).map(|_| ()).map_err(|refusal| refusal.code);
    assert_eq!(register_as(actor("registrar")), Ok(()));
    assert_eq!(register_as(actor("inspector")), Ok(()));
    assert_eq!(register_as(actor("doer")), Err("not_allowed"), "another town's clerk");
    assert_eq!(register_as(person(20, NEXT_TOWN, &[(Role::Evaluator, NEXT_TOWN)])), Err("not_allowed"));
    let empty = Draft { text: "  ".to_owned(), ..draft() };
    assert_eq!(register(empty, &world.scene(&actor("registrar")), None).unwrap_err().code, "text_missing");
    let long = Draft { text: "长".repeat(PROBLEM_CHARS_MAX + 1), ..draft() };
    assert_eq!(register(long, &world.scene(&actor("registrar")), None).unwrap_err().code, "text_too_long");
    let edge = Draft { text: "长".repeat(PROBLEM_CHARS_MAX), ..draft() };
    assert!(register(edge, &world.scene(&actor("registrar")), None).is_ok());
}

#[test]
fn m19_screening_has_two_steps_and_each_ends_in_accept_return_or_drop() {
    let decide = |stage, decision: Screening| {
        let mut world = World::at(stage);
        world.run("office", |c, s| screen(c, s, decision)).unwrap();
        (world.case.problem.state, world.case.problem.outcome)
    };
    let reason = || "与已有问题重复".to_owned();
    assert_eq!(decide(Stage::Registered, Screening::Accept), (State::Screened, None));
    assert_eq!(decide(Stage::Screened, Screening::Accept), (State::Accepted, None));
    for stage in [Stage::Registered, Stage::Screened] {
        assert_eq!(decide(stage, Screening::Return(reason())), (State::Returned, None));
        assert_eq!(decide(stage, Screening::Drop(reason())), (State::Closed, Some(Outcome::Dropped)));
    }
    let mut world = World::at(Stage::Registered);
    assert_eq!(
        world.refusal("office", |c, s| screen(c, s, Screening::Return(String::new()))),
        "text_missing"
    );
}

#[test]
fn m19_a_registrant_cannot_screen_first_what_they_wrote() {
    let mut both = actor("registrar");
    both.grants.extend(actor("office").grants);
    let mut world = World::at(Stage::Registered);
    let refused = world.run_as(&both, |c, s| screen(c, s, Screening::Accept)).unwrap_err();
    assert_eq!(refused.code, "own_problem");
    // Who wrote it anew after a return wrote it too.
    let mut world = World::at(Stage::Returned);
    world
        .run("registrar", |c, s| screen(c, s, Screening::Resubmit("石桥村三组渠道破损120米".to_owned())))
        .unwrap();
    assert_eq!(world.case.problem.state, State::Registered);
    world.case.problem.registered_by = actor("neighbour").person;
    let refused = world.run_as(&both, |c, s| screen(c, s, Screening::Accept)).unwrap_err();
    assert_eq!(refused.code, "own_problem");
}

#[test]
fn m19_the_meeting_is_recorded_by_the_office_only() {
    let mut world = World::at(Stage::Screened);
    assert_eq!(world.refusal("leader", |c, s| screen(c, s, Screening::Accept)), "not_allowed");
    world.run("office", |c, s| screen(c, s, Screening::Accept)).unwrap();
}

#[test]
fn a_campaign_without_screening_takes_problems_up_at_once() {
    let world = World::with_rules(CampaignRules { screening: false, ..CampaignRules::default() });
    assert_eq!(world.case.problem.state, State::Accepted);
}

#[test]
fn an_imported_closed_problem_counts_as_closed_before_and_never_as_solved() {
    let world = World::new();
    let imported = register(draft(), &world.scene(&actor("registrar")), Some(ImportedState::ClosedBefore));
    let (case, step) = imported.unwrap();
    assert_eq!(case.problem.outcome, Some(Outcome::ClosedBefore));
    assert!(step.flows.contains(&Flow::Closed));
    assert_eq!(case.holdings, vec![], "nobody here ever held its clock");
}

#[test]
fn an_assignment_needs_one_lead_a_checker_who_does_not_do_and_a_deadline() {
    use super::world::{BUREAU, VILLAGE, order, party};
    let refusal = |parties: Vec<Party>| {
        let mut world = World::at(Stage::Accepted);
        world.refusal("office", |c, s| assign(c, s, Assignment { parties, ..order() }, ""))
    };
    let (lead, checking) = (PartyRole::Lead, PartyRole::Checking);
    assert_eq!(refusal(vec![party(BUREAU, checking)]), "lead_missing");
    assert_eq!(
        refusal(vec![party(TOWN, lead), party(NEXT_TOWN, lead), party(BUREAU, checking)]),
        "lead_missing"
    );
    assert_eq!(refusal(vec![party(TOWN, lead)]), "checker_missing");
    assert_eq!(refusal(vec![party(TOWN, lead), party(TOWN, checking)]), "checker_is_doer");
    assert_eq!(
        refusal(vec![party(TOWN, lead), party(VILLAGE, checking)]),
        "checker_is_doer",
        "a unit below the doer"
    );
    let assisting = party(BUREAU, PartyRole::Assisting);
    assert_eq!(refusal(vec![party(TOWN, lead), assisting, party(BUREAU, checking)]), "checker_is_doer");
    let many = |count: usize| {
        let mut parties = vec![party(TOWN, lead), party(BUREAU, checking)];
        parties.resize(count, party(NEXT_TOWN, PartyRole::Responsible));
        parties
    };
    assert_eq!(refusal(many(PARTIES_MAX + 1)), "too_many_units");
    let mut world = World::at(Stage::Accepted);
    world
        .run("office", |c, s| assign(c, s, Assignment { parties: many(PARTIES_MAX), ..order() }, ""))
        .unwrap();
    let mut world = World::at(Stage::Accepted);
    world.case.problem.due_day = None;
    assert_eq!(world.refusal("office", |c, s| assign(c, s, order(), "")), "deadline_missing");
    assert_eq!(world.refusal("doer", |c, s| assign(c, s, order(), "")), "not_allowed");
}

#[test]
fn an_assignment_moves_home_and_clock_to_the_lead_unit() {
    let world = World::at(Stage::Assigned);
    let problem = &world.case.problem;
    assert_eq!(problem.home_path, path(TOWN));
    assert_eq!(problem.holder_unit_id, problem.lead_unit_id);
    assert_eq!(problem.clock_day, problem.due_day);
    assert_eq!(problem.deadline_unit_id.map(|u| u.0), Some(super::world::OFFICE), "who set the deadline");
}

#[test]
fn a_doer_cannot_change_who_checks_or_by_when() {
    use super::world::{due, order};
    let mut office_in_town = actor("doer");
    office_in_town.grants.push(person(0, TOWN, &[(Role::Office, TOWN)]).grants.remove(0));
    let mut world = World::at(Stage::Rectifying);
    let changed = world.run_as(&office_in_town, |c, s| assign(c, s, order(), "换个验收单位"));
    assert_eq!(changed.unwrap_err().code, "doer_cannot_check");
    let later = || Assignment { deadline: Some(due(2024, 8, 1)), ..order() };
    assert_eq!(world.refusal("office", |c, s| assign(c, s, later(), "再给点时间")), "deadline_by_extension");
    let sooner = Assignment { deadline: Some(due(2024, 4, 1)), ..order() };
    world.run("office", |c, s| assign(c, s, sooner, "汛期前完成")).unwrap();
    assert_eq!(world.case.problem.state, State::Assigned);
}

#[test]
fn a_unit_relieved_of_the_work_does_not_become_its_checker() {
    use super::world::party;
    let mut world = World::at(Stage::Rectifying);
    let parties = vec![party(NEXT_TOWN, PartyRole::Lead), party(TOWN, PartyRole::Checking)];
    let order = Assignment { parties, ..Assignment::default() };
    assert_eq!(world.refusal("office", |c, s| assign(c, s, order, "转办")), "checker_is_doer");
}

#[test]
fn m21_a_colour_by_hand_needs_a_reason_and_an_end_and_ends_by_itself() {
    use bihuan_domain::colour::Colour;
    let mut world = World::at(Stage::Rectifying);
    let end = world.today.plus_days(10);
    let set = |until, reason: &'static str| {
        move |c: &mut Case, s: &Scene<'_>| override_colour(c, s, Some(Colour::Red), until, reason)
    };
    assert_eq!(world.refusal("office", set(Some(end), "")), "text_missing");
    assert_eq!(world.refusal("office", set(None, "群众反映强烈")), "override_end_missing");
    assert_eq!(
        world.refusal("office", set(Some(world.today.plus_days(32)), "群众反映强烈")),
        "override_end_missing"
    );
    assert_eq!(
        world.refusal("office", set(Some(world.today.plus_days(-1)), "群众反映强烈")),
        "override_end_missing"
    );
    assert_eq!(world.refusal("doer", set(Some(end), "我说绿就绿")), "not_allowed");
    world.run("office", set(Some(end), "群众反映强烈")).unwrap();
    let colour = |world: &World| world.case.problem.colour_on(world.today, world.rules.yellow_days);
    assert_eq!(colour(&world), Some(Colour::Red));
    world.days(11);
    assert_eq!(colour(&world), Some(Colour::Green));
    world.run("doer", |c, s| note_progress(c, s, "已进场施工")).unwrap();
    assert_eq!(world.case.problem.forced_reason, "", "the lapsed override is gone with the next step");
}
