//! Near-duplicates, copied closures, the same file elsewhere: named only to who may see them.

use crate::county::{TOWN, on_each_app};
use crate::problem::{TEXT, at, draft, file, report};
use bihuan_app::problem::RegisterInput;
use bihuan_domain::id::CampaignId;
use bihuan_domain::problem::State;

#[test]
fn m19_a_near_duplicate_is_named_to_who_sees_it_and_counted_to_others() {
    on_each_app(|t| {
        let id = t.app.register(&t.ctx("other_filler"), draft(TEXT)).unwrap().problem.id;
        let again = TEXT.replace("120米", "约120米");
        let warned = |who: &str, text: &str| t.app.warnings(&t.ctx(who), CampaignId(1), "", text).unwrap();
        let office = warned("office", &again);
        assert_eq!(office.alike.iter().map(|a| a.id).collect::<Vec<_>>(), [id]);
        assert!(office.alike[0].percent >= 90, "{}", office.alike[0].percent);
        let town = warned("filler", &again);
        assert_eq!((town.alike.len(), town.alike_hidden), (0, 1));
        let other = warned("office", "柳湾乡集镇污水直排入河，影响300户");
        assert!(other.alike.is_empty() && other.alike_hidden == 0);
    });
}

#[test]
fn m19_a_vague_text_is_told_so_before_it_goes_to_the_meeting() {
    on_each_app(|t| {
        let warned = t
            .app
            .warnings(&t.ctx("office"), CampaignId(1), "", "思想认识不够到位，重视程度有待加强")
            .unwrap();
        assert!(!warned.vague.is_empty());
        let clear = t.app.warnings(&t.ctx("office"), CampaignId(1), "", TEXT).unwrap();
        assert!(clear.vague.is_empty(), "{:?}", clear.vague);
    });
}

#[test]
fn b10_copied_closure_texts_and_files_are_shown_to_the_verifier() {
    on_each_app(|t| {
        let first = at(t, TEXT, State::Rectifying);
        let second = at(t, "柳湾乡集镇污水直排入河，影响300户", State::Rectifying);
        let statement = "镇党委召开专题会议研究部署，成立工作专班，建立长效机制，问题已整改到位";
        for id in [first, second] {
            file(t, id, "filler", "closure", "会议照片说明").unwrap();
            report(t, id, statement).unwrap();
        }
        let view = t.app.problem_view(&t.ctx("verifier"), second).unwrap();
        let (copied, hidden) = &view.copied;
        assert_eq!((copied.len(), *hidden), (1, 0));
        assert_eq!((copied[0].id, copied[0].percent), (first, 100));
        assert!(!copied[0].shared.is_empty());
        assert_eq!(view.evidence[0].same.iter().map(|b| b.id).collect::<Vec<_>>(), [first]);
        let doer = t.app.problem_view(&t.ctx("filler"), second).unwrap();
        assert!(doer.copied.0.is_empty(), "the doer is not told how it is checked");
    });
}

#[test]
fn m26_similar_problems_at_other_units_are_offered() {
    on_each_app(|t| {
        let id = at(t, TEXT, State::Rectifying);
        let alike = RegisterInput {
            text: "柳湾村灌溉渠道破损80米未修，下游水田无法灌溉".to_owned(),
            ..draft("")
        };
        let other = t.app.register(&t.ctx("other_filler"), alike).unwrap().problem;
        assert_ne!(other.home_unit_id.0, TOWN);
        let view = t.app.problem_view(&t.ctx("office"), id).unwrap();
        assert_eq!(view.similar.0.iter().map(|a| a.id).collect::<Vec<_>>(), [other.id]);
        let town = t.app.problem_view(&t.ctx("filler"), id).unwrap();
        assert_eq!((town.similar.0.len(), town.similar.1), (0, 1), "another town's is only counted");
    });
}
