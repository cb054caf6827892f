//! The check that every report goes through before it is issued.

use super::{Checked, Findings};
use crate::Error;
use crate::context::{App, Context};
use crate::report::{Composed, OwnText, ReportView};
use bihuan_documents::paper::{Block, Paper, Run};
use bihuan_domain::Day;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::unit::Unit;

impl App {
    /// What a check finds in a report as it would be issued: title, addressee, headings, paragraphs, signature, imprint;
    /// the whole text of a docx of one's own.
    ///
    /// # Errors
    /// As [`App::findings`].
    pub fn report_findings(&self, ctx: &Context, view: &ReportView) -> Result<Findings, Error> {
        let over = (view.report.from_day, view.report.to_day);
        self.composed_findings(ctx, (&view.unit, &view.campaign), over, &view.composed)
    }

    pub(crate) fn composed_findings(
        &self,
        ctx: &Context,
        (unit, campaign): (&Unit, &Campaign),
        (from, to): (Day, Day),
        composed: &Composed,
    ) -> Result<Findings, Error> {
        let (text, made) = match &composed.own_text {
            Some(own) => (without_cells(own), own.figures.clone()),
            None => text_of(&composed.paper, &composed.correction),
        };
        let over = (composed.as_of_day, Some((from, to.min(composed.as_of_day))));
        self.findings(ctx, unit, Some(campaign), over, Checked { text: &text, tables: &[], made: &made })
    }
}

/// The text of a docx of one's own with blanks where tables were put in: their cells are queries and what others wrote, and
/// no sentence joins them. Places stay what they are.
fn without_cells(own: &OwnText) -> String {
    let mut cells = own.cells.iter().peekable();
    let blank = |(at, c): (usize, char)| {
        while cells.next_if(|(_, to)| *to <= at).is_some() {}
        let inside = cells.peek().is_some_and(|(from, _)| *from <= at);
        if inside && c != '\n' { '\u{3000}' } else { c }
    };
    own.text.chars().enumerate().map(blank).collect()
}

/// A document as lines of text, one a paragraph, and where its figures stand. Cells of tables stand alone: their figures
/// are queries, and no sentence joins them.
///
/// What the program itself says of a correction holds figures that are wrong by its own words: it is left out.
fn text_of(paper: &Paper, correction: &str) -> (String, Vec<(usize, usize)>) {
    let mut text = Text::default();
    text.line(&[Run::new(paper.title_line())]);
    if !paper.addressee.is_empty() {
        text.line(&[Run::new(format!("{}：", paper.addressee))]);
    }
    let note = |block: &&Block| matches!(block, Block::Paragraph(runs) if runs.len() == 1 && runs[0].text == correction);
    let own = usize::from(!correction.is_empty() && paper.blocks.first().is_some_and(|first| note(&first)));
    text.blocks(&paper.blocks[own..]);
    if let Some(sign) = &paper.sign {
        text.line(&[Run::new(&sign.unit)]);
    }
    if !paper.remark.is_empty() {
        text.line(&[Run::new(format!("（{}）", paper.remark))]);
    }
    let copies = paper.imprint.as_ref().map_or("", |imprint| imprint.copies.trim_end_matches('。'));
    if !copies.is_empty() {
        text.line(&[Run::new(format!("抄送：{copies}。"))]);
    }
    (text.lines, text.figures)
}

#[derive(Default)]
struct Text {
    lines: String,
    /// Code points so far.
    at: usize,
    figures: Vec<(usize, usize)>,
}

impl Text {
    fn line(&mut self, runs: &[Run]) {
        if self.at > 0 {
            self.put("\n");
        }
        for run in runs {
            let from = self.at;
            self.put(&run.text);
            // A typed number has a note too, but no query stands behind it.
            if run.note.is_some() && !run.typed {
                self.figures.push((from, self.at));
            }
        }
    }

    fn put(&mut self, words: &str) {
        self.lines.push_str(words);
        self.at += words.chars().count();
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Heading { runs, then, .. } => self.line(&[runs.as_slice(), then.as_slice()].concat()),
                Block::Paragraph(runs) | Block::Centred(runs) => self.line(runs),
                Block::Landscape(inner) => self.blocks(inner),
                Block::Table(_) | Block::Chart(_) | Block::PageBreak => {}
            }
        }
    }
}
