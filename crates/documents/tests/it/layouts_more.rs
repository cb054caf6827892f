//! More habits of tables: lists over several sheets, wrapped names, roles in cells, tables that do not start at A1.

use bihuan_documents::ledger::{Field, Verdict, read_workbook};
use bihuan_documents::sheet::read_any;

use crate::support::{column, read_rows, xlsx, xlsx_sheets};

#[test]
fn three_linked_lists_are_one_ledger() {
    let bytes = xlsx_sheets(&[
        ("问题清单", &["问题清单", "序号|类别|存在问题", "1|党建|学习不经常", "2|作风|文风冗长"], &["A1:C1"]),
        (
            "责任清单",
            &[
                "责任清单",
                "序号|存在问题|责任单位|责任人|整改时限",
                "1|学习不经常|县委组织部|张某|6月底",
                "2|文风冗长|县委办|李某|立行立改",
            ],
            &["A1:E1"],
        ),
        (
            "销号清单",
            &["销号清单", "序号|存在问题|完成情况", "1|学习不经常|已完成", "2|文风冗长|整改中"],
            &["A1:C1"],
        ),
    ]);
    let readings = read_workbook(&read_any("a", &bytes).unwrap());
    assert_eq!(readings[1].verdict, Verdict::Joined("问题清单".to_owned()));
    let rows = read_rows("a", &bytes);
    assert_eq!(column(&rows, Field::ResponsibleUnits), ["县委组织部", "县委办"]);
    assert_eq!(column(&rows, Field::StatusText), ["已完成", "整改中"]);
    assert!(rows[0].origin(Field::StatusText).unwrap().reason.contains("销号清单"));
}

#[test]
fn two_months_of_one_ledger_stay_apart() {
    let bytes = xlsx_sheets(&[
        (
            "3月",
            &[
                "序号|存在问题|责任单位|完成情况",
                "1|甲处积水未排|县住建局|整改中",
                "2|乙处路灯不亮|县城管局|整改中",
            ],
            &[],
        ),
        (
            "4月",
            &[
                "序号|存在问题|责任单位|完成情况",
                "1|甲处积水未排|县住建局|已完成",
                "2|乙处路灯不亮|县城管局|整改中",
            ],
            &[],
        ),
    ]);
    assert_eq!(read_rows("a", &bytes).len(), 4);
}

#[test]
fn a_sheet_for_every_unit_names_the_unit_with_doubt() {
    let lines: &[&str] = &["问题整改台账", "序号|存在问题|整改措施|完成时限", "1|甲处积水未排|疏通|6月底"];
    let bytes = xlsx_sheets(&[("县住建局", lines, &["A1:D1"]), ("Sheet2", lines, &["A1:D1"])]);
    let readings = read_workbook(&read_any("a", &bytes).unwrap());
    assert_eq!(readings[0].rows[0].responsible_units, ["县住建局"]);
    assert!(readings[0].rows[0].origin(Field::ResponsibleUnits).unwrap().is_doubtful());
    assert!(readings[1].rows[0].responsible_units.is_empty());
}

#[test]
fn words_wrapped_in_narrow_columns_are_put_together() {
    let lines = [
        "序~号|类~别|存在问题|责任~单位",
        "1|基础~设施|甲处积水未排|县住房和~城乡建设局~青石镇",
        "2||乙处路灯不亮|县城管局",
    ];
    let rows = read_rows("a", &xlsx("S", &lines, &["B2:B3"]));
    assert_eq!(column(&rows, Field::Category), ["基础设施", "基础设施"]);
    assert_eq!(rows[0].responsible_units, ["县住房和城乡建设局", "青石镇"]);
}

#[test]
fn roles_in_one_cell_go_to_their_fields() {
    let lines = [
        "序号|存在问题|责任单位|整改时限",
        "1|甲处积水未排|牵头单位：县住建局~配合单位：县城管局、青石镇|2024年12月底前，并长期坚持",
        "2|乙处路灯不亮|县住建局（牵头），县城管局，各乡镇（街道）|立行立改",
    ];
    let rows = read_rows("a", &xlsx("S", &lines, &[]));
    assert_eq!(column(&rows, Field::LeadUnit), ["县住建局", "县住建局"]);
    assert_eq!(rows[0].assisting_units, ["县城管局", "青石镇"]);
    assert_eq!(rows[1].responsible_units, ["县城管局", "各乡镇（街道）"]);
    assert_eq!(rows[0].deadline_text, "2024年12月底前，并长期坚持");
}

#[test]
fn a_department_in_a_counted_heading_owes_what_stands_below() {
    let lines = [
        "序号|存在问题|责任单位|完成时限",
        "一、县教育局（2项）",
        "1|校车台账不全||5月底",
        "2|食堂留样不规范||5月底",
        "二、青石镇（1项）",
        "1|医废暂存超时||5月底",
    ];
    let rows = read_rows("a", &xlsx("S", &lines, &["A2:D2", "A5:D5"]));
    assert_eq!(rows[0].category, "一、县教育局（2项）");
    assert_eq!(column(&rows, Field::ResponsibleUnits), ["县教育局", "县教育局", ""]);
}

#[test]
fn a_section_numbered_in_the_number_column_is_no_problem() {
    let lines = [
        "序号|存在问题|责任单位|完成时限",
        "一|基础设施类||",
        "1|甲处积水未排|县住建局|6月",
        "2|乙处路灯不亮|县城管局|6月",
        "二|环境卫生类||",
        "1|丙处垃圾未清|县城管局|6月",
        "合计|3项||",
    ];
    let rows = read_rows("a", &xlsx("S", &lines, &[]));
    assert_eq!(column(&rows, Field::Category), ["基础设施类", "基础设施类", "环境卫生类"]);
}

#[test]
fn a_table_that_begins_elsewhere_below_pairs_of_meta_cells_is_found() {
    let lines = [
        "",
        "|整改台账|||",
        "|责任单位|县住建局|填报日期|2024年6月",
        "|序号|存在问题|整改措施|时限",
        "|1|甲处积水未排|疏通|6月",
        "||||",
        "|2|乙处路灯不亮|更换|7月",
        "|备注：1.本台账按月更新；|||",
        "|单位负责人签字：|填报人：王某|联系电话：123|",
        "|2024年6月5日|||",
    ];
    let rows = read_rows("a", &xlsx("S", &lines, &["B2:E2", "B8:E8", "B10:E10"]));
    assert_eq!(column(&rows, Field::Problem), ["甲处积水未排", "乙处路灯不亮"]);
    assert_eq!(column(&rows, Field::ResponsibleUnits), ["县住建局", "县住建局"]);
    assert_eq!(rows[1].row, 7);
}

#[test]
fn quarterly_progress_is_kept_with_its_quarters() {
    let lines = [
        "序号|重点任务|责任（配合）单位|形象进度|||",
        "|||一季度|二季度|三季度|四季度",
        "1|改造老旧小区十二个|县住建局（县发改局）|完成立项|开工两个||",
    ];
    let rows = read_rows("a", &xlsx("S", &lines, &["A1:A2", "B1:B2", "C1:C2", "D1:G1"]));
    assert_eq!(rows[0].progress, "一季度：完成立项\n二季度：开工两个");
    assert_eq!(rows[0].assisting_units, ["县发改局"]);
}

#[test]
fn a_grouping_column_without_a_header_is_offered_as_category() {
    let lines = [
        "|序号|存在问题|责任单位",
        "党建|1|学习不经常|县委组织部",
        "|2|制度不健全|县委组织部",
        "作风|3|文风冗长|县委办",
    ];
    let rows = read_rows("a", &xlsx("S", &lines, &["A2:A3"]));
    assert_eq!(column(&rows, Field::Category), ["党建", "党建", "作风"]);
}

#[test]
fn roles_written_inside_the_problem_are_found_and_the_wording_stays() {
    let problem = "支部学习流于形式（牵头单位：县委组织部；责任单位：各村支部；完成时限：2024年底前）";
    let line = format!("1|{problem}|每月抽查");
    let rows = read_rows("a", &xlsx("S", &["序号|整改任务|整改措施", &line], &[]));
    assert_eq!(rows[0].problem, problem);
    assert_eq!(rows[0].lead_unit, "县委组织部");
    assert_eq!(rows[0].responsible_units, ["各村支部"]);
    assert_eq!(rows[0].deadline_text, "2024年底前");
}

#[test]
fn a_closing_slip_with_pairs_is_a_form_and_its_title_is_no_label() {
    let lines = [
        "问题整改销号单",
        "问题编号|12|问题来源|群众举报",
        "问题描述|农贸市场污水横流||",
        "牵头单位|县市监局|配合单位|县住建局、青石镇",
        "整改时限|2024年6月底|整改责任人|王某",
        "整改措施|修建排水沟||",
        "整改完成情况|已完成||",
        "单位负责人（签字）：||年  月  日|",
    ];
    let rows = read_rows("a", &xlsx("S", &lines, &["A1:D1", "B3:D3", "B6:D6", "B7:D7"]));
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].seq.as_str(), rows[0].row, rows[0].status_text.as_str()), ("12", 2, "已完成"));
    assert_eq!(rows[0].assisting_units, ["县住建局", "青石镇"]);
    let lines = [
        "第7项整改情况",
        "整改任务|污水直排|责任单位|青石镇|整改时限|2024年底",
        "整改目标|零直排|整改措施|建设管网|完成情况|已完成",
    ];
    let rows = read_rows("a", &xlsx("S", &lines, &["A1:F1"]));
    assert_eq!((rows[0].problem.as_str(), rows[0].goal.as_str()), ("污水直排", "零直排"));
}

#[test]
fn the_last_lines_of_a_ledger_are_not_taken_for_notes() {
    let text = "序号,点位,存在问题,整改措施\n1,甲小区,(1)车辆乱停乱放,划线\n,,(2)楼道堆放杂物,\n";
    let rows = read_rows("a", text.as_bytes());
    assert_eq!(column(&rows, Field::Problem), ["车辆乱停乱放", "楼道堆放杂物"]);
    let text = "序号,存在问题,整改措施\n1,台账不清楚,建立总台账\n,,每月核对：逐条对照\n";
    let rows = read_rows("a", text.as_bytes());
    assert_eq!(column(&rows, Field::Measures), ["建立总台账\n每月核对：逐条对照"]);
    let text =
        "序号,存在问题,整改措施\n1,累计3次未清理,清理\n2,累计12处破损,修补\n合计,2个,\n,,2024年3月5日\n";
    assert_eq!(read_rows("a", text.as_bytes()).len(), 2);
}

#[test]
fn a_heading_that_the_rows_contradict_only_sorts_them() {
    let lines = [
        "序号|点位|问题|单位|时限|进展|备注|其他",
        "青石镇|||||||",
        "1|甲村|垃圾未清运|青石镇城管所|3日|已清||",
        "白沙镇|||||||",
        "2|乙村|污水横流|白沙镇城管所|3日|已清||",
    ];
    let rows = read_rows("a", &xlsx("S", &lines, &["A2:C2", "A4:C4"]));
    assert_eq!(column(&rows, Field::Category), ["青石镇", "白沙镇"]);
    assert_eq!(column(&rows, Field::ResponsibleUnits), ["青石镇城管所", "白沙镇城管所"]);
}

#[test]
fn units_are_told_from_persons_in_one_cell_and_ticks_close() {
    let lines = [
        "序号|存在问题|责任单位及责任人|销号",
        "1|甲处积水未排|县住建局 张三|√",
        "2|乙处积水未排|县城管局（李四）|",
    ];
    let rows = read_rows("a", &xlsx("S", &lines, &[]));
    assert_eq!(column(&rows, Field::ResponsibleUnits), ["县住建局", "县城管局"]);
    assert_eq!(column(&rows, Field::StatusText), ["已销号", ""]);
    assert_eq!(rows[0].extra[0].text, "县住建局 张三");
}

#[test]
fn a_safety_ledger_with_grouped_headers_and_numbered_sections() {
    let lines = [
        "附件1",
        "云溪县安全生产隐患排查整治台账",
        "填报单位（盖章）：县应急局||||填报日期：2024年6月5日||",
        "序~号|隐患基本情况|||整改情况|||备~注",
        "|隐患单位|隐患内容|隐患等级|整改措施|整改责任单位|整改完成时限|",
        "（一）危化领域",
        "1|云溪化工厂|储罐区未设围堰|重大|增设围堰|县应急局|2024年7月底|",
        "2|同上|报警器失效|一般|更换|县应急局|立即|",
        "（二）消防领域",
        "3|云溪商场|喷淋故障|一般|维修|县消防大队|7日内|已约谈",
        "合　　计|3||||||",
    ];
    let merges = ["A1:H1", "A2:H2", "A3:D3", "F3:H3", "A4:A5", "B4:D4", "E4:G4", "H4:H5", "A6:H6", "A9:H9"];
    let rows = read_rows("a", &xlsx("S", &lines, &merges));
    assert_eq!(column(&rows, Field::Place), ["云溪化工厂", "云溪化工厂", "云溪商场"]);
    assert_eq!(column(&rows, Field::Category), ["（一）危化领域", "（一）危化领域", "（二）消防领域"]);
    assert_eq!(rows[2].remark, "已约谈");
}

#[test]
fn key_tasks_in_prose_with_labels_below_each() {
    let paragraphs = [
        "一、重点工程",
        "1.建成三座污水处理厂。",
        "牵头单位：县住建局",
        "完成时限：2024年12月底。",
        "2.改造老旧小区十二个。责任单位：县住建局、各乡镇（街道）。",
    ];
    let rows = read_rows("a", &crate::support::docx(&paragraphs.map(crate::support::p).concat()));
    assert_eq!(column(&rows, Field::Problem), ["建成三座污水处理厂。", "改造老旧小区十二个。"]);
    assert_eq!(rows[0].deadline_text, "2024年12月底");
    assert_eq!(rows[1].responsible_units, ["县住建局", "各乡镇（街道）"]);
}
