//! The document of an edition: put together over the present for a draft, read back as it was issued otherwise.

use super::basis::gather_for;
use super::compose::{Composed, Making, compose};
use super::deeds::RowLine;
use super::{context_campaign, forms, issue, own, typed};
use crate::Error;
use crate::context::{App, Context};
use bihuan_documents::paper::Paper;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::report::text::speaks_of_deeds;
use bihuan_domain::report::{Edition, EditionState, FiguresAsOf, Report};
use bihuan_store::{Conn, Fault, problem as problems, report as store};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is kept of a document beside its files, so that its page stays what was issued whatever is renamed, moved or
/// recorded later.
#[derive(Serialize, Deserialize)]
pub(super) struct Frozen {
    pub(super) paper: Paper,
    /// The rows behind figures that are not of the ledger, by the figure's order.
    pub(super) rows: BTreeMap<i64, Vec<RowLine>>,
    /// What the figures of a correction are as of; corrections issued before this was asked do not say.
    #[serde(default)]
    pub(super) figures_as_of: Option<FiguresAsOf>,
}

/// Its media type.
pub(super) const FROZEN_TYPE: &str = "application/json";

/// What was kept of an issued edition.
pub(super) fn thaw(conn: &mut Conn, edition: &Edition) -> Result<Frozen, Error> {
    let bytes = problems::file_content(conn, &edition.frozen)?.ok_or(Error::NotFound)?;
    let broken = |error| Fault::corrupt(format!("edition {} does not parse: {error}", edition.id));
    Ok(serde_json::from_slice(&bytes).map_err(broken)?)
}

/// Whether an edition tells of rules, tasks or slips.
pub(super) fn tells_of_deeds(report: &Report, edition: &Edition) -> bool {
    // The fields of a docx of one's own stand in its file.
    report.own_template_id.is_some()
        || [&edition.title, &edition.addressee, &edition.text].iter().any(|text| speaks_of_deeds(text))
}

impl App {
    /// The document of an edition: a draft over the present, an issued one as it was.
    pub(super) fn document_of(
        &self,
        conn: &mut Conn,
        ctx: &Context,
        report: &Report,
        edition: &Edition,
    ) -> Result<Composed, Error> {
        if edition.state == EditionState::Issued {
            let kept = thaw(conn, edition)?;
            let composed = Composed {
                chars: kept.paper.text_chars(),
                typed: Vec::new(),
                explained: None,
                figures: store::figures(conn, edition.id)?,
                as_of_seq: edition.as_of_seq,
                as_of_day: edition.as_of_day.unwrap_or(report.to_day),
                paper: kept.paper,
                rows: kept.rows,
                correction: String::new(),
                figures_as_of: kept.figures_as_of,
                own_text: None,
                own_tables: Vec::new(),
            };
            return Ok(composed.with_own(own::issued_text(conn, report, edition)?));
        }
        let campaign = context_campaign(conn, report.campaign_id)?;
        let mut known = gather_for(self, conn, ctx, report, edition)?;
        let form = self.form_of(report, &campaign)?;
        let making = Making {
            edition,
            form: &form,
            number: None,
            origin: &self.reports.origin,
            correction: issue::correction_words(conn, ctx, report, edition, &known)?,
            own: own::fields_of(conn, report)?,
            hands: typed::hands(conn, report.id)?,
        };
        let composed = compose(conn, ctx, &mut known, &making)?;
        let made = own::filled(conn, report, edition, &known, &composed)?;
        Ok(composed.with_own(made))
    }

    pub(super) fn form_of(&self, report: &Report, campaign: &Campaign) -> Result<String, Error> {
        let forms = forms(self, campaign)?;
        let form = forms.into_iter().find(|form| form.code == report.template_code);
        Ok(form.map(|form| form.form).unwrap_or_default())
    }
}
