//! Required actions that the unit itself owes, and those that its posts and people owe: each period with its window.

use super::{Bar, Site};
use crate::Error;
use bihuan_domain::Coded as _;
use bihuan_domain::Day;
use bihuan_domain::campaign::CampaignState;
use bihuan_domain::id::{PersonId, RequiredActionId};
use bihuan_domain::plan::BarKind;
use bihuan_domain::required_action::{CellState, Period, RequiredAction, Rule, SubjectKind, due_day, status};
use bihuan_store::Conn;
use bihuan_store::required_action::{self as store, Asked, Key};
use std::collections::{BTreeMap, BTreeSet};

/// Posts and people named one by one in the words beside a bar.
const NAMED: usize = 5;

pub(super) fn bars(conn: &mut Conn, site: &Site<'_>) -> Result<Vec<Bar>, Error> {
    let actions = match &site.past {
        None => issued(conn, site)?,
        Some(past) => held_on(conn, site, past.day)?,
    };
    let (of_units, of_staff): (Vec<&RequiredAction>, Vec<&RequiredAction>) =
        actions.iter().partition(|action| {
            action.newest().is_some_and(|newest| newest.rule.subject.table() == SubjectKind::Unit)
        });
    let mut bars = of_unit(conn, site, &asked(site, &of_units))?;
    if !of_staff.is_empty() {
        bars.extend(of_its_staff(conn, site, &asked(site, &of_staff))?);
    }
    Ok(bars)
}

/// The campaign's rules that hold for the unit, while it runs and when it has ended.
fn issued(conn: &mut Conn, site: &Site<'_>) -> Result<Vec<RequiredAction>, Error> {
    if !matches!(site.campaign.state, CampaignState::Running | CampaignState::Ended) {
        return Ok(Vec::new());
    }
    let above = site.unit.path.units();
    let mut actions = store::of_campaign(conn, site.campaign.id)?;
    actions.retain(|action| above.contains(&action.owner_unit_id));
    Ok(actions)
}

/// The periods that touch what is shown; of a campaign that has ended, those begun by its end.
fn asked<'r>(site: &Site<'_>, actions: &[&'r RequiredAction]) -> Vec<Asked<'r>> {
    let one = |action: &&'r RequiredAction| {
        let mut asked = Asked::begun(action, site.campaign.reckoned_on(site.to));
        asked.periods.retain(|(period, _)| period.first <= site.to && period.last >= site.from);
        asked
    };
    actions.iter().map(one).collect()
}

/// Nothing falls due after the campaign.
fn judged_on(site: &Site<'_>) -> Day {
    site.campaign.reckoned_on(site.today())
}

fn bar(site: &Site<'_>, id: RequiredActionId, rule: &Rule, period: Period, done: bool) -> Bar {
    let due = due_day(rule, period, &site.calendar);
    Bar {
        strand: site.strand(&rule.strand),
        href: format!("/actions/{id}/cell?unit={}&period={}", site.unit.id, period.last),
        ..Bar::new(BarKind::Action, rule.name.clone(), (period.first, due), done, judged_on(site))
    }
}

fn of_unit(conn: &mut Conn, site: &Site<'_>, asked: &[Asked<'_>]) -> Result<Vec<Bar>, Error> {
    let own = match &site.past {
        None => store::own_cells(conn, &[site.unit.id], asked)?,
        Some(past) => store::own_cells_on(conn, site.unit.id, asked, past.day, &site.calendar)?,
    };
    let mut bars = Vec::new();
    for asked in asked {
        for (period, version) in &asked.periods {
            let Some(cell) = own.get(&(site.unit.id, asked.action.id, *period)) else { continue };
            let rule = &version.rule;
            let said = status(cell.state, due_day(rule, *period, &site.calendar), judged_on(site));
            bars.push(Bar {
                note: format!("{}：{}", rule.in_words(), said.label()),
                ..bar(site, asked.action.id, rule, *period, cell.state != CellState::Open)
            });
        }
    }
    Ok(bars)
}

/// What posts and people of the unit owe: one bar a rule and period, which names who has not done it.
fn of_its_staff(conn: &mut Conn, site: &Site<'_>, asked: &[Asked<'_>]) -> Result<Vec<Bar>, Error> {
    let today = judged_on(site);
    let cells = store::staff_cells_on(conn, site.unit.id, asked, today, &site.calendar)?;
    let names = Names::read(conn, site, cells.keys())?;
    let mut by_period: BTreeMap<(RequiredActionId, Day), Vec<(Key, CellState)>> = BTreeMap::new();
    for (key, state) in cells {
        by_period.entry((key.rule_id, key.period_day)).or_default().push((key, state));
    }
    let mut bars = Vec::new();
    for asked in asked {
        for (period, version) in &asked.periods {
            let Some(all) = by_period.get(&(asked.action.id, period.last)) else { continue };
            let rule = &version.rule;
            let open = all.iter().filter(|(_, state)| *state == CellState::Open).map(|(key, _)| *key);
            let missing = if period.first > today { Vec::new() } else { names.of(open.clone().collect()) };
            let left = open.count();
            bars.push(Bar {
                note: words(rule, all.len(), all.len() - left, &missing),
                missing,
                ..bar(site, asked.action.id, rule, *period, left == 0)
            });
        }
    }
    Ok(bars)
}

fn words(rule: &Rule, all: usize, done: usize, missing: &[String]) -> String {
    let lacking = match missing.len() {
        0 => String::new(),
        _ => format!("，还缺{}", some_names(missing)),
    };
    format!("{}，{}：应做{all}，已做{done}{lacking}", rule.subject.label(), rule.in_words())
}

/// The first names, and how many there are where that is not all.
pub(crate) fn some_names(names: &[String]) -> String {
    let first = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join("、");
    if names.len() > NAMED { format!("{first}等{}个", names.len()) } else { first }
}

/// Posts of the unit with who holds them, and people, in the order of its posts.
struct Names(Vec<((SubjectKind, i64), String)>);

impl Names {
    fn read<'k>(
        conn: &mut Conn,
        site: &Site<'_>,
        keys: impl Iterator<Item = &'k Key>,
    ) -> Result<Names, Error> {
        let posts = bihuan_store::person::posts_on(conn, site.unit.id, site.today())?;
        let mut known: Vec<((SubjectKind, i64), String)> = Vec::new();
        for one in &posts {
            let held: Vec<&str> = one.holders.iter().map(|holder| holder.name.as_str()).collect();
            let name = match held.is_empty() {
                true => one.post.name.clone(),
                false => format!("{}（{}）", one.post.name, held.join("、")),
            };
            known.push(((SubjectKind::Post, one.post.id.0), name));
        }
        for holder in posts.iter().flat_map(|one| &one.holders) {
            known.push(((SubjectKind::Person, holder.tenure.person_id.0), holder.name.clone()));
        }
        // Who has left since, but owed a period before.
        let gone: Vec<PersonId> = keys
            .filter(|key| key.subject_kind == SubjectKind::Person)
            .map(|key| PersonId(key.subject_id))
            .filter(|id| known.iter().all(|(at, _)| *at != (SubjectKind::Person, id.0)))
            .collect();
        let gone = bihuan_store::problem::units::person_names(conn, &gone)?;
        known.extend(gone.into_iter().map(|(id, name)| ((SubjectKind::Person, id.0), name)));
        Ok(Names(known))
    }

    fn of(&self, keys: Vec<Key>) -> Vec<String> {
        let open: BTreeSet<(SubjectKind, i64)> =
            keys.iter().map(|key| (key.subject_kind, key.subject_id)).collect();
        let mut named = BTreeSet::new();
        let mut found: Vec<String> = Vec::new();
        for (at, name) in self.0.iter().filter(|(at, _)| open.contains(at)) {
            if named.insert(*at) {
                found.push(name.clone());
            }
        }
        found.extend((named.len()..open.len()).map(|_| "已经撤销的岗位".to_owned()));
        found
    }
}

/// The rules that held for the unit on a day that has passed, as they were known then.
fn held_on(conn: &mut Conn, site: &Site<'_>, day: Day) -> Result<Vec<RequiredAction>, Error> {
    let above = store::path_on(conn, site.unit.id, day)?;
    let mut held = Vec::new();
    for action in store::of_campaign(conn, site.campaign.id)? {
        if above.contains(&action.owner_unit_id) {
            held.extend(store::known_on(conn, action, day)?);
        }
    }
    Ok(held)
}
