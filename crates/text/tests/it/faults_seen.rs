//! Characters that no report of a thousand holds so, names of the body itself written otherwise, and what was left open.

use bihuan_text::{Fault, FaultKind, faults};

/// What is told of a text, its kind and what is proposed.
fn told(text: &str) -> Vec<(FaultKind, String, String)> {
    let of = |f: Fault| (f.kind, f.quote, f.expected.unwrap_or_default());
    faults(text).into_iter().map(of).collect()
}

/// One fault of the kind whose words hold these.
fn one(text: &str, kind: FaultKind, words: &str) {
    let told = told(text);
    assert!(told.len() == 1 && told[0].0 == kind && told[0].1.contains(words), "{text} {told:?}");
}

#[test]
fn a_character_for_another_is_told_by_what_reports_hold_m43() {
    for (wrong, right, words) in [
        ("危险废物全部实行无害话处理。", "危险废物全部实行无害化处理。", "话"),
        ("对排查出的隐患实行台帐管理，逐一消号。", "对排查出的隐患实行台账管理，逐一销号。", "帐"),
    ] {
        assert!(told(wrong).iter().any(|f| f.0 == FaultKind::WrongChar && f.1.contains(words)), "{wrong}");
        assert_eq!(told(right), [], "{right}");
    }
}

#[test]
fn a_character_twice_is_told_by_what_reports_hold_m43() {
    one("县安委办对整改情况进行行了抽查。", FaultKind::Duplicate, "行行");
    one("要把基础能能一点一点夯实起来。", FaultKind::Duplicate, "能能");
    assert_eq!(told("县安委办对整改情况进行了抽查，年年如此，天天在抓。"), []);
}

#[test]
fn little_words_and_pairs_said_twice_are_told_m43() {
    for (wrong, words) in [
        ("今后凡凡新建账号，一律先报备。", "凡凡"),
        ("窗口能办的，绝不让群众再跑再跑一趟。", "再跑再跑"),
        ("工程质量不能不能打折扣。", "不能不能"),
        ("活动期间期间，共接待群众210人次。", "期间期间"),
    ] {
        one(wrong, FaultKind::Duplicate, words);
    }
    assert_eq!(told("平凡人也能干出不平凡的事，一再叮嘱。"), []);
}

#[test]
fn the_body_is_called_as_it_signs_m43() {
    let report = |own: &str, below: &str| {
        format!("关于食堂整治情况的报告\n县政府：\n{below}从四月起开展自查。\n{own}\n2024年6月24日")
    };
    let school = report("云溪县第二中学", "云溪县第二高级中学");
    one(&school, FaultKind::Other, "第二高级中学");
    assert_eq!(told(&report("云溪县第二中学", "云溪县第三中学")), []);
    assert_eq!(told(&report("云溪县第二中学", "云溪县第二中学")), []);
    let water = report("云溪县水利局", "县水务局");
    one(&water, FaultKind::Other, "县水务局");
    assert_eq!(told(&report("云溪县水利局", "赴外学习的同志到邻县水务局取经后，县水利局")), []);
    let signed =
        "云溪县农业农村局关于秸秆禁烧工作的报告\n县政府：\n现报告如下。\n云溪县农村农业局\n2024年6月24日";
    assert!(told(signed).iter().any(|f| f.0 == FaultKind::Other && f.2 == "云溪县农业农村局"), "{signed}");
    let town =
        "中共石坝乡委员会关于整改情况的报告\n县委：\n石坝镇党委逐条认领。\n中共石坝乡委员会\n2024年6月24日";
    one(town, FaultKind::Other, "石坝镇");
}

/// The mark goes where the quote most likely ends.
#[test]
fn what_was_left_open_is_shown_to_its_likely_end_m43() {
    for (text, to) in [
        ("推行“一名班子成员、一个专班、一张进度表的办法，效果不错。", "“一名班子成员、一个专班、一张进度表”"),
        ("制定《云溪县水利局检视问题整改方案，逐条明确责任。", "《云溪县水利局检视问题整改方案》"),
        ("她说：“现在中午能吃上热饭，心里踏实。", "“现在中午能吃上热饭，心里踏实。”"),
        ("坚持把“回头看工作贯穿始终。", "“回头看”"),
    ] {
        assert_eq!(
            told(text),
            [(FaultKind::Quotes, to[..to.len() - 3].to_string(), to.to_string())],
            "{text}"
        );
    }
    // Where no end is plain none is proposed.
    assert_eq!(told("各单位（含派出机构要按时报送。")[0].2, "");
}

#[test]
fn items_without_numbers_are_counted_too_m43() {
    let four = "重点抓好以下四个环节。\n——抓排查。逐户过筛。\n——抓交办。一事一单。\n——抓复核。逐件回访。\n——抓巩固。半年一看。\n以上请落实。";
    assert_eq!(told(four), []);
    one(&four.replace("四个", "五个"), FaultKind::CountMismatch, "五个");
    let days = "镇党委先后两次现场办公：9月21日解决用地重叠，11月3日协调道路借用。";
    assert_eq!(told(days), []);
    one(&days.replace("两次", "三次"), FaultKind::CountMismatch, "三次");
}

#[test]
fn what_a_page_prints_around_a_text_is_told_m43() {
    one("以上报告，请审阅。\n【责任编辑：小陈　字号：大　中　小】", FaultKind::Residue, "责任编辑");
    one("以上报告，请审阅。\n更多公文范文请关注公众号领取。", FaultKind::Residue, "公众号");
    assert_eq!(told("镇里开通公众号，引导群众关注公众号反映问题。"), []);
}
