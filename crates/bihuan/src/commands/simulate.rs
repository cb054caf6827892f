//! `bihuan simulate`: months of supervision played with a seeded clock, and the promises of the ladder counted.

use crate::exit::Failure;
use crate::simulate::{Outline, run as play, run_in};
use crate::values;
use bihuan_store::db::{DbOptions, Target};
use bihuan_store::{Db, migrate};

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
    /// 在 PostgreSQL 上模拟（须是空库，结束后不删除）；不写则用临时的 SQLite
    #[arg(long, value_name = "postgres://…")]
    database: Option<String>,
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
    let figures = match args.database {
        None => play(outline)?,
        Some(url) => {
            let db = Db::open(&Target::Postgres(url), &DbOptions::default())?;
            migrate::migrate(&db)?;
            if !db.read(bihuan_store::portable::is_untouched)? {
                return Err(Failure::Input("--database 里已经有数据，请换一个空库。".to_owned()));
            }
            run_in(db, outline)?
        }
    };
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
