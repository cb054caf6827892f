//! Replacing one part inside an xlsx or docx; all other parts are copied as they are packed.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::docx_patch::{self, TableAt};
use super::plan::Edits;
use super::xlsx_patch::{Patched, patch_sheet, shift_names};
use crate::sheet::{Archive, sheet_parts};
use crate::{DocumentError, Limits, Result};

pub(super) fn apply(source: &[u8], sheet: &str, edits: &Edits) -> Result<Vec<u8>> {
    if edits.is_empty() {
        return Ok(source.to_vec());
    }
    let limits = Limits::default();
    let mut archive = Archive::open(source, &limits)?;
    let (parts, _) = sheet_parts(&mut archive)?;
    let Some(index) = parts.iter().position(|p| p.name == sheet) else {
        return Err(DocumentError::NoSheet { sheet: sheet.to_owned() });
    };
    let part = parts[index].part.clone();
    let Patched { xml, lost_formula } = patch_sheet(&archive.xml(&part)?, &part, edits)?;
    let mut replaced = vec![(part, Some(xml))];
    if !edits.rows.is_empty() && archive.has("xl/workbook.xml") {
        let names = shift_names(&archive.xml("xl/workbook.xml")?, index, edits);
        replaced.push(("xl/workbook.xml".to_owned(), Some(names)));
    }
    // A chain that names a cell without a formula makes Excel offer a repair; without the chain it builds a new one.
    if (lost_formula || !edits.rows.is_empty()) && archive.has("xl/calcChain.xml") {
        replaced.push(("xl/calcChain.xml".to_owned(), None));
        for part in ["[Content_Types].xml", "xl/_rels/workbook.xml.rels"] {
            if archive.has(part) {
                replaced.push((part.to_owned(), Some(without_element(&archive.xml(part)?, "calcChain.xml"))));
            }
        }
    }
    repack(source, &replaced)
}

/// The main part of a docx, and where in it the table stands that is read as this sheet.
pub(super) fn table_of(source: &[u8], sheet: &str) -> Result<Option<(String, TableAt)>> {
    let limits = Limits::default();
    let mut archive = Archive::open(source, &limits)?;
    let xml = archive.xml(docx_patch::PART)?;
    Ok(TableAt::find(&xml, sheet)?.map(|table| (xml, table)))
}

/// The docx with another main part.
pub(super) fn with_document(source: &[u8], xml: String) -> Result<Vec<u8>> {
    repack(source, &[(docx_patch::PART.to_owned(), Some(xml))])
}

/// Takes out the one element whose attributes hold the needle.
fn without_element(xml: &str, needle: &str) -> String {
    let Some(at) = xml.find(needle) else { return xml.to_owned() };
    let (Some(start), Some(end)) = (xml[..at].rfind('<'), xml[at..].find('>')) else { return xml.to_owned() };
    format!("{}{}", &xml[..start], &xml[at + end + 1..])
}

/// The archive with some parts replaced (or taken out, where nothing is given) and new ones at its end; all others are
/// copied as they are packed.
pub(crate) fn repack(source: &[u8], replaced: &[(String, Option<String>)]) -> Result<Vec<u8>> {
    let fault = |e: &dyn std::fmt::Display| DocumentError::Write { detail: e.to_string() };
    let mut from = ZipArchive::new(Cursor::new(source)).map_err(|_| DocumentError::BrokenArchive)?;
    let mut to = ZipWriter::new(Cursor::new(Vec::with_capacity(source.len())));
    for index in 0..from.len() {
        let entry = from.by_index_raw(index).map_err(|_| DocumentError::BrokenArchive)?;
        let name = entry.name().map_err(|_| DocumentError::BrokenArchive)?.into_owned();
        match replaced.iter().find(|(part, _)| *part == name) {
            None => to.raw_copy_file(entry).map_err(|e| fault(&e))?,
            Some((_, None)) => {}
            Some((_, Some(xml))) => {
                let mut options = SimpleFileOptions::default();
                if let Some(time) = entry.last_modified() {
                    options = options.last_modified_time(time);
                }
                drop(entry);
                to.start_file(name, options).map_err(|e| fault(&e))?;
                to.write_all(xml.as_bytes()).map_err(|e| fault(&e))?;
            }
        }
    }
    let known: std::collections::HashSet<String> =
        from.file_names().filter_map(std::result::Result::ok).map(|name| name.into_owned()).collect();
    for (name, xml) in replaced.iter().filter(|(name, _)| !known.contains(name)) {
        let Some(xml) = xml else { continue };
        to.start_file(name.as_str(), SimpleFileOptions::default()).map_err(|e| fault(&e))?;
        to.write_all(xml.as_bytes()).map_err(|e| fault(&e))?;
    }
    Ok(to.finish().map_err(|e| fault(&e))?.into_inner())
}
