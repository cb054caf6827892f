//! What is kept on a person: shown and handed out to them, and erased when nothing binds them to the office any more.

use crate::{App, Context, Error};
use bihuan_domain::erasure::{self as domain, Asked, Bonds, Erasure, ErasureState};
use bihuan_domain::id::{AccountId, ErasureId, PersonId};
use bihuan_domain::person::{Account, AccountState, Person};
use bihuan_domain::role::Role;
use bihuan_store::account::{self as accounts, ApiToken};
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::person as people;
use bihuan_store::{Conn, Fault, erasure as store};
use serde_json::{Value, json};

/// Requests of one page.
pub const ERASURES_PAGE: i64 = 50;

/// What is kept on a person, counted.
#[derive(Clone, Debug)]
pub struct PersonalData {
    /// The person.
    pub person: Person,
    /// The account.
    pub account: Option<Account>,
    /// Posts held over time, with units.
    pub posts: Vec<String>,
    /// Kinds of rows that go with the account.
    pub goes: Vec<(&'static str, i64)>,
    /// Entries beside which names, telephone numbers or sign-in names of the person are kept.
    pub personal_entries: usize,
    /// Kinds of rows that stay under the person's number.
    pub stays: Vec<(&'static str, i64)>,
    /// Requests to erase, newest first.
    pub erasures: Vec<Erasure>,
}

fn looks_after(ctx: &Context) -> bool {
    ctx.actor.holds_anywhere(Role::SystemAdmin) || ctx.actor.holds_anywhere(Role::SecurityAdmin)
}

impl App {
    /// What is kept on a person, for themselves and for the system and the security administrator. Looking at somebody
    /// else leaves an entry.
    ///
    /// # Errors
    /// `NotFound` for everybody else.
    pub fn personal_data(&self, ctx: &Context, id: PersonId) -> Result<PersonalData, Error> {
        let own = ctx.actor.person == id;
        if !own && !looks_after(ctx) {
            return Err(Error::NotFound);
        }
        let found = self.db.read(|conn| gathered(conn, id))?;
        if !own {
            self.note_personal(ctx, id, "person.viewed", "查看个人信息清单")?;
        }
        Ok(found)
    }

    /// Everything kept on a person as JSON, for the same people. Leaves an entry.
    ///
    /// # Errors
    /// As [`App::personal_data`].
    pub fn export_personal_data(&self, ctx: &Context, id: PersonId) -> Result<Value, Error> {
        if ctx.actor.person != id && !looks_after(ctx) {
            return Err(Error::NotFound);
        }
        let at = ctx.at;
        let everything = self.db.read(|conn| -> Result<Value, Error> {
            let data = gathered(conn, id)?;
            let account = data.account.as_ref().map(|account| account.id);
            let guard = account.map(|account| accounts::guard(conn, account)).transpose()?;
            let grants = accounts::lasting_grants(conn, id, at.day_in_china())?;
            let mut rows = store::rows(conn, id, account, false)?;
            rows.extend(store::rows(conn, id, account, true)?);
            let rows: serde_json::Map<String, Value> =
                rows.into_iter().map(|(words, rows)| (words.to_owned(), json!(rows))).collect();
            Ok(json!({
                "exported_at": at.to_rfc3339(),
                "person": { "number": data.person.id, "name": data.person.name, "phone": data.person.phone },
                "account": data.account.as_ref().map(|account| json!({
                    "login": account.login, "state": account.state,
                    "password_set_at": account.password_set_at.map(|at| at.to_rfc3339()),
                    "last_sign_in": guard.as_ref().map(|guard| guard.last_sign_in.to_rfc3339()),
                    "second_factor": guard.as_ref().is_some_and(|guard| guard.second_factor().is_some()),
                })),
                "posts": data.posts,
                "roles": grants.iter().map(|row| json!({ "role": row.grant.role, "unit": row.unit_name, "post": row.post_name })).collect::<Vec<_>>(),
                "rows": rows,
                "rows_per_kind_at_most": store::ROWS_MAX,
                "not_listed": "问题、措施、报告正文和附件里手写的姓名不在此列，可以用检索查找。",
            }))
        })?;
        self.note_personal(ctx, id, "person.exported", "导出个人信息")?;
        Ok(everything)
    }

    /// Requests to erase, a page at a time from 1, and how many there are.
    ///
    /// # Errors
    /// `NotFound` for everybody but the system and the security administrator.
    pub fn erasures(&self, ctx: &Context, page: i64) -> Result<(Vec<(Erasure, String)>, i64), Error> {
        if !looks_after(ctx) {
            return Err(Error::NotFound);
        }
        Ok(self.db.read(|conn| -> Result<_, Fault> {
            let rows = store::list(conn, ERASURES_PAGE, (page.max(1) - 1) * ERASURES_PAGE)?;
            Ok((rows, store::count(conn)?))
        })?)
    }

    /// Registers a request to erase what is kept on a person.
    ///
    /// # Errors
    /// `NotFound`; refusals of `domain::request`.
    pub fn request_erasure(&self, ctx: &Context, id: PersonId, asked: Asked) -> Result<Erasure, Error> {
        if !looks_after(ctx) {
            return Err(Error::NotFound);
        }
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            journal::by_id::<Person>(conn, id.0)?.ok_or(Error::NotFound)?;
            let bonds = bonds(conn, &ctx, id)?;
            let mut erasure = domain::request(&ctx.actor, id, &bonds, &asked, ctx.at)?;
            erasure.id = ErasureId(journal::next_id(conn, "erasure", 1)?);
            let entry = NewEntry {
                writes: vec![Write::insert(&erasure)],
                note: erasure.reason.clone(),
                ..entry(&erasure, "erasure.requested")
            };
            journal::append(conn, &ctx.stamp(None), vec![entry])?;
            Ok(erasure)
        })
    }

    /// Decides a request; accepted, it is carried out in the same transaction.
    ///
    /// # Errors
    /// `NotFound`; refusals of `domain::decide`; `Conflict`.
    pub fn decide_erasure(
        &self,
        ctx: &Context,
        id: ErasureId,
        version: Option<i64>,
        accept: bool,
        word: &str,
    ) -> Result<Erasure, Error> {
        if !looks_after(ctx) {
            return Err(Error::NotFound);
        }
        let (ctx, word) = (ctx.clone(), word.to_owned());
        self.db.write(move |conn| {
            let before: Erasure = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
            let bonds = bonds(conn, &ctx, before.person_id)?;
            let after = domain::decide(&before, &ctx.actor, &bonds, accept, &word, ctx.at)?;
            if version.is_some_and(|version| version != before.version) {
                return Err(Error::stale());
            }
            let writes: Vec<Write> = Write::update(&before, &after).into_iter().collect();
            if after.state == ErasureState::Done {
                erase(conn, &ctx, &after, writes)?;
            } else {
                let entry = NewEntry { writes, note: after.word.clone(), ..entry(&after, "erasure.refused") };
                journal::append(conn, &ctx.stamp(None), vec![entry])?;
            }
            Ok(after)
        })
    }

    fn note_personal(&self, ctx: &Context, id: PersonId, action: &str, note: &str) -> Result<(), Error> {
        let entry = NewEntry {
            action: action.to_owned(),
            subject_kind: "person",
            subject_id: id.0,
            note: note.to_owned(),
            ..NewEntry::default()
        };
        let (app, ctx) = (self.clone(), ctx.clone());
        self.db.write(move |conn| -> Result<(), Fault> {
            let exported = entry.action == "person.exported";
            journal::append(conn, &ctx.stamp(None), vec![entry])?;
            if exported { app.watch_export(conn, &ctx, 1) } else { Ok(()) }
        })?;
        Ok(())
    }
}

fn gathered(conn: &mut Conn, id: PersonId) -> Result<PersonalData, Error> {
    let person: Person = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
    let account = accounts::by_person(conn, id)?;
    let number = account.as_ref().map(|account| account.id);
    let theirs = store::personal_rows(conn, id, number)?;
    let held = people::held_by(conn, id)?;
    let post = |held: &people::Held| {
        let end = held.tenure.to_day.map_or("至今".to_owned(), |day| day.in_chinese());
        format!("{}{}（{}—{end}）", held.unit_name, held.post.name, held.tenure.from_day.in_chinese())
    };
    Ok(PersonalData {
        posts: held.iter().map(post).collect(),
        goes: store::counts(conn, id, number, false)?,
        stays: store::counts(conn, id, number, true)?,
        personal_entries: store::entries_with_personal(conn, id, &theirs)?.len(),
        erasures: store::of_person(conn, id)?,
        account,
        person,
    })
}

fn bonds(conn: &mut Conn, ctx: &Context, id: PersonId) -> Result<Bonds, Error> {
    let today = ctx.today();
    let held = people::held_by(conn, id)?;
    let lasting = |held: &&people::Held| held.tenure.to_day.is_none_or(|end| end > today);
    let erasures = store::of_person(conn, id)?;
    let grants = accounts::lasting_grants(conn, id, today)?;
    Ok(Bonds {
        posts: held
            .iter()
            .filter(lasting)
            .map(|held| format!("{}{}", held.unit_name, held.post.name))
            .collect(),
        roles: grants
            .iter()
            .filter(|row| row.grant.person_id == Some(id))
            .map(|row| row.grant.role)
            .collect(),
        requested: erasures.iter().any(|erasure| erasure.state == ErasureState::Requested),
        erased: erasures.iter().any(|erasure| erasure.state == ErasureState::Done),
    })
}

/// Name, telephone number, sign-in name, password, tokens and own filters go; so do the values beside the entries that
/// wrote them, this one's own among them. The rows that the person signed keep the number.
fn erase(conn: &mut Conn, ctx: &Context, erasure: &Erasure, mut writes: Vec<Write>) -> Result<(), Error> {
    let id = erasure.person_id;
    let before: Person = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
    let after = Person {
        name: format!("已删除（人员{id}号）"),
        phone: String::new(),
        version: before.version + 1,
        ..before.clone()
    };
    writes.extend(Write::update(&before, &after));
    let account = accounts::by_person(conn, id)?;
    let number: Option<AccountId> = account.as_ref().map(|account| account.id);
    let theirs = store::personal_rows(conn, id, number)?;
    if let Some(account) = &account {
        writes.extend(of_account(conn, ctx, account)?);
        store::remove_running_state(conn, account.id)?;
    }
    writes.extend(store::own_rows(conn, id)?);
    let kept = store::entries_with_personal(conn, id, &theirs)?;
    let entry = NewEntry {
        writes,
        note: erasure.word.clone(),
        detail: json!({ "person": id, "entries_erased": kept.len() }),
        ..entry(erasure, "erasure.done")
    };
    let seq = journal::append(conn, &ctx.stamp(None), vec![entry])?;
    for seq in kept.into_iter().chain([seq]) {
        journal::erase_personal(conn, seq)?;
    }
    Ok(())
}

fn of_account(conn: &mut Conn, ctx: &Context, before: &Account) -> Result<Vec<Write>, Error> {
    let after = Account {
        login: format!("erased-{}", before.id),
        password_hash: String::new(),
        must_change: true,
        password_set_at: None,
        state: AccountState::Disabled,
        version: before.version + 1,
        ..before.clone()
    };
    let mut writes: Vec<Write> = Write::update(before, &after).into_iter().collect();
    for token in accounts::tokens(conn, before.id)? {
        let revoked_us = token.revoked_us.or(Some(ctx.at));
        let emptied = ApiToken { name: "（已删除）".to_owned(), revoked_us, ..token.clone() };
        writes.extend(Write::update(&token, &emptied));
    }
    Ok(writes)
}

fn entry(erasure: &Erasure, action: &str) -> NewEntry {
    NewEntry {
        action: action.to_owned(),
        subject_kind: "erasure",
        subject_id: erasure.id.0,
        ..NewEntry::default()
    }
}
