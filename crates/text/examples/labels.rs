//! Prints what the text rooms find in files, one JSON object a line, into a folder.
//!
//! usage: labels OUT_DIR YEAR FILE…

use std::fs::{self, File};
use std::io::{BufWriter, Error, Write};
use std::path::Path;

use serde_json::Value;

fn main() -> Result<(), Error> {
    let mut args = std::env::args().skip(1);
    let usage = || Error::other("usage: labels OUT_DIR YEAR FILE…");
    let out = args.next().ok_or_else(usage)?;
    let year: i32 = args.next().and_then(|y| y.parse().ok()).ok_or_else(usage)?;
    fs::create_dir_all(&out)?;
    let mut obligations = BufWriter::new(File::create(Path::new(&out).join("obligations.jsonl"))?);
    let mut faults = BufWriter::new(File::create(Path::new(&out).join("faults.jsonl"))?);
    let mut figures = BufWriter::new(File::create(Path::new(&out).join("figures.jsonl"))?);
    let mut conflicts = BufWriter::new(File::create(Path::new(&out).join("conflicts.jsonl"))?);
    for file in args {
        let doc = Path::new(&file).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&file)?;
        for found in bihuan_text::figures(&text) {
            line(&mut figures, &doc, serde_json::to_value(found)?)?;
        }
        for found in bihuan_text::conflicts(&text) {
            line(&mut conflicts, &doc, serde_json::to_value(found)?)?;
        }
        for found in bihuan_text::faults(&text) {
            line(&mut faults, &doc, serde_json::to_value(found)?)?;
        }
        for found in bihuan_text::obligations(&text, Some(year)) {
            line(&mut obligations, &doc, serde_json::to_value(found)?)?;
        }
    }
    Ok(())
}

fn line(out: &mut impl Write, doc: &str, mut value: Value) -> Result<(), Error> {
    if let Value::Object(fields) = &mut value {
        fields.insert("doc".to_string(), Value::String(doc.to_string()));
    }
    writeln!(out, "{value}")
}
