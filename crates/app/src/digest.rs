//! The digest: one for a person and working day, made from what waits at that moment; nothing when nothing waits.

use crate::context::{App, Context};
use crate::slip::reader_of;
use crate::todo::Todo;
use crate::{Error, actor, context};
use bihuan_domain::channel::Channel;
use bihuan_domain::digest::{DIGEST_LINES_MAX, Digest, is_time};
use bihuan_domain::id::AccountId;
use bihuan_domain::person::Account;
use bihuan_domain::unit::Unit;
use bihuan_domain::{Coded, Instant};
use bihuan_store::digest::reach::{Reach, reach};
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::record::Record;
use bihuan_store::slip::{SlipFilter, SlipReader, SlipWish};
use bihuan_store::{Conn, channel as channels, digest as store};
use std::sync::Arc;

/// Accounts one transaction makes digests for.
const BATCH: i64 = 200;
/// Seconds a daily job is held by who took it.
const JOB_LEASE_SECONDS: i64 = 1_800;
/// Characters of an item's text in a digest.
const TEXT_CHARS: usize = 60;

/// What one run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct DigestReport {
    /// People looked at.
    pub people: i64,
    /// Digests made.
    pub made: i64,
    /// Messages put out to channels.
    pub messages: i64,
}

/// What one turn of the program's own work did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Turn {
    /// The ladder, when it was its time.
    pub ladder: Option<crate::ladder::LadderReport>,
    /// The digests, when it was their time.
    pub digests: Option<DigestReport>,
    /// Messages.
    pub sent: crate::channel::SendReport,
}

/// The text of a digest; `None` when nothing waits.
fn text_of(ctx: &Context, todo: &Todo) -> Option<(String, i64, i64)> {
    let items: Vec<_> = todo.items.iter().filter(|item| !item.kind.only_told()).collect();
    let total = todo.total();
    if total == 0 || items.is_empty() {
        return None;
    }
    let late = items.iter().filter(|item| item.late).count() as i64;
    let mut text = format!("{}：您有{total}件待办", ctx.today().in_chinese());
    text.push_str(&if late > 0 { format!("，其中{late}件已逾期。\n") } else { "。\n".to_owned() });
    for (index, item) in items.iter().take(DIGEST_LINES_MAX).enumerate() {
        let words: String = item.text.chars().take(TEXT_CHARS).collect();
        let day = match item.day {
            Some(day) if item.late => format!("，时限{day}，已逾期{}天", ctx.today().minus(day)),
            Some(day) if item.kind.day_is_deadline() => format!("，时限{day}"),
            _ => String::new(),
        };
        let number = index + 1;
        text.push_str(&format!(
            "{number}. 〔{}〕{} {words}（{}{day}）\n",
            item.kind.label(),
            item.citation,
            item.unit_name
        ));
    }
    let more = total - items.len().min(DIGEST_LINES_MAX) as i64;
    if more > 0 {
        text.push_str(&format!("另有{more}件，请登录闭环查看“待办”。\n"));
    }
    Some((text, total, late))
}

/// What a group is told about its unit: counts, no names. `None` when there is nothing to tell.
fn text_of_group(conn: &mut Conn, unit: &Unit, now: Instant) -> Result<Option<String>, Error> {
    let reader = SlipReader { reads: vec![unit.path.clone()], ..SlipReader::default() };
    let today = now.day_in_china();
    let mut count = |wish| {
        let filter =
            SlipFilter { wish: Some(wish), within: Some(unit.path.clone()), ..SlipFilter::default() };
        bihuan_store::slip::count(conn, &reader, &filter, today)
    };
    let (unsigned, unanswered) = (count(SlipWish::Unsigned)?, count(SlipWish::Unanswered)?);
    let late = bihuan_store::slip::late_within(conn, &unit.path, today)?;
    if unsigned + unanswered + late == 0 {
        return Ok(None);
    }
    Ok(Some(format!(
        "{}　{}：逾期问题{late}件，未签收督办单{unsigned}张，逾期未答复督办单{unanswered}张。请登录闭环办理。",
        unit.name,
        today.in_chinese()
    )))
}

impl App {
    /// The actor's digests, newest first.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn digests(&self, ctx: &Context) -> Result<Vec<Digest>, Error> {
        Ok(self.db.read(|conn| store::of_person(conn, ctx.actor.person))?)
    }

    /// Makes the digests of the day for everybody who has none yet. Nothing outside working hours.
    ///
    /// # Errors
    /// The calendar's, faults of the database.
    pub fn make_digests(&self, now: Instant) -> Result<DigestReport, Error> {
        let mut report = DigestReport::default();
        let time =
            self.db.read(|conn| -> Result<bool, Error> { Ok(is_time(now, &*self.calendar(conn)?)?) })?;
        if !time {
            return Ok(report);
        }
        let mut after = AccountId(0);
        let reach = self.db.read(|conn| reach(conn, now.day_in_china()))?;
        loop {
            let accounts = self.db.read(|conn| store::active_accounts(conn, after, BATCH))?;
            let Some(last) = accounts.last() else { break };
            after = last.id;
            report.people += accounts.len() as i64;
            let made = self.digests_of(&accounts, &reach, now)?;
            let (count, messages) = self.keep_digests(made, now)?;
            report.made += count;
            report.messages += messages;
        }
        report.messages += self.tell_groups(now)?;
        Ok(report)
    }

    /// The digests of some accounts. Who has nothing is found out for all of them together; what waits is asked only
    /// for the others.
    fn digests_of(&self, accounts: &[Account], reach: &Reach, now: Instant) -> Result<Vec<Digest>, Error> {
        let day = now.day_in_china();
        self.db.read(|conn| {
            let mut people = actor::load_all(conn, accounts, day)?;
            // Who holds a post may be written to without having any other right.
            people.retain(|actor| !(actor.grants.is_empty() && actor.posts.is_empty()));
            let mut made = Vec::new();
            for actor in self.with_something(conn, reach, people, day)? {
                let ctx = Context { actor: Arc::new(actor), at: now, source_address: "program".to_owned() };
                let todo = self.todo_in(conn, &ctx, None)?;
                if let Some((body, items, late)) = text_of(&ctx, &todo) {
                    made.push(Digest { person_id: ctx.actor.person, day, made_at: now, items, late, body });
                }
            }
            Ok(made)
        })
    }

    /// Writes digests that are not there yet, and puts their messages out, in one transaction.
    fn keep_digests(&self, made: Vec<Digest>, now: Instant) -> Result<(i64, i64), Error> {
        if made.is_empty() {
            return Ok((0, 0));
        }
        self.db.write(move |conn| {
            let day = now.day_in_china();
            let known = store::made_on(conn, day)?;
            let mut new: Vec<Digest> = made.into_iter().filter(|d| !known.contains(&d.person_id)).collect();
            // A person with two accounts gets one.
            new.sort_by_key(|digest| digest.person_id);
            new.dedup_by_key(|digest| digest.person_id);
            if new.is_empty() {
                return Ok((0, 0));
            }
            let rows = new.iter().map(Record::values).collect();
            let write = Write::Bulk { table: Digest::TABLE, columns: Digest::COLUMNS.to_vec(), rows };
            let entry = NewEntry {
                action: "digest.made".to_owned(),
                subject_kind: "digest",
                note: format!("{}的每日摘要{}份", day.in_chinese(), new.len()),
                writes: vec![write],
                ..NewEntry::default()
            };
            journal::append(conn, &crate::slip::ladder_stamp(&crate::ladder::program(now)), vec![entry])?;
            let personal: Vec<Channel> = personal_channels(conn)?;
            let mut messages = 0;
            for digest in &new {
                messages += put_out(conn, digest, &personal, now)?;
            }
            Ok((new.len() as i64, messages))
        })
    }

    /// Tells each group channel about its unit, once a day.
    fn tell_groups(&self, now: Instant) -> Result<i64, Error> {
        self.db.write(move |conn| {
            let mut told = 0;
            for channel in channels::all(conn)? {
                if !channel.enabled || channel.kind.is_personal() {
                    continue;
                }
                let unit = context::unit(conn, channel.unit_id)?;
                if let Some(text) = text_of_group(conn, &unit, now)? {
                    let dedup = format!("group:{}", now.day_in_china());
                    channels::put_out(conn, channel.id, "", &dedup, ("闭环每日摘要", &text), false, now)?;
                    told += 1;
                }
            }
            Ok(told)
        })
    }

    /// One turn of the program's own work: the ladder and the digests once a working day, messages whenever they wait.
    /// Several servers on one database take turns by leases.
    ///
    /// # Errors
    /// The calendar's, faults of the database.
    pub fn turn(&self, now: Instant, taker: &str) -> Result<Turn, Error> {
        let mut turn = Turn::default();
        let time =
            self.db.read(|conn| -> Result<bool, Error> { Ok(is_time(now, &*self.calendar(conn)?)?) })?;
        if time && self.take_job("ladder", now, taker)? {
            let done = self.run_ladder(now);
            self.give_back_job("ladder", now, taker, done.is_ok())?;
            turn.ladder = Some(done?);
        }
        if time && self.take_job("digest", now, taker)? {
            let done = self.make_digests(now);
            self.give_back_job("digest", now, taker, done.is_ok())?;
            turn.digests = Some(done?);
        }
        turn.sent = self.send_messages(now)?;
        Ok(turn)
    }

    fn take_job(&self, name: &'static str, now: Instant, taker: &str) -> Result<bool, Error> {
        let taker = taker.to_owned();
        let day = now.day_in_china();
        Ok(self.db.write(move |conn| store::take_job(conn, name, day, now, &taker, JOB_LEASE_SECONDS))?)
    }

    fn give_back_job(&self, name: &'static str, now: Instant, taker: &str, done: bool) -> Result<(), Error> {
        let taker = taker.to_owned();
        let done = done.then(|| (now.day_in_china(), now));
        Ok(self.db.write(move |conn| store::give_back_job(conn, name, &taker, done))?)
    }
}

/// Channels that reach single people.
fn personal_channels(conn: &mut Conn) -> Result<Vec<Channel>, Error> {
    let all = channels::all(conn)?;
    Ok(all.into_iter().filter(|channel| channel.enabled && channel.kind.is_personal()).collect())
}

/// Puts a digest out by one channel, and only one: the nearest to the person of those that reach them, an application
/// before mail where both are equally near.
fn put_out(conn: &mut Conn, digest: &Digest, personal: &[Channel], now: Instant) -> Result<i64, Error> {
    if personal.is_empty() {
        return Ok(0);
    }
    let Some(contact) = channels::contact(conn, digest.person_id)? else { return Ok(0) };
    let posts = bihuan_store::account::posts_of(conn, digest.person_id, digest.day)?;
    let mut best: Option<((usize, bool), &Channel)> = None;
    for channel in personal {
        if crate::channel::address_by(channel.kind, &contact).is_empty() {
            continue;
        }
        let unit = context::unit(conn, channel.unit_id)?;
        let reaches = posts.iter().any(|(post, _)| post.path.is_within(&unit.path));
        let rank = (unit.path.depth(), channel.kind.is_app());
        if reaches && best.is_none_or(|(highest, _)| rank > highest) {
            best = Some((rank, channel));
        }
    }
    let Some((_, channel)) = best else { return Ok(0) };
    let dedup = format!("digest:{}:{}", digest.day, digest.person_id);
    let words = ("闭环每日摘要", digest.body.as_str());
    let to = crate::channel::address_by(channel.kind, &contact);
    channels::put_out(conn, channel.id, to, &dedup, words, false, now)?;
    Ok(1)
}

/// The number of slips a person has to sign or answer, for whoever composes their own overview.
///
/// # Errors
/// Faults of the database.
pub fn slips_waiting(conn: &mut Conn, ctx: &Context) -> Result<i64, Error> {
    let reader = reader_of(&ctx.actor);
    let mut total = 0;
    for wish in [SlipWish::ToSign, SlipWish::ToAnswer] {
        let filter = SlipFilter { wish: Some(wish), ..SlipFilter::default() };
        total += bihuan_store::slip::count(conn, &reader, &filter, ctx.today())?;
    }
    Ok(total)
}
