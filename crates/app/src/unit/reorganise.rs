//! The steps of a reorganisation: load, decide, append.

use super::{fresh_unit, seen_unit};
use crate::Error;
use crate::context::{App, Context};
use crate::unit_import::Importer;
use bihuan_domain::id::UnitId;
use bihuan_domain::unit::first;
use bihuan_domain::unit::reorganise::{self as rules, Desk, UnitAction, UnitDraft};
use bihuan_domain::unit::standing::{self, Standing};
use bihuan_domain::unit::{Unit, UnitPath};
use bihuan_domain::{Coded, Day};
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::records::UnitChange;
use bihuan_store::unit_tree::Move;
use bihuan_store::{Conn, person, unit as store};

/// What a step answers.
#[derive(Clone, Debug)]
pub struct UnitDone {
    /// The unit as it stands after it.
    pub unit: Unit,
    /// The entry.
    pub seq: i64,
}

/// A split as typed.
#[derive(Clone, Debug)]
pub struct SplitOrder {
    /// The new units, each with the children that go to it.
    pub parts: Vec<(UnitDraft, Vec<UnitId>)>,
    /// From this day on.
    pub day: Day,
}

pub(super) fn desk(ctx: &Context) -> Desk<'_> {
    Desk { actor: &ctx.actor, today: ctx.today() }
}

/// The record of a step in the unit's history.
pub(super) fn change(
    conn: &mut Conn,
    unit: UnitId,
    kind: UnitAction,
    day: Day,
    other: Option<UnitId>,
    detail: impl Into<String>,
) -> Result<Write, Error> {
    let id = journal::next_id(conn, "unit_change", 1)?;
    Ok(Write::insert(&UnitChange {
        id,
        unit_id: unit,
        kind,
        day,
        other_unit_id: other,
        detail: detail.into(),
    }))
}

pub(super) fn entry(
    action: UnitAction,
    unit: &Unit,
    note: impl Into<String>,
    writes: Vec<Write>,
) -> NewEntry {
    NewEntry {
        action: action.code().to_owned(),
        subject_kind: "unit",
        subject_id: unit.id.0,
        unit: Some(unit.id),
        note: note.into(),
        writes,
        ..NewEntry::default()
    }
}

fn append(conn: &mut Conn, ctx: &Context, id: UnitId, entries: Vec<NewEntry>) -> Result<UnitDone, Error> {
    let stamp_unit = store::by_id(conn, id)?;
    let seq = journal::append(conn, &ctx.stamp(stamp_unit.as_ref()), entries)?;
    let unit = store::by_id(conn, id)?.ok_or(Error::NotFound)?;
    Ok(UnitDone { unit, seq })
}

/// Numbers and places a decided unit, and the writes that make it; without a parent it is a root.
fn born(
    conn: &mut Conn,
    parent: Option<&Unit>,
    mut unit: Unit,
    detail: &str,
) -> Result<(Unit, Vec<Write>), Error> {
    unit.id = UnitId(journal::next_id(conn, "unit", 1)?);
    unit.path = parent.map_or_else(|| UnitPath::root(unit.id), |parent| parent.path.child(unit.id));
    let mut writes = store::creation(&unit);
    writes.push(change(conn, unit.id, UnitAction::Created, unit.created_day, None, detail)?);
    Ok((unit, writes))
}

impl App {
    /// Whether there is no unit yet, so that the first one has to be made.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn lacks_units(&self) -> Result<bool, Error> {
        self.db.read(|conn| Ok(!store::any_open(conn)?))
    }

    /// Refuses whoever could not create the first unit now. Changes nothing.
    ///
    /// # Errors
    /// `parent_required`, `not_allowed`.
    pub fn may_create_first_unit(&self, ctx: &Context) -> Result<(), Error> {
        self.db.read(|conn| Ok(first::require_founder(Some(&ctx.actor), store::any_open(conn)?)?))
    }

    /// Creates the first unit, the root of the tree, in a system that has none: the system administrator or the
    /// operator of the machine.
    ///
    /// # Errors
    /// Refusals of `unit::first::require_founder` and `create_first`.
    pub fn create_first_unit(&self, who: Importer, draft: UnitDraft, day: Day) -> Result<UnitDone, Error> {
        self.db.write(move |conn| {
            let actor = match &who {
                Importer::Person(ctx) => Some(ctx.actor.as_ref()),
                Importer::Console(_) => None,
            };
            first::require_founder(actor, store::any_open(conn)?)?;
            let unit = first::create_first(draft, who.today(), day)?;
            let (unit, writes) = born(conn, None, unit, "")?;
            let note = format!("设立第一个单位“{}”", unit.name);
            let made = entry(UnitAction::Created, &unit, note, writes);
            let seq = journal::append(conn, &who.stamp(None), vec![made])?;
            let unit = store::by_id(conn, unit.id)?.ok_or(Error::NotFound)?;
            Ok(UnitDone { unit, seq })
        })
    }

    /// Creates a unit.
    ///
    /// # Errors
    /// `NotFound` for a parent out of sight, refusals of `unit::reorganise::create`.
    pub fn create_unit(
        &self,
        ctx: &Context,
        parent: UnitId,
        draft: UnitDraft,
        day: Day,
    ) -> Result<UnitDone, Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let parent = seen_unit(conn, &ctx, parent)?;
            let taken = store::open_by_code(conn, draft.code.trim())?;
            let unit = rules::create(&desk(&ctx), &parent, draft, taken.as_ref(), day)?;
            let (unit, writes) = born(conn, Some(&parent), unit, "")?;
            let note = format!("设立“{}”", unit.name);
            append(conn, &ctx, unit.id, vec![entry(UnitAction::Created, &unit, note, writes)])
        })
    }

    /// Renames a unit from a day on.
    ///
    /// # Errors
    /// As `create_unit`, and `Conflict`.
    pub fn rename_unit(
        &self,
        ctx: &Context,
        id: UnitId,
        version: Option<i64>,
        name: &str,
        day: Day,
    ) -> Result<UnitDone, Error> {
        let (ctx, name) = (ctx.clone(), name.to_owned());
        self.db.write(move |conn| {
            let before = fresh_unit(conn, &ctx, id, version)?;
            let named_since = store::names_of(conn, id)?.last().map_or(before.created_day, |n| n.from_day);
            let after = rules::rename(&desk(&ctx), &before, &name, day, named_since)?;
            let mut writes = store::rename(conn, &before, &after, day)?;
            let words = format!("“{}”更名为“{}”", before.name, after.name);
            writes.push(change(conn, id, UnitAction::Renamed, day, None, words.clone())?);
            append(conn, &ctx, id, vec![entry(UnitAction::Renamed, &after, words, writes)])
        })
    }

    /// Changes code, short names, kind, level, sector or line: kind, level, sector and line from `since` on, or, without
    /// a day, as a correction of what was never so.
    ///
    /// # Errors
    /// As `rename_unit`.
    pub fn amend_unit(
        &self,
        ctx: &Context,
        id: UnitId,
        version: Option<i64>,
        draft: UnitDraft,
        since: Option<Day>,
    ) -> Result<UnitDone, Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let before = fresh_unit(conn, &ctx, id, version)?;
            let taken = store::open_by_code(conn, draft.code.trim())?;
            let stood = store::standings_of(conn, id)?.last().map_or(before.created_day, |row| row.to_day);
            let after = standing::amend(&desk(&ctx), &before, draft, taken.as_ref(), since, stood)?;
            let mut writes: Vec<Write> = Write::update(&before, &after).into_iter().collect();
            let changed = Standing::of(&before).changed_to(&Standing::of(&after));
            let mut words = "更正单位资料".to_owned();
            if let Some(day) = since.filter(|_| !changed.is_empty()) {
                words = format!("自{}起{changed}", day.in_chinese());
                writes.extend(store::standing(conn, &before, &after, day)?);
                writes.push(change(conn, id, UnitAction::Amended, day, None, changed)?);
            }
            append(conn, &ctx, id, vec![entry(UnitAction::Amended, &after, words, writes)])
        })
    }

    /// Moves a unit with its subtree below another from a day on.
    ///
    /// # Errors
    /// As `rename_unit`.
    pub fn move_unit(
        &self,
        ctx: &Context,
        id: UnitId,
        version: Option<i64>,
        to: UnitId,
        day: Day,
    ) -> Result<UnitDone, Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let before = fresh_unit(conn, &ctx, id, version)?;
            let to = seen_unit(conn, &ctx, to)?;
            let burden = store::burden(conn, &before, Some(&to))?;
            let after = rules::move_below(&desk(&ctx), &before, &to, &burden, day)?;
            let moved = moved(conn, &before, &after, &to, day)?;
            append(conn, &ctx, id, vec![moved])
        })
    }

    /// Closes a unit with its posts.
    ///
    /// # Errors
    /// As `rename_unit`.
    pub fn close_unit(
        &self,
        ctx: &Context,
        id: UnitId,
        version: Option<i64>,
        day: Day,
    ) -> Result<UnitDone, Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let before = fresh_unit(conn, &ctx, id, version)?;
            let burden = store::burden(conn, &before, None)?;
            let after = rules::close(&desk(&ctx), &before, &burden, day)?;
            let mut writes: Vec<Write> = Write::update(&before, &after).into_iter().collect();
            writes.extend(close_posts(conn, id, day)?);
            writes.push(change(conn, id, UnitAction::Closed, day, None, "")?);
            let note = format!("撤销“{}”", before.name);
            append(conn, &ctx, id, vec![entry(UnitAction::Closed, &after, note, writes)])
        })
    }

    /// Splits a unit into itself and new units beside it; named children go to the new units. Problems stay with it
    /// until the office assigns them anew one by one.
    ///
    /// # Errors
    /// As `rename_unit`; a unit without a parent cannot be split.
    pub fn split_unit(
        &self,
        ctx: &Context,
        id: UnitId,
        version: Option<i64>,
        order: SplitOrder,
    ) -> Result<UnitDone, Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let before = fresh_unit(conn, &ctx, id, version)?;
            let parent = before.parent_id.ok_or_else(|| Error::invalid("parts", "最上级单位不能拆分。"))?;
            let parent = seen_unit(conn, &ctx, parent)?;
            let burden = store::burden(conn, &before, None)?;
            let drafts: Vec<UnitDraft> = order.parts.iter().map(|(draft, _)| draft.clone()).collect();
            rules::split(&desk(&ctx), &before, &drafts, burden.last_changed, order.day)?;
            let mut entries: Vec<NewEntry> = Vec::new();
            let words = format!("分设{}个单位", drafts.len());
            for (draft, children) in order.parts {
                entries.extend(split_part(conn, &ctx, &before, &parent, draft, &children, order.day)?);
            }
            let own = change(conn, id, UnitAction::Split, order.day, None, words.clone())?;
            entries.push(entry(UnitAction::Split, &before, words, vec![own]));
            append(conn, &ctx, id, entries)
        })
    }

    /// Puts the children of a unit in order.
    ///
    /// # Errors
    /// As `rename_unit`.
    pub fn reorder_units(&self, ctx: &Context, parent: UnitId, wanted: &[UnitId]) -> Result<UnitDone, Error> {
        let (ctx, wanted) = (ctx.clone(), wanted.to_vec());
        self.db.write(move |conn| {
            let parent = seen_unit(conn, &ctx, parent)?;
            let children = store::open_children(conn, parent.id)?;
            let orders: Vec<(UnitId, i64)> = children.iter().map(|c| (c.id, c.official_order)).collect();
            let orders = rules::reorder(&desk(&ctx), &parent, &orders, &wanted)?;
            let mut writes = Vec::new();
            for child in &children {
                let wanted =
                    orders.iter().find(|(id, _)| *id == child.id).map_or(child.official_order, |(_, n)| *n);
                let after = Unit { official_order: wanted, ..child.clone() };
                writes.extend(Write::update(child, &after));
            }
            append(
                conn,
                &ctx,
                parent.id,
                vec![entry(UnitAction::Reordered, &parent, "调整下级单位排序", writes)],
            )
        })
    }
}

/// One new unit of a split, and the moves of the children that go to it.
fn split_part(
    conn: &mut Conn,
    ctx: &Context,
    from: &Unit,
    parent: &Unit,
    draft: UnitDraft,
    children: &[UnitId],
    day: Day,
) -> Result<Vec<NewEntry>, Error> {
    let taken = store::open_by_code(conn, draft.code.trim())?;
    let part = rules::create(&desk(ctx), parent, draft, taken.as_ref(), day)?;
    let (part, mut writes) = born(conn, Some(parent), part, &format!("由“{}”分设", from.name))?;
    writes.push(change(
        conn,
        from.id,
        UnitAction::Split,
        day,
        Some(part.id),
        format!("分设“{}”", part.name),
    )?);
    let note = format!("由“{}”分设“{}”", from.name, part.name);
    let mut entries = vec![entry(UnitAction::Created, &part, note, writes)];
    for child in children {
        let child = seen_unit(conn, ctx, *child)?;
        if child.parent_id != Some(from.id) {
            return Err(Error::invalid(
                "children",
                format!("“{}”不是“{}”的下级单位。", child.name, from.name),
            ));
        }
        let burden = store::burden(conn, &child, None)?;
        let after = rules::move_below(&desk(ctx), &child, &part, &burden, day)?;
        entries.push(moved(conn, &child, &after, &part, day)?);
    }
    Ok(entries)
}

/// The entry of a decided move.
pub(super) fn moved(
    conn: &mut Conn,
    before: &Unit,
    after: &Unit,
    to: &Unit,
    day: Day,
) -> Result<NewEntry, Error> {
    let from = before.parent_id.map(|id| store::by_id(conn, id)).transpose()?.flatten();
    let from = from.map(|unit| unit.name).unwrap_or_default();
    let step = Move { unit: before.id, old_path: before.path.clone(), new_path: after.path.clone(), day };
    let words = format!("由“{from}”划转到“{}”", to.name);
    let record = change(conn, before.id, UnitAction::Moved, day, Some(to.id), words.clone())?;
    Ok(entry(UnitAction::Moved, before, words, vec![Write::MoveUnit(step), record]))
}

/// The posts of a unit and their tenures end on the day.
pub(crate) fn close_posts(conn: &mut Conn, unit: UnitId, day: Day) -> Result<Vec<Write>, Error> {
    let mut writes = Vec::new();
    for post in person::all_posts(conn, unit)?.into_iter().filter(|post| post.closed_day.is_none()) {
        for tenure in person::tenures_of_post(conn, post.id)?.into_iter().filter(|t| t.to_day.is_none()) {
            let ended =
                bihuan_domain::person::Tenure { to_day: Some(day.max(tenure.from_day)), ..tenure.clone() };
            writes.extend(Write::update(&tenure, &ended));
        }
        let closed =
            bihuan_domain::person::Post { closed_day: Some(day), version: post.version + 1, ..post.clone() };
        writes.extend(Write::update(&post, &closed));
    }
    Ok(writes)
}
