//! Breakdowns that become rules (M42, M04): scope × action × cadence × window × quantity, with the source kept; tasks with
//! their quantities; requirements that reach whom they name.

use crate::support::{Fixture, first_day, found, refused};
use bihuan_app::Error;
use bihuan_app::breakdown::{
    AcceptInput, BreakdownInput, BreakdownView, DropInput, EditInput, MergeInput, amount_of,
};
use bihuan_app::todo::TodoKind;
use bihuan_domain::breakdown::{Becomes, BreakdownDraft, DraftState};
use bihuan_domain::id::CampaignId;
use bihuan_domain::required_action::{Cadence, QuantityUnit};
use bihuan_domain::role::Role;
use bihuan_domain::unit::Level;
use bihuan_testkit::on_each_engine;

const SPEECH: &str = "在全县推进会上的讲话\n一、抓学习。各乡镇要每月开展2次支部主题党日，形成学习记录。\n二、抓调研。石桥镇要在5月底前组织1次调查研究。\n三、抓问题。各乡镇要经常召开碰头会议。\n";

fn break_down(fixture: &Fixture) -> BreakdownView {
    break_down_text(fixture, SPEECH)
}

fn break_down_text(fixture: &Fixture, text: &str) -> BreakdownView {
    let ctx = fixture.ctx(Role::Office, "YX", first_day());
    let sent = BreakdownInput {
        unit: fixture.unit("YX").id.to_string(),
        campaign: "1".to_owned(),
        text: text.to_owned(),
        day: first_day().to_string(),
        ..BreakdownInput::default()
    };
    let id = fixture.app.break_down(&ctx, sent, None).unwrap();
    fixture.app.breakdown(&ctx, id).unwrap()
}

fn draft<'a>(seen: &'a BreakdownView, words: &str) -> &'a BreakdownDraft {
    let found = seen.drafts.iter().find(|draft| draft.quote.contains(words));
    found.unwrap_or_else(|| panic!("{words}: {:?}", seen.drafts))
}

fn as_rule(activities: &[&str]) -> AcceptInput {
    AcceptInput {
        becomes: "required_action".to_owned(),
        unit: "各乡镇".to_owned(),
        activities: activities.iter().map(|code| (*code).to_owned()).collect(),
        ..AcceptInput::default()
    }
}

fn fields(result: Result<impl std::fmt::Debug, Error>) -> Vec<String> {
    match result.unwrap_err() {
        Error::Invalid(all) => all.into_iter().map(|(field, _)| field).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_document_is_deleted_as_long_as_nothing_came_of_it_m42() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let seen = break_down(&fixture);
        let (ctx, id) = (fixture.ctx(Role::Office, "YX", first_day()), seen.breakdown.id);
        let town = fixture.ctx(Role::Office, "YX01", first_day());
        assert!(matches!(fixture.app.remove_breakdown(&town, id), Err(Error::NotFound)));
        let evaluator = fixture.ctx(Role::Evaluator, "YX", first_day());
        assert_eq!(refused(fixture.app.remove_breakdown(&evaluator, id)).code, "not_allowed");
        let again = break_down(&fixture).breakdown.id;
        assert_eq!(fixture.app.breakdown(&ctx, id).unwrap().same.0.len(), 1, "a twin is told");
        assert_eq!(fixture.app.breakdowns(&ctx).unwrap().len(), 2);
        fixture.app.remove_breakdown(&ctx, again).unwrap();
        assert!(matches!(fixture.app.breakdown(&ctx, again), Err(Error::NotFound)));
        assert_eq!(fixture.app.breakdown(&ctx, id).unwrap().same.0.len(), 0, "it is no twin any more");
        let listed = fixture.app.breakdowns(&ctx).unwrap();
        let [(row, open, all)] = &listed[..] else { panic!("{listed:?}") };
        assert_eq!((row.id, *open, *all), (id, seen.drafts.len(), seen.drafts.len()));

        let monthly = draft(&seen, "主题党日");
        fixture.app.accept_draft(&ctx, monthly.id, None, as_rule(&["theme-day"])).unwrap();
        assert_eq!(refused(fixture.app.remove_breakdown(&ctx, id)).code, "breakdown_in_use");
        assert_eq!(fixture.app.breakdowns(&ctx).unwrap()[0].1, seen.drafts.len() - 1);
        fixture.no_drift();
    });
}

#[test]
fn a_regular_demand_becomes_one_rule_for_a_class_of_units_with_its_source_m42_m04() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let seen = break_down(&fixture);
        let ctx = fixture.ctx(Role::Office, "YX", first_day());
        let monthly = draft(&seen, "主题党日");
        assert!(seen.kinds.iter().any(|kind| kind.code == "theme-day" && kind.is_meant_by(&monthly.quote)));
        let done = fixture.app.accept_draft(&ctx, monthly.id, None, as_rule(&["theme-day"])).unwrap();
        let id = done.required_action.expect("a rule");
        let page = fixture.app.action_page(&ctx, id, None).unwrap();
        let rule = &page.rule;
        assert_eq!((rule.cadence, rule.quantity, rule.unit), (Cadence::Month, 2, QuantityUnit::Times));
        assert_eq!(rule.scope.levels, [Level::Township], "townships made later owe it too");
        assert!(rule.basis.contains("推进会上的讲话") && rule.basis.contains("主题党日"), "{}", rule.basis);
        let origin = page.origin.expect("the rule opens its source");
        assert_eq!((origin.draft, origin.breakdown, origin.opens), (monthly.id, seen.breakdown.id, true));
        // The three townships owe it this month, and a township's own page says so.
        let list = fixture.app.actions_page(&ctx, CampaignId(1), None).unwrap();
        assert_eq!(list.lines.iter().map(|line| line.tally.expected).sum::<i64>(), 3);
        let town = fixture.ctx(Role::Filler, "YX01", first_day());
        let own = fixture.app.unit_actions(&town, fixture.unit("YX01").id, CampaignId(1)).unwrap();
        assert_eq!(own.rows.len(), 1);
        let source = fixture.app.origin(&town, Becomes::RequiredAction, id.0).unwrap().unwrap();
        assert!(!source.opens && source.quotes[0].contains("主题党日"));
        let after = fixture.app.breakdown(&ctx, seen.breakdown.id).unwrap();
        let taken = draft(&after, "主题党日");
        assert_eq!((taken.state, taken.becomes_id), (DraftState::Accepted, Some(id.0)));
        fixture.no_drift();
    });
}

#[test]
fn our_town_in_a_document_is_the_town_that_issued_it_m42() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let text = "石桥镇关于开展集中整治的实施方案\n一、抓整改。我镇要在5月底前完成1次全面排查。\n";
        let seen = break_down_text(&fixture, text);
        let draft = draft(&seen, "全面排查");
        assert_eq!(
            (draft.unit_id, draft.unit_doubt.as_str()),
            (Some(fixture.unit("YX01").id), ""),
            "{draft:?}"
        );
    });
}

#[test]
fn one_named_unit_owes_a_rule_by_its_day_and_merged_sentences_stay_m42() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let seen = break_down(&fixture);
        let ctx = fixture.ctx(Role::Office, "YX", first_day());
        let (once, other) = (draft(&seen, "调查研究").clone(), draft(&seen, "碰头会议").id);
        fixture.app.merge_draft(&ctx, other, None, MergeInput { into: once.id.to_string() }).unwrap();
        let kind = &seen.kinds.first().expect("the template has kinds").code;
        let sent = AcceptInput { unit: String::new(), ..as_rule(&[kind]) };
        let id = fixture.app.accept_draft(&ctx, once.id, None, sent).unwrap().required_action.unwrap();
        let page = fixture.app.action_page(&ctx, id, None).unwrap();
        assert_eq!(page.rule.cadence, Cadence::ByDate);
        assert_eq!(page.rule.to_day.map(|day| day.to_string()).as_deref(), Some("2024-05-31"));
        assert_eq!(page.rule.scope.listed, [fixture.unit("YX01").id]);
        let origin = page.origin.unwrap();
        assert!(origin.quotes.len() == 2 && origin.quotes[1].contains("碰头会议"), "{:?}", origin.quotes);
    });
}

#[test]
fn what_a_rule_lacks_is_asked_by_its_field_and_nothing_is_taken_m42() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let seen = break_down(&fixture);
        let ctx = fixture.ctx(Role::Office, "YX", first_day());
        let (monthly, often) = (draft(&seen, "主题党日").id, draft(&seen, "碰头会议").id);
        let accept = |id, sent| fixture.app.accept_draft(&ctx, id, None, sent);
        assert_eq!(fields(accept(monthly, as_rule(&[]))), ["activities"]);
        assert_eq!(fields(accept(monthly, as_rule(&["no-such-kind"]))), ["activities"]);
        assert_eq!(fields(accept(often, as_rule(&["theme-day"]))), ["cadence"], "经常 is no cadence");
        let nobody = AcceptInput { unit: "没有这个单位".to_owned(), ..as_rule(&["theme-day"]) };
        assert_eq!(fields(accept(monthly, nobody)), ["unit"]);
        let above = AcceptInput { unit: "江州市".to_owned(), ..as_rule(&["theme-day"]) };
        assert_eq!(fields(accept(monthly, above)), ["unit"], "a county asks nothing of its city");
        let leader = fixture.ctx(Role::Leader, "YX", first_day());
        let refused = fixture.app.accept_draft(&leader, monthly, None, as_rule(&["theme-day"]));
        assert_eq!(refused.unwrap_err().code(), "not_allowed");
        let after = fixture.app.breakdown(&ctx, seen.breakdown.id).unwrap();
        assert!(after.drafts.iter().all(|draft| draft.state == DraftState::Open));
        assert!(fixture.app.required_actions(&ctx, CampaignId(1)).unwrap().is_empty());
    });
}

const FINDINGS: &str = "关于农村供水情况的调研报告\n一、存在问题\n部分管网老化，水压不足。\n二、对策建议\n（一）各乡镇要每月开展1次管网巡查，形成巡查记录。\n（二）石桥镇要在6月底前完成1处水源地围栏修复。\n（三）县水务局要在年底前制定水价调整方案。\n";

#[test]
fn every_proposal_of_findings_is_tracked_to_what_it_became_or_to_why_not_m13() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let seen = break_down_text(&fixture, FINDINGS);
        let ctx = fixture.ctx(Role::Office, "YX", first_day());
        let of = |words: &str| draft(&seen, words).id;
        assert!(seen.drafts.iter().all(|draft| draft.state == DraftState::Open), "{:?}", seen.drafts);
        let kind = seen.kinds.first().expect("the template has kinds").code.clone();
        let rule = fixture.app.accept_draft(&ctx, of("管网巡查"), None, as_rule(&[&kind])).unwrap();
        let listed = AcceptInput { becomes: "requirement".to_owned(), ..AcceptInput::default() };
        fixture.app.accept_draft(&ctx, of("围栏修复"), None, listed).unwrap();
        let silent = fixture.app.drop_draft(&ctx, of("水价调整"), None, DropInput::default());
        assert_eq!(silent.unwrap_err().code(), "text_missing", "a proposal is not dropped without a reason");
        let reason = "省里统一调价，今年不单独调整";
        let drop = DropInput { reason: reason.to_owned(), ..DropInput::default() };
        fixture.app.drop_draft(&ctx, of("水价调整"), None, drop).unwrap();

        let after = fixture.app.breakdown(&ctx, seen.breakdown.id).unwrap();
        let became = |words: &str| {
            let draft = draft(&after, words);
            (draft.becomes_kind.clone(), draft.becomes_id, draft.drop_reason.clone())
        };
        let id = rule.required_action.expect("a rule").0;
        assert_eq!(became("管网巡查"), ("required_action".to_owned(), Some(id), String::new()));
        assert_eq!(became("围栏修复").0, "requirement");
        assert_eq!(became("水价调整"), (String::new(), None, reason.to_owned()));
        assert!(after.drafts.iter().all(|draft| draft.state != DraftState::Open), "{:?}", after.drafts);
    });
}

const AMOUNTS: &str =
    "在春耕会上的讲话\n一、抓造林。石桥镇要在5月底前完成造林绿化2.5万亩。柳湾乡要在5月底前走访三十户农户。\n";

#[test]
fn a_task_gets_the_quantity_of_its_draft_as_its_target_m42() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let seen = break_down_text(&fixture, AMOUNTS);
        let ctx = fixture.ctx(Role::Office, "YX", first_day());
        let first = draft(&seen, "造林绿化");
        assert_eq!(amount_of(first), ("2.5", "万亩"), "{first:?}");
        let task = AcceptInput { becomes: "task".to_owned(), ..AcceptInput::default() };
        let done = fixture.app.accept_draft(&ctx, first.id, None, task.clone()).unwrap();
        let view = fixture.app.task_view(&ctx, done.tasks[0]).unwrap();
        let target = &view.targets[0];
        assert_eq!((target.target, target.measure_word.as_str()), (2_500, "万亩"));
        // Changed by hand, the task has the new number, and says it also in words.
        let other = draft(&seen, "走访").id;
        let sent = AcceptInput { amount: "40".to_owned(), ..task };
        let done = fixture.app.accept_draft(&ctx, other, None, sent).unwrap();
        let view = fixture.app.task_view(&ctx, done.tasks[0]).unwrap();
        assert_eq!((view.targets[0].target, view.targets[0].measure_word.as_str()), (40_000, "户"));
        assert!(view.line.task.goal.contains("数量：40户"), "{}", view.line.task.goal);
    });
}

#[test]
fn a_changed_quantity_is_saved_and_stands_in_the_text_of_a_problem_or_requirement_m42() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let seen = break_down_text(&fixture, AMOUNTS);
        let ctx = fixture.ctx(Role::Office, "YX", first_day());
        let id = draft(&seen, "造林绿化").id;
        let edit = |amount: &str, measure_word: &str| EditInput {
            action: "完成造林绿化".to_owned(),
            unit: "石桥镇".to_owned(),
            due_day: "2024-05-31".to_owned(),
            amount: amount.to_owned(),
            measure_word: measure_word.to_owned(),
            ..EditInput::default()
        };
        for (amount, word, field) in
            [("三", "万亩", "amount"), ("", "万亩", "amount"), ("3", "4亩", "measure_word")]
        {
            assert_eq!(fields(fixture.app.edit_draft(&ctx, id, None, edit(amount, word))), [field]);
        }
        fixture.app.edit_draft(&ctx, id, None, edit("3", "万亩")).unwrap();
        let after = fixture.app.breakdown(&ctx, seen.breakdown.id).unwrap();
        assert_eq!(draft(&after, "造林绿化").quantity, "3万亩");
        let done = fixture.app.accept_draft(&ctx, id, None, AcceptInput::default()).unwrap();
        let problem = fixture.app.problem_view(&ctx, done.problems[0]).unwrap();
        assert_eq!(problem.base.case.problem.text, "完成造林绿化（数量：3万亩）");
        let listed = AcceptInput {
            becomes: "requirement".to_owned(),
            amount: "50".to_owned(),
            ..AcceptInput::default()
        };
        fixture.app.accept_draft(&ctx, draft(&seen, "走访").id, None, listed).unwrap();
        let after = fixture.app.breakdown(&ctx, seen.breakdown.id).unwrap();
        assert!(draft(&after, "走访").action.ends_with("（数量：50户）"), "{:?}", draft(&after, "走访"));
    });
}

const LIST: &str =
    "关于摸清底数的通知\n一、建清单。为把底数摸清，各乡镇要建立重点问题清单。各级党组织要加强领导。\n";

#[test]
fn a_requirement_reaches_every_unit_it_names_and_nobody_else_m41_m44() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let seen = break_down_text(&fixture, LIST);
        let ctx = fixture.ctx(Role::Office, "YX", first_day());
        let listed = AcceptInput { becomes: "requirement".to_owned(), ..AcceptInput::default() };
        let id = draft(&seen, "重点问题清单").id;
        let done = fixture.app.accept_draft(&ctx, id, None, listed).unwrap();
        assert_eq!(done.requirements.len(), 3, "one for each township: {done:?}");
        let town = fixture.ctx(Role::Filler, "YX01", first_day());
        let own = fixture.unit("YX01").id;
        let (own_id, _) = *done.requirements.iter().find(|(_, unit)| *unit == Some(own)).unwrap();
        let todo = fixture.app.todo(&town, None).unwrap();
        let items: Vec<_> = todo.items.iter().map(|item| (item.kind, item.href.as_str())).collect();
        assert_eq!(items, [(TodoKind::Requirement, format!("/requirements/{own_id}").as_str())]);
        assert_eq!(todo.total(), 0, "there is nothing to file");
        assert_eq!(fixture.app.unit_requirements(&town, own).unwrap().len(), 1);
        let view = fixture.app.requirement(&town, own_id).unwrap();
        assert!(!view.origin.opens);
        let passage = &view.origin.passages[0];
        assert!(
            passage.before.contains("为把底数摸清") && passage.words.contains("重点问题清单"),
            "{passage:?}"
        );
        assert_eq!(found(&fixture, &town, "requirement", "重点问题清单"), (1, vec![own_id.0]));
        // The neighbour has its own, a bureau none; nobody reads another's.
        let neighbour = fixture.ctx(Role::Filler, "YX02", first_day());
        assert_eq!(fixture.app.requirement(&neighbour, own_id).unwrap_err().code(), "not_found");
        assert_eq!(found(&fixture, &neighbour, "requirement", "重点问题清单").0, 1);
        let bureau = fixture.ctx(Role::Filler, "YX-SL", first_day());
        assert!(fixture.app.todo(&bureau, None).unwrap().items.is_empty());
        assert_eq!(found(&fixture, &bureau, "requirement", "重点问题清单").0, 0);
        assert_eq!(found(&fixture, &ctx, "requirement", "重点问题清单").0, 3, "the office reads all");
        // After a while only the unit's page has it.
        let later = |days: i32| fixture.ctx(Role::Filler, "YX01", first_day().plus_days(days));
        assert_eq!(fixture.app.todo(&later(30), None).unwrap().items.len(), 1);
        assert!(fixture.app.todo(&later(31), None).unwrap().items.is_empty());
        assert_eq!(fixture.app.unit_requirements(&later(31), own).unwrap().len(), 1);
    });
}

#[test]
fn a_requirement_of_nobody_s_name_stands_in_the_list_of_its_document_alone_m41() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let ctx = fixture.ctx(Role::Office, "YX", first_day());
        let seen = break_down_text(&fixture, LIST);
        let add = bihuan_app::breakdown::AddInput {
            quote: "各级党组织要加强领导".to_owned(),
            ..Default::default()
        };
        let id = fixture.app.add_draft(&ctx, seen.breakdown.id, add).unwrap();
        let listed = AcceptInput { becomes: "requirement".to_owned(), ..AcceptInput::default() };
        let above = AcceptInput { unit: "江州市".to_owned(), ..listed.clone() };
        assert_eq!(fields(fixture.app.accept_draft(&ctx, id, None, above)), ["unit"]);
        let done = fixture.app.accept_draft(&ctx, id, None, listed).unwrap();
        assert_eq!(done.requirements, [(id, None)]);
        assert!(fixture.app.requirement(&ctx, id).unwrap().unit.is_none());
        let town = fixture.ctx(Role::Filler, "YX01", first_day());
        assert_eq!(fixture.app.requirement(&town, id).unwrap_err().code(), "not_found");
    });
}

#[test]
fn a_class_of_units_is_asked_about_before_each_gets_a_problem_and_no_day_lies_before_the_document_m42() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let seen = break_down(&fixture);
        let ctx = fixture.ctx(Role::Office, "YX", first_day());
        let id = draft(&seen, "主题党日").id;
        let due = first_day().plus_days(30).to_string();
        let to_all = AcceptInput {
            becomes: "problem".to_owned(),
            unit: "各乡镇".to_owned(),
            checking: "云溪县水利局".to_owned(),
            due_day: due,
            ..AcceptInput::default()
        };
        let accept = |sent: &AcceptInput| fixture.app.accept_draft(&ctx, id, None, sent.clone());
        let Err(Error::Invalid(told)) = accept(&to_all) else { panic!("asked first") };
        assert_eq!(told[0].0, "confirmed");
        assert!(told[0].1.contains("3个单位") && told[0].1.contains("石桥镇"), "{told:?}");
        let early = first_day().plus_days(-1).to_string();
        let sent = AcceptInput { due_day: early, confirmed: "1".to_owned(), ..to_all.clone() };
        assert_eq!(fields(accept(&sent)), ["due_day"]);
        let sent = AcceptInput { confirmed: "1".to_owned(), ..to_all };
        assert_eq!(accept(&sent).unwrap().problems.len(), 3);
        // Units that are named themselves are not asked about, joined by 和 or not.
        let sent = AcceptInput {
            becomes: "task".to_owned(),
            unit: "石桥镇和柳湾乡".to_owned(),
            due_day: first_day().plus_days(30).to_string(),
            ..AcceptInput::default()
        };
        let other = draft(&seen, "调查研究").id;
        assert_eq!(fixture.app.accept_draft(&ctx, other, None, sent).unwrap().tasks.len(), 2);
    });
}
