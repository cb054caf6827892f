//! The file of a unit 一计划、两清单、一记录: assembled from what the system holds, for any day, with what is missing
//! named (M09). Nobody keeps it by hand.

use crate::Error;
use crate::context::{App, Context, campaign_for, readable_unit};
use crate::ledger::{LedgerQuery, Line};
use crate::plan::{Past, Plan, PlanQuery};
use bihuan_domain::Day;
use bihuan_domain::activity::Activity;
use bihuan_domain::id::{CampaignId, ProblemId, UnitId};
use bihuan_domain::plan::Span;
use bihuan_domain::task::{Judged, Task, Work, judge};
use bihuan_domain::unit::UnitPath;
use bihuan_store::activity::{self, ActivityFilter};
use bihuan_store::{Conn, journal, plan as store, task as tasks};
use serde::Serialize;
use std::collections::BTreeMap;

/// Problems that a file lists; more are in the ledger.
pub const FILE_PROBLEMS_MAX: i64 = 2_000;
/// Problems read at a time.
const PAGE_PROBLEMS: i64 = 200;
/// Records that a file lists; more are in the list of activities.
pub const FILE_RECORDS_MAX: i64 = 2_000;

/// A task as the file shows it.
#[derive(Clone, Debug, Serialize)]
pub struct FileTask {
    /// The task as it stood on the day.
    #[serde(flatten)]
    pub task: Task,
    /// As people cite it.
    pub citation: String,
    /// Where it stood.
    pub judged: Judged,
    /// Milestones, and how many of them were reached.
    pub milestones: (usize, usize),
}

/// A record as the file shows it.
#[derive(Clone, Debug, Serialize)]
pub struct FileRecord {
    /// The record's number.
    pub id: i64,
    /// The day it took place.
    pub day: Day,
    /// Name of its kind.
    pub kind: String,
    /// What was studied or done.
    pub topic: String,
    /// The day it was filed.
    pub filed_day: Day,
}

/// Something that should be in the file and is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// Which part: `plan`, `problems`, `tasks`, `records`.
    pub part: &'static str,
    /// What is missing, a sentence.
    pub words: String,
    /// Where it can be put right.
    pub href: String,
}

/// The file of a unit.
#[derive(Clone, Debug)]
pub struct BranchFile {
    /// 一计划: the plan of the campaign.
    pub plan: Plan,
    /// The day the file is of.
    pub day: Day,
    /// 问题清单.
    pub problems: Vec<Line>,
    /// How many there are, whether listed or not.
    pub problems_total: i64,
    /// 任务清单.
    pub tasks: Vec<FileTask>,
    /// 一记录.
    pub records: Vec<FileRecord>,
    /// How many there are.
    pub records_total: i64,
    /// What is missing.
    pub missing: Vec<Missing>,
}

impl App {
    /// The file of a unit in a campaign on a day.
    ///
    /// # Errors
    /// `NotFound` for a unit or campaign out of sight; `Invalid` for a day to come.
    pub fn branch_file(
        &self,
        ctx: &Context,
        unit: UnitId,
        campaign: CampaignId,
        day: Option<Day>,
    ) -> Result<BranchFile, Error> {
        let today = ctx.today();
        let day = day.unwrap_or(today);
        if day > today {
            return Err(Error::invalid(
                "day",
                format!("{}还没有到，请选择今天或以前的日期。", day.in_chinese()),
            ));
        }
        let past = (day < today).then_some(day);
        let (problems, problems_total) = self.file_problems(ctx, unit, campaign, past)?;
        let query = PlanQuery { campaign, unit, span: Span::Campaign, day: Some(day) };
        let stood = |day| Past { day, problems: problems.iter().map(|line| line.problem.clone()).collect() };
        let plan = self.plan_on(ctx, &query, past.map(stood))?;
        self.db.read(|conn| {
            let place = readable_unit(conn, ctx, unit)?;
            let tasks = self.file_tasks(conn, unit, campaign, day)?;
            let (records, records_total) = self.file_records(conn, ctx, &place.path, unit, campaign, day)?;
            let open = problems.iter().filter(|line| line.problem.state.is_open());
            let open: Vec<(ProblemId, i64)> = open.map(|l| (l.problem.id, l.problem.round)).collect();
            let bare = store::without_measures_on(conn, &open, day)?;
            let mut file = BranchFile {
                plan,
                day,
                problems,
                problems_total,
                tasks,
                records,
                records_total,
                missing: Vec::new(),
            };
            file.missing = missing(&file, &bare, unit);
            Ok(file)
        })
    }

    /// The problems of the unit itself, of a past day as they stood then: all pages.
    fn file_problems(
        &self,
        ctx: &Context,
        unit: UnitId,
        campaign: CampaignId,
        past: Option<Day>,
    ) -> Result<(Vec<Line>, i64), Error> {
        let mut lines: Vec<Line> = Vec::new();
        for page in 1..=FILE_PROBLEMS_MAX / PAGE_PROBLEMS {
            let query = LedgerQuery {
                campaign: Some(campaign),
                unit: Some(unit),
                own: true,
                as_of: past,
                per: Some(PAGE_PROBLEMS),
                page,
                ..LedgerQuery::default()
            };
            let found = self.ledger(ctx, &query)?;
            let read = found.lines.len();
            lines.extend(found.lines);
            if read == 0 || lines.len() as i64 >= found.total {
                return Ok((lines, found.total));
            }
        }
        let total = lines.len() as i64;
        Ok((lines, total))
    }

    fn file_tasks(
        &self,
        conn: &mut Conn,
        unit: UnitId,
        campaign: CampaignId,
        day: Day,
    ) -> Result<Vec<FileTask>, Error> {
        let mut of_unit = tasks::of_unit(conn, unit)?;
        of_unit.retain(|task| task.campaign_id == campaign);
        let calendar = bihuan_store::calendar::load_on(conn, day)?;
        Ok(works_on(conn, of_unit, day)?
            .into_iter()
            .map(|work| {
                let done = work.milestones.iter().filter(|m| m.done_day.is_some()).count();
                FileTask {
                    citation: work.task.citation(),
                    judged: judge(&work, day, &calendar, 0),
                    milestones: (work.milestones.len(), done),
                    task: work.task,
                }
            })
            .collect())
    }

    fn file_records(
        &self,
        conn: &mut Conn,
        ctx: &Context,
        path: &UnitPath,
        unit: UnitId,
        campaign: CampaignId,
        day: Day,
    ) -> Result<(Vec<FileRecord>, i64), Error> {
        let end = day.plus_days(1).starts_at();
        let filter = ActivityFilter {
            within: vec![path.clone()],
            campaign: Some(campaign),
            unit: Some(unit),
            // What was filed later was not in the file of that day, what was withdrawn later was.
            filed_before: Some(end),
            ..ActivityFilter::default()
        };
        let known = campaign_for(conn, ctx, campaign)?;
        let kinds: BTreeMap<String, String> =
            crate::required_action::kinds_of(self, &known)?.into_iter().collect();
        let (mut found, total) = activity::list(conn, &filter, 0)?;
        while (found.len() as i64) < total.min(FILE_RECORDS_MAX) {
            let (more, _) = activity::list(conn, &filter, found.len() as i64)?;
            if more.is_empty() {
                break;
            }
            found.extend(more);
        }
        let then = activity::editions_at(conn, found.iter().map(|(record, _)| record.id), end)?;
        let mut records: Vec<Activity> =
            found.into_iter().map(|(record, _)| then.get(&record.id).cloned().unwrap_or(record)).collect();
        records.sort_by_key(|record| std::cmp::Reverse((record.day, record.id)));
        let records = records
            .into_iter()
            .map(|record| FileRecord {
                id: record.id.0,
                day: record.day,
                kind: kinds.get(&record.kind).unwrap_or(&record.kind).clone(),
                topic: record.topic.clone(),
                filed_day: record.filed_at.day_in_china(),
            })
            .collect();
        Ok((records, total))
    }
}

/// Tasks as they stood at the end of a day: those set by then, with what was reached and filed by then.
pub(crate) fn works_on(conn: &mut Conn, mut of_unit: Vec<Task>, day: Day) -> Result<Vec<Work>, Error> {
    let ids: Vec<i64> = of_unit.iter().map(|task| task.id.0).collect();
    let set: BTreeMap<i64, Day> = store::task_days(conn, &ids)?.into_iter().collect();
    of_unit.retain(|task| set.get(&task.id.0).is_none_or(|on| *on <= day));
    let seq = journal::last_of_day(conn, day)?;
    Ok(tasks::works_then(conn, of_unit, seq)?.into_iter().map(|work| read_by(work, day)).collect())
}

/// Without the readings filed after a day.
fn read_by(mut work: Work, day: Day) -> Work {
    work.readings.retain(|reading| reading.filed_at.day_in_china() <= day);
    work.parts = work.parts.into_iter().map(|part| read_by(part, day)).collect();
    work
}

fn missing(file: &BranchFile, bare: &[ProblemId], unit: UnitId) -> Vec<Missing> {
    let mut missing = Vec::new();
    let mut add =
        |part: &'static str, words: String, href: String| missing.push(Missing { part, words, href });
    let campaign = file.plan.campaign_id;
    if file.plan.bars().next().is_none() {
        let href = format!("/plan?campaign={campaign}&unit={unit}");
        add("plan", "计划是空的：没有规定动作、任务或者有时限的问题。".to_owned(), href);
    }
    if file.problems.is_empty() {
        let words = "问题清单是空的：没有登记在册的问题。".to_owned();
        add("problems", words, format!("/problems/new?campaign={campaign}&unit={unit}"));
    }
    if file.tasks.is_empty() {
        let words = "任务清单是空的：没有承担重点任务或者民生实事。".to_owned();
        add("tasks", words, format!("/tasks?campaign={campaign}&unit={unit}"));
    }
    for line in &file.problems {
        let problem = &line.problem;
        let href = format!("/problems/{}", problem.id);
        if bare.contains(&problem.id) {
            add("problems", format!("{}没有整改措施。", problem.citation()), href.clone());
        }
        if line.late_days > 0 {
            add("problems", format!("{}逾期{}天没有完成。", problem.citation(), line.late_days), href);
        }
    }
    for one in &file.tasks {
        let href = format!("/tasks/{}", one.task.id);
        if one.milestones.0 == 0 && one.task.is_open() && one.task.parent_id.is_none() {
            add("tasks", format!("{}没有排节点。", one.citation), href.clone());
        }
        for reason in one.judged.reasons.iter().filter(|_| one.judged.standing.is_bad()) {
            add("tasks", format!("{}：{reason}。", one.citation), href.clone());
        }
    }
    let late = file
        .plan
        .bars()
        .filter(|bar| bar.kind == bihuan_domain::plan::BarKind::Action)
        .filter(|bar| bar.to < file.day && bar.state == bihuan_domain::plan::BarState::Late);
    for bar in late {
        let who = crate::plan::some_names(&bar.missing);
        let words = format!("“{}”{}到期，{who}没有记录。", bar.title, bar.to.in_chinese());
        add("records", words, bar.href.clone());
    }
    if file.records_total == 0 {
        let href = crate::required_action::record_href((campaign, unit), None, None);
        add("records", "没有任何活动记录。".to_owned(), href);
    }
    missing
}
