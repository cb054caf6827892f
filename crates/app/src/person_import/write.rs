//! Carrying an import of people out, with the entries that registering by hand would leave.

use super::plan::{Decided, PeopleTally, Seat, Who};
use crate::Error;
use crate::person::entry;
use crate::unit_import::Importer;
use bihuan_domain::id::{PersonId, PostId, TenureId, UnitId};
use bihuan_domain::person::appointing::PersonAction;
use bihuan_domain::person::{Person, Post, Tenure};
use bihuan_domain::unit::Unit;
use bihuan_store::Conn;
use bihuan_store::journal::{self, NewEntry, Write};

/// Entries written at once: bounds the memory of an import of any size.
const ENTRIES_AT_ONCE: usize = 500;

pub(super) fn carry_out(
    conn: &mut Conn,
    who: &Importer,
    target: Option<&Unit>,
    decided: Decided,
) -> Result<(PeopleTally, i64), Error> {
    let Decided { plan, people, phones, posts, takings } = decided;
    let mut entries: Vec<NewEntry> = Vec::new();
    for (before, phone) in phones {
        let after = Person { phone, version: before.version + 1, ..before.clone() };
        let writes = Write::update(&before, &after).into_iter().collect();
        let said = "按导入的表格更正人员资料".to_owned();
        entries.push(entry(PersonAction::Changed, "person", before.id.0, None, said, writes));
    }
    let first_person = journal::next_id(conn, "person", people.len() as i64)?;
    for (n, person) in people.into_iter().enumerate() {
        let person = Person { id: PersonId(first_person + n as i64), ..person };
        let (id, writes) = (person.id.0, vec![Write::insert(&person)]);
        entries.push(entry(PersonAction::Created, "person", id, None, "导入人员".to_owned(), writes));
    }
    let first_post = journal::next_id(conn, "post", posts.len() as i64)?;
    let mut names: Vec<(UnitId, String)> = Vec::new();
    for (n, post) in posts.into_iter().enumerate() {
        let post = Post { id: PostId(first_post + n as i64), ..post };
        let note = format!("导入岗位“{}”", post.name);
        let writes = vec![Write::insert(&post)];
        entries.push(entry(PersonAction::PostCreated, "post", post.id.0, Some(post.unit_id), note, writes));
        names.push((post.unit_id, post.name));
    }
    let first_tenure = journal::next_id(conn, "tenure", takings.len() as i64)?;
    for (n, taking) in takings.iter().enumerate() {
        let (post, unit, name) = match taking.seat {
            Seat::New(at) => (PostId(first_post + at as i64), names[at].0, names[at].1.clone()),
            Seat::Known(id) => {
                let post: Post = journal::by_id(conn, id.0)?.ok_or(Error::NotFound)?;
                (id, post.unit_id, post.name)
            }
        };
        let person = match taking.who {
            Who::Known(id) => id,
            Who::New(at) => PersonId(first_person + at as i64),
        };
        let tenure = Tenure {
            id: TenureId(first_tenure + n as i64),
            post_id: post,
            person_id: person,
            from_day: taking.day,
            to_day: None,
        };
        let (note, writes) = (format!("岗位“{name}”任职（导入）"), vec![Write::insert(&tenure)]);
        entries.push(entry(PersonAction::Appointed, "post", post.0, Some(unit), note, writes));
    }
    let stamp = who.stamp(target);
    let mut entries = entries.into_iter().peekable();
    while entries.peek().is_some() {
        journal::append(conn, &stamp, entries.by_ref().take(ENTRIES_AT_ONCE).collect())?;
    }
    // Roles come with posts: whoever takes several at once is checked when all are taken.
    for taking in &takings {
        if let Seat::Known(post) = taking.seat {
            let person = match taking.who {
                Who::Known(id) => id,
                Who::New(at) => PersonId(first_person + at as i64),
            };
            crate::account::grant::check_tenure(conn, person, post, who.today())?;
        }
    }
    Ok((plan.tally, journal::head(conn)?))
}
