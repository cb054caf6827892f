//! Roles given and taken, by the security administrator.

use super::{need, not_own};
use crate::{App, Context, Error};
use bihuan_domain::id::{GrantId, PersonId, PostId, UnitId};
use bihuan_domain::person::{Person, Post, RoleGrant};
use bihuan_domain::role::{Role, check_separation};
use bihuan_domain::unit::Unit;
use bihuan_domain::{Coded as _, Day, Refusal};
use bihuan_store::account as store;
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::{Conn, Fault};

/// The unit of an administrator's role: the whole installation.
pub const WHOLE: UnitId = UnitId(0);

/// To whom a role is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// To a post: whoever holds it has the role.
    Post(PostId),
    /// To a person, whatever their post.
    Person(PersonId),
}

/// A role to be given.
#[derive(Clone, Copy, Debug)]
pub struct NewGrant {
    /// To whom.
    pub holder: Holder,
    /// What may be done.
    pub role: Role,
    /// Root of the subtree; not looked at for administrators.
    pub unit: Option<UnitId>,
    /// Day after the last; `None` until taken back.
    pub to_day: Option<Day>,
}

impl App {
    /// Gives a role from today on.
    ///
    /// # Errors
    /// Refusals: not the security administrator, to oneself, against the separation of duties, no such unit.
    pub fn grant_role(&self, ctx: &Context, new: NewGrant) -> Result<GrantId, Error> {
        need(ctx, Role::SecurityAdmin, "授予角色")?;
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let unit = checked(conn, &ctx, &new)?;
            let grant = grant_of(conn, &new, unit, ctx.today())?;
            let id = grant.id;
            let entry = NewEntry { writes: vec![Write::insert(&grant)], ..entry_of(&grant, "role.granted") };
            journal::append(conn, &ctx.stamp(None), vec![entry])?;
            Ok(id)
        })
    }

    /// The open unit of a name, short name or code, as the security administrator types it.
    ///
    /// # Errors
    /// Of the field `unit`: none, or several with their codes.
    pub fn unit_of_grant(&self, ctx: &Context, text: &str) -> Result<UnitId, Error> {
        need(ctx, Role::SecurityAdmin, "授予角色")?;
        let text = text.trim().to_owned();
        let found: Vec<Unit> = self.db.read(|conn| store::units_called(conn, &text))?;
        match found.as_slice() {
            [] => Err(Error::invalid(
                "unit",
                format!("没有找到名称或代码为“{text}”的单位，请填写单位全称或代码。"),
            )),
            [unit] => Ok(unit.id),
            several => {
                let codes: Vec<String> =
                    several.iter().map(|unit| format!("{}（{}）", unit.name, unit.code)).collect();
                Err(Error::invalid("unit", format!("有多个同名单位，请改填代码：{}。", codes.join("、"))))
            }
        }
    }

    /// Takes a role back from today on.
    ///
    /// # Errors
    /// Refusals: not the security administrator, the own role; `NotFound`.
    pub fn revoke_role(&self, ctx: &Context, id: GrantId) -> Result<(), Error> {
        need(ctx, Role::SecurityAdmin, "收回角色")?;
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let before: RoleGrant = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
            if before.to_day.is_some_and(|end| end <= ctx.today()) {
                return Err(Refusal::new("grant_ended", "这项授权已经结束。", "").into());
            }
            if before.person_id == Some(ctx.actor.person) {
                not_own(&ctx, ctx.actor.account, "收回角色")?;
            }
            let after = RoleGrant { to_day: Some(ctx.today()), ..before.clone() };
            let writes = Write::update(&before, &after).into_iter().collect();
            let entry = NewEntry { writes, ..entry_of(&before, "role.revoked") };
            journal::append(conn, &ctx.stamp(None), vec![entry])?;
            Ok(())
        })
    }
}

/// Checks a grant; answers with the unit it holds over.
fn checked(conn: &mut Conn, ctx: &Context, new: &NewGrant) -> Result<UnitId, Error> {
    let today = ctx.today();
    let people = match new.holder {
        Holder::Person(person) => {
            journal::by_id::<Person>(conn, person.0)?.ok_or(Error::NotFound)?;
            vec![person]
        }
        Holder::Post(post) => {
            journal::by_id::<Post>(conn, post.0)?.ok_or(Error::NotFound)?;
            if new.role.is_administrator() {
                let sentence = format!("{}只能授予个人，不能授予岗位。", new.role.label());
                return Err(
                    Refusal::of_field("role", "administrator_by_post", sentence, "请授予具体的人。").into()
                );
            }
            store::holders_to_come(conn, post, today)?
        }
    };
    for person in people {
        if person == ctx.actor.person {
            not_own(ctx, ctx.actor.account, "授予角色")?;
        }
        check_person(conn, person, new.role, today)?;
    }
    if new.to_day.is_some_and(|end| end <= today) {
        return Err(Error::invalid("to_day", "截止日期须在今天之后，或者不填。"));
    }
    if new.role.is_administrator() {
        return Ok(WHOLE);
    }
    let unit = match new.unit {
        Some(id) => journal::by_id::<Unit>(conn, id.0)?.filter(|unit| unit.is_open_on(today)),
        None => None,
    };
    unit.map(|unit| unit.id)
        .ok_or_else(|| Error::invalid("unit", "请选择授权范围：一个现有的单位，权限及于它和它的下级。"))
}

/// Checks the separation of duties for one person; for tenures too, when a post brings roles.
///
/// # Errors
/// The refusals of [`check_separation`].
pub fn check_person(conn: &mut Conn, person: PersonId, role: Role, today: Day) -> Result<(), Error> {
    let held: Vec<Role> =
        store::lasting_grants(conn, person, today)?.iter().map(|row| row.grant.role).collect();
    Ok(check_separation(role, &held)?)
}

/// Checks that a person may take a post: the roles of the post go with the roles of the person.
///
/// # Errors
/// The refusals of [`check_separation`].
pub fn check_tenure(conn: &mut Conn, person: PersonId, post: PostId, today: Day) -> Result<(), Error> {
    for role in store::roles_of_post(conn, post, today)? {
        check_person(conn, person, role, today)?;
    }
    Ok(())
}

fn grant_of(conn: &mut Conn, new: &NewGrant, unit_id: UnitId, today: Day) -> Result<RoleGrant, Fault> {
    let (post_id, person_id) = match new.holder {
        Holder::Post(post) => (Some(post), None),
        Holder::Person(person) => (None, Some(person)),
    };
    let id = GrantId(journal::next_id(conn, "role_grant", 1)?);
    Ok(RoleGrant { id, role: new.role, post_id, person_id, unit_id, from_day: today, to_day: new.to_day })
}

fn entry_of(grant: &RoleGrant, action: &str) -> NewEntry {
    NewEntry {
        action: action.to_owned(),
        subject_kind: "role_grant",
        subject_id: grant.id.0,
        unit: Some(grant.unit_id).filter(|unit| *unit != WHOLE),
        note: grant.role.label().to_owned(),
        ..NewEntry::default()
    }
}

/// The first administrators of an installation, and nobody else, come without a security administrator.
pub(crate) fn first_grant(conn: &mut Conn, person: PersonId, role: Role, today: Day) -> Result<Write, Fault> {
    let new = NewGrant { holder: Holder::Person(person), role, unit: None, to_day: None };
    Ok(Write::insert(&grant_of(conn, &new, WHOLE, today)?))
}
