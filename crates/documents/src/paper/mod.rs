//! Documents as an office writes them: a plain model, laid out by a [`Profile`] and written as docx or PDF.
//!
//! [`Paper`] says what stands in a document, never where. [`docx::write`] leaves the placing to the word processor;
//! [`pdf::write`] places every character itself on the grid of the profile and embeds the fonts it was given.

mod break_line;
pub mod docx;
pub mod fill;
pub mod font;
mod identity;
mod layout;
pub mod pdf;
mod profile;

use serde::{Deserialize, Serialize};

pub use identity::{Identity, identity_of};
pub use profile::{MM, Profile};

/// The kinds of type an official document is set in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Face {
    /// 仿宋: text.
    Fang,
    /// 小标宋: title and mark.
    Title,
    /// 黑体: first level.
    Hei,
    /// 楷体: second level.
    Kai,
    /// 宋体: page numbers.
    Song,
}

impl Face {
    /// Every face.
    pub const ALL: [Face; 5] = [Face::Fang, Face::Title, Face::Hei, Face::Kai, Face::Song];

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Face::Fang => "仿宋",
            Face::Title => "小标宋",
            Face::Hei => "黑体",
            Face::Kai => "楷体",
            Face::Song => "宋体",
        }
    }

    /// The name a docx asks for; readers' machines have it or replace it.
    pub fn docx_name(self) -> &'static str {
        match self {
            Face::Fang => "仿宋_GB2312",
            Face::Title => "方正小标宋简体",
            Face::Hei => "黑体",
            Face::Kai => "楷体_GB2312",
            Face::Song => "宋体",
        }
    }
}

/// Which of the forms of GB/T 9704 a document takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Form {
    /// The ordinary form 文件格式, with or without a head.
    #[default]
    Ordinary,
    /// A letter 信函格式.
    Letter,
    /// Minutes 纪要格式.
    Minutes,
}

/// A stretch of text in one face.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Run {
    /// The text, without line ends.
    pub text: String,
    /// Another face than the paragraph's.
    pub face: Option<Face>,
    /// Index into [`Paper::notes`], for a figure that carries its definition.
    pub note: Option<usize>,
    /// A number somebody typed, which no query stands behind.
    pub typed: bool,
}

impl Run {
    /// Plain text.
    pub fn new(text: impl Into<String>) -> Run {
        Run { text: text.into(), face: None, note: None, typed: false }
    }

    /// A figure with its note.
    pub fn figure(text: impl Into<String>, note: usize) -> Run {
        Run { text: text.into(), face: None, note: Some(note), typed: false }
    }
}

/// What is said about a figure: a comment in docx and xlsx, an annotation with a link in PDF.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Note {
    /// Definition, denominator, period and entry.
    pub text: String,
    /// Where it opens; empty for nowhere.
    pub href: String,
}

impl Note {
    /// What stands in a comment: the words, and where it opens unless they say so themselves.
    pub fn words(&self) -> String {
        if self.href.is_empty() || self.text.contains(&self.href) {
            self.text.clone()
        } else {
            format!("{} {}", self.text, self.href)
        }
    }
}

/// One cell of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Cell {
    /// What it says.
    pub runs: Vec<Run>,
    /// Columns it covers, at least 1.
    pub columns: usize,
    /// Rows it covers, at least 1.
    pub rows: usize,
    /// Set to the middle instead of the left.
    pub centred: bool,
}

impl Cell {
    /// A cell of one column and row.
    pub fn new(runs: Vec<Run>) -> Cell {
        Cell { runs, columns: 1, rows: 1, centred: false }
    }

    /// A cell of plain text.
    pub fn text(text: impl Into<String>) -> Cell {
        Cell::new(vec![Run::new(text)])
    }

    /// Set to the middle.
    #[must_use]
    pub fn centred(mut self) -> Cell {
        self.centred = true;
        self
    }

    /// Covering several columns and rows.
    #[must_use]
    pub fn spanning(mut self, columns: usize, rows: usize) -> Cell {
        self.columns = columns.max(1);
        self.rows = rows.max(1);
        self
    }

    /// Its text.
    pub fn plain(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect()
    }
}

/// A table whose head stands again on every page it reaches.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Table {
    /// Above the table; may be empty.
    pub caption: String,
    /// What is said about the figure in the caption: an index into [`Paper::notes`].
    #[serde(default)]
    pub caption_note: Option<usize>,
    /// Below the caption at the right: the unit of its figures.
    pub unit: String,
    /// Widths of the columns in any unit; only their shares count.
    pub widths: Vec<u32>,
    /// Rows of the head. Cells covered from the left or from above are left out.
    pub head: Vec<Vec<Cell>>,
    /// Rows.
    pub rows: Vec<Vec<Cell>>,
}

/// Bars, one for each label.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Chart {
    /// Below the chart.
    pub title: String,
    /// What is counted.
    pub unit: String,
    /// Label and value, from above.
    pub bars: Vec<(String, i64)>,
    /// What is said about each bar's figure: indices into [`Paper::notes`]; empty for none.
    pub notes: Vec<usize>,
}

/// One piece of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Block {
    /// A heading of level 1 to 4, or a paragraph that begins with one: `then` follows on the same line.
    Heading {
        /// From 1.
        level: u8,
        /// The heading itself.
        runs: Vec<Run>,
        /// Text that follows in the same paragraph.
        then: Vec<Run>,
    },
    /// A paragraph indented by two characters.
    Paragraph(Vec<Run>),
    /// A line set to the middle.
    Centred(Vec<Run>),
    /// A table.
    Table(Table),
    /// A chart.
    Chart(Chart),
    /// What follows begins on a new page.
    PageBreak,
    /// Pages laid across.
    Landscape(Vec<Block>),
}

/// The part above the red line 版头.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Head {
    /// 份号; empty for none.
    pub serial: String,
    /// 密级 is never written by this program; 内部 or nothing.
    pub marking: String,
    /// 紧急程度.
    pub urgency: String,
    /// 发文机关标志, whole: `云溪县人民政府文件`.
    pub mark: String,
    /// 发文字号.
    pub number: String,
    /// 签发人; only for documents that go up.
    pub signers: Vec<String>,
}

/// 署名 and 成文日期.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sign {
    /// The unit.
    pub unit: String,
    /// The day, as `2024年3月5日`.
    pub day: String,
    /// Room is left for a seal.
    pub sealed: bool,
}

/// 附件: begins on a page of its own.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Attachment {
    /// Its title.
    pub title: String,
    /// What stands in it.
    pub blocks: Vec<Block>,
}

/// The part at the bottom of the last page 版记.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Imprint {
    /// 抄送; empty for none.
    pub copies: String,
    /// 印发机关.
    pub printer: String,
    /// 印发日期, as `2024年3月5日`.
    pub day: String,
}

/// A document.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Paper {
    /// Its form.
    pub form: Form,
    /// 版头; without it the document begins with its title.
    pub head: Option<Head>,
    /// 标题; each element is one line of it, an only one is broken by itself.
    pub title: Vec<String>,
    /// 主送机关 without the colon; empty for none.
    pub addressee: String,
    /// 正文.
    pub blocks: Vec<Block>,
    /// 署名 and 成文日期.
    pub sign: Option<Sign>,
    /// 附注 without brackets.
    pub remark: String,
    /// 附件; named below the text, and following it.
    pub attachments: Vec<Attachment>,
    /// 版记.
    pub imprint: Option<Imprint>,
    /// What is said about figures; runs refer to them.
    pub notes: Vec<Note>,
    /// Which document it is, kept inside the file.
    pub identity: Identity,
}

impl Paper {
    /// The title in one line.
    pub fn title_line(&self) -> String {
        self.title.concat()
    }

    /// Characters of title and text, without blanks; tables and attachments are not counted.
    pub fn text_chars(&self) -> usize {
        fn of(runs: &[Run]) -> usize {
            runs.iter().flat_map(|run| run.text.chars()).filter(|c| !c.is_whitespace()).count()
        }
        fn all(blocks: &[Block]) -> usize {
            blocks
                .iter()
                .map(|block| match block {
                    Block::Heading { runs, then, .. } => of(runs) + of(then),
                    Block::Paragraph(runs) | Block::Centred(runs) => of(runs),
                    Block::Landscape(inner) => all(inner),
                    Block::Table(_) | Block::Chart(_) | Block::PageBreak => 0,
                })
                .sum()
        }
        self.title_line().chars().count() + all(&self.blocks)
    }
}

/// The grid a table's rows make: which cell begins where, counted by column, with covered places left out.
pub(crate) fn placed(rows: &[Vec<Cell>], columns: usize) -> Vec<Vec<(usize, &Cell)>> {
    let mut covered = vec![0usize; columns];
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let mut at = 0;
        let mut line = Vec::with_capacity(row.len());
        let mut next = covered.iter().map(|n| n.saturating_sub(1)).collect::<Vec<_>>();
        for cell in row {
            while at < columns && covered[at] > 0 {
                at += 1;
            }
            if at >= columns {
                break;
            }
            let end = (at + cell.columns.max(1)).min(columns);
            for place in &mut next[at..end] {
                *place = (*place).max(cell.rows.max(1) - 1);
            }
            line.push((at, cell));
            at = end;
        }
        covered = next;
        out.push(line);
    }
    out
}
