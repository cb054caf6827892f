//! `bihuan template`: check a campaign template.

use crate::exit::Failure;
use crate::files;
use bihuan_domain::template::Template;
use std::path::PathBuf;

/// Options.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// 检查专项行动模板（TOML），逐行指出写错的地方
    Check(CheckArgs),
    /// 输出模板的 JSON Schema
    Schema,
}

#[derive(Debug, clap::Args)]
struct CheckArgs {
    /// 模板文件
    #[arg(value_name = "文件")]
    file: PathBuf,
    /// 每处错误输出一行 JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
///
/// # Errors
/// A file that cannot be read; a check failure when the template has faults.
pub fn run(args: Args) -> Result<(), Failure> {
    match args.command {
        Command::Check(args) => check(&args),
        Command::Schema => {
            println!("{}", bihuan_domain::template::schema());
            Ok(())
        }
    }
}

fn check(args: &CheckArgs) -> Result<(), Failure> {
    let text = files::read_text(&args.file)?;
    match Template::parse(&text) {
        Ok(template) => {
            if args.json {
                println!(
                    "{}",
                    serde_json::json!({ "code": template.code, "name": template.name, "faults": [] })
                );
            } else {
                println!("模板“{}”没有错误。", template.name);
            }
            Ok(())
        }
        Err(faults) => {
            for fault in &faults {
                if args.json {
                    println!("{}", serde_json::to_string(fault).map_err(|e| Failure::Fault(e.to_string()))?);
                } else {
                    println!("{}：{fault}", args.file.display());
                }
            }
            Err(Failure::Check(format!("模板有{}处错误。", faults.len())))
        }
    }
}
