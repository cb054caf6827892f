//! Limits, rhythms and the day of the document, in sentences of tasks.

use bihuan_text::{Hardness, IssueDay, Obligation, OwnTerms, obligations, obligations_of_day};

/// A made-up speech of late November whose tasks are these sentences.
fn speech(tasks: &str) -> String {
    format!(
        "在云溪县推进会上的讲话\n（2026年11月20日）\n同志们：\n下面，我讲两点意见。\n一、抓好落实\n{tasks}\n"
    )
}

fn only(tasks: &str) -> Obligation {
    let mut all = obligations(&speech(tasks), Some(2026));
    assert_eq!(all.len(), 1, "{tasks}: {all:#?}");
    all.remove(0)
}

fn day_of(text: &str, year: Option<i32>) -> Option<String> {
    obligations(text, year).into_iter().next().and_then(|one| one.deadline_resolved)
}

#[test]
fn a_day_long_past_is_of_the_next_year_m42() {
    let cases = [
        ("1月10日前", "2027-01-10"),
        ("1月底前", "2027-01-31"),
        ("上半年内", "2027-06-30"),
        ("12月10日前", "2026-12-10"),
        ("11月5日前", "2026-11-05"),
        ("本月底前", "2026-11-30"),
        ("今年1月10日前", "2026-01-10"),
        ("2026年1月10日前", "2026-01-10"),
        ("12月10日至1月20日", "2027-01-20"),
        ("2027年内", "2027-12-31"),
    ];
    for (time, day) in cases {
        let one = only(&format!("各乡镇要在{time}完成整改。"));
        assert_eq!(one.deadline_resolved.as_deref(), Some(day), "{time}: {one:?}");
    }
}

#[test]
fn the_day_of_the_text_goes_before_the_year_that_is_given_m42() {
    let tasks = "各乡镇要在11月30日前完成排查，2027年1月10日召开现场会。";
    assert_eq!(day_of(&speech(tasks), Some(2024)).as_deref(), Some("2026-11-30"));
    let signed = format!("关于开展排查的通知\n{tasks}\n云溪县应急管理局\n2026年11月20日\n");
    assert_eq!(day_of(&signed, None).as_deref(), Some("2026-11-30"));
    let opened = format!("2026年11月20日，县政府召开了专题会议。\n{tasks}");
    assert_eq!(day_of(&opened, None).as_deref(), Some("2026-11-30"));
    // Without a day of the text, the year of another day is not taken for its own.
    assert_eq!(day_of(tasks, None), None);
    assert_eq!(day_of(tasks, Some(2026)).as_deref(), Some("2026-11-30"));
}

#[test]
fn the_day_of_a_document_may_be_told_from_outside_m42() {
    let of = |text: &str| {
        let day = IssueDay::new(2026, 11, 20).unwrap();
        obligations_of_day(text, day, &OwnTerms::default())[0].deadline_resolved.clone()
    };
    assert_eq!(of("各乡镇要在1月10日前完成整改。").as_deref(), Some("2027-01-10"));
    assert_eq!(of("各乡镇要在两周内完成整改。").as_deref(), Some("2026-12-04"));
    assert_eq!(of("（2025年3月2日）\n各乡镇要在1月10日前完成整改。\n").as_deref(), Some("2025-01-10"));
    assert_eq!(of("（2025年3月20日）\n各乡镇要在1月10日前完成整改。\n").as_deref(), Some("2026-01-10"));
}

#[test]
fn stretches_of_time_are_limits_and_counted_where_they_begin_is_known_m42() {
    let cases = [
        ("各乡镇要在两周内摸清底数。", "两周内", Some("2026-12-04")),
        ("各村于两周内完成台账建立。", "两周内", Some("2026-12-04")),
        ("两周内，各村要完成台账建立。", "两周内", Some("2026-12-04")),
        ("县水利局要在半个月内完成清淤。", "半个月内", Some("2026-12-05")),
        ("县水利局要在三个月内完成清淤。", "三个月内", Some("2027-02-20")),
        ("各乡镇要在15个工作日内完成摸排。", "15个工作日内", None),
        ("县财政局要在项目验收合格后两周内拨付资金。", "项目验收合格后两周内", None),
        ("各单位要在会后10个工作日内报送情况报告。", "会后10个工作日内", None),
    ];
    for (sentence, words, day) in cases {
        let one = only(sentence);
        assert_eq!(
            (one.deadline.as_deref(), one.deadline_resolved.as_deref()),
            (Some(words), day),
            "{sentence}"
        );
        assert_eq!((one.hardness, one.quantity), (Hardness::Hard, None), "{sentence}: {one:?}");
    }
    // How long a thing takes and what looks back are no limits.
    for sentence in ["县政务局要将办理时间压缩至3个工作日以内。", "县政务局要实行3日内办结制度。"]
    {
        assert_eq!(only(sentence).deadline, None, "{sentence}");
    }
}

#[test]
fn a_day_goes_before_words_that_name_none_m42() {
    let one = only("会后，请各单位于11月25日前将整改方案报县委办公室。");
    assert_eq!(one.deadline_resolved.as_deref(), Some("2026-11-25"), "{one:?}");
    assert_eq!((one.deadline.as_deref(), one.subject.as_deref()), (Some("11月25日前"), Some("各单位")));
}

#[test]
fn a_feast_of_the_moon_is_a_firm_limit_m42() {
    for feast in ["春节前", "中秋节前", "清明节前夕"] {
        let one = only(&format!("县交通局要在{feast}完成路面修复。"));
        assert_eq!((one.deadline.as_deref(), one.deadline_resolved), (Some(feast), None));
        assert_eq!(one.hardness, Hardness::Hard, "{feast}");
    }
    assert_eq!(only("县商务局要在春节前后组织年货节3场。").deadline, None);
    assert_eq!(only("县市场监管局要抓好春节前食品抽检30批次。").deadline, None);
}

#[test]
fn two_days_in_one_sentence_are_two_limits_m42() {
    let all = obligations(&speech("各责任单位11月30日前完成会商，12月15日前全部整改到位。"), Some(2026));
    let days: Vec<_> = all.iter().filter_map(|one| one.deadline_resolved.as_deref()).collect();
    assert_eq!(days, ["2026-11-30", "2026-12-15"], "{all:#?}");
}

#[test]
fn the_day_of_a_rhythm_is_kept_in_its_words_m42() {
    let cases = [
        ("每月5日前汇总上报。", "monthly", "每月5日前", "汇总上报"),
        ("各乡镇要每月底前报送进展情况。", "monthly", "每月底前", "报送进展情况"),
        ("县应急局要每季度末开展一次隐患排查。", "quarterly", "每季度末", "开展一次隐患排查"),
        ("县应急局要每月20日调度一次。", "monthly", "每月20日", "调度一次"),
        ("县委办公室每周五下午通报一次进度。", "weekly", "每周五下午", "通报一次进度"),
        ("县水利局每半月调度一次。", "continuous", "每半月", "调度一次"),
        ("县水利局每两周通报一次进度。", "continuous", "每两周", "通报一次进度"),
    ];
    for (sentence, cadence, words, action) in cases {
        let one = only(sentence);
        assert_eq!(
            (one.cadence, one.deadline.as_deref()),
            (Some(cadence), Some(words)),
            "{sentence}: {one:?}"
        );
        assert_eq!((one.action.as_str(), one.hardness), (action, Hardness::Hard), "{sentence}");
    }
    let plain = only("县信访局每周一次调度积案。");
    assert_eq!((plain.cadence, plain.deadline), (Some("weekly"), None));
}

#[test]
fn what_is_kept_up_for_good_is_said_besides_the_limit_m42() {
    for time in ["一个月内", "12月底前"] {
        let one = only(&format!("各乡镇要在{time}恢复渠道通水，并长期坚持。"));
        assert_eq!((one.cadence, one.deadline.as_deref()), (Some("continuous"), Some(time)), "{one:?}");
    }
}
