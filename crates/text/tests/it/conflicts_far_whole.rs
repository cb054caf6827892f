//! What is told sentences behind: shares of what was drawn, two told together, one not done of all, places, days told twice; each
//! beside the same text as it should be.

use crate::conflicts_near_whole::{sure, told};
use bihuan_text::ConflictKind;

#[test]
fn a_share_is_of_all_that_were_drawn_m43() {
    let share = ConflictKind::Share;
    let drawn = "抽查的360份档案中，发现各类问题46份，占抽查总数的12.8%。一是应享未享。有18人没有纳入保障。二是重复享受。有24人同时领取两项补贴，占抽查总数的8.7%，涉及资金2.1万元。";
    told(share, drawn, "8.7%", "6.7%");
    let sections = "巡回指导共发现问题316个。现将情况通报如下。\n（一）学习不够深入。共发现问题84个，占26.6%。\n（二）调研不够扎实。共发现问题61个，占19.3%。\n（三）推动发展不够有力。共发现问题52个，占16.5%。\n（四）整改不够彻底。共发现问题119个，占47.7%，最为集中。";
    told(share, sections, "47.7%", "37.7%");
    let asked = "发放问卷1200份，回收有效问卷1128份。在“最希望解决的困难”一栏（可多选），反映就餐难的最多，有395人，占42%；反映看病难的338人，占30%；反映缺少陪伴的282人，占25%。";
    told(share, asked, "42%", "35%");
    let one =
        "共发放问卷600份，收回有效问卷584份。总的看群众比较认可。问卷显示，有204人认为清运不及时，占42%。";
    told(share, one, "42%", "35%");
    told(share, "申报项目126个，经评审入库84个。入库率达到76.7%。", "76.7%", "66.7%");
    told(share, "全镇应参保人数2.4万人，已参保2.28万人。参保率98%，高于平均水平。", "98%", "95%");
}

#[test]
fn two_counted_one_by_one_are_told_together_m43() {
    let sum = ConflictKind::Sum;
    told(
        sum,
        "承办人大代表建议11件、政协委员提案8件，全部按期答复。一年来，21件建议提案全部办复。",
        "21件",
        "19件",
    );
    told(sum, "下派第一书记32名、工作队员64名。106名第一书记和工作队员全部在岗。", "106名", "96名");
    told(sum, "组建督导组6个、宣讲组9个，深入基层。17个督导组、宣讲组先后深入128个村。", "17个", "15个");
}

#[test]
fn one_that_is_named_is_not_done_m43() {
    let done = ConflictKind::AllDoneVsUnfinished;
    let station = "25个村（社区）服务站全部挂牌运行，建成率100%。石门村、长坪村服务站因村部改建尚未挂牌。";
    told(done, station, "石门村、长坪村服务站因村部改建尚未挂牌", "个别服务站因场地小功能不全");
    let square = "15个村文化广场全部建成，群众满意。大坪村、松林村文化广场因征地未能建成。";
    told(done, square, "因征地未能建成", "设施较旧");
    let board = "22个村的村务公开栏均已更新。检查发现，石门村、龙潭村公开栏至今没有更新。";
    told(done, board, "至今没有更新", "位置较偏");
    let team = "9个镇街全部成立了综合执法队。文昌街道因编制问题尚未成立综合执法队。";
    told(done, team, "因编制问题尚未成立综合执法队", "综合执法队人手较紧");
    let partly = "对96个小区开展排查，共发现问题238个，已整改211个。专项整治发现的238个问题已全部整改到位。";
    told(done, partly, "238个问题已全部", "211个问题已");
    // Another thing of the village, and another act.
    assert_eq!(sure("25个村服务站全部挂牌运行。石门村养老餐厅尚未挂牌。"), []);
    assert_eq!(sure("32所学校全部签订责任书。双泉小学尚未签订供餐合同。"), []);
}

#[test]
fn no_more_come_through_than_had_gone_in_m43() {
    let over = ConflictKind::SubsetExceedsSet;
    told(over, "到场求职人员520人，达成就业意向的610人。现场气氛热烈。", "610人", "210人");
    told(over, "参加面试的考生共126人，最终有138人通过面试。", "138人", "38人");
    told(over, "报名参加技能竞赛的选手145人，获奖选手163人。", "163人", "63人");
    told(over, "全县12个乡镇、138个行政村已通水。目前13个乡镇均建立了供水服务站。", "13个乡镇", "12个乡镇");
    told(over, "全县有行政村165个。今年以来，已有178个村建成分类点。", "178个", "158个");
}

#[test]
fn what_is_told_twice_as_of_one_day_m43() {
    let two = ConflictKind::TwoValues;
    let hours = "截至1月18日18时，全县走访群众1.24万人次，救助流浪人员37人次，未发生极端事件。各镇连续巡查，出动人员326人次，截至1月18日18时，已救助流浪人员29人次，其中站内19人次、街面10人次。";
    told(two, hours, "已救助流浪人员29人次，其中站内19人次", "已救助流浪人员37人次，其中站内27人次");
    let works = "截至8月底，46处工程已完工28处，在建15处，未开工3处。进度并不平衡。截至8月底全县已完工31处，主要集中在平坝。";
    told(two, works, "31处", "28处");
    // Of two days, and of a town.
    assert_eq!(sure("截至8月底，已清理渠道186公里。截至9月底，已清理渠道214公里。"), []);
    assert_eq!(sure("截至8月底，全县已清理渠道186公里。截至8月底，青岚镇已清理渠道114公里。"), []);
}

#[test]
fn by_how_much_an_average_has_grown_is_no_average_m43() {
    assert_eq!(sure("支出资金665万元；实施临时救助1860人次，人均救助标准比去年同期提高210元。"), []);
    assert_eq!(sure("发放补贴260万元，惠及农户1300户，户均补贴较上年增加120元。"), []);
}
