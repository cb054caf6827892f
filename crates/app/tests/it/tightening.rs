//! 层层加码: whatever a lower level asks beyond the upper one is shown to the upper one, as both stand today (M05).

use crate::support::{Fixture, first_day, monthly_meeting, refused};
use bihuan_app::Context;
use bihuan_app::required_action::ActionInput;
use bihuan_domain::Day;
use bihuan_domain::id::{CampaignId, RequiredActionId};
use bihuan_domain::role::Role;
use bihuan_testkit::on_each_engine;

const ONE: CampaignId = CampaignId(1);

fn day(offset: i32) -> Day {
    first_day().plus_days(offset)
}

fn issue(f: &Fixture, ctx: &Context, sent: ActionInput) -> RequiredActionId {
    f.app.issue_action(ctx, ONE, None, sent).unwrap().id
}

/// The county's and a township's office.
fn offices(f: &Fixture) -> (Context, Context) {
    (f.ctx(Role::Office, "YX", day(3)), f.ctx(Role::Office, "YX01", day(3)))
}

fn codes(f: &Fixture, ctx: &Context, sent: ActionInput) -> Vec<&'static str> {
    let plan = f.app.plan_action(ctx, ONE, None, sent).unwrap();
    plan.added.iter().map(|line| line.code).collect()
}

#[test]
fn units_that_only_the_lower_level_asks_are_counted_and_named_m05() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let (county, town) = offices(&f);
        issue(&f, &county, monthly_meeting());
        // The county asks townships; the township hands it on to its villages.
        let lower = ActionInput { levels: vec!["village".to_owned()], ..monthly_meeting() };
        let plan = f.app.plan_action(&town, ONE, None, lower.clone()).unwrap();
        let told: Vec<(&str, &str)> = plan.added.iter().map(|one| (one.code, one.words.as_str())).collect();
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0].0, "reaches_more");
        assert!(told[0].1.contains("青石村") && !told[0].1.contains("石桥镇"), "{told:?}");
        let id = issue(&f, &town, lower);
        // The same units and nothing else add nothing.
        assert_eq!(codes(&f, &town, monthly_meeting()), Vec::<&str>::new());
        let page = f.app.actions_page(&county, ONE, None).unwrap();
        let line = page.lines.iter().find(|line| line.action.id == id).unwrap();
        assert_eq!(line.added[0].code, "reaches_more");
    });
}

#[test]
fn fewer_activities_a_lead_more_posts_and_an_earlier_start_are_told_m05() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let (county, town) = offices(&f);
        let wide = ActionInput {
            activities: vec!["three-meetings".to_owned(), "theme-day".to_owned()],
            ..monthly_meeting()
        };
        issue(&f, &county, wide.clone());
        let narrow = ActionInput { activities: vec!["theme-day".to_owned()], ..monthly_meeting() };
        let plan = f.app.plan_action(&town, ONE, None, narrow).unwrap();
        assert_eq!(plan.added.iter().map(|one| one.code).collect::<Vec<_>>(), ["fewer_kinds"]);
        assert_eq!(plan.added[0].words, "上级认可的“三会一课”不再算数");
        let early = ActionInput { from_day: day(-9).to_string(), ..wide };
        assert_eq!(codes(&f, &town, early), ["earlier_start"]);
        let posts = |posts: &str, part: &str| ActionInput {
            subject: "post".to_owned(),
            posts: posts.to_owned(),
            part: part.to_owned(),
            activities: vec!["special-lecture".to_owned()],
            ..monthly_meeting()
        };
        issue(&f, &county, posts("书记", "any"));
        assert_eq!(codes(&f, &town, posts("书记", "lead")), ["must_lead"]);
        assert_eq!(codes(&f, &town, posts("", "any")), ["more_posts"]);
        assert_eq!(codes(&f, &town, posts("党委书记", "any")), Vec::<&str>::new());
    });
}

#[test]
fn what_is_asked_once_before_the_upper_levels_period_ends_is_earlier_m05() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let (county, town) = offices(&f);
        issue(&f, &county, ActionInput { cadence: "year".to_owned(), ..monthly_meeting() });
        let by = |to: Day| ActionInput {
            cadence: "by_date".to_owned(),
            to_day: to.to_string(),
            ..monthly_meeting()
        };
        let year_end = Day::from_ymd(day(3).year(), 12, 31).unwrap();
        assert_eq!(codes(&f, &town, by(year_end)), Vec::<&str>::new());
        assert_eq!(codes(&f, &town, by(year_end.plus_days(-1))), ["earlier"]);
    });
}

#[test]
fn only_a_rule_that_a_unit_above_issued_here_can_be_carried_further_m05() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let (county, town) = offices(&f);
        let upper = issue(&f, &county, monthly_meeting());
        let own = issue(&f, &town, monthly_meeting());
        let naming = |id: RequiredActionId| ActionInput { upper: id.to_string(), ..monthly_meeting() };
        let wrong = f.app.plan_action(&town, ONE, None, naming(own)).unwrap_err();
        assert!(wrong.to_string().contains("承接的上级规定动作"), "{wrong}");
        assert!(f.app.plan_action(&town, ONE, None, naming(upper)).unwrap().added.is_empty());
    });
}

#[test]
fn what_a_lower_level_adds_is_told_anew_when_the_upper_level_changes_or_follows_m05() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let (county, town) = offices(&f);
        let id = issue(&f, &town, monthly_meeting());
        let added = || {
            let page = f.app.actions_page(&county, ONE, None).unwrap();
            let line = page.lines.iter().find(|line| line.action.id == id).unwrap().added.clone();
            assert_eq!(f.app.action_page(&county, id, None).unwrap().versions[0].added, line);
            line.iter().map(|one| one.code).collect::<Vec<_>>()
        };
        assert_eq!(added(), ["new_action"]);
        let upper = issue(&f, &county, monthly_meeting());
        assert_eq!(added(), Vec::<&str>::new(), "the county asks it as well by now");
        let looser =
            ActionInput {
                cadence: "quarter".to_owned(), reason: "减轻负担".to_owned(), ..monthly_meeting()
            };
        f.app.issue_action(&county, ONE, Some((upper, None)), looser).unwrap();
        assert_eq!(added(), ["more_often"]);
        let ended = f.app.end_action(&county, upper, None, &day(3).to_string(), "不再要求");
        ended.unwrap();
        assert!(["longer", "new_action"].iter().any(|code| added().contains(code)));
        assert_eq!(
            refused(f.app.end_action(&county, upper, None, &day(3).to_string(), "又")).code,
            "action_ended"
        );
    });
}
