//! Creating, renaming, moving, merging, splitting and closing units, as dated steps (M01).
//!
//! Who may: the office over the unit above (for a root, over the unit itself). The system administrator runs the
//! installation and may only bring in the first tree, before any problem is registered. Steps are recorded in the
//! order of their days: a step dated before a later one on the same branch would rewrite a history that reports
//! already used, and is refused.

use super::{Level, UNIT_DEPTH_MAX, Unit, UnitKind, UnitPath, check_name};
use crate::id::UnitId;
use crate::refusal::{Refusal, limit_text, require_text};
use crate::role::{Actor, Role};
use crate::{Coded, Day};

/// Longest unit code, in characters.
pub const UNIT_CODE_CHARS_MAX: usize = 40;
/// Longest list of short names, in characters.
pub const SHORT_NAMES_CHARS_MAX: usize = 200;
/// Longest sector or line ministry, in characters.
pub const SECTOR_CHARS_MAX: usize = 40;
/// Most new units of one split.
pub const SPLIT_UNITS_MAX: usize = 20;
/// Largest official order.
pub const ORDER_MAX: i64 = 1_000_000_000;

crate::coded! {
    /// What was done to a unit; the journal's action.
    UnitAction ("机构调整") {
        Created = "unit.created", "设立";
        Renamed = "unit.renamed", "更名";
        Moved = "unit.moved", "划转隶属";
        Merged = "unit.merged", "并入其他单位";
        Absorbed = "unit.absorbed", "承接合并";
        Split = "unit.split", "拆分";
        Closed = "unit.closed", "撤销";
        Amended = "unit.amended", "更正资料";
        Reordered = "unit.reordered", "调整排序";
        Imported = "unit.imported", "批量导入";
    }
}

/// Who reorganises, and today.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// The day in China.
    pub today: Day,
}

/// What hangs on a unit, as the rules need to know it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Burden {
    /// Open units directly below.
    pub open_children: i64,
    /// Open problems the unit has a part in, other than having registered them.
    pub open_problems: i64,
    /// Levels of the deepest unit below, counted from this one; 0 without children.
    pub height: usize,
    /// The last day on which the places of the unit, of a unit below or above it changed.
    pub last_changed: Option<Day>,
}

/// The facts of a unit as typed into a form or a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitDraft {
    /// Official code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Short names, separated by `、`.
    pub short_names: String,
    /// Kind.
    pub kind: UnitKind,
    /// Level.
    pub level: Level,
    /// Sector.
    pub sector: String,
    /// Line ministry.
    pub line: String,
    /// Order among its siblings.
    pub official_order: i64,
}

impl UnitDraft {
    /// The facts of a unit as they stand.
    pub fn of(unit: &Unit) -> UnitDraft {
        UnitDraft {
            code: unit.code.clone(),
            name: unit.name.clone(),
            short_names: unit.short_names.clone(),
            kind: unit.kind,
            level: unit.level,
            sector: unit.sector.clone(),
            line: unit.line.clone(),
            official_order: unit.official_order,
        }
    }

    /// The draft with trimmed and checked texts.
    ///
    /// # Errors
    /// `text_missing`, `text_too_long`, `order_out_of_range`.
    pub fn checked(self) -> Result<UnitDraft, Refusal> {
        if !(0..=ORDER_MAX).contains(&self.official_order) {
            return Err(Refusal::of_field(
                "official_order",
                "order_out_of_range",
                "“排序”不在范围内。",
                format!("请填写0到{ORDER_MAX}之间的整数。"),
            ));
        }
        Ok(UnitDraft {
            code: require_text("code", "单位代码", &self.code, UNIT_CODE_CHARS_MAX)?,
            name: check_name(&self.name)?,
            short_names: limit_text(
                "short_names",
                "简称",
                &tidy_short_names(&self.short_names),
                SHORT_NAMES_CHARS_MAX,
            )?,
            sector: limit_text("sector", "领域", &self.sector, SECTOR_CHARS_MAX)?,
            line: limit_text("line", "系统", &self.line, SECTOR_CHARS_MAX)?,
            ..self
        })
    }
}

/// Short names joined by `、`, whatever separated them, none twice.
pub fn tidy_short_names(text: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for part in text.split(['、', '，', ',', '；', ';', '|', '\n']).map(str::trim) {
        if !part.is_empty() && !kept.contains(&part) {
            kept.push(part);
        }
    }
    kept.join("、")
}

/// Refuses anybody but the office over the unit above.
///
/// # Errors
/// `not_allowed`.
pub fn require_office(desk: &Desk<'_>, unit: &UnitPath, step: &str) -> Result<(), Refusal> {
    let above = unit.parent().unwrap_or_else(|| unit.clone());
    if desk.actor.holds(Role::Office, &above) {
        return Ok(());
    }
    Err(Refusal::not_allowed(step, "上级单位的工作专班身份"))
}

/// Refuses an import by anybody but the office over the place it goes to, or, while the tree is not in use yet, the
/// system administrator.
///
/// # Errors
/// `not_allowed`, `tree_in_use`.
pub fn require_importer(desk: &Desk<'_>, below: Option<&UnitPath>, in_use: bool) -> Result<(), Refusal> {
    if below.is_some_and(|path| desk.actor.holds(Role::Office, path)) {
        return Ok(());
    }
    if !desk.actor.holds_anywhere(Role::SystemAdmin) {
        return Err(Refusal::not_allowed("导入单位", "导入位置上的工作专班身份（首次导入由系统管理员办理）"));
    }
    if in_use {
        return Err(Refusal::new(
            "tree_in_use",
            "已经登记了问题，系统管理员不能再导入单位。",
            "请由工作专班在其管辖范围内导入或调整。",
        ));
    }
    Ok(())
}

pub(super) fn require_begun(today: Day, day: Day) -> Result<(), Refusal> {
    if day <= today {
        return Ok(());
    }
    Err(Refusal::of_field(
        "day",
        "day_in_future",
        format!("生效日期{}还没有到。", day.in_chinese()),
        "请在生效当天或之后登记。",
    ))
}

pub(super) fn require_day(desk: &Desk<'_>, day: Day, unit: &Unit) -> Result<(), Refusal> {
    require_begun(desk.today, day)?;
    if day < unit.created_day {
        return Err(Refusal::of_field(
            "day",
            "day_before_creation",
            format!(
                "生效日期{}早于“{}”的设立日期{}。",
                day.in_chinese(),
                unit.name,
                unit.created_day.in_chinese()
            ),
            "请核对日期。",
        ));
    }
    Ok(())
}

pub(super) fn require_order_of_days(day: Day, last: Option<Day>) -> Result<(), Refusal> {
    match last {
        Some(last) if day < last => Err(Refusal::of_field(
            "day",
            "day_before_last_change",
            format!("{}之后，本单位或其上下级单位在{}已有调整。", day.in_chinese(), last.in_chinese()),
            format!("机构调整须按时间先后登记，请填写{}或以后的日期。", last.in_chinese()),
        )),
        _ => Ok(()),
    }
}

pub(super) fn require_open(unit: &Unit, step: &str) -> Result<(), Refusal> {
    if unit.closed_day.is_none() {
        return Ok(());
    }
    Err(Refusal::new("unit_closed", format!("“{}”已撤销，不能{step}。", unit.name), "请选择现有单位。"))
}

pub(super) fn require_free_code(code: &str, taken_by: Option<&Unit>, own: UnitId) -> Result<(), Refusal> {
    match taken_by {
        Some(other) if other.id != own => Err(Refusal::of_field(
            "code",
            "code_taken",
            format!("单位代码“{code}”已被“{}”使用。", other.name),
            "请核对代码；现有单位的代码不能重复。",
        )),
        _ => Ok(()),
    }
}

fn require_depth(levels: usize) -> Result<(), Refusal> {
    if levels <= UNIT_DEPTH_MAX {
        return Ok(());
    }
    Err(Refusal::of_field(
        "parent",
        "tree_too_deep",
        format!("调整后单位层级有{levels}级，最多{UNIT_DEPTH_MAX}级。"),
        "请选择更高一级的上级单位。",
    ))
}

/// Creates a unit below `parent`. It comes back without number and path, which the caller gives it.
///
/// # Errors
/// `not_allowed`, `day_in_future`, `day_before_creation`, `unit_closed`, `code_taken`, `tree_too_deep`, text limits.
pub fn create(
    desk: &Desk<'_>,
    parent: &Unit,
    draft: UnitDraft,
    code_taken_by: Option<&Unit>,
    day: Day,
) -> Result<Unit, Refusal> {
    if !desk.actor.holds(Role::Office, &parent.path) {
        return Err(Refusal::not_allowed("设立单位", "上级单位的工作专班身份"));
    }
    require_open(parent, "在其下设立单位")?;
    require_day(desk, day, parent)?;
    let draft = draft.checked()?;
    require_free_code(&draft.code, code_taken_by, UnitId(0))?;
    require_depth(parent.path.units().len() + 1)?;
    Ok(new_unit(draft, Some(parent.id), day))
}

/// A unit from a checked draft, without number and path.
pub fn new_unit(draft: UnitDraft, parent: Option<UnitId>, day: Day) -> Unit {
    Unit {
        id: UnitId(0),
        code: draft.code,
        name: draft.name,
        short_names: draft.short_names,
        kind: draft.kind,
        level: draft.level,
        sector: draft.sector,
        line: draft.line,
        parent_id: parent,
        path: UnitPath::default(),
        official_order: draft.official_order,
        created_day: day,
        closed_day: None,
        successor_id: None,
        version: 1,
    }
}

/// Renames a unit from a day on; `named_since` is the first day of the name it bears now.
///
/// # Errors
/// `not_allowed`, `unit_closed`, `day_in_future`, `day_before_creation`, `day_before_last_change`, `same_name`, text limits.
pub fn rename(desk: &Desk<'_>, unit: &Unit, name: &str, day: Day, named_since: Day) -> Result<Unit, Refusal> {
    require_office(desk, &unit.path, "更名")?;
    require_open(unit, "更名")?;
    require_day(desk, day, unit)?;
    require_order_of_days(day, Some(named_since))?;
    let name = check_name(name)?;
    if name == unit.name {
        return Err(Refusal::of_field("name", "same_name", "新名称与现名称相同。", "请填写新的名称。"));
    }
    Ok(Unit { name, version: unit.version + 1, ..unit.clone() })
}

/// Moves a unit with everything below it to another unit.
///
/// # Errors
/// `not_allowed`, `unit_closed`, `below_itself`, `same_parent`, `tree_too_deep`, and the refusals of the day.
pub fn move_below(
    desk: &Desk<'_>,
    unit: &Unit,
    to: &Unit,
    burden: &Burden,
    day: Day,
) -> Result<Unit, Refusal> {
    require_office(desk, &unit.path, "划转隶属")?;
    if !desk.actor.holds(Role::Office, &to.path) {
        return Err(Refusal::not_allowed("划转到该单位", "新上级单位的工作专班身份"));
    }
    require_open(unit, "划转隶属")?;
    require_open(to, "接收划转单位")?;
    require_place(unit, to, burden)?;
    require_day(desk, day, unit)?;
    require_day(desk, day, to)?;
    require_order_of_days(day, burden.last_changed)?;
    Ok(Unit {
        parent_id: Some(to.id),
        path: to.path.child(unit.id),
        version: unit.version + 1,
        ..unit.clone()
    })
}

fn require_place(unit: &Unit, to: &Unit, burden: &Burden) -> Result<(), Refusal> {
    if to.path.is_within(&unit.path) {
        return Err(Refusal::of_field(
            "parent",
            "below_itself",
            "不能把单位划转到自己或自己的下级之下。",
            "请选择另一个上级单位。",
        ));
    }
    if unit.parent_id == Some(to.id) {
        return Err(Refusal::of_field(
            "parent",
            "same_parent",
            format!("“{}”本来就隶属“{}”。", unit.name, to.name),
            "请选择另一个上级单位。",
        ));
    }
    require_depth(to.path.units().len() + 1 + burden.height)
}

/// Closes a unit. Open children or open problems hold it open, unless it is merged into another unit.
///
/// # Errors
/// `not_allowed`, `unit_closed`, `open_children`, `open_problems`, and the refusals of the day.
pub fn close(desk: &Desk<'_>, unit: &Unit, burden: &Burden, day: Day) -> Result<Unit, Refusal> {
    require_office(desk, &unit.path, "撤销单位")?;
    require_open(unit, "再次撤销")?;
    require_day(desk, day, unit)?;
    require_order_of_days(day, burden.last_changed)?;
    if burden.open_children > 0 {
        return Err(Refusal::new(
            "open_children",
            format!("“{}”还有{}个下级单位。", unit.name, burden.open_children),
            "请先划转或撤销下级单位，或者改用“并入其他单位”。",
        ));
    }
    if burden.open_problems > 0 {
        return Err(Refusal::new(
            "open_problems",
            format!("“{}”还有{}个未销号的问题。", unit.name, burden.open_problems),
            "请先办结或调整交办，或者改用“并入其他单位”，由接收单位承接。",
        ));
    }
    Ok(Unit { closed_day: Some(day), version: unit.version + 1, ..unit.clone() })
}

/// Merges `unit` into `into`, which takes over its open problems and the units below it.
///
/// # Errors
/// `not_allowed`, `unit_closed`, `below_itself`, `tree_too_deep`, and the refusals of the day.
pub fn merge(desk: &Desk<'_>, unit: &Unit, into: &Unit, burden: &Burden, day: Day) -> Result<Unit, Refusal> {
    require_office(desk, &unit.path, "合并单位")?;
    require_office(desk, &into.path, "合并单位")?;
    require_open(unit, "合并")?;
    require_open(into, "承接合并")?;
    if into.path.is_within(&unit.path) {
        return Err(Refusal::of_field(
            "into",
            "below_itself",
            "不能并入自己或自己的下级。",
            "请选择另一个单位；下级单位可先划转出来。",
        ));
    }
    if burden.open_children > 0 {
        require_depth(into.path.units().len() + burden.height)?;
    }
    require_day(desk, day, unit)?;
    require_day(desk, day, into)?;
    require_order_of_days(day, burden.last_changed)?;
    Ok(Unit { closed_day: Some(day), successor_id: Some(into.id), version: unit.version + 1, ..unit.clone() })
}

/// Checks a split of `unit` into itself and `parts`, which stand beside it. Their codes are checked one by one by
/// [`create`].
///
/// # Errors
/// `not_allowed`, `unit_closed`, `split_parts`, `code_taken`, and the refusals of the day.
pub fn split(
    desk: &Desk<'_>,
    unit: &Unit,
    parts: &[UnitDraft],
    last_changed: Option<Day>,
    day: Day,
) -> Result<(), Refusal> {
    require_office(desk, &unit.path, "拆分单位")?;
    require_open(unit, "拆分")?;
    require_day(desk, day, unit)?;
    require_order_of_days(day, last_changed)?;
    if parts.is_empty() || parts.len() > SPLIT_UNITS_MAX {
        return Err(Refusal::of_field(
            "parts",
            "split_parts",
            format!("拆分应当新设1到{SPLIT_UNITS_MAX}个单位，现在有{}个。", parts.len()),
            "请逐个填写新设单位。",
        ));
    }
    for (index, part) in parts.iter().enumerate() {
        if parts[..index].iter().any(|other| other.code.trim() == part.code.trim()) {
            return Err(Refusal::of_field(
                "parts",
                "code_taken",
                format!("新设单位的代码“{}”重复。", part.code),
                "请为每个新设单位填写不同的代码。",
            ));
        }
    }
    Ok(())
}

/// The new official orders of all children of a unit, in the wanted order; those not named keep their order behind.
///
/// # Errors
/// `not_allowed`, `not_a_child`.
pub fn reorder(
    desk: &Desk<'_>,
    parent: &Unit,
    children: &[(UnitId, i64)],
    wanted: &[UnitId],
) -> Result<Vec<(UnitId, i64)>, Refusal> {
    if !desk.actor.holds(Role::Office, &parent.path) {
        return Err(Refusal::not_allowed("调整排序", "本单位的工作专班身份"));
    }
    if wanted.iter().any(|id| !children.iter().any(|(child, _)| child == id)) {
        return Err(Refusal::of_field(
            "order",
            "not_a_child",
            format!("排序中有不属于“{}”的单位。", parent.name),
            "请刷新页面后重新排序。",
        ));
    }
    let mut order: Vec<UnitId> = Vec::with_capacity(children.len());
    for id in wanted.iter().chain(children.iter().map(|(id, _)| id)) {
        if !order.contains(id) {
            order.push(*id);
        }
    }
    Ok(order.into_iter().zip((1..).map(|n| n * 10)).collect())
}

/// The level usually found below another, for forms and files that leave it empty.
pub fn level_below(level: Level) -> Level {
    let next = Level::ALL.iter().position(|l| *l == level).map_or(0, |at| at + 1);
    Level::ALL.get(next).copied().unwrap_or(Level::Branch)
}
