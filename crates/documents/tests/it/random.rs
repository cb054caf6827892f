//! Sheets nobody would make: nothing panics, and what is written is read back.

use bihuan_documents::diff::diff;
use bihuan_documents::export::{Change, write_ledger};
use bihuan_documents::ledger::{Field, propose, read, read_workbook};
use bihuan_documents::sheet::{Cell, Format, Merge, Sheet, Workbook, read_any};
use proptest::prelude::*;

use crate::support::{read_rows, xlsx};

/// Words of headers, sections, sums, units, numbers, and nothing.
const WORDS: &[&str] = &[
    "",
    "",
    "",
    "序号",
    "存在问题",
    "责任单位",
    "整改时限",
    "整改措施",
    "完成情况",
    "地点",
    "类别",
    "1",
    "2",
    "（一）",
    "一、基础设施",
    "合计",
    "小计",
    "注：说明",
    "县住建局",
    "青石镇（3个）",
    "立行立改",
    "同上",
    "/",
    "√",
    "甲处积水未排影响出行",
    "(1)车辆乱停；",
    "(2)杂物堆放。",
    "责任单位：县水利局",
    "已完成整改（2项）",
    "是否销号",
    "牵头单位",
    "整改进展",
    "已完成",
    "正在整改",
    "2024年3月5日",
    "填表人：",
    "村＼类别",
    "45382",
    "整改目标：达标。责任单位：青石镇",
    "。",
    "：",
    "（",
];

fn any_sheet() -> impl Strategy<Value = Sheet> {
    let row = prop::collection::vec(prop::sample::select(WORDS), 0..7);
    let merge = (0usize..14, 0usize..7, 0usize..4, 0usize..5);
    (prop::collection::vec(row, 0..14), prop::collection::vec(merge, 0..6)).prop_map(|(rows, merges)| {
        let rows = rows.into_iter().map(|r| r.into_iter().map(Cell::text_cell).collect()).collect();
        let merges = merges
            .into_iter()
            .map(|(top, left, down, right)| Merge { top, left, bottom: top + down, right: left + right })
            .collect();
        Sheet::new("表", rows, merges)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sheet_makes_the_reader_panic_and_every_value_has_its_cell(sheet in any_sheet()) {
        let proposal = propose(&sheet);
        for row in read(&sheet, &proposal.mapping) {
            prop_assert!(row.row >= 1 && row.row <= row.last_row && row.last_row as usize <= sheet.height());
            for field in Field::ALL {
                prop_assert_eq!(row.text_of(field).is_empty(), row.origin(field).is_none(), "{:?} {:?}", field, row);
            }
            for (_, origin) in &row.origins {
                prop_assert!((origin.cell.row as usize) < sheet.height());
                prop_assert!((0.0..=1.0).contains(&origin.confidence));
            }
        }
        let workbook = Workbook { format: Format::Xlsx, sheets: vec![sheet.clone(), sheet] };
        prop_assert_eq!(read_workbook(&workbook).len(), 2);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), cut in 0usize..3000, flip in any::<u8>()) {
        let _ = read_any("a", &bytes);
        let mut book = xlsx("S", &["序号|存在问题", "1|甲处积水未排"], &[]);
        let at = cut % book.len();
        book[at] ^= flip;
        let _ = read_any("a", &book);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_written_is_read_back_in_xlsx_and_csv(text in "[=+@-]?[乙=+@'\"<>&_x0-9A-F；， \n-]{0,20}甲") {
        let wanted = text.trim().to_owned();
        prop_assume!(!wanted.starts_with('\''));
        let book = xlsx("S", &["序号|存在问题|整改进展", "1|丙处积水未排|旧"], &[]);
        let csv = "序号,存在问题,整改进展\n1,丙处积水未排,旧\n".as_bytes().to_vec();
        for bytes in [book, csv] {
            let mapping = read_workbook(&read_any("a", &bytes).unwrap()).remove(0).proposal.mapping;
            let change = Change::Set { row: 2, field: Field::Progress, text: wanted.clone() };
            let written = write_ledger(&bytes, &mapping, &[change]).unwrap();
            let rows = read_rows("a", &written.bytes);
            prop_assert_eq!(&rows[0].progress, &wanted);
            prop_assert_eq!(diff(&read_rows("a", &bytes), &rows).iter().filter(|d| !d.is_same()).count(), 1);
        }
    }
}
