//! What a unit is: kind, level, sector and line ministry, and since when. Past days are read with the facts of then.

use super::reorganise::{
    Desk, UnitDraft, require_day, require_free_code, require_office, require_open, require_order_of_days,
};
use super::{Level, Unit, UnitKind};
use crate::day::Day;
use crate::refusal::Refusal;

/// The facts that scopes and figures ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Kind.
    pub kind: UnitKind,
    /// Level.
    pub level: Level,
    /// Sector.
    pub sector: String,
    /// Line ministry.
    pub line: String,
}

impl Standing {
    /// The facts of a unit as they are now.
    pub fn of(unit: &Unit) -> Standing {
        Standing { kind: unit.kind, level: unit.level, sector: unit.sector.clone(), line: unit.line.clone() }
    }

    /// What became another, in words; empty where nothing did.
    pub fn changed_to(&self, next: &Standing) -> String {
        use crate::Coded;
        let facts = [
            ("类型", self.kind.label(), next.kind.label()),
            ("级别", self.level.label(), next.level.label()),
            ("领域", self.sector.as_str(), next.sector.as_str()),
            ("系统", self.line.as_str(), next.line.as_str()),
        ];
        let shown = |text: &str| if text.is_empty() { "（空）".to_owned() } else { text.to_owned() };
        let changed = facts.into_iter().filter(|(_, was, is)| was != is);
        changed
            .map(|(what, was, is)| format!("{what}由“{}”改为“{}”", shown(was), shown(is)))
            .collect::<Vec<_>>()
            .join("；")
    }
}

/// Changes the facts of a unit: from `since` on, or as a correction of what was never so. Code, short names and order
/// have no history. `stood_since` is the first day of the facts it has now.
///
/// # Errors
/// `not_allowed`, `unit_closed`, `code_taken`, `day_in_future`, `day_before_creation`, `day_before_last_change`, text
/// limits.
pub fn amend(
    desk: &Desk<'_>,
    unit: &Unit,
    draft: UnitDraft,
    code_taken_by: Option<&Unit>,
    since: Option<Day>,
    stood_since: Day,
) -> Result<Unit, Refusal> {
    require_office(desk, &unit.path, "更正单位资料")?;
    require_open(unit, "更正资料")?;
    if let Some(day) = since {
        let of_form = |refusal| Refusal { field: Some("since"), ..refusal };
        require_day(desk, day, unit).map_err(of_form)?;
        require_order_of_days(day, Some(stood_since)).map_err(of_form)?;
    }
    let draft = UnitDraft { name: unit.name.clone(), ..draft }.checked()?;
    require_free_code(&draft.code, code_taken_by, unit.id)?;
    Ok(Unit {
        code: draft.code,
        short_names: draft.short_names,
        kind: draft.kind,
        level: draft.level,
        sector: draft.sector,
        line: draft.line,
        official_order: draft.official_order,
        version: unit.version + 1,
        ..unit.clone()
    })
}
