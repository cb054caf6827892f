//! The first unit of a new installation (M01).

use crate::support::{context, first_day, refused};
use crate::unit::{self, day};
use bihuan_app::bootstrap::{Administrator, SetUp};
use bihuan_app::unit::AsOf;
use bihuan_app::unit_import::Importer;
use bihuan_app::{App, Context, Visit};
use bihuan_domain::role::Role;
use bihuan_domain::unit::Level;
use bihuan_domain::unit::reorganise::UnitDraft;
use bihuan_domain::{Day, Instant};
use bihuan_store::{Conn, journal};
use bihuan_testkit::on_each_engine;
use std::sync::Arc;

fn draft(code: &str, name: &str) -> UnitDraft {
    UnitDraft { level: Level::County, ..unit::draft(code, name) }
}

/// The three administrators of a new installation, by their sign-in names.
fn administrators(app: &App, at: Instant) -> impl Fn(&str) -> Context {
    let person = |login: &str| Administrator { name: format!("管理员{login}"), login: login.to_owned() };
    let set_up = SetUp {
        secret: app.make_bootstrap_secret(at).unwrap(),
        system: person("system"),
        password: "Yunxi-2024-first".to_owned(),
        security: person("security"),
        audit: person("audit"),
    };
    app.set_up(&Visit { at: at.plus_seconds(60), source_address: "console".to_owned() }, set_up).unwrap();
    let app = app.clone();
    move |login: &str| {
        let loaded = app.db.read(|conn| -> Result<_, bihuan_app::Error> {
            let account = bihuan_store::account::by_login(conn, login)?.unwrap();
            bihuan_app::actor::load(conn, &account, at.day_in_china())
        });
        Context {
            actor: Arc::new(loaded.unwrap().actor),
            at: at.plus_seconds(120),
            source_address: String::new(),
        }
    }
}

#[test]
fn the_first_unit_is_made_once_and_by_the_system_administrator_alone_m01() {
    on_each_engine(|t| {
        let app = App::new(t.db.clone());
        let at = first_day().starts_at().plus_seconds(9 * 3_600);
        let who = administrators(&app, at);
        let first = |login: &str, code: &str, on: Day| {
            app.create_first_unit(Importer::Person(who(login)), draft(code, "云溪县"), on)
        };
        assert!(app.lacks_units().unwrap());
        for login in ["security", "audit"] {
            assert_eq!(refused(app.may_create_first_unit(&who(login))).code, "not_allowed");
            assert_eq!(refused(first(login, "YX", day(0))).code, "not_allowed", "{login}");
        }
        assert_eq!(refused(first("system", "YX", day(1))).code, "day_in_future");
        assert_eq!(refused(first("system", "", day(0))).field, Some("code"));
        app.may_create_first_unit(&who("system")).unwrap();
        let made = first("system", "YX", day(-400)).unwrap();
        assert_eq!((made.unit.parent_id, made.unit.path.units()), (None, vec![made.unit.id]));
        let entries = |conn: &mut Conn| journal::list(conn, &journal::EntryFilter::default(), 1);
        let entry = t.db.read(entries).unwrap().remove(0);
        assert_eq!((entry.action.as_str(), entry.seq), ("unit.created", made.seq));
        assert!(!app.lacks_units().unwrap());
        for login in ["system", "audit"] {
            let refusal = refused(first(login, "JZ", day(0)));
            assert_eq!((refusal.code, refusal.field), ("parent_required", Some("parent")));
            assert!(refusal.sentence.contains("必须有上级单位"), "{}", refusal.sentence);
        }
        assert_eq!(refused(app.may_create_first_unit(&who("system"))).code, "parent_required");
    });
}

#[test]
fn the_operator_of_the_machine_makes_the_first_unit_and_others_hang_below_it_m01() {
    on_each_engine(|t| {
        let app = App::new(t.db.clone());
        let at = first_day().starts_at();
        let made = app.create_first_unit(Importer::Console(at), draft("YX", "云溪县"), day(-9)).unwrap();
        assert_eq!(
            refused(app.create_first_unit(Importer::Console(at), draft("JZ", "江州市"), day(0))).code,
            "parent_required"
        );
        let office = context(1, Role::Office, &made.unit, day(0));
        let below = app.create_unit(&office, made.unit.id, draft("YX01", "石桥镇"), day(-8)).unwrap();
        assert_eq!(below.unit.path.units(), [made.unit.id, below.unit.id]);
        let past = app.unit_page(&office, made.unit.id, AsOf::Day(day(-9))).unwrap();
        assert_eq!((past.history[0].label, past.children.len()), ("设立", 0));
    });
}
