//! The library's page, and the box in the head of every page that leads to it.

use crate::coverage::planted;
use bihuan_testkit::on_each_engine;

/// 青石
const ASKED: &str = "%E9%9D%92%E7%9F%B3";

#[test]
fn every_page_leads_to_the_library_and_what_was_found_is_marked_m44() {
    on_each_engine(|db| {
        let app = planted(db);
        while app.app.index_step().unwrap().more {}
        let mut office = app.sign_in("office");
        for path in ["/todo", "/ledger", "/search"] {
            let page = office.get(path).expect(200).text();
            assert!(page.contains("class=\"head-search\" action=\"/search\" method=\"get\""), "{path}");
        }
        let audit = app.sign_in("audit").get("/journal").expect(200).text();
        assert!(!audit.contains("head-search"), "who reads no business has no box");
        let found = office.get(&format!("/search?q={ASKED}")).expect(200).text();
        assert!(found.contains("<mark>青石</mark>"), "{found}");
        let none = office.get(&format!("/search?q={ASKED}&kind=talk")).expect(200).text();
        assert!(none.contains("没有查到"));
        let file = office.get(&format!("/search/download?q={ASKED}")).expect(200).text();
        assert!(file.lines().count() > 1 && file.contains("青石"), "{file}");
        let of_town = office.get(&format!("/search?q={ASKED}&from=2024-13-01"));
        assert!(of_town.text().contains("起始日期"), "a day that does not exist is named");
    });
}

/// 石桥镇政府, 石桥镇人民政府
const TOWN_IN_SHORT: [&str; 2] = [
    "%E7%9F%B3%E6%A1%A5%E9%95%87%E6%94%BF%E5%BA%9C",
    "%E7%9F%B3%E6%A1%A5%E9%95%87%E4%BA%BA%E6%B0%91%E6%94%BF%E5%BA%9C",
];

#[test]
fn the_field_for_a_unit_takes_names_that_follow_from_the_full_one() {
    on_each_engine(|db| {
        let app = planted(db);
        while app.app.index_step().unwrap().more {}
        let mut office = app.sign_in("office");
        for name in TOWN_IN_SHORT {
            let found = office.get(&format!("/search?q={ASKED}&unit={name}")).expect(200).text();
            assert!(found.contains("<mark>青石</mark>"), "{found}");
            app.sign_in("stranger").get(&format!("/search?q={ASKED}&unit={name}")).expect(422);
        }
        let wrong =
            office.get(&format!("/search?q={ASKED}&unit=%E6%97%A0%E6%AD%A4%E9%95%87")).expect(422).text();
        assert!(wrong.contains("改好后再查") && !wrong.contains("还没有保存"), "{wrong}");
    });
}
