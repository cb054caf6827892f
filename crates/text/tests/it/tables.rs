//! Sums and rates in tables of a text.

use bihuan_text::tables::{CELLS_MAX, Cell, conflicts, tabbed};
use bihuan_text::{Certainty, ConflictKind};
use proptest::prelude::*;

/// What is told of tables whose cells are parted by tabs: the number, what should stand there, and how sure it is.
fn told(text: &str) -> Vec<(String, String, bool)> {
    let text = text.replace('|', "\t");
    let found = conflicts(&text, &tabbed(&text)).into_iter().map(|found| {
        let right =
            found.reason.split_once("应为").map(|(_, right)| right.split('，').next().unwrap().to_owned());
        (found.quotes[0].clone(), right.unwrap(), found.strength == Certainty::Certain)
    });
    found.collect()
}

fn one(stated: &str, right: &str) -> Vec<(String, String, bool)> {
    vec![(stated.to_owned(), right.to_owned(), true)]
}

fn asked(stated: &str, right: &str) -> Vec<(String, String, bool)> {
    vec![(stated.to_owned(), right.to_owned(), false)]
}

#[test]
fn a_row_of_sums_is_what_its_column_adds_up_to_m43() {
    let table = "序号|乡镇|问题数|已整改\n1|青岚镇|12|10\n2|柳汀镇|9|9\n3|云溪乡|6|4\n|合 计|27|SUM";
    assert_eq!(told(&table.replace("SUM", "24")), one("24", "23"));
    assert_eq!(told(&table.replace("SUM", "23")), []);
    // Full width, thousands, units and a dash for none.
    let money = "项目|资金（万元）\n水渠清淤|１，２８０．５万元\n泵站维修|—\n管护|319.5万元\n总计|SUM";
    assert_eq!(told(&money.replace("SUM", "1,600.0万元")), []);
    assert_eq!(told(&money.replace("SUM", "1,660.0万元")), one("1,660.0万元", "1600.0"));
}

#[test]
fn a_sum_may_stand_above_its_rows_and_hold_sums_of_parts_m43() {
    let top = "单位|排查隐患（处）\n全县|SUM\n青岚镇|31\n柳汀镇|17\n云溪乡|8";
    assert_eq!(told(&top.replace("SUM", "56")), []);
    assert_eq!(told(&top.replace("SUM", "65")), asked("65", "56"));
    let parts = "片区|乡镇|户数|人数\n东片|青岚镇|31|90\n|柳汀镇|17|52\n|小计|48|PART\n西片|云溪乡|8|20\n|白石乡|9|33\n|小计|17|53\n|合计|65|SUM";
    assert_eq!(told(&parts.replace("PART", "142").replace("SUM", "195")), []);
    assert_eq!(told(&parts.replace("PART", "124").replace("SUM", "195")), one("124", "142"));
    assert_eq!(told(&parts.replace("PART", "142").replace("SUM", "159")), one("159", "195"));
}

#[test]
fn rows_that_are_part_of_another_are_not_added_twice_m43() {
    let within = "项目|金额|件数\n一、基础设施|500|12\n其中：道路|300|7\n二、公共服务|200|5\n合计|700|SUM";
    assert_eq!(told(&within.replace("SUM", "17")), []);
    assert_eq!(told(&within.replace("SUM", "24")), asked("24", "17"));
    assert_eq!(told(&within.replace("SUM", "19")), one("19", "17"));
    let levels = "项目|金额|件数\n一、基础设施|500|12\n（一）道路|300|7\n（二）桥梁|200|5\n二、公共服务|200|5\n合计|700|SUM";
    assert_eq!(told(&levels.replace("SUM", "17")), []);
    assert_eq!(told(&levels.replace("SUM", "19")), one("19", "17"));
}

#[test]
fn what_is_not_added_up_is_not_told_m43() {
    let rates = "单位|应办|已办|办结率|平均用时|排名\n青岚镇|10|9|90%|3.5|2\n柳汀镇|20|20|100%|2.0|1\n合计|30|29|96.7%|2.5|—";
    assert_eq!(told(rates), []);
    // Departments that two measures share are counted once; a blank is not known.
    let shared = "措施|涉及部门|资金\n清淤|3|40\n管护|4|60\n合计|5|100";
    assert_eq!(told(shared), asked("5", "7"));
    let blank = "村名|户数|人数\n石门村|31|\n长坪村|17|52\n合计|48|150";
    assert_eq!(told(blank), asked("150", "52"));
    let numbered = "甲|乙|1|2|3\n青岚镇|镇|5|6|7\n柳汀镇|镇|5|6|8\n合计|—|10|12|15";
    assert_eq!(told(numbered), []);
    let open = "事项|数量\n清淤|若干\n管护|4\n合计|9";
    assert_eq!(told(open), []);
}

#[test]
fn a_column_is_what_most_rows_make_of_it_m43() {
    let table =
        "乡镇|合计|一般|较大|重大\n青岚镇|12|8|3|1\n柳汀镇|9|7|2|0\n云溪乡|SUM|4|1|1\n白石乡|11|6|4|1";
    assert_eq!(told(&table.replace("SUM", "6")), []);
    assert_eq!(told(&table.replace("SUM", "7")), one("7", "6"));
    // Found and not named: asked.
    let found =
        "乡镇|排查|销号|在办|未动\n甲乡|12|8|3|1\n乙乡|9|6|2|1\n丙乡|7|4|2|1\n丁乡|10|6|3|1\n戊乡|SUM|5|4|1";
    assert_eq!(told(&found.replace("SUM", "10")), []);
    assert_eq!(told(&found.replace("SUM", "12")), asked("12", "10"));
}

#[test]
fn a_rate_is_what_its_two_columns_give_m43() {
    let table =
        "单位|问题数|已整改|整改率\n青岚镇|12|9|75%\n柳汀镇|9|6|66.7%\n云溪乡|8|7|RATE\n合计|29|22|75.9%";
    assert_eq!(told(&table.replace("RATE", "87.5%")), []);
    assert_eq!(told(&table.replace("RATE", "87%")), [], "cut off");
    assert_eq!(told(&table.replace("RATE", "78.5%")), one("78.5%", "87.5%"));
    let average = table.replace("RATE", "87.5%").replace("75.9%", "76.4%");
    assert_eq!(told(&average), one("76.4%", "75.9%"), "a mean of rates is no rate");
}

#[test]
fn a_wrong_number_inside_is_told_itself_and_no_sum_m43() {
    let table = "乡镇|合计|一般|较大\n青岚镇|11|8|3\n柳汀镇|9|7|2\n云溪乡|5|CELL|1\n合计|25|19|6";
    assert_eq!(told(&table.replace("CELL", "4")), []);
    assert_eq!(told(&table.replace("CELL", "6")), one("6", "4"));
    let total = table.replace("CELL", "4").replace("25|19|6", "26|19|6");
    assert_eq!(told(&total), one("26", "25"), "told once, though the row and the column do not come out");
}

#[test]
fn a_merged_head_covers_its_columns() {
    let text = "乡镇\n问题\n登记\n整改\n甲乡\n5\n3\n乙乡\n6\n4\n合计\n12\n7";
    let places = [(0, 0, 1), (0, 1, 2), (1, 1, 1), (1, 2, 1)];
    let body = (2..5).flat_map(|row| (0..3).map(move |column| (row, column, 1)));
    let mut at = 0;
    let cells: Vec<Cell> = places
        .into_iter()
        .chain(body)
        .zip(text.split('\n'))
        .map(|((row, column, width), words)| {
            let start = at;
            at += words.chars().count() + 1;
            Cell { row, column, width, start, end: at - 1 }
        })
        .collect();
    let found = conflicts(text, &[cells]);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].kind, found[0].quotes[0].as_str()), (ConflictKind::Sum, "12"));
    assert!(
        found[0].reason.contains("“合计”行“问题登记”") && found[0].reason.contains("应为11"),
        "{}",
        found[0].reason
    );
}

#[test]
fn cells_that_are_none_and_tables_that_are_too_large_break_nothing() {
    let cell = |row, column, width, start, end| Cell { row, column, width, start, end };
    let odd = vec![
        cell(0, 0, 1, 5, 900),
        cell(7, usize::MAX - 1, 1, 0, 1),
        cell(1, 0, 0, 0, 1),
        cell(2, 3, usize::MAX, 0, 2),
    ];
    assert_eq!(conflicts("12个问题", &[odd, vec![]]), []);
    let row = "青岚镇\t1\n".repeat(CELLS_MAX / 2);
    let (fits, over) =
        (format!("{}合计\t7", &row[..row.len() - "青岚镇\t1\n".len()]), format!("{row}合计\t7"));
    assert_eq!(conflicts(&fits, &tabbed(&fits)).len(), 1);
    assert_eq!(conflicts(&over, &tabbed(&over)).len(), 0);
    assert_eq!(tabbed("\t一、总体情况\n\t各乡镇认真落实\n甲\t乙\n丙\t丁"), Vec::<Vec<Cell>>::new());
}

#[test]
fn a_total_that_the_sentences_tell_otherwise_is_asked_about_m43() {
    let table = "乡镇\t排查隐患（处）\t已整改\n青岚镇\t42\t38\n柳汀镇\t31\t29\n合计\t73\t67\n";
    let told = |sentence: &str| -> Vec<String> {
        let text = format!("隐患排查情况通报\n{sentence}\n{table}各乡镇要抓紧整改。");
        conflicts(&text, &tabbed(&text)).into_iter().map(|found| found.quotes.join(" ")).collect()
    };
    assert_eq!(told("全县共排查隐患78处，已整改67处。"), ["78 73"]);
    assert_eq!(told("截至目前，全县累计排查隐患73处，已整改了76处。"), ["76 67"]);
    for right in [
        "全县共排查隐患73处，已整改67处。",
        "全县共排查隐患73处，其中重大隐患已整改3处。",
        "青岚镇共排查隐患42处，已整改38处。",
        "本周全县共排查隐患9处。",
        "企业自己排查隐患12处。",
        "全县共排查隐患70余处，已整改91.8%。",
        "全县共排查隐患0.8万处。",
        "全县共排查隐患73",
    ] {
        assert_eq!(told(right), Vec::<String>::new(), "{right}");
    }
}

proptest! {
    /// Whatever stands in its cells, a table is read without a crash, and what is told stands in the text.
    #[test]
    fn odd_tables_break_nothing(rows in proptest::collection::vec(
        proptest::collection::vec("(合计|小计|其中：|一、|（一）|1\\.|整改率|[0-9]{1,22}|[0-9,.%\\-—]{0,6}|全县共整改[0-9]{1,3}|\\PC{0,5})", 1..6),
        0..12,
    )) {
        let text = rows.iter().map(|row| row.join("\t").replace('\n', " ")).collect::<Vec<_>>().join("\n");
        let length = text.chars().count();
        for found in conflicts(&text, &tabbed(&text)) {
            prop_assert!(found.spans.iter().all(|[start, end]| start < end && *end <= length));
            prop_assert_eq!(found.spans.len(), found.quotes.len());
        }
    }
}
