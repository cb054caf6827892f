//! What stands so close together, or is told so exactly, that no other number of the text explains it away; each beside the same
//! text as it should be.

use bihuan_text::{Certainty, ConflictKind, conflicts};

/// The first text tells a sure conflict of the kind, the others none.
pub(super) fn told(kind: ConflictKind, wrong: &str, right: &[&str]) {
    let sure = |text: &str| -> Vec<ConflictKind> {
        let all = conflicts(text).into_iter();
        all.filter(|c| c.strength == Certainty::Certain).map(|c| c.kind).collect()
    };
    assert_eq!(sure(wrong), [kind], "{wrong}");
    for text in right {
        assert_eq!(sure(text), [], "{text}");
    }
}

/// 57 of 143 are 39.9 %, and some other number of a long text makes nearly every share right.
#[test]
fn a_share_beside_its_whole_is_held_against_just_that_m43() {
    let near = "全站现有护林员187人，其中驻山109人。入冬以来，各岗位按照分工早出晚归，把巡查记录一天一天记在本子上，没有漏过一处。瞭望岗在岗143人，其中50岁以上的57人，占52.3%。";
    told(ConflictKind::Share, near, &[&near.replace("52.3", "39.9")]);
    let named = "现有教练18名、助教32名。教练中35岁以下的9名，占60%。";
    told(ConflictKind::Share, named, &[&named.replace("60%", "50%")]);
    let base = "巡护林班71个，占全场88个林班的90.7%。";
    told(ConflictKind::Share, base, &[&base.replace("90.7", "80.7")]);
    let total = "全镇共有自然村164个。目前广播已接通148个自然村，占全镇自然村总数的95.2%。";
    told(ConflictKind::Share, total, &[&total.replace("95.2", "90.2")]);
}

#[test]
fn shares_of_several_are_held_against_what_these_make_m43() {
    let row =
        "未修好的173处中，缺材料69处、缺人手48处、缺资金35处、缺图纸21处，分别占49.9%、27.7%、20.2%和12.1%。";
    told(ConflictKind::Share, row, &[&row.replace("49.9", "39.9")]);
    let two = "上半年结算18450人次。按类别看，住院4428人次，占34%；门诊14022人次，占76%。";
    told(ConflictKind::Share, two, &[&two.replace("34%", "24%")]);
    let rest = "共登记漏点156处。已修复143处，修复率93.1%，剩余13处。";
    told(ConflictKind::Share, rest, &[&rest.replace("93.1", "91.7")]);
    let polled = "收回评议票3200张，其中满意3008票、基本满意160票、不满意32票，满意率为97.4%。";
    told(ConflictKind::Share, polled, &[&polled.replace("97.4", "94"), &polled.replace("97.4", "99")]);
    let first = "从类别看，噪声类占29.0%，油烟类占19.0%，占道类占17.0%，前三类合计占75.0%。";
    told(ConflictKind::SharesOfWhole, first, &[&first.replace("75.0", "65.0")]);
    let pair = "群众来电932件：东片286件、西片231件、南片415件。东片、西片两类来电占总量的61.5%。";
    told(ConflictKind::Share, pair, &[&pair.replace("61.5", "55.5")]);
}

#[test]
fn answers_are_held_against_how_many_were_asked_m43() {
    let asked = "收回有效问卷1425份。问卷中认为收费偏高的513人，占46%；认为路程太远的399人，占28%。";
    told(
        ConflictKind::Share,
        asked,
        &[
            &asked.replace("46%", "36%"),
            // Of some of those asked.
            "收回有效问卷1425份。问卷中，在外做工的598人中有182人表示想回乡，占30.4%；认为路程太远的399人，占28%。",
        ],
    );
    let scale = "收回有效问卷596份。表示满意的351人，基本满意的172人，不满意的93人。";
    told(ConflictKind::Sum, scale, &[&scale.replace("93人", "73人")]);
}

#[test]
fn grades_and_opposites_leave_nothing_over_m43() {
    let grades = "对全县18个站所开展评比。其中评为“好”等次的5个站所，“较好”等次的8个站所，“一般”等次的4个站所，“差”等次的2个站所。";
    told(ConflictKind::Sum, grades, &[&grades.replace("4个站所", "3个站所")]);
    let growth = "从全县156户作坊看，产值正增长的作坊98户，负增长的作坊62户。";
    told(ConflictKind::Sum, growth, &[&growth.replace("62户", "52户")]);
    let rates = "全县现有床位2340张，空置率57%，入住率46%。";
    told(ConflictKind::SharesOfWhole, rates, &[&rates.replace("46%", "43%")]);
    let again = "评为“好”的34个，“一般”的11个。\n对评为“一般”的9个站所，限期一个月改正。";
    told(ConflictKind::TwoValues, again, &[&again.replace("9个站所", "11个站所")]);
}

#[test]
fn lengths_of_time_are_held_against_their_dates_m43() {
    let months = "行动自2024年3月1日起至10月31日止，为期6个月。";
    told(ConflictKind::Duration, months, &[&months.replace("6个月", "8个月")]);
    let hours = "7月12日8时至7月14日8时，本镇出现持续72小时的降雨。";
    told(ConflictKind::Duration, hours, &[&hours.replace("72", "48")]);
    let years = "实施期限为2024年1月至2026年12月，为期两年。";
    told(ConflictKind::Duration, years, &[&years.replace("两年", "三年")]);
    let days = "全年空气优良天数为328天，优良天数比例为86.4%。";
    told(ConflictKind::Share, days, &[&days.replace("86.4", "89.9")]);
}

#[test]
fn what_is_left_is_known_by_a_rate_that_fits_m43() {
    let left = "共反馈4个方面36个具体问题，制定措施108条。截至9月，已完成整改33个，整改完成率91.7%。\n对尚未完成的5个问题，逐个限期。";
    told(ConflictKind::Sum, left, &[&left.replace("尚未完成的5个", "尚未完成的3个")]);
    let named = "清查发现闲置低效仓库97处。已盘活58处。\n对剩余49处闲置低效仓库，年底前逐处定方案。";
    told(ConflictKind::Sum, named, &[&named.replace("49处", "39处")]);
    let wanting = "核定铺位42600个，登记商户45730名，铺位缺口2130个。";
    told(ConflictKind::Sum, wanting, &[&wanting.replace("2130", "3130")]);
    let sum = "春季支出62.4万元。夏季支出48.6万元。冬季支出96.5万元。三项共支出217.5万元。";
    told(ConflictKind::Sum, sum, &[&sum.replace("217.5", "207.5")]);
}

#[test]
fn all_is_held_against_some_of_just_those_m43() {
    let kind = "县交办的37件已全部化解。\n尚未化解的16件中，市交办11件、县交办5件，均为多年积案。";
    told(
        ConflictKind::AllDoneVsUnfinished,
        kind,
        &[&kind.replace("市交办11件、县交办5件", "市交办12件、省交办4件")],
    );
    let whole =
        "全镇22个村中，已有19个开通班车，上湾、河背、石桥3个村正在选址。\n到年末，班车在全镇22个村全部开通。";
    told(ConflictKind::AllDoneVsUnfinished, whole, &[&whole.replace("22个村全部开通", "19个村开通")]);
    let among = "去年查摆的16个问题，已全部整改完成。其中两个问题受条件所限，目前仍在推进。";
    told(ConflictKind::AllDoneVsUnfinished, among, &[&among.replace("全部整改", "基本整改")]);
}

#[test]
fn the_same_by_its_name_has_one_value_m43() {
    let graded = "评出A级21家、D级8家。\n三、处理情况\n对评为D级的11家作坊逐一约谈。";
    told(ConflictKind::TwoValues, graded, &[&graded.replace("11家作坊", "8家作坊")]);
    let kept = "作坊由126家压减至9家。保留的11家作坊全部登记。";
    told(ConflictKind::TwoValues, kept, &[&kept.replace("11家", "9家")]);
    let again = "查摆问题42个，已整改到位35个。\n下步打算。查摆出的42个问题，已整改到位33个，其余9个限期。";
    told(ConflictKind::TwoValues, again, &[&again.replace("35个", "33个")]);
    let unit = "拆除复垦71块、162.4亩。\n162.4公顷复垦地块全部种上小麦。";
    told(ConflictKind::TwoValues, unit, &[&unit.replace("162.4公顷", "162.4亩")]);
}

#[test]
fn no_part_is_more_than_its_whole_by_the_words_beside_it_m43() {
    let due = "应测队员38620名，实测队员38955名。";
    told(ConflictKind::SubsetExceedsSet, due, &[&due.replace("38955", "38255")]);
    let among = "大雨造成全县13个乡镇中的15个乡镇受灾。";
    told(ConflictKind::SubsetExceedsSet, among, &[&among.replace("15个", "11个")]);
    let covered = "全村共有农户432户。入冬以来走访农户452户，实现全覆盖。";
    told(ConflictKind::SubsetExceedsSet, covered, &[&covered.replace("452", "432")]);
    let these = "三年累计改造院落286个。这些院落大都年久失修，其中建成三十年以上的就有312个。";
    told(ConflictKind::SubsetExceedsSet, these, &[&these.replace("312", "212")]);
}

#[test]
fn what_is_listed_is_of_the_level_of_the_whole_m43() {
    let levels = "2个省级试点院落、3个市级试点院落等5个市级试点院落全部完工。";
    told(ConflictKind::Category, levels, &["3个市级试点院落等5个市级试点院落全部完工。"]);
    let own = "对县林业局和汀溪镇、禾泉乡等10个县直单位进行了巡查。";
    told(ConflictKind::Category, own, &[&own.replace("10个县直单位", "10个单位")]);
}

#[test]
fn multiples_and_averages_are_reckoned_m43() {
    let twice = "越冬水鸟由1.28万只增加到1.92万只，实现翻番。";
    told(ConflictKind::Change, twice, &[&twice.replace("1.92", "2.61")]);
    let days = "6名队员全年下乡118天，人均23.6天。";
    told(ConflictKind::Average, days, &[&days.replace("23.6", "19.7")]);
    let all = "队员5人，人均下乡12次，合计下乡41次。";
    told(ConflictKind::Product, all, &[&all.replace("41次", "60次")]);
    let points = "截至2023年底，管网供水覆盖人口比例为46%。\n到2026年底，管网供水覆盖人口比例达到62%，比2023年底提高18个百分点。";
    told(ConflictKind::Change, points, &[&points.replace("18个", "16个")]);
    let words = "全县97家小店只查了34家，不到三成。";
    told(ConflictKind::Share, words, &[&words.replace("34家", "24家")]);
}

#[test]
fn what_each_of_a_set_does_is_held_against_all_of_it_m43() {
    let month = "全年带队巡林48次，平均每月6次。";
    told(ConflictKind::Average, month, &[&month.replace("6次", "4次")]);
    let listed = "云溪县2家大型林场和16所乡镇苗圃等15家公益机构全部换装。";
    told(ConflictKind::SubsetExceedsSet, listed, &[&listed.replace("15家", "25家")]);
    let bodies = "对5个乡镇、9个县直部门，共15家单位开展回访。";
    told(ConflictKind::Sum, &bodies.replace("，共", "共"), &[&bodies.replace("，共15", "共14")]);
    let drawn = "从全县240个护林点中，按不低于20%的比例抽取36个。";
    told(ConflictKind::Share, drawn, &[&drawn.replace("36个", "48个")]);
    let each = "组成9个护林督导组，每个督导组负责1个县（市、区），对11个县（市、区）全部派驻到位。";
    told(ConflictKind::Product, each, &[&each.replace("11个", "9个")]);
    let seen = "调研组实地走访6个乡镇、11个村。走访的乡镇中，有8个没有建立台账。";
    told(ConflictKind::SubsetExceedsSet, seen, &[&seen.replace("8个", "4个")]);
    let heads = "班子7名成员讲党课。6名班子成员每人牵头2个课题，共完成课题14个。";
    told(ConflictKind::Product, heads, &[&heads.replace("6名", "7名")]);
}

#[test]
fn the_same_by_its_full_name_m43() {
    let all = "全市共有县处级领导班子34个。37个县处级领导班子全部举办了读书班。";
    told(ConflictKind::TwoValues, all, &[&all.replace("37个", "34个")]);
    let due = "应换届党支部132个，已按期完成换届136个。";
    told(ConflictKind::SubsetExceedsSet, due, &[&due.replace("136个", "130个")]);
    let fell = "全区性会议由去年同期的48个减少到53个。";
    told(ConflictKind::Change, fell, &[&fell.replace("53个", "33个")]);
    let task = "柳汀镇任务310人，完成158人，完成率61.0%。";
    told(ConflictKind::Share, task, &[&task.replace("61.0", "51.0")]);
}

/// Which of two numbers is the larger is told by a word, and the numbers say otherwise.
#[test]
fn a_word_of_more_or_less_is_held_against_its_numbers_m43() {
    let bound = "抽检著录条目2000条，差错率1.8%，低于1.5%的验收上限。";
    told(ConflictKind::Decrease, bound, &[&bound.replace("1.8%", "1.2%"), &bound.replace("低于", "高于")]);
    let plan = "路网改造年初计划60公里，实际完成54.3公里，超计划5.7公里。";
    told(ConflictKind::Decrease, plan, &[&plan.replace("54.3", "65.7"), &plan.replace("超计划", "还差")]);
    // What falls more is the lower one, and by so much is no bound.
    told(
        ConflictKind::Decrease,
        &bound.replace("差错率", "平均差错率"),
        &[
            "投诉件同比下降3.2%，低于2.1%的平均值。",
            "合格率96.1%，超过96.1%的目标。",
            "降幅1.8%，高于2.5%的为柳溪镇。",
        ],
    );
}
