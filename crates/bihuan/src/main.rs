//! The program: configuration, commands, wiring.

mod commands;
mod exit;
mod open;
mod progress;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Bihuan 闭环: runs a supervised campaign as a closed loop.
#[derive(Debug, Parser)]
#[command(name = "bihuan", version, about = "闭环：让专项行动一项一项闭环落实", long_about = None)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 按原文解读整改时限，每条输出一行 JSON
    Deadline(commands::deadline::Args),
    /// 读取、导入、导出台账
    Ledger(commands::ledger::Args),
    /// 核验流水链和汇总数，指出第一处异常
    Verify(commands::verify::Args),
    /// 大规模性能测试：全国单位树加一百万个问题
    Bench(commands::bench::Args),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match cli.command {
        Command::Deadline(args) => commands::deadline::run(args),
        Command::Ledger(args) => commands::ledger::run(args),
        Command::Verify(args) => commands::verify::run(args),
        Command::Bench(args) => commands::bench::run(args),
    };
    exit::code(result)
}
