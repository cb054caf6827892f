//! What the pages about required actions show: lists, matrices, cells.

use super::added::{Uppers, read_added};
use super::periods::{COLUMNS_MAX, matrix};
use super::shown::{
    ActionLine, ActionPage, ActionsPage, CellExcuse, CellPage, CellRecord, CellSubject, CellUnit,
    ChildActions, Column, UnitActions, UnitRow, VersionLine, record_href,
};
use super::write::rule_name;
use super::{campaign_root, may_issue, seen_action, seen_actions};
use crate::Error;
use crate::breakdown::origin_of;
use crate::context::{App, Context, campaign_for, readable_unit};
use bihuan_domain::Day;
use bihuan_domain::breakdown::Becomes;
use bihuan_domain::calendar::Calendar;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::{CampaignId, PersonId, RequiredActionId, UnitId};
use bihuan_domain::required_action::{
    CellState, ExcuseState, Period, RequiredAction, Rule, Status, SubjectKind, Tally, due_day, status,
};
use bihuan_domain::unit::Unit;
use bihuan_store::Conn;
use bihuan_store::required_action::{self as store, Asked, OwnCell};
use bihuan_store::unit as units;
use std::collections::BTreeMap;

pub(crate) fn kinds_of(app: &App, campaign: &Campaign) -> Result<Vec<(String, String)>, Error> {
    if campaign.template_text.is_empty() {
        return Ok(Vec::new());
    }
    let template = app.template(campaign)?;
    Ok(template.activity_kinds.iter().map(|kind| (kind.code.clone(), kind.name.clone())).collect())
}

/// The unit figures are shown for: the one asked for, else the first root the actor reads within the campaign.
pub(crate) fn standpoint(
    conn: &mut Conn,
    ctx: &Context,
    campaign: &Campaign,
    wanted: Option<UnitId>,
) -> Result<Unit, Error> {
    if let Some(id) = wanted {
        return readable_unit(conn, ctx, id);
    }
    let root = campaign_root(conn, campaign)?;
    let roots = ctx.actor.readable_roots();
    let first = roots.iter().find(|(_, path)| path.is_within(&root.path) || root.path.is_within(path));
    match first {
        Some((_, path)) if root.path.is_within(path) => Ok(root),
        Some((id, _)) => crate::context::unit(conn, *id),
        None => Err(Error::NotFound),
    }
}

pub(super) fn column(rule: &Rule, period: Period, calendar: &Calendar) -> Column {
    Column { period, label: period.label(rule.cadence), due: due_day(rule, period, calendar) }
}

fn asked(actions: &[RequiredAction], today: Day) -> Vec<Asked<'_>> {
    actions.iter().map(|action| Asked::begun(action, today)).collect()
}

pub(super) fn own_status(cell: Option<&OwnCell>, due: Day, today: Day) -> Option<Status> {
    cell.map(|cell| status(cell.state, due, today))
}

impl App {
    /// The rules of a campaign with what a unit's subtree owes and has done.
    ///
    /// # Errors
    /// `NotFound` for a campaign or unit out of sight.
    pub fn actions_page(
        &self,
        ctx: &Context,
        campaign: CampaignId,
        unit: Option<UnitId>,
    ) -> Result<ActionsPage, Error> {
        self.db.read(|conn| {
            let campaign = campaign_for(conn, ctx, campaign)?;
            let unit = standpoint(conn, ctx, &campaign, unit)?;
            let (today, calendar) = (campaign.reckoned_on(ctx.today()), self.calendar(conn)?);
            let actions = seen_actions(conn, ctx, campaign.id)?;
            let asked = asked(&actions, today);
            let cells = store::cells(conn, &[unit.id], &asked, today, &calendar)?;
            let owners = units::by_ids(conn, actions.iter().map(|action| action.owner_unit_id))?;
            let (uppers, kinds) = (Uppers::load(conn, &campaign)?, kinds_of(self, &campaign)?);
            let mut lines = Vec::new();
            let mut total = Tally::default();
            for action in &actions {
                let Some(newest) = action.newest() else { continue };
                let Some(owner) = owners.iter().find(|owner| owner.id == action.owner_unit_id) else {
                    continue;
                };
                let own = cells.iter().filter(|((_, id, _), _)| *id == action.id);
                let mut tally = Tally::default();
                own.clone().for_each(|(_, cell)| tally.plus(*cell));
                let now =
                    own.filter(|((.., p), _)| p.contains(today)).map(|((.., p), t)| (*p, *t)).next_back();
                total.plus(tally);
                let added = uppers.added(conn, action, owner, (today, &kinds))?;
                lines.push(ActionLine {
                    action: action.clone(),
                    rule: newest.rule.clone(),
                    owner: owner.clone(),
                    added,
                    tally,
                    now,
                    ended: newest.until_day.filter(|day| *day <= today),
                });
            }
            let root = campaign_root(conn, &campaign)?;
            let may_issue_some = ctx
                .actor
                .grants
                .iter()
                .any(|g| g.role == bihuan_domain::role::Role::Office && g.path.is_within(&root.path));
            let may = may_issue(ctx, &root);
            Ok(ActionsPage {
                kinds,
                campaign,
                unit,
                lines,
                may_issue: may,
                may_issue_some: may || may_issue_some,
                total,
            })
        })
    }

    /// A rule's page with its matrix for a unit, of the newest periods.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn action_page(
        &self,
        ctx: &Context,
        id: RequiredActionId,
        unit: Option<UnitId>,
    ) -> Result<ActionPage, Error> {
        self.action_page_of(ctx, id, unit, 1)
    }

    /// The same, of [`COLUMNS_MAX`] periods: page 1 holds the newest; a page beyond the last shows the last.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn action_page_of(
        &self,
        ctx: &Context,
        id: RequiredActionId,
        unit: Option<UnitId>,
        page: usize,
    ) -> Result<ActionPage, Error> {
        self.db.read(|conn| {
            let (row, action, owner) = seen_action(conn, ctx, id)?;
            let campaign = campaign_for(conn, ctx, row.campaign_id)?;
            let unit = match unit {
                None if ctx.actor.may_read(&owner.path) => owner.clone(),
                wanted => standpoint(conn, ctx, &campaign, wanted)?,
            };
            let calendar = self.calendar(conn)?;
            let matrix = matrix(conn, (&action, &unit), page, campaign.reckoned_on(ctx.today()), &calendar)?;
            let above = units::ancestors(conn, &unit.path)?;
            let above = above.into_iter().filter(|above| ctx.actor.may_read(&above.path)).collect();
            let mut versions = versions(conn, id)?;
            let kinds = kinds_of(self, &campaign)?;
            if let Some(newest) = versions.first_mut() {
                let uppers = Uppers::load(conn, &campaign)?;
                newest.added = uppers.added(conn, &action, &owner, (ctx.today(), &kinds))?;
            }
            let waiting = store::excuses_of(conn, id, Some(ExcuseState::Asked))?;
            let mut seen = Vec::new();
            for excuse in waiting {
                if ctx.actor.may_read(&crate::context::unit(conn, excuse.unit_id)?.path) {
                    seen.push(excuse);
                }
            }
            Ok(ActionPage {
                rule: versions.first().map(|version| version.rule.clone()).ok_or(Error::NotFound)?,
                kinds,
                may_change: may_issue(ctx, &owner),
                origin: origin_of(conn, ctx, Becomes::RequiredAction, id.0)?,
                row,
                action,
                campaign,
                owner,
                unit,
                above,
                matrix,
                versions,
                waiting: seen,
            })
        })
    }

    /// Rules × periods of one unit.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn unit_actions(
        &self,
        ctx: &Context,
        unit: UnitId,
        campaign: CampaignId,
    ) -> Result<UnitActions, Error> {
        self.db.read(|conn| {
            let campaign = campaign_for(conn, ctx, campaign)?;
            let unit = readable_unit(conn, ctx, unit)?;
            let (today, calendar) = (campaign.reckoned_on(ctx.today()), self.calendar(conn)?);
            let actions = seen_actions(conn, ctx, campaign.id)?;
            let asked = asked(&actions, today);
            let cells = store::cells(conn, &[unit.id], &asked, today, &calendar)?;
            let own = store::own_cells(conn, &[unit.id], &asked)?;
            let mut rows = Vec::new();
            for asked in &asked {
                let Some(newest) = asked.action.newest() else { continue };
                let mut row = Vec::new();
                for (period, version) in &asked.periods {
                    let key = (unit.id, asked.action.id, *period);
                    let Some(tally) = cells.get(&key) else { continue };
                    let column = column(&version.rule, *period, &calendar);
                    let status = own_status(own.get(&key), column.due, today);
                    row.push((column, *tally, status));
                }
                let skip = row.len().saturating_sub(COLUMNS_MAX);
                if !row.is_empty() {
                    rows.push(UnitRow {
                        action: asked.action.clone(),
                        rule: newest.rule.clone(),
                        before: skip,
                        cells: row.split_off(skip),
                    });
                }
            }
            Ok(UnitActions { unit, campaign, rows })
        })
    }

    /// Expected, done and late of a unit and its children, for the overview; of a past day as it was told at its end.
    /// Nothing of a past day below a unit with more than [`store::AS_OF_UNITS_MAX`] units.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn actions_overview(
        &self,
        ctx: &Context,
        campaign: CampaignId,
        unit: UnitId,
        as_of: Option<Day>,
    ) -> Result<Option<Vec<ChildActions>>, Error> {
        self.db.read(|conn| {
            let campaign = campaign_for(conn, ctx, campaign)?;
            let unit = readable_unit(conn, ctx, unit)?;
            let past = as_of.filter(|day| *day < ctx.today()).map(|day| campaign.reckoned_on(day));
            let today = campaign.reckoned_on(ctx.today());
            let calendar = self.calendar_of(conn, past)?;
            let mut actions = seen_actions(conn, ctx, campaign.id)?;
            let children = match past {
                None => units::children(conn, Some(unit.id), true, 0)?,
                Some(day) => units::children_on(conn, Some(unit.id), day, 0)?,
            };
            let mut ids: Vec<UnitId> = children.iter().map(|child| child.unit.id).collect();
            ids.push(unit.id);
            let tallies = match past {
                None => store::overview(conn, &ids, &asked(&actions, today), today, &calendar)?,
                Some(day) => {
                    let mut known = Vec::new();
                    for action in actions {
                        known.extend(store::known_on(conn, action, day)?);
                    }
                    actions = known;
                    let asked = asked(&actions, day);
                    match store::overview_on(conn, &ids, &asked, day, &calendar)? {
                        Some(found) => found,
                        None => return Ok(None),
                    }
                }
            };
            Ok(Some(lines_of(&unit, children, &tallies)))
        })
    }

    /// Everything behind one cell of a matrix.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn action_cell(
        &self,
        ctx: &Context,
        id: RequiredActionId,
        unit: UnitId,
        period_day: Day,
    ) -> Result<CellPage, Error> {
        self.db.read(|conn| {
            let (row, action, _) = seen_action(conn, ctx, id)?;
            let unit = readable_unit(conn, ctx, unit)?;
            let campaign = campaign_for(conn, ctx, row.campaign_id)?;
            let (today, calendar) = (campaign.reckoned_on(ctx.today()), self.calendar(conn)?);
            let (period, version) = action.period_ending(period_day).ok_or(Error::NotFound)?;
            let rule = version.rule.clone();
            let column = column(&rule, period, &calendar);
            let only = [Asked { action: &action, periods: vec![(period, version)] }];
            let children = units::children(conn, Some(unit.id), true, 0)?;
            let mut ids = vec![unit.id];
            ids.extend(children.iter().map(|child| child.unit.id));
            let cells = store::cells(conn, &ids, &only, today, &calendar)?;
            let own = store::own_cells(conn, &ids, &only)?;
            let line = |at: UnitId, name: &str| CellUnit {
                unit: at,
                name: name.to_owned(),
                status: own_status(own.get(&(at, id, period)), column.due, today),
                own: own.get(&(at, id, period)).copied(),
                tally: cells.get(&(at, id, period)).copied(),
            };
            let mut lines = vec![line(unit.id, &unit.name)];
            lines.extend(children.iter().map(|child| line(child.unit.id, &child.unit.name)));
            lines.retain(|line| line.status.is_some() || line.tally.is_some());
            let (records, records_total) =
                bihuan_store::activity::credited(conn, (id, rule.subject), period, &unit.path)?;
            let record =
                |(activity, unit_name, path)| CellRecord::of(activity, unit_name, &path, &unit, &column);
            let records = records.into_iter().map(record).collect();
            let staff = store::subject_cells(conn, unit.id, id, &rule, period, &calendar)?;
            let excuses = excuses_of(conn, &unit, id, &rule, period, &staff)?;
            let live =
                |excuse: &store::Excuse| matches!(excuse.state, ExcuseState::Asked | ExcuseState::Approved);
            let subject = |one: store::SubjectCell| CellSubject {
                id: one.subject_id,
                name: one.name,
                status: status(one.cell.state, column.due, today),
                records: one.cell.records,
                excused: one.excuses.iter().any(live),
            };
            let subjects = staff.into_iter().map(subject).collect();
            Ok(CellPage {
                record_href: record_href(
                    (row.campaign_id, unit.id),
                    rule.kinds.first(),
                    column.missed(today),
                ),
                tally: cells.get(&(unit.id, id, period)).copied().unwrap_or_default(),
                own: own_status(own.get(&(unit.id, id, period)), column.due, today),
                campaign: row.campaign_id,
                units: lines,
                records,
                records_total,
                subjects,
                excuses,
                may_record: campaign.check_running().is_ok() && crate::activity::may_record(ctx, &unit),
                may_decide: super::excuse::may_decide(ctx, &unit),
                rule,
                column,
                unit,
                action,
            })
        })
    }
}

/// A line a child, and what is left for the unit itself.
fn lines_of(
    unit: &Unit,
    children: Vec<units::Child>,
    tallies: &BTreeMap<UnitId, Tally>,
) -> Vec<ChildActions> {
    let mut own = tallies.get(&unit.id).copied().unwrap_or_default();
    let mut lines = Vec::new();
    for child in children {
        let tally = tallies.get(&child.unit.id).copied().unwrap_or_default();
        own.minus(tally);
        if tally != Tally::default() {
            lines.push(ChildActions { unit: child.unit.id, name: child.unit.name, own: false, tally });
        }
    }
    if own != Tally::default() {
        let name = format!("{}本级", unit.name);
        lines.insert(0, ChildActions { unit: unit.id, name, own: true, tally: own });
    }
    lines
}

/// The excuses of the unit itself, or of its posts or people, with the names behind the numbers.
fn excuses_of(
    conn: &mut Conn,
    unit: &Unit,
    id: RequiredActionId,
    rule: &Rule,
    period: Period,
    staff: &[store::SubjectCell],
) -> Result<Vec<CellExcuse>, Error> {
    let mut all: Vec<(String, store::Excuse)> = Vec::new();
    if rule.subject.table() == SubjectKind::Unit {
        let subject_kind = SubjectKind::Unit;
        let key = store::Key { subject_kind, subject_id: unit.id.0, rule_id: id, period_day: period.last };
        all.extend(store::excuses_at(conn, &key)?.into_iter().map(|excuse| (String::new(), excuse)));
    }
    for one in staff {
        all.extend(one.excuses.iter().map(|excuse| (one.name.clone(), excuse.clone())));
    }
    let mut ids: Vec<PersonId> = all.iter().map(|(_, excuse)| excuse.asked_by).collect();
    ids.extend(all.iter().filter_map(|(_, excuse)| excuse.decided_by));
    let names: BTreeMap<PersonId, String> =
        bihuan_store::problem::units::person_names(conn, &ids)?.into_iter().collect();
    let name = |person: Option<PersonId>| person.and_then(|id| names.get(&id).cloned()).unwrap_or_default();
    let line = |(subject, excuse): (String, store::Excuse)| CellExcuse {
        subject,
        asked_by: name(Some(excuse.asked_by)),
        decided_by: name(excuse.decided_by),
        excuse,
    };
    Ok(all.into_iter().map(line).collect())
}

fn versions(conn: &mut Conn, id: RequiredActionId) -> Result<Vec<VersionLine>, Error> {
    let rows = store::versions_of(conn, id)?;
    let line = |row: &store::VersionRow| {
        Ok::<_, Error>(VersionLine {
            number: row.number,
            from_day: row.from_day,
            until_day: row.until_day,
            rule: store::rule_of(row)?,
            reason: row.reason.clone(),
            added: read_added(&row.added),
        })
    };
    rows.iter().rev().map(line).collect()
}

/// What a unit itself has open of rules: for the to-do list.
pub(crate) fn open_cells(
    conn: &mut Conn,
    app_calendar: &Calendar,
    units: &[UnitId],
    actions: &[RequiredAction],
    today: Day,
) -> Result<Vec<(UnitId, RequiredActionId, String, Column, Status)>, Error> {
    let asked = asked(actions, today);
    let own = store::own_cells(conn, units, &asked)?;
    let names: BTreeMap<RequiredActionId, String> = actions.iter().map(|a| (a.id, rule_name(a))).collect();
    let mut found = Vec::new();
    for asked in &asked {
        for (period, version) in &asked.periods {
            let column = column(&version.rule, *period, app_calendar);
            for unit in units {
                let Some(cell) = own.get(&(*unit, asked.action.id, *period)) else { continue };
                if cell.state == CellState::Open {
                    let status = status(cell.state, column.due, today);
                    let name = names.get(&asked.action.id).cloned().unwrap_or_default();
                    found.push((*unit, asked.action.id, name, column.clone(), status));
                }
            }
        }
    }
    Ok(found)
}
