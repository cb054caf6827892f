//! `bihuan draw verify`: draws again from a file, without a database.

use crate::exit::Failure;
use crate::files;
use bihuan_domain::draw::{self, DrawFault};
use std::path::PathBuf;

/// Options.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// 核验抽取文件：不用数据库，重抽一遍，指出哪里不符
    Verify(VerifyArgs),
}

/// Options of `draw verify`.
#[derive(Debug, clap::Args)]
struct VerifyArgs {
    /// 抽取文件（从抽取页面下载）
    #[arg(value_name = "文件")]
    file: PathBuf,
    /// 结果输出为 JSON
    #[arg(long)]
    json: bool,
}

/// Checks.
///
/// # Errors
/// An unreadable file; a check failure that says what does not hold.
pub fn run(args: Args) -> Result<(), Failure> {
    let Command::Verify(args) = args.command;
    let text = files::read_text(&args.file)?;
    match draw::verify(&text) {
        Err(fault) => {
            if args.json {
                println!("{}", serde_json::json!({ "holds": false, "faults": [fault] }));
            }
            Err(Failure::Input(format!("{}：{}", args.file.display(), fault.sentence)))
        }
        Ok((file, faults)) => {
            let sealed = file.secret.is_empty();
            if args.json {
                println!(
                    "{}",
                    serde_json::json!({ "holds": faults.is_empty(), "sealed": sealed, "draw": file.draw,
                        "candidates": file.plan.candidates.len(), "drawn": file.drawn.len(), "faults": faults })
                );
            } else if faults.is_empty() {
                say(&file, sealed);
            }
            refuse(&faults)
        }
    }
}

fn say(file: &draw::DrawFile, sealed: bool) {
    println!(
        "抽取“{}”：对象{}个，检查人员{}名。",
        file.plan.title,
        file.plan.candidates.len(),
        file.plan.examiners.len()
    );
    if sealed {
        println!("名单摘要与文件一致。名单尚未启封，密数和结果没有公布，启封后再下载文件核验结果。");
    } else {
        println!(
            "承诺、种子和结果全部一致：重抽一遍得到同样的{}个，顺序和检查人员也相同。",
            file.drawn.len()
        );
    }
}

fn refuse(faults: &[DrawFault]) -> Result<(), Failure> {
    if faults.is_empty() {
        return Ok(());
    }
    let words: Vec<&str> = faults.iter().map(|fault| fault.sentence.as_str()).collect();
    Err(Failure::Check(format!("抽取文件有{}处不符：{}", faults.len(), words.join(""))))
}
