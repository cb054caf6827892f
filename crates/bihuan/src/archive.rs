//! The backup file: one zip with a manifest and one file of lines a table (`docs/operating/backup.md`).

use bihuan_store::portable::{self, TableSum};
use bihuan_store::{Conn, Db, Fault};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::exit::Failure;
use crate::files::{unreadable, unwritable};

/// What a manifest says it is.
const KIND: &str = "bihuan-backup";
/// Name of the manifest inside the zip.
const MANIFEST: &str = "manifest.json";
/// The largest manifest that is read, in bytes.
const MANIFEST_BYTES_MAX: u64 = 1024 * 1024;

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Always `bihuan-backup`.
    pub kind: String,
    /// Number of the way rows are written.
    pub format: u32,
    /// Version of the program that wrote it.
    pub program: String,
    /// Number of the last schema step.
    pub schema: i64,
    /// When it was taken, UTC microseconds.
    pub taken_at_us: i64,
    /// Number of the last journal entry.
    pub head_seq: i64,
    /// Hash of that entry.
    pub head_hash: String,
    /// Every table with its count and digest.
    pub tables: Vec<TableSum>,
}

/// Writes a backup from one state of the database, while others go on writing.
///
/// # Errors
/// An existing file; files that cannot be written; faults of the database.
pub fn write(db: &Db, to: &Path, at_us: i64, watch: &mut dyn FnMut(&str)) -> Result<Manifest, Failure> {
    if to.exists() {
        return Err(Failure::Input(format!("“{}”已经存在，请换一个文件名。", to.display())));
    }
    let mut name = to.as_os_str().to_owned();
    name.push(".partial");
    let partial = PathBuf::from(name);
    let done = write_partial(db, &partial, at_us, watch);
    let kept = done.and_then(|manifest| {
        std::fs::rename(&partial, to).map_err(|error| unwritable(to, &error))?;
        Ok(manifest)
    });
    if kept.is_err() {
        // What is left half done may not be there at all; either way the reason is in `kept`.
        let _gone = std::fs::remove_file(&partial);
    }
    kept
}

fn write_partial(db: &Db, to: &Path, at_us: i64, watch: &mut dyn FnMut(&str)) -> Result<Manifest, Failure> {
    let file = create_private(to).map_err(|error| unwritable(to, &error))?;
    let options = SimpleFileOptions::default().large_file(true).unix_permissions(0o600);
    let manifest = db.read(|conn| -> Result<Manifest, Failure> {
        let mut zip = ZipWriter::new(BufWriter::new(file));
        let mut sums = Vec::new();
        for (table, columns) in portable::tables(conn)? {
            watch(&table);
            zip.start_file(member(&table), options).map_err(zipped)?;
            sums.push(portable::dump(conn, &table, &columns, &mut |line| {
                let io = |error| Fault::io("writing the backup", error);
                zip.write_all(line.as_bytes()).and_then(|()| zip.write_all(b"\n")).map_err(io)
            })?);
        }
        let manifest = manifest(conn, at_us, sums)?;
        zip.start_file(MANIFEST, options).map_err(zipped)?;
        let text =
            serde_json::to_string_pretty(&manifest).map_err(|error| Failure::Fault(error.to_string()))?;
        zip.write_all(text.as_bytes()).map_err(|error| unwritable(to, &error))?;
        let file = zip.finish().map_err(zipped)?;
        let file = file.into_inner().map_err(|error| unwritable(to, error.error()))?;
        file.sync_all().map_err(|error| unwritable(to, &error))?;
        Ok(manifest)
    })?;
    Ok(manifest)
}

/// A backup holds everything; on Unix nobody but its owner may read it.
fn create_private(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn manifest(conn: &mut Conn, at_us: i64, tables: Vec<TableSum>) -> Result<Manifest, Failure> {
    let (head_seq, head_hash) = portable::head(conn)?;
    Ok(Manifest {
        kind: KIND.to_owned(),
        format: portable::FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        schema: bihuan_store::migrate::schema_version(conn)?,
        taken_at_us: at_us,
        head_seq,
        head_hash,
        tables,
    })
}

/// A backup opened for reading.
#[derive(Debug)]
pub struct Backup {
    zip: ZipArchive<BufReader<File>>,
    /// What it holds.
    pub manifest: Manifest,
}

impl Backup {
    /// Opens a backup and reads its manifest.
    ///
    /// # Errors
    /// A file that is no backup, or one of a newer program.
    pub fn open(path: &Path) -> Result<Backup, Failure> {
        let file = File::open(path).map_err(|error| unreadable(path, &error))?;
        let other = || Failure::Input(format!("“{}”不是闭环的备份文件，或者已经损坏。", path.display()));
        let mut zip = ZipArchive::new(BufReader::new(file)).map_err(|_| other())?;
        let manifest: Manifest = {
            let member = zip.by_name(MANIFEST).map_err(|_| other())?;
            serde_json::from_reader(std::io::Read::take(member, MANIFEST_BYTES_MAX)).map_err(|_| other())?
        };
        if manifest.kind != KIND {
            return Err(other());
        }
        if manifest.format > portable::FORMAT {
            return Err(Failure::Input(format!(
                "备份由更新的程序（{}）写成，请换用该版本或更新的 bihuan 程序恢复。",
                manifest.program
            )));
        }
        Ok(Backup { zip, manifest })
    }

    /// Puts everything into a freshly migrated database that nobody has used, in one transaction.
    ///
    /// # Errors
    /// A schema of another version, a used database, damage (counts and digests are compared table by table).
    pub fn load_into(mut self, db: &Db) -> Result<Manifest, Failure> {
        db.write(move |conn| {
            let schema = bihuan_store::migrate::schema_version(conn)?;
            if schema != self.manifest.schema {
                return Err(Failure::Input(format!(
                    "备份的数据结构版本是{}，本程序是{schema}。请先用写备份的程序版本（{}）恢复，再升级。",
                    self.manifest.schema, self.manifest.program
                )));
            }
            if !portable::is_untouched(conn)? {
                return Err(Failure::Input(
                    "目标数据库里已有数据。恢复只能写入空的数据库，请换一个数据目录或数据库。".to_owned(),
                ));
            }
            let here = portable::tables(conn)?;
            for table in &self.manifest.tables {
                if !here.iter().any(|(name, columns)| *name == table.name && *columns == table.columns) {
                    return Err(Failure::Check(format!(
                        "备份中的表 {} 与本程序的数据结构不符。",
                        table.name
                    )));
                }
            }
            for expected in portable::in_filling_order(conn, self.manifest.tables.clone())? {
                self.load_table(conn, &expected)?;
            }
            Ok(self.manifest)
        })
    }

    fn load_table(&mut self, conn: &mut Conn, expected: &TableSum) -> Result<(), Failure> {
        let damaged = || {
            Failure::Check(format!(
                "备份中表 {} 的内容与清单不符，文件可能已损坏。没有写入任何数据。",
                expected.name
            ))
        };
        let member = self.zip.by_name(&member(&expected.name)).map_err(|_| damaged())?;
        let mut lines = BufReader::new(member);
        let loaded = portable::load(conn, &expected.name, &expected.columns, &mut || next_line(&mut lines))?;
        if loaded != *expected {
            return Err(damaged());
        }
        let kept = portable::dump(conn, &expected.name, &expected.columns, &mut |_| Ok(()))?;
        if kept == *expected {
            return Ok(());
        }
        Err(Failure::Check(format!(
            "表 {} 写入后重新清点为{}行，备份是{}行，或内容有别。没有写入任何数据。",
            expected.name, kept.rows, expected.rows
        )))
    }
}

fn next_line(lines: &mut impl BufRead) -> Result<Option<String>, Fault> {
    let mut line = Vec::new();
    let limit = portable::LINE_BYTES_MAX as u64;
    let io = |error| Fault::io("reading the backup", error);
    let read = std::io::Read::take(&mut *lines, limit).read_until(b'\n', &mut line).map_err(io)?;
    if read == 0 {
        return Ok(None);
    }
    if line.pop() != Some(b'\n') {
        return Err(Fault::corrupt(format!("a line of the backup is cut off or longer than {limit} bytes")));
    }
    String::from_utf8(line).map(Some).map_err(|_| Fault::corrupt("a line of the backup is not UTF-8"))
}

fn member(table: &str) -> String {
    format!("tables/{table}.jsonl")
}

fn zipped(error: zip::result::ZipError) -> Failure {
    Failure::Fault(format!("写备份文件时出错：{error}。"))
}
