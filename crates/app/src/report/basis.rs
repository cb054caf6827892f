//! What a draft is filled from. A correction that keeps the figures of the edition it corrects tells each of them as it was
//! issued; what is newly put into it is counted as of the same entry.

use super::deeds::RowLine;
use super::figures::{Known, Named, gather};
use super::frozen::{tells_of_deeds, thaw};
use super::problem_list::list_name;
use crate::Error;
use crate::context::{App, Context};
use bihuan_documents::paper::{Block, Table};
use bihuan_domain::report::text::{Facet, FigureName, Which};
use bihuan_domain::report::{Edition, EditionFigure, Report};
use bihuan_store::{Conn, report as store};
use std::collections::BTreeMap;

/// The figures and lists of an issued edition, for its correction.
#[derive(Debug)]
pub(crate) struct Kept {
    figures: BTreeMap<String, (EditionFigure, Option<Vec<RowLine>>)>,
    tables: Vec<Table>,
}

/// Everything the draft of an edition is filled from.
pub(super) fn gather_for(
    app: &App,
    conn: &mut Conn,
    ctx: &Context,
    report: &Report,
    edition: &Edition,
) -> Result<Known, Error> {
    let entry = edition.kept_at();
    let mut known = gather(app, conn, ctx, report, entry, tells_of_deeds(report, edition))?;
    if entry.is_some() {
        let editions = store::editions(conn, report.id)?;
        let old = editions.iter().find(|one| one.number == edition.number - 1);
        known.kept = old.map(|old| kept_of(conn, old)).transpose()?;
    }
    Ok(known)
}

fn kept_of(conn: &mut Conn, issued: &Edition) -> Result<Kept, Error> {
    let mut frozen = thaw(conn, issued)?;
    let of_name = |figure: EditionFigure| {
        let rows = frozen.rows.remove(&figure.ordinal);
        (figure.name.clone(), (figure, rows))
    };
    let figures = store::figures(conn, issued.id)?.into_iter().map(of_name).collect();
    let mut tables = Vec::new();
    tables_in(frozen.paper.blocks, &mut tables);
    Ok(Kept { figures, tables })
}

fn tables_in(blocks: Vec<Block>, tables: &mut Vec<Table>) {
    for block in blocks {
        match block {
            Block::Table(table) => tables.push(table),
            Block::Landscape(inner) => tables_in(inner, tables),
            _ => {}
        }
    }
}

impl Kept {
    fn holds(&self, named: &Named) -> bool {
        self.figures.contains_key(&named.name)
    }

    /// The list of that name, whose caption begins behind the table's number.
    fn list(&self, name: &str) -> Option<&Table> {
        let of = |table: &&Table| {
            let words = table.caption.split_once('\u{3000}').map_or("", |(_, words)| words);
            words.strip_prefix(name).is_some_and(|rest| rest.starts_with('（'))
        };
        self.tables.iter().find(of)
    }
}

impl Known {
    /// The figure as it was issued, where an edition's figures are kept and it is among them.
    pub(super) fn as_kept(&self, mut named: Named) -> Named {
        let kept = self.kept.as_ref().and_then(|kept| kept.figures.get(&named.name));
        if let Some((then, rows)) = kept {
            named.figure.value = then.value;
            named.figure.out_of = then.out_of;
            named.shown.clone_from(&then.shown);
            if rows.is_some() {
                named.rows.clone_from(rows);
            }
        }
        named
    }

    /// A figure of the unit, as the document tells it.
    pub(super) fn told(&self, name: FigureName) -> Named {
        self.as_kept(self.figure(name))
    }

    /// A figure by its name, as the document tells it.
    pub(super) fn told_by_name(&self, name: &str) -> Option<Named> {
        self.find(name).map(|named| self.as_kept(named))
    }

    /// The lines of a table over units, as the document tells them.
    pub(super) fn told_units(&self, columns: &[FigureName]) -> Vec<(String, Vec<Named>)> {
        self.lines_as_kept(self.of_units(columns))
    }

    /// The lines of a table over anything else, as the document tells them.
    pub(super) fn told_facet(&self, facet: Facet) -> Vec<(String, Vec<Named>)> {
        let mut lines = self.of_facet(facet);
        // Of rules, tasks and slips nothing is counted as of an entry: a line that came since was not issued.
        let of_deeds = matches!(facet, Facet::Actions | Facet::Tasks | Facet::Slips);
        if let Some(kept) = self.kept.as_ref().filter(|_| of_deeds)
            && lines.iter().any(|(_, cells)| cells.iter().any(|cell| kept.holds(cell)))
        {
            lines.retain(|(_, cells)| cells.iter().all(|cell| kept.holds(cell)));
        }
        self.lines_as_kept(lines)
    }

    /// The bars of a chart, as the document tells them.
    pub(super) fn told_bars(&self, facet: Facet, figure: FigureName) -> Vec<(String, Named)> {
        let bars = self.chart_lines(facet, figure).into_iter();
        bars.map(|(label, named)| (label, self.as_kept(named))).collect()
    }

    fn lines_as_kept(&self, lines: Vec<(String, Vec<Named>)>) -> Vec<(String, Vec<Named>)> {
        let told = |cells: Vec<Named>| cells.into_iter().map(|cell| self.as_kept(cell)).collect();
        lines.into_iter().map(|(label, cells)| (label, told(cells))).collect()
    }

    /// A list and its count, as the document tells them: the rows as issued, as far as they reach.
    pub(super) fn list_as_kept(
        &self,
        (which, most): (Which, i64),
        (mut table, count): (Table, Named),
    ) -> (Table, Named) {
        let of_deeds = count.rows.is_some();
        let count = self.as_kept(count);
        let issued = self.kept.as_ref().filter(|kept| kept.figures.contains_key(&list_name(which)));
        if let Some(then) = issued.and_then(|kept| kept.list(&table.caption)) {
            let most = usize::try_from(most).unwrap_or(usize::MAX);
            let total = usize::try_from(count.figure.value).unwrap_or(usize::MAX);
            if of_deeds || then.rows.len() >= most.min(total) {
                table.rows = then.rows.iter().take(most).cloned().collect();
            }
        }
        (table, count)
    }
}
