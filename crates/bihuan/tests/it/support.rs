//! Running the program.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The program, with an environment of its own.
pub fn bihuan() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bihuan"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("BIHUAN_") {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::null());
    command
}

/// What a run came to.
pub struct Ran {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// Runs with arguments to the end.
pub fn run(args: &[&str]) -> Ran {
    ran(bihuan().args(args).output().expect("the program starts"))
}

/// Reads what a run came to.
pub fn ran(output: Output) -> Ran {
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace has a root")
}

/// A path as an argument.
pub fn text(path: &Path) -> &str {
    path.to_str().expect("a temporary path is UTF-8")
}

/// A filled demonstration, made once for all tests of this process; copy it to change it.
pub fn filled() -> &'static Path {
    static FILLED: std::sync::OnceLock<tempfile::TempDir> = std::sync::OnceLock::new();
    let folder = FILLED.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let ran = run(&["demo", "--fill-only", "--data", text(folder.path())]);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        assert!(ran.out.contains("被拒0步"), "steps of the county were refused: {}{}", ran.out, ran.err);
        folder
    });
    folder.path()
}

/// A copy of the filled demonstration, to be changed. Its files may be open elsewhere, so it goes by a backup.
pub fn copy_of_filled() -> tempfile::TempDir {
    let copy = tempfile::tempdir().expect("a temporary folder");
    let file = copy.path().join("backup.zip");
    let made = run(&["backup", "--data", text(filled()), text(&file)]);
    assert_eq!(made.code, 0, "{}", made.err);
    let restored = run(&["restore", "--data", text(copy.path()), text(&file)]);
    assert_eq!(restored.code, 0, "{}", restored.err);
    copy
}
