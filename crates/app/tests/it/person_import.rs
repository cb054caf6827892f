//! People and their posts from tables (M02).

use crate::support::{Fixture, first_day, refused};
use bihuan_app::person_import::{PeopleOrder, PeoplePlan, PeopleTally, read_people};
use bihuan_app::unit_import::Importer;
use bihuan_app::{Context, Error};
use bihuan_domain::Day;
use bihuan_domain::person::{Person, Tenure};
use bihuan_domain::role::Role;
use bihuan_store::record::Record;
use bihuan_testkit::on_each_engine;
use std::sync::Arc;

const ROSTER: &str = "序号,姓名,单位,职务,手机,领导岗位,任职日期\n\
    1,许文,石桥镇,镇长,0690-3000001,是,\n\
    2,林　涛,石桥镇,党建办干部,,,2024-03-02\n\
    3,周敏,石桥镇,党建办干部,0690-3000003,,\n\
    4,许文,柳湾乡,驻乡干部,0690-3000001,,\n\
    5,许文,柳湾乡,干部,0690-3000009,,\n";

fn day(offset: i32) -> Day {
    first_day().plus_days(offset)
}

fn order(f: &Fixture, below: &str) -> PeopleOrder {
    PeopleOrder { below: Some(f.unit(below).id), day: day(1) }
}

fn plan(f: &Fixture, ctx: &Context, csv: &str) -> PeoplePlan {
    let file = read_people("p.csv", csv.as_bytes()).unwrap();
    f.app.plan_people(&Importer::Person(ctx.clone()), &file, &order(f, "YX")).unwrap()
}

fn import(f: &Fixture, ctx: &Context, csv: &str) -> Result<PeopleTally, Error> {
    let file = Arc::new(read_people("p.csv", csv.as_bytes()).unwrap());
    Ok(f.app.import_people(Importer::Person(ctx.clone()), file, order(f, "YX"))?.0)
}

#[test]
fn a_roster_registers_people_sets_up_posts_and_appoints_and_again_changes_nothing_m02() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let office = f.ctx(Role::Office, "YX", day(5));
        let planned = plan(&f, &office, ROSTER);
        assert_eq!((planned.error_count, planned.ignored.clone()), (0, vec!["序号".to_owned()]));
        // The same name with the same number is one person in two posts; with another number somebody else.
        let wanted = PeopleTally { registered: 4, posts: 4, appointed: 5, phones: 0, unchanged: 0 };
        assert_eq!(planned.tally, wanted, "{:?}", planned.samples);
        assert_eq!(planned.samples[0].words, "登记人员、设置岗位、任职");
        assert_eq!(import(&f, &office, ROSTER).unwrap(), wanted);
        let town = f.app.person_page(&office, person(&f, "林涛").id).unwrap();
        assert_eq!((town.held[0].unit_name.as_str(), town.held[0].tenure.from_day), ("石桥镇", day(1)));
        assert!(town.held[0].post.shared, "two rows name the post");
        let people = f.app.people(&office, "许文", true, 0).unwrap();
        assert_eq!(people.people.iter().map(|one| one.posts.len()).sum::<usize>(), 3);
        let again = plan(&f, &office, ROSTER);
        assert!(again.is_empty() && again.tally.unchanged == 5, "{:?}", again.samples);
        let new_number = ROSTER.replace("3000003", "3000008");
        assert_eq!(import(&f, &office, &new_number).unwrap().phones, 1);
        assert_eq!(person(&f, "周敏").phone, "0690-3000008");
        f.no_drift();
    });
}

fn person(f: &Fixture, name: &str) -> Person {
    let all: Vec<Person> = f.db.read(|conn| Person::load(conn, "ORDER BY id DESC", &[])).unwrap();
    all.into_iter().find(|person| person.name == name).unwrap()
}

#[test]
fn every_wrong_row_is_told_and_nobody_is_imported_m02() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let office = f.ctx(Role::Office, "YX", day(5));
        import(&f, &office, "姓名,单位,职务\n许文,石桥镇,镇长\n").unwrap();
        let csv = "姓名,单位,职务,任职日期\n周敏,石桥镇,镇长,\n林涛,无此乡,干部,\n林涛,石桥镇,干部,2024-04-01\n\
            ,石桥镇,干部,\n林涛,柳湾乡,,\n林涛,远山县,干部,\n";
        let planned = plan(&f, &office, csv);
        let told: Vec<u32> = planned.errors.iter().map(|error| error.line).collect();
        assert_eq!(told, [2, 3, 4, 5, 6, 7], "{:?}", planned.errors);
        for (n, words) in
            ["岗位交接", "没有这个单位", "还没有到", "姓名", "职务", "没有这个单位"].iter().enumerate()
        {
            assert!(planned.errors[n].sentence.contains(words), "{}", planned.errors[n].sentence);
        }
        let before: Vec<Tenure> = f.db.read(|conn| Tenure::load(conn, "", &[])).unwrap();
        let wrong = import(&f, &office, csv).unwrap_err();
        assert!(matches!(wrong, Error::Invalid(_)) && wrong.to_string().contains("第2行"), "{wrong}");
        let after: Vec<Tenure> = f.db.read(|conn| Tenure::load(conn, "", &[])).unwrap();
        assert_eq!(before.len(), after.len());
    });
}

#[test]
fn only_the_office_over_the_place_imports_people_and_the_administrator_before_work_began_b2() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let file = read_people("p.csv", "姓名,职务\n许文,干部\n".as_bytes()).unwrap();
        let at = |ctx: &Context, below: Option<&str>| {
            let order = PeopleOrder { below: below.map(|code| f.unit(code).id), day: day(1) };
            f.app.plan_people(&Importer::Person(ctx.clone()), &file, &order)
        };
        let office = f.ctx(Role::Office, "YX", day(5));
        assert_eq!(
            at(&office, Some("YX01")).unwrap().samples[0].unit,
            "石桥镇",
            "the place where no unit is named"
        );
        assert_eq!(at(&office, Some("YS")).unwrap_err().code(), "not_found");
        assert_eq!(refused(at(&office, None)).code, "not_allowed");
        assert_eq!(refused(at(&f.ctx(Role::Filler, "YX", day(5)), Some("YX"))).code, "not_allowed");
        let admin = f.ctx(Role::SystemAdmin, "JZ", day(5));
        at(&admin, Some("YX")).unwrap();
        f.accepted("YX-ZGB", day(2));
        assert_eq!(refused(at(&admin, Some("YX"))).code, "tree_in_use");
        let ahead = PeopleOrder { below: Some(f.unit("YX").id), day: day(6) };
        let ahead = f.app.plan_people(&Importer::Person(office), &file, &ahead);
        assert_eq!(refused(ahead).code, "day_in_future");
    });
}
