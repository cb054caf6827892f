//! `bihuan ledger`: read a ledger file of any layout, import it, export.

use super::ledger_file::{self, ExportArgs, ImportArgs};
use crate::exit::Failure;
use crate::files::{self, unheard};
use bihuan_documents::ledger::{self, SheetReading};
use bihuan_documents::sheet;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Options.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// 读取台账文件（xlsx、csv、docx），列出每个问题
    Read(ReadArgs),
    /// 把台账导入专项行动；有疑点的留在网页上逐条答复
    Import(Box<ImportArgs>),
    /// 导出台账：统一版式，或导入时的原版式
    Export(Box<ExportArgs>),
}

#[derive(Debug, clap::Args)]
struct ReadArgs {
    /// 台账文件
    #[arg(value_name = "文件")]
    file: PathBuf,
    /// 每个问题输出一行 JSON
    #[arg(long)]
    json: bool,
    /// 连同内容重复、默认不导入的工作表一起输出
    #[arg(long)]
    all_sheets: bool,
}

/// Runs the command.
///
/// # Errors
/// Files that cannot be read, with the reason.
pub fn run(args: Args) -> Result<(), Failure> {
    match args.command {
        Command::Read(args) => read(&args),
        Command::Import(args) => ledger_file::import(&args),
        Command::Export(args) => ledger_file::export(&args),
    }
}

fn read(args: &ReadArgs) -> Result<(), Failure> {
    let bytes = files::read(&args.file)?;
    let name = args.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let workbook = sheet::read_any(&name, &bytes).map_err(|error| Failure::Input(error.to_string()))?;
    let readings = ledger::read_workbook(&workbook);
    let is_wanted = |reading: &SheetReading| args.all_sheets || reading.verdict.is_offered();
    let mut out = std::io::stdout().lock();
    for reading in &readings {
        if args.json {
            let rows = if is_wanted(reading) { reading.rows.as_slice() } else { &[] };
            for row in rows {
                writeln!(out, "{}", row.to_json()).map_err(unheard)?;
            }
            continue;
        }
        writeln!(
            out,
            "工作表“{}”：{}（{}个问题）",
            reading.sheet,
            reading.verdict.reason(),
            reading.rows.len()
        )
        .map_err(unheard)?;
        for row in &reading.rows {
            writeln!(out, "  第{}行 {} {}", row.row, row.seq, row.problem).map_err(unheard)?;
        }
    }
    out.flush().map_err(unheard)?;
    if readings.iter().all(|reading| reading.rows.is_empty()) {
        return Err(no_ledger(&args.file, &readings));
    }
    Ok(())
}

/// A file without a single problem is the wrong file: an empty answer would look like an empty ledger.
fn no_ledger(path: &Path, readings: &[SheetReading]) -> Failure {
    let reasons: Vec<String> = readings
        .iter()
        .filter(|reading| !reading.verdict.reason().is_empty())
        .map(|reading| format!("“{}”：{}", reading.sheet, reading.verdict.reason()))
        .collect();
    Failure::Input(format!("“{}”中没有读到问题。{}。", path.display(), reasons.join("；")))
}
