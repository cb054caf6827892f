//! One request for each step of musters, by form and by JSON. See `examples.rs`.

use crate::examples::Example;
use crate::support::TestApp;
use bihuan_app::muster::{MusterInput, MusterStepInput};
use bihuan_domain::id::MusterId;
use bihuan_domain::muster::MusterVerb;

/// The form's and the JSON route's example of a step on muster 1.
macro_rules! both {
    ($name:literal, $by:literal, $before:expr) => {
        [
            Example {
                route: concat!("muster.", $name),
                by: $by,
                at: "",
                fields: &[("unit", "4"), ("words", "已到现场")],
                files: &[],
                json: "",
                before: $before,
            },
            Example {
                route: concat!("muster.", $name, "_json"),
                by: $by,
                at: "",
                fields: &[],
                files: &[],
                json: r#"{"unit":4,"words":"已到现场"}"#,
                before: $before,
            },
        ]
    };
}

const CALL: &[(&str, &str)] = &[
    ("subject_kind", "problem"),
    ("subject", "1"),
    ("units", "柳湾乡、云溪县水利局"),
    ("lead", "柳湾乡"),
    ("needed", "渠道跨两个乡镇，需要一起定方案"),
    ("due_day", "2024-03-20"),
];
const CALL_JSON: &str = r#"{"subject_kind":"problem","subject":1,"units":"柳湾乡、云溪县水利局","lead":"柳湾乡","needed":"渠道跨两个乡镇，需要一起定方案","due_day":"2024-03-20"}"#;
/// The lead speaks for itself; its unit need not be named.
const OWN: &[(&str, &str)] = &[("words", "已到现场")];
const OWN_JSON: &str = r#"{"words":"已到现场"}"#;

pub fn examples() -> Vec<Example> {
    let mut all: Vec<Example> = [
        both!("report-in", "other_filler", called),
        both!("did", "other_filler", present),
        both!("release", "filler", called),
        both!("finish", "other_filler", released),
        both!("accept", "filler", finished),
        both!("send-back", "filler", finished),
        both!("withdraw", "filler", called),
    ]
    .into_iter()
    .flatten()
    .collect();
    for example in all.iter_mut().filter(|example| example.by == "other_filler") {
        if example.json.is_empty() { example.fields = OWN } else { example.json = OWN_JSON }
    }
    let one = |route, fields, json| Example {
        route,
        by: "filler",
        at: "",
        fields,
        files: &[],
        json,
        before: |_| {},
    };
    all.push(one("muster.call", CALL, ""));
    all.push(one("muster.call_json", &[], CALL_JSON));
    all
}

fn called(app: &TestApp) {
    let sent: MusterInput = serde_json::from_str(CALL_JSON).unwrap();
    app.app.call_muster(&app.ctx("filler"), sent).unwrap();
}

fn step(app: &TestApp, by: &str, verb: MusterVerb, unit: &str) {
    let sent = MusterStepInput { unit: unit.to_owned(), words: "已到现场".to_owned() };
    app.app.muster_step(&app.ctx(by), MusterId(1), None, verb, sent).unwrap();
}

fn present(app: &TestApp) {
    called(app);
    step(app, "other_filler", MusterVerb::ReportIn, "");
}

fn released(app: &TestApp) {
    present(app);
    step(app, "filler", MusterVerb::Release, "4");
}

fn finished(app: &TestApp) {
    released(app);
    step(app, "other_filler", MusterVerb::Finish, "");
}
