//! 层层加码: the upper rule that a lower level carries further, and what it asks beyond it, as both stand today.

use super::{campaign_root, seen_action};
use crate::Error;
use crate::context::Context;
use crate::input;
use bihuan_domain::Day;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::{RequiredActionId, UnitId};
use bihuan_domain::required_action::{Beyond, RequiredAction, Rule, Tightening, tightenings};
use bihuan_domain::scope::Scope;
use bihuan_domain::unit::Unit;
use bihuan_store::required_action as store;
use bihuan_store::{Conn, scope};
use std::collections::BTreeSet;

/// Units named of those that a lower rule reaches beyond the upper one.
const BEYOND_NAMED: usize = 5;

/// Codes and names of activity kinds.
pub(super) type Kinds = [(String, String)];

/// The rules of a campaign with the upper rule that each carries further.
pub(super) struct Uppers {
    root: UnitId,
    actions: Vec<RequiredAction>,
    named: Vec<(RequiredActionId, RequiredActionId)>,
}

impl Uppers {
    /// # Errors
    /// Faults of the database.
    pub(super) fn load(conn: &mut Conn, campaign: &Campaign) -> Result<Uppers, Error> {
        let rows = store::rows_of(conn, campaign.id)?;
        let named = rows.iter().filter_map(|row| Some((row.id, row.upper_id?))).collect();
        let actions = store::of_campaign(conn, campaign.id)?;
        Ok(Uppers { root: campaign_root(conn, campaign)?.id, actions, named })
    }

    /// What a rule adds to its upper one, as both stand today. A rule that the upper level issued later counts too.
    ///
    /// # Errors
    /// Faults of the database.
    pub(super) fn added(
        &self,
        conn: &mut Conn,
        action: &RequiredAction,
        owner: &Unit,
        (today, kinds): (Day, &Kinds),
    ) -> Result<Vec<Tightening>, Error> {
        let Some(newest) = action.newest().filter(|_| owner.id != self.root) else { return Ok(Vec::new()) };
        let named = self.named.iter().find(|(id, _)| *id == action.id).map(|(_, upper)| *upper);
        let upper = match named {
            Some(id) => self.actions.iter().find(|upper| upper.id == id),
            None => same_kind(&self.actions, owner, &newest.rule, today),
        };
        compare(conn, upper, &newest.rule, owner, (today, kinds))
    }
}

/// A rule of a unit above that takes the same activities of the same subjects and has not ended.
fn same_kind<'a>(
    all: &'a [RequiredAction],
    owner: &Unit,
    rule: &Rule,
    today: Day,
) -> Option<&'a RequiredAction> {
    let above = owner.path.units();
    all.iter().find(|action| {
        let newest = action.newest().filter(|version| version.until_day.is_none_or(|until| today < until));
        above.contains(&action.owner_unit_id)
            && action.owner_unit_id != owner.id
            && newest.is_some_and(|version| {
                let up = &version.rule;
                up.subject == rule.subject && up.kinds.iter().any(|kind| rule.kinds.contains(kind))
            })
    })
}

/// What a rule adds to the upper level's.
///
/// # Errors
/// Faults of the database.
pub(super) fn added_to(
    conn: &mut Conn,
    upper: Option<RequiredActionId>,
    rule: &Rule,
    owner: &Unit,
    (today, kinds): (Day, &Kinds),
) -> Result<Vec<Tightening>, Error> {
    let upper = upper.map(|id| store::by_id(conn, id)).transpose()?.flatten();
    compare(conn, upper.as_ref().map(|(_, action)| action), rule, owner, (today, kinds))
}

fn compare(
    conn: &mut Conn,
    upper: Option<&RequiredAction>,
    lower: &Rule,
    owner: &Unit,
    (today, kinds): (Day, &Kinds),
) -> Result<Vec<Tightening>, Error> {
    let upper = upper.and_then(|action| action.newest()).map(|version| {
        // What was ended asks until then.
        let ended = version.until_day.map(|until| until.plus_days(-1));
        let to_day = [version.rule.to_day, ended].into_iter().flatten().min();
        Rule { to_day, ..version.rule.clone() }
    });
    let beyond = match &upper {
        Some(upper) => beyond(conn, upper, lower, owner, today)?,
        None => Beyond::default(),
    };
    let name = |code: &str| {
        kinds.iter().find(|(known, _)| known == code).map_or(code, |(_, name)| name.as_str()).to_owned()
    };
    Ok(tightenings(upper.as_ref(), lower, &beyond, &name))
}

/// Units of today that the lower rule reaches and the upper one does not.
fn beyond(conn: &mut Conn, upper: &Rule, lower: &Rule, owner: &Unit, today: Day) -> Result<Beyond, Error> {
    let (up, low) = (within(upper.units(), owner), lower.units());
    if up == (Scope { with_root: true, ..low.clone() }) {
        return Ok(Beyond::default());
    }
    let asked: BTreeSet<UnitId> = scope::expand(conn, &up, today, today)?.into_iter().collect();
    let mut more = scope::expand(conn, &low, today, today)?;
    more.retain(|unit| !asked.contains(unit));
    let units = more.len() as i64;
    more.truncate(BEYOND_NAMED);
    let names = bihuan_store::unit::names(conn, more.iter().copied())?;
    Ok(Beyond { units, named: more.iter().filter_map(|unit| names.get(unit).cloned()).collect() })
}

/// The upper scope where only the subtree of a lower unit matters, so that no more than this is expanded.
pub(super) fn within(scope: Scope, owner: &Unit) -> Scope {
    let narrows = !scope.children_only
        && scope.subtree.is_some_and(|root| root != owner.id && owner.path.units().contains(&root));
    if narrows { Scope { subtree: Some(owner.id), with_root: true, ..scope } } else { scope }
}

/// The upper rule a lower level carries further: the one named, else one that takes the same activities.
///
/// # Errors
/// `Invalid` for one that no unit above issued in this campaign; `NotFound` for one out of sight.
pub(super) fn upper_of(
    conn: &mut Conn,
    ctx: &Context,
    campaign: &Campaign,
    owner: &Unit,
    rule: &Rule,
    written: &str,
) -> Result<Option<RequiredActionId>, Error> {
    if let Some(id) = input::number("upper", "承接的上级规定动作", written)? {
        let (row, ..) = seen_action(conn, ctx, RequiredActionId(id))?;
        let above = row.owner_unit_id != owner.id && owner.path.units().contains(&row.owner_unit_id);
        if row.campaign_id != campaign.id || !above {
            let words =
                "“承接的上级规定动作”应是上级单位在本次行动中下达的规定动作，请重新选择；没有的请留空。";
            return Err(Error::invalid("upper", words));
        }
        return Ok(Some(row.id));
    }
    let all = store::of_campaign(conn, campaign.id)?;
    Ok(same_kind(&all, owner, rule, ctx.today()).map(|action| action.id))
}

/// What a version added when it was issued, as it was kept.
pub(super) fn read_added(json: &str) -> Vec<Tightening> {
    let words: Vec<serde_json::Value> = serde_json::from_str(json).unwrap_or_default();
    let text = |value: &serde_json::Value| {
        value.get("words").and_then(|w| w.as_str()).unwrap_or_default().to_owned()
    };
    words.iter().map(|value| Tightening { code: "added", words: text(value) }).collect()
}
