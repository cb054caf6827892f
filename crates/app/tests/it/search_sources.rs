//! What can be searched, noun by noun, and by whom (M44): rights decide before counting.

use crate::support::{Fixture, context, first_day, found, monthly_meeting};
use bihuan_app::Context;
use bihuan_app::required_action::ActionInput;
use bihuan_domain::Day;
use bihuan_domain::dispatch::WeekPlan;
use bihuan_domain::draw::{Draw, DrawMethod, DrawPurpose, DrawState};
use bihuan_domain::help::{Help, HelpState};
use bihuan_domain::id::{
    CampaignId, ClassSessionId, DrawId, ExcuseId, HelpId, LookBackId, MusterId, PersonId, ProblemId,
    ReadingId, RequestId, RequiredActionId, StudyClassId, TextCheckId, WeekPlanId,
};
use bihuan_domain::look_back::{LookBack, LookBackResult};
use bihuan_domain::muster::{CalledState, CalledUnit, Muster, MusterState};
use bihuan_domain::request::{Request, RequestKind, RequestState};
use bihuan_domain::required_action::{ExcuseState, SubjectKind};
use bihuan_domain::role::Role;
use bihuan_domain::slip::SubjectKind as Matter;
use bihuan_domain::study::{ClassMember, ClassSession, Reading, StudyClass};
use bihuan_domain::text_check::TextCheck;
use bihuan_store::Fault;
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::required_action::Excuse;
use bihuan_testkit::on_each_engine;
use std::collections::BTreeSet;

const ONE: CampaignId = CampaignId(1);
const CLERK: PersonId = PersonId(77);

fn day(offset: i32) -> Day {
    first_day().plus_days(offset)
}

fn keep(f: &Fixture, kind: &'static str, id: i64, writes: Vec<Write>) {
    let entry = NewEntry {
        subject_kind: kind,
        subject_id: id,
        writes,
        ..crate::support::entry("study.reading_added")
    };
    f.db.write(move |conn| -> Result<(), Fault> {
        journal::append(conn, &crate::support::stamp(day(2)), vec![entry])?;
        Ok(())
    })
    .unwrap();
}

/// One record of each noun that has no test of its own elsewhere, each with a word of its own.
fn records(f: &Fixture) -> ProblemId {
    let (town, bureau) = (f.unit("YX01").id, f.unit("YX-SL").id);
    let at = day(2).starts_at();
    let problem = f.assigned("YX01", "YX-SL", day(1));
    let reading = Reading {
        id: ReadingId(1),
        campaign_id: ONE,
        unit_id: town,
        title: "乡村水利读本".to_owned(),
        parts: "第一章 渡槽养护\n第二章 闸门".to_owned(),
        version: 1,
    };
    keep(f, "reading", 1, vec![Write::insert(&reading)]);
    let class = StudyClass {
        id: StudyClassId(1),
        campaign_id: ONE,
        unit_id: town,
        name: "夏季读书班".to_owned(),
        kind: String::new(),
        hours: 4,
        from_day: day(1),
        to_day: day(9),
        version: 1,
    };
    let session = ClassSession {
        id: ClassSessionId(1),
        class_id: class.id,
        day: day(2),
        topic: "专题讨论梯田保墒".to_owned(),
        duration_minutes: 60,
        makes_up_id: None,
        activity_id: None,
        version: 1,
    };
    let member = ClassMember { class_id: class.id, person_id: CLERK };
    keep(f, "study_class", 1, vec![Write::insert(&class), Write::insert(&session), Write::insert(&member)]);
    let look_back = LookBack {
        id: LookBackId(1),
        problem_id: problem,
        round: 1,
        unit_id: bureau,
        person_id: None,
        due_day: day(2),
        result: LookBackResult::Holds,
        note: "涵洞畅通，没有反弹".to_owned(),
        done_by: Some(PersonId(900)),
        done_at: Some(at),
        version: 1,
    };
    keep(f, "problem", problem.0, vec![Write::insert(&look_back)]);
    request(f, problem);
    help_and_week(f);
    check_and_muster(f);
    draw(f);
    problem
}

fn request(f: &Fixture, problem: ProblemId) {
    let (town, bureau) = (f.unit("YX01").id, f.unit("YX-SL").id);
    let at = day(2).starts_at();
    let request = Request {
        id: RequestId(1),
        problem_id: problem,
        round: 1,
        kind: RequestKind::Extension,
        asked_by: PersonId(900),
        asked_unit_id: town,
        asked_at: at,
        reason: "连日暴雨冲毁便桥".to_owned(),
        deadline_text: String::new(),
        new_due_day: Some(day(30)),
        to_unit_id: bureau,
        state: RequestState::Open,
        decided_by: None,
        decided_at: None,
        decision_reason: String::new(),
        version: 1,
    };
    keep(f, "problem", problem.0, vec![Write::insert(&request)]);
}

fn help_and_week(f: &Fixture) {
    let (town, bureau) = (f.unit("YX01").id, f.unit("YX-SL").id);
    let at = day(2).starts_at();
    let help = Help {
        id: HelpId(1),
        campaign_id: ONE,
        unit_id: town,
        reason: "晒谷场改造滞后".to_owned(),
        helper_unit_id: bureau,
        helper_name: "周敏".to_owned(),
        plan: "每月到场一次".to_owned(),
        starts_day: day(1),
        ends_day: day(60),
        baseline: "{}".to_owned(),
        state: HelpState::Running,
        outcome: String::new(),
        ended_day: None,
        set_by: PersonId(900),
        version: 1,
    };
    keep(f, "help", 1, vec![Write::insert(&help)]);
    let week = WeekPlan {
        id: WeekPlanId(1),
        campaign_id: ONE,
        unit_id: town,
        monday: day(3),
        content: "清点抽水机台数".to_owned(),
        review: String::new(),
        filed_by: PersonId(900),
        filed_at: at,
        version: 1,
    };
    keep(f, "week_plan", 1, vec![Write::insert(&week)]);
}

fn check_and_muster(f: &Fixture) {
    let (town, bureau) = (f.unit("YX01").id, f.unit("YX-SL").id);
    let at = day(2).starts_at();
    let check = TextCheck {
        id: TextCheckId(1),
        unit_id: town,
        campaign_id: Some(ONE),
        title: "讲话稿".to_owned(),
        file_name: String::new(),
        digest: String::new(),
        day: day(2),
        content: "要把苗圃管护好。".to_owned(),
        findings: "{}".to_owned(),
        made_by: PersonId(1),
        made_at: at,
        version: 1,
    };
    keep(f, "text_check", 1, vec![Write::insert(&check)]);
    let muster = Muster {
        id: MusterId(1),
        campaign_id: ONE,
        subject_kind: Matter::Problem,
        subject_id: 1,
        subject_words: "排查".to_owned(),
        caller_unit_id: town,
        called_by: PersonId(900),
        called_at: at,
        lead_unit_id: bureau,
        needed: "请带流速仪到场".to_owned(),
        due_day: day(9),
        state: MusterState::Called,
        result: String::new(),
        finished_by: None,
        ended_at: None,
        version: 1,
    };
    let called = CalledUnit {
        muster_id: muster.id,
        unit_id: bureau,
        ordinal: 1,
        state: CalledState::Called,
        present_at: None,
        present_by: None,
        did: "校准了水尺".to_owned(),
        done_at: None,
        done_by: None,
    };
    keep(f, "muster", 1, vec![Write::insert(&muster), Write::insert(&called)]);
}

fn draw(f: &Fixture) {
    let (town, at) = (f.unit("YX01").id, day(2).starts_at());
    let draw = Draw {
        id: DrawId(1),
        campaign_id: ONE,
        unit_id: town,
        title: "圩堤抽查".to_owned(),
        purpose: DrawPurpose::Visits,
        method: DrawMethod::Announced,
        open_day: day(9),
        plan: "名单另存".to_owned(),
        plan_digest: String::new(),
        commitment: String::new(),
        public_source: "当日开奖号码".to_owned(),
        public_value: String::new(),
        secret: String::new(),
        result: String::new(),
        result_digest: String::new(),
        state: DrawState::Committed,
        inspection_id: None,
        committed_seq: 1,
        committed_at: at,
        committed_by: PersonId(900),
        drawn_at: None,
        opened_at: None,
        version: 1,
    };
    keep(f, "draw", 1, vec![Write::insert(&draw)]);
}

fn rule_and_excuse(f: &Fixture) -> RequiredActionId {
    let sent = ActionInput { name: "每月巡查泵站".to_owned(), ..monthly_meeting() };
    let rule = f.app.issue_action(&f.ctx(Role::Office, "YX", day(1)), ONE, None, sent).unwrap().id;
    let town = f.unit("YX01").id;
    let excuse = Excuse {
        id: ExcuseId(1),
        rule_id: rule,
        subject_kind: SubjectKind::Unit,
        subject_id: town.0,
        period_day: day(30),
        unit_id: town,
        reason: "泵房搬迁停机".to_owned(),
        state: ExcuseState::Asked,
        asked_by: PersonId(900),
        asked_at: day(2).starts_at(),
        decided_by: None,
        decided_at: None,
        decision_reason: String::new(),
        version: 1,
    };
    keep(f, "required_action", rule.0, vec![Write::insert(&excuse)]);
    rule
}

fn count(f: &Fixture, who: &Context, kind: &str, q: &str) -> usize {
    found(f, who, kind, q).0
}

/// Kind, a word of its record, and whether the neighbour town and the village below find it.
const RECORDS: [(&str, &str, bool, bool); 14] = [
    ("reading", "渡槽养护", false, true),
    ("reading", "水利读本", false, true),
    ("look_back", "涵洞畅通", false, false),
    ("problem", "冲毁便桥", false, false),
    ("help", "晒谷场", false, false),
    ("week_plan", "抽水机", false, false),
    ("text_check", "苗圃", false, false),
    ("muster", "流速仪", false, false),
    ("muster", "水尺", false, false),
    ("draw", "圩堤", false, false),
    ("required_action", "巡查泵站", true, true),
    ("action_excuse", "泵房搬迁", false, false),
    ("study_class", "梯田保墒", false, false),
    ("campaign", "试行整改", true, true),
];

#[test]
fn each_noun_is_found_by_those_who_may_read_it_and_by_no_stranger_m44() {
    on_each_engine(|test| {
        let f = Fixture::new(&test.db);
        records(&f);
        rule_and_excuse(&f);
        let own = f.ctx(Role::Filler, "YX01", day(4));
        let [neighbour, village] = ["YX02", "YX0102"].map(|unit| f.ctx(Role::Filler, unit, day(4)));
        let office = f.ctx(Role::Office, "YX", day(4));
        let strangers = [f.ctx(Role::Office, "YS", day(4)), f.ctx(Role::Filler, "YS01", day(4))];
        let look = |told: &str| {
            for (kind, word, beside, below) in RECORDS {
                assert_eq!(count(&f, &own, kind, word), 1, "{told} {kind} {word}");
                assert_eq!(count(&f, &office, kind, word), 1, "{told} {kind} {word}");
                assert_eq!(
                    count(&f, &neighbour, kind, word),
                    usize::from(beside),
                    "{told} beside: {kind} {word}"
                );
                assert_eq!(
                    count(&f, &village, kind, word),
                    usize::from(below),
                    "{told} below: {kind} {word}"
                );
                for stranger in &strangers {
                    assert_eq!(count(&f, stranger, kind, word), 0, "{told} stranger: {kind} {word}");
                    assert_eq!(count(&f, stranger, "", word), 0, "{told} stranger: {word}");
                }
            }
        };
        look("as it came in:");
        f.app.index_rebuild(&mut |_| {}).unwrap();
        look("built anew:");
    });
}

#[test]
fn a_class_is_found_by_its_people_and_who_runs_it_and_by_no_other_reader_of_the_unit() {
    on_each_engine(|test| {
        let f = Fixture::new(&test.db);
        records(&f);
        let find = |who: &Context| count(&f, who, "study_class", "保墒");
        assert_eq!(find(&context(CLERK.0, Role::Leader, &f.unit("YX0101"), day(4))), 1, "a member");
        assert_eq!(
            find(&context(78, Role::Leader, &f.unit("YX01"), day(4))),
            0,
            "a leader reads the town, not the class"
        );
        assert_eq!(find(&f.ctx(Role::Filler, "YX01", day(4))), 1);
        assert_eq!(find(&f.ctx(Role::Office, "JZ", day(4))), 1);
        assert_eq!(find(&f.ctx(Role::Filler, "YX02", day(4))), 0);
        // A town that goes to another county takes its class to the recorders there.
        let (town, other) = (f.unit("YX01"), f.unit("YS"));
        let office = f.ctx(Role::Office, "JZ", day(5));
        f.app.move_unit(&office, town.id, None, other.id, day(5)).unwrap();
        assert_eq!(find(&f.ctx(Role::Office, "YS", day(6))), 1);
        assert_eq!(find(&f.ctx(Role::Office, "YX", day(6))), 0);
    });
}

#[test]
fn a_unit_that_helps_and_one_that_is_called_find_what_concerns_them() {
    on_each_engine(|test| {
        let f = Fixture::new(&test.db);
        records(&f);
        let bureau = f.ctx(Role::Filler, "YX-SL", day(4));
        for (kind, word) in
            [("help", "晒谷场"), ("muster", "流速仪"), ("look_back", "涵洞"), ("problem", "便桥")]
        {
            assert_eq!(count(&f, &bureau, kind, word), 1, "{kind}");
        }
        assert_eq!(count(&f, &bureau, "week_plan", "抽水机"), 0, "the plan of another unit");
        assert_eq!(count(&f, &f.ctx(Role::Filler, "YX-CZ", day(4)), "", "流速仪"), 0);
    });
}

/// Tables of the schema with columns of text, in words people write: everything but codes, digests and machine forms.
fn tables_with_words() -> BTreeSet<String> {
    let schema = [
        include_str!("../../../store/migrations/0001_house.sql"),
        include_str!("../../../store/migrations/0002_actions.sql"),
        include_str!("../../../store/migrations/0003_tasks.sql"),
        include_str!("../../../store/migrations/0004_reports.sql"),
        include_str!("../../../store/migrations/0005_search.sql"),
        include_str!("../../../store/migrations/0006_slips.sql"),
        include_str!("../../../store/migrations/0007_inspections.sql"),
    ]
    .join("\n");
    let mut found = BTreeSet::new();
    for part in schema.split("CREATE TABLE ").skip(1) {
        let name = part.split_whitespace().next().unwrap().to_owned();
        let body = part.split("\n)").next().unwrap();
        if body.lines().any(|line| line.split_whitespace().nth(1) == Some("TEXT")) {
            found.insert(name);
        }
    }
    found
}

/// Tables of the machinery, which hold no records of people: counts, the journal, sessions, the index itself.
const MACHINERY: [&str; 22] = [
    "account_guard",
    "action_credit",
    "action_credit_past",
    "action_excuse_past",
    "channel_secret",
    "daily_job",
    "draw_secret",
    "entry",
    "entry_personal",
    "file_content",
    "id_counter",
    "image_print",
    "journal_head",
    "likeness",
    "likeness_band",
    "people_below",
    "problem_flow",
    "rollup",
    "search_document",
    "session",
    "setting",
    "unit_below",
];

#[test]
fn every_table_with_words_is_searched_or_has_a_reason_m44() {
    let searched: BTreeSet<&str> = bihuan_app::search::tables().into_iter().collect();
    let kinds: BTreeSet<&str> = bihuan_app::search::kinds().into_iter().map(|(kind, _)| kind).collect();
    let all = tables_with_words();
    assert!(all.len() > 60, "the schema was read: {all:?}");
    for (table, kind) in bihuan_app::search::PARTS {
        assert!(kinds.contains(kind) && all.contains(*table), "{table} is searched with {kind}");
    }
    for (table, reason) in bihuan_app::search::LEFT_OUT {
        assert!(!searched.contains(table) && all.contains(*table) && !reason.is_empty(), "{table}");
    }
    let told = |table: &str| {
        searched.contains(table)
            || bihuan_app::search::PARTS.iter().any(|(part, _)| *part == table)
            || bihuan_app::search::LEFT_OUT.iter().any(|(left, _)| *left == table)
            || MACHINERY.contains(&table)
    };
    let untold: Vec<&String> = all.iter().filter(|table| !told(table)).collect();
    assert!(untold.is_empty(), "neither searched nor left out with a reason: {untold:?}");
}
