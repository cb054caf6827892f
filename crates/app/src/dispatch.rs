//! Dispatch meetings 一周一调度: series, agendas that write themselves, decisions with owner and day, minutes (M30).

mod agenda;
mod decision;
mod minutes;
mod week;

pub use decision::{DecisionInput, Owed};
pub use minutes::minutes_paper;
pub use week::{Comparison, MovedLine, WeekInput, WeekView};

use crate::Error;
use crate::context::{self, App, Context, campaign_for, readable_unit};
use crate::draw::roots;
use crate::input::{self, inputs};
use bihuan_domain::campaign::Campaign;
use bihuan_domain::dispatch::{
    self as domain, AgendaSource, Decision, Dispatch, DispatchItem, DispatchSeries, DispatchState,
};
use bihuan_domain::id::{CampaignId, DispatchId, DispatchItemId, DispatchSeriesId, TaskId, UnitId};
use bihuan_domain::refusal::{limit_text, require_text};
use bihuan_domain::task::Task;
use bihuan_domain::unit::Unit;
use bihuan_domain::{Day, Refusal};
use bihuan_store::Conn;
use bihuan_store::dispatch as store;
use bihuan_store::journal::{self, NewEntry, Write};
use std::collections::HashMap;

/// Days from one meeting to the next unless said otherwise.
pub const EVERY_DAYS: i64 = 7;
/// Longest span between two meetings, in days.
pub const EVERY_DAYS_MAX: i64 = 92;

inputs! {
    /// A new series of meetings.
    SeriesInput {
        campaign: one "专项行动",
        unit: one "召开单位",
        name: one "调度会名称",
        every_days: one "间隔天数",
    }
    /// A new meeting.
    MeetingInput { held_day: one "会议日期" }
    /// A point added by hand, or one taken off with a reason.
    ItemInput { text: one "议题", reason: one "理由" }
    /// What the minutes say beside points and decisions.
    MinutesInput { chair: one "主持人", present: one "参加人员", summary: one "会议小结" }
}

/// A series with its meetings.
#[derive(Clone, Debug)]
pub struct SeriesLine {
    /// The series.
    pub series: DispatchSeries,
    /// The unit that holds it.
    pub unit: Unit,
    /// Meetings, newest first.
    pub meetings: Vec<Dispatch>,
    /// The reader runs it.
    pub may: bool,
}

/// A meeting as read.
#[derive(Clone, Debug)]
pub struct MeetingView {
    /// The meeting.
    pub dispatch: Dispatch,
    /// Its series.
    pub series: DispatchSeries,
    /// The unit that holds it.
    pub unit: Unit,
    /// The campaign.
    pub campaign: Campaign,
    /// The agenda in its order.
    pub items: Vec<DispatchItem>,
    /// What this meeting decided.
    pub decisions: Vec<Decision>,
    /// Decisions of earlier meetings: open ones, and those that ended since the last.
    pub earlier: Vec<Decision>,
    /// The tasks that decisions became.
    pub tasks: HashMap<TaskId, Task>,
    /// Names of units as they are today.
    pub names: HashMap<UnitId, String>,
    /// The same as they were on the day of the meeting: what the minutes say.
    pub names_then: HashMap<UnitId, String>,
    /// The reader runs it.
    pub may: bool,
}

impl App {
    /// Series of a campaign, as far as the reader reads the units that hold them.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn dispatches(&self, ctx: &Context, campaign: CampaignId) -> Result<Vec<SeriesLine>, Error> {
        self.db.read(|conn| {
            let campaign = campaign_for(conn, ctx, campaign)?;
            let mut lines = Vec::new();
            for (series, unit) in store::series(conn, campaign.id, &roots(ctx))? {
                let meetings = store::meetings(conn, series.id)?;
                let may = domain::may_run(&ctx.actor, &unit.path, "召开调度会").is_ok();
                lines.push(SeriesLine { series, unit, meetings, may });
            }
            Ok(lines)
        })
    }

    /// Begins a series.
    ///
    /// # Errors
    /// `NotFound`, `Invalid`, `not_allowed`, text limits.
    pub fn create_series(&self, ctx: &Context, sent: SeriesInput) -> Result<DispatchSeriesId, Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let campaign = input::number("campaign", "专项行动", &sent.campaign)?
                .ok_or_else(|| Error::invalid("campaign", "请选择“专项行动”。"))?;
            let campaign = campaign_for(conn, &ctx, CampaignId(campaign))?;
            let unit = input::number("unit", "召开单位", &sent.unit)?
                .ok_or_else(|| Error::invalid("unit", "请填写“召开单位”。"))?;
            let unit = readable_unit(conn, &ctx, UnitId(unit))?;
            domain::may_run(&ctx.actor, &unit.path, "建立调度会")?;
            let every = input::number("every_days", "间隔天数", &sent.every_days)?.unwrap_or(EVERY_DAYS);
            if !(1..=EVERY_DAYS_MAX).contains(&every) {
                return Err(Error::invalid("every_days", format!("“间隔天数”应在1到{EVERY_DAYS_MAX}之间。")));
            }
            let series = DispatchSeries {
                id: DispatchSeriesId(journal::next_id(conn, "dispatch_series", 1)?),
                campaign_id: campaign.id,
                unit_id: unit.id,
                name: require_text("name", "调度会名称", &sent.name, domain::NAME_CHARS_MAX)?,
                every_days: every,
                closed: false,
                version: 1,
            };
            let note = format!("建立调度会“{}”", series.name);
            let entry = NewEntry {
                action: "dispatch.series_created".to_owned(),
                subject_kind: "dispatch_series",
                subject_id: series.id.0,
                unit: Some(unit.id),
                campaign: Some(campaign.id),
                note,
                writes: vec![Write::insert(&series)],
                ..NewEntry::default()
            };
            journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry])?;
            Ok(series.id)
        })
    }

    /// Opens the next meeting of a series; its agenda is written from what changed since the last one.
    ///
    /// # Errors
    /// `NotFound`, `Invalid`, `not_allowed`, `last_meeting_open`.
    pub fn open_meeting(
        &self,
        ctx: &Context,
        id: DispatchSeriesId,
        sent: MeetingInput,
    ) -> Result<DispatchId, Error> {
        let (app, ctx) = (self.clone(), ctx.clone());
        self.db.write(move |conn| {
            let series: DispatchSeries = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
            let unit = readable_unit(conn, &ctx, series.unit_id)?;
            domain::may_run(&ctx.actor, &unit.path, "召开调度会")?;
            let held = input::day("held_day", "会议日期", &sent.held_day)?.unwrap_or(ctx.today());
            let last = store::meetings(conn, id)?.into_iter().next();
            if last.as_ref().is_some_and(|last| last.state == DispatchState::Open) {
                return Err(Refusal::new(
                    "last_meeting_open",
                    "上一次调度会还没有散会。",
                    "请先定下上一次的纪要再召开下一次。",
                )
                .into());
            }
            check_day(held, last.as_ref(), ctx.today())?;
            let every = i32::try_from(series.every_days).unwrap_or(7);
            let dispatch = Dispatch {
                id: DispatchId(journal::next_id(conn, "dispatch", 1)?),
                series_id: id,
                number: last.as_ref().map_or(1, |last| last.number + 1),
                held_day: held,
                since_day: last.as_ref().map_or_else(|| held.plus_days(-every), |last| last.held_day),
                state: DispatchState::Open,
                chair: last.as_ref().map(|last| last.chair.clone()).unwrap_or_default(),
                present: last.as_ref().map(|last| last.present.clone()).unwrap_or_default(),
                summary: String::new(),
                closed_by: None,
                closed_at: None,
                version: 1,
            };
            let mut writes = vec![Write::insert(&dispatch)];
            let points = agenda::points(&app, conn, &series, &unit, &dispatch)?;
            for (point, ordinal) in points.into_iter().zip(1..) {
                writes.push(Write::insert(&agenda::item(conn, dispatch.id, ordinal, point)?));
            }
            let note = format!("“{}”第{}次，议题{}项", series.name, dispatch.number, writes.len() - 1);
            append(conn, &ctx, (&series, &unit), dispatch.id, ("dispatch.opened", note), writes)?;
            Ok(dispatch.id)
        })
    }

    /// One meeting.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn meeting(&self, ctx: &Context, id: DispatchId) -> Result<MeetingView, Error> {
        self.db.read(|conn| view(conn, ctx, id))
    }

    /// Adds what has come up since the agenda was written; what is there stays, also what was struck.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `not_allowed`, `dispatch_closed`.
    pub fn refresh_agenda(&self, ctx: &Context, id: DispatchId, version: i64) -> Result<usize, Error> {
        let (app, ctx) = (self.clone(), ctx.clone());
        self.db.write(move |conn| {
            let seen = stepped(conn, &ctx, id, version, "更新议题")?;
            let points = agenda::points(&app, conn, &seen.series, &seen.unit, &seen.dispatch)?;
            let new: Vec<_> =
                points.into_iter().filter(|point| !seen.items.iter().any(|item| point.is(item))).collect();
            let count = new.len();
            let mut next = seen.items.iter().map(|item| item.ordinal).max().unwrap_or(0);
            let mut writes = touched(&seen.dispatch);
            for point in new {
                next += 1;
                writes.push(Write::insert(&agenda::item(conn, id, next, point)?));
            }
            let said = ("dispatch.agenda_refreshed", format!("补充议题{count}项"));
            append(conn, &ctx, (&seen.series, &seen.unit), id, said, writes)?;
            Ok(count)
        })
    }

    /// Puts the agenda into another order. Points that are not named keep their place behind those that are.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `not_allowed`, `dispatch_closed`.
    pub fn order_agenda(
        &self,
        ctx: &Context,
        id: DispatchId,
        version: i64,
        wanted: Vec<DispatchItemId>,
    ) -> Result<i64, Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let seen = stepped(conn, &ctx, id, version, "调整议题顺序")?;
            let place =
                |item: &DispatchItem| wanted.iter().position(|want| *want == item.id).unwrap_or(usize::MAX);
            let mut order = seen.items.clone();
            order.sort_by_key(|item| (place(item), item.ordinal));
            let mut writes = touched(&seen.dispatch);
            for (before, ordinal) in order.iter().zip(1..) {
                let after = DispatchItem { ordinal, ..before.clone() };
                writes.extend(Write::update(before, &after));
            }
            let said = ("dispatch.agenda_ordered", "调整议题顺序".to_owned());
            append(conn, &ctx, (&seen.series, &seen.unit), id, said, writes)?;
            Ok(seen.dispatch.version + 1)
        })
    }

    /// Moves a point one place up or down.
    ///
    /// # Errors
    /// As [`App::order_agenda`].
    pub fn move_item(
        &self,
        ctx: &Context,
        id: DispatchId,
        version: i64,
        item: DispatchItemId,
        up: bool,
    ) -> Result<i64, Error> {
        let seen = self.meeting(ctx, id)?;
        let order: Vec<DispatchItemId> =
            seen.items.iter().filter(|one| !one.struck).map(|one| one.id).collect();
        self.order_agenda(ctx, id, version, domain::moved(&order, item, up))
    }

    /// Takes a point off the agenda with a reason, or puts it back.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `not_allowed`, `dispatch_closed`, text limits.
    pub fn strike_item(
        &self,
        ctx: &Context,
        id: DispatchId,
        version: i64,
        item: DispatchItemId,
        reason: Option<String>,
    ) -> Result<(), Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let seen = stepped(conn, &ctx, id, version, "调整议题")?;
            let before = seen.items.iter().find(|one| one.id == item).ok_or(Error::NotFound)?;
            let after = match reason {
                Some(reason) => DispatchItem {
                    struck: true,
                    struck_reason: require_text("reason", "划去的理由", &reason, domain::TEXT_CHARS_MAX)?,
                    version: before.version + 1,
                    ..before.clone()
                },
                None => DispatchItem {
                    struck: false,
                    struck_reason: String::new(),
                    version: before.version + 1,
                    ..before.clone()
                },
            };
            let mut writes = touched(&seen.dispatch);
            writes.extend(Write::update(before, &after));
            let verb = if after.struck { "划去" } else { "恢复" };
            let note = format!("{verb}议题：{}{}", after.text, after.struck_reason);
            append(conn, &ctx, (&seen.series, &seen.unit), id, ("dispatch.item_struck", note), writes)
        })
    }

    /// Adds a point by hand.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `not_allowed`, `dispatch_closed`, `agenda_full`, text limits.
    pub fn add_item(&self, ctx: &Context, id: DispatchId, version: i64, text: &str) -> Result<(), Error> {
        let (ctx, text) = (ctx.clone(), text.to_owned());
        self.db.write(move |conn| {
            let seen = stepped(conn, &ctx, id, version, "添加议题")?;
            if seen.items.len() >= domain::ITEMS_MAX {
                let words = format!("一次会议最多{}项议题。", domain::ITEMS_MAX);
                return Err(Refusal::new("agenda_full", words, "请合并相近的议题。").into());
            }
            let text = require_text("text", "议题", &text, domain::TEXT_CHARS_MAX)?;
            let point = agenda::Point::by_hand(text);
            let next = seen.items.iter().map(|item| item.ordinal).max().unwrap_or(0) + 1;
            let mut writes = touched(&seen.dispatch);
            let item = agenda::item(conn, id, next, point)?;
            writes.push(Write::insert(&item));
            let said = ("dispatch.item_added", format!("添加议题：{}", item.text));
            append(conn, &ctx, (&seen.series, &seen.unit), id, said, writes)
        })
    }

    /// Keeps what the minutes say; `close` ends the meeting, after which nothing of it changes but what becomes of
    /// its decisions.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `not_allowed`, `dispatch_closed`, text limits.
    pub fn write_minutes(
        &self,
        ctx: &Context,
        id: DispatchId,
        version: i64,
        sent: MinutesInput,
        close: bool,
    ) -> Result<(), Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let seen = stepped(conn, &ctx, id, version, "写纪要")?;
            let before = &seen.dispatch;
            let mut after = Dispatch { version: before.version + 1, ..before.clone() };
            after.chair = if close {
                require_text("chair", "主持人", &sent.chair, domain::NAME_CHARS_MAX)?
            } else {
                limit_text("chair", "主持人", &sent.chair, domain::NAME_CHARS_MAX)?
            };
            after.present = limit_text("present", "参加人员", &sent.present, domain::TEXT_CHARS_MAX)?;
            after.summary = limit_text("summary", "会议小结", &sent.summary, domain::TEXT_CHARS_MAX)?;
            let mut said =
                ("dispatch.minutes_written", format!("“{}”第{}次写纪要", seen.series.name, before.number));
            if close {
                after.state = DispatchState::Closed;
                (after.closed_by, after.closed_at) = (Some(ctx.actor.person), Some(ctx.at));
                said =
                    ("dispatch.closed", format!("“{}”第{}次散会，纪要已定", seen.series.name, before.number));
            }
            let writes = Write::update(before, &after).into_iter().collect();
            append(conn, &ctx, (&seen.series, &seen.unit), id, said, writes)
        })
    }
}

fn check_day(held: Day, last: Option<&Dispatch>, today: Day) -> Result<(), Error> {
    let early = last.is_some_and(|last| held <= last.held_day);
    if early || held > today.plus_days(31) || held < today.plus_days(-31) {
        return Err(Error::invalid("held_day", "“会议日期”应在上一次会议之后、今天前后31天之内。"));
    }
    Ok(())
}

fn view(conn: &mut Conn, ctx: &Context, id: DispatchId) -> Result<MeetingView, Error> {
    let dispatch: Dispatch = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
    let series: DispatchSeries = journal::by_id(conn, dispatch.series_id.0)?.ok_or(Error::NotFound)?;
    let unit = readable_unit(conn, ctx, series.unit_id)?;
    let campaign = campaign_for(conn, ctx, series.campaign_id)?;
    let items = store::items(conn, id)?;
    let decisions = store::decisions(conn, id)?;
    let earlier = store::decisions_before(conn, series.id, dispatch.number, dispatch.since_day)?;
    let mut units: Vec<UnitId> = items.iter().filter_map(|item| item.unit_id).collect();
    units.extend(decisions.iter().chain(&earlier).map(|decision| decision.owner_unit_id));
    let ids = decisions.iter().chain(&earlier).filter_map(|decision| decision.task_id);
    let tasks: HashMap<TaskId, Task> =
        bihuan_store::task::by_ids(conn, ids)?.into_iter().map(|task| (task.id, task)).collect();
    units.extend(tasks.values().map(|task| task.unit_id));
    Ok(MeetingView {
        names_then: bihuan_store::ledger::unit_names_on(conn, units.iter().copied(), dispatch.held_day)?,
        names: bihuan_store::unit::names(conn, units)?,
        tasks,
        may: domain::may_run(&ctx.actor, &unit.path, "主持调度会").is_ok(),
        dispatch,
        series,
        unit,
        campaign,
        items,
        decisions,
        earlier,
    })
}

fn stepped(
    conn: &mut Conn,
    ctx: &Context,
    id: DispatchId,
    version: i64,
    step: &str,
) -> Result<MeetingView, Error> {
    let seen = view(conn, ctx, id)?;
    domain::may_run(&ctx.actor, &seen.unit.path, step)?;
    seen.dispatch.require_open(step)?;
    if seen.dispatch.version != version {
        return Err(Error::stale());
    }
    Ok(seen)
}

/// The meeting's next version: two people at one agenda do not overwrite each other.
fn touched(dispatch: &Dispatch) -> Vec<Write> {
    let after = Dispatch { version: dispatch.version + 1, ..dispatch.clone() };
    Write::update(dispatch, &after).into_iter().collect()
}

fn append(
    conn: &mut Conn,
    ctx: &Context,
    (series, unit): (&DispatchSeries, &Unit),
    id: DispatchId,
    (action, note): (&str, String),
    writes: Vec<Write>,
) -> Result<(), Error> {
    append_with(conn, ctx, (series, unit), id, (action, note), writes, vec![])
}

/// As [`append`], with entries of other nouns that belong to the same step.
fn append_with(
    conn: &mut Conn,
    ctx: &Context,
    (series, unit): (&DispatchSeries, &Unit),
    id: DispatchId,
    (action, note): (&str, String),
    writes: Vec<Write>,
    more: Vec<NewEntry>,
) -> Result<(), Error> {
    let entry = NewEntry {
        action: action.to_owned(),
        subject_kind: "dispatch",
        subject_id: id.0,
        unit: Some(unit.id),
        campaign: Some(series.campaign_id),
        note,
        writes,
        ..NewEntry::default()
    };
    let mut entries = vec![entry];
    entries.extend(more);
    journal::append(conn, &ctx.stamp(Some(unit)), entries)?;
    Ok(())
}

/// The unit of a decision or a plan, as typed.
pub(crate) fn unit_of(conn: &mut Conn, field: &str, label: &str, text: &str) -> Result<Unit, Error> {
    let id = input::number(field, label, text)?
        .ok_or_else(|| Error::invalid(field, format!("请填写“{label}”。")))?;
    context::unit(conn, UnitId(id))
}

/// Points of a source in the order of the list of sources.
pub fn by_source(items: &[DispatchItem], source: AgendaSource) -> impl Iterator<Item = &DispatchItem> {
    items.iter().filter(move |item| item.source == source && !item.struck)
}
