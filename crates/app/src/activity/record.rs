//! Recording, correcting and withdrawing.

use super::counted::Counted;
use super::may_record;
use super::parties::{Accepted, Parties, joint, kept_files, participants, parties};
use crate::Error;
use crate::context::{App, Context, campaign_for, readable_unit};
use crate::evidence::{SentFile, accept};
use crate::input::{self, inputs};
use crate::likeness;
use crate::problem::SENT_AGAIN_SECONDS;
use bihuan_domain::Refusal;
use bihuan_domain::activity::{Activity, ActivityState, Attendance, Draft, REASON_CHARS_MAX};
use bihuan_domain::campaign::Campaign;
use bihuan_domain::id::{ActivityId, PersonId, RequiredActionId, UnitId};
use bihuan_domain::refusal::require_text;
use bihuan_domain::required_action::{Credit, Facts, Participant, RequiredAction, SubjectKind, credits};
use bihuan_domain::unit::Unit;
use bihuan_store::activity::{self as store, ActivityVersion};
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::likeness::TextKind;
use bihuan_store::recording::{self, Begun, Staff};
use bihuan_store::{Conn, Fault, required_action as rules};
use serde_json::json;
use sha2::{Digest as _, Sha256};

inputs! {
    /// A record as typed. `everyone` with `except` stands for all people of the unit on that day but those.
    ActivityInput {
        campaign: one "专项行动",
        unit: one "开展单位",
        kind: one "活动类别",
        day: one "活动日期",
        topic: one "内容",
        everyone: one "全体参加",
        except: many "未参加",
        people: many "参加人员",
        lead: many "主讲或主持",
        other_names: one "外单位人员姓名",
        units: many "联合开展单位",
        unit_names: one "联合开展单位名称",
        duration: one "时长（分钟）",
        minutes_text: one "记录或纪要",
        link: one "链接",
        file_is_minutes: one "附件是记录或纪要",
        makes_up_day: one "补哪一天所在周期的",
        reason: one "更正理由",
    }
}

/// What recording answers.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The record.
    pub id: ActivityId,
    /// The entry.
    pub seq: i64,
    /// The rules it counts for, and those it falls short of.
    pub counted: Vec<Counted>,
}

/// Everything read and checked for a record.
pub(super) struct Read {
    pub(super) campaign: Campaign,
    pub(super) unit: Unit,
    pub(super) draft: Draft,
    pub(super) people: Vec<(PersonId, Attendance)>,
    pub(super) units: Vec<UnitId>,
    /// The people of the unit on the day, with all their posts.
    pub(super) staff: Staff,
    /// Those of other units who took part.
    pub(super) others: Staff,
}

impl App {
    /// Records an activity.
    ///
    /// # Errors
    /// `NotFound`, `not_allowed`, `Invalid`, refusals of `Draft::checked`.
    pub fn record_activity(
        &self,
        ctx: &Context,
        sent: ActivityInput,
        files: Vec<SentFile>,
    ) -> Result<Recorded, Error> {
        let files = accepted(files)?;
        let (app, ctx) = (self.clone(), ctx.clone());
        self.db.write(move |conn| {
            let digests: Vec<&str> = files.iter().map(|(_, file)| file.sha256.as_str()).collect();
            let request = digest(&("record_activity", &sent, &digests))?;
            let begun = begin(conn, &ctx, &sent, &request)?;
            if let Some((seq, id)) = begun.again {
                let activity: Activity = journal::by_id(conn, id)?.ok_or(Error::NotFound)?;
                let counted = app.counted(conn, &activity)?;
                return Ok(Recorded { id: activity.id, seq, counted });
            }
            let id = begun.id;
            let read = app.read_activity(conn, &ctx, &sent, begun.staff, None)?;
            let activity = activity_of(&ctx, id, &read, files.len() as i64);
            let mut writes = vec![Write::insert(&activity)];
            let is_minutes = input::flag(&sent.file_is_minutes);
            writes.extend(parties(id, &read));
            let kept = kept_files(conn, id, is_minutes, files, &mut writes)?;
            let facts = facts_of(&activity, &read, &kept);
            let actions = rules::holding_for_kind(conn, &read.unit.path, &read.draft.kind)?;
            writes.push(credited(id, true, &actions, &facts));
            let counted = app.counted_now(conn, &actions, &facts, &read, ctx.today())?;
            let entry = entry(
                "activity.recorded",
                &activity,
                &read.campaign,
                &app,
                json!({ "request": request }),
                writes,
            )?;
            let seq = journal::append_with_commit(conn, &ctx.stamp(Some(&read.unit)), vec![entry])?;
            if !activity.minutes_text.is_empty() {
                likeness::keep(conn, TextKind::Minutes, (id.0, 0), read.campaign.id, &activity.minutes_text)?;
            }
            Ok(Recorded { id, seq, counted })
        })
    }

    /// Corrects a record; the old edition is kept.
    ///
    /// # Errors
    /// As [`App::record_activity`], `Conflict`, `activity_withdrawn`.
    pub fn correct_activity(
        &self,
        ctx: &Context,
        id: ActivityId,
        version: Option<i64>,
        sent: ActivityInput,
        files: Vec<SentFile>,
    ) -> Result<Recorded, Error> {
        let files = accepted(files)?;
        let (app, ctx) = (self.clone(), ctx.clone());
        self.db.write(move |conn| {
            let before = fresh(conn, &ctx, id, version)?;
            let reason = require_text("reason", "更正理由", &sent.reason, REASON_CHARS_MAX)?;
            let sent = ActivityInput {
                unit: before.unit_id.to_string(),
                campaign: before.campaign_id.to_string(),
                ..sent
            };
            let known = Parties::of(conn, id)?;
            let read = app.read_activity(conn, &ctx, &sent, None, Some(&known))?;
            let old_files = store::files(conn, id)?;
            let count = (old_files.len() + files.len()) as i64;
            let after = Activity {
                filed_by: before.filed_by,
                filed_at: before.filed_at,
                version: before.version + 1,
                ..activity_of(&ctx, id, &read, count)
            };
            let mut writes = vec![Write::insert(&kept_version(&ctx, &before, &known, &reason))];
            writes.extend(Write::update(&before, &after));
            writes.extend(known.removal());
            writes.extend(parties(id, &read));
            let is_minutes = input::flag(&sent.file_is_minutes);
            let mut kept: Vec<bool> = old_files.iter().map(|file| file.minutes).collect();
            kept.extend(kept_files(conn, id, is_minutes, files, &mut writes)?);
            let facts = facts_of(&after, &read, &kept);
            let actions = rules::holding_for_kind(conn, &read.unit.path, &read.draft.kind)?;
            writes.push(credited(id, false, &actions, &facts));
            let counted = app.counted_now(conn, &actions, &facts, &read, ctx.today())?;
            let detail = json!({ "reason": reason });
            let entry = entry("activity.corrected", &after, &read.campaign, &app, detail, writes)?;
            let seq = journal::append(conn, &ctx.stamp(Some(&read.unit)), vec![entry])?;
            likeness::keep(conn, TextKind::Minutes, (id.0, 0), read.campaign.id, &after.minutes_text)?;
            Ok(Recorded { id, seq, counted })
        })
    }

    /// Takes a record back; it counts for nothing any more and stays readable.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `not_allowed`, `activity_withdrawn`, text limits.
    pub fn withdraw_activity(
        &self,
        ctx: &Context,
        id: ActivityId,
        version: Option<i64>,
        reason: &str,
    ) -> Result<Recorded, Error> {
        let (app, ctx, reason) = (self.clone(), ctx.clone(), reason.to_owned());
        self.db.write(move |conn| {
            let before = fresh(conn, &ctx, id, version)?;
            let reason = require_text("reason", "作废理由", &reason, REASON_CHARS_MAX)?;
            let unit = crate::context::unit(conn, before.unit_id)?;
            let campaign = campaign_for(conn, &ctx, before.campaign_id)?;
            let after =
                Activity { state: ActivityState::Withdrawn, version: before.version + 1, ..before.clone() };
            let kept = kept_version(&ctx, &before, &Parties::of(conn, id)?, &reason);
            let mut writes = vec![Write::insert(&kept)];
            writes.extend(Write::update(&before, &after));
            writes.push(Write::Credits {
                activity: id,
                fresh: false,
                credits: Vec::new(),
                actions: Vec::new(),
            });
            let entry =
                entry("activity.withdrawn", &after, &campaign, &app, json!({ "reason": reason }), writes)?;
            let seq = journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry])?;
            Ok(Recorded { id, seq, counted: Vec::new() })
        })
    }

    /// `staff` are the people of the unit on the day, where they have been read; `known` who and what belongs to the
    /// record already, which the actor need not see to leave it there.
    fn read_activity(
        &self,
        conn: &mut Conn,
        ctx: &Context,
        sent: &ActivityInput,
        staff: Option<Staff>,
        known: Option<&Parties>,
    ) -> Result<Read, Error> {
        let unit = input::number("unit", "开展单位", &sent.unit)?
            .ok_or_else(|| Error::invalid("unit", "请选择“开展单位”。"))?;
        let unit = readable_unit(conn, ctx, UnitId(unit))
            .map_err(|_| Error::invalid("unit", "选择的单位不存在，请重新选择。"))?;
        if !may_record(ctx, &unit) {
            return Err(Refusal::not_allowed("登记活动", "该单位的填报员或工作专班身份").into());
        }
        let campaign = input::number("campaign", "专项行动", &sent.campaign)?
            .ok_or_else(|| Error::invalid("campaign", "请选择“专项行动”。"))?;
        let campaign = campaign_for(conn, ctx, bihuan_domain::id::CampaignId(campaign))?;
        campaign.check_running()?;
        let template = self.template(&campaign)?;
        if template.activity_kind(sent.kind.trim()).is_none() {
            return Err(Error::invalid("kind", "请选择“活动类别”。"));
        }
        let draft = Draft {
            kind: sent.kind.trim().to_owned(),
            day: input::required_day("day", "活动日期", &sent.day)?,
            makes_up_day: input::day("makes_up_day", "补哪一天所在周期的", &sent.makes_up_day)?,
            topic: sent.topic.clone(),
            minutes_text: sent.minutes_text.clone(),
            duration_minutes: input::number("duration", "时长", &sent.duration)?.unwrap_or(0),
            link: sent.link.clone(),
        };
        let draft = draft.checked(ctx.today())?;
        let staff = match staff {
            Some(staff) => staff,
            None => recording::staff_of(conn, unit.id, draft.day)?,
        };
        let (people, others) = participants(conn, ctx, (&staff, draft.day), sent, known)?;
        let units = joint(conn, ctx, &unit, sent, known)?;
        Ok(Read { campaign, unit, draft, people, units, staff, others })
    }
}

fn begin(conn: &mut Conn, ctx: &Context, sent: &ActivityInput, request: &str) -> Result<Begun, Error> {
    // What cannot be read is told later, in its place.
    let unit = input::number("unit", "开展单位", &sent.unit).ok().flatten().map(UnitId);
    let place = unit.zip(input::required_day("day", "活动日期", &sent.day).ok());
    let since = ctx.at.plus_seconds(-SENT_AGAIN_SECONDS);
    Ok(recording::begin(conn, &recording::Asked { place, person: ctx.actor.person, request, since })?)
}

fn fresh(conn: &mut Conn, ctx: &Context, id: ActivityId, version: Option<i64>) -> Result<Activity, Error> {
    let before: Activity = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
    let unit = readable_unit(conn, ctx, before.unit_id)?;
    if !may_record(ctx, &unit) {
        return Err(Refusal::not_allowed("更正活动记录", "该单位的填报员或工作专班身份").into());
    }
    if version.is_some_and(|version| version != before.version) {
        return Err(Error::stale());
    }
    if before.state == ActivityState::Withdrawn {
        let hint = "需要时请重新登记一条。";
        return Err(Refusal::new("activity_withdrawn", "这条记录已经作废。", hint).into());
    }
    Ok(before)
}

/// Files are checked before the writer's turn.
fn accepted(files: Vec<SentFile>) -> Result<Vec<(String, Accepted)>, Error> {
    let real = files.into_iter().filter(|file| !file.bytes.is_empty());
    real.map(|file| Ok((crate::evidence::kept_name(&file.name), accept(&file)?))).collect()
}

fn digest(of: &impl serde::Serialize) -> Result<String, Error> {
    let text = serde_json::to_string(of).map_err(|error| Fault::corrupt(error.to_string()))?;
    Ok(Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect())
}

pub(super) fn activity_of(ctx: &Context, id: ActivityId, read: &Read, files: i64) -> Activity {
    let draft = read.draft.clone();
    Activity {
        id,
        campaign_id: read.campaign.id,
        unit_id: read.unit.id,
        kind: draft.kind,
        day: draft.day,
        makes_up_day: draft.makes_up_day,
        topic: draft.topic,
        minutes_text: draft.minutes_text,
        duration_minutes: draft.duration_minutes,
        link: draft.link,
        filed_by: ctx.actor.person,
        filed_at: ctx.at,
        files,
        state: ActivityState::Recorded,
        version: 1,
    }
}

pub(super) fn facts_of(activity: &Activity, read: &Read, files: &[bool]) -> Facts {
    let participant = |(person, how): &(PersonId, Attendance)| {
        let staff = if read.staff.contains_key(person) { &read.staff } else { &read.others };
        Participant {
            person: *person,
            lead: *how == Attendance::Lead,
            posts: recording::posts_on(staff, *person, activity.day),
        }
    };
    let mut units = vec![activity.unit_id];
    units.extend(&read.units);
    Facts {
        activity: activity.id,
        kind: activity.kind.clone(),
        day: activity.day,
        makes_up: activity.makes_up_day,
        minutes: activity.duration_minutes,
        has_minutes: !activity.minutes_text.is_empty() || files.contains(&true),
        has_material: !activity.link.is_empty() || !files.is_empty(),
        units,
        people: read.people.iter().map(participant).collect(),
    }
}

pub(super) fn credited(id: ActivityId, fresh: bool, actions: &[RequiredAction], facts: &Facts) -> Write {
    let kind = |rule: RequiredActionId| {
        let action = actions.iter().find(|action| action.id == rule);
        action.and_then(RequiredAction::newest).map_or(SubjectKind::Unit, |v| v.rule.subject.table())
    };
    let with_kind = |credit: Credit| (kind(credit.rule_id), credit);
    let credits: Vec<(SubjectKind, Credit)> = credits(actions, facts).into_iter().map(with_kind).collect();
    let taken = |action: &&RequiredAction| credits.iter().any(|(_, credit)| credit.rule_id == action.id);
    let actions = actions.iter().filter(taken).cloned().collect();
    Write::Credits { activity: id, fresh, credits, actions }
}

/// The edition as it stands, with who led, who took part and who held it together, by number.
pub(super) fn kept_version(
    ctx: &Context,
    before: &Activity,
    parties: &Parties,
    reason: &str,
) -> ActivityVersion {
    let people: Vec<i64> = parties.people.iter().map(|one| one.person_id.0).collect();
    let led = parties.people.iter().filter(|one| one.attendance == Attendance::Lead);
    let lead: Vec<i64> = led.map(|one| one.person_id.0).collect();
    let units: Vec<i64> = parties.units.iter().map(|one| one.unit_id.0).collect();
    let content = json!({ "record": before, "people": people, "lead": lead, "units": units });
    ActivityVersion {
        activity_id: before.id,
        number: before.version,
        content: content.to_string(),
        reason: reason.to_owned(),
        changed_by: ctx.actor.person,
        changed_at: ctx.at,
    }
}

fn entry(
    action: &str,
    activity: &Activity,
    campaign: &Campaign,
    app: &App,
    detail: serde_json::Value,
    writes: Vec<Write>,
) -> Result<NewEntry, Error> {
    let template = app.template(campaign)?;
    let kind =
        template.activity_kind(&activity.kind).map_or(activity.kind.as_str(), |kind| kind.name.as_str());
    Ok(NewEntry {
        action: action.to_owned(),
        subject_kind: "activity",
        subject_id: activity.id.0,
        unit: Some(activity.unit_id),
        campaign: Some(activity.campaign_id),
        note: format!("{}{kind}：{}", activity.day.in_chinese(), activity.topic),
        detail,
        writes,
        ..NewEntry::default()
    })
}
