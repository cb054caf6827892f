//! The benchmark runs small on both engines: what it measures is recomputed by plain SQL in the same run, and another
//! number would end it with an error.

use crate::support::{run, text};
use bihuan_store::db::Target;
use bihuan_testkit::on_each_empty_engine;
use serde_json::Value;

#[test]
fn actions_a_past_day_and_tasks_are_measured_and_recomputed_m05_m16() {
    on_each_empty_engine(|test| {
        let place = match &test.target {
            Target::Sqlite(file) => ["--file", text(file)],
            Target::Postgres(url) => ["--database", url],
        };
        let mut args =
            vec!["bench", "--actions", "--records", "300", "--shape", "1,2,4,8,16", "--samples", "1"];
        args.extend(["--json"].iter().chain(&place));
        let ran = run(&args);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let of = |what: &str, level: &str| {
            let found = lines.iter().find(|line| line["what"] == what && line["of"] == level);
            found.unwrap_or_else(|| panic!("{what} of a {level}: {}", ran.out)).clone()
        };
        let past = of("overview of a past day", "county");
        assert!(past["expected"].as_i64() > Some(0) && past["done"].as_i64() > Some(0), "{past}");
        let tasks = of("tasks done, on schedule, at risk and behind per child", "nation");
        let count = |name: &str| tasks[name].as_i64().unwrap();
        assert_eq!((count("done"), count("behind"), count("at_risk")), (1_000, 1_000, 500), "{tasks}");
        assert_eq!((count("on_schedule"), count("not_started")), (2_000, 500), "{tasks}");
        assert!(
            of("tasks done, on schedule, at risk and behind per child", "city")["children"].as_i64()
                > Some(0)
        );
    });
}
