//! How long documents take: a report of 20 pages with 10 tables as PDF, docx and xlsx, and a ledger of 100,000 rows.
//! `cargo bench -p bihuan-documents`. Fonts are those of the machine.

use bihuan_documents::export::{PlainColumn, PlainLedger, write_tables};
use bihuan_documents::paper::font::{FontFace, FontSource, inspect};
use bihuan_documents::paper::{Block, Cell, Paper, Profile, Run, Table, docx, pdf};
use bihuan_documents::{DocumentError, Result};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

const LEDGER_ROWS: usize = 100_000;

struct Fonts {
    files: Vec<PathBuf>,
    faces: Vec<FontFace>,
}

impl FontSource for Fonts {
    fn faces(&self) -> &[FontFace] {
        &self.faces
    }
    fn load(&self, file: usize) -> Result<Arc<Vec<u8>>> {
        std::fs::read(&self.files[file])
            .map(Arc::new)
            .map_err(|error| DocumentError::Write { detail: error.to_string() })
    }
}

fn fonts() -> Fonts {
    let (mut files, mut folders) = (Vec::new(), vec![PathBuf::from("/usr/share/fonts")]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "ttc" || end == "ttf" || end == "otf") {
                files.push(path);
            }
        }
    }
    files.sort();
    let faces =
        files.iter().enumerate().flat_map(|(at, path)| inspect(at, &std::fs::read(path).unwrap_or_default()));
    let faces = faces.collect();
    Fonts { files, faces }
}

/// Ten tables of twenty rows with prose between them.
fn report() -> Paper {
    let prose =
        "全县各乡镇、各部门坚持边查边改、立行立改，把检视问题同推动发展、为民办实事结合起来。".repeat(6);
    let mut blocks = Vec::new();
    for at in 1..=10 {
        blocks.push(Block::Paragraph(vec![Run::new(prose.clone())]));
        let head =
            ["序号", "单位", "问题总数", "在办", "已销号"].map(|name| Cell::text(name).centred()).to_vec();
        let rows = (1..=20)
            .map(|row| {
                let mut cells =
                    vec![Cell::text(row.to_string()).centred(), Cell::text(format!("青石镇第{row}村"))];
                cells.extend([row * 3, row, row * 2].map(|n| Cell::text(n.to_string()).centred()));
                cells
            })
            .collect();
        let (caption, unit) = (format!("表{at}　进展情况"), "件".to_owned());
        blocks.push(Block::Table(Table {
            caption,
            caption_note: None,
            unit,
            widths: vec![6, 24, 10, 10, 10],
            head: vec![head],
            rows,
        }));
    }
    Paper { title: vec!["关于整改进展情况的汇报".to_owned()], blocks, ..Paper::default() }
}

/// Largest memory of this process so far, in MB; 0 where the system does not tell.
fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0)
        / 1024
}

fn ledger(rows: usize) -> Result<u64> {
    let columns: Vec<PlainColumn> = (0..18).map(|at| PlainColumn::new(format!("列{at}"), 16.0)).collect();
    let mut ledger = PlainLedger::begin("问题台账", &["单位：云溪县".to_owned()], &columns)?;
    for at in 0..rows {
        let row: Vec<String> = (0..18).map(|column| format!("第{at}行灌渠淤积情况{column}")).collect();
        ledger.push(&row)?;
    }
    let mut file = tempfile();
    ledger.finish(&mut file)?;
    Ok(file.metadata().map_or(0, |data| data.len()))
}

fn tempfile() -> std::fs::File {
    let path = std::env::temp_dir().join(format!("bihuan-bench-{}.xlsx", std::process::id()));
    let open = std::fs::OpenOptions::new().read(true).write(true).create(true).truncate(true).open(&path);
    let _ = std::fs::remove_file(&path);
    open.expect("a file in the temporary folder")
}

fn main() -> Result<()> {
    let begun = Instant::now();
    let small = ledger(1_000)?;
    let before = peak_mb();
    println!("ledger of 1,000 rows: {small} bytes, {:?}, peak {before} MB", begun.elapsed());
    let begun = Instant::now();
    let bytes = ledger(LEDGER_ROWS)?;
    println!("ledger of {LEDGER_ROWS} rows: {bytes} bytes, {:?}, peak {} MB", begun.elapsed(), peak_mb());
    let begun = Instant::now();
    let fonts = fonts();
    println!("fonts looked for once: {:?}, {} faces", begun.elapsed(), fonts.faces.len());
    let paper = report();
    let begun = Instant::now();
    match pdf::write(&paper, &Profile::GB9704, &fonts) {
        Ok(written) => {
            println!("pdf: {} pages, {} bytes, {:?}", written.pages, written.bytes.len(), begun.elapsed())
        }
        Err(error) => println!("pdf: {error}"),
    }
    let begun = Instant::now();
    let word = docx::write(&paper, &Profile::GB9704)?;
    println!("docx: {} bytes, {:?}", word.len(), begun.elapsed());
    let begun = Instant::now();
    let sheets = write_tables(&paper, "单位：云溪县")?;
    println!("xlsx: {} bytes, {:?}", sheets.len(), begun.elapsed());
    Ok(())
}
