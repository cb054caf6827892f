//! Which table with words in it is searched, and why the others are not.

use super::SOURCES;

/// Tables whose words are searched with those of a source: table and kind of the source.
pub const PARTS: &[(&str, &str)] = &[
    ("check_decision", "text_check"),
    ("class_session", "study_class"),
    ("dispatch_decision", "dispatch"),
    ("dispatch_item", "dispatch"),
    ("dispatch_series", "dispatch"),
    ("finding", "visit"),
    ("look_back_duty", "look_back"),
    ("measure", "problem"),
    ("milestone", "task"),
    ("muster_step", "muster"),
    ("muster_unit", "muster"),
    ("problem_round", "problem"),
    ("report", "report"),
    ("report_file", "report"),
    ("request", "problem"),
    ("required_action_version", "required_action"),
    ("slip_step", "slip"),
    ("target_reading", "task"),
    ("task_note", "task"),
    ("task_target", "task"),
];

/// Tables that are not searched, each with the reason.
pub const LEFT_OUT: &[(&str, &str)] = &[
    (
        "account",
        "people are found on their own page by those who may: an index keeps words that an erasure must take back",
    ),
    ("activity_person", "who was there is counted, not searched"),
    ("activity_version", "what an activity said before it was corrected is read on its page"),
    ("alert", "for administrators, on their own page"),
    ("api_token", "secrets and their names"),
    ("calendar_day", "names of holidays"),
    ("channel", "settings of ways out"),
    ("clearance", "a label and no words"),
    ("digest", "made anew each day from what is searched"),
    ("erasure", "requests of people about themselves"),
    ("evidence_label", "a label and no words"),
    ("finding_photo", "pictures without words"),
    ("inspection_revision", "what a plan said before; the plan is searched"),
    ("ledger_import", "its rows became problems, which are searched"),
    ("ledger_layout", "how columns are read"),
    ("ledger_row", "its rows became problems, which are searched"),
    ("message", "what went out through channels, made of what is searched"),
    ("office_word", "word lists, on their own page"),
    ("person", "as accounts"),
    ("person_contact", "as accounts"),
    ("post", "as accounts"),
    ("problem_deed", "who did what, without words"),
    ("problem_holding", "names of a step, which the page of the problem tells"),
    ("problem_party", "wordings of units; the units are searched"),
    ("problem_version", "what a problem said before; the problem is searched"),
    ("report_figure", "figures of a report, whose file is searched"),
    ("report_series", "counters of numbers"),
    ("report_template", "a form without matter of its own: its words stand in every report made from it"),
    ("role_grant", "roles"),
    ("routing_rule", "the reason stands in the slip that made it"),
    ("saved_view", "a person's own names for lists"),
    ("scope", "names of sets of units"),
    ("study_hours", "personal: only the person sees it, and it is sealed"),
    ("study_plan", "personal: only the person sees it, and it is sealed"),
    ("unit_change", "the history of a unit, on its page"),
    ("unit_name", "names that a unit bore before; the unit is searched"),
    ("unit_standing", "classes of units"),
];

/// Tables that are searched by themselves.
pub fn tables() -> Vec<&'static str> {
    SOURCES.iter().map(|source| source.table).collect()
}
