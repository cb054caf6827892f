//! Opening a zip-based document without trusting what it says about itself.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::{DocumentError, Limits, Result};

/// An opened xlsx or docx.
pub(crate) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    limits: &'a Limits,
    left: u64,
}

impl<'a> Archive<'a> {
    /// Opens and checks the directory: entries, encryption, declared sizes.
    pub(crate) fn open(bytes: &'a [u8], limits: &'a Limits) -> Result<Self> {
        super::check_size(bytes, limits)?;
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| DocumentError::BrokenArchive)?;
        if zip.len() > limits.zip_entries {
            return Err(DocumentError::TooManyEntries { entries: zip.len(), limit: limits.zip_entries });
        }
        let mut total = 0u64;
        for index in 0..zip.len() {
            let entry = zip.by_index_raw(index).map_err(|_| DocumentError::BrokenArchive)?;
            if entry.encrypted() {
                return Err(DocumentError::Encrypted);
            }
            let name = entry.name().map_err(|_| DocumentError::BrokenArchive)?.into_owned();
            total = total.saturating_add(entry.size());
            let packed = entry.compressed_size().max(1);
            let bomb =
                entry.size() > limits.ratio_free_bytes && entry.size() / packed > limits.unzipped_ratio;
            if total > limits.unzipped_bytes || bomb {
                return Err(DocumentError::Unzipped { part: name, limit: limits.unzipped_bytes });
            }
        }
        Ok(Self { zip, limits, left: limits.unzipped_bytes })
    }

    /// Whether a part is there.
    pub(crate) fn has(&self, part: &str) -> bool {
        self.zip.index_for_name(part).is_some()
    }

    /// The names of all parts.
    pub(crate) fn names(&self) -> Vec<String> {
        self.zip.file_names().filter_map(std::result::Result::ok).map(|n| n.into_owned()).collect()
    }

    /// Reads an XML part as text. The declared size is not believed: reading stops at the limit.
    pub(crate) fn xml(&mut self, part: &str) -> Result<String> {
        let Some(index) = self.zip.index_for_name(part) else {
            return Err(DocumentError::MissingPart { part: part.to_owned() });
        };
        let broken = || DocumentError::BrokenPart { part: part.to_owned() };
        let entry = self.zip.by_index(index).map_err(|_| broken())?;
        let packed = entry.compressed_size().max(1);
        let by_ratio = self.limits.ratio_free_bytes.max(packed.saturating_mul(self.limits.unzipped_ratio));
        let allowed = self.left.min(by_ratio);
        let capacity = usize::try_from(entry.size().min(allowed)).unwrap_or(0);
        let mut data = Vec::with_capacity(capacity);
        entry.take(allowed + 1).read_to_end(&mut data).map_err(|_| broken())?;
        let read = data.len() as u64;
        if read > allowed {
            let limit = self.limits.unzipped_bytes;
            return Err(DocumentError::Unzipped { part: part.to_owned(), limit });
        }
        self.left -= read;
        let text = decode_xml(data).ok_or_else(broken)?;
        // A real office file has no such declaration, and in text its first character would be escaped. Nothing here
        // expands entities anyway; a file that tries is not worth reading.
        if text.contains("<!DOCTYPE") {
            return Err(DocumentError::Doctype { part: part.to_owned() });
        }
        Ok(text)
    }
}

/// XML parts are UTF-8, rarely UTF-16.
fn decode_xml(data: Vec<u8>) -> Option<String> {
    match data.get(..2) {
        Some([0xFF, 0xFE] | [0xFE, 0xFF]) => {
            let (text, _, wrong) = encoding_rs::UTF_16LE.decode(&data);
            (!wrong).then(|| text.into_owned())
        }
        _ => String::from_utf8(data).ok(),
    }
}
