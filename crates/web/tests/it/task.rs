//! Tasks on pages: nothing typed is lost, a refusal stands at its form, the list opens what it counts (M16, M17).

use crate::coverage::planted;
use crate::task_examples::make_task;
use bihuan_testkit::on_each_engine;

#[test]
fn a_task_is_set_scheduled_and_reported_on_pages_m16() {
    on_each_engine(|test| {
        let app = planted(test);
        let mut office = app.sign_in("office");
        let page = office.get("/tasks/new").expect(200).text();
        assert!(page.contains("年度重点任务") && page.contains("民生实事"), "{page}");
        let fields = [
            ("campaign", "1"),
            ("unit", "石桥镇"),
            ("title", "改建村组道路"),
            ("kind", "key-task"),
            ("starts_day", "2024-03-05"),
            ("due_day", "2024-03-20"),
            ("target_name", "里程"),
            ("target_measure", "公里"),
            ("target_from", ""),
            ("target_to", "20"),
        ];
        let page = office.post("/tasks", &fields).expect(422).text();
        assert!(page.contains("改建村组道路") && page.contains("公里"), "what was typed is still there");
        assert!(page.contains("从时限倒排") && page.contains("个工作日"), "{page}");
        let mut right = fields;
        right[5].1 = "2024-09-30";
        assert_eq!(office.post("/tasks", &right).expect(303).location(), "/tasks/1");
        let page = office.get("/tasks").expect(200).text();
        assert!(page.contains("按时序推进1项"), "{page}");
        let page = office.get("/tasks/1/milestones").expect(200).text();
        assert!(page.contains("value=\"制定方案\""), "{page}");
        let mut clerk = app.sign_in("filler");
        let page = clerk.get("/todo").expect(200).text();
        assert!(page.contains("任务节点") || page.contains("没有待办"), "{page}");
        let refused = clerk.post("/tasks/1/milestones/1/done", &[("note", "完"), ("done_day", "2024-03-06")]);
        let page = refused.expect(422).text();
        assert!(page.contains("还没有到") && page.contains("value=\"2024-03-06\""), "{page}");
        clerk.post("/tasks/1/milestones/1/done", &[("note", "方案已印发"), ("back", "/todo")]).expect(303);
        let page = clerk.get("/tasks/1").expect(200).text();
        assert!(page.contains("方案已印发") && page.contains("计划与实际"), "{page}");
        clerk.get("/tasks/1/edit").expect(403);
    });
}

#[test]
fn programs_read_tasks_with_their_sentence_m16() {
    on_each_engine(|test| {
        let app = planted(test);
        make_task(&app);
        let list = app.sign_in("office").get("/api/v1/tasks?campaign=1").expect(200).json();
        assert_eq!(list["sentence"], "按时序推进1项");
        assert_eq!(list["lines"][0]["citation"], "任务1");
        let one = app.sign_in("filler").get("/api/v1/tasks/1").expect(200).json();
        assert_eq!(one["targets"][0]["target"], "20");
        assert_eq!(one["milestones"][0]["working_days"], 5);
        app.sign_in("other_filler").get("/api/v1/tasks/1").expect(404);
        app.sign_in("office").get("/api/v1/tasks?standing=nothing").expect(422);
    });
}

#[test]
fn a_break_down_asks_where_each_unit_stands_and_keeps_what_was_typed_m16() {
    on_each_engine(|test| {
        let app = planted(test);
        let mut office = app.sign_in("office");
        let fields = [
            ("campaign", "1"),
            ("unit", "云溪县"),
            ("title", "化解信访积案"),
            ("starts_day", "2024-03-05"),
            ("due_day", "2027-03-31"),
            ("target_name", "积案"),
            ("target_measure", "件"),
            ("target_from", "100"),
            ("target_to", "50"),
        ];
        let at = office.post("/tasks", &fields).expect(303).location();
        let page = office.get(&format!("{at}/break-down")).expect(200).text();
        assert!(page.contains("name=\"part_baseline\"") && page.contains("从100到50"), "{page}");
        assert!(!page.contains("part_weight"), "amounts weigh what they are: {page}");
        let typed = [("part_unit", "2"), ("part_target", "30"), ("part_baseline", "")];
        let page = office.post(&format!("{at}/break-down"), &typed).expect(422).text();
        assert!(page.contains("没有写“石桥镇”的起点") && page.contains("value=\"30\""), "{page}");
        let typed = [("part_unit", "2"), ("part_target", "30"), ("part_baseline", "60")];
        office.post(&format!("{at}/break-down"), &typed).expect(303);
        let told = office.get(&format!("/api/v1{at}")).expect(200).json();
        assert_eq!(
            (told["targets"][0]["baseline"].as_str(), told["targets"][0]["share"].as_f64()),
            (Some("100"), Some(0.0))
        );
        assert_eq!(
            told["parts"][0]["task"]["weight"].as_i64().or(told["parts"][0]["weight"].as_i64()),
            Some(30_000)
        );
    });
}

#[test]
fn a_task_due_beyond_the_known_holidays_is_set_and_the_page_says_what_was_left_out_m16() {
    on_each_engine(|test| {
        let app = planted(test);
        let mut office = app.sign_in("office");
        let fields = [
            ("campaign", "1"),
            ("unit", "石桥镇"),
            ("title", "改建村组道路"),
            ("kind", "key-task"),
            ("starts_day", "2024-03-05"),
            ("due_day", "2099-03-31"),
        ];
        let at = office.post("/tasks", &fields).expect(303).location();
        let page = office.get(&at).expect(200).text();
        assert!(page.contains("还没有2099年的放假安排"), "{page}");
    });
}
