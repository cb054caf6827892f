//! Settings: a TOML file, then `BIHUAN_*` variables, then flags; later ones win. A key nobody knows is an error that
//! names it. All keys with defaults and bounds are described in `docs/operating/configuration.md`.

use crate::exit::Failure;
use crate::words::why;
use bihuan_domain::password::SecurityPolicy;
use bihuan_store::db::DbOptions;
use bihuan_web::counter::Network;
use serde::Deserialize;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;
use toml::{Table, Value};

/// Name of the settings file inside the data folder.
pub const CONFIG_FILE: &str = "bihuan.toml";
/// The largest settings file, in bytes.
pub const CONFIG_BYTES_MAX: usize = 256 * 1024;
/// Prefix of variables.
const PREFIX: &str = "BIHUAN_";
/// Variables that are read elsewhere: by the options of the command line, or by tests.
const READ_ELSEWHERE: [&str; 5] = ["DATA", "DATABASE", "CONFIG", "LISTEN", "REQUIRE_ALL"];
/// Variables with this beginning belong to the tests.
const TEST_PREFIX: &str = "TEST_";

/// All settings.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Address of a PostgreSQL server; without it the database is a file in the data folder.
    pub database: Option<String>,
    /// The file with the key to sealed secrets; without it `secret.key` in the data folder.
    pub key_file: Option<PathBuf>,
    /// How the pages are reached.
    pub web: Web,
    /// Passwords, sessions and locks.
    pub security: SecurityPolicy,
    /// The way to the database.
    pub store: Store,
    /// Documents.
    pub reports: Reports,
    /// What is written about the running.
    pub log: Log,
}

/// How the pages are reached.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Web {
    /// Browsers come by TLS, which a proxy in front speaks: cookies are secure.
    pub secure: bool,
    /// Tell browsers to use TLS only from now on.
    pub strict_transport: bool,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// The address that people type, when a proxy changes the host name.
    pub public_origin: Option<String>,
    /// The header in which a trusted proxy says that the browser came by `https`.
    pub scheme_header: String,
    /// Where the three administrators may come from; everywhere when it is empty.
    pub admin_networks: Vec<Network>,
    /// Let the administrators in without TLS, against the third level of protection.
    pub admin_plain_http: bool,
}

/// The way to the database.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Store {
    /// Connections that read at the same time.
    pub read_connections: usize,
    /// Milliseconds to wait for a lock of another process.
    pub busy_timeout_ms: u64,
    /// Milliseconds to wait for a connection or a place in the queue of writes.
    pub pool_wait_ms: u64,
    /// Seconds after which PostgreSQL ends a statement.
    pub statement_timeout_s: u64,
}

/// Documents that reports become.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Reports {
    /// Folders with fonts for PDF, looked into before those of the system.
    pub font_folders: Vec<std::path::PathBuf>,
}

/// What is written about the running, on standard error.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// What to keep, as `info` or `info,bihuan_store=debug`.
    pub filter: String,
    /// One JSON object a line.
    pub json: bool,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            database: None,
            key_file: None,
            web: Web::default(),
            security: SecurityPolicy::default(),
            store: Store::default(),
            reports: Reports::default(),
            log: Log::default(),
        }
    }
}

impl Default for Store {
    fn default() -> Self {
        Store { read_connections: 8, busy_timeout_ms: 10_000, pool_wait_ms: 10_000, statement_timeout_s: 300 }
    }
}

impl Default for Log {
    fn default() -> Self {
        Log { filter: "info".to_owned(), json: false }
    }
}

impl Config {
    /// Reads the settings of this run.
    ///
    /// `file` was named by the user and must exist; `usual` is read when it is there.
    ///
    /// # Errors
    /// A file or variable that is wrong, naming it, the key and what is allowed.
    pub fn read(file: Option<&Path>, usual: &Path) -> Result<Config, Failure> {
        let path = file.unwrap_or(usual);
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if file.is_none() && error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => {
                return Err(Failure::Input(format!(
                    "无法读取配置文件“{}”：{}。",
                    path.display(),
                    why(&error)
                )));
            }
        };
        Config::from_parts(&text, path, std::env::vars())
    }

    /// The settings from a file's text and variables.
    ///
    /// # Errors
    /// As [`Config::read`].
    pub fn from_parts(
        text: &str,
        path: &Path,
        variables: impl Iterator<Item = (String, String)>,
    ) -> Result<Config, Failure> {
        if text.len() > CONFIG_BYTES_MAX {
            return Err(Failure::Input(format!("配置文件“{}”超过{CONFIG_BYTES_MAX}字节。", path.display())));
        }
        toml::from_str::<Config>(text).map_err(|error| in_file(path, text, &error))?;
        let mut table: Table = toml::from_str(text).map_err(|error| in_file(path, text, &error))?;
        for (name, value) in variables {
            let Some(key) = name.strip_prefix(PREFIX) else { continue };
            if READ_ELSEWHERE.contains(&key) || key.starts_with(TEST_PREFIX) {
                continue;
            }
            put(&mut table, key, &value)
                .and_then(|()| Config::deserialize(table.clone()).map_err(|error| error.message().to_owned()))
                .map_err(|why| Failure::Input(format!("环境变量 {name}：{}。", in_chinese(&why))))?;
        }
        let config = Config::deserialize(table).map_err(|error| Failure::Input(error.to_string()))?;
        config.checked(path)
    }

    fn checked(self, path: &Path) -> Result<Config, Failure> {
        let store = &self.store;
        let bounds = [
            ("store.read_connections", store.read_connections as u64, 1, 64),
            ("store.busy_timeout_ms", store.busy_timeout_ms, 100, 120_000),
            ("store.pool_wait_ms", store.pool_wait_ms, 100, 120_000),
            ("store.statement_timeout_s", store.statement_timeout_s, 1, 86_400),
        ];
        if let Some((name, value, low, high)) =
            bounds.into_iter().find(|(_, v, low, high)| v < low || v > high)
        {
            return Err(Failure::Input(format!(
                "配置“{}”：{name} = {value} 超出允许范围 {low}–{high}。",
                path.display()
            )));
        }
        if self.web.strict_transport && !self.web.secure {
            return Err(Failure::Input(format!(
                "配置“{}”：web.strict_transport 需要同时设置 web.secure = true。",
                path.display()
            )));
        }
        let security = self.security.clone().checked().map_err(|refusal| {
            Failure::Input(format!(
                "配置“{}”[security]：{} {}",
                path.display(),
                refusal.sentence,
                refusal.hint
            ))
        })?;
        Ok(Config { security, ..self })
    }

    /// How the database is opened.
    pub fn db_options(&self) -> DbOptions {
        DbOptions {
            busy_timeout: Duration::from_millis(self.store.busy_timeout_ms),
            read_connections: self.store.read_connections,
            pool_wait: Duration::from_millis(self.store.pool_wait_ms),
            statement_timeout: Some(Duration::from_secs(self.store.statement_timeout_s)),
            schema: None,
        }
    }

    /// How the pages are reached.
    pub fn web_settings(&self) -> bihuan_web::headers::Settings {
        bihuan_web::headers::Settings {
            secure: self.web.secure,
            strict_transport: self.web.strict_transport,
            trusted_proxies: self.web.trusted_proxies.clone(),
            public_origin: self.web.public_origin.clone(),
            scheme_header: self.web.scheme_header.to_ascii_lowercase(),
            admin_networks: self.web.admin_networks.clone(),
            admin_plain_http: self.web.admin_plain_http,
        }
    }
}

/// `WEB_SECURE` is `web.secure`; what is no section's key is a key of the first level.
fn put(table: &mut Table, key: &str, value: &str) -> Result<(), String> {
    let key = key.to_ascii_lowercase();
    let parsed =
        toml::from_str::<Table>(&format!("value = {value}")).ok().and_then(|mut t| t.remove("value"));
    let value = parsed.unwrap_or_else(|| Value::String(value.to_owned()));
    let sections = ["web", "security", "store", "log"];
    let place =
        sections.iter().find_map(|section| Some((*section, key.strip_prefix(section)?.strip_prefix('_')?)));
    let Some((section, name)) = place else {
        table.insert(key, value);
        return Ok(());
    };
    let inner = table.entry(section).or_insert_with(|| Value::Table(Table::new()));
    let inner = inner.as_table_mut().ok_or_else(|| format!("{section} 不是一节"))?;
    inner.insert(name.to_owned(), value);
    Ok(())
}

fn in_file(path: &Path, text: &str, error: &toml::de::Error) -> Failure {
    let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
    Failure::Input(format!("配置文件“{}”第{line}行：{}。", path.display(), in_chinese(error.message())))
}

/// The parser's words about keys, in Chinese; other words stay as they are.
fn in_chinese(message: &str) -> String {
    let words = [
        ("unknown field", "未知的键"),
        ("expected one of", "可用的键是"),
        ("invalid type", "类型不对"),
        ("invalid value", "取值不对"),
        ("expected", "应为"),
    ];
    words.iter().fold(message.trim().to_owned(), |text, (english, chinese)| text.replace(english, chinese))
}
