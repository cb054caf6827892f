//! Coverage 覆盖: whom no rule and no record reaches (M04).

use crate::support::{Fixture, first_day, monthly_meeting};
use bihuan_app::Context;
use bihuan_app::activity::ActivityInput;
use bihuan_app::person_import::{PeopleOrder, read_people};
use bihuan_app::required_action::{ActionInput, COVERAGE_PEOPLE_MAX, Coverage, LeftOut};
use bihuan_app::unit_import::Importer;
use bihuan_domain::Day;
use bihuan_domain::id::{CampaignId, UnitId};
use bihuan_domain::person::Person;
use bihuan_domain::role::Role;
use bihuan_store::record::Record;
use bihuan_testkit::on_each_engine;
use std::sync::Arc;

const ONE: CampaignId = CampaignId(1);

fn day(offset: i32) -> Day {
    first_day().plus_days(offset)
}

fn import(f: &Fixture, csv: &str) {
    let file = Arc::new(read_people("p.csv", csv.as_bytes()).unwrap());
    let order = PeopleOrder { below: Some(f.unit("YX").id), day: day(0) };
    f.app.import_people(Importer::Console(day(1).starts_at()), file, order).unwrap();
}

fn issue(f: &Fixture, office: &Context, subject: &str, posts: &str) {
    let sent = ActionInput {
        subject: subject.to_owned(),
        posts: posts.to_owned(),
        activities: vec!["exchange".to_owned()],
        ..monthly_meeting()
    };
    f.app.issue_action(office, ONE, None, sent).unwrap();
}

fn named(rows: &[(UnitId, String)], name: &str) -> bool {
    rows.iter().any(|(_, known)| known == name)
}

fn lists(left_out: &LeftOut, name: &str) -> bool {
    assert_eq!(left_out.total, left_out.first.len() as i64);
    left_out.first.iter().any(|(_, known, _)| known == name)
}

#[test]
fn a_rule_of_posts_or_people_reaches_only_where_there_are_such_and_a_joint_record_counts_m04() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        import(&f, "姓名,单位,职务\n许文,石桥镇,党委书记\n周敏,柳湾乡,党建干部\n");
        let office = f.ctx(Role::Office, "YX", day(1));
        let coverage = || -> Coverage { f.app.coverage(&office, ONE, Some(f.unit("YX").id)).unwrap() };
        issue(&f, &office, "post", "书记");
        let found = coverage();
        assert!(!named(&found.without_rule, "石桥镇") && named(&found.without_record, "石桥镇"));
        assert!(named(&found.without_rule, "柳湾乡"), "nobody is secretary there");
        assert!(lists(&found.people_without_rule, "周敏") && !lists(&found.people_without_rule, "许文"));
        assert!(lists(&found.people, "许文") && !lists(&found.people, "周敏"));
        issue(&f, &office, "person", "");
        let found = coverage();
        assert!(
            !named(&found.without_rule, "柳湾乡") && named(&found.without_rule, "白塔镇"),
            "it has no people"
        );
        assert!(!lists(&found.people_without_rule, "周敏") && lists(&found.people, "周敏"));
        let all: Vec<Person> = f.db.read(|conn| Person::load(conn, "", &[])).unwrap();
        let zhou = all.iter().find(|person| person.name == "周敏").unwrap().id;
        let sent = ActivityInput {
            campaign: "1".to_owned(),
            unit: f.unit("YX02").id.to_string(),
            kind: "double-report".to_owned(),
            day: day(1).to_string(),
            topic: "到社区报到".to_owned(),
            people: vec![zhou.to_string()],
            units: vec![f.unit("YX01").id.to_string()],
            ..ActivityInput::default()
        };
        f.app.record_activity(&office, sent, Vec::new()).unwrap();
        let found = coverage();
        assert!(
            !named(&found.without_record, "柳湾乡") && !named(&found.without_record, "石桥镇"),
            "held together"
        );
        assert!(!lists(&found.people, "周敏") && lists(&found.people, "许文"));
    });
}

#[test]
fn people_left_out_are_counted_beyond_those_that_are_named_m04() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let office = f.ctx(Role::Office, "YX", day(1));
        issue(&f, &office, "person", "");
        let before = f.app.coverage(&office, ONE, Some(f.unit("YX").id)).unwrap().people.total;
        let rows = |from: i64, to: i64| -> String {
            let rows = (from..to).map(|n| format!("人{n},石桥镇,党员\n"));
            format!("姓名,单位,职务\n{}", rows.collect::<String>())
        };
        let most = COVERAGE_PEOPLE_MAX as i64;
        import(&f, &rows(before, most));
        let named = |f: &Fixture| {
            let people = f.app.coverage(&office, ONE, Some(f.unit("YX").id)).unwrap().people;
            (people.total, people.first.len() as i64)
        };
        assert_eq!(named(&f), (most, most));
        // A post that several hold is known by now, so one more may take it.
        import(&f, &rows(most, most + 1));
        assert_eq!(named(&f), (most + 1, most));
    });
}
