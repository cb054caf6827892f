//! Tables of every habit: headers of several rows, merged regions, sections, sums, notes.

use bihuan_documents::ledger::{Field, How, read_workbook};
use bihuan_documents::sheet::read_any;

use crate::support::{column, read_rows, xlsx, xlsx_sheets};

pub const TWO_ROW_HEADER: &[&str] = &[
    "云溪县督查反馈问题整改台账",
    "填报单位：云溪县督查办|||||填报时间：2024年3月5日",
    "序号|存在~问题|整改措施|责任落实||整改|时限|整改进展情况",
    "|||牵头单位|责任单位|||",
    "#1|青石镇三处垃圾堆积|~立即清运|县城管局|青石镇、白沙镇||2024年底前|已清运两处",
    "#2|白沙镇污水直排|敷设管网|县住建局|县住建局 县生态环境局||长期坚持|",
    "合计|2个||||||",
    "注：本表一式两份||||||",
    "填表人：张某某||审核人：李某某||||",
];
pub const TWO_ROW_MERGES: &[&str] =
    &["A1:H1", "A3:A4", "B3:B4", "C3:C4", "D3:E3", "H3:H4", "G3:G4", "F3:F4", "A7:A7"];

fn two_row_header() -> Vec<u8> {
    let merges: Vec<&str> = TWO_ROW_MERGES.iter().copied().filter(|m| *m != "A7:A7").collect();
    xlsx("台账", TWO_ROW_HEADER, &merges)
}

#[test]
fn a_two_row_header_below_title_and_meta_rows_is_found() {
    let rows = read_rows("a.xlsx", &two_row_header());
    assert_eq!(column(&rows, Field::Problem), ["青石镇三处垃圾堆积", "白沙镇污水直排"]);
    assert_eq!(column(&rows, Field::LeadUnit), ["县城管局", "县住建局"]);
    assert_eq!(rows[0].responsible_units, ["青石镇", "白沙镇"]);
    assert_eq!(rows[1].responsible_units, ["县住建局", "县生态环境局"]);
    assert_eq!(column(&rows, Field::DeadlineText), ["2024年底前", "长期坚持"]);
    assert_eq!(rows[0].origin(Field::Problem).unwrap().cell.to_string(), "B5");
    assert_eq!(rows[0].row, 5);
}

#[test]
fn a_four_row_header_gives_joined_titles() {
    let lines = [
        "民生实事推进表",
        "序号|基本情况|||责任|目标任务|推进情况|",
        "|项目|||||进度|比例",
        "|大类|小类|存在问题||||",
        "|（类）|（项）|||||",
        "#1|交通|公路|云溪路段破损长约两公里|县交通局|年内修复|完成一半|#0.5",
    ];
    let merges = ["A1:H1", "A2:A5", "B2:D2", "B3:D3", "E2:E5", "F2:F5", "G2:H2", "G3:G5", "H3:H5", "D4:D5"];
    let rows = read_rows("a.xlsx", &xlsx("S", &lines, &merges));
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].problem, "云溪路段破损长约两公里");
    assert_eq!(rows[0].responsible_units, ["县交通局"]);
    assert_eq!(rows[0].goal, "年内修复");
}

#[test]
fn merged_numbers_and_problems_hold_several_measures() {
    let lines = [
        "序号|存在问题|整改措施|责任单位|完成时限",
        "#1|台账不清|建立总台账|县委办|立行立改",
        "||每月核对一次|县纪委|每月28日前",
        "#2|例会不实|明确议题|县委办|立行立改",
    ];
    let rows = read_rows("a.xlsx", &xlsx("S", &lines, &["A2:A3", "B2:B3"]));
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].measures, "建立总台账\n每月核对一次");
    assert_eq!(rows[0].measure_lines.len(), 2);
    assert_eq!(rows[0].measure_lines[1].deadline_text, "每月28日前");
    assert_eq!(rows[0].responsible_units, ["县委办", "县纪委"]);
    assert_eq!((rows[0].row, rows[0].last_row), (2, 3));
}

#[test]
fn blank_numbers_and_problems_without_merging_are_read_as_more_measures_with_doubt() {
    let csv = "序号,存在问题,整改措施,责任单位\n1,台账不清,建立总台账,县委办\n,,每月核对一次,县委办\n2,例会不实,明确议题,县委办\n";
    let rows = read_rows("a.csv", csv.as_bytes());
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].measures, "建立总台账\n每月核对一次");
}

#[test]
fn units_and_deadlines_merged_down_belong_to_every_row() {
    let lines = [
        "序号|问题|责任单位|时限",
        "1|甲处积水未排|县住建局|6月底前",
        "2|乙处路灯不亮||",
        "3|丙处井盖缺失||",
    ];
    let rows = read_rows("a.xlsx", &xlsx("S", &lines, &["C2:C4", "D2:D4"]));
    assert!(rows.iter().all(|r| r.responsible_units == ["县住建局"] && r.deadline_text == "6月底前"));
    assert_eq!(rows[2].origin(Field::DeadlineText).unwrap().how, How::Merged);
}

#[test]
fn sections_carry_units_where_no_column_does() {
    let lines = [
        "问题清单",
        "序号|存在问题|整改措施|完成时限",
        "责任单位：县教育局",
        "1|校车台账不全|补齐台账|5月底前",
        "2|食堂留样不规范|逐日留样|立行立改",
        "县卫生健康局",
        "1|医废暂存超时|每日清运|立行立改",
        "小计|1||",
    ];
    let rows = read_rows("a.xlsx", &xlsx("S", &lines, &["A1:D1", "A3:D3", "A6:D6"]));
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[1].responsible_units, ["县教育局"]);
    assert_eq!(rows[2].responsible_units, ["县卫生健康局"]);
    assert_eq!(rows[0].category, "");
    assert_eq!(rows[0].origin(Field::ResponsibleUnits).unwrap().how, How::Section);
}

#[test]
fn sections_carry_statuses_and_categories_and_nest() {
    let lines = [
        "序号|存在问题|责任单位",
        "一、已完成整改（2项）||",
        "1|甲处积水未排|县住建局",
        "2|乙处路灯不亮|县城管局",
        "二、正在整改（1项）||",
        "（一）市政设施类||",
        "1|丙处井盖缺失|县城管局",
        "（二）环境卫生类||",
        "1|丁处垃圾未清|青石镇",
    ];
    let rows = read_rows("a.xlsx", &xlsx("S", &lines, &[]));
    assert_eq!(column(&rows, Field::StatusText), ["已完成整改", "已完成整改", "正在整改", "正在整改"]);
    assert_eq!(column(&rows, Field::Category), ["", "", "（一）市政设施类", "（二）环境卫生类"]);
}

#[test]
fn township_sections_with_counts_are_categories() {
    let lines = [
        "序号|点位|存在问题|责任单位|整改情况",
        "（一）青石镇（3个）",
        "1|幸福小区|(1)车辆乱停；",
        "||(2)杂物堆放。",
        "2|农贸市场|地面积水",
    ];
    let rows = read_rows("a.xlsx", &xlsx("S", &lines, &["A2:E2", "A3:A4", "B3:B4"]));
    assert_eq!(column(&rows, Field::Seq), ["1.(1)", "1.(2)", "2"]);
    assert_eq!(column(&rows, Field::Problem), ["车辆乱停；", "杂物堆放。", "地面积水"]);
    assert_eq!(column(&rows, Field::Place), ["幸福小区", "幸福小区", "农贸市场"]);
    assert!(rows.iter().all(|r| r.category == "（一）青石镇（3个）" && r.responsible_units.is_empty()));
}

#[test]
fn dates_and_serials_become_days_and_wording_stays() {
    let lines = [
        "序号|存在问题|整改时限",
        "1|甲处积水未排|#45382d",
        "2|乙处路灯不亮|#45382",
        "3|丙处井盖缺失|2024年3月底前",
    ];
    let rows = read_rows("a.xlsx", &xlsx("S", &lines, &[]));
    assert_eq!(column(&rows, Field::DeadlineText), ["2024-03-31", "2024-03-31", "2024年3月底前"]);
    assert_eq!(rows[1].origin(Field::DeadlineText).unwrap().how, How::Inferred);
}

#[test]
fn numbers_as_text_keep_their_zeros() {
    let lines = ["编号|存在问题|责任单位", "0108|甲处积水未排|县住建局", "#9|乙处路灯不亮|县城管局"];
    let rows = read_rows("a.xlsx", &xlsx("S", &lines, &[]));
    assert_eq!(column(&rows, Field::Seq), ["0108", "9"]);
}

#[test]
fn status_columns_are_told_from_accounts_of_progress() {
    let lines = [
        "序号|存在问题|整改情况|完成情况|是否销号",
        "1|甲处积水未排|已组织人员疏通管道三百米，并更换雨水篦子十二处|已完成|是",
        "2|乙处路灯不亮|正在采购灯具，预计下月到货后统一安装|整改中|否",
    ];
    let rows = read_rows("a.xlsx", &xlsx("S", &lines, &[]));
    assert_eq!(column(&rows, Field::StatusText), ["已完成", "整改中"]);
    assert!(rows[0].progress.starts_with("已组织"));
    assert_eq!(rows[0].extra[0].header, "是否销号");
    let lines = ["序号|存在问题|是否销号", "1|甲处积水未排|已销号", "2|乙处路灯不亮|未销号"];
    let rows = read_rows("a.xlsx", &xlsx("S", &lines, &[]));
    assert_eq!(column(&rows, Field::StatusText), ["已销号", "未销号"]);
}

#[test]
fn ticks_under_status_headers_are_statuses() {
    let lines = [
        "序号|存在问题|整改进展||",
        "||完成整改|正在整改|尚未整改（未整改原因）",
        "1|甲处积水未排|√||",
        "2|乙处路灯不亮||√|",
        "3|丙处井盖缺失|||资金未到位",
    ];
    let rows = read_rows("a.xlsx", &xlsx("S", &lines, &["A1:A2", "B1:B2", "C1:E1"]));
    assert_eq!(column(&rows, Field::StatusText), ["完成整改", "正在整改", "尚未整改"]);
    assert_eq!(rows[2].progress, "资金未到位");
}

#[test]
fn one_cell_for_responsible_and_assisting_units_is_split_by_brackets() {
    let lines =
        ["序号|重点任务|责任（配合）单位|完成时限", "1|完成管网改造|县住建局（县城管局、县交通局）|10月底前"];
    let rows = read_rows("a.xlsx", &xlsx("S", &lines, &[]));
    assert_eq!(rows[0].responsible_units, ["县住建局"]);
    assert_eq!(rows[0].assisting_units, ["县城管局", "县交通局"]);
    assert_eq!(rows[0].lead_unit, "");
}

#[test]
fn unmapped_columns_and_responsible_persons_stay_with_the_problem() {
    let lines = [
        "序号|存在问题|责任领导|责任单位|涉及金额（万元）|检查时间",
        "1|甲项资金未入账|王某某|县财政局|#12.5|3月2日",
    ];
    let rows = read_rows("a.xlsx", &xlsx("S", &lines, &[]));
    let extra: Vec<_> = rows[0].extra.iter().map(|e| (e.header.as_str(), e.text.as_str())).collect();
    assert_eq!(extra, [("责任领导", "王某某"), ("涉及金额(万元)", "12.5"), ("检查时间", "3月2日")]);
    assert_eq!(rows[0].deadline_text, "");
}

#[test]
fn several_sheets_say_why_some_are_no_ledgers() {
    let bytes = xlsx_sheets(&[
        ("填表说明", &["填表说明", "请各单位于每月二十五日前报送", "表内数字请填整数"], &[]),
        (
            "统计表",
            &[
                "序号|受理单位|交办总量|办结率|满意率|评分",
                "1|青石镇|#20|#0.9|#0.8|#99",
                "2|白沙镇|#30|#0.9|#0.7|#98",
            ],
            &[],
        ),
        ("三月", &["序号|存在问题|责任单位", "1|甲处积水未排|县住建局"], &[]),
        ("通讯录", &["单位|责任人|联系电话", "县住建局|王某某|12345678"], &[]),
        ("空表", &[], &[]),
        ("四月", &["序号|存在问题|责任单位", "|||"], &[]),
    ]);
    let readings = read_workbook(&read_any("a.xlsx", &bytes).unwrap());
    let offered: Vec<&str> =
        readings.iter().filter(|r| r.verdict.is_offered()).map(|r| r.sheet.as_str()).collect();
    assert_eq!(offered, ["三月"]);
    for reading in readings.iter().filter(|r| !r.verdict.is_offered()) {
        assert!(!reading.verdict.reason().is_empty(), "{}", reading.sheet);
    }
}

#[test]
fn a_sheet_that_repeats_another_is_not_offered_twice() {
    let first: &[&str] = &[
        "序号|点位|存在问题",
        "1|甲小区|(1)车辆乱停乱放；",
        "||(2)楼道堆放杂物；",
        "||(3)绿化带黄土裸露。",
        "2|乙市场|地面积水较多",
    ];
    let second: &[&str] = &[
        "序号|点位|存在问题",
        "1|甲小区|(1)车辆乱停乱放；~(2)楼道堆放杂物；~(3)绿化带黄土裸露。",
        "2|乙市场|地面积水较多",
    ];
    let bytes = xlsx_sheets(&[("清单", first, &["A2:A4", "B2:B4"]), ("样式", second, &[])]);
    let rows = read_rows("a.xlsx", &bytes);
    assert_eq!(rows.len(), 4);
    assert!(rows.iter().all(|r| r.sheet == "清单"));
}

#[test]
fn a_repeated_header_and_a_column_numbering_row_are_no_problems() {
    let lines = [
        "序号|存在问题|责任单位|备注",
        "1|2|3|4",
        "1|甲处积水未排|县住建局|",
        "序号|存在问题|责任单位|备注",
        "2|乙处路灯不亮|县城管局|同上",
        "3|丙处井盖缺失|同上|/",
    ];
    let rows = read_rows("a.xlsx", &xlsx("S", &lines, &[]));
    assert_eq!(column(&rows, Field::Problem), ["甲处积水未排", "乙处路灯不亮", "丙处井盖缺失"]);
    assert_eq!(rows[2].responsible_units, ["县城管局"]);
    assert_eq!(rows[2].remark, "");
}

#[test]
fn the_unit_of_a_meta_row_is_offered_with_doubt_where_nothing_else_names_one() {
    let lines = [
        "自查问题台账",
        "责任单位：县水利局      填报时间：2024年3月",
        "序号|存在问题|完成时限",
        "1|闸门锈蚀严重|汛前",
    ];
    let rows = read_rows("a.xlsx", &xlsx("S", &lines, &["A1:C1", "A2:C2"]));
    assert_eq!(rows[0].responsible_units, ["县水利局"]);
    assert_eq!(rows[0].origin(Field::ResponsibleUnits).unwrap().how, How::SheetTitle);
}
