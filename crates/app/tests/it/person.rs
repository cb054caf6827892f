//! People and posts over time.

use crate::support::{Fixture, context, first_day, refused};
use bihuan_app::Context;
use bihuan_domain::Day;
use bihuan_domain::id::{PersonId, PostId};
use bihuan_domain::person::appointing::PostDraft;
use bihuan_domain::problem::DeedKind;
use bihuan_domain::role::Role;
use bihuan_store::journal;
use bihuan_testkit::on_each_engine;

fn day(offset: i32) -> Day {
    first_day().plus_days(offset)
}

fn post(f: &Fixture, office: &Context, unit: &str, name: &str, leads: bool, shared: bool) -> PostId {
    let draft = PostDraft { name: name.to_owned(), leads, shared, official_order: 1 };
    f.app.create_post(office, f.unit(unit).id, draft).unwrap().id
}

fn person(f: &Fixture, office: &Context, name: &str) -> PersonId {
    f.app.create_person(office, name, "13800001234").unwrap().id
}

#[test]
fn work_follows_the_post_and_signatures_stay_with_the_person_m01() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let office = f.ctx(Role::Office, "YX", day(10));
        let secretary = post(&f, &office, "YX01", "党委书记", true, false);
        let (old, new) = (person(&f, &office, "马振国"), person(&f, &office, "许文"));
        let tenure = f.app.appoint(&office, secretary, old, day(1)).unwrap();
        let id = f.accepted("YX-ZGB", day(2));
        let sent = bihuan_app::problem::AssignInput {
            lead: f.unit("YX01").id.to_string(),
            checking: f.unit("YX-SL").id.to_string(),
            leader_post: secretary.to_string(),
            deadline: "2024年6月30日前".to_owned(),
            ..Default::default()
        };
        f.app.assign(&office, id, None, sent).unwrap();
        f.app.sign(&context(old.0, Role::Leader, &f.unit("YX01"), day(10)), id, None).unwrap();
        let version = f.problem(id).problem.version;

        let (ended, started) = f.app.hand_over(&office, tenure.id, new, day(10)).unwrap();
        assert_eq!((ended.to_day, started.from_day), (Some(day(10)), day(10)), "no day without a holder");
        let case = f.problem(id);
        assert_eq!(case.problem.leader_post_id, Some(secretary), "the open work is still the post's");
        assert_eq!(case.problem.version, version, "nothing of the problem was written");
        let signed = case.deeds.iter().find(|deed| deed.kind == DeedKind::Signed).unwrap();
        assert_eq!(signed.person_id, old, "the signature is still the person's");
        let town = f.unit("YX01").id;
        let holders = |on| f.db.read(|conn| bihuan_store::person::posts_on(conn, town, on)).unwrap();
        assert_eq!(holders(day(9))[0].holders[0].name, "马振国");
        assert_eq!(holders(day(10))[0].holders[0].name, "许文");
        let note = f.db.read(|conn| journal::list(conn, &Default::default(), 1)).unwrap().remove(0).note;
        assert!(note.contains("1项") && !note.contains("许文"), "{note}");
    });
}

#[test]
fn a_post_has_one_holder_at_a_time_unless_it_says_otherwise_m01() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let office = f.ctx(Role::Office, "YX", day(10));
        let (one, many) = (
            post(&f, &office, "YX01", "镇长", true, false),
            post(&f, &office, "YX01", "联络员", false, true),
        );
        let (a, b) = (person(&f, &office, "林涛"), person(&f, &office, "何静"));
        f.app.appoint(&office, one, a, day(1)).unwrap();
        assert_eq!(refused(f.app.appoint(&office, one, b, day(2))).code, "post_taken");
        f.app.appoint(&office, many, a, day(1)).unwrap();
        f.app.appoint(&office, many, b, day(1)).unwrap();
        assert_eq!(refused(f.app.appoint(&office, many, b, day(3))).code, "already_holds");
        assert_eq!(refused(f.app.appoint(&office, many, b, day(11))).code, "day_in_future");
    });
}

#[test]
fn a_post_with_open_work_is_not_closed_m01() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let office = f.ctx(Role::Office, "YX", day(10));
        let leading = post(&f, &office, "YX", "副县长", true, false);
        let id = f.accepted("YX-ZGB", day(2));
        let sent = bihuan_app::problem::AssignInput {
            lead: f.unit("YX01").id.to_string(),
            checking: f.unit("YX-SL").id.to_string(),
            leader_post: leading.to_string(),
            deadline: "2024年6月30日前".to_owned(),
            ..Default::default()
        };
        f.app.assign(&office, id, None, sent).unwrap();
        assert_eq!(refused(f.app.close_post(&office, leading, None, day(10))).code, "post_has_work");
        let idle = post(&f, &office, "YX", "调研员", false, false);
        f.app.close_post(&office, idle, Some(1), day(10)).unwrap();
    });
}

#[test]
fn people_of_another_subtree_are_not_found_and_phones_open_with_an_entry_b24() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let office = f.ctx(Role::Office, "YX", day(10));
        let clerk_post = post(&f, &office, "YX01", "干事", false, false);
        let clerk = person(&f, &office, "陈小燕");
        f.app.appoint(&office, clerk_post, clerk, day(1)).unwrap();
        let names = |ctx: &Context| -> Vec<String> {
            f.app.people(ctx, "", false, 0).unwrap().people.into_iter().map(|p| p.person.name).collect()
        };
        let town = f.ctx(Role::Filler, "YX01", day(10));
        let other = f.ctx(Role::Filler, "YX02", day(10));
        let stranger = f.ctx(Role::Office, "YS", day(10));
        assert_eq!(
            (names(&town), names(&other), names(&stranger)),
            (vec!["陈小燕".to_owned()], vec![], vec![])
        );
        assert_eq!(f.app.person_page(&stranger, clerk).unwrap_err().code(), "not_found");
        assert_eq!(f.app.open_phone(&stranger, clerk).unwrap_err().code(), "not_found");
        let evaluator = f.ctx(Role::Evaluator, "YX", day(10));
        assert_eq!(refused(f.app.open_phone(&evaluator, clerk)).code, "not_allowed");
        let page = f.app.person_page(&town, clerk).unwrap();
        assert_eq!(page.person.masked_phone(), "138****1234");
        assert_eq!(f.app.open_phone(&town, clerk).unwrap(), "13800001234");
        let last = f.db.read(|conn| journal::list(conn, &Default::default(), 1)).unwrap().remove(0);
        assert_eq!((last.action.as_str(), last.subject_id), ("person.viewed", clerk.0));
        assert!(!last.body.contains("1380000"), "the number itself is not written");
    });
}
