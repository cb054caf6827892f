//! `bihuan export`: all problems, for other programs.

use crate::exit::Failure;
use crate::files::NewFile;
use crate::open::Where;
use crate::progress;
use bihuan_documents::export::write_plain_csv;
use bihuan_domain::Coded;
use bihuan_domain::problem::PartyRole;
use bihuan_store::problem::export::{self, Exported};
use bihuan_store::{Conn, Db, Fault};
use indicatif::ProgressBar;
use serde_json::{Value, json};
use std::io::Write;
use std::path::PathBuf;

/// Options.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    place: Where,
    /// 只导出这个专项行动（代码）
    #[arg(long, value_name = "代码")]
    campaign: Option<String>,
    /// 格式：jsonl 是每行一个 JSON 对象，csv 是表格
    #[arg(long, value_enum, value_name = "格式", default_value = "jsonl")]
    format: Format,
    /// 写入的文件，已存在的不覆盖；不写则输出到标准输出
    #[arg(long, short, value_name = "文件")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Jsonl,
    Csv,
}

const CSV_HEADERS: [&str; 17] = [
    "专项行动",
    "编号",
    "轮次",
    "类别",
    "地点",
    "问题",
    "整改目标",
    "整改时限",
    "到期日",
    "牵头单位",
    "责任单位",
    "配合单位",
    "验收单位",
    "状态",
    "结果",
    "进展情况",
    "备注",
];

/// Exports. A file never replaces another, and is there only when it is whole.
///
/// # Errors
/// An unknown campaign, an existing file, files that cannot be written, faults of the database.
pub fn run(args: Args) -> Result<(), Failure> {
    let db = args.place.open_existing()?;
    let total = db.read(|conn| wanted(conn, args.campaign.as_deref()))?;
    let bar = progress::bar("导出问题", total.unsigned_abs());
    let count = match &args.output {
        None => written(&db, &args, &mut std::io::stdout().lock(), &bar)?,
        Some(path) => {
            let mut new = NewFile::create(path)?;
            let count = written(&db, &args, &mut std::io::BufWriter::new(&mut new.file), &bar)?;
            new.keep()?;
            count
        }
    };
    bar.finish_and_clear();
    if let Some(path) = &args.output {
        eprintln!("已导出{count}个问题到“{}”。", path.display());
    }
    Ok(())
}

/// How many problems there are, at most, to say how far the work has come.
fn wanted(conn: &mut Conn, campaign: Option<&str>) -> Result<i64, Failure> {
    if let Some(code) = campaign
        && bihuan_store::campaign::by_code(conn, code)?.is_none()
    {
        let heads = bihuan_store::campaign::heads(conn)?;
        let codes: Vec<&str> = heads.iter().map(|head| head.code.as_str()).collect();
        let sentence = format!("没有代码为“{code}”的专项行动，现有：{}。", codes.join("、"));
        return Err(Failure::Input(sentence));
    }
    Ok(bihuan_store::problem::last_id(conn)?)
}

fn written(db: &Db, args: &Args, out: &mut dyn Write, bar: &ProgressBar) -> Result<u64, Failure> {
    let io = |error| Fault::io("writing the export", error);
    let mut rows = Vec::new();
    let count = db.read(|conn| {
        export::each(conn, args.campaign.as_deref(), &mut |one| {
            bar.inc(1);
            match args.format {
                Format::Jsonl => writeln!(out, "{}", as_json(&one)).map_err(io),
                Format::Csv => {
                    rows.push(as_cells(&one));
                    Ok(())
                }
            }
        })
    })?;
    if args.format == Format::Csv {
        let headers: Vec<String> = CSV_HEADERS.iter().map(|header| (*header).to_owned()).collect();
        out.write_all(&write_plain_csv(&headers, &rows)).map_err(io)?;
    }
    out.flush().map_err(io)?;
    Ok(count)
}

fn units(one: &Exported, role: PartyRole) -> Vec<&str> {
    one.units.iter().filter(|(own, _)| *own == role).map(|(_, name)| name.as_str()).collect()
}

fn as_json(one: &Exported) -> Value {
    let p = &one.problem;
    json!({
        "campaign": one.campaign, "number": p.number, "round": p.round, "category": p.category, "strand": p.strand,
        "source": p.source, "ground": p.ground, "place": p.place, "problem": p.text, "goal": p.goal,
        "deadline_text": p.deadline_text, "due": p.due_day, "standing": p.standing,
        "lead_unit": units(one, PartyRole::Lead), "responsible_units": units(one, PartyRole::Responsible),
        "assisting_units": units(one, PartyRole::Assisting), "checking_unit": units(one, PartyRole::Checking),
        "state": p.state.code(), "outcome": p.outcome.map(|outcome| outcome.code()), "truth": p.truth.code(),
        "registered": p.registered_day, "assigned": p.assigned_day, "verified": p.verified_day, "closed": p.closed_day,
        "statement": p.statement, "progress": p.progress, "status_text": p.status_text, "remark": p.remark,
        "send_backs": p.send_backs, "extensions": p.extensions, "recurrences": p.recurrences,
        "extra": serde_json::from_str::<Value>(&p.extra).unwrap_or(Value::Null),
    })
}

fn as_cells(one: &Exported) -> Vec<String> {
    let p = &one.problem;
    vec![
        one.campaign.clone(),
        p.number.to_string(),
        p.round.to_string(),
        p.category.clone(),
        p.place.clone(),
        p.text.clone(),
        p.goal.clone(),
        p.deadline_text.clone(),
        p.due_day.map(|day| day.to_string()).unwrap_or_default(),
        units(one, PartyRole::Lead).join("、"),
        units(one, PartyRole::Responsible).join("、"),
        units(one, PartyRole::Assisting).join("、"),
        units(one, PartyRole::Checking).join("、"),
        p.state.label().to_owned(),
        p.outcome.map(|outcome| outcome.label().to_owned()).unwrap_or_default(),
        p.progress.clone(),
        p.remark.clone(),
    ]
}
