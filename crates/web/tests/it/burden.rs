//! No field of the API, no form of a page and no export holds what a program for offices must not count (N1 to N7).

use crate::coverage::{address, planted, table};
use crate::support::{Answer, TestApp};
use crate::{action_examples, supervision_examples, task_examples};
use axum::http::Method;
use bihuan_testkit::on_each_engine;
use std::collections::BTreeSet;
use std::io::{Cursor, Read as _};

const MUST_NOT: [&str; 16] = [
    "check_in",
    "checkin",
    "streak",
    "latitude",
    "longitude",
    "location",
    "gps",
    "points",
    "score",
    "ranking",
    "badge",
    "likes",
    "votes",
    "online_time",
    "reading_time",
    "login_count",
];

#[test]
fn no_field_of_the_api_holds_a_trace_of_people_n1_to_n7() {
    let description = include_str!("../../../../openapi.json");
    let value: serde_json::Value = serde_json::from_str(description).unwrap();
    let mut names = Vec::new();
    walk(&value, &mut names);
    assert!(names.len() > 200, "the description is there");
    for name in names {
        assert!(!MUST_NOT.contains(&name.as_str()), "the API has a field {name}");
    }
}

fn walk(value: &serde_json::Value, names: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(map) => {
            for (name, below) in map {
                names.push(name.to_lowercase());
                if name == "name"
                    && let Some(text) = below.as_str()
                {
                    names.push(text.to_lowercase());
                }
                walk(below, names);
            }
        }
        serde_json::Value::Array(all) => all.iter().for_each(|below| walk(below, names)),
        _ => {}
    }
}

/// The same in Chinese, as a column, a label or a line of an export would say it.
const MUST_NOT_SAY: [&str; 13] = [
    "签到",
    "打卡",
    "定位",
    "经度",
    "纬度",
    "积分",
    "排名",
    "排行",
    "名次",
    "勋章",
    "点赞",
    "在线时长",
    "阅读时长",
];

/// What forms send: names of inputs, lists and areas.
fn sent_names(page: &str) -> BTreeSet<String> {
    let tags = page.split('<').filter(|tag| {
        ["input ", "select ", "textarea ", "button "].iter().any(|start| tag.starts_with(start))
    });
    let name = |tag: &str| Some(tag.split_once(" name=\"")?.1.split('"').next()?.to_lowercase());
    tags.filter_map(name).collect()
}

/// Everything an exported file says, its parts unpacked.
fn said(file: &Answer) -> String {
    let Ok(mut zip) = zip::ZipArchive::new(Cursor::new(&file.bytes)) else { return file.text() };
    let mut all = String::new();
    for index in 0..zip.len() {
        let mut bytes = Vec::new();
        zip.by_index(index).unwrap().read_to_end(&mut bytes).unwrap();
        all.push_str(&String::from_utf8_lossy(&bytes));
    }
    all
}

#[test]
fn no_form_of_a_page_and_no_export_holds_a_trace_of_people_n1_to_n7() {
    let befores: [fn(&TestApp); 3] = [
        |app| {
            action_examples::issue(app);
            action_examples::record(app);
        },
        task_examples::make_task,
        supervision_examples::issue,
    ];
    on_each_engine(|test| {
        let app = planted(test);
        befores.iter().for_each(|before| before(&app));
        let (mut names, mut forms, mut exports) = (BTreeSet::new(), 0, Vec::new());
        for login in ["office", "filler", "security"] {
            let mut browser = app.sign_in(login);
            for info in table().iter().filter(|info| info.method == Method::GET) {
                let answer = browser.get(&address(info));
                if answer.status != 200 {
                    continue;
                }
                let media = answer.header("content-type");
                if media.starts_with("text/html") {
                    forms += answer.text().matches("<form").count();
                    names.extend(sent_names(&answer.text()));
                // A template is the office's own prose, and may name what it forbids.
                } else if info.name != "campaign.download_template"
                    && answer.header("content-disposition").starts_with("attachment")
                {
                    let text = said(&answer);
                    let bad = MUST_NOT_SAY.iter().find(|bad| text.contains(**bad));
                    assert!(bad.is_none(), "the export {} says {bad:?}", info.name);
                    exports.push(info.name);
                }
            }
        }
        assert!(forms > 100 && names.len() > 60, "{forms} forms with {} fields are there", names.len());
        assert!(exports.len() >= 4, "exports are there: {exports:?}");
        for name in names {
            let bad = MUST_NOT.iter().find(|bad| {
                name == **bad || name.starts_with(&format!("{bad}_")) || name.ends_with(&format!("_{bad}"))
            });
            assert!(bad.is_none(), "a form sends {name}");
        }
    });
}
