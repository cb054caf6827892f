//! Layouts that are no table with a header above: forms, cross tables, prose; and other files than xlsx.

use bihuan_documents::ledger::{Field, Layout, propose, read};
use bihuan_documents::sheet::{CellKind, read_any};

use crate::support::{column, docx, p, read_rows, tr, xlsx};

#[test]
fn a_vertical_form_is_one_problem() {
    let lines = [
        "云溪县反馈问题整改情况表",
        "整改任务|青石河沿岸畜禽养殖污染治理不到位",
        "责任单位|青石镇、县农业农村局",
        "整改目标|养殖废水零直排",
        "整改措施|1.关闭禁养区养殖场，2024年6月底前",
        "|2.建设集中处理设施，2024年底前",
        "完成情况|1.已关闭三家。2.设施已开工",
        "联系人|王某某",
    ];
    let rows = read_rows("a.xlsx", &xlsx("整改表", &lines, &["A1:B1", "A5:A6"]));
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].problem, "青石河沿岸畜禽养殖污染治理不到位");
    assert_eq!(rows[0].responsible_units, ["青石镇", "县农业农村局"]);
    assert!(rows[0].measures.contains("1.关闭") && rows[0].measures.contains("\n2.建设"));
    assert_eq!(rows[0].goal, "养殖废水零直排");
    assert!(rows[0].extra.iter().any(|e| e.header == "联系人" && e.text == "王某某"));
}

#[test]
fn a_form_with_two_pairs_a_row_and_several_problems() {
    let lines = [
        "问题整改登记表",
        "序号|1|类别|作风建设",
        "存在问题|例会流于形式||",
        "责任单位|县委办|整改时限|立行立改",
        "整改措施|明确议题||",
        "序号|2|类别|服务群众",
        "存在问题|窗口排队过长||",
        "责任单位|县行政审批局|整改时限|5月底前",
        "整改措施|增设窗口||",
    ];
    let rows = read_rows("a.xlsx", &xlsx("S", &lines, &["A1:D1", "B3:D3", "B5:D5", "B7:D7", "B9:D9"]));
    assert_eq!(column(&rows, Field::Problem), ["例会流于形式", "窗口排队过长"]);
    assert_eq!(column(&rows, Field::Seq), ["1", "2"]);
    assert_eq!(column(&rows, Field::Category), ["作风建设", "服务群众"]);
    assert_eq!(column(&rows, Field::DeadlineText), ["立行立改", "5月底前"]);
}

#[test]
fn a_cross_table_gives_one_problem_a_cell() {
    let lines = [
        "人居环境问题交叉表",
        "村＼类别|厕所革命|污水治理|村容村貌",
        "上河村|部分农户旱厕仍在使用|/|主街道乱搭乱建较为突出",
        "下河村|/|生活污水直接排入溪沟|/",
    ];
    let rows = read_rows("a.xlsx", &xlsx("S", &lines, &["A1:D1"]));
    assert_eq!(column(&rows, Field::Category), ["厕所革命", "村容村貌", "污水治理"]);
    assert_eq!(column(&rows, Field::Place), ["上河村", "上河村", "下河村"]);
}

#[test]
fn csv_of_every_encoding_reads_alike() {
    let text = "督查问题清单,,,\n序号,存在问题,责任单位,整改时限\n1,\"甲处积水，\n未排\",县住建局；青石镇,6月底前\n2,乙处路灯不亮,县城管局,立行立改\n合计,2,,\n";
    let (gbk, _, _) = encoding_rs::GBK.encode(text);
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let marked = format!("\u{feff}{text}");
    for bytes in [text.as_bytes(), marked.as_bytes(), &gbk, &utf16] {
        let rows = read_rows("a.csv", bytes);
        assert_eq!(column(&rows, Field::Problem), ["甲处积水，\n未排", "乙处路灯不亮"]);
        assert_eq!(rows[0].responsible_units, ["县住建局", "青石镇"]);
        assert_eq!(rows[0].row, 3);
    }
}

#[test]
fn a_csv_with_a_two_row_header_and_gaps_for_as_above() {
    let text = "序号,地点,,存在问题,督办情况,\n,乡镇,行政村,,督办方式,整改时限\n1,青石镇,上河村,垃圾未清,下达督办卡,3日内\n2,,下河村,污水横流,下达督办卡,\n3,白沙镇,沙洲村,杂物堆放,下达督办卡,\n4,,滩头村,旱厕未改,下达督办卡,\n";
    let rows = read_rows("a.csv", text.as_bytes());
    assert_eq!(column(&rows, Field::Place), ["青石镇上河村", "青石镇下河村", "白沙镇沙洲村", "白沙镇滩头村"]);
    assert_eq!(column(&rows, Field::Category), ["青石镇", "青石镇", "白沙镇", "白沙镇"]);
    assert_eq!(rows[0].deadline_text, "3日内");
    assert_eq!(rows[0].status_text, "下达督办卡");
}

#[test]
fn a_tab_separated_text_is_read() {
    let rows = read_rows("a.txt", "序号\t存在问题\t责任单位\n1\t甲处积水未排\t县住建局\n".as_bytes());
    assert_eq!(rows[0].responsible_units, ["县住建局"]);
}

#[test]
fn docx_tables_with_spans_are_read_with_their_surroundings() {
    let table = [
        tr(&["v序号", "v存在问题", ">责任落实", "v整改时限"]),
        tr(&["^", "^", "牵头单位", "责任单位", "^"]),
        tr(&["1", "v档案不全", "县档案馆", "各乡镇（街道）", "年底前"]),
        tr(&["2", "台账不清", "县委办", "县委办、县政府办", "立行立改"]),
    ]
    .concat();
    let body = format!(
        "{}{}<w:tbl>{table}</w:tbl>{}",
        p("整改台账"),
        p("填报单位：云溪县委办"),
        p("注：此表每月报送")
    );
    let bytes = docx(&body);
    let workbook = read_any("a.docx", &bytes).unwrap();
    assert_eq!(workbook.sheets[0].before, ["整改台账", "填报单位：云溪县委办"]);
    assert_eq!(workbook.sheets[0].after, ["注：此表每月报送"]);
    let rows = read_rows("a.docx", &bytes);
    assert_eq!(column(&rows, Field::LeadUnit), ["县档案馆", "县委办"]);
    assert_eq!(rows[0].responsible_units, ["各乡镇（街道）"]);
    assert_eq!(rows[1].responsible_units, ["县委办", "县政府办"]);
    assert_eq!(rows[0].sheet, "表1");
}

#[test]
fn a_table_inside_a_cell_becomes_its_lines() {
    let inner = format!("<w:tbl>{}{}</w:tbl>", tr(&["青石镇", "三处"]), tr(&["白沙镇", "两处"]));
    let body = format!(
        "<w:tbl>{}<w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc><w:tc>{inner}{}</w:tc></w:tr></w:tbl>",
        tr(&["序号", "存在问题", "整改进展"]),
        p("1"),
        p("危桥未加固"),
        p("")
    );
    let rows = read_rows("a.docx", &docx(&body));
    assert_eq!(rows[0].progress, "青石镇 | 三处\n白沙镇 | 两处");
}

#[test]
fn prose_with_fixed_headings_is_one_problem_with_doubt() {
    let body: String = [
        "一、反馈问题",
        "部分企业污水处理设施不正常运行。",
        "二、整改目标",
        "达标排放。",
        "三、责任单位",
        "县生态环境局、县经信局",
        "四、完成情况",
        "1.已约谈企业。",
        "2.已安装在线监测。",
    ]
    .iter()
    .map(|t| p(t))
    .collect();
    let rows = read_rows("a.docx", &docx(&body));
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].problem, "部分企业污水处理设施不正常运行。");
    assert_eq!(rows[0].responsible_units, ["县生态环境局", "县经信局"]);
    assert!(
        rows[0].status_text.contains("2.已安装在线监测。") || rows[0].progress.contains("2.已安装在线监测。")
    );
    assert!(rows[0].doubtful().count() > 0);
}

#[test]
fn numbered_prose_with_roles_in_brackets_gives_one_problem_a_number() {
    let body: String = [
        "一、党的建设方面",
        "（一）支部学习流于形式。（牵头单位:县委组织部;责任单位:各村支部）",
        "整改措施：1.每月抽查一次；2.通报结果。",
        "（二）党费收缴不及时。（牵头单位：县直机关工委；责任单位：县直各部门；完成时限：2024年6月底前）",
        "整改措施：按月收缴。",
    ]
    .iter()
    .map(|t| p(t))
    .collect();
    let rows = read_rows("a.docx", &docx(&body));
    assert_eq!(column(&rows, Field::Problem), ["支部学习流于形式。", "党费收缴不及时。"]);
    assert_eq!(column(&rows, Field::LeadUnit), ["县委组织部", "县直机关工委"]);
    assert_eq!(rows[0].responsible_units, ["各村支部"]);
    assert_eq!(rows[0].category, "党的建设方面");
    assert_eq!(rows[1].deadline_text, "2024年6月底前");
    assert!(rows[0].measures.contains("1.每月抽查一次"));
}

#[test]
fn a_mapping_survives_storage_and_fits_the_same_layout_elsewhere() {
    let march = xlsx("三月", &["台账", "序号|存在问题|情形", "1|甲处积水未排|甲"], &["A1:C1"]);
    let april =
        xlsx("四月", &["台账", "说明：按月报送", "序号|存在问题|情形", "1|乙处路灯不亮|乙"], &["A1:C1"]);
    let sheet = &read_any("a", &march).unwrap().sheets[0];
    let mut mapping = propose(sheet).mapping;
    mapping.columns[2].role = bihuan_documents::ledger::Role::Field(Field::Category);
    let stored = serde_json::to_string(&mapping).unwrap();
    let mapping: bihuan_documents::ledger::Mapping = serde_json::from_str(&stored).unwrap();
    let sheet = &read_any("a", &april).unwrap().sheets[0];
    let fitted = mapping.for_sheet(sheet).unwrap();
    assert_eq!(fitted.layout, Layout::Table);
    let rows = read(sheet, &fitted);
    assert_eq!((rows[0].category.as_str(), rows[0].row), ("乙", 4));
}

#[test]
fn json_has_exactly_the_agreed_keys() {
    let rows = read_rows("a.csv", "序号,存在问题,责任单位\n1,甲处积水未排,县住建局\n".as_bytes());
    let json = rows[0].to_json();
    let mut keys: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    let mut wanted = vec![
        "sheet",
        "row",
        "seq",
        "category",
        "place",
        "problem",
        "measures",
        "goal",
        "deadline_text",
        "lead_unit",
        "responsible_units",
        "assisting_units",
        "progress",
        "status_text",
        "remark",
    ];
    wanted.sort_unstable();
    assert_eq!(keys, wanted);
    assert_eq!(json["responsible_units"][0], "县住建局");
    assert_eq!(json["goal"], "");
}

#[test]
fn a_cell_knows_what_is_stored_beside_what_is_seen() {
    let bytes = xlsx("S", &["#45382d|#0.5"], &[]);
    let workbook = read_any("a", &bytes).unwrap();
    let cell = workbook.sheets[0].cell(0, 0);
    assert_eq!((cell.text(), cell.raw(), cell.kind()), ("2024-03-31", "45382", CellKind::Date));
}
