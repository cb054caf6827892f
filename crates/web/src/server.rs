//! The finished router, and serving it.

use std::{future::Future, io, net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;

use crate::{
    guard::Gate,
    pages, route, shell,
    state::{Door, WebState},
};

/// How long requests that are under way may take after the server was asked to end.
pub const SHUTDOWN_LIMIT: Duration = Duration::from_secs(20);

/// The finished router: all routes, each behind its door, the shell around them.
pub fn router(state: WebState) -> Router {
    let settings = Arc::clone(&state.settings);
    let gate = Gate { state: state.clone(), doorkeeper: Door, settings: Arc::clone(&settings) };
    let mut routes = crate::routes();
    if state.demo.is_some() {
        routes.extend(pages::demo::routes());
    }
    shell::wrap(route::router(routes, &gate).with_state(state), settings)
}

/// Serves until `shutdown` is done, then lets requests that are under way end.
///
/// # Errors
/// `InvalidInput` for a demonstration on an address that other machines reach; faults of the listener.
pub async fn serve(
    state: WebState,
    listener: tokio::net::TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let address = listener.local_addr()?;
    if state.demo.is_some() && !address.ip().is_loopback() {
        let sentence = "演示模式不需要密码，只能监听本机地址（127.0.0.1 或 ::1）。";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, sentence));
    }
    state.resume_imports().await;
    let service = router(state).into_make_service_with_connect_info::<SocketAddr>();
    let (asked, mut end) = tokio::sync::oneshot::channel();
    let signal = async move {
        shutdown.await;
        // Nobody listens when the server has ended by itself.
        let _told = asked.send(());
    };
    let serving = axum::serve(listener, service).with_graceful_shutdown(signal);
    let mut serving = std::pin::pin!(async move { serving.await });
    tokio::select! {
        done = &mut serving => return done,
        _ = &mut end => {}
    }
    match tokio::time::timeout(SHUTDOWN_LIMIT, serving).await {
        Ok(done) => done,
        Err(_) => {
            tracing::warn!("requests were still under way when the server ended");
            Ok(())
        }
    }
}
