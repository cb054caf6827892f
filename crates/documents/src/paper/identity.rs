//! Which document a file is: a mark inside docx, PDF and xlsx, so that a file at hand can be set beside the issued one.
//! The mark only says which one to compare with; whether it *is* that one is a matter of its digest alone.

use serde::{Deserialize, Serialize};
use std::io::{Cursor, Read};

/// Before the mark in every file.
pub(crate) const MARK: &str = "bihuan-edition:";
/// The longest mark, in characters.
const KEY_CHARS_MAX: usize = 64;
/// Bytes of one part of a zip searched for the mark.
const PART_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// Title, author and mark of a document.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Identity {
    /// The mark: letters, digits and `-`; empty for none.
    pub key: String,
    /// The unit that made it.
    pub author: String,
    /// The day of the document, as `2024-03-05`; file properties need one and there is no clock here.
    pub day: String,
}

impl Identity {
    /// The mark as it stands in a file.
    pub(crate) fn mark(&self) -> String {
        if self.key.is_empty() { String::new() } else { format!("{MARK}{}", self.key) }
    }
}

/// The mark of a docx, xlsx or PDF, whoever wrote or saved it since; `None` where there is none.
pub fn identity_of(bytes: &[u8]) -> Option<String> {
    if !bytes.starts_with(b"PK") {
        return key_in(bytes);
    }
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    for name in ["docProps/core.xml", "docProps/custom.xml", "docProps/app.xml"] {
        let Ok(part) = zip.by_name(name) else { continue };
        let mut text = Vec::new();
        part.take(PART_BYTES_MAX).read_to_end(&mut text).ok()?;
        if let Some(key) = key_in(&text) {
            return Some(key);
        }
    }
    None
}

fn key_in(bytes: &[u8]) -> Option<String> {
    let at = bytes.windows(MARK.len()).position(|part| part == MARK.as_bytes())?;
    let rest = bytes.get(at + MARK.len()..)?;
    let key: String = rest
        .iter()
        .map(|byte| char::from(*byte))
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
        .take(KEY_CHARS_MAX)
        .collect();
    (!key.is_empty()).then_some(key)
}
