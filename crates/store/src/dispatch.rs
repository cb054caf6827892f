//! Dispatch meetings: series, agendas, decisions, weekly plans; and what changed since the last one.

use crate::draw::{LIST_ROWS_MAX, codes, columns, numbers, within};
use crate::record::{Field, Record};
use crate::{Conn, Fault, Val, vals};
use bihuan_domain::colour::Colour;
use bihuan_domain::dispatch::{Decision, DecisionState, Dispatch, DispatchItem, DispatchSeries, WeekPlan};
use bihuan_domain::id::{CampaignId, DispatchId, DispatchSeriesId, TaskId, UnitId};
use bihuan_domain::problem::{Problem, State};
use bihuan_domain::request::{Request, RequestKind, RequestState};
use bihuan_domain::slip::{Slip, SlipState};
use bihuan_domain::unit::{Unit, UnitPath};
use bihuan_domain::{Coded, Day};
use std::collections::{BTreeMap, BTreeSet};

/// Series of a campaign by units of these subtrees.
///
/// # Errors
/// Faults of the database.
pub fn series(
    conn: &mut Conn,
    campaign: CampaignId,
    roots: &[UnitPath],
) -> Result<Vec<(DispatchSeries, Unit)>, Fault> {
    let mut args: Vec<Val> = vals![campaign.0].to_vec();
    let seen = within(roots, "u.path", &mut args);
    let sql = format!(
        "SELECT {}, {} FROM dispatch_series s JOIN unit u ON u.id = s.unit_id WHERE s.campaign_id = $1 AND {seen} \
         ORDER BY length(u.path), u.official_order, s.id LIMIT {LIST_ROWS_MAX}",
        columns::<DispatchSeries>("s"),
        columns::<Unit>("u")
    );
    let at = DispatchSeries::COLUMNS.len();
    conn.rows(&sql, &args)?
        .iter()
        .map(|row| Ok((DispatchSeries::from_row(row, 0)?, Unit::from_row(row, at)?)))
        .collect()
}

/// Meetings of a series, newest first.
///
/// # Errors
/// Faults of the database.
pub fn meetings(conn: &mut Conn, series: DispatchSeriesId) -> Result<Vec<Dispatch>, Fault> {
    Dispatch::load(
        conn,
        &format!("WHERE series_id = $1 ORDER BY number DESC LIMIT {LIST_ROWS_MAX}"),
        &vals![series.0],
    )
}

/// The agenda of a meeting in its order.
///
/// # Errors
/// Faults of the database.
pub fn items(conn: &mut Conn, id: DispatchId) -> Result<Vec<DispatchItem>, Fault> {
    DispatchItem::load(conn, "WHERE dispatch_id = $1 ORDER BY ordinal, id", &vals![id.0])
}

/// Decisions of a meeting in their order.
///
/// # Errors
/// Faults of the database.
pub fn decisions(conn: &mut Conn, id: DispatchId) -> Result<Vec<Decision>, Fault> {
    Decision::load(conn, "WHERE dispatch_id = $1 ORDER BY id", &vals![id.0])
}

/// Decisions of earlier meetings of a series that are open, or ended on `since` or later.
///
/// # Errors
/// Faults of the database.
pub fn decisions_before(
    conn: &mut Conn,
    series: DispatchSeriesId,
    number: i64,
    since: Day,
) -> Result<Vec<Decision>, Fault> {
    let condition = "WHERE dispatch_id IN (SELECT id FROM dispatch WHERE series_id = $1 AND number < $2) \
         AND (state = $3 OR done_day >= $4) ORDER BY due_day, id";
    let open = DecisionState::Open.code();
    Decision::load(conn, condition, &vals![series.0, number, open, i64::from(since.days())])
}

/// Open decisions that units of these subtrees owe, by day, each with the unit that owes it now: that of its task, which
/// goes to a successor where the one that was charged is no more.
///
/// # Errors
/// Faults of the database.
pub fn decisions_owed(conn: &mut Conn, roots: &[UnitPath]) -> Result<Vec<(Decision, UnitId)>, Fault> {
    let mut args: Vec<Val> = vals![DecisionState::Open.code()].to_vec();
    let seen = within(roots, "u.path", &mut args);
    let columns: Vec<String> = Decision::COLUMNS.iter().map(|column| format!("d.{column}")).collect();
    let sql = format!(
        "SELECT {}, u.id FROM dispatch_decision d LEFT JOIN task t ON t.id = d.task_id \
         JOIN unit u ON u.id = COALESCE(t.unit_id, d.owner_unit_id) \
         WHERE d.state = $1 AND {seen} ORDER BY d.due_day, d.id LIMIT {LIST_ROWS_MAX}",
        columns.join(", ")
    );
    let at = Decision::COLUMNS.len();
    conn.rows(&sql, &args)?
        .iter()
        .map(|row| Ok((Decision::from_row(row, 0)?, UnitId(row.int(at)?))))
        .collect()
}

/// The decision that became a task.
///
/// # Errors
/// Faults of the database.
pub fn decision_of_task(conn: &mut Conn, task: TaskId) -> Result<Option<Decision>, Fault> {
    Decision::find(conn, "WHERE task_id = $1", &vals![task.0])
}

/// Tasks that meetings decided, out of these.
///
/// # Errors
/// Faults of the database.
pub fn decided_tasks(
    conn: &mut Conn,
    tasks: impl IntoIterator<Item = TaskId>,
) -> Result<BTreeSet<TaskId>, Fault> {
    let sql = "SELECT task_id FROM dispatch_decision WHERE task_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1))";
    let list = numbers(tasks.into_iter().map(|id| id.0));
    conn.rows(sql, &vals![list])?.iter().map(|row| Ok(TaskId(row.int(0)?))).collect()
}

/// What the agenda looks at.
#[derive(Clone, Debug)]
pub struct Since {
    /// The campaign.
    pub campaign: CampaignId,
    /// The subtree.
    pub path: UnitPath,
    /// The first day that counts as new.
    pub since: Day,
    /// Number of the last entry before that day.
    pub seq: i64,
    /// The day of the meeting.
    pub today: Day,
}

fn owing() -> String {
    let owing: Vec<State> = State::ALL.iter().copied().filter(|state| state.doer_owes()).collect();
    codes(&owing)
}

impl Since {
    fn problems(&self, conn: &mut Conn, condition: &str, more: &[Val]) -> Result<Vec<Problem>, Fault> {
        let mut args: Vec<Val> = vals![self.campaign.0, self.path.as_str(), self.path.subtree_end()].to_vec();
        args.extend(more.iter().cloned());
        let sql = format!(
            "WHERE campaign_id = $1 AND home_path >= $2 AND home_path < $3 AND {condition} LIMIT {LIST_ROWS_MAX}"
        );
        Problem::load(conn, &sql, &args)
    }

    /// Problems handed to a superior that nobody has finished.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn handed_up(&self, conn: &mut Conn) -> Result<Vec<Problem>, Fault> {
        self.problems(conn, "state = $4 ORDER BY number", &vals![State::HandedUp.code()])
    }

    /// Problems whose doing unit asks for more time, without an answer yet.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn extensions(&self, conn: &mut Conn) -> Result<Vec<(Problem, Request)>, Fault> {
        let sql = format!(
            "SELECT {}, {} FROM request r JOIN problem p ON p.id = r.problem_id WHERE r.kind = $4 AND r.state = $5 \
             AND p.campaign_id = $1 AND p.home_path >= $2 AND p.home_path < $3 ORDER BY r.asked_at, r.id LIMIT {LIST_ROWS_MAX}",
            columns::<Problem>("p"),
            columns::<Request>("r")
        );
        let (kind, state) = (RequestKind::Extension.code(), RequestState::Open.code());
        let args = vals![self.campaign.0, self.path.as_str(), self.path.subtree_end(), kind, state];
        let at = Problem::COLUMNS.len();
        conn.rows(&sql, &args)?
            .iter()
            .map(|row| Ok((Problem::from_row(row, 0)?, Request::from_row(row, at)?)))
            .collect()
    }

    /// Problems whose day passed since.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn newly_late(&self, conn: &mut Conn) -> Result<Vec<Problem>, Fault> {
        let condition = format!(
            "state IN ({}) AND clock_day >= $4 AND clock_day < $5 ORDER BY clock_day, number",
            owing()
        );
        let from = i64::from(self.since.days()) - 1;
        self.problems(conn, &condition, &vals![from, i64::from(self.today.days())])
    }

    /// Problems that turned red since for another reason than their day: by returns, or by a person.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn newly_red(&self, conn: &mut Conn) -> Result<Vec<Problem>, Fault> {
        let condition = format!(
            "state IN ({}) AND forced_colour = $4 AND (forced_until_day IS NULL OR forced_until_day >= $5) \
             AND NOT EXISTS (SELECT 1 FROM problem_version v WHERE v.id = problem.id AND v.from_seq <= $6 AND v.to_seq > $6 \
             AND v.forced_colour = $4) ORDER BY number",
            owing()
        );
        let more = vals![Colour::Red.code(), i64::from(self.today.days()), self.seq];
        self.problems(conn, &condition, &more)
    }

    /// Units with work in hand that changed nothing since, with how many problems they owe.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn silent(&self, conn: &mut Conn) -> Result<Vec<(UnitId, i64)>, Fault> {
        let sql = format!(
            "SELECT home_unit_id, COUNT(*) FROM problem WHERE campaign_id = $1 AND home_path >= $2 AND home_path < $3 \
             AND state IN ({}) GROUP BY home_unit_id HAVING MAX(changed_at) < $4 ORDER BY COUNT(*) DESC, home_unit_id \
             LIMIT {LIST_ROWS_MAX}",
            owing()
        );
        let since = self.since.starts_at().micros();
        let args = vals![self.campaign.0, self.path.as_str(), self.path.subtree_end(), since];
        conn.rows(&sql, &args)?.iter().map(|row| Ok((UnitId(row.int(0)?), row.int(1)?))).collect()
    }
}

/// Slips that units of a subtree have not answered by their day; talks are restricted and never among them.
///
/// # Errors
/// Faults of the database.
pub fn slips_unanswered(
    conn: &mut Conn,
    campaign: CampaignId,
    path: &UnitPath,
    today: Day,
) -> Result<Vec<Slip>, Fault> {
    let condition = format!(
        "WHERE campaign_id = $1 AND kind <> 'talk' AND state IN ({}) AND answer_day < $4 AND holder_unit_id IN \
         (SELECT u.id FROM unit u WHERE u.path >= $2 AND u.path < $3) ORDER BY answer_day, id LIMIT {LIST_ROWS_MAX}",
        codes(&[SlipState::Issued, SlipState::Signed, SlipState::SentBack])
    );
    let args = vals![campaign.0, path.as_str(), path.subtree_end(), i64::from(today.days())];
    Slip::load(conn, &condition, &args)
}

/// Slips that wait for an answer past the day that an argument gives, as a condition on `s`.
pub(crate) fn unanswered_on(day: &str) -> String {
    let waits = codes(&[SlipState::Issued, SlipState::Signed, SlipState::SentBack]);
    format!("s.answer_day < {day} AND s.state IN ({waits})")
}

/// Slips that were sent and ask for an answer, as a condition on `s`. Talks are restricted and never counted.
pub(crate) fn asks_for_an_answer() -> String {
    let unsent = codes(&[SlipState::Drafted, SlipState::Recalled, SlipState::Lapsed]);
    format!("s.answer_day IS NOT NULL AND s.kind <> 'talk' AND s.state NOT IN ({unsent})")
}

/// Slips sent to units of a subtree that ask for an answer, and those of them not answered by their day, by the child
/// of `path` that holds them.
///
/// # Errors
/// Faults of the database.
pub fn slips_below(
    conn: &mut Conn,
    campaign: CampaignId,
    path: &UnitPath,
    today: Day,
) -> Result<BTreeMap<String, (i64, i64)>, Fault> {
    let chars = path.child(UnitId(1)).as_str().len();
    let sql = format!(
        "SELECT substr(u.path, 1, {chars}), COUNT(*), CAST(SUM(CASE WHEN {} THEN 1 ELSE 0 END) AS BIGINT) \
         FROM slip s JOIN unit u ON u.id = s.holder_unit_id WHERE s.campaign_id = $1 AND u.path >= $2 AND u.path < $3 \
         AND {} GROUP BY substr(u.path, 1, {chars})",
        unanswered_on("$4"),
        asks_for_an_answer()
    );
    let mut found = BTreeMap::new();
    let args = vals![campaign.0, path.as_str(), path.subtree_end(), i64::from(today.days())];
    conn.each(&sql, &args, &mut |row| {
        found.insert(row.text(0)?, (row.int(1)?, row.int(2)?));
        Ok(())
    })?;
    Ok(found)
}

/// Plans of a week by units of these subtrees.
///
/// # Errors
/// Faults of the database.
pub fn week_plans(
    conn: &mut Conn,
    campaign: CampaignId,
    monday: Day,
    roots: &[UnitPath],
) -> Result<Vec<(WeekPlan, Unit)>, Fault> {
    let mut args: Vec<Val> = vals![campaign.0, i64::from(monday.days())].to_vec();
    let seen = within(roots, "u.path", &mut args);
    let sql = format!(
        "SELECT {}, {} FROM week_plan w JOIN unit u ON u.id = w.unit_id WHERE w.campaign_id = $1 AND w.monday = $2 AND {seen} \
         ORDER BY length(u.path), u.official_order, u.id LIMIT {LIST_ROWS_MAX}",
        columns::<WeekPlan>("w"),
        columns::<Unit>("u")
    );
    let at = WeekPlan::COLUMNS.len();
    conn.rows(&sql, &args)?
        .iter()
        .map(|row| Ok((WeekPlan::from_row(row, 0)?, Unit::from_row(row, at)?)))
        .collect()
}

/// The plan of a unit for a week.
///
/// # Errors
/// Faults of the database.
pub fn week_plan(
    conn: &mut Conn,
    campaign: CampaignId,
    unit: UnitId,
    monday: Day,
) -> Result<Option<WeekPlan>, Fault> {
    let args = vals![campaign.0, unit.0, monday.to_val()];
    WeekPlan::find(conn, "WHERE campaign_id = $1 AND unit_id = $2 AND monday = $3", &args)
}
