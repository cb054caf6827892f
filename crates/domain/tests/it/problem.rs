//! The loop of a problem: who may take which step, when, and what it leaves behind.

mod checking;
mod closing;
mod doing;
mod handing_up;
mod intake;
mod random;
mod restructuring;
mod world;

use bihuan_domain::Coded;
use bihuan_domain::problem::{State, Verb, possible};
use world::{Stage, World};

/// Every state with everything that somebody may do in it: whoever stands in the world is asked.
#[test]
fn each_state_allows_its_own_steps_and_no_others() {
    use Verb::*;
    let aside = [OverrideColour, Merge, Split, Transfer];
    let table: [(Stage, State, &[Verb], bool); 10] = [
        (Stage::Registered, State::Registered, &[Screen, FileIntake, Merge, Split, Transfer], false),
        (Stage::Screened, State::Screened, &[Screen, FileIntake, Merge, Split, Transfer], false),
        (Stage::Returned, State::Returned, &[Resubmit, FileIntake, Merge, Split, Transfer], false),
        (Stage::Accepted, State::Accepted, &[Assign, FileIntake, Merge, Split, Transfer], false),
        (
            Stage::Assigned,
            State::Assigned,
            &[Reassign, Sign, ReturnAssignment, AddMeasure, Progress, AskExtension, FileProgress],
            true,
        ),
        (
            Stage::Rectifying,
            State::Rectifying,
            &[Reassign, AddMeasure, Progress, Report, AskExtension, HandUp, FileProgress],
            true,
        ),
        (Stage::HandedUp, State::HandedUp, &[Progress, AnswerHandUp, FileProgress], false),
        (Stage::Reported, State::Reported, &[Verify, SendBack, FileVerification], false),
        (Stage::Proposed, State::Proposed, &[Confirm, Object], false),
        (Stage::Closed, State::Closed, &[LookBack, Reopen, FileLookBack], false),
    ];
    for (stage, state, allowed, with_aside) in table {
        let world = World::at(stage);
        assert_eq!(world.case.problem.state, state, "{stage:?}");
        let mut wanted: Vec<Verb> = allowed.to_vec();
        if with_aside {
            wanted.extend(aside);
        }
        let mut found: Vec<Verb> = world
            .everybody()
            .into_iter()
            .flat_map(|actor| possible(&world.case, &world.scene(&actor), Some(&world.office_path())))
            .map(|possible| possible.verb)
            .collect();
        found.sort_unstable();
        found.dedup();
        wanted.sort_unstable();
        let label = |verbs: &[Verb]| verbs.iter().map(|verb| verb.code()).collect::<Vec<_>>().join(" ");
        assert_eq!(label(&found), label(&wanted), "what may be done in {stage:?}");
    }
}

/// What each kind of person is offered at each stage; nothing else.
#[test]
fn each_person_is_offered_only_what_is_theirs() {
    use Verb::*;
    let table: [(Stage, &str, &[Verb]); 12] = [
        (Stage::Registered, "registrar", &[FileIntake]),
        (Stage::Registered, "leader", &[Screen, Merge, Split, Transfer, FileIntake]),
        (Stage::Screened, "leader", &[Merge, Split, Transfer, FileIntake]),
        (
            Stage::Assigned,
            "doer",
            &[ReturnAssignment, Sign, AddMeasure, Progress, AskExtension, FileProgress],
        ),
        (Stage::Rectifying, "doer", &[AddMeasure, Progress, Report, AskExtension, HandUp, FileProgress]),
        (Stage::Rectifying, "neighbour", &[]),
        (Stage::Rectifying, "checker", &[]),
        (Stage::HandedUp, "superior", &[AnswerHandUp]),
        (Stage::Reported, "checker", &[Verify, SendBack, FileVerification]),
        (Stage::Reported, "doer", &[]),
        (Stage::Closed, "inspector", &[LookBack, Reopen, FileLookBack]),
        (Stage::Closed, "doer", &[]),
    ];
    for (stage, who, wanted) in table {
        let world = World::at(stage);
        let actor = world.actor(who);
        let found = possible(&world.case, &world.scene(&actor), Some(&world.office_path()));
        let mut found: Vec<Verb> =
            found.into_iter().filter(|p| p.blocked.is_none()).map(|p| p.verb).collect();
        let mut wanted = wanted.to_vec();
        found.sort_unstable();
        wanted.sort_unstable();
        let label = |verbs: &[Verb]| verbs.iter().map(|verb| verb.code()).collect::<Vec<_>>().join(" ");
        assert_eq!(label(&found), label(&wanted), "what the {who} may do in {stage:?}");
    }
}
