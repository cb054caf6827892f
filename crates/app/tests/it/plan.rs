//! The plan and the file of a unit: what its posts and people owe stands there, under its strand (M03, M09).

use crate::study::staff;
use crate::support::{Fixture, first_day};
use bihuan_app::Context;
use bihuan_app::activity::ActivityInput;
use bihuan_app::plan::{Bar, PlanQuery};
use bihuan_app::required_action::ActionInput;
use bihuan_domain::Day;
use bihuan_domain::id::CampaignId;
use bihuan_domain::plan::{BarState, Span};
use bihuan_domain::role::Role;
use bihuan_testkit::on_each_engine;

const ONE: CampaignId = CampaignId(1);

fn monthly(name: &str, subject: &str, kind: &str, strand: &str) -> ActionInput {
    ActionInput {
        name: name.to_owned(),
        subject: subject.to_owned(),
        levels: vec!["township".to_owned()],
        activities: vec![kind.to_owned()],
        strand: strand.to_owned(),
        cadence: "month".to_owned(),
        from_day: first_day().to_string(),
        ..ActionInput::default()
    }
}

/// The bars of a rule with the head they stand under, by day.
fn bars(f: &Fixture, ctx: &Context, rule: &str) -> Vec<(String, Bar)> {
    let query = PlanQuery { campaign: ONE, unit: f.unit("YX01").id, span: Span::Campaign, day: None };
    let plan = f.app.plan(ctx, &query).unwrap();
    let of = |(head, bars): (String, Vec<Bar>)| bars.into_iter().map(move |bar| (head.clone(), bar));
    plan.groups.into_iter().flat_map(of).filter(|(_, bar)| bar.title == rule).collect()
}

#[test]
fn what_posts_and_people_owe_is_on_the_plan_under_its_strand_and_who_is_missing_is_named_m03_m09() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let [(_, secretary), _] = staff(&f);
        let office = f.ctx(Role::Office, "YX", first_day());
        let lecture = ActionInput {
            posts: "书记".to_owned(),
            part: "lead".to_owned(),
            ..monthly("讲党课", "post", "special-lecture", "theory-study")
        };
        let issue = |sent: ActionInput| f.app.issue_action(&office, ONE, None, sent).map(|done| done.id);
        let unknown = issue(ActionInput { strand: "nothing".to_owned(), ..lecture.clone() }).unwrap_err();
        assert_eq!(unknown.code(), "invalid_input");
        issue(lecture).unwrap();
        issue(monthly("交流研讨", "person", "exchange", "research")).unwrap();
        issue(monthly("例会", "unit", "three-meetings", "")).unwrap();
        let last = Day::last_of_month(2024, 3).unwrap();
        let later = |days: i32| f.ctx(Role::Filler, "YX01", last.plus_days(days));
        let march = |days: i32, rule: &str| bars(&f, &later(days), rule).remove(0);
        let (head, bar) = march(5, "讲党课");
        assert_eq!((head.as_str(), bar.state, bar.to), ("理论学习", BarState::Late, last));
        assert_eq!(bar.missing, ["党委书记（许文）"]);
        assert!(bar.note.contains("应做1，已做0，还缺党委书记（许文）"), "{}", bar.note);
        let (head, bar) = march(5, "交流研讨");
        assert_eq!((head.as_str(), bar.missing.join("、").as_str()), ("调查研究", "许文、柳青"));
        assert_eq!(march(5, "例会").0, "未归入重点措施");
        // April is in course, May has not begun.
        let all = bars(&f, &later(5), "讲党课");
        assert_eq!(all.len(), 10, "March to December");
        assert!(all[2].1.missing.is_empty() && all[2].1.note.contains("应做1"), "{:?}", all[2]);

        let record = |kind: &str, on: Day| ActivityInput {
            campaign: "1".to_owned(),
            unit: f.unit("YX01").id.to_string(),
            kind: kind.to_owned(),
            day: on.to_string(),
            topic: "集中学习".to_owned(),
            people: vec![secretary.to_string()],
            lead: vec![secretary.to_string()],
            ..ActivityInput::default()
        };
        let march_15 = first_day().plus_days(14);
        for kind in ["special-lecture", "exchange"] {
            f.app.record_activity(&later(8), record(kind, march_15), Vec::new()).unwrap();
        }
        let file = |on: i32| {
            let file =
                f.app.branch_file(&later(9), f.unit("YX01").id, ONE, Some(last.plus_days(on))).unwrap();
            let late = file.missing.into_iter().filter(|one| one.part == "records").map(|one| one.words);
            late.filter(|words| words.contains("到期")).collect::<Vec<_>>().join("\n")
        };
        let now = file(9);
        assert!(!now.contains("讲党课"), "{now}");
        assert!(now.contains("“交流研讨”2024年3月31日到期，柳青没有记录。"), "{now}");
        let then = file(7);
        assert!(then.contains("“讲党课”2024年3月31日到期，党委书记（许文）没有记录。"), "{then}");
        assert!(then.contains("许文、柳青没有记录"), "nothing was filed by then: {then}");
    });
}

#[test]
fn the_plan_of_a_campaign_that_has_ended_still_shows_its_rules_and_nothing_falls_due_after_it_m03() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let office = f.ctx(Role::Office, "YX", first_day());
        f.app.issue_action(&office, ONE, None, monthly("例会", "unit", "three-meetings", "")).unwrap();
        let april_9 = Day::last_of_month(2024, 3).unwrap().plus_days(9);
        let later = |days: i32| f.ctx(Role::Filler, "YX01", april_9.plus_days(days));
        let states = |days: i32| -> Vec<BarState> {
            bars(&f, &later(days), "例会").into_iter().map(|(_, bar)| bar.state).collect()
        };
        let before = states(0);
        assert_eq!((before.len(), before[0]), (10, BarState::Late));
        let closing = f.ctx(Role::Office, "YX", april_9);
        f.app.end_campaign(&closing, ONE, None, "任务完成").unwrap();
        // March was missed; April had begun and was never due.
        assert_eq!(states(60), before[..2]);
    });
}
