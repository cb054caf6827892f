//! Settings: file, variables, flags, and what is said about a wrong one.

use crate::support::{bihuan, ran, root, run, text};

/// Every key of the settings file; the handbook must describe each.
const KEYS: [&str; 32] = [
    "listen",
    "database",
    "key_file",
    "web.secure",
    "web.strict_transport",
    "web.trusted_proxies",
    "web.public_origin",
    "web.scheme_header",
    "web.admin_networks",
    "web.admin_plain_http",
    "security.password_chars_min",
    "security.password_kinds_min",
    "security.password_days",
    "security.password_history",
    "security.failures_max",
    "security.lock_minutes",
    "security.idle_minutes",
    "security.idle_minutes_admin",
    "security.session_hours",
    "security.stale_days",
    "security.second_factor_for_admins",
    "security.alert_denials",
    "security.alert_minutes",
    "security.alert_export_rows",
    "security.chain_check_hours",
    "security.hash_cost",
    "store.read_connections",
    "store.busy_timeout_ms",
    "store.pool_wait_ms",
    "store.statement_timeout_s",
    "log.filter",
    "log.json",
];

fn with_file(content: &str) -> crate::support::Ran {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("bihuan.toml"), content).expect("it is written");
    run(&["init", "--data", text(folder.path())])
}

#[test]
fn an_unknown_key_is_an_error_that_names_key_line_and_file() {
    let ran = with_file("listen = \"127.0.0.1:9000\"\nlisen = \"x\"\n");
    assert_eq!(ran.code, 2);
    for part in ["lisen", "第2行", "bihuan.toml"] {
        assert!(ran.err.contains(part), "{part}: {}", ran.err);
    }
}

#[test]
fn a_value_out_of_bounds_names_the_key_and_its_bounds() {
    let ran = with_file("[store]\nread_connections = 0\n");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("store.read_connections = 0") && ran.err.contains("1–64"), "{}", ran.err);
    let ran = with_file("[store]\nread_connections = 64\n");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let ran = with_file("[security]\nidle_minutes = 31\n");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("idle_minutes"), "{}", ran.err);
}

#[test]
fn a_wrong_variable_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let with = |name: &str, value: &str| {
        let mut command = bihuan();
        command.env(name, value).args(["init", "--data", text(folder.path())]);
        ran(command.output().expect("it starts"))
    };
    let wrong = with("BIHUAN_STORE_READ_CONNECTION", "3");
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("BIHUAN_STORE_READ_CONNECTION"), "{}", wrong.err);
    assert_eq!(with("BIHUAN_STORE_READ_CONNECTIONS", "3").code, 0);
    assert_eq!(with("BIHUAN_STORE_READ_CONNECTIONS", "99").code, 2);
}

#[test]
fn a_settings_file_that_was_named_must_be_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let ran = run(&["init", "--data", text(folder.path()), "--config", "/no/such/file.toml"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("/no/such/file.toml"), "{}", ran.err);
}

#[test]
fn every_key_is_in_the_operators_handbook() {
    let page = std::fs::read_to_string(root().join("docs/operating/configuration.md")).expect("the page");
    for key in KEYS {
        let key = key.rsplit('.').next().unwrap_or(key);
        assert!(page.contains(&format!("`{key}`")), "{key} is not described");
    }
}
