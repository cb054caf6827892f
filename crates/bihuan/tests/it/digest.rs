//! The digests of the made-up county, in which every kind of thing waits for somebody.

use crate::support::copy_of_filled;
use bihuan_app::{App, Context, actor};
use bihuan_domain::Instant;
use bihuan_domain::id::AccountId;
use bihuan_store::db::{Db, DbOptions, Target};
use bihuan_store::digest as store;
use bihuan_store::journal::{self, EntryFilter};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// More than the county has.
const ACCOUNTS: i64 = 100_000;

#[test]
fn everybody_for_whom_something_waits_gets_a_digest_and_nobody_else_m46() {
    let copy = copy_of_filled();
    let target = Target::Sqlite(copy.path().join("bihuan.db"));
    let app = App::new(Db::open(&target, &DbOptions::default()).unwrap());
    // The next days at nine: the first of them on which people work.
    let last = app.db.read(|conn| journal::list(conn, &EntryFilter::default(), 1)).unwrap();
    let now: Instant = last.first().unwrap().at;
    let at = |offset: i32| now.day_in_china().plus_days(offset).starts_at().plus_seconds(9 * 3_600);
    let (at, report) = (1..15)
        .map(|offset| (at(offset), app.make_digests(at(offset)).unwrap()))
        .find(|(_, report)| report.people > 0)
        .expect("somebody works within a fortnight");
    let day = at.day_in_china();
    let accounts = app.db.read(|conn| store::active_accounts(conn, AccountId(0), ACCOUNTS)).unwrap();
    let told = app.db.read(|conn| store::made_on(conn, day)).unwrap();
    let (mut waits, mut kinds) = (BTreeSet::new(), BTreeMap::new());
    for account in &accounts {
        let loaded = app.db.read(|conn| actor::load(conn, account, day)).unwrap();
        let all = app.db.read(|conn| actor::load_all(conn, std::slice::from_ref(account), day)).unwrap();
        assert_eq!(
            all.as_slice(),
            std::slice::from_ref(&loaded.actor),
            "one by one or together, the same rights"
        );
        let person = loaded.actor.person;
        let ctx = Context { actor: Arc::new(loaded.actor), at, source_address: "test".to_owned() };
        if ctx.actor.grants.is_empty() {
            continue;
        }
        let todo = app.todo(&ctx, None).unwrap();
        if todo.total() > 0 {
            waits.insert(person);
        }
        for (kind, number) in todo.counts {
            *kinds.entry(kind).or_insert(0) += number;
        }
    }
    assert_eq!(told, waits);
    assert_eq!(report.made, told.len() as i64);
    assert!(waits.len() > 20 && kinds.len() > 12, "the county must put it to the test: {kinds:?}");
}
