//! Who has to, and tasks that only their whole shape tells.

use bihuan_text::{Hardness, Obligation, obligations, parties};

/// A made-up speech whose tasks are these sentences.
fn all(tasks: &str) -> Vec<Obligation> {
    let text = format!(
        "在云溪县推进会上的讲话\n（2026年11月20日）\n同志们：\n下面，我讲两点意见。\n一、抓好落实\n{tasks}\n"
    );
    obligations(&text, Some(2026))
}

fn only(tasks: &str) -> Obligation {
    let mut found = all(tasks);
    assert_eq!(found.len(), 1, "{tasks}: {found:#?}");
    found.remove(0)
}

#[test]
fn who_takes_the_lead_has_to_m42() {
    let tasks = [
        "县住房和城乡建设局牵头，县交通运输局、县财政局配合，12月底前完成3个老旧小区的管网改造。",
        "由县住房和城乡建设局牵头，县交通运输局、县财政局配合，12月底前完成3个老旧小区的管网改造。",
        "县住房和城乡建设局牵头、县财政局配合，12月底前完成3个老旧小区的管网改造。",
        "县住房和城乡建设局要牵头抓总，县财政局要积极配合，12月底前完成3个老旧小区的管网改造。",
        "12月底前完成3个老旧小区的管网改造，由县住房和城乡建设局牵头，县财政局配合。",
    ];
    for sentence in tasks {
        let one = only(sentence);
        assert_eq!(one.subject.as_deref(), Some("县住房和城乡建设局"), "{sentence}");
        assert_eq!(
            (one.quantity, one.action.as_str()),
            (Some(3.0), "完成3个老旧小区的管网改造"),
            "{sentence}"
        );
    }
    // Who does it by name has to, whoever leads; and who leads one thing leads no other.
    let own = only("由各乡镇牵头，县水利局派出技术人员6名。");
    assert_eq!(own.subject.as_deref(), Some("县水利局"));
    let next = all("由县水利局牵头，建成堤防3公里。清理河道垃圾20吨。");
    assert_eq!(next[1].subject, None, "{next:#?}");
}

#[test]
fn reports_and_answers_owed_by_a_day_are_found_m42() {
    let cases = [
        ("确因客观原因不能按期完成的，要在12月5日前向县主题教育专班书面说明。", None, Some("12月5日前")),
        ("12月25日前报县主题教育专班。", None, Some("12月25日前")),
        (
            "请青岚镇党委主要负责同志亲自抓，春节前给群众一个交代。",
            Some("青岚镇党委主要负责同志"),
            Some("春节前"),
        ),
    ];
    for (sentence, subject, deadline) in cases {
        let one = only(sentence);
        assert_eq!((one.subject.as_deref(), one.deadline.as_deref()), (subject, deadline), "{one:?}");
        assert_eq!(one.hardness, Hardness::Hard, "{sentence}");
    }
    // Without a day it is only an attitude.
    assert_eq!(all("各级领导干部要给群众一个满意的交代。"), []);
    // 会同 and 向 name others.
    let with = only("会同教育、公安、交通等部门开展联合检查2次。");
    assert_eq!(with.subject, None);
}

#[test]
fn durations_and_numbered_parts_of_places_are_no_counts_m42() {
    assert_eq!(only("各乡镇要在15个工作日内完成摸排。").quantity, None);
    assert_eq!(only("柳汀乡三组党群服务中心要在12月底前完成屋面修缮。").quantity, None);
    assert_eq!(only("各乡镇要派出三组干部入户走访。").quantity, Some(3.0));
    let shown = only("县住建局要将名单公示5个工作日。");
    assert_eq!((shown.quantity, shown.quantity_unit.as_deref()), (Some(5.0), Some("个工作日")));
}

#[test]
fn a_row_of_names_is_parted_and_a_name_is_not_m42() {
    let rows: [(&str, &[&str]); 9] = [
        ("青岚镇、柳汀镇和白石铺镇", &["青岚镇", "柳汀镇", "白石铺镇"]),
        ("县教育局以及县财政局", &["县教育局", "县财政局"]),
        ("青岚镇与柳汀镇及县水利局", &["青岚镇", "柳汀镇", "县水利局"]),
        ("县住房和城乡建设局", &["县住房和城乡建设局"]),
        ("县农业农村和水利局", &["县农业农村和水利局"]),
        ("和平镇", &["和平镇"]),
        ("各县（市、区）、县水利局", &["各县（市、区）", "县水利局"]),
        ("教育、文旅等部门", &["教育、文旅等部门"]),
        ("", &[]),
    ];
    for (subject, names) in rows {
        assert_eq!(parties(subject), names, "{subject}");
    }
}
