//! `bihuan restore`: a backup into an empty database, with proof.

use crate::archive::Backup;
use crate::exit::Failure;
use crate::open::Where;
use crate::progress;
use bihuan_app::App;
use bihuan_store::{journal, rollup};
use std::path::PathBuf;

/// Options.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    place: Where,
    /// 备份文件（zip）
    #[arg(value_name = "文件")]
    file: PathBuf,
    /// 结果输出为 JSON
    #[arg(long)]
    json: bool,
}

/// Restores and proves: counts and digests of every table, the chain, the roll-ups.
///
/// # Errors
/// A used target, a damaged backup, a chain that does not hold.
pub fn run(args: Args) -> Result<(), Failure> {
    let backup = Backup::open(&args.file)?;
    let db = args.place.open_migrated()?;
    let spinner = progress::spinner("恢复");
    let manifest = backup.load_into(&db)?;
    let (chain, drift) = db.read(|conn| {
        let chain = journal::verify_chain(conn, &mut |_| {})?;
        Ok::<_, Failure>((chain, rollup::recount(conn, 1)?))
    })?;
    spinner.finish_and_clear();
    if chain.fault.is_some() || chain.head_hash != manifest.head_hash || chain.entries != manifest.head_seq {
        return Err(Failure::Check(
            "恢复后的流水链与备份不符，请勿使用这份数据，换一份备份重新恢复。".to_owned(),
        ));
    }
    if !drift.is_empty() {
        return Err(Failure::Check("恢复后的汇总数与重新清点不一致，请运行 bihuan verify 查看。".to_owned()));
    }
    let sealed = App::new(db).sealed()?;
    let rows: u64 = manifest.tables.iter().map(|table| table.rows).sum();
    if args.json {
        println!(
            "{}",
            serde_json::json!({ "tables": manifest.tables.len(), "rows": rows, "entries": chain.entries, "head_hash": chain.head_hash })
        );
    } else {
        println!("已恢复{}张表、{rows}行；行数、摘要与备份逐表一致。", manifest.tables.len());
        println!("流水 {} 条，链完整，末条散列值 {}；汇总数与重新清点一致。", chain.entries, chain.head_hash);
        if sealed.values > 0 {
            println!(
                "其中{}项（动态口令、通知渠道密码）用密钥 {} 加密：启动前请把原来的密钥文件放到“{}”。",
                sealed.values,
                sealed.keys.join("、"),
                args.place.key_file()?.display()
            );
        }
    }
    Ok(())
}
