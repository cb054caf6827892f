//! How many there are in all against what is told of them elsewhere, lists against their wholes, words against their opposites,
//! all done against some: each beside the same text as it should be, and what the text itself explains.

use bihuan_text::ConflictKind::{
    AllDoneVsUnfinished, Category, Change, RateOver100, Share, SubsetExceedsSet, Sum, TwoValues,
};
use bihuan_text::{Certainty, ConflictKind, conflicts};

/// The first text tells one conflict of the kind for sure; with `right` for `wrong` it tells none.
pub(crate) fn sure(kind: ConflictKind, text: &str, wrong: &str, right: &str) {
    let found: Vec<_> = conflicts(text).iter().map(|c| (c.kind, c.strength)).collect();
    assert_eq!(found, [(kind, Certainty::Certain)], "{text}");
    let mended = text.replace(wrong, right);
    assert_ne!(mended, text);
    quiet(&mended);
}

pub(crate) fn quiet(text: &str) {
    let told = conflicts(text);
    assert!(told.is_empty(), "{text} {told:?}");
}

#[test]
fn what_a_list_proves_is_not_told_otherwise_elsewhere_m43() {
    let text =
        "全县共有养老机构18家，其中公办机构7家、民办养老机构11家。\n县民政局约谈13家民办养老机构负责人。";
    sure(SubsetExceedsSet, text, "约谈13家", "约谈9家");
    let text =
        "构成重大危险源32个，其中一级5个、二级6个、三级9个、四级12个。\n全市35个重大危险源全部落实包保责任。";
    sure(TwoValues, text, "35个", "32个");
    let text =
        "累计识别1286户，已消除风险903户，尚未消除风险的383户。\n下一步，对尚未消除风险的398户逐户分析。";
    sure(TwoValues, text, "398户", "383户");
    let text = "14户企业中，盈利11户、亏损3户。\n目前亏损的4户企业要制定扭亏方案。";
    sure(TwoValues, text, "的4户", "的3户");
    let text =
        "公安、检察、法院共发出家庭教育指导令37份。\n从运行情况看，全区发出家庭教育指导令73份，效果明显。";
    sure(TwoValues, text, "73份", "37份");
    for right in [
        "46家工业企业中，上报数一致的37家，不一致的9家。批零住餐企业中，上报数一致的32家，不一致的6家。",
        "财政管理方面，查出问题34个，已整改31个。重大项目方面，查出问题41个，已整改36个。",
        "信访积案199件，其中省级交办24件、市级交办63件、区级自排112件。省、市两级交办的87件由区领导包案。",
        "未消除风险户由年初的389户减少到364户，净减少25户。未消除风险的364户逐户落实措施。",
        "新建村级综合服务社26家。2025年力争新建村级综合服务社20家。",
    ] {
        quiet(right);
    }
}

#[test]
fn lists_are_held_against_the_whole_they_are_told_to_make_m43() {
    let text = "累计培训3870人，按对象分，农村转移劳动者1550人、失业人员920人、高校毕业生640人、企业职工860人；取得证书3219人。";
    sure(Sum, text, "860人", "760人");
    let text = "福彩公益金投入860万元，主要用于养老设施320万元、儿童福利215万元、残疾人福利180万元和殡葬设施155万元。";
    sure(Sum, text, "860万元", "870万元");
    let text = "局机关和下属单位共清退资金18.6万元，其中局机关7.4万元、下属单位9.8万元。";
    sure(Sum, text, "9.8万元", "11.2万元");
    let text =
        "共排查隐患584处，其中消防设施231处、校舍184处、食堂118处、校车51处，消防设施隐患最多，占49.6%。";
    sure(Share, text, "49.6%", "39.6%");
    for right in [
        "一般隐患3218条，重大隐患57条。从隐患来源看，企业自查1688条，部门检查1204条，专家会诊337条，群众举报46条。",
        "办结件中群众表示满意1018件。投诉集中在候诊、态度和费用三类，分别为347件、281件和206件。",
        "居住场所82起。居住场所火灾中，自建房47起、住宅小区35起；亡人的1起发生在自建房。",
        "全年举办线下招聘会46场（其中“春风行动”期间18场）、线上招聘会31场。",
    ] {
        quiet(right);
    }
}

#[test]
fn a_word_and_its_opposite_make_the_whole_m43() {
    let text = "抽检食材320批次，合格314批次，合格率98.1%，对8批次不合格食材全部下架。";
    sure(Sum, text, "8批次不", "6批次不");
    let text = "学科类培训机构由原有的126家压减117家，其中注销83家、转为非学科类34家，目前保留12家。";
    sure(Sum, text, "12家", "9家");
    let text = "职工医保基金全年收入3.46亿元、支出2.98亿元，当期结余0.58亿元。";
    sure(Sum, text, "0.58", "0.48");
    for right in [
        "沿河养殖场152家，关停46家，搬迁17家，保留89家。",
        "经查，属实142件；部分属实65件；不属实41件。",
        "排查矛盾纠纷4116件，就地化解4027件，其余89件转由区级部门协调，截至8月底还有12件未化解，目前已全部化解。",
    ] {
        quiet(right);
    }
}

#[test]
fn all_of_them_done_and_some_not_by_the_same_act_m43() {
    let text = "全县187个建制村全部通客车。\n目前仍有5个建制村尚未通客车。";
    sure(AllDoneVsUnfinished, text, "全部通客车", "大多通客车");
    let text = "项目开工148个，开工率100%；完工139个，完工率93.9%。\n今年148个项目全部完工并通过验收。";
    sure(AllDoneVsUnfinished, text, "148个项目全部完工并", "139个项目");
    // With a name and no number somebody should ask.
    let text =
        "全县信访积案68件，已化解62件，还有6件正在攻坚。\n目前，信访积案已全部实现案结事了，信访秩序平稳。";
    let asked: Vec<_> = conflicts(text).iter().map(|c| (c.kind, c.strength)).collect();
    assert_eq!(asked, [(AllDoneVsUnfinished, Certainty::Query)]);
    for right in [
        "燃气领域重大事故隐患已全部整改，工贸领域尚有2项未完成整改。",
        "全年接收退役士兵186人，其中自主就业158人、符合安排条件22人、其他方式安置6人。符合条件的22人全部安置到岗。",
        "用工问题126个全部解决。去年签约的126个项目已开工119个，未开工的7个中3个已终止。",
    ] {
        quiet(right);
    }
}

#[test]
fn some_are_not_more_than_those_of_which_a_sentence_speaks_m43() {
    let text = "对继续领取救助金的43户家庭逐户下达通知，已有47户将资金退回。";
    sure(SubsetExceedsSet, text, "47户", "41户");
    let text = "组织612名从业人员参加知识考试，参加考试637人。";
    sure(SubsetExceedsSet, text, "637人", "605人");
    let text = "12368栋经营性自建房中，用作餐饮的3126栋、民宿815栋；3层及以上的有13207栋。";
    sure(SubsetExceedsSet, text, "13207", "3207");
    let text = "8月份移送处罚信息214条，今年以来累计移送197条。";
    sure(SubsetExceedsSet, text, "197条", "1197条");
    for right in [
        "原有制度64项，此次废止11项，保留53项，新建8项，现行制度61项。",
        "培训机构由原来的27家压减到2家，其中注销19家，转为非学科类6家。",
        "涉及机构189家，其中医疗机构134家，占定点医疗机构230家的58.3%。",
        "检查发现隐患312条，已整改298条，其余14条正在整改，其中客运企业隐患76条已全部整改。",
    ] {
        quiet(right);
    }
}

#[test]
fn rates_changes_and_levels_that_cannot_be_m43() {
    let text = "全市112个县级便民服务中心接入平台，其中乡镇便民服务中心96个、街道便民服务中心16个。";
    sure(Category, text, "112个县级便民", "112个基层便民");
    let text = "从整改率看，东湖街道98.6%、南苑街道97.2%、柳溪镇965%，排名靠前。";
    sure(RateOver100, text, "965%", "96.5%");
    let text = "累计完成投资240.6亿元，占年度计划的77.1%；与去年同期的208.3亿元相比，增长25.5%。";
    sure(Change, text, "25.5%", "15.5%");
    let text = "泊双线、云石线两条县道等4条村道全部交工。";
    sure(Category, text, "4条村道", "4条县道");
    let text = "新建高标准农田3.2万亩，占年度任务4万亩的85%。";
    sure(Share, text, "85%", "80%");
    for right in [
        "事故4起、死亡1人，与去年同期的6起、2人相比，分别下降33.3%和50%。",
        "一般公共预算收入62.48亿元，为年初预算80.1亿元的78.0%，比去年同期的58.72亿元增加3.76亿元，增长6.4%。",
        "受理投诉1093件，其中电话投诉612件、网络投诉378件、现场投诉103件，同比减少164件，下降13.0%。",
        "毕业生612人，升学437人，就业164人，升学就业率98.2%。",
    ] {
        quiet(right);
    }
}
