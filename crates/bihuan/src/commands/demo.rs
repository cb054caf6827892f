//! `bihuan demo`: the made-up county, one click to sign in, for this machine only.

use crate::demo::{self, Filled};
use crate::exit::Failure;
use crate::open::DATABASE_FILE;
use crate::words::why;
use crate::{logging, progress, runtime, values};
use axum::Router;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bihuan_app::App;
use bihuan_domain::password::{HashCost, SecurityPolicy};
use bihuan_store::Db;
use bihuan_store::db::{DbOptions, Target};
use bihuan_web::WebState;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// Options.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// 演示数据目录
    #[arg(long, value_name = "目录", default_value = "demo-data")]
    data: PathBuf,
    /// 监听地址；演示不需要密码，只能是本机地址
    #[arg(long, value_name = "地址:端口", default_value = "127.0.0.1:8080", value_parser = values::address)]
    listen: SocketAddr,
    /// 丢弃原有演示数据，重新生成
    #[arg(long)]
    fresh: bool,
    /// 只生成数据，不启动服务
    #[arg(long)]
    fill_only: bool,
}

/// Serves the demonstration; fills it first where it is empty, while a page says so.
///
/// # Errors
/// An address other machines reach, a folder with real data, faults of the database.
pub fn run(args: Args) -> Result<(), Failure> {
    if !args.listen.ip().is_loopback() {
        return Err(Failure::Input(format!(
            "演示不需要密码，只能监听本机地址，不能是 {}。正式使用请运行 bihuan serve。",
            args.listen
        )));
    }
    logging::start(&crate::config::Log { filter: "warn".to_owned(), json: false })?;
    let app = prepare(&args.data, args.fresh)?;
    if args.fill_only {
        return fill(&app, &AtomicU64::new(0));
    }
    runtime::block_on(serve(app, args.listen))
}

/// Opens the folder's database. A demonstration that is not whole is thrown away; other data never is.
fn prepare(data: &Path, fresh: bool) -> Result<App, Failure> {
    std::fs::create_dir_all(data)
        .map_err(|error| Failure::Input(format!("无法建立目录“{}”：{}。", data.display(), why(&error))))?;
    if fresh && demo::is_demonstration(&raw(data)?) {
        remove(data)?;
    }
    let app = open(data)?;
    match demo::filled(&app)? {
        Filled::Empty => Ok(app),
        Filled::Wholly if !fresh => Ok(app),
        Filled::Foreign => Err(Failure::Input(format!(
            "目录“{}”里有不是演示的数据，没有动它。请用 --data 换一个目录。",
            data.display()
        ))),
        Filled::Wholly | Filled::Partly => {
            drop(app);
            remove(data)?;
            open(data)
        }
    }
}

fn remove(data: &Path) -> Result<(), Failure> {
    for suffix in ["", "-wal", "-shm"] {
        let path = data.join(format!("{DATABASE_FILE}{suffix}"));
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Failure::Input(format!("无法删除“{}”：{}。", path.display(), why(&error))));
            }
            _ => {}
        }
    }
    Ok(())
}

fn raw(data: &Path) -> Result<Db, Failure> {
    Ok(Db::open(&Target::Sqlite(data.join(DATABASE_FILE)), &DbOptions::default())?)
}

fn open(data: &Path) -> Result<App, Failure> {
    let db = raw(data)?;
    bihuan_store::migrate::migrate(&db)?;
    // Nobody types these passwords, so their hashes may be cheap.
    let hash_cost = HashCost { memory_kib: 8 * 1024, passes: 1 };
    let app = App::new(db).with_policy(SecurityPolicy { hash_cost, ..SecurityPolicy::default() });
    crate::key_file::unlock(app, &data.join(crate::key_file::KEY_FILE))
}

fn fill(app: &App, done: &AtomicU64) -> Result<(), Failure> {
    let bar = progress::bar("生成云溪县演示数据", 1_000);
    let played = demo::fill(app, bihuan_store::clock::now(), &mut |part| {
        done.store(part, Ordering::Relaxed);
        bar.set_position(part);
    })?;
    bar.finish_and_clear();
    for refused in &played.refused {
        tracing::warn!(%refused, "a step of the made-up county was refused");
    }
    println!("演示数据已生成：办理步骤{}步，被拒{}步。", played.steps, played.refused.len());
    Ok(())
}

async fn serve(app: App, listen: SocketAddr) -> Result<(), Failure> {
    let listener = runtime::bind(listen).await?;
    let address = listener.local_addr().map_err(|error| Failure::Fault(error.to_string()))?;
    let ready: Arc<OnceLock<Router>> = Arc::default();
    let done = Arc::new(AtomicU64::new(0));
    let (waiting, progress) = (Arc::clone(&ready), Arc::clone(&done));
    let outer = Router::new().fallback(move |request: Request| {
        let (waiting, progress) = (Arc::clone(&waiting), Arc::clone(&progress));
        async move { answer(&waiting, &progress, request).await }
    });
    let (failed, failure) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        // A panic drops `failed` without a word, which is heard below.
        let filled = make_ready(&app, &ready, &done, address);
        // Nobody listens when the server has ended by itself.
        let _told = failed.send(filled);
    });
    let service = outer.into_make_service_with_connect_info::<SocketAddr>();
    let ended = std::future::IntoFuture::into_future(
        axum::serve(listener, service).with_graceful_shutdown(runtime::asked_to_end()),
    );
    let mut ended = std::pin::pin!(ended);
    tokio::select! {
        done = &mut ended => return done.map_err(stopped),
        filled = failure => filled.unwrap_or_else(|_| Err(Failure::Fault("准备演示时出错，原因见上。".to_owned())))?,
    }
    ended.await.map_err(stopped)
}

fn stopped(error: std::io::Error) -> Failure {
    Failure::Fault(format!("服务中断：{}。", why(&error)))
}

fn make_ready(
    app: &App,
    ready: &OnceLock<Router>,
    done: &AtomicU64,
    address: SocketAddr,
) -> Result<(), Failure> {
    if demo::filled(app)? != Filled::Wholly {
        println!("正在生成演示数据，可以先打开 http://{address}/ 等待。");
        fill(app, done)?;
    }
    while app.index_step()?.more {}
    let people = demo::people(app, bihuan_store::clock::now())?;
    let state =
        WebState::new(app.clone(), bihuan_web::headers::Settings::default()).with_demo(people.clone());
    let set = ready.set(bihuan_web::router(state));
    set.map_err(|_| Failure::Fault("the demonstration was made ready twice".to_owned()))?;
    let kept = app.clone();
    // It ends with the program: nothing of it has to be brought to an end.
    std::thread::spawn(move || std::mem::forget(crate::indexer::start(kept)));
    println!("演示已就绪，请用浏览器打开：http://{address}/demo");
    println!("点一下即以其身份进入，不需要密码：");
    for person in &people {
        println!("  {:<12} {}　{}{}", person.login, person.name, person.unit, person.post);
    }
    Ok(())
}

async fn answer(ready: &OnceLock<Router>, done: &AtomicU64, request: Request) -> Response {
    if let Some(router) = ready.get() {
        let answered = tower::ServiceExt::oneshot(router.clone(), request).await;
        return answered.unwrap_or_else(|never| match never {});
    }
    let percent = done.load(Ordering::Relaxed) / 10;
    let page = format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"2\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>正在准备演示</title></head>\
         <body><main><h1>正在准备演示</h1><p>正在生成虚构的云溪县，已完成 {percent}%。本页每两秒刷新一次，完成后自动进入。</p>\
         <progress max=\"100\" value=\"{percent}\">{percent}%</progress></main></body></html>"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, bihuan_web::headers::CONTENT_SECURITY_POLICY),
    ];
    (StatusCode::OK, headers, page).into_response()
}
