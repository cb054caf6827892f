//! Work handed out name by name, whatever the verb, and accounts of what was done in a speech.

use bihuan_text::{Hardness, figures, obligations};

/// A heading under which a speaker hands out work.
const HEADING: &str = "在全县安全生产调度会上的讲话\n同志们：\n下面，我讲三点意见。\n一、把工作抓实抓细\n";

/// The quotes of what is asked in a paragraph of a speech.
fn asked(paragraph: &str) -> Vec<String> {
    let text = format!("{HEADING}{paragraph}\n");
    obligations(&text, Some(2026)).into_iter().map(|one| one.quote).collect()
}

#[test]
fn what_somebody_named_has_to_do_is_asked_whatever_its_verb_m42() {
    let of_works = "财务部12月10日前要把挂账的往来款逐笔核一遍。公交公司11月底前要把车上过期的灭火器全部换掉。镇林业站要把进山的路口看管好。";
    assert_eq!(
        asked(of_works),
        [
            "财务部12月10日前要把挂账的往来款逐笔核一遍",
            "公交公司11月底前要把车上过期的灭火器全部换掉",
            "镇林业站要把进山的路口看管好"
        ]
    );
    // Without 要, where one after the other is named.
    let bare = "县水利局派技术员到各村指导。县信访局把积压的老案逐件落实到包案领导头上。县委党校定期派老师到村里讲课。县纪委年底前对17个乡镇逐一过一遍。";
    let found = asked(bare);
    assert!(found.contains(&"县信访局把积压的老案逐件落实到包案领导头上".to_owned()), "{found:?}");
    assert!(found.contains(&"县纪委年底前对17个乡镇逐一过一遍".to_owned()), "{found:?}");
    // A department of the speaker's own body, by the day that stands behind its name.
    let own = asked("仓储处9月15日前完成全部库点视频监控联网。科技处牵头组建攻关专班。");
    assert_eq!(own, ["仓储处9月15日前完成全部库点视频监控联网", "科技处牵头组建攻关专班"]);
    // Of minds and manners nothing can be looked up.
    assert_eq!(asked("各单位要把责任扛在肩上。各级干部要把心思放在群众身上。"), [""; 0]);
}

#[test]
fn what_becomes_of_things_is_asked_softly_m42() {
    let text = format!("{HEADING}县人社局每月要比对1次领取待遇人员信息，冒领的养老金要抓紧追回。\n");
    let all = obligations(&text, Some(2026));
    let soft = all.iter().find(|one| one.quote.contains("追回")).unwrap();
    assert_eq!((soft.quote.as_str(), soft.hardness), ("冒领的养老金要抓紧追回", Hardness::Soft));
}

#[test]
fn an_account_asks_nothing_and_its_numbers_are_figures_m42() {
    let account = "学习账。县级干部34名，读书班办了1期，讲党课34场；乡镇办读书班89期，交流研讨640人次；各支部集中学习2870次，送学上门1640人次。";
    assert_eq!(asked(account), [""; 0]);
    let told: Vec<f64> = figures(&format!("{HEADING}{account}\n")).into_iter().map(|f| f.value).collect();
    assert_eq!(told, [34.0, 1.0, 34.0, 89.0, 640.0, 2870.0, 1640.0]);
    let sent = "8月下旬，县委派出6个调查组，跑了48个村，听了520名群众的意见。";
    assert_eq!(asked(sent), [""; 0]);
    let told: Vec<f64> = figures(&format!("{HEADING}{sent}\n")).into_iter().map(|f| f.value).collect();
    assert_eq!(told, [6.0, 48.0, 520.0]);
    // What lies ahead is no account.
    assert_eq!(asked("县应急局要在年底前检查企业48家。").len(), 1);
    assert!(figures(&format!("{HEADING}县应急局要在年底前检查企业48家。\n")).is_empty());
}

#[test]
fn a_speaker_comes_to_the_point_in_other_words_m42() {
    let text = "在防汛会上的讲话\n同志们：\n刚才通报了汛情。开短会，我就讲三件事。\n第一件事，讲责任\n县水利局6月底前检修涵闸40座。\n";
    let all = obligations(text, Some(2026));
    assert_eq!(all.iter().map(|one| one.quote.as_str()).collect::<Vec<_>>(), ["县水利局6月底前检修涵闸40座"]);
    assert!(figures(text).is_empty());
}

#[test]
fn a_least_count_behind_another_verb_is_another_demand_m42() {
    assert_eq!(asked("县级领导每人领办1个课题，至少解剖2个后进村。").len(), 2);
    assert_eq!(asked("各支部每季度上1次党课，每次不少于2小时。").len(), 1);
}
