//! A made-up document with everything in it, and the machine's fonts.

use bihuan_documents::paper::font::{FontFace, FontSource, inspect};
use bihuan_documents::paper::{
    Attachment, Block, Cell, Chart, Form, Head, Identity, Imprint, Note, Paper, Run, Sign, Table,
};
use bihuan_documents::{DocumentError, Result};
use std::path::PathBuf;
use std::sync::Arc;

/// The fonts below `/usr/share/fonts`.
pub struct MachineFonts {
    files: Vec<PathBuf>,
    faces: Vec<FontFace>,
}

impl MachineFonts {
    pub fn find() -> MachineFonts {
        let mut files = Vec::new();
        let mut folders = vec![PathBuf::from("/usr/share/fonts"), PathBuf::from("/usr/local/share/fonts")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path
                    .extension()
                    .is_some_and(|e| ["ttf", "ttc", "otf", "otc"].iter().any(|k| e.eq_ignore_ascii_case(k)))
                {
                    files.push(path);
                }
            }
        }
        files.sort();
        let faces = files
            .iter()
            .enumerate()
            .flat_map(|(at, path)| inspect(at, &std::fs::read(path).unwrap()))
            .collect();
        MachineFonts { files, faces }
    }
}

impl FontSource for MachineFonts {
    fn faces(&self) -> &[FontFace] {
        &self.faces
    }

    fn load(&self, file: usize) -> Result<Arc<Vec<u8>>> {
        let bytes = std::fs::read(&self.files[file]);
        bytes.map(Arc::new).map_err(|e| DocumentError::Write { detail: e.to_string() })
    }
}

/// The machine's fonts; `None` where there is no Chinese one and nothing must be shown.
pub fn fonts() -> Option<MachineFonts> {
    let found = MachineFonts::find();
    if found.faces.is_empty() {
        assert!(crate::support::switch("BIHUAN_REQUIRE_ALL").is_err(), "a Chinese font must be installed");
        println!("skipped: no Chinese font on this machine");
        return None;
    }
    Some(found)
}

/// A report of a made-up county with every element of the standard.
pub fn sample() -> Paper {
    Paper {
        form: Form::Ordinary,
        head: Some(Head {
            serial: "000001".to_owned(),
            marking: "内部".to_owned(),
            urgency: "特急".to_owned(),
            mark: "云溪县整改办公室文件".to_owned(),
            number: "云整改办发〔2024〕8号".to_owned(),
            signers: Vec::new(),
        }),
        title: vec!["关于主题教育检视问题整改阶段性进展情况的汇报".to_owned()],
        addressee: "县委主题教育领导小组".to_owned(),
        blocks: sample_blocks(),
        sign: Some(Sign {
            unit: "云溪县整改办公室".to_owned(),
            day: "2024年3月5日".to_owned(),
            sealed: false,
        }),
        remark: "联系人：办公室".to_owned(),
        attachments: vec![
            Attachment { title: "问题清单".to_owned(), blocks: vec![Block::Table(sample_table(5))] },
            Attachment {
                title: "数字说明".to_owned(),
                blocks: vec![Block::Paragraph(vec![Run::new("各项数字的定义。")])],
            },
        ],
        imprint: Some(Imprint {
            copies: "县纪委监委，县委办公室，县政府办公室，各乡镇党委、政府，县直各部门，县人大常委会办公室，县政协办公室"
                .to_owned(),
            printer: "云溪县整改办公室".to_owned(),
            day: "2024年3月5日".to_owned(),
        }),
        notes: vec![
            Note {
                text: "问题总数：登记的全部问题。截至第88号记录。".to_owned(),
                href: "https://bihuan.example/f/k3x9".to_owned(),
            },
            Note { text: "已销号：已结束的问题。截至第88号记录。".to_owned(), href: String::new() },
        ],
        identity: Identity {
            key: "r7-e1".to_owned(),
            author: "云溪县整改办公室".to_owned(),
            day: "2024-03-05".to_owned(),
        },
    }
}

fn sample_blocks() -> Vec<Block> {
    let long =
        "全县各乡镇、各部门坚持边查边改、立行立改，把检视问题同推动发展、为民办实事结合起来，".repeat(4);
    let mut blocks = vec![
        heading(1, "一、总体情况"),
        Block::Paragraph(vec![
            Run::new("截至2024年3月5日，全县共登记问题"),
            Run::figure("1234", 0),
            Run::new("件，已销号"),
            Run::figure("567", 1),
            Run::new(format!("件。{long}")),
        ]),
        Block::Heading {
            level: 2,
            runs: vec![Run::new("（一）整改进展。")],
            then: vec![Run::new(long.clone())],
        },
        heading(3, "1.乡镇进展"),
        heading(4, "（1）青石镇"),
        Block::Table(sample_table(40)),
        Block::Chart(Chart {
            title: "图1　各环节问题数".to_owned(),
            unit: "件".to_owned(),
            bars: vec![("整改中".to_owned(), 120), ("待验收".to_owned(), 30), ("已销号".to_owned(), 567)],
            notes: vec![0, 0, 1],
        }),
        heading(1, "二、下步打算"),
    ];
    blocks.extend((0..12).map(|_| Block::Paragraph(vec![Run::new(long.clone())])));
    blocks.push(Block::Landscape(vec![Block::Table(sample_table(12))]));
    blocks
}

pub fn heading(level: u8, text: &str) -> Block {
    Block::Heading { level, runs: vec![Run::new(text)], then: Vec::new() }
}

/// A head of two rows with merges both ways, and rows with a merged first column.
pub fn sample_table(rows: usize) -> Table {
    let head = vec![
        vec![
            Cell::text("序号").centred().spanning(1, 2),
            Cell::text("单位").centred().spanning(1, 2),
            Cell::text("问题数").centred().spanning(2, 1),
            Cell::text("备注").centred().spanning(1, 2),
        ],
        vec![Cell::text("总数").centred(), Cell::text("已销号").centred()],
    ];
    let rows = (0..rows)
        .map(|at| {
            let mut row = vec![Cell::text((at + 1).to_string()).centred()];
            if at % 2 == 0 {
                row.push(
                    Cell::text(format!("青石镇第{}村支部委员会", at / 2 + 1)).spanning(1, 2.min(rows - at)),
                );
            }
            row.extend([
                Cell::text("24").centred(),
                Cell::text("8").centred(),
                Cell::text("按期推进，群众认可"),
            ]);
            row
        })
        .collect();
    Table {
        caption_note: None,
        caption: "表1　各单位进展情况".to_owned(),
        unit: "件".to_owned(),
        widths: vec![6, 20, 8, 8, 20],
        head,
        rows,
    }
}
