//! The table of people: xlsx or csv (UTF-8, GBK) with one person and post a row.

use super::{PeopleFile, PersonLine};
use crate::Error;
use crate::table_import::{Cell, Column, LineError, each_row};
use bihuan_domain::Day;
use bihuan_domain::person::{PERSON_NAME_CHARS_MAX, PHONE_CHARS_MAX, POST_NAME_CHARS_MAX};

/// Most rows of a table of people.
pub const PEOPLE_ROWS_MAX: usize = 20_000;

const COLUMNS: [Column; 6] = [
    Column {
        names: &["name", "姓名", "人员姓名", "人员", "联系人"], label: "姓名", needed: true
    },
    Column {
        names: &[
            "unit",
            "unit_code",
            "单位",
            "单位名称",
            "单位代码",
            "单位编码",
            "工作单位",
            "所在单位",
            "所属单位",
            "所在党支部",
            "所属党支部",
            "党支部",
            "支部",
        ],
        label: "单位",
        needed: false,
    },
    Column {
        names: &[
            "post",
            "职务",
            "岗位",
            "岗位名称",
            "现任职务",
            "工作岗位",
            "党内职务",
            "职务（岗位）",
            "职务(岗位)",
            "职务/岗位",
        ],
        label: "职务",
        needed: true,
    },
    Column {
        names: &[
            "phone",
            "手机",
            "手机号",
            "手机号码",
            "电话",
            "联系电话",
            "办公电话",
            "联系方式",
            "电话号码",
        ],
        label: "手机",
        needed: false,
    },
    Column {
        names: &["leads", "领导岗位", "是否领导岗位", "是否领导"], label: "领导岗位", needed: false
    },
    Column {
        names: &["day", "任职日期", "任职时间", "任现职时间", "起始日期"],
        label: "任职日期",
        needed: false,
    },
];

/// Reads a table of people.
///
/// # Errors
/// `Invalid` when it is no table at all or lacks a needed column. Wrong rows are told in the file's `errors`.
pub fn read_people(name: &str, bytes: &[u8]) -> Result<PeopleFile, Error> {
    let mut file = PeopleFile::default();
    let nothing = "表头之下没有任何人员，请核对文件内容。";
    let (lines, errors) = (&mut file.lines, &mut file.errors);
    file.ignored =
        each_row((name, bytes), &COLUMNS, PEOPLE_ROWS_MAX, nothing, &mut |line, cell| match read_row(
            line, cell,
        ) {
            Ok(person) => lines.push(person),
            Err(sentence) => errors.push(LineError { line, sentence }),
        })?;
    Ok(file)
}

impl PeopleFile {
    /// The rows as a table of our own in csv, for a form to carry between preview and confirmation.
    pub fn to_csv(&self) -> String {
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let mut csv = "姓名,单位,职务,手机,领导岗位,任职日期\n".to_owned();
        for line in &self.lines {
            let phone = line.phone.as_deref().unwrap_or_default();
            let day = line.day.map(|day| day.to_string()).unwrap_or_default();
            let leads = if line.leads { "是" } else { "" };
            let cells = [&line.name, &line.unit, &line.post, phone, leads, &day].map(quoted);
            csv.push_str(&cells.join(","));
            csv.push('\n');
        }
        csv
    }
}

fn read_row(line: u32, cell: Cell<'_, '_>) -> Result<PersonLine, String> {
    let text = |column: usize| cell(column).unwrap_or_default();
    let filled = |column: usize| cell(column).filter(|text| !text.is_empty());
    let name = person_name(text(0));
    let post: String = text(2).split_whitespace().collect();
    if post.is_empty() {
        return Err("没有填写“职务”；没有职务的请写“干部”“党员”等所在岗位。".to_owned());
    }
    for (label, value, max) in [
        ("姓名", name.as_str(), PERSON_NAME_CHARS_MAX),
        ("职务", post.as_str(), POST_NAME_CHARS_MAX),
        ("手机", text(3), PHONE_CHARS_MAX),
    ] {
        let chars = value.chars().count();
        if chars > max {
            return Err(format!("“{label}”有{chars}个字，最多{max}个字，请精简。"));
        }
    }
    if name.is_empty() {
        return Err("没有填写“姓名”。".to_owned());
    }
    Ok(PersonLine {
        line,
        name,
        unit: text(1).to_owned(),
        post,
        phone: filled(3).map(str::to_owned),
        leads: filled(4).map_or(Ok(false), yes_or_no)?,
        day: filled(5).map(day_of).transpose()?,
    })
}

/// Blanks inside a Chinese name only make it as long as the others; other names keep theirs.
fn person_name(text: &str) -> String {
    let chinese = !text.chars().any(|c| c.is_ascii_alphabetic());
    text.split_whitespace().collect::<Vec<_>>().join(if chinese { "" } else { " " })
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "是" | "√" | "✓" | "y" | "yes" | "true" | "1" => Ok(true),
        "否" | "×" | "n" | "no" | "false" | "0" | "—" | "-" => Ok(false),
        _ => Err(format!("“领导岗位”写的是“{text}”，请填写“是”或“否”。")),
    }
}

/// A day as people write it: 2024-03-05, 2024/3/5, 2024.3.5, 2024年3月5日.
fn day_of(text: &str) -> Result<Day, String> {
    let date = text.split_whitespace().next().unwrap_or_default();
    let parts: Vec<&str> =
        date.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let number = |n: usize| parts.get(n).and_then(|part| part.parse::<i32>().ok());
    let found = match (number(0), number(1), number(2)) {
        (Some(year), Some(month), Some(day)) if parts.len() == 3 => {
            Day::from_ymd(year, month.unsigned_abs(), day.unsigned_abs())
        }
        _ => None,
    };
    found.ok_or_else(|| format!("“任职日期”写的是“{text}”，请写成2024-03-05。"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roster_is_read_with_everyday_headings_and_what_is_not_taken_is_named() {
        let csv = "云溪县干部花名册,,,,,\n序号,姓 名,所在单位,现任职务,手机号码,任职时间\n\
            1,许　文,石桥镇,镇长,138 0000 0001,2023年5月6日\n2,Ann Lee,石桥镇,干部,,\n";
        let file = read_people("p.csv", csv.as_bytes()).expect("reads");
        assert_eq!(file.errors, []);
        assert_eq!(file.ignored, ["序号"]);
        let first = &file.lines[0];
        assert_eq!((first.line, first.name.as_str(), first.post.as_str()), (3, "许文", "镇长"));
        assert_eq!(first.day, Day::from_ymd(2023, 5, 6));
        assert_eq!((file.lines[1].name.as_str(), file.lines[1].phone.as_deref()), ("Ann Lee", None));
        let again = read_people("p.csv", file.to_csv().as_bytes()).expect("its own csv reads");
        let plain = |file: &PeopleFile| {
            file.lines.iter().map(|line| PersonLine { line: 0, ..line.clone() }).collect::<Vec<_>>()
        };
        assert_eq!(plain(&again), plain(&file));
    }

    #[test]
    fn a_wrong_row_is_told_with_its_line_field_and_way_out() {
        let long = "长".repeat(PERSON_NAME_CHARS_MAX + 1);
        let csv = format!(
            "姓名,单位,职务,领导岗位,任职日期\n,石桥镇,镇长,,\n许文,石桥镇,,,\n许文,石桥镇,镇长,也许,\n\
             许文,石桥镇,镇长,,去年\n{long},石桥镇,镇长,,\n{},石桥镇,镇长,是,2024.3.5\n",
            "长".repeat(PERSON_NAME_CHARS_MAX)
        );
        let file = read_people("p.csv", csv.as_bytes()).expect("reads");
        let told: Vec<u32> = file.errors.iter().map(|error| error.line).collect();
        assert_eq!((told, file.lines.len()), (vec![2, 3, 4, 5, 6], 1));
        for (n, field) in ["姓名", "职务", "领导岗位", "任职日期", "姓名"].into_iter().enumerate()
        {
            assert!(file.errors[n].sentence.contains(field), "{}", file.errors[n].sentence);
        }
        let wrong = read_people("p.csv", "单位,职务\n甲,乙\n".as_bytes()).expect_err("no names");
        assert!(wrong.to_string().contains("姓名"), "{wrong}");
    }

    #[test]
    fn a_table_of_people_has_so_many_rows_and_no_more() {
        let rows = |n: usize| format!("姓名,职务\n{}", "甲,乙\n".repeat(n - 1));
        assert!(read_people("p.csv", rows(PEOPLE_ROWS_MAX).as_bytes()).is_ok());
        assert!(read_people("p.csv", rows(PEOPLE_ROWS_MAX + 1).as_bytes()).is_err());
    }
}
