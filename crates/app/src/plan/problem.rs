//! Deadlines of the problems a unit does, and the look-backs it has to make.

use super::{Bar, SOURCE_ROWS_MAX, Site};
use crate::{Error, likeness};
use bihuan_domain::Coded as _;
use bihuan_domain::plan::BarKind;
use bihuan_domain::problem::Problem;
use bihuan_store::{Conn, journal, plan as store};

/// Characters of a problem's text on the time line.
const TEXT_CHARS: usize = 60;

pub(super) fn bars(conn: &mut Conn, site: &Site<'_>) -> Result<Vec<Bar>, Error> {
    let today = site.today();
    let problems = match &site.past {
        // They come from the ledger of that day, which shows only what the reader may see.
        Some(past) => past.problems.clone(),
        None => store::problems_of(conn, site.unit.id, (site.from, site.to), SOURCE_ROWS_MAX)?,
    };
    let problems: Vec<Problem> =
        problems.into_iter().filter(|problem| problem.campaign_id == site.campaign.id).collect();
    let seen = match site.past.is_some() {
        true => problems.iter().map(|problem| problem.id).collect(),
        false => likeness::seen(conn, site.ctx, &problems)?,
    };
    let mut bars: Vec<Bar> = problems
        .iter()
        .filter(|problem| seen.contains(&problem.id))
        .filter_map(|problem| {
            let done = !problem.state.is_open() || !problem.state.doer_owes();
            let to = problem.closed_day.or(problem.clock_day)?;
            let from = problem.assigned_day.unwrap_or(problem.registered_day);
            Some(Bar {
                strand: site.strand(&problem.strand),
                note: problem.state.label().to_owned(),
                href: format!("/problems/{}", problem.id),
                ..Bar::new(BarKind::Problem, words(problem), (from, to), done, today)
            })
        })
        .collect();
    for look_back in store::look_backs_of(conn, site.unit.id, site.to, SOURCE_ROWS_MAX)? {
        let Some(problem) = journal::by_id::<Problem>(conn, look_back.problem_id.0)? else { continue };
        if problem.campaign_id != site.campaign.id {
            continue;
        }
        let days = (look_back.due_day, look_back.due_day);
        bars.push(Bar {
            strand: site.strand(&problem.strand),
            href: format!("/look-backs/{}", look_back.id),
            ..Bar::new(BarKind::LookBack, words(&problem), days, false, today)
        });
    }
    Ok(bars)
}

fn words(problem: &Problem) -> String {
    let text: String = problem.text.chars().take(TEXT_CHARS).collect();
    format!("{} {text}", problem.citation())
}
