//! Inspections: no plan without authority and head, overlaps before issue, one visit one filing, findings to problems.

use super::{day, person, staffed};
use crate::support::{Fixture, found, refused};
use bihuan_app::draw::DrawInput;
use bihuan_app::evidence::SentFile;
use bihuan_app::inspection::{
    DecideInput, FileVisitInput, FindingInput, InspectionInput, RaiseInput, VisitInput,
};
use bihuan_domain::evidence::Stage;
use bihuan_domain::id::{CampaignId, InspectionId, VisitId};
use bihuan_domain::inspection::{InspectionState, VisitKind, VisitState};
use bihuan_domain::unit::Level;
use bihuan_testkit::on_each_engine;

/// A picture of one pixel.
const PHOTO: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\
    \0\0\0\nIDATx\x9cc`\x04\0\0\x03\0\x02K\xf5\xdd\xea\0\0\0\0IEND\xaeB`\x82";

fn input(f: &Fixture, title: &str) -> InspectionInput {
    InspectionInput {
        campaign: "1".to_owned(),
        unit: f.unit("YX").id.to_string(),
        title: title.to_owned(),
        kind: "special".to_owned(),
        means: "announced".to_owned(),
        authority: "县委书记批示".to_owned(),
        document: "年度督查计划".to_owned(),
        subject: "整改成效".to_owned(),
        targets: "各乡镇".to_owned(),
        checklist: "grassroots-visit".to_owned(),
        starts_day: day(1).to_string(),
        ends_day: day(20).to_string(),
        head: "2".to_owned(),
        members: vec!["2".to_owned(), "3".to_owned(), "4".to_owned()],
    }
}

fn visits(f: &Fixture, codes: &[&str]) -> VisitInput {
    VisitInput {
        units: codes.iter().map(|code| f.unit(code).id.to_string()).collect(),
        kind: "visit".to_owned(),
        ..VisitInput::default()
    }
}

/// An issued plan with visits to these units.
fn issued(f: &Fixture, title: &str, codes: &[&str], reason: &str) -> InspectionId {
    let office = person(f, 1, day(1));
    let id = f.app.save_inspection(&office, None, input(f, title)).unwrap();
    if !codes.is_empty() {
        f.app.add_visits(&office, id, 1, visits(f, codes)).unwrap();
    }
    f.app.propose_inspection(&office, id, 1).unwrap();
    let approve = DecideInput { decision: "approve".to_owned(), note: String::new() };
    f.app.decide_inspection(&person(f, 5, day(1)), id, 2, approve).unwrap();
    f.app.issue_inspection(&office, id, 3, reason).unwrap();
    id
}

fn visit_of(f: &Fixture, id: InspectionId, code: &str) -> VisitId {
    let view = f.app.inspection(&person(f, 1, day(2)), id).unwrap();
    view.visits.iter().find(|line| line.unit.code == code).unwrap().visit.id
}

fn seen(key: &str) -> FileVisitInput {
    FileVisitInput {
        done_day: day(2).to_string(),
        summary: "到村看了两处，问了三户".to_owned(),
        answers: vec!["asked-people=fits=问了三户".to_owned()],
        client_key: key.to_owned(),
    }
}

#[test]
fn an_inspection_without_authority_team_or_head_is_not_issued_m29() {
    on_each_engine(|t| {
        let f = staffed(t);
        let office = person(&f, 1, day(1));
        let bare = InspectionInput {
            authority: String::new(),
            document: String::new(),
            head: String::new(),
            members: vec![],
            ..input(&f, "没有依据的检查")
        };
        let id = f.app.save_inspection(&office, None, bare).unwrap();
        f.app.add_visits(&office, id, 1, visits(&f, &["YX01"])).unwrap();
        let no = refused(f.app.propose_inspection(&office, id, 1));
        assert_eq!(no.code, "inspection_incomplete");
        assert!(no.sentence.contains("批准机关") && no.sentence.contains("组长"), "{}", no.sentence);
        let early = f.app.issue_inspection(&office, id, 1, "");
        assert_eq!(refused(early).code, "inspection_in_another_state");
        let filler = person(&f, 6, day(1));
        assert_eq!(f.app.save_inspection(&filler, None, input(&f, "越权")).unwrap_err().code(), "not_found");
        f.app.save_inspection(&office, Some((id, 1)), input(&f, "补齐")).unwrap();
        f.app.propose_inspection(&office, id, 2).unwrap();
        let approve = || DecideInput { decision: "approve".to_owned(), note: String::new() };
        assert_eq!(refused(f.app.decide_inspection(&office, id, 3, approve())).code, "not_allowed");
        f.app.decide_inspection(&person(&f, 5, day(1)), id, 3, approve()).unwrap();
        f.app.issue_inspection(&office, id, 4, "").unwrap();
        f.app.revise_inspection(&office, id, 5, "增加一个乡镇").unwrap();
        let view = f.app.inspection(&office, id).unwrap();
        assert_eq!((view.inspection.state, view.inspection.revision), (InspectionState::Draft, 2));
        assert_eq!(view.revisions.len(), 1, "the first edition is kept");
        let todo = f.app.todo(&person(&f, 5, day(1)), None).unwrap();
        assert!(todo.items.is_empty(), "a draft waits for nobody");
    });
}

#[test]
fn an_overlap_is_shown_before_issue_and_must_be_explained_or_covered_m29() {
    on_each_engine(|t| {
        let f = staffed(t);
        let first = issued(&f, "第一次检查", &["YX01", "YX02"], "");
        let office = person(&f, 1, day(2));
        let second = f.app.save_inspection(&office, None, input(&f, "第二次检查")).unwrap();
        f.app.add_visits(&office, second, 1, visits(&f, &["YX01", "YX03"])).unwrap();
        let view = f.app.inspection(&office, second).unwrap();
        assert_eq!(view.overlaps.len(), 1);
        assert_eq!(view.overlaps[0].other.title, "第一次检查");
        assert!(view.overlaps[0].alike, "both look at the same");
        f.app.propose_inspection(&office, second, 1).unwrap();
        let approve = DecideInput { decision: "approve".to_owned(), note: String::new() };
        f.app.decide_inspection(&person(&f, 5, day(2)), second, 2, approve).unwrap();
        let no = refused(f.app.issue_inspection(&office, second, 3, ""));
        assert_eq!((no.code, no.field), ("overlap_unexplained", Some("overlap_reason")));
        let (done, open) = (visit_of(&f, first, "YX01"), visit_of(&f, second, "YX01"));
        assert_eq!(refused(f.app.cover_visit(&office, open, 1, done)).code, "other_result_unfit");
        f.app.file_visit(&person(&f, 2, day(2)), done, seen("a")).unwrap();
        f.app.cover_visit(&office, open, 1, done).unwrap();
        f.app.issue_inspection(&office, second, 3, "").unwrap();
        let (_, coverage) =
            f.app.visit_coverage(&office, CampaignId(1), f.unit("YX").id, Some(Level::Township), 0).unwrap();
        assert_eq!((coverage.units, coverage.visited, coverage.planned), (3, 1, 2));
        let calendar = f.app.visit_calendar(&office, None, day(0), day(30)).unwrap();
        assert_eq!(calendar.len(), 3, "a covered visit burdens nobody");
    });
}

#[test]
fn a_visit_is_filed_once_however_often_it_is_sent_and_never_by_the_units_own_people_m29() {
    on_each_engine(|t| {
        let f = staffed(t);
        let id = issued(&f, "检查", &["YX01"], "");
        let visit = visit_of(&f, id, "YX01");
        let inspector = person(&f, 2, day(3));
        assert!(
            f.app
                .todo(&inspector, None)
                .unwrap()
                .items
                .iter()
                .any(|item| item.href == format!("/visits/{visit}"))
        );
        assert_eq!(refused(f.app.file_visit(&person(&f, 4, day(3)), visit, seen("x"))).code, "own_unit");
        assert_eq!(refused(f.app.file_visit(&person(&f, 1, day(3)), visit, seen("x"))).code, "not_allowed");
        let bad = FileVisitInput { answers: vec!["asked-people=fails=".to_owned()], ..seen("key") };
        assert_eq!(f.app.file_visit(&inspector, visit, bad).unwrap_err().code(), "invalid_input");
        f.app.file_visit(&inspector, visit, seen("key")).unwrap();
        let head = f.db.read(bihuan_store::journal::head).unwrap();
        f.app.file_visit(&inspector, visit, seen("key")).unwrap();
        assert_eq!(
            f.db.read(bihuan_store::journal::head).unwrap(),
            head,
            "the same form again leaves nothing"
        );
        assert_eq!(
            refused(f.app.file_visit(&inspector, visit, seen("other"))).code,
            "visit_in_another_state"
        );
        let finding =
            || FindingInput {
                text: "护栏缺一处".into(), client_key: "f1".into(), ..FindingInput::default()
            };
        let photos = || vec![SentFile { name: "现场.png".to_owned(), bytes: PHOTO.to_vec() }];
        let one = f.app.add_finding(&inspector, visit, finding(), photos()).unwrap();
        assert_eq!(f.app.add_finding(&inspector, visit, finding(), photos()).unwrap(), one, "no doubles");
        let stranger = f.ctx(bihuan_domain::role::Role::Office, "YS", day(3));
        assert_eq!(f.app.visit(&stranger, visit).unwrap_err().code(), "not_found");
        let town = f.app.visit(&person(&f, 6, day(3)), visit).unwrap();
        assert_eq!(town.line.visit.state, VisitState::Done, "the visited unit is told");
        problem_of(&f, one, visit);
    });
}

/// One action makes the finding a problem with its photo and its origin, once.
fn problem_of(f: &Fixture, finding: bihuan_domain::id::FindingId, visit: VisitId) {
    let inspector = person(f, 2, day(3));
    let raise =
        || RaiseInput { category: "work-style".into(), source: "inspection".into(), ..RaiseInput::default() };
    let done = f.app.raise_problem(&inspector, finding, raise()).unwrap();
    assert_eq!(refused(f.app.raise_problem(&inspector, finding, raise())).code, "raised_already");
    let origin = f.app.origin_of_problem(&inspector, done.problem.id).unwrap().unwrap();
    assert_eq!((origin.finding.id, origin.line.visit.id), (finding, visit));
    assert!(done.problem.ground.contains("督导检查"), "{}", done.problem.ground);
    let evidence = f.db.read(|conn| bihuan_store::problem::evidence_of(conn, done.problem.id)).unwrap();
    assert_eq!(evidence.len(), 1);
    assert_eq!(evidence[0].stage, Stage::Intake);
    assert!(f.app.evidence_file(&inspector, done.problem.id, evidence[0].id).is_ok());
    let view = f.app.visit(&inspector, visit).unwrap();
    assert_eq!(view.findings[0].0.problem_id, Some(done.problem.id), "linked both ways");
    f.no_drift();
}

#[test]
fn a_draw_opened_for_an_inspection_plans_its_visits_with_the_drawn_people_m29() {
    on_each_engine(|t| {
        let f = staffed(t);
        let office = person(&f, 1, day(1));
        let id = f.app.save_inspection(&office, None, input(&f, "双随机")).unwrap();
        let sent = DrawInput {
            campaign: "1".to_owned(),
            unit: f.unit("YX").id.to_string(),
            title: "乡镇双随机".to_owned(),
            purpose: "visits".to_owned(),
            method: "at_once".to_owned(),
            open_day: day(4).to_string(),
            examiners_each: "2".to_owned(),
            levels: vec!["township".to_owned()],
            size: "2".to_owned(),
            inspection: id.to_string(),
            ..DrawInput::default()
        };
        let draw = f.app.commit_draw(&office, sent).unwrap();
        assert!(f.app.inspection(&office, id).unwrap().visits.is_empty(), "sealed");
        let office = person(&f, 1, day(4));
        f.app.open_draw(&office, draw, 2).unwrap();
        let view = f.app.inspection(&office, id).unwrap();
        assert_eq!(view.visits.len(), 2);
        for line in &view.visits {
            assert_eq!(line.visit.draw_id, Some(draw));
            let members = &view.members[&line.visit.id];
            assert_eq!(members.len(), 2);
            let own = line.unit.code == "YX01";
            assert!(!own || !members.contains(&bihuan_domain::id::PersonId(4)), "recusal");
        }
    });
}

#[test]
fn each_part_that_is_missing_is_named_and_stops_the_plan_m29() {
    on_each_engine(|t| {
        let f = staffed(t);
        let office = person(&f, 1, day(1));
        let whole = || input(&f, "检查");
        let blank = String::new;
        let parts = [
            (InspectionInput { authority: blank(), ..whole() }, "批准机关和时间"),
            (InspectionInput { document: blank(), ..whole() }, "依据文件"),
            (InspectionInput { subject: blank(), ..whole() }, "督查内容"),
            (InspectionInput { targets: blank(), ..whole() }, "督查对象和范围"),
            (InspectionInput { members: vec![], ..whole() }, "督查组成员"),
            (InspectionInput { head: blank(), ..whole() }, "组长"),
            (InspectionInput { head: "7".to_owned(), ..whole() }, "组长（须是督查组成员）"),
        ];
        for (sent, named) in parts {
            let id = f.app.save_inspection(&office, None, sent).unwrap();
            f.app.add_visits(&office, id, 1, visits(&f, &["YX01"])).unwrap();
            let no = refused(f.app.propose_inspection(&office, id, 1));
            assert_eq!(no.code, "inspection_incomplete");
            assert!(no.sentence.contains(named), "{named}: {}", no.sentence);
        }
        let without_period = InspectionInput { starts_day: blank(), ..whole() };
        assert_eq!(f.app.save_inspection(&office, None, without_period).unwrap_err().code(), "invalid_input");
        let too_long = InspectionInput { ends_day: day(200).to_string(), ..whole() };
        let no = refused(f.app.save_inspection(&office, None, too_long));
        assert_eq!((no.code, no.field), ("period_out_of_range", Some("ends_day")));
        let id = f.app.save_inspection(&office, None, whole()).unwrap();
        f.app.propose_inspection(&office, id, 1).unwrap();
        let approve = DecideInput { decision: "approve".to_owned(), note: String::new() };
        f.app.decide_inspection(&person(&f, 5, day(1)), id, 2, approve).unwrap();
        assert_eq!(
            refused(f.app.issue_inspection(&office, id, 3, "")).code,
            "no_visits",
            "whom, not only why"
        );
    });
}

#[test]
fn nobody_inspects_before_the_plan_is_issued_m29() {
    on_each_engine(|t| {
        let f = staffed(t);
        let office = person(&f, 1, day(1));
        let id = f.app.save_inspection(&office, None, input(&f, "检查")).unwrap();
        f.app.add_visits(&office, id, 1, visits(&f, &["YX01"])).unwrap();
        let (visit, inspector) = (visit_of(&f, id, "YX01"), person(&f, 2, day(3)));
        assert!(!f.app.visit(&inspector, visit).unwrap().may_file);
        assert_eq!(refused(f.app.file_visit(&inspector, visit, seen("a"))).code, "inspection_not_issued");
        let finding = FindingInput { text: "护栏缺一处".into(), ..FindingInput::default() };
        assert_eq!(refused(f.app.add_finding(&inspector, visit, finding, vec![])).code, "visit_not_live");
        let waiting = f.app.todo(&inspector, None).unwrap().items;
        assert!(waiting.iter().all(|item| item.href != format!("/visits/{visit}")), "it waits for nobody");
        let town = person(&f, 6, day(3));
        assert_eq!(f.app.visit(&town, visit).unwrap_err().code(), "not_found", "nor is the unit told");
    });
}

#[test]
fn a_unit_walks_through_its_own_service_and_a_second_visit_follows_the_first_m29() {
    on_each_engine(|t| {
        let f = staffed(t);
        let office = person(&f, 1, day(1));
        let id = issued(&f, "检查", &["YX01"], "");
        let first = visit_of(&f, id, "YX01");
        f.app.file_visit(&person(&f, 2, day(2)), first, seen("a")).unwrap();
        let walk = VisitInput {
            kind: "walk_through".to_owned(),
            members: vec!["4".to_owned()],
            ..visits(&f, &["YX01"])
        };
        f.app.add_visits(&office, id, 4, walk).unwrap();
        let again = VisitInput {
            kind: "repeat".to_owned(),
            follows: first.to_string(),
            members: vec!["3".to_owned()],
            ..visits(&f, &["YX01"])
        };
        f.app.add_visits(&office, id, 4, again).unwrap();
        let view = f.app.inspection(&office, id).unwrap();
        let of =
            |kind: VisitKind| view.visits.iter().find(|line| line.visit.kind == kind).unwrap().visit.clone();
        let (walk, again) = (of(VisitKind::WalkThrough), of(VisitKind::Repeat));
        assert_eq!(again.follows_id, Some(first));
        // The inspector with a post in 石桥镇 goes through its own service as a user does, but does not inspect it.
        let own = person(&f, 4, day(3));
        f.app.file_visit(&own, walk.id, seen("b")).unwrap();
        assert_eq!(refused(f.app.file_visit(&own, again.id, seen("c"))).code, "not_allowed");
        f.app.file_visit(&person(&f, 3, day(3)), again.id, seen("c")).unwrap();
        let second = f.app.visit(&person(&f, 3, day(3)), again.id).unwrap();
        assert!(
            second.others.iter().any(|line| line.visit.id == first),
            "what was seen before stands beside it"
        );
    });
}

#[test]
fn the_coverage_counts_every_level_and_puts_those_never_visited_first_m29() {
    on_each_engine(|t| {
        let f = staffed(t);
        let id = issued(&f, "检查", &["YX02", "YX0101"], "");
        f.app.file_visit(&person(&f, 2, day(2)), visit_of(&f, id, "YX02"), seen("a")).unwrap();
        let office = person(&f, 1, day(3));
        let ask = |unit: &str, level| {
            f.app.visit_coverage(&office, CampaignId(1), f.unit(unit).id, level, 0).unwrap().1
        };
        let all = ask("YX01", None);
        assert_eq!((all.units, all.visited, all.planned), (4, 0, 1), "the town, two villages and a branch");
        let towns = ask("YX", Some(Level::Township));
        assert_eq!((towns.units, towns.visited), (3, 1));
        let order: Vec<&str> = towns.page.iter().map(|one| one.unit.code.as_str()).collect();
        assert_eq!(order, ["YX01", "YX03", "YX02"], "never visited first, then in official order");
    });
}

#[test]
fn a_visit_is_found_by_the_visited_only_once_it_may_be_known_m44() {
    on_each_engine(|t| {
        let f = staffed(t);
        let office = person(&f, 1, day(1));
        let quiet = InspectionInput { means: "unannounced".to_owned(), ..input(&f, "夜访保洁") };
        let id = f.app.save_inspection(&office, None, quiet).unwrap();
        f.app.add_visits(&office, id, 1, visits(&f, &["YX01"])).unwrap();
        f.app.propose_inspection(&office, id, 1).unwrap();
        let approve = DecideInput { decision: "approve".to_owned(), note: String::new() };
        f.app.decide_inspection(&person(&f, 5, day(1)), id, 2, approve).unwrap();
        f.app.issue_inspection(&office, id, 3, "").unwrap();
        let (team, visited) = (person(&f, 4, day(2)), person(&f, 6, day(2)));
        let hits = |who: &_, kind: &str| found(&f, who, kind, "夜访").0;
        assert_eq!((hits(&team, "inspection"), hits(&visited, "inspection")), (1, 0));
        assert_eq!((hits(&team, "visit"), hits(&visited, "visit")), (1, 0), "it is not given away");
        let visit = visit_of(&f, id, "YX01");
        f.app.file_visit(&person(&f, 2, day(2)), visit, seen("k1")).unwrap();
        assert_eq!((hits(&visited, "visit"), hits(&visited, "inspection")), (1, 0));
        assert_eq!(found(&f, &visited, "visit", "问了三户").0, 1);
    });
}
