//! Draws, inspections, reverse checks, meetings and help, from end to end on both engines (M23, M29, M30, M31, M32).

mod agenda;
mod inspecting;
mod levels;
mod meeting;
mod sampling;

use crate::support::{Fixture, entry, first_day, stamp};
use bihuan_app::Context;
use bihuan_app::draw::DrawInput;
use bihuan_app::look_back::{FileLookBackInput, LookBackQuery};
use bihuan_app::problem::{LookBackInput, MeasureInput, NoteInput, ReportInput, VerifyInput};
use bihuan_app::todo::TodoKind;
use bihuan_domain::Day;
use bihuan_domain::draw::{DrawState, verify};
use bihuan_domain::id::{AccountId, CampaignId, GrantId, LookBackId, PersonId, PostId, ProblemId, TenureId};
use bihuan_domain::look_back::LookBackResult;
use bihuan_domain::person::{Person, Post, RoleGrant, Tenure};
use bihuan_domain::problem::State;
use bihuan_domain::role::{Actor, Grant, HeldPost, Role};
use bihuan_store::Fault;
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_testkit::on_each_engine;
use std::sync::Arc;

/// People: number, role, unit of the post, unit the role is given over.
pub const PEOPLE: [(i64, Role, &str, &str); 7] = [
    (1, Role::Office, "YX-ZGB", "YX"),
    (2, Role::Inspector, "YX-ZGB", "YX"),
    (3, Role::Inspector, "YX-CZ", "YX"),
    (4, Role::Inspector, "YX01", "YX"),
    (5, Role::Leader, "YX", "YX"),
    (6, Role::Filler, "YX01", "YX01"),
    (7, Role::Verifier, "YX-SL", "YX"),
];

pub fn day(offset: i32) -> Day {
    first_day().plus_days(offset)
}

/// A county whose people stand in the database too.
pub fn staffed(t: &bihuan_testkit::TestDb) -> Fixture {
    let f = Fixture::new(&t.db);
    let mut writes = Vec::new();
    for (id, role, unit, over) in PEOPLE {
        let (unit, over) = (f.unit(unit).id, f.unit(over).id);
        let name = format!("人员{id}");
        writes.push(Write::insert(&Person { id: PersonId(id), name, phone: String::new(), version: 1 }));
        writes.push(Write::insert(&Post {
            id: PostId(id),
            unit_id: unit,
            name: "干事".to_owned(),
            leads: false,
            shared: false,
            official_order: id,
            closed_day: None,
            version: 1,
        }));
        writes.push(Write::insert(&Tenure {
            id: TenureId(id),
            post_id: PostId(id),
            person_id: PersonId(id),
            from_day: day(-10),
            to_day: None,
        }));
        writes.push(Write::insert(&RoleGrant {
            id: GrantId(id),
            role,
            post_id: Some(PostId(id)),
            person_id: None,
            unit_id: over,
            from_day: day(-10),
            to_day: None,
        }));
    }
    f.db.write(move |conn| -> Result<(), Fault> {
        let entry = NewEntry { subject_kind: "unit", writes, ..entry("test.staffed") };
        journal::append(conn, &stamp(first_day()), vec![entry])?;
        Ok(())
    })
    .unwrap();
    f
}

/// One of [`PEOPLE`] on a day.
pub fn person(f: &Fixture, id: i64, on: Day) -> Context {
    let (_, role, unit, over) = PEOPLE.into_iter().find(|line| line.0 == id).unwrap();
    let (unit, over) = (f.unit(unit), f.unit(over));
    let post = HeldPost { post: PostId(id), name: "干事".to_owned(), unit: unit.id, path: unit.path };
    let actor = Actor {
        account: AccountId(id),
        person: PersonId(id),
        name: format!("人员{id}"),
        posts: vec![post],
        grants: vec![Grant { id: GrantId(id), role, unit: over.id, path: over.path }],
    };
    Context {
        actor: Arc::new(actor),
        at: on.starts_at().plus_seconds(9 * 3600),
        source_address: String::new(),
    }
}

/// A problem of 石桥镇, done by its filler, checked by the bureau, closed on `on` plus the notice.
fn closed(f: &Fixture, on: Day) -> ProblemId {
    let id = f.assigned("YX01", "YX-SL", on);
    let (filler, verifier) = (person(f, 6, on), person(f, 7, on));
    f.app.sign(&filler, id, None).unwrap();
    let measure = MeasureInput {
        measure: "清淤一点二公里".to_owned(),
        owner: f.unit("YX01").id.to_string(),
        ..MeasureInput::default()
    };
    f.app.add_measure(&filler, id, None, measure).unwrap();
    let case = f.problem(id);
    let done = bihuan_app::problem::FinishMeasureInput {
        done_note: "已完成".into(),
        claimed_day: on.to_string(),
    };
    f.app.finish_measure(&filler, id, case.measures[0].id, None, done).unwrap();
    let file = bihuan_app::evidence::SentFile {
        name: "a.txt".to_owned(),
        bytes: format!("清淤照片说明{}", id.0).into_bytes(),
    };
    let sent = bihuan_app::evidence::EvidenceInput {
        stage: "closure".to_owned(),
        caption: "清淤后".to_owned(),
        ..Default::default()
    };
    f.app.file_evidence(&filler, id, None, sent, file).unwrap();
    let report = ReportInput {
        statement: "渠道已清淤一点二公里，下游三个组春灌用水恢复正常".to_owned(),
        outcome: "solved".to_owned(),
        claimed_day: on.to_string(),
    };
    f.app.report_done(&filler, id, None, report).unwrap();
    let verdict =
        VerifyInput {
            outcome: "solved".into(), truth: "true".into(), note: "现场看过，水已通".into()
        };
    f.app.verify(&verifier, id, None, verdict).unwrap();
    let until = f.problem(id).problem.notice_until_day.unwrap_or(on);
    let note = NoteInput { note: "公示期满无异议".to_owned() };
    f.app.confirm_closure(&person(f, 7, until.plus_days(1)), id, None, note).unwrap();
    assert_eq!(f.problem(id).problem.state, State::Closed);
    id
}

fn reverse_check(f: &Fixture, open_day: Day) -> DrawInput {
    DrawInput {
        campaign: "1".to_owned(),
        unit: f.unit("YX").id.to_string(),
        title: "反向核查".to_owned(),
        purpose: "look_backs".to_owned(),
        method: "announced".to_owned(),
        public_source: "某日开奖号码".to_owned(),
        open_day: open_day.to_string(),
        examiners_each: "1".to_owned(),
        percent: "100".to_owned(),
        ..DrawInput::default()
    }
}

#[test]
fn a_drawn_closed_problem_is_looked_at_by_somebody_who_had_no_part_in_it_m23_m29() {
    on_each_engine(|t| {
        let f = staffed(t);
        let id = closed(&f, day(5));
        let office = person(&f, 1, day(60));
        let too_early = f.app.commit_draw(&person(&f, 1, day(20)), reverse_check(&f, day(21)));
        assert_eq!(too_early.unwrap_err().code(), "draw_without_candidates", "closed for less than 30 days");
        let draw = f.app.commit_draw(&office, reverse_check(&f, day(62))).unwrap();
        let view = f.app.draw(&office, draw).unwrap();
        assert_eq!(view.plan.candidates[0].id, id.0);
        assert_eq!(view.plan.candidates[0].hands, [6, 7], "doer and checker");
        assert!(view.draw.secret.is_empty() && view.drawn.is_none());
        let stale = f.app.enter_public_value(&office, draw, 9, "07 11").unwrap_err();
        assert_eq!(stale.code(), "conflict");
        f.app.enter_public_value(&office, draw, 1, "07 11 23").unwrap();
        let sealed = f.app.draw_file(&office, draw).unwrap();
        assert!(sealed.drawn.is_empty() && sealed.secret.is_empty());
        assert!(verify(&sealed.text()).unwrap().1.is_empty());
        assert_eq!(f.app.open_draw(&office, draw, 2).unwrap_err().code(), "draw_is_sealed");
        let office = person(&f, 1, day(62));
        f.app.open_draw(&office, draw, 2).unwrap();
        let file = f.app.draw_file(&office, draw).unwrap();
        assert!(verify(&file.text()).unwrap().1.is_empty());
        assert_eq!(file.drawn.len(), 1);
        let chosen = file.drawn[0].examiners[0];
        assert!(![4, 6, 7].contains(&chosen), "{chosen} belongs to the doing unit or had a hand in it");
        file_by(&f, id, chosen);
        f.no_drift();
    });
}

/// The problem's page is no way round the draw, and the list of what waits names the drawn person alone.
fn not_from_the_problems_page(
    f: &Fixture,
    (id, look_back): (ProblemId, LookBackId),
    (chosen, other): (i64, i64),
) {
    let sent = LookBackInput { result: "holds".to_owned(), note: "看过".to_owned() };
    let other = person(f, other, day(62));
    let refused = f.app.record_look_back(&other, id, look_back, None, sent);
    assert_eq!(refused.unwrap_err().code(), "not_the_drawn_person");
    assert!(!f.app.look_back(&other, look_back).unwrap().may_file);
    assert!(f.app.todo(&other, Some(TodoKind::LookBack)).unwrap().items.is_empty());
    let chosen = person(f, chosen, day(62));
    assert!(f.app.look_back(&chosen, look_back).unwrap().may_file);
    let items = f.app.todo(&chosen, Some(TodoKind::LookBack)).unwrap().items;
    assert_eq!(items[0].do_href, format!("/look-backs/{look_back}"));
}

/// The chosen person files, nobody else may; a rebound begins a new round and is counted.
fn file_by(f: &Fixture, id: ProblemId, chosen: i64) {
    let look_back = f.problem(id).look_backs.iter().find(|l| l.result == LookBackResult::Pending).unwrap().id;
    let sent = |result: &str| FileLookBackInput {
        result: result.to_owned(),
        note: "渠底又淤了".to_owned(),
        answers: vec!["still-fixed=fails=又淤了三十厘米".to_owned()],
    };
    let other = if chosen == 2 { 3 } else { 2 };
    let refused = f.app.file_look_back(&person(f, other, day(62)), look_back, sent("slipped_back"));
    assert_eq!(refused.unwrap_err().code(), "not_the_drawn_person");
    not_from_the_problems_page(f, (id, look_back), (chosen, other));
    let blank = FileLookBackInput { answers: vec!["still-fixed=fails=".to_owned()], ..sent("slipped_back") };
    let doer = person(f, chosen, day(62));
    assert_eq!(f.app.file_look_back(&doer, look_back, blank).unwrap_err().code(), "invalid_input");
    f.app.file_look_back(&doer, look_back, sent("slipped_back")).unwrap();
    let case = f.problem(id);
    assert_eq!((case.problem.round, case.problem.state), (2, State::Rectifying));
    let view = f.app.look_backs(&doer, CampaignId(1), &LookBackQuery::default()).unwrap();
    assert_eq!((view.whole.slipped_back, view.whole.checked()), (1, 1));
    let town = view.units.iter().find(|line| line.unit.code == "YX01").unwrap();
    assert_eq!(town.reliability.slipped_back, 1);
    assert!(town.reliability.held().is_none(), "one is no sample");
    let again = f.app.look_back(&doer, look_back).unwrap();
    assert_eq!(again.answers[0].note, "又淤了三十厘米");
}

#[test]
fn a_draw_at_once_uses_the_hash_of_its_own_entry_and_leaves_the_journal_without_its_secret_m29() {
    on_each_engine(|t| {
        let f = staffed(t);
        let office = person(&f, 1, day(3));
        let sent = DrawInput {
            purpose: "visits".to_owned(),
            method: "at_once".to_owned(),
            levels: vec!["township".to_owned()],
            layering: "parent".to_owned(),
            size: "2".to_owned(),
            percent: String::new(),
            examiners_each: "2".to_owned(),
            ..reverse_check(&f, day(5))
        };
        let id = f.app.commit_draw(&office, sent.clone()).unwrap();
        let view = f.app.draw(&office, id).unwrap();
        assert_eq!(view.draw.state, DrawState::Drawn);
        let hash =
            f.db.read(|conn| bihuan_store::draw::hash_of_entry(conn, view.draw.committed_seq)).unwrap();
        assert_eq!(Some(&view.draw.public_value), hash.as_ref());
        let secret = f.db.read(|conn| bihuan_store::draw::secret(conn, id)).unwrap().unwrap();
        let entries = f.db.read(|conn| journal::list(conn, &journal::EntryFilter::default(), 50)).unwrap();
        assert!(entries.iter().all(|entry| !entry.body.contains(&secret)), "the journal tells the secret");
        let filler = person(&f, 6, day(3));
        assert_eq!(f.app.commit_draw(&filler, sent).unwrap_err().code(), "not_found");
        assert_eq!(f.app.draw(&filler, id).unwrap_err().code(), "not_found");
        f.app.drop_draw(&office, id, view.draw.version, "名单有误").unwrap();
        let dropped = f.app.open_draw(&person(&f, 1, day(5)), id, view.draw.version + 1);
        assert_eq!(dropped.unwrap_err().code(), "draw_in_another_state");
    });
}

#[test]
fn until_its_day_the_list_is_shown_to_nobody_not_even_to_those_who_draw_m29() {
    on_each_engine(|t| {
        let f = staffed(t);
        let office = person(&f, 1, day(3));
        let sent = DrawInput {
            purpose: "visits".to_owned(),
            method: "at_once".to_owned(),
            levels: vec!["village".to_owned()],
            size: "2".to_owned(),
            percent: String::new(),
            ..reverse_check(&f, day(8))
        };
        let id = f.app.commit_draw(&office, sent).unwrap();
        for (who, ..) in PEOPLE {
            let reader = person(&f, who, day(7));
            match f.app.draw(&reader, id) {
                Ok(view) => {
                    assert!(view.drawn.is_none() && view.draw.secret.is_empty(), "person {who}");
                    assert!(view.draw.result.is_empty(), "person {who}");
                    assert!(f.app.draw_file(&reader, id).unwrap().drawn.is_empty(), "person {who}");
                }
                Err(error) => assert_eq!(error.code(), "not_found", "person {who}"),
            }
            let early = f.app.open_draw(&reader, id, 2).unwrap_err();
            assert!(["draw_is_sealed", "not_allowed", "not_found"].contains(&early.code()), "person {who}");
        }
        let row: bihuan_domain::draw::Draw = f.db.read(|conn| journal::by_id(conn, id.0)).unwrap().unwrap();
        assert!(row.result.is_empty() && !row.result_digest.is_empty(), "only its digest is kept");
        f.app.open_draw(&person(&f, 1, day(8)), id, 2).unwrap();
        assert_eq!(f.app.draw(&office, id).unwrap().drawn.unwrap().len(), 2);
    });
}
