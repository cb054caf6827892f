//! The first day of an installation: a secret that works once makes the three administrators. There is no default
//! account and no default password.

use crate::account::grant::first_grant;
use crate::account::{FirstPassword, insert_account, new_person};
use crate::secret::{digest, hash_password, new_secret, one_time_password};
use crate::{App, Error, Visit};
use bihuan_domain::password::check_login;
use bihuan_domain::person::AccountState;
use bihuan_domain::refusal::require_text;
use bihuan_domain::role::Role;
use bihuan_domain::{Coded as _, Instant, Refusal};
use bihuan_store::journal::{self, NewEntry, Stamp, Write};
use bihuan_store::{Conn, account as store, setting};
use subtle::ConstantTimeEq as _;

/// The setting that keeps digest and end of the secret.
const SETTING: &str = "bootstrap";
/// Hours the secret works.
pub const SECRET_HOURS: i64 = 24;
/// Longest name in characters.
const NAME_CHARS_MAX: usize = 30;

/// A person who becomes administrator.
#[derive(Clone, Debug, Default)]
pub struct Administrator {
    /// Name.
    pub name: String,
    /// Sign-in name.
    pub login: String,
}

/// The three administrators: three persons.
#[derive(Clone, Debug, Default)]
pub struct SetUp {
    /// The secret that was printed.
    pub secret: String,
    /// Runs the installation, creates accounts; sits at the keyboard.
    pub system: Administrator,
    /// Their password.
    pub password: String,
    /// Grants roles.
    pub security: Administrator,
    /// Reads the journal.
    pub audit: Administrator,
}

impl App {
    /// Makes the secret; an earlier one no longer works.
    ///
    /// # Errors
    /// `already_set_up` when there is an account.
    pub fn make_bootstrap_secret(&self, at: Instant) -> Result<String, Error> {
        let secret = new_secret()?;
        let key = digest(&secret);
        self.db.write(move |conn| {
            if store::any(conn)? {
                let hint = "请由系统管理员登录后创建账号；忘记密码由安全管理员重置。";
                return Err(Refusal::new("already_set_up", "系统已经初始化，不能再次初始化。", hint).into());
            }
            let end = at.plus_seconds(SECRET_HOURS * 3600).micros();
            setting::set(conn, SETTING, &format!("{key} {end}"))?;
            let stamp = Stamp { at, source_address: "console".to_owned(), ..Stamp::default() };
            let entry = NewEntry {
                action: "installation.secret_made".to_owned(),
                subject_kind: "installation",
                ..NewEntry::default()
            };
            journal::append(conn, &stamp, vec![entry])?;
            Ok(secret)
        })
    }

    /// Whether the page for setting up has something to do.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn is_waiting_for_set_up(&self) -> Result<bool, Error> {
        Ok(self.db.read(|conn| -> Result<bool, bihuan_store::Fault> {
            Ok(setting::get(conn, SETTING)?.is_some() && !store::any(conn)?)
        })?)
    }

    /// Makes the three administrators; answers with the one-time passwords of the second and the third.
    ///
    /// # Errors
    /// `secret_wrong` of the field `secret`; refusals of names and password; nothing is kept then.
    pub fn set_up(&self, visit: &Visit, set_up: SetUp) -> Result<[String; 2], Error> {
        let system = checked("system", &set_up.system)?;
        let security = checked("security", &set_up.security)?;
        let audit = checked("audit", &set_up.audit)?;
        if system.login == security.login || system.login == audit.login || security.login == audit.login {
            return Err(Error::invalid("audit_login", "三名管理员须是三个人，登录名不能相同。"));
        }
        self.policy.check_password(&system.login, &set_up.password)?;
        let cost = self.policy.hash_cost;
        let one_time = [one_time_password()?, one_time_password()?];
        let hashes = [
            hash_password(cost, &set_up.password)?,
            hash_password(cost, &one_time[0])?,
            hash_password(cost, &one_time[1])?,
        ];
        let (visit, secret) = (visit.clone(), set_up.secret);
        let refused = self.db.write(move |conn| -> Result<bool, Error> {
            if !is_secret(conn, &secret, visit.at)? {
                journal::append(conn, &stamp(&visit), vec![entry("installation.refused", true)])?;
                return Ok(true);
            }
            let people =
                [(system, Role::SystemAdmin), (security, Role::SecurityAdmin), (audit, Role::AuditAdmin)];
            let mut writes = Vec::new();
            for ((administrator, role), hash) in people.into_iter().zip(hashes) {
                add(conn, &mut writes, &administrator, role, hash, visit.at)?;
            }
            setting::remove(conn, SETTING)?;
            let entry = NewEntry { writes, ..entry("installation.set_up", false) };
            journal::append(conn, &stamp(&visit), vec![entry])?;
            Ok(false)
        })?;
        if refused {
            let hint = "请核对命令行打印的密钥；过期后可以在服务器上重新运行 bihuan init。";
            return Err(
                Refusal::of_field("secret", "secret_wrong", "初始化密钥不正确或者已过期。", hint).into()
            );
        }
        Ok(one_time)
    }
}

fn is_secret(conn: &mut Conn, secret: &str, at: Instant) -> Result<bool, Error> {
    if store::any(conn)? {
        return Ok(false);
    }
    let Some(kept) = setting::get(conn, SETTING)? else { return Ok(false) };
    let Some((key, end)) = kept.split_once(' ') else { return Ok(false) };
    let in_time = end.parse::<i64>().is_ok_and(|end| at.micros() < end);
    Ok(in_time && bool::from(digest(secret.trim()).as_bytes().ct_eq(key.as_bytes())))
}

fn add(
    conn: &mut Conn,
    writes: &mut Vec<Write>,
    who: &Administrator,
    role: Role,
    hash: String,
    at: Instant,
) -> Result<(), Error> {
    let person = new_person(conn, who.name.clone(), String::new())?;
    writes.push(Write::insert(&person));
    let chosen_at = Some(at).filter(|_| role == Role::SystemAdmin);
    insert_account(
        conn,
        writes,
        &person,
        &who.login,
        FirstPassword { hash, chosen_at },
        AccountState::Active,
    )?;
    writes.push(first_grant(conn, person.id, role, at.day_in_china())?);
    Ok(())
}

fn checked(which: &'static str, who: &Administrator) -> Result<Administrator, Error> {
    let label = match which {
        "system" => Role::SystemAdmin.label(),
        "security" => Role::SecurityAdmin.label(),
        _ => Role::AuditAdmin.label(),
    };
    let of_field = |field: &str, refusal: Refusal| {
        Error::Invalid(vec![(
            format!("{which}_{field}"),
            format!("{label}：{}{}", refusal.sentence, refusal.hint),
        )])
    };
    let name = require_text("name", "姓名", &who.name, NAME_CHARS_MAX).map_err(|no| of_field("name", no))?;
    let login = check_login(&who.login).map_err(|no| of_field("login", no))?;
    Ok(Administrator { name, login })
}

fn stamp(visit: &Visit) -> Stamp {
    Stamp { at: visit.at, source_address: visit.source_address.clone(), ..Stamp::default() }
}

fn entry(action: &str, failed: bool) -> NewEntry {
    NewEntry { action: action.to_owned(), subject_kind: "installation", failed, ..NewEntry::default() }
}
