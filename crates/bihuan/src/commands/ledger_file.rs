//! `bihuan ledger import` and `bihuan ledger export`: on behalf of a person, who answers for it in the journal.

use crate::exit::Failure;
use crate::files::{self, NewFile, unwritable};
use crate::open::Where;
use crate::{progress, values};
use bihuan_app::ledger::{ExportFormat, LedgerQuery};
use bihuan_app::ledger_import::{GivenBack, Upload};
use bihuan_app::{App, Context, actor};
use bihuan_domain::Day;
use bihuan_domain::id::{CampaignId, LedgerImportId, UnitId};
use serde_json::{Value, json};
use std::fs::File;
use std::io::Write;
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
    #[arg(value_name = "文件")]
    file: PathBuf,
    /// 登记单位（代码）
    #[arg(long, value_name = "单位代码")]
    unit: String,
    /// 交办日期，如 2024-03-01；不写则为今天
    #[arg(long, value_name = "年-月-日", value_parser = values::day)]
    issued: Option<Day>,
}

/// Options of the export.
#[derive(Debug, clap::Args)]
pub struct ExportArgs {
    #[command(flatten)]
    on: On,
    /// 写入的文件，.xlsx 或 .csv（--import 时与导入的文件同类）；已存在的不覆盖
    #[arg(value_name = "文件")]
    file: PathBuf,
    /// 只导出这个单位及其下辖（代码）
    #[arg(long, value_name = "单位代码")]
    unit: Option<String>,
    /// 按这次导入的原版式导出（导入编号）
    #[arg(long, value_name = "编号", value_parser = |text: &str| values::whole(text, 1..=i64::MAX))]
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
            if heads.is_empty() {
                return Failure::Input(format!("“{}”看不到任何专项行动，请换一个登录名。", self.by));
            }
            let codes: Vec<&str> = heads.iter().map(|head| head.code.as_str()).collect();
            let wrong = self
                .campaign
                .as_ref()
                .map(|code| format!("没有代码为“{code}”的专项行动，"))
                .unwrap_or_default();
            Failure::Input(format!("{wrong}请用 --campaign 指定专项行动，可选：{}。", codes.join("、")))
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
    let bytes = files::read(&args.file)?;
    let file_name = args.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (app, ctx) = args.on.begin()?;
    let (campaign, unit) = (args.on.campaign(&app, &ctx)?, unit(&app, &args.unit)?);
    let import = app.begin_import(&ctx, Upload { campaign, unit, file_name, bytes, issued: args.issued })?;
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
    let (app, ctx) = args.on.begin()?;
    let mut new = NewFile::create(&args.file)?;
    let told = match args.import {
        Some(id) => as_it_came(args, &app.give_back(&ctx, LedgerImportId(id))?, &mut new.file)?,
        None => plain(args, &app, &ctx, &mut new.file)?,
    };
    new.keep()?;
    if args.on.json {
        println!("{told}");
    } else {
        println!("已导出到“{}”。", args.file.display());
    }
    Ok(())
}

fn as_it_came(args: &ExportArgs, given: &GivenBack, file: &mut File) -> Result<Value, Failure> {
    same_ending(&args.file, &given.file_name)?;
    for (reason, count) in &given.skipped {
        eprintln!("有{count}处没有写回：{reason}。");
    }
    file.write_all(&given.bytes).map_err(|error| unwritable(&args.file, &error))?;
    Ok(json!({ "file": args.file, "changes": given.changes, "skipped": given.skipped }))
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

fn plain(args: &ExportArgs, app: &App, ctx: &Context, file: &mut File) -> Result<Value, Failure> {
    let ending =
        args.file.extension().map(|ending| ending.to_string_lossy().into_owned()).unwrap_or_default();
    let format = ExportFormat::from_extension(&ending)
        .ok_or_else(|| Failure::Input("文件名请以 .xlsx 或 .csv 结尾。".to_owned()))?;
    let unit = args.unit.as_deref().map(|code| unit(app, code)).transpose()?;
    let query = LedgerQuery { campaign: Some(args.on.campaign(app, ctx)?), unit, ..LedgerQuery::default() };
    let rows = app.export_list(ctx, &query, format, file)?;
    Ok(json!({ "file": args.file, "rows": rows }))
}
