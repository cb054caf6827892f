//! `bihuan text`: obligations, figures, conflicts and faults of a document, one JSON object a line.

use crate::exit::Failure;
use serde::Serialize;
use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Longest file that is read, in bytes.
const TEXT_BYTES_MAX: u64 = 64 * 1024 * 1024;

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
    #[arg(long)]
    year: Option<i32>,
    /// 文本文件（UTF-8 的 txt）
    #[arg(required = true)]
    file: Vec<PathBuf>,
}

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
        let text = read(file)?;
        let doc = file.file_stem().unwrap_or_default().to_string_lossy();
        let found = match args.what {
            What::Obligations(_) => values(bihuan_text::obligations(&text, files.year)),
            What::Figures(_) => values(bihuan_text::figures(&text)),
            What::Conflicts(_) => values(bihuan_text::conflicts(&text)),
            What::Faults(_) => values(bihuan_text::faults(&text)),
        };
        for mut value in found.map_err(|error| Failure::Fault(error.to_string()))? {
            if let Value::Object(fields) = &mut value {
                fields.insert("doc".to_owned(), Value::String(doc.to_string()));
            }
            writeln!(out, "{value}").map_err(|error| Failure::Fault(error.to_string()))?;
        }
    }
    out.flush().map_err(|error| Failure::Fault(error.to_string()))
}

fn read(file: &Path) -> Result<String, Failure> {
    let cannot = |error: std::io::Error| Failure::Input(format!("无法读取“{}”：{error}。", file.display()));
    let size = std::fs::metadata(file).map_err(cannot)?.len();
    if size > TEXT_BYTES_MAX {
        return Err(Failure::Input(format!(
            "“{}”超过{}MB，请拆分后再读。",
            file.display(),
            TEXT_BYTES_MAX >> 20
        )));
    }
    let bytes = std::fs::read(file).map_err(cannot)?;
    String::from_utf8(bytes)
        .map_err(|_| Failure::Input(format!("“{}”不是 UTF-8 文本，请另存为 UTF-8 后再读。", file.display())))
}

fn values<T: Serialize>(found: Vec<T>) -> Result<Vec<Value>, serde_json::Error> {
    found.into_iter().map(serde_json::to_value).collect()
}
