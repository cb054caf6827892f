//! People and posts: who is listed for whom, appointments, hand-overs, and the opening of personal data.

use crate::Error;
use crate::context::{self, App, Context};
use crate::unit::seen_unit;
use bihuan_domain::id::{PersonId, PostId, TenureId, UnitId};
use bihuan_domain::person::appointing::{self as rules, PersonAction, PostDraft};
use bihuan_domain::person::{Person, Post, RoleGrant, Tenure};
use bihuan_domain::role::Role;
use bihuan_domain::unit::Unit;
use bihuan_domain::unit::reorganise::Desk;
use bihuan_domain::{Coded, Day, Refusal};
use bihuan_store::Conn;
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::person::{self as store, Held, Holder, Listed, PeopleFilter};
use bihuan_store::unit::Sight;

/// A page of the list of people.
#[derive(Clone, Debug)]
pub struct People {
    /// The people.
    pub people: Vec<Listed>,
    /// How many there are in all.
    pub total: i64,
    /// Where this page begins.
    pub offset: i64,
}

/// Everything on a person's page.
#[derive(Clone, Debug)]
pub struct PersonPage {
    /// The person.
    pub person: Person,
    /// Posts over time that the reader may see, present ones first.
    pub held: Vec<Held>,
    /// Roles of today with the unit's name, which the reader may see.
    pub grants: Vec<(RoleGrant, String)>,
    /// Sign-in name and state of the account, for administrators.
    pub account: Option<(String, &'static str)>,
    /// The reader may correct name and telephone.
    pub may_change: bool,
    /// The reader may open the telephone number.
    pub may_open_phone: bool,
    /// The reader may see, hand out or erase what is kept on the person.
    pub may_see_data: bool,
}

/// A post with its unit and everybody who held it.
#[derive(Clone, Debug)]
pub struct PostPage {
    /// The post.
    pub post: Post,
    /// Its unit.
    pub unit: Unit,
    /// Everybody who held it, oldest first.
    pub holders: Vec<Holder>,
    /// Open problems and measures that hang on it.
    pub open_work: i64,
    /// The reader may change it.
    pub may_change: bool,
}

fn desk(ctx: &Context) -> Desk<'_> {
    Desk { actor: &ctx.actor, today: ctx.today() }
}

/// Units whose people the actor may see. The system and the security administrator create accounts and grant roles,
/// and need all people for it; a business reader sees those of their own subtrees, not of the units above.
fn filter(ctx: &Context, name: &str, in_post_only: bool) -> PeopleFilter {
    let all = [Role::SystemAdmin, Role::SecurityAdmin].iter().any(|role| ctx.actor.holds_anywhere(*role));
    let roots = ctx.actor.readable_roots().into_iter().map(|(_, path)| path).collect();
    PeopleFilter {
        sight: if all { Sight::All } else { Sight::Subtrees(roots) },
        with_unplaced: ctx.actor.holds_anywhere(Role::Office),
        name: name.to_owned(),
        in_post_only,
        day: ctx.today(),
    }
}

pub(crate) fn entry(
    action: PersonAction,
    kind: &'static str,
    id: i64,
    unit: Option<UnitId>,
    note: String,
    writes: Vec<Write>,
) -> NewEntry {
    NewEntry {
        action: action.code().to_owned(),
        subject_kind: kind,
        subject_id: id,
        unit,
        note,
        writes,
        ..NewEntry::default()
    }
}

fn seen_person(conn: &mut Conn, ctx: &Context, id: PersonId) -> Result<Person, Error> {
    let person: Person = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
    let seen = ctx.actor.person == id || store::is_seen(conn, id, &filter(ctx, "", false))?;
    if seen { Ok(person) } else { Err(Error::NotFound) }
}

/// A post whose unit's business the actor may read.
fn seen_post(conn: &mut Conn, ctx: &Context, id: PostId) -> Result<(Post, Unit), Error> {
    let post: Post = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
    let unit = seen_unit(conn, ctx, post.unit_id)?;
    let administers =
        [Role::SystemAdmin, Role::SecurityAdmin].iter().any(|role| ctx.actor.holds_anywhere(*role));
    if administers || ctx.actor.may_read(&unit.path) { Ok((post, unit)) } else { Err(Error::NotFound) }
}

fn fresh<T>(found: T, stored: i64, version: Option<i64>) -> Result<T, Error> {
    if version.is_some_and(|version| version != stored) { Err(Error::stale()) } else { Ok(found) }
}

impl App {
    /// People within the actor's subtrees, by name.
    ///
    /// # Errors
    /// Faults of the database.
    pub fn people(
        &self,
        ctx: &Context,
        name: &str,
        in_post_only: bool,
        offset: i64,
    ) -> Result<People, Error> {
        let (filter, offset) = (filter(ctx, name, in_post_only), offset.max(0));
        self.db.read(|conn| {
            let (people, total) = store::people(conn, &filter, offset)?;
            Ok(People { people, total, offset })
        })
    }

    /// A person's page; the telephone number is still there in full, pages show `masked_phone`.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn person_page(&self, ctx: &Context, id: PersonId) -> Result<PersonPage, Error> {
        self.db.read(|conn| {
            let person = seen_person(conn, ctx, id)?;
            let own = ctx.actor.person == id;
            let mut held = store::held_by(conn, id)?;
            let sight = filter(ctx, "", false).sight;
            held.retain(|held| own || sight.sees(&held.unit_path));
            let admin = ctx.actor.holds_anywhere(Role::SystemAdmin);
            let shows_account = own || admin || ctx.actor.holds_anywhere(Role::SecurityAdmin);
            let mut grants = store::grants_on(conn, id, ctx.today())?;
            let mut seen = Vec::with_capacity(grants.len());
            for grant in grants.drain(..) {
                let unit = context::unit(conn, grant.0.unit_id)?;
                if own || sight.sees(&unit.path) {
                    seen.push(grant);
                }
            }
            let account = if shows_account { store::account_of(conn, id)? } else { None };
            let office = held.iter().any(|h| ctx.actor.holds(Role::Office, &h.unit_path));
            let unplaced = held.is_empty() && ctx.actor.holds_anywhere(Role::Office);
            Ok(PersonPage {
                may_change: office || admin || unplaced,
                may_see_data: shows_account,
                may_open_phone: !person.phone.is_empty() && may_open_phone(ctx, id, &held),
                account: account.map(|account| (account.login, account.state.label())),
                grants: seen,
                held,
                person,
            })
        })
    }

    /// Opens a person's telephone number. Who opened it is kept (B11).
    ///
    /// # Errors
    /// `NotFound`, `not_allowed`.
    pub fn open_phone(&self, ctx: &Context, id: PersonId) -> Result<String, Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let person = seen_person(conn, &ctx, id)?;
            let held = store::held_by(conn, id)?;
            if !may_open_phone(&ctx, id, &held) {
                return Err(Refusal::not_allowed("查看联系电话", "该人员所在单位范围内的业务身份").into());
            }
            let unit = held.first().map(|held| held.post.unit_id);
            let viewed = entry(PersonAction::Viewed, "person", id.0, unit, "查看联系电话".to_owned(), vec![]);
            journal::append(conn, &ctx.stamp(None), vec![viewed])?;
            Ok(person.phone)
        })
    }

    /// Registers a person.
    ///
    /// # Errors
    /// Refusals of `person::appointing::check_person`.
    pub fn create_person(&self, ctx: &Context, name: &str, phone: &str) -> Result<Person, Error> {
        let (ctx, name, phone) = (ctx.clone(), name.to_owned(), phone.to_owned());
        self.db.write(move |conn| {
            let mut person = rules::check_person(&desk(&ctx), &name, &phone)?;
            person.id = PersonId(journal::next_id(conn, "person", 1)?);
            let writes = vec![Write::insert(&person)];
            let created =
                entry(PersonAction::Created, "person", person.id.0, None, "登记人员".to_owned(), writes);
            journal::append(conn, &ctx.stamp(None), vec![created])?;
            Ok(person)
        })
    }

    /// Corrects a person's name or telephone number; `phone: None` leaves the number as it is.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, `not_allowed`, text limits.
    pub fn change_person(
        &self,
        ctx: &Context,
        id: PersonId,
        version: Option<i64>,
        name: &str,
        phone: Option<&str>,
    ) -> Result<Person, Error> {
        let (ctx, name, phone) = (ctx.clone(), name.to_owned(), phone.map(str::to_owned));
        self.db.write(move |conn| {
            let before = seen_person(conn, &ctx, id)?;
            let before = fresh(before.clone(), before.version, version)?;
            let held = store::held_by(conn, id)?;
            let office = held.iter().any(|h| ctx.actor.holds(Role::Office, &h.unit_path));
            if !held.is_empty() && !office && !ctx.actor.holds_anywhere(Role::SystemAdmin) {
                return Err(
                    Refusal::not_allowed("更正人员资料", "该人员所在单位的工作专班或系统管理员身份").into()
                );
            }
            let checked = rules::check_person(&desk(&ctx), &name, phone.as_deref().unwrap_or(&before.phone))?;
            let after = Person { id, version: before.version + 1, ..checked };
            let writes = Write::update(&before, &after).into_iter().collect();
            let changed =
                entry(PersonAction::Changed, "person", id.0, None, "更正人员资料".to_owned(), writes);
            journal::append(conn, &ctx.stamp(None), vec![changed])?;
            Ok(after)
        })
    }

    /// A post's page.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn post_page(&self, ctx: &Context, id: PostId) -> Result<PostPage, Error> {
        self.db.read(|conn| {
            let (post, unit) = seen_post(conn, ctx, id)?;
            Ok(PostPage {
                holders: store::holders(conn, &[id])?,
                open_work: store::open_work_of_post(conn, id)?,
                may_change: ctx.actor.holds(Role::Office, &unit.path),
                post,
                unit,
            })
        })
    }

    /// Creates a post.
    ///
    /// # Errors
    /// `NotFound`, refusals of `person::appointing::create_post`.
    pub fn create_post(&self, ctx: &Context, unit: UnitId, draft: PostDraft) -> Result<Post, Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let unit = seen_unit(conn, &ctx, unit)?;
            let existing = store::all_posts(conn, unit.id)?;
            let mut post = rules::create_post(&desk(&ctx), &unit, &existing, draft)?;
            post.id = PostId(journal::next_id(conn, "post", 1)?);
            let note = format!("设置岗位“{}”", post.name);
            let writes = vec![Write::insert(&post)];
            let created = entry(PersonAction::PostCreated, "post", post.id.0, Some(unit.id), note, writes);
            journal::append(conn, &ctx.stamp(Some(&unit)), vec![created])?;
            Ok(post)
        })
    }

    /// Closes a post; its tenures end.
    ///
    /// # Errors
    /// `NotFound`, `Conflict`, refusals of `person::appointing::close_post`.
    pub fn close_post(
        &self,
        ctx: &Context,
        id: PostId,
        version: Option<i64>,
        day: Day,
    ) -> Result<Post, Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let (post, unit) = seen_post(conn, &ctx, id)?;
            let post = fresh(post.clone(), post.version, version)?;
            let open_work = store::open_work_of_post(conn, id)?;
            let closed = rules::close_post(&desk(&ctx), &unit, &post, open_work, day)?;
            let mut writes: Vec<Write> = Write::update(&post, &closed).into_iter().collect();
            for tenure in store::tenures_of_post(conn, id)?.into_iter().filter(|t| t.to_day.is_none()) {
                let ended = Tenure { to_day: Some(day.max(tenure.from_day)), ..tenure.clone() };
                writes.extend(Write::update(&tenure, &ended));
            }
            let note = format!("撤销岗位“{}”", post.name);
            let entry = entry(PersonAction::PostClosed, "post", id.0, Some(unit.id), note, writes);
            journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry])?;
            Ok(closed)
        })
    }

    /// Appoints a person to a post.
    ///
    /// # Errors
    /// `NotFound`, refusals of `person::appointing::appoint`.
    pub fn appoint(&self, ctx: &Context, post: PostId, person: PersonId, day: Day) -> Result<Tenure, Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let (post, unit) = seen_post(conn, &ctx, post)?;
            let person = seen_person(conn, &ctx, person)?;
            let tenures = store::tenures_of_post(conn, post.id)?;
            let mut tenure = rules::appoint(&desk(&ctx), &unit, &post, &tenures, person.id, day)?;
            // The roles of the post come with it, so the separation of duties is checked here too.
            crate::account::grant::check_tenure(conn, person.id, post.id, ctx.today())?;
            tenure.id = TenureId(journal::next_id(conn, "tenure", 1)?);
            let writes = vec![Write::insert(&tenure)];
            let note = format!("岗位“{}”任职", post.name);
            let entry = entry(PersonAction::Appointed, "post", post.id.0, Some(unit.id), note, writes);
            journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry])?;
            Ok(tenure)
        })
    }

    /// Ends a tenure.
    ///
    /// # Errors
    /// `NotFound`, refusals of `person::appointing::relieve`.
    pub fn relieve(&self, ctx: &Context, tenure: TenureId, day: Day) -> Result<Tenure, Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let before: Tenure = journal::by_id(conn, tenure.0)?.ok_or(Error::NotFound)?;
            let (post, unit) = seen_post(conn, &ctx, before.post_id)?;
            let after = rules::relieve(&desk(&ctx), &unit, &before, day)?;
            let writes = Write::update(&before, &after).into_iter().collect();
            let note = format!("岗位“{}”免职", post.name);
            let entry = entry(PersonAction::Relieved, "post", post.id.0, Some(unit.id), note, writes);
            journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry])?;
            Ok(after)
        })
    }

    /// A successor takes over a post on a day. The open work stays with the post, signatures with the person.
    ///
    /// # Errors
    /// `NotFound`, refusals of `person::appointing::hand_over`.
    pub fn hand_over(
        &self,
        ctx: &Context,
        tenure: TenureId,
        successor: PersonId,
        day: Day,
    ) -> Result<(Tenure, Tenure), Error> {
        let ctx = ctx.clone();
        self.db.write(move |conn| {
            let present: Tenure = journal::by_id(conn, tenure.0)?.ok_or(Error::NotFound)?;
            let (post, unit) = seen_post(conn, &ctx, present.post_id)?;
            let successor = seen_person(conn, &ctx, successor)?;
            let tenures = store::tenures_of_post(conn, post.id)?;
            let (ended, mut started) =
                rules::hand_over(&desk(&ctx), &unit, &post, &tenures, tenure, successor.id, day)?;
            crate::account::grant::check_tenure(conn, successor.id, post.id, ctx.today())?;
            started.id = TenureId(journal::next_id(conn, "tenure", 1)?);
            let mut writes: Vec<Write> = Write::update(&present, &ended).into_iter().collect();
            writes.push(Write::insert(&started));
            let work = store::open_work_of_post(conn, post.id)?;
            let note = format!("岗位“{}”交接，随岗位移交未办结事项{work}项", post.name);
            let entry = entry(PersonAction::HandedOver, "post", post.id.0, Some(unit.id), note, writes);
            journal::append(conn, &ctx.stamp(Some(&unit)), vec![entry])?;
            Ok((ended, started))
        })
    }

    /// Leading posts that may take a problem of the unit in charge 包案: of the unit and of those above it, with the
    /// unit's name and the holders of today.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn leading_posts(
        &self,
        ctx: &Context,
        unit: UnitId,
    ) -> Result<Vec<(Post, String, Vec<String>)>, Error> {
        self.db.read(|conn| {
            let unit = seen_unit(conn, ctx, unit)?;
            Ok(store::leading_posts(conn, &unit.path, ctx.today())?)
        })
    }
}

/// Whoever works where the person works now, the office of any place the person worked at or of nobody's place yet,
/// the person, and the system administrator; not the evaluator.
fn may_open_phone(ctx: &Context, person: PersonId, held: &[Held]) -> bool {
    let roles = [Role::Filler, Role::Leader, Role::Inspector, Role::Verifier];
    ctx.actor.person == person
        || ctx.actor.holds_anywhere(Role::SystemAdmin)
        || (held.is_empty() && ctx.actor.holds_anywhere(Role::Office))
        || held.iter().any(|held| {
            let present = held.tenure.to_day.is_none() && ctx.actor.holds_any(&roles, &held.unit_path);
            present || ctx.actor.holds(Role::Office, &held.unit_path)
        })
}
