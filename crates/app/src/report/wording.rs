//! What a form sends of a draft, and what a draft has for it.

use super::{DraftInput, visible};
use crate::Error;
use crate::context::{App, Context};
use bihuan_domain::id::ReportId;
use bihuan_domain::report::{Edition, Trimmings, Wording};

impl App {
    /// What the newest edition holds as a form would send it, and its version: whoever changes one field sends the others
    /// as they are.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn draft_input(&self, ctx: &Context, id: ReportId) -> Result<(DraftInput, i64), Error> {
        self.db.read(|conn| {
            let (_, _, editions) = visible(conn, ctx, id)?;
            let edition = editions.first().ok_or(Error::NotFound)?;
            Ok((DraftInput::of(edition), edition.version))
        })
    }
}

impl DraftInput {
    /// What a draft holds as a form would send it.
    fn of(edition: &Edition) -> DraftInput {
        let trimmings: Trimmings = serde_json::from_str(&edition.trimmings).unwrap_or_default();
        let ticked = |flag: bool| if flag { "1" } else { "" }.to_owned();
        DraftInput {
            title: edition.title.clone(),
            addressee: edition.addressee.clone(),
            text: edition.text.clone(),
            sealed: ticked(trimmings.sealed),
            explained: ticked(trimmings.explained),
            mark: trimmings.mark,
            prefix: trimmings.prefix,
            marking: trimmings.marking,
            urgency: trimmings.urgency,
            signers: trimmings.signers,
            signature: trimmings.signature,
            copies: trimmings.copies,
            remark: trimmings.remark,
        }
    }

    /// As the rules know it.
    pub(super) fn wording(&self) -> Wording {
        let sent = self;
        let ticked = |text: &str| matches!(text.trim(), "1" | "true" | "on");
        Wording {
            title: sent.title.clone(),
            addressee: sent.addressee.clone(),
            text: sent.text.replace("\r\n", "\n"),
            trimmings: Trimmings {
                mark: sent.mark.clone(),
                prefix: sent.prefix.clone(),
                marking: sent.marking.clone(),
                urgency: sent.urgency.clone(),
                signers: sent.signers.clone(),
                signature: sent.signature.clone(),
                sealed: ticked(&sent.sealed),
                copies: sent.copies.clone(),
                remark: sent.remark.clone(),
                explained: ticked(&sent.explained),
            },
        }
    }
}
