//! One request for each route of checks, breakdowns and word lists that changes something; see `examples.rs`.

use crate::examples::Example;
use crate::support::{TestApp, Upload};
use bihuan_app::breakdown::BreakdownInput;
use bihuan_app::office_word::WordInput;
use bihuan_app::text_check::CheckInput;

const TEXT: &str = "一、石桥镇要在3月底前完成灌渠清淤排查，建立问题台账。\n三、柳湾乡要每月报送1次进展。\n";
const FILE: &[Upload<'static>] = &[("file", "讲话.txt", TEXT.as_bytes())];

/// The form's and the JSON route's example.
macro_rules! both {
    ($name:literal, $at:literal, $json_at:literal, [$($field:literal = $value:literal),*], $before:expr) => {
        [
            Example {
                route: $name,
                by: "office",
                at: $at,
                fields: &[$(($field, $value)),*],
                files: &[],
                json: "",
                before: $before,
            },
            Example {
                route: concat!($name, "_json"),
                by: "office",
                at: $json_at,
                fields: &[],
                files: &[],
                json: concat!("{\"version\":null" $(, ",\"", $field, "\":\"", $value, "\"")*, "}"),
                before: $before,
            },
        ]
    };
}

pub fn examples() -> Vec<Example> {
    let none = |_: &TestApp| {};
    let mut all: Vec<Example> = [
        both!("check.make", "", "", ["unit" = "1", "campaign" = "1", "text" = "一、台账。三、进展。"], none),
        both!("check.decide", "", "", ["finding" = "0", "reason" = "原文如此"], check),
        both!("office_word.keep", "", "", ["unit" = "1", "kind" = "phrase", "word" = "春季灌溉专班"], none),
        both!(
            "breakdown.make",
            "",
            "",
            ["unit" = "1", "campaign" = "1", "text" = "石桥镇要在3月底前建立问题台账。"],
            none
        ),
        both!("breakdown.add_draft", "", "", ["quote" = "建立问题台账"], speech),
        both!("breakdown.accept_draft", "", "", ["becomes" = "requirement"], speech),
        both!("breakdown.edit_draft", "", "", ["action" = "建立台账"], speech),
        both!("breakdown.drop_draft", "", "", ["reason" = "已有安排"], speech),
        both!("breakdown.merge_draft", "", "", ["into" = "2"], speech),
        both!("breakdown.remove", "", "", [], speech),
        both!("check.remove", "", "", [], check),
    ]
    .into_iter()
    .flatten()
    .collect();
    for example in &mut all {
        if matches!(example.route, "check.make" | "breakdown.make") {
            example.files = FILE;
        }
    }
    for (route, json) in [("office_word.drop", ""), ("office_word.drop_json", "{}")] {
        all.push(Example { route, by: "office", at: "", fields: &[], files: &[], json, before: word });
    }
    all
}

fn check(t: &TestApp) {
    let sent = CheckInput { unit: "1".into(), text: TEXT.into(), ..CheckInput::default() };
    t.app.check_text(&t.ctx("office"), sent, None).unwrap();
}

fn speech(t: &TestApp) {
    let sent = BreakdownInput {
        unit: "1".into(),
        campaign: "1".into(),
        text: TEXT.into(),
        ..BreakdownInput::default()
    };
    t.app.break_down(&t.ctx("office"), sent, None).unwrap();
}

fn word(t: &TestApp) {
    let sent = WordInput {
        unit: "1".into(),
        kind: "phrase".into(),
        word: "春季灌溉专班".into(),
        ..WordInput::default()
    };
    t.app.keep_word(&t.ctx("office"), sent).unwrap();
}
