//! Tasks and projects: scheduled back from the deadline, standing derived, progress rolled up (M16, M17).

use bihuan_domain::calendar::Calendar;
use bihuan_domain::id::{
    AccountId, CampaignId, GrantId, MilestoneId, PersonId, PostId, TaskId, TaskTargetId, UnitId,
};
use bihuan_domain::role::{Actor, Grant, HeldPost, Role};
use bihuan_domain::task::{
    self, Desk, Draft, FULL, Hands, MILESTONES_MAX, Milestone, MilestoneDraft, Part, Place, Standing, Tally,
    TargetDraft, TargetReading, Task, TaskStage, TaskState, TaskTarget, Wanted, Work, back_schedule, curve,
    judge, standing_sentence, targets_of,
};
use bihuan_domain::unit::UnitPath;
use bihuan_domain::{Coded, Day, Refusal};

fn day(month: u32, day: u32) -> Day {
    Day::from_ymd(2024, month, day).unwrap()
}

fn county() -> Place {
    Place { unit: UnitId(1), path: UnitPath::root(UnitId(1)) }
}

fn town(id: i64) -> Place {
    Place { unit: UnitId(id), path: county().path.child(UnitId(id)) }
}

/// Person `id` with a role over a place and a post in a unit of its own place.
fn actor(id: i64, role: Role, over: &Place, post: &Place) -> Actor {
    Actor {
        account: AccountId(id),
        person: PersonId(id),
        name: format!("人员{id}"),
        posts: vec![HeldPost {
            post: PostId(id),
            name: "岗位".to_owned(),
            unit: post.unit,
            path: post.path.clone(),
        }],
        grants: vec![Grant { id: GrantId(id), role, unit: over.unit, path: over.path.clone() }],
    }
}

fn draft() -> Draft {
    Draft {
        kind: "key".to_owned(),
        project: false,
        title: "新建农村公路".to_owned(),
        goal: "年内通车".to_owned(),
        strand: String::new(),
        owner_post_id: None,
        partners: String::new(),
        starts_day: day(3, 1),
        due_day: day(6, 28),
        budget_fen: 100,
        spent_fen: 0,
        beneficiaries: 0,
        beneficiary_words: String::new(),
    }
}

fn office() -> Actor {
    actor(1, Role::Office, &county(), &county())
}

fn new_task() -> Task {
    let desk = Desk { actor: &office(), today: day(3, 1) };
    let mut task = task::create(&desk, CampaignId(1), &town(2), &county(), &draft()).unwrap();
    (task.id, task.number) = (TaskId(1), 1);
    task
}

fn work(task: Task) -> Work {
    Work { task, milestones: vec![], targets: vec![], readings: vec![], parts: vec![] }
}

fn milestone(id: i64, days: i64, from: Day, due: Day) -> Milestone {
    Milestone {
        id: MilestoneId(id),
        task_id: TaskId(1),
        ordinal: id,
        title: format!("节点{id}"),
        working_days: days,
        starts_day: from,
        due_day: due,
        pinned: false,
        done_day: None,
        filed_day: None,
        filed_by: None,
        note: String::new(),
        version: 1,
    }
}

fn target(name: &str, target: i64, reached: i64) -> TaskTarget {
    TaskTarget {
        id: TaskTargetId(1),
        task_id: TaskId(1),
        ordinal: 1,
        name: name.to_owned(),
        measure_word: "公里".to_owned(),
        baseline: 0,
        target,
        reached,
        reached_day: None,
        version: 1,
    }
}

fn wanted(days: &[i64]) -> Vec<Wanted> {
    days.iter()
        .enumerate()
        .map(|(n, days)| Wanted { title: format!("节点{}", n + 1), working_days: *days, pinned: None })
        .collect()
}

#[test]
fn milestones_are_scheduled_back_over_holidays_and_make_up_days_m16() {
    let calendar = Calendar::china();
    // The Labour Day holiday of 2024 runs from 1 to 5 May; 28 April and 11 May are worked.
    let slots = back_schedule(calendar, (day(3, 1), day(5, 12)), &wanted(&[3, 6, 2])).unwrap();
    let days: Vec<_> = slots.iter().map(|slot| (slot.starts, slot.due)).collect();
    assert_eq!(days, [(day(4, 25), day(4, 28)), (day(4, 29), day(5, 9)), (day(5, 10), day(5, 11))]);
    for (slot, days) in slots.iter().zip([3, 6, 2]) {
        assert_eq!(calendar.working_days_between(slot.starts.plus_days(-1), slot.due).unwrap(), days);
    }
    let mut pinned = wanted(&[3, 6, 2]);
    pinned[0].pinned = Some(day(4, 12));
    let slots = back_schedule(calendar, (day(3, 1), day(5, 12)), &pinned).unwrap();
    assert_eq!(
        (slots[0].due, slots[1].due),
        (day(4, 12), day(5, 9)),
        "what is pinned stays, the rest is packed"
    );
}

#[test]
fn a_schedule_that_does_not_fit_or_leaves_the_calendar_is_refused_with_a_sentence_m16() {
    let calendar = Calendar::china();
    let refused = |due: Day, wanted: &[Wanted]| -> Refusal {
        back_schedule(calendar, (day(3, 1), due), wanted).unwrap_err()
    };
    let tight = refused(day(3, 8), &wanted(&[4, 4]));
    assert_eq!(tight.code, "schedule_too_tight");
    assert!(tight.sentence.contains("节点1") && tight.sentence.contains("2个工作日"), "{}", tight.sentence);
    let beyond = Day::from_ymd(calendar.last_year() + 1, 1, 15).unwrap();
    let unknown = refused(beyond, &wanted(&[2]));
    assert_eq!(unknown.code, "calendar_year_not_held");
    assert!(unknown.sentence.contains(&calendar.last_year().to_string()), "{}", unknown.sentence);
    let mut late = wanted(&[2, 2]);
    late[0].pinned = Some(day(3, 8));
    assert_eq!(refused(day(3, 8), &late).code, "milestone_order");
}

#[test]
fn standing_is_derived_from_days_milestones_and_figures_m16() {
    let calendar = Calendar::china();
    let standing = |work: &Work, on: Day| judge(work, on, calendar, 20).standing;
    let mut one = work(new_task());
    assert_eq!(standing(&one, day(2, 20)), Standing::NotStarted);
    assert_eq!(standing(&one, day(3, 20)), Standing::OnSchedule);
    assert_eq!(standing(&one, day(6, 29)), Standing::Behind);
    one.milestones = vec![milestone(1, 10, day(3, 1), day(3, 14)), milestone(2, 70, day(3, 15), day(6, 28))];
    assert_eq!(standing(&one, day(3, 14)), Standing::OnSchedule, "its day is still in time");
    assert_eq!(standing(&one, day(3, 15)), Standing::Behind);
    one.milestones[0].done_day = Some(day(3, 14));
    assert_eq!(standing(&one, day(3, 15)), Standing::OnSchedule);
    assert_eq!((one.actual(day(3, 15)), one.actual(day(3, 13))), (FULL * 10 / 80, 0));
    one.milestones[1].working_days = 120;
    let judged = judge(&one, day(3, 15), calendar, 20);
    assert_eq!(judged.standing, Standing::AtRisk);
    assert!(judged.reasons[0].contains("还需120个工作日"), "{:?}", judged.reasons);
    one.milestones.clear();
    one.targets = vec![target("里程", 100_000, 10_000)];
    assert_eq!(standing(&one, day(3, 20)), Standing::OnSchedule, "within the lag that is allowed");
    assert_eq!(standing(&one, day(5, 1)), Standing::AtRisk);
    assert_eq!(judge(&one, day(5, 1), calendar, 0).standing, Standing::OnSchedule, "0 switches it off");
    one.task.spent_fen = 101;
    assert_eq!(judge(&one, day(3, 20), calendar, 0).standing, Standing::AtRisk);
    one.task.state = TaskState::Stopped;
    assert_eq!(standing(&one, day(6, 29)), Standing::Stopped);
}

#[test]
fn the_sentence_of_reports_falls_out_of_the_tally_m16() {
    let mut tally = Tally::default();
    for (standing, n) in [(Standing::Done, 2), (Standing::OnSchedule, 7), (Standing::Behind, 1)] {
        (0..n).for_each(|_| tally.add(standing));
    }
    assert_eq!(standing_sentence(&tally), "完成2项，按时序推进7项，滞后1项");
    tally.add(Standing::AtRisk);
    tally.add(Standing::Stopped);
    assert_eq!(standing_sentence(&tally), "完成2项，按时序推进8项（其中1项有风险），滞后1项；另有1项已终止");
    assert_eq!(standing_sentence(&Tally::default()), "没有任务");
    assert_eq!(tally.total(), 12);
    let each = Standing::ALL.iter().map(|s| tally.of(*s)).sum::<i64>();
    assert_eq!(each, tally.total(), "every standing is counted once");
}

#[test]
fn progress_of_parts_rolls_up_by_weight_m16() {
    let mut whole = work(new_task());
    whole.targets = vec![target("里程", 30_000, 0)];
    for (id, weight, reached) in [(2, 10_000, 10_000), (3, 20_000, 5_000)] {
        let mut part = work(Task { id: TaskId(id), parent_id: Some(TaskId(1)), weight, ..new_task() });
        part.targets = vec![target("里程", weight, reached)];
        part.readings = vec![TargetReading {
            id,
            task_id: TaskId(id),
            target_id: TaskTargetId(1),
            day: day(3, 10),
            value: reached,
            note: String::new(),
            filed_by: PersonId(3),
            filed_at: day(3, 10).starts_at(),
        }];
        whole.parts.push(part);
    }
    assert_eq!(whole.actual(day(3, 10)), (10_000 * FULL + 20_000 * (FULL / 4)) / 30_000);
    assert_eq!(whole.actual(day(3, 9)), 0);
    let plan = &targets_of(&whole)[0];
    assert_eq!((plan.reached, plan.share, plan.given), (15_000, FULL / 2, Some(30_000)));
    whole.parts[1].task.state = TaskState::Stopped;
    assert_eq!(whole.actual(day(3, 10)), FULL, "what was stopped no longer counts");
}

#[test]
fn the_plan_of_a_broken_down_task_is_that_of_its_parts_by_weight_m16() {
    let mut whole = work(new_task());
    // Its own milestones are steps on the way: its parts say how far it should be, as they say how far it is.
    whole.milestones = vec![milestone(1, 90, day(3, 1), day(6, 28))];
    for (id, weight, due) in [(2, 1, day(3, 10)), (3, 3, day(6, 28))] {
        let task = Task { id: TaskId(id), parent_id: Some(TaskId(1)), weight, due_day: due, ..new_task() };
        let mut part = work(task);
        part.milestones = vec![milestone(10 + id, 5, day(3, 1), due)];
        part.milestones[0].done_day = Some(day(3, 9)).filter(|_| id == 2);
        whole.parts.push(part);
    }
    assert_eq!((whole.planned(day(3, 9)), whole.actual(day(3, 8))), (0, 0));
    assert_eq!((whole.planned(day(3, 10)), whole.actual(day(3, 10))), (FULL / 4, FULL / 4));
    assert_eq!(whole.planned(day(6, 28)), FULL);
    whole.parts[0].task.state = TaskState::Stopped;
    assert_eq!(whole.planned(day(3, 10)), 0, "what was stopped is no longer planned");
}

#[test]
fn a_falling_target_that_is_broken_down_begins_at_nothing_m16() {
    let falls = |baseline: i64, to: i64, reached: i64| TaskTarget {
        baseline,
        ..target("积案", to * 1_000, reached * 1_000)
    };
    let mut whole = work(new_task());
    whole.targets = vec![TaskTarget { baseline: 100_000, ..falls(0, 50, 100) }];
    for (id, from, to) in [(2, 60, 30), (3, 40, 20)] {
        let mut part = work(Task { id: TaskId(id), parent_id: Some(TaskId(1)), ..new_task() });
        part.targets = vec![TaskTarget { baseline: from * 1_000, ..falls(0, to, from) }];
        whole.parts.push(part);
    }
    let plan = |whole: &Work| targets_of(whole)[0].clone();
    assert_eq!((plan(&whole).reached, plan(&whole).share), (100_000, 0));
    assert_eq!(plan(&whole).given, Some(50_000));
    whole.parts[0].targets[0].reached = 45_000;
    assert_eq!((plan(&whole).reached, plan(&whole).share), (85_000, FULL * 15 / 50));
    whole.parts[1].targets[0].reached = 10_000;
    whole.parts[0].targets[0].reached = 30_000;
    assert_eq!(plan(&whole).share, FULL);
}

#[test]
fn percentages_of_parts_are_weighed_and_never_summed_m16() {
    let mut whole = work(new_task());
    let rate = |baseline: i64, to: i64, reached: i64| TaskTarget {
        baseline: baseline * 1_000,
        measure_word: "%".to_owned(),
        ..target("合格率", to * 1_000, reached * 1_000)
    };
    whole.targets = vec![rate(80, 100, 80)];
    for (id, weight, reached) in [(2, 1_000, 80), (3, 3_000, 100)] {
        let mut part = work(Task { id: TaskId(id), parent_id: Some(TaskId(1)), weight, ..new_task() });
        part.targets = vec![rate(80, 100, reached)];
        whole.parts.push(part);
    }
    let plan = &targets_of(&whole)[0];
    assert_eq!((plan.reached, plan.given, plan.share), (95_000, Some(100_000), FULL * 3 / 4));
}

#[test]
fn the_curve_never_falls_and_ends_at_the_whole_m16() {
    let mut one = work(new_task());
    one.milestones = vec![milestone(1, 10, day(3, 1), day(3, 14)), milestone(2, 70, day(3, 15), day(6, 28))];
    one.milestones[0].done_day = Some(day(3, 20));
    let points = curve(&one, day(4, 1));
    assert!(points.windows(2).all(|p| p[0].day < p[1].day && p[0].planned <= p[1].planned));
    assert!(points.iter().any(|p| p.day == day(4, 1)));
    assert_eq!(points.last().map(|p| (p.day, p.planned, p.actual)), Some((day(6, 28), FULL, None)));
    let now = points.iter().find(|p| p.day == day(4, 1)).unwrap();
    assert_eq!(now.actual, Some(FULL * 10 / 80));
    let one_day = work(Task { due_day: day(3, 1), ..new_task() });
    assert_eq!(curve(&one_day, day(3, 1)).len(), 2 - 1, "a task of one day has one point");
}

#[test]
fn the_doer_reports_and_somebody_else_confirms_m16_m17() {
    let clerk = actor(3, Role::Filler, &town(2), &town(2));
    let unit = town(2);
    let mut one = work(Task { project: true, ..new_task() });
    one.milestones = vec![milestone(1, 10, day(3, 1), day(3, 14))];
    let desk = Desk { actor: &clerk, today: day(3, 20) };
    let none = Hands::default();
    let report = |work: &Work, hands: &Hands| {
        task::report(&desk, (&work.task, &unit.path), work, hands, (day(3, 20), "已通车"))
    };
    assert_eq!(report(&one, &none).unwrap_err().code, "milestones_open");
    let stranger = actor(4, Role::Filler, &town(3), &town(3));
    let other = Desk { actor: &stranger, ..desk };
    let first = &one.milestones[0];
    let finish =
        |desk: &Desk<'_>, on| task::finish_milestone(desk, (&one.task, &unit.path), first, on, "已完成");
    assert_eq!(finish(&other, day(3, 14)).unwrap_err().code, "not_allowed");
    assert_eq!(finish(&desk, day(3, 21)).unwrap_err().code, "day_in_future");
    assert_eq!(finish(&desk, day(2, 21)).unwrap_err().code, "day_before_start");
    let done = finish(&desk, day(3, 14)).unwrap();
    one.milestones = vec![done];
    assert_eq!(report(&one, &none).unwrap_err().code, "evidence_missing");
    let hands = Hands { people: vec![clerk.person], stages: vec![TaskStage::Before, TaskStage::After] };
    one.targets = vec![target("里程", 100, 99)];
    assert_eq!(report(&one, &hands).unwrap_err().code, "targets_short");
    one.targets.clear();
    let reported = report(&one, &hands).unwrap();
    assert_eq!(reported.state, TaskState::Reported);
    let accept =
        |who: &Actor| task::accept(&Desk { actor: who, ..desk }, (&reported, &unit.path), &hands, "属实");
    assert_eq!(accept(&clerk).unwrap_err().code, "not_allowed");
    let mut both = clerk.clone();
    both.grants.extend(office().grants);
    assert_eq!(accept(&both).unwrap_err().code, "not_allowed", "belongs to the unit that did it");
    let mut moved = office();
    moved.person = clerk.person;
    assert_eq!(accept(&moved).unwrap_err().code, "own_work", "the hand stays with the person");
    assert_eq!(accept(&office()).unwrap().state, TaskState::Done);
    let back =
        task::send_back(&Desk { actor: &office(), ..desk }, (&reported, &unit.path), &hands, "照片不清")
            .unwrap();
    assert_eq!((back.state, back.send_backs, back.claimed_day), (TaskState::Running, 1, None));
}

#[test]
fn a_break_down_goes_only_downwards_and_never_beyond_the_deadline_m16() {
    let clerk = actor(3, Role::Filler, &town(2), &town(2));
    let desk = Desk { actor: &clerk, today: day(3, 5) };
    let village = Place { unit: UnitId(6), path: town(2).path.child(UnitId(6)) };
    let part = |place: &Place, due: Day| Part {
        place: place.clone(),
        way: Some((0, 5_000)),
        weight: Some(5_000),
        due_day: due,
    };
    let broken = |parts: &[Part]| task::break_down(&desk, (&new_task(), &town(2)), &[], parts);
    assert_eq!(broken(&[]).unwrap_err().code, "no_parts");
    assert_eq!(broken(&[part(&town(3), day(6, 1))]).unwrap_err().code, "part_not_below");
    assert_eq!(broken(&[part(&town(2), day(6, 1))]).unwrap_err().code, "part_not_below");
    assert_eq!(broken(&[part(&village, day(6, 29))]).unwrap_err().code, "part_too_late");
    assert_eq!(
        broken(&[part(&village, day(6, 1)), part(&village, day(6, 1))]).unwrap_err().code,
        "part_twice"
    );
    let made = broken(&[part(&village, day(6, 28))]).unwrap();
    assert_eq!(
        (made[0].parent_id, made[0].order_unit_id, made[0].weight),
        (Some(TaskId(1)), UnitId(2), 5_000)
    );
    let other = actor(4, Role::Filler, &town(3), &town(3));
    let desk = Desk { actor: &other, ..desk };
    let refused = task::break_down(&desk, (&new_task(), &town(2)), &[], &[part(&village, day(6, 1))]);
    assert_eq!(refused.unwrap_err().code, "not_allowed");
}

#[test]
fn what_was_reached_stays_when_the_schedule_is_made_again_m16() {
    let boss = office();
    let desk = Desk { actor: &boss, today: day(3, 20) };
    let one = new_task();
    let mut have = vec![milestone(1, 10, day(3, 1), day(3, 14)), milestone(2, 5, day(3, 15), day(3, 21))];
    have[0].done_day = Some(day(3, 12));
    let drafts = [MilestoneDraft { of: Some(2), title: "验收".to_owned(), working_days: 8, pinned: None }];
    let all = task::plan_milestones(&desk, (&one, &county().path), &have, &drafts, |wanted| {
        back_schedule(Calendar::china(), (one.starts_day, one.due_day), wanted)
    })
    .unwrap();
    assert_eq!((&all[0], all[1].id, all[1].ordinal, all[1].version), (&have[0], MilestoneId(2), 2, 2));
    assert_eq!(all[1].due_day, day(6, 28));
    let many = vec![drafts[0].clone(); MILESTONES_MAX + 1];
    assert_eq!(task::check_milestones(&many).unwrap_err().code, "too_many");
    assert!(task::check_milestones(&many[..MILESTONES_MAX]).is_ok());
    let none = MilestoneDraft { working_days: 0, ..drafts[0].clone() };
    assert_eq!(task::check_milestones(&[none]).unwrap_err().code, "working_days");
    let same =
        TargetDraft { name: "里程".to_owned(), measure_word: "公里".to_owned(), baseline: 5, target: 5 };
    assert_eq!(task::check_targets(&[same]).unwrap_err().code, "target_is_baseline");
}
