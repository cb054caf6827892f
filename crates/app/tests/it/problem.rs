//! One use case a step of the loop, through the journal, on both engines.

use crate::county::{BRANCHES, BUREAU, OTHER_TOWN, TOWN, TestApp, on_each_app};
use bihuan_app::Error;
use bihuan_app::evidence::{EvidenceInput, SentFile};
use bihuan_app::problem::*;
use bihuan_domain::id::{ProblemId, UnitId};
use bihuan_domain::look_back::LookBackResult;
use bihuan_domain::problem::{Action, Outcome, PartyRole, State, Verb};

pub fn draft(text: &str) -> RegisterInput {
    RegisterInput {
        campaign: "1".to_owned(),
        unit: OTHER_TOWN.to_string(),
        text: text.to_owned(),
        place: "青石村三组".to_owned(),
        category: "livelihood".to_owned(),
        source: "visit".to_owned(),
        deadline: "2024年6月30日前".to_owned(),
        ..RegisterInput::default()
    }
}

pub fn order() -> AssignInput {
    AssignInput {
        lead: "石桥镇".to_owned(), checking: "云溪县水利局".to_owned(), ..AssignInput::default()
    }
}

pub fn reason(text: &str) -> ReasonInput {
    ReasonInput { reason: text.to_owned() }
}

pub fn note(text: &str) -> NoteInput {
    NoteInput { note: text.to_owned() }
}

fn accept() -> ScreenInput {
    ScreenInput { decision: "accept".to_owned(), reason: String::new() }
}

pub const TEXT: &str = "青石村三组灌溉渠道破损120米未修，下游60亩水田无法灌溉";

/// Registers a problem and brings it to the wanted state in the ordinary way.
pub fn at(t: &TestApp, text: &str, state: State) -> ProblemId {
    let app = &t.app;
    let id = app.register(&t.ctx("other_filler"), draft(text)).unwrap().problem.id;
    let course: [(State, &dyn Fn()); 7] = [
        (State::Screened, &|| drop(app.screen(&t.ctx("leader"), id, None, accept()).unwrap())),
        (State::Accepted, &|| drop(app.screen(&t.ctx("office"), id, None, accept()).unwrap())),
        (State::Assigned, &|| drop(app.assign(&t.ctx("office"), id, None, order()).unwrap())),
        (State::Rectifying, &|| drop(app.sign(&t.ctx("filler"), id, None).unwrap())),
        (State::Reported, &|| {
            file(t, id, "filler", "closure", &format!("修复后的渠道 {text}")).unwrap();
            report(t, id, "渠道已更换渠板120米，6月10日通水，下游60亩水田已灌溉").unwrap();
        }),
        (State::Proposed, &|| drop(app.verify(&t.ctx("verifier"), id, None, passed()).unwrap())),
        (State::Closed, &|| {
            t.days(6);
            app.confirm_closure(&t.ctx("office"), id, None, note("")).unwrap();
        }),
    ];
    for (reached, step) in course {
        if app.case(&t.ctx("office"), id).unwrap().case.problem.state == state {
            break;
        }
        step();
        assert_eq!(app.case(&t.ctx("office"), id).unwrap().case.problem.state, reached);
    }
    id
}

pub fn file(t: &TestApp, id: ProblemId, who: &str, stage: &str, content: &str) -> Result<Done, Error> {
    let sent = EvidenceInput {
        stage: stage.to_owned(),
        caption: "修复后照片说明".to_owned(),
        ..EvidenceInput::default()
    };
    let file = SentFile { name: "说明.txt".to_owned(), bytes: content.as_bytes().to_vec() };
    t.app.file_evidence(&t.ctx(who), id, None, sent, file)
}

pub fn report(t: &TestApp, id: ProblemId, statement: &str) -> Result<Done, Error> {
    let ctx = t.ctx("filler");
    let sent = ReportInput {
        outcome: "solved".to_owned(),
        statement: statement.to_owned(),
        claimed_day: ctx.today().to_string(),
    };
    t.app.report_done(&ctx, id, None, sent)
}

pub fn passed() -> VerifyInput {
    VerifyInput {
        outcome: "solved".to_owned(),
        truth: "true".to_owned(),
        note: "6月12日现场查看，已通水".to_owned(),
    }
}

#[test]
fn m22_the_whole_loop_runs_from_registration_to_a_rebound_and_is_all_in_the_journal() {
    on_each_app(|t| {
        let id = at(t, TEXT, State::Closed);
        let case = t.app.case(&t.ctx("office"), id).unwrap().case;
        assert_eq!((case.problem.state, case.problem.outcome), (State::Closed, Some(Outcome::Solved)));
        let look_back = case.look_backs[0].id;
        t.days(90);
        let sent = LookBackInput {
            result: bihuan_domain::Coded::code(LookBackResult::SlippedBack).to_owned(),
            note: "雨后又有30米渠段垮塌".to_owned(),
        };
        let done = t.app.record_look_back(&t.ctx("inspector"), id, look_back, None, sent).unwrap();
        assert_eq!((done.problem.state, done.problem.round), (State::Rectifying, 2));
        let view = t.app.problem_view(&t.ctx("filler"), id).unwrap();
        let actions: Vec<Action> = view.lines.iter().rev().map(|line| line.action).collect();
        use Action::*;
        let wanted = [
            Registered,
            Screened,
            Accepted,
            Assigned,
            Signed,
            EvidenceAdded,
            Reported,
            Verified,
            Closed,
            LookedBack,
        ];
        assert_eq!(actions, wanted);
        assert_eq!(
            view.base.case.rounds[0].outcome,
            Some(Outcome::Solved),
            "the first round stays as it was"
        );
        assert!(view.may(Verb::AddMeasure) && !view.may(Verb::Verify));
        let report = t.app.db.read(|conn| bihuan_store::journal::verify_chain(conn, &mut |_| {})).unwrap();
        assert!(report.fault.is_none(), "{report:?}");
        let drift = t.app.db.read(|conn| bihuan_store::rollup::recount(conn, 10)).unwrap();
        assert!(drift.is_empty(), "{drift:?}");
    });
}

#[test]
fn the_same_request_sent_twice_acts_once() {
    on_each_app(|t| {
        let sent = RegisterInput { form_key: "k1".to_owned(), ..draft(TEXT) };
        let first = t.app.register(&t.ctx("other_filler"), sent.clone()).unwrap();
        let second = t.app.register(&t.ctx("other_filler"), sent.clone()).unwrap();
        assert_eq!((first.problem.id, first.seq), (second.problem.id, second.seq));
        let other = RegisterInput { form_key: "k2".to_owned(), ..sent };
        assert_ne!(t.app.register(&t.ctx("other_filler"), other).unwrap().problem.id, first.problem.id);

        let id = at(t, TEXT, State::Rectifying);
        let version = Some(t.app.case(&t.ctx("filler"), id).unwrap().case.problem.version);
        let first = t.app.note_progress(&t.ctx("filler"), id, version, note("已进场")).unwrap();
        let head = t.head();
        let again = t.app.note_progress(&t.ctx("filler"), id, version, note("已进场")).unwrap();
        assert_eq!((again.seq, t.head()), (first.seq, head), "nothing was written");
        let other = t.app.note_progress(&t.ctx("filler"), id, version, note("已完工")).unwrap_err();
        assert_eq!(other.code(), "conflict", "another text on an old form is stale");
        let else_who = t.app.note_progress(&t.ctx("town_leader"), id, version, note("已进场")).unwrap_err();
        assert_eq!(else_who.code(), "conflict", "somebody else's form is stale too");
    });
}

#[test]
fn who_may_not_see_a_problem_finds_none() {
    on_each_app(|t| {
        let id = at(t, TEXT, State::Assigned);
        for call in [
            t.app.sign(&t.ctx("stranger"), id, None).unwrap_err(),
            t.app.assign(&t.ctx("stranger"), id, None, order()).unwrap_err(),
            t.app.problem_view(&t.ctx("stranger"), id).unwrap_err(),
            t.app.problem_view(&t.ctx("village"), id).unwrap_err(),
            t.app.merge_into(&t.ctx("stranger"), id, None, MergeInput::default()).unwrap_err(),
            t.app.check_elsewhere(&t.ctx("stranger"), id, AlikeInput::default()).unwrap_err(),
        ] {
            assert_eq!(call.code(), "not_found");
        }
        let mut foreign = draft(TEXT);
        foreign.unit = crate::county::STRANGE.to_string();
        assert_eq!(t.app.register(&t.ctx("other_filler"), foreign).unwrap_err().code(), "not_found");
    });
}

#[test]
fn m20_a_group_expands_at_assignment_and_the_first_listed_leads() {
    on_each_app(|t| {
        let id = at(t, TEXT, State::Accepted);
        let sent = AssignInput {
            responsible: vec!["石桥镇、柳湾乡".to_owned(), "各村支部".to_owned()],
            checking: BUREAU.to_string(),
            ..AssignInput::default()
        };
        t.app.assign(&t.ctx("office"), id, None, sent).unwrap();
        let case = t.app.case(&t.ctx("office"), id).unwrap().case;
        assert_eq!(case.lead().map(|p| p.unit_id), Some(UnitId(TOWN)));
        let branches: Vec<_> =
            case.parties.iter().filter(|p| p.written == "各村支部").map(|p| p.unit_id.0).collect();
        assert_eq!(branches, BRANCHES, "expanded, with the wording kept");
        assert!(
            case.units_with(PartyRole::Responsible)
                .any(|p| p.unit_id.0 == OTHER_TOWN && p.written.is_empty())
        );
    });
}

#[test]
fn every_wrong_name_of_an_assignment_is_told_at_once() {
    on_each_app(|t| {
        let id = at(t, TEXT, State::Accepted);
        let sent = AssignInput {
            lead: "不存在镇".to_owned(),
            assisting: vec!["石桥镇、没有局".to_owned()],
            checking: "99999".to_owned(),
            due_day: "明天".to_owned(),
            ..AssignInput::default()
        };
        let Err(Error::Invalid(fields)) = t.app.assign(&t.ctx("office"), id, None, sent) else {
            panic!("it should have been refused")
        };
        let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["lead", "assisting", "checking", "due_day"], "{fields:?}");
        assert!(fields[1].1.contains("没有局"));
    });
}

#[test]
fn a_deadline_that_says_no_day_is_asked_about_and_its_wording_kept() {
    on_each_app(|t| {
        let unclear = RegisterInput { deadline: "尽快完成".to_owned(), ..draft(TEXT) };
        let problem = t.app.register(&t.ctx("other_filler"), unclear).unwrap().problem;
        assert_eq!((problem.deadline_text.as_str(), problem.due_day), ("尽快完成", None));
        t.app.screen(&t.ctx("leader"), problem.id, None, accept()).unwrap();
        t.app.screen(&t.ctx("office"), problem.id, None, accept()).unwrap();
        let refused = t.app.assign(&t.ctx("office"), problem.id, None, order()).unwrap_err();
        assert_eq!(refused.code(), "deadline_missing");
        let confirmed =
            AssignInput { deadline: "尽快完成".to_owned(), due_day: "2024-05-31".to_owned(), ..order() };
        let problem = t.app.assign(&t.ctx("office"), problem.id, None, confirmed).unwrap().problem;
        assert_eq!(problem.deadline_text, "尽快完成");
        assert_eq!(problem.due_day.map(|d| d.to_string()).as_deref(), Some("2024-05-31"));
    });
}

#[test]
fn an_extension_is_decided_by_the_office_that_set_the_day() {
    on_each_app(|t| {
        let id = at(t, TEXT, State::Rectifying);
        let ask = ExtensionInput {
            due_day: "2024-07-31".to_owned(),
            reason: "汛期无法施工".to_owned(),
            ..Default::default()
        };
        t.app.ask_extension(&t.ctx("filler"), id, None, ask).unwrap();
        let grant = || AnswerInput { decision: "grant".to_owned(), ..AnswerInput::default() };
        for who in ["town_leader", "verifier", "filler"] {
            let refused = t.app.decide_extension(&t.ctx(who), id, None, grant()).unwrap_err();
            assert_eq!(refused.code(), "not_allowed", "{who}");
        }
        let problem = t.app.decide_extension(&t.ctx("office"), id, None, grant()).unwrap().problem;
        assert_eq!(
            (problem.extensions, problem.due_day.map(|d| d.to_string())),
            (1, Some("2024-07-31".to_owned()))
        );
    });
}

#[test]
fn m25_a_root_cause_goes_up_with_its_clock_and_shows_its_symptoms() {
    on_each_app(|t| {
        let upper = at(t, "县级渠系维修资金没有列入预算，三年未安排", State::Rectifying);
        let number = t.app.case(&t.ctx("office"), upper).unwrap().case.problem.number;
        let id = at(t, TEXT, State::Rectifying);
        let ask = HandUpInput {
            superior: "云溪县".to_owned(), needed: "需县级安排维修资金".to_owned()
        };
        t.app.hand_up(&t.ctx("filler"), id, None, ask).unwrap();
        let claim = AnswerInput {
            decision: "grant".to_owned(),
            root_cause: number.to_string(),
            ..Default::default()
        };
        t.app.answer_hand_up(&t.ctx("leader"), id, None, claim.clone()).unwrap();
        let view = t.app.problem_view(&t.ctx("office"), upper).unwrap();
        assert_eq!(view.links.symptoms.iter().map(|b| b.id).collect::<Vec<_>>(), [id]);
        t.days(4);
        let problem = t.app.finish_hand_up(&t.ctx("leader"), id, None, note("资金已下达")).unwrap().problem;
        assert_eq!(
            problem.due_day.map(|d| d.to_string()).as_deref(),
            Some("2024-07-04"),
            "four days given back"
        );
        // The upper problem cannot hang on its own symptom.
        t.app
            .hand_up(
                &t.ctx("filler"),
                upper,
                None,
                HandUpInput { superior: "1".to_owned(), needed: "预算".to_owned() },
            )
            .unwrap();
        let own = t.app.case(&t.ctx("office"), id).unwrap().case.problem.number;
        let circle = AnswerInput { root_cause: own.to_string(), ..claim };
        assert_eq!(
            t.app.answer_hand_up(&t.ctx("leader"), upper, None, circle).unwrap_err().code(),
            "root_cause_circle"
        );
    });
}

#[test]
fn a_merged_problem_lives_on_in_its_target_and_a_split_one_in_its_parts() {
    on_each_app(|t| {
        let target = at(t, "柳湾乡集镇污水直排入河，影响300户", State::Rectifying);
        let id = at(t, TEXT, State::Accepted);
        let number = t.app.case(&t.ctx("office"), target).unwrap().case.problem.number;
        let sent = MergeInput { target: format!("第{number}号"), reason: "同一处渠系".to_owned() };
        t.app.merge_into(&t.ctx("office"), id, None, sent).unwrap();
        let view = t.app.problem_view(&t.ctx("office"), target).unwrap();
        assert_eq!(view.links.merged.iter().map(|b| b.id).collect::<Vec<_>>(), [id]);
        assert_eq!(view.lines[0].action, Action::Absorbed);

        let id = at(t, "渠道破损且无人管护", State::Rectifying);
        let short = SplitInput { parts: vec!["只有一件".to_owned()], reason: "两件事".to_owned() };
        assert_eq!(
            t.app.split_off(&t.ctx("office"), id, None, short).unwrap_err().code(),
            "split_needs_parts"
        );
        let sent = SplitInput {
            parts: vec!["渠道破损120米\n渠道无人管护".to_owned()],
            reason: "两件事".to_owned(),
        };
        let done = t.app.split_off(&t.ctx("office"), id, None, sent).unwrap();
        assert_eq!(done.problem.outcome, Some(Outcome::Split));
        let parts = t.app.problem_view(&t.ctx("office"), id).unwrap().links.split;
        assert_eq!(
            parts.iter().map(|b| b.text.as_str()).collect::<Vec<_>>(),
            ["渠道破损120米", "渠道无人管护"]
        );
        assert!(parts.iter().all(|b| b.state == State::Accepted), "screened once is screened");
    });
}

#[test]
fn m26_the_same_is_looked_for_elsewhere_with_one_linked_check_for_each_unit() {
    on_each_app(|t| {
        let id = at(t, TEXT, State::Rectifying);
        let sent = AlikeInput {
            units: "各乡镇".to_owned(),
            text: "举一反三核查：本辖区灌溉渠道是否有破损未修".to_owned(),
            deadline: "10个工作日内".to_owned(),
        };
        let done = t.app.check_elsewhere(&t.ctx("office"), id, sent.clone()).unwrap();
        assert_eq!(done.len(), 2);
        let again = t.app.check_elsewhere(&t.ctx("office"), id, sent).unwrap();
        assert_eq!(
            again.iter().map(|d| d.problem.id).collect::<Vec<_>>(),
            done.iter().map(|d| d.problem.id).collect::<Vec<_>>()
        );
        assert!(done.iter().all(|d| d.problem.split_from_id == Some(id)));
        assert_eq!(t.app.problem_view(&t.ctx("office"), id).unwrap().links.split.len(), 2);
    });
}
