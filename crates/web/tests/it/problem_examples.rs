//! One request for each step of the loop, by form and by JSON, from the state that allows it. See `examples.rs`.

use crate::examples::Example;
use crate::support::TestApp;
use bihuan_app::evidence::{EvidenceInput, SentFile};
use bihuan_app::problem::*;
use bihuan_domain::id::ProblemId;

/// The form's and the JSON route's example of a step on problem 1 of the planted county.
macro_rules! both {
    ($name:literal, $by:literal, [$($field:literal = $value:literal),*], $before:expr) => {
        [
            Example {
                route: concat!("problem.", $name),
                by: $by,
                at: "",
                fields: &[$(($field, $value)),*],
                files: &[],
                json: "",
                before: $before,
            },
            Example {
                route: concat!("problem.", $name, "_json"),
                by: $by,
                at: "",
                fields: &[],
                files: &[],
                json: concat!("{\"version\":null" $(, ",\"", $field, "\":\"", $value, "\"")*, "}"),
                before: $before,
            },
        ]
    };
}

const ONE: ProblemId = ProblemId(1);

pub fn examples() -> Vec<Example> {
    let steps = [intake(), doing(), checking(), requests()];
    let mut all: Vec<Example> = steps.into_iter().flatten().flatten().collect();
    // A form sends a line break as it is, JSON writes it with a backslash.
    for example in all.iter_mut().filter(|example| example.route == "problem.split") {
        example.fields = &[("parts", "渠道淤积\n渠道破损"), ("reason", "两件事")];
    }
    // Before it is accepted: the second problem, registered by another.
    for example in &mut all {
        let early = matches!(example.route.trim_end_matches("_json"), "problem.screen" | "problem.resubmit");
        if early {
            let json = example.route.ends_with("_json");
            let screen = example.route.contains("screen");
            example.at = match (json, screen) {
                (true, true) => "/api/v1/problems/2/screen",
                (true, false) => "/api/v1/problems/2/resubmit",
                (false, true) => "/problems/2/screen",
                (false, false) => "/problems/2/resubmit",
            };
        }
    }
    all.extend(["problem.file_evidence", "problem.file_evidence_json"].map(|route| Example {
        route,
        by: "filler",
        at: "",
        fields: &[("stage", "closure"), ("caption", "通水现场")],
        files: &[("file", "record.txt", b"2024-06-10")],
        json: "",
        before: signed,
    }));
    all
}

fn intake() -> Vec<[Example; 2]> {
    vec![
        both!(
            "register",
            "filler",
            ["campaign" = "1", "unit" = "2", "text" = "石桥镇敬老院消防通道堆放杂物，检查2次未清理"],
            |_| {}
        ),
        both!("screen", "leader", ["decision" = "accept"], registered),
        both!("resubmit", "other_filler", ["text" = "柳湾乡集镇污水直排柳湾河，影响300户"], returned),
        both!(
            "assign",
            "office",
            ["lead" = "石桥镇", "checking" = "云溪县水利局", "deadline" = "2024年6月底前"],
            |_| {}
        ),
        both!("return_assignment", "filler", ["reason" = "该渠道由县水利部门管护"], assigned),
        both!("clarify_deadline", "office", ["due_day" = "2024-06-30"], |_| {}),
        both!(
            "override_colour",
            "office",
            ["colour" = "red", "until" = "2024-03-20", "reason" = "春灌在即"],
            signed
        ),
        both!("merge", "office", ["target" = "2", "reason" = "同一条渠"], two),
        both!("transfer", "office", ["reason" = "移交市水利部门"], signed),
        both!("check_elsewhere", "office", ["units" = "柳湾乡", "text" = "核查灌渠淤积"], signed),
        both!("split", "office", ["parts" = "渠道淤积\\n渠道破损", "reason" = "两件事"], |_| {}),
    ]
}

fn doing() -> Vec<[Example; 2]> {
    vec![
        both!("sign", "filler", [], assigned),
        both!("add_measure", "filler", ["measure" = "清淤1.2公里"], signed),
        both!("change_measure", "filler", ["measure" = "清淤1.2公里并外运"], measured),
        both!("drop_measure", "filler", ["reason" = "与其他措施重复"], measured),
        both!("finish_measure", "filler", ["done_note" = "已清淤", "claimed_day" = "2024-03-05"], measured),
        both!("note_progress", "filler", ["note" = "已进场"], signed),
        both!(
            "report_done",
            "filler",
            ["outcome" = "solved", "statement" = "已清淤1.2公里", "claimed_day" = "2024-03-05"],
            filed
        ),
    ]
}

fn checking() -> Vec<[Example; 2]> {
    vec![
        both!("verify", "verifier", ["outcome" = "solved", "truth" = "true", "note" = "现场查看"], reported),
        both!("send_back", "verifier", ["reason" = "还有200米未清"], reported),
        both!("confirm", "office", ["note" = ""], waited),
        both!("object", "filler", ["reason" = "雨后又淤"], verified),
        both!("record_look_back", "inspector", ["result" = "slipped_back", "note" = "又淤积"], closed),
        both!("reopen", "office", ["reason" = "群众再次反映"], closed),
    ]
}

fn requests() -> Vec<[Example; 2]> {
    vec![
        both!("ask_extension", "filler", ["due_day" = "2024-07-31", "reason" = "汛期"], signed),
        both!("decide_extension", "office", ["decision" = "grant"], extension_asked),
        both!("hand_up", "filler", ["superior" = "云溪县", "needed" = "维修资金"], signed),
        both!("answer_hand_up", "leader", ["decision" = "grant"], handed_up),
        both!("finish_hand_up", "leader", ["note" = "资金已下达"], claimed),
    ]
}

fn register(app: &TestApp) -> ProblemId {
    let sent = RegisterInput {
        campaign: "1".to_owned(),
        unit: "3".to_owned(),
        text: "柳湾乡集镇污水管网错接，雨天污水直排柳湾河，影响300户".to_owned(),
        ..RegisterInput::default()
    };
    app.app.register(&app.ctx("other_filler"), sent).unwrap().problem.id
}

fn registered(app: &TestApp) {
    register(app);
}

fn two(app: &TestApp) {
    register(app);
}

fn returned(app: &TestApp) {
    let id = register(app);
    let sent = ScreenInput { decision: "return".to_owned(), reason: "写明户数".to_owned() };
    app.app.screen(&app.ctx("leader"), id, None, sent).unwrap();
}

fn assigned(app: &TestApp) {
    let sent = AssignInput {
        lead: "石桥镇".to_owned(),
        checking: "云溪县水利局".to_owned(),
        deadline: "2024年6月底前".to_owned(),
        ..AssignInput::default()
    };
    app.app.assign(&app.ctx("office"), ONE, None, sent).unwrap();
}

pub fn signed(app: &TestApp) {
    assigned(app);
    app.app.sign(&app.ctx("filler"), ONE, None).unwrap();
}

fn measured(app: &TestApp) {
    signed(app);
    let sent = MeasureInput { measure: "清淤1公里".to_owned(), ..MeasureInput::default() };
    app.app.add_measure(&app.ctx("filler"), ONE, None, sent).unwrap();
}

/// As many pieces of evidence as any template asks for.
fn filed(app: &TestApp) {
    signed(app);
    for number in 1..=3 {
        let sent = EvidenceInput {
            stage: "closure".to_owned(),
            caption: format!("现场照片说明{number}"),
            ..EvidenceInput::default()
        };
        let file =
            SentFile { name: "说明.txt".to_owned(), bytes: format!("通水说明{number}").into_bytes() };
        app.app.file_evidence(&app.ctx("filler"), ONE, None, sent, file).unwrap();
    }
}

fn reported(app: &TestApp) {
    filed(app);
    let sent = ReportInput {
        outcome: "solved".to_owned(),
        statement: "已清淤1.2公里，下游已通水".to_owned(),
        claimed_day: "2024-03-05".to_owned(),
    };
    app.app.report_done(&app.ctx("filler"), ONE, None, sent).unwrap();
}

fn verified(app: &TestApp) {
    reported(app);
    let sent =
        VerifyInput {
            outcome: "solved".to_owned(), truth: "true".to_owned(), note: "现场查看".to_owned()
        };
    app.app.verify(&app.ctx("verifier"), ONE, None, sent).unwrap();
}

/// The longest notice period there is has passed.
fn waited(app: &TestApp) {
    verified(app);
    app.later(31 * 86_400);
}

fn closed(app: &TestApp) {
    waited(app);
    app.app.confirm_closure(&app.ctx("office"), ONE, None, NoteInput::default()).unwrap();
}

fn extension_asked(app: &TestApp) {
    signed(app);
    let sent = ExtensionInput {
        due_day: "2024-07-31".to_owned(),
        reason: "汛期".to_owned(),
        ..ExtensionInput::default()
    };
    app.app.ask_extension(&app.ctx("filler"), ONE, None, sent).unwrap();
}

fn handed_up(app: &TestApp) {
    signed(app);
    let sent = HandUpInput { superior: "云溪县".to_owned(), needed: "维修资金".to_owned() };
    app.app.hand_up(&app.ctx("filler"), ONE, None, sent).unwrap();
}

fn claimed(app: &TestApp) {
    handed_up(app);
    let sent = AnswerInput { decision: "grant".to_owned(), ..AnswerInput::default() };
    app.app.answer_hand_up(&app.ctx("leader"), ONE, None, sent).unwrap();
}
