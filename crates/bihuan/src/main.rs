//! The program: configuration, commands, wiring.

mod archive;
mod commands;
mod config;
mod demo;
mod exit;
mod files;
mod indexer;
mod key_file;
mod logging;
mod open;
mod progress;
mod runtime;
mod simulate;
mod supervisor;
mod usage;
mod values;
mod words;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
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
    /// 演示：生成虚构的云溪县并启动，点一下即可登录
    Demo(commands::demo::Args),
    /// 初始化：打印一次性密钥
    Init(commands::init::Args),
    /// 启动服务
    Serve(commands::serve::Args),
    /// 备份全部数据到一个文件（可在服务运行时进行）
    Backup(commands::backup::Args),
    /// 把备份恢复到空的数据库，并核验行数、摘要和流水链
    Restore(commands::restore::Args),
    /// 导出问题
    Export(commands::export::Args),
    /// 设立第一个单位、导入单位
    Units(commands::units::Args),
    /// 导入人员和任职
    People(commands::people::Args),
    /// 检查专项行动模板
    Template(commands::template::Args),
    /// 核验随机抽取
    Draw(commands::draw::Args),
    /// 按原文解读整改时限，每条输出一行 JSON
    Deadline(commands::deadline::Args),
    /// 读文稿：布置的任务、数字、矛盾、差错，每条输出一行 JSON
    Text(commands::text::Args),
    /// 资料库索引
    Index(commands::index::Args),
    /// 读取、导入、导出台账
    Ledger(commands::ledger::Args),
    /// 核验流水链和汇总数，指出第一处异常
    Verify(commands::verify::Args),
    /// 密钥文件：查看、更换、遗失处理
    Key(commands::key::Args),
    /// 大规模性能测试：全国单位树加一百万个问题
    Bench(commands::bench::Args),
    /// 模拟督办：几个月、上万个单位，核对阶梯和摘要的承诺
    Simulate(commands::simulate::Args),
}

fn main() -> ExitCode {
    let asked = usage::in_chinese(Cli::command());
    let cli = match asked.try_get_matches().and_then(|found| Cli::from_arg_matches(&found)) {
        Ok(cli) => cli,
        Err(error) => return exit::usage(&error),
    };
    let result = match cli.command {
        Command::Demo(args) => commands::demo::run(args),
        Command::Init(args) => commands::init::run(args),
        Command::Serve(args) => commands::serve::run(args),
        Command::Backup(args) => commands::backup::run(args),
        Command::Restore(args) => commands::restore::run(args),
        Command::Export(args) => commands::export::run(args),
        Command::Units(args) => commands::units::run(args),
        Command::People(args) => commands::people::run(args),
        Command::Template(args) => commands::template::run(args),
        Command::Draw(args) => commands::draw::run(args),
        Command::Deadline(args) => commands::deadline::run(args),
        Command::Text(args) => commands::text::run(args),
        Command::Index(args) => commands::index::run(args),
        Command::Ledger(args) => commands::ledger::run(args),
        Command::Verify(args) => commands::verify::run(args),
        Command::Key(args) => commands::key::run(args),
        Command::Bench(args) => commands::bench::run(args),
        Command::Simulate(args) => commands::simulate::run(args),
    };
    exit::code(result)
}
