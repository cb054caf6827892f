//! The library: what is found, by whom, how fresh (M44).

use crate::county::{BUREAU, OTHER_TOWN, TOWN, TestApp, VILLAGE, on_each_app};
use bihuan_app::evidence::{EvidenceInput, SentFile};
use bihuan_app::problem::{AssignInput, RegisterInput};
use bihuan_app::search::{Found, SearchInput};
use bihuan_domain::id::{ProblemId, UnitId};

fn register(app: &TestApp, by: &str, unit: i64, text: &str) -> ProblemId {
    let sent = RegisterInput {
        campaign: "1".to_owned(),
        unit: unit.to_string(),
        text: text.to_owned(),
        ..RegisterInput::default()
    };
    app.app.register(&app.ctx(by), sent).unwrap().problem.id
}

fn index(app: &TestApp) {
    while app.app.index_step().unwrap().more {}
}

fn ask(app: &TestApp, by: &str, q: &str) -> Found {
    app.app.search(&app.ctx(by), &SearchInput { q: q.to_owned(), ..SearchInput::default() }).unwrap()
}

fn titles(found: &Found) -> Vec<i64> {
    found.hits.iter().map(|hit| hit.subject_id).collect()
}

#[test]
fn words_phrases_prefixes_and_folded_marks_are_found_m44() {
    on_each_app(|t| {
        let one = register(t, "filler", TOWN, "青石村（三组）灌渠淤积１２０米，春灌缺水").0;
        let two = register(t, "filler", TOWN, "村务公开栏三个月未更新，低保名单缺项").0;
        index(t);
        assert_eq!(titles(&ask(t, "filler", "灌渠")), [one], "a two-character word");
        assert_eq!(titles(&ask(t, "filler", "灌渠淤积")), [one]);
        assert_eq!(titles(&ask(t, "filler", "(三组)")), [one], "brackets are one");
        assert_eq!(titles(&ask(t, "filler", "120米")), [one], "full and half width are one");
        assert_eq!(titles(&ask(t, "filler", "“低保名单” 公开栏")), [two], "words are joined by and");
        assert_eq!(ask(t, "filler", "“名单低保”").total, 0, "the order of a phrase counts");
        assert_eq!(ask(t, "filler", "淤积春灌").total, 0, "what is parted is no phrase");
        assert_eq!(titles(&ask(t, "filler", "积")), [one], "one character");
        assert_eq!(titles(&ask(t, "filler", "12*")), [one], "a beginning of digits");
        let hit = &ask(t, "filler", "春灌").hits[0];
        let mark = hit.text.marks[0];
        let marked: String = hit.text.text.chars().skip(mark.start).take(mark.end - mark.start).collect();
        assert_eq!((marked.as_str(), hit.kind_label, hit.unit_name.as_str()), ("春灌", "问题", "石桥镇"));
        let nothing = t.app.search(&t.ctx("filler"), &SearchInput::default()).unwrap_err();
        assert_eq!(nothing.code(), "invalid_input");
    });
}

#[test]
fn a_condition_that_nothing_can_meet_is_refused_by_name_m44() {
    on_each_app(|t| {
        register(t, "filler", VILLAGE, "渠道淤积两处");
        index(t);
        let asked = SearchInput { q: "渠道".into(), ..SearchInput::default() };
        let refused = |sent: SearchInput| {
            let error = t.app.search(&t.ctx("filler"), &sent).unwrap_err();
            let download = t.app.search_all(&t.ctx("filler"), &sent).map_err(|error| error.to_string());
            (error.to_string(), download.err())
        };
        let kind = refused(SearchInput { kind: "wrong".into(), ..asked.clone() });
        assert!(kind.0.contains("“类别”没有“wrong”这一项"), "{}", kind.0);
        assert_eq!(kind.1, Some(kind.0));
        let state = refused(SearchInput { state: "gone".into(), ..asked.clone() });
        assert!(state.0.contains("“状态”没有“gone”这一项"), "{}", state.0);
        let sort = refused(SearchInput { sort: "worst".into(), ..asked.clone() });
        assert!(sort.0.contains("“排序”没有“worst”这一项"), "{}", sort.0);
        let period = SearchInput { from: "2024-03-07".into(), to: "2024-03-06".into(), ..asked.clone() };
        assert!(refused(period).0.contains("“截止日期”早于“起始日期”"));
        let page = refused(SearchInput { page: "99".into(), ..asked.clone() });
        assert!(page.0.contains("一共只有1页，没有第99页"), "{}", page.0);
        let none = SearchInput { q: "没有写过的词".into(), page: "99".into(), ..asked.clone() };
        assert_eq!(t.app.search(&t.ctx("filler"), &none).unwrap().total, 0, "nothing found is no fault");
        let right = SearchInput { kind: "problem".into(), sort: "newest".into(), page: "1".into(), ..asked };
        assert_eq!(t.app.search(&t.ctx("filler"), &right).unwrap().total, 1);
    });
}

#[test]
fn a_reader_finds_and_counts_only_what_lies_in_their_subtree_m44() {
    on_each_app(|t| {
        let own = register(t, "filler", TOWN, "灌渠淤积，下游缺水").0;
        let other = register(t, "other_filler", OTHER_TOWN, "灌渠渗漏，水费收取不公开").0;
        index(t);
        let found = |by: &str| {
            let found = ask(t, by, "灌渠");
            let mut ids = titles(&found);
            ids.sort_unstable();
            (found.total, ids)
        };
        assert_eq!(found("filler"), (1, vec![own]));
        assert_eq!(found("other_filler"), (1, vec![other]));
        assert_eq!(found("office"), (2, vec![own, other]));
        assert_eq!(found("stranger"), (0, vec![]));
        let unit = |by: &str, unit: i64| {
            let sent = SearchInput { q: "灌渠".into(), unit: unit.to_string(), ..SearchInput::default() };
            t.app.search(&t.ctx(by), &sent).map(|found| found.total)
        };
        assert_eq!(unit("office", TOWN).unwrap(), 1);
        assert_eq!(unit("filler", OTHER_TOWN).unwrap_err().code(), "not_found");
    });
}

#[test]
fn what_changes_is_found_anew_and_no_longer_under_its_old_words_m44() {
    on_each_app(|t| {
        let id = register(t, "filler", TOWN, "道路坑洼影响出行").0;
        index(t);
        assert_eq!(ask(t, "village", "坑洼").total, 0, "the village has no part in it yet");
        t.app.step_to_assigned(t, id);
        index(t);
        assert_eq!(titles(&ask(t, "village", "坑洼")), [id], "who got a part in it finds it");
        let state = |state: &str| {
            let sent = SearchInput { q: "坑洼".into(), state: state.into(), ..SearchInput::default() };
            t.app.search(&t.ctx("office"), &sent).unwrap().total
        };
        assert_eq!((state("assigned"), state("registered")), (1, 0));
        let before = t.app.index_step().unwrap();
        assert_eq!(before.documents, 0, "nothing changed, nothing is done");
    });
}

/// The steps that bring a problem to the village.
trait Steps {
    fn step_to_assigned(&self, t: &TestApp, id: i64);
}

impl Steps for bihuan_app::App {
    fn step_to_assigned(&self, t: &TestApp, id: i64) {
        use bihuan_app::problem::ScreenInput;
        let pass = ScreenInput { decision: "accept".into(), reason: String::new() };
        self.screen(&t.ctx("leader"), ProblemId(id), None, pass.clone()).unwrap();
        self.screen(&t.ctx("office"), ProblemId(id), None, pass).unwrap();
        let sent = AssignInput {
            lead: VILLAGE.to_string(),
            checking: BUREAU.to_string(),
            due_day: "2024-05-30".into(),
            ..AssignInput::default()
        };
        self.assign(&t.ctx("office"), ProblemId(id), None, sent).unwrap();
    }
}

#[test]
fn the_text_of_files_is_found_and_handed_out_m44() {
    on_each_app(|t| {
        let id = register(t, "filler", TOWN, "道路坑洼影响出行").0;
        t.app.step_to_assigned(t, id);
        t.app.sign(&t.ctx("village"), ProblemId(id), None).unwrap();
        let file = SentFile {
            name: "会议纪要.txt".into(),
            bytes: "研究采购沥青三十吨，由施工队周五进场。".into(),
        };
        let sent = EvidenceInput {
            stage: "progress".into(),
            caption: "施工会议".into(),
            ..EvidenceInput::default()
        };
        t.app.file_evidence(&t.ctx("village"), ProblemId(id), None, sent, file).unwrap();
        index(t);
        let found = ask(t, "village", "沥青");
        assert_eq!((found.total, found.hits[0].kind.as_str()), (1, "evidence"));
        assert!(found.hits[0].file_href.starts_with(&format!("/problems/{id}/evidence/")));
        assert_eq!(ask(t, "other_filler", "沥青").total, 0);
        let units = ask(t, "office", "青石");
        assert!(units.hits.iter().any(|hit| hit.kind == "unit" && hit.unit_id == UnitId(VILLAGE)));
    });
}

#[test]
fn a_unit_that_moves_takes_what_is_below_it_to_its_new_readers_m44() {
    on_each_app(|t| {
        let id = register(t, "village", VILLAGE, "文化广场健身器材锈蚀").0;
        index(t);
        assert_eq!(titles(&ask(t, "filler", "锈蚀")), [id]);
        let day = t.ctx("office").today();
        let office = t.ctx("office");
        t.app.move_unit(&office, UnitId(VILLAGE), None, UnitId(OTHER_TOWN), day).unwrap();
        index(t);
        assert_eq!(ask(t, "filler", "锈蚀").total, 0, "the old township no longer finds it");
        assert_eq!(titles(&ask(t, "other_filler", "锈蚀")), [id]);
    });
}

#[test]
fn the_index_built_anew_says_the_same_and_many_small_segments_are_joined_m44() {
    on_each_app(|t| {
        for n in 0..12 {
            register(t, "filler", TOWN, &format!("第{n}组路灯损坏，夜间出行不便"));
            index(t);
        }
        let [documents, _, segments, _] = t.app.db.read(bihuan_store::search::sizes).unwrap();
        assert!(segments <= 6, "{segments} segments");
        let before = ask(t, "filler", "路灯");
        assert_eq!(before.total, 12);
        t.app.index_rebuild(&mut |_| {}).unwrap();
        let after = ask(t, "filler", "路灯");
        assert_eq!(after.total, 12);
        assert_eq!(t.app.db.read(bihuan_store::search::sizes).unwrap()[0], documents);
        let dated = SearchInput { q: "路灯".into(), from: "2024-03-06".into(), ..SearchInput::default() };
        assert_eq!(t.app.search(&t.ctx("filler"), &dated).unwrap().total, 0, "all are of the day before");
    });
}
