//! Several units called together with one lead, through the journal, on both engines (M25).

use crate::support::{Fixture, context, first_day, refused};
use bihuan_app::muster::{MusterFilter, MusterInput, MusterStepInput, MusterWish};
use bihuan_app::todo::TodoKind;
use bihuan_app::{Context, Error};
use bihuan_domain::Day;
use bihuan_domain::id::{MusterId, ProblemId};
use bihuan_domain::muster::{CalledState, Muster, MusterState, MusterVerb};
use bihuan_domain::role::Role;
use bihuan_store::journal::{self, EntryFilter};
use bihuan_testkit::on_each_engine;

fn day(offset: i32) -> Day {
    first_day().plus_days(offset)
}

/// The filler of a unit.
fn clerk(f: &Fixture, person: i64, code: &str, offset: i32) -> Context {
    context(person, Role::Filler, &f.unit(code), day(offset))
}

fn whistle(problem: ProblemId) -> MusterInput {
    MusterInput {
        subject_kind: "problem".to_owned(),
        subject: problem.to_string(),
        units: "县水利局、县财政局".to_owned(),
        lead: "云溪县水利局".to_owned(),
        needed: "渠道跨两个部门的地，需要一起到现场定方案".to_owned(),
        due_day: day(10).to_string(),
    }
}

fn step(f: &Fixture, ctx: &Context, id: MusterId, verb: MusterVerb) -> Result<Muster, Error> {
    let sent =
        MusterStepInput { words: "分管负责人已到现场".to_owned(), ..MusterStepInput::default() };
    f.app.muster_step(ctx, id, None, verb, sent).map(|done| done.muster)
}

fn waiting(f: &Fixture, ctx: &Context) -> Vec<TodoKind> {
    let todo = f.app.todo(ctx, None).unwrap();
    let musters = [TodoKind::Muster, TodoKind::MusterDo, TodoKind::MusterAccept];
    todo.items.iter().map(|item| item.kind).filter(|kind| musters.contains(kind)).collect()
}

#[test]
fn units_that_are_called_report_in_say_what_they_did_and_the_caller_accepts_m25() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let problem = f.assigned("YX01", "YX-ZGB", day(0));
        let holdings = f.problem(problem).holdings;
        let town = clerk(&f, 41, "YX01", 3);
        let muster = f.app.call_muster(&town, whistle(problem)).unwrap().muster;
        // A double click calls nobody twice.
        assert_eq!(f.app.call_muster(&town, whistle(problem)).unwrap().muster.id, muster.id);
        let (water, money) = (clerk(&f, 42, "YX-SL", 4), clerk(&f, 43, "YX-CZ", 4));
        assert_eq!(
            (waiting(&f, &water), waiting(&f, &money)),
            (vec![TodoKind::Muster], vec![TodoKind::Muster])
        );
        assert_eq!(waiting(&f, &town), []);
        assert_eq!(refused(step(&f, &water, muster.id, MusterVerb::Finish)).code, "not_present");
        step(&f, &water, muster.id, MusterVerb::ReportIn).unwrap();
        assert_eq!(refused(step(&f, &water, muster.id, MusterVerb::ReportIn)).code, "wrong_state");
        assert_eq!(waiting(&f, &water), [TodoKind::MusterDo]);
        assert_eq!(refused(step(&f, &water, muster.id, MusterVerb::Finish)).code, "others_open");
        assert_eq!(refused(step(&f, &money, muster.id, MusterVerb::Did)).code, "not_present");
        step(&f, &money, muster.id, MusterVerb::ReportIn).unwrap();
        let later = clerk(&f, 43, "YX-CZ", 6);
        step(&f, &later, muster.id, MusterVerb::Did).unwrap();
        assert_eq!(refused(step(&f, &later, muster.id, MusterVerb::Finish)).code, "not_allowed");
        let lead = clerk(&f, 42, "YX-SL", 8);
        assert_eq!(step(&f, &lead, muster.id, MusterVerb::Finish).unwrap().state, MusterState::Finished);
        let town = clerk(&f, 41, "YX01", 9);
        assert_eq!(waiting(&f, &town), [TodoKind::MusterAccept]);
        assert_eq!(refused(step(&f, &lead, muster.id, MusterVerb::Accept)).code, "not_allowed");
        assert_eq!(step(&f, &town, muster.id, MusterVerb::SendBack).unwrap().state, MusterState::Called);
        assert_eq!(waiting(&f, &lead), [TodoKind::MusterDo]);
        step(&f, &clerk(&f, 42, "YX-SL", 10), muster.id, MusterVerb::Finish).unwrap();
        let ended = step(&f, &clerk(&f, 41, "YX01", 11), muster.id, MusterVerb::Accept).unwrap();
        assert_eq!(ended.state, MusterState::Accepted);
        // How long each held it: the department that paid three days, the lead until it was through.
        let view = f.app.muster_view(&clerk(&f, 41, "YX01", 30), muster.id).unwrap();
        let held: Vec<(bool, i32)> = view.line.called.iter().map(|one| (one.leads, one.days_held)).collect();
        assert_eq!(held, [(true, 7), (false, 3)]);
        assert!(view.line.called.iter().all(|one| one.called.state == CalledState::Done));
        assert_eq!(view.case.steps.len(), 8);
        assert!(view.possible.is_empty());
        // The clock of the problem itself never moved.
        assert_eq!(f.problem(problem).holdings, holdings);
        let entries = f.db.read(|conn| journal::list(conn, &EntryFilter::default(), 100)).unwrap();
        assert_eq!(entries.iter().filter(|entry| entry.action.starts_with("muster.")).count(), 8);
    });
}

#[test]
fn a_unit_is_released_only_by_the_caller_and_a_muster_is_withdrawn_with_a_reason_m25() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let problem = f.assigned("YX01", "YX-ZGB", day(0));
        let town = clerk(&f, 41, "YX01", 3);
        let muster = f.app.call_muster(&town, whistle(problem)).unwrap().muster;
        let release = |who: &Context, code: &str| {
            let unit = f.unit(code).id.to_string();
            let sent = MusterStepInput { unit, words: "资金已经落实".to_owned() };
            f.app.muster_step(who, muster.id, None, MusterVerb::Release, sent)
        };
        assert_eq!(refused(release(&clerk(&f, 42, "YX-SL", 4), "YX-CZ")).code, "not_allowed");
        assert_eq!(refused(release(&town, "YX-SL")).code, "lead_is_needed");
        assert_eq!(refused(release(&town, "YX02")).code, "not_called");
        release(&town, "YX-CZ").unwrap();
        assert_eq!(waiting(&f, &clerk(&f, 43, "YX-CZ", 4)), [], "nothing is asked of it any more");
        let lead = clerk(&f, 42, "YX-SL", 4);
        step(&f, &lead, muster.id, MusterVerb::ReportIn).unwrap();
        step(&f, &lead, muster.id, MusterVerb::Finish).unwrap();
        let empty = MusterStepInput::default();
        let refusal = refused(f.app.muster_step(&town, muster.id, None, MusterVerb::Withdraw, empty));
        assert_eq!((refusal.code, refusal.field), ("text_missing", Some("words")));
        assert_eq!(step(&f, &town, muster.id, MusterVerb::Withdraw).unwrap().state, MusterState::Withdrawn);
        assert_eq!(refused(step(&f, &town, muster.id, MusterVerb::Accept)).code, "wrong_state");
        let stale = MusterStepInput { words: "晚了".to_owned(), ..MusterStepInput::default() };
        let again = f.app.muster_step(&lead, muster.id, Some(1), MusterVerb::Finish, stale);
        assert_eq!(again.unwrap_err().code(), "conflict");
    });
}

#[test]
fn who_is_called_sees_the_muster_though_not_the_problem_and_nobody_else_does_m25() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let problem = f.assigned("YX01", "YX-ZGB", day(0));
        let town = clerk(&f, 41, "YX01", 3);
        let muster = f.app.call_muster(&town, whistle(problem)).unwrap().muster;
        let readers = [
            (town, 1, true),
            (clerk(&f, 42, "YX-SL", 4), 1, false),
            (f.ctx(Role::Evaluator, "YX", day(4)), 1, true),
            (clerk(&f, 44, "YX02", 4), 0, false),
            (clerk(&f, 45, "YX0101", 4), 0, false),
            (f.ctx(Role::Office, "YS", day(4)), 0, false),
        ];
        for (reader, wanted, sees_problem) in readers {
            let page = f.app.musters(&reader, MusterFilter::default()).unwrap();
            assert_eq!((page.total, page.counts[&MusterWish::Open]), (wanted, wanted));
            let view = f.app.muster_view(&reader, muster.id);
            assert_eq!(view.is_ok(), wanted == 1);
            if let Ok(view) = view {
                assert_eq!(view.subject.is_some(), sees_problem);
            }
        }
    });
}

#[test]
fn a_call_names_who_is_needed_who_leads_what_for_and_by_when_m25() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let problem = f.assigned("YX01", "YX-ZGB", day(0));
        let town = clerk(&f, 41, "YX01", 3);
        let fields = |sent: MusterInput| match f.app.call_muster(&town, sent).unwrap_err() {
            Error::Invalid(fields) => fields.first().map(|(field, _)| field.clone()).unwrap_or_default(),
            Error::Refused(refusal) => refusal.field.unwrap_or(refusal.code).to_owned(),
            other => other.code().to_owned(),
        };
        let good = whistle(problem);
        for (sent, field) in [
            (MusterInput { units: String::new(), ..good.clone() }, "units"),
            (
                MusterInput {
                    units: "石桥镇、县财政局".to_owned(),
                    lead: "县财政局".to_owned(),
                    ..good.clone()
                },
                "units",
            ),
            (MusterInput { units: "没有的单位".to_owned(), ..good.clone() }, "units"),
            (MusterInput { lead: String::new(), ..good.clone() }, "lead"),
            (MusterInput { needed: String::new(), ..good.clone() }, "needed"),
            (MusterInput { due_day: String::new(), ..good.clone() }, "due_day"),
            (MusterInput { due_day: day(1).to_string(), ..good.clone() }, "due_day"),
            (MusterInput { subject_kind: "request".to_owned(), ..good.clone() }, "subject_kind"),
        ] {
            assert_eq!(fields(sent), field);
        }
        let other = clerk(&f, 44, "YX02", 3);
        assert_eq!(f.app.call_muster(&other, good.clone()).unwrap_err().code(), "not_found");
        let village = clerk(&f, 45, "YX0101", 3);
        assert!(f.app.call_muster(&village, good.clone()).is_err());
        let evaluator = f.ctx(Role::Evaluator, "YX", day(3));
        assert_eq!(refused(f.app.call_muster(&evaluator, good.clone())).code, "not_allowed");
        // The county's office calls in the county's name.
        let office = context(46, Role::Office, &f.unit("YX"), day(3));
        let called = f.app.call_muster(&office, good).unwrap().muster;
        assert_eq!(called.caller_unit_id, f.unit("YX").id);
        assert_eq!(called.lead_unit_id, f.unit("YX-SL").id);
    });
}
