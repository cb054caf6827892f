//! Counts held against what they count: numbered lists, headings, even lists behind, in front and between brackets.

use bihuan_text::{FaultKind, faults};

/// The counts told of a text.
fn counts(text: &str) -> Vec<String> {
    faults(text).into_iter().filter(|f| f.kind == FaultKind::CountMismatch).map(|f| f.quote).collect()
}

/// The text as it should be is left alone; with another number it is told.
fn told_only_with(text: &str, right: &str, wrong: &str) {
    assert_eq!(counts(text), [""; 0], "{text}");
    let slipped = text.replacen(right, wrong, 1);
    assert_eq!(counts(&slipped).len(), 1, "{slipped}");
}

#[test]
fn what_is_announced_is_counted_m43() {
    told_only_with("主要原因有三点：一是认识不足；二是人手不足；三是经费不足。", "三点", "两点");
    told_only_with("主要存在两个方面的问题:一是学得浅；二是用得少。", "两个", "三个");
    told_only_with("集中力量开展了两项专项整治。\n一是整治场地。\n二是整治车辆。\n", "两项", "四项");
    told_only_with("主要有两种情形：一是资料不全；二是资金不足。", "两种", "三种");
    told_only_with("重点抓了三件事：一是建场；二是修路；三是通水。", "三件", "两件");
    told_only_with("工作有两个特点，一是动作快，二是效果好。", "两个", "四个");
    // A number written twice still counts; a number left out is the fault of the numbering.
    assert_eq!(counts("分析有三个方面：一是人少；二是钱少；三是车少；三是路远。").len(), 1);
    assert_eq!(counts("分析有四个方面：一是人少；二是钱少；四是路远。").len(), 0);
    // Shares and cases are no announcement.
    assert_eq!(counts("提高4.9个百分点。一是建场；二是修路。").len(), 0);
    assert_eq!(counts("关于作风方面的9个问题。一是健全制度；二是加强检查。").len(), 0);
}

#[test]
fn headings_of_a_list_are_counted_apart_from_those_inside_m43() {
    let speech = "下面，我讲三点意见。\n一、看清形势\n第一，要学。\n第二，要想。\n二、抓好重点\n第一，要干。\n第二，要查。\n第三，要改。\n三、压实责任\n抓好落实。\n";
    told_only_with(speech, "三点", "四点");
    let stages = "整治分三个阶段进行。\n（一）自查自纠阶段。各村自查。\n（二）集中整治阶段。全镇整治。\n（三）总结提升阶段。全镇总结。\n五、工作要求\n（一）加强领导。\n";
    told_only_with(stages, "三个", "四个");
    told_only_with("清查分三个步骤进行。\n第一步：自查。\n第二步：抽查。\n第三步：总结。\n", "三个", "两个");
}

#[test]
fn headings_are_held_against_title_and_summary_m43() {
    let title = "青岚镇“三个聚焦”推动便民服务\n今年以来，青岚镇成效明显。\n一、聚焦场所\n一是建点。\n二、聚焦队伍\n一是培训。\n三、聚焦制度\n一是考核。\n";
    told_only_with(title, "三个", "四个");
    told_only_with(&title.replace("“三个聚焦”", "聚焦三个关键"), "三个", "两个");
    let aspects = "班子围绕三个方面深入查摆问题，现报告如下。\n一、主要问题\n（一）理论学习方面。不深。\n（二）担当作为方面。不够。\n（三）工作作风方面。不实。\n";
    told_only_with(aspects, "三个", "五个");
    let summed = "二、存在问题\n（一）进度不快。\n（二）结算偏慢。\n（三）管护不力。\n针对以上三个问题，镇里已约定时限。\n";
    told_only_with(summed, "三个", "四个");
}

#[test]
fn even_lists_are_counted_m43() {
    for (text, right, wrong) in [
        ("抓好三个环节，即提醒、审核、处置，每个环节都有专人。", "三个", "四个"),
        ("坚持四张清单管理，即负面清单、免证清单、容缺清单、告知承诺清单。", "四张", "三张"),
        ("明确“三有”要求，即有主题、有记录、有回音。", "三有", "四有"),
        ("达到“三清”目标，即资金底数清、资产权属清、资源边界清。", "三清", "四清"),
        ("开展“三个一批”行动，即兑现一批政策、免申一批政策、提前一批政策。", "三个", "四个"),
        ("下设三个工作专班：安居工作专班、健康工作专班、暖心工作专班。", "三个", "五个"),
        ("下设综合协调、案件查办、宣传报道、督导检查四个专项工作组。", "四个", "五个"),
        ("连续举办开茶节、漂流节、红叶节、年货节四大节会。", "四大", "五大"),
        ("实施思想引领、建功立业、维权服务、强基固本“四大行动”。", "四大", "五大"),
        ("县里的3个部门（公安局、住建局、商务局）到场。", "3个", "4个"),
        ("由5个部门负责人组成专班（公安局、住建局、商务局、教育局、消防大队），一起办公。", "5个", "6个"),
    ] {
        told_only_with(text, right, wrong);
    }
    for right in [
        "抓好四个环节，即提醒、审核、处置等。",
        "检查十二个乡镇（青岚镇、柳汀镇）。",
        "走访三个乡镇：青岚镇、柳汀镇，以及石桥镇。",
        "青岚镇、柳汀镇、石桥镇5个村的群众。",
        "抓好四个环节，即提醒、审核、处置和反馈。",
        "抓好四个环节，即提醒、审核、处置，反馈。",
    ] {
        assert_eq!(counts(right), [""; 0], "{right}");
    }
}

#[test]
fn numbers_of_lines_and_within_them_are_told_where_they_repeat_m43() {
    let numbering = |text: &str| -> Vec<Option<String>> {
        let told = faults(text).into_iter().filter(|f| f.kind == FaultKind::Numbering);
        told.map(|f| f.expected).collect()
    };
    let rows = "一是修路。拓宽道路。\n二是通水。铺设管道。\n三是建场。新建场地。\n";
    assert_eq!(numbering(rows), []);
    assert_eq!(numbering(&rows.replace("二是", "一是")), [Some("二是".to_string())]);
    let within = "打算：1.健全机制，落实责任；2.多方筹资，加快建设；3.完善评价，加强监督；4.加强宣传。";
    assert_eq!(numbering(within), []);
    assert_eq!(numbering(&within.replace("3.", "2.")), [Some("3.".to_string())]);
    let speech = "第一，肯定成绩\n一是指标好。二是效果好。三是口碑好。\n第二，正视问题\n问题不少。\n第三，突出重点\n一要扩岗。二要稳岗。\n";
    assert_eq!(numbering(speech), []);
    assert_eq!(numbering(&speech.replace("第三，", "三是")).len(), 1);
    assert_eq!(
        numbering("第一，肯定成绩。\n第二，正视问题。\n一是学得浅。\n二是用得少。\n三是抓得松。\n"),
        []
    );
}

#[test]
fn whatever_is_counted_in_front_of_a_colon_is_what_the_items_behind_it_are_m43() {
    let told = |text: &str| faults(text).iter().any(|fault| fault.kind == FaultKind::CountMismatch);
    assert!(told("县里出台三项扶持政策：一是减租金；二是补贷款；三是奖技改；四是育人才。"));
    assert!(!told("县里出台四项扶持政策：一是减租金；二是补贷款；三是奖技改；四是育人才。"));
    assert!(!told("抽查了三个镇。一是青岚镇台账不全；二是柳汀镇进度偏慢。"));
}

#[test]
fn rows_of_one_make_are_counted_m43() {
    let places = "眼下主要卡在三个地方：\n第一个是资金。县里还没有拨下来。\n第二个是场地。村里没有空房。\n第三个是人手。站里只有两人。\n";
    told_only_with(places, "三个", "四个");
    told_only_with("今后重点做好两件事。第一件，水塘要清淤；第二件，涵管要换新。\n", "两件", "三件");
    let tight = "入冬以后做到三个“紧”。\n盯紧夜间。每晚巡一次。\n盯紧路口。每天查一次。\n盯紧源头。每周看一次。\n其他工作照常。\n";
    told_only_with(tight, "三个", "四个");
    told_only_with(
        "坚持了两个“不”：坚持不推不躲，来一件接一件；坚持不等不靠，当天的事当天办。",
        "两个",
        "三个",
    );
    told_only_with("组建两支劝导队，一支守住桥头，一支守住码头。", "两支", "三支");
    told_only_with("每一笔都要过县教育局、县财政局、县审计局三家会审，再公示五天。", "三家", "四家");
    told_only_with("我镇主要存在4个问题，分别是管网老化、垃圾清运不勤、村道破损、路灯不亮。", "4个", "5个");
    let ways =
        "镇里从以下两个方面发力，推动工作落细落实。\n一是压实责任。分片包干。\n二是配齐人手。补足缺额。\n";
    told_only_with(ways, "两个", "三个");
    told_only_with("难处有两条。一是路窄，车进不去；二是坡陡，水上不来。", "两条", "三条");
    // One more in other words, months, and one of them said aside.
    assert_eq!(counts("组建三支劝导队，一支守住桥头，一支守住码头，还有一支机动。"), [""; 0]);
    assert_eq!(counts("试点有三个月，第一个月摸底，第二个月整改。"), [""; 0]);
    assert_eq!(counts("这三个村，第一个村已经通水。"), [""; 0]);
}
