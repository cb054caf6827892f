//! Campaign templates: faults are found with their lines, and the schema says what the program reads.

use bihuan_domain::campaign::CampaignRules;
use bihuan_domain::template::{MAX_DAYS, MAX_ENTRIES, MAX_TEMPLATE_BYTES, Template, TemplateFault, schema};
use proptest::prelude::*;
use serde_json::Value;

const TEMPLATES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../templates");

const SMALL: &str = r#"code = "small"
name = "小行动"

[[strand]]
code = "one"
name = "第一项"

[[category]]
code = "kind"
name = "一类"
strand = "one"

[[source]]
code = "found"
name = "检查发现"
"#;

fn faults(text: &str) -> Vec<TemplateFault> {
    Template::parse(text).unwrap_err()
}

/// Line and code of every fault.
fn places(text: &str) -> Vec<(usize, &'static str)> {
    faults(text).iter().map(|fault| (fault.line, fault.code)).collect()
}

#[test]
fn the_themed_education_template_has_its_five_strands_and_six_sources() {
    let text = std::fs::read_to_string(format!("{TEMPLATES}/themed-education.toml")).unwrap();
    let template = Template::parse(&text).unwrap();
    let strands: Vec<&str> = template.strands.iter().map(|strand| strand.name.as_str()).collect();
    assert_eq!(strands, ["理论学习", "调查研究", "推动发展", "检视整改", "建章立制"]);
    assert!(template.sources.len() >= 6);
    assert!(template.rules().screening);
    assert_eq!(template.strand("research").unwrap().name, "调查研究");
    assert_eq!(template.category_named("工作作风").unwrap().code, "work-style");
    assert_eq!(template.source_named("群众反映").unwrap().code, "public-opinion");
    assert_eq!(template.deadline_defaults().immediate_working_days, 5);
}

#[test]
fn every_template_in_the_house_is_valid() {
    let mut count = 0;
    for file in std::fs::read_dir(TEMPLATES).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            let parsed = Template::parse(&std::fs::read_to_string(&path).unwrap());
            assert!(parsed.is_ok(), "{}: {:?}", path.display(), parsed.unwrap_err());
            count += 1;
        }
    }
    assert!(count > 0);
}

#[test]
fn what_a_template_leaves_out_has_the_usual_value() {
    let template = Template::parse(SMALL).unwrap();
    assert_eq!(template.rules(), CampaignRules::default());
    assert_eq!(template.screening.first_step, "分管核");
    assert!(template.levels.is_empty() && template.slips.is_empty());
}

#[test]
fn an_unknown_key_is_named_with_its_line_and_the_likely_one() {
    let text = format!("{SMALL}\n[colour]\nyelow_days = 7\ntaste = 1\n");
    let found = faults(&text);
    assert_eq!((found[0].line, found[0].column, found[0].code), (18, 1, "unknown_key"));
    assert!(found[0].sentence.contains("yellow_days"), "{}", found[0]);
    assert!(found[1].sentence.contains("这里可以写：yellow_days"), "{}", found[1]);
    assert!(found[0].to_string().starts_with("第18行第1列："));
}

#[test]
fn every_sort_of_fault_is_found_with_its_line() {
    let with = |tail: &str| format!("{SMALL}{tail}");
    for (text, line, code) in [
        (with("[colour]\nyellow_days = \"7\"\n"), 17, "wrong_type"),
        (with("[screening]\nenabled = 1\n"), 17, "wrong_type"),
        (with("[colour]\nyellow_days = -1\n"), 17, "out_of_range"),
        (with("[closure]\nsample_percent = 101\n"), 17, "out_of_range"),
        (with("[closure]\nnotice_days = 99999999999999999999\n"), 17, "out_of_range"),
        (with("[[source]]\ncode = \"found\"\nname = \"又一\"\n"), 17, "duplicate_code"),
        (with("[[source]]\ncode = \"Found\"\nname = \"又一\"\n"), 17, "bad_code"),
        (with("[[source]]\ncode = \"more\"\n"), 16, "missing_key"),
        (with("[[source]]\ncode = \"more\"\nname = \" \"\n"), 18, "empty"),
        (with("[[source]]\ncode = \"more\"\nname = 3\n"), 18, "wrong_type"),
        (with("[[category]]\ncode = \"b\"\nname = \"乙\"\nstrand = \"two\"\n"), 19, "missing_reference"),
        (with("[[slip]]\ncode = \"s\"\nname = \"单\"\nwording = \"{单位}{金额}\"\n"), 19, "unknown_place"),
        (with("[[slip]]\ncode = \"s\"\nname = \"单\"\nwording = \"{单位\"\n"), 19, "unknown_place"),
        (with("[vagueness]\nwords = [\"一\", 2]\n"), 17, "wrong_type"),
        (format!("levels = [\"county\", \"planet\"]\n{SMALL}"), 1, "unknown_value"),
        (format!("levels = [\"county\", \"county\"]\n{SMALL}"), 1, "duplicate_code"),
        (with("[closure\n"), 16, "not_toml"),
        (with("[closure]\nnotice_days = \n"), 17, "not_toml"),
        (SMALL.replace("[[source]]\ncode = \"found\"\nname = \"检查发现\"\n", ""), 1, "missing_key"),
        (SMALL.replace("[[source]]", "[source]"), 13, "wrong_type"),
        (format!("summary = \"{}\"\n{SMALL}", "长".repeat(2_001)), 1, "too_long"),
    ] {
        assert_eq!(places(&text), [(line, code)], "{text}");
    }
}

/// English words in a sentence, apart from the name of the format.
fn english(sentence: &str) -> Vec<&str> {
    let words = sentence.split(|c: char| !c.is_ascii_alphabetic());
    words.filter(|word| word.len() > 1 && !["TOML", "bihuan", "template", "schema"].contains(word)).collect()
}

#[test]
fn what_is_wrong_with_the_writing_itself_is_said_in_chinese_with_the_way_out() {
    for (tail, says) in [
        ("x = \"开头\nrest = 1\n", "引号没有成对"),
        ("x = 文字\n", "文字没有加英文双引号"),
        ("x = “文字”\n", "文字没有加英文双引号"),
        ("x ＝ 1\n", "英文等号"),
        ("x\n", "等号"),
        ("x = \n", "缺少值"),
        ("x = = 1\n", "多了一个等号"),
        ("x = [1, 2\n", "补上“]”"),
        ("x = [1 2]\n", "缺少英文逗号"),
        ("x = { a = 1\n", "补上“}”"),
        ("x = 1 y = 2\n", "另起一行"),
        ("x = 01\n", "多余的0"),
        ("x = 1\nx = 2\n", "写了两次"),
        ("x = \"a\\qb\"\n", "反斜杠"),
        ("[closure\n", "补上“]”"),
        ("[[slip]\n", "双方括号"),
    ] {
        let found = faults(&format!("{SMALL}{tail}"));
        assert!(found.iter().any(|fault| fault.sentence.contains(says)), "{tail}: {found:?}");
        assert!(found.iter().all(|fault| english(&fault.sentence).is_empty()), "{tail}: {found:?}");
    }
}

#[test]
fn all_faults_of_a_file_come_at_once_in_order() {
    let text =
        SMALL.replace("strand = \"one\"", "strand = \"none\"") + "[colour]\nyellow_days = 99999\nred = 1\n";
    assert_eq!(places(&text), [(11, "missing_reference"), (17, "out_of_range"), (18, "unknown_key")]);
    for fault in faults(&text) {
        assert!(!fault.sentence.is_empty());
    }
}

#[test]
fn limits_hold_at_their_edges() {
    let days = |days: i64| format!("{SMALL}[colour]\nyellow_days = {days}\n");
    assert!(Template::parse(&days(MAX_DAYS)).is_ok());
    assert_eq!(places(&days(MAX_DAYS + 1)), [(17, "out_of_range")]);

    let sources = |count: usize| {
        let more: String =
            (1..count).map(|number| format!("[[source]]\ncode = \"s{number}\"\nname = \"源\"\n")).collect();
        format!("{SMALL}{more}")
    };
    assert!(Template::parse(&sources(MAX_ENTRIES)).is_ok());
    assert_eq!(places(&sources(MAX_ENTRIES + 1))[0].1, "too_many");

    let padded = |bytes: usize| format!("{SMALL}#{}", "x".repeat(bytes - SMALL.len() - 1));
    assert!(Template::parse(&padded(MAX_TEMPLATE_BYTES)).is_ok());
    assert_eq!(places(&padded(MAX_TEMPLATE_BYTES + 1)), [(1, "too_long")]);
}

#[test]
fn a_slip_is_filled_and_what_has_no_value_stays_visible() {
    let text = format!(
        "{SMALL}[[slip]]\ncode = \"s\"\nname = \"单\"\nwording = \"{{单位}}：请于{{时限}}前办结。\"\n"
    );
    let template = Template::parse(&text).unwrap();
    let body = template.slip("s").unwrap().filled(&[("单位", "望泉镇")]);
    assert_eq!(body, "望泉镇：请于{时限}前办结。");
}

/// Every key path of a JSON value, list entries under their list's name.
fn key_paths(value: &Value, prefix: &str, into: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (key, below) in object {
                let path = format!("{prefix}/{key}");
                into.push(path.clone());
                key_paths(below, &path, into);
            }
        }
        Value::Array(entries) => entries.iter().for_each(|entry| key_paths(entry, prefix, into)),
        _ => {}
    }
}

/// Every key path that the schema knows.
fn schema_paths(schema: &Value, prefix: &str, into: &mut Vec<String>) {
    if let Some(Value::Object(properties)) = schema.get("properties") {
        for (key, below) in properties {
            let path = format!("{prefix}/{key}");
            into.push(path.clone());
            schema_paths(below, &path, into);
            if let Some(items) = below.get("items") {
                schema_paths(items, &path, into);
            }
        }
    }
}

#[test]
fn the_schema_in_the_house_is_the_one_the_program_reads_by() {
    let path = format!("{TEMPLATES}/schema.json");
    if std::env::var_os("BIHUAN_UPDATE").is_some() {
        let text = serde_json::to_string_pretty(&schema()).unwrap();
        std::fs::write(&path, text + "\n").unwrap();
    }
    let held: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert!(held == schema(), "templates/schema.json is stale: run this test with BIHUAN_UPDATE=1");
}

/// A ladder, a checklist and a sampling rule with every key.
const LADDER: &str = r#"
[sampling]
checklist = "c"
[[checklist]]
code = "c"
name = "表"
[[checklist.point]]
code = "p"
text = "看什么"
[[ladder]]
code = "a"
name = "一"
colour = "blue"
overdue_working_days = 1
[[ladder]]
code = "b"
name = "二"
colour = "red"
left_percent = 1
overdue_working_days = 1
send_backs = 1
passed_on = 1
unanswered = 1
after = "a"
slip = "s"
repeat_working_days = 1
"#;

const ACTIONS: &str = "[[activity_kind]]\ncode = \"a\"\nname = \"会\"\n[[required_action]]\ncode = \"r\"\nname = \"例会\"\n\
    subject = \"unit\"\nactivities = [\"a\"]\ncadence = \"month\"\n";

const REPORT: &str =
    "[[report]]\ncode = \"r\"\nname = \"报告\"\nkind = \"progress\"\ntitle = \"标题\"\ntext = \"正文\"\n";

#[test]
fn the_schema_and_the_struct_know_the_same_keys() {
    let text = format!(
        "{SMALL}appeals = true\n[[slip]]\ncode = \"s\"\nname = \"单\"\nwording = \"文\"\nappeal_wording = \"文\"\nkind = \"notice\"\n[[task_kind]]\ncode = \"t\"\nname = \"任务\"\n[[task_kind.milestone]]\nname = \"节点\"\nworking_days = 3\n{ACTIONS}{REPORT}{LADDER}"
    );
    let template = Template::parse(&text).unwrap();
    let (mut held, mut known) = (Vec::new(), Vec::new());
    key_paths(&serde_json::to_value(&template).unwrap(), "", &mut held);
    schema_paths(&schema(), "", &mut known);
    held.sort();
    held.dedup();
    known.sort();
    assert_eq!(held, known);
}

#[test]
fn a_template_written_out_is_read_back_the_same() {
    let text = std::fs::read_to_string(format!("{TEMPLATES}/themed-education.toml")).unwrap();
    let template = Template::parse(&text).unwrap();
    let written = toml::to_string(&template).unwrap();
    assert_eq!(Template::parse(&written).unwrap(), template);
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,80}") {
        let _ = Template::parse(&text);
    }

    #[test]
    fn a_file_cut_anywhere_gives_faults_within_its_lines(cut in 0..SMALL.len()) {
        if let Some(text) = SMALL.get(..cut)
            && let Err(faults) = Template::parse(text)
        {
            let lines = text.lines().count().max(1) + 1;
            prop_assert!(faults.iter().all(|fault| fault.line <= lines), "{:?}", faults);
            let syntax = faults.iter().filter(|fault| fault.code == "not_toml");
            prop_assert!(syntax.clone().all(|fault| english(&fault.sentence).is_empty()), "{:?}", faults);
        }
    }
}
