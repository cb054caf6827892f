//! Pages of slips, musters, talks and meetings: what a refused form keeps, where slips and hints are shown (M25, M28, M33).

use crate::coverage::planted;
use crate::support::TestApp;
use bihuan_app::slip::{DraftInput, SlipStepInput};
use bihuan_domain::id::SlipId;
use bihuan_domain::slip::SlipVerb;
use bihuan_testkit::{TestDb, engines};

fn each(test: impl Fn(&TestApp)) {
    for engine in engines() {
        test(&planted(&TestDb::new(engine)));
    }
}

fn make(app: &TestApp, form: &str) {
    let sent = DraftInput {
        subject_kind: "problem".to_owned(),
        subject: "1".to_owned(),
        form: form.to_owned(),
        now: "1".to_owned(),
        ..DraftInput::default()
    };
    app.app.make_slip(&app.ctx("office"), sent).unwrap();
}

#[test]
fn a_refused_form_of_slips_talks_musters_and_meetings_keeps_all_that_was_typed() {
    each(|app| {
        make(app, "talk");
        crate::supervision_examples::meeting(app);
        let cases: &[(&str, &str, &[(&str, &str)], &str)] = &[
            // A slip to a unit that does not exist.
            (
                "office",
                "/slips",
                &[
                    ("subject_kind", "problem"),
                    ("subject", "1"),
                    ("addressee", "other"),
                    ("to", "没有这个单位"),
                    ("title", "亲手写的标题"),
                    ("body", "亲手写的正文"),
                    ("do", "issue"),
                ],
                "亲手写的正文",
            ),
            // A talk without its kind, and without a person.
            (
                "leader",
                "/talks",
                &[("slip", "1"), ("campaign", "1"), ("unit", "2"), ("ground", "三次督办仍无进展的事由")],
                "三次督办仍无进展的事由",
            ),
            // A muster without its day.
            (
                "filler",
                "/musters",
                &[
                    ("subject_kind", "problem"),
                    ("subject", "1"),
                    ("units", "柳湾乡"),
                    ("lead", "柳湾乡"),
                    ("needed", "渠道跨两个乡镇要一起定"),
                ],
                "渠道跨两个乡镇要一起定",
            ),
            // A decision without an owner.
            (
                "office",
                "/dispatches/1/decisions",
                &[("text", "限期打通下游渠道"), ("version", "1")],
                "限期打通下游渠道",
            ),
        ];
        for (who, at, fields, typed) in cases {
            let answer = app.sign_in(who).post(at, fields);
            let text = answer.text();
            assert_eq!(answer.status, 422, "{at}: {text}");
            assert!(text.contains(typed), "{at} lost “{typed}”: {text}");
            assert!(text.contains("error-summary"), "{at} does not say what is wrong");
            let faults = crate::markup::faults(&text);
            assert!(faults.is_empty(), "{at}: {faults:#?}");
        }
    });
}

#[test]
fn a_unit_and_a_problem_show_their_slips_and_who_has_not_signed_or_answered_m28() {
    each(|app| {
        make(app, "notice");
        let unit = app.sign_in("office").get("/units/2").expect(200).text();
        assert!(unit.contains("未签收") && unit.contains("/slips/1\""), "{unit}");
        let problem = app.sign_in("filler").get("/problems/1").expect(200).text();
        assert!(problem.contains("未签收1张，逾期未答复0张"), "{problem}");
        let unsigned = app.sign_in("office").get("/slips?wish=unsigned").expect(200).text();
        assert!(unsigned.contains("/slips/1\""));
        // The other township reads neither the slip nor that there is one.
        let other = app.sign_in("other_filler").get("/units/2").text();
        assert!(!other.contains("/slips/1\""), "{other}");
        app.later(20 * 86_400);
        let late = app.sign_in("office").get("/slips?wish=unanswered").expect(200).text();
        assert!(late.contains("/slips/1\"") && late.contains("已超"), "{late}");
        let sign = SlipStepInput { answer: "已清淤".to_owned(), ..SlipStepInput::default() };
        app.app.slip_step(&app.ctx("filler"), SlipId(1), None, SlipVerb::Answer, sign).unwrap();
        let late = app.sign_in("office").get("/slips?wish=unanswered").expect(200).text();
        assert!(!late.contains("/slips/1\""), "{late}");
    });
}

#[test]
fn a_decision_about_whose_matter_it_is_is_shown_where_such_matters_are_assigned_m28() {
    each(|app| {
        let before = app.sign_in("office").get("/problems/1?do=assign").expect(200).text();
        assert!(!before.contains("同类事项不属"), "nothing was decided yet");
        make(app, "notice");
        let step = |who: &str, verb, to: &str| {
            let reason = "渠道归柳湾乡管护".to_owned();
            let sent = SlipStepInput { reason, to: to.to_owned(), ..SlipStepInput::default() };
            app.app.slip_step(&app.ctx(who), SlipId(1), None, verb, sent).unwrap();
        };
        step("filler", SlipVerb::Return, "");
        step("office", SlipVerb::Decide, "柳湾乡");
        let page = app.sign_in("office").get("/problems/1?do=assign").expect(200).text();
        let form = &page[page.find("id=\"do-assign\"").expect("the form is offered")..];
        let form = &form[..form.find("</form>").unwrap()];
        assert!(form.contains("同类事项不属石桥镇，由柳湾乡办理（渠道归柳湾乡管护）"), "{form}");
        // Another category is another matter.
        app.db.write(|conn| conn.exec("UPDATE problem SET category = 'other' WHERE id = 1", &[])).unwrap();
        let page = app.sign_in("office").get("/problems/1?do=assign").expect(200).text();
        assert!(!page.contains("同类事项不属"), "{page}");
    });
}

#[test]
fn units_are_called_and_report_in_on_pages_without_script_m25() {
    each(|app| {
        let mut caller = app.sign_in("filler");
        let page = caller.get("/problems/1").expect(200).text();
        let to_form = "/musters/new?subject_kind=problem&amp;subject=1";
        assert!(page.contains(to_form), "{page}");
        caller.get("/musters/new?subject_kind=problem&subject=1").expect(200);
        let fields = [
            ("subject_kind", "problem"),
            ("subject", "1"),
            ("units", "柳湾乡、云溪县水利局"),
            ("lead", "柳湾乡"),
            ("needed", "渠道跨两个乡镇要一起定"),
            ("due_day", "2024-03-20"),
        ];
        let answer = caller.post("/musters", &fields);
        assert_eq!(answer.location(), "/musters/1");
        let mut called = app.sign_in("other_filler");
        assert!(called.get("/todo").text().contains("吹哨待报到"));
        let page = called.get("/musters/1").expect(200).text();
        assert!(page.contains("do-report-in") && !page.contains("/problems/1\""), "{page}");
        let answer = called.post("/musters/1/report-in", &[("words", "")]);
        assert_eq!(answer.status, 422);
        let said = [("words", "分管副乡长带队，当天到场")];
        assert_eq!(called.post("/musters/1/report-in", &said).location(), "/musters/1");
        let page = caller.get("/problems/1").text();
        assert!(page.contains("已报到") && page.contains("持有0天"), "{page}");
        app.later(3 * 86_400);
        let page = app.sign_in("filler").get("/musters/1").text();
        assert!(page.contains("分管副乡长带队，当天到场") && page.contains("3天"), "{page}");
        let found = app.sign_in("filler").get("/musters?wish=open").expect(200).text();
        assert!(found.contains("/musters/1\"") && found.contains("报到1/2"), "{found}");
    });
}
