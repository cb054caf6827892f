//! `bihuan key`: the key to sealed secrets: which one it is, a new one, and what to do when it is lost.

use crate::exit::Failure;
use crate::key_file;
use crate::open::Where;
use bihuan_app::App;
use clap::Subcommand;
use serde_json::json;

/// Options.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// 查看密钥文件的位置、名称，以及有多少内容用它加密
    Status(Common),
    /// 换一个新密钥，并用它重新加密全部内容（请先停止服务）
    Renew(Common),
    /// 密钥遗失时：清除无法解密的动态口令和通知渠道密码，须重新启用、填写（请先停止服务）
    Lost(Common),
}

#[derive(Debug, clap::Args)]
struct Common {
    #[command(flatten)]
    place: Where,
    /// 结果输出为 JSON
    #[arg(long)]
    json: bool,
}

/// Runs one of them.
///
/// # Errors
/// A missing or wrong key, faults of the database.
pub fn run(args: Args) -> Result<(), Failure> {
    match args.what {
        What::Status(common) => status(&common),
        What::Renew(common) => {
            let app = App::new(common.place.open_existing()?);
            let path = common.place.key_file()?;
            let count = key_file::renew(app, &path)?;
            say(
                &common,
                json!({ "file": path, "resealed": count }),
                &format!("已更换密钥，重新加密{count}项。请备份新的密钥文件“{}”。", path.display()),
            );
            Ok(())
        }
        What::Lost(common) => {
            let app = App::new(common.place.open_existing()?);
            let count = app.forget_sealed(bihuan_store::clock::now())?;
            say(
                &common,
                json!({ "removed": count }),
                &format!(
                    "已清除{count}项：动态口令由本人下次登录时重新启用，通知渠道的地址和密码须重新填写。"
                ),
            );
            Ok(())
        }
    }
}

fn status(common: &Common) -> Result<(), Failure> {
    let app = App::new(common.place.open_existing()?);
    let (sealed, path) = (app.sealed()?, common.place.key_file()?);
    let key = key_file::read(&path)?.map(|key| key.name());
    let fits = sealed.keys.iter().all(|name| Some(name) == key.as_ref());
    let facts = json!({ "file": path, "key": key, "sealed": sealed.values, "sealed_with": sealed.keys, "fits": fits });
    let words = format!(
        "密钥文件“{}”：{}\n加密内容{}项，所用密钥：{}",
        path.display(),
        key.as_deref().unwrap_or("没有"),
        sealed.values,
        if sealed.keys.is_empty() { "无".to_owned() } else { sealed.keys.join("、") }
    );
    say(common, facts, &words);
    if fits {
        return Ok(());
    }
    Err(Failure::Check("密钥文件与数据库不符，服务无法启动。请放回正确的密钥文件。".to_owned()))
}

fn say(common: &Common, facts: serde_json::Value, words: &str) {
    if common.json {
        println!("{facts}");
    } else {
        println!("{words}");
    }
}
