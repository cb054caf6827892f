//! Units by their short names, as far as a question reads them one by one.

use bihuan_domain::Day;
use bihuan_domain::unit::Unit;
use bihuan_store::bench;
use bihuan_store::journal::{self, NewEntry, Stamp, Write};
use bihuan_store::unit::{SHORT_NAMES_READ_MAX, Sight, bearing};
use bihuan_testkit::on_each_engine;

/// So many units, the last of which goes by two short names and the one before it by one.
fn units(count: i64) -> Vec<Unit> {
    let mut units = bench::country(&[count - 1], Day::from_ymd(2024, 1, 1).unwrap());
    for (at, unit) in units.iter_mut().enumerate() {
        unit.short_names = format!("简{at}");
    }
    let last = units.len() - 1;
    units[last].short_names = "河长办、水管站".to_owned();
    units[last - 1].short_names = "农机站".to_owned();
    units
}

#[test]
fn short_names_are_read_one_by_one_up_to_a_limit_and_whole_above_it() {
    on_each_engine(|test| {
        let at = Day::from_ymd(2024, 9, 2).unwrap().starts_at();
        let all = units(SHORT_NAMES_READ_MAX + 1);
        let (first, last) = (all[0].clone(), all[all.len() - 1].clone());
        bench::write_units(&test.db, all, at).unwrap();
        let found = |short: &str| {
            let short = [short.to_owned()];
            let units = test.db.read(|conn| bearing(conn, &[], &short, &Sight::All)).unwrap();
            units.into_iter().map(|unit| unit.short_names).collect::<Vec<_>>()
        };
        assert_eq!(found("农机站"), ["农机站"]);
        assert_eq!(found("水管站"), [] as [&str; 0], "one of two names, above the limit");
        // One unit fewer has a short name, and all are read.
        let mut nameless = first.clone();
        nameless.short_names = String::new();
        test.db
            .write(move |conn| {
                let writes = Write::update(&first, &nameless).into_iter().collect();
                let entry = NewEntry {
                    action: "test.written".to_owned(),
                    subject_kind: "test",
                    writes,
                    ..NewEntry::default()
                };
                journal::append(conn, &Stamp { at, ..Stamp::default() }, vec![entry])
            })
            .unwrap();
        assert_eq!(found("水管站"), [last.short_names.as_str()]);
        assert_eq!(found("农机站"), ["农机站"]);
    });
}
