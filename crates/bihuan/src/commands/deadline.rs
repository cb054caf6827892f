//! `bihuan deadline`: what the wording of a deadline means.

use crate::exit::Failure;
use crate::files::unheard;
use crate::values;
use crate::words::why;
use bihuan_domain::Day;
use bihuan_domain::calendar::Calendar;
use bihuan_domain::deadline::{Deadline, DeadlineDefaults};
use std::io::Write;

/// Options.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 下发日期，如 2023-09-04；相对的时限从这一天起算
    #[arg(long, value_name = "年-月-日", value_parser = values::day)]
    issued: Day,
    /// “立行立改”默认的工作日数
    #[arg(long, value_name = "天数", default_value_t = DeadlineDefaults::default().immediate_working_days, value_parser = |text: &str| values::whole(text, 1..=DAYS_MAX))]
    immediate_working_days: u32,
    /// 长期坚持事项默认的复查间隔（天）
    #[arg(long, value_name = "天数", default_value_t = DeadlineDefaults::default().recheck_days, value_parser = |text: &str| values::whole(text, 1..=DAYS_MAX))]
    recheck_days: u32,
    /// 时限原文，可以有多条；不写则从标准输入逐行读取
    #[arg(value_name = "原文")]
    text: Vec<String>,
}

/// Most days of a default.
const DAYS_MAX: u32 = 3_650;

/// Prints one JSON object a line.
///
/// # Errors
/// An unreadable issue day; working days beyond the calendar, after the other lines were printed.
pub fn run(args: Args) -> Result<(), Failure> {
    let defaults = DeadlineDefaults {
        immediate_working_days: args.immediate_working_days,
        recheck_days: args.recheck_days,
    };
    let texts = if args.text.is_empty() {
        std::io::stdin()
            .lines()
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| Failure::Input(format!("无法读取标准输入：{}。", why(&error))))?
    } else {
        args.text
    };
    let mut out = std::io::stdout().lock();
    let mut failure = None;
    for text in texts {
        match Deadline::parse(&text, args.issued, Calendar::china(), &defaults) {
            Ok(deadline) => writeln!(
                out,
                "{}",
                serde_json::to_string(&deadline.line()).map_err(|e| Failure::Fault(e.to_string()))?
            )
            .map_err(unheard)?,
            Err(error) => failure = Some(error.to_string()),
        }
    }
    failure.map_or(Ok(()), |sentence| Err(Failure::Input(sentence)))
}
