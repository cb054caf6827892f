//! The key file: the key to secrets that stand sealed in the database, apart from the data and from every backup.

use crate::exit::Failure;
use crate::words::why;
use bihuan_app::App;
use bihuan_app::vault::{Key, Sealed, Vault};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Its name inside the data folder, unless the settings name another place.
pub const KEY_FILE: &str = "secret.key";
/// The largest file that is read as a key file, in bytes.
pub const KEY_FILE_BYTES_MAX: u64 = 4 * 1024;

/// Gives the application its key. Makes a new key file where there is none and nothing is sealed yet.
///
/// # Errors
/// A key that is missing, is another one, can be read by everybody, or is no key; each with what to do.
pub fn unlock(app: App, path: &Path) -> Result<App, Failure> {
    let sealed = app.sealed()?;
    if let Some(key) = read(path)?.filter(|key| opens(key, &sealed)) {
        return Ok(app.with_vault(Vault::new(key)));
    }
    // A renewal that was cut off after its commit and before the files changed places.
    let waiting = waiting(path);
    if sealed.values > 0
        && let Some(key) = read(&waiting)?.filter(|key| opens(key, &sealed))
    {
        rename(&waiting, path)?;
        return Ok(app.with_vault(Vault::new(key)));
    }
    if path.exists() {
        return Err(wrong_key(path, &sealed));
    }
    if sealed.values > 0 {
        return Err(missing_key(path, &sealed));
    }
    let key = Key::generate()?;
    write_new(path, &key)?;
    Ok(app.with_vault(Vault::new(key)))
}

/// Makes a new key and seals everything with it. Cut off at any moment, one of the two files still opens everything.
///
/// # Errors
/// As [`unlock`]; files that cannot be written; faults of the database.
pub fn renew(app: App, path: &Path) -> Result<usize, Failure> {
    let app = unlock(app, path)?;
    let (key, waiting) = (Key::generate()?, waiting(path));
    match std::fs::remove_file(&waiting) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(unwritable(&waiting, &error));
        }
        _ => {}
    }
    write_new(&waiting, &key)?;
    let count = app.renew_key(bihuan_store::clock::now(), &Vault::new(key))?;
    rename(&waiting, path)?;
    Ok(count)
}

/// The key in the file; `None` where there is no file.
///
/// # Errors
/// A file that cannot be read, is open to everybody, or holds no key.
pub fn read(path: &Path) -> Result<Option<Key>, Failure> {
    let found = match std::fs::metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(path, &error)),
    };
    check_mode(path, &found)?;
    let no_key = || {
        Failure::Input(format!(
            "文件“{}”不是闭环的密钥文件，或已损坏。请放回原来的密钥文件。",
            path.display()
        ))
    };
    if found.len() > KEY_FILE_BYTES_MAX {
        return Err(no_key());
    }
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
    Key::parse(&text).map(Some).ok_or_else(no_key)
}

#[cfg(unix)]
fn check_mode(path: &Path, found: &std::fs::Metadata) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt as _;
    if found.permissions().mode() & 0o007 == 0 {
        return Ok(());
    }
    Err(Failure::Input(format!(
        "密钥文件“{0}”对本机所有用户开放。请运行 chmod 600 {0} 后再启动。",
        path.display()
    )))
}

#[cfg(not(unix))]
fn check_mode(_path: &Path, _found: &std::fs::Metadata) -> Result<(), Failure> {
    Ok(())
}

fn opens(key: &Key, sealed: &Sealed) -> bool {
    sealed.keys.iter().all(|name| *name == key.name())
}

fn waiting(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}

fn write_new(path: &Path, key: &Key) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|error| unwritable(path, &error))?;
    file.write_all(key.file_text().as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(|error| unwritable(path, &error))
}

fn rename(from: &Path, to: &Path) -> Result<(), Failure> {
    std::fs::rename(from, to).map_err(|error| unwritable(to, &error))
}

fn missing_key(path: &Path, sealed: &Sealed) -> Failure {
    Failure::Input(format!(
        "找不到密钥文件“{}”，而数据库里有{}项内容（动态口令、通知渠道密码）是用密钥 {} 加密的。请放回这个密钥文件，或用 key_file 设置它的位置。\
         确实遗失时运行 bihuan key lost，这些内容将被清除，须重新启用、填写。",
        path.display(),
        sealed.values,
        sealed.keys.join("、")
    ))
}

fn wrong_key(path: &Path, sealed: &Sealed) -> Failure {
    Failure::Input(format!(
        "密钥文件“{}”不是加密这个数据库所用的密钥：数据库用的是 {}。请换上正确的密钥文件；确实遗失时运行 bihuan key lost。",
        path.display(),
        sealed.keys.join("、")
    ))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Input(format!("无法读取密钥文件“{}”：{}。", path.display(), why(error)))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Fault(format!("无法写入密钥文件“{}”：{}。", path.display(), why(error)))
}
