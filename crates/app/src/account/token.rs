//! Tokens of accounts for programs: made with scopes and an end, shown once, taken back at any time.

use crate::secret::{digest, new_secret};
use crate::{App, Context, Error, Visit, actor};
use bihuan_domain::Refusal;
use bihuan_domain::person::{Account, AccountState};
use bihuan_domain::refusal::require_text;
use bihuan_store::account::{self as store, ApiToken};
use bihuan_store::journal::{self, NewEntry, Stamp, Write};
use std::sync::Arc;

/// Longest life of a token in days.
pub const TOKEN_DAYS_MAX: i64 = 366;
/// Tokens of one account that are neither ended nor taken back.
pub const TOKENS_MAX: usize = 20;
/// Longest name of a token in characters.
const NAME_CHARS_MAX: usize = 50;
/// What the text of every token begins with, so that a leaked one is recognised.
pub const TOKEN_MARK: &str = "bihuan_";

/// A caller known by a token.
#[derive(Clone, Debug)]
pub struct ByToken {
    /// The circumstances of the call.
    pub ctx: Context,
    /// The unit of the main post.
    pub unit_name: String,
    /// What the token may be used for.
    pub scopes: Vec<String>,
}

impl App {
    /// The tokens of the own account.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn own_tokens(&self, ctx: &Context) -> Result<Vec<ApiToken>, Error> {
        Ok(self.db.read(|conn| store::tokens(conn, ctx.actor.account))?)
    }

    /// Makes a token; its text is the answer and is kept nowhere. The caller has checked that the scopes exist.
    ///
    /// # Errors
    /// Refusals of the name, the scopes, the days; too many tokens.
    pub fn create_token(
        &self,
        ctx: &Context,
        name: &str,
        scopes: &[String],
        days: i64,
    ) -> Result<String, Error> {
        let name = require_text("name", "用途", name, NAME_CHARS_MAX)?;
        if scopes.is_empty() {
            return Err(Error::invalid("scope", "请至少勾选一项权限。"));
        }
        if !(1..=TOKEN_DAYS_MAX).contains(&days) {
            return Err(Error::invalid("days", format!("有效期须为 1–{TOKEN_DAYS_MAX} 天。")));
        }
        let text = format!("{TOKEN_MARK}{}", new_secret()?);
        let (ctx, key, scope) = (ctx.clone(), digest(&text), scopes.join(" "));
        self.db.write(move |conn| {
            let live = |token: &&ApiToken| token.revoked_us.is_none() && token.expires_us > ctx.at;
            if store::tokens(conn, ctx.actor.account)?.iter().filter(live).count() >= TOKENS_MAX {
                let sentence = format!("一个账号最多有 {TOKENS_MAX} 个有效的访问令牌。");
                return Err(Refusal::new("too_many_tokens", sentence, "请先收回不用的令牌。").into());
            }
            let token = ApiToken {
                id: journal::next_id(conn, "api_token", 1)?,
                account_id: ctx.actor.account,
                name,
                digest: key,
                scope,
                created_us: ctx.at,
                expires_us: ctx.at.plus_seconds(days * 86_400),
                revoked_us: None,
                used_day: None,
            };
            let entry = NewEntry { writes: vec![Write::insert(&token)], ..entry_of(&token, "token.created") };
            journal::append(conn, &ctx.stamp(None), vec![entry])?;
            Ok(text)
        })
    }

    /// Takes a token of the own account back.
    ///
    /// # Errors
    /// `NotFound`, also for a token of somebody else.
    pub fn revoke_token(&self, ctx: &Context, id: i64) -> Result<(), Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let before: Option<ApiToken> = journal::by_id(conn, id)?;
            let before = before
                .filter(|token| token.account_id == ctx.actor.account && token.revoked_us.is_none())
                .ok_or(Error::NotFound)?;
            let after = ApiToken { revoked_us: Some(ctx.at), ..before.clone() };
            let writes = Write::update(&before, &after).into_iter().collect();
            let entry = NewEntry { writes, ..entry_of(&before, "token.revoked") };
            journal::append(conn, &ctx.stamp(None), vec![entry])?;
            Ok(())
        })
    }

    /// Whose token it is; `None` when it is unknown, over or taken back, or the account is not active. The first use
    /// of a day leaves an entry.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn recognise_token(&self, visit: &Visit, text: &str) -> Result<Option<ByToken>, Error> {
        let (key, today) = (digest(text), visit.at.day_in_china());
        let found = self.db.read(|conn| -> Result<_, Error> {
            let live = |token: &ApiToken| token.revoked_us.is_none() && token.expires_us > visit.at;
            let Some(token) = store::token(conn, &key)?.filter(live) else { return Ok(None) };
            let account: Option<Account> = journal::by_id(conn, token.account_id.0)?;
            let Some(account) = account.filter(|account| account.state == AccountState::Active) else {
                return Ok(None);
            };
            Ok(Some((token, actor::load(conn, &account, today)?)))
        })?;
        let Some((token, loaded)) = found else { return Ok(None) };
        let ctx = Context {
            actor: Arc::new(loaded.actor),
            at: visit.at,
            source_address: visit.source_address.clone(),
        };
        let scopes = token.scope.split(' ').map(str::to_owned).collect();
        if token.used_day != Some(today) {
            self.note_use(ctx.stamp(None), token.id)?;
        }
        Ok(Some(ByToken { ctx, unit_name: loaded.unit_name, scopes }))
    }

    fn note_use(&self, stamp: Stamp, id: i64) -> Result<(), Error> {
        self.db.write(move |conn| {
            let Some(before) = journal::by_id::<ApiToken>(conn, id)? else { return Ok(()) };
            let after = ApiToken { used_day: Some(stamp.at.day_in_china()), ..before.clone() };
            // Another request of the same moment may have noted it already.
            let Some(write) = Write::update(&before, &after) else { return Ok(()) };
            let entry = NewEntry { writes: vec![write], ..entry_of(&before, "token.used") };
            journal::append(conn, &stamp, vec![entry])?;
            Ok(())
        })
    }
}

fn entry_of(token: &ApiToken, action: &str) -> NewEntry {
    NewEntry {
        action: action.to_owned(),
        subject_kind: "api_token",
        subject_id: token.id,
        ..NewEntry::default()
    }
}
