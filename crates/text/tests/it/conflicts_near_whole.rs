//! Parts, days, shares and names against what they stand beside; each beside the same text as it should be.

use bihuan_text::{Certainty, ConflictKind, conflicts};

/// The kinds of what is told for sure.
pub fn sure(text: &str) -> Vec<ConflictKind> {
    let all = conflicts(text).into_iter();
    all.filter(|c| c.strength == Certainty::Certain).map(|c| c.kind).collect()
}

/// The text tells a sure conflict of the kind, and none with the wrong words put right.
pub fn told(kind: ConflictKind, text: &str, wrong: &str, right: &str) {
    assert!(text.contains(wrong), "{wrong}");
    assert_eq!(sure(text), [kind], "{text}");
    let mended = text.replace(wrong, right);
    assert_eq!(sure(&mended), [], "{mended}");
}

/// Nothing is told for sure.
fn quiet(text: &str) {
    assert_eq!(sure(text), [], "{text}");
}

#[test]
fn none_of_those_behind_among_them_is_more_than_all_m43() {
    let over = ConflictKind::SubsetExceedsSet;
    told(
        over,
        "储备后备人选34名，每村2名；发展党员18名，其中35岁以下14名、大专以上学历12名、种养能手21名。",
        "21名",
        "11名",
    );
    told(over, "新招聘教师38名，其中音体美教师14人、本科以上41人。老师们很快适应了岗位。", "41人", "35人");
    told(
        over,
        "选派驻村干部46人，其中35岁以下干部31人，大学以上学历52名，有乡镇经历的27名。",
        "52名",
        "42名",
    );
    told(over, "慰问困难职工85户，其中单亲家庭23户、患大病家庭97户、零就业家庭12户。", "97户", "37户");
    told(over, "参训学员达96人次，其中村书记103人次，合作社负责人43人次。", "103", "53");
    told(over, "全县共有行政村142个。其中已通公交的村156个，群众出行更加便利。", "156", "136");
    told(over, "全县15个乡镇、212个行政村全部完成摸排，其中存在问题的村226个，占比高。", "226", "26");
    quiet("年末参保31.2万人，其中职工6.8万人、居民24.4万人，应参保32.3万人，参保率96.6%。");
    quiet("检查学校64所，其中中学18所、小学31所、幼儿园15所，占应查单位80所的80%。");
    quiet("发展党员18名，其中女党员5名，培训党员26名。");
}

#[test]
fn parts_are_added_up_where_the_whole_is_told_in_times_m43() {
    let sum = ConflictKind::Sum;
    let series = "围绕4个专题开展研讨，共有34人次作交流发言，其中第一专题8人、第二专题9人、第三专题10人、第四专题9人。";
    told(sum, series, "第四专题9人", "第四专题7人");
    told(sum, "开展谈话提醒146人次，其中县管干部38人、乡科级以下干部118人。", "118", "108");
    told(sum, "下乡义诊34批次，其中县医院14批、中医院11批、妇幼保健站12批。", "12批", "9批");
    quiet("救助流浪人员286人次，其中站内197人次、站外89人次，帮助11名滞留人员返乡。");
    quiet("已认定带头人132名，其中从事种植的58名、从事养殖的61名、党员身份的43名。");
    quiet("登记志愿者1260人，其中青年志愿者786人、党员志愿者310人、巾帼志愿者211人。");
    quiet("青岚镇辖18个村、2个社区，共有26个党支部、1143名党员。");
    quiet("全乡辖14个行政村、1个居委会，共有125个村民小组、8600人。");
    told(sum, "全镇辖18个村、2个社区，共26个村（社区）。", "共26个", "共20个");
}

#[test]
fn halves_and_those_away_make_all_of_them_m43() {
    told(ConflictKind::Sum, "学员共62名，男学员45名，女学员27名。", "27名", "17名");
    told(ConflictKind::Sum, "会议应到代表86人，因事请假5人，实到83人，符合规定。", "83人", "81人");
    told(
        ConflictKind::Sum,
        "倒排软弱党组织3个，逐一制定方案，通过整顿，已转化提升2个，还有2个正在巩固。",
        "还有2个",
        "还有1个",
    );
}

#[test]
fn a_stretch_is_held_against_its_first_and_last_day_m43() {
    let days = ConflictKind::Duration;
    told(days, "核查工作从2024年3月1日至5月31日，为期两个月，分四个阶段进行。", "两个月", "三个月");
    told(days, "核查自2024年1月1日开始，至6月30日结束，为期五个月。", "五个月", "六个月");
    told(days, "审计从2023年3月开始，到2023年8月结束，历时8个月。", "历时8个月", "历时6个月");
    told(
        days,
        "县委于11月6日至10日在党校举办读书班，共34人参加。读书班为期7天，采取自学和研讨的方式。",
        "7天",
        "5天",
    );
    told(days, "活动从10月8日持续到10月21日，为期三周。", "三周", "两周");
    told(days, "读书班于9月18日开班、9月22日结业，为期7天。", "7天", "5天");
    told(days, "（三）整改阶段（5月1日至6月30日）。利用三个月时间，逐项整改。", "三个月", "两个月");
    quiet("工程于2022年3月至2024年9月建设，主体施工历时18个月。");
    quiet("培训于5月6日至5月24日举行，分三批，每批为期5天。");
}
