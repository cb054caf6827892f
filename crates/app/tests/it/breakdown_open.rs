//! Who opens a document that was broken down before anything of it is accepted.

use crate::support::{Fixture, context, first_day, found, refused};
use bihuan_app::Error;
use bihuan_app::breakdown::{AcceptInput, AddInput, BreakdownInput};
use bihuan_domain::breakdown::DraftState;
use bihuan_domain::role::Role;
use bihuan_testkit::on_each_engine;

const NOTICE: &str = "关于开展专项排查的通知\n一、抓排查。石桥镇要在5月底前完成灌渠淤积点排查。\n二、抓整改。柳湾乡要在6月底前完成危桥加固。\n";

#[test]
fn evaluators_read_a_document_from_its_first_accepted_draft_on_and_no_other_drafts() {
    on_each_engine(|test| {
        let f = Fixture::new(&test.db);
        let office = f.ctx(Role::Office, "YX", first_day());
        let sent = BreakdownInput {
            unit: f.unit("YX").id.to_string(),
            campaign: "1".to_owned(),
            text: NOTICE.to_owned(),
            day: first_day().to_string(),
            ..BreakdownInput::default()
        };
        let id = f.app.break_down(&office, sent, None).unwrap();
        let another = |role: Role| context(901, role, &f.unit("YX"), first_day());
        let evaluator = another(Role::Evaluator);
        let workers = [Role::Filler, Role::Leader, Role::Verifier, Role::Inspector];
        let workers = workers.map(another);
        let drafts = f.app.breakdown(&office, id).unwrap().drafts;
        assert!(drafts.len() >= 2, "{drafts:?}");
        let told = refused(f.app.breakdown(&evaluator, id));
        assert_eq!(told.code, "not_allowed");
        assert_eq!(told.sentence, "您没有“查看尚未采用的文件分解”的权限。");
        assert!(f.app.breakdowns(&evaluator).unwrap().is_empty());
        assert_eq!(refused(f.app.breakdown_of_draft(&evaluator, drafts[0].id)).code, "not_allowed");
        assert_eq!(refused(f.app.add_draft(&evaluator, id, AddInput::default())).code, "not_allowed");
        assert_eq!(found(&f, &evaluator, "breakdown", "危桥加固").0, 0, "the search does not tell of it");
        for worker in &workers {
            assert_eq!(f.app.breakdown(worker, id).unwrap().drafts.len(), drafts.len());
            assert_eq!(f.app.breakdowns(worker).unwrap().len(), 1);
            assert_eq!(found(&f, worker, "breakdown", "危桥加固").0, 1);
        }
        let town = context(901, Role::Evaluator, &f.unit("YX01"), first_day());
        assert!(matches!(f.app.breakdown(&town, id), Err(Error::NotFound)), "of others nothing is told");
        assert_eq!(found(&f, &town, "breakdown", "危桥加固").0, 0);

        let sent = AcceptInput { becomes: "requirement".to_owned(), ..AcceptInput::default() };
        f.app.accept_draft(&office, drafts[0].id, None, sent).unwrap();
        let seen = f.app.breakdown(&evaluator, id).unwrap();
        assert!(!seen.drafts.is_empty() && seen.drafts.iter().all(|one| one.state == DraftState::Accepted));
        let listed = f.app.breakdowns(&evaluator).unwrap();
        assert_eq!((listed.len(), listed[0].1, listed[0].2), (1, 0, seen.drafts.len()));
        assert_eq!(found(&f, &evaluator, "breakdown", "危桥加固").0, 1);
        assert_eq!(f.app.breakdowns(&office).unwrap()[0].1, drafts.len() - 1);
    });
}
