//! Talks and holding to account: restricted records. What is not named in a record does not exist for its reader (M33).

use crate::Error;
use crate::context::{self, App, Context};
use crate::input::{self, inputs};
use bihuan_domain::id::{CampaignId, PersonId, SlipId, TalkId, UnitId};
use bihuan_domain::person::Person;
use bihuan_domain::talk::{self as domain, Talk, TalkDraft};
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::problem::units;
use bihuan_store::{Conn, talk as store};

inputs! {
    /// A decision to be recorded.
    TalkInput {
        campaign: one "专项",
        slip: one "依据的督办单",
        unit: one "单位",
        person: one "被约谈人",
        kind: one "类型",
        ground: one "事由和依据",
        readers: many "知悉人员",
    }
    /// Words of a step.
    TalkWordsInput { statement: one "陈述", objection: one "申诉理由", answer: one "申诉答复", outcome: one "结果" }
}

bihuan_domain::coded! {
    /// What is done with a record.
    TalkVerb ("约谈办理") {
        State = "state", "本人陈述";
        Object = "object", "提出申诉";
        AnswerObjection = "answer_objection", "答复申诉";
        Conclude = "conclude", "记录结果";
    }
}

/// A record with its names.
#[derive(Clone, Debug, serde::Serialize)]
pub struct TalkView {
    /// The record.
    #[serde(flatten)]
    pub talk: Talk,
    /// The person's name.
    pub person: String,
    /// Who decided.
    pub decider: String,
    /// The unit's name.
    pub unit: String,
    /// Names of the readers.
    pub reader_names: Vec<String>,
    /// What the reader may do.
    pub possible: Vec<TalkVerb>,
}

fn seen(conn: &mut Conn, ctx: &Context, id: TalkId) -> Result<Talk, Error> {
    let talk: Talk = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
    if talk.visible_to(&ctx.actor) { Ok(talk) } else { Err(Error::NotFound) }
}

fn view(conn: &mut Conn, ctx: &Context, talk: Talk) -> Result<TalkView, Error> {
    use bihuan_domain::Coded as _;
    let mut ids = talk.named();
    ids.extend([talk.person_id, talk.decided_by]);
    let names = units::person_names(conn, &ids)?;
    let name = |id: PersonId| {
        names
            .iter()
            .find(|(have, _)| *have == id)
            .map_or_else(|| "（已注销人员）".to_owned(), |(_, name)| name.clone())
    };
    let unit = context::unit(conn, talk.unit_id)?;
    let words = |verb: TalkVerb| -> TalkWordsInput {
        let mut words = TalkWordsInput::default();
        let field = match verb {
            TalkVerb::State => &mut words.statement,
            TalkVerb::Object => &mut words.objection,
            TalkVerb::AnswerObjection => &mut words.answer,
            TalkVerb::Conclude => &mut words.outcome,
        };
        *field = "是".to_owned();
        words
    };
    let possible = TalkVerb::ALL
        .iter()
        .copied()
        .filter(|verb| carry_out(&mut talk.clone(), ctx, &unit.path, *verb, &words(*verb)).is_ok())
        .collect();
    Ok(TalkView {
        person: name(talk.person_id),
        decider: name(talk.decided_by),
        unit: unit.name,
        reader_names: talk.named().into_iter().map(name).collect(),
        possible,
        talk,
    })
}

fn carry_out(
    talk: &mut Talk,
    ctx: &Context,
    path: &bihuan_domain::unit::UnitPath,
    verb: TalkVerb,
    sent: &TalkWordsInput,
) -> Result<(), Error> {
    match verb {
        TalkVerb::State => domain::state(talk, &ctx.actor, ctx.at, &sent.statement)?,
        TalkVerb::Object => domain::object(talk, &ctx.actor, ctx.at, &sent.objection)?,
        TalkVerb::AnswerObjection => domain::answer_objection(talk, path, &ctx.actor, &sent.answer)?,
        TalkVerb::Conclude => domain::conclude(talk, &ctx.actor, &sent.outcome)?,
    }
    Ok(())
}

/// The entry of a record: its number and nothing else can be read without opening the record.
fn entry(talk: &Talk, action: &str, writes: Vec<Write>) -> NewEntry {
    NewEntry {
        action: format!("talk.{action}"),
        subject_kind: "talk",
        subject_id: talk.id.0,
        campaign: Some(talk.campaign_id),
        writes,
        ..NewEntry::default()
    }
}

/// Whom a record may be about, and who may be named as a reader.
#[derive(Clone, Debug)]
pub struct TalkChoices {
    /// The campaign.
    pub campaign_id: CampaignId,
    /// The unit.
    pub unit_id: UnitId,
    /// Its name.
    pub unit: String,
    /// People with a post in the unit.
    pub people: Vec<(PersonId, String)>,
    /// People with a post in the units above.
    pub readers: Vec<(PersonId, String)>,
}

impl App {
    /// What the form offers for the unit of a slip the actor may see.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn talk_choices(&self, ctx: &Context, slip: SlipId) -> Result<TalkChoices, Error> {
        self.db.read(|conn| {
            let case = crate::slip::visible_slip(conn, ctx, slip)?;
            let unit = context::unit(conn, case.slip.holder_unit_id)?;
            if !ctx.actor.holds(bihuan_domain::role::Role::Leader, &unit.path) {
                return Err(Error::NotFound);
            }
            let mut readers = Vec::new();
            for above in bihuan_store::unit::ancestors(conn, &unit.path)? {
                if above.id != unit.id && ctx.actor.may_read(&above.path) {
                    readers.extend(people_of(conn, above.id, ctx)?);
                }
            }
            readers.extend(people_of(conn, case.slip.issuer_unit_id, ctx)?);
            readers.sort();
            readers.dedup();
            readers.retain(|(person, _)| *person != ctx.actor.person);
            Ok(TalkChoices {
                campaign_id: case.slip.campaign_id,
                people: people_of(conn, unit.id, ctx)?,
                unit_id: unit.id,
                unit: unit.name,
                readers,
            })
        })
    }

    /// The records that name the actor.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn talks(&self, ctx: &Context) -> Result<Vec<TalkView>, Error> {
        self.db.read(|conn| {
            let all = store::naming(conn, ctx.actor.person)?;
            let seen: Vec<Talk> = all.into_iter().filter(|talk| talk.visible_to(&ctx.actor)).collect();
            seen.into_iter().map(|talk| view(conn, ctx, talk)).collect()
        })
    }

    /// One record.
    ///
    /// # Errors
    /// `NotFound` for everybody it does not name.
    pub fn talk(&self, ctx: &Context, id: TalkId) -> Result<TalkView, Error> {
        self.db.read(|conn| {
            let talk = seen(conn, ctx, id)?;
            view(conn, ctx, talk)
        })
    }

    /// Records a leader's decision.
    ///
    /// # Errors
    /// `NotFound`, `Invalid` inputs, what the domain refuses.
    pub fn record_talk(&self, ctx: &Context, sent: TalkInput) -> Result<TalkView, Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let campaign = input::number("campaign", "专项", &sent.campaign)?.unwrap_or(0);
            let campaign = context::campaign_for(conn, &ctx, CampaignId(campaign))?;
            let unit = input::number("unit", "单位", &sent.unit)?.unwrap_or(0);
            let unit = context::readable_unit(conn, &ctx, UnitId(unit))
                .map_err(|_| Error::invalid("unit", "请选择“单位”。"))?;
            let slip_id = input::number("slip", "依据的督办单", &sent.slip)?.map(SlipId);
            if let Some(id) = slip_id {
                crate::slip::visible_slip(conn, &ctx, id)
                    .map_err(|_| Error::invalid("slip", "没有找到依据的督办单。"))?;
            }
            let person_id = person(conn, "person", "被约谈人", &sent.person)?;
            let belongs = bihuan_store::person::held_by(conn, person_id)?;
            if !belongs.iter().any(|held| held.post.unit_id == unit.id && held.tenure.holds_on(ctx.today())) {
                return Err(Error::invalid("person", "“被约谈人”没有在所选单位任职，请核对。"));
            }
            let readers = sent
                .readers
                .iter()
                .map(|text| person(conn, "readers", "知悉人员", text))
                .collect::<Result<Vec<_>, _>>()?;
            let kind = bihuan_domain::Coded::from_code(sent.kind.trim());
            let draft = TalkDraft {
                campaign_id: campaign.id,
                slip_id,
                unit: (unit.id, unit.path.clone()),
                person_id,
                kind,
                ground: sent.ground.clone(),
                readers,
            };
            let mut talk = domain::decide(draft, &ctx.actor, ctx.today())?;
            talk.id = TalkId(journal::next_id(conn, "talk", 1)?);
            let entry = entry(&talk, "decided", vec![Write::insert(&talk)]);
            journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry])?;
            view(conn, &ctx, talk)
        })
    }

    /// A step on a record.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, what the domain refuses.
    pub fn talk_step(
        &self,
        ctx: &Context,
        id: TalkId,
        version: Option<i64>,
        verb: TalkVerb,
        sent: TalkWordsInput,
    ) -> Result<TalkView, Error> {
        use bihuan_domain::Coded as _;
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let before = seen(conn, &ctx, id)?;
            if version.is_some_and(|version| version != before.version) {
                return Err(Error::stale());
            }
            let unit = context::unit(conn, before.unit_id)?;
            let mut after = before.clone();
            carry_out(&mut after, &ctx, &unit.path, verb, &sent)?;
            after.version += 1;
            let entry = entry(&after, verb.code(), Write::update(&before, &after).into_iter().collect());
            journal::append(conn, &ctx.stamp(None), vec![entry])?;
            view(conn, &ctx, after)
        })
    }
}

/// A person by number; whether the unit fits is checked by the caller.
fn person(conn: &mut Conn, field: &str, label: &str, text: &str) -> Result<PersonId, Error> {
    let wrong = || Error::invalid(field, format!("“{label}”没有找到，请重新选择。"));
    let id = input::number(field, label, text)?.ok_or_else(wrong)?;
    let found: Option<Person> = journal::by_id(conn, id)?;
    found.map(|person| person.id).ok_or_else(wrong)
}

/// People with a post in a unit today, with the post.
fn people_of(conn: &mut Conn, unit: UnitId, ctx: &Context) -> Result<Vec<(PersonId, String)>, Error> {
    let posts = bihuan_store::person::posts_on(conn, unit, ctx.today())?;
    Ok(posts
        .into_iter()
        .flat_map(|held| {
            let post = held.post.name;
            held.holders
                .into_iter()
                .map(move |holder| (holder.tenure.person_id, format!("{}（{post}）", holder.name)))
        })
        .collect())
}
