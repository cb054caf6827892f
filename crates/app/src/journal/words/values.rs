//! The labels of coded values: the closed lists of the house, and the lists of a campaign's own template.

use super::{Words, find};
use bihuan_domain::Coded;
use bihuan_domain::activity::{ActivityState, Attendance};
use bihuan_domain::alert::AlertKind;
use bihuan_domain::breakdown::{Becomes, DraftState};
use bihuan_domain::campaign::{AuthorityBasis, CampaignState};
use bihuan_domain::channel::ChannelKind;
use bihuan_domain::colour::Colour;
use bihuan_domain::deadline::DeadlineKind;
use bihuan_domain::dispatch::{AgendaSource, DecisionState, DispatchState};
use bihuan_domain::draw::{DrawMethod, DrawPurpose, DrawState};
use bihuan_domain::erasure::ErasureState;
use bihuan_domain::evidence::Stage;
use bihuan_domain::help::HelpState;
use bihuan_domain::inspection::{InspectionKind, InspectionMeans, InspectionState, VisitKind, VisitState};
use bihuan_domain::label::Label;
use bihuan_domain::ledger_import::ImportState;
use bihuan_domain::look_back::LookBackResult;
use bihuan_domain::measure::MeasureState;
use bihuan_domain::muster::{CalledState, MusterState, MusterVerb};
use bihuan_domain::office_word::WordKind;
use bihuan_domain::person::AccountState;
use bihuan_domain::problem::{DeedKind, Outcome, PartyRole, State, Truth};
use bihuan_domain::report::{EditionState, FileFormat, ReportKind};
use bihuan_domain::request::{RequestKind, RequestState};
use bihuan_domain::required_action::{ExcuseState, SubjectKind as ActionSubject};
use bihuan_domain::role::Role;
use bihuan_domain::slip::{SlipKind, SlipState, SlipVerb, SubjectKind};
use bihuan_domain::talk::TalkKind;
use bihuan_domain::task::{TaskNoteKind, TaskStage, TaskState};
use bihuan_domain::template::Template;
use bihuan_domain::unit::{Level, UnitKind};

/// How often a task of a document returns, as the text rules name it.
const RHYTHMS: Words = &[
    ("once", "一次"),
    ("weekly", "每周"),
    ("monthly", "每月"),
    ("quarterly", "每季度"),
    ("yearly", "每年"),
    ("continuous", "定期、经常"),
];

/// Who a task of a document is for, as the text rules name it.
const ADDRESSED: Words = &[
    ("office", "专班、工作组"),
    ("leader", "领导班子和负责人"),
    ("branch", "党支部"),
    ("member", "党员"),
    ("city", "市级"),
    ("county", "县级"),
    ("unit", "单位"),
];

/// What an item of a meeting's agenda is about, beside the kinds of subjects.
const ITEMS: Words = &[("action", "规定动作"), ("decision", "议定事项"), ("more", "其余各项")];

fn label<T: Coded>(code: &str) -> Option<&'static str> {
    T::from_code(code).map(Coded::label)
}

/// The label of a coded value; `None` when the column holds free text or a code of a template.
pub fn coded(table: &str, column: &str, code: &str) -> Option<&'static str> {
    loop_values(table, column, code)
        .or_else(|| house_values(table, column, code))
        .or_else(|| supervision_values(table, column, code))
        .or_else(|| paper_values(table, column, code))
}

/// Problems, measures, tasks, required actions.
fn loop_values(table: &str, column: &str, code: &str) -> Option<&'static str> {
    match (table, column) {
        ("problem", "state") => label::<State>(code),
        ("problem" | "problem_round", "outcome") => label::<Outcome>(code),
        ("problem", "truth") => label::<Truth>(code),
        ("problem", "forced_colour") => label::<Colour>(code),
        ("problem", "deadline_kind") => DeadlineKind::from_code(code).map(DeadlineKind::label),
        ("problem_party", "role") => label::<PartyRole>(code),
        ("problem_deed", "kind") => label::<DeedKind>(code),
        ("measure", "state") => label::<MeasureState>(code),
        ("evidence", "stage") => label::<Stage>(code),
        ("request", "kind") => label::<RequestKind>(code),
        ("request", "state") => label::<RequestState>(code),
        ("look_back", "result") => label::<LookBackResult>(code),
        ("task", "state") => label::<TaskState>(code),
        ("task_note", "kind") => label::<TaskNoteKind>(code),
        ("task_evidence", "stage") => label::<TaskStage>(code),
        ("activity", "state") => label::<ActivityState>(code),
        ("activity_person", "attendance") => label::<Attendance>(code),
        ("required_action", "subject") | ("action_excuse", "subject_kind") => label::<ActionSubject>(code),
        ("action_excuse", "state") => label::<ExcuseState>(code),
        _ => None,
    }
}

/// Units, persons, campaigns, imports.
fn house_values(table: &str, column: &str, code: &str) -> Option<&'static str> {
    match (table, column) {
        ("role_grant", "role") => label::<Role>(code),
        ("erasure", "state") => label::<ErasureState>(code),
        ("evidence_label" | "clearance", "label") => label::<Label>(code),
        ("alert", "kind") => label::<AlertKind>(code),
        ("account", "state") => label::<AccountState>(code),
        ("unit" | "unit_standing", "level") => label::<Level>(code),
        ("unit" | "unit_standing", "kind") => label::<UnitKind>(code),
        ("campaign", "state") => label::<CampaignState>(code),
        ("campaign", "basis") => label::<AuthorityBasis>(code),
        ("channel", "kind") => label::<ChannelKind>(code),
        ("ledger_import", "state") => label::<ImportState>(code),
        _ => None,
    }
}

/// Slips, talks, inspections, draws, meetings, help.
fn supervision_values(table: &str, column: &str, code: &str) -> Option<&'static str> {
    match (table, column) {
        ("slip", "state") => label::<SlipState>(code),
        ("slip", "kind") => label::<SlipKind>(code),
        ("slip" | "muster", "subject_kind") => label::<SubjectKind>(code),
        ("slip_step", "verb") => label::<SlipVerb>(code),
        ("talk", "kind") => label::<TalkKind>(code),
        ("muster", "state") => label::<MusterState>(code),
        ("muster_unit", "state") => label::<CalledState>(code),
        ("muster_step", "verb") => label::<MusterVerb>(code),
        ("inspection", "kind") => label::<InspectionKind>(code),
        ("inspection", "means") => label::<InspectionMeans>(code),
        ("inspection", "state") => label::<InspectionState>(code),
        ("visit", "kind") => label::<VisitKind>(code),
        ("visit", "state") => label::<VisitState>(code),
        ("draw", "purpose") => label::<DrawPurpose>(code),
        ("draw", "method") => label::<DrawMethod>(code),
        ("draw", "state") => label::<DrawState>(code),
        ("dispatch", "state") => label::<DispatchState>(code),
        ("dispatch_item", "source") => label::<AgendaSource>(code),
        ("dispatch_item", "subject_kind") => find(ITEMS, code).or_else(|| find(super::NOUNS, code)),
        ("dispatch_decision", "state") => label::<DecisionState>(code),
        ("help", "state") => label::<HelpState>(code),
        _ => None,
    }
}

/// Reports, documents broken down, checked texts.
fn paper_values(table: &str, column: &str, code: &str) -> Option<&'static str> {
    match (table, column) {
        ("report" | "report_template", "kind") => label::<ReportKind>(code),
        ("report_edition", "state") => label::<EditionState>(code),
        ("report_file", "format") => label::<FileFormat>(code),
        ("breakdown_draft", "state") => label::<DraftState>(code),
        ("breakdown_draft", "becomes_kind") => label::<Becomes>(code),
        ("breakdown_draft", "cadence") => find(RHYTHMS, code),
        ("breakdown_draft", "subject_level") => find(ADDRESSED, code),
        ("office_word", "kind") => label::<WordKind>(code),
        _ => None,
    }
}

/// The name of a value that a campaign's template lists; `None` when the column holds none of its codes.
pub fn in_template(template: &Template, table: &str, column: &str, code: &str) -> Option<String> {
    match (table, column) {
        ("problem", "category") => template.category(code).map(|entry| entry.name.clone()),
        ("problem" | "breakdown_draft", "strand") => template.strand(code).map(|entry| entry.name.clone()),
        ("problem", "source") => template.source(code).map(|entry| entry.name.clone()),
        ("task", "kind") => template.task_kind(code).map(|kind| kind.name.clone()),
        ("slip", "form") => template.slip(code).map(|form| form.name.clone()),
        ("slip", "rule") => {
            template.ladder.iter().find(|rule| rule.code == code).map(|rule| rule.name.clone())
        }
        ("activity", "kind") => template.activity_kind(code).map(|kind| kind.name.clone()),
        ("report", "template_code") => {
            template.reports.iter().find(|form| form.code == code).map(|form| form.name.clone())
        }
        _ => None,
    }
}
