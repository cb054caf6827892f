//! `bihuan deadline`: what the wording of a deadline means.

use crate::exit::Failure;
use bihuan_domain::Day;
use bihuan_domain::calendar::Calendar;
use bihuan_domain::deadline::{Deadline, DeadlineDefaults};
use std::io::Write;

/// Options.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 下发日期，如 2023-09-04；相对的时限从这一天起算
    #[arg(long, value_name = "年-月-日")]
    issued: String,
    /// “立行立改”默认的工作日数
    #[arg(long, default_value_t = DeadlineDefaults::default().immediate_working_days)]
    immediate_working_days: u32,
    /// 长期坚持事项默认的复查间隔（天）
    #[arg(long, default_value_t = DeadlineDefaults::default().recheck_days)]
    recheck_days: u32,
    /// 时限原文，可以有多条；不写则从标准输入逐行读取
    text: Vec<String>,
}

/// Prints one JSON object a line.
///
/// # Errors
/// An unreadable issue day; working days beyond the calendar, after the other lines were printed.
pub fn run(args: Args) -> Result<(), Failure> {
    let issued = Day::parse(&args.issued).map_err(|_| {
        Failure::Input(format!("--issued “{}”不是日期，请写成 2023-09-04 的样子。", args.issued))
    })?;
    let defaults = DeadlineDefaults {
        immediate_working_days: args.immediate_working_days,
        recheck_days: args.recheck_days,
    };
    let texts = if args.text.is_empty() {
        std::io::stdin()
            .lines()
            .collect::<Result<Vec<_>, _>>()
            .map_err(|e| Failure::Input(format!("无法读取标准输入：{e}。")))?
    } else {
        args.text
    };
    let mut out = std::io::stdout().lock();
    let mut failure = None;
    for text in texts {
        match Deadline::parse(&text, issued, Calendar::china(), &defaults) {
            Ok(deadline) => writeln!(
                out,
                "{}",
                serde_json::to_string(&deadline.line()).map_err(|e| Failure::Fault(e.to_string()))?
            )
            .map_err(|e| Failure::Fault(e.to_string()))?,
            Err(error) => failure = Some(error.to_string()),
        }
    }
    failure.map_or(Ok(()), |sentence| Err(Failure::Input(sentence)))
}
