//! Scopes: saved under a name, expanded on a day, with a preview of exactly whom they reach (M02).

use crate::Error;
use crate::context::{self, App, Context, readable_unit};
use bihuan_domain::id::{ScopeId, UnitId};
use bihuan_domain::refusal::require_text;
use bihuan_domain::role::Role;
use bihuan_domain::scope::Scope;
use bihuan_domain::unit::Unit;
use bihuan_domain::unit_match::{Candidate, Match, UnitIndex};
use bihuan_domain::{Day, Refusal};
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::records::SavedScope;
use bihuan_store::scope::{self as store, Reach};
use bihuan_store::{Conn, Fault};

/// Longest name of a scope, in characters.
pub const SCOPE_NAME_CHARS_MAX: usize = 60;
/// Most units a scope may list one by one.
pub const LISTED_MAX: usize = 2_000;

/// Units read to understand a group's wording.
const GROUP_UNITS_MAX: i64 = 5_000;

/// A saved scope as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedScope {
    /// Number.
    pub id: ScopeId,
    /// Name.
    pub name: String,
    /// The unit whose people may use it.
    pub owner: Unit,
    /// The scope.
    pub scope: Scope,
    /// The reader may change it.
    pub may_change: bool,
    /// Row version.
    pub version: i64,
}

/// Exactly whom a scope reaches, as far as the reader may read.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The day it is expanded on.
    pub day: Day,
    /// Counts and one page of units.
    pub reach: Reach,
    /// Names above each unit of the page.
    pub above: Vec<Vec<String>>,
    /// Where the page begins.
    pub offset: i64,
}

fn parse(row: &SavedScope) -> Result<Scope, Fault> {
    serde_json::from_str(&row.definition)
        .map_err(|error| Fault::corrupt(format!("scope {} does not parse: {error}", row.id)))
}

fn check(conn: &mut Conn, ctx: &Context, scope: &Scope) -> Result<(), Error> {
    if scope.is_blank() {
        return Err(Refusal::of_field(
            "levels",
            "scope_blank",
            "范围没有任何条件，不会包括任何单位。",
            "请选择上级单位、层级、性质等条件，或逐个列出单位。",
        )
        .into());
    }
    if scope.listed.len() > LISTED_MAX || scope.without.len() > LISTED_MAX {
        return Err(Refusal::of_field(
            "listed",
            "scope_too_long",
            format!("逐个列出的单位最多{LISTED_MAX}个。"),
            "请改用层级、性质等条件。",
        )
        .into());
    }
    for unit in scope.subtree.iter().chain(&scope.listed) {
        readable_unit(conn, ctx, *unit)?;
    }
    Ok(())
}

impl App {
    /// Saved scopes of the actor's units and of those above them.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn scopes(&self, ctx: &Context) -> Result<Vec<NamedScope>, Error> {
        let roots: Vec<_> = ctx.actor.readable_roots().into_iter().map(|(_, path)| path).collect();
        self.db.read(|conn| {
            let rows = store::saved(conn, &roots)?;
            rows.into_iter().map(|(row, owner)| named(ctx, row, owner)).collect()
        })
    }

    /// One saved scope.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn scope(&self, ctx: &Context, id: ScopeId) -> Result<NamedScope, Error> {
        self.db.read(|conn| seen(conn, ctx, id))
    }

    /// Saves a scope under a name; `id: None` makes a new one.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `not_allowed`, `scope_blank`, `scope_too_long`, text limits.
    pub fn save_scope(
        &self,
        ctx: &Context,
        id: Option<(ScopeId, i64)>,
        owner: UnitId,
        name: &str,
        scope: Scope,
    ) -> Result<NamedScope, Error> {
        let (ctx, name) = (ctx.clone(), name.to_owned());
        self.db.write(move |conn| {
            let owner = readable_unit(conn, &ctx, owner)?;
            require_office(&ctx, &owner)?;
            let name = require_text("name", "范围名称", &name, SCOPE_NAME_CHARS_MAX)?;
            check(conn, &ctx, &scope)?;
            let definition = serde_json::to_string(&scope).map_err(|e| Fault::corrupt(e.to_string()))?;
            let (row, write, action) = match id {
                None => {
                    let id = ScopeId(journal::next_id(conn, "scope", 1)?);
                    let row = SavedScope { id, name, owner_unit_id: owner.id, definition, version: 1 };
                    (row.clone(), Some(Write::insert(&row)), "scope.created")
                }
                Some((id, version)) => {
                    let known = seen(conn, &ctx, id)?;
                    require_office(&ctx, &known.owner)?;
                    if known.version != version {
                        return Err(Error::stale());
                    }
                    let before = store::by_id(conn, id)?.ok_or(Error::NotFound)?;
                    let row =
                        SavedScope { id, name, owner_unit_id: owner.id, definition, version: version + 1 };
                    (row.clone(), Write::update(&before, &row), "scope.changed")
                }
            };
            let entry = NewEntry {
                action: action.to_owned(),
                subject_kind: "scope",
                subject_id: row.id.0,
                unit: Some(owner.id),
                note: format!("范围“{}”", row.name),
                writes: write.into_iter().collect(),
                ..NewEntry::default()
            };
            journal::append(conn, &ctx.stamp(Some(&owner)), vec![entry])?;
            named(&ctx, row, owner)
        })
    }

    /// Deletes a saved scope.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `not_allowed`.
    pub fn delete_scope(&self, ctx: &Context, id: ScopeId, version: i64) -> Result<(), Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let known = seen(conn, &ctx, id)?;
            require_office(&ctx, &known.owner)?;
            if known.version != version {
                return Err(Error::stale());
            }
            let row = store::by_id(conn, id)?.ok_or(Error::NotFound)?;
            let entry = NewEntry {
                action: "scope.deleted".to_owned(),
                subject_kind: "scope",
                subject_id: id.0,
                unit: Some(known.owner.id),
                note: format!("删除范围“{}”", row.name),
                writes: vec![Write::delete(&row)],
                ..NewEntry::default()
            };
            journal::append(conn, &ctx.stamp(Some(&known.owner)), vec![entry])?;
            Ok(())
        })
    }

    /// Exactly whom a scope reaches on a day, as far as the actor may read: counts by level and kind, and one page.
    ///
    /// # Errors
    /// `NotFound` for a subtree or a listed unit out of sight.
    pub fn preview_scope(
        &self,
        ctx: &Context,
        scope: &Scope,
        day: Option<Day>,
        offset: i64,
    ) -> Result<Preview, Error> {
        let (day, offset) = (day.unwrap_or(ctx.today()), offset.max(0));
        let roots: Vec<_> = ctx.actor.readable_roots().into_iter().map(|(_, path)| path).collect();
        self.db.read(|conn| {
            check(conn, ctx, scope)?;
            let reach = store::reach(conn, scope, day, ctx.today(), &roots, offset)?;
            let ids = reach.page.iter().flat_map(|unit| unit.path.units());
            let names = bihuan_store::unit::names(conn, ids)?;
            let above = reach.page.iter().map(|unit| {
                let path = unit.path.units();
                path.iter().take(path.len() - 1).filter_map(|id| names.get(id).cloned()).collect()
            });
            Ok(Preview { day, above: above.collect(), reach, offset })
        })
    }

    /// The units a scope reaches on a day, for assignment.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn expand_scope(&self, ctx: &Context, scope: &Scope, day: Day) -> Result<Vec<UnitId>, Error> {
        self.db.read(|conn| Ok(store::expand(conn, scope, day, ctx.today())?))
    }

    /// The scope a group's wording means for a unit: 各村支部, 各乡镇（街道）, 各县（市、区）, 市直各部门, 石桥镇各村.
    ///
    /// # Errors
    /// `NotFound`, `group_unknown` for wording that is no group, or names units only a person can tell (相关单位).
    pub fn group_scope(&self, ctx: &Context, wording: &str, base: UnitId) -> Result<Scope, Error> {
        self.db.read(|conn| {
            let base = readable_unit(conn, ctx, base)?;
            let above = bihuan_store::unit::ancestors(conn, &base.path)?;
            let below =
                bihuan_store::problem::units::open_within(conn, &base.path, ctx.today(), GROUP_UNITS_MAX)?;
            let known = above.iter().chain(below.iter().filter(|unit| unit.id != base.id));
            let index = UnitIndex::new(known.map(|unit| Candidate::of(unit, true)));
            let Match::Group(group) = index.lookup(wording, Some(base.id)) else {
                return Err(unknown_group(wording));
            };
            // 市直 said in a county means the city above it.
            let of_level = |level| above.iter().rev().find(|unit| unit.level == level).map(|unit| unit.id);
            let root = group.within.or_else(|| group.level.and_then(of_level)).unwrap_or(base.id);
            let scope = if group.needs_person { None } else { group.kind.scope_below(root) };
            scope.ok_or_else(|| unknown_group(wording))
        })
    }
}

fn unknown_group(wording: &str) -> Error {
    Refusal::of_field(
        "group",
        "group_unknown",
        format!("从“{wording}”看不出是哪些单位。"),
        "可以写“各村支部”“各乡镇（街道）”“各县（市、区）”“市直各部门”，或者改用条件选择。",
    )
    .into()
}

fn require_office(ctx: &Context, owner: &Unit) -> Result<(), Error> {
    if ctx.actor.holds(Role::Office, &owner.path) {
        return Ok(());
    }
    Err(Refusal::not_allowed("维护范围", "该单位的工作专班身份").into())
}

fn seen(conn: &mut Conn, ctx: &Context, id: ScopeId) -> Result<NamedScope, Error> {
    let row = store::by_id(conn, id)?.ok_or(Error::NotFound)?;
    let owner = context::unit(conn, row.owner_unit_id)?;
    let roots = ctx.actor.readable_roots();
    let seen = roots.iter().any(|(_, path)| path.is_within(&owner.path) || owner.path.is_within(path));
    if seen { named(ctx, row, owner) } else { Err(Error::NotFound) }
}

fn named(ctx: &Context, row: SavedScope, owner: Unit) -> Result<NamedScope, Error> {
    Ok(NamedScope {
        id: row.id,
        scope: parse(&row)?,
        may_change: ctx.actor.holds(Role::Office, &owner.path),
        name: row.name,
        owner,
        version: row.version,
    })
}
