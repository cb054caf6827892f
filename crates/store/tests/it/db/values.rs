//! Values in and out, the same on both engines.

use bihuan_store::db::{Db, Val};
use bihuan_store::fault::Fault;
use bihuan_store::vals;
use bihuan_testkit::on_each_empty_engine;

use proptest::prelude::*;

use super::table;

fn one(db: &Db, sql: &str, args: &[Val]) -> Result<Val, Fault> {
    db.read(|c| Ok(c.first(sql, args)?.expect("a row").val(0)?.clone()))
}

#[test]
fn parameters_are_bound_by_their_number_also_beyond_nine_and_again() {
    on_each_empty_engine(|t| {
        let sql = "SELECT CAST($12 AS BIGINT) * 1000 + CAST($1 AS BIGINT) + CAST($2 AS BIGINT) + CAST($12 AS BIGINT)
             + 0 * (CAST($3 AS BIGINT) + CAST($4 AS BIGINT) + CAST($5 AS BIGINT) + CAST($6 AS BIGINT)
             + CAST($7 AS BIGINT) + CAST($8 AS BIGINT) + CAST($9 AS BIGINT) + CAST($10 AS BIGINT) + CAST($11 AS BIGINT))";
        let args: Vec<Val> = (1..=12).map(|i| Val::Int(1 << i)).collect();
        assert_eq!(one(&t.db, sql, &args).unwrap(), Val::Int(4096 * 1000 + 2 + 4 + 4096));
    });
}

#[test]
fn a_wrong_number_of_parameters_is_named() {
    on_each_empty_engine(|t| {
        for args in [&vals![][..], &vals![1, 2][..]] {
            let fault = one(&t.db, "SELECT CAST($1 AS BIGINT)", args).unwrap_err();
            assert!(matches!(&fault, Fault::Argument { what, .. } if what.contains("takes 1")), "{fault:?}");
        }
    });
}

#[test]
fn every_kind_of_value_comes_back_as_it_went() {
    on_each_empty_engine(|t| {
        table(&t.db);
        let blob: Vec<u8> = (0..5_000_000_u32).map(|i| (i * 7 + i / 251) as u8).collect();
        let texts = ["", "闭环𠮷😀é\u{301}", "a\tb\\N\r\n'\"$1", "\\.", "\u{FEFF}x"];
        for (id, text) in (1..).zip(texts) {
            let raw = if id == 1 { blob.clone() } else { vec![0, 255, id as u8] };
            let args = vals![id, text, raw, 0.1 + id as f64, i64::MIN + id];
            let expected = args.to_vec();
            t.db.write(move |c| {
                c.exec("INSERT INTO note (id, body, raw, share, amount) VALUES ($1, $2, $3, $4, $5)", &args)
            })
            .unwrap();
            let row = t
                .db
                .read(|c| c.first("SELECT id, body, raw, share, amount FROM note WHERE id = $1", &vals![id]));
            let row = row.unwrap().unwrap();
            assert_eq!(row.names(), ["id", "body", "raw", "share", "amount"]);
            assert_eq!(row.at("body").unwrap(), &Val::from(text));
            assert_eq!(row.into_vals(), expected);
        }
        // The same through the bulk road, with nulls.
        let mut copies: Vec<Vec<Val>> = (1..)
            .zip(texts)
            .map(|(id, text)| {
                vals![100 + id, format!("{text}+"), vec![0, b'\\', 10, id as u8], 1e300, i64::MAX].to_vec()
            })
            .collect();
        copies.push(vec![Val::Int(200), Val::Null, Val::Null, Val::Null, Val::Null]);
        let given = copies.clone();
        let columns = ["id", "body", "raw", "share", "amount"];
        let added =
            t.db.write(move |c| c.bulk_insert("note", &columns, &mut given.clone().into_iter())).unwrap();
        assert_eq!(added, 6);
        let sql = "SELECT id, body, raw, share, amount FROM note WHERE id > 100 ORDER BY id";
        let rows = t.db.read(|c| c.rows(sql, &[])).unwrap();
        assert_eq!(rows.into_iter().map(|r| r.into_vals()).collect::<Vec<_>>(), copies);
    });
}

#[test]
fn nulls_go_anywhere_and_are_read_as_options() {
    on_each_empty_engine(|t| {
        table(&t.db);
        let args = vals![1, None::<&str>, None::<Vec<u8>>, None::<f64>, None::<i64>];
        t.db.write(move |c| {
            c.exec("INSERT INTO note (id, body, raw, share, amount) VALUES ($1, $2, $3, $4, $5)", &args)
        })
        .unwrap();
        let sql = "SELECT id, body, raw, share, amount FROM note WHERE amount IS NOT DISTINCT FROM $1";
        let row = t.db.read(|c| c.first(sql, &vals![Val::Null])).unwrap().unwrap();
        assert_eq!(row.opt_text(1).unwrap(), None);
        assert_eq!(row.opt_bytes(2).unwrap(), None);
        assert_eq!(row.opt_real(3).unwrap(), None);
        assert_eq!(row.opt_int(4).unwrap(), None);
        assert!(matches!(row.int(4), Err(Fault::ColumnType { column, .. }) if column == "4 (amount)"));
        assert!(matches!(row.text(0), Err(Fault::ColumnType { .. })));
        assert!(matches!(row.int(9), Err(Fault::ColumnType { .. })));
        assert!(row.at("nosuch").is_err());
    });
}

#[test]
fn what_only_one_engine_would_keep_is_refused_by_both() {
    on_each_empty_engine(|t| {
        table(&t.db);
        for bad in [Val::Real(f64::NAN), Val::Real(f64::INFINITY), Val::from("a\0b")] {
            let column = if matches!(bad, Val::Real(_)) { "share" } else { "body" };
            let sql = format!("INSERT INTO note (id, {column}) VALUES (1, $1)");
            let args = [bad.clone()];
            let done = t.db.write(move |c| c.exec(&sql, &args));
            assert!(matches!(done, Err(Fault::Argument { .. })), "{done:?}");
            let row = vec![Val::Int(1), bad];
            let done = t.db.write(move |c| c.bulk_insert("note", &["id", column], &mut std::iter::once(row)));
            assert!(matches!(done, Err(Fault::Argument { .. })), "{done:?}");
        }
        // A text in a column of numbers, and a misspelt column in quotes, are errors on both.
        let text = t.db.write(|c| c.exec("INSERT INTO note (id, amount) VALUES (1, $1)", &vals!["三"]));
        assert!(text.is_err());
        assert!(one(&t.db, "SELECT \"nosuch\" FROM note", &[]).is_err());
        super::add(&t.db, 1).unwrap();
    });
}

#[test]
fn sums_and_averages_are_numbers_on_both() {
    on_each_empty_engine(|t| {
        table(&t.db);
        t.db.write(|c| {
            let mut rows = (1..=4).map(|i| vals![i, i * -2_500_000_000_i64].to_vec());
            c.bulk_insert("note", &["id", "amount"], &mut rows)
        })
        .unwrap();
        let sum = "SELECT SUM(amount) FROM note";
        assert_eq!(one(&t.db, sum, &[]).unwrap(), Val::Int(-25_000_000_000));
        let sum = "SELECT CAST(SUM(amount) AS BIGINT) FROM note";
        assert_eq!(one(&t.db, sum, &[]).unwrap(), Val::Int(-25_000_000_000));
        let average = "SELECT AVG(amount) FROM note";
        assert_eq!(one(&t.db, average, &[]).unwrap(), Val::Real(-6_250_000_000.0));
        let having = "SELECT COUNT(*) FROM note GROUP BY 1 + id - id HAVING SUM(amount) = $1";
        assert_eq!(one(&t.db, having, &vals![-25_000_000_000_i64]).unwrap(), Val::Int(4));
        assert_eq!(one(&t.db, "SELECT SUM(amount) FROM note WHERE id < 0", &[]).unwrap(), Val::Null);
    });
}

#[test]
fn a_statement_can_be_prepared_without_being_run() {
    on_each_empty_engine(|t| {
        table(&t.db);
        let columns = t.db.read(|c| c.prepare_only("SELECT id, body FROM note WHERE id = $1")).unwrap();
        assert_eq!(columns, 2);
        let delete = t.db.write(|c| c.prepare_only("DELETE FROM note WHERE id = $1")).unwrap();
        assert_eq!(delete, 0);
        let bad = t.db.read(|c| c.prepare_only("SELECT nosuch FROM note"));
        assert!(matches!(bad, Err(Fault::Sql { .. })));
    });
}

#[test]
fn the_number_of_changed_rows_is_told_also_with_returning() {
    on_each_empty_engine(|t| {
        table(&t.db);
        t.db.write(|c| {
            let mut rows = (1..=5).map(|i| vals![i].to_vec());
            c.bulk_insert("note", &["id"], &mut rows)
        })
        .unwrap();
        let changed = t.db.write(|c| {
            let update = c.exec("UPDATE note SET amount = id WHERE id > $1", &vals![2])?;
            let returning = c.exec("UPDATE note SET amount = 0 WHERE id > $1 RETURNING id", &vals![3])?;
            let rows = c.rows("DELETE FROM note WHERE id > $1 RETURNING id", &vals![4])?;
            let none = c.exec("DELETE FROM note WHERE id = $1", &vals![77])?;
            Ok::<_, Fault>((update, returning, rows.len(), none))
        });
        assert_eq!(changed.unwrap(), (3, 2, 1, 0));
    });
}

fn any_row() -> impl Strategy<Value = Vec<Val>> {
    let text = any::<String>().prop_map(|t| t.replace('\0', ""));
    let body = proptest::option::of(text).prop_map(Val::from);
    let raw = proptest::option::of(any::<Vec<u8>>()).prop_map(Val::from);
    let share =
        proptest::option::of(any::<f64>().prop_filter("finite", |x| x.is_finite())).prop_map(Val::from);
    let amount = proptest::option::of(any::<i64>()).prop_map(Val::from);
    (body, raw, share, amount).prop_map(|(body, raw, share, amount)| vec![body, raw, share, amount])
}

#[test]
fn any_row_comes_back_the_same_by_statement_and_in_bulk() {
    const COLUMNS: [&str; 5] = ["id", "body", "raw", "share", "amount"];
    on_each_empty_engine(|t| {
        let script =
            "CREATE TABLE note (id {PK}, body TEXT, raw {BLOB}, share {REAL}, amount BIGINT) {STRICT};";
        let script = bihuan_store::dialect::ddl(script, t.engine()).unwrap();
        t.db.write(move |c| c.batch(&script)).unwrap();
        let config = ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() };
        proptest!(config, |(rows in proptest::collection::vec(any_row(), 0..12))| {
            let numbered: Vec<Vec<Val>> = (1..).zip(&rows)
                .map(|(id, row)| std::iter::once(Val::Int(id)).chain(row.iter().cloned()).collect())
                .collect();
            for bulk in [false, true] {
                let given = numbered.clone();
                t.db.write(move |c| {
                    c.exec("DELETE FROM note", &[])?;
                    if bulk {
                        return c.bulk_insert("note", &COLUMNS, &mut given.into_iter()).map(|_| ());
                    }
                    let sql = "INSERT INTO note (id, body, raw, share, amount) VALUES ($1, $2, $3, $4, $5)";
                    given.iter().try_for_each(|row| c.exec(sql, row).map(|_| ()))
                }).unwrap();
                let read = t.db.read(|c| c.rows("SELECT id, body, raw, share, amount FROM note ORDER BY id", &[]));
                let read: Vec<_> = read.unwrap().into_iter().map(|r| r.into_vals()).collect();
                prop_assert_eq!(&read, &numbered);
            }
        });
    });
}
