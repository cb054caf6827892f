use bihuan_text::vagueness::{MAX_PROBLEM, MIN_PROBLEM};
use bihuan_text::{Code, vague_goal, vague_measure, vagueness};

fn codes(warnings: &[bihuan_text::Warning]) -> Vec<Code> {
    warnings.iter().map(|w| w.code).collect()
}

#[test]
fn a_concrete_problem_passes() {
    for text in [
        "东岭镇柳湾村村口路灯损坏3盏，夜间出行不便",
        "县政务服务大厅社保窗口排队超过一小时，群众反映强烈",
        "青石中学教室照明不足，光线不够充足",
        "南关菜市场门口成堆垃圾未清理",
    ] {
        assert_eq!(vagueness(text), [], "{text}");
    }
}

#[test]
fn words_about_attitude_alone_are_told_m19() {
    let warnings = vagueness("部分干部理论学习不够深入，思想上重视不够");
    assert_eq!(codes(&warnings), [Code::AttitudeOnly]);
    assert_eq!(warnings[0].span.of("部分干部理论学习不够深入，思想上重视不够"), "不够深入");
    assert!(warnings[0].reason.contains("大而空"));
}

#[test]
fn a_problem_without_object_or_defect_is_told_m19() {
    assert_eq!(codes(&vagueness("全面统筹优化营商环境方面的各类矛盾")), [Code::NoObject, Code::NoDefect]);
}

#[test]
fn several_problems_in_one_text_are_told_m19() {
    let warnings = vagueness("柳湾村：一是路灯损坏3盏；二是水渠堵塞200米");
    assert_eq!(codes(&warnings), [Code::SeveralProblems]);
    let warnings = vagueness("柳湾村路灯损坏3盏；水渠堵塞200米；公厕脏乱");
    assert_eq!(codes(&warnings), [Code::SeveralProblems]);
}

#[test]
fn trifles_hedges_and_excuses_are_told_m19() {
    assert_eq!(codes(&vagueness("会议记录里有错别字，不认真")), [Code::Trifle]);
    assert_eq!(codes(&vagueness("个别村的道路有时没有人清扫")), [Code::Hedged]);
    let text = "由于上级经费不足，柳湾村2公里道路未硬化";
    let warnings = vagueness(text);
    assert_eq!(codes(&warnings), [Code::CauseElsewhere]);
    assert_eq!(warnings[0].span.of(text), "由于上级");
}

#[test]
fn length_is_told_at_its_edges() {
    assert_eq!(codes(&vagueness(" 。")), [Code::Empty]);
    let edge = |n: usize| format!("路灯3盏坏{}", "了".repeat(n - 5));
    assert_eq!(codes(&vagueness(&edge(MIN_PROBLEM - 1))), [Code::TooShort]);
    assert_eq!(codes(&vagueness(&edge(MIN_PROBLEM))), []);
    assert_eq!(codes(&vagueness(&edge(MAX_PROBLEM))), []);
    assert_eq!(codes(&vagueness(&edge(MAX_PROBLEM + 1))), [Code::TooLong]);
}

#[test]
fn a_measure_needs_an_action() {
    assert_eq!(codes(&vague_measure("进一步加强管理，提高认识")), [Code::SetPhrase, Code::NoAction]);
    assert_eq!(codes(&vague_measure("更换村口路灯并每月巡查一次")), []);
}

#[test]
fn a_goal_that_nobody_can_check_is_told() {
    assert_eq!(codes(&vague_goal("切实提升服务群众的能力")), [Code::NotCheckable]);
    assert_eq!(codes(&vague_goal("年底前欠薪案件全部办结")), []);
    assert_eq!(codes(&vague_goal("群众满意率提升10个百分点")), []);
}

#[test]
fn the_code_has_one_name_in_both_forms() {
    let warning = &vagueness("。")[0];
    let json = serde_json::to_value(warning).unwrap();
    assert_eq!(json["code"], warning.code.as_str());
}

#[test]
fn a_bare_fact_is_a_problem_and_a_wish_is_not_yet_one() {
    assert_eq!(codes(&vagueness("南关镇柳湾村 东进村口有一处垃圾")), []);
    assert_eq!(codes(&vagueness("建议在柳湾村口增设两处停车场")), [Code::NoDefect]);
}
