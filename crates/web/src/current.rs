//! Which campaign a page shows, when a person has several.
//!
//! The address decides (`?campaign=3`), else what this browser chose last, else the newest running campaign that the
//! reader may see. A page takes a [`CampaignWish`] as an argument and asks [`current_campaign`]:
//!
//! ```ignore
//! async fn show(State(web): State<WebState>, Session(ctx): Session, page: Page, wish: CampaignWish) -> Result<Response, Problem> {
//!     let current = current_campaign(&web, &ctx, &wish).await?;
//!     let Some(campaign) = current.chosen() else { return Ok(page.show(frame, no_campaign("问题台账"))) };
//!     let body = html! { (current.switcher(&Href::new("/ledger").with_some("state", state))) … };
//!     Ok(current.remember(&web, page.show(frame, body)))
//! }
//! ```

use axum::{extract::FromRequestParts, http::request::Parts, response::Response};
use bihuan_app::{Context, campaign::CampaignHead};
use bihuan_domain::{Coded as _, campaign::CampaignState, id::CampaignId};
use maud::{Markup, html};

use crate::{
    error::Problem,
    form::Fields,
    frame::set_cookie,
    guard::cookie,
    state::WebState,
    ui::{Href, empty, heading},
};

/// The name of the query parameter.
pub const CAMPAIGN_PARAMETER: &str = "campaign";
/// The cookie that remembers the last choice in this browser. It is only a number: what may be seen is decided anew.
const CAMPAIGN_COOKIE: &str = "bihuan_campaign";
/// A year; the choice is no secret and stays until it is changed.
const CAMPAIGN_SECONDS: u32 = 365 * 24 * 60 * 60;

/// Which campaign a request asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CampaignWish {
    /// What the address says, as it was written.
    asked: Option<String>,
    /// What this browser chose before.
    remembered: Option<CampaignId>,
}

impl FromRequestParts<WebState> for CampaignWish {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &WebState) -> Result<Self, Self::Rejection> {
        let asked = Fields::of_query(&parts.uri).filled(CAMPAIGN_PARAMETER).map(str::to_owned);
        let remembered = cookie(&parts.headers, CAMPAIGN_COOKIE).and_then(|text| text.parse().ok());
        Ok(Self { asked, remembered })
    }
}

impl CampaignWish {
    /// The same wish, with a campaign that a form carries in place of the address.
    #[must_use]
    pub fn or_of_form(mut self, fields: &Fields) -> Self {
        self.asked = self.asked.or_else(|| fields.filled(CAMPAIGN_PARAMETER).map(str::to_owned));
        self
    }
}

/// The campaign of a page, and those one may switch to.
#[derive(Debug, Clone, Default)]
pub struct CurrentCampaign {
    /// All that the reader may see, running ones first.
    pub all: Vec<CampaignHead>,
    chosen: Option<usize>,
    by_address: bool,
}

/// Finds the campaign that a page shows.
///
/// # Errors
/// `NotFound` when the address names a campaign that the reader may not see; faults of the database.
pub async fn current_campaign(
    web: &WebState,
    ctx: &Context,
    wish: &CampaignWish,
) -> Result<CurrentCampaign, Problem> {
    let ctx = ctx.clone();
    let all = web.run(move |app| app.campaigns(&ctx)).await?;
    CurrentCampaign::choose(all, wish)
}

impl CurrentCampaign {
    /// The choice out of those that may be seen.
    ///
    /// # Errors
    /// `NotFound` when the address names another.
    pub fn choose(all: Vec<CampaignHead>, wish: &CampaignWish) -> Result<Self, Problem> {
        let place = |id: CampaignId| all.iter().position(|head| head.id == id);
        let chosen = match &wish.asked {
            Some(text) => Some(text.parse().ok().and_then(place).ok_or(Problem::NotFound)?),
            // Running ones come first in the list, and of these the newest.
            None => wish.remembered.and_then(place).or_else(|| (!all.is_empty()).then_some(0)),
        };
        Ok(Self { all, chosen, by_address: wish.asked.is_some() })
    }

    /// The campaign to show; `None` when the reader may see none at all.
    pub fn chosen(&self) -> Option<&CampaignHead> {
        self.chosen.and_then(|at| self.all.get(at))
    }

    /// Its number.
    pub fn id(&self) -> Option<CampaignId> {
        self.chosen().map(|head| head.id)
    }

    /// A small form to show another campaign on the same page; nothing when there is no other. `here` is the page's
    /// address with what must be kept, such as filters; a `campaign` in it is replaced.
    pub fn switcher(&self, here: &Href) -> Markup {
        let Some(chosen) = self.chosen().filter(|_| self.all.len() > 1) else { return html! {} };
        html! {
            form .campaign-switch action=(here.path()) method="get" aria-label="切换专项行动" {
                @for (name, value) in here.pairs().iter().filter(|(name, _)| name != CAMPAIGN_PARAMETER) {
                    input type="hidden" name=(name) value=(value);
                }
                label for="campaign-switch" { "专项行动" }
                select #campaign-switch .form-select name=(CAMPAIGN_PARAMETER) {
                    @for state in [CampaignState::Running, CampaignState::Preparing, CampaignState::Ended] {
                        @let of_state: Vec<_> = self.all.iter().filter(|head| head.state == state).collect();
                        @if !of_state.is_empty() {
                            optgroup label=(state.label()) {
                                @for head in of_state {
                                    option value=(head.id) selected[head.id == chosen.id] { (head.name) "（" (head.office_name) "）" }
                                }
                            }
                        }
                    }
                }
                button .btn .btn-outline-secondary .btn-sm type="submit" { "切换" }
            }
        }
    }

    /// Remembers in this browser what the address asked for.
    pub fn remember(&self, web: &WebState, mut response: Response) -> Response {
        if let Some(id) = self.id().filter(|_| self.by_address) {
            let secure = if web.settings.secure { "; Secure" } else { "" };
            let cookie = format!(
                "{CAMPAIGN_COOKIE}={id}; Path=/; HttpOnly; SameSite=Lax; Max-Age={CAMPAIGN_SECONDS}{secure}"
            );
            set_cookie(&mut response, &cookie);
        }
        response
    }
}

/// What a page says to somebody for whom there is no campaign at all.
pub fn no_campaign(title: &str) -> Markup {
    html! {
        (heading(title, None, html! {}))
        (empty(
            "还没有您可以查看的专项行动",
            "专项行动由工作专班建立；建立之后，覆盖范围内的单位都能看到。",
            Some(("查看专项行动", Href::new("/campaigns"))),
        ))
    }
}
