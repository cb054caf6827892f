//! Builds the styles and scripts of the pages into `OUT_DIR/assets`, from where they are embedded in the program.
//!
//! Third-party parts come from npm by the lock file. They are installed in `OUT_DIR`, never beside the sources,
//! and no package may run a script of its own while it is installed.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{Command, exit},
};

/// Files that decide what npm installs. While they are unchanged the installed packages are used again.
const PACKAGE_FILES: [&str; 3] = ["package.json", "package-lock.json", ".npmrc"];

fn main() {
    for path in ["build.rs", "styles", "assets"].into_iter().chain(PACKAGE_FILES) {
        println!("cargo::rerun-if-changed={path}");
    }
    let source = folder("CARGO_MANIFEST_DIR");
    let out = folder("OUT_DIR");
    let built = build(&source, &out);
    if let Err(sentence) = built {
        eprintln!("\n{sentence}\n");
        exit(1);
    }
}

fn folder(variable: &str) -> PathBuf {
    let Some(value) = std::env::var_os(variable) else {
        eprintln!("BUG: cargo did not set {variable}");
        exit(1);
    };
    PathBuf::from(value)
}

fn build(source: &Path, out: &Path) -> Result<(), String> {
    let packages = out.join("npm");
    let assets = out.join("assets");
    make_folder(&packages)?;
    make_folder(&assets)?;
    install_packages(source, &packages)?;
    compile_styles(source, &packages, &assets.join("bihuan.css"))?;
    copy(&packages.join("node_modules/htmx.org/dist/htmx.min.js"), &assets.join("htmx.js"))?;
    for own in ["bihuan.js", "visit.js", "logo.svg"] {
        copy(&source.join("assets").join(own), &assets.join(own))?;
    }
    Ok(())
}

/// Runs `npm ci` unless the same package files were installed before.
fn install_packages(source: &Path, packages: &Path) -> Result<(), String> {
    let mut wanted = String::new();
    for file in PACKAGE_FILES {
        let text = fs::read_to_string(source.join(file)).map_err(|error| cannot("read", file, &error))?;
        fs::write(packages.join(file), &text).map_err(|error| cannot("write", file, &error))?;
        wanted.push_str(&text);
    }
    let stamp = packages.join("installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut command = Command::new(npm);
    command.current_dir(packages).args([
        "ci",
        "--ignore-scripts",
        "--omit=optional",
        "--omit=peer",
        "--no-audit",
        "--no-fund",
    ]);
    run(&mut command, npm)?;
    fs::write(&stamp, wanted).map_err(|error| cannot("write", "installed", &error))
}

/// Compiles our styles together with the parts of Bootstrap they import.
fn compile_styles(source: &Path, packages: &Path, target: &Path) -> Result<(), String> {
    let mut command = Command::new("node");
    command
        .arg(packages.join("node_modules/sass/sass.js"))
        // Bootstrap 5.3 still uses the old import rule; its deprecation notices are not ours to act on.
        .args(["--quiet", "--style=compressed", "--no-source-map", "--no-error-css", "--charset"])
        .arg(format!("--load-path={}", packages.join("node_modules").display()))
        .arg(source.join("styles/bihuan.scss"))
        .arg(target);
    run(&mut command, "node")
}

fn run(command: &mut Command, program: &str) -> Result<(), String> {
    let output = command.output().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => missing(program),
        _ => cannot("run", program, &error),
    })?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "错误：生成页面样式时 {program} 失败。请确认 Node.js 版本不低于 18，且 npm 能够访问软件源\
        （国内网络可先执行 npm config set registry 改用镜像）。\n\
        error: {program} failed while building the page styles. Check that Node.js is 18 or newer \
        and that npm can reach its registry.\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    ))
}

fn missing(program: &str) -> String {
    format!(
        "错误：找不到 {program}。生成页面样式需要 Node.js（18 或更高版本，自带 npm）。\
        安装方法：Debian、Ubuntu、统信、麒麟执行 sudo apt install nodejs npm；\
        其他系统从 https://nodejs.org 下载安装。装好后重新执行刚才的命令。\n\
        error: {program} was not found. Building the page styles needs Node.js 18 or newer with npm. \
        On Debian or Ubuntu: sudo apt install nodejs npm; elsewhere see https://nodejs.org. \
        Then run the same command again."
    )
}

fn make_folder(path: &Path) -> Result<(), String> {
    fs::create_dir_all(path).map_err(|error| cannot("create", &path.display().to_string(), &error))
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    fs::copy(from, to).map(drop).map_err(|error| cannot("copy", &from.display().to_string(), &error))
}

fn cannot(verb: &str, what: &str, error: &io::Error) -> String {
    format!("error: cannot {verb} {what}: {error}")
}
