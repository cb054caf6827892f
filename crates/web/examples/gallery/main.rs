//! Shows every component with made-up content: `cargo run -p bihuan-web --example gallery`.

mod pages;

use std::{net::SocketAddr, sync::Arc};

use bihuan_web::{assets, guard::Gate, headers::Settings, route, shell};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let settings = Arc::new(Settings::default());
    let gate = Gate { state: (), doorkeeper: pages::Everybody, settings: settings.clone() };
    let routes = [assets::routes(), shell::routes(), pages::routes()].into_iter().flatten().collect();
    let app = shell::wrap(route::router(routes, &gate).with_state(()), settings);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8099").await?;
    println!("http://127.0.0.1:8099/");
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await
}
