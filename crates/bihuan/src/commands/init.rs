//! `bihuan init`: the secret that begins an installation.

use crate::exit::Failure;
use crate::open::Where;

/// Options.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    place: Where,
    /// 结果输出为 JSON
    #[arg(long)]
    json: bool,
}

/// Makes the database where it is missing, and prints the secret.
///
/// # Errors
/// A database that has accounts already.
pub fn run(args: Args) -> Result<(), Failure> {
    let app = args.place.open_with_key()?;
    let secret = app.make_bootstrap_secret(bihuan_store::clock::now())?;
    if args.json {
        println!("{}", serde_json::json!({ "secret": secret, "hours": bihuan_app::bootstrap::SECRET_HOURS }));
        return Ok(());
    }
    println!("初始化密钥（只能用一次，{}小时内有效）：\n\n  {secret}\n", bihuan_app::bootstrap::SECRET_HOURS);
    println!(
        "请启动 bihuan serve，用浏览器打开首页（系统初始化，地址末尾为 /setup），凭密钥登记系统、安全、审计三名管理员。"
    );
    Ok(())
}
