//! Conflicts of numbers that stand apart, each beside the same text as it should be.

use bihuan_text::{Certainty, Conflict, ConflictKind, FIGURES_TOGETHER_MAX, conflicts};

fn kinds(text: &str) -> Vec<ConflictKind> {
    conflicts(text).iter().map(|c: &Conflict| c.kind).collect()
}

/// The first text tells one sure conflict of the kind; the others none that is sure.
fn told(kind: ConflictKind, wrong: &str, right: &[&str]) {
    let found: Vec<_> = conflicts(wrong).iter().map(|c| (c.kind, c.strength)).collect();
    assert_eq!(found, [(kind, Certainty::Certain)], "{wrong}");
    for text in right {
        let sure: Vec<_> = conflicts(text).into_iter().filter(|c| c.strength == Certainty::Certain).collect();
        assert!(sure.is_empty(), "{text} {sure:?}");
    }
}

#[test]
fn a_number_retold_with_its_digits_changed_about_is_certain_m43() {
    told(
        ConflictKind::TwoValues,
        "共排查矛盾纠纷153件，逐件建档。\n还有不足：排查的135件矛盾纠纷多在山林。",
        &[
            "共排查矛盾纠纷153件，逐件建档。\n还有不足：排查的153件矛盾纠纷多在山林。",
            "去年排查矛盾纠纷153件。\n今年排查矛盾纠纷135件。",
            "栽植行道树153株。\n修剪果园135亩。",
        ],
    );
    told(
        ConflictKind::TwoValues,
        "整改隐患91处，临时查封31处。\n执法从严，依法临时查封13处，罚款2万元。",
        &["整改隐患91处，临时查封31处。\n查封的31处已移交。"],
    );
    told(
        ConflictKind::TwoValues,
        "审计指出18个问题。\n审计指出的19个问题都有牵头科室。",
        &[
            "审计指出18个问题，巡察指出1个问题。\n两次指出的19个问题都有牵头科室。",
            "审计指出18个问题。\n审计指出的18个问题都有牵头科室。",
        ],
    );
    told(
        ConflictKind::TwoValues,
        "组织全县64所中小学自查。\n目前全县67所中小学都装了监控。",
        &[
            "组织全县64所中小学自查。\n目前全县64所中小学都装了监控。",
            "组织全县64所小学自查。\n目前全县12所中学都装了监控。",
        ],
    );
}

#[test]
fn one_rate_told_with_another_digit_is_asked_about_m43() {
    let text = "有16.3万人参加课后服务，参与率为91.6%。\n全市课后服务参与率达到95.6%。";
    assert_eq!(kinds(text), [ConflictKind::TwoValues]);
    assert_eq!(conflicts(text)[0].strength, Certainty::Query);
    assert_eq!(kinds("一般隐患整改率91.6%。\n重大隐患整改率95.6%。"), []);
}

#[test]
fn all_done_in_one_place_and_some_open_in_another_is_certain_m43() {
    let wrong = "计划改造26个小区，已完工22个，其余4个正在收尾。\n成效：26个老旧小区已全部改造完工。";
    told(
        ConflictKind::AllDoneVsUnfinished,
        wrong,
        &[
            "计划改造26个小区，已完工22个，其余4个正在收尾。\n成效：22个老旧小区已全部改造完工。",
            "截至9月底，26个小区已完工22个，其余4个正在收尾。\n截至11月底，26个老旧小区已全部改造完工。",
            "计划改造26个小区，已完工22个，其余4个正在收尾。\n确保26个老旧小区年底前全部改造完工。",
        ],
    );
    let wrong = "收到欠薪线索9件，涉及农民工156人，目前已全部办结。\n2件欠薪线索因账户冻结仍在协调。";
    told(
        ConflictKind::AllDoneVsUnfinished,
        wrong,
        &[
            "收到欠薪线索9件，涉及农民工156人，目前已办结7件。\n2件欠薪线索因账户冻结仍在协调。",
            "收到欠薪线索9件，涉及农民工156人，目前已全部办结。\n2件用地手续因补件仍在协调。",
        ],
    );
}

#[test]
fn a_share_is_held_against_the_whole_of_those_beside_it_m43() {
    let wrong = "全年发展党员3260名，比上年增加160名。从年龄看，35岁及以下的2608名，占80%；从性别看，女性1402名，占43%；从职业看，产业工人489名，占15%，高知识群体391名，占16%。";
    told(ConflictKind::Share, wrong, &[&wrong.replace("占16%", "占12%")]);
    let wrong = "交办信访事项96件，其中省级交办41件。\n县级领导带头包案42件，占交办总数的53.8%。";
    told(ConflictKind::Share, wrong, &[&wrong.replace("53.8%", "43.8%")]);
    let wrong = "督查发现问题73个，其中文山会海类19个、“指尖负担”类22个、报表繁多类32个。“指尖负担”类问题最为突出，占问题总数的40.1%。";
    told(ConflictKind::Share, wrong, &[&wrong.replace("40.1%", "30.1%")]);
    // Of both together, and of a part that its clause names.
    assert_eq!(kinds("发生事故14起。集中在运输和施工领域，分别为8起和4起，合计占事故总数的85.7%。"), []);
    let buses = "更新公交车辆120台，其中纯电动公交车96台、氢能公交车24台，纯电动公交车占更新车辆的75%。";
    told(ConflictKind::Share, buses, &[&buses.replace("75%", "80%")]);
}

#[test]
fn more_than_there_are_is_certain_wherever_both_stand_m43() {
    for (wrong, right) in [
        (
            "对全镇56名网格员开展2期轮训，其中64名通过考核。",
            "对全镇56名网格员开展2期轮训，其中46名通过考核。",
        ),
        ("发现问题档案427份，目前已补充完善445份。", "发现问题档案427份，目前已补充完善425份。"),
        (
            "高层公共建筑318栋。高层公共建筑中，设有报警系统的342栋。",
            "高层公共建筑318栋。高层公共建筑中，设有报警系统的312栋。",
        ),
        (
            "收到直达资金4.26亿元，已全部下达，形成支出4.62亿元。",
            "收到直达资金4.26亿元，已全部下达，形成支出4.06亿元。",
        ),
        (
            "债务余额62.7亿元，控制在核定的限额61.9亿元以内。",
            "债务余额60.7亿元，控制在核定的限额61.9亿元以内。",
        ),
    ] {
        told(ConflictKind::SubsetExceedsSet, wrong, &[right]);
    }
    for right in [
        "登记社会组织214家，比上年底的198家增加16家，其中社会团体97家、基金会2家。",
        "全市1176个行政村、248个社区中，书记、主任一肩挑的有1381个。",
        "对正在办理的13件和阶段性办结的29件实行日跟踪。",
    ] {
        assert_eq!(kinds(right), [], "{right}");
    }
}

#[test]
fn parts_in_a_sentence_of_their_own_make_their_whole_m43() {
    let wrong =
        "全县安排重点项目124个。按类别分，产业项目48个、基础设施项目37个、民生项目26个、环保项目15个。";
    told(ConflictKind::Sum, wrong, &[&wrong.replace("15个", "13个"), &wrong.replace("15个。", "15个等。")]);
    let wrong = "总投资4860万元，由中央资金2150万元、省级资金1380万元和县级配套1030万元三部分构成。";
    told(ConflictKind::Sum, wrong, &[&wrong.replace("4860", "4560")]);
    let wrong = "发放地力补贴6120万元、种植补贴2350万元、农机补贴680万元，三项补贴合计9250万元。";
    told(ConflictKind::Sum, wrong, &[&wrong.replace("9250", "9150")]);
    let wrong = "年初在册276人，全年新接收143人、解除131人，年末在册298人。";
    told(ConflictKind::Sum, wrong, &[&wrong.replace("298", "288")]);
    let wrong = "排查隐患1184项，已整改1147项，尚有27项正在整改；其中重大隐患21项，均有专人。";
    told(ConflictKind::Sum, wrong, &[&wrong.replace("尚有27", "尚有37")]);
    // The first two would make it: the third stands in the same list.
    let wrong = "投入资金30万元，其中县级12万元、乡级18万元、村级5万元。";
    told(ConflictKind::Sum, wrong, &[&wrong.replace("30万元", "35万元")]);
    // The list ends where its parts make the whole; the parts of another whole in front are theirs.
    for right in [
        "抽检2150批次，其中农产品1240批次、餐饮560批次、预包装350批次，检出不合格32批次。",
        "转移群众3批862人，分别为215人、386人和261人。",
        "反馈问题1086个，其中第一轮352个、第二轮366个、第三轮368个；已整改1042个，未完成的44个均已列明原因。",
    ] {
        assert_eq!(kinds(right), [], "{right}");
    }
}

#[test]
fn changes_that_do_not_come_out_are_certain_m43() {
    let wrong = "治理的行政村比上年底的82个新增35个，达到107个。";
    told(ConflictKind::Change, wrong, &[&wrong.replace("107", "117")]);
    let wrong = "企业所得税由上年同期的1.40亿元降至1.28亿元，增长8.6%。";
    told(ConflictKind::Change, wrong, &[&wrong.replace("增长", "下降")]);
    assert_eq!(
        kinds("违规326起，其中超限142起、营运97起、监控58起、其他29起，较上年同期的252起增长29.4%。"),
        []
    );
}

#[test]
fn levels_and_stretches_of_time_hold_what_they_can_m43() {
    let wrong = "全县4处省级以上保护地中，国家级2处、省级1处、县级1处。";
    told(
        ConflictKind::Category,
        wrong,
        &[&wrong.replace("县级1处", "省级1处").replace("省级1处、省级1处", "省级2处")],
    );
    told(
        ConflictKind::Category,
        "对2个乡镇党委等18个村（社区）党组织开展巡察。",
        &["对2个村党组织等18个村（社区）党组织开展巡察。"],
    );
    told(
        ConflictKind::Category,
        "综合得分列全县7个县第2位。",
        &["综合得分列全市7个县第2位。", "全县7个县直部门参加。"],
    );
    told(ConflictKind::Duration, "上半年有7个月没有发生事故。", &["上半年有5个月没有发生事故。"]);
    told(
        ConflictKind::Duration,
        "集中宣传自5月6日开始，至5月15日结束，为期15天。",
        &["集中宣传自5月6日开始，至5月15日结束，为期10天。"],
    );
}

#[test]
fn people_of_so_many_groups_are_asked_about_m43() {
    let text = "抽调28名干部，编成6个督查组，每组4人。";
    assert_eq!(
        conflicts(text).iter().map(|c| (c.kind, c.strength)).collect::<Vec<_>>(),
        [(ConflictKind::Product, Certainty::Query)]
    );
    assert_eq!(kinds("抽调24名干部，编成6个督查组，每组4人。"), []);
}

/// A text may hold as many figures as are told together; one more, and its first is no longer held against its last.
#[test]
fn figures_of_a_very_long_text_are_held_against_those_of_their_piece_m43() {
    let first = "共排查矛盾纠纷153件，逐件建档。\n";
    let last = "还有不足：排查的135件矛盾纠纷多在山林。";
    let between = |figures: usize| "修剪果园3亩。\n".repeat(figures);
    let whole = format!("{first}{}{last}", between(FIGURES_TOGETHER_MAX - 2));
    assert_eq!(kinds(&whole), [ConflictKind::TwoValues]);
    let apart = format!("{first}{}{last}", between(FIGURES_TOGETHER_MAX - 1));
    assert_eq!(kinds(&apart), []);

    // What stands within a later piece is told where it stands in the text.
    let later = format!("{}{first}{last}", between(3 * FIGURES_TOGETHER_MAX));
    let found = conflicts(&later);
    assert_eq!(found.len(), 1);
    let chars: Vec<char> = later.chars().collect();
    for (span, quote) in found[0].spans.iter().zip(&found[0].quotes) {
        assert_eq!(&chars[span[0]..span[1]].iter().collect::<String>(), quote);
    }
    assert!(found[0].quotes.iter().any(|quote| quote.contains("153件")));
}

#[test]
fn what_is_exceeded_is_told_with_where_it_was_told_first_m43() {
    let found = conflicts("县里细化整改措施96条，逐条明确时限。\n目前，96条整改措施已落实98条。");
    let quotes: Vec<&str> = found[0].quotes.iter().map(String::as_str).collect();
    assert_eq!((found.len(), quotes), (1, vec!["96条", "96条", "98条"]), "{found:?}");
}
