//! Activities: recorded once, in under a minute, and counted for every rule that they satisfy (M06, M07, M50).

mod counted;
mod edition;
mod form;
mod guest;
mod parties;
mod record;
mod session;
mod view;

pub use counted::{Counted, CountedAt};
pub use edition::Edition;
pub use form::RecordForm;
pub use guest::{Guest, Guests, NAMES_CHARS_MAX, NAMES_MAX};
pub use record::{ActivityInput, Recorded};
pub(crate) use session::{SessionRecord, session_writes};
pub use view::{ActivityList, ActivityPage, ActivityQuery};

use crate::context::Context;
use bihuan_domain::role::Role;
use bihuan_domain::unit::Unit;

/// The actor may record for the unit.
pub(crate) fn may_record(ctx: &Context, unit: &Unit) -> bool {
    ctx.actor.holds_any(&[Role::Filler, Role::Office], &unit.path)
}
