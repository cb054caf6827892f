//! Which database a command works on, and with which settings.

use crate::config::{CONFIG_FILE, Config};
use crate::exit::Failure;
use crate::key_file::{self, KEY_FILE};
use crate::words::why;
use bihuan_app::App;
use bihuan_store::Db;
use bihuan_store::db::Target;
use clap::Args;
use std::path::PathBuf;

/// File name of the embedded database inside the data folder.
pub const DATABASE_FILE: &str = "bihuan.db";

/// Options that name the database.
#[derive(Debug, Clone, Args)]
pub struct Where {
    /// 数据目录（内置数据库）
    #[arg(long, value_name = "目录", env = "BIHUAN_DATA", default_value = "bihuan-data")]
    pub data: PathBuf,
    /// PostgreSQL 连接地址；填写后不用内置数据库
    #[arg(long, value_name = "postgres://…", env = "BIHUAN_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
    /// 配置文件；不写则读数据目录中的 bihuan.toml（可以没有）
    #[arg(long, value_name = "文件", env = "BIHUAN_CONFIG")]
    pub config: Option<PathBuf>,
}

impl Where {
    /// The settings: the file, the variables, and on top the options of the command line.
    ///
    /// # Errors
    /// Settings that are wrong.
    pub fn settings(&self) -> Result<Config, Failure> {
        let mut config = Config::read(self.config.as_deref(), &self.data.join(CONFIG_FILE))?;
        if self.database.is_some() {
            config.database.clone_from(&self.database);
        }
        Ok(config)
    }

    fn target(&self, config: &Config) -> Target {
        match &config.database {
            Some(url) => Target::Postgres(url.clone()),
            None => Target::Sqlite(self.data.join(DATABASE_FILE)),
        }
    }

    /// Opens a database that exists.
    ///
    /// # Errors
    /// An input failure when there is none.
    pub fn open_existing(&self) -> Result<Db, Failure> {
        let config = self.settings()?;
        let target = self.target(&config);
        if let Target::Sqlite(path) = &target
            && !path.exists()
        {
            return Err(Failure::Input(format!(
                "目录“{}”中没有闭环的数据（{DATABASE_FILE}）。请用 --data 指定数据目录，或先运行 bihuan init。",
                self.data.display()
            )));
        }
        Ok(Db::open(&target, &config.db_options())?)
    }

    /// Where the key to sealed secrets lies.
    ///
    /// # Errors
    /// Settings that are wrong.
    pub fn key_file(&self) -> Result<PathBuf, Failure> {
        Ok(self.settings()?.key_file.unwrap_or_else(|| self.data.join(KEY_FILE)))
    }

    /// Opens the database as [`Where::open_migrated`] does, with the key to its sealed secrets; makes a key where
    /// there is none and nothing is sealed yet.
    ///
    /// # Errors
    /// As `open_migrated`; a key that is missing or wrong.
    pub fn open_with_key(&self) -> Result<App, Failure> {
        let app = App::new(self.open_migrated()?);
        let path = self.key_file()?;
        if path.starts_with(&self.data) {
            make_private_folder(&self.data)?;
        }
        key_file::unlock(app, &path)
    }

    /// Opens the database, making it when it is not there, and brings its schema up to date.
    ///
    /// # Errors
    /// When the folder cannot be made, and faults of the database.
    pub fn open_migrated(&self) -> Result<Db, Failure> {
        let config = self.settings()?;
        let target = self.target(&config);
        if matches!(target, Target::Sqlite(_)) {
            make_private_folder(&self.data)?;
        }
        let db = Db::open(&target, &config.db_options())?;
        bihuan_store::migrate::migrate(&db)?;
        Ok(db)
    }
}

/// Makes the data folder; on Unix nobody but its owner may look into a new one.
fn make_private_folder(path: &std::path::Path) -> Result<(), Failure> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(path)
        .map_err(|error| Failure::Input(format!("无法建立数据目录“{}”：{}。", path.display(), why(&error))))
}
