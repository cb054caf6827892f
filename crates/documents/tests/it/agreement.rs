//! How well real ledgers are read: cell by cell against the truth beside them.

use bihuan_documents::ledger::{Field, LedgerRow};
use bihuan_documents::sheet::read_csv;

use crate::support::{dev_ledgers, read_rows};

/// Fields in the order of the truth's columns, from its third.
const FIELDS: [Field; 12] = [
    Field::Seq,
    Field::Category,
    Field::Place,
    Field::Problem,
    Field::Measures,
    Field::Goal,
    Field::DeadlineText,
    Field::LeadUnit,
    Field::ResponsibleUnits,
    Field::Progress,
    Field::StatusText,
    Field::Remark,
];

fn normal(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn agrees(field: Field, row: &LedgerRow, truth: &str) -> bool {
    if field == Field::ResponsibleUnits {
        let units: Vec<String> =
            truth.split(['、', '，', '；', ' ']).map(normal).filter(|u| !u.is_empty()).collect();
        return row.responsible_units == units;
    }
    normal(&row.text_of(field)) == normal(truth)
}

#[test]
fn real_ledgers_agree_with_their_truth_cell_by_cell() {
    let files = dev_ledgers();
    if files.is_empty() {
        return;
    }
    let mut right = [0usize; FIELDS.len()];
    let mut wrong = [0usize; FIELDS.len()];
    let (mut found, mut expected, mut offered) = (0usize, 0usize, 0usize);
    for file in &files {
        let rows = read_rows("ledger.xlsx", &std::fs::read(file).unwrap());
        let truth = read_csv(&std::fs::read(file.with_extension("csv")).unwrap()).unwrap();
        let sheet = &truth.sheets[0];
        offered += rows.len();
        let mut used = vec![false; rows.len()];
        for line in 1..sheet.height() {
            expected += 1;
            let (place, problem) = (normal(sheet.text(line, 4)), normal(sheet.text(line, 5)));
            let hit = (0..rows.len()).find(|&i| {
                !used[i]
                    && normal(&rows[i].problem) == problem
                    && (place.is_empty() || normal(&rows[i].place) == place)
            });
            let hit =
                hit.or_else(|| (0..rows.len()).find(|&i| !used[i] && normal(&rows[i].problem) == problem));
            let Some(hit) = hit else {
                println!("missed: {} {}", file.display(), sheet.text(line, 5));
                wrong.iter_mut().for_each(|w| *w += 1);
                continue;
            };
            used[hit] = true;
            found += 1;
            for (i, field) in FIELDS.into_iter().enumerate() {
                let truth = sheet.text(line, i + 2);
                if agrees(field, &rows[hit], truth) {
                    right[i] += 1;
                } else {
                    wrong[i] += 1;
                    let name = file.file_stem().unwrap().to_string_lossy().into_owned();
                    println!(
                        "{name} {} {}: {:?} ≠ {truth:?}",
                        sheet.text(line, 0),
                        field.key(),
                        rows[hit].text_of(field)
                    );
                }
            }
        }
    }
    println!("rows: {found} of {expected} found, {offered} offered");
    for (i, field) in FIELDS.into_iter().enumerate() {
        println!("{:>18} {:>4} right {:>3} wrong", field.key(), right[i], wrong[i]);
    }
    let (all_right, all_wrong): (usize, usize) = (right.iter().sum(), wrong.iter().sum());
    let share = all_right as f64 / (all_right + all_wrong) as f64;
    println!("agreement: {share:.4}");
    assert_eq!((found, offered), (expected, expected), "every problem once");
    // One truth numbers its problems per source while its sheet numbers them through, and one has five remarks as
    // statuses: no reader of the sheet can give those. Without the numbers the rest must agree almost wholly.
    let without_seq = (all_right - right[0]) as f64 / (all_right + all_wrong - right[0] - wrong[0]) as f64;
    println!("agreement without seq: {without_seq:.4}");
    assert!(share >= 0.96, "agreement fell to {share:.4}");
    assert!(without_seq >= 0.99, "agreement without numbers fell to {without_seq:.4}");
}
