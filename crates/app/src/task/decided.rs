//! Tasks that a meeting decides on the spot, and decisions that follow their tasks.

use super::steps::entry;
use crate::Error;
use crate::context::Context;
use bihuan_domain::Day;
use bihuan_domain::dispatch::TASK_KIND;
use bihuan_domain::id::{CampaignId, PostId, TaskId};
use bihuan_domain::task::{self as rules, Desk, Draft, Place, Task, TaskAction};
use bihuan_domain::template::Template;
use bihuan_domain::unit::Unit;
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::{Conn, dispatch, task as store};

/// Characters of a decision that fit into the title of its task; the whole stands in its goal.
const TITLE_CHARS: usize = 60;

/// What a meeting decided, for the task that it becomes.
pub(crate) struct Decided<'a> {
    pub campaign: CampaignId,
    pub template: Option<&'a Template>,
    /// Who does it.
    pub unit: &'a Unit,
    /// Whose meeting it was.
    pub order: &'a Unit,
    /// What was decided.
    pub text: &'a str,
    /// Which meeting, in words.
    pub meeting: String,
    /// Who answers for it there, in words.
    pub owner: &'a str,
    pub starts_day: Day,
    pub due_day: Day,
}

/// The task that a decision becomes, with the entry that sets it. The caller appends both in one go.
///
/// # Errors
/// Refusals of `task::create_at_meeting`.
pub(crate) fn set_at_meeting(
    conn: &mut Conn,
    ctx: &Context,
    decided: &Decided<'_>,
) -> Result<(Task, NewEntry), Error> {
    let text = decided.text.trim();
    let mut title: String = text.chars().take(TITLE_CHARS).collect();
    if text.chars().count() > TITLE_CHARS {
        title.push('…');
    }
    let answers =
        if decided.owner.is_empty() { String::new() } else { format!("责任人：{}。", decided.owner) };
    let known = decided.template.and_then(|template| template.task_kind(TASK_KIND));
    let draft = Draft {
        kind: known.map(|kind| kind.code.clone()).unwrap_or_default(),
        project: false,
        title,
        goal: format!("{text}（{}议定）{answers}", decided.meeting),
        strand: String::new(),
        owner_post_id: post_of(conn, ctx, decided)?,
        partners: String::new(),
        starts_day: decided.starts_day,
        due_day: decided.due_day,
        budget_fen: 0,
        spent_fen: 0,
        beneficiaries: 0,
        beneficiary_words: String::new(),
    };
    let place = |unit: &Unit| Place { unit: unit.id, path: unit.path.clone() };
    let desk = Desk { actor: &ctx.actor, today: ctx.today() };
    let (unit, order) = (place(decided.unit), place(decided.order));
    let mut task = rules::create_at_meeting(&desk, decided.campaign, &unit, &order, &draft)?;
    task.id = TaskId(journal::next_id(conn, "task", 1)?);
    task.number = store::next_number(conn, decided.campaign)?;
    let note = format!("“{}”，{}议定，时限{}", task.title, decided.meeting, task.due_day.in_chinese());
    let entry = entry(&task, TaskAction::Created, note, vec![Write::insert(&task)]);
    Ok((task, entry))
}

/// The post of the doing unit that the words name, by its holder or, where only one bears it, by its own name.
fn post_of(conn: &mut Conn, ctx: &Context, decided: &Decided<'_>) -> Result<Option<PostId>, Error> {
    let words = decided.owner.trim();
    if words.is_empty() {
        return Ok(None);
    }
    let posts = bihuan_store::problem::units::posts_of_units(conn, &[decided.unit.id], ctx.today())?;
    let held: Vec<PostId> = posts
        .iter()
        .filter(|post| !post.holder.is_empty() && words.contains(&post.holder))
        .map(|post| post.post)
        .collect();
    let named: Vec<PostId> = posts.iter().filter(|post| post.name == words).map(|post| post.post).collect();
    Ok(match (held.as_slice(), named.as_slice()) {
        ([one], _) | ([], [one]) => Some(*one),
        _ => None,
    })
}

/// What a task that ends writes into the decision it came from.
///
/// # Errors
/// Faults of the database.
pub(super) fn decision_follows(conn: &mut Conn, task: &Task) -> Result<Option<Write>, Error> {
    let Some(before) = dispatch::decision_of_task(conn, task.id)? else { return Ok(None) };
    Ok(Write::update(&before, &before.follow(task)))
}
