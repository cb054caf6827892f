//! One private PostgreSQL server for all test processes of a target folder.
//!
//! The first process that needs it makes it in the system's temporary folder, reachable by a Unix socket only. Every
//! process holds a shared lock on the file `lease` for as long as it lives; a small shell script beside the server
//! ends it and removes its folder when nobody has held the lock for [`IDLE_SECONDS`].

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use postgres::{Client, NoTls};

/// The server ends this many seconds after the last test process has ended.
const IDLE_SECONDS: u32 = 5;

/// How long the server may take to come up.
const START_LIMIT: Duration = Duration::from_secs(60);

/// The server of this process's target folder, with this process's share of the lease.
#[derive(Debug)]
pub(crate) struct Cluster {
    dir: PathBuf,
    _lease: File,
}

/// Whom the server runs as: PostgreSQL refuses to run as root.
#[derive(Clone, Copy, Debug)]
pub(crate) struct User {
    uid: u32,
    gid: u32,
    /// We are root and must become this user.
    switch: bool,
}

/// The server, started when needed; `None` when PostgreSQL is not installed.
pub(crate) fn cluster() -> Option<&'static Cluster> {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    let made = CLUSTER.get_or_init(|| {
        let bin = programs()?;
        Some(Cluster::join(&bin).expect("the private PostgreSQL server for the tests could not be started"))
    });
    made.as_ref()
}

/// The folder with `initdb` and `postgres`: the newest of the system's, or one on PATH.
pub(crate) fn programs() -> Option<PathBuf> {
    let both = |dir: &PathBuf| dir.join("initdb").is_file() && dir.join("postgres").is_file();
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|e| Some((e.file_name().to_str()?.parse().ok()?, e.path().join("bin"))))
        .collect();
    versions.sort();
    let installed = versions.into_iter().rev().map(|(_, dir)| dir);
    let flock = crate::on_path("flock").is_some();
    installed.chain(crate::path_folders()).find(both).filter(|_| flock)
}

impl Cluster {
    fn join(bin: &Path) -> Result<Cluster, String> {
        let user = user()?;
        let dir = crate::temp_dir().join(format!("bihuan-pg-{:016x}", key()));
        let deadline = Instant::now() + START_LIMIT * 2;
        while Instant::now() < deadline {
            make_folder(&dir, user)?;
            let lease = open_lease(&dir, user)?;
            lease.lock_shared().map_err(|e| format!("lease: {e}"))?;
            if is_current(&lease, &dir) && answers(&dir) {
                return Ok(Cluster { dir, _lease: lease });
            }
            lease.unlock().map_err(|e| format!("lease: {e}"))?;
            lease.lock().map_err(|e| format!("lease: {e}"))?;
            if is_current(&lease, &dir) && !answers(&dir) {
                start(bin, &dir, user)?;
            }
        }
        Err(format!("no server in {} came up", dir.display()))
    }

    /// The address of one of its databases.
    pub(crate) fn url(&self, database: &str) -> String {
        url(&self.dir, database)
    }

    /// A connection outside any transaction, for CREATE DATABASE.
    pub(crate) fn admin(&self) -> Result<Client, postgres::Error> {
        Client::connect(&self.url("postgres"), NoTls)
    }
}

fn url(dir: &Path, database: &str) -> String {
    let host = dir.to_string_lossy().replace('%', "%25").replace('/', "%2F");
    format!("postgres://bihuan@{host}/{database}")
}

/// Tests of different target folders, and of different settings, do not share a server.
fn key() -> u64 {
    let mut hasher = DefaultHasher::new();
    let exe = std::env::current_exe().unwrap_or_default();
    let target = exe.ancestors().find(|a| a.join("CACHEDIR.TAG").is_file()).unwrap_or(&exe);
    (target, fsync()).hash(&mut hasher);
    hasher.finish()
}

/// Tests need no durability beyond the server's own life; measurements do.
fn fsync() -> bool {
    crate::env("BIHUAN_TEST_PG_FSYNC").is_some_and(|v| v == "1")
}

pub(crate) fn user() -> Result<User, String> {
    let own = tempfile::tempfile().and_then(|f| f.metadata()).map_err(|e| format!("temporary file: {e}"))?;
    if own.uid() != 0 {
        return Ok(User { uid: own.uid(), gid: own.gid(), switch: false });
    }
    let accounts = std::fs::read_to_string("/etc/passwd").map_err(|e| format!("/etc/passwd: {e}"))?;
    let find = |name: &str| {
        let line = accounts.lines().find(|l| l.split(':').next() == Some(name))?;
        let mut numbers = line.split(':').skip(2).map(|n| n.parse().ok());
        Some(User { uid: numbers.next()??, gid: numbers.next()??, switch: true })
    };
    find("postgres")
        .or_else(|| find("nobody"))
        .ok_or_else(|| "no unprivileged user to run PostgreSQL as".to_owned())
}

pub(crate) fn make_folder(dir: &Path, user: User) -> Result<(), String> {
    let told = |e: std::io::Error| format!("{}: {e}", dir.display());
    match std::fs::DirBuilder::new().mode(0o700).create(dir) {
        Ok(()) if user.switch => {
            std::os::unix::fs::chown(dir, Some(user.uid), Some(user.gid)).map_err(told)?;
        }
        Ok(()) => {}
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(e) => return Err(told(e)),
    }
    match std::fs::symlink_metadata(dir) {
        // Its maker has not yet given it to the user, or another one has just removed it: the loop comes again.
        Ok(found) if found.is_dir() && (found.uid() == user.uid || user.switch && found.uid() == 0) => Ok(()),
        Ok(_) => Err(format!("{} belongs to somebody else", dir.display())),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(told(e)),
    }
}

fn open_lease(dir: &Path, user: User) -> Result<File, String> {
    let path = dir.join("lease");
    let mut wait = 0;
    loop {
        match OpenOptions::new().create(true).truncate(false).write(true).read(true).open(&path) {
            Ok(file) if user.switch => {
                let given = std::os::unix::fs::fchown(&file, Some(user.uid), Some(user.gid));
                return given.map(|()| file).map_err(|e| format!("{}: {e}", path.display()));
            }
            Ok(file) => return Ok(file),
            // The folder is just being removed by the script that ended the last server.
            Err(_) if wait < 100 => {
                wait += 1;
                std::thread::sleep(Duration::from_millis(50));
                make_folder(dir, user)?;
            }
            Err(e) => return Err(format!("{}: {e}", path.display())),
        }
    }
}

/// Whether the lease that we hold is still the one in the folder, and not that of a server that has ended.
fn is_current(lease: &File, dir: &Path) -> bool {
    match (lease.metadata(), std::fs::metadata(dir.join("lease"))) {
        (Ok(held), Ok(there)) => held.ino() == there.ino() && held.dev() == there.dev(),
        _ => false,
    }
}

fn answers(dir: &Path) -> bool {
    dir.join("ready").is_file() && is_watched(dir) && Client::connect(&url(dir, "postgres"), NoTls).is_ok()
}

/// Whether the script that will end the server still runs. Where that cannot be seen, it is believed.
fn is_watched(dir: &Path) -> bool {
    let pid = std::fs::read_to_string(dir.join("watchdog")).unwrap_or_default();
    let line = std::fs::read(format!("/proc/{}/cmdline", pid.trim())).unwrap_or_default();
    !Path::new("/proc/self/cmdline").exists()
        || String::from_utf8_lossy(&line).contains(&*dir.to_string_lossy())
}

fn start(bin: &Path, dir: &Path, user: User) -> Result<(), String> {
    end_orphan(dir)?;
    for old in ["data", "log", "ready", "watchdog"] {
        let path = dir.join(old);
        let gone = if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        match gone {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                return Err(format!("{}: {e}", path.display()));
            }
            _ => {}
        }
    }
    make_data(bin, dir, user)?;
    let on_off = if fsync() { "on" } else { "off" };
    let mut script = command(Path::new("/bin/sh"), dir, user);
    script.arg("-c").arg(include_str!("watchdog.sh")).arg("bihuan-testkit");
    script.arg(bin).arg(dir).arg(IDLE_SECONDS.to_string());
    for setting in ["listen_addresses=", "max_connections=200", "shared_buffers=64MB", "max_wal_size=2GB"] {
        script.arg("-c").arg(setting);
    }
    script.arg("-c").arg(format!("fsync={on_off}"));
    let script = script.process_group(0).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    script.map_err(|e| format!("/bin/sh: {e}"))?;
    let deadline = Instant::now() + START_LIMIT;
    while Instant::now() < deadline {
        if Client::connect(&url(dir, "postgres"), NoTls).is_ok() {
            return File::create(dir.join("ready")).map(|_| ()).map_err(|e| format!("ready: {e}"));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let log = std::fs::read_to_string(dir.join("log")).unwrap_or_default();
    Err(format!("the server did not come up within {START_LIMIT:?}:\n{log}"))
}

pub(crate) fn make_data(bin: &Path, dir: &Path, user: User) -> Result<(), String> {
    let mut init = command(&bin.join("initdb"), dir, user);
    init.arg("-D").arg(dir.join("data"));
    init.args(["-U", "bihuan", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
    let done = init.output().map_err(|e| format!("initdb: {e}"))?;
    if done.status.success() {
        return Ok(());
    }
    Err(format!("initdb: {}", String::from_utf8_lossy(&done.stderr)))
}

/// A server of ours whose script was killed: it is known by our data folder on its command line.
fn end_orphan(dir: &Path) -> Result<(), String> {
    let Ok(text) = std::fs::read_to_string(dir.join("data/postmaster.pid")) else { return Ok(()) };
    let Some(pid) = text.lines().next().and_then(|l| l.trim().parse::<u32>().ok()) else { return Ok(()) };
    let ours = || {
        let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).contains(&*dir.join("data").to_string_lossy())
    };
    if !ours() {
        return Ok(());
    }
    let kill = Command::new("kill").arg("-INT").arg(pid.to_string()).status();
    kill.map_err(|e| format!("kill: {e}"))?;
    let deadline = Instant::now() + START_LIMIT;
    while ours() {
        if Instant::now() > deadline {
            return Err(format!("the orphaned server {pid} does not end"));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

pub(crate) fn command(program: &Path, dir: &Path, user: User) -> Command {
    let mut command = Command::new(program);
    let path = crate::env("PATH").unwrap_or_else(|| OsString::from("/usr/bin:/bin"));
    command.env_clear().env("PATH", path).env("LC_ALL", "C.UTF-8").env("TZ", "UTC");
    command.current_dir(dir).stdin(Stdio::null());
    if user.switch {
        command.uid(user.uid).gid(user.gid);
    }
    command
}
