use bihuan_text::{Hardness, Obligation, OwnTerms, obligations, obligations_with};

/// A made-up speech: account first, then tasks.
const SPEECH: &str = "在云溪县主题教育推进会上的讲话
同志们：
前一阶段，全县先后召开推进会3次，解决了一批难题。下面，我讲两点意见。
一、提高思想认识，增强行动自觉
要深刻认识开展主题教育的重大意义，坚定信心，自觉对标对表。
二、抓好重点任务，确保取得实效
一是抓好理论学习。各党支部每月要开展2次以上集中学习，每名党员年底前至少撰写1篇学习心得。要坚持读原著、学原文，真正入脑入心，防止走过场。
二是抓好整改整治。各乡镇要在10月底前建立问题清单，实行销号管理。对历史遗留问题，要逐件明确办法。要持续开展“净水畅渠”行动，推动水环境不断改善。县水利局要疏通河道12公里。
";

fn of<'a>(all: &'a [Obligation], words: &str) -> &'a Obligation {
    all.iter().find(|o| o.quote.contains(words)).unwrap_or_else(|| panic!("{words}: {all:#?}"))
}

#[test]
fn a_count_and_a_rhythm_make_it_hard_m42() {
    let all = obligations(SPEECH, Some(2023));
    let study = of(&all, "集中学习");
    assert_eq!(study.subject.as_deref(), Some("各党支部"));
    assert_eq!((study.quantity, study.comparator), (Some(2.0), Some(">=")));
    assert_eq!(study.quantity_unit.as_deref(), Some("次"));
    assert_eq!((study.cadence, study.hardness), (Some("monthly"), Hardness::Hard));
    assert_eq!(study.measure, Some("theory-study"));
}

#[test]
fn a_limit_is_kept_as_written_and_resolved_m42() {
    let all = obligations(SPEECH, Some(2023));
    let list = of(&all, "建立问题清单");
    assert_eq!(list.deadline.as_deref(), Some("10月底前"));
    assert_eq!(list.deadline_resolved.as_deref(), Some("2023-10-31"));
    assert_eq!(list.subject.as_deref(), Some("各乡镇"));
    let essay = of(&all, "学习心得");
    assert_eq!(essay.deadline_resolved.as_deref(), Some("2023-12-31"));
    assert_eq!((essay.quantity, essay.comparator, essay.cadence), (Some(1.0), Some(">="), Some("once")));
}

#[test]
fn without_a_year_the_text_says_which() {
    let text = "各单位要在11月15日前报送2024年工作计划，2024年继续开展排查。";
    assert_eq!(obligations(text, None)[0].deadline_resolved.as_deref(), Some("2024-11-15"));
    assert_eq!(obligations("各单位要在11月15日前报送计划。", None)[0].deadline_resolved, None);
}

#[test]
fn a_named_campaign_without_count_is_soft_and_a_bureau_is_a_subject() {
    let all = obligations(SPEECH, Some(2023));
    assert_eq!(of(&all, "净水畅渠").hardness, Hardness::Soft);
    assert_eq!(of(&all, "净水畅渠").cadence, Some("continuous"));
    let river = of(&all, "疏通河道");
    assert_eq!(river.subject.as_deref(), Some("县水利局"));
    assert_eq!((river.quantity, river.hardness), (Some(12.0), Hardness::Hard));
}

#[test]
fn what_was_done_and_what_is_only_attitude_is_not_proposed() {
    let all = obligations(SPEECH, Some(2023));
    for words in ["推进会3次", "深刻认识", "入脑入心", "走过场", "坚定信心"] {
        assert!(!all.iter().any(|o| o.quote.contains(words)), "{words}");
    }
}

#[test]
fn every_proposal_tells_its_reasons_and_stands_where_it_says() {
    let chars: Vec<char> = SPEECH.chars().collect();
    for o in obligations(SPEECH, Some(2023)) {
        assert_eq!(chars[o.start..o.end].iter().collect::<String>(), o.quote);
        assert!(o.reasons.iter().any(|r| r.rule == "points"), "{o:?}");
    }
}

#[test]
fn a_report_owes_only_what_it_announces() {
    let report = "县林业局工作情况汇报\n一、主要做法\n建立林长制度，组织巡护60次，制定方案3个。\n二、下一步打算\n12月底前建成防火通道8公里。\n";
    let all = obligations(report, Some(2023));
    assert_eq!(all.len(), 1, "{all:#?}");
    assert_eq!(all[0].quantity, Some(8.0));
}

#[test]
fn an_office_teaches_its_names_and_what_it_drops() {
    let text = "河长制专员每月开展巡河2次。各单位要开展“清风行”活动，报送活动方案。";
    let own =
        OwnTerms { subjects: vec!["河长制专员".to_string()], dropped: vec!["清风行".to_string()] };
    let all = obligations_with(text, None, &own);
    assert_eq!(all[0].subject.as_deref(), Some("河长制专员"));
    assert_eq!((all[0].quantity, all[0].cadence), (Some(2.0), Some("monthly")));
    assert!(!all.iter().any(|o| o.quote.contains("清风行")));
    assert!(obligations(text, None).iter().any(|o| o.quote.contains("清风行")));
}

#[test]
fn times_of_every_writing_are_resolved_to_their_last_day() {
    let cases = [
        ("9月10日前", "2023-09-10"),
        ("10月中旬左右", "2023-10-20"),
        ("11月", "2023-11-30"),
        ("10月底前后", "2023-10-31"),
        ("年内", "2023-12-31"),
        ("2024年3月底前", "2024-03-31"),
        ("明年1月上旬", "2024-01-10"),
        ("第三季度末", "2023-09-30"),
        ("国庆节前", "2023-09-30"),
        ("9月10日至10月20日", "2023-10-20"),
    ];
    for (time, day) in cases {
        let text = format!("各单位要在{time}完成整改清单。");
        let found = obligations(&text, Some(2023));
        assert_eq!(found[0].deadline_resolved.as_deref(), Some(day), "{time}: {found:?}");
        assert!(
            found[0]
                .deadline
                .as_deref()
                .is_some_and(|d| d.starts_with(time.trim_end_matches("左右").trim_end_matches("前后")))
        );
    }
    let open = obligations("近期，各单位要完成整改清单。", Some(2023));
    assert_eq!((open[0].deadline.as_deref(), open[0].deadline_resolved.as_deref()), (Some("近期"), None));
}

#[test]
fn a_unit_that_calls_itself_by_a_short_name_is_told_by_the_title() {
    let text = "云溪县粮食局关于开展仓储检查的通知\n各粮库：\n一、检查安排\n我局将于5月底前对12座粮库开展1次检查。各粮库要在4月20日前报送自查报告。\n";
    let all = obligations(text, Some(2024));
    let unit = |words: &str| {
        of(&all, words).reasons.iter().find(|r| r.rule == "issuing unit").map(|r| r.words.clone())
    };
    assert_eq!(unit("12座粮库").as_deref(), Some("云溪县粮食局"));
    assert_eq!(unit("自查报告"), None);
}

#[test]
fn a_speech_that_looks_back_under_a_heading_of_tasks_asks_for_nothing_there() {
    let text = "在全县推进会上的讲话\n同志们：\n下面，我讲三点意见。\n一、狠抓落实\n今年前5个月，全县共检查粮库12座，整改问题30个，已拆除危仓3座。各乡镇要在7月底前再开展1次检查。\n";
    let all = obligations(text, Some(2024));
    assert_eq!(all.len(), 1, "{all:#?}");
    assert_eq!(all[0].deadline_resolved.as_deref(), Some("2024-07-31"));
}

#[test]
fn a_number_that_only_says_whom_it_concerns_is_no_count() {
    let text = "各乡镇要成立20人的队伍，组织不少于2次演练。对整改率低于80%的乡镇，由县政府主要领导约谈。";
    let all = obligations(text, Some(2024));
    assert_eq!(of(&all, "演练").quantity, Some(2.0));
    assert_eq!(of(&all, "约谈").quantity, None);
}

#[test]
fn quarters_and_starts_are_told_apart_from_limits() {
    let day = |text: &str| obligations(text, Some(2024))[0].deadline_resolved.clone();
    assert_eq!(day("县里将在第三季度召开现场会。").as_deref(), Some("2024-09-30"));
    assert_eq!(day("各单位要在上半年完成整改清单。").as_deref(), Some("2024-06-30"));
    assert_eq!(day("各单位要从11月份开始建立整改台账。"), None);
    assert_eq!(day("各单位要在收到通知之日起15日内报送整改方案。"), None);
}
