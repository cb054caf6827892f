//! Numbers that would be right but for a digit, sets that are named again, what is open by the numbers: each beside the same
//! text as it should be, and what looks like one of them and is none.

use crate::conflicts_totals::{quiet, sure};
use bihuan_text::ConflictKind::{
    AllDoneVsUnfinished, Average, Change, Share, SubsetExceedsSet, Sum, TwoValues,
};

#[test]
fn what_is_left_over_is_told_by_any_act_where_only_a_digit_is_wrong_m43() {
    let text = "全县摸排工作群2860个，解散1934个，占67.6%，保留1026个，基层负担明显减轻。";
    sure(Sum, text, "1026", "926");
    let text = "全县参保186.4万人，完成目标任务192.0万人的97.1%，距目标任务还差6.6万人。";
    sure(Sum, text, "6.6万", "5.6万");
    let text = "全市计划建设点位40个，目前已建成34个、正在施工8个，年底前可全部建成投用。";
    sure(Sum, text, "正在施工8个", "正在施工6个");
}

#[test]
fn parts_behind_their_whole_make_it_whatever_stands_with_them_m43() {
    let text = "在已化解的2041起中，村级就地化解1386起，乡镇化解512起，县级会商化解153起。";
    sure(Sum, text, "2041", "2051");
    for right in [
        // Sums of the same parts, of which one is a part of another list.
        "抽查党支部120个，其中机关35个、农村42个、社区18个、国有企业14个、“两新”组织11个。",
        "石桥县225件次、河口区196件次，环比分别减少19件次、15件次。",
        "今年计划改造小区96个。按区域分，市辖三区41个，四个县（市）55个。",
        "计划加装120部，已开工108部，其中投入使用63部、正在施工45部。",
        "监督抽检860批次。其中，粮油类210批次，全部合格；肉类186批次，合格184批次；蔬菜类264批次，合格257批次；餐饮具200批次，合格196批次。",
        "增值税3.68亿元，企业所得税1.42亿元，个人所得税0.39亿元，契税1.15亿元，其他税种合计3.08亿元。",
    ] {
        quiet(right);
    }
}

#[test]
fn a_count_told_again_is_held_against_the_one_its_parts_prove_m43() {
    let text = "各小院收集议题892件，其中当场答复407件、街道协调421件、提级研究64件。\n通过一件件办理，829件议题件件有回音。";
    sure(TwoValues, text, "829件", "892件");
    let text = "领导包案的信访积案46件，目前已化解31件，剩余15件。\n对已化解的34件积案逐一回访。";
    sure(TwoValues, text, "34件", "31件");
    quiet("学校食堂642家，其中小学371家、中学271家。\n612家学校食堂实现定点采购，占食堂总数的95.3%。");
    quiet("参与共建的党支部达128个。\n市直机关仍有182个党支部没有提出申报。");
}

#[test]
fn changes_averages_and_shares_that_slipped_are_told_m43() {
    let text = "受理医疗类诉求2890件，二季度3400件，环比上升15%。";
    sure(Change, text, "上升", "下降");
    let text = "全年实施救助18.6万人次，支出救助资金7440万元，人次均救助4000元。";
    sure(Average, text, "4000元", "400元");
    let text = "有效问卷564份。\n问卷显示，认为流于形式的有197人，占34.9%；认为形式单一的有268人，占57.5%；认为时间难以保证的有141人，占25%。";
    sure(Share, text, "57.5%", "47.5%");
    let text = "监督抽检850批次，合格837批次，不合格13批次，合格率97.5%。";
    sure(Share, text, "97.5%", "98.5%");
    for right in [
        "对于主要困难（可多选），243户选择“缺少劳动力”，占65.5%；186户选择“缺乏技术”，占50.1%；142户选择“销路不畅”，占38.3%；121户选择“资金不足”，占32.6%。",
        "全市96个小区中，市辖三区41个、县（市）55个。目前完工58个，完工率60.4%。已完工的58个小区中，市辖三区27个，完工率65.9%；县（市）31个，完工率56.4%。",
        "936个行政村中，完成治理的达到504个，比上年底新增59个，治理率由47.5%提高到53.8%。",
    ] {
        quiet(right);
    }
}

#[test]
fn a_set_named_again_has_no_more_than_it_was_told_to_have_m43() {
    let text = "受理举报线索94条，已办结86条，查实112条，兑现举报奖励5.8万元。";
    sure(SubsetExceedsSet, text, "112条", "72条");
    let text = "问题分为立行立改类168个、分阶段整改类86个。\n截至年底，立行立改类问题已完成整改175个。";
    sure(SubsetExceedsSet, text, "175个", "165个");
    let text =
        "重大事故隐患15项，已整改销号11项，未销号4项。\n县级挂牌督办未销号的隐患中，有6项超过整改期限。";
    sure(SubsetExceedsSet, text, "有6项", "有3项");
    let text = "发现疑似危房47户，经第三方鉴定为危房61户，全部纳入改造计划。";
    sure(SubsetExceedsSet, text, "61户", "41户");
    let text = "随机抽查学校60所，现场走访学生家长。\n汇总各组情况，存在问题的学校73所。";
    sure(SubsetExceedsSet, text, "73所", "23所");
    quiet("9处重大隐患已全部整改销号，一般隐患已整改398处、剩余14处正在限期整改。");
}

#[test]
fn what_is_left_of_as_many_is_open_whatever_the_others_are_called_m43() {
    let text = "倒排确定软弱涣散党组织17个。截至10月底，已有14个通过验收，其余3个正在整顿提升。\n经过集中整顿，全县17个软弱涣散党组织均已转化升级。";
    sure(AllDoneVsUnfinished, text, "，其余3个正在整顿提升", "");
    quiet("去年签约的126个项目已开工119个，未开工的7个中3个已终止、4个正在办理手续。用工问题126个全部解决。");
}

/// What is left, of a unit whose other numbers stand far in front.
#[test]
fn what_is_left_alone_at_the_end_of_a_long_paragraph_is_read_m43() {
    let far = "会议由分管同志主持，各科室负责人参加，逐条听取意见，".repeat(8);
    quiet(&format!("安装路灯126盏，更换井盖38盏，{far}其余17盏由各村自行维护。"));
}
