//! Draws: reproducible, uniform, verifiable by anybody, with recusal (M29).

use bihuan_domain::Day;
use bihuan_domain::draw::{
    Candidate, Draw, DrawFile, DrawMethod, DrawPlan, DrawPurpose, DrawState, Examiner, Stratum,
    commitment_of, draw_lots, plan_digest, seed_of, verify,
};
use bihuan_domain::id::{CampaignId, DrawId, PersonId, UnitId};

fn day() -> Day {
    Day::from_ymd(2024, 3, 5).unwrap()
}

fn candidate(id: i64, stratum: &str, doing: &[i64]) -> Candidate {
    Candidate {
        id,
        name: format!("单位{id}"),
        stratum: stratum.to_owned(),
        doing: doing.to_vec(),
        hands: vec![],
    }
}

fn examiner(person: i64, units: &[i64]) -> Examiner {
    Examiner { person, name: format!("人员{person}"), units: units.to_vec() }
}

fn plan(candidates: i64, size: u32) -> DrawPlan {
    DrawPlan {
        title: "抽查".to_owned(),
        purpose: DrawPurpose::Visits,
        open_day: day().plus_days(3),
        examiners_each: 2,
        strata: vec![Stratum { code: "all".to_owned(), name: "全部".to_owned(), size }],
        examiners: (1..=6).map(|n| examiner(n, &[100, n])).collect(),
        candidates: (1..=candidates).map(|id| candidate(id, "all", &[id])).collect(),
    }
}

fn draw(plan: &DrawPlan, secret: &str) -> Draw {
    Draw {
        id: DrawId(7),
        campaign_id: CampaignId(1),
        unit_id: UnitId(1),
        title: plan.title.clone(),
        purpose: plan.purpose,
        method: DrawMethod::Announced,
        open_day: plan.open_day,
        plan: String::new(),
        plan_digest: plan_digest(plan),
        commitment: commitment_of(secret),
        public_source: "3月6日开奖号码".to_owned(),
        public_value: String::new(),
        secret: String::new(),
        result: String::new(),
        result_digest: String::new(),
        state: DrawState::Committed,
        inspection_id: None,
        committed_seq: 12,
        committed_at: day().starts_at(),
        committed_by: PersonId(1),
        drawn_at: None,
        opened_at: None,
        version: 1,
    }
}

#[test]
fn the_same_seed_draws_the_same_whatever_the_order_of_the_list_m29() {
    let plan = plan(40, 5);
    let mut turned = plan.clone();
    turned.candidates.reverse();
    turned.examiners.reverse();
    assert_eq!(plan_digest(&plan), plan_digest(&turned));
    let seed = seed_of("s", "07 11 23", &plan_digest(&plan));
    let drawn = draw_lots(&plan, &seed);
    assert_eq!(drawn, draw_lots(&turned, &seed));
    assert_eq!(drawn.len(), 5);
    assert_ne!(drawn, draw_lots(&plan, &seed_of("s", "07 11 24", &plan_digest(&plan))));
}

#[test]
fn the_bytes_are_those_of_the_documentation_m29() {
    // printf 'bihuan-draw-1 secret\nabc\n' | sha256sum
    assert_eq!(commitment_of("abc"), "299aa6cb0356fa22a5c4054dd58ffba85acbb14842d20f106f2f311563e15715");
    // printf 'bihuan-draw-1 seed\nabc\n1 2 3\nddd\n' | sha256sum
    assert_eq!(
        seed_of("abc", "1 2 3", "ddd"),
        "9ceab9f6a96e19717550636a88794059ec41f040f1b5f10bbcc41a42b4b3a5c6"
    );
}

#[test]
fn every_candidate_has_the_same_chance_by_chi_square_m29() {
    let plan = DrawPlan { examiners_each: 0, ..plan(20, 4) };
    let digest = plan_digest(&plan);
    let draws = 4_000_u32;
    let mut hits = [0_u32; 20];
    for n in 0..draws {
        for one in draw_lots(&plan, &seed_of("secret", &n.to_string(), &digest)) {
            hits[usize::try_from(one.id - 1).unwrap()] += 1;
        }
    }
    let expected = f64::from(draws) * 4.0 / 20.0;
    let chi: f64 = hits.iter().map(|n| (f64::from(*n) - expected).powi(2) / expected).sum();
    // Drawing without replacement spreads less: the sum, divided by 1 - 4/20, follows chi-square with 19 degrees of
    // freedom, which exceeds 43.8 once in a thousand draws of draws.
    assert!(chi / (1.0 - 4.0 / 20.0) < 43.8, "chi-square {chi}: {hits:?}");
    assert!(chi > 1.0, "too even to be a draw: {hits:?}");
}

#[test]
fn examiners_of_the_doing_unit_and_hands_in_the_work_stay_away_m29() {
    let mut plan = plan(30, 30);
    plan.examiners_each = 1;
    for candidate in &mut plan.candidates {
        candidate.doing = vec![candidate.id % 6 + 1];
        candidate.hands = vec![(candidate.id + 1) % 6 + 1];
    }
    let drawn = draw_lots(&plan, &seed_of("s", "v", &plan_digest(&plan)));
    assert_eq!(drawn.len(), 30);
    let mut loads = [0; 7];
    for one in &drawn {
        let candidate = plan.candidates.iter().find(|c| c.id == one.id).unwrap();
        for person in &one.examiners {
            let examiner = plan.examiners.iter().find(|e| e.person == *person).unwrap();
            assert!(!examiner.is_barred_from(candidate), "{person} examines {}", one.id);
            loads[usize::try_from(*person).unwrap()] += 1;
        }
    }
    let (least, most) = (loads[1..].iter().min().unwrap(), loads[1..].iter().max().unwrap());
    assert!(most - least <= 2, "the load is shared: {loads:?}");
}

#[test]
fn a_draw_that_cannot_be_made_is_refused_with_its_field_m29() {
    let today = day();
    let code = |plan: &DrawPlan| plan.check(today).unwrap_err().code;
    assert!(plan(10, 3).check(today).is_ok());
    assert_eq!(code(&plan(0, 0)), "draw_without_candidates");
    assert_eq!(code(&plan(3, 4)), "stratum_too_small");
    assert_eq!(code(&plan(3, 0)), "draw_of_none");
    let few = DrawPlan { examiners: vec![examiner(1, &[5])], ..plan(10, 3) };
    assert_eq!(code(&few), "too_few_examiners");
    let late = DrawPlan { open_day: today.plus_days(181), ..plan(10, 3) };
    assert_eq!(code(&late), "open_day_out_of_range");
    assert_eq!(code(&DrawPlan { examiners_each: 6, ..plan(10, 3) }), "too_many_examiners");
}

#[test]
fn the_list_is_sealed_until_its_day_and_the_value_is_entered_once_m29() {
    let (plan, secret) = (plan(12, 3), "00ff");
    let mut draw = draw(&plan, secret);
    let now = day().plus_days(1).starts_at();
    assert_eq!(draw.clone().open(&plan, secret, now).unwrap_err().code, "draw_in_another_state");
    assert_eq!(draw.clone().enter_value(&plan, "other", "9", now).unwrap_err().code, "draw_secret_differs");
    draw.enter_value(&plan, secret, "07 11 23", now).unwrap();
    assert_eq!(draw.clone().enter_value(&plan, secret, "8", now).unwrap_err().code, "draw_in_another_state");
    assert_eq!(draw.open(&plan, secret, day().plus_days(2).starts_at()).unwrap_err().code, "draw_is_sealed");
    assert!(draw.secret.is_empty(), "the secret stays secret");
    let drawn = draw.open(&plan, secret, day().plus_days(3).starts_at()).unwrap();
    assert_eq!((drawn.len(), draw.state), (3, DrawState::Opened));
}

fn opened() -> String {
    let (plan, secret) = (plan(12, 3), "00ff");
    let mut draw = draw(&plan, secret);
    draw.enter_value(&plan, secret, "07 11 23", day().starts_at()).unwrap();
    let drawn = draw.open(&plan, secret, day().plus_days(3).starts_at()).unwrap();
    DrawFile::of(&draw, plan, drawn).text()
}

#[test]
fn a_file_verifies_and_any_altered_byte_is_found_m29() {
    let text = opened();
    let (file, faults) = verify(&text).unwrap();
    assert!(faults.is_empty(), "{faults:?}");
    assert_eq!(file.drawn.len(), 3);
    let bytes = text.as_bytes();
    for at in 0..bytes.len() {
        let mut altered = bytes.to_vec();
        // Another letter of the same kind, so that most files can still be read.
        altered[at] = match altered[at] {
            b'0'..=b'8' | b'a'..=b'y' => altered[at] + 1,
            b' ' => b'\t',
            b'\n' => b' ',
            other => other ^ 1,
        };
        let Ok(altered) = String::from_utf8(altered) else { continue };
        match verify(&altered) {
            Err(fault) => assert_eq!(fault.code, "not_a_draw_file"),
            Ok((_, faults)) => {
                assert!(!faults.is_empty(), "byte {at} was altered unseen: {:?}", &text[..at.min(80)])
            }
        }
    }
}

#[test]
fn what_was_altered_is_said_m29() {
    let text = opened();
    let codes =
        |text: &str| -> Vec<&'static str> { verify(text).unwrap().1.iter().map(|f| f.code).collect() };
    assert!(codes(&text.replacen("\"name\": \"单位5\"", "\"name\": \"单位9\"", 1)).contains(&"plan_altered"));
    assert!(codes(&text.replacen("07 11 23", "07 11 24", 1)).contains(&"result_not_reproduced"));
    assert!(
        codes(&text.replacen("\"secret\": \"00ff\"", "\"secret\": \"00fe\"", 1)).contains(&"secret_differs")
    );
    let (file, _) = verify(&text).unwrap();
    let swapped = text.replacen(
        &format!("\"id\": {},\n      \"examiners\"", file.drawn[0].id),
        "\"id\": 11,\n      \"examiners\"",
        1,
    );
    assert!(codes(&swapped).contains(&"result_differs"), "{swapped}");
    assert_eq!(codes(&format!("{text} ")), ["not_as_written"]);
}
