//! One request for each step of slips, restricted records, digests and channels, by form and by JSON. See `examples.rs`.

use crate::examples::Example;
use crate::support::TestApp;
use bihuan_app::account::grant::{Holder, NewGrant};
use bihuan_app::channel::ChannelInput;
use bihuan_app::slip::{DraftInput, SlipStepInput};
use bihuan_app::talk::{TalkInput, TalkVerb, TalkWordsInput};
use bihuan_domain::id::{PersonId, SlipId, TalkId, UnitId};
use bihuan_domain::role::Role;
use bihuan_domain::slip::SlipVerb;
use std::io::{Read, Write};

/// The form's and the JSON route's example of a step on slip 1.
macro_rules! both {
    ($name:literal, $by:literal, $before:expr) => {
        [
            Example {
                route: concat!("slip.", $name),
                by: $by,
                at: "",
                fields: &[("answer", "已清淤一百米"), ("opinion", "情况属实"), ("reason", "情况有变")],
                files: &[],
                json: "",
                before: $before,
            },
            Example {
                route: concat!("slip.", $name, "_json"),
                by: $by,
                at: "",
                fields: &[],
                files: &[],
                json: r#"{"answer":"已清淤一百米","opinion":"情况属实","reason":"情况有变"}"#,
                before: $before,
            },
        ]
    };
}

const NEW: &[(&str, &str)] =
    &[("subject_kind", "problem"), ("subject", "1"), ("form", "notice"), ("do", "issue")];
const NEW_JSON: &str = r#"{"subject_kind":"problem","subject":1,"form":"notice","now":true}"#;
const PASS: &[(&str, &str)] = &[("to", "青石村"), ("reason", "渠道在该村")];
const PASS_JSON: &str = r#"{"to":"青石村","reason":"渠道在该村"}"#;
const CHANNEL: &[(&str, &str)] = &[
    ("unit", "云溪县"),
    ("kind", "wecom"),
    ("name", "县群"),
    ("url", "https://robot.example.org/send?key=1"),
    ("enabled", "1"),
];
const CHANNEL_JSON: &str =
    r#"{"unit":1,"kind":"wecom","name":"县群","url":"https://robot.example.org/send?key=1","enabled":true}"#;
const TALK: &[(&str, &str)] =
    &[("campaign", "1"), ("unit", "2"), ("person", "4"), ("kind", "talk"), ("ground", "三次督办无进展")];
const TALK_JSON: &str =
    r#"{"campaign":1,"unit":2,"person":4,"kind":"talk","ground":"三次督办无进展","readers":[]}"#;

fn one(route: &'static str, by: &'static str, before: fn(&TestApp)) -> Example {
    Example { route, by, at: "", fields: &[], files: &[], json: "", before }
}

pub fn examples() -> Vec<Example> {
    let mut all: Vec<Example> = [
        both!("issue", "office", drafted),
        both!("lapse", "office", drafted),
        both!("sign", "filler", made),
        both!("answer", "filler", made),
        both!("return", "filler", made),
        both!("recall", "office", made),
        both!("accept", "office", answered),
        both!("send-back", "office", answered),
        both!("decide", "office", returned),
        both!("pass-on", "filler", made),
    ]
    .into_iter()
    .flatten()
    .collect();
    for example in all.iter_mut().filter(|example| example.route.starts_with("slip.pass-on")) {
        if example.json.is_empty() { example.fields = PASS } else { example.json = PASS_JSON }
    }
    all.push(Example { fields: NEW, ..one("slip.make", "office", |_| {}) });
    all.push(Example { json: NEW_JSON, ..one("slip.make_json", "office", |_| {}) });
    all.push(Example {
        fields: &[("email", "clerk@example.org")],
        ..one("digest.contact", "filler", |_| {})
    });
    all.extend(talks());
    all.extend(channels());
    all
}

fn talks() -> Vec<Example> {
    let words = &[("statement", "如实说明"), ("objection", "情况有出入"), ("outcome", "限期改正")];
    let by_form = |route, by, before| Example { fields: words, ..one(route, by, before) };
    vec![
        Example { fields: TALK, ..one("talk.record", "leader", |_| {}) },
        Example { json: TALK_JSON, ..one("talk.record_json", "leader", |_| {}) },
        by_form("talk.state", "town_leader", decided),
        by_form("talk.object", "town_leader", decided),
        by_form("talk.conclude", "leader", stated),
        Example {
            fields: &[("answer", "经复核，予以采纳")],
            ..one("talk.answer-objection", "office", objected)
        },
        Example {
            at: "/api/v1/talks/1/state",
            json: r#"{"statement":"如实说明"}"#,
            ..one("talk.step_json", "town_leader", decided)
        },
    ]
}

fn channels() -> Vec<Example> {
    vec![
        Example { fields: CHANNEL, ..one("channel.create", "office", |_| {}) },
        Example {
            fields: CHANNEL,
            ..one("channel.change", "office", |app| channel(app, "https://a.example.org/x"))
        },
        one("channel.delete", "office", |app| channel(app, "https://a.example.org/x")),
        one("channel.test", "office", robot),
        Example { json: CHANNEL_JSON, ..one("channel.create_json", "office", |_| {}) },
        Example {
            json: CHANNEL_JSON,
            ..one("channel.change_json", "office", |app| channel(app, "https://a.example.org/x"))
        },
        one("channel.delete_json", "office", |app| channel(app, "https://a.example.org/x")),
        Example { json: "{}", ..one("channel.test_json", "office", robot) },
    ]
}

fn make(app: &TestApp, now: &str) {
    let sent = DraftInput {
        subject_kind: "problem".to_owned(),
        subject: "1".to_owned(),
        form: "notice".to_owned(),
        now: now.to_owned(),
        ..DraftInput::default()
    };
    app.app.make_slip(&app.ctx("office"), sent).unwrap();
}

fn drafted(app: &TestApp) {
    make(app, "");
}

fn made(app: &TestApp) {
    make(app, "1");
}

fn step(app: &TestApp, verb: SlipVerb) {
    let words = "情况说明".to_owned();
    let sent = SlipStepInput { answer: words.clone(), reason: words, ..SlipStepInput::default() };
    app.app.slip_step(&app.ctx("filler"), SlipId(1), None, verb, sent).unwrap();
}

fn answered(app: &TestApp) {
    made(app);
    step(app, SlipVerb::Answer);
}

fn returned(app: &TestApp) {
    made(app);
    step(app, SlipVerb::Return);
}

fn decided(app: &TestApp) {
    let sent: TalkInput = serde_json::from_str(TALK_JSON).unwrap();
    app.app.record_talk(&app.ctx("leader"), sent).unwrap();
}

fn stated(app: &TestApp) {
    decided(app);
    let sent = TalkWordsInput { statement: "如实说明".to_owned(), ..TalkWordsInput::default() };
    app.app.talk_step(&app.ctx("town_leader"), TalkId(1), None, TalkVerb::State, sent).unwrap();
}

/// The person objects; the office's director is named in the record and was made a leader over the township, so that
/// somebody else than who decided can answer.
fn objected(app: &TestApp) {
    let new = NewGrant {
        holder: Holder::Person(PersonId(1)),
        role: Role::Leader,
        unit: Some(UnitId(2)),
        to_day: None,
    };
    app.app.grant_role(&app.ctx("security"), new).unwrap();
    let sent = TalkInput { readers: vec!["1".to_owned()], ..serde_json::from_str(TALK_JSON).unwrap() };
    app.app.record_talk(&app.ctx("leader"), sent).unwrap();
    let sent = TalkWordsInput { objection: "情况有出入".to_owned(), ..TalkWordsInput::default() };
    app.app.talk_step(&app.ctx("town_leader"), TalkId(1), None, TalkVerb::Object, sent).unwrap();
}

fn channel(app: &TestApp, url: &str) {
    let sent = ChannelInput { url: url.to_owned(), ..serde_json::from_str(CHANNEL_JSON).unwrap() };
    app.app.save_channel(&app.ctx("office"), None, None, sent).unwrap();
}

/// A robot on this machine that takes whatever it is told.
fn robot(app: &TestApp) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let Ok((mut stream, _)) = listener.accept() else { return };
        let mut heard = [0; 4096];
        // The head and the body may come apart; the answer does not depend on them.
        let _some = stream.read(&mut heard);
        let body = r#"{"errcode":0}"#;
        let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        let _sent = stream.write_all(answer.as_bytes());
        let _rest = stream.read(&mut heard);
    });
    channel(app, &format!("http://127.0.0.1:{port}/send"));
}
