//! One request for each route of tasks that changes something; see `examples.rs`.

use crate::examples::Example;
use crate::support::{TestApp, Upload};
use bihuan_app::evidence::SentFile;
use bihuan_app::task::{MilestoneRow, TargetRow, TaskDecisionInput, TaskInput, TaskReportInput};
use bihuan_domain::id::{CampaignId, MilestoneId, TaskId};

const ONE: TaskId = TaskId(1);
pub const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\
    \0\0\0\nIDATx\x9cc`\x04\0\0\x03\0\x02K\xf5\xdd\xea\0\0\0\0IEND\xaeB`\x82";
const FILES: &[Upload<'static>] = &[("file", "照片.png", PICTURE)];
type Fields = &'static [(&'static str, &'static str)];

fn form(route: &'static str, by: &'static str, fields: Fields, before: fn(&TestApp)) -> Example {
    Example { route, by, at: "", fields, files: &[], json: "", before }
}

fn json(route: &'static str, by: &'static str, json: &'static str, before: fn(&TestApp)) -> Example {
    Example { route, by, at: "", fields: &[], files: &[], json, before }
}

const NEW: Fields = &[
    ("campaign", "1"),
    ("unit", "石桥镇"),
    ("title", "改建村组道路"),
    ("kind", "key-task"),
    ("starts_day", "2024-03-05"),
    ("due_day", "2024-09-30"),
    ("target_name", "里程"),
    ("target_measure", "公里"),
    ("target_from", "0"),
    ("target_to", "20"),
];
const NEW_JSON: &str = r#"{"campaign":1,"unit":2,"title":"改建村组道路","starts_day":"2024-03-05","due_day":"2024-09-30","targets":[{"name":"里程","measure_word":"公里","target":"20"}]}"#;
const SCHEDULE: Fields =
    &[("milestone_id", ""), ("milestone_title", "验收"), ("milestone_days", "5"), ("milestone_due", "")];
const PARTS: Fields = &[("part_unit", "6"), ("part_target", "20")];
const READING: Fields = &[("target", "1"), ("value", "20")];
const DONE: Fields = &[("note", "已完成")];
const STATEMENT: Fields = &[("statement", "全部完成")];
const EVIDENCE: Fields = &[("stage", "before"), ("caption", "改造前")];

/// A task of the township with one target and one milestone, all number 1.
pub fn make_task(app: &TestApp) {
    let input = TaskInput {
        unit: "2".to_owned(),
        title: "改建村组道路".to_owned(),
        starts_day: "2024-03-05".to_owned(),
        due_day: "2024-09-30".to_owned(),
        ..TaskInput::default()
    };
    let target = TargetRow {
        name: "里程".to_owned(),
        measure_word: "公里".to_owned(),
        target: "20".to_owned(),
        ..TargetRow::default()
    };
    let milestone =
        MilestoneRow { title: "开工".to_owned(), working_days: "5".to_owned(), ..MilestoneRow::default() };
    app.app.create_task(&app.ctx("office"), CampaignId(1), input, vec![target], vec![milestone]).unwrap();
}

fn finish(app: &TestApp) {
    make_task(app);
    let sent = TaskDecisionInput { note: "已开工".to_owned(), ..TaskDecisionInput::default() };
    app.app.finish_milestone(&app.ctx("filler"), ONE, MilestoneId(1), sent).unwrap();
}

fn reach(app: &TestApp) {
    finish(app);
    let sent = bihuan_app::task::ReadingInput {
        target: "1".to_owned(),
        value: "20".to_owned(),
        ..Default::default()
    };
    app.app.measure_task(&app.ctx("filler"), ONE, sent).unwrap();
}

fn report(app: &TestApp) {
    reach(app);
    let sent = TaskReportInput { statement: "全部完成".to_owned(), ..TaskReportInput::default() };
    app.app.report_task(&app.ctx("filler"), ONE, None, sent).unwrap();
}

fn file(app: &TestApp) {
    make_task(app);
    let file = SentFile { name: "照片.png".to_owned(), bytes: PICTURE.to_vec() };
    app.app.file_task_evidence(&app.ctx("filler"), ONE, "before", "改造前", file).unwrap();
}

pub fn examples() -> Vec<Example> {
    vec![
        form("task.create", "office", NEW, |_| {}),
        json("task.create_json", "office", NEW_JSON, |_| {}),
        form("task.amend", "office", NEW, make_task),
        json("task.amend_json", "office", NEW_JSON, make_task),
        form("task.schedule", "office", SCHEDULE, make_task),
        json("task.schedule_json", "office", r#"{"rows":[{"title":"验收","working_days":5}]}"#, make_task),
        form("task.break_down", "filler", PARTS, make_task),
        json("task.break_down_json", "filler", r#"{"rows":[{"unit":6,"target":"20"}]}"#, make_task),
        form("task.finish_milestone", "filler", DONE, make_task),
        json("task.finish_milestone_json", "filler", r#"{"note":"已完成"}"#, make_task),
        form("task.reopen_milestone", "filler", &[], finish),
        json("task.reopen_milestone_json", "filler", "{}", finish),
        form("task.measure", "filler", READING, make_task),
        json("task.measure_json", "filler", r#"{"target":1,"value":"3.5"}"#, make_task),
        form("task.note", "filler", DONE, make_task),
        json(
            "task.note_json",
            "inspector",
            r#"{"kind":"word","note":"好","asked":3,"satisfied":3}"#,
            make_task,
        ),
        Example { files: FILES, ..form("task.file_evidence", "filler", EVIDENCE, make_task) },
        Example { files: FILES, ..form("task.file_evidence_json", "filler", EVIDENCE, file_other) },
        form("task.report", "filler", STATEMENT, reach),
        json("task.report_json", "filler", r#"{"statement":"全部完成"}"#, reach),
        form("task.accept", "office", DONE, report),
        json("task.accept_json", "office", r#"{"note":"看过"}"#, report),
        form("task.send_back", "verifier", &[("reason", "不清楚")], report),
        json("task.send_back_json", "verifier", r#"{"reason":"不清楚"}"#, report),
        form("task.stop", "office", &[("reason", "规划调整")], file),
        json("task.stop_json", "office", r#"{"reason":"规划调整"}"#, make_task),
        Example { at: "/campaigns/2/take-over", ..form("campaign.take_over", "office", &[], make_follow_up) },
        Example {
            at: "/api/v1/campaigns/2/take-over",
            ..json("campaign.take_over_json", "office", "{}", make_follow_up)
        },
    ]
}

fn file_other(app: &TestApp) {
    make_task(app);
}

/// Campaign 1 has ended, and campaign 2, which follows it, runs.
pub fn make_follow_up(app: &TestApp) {
    let office = || app.ctx("office");
    app.app.end_campaign(&office(), CampaignId(1), None, "第一批结束").unwrap();
    let input = bihuan_app::campaign::CampaignInput {
        code: "second".to_owned(),
        name: "第二批".to_owned(),
        office_unit: "1".to_owned(),
        basis: "decision".to_owned(),
        authority: "县委".to_owned(),
        document: "方案".to_owned(),
        scope: "全县".to_owned(),
        starts_day: "2024-03-05".to_owned(),
        follows: "1".to_owned(),
        ..Default::default()
    };
    app.app.create_campaign(&office(), input).unwrap();
    app.app.start_campaign(&office(), CampaignId(2), None).unwrap();
}
