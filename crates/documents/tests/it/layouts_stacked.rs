//! Several tables on one sheet, cross tables of few words, groups written once, kinds and states told otherwise.

use bihuan_documents::export::{Change, write_ledger};
use bihuan_documents::ledger::{Field, read_workbook};
use bihuan_documents::sheet::read_any;

use crate::support::{column, read_rows, xlsx};

const STACKED: &[&str] = &[
    "创卫督查通报附表",
    "一、新交办问题",
    "序号|点位|问题描述|责任单位|整改时限",
    "1|滨江广场|公厕指示牌损坏|县园林局|9月10日前",
    "2|东门小学|周边流动摊点|东城街道|9月8日前",
    "审核人：李某",
    "二、上期问题整改情况",
    "序号|点位|上期问题|责任单位|整改情况|备注",
    "1|西湖路|果皮箱缺失|县环卫中心|已补装6个，其余8月底前补齐|",
    "2|北苑小区|飞线充电|北苑社区|未整改|已约谈",
    "注：一式两份",
];
const STACKED_MERGES: &[&str] = &["A1:E1", "A2:E2", "A7:E7"];

#[test]
fn tables_below_one_another_are_read_by_their_own_headers() {
    let rows = read_rows("a", &xlsx("S", STACKED, STACKED_MERGES));
    assert_eq!(column(&rows, Field::Problem), ["公厕指示牌损坏", "周边流动摊点", "果皮箱缺失", "飞线充电"]);
    assert_eq!(
        column(&rows, Field::Category),
        ["一、新交办问题", "一、新交办问题", "二、上期问题整改情况", "二、上期问题整改情况"]
    );
    assert_eq!(column(&rows, Field::DeadlineText), ["9月10日前", "9月8日前", "", ""]);
    assert_eq!(column(&rows, Field::Remark), ["", "", "", "已约谈"]);
    assert_eq!(rows[2].responsible_units, ["县环卫中心"]);
}

#[test]
fn a_change_to_a_lower_table_goes_to_its_own_column() {
    let bytes = xlsx("S", STACKED, STACKED_MERGES);
    let readings = read_workbook(&read_any("a", &bytes).unwrap());
    let set = |row, field, text: &str| Change::Set { row, field, text: text.to_owned() };
    let changes = [set(10, Field::Remark, "再次约谈"), set(4, Field::DeadlineText, "9月12日前")];
    let written = write_ledger(&bytes, &readings[0].proposal.mapping, &changes).unwrap();
    assert_eq!(written.skipped, []);
    let rows = read_rows("a", &written.bytes);
    assert_eq!(column(&rows, Field::Remark), ["", "", "", "再次约谈"]);
    assert_eq!(column(&rows, Field::DeadlineText), ["9月12日前", "9月8日前", "", ""]);
}

#[test]
fn a_title_repeated_on_the_next_page_is_no_group() {
    let lines = [
        "问题台账",
        "序号|存在问题|责任单位|完成时限",
        "1|楼道照明损坏|幸福社区|3月底",
        "本页小计|1项||",
        "问题台账（续）",
        "序号|存在问题|责任单位|完成时限",
        "2|井盖破损|和平社区|4月底",
        "总　计|2项||",
    ];
    let rows = read_rows("a", &xlsx("S", &lines, &["A1:D1", "A5:D5"]));
    assert_eq!(column(&rows, Field::Problem), ["楼道照明损坏", "井盖破损"]);
    assert_eq!(column(&rows, Field::Category), ["", ""]);
}

#[test]
fn a_cross_table_of_few_words_is_read_and_cells_of_nothing_are_no_problems() {
    let lines = [
        "村庄清洁问题清单",
        "村名|垃圾治理|污水治理|乱搭乱建",
        "沙溪镇上沙村|村道垃圾未清|无|房前铁皮棚",
        "沙溪镇下沙村|——|化粪池外溢|同上",
        "沙溪镇中沙村|/|/|未发现问题",
        "竹园乡新桥村|河面漂浮物|无|/",
        "合计|2|2|1",
    ];
    let rows = read_rows("a", &xlsx("S", &lines, &["A1:D1"]));
    assert_eq!(
        column(&rows, Field::Problem),
        ["村道垃圾未清", "房前铁皮棚", "化粪池外溢", "房前铁皮棚", "河面漂浮物"]
    );
    assert_eq!((rows[3].place.as_str(), rows[3].category.as_str()), ("沙溪镇下沙村", "乱搭乱建"));
    let marks = ["乡镇|第一项|第二项", "沙溪镇|已完成整改|整改中", "竹园乡|未完成|已完成整改", "云台镇|√|√"];
    assert!(read_rows("a", &xlsx("S", &marks, &[])).is_empty());
}

#[test]
fn a_unit_written_once_for_its_group_is_taken_down_with_doubt() {
    let csv = "类别,问题,责任单位,完成时限\n党建,记录简略,县直工委,6月底\n,公示不及时,,6月底\n民生,座椅缺失,县交通局,8月底\n";
    let rows = read_rows("a.csv", csv.as_bytes());
    assert_eq!(column(&rows, Field::ResponsibleUnits), ["县直工委", "县直工委", "县交通局"]);
    assert!(rows[1].origin(Field::ResponsibleUnits).unwrap().is_doubtful());
    // A unit that is missing where its group is written is missing.
    let csv = "类别,问题,责任单位,完成时限\n党建,记录简略,县直工委,6月底\n党建,公示不及时,,6月底\n民生,座椅缺失,县交通局,8月底\n";
    let rows = read_rows("a.csv", csv.as_bytes());
    assert_eq!(column(&rows, Field::ResponsibleUnits), ["县直工委", "", "县交通局"]);
}

#[test]
fn kinds_ticked_under_a_group_are_its_category() {
    let lines = [
        "序号|问题概述|污染类型||||办理单位",
        "||水|大气|土壤|噪声|",
        "1|养殖废水直排|√|√|||县生态环境局",
        "2|夜间打磨扰民||||√|东街街道",
    ];
    let merges = ["A1:A2", "B1:B2", "C1:F1", "G1:G2"];
    let rows = read_rows("a", &xlsx("S", &lines, &merges));
    assert_eq!(column(&rows, Field::Category), ["水、大气", "噪声"]);
}

#[test]
fn states_and_townships_are_told_by_what_else_the_table_has() {
    let lines = [
        "编号|督查点位|发现问题及违法行为|所属街道|处理进度|反馈情况",
        "1|锦绣路菜市场西门|垃圾桶满溢|东关街道|已办结|已于当日清运并增设垃圾桶两个",
        "2|胜利小区3号楼前|杂物占用消防通道|城西街道|办理中|正在联系业主自行搬离",
    ];
    let readings = read_workbook(&read_any("a", &xlsx("S", &lines, &[])).unwrap());
    let (rows, columns) = (&readings[0].rows, &readings[0].proposal.columns);
    assert_eq!(column(rows, Field::Place), ["锦绣路菜市场西门", "胜利小区3号楼前"]);
    assert_eq!(column(rows, Field::ResponsibleUnits), ["东关街道", "城西街道"]);
    assert!(columns[3].confidence < 0.6, "{:?}", columns[3]);
    assert_eq!(column(rows, Field::StatusText), ["已办结", "办理中"]);
    assert!(rows[0].progress.starts_with("已于当日清运"));
    let lines = [
        "序号|具体位置|乡镇|存在问题|责任单位",
        "1|湖口村文化广场|东湖镇|杂草丛生|东湖镇",
        "2|塔前村村口|白塔乡|垃圾成堆|白塔乡",
    ];
    let rows = read_rows("a", &xlsx("S", &lines, &[]));
    assert_eq!(rows[0].place, "东湖镇湖口村文化广场");
    assert_eq!(rows[0].category, "东湖镇");
    let lines = ["序号|区域|存在问题|社区|责任单位", "1|东区|路灯损坏|幸福社区|县城管局"];
    assert_eq!(read_rows("a", &xlsx("S", &lines, &[]))[0].place, "东区幸福社区");
}

#[test]
fn a_result_sorted_by_class_is_no_category() {
    let lines = [
        "建议编号|意见建议内容|承办单位（主办/会办）|答复时限|办理结果分类",
        "001|增设公交站点|主办：县交通局；会办：县财政局、县住建局|6月底前|A类（已解决）",
        "002|加固下坝渠|县水利局|三个月内|B类（正在解决）",
    ];
    let rows = read_rows("a", &xlsx("S", &lines, &[]));
    assert_eq!(column(&rows, Field::Category), ["", ""]);
    assert_eq!(column(&rows, Field::LeadUnit), ["县交通局", ""]);
    assert_eq!(rows[0].assisting_units, ["县财政局", "县住建局"]);
    assert_eq!(column(&rows, Field::StatusText), ["A类（已解决）", "B类（正在解决）"]);
}

#[test]
fn a_row_that_shows_how_to_fill_in_the_form_is_no_problem() {
    let lines = [
        "序号|存在问题|责任单位|整改时限",
        "示例|某某问题|某某单位|6月底",
        "1|防汛物资账实不符|县应急局|5月底",
    ];
    let rows = read_rows("a", &xlsx("S", &lines, &[]));
    assert_eq!(column(&rows, Field::Problem), ["防汛物资账实不符"]);
}

#[test]
fn a_shop_is_the_place_where_a_column_of_offices_stands_beside_it() {
    let lines = [
        "序号|县(区)|场所类别|单位名称|违法违规情形|移交部门|查处情况",
        "1|平川区|餐饮|老街面馆|无证经营凉菜|平川区市场监管局|已责令停业整顿",
        "2|山南县|销售|惠民超市|销售过期食品|山南县市场监管局|已立案并罚没0.5万元",
    ];
    let rows = read_rows("a", &xlsx("S", &lines, &[]));
    assert_eq!(column(&rows, Field::Place), ["平川区老街面馆", "山南县惠民超市"]);
    assert_eq!(column(&rows, Field::ResponsibleUnits), ["平川区市场监管局", "山南县市场监管局"]);
    assert_eq!(column(&rows, Field::Category), ["餐饮", "销售"]);
}

#[test]
fn labels_that_reach_down_side_by_side_keep_their_own_lines() {
    let lines = [
        "整改任务销号表",
        "整改任务|渗滤液处置不规范||",
        "责任单位|县城管局|整改时限|9月底",
        "整改措施|1.新建处理站|完成情况|1.处理站已建成投运",
        "|2.清运存量||2.存量已清运8000吨",
    ];
    let rows = read_rows("a", &xlsx("S", &lines, &["A1:D1", "B2:D2", "A4:A5", "C4:C5"]));
    assert_eq!(column(&rows, Field::Measures), ["1.新建处理站\n2.清运存量"]);
    assert_eq!(column(&rows, Field::Progress), ["1.处理站已建成投运\n2.存量已清运8000吨"]);
}

#[test]
fn units_and_their_persons_in_one_column_are_told_apart() {
    let lines = [
        "问题编号|问题描述|责任处室/责任人|计划整改完成日",
        "NS-01|差旅费超标报销|财务处/孟某|2025年4月30日",
        "NS-02|询价供应商不足|采购处/石某|2025年6月30日",
    ];
    let rows = read_rows("a", &xlsx("S", &lines, &[]));
    assert_eq!(column(&rows, Field::ResponsibleUnits), ["财务处", "采购处"]);
}

#[test]
fn fifty_tables_of_one_sheet_are_told_apart_and_nothing_of_a_further_one_is_lost() {
    let sheet = |tables: usize| {
        let lines: Vec<String> = (0..tables)
            .flat_map(|n| {
                let head = if n % 2 == 0 { "整改时限" } else { "备注" };
                [format!("序号|存在问题|责任单位|{head}"), format!("1|第{n}处积水未排|县住建局|6月底")]
            })
            .collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        read_rows("a", &xlsx("S", &lines, &[]))
    };
    assert_eq!(sheet(50).len(), 50);
    let more = column(&sheet(51), Field::Problem);
    assert!((0..51).all(|n| more.contains(&format!("第{n}处积水未排"))), "{more:?}");
}

#[test]
fn words_of_no_list_are_understood_by_how_they_are_made() {
    let lines = [
        "序号|视察点|问题明细|处理建议|主办部门|会办部门|限办时间|办理状态|是否移交线索",
        "1|城南公园|步道灯损坏5盏|更换|县园林所|县供电公司|15日内|正在办理|否",
        "2|老街|消防栓无水|恢复供水|县自来水公司||7日内|已办结|否",
    ];
    let rows = read_rows("a", &xlsx("督办", &lines, &[]));
    assert_eq!(column(&rows, Field::Place), ["城南公园", "老街"]);
    assert_eq!(column(&rows, Field::Problem), ["步道灯损坏5盏", "消防栓无水"]);
    assert_eq!(column(&rows, Field::Measures), ["更换", "恢复供水"]);
    assert_eq!(column(&rows, Field::LeadUnit), ["县园林所", "县自来水公司"]);
    assert_eq!(rows[0].assisting_units, ["县供电公司"]);
    assert!(rows[0].responsible_units.is_empty(), "the name of the sheet is no office");
    assert_eq!(column(&rows, Field::DeadlineText), ["15日内", "7日内"]);
    assert_eq!(column(&rows, Field::StatusText), ["正在办理", "已办结"]);
}
