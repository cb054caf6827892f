//! Tasks and their milestones on the time line.

use super::{Bar, Site};
use crate::Error;
use bihuan_domain::plan::BarKind;
use bihuan_domain::task::{FULL, TaskState};
use bihuan_store::{Conn, task as store};

pub(super) fn bars(conn: &mut Conn, site: &Site<'_>) -> Result<Vec<Bar>, Error> {
    let today = site.today();
    let mut tasks = store::of_unit(conn, site.unit.id)?;
    tasks.retain(|task| task.campaign_id == site.campaign.id);
    let mut works = match &site.past {
        Some(past) => crate::branch_file::works_on(conn, tasks, past.day)?,
        None => store::works(conn, tasks)?,
    };
    works.retain(|work| work.task.state != TaskState::Stopped);
    let mut bars = Vec::new();
    for work in works {
        let task = &work.task;
        let (strand, href) = (site.strand(&task.strand), format!("/tasks/{}", task.id));
        let done = task.state != TaskState::Running;
        let title = format!("{} {}", task.citation(), task.title);
        bars.push(Bar {
            strand: strand.clone(),
            href: href.clone(),
            note: format!("完成{}%", work.actual(today) * 100 / FULL),
            ..Bar::new(BarKind::Task, title, (task.starts_day, task.due_day), done, today)
        });
        bars.extend(work.milestones.iter().map(|m| {
            let done = m.done_day.is_some();
            let title = format!("{}：{}", task.citation(), m.title);
            let note = m.done_day.map(|day| format!("{}完成", day.in_chinese())).unwrap_or_default();
            let bar = Bar::new(BarKind::Milestone, title, (m.starts_day, m.due_day), done, today);
            Bar { strand: strand.clone(), href: format!("{href}#milestones"), note, ..bar }
        }));
    }
    Ok(bars)
}
