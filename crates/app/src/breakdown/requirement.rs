//! Requirements 要求清单: what a document asks of units without anything to be filed. Each unit that is named is told: on
//! its page, for a while in the lists of those who work for it, and by the search; each opens the sentence it comes from.

use super::accepting::{AcceptInput, At, who_is_asked};
use super::origin::{Origin, origin_from};
use crate::Error;
use crate::context::{self, App, Context, readable_unit};
use crate::problem::meant_units;
use bihuan_domain::breakdown::{Breakdown, BreakdownDraft};
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::{BreakdownDraftId, UnitId};
use bihuan_domain::unit::Unit;
use bihuan_store::{Conn, breakdown as store, journal};

/// A requirement of a unit, as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The draft that was accepted.
    pub draft: BreakdownDraft,
    /// The title of its document.
    pub title: String,
}

/// A requirement on its own page.
#[derive(Clone, Debug)]
pub struct RequirementView {
    /// The draft that was accepted.
    pub draft: BreakdownDraft,
    /// The unit it is asked of; `None` where the document names nobody.
    pub unit: Option<Unit>,
    /// The unit whose document it is.
    pub issuer: Unit,
    /// The campaign.
    pub campaign: Campaign,
    /// Its sentence, and where that stands.
    pub origin: Origin,
}

impl App {
    /// A requirement, for those who read the unit it is asked of or the unit whose document it is.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn requirement(&self, ctx: &Context, id: BreakdownDraftId) -> Result<RequirementView, Error> {
        self.db.read(|conn| {
            let draft: BreakdownDraft = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
            if !draft.is_requirement() {
                return Err(Error::NotFound);
            }
            let breakdown: Breakdown = journal::by_id(conn, draft.breakdown_id.0)?.ok_or(Error::NotFound)?;
            let issuer = context::unit(conn, breakdown.unit_id)?;
            let unit = draft.unit_id.map(|id| context::unit(conn, id)).transpose()?;
            let asked = unit.as_ref().is_some_and(|unit| ctx.actor.may_read(&unit.path));
            if !asked && !ctx.actor.may_read(&issuer.path) {
                return Err(Error::NotFound);
            }
            let campaign = journal::by_id(conn, breakdown.campaign_id.0)?.ok_or(Error::NotFound)?;
            let origin = origin_from(conn, ctx, &draft)?;
            Ok(RequirementView { draft, unit, issuer, campaign, origin })
        })
    }

    /// What documents ask of a unit that the actor reads, newest first.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn unit_requirements(&self, ctx: &Context, unit: UnitId) -> Result<Vec<Requirement>, Error> {
        self.db.read(|conn| {
            let unit = readable_unit(conn, ctx, unit)?;
            let drafts = store::requirements_of(conn, unit.id)?;
            let heads = store::heads(conn, drafts.iter().map(|draft| draft.breakdown_id))?;
            let title = |draft: &BreakdownDraft| {
                heads.get(&draft.breakdown_id).map(|head| head.title.clone()).unwrap_or_default()
            };
            Ok(drafts.into_iter().map(|draft| Requirement { title: title(&draft), draft }).collect())
        })
    }
}

impl At<'_> {
    /// The requirement of each unit that is meant. Whom the document names need not be a unit of the tree: then it stands in
    /// the list of the document alone.
    pub(super) fn list_all(
        &self,
        conn: &mut Conn,
        next: BreakdownDraft,
        sent: &AcceptInput,
    ) -> Result<Vec<BreakdownDraft>, Error> {
        let meant = meant_units(conn, self.unit, self.ctx.today(), "unit", &who_is_asked(&next, sent));
        let meant = match meant {
            Err(Error::Invalid(_)) if sent.unit.trim().is_empty() => Vec::new(),
            meant => meant?,
        };
        if let Some(other) = meant.iter().find(|one| !one.unit.path.is_within(&self.unit.path)) {
            let sentence = format!("“{}”不在{}之内，不能向它提要求。", other.unit.name, self.unit.name);
            return Err(Error::invalid("unit", sentence));
        }
        if meant.is_empty() {
            return Ok(vec![BreakdownDraft { unit_id: None, ..next }]);
        }
        let each = meant.iter().enumerate();
        each.map(|(nth, one)| self.for_unit(conn, &next, (nth, Some(one.unit.id)), None)).collect()
    }
}
