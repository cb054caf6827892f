//! Sessions: signing in, being recognised, signing out, changing the password. Each leaves an entry, also when it
//! fails. No answer tells whether an account exists.

use crate::actor::{self, is_administrator};
use crate::alert::{self, Seen};
use crate::secret::{self, digest, hash_password, is_password};
use crate::vault::factor_place;
use crate::{App, Context, Error, Visit};
use bihuan_domain::alert::AlertKind;
use bihuan_domain::person::{Account, AccountState};
use bihuan_domain::{Instant, Refusal};
use bihuan_store::account::{self as store, Guard, Session};
use bihuan_store::journal::{self, NewEntry, Stamp, Write};
use bihuan_store::{Conn, Fault};
use std::sync::Arc;

/// A session's last request is written down when it is older than this, so that reading costs no write.
pub const TOUCH_SECONDS: i64 = 60;

/// A session just begun.
#[derive(Clone, Debug)]
pub struct Opened {
    /// For the cookie; it is stored nowhere.
    pub secret: String,
    /// Whose it is.
    pub actor: Arc<bihuan_domain::role::Actor>,
}

/// What a person has to do before anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// The password is a one-time password or too old.
    ChangePassword,
    /// An administrator without a second factor.
    SetUpSecondFactor,
}

/// A request whose sender is known.
#[derive(Clone, Debug)]
pub struct Recognised {
    /// The circumstances of the call.
    pub ctx: Context,
    /// The unit of the main post, for the head of pages.
    pub unit_name: String,
    /// Seconds until the session ends without a further request.
    pub seconds_left: i64,
    /// What must be done first.
    pub duty: Option<Duty>,
}

/// What an attempt to sign in came to. Kept apart from errors, because a refused attempt is written down too.
enum Attempt {
    Open(Box<Opened>),
    Refused,
}

impl App {
    /// Signs in with a password, and with a code where the account has a second factor.
    ///
    /// # Errors
    /// `sign_in_refused`, the same whatever was wrong.
    pub fn sign_in(&self, visit: &Visit, login: &str, password: &str, code: &str) -> Result<Opened, Error> {
        let login = login.trim().to_lowercase();
        let known = self.db.read(|conn| store::by_login(conn, &login))?;
        let hash = known.as_ref().map(|account| account.password_hash.clone()).unwrap_or_default();
        // Slow, so it is done here and not on the thread that writes.
        let right = is_password(self.policy.hash_cost, password, &hash);
        let (app, visit, code) = (self.clone(), visit.clone(), code.trim().to_owned());
        let attempt = self.db.write(move |conn| -> Result<Attempt, Error> {
            let Some(account) = store::by_login(conn, &login)? else {
                refuse(conn, &visit, None, "登录名不存在")?;
                return Ok(Attempt::Refused);
            };
            // Somebody may have changed the password while the hash was being computed.
            let right = right && account.password_hash == hash;
            app.decide(conn, &visit, &account, right, &code)
        })?;
        match attempt {
            Attempt::Open(opened) => Ok(*opened),
            Attempt::Refused => Err(self.refusal().into()),
        }
    }

    /// Signs in without a password, for the demonstration only; the caller has made sure that it is one.
    ///
    /// # Errors
    /// `NotFound` for an account that does not exist or is not active.
    pub fn sign_in_for_demo(&self, visit: &Visit, login: &str) -> Result<Opened, Error> {
        let (app, visit, login) = (self.clone(), visit.clone(), login.to_owned());
        self.db.write(move |conn| {
            let account = store::by_login(conn, &login)?.ok_or(Error::NotFound)?;
            if account.state != AccountState::Active {
                return Err(Error::NotFound);
            }
            let guard = store::guard(conn, account.id)?;
            app.open(conn, &visit, &account, guard, "演示登录")
        })
    }

    fn refusal(&self) -> Refusal {
        Refusal::of_field(
            "password",
            "sign_in_refused",
            "登录名、密码或动态口令不正确，或者账号现在不能登录。",
            format!(
                "连续输错 {} 次，账号将锁定 {} 分钟；忘记密码请联系安全管理员。",
                self.policy.failures_max, self.policy.lock_minutes
            ),
        )
    }

    fn decide(
        &self,
        conn: &mut Conn,
        visit: &Visit,
        account: &Account,
        right: bool,
        code: &str,
    ) -> Result<Attempt, Error> {
        let mut guard = store::guard(conn, account.id)?;
        if guard.locked_until > visit.at {
            refuse(conn, visit, Some(account), "账号锁定中")?;
            return Ok(Attempt::Refused);
        }
        if account.state != AccountState::Active {
            refuse(conn, visit, Some(account), "账号未启用")?;
            return Ok(Attempt::Refused);
        }
        let step = match guard.second_factor() {
            Some(sealed) if right => {
                let factor = self.vault.open(&factor_place(account.id), sealed)?;
                crate::second_factor::check(&factor, code, visit.at, guard.totp_step)
            }
            Some(_) => None,
            None => Some(guard.totp_step),
        };
        let Some(step) = step.filter(|_| right) else {
            let why = if right { "动态口令不正确" } else { "密码不正确" };
            self.count_failure(conn, visit, account, guard, why)?;
            return Ok(Attempt::Refused);
        };
        guard.totp_step = step;
        let opened = self.open(conn, visit, account, guard, "")?;
        Ok(Attempt::Open(Box::new(opened)))
    }

    fn count_failure(
        &self,
        conn: &mut Conn,
        visit: &Visit,
        account: &Account,
        mut guard: Guard,
        why: &str,
    ) -> Result<(), Error> {
        guard.failures += 1;
        refuse(conn, visit, Some(account), why)?;
        if guard.failures >= self.policy.failures_max {
            guard.failures = 0;
            guard.locked_until = visit.at.plus_seconds(self.policy.lock_minutes * 60);
            let note = format!(
                "连续 {} 次登录失败，锁定 {} 分钟",
                self.policy.failures_max, self.policy.lock_minutes
            );
            let entry = NewEntry { failed: true, ..entry_of(account, "account.locked", note) };
            journal::append(conn, &stamp(visit, Some(account)), vec![entry])?;
            let detail = format!("连续{}次登录失败，账号已锁定", self.policy.failures_max);
            let seen = Seen { kind: AlertKind::RepeatedDenials, account: Some(account.id), detail };
            alert::raise(conn, &stamp(visit, Some(account)), &seen)?;
        }
        store::save_guard(conn, &guard)?;
        Ok(())
    }

    fn open(
        &self,
        conn: &mut Conn,
        visit: &Visit,
        account: &Account,
        mut guard: Guard,
        note: &str,
    ) -> Result<Opened, Error> {
        let idle = self.policy.idle_minutes.max(self.policy.idle_minutes_admin);
        store::remove_ended_sessions(conn, visit.at, visit.at.plus_seconds(-60 * idle))?;
        guard.failures = 0;
        guard.last_sign_in = visit.at;
        store::save_guard(conn, &guard)?;
        let secret = secret::new_secret()?;
        let session = Session {
            digest: digest(&secret),
            account: account.id,
            created: visit.at,
            seen: visit.at,
            expires: visit.at.plus_seconds(self.policy.session_hours * 3600),
            source_address: visit.source_address.clone(),
        };
        store::open_session(conn, &session)?;
        let loaded = actor::load(conn, account, visit.at.day_in_china())?;
        let entry = entry_of(account, "session.signed_in", note.to_owned());
        journal::append(conn, &stamp(visit, Some(account)), vec![entry])?;
        Ok(Opened { secret, actor: Arc::new(loaded.actor) })
    }

    /// Whose session it is; `None` when it is over or never was.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn recognise(&self, visit: &Visit, secret: &str) -> Result<Option<Recognised>, Error> {
        let key = digest(secret);
        let found = self.db.read(|conn| -> Result<_, Error> {
            let Some(session) = store::session(conn, &key)? else { return Ok(None) };
            let account: Option<Account> = journal::by_id(conn, session.account.0)?;
            let Some(account) = account.filter(|account| account.state == AccountState::Active) else {
                return Ok(None);
            };
            let loaded = actor::load(conn, &account, visit.at.day_in_china())?;
            let guard = store::guard(conn, account.id)?;
            Ok(Some((session, account, loaded, guard)))
        })?;
        let Some((session, account, loaded, guard)) = found else { return Ok(None) };
        let administrator = is_administrator(&loaded.actor);
        let idle_ends = session.seen.plus_seconds(60 * self.policy.idle_minutes_of(administrator));
        if visit.at >= session.expires || visit.at >= idle_ends {
            self.db.write(move |conn| store::end_session(conn, &key))?;
            return Ok(None);
        }
        if visit.at >= session.seen.plus_seconds(TOUCH_SECONDS) {
            let at = visit.at;
            self.db.write(move |conn| store::touch_session(conn, &key, at))?;
        }
        let until_end = session.expires.micros_since(visit.at) / 1_000_000;
        // The last request may be written down up to a minute late, so the page is told the shorter time.
        let idle_seconds = 60 * self.policy.idle_minutes_of(administrator) - TOUCH_SECONDS;
        let duty = self.duty(&account, &guard, administrator, visit.at);
        let ctx = Context {
            actor: Arc::new(loaded.actor),
            at: visit.at,
            source_address: visit.source_address.clone(),
        };
        let seconds_left = idle_seconds.min(until_end);
        Ok(Some(Recognised { ctx, unit_name: loaded.unit_name, seconds_left, duty }))
    }

    fn duty(&self, account: &Account, guard: &Guard, administrator: bool, at: Instant) -> Option<Duty> {
        let age_days = account.password_set_at.map(|set| at.micros_since(set) / 86_400_000_000);
        if account.must_change || age_days.is_none_or(|days| days >= self.policy.password_days) {
            return Some(Duty::ChangePassword);
        }
        let missing =
            administrator && self.policy.second_factor_for_admins && guard.second_factor().is_none();
        missing.then_some(Duty::SetUpSecondFactor)
    }

    /// Ends the session.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn sign_out(&self, ctx: &Context, secret: &str) -> Result<(), Error> {
        let (ctx, key) = (ctx.clone(), digest(secret));
        self.db.write(move |conn| {
            if store::end_session(conn, &key)? {
                journal::append(
                    conn,
                    &ctx.stamp(None),
                    vec![own_entry(&ctx, "session.signed_out", String::new())],
                )?;
            }
            Ok(())
        })
    }

    /// Ends all other sessions of the same account; answers how many.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn sign_out_elsewhere(&self, ctx: &Context, secret: &str) -> Result<u64, Error> {
        let (ctx, key) = (ctx.clone(), digest(secret));
        self.db.write(move |conn| {
            let ended = store::end_sessions(conn, ctx.actor.account, &key)?;
            let note = format!("退出其他 {ended} 处登录");
            journal::append(
                conn,
                &ctx.stamp(None),
                vec![own_entry(&ctx, "session.signed_out_elsewhere", note)],
            )?;
            Ok(ended)
        })
    }

    /// The sessions of the same account, and which of them is this one.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn own_sessions(&self, ctx: &Context, secret: &str) -> Result<Vec<(Session, bool)>, Error> {
        let key = digest(secret);
        let sessions = self.db.read(|conn| store::sessions(conn, ctx.actor.account))?;
        Ok(sessions
            .into_iter()
            .map(|session| {
                let own = session.digest == key;
                (session, own)
            })
            .collect())
    }

    /// Changes the password of the person's own account and ends their other sessions.
    ///
    /// # Errors
    /// `password_wrong` of the field `old`; refusals of the policy; `password_repeated` for one used before.
    pub fn change_password(
        &self,
        ctx: &Context,
        session_secret: &str,
        old: &str,
        new: &str,
    ) -> Result<(), Error> {
        let id = ctx.actor.account;
        let (account, guard) = self.db.read(|conn| -> Result<_, Error> {
            let account: Account = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
            Ok((account, store::guard(conn, id)?))
        })?;
        let cost = self.policy.hash_cost;
        if guard.locked_until > ctx.at || !is_password(cost, old, &account.password_hash) {
            self.refuse_old_password(ctx, account)?;
            return Err(Refusal::of_field(
                "old",
                "password_wrong",
                "原密码不正确。",
                "请重新输入现在使用的密码。",
            )
            .into());
        }
        self.policy.check_password(&account.login, new)?;
        let kept = self.policy.password_history.saturating_sub(1);
        let used = std::iter::once(&account.password_hash).chain(guard.past_hashes.iter().take(kept));
        if used.into_iter().any(|hash| is_password(cost, new, hash)) {
            let sentence = format!("新密码与最近 {} 次用过的密码相同。", self.policy.password_history);
            return Err(Refusal::of_field(
                "password",
                "password_repeated",
                sentence,
                "请换一个没有用过的密码。",
            )
            .into());
        }
        let hash = hash_password(cost, new)?;
        let (ctx, key) = (ctx.clone(), digest(session_secret));
        self.db.write(move |conn| {
            let mut guard = store::guard(conn, id)?;
            guard.past_hashes.insert(0, account.password_hash.clone());
            guard.past_hashes.truncate(kept);
            guard.failures = 0;
            store::save_guard(conn, &guard)?;
            store::end_sessions(conn, id, &key)?;
            write_password(conn, &ctx, &account, hash, false, "account.password_changed")
        })
    }

    /// A wrong old password counts as a failed sign-in: whoever found an open window shall not guess either.
    fn refuse_old_password(&self, ctx: &Context, account: Account) -> Result<(), Error> {
        let (app, visit) = (self.clone(), Visit { at: ctx.at, source_address: ctx.source_address.clone() });
        self.db.write(move |conn| {
            let guard = store::guard(conn, account.id)?;
            app.count_failure(conn, &visit, &account, guard, "修改密码时原密码不正确")
        })
    }
}

/// Writes a new password hash with its entry; refuses when the account was changed meanwhile.
pub(crate) fn write_password(
    conn: &mut Conn,
    ctx: &Context,
    before: &Account,
    hash: String,
    must_change: bool,
    action: &str,
) -> Result<(), Error> {
    let now: Account = journal::by_id(conn, before.id.0)?.ok_or(Error::NotFound)?;
    if now != *before {
        return Err(Error::stale());
    }
    let after = Account {
        password_hash: hash,
        must_change,
        password_set_at: Some(ctx.at),
        version: before.version + 1,
        ..now
    };
    let mut entry = entry_of(&after, action, String::new());
    entry.writes = Write::update(before, &after).into_iter().collect();
    journal::append(conn, &ctx.stamp(None), vec![entry])?;
    Ok(())
}

fn stamp(visit: &Visit, account: Option<&Account>) -> Stamp {
    Stamp {
        at: visit.at,
        account: account.map(|account| account.id),
        person: account.map(|account| account.person_id),
        source_address: visit.source_address.clone(),
        ..Stamp::default()
    }
}

/// An entry about an account.
pub(crate) fn entry_of(account: &Account, action: &str, note: String) -> NewEntry {
    NewEntry {
        action: action.to_owned(),
        subject_kind: "account",
        subject_id: account.id.0,
        note,
        ..NewEntry::default()
    }
}

/// An entry about the caller's own account.
pub(crate) fn own_entry(ctx: &Context, action: &str, note: String) -> NewEntry {
    NewEntry {
        action: action.to_owned(),
        subject_kind: "account",
        subject_id: ctx.actor.account.0,
        note,
        ..NewEntry::default()
    }
}

/// Writes down a refused attempt. What was typed as a name is not kept: it may have been a password.
fn refuse(conn: &mut Conn, visit: &Visit, account: Option<&Account>, why: &str) -> Result<(), Fault> {
    let entry = NewEntry {
        action: "session.refused".to_owned(),
        subject_kind: "account",
        subject_id: account.map_or(0, |account| account.id.0),
        failed: true,
        note: why.to_owned(),
        ..NewEntry::default()
    };
    journal::append(conn, &stamp(visit, account), vec![entry]).map(|_| ())
}
