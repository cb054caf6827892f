//! A document as a page: what the files will say, with figures that open and typed numbers marked.

use bihuan_documents::paper::{Block, Cell, Chart, Form, Note, Paper, Run, Table};
use bihuan_domain::report::EditionFigure;
use maud::{Markup, html};

use crate::ui::BarChart;

/// The document. Figures lead to their rows, or by their short link where they have one.
pub(super) fn paper(paper: &Paper, figures: &[EditionFigure]) -> Markup {
    let sheet = Sheet { figures, notes: &paper.notes };
    html! {
        article .paper aria-label="报告正文" {
            @if let Some(head) = &paper.head {
                header .paper-head {
                    @if !head.marking.is_empty() { p .paper-mark-line { (head.marking) } }
                    @if !head.urgency.is_empty() { p .paper-mark-line { (head.urgency) } }
                    p .paper-mark { (head.mark) }
                    p .paper-number {
                        span { (head.number) }
                        @if !head.signers.is_empty() { span { "签发人：" (head.signers.join("　")) } }
                    }
                }
            }
            h2 .paper-title { (paper.title_line()) }
            @if !paper.addressee.is_empty() { p .paper-addressee { (paper.addressee) "：" } }
            (sheet.blocks(&paper.blocks))
            @let names: Vec<&str> = paper.attachments.iter().map(|one| one.title.as_str()).collect();
            @if !names.is_empty() { p .paper-text { "附件：" (names.join("；")) } }
            @if let Some(sign) = &paper.sign {
                p .paper-sign { (sign.unit) br; (sign.day) }
            }
            @if !paper.remark.is_empty() { p .paper-text { "（" (paper.remark) "）" } }
            @for (at, attachment) in paper.attachments.iter().enumerate() {
                section .paper-attachment {
                    p { strong { "附件" @if paper.attachments.len() > 1 { (at + 1) } } }
                    h3 .paper-title { (attachment.title) }
                    (sheet.blocks(&attachment.blocks))
                }
            }
            @if let (Some(imprint), true) = (&paper.imprint, paper.form != Form::Letter) {
                footer .paper-imprint {
                    @if !imprint.copies.is_empty() { p { "抄送：" (imprint.copies) "。" } }
                    p { span { (imprint.printer) } span { (imprint.day) "印发" } }
                }
            }
        }
    }
}

struct Sheet<'a> {
    figures: &'a [EditionFigure],
    notes: &'a [Note],
}

/// Rows of a table that the page shows; the files hold them all.
const PAGE_ROWS: usize = 500;

impl Sheet<'_> {
    fn blocks(&self, blocks: &[Block]) -> Markup {
        html! { @for (at, block) in blocks.iter().enumerate() { (self.block(block, at)) } }
    }

    fn block(&self, block: &Block, at: usize) -> Markup {
        match block {
            Block::Heading { level, runs, then } => html! {
                p class={ "paper-text paper-level-" (level) } { b { (self.runs(runs)) } (self.runs(then)) }
            },
            Block::Paragraph(runs) => html! { p .paper-text { (self.runs(runs)) } },
            Block::Centred(runs) => html! { p .paper-centred { (self.runs(runs)) } },
            Block::Table(table) => self.table(table),
            Block::Chart(chart) => self.bars(chart, at),
            Block::PageBreak => html! { hr .paper-break aria-label="分页"; },
            Block::Landscape(inner) => self.blocks(inner),
        }
    }

    /// The bars; the table behind them leads each figure to its rows.
    fn bars(&self, chart: &Chart, at: usize) -> Markup {
        let bars =
            chart.bars.iter().map(|(label, value)| (label.clone(), u64::try_from(*value).unwrap_or(0)));
        let hrefs = chart.notes.iter().map(|note| self.figures.get(*note).map(opens).unwrap_or_default());
        let drawn = BarChart {
            id: format!("chart-{at}"),
            title: chart.title.clone(),
            unit: chart.unit.clone(),
            summary: String::new(),
            bars: bars.collect(),
            hrefs: hrefs.collect(),
        };
        html! { (drawn) }
    }

    fn runs(&self, runs: &[Run]) -> Markup {
        html! {
            @for run in runs {
                @match run.note.and_then(|note| self.figures.get(note)) {
                    Some(figure) => a .paper-figure href=(opens(figure)) title={ (figure.label) "：" (figure.definition) } { (run.text) },
                    None => @if run.typed { mark .paper-typed title=(self.typed(run)) { (run.text) } } @else { (run.text) },
                }
            }
        }
    }

    /// What is said about a number somebody typed.
    fn typed(&self, run: &Run) -> &str {
        let note = run.note.and_then(|note| self.notes.get(note));
        note.map_or("手工填写的数字，没有取数口径", |note| note.text.as_str())
    }

    fn table(&self, table: &Table) -> Markup {
        let row = |cells: &[Cell], head: bool| {
            html! { tr { @for cell in cells {
                @if head {
                    th scope="col" colspan=(cell.columns) rowspan=(cell.rows) { (self.runs(&cell.runs)) }
                } @else {
                    td .centred[cell.centred] colspan=(cell.columns) rowspan=(cell.rows) { (self.runs(&cell.runs)) }
                }
            } } }
        };
        let caption = if table.caption.is_empty() { "表" } else { &table.caption };
        let counted = table.caption_note.and_then(|note| self.figures.get(note));
        html! {
            div .paper-table tabindex="0" role="region" aria-label=(caption) {
                table {
                    caption {
                        @match counted {
                            Some(figure) => a .paper-figure href=(opens(figure)) title={ (figure.label) "：" (figure.definition) } { (caption) },
                            None => (caption),
                        }
                        @if !table.unit.is_empty() { "（单位：" (table.unit) "）" }
                    }
                    thead { @for cells in &table.head { (row(cells, true)) } }
                    tbody {
                        @for cells in table.rows.iter().take(PAGE_ROWS) { (row(cells, false)) }
                        @if table.rows.len() > PAGE_ROWS {
                            tr { td colspan=(table.widths.len()) { "网页上只显示前" (PAGE_ROWS) "行，全部" (table.rows.len()) "行都在下载的文件里。" } }
                        }
                        @if table.rows.is_empty() { tr { td colspan=(table.widths.len()) { "没有符合条件的内容。" } } }
                    }
                }
            }
        }
    }
}

/// Where a figure opens: by its short link once it is issued, at its rows before.
pub(super) fn opens(figure: &EditionFigure) -> String {
    if figure.code.is_empty() { figure.address.clone() } else { format!("/f/{}", figure.code) }
}
