//! Re-import: what is the same, what changed, what is new, what is gone.

use bihuan_documents::diff::{Difference, diff, row_keys};
use bihuan_documents::ledger::{Field, LedgerRow};

fn row(seq: &str, problem: &str, status: &str) -> LedgerRow {
    LedgerRow {
        sheet: "台账".to_owned(),
        seq: seq.to_owned(),
        problem: problem.to_owned(),
        status_text: status.to_owned(),
        ..LedgerRow::default()
    }
}

#[test]
fn inserted_rows_do_not_shift_everything() {
    let old = [
        row("1", "甲处积水未排", "整改中"),
        row("2", "乙处路灯不亮", "整改中"),
        row("3", "丙处人行道井盖缺失无人修补", "整改中"),
    ];
    let new = [
        row("1", "甲处积水未排", "整改中"),
        row("2", "新发现的占道经营", "整改中"),
        row("3", "乙处路灯不亮", "已完成"),
        row("4", "丙处人行道的井盖缺失无人修补", "整改中"),
    ];
    let found = diff(&old, &new);
    assert_eq!(found[0], Difference::Same { old: 0, new: 0 });
    assert_eq!(found[1], Difference::Added { new: 1 });
    let Difference::Changed { old: 1, new: 2, fields } = &found[2] else { panic!("{found:?}") };
    assert_eq!(fields.iter().map(|f| f.field).collect::<Vec<_>>(), [Field::Seq, Field::StatusText]);
    assert!(matches!(&found[3], Difference::Changed { old: 2, new: 3, .. }));
}

#[test]
fn gone_rows_are_missing_and_equal_rows_are_told_apart_by_number() {
    let old = [row("1", "垃圾未清", "甲"), row("2", "垃圾未清", "乙"), row("3", "消防通道被占", "丙")];
    let new = [row("2", "垃圾未清", "乙"), row("1", "垃圾未清", "甲")];
    let found = diff(&old, &new);
    assert_eq!(
        found,
        [
            Difference::Same { old: 1, new: 0 },
            Difference::Same { old: 0, new: 1 },
            Difference::Missing { old: 2 }
        ]
    );
}

#[test]
fn keys_are_stable_and_unique() {
    let rows = [row("1", "垃圾未清", ""), row("2", "垃圾 未清。", ""), row("3", "别的问题", "")];
    let keys = row_keys(&rows);
    assert_eq!(keys.len(), 3);
    assert_ne!(keys[0], keys[1]);
    assert_eq!(row_keys(&rows[..1])[0], keys[0]);
    let moved = [row("9", "垃圾未清", "已完成")];
    assert_eq!(row_keys(&moved)[0], keys[0], "number and status are no part of the key");
}
