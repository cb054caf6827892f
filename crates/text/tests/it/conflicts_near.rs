//! Conflicts of figures in plain frames close to one another, of one thing counted twice, and of what is left: each beside the
//! same text as it should be.

use bihuan_text::{Certainty, ConflictKind, conflicts};

/// The kinds that a text tells, asked or sure.
fn kinds(text: &str) -> Vec<ConflictKind> {
    conflicts(text).iter().map(|c| c.kind).collect()
}

/// The first text tells one conflict of the kind, sure or asked; the second none at all.
fn told(kind: ConflictKind, strength: Certainty, wrong: &str, right: &str) {
    let found: Vec<_> = conflicts(wrong).iter().map(|c| (c.kind, c.strength)).collect();
    assert_eq!(found, [(kind, strength)], "{wrong}");
    assert_eq!(kinds(right), [], "{right}");
}

fn sure(kind: ConflictKind, wrong: &str, right: &str) {
    told(kind, Certainty::Certain, wrong, right);
}

fn asked(kind: ConflictKind, wrong: &str, right: &str) {
    told(kind, Certainty::Query, wrong, right);
}

#[test]
fn whole_part_and_rate_that_follow_one_another_belong_together_m43() {
    // 312 of 331, the number before, would be 94.3 % by chance.
    let wrong =
        "竹溪镇排查隐患376处，完成整治331处，整治率88.0%。松坪镇排查隐患312处，完成整治263处，整治率94.3%。";
    sure(ConflictKind::Share, wrong, &wrong.replace("94.3%", "84.3%"));
    let wrong = "评价项目共下达资金3.15亿元，实际支出2.52亿元，预算执行率为85%。";
    asked(ConflictKind::Share, wrong, &wrong.replace("85%", "80%"));
    for right in [
        "优秀21家、良好48家、合格19家、不合格8家，优良率71.9%。",
        "自查问题54个，已完成整改51个，其余3个正在推进，整改完成率94.4%。",
        "当场整改隐患4316处，下发通知涉及隐患1426处。通知的1426处中已整改到位1283处，全县隐患综合整改率为97.5%。",
        "抽检300批次，不合格12批次，合格率96%。",
    ] {
        assert_eq!(kinds(right), [], "{right}");
    }
}

#[test]
fn growth_is_reckoned_from_the_two_values_beside_it_m43() {
    let wrong = "统计违法案件立案22件，去年同期16件，同比增长27.5%。";
    sure(ConflictKind::Change, wrong, &wrong.replace("27.5%", "37.5%"));
    let wrong = "林下经济产值4.32亿元，与上年的3.6亿元相比增长25%。";
    sure(ConflictKind::Change, wrong, &wrong.replace("25%", "20%"));
    let wrong = "上缴税费9.6亿元，比2022年的8亿元增长12%。";
    sure(ConflictKind::Change, wrong, &wrong.replace("12%", "20%"));
    let wrong = "平均得分84.6分，比上年的81.2分提高4.4分。";
    sure(ConflictKind::Change, wrong, &wrong.replace("4.4分", "3.4分"));
    let wrong = "接口调用86.4万次，较上年同期的21.6万次增长2倍。";
    sure(ConflictKind::Change, wrong, &wrong.replace("2倍", "3倍"));
    // 9.2 less 8.7 may be 0.6 where all three were rounded.
    let wrong = "教育支出9.2亿元，较上年的8.7亿元增加0.6亿元。";
    asked(ConflictKind::Change, wrong, &wrong.replace("0.6", "0.5"));
    let right = "刑事警情比上年同期的480起减少60起，治安警情比上年同期的2270起下降15.0%。";
    assert_eq!(kinds(right), []);
}

#[test]
fn so_many_of_each_make_the_total_m43() {
    let wrong = "发放消费券2.4万张，每张面值30元，总额720万元。";
    sure(ConflictKind::Product, wrong, &wrong.replace("720", "72"));
    let wrong = "12个延时窗口累计办件960件，平均每个窗口办件120件。";
    sure(ConflictKind::Average, wrong, &wrong.replace("120件", "80件"));
    let wrong = "已赔付到户8400户，赔付资金1260万元，户均获赔1800元。";
    sure(ConflictKind::Average, wrong, &wrong.replace("1800", "1500"));
    let wrong = "已办结的举报件平均每件用时6.2天，用时最长的一件为5天。";
    sure(ConflictKind::Average, wrong, &wrong.replace("5天", "15天"));
}

#[test]
fn what_all_reach_or_miss_holds_for_each_that_is_named_m43() {
    let wrong = "各县（区）整改率均在95%以上。桐岭县、白石县整改率分别为100%、93.3%。";
    sure(ConflictKind::TwoValues, wrong, &wrong.replace("93.3%", "96.3%"));
    let wrong = "整改率低于90%的有3个乡镇，分别为86.5%、88.2%和92.1%。";
    sure(ConflictKind::TwoValues, wrong, &wrong.replace("92.1%", "82.1%"));
}

#[test]
fn what_is_left_is_the_whole_less_what_is_done_however_far_apart_m43() {
    for wrong in [
        "共查摆问题40个，已完成整改34个。\n学习抓得紧，开展研讨12次。\n查摆的40个问题中，剩余8个问题尚未完成整改。",
        "312户危房全部开工，竣工289户。\n11月底前完成剩余33户危房改造任务。",
        "全县公路中断38处。\n停电台区恢复供电，中断公路已抢通33处。\n尚未抢通的7处公路中断点，12月底前抢通。",
        "共排查隐患874条，其中一般隐患855条。截至10月底，已整改821条，整改率93.9%。\n紧盯尚未整改的43条隐患，逐条落实责任。",
        "共排查出问题342个。\n截至10月底，已完成整改328个，整改率95.9%，剩余24个问题已明确责任人。",
    ] {
        let found: Vec<_> = conflicts(wrong).iter().map(|c| (c.kind, c.strength)).collect();
        assert_eq!(found, [(ConflictKind::Sum, Certainty::Certain)], "{wrong}");
    }
    for right in [
        "共查摆问题40个，已完成整改34个。\n查摆的40个问题中，剩余6个问题尚未完成整改。",
        "共排查隐患874条，其中一般隐患855条。已整改821条，整改率93.9%。\n紧盯尚未整改的53条隐患，逐条落实责任。",
        "一般隐患1328处，已整改1297处。\n还有4处重大隐患尚未销号。",
        "19个未开工项目中，因用地未落实的8个、因资金未到位的6个、因规划调整的5个。",
    ] {
        assert_eq!(kinds(right), [], "{right}");
    }
    let wrong = "年初计划实施供水工程45处。截至10月底，上述工程已完工47处，其余正在扫尾。";
    sure(ConflictKind::SubsetExceedsSet, wrong, &wrong.replace("47处", "42处"));
    let wrong = "经复核，退出不符合条件对象284户、新纳入对象197户，增减相抵净减少97户。";
    sure(ConflictKind::Change, wrong, &wrong.replace("97户。", "87户。"));
}

#[test]
fn one_thing_counted_twice_has_one_number_m43() {
    for (wrong, right) in [
        (
            "共排查隐患874条，其中重大隐患19条、一般隐患855条。\n本次排查发现的16条重大隐患全部挂牌督办。",
            "共排查隐患874条，其中重大隐患19条、一般隐患855条。\n本次排查发现的19条重大隐患全部挂牌督办。",
        ),
        (
            "区委成立7个巡回指导组。\n截至目前，区委6个巡回指导组已实现全覆盖。",
            "区委成立7个巡回指导组。\n截至目前，区委7个巡回指导组已实现全覆盖。",
        ),
        (
            "全县已有126家食堂接入监管平台。\n全县仅有121家食堂接入平台。",
            "全县已有126家食堂接入监管平台。\n去年全县仅有121家食堂接入平台。",
        ),
        (
            "暂停协议52家、解除协议18家。\n对解除医保服务协议的28家机构依法移送。",
            "暂停协议52家、解除协议18家。\n对解除医保服务协议的18家机构依法移送。",
        ),
        (
            "组建8支应急队，共有队员156名。\n依托8支应急队、128名队员，落实轮班备勤。",
            "组建8支应急队，共有队员156名。\n依托8支应急队、156名队员，落实轮班备勤。",
        ),
    ] {
        let found: Vec<_> = conflicts(wrong).iter().map(|c| c.kind).collect();
        assert_eq!(found, [ConflictKind::TwoValues], "{wrong}");
        assert_eq!(kinds(right), [], "{right}");
    }
    let wrong = "新制定制度7项、修订完善制度11项。\n汇编本次新制定修订的16项制度。";
    sure(ConflictKind::Sum, wrong, &wrong.replace("16项", "18项"));
    let wrong = "87家乡镇卫生院中，达到基本标准的58家。\n全市设置中医馆的乡镇卫生院已达93家。";
    sure(ConflictKind::SubsetExceedsSet, wrong, &wrong.replace("93家", "83家"));
    // Kinds of problems are named like those who have them; items of two lists are named by place.
    for right in [
        "共查摆问题46个，按来源分，局领导14个、机关科室18个、下属单位14个。\n9个下属单位已全部印发制度。",
        "查出问题108个，其中青石县60个、平湖县48个。\n完成整改96个，其中青石县56个、平湖县40个。",
        "零售总额86.4亿元。\n城镇消费零售额64.8亿元，占75%。",
    ] {
        assert_eq!(kinds(right), [], "{right}");
    }
}

#[test]
fn more_than_those_of_which_it_speaks_is_certain_m43() {
    for (wrong, right) in [
        (
            "就业困难毕业生312人，经帮扶，困难毕业生已落实就业326人。",
            "就业困难毕业生312人，经帮扶，困难毕业生已落实就业306人。",
        ),
        (
            "竣工289户。对竣工房屋逐户验收，目前已验收入住297户。",
            "竣工289户。对竣工房屋逐户验收，目前已验收入住287户。",
        ),
        ("随机抽查单位68个，发现存在问题的单位72个。", "随机抽查单位68个，发现存在问题的单位32个。"),
        ("栽植苗木86万株，经核查，这批苗木成活91万株。", "栽植苗木86万株，经核查，这批苗木成活81万株。"),
        (
            "集中供养582人。对这582人逐一评估，评定为失能的619人。",
            "集中供养582人。对这582人逐一评估，评定为失能的219人。",
        ),
        ("移送案件9件，公安机关对移送案件立案11件。", "移送案件9件，公安机关对移送案件立案8件。"),
    ] {
        sure(ConflictKind::SubsetExceedsSet, wrong, right);
    }
    // What is told again carries the place where it was told first.
    let again = conflicts("集中供养582人。对这582人逐一评估，评定为失能的619人。");
    assert_eq!(again[0].quotes, ["582人", "582人", "619人"]);
    for right in [
        "计划改造300户，截至9月底已完成320户，完成年度计划的106.7%。",
        "分6批安排240名职工疗休养，每批40人，其中劳动模范36人、一线职工204人。",
        "每万人拥有专利40件；其中高价值专利749件。",
        "上报事件28460件，办结27891件，正在办理569件；其中9月份上报3215件。",
    ] {
        assert_eq!(kinds(right), [], "{right}");
    }
}

#[test]
fn all_done_and_some_open_of_the_same_name_is_told_m43() {
    for wrong in [
        "目前46座公厕全部正常开放。\n前张村、刘庙村的3座公厕因水管冻裂至今未开放。",
        "白石乡、青石镇等6个乡镇承担的积案已全部化解。\n东河镇还有7件、白石乡还有3件积案未化解。",
        "涉水的14个问题已全部整改销号。\n污水管网建设2个涉水问题仍未完成整改。",
        "7件问题线索已全部办结。\n对正在核查的2件巡察移交线索，加快办理。",
        "由政府安排工作的28名退役士兵已全部上岗。\n仍有3名由政府安排工作的退役士兵未能上岗。",
        "交办信访件186件，其中大气62件、水41件、噪声83件，截至9月底已全部办结。\n尚未办结的9件信访件，逐件包案。",
    ] {
        let found: Vec<_> = conflicts(wrong).iter().map(|c| c.kind).collect();
        assert_eq!(found, [ConflictKind::AllDoneVsUnfinished], "{wrong}");
    }
    for right in [
        "目前32个小区全部开工。\n已完工24个，还有8个正在施工。",
        "184名自主就业退役士兵的补助金均已发放。\n仍有3名退役士兵未能上岗。",
        "查出装修隐患146处，已全部拆除更换。\n燃气隐患仍有134处未整改到位。",
        "定位系统还有2座未接入平台。\n四、下一步打算\n推动15座矿山定位系统全部接入平台。",
        "反映问题15个，已整改14个。\n反映问题12个，已全部整改到位。",
    ] {
        let certain = conflicts(right).iter().any(|c| c.strength == Certainty::Certain);
        assert!(!certain, "{right}");
    }
    // Two rules that see the same statement tell it once.
    let once = conflicts("受理信访件167件，已办结159件，其余8件正在办理。\n167件信访件已全部办结。");
    assert_eq!(once.len(), 1, "{once:?}");
}

#[test]
fn levels_of_parts_are_those_of_their_whole_m43() {
    for (wrong, right) in [
        (
            "全县评选县级骨干教师150名，其中省级骨干教师12名、市级骨干教师38名、县级骨干教师100名。",
            "全县评选骨干教师150名，其中省级骨干教师12名、市级骨干教师38名、县级骨干教师100名。",
        ),
        (
            "文昌街、滨河路两条省级示范街等6条市级示范街通过验收。",
            "文昌街、滨河路两条市级示范街等6条市级示范街通过验收。",
        ),
        (
            "对全县4个省级自然保护地（国家级1个、省级3个）开展核查。",
            "对全县4个省级以上自然保护地（国家级1个、省级3个）开展核查。",
        ),
        (
            "建成省级示范食堂3个、市级示范食堂8个，这11个县级示范食堂设立开放日。",
            "建成省级示范食堂3个、市级示范食堂8个，这11个示范食堂设立开放日。",
        ),
        (
            "争取县级资金9.8亿元，其中中央投资4.6亿元、省级资金3.1亿元、市级资金2.1亿元。",
            "争取上级资金9.8亿元，其中中央投资4.6亿元、省级资金3.1亿元、市级资金2.1亿元。",
        ),
    ] {
        sure(ConflictKind::Category, wrong, right);
    }
    let wrong = "电子化支付率由年初的96.2%提高到993%。";
    sure(ConflictKind::RateOver100, wrong, &wrong.replace("993%", "99.3%"));
}

#[test]
fn lists_make_their_sum_in_any_wording_m43() {
    let wrong =
        "县级河长巡河72人次、乡级河长巡河2304人次、村级河长巡河15264人次，三级河长累计巡河17840人次。";
    sure(ConflictKind::Sum, wrong, &wrong.replace("17840", "17640"));
    let wrong = "设立配送点86个，由24个直营店和52个加盟店组成。";
    sure(ConflictKind::Sum, wrong, &wrong.replace("86个", "76个"));
    let wrong = "亏损企业42户，一年来扭亏为盈19户、减亏15户、清算退出11户。";
    sure(ConflictKind::Sum, wrong, &wrong.replace("11户", "8户"));
    let wrong = "全市已整改241个。分县区看，青石县88个、平湖县70个、南屏区52个、城关区33个。";
    sure(ConflictKind::Sum, wrong, &wrong.replace("33个", "31个"));
    for right in [
        "检查系统58个，发现高危漏洞31个、中危漏洞64个，共95个。",
        "农村建房102个、乡镇企业38个、设施农业41个、道路及公共设施34个。",
        "问题金额4.35亿元，其中上缴国库6820万元、归还原渠道9140万元、盘活1.58亿元、调整账目1.174亿元。",
        "涉及耕地的41个、面积156亩，分别占违法图斑个数的66.1%和违法面积240亩的65%。",
    ] {
        assert_eq!(kinds(right), [], "{right}");
    }
}

#[test]
fn a_share_is_of_what_it_is_named_to_be_of_m43() {
    for (wrong, right) in [
        (
            "在档困难职工126户。通过救助，已有78户实现解困，占在档户数的56.9%。",
            "在档困难职工126户。通过救助，已有78户实现解困，占在档户数的61.9%。",
        ),
        (
            "全县诊疗186.3万人次，其中县级医院71.5万人次、乡村两级合计114.8万人次，占总诊疗人次的56.1%。",
            "全县诊疗186.3万人次，其中县级医院71.5万人次、乡村两级合计114.8万人次，占总诊疗人次的61.6%。",
        ),
        (
            "已整改的189个图斑中，拆除复耕112个、补办手续64个、其他13个，拆除复耕的占已整改图斑的63.9%。",
            "已整改的189个图斑中，拆除复耕112个、补办手续64个、其他13个，拆除复耕的占已整改图斑的59.3%。",
        ),
        (
            "共查出问题268个，其中乱占62个、乱采35个、乱堆118个、乱建53个。从类型看，乱堆问题最为突出，占问题总数的52%。",
            "共查出问题268个，其中乱占62个、乱采35个、乱堆118个、乱建53个。从类型看，乱堆问题最为突出，占问题总数的44%。",
        ),
    ] {
        sure(ConflictKind::Share, wrong, right);
    }
    let right = "年度计划投资132.4亿元。1至10月完成投资113.2亿元，其中产业类58.7亿元、民生类54.5亿元，占年度计划的85.5%。";
    assert_eq!(kinds(right), []);
}

#[test]
fn figures_that_merely_look_alike_are_left_alone_m43() {
    for right in [
        // Each clause tells its own whole.
        "镇党委层面31个问题已整改29个，村级78个问题已整改75个。",
        "31个问题已整改29个；村级78个问题已整改75个。",
        "东村34户已搬迁33户，西村52户已搬迁48户。",
        "企业自查的34项已整改33项，部门检查发现的52项已整改48项。",
        "排查地块6个，2个已完成修复，4个正在修复。",
        "班子成员包案38件，已化解36件；其余47件由部门包案，已化解40件。",
        "省级16条中剩余1条，市级34条中剩余2条，县级57条中剩余6条。",
        "共抽检2460批次，其中监督抽检1320批次，合格1291批次；评价性抽检1140批次，合格1127批次。",
        "61个项目已开工56个，未开工的5个中，2个正在办手续，3个正在招标。",
        // Rates of a reduction, of what was done in time, of all levels, of those who are not told.
        "审批事项由142项精简至89项，精简率37.3%。",
        "办理时限由20个工作日压缩至5个工作日，压缩率75%。",
        "受理418件，办结400件，按期办结率100%，群众满意率98.5%。",
        "市级下达线索34条，办结32条；县级排查线索57条，办结51条；总办结率91.6%。",
        "全村1260人，60岁以上老人参保286人，参保率98.6%。",
        "养老机构28家，床位3260张，入住1847人；公办机构19家，床位1980张，入住1236人，入住率62.4%。",
        // Asides, nets, overlaps.
        "招商项目94个（上年87个），其中工业58个、服务业36个。",
        "协助查处违纪干部17人，其中给予党纪处分14人、政务处分9人（6人同时受到两种处分）。",
        "净增党支部5个，其中新成立9个，撤销4个。",
        "问题287处，已整改261处。暗访反馈的9处（含在287处内）已全部整改销号。",
        // What is left of several, or of what is not told.
        "累计脱贫822户，其中今年脱贫317户；未脱贫的425户均已落实帮扶措施。",
        "31个问题已整改29个，整改率93.5%；村级78个问题已整改75个，整改率96.2%。未完成的5个问题均需长期整改。",
        "此前发现的79项，已整改77项。剩余5项中，3项为新发现，2项为9月发现。",
        "两项合计化解29件，本级化解22件，剩余5件。",
        "检查隐患9处。9处已全部整改。另排查12处，2处尚未整改。",
        // Other times, other sets.
        "检查发现问题137个，已整改131个；上半年发现的108个问题已全部整改到位。",
        "年初确定改革事项36项。可办事项由147项增至183项，新增36项。",
        "会议由14次减少至9次，文件由62份减少至41份，分别减少35.7%和33.9%。",
    ] {
        let certain: Vec<_> =
            conflicts(right).into_iter().filter(|c| c.strength == Certainty::Certain).collect();
        assert!(certain.is_empty(), "{right} {certain:?}");
    }
}

#[test]
fn a_text_that_begins_with_its_number_is_read_m43() {
    for text in ["9件已全部办结，2件尚未办结。", "300户已全部开工，24户尚未竣工。", "2个", "其余3个"]
    {
        conflicts(text);
    }
    assert_eq!(kinds("9件线索已全部办结。\n2件线索尚未办结。"), [ConflictKind::AllDoneVsUnfinished]);
}
