//! Ledgers of the same kinds as those in the field, made up with their truth: how well each field is read. What varies:
//! titles, notes, header rows, merged regions, sections with units or states, sums, sheets, numbers and days as texts
//! or serials, how units are joined, forms, encodings, and headers in other words.

use bihuan_documents::ledger::LedgerRow;

mod papers;
mod tables;

use crate::support::read_rows;

/// What should be read of one problem; units joined by 、. A field that is not named must be empty.
type Truth = &'static [(&'static str, &'static str)];

struct Kind {
    name: &'static str,
    bytes: Vec<u8>,
    truth: Vec<Truth>,
}

fn kind(name: &'static str, bytes: Vec<u8>, truth: &[Truth]) -> Kind {
    Kind { name, bytes, truth: truth.to_vec() }
}

fn value(row: &LedgerRow, key: &str) -> String {
    match &row.to_json()[key] {
        serde_json::Value::Array(units) => {
            units.iter().filter_map(|u| u.as_str()).collect::<Vec<_>>().join("、")
        }
        other => other.as_str().unwrap_or_default().to_owned(),
    }
}

const KEYS: [&str; 13] = [
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

#[test]
fn ledgers_of_kinds_not_seen_before_are_read_field_by_field_m20() {
    let (mut right, mut all, mut wrong) = (0usize, 0usize, Vec::new());
    for kind in kinds() {
        let rows = read_rows(kind.name, &kind.bytes);
        if rows.len() != kind.truth.len() {
            let read: Vec<&str> = rows.iter().map(|row| row.problem.as_str()).collect();
            wrong.push(format!("{}: {} problems, not {}: {read:?}", kind.name, rows.len(), kind.truth.len()));
        }
        for (at, truth) in kind.truth.iter().enumerate() {
            for key in KEYS {
                let wanted = truth.iter().find(|(k, _)| *k == key).map_or("", |(_, text)| text);
                let read = rows.get(at).map(|row| value(row, key)).unwrap_or_default();
                all += 1;
                if read == wanted {
                    right += 1;
                } else {
                    wrong.push(format!("{} #{} {key}: “{read}”, not “{wanted}”", kind.name, at + 1));
                }
            }
        }
    }
    println!("{right} of {all} fields right");
    assert!(wrong.is_empty(), "{right} of {all} fields right\n{}", wrong.join("\n"));
}

fn kinds() -> Vec<Kind> {
    vec![
        tables::title_meta_notes_xlsx(),
        tables::two_header_rows_xlsx(),
        tables::merged_measures_xlsx(),
        tables::units_joined_xlsx(),
        tables::four_header_rows_xlsx(),
        tables::ticks_xlsx(),
        tables::unit_sections_xlsx(),
        papers::status_sections_xlsx(),
        papers::vertical_merges_xlsx(),
        papers::gbk_csv(),
        papers::forms_xlsx(),
        papers::table_docx(),
        papers::sheets_by_town_xlsx(),
    ]
}
