//! Files that commands read and write, with one wording of what can be wrong.

use crate::exit::Failure;
use crate::words::why;
use std::fs::File;
use std::io::{Error, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

/// Largest file that a command takes in, in bytes: as much as a page takes.
pub const FILE_BYTES_MAX: u64 = bihuan_documents::limits::UPLOAD_BYTES;

/// The bytes of a file, at most [`FILE_BYTES_MAX`].
///
/// # Errors
/// A file that cannot be read or is too large.
pub fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    read_up_to(path, FILE_BYTES_MAX)
}

fn read_up_to(path: &Path, most: u64) -> Result<Vec<u8>, Failure> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    if bytes.len() as u64 > most {
        return Err(Failure::Input(format!("“{}”超过{}MB，请拆分后再试。", path.display(), most >> 20)));
    }
    Ok(bytes)
}

/// The text of a file in UTF-8.
///
/// # Errors
/// As [`read`]; bytes that are no UTF-8.
pub fn read_text(path: &Path) -> Result<String, Failure> {
    String::from_utf8(read(path)?).map_err(|_| unreadable(path, &Error::from(ErrorKind::InvalidData)))
}

/// Why a file cannot be read.
pub fn unreadable(path: &Path, error: &Error) -> Failure {
    Failure::Input(format!("无法读取“{}”：{}。", path.display(), why(error)))
}

/// Why a file cannot be written: a full disk is a fault, a wrong place is the input.
pub fn unwritable(path: &Path, error: &Error) -> Failure {
    let sentence = format!("无法写入“{}”：{}。", path.display(), why(error));
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::Other => Failure::Fault(sentence),
        _ => Failure::Input(sentence),
    }
}

/// Why a line could not be printed. Whoever reads the first lines and goes away is no failure.
pub fn unheard(error: Error) -> Failure {
    if error.kind() == ErrorKind::BrokenPipe {
        return Failure::Unheard;
    }
    Failure::Fault(format!("无法输出结果：{}。", why(&error)))
}

/// A file that did not exist before, gone again unless it is kept: half a result helps nobody.
#[derive(Debug)]
pub struct NewFile {
    path: PathBuf,
    /// To write, and to read back.
    pub file: File,
    kept: bool,
}

impl NewFile {
    /// Makes the file.
    ///
    /// # Errors
    /// A file that exists already, a place that cannot be written.
    pub fn create(path: &Path) -> Result<NewFile, Failure> {
        let file = File::options().read(true).write(true).create_new(true).open(path);
        let file = file.map_err(|error| unwritable(path, &error))?;
        Ok(NewFile { path: path.to_owned(), file, kept: false })
    }

    /// The work is whole: the file stays.
    ///
    /// # Errors
    /// A disk that does not take it.
    pub fn keep(mut self) -> Result<(), Failure> {
        self.file
            .flush()
            .and_then(|()| self.file.sync_all())
            .map_err(|error| unwritable(&self.path, &error))?;
        self.kept = true;
        Ok(())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.kept {
            // The reason was told already; a file that is gone is what is wanted.
            drop(std::fs::remove_file(&self.path));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{NewFile, read_up_to};

    #[test]
    fn a_file_is_read_up_to_its_limit_and_not_a_byte_further() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, [7; 10]).unwrap();
        assert_eq!(read_up_to(&path, 10).unwrap().len(), 10);
        assert!(read_up_to(&path, 9).unwrap_err().to_string().contains("超过"));
    }

    #[test]
    fn a_new_file_stays_only_when_it_is_kept_and_never_replaces_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        drop(NewFile::create(&path).unwrap());
        assert!(!path.exists());
        NewFile::create(&path).unwrap().keep().unwrap();
        assert!(path.exists());
        assert!(NewFile::create(&path).unwrap_err().to_string().contains("没有覆盖"));
        assert!(path.exists(), "a refused file was removed");
    }
}
