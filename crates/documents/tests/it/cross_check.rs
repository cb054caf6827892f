//! Our reader and our in-place writer beside an independent reader.

use std::io::Cursor;

use bihuan_documents::export::{Change, write_ledger};
use bihuan_documents::ledger::{Field, read_workbook};
use bihuan_documents::sheet::{CellKind, read_any};
use calamine::{Data, Reader, Xlsx};

use crate::layouts::{TWO_ROW_HEADER, TWO_ROW_MERGES};
use crate::support::{dev_ledgers, xlsx};

/// Every text that we see, the other reader sees at the same place, and the same regions.
fn agree(bytes: &[u8]) {
    let ours = read_any("a", bytes).unwrap();
    let mut theirs: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    assert_eq!(ours.sheets.iter().map(|s| s.name.clone()).collect::<Vec<_>>(), theirs.sheet_names());
    for sheet in &ours.sheets {
        let range = theirs.worksheet_range(&sheet.name).unwrap();
        let mut texts = 0;
        for (row, cells) in sheet.rows().iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                let other = range.get_value((row as u32, column as u32));
                match (cell.kind(), other) {
                    (CellKind::Text, Some(Data::String(text))) => {
                        assert_eq!(cell.text(), text.replace("\r\n", "\n"));
                        texts += 1;
                    }
                    (CellKind::Number, Some(other)) => assert_eq!(cell.raw(), other.to_string()),
                    (CellKind::Date, Some(other)) => assert!(matches!(other, Data::DateTime(_)), "{other:?}"),
                    (CellKind::Empty, _) => {}
                    (kind, other) => panic!("{}: {kind:?} beside {other:?}", sheet.name),
                }
            }
        }
        let filled = range
            .used_cells()
            .filter(|(_, _, d)| matches!(d, Data::String(s) if !s.trim().is_empty()))
            .count();
        assert_eq!(texts, filled, "{}", sheet.name);
        let regions = theirs.merge_cells_by_sheet_name(&sheet.name).unwrap();
        assert!(sheet.merges().len() <= regions.len());
        for merge in sheet.merges() {
            assert!(regions.iter().any(|r| r.start == (merge.top as u32, merge.left as u32)), "{merge:?}");
        }
    }
}

#[test]
fn an_independent_reader_sees_the_same_before_and_after_an_edit() {
    let merges: Vec<&str> = TWO_ROW_MERGES.iter().copied().filter(|m| *m != "A7:A7").collect();
    let mut files: Vec<Vec<u8>> = dev_ledgers().iter().map(|f| std::fs::read(f).unwrap()).collect();
    files.push(xlsx("台账", TWO_ROW_HEADER, &merges));
    files.push(xlsx(
        "S",
        &["序号|存在问题|完成时限", "#1|甲处积水未排|#45382d", "#2|乙处路灯不亮|#0.5"],
        &[],
    ));
    for bytes in files {
        agree(&bytes);
        let reading = read_workbook(&read_any("a", &bytes).unwrap()).remove(0);
        let add = Change::Add {
            values: vec![(Field::Problem, "新增 <问题> & \"引号\"\n第二行".to_owned())]
        };
        let set =
            Change::Set {
                row: reading.rows[0].row, field: Field::Problem, text: "改写的问题".to_owned()
            };
        let written = write_ledger(&bytes, &reading.proposal.mapping, &[set, add]).unwrap();
        assert_eq!(written.skipped, []);
        agree(&written.bytes);
    }
}
