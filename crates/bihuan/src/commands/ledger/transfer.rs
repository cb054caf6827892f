//! `bihuan ledger import` and `bihuan ledger export`: ledgers in and out, as an account of the database.

use crate::exit::Failure;
use crate::open::Where;
use crate::progress;
use bihuan_app::ledger::{ExportFormat, LedgerQuery, seen_campaigns};
use bihuan_app::ledger_import::{DeadlineAnswer, Settle, Take, UnitAnswer, Upload, Waiting};
use bihuan_app::{App, Context};
use bihuan_domain::Day;
use bihuan_domain::id::{CampaignId, LedgerImportId, UnitId};
use serde_json::json;
use std::path::PathBuf;
use std::sync::Arc;

/// Options of `import`.
#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    #[command(flatten)]
    place: Where,
    /// 台账文件（xlsx、csv、docx）
    file: PathBuf,
    /// 以这个账号的身份导入
    #[arg(long = "as", value_name = "账号")]
    login: String,
    /// 登记单位的代码
    #[arg(long, value_name = "单位代码")]
    unit: String,
    /// 专项行动的代码；不写则为最近进行中的
    #[arg(long, value_name = "代码")]
    campaign: Option<String>,
    /// 时限从这一天起算；不写则为今天
    #[arg(long, value_name = "年-月-日")]
    issued: Option<String>,
    /// 验收单位的代码；不写则问题先登记，等待交办
    #[arg(long, value_name = "单位代码")]
    checking: Option<String>,
    /// 没有认出的单位保留原文，没有定到日期的时限交办时明确；不写则列出疑点并停下
    #[arg(long)]
    keep_doubts: bool,
    /// 再次导入时有变化的内容：采用新的（new）还是保留现有的（ours）；不写则列出变化并停下
    #[arg(long, value_name = "new|ours")]
    take: Option<String>,
    /// 结果输出为 JSON
    #[arg(long)]
    json: bool,
}

/// Options of `export`.
#[derive(Debug, clap::Args)]
pub struct ExportArgs {
    #[command(flatten)]
    place: Where,
    /// 以这个账号的身份导出
    #[arg(long = "as", value_name = "账号")]
    login: String,
    /// 按原版式给回第几次导入的台账；不写则导出普通台账
    #[arg(long, value_name = "编号")]
    import: Option<i64>,
    /// 普通台账：哪个单位（含下级）的代码；不写则为能看到的最上级
    #[arg(long, value_name = "单位代码")]
    unit: Option<String>,
    /// 普通台账：专项行动的代码
    #[arg(long, value_name = "代码")]
    campaign: Option<String>,
    /// 普通台账：截至过去某一天终
    #[arg(long, value_name = "年-月-日")]
    as_of: Option<String>,
    /// 写到这个文件；普通台账按后缀 xlsx 或 csv
    #[arg(long, short, value_name = "文件")]
    output: PathBuf,
}

fn day(option: &str, text: &str) -> Result<Day, Failure> {
    Day::parse(text).map_err(|error| Failure::Input(format!("--{option}：{error}")))
}

/// The account with its posts and grants of today.
fn context(app: &App, login: &str) -> Result<Context, Failure> {
    let at = bihuan_app::clock::now();
    let found = app.db.read(|conn| -> Result<Option<Context>, bihuan_app::Error> {
        let Some(account) = bihuan_store::account::by_login(conn, login)? else { return Ok(None) };
        let loaded = bihuan_app::actor::load(conn, &account, at.day_in_china())?;
        Ok(Some(Context { actor: Arc::new(loaded.actor), at, source_address: "console".to_owned() }))
    })?;
    found.ok_or_else(|| Failure::Input(format!("没有账号“{login}”。")))
}

fn unit(app: &App, code: &str) -> Result<UnitId, Failure> {
    let found = app.db.read(|conn| bihuan_store::unit::open_by_code(conn, code))?;
    found.map(|unit| unit.id).ok_or_else(|| Failure::Input(format!("没有代码为“{code}”的单位。")))
}

fn campaign(app: &App, ctx: &Context, code: Option<&str>) -> Result<CampaignId, Failure> {
    let all = app.db.read(|conn| seen_campaigns(conn, ctx))?;
    let found = all.iter().find(|campaign| code.is_none_or(|code| campaign.code == code));
    found.map(|campaign| campaign.id).ok_or_else(|| match code {
        Some(code) => Failure::Input(format!("没有代码为“{code}”的专项行动，或这个账号看不到。")),
        None => Failure::Input("这个账号看不到任何专项行动。".to_owned()),
    })
}

/// Imports a file; what is doubtful or changed stops it unless the options say what to do.
///
/// # Errors
/// Files, options, refusals, faults.
pub fn import(args: &ImportArgs) -> Result<(), Failure> {
    let app = App::new(args.place.open_existing()?);
    let ctx = context(&app, &args.login)?;
    let bytes = std::fs::read(&args.file)
        .map_err(|error| Failure::Input(format!("无法读取“{}”：{error}。", args.file.display())))?;
    let name = args.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let upload = Upload {
        campaign: campaign(&app, &ctx, args.campaign.as_deref())?,
        unit: unit(&app, &args.unit)?,
        file_name: name,
        bytes,
        issued: args.issued.as_deref().map(|text| day("issued", text)).transpose()?,
    };
    let id = app.begin_import(&ctx, upload)?.id;
    settle(&app, &ctx, id, args)?;
    let waiting = app.import_review(&ctx, id)?;
    if waiting.doubts.open() > 0 || waiting.comparison.undecided() > 0 {
        let told = questions(&waiting);
        app.discard_import(&ctx, id, waiting.view.import.version)?;
        return Err(Failure::Refused(told));
    }
    app.start_import(&ctx, id, waiting.view.import.version)?;
    let bar = progress::bar("导入", waiting.rows.len() as u64);
    let counted = app.run_import(&ctx, id, &mut |progress| bar.set_position(progress.done as u64))?;
    bar.finish_and_clear();
    if args.json {
        println!("{}", json!({ "import": id, "counted": counted }));
        return Ok(());
    }
    println!(
        "第{id}次导入：{}行，新登记{}件（直接交办{}件），更新{}件，保留{}行，无变化{}行，文件里没有了{}件。",
        counted.rows,
        counted.registered,
        counted.assigned,
        counted.updated,
        counted.kept,
        counted.same,
        counted.missing
    );
    for (ordinal, why) in &counted.waiting {
        println!("  第{ordinal}个问题等待交办：{why}");
    }
    Ok(())
}

fn settle(app: &App, ctx: &Context, id: LedgerImportId, args: &ImportArgs) -> Result<(), Failure> {
    let waiting = app.import_review(ctx, id)?;
    let mut answers = waiting.view.answers.clone();
    if let Some(code) = &args.checking {
        answers.checking = Some(unit(app, code)?);
    }
    if args.keep_doubts {
        for unit in waiting.doubts.units.iter().filter(|unit| unit.is_open()) {
            answers.units.insert(unit.written.clone(), UnitAnswer::Keep);
        }
        for deadline in &waiting.doubts.deadlines {
            answers.deadlines.entry(deadline.written.clone()).or_insert(DeadlineAnswer::Clarify);
        }
    }
    let take = match args.take.as_deref() {
        None => None,
        Some("new") => Some(Take::New),
        Some("ours") => Some(Take::Ours),
        Some(other) => return Err(Failure::Input(format!("--take 只能是 new 或 ours，不能是“{other}”。"))),
    };
    if let Some(take) = take {
        for field in waiting.comparison.changed.iter().flat_map(|row| &row.fields) {
            answers.takes.insert(field.key.clone(), take);
        }
    }
    let settle = Settle { answers: Some(answers), ..Settle::default() };
    app.settle_import(ctx, id, waiting.view.import.version, settle)?;
    Ok(())
}

/// What stands in the way, one line each.
fn questions(waiting: &Waiting) -> String {
    let mut lines = vec!["有疑点或变化需要人来定，没有导入：".to_owned()];
    for unit in waiting.doubts.units.iter().filter(|unit| unit.is_open()) {
        lines.push(format!("  单位“{}”（{}处）没有认出", unit.written, unit.places));
    }
    for deadline in waiting.doubts.deadlines.iter().filter(|deadline| deadline.answer.is_none()) {
        lines.push(format!("  时限“{}”（{}件）：{}", deadline.written, deadline.places, deadline.reason));
    }
    for row in waiting.comparison.changed.iter().filter(|row| row.open) {
        for field in row.fields.iter().filter(|field| field.take.is_none()) {
            let (label, ours, theirs) = (field.field.label(), &field.ours, &field.theirs);
            lines.push(format!("  {} {label}：现在“{ours}”，文件里“{theirs}”", row.problem.citation()));
        }
    }
    lines.push("可加 --keep-doubts 保留原文、--take new|ours 统一取舍，或在网页上逐项确认。".to_owned());
    lines.join("\n")
}

/// Exports a ledger to a file.
///
/// # Errors
/// Files, options, refusals, faults.
pub fn export(args: &ExportArgs) -> Result<(), Failure> {
    let app = App::new(args.place.open_existing()?);
    let ctx = context(&app, &args.login)?;
    let broken =
        |error: std::io::Error| Failure::Input(format!("无法写入“{}”：{error}。", args.output.display()));
    if let Some(id) = args.import {
        let given = app.give_back(&ctx, LedgerImportId(id))?;
        std::fs::write(&args.output, &given.bytes).map_err(broken)?;
        println!("已按原版式写入“{}”，更新{}处。", args.output.display(), given.changes);
        for (reason, count) in &given.skipped {
            println!("  {count}处没有写回：{reason}");
        }
        return Ok(());
    }
    let ending = args.output.extension().map(|end| end.to_string_lossy().to_lowercase()).unwrap_or_default();
    let format = ExportFormat::from_extension(&ending)
        .ok_or_else(|| Failure::Input("普通台账的文件名要以 .xlsx 或 .csv 结尾。".to_owned()))?;
    let query = LedgerQuery {
        campaign: Some(campaign(&app, &ctx, args.campaign.as_deref())?),
        unit: args.unit.as_deref().map(|code| unit(&app, code)).transpose()?,
        as_of: args.as_of.as_deref().map(|text| day("as-of", text)).transpose()?,
        ..LedgerQuery::default()
    };
    let mut file = std::fs::File::create(&args.output).map_err(broken)?;
    let rows = app.export_list(&ctx, &query, format, &mut file)?;
    println!("已写入“{}”，{rows}行。", args.output.display());
    Ok(())
}
