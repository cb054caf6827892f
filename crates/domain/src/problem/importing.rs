//! Taking over what a ledger row says beyond the problem itself: measures, units, that it is done; and, on a
//! re-import, the fields a person decided to take.

use super::assigning::set_deadline;
use super::{
    Action, Assignment, Case, Flow, ImportedState, Outcome, PROBLEM_CHARS_MAX, REASON_CHARS_MAX, Scene,
    State, Step, assign,
};
use crate::deadline::Deadline;
use crate::id::MeasureId;
use crate::measure::{MEASURE_CHARS_MAX, MEASURES_MAX, Measure, MeasureState};
use crate::refusal::{Refusal, limit_text, require_text};
use crate::role::Role;

/// One measure as a ledger row words it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MeasureLineDraft {
    /// What will be done.
    pub text: String,
    /// Its own deadline, where the row has one that is understood.
    pub deadline: Option<Deadline>,
}

/// What a ledger row says of who and how far.
#[derive(Clone, Debug, Default)]
pub struct TakenOver {
    /// Measures in order.
    pub measures: Vec<MeasureLineDraft>,
    /// Who does it and who checks it; `None` where the row does not say.
    pub assignment: Option<Assignment>,
    /// What the status means.
    pub state: Option<ImportedState>,
}

/// Lets a freshly registered problem take over its row. Where the assignment is refused, the problem waits as 待交办
/// and the refusal is answered beside the step, so that an import lists it and goes on.
pub fn take_over(
    case: &mut Case,
    scene: &Scene<'_>,
    mut step: Step,
    row: TakenOver,
) -> (Step, Option<Refusal>) {
    if !case.problem.state.is_open() {
        add_lines(case, row.measures);
        return (step, None);
    }
    let mut refused = None;
    if case.problem.state == State::Accepted
        && let Some(order) = row.assignment
    {
        let mut tried = case.clone();
        match assign(&mut tried, scene, order, "") {
            Ok(assigned) => {
                *case = tried;
                step.flows.extend(assigned.flows);
                step.unit_id = assigned.unit_id;
            }
            Err(refusal) => refused = Some(refusal),
        }
    }
    add_lines(case, row.measures);
    if row.state == Some(ImportedState::Reported) && case.problem.state == State::Assigned {
        report_by_ledger(case, scene);
        step.flows.push(Flow::Reported);
    }
    case.settle(scene);
    (step, refused)
}

/// The ledger says it is done: it waits for the checking unit like any other report.
fn report_by_ledger(case: &mut Case, scene: &Scene<'_>) {
    let standing_only = case.problem.standing && case.problem.due_day.is_none();
    case.problem.outcome = Some(if standing_only { Outcome::Standing } else { Outcome::Solved });
    case.problem.statement =
        [&case.problem.progress, &case.problem.status_text].into_iter().find(|t| !t.is_empty()).map_or_else(
            || "台账导入时填写为已完成".to_owned(),
            |text| text.chars().take(REASON_CHARS_MAX).collect(),
        );
    case.problem.filed_day = Some(scene.today);
    case.problem.state = State::Reported;
    for measure in &mut case.measures {
        measure.state = MeasureState::Done;
        measure.done_note = "台账导入时填写为已完成".to_owned();
    }
    let checking = case.problem.checking_unit_id;
    case.move_clock(scene, checking, "验收");
}

fn add_lines(case: &mut Case, lines: Vec<MeasureLineDraft>) {
    let owner = case.problem.lead_unit_id.unwrap_or(case.problem.home_unit_id);
    let round = case.problem.round;
    for line in lines {
        let ordinal = case.measures.iter().filter(|m| m.round == round).count() as i64 + 1;
        if line.text.trim().is_empty() || ordinal > MEASURES_MAX as i64 {
            continue;
        }
        let dated = line.deadline.filter(|d| d.date.is_some() || d.standing);
        case.measures.push(Measure {
            id: MeasureId(0),
            problem_id: case.problem.id,
            round,
            ordinal,
            text: line.text.trim().chars().take(MEASURE_CHARS_MAX).collect(),
            goal: String::new(),
            owner_unit_id: owner,
            owner_post_id: None,
            deadline_text: dated.as_ref().map(|d| d.text.clone()).unwrap_or_default(),
            due_day: dated.as_ref().and_then(|d| d.date),
            standing: dated.is_some_and(|d| d.standing),
            state: MeasureState::Planned,
            done_note: String::new(),
            claimed_day: None,
            filed_day: None,
            filed_by: None,
            version: 1,
        });
    }
}

/// What a person decided to take from a ledger that came again; `None` keeps ours.
#[derive(Clone, Debug, Default)]
pub struct Retaken {
    /// What is wrong.
    pub text: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// Category.
    pub category: Option<String>,
    /// Goal.
    pub goal: Option<String>,
    /// Deadline, wording kept.
    pub deadline: Option<Deadline>,
    /// Account of progress.
    pub progress: Option<String>,
    /// Status as written.
    pub status_text: Option<String>,
    /// Remark.
    pub remark: Option<String>,
    /// Measures that were not there before.
    pub measures: Vec<MeasureLineDraft>,
    /// Measures that the ledger no longer names and a person gave up.
    pub gone: Vec<MeasureId>,
    /// Units as the ledger now names them.
    pub assignment: Option<Assignment>,
}

impl Retaken {
    /// Nothing was taken.
    pub fn is_empty(&self) -> bool {
        let texts = [
            &self.text,
            &self.place,
            &self.category,
            &self.goal,
            &self.progress,
            &self.status_text,
            &self.remark,
        ];
        texts.iter().all(|text| text.is_none())
            && self.deadline.is_none()
            && self.measures.is_empty()
            && self.gone.is_empty()
            && self.assignment.is_none()
    }
}

/// Takes changed fields of a ledger that came again into a problem that is still open.
///
/// # Errors
/// `wrong_state` for closed problems, `not_allowed`, `deadline_unclear`, `measure_not_open`, text limits, and what [`assign`] refuses.
pub fn re_import(case: &mut Case, scene: &Scene<'_>, taken: Retaken) -> Result<Step, Refusal> {
    let open: Vec<State> = [State::Registered, State::Screened, State::Returned, State::Accepted]
        .into_iter()
        .chain([State::Assigned, State::Rectifying, State::SentBack, State::HandedUp])
        .collect();
    case.require_state("按台账更新", &open)?;
    let registered = case.units_with(super::PartyRole::Registering).next().map(|party| party.path.clone());
    let registered = registered.unwrap_or_else(|| case.problem.home_path.clone());
    if !scene.actor.holds_any(&[Role::Office, Role::Filler], &registered) {
        return Err(Refusal::not_allowed("按台账更新", "登记单位的工作专班或填报员身份"));
    }
    let mut flows = Vec::new();
    if let Some(order) = taken.assignment {
        flows = assign(case, scene, order, "台账更新调整单位")?.flows;
    }
    take_texts(case, &taken.text, &taken.place, &taken.category)?;
    if let Some(goal) = &taken.goal {
        case.problem.goal = limit_text("goal", "整改目标", goal, REASON_CHARS_MAX)?;
    }
    if let Some(remark) = &taken.remark {
        case.problem.remark = limit_text("remark", "备注", remark, REASON_CHARS_MAX)?;
    }
    if let Some(progress) = taken.progress {
        case.problem.progress = progress;
    }
    if let Some(status) = taken.status_text {
        case.problem.status_text = status;
    }
    if let Some(deadline) = taken.deadline {
        take_deadline(case, scene, &deadline)?;
    }
    give_up(case, &taken.gone)?;
    add_lines(case, taken.measures);
    case.settle(scene);
    let unit = case.problem.home_unit_id;
    Ok(Step { action: Action::ReImported, flows, note: String::new(), unit_id: unit })
}

/// Measures the ledger no longer names, given up by whoever decided so; what is done stays.
fn give_up(case: &mut Case, gone: &[MeasureId]) -> Result<(), Refusal> {
    for id in gone {
        let measure = super::doing::planned(case, *id)?;
        measure.state = MeasureState::Dropped;
        measure.done_note = "台账更新：文件里已没有这条措施".to_owned();
    }
    Ok(())
}

fn take_texts(
    case: &mut Case,
    text: &Option<String>,
    place: &Option<String>,
    category: &Option<String>,
) -> Result<(), Refusal> {
    if let Some(text) = text {
        case.problem.text = require_text("text", "问题描述", text, PROBLEM_CHARS_MAX)?;
    }
    if let Some(place) = place {
        case.problem.place = limit_text("place", "地点", place, 200)?;
    }
    if let Some(category) = category {
        case.problem.category = limit_text("category", "类别", category, 100)?;
    }
    Ok(())
}

/// A ledger cannot put off what was set here: that is an extension, which is asked for and counted.
fn take_deadline(case: &mut Case, scene: &Scene<'_>, deadline: &Deadline) -> Result<(), Refusal> {
    if deadline.date.is_none() && !deadline.standing {
        return Err(Refusal::of_field(
            "deadline",
            "deadline_unclear",
            format!("台账中的时限“{}”没有确定到日期。", deadline.text),
            "请先在“时限”一栏确认日期，或写明“长期坚持”。",
        ));
    }
    let later = case.problem.due_day.is_some_and(|due| deadline.date.is_none_or(|day| day > due));
    let under_way = !case.problem.state.is_intake();
    if under_way && later && !scene.actor.holds(Role::Office, &case.problem.home_path) {
        return Err(Refusal::of_field(
            "deadline",
            "deadline_by_extension",
            "台账把时限推后了，须由专班办理或走延期申请。",
            "请由牵头单位申请延期，或由工作专班更新。",
        ));
    }
    let (first, unit) = (case.problem.first_due_day, case.problem.deadline_unit_id);
    set_deadline(case, deadline);
    if under_way {
        case.problem.first_due_day = first.or(case.problem.first_due_day);
    }
    case.problem.deadline_unit_id = unit.or(Some(case.problem.registered_unit_id));
    Ok(())
}
