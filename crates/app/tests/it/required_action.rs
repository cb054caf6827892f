//! Required actions and activities, through the use cases (M04, M05, M06, M07).

use crate::support::{Fixture, first_day, monthly_meeting, refused};
use bihuan_app::Context;
use bihuan_app::activity::ActivityInput;
use bihuan_app::required_action::{ActionInput, COLUMNS_MAX, ExcuseInput, Matrix};
use bihuan_app::todo::TodoKind;
use bihuan_domain::Day;
use bihuan_domain::id::{CampaignId, RequiredActionId};
use bihuan_domain::required_action::{Lack, Status};
use bihuan_domain::role::Role;
use bihuan_testkit::on_each_engine;

const ONE: CampaignId = CampaignId(1);

fn day(offset: i32) -> Day {
    first_day().plus_days(offset)
}

fn month_end(day: Day) -> Day {
    Day::last_of_month(day.year(), day.ymd().1).unwrap()
}

fn issue(f: &Fixture, ctx: &Context, sent: ActionInput) -> RequiredActionId {
    f.app.issue_action(ctx, ONE, None, sent).unwrap().id
}

fn record(f: &Fixture, unit: &str, on: Day) -> ActivityInput {
    ActivityInput {
        campaign: "1".to_owned(),
        unit: f.unit(unit).id.to_string(),
        kind: "three-meetings".to_owned(),
        day: on.to_string(),
        topic: "讨论春灌".to_owned(),
        ..ActivityInput::default()
    }
}

fn drift(f: &Fixture) {
    f.no_drift();
}

#[test]
fn a_rule_says_whom_it_newly_reaches_before_it_is_issued_m05() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let office = f.ctx(Role::Office, "YX", day(3));
        let plan = f.app.plan_action(&office, ONE, None, monthly_meeting()).unwrap();
        assert_eq!((plan.newly.0, plan.reach.total, plan.times_a_year), (3, 3, 12));
        let id = issue(&f, &office, monthly_meeting());
        let wider = ActionInput {
            levels: vec!["township".to_owned(), "village".to_owned()],
            reason: "延伸到村".to_owned(),
            ..monthly_meeting()
        };
        let plan = f.app.plan_action(&office, ONE, Some(id), wider.clone()).unwrap();
        assert_eq!((plan.newly.0, plan.no_longer.0), (3, 0));
        assert!(plan.newly.1.contains(&"青石村".to_owned()));
        // The month in course is brought to its end under the old rule.
        assert_eq!(plan.from_day, month_end(day(3)).plus_days(1));
        f.app.issue_action(&office, ONE, Some((id, Some(1))), wider).unwrap();
        let stale = f.app.issue_action(
            &office,
            ONE,
            Some((id, Some(1))),
            ActionInput { reason: "再改".to_owned(), ..monthly_meeting() },
        );
        assert_eq!(stale.unwrap_err().code(), "conflict");
        drift(&f);
    });
}

#[test]
fn what_a_lower_level_adds_is_shown_to_the_upper_m05() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let county = f.ctx(Role::Office, "YX", day(3));
        issue(&f, &county, ActionInput { cadence: "quarter".to_owned(), ..monthly_meeting() });
        let town = f.ctx(Role::Office, "YX01", day(4));
        let lower = ActionInput {
            levels: vec!["village".to_owned()],
            proof: "material".to_owned(),
            ..monthly_meeting()
        };
        let plan = f.app.plan_action(&town, ONE, None, lower.clone()).unwrap();
        let codes: Vec<&str> = plan.added.iter().map(|line| line.code).collect();
        assert_eq!(codes, ["reaches_more", "more_often", "more_proof"]);
        let id = issue(&f, &town, lower);
        let page = f.app.actions_page(&county, ONE, None).unwrap();
        let line = page.lines.iter().find(|line| line.action.id == id).unwrap();
        assert!(line.added[1].words.contains("每季度") && line.added[1].words.contains("每月"));
        // It holds in its own subtree only.
        let other = f.ctx(Role::Office, "YX02", day(4));
        assert_eq!(f.app.action_page(&other, id, None).unwrap_err().code(), "not_found");
    });
}

#[test]
fn one_record_counts_for_every_rule_it_satisfies_m06() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let office = f.ctx(Role::Office, "YX", day(0));
        let monthly = issue(&f, &office, monthly_meeting());
        let proven = issue(
            &f,
            &office,
            ActionInput {
                name: "每季度例会".to_owned(),
                cadence: "quarter".to_owned(),
                proof: "minutes".to_owned(),
                ..monthly_meeting()
            },
        );
        let clerk = f.ctx(Role::Filler, "YX01", day(2));
        let done = f.app.record_activity(&clerk, record(&f, "YX01", day(1)), Vec::new()).unwrap();
        let told: Vec<(RequiredActionId, Option<Lack>)> =
            done.counted.iter().map(|line| (line.rule_id, line.lacks)).collect();
        assert_eq!(told, [(monthly, None), (proven, Some(Lack::Minutes))]);
        // A double click records once.
        let again = f.app.record_activity(&clerk, record(&f, "YX01", day(1)), Vec::new()).unwrap();
        assert_eq!(again.id, done.id);
        let fuller = ActivityInput {
            minutes_text: "议定三件事".to_owned(),
            reason: "补上纪要".to_owned(),
            ..record(&f, "YX01", day(1))
        };
        let corrected = f.app.correct_activity(&clerk, done.id, Some(1), fuller, Vec::new()).unwrap();
        assert!(corrected.counted.iter().all(|line| line.lacks.is_none()));
        let page = f.app.activity_page(&office, done.id).unwrap();
        assert_eq!(page.editions.len(), 1);
        assert_eq!(page.editions[0].record.minutes_text, "", "the old edition is kept");
        let overview = f.app.actions_overview(&office, ONE, f.unit("YX").id, None).unwrap().unwrap();
        let town = overview.iter().find(|line| line.name == "石桥镇").unwrap();
        assert_eq!((town.tally.expected, town.tally.done), (2, 2));
        f.app.withdraw_activity(&clerk, done.id, Some(2), "登记错了").unwrap();
        let overview = f.app.actions_overview(&office, ONE, f.unit("YX").id, None).unwrap().unwrap();
        assert_eq!(overview.iter().map(|line| line.tally.done).sum::<i64>(), 0);
        drift(&f);
    });
}

#[test]
fn a_missing_month_is_missed_until_it_is_excused_from_above_m05() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let office = f.ctx(Role::Office, "YX", day(0));
        let id = issue(&f, &office, monthly_meeting());
        let last = month_end(day(0));
        let later = last.plus_days(10);
        let (county, town) = (f.unit("YX").id, f.unit("YX01").id);
        let seen = f.ctx(Role::Office, "YX", later);
        let cell = f.app.action_cell(&seen, id, county, last).unwrap();
        assert_eq!((cell.tally.missed, cell.tally.not_yet_due), (3, 0));
        let order: Vec<&str> = cell.units.iter().map(|line| line.name.as_str()).collect();
        assert_eq!(order[1..], ["石桥镇", "柳湾乡", "白塔镇"], "not reported, in official order");
        let clerk = f.ctx(Role::Filler, "YX01", later);
        let sent = ExcuseInput {
            unit: town.to_string(),
            period: last.to_string(),
            reason: "转移安置".to_owned(),
            ..ExcuseInput::default()
        };
        let excuse = f.app.ask_excuse(&clerk, id, sent.clone()).unwrap();
        assert_eq!(refused(f.app.ask_excuse(&clerk, id, sent)).code, "excuse_asked_already");
        assert_eq!(refused(f.app.decide_excuse(&clerk, excuse, None, "approved", "")).code, "not_allowed");
        let mut own = f.ctx(Role::Office, "YX01", later);
        std::sync::Arc::make_mut(&mut own.actor).person = bihuan_domain::id::PersonId(901);
        assert_eq!(refused(f.app.decide_excuse(&own, excuse, None, "approved", "")).code, "not_allowed");
        let mut upper = f.ctx(Role::Office, "YX", later);
        std::sync::Arc::make_mut(&mut upper.actor).person = bihuan_domain::id::PersonId(902);
        f.app.decide_excuse(&upper, excuse, Some(1), "approved", "同意").unwrap();
        let cell = f.app.action_cell(&seen, id, town, last).unwrap();
        assert_eq!(cell.own, Some(Status::Excused));
        let cell = f.app.action_cell(&seen, id, county, last).unwrap();
        assert_eq!((cell.tally.missed, cell.tally.excused), (2, 1));
        drift(&f);
    });
}

#[test]
fn every_week_that_is_missed_can_be_opened_in_the_matrix_m05() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let weekly = ActionInput { cadence: "week".to_owned(), ..monthly_meeting() };
        let id = issue(&f, &f.ctx(Role::Office, "YX", day(0)), weekly);
        let seen = f.ctx(Role::Office, "YX", day(7 * 40));
        let page = |page: usize| f.app.action_page_of(&seen, id, None, page).unwrap().matrix;
        let newest = f.app.action_page(&seen, id, None).unwrap().matrix;
        assert_eq!((newest.page, newest.columns.len()), (1, COLUMNS_MAX));
        let pages = newest.periods.div_ceil(COLUMNS_MAX);
        let missed = |matrix: &Matrix| matrix.sums.iter().flatten().map(|sum| sum.missed).sum::<i64>();
        let line = f.app.actions_page(&seen, ONE, None).unwrap();
        let all = line.lines.iter().find(|line| line.action.id == id).unwrap().tally.missed;
        assert_eq!((1..=pages).map(|at| missed(&page(at))).sum::<i64>(), all);
        let mut days: Vec<_> = (1..=pages).rev().flat_map(|at| page(at).columns).collect();
        assert_eq!(days.len(), newest.periods);
        assert!(days.windows(2).all(|two| two[0].period.last < two[1].period.first), "each once, in order");
        assert_eq!(days.remove(0).period.first, page(pages).columns[0].period.first);
        assert_eq!(page(pages).before, 0);
        assert_eq!(page(pages + 7).page, pages, "beyond the last is the last");
        let own = f.app.unit_actions(&seen, f.unit("YX01").id, ONE).unwrap();
        assert_eq!(own.rows[0].before + own.rows[0].cells.len(), newest.periods);
    });
}

#[test]
fn nothing_further_is_owed_once_the_campaign_has_ended_m01_m05() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let id = issue(&f, &f.ctx(Role::Office, "YX", day(0)), monthly_meeting());
        let ends = month_end(day(0)).plus_days(12);
        let office = f.ctx(Role::Office, "YX", ends);
        let told = |ctx: &Context| {
            let line = f.app.actions_page(ctx, ONE, None).unwrap().lines.remove(0);
            let matrix = f.app.action_page(ctx, id, None).unwrap().matrix;
            let own = f.app.unit_actions(ctx, f.unit("YX01").id, ONE).unwrap().rows[0].cells.len();
            let overview = f.app.actions_overview(ctx, ONE, f.unit("YX").id, None).unwrap().unwrap();
            let sum = overview.iter().map(|line| line.tally.missed).sum::<i64>();
            (line.tally, matrix.periods, own, sum)
        };
        let then = told(&office);
        assert_eq!((then.0.missed, then.0.not_yet_due, then.1, then.2, then.3), (3, 3, 2, 2, 3));
        f.app.end_campaign(&office, ONE, None, "任务完成").unwrap();
        let later = f.ctx(Role::Office, "YX", ends.plus_days(400));
        assert_eq!(told(&later), then, "a year later it is as it was at the end");
        let past = f.app.actions_overview(&later, ONE, f.unit("YX").id, Some(ends.plus_days(300)));
        assert_eq!(past.unwrap().unwrap().iter().map(|line| line.tally.missed).sum::<i64>(), 3);
        let cell = f.app.action_cell(&later, id, f.unit("YX01").id, month_end(ends)).unwrap();
        assert_eq!(cell.own, Some(Status::NotYetDue));
        let clerk = f.ctx(Role::Filler, "YX01", ends.plus_days(400));
        let cell = f.app.action_cell(&clerk, id, f.unit("YX01").id, month_end(ends)).unwrap();
        assert!(!cell.may_record, "nothing is recorded in it any more");
    });
}

#[test]
fn a_kind_of_activity_that_a_rule_or_a_record_uses_stays_in_the_template_m05() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let office = f.ctx(Role::Office, "YX", day(0));
        let text = f.app.campaign_view(&office, ONE).unwrap().campaign.template_text;
        // Another name for the kind everywhere in the template: the template itself is whole, the rule is not.
        let without = text.replace("\"three-meetings\"", "\"four-meetings\"");
        let change = |text: &str| f.app.change_template(&office, ONE, None, text, "调整活动类别");
        issue(&f, &office, monthly_meeting());
        let refusal = refused(change(&without));
        assert!(refusal.code == "in_use" && refusal.sentence.contains("1项规定动作"), "{refusal}");
        let id = f.app.actions_page(&office, ONE, None).unwrap().lines[0].action.id;
        let clerk = f.ctx(Role::Filler, "YX01", day(1));
        let done = f.app.record_activity(&clerk, record(&f, "YX01", day(1)), Vec::new()).unwrap();
        f.app.end_action(&office, id, None, &day(0).to_string(), "合并").unwrap();
        let refusal = refused(change(&without));
        assert!(refusal.sentence.contains("1条活动记录"), "{refusal}");
        assert!(!refusal.sentence.contains("项规定动作"), "a rule that was ended asks for none: {refusal}");
        assert_eq!(f.app.activity_page(&clerk, done.id).unwrap().activity.kind, "three-meetings");
    });
}

#[test]
fn a_late_record_and_a_made_up_one_are_seen_as_such_m06() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let office = f.ctx(Role::Office, "YX", day(0));
        let id = issue(&f, &office, monthly_meeting());
        let last = month_end(day(0));
        let clerk = f.ctx(Role::Filler, "YX01", last.plus_days(5));
        let late = f.app.record_activity(&clerk, record(&f, "YX01", day(1)), Vec::new()).unwrap();
        assert!(late.counted[0].filed_late, "filed after the month, held within it");
        let other = f.ctx(Role::Filler, "YX02", last.plus_days(5));
        let made_up =
            ActivityInput { makes_up_day: day(1).to_string(), ..record(&f, "YX02", last.plus_days(4)) };
        f.app.record_activity(&other, made_up, Vec::new()).unwrap();
        let seen = f.ctx(Role::Office, "YX", last.plus_days(6));
        let cell = f.app.action_cell(&seen, id, f.unit("YX").id, last).unwrap();
        assert_eq!((cell.tally.done, cell.tally.done_late, cell.tally.missed), (1, 1, 1));
        drift(&f);
    });
}

#[test]
fn who_may_not_record_or_issue_is_refused_m06() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let reader = f.ctx(Role::Evaluator, "YX", day(1));
        assert_eq!(refused(f.app.issue_action(&reader, ONE, None, monthly_meeting())).code, "not_allowed");
        assert_eq!(
            refused(f.app.record_activity(&reader, record(&f, "YX01", day(1)), vec![])).code,
            "not_allowed"
        );
        let stranger = f.ctx(Role::Office, "YS", day(1));
        assert_eq!(
            f.app.plan_action(&stranger, ONE, None, monthly_meeting()).unwrap_err().code(),
            "not_found"
        );
        let clerk = f.ctx(Role::Filler, "YX01", day(1));
        let ahead = f.app.record_activity(&clerk, record(&f, "YX01", day(9)), vec![]);
        assert_eq!(refused(ahead).code, "activity_in_future");
    });
}

#[test]
fn coverage_names_who_is_left_out_m04() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let office = f.ctx(Role::Office, "YX", day(1));
        issue(&f, &office, monthly_meeting());
        let clerk = f.ctx(Role::Filler, "YX01", day(1));
        f.app.record_activity(&clerk, record(&f, "YX01", day(1)), vec![]).unwrap();
        let found = f.app.coverage(&office, ONE, Some(f.unit("YX").id)).unwrap();
        let names = |rows: &[(bihuan_domain::id::UnitId, String)]| {
            rows.iter().map(|(_, name)| name.clone()).collect::<Vec<_>>()
        };
        assert!(names(&found.without_rule).contains(&"青石村".to_owned()));
        assert_eq!(names(&found.without_record), ["柳湾乡", "白塔镇"]);
    });
}

#[test]
fn a_record_takes_the_action_off_the_to_do_list() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let office = f.ctx(Role::Office, "YX", day(0));
        issue(&f, &office, monthly_meeting());
        let clerk = f.ctx(Role::Filler, "YX01", day(1));
        let open = f.app.todo(&clerk, None).unwrap();
        let item =
            open.items.iter().find(|item| item.kind.day_is_deadline() && item.text == "每月例会").unwrap();
        assert!(item.do_href.starts_with("/activities/new?campaign=1&unit="));
        f.app.record_activity(&clerk, record(&f, "YX01", day(1)), vec![]).unwrap();
        assert!(f.app.todo(&clerk, None).unwrap().items.iter().all(|item| item.text != "每月例会"));
    });
}

#[test]
fn a_missed_period_is_recorded_for_where_its_to_do_item_leads_m05() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let office = f.ctx(Role::Office, "YX", day(0));
        issue(&f, &office, monthly_meeting());
        let last = month_end(day(0));
        let missed = |ctx: &Context| {
            let items = f.app.todo(ctx, None).unwrap().items;
            items.into_iter().find(|item| item.late && item.text == "每月例会")
        };
        let clerk = f.ctx(Role::Filler, "YX01", last.plus_days(10));
        let item = missed(&clerk).unwrap();
        let query = item.do_href.strip_prefix("/activities/new?").unwrap();
        let sent = |name: &str| {
            let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.clone().find(|(known, _)| *known == name).map(|(_, value)| value.to_owned()).unwrap()
        };
        let filled = ActivityInput {
            campaign: sent("campaign"),
            unit: sent("unit"),
            kind: sent("kind"),
            makes_up_day: sent("makes_up_day"),
            day: clerk.today().to_string(),
            topic: "补开例会".to_owned(),
            ..ActivityInput::default()
        };
        f.app.record_activity(&clerk, filled, Vec::new()).unwrap();
        assert!(missed(&clerk).is_none(), "what was followed and saved is no longer asked");
        let cell = f.app.action_cell(&office, RequiredActionId(1), f.unit("YX02").id, last).unwrap();
        assert!(!cell.record_href.contains("makes_up_day"), "not on a day within the period");
        let later = f.ctx(Role::Filler, "YX02", last.plus_days(10));
        let cell = f.app.action_cell(&later, RequiredActionId(1), f.unit("YX02").id, last).unwrap();
        assert!(cell.record_href.contains(&format!("campaign=1&unit={}", f.unit("YX02").id)));
        assert!(cell.record_href.ends_with(&format!("makes_up_day={last}")), "{}", cell.record_href);
        drift(&f);
    });
}

#[test]
fn an_excuse_that_is_asked_for_waits_for_who_may_answer_it_and_nobody_else_m05() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let id = issue(&f, &f.ctx(Role::Office, "YX", day(0)), monthly_meeting());
        let last = month_end(day(0));
        let sent = ExcuseInput {
            unit: f.unit("YX01").id.to_string(),
            period: last.to_string(),
            reason: "转移安置".to_owned(),
            ..ExcuseInput::default()
        };
        let excuse = f.app.ask_excuse(&f.ctx(Role::Filler, "YX01", day(3)), id, sent).unwrap();
        let waits = |role: Role, code: &str, person: i64| {
            let mut ctx = f.ctx(role, code, day(4));
            std::sync::Arc::make_mut(&mut ctx.actor).person = bihuan_domain::id::PersonId(person);
            f.app.todo(&ctx, Some(TodoKind::Excuse)).unwrap().items
        };
        let items = waits(Role::Office, "YX", 902);
        assert_eq!(items.len(), 1);
        assert_eq!((items[0].text.as_str(), items[0].words.as_str()), ("每月例会", "转移安置"));
        assert_eq!(items[0].day, Some(day(3)));
        assert_eq!(items[0].href, format!("/actions/{id}/cell?unit={}&period={last}", f.unit("YX01").id));
        assert_eq!(waits(Role::Leader, "YX", 903).len(), 1);
        for (role, code) in [(Role::Office, "YX01"), (Role::Office, "YX02"), (Role::Filler, "YX")] {
            assert!(waits(role, code, 904).is_empty(), "{role:?} at {code}");
        }
        let asker = f.ctx(Role::Filler, "YX01", day(3)).actor.person.0;
        assert!(waits(Role::Office, "YX", asker).is_empty(), "nobody answers themselves");
        let reach = f
            .app
            .db
            .read(|conn| Ok::<_, bihuan_app::Error>(bihuan_store::digest::reach::reach(conn, day(4))?));
        assert!(reach.unwrap().touches(&f.ctx(Role::Office, "YX", day(4)).actor), "the digest asks about it");
        let mut upper = f.ctx(Role::Office, "YX", day(4));
        std::sync::Arc::make_mut(&mut upper.actor).person = bihuan_domain::id::PersonId(902);
        f.app.decide_excuse(&upper, excuse, Some(1), "refused", "可以线上开").unwrap();
        assert!(waits(Role::Office, "YX", 902).is_empty());
    });
}

#[test]
fn copied_minutes_are_told_by_name_only_to_who_may_see_them_and_found_in_the_library_b10() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let office = f.ctx(Role::Office, "YX", day(0));
        issue(&f, &office, monthly_meeting());
        let words = "会上大家围绕怎样把渠道管护落到人头作了交流，提出三条意见，议定每月巡查一次并公示结果。";
        let filed = |code: &str, text: &str| {
            let clerk = f.ctx(Role::Filler, code, day(1));
            let sent = ActivityInput { minutes_text: text.to_owned(), ..record(&f, code, day(1)) };
            f.app.record_activity(&clerk, sent, Vec::new()).unwrap().id
        };
        let first = filed("YX01", words);
        let second = filed("YX02", &words.replace("三条", "四条"));
        let county = f.app.activity_page(&f.ctx(Role::Office, "YX", day(2)), second).unwrap().copied;
        assert_eq!((county.0.len(), county.1), (1, 0));
        assert_eq!(county.0[0].href, format!("/activities/{first}"));
        assert!(county.0[0].percent >= 90, "{}", county.0[0].percent);
        let town = f.app.activity_page(&f.ctx(Role::Filler, "YX02", day(2)), second).unwrap().copied;
        assert_eq!((town.0.len(), town.1), (0, 1), "counted, not named");
        let hits = |code: &str| {
            crate::support::found(&f, &f.ctx(Role::Filler, code, day(2)), "activity", "渠道管护").1
        };
        assert_eq!((hits("YX01"), hits("YX02")), (vec![first.0], vec![second.0]));
        f.app.withdraw_activity(&f.ctx(Role::Filler, "YX01", day(2)), first, None, "登记错了").unwrap();
        let after = f.app.activity_page(&f.ctx(Role::Office, "YX", day(2)), second).unwrap().copied;
        assert_eq!((after.0.len(), after.1), (0, 0), "what was withdrawn is no copy");
    });
}

#[test]
fn a_past_day_is_told_as_it_was_known_then_and_early_stands_beside_late_m05() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let office = f.ctx(Role::Office, "YX", day(0));
        issue(&f, &office, monthly_meeting());
        let clerk = |on| f.ctx(Role::Filler, "YX01", on);
        // In the first third of the month: early.
        f.app.record_activity(&clerk(day(2)), record(&f, "YX01", day(1)), Vec::new()).unwrap();
        let last = month_end(day(0));
        let other = f.ctx(Role::Filler, "YX02", last.plus_days(3));
        f.app.record_activity(&other, record(&f, "YX02", last), Vec::new()).unwrap();
        let later = f.ctx(Role::Office, "YX", last.plus_days(4));
        let told = |as_of| f.app.actions_overview(&later, ONE, f.unit("YX").id, as_of).unwrap().unwrap();
        let sum = |lines: &[bihuan_app::required_action::ChildActions]| {
            lines.iter().fold((0, 0, 0), |sum, line| {
                (sum.0 + line.tally.expected, sum.1 + line.tally.done, sum.2 + line.tally.done_early)
            })
        };
        // Two months have begun by now, one by then.
        assert_eq!(sum(&told(None)), (6, 2, 1));
        assert_eq!(sum(&told(Some(last))), (3, 1, 1), "the second record was not filed yet");
        assert_eq!(sum(&told(Some(day(1)))), (3, 0, 0), "nor was the first");
        let page = f.app.action_cell(&later, RequiredActionId(1), f.unit("YX01").id, last).unwrap();
        assert_eq!(page.own, Some(Status::DoneEarly));
        drift(&f);
    });
}

#[test]
fn the_file_of_a_unit_is_whole_with_names_and_of_a_past_day_as_it_was_m09() {
    on_each_engine(|t| {
        let f = Fixture::new(&t.db);
        let office = f.ctx(Role::Office, "YX", day(0));
        issue(&f, &office, monthly_meeting());
        let last = month_end(day(0));
        let clerk = f.ctx(Role::Filler, "YX01", last.plus_days(5));
        // More than one page of records, filed after the month.
        for n in 0..55 {
            let sent = ActivityInput { topic: format!("第{n}次会议"), ..record(&f, "YX01", day(1)) };
            f.app.record_activity(&clerk, sent, Vec::new()).unwrap();
        }
        let town = f.unit("YX01").id;
        let file = f.app.branch_file(&clerk, town, ONE, None).unwrap();
        assert_eq!((file.records.len(), file.records_total), (55, 55));
        assert!(file.records.iter().all(|one| one.kind == "三会一课"), "{:?}", file.records[0]);
        let late = |file: &bihuan_app::branch_file::BranchFile| {
            file.missing.iter().any(|one| one.part == "records" && one.words.contains("没有记录"))
        };
        assert!(!late(&file), "{:?}", file.missing);
        assert!(file.missing.iter().any(|one| one.part == "tasks"), "an empty list is named");
        let then = f.app.branch_file(&clerk, town, ONE, Some(last.plus_days(3))).unwrap();
        assert_eq!((then.records.len(), then.records_total), (0, 0));
        assert!(late(&then), "the month was late on that day: {:?}", then.missing);
    });
}
