//! What puts a point on the agenda by itself: each source, and only since the last meeting (M30).

use super::{day, person, staffed};
use crate::support::Fixture;
use bihuan_app::activity::ActivityInput;
use bihuan_app::dispatch::{MeetingInput, MeetingView, MinutesInput, SeriesInput};
use bihuan_app::problem::ColourInput;
use bihuan_app::required_action::ActionInput;
use bihuan_app::slip::DraftInput;
use bihuan_domain::dispatch::{AgendaSource, DispatchItem};
use bihuan_domain::id::{CampaignId, DispatchSeriesId};
use bihuan_domain::role::Role;
use bihuan_testkit::on_each_engine;

fn series(f: &Fixture) -> DispatchSeriesId {
    let sent = SeriesInput {
        campaign: "1".to_owned(),
        unit: f.unit("YX").id.to_string(),
        name: "周调度".to_owned(),
        every_days: String::new(),
    };
    f.app.create_series(&person(f, 1, day(1)), sent).unwrap()
}

/// Holds a meeting and closes it; answers with its agenda.
fn held(f: &Fixture, series: DispatchSeriesId, on: i32) -> MeetingView {
    let office = person(f, 1, day(on));
    let id = f.app.open_meeting(&office, series, MeetingInput { held_day: day(on).to_string() }).unwrap();
    let view = f.app.meeting(&office, id).unwrap();
    let minutes = MinutesInput { chair: "副书记".to_owned(), ..MinutesInput::default() };
    f.app.write_minutes(&office, id, 1, minutes, true).unwrap();
    view
}

fn of(view: &MeetingView, source: AgendaSource) -> Vec<&DispatchItem> {
    view.items.iter().filter(|item| item.source == source).collect()
}

#[test]
fn what_turned_red_stands_on_the_next_agenda_once_m30() {
    on_each_engine(|t| {
        let f = staffed(t);
        let id = f.assigned("YX02", "YX-SL", day(4));
        let series = series(&f);
        assert!(of(&held(&f, series, 5), AgendaSource::NewlyRed).is_empty());
        let red = ColourInput {
            colour: "red".to_owned(),
            until: day(20).to_string(),
            reason: "群众反映强烈".to_owned(),
        };
        f.app.override_colour(&person(&f, 1, day(7)), id, None, red).unwrap();
        let second = held(&f, series, 10);
        let found = of(&second, AgendaSource::NewlyRed);
        assert_eq!((found.len(), found[0].subject_id), (1, id.0));
        assert!(found[0].text.contains("群众反映强烈"), "{}", found[0].text);
        assert!(of(&held(&f, series, 12), AgendaSource::NewlyRed).is_empty(), "it is no news any more");
    });
}

#[test]
fn a_slip_without_its_answer_stands_on_the_agenda_a_talk_never_m30_m28() {
    on_each_engine(|t| {
        let f = staffed(t);
        let problem = f.assigned("YX01", "YX-SL", day(1));
        let series = series(&f);
        let draft = DraftInput {
            subject_kind: "problem".to_owned(),
            subject: problem.to_string(),
            form: "notice".to_owned(),
            now: "1".to_owned(),
            ..DraftInput::default()
        };
        let slip = f.app.make_slip(&person(&f, 1, day(2)), draft).unwrap().slip;
        let due = slip.answer_day.unwrap();
        let on = due.minus(day(0));
        assert!(of(&held(&f, series, on), AgendaSource::SlipUnanswered).is_empty(), "due today is not late");
        let view = held(&f, series, on + 2);
        let found = of(&view, AgendaSource::SlipUnanswered);
        assert_eq!(
            (found.len(), found[0].subject_kind.as_str(), found[0].subject_id),
            (1, "slip", slip.id.0)
        );
        assert_eq!(found[0].unit_id, Some(f.unit("YX01").id));
        assert!(found[0].text.contains("已过2天"), "{}", found[0].text);
    });
}

#[test]
fn a_required_action_that_fell_due_unrecorded_is_reported_with_who_owes_it_m30_m05() {
    on_each_engine(|t| {
        let f = staffed(t);
        let rule = ActionInput {
            name: "每月例会".to_owned(),
            subject: "unit".to_owned(),
            levels: vec!["township".to_owned()],
            activities: vec!["three-meetings".to_owned()],
            cadence: "month".to_owned(),
            from_day: day(0).to_string(),
            ..ActionInput::default()
        };
        f.app.issue_action(&f.ctx(Role::Office, "YX", day(1)), CampaignId(1), None, rule).unwrap();
        let record = ActivityInput {
            campaign: "1".to_owned(),
            unit: f.unit("YX01").id.to_string(),
            kind: "three-meetings".to_owned(),
            day: day(10).to_string(),
            topic: "讨论春灌".to_owned(),
            ..ActivityInput::default()
        };
        f.app.record_activity(&f.ctx(Role::Filler, "YX01", day(10)), record, vec![]).unwrap();
        let series = series(&f);
        assert!(of(&held(&f, series, 20), AgendaSource::NotReported).is_empty(), "March is not over");
        let view = held(&f, series, 48);
        let found: Vec<_> =
            of(&view, AgendaSource::NotReported).into_iter().filter(|i| i.subject_kind == "action").collect();
        assert_eq!(found.len(), 1, "{:?}", view.items);
        let text = &found[0].text;
        assert!(text.contains("“每月例会”2024年3月应做3，到期未登记2：柳湾乡、白塔镇"), "{text}");
        assert!(!text.contains("石桥镇"), "石桥镇 recorded: {text}");
        let next = held(&f, series, 55);
        assert!(of(&next, AgendaSource::NotReported).iter().all(|i| i.subject_kind != "action"), "only once");
    });
}
