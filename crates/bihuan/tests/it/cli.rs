//! Commands: what they print, and how they end.

use crate::support::{filled, root, run, text};
use bihuan_testkit::{TestDb, engines};
use serde_json::Value;
use std::collections::BTreeSet;

fn json(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

#[test]
fn every_command_has_help_in_chinese_and_an_unknown_one_is_an_input_error() {
    let help = run(&["--help"]);
    assert_eq!(help.code, 0);
    let commands = [
        "demo", "init", "serve", "verify", "backup", "restore", "export", "units", "ledger", "template",
        "deadline", "bench",
    ];
    for command in commands {
        assert!(help.out.contains(&format!("  {command} ")), "{command} is not in the help:\n{}", help.out);
        let own = run(&[command, "--help"]);
        assert_eq!(own.code, 0, "{command}");
        assert!(own.out.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{command}:\n{}", own.out);
    }
    assert_eq!(run(&["no-such-command"]).code, 2);
}

#[test]
fn every_command_of_the_help_is_in_the_operators_handbook() {
    let page = std::fs::read_to_string(root().join("docs/operating/commands.md"))
        .expect("docs/operating/commands.md");
    let help = run(&["--help"]).out;
    let commands: BTreeSet<&str> = help
        .lines()
        .skip_while(|line| !line.starts_with("命令:"))
        .skip(1)
        .take_while(|line| line.starts_with("  "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert!(commands.len() >= 10, "{help}");
    for command in commands {
        assert!(page.contains(&format!("`{command}")), "{command} is not described");
    }
}

#[test]
fn a_deadline_is_read_as_one_json_object_a_line() {
    let ran = run(&["deadline", "--issued", "2023-09-04", "2023年12月底前", "长期坚持"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let lines: Vec<Value> = ran.out.lines().map(json).collect();
    assert_eq!(lines[0]["date"], "2023-12-31");
    assert_eq!(lines[1]["standing"], true);
    for key in ["text", "kind", "date", "standing", "recheck_days", "working_days", "needs_person"] {
        assert!(lines[0].get(key).is_some(), "{key}");
    }
    let wrong = run(&["deadline", "--issued", "yesterday", "年底前"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("--issued"), "{}", wrong.err);
}

#[test]
fn a_template_is_checked_and_each_fault_names_its_line() {
    let folder = root().join("templates");
    for entry in std::fs::read_dir(folder).expect("templates").flatten() {
        if entry.path().extension().is_some_and(|ending| ending == "toml") {
            let ran = run(&["template", "check", text(&entry.path())]);
            assert_eq!(ran.code, 0, "{}", ran.out);
        }
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("wrong.toml");
    std::fs::write(&path, "code = \"x\"\nname = 5\n").expect("it is written");
    let ran = run(&["template", "check", text(&path), "--json"]);
    assert_eq!(ran.code, 3);
    assert!(ran.out.lines().map(json).any(|fault| fault["line"] == 2), "{}", ran.out);
}

#[test]
fn a_folder_without_data_is_named_with_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    for command in ["verify", "export"] {
        let ran = run(&[command, "--data", text(folder.path())]);
        assert_eq!(ran.code, 2, "{command}");
        assert!(ran.err.contains("bihuan init"), "{command}: {}", ran.err);
    }
}

#[test]
fn init_prints_a_secret_that_is_new_each_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let secret = || {
        let ran = run(&["init", "--data", text(folder.path()), "--json"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        json(&ran.out)["secret"].as_str().expect("a secret").to_owned()
    };
    let (first, second) = (secret(), secret());
    assert!(first.len() >= 20 && first != second);
    let refused = run(&["init", "--data", text(filled())]);
    assert_eq!(refused.code, 4, "an installation with accounts was begun again: {}", refused.out);
}

#[test]
fn units_are_imported_from_a_table_and_the_same_table_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, file) = (folder.path().join("data"), folder.path().join("units.csv"));
    std::fs::write(&file, "单位代码,单位名称,上级代码\nA1,云溪县,\nA2,青岚镇,A1\n").expect("it is written");
    let args = ["units", "import", "--data", text(&data), text(&file), "--json"];
    let first = run(&args);
    assert_eq!(first.code, 0, "{}", first.err);
    assert_eq!(json(&first.out)["created"], 2);
    assert_eq!(json(&run(&args).out)["unchanged"], 2);
    std::fs::write(&file, "单位代码,单位名称,上级代码\nA1,云溪县,\nA3,,A1\n").expect("it is written");
    let wrong = run(&args);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("没有导入任何单位"), "{}", wrong.err);
}

#[test]
fn the_first_unit_is_made_by_hand_and_only_the_first() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = |extra: &[&str]| {
        let args = ["units", "first", "--data", text(folder.path()), "云溪县", "--code", "539901", "--json"];
        run(&[&args[..], extra].concat())
    };
    let wrong = first(&["--level", "parish"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("parish") && wrong.err.contains("county（县级）"), "{}", wrong.err);
    let made = first(&["--day", "2015-01-01", "--short-names", "云溪"]);
    assert_eq!(made.code, 0, "{}", made.err);
    assert_eq!(json(&made.out)["name"], "云溪县");
    let again = first(&[]);
    assert_eq!(again.code, 4, "{}", again.out);
    assert!(again.err.contains("新单位必须有上级单位"), "{}", again.err);
    assert_eq!(run(&["verify", "--data", text(folder.path())]).code, 0);
}

#[test]
fn people_are_imported_from_a_table_and_a_wrong_row_imports_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, file) = (folder.path().join("data"), folder.path().join("people.csv"));
    let table = |text: &str| std::fs::write(&file, text).expect("it is written");
    table("单位代码,单位名称,上级代码\nA1,云溪县,\nA2,青岚镇,A1\n");
    assert_eq!(run(&["units", "import", "--data", text(&data), text(&file)]).code, 0);
    let args = ["people", "import", "--data", text(&data), text(&file), "--json"];
    table("序号,姓名,单位,职务\n1,许文,青岚镇,镇长\n2,周敏,云溪县青岚镇,干部\n3,许文,无此镇,干部\n");
    let wrong = run(&args);
    assert_eq!(wrong.code, 2);
    assert!(
        wrong.out.contains("无此镇") && wrong.err.contains("没有导入任何人员"),
        "{}{}",
        wrong.out,
        wrong.err
    );
    table("序号,姓名,单位,职务\n1,许文,青岚镇,镇长\n2,周敏,云溪县青岚镇,干部\n");
    let dry = [&args[..], &["--dry-run"]].concat();
    let first = [json(&run(&dry).out), json(&run(&args).out)];
    assert_eq!(first[0], first[1], "the dry run says what is done");
    assert_eq!((&first[1]["tally"]["registered"], &first[1]["ignored"][0]), (&2.into(), &"序号".into()));
    assert_eq!(json(&run(&args).out)["tally"]["unchanged"], 2);
    assert_eq!(run(&["verify", "--data", text(&data)]).code, 0);
}

#[test]
fn an_export_gives_every_problem_and_a_csv_opens_with_a_mark() {
    let lines = run(&["export", "--data", text(filled())]);
    assert_eq!(lines.code, 0, "{}", lines.err);
    let problems: Vec<Value> = lines.out.lines().map(json).collect();
    assert!(problems.len() > 550, "{}", problems.len());
    assert!(problems.iter().all(|problem| problem["problem"].as_str().is_some_and(|text| !text.is_empty())));
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("problems.csv");
    let ran = run(&["export", "--data", text(filled()), "--format", "csv", "--output", text(&file)]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let csv = std::fs::read_to_string(&file).expect("the file");
    assert!(csv.starts_with('\u{feff}') && csv.lines().count() > problems.len());
    assert_eq!(run(&["export", "--data", text(filled()), "--campaign", "no-such"]).code, 2);
}

#[test]
fn a_ledger_goes_out_and_comes_back_in_the_name_of_a_person() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = crate::support::copy_of_filled();
    let data = text(data.path());
    let (plain, original) = (folder.path().join("all.xlsx"), folder.path().join("original.xlsx"));
    let theme =
        ["ledger", "export", "--data", data, "--by", "office", "--campaign", "yunxi-theme", text(&plain)];
    let all = run(&[&theme[..], &["--json"]].concat());
    assert_eq!(all.code, 0, "{}", all.err);
    assert!(json(&all.out)["rows"].as_i64() > Some(500), "{}", all.out);
    let twice = run(&theme);
    assert_eq!(twice.code, 2, "a file was overwritten");
    let back = run(&["ledger", "export", "--data", data, "--by", "office", "--import", "1", text(&original)]);
    assert_eq!(back.code, 0, "{}", back.err);
    let read = run(&["ledger", "read", text(&original), "--json"]);
    assert!(read.out.lines().count() >= 36, "{}", read.out.lines().count());
    let file = folder.path().join("new.csv");
    std::fs::write(&file, "序号,存在问题,整改措施,整改时限,责任单位\n1,茶亭乡候车亭顶棚破损漏雨,修复顶棚,2027年3月31日,茶亭乡\n")
        .expect("it is written");
    let args = [
        "ledger",
        "import",
        "--data",
        data,
        "--by",
        "office",
        "--campaign",
        "yunxi-theme",
        "--unit",
        "369027",
        "--json",
        text(&file),
    ];
    let imported = run(&args);
    assert_eq!(imported.code, 0, "{}", imported.err);
    assert_eq!(json(&imported.out)["registered"], 1);
    let stranger = run(&[
        "ledger",
        "import",
        "--data",
        data,
        "--by",
        "audit",
        "--unit",
        "369027",
        "--campaign",
        "yunxi-theme",
        text(&file),
    ]);
    assert_ne!(stranger.code, 0, "an administrator imported a ledger");
    let nobody =
        run(&["ledger", "export", "--data", data, "--by", "no-such", text(&folder.path().join("x.csv"))]);
    assert_eq!(nobody.code, 2);
}

#[test]
fn a_backup_moves_everything_between_both_engines_and_damage_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let backup = folder.path().join("backup.zip");
    let made = run(&["backup", "--data", text(filled()), text(&backup), "--json"]);
    assert_eq!(made.code, 0, "{}", made.err);
    let manifest = json(&made.out)["manifest"].clone();
    assert_eq!(run(&["backup", "--data", text(filled()), text(&backup)]).code, 2, "a backup was overwritten");
    for engine in engines() {
        let test = TestDb::empty(engine);
        let place = match &test.target {
            bihuan_store::db::Target::Sqlite(path) => {
                ["--data".to_owned(), text(path.parent().expect("a folder")).to_owned()]
            }
            bihuan_store::db::Target::Postgres(url) => ["--database".to_owned(), url.clone()],
        };
        let restored = run(&["restore", &place[0], &place[1], text(&backup), "--json"]);
        assert_eq!(restored.code, 0, "{engine:?}: {}", restored.err);
        assert_eq!(json(&restored.out)["head_hash"], manifest["head_hash"], "{engine:?}");
        let verified = run(&["verify", &place[0], &place[1]]);
        assert_eq!(verified.code, 0, "{engine:?}: {}", verified.err);
        let again = folder.path().join(format!("{engine:?}.zip"));
        let copied = run(&["backup", &place[0], &place[1], text(&again), "--json"]);
        assert_eq!(
            json(&copied.out)["manifest"]["tables"],
            manifest["tables"],
            "{engine:?}: the tables differ"
        );
        let twice = run(&["restore", &place[0], &place[1], text(&backup)]);
        assert_eq!(twice.code, 2, "{engine:?}: a used database was overwritten");
    }
    let mut bytes = std::fs::read(&backup).expect("the backup");
    let middle = bytes.len() / 3;
    bytes[middle] ^= 0x55;
    std::fs::write(&backup, bytes).expect("it is damaged");
    let fresh = folder.path().join("fresh");
    let refused = run(&["restore", "--data", text(&fresh), text(&backup)]);
    assert_ne!(refused.code, 0, "a damaged backup was restored: {}", refused.out);
}

#[test]
fn a_changed_row_of_the_journal_is_named_by_verify() {
    let folder = tempfile::tempdir().expect("a folder");
    let copy = folder.path().join("backup.zip");
    assert_eq!(run(&["backup", "--data", text(filled()), text(&copy)]).code, 0);
    let data = folder.path().join("data");
    assert_eq!(run(&["restore", "--data", text(&data), text(&copy)]).code, 0);
    let target = bihuan_store::db::Target::Sqlite(data.join("bihuan.db"));
    let db = bihuan_store::Db::open(&target, &bihuan_store::db::DbOptions::default()).expect("it opens");
    db.write(|conn| -> Result<(), bihuan_store::Fault> {
        conn.batch(bihuan_testkit::lift_append_only(conn.engine()))?;
        conn.exec("UPDATE entry SET note = 'x' WHERE seq = 77", &[])?;
        Ok(())
    })
    .expect("it is tampered with");
    drop(db);
    let ran = run(&["verify", "--data", text(&data)]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("第77条"), "{}", ran.err);
}

/// The file of a draw of two units out of nine, opened.
fn draw_file() -> String {
    use bihuan_domain::Day;
    use bihuan_domain::draw::{
        Candidate, Draw, DrawFile, DrawMethod, DrawPlan, DrawPurpose, DrawState, Examiner, Stratum,
        commitment_of, plan_digest,
    };
    use bihuan_domain::id::{CampaignId, DrawId, PersonId, UnitId};
    let day = Day::from_ymd(2024, 3, 5).expect("a day");
    let candidate = |id: i64| Candidate {
        id,
        name: format!("单位{id}"),
        stratum: "all".to_owned(),
        doing: vec![id],
        hands: vec![],
    };
    let plan = DrawPlan {
        title: "抽查".to_owned(),
        purpose: DrawPurpose::Visits,
        open_day: day,
        examiners_each: 1,
        strata: vec![Stratum { code: "all".to_owned(), name: "全部".to_owned(), size: 2 }],
        examiners: vec![Examiner { person: 1, name: "人员一".to_owned(), units: vec![100] }],
        candidates: (1..10).map(candidate).collect(),
    };
    let mut draw = Draw {
        id: DrawId(1),
        campaign_id: CampaignId(1),
        unit_id: UnitId(1),
        title: plan.title.clone(),
        purpose: plan.purpose,
        method: DrawMethod::Announced,
        open_day: day,
        plan: String::new(),
        plan_digest: plan_digest(&plan),
        commitment: commitment_of("00ff"),
        public_source: "开奖号码".to_owned(),
        public_value: String::new(),
        secret: String::new(),
        result: String::new(),
        result_digest: String::new(),
        state: DrawState::Committed,
        inspection_id: None,
        committed_seq: 1,
        committed_at: day.starts_at(),
        committed_by: PersonId(1),
        drawn_at: None,
        opened_at: None,
        version: 1,
    };
    draw.enter_value(&plan, "00ff", "07 11", day.starts_at()).expect("a value");
    let drawn = draw.open(&plan, "00ff", day.starts_at()).expect("it is its day");
    DrawFile::of(&draw, plan, drawn).text()
}

#[test]
fn anybody_re_runs_a_draw_from_its_file_and_a_changed_file_is_found_m29() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("draw-1.json");
    std::fs::write(&path, draw_file()).expect("written");
    let good = run(&["draw", "verify", text(&path)]);
    assert_eq!(good.code, 0, "{}", good.err);
    assert!(good.out.contains("重抽一遍得到同样的2个"), "{}", good.out);
    let said = json(run(&["draw", "verify", "--json", text(&path)]).out.trim());
    assert_eq!((said["holds"].as_bool(), said["drawn"].as_i64()), (Some(true), Some(2)));
    std::fs::write(&path, draw_file().replacen("07 11", "07 12", 1)).expect("written");
    let altered = run(&["draw", "verify", text(&path)]);
    assert_eq!(altered.code, 3, "{}{}", altered.out, altered.err);
    std::fs::write(&path, "{}").expect("written");
    assert_eq!(run(&["draw", "verify", text(&path)]).code, 2);
    assert_eq!(run(&["draw", "verify", text(&folder.path().join("none.json"))]).code, 2);
}
