//! The check that every report goes through before it is issued.

use super::Findings;
use crate::Error;
use crate::context::{App, Context};
use crate::report::ReportView;
use bihuan_documents::paper::{Block, Paper, Run};
use bihuan_domain::Day;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::unit::Unit;

impl App {
    /// What a check finds in a report as it would be issued: title, headings and paragraphs.
    ///
    /// # Errors
    /// As [`App::findings`].
    pub fn report_findings(&self, ctx: &Context, view: &ReportView) -> Result<Findings, Error> {
        self.paper_findings(ctx, (&view.unit, &view.campaign), view.composed.as_of_day, &view.composed.paper)
    }

    /// What a check finds in a document of a unit, a campaign and a day.
    ///
    /// # Errors
    /// As [`App::findings`].
    pub(crate) fn paper_findings(
        &self,
        ctx: &Context,
        (unit, campaign): (&Unit, &Campaign),
        day: Day,
        paper: &Paper,
    ) -> Result<Findings, Error> {
        self.findings(ctx, unit, Some(campaign), day, &text_of(paper))
    }
}

/// A document as lines of text, one a paragraph. Cells of tables stand alone: their figures are queries, and no
/// sentence joins them.
fn text_of(paper: &Paper) -> String {
    let mut lines = vec![paper.title_line()];
    put(&paper.blocks, &mut lines);
    lines.join("\n")
}

fn put(blocks: &[Block], lines: &mut Vec<String>) {
    for block in blocks {
        match block {
            Block::Heading { runs, then, .. } => lines.push(format!("{}{}", words(runs), words(then))),
            Block::Paragraph(runs) | Block::Centred(runs) => lines.push(words(runs)),
            Block::Landscape(inner) => put(inner, lines),
            Block::Table(_) | Block::Chart(_) | Block::PageBreak => {}
        }
    }
}

fn words(runs: &[Run]) -> String {
    runs.iter().map(|run| run.text.as_str()).collect()
}
