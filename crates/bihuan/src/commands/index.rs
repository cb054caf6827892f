//! `bihuan index`: the search index.

use crate::exit::Failure;
use crate::open::Where;
use crate::progress;
use bihuan_app::App;
use bihuan_store::search;
use serde_json::json;
use std::time::Instant;

/// Options.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// 重建资料库索引：读遍全部记录和附件
    Rebuild(Rebuild),
}

#[derive(Debug, clap::Args)]
struct Rebuild {
    #[command(flatten)]
    place: Where,
    /// 结果输出为 JSON
    #[arg(long)]
    json: bool,
}

/// Builds the index anew.
///
/// # Errors
/// Faults of the database.
pub fn run(args: Args) -> Result<(), Failure> {
    let What::Rebuild(args) = args.what;
    let db = args.place.open_existing()?;
    bihuan_store::migrate::migrate(&db)?;
    let app = App::new(db);
    let spinner = progress::spinner("重建资料库索引");
    let start = Instant::now();
    let done = app.index_rebuild(&mut |so_far| {
        spinner.set_message(format!("重建资料库索引：{} 件，{} 字", so_far.documents, so_far.characters));
    })?;
    while app.index_step()?.more {}
    spinner.finish_and_clear();
    let [documents, characters, segments, bytes] = app.db.read(search::sizes)?;
    let seconds = start.elapsed().as_secs_f64();
    if args.json {
        println!(
            "{}",
            json!({ "documents": documents, "characters": characters, "segments": segments, "index_bytes": bytes,
                "indexed": done.documents, "seconds": (seconds * 1000.0).round() / 1000.0 })
        );
    } else {
        println!("已重建：{documents} 件，{characters} 字，索引 {} KB，用时 {seconds:.1} 秒。", bytes / 1024);
    }
    Ok(())
}
