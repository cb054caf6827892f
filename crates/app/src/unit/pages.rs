//! What the pages of units show.

use super::{seen_unit, sight};
use crate::Error;
use crate::context::{App, Context};
use bihuan_domain::id::{PostId, UnitId};
use bihuan_domain::role::Role;
use bihuan_domain::unit::reorganise::UnitAction;
use bihuan_domain::unit::{Unit, UnitPath};
use bihuan_domain::{Coded, Day};
use bihuan_store::Conn;
use bihuan_store::person::{self, Holder, PostHolders};
use bihuan_store::unit::{self as store, Child, Sight};

/// The tree of today or of a past day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// As it stands.
    Today,
    /// As it stood.
    Day(Day),
}

impl AsOf {
    /// The day asked for; today and later days mean today.
    pub fn new(day: Option<Day>, today: Day) -> AsOf {
        day.filter(|day| *day < today).map_or(AsOf::Today, AsOf::Day)
    }
}

/// One level of the tree.
#[derive(Clone, Debug)]
pub struct Browse {
    /// The unit whose children are listed; `None` above the roots.
    pub unit: Option<Unit>,
    /// Units above and the unit itself, root first, by the names of the day.
    pub above: Vec<(UnitId, String)>,
    /// Children in official order.
    pub children: Vec<Child>,
    /// More children follow from this offset on.
    pub next_offset: Option<i64>,
}

/// One line of a unit's dated history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryItem {
    /// From this day on.
    pub day: Day,
    /// What happened, as 设立, 更名.
    pub label: &'static str,
    /// In words.
    pub text: String,
    /// The other unit, where there is one the reader may open.
    pub other: Option<(UnitId, String)>,
}

/// Everything on a unit's page.
#[derive(Clone, Debug)]
pub struct UnitPage {
    /// The unit.
    pub unit: Unit,
    /// The name of the day the page is for.
    pub name: String,
    /// Units above and the unit itself, root first.
    pub above: Vec<(UnitId, String)>,
    /// Children in official order.
    pub children: Vec<Child>,
    /// More children follow from this offset on.
    pub next_offset: Option<i64>,
    /// Open units of the subtree, the unit itself included.
    pub below: i64,
    /// Posts with their holders of the day; empty where the reader may not read the unit.
    pub posts: Vec<PostHolders>,
    /// Posts of the past and of today with everybody who held them, oldest first.
    pub past_holders: Vec<(PostId, String, Vec<Holder>)>,
    /// History, newest first.
    pub history: Vec<HistoryItem>,
    /// The unit that took over.
    pub successor: Option<(UnitId, String)>,
    /// The reader may reorganise this unit.
    pub may_reorganise: bool,
    /// The reader may create units below it and order them.
    pub may_extend: bool,
    /// The reader may change posts and holders.
    pub may_appoint: bool,
    /// The reader reads the unit's business, posts and people.
    pub reads: bool,
}

impl App {
    /// One level of the tree, within the reader's sight.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn browse_units(
        &self,
        ctx: &Context,
        parent: Option<UnitId>,
        as_of: AsOf,
        with_closed: bool,
        offset: i64,
    ) -> Result<Browse, Error> {
        let offset = offset.max(0);
        self.db.read(|conn| {
            let unit = parent.map(|id| seen_unit(conn, ctx, id)).transpose()?;
            let above = above(conn, unit.as_ref(), as_of)?;
            let (children, next_offset) = children(conn, ctx, parent, as_of, with_closed, offset)?;
            Ok(Browse { unit, above, children, next_offset })
        })
    }

    /// A unit's page.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn unit_page(&self, ctx: &Context, id: UnitId, as_of: AsOf) -> Result<UnitPage, Error> {
        self.db.read(|conn| {
            let unit = seen_unit(conn, ctx, id)?;
            let day = match as_of {
                AsOf::Today => ctx.today(),
                AsOf::Day(day) => day,
            };
            let unit = store::standing_on(conn, unit, day)?;
            let reads = ctx.actor.may_read(&unit.path);
            let reads_people = reads
                || ctx.actor.holds_anywhere(Role::SystemAdmin)
                || ctx.actor.holds_anywhere(Role::SecurityAdmin);
            let (children, next_offset) = children(conn, ctx, Some(id), as_of, false, 0)?;
            let posts = if reads_people { person::posts_on(conn, id, day)? } else { Vec::new() };
            let past_holders = if reads_people { past_holders(conn, id)? } else { Vec::new() };
            let successor = unit.successor_id.map(|s| named(conn, s)).transpose()?.flatten();
            let office_above = unit.path.parent().unwrap_or_else(|| unit.path.clone());
            Ok(UnitPage {
                name: store::name_on(conn, id, day)?.unwrap_or_else(|| unit.name.clone()),
                above: above(conn, Some(&unit), as_of)?,
                below: store::open_below(conn, &unit.path)?,
                history: history(conn, ctx, &unit)?,
                may_reorganise: ctx.actor.holds(Role::Office, &office_above),
                may_extend: ctx.actor.holds(Role::Office, &unit.path),
                may_appoint: ctx.actor.holds(Role::Office, &unit.path),
                children,
                next_offset,
                posts,
                past_holders,
                successor,
                reads,
                unit,
            })
        })
    }
}

fn named(conn: &mut Conn, id: UnitId) -> Result<Option<(UnitId, String)>, Error> {
    Ok(store::by_id(conn, id)?.map(|unit| (unit.id, unit.name)))
}

fn above(conn: &mut Conn, unit: Option<&Unit>, as_of: AsOf) -> Result<Vec<(UnitId, String)>, Error> {
    let Some(unit) = unit else { return Ok(Vec::new()) };
    if let AsOf::Day(day) = as_of {
        return Ok(store::ancestors_on(conn, unit.id, day)?);
    }
    Ok(store::ancestors(conn, &unit.path)?.into_iter().map(|u| (u.id, u.name)).collect())
}

/// Children the reader may see. Above the reader's own subtrees these are the units on the way down to them.
fn children(
    conn: &mut Conn,
    ctx: &Context,
    parent: Option<UnitId>,
    as_of: AsOf,
    with_closed: bool,
    offset: i64,
) -> Result<(Vec<Child>, Option<i64>), Error> {
    let mut found = match as_of {
        AsOf::Today => store::children(conn, parent, with_closed, offset)?,
        AsOf::Day(day) => store::children_on(conn, parent, day, offset)?,
    };
    let full = found.len() as i64 == store::CHILDREN_PAGE;
    let sight = sight(ctx);
    found.retain(|child| sight.sees(&child.unit.path));
    hide_counts_above(&sight, &mut found);
    Ok((found, full.then_some(offset + store::CHILDREN_PAGE)))
}

/// How many units lie below one that is only on the way is nothing the reader needs.
fn hide_counts_above(sight: &Sight, children: &mut [Child]) {
    let Sight::Subtrees(roots) = sight else { return };
    for child in children {
        let reads = |root: &UnitPath| child.unit.path.is_within(root);
        if !roots.iter().any(reads) {
            child.children = roots.iter().filter(|root| root.is_within(&child.unit.path)).count() as i64;
        }
    }
}

fn past_holders(conn: &mut Conn, unit: UnitId) -> Result<Vec<(PostId, String, Vec<Holder>)>, Error> {
    let posts = person::all_posts(conn, unit)?;
    let holders = person::holders(conn, &posts.iter().map(|post| post.id).collect::<Vec<_>>())?;
    let of = |id: PostId| holders.iter().filter(|h| h.tenure.post_id == id).cloned().collect();
    Ok(posts.into_iter().map(|post| (post.id, post.name, of(post.id))).collect())
}

fn history(conn: &mut Conn, ctx: &Context, unit: &Unit) -> Result<Vec<HistoryItem>, Error> {
    let changes = store::changes_of(conn, unit.id)?;
    let sight = sight(ctx);
    let others = store::by_ids(conn, changes.iter().filter_map(|change| change.other_unit_id))?;
    let mut items: Vec<HistoryItem> = Vec::new();
    if !changes.iter().any(|change| change.kind == UnitAction::Created) {
        items.push(HistoryItem { day: unit.created_day, label: "设立", text: String::new(), other: None });
    }
    for change in changes {
        let other = others.iter().find(|other| Some(other.id) == change.other_unit_id);
        items.push(HistoryItem {
            day: change.day,
            label: change.kind.label(),
            text: change.detail,
            other: other.filter(|o| sight.sees(&o.path)).map(|o| (o.id, o.name.clone())),
        });
    }
    items.sort_by_key(|item| item.day);
    items.reverse();
    Ok(items)
}
