//! What one sentence of a document asks of several units repeats nothing.

use crate::support::{Fixture, first_day};
use bihuan_app::breakdown::{AcceptInput, BreakdownInput, BreakdownView};
use bihuan_app::problem::RegisterInput;
use bihuan_domain::id::ProblemId;
use bihuan_domain::role::Role;
use bihuan_testkit::on_each_engine;

const NOTICE: &str =
    "关于开展灌渠清淤专项排查的通知\n一、抓排查。各乡镇要在5月底前完成辖区灌渠淤积点排查并建立台账。\n";

fn break_down(f: &Fixture, title: &str) -> BreakdownView {
    let ctx = f.ctx(Role::Office, "YX", first_day());
    let sent = BreakdownInput {
        unit: f.unit("YX").id.to_string(),
        campaign: "1".to_owned(),
        title: title.to_owned(),
        text: NOTICE.to_owned(),
        day: first_day().to_string(),
    };
    let id = f.app.break_down(&ctx, sent, None).unwrap();
    f.app.breakdown(&ctx, id).unwrap()
}

fn to_all_towns(f: &Fixture, seen: &BreakdownView) -> Vec<ProblemId> {
    let draft = seen.drafts.iter().find(|draft| draft.quote.contains("淤积点")).expect("a draft");
    let sent = AcceptInput {
        becomes: "problem".to_owned(),
        action: "在5月底前完成辖区灌渠淤积点排查并建立台账".to_owned(),
        unit: "各乡镇".to_owned(),
        checking: "云溪县水利局".to_owned(),
        due_day: first_day().plus_days(30).to_string(),
        confirmed: "1".to_owned(),
        ..AcceptInput::default()
    };
    f.app.accept_draft(&f.ctx(Role::Office, "YX", first_day()), draft.id, None, sent).unwrap().problems
}

#[test]
fn problems_of_one_sentence_are_not_told_as_alike_and_those_of_another_are() {
    on_each_engine(|test| {
        let f = Fixture::new(&test.db);
        let ctx = f.ctx(Role::Office, "YX", first_day());
        let all = to_all_towns(&f, &break_down(&f, "通知甲"));
        assert_eq!(all.len(), 3);
        let repeats = |own: Option<ProblemId>| {
            let first = f.problem(all[0]).problem;
            let told = f.app.db.read(|conn| {
                bihuan_app::likeness::near_duplicates(conn, &ctx, first.campaign_id, own, &first.text)
            });
            let mut ids: Vec<ProblemId> = told.unwrap().0.into_iter().map(|one| one.id).collect();
            ids.sort_unstable();
            ids
        };
        let similar = |id: ProblemId| {
            let view = f.app.problem_view(&ctx, id).unwrap();
            let mut ids: Vec<ProblemId> = view.similar.0.into_iter().map(|one| one.id).collect();
            ids.sort_unstable();
            ids
        };
        assert_eq!(repeats(Some(all[0])), []);
        for id in &all {
            assert_eq!(similar(*id), [], "the others of the class");
        }
        assert_eq!(repeats(None), all, "whoever registers the same again is told");
        let again = RegisterInput {
            campaign: "1".to_owned(),
            unit: f.unit("YX").id.to_string(),
            text: f.problem(all[0]).problem.text,
            ..RegisterInput::default()
        };
        let again = f.app.register(&ctx, again).unwrap().problem.id;
        assert_eq!(repeats(Some(all[0])), [again], "another problem still is one");
        let view = f.app.problem_view(&ctx, again).unwrap();
        let mut told: Vec<ProblemId> = view.warnings.alike.iter().map(|one| one.id).collect();
        told.sort_unstable();
        assert_eq!(told, all, "and it is told of all of them");
        let others = to_all_towns(&f, &break_down(&f, "通知乙"));
        assert_eq!(
            repeats(Some(others[0])),
            [all.clone(), vec![again]].concat(),
            "another document's sentence"
        );
        let elsewhere = similar(all[0]);
        assert!(!elsewhere.is_empty() && elsewhere.iter().all(|id| *id == again || others.contains(id)));
    });
}
