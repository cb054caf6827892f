//! Slips, the ladder, digests, channels and restricted records, through the journal, on both engines.

use crate::support::{Fixture, context, first_day, found, refused};
use bihuan_app::slip::{DraftInput, SlipFilter, SlipStepInput, SlipWish};
use bihuan_app::talk::{TalkInput, TalkVerb, TalkWordsInput};
use bihuan_app::{Context, Error};
use bihuan_domain::Day;
use bihuan_domain::id::{PersonId, PostId, ProblemId, SlipId};
use bihuan_domain::person::{Person, Post, Tenure};
use bihuan_domain::role::{HeldPost, Role};
use bihuan_domain::slip::{Slip, SlipKind, SlipState, SlipVerb};
use bihuan_store::journal::{self, EntryFilter, Sight, Write};
use bihuan_store::record::Record;
use bihuan_testkit::on_each_engine;
use std::sync::Arc;

/// A person with a role over `over` and a post in `unit`.
fn ctx(f: &Fixture, person: i64, role: Role, over: &str, unit: &str, day: Day) -> Context {
    let mut ctx = context(person, role, &f.unit(over), day);
    let unit = f.unit(unit);
    let actor = Arc::make_mut(&mut ctx.actor);
    actor.posts =
        vec![HeldPost { post: PostId(person), name: "干事".to_owned(), unit: unit.id, path: unit.path }];
    ctx
}

fn office(f: &Fixture, day: Day) -> Context {
    ctx(f, 11, Role::Office, "YX", "YX-ZGB", day)
}

fn filler(f: &Fixture, day: Day) -> Context {
    ctx(f, 12, Role::Filler, "YX01", "YX01", day)
}

fn day(offset: i32) -> Day {
    first_day().plus_days(offset)
}

fn draft(problem: ProblemId, form: &str) -> DraftInput {
    DraftInput {
        subject_kind: "problem".to_owned(),
        subject: problem.to_string(),
        form: form.to_owned(),
        now: "1".to_owned(),
        ..DraftInput::default()
    }
}

fn words(text: &str) -> SlipStepInput {
    let text = text.to_owned();
    SlipStepInput { answer: text.clone(), opinion: text.clone(), reason: text, ..SlipStepInput::default() }
}

fn step(f: &Fixture, ctx: &Context, id: SlipId, verb: SlipVerb) -> Result<Slip, Error> {
    f.app.slip_step(ctx, id, None, verb, words("情况属实，已经安排")).map(|done| done.slip)
}

#[test]
fn a_slip_is_numbered_signed_answered_sent_back_and_accepted_m28() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let problem = f.assigned("YX01", "YX-SL", day(0));
        let office = office(&f, day(3));
        let first = f.app.make_slip(&office, draft(problem, "notice")).unwrap().slip;
        let prefixed =
            DraftInput { document_prefix: "云整改办督".to_owned(), ..draft(problem, "warning") };
        let other =
            f.app.make_slip(&office, DraftInput { title: "再次通知".to_owned(), ..draft(problem, "notice") });
        let warning = f.app.make_slip(&office, prefixed).unwrap().slip;
        assert_eq!(
            (first.number, other.unwrap().slip.number, warning.number),
            (1, 2, 1),
            "one series a form"
        );
        assert_eq!(first.citation(), "通知单2024年第1号");
        assert_eq!(warning.citation(), "云整改办督〔2024〕1号");
        assert!(first.body.contains("灌渠淤积") && !first.body.contains('{'), "{}", first.body);
        // The same again (a double click) makes no second paper.
        let again = f.app.make_slip(&office, draft(problem, "notice")).unwrap().slip;
        assert_eq!(again.id, first.id);

        let filler = filler(&f, day(4));
        assert_eq!(step(&f, &filler, first.id, SlipVerb::Sign).unwrap().state, SlipState::Signed);
        assert_eq!(step(&f, &filler, first.id, SlipVerb::Answer).unwrap().state, SlipState::Answered);
        assert_eq!(refused(step(&f, &filler, first.id, SlipVerb::Accept)).code, "not_allowed");
        let back = step(&f, &office, first.id, SlipVerb::SendBack).unwrap();
        assert_eq!(back.state, SlipState::SentBack);
        assert_eq!(refused(step(&f, &office, first.id, SlipVerb::Answer)).code, "not_allowed");
        step(&f, &filler, first.id, SlipVerb::Answer).unwrap();
        assert_eq!(step(&f, &office, first.id, SlipVerb::Accept).unwrap().state, SlipState::Accepted);
        assert_eq!(refused(step(&f, &office, first.id, SlipVerb::Recall)).code, "wrong_state");
        let steps = f.app.slip_view(&office, first.id).unwrap().case.steps.len();
        assert_eq!(steps, 7, "draft, issue, sign, answer, send back, answer, accept");
    });
}

#[test]
fn a_slip_is_seen_by_its_units_and_nobody_else_and_a_stale_form_is_refused_m28() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let problem = f.assigned("YX01", "YX-SL", day(0));
        let office = office(&f, day(3));
        let slip = f.app.make_slip(&office, draft(problem, "notice")).unwrap().slip;
        let readers = [
            (ctx(&f, 21, Role::Filler, "YX02", "YX02", day(3)), 0),
            (ctx(&f, 22, Role::Office, "YS", "YS", day(3)), 0),
            (ctx(&f, 23, Role::Evaluator, "YX", "YX-ZGB", day(3)), 1),
            (ctx(&f, 24, Role::Filler, "YX0101", "YX0101", day(3)), 0),
            (filler(&f, day(3)), 1),
        ];
        for (reader, wanted) in readers {
            let page = f.app.slips(&reader, SlipFilter::default()).unwrap();
            assert_eq!(
                (page.total, page.counts[&SlipWish::All]),
                (wanted, wanted),
                "{}",
                reader.actor.person
            );
            let one = f.app.slip_view(&reader, slip.id);
            assert_eq!(one.is_ok(), wanted == 1);
            if wanted == 0 {
                assert_eq!(step(&f, &reader, slip.id, SlipVerb::Sign).unwrap_err().code(), "not_found");
            }
        }
        let mine = SlipFilter { wish: Some(SlipWish::ToSign), ..SlipFilter::default() };
        assert_eq!(f.app.slips(&filler(&f, day(3)), mine).unwrap().total, 1);
        let todo = f.app.todo(&filler(&f, day(3)), None).unwrap();
        assert!(todo.items.iter().any(|item| item.kind == bihuan_app::todo::TodoKind::SlipSign), "{todo:?}");
        let stale = f.app.slip_step(&filler(&f, day(3)), slip.id, Some(9), SlipVerb::Sign, words(""));
        assert_eq!(stale.unwrap_err().code(), "conflict");
        // The domain and the list agree about who sees what.
        let evaluator = ctx(&f, 23, Role::Evaluator, "YX", "YX-ZGB", day(3));
        assert_eq!(refused(f.app.make_slip(&evaluator, draft(problem, "notice"))).code, "not_allowed");
    });
}

#[test]
fn a_slip_that_is_not_ours_is_decided_and_teaches_where_such_matters_belong_m28() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let problem = f.assigned("YX01", "YX-SL", day(0));
        let office = office(&f, day(3));
        let slip = f.app.make_slip(&office, draft(problem, "notice")).unwrap().slip;
        let filler = filler(&f, day(3));
        let back = step(&f, &filler, slip.id, SlipVerb::Return).unwrap();
        // Monday the 4th; three working days.
        assert_eq!((back.state, back.decide_by_day), (SlipState::Disputed, Some(day(6))));
        assert_eq!(refused(step(&f, &filler, slip.id, SlipVerb::Decide)).code, "not_allowed");
        let sent = SlipStepInput { to: "柳湾乡".to_owned(), ..words("渠道在柳湾乡境内") };
        let moved = f.app.slip_step(&office, slip.id, None, SlipVerb::Decide, sent).unwrap().slip;
        assert_eq!((moved.state, moved.holder_unit_id), (SlipState::Issued, f.unit("YX02").id));
        let other = ctx(&f, 21, Role::Filler, "YX02", "YX02", day(4));
        assert_eq!(step(&f, &other, slip.id, SlipVerb::Sign).unwrap().state, SlipState::Signed);
        let hints = f.app.preview_slip(&office, &draft(problem, "notice")).unwrap().hints;
        assert!(hints.iter().any(|hint| hint.contains("由柳湾乡办理")), "{hints:?}");
    });
}

#[test]
fn a_slip_is_passed_on_only_downward_and_counted_m28() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let problem = f.assigned("YX01", "YX-SL", day(0));
        let slip = f.app.make_slip(&office(&f, day(3)), draft(problem, "notice")).unwrap().slip;
        let filler = filler(&f, day(3));
        let to = |to: &str| SlipStepInput { to: to.to_owned(), ..words("请办理") };
        let aside = f.app.slip_step(&filler, slip.id, None, SlipVerb::PassOn, to("柳湾乡"));
        assert_eq!(refused(aside).code, "not_below");
        let passed = f.app.slip_step(&filler, slip.id, None, SlipVerb::PassOn, to("青石村")).unwrap().slip;
        assert_eq!((passed.passes, passed.holder_unit_id), (1, f.unit("YX0101").id));
        let village = ctx(&f, 24, Role::Filler, "YX0101", "YX0101", day(4));
        assert_eq!(step(&f, &village, slip.id, SlipVerb::Answer).unwrap().state, SlipState::Answered);
        let unit = SlipFilter { unit: Some(f.unit("YX01").id), ..SlipFilter::default() };
        assert_eq!(f.app.slips(&filler, unit).unwrap().total, 1, "the slips of the unit it was written to");
    });
}

#[test]
fn the_ladder_sends_once_from_the_present_state_and_takes_back_what_is_over_m28() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let problem = f.assigned("YX01", "YX-SL", day(0));
        let at = |d: Day| d.starts_at().plus_seconds(9 * 3600);
        // Due on the 21st: 30 % is left on the 15th.
        assert_eq!(f.app.run_ladder(at(day(13))).unwrap().issued, 0);
        assert_eq!(f.app.run_ladder(at(day(14))).unwrap().issued, 1);
        assert_eq!(f.app.run_ladder(at(day(14))).unwrap().issued, 0, "never twice");
        assert_eq!(f.app.run_ladder(at(day(22))).unwrap(), Default::default(), "Saturday");
        assert_eq!(f.app.run_ladder(at(day(24))).unwrap().issued, 1, "overdue");
        let all = |f: &Fixture| f.db.read(|conn| Slip::load(conn, "ORDER BY id", &[])).unwrap();
        let slips = all(&f);
        let rules: Vec<&str> = slips.iter().map(|slip| slip.rule.as_str()).collect();
        assert_eq!(rules, ["near", "overdue"]);
        assert!(slips.iter().all(|slip| slip.issued_by.is_none() && slip.number == 1));
        assert!(slips[1].cause.contains("已逾期2个工作日"), "{}", slips[1].cause);
        // Two weeks later nobody has answered: a person is asked about going up, nobody is called by itself.
        let up = f.app.run_ladder(at(day(38))).unwrap();
        assert!(up.drafted > 0, "{up:?}");
        let drafts: Vec<Slip> = all(&f).into_iter().filter(|slip| slip.state == SlipState::Drafted).collect();
        assert!(drafts.iter().all(|slip| slip.drafted_by.is_none()));
        // The work is reported done: what waits is taken back, and cannot be issued any more.
        let mut waiting = drafts.first().unwrap().clone();
        f.report_done(problem, day(39));
        let issued = step(&f, &office(&f, day(39)), waiting.id, SlipVerb::Issue);
        assert_eq!(refused(issued).code, "cause_is_over");
        let after = f.app.run_ladder(at(day(39))).unwrap();
        assert_eq!(after.lapsed, drafts.len() as i64);
        waiting = journal_slip(&f, waiting.id);
        assert_eq!((waiting.state, waiting.number), (SlipState::Lapsed, 0));
    });
}

fn journal_slip(f: &Fixture, id: SlipId) -> Slip {
    f.db.read(|conn| journal::by_id(conn, id.0)).unwrap().unwrap()
}

#[test]
fn a_call_for_a_superior_starts_the_superiors_own_ladder_m25() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let problem = f.assigned("YX01", "YX-SL", day(0));
        let filler = filler(&f, day(3));
        f.app.sign(&filler, problem, None).unwrap();
        let call = bihuan_app::problem::HandUpInput {
            superior: f.unit("YX").id.to_string(),
            needed: "需要县里协调跨乡镇渠道用地".to_owned(),
        };
        f.app.hand_up(&filler, problem, None, call).unwrap();
        let at = |d: Day| d.starts_at().plus_seconds(9 * 3600);
        // Asked on Monday the 4th; the county answers within five working days, by the 11th.
        let mut issued = Vec::new();
        for offset in 4..14 {
            if f.app.run_ladder(at(day(offset))).unwrap().issued > 0 {
                issued.push(offset);
            }
        }
        let slips = f.db.read(|conn| Slip::load(conn, "ORDER BY id", &[])).unwrap();
        assert!(
            slips.iter().all(|slip| slip.to_unit_id == f.unit("YX").id || slip.to_unit_id == f.unit("JZ").id)
        );
        assert!(slips.iter().any(|slip| slip.rule == "overdue"), "{issued:?}");
        assert!(slips.iter().all(|slip| slip.subject_kind.code() == "request"));
    });
}

use bihuan_domain::Coded as _;

#[test]
fn a_talk_is_read_by_those_it_names_and_by_no_role_m33() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let problem = f.assigned("YX01", "YX-SL", day(0));
        let office = office(&f, day(3));
        let slip = f.app.make_slip(&office, draft(problem, "talk")).unwrap().slip;
        assert_eq!(slip.kind, SlipKind::Talk);
        let leader = ctx(&f, 31, Role::Leader, "YX", "YX", day(3));
        let town_leader = ctx(&f, 32, Role::Leader, "YX01", "YX01", day(3));
        let (filler, evaluator) = (filler(&f, day(3)), ctx(&f, 23, Role::Evaluator, "YX", "YX-ZGB", day(3)));
        for (who, sees) in [(&office, 1), (&town_leader, 1), (&filler, 0), (&evaluator, 0), (&leader, 0)] {
            let page = f.app.slips(who, SlipFilter::default()).unwrap();
            assert_eq!((page.total, page.counts[&SlipWish::Unsigned]), (sees, sees), "{}", who.actor.person);
            assert_eq!(f.app.slip_view(who, slip.id).is_ok(), sees == 1);
            let hits = found(&f, who, "slip", "约谈").0 as i64;
            assert_eq!(hits, sees, "the search counts for {} what the page shows", who.actor.person);
        }
        plant_people(&f);
        let sent = TalkInput {
            campaign: "1".to_owned(),
            unit: f.unit("YX01").id.to_string(),
            person: "32".to_owned(),
            kind: "talk".to_owned(),
            ground: "渠道问题三次退回仍无进展，依据督办办法第九条".to_owned(),
            readers: vec!["33".to_owned()],
            ..TalkInput::default()
        };
        assert_eq!(refused(f.app.record_talk(&office, sent.clone())).code, "not_allowed");
        let talk = f.app.record_talk(&leader, sent).unwrap().talk;
        let other_leader = ctx(&f, 33, Role::Leader, "YX", "YX", day(4));
        let unnamed = ctx(&f, 34, Role::Leader, "JZ", "JZ", day(4));
        let named = ctx(&f, 33, Role::Leader, "YX", "YX", day(4));
        for (who, sees) in [(&leader, 1), (&town_leader, 1), (&named, 1), (&office, 0), (&unnamed, 0)] {
            assert_eq!(found(&f, who, "talk", "三次退回").0, sees, "found by {}", who.actor.person);
        }
        for who in [&office, &filler, &evaluator, &unnamed] {
            assert!(f.app.talks(who).unwrap().is_empty());
            assert_eq!(f.app.talk(who, talk.id).unwrap_err().code(), "not_found");
            let sight = Sight::Business(vec![f.unit("JZ").path], who.actor.person);
            let entries =
                f.db.read(|conn| journal::list_seen(conn, &EntryFilter::default(), &sight, 500)).unwrap();
            let restricted = entries.iter().filter(|e| e.subject_kind == "talk").count();
            assert_eq!(restricted, 0, "the journal shows it to {}", who.actor.person);
        }
        let say = |text: &str| TalkWordsInput {
            statement: text.to_owned(),
            objection: text.to_owned(),
            answer: text.to_owned(),
            outcome: text.to_owned(),
        };
        let take = |who: &Context, verb| f.app.talk_step(who, talk.id, None, verb, say("如实说明"));
        assert_eq!(refused(take(&leader, TalkVerb::Conclude)).code, "statement_missing");
        assert_eq!(refused(take(&leader, TalkVerb::State)).code, "not_allowed");
        take(&town_leader, TalkVerb::State).unwrap();
        take(&leader, TalkVerb::Conclude).unwrap();
        take(&town_leader, TalkVerb::Object).unwrap();
        assert_eq!(refused(take(&leader, TalkVerb::AnswerObjection)).code, "decider_cannot_answer");
        let ended = take(&other_leader, TalkVerb::AnswerObjection).unwrap();
        assert_eq!(ended.talk.objection_answered_by, Some(PersonId(33)));
    });
}

/// The people behind the contexts of the talk, with their posts.
fn plant_people(f: &Fixture) {
    let units = [(32, f.unit("YX01").id), (33, f.unit("YX").id)];
    f.db.write(move |conn| -> Result<(), bihuan_store::Fault> {
        let mut writes = Vec::new();
        for (id, unit_id) in units {
            let name = format!("人员{id}");
            writes.push(Write::insert(&Person { id: PersonId(id), name, phone: String::new(), version: 1 }));
            writes.push(Write::insert(&Post {
                id: PostId(id),
                unit_id,
                name: "书记".to_owned(),
                leads: true,
                shared: false,
                official_order: 1,
                closed_day: None,
                version: 1,
            }));
            writes.push(Write::insert(&Tenure {
                id: bihuan_domain::id::TenureId(id),
                post_id: PostId(id),
                person_id: PersonId(id),
                from_day: first_day(),
                to_day: None,
            }));
        }
        let entry = journal::NewEntry { writes, ..crate::support::entry("person.planted") };
        journal::append(conn, &crate::support::stamp(first_day()), vec![entry])?;
        Ok(())
    })
    .unwrap();
}
