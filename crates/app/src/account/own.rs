//! What people do with the second factor of their own account.

use crate::second_factor::{self, FACTOR_BYTES, to_base32};
use crate::secret::{is_password, random};
use crate::session::own_entry;
use crate::vault::factor_place;
use crate::{App, Context, Error};
use bihuan_domain::Refusal;
use bihuan_domain::person::Account;
use bihuan_store::account::{self as store, Guard};
use bihuan_store::journal;

/// The own account on its page.
#[derive(Clone, Debug)]
pub struct OwnAccount {
    /// The account.
    pub account: Account,
    /// Lock, last sign-in, second factor.
    pub guard: Guard,
}

impl App {
    /// The own account.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn own_account(&self, ctx: &Context) -> Result<OwnAccount, Error> {
        self.db.read(|conn| {
            let account: Account = journal::by_id(conn, ctx.actor.account.0)?.ok_or(Error::NotFound)?;
            let guard = store::guard(conn, account.id)?;
            Ok(OwnAccount { account, guard })
        })
    }

    /// The secret to be typed into an authenticator; it counts once a first code has proved it. The same secret is
    /// shown until then, so that a page opened twice does no harm.
    ///
    /// # Errors
    /// `factor_set` when there is one already.
    pub fn begin_second_factor(&self, ctx: &Context) -> Result<String, Error> {
        let fresh = to_base32(&random::<FACTOR_BYTES>()?);
        let (id, vault) = (ctx.actor.account, self.vault.clone());
        self.db.write(move |conn| {
            let mut guard = store::guard(conn, id)?;
            if guard.second_factor().is_some() {
                return Err(Refusal::new("factor_set", "动态口令已经启用。", "如需更换，请先停用。").into());
            }
            if let Some(waiting) = guard.totp_secret.strip_prefix('?') {
                return vault.open(&factor_place(id), waiting);
            }
            guard.totp_secret = format!("?{}", vault.seal(&factor_place(id), &fresh)?);
            store::save_guard(conn, &guard)?;
            Ok(fresh)
        })
    }

    /// Proves the secret by a first code.
    ///
    /// # Errors
    /// `code_wrong` of the field `code`.
    pub fn confirm_second_factor(&self, ctx: &Context, code: &str) -> Result<(), Error> {
        let (ctx, code, vault) = (ctx.clone(), code.trim().to_owned(), self.vault.clone());
        self.db.write(move |conn| {
            let mut guard = store::guard(conn, ctx.actor.account)?;
            let waiting = guard.totp_secret.strip_prefix('?').unwrap_or_default().to_owned();
            let step = if waiting.is_empty() {
                None
            } else {
                let secret = vault.open(&factor_place(guard.account), &waiting)?;
                second_factor::check(&secret, &code, ctx.at, guard.totp_step)
            };
            let Some(step) = step else {
                let hint = "请输入验证器上当前显示的 6 位数字；如果总不正确，请核对手机时间。";
                return Err(Refusal::of_field("code", "code_wrong", "动态口令不正确。", hint).into());
            };
            guard.totp_secret = waiting;
            guard.totp_step = step;
            store::save_guard(conn, &guard)?;
            let entry = own_entry(&ctx, "account.second_factor_set", String::new());
            journal::append(conn, &ctx.stamp(None), vec![entry])?;
            Ok(())
        })
    }

    /// Takes the second factor away; administrators can only replace it.
    ///
    /// # Errors
    /// `password_wrong` of the field `old`.
    pub fn remove_second_factor(&self, ctx: &Context, password: &str) -> Result<(), Error> {
        let own = self.own_account(ctx)?;
        if !is_password(self.policy.hash_cost, password, &own.account.password_hash) {
            return Err(Refusal::of_field(
                "old",
                "password_wrong",
                "密码不正确。",
                "请重新输入现在使用的密码。",
            )
            .into());
        }
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let mut guard = store::guard(conn, ctx.actor.account)?;
            guard.totp_secret = String::new();
            store::save_guard(conn, &guard)?;
            let entry = own_entry(&ctx, "account.second_factor_removed", String::new());
            journal::append(conn, &ctx.stamp(None), vec![entry])?;
            Ok(())
        })
    }
}
