//! `bihuan ledger`: read a ledger file of any layout, import it, export.

use super::ledger_file::{self, ExportArgs, ImportArgs};
use crate::exit::Failure;
use bihuan_documents::{ledger, sheet};
use std::io::Write;
use std::path::PathBuf;

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
    let bytes = std::fs::read(&args.file)
        .map_err(|error| Failure::Input(format!("无法读取“{}”：{error}。", args.file.display())))?;
    let name = args.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let workbook = sheet::read_any(&name, &bytes).map_err(|error| Failure::Input(error.to_string()))?;
    let mut out = std::io::stdout().lock();
    let broken = |error: std::io::Error| Failure::Fault(error.to_string());
    for reading in ledger::read_workbook(&workbook) {
        if args.json {
            if !args.all_sheets && !reading.verdict.is_offered() {
                continue;
            }
            for row in &reading.rows {
                writeln!(out, "{}", row.to_json()).map_err(broken)?;
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
        .map_err(broken)?;
        for row in &reading.rows {
            writeln!(out, "  第{}行 {} {}", row.row, row.seq, row.problem).map_err(broken)?;
        }
    }
    Ok(())
}
