//! Merge, split, transfer.

use super::world::{COUNTY, NEXT_TOWN, Stage, TOWN, World, person};
use bihuan_domain::id::ProblemId;
use bihuan_domain::problem::*;
use bihuan_domain::role::Role;

#[test]
fn nobody_merges_splits_or_gives_away_their_own_work() {
    let own = person(60, TOWN, &[(Role::Office, COUNTY), (Role::Leader, COUNTY)]);
    let mut world = World::at(Stage::Rectifying);
    let target = ProblemId(99);
    assert_eq!(
        world.run_as(&own, |c, s| merge_into(c, s, target, "重复")).unwrap_err().code,
        "doer_cannot_check"
    );
    assert_eq!(world.run_as(&own, |c, s| split_off(c, s, "两件事")).unwrap_err().code, "doer_cannot_check");
    assert_eq!(world.run_as(&own, |c, s| transfer_out(c, s, "移交")).unwrap_err().code, "doer_cannot_check");
}

#[test]
fn a_merged_problem_ends_and_the_target_keeps_every_origin() {
    let mut world = World::at(Stage::Accepted);
    let own = world.case.problem.id;
    assert_eq!(world.refusal("office", |c, s| merge_into(c, s, own, "重复")), "merge_into_itself");
    assert_eq!(world.refusal("office", |c, s| merge_into(c, s, ProblemId(99), "")), "text_missing");
    world.run("office", |c, s| merge_into(c, s, ProblemId(99), "与第3号重复")).unwrap();
    let merged = world.case.clone();
    assert_eq!(merged.problem.outcome, Some(Outcome::Merged));

    let mut target = World::at(Stage::Rectifying);
    target.case.parties.retain(|p| p.role != PartyRole::Registering);
    target.run("office", |c, s| absorb(c, s, &merged)).unwrap();
    let origin = target.case.units_with(PartyRole::Registering).next().unwrap();
    assert_eq!((origin.unit_id.0, origin.written.as_str()), (NEXT_TOWN, "由第12号并入"));
    let mut closed = World::at(Stage::Closed);
    assert_eq!(closed.refusal("office", |c, s| absorb(c, s, &merged)), "target_closed");
}

#[test]
fn a_transferred_or_split_problem_counts_as_such_and_not_as_solved() {
    let mut world = World::at(Stage::Rectifying);
    world.run("office", |c, s| transfer_out(c, s, "移交市生态环境部门")).unwrap();
    assert_eq!(world.case.problem.outcome, Some(Outcome::Transferred));
    let mut world = World::at(Stage::Screened);
    world.run("leader", |c, s| split_off(c, s, "含两件事")).unwrap();
    assert_eq!(world.case.problem.outcome, Some(Outcome::Split));
    assert_eq!(world.case.holdings, vec![]);
    let mut reported = World::at(Stage::Reported);
    assert_eq!(reported.refusal("office", |c, s| transfer_out(c, s, "移交")), "wrong_state");
}
