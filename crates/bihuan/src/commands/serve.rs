//! `bihuan serve`: the pages and the API.

use crate::exit::Failure;
use crate::open::Where;
use crate::words::why;
use crate::{indexer, logging, runtime, values};
use bihuan_app::App;
use bihuan_app::fonts::ReportSettings;
use bihuan_store::journal::Stamp;
use bihuan_web::WebState;
use std::net::SocketAddr;
use std::time::Duration;

/// Options.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    place: Where,
    /// 监听地址，如 127.0.0.1:8080
    #[arg(long, value_name = "地址:端口", env = "BIHUAN_LISTEN", value_parser = values::address)]
    listen: Option<SocketAddr>,
}

/// Serves until it is asked to end.
///
/// # Errors
/// Wrong settings, an address that is taken, faults of the database.
pub fn run(args: Args) -> Result<(), Failure> {
    let config = args.place.settings()?;
    logging::start(&config.log)?;
    let origin = config.web.public_origin.clone().unwrap_or_default();
    let reports = ReportSettings::new(origin, config.reports.font_folders.clone());
    let app = args.place.open_with_key()?.with_policy(config.security.clone()).with_reports(reports);
    let _indexer = indexer::start(app.clone());
    let state = WebState::new(app.clone(), config.web_settings());
    let _supervisor = crate::supervisor::start(app.clone());
    watch_chain(app);
    let listen = args.listen.unwrap_or(config.listen);
    runtime::block_on(async move {
        let listener = runtime::bind(listen).await?;
        let address = listener.local_addr().map_err(|error| Failure::Fault(error.to_string()))?;
        println!("闭环已启动：http://{address}/");
        bihuan_web::serve(state, listener, runtime::asked_to_end())
            .await
            .map_err(|error| Failure::Fault(format!("服务中断：{}。", why(&error))))
    })
}

/// How long after the start the first check of the chain begins: the first requests go before.
const FIRST_CHECK: Duration = Duration::from_secs(120);

/// Checks the journal's chain again and again, beside the serving. A fault raises an alert.
fn watch_chain(app: App) {
    let hours = u64::try_from(app.policy.chain_check_hours).unwrap_or(24);
    std::thread::spawn(move || {
        std::thread::sleep(FIRST_CHECK);
        loop {
            let now = bihuan_store::clock::now();
            let stamp = Stamp { at: now, source_address: "program".to_owned(), ..Stamp::default() };
            match app.check_chain(&stamp) {
                Ok(report) if report.fault.is_none() => {}
                Ok(report) => {
                    tracing::error!(fault = ?report.fault, "the chain of the journal does not hold")
                }
                Err(error) => tracing::error!(%error, "the chain of the journal could not be checked"),
            }
            std::thread::sleep(Duration::from_secs(3_600 * hours));
        }
    });
}
