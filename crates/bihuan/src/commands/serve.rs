//! `bihuan serve`: the pages and the API.

use crate::exit::Failure;
use crate::open::Where;
use crate::{indexer, logging, runtime};
use bihuan_web::WebState;
use std::net::SocketAddr;

/// Options.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    place: Where,
    /// 监听地址，如 127.0.0.1:8080
    #[arg(long, value_name = "地址:端口", env = "BIHUAN_LISTEN")]
    listen: Option<SocketAddr>,
}

/// Serves until it is asked to end.
///
/// # Errors
/// Wrong settings, an address that is taken, faults of the database.
pub fn run(args: Args) -> Result<(), Failure> {
    let config = args.place.settings()?;
    logging::start(&config.log)?;
    let app = args.place.open_with_key()?.with_policy(config.security.clone());
    let _indexer = indexer::start(app.clone());
    let state = WebState::new(app, config.web_settings());
    let listen = args.listen.unwrap_or(config.listen);
    runtime::block_on(async move {
        let listener = runtime::bind(listen).await?;
        let address = listener.local_addr().map_err(|error| Failure::Fault(error.to_string()))?;
        println!("闭环已启动：http://{address}/");
        bihuan_web::serve(state, listener, runtime::asked_to_end())
            .await
            .map_err(|error| Failure::Fault(format!("服务中断：{error}。")))
    })
}
