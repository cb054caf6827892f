//! Which database a command works on.

use crate::exit::Failure;
use bihuan_store::Db;
use bihuan_store::db::{DbOptions, Target};
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
}

impl Where {
    /// The database meant.
    pub fn target(&self) -> Target {
        match &self.database {
            Some(url) => Target::Postgres(url.clone()),
            None => Target::Sqlite(self.data.join(DATABASE_FILE)),
        }
    }

    /// Opens a database that exists.
    ///
    /// # Errors
    /// An input failure when there is none.
    pub fn open_existing(&self) -> Result<Db, Failure> {
        if let Target::Sqlite(path) = self.target()
            && !path.exists()
        {
            return Err(Failure::Input(format!(
                "目录“{}”中没有闭环的数据（{DATABASE_FILE}）。请用 --data 指定数据目录，或先运行 bihuan init。",
                self.data.display()
            )));
        }
        Ok(Db::open(&self.target(), &DbOptions::default())?)
    }

    /// Opens the database, making it when it is not there, and brings its schema up to date.
    ///
    /// # Errors
    /// When the folder cannot be made, and faults of the database.
    pub fn open_migrated(&self) -> Result<Db, Failure> {
        if self.database.is_none() {
            std::fs::create_dir_all(&self.data).map_err(|error| {
                Failure::Input(format!("无法建立数据目录“{}”：{error}。", self.data.display()))
            })?;
        }
        let db = Db::open(&self.target(), &DbOptions::default())?;
        bihuan_store::migrate::migrate(&db)?;
        Ok(db)
    }
}
