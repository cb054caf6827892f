//! `bihuan text`: obligations, figures, conflicts and faults of a document, one JSON object a line.

use crate::exit::Failure;
use crate::files::{self, unheard};
use crate::values;
use bihuan_app::text_check::tables_of;
use bihuan_documents::text::read_text;
use bihuan_text::tables::{Cell, tabbed, with_sentences};
use serde::Serialize;
use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Options.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// 找出讲话、通知中布置的任务
    Obligations(Files),
    /// 找出文稿中的数字
    Figures(Files),
    /// 找出互相矛盾的数字
    Conflicts(Files),
    /// 校核序号、引号、错字、占位符等差错
    Faults(Files),
}

#[derive(Debug, clap::Args)]
struct Files {
    /// 文稿所属年份，用于推算没有写年份的日期
    #[arg(long, value_name = "年份", value_parser = |text: &str| values::whole(text, 1949..=YEAR_MAX))]
    year: Option<i32>,
    /// 文稿：txt（UTF-8 或 GBK）、docx、带文字层的 pdf
    #[arg(required = true, value_name = "文件")]
    file: Vec<PathBuf>,
}

/// Last year a text may be of.
const YEAR_MAX: i32 = 2_200;

/// Prints what is found, with the file's name without ending as `doc`.
///
/// # Errors
/// Files that cannot be read.
pub fn run(args: Args) -> Result<(), Failure> {
    let files = match &args.what {
        What::Obligations(files) | What::Figures(files) | What::Conflicts(files) | What::Faults(files) => {
            files
        }
    };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for file in &files.file {
        let (text, tables) = read(file)?;
        let doc = file.file_stem().unwrap_or_default().to_string_lossy();
        let found = match args.what {
            What::Obligations(_) => json_of(bihuan_text::obligations(&text, files.year)),
            What::Figures(_) => json_of(bihuan_text::figures(&text)),
            What::Conflicts(_) => json_of(with_sentences(&text, &tables)),
            What::Faults(_) => json_of(bihuan_text::faults(&text)),
        };
        for mut value in found.map_err(|error| Failure::Fault(error.to_string()))? {
            if let Value::Object(fields) = &mut value {
                fields.insert("doc".to_owned(), Value::String(doc.to_string()));
            }
            writeln!(out, "{value}").map_err(unheard)?;
        }
    }
    out.flush().map_err(unheard)
}

/// The text of a file, and the cells of each table in it.
fn read(file: &Path) -> Result<(String, Vec<Vec<Cell>>), Failure> {
    let bytes = files::read(file)?;
    if bytes.is_empty() {
        return Ok(Default::default());
    }
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    // A text that begins like a page of the web is a text all the same; offsets must be those of the file.
    if let Ok(text) = std::str::from_utf8(&bytes)
        && !bytes.starts_with(b"%PDF-")
        && !bytes.starts_with(b"PK")
    {
        return Ok((text.to_owned(), tabbed(text)));
    }
    let told = |error: &dyn std::fmt::Display| {
        let why = error.to_string();
        Failure::Input(format!("无法读取“{}”：{}。", file.display(), why.trim_end_matches('。')))
    };
    let read = read_text(&name, &bytes).map_err(|error| told(&error))?;
    let tables = tables_of(&read);
    Ok((read.text, tables))
}

fn json_of<T: Serialize>(found: Vec<T>) -> Result<Vec<Value>, serde_json::Error> {
    found.into_iter().map(serde_json::to_value).collect()
}
