//! The check that every report goes through before it is issued.

use super::Findings;
use crate::Error;
use crate::context::{App, Context};
use crate::report::{Composed, ReportView};
use bihuan_documents::paper::{Block, Paper, Run};
use bihuan_domain::campaign::Campaign;
use bihuan_domain::unit::Unit;

impl App {
    /// What a check finds in a report as it would be issued: title, addressee, headings, paragraphs, signature, imprint;
    /// the whole text of a docx of one's own.
    ///
    /// # Errors
    /// As [`App::findings`].
    pub fn report_findings(&self, ctx: &Context, view: &ReportView) -> Result<Findings, Error> {
        self.composed_findings(ctx, (&view.unit, &view.campaign), &view.composed)
    }

    pub(crate) fn composed_findings(
        &self,
        ctx: &Context,
        (unit, campaign): (&Unit, &Campaign),
        composed: &Composed,
    ) -> Result<Findings, Error> {
        let (text, made) = match &composed.own_text {
            Some(own) => (own.text.clone(), own.figures.clone()),
            None => text_of(&composed.paper),
        };
        self.findings(ctx, unit, Some(campaign), composed.as_of_day, (&text, &made))
    }
}

/// A document as lines of text, one a paragraph, and where its figures stand. Cells of tables stand alone: their figures
/// are queries, and no sentence joins them.
fn text_of(paper: &Paper) -> (String, Vec<(usize, usize)>) {
    let mut text = Text::default();
    text.line(&[Run::new(paper.title_line())]);
    if !paper.addressee.is_empty() {
        text.line(&[Run::new(format!("{}：", paper.addressee))]);
    }
    text.blocks(&paper.blocks);
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
            if run.note.is_some() {
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
