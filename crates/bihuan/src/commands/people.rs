//! `bihuan people`: bring people and their posts in.

use super::units::{below, name_of, tell};
use crate::exit::Failure;
use crate::open::Where;
use crate::{files, values};
use bihuan_app::App;
use bihuan_app::person_import::{PeopleOrder, PeopleTally, read_people};
use bihuan_app::unit_import::Importer;
use bihuan_domain::Day;
use serde_json::json;
use std::path::PathBuf;
use std::sync::Arc;

/// Options.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// 导入人员和任职：表格（csv、xlsx），表头为姓名、单位、职务、手机
    Import(Box<ImportArgs>),
}

#[derive(Debug, clap::Args)]
struct ImportArgs {
    #[command(flatten)]
    place: Where,
    /// 表格文件
    #[arg(value_name = "文件")]
    file: PathBuf,
    /// 表格中的单位都在这个单位（代码）及以下；不写则为全部单位
    #[arg(long, value_name = "单位代码")]
    below: Option<String>,
    /// 没有写任职日期的，按这一天算，如 2024-01-01；不写则为今天
    #[arg(long, value_name = "年-月-日", value_parser = values::day)]
    day: Option<Day>,
    /// 只说明会有什么变化，不写入
    #[arg(long)]
    dry_run: bool,
    /// 结果输出为 JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
///
/// # Errors
/// Files that cannot be read, rows that are wrong, faults of the database.
pub fn run(args: Args) -> Result<(), Failure> {
    match args.command {
        Command::Import(args) => import(&args),
    }
}

fn import(args: &ImportArgs) -> Result<(), Failure> {
    let bytes = files::read(&args.file)?;
    let file = Arc::new(read_people(&name_of(&args.file), &bytes)?);
    let app = App::new(args.place.open_migrated()?);
    let now = bihuan_store::clock::now();
    let day = args.day.unwrap_or_else(|| now.day_in_china());
    let order = PeopleOrder { below: below(&app, args.below.as_deref())?, day };
    let who = Importer::Console(now);
    let plan = app.plan_people(&who, &file, &order)?;
    if plan.error_count > 0 {
        tell(&plan.errors, args.json);
        return Err(Failure::Input(format!("表格有{}处错误，没有导入任何人员。", plan.error_count)));
    }
    let tally = if args.dry_run { plan.tally } else { app.import_people(who, file, order)?.0 };
    say(tally, plan.rows, &plan.ignored, args.json);
    Ok(())
}

fn say(tally: PeopleTally, rows: i64, ignored: &[String], as_json: bool) {
    if as_json {
        println!("{}", json!({ "rows": rows, "tally": tally, "ignored": ignored }));
        return;
    }
    println!(
        "表格中{rows}行：登记{}人，设置岗位{}个，任职{}人次，更正电话{}人，不变{}行。",
        tally.registered, tally.posts, tally.appointed, tally.phones, tally.unchanged
    );
    if !ignored.is_empty() {
        println!("以下列不导入：{}。", ignored.join("、"));
    }
}
