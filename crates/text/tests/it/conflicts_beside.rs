//! What of a number is told as all done and as open, as grown, as parted or as counted twice, where nothing else in the text explains
//! it; each beside the same text as it should be.

use bihuan_text::{Certainty, ConflictKind, conflicts};

/// The first text tells one sure conflict of the kind, the others nothing at all.
fn told(kind: ConflictKind, wrong: &str, right: &[&str]) {
    let found: Vec<_> = conflicts(wrong).iter().map(|c| (c.kind, c.strength)).collect();
    assert_eq!(found, [(kind, Certainty::Certain)], "{wrong}");
    for text in right {
        assert_eq!(conflicts(text), [], "{text}");
    }
}

#[test]
fn all_of_so_many_are_not_done_where_some_are_open_right_behind_m43() {
    const KIND: ConflictKind = ConflictKind::AllDoneVsUnfinished;
    let wrong = "今年以来，236户燃气用户软管已全部更换到位，更换率100%；另有14户因长期外出尚未更换。";
    told(KIND, wrong, &[&wrong.replace("更换率100%", "更换率94.4%")]);
    let wrong = "查摆的24个问题已全部整改到位。档案管理不规范、会议记录不全2个问题仍在推进。";
    told(KIND, wrong, &["查摆的24个问题已整改22个。档案管理不规范、会议记录不全2个问题仍在推进。"]);
    let wrong = "全镇52处地质灾害隐患已全部完成治理，3处隐患因资金未到位尚未治理。";
    told(KIND, wrong, &["全镇52处地质灾害隐患已全部完成治理，新发现的3处隐患因资金未到位尚未治理。"]);
    let wrong = "37件信访积案均已化解，还有4件正在办理。";
    told(KIND, wrong, &["37件信访积案已化解33件，还有4件正在办理。"]);
    let wrong = "9座病险水库全部完工，其中2座尚未完工，预计明年汛前建成。";
    told(KIND, wrong, &["9座病险水库完工7座，其余2座尚未完工，预计明年汛前建成。"]);
    let wrong = "拖欠的318名农民工工资已全部兑付，26名农民工工资尚未兑付。";
    told(KIND, wrong, &["拖欠的318名农民工工资已兑付292名，26名农民工工资尚未兑付。"]);
}

#[test]
fn a_kind_that_is_all_done_has_none_left_m43() {
    const KIND: ConflictKind = ConflictKind::AllDoneVsUnfinished;
    let wrong =
        "48个立行立改问题已于7月底前全部整改销号。\n但还有差距，立行立改问题中也有5个因权属不清尚未销号。";
    told(
        KIND,
        wrong,
        &["48个立行立改问题已整改销号43个。\n但还有差距，立行立改问题中也有5个因权属不清尚未销号。"],
    );
    let wrong = "全县63个老旧小区已全部完成改造。\n二是进度不快，老旧小区中还有4个正在改造。";
    told(KIND, wrong, &["全县63个老旧小区已完成改造59个。\n二是进度不快，老旧小区中还有4个正在改造。"]);
}

#[test]
fn so_many_all_done_are_not_those_of_which_fewer_were_m43() {
    const KIND: ConflictKind = ConflictKind::AllDoneVsUnfinished;
    let wrong = "截至目前，查摆出的16个问题已全部整改到位。\n对照检查：16个问题实际只整改15个，教训深刻。";
    told(
        KIND,
        wrong,
        &["截至目前，查摆出的16个问题已整改15个。\n对照检查：16个问题实际只整改15个，教训深刻。"],
    );
    let wrong = "镇里交办的12件提案已全部办结。\n存在的问题：12件提案仅办结11件，1件仍在协调。";
    told(KIND, wrong, &["镇里交办的12件提案已办结11件。\n存在的问题：12件提案仅办结11件，1件仍在协调。"]);
    let wrong = "一、总体情况\n反馈的14个问题已整改完成11个，其余3个持续推进。\n二、下一步\n上述14个问题已全部整改到位。";
    told(
        KIND,
        wrong,
        &[
            "一、总体情况\n反馈的14个问题已整改完成11个，其余3个持续推进。\n二、下一步\n上述14个问题已全部明确责任人。",
        ],
    );
    let wrong = "反馈的45个具体问题中已完成整改41个，还有4个长期推进。\n45个具体问题已全部整改到位。";
    told(KIND, wrong, &[]);
}

#[test]
fn no_more_can_be_put_right_than_was_found_m43() {
    const KIND: ConflictKind = ConflictKind::RateOver100;
    let wrong = "全镇共有灭火器485具，其中有效472具，有效率102.8%。";
    told(KIND, wrong, &[&wrong.replace("102.8%", "97.3%")]);
    let wrong = "全县现有路灯3260盏，其中完好3184盏，完好率102.4%。";
    told(KIND, wrong, &[&wrong.replace("102.4%", "97.7%")]);
    let wrong = "排查风险点56处，已管控54处，管控率103.7%。";
    told(KIND, wrong, &[&wrong.replace("103.7%", "96.4%")]);
    let wrong = "巡察反馈问题整改完成率达105%。";
    told(KIND, wrong, &[&wrong.replace("达105%", "达95%"), "投资计划完成率达105%。"]);
    let wrong = "全县隐患整改完成率为108%，居全市第一。";
    told(KIND, wrong, &[&wrong.replace("为108%", "为98%"), "年度整治任务完成率为108%。"]);
    let wrong = "信访积案化解完成率达102.5%。";
    told(KIND, wrong, &[&wrong.replace("达102.5%", "达92.5%")]);
    let wrong = "应参加培训186人，实际参加178人，参训率104.5%。";
    told(KIND, wrong, &[&wrong.replace("104.5%", "95.7%")]);
}

#[test]
fn growth_is_held_against_the_year_before_m43() {
    const KIND: ConflictKind = ConflictKind::Change;
    let wrong =
        "2020年，全县茶叶产值3.2亿元；2021年为3.6亿元，比上年增长12.5%；2022年达到4.5亿元，比上年增长40.6%。";
    told(KIND, wrong, &[&wrong.replace("40.6%", "25%")]);
    let wrong = "2022年接待游客58万人次，2023年接待游客66.7万人次，同比增长25%。";
    told(KIND, wrong, &[&wrong.replace("25%", "15%")]);
    let wrong = "2021年化肥使用量4200吨，2022年降至3780吨，比上年下降20%。";
    told(KIND, wrong, &[&wrong.replace("20%", "10%")]);
    let wrong = "2022年发生火灾64起；2023年发生火灾48起，较上年下降33.3%。";
    told(KIND, wrong, &[&wrong.replace("33.3%", "25%")]);
    let wrong = "财政投入逐年加大，2022年为1850万元，2023年增加到2220万元，比上年增长30%。";
    told(KIND, wrong, &[&wrong.replace("30%", "20%")]);
    let wrong = "2021年培训1200人次，2022年培训1500人次，2023年培训1800人次，比上年增长50%。";
    told(KIND, wrong, &[&wrong.replace("50%", "20%")]);
}

#[test]
fn the_items_of_as_many_sides_make_the_whole_m43() {
    const KIND: ConflictKind = ConflictKind::Sum;
    let wrong = "县委巡察反馈3个方面29个问题。\n逐条整改。反馈的三个方面问题中，学习贯彻方面9个、作风建设方面12个、选人用人方面10个。";
    told(KIND, wrong, &[&wrong.replace("10个", "8个")]);
    let wrong = "清单列出四大类52项任务。\n四大类任务中，产业类15项、设施类14项、民生类12项、治理类13项。";
    told(KIND, wrong, &[&wrong.replace("13项", "11项")]);
    let wrong = "督查指出5个方面的36个问题。\n从整改情况看，5个方面问题分别为：责任落实方面8个、隐患排查方面9个、教育培训方面7个、应急管理方面6个、经费保障方面8个。";
    told(KIND, wrong, &[&wrong.replace("经费保障方面8个", "经费保障方面6个")]);
    let wrong = "审计发现3个领域共41个问题。\n三个领域的问题中，预算执行领域16个，工程建设领域14个，国资管理领域13个。";
    told(KIND, wrong, &[&wrong.replace("13个", "11个")]);
}

#[test]
fn built_and_rebuilt_make_what_both_are_told_as_m43() {
    const KIND: ConflictKind = ConflictKind::Sum;
    let wrong = "新建充电站6座、改造9座。\n17座新建改造充电站投入使用。";
    told(KIND, wrong, &[&wrong.replace("17座", "15座")]);
    let wrong = "今年新建农村公路12公里、改建26公里。\n群众对新改建的42公里农村公路交口称赞。";
    told(KIND, wrong, &[&wrong.replace("42公里", "38公里")]);
    let wrong = "新建文化广场5个、改造提升文化广场11个。\n新建和改造提升文化广场18个。";
    told(KIND, wrong, &[&wrong.replace("18个", "16个")]);
    let wrong = "新建泵站4座，改扩建泵站7座。\n新改扩建泵站13座全部投用。";
    told(KIND, wrong, &[&wrong.replace("13座", "11座")]);
    let wrong = "新建公厕6座、改造提升11座。\n回头看，19座新改建公厕群众天天在用。";
    told(KIND, wrong, &[&wrong.replace("19座", "17座")]);
    let wrong = "新购公交车18辆、更新24辆。\n新购更新公交车46辆。";
    told(KIND, wrong, &[&wrong.replace("46辆", "42辆")]);
}

#[test]
fn those_done_are_told_again_with_the_same_number_m43() {
    const KIND: ConflictKind = ConflictKind::TwoValues;
    let wrong = "全年实施改造危桥24座，截至年底已完工19座。\n存在不足：完工的21座危桥中，有的管护没有跟上。";
    told(KIND, wrong, &[&wrong.replace("21座", "19座")]);
    let wrong = "全县安排重点项目58个，总投资42亿元，目前已开工51个。\n已开工的47个重点项目进度不一。";
    told(KIND, wrong, &[&wrong.replace("47个", "51个")]);
    let wrong = "列入清单的断头路18条，全长12公里，已建成14条。\n建成的16条断头路，有的还没有路灯。";
    told(KIND, wrong, &[&wrong.replace("16条", "14条")]);
}

#[test]
fn a_balance_of_one_day_has_one_value_m43() {
    const KIND: ConflictKind = ConflictKind::TwoValues;
    let wrong = "一、基本情况\n截至6月末，全县政府隐性债务42.6亿元，占比35%。\n三、存在的问题\n截至6月末，政府隐性债务余额仍有44.6亿元，化解压力大。";
    told(
        KIND,
        wrong,
        &[
            &wrong.replace("44.6", "42.6"),
            &wrong.replace("三、存在的问题\n截至6月末", "三、存在的问题\n截至9月末"),
        ],
    );
    let wrong = "截至12月底，各项贷款余额达到86.4亿元，其中涉农贷款31.2亿元、小微贷款22.8亿元。\n截至12月底，涉农贷款余额33.2亿元，覆盖面不宽。";
    told(KIND, wrong, &[&wrong.replace("33.2", "31.2")]);
}

#[test]
fn two_parts_have_two_names_m43() {
    const KIND: ConflictKind = ConflictKind::Category;
    let wrong = "全县排查重大隐患9处，其中县级督办3处、县级督办6处。";
    told(KIND, wrong, &[&wrong.replace("县级督办3处", "市级督办3处")]);
    let wrong = "发展党员14名，其中机关党员5名、机关党员9名。";
    told(KIND, wrong, &[&wrong.replace("机关党员5名", "农村党员5名")]);
    let wrong = "整治河道6.8公里，其中城区河道2.3公里、城区河道4.5公里。";
    told(KIND, wrong, &[&wrong.replace("城区河道4.5", "乡村河道4.5")]);
}

#[test]
fn brackets_without_a_gap_make_all_of_them_m43() {
    const KIND: ConflictKind = ConflictKind::Sum;
    let wrong = "全县14个乡镇中，完成率达到100%的有4个，80%至100%之间的有7个，低于80%的有5个。";
    told(KIND, wrong, &[&wrong.replace("低于80%的有5个", "低于80%的有3个")]);
    let wrong = "全市22个部门中，支出进度超过90%的有9个，70%至90%的有8个，不足70%的有7个。";
    told(KIND, wrong, &[&wrong.replace("不足70%的有7个", "不足70%的有5个")]);
}

#[test]
fn before_and_after_leave_what_was_cut_m43() {
    const KIND: ConflictKind = ConflictKind::Sum;
    let wrong = "全年评审项目96个，送审金额4.86亿元，审定金额4.32亿元，核减0.64亿元。";
    told(KIND, wrong, &[&wrong.replace("0.64", "0.54")]);
    let wrong = "完成政府采购项目58批次，预算金额3200万元，成交金额2960万元，节约资金340万元。";
    told(KIND, wrong, &[&wrong.replace("340", "240")]);
    let wrong = "全年消除危房38户，全镇危房由年初的52户减少到20户。";
    told(ConflictKind::Change, wrong, &[&wrong.replace("消除危房38户", "消除危房32户")]);
}

#[test]
fn done_and_open_make_so_many_that_are_not_all_done_m43() {
    const KIND: ConflictKind = ConflictKind::AllDoneVsUnfinished;
    let wrong =
        "一、总体情况\n已完成整改26个，其余3个正在推进。\n二、主要做法\n查摆的29个问题已全部整改到位。";
    told(KIND, wrong, &[&wrong.replace("查摆的29个问题已全部整改到位", "查摆的29个问题已全部明确责任人")]);
    let wrong = "已整改到位33个，基本完成3个，正在推进2个。\n成效明显，38个问题已全部整改销号。";
    told(KIND, wrong, &[&wrong.replace("38个问题已全部整改销号", "38个问题已全部制定措施")]);
}

#[test]
fn what_was_done_and_what_was_not_make_the_whole_m43() {
    const KIND: ConflictKind = ConflictKind::Sum;
    let wrong = "全镇路灯不亮的96盏，已修复81盏，尚有25盏未修复。";
    told(KIND, wrong, &[&wrong.replace("25盏", "15盏")]);
    let wrong = "累计下达补助资金8640万元，已支出6480万元，尚有2060万元未支出。";
    told(KIND, wrong, &[&wrong.replace("2060", "2160")]);
}

#[test]
fn no_more_are_dealt_with_than_were_found_m43() {
    const KIND: ConflictKind = ConflictKind::Sum;
    let wrong = "共摸排违规停放的废旧车辆64辆，目前已动员车主清理31辆、依法拖移38辆。";
    told(KIND, wrong, &[&wrong.replace("拖移38辆", "拖移33辆")]);
    let wrong = "今年共排查户外违规广告牌120块，已拆除74块、清理58块。";
    told(KIND, wrong, &[&wrong.replace("清理58块", "清理46块")]);
}

#[test]
fn one_object_is_not_had_by_all_and_lacked_by_some_m43() {
    const KIND: ConflictKind = ConflictKind::AllDoneVsUnfinished;
    let wrong = "11个乡镇全部配备了专职管护员。\n二是力量不足，3个乡镇尚未配备专职管护员。";
    told(KIND, wrong, &[&wrong.replace("11个乡镇全部配备了", "8个乡镇已配备")]);
    let wrong = "全县142个村已全部建成村级寄递物流点。\n问题：仍有9个村没有建成村级寄递物流点。";
    told(KIND, wrong, &[&wrong.replace("已全部建成", "计划全部建成")]);
    let wrong = "214个小区均已安装智能充电设施。\n仍有12个小区未装智能充电设施。";
    told(KIND, wrong, &[&wrong.replace("214个小区均已", "202个小区已")]);
}

#[test]
fn more_of_all_are_not_reached_than_there_are_m43() {
    const KIND: ConflictKind = ConflictKind::SubsetExceedsSet;
    let wrong = "云溪县县属国有企业共有28户，资产总额63亿元。\n目前，全部县属企业中已有32户完成登记。";
    told(KIND, wrong, &[&wrong.replace("32户", "26户")]);
    let wrong = "全乡现有护林员214名。\n截至目前，全乡护林员中已有231名配发了装备。";
    told(KIND, wrong, &[&wrong.replace("231名", "203名")]);
}

#[test]
fn shares_by_age_are_held_against_what_the_ages_make_m43() {
    const KIND: ConflictKind = ConflictKind::Share;
    let wrong = "全县在岗护理员400人。从年龄看，55岁及以上的120人，占34.0%，40至54岁的180人，占45.0%，40岁以下的100人，占25.0%。";
    told(KIND, wrong, &[&wrong.replace("34.0%", "30.0%")]);
}
