//! No table and no field holds what a program for offices must not count (N1 to N7).

use bihuan_store::db::Engine;
use bihuan_store::migrate;

/// Parts of names of tables and columns that would be a trace of people instead of a result of work.
const MUST_NOT: [&str; 22] = [
    "check_in",
    "checkin",
    "clock_in",
    "punch",
    "streak",
    "latitude",
    "longitude",
    "location",
    "geo",
    "track",
    "gps",
    "points",
    "score",
    "rank",
    "badge",
    "medal",
    "like_count",
    "vote",
    "forward",
    "online",
    "read_time",
    "login_count",
];

#[test]
fn no_table_or_field_holds_a_trace_of_people_n1_to_n7() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let schema = migrate::schema(engine).unwrap().to_lowercase();
        let plain: String =
            schema.lines().filter(|line| !line.trim_start().starts_with("--")).collect::<Vec<_>>().join("\n");
        let names =
            plain.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| word.len() > 2);
        for name in names {
            let bad = MUST_NOT.iter().find(|bad| {
                name == **bad || name.starts_with(&format!("{bad}_")) || name.ends_with(&format!("_{bad}"))
            });
            assert!(bad.is_none(), "{name} holds {bad:?}");
        }
    }
}
