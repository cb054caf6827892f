//! `bihuan simulate`: months of supervision played with a seeded clock, and the promises of the ladder counted.

use crate::exit::Failure;
use crate::simulate::{Outline, run as play};
use crate::values;

/// Options.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 多少天
    #[arg(long, value_name = "天数", default_value_t = 90, value_parser = |text: &str| values::whole(text, 1..=DAYS_MAX))]
    days: i32,
    /// 多少个单位
    #[arg(long, value_name = "个数", default_value_t = 10_000, value_parser = |text: &str| values::whole(text, UNITS_MIN..=UNITS_MAX))]
    units: i64,
    /// 随机种子
    #[arg(long, value_name = "整数", default_value_t = 20_240_304, value_parser = |text: &str| values::whole(text, 0..=u64::MAX))]
    seed: u64,
    /// 结果输出为 JSON
    #[arg(long)]
    json: bool,
}

/// Most days of one simulation: the calendar's years end somewhere.
const DAYS_MAX: i32 = 365;
/// Fewest units of one simulation.
const UNITS_MIN: i64 = 10;
/// Most units of one simulation.
const UNITS_MAX: i64 = 100_000;

/// Plays and prints.
///
/// # Errors
/// Options out of bounds, faults of the database; a promise that was broken.
pub fn run(args: Args) -> Result<(), Failure> {
    let outline = Outline { days: args.days, units: args.units, seed: args.seed };
    let figures = play(outline)?;
    if args.json {
        println!("{}", serde_json::to_string(&figures).map_err(|error| Failure::Fault(error.to_string()))?);
    } else {
        figures.print();
    }
    if figures.promises_broken() > 0 {
        return Err(Failure::Fault("模拟中有承诺没有兑现，详见上面的数字。".to_owned()));
    }
    Ok(())
}
