//! Which domain type is which table. Types that exist only as rows are declared here too.

use bihuan_domain::alert::Alert;
use bihuan_domain::calendar::CalendarRow;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::channel::Channel;
use bihuan_domain::digest::Digest;
use bihuan_domain::dispatch::{Decision, Dispatch, DispatchItem, DispatchSeries, WeekPlan};
use bihuan_domain::draw::Draw;
use bihuan_domain::erasure::Erasure;
use bihuan_domain::evidence::Evidence;
use bihuan_domain::help::Help;
use bihuan_domain::id::{
    AccountId, CampaignId, InspectionId, LedgerImportId, PersonId, ProblemId, ScopeId, UnitId, VisitId,
};
use bihuan_domain::inspection::{Finding, FindingPhoto, Inspection, Visit};
use bihuan_domain::ledger_import::ImportState;
use bihuan_domain::look_back::{LookBack, LookBackDuty};
use bihuan_domain::measure::Measure;
use bihuan_domain::muster::{CalledUnit, Muster, MusterStep};
use bihuan_domain::person::{Account, Person, Post, RoleGrant, Tenure};
use bihuan_domain::problem::{DeedKind, Outcome, PartyRole, Problem};
use bihuan_domain::report::{Edition, EditionFigure, EditionFile, NumberSeries, Report, ReportTemplate};
use bihuan_domain::request::Request;
use bihuan_domain::slip::{RoutingRule, Slip, SlipStep};
use bihuan_domain::talk::Talk;
use bihuan_domain::unit::reorganise::UnitAction;
use bihuan_domain::unit::{Level, Unit, UnitKind};
use bihuan_domain::{Day, Instant};

use crate::record;

record!(CalendarRow, "calendar_day", key [day], personal [], { day, kind, name });
record!(Unit, "unit", key [id], personal [], { id, code, name, short_names, kind, level, sector, line, parent_id, path, official_order, created_day, closed_day, successor_id, version });
record!(Alert, "alert", key [id], personal [], { id, kind, account_id, source_address, first_at, last_at, times, detail, acknowledged_by, acknowledged_at, word, version });
record!(Erasure, "erasure", key [id], personal [], { id, person_id, asked_by, asked_day, reason, state, requested_by, requested_at, decided_by, decided_at, word, version });
record!(Person, "person", key [id], personal [name, phone], { id, name, phone, version });
record!(Post, "post", key [id], personal [], { id, unit_id, name, leads, shared, official_order, closed_day, version });
record!(Tenure, "tenure", key [id], personal [], { id, post_id, person_id, from_day, to_day });
record!(Account, "account", key [id], personal [login, password_hash], { id, person_id, login, password_hash, must_change, password_set_at, state, version });
record!(RoleGrant, "role_grant", key [id], personal [], { id, role, post_id, person_id, unit_id, from_day, to_day });
record!(Campaign, "campaign", key [id], personal [], { id, code, name, office_unit_id, basis, authority, document, scope, state, starts_day, ends_day, template_text, follows_id, version });
record!(Problem, "problem", key [id], personal [], { id, campaign_id, number, round, text, place, category, strand, source, ground, goal, deadline_text, deadline_kind, due_day, standing, recheck_days, first_due_day, state, outcome, truth, registered_unit_id, registered_by, home_unit_id, home_path, lead_unit_id, checking_unit_id, deadline_unit_id, holder_unit_id, leader_post_id, task_team, registered_day, assigned_day, signed_day, claimed_day, filed_day, verified_day, notice_until_day, closed_day, statement, progress, status_text, remark, send_backs, extensions, recurrences, clock_day, forced_colour, forced_until_day, forced_reason, root_cause_id, merged_into_id, split_from_id, import_id, import_sheet, import_row, import_key, import_seq, extra, changed_at, version });
record!(Measure, "measure", key [id], personal [], { id, problem_id, round, ordinal, text, goal, owner_unit_id, owner_post_id, deadline_text, due_day, standing, state, done_note, claimed_day, filed_day, filed_by, version });
record!(Evidence, "evidence", key [id], personal [], { id, problem_id, round, measure_id, stage, caption, file_name, digest, media_type, size_bytes, edition, replaced_by, filed_by, filed_unit_id, filed_at });
record!(Request, "request", key [id], personal [], { id, problem_id, round, kind, asked_by, asked_unit_id, asked_at, reason, deadline_text, new_due_day, to_unit_id, state, decided_by, decided_at, decision_reason, version });
record!(Slip, "slip", key [id], personal [], { id, campaign_id, form, form_name, kind, issuer_unit_id, year, number, document_prefix, subject_kind, subject_id, subject_unit_id, subject_day, subject_words, to_unit_id, holder_unit_id, to_post_id, copy_unit_id, title, body, urgent, state, drafted_by, drafted_at, issued_by, issued_day, answer_working_days, answer_day, signed_by, signed_day, answer, answered_by, answered_day, passes, decider_unit_id, decide_by_day, rule, cause, cause_due_day, cause_round, version });
record!(SlipStep, "slip_step", key [slip_id, ordinal], personal [], { slip_id, ordinal, verb, unit_id, to_unit_id, person_id, at, words });
record!(RoutingRule, "routing_rule", key [id], personal [], { id, campaign_id, category, from_unit_id, to_unit_id, slip_id, decided_day, reason });
record!(Talk, "talk", key [id], personal [person_id, ground, readers, statement, objection, objection_answer, outcome], { id, campaign_id, slip_id, unit_id, person_id, kind, ground, decided_by, decided_day, readers, statement, stated_at, objection, objected_at, objection_answer, objection_answered_by, outcome, version });
record!(Muster, "muster", key [id], personal [], { id, campaign_id, subject_kind, subject_id, subject_words, caller_unit_id, called_by, called_at, lead_unit_id, needed, due_day, state, result, finished_by, ended_at, version });
record!(CalledUnit, "muster_unit", key [muster_id, unit_id], personal [], { muster_id, unit_id, ordinal, state, present_at, present_by, did, done_at, done_by });
record!(MusterStep, "muster_step", key [muster_id, ordinal], personal [], { muster_id, ordinal, verb, unit_id, person_id, at, words });
record!(Digest, "digest", key [person_id, day], personal [body], { person_id, day, made_at, items, late, body });
record!(Channel, "channel", key [id], personal [], { id, unit_id, kind, name, host, sender, login, enabled, version });
record!(LookBack, "look_back", key [id], personal [], { id, problem_id, round, unit_id, person_id, due_day, result, note, done_by, done_at, version });
record!(Report, "report", key [id], personal [], { id, campaign_id, unit_id, template_code, own_template_id, kind, from_day, to_day, created_by, created_at, version });
record!(Edition, "report_edition", key [id], personal [], { id, report_id, number, state, title, addressee, text, trimmings, document_number, reason, as_of_seq, as_of_day, issued_by, issued_at, frozen, version });
record!(EditionFigure, "report_figure", key [edition_id, ordinal], personal [], { edition_id, ordinal, code, name, label, definition, denominator, unit, value, out_of, shown, address });
record!(EditionFile, "report_file", key [edition_id, format], personal [], { edition_id, format, digest, size_bytes, pages, fonts });
record!(NumberSeries, "report_series", key [unit_id, prefix, year], personal [], { unit_id, prefix, year, last });
record!(ReportTemplate, "report_template", key [id], personal [], { id, campaign_id, unit_id, name, kind, file_name, digest, created_by, created_at, version });

/// The name a unit bore from one day to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitNameRow {
    /// The unit.
    pub unit_id: UnitId,
    /// First day.
    pub from_day: Day,
    /// Day after the last; `None` for the name of today.
    pub to_day: Option<Day>,
    /// The name.
    pub name: String,
}
record!(UnitNameRow, "unit_name", key [unit_id, from_day], personal [], { unit_id, from_day, to_day, name });

/// What a unit was from one day to another that has passed; what it is now stands in its own row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitStandingRow {
    /// The unit.
    pub unit_id: UnitId,
    /// First day.
    pub from_day: Day,
    /// Day after the last.
    pub to_day: Day,
    /// Kind.
    pub kind: UnitKind,
    /// Level.
    pub level: Level,
    /// Sector.
    pub sector: String,
    /// Line ministry.
    pub line: String,
}
impl UnitStandingRow {
    /// The row that holds on a day; none where the unit was then what it is now.
    pub fn on(rows: &[UnitStandingRow], day: Day) -> Option<&UnitStandingRow> {
        rows.iter().find(|row| row.from_day <= day && day < row.to_day)
    }

    /// The unit with the facts it had on a day.
    pub fn of_day(rows: &[UnitStandingRow], unit: &Unit, day: Day) -> Unit {
        match UnitStandingRow::on(rows, day) {
            Some(row) => Unit {
                kind: row.kind,
                level: row.level,
                sector: row.sector.clone(),
                line: row.line.clone(),
                ..unit.clone()
            },
            None => unit.clone(),
        }
    }
}
record!(UnitStandingRow, "unit_standing", key [unit_id, from_day], personal [], { unit_id, from_day, to_day, kind, level, sector, line });

/// What happened to a unit on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitChange {
    /// Number.
    pub id: i64,
    /// The unit.
    pub unit_id: UnitId,
    /// What happened.
    pub kind: UnitAction,
    /// From this day on.
    pub day: Day,
    /// The other unit: new parent, successor, the unit split off.
    pub other_unit_id: Option<UnitId>,
    /// In words.
    pub detail: String,
}
record!(UnitChange, "unit_change", key [id], personal [], { id, unit_id, kind, day, other_unit_id, detail });

/// A scope kept under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedScope {
    /// Number.
    pub id: ScopeId,
    /// Name.
    pub name: String,
    /// The unit whose people may use and change it.
    pub owner_unit_id: UnitId,
    /// The scope as JSON.
    pub definition: String,
    /// Row version.
    pub version: i64,
}
record!(SavedScope, "scope", key [id], personal [], { id, name, owner_unit_id, definition, version });

/// A unit with its role in a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyRow {
    /// The problem.
    pub problem_id: ProblemId,
    /// The unit.
    pub unit_id: UnitId,
    /// Its role.
    pub role: PartyRole,
    /// The unit as written in the ledger.
    pub written: String,
}
record!(PartyRow, "problem_party", key [problem_id, unit_id, role], personal [], { problem_id, unit_id, role, written });

/// A round of a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundRow {
    /// The problem.
    pub problem_id: ProblemId,
    /// Number, from 1.
    pub round: i64,
    /// First day.
    pub opened_day: Day,
    /// Why it was opened again.
    pub reason: String,
    /// Last day.
    pub closed_day: Option<Day>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// What the doer stated.
    pub statement: String,
}
record!(RoundRow, "problem_round", key [problem_id, round], personal [], { problem_id, round, opened_day, reason, closed_day, outcome, statement });

/// A person's hand in a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeedRow {
    /// The problem.
    pub problem_id: ProblemId,
    /// The round.
    pub round: i64,
    /// The person.
    pub person_id: PersonId,
    /// For which unit.
    pub unit_id: UnitId,
    /// What.
    pub kind: DeedKind,
}
record!(DeedRow, "problem_deed", key [problem_id, round, person_id, unit_id, kind], personal [], { problem_id, round, person_id, unit_id, kind });

/// Who held the clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoldingRow {
    /// The problem.
    pub problem_id: ProblemId,
    /// Order, from 1.
    pub ordinal: i64,
    /// The unit.
    pub unit_id: UnitId,
    /// Since.
    pub from_us: Instant,
    /// Until.
    pub to_us: Option<Instant>,
    /// What for.
    pub why: String,
}
record!(HoldingRow, "problem_holding", key [problem_id, ordinal], personal [], { problem_id, ordinal, unit_id, from_us, to_us, why });

/// A row of an imported ledger as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerRowRecord {
    /// The import.
    pub import_id: LedgerImportId,
    /// Order in the file, from 1.
    pub ordinal: i64,
    /// Key for re-imports.
    pub row_key: String,
    /// The row as JSON.
    pub content: String,
    /// The problem it became.
    pub problem_id: Option<ProblemId>,
}
record!(LedgerRowRecord, "ledger_row", key [import_id, ordinal], personal [], { import_id, ordinal, row_key, content, problem_id });

/// An import of a ledger file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerImport {
    /// Number.
    pub id: LedgerImportId,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// The unit that registers its problems.
    pub unit_id: UnitId,
    /// File name as sent.
    pub file_name: String,
    /// SHA-256 of the file: where its bytes are.
    pub digest: String,
    /// The day deadlines are reckoned from.
    pub issued_day: Day,
    /// How far it is.
    pub state: ImportState,
    /// How each sheet is read, as JSON.
    pub mapping: String,
    /// Answers to what was doubtful, as JSON.
    pub answers: String,
    /// What came of it, as JSON.
    pub counts: String,
    /// Who imports.
    pub imported_by: PersonId,
    /// When the file was sent.
    pub imported_at: Instant,
    /// The earlier import of the same layout it follows.
    pub follows_id: Option<LedgerImportId>,
    /// The account in whose name the rows are registered; `None` before that began.
    pub run_by: Option<AccountId>,
    /// Rows to register in all; 0 before that began.
    pub rows_total: i64,
    /// Why it stands still, in Chinese; empty while nothing keeps it from going on.
    pub halted: String,
    /// Row version.
    pub version: i64,
}
record!(LedgerImport, "ledger_import", key [id], personal [], { id, campaign_id, unit_id, file_name, digest, issued_day, state, mapping, answers, counts, imported_by, imported_at, follows_id, run_by, rows_total, halted, version });

/// The mapping remembered for a layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerLayout {
    /// Digest of the headers.
    pub fingerprint: String,
    /// The campaign.
    pub campaign_id: CampaignId,
    /// The mapping as JSON.
    pub mapping: String,
    /// Row version.
    pub version: i64,
}
record!(LedgerLayout, "ledger_layout", key [fingerprint, campaign_id], personal [], { fingerprint, campaign_id, mapping, version });

/// A filter of the ledger that a person keeps under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    /// Number.
    pub id: i64,
    /// Whose.
    pub person_id: PersonId,
    /// Name.
    pub name: String,
    /// The filter as a query string.
    pub query: String,
    /// Row version.
    pub version: i64,
}
record!(SavedView, "saved_view", key [id], personal [name], { id, person_id, name, query, version });

/// Where a person wants to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonContact {
    /// Whose.
    pub person_id: PersonId,
    /// E-mail address; empty for none.
    pub email: String,
    /// Account on the office's platform (UserID of WeCom, DingTalk or Feishu); empty for none.
    pub user_id: String,
    /// Row version.
    pub version: i64,
}
record!(PersonContact, "person_contact", key [person_id], personal [email, user_id], { person_id, email, user_id, version });
record!(Draw, "draw", key [id], personal [], { id, campaign_id, unit_id, title, purpose, method, open_day, plan, plan_digest, commitment, public_source, public_value, secret, result, result_digest, state, inspection_id, committed_seq, committed_at, committed_by, drawn_at, opened_at, version });
record!(Inspection, "inspection", key [id], personal [], { id, campaign_id, unit_id, title, kind, means, authority, document, subject, targets, checklist, starts_day, ends_day, head_id, state, revision, overlap_reason, drafted_by, decided_by, decided_at, decision_note, issued_at, version });
record!(Visit, "visit", key [id], personal [], { id, inspection_id, campaign_id, unit_id, kind, from_day, to_day, state, done_day, answers, summary, draw_id, follows_id, shared_from_id, filed_by, filed_at, client_key, version });
record!(Finding, "finding", key [id], personal [], { id, visit_id, ordinal, item, text, place, problem_id, client_key, found_by, found_at, version });
record!(FindingPhoto, "finding_photo", key [id], personal [], { id, finding_id, file_name, digest, media_type, size_bytes });
record!(LookBackDuty, "look_back_duty", key [look_back_id], personal [], { look_back_id, problem_id, person_id, draw_id, checklist, answers, version });
record!(DispatchSeries, "dispatch_series", key [id], personal [], { id, campaign_id, unit_id, name, every_days, closed, version });
record!(Dispatch, "dispatch", key [id], personal [], { id, series_id, number, held_day, since_day, state, chair, present, summary, closed_by, closed_at, version });
record!(DispatchItem, "dispatch_item", key [id], personal [], { id, dispatch_id, ordinal, source, subject_kind, subject_id, unit_id, text, struck, struck_reason, version });
record!(Decision, "dispatch_decision", key [id], personal [], { id, dispatch_id, item_id, text, owner_unit_id, owner_name, due_day, state, outcome, done_day, task_id, decided_by, version });
record!(WeekPlan, "week_plan", key [id], personal [], { id, campaign_id, unit_id, monday, content, review, filed_by, filed_at, version });
record!(Help, "help", key [id], personal [], { id, campaign_id, unit_id, reason, helper_unit_id, helper_name, plan, starts_day, ends_day, baseline, state, outcome, ended_day, set_by, version });

/// A person of an inspection's team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InspectionMember {
    /// The plan.
    pub inspection_id: InspectionId,
    /// The person.
    pub person_id: PersonId,
}
record!(InspectionMember, "inspection_member", key [inspection_id, person_id], personal [], { inspection_id, person_id });

/// An edition of an inspection's plan as it was left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InspectionRevision {
    /// The plan.
    pub inspection_id: InspectionId,
    /// Edition, from 1.
    pub revision: i64,
    /// When it was left for the next.
    pub at_us: Instant,
    /// Who took it back.
    pub person_id: PersonId,
    /// Why.
    pub reason: String,
    /// The plan as JSON.
    pub content: String,
}
record!(InspectionRevision, "inspection_revision", key [inspection_id, revision], personal [], { inspection_id, revision, at_us, person_id, reason, content });

/// A person of a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitMember {
    /// The visit.
    pub visit_id: VisitId,
    /// The person.
    pub person_id: PersonId,
}
record!(VisitMember, "visit_member", key [visit_id, person_id], personal [], { visit_id, person_id });
