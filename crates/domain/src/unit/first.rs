//! The first unit of a new installation, the root of the tree (M01).

use super::Unit;
use super::reorganise::{UnitDraft, new_unit, require_begun};
use crate::Day;
use crate::refusal::Refusal;
use crate::role::{Actor, Role};

/// Refuses the first unit where there are open units already, and to anybody but the system administrator, who alone
/// can bring in the first tree; `actor` is nobody for the operator of the machine.
///
/// # Errors
/// `parent_required`, `not_allowed`.
pub fn require_founder(actor: Option<&Actor>, has_units: bool) -> Result<(), Refusal> {
    if has_units {
        return Err(Refusal::of_field(
            "parent",
            "parent_required",
            "系统里已经有单位，不能再设立第一个单位；新单位必须有上级单位。",
            "请由上级单位的工作专班在上级单位的页面上设立；成批的请导入。",
        ));
    }
    if actor.is_some_and(|actor| !actor.holds_anywhere(Role::SystemAdmin)) {
        return Err(Refusal::not_allowed("设立第一个单位", "系统管理员身份"));
    }
    Ok(())
}

/// Creates the first unit, the root of the tree, after [`require_founder`]. It comes back without number and path,
/// which the caller gives it.
///
/// # Errors
/// `day_in_future`, text limits.
pub fn create_first(draft: UnitDraft, today: Day, day: Day) -> Result<Unit, Refusal> {
    require_begun(today, day)?;
    Ok(new_unit(draft.checked()?, None, day))
}
