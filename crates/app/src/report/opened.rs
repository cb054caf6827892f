//! What was issued, opened again: a figure with its rows, what came since, and whether a file at hand is the one.

use super::deeds::RowLine;
use super::figures::gather;
use super::frozen::{tells_of_deeds, thaw};
use super::issue::hex;
use super::problem_list::find;
use super::visible;
use crate::Error;
use crate::context::{App, Context};
use bihuan_documents::paper::identity_of;
use bihuan_domain::id::ReportId;
use bihuan_domain::report::{Edition, EditionFigure, EditionState, FileFormat, Report};
use bihuan_store::{Conn, journal, report as store};

/// What a figure is now that nothing is counted for it any more: a unit was closed, a rule ended.
const GONE: &str = "已无此项";

/// A figure that is no longer what an issued edition says.
#[derive(Clone, Debug)]
pub struct SinceThen {
    /// The figure as issued.
    pub then: EditionFigure,
    /// As it is counted now.
    pub now: String,
}

/// Whether a file at hand is one that was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checked {
    /// Byte for byte.
    Identical {
        /// The report.
        report: ReportId,
        /// The edition's number.
        edition: i64,
        /// Title as issued.
        title: String,
        /// Format.
        format: FileFormat,
        /// A later edition corrects it.
        superseded: bool,
    },
    /// It bears an edition's mark, but its bytes differ: saved again or altered.
    Differs {
        /// The mark.
        key: String,
        /// Title of the edition of that mark, where there is one here.
        title: Option<String>,
    },
    /// Nothing here knows it.
    Unknown,
}

/// A figure with what lies behind it.
#[derive(Clone, Debug)]
pub struct FigureView {
    /// The figure, as issued or as the draft has it.
    pub figure: EditionFigure,
    /// Its report.
    pub report: Report,
    /// Its edition.
    pub edition: Edition,
    /// What it is now, for an issued one.
    pub now: Option<String>,
    /// Its rows, where they are not rows of the ledger: those frozen with an issued figure.
    pub rows: Option<Vec<RowLine>>,
}

impl App {
    /// Figures of an issued edition that are counted differently now, those of its tables and charts too.
    pub(super) fn since_then(
        &self,
        conn: &mut Conn,
        ctx: &Context,
        report: &Report,
        edition: &Edition,
    ) -> Result<Vec<SinceThen>, Error> {
        let frozen = store::figures(conn, edition.id)?;
        let now = gather(self, conn, ctx, report, None, tells_of_deeds(report, edition))?;
        let mut since = Vec::new();
        for then in frozen {
            let found = find(conn, ctx, &now, &then.name)?;
            let shown = found.map_or_else(|| GONE.to_owned(), |figure| figure.shown);
            if shown != then.shown {
                since.push(SinceThen { then, now: shown });
            }
        }
        Ok(since)
    }

    /// What a short link opens: the frozen figure, its report and edition, its rows, and what it is now.
    ///
    /// # Errors
    /// `NotFound`, also for a report out of sight.
    pub fn report_figure(&self, ctx: &Context, code: &str) -> Result<FigureView, Error> {
        self.db.read(|conn| {
            let figure = store::figure_by_code(conn, code)?.ok_or(Error::NotFound)?;
            let edition: Edition = journal::by_id(conn, figure.edition_id.0)?.ok_or(Error::NotFound)?;
            let (report, ..) = visible(conn, ctx, edition.report_id)?;
            let now = gather(self, conn, ctx, &report, None, tells_of_deeds(&report, &edition))?;
            let now = find(conn, ctx, &now, &figure.name)?.map_or_else(|| GONE.to_owned(), |now| now.shown);
            let rows = thaw(conn, &edition)?.rows.remove(&figure.ordinal);
            Ok(FigureView { figure, report, edition, now: Some(now), rows })
        })
    }

    /// The rows behind a figure of a draft that is not of the ledger, as they are now.
    ///
    /// # Errors
    /// `NotFound`, also for a figure whose rows are listed elsewhere.
    pub fn draft_figure(&self, ctx: &Context, id: ReportId, ordinal: i64) -> Result<FigureView, Error> {
        self.db.read(|conn| {
            let (report, _, editions) = visible(conn, ctx, id)?;
            let draft = editions.into_iter().find(|one| one.state == EditionState::Draft);
            let edition = draft.ok_or(Error::NotFound)?;
            let mut composed = self.document_of(conn, ctx, &report, &edition)?;
            let rows = composed.rows.remove(&ordinal).ok_or(Error::NotFound)?;
            let figure = composed.figures.into_iter().find(|one| one.ordinal == ordinal);
            let figure = figure.ok_or(Error::NotFound)?;
            Ok(FigureView { figure, report, edition, now: None, rows: Some(rows) })
        })
    }

    /// Whether a file is one that was issued here. Without a context everything here is compared with, for the operator
    /// at the console; otherwise only what the reader may see.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn check_report_file(&self, ctx: Option<&Context>, bytes: &[u8]) -> Result<Checked, Error> {
        let digest = hex(bytes);
        let key = identity_of(bytes);
        self.db.read(|conn| {
            let seen = |conn: &mut Conn, report: ReportId| match ctx {
                None => Ok(true),
                Some(ctx) => match visible(conn, ctx, report) {
                    Ok(_) => Ok(true),
                    Err(Error::NotFound) => Ok(false),
                    Err(other) => Err(other),
                },
            };
            if let Some(file) = store::file_by_digest(conn, &digest)? {
                let edition: Edition = journal::by_id(conn, file.edition_id.0)?.ok_or(Error::NotFound)?;
                if seen(conn, edition.report_id)? {
                    let last = store::last_issued(conn, edition.report_id)?;
                    return Ok(Checked::Identical {
                        report: edition.report_id,
                        edition: edition.number,
                        title: thaw(conn, &edition)?.paper.title_line(),
                        format: file.format,
                        superseded: last.is_some_and(|last| last.number > edition.number),
                    });
                }
            }
            let Some(key) = key else { return Ok(Checked::Unknown) };
            let title = match edition_of_key(conn, &key)? {
                Some(edition) if seen(conn, edition.report_id)? => {
                    Some(thaw(conn, &edition)?.paper.title_line())
                }
                _ => None,
            };
            Ok(Checked::Differs { key, title })
        })
    }
}

fn edition_of_key(conn: &mut Conn, key: &str) -> Result<Option<Edition>, Error> {
    let parts = key.strip_prefix('r').and_then(|rest| rest.split_once("-e"));
    let Some((report, number)) = parts else { return Ok(None) };
    let (Ok(report), Ok(number)) = (report.parse::<i64>(), number.parse::<i64>()) else { return Ok(None) };
    let editions = store::editions(conn, ReportId(report))?;
    Ok(editions.into_iter().find(|one| one.number == number && one.state == EditionState::Issued))
}
