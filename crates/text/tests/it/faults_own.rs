//! Whose document it is: who signs, who speaks, what a department of a county is called; and phrases that echo themselves.

use bihuan_text::faults;

/// What is proposed for the faults of a text.
fn fixes(text: &str) -> Vec<(String, String)> {
    faults(text).into_iter().map(|f| (f.quote, f.expected.unwrap_or_default())).collect()
}

/// One fault and what is proposed for it.
fn one(quote: &str, right: &str) -> Vec<(String, String)> {
    vec![(quote.to_owned(), right.to_owned())]
}

#[test]
fn who_signs_is_of_the_place_in_the_title_m43() {
    let text = "云栈坪乡抗旱保供水工作情况汇报\n全乡上下共同努力，群众饮水有了保障。\n云栈平乡人民政府\n2025年5月6日";
    assert_eq!(fixes(text), one("云栈平乡", "云栈坪乡"));
    let two = "松坝镇生态环境问题整改情况汇报\n以上汇报，如有不妥，请批评指正。\n中共松堤镇委员会、松坝镇人民政府\n2025年10月27日";
    assert_eq!(fixes(two), one("松堤镇", "松坝镇"));
    assert_eq!(fixes(&two.replace("松堤镇", "松坝镇")), []);
    // The office above tells of one of its townships.
    let above =
        "松坝镇安全生产督查情况通报\n近日，督查组到松坝镇督查。\n云栈县安全生产委员会办公室\n2025年10月27日";
    assert_eq!(fixes(above), []);
}

#[test]
fn another_bureau_that_signs_is_told_where_the_text_speaks_of_its_own_m43() {
    let text = "云栈县住房和城乡建设局城镇燃气安全专项整治工作情况汇报\n今年以来，我局认真落实安排，会同有关部门推进整治。\n云栈县城市管理局\n2025年11月12日";
    assert_eq!(fixes(text), one("云栈县城市管理局", "云栈县住房和城乡建设局"));
    assert_eq!(fixes(&text.replace("我局", "全县")), []);
    assert_eq!(fixes(&text.replace("城市管理局", "住房和城乡建设局")), []);
}

#[test]
fn a_county_has_no_department_of_a_province_m43() {
    assert_eq!(fixes("县委巡察组对云栈县民政厅党组进行了巡察。"), one("县民政厅", "县民政局"));
    assert_eq!(fixes("前年市审计厅的同志来看过。"), one("市审计厅", "市审计局"));
    assert_eq!(fixes("自治区民政厅和省民政厅的同志来看过。"), []);
    assert_eq!(fixes("报省、市财政厅局备案。"), []);
}

#[test]
fn another_body_does_not_speak_for_the_own_one_m43() {
    let text = "云栈县农业农村局关于资金审计整改情况的报告\n审计指出的问题已经整改。\n需要协调的事项，云栈县水利局将另行专题报告。\n云栈县农业农村局\n2024年10月9日";
    assert_eq!(fixes(text), one("云栈县水利局", "云栈县农业农村局"));
    // What another bureau does is told.
    assert_eq!(fixes(&text.replace("将另行专题报告", "提供了技术支持")), []);
    let near = "青栈县粮油购销集团有限公司审计整改情况汇报\n整改中青站县粮油购销集团各库点主动配合。\n青栈县粮油购销集团有限公司\n2025年3月12日";
    assert_eq!(fixes(near), one("青站县", "青栈县"));
}

#[test]
fn what_echoes_itself_is_the_same_twice_m43() {
    assert_eq!(fixes("做到应改尽改、应通尽。"), one("应通尽", "应通尽通"));
    assert_eq!(fixes("做到应退尽推，不留尾巴。"), one("应退尽推", "应退尽退"));
    assert_eq!(fixes("少数人能脱就拖，迟迟不动。"), one("能脱就拖", "能拖就拖"));
    assert_eq!(fixes("应当尽快办结，应尽职责要尽到，能快就好。"), []);
}
