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

/// 推动形 goes on with 成 in nearly all reports that hold it.
#[test]
fn a_character_left_out_is_told_by_what_reports_hold_m43() {
    for (wrong, lacks, right) in [
        ("各村推动形齐抓共管的局面。", "推动形齐", "推动形成齐"),
        ("乡镇党委认真落主体责任，逐项销号。", "真落主", "真落实主"),
        ("会上认真开展批评和我批评。", "批评和我", "批评和自我"),
    ] {
        let found = told(wrong);
        let same = |f: &&(FaultKind, String, String)| f.1.contains(lacks) && f.2.contains(right);
        assert!(found.len() == 1 && found.iter().any(|f| same(&f)), "{wrong} {found:?}");
    }
    // What stands there as a word of its own is not the beginning of a longer one.
    assert_eq!(told("视频会多了，管理更规范，责任落不实。"), []);
    // Nor is what a line ends with where the next one goes on.
    assert!(!told("下一步加强市场监\n管工作。").iter().any(|f| f.1.contains("场监")));
}

#[test]
fn kinds_told_one_after_the_other_are_counted_m43() {
    let row = |third: &str, fourth: &str| {
        format!("有几种情况。\n第一种，等着看。\n第二种，绕着走。\n{third}，拖着办。\n{fourth}，推给别人。")
    };
    one(&row("第四种", "第五种"), FaultKind::Numbering, "第四种");
    one(&row("第四种", "第四种"), FaultKind::Numbering, "第四种");
    assert_eq!(told(&row("第三种", "第四种")), []);
    let reasons = "没有整改到位的有三类原因：一类是资金没有落实，需要等待；另一类是权属不清，需要诉讼。";
    one(reasons, FaultKind::CountMismatch, "三类原因");
    assert_eq!(told(&reasons.replace("三类", "两类")), []);
    assert_eq!(told(&reasons.replace("诉讼。", "诉讼。还有一类是群众意见不一。")), []);
    one("领导小组下设综合协调、宣传报道三个工作组，各司其职。", FaultKind::CountMismatch, "三个工作组");
    one(
        "编制五个专项预案，分别是消防、防汛、停电、极端天气专项预案。",
        FaultKind::CountMismatch,
        "五个专项预案",
    );
}

#[test]
fn traces_side_by_side_are_one_m43() {
    one(
        "各村要抓好落实。\n【打印本页】【关闭窗口】\n下一步继续推进。",
        FaultKind::Residue,
        "打印本页】【关闭",
    );
    one("各村要抓好落实。\n点击上方蓝字关注我们\n下一步继续推进。", FaultKind::Residue, "蓝字关注");
}

#[test]
fn words_that_only_look_like_others_are_left_alone_m43() {
    for text in [
        "政府承办的建议提案全部办结，听证员逐页查阅林权底册。",
        "推动两座标准化矿山建设，群众过上平安祥和的日子。",
        "建立一户一册、一人一策台账，茶坪村村干部逐户上门。",
        "管线老旧，改造起来困难重重。",
        "督促有限空间企业配齐装备。",
        "接件最多的是县住建局，其次是县交通局。",
    ] {
        assert_eq!(told(text), [], "{text}");
    }
}
