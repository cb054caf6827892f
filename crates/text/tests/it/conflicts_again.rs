//! What is told of all, of a whole or of a length of time, and told again elsewhere in other words; each beside the same text as
//! it should be.

use bihuan_text::{Certainty, ConflictKind, conflicts};

use super::conflicts_plainly::told;

#[test]
fn all_of_a_number_are_not_some_of_the_same_number_m43() {
    let text = "对外借出的14台抽水机均已收回。\n从清点情况看，上述14台抽水机中，还有3台未收回。";
    told(ConflictKind::AllDoneVsUnfinished, text, &[&text.replace("均已收回", "收回11台")]);
    let listed = "列入清单的问题38个，已整改销号33个，正在整改5个。\n总的看，清单所列问题已全部销号。";
    told(ConflictKind::AllDoneVsUnfinished, listed, &[&listed.replace("已全部销号", "大多数已销号")]);
}

/// The act or the name is the same, the words around it are not.
#[test]
fn what_is_open_is_held_against_what_was_told_as_all_done_m43() {
    let kind = ConflictKind::AllDoneVsUnfinished;
    let count =
        "全镇列入清单的21件实事已经全部办结。\n不足之处是，清单里的果园便道改造和蓄水池清淤2件实事还在施工。";
    told(kind, count, &[&count.replace("已经全部办结", "办结19件")]);
    let called = "交办的46件信访件逐一登记。目前46件已全部办结。\n没有办结的3件信访件都与夜间噪声有关。";
    told(kind, called, &[&called.replace("46件已全部办结", "已办结43件")]);
    let set = "9项检视问题均已整改销号。\n问题清单上的检视问题中还有2项尚未整改到位。";
    told(kind, set, &[&set.replace("9项检视问题均已", "第一批9项检视问题均已")]);
    let one =
        "列入15件实事的青岩码头改造至今尚未完工，群众仍坐小船过河。\n15件实事已全部办结，不等于可以歇口气。";
    told(kind, one, &[&one.replace("已全部办结", "大多办结")]);
    let thing =
        "12个村级服务点均已安装血压测量仪。\n受电力改造影响，河湾、石坎两村的血压测量仪至今没有安装。";
    told(kind, thing, &[&thing.replace("12个村级服务点均已", "已有10个村级服务点")]);
    let away = "县领导包案的18件积案均已化解。\n包案的积案中，还有3件因当事人诉求差距较大，至今没有化解。";
    told(kind, away, &[&away.replace("18件积案均已化解", "18件积案已化解15件")]);
}

/// What is left of another number, of another year or of those that were set apart says nothing of all of these.
#[test]
fn what_is_left_of_others_contradicts_nothing_m43() {
    for text in [
        "2023年安排的13个项目全部建成。\n2024年安排的15个项目中，仍有4个未建成。",
        "47个问题已完成整改41个。\n抽查发现的32个问题均已整改。\n尚未完成整改的6个问题由党组书记包抓。",
        "整改到位的82个问题全部经过核验销号。\n尚未整改到位的15个问题逐一明确了时限。",
        "改造完成后，36个小区全部落实长效管理。\n上年改造的30个小区中，尚有4个未落实长效管理。",
    ] {
        let sure = conflicts(text).into_iter().filter(|c| c.strength == Certainty::Certain).count();
        assert_eq!(sure, 0, "{text}");
    }
}

#[test]
fn some_of_a_kind_are_no_more_than_the_kind_m43() {
    let kind = ConflictKind::SubsetExceedsSet;
    let beside = "现场查看点位48个，存在隐患的点位51个，当场交办39份。";
    told(kind, beside, &[&beside.replace("51", "31")]);
    let far = "本期学员46名，分成四个小组。\n最后一天下午安排交流，登台发言的学员有49名，没有人念稿子。";
    told(kind, far, &[&far.replace("49", "29"), &far.replace("登台发言的学员", "全县登记在册的学员")]);
    let these = "我们一共去了18个村，有城郊的，也有山里的。\n走访的这些村里，挂牌超过十块的有21个。";
    told(kind, these, &[&these.replace("21", "11")]);
}

#[test]
fn a_course_lasts_as_long_as_was_told_m43() {
    let text = "10月下旬，镇里办了5天读书班。\n为期6天的读书班时间不长，留下的东西不少。";
    told(
        ConflictKind::Duration,
        text,
        &[&text.replace("6天", "5天"), &text.replace("办了5天", "办了两期，首期5天")],
    );
}

#[test]
fn kinds_told_one_by_one_make_their_whole_m43() {
    let text = "共发现问题96个，归为以下三类。\n一是台账不实。此类问题34个。\n二是更新不及时。此类问题17个。\n三是账实不符。此类问题40个。";
    told(ConflictKind::Sum, text, &[&text.replace("96", "91"), &text.replace("三类", "四类")]);
}

#[test]
fn more_than_was_planned_is_reckoned_too_m43() {
    let text = "计划新增车位500个，实际新增620个，完成计划的118%。";
    told(ConflictKind::Share, text, &[&text.replace("118", "124")]);
}

#[test]
fn what_was_counted_is_told_again_with_its_number_m43() {
    let kind = ConflictKind::TwoValues;
    let passive = "对整改敷衍的7个单位予以通报批评。\n被通报批评的8个单位应在月底前作出书面检查。";
    told(kind, passive, &[&passive.replace("8个", "7个")]);
    let pointed = "6月5日县委巡察组反馈了意见，指出4个方面27个问题。\n截至9月底，反馈问题已完成整改22个。\n11月起，对反馈的29个问题逐一复核。";
    told(kind, pointed, &[&pointed.replace("29", "27")]);
}

/// A kiln may be used beyond its capacity, no more straw than there is.
#[test]
fn use_beyond_all_there_is_m43() {
    let text = "秸秆综合利用率达到102.3%。";
    told(ConflictKind::RateOver100, text, &[&text.replace("102", "92"), "砖厂产能利用率达到102.3%。"]);
}

#[test]
fn what_none_does_any_more_is_still_done_by_none_m43() {
    let text = "减负以来，31个班级无一再要求家长打卡接龙。\n不足也有：抽查中，初一年级有2个班级还在要求家长打卡接龙。";
    let kind = ConflictKind::AllDoneVsUnfinished;
    told(
        kind,
        text,
        &[&text.replace("还在要求家长打卡接龙", "还在使用旧教材"), &text.replace("无一再", "陆续不再")],
    );
}

/// 无一例外 is said of all, and brackets behind a whole hold no other whole.
#[test]
fn words_and_brackets_beside_a_whole_hide_nothing_m43() {
    let all = "15个项目无一例外全部完成。\n3个项目尚未完成。";
    told(ConflictKind::AllDoneVsUnfinished, all, &[&all.replace("全部完成", "按期开工")]);
    let sum = "检视问题786个（详见附件），已完成整改652个，正在推进的144个。";
    told(ConflictKind::Sum, sum, &[&sum.replace("144", "134")]);
}

#[test]
fn what_is_kept_is_what_was_brought_down_to_m43() {
    let text = "进校园事项由52项减至21项。\n实行白名单管理，目前保留18项，其余34项不再开展。";
    let right = text.replace("18项", "21项").replace("34项", "31项");
    told(ConflictKind::TwoValues, text, &[&right, &text.replace("34项", "30项")]);
}

/// What stands in brackets, of the first part or before a change is no whole of what follows.
#[test]
fn numbers_of_other_things_are_no_wholes_m43() {
    for text in [
        "列入计划的9座危桥(含2座漫水桥)，7座已竣工通车，2座正在施工。",
        "现有企业34家，其中危险化学品企业19家，包括生产企业11家、经营企业5家、使用企业3家。",
        "全县170个村的村均挂牌数由16块减到5块，共摘除牌子1870块。",
    ] {
        let found = conflicts(text);
        assert!(found.iter().all(|c| c.strength != Certainty::Certain), "{text} {found:?}");
    }
}

/// 整治率 behind what is done, the parts of it, and what is left; and no more are judged good than were judged.
#[test]
fn what_is_left_behind_the_parts_belongs_to_the_rate_m43() {
    let left = "全镇查出漏水的水窖135口。到月底，已修好108口，修复率86%，其中甲等19口、乙等89口；剩下27口，都挂了牌子。";
    told(ConflictKind::Share, left, &[&left.replace("86%", "80%")]);
    let judged = "对25处晒场进行年度评价，评价为优秀和良好的共28处。";
    told(ConflictKind::SubsetExceedsSet, judged, &[&judged.replace("28处", "18处")]);
}

/// A rate is of all that there are of the kind, however far in front these are told.
#[test]
fn a_rate_is_of_all_there_are_of_its_kind_m43() {
    let text = "全县共有村办茶场128个，其中自营97个、托管31个。采茶季雇工4260人，用工最多的是三月。\n技术上，茶场接入测土平台，目前已接入平台的茶场112个，接入率91.5%。";
    told(
        ConflictKind::Share,
        text,
        &[&text.replace("91.5", "87.5"), &text.replace("茶场112个", "农户112个")],
    );
    let behind = "全区现有定点驿站253家，其中自营91家、加盟162家。\n入夏以后，先后对138家驿站开展了检查，检查面达到62.5%。";
    told(
        ConflictKind::Share,
        behind,
        &[&behind.replace("62.5", "54.5"), &behind.replace("检查面", "满意面")],
    );
}
