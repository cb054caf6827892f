//! The threads that pages are served on, the address, and the request to end.

use crate::exit::Failure;
use crate::words::why;
use std::future::Future;
use std::net::SocketAddr;

/// Runs the server's work.
///
/// # Errors
/// What the work answers; when no thread can be started.
pub fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Fault(format!("无法启动：{}。", why(&error))))?;
    runtime.block_on(work)
}

/// Listens.
///
/// # Errors
/// An address that is taken or not of this machine.
pub async fn bind(listen: SocketAddr) -> Result<tokio::net::TcpListener, Failure> {
    tokio::net::TcpListener::bind(listen).await.map_err(|error| {
        Failure::Input(format!("无法监听 {listen}：{}。请用 --listen 换一个地址或端口。", why(&error)))
    })
}

/// Done when the operator or the system asks the program to end.
pub async fn asked_to_end() {
    let interrupt = async {
        // Without a handler the key ends the program anyway.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    () = interrupt => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(_) => interrupt.await,
        }
    }
    #[cfg(not(unix))]
    interrupt.await;
}
