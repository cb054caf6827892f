//! The overview: every number opens to its rows, as page and as JSON, and only inside the reader's rights.

use crate::ledger_support::{campaign, problems};
use crate::support::{COUNTY, TOWN, on_each_app};
use bihuan_testkit::on_each_engine;

#[test]
fn every_number_of_the_page_leads_to_a_list_with_so_many_rows() {
    on_each_app(|app| {
        campaign(app);
        problems(app, 12);
        let mut reader = app.sign_in("evaluator");
        let json = reader.get("/api/v1/overview").expect(200).json();
        assert_eq!(json["figures"][0]["value"], 12);
        assert_eq!(json["figures"][0]["name"], "问题总数");
        let page = reader.get("/overview").expect(200).text();
        assert!(page.contains("云溪县总览") && page.contains("云溪县本级"));
        let links: Vec<String> = page
            .split("href=\"")
            .filter_map(|rest| rest.split_once('"'))
            .filter(|(href, rest)| href.starts_with("/ledger?") && rest.contains("：查看明细\">"))
            .map(|(href, _)| href.replace("&amp;", "&"))
            .collect();
        assert!(links.len() > 60, "{}", links.len());
        for (at, link) in links.iter().enumerate().filter(|(at, _)| at % 17 == 0) {
            let shown = page.split(&format!("href=\"{}\"", link.replace('&', "&amp;"))).nth(1).unwrap();
            let number = shown.split_once('>').unwrap().1.split_once('<').unwrap().0;
            let list = reader.get(&link.replace("/ledger?", "/api/v1/problems?")).expect(200).json();
            assert_eq!(list["total"].to_string(), number.replace(',', ""), "{at} {link}");
        }
    });
}

#[test]
fn a_reader_below_begins_at_their_own_unit_and_cannot_look_up() {
    on_each_app(|app| {
        campaign(app);
        problems(app, 3);
        let mut town = app.sign_in("filler");
        let page = town.get("/overview").expect(200).text();
        assert!(page.contains("石桥镇总览") && !page.contains("柳湾乡"));
        town.get(&format!("/overview?unit={COUNTY}")).expect(404);
        town.get(&format!("/api/v1/overview?unit={COUNTY}")).expect(404);
        let mut stranger = app.sign_in("stranger");
        assert!(!stranger.get(&format!("/overview?unit={TOWN}")).text().contains("石桥镇"));
        stranger.get("/overview?campaign=1").expect(404);
    });
}

#[test]
fn a_past_day_is_told_with_that_days_numbers() {
    on_each_app(|app| {
        campaign(app);
        problems(app, 2);
        let then = app.now().day_in_china();
        app.later(3 * 24 * 3600);
        problems(app, 3);
        let mut reader = app.sign_in("evaluator");
        let past = reader.get(&format!("/api/v1/overview?as_of={then}")).expect(200).json();
        assert_eq!(past["figures"][0]["value"], 2);
        let now = reader.get("/api/v1/overview").expect(200).json();
        assert_eq!(now["figures"][0]["value"], 5);
        let page = reader.get(&format!("/overview?as_of={then}")).expect(200).text();
        assert!(page.contains("回到今天"));
        reader.get("/overview?as_of=soon").expect(422);
    });
}

#[test]
fn the_definitions_of_all_figures_can_be_read() {
    on_each_app(|app| {
        let mut reader = app.sign_in("evaluator");
        let figures = reader.get("/api/v1/figures").expect(200).json();
        assert!(figures.as_array().unwrap().len() >= 15);
        assert!(figures[0]["definition"].as_str().unwrap().contains("问题"));
    });
}

#[test]
fn a_past_day_of_too_many_units_is_refused_in_words_m05() {
    on_each_engine(|test| {
        let app = &crate::coverage::planted(test);
        crate::action_examples::issue(app);
        let then = app.now().day_in_china();
        app.later(2 * 24 * 3600);
        let most = bihuan_store::required_action::AS_OF_UNITS_MAX as i64;
        let added = app.db.write(move |conn| {
            let columns = ["ancestor_id", "descendant_id", "depth", "from_day", "to_day"];
            let row = |id: i64| bihuan_store::vals![COUNTY, 1_000_000 + id, 1, 0, 1].to_vec();
            conn.bulk_insert("unit_closure", &columns, &mut (0..most).map(row))
        });
        assert_eq!(added.unwrap(), most as u64);
        let mut reader = app.sign_in("evaluator");
        let at = format!("/api/v1/campaigns/1/actions/overview?unit={COUNTY}&as_of={then}");
        let said = reader.get(&at).expect(200).json();
        assert_eq!((&said["too_large"], said["children"].as_array().unwrap().len()), (&true.into(), 0));
        let page = reader.get(&format!("/overview?unit={COUNTY}&as_of={then}")).expect(200).text();
        assert!(page.contains("下级单位超过10万个") && page.contains("请点开下级单位"), "{page}");
    });
}
