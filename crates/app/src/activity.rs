//! Activities: recorded once, in under a minute, and counted for every rule that they satisfy (M06, M07, M50).

mod parties;
mod record;
mod session;
mod view;

pub use record::{ActivityInput, Counted, Recorded};
pub(crate) use session::{SessionRecord, session_writes};
pub use view::{ActivityList, ActivityPage, ActivityQuery, Edition, RecordForm};

use crate::context::Context;
use bihuan_domain::role::Role;
use bihuan_domain::unit::Unit;

/// The actor may record for the unit.
pub(crate) fn may_record(ctx: &Context, unit: &Unit) -> bool {
    ctx.actor.holds_any(&[Role::Filler, Role::Office], &unit.path)
}
