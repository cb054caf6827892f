//! Units, people, posts and scopes by their pages (M01, M02).

use crate::support::{
    Browser, COUNTY, OTHER_TOWN, PASSWORD, TOWN, TestApp, VILLAGE, first_day, on_each_app, policy,
};
use axum::http::Method;
use bihuan_testkit::on_each_engine;

const NEW_PASSWORD: &str = "Shiqiao_2024_ok";

fn today() -> String {
    first_day().to_string()
}

fn unit_at(app: &TestApp, id: i64) -> bihuan_domain::unit::Unit {
    app.db.read(|conn| bihuan_store::unit::by_id(conn, bihuan_domain::id::UnitId(id))).unwrap().unwrap()
}

/// The number behind the last `/` of an address.
fn number(location: &str) -> i64 {
    location.rsplit('/').next().unwrap().parse().unwrap_or_else(|_| panic!("no number in {location:?}"))
}

#[test]
fn the_tree_is_browsed_searched_and_shown_as_of_a_day_m01() {
    on_each_app(|app| {
        let mut office = app.sign_in("office");
        let page = office.get(&format!("/units?parent={COUNTY}")).expect(200).text();
        assert!(page.contains("石桥镇") && page.contains("云溪县水利局"), "{page}");
        let page = office.get("/units?q=%E7%9F%B3%E6%A1%A5").expect(200).text();
        assert!(page.contains("石桥镇青石村") && !page.contains("柳湾乡"), "{page}");
        let page = office.get(&format!("/units/{TOWN}?day=2024-01-01")).expect(200).text();
        assert!(page.contains("2024年1月1日"), "{page}");
        office.get("/units/99999").expect(404);
    });
}

#[test]
fn another_county_is_not_found_by_anybody_of_this_one_m01() {
    on_each_app(|app| {
        let mut stranger = app.sign_in("stranger");
        for path in
            [format!("/units/{TOWN}"), format!("/units?parent={COUNTY}"), format!("/units/{TOWN}/merge")]
        {
            stranger.get(&path).expect(404);
        }
        stranger.get("/people/1").expect(404);
        stranger.get("/posts/1").expect(404);
        let page = stranger.get("/units?q=%E7%9F%B3%E6%A1%A5").expect(200).text();
        assert!(!page.contains("石桥镇"), "{page}");
        let page = stranger.get("/people").expect(200).text();
        assert!(!page.contains("陈小燕") && page.contains("外县人"), "{page}");
        stranger.post(&format!("/units/{TOWN}/close"), &[("day", &today()), ("confirmed", "1")]).expect(404);
    });
}

#[test]
fn a_unit_is_created_and_a_refused_form_keeps_what_was_typed_m01() {
    on_each_app(|app| {
        let mut office = app.sign_in("office");
        let path = format!("/units/{TOWN}/new");
        let fields = [
            ("name", "石桥镇上坪村"),
            ("code", "539902"),
            ("kind", "territory"),
            ("level", "village"),
            ("official_order", "20"),
            ("day", &today()),
        ];
        let again = office.post(&path, &fields);
        assert_eq!(again.status, 422);
        let text = again.text();
        assert!(text.contains("已被“石桥镇”使用") && text.contains("value=\"石桥镇上坪村\""), "{text}");
        let mut right = fields;
        right[1] = ("code", "539920");
        let done = office.post(&path, &right).expect(303);
        assert_eq!(unit_at(app, number(&done.location())).name, "石桥镇上坪村");
        assert_eq!(app.last_entry().action, "unit.created");
        let mut clerk = app.sign_in("filler");
        let mut other = right;
        other[1] = ("code", "539921");
        let refused = clerk.post(&path, &other);
        assert!(refused.status >= 400 && refused.text().contains("权限"), "{}", refused.text());
    });
}

/// A first day: three administrators, of whom system and security are given signed in, and nothing else.
fn on_each_first_day(check: impl Fn(&TestApp, &mut Browser, &mut Browser)) {
    use bihuan_app::bootstrap::{Administrator, SetUp};
    on_each_engine(|test| {
        let app = TestApp::bare(test, policy());
        let person =
            |login: &str| Administrator { name: format!("管理员{login}"), login: login.to_owned() };
        let set_up = SetUp {
            secret: app.app.make_bootstrap_secret(app.now()).unwrap(),
            system: person("system"),
            password: PASSWORD.to_owned(),
            security: person("security"),
            audit: person("audit"),
        };
        let visit = bihuan_app::Visit { at: app.now(), source_address: "192.0.2.1".to_owned() };
        let [once, _] = app.app.set_up(&visit, set_up).unwrap();
        let mut security = app.sign_in("security");
        let own = [("old", once.as_str()), ("password", NEW_PASSWORD), ("again", NEW_PASSWORD)];
        security.post("/account/password", &own).expect(303);
        check(&app, &mut app.sign_in("system"), &mut security);
    });
}

#[test]
fn a_new_installation_offers_the_first_unit_and_makes_it_on_a_page_m01() {
    on_each_first_day(|app, system, security| {
        let page = system.get("/units").expect(200).text();
        assert!(page.contains("还没有单位") && page.contains("href=\"/units/new\""), "{page}");
        let page = security.get("/units").expect(200).text();
        assert!(page.contains("由系统管理员设立") && !page.contains("/units/new"), "{page}");
        assert!(security.get("/units/new").status >= 400);
        assert!(system.get("/units/new").expect(200).text().contains("设立第一个单位"));
        let fields =
            [("name", "云溪县"), ("code", ""), ("kind", "territory"), ("level", "county"), ("day", &today())];
        let again = system.post("/units/new", &fields).expect(422).text();
        assert!(again.contains("单位代码") && again.contains("value=\"云溪县\""), "{again}");
        let mut right = fields;
        right[1] = ("code", "539901");
        let refused = security.post("/units/new", &right);
        assert!(refused.status >= 400 && refused.text().contains("系统管理员"), "{}", refused.text());
        let done = system.post("/units/new", &right).expect(303);
        let unit = unit_at(app, number(&done.location()));
        assert_eq!((unit.name.as_str(), unit.parent_id), ("云溪县", None));
        assert_eq!(app.last_entry().action, "unit.created");
        assert!(system.get("/units").expect(200).text().contains("云溪县"));
        right[1] = ("code", "539902");
        for answer in [system.post("/units/new", &right), system.get("/units/new")] {
            assert!((400..500).contains(&answer.status), "{}", answer.status);
            assert!(answer.text().contains("新单位必须有上级单位"), "{}", answer.text());
        }
    });
}

#[test]
fn a_program_makes_the_first_unit_without_a_parent_and_the_next_ones_with_one_m01() {
    on_each_first_day(|_, system, security| {
        let first = serde_json::json!({ "day": today(), "code": "539901", "name": "云溪县", "kind": "territory", "level": "county" });
        let refused = security.json(Method::POST, "/api/v1/units", &first);
        assert!(refused.status >= 400 && refused.text().contains("系统管理员"), "{}", refused.text());
        let made = system.json(Method::POST, "/api/v1/units", &first).expect(200).json();
        assert_eq!((&made["unit"]["name"], &made["unit"]["parent_id"]), (&"云溪县".into(), &().into()));
        let again = system.json(Method::POST, "/api/v1/units", &first);
        assert!(
            (400..500).contains(&again.status) && again.text().contains("必须有上级单位"),
            "{}",
            again.text()
        );
    });
}

#[test]
fn a_merger_shows_what_will_happen_before_anything_is_done_m01() {
    on_each_app(|app| {
        let mut office = app.sign_in("office");
        let path = format!("/units/{OTHER_TOWN}/merge");
        let fields = [("into", "石桥镇"), ("day", &today()), ("version", "1")];
        let head = app.head();
        let preview = office.post(&path, &fields).expect(200).text();
        assert!(preview.contains("并入“石桥镇”") && preview.contains("岗位撤销"), "{preview}");
        assert_eq!(app.head(), head, "a preview leaves nothing behind");
        let several = office.post(&path, &[("into", "石桥"), ("day", &today()), ("version", "1")]);
        assert_eq!(several.status, 422);
        assert!(several.text().contains("请在下面选择是哪一个"), "{}", several.text());
        let stale = office
            .post(&path, &[("into", "石桥镇"), ("day", &today()), ("version", "7"), ("confirmed", "1")]);
        assert_eq!(stale.status, 409);
        let mut done = fields.to_vec();
        done.push(("confirmed", "1"));
        office.post(&path, &done).expect(303);
        assert_eq!(unit_at(app, OTHER_TOWN).successor_id.map(|id| id.0), Some(TOWN));
        let page = office.get(&format!("/units/{OTHER_TOWN}")).expect(200).text();
        assert!(page.contains("撤销") && page.contains("承接"), "{page}");
    });
}

#[test]
fn renaming_moving_splitting_and_closing_work_from_their_pages_m01() {
    on_each_app(|app| {
        let mut office = app.sign_in("office");
        let rename = [("name", "青石社区"), ("day", &today()), ("version", "1")];
        office.post(&format!("/units/{VILLAGE}/rename"), &rename).expect(303);
        let shift = [("parent", "柳湾乡"), ("day", &today()), ("version", "2")];
        let path = format!("/units/{VILLAGE}/move");
        assert!(office.post(&path, &shift).expect(200).text().contains("划转到“柳湾乡”"));
        let mut sure = shift.to_vec();
        sure.push(("confirmed", "1"));
        office.post(&path, &sure).expect(303);
        assert_eq!(unit_at(app, VILLAGE).parent_id.map(|id| id.0), Some(OTHER_TOWN));
        let split = [
            ("name", "柳湾镇"),
            ("code", "539930"),
            ("kind", "territory"),
            ("level", "township"),
            ("official_order", "4"),
            ("children", "6"),
            ("day", &today()),
            ("version", "1"),
            ("confirmed", "1"),
        ];
        office.post(&format!("/units/{OTHER_TOWN}/split"), &split).expect(303);
        assert_ne!(unit_at(app, VILLAGE).parent_id.map(|id| id.0), Some(OTHER_TOWN));
        office.post(&format!("/units/{VILLAGE}/close"), &[("day", &today()), ("confirmed", "1")]).expect(303);
        assert!(unit_at(app, VILLAGE).closed_day.is_some());
        let order = [(format!("place-{OTHER_TOWN}"), "1"), (format!("place-{TOWN}"), "2")];
        let order: Vec<(&str, &str)> = order.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        office.post(&format!("/units/{COUNTY}/order"), &order).expect(303);
        assert!(unit_at(app, OTHER_TOWN).official_order < unit_at(app, TOWN).official_order);
    });
}

#[test]
fn a_table_of_units_is_uploaded_planned_and_imported_m01() {
    on_each_app(|app| {
        let mut office = app.sign_in("office");
        let csv = "code,name,parent_code,kind,level\n539980,石桥镇东村,,行政区划,村级\n539981,东村党支部,539980,党支部,支部\n";
        let fields = [("below", "石桥镇"), ("day", &*today())];
        let sent =
            office.upload("/units/import", &fields, &[("file", "units.csv", csv.as_bytes())]).expect(303);
        let plan = office.get(&sent.location()).expect(200).text();
        assert!(plan.contains("2个单位") && plan.contains("确认导入"), "{plan}");
        let digest = sent.location().split(['/', '?']).nth(3).unwrap().to_owned();
        let mut leader = app.sign_in("leader");
        leader.get(&sent.location()).expect(404);
        let town = TOWN.to_string();
        let sure = [("below", town.as_str()), ("day", &*today())];
        office.post(&format!("/units/import/{digest}"), &sure).expect(303);
        let page = office.get(&format!("/units/{TOWN}")).expect(200).text();
        assert!(page.contains("石桥镇东村"), "{page}");
        let again =
            office.upload("/units/import", &fields, &[("file", "units.csv", csv.as_bytes())]).expect(303);
        assert!(office.get(&again.location()).expect(200).text().contains("与现有单位一致"));
        let wrong = office.upload("/units/import", &fields, &[("file", "units.csv", b"a,b\n1,2\n")]);
        assert!(wrong.status == 422 && wrong.text().contains("没有找到表头"), "{}", wrong.text());
        let none = office.upload("/units/import", &fields, &[]);
        assert!(none.status == 422 && none.text().contains("没有选择文件"), "{}", none.text());
    });
}

#[test]
fn a_roster_is_uploaded_previewed_and_imported_by_page_and_by_program_m02() {
    on_each_app(|app| {
        let mut office = app.sign_in("office");
        let fields = [("below", "石桥镇"), ("day", &*today())];
        let send = |office: &mut Browser, csv: &str| {
            office.upload("/people/import/plan", &fields, &[("file", "people.csv", csv.as_bytes())])
        };
        let wrong = "姓名,单位,职务,身份证号\n许文,无此村,干部,1\n许文,石桥镇,,2\n";
        let told = send(&mut office, wrong).expect(200).text();
        assert!(told.contains("2 处错误") && told.contains("第3行：没有填写“职务”"), "{told}");
        assert!(told.contains("以下列不导入：身份证号") && !told.contains("确认导入"), "{told}");
        let csv = "姓名,单位,职务,手机\n许文,石桥镇,驻镇干部,0690-3000001\n";
        let plan = send(&mut office, csv).expect(200).text();
        assert!(plan.contains("登记人员、设置岗位、任职") && plan.contains("确认导入"), "{plan}");
        let (town, today) = (TOWN.to_string(), today());
        let table = "姓名,单位,职务,手机\n\"许文\",\"石桥镇\",\"驻镇干部\",\"0690-3000001\"\n";
        assert!(plan.contains("name=\"table\""), "{plan}");
        let sure = [("below", town.as_str()), ("day", today.as_str()), ("table", table)];
        office.post("/people/import", &sure).expect(303);
        assert!(office.get("/people?name=许文").expect(200).text().contains("驻镇干部"));
        assert!(send(&mut office, csv).expect(200).text().contains("与现有人员一致"));
        let body =
            serde_json::json!({ "csv": "姓名,职务\n许文,驻镇干部\n周敏,联络员\n周敏,联络员\n,干部\n" });
        let at = format!("/api/v1/people/import/plan?below={TOWN}");
        let json = office.json(axum::http::Method::POST, &at, &body).expect(200).json();
        assert_eq!((json["rows"].as_i64(), json["error_count"].as_i64()), (Some(3), Some(1)), "{json}");
        assert_eq!(json["tally"]["unchanged"], 2, "{json}");
        let none = office.upload("/people/import/plan", &fields, &[]);
        assert!(none.status == 422 && none.text().contains("没有选择文件"), "{}", none.text());
    });
}

fn post_page(browser: &mut Browser, id: i64) -> String {
    browser.get(&format!("/posts/{id}")).expect(200).text()
}

#[test]
fn a_post_is_set_up_and_handed_over_on_a_day_m01() {
    on_each_app(|app| {
        let mut office = app.sign_in("office");
        let made = office
            .post(&format!("/units/{TOWN}/posts/new"), &[("name", "整改联络员"), ("traits", "leads")])
            .expect(303);
        let post = number(&made.location());
        let made = office.post("/people", &[("name", "许文"), ("phone", "13900005678")]).expect(303);
        let person = number(&made.location());
        let appoint = [("person", "许文"), ("day", &*today())];
        office.post(&format!("/posts/{post}/appoint"), &appoint).expect(303);
        assert!(post_page(&mut office, post).contains("许文"));
        let tenure = app
            .db
            .read(|conn| bihuan_store::person::tenures_of_post(conn, bihuan_domain::id::PostId(post)))
            .unwrap()
            .remove(0)
            .id
            .to_string();
        let unknown = [("successor", "没有这个人"), ("day", &*today()), ("tenure", tenure.as_str())];
        let again = office.post(&format!("/posts/{post}/hand-over"), &unknown);
        assert!(again.status == 422 && again.text().contains("没有找到“没有这个人”"), "{}", again.text());
        let over = [("successor", "陈小燕"), ("day", &*today()), ("tenure", tenure.as_str())];
        office.post(&format!("/posts/{post}/hand-over"), &over).expect(303);
        assert_eq!(app.last_entry().action, "tenure.handed_over");
        let page = office.get(&format!("/people/{person}")).expect(200).text();
        assert!(page.contains("139****5678") && !page.contains("13900005678"), "{page}");
        let opened = office.post(&format!("/people/{person}/phone"), &[]).expect(200);
        assert_eq!(opened.header("cache-control"), "no-store");
        assert!(opened.text().contains("13900005678"));
        assert_eq!(app.last_entry().action, "person.viewed");
    });
}

#[test]
fn a_scope_is_previewed_saved_and_used_by_those_below_m02() {
    on_each_app(|app| {
        let mut office = app.sign_in("office");
        let fields = [("subtree", "云溪县"), ("group", "各乡镇（街道）"), ("do", "preview")];
        let page = office.post("/scopes", &fields).expect(200).text();
        assert!(page.contains("正好包括 2 个单位") && page.contains("柳湾乡"), "{page}");
        let fields = [
            ("subtree", "云溪县"),
            ("levels", "village"),
            ("name", "各村"),
            ("owner", "云溪县"),
            ("do", "save"),
        ];
        let saved = office.post("/scopes", &fields).expect(303).location();
        let mut clerk = app.sign_in("filler");
        // Below, the same scope shows only what the reader may read.
        let seen = clerk.get(&saved);
        assert!(seen.status == 404 || seen.text().contains("青石村"), "{}", seen.text());
        let blank = office.post("/scopes", &[("do", "preview")]);
        assert!(blank.status == 422 && blank.text().contains("范围没有任何条件"), "{}", blank.text());
        let edit = office.get(&format!("{saved}/edit")).expect(200).text();
        assert!(edit.contains("value=\"各村\""), "{edit}");
        office.post(&format!("{saved}/delete"), &[("version", "1")]).expect(303);
        office.get(&saved).expect(404);
    });
}

#[test]
fn administrators_see_the_tree_and_none_of_its_business_m01() {
    on_each_app(|app| {
        for login in ["system", "security"] {
            let mut admin = app.sign_in(login);
            admin.get("/units").expect(200);
            let page = admin.get(&format!("/units/{TOWN}")).expect(200).text();
            assert!(!page.contains("机构调整") && !page.contains("问题台账"), "{login}: {page}");
        }
    });
}

#[test]
fn programs_do_what_the_pages_do_m01() {
    use axum::http::Method;
    use serde_json::json;
    on_each_app(|app| {
        let mut office = app.sign_in("office");
        let found = office.get("/api/v1/units/search?q=%E9%9D%92%E7%9F%B3").expect(200).json();
        assert_eq!(found["units"][0]["unit"]["id"], VILLAGE);
        let unit = json!({ "parent": TOWN, "day": today(), "code": "539940", "name": "石桥镇西村", "kind": "territory", "level": "village" });
        let made = office.json(Method::POST, "/api/v1/units", &unit).expect(200).json();
        let id = made["unit"]["id"].as_i64().unwrap();
        let again = office.json(Method::POST, "/api/v1/units", &unit);
        assert!(again.status == 422 && again.text().contains("code_taken"), "{}", again.text());
        let step = json!({ "day": today(), "other": OTHER_TOWN, "version": 1 });
        office.json(Method::POST, &format!("/api/v1/units/{id}/move"), &step).expect(200);
        let plan = office.get(&format!("/api/v1/units/{OTHER_TOWN}/merge-plan?into={TOWN}&day={}", today()));
        assert_eq!(plan.expect(200).json()["children"][0], id);
        let scope = json!({ "scope": { "subtree": COUNTY, "levels": ["township"] } });
        let reach = office.json(Method::POST, "/api/v1/scopes/preview", &scope).expect(200).json();
        assert_eq!(reach["total"], 2);
        let people = office.get("/api/v1/people?name=%E9%99%88").expect(200).json();
        assert!(people["people"][0]["person"].get("phone").is_none(), "{people}");
        let wrong = office.json(Method::POST, "/api/v1/units", &json!({ "name": 1 }));
        assert!(wrong.status == 422 && wrong.text().contains("JSON"), "{}", wrong.text());
        app.sign_in("stranger").get(&format!("/api/v1/units/{TOWN}")).expect(404);
    });
}
