//! Examples of the routes that change reports.

use crate::examples::{Example, form, json, upload};
use crate::support::{TestApp, Upload};
use bihuan_app::evidence::SentFile;
use bihuan_app::report::{OwnTemplateInput, ReportInput};
use bihuan_documents::paper::{Block, Paper, Profile, Run, docx};
use bihuan_domain::id::ReportId;

const NEW: &[(&str, &str)] =
    &[("campaign", "1"), ("unit", "1"), ("template", "brief"), ("from", "2024-03-01"), ("to", "2024-03-05")];
const NEW_JSON: &str = r#"{"campaign":1,"unit":1,"template":"brief","from":"2024-03-01","to":"2024-03-05"}"#;
const WORDS: &[(&str, &str)] =
    &[("version", "1"), ("title", "一页简报"), ("text", "共登记问题{{问题总数}}件。")];
const WORDS_JSON: &str = r#"{"version":1,"title":"一页简报","text":"共登记问题{{问题总数}}件。"}"#;
const OWN: &[(&str, &str)] = &[("campaign", "1"), ("unit", "1"), ("name", "周报"), ("kind", "special")];

/// The examples.
pub fn examples() -> Vec<Example> {
    // One docx for all of them: examples hold borrowed bytes.
    let docx: &'static [u8] = Box::leak(own_docx().into_boxed_slice());
    let file: &'static [Upload<'static>] = Box::leak(vec![("file", "周报.docx", docx)].into_boxed_slice());
    vec![
        form("report.draw_up", "office", NEW),
        form("report.save", "office", WORDS).after(drawn_up),
        form("report.issue", "office", &[("version", "1")]).after(drawn_up),
        form("report.correct", "office", &[("reason", "漏记一件")]).after(issued),
        form("report.discard", "office", &[("version", "1")]).after(drawn_up),
        json("report.discard_json", "office", "{}").after(drawn_up),
        upload("report.check", "office", &[], file),
        upload("report_template.add", "office", OWN, file),
        form("report_template.remove", "office", &[]).after(own_template),
        json("report.draw_up_json", "office", NEW_JSON),
        json("report.save_json", "office", WORDS_JSON).after(drawn_up),
        json("report.issue_json", "office", r#"{"version":1}"#).after(drawn_up),
        json("report.correct_json", "office", r#"{"reason":"漏记一件"}"#).after(issued),
    ]
}

fn own_docx() -> Vec<u8> {
    let blocks = vec![Block::Paragraph(vec![Run::new("{{单位}}共{{问题总数}}件")])];
    docx::write(&Paper { blocks, ..Paper::default() }, &Profile::default()).unwrap()
}

fn drawn_up(app: &TestApp) {
    let sent = ReportInput {
        campaign: "1".to_owned(),
        unit: "1".to_owned(),
        template: "brief".to_owned(),
        ..ReportInput::default()
    };
    app.app.draw_up_report(&app.ctx("office"), &sent).unwrap();
}

fn issued(app: &TestApp) {
    drawn_up(app);
    app.app.issue_report(&app.ctx("office"), ReportId(1), None, None).unwrap();
}

fn own_template(app: &TestApp) {
    let sent = OwnTemplateInput {
        campaign: "1".to_owned(),
        unit: "1".to_owned(),
        name: "周报".to_owned(),
        kind: "special".to_owned(),
    };
    let file = SentFile { name: "周报.docx".to_owned(), bytes: own_docx() };
    app.app.add_report_template(&app.ctx("office"), &sent, &file).unwrap();
}
