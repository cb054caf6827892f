//! Clauses that break off, days whose date is known, marks and names that look like faults and the other way round.

use bihuan_text::{FaultKind, faults};

/// The kinds told of a text.
fn kinds(text: &str) -> Vec<FaultKind> {
    faults(text).iter().map(|f| f.kind).collect()
}

/// What is proposed for the faults of a text.
fn fixes(text: &str) -> Vec<String> {
    faults(text).into_iter().map(|f| f.expected.unwrap_or_default()).collect()
}

#[test]
fn a_clause_that_breaks_off_is_told_m43() {
    for text in [
        "有的报告提出的对策太，拿回去没法用。",
        "一些村干部纪律意识有所；办事拖拉。",
        "对年轻同志传帮带做得不，压担子多。",
        "有的部门执法不的问题还没有根本扭转。",
    ] {
        assert_eq!(kinds(text), [FaultKind::WrongChar], "{text}");
    }
    for text in [
        "测评满分为十分，平均九分。",
        "这样做好得很，群众欢迎。",
        "执行不力的问题有所好转。",
        "要不的话，另行安排。",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
}

#[test]
fn not_left_out_behind_still_is_told_m43() {
    assert_eq!(fixes("个别单位还有做到件件有着落。"), ["还没有做到"]);
    assert_eq!(fixes("剖析别人头头是道，却还有把自己摆进去。"), ["还没有把自己"]);
    assert_eq!(kinds("还有做到位的单位可以介绍经验。"), []);
}

#[test]
fn days_whose_date_is_known_are_checked_m43() {
    assert_eq!(fixes("全国残疾预防日是每年的8月28日。"), ["8月25日"]);
    assert_eq!(fixes("1月11日中国人民警察节，所里组织活动。"), ["1月10日"]);
    assert_eq!(fixes("2021年10月召开的党的二十大，作出部署。"), ["2022年10月召开的"]);
    assert_eq!(kinds("2022年10月召开的党的二十大，作出部署。教师节（9月10日）前慰问教师。"), []);
}

#[test]
fn how_something_was_done_is_judged_behind_its_verb_m43() {
    assert_eq!(fixes("这两年反而做的越来越糙。"), ["做得越来"]);
    assert_eq!(fixes("有些成果巩固的还不牢，容易反弹。"), ["固得还不"]);
    assert_eq!(fixes("群众看得见，改的怎么样，一问便知。"), ["改得怎么"]);
    assert_eq!(fixes("业务上抓得紧，思想上管的松。"), ["管得松。"]);
    assert_eq!(fixes("整改要扎实的推进，改一件是一件。"), ["扎实地推进"]);
    assert_eq!(kinds("这是一次扎实的推进，值得肯定。"), []);
}

#[test]
fn a_pair_of_marks_the_wrong_way_is_one_fault_m43() {
    let told = faults("审计是”经济体检“，体检查出了毛病。");
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].expected.as_deref(), Some("“经济体检”"));
}

#[test]
fn names_of_streets_and_words_that_meet_are_no_faults_m43() {
    for text in [
        "锚地街道党工委、柳林街道办事处和梅园街道办事处参加。",
        "审计整改改了什么，群众说了算。",
        "一次次敲门、一次次追问，换来了信任。",
        "要结合自己经历的事例，配合做好线上模块的开发。",
        "民一庭庭长作了发言。",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
    assert_eq!(kinds("促进边境地街道安全稳定，建设产业园街道。"), [FaultKind::Substitution; 2]);
}

#[test]
fn points_a_speaker_announces_are_counted_under_their_headings_m43() {
    let text = "专题党课讲稿\n今天我围绕忠诚这个主题，和大家谈三点体会。\n一、忠诚是本色\n忠诚第一。\n二、忠诚是担当\n要敢于担当。\n三、忠诚是奉献\n要甘于奉献。\n四、忠诚是自律\n要严于律己。";
    assert_eq!(kinds(text), [FaultKind::CountMismatch]);
    assert_eq!(kinds(&text.replace("谈三点", "谈四点")), []);
    let two = "难处主要有两个。一是资金缺口大。二是人手不够。三是时间紧。";
    assert_eq!(kinds(two), [FaultKind::CountMismatch]);
    assert_eq!(kinds(&two.replace("两个", "三个")), []);
}
