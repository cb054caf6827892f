//! Drafting, previewing and issuing: the wording is filled with what is true on the day it goes out.

use super::{Bench, SlipDone, SlipSubject, entry_of, ladder_stamp, subject_of};
use crate::context::{self, App, Context};
use crate::input::{self, inputs};
use crate::{Error, channel, problem::Ask};
use bihuan_domain::id::{PostId, SlipId, UnitId};
use bihuan_domain::refusal::{limit_text, require_text};
use bihuan_domain::slip::life::{self, Place};
use bihuan_domain::slip::{
    DOCUMENT_PREFIX_CHARS_MAX, SLIP_BODY_CHARS_MAX, SLIP_TITLE_CHARS_MAX, Slip, SlipCase, SlipState,
    SlipVerb, Subject, SubjectKind,
};
use bihuan_domain::template::SlipForm;
use bihuan_domain::unit::Unit;
use bihuan_domain::{Day, Refusal};
use bihuan_store::Conn;
use bihuan_store::journal;
use bihuan_store::problem::units;
use bihuan_store::slip as store;

inputs! {
    /// A slip to be made. `addressee` is `unit`, `superior`, `leader` or `other` (then `to` names the unit).
    DraftInput {
        subject_kind: one "督办事项类型",
        subject: one "督办事项编号",
        subject_unit: one "责任单位编号（规定动作）",
        subject_period: one "周期的最后一天（规定动作）",
        form: one "督办单类型",
        addressee: one "发给",
        to: one "收单单位",
        copy: one "抄送上级单位",
        title: one "标题",
        body: one "正文",
        answer_working_days: one "几个工作日内答复",
        urgent: one "紧急",
        document_prefix: one "发文代字",
        now: one "直接签发",
    }
}

/// A slip as it would go out now.
#[derive(Clone, Debug)]
pub struct Preview {
    /// What it is about.
    pub subject: SlipSubject,
    /// Forms to choose from.
    pub forms: Vec<SlipForm>,
    /// The unfilled slip, as the form holds it.
    pub slip: Slip,
    /// The text with all places filled.
    pub filled: String,
    /// The issuing unit's name.
    pub issuer: String,
    /// The receiver's name: unit, or post with who holds it.
    pub to: String,
    /// The last day to answer, if it goes out now.
    pub answer_day: Option<Day>,
    /// What earlier decisions say about such matters.
    pub hints: Vec<String>,
}

/// What the ladder or a person puts on paper.
pub(crate) struct Paper<'a> {
    pub(crate) form: &'a SlipForm,
    pub(crate) issuer: UnitId,
    pub(crate) to: Unit,
    pub(crate) to_post: Option<PostId>,
    pub(crate) copy: Option<UnitId>,
    pub(crate) urgent: bool,
    pub(crate) prefix: String,
}

/// A draft of a paper about a subject, with the wording of its form.
pub(crate) fn draft_case(
    conn: &mut Conn,
    ctx: &Context,
    subject: &SlipSubject,
    paper: Paper<'_>,
) -> Result<SlipCase, Error> {
    let issuer = context::unit(conn, paper.issuer)?;
    let slip = Slip {
        id: SlipId(0),
        campaign_id: subject.campaign_id,
        form: paper.form.code.clone(),
        form_name: paper.form.name.clone(),
        kind: paper.form.kind(),
        issuer_unit_id: paper.issuer,
        year: 0,
        number: 0,
        document_prefix: paper.prefix,
        subject_kind: subject.kind,
        subject_id: subject.id,
        subject_unit_id: subject.named.unit_id,
        subject_day: subject.named.period_day,
        subject_words: subject.words.clone(),
        to_unit_id: paper.to.id,
        holder_unit_id: paper.to.id,
        to_post_id: paper.to_post,
        copy_unit_id: paper.copy.filter(|copy| *copy != paper.to.id && *copy != paper.issuer),
        title: title_of(paper.form, subject),
        body: paper.form.wording_about(subject.kind).to_owned(),
        urgent: paper.urgent,
        state: SlipState::Drafted,
        drafted_by: None,
        drafted_at: ctx.at,
        issued_by: None,
        issued_day: None,
        answer_working_days: i64::from(paper.form.answer_working_days),
        answer_day: None,
        signed_by: None,
        signed_day: None,
        answer: String::new(),
        answered_by: None,
        answered_day: None,
        passes: 0,
        decider_unit_id: None,
        decide_by_day: None,
        rule: String::new(),
        cause: String::new(),
        cause_due_day: subject.due_day,
        cause_round: subject.round,
        version: 1,
    };
    let copy_path =
        slip.copy_unit_id.map(|unit| context::unit(conn, unit)).transpose()?.map(|unit| unit.path);
    Ok(SlipCase {
        slip,
        issuer_path: issuer.path,
        holder_path: paper.to.path.clone(),
        to_path: paper.to.path,
        copy_path,
        steps: vec![],
        learnt: vec![],
    })
}

/// Characters of the subject in a title.
const TITLE_QUOTED_CHARS: usize = 24;

fn title_of(form: &SlipForm, subject: &SlipSubject) -> String {
    let start: String = subject.words.chars().take(TITLE_QUOTED_CHARS).collect();
    let more = if subject.words.chars().count() > TITLE_QUOTED_CHARS { "……" } else { "" };
    let what = if subject.kind == SubjectKind::Appeal { "群众诉求" } else { "" };
    format!("关于{what}“{start}{more}”的{}", form.name)
}

/// Fills the places of a slip's text with what is true on `today`. Places without a value are left out with what
/// belongs to them only when the template leaves them; here they read as plain words.
pub fn fill_body(
    slip: &Slip,
    subject: &SlipSubject,
    (issuer, to, superior): (&str, &str, &str),
    (today, answer_day): (Day, Option<Day>),
    citation: &str,
) -> String {
    let overdue = subject.due_day.map_or(0, |due| today.minus(due).max(0)).to_string();
    let day = |day: Option<Day>, none: &str| day.map_or_else(|| none.to_owned(), Day::in_chinese);
    let due = match subject.due_day {
        None if !subject.deadline_text.is_empty() => subject.deadline_text.clone(),
        due => day(due, "规定时限"),
    };
    let measures = if subject.measures.is_empty() { "（尚未制定）" } else { &subject.measures };
    let values = [
        ("编号", citation.to_owned()),
        ("单位", to.to_owned()),
        ("上级单位", superior.to_owned()),
        ("问题", subject.words.clone()),
        ("诉求", subject.words.clone()),
        ("措施", measures.to_owned()),
        ("时限", due),
        ("逾期天数", overdue),
        ("答复时限", day(answer_day, "规定时限")),
        ("办公室", issuer.to_owned()),
        ("日期", today.in_chinese()),
    ];
    let mut body = slip.body.clone();
    if issuer == superior {
        // Whoever sends a slip needs no copy of it.
        for clause in ["，同时抄送{上级单位}", "，并抄送{上级单位}", "，抄送{上级单位}"]
        {
            body = body.replace(clause, "");
        }
    }
    for (place, value) in values {
        body = body.replace(&format!("{{{place}}}"), &value);
    }
    body
}

/// Names a text needs: issuing unit, receiver, superior of the receiver.
fn names(conn: &mut Conn, ctx: &Context, case: &SlipCase) -> Result<(String, String, String), Error> {
    let issuer = context::unit(conn, case.slip.issuer_unit_id)?.name;
    let unit = context::unit(conn, case.slip.holder_unit_id)?;
    let superior = super::superior_of(conn, &unit)?.map_or_else(|| "上级单位".to_owned(), |unit| unit.name);
    let to = match case.slip.to_post_id {
        None => unit.name,
        Some(post) => {
            let post = units::posts_by_ids(conn, &[post], ctx.today())?;
            post.first().map_or(unit.name, |post| format!("{}{}{}", post.unit_name, post.name, post.holder))
        }
    };
    Ok((issuer, to, superior))
}

/// Fills and issues a draft under the next number of its series; urgent ones are told at once, after the commit.
pub(crate) fn issue_case(
    conn: &mut Conn,
    ctx: &Context,
    bench: &Bench,
    case: &mut SlipCase,
    subject: &SlipSubject,
    by_person: bool,
) -> Result<(), Error> {
    let scene = bench.scene(ctx, by_person);
    // The rule is asked before a number is used up.
    life::issue(&mut case.clone(), &scene, 1)?;
    let number = store::next_number(conn, case.slip.issuer_unit_id, &case.slip.form, ctx.today().year())?;
    life::issue(case, &scene, number)?;
    case.slip.subject_words.clone_from(&subject.words);
    let (issuer, to, superior) = names(conn, ctx, case)?;
    let days = (ctx.today(), case.slip.answer_day);
    case.slip.body = fill_body(&case.slip, subject, (&issuer, &to, &superior), days, &case.slip.citation());
    Ok(())
}

/// Reads the form: the draft and what it is about.
fn read(
    conn: &mut Conn,
    ctx: &Context,
    app: &App,
    sent: &DraftInput,
) -> Result<(SlipCase, SlipSubject, Bench), Error> {
    let kind: SubjectKind = input::coded("subject_kind", "督办事项类型", &sent.subject_kind)?;
    let id = input::number("subject", "督办事项编号", &sent.subject)?.ok_or(Error::NotFound)?;
    let named = Subject {
        unit_id: input::number("subject_unit", "责任单位编号", &sent.subject_unit)?.map(UnitId),
        period_day: input::day("subject_period", "周期的最后一天", &sent.subject_period)?,
        ..Subject::of(kind, id)
    };
    let subject = subject_of(conn, ctx, app, &named)?;
    let campaign = journal::by_id(conn, subject.campaign_id.0)?.ok_or(Error::NotFound)?;
    let bench = Bench::of(app, conn, campaign)?;
    let no_forms = || {
        Refusal::new("no_forms", "本专项的模板没有督办单。", "请在模板中加写[[slip]]一节，写明名称和用语。")
    };
    let template = bench.template.clone().ok_or_else(no_forms)?;
    let first = template.slips.first().ok_or_else(no_forms)?;
    let form = match sent.form.trim() {
        "" => first,
        code => template.slip(code).ok_or_else(|| Error::invalid("form", "请选择“督办单类型”。"))?,
    };
    let (to, to_post) = receiver(conn, ctx, &bench, &subject, sent)?;
    let issuer = issuer(conn, ctx, &bench, &to, to_post)?;
    let prefix = limit_text("document_prefix", "发文代字", &sent.document_prefix, DOCUMENT_PREFIX_CHARS_MAX)?;
    let copy =
        if input::flag(&sent.copy) { super::superior_of(conn, &to)?.map(|unit| unit.id) } else { None };
    let urgent = input::flag(&sent.urgent);
    let paper = Paper { form, issuer, to, to_post, copy, urgent, prefix };
    let mut case = draft_case(conn, ctx, &subject, paper)?;
    case.slip.drafted_by = Some(ctx.actor.person);
    if !sent.title.trim().is_empty() {
        case.slip.title = require_text("title", "标题", &sent.title, SLIP_TITLE_CHARS_MAX)?;
    }
    if !sent.body.trim().is_empty() {
        case.slip.body = require_text("body", "正文", &sent.body, SLIP_BODY_CHARS_MAX)?;
    }
    if let Some(days) = input::number("answer_working_days", "几个工作日内答复", &sent.answer_working_days)?
    {
        if !(0..=250).contains(&days) {
            return Err(Error::invalid(
                "answer_working_days",
                "“几个工作日内答复”应在0到250之间，0为不要求答复。",
            ));
        }
        case.slip.answer_working_days = days;
    }
    Ok((case, subject, bench))
}

fn receiver(
    conn: &mut Conn,
    ctx: &Context,
    bench: &Bench,
    subject: &SlipSubject,
    sent: &DraftInput,
) -> Result<(Unit, Option<PostId>), Error> {
    let wrong = |sentence: &str| Error::invalid("addressee", sentence);
    match sent.addressee.trim() {
        "" | "unit" => Ok((subject.unit.clone(), None)),
        "superior" => {
            let superior = subject.superior.clone();
            Ok((superior.ok_or_else(|| wrong("承办单位没有上级单位，请改选“发给”。"))?, None))
        }
        "leader" => {
            let post = subject.leader_post.ok_or_else(|| wrong("这一事项没有包案领导，请改选“发给”。"))?;
            let found = units::posts_by_ids(conn, &[post], ctx.today())?;
            let unit = found.first().map(|post| post.unit).ok_or_else(|| wrong("包案领导的岗位已撤销。"))?;
            Ok((context::unit(conn, unit)?, Some(post)))
        }
        "other" => {
            let home = super::reach_of(conn, &bench.campaign)?;
            match crate::problem::meant_units(conn, &home, ctx.today(), "to", &sent.to)?.as_slice() {
                [one] => Ok((one.unit.clone(), None)),
                _ => Err(Error::invalid("to", "请填写一个收单单位。")),
            }
        }
        _ => Err(wrong("请选择“发给”：承办单位、上级单位、包案领导或其他单位。")),
    }
}

/// The unit in whose name the actor may send there: the campaign's own office first, then the actor's own units.
fn issuer(
    conn: &mut Conn,
    ctx: &Context,
    bench: &Bench,
    to: &Unit,
    to_post: Option<PostId>,
) -> Result<UnitId, Error> {
    let office = context::unit(conn, bench.campaign.office_unit_id)?;
    let mut places: Vec<Place> = vec![(office.id, office.path)];
    places.extend(ctx.actor.posts.iter().map(|post| (post.unit, post.path.clone())));
    let to: Place = (to.id, to.path.clone());
    let mut refusal = None;
    for issuer in places {
        match life::may_draft(&ctx.actor, &issuer, &to, to_post.is_some()) {
            Ok(()) => return Ok(issuer.0),
            Err(why) => refusal = Some(refusal.unwrap_or(why)),
        }
    }
    let nobody = || Refusal::not_allowed("发督办单", "对收单单位有督办权的工作专班或领导身份");
    Err(refusal.unwrap_or_else(nobody).into())
}

/// The actor may send slips of this campaign to a unit.
pub(super) fn may_send(conn: &mut Conn, ctx: &Context, bench: &Bench, to: &Unit) -> Result<bool, Error> {
    if bench.template.as_ref().is_none_or(|template| template.slips.is_empty()) {
        return Ok(false);
    }
    match issuer(conn, ctx, bench, to, None) {
        Ok(_) => Ok(true),
        Err(Error::Refused(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

impl App {
    /// Shows a slip as it would go out now. Changes nothing.
    ///
    /// # Errors
    /// `NotFound`, `not_allowed`, `Invalid` inputs.
    pub fn preview_slip(&self, ctx: &Context, sent: &DraftInput) -> Result<Preview, Error> {
        self.db.read(|conn| {
            let (mut case, subject, bench) = read(conn, ctx, self, sent)?;
            if case.slip.document_prefix.is_empty() && sent.form.is_empty() {
                case.slip.document_prefix =
                    store::last_prefix(conn, case.slip.issuer_unit_id, &case.slip.form)?;
            }
            let mut trial = case.clone();
            life::issue(&mut trial, &bench.scene(ctx, true), 1)?;
            let (issuer, to, superior) = names(conn, ctx, &case)?;
            let days = (ctx.today(), trial.slip.answer_day);
            let filled = fill_body(&case.slip, &subject, (&issuer, &to, &superior), days, "（签发时编号）");
            let hints = super::view::hints(conn, subject.campaign_id, &subject.category)?;
            let forms = bench.template.as_ref().map(|template| template.slips.clone()).unwrap_or_default();
            Ok(Preview {
                forms,
                slip: case.slip,
                filled,
                issuer,
                to,
                answer_day: trial.slip.answer_day,
                subject,
                hints,
            })
        })
    }

    /// Makes a slip: a draft, or issued at once.
    ///
    /// # Errors
    /// `NotFound`, `not_allowed`, `own_unit`, `Invalid` inputs, the calendar's.
    pub fn make_slip(&self, ctx: &Context, sent: DraftInput) -> Result<SlipDone, Error> {
        let (app, ctx) = (self.clone(), ctx.clone());
        let ask = Ask::new("make_slip", None, &sent);
        self.db.write(move |conn| {
            let (mut case, subject, bench) = read(conn, &ctx, &app, &sent)?;
            if let Some(done) = super::steps::sent_before(conn, &ctx, 0, &ask)? {
                return Ok(done);
            }
            if !subject.open {
                return Err(super::subject_over().into());
            }
            let scene = bench.scene(&ctx, true);
            let (issuer, holder) = (case.slip.issuer_unit_id, case.slip.holder_unit_id);
            case.note(&scene, SlipVerb::Draft, (issuer, Some(holder)), "");
            let now = input::flag(&sent.now);
            if now {
                issue_case(conn, &ctx, &bench, &mut case, &subject, true)?;
            }
            let action = if now { "issued" } else { "drafted" };
            let entry = entry_of(conn, None, &mut case, action, ask.digest())?;
            let issuer = context::unit(conn, issuer)?;
            let seq = journal::append(conn, &ctx.stamp(Some(&issuer)), vec![entry])?;
            if now {
                channel::tell_urgent(conn, &ctx, &case.slip)?;
            }
            Ok(SlipDone { slip: case.slip, seq })
        })
    }
}

/// Writes what the ladder made: nobody's hand in it.
pub(crate) fn append_by_ladder(
    conn: &mut Conn,
    ctx: &Context,
    before: Option<&SlipCase>,
    case: &mut SlipCase,
    action: &str,
) -> Result<i64, Error> {
    let entry = entry_of(conn, before, case, action, "")?;
    Ok(journal::append(conn, &ladder_stamp(ctx), vec![entry])?)
}

/// The text of a draft as it would go out now.
pub(super) fn preview_text(
    conn: &mut Conn,
    ctx: &Context,
    case: &SlipCase,
    subject: &SlipSubject,
) -> Result<String, Error> {
    let (issuer, to, superior) = names(conn, ctx, case)?;
    let days = (ctx.today(), None);
    Ok(fill_body(&case.slip, subject, (&issuer, &to, &superior), days, "（签发时编号）"))
}
