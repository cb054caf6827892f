//! Campaigns and the calendar as use cases: who may, what is written down, and what a change leaves (M01).

use crate::support::{Fixture, first_day, refused};
use bihuan_app::campaign::{CampaignInput, built_in};
use bihuan_app::{Context, Error};
use bihuan_domain::Day;
use bihuan_domain::campaign::{CampaignState, LineChange};
use bihuan_domain::id::CampaignId;
use bihuan_domain::role::Role;
use bihuan_store::journal::{self, Entry, EntryFilter};
use bihuan_testkit::on_each_engine;

fn input(fixture: &Fixture, unit: &str) -> CampaignInput {
    CampaignInput {
        code: format!("aq-{unit}"),
        name: "安全生产专项整治".to_owned(),
        office_unit: fixture.unit(unit).id.to_string(),
        basis: "decision".to_owned(),
        authority: "县委常委会2024年2月20日会议决定".to_owned(),
        document: "《安全生产专项整治方案》（云办发〔2024〕5号）".to_owned(),
        scope: "全县重点行业领域".to_owned(),
        starts_day: "2024-03-01".to_owned(),
        ends_day: "2024-12-31".to_owned(),
        template: "work-safety".to_owned(),
        ..CampaignInput::default()
    }
}

fn office(fixture: &Fixture, unit: &str) -> Context {
    fixture.ctx(Role::Office, unit, first_day().plus_days(4))
}

fn last(fixture: &Fixture) -> Entry {
    fixture.db.read(|conn| journal::list(conn, &EntryFilter::default(), 1)).unwrap().pop().unwrap()
}

fn invalid<T: std::fmt::Debug>(answer: Result<T, Error>) -> Vec<(String, String)> {
    match answer {
        Err(Error::Invalid(fields)) => fields,
        other => panic!("not invalid: {other:?}"),
    }
}

#[test]
fn a_campaign_is_set_up_started_amended_and_ended_and_each_step_is_in_the_journal_m01() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let (app, ctx) = (&fixture.app, office(&fixture, "YX"));
        let input = input(&fixture, "YX");
        // The fixture's own campaign took the first number by hand.
        fixture.db.write(|conn| journal::next_id(conn, "campaign", 10)).unwrap();
        let made = app.create_campaign(&ctx, input.clone()).unwrap().campaign;
        assert_eq!(
            (last(&fixture).action.as_str(), made.state),
            ("campaign.created", CampaignState::Preparing)
        );
        let started = app.start_campaign(&ctx, made.id, Some(1)).unwrap().campaign;
        assert_eq!((last(&fixture).action.as_str(), started.version), ("campaign.started", 2));
        assert!(last(&fixture).note.contains("云办发〔2024〕5号"));
        let stale = app.start_campaign(&ctx, made.id, Some(1));
        assert!(matches!(stale, Err(Error::Conflict(_))), "{stale:?}");
        let longer =
            CampaignInput { ends_day: String::new(), reason: "县委同意延长".to_owned(), ..input };
        let amended = app.amend_campaign(&ctx, made.id, Some(2), longer).unwrap().campaign;
        assert_eq!((last(&fixture).note.as_str(), amended.ends_day), ("县委同意延长", None));
        let ending = app.end_campaign(&ctx, made.id, Some(3), "任务完成").unwrap();
        assert_eq!((ending.open.total(), ending.campaign.state), (0, CampaignState::Ended));
        assert_eq!(last(&fixture).action, "campaign.ended");
        let view = app.campaign_view(&ctx, made.id).unwrap();
        assert_eq!(view.history.len(), 4);
        assert_eq!(view.root_name, "云溪县");
    });
}

#[test]
fn what_is_open_at_the_end_is_counted_in_the_entry() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        fixture.accepted("YX01", first_day());
        fixture.assigned("YX01", "YX-SL", first_day());
        let ctx = office(&fixture, "YX");
        let ending = fixture.app.end_campaign(&ctx, CampaignId(1), None, "转入日常").unwrap();
        assert_eq!(ending.open.total(), 2);
        let entry = last(&fixture);
        assert!(entry.note.contains("尚有2件没有销号") && entry.body.contains("\"open\""), "{entry:?}");
    });
}

#[test]
fn strangers_and_other_roles_get_nowhere_m46() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let (app, one) = (&fixture.app, CampaignId(1));
        let stranger = office(&fixture, "YS");
        assert!(app.campaigns(&stranger).unwrap().is_empty());
        let unseen =
            |answer: Result<(), Error>| assert!(matches!(answer, Err(Error::NotFound)), "{answer:?}");
        unseen(app.campaign_view(&stranger, one).map(|_| ()));
        unseen(app.campaign_ending(&stranger, one).map(|_| ()));
        unseen(app.start_campaign(&stranger, one, None).map(|_| ()));
        unseen(app.end_campaign(&stranger, one, None, "x").map(|_| ()));
        unseen(app.plan_template(&stranger, one, "x").map(|_| ()));
        unseen(app.change_template(&stranger, one, None, "x", "x").map(|_| ()));
        unseen(app.amend_campaign(&stranger, one, None, input(&fixture, "YX")).map(|_| ()));
        let named = invalid(app.create_campaign(&stranger, input(&fixture, "YX")));
        assert_eq!(named[0].0, "office_unit");
        // A township's clerk sees the county's campaign, and may change nothing of it.
        let clerk = fixture.ctx(Role::Filler, "YX01", first_day());
        assert_eq!(app.campaigns(&clerk).unwrap().len(), 1);
        assert!(!app.campaign_view(&clerk, one).unwrap().may_run);
        assert_eq!(refused(app.end_campaign(&clerk, one, None, "x")).code, "not_allowed");
        assert_eq!(
            refused(app.change_template(&clerk, one, None, built_in()[0].text, "x")).code,
            "not_allowed"
        );
        unseen(app.campaign_ending(&clerk, one).map(|_| ()));
    });
}

#[test]
fn a_template_of_ones_own_is_refused_with_every_faulty_line() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let ctx = office(&fixture, "YX");
        let text = built_in()[0]
            .text
            .replace("notice_days = 5", "notise_days = 5")
            .replace("yellow_days = 7", "yellow_days = -1");
        let sent = CampaignInput { template_text: text.replace('\n', "\r\n"), ..input(&fixture, "YX") };
        let fields = invalid(fixture.app.create_campaign(&ctx, sent));
        assert!(fields.len() == 2 && fields[0].1.contains("notice_days"), "{fields:?}");
        let faults = invalid(fixture.app.change_template(&ctx, CampaignId(1), None, &text, "改"));
        assert_eq!(faults.len(), 2);
        assert!(
            faults.iter().all(|(field, sentence)| field == "template_text" && sentence.starts_with('第'))
        );
        let plan = fixture.app.plan_template(&ctx, CampaignId(1), &text).unwrap();
        assert_eq!(plan.faults.len(), 2);
    });
}

#[test]
fn a_changed_template_leaves_its_difference_and_takes_effect_at_once() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let (app, ctx) = (&fixture.app, office(&fixture, "YX"));
        let text = built_in()[0].text.replace("notice_days = 5", "notice_days = 9");
        let plan = app.plan_template(&ctx, CampaignId(1), &text).unwrap();
        assert_eq!(plan.rules, [("拟销号公示", "5天".to_owned(), "9天".to_owned())]);
        assert_eq!(plan.lines.iter().filter(|line| line.change == LineChange::Added).count(), 1);
        assert_eq!(refused(app.change_template(&ctx, CampaignId(1), None, &text, "")).field, Some("reason"));
        let done = app.change_template(&ctx, CampaignId(1), Some(1), &text, "按新规定").unwrap();
        assert_eq!(app.rules(&done.campaign).unwrap().notice_days, 9);
        let entry = last(&fixture);
        assert_eq!((entry.action.as_str(), entry.note.as_str()), ("campaign.template_changed", "按新规定"));
        assert!(entry.body.contains("拟销号公示") && entry.body.contains("notice_days = 9"));
        assert_eq!(
            invalid(app.change_template(&ctx, CampaignId(1), None, &text, "又改"))[0].0,
            "template_text"
        );
    });
}

#[test]
fn a_category_in_use_cannot_vanish() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let (app, ctx) = (&fixture.app, office(&fixture, "YX"));
        let id = fixture.accepted("YX01", first_day());
        let category = fixture.problem(id).problem.category;
        let template = app.template(&app.campaign_view(&ctx, CampaignId(1)).unwrap().campaign).unwrap();
        let used = template.category(&category).unwrap();
        let text =
            built_in()[0].text.replace(&format!("code = \"{}\"\nname", used.code), "code = \"gone\"\nname");
        let refusal = refused(app.change_template(&ctx, CampaignId(1), None, &text, "改"));
        assert!(refusal.code == "in_use" && refusal.sentence.contains(&used.name), "{refusal}");
    });
}

#[test]
fn offices_are_offered_within_the_readers_roles_and_overlaps_are_named() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let app = &fixture.app;
        assert!(app.campaign_offices(&fixture.ctx(Role::Filler, "YX", first_day())).unwrap().is_empty());
        let ctx = office(&fixture, "YX");
        let offered = app.campaign_offices(&ctx).unwrap();
        assert!(offered[0].is_root && offered[0].name == "云溪县" && offered.len() == 7, "{offered:?}");
        fixture.db.write(|conn| journal::next_id(conn, "campaign", 10)).unwrap();
        let same = CampaignInput {
            template: "themed-education".to_owned(),
            ends_day: String::new(),
            ..input(&fixture, "YX01")
        };
        let made = app.create_campaign(&ctx, same).unwrap().campaign;
        let overlaps = app.campaign_view(&ctx, made.id).unwrap().overlaps;
        assert_eq!(overlaps.iter().map(|head| head.name.as_str()).collect::<Vec<_>>(), ["试行整改"]);
    });
}

const NOTICE: &str = "春节：1月18日至2月2日放假。\n中秋节：9月12日（周五）至14日放假。9月20日上班。";

#[test]
fn the_calendar_of_a_new_year_is_set_by_the_system_administrator_only() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let app = &fixture.app;
        let ctx = office(&fixture, "YX");
        assert_eq!(refused(app.set_calendar_year(&ctx, 2031, None, NOTICE)).code, "not_allowed");
        let admin = fixture.ctx(Role::SystemAdmin, "YX", first_day());
        let before = app.calendar_year(&admin, 2031).unwrap();
        assert!(!before.held && before.notice.is_empty() && before.working_days.is_none());
        // Read once before the change, so that the cache would be old.
        let after = app.set_calendar_year(&admin, 2031, Some(before.version), NOTICE).unwrap();
        assert!(after.held && after.own && after.years.contains(&2031));
        let entry = last(&fixture);
        assert_eq!((entry.action.as_str(), entry.subject_id), ("calendar.changed", 2031));
        assert_eq!(after.version, entry.seq);
        let day = |month, day| Day::from_ymd(2031, month, day).unwrap();
        let calendar = fixture.db.read(|conn| app.calendar(conn)).unwrap();
        assert!(
            !calendar.is_working_day(day(1, 20)).unwrap() && calendar.is_working_day(day(9, 20)).unwrap()
        );
        let stale = app.set_calendar_year(&admin, 2031, Some(0), NOTICE);
        assert!(matches!(stale, Err(Error::Conflict(_))));
        let less = app.set_calendar_year(&admin, 2031, None, "春节：1月18日至2月2日放假。").unwrap();
        assert_eq!(less.rows.len(), 16);
        assert_eq!(invalid(app.set_calendar_year(&admin, 2031, None, "春节：1月18日放假。"))[0].0, "notice");
        assert!(matches!(app.calendar_year(&admin, 1999), Err(Error::NotFound)));
    });
}

#[test]
fn a_built_in_year_can_be_corrected_and_set_back() {
    on_each_engine(|test| {
        let fixture = Fixture::new(&test.db);
        let (app, admin) = (&fixture.app, fixture.ctx(Role::SystemAdmin, "YX", first_day()));
        let original = app.calendar_year(&admin, 2024).unwrap();
        let text = original.notice.replace("中秋节：9月15日至9月17日放假。9月14日上班。\n", "");
        assert_ne!(text, original.notice);
        let changed = app.set_calendar_year(&admin, 2024, None, &text).unwrap();
        assert_eq!(changed.notice, text);
        let mid_autumn = Day::from_ymd(2024, 9, 17).unwrap();
        let works =
            || fixture.db.read(|conn| app.calendar(conn)).unwrap().is_working_day(mid_autumn).unwrap();
        assert!(works());
        let back = app.set_calendar_year(&admin, 2024, None, &original.notice).unwrap();
        assert!(!works() && !back.own);
        assert_eq!(back.rows, original.rows);
    });
}
