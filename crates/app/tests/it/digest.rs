//! One digest for a person and working day, by whatever channels the office set; quiet hours and the minimum interval
//! hold (M46).

use crate::support::{Fixture, context, first_day};
use bihuan_app::channel::{ChannelInput, ContactInput};
use bihuan_domain::Instant;
use bihuan_domain::id::{AccountId, GrantId, PersonId, PostId, TenureId, UnitId};
use bihuan_domain::person::{Account, AccountState, Person, Post, RoleGrant, Tenure};
use bihuan_domain::role::Role;
use bihuan_domain::slip::Slip;
use bihuan_store::journal::{self, NewEntry, Write};
use bihuan_store::record::Record;
use bihuan_testkit::on_each_engine;

/// The clerk of the township.
const CLERK: i64 = 61;

fn at(offset: i32, hour: i64) -> Instant {
    first_day().plus_days(offset).starts_at().plus_seconds(hour * 3600)
}

fn plant(f: &Fixture) {
    let unit: UnitId = f.unit("YX01").id;
    let account = Account {
        id: AccountId(CLERK),
        person_id: PersonId(CLERK),
        login: "clerk".to_owned(),
        password_hash: String::new(),
        must_change: false,
        password_set_at: None,
        state: AccountState::Active,
        version: 1,
    };
    let writes = vec![
        Write::insert(&Person {
            id: PersonId(CLERK),
            name: "陈".to_owned(),
            phone: String::new(),
            version: 1,
        }),
        Write::insert(&Post {
            id: PostId(CLERK),
            unit_id: unit,
            name: "干事".to_owned(),
            leads: false,
            shared: false,
            official_order: 1,
            closed_day: None,
            version: 1,
        }),
        Write::insert(&Tenure {
            id: TenureId(CLERK),
            post_id: PostId(CLERK),
            person_id: PersonId(CLERK),
            from_day: first_day(),
            to_day: None,
        }),
        Write::insert(&account),
        Write::insert(&RoleGrant {
            id: GrantId(CLERK),
            role: Role::Filler,
            post_id: Some(PostId(CLERK)),
            person_id: None,
            unit_id: unit,
            from_day: first_day(),
            to_day: None,
        }),
    ];
    f.db.write(move |conn| -> Result<(), bihuan_store::Fault> {
        let entry = NewEntry { writes, ..crate::support::entry("person.planted") };
        journal::append(conn, &crate::support::stamp(first_day()), vec![entry])?;
        Ok(())
    })
    .unwrap();
}

fn channel(f: &Fixture, kind: &str, unit: &str, url: &str) {
    let admin = context(50, Role::SystemAdmin, &f.unit("YX"), first_day());
    let sent = ChannelInput {
        unit: f.unit(unit).id.to_string(),
        kind: kind.to_owned(),
        name: format!("{unit}{kind}"),
        url: url.to_owned(),
        secret: "S".to_owned(),
        sender: if kind == "email" { "bihuan@example.org" } else { "1000002" }.to_owned(),
        login: "key".to_owned(),
        enabled: "1".to_owned(),
    };
    f.app.save_channel(&admin, None, None, sent).unwrap();
}

/// Messages put out: to whom, and whether urgent.
fn messages(f: &Fixture) -> Vec<(String, i64)> {
    let sql = "SELECT to_address, urgent FROM message ORDER BY id";
    let rows = f.db.read(|conn| conn.rows(sql, &[])).unwrap();
    rows.iter().map(|row| (row.text(0).unwrap(), row.int(1).unwrap())).collect()
}

#[test]
fn a_person_gets_one_digest_a_working_day_over_all_channels_and_runs_m46() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        plant(&f);
        f.assigned("YX01", "YX-SL", first_day());
        // Mail at the county, mail and an application at the township, a group besides.
        channel(&f, "email", "YX", "127.0.0.1:9");
        channel(&f, "email", "YX01", "127.0.0.1:9");
        channel(&f, "wecom_app", "YX01", "http://127.0.0.1:9");
        channel(&f, "wecom", "YX01", "http://127.0.0.1:9/robot");
        let clerk = context(CLERK, Role::Filler, &f.unit("YX01"), first_day());
        let contact = ContactInput { email: "clerk@example.org".to_owned(), user_id: "chen.xy".to_owned() };
        f.app.save_contact(&clerk, contact.clone()).unwrap();
        assert_eq!(f.app.contact(&clerk).unwrap(), contact);
        // 2024-03-01 is a Friday: quiet before eight and after eighteen, nothing at the weekend.
        let mut made = Vec::new();
        for offset in 1..6 {
            for hour in [3, 7, 8, 9, 14, 17, 18, 23] {
                let report = f.app.make_digests(at(offset, hour)).unwrap();
                if report.made > 0 {
                    made.push((offset, hour));
                }
            }
        }
        assert_eq!(made, [(3, 8), (4, 8), (5, 8)], "once a working day, at its first hour");
        let told: Vec<String> =
            messages(&f).into_iter().map(|(to, _)| to).filter(|to| !to.is_empty()).collect();
        assert_eq!(told, ["chen.xy"; 3], "one way only: the nearest, the application before mail");
        let digests = f.app.digests(&clerk).unwrap();
        assert_eq!(digests.len(), 3);
        assert!(digests[0].body.contains("您有1件待办"), "{}", digests[0].body);
        // Without an account on the platform the nearest mail; with neither only the page.
        for (contact, to) in [
            (ContactInput { user_id: String::new(), ..contact }, Some("clerk@example.org")),
            (ContactInput::default(), None),
        ] {
            f.app.save_contact(&clerk, contact).unwrap();
            let before = messages(&f).len();
            let day = if to.is_some() { 6 } else { 7 };
            assert_eq!(f.app.make_digests(at(day, 9)).unwrap().made, 1);
            let new: Vec<String> = messages(&f).split_off(before).into_iter().map(|(to, _)| to).collect();
            let personal: Vec<&str> = new.iter().map(String::as_str).filter(|to| !to.is_empty()).collect();
            assert_eq!(personal, to.into_iter().collect::<Vec<_>>());
        }
    });
}

#[test]
fn nothing_is_made_when_nothing_waits_and_a_digest_tells_what_is_true_now_m46() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        plant(&f);
        assert_eq!(f.app.make_digests(at(0, 9)).unwrap().made, 0, "nothing waits");
        let problem = f.assigned("YX01", "YX-SL", first_day());
        assert_eq!(f.app.make_digests(at(3, 9)).unwrap().made, 1);
        f.report_done(problem, first_day().plus_days(3));
        // What was done meanwhile is not told again: the next day nothing waits for the clerk.
        assert_eq!(f.app.make_digests(at(4, 9)).unwrap().made, 0);
    });
}

#[test]
fn an_item_is_not_reminded_twice_within_the_interval_of_the_template_m46() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        // Due on day 20; the overdue rule repeats every five working days, the interval is two.
        f.assigned("YX01", "YX-SL", first_day());
        for offset in 0..45 {
            for hour in [8, 14] {
                f.app.run_ladder(at(offset, hour)).unwrap();
            }
        }
        let slips = f.db.read(|conn| Slip::load(conn, "WHERE to_unit_id > 0 ORDER BY id", &[])).unwrap();
        let town = f.unit("YX01").id;
        let days: Vec<(String, i32)> = slips
            .iter()
            .filter(|slip| slip.to_unit_id == town && slip.issued_by.is_none())
            .filter_map(|slip| slip.issued_day.map(|day| (slip.rule.clone(), day.minus(first_day()))))
            .collect();
        let overdue: Vec<i32> =
            days.iter().filter(|(rule, _)| rule == "overdue").map(|(_, day)| *day).collect();
        assert!(overdue.len() >= 3, "{days:?}");
        let calendar = bihuan_domain::calendar::Calendar::china();
        for pair in overdue.windows(2) {
            let (one, two) = (first_day().plus_days(pair[0]), first_day().plus_days(pair[1]));
            assert!(calendar.working_days_between(one, two).unwrap() >= 5, "{overdue:?}");
        }
    });
}
