//! Labels of files: set and changed, and checked whenever a file is opened.

use crate::input::{self, inputs};
use crate::problem::visible_case;
use crate::{App, Context, Error};
use bihuan_domain::Coded as _;
use bihuan_domain::Refusal;
use bihuan_domain::evidence::Evidence;
use bihuan_domain::id::{EvidenceId, PersonId, ProblemId};
use bihuan_domain::label::{self as domain, Clearance, EvidenceLabel, Label};
use bihuan_domain::person::Person;
use bihuan_domain::role::Role;
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::{Conn, label as store};

inputs! {
    /// A label with the reason for it.
    LabelInput { label: one "信息标签", reason: one "理由" }
}

/// A piece of evidence on the page of its label.
#[derive(Clone, Debug)]
pub struct LabelView {
    /// The piece.
    pub evidence: Evidence,
    /// Its label.
    pub label: Label,
    /// The reader may open the file.
    pub may_open: bool,
}

/// Refuses to open a file that bears a label the person is not cleared for; who filed it may.
pub(crate) fn check_open(conn: &mut Conn, ctx: &Context, evidence: &Evidence) -> Result<(), Error> {
    let label = label_of(conn, evidence.id)?;
    if evidence.filed_by == ctx.actor.person || store::cleared_to(conn, ctx.actor.person)?.opens(label) {
        return Ok(());
    }
    let sentence = format!("这份材料的信息标签是“{}”，您没有查看这类材料的授权。", label.label());
    Err(Refusal::new("not_cleared", sentence, "工作需要时，请向安全管理员申请。").into())
}

/// The label of a piece; internal where nobody has set one.
pub(crate) fn label_of(conn: &mut Conn, id: EvidenceId) -> Result<Label, Error> {
    Ok(store::of_evidence(conn, id)?.map_or(Label::Internal, |found| found.label))
}

/// The label a new piece bears: what was sent, else that of the edition it replaces. The common one needs no row.
pub(crate) fn for_new(
    conn: &mut Conn,
    ctx: (PersonId, bihuan_domain::Instant),
    new: EvidenceId,
    sent: &str,
    replaces: Option<EvidenceId>,
) -> Result<Option<Write>, Error> {
    let label = match (sent.trim(), replaces) {
        ("", Some(old)) => label_of(conn, old)?,
        ("", None) => Label::Internal,
        (sent, _) => input::coded("label", "信息标签", sent)?,
    };
    let row = EvidenceLabel { evidence_id: new, label, set_by: ctx.0, set_at: ctx.1 };
    Ok((label != Label::Internal).then(|| Write::insert(&row)))
}

fn seen(
    conn: &mut Conn,
    ctx: &Context,
    problem: ProblemId,
    id: EvidenceId,
) -> Result<(Evidence, bihuan_domain::unit::UnitPath), Error> {
    let (case, _) = visible_case(conn, ctx, problem)?;
    let evidence: Evidence = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
    if evidence.problem_id != problem {
        return Err(Error::NotFound);
    }
    Ok((evidence, case.problem.home_path))
}

impl App {
    /// A piece of evidence with its label, for whoever may see the problem.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn evidence_label(
        &self,
        ctx: &Context,
        problem: ProblemId,
        id: EvidenceId,
    ) -> Result<LabelView, Error> {
        self.db.read(|conn| {
            let (evidence, _) = seen(conn, ctx, problem, id)?;
            let label = label_of(conn, id)?;
            let may_open = check_open(conn, ctx, &evidence).is_ok();
            Ok(LabelView { evidence, label, may_open })
        })
    }

    /// Changes the label of a piece of evidence.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` label; refusals of `domain::relabel`.
    pub fn label_evidence(
        &self,
        ctx: &Context,
        problem: ProblemId,
        id: EvidenceId,
        sent: LabelInput,
    ) -> Result<Label, Error> {
        let to: Label = input::coded("label", "信息标签", &sent.label)?;
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let (evidence, place) = seen(conn, &ctx, problem, id)?;
            let before = store::of_evidence(conn, id)?;
            let from = before.as_ref().map_or(Label::Internal, |found| found.label);
            let reason = domain::relabel(&ctx.actor, evidence.filed_by, &place, (from, to), &sent.reason)?;
            let after =
                EvidenceLabel { evidence_id: id, label: to, set_by: ctx.actor.person, set_at: ctx.at };
            let write = match &before {
                Some(before) => Write::update(before, &after),
                None => Some(Write::insert(&after)),
            };
            let entry = NewEntry {
                action: "evidence.labelled".to_owned(),
                subject_kind: "problem",
                subject_id: problem.0,
                unit: Some(evidence.filed_unit_id),
                note: format!("“{}”由{}改为{}：{reason}", evidence.caption, from.label(), to.label()),
                writes: write.into_iter().collect(),
                ..NewEntry::default()
            };
            journal::append(conn, &ctx.stamp(None), vec![entry])?;
            Ok(to)
        })
    }

    /// Up to which label a person may open files, for the administrators of accounts.
    ///
    /// # Errors
    /// `NotFound` for everybody else.
    pub fn clearance(&self, ctx: &Context, person: PersonId) -> Result<Label, Error> {
        let keeps =
            ctx.actor.holds_anywhere(Role::SystemAdmin) || ctx.actor.holds_anywhere(Role::SecurityAdmin);
        if !keeps {
            return Err(Error::NotFound);
        }
        Ok(self.db.read(|conn| store::cleared_to(conn, person))?)
    }

    /// Sets up to which label a person may open files.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` label; refusals of `domain::set_clearance`.
    pub fn set_clearance(&self, ctx: &Context, person: PersonId, sent: LabelInput) -> Result<Label, Error> {
        let to: Label = input::coded("label", "信息标签", &sent.label)?;
        let reason = domain::set_clearance(&ctx.actor, person, &sent.reason)?;
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            journal::by_id::<Person>(conn, person.0)?.ok_or(Error::NotFound)?;
            let before = store::clearance(conn, person)?;
            let after = Clearance { person_id: person, label: to, set_by: ctx.actor.person, set_at: ctx.at };
            let write = match &before {
                Some(before) => Write::update(before, &after),
                None => Some(Write::insert(&after)),
            };
            let entry = NewEntry {
                action: "account.cleared".to_owned(),
                subject_kind: "account",
                subject_id: bihuan_store::account::by_person(conn, person)?.map_or(0, |account| account.id.0),
                note: format!("可以查看到“{}”：{reason}", to.label()),
                writes: write.into_iter().collect(),
                ..NewEntry::default()
            };
            journal::append(conn, &ctx.stamp(None), vec![entry])?;
            Ok(to)
        })
    }
}
