//! What reports tell of required actions, tasks and slips: each figure with the rows that add up to it. Whoever looks,
//! the figure is the same: it counts the subtree of the report's unit as it stood at the end of the report's period.

use super::figures::Named;
use super::past;
use crate::Error;
use crate::context::{App, Context};
use crate::ledger::LedgerQuery;
use crate::overview::Figure;
use crate::task::Bench;
use bihuan_domain::calendar::Calendar;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::figure::{self, Definition};
use bihuan_domain::id::{RequiredActionId, UnitId};
use bihuan_domain::report::text::{ActionPart, FigureName, SlipPart, TaskPart};
use bihuan_domain::required_action::{Period, RequiredAction, Tally};
use bihuan_domain::slip::{SlipKind, SlipState, state_on};
use bihuan_domain::task::{Standing, Work};
use bihuan_domain::unit::Unit;
use bihuan_domain::{Coded, Day};
use bihuan_store::{Conn, slip as slips, task as tasks};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One row behind a figure: what it is, how much of the figure, where it opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowLine {
    /// What it is.
    pub words: String,
    /// How much of the figure it is.
    pub count: i64,
    /// Where it opens.
    pub href: String,
}

/// One rule in one period, of one place: the report's unit with all below, or one unit directly below with all below.
pub(super) struct ActionCell {
    pub(super) place: UnitId,
    rule: RequiredActionId,
    pub(super) name: String,
    period: Period,
    pub(super) label: String,
    pub(super) tally: Tally,
}

impl ActionCell {
    /// Where it opens.
    pub(super) fn href(&self) -> String {
        format!("/actions/{}/cell?unit={}&period={}", self.rule, self.place, self.period.last)
    }
}

/// One task.
pub(super) struct TaskFact {
    place: UnitId,
    pub(super) title: String,
    pub(super) citation: String,
    pub(super) unit_name: String,
    pub(super) standing: Standing,
    pub(super) due_day: Day,
    /// Done, in per cent.
    pub(super) percent: i64,
    href: String,
}

/// One slip.
pub(super) struct SlipFact {
    place: UnitId,
    kind: SlipKind,
    pub(super) title: String,
    pub(super) citation: String,
    pub(super) unit_name: String,
    pub(super) issued_day: Option<Day>,
    pub(super) answer_day: Option<Day>,
    state: SlipState,
    pub(super) unanswered: bool,
    now: bool,
    href: String,
}

/// Everything these figures are counted from.
pub(crate) struct Deeds {
    unit: UnitId,
    /// Of the unit itself and of those directly below.
    pub(super) actions: Vec<ActionCell>,
    pub(super) tasks: Vec<TaskFact>,
    pub(super) slips: Vec<SlipFact>,
    from: Day,
    to: Day,
    /// The unit has too many below it to count its rules as of a day that has passed: they are told as of now.
    rules_of_now: bool,
}

/// Columns of the table of rules.
pub(super) const ACTION_COLUMNS: [ActionPart; 5] =
    [ActionPart::Expected, ActionPart::Done, ActionPart::Late, ActionPart::Missed, ActionPart::Rate];
/// Columns of the table of slips.
pub(super) const SLIP_COLUMNS: [SlipPart; 4] =
    [SlipPart::Sent, SlipPart::Unsigned, SlipPart::Unanswered, SlipPart::Accepted];

/// Of what units deeds are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The report's unit with all below.
    Whole,
    /// The report's unit alone.
    Itself,
    /// A unit directly below with all below it.
    Below(UnitId),
}

impl Place {
    fn unit(self) -> Option<UnitId> {
        match self {
            Place::Below(unit) => Some(unit),
            Place::Whole | Place::Itself => None,
        }
    }

    /// Whether what lies with the unit directly below, or with the report's own unit, is counted.
    fn holds(self, unit: UnitId, own: UnitId) -> bool {
        match self {
            Place::Whole => true,
            Place::Itself => unit == own,
            Place::Below(place) => unit == place,
        }
    }
}

/// Over what is counted.
pub(super) struct Over<'a> {
    pub(super) campaign: &'a Campaign,
    pub(super) unit: &'a Unit,
    pub(super) children: &'a [(UnitId, String)],
    pub(super) from: Day,
    /// Last day, not after today.
    pub(super) to: Day,
    /// The last day has passed: everything is told as it stood at its end.
    pub(super) past: bool,
}

impl Deeds {
    pub(super) fn load(app: &App, conn: &mut Conn, ctx: &Context, over: &Over<'_>) -> Result<Deeds, Error> {
        // Tasks are judged as of the period's last day.
        let then = match over.past {
            true => Context { at: over.to.starts_at(), ..ctx.clone() },
            false => ctx.clone(),
        };
        let rules = past::rules(conn, over)?;
        let calendar = app.calendar_of(conn, over.past.then_some(over.to))?;
        let (tallies, rules_of_now) = past::tallies(conn, over, &rules, &calendar)?;
        Ok(Deeds {
            unit: over.unit.id,
            actions: action_cells(over, &rules, &tallies),
            tasks: task_facts(app, conn, &then, over, &calendar)?,
            slips: slip_facts(conn, over)?,
            from: over.from,
            to: over.to,
            rules_of_now,
        })
    }

    /// The rules that are told of, in order.
    pub(super) fn rules(&self) -> Vec<(RequiredActionId, String)> {
        let mut all: Vec<(RequiredActionId, String)> = Vec::new();
        for cell in &self.actions {
            if all.iter().all(|(id, _)| *id != cell.rule) {
                all.push((cell.rule, cell.name.clone()));
            }
        }
        all
    }

    /// The kinds of the slips that were sent, in order.
    pub(super) fn slip_kinds(&self) -> Vec<SlipKind> {
        let sent = |kind: &&SlipKind| self.slips.iter().any(|slip| slip.kind == **kind);
        SlipKind::ALL.iter().filter(sent).copied().collect()
    }

    /// A figure of the whole unit, of the unit itself, or of one directly below with all below it.
    pub(super) fn figure(&self, name: FigureName, place: Place) -> Option<Named> {
        Some(match name {
            FigureName::Action(part) => self.action(part, false, place, None),
            FigureName::ActionNow(part) => self.action(part, true, place, None),
            FigureName::Task(part) => self.task(part, place),
            FigureName::Slip(part) => self.slip(part, place, None),
            _ => return None,
        })
    }

    /// What is the unit's own of a value, by rule and period: that of the whole less those of the units directly below.
    fn of_itself(&self, value: impl Fn(&Tally) -> i64) -> BTreeMap<(RequiredActionId, Period), i64> {
        let mut own: BTreeMap<(RequiredActionId, Period), i64> = BTreeMap::new();
        for cell in &self.actions {
            let sign = if cell.place == self.unit { 1 } else { -1 };
            *own.entry((cell.rule, cell.period)).or_default() += sign * value(&cell.tally);
        }
        own
    }

    pub(super) fn action(
        &self,
        part: ActionPart,
        now: bool,
        place: Place,
        rule: Option<RequiredActionId>,
    ) -> Named {
        let at = place.unit().unwrap_or(self.unit);
        let (from, to) = (self.from, self.to);
        let asked = self.actions.iter().filter(|cell| {
            let ends = from <= cell.period.last && cell.period.last <= to;
            cell.place == at && (!now || ends) && rule.is_none_or(|rule| rule == cell.rule)
        });
        let expected = |tally: &Tally| match part {
            ActionPart::Rate => tally.expected - tally.excused - tally.not_yet_due,
            _ => tally.expected,
        };
        let own = (place == Place::Itself)
            .then(|| (self.of_itself(expected), self.of_itself(|tally| of_tally(part, tally))));
        let (mut rows, mut out_of) = (Vec::new(), 0);
        for cell in asked {
            let (all, count) = match &own {
                Some((all, count)) => (all[&(cell.rule, cell.period)], count[&(cell.rule, cell.period)]),
                None => (expected(&cell.tally), of_tally(part, &cell.tally)),
            };
            out_of += all;
            if count > 0 {
                rows.push(RowLine {
                    words: format!("{}　{}", cell.name, cell.label),
                    count,
                    href: cell.href(),
                });
            }
        }
        let definition = action_definition(part);
        let mut label = if now {
            format!("本期{}（只算在期间内结束的周期）", definition.name)
        } else {
            definition.name.to_owned()
        };
        if self.rules_of_now {
            label.push_str("（下辖单位过多，按现在的登记记录统计）");
        }
        let name = if now { FigureName::ActionNow(part) } else { FigureName::Action(part) };
        let out_of = (part != ActionPart::Expected).then_some(out_of);
        let mut named = named(&name.name(), definition, label, rows, out_of, "次");
        if name.is_rate() {
            named.shown = super::figures::rate(&named.figure);
            named.unit = "‰";
            named.figure.value = named.figure.per_mille().unwrap_or(-1);
        }
        named
    }

    pub(super) fn task(&self, part: TaskPart, place: Place) -> Named {
        let at = |task: &&TaskFact| place.holds(task.place, self.unit);
        let wanted = standing_of(part);
        let all = self.tasks.iter().filter(at).count() as i64;
        let chosen = self.tasks.iter().filter(at).filter(|task| wanted.is_none_or(|s| s == task.standing));
        let rows = chosen
            .map(|task| RowLine {
                words: format!(
                    "{}　{}（{}，{}）",
                    task.citation,
                    task.title,
                    task.unit_name,
                    task.standing.label()
                ),
                count: 1,
                href: task.href.clone(),
            })
            .collect();
        let definition = if wanted.is_none() { figure::TASK_TOTAL } else { figure::TASK_STANDING };
        let label = format!("任务{}", part.label());
        named(&FigureName::Task(part).name(), definition, label, rows, wanted.map(|_| all), "项")
    }

    pub(super) fn slip(&self, part: SlipPart, place: Place, kind: Option<SlipKind>) -> Named {
        let at = |slip: &&SlipFact| {
            place.holds(slip.place, self.unit) && kind.is_none_or(|kind| kind == slip.kind)
        };
        let all = self.slips.iter().filter(at).count() as i64;
        let (definition, wanted): (Definition, fn(&SlipFact) -> bool) = match part {
            SlipPart::Sent => (figure::SLIP_SENT, |_| true),
            SlipPart::SentNow => (figure::SLIP_SENT_NOW, |slip| slip.now),
            SlipPart::Unsigned => (figure::SLIP_UNSIGNED, |slip| slip.state == SlipState::Issued),
            SlipPart::Unanswered => (figure::SLIP_UNANSWERED, |slip| slip.unanswered),
            SlipPart::Accepted => (figure::SLIP_ACCEPTED, |slip| slip.state == SlipState::Accepted),
        };
        let rows = self
            .slips
            .iter()
            .filter(at)
            .filter(|slip| wanted(slip))
            .map(|slip| RowLine {
                words: format!(
                    "{}　{}（{}，{}）",
                    slip.citation,
                    slip.title,
                    slip.unit_name,
                    slip.state.label()
                ),
                count: 1,
                href: slip.href.clone(),
            })
            .collect();
        let out_of = (!definition.denominator.is_empty()).then_some(all);
        named(&FigureName::Slip(part).name(), definition, definition.name.to_owned(), rows, out_of, "份")
    }
}

/// A figure that is the sum of its rows.
pub(super) fn named(
    name: &str,
    definition: Definition,
    label: String,
    rows: Vec<RowLine>,
    out_of: Option<i64>,
    unit: &'static str,
) -> Named {
    let value = rows.iter().map(|row| row.count).sum();
    let figure = Figure { definition, label, value, out_of, query: LedgerQuery::default() };
    Named { name: name.to_owned(), unit, shown: value.to_string(), figure, rows: Some(rows) }
}

fn of_tally(part: ActionPart, tally: &Tally) -> i64 {
    match part {
        ActionPart::Expected => tally.expected,
        ActionPart::Done => tally.done,
        ActionPart::Late => tally.done_late,
        ActionPart::Missed => tally.missed,
        ActionPart::Excused => tally.excused,
        ActionPart::Open => tally.not_yet_due,
        ActionPart::Rate => tally.done + tally.done_late,
    }
}

fn action_definition(part: ActionPart) -> Definition {
    match part {
        ActionPart::Expected => figure::ACTION_EXPECTED,
        ActionPart::Done => figure::ACTION_DONE,
        ActionPart::Late => figure::ACTION_LATE,
        ActionPart::Missed => figure::ACTION_MISSED,
        ActionPart::Excused => figure::ACTION_EXCUSED,
        ActionPart::Open => figure::ACTION_OPEN,
        ActionPart::Rate => figure::ACTION_RATE,
    }
}

fn standing_of(part: TaskPart) -> Option<Standing> {
    match part {
        TaskPart::Total => None,
        TaskPart::Done => Some(Standing::Done),
        TaskPart::OnSchedule => Some(Standing::OnSchedule),
        TaskPart::AtRisk => Some(Standing::AtRisk),
        TaskPart::Behind => Some(Standing::Behind),
        TaskPart::NotStarted => Some(Standing::NotStarted),
        TaskPart::Stopped => Some(Standing::Stopped),
    }
}

/// The cells of the unit and each directly below, by rule and period.
fn action_cells(over: &Over<'_>, rules: &[RequiredAction], tallies: &past::Tallies) -> Vec<ActionCell> {
    let mut cells = Vec::new();
    for one in &past::asked(over, rules) {
        let Some(newest) = one.action.newest() else { continue };
        for (period, version) in &one.periods {
            for place in past::places(over) {
                let Some(tally) = tallies.get(&(place, one.action.id, *period)) else { continue };
                cells.push(ActionCell {
                    place,
                    rule: one.action.id,
                    name: newest.rule.name.clone(),
                    period: *period,
                    label: period.label(version.rule.cadence),
                    tally: *tally,
                });
            }
        }
    }
    cells
}

fn task_facts(
    app: &App,
    conn: &mut Conn,
    then: &Context,
    over: &Over<'_>,
    calendar: &Arc<Calendar>,
) -> Result<Vec<TaskFact>, Error> {
    let all = past::tasks(conn, over)?;
    let mut facts = Vec::new();
    for some in tasks::outermost(all).chunks(tasks::WORKS_AT_ONCE) {
        let works = past::works(conn, over, some.to_vec())?;
        let bench = Bench::new(app, conn, then, &works)?.with_calendar(calendar);
        let sites = past::sites(conn, over, works.iter().map(|work| work.task.unit_id))?;
        facts.extend(works.iter().map(|work| task_fact(over, &bench, &sites, work)));
    }
    Ok(facts)
}

fn task_fact(over: &Over<'_>, bench: &Bench, sites: &past::Sites, work: &Work) -> TaskFact {
    let task = &work.task;
    let judged = bench.judge(work);
    let (place, unit_name) = sites.get(&task.unit_id).cloned().unwrap_or((over.unit.id, String::new()));
    TaskFact {
        place,
        title: task.title.clone(),
        citation: task.citation(),
        unit_name,
        standing: judged.standing,
        due_day: task.due_day,
        percent: judged.progress / 100,
        href: format!("/tasks/{}", task.id),
    }
}

fn slip_facts(conn: &mut Conn, over: &Over<'_>) -> Result<Vec<SlipFact>, Error> {
    let all = past::slips(conn, over)?;
    let ids: Vec<_> = all.iter().map(|slip| slip.id).collect();
    let steps = if over.past { slips::steps_of(conn, &ids)? } else { Default::default() };
    let sites = past::sites(conn, over, all.iter().map(|slip| slip.holder_unit_id))?;
    let mut facts = Vec::new();
    for slip in all {
        let state = match steps.get(&slip.id) {
            Some(steps) => state_on(&slip, steps, over.to),
            None => slip.state,
        };
        // At a unit that lay elsewhere on that day it is not counted here.
        let Some((place, unit_name)) = sites.get(&slip.holder_unit_id).cloned() else { continue };
        if state == SlipState::Recalled {
            continue;
        }
        facts.push(SlipFact {
            place,
            kind: slip.kind,
            citation: slip.citation(),
            unit_name,
            unanswered: state.holder_owes() && slip.answer_day.is_some_and(|day| day < over.to),
            now: slip.issued_day.is_some_and(|day| over.from <= day && day <= over.to),
            href: format!("/slips/{}", slip.id),
            issued_day: slip.issued_day,
            answer_day: slip.answer_day,
            title: slip.title,
            state,
        });
    }
    Ok(facts)
}

/// What is missed, by rule, period and place: the units directly below, and the unit itself where its own duty is open.
pub(super) fn missed(deeds: &Deeds) -> Vec<(&ActionCell, Option<UnitId>, i64)> {
    let own = deeds.of_itself(|tally| tally.missed);
    let missed = |cell: &'_ ActionCell| match cell.place == deeds.unit {
        true => (None, own[&(cell.rule, cell.period)]),
        false => (Some(cell.place), cell.tally.missed),
    };
    let all = deeds.actions.iter().map(|cell| (cell, missed(cell)));
    let mut found: Vec<_> =
        all.filter(|(_, (_, count))| *count > 0).map(|(cell, (place, count))| (cell, place, count)).collect();
    found.sort_by_key(|(cell, place, _)| (cell.rule, cell.period, place.is_some(), *place));
    found
}
