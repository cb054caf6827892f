//! `bihuan backup`: everything in one file, while the program serves.

use crate::archive;
use crate::exit::Failure;
use crate::open::Where;
use crate::progress;
use std::path::PathBuf;

/// Options.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    place: Where,
    /// 备份文件（zip），不能已经存在
    #[arg(value_name = "文件")]
    file: PathBuf,
    /// 结果输出为 JSON
    #[arg(long)]
    json: bool,
}

/// Writes the backup.
///
/// # Errors
/// An existing file, files that cannot be written, faults of the database.
pub fn run(args: Args) -> Result<(), Failure> {
    let db = args.place.open_existing()?;
    let spinner = progress::spinner("备份");
    let now = bihuan_store::clock::now().micros();
    let manifest =
        archive::write(&db, &args.file, now, &mut |table| spinner.set_message(format!("备份 {table}")))?;
    spinner.finish_and_clear();
    let rows: u64 = manifest.tables.iter().map(|table| table.rows).sum();
    if args.json {
        println!("{}", serde_json::json!({ "file": args.file, "manifest": manifest }));
        return Ok(());
    }
    println!(
        "已备份到“{}”：{}张表，{rows}行，流水到第{}条。",
        args.file.display(),
        manifest.tables.len(),
        manifest.head_seq
    );
    println!("备份含有姓名、电话、密码散列等个人信息，请加密保管，只交给有权的人。");
    println!(
        "备份不含密钥文件“{}”：请另外保管，恢复后放回，否则已启用的动态口令须重新启用。",
        args.place.key_file()?.display()
    );
    Ok(())
}
