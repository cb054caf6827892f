//! What pages and JSON of every import of a table share: its template, the chosen file, and the rows that are wrong.

use axum::response::{IntoResponse as _, Response};
use bihuan_app::unit_import::LineError;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    error::Problem,
    upload::{Upload, UploadedFile},
};

/// A template as a file to be filled in; `name` is its file name.
pub(crate) fn template(name: &str, rows: &str) -> Response {
    let headers = [
        ("content-type", "text/csv; charset=utf-8".to_owned()),
        ("content-disposition", format!("attachment; filename=\"{name}\"")),
    ];
    // The mark at the beginning tells spreadsheet programs that it is UTF-8.
    (headers, format!("\u{feff}{rows}")).into_response()
}

/// The table that was chosen in the form.
pub(crate) fn chosen(sent: &Upload) -> Result<UploadedFile, Problem> {
    let none = || Problem::Invalid {
        fields: vec![("file".to_owned(), "没有选择文件。请选择csv或xlsx文件。".to_owned())],
    };
    sent.file("file").cloned().ok_or_else(none)
}

/// The first wrong rows; `what` is the word for the table.
pub(crate) fn errors(what: &str, errors: &[LineError], count: usize) -> Markup {
    html! {
        div .error-summary role="alert" tabindex="-1" aria-labelledby="error-summary-title" {
            h2 #error-summary-title { (what) "有 " (count) " 处错误，改正之前不能导入" }
            ul { @for error in errors { li { @if error.line > 0 { "第" (error.line) "行：" } (error.sentence) } } }
            @if count > errors.len() { p { "只列出前" (errors.len()) "处。" } }
        }
    }
}

/// The same as JSON.
pub(crate) fn errors_json(errors: &[LineError]) -> Vec<Value> {
    errors.iter().map(|error| json!({ "line": error.line, "sentence": error.sentence })).collect()
}

/// A body that is the table itself, or JSON that carries it as `{"csv": "…"}`; `name` stands for the file's.
pub(crate) fn carried<T>(
    name: &str,
    content: &[u8],
    read: impl FnOnce(&str, &[u8]) -> Result<T, bihuan_app::Error>,
) -> Result<T, bihuan_app::Error> {
    #[derive(Deserialize)]
    struct Carried {
        csv: String,
    }
    match serde_json::from_slice::<Carried>(content) {
        Ok(carried) => read(name, carried.csv.as_bytes()),
        Err(_) => read(name, content),
    }
}
