//! Classes 读书班: who belongs, sessions, who was there, make-up.

use super::{may_run, place};
use crate::Error;
use crate::activity::{SessionRecord, session_writes};
use crate::context::{App, Context, campaign_for};
use crate::input::{self, inputs};
use bihuan_domain::activity::{Activity, ActivityState, Draft, TOPIC_CHARS_MAX};
use bihuan_domain::id::{ActivityId, CampaignId, ClassSessionId, PersonId, StudyClassId};
use bihuan_domain::study::{
    CLASS_PEOPLE_MAX, ClassAttendance, ClassMember, ClassSession, Completeness, StudyClass, completeness,
};
use bihuan_domain::unit::Unit;
use bihuan_domain::{Day, Refusal};
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::{Conn, person, study as store};
use std::collections::BTreeSet;

inputs! {
    /// A class as typed.
    ClassInput {
        campaign: one "专项行动",
        unit: one "举办单位",
        name: one "读书班名称",
        kind: one "算作哪类活动",
        hours: one "要求学时",
        from_day: one "开始日期",
        to_day: one "结束日期",
        everyone: one "本单位全体参加",
        people: many "参加人员",
    }

    /// A session as typed.
    SessionInput {
        day: one "日期",
        topic: one "学习内容",
        duration: one "时长（分钟）",
        makes_up: one "补哪一课",
        people: many "到课人员",
        minutes_text: one "记录或纪要",
    }
}

/// A member with how complete the class is for them.
#[derive(Clone, Debug)]
pub struct MemberLine {
    /// The person.
    pub person: PersonId,
    /// Name.
    pub name: String,
    /// How complete.
    pub completeness: Completeness,
    /// Sessions attended.
    pub attended: Vec<ClassSessionId>,
}

/// A class's page.
#[derive(Clone, Debug)]
pub struct ClassPage {
    /// The class.
    pub class: StudyClass,
    /// The unit that holds it.
    pub unit: Unit,
    /// Sessions, oldest first.
    pub sessions: Vec<ClassSession>,
    /// Members by name: all for those who owe the class, only oneself otherwise.
    pub members: Vec<MemberLine>,
    /// The reader keeps the class.
    pub may_run: bool,
}

fn attended(all: &[(ClassSessionId, PersonId)], person: PersonId) -> Vec<ClassSessionId> {
    all.iter().filter(|(_, who)| *who == person).map(|(session, _)| *session).collect()
}

pub(super) fn own_completeness(
    conn: &mut Conn,
    class: &StudyClass,
    person: PersonId,
    today: Day,
) -> Result<Option<Completeness>, Error> {
    if !store::members(conn, class.id)?.iter().any(|(member, _)| *member == person) {
        return Ok(None);
    }
    let sessions = store::sessions(conn, class.id)?;
    let all = store::attendance(conn, class.id)?;
    Ok(Some(completeness(&sessions, &attended(&all, person), today)))
}

fn entry(action: &str, class: &StudyClass, note: String, writes: Vec<Write>) -> NewEntry {
    NewEntry {
        action: action.to_owned(),
        subject_kind: "study_class",
        subject_id: class.id.0,
        unit: Some(class.unit_id),
        campaign: Some(class.campaign_id),
        note,
        writes,
        ..NewEntry::default()
    }
}

fn owed(conn: &mut Conn, ctx: &Context, id: StudyClassId) -> Result<(StudyClass, Unit), Error> {
    let class: StudyClass = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
    let unit = crate::context::unit(conn, class.unit_id)?;
    let member = store::members(conn, id)?.iter().any(|(person, _)| *person == ctx.actor.person);
    if may_run(ctx, &unit.path) {
        return Ok((class, unit));
    }
    if member {
        return Err(Refusal::not_allowed("登记读书班", "举办单位的填报员或工作专班身份").into());
    }
    Err(Error::NotFound)
}

fn people_of(texts: &[String]) -> Result<BTreeSet<PersonId>, Error> {
    texts
        .iter()
        .map(|text| {
            input::number("people", "人员", text)?
                .map(PersonId)
                .ok_or_else(|| Error::invalid("people", "请选择“人员”。"))
        })
        .collect()
}

impl App {
    /// Sets a class up.
    ///
    /// # Errors
    /// `NotFound`, `not_allowed`, `Invalid`, refusals of `StudyClass::checked`.
    pub fn create_class(&self, ctx: &Context, sent: ClassInput) -> Result<StudyClassId, Error> {
        let (app, ctx) = (self.clone(), ctx.clone());
        self.db.write(move |conn| {
            let (campaign, unit) = place(conn, &ctx, &sent.campaign, &sent.unit)?;
            let kind = kind_of(&app, conn, &ctx, campaign, &sent.kind)?;
            let class = StudyClass {
                kind,
                id: StudyClassId(journal::next_id(conn, "study_class", 1)?),
                campaign_id: campaign,
                unit_id: unit.id,
                name: sent.name.clone(),
                hours: input::number("hours", "要求学时", &sent.hours)?.unwrap_or(0),
                from_day: input::required_day("from_day", "开始日期", &sent.from_day)?,
                to_day: input::required_day("to_day", "结束日期", &sent.to_day)?,
                version: 1,
            };
            let class = class.checked()?;
            let mut people = people_of(&sent.people)?;
            let own: BTreeSet<PersonId> = person::posts_on(conn, unit.id, ctx.today())?
                .into_iter()
                .flat_map(|post| post.holders)
                .map(|holder| holder.tenure.person_id)
                .collect();
            if input::flag(&sent.everyone) {
                people.extend(&own);
            }
            for one in people.difference(&own) {
                let seen =
                    person::held_by(conn, *one)?.iter().any(|held| ctx.actor.may_read(&held.unit_path));
                if !seen {
                    return Err(Error::invalid("people", "参加人员中有不属于本单位的人，请重新选择。"));
                }
            }
            if people.is_empty() || people.len() > CLASS_PEOPLE_MAX {
                let sentence = format!("读书班应有1至{CLASS_PEOPLE_MAX}人，请选择参加人员。");
                return Err(Error::invalid("people", sentence));
            }
            let mut writes = vec![Write::insert(&class)];
            writes.extend(
                people.iter().map(|one| Write::insert(&ClassMember { class_id: class.id, person_id: *one })),
            );
            let note = format!("举办“{}”，{}人参加", class.name, people.len());
            journal::append(
                conn,
                &ctx.stamp(Some(&unit)),
                vec![entry("study.class_created", &class, note, writes)],
            )?;
            Ok(class.id)
        })
    }

    /// A class's page: all lines for those who owe it, one's own line for a member.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn class_page(&self, ctx: &Context, id: StudyClassId) -> Result<ClassPage, Error> {
        self.db.read(|conn| {
            let class: StudyClass = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
            let unit = crate::context::unit(conn, class.unit_id)?;
            let may = may_run(ctx, &unit.path);
            let mut members = store::members(conn, id)?;
            if !may {
                members.retain(|(person, _)| *person == ctx.actor.person);
                if members.is_empty() {
                    return Err(Error::NotFound);
                }
            }
            let sessions = store::sessions(conn, id)?;
            let all = store::attendance(conn, id)?;
            let line = |(person, name): (PersonId, String)| {
                let attended = attended(&all, person);
                let completeness = completeness(&sessions, &attended, ctx.today());
                MemberLine { person, name, completeness, attended }
            };
            let members = members.into_iter().map(line).collect();
            Ok(ClassPage { class, unit, sessions, members, may_run: may })
        })
    }

    /// Records a session and who was there; a make-up session names the one it makes up for.
    ///
    /// # Errors
    /// `NotFound`, `not_allowed`, `Invalid`, refusals of `ClassSession::checked`.
    pub fn add_session(
        &self,
        ctx: &Context,
        id: StudyClassId,
        sent: SessionInput,
    ) -> Result<ClassSessionId, Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let (class, unit) = owed(conn, &ctx, id)?;
            let sessions = store::sessions(conn, id)?;
            let makes_up_id = input::number("makes_up", "补哪一课", &sent.makes_up)?.map(ClassSessionId);
            let first = |wanted| sessions.iter().any(|s| s.id == wanted && s.makes_up_id.is_none());
            if makes_up_id.is_some_and(|wanted| !first(wanted)) {
                return Err(Error::invalid("makes_up", "要补的这一课不在本读书班，请重新选择。"));
            }
            let session = ClassSession {
                id: ClassSessionId(journal::next_id(conn, "class_session", 1)?),
                class_id: id,
                day: input::required_day("day", "日期", &sent.day)?,
                topic: sent.topic.clone(),
                duration_minutes: input::number("duration", "时长", &sent.duration)?.unwrap_or(0),
                makes_up_id,
                activity_id: None,
                version: 1,
            };
            let mut session = session.checked()?;
            let people = people_of(&sent.people)?;
            let mut writes = attendance(conn, &class, session.id, &people)?;
            let (activity, record) = as_record(conn, &ctx, &class, &unit, (&session, &sent.minutes_text), &people)?;
            if activity.is_none() && !sent.minutes_text.trim().is_empty() {
                let words = "这一课不形成活动记录（没有选算作哪类活动、还没有到日子或没有人到课），请留空“记录或纪要”。";
                return Err(Error::invalid("minutes_text", words));
            }
            session.activity_id = activity;
            writes.insert(0, Write::insert(&session));
            writes.extend(record);
            let note = format!("“{}”{}：{}", class.name, session.day.in_chinese(), session.topic);
            let entry = entry("study.session_recorded", &class, note, writes);
            journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry])?;
            Ok(session.id)
        })
    }

    /// Says anew who was at a session.
    ///
    /// # Errors
    /// `NotFound`, `not_allowed`, `Invalid`.
    pub fn set_attendance(
        &self,
        ctx: &Context,
        id: StudyClassId,
        session: ClassSessionId,
        people: Vec<String>,
    ) -> Result<(), Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let (class, unit) = owed(conn, &ctx, id)?;
            let found: ClassSession = journal::by_id(conn, session.0)?.ok_or(Error::NotFound)?;
            if found.class_id != id {
                return Err(Error::NotFound);
            }
            let old = store::attendance(conn, id)?.into_iter().filter(|(at, _)| *at == session);
            let mut writes: Vec<Write> = old
                .map(|(at, person)| Write::delete(&ClassAttendance { session_id: at, person_id: person }))
                .collect();
            let people = people_of(&people)?;
            writes.extend(attendance(conn, &class, session, &people)?);
            let (activity, record) = as_record(conn, &ctx, &class, &unit, (&found, ""), &people)?;
            let after = ClassSession { activity_id: activity, version: found.version + 1, ..found.clone() };
            writes.extend(Write::update(&found, &after).filter(|_| activity != found.activity_id));
            writes.extend(record);
            let note = format!("更正“{}”{}的到课情况", class.name, found.day.in_chinese());
            let entry = entry("study.attendance_set", &class, note, writes);
            journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry])?;
            Ok(())
        })
    }
}

/// The kind of activity a class counts as: the one named, else the template's own kind for classes.
fn kind_of(
    app: &App,
    conn: &mut Conn,
    ctx: &Context,
    campaign: CampaignId,
    written: &str,
) -> Result<String, Error> {
    let campaign = campaign_for(conn, ctx, campaign)?;
    let kinds = crate::required_action::kinds_of(app, &campaign)?;
    let written = written.trim();
    if written == NO_KIND {
        return Ok(String::new());
    }
    let found = match written {
        "" => kinds.iter().find(|(_, name)| name.contains(CLASS_WORD)),
        code => kinds.iter().find(|(have, _)| have == code),
    };
    match found {
        Some((code, _)) => Ok(code.clone()),
        None if written.is_empty() => Ok(String::new()),
        None => Err(Error::invalid("kind", "没有这类活动，请重新选择“算作哪类活动”。")),
    }
}

/// What is chosen where a class counts for no required action.
pub const NO_KIND: &str = "none";
/// How a template names its kind for classes.
const CLASS_WORD: &str = "读书班";

/// The record of activity of a session that has taken place with somebody there: new, or with other people. One day's
/// make-up counts for the period of the session that it makes up for.
fn as_record(
    conn: &mut Conn,
    ctx: &Context,
    class: &StudyClass,
    unit: &Unit,
    (session, minutes_text): (&ClassSession, &str),
    people: &BTreeSet<PersonId>,
) -> Result<(Option<ActivityId>, Vec<Write>), Error> {
    let before: Option<Activity> = match session.activity_id {
        Some(id) => journal::by_id(conn, id.0)?,
        None => None,
    };
    let before = before.filter(|record| record.state == ActivityState::Recorded);
    let none = before.is_none() && people.is_empty();
    if class.kind.is_empty() || session.day > ctx.today() || none {
        return Ok((session.activity_id, Vec::new()));
    }
    let draft = match &before {
        // Only who was there is said anew; what was added to the record since stays.
        Some(before) => Draft::of(before),
        None => draft_of(conn, class, session, minutes_text)?,
    };
    let record = SessionRecord {
        campaign: campaign_for(conn, ctx, class.campaign_id)?,
        unit: unit.clone(),
        draft,
        people: people.iter().copied().collect(),
        before,
    };
    let (id, writes) = session_writes(conn, ctx, record)?;
    Ok((Some(id), writes))
}

fn draft_of(
    conn: &mut Conn,
    class: &StudyClass,
    session: &ClassSession,
    minutes_text: &str,
) -> Result<Draft, Error> {
    let first: Option<ClassSession> = match session.makes_up_id {
        Some(id) => journal::by_id(conn, id.0)?,
        None => None,
    };
    let topic: String = format!("{}：{}", class.name, session.topic).chars().take(TOPIC_CHARS_MAX).collect();
    Ok(Draft {
        kind: class.kind.clone(),
        day: session.day,
        makes_up_day: first.map(|first| first.day).filter(|day| *day < session.day),
        topic,
        minutes_text: minutes_text.to_owned(),
        duration_minutes: session.duration_minutes,
        link: String::new(),
    })
}

fn attendance(
    conn: &mut Conn,
    class: &StudyClass,
    session: ClassSessionId,
    people: &BTreeSet<PersonId>,
) -> Result<Vec<Write>, Error> {
    let members = store::members(conn, class.id)?;
    let mut writes = Vec::new();
    for person in people.iter().copied() {
        if !members.iter().any(|(member, _)| *member == person) {
            return Err(Error::invalid("people", "到课人员中有不在本班的人，请重新选择。"));
        }
        writes.push(Write::insert(&ClassAttendance { session_id: session, person_id: person }));
    }
    Ok(writes)
}
