//! `bihuan verify`: re-hash the journal, recount the roll-ups, repair nothing; or say whether a file is one that was issued.

use crate::exit::Failure;
use crate::open::Where;
use crate::{files, progress};
use bihuan_app::App;
use bihuan_app::report::Checked;
use bihuan_domain::Coded as _;
use bihuan_store::{journal, rollup};
use std::path::{Path, PathBuf};

/// Options.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 手上的Word、PDF或Excel文件：核对是不是签发的那一份
    #[arg(value_name = "文件")]
    file: Option<PathBuf>,
    #[command(flatten)]
    place: Where,
    /// 结果输出为 JSON
    #[arg(long)]
    json: bool,
    /// 只核验流水链，不重新清点汇总数
    #[arg(long)]
    chain_only: bool,
}

/// Most drifted cells that are listed.
const DRIFT_ROWS_MAX: usize = 20;

/// Verifies.
///
/// # Errors
/// A check failure that names the first broken entry or the drifted cells.
pub fn run(args: Args) -> Result<(), Failure> {
    let db = args.place.open_existing()?;
    if let Some(path) = &args.file {
        return check_file(&App::new(db), path, args.json);
    }
    let head = db.read(journal::head)?;
    let bar = progress::bar("核验流水", u64::try_from(head).unwrap_or(0));
    let (chain, drift) = db.read(|conn| {
        let chain =
            journal::verify_chain(conn, &mut |seq| bar.set_position(u64::try_from(seq).unwrap_or(0)))?;
        bar.finish_and_clear();
        let counting = progress::spinner("重新清点汇总数");
        let drift = if args.chain_only { Vec::new() } else { rollup::recount(conn, DRIFT_ROWS_MAX)? };
        counting.finish_and_clear();
        Ok::<_, Failure>((chain, drift))
    })?;
    if args.json {
        println!("{}", serde_json::json!({ "chain": chain, "drift": drift }));
    } else {
        println!("流水 {} 条，末条散列值 {}", chain.entries, chain.head_hash);
    }
    if let Some(fault) = chain.fault {
        return Err(Failure::Check(format!("流水链不完整：{}", sentence(&fault))));
    }
    if !drift.is_empty() {
        return Err(Failure::Check(format!(
            "汇总数与重新清点不一致，至少{}处；第一处：{:?}。",
            drift.len(),
            drift[0]
        )));
    }
    if !args.json {
        println!(
            "流水链完整；{}",
            if args.chain_only { "没有清点汇总数。" } else { "汇总数与重新清点一致。" }
        );
    }
    Ok(())
}

/// Says whether a file is, byte for byte, one that was issued.
fn check_file(app: &App, path: &Path, json: bool) -> Result<(), Failure> {
    let bytes = files::read(path)?;
    let found = app.check_report_file(None, &bytes)?;
    let (status, words) = match &found {
        Checked::Identical { edition, title, format, superseded, .. } => {
            let later = if *superseded { "；注意：这一版后来作了更正" } else { "" };
            (
                "identical",
                format!("与签发的{}文件完全一致：《{title}》第{edition}版{later}。", format.label()),
            )
        }
        Checked::Differs { key, title } => {
            let of = title.as_ref().map_or_else(String::new, |title| format!("《{title}》"));
            (
                "differs",
                format!("文件带有{of}{key}的标识，但内容与签发的文件不一致：改动过，或者重新保存过。"),
            )
        }
        Checked::Unknown => ("unknown", "这不是本系统签发的文件。".to_owned()),
    };
    if json {
        println!("{}", serde_json::json!({ "status": status, "sentence": words }));
    }
    if status != "identical" {
        return Err(Failure::Check(words));
    }
    if !json {
        println!("{words}");
    }
    Ok(())
}

fn sentence(fault: &journal::ChainFault) -> String {
    use journal::ChainFault::{Altered, BrokenLink, Gap, Head, PersonalAltered};
    match fault {
        Gap { expected, found } => format!("第{expected}条缺失，其后是第{found}条。"),
        BrokenLink { seq } => format!("第{seq}条与前一条接不上。"),
        Altered { seq } => format!("第{seq}条的内容被改动过。"),
        PersonalAltered { seq } => format!("第{seq}条旁存的个人信息被改动过。"),
        Head { last, head } => format!("末尾应是第{head}条，实际只到第{last}条。"),
    }
}
