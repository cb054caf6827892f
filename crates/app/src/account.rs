//! Accounts: created by the system administrator, authorised by the security administrator, looked after by their
//! owners. What concerns roles is in `grant`, what the owner does in `own`.

pub mod grant;
pub mod own;
pub mod token;

use crate::secret::{hash_password, one_time_password};
use crate::session::{entry_of, write_password};
use crate::{App, Context, Error};
use bihuan_domain::id::{AccountId, PersonId};
use bihuan_domain::label::Label;
use bihuan_domain::password::check_login;
use bihuan_domain::person::{Account, AccountState, Person};
use bihuan_domain::refusal::{limit_text, require_text};
use bihuan_domain::role::{HeldPost, Role};
use bihuan_domain::{Coded as _, Refusal};
use bihuan_store::account::{self as store, AccountFilter, AccountRow, GrantRow, Guard};
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::{Conn, Fault};

/// Rows of one page of accounts.
pub const ACCOUNTS_PAGE: i64 = 50;
/// People offered for a new account at once.
pub const CANDIDATES_MAX: i64 = 20;
/// Accounts disabled at once.
pub const DISABLED_AT_ONCE_MAX: usize = 200;
/// Longest name of a person in characters.
const NAME_CHARS_MAX: usize = 30;
/// Longest telephone number in characters.
const PHONE_CHARS_MAX: usize = 30;

/// Whose account it becomes.
#[derive(Clone, Debug)]
pub enum Owner {
    /// Somebody known.
    Known(PersonId),
    /// Somebody new: name and office telephone.
    New(String, String),
}

/// A new account, with the password for its first sign-in, which is shown once.
#[derive(Clone, Debug)]
pub struct Created {
    /// The account.
    pub account: AccountId,
    /// Its sign-in name.
    pub login: String,
    /// The one-time password.
    pub one_time: String,
}

/// An account on its page.
#[derive(Clone, Debug)]
pub struct AccountView {
    /// The account.
    pub account: Account,
    /// The person.
    pub person: Person,
    /// Lock, last sign-in, second factor.
    pub guard: Guard,
    /// Posts of today with the names of their units.
    pub posts: Vec<(HeldPost, String)>,
    /// Roles that have not ended.
    pub grants: Vec<GrantRow>,
    /// Up to which label the person may open files.
    pub clearance: Label,
}

/// Refuses who does not hold the role.
pub(crate) fn need(ctx: &Context, role: Role, step: &str) -> Result<(), Error> {
    if ctx.actor.holds_anywhere(role) {
        return Ok(());
    }
    Err(Refusal::not_allowed(step, role.label()).into())
}

/// Accounts are known to those who look after them; to others the page does not exist.
pub(crate) fn need_account_keeper(ctx: &Context) -> Result<(), Error> {
    let keeps = ctx.actor.holds_anywhere(Role::SystemAdmin) || ctx.actor.holds_anywhere(Role::SecurityAdmin);
    if keeps { Ok(()) } else { Err(Error::NotFound) }
}

impl App {
    /// Accounts for the list, a page at a time from 1, and how many there are.
    ///
    /// # Errors
    /// `NotFound` for everybody but the system and the security administrator.
    pub fn accounts(
        &self,
        ctx: &Context,
        text: &str,
        state: Option<AccountState>,
        stale: bool,
        page: i64,
    ) -> Result<(Vec<AccountRow>, i64), Error> {
        need_account_keeper(ctx)?;
        let since = ctx.at.plus_seconds(-86_400 * self.policy.stale_days);
        let filter =
            AccountFilter { text: text.to_owned(), state, stale: stale.then_some((since, ctx.today())) };
        Ok(self
            .db
            .read(|conn| store::list(conn, &filter, ACCOUNTS_PAGE, (page.max(1) - 1) * ACCOUNTS_PAGE))?)
    }

    /// One account with its roles.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn account(&self, ctx: &Context, id: AccountId) -> Result<AccountView, Error> {
        need_account_keeper(ctx)?;
        self.db.read(|conn| {
            let account: Account = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
            let person: Person = journal::by_id(conn, account.person_id.0)?.ok_or(Error::NotFound)?;
            let guard = store::guard(conn, id)?;
            let posts = store::posts_of(conn, person.id, ctx.today())?;
            let grants = store::lasting_grants(conn, person.id, ctx.today())?;
            let clearance = bihuan_store::label::cleared_to(conn, person.id)?;
            Ok(AccountView { account, person, guard, posts, grants, clearance })
        })
    }

    /// People who could get an account, by a part of their name.
    ///
    /// # Errors
    /// As [`App::create_account`].
    pub fn account_candidates(&self, ctx: &Context, name: &str) -> Result<Vec<(Person, String)>, Error> {
        need(ctx, Role::SystemAdmin, "创建账号")?;
        Ok(self.db.read(|conn| store::people_without_account(conn, name, ctx.today(), CANDIDATES_MAX))?)
    }

    /// Creates an account that waits for the security administrator.
    ///
    /// # Errors
    /// Refusals: not the system administrator, bad or taken sign-in name, person with an account already.
    pub fn create_account(&self, ctx: &Context, owner: Owner, login: &str) -> Result<Created, Error> {
        need(ctx, Role::SystemAdmin, "创建账号")?;
        let login = check_login(login)?;
        let one_time = one_time_password()?;
        let hash = hash_password(self.policy.hash_cost, &one_time)?;
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let (person, mut writes) = owner_of(conn, owner)?;
            let id = insert_account(
                conn,
                &mut writes,
                &person,
                &login,
                FirstPassword { hash, chosen_at: None },
                AccountState::Pending,
            )?;
            let entry = NewEntry {
                action: "account.created".to_owned(),
                subject_kind: "account",
                subject_id: id.0,
                writes,
                ..NewEntry::default()
            };
            journal::append(conn, &ctx.stamp(None), vec![entry])?;
            Ok(Created { account: id, login, one_time })
        })
    }

    /// Gives an account a new password for one sign-in and ends its sessions.
    ///
    /// # Errors
    /// Refusals: not the security administrator, or the own account.
    pub fn reset_password(
        &self,
        ctx: &Context,
        id: AccountId,
        version: Option<i64>,
    ) -> Result<Created, Error> {
        need(ctx, Role::SecurityAdmin, "重置密码")?;
        not_own(ctx, id, "重置密码")?;
        let one_time = one_time_password()?;
        let hash = hash_password(self.policy.hash_cost, &one_time)?;
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let account = fresh(conn, id, version)?;
            let mut guard = store::guard(conn, id)?;
            guard.failures = 0;
            guard.locked_until = bihuan_domain::Instant::default();
            store::save_guard(conn, &guard)?;
            store::end_sessions(conn, id, "")?;
            write_password(conn, &ctx, &account, hash, true, "account.password_reset")?;
            Ok(Created { account: id, login: account.login, one_time })
        })
    }

    /// Ends the lock of an account before its time.
    ///
    /// # Errors
    /// Refusals: not the security administrator.
    pub fn unlock_account(&self, ctx: &Context, id: AccountId) -> Result<(), Error> {
        need(ctx, Role::SecurityAdmin, "解锁账号")?;
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let account = fresh(conn, id, None)?;
            let mut guard = store::guard(conn, id)?;
            guard.failures = 0;
            guard.locked_until = bihuan_domain::Instant::default();
            store::save_guard(conn, &guard)?;
            journal::append(
                conn,
                &ctx.stamp(None),
                vec![entry_of(&account, "account.unlocked", String::new())],
            )?;
            Ok(())
        })
    }

    /// Lets an account sign in (authorises a pending one), or no longer. A reason is needed to disable.
    ///
    /// # Errors
    /// Refusals: not the security administrator, the own account, no reason; `Conflict`.
    pub fn set_account_state(
        &self,
        ctx: &Context,
        id: AccountId,
        version: Option<i64>,
        active: bool,
        reason: &str,
    ) -> Result<(), Error> {
        let (step, action) = if active {
            ("启用账号", "account.authorised")
        } else {
            ("停用账号", "account.disabled")
        };
        need(ctx, Role::SecurityAdmin, step)?;
        not_own(ctx, id, step)?;
        let reason = if active {
            reason.trim().to_owned()
        } else {
            require_text("reason", "停用理由", reason, 200)?
        };
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let before = fresh(conn, id, version)?;
            change_state(conn, &ctx, &before, active, action, &reason)
        })
    }

    /// Disables several stale accounts at once; answers how many.
    ///
    /// # Errors
    /// As [`App::set_account_state`].
    pub fn disable_accounts(&self, ctx: &Context, ids: Vec<AccountId>) -> Result<usize, Error> {
        need(ctx, Role::SecurityAdmin, "停用账号")?;
        if ids.is_empty() || ids.len() > DISABLED_AT_ONCE_MAX {
            return Err(Error::invalid("account", format!("请勾选 1–{DISABLED_AT_ONCE_MAX} 个账号。")));
        }
        for id in &ids {
            not_own(ctx, *id, "停用账号")?;
        }
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            for id in &ids {
                let before = fresh(conn, *id, None)?;
                if before.state != AccountState::Disabled {
                    change_state(conn, &ctx, &before, false, "account.disabled", "长期未登录或已不在岗")?;
                }
            }
            Ok(ids.len())
        })
    }
}

fn change_state(
    conn: &mut Conn,
    ctx: &Context,
    before: &Account,
    active: bool,
    action: &str,
    reason: &str,
) -> Result<(), Error> {
    let state = if active { AccountState::Active } else { AccountState::Disabled };
    let after = Account { state, version: before.version + 1, ..before.clone() };
    if before.state == state {
        return Err(Refusal::new("state_already", format!("账号已经是“{}”状态。", state.label()), "").into());
    }
    if !active {
        store::end_sessions(conn, before.id, "")?;
    }
    let mut entry = entry_of(before, action, reason.to_owned());
    entry.writes = Write::update(before, &after).into_iter().collect();
    journal::append(conn, &ctx.stamp(None), vec![entry])?;
    Ok(())
}

/// Nobody changes the state, the password or the roles of their own account.
pub(crate) fn not_own(ctx: &Context, id: AccountId, step: &str) -> Result<(), Error> {
    if ctx.actor.account != id {
        return Ok(());
    }
    Err(Refusal::new("own_account", format!("不能对自己的账号“{step}”。"), "请由另一名安全管理员办理。")
        .into())
}

/// The account, if it is still as the form showed it.
pub(crate) fn fresh(conn: &mut Conn, id: AccountId, version: Option<i64>) -> Result<Account, Error> {
    let account: Account = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
    if version.is_some_and(|version| version != account.version) {
        return Err(Error::stale());
    }
    Ok(account)
}

fn owner_of(conn: &mut Conn, owner: Owner) -> Result<(Person, Vec<Write>), Error> {
    match owner {
        Owner::Known(id) => {
            let person: Option<Person> = journal::by_id(conn, id.0)?;
            let person = person.ok_or_else(|| Error::invalid("person", "选择的人员不存在，请重新查找。"))?;
            if store::by_person(conn, id)?.is_some() {
                let sentence = format!("{}已有账号，一个人只能有一个账号。", person.name);
                return Err(
                    Refusal::of_field("person", "person_has_account", sentence, "请使用原有账号。").into()
                );
            }
            Ok((person, Vec::new()))
        }
        Owner::New(name, phone) => {
            let name = require_text("name", "姓名", &name, NAME_CHARS_MAX)?;
            let phone = limit_text("phone", "办公电话", &phone, PHONE_CHARS_MAX)?;
            let person = new_person(conn, name, phone)?;
            let writes = vec![Write::insert(&person)];
            Ok((person, writes))
        }
    }
}

/// A person who is not written yet.
pub(crate) fn new_person(conn: &mut Conn, name: String, phone: String) -> Result<Person, Fault> {
    Ok(Person { id: PersonId(journal::next_id(conn, "person", 1)?), name, phone, version: 1 })
}

/// The password an account begins with.
pub(crate) struct FirstPassword {
    /// Its hash.
    pub hash: String,
    /// When its owner chose it; `None` for a one-time password.
    pub chosen_at: Option<bihuan_domain::Instant>,
}

/// Adds the write of a new account.
pub(crate) fn insert_account(
    conn: &mut Conn,
    writes: &mut Vec<Write>,
    person: &Person,
    login: &str,
    first: FirstPassword,
    state: AccountState,
) -> Result<AccountId, Error> {
    if store::by_login(conn, login)?.is_some() {
        let sentence = format!("登录名“{login}”已被使用。");
        return Err(Refusal::of_field("login", "login_taken", sentence, "请换一个登录名。").into());
    }
    let id = AccountId(journal::next_id(conn, "account", 1)?);
    let account = Account {
        id,
        person_id: person.id,
        login: login.to_owned(),
        password_hash: first.hash,
        must_change: first.chosen_at.is_none(),
        password_set_at: first.chosen_at,
        state,
        version: 1,
    };
    writes.push(Write::insert(&account));
    Ok(id)
}
