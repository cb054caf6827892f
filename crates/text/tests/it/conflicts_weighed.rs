//! What no rule is sure of is weighed and asked about: in a whole report, never as certain, and only a few times.

use bihuan_text::{Certainty, ConflictKind, conflicts};

const REPORT: &str = "澜溪乡关于冬季森林防火准备工作情况的报告
县森林防灭火指挥部：
入冬以来，我乡把森林防火作为头等大事来抓，乡党委会专题研究2次，乡长每周调度一次，各村各林场分片包干，准备工作扎实推进。现将有关情况报告如下。
一、排查整治情况
乡林业站会同派出所、供电所对全乡林区进行了拉网式排查，共发现林区输电线路隐患57处，已处理51处，其余的已列入十二月检修计划。清理林缘可燃物18.6公里，新建防火隔离带4.2公里，检修瞭望塔3座。
二、队伍和物资情况
全乡组建半专业扑火队1支、村级应急分队12支，配备风力灭火机64台、二号工具320把，人员和装备全部下沉到林缘村组。组织实战演练4场，参加演练的队员反映，负重行进和夜间通信还是短板，下一步要加强训练。
三、宣传教育情况
印发防火告知书6800份，张贴标语260条，出动宣传车48台次，在中小学开展主题班会36场。春节前后，外出人员集中返乡，{}
四、下步打算
继续落实领导带班和二十四小时值班制度，发现火情及时上报，确保早发现、早处置、早扑灭。
";

fn asked(of: &str) -> Vec<(ConflictKind, Certainty, String)> {
    let told = conflicts(&REPORT.replace("{}", of));
    told.into_iter().map(|c| (c.kind, c.strength, c.reason)).collect()
}

#[test]
fn what_may_be_told_twice_or_exceed_its_whole_is_asked_about_m43() {
    for (of, kind) in [
        ("前期印发的8600份告知书要抓紧送到农户手中。", ConflictKind::TwoValues),
        ("已送达的告知书7100份，还要做好流动人口的告知。", ConflictKind::SubsetExceedsSet),
    ] {
        let told = asked(of);
        let [(found, Certainty::Query, reason)] = &told[..] else { panic!("{of} {told:?}") };
        assert_eq!(*found, kind, "{of}");
        assert!(reason.contains("6800") && reason.ends_with("请核对"), "{reason}");
    }
    for right in
        ["前期印发的6800份告知书要抓紧送到农户手中。", "已送达的告知书6100份，还要做好流动人口的告知。"]
    {
        assert_eq!(asked(right), [], "{right}");
    }
}

/// Two values with their difference, how many with how much of each, and a share of what was told long before.
#[test]
fn what_others_make_is_asked_about_m43() {
    for (of, right, kind) in [
        ("从发现到到场的时间由11.5分钟降到7.2分钟，缩短5.3分钟。", ("5.3", "4.3"), ConflictKind::Change),
        ("向62户护林户发放补助37.2万元，户均8000元。", ("8000", "6000"), ConflictKind::Average),
        ("抽查告知书860份，内容不符合要求的19份，合格率98.9%。", ("98.9", "97.8"), ConflictKind::Share),
    ] {
        let told = asked(of);
        assert_eq!(told.iter().map(|told| told.0).collect::<Vec<_>>(), [kind], "{of} {told:?}");
        assert_eq!(asked(&of.replace(right.0, right.1)), [], "{of}");
    }
}

/// A sentence alone does not say enough to be weighed by what whole reports taught.
#[test]
fn a_sentence_alone_is_not_weighed() {
    let told = conflicts("印发防火告知书6800份。前期印发的8600份告知书要抓紧送到农户手中。");
    assert!(told.is_empty(), "{told:?}");
}

/// All is told as done, and somewhere else some of the same as not done.
#[test]
fn all_done_here_and_some_open_there_is_asked_about_m43() {
    let open = "排查出来的94处坟头，看守人已经全部落实。上坪村的94处坟头里还有13处没落实看守人。";
    assert_eq!(
        asked(open).iter().map(|told| told.0).collect::<Vec<_>>(),
        [ConflictKind::AllDoneVsUnfinished]
    );
    assert_eq!(asked("排查出来的94处坟头，看守人已经全部落实。下沟村的路灯还有13盏没装。"), []);
}
