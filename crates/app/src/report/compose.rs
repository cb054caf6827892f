//! A report put together: prose with its fields filled, tables, charts and lists, and every figure with its note.

use super::called::joined;
use super::deed_list::deed_list;
use super::deeds::{ACTION_COLUMNS, RowLine, SLIP_COLUMNS};
use super::explanation::explanation;
use super::figures::{Known, Named};
use super::note;
use super::problem_list::problem_list;
use super::title::title_lines;
use super::typed::{Hands, Typed, mark_typed};
use crate::Error;
use crate::context::Context;
use bihuan_documents::paper::{
    Attachment, Block, Cell, Chart, Face, Form, Head, Identity, Imprint, Note, Paper, Run, Sign, Table,
};
use bihuan_domain::report::text::{self, Facet, FigureName, Node, OwnField, Piece, Which};
use bihuan_domain::report::{Edition, EditionFigure, FiguresAsOf, Trimmings, document_number};
use bihuan_domain::{Coded, Day, Refusal};
use bihuan_store::Conn;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A report ready to be shown or written.
#[derive(Clone, Debug)]
pub struct Composed {
    /// The document.
    pub paper: Paper,
    /// Its figures in the order they first stand.
    pub figures: Vec<EditionFigure>,
    /// Characters of title and text.
    pub chars: usize,
    /// Numbers somebody typed.
    pub typed: Vec<Typed>,
    /// The attachment that says what its figures mean, whether or not it is attached; `None` for an issued edition and
    /// where there is nothing to explain.
    pub explained: Option<Attachment>,
    /// Entry the figures are as of.
    pub as_of_seq: i64,
    /// Day the figures are told for.
    pub as_of_day: Day,
    /// The rows behind figures that are not of the ledger, by the figure's order.
    pub rows: BTreeMap<i64, Vec<RowLine>>,
    /// What the document says first where it corrects another; empty for none.
    pub correction: String,
    /// What the figures of a correction are as of; `None` for a first edition.
    pub figures_as_of: Option<FiguresAsOf>,
    /// The text of a docx of one's own, filled; `None` where the document is `paper`.
    pub own_text: Option<OwnText>,
    /// The tables of a docx of one's own by their fields; none where the document is `paper` or was issued.
    pub own_tables: Vec<(String, Table)>,
}

/// The running text of a docx of one's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnText {
    /// The text, a paragraph a line.
    pub text: String,
    /// Where a draft's figures stand in it, in code points.
    pub figures: Vec<(usize, usize)>,
    /// Where words stand in it that were put into tables of a draft, in code points.
    pub cells: Vec<(usize, usize)>,
    /// The numbers in it that nobody filled in.
    pub typed: Vec<Typed>,
    /// The file itself.
    pub file: Vec<u8>,
}

impl Composed {
    /// The same with the docx of one's own that it becomes.
    pub(super) fn with_own(mut self, text: Option<OwnText>) -> Composed {
        if let Some(own) = &text {
            self.chars = own.text.chars().filter(|c| !c.is_whitespace()).count();
            self.typed.clone_from(&own.typed);
        }
        self.own_text = text;
        self
    }

    /// What its workbook is written from: a workbook bears no prose, so what the figures of the prose are stands in it
    /// whether or not the document has that attachment.
    pub(super) fn sheets(&self) -> Cow<'_, Paper> {
        match &self.explained {
            Some(explained) if !self.paper.attachments.contains(explained) => {
                let mut paper = self.paper.clone();
                paper.attachments.push(explained.clone());
                Cow::Owned(paper)
            }
            _ => Cow::Borrowed(&self.paper),
        }
    }
}

/// What an edition is put together with.
pub(super) struct Making<'a> {
    pub(super) edition: &'a Edition,
    pub(super) form: &'a str,
    /// Number of the document; `None` for a draft.
    pub(super) number: Option<String>,
    /// Begins short links; empty where the installation does not know its address.
    pub(super) origin: &'a str,
    /// Words of a correction, before the text.
    pub(super) correction: String,
    /// Figures and tables that stand in a docx of one's own, by their fields.
    pub(super) own: Vec<(String, OwnField)>,
    /// Who typed which number.
    pub(super) hands: Hands,
}

/// Puts a report together.
pub(super) fn compose(
    conn: &mut Conn,
    ctx: &Context,
    known: &mut Known,
    making: &Making<'_>,
) -> Result<Composed, Error> {
    let edition = making.edition;
    let trimmings: Trimmings = serde_json::from_str(&edition.trimmings).unwrap_or_default();
    let year = known.today.year();
    known.number = match &making.number {
        Some(number) => number.clone(),
        None if trimmings.prefix.is_empty() => String::new(),
        None => document_number(&trimmings.prefix, i64::from(year), 0).replace("〕0号", "〕×号"),
    };
    let nodes = text::parse(&edition.text).map_err(text_faults)?;
    let mut desk = Desk { known, making, figures: Vec::new(), notes: Vec::new(), rows: BTreeMap::new() };
    let title = title_lines(&desk.words(&edition.title)?);
    let addressee = desk.words(&edition.addressee)?.into_iter().map(|(words, _)| words).collect();
    let mut blocks = Vec::new();
    if !making.correction.is_empty() {
        blocks.push(Block::Paragraph(vec![Run::new(&making.correction)]));
    }
    blocks.extend(desk.blocks(conn, ctx, &nodes)?);
    if making.form == "minutes" {
        blocks = with_attendance(blocks);
    }
    let own_tables = desk.own_tables(conn, ctx)?;
    blocks.extend(own_tables.iter().map(|(_, table)| Block::Table(table.clone())));
    let (figures, notes, rows) = (desk.figures, desk.notes, desk.rows);
    let mut paper = Paper { form: form_of(making.form), title, addressee, blocks, notes, ..Paper::default() };
    trim(&mut paper, known, making, &trimmings);
    let typed = mark_typed(&mut paper, &edition.text, &making.hands);
    let explained = explanation(&figures, &typed, &paper, &known.source(making));
    if trimmings.explained {
        paper.attachments.extend(explained.clone());
    }
    paper.identity = Identity {
        key: if making.number.is_some() { edition_key(edition) } else { String::new() },
        author: known.at.unit.name.clone(),
        day: known.today.to_string(),
    };
    Ok(Composed {
        chars: paper.text_chars(),
        typed,
        explained,
        as_of_seq: known.at.seq,
        as_of_day: known.at.day,
        correction: making.correction.clone(),
        figures_as_of: edition.figures_as_of(),
        own_text: None,
        own_tables,
        figures,
        rows,
        paper,
    })
}

/// The mark inside the files of an edition.
pub(super) fn edition_key(edition: &Edition) -> String {
    format!("r{}-e{}", edition.report_id, edition.number)
}

fn text_faults(faults: Vec<text::TextFault>) -> Error {
    let words: Vec<String> = faults.iter().map(ToString::to_string).collect();
    Refusal::of_field("text", "report_text_fault", words.join(""), "请改正后再试。").into()
}

fn form_of(form: &str) -> Form {
    match form {
        "letter" => Form::Letter,
        "minutes" => Form::Minutes,
        _ => Form::Ordinary,
    }
}

/// Head, signature and imprint.
fn trim(paper: &mut Paper, known: &Known, making: &Making<'_>, trimmings: &Trimmings) {
    let day = known.today.in_chinese();
    if making.form != "plain" && !trimmings.mark.is_empty() {
        let signers: Vec<String> = trimmings
            .signers
            .split(['、', '，', ','])
            .map(|one| one.trim().to_owned())
            .filter(|one| !one.is_empty())
            .collect();
        paper.head = Some(Head {
            serial: String::new(),
            marking: trimmings.marking.clone(),
            urgency: trimmings.urgency.clone(),
            mark: trimmings.mark.clone(),
            number: known.number.clone(),
            signers,
        });
        let printer = if trimmings.signature.is_empty() { &known.at.unit.name } else { &trimmings.signature };
        paper.imprint =
            Some(Imprint { copies: trimmings.copies.clone(), printer: printer.clone(), day: day.clone() });
    }
    if !trimmings.signature.is_empty() {
        paper.sign = Some(Sign { unit: trimmings.signature.clone(), day, sealed: trimmings.sealed });
    }
    paper.remark.clone_from(&trimmings.remark);
}

pub(super) struct Desk<'a> {
    pub(super) known: &'a Known,
    pub(super) making: &'a Making<'a>,
    figures: Vec<EditionFigure>,
    notes: Vec<Note>,
    rows: BTreeMap<i64, Vec<RowLine>>,
}

impl Desk<'_> {
    /// A line of words and figures, without notes: titles carry none. Each piece with whether it was filled in.
    fn words(&self, line: &str) -> Result<Vec<(String, bool)>, Error> {
        let pieces = text::pieces(line).map_err(|fault| text_faults(vec![fault]))?;
        let pieces = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => (text.clone(), false),
                Piece::Value(value) => (self.known.value(*value), true),
                Piece::Figure(name) => (self.known.told(*name).shown, true),
            })
            .collect();
        Ok(joined(pieces))
    }

    fn blocks(&mut self, conn: &mut Conn, ctx: &Context, nodes: &[Node]) -> Result<Vec<Block>, Error> {
        let mut upright = Vec::new();
        let mut across: Option<Vec<Block>> = None;
        let mut tables = 0;
        for node in nodes {
            let made = match node {
                Node::Across(true) => {
                    // A heading goes with what it heads, which begins on a page of its own.
                    let heads =
                        |block: &mut Block| matches!(block, Block::Heading { then, .. } if then.is_empty());
                    across = Some(upright.pop_if(heads).into_iter().collect());
                    continue;
                }
                Node::Across(false) => {
                    upright.extend(across.take().filter(|inner| !inner.is_empty()).map(Block::Landscape));
                    continue;
                }
                Node::PageBreak => Block::PageBreak,
                Node::Paragraph(pieces) => Block::Paragraph(self.runs(pieces, false)),
                Node::Heading { level, pieces, then } => Block::Heading {
                    level: *level,
                    runs: self.runs(pieces, true),
                    then: self.runs(then, false),
                },
                Node::Table { facet, columns } => {
                    tables += 1;
                    Block::Table(self.table(*facet, columns, tables))
                }
                Node::Chart { facet, figure } => Block::Chart(self.chart(*facet, *figure)),
                Node::List { which, rows } => {
                    tables += 1;
                    let made = self.list(conn, ctx, *which, *rows, tables)?;
                    across.as_mut().unwrap_or(&mut upright).extend(made);
                    continue;
                }
            };
            across.as_mut().unwrap_or(&mut upright).push(made);
        }
        upright.extend(across.filter(|inner| !inner.is_empty()).map(Block::Landscape));
        Ok(upright)
    }

    fn runs(&mut self, pieces: &[Piece], heading: bool) -> Vec<Run> {
        let mut runs = Vec::new();
        for (at, piece) in pieces.iter().enumerate() {
            match piece {
                Piece::Text(text) => runs.extend(typed_runs(text, heading && at == 0)),
                Piece::Value(value) => runs.push(Run::new(self.known.value(*value))),
                Piece::Figure(name) => {
                    let named = self.known.told(*name);
                    runs.push(self.noted(&named));
                }
            }
        }
        runs
    }

    /// A figure with its note; the same figure has the same note wherever it stands.
    fn noted(&mut self, named: &Named) -> Run {
        Run::figure(&named.shown, self.note(named))
    }

    pub(super) fn note(&mut self, named: &Named) -> usize {
        let known = self.figures.iter().position(|one| one.name == named.name);
        known.unwrap_or_else(|| self.add(named))
    }

    fn add(&mut self, named: &Named) -> usize {
        let ordinal = i64::try_from(self.figures.len() + 1).unwrap_or(i64::MAX);
        if let Some(rows) = &named.rows {
            self.rows.insert(ordinal, rows.clone());
        }
        let (figure, note) = note::of_figure(self.known, self.making, named, ordinal);
        self.notes.push(note);
        self.figures.push(figure);
        self.figures.len() - 1
    }

    pub(super) fn table(&mut self, facet: Facet, columns: &[FigureName], number: usize) -> Table {
        let (lines, heads): (_, Vec<String>) = if facet == Facet::Units {
            let heads = columns.iter().map(|column| column.name()).collect();
            (self.known.told_units(columns), heads)
        } else {
            (self.known.told_facet(facet), heads_of(facet))
        };
        let mut head = vec![Cell::text("序号").centred(), Cell::text(facet.label()).centred()];
        head.extend(heads.iter().map(|name| Cell::text(name).centred()));
        let unit = common_unit(lines.iter().flat_map(|(_, figures)| figures));
        let rows = lines
            .iter()
            .enumerate()
            .map(|(at, (label, figures))| {
                let order = if label == "合计" { String::new() } else { (at + 1).to_string() };
                let mut row = vec![Cell::text(order).centred(), Cell::text(label)];
                row.extend(figures.iter().map(|named| Cell::new(vec![self.noted(named)]).centred()));
                row
            })
            .collect();
        let mut widths = vec![7, 22];
        widths.extend(std::iter::repeat_n(11, heads.len()));
        let caption = format!("表{number}　按{}统计", facet.label());
        Table { caption, caption_note: None, unit, widths, head: vec![head], rows }
    }

    fn chart(&mut self, facet: Facet, figure: FigureName) -> Chart {
        let mut lines = self.known.told_bars(facet, figure);
        lines.retain(|(_, named)| named.figure.value > 0);
        let notes = lines.iter().map(|(_, named)| self.note(named)).collect();
        let unit = common_unit(lines.iter().map(|(_, named)| named));
        let bars = lines.into_iter().map(|(label, named)| (label, named.figure.value)).collect();
        let what = match facet {
            Facet::Units => figure.name(),
            Facet::Actions => "逾期未做".to_owned(),
            Facet::Tasks => "项数".to_owned(),
            Facet::Slips => "发出份数".to_owned(),
            _ => "问题数".to_owned(),
        };
        Chart { title: format!("图　按{}统计的{what}", facet.label()), unit, bars, notes }
    }

    /// A list, its count with a note like every figure; what no list of a report holds is said below it.
    pub(super) fn list(
        &mut self,
        conn: &mut Conn,
        ctx: &Context,
        which: Which,
        most: i64,
        number: usize,
    ) -> Result<Vec<Block>, Error> {
        let found = match deed_list(self.known, which, most) {
            Some(found) => found,
            None => problem_list(conn, ctx, self.known, which, most)?,
        };
        let (mut table, count) = self.known.list_as_kept((which, most), found);
        let (total, listed) = (count.figure.value, i64::try_from(table.rows.len()).unwrap_or(i64::MAX));
        let cut = if total > listed { format!("，列前{listed}{}", count.unit) } else { String::new() };
        let name = table.caption;
        table.caption = format!("表{number}　{name}（共{total}{}{cut}）", count.unit);
        table.caption_note = Some(self.note(&count));
        let mut made = vec![Block::Table(table)];
        let left = left_out(which, number, (listed, total), count.unit);
        made.extend(left.map(|words| Block::Paragraph(vec![Run::new(words)])));
        Ok(made)
    }
}

/// What is said below a list that holds as many rows as a list of a report may, and not all there are.
fn left_out(which: Which, number: usize, (listed, total): (i64, i64), unit: &str) -> Option<String> {
    if total <= listed || listed < text::LIST_ROWS_MAX {
        return None;
    }
    let place = match which {
        Which::MissedActions => "“规定动作”页逐项查看，或者由下级单位分别出报告",
        Which::Tasks | Which::BehindTasks => "“重点任务”页逐页查看，或者由下级单位分别出报告",
        Which::UnansweredSlips => "“督办单”页逐页查看，或者由下级单位分别出报告",
        _ => "“台账”页用“导出 Excel”",
    };
    Some(format!(
        "表{number}只列前{listed}{unit}，报告里的清单最多列这么多。全部{total}{unit}请在{place}取得。"
    ))
}

/// Minutes say who was there below their text: one blank line, and 出席, 请假 and 列席 in 黑体.
fn with_attendance(blocks: Vec<Block>) -> Vec<Block> {
    const LEADS: [&str; 3] = ["出席：", "请假：", "列席："];
    let mut out = Vec::with_capacity(blocks.len() + 1);
    let mut told = false;
    for block in blocks {
        let Block::Paragraph(mut runs) = block else {
            out.push(block);
            continue;
        };
        let lead = LEADS.iter().find(|lead| runs.first().is_some_and(|run| run.text.starts_with(**lead)));
        if let Some(lead) = lead {
            if !told {
                // A full-width blank: a paragraph without characters has no line.
                out.push(Block::Paragraph(vec![Run::new("\u{3000}")]));
            }
            told = true;
            let rest = runs[0].text[lead.len()..].to_owned();
            runs[0].text = rest;
            runs.insert(0, Run { face: Some(Face::Hei), ..Run::new(*lead) });
        }
        out.push(Block::Paragraph(runs));
    }
    out
}

/// What the columns of a table over a facet are called.
fn heads_of(facet: Facet) -> Vec<String> {
    let labels = |all: Vec<&str>| all.into_iter().map(str::to_owned).collect();
    match facet {
        Facet::Categories | Facet::Sources | Facet::Strands => labels(vec!["在办", "已销号"]),
        Facet::Actions => labels(ACTION_COLUMNS.iter().map(|part| part.label()).collect()),
        Facet::Slips => labels(SLIP_COLUMNS.iter().map(|part| part.label()).collect()),
        Facet::Tasks => labels(vec!["项数"]),
        _ => labels(vec!["件数"]),
    }
}

/// What all figures but rates are counted in, where it is one thing; rates say themselves what they are.
fn common_unit<'a>(figures: impl Iterator<Item = &'a Named>) -> String {
    let mut units: Vec<&str> = figures.map(|named| named.unit).collect();
    if units.iter().any(|unit| *unit != "‰") {
        units.retain(|unit| *unit != "‰");
    }
    units.dedup();
    match units.as_slice() {
        [one] => (*one).to_owned(),
        _ => String::new(),
    }
}

/// A text with the numbers in it marked as typed.
fn typed_runs(text: &str, line_start: bool) -> Vec<Run> {
    // A dot before it keeps a number in mid-line from being read as the number of a heading.
    let led = if line_start { text.to_owned() } else { format!("·{text}") };
    let shift = led.len() - text.len();
    let mut runs = Vec::new();
    let mut at = 0;
    for place in text::typed_in_line(&led) {
        let (from, to) = (place.start - shift, place.end - shift);
        if from > at {
            runs.push(Run::new(&text[at..from]));
        }
        runs.push(Run { typed: true, ..Run::new(&text[from..to]) });
        at = to;
    }
    if at < text.len() {
        runs.push(Run::new(&text[at..]));
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_longer_than_a_report_holds_says_where_everything_can_be_had_m41() {
        let most = text::LIST_ROWS_MAX;
        assert_eq!(left_out(Which::All, 1, (most, most), "件"), None);
        let words = left_out(Which::All, 1, (most, most + 1), "件").expect("one more");
        assert!(
            words.contains("5000件") && words.contains("5001件") && words.contains("导出 Excel"),
            "{words}"
        );
        assert_eq!(left_out(Which::Late, 1, (50, 98), "件"), None, "a list that was to be short");
    }
}
