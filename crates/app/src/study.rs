//! Study: the reading list, a person's own plan and hours, classes with sessions, attendance and make-up (M06, M08).
//!
//! What is personal is seen by the person alone; a class is seen by its members, each their own line, and in full by
//! those who owe it. Nothing here compares one person with another.

mod class;

pub use class::{ClassInput, ClassPage, MemberLine, NO_KIND, SessionInput};

use crate::Error;
use crate::context::{App, Context, campaign_for, readable_unit};
use crate::input::{self, inputs};
use bihuan_domain::activity::Activity;
use bihuan_domain::id::{CampaignId, ReadingId, UnitId};
use bihuan_domain::role::Role;
use bihuan_domain::study::{
    Completeness, OwnHours, PlanLine, Reading, ReadingMark, StudyClass, check_own_hours, check_plan,
};
use bihuan_domain::{Day, Refusal};
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::study as store;
use std::collections::BTreeSet;

inputs! {
    /// A book for the reading list.
    ReadingInput {
        campaign: one "专项行动",
        unit: one "列出书目的单位",
        title: one "书名或篇名",
        parts: one "章节",
    }

    /// A line of one's own plan, or own hours.
    StudyInput {
        what: one "内容",
        day: one "日期",
        duration: one "时长（分钟）",
    }
}

/// A book with one's own marks.
#[derive(Clone, Debug)]
pub struct ReadingLine {
    /// The book.
    pub reading: Reading,
    /// For each part the day on which one finished it.
    pub parts: Vec<(String, Option<Day>)>,
    /// The reader may change the list.
    pub may_change: bool,
}

/// Where hours come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoursFrom {
    /// An activity recorded by the unit.
    Activity,
    /// A session of a class.
    Class,
    /// One's own entry.
    Own,
}

/// A line of the hours ledger.
#[derive(Clone, Debug)]
pub struct HoursLine {
    /// The day.
    pub day: Day,
    /// What.
    pub what: String,
    /// How long, in minutes.
    pub minutes: i64,
    /// Where it comes from.
    pub from: HoursFrom,
    /// Number of the own entry, to strike it out.
    pub own_id: Option<i64>,
}

/// A person's own study page.
#[derive(Clone, Debug)]
pub struct StudyPage {
    /// The reading list.
    pub readings: Vec<ReadingLine>,
    /// The plan, nearest first.
    pub plan: Vec<PlanLine>,
    /// Hours of the year, newest first.
    pub hours: Vec<HoursLine>,
    /// Minutes of this year.
    pub minutes: i64,
    /// Of those, own entries.
    pub own_minutes: i64,
    /// One's classes and those of one's units, with one's own completeness.
    pub classes: Vec<(StudyClass, String, Option<Completeness>)>,
    /// The reader may set up classes and the reading list for these units.
    pub units: Vec<(UnitId, String)>,
    /// Kinds of activity that a class may count as.
    pub kinds: Vec<(String, String)>,
}

pub(super) fn may_run(ctx: &Context, path: &bihuan_domain::unit::UnitPath) -> bool {
    ctx.actor.holds_any(&[Role::Filler, Role::Office], path)
}

/// An entry about something of one's own: its words stay out of the journal's text.
fn own_entry(action: &str, kind: &'static str, id: i64, note: &str, write: Option<Write>) -> NewEntry {
    NewEntry {
        action: action.to_owned(),
        subject_kind: kind,
        subject_id: id,
        note: note.to_owned(),
        writes: write.into_iter().collect(),
        ..NewEntry::default()
    }
}

impl App {
    /// One's own study page.
    ///
    /// # Errors
    /// `NotFound` for a campaign out of sight.
    pub fn study_page(&self, ctx: &Context, campaign: CampaignId) -> Result<StudyPage, Error> {
        self.db.read(|conn| {
            let campaign = campaign_for(conn, ctx, campaign)?;
            let (person, today) = (ctx.actor.person, ctx.today());
            let mut paths: Vec<_> = ctx.actor.posts.iter().map(|post| post.path.clone()).collect();
            paths.extend(ctx.actor.grants.iter().filter(|g| g.role.reads_business()).map(|g| g.path.clone()));
            let marks = store::marks(conn, person)?;
            let mut readings = Vec::new();
            for reading in store::readings(conn, campaign.id, &paths)? {
                let unit = crate::context::unit(conn, reading.unit_id)?;
                let day = |part: usize| {
                    let mark = marks.iter().find(|m| m.reading_id == reading.id && m.part == part as i64);
                    mark.map(|mark| mark.day)
                };
                let parts = reading.part_names().into_iter().enumerate();
                let parts = parts.map(|(n, name)| (name.to_owned(), day(n))).collect();
                readings.push(ReadingLine { parts, may_change: may_run(ctx, &unit.path), reading });
            }
            let year = Day::from_ymd(today.year(), 1, 1).unwrap_or(today);
            let hours = hours(conn, ctx, year)?;
            let of =
                |own: bool| hours.iter().filter(move |h| !own || h.from == HoursFrom::Own).map(|h| h.minutes);
            let mut classes = Vec::new();
            let run: Vec<_> =
                ctx.actor.grants.iter().filter(|g| may_run(ctx, &g.path)).map(|g| g.path.clone()).collect();
            for class in store::classes(conn, person, &run)? {
                let unit = crate::context::unit(conn, class.unit_id)?;
                let own = class::own_completeness(conn, &class, person, today)?;
                classes.push((class, unit.name, own));
            }
            let mut units = Vec::new();
            let mut seen = BTreeSet::new();
            for grant in ctx.actor.grants.iter().filter(|g| may_run(ctx, &g.path)) {
                if seen.insert(grant.unit) {
                    units.push((grant.unit, crate::context::unit(conn, grant.unit)?.name));
                }
            }
            Ok(StudyPage {
                minutes: of(false).sum(),
                own_minutes: of(true).sum(),
                kinds: crate::required_action::kinds_of(self, &campaign)?,
                plan: store::plan(conn, person)?,
                readings,
                hours,
                classes,
                units,
            })
        })
    }

    /// Puts a book on the reading list.
    ///
    /// # Errors
    /// `NotFound`, `not_allowed`, text limits.
    pub fn add_reading(&self, ctx: &Context, sent: ReadingInput) -> Result<ReadingId, Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let (campaign, unit) = place(conn, &ctx, &sent.campaign, &sent.unit)?;
            let reading = Reading {
                id: ReadingId(journal::next_id(conn, "reading", 1)?),
                campaign_id: campaign,
                unit_id: unit.id,
                title: sent.title.clone(),
                parts: sent.parts.clone(),
                version: 1,
            };
            let reading = reading.checked()?;
            let entry = NewEntry {
                unit: Some(unit.id),
                campaign: Some(campaign),
                ..own_entry(
                    "study.reading_added",
                    "reading",
                    reading.id.0,
                    &format!("列入书目《{}》", reading.title),
                    Some(Write::insert(&reading)),
                )
            };
            journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry])?;
            Ok(reading.id)
        })
    }

    /// Marks a part as read, or takes the mark back.
    ///
    /// # Errors
    /// `NotFound` for a book or part that is not on one's list.
    pub fn mark_reading(&self, ctx: &Context, id: ReadingId, part: i64, read: bool) -> Result<(), Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let reading: Reading = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
            let unit = crate::context::unit(conn, reading.unit_id)?;
            let below = ctx.actor.posts.iter().any(|post| post.path.is_within(&unit.path));
            if !below && !ctx.actor.may_read(&unit.path) {
                return Err(Error::NotFound);
            }
            if part < 0 || part >= reading.part_names().len() as i64 {
                return Err(Error::NotFound);
            }
            let have = store::marks(conn, ctx.actor.person)?;
            let have = have.into_iter().find(|mark| mark.reading_id == id && mark.part == part);
            let write = match (have, read) {
                (None, true) => Write::insert(&ReadingMark {
                    reading_id: id,
                    person_id: ctx.actor.person,
                    part,
                    day: ctx.today(),
                }),
                (Some(mark), false) => Write::delete(&mark),
                _ => return Ok(()),
            };
            let entry = own_entry("study.reading_marked", "reading", id.0, "标记本人读书进度", Some(write));
            journal::append(conn, &ctx.stamp(None), vec![entry])?;
            Ok(())
        })
    }

    /// Adds a line to one's own plan.
    ///
    /// # Errors
    /// `Invalid`, text limits.
    pub fn plan_study(&self, ctx: &Context, sent: StudyInput) -> Result<i64, Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let line = check_plan(PlanLine {
                id: journal::next_id(conn, "study_plan", 1)?,
                person_id: ctx.actor.person,
                what: sent.what.clone(),
                due_day: input::required_day("day", "计划完成日期", &sent.day)?,
                done_day: None,
                version: 1,
            })?;
            let entry = own_entry(
                "study.planned",
                "study_plan",
                line.id,
                "修改本人学习计划",
                Some(Write::insert(&line)),
            );
            journal::append(conn, &ctx.stamp(None), vec![entry])?;
            Ok(line.id)
        })
    }

    /// Ticks a line of one's own plan off, or strikes it out.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn settle_plan(&self, ctx: &Context, id: i64, done: bool) -> Result<(), Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let line: Option<PlanLine> = journal::by_id(conn, id)?;
            let line = line.filter(|line| line.person_id == ctx.actor.person).ok_or(Error::NotFound)?;
            let write = if done {
                let after =
                    PlanLine { done_day: Some(ctx.today()), version: line.version + 1, ..line.clone() };
                Write::update(&line, &after)
            } else {
                Some(Write::delete(&line))
            };
            let entry = own_entry("study.planned", "study_plan", id, "修改本人学习计划", write);
            journal::append(conn, &ctx.stamp(None), vec![entry])?;
            Ok(())
        })
    }

    /// Enters hours of one's own; they are always marked so.
    ///
    /// # Errors
    /// `Invalid`, text limits.
    pub fn enter_hours(&self, ctx: &Context, sent: StudyInput) -> Result<i64, Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let own = OwnHours {
                id: journal::next_id(conn, "study_hours", 1)?,
                person_id: ctx.actor.person,
                day: input::required_day("day", "日期", &sent.day)?,
                what: sent.what.clone(),
                duration_minutes: input::number("duration", "时长", &sent.duration)?.unwrap_or(0),
            };
            let own = check_own_hours(own, ctx.today())?;
            let entry = own_entry(
                "study.hours_entered",
                "study_hours",
                own.id,
                "登记本人学时",
                Some(Write::insert(&own)),
            );
            journal::append(conn, &ctx.stamp(None), vec![entry])?;
            Ok(own.id)
        })
    }

    /// Strikes an own entry out.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn drop_hours(&self, ctx: &Context, id: i64) -> Result<(), Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let own: Option<OwnHours> = journal::by_id(conn, id)?;
            let own = own.filter(|own| own.person_id == ctx.actor.person).ok_or(Error::NotFound)?;
            let entry = own_entry(
                "study.hours_dropped",
                "study_hours",
                id,
                "删去本人填写的学时",
                Some(Write::delete(&own)),
            );
            journal::append(conn, &ctx.stamp(None), vec![entry])?;
            Ok(())
        })
    }
}

/// The campaign and unit of a form, of which the actor may run the study.
pub(super) fn place(
    conn: &mut bihuan_store::Conn,
    ctx: &Context,
    campaign: &str,
    unit: &str,
) -> Result<(CampaignId, bihuan_domain::unit::Unit), Error> {
    let campaign = input::number("campaign", "专项行动", campaign)?
        .ok_or_else(|| Error::invalid("campaign", "请选择“专项行动”。"))?;
    let campaign = campaign_for(conn, ctx, CampaignId(campaign))?;
    let unit =
        input::number("unit", "单位", unit)?.ok_or_else(|| Error::invalid("unit", "请选择“单位”。"))?;
    let unit = readable_unit(conn, ctx, UnitId(unit))
        .map_err(|_| Error::invalid("unit", "选择的单位不存在，请重新选择。"))?;
    if !may_run(ctx, &unit.path) {
        return Err(Refusal::not_allowed("组织学习", "该单位的填报员或工作专班身份").into());
    }
    Ok((campaign.id, unit))
}

fn hours(conn: &mut bihuan_store::Conn, ctx: &Context, since: Day) -> Result<Vec<HoursLine>, Error> {
    let person = ctx.actor.person;
    let of_activity = |activity: Activity| HoursLine {
        day: activity.day,
        what: activity.topic,
        minutes: activity.duration_minutes,
        from: HoursFrom::Activity,
        own_id: None,
    };
    let classes = store::classes(conn, person, &[])?;
    let mut sessions = Vec::new();
    for class in &classes {
        sessions.push(store::sessions(conn, class.id)?);
    }
    // A session of a class that counts as an activity is one and the same hour.
    let of_class: BTreeSet<_> = sessions.iter().flatten().filter_map(|session| session.activity_id).collect();
    let timed = store::attended(conn, person)?
        .into_iter()
        .filter(|activity| activity.duration_minutes > 0 && !of_class.contains(&activity.id));
    let mut lines: Vec<HoursLine> = timed.map(of_activity).collect();
    lines.extend(store::own_hours(conn, person)?.into_iter().map(|own| HoursLine {
        day: own.day,
        what: own.what,
        minutes: own.duration_minutes,
        from: HoursFrom::Own,
        own_id: Some(own.id),
    }));
    for (class, sessions) in classes.into_iter().zip(sessions) {
        let at: BTreeSet<_> = store::attendance(conn, class.id)?
            .into_iter()
            .filter(|(_, who)| *who == person)
            .map(|(session, _)| session)
            .collect();
        for session in sessions.into_iter().filter(|session| at.contains(&session.id)) {
            lines.push(HoursLine {
                day: session.day,
                what: format!("{}：{}", class.name, session.topic),
                minutes: session.duration_minutes,
                from: HoursFrom::Class,
                own_id: None,
            });
        }
    }
    lines.retain(|line| line.day >= since);
    lines.sort_by_key(|line| std::cmp::Reverse(line.day));
    Ok(lines)
}
