//! The ladder's real variants, each as a table of days (M28).

use bihuan_domain::calendar::Calendar;
use bihuan_domain::ladder::{Item, LadderRule, Rung, Sent, due_slips, rung, still_holds};
use bihuan_domain::slip::SubjectKind;
use bihuan_domain::template::Template;
use bihuan_domain::{Coded, Day};

const HEAD: &str = r#"
code = "trial"
name = "试行"
[[strand]]
code = "one"
name = "一"
[[category]]
code = "one"
name = "一"
[[source]]
code = "one"
name = "一"
[[slip]]
code = "reminder"
name = "提示单"
wording = "{单位}"
[[slip]]
code = "warning"
name = "预警单"
wording = "{单位}"
answer_working_days = 3
[[slip]]
code = "talk"
name = "约谈单"
wording = "{单位}"
answer_working_days = 3
"#;

/// Yellow at 30 % of the time left, orange at 15 % plus a talk, red when overdue.
const SHARES: &str = r#"
[[ladder]]
code = "yellow"
name = "黄"
colour = "yellow"
left_percent = 30
slip = "reminder"
issue = "automatic"
[[ladder]]
code = "orange"
name = "橙"
colour = "orange"
left_percent = 15
slip = "warning"
issue = "automatic"
[[ladder]]
code = "orange-talk"
name = "约谈"
colour = "orange"
left_percent = 15
slip = "talk"
[[ladder]]
code = "red"
name = "红"
colour = "red"
overdue_working_days = 1
slip = "warning"
issue = "automatic"
"#;

/// Blue, orange, red, each only if the one before was not met; urgent ones start at orange.
const CHAIN: &str = r#"
[[ladder]]
code = "blue"
name = "蓝"
colour = "blue"
overdue_working_days = 1
slip = "warning"
issue = "automatic"
[[ladder]]
code = "orange"
name = "橙"
colour = "orange"
overdue_working_days = 1
after = "blue"
urgent_starts = true
slip = "warning"
issue = "automatic"
[[ladder]]
code = "red"
name = "红"
colour = "red"
overdue_working_days = 1
after = "orange"
slip = "warning"
to = ["superior"]
issue = "automatic"
"#;

/// Re-done three times or passed on three times goes up.
const OFTEN: &str = r#"
[[ladder]]
code = "redone"
name = "反复"
colour = "red"
send_backs = 3
slip = "warning"
to = ["superior"]
[[ladder]]
code = "passed"
name = "转办"
colour = "red"
passed_on = 3
slip = "warning"
to = ["superior", "leader"]
"#;

fn rules(text: &str) -> Vec<LadderRule> {
    Template::parse(&format!("{HEAD}{text}")).unwrap_or_else(|faults| panic!("{faults:?}")).ladder
}

fn calendar() -> &'static Calendar {
    Calendar::china()
}

/// 2024-03: the 1st is a Friday, no holidays.
fn march(day: u32) -> Day {
    Day::from_ymd(2024, 3, day).unwrap()
}

fn item(started: Day, due: Day) -> Item {
    Item {
        kind: SubjectKind::Problem,
        started,
        due: Some(due),
        round: 1,
        urgent: false,
        send_backs: 0,
        passed_on: 0,
        unanswered: 0,
        sent: vec![],
    }
}

fn due(item: &Item, rules: &[LadderRule], today: Day) -> Vec<String> {
    let found = due_slips(item, rules, 2, calendar(), today).unwrap();
    found.iter().map(|slip| slip.rule.code.clone()).collect()
}

fn colour(item: &Item, rules: &[LadderRule], today: Day) -> Option<Rung> {
    rung(item, rules, calendar(), today).unwrap()
}

/// Plays days one after the other, keeping what is sent; answers with day and rule.
fn play(item: &mut Item, rules: &[LadderRule], days: std::ops::RangeInclusive<u32>) -> Vec<(u32, String)> {
    let mut sent = Vec::new();
    for day in days {
        let today = march(day);
        let found: Vec<String> = due(item, rules, today);
        for rule in found {
            let answers = rules.iter().any(|r| r.code == rule && r.slip.as_deref() != Some("reminder"));
            let answer_day = answers.then(|| calendar().add_working_days(today, 3).unwrap());
            item.sent.push(Sent {
                rule: rule.clone(),
                day: today,
                due: item.due,
                round: item.round,
                answer_day,
                met: false,
            });
            sent.push((day, rule));
        }
    }
    sent
}

fn said(list: &[(u32, &str)]) -> Vec<(u32, String)> {
    list.iter().map(|(day, rule)| (*day, (*rule).to_owned())).collect()
}

#[test]
fn yellow_at_thirty_percent_orange_at_fifteen_with_a_talk_red_when_overdue_m28() {
    let rules = rules(SHARES);
    // 20 days from Friday the 1st to Thursday the 21st: 30 % is the 15th, 15 % the 18th.
    let mut one = item(march(1), march(21));
    for (day, wanted) in [
        (14, None),
        (15, Some(Rung::Yellow)),
        (17, Some(Rung::Yellow)),
        (18, Some(Rung::Orange)),
        (21, Some(Rung::Orange)),
        (22, Some(Rung::Red)),
    ] {
        assert_eq!(colour(&one, &rules, march(day)), wanted, "on the {day}th");
    }
    let sent = play(&mut one, &rules, 1..=29);
    assert_eq!(sent, said(&[(15, "yellow"), (18, "orange"), (18, "orange-talk"), (22, "red")]));
}

#[test]
fn blue_orange_red_only_if_the_one_before_was_not_met_m28() {
    let rules = rules(CHAIN);
    let mut one = item(march(1), march(7));
    // Sent on Friday the 8th, to be answered by Wednesday the 13th; orange on the 14th, by the 19th; red on the 20th.
    assert_eq!(play(&mut one, &rules, 1..=25), said(&[(8, "blue"), (14, "orange"), (20, "red")]));

    let mut answered = item(march(1), march(7));
    assert_eq!(play(&mut answered, &rules, 1..=8), said(&[(8, "blue")]));
    answered.sent[0].met = true;
    assert_eq!(play(&mut answered, &rules, 9..=29), said(&[]), "what was met does not climb");
}

#[test]
fn urgent_items_start_higher_m28() {
    let rules = rules(CHAIN);
    let mut urgent = Item { urgent: true, ..item(march(1), march(7)) };
    assert_eq!(play(&mut urgent, &rules, 1..=25), said(&[(8, "orange"), (14, "red")]));
}

#[test]
fn often_redone_or_passed_on_goes_up_m28() {
    let rules = rules(OFTEN);
    let plain = item(march(1), march(29));
    for (send_backs, passed_on, wanted) in
        [(2, 2, vec![]), (3, 0, vec!["redone"]), (0, 3, vec!["passed"]), (4, 5, vec!["redone", "passed"])]
    {
        let one = Item { send_backs, passed_on, ..plain.clone() };
        assert_eq!(due(&one, &rules, march(4)), wanted, "{send_backs} {passed_on}");
    }
}

#[test]
fn red_goes_back_to_yellow_when_the_item_catches_up_m28() {
    let rules = rules(SHARES);
    let mut one = item(march(1), march(14));
    assert_eq!(play(&mut one, &rules, 15..=15), said(&[(15, "red")]));
    assert_eq!(colour(&one, &rules, march(18)), Some(Rung::Red));
    // The measure that was late is done; the next is due on the 25th.
    one.due = Some(march(25));
    assert_eq!(colour(&one, &rules, march(18)), Some(Rung::Yellow));
    one.due = Some(Day::from_ymd(2024, 5, 30).unwrap());
    assert_eq!(colour(&one, &rules, march(18)), None);
}

#[test]
fn nothing_is_sent_on_days_off_and_an_item_is_left_alone_for_the_interval_m46() {
    let rules = rules(SHARES);
    let mut one = item(march(1), march(21));
    assert_eq!(due(&one, &rules, march(16)), Vec::<String>::new(), "Saturday");
    assert_eq!(due(&one, &rules, march(15)), ["yellow"]);
    // A slip of the same height yesterday: not again today. One that is higher is not held back.
    one.sent.push(Sent {
        rule: "yellow".into(),
        day: march(14),
        due: Some(march(20)),
        round: 1,
        answer_day: None,
        met: false,
    });
    assert_eq!(due(&one, &rules, march(15)), Vec::<String>::new());
    assert_eq!(due(&one, &rules, march(18)), ["orange", "orange-talk"]);
}

#[test]
fn a_draft_holds_only_while_its_cause_is_true_m28() {
    let rules = rules(SHARES);
    let late = item(march(1), march(14));
    let holds = |item: &Item| still_holds("red", item, &rules, calendar(), march(18)).unwrap();
    let cause = holds(&late).unwrap();
    assert_eq!((cause.overdue_working_days, cause.left_percent), (2, None));
    assert!(cause.sentence().contains("已逾期2个工作日"), "{}", cause.sentence());
    assert!(holds(&item(march(1), march(29))).is_none());
}

#[test]
fn no_template_may_call_somebody_to_a_talk_by_itself_m33() {
    let automatic = SHARES.replace("slip = \"talk\"", "slip = \"talk\"\nissue = \"automatic\"");
    let faults = Template::parse(&format!("{HEAD}{automatic}")).unwrap_err();
    assert!(faults.iter().any(|fault| fault.code == "talk_is_automatic"), "{faults:?}");
    // Another code and kind do not hide it: the form calls itself 约谈.
    let disguised = HEAD.replace(
        "code = \"talk\"\nname = \"约谈单\"",
        "code = \"chat\"\nkind = \"reminder\"\nname = \"工作约谈单\"",
    );
    let rule = automatic.replace("slip = \"talk\"", "slip = \"chat\"");
    let faults = Template::parse(&format!("{disguised}{rule}")).unwrap_err();
    assert!(faults.iter().any(|fault| fault.code == "talk_is_automatic"), "{faults:?}");
}

#[test]
fn a_rule_needs_a_condition_and_known_words() {
    for (wrong, code) in [
        ("left_percent = 30\n", "no_condition"),
        ("colour = \"yellow\"", "unknown_value"),
        ("slip = \"reminder\"", "missing_reference"),
    ] {
        let with = match code {
            "no_condition" => "",
            "unknown_value" => "colour = \"purple\"",
            _ => "slip = \"letter\"",
        };
        let text = SHARES.replacen(wrong, with, 1);
        let faults = Template::parse(&format!("{HEAD}{text}")).unwrap_err();
        assert!(faults.iter().any(|fault| fault.code == code), "{code}: {faults:?}");
    }
}

#[test]
fn the_templates_of_the_program_have_ladders_on_which_an_overdue_item_gets_a_slip_by_itself() {
    for (name, text) in [
        ("themed", include_str!("../../../../templates/themed-education.toml")),
        ("environment", include_str!("../../../../templates/environment-inspection.toml")),
        ("safety", include_str!("../../../../templates/work-safety.toml")),
        ("audit", include_str!("../../../../templates/audit-rectification.toml")),
    ] {
        let template = Template::parse(text).unwrap_or_else(|faults| panic!("{name}: {faults:?}"));
        let found = due_slips(&item(march(1), march(7)), &template.ladder, 2, calendar(), march(8)).unwrap();
        let automatic = found.iter().any(|slip| slip.rule.issue.code() == "automatic");
        assert!(automatic, "{name}: {found:?}");
    }
}
