//! `bihuan ledger import` and `bihuan ledger export`: on behalf of a person, who answers for it in the journal.

use crate::exit::Failure;
use crate::open::Where;
use crate::progress;
use bihuan_app::ledger::{ExportFormat, LedgerQuery};
use bihuan_app::ledger_import::Upload;
use bihuan_app::{App, Context, actor};
use bihuan_domain::Day;
use bihuan_domain::id::{CampaignId, LedgerImportId, UnitId};
use serde_json::json;
use std::path::PathBuf;
use std::sync::Arc;

/// Options that say for whom and where.
#[derive(Debug, clap::Args)]
pub struct On {
    #[command(flatten)]
    place: Where,
    /// 以谁的身份办理（登录名）；权限和留痕都按此人
    #[arg(long, value_name = "登录名")]
    by: String,
    /// 专项行动代码；只有一个时可以不写
    #[arg(long, value_name = "代码")]
    campaign: Option<String>,
    /// 结果输出为 JSON
    #[arg(long)]
    json: bool,
}

/// Options of the import.
#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    #[command(flatten)]
    on: On,
    /// 台账文件（xlsx、csv、docx）
    file: PathBuf,
    /// 登记单位（代码）
    #[arg(long, value_name = "单位代码")]
    unit: String,
    /// 交办日期，如 2024-03-01；不写则为今天
    #[arg(long, value_name = "年-月-日")]
    issued: Option<String>,
}

/// Options of the export.
#[derive(Debug, clap::Args)]
pub struct ExportArgs {
    #[command(flatten)]
    on: On,
    /// 写入的文件，.xlsx 或 .csv（--import 时与导入的文件同类）；已存在的不覆盖
    file: PathBuf,
    /// 只导出这个单位及其下辖（代码）
    #[arg(long, value_name = "单位代码")]
    unit: Option<String>,
    /// 按这次导入的原版式导出（导入编号）
    #[arg(long, value_name = "编号")]
    import: Option<i64>,
}

impl On {
    fn begin(&self) -> Result<(App, Context), Failure> {
        let app = App::new(self.place.open_existing()?);
        let at = bihuan_store::clock::now();
        let loaded = app.db.read(|conn| -> Result<_, bihuan_app::Error> {
            let Some(account) = bihuan_store::account::by_login(conn, &self.by)? else { return Ok(None) };
            actor::load(conn, &account, at.day_in_china()).map(Some)
        })?;
        let loaded = loaded.ok_or_else(|| Failure::Input(format!("没有登录名为“{}”的账号。", self.by)))?;
        let ctx = Context { actor: Arc::new(loaded.actor), at, source_address: "console".to_owned() };
        Ok((app, ctx))
    }

    fn campaign(&self, app: &App, ctx: &Context) -> Result<CampaignId, Failure> {
        let heads = app.campaigns(ctx)?;
        let found = match &self.campaign {
            Some(code) => heads.iter().find(|head| head.code == *code),
            None => heads.first().filter(|_| heads.len() == 1),
        };
        found.map(|head| head.id).ok_or_else(|| {
            let codes: Vec<&str> = heads.iter().map(|head| head.code.as_str()).collect();
            Failure::Input(format!("请用 --campaign 指定专项行动，可选：{}。", codes.join("、")))
        })
    }
}

fn unit(app: &App, code: &str) -> Result<UnitId, Failure> {
    let found = app.db.read(|conn| bihuan_store::unit::open_by_code(conn, code))?;
    found.map(|unit| unit.id).ok_or_else(|| Failure::Input(format!("没有代码为“{code}”的现有单位。")))
}

/// Imports a ledger; where something is doubtful it is left as a draft, to be answered on its page.
///
/// # Errors
/// `doubts_open` and the other refusals of an import, files that cannot be read.
pub fn import(args: &ImportArgs) -> Result<(), Failure> {
    let issued =
        match &args.issued {
            None => None,
            Some(text) => Some(Day::parse(text).map_err(|_| {
                Failure::Input(format!("--issued “{text}”不是日期，请写成 2024-03-01 的样子。"))
            })?),
        };
    let bytes = std::fs::read(&args.file)
        .map_err(|error| Failure::Input(format!("无法读取“{}”：{error}。", args.file.display())))?;
    let file_name = args.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (app, ctx) = args.on.begin()?;
    let (campaign, unit) = (args.on.campaign(&app, &ctx)?, unit(&app, &args.unit)?);
    let import = app.begin_import(&ctx, Upload { campaign, unit, file_name, bytes, issued })?;
    if let Err(error) = app.start_import(&ctx, import.id, import.version) {
        eprintln!("已上传为第{}号导入，尚未登记；请在网页 /imports/{} 上继续。", import.id, import.id);
        return Err(error.into());
    }
    let bar = progress::bar("登记问题", 0);
    let counted = app.run_import(&ctx, import.id, &mut |now| {
        bar.set_length(now.rows as u64);
        bar.set_position(now.done as u64);
    })?;
    bar.finish_and_clear();
    if args.on.json {
        let (rows, registered, same, updated) =
            (counted.rows, counted.registered, counted.same, counted.updated);
        println!(
            "{}",
            json!({ "import": import.id.0, "rows": rows, "registered": registered, "same": same, "updated": updated })
        );
    } else {
        println!(
            "第{}号导入：共{}行，新登记{}个问题，更新{}个，无变化{}个。",
            import.id, counted.rows, counted.registered, counted.updated, counted.same
        );
    }
    Ok(())
}

/// Exports what the person sees, as a plain ledger or in the layout it came in.
///
/// # Errors
/// An existing file, an ending that is none of ours, refusals of the export.
pub fn export(args: &ExportArgs) -> Result<(), Failure> {
    let unwritable =
        |error: std::io::Error| Failure::Input(format!("无法写入“{}”：{error}。", args.file.display()));
    let (app, ctx) = args.on.begin()?;
    let mut file = std::fs::File::options()
        .read(true)
        .write(true)
        .create_new(true)
        .open(&args.file)
        .map_err(unwritable)?;
    let done = match args.import {
        Some(id) => app.give_back(&ctx, LedgerImportId(id)).map_err(Failure::from).and_then(|given| {
            same_ending(&args.file, &given.file_name)?;
            for (reason, count) in &given.skipped {
                eprintln!("有{count}处没有写回：{reason}。");
            }
            std::io::Write::write_all(&mut file, &given.bytes).map_err(unwritable)?;
            Ok(json!({ "file": args.file, "changes": given.changes, "skipped": given.skipped }))
        }),
        None => plain(args, &app, &ctx, &mut file),
    };
    match done {
        Ok(told) if args.on.json => println!("{told}"),
        Ok(_) => println!("已导出到“{}”。", args.file.display()),
        Err(failure) => {
            // Half a ledger helps nobody; the reason is in `failure`.
            let _gone = std::fs::remove_file(&args.file);
            return Err(failure);
        }
    }
    Ok(())
}

/// A ledger comes back as the kind of file it was.
fn same_ending(file: &std::path::Path, sent: &str) -> Result<(), Failure> {
    let ending = |path: &std::path::Path| path.extension().map(|e| e.to_string_lossy().to_lowercase());
    let wanted = ending(std::path::Path::new(sent)).unwrap_or_default();
    if ending(file).as_ref() == Some(&wanted) {
        return Ok(());
    }
    Err(Failure::Input(format!("导入的是“{sent}”，按原版式导出的文件名请以 .{wanted} 结尾。")))
}

fn plain(
    args: &ExportArgs,
    app: &App,
    ctx: &Context,
    file: &mut std::fs::File,
) -> Result<serde_json::Value, Failure> {
    let ending =
        args.file.extension().map(|ending| ending.to_string_lossy().into_owned()).unwrap_or_default();
    let format = ExportFormat::from_extension(&ending)
        .ok_or_else(|| Failure::Input("文件名请以 .xlsx 或 .csv 结尾。".to_owned()))?;
    let unit = args.unit.as_deref().map(|code| unit(app, code)).transpose()?;
    let query = LedgerQuery { campaign: Some(args.on.campaign(app, ctx)?), unit, ..LedgerQuery::default() };
    let rows = app.export_list(ctx, &query, format, file)?;
    Ok(json!({ "file": args.file, "rows": rows }))
}
