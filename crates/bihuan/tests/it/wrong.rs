//! Wrong input on the command line: every case ends with its documented code and a Chinese sentence that names what is
//! wrong, and nothing half done is left behind.

use crate::support::{Ran, bihuan, filled, ran, text};
use std::path::Path;

/// What a case puts in place of `{data}`, `{empty}`, `{file}`, `{folder}`, `{missing}`, `{bytes}`, `{taken}`.
struct Places {
    folder: tempfile::TempDir,
}

impl Places {
    fn new() -> Places {
        let folder = tempfile::tempdir().expect("a folder");
        let put = |name: &str, bytes: &[u8]| {
            std::fs::write(folder.path().join(name), bytes).expect("it is written")
        };
        put("words.xlsx", "随便写的几个字，不是台账".as_bytes());
        put("bytes.bin", &[0xff, 0xfe, 0x00, 0x81, 0x99, 0xd8, 0x00, 0x07]);
        put("taken", b"kept");
        put("empty.toml", b"");
        for (name, content) in [("damaged", &b"no database"[..]), ("none", &b""[..])] {
            let inner = folder.path().join(name);
            std::fs::create_dir(&inner).expect("a folder");
            if !content.is_empty() {
                std::fs::write(inner.join("bihuan.db"), content.repeat(1_000)).expect("it is written");
            }
        }
        Places { folder }
    }

    fn at(&self, name: &str) -> String {
        text(&self.folder.path().join(name)).to_owned()
    }

    fn filled_in(&self, word: &str) -> String {
        let named = [
            ("{data}", text(filled()).to_owned()),
            ("{words}", self.at("words.xlsx")),
            ("{bytes}", self.at("bytes.bin")),
            ("{taken}", self.at("taken")),
            ("{toml}", self.at("empty.toml")),
            ("{damaged}", self.at("damaged")),
            ("{folder}", self.at("none")),
            ("{missing}", self.at("missing")),
            ("{new}", self.at("new.xlsx")),
        ];
        named.iter().fold(word.to_owned(), |word, (name, place)| word.replace(name, place))
    }
}

/// Command line, code, and words of the sentence.
const CASES: &[(&str, i32, &[&str])] = &[
    ("", 2, &["用法", "demo"]),
    ("nothing", 2, &["没有“nothing”这个命令"]),
    ("verfy", 2, &["是不是想写“verify”"]),
    ("--wrong", 2, &["不认识“--wrong”", "--help"]),
    ("ledger", 2, &["用法", "read"]),
    ("ledger print", 2, &["没有“print”这个命令"]),
    // Options that want a value, or want another one.
    ("init --data", 2, &["--data <目录>", "缺少内容"]),
    ("serve --listen here", 2, &["--listen", "here", "127.0.0.1:8080"]),
    ("serve --data {folder} --listen 192.0.2.1:1", 2, &["无法监听 192.0.2.1:1", "不是本机的地址"]),
    ("demo --listen 8080", 2, &["--listen", "8080", "127.0.0.1:8080"]),
    ("demo --data {folder} --listen 0.0.0.0:8080", 2, &["只能监听本机地址"]),
    ("export --data {data} --format xlsx", 2, &["--format", "xlsx", "jsonl、csv"]),
    ("verify --json --json", 2, &["--json", "只能写一次"]),
    ("verify --data {data} a b", 2, &["不认识“b”"]),
    ("deadline", 2, &["缺少 --issued"]),
    ("deadline --issued 2023-02-30 年底前", 2, &["--issued", "2023-02-30", "2024-03-01"]),
    ("deadline --issued 2023-09-04 --recheck-days 0 长期坚持", 2, &["--recheck-days", "1到3650"]),
    ("deadline --issued 2023-09-04 --immediate-working-days x 立行立改", 2, &["--immediate-working-days"]),
    ("deadline --issued 2035-09-04 15个工作日内", 2, &["工作日历", "最后一年"]),
    ("text obligations --year 12345 {words}", 2, &["--year", "1949到2200"]),
    ("bench --problems 0", 2, &["--problems", "1到"]),
    ("bench --samples -1", 2, &["-1"]),
    ("bench --shape 1,x", 2, &["--shape", "整数"]),
    ("bench --divisions {folder} --shape 1,2", 2, &["不能与", "--shape"]),
    ("bench --divisions {missing}", 2, &["provinces.json", "没有这个文件"]),
    ("bench --characters 5", 2, &["--search"]),
    ("simulate --days 0", 2, &["--days", "1到365"]),
    ("simulate --units 9", 2, &["--units", "10到"]),
    // Files.
    ("ledger read", 2, &["缺少 <文件>"]),
    ("ledger read {missing}", 2, &["无法读取", "没有这个文件"]),
    ("ledger read {folder}", 2, &["这是目录"]),
    ("ledger read {bytes}", 2, &["不接受这种文件"]),
    ("ledger read {words}", 2, &["没有读到问题", "表头"]),
    ("ledger read {words} --json", 2, &["没有读到问题"]),
    ("template check {missing}", 2, &["没有这个文件"]),
    ("template check {bytes}", 2, &["UTF-8"]),
    ("template check {toml}", 3, &["处错误"]),
    ("draw verify {missing}", 2, &["没有这个文件"]),
    ("draw verify {words}", 2, &["不是抽取文件"]),
    ("text faults", 2, &["缺少 <文件>"]),
    ("text faults {missing}", 2, &["没有这个文件"]),
    ("text figures {bytes}", 2, &["不接受这种文件"]),
    ("verify --data {data} {missing}", 2, &["没有这个文件"]),
    ("verify --data {data} {words}", 3, &["不是本系统签发的文件"]),
    ("units import --data {folder} {missing}", 2, &["没有这个文件"]),
    ("units import --data {folder} {words} --dry-run", 2, &["没有找到表头"]),
    ("units import --data {data} {words} --day 2023", 2, &["--day", "2023"]),
    ("units import --data {folder} {folder} --down-to street", 2, &["--down-to", "street", "township"]),
    ("restore --data {folder} {missing}", 2, &["没有这个文件"]),
    ("restore --data {folder} {words}", 2, &["不是闭环的备份文件"]),
    // Databases.
    ("verify --data {missing}", 2, &["bihuan init"]),
    ("export --data {missing}", 2, &["bihuan init"]),
    ("backup --data {missing} {new}", 2, &["bihuan init"]),
    ("index rebuild --data {missing}", 2, &["bihuan init"]),
    ("key status --data {missing}", 2, &["bihuan init"]),
    ("key renew --data {missing}", 2, &["bihuan init"]),
    ("key lost --data {missing}", 2, &["bihuan init"]),
    ("ledger export --data {missing} --by office {new}", 2, &["bihuan init"]),
    ("verify --data {damaged}", 1, &["数据库文件损坏", "备份"]),
    ("verify --database postgres://127.0.0.1:1/none", 1, &["连不上数据库"]),
    ("verify --database mysql://127.0.0.1/none", 2, &["数据库设置不对", "postgres://"]),
    ("verify --data {data} --config {missing}", 2, &["无法读取配置文件", "没有这个文件"]),
    ("init --data {data}", 4, &["账号"]),
    // What is to be written.
    ("export --data {data} --campaign none", 2, &["没有代码为“none”的专项行动", "yunxi-theme"]),
    ("export --data {data} --output {taken}", 2, &["没有覆盖"]),
    ("export --data {data} --output {missing}/x.csv", 2, &["无法写入", "没有这个文件或目录"]),
    ("backup --data {data} {taken}", 2, &["已经存在"]),
    ("backup --data {data} {missing}/x.zip", 2, &["无法写入"]),
    ("ledger export --data {data} --by nobody {new}", 2, &["没有登录名为“nobody”的账号"]),
    ("ledger export --data {data} --by system {new}", 2, &["看不到任何专项行动"]),
    ("ledger export --data {data} --by office {new}", 2, &["--campaign", "yunxi-theme"]),
    ("ledger export --data {data} --by office --campaign none {new}", 2, &["没有代码为“none”的专项行动"]),
    ("ledger export --data {data} --by office --campaign yunxi-theme --unit none {new}", 2, &["“none”"]),
    ("ledger export --data {data} --by office --campaign yunxi-theme {folder}/x.txt", 2, &[".xlsx 或 .csv"]),
    ("ledger export --data {data} --by office --campaign yunxi-theme {taken}", 2, &["没有覆盖"]),
    ("ledger export --data {data} --by office --import 999 {new}", 2, &["没有找到"]),
    ("ledger export --data {data} --by office --import first {new}", 2, &["--import", "first"]),
    ("ledger export --data {data} --by office --import 1 {folder}/x.csv", 2, &[".xlsx 结尾"]),
    ("ledger import --data {data} --by office --campaign none --unit 369027 {words}", 2, &["“none”"]),
    ("ledger import --data {data} --by office --campaign yunxi-theme --unit none {words}", 2, &["“none”"]),
    ("ledger import --data {data} --by office --campaign yunxi-theme --unit 369027 {bytes}", 2, &["不接受"]),
    ("ledger import --data {data} --by office --unit 369027 --issued soon {words}", 2, &["--issued", "soon"]),
];

fn tried(line: &str, places: &Places) -> Ran {
    let words = line.split(' ').filter(|word| !word.is_empty()).map(|word| places.filled_in(word));
    ran(bihuan().args(words).output().expect("the program starts"))
}

#[test]
fn whatever_is_wrong_on_the_command_line_is_said_in_chinese_with_its_code() {
    let places = Places::new();
    let mut wrong = Vec::new();
    for (line, code, words) in CASES {
        let ran = tried(line, &places);
        if ran.code != *code || words.iter().any(|word| !ran.err.contains(word)) {
            wrong.push(format!("{line}\n  {} instead of {code}, {words:?} wanted in: {}", ran.code, ran.err));
        }
        // Words of the system and of the library that reads options.
        for english in ["os error", "error:", "Usage", "No such", "invalid ", "panicked", "[OPTIONS]"] {
            if ran.err.contains(english) {
                wrong.push(format!("{line}\n  {english:?} is told to the operator: {}", ran.err));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(std::fs::read(places.at("taken")).expect("the file"), b"kept", "a file was overwritten");
    for left in ["new.xlsx", "none/x.txt", "none/x.csv"] {
        assert!(!Path::new(&places.at(left)).exists(), "{left} was left by a command that failed");
    }
}

#[test]
fn a_wrong_variable_names_its_option() {
    let ran = ran(bihuan()
        .args(["serve", "--data", "x"])
        .env("BIHUAN_LISTEN", "here")
        .output()
        .expect("it starts"));
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("--listen") && ran.err.contains("here"), "{}", ran.err);
}

#[test]
fn help_is_chinese_to_the_last_heading() {
    for args in [&["--help"][..], &["serve", "--help"], &["bench", "-h"], &["ledger", "export", "--help"]] {
        let ran = ran(bihuan().args(args).output().expect("it starts"));
        assert_eq!(ran.code, 0, "{args:?}");
        for english in
            ["Usage", "Options", "Commands", "Arguments", "Print ", "default:", "env:", "[OPTIONS]"]
        {
            assert!(!ran.out.contains(english), "{english} in the help of {args:?}:\n{}", ran.out);
        }
        assert!(ran.out.contains("用法：bihuan") && ran.out.contains("显示帮助"), "{}", ran.out);
    }
    let version = ran(bihuan().arg("--version").output().expect("it starts"));
    assert_eq!((version.code, version.out.trim()), (0, concat!("bihuan ", env!("CARGO_PKG_VERSION"))));
}
