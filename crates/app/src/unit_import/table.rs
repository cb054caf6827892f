//! Our own table: xlsx or csv (UTF-8, GBK) with one unit a row.

use super::{LineError, UnitFile, UnitLine};
use crate::Error;
use crate::table_import::{Cell, Column, each_row};
use bihuan_domain::Coded;
use bihuan_domain::unit::reorganise::{ORDER_MAX, tidy_short_names};
use bihuan_domain::unit::{Level, UnitKind};

/// Most rows of a table.
pub const TABLE_ROWS_MAX: usize = 800_000;
const COLUMNS: [Column; 9] = [
    Column {
        names: &[
            "code",
            "单位代码",
            "单位编码",
            "单位编号",
            "代码",
            "编码",
            "编号",
            "机构编码",
            "机构代码",
            "区划代码",
        ],
        label: "code（单位代码）",
        needed: true,
    },
    Column {
        names: &["name", "单位名称", "单位全称", "单位", "名称", "全称", "机构名称", "机构"],
        label: "name（单位名称）",
        needed: true,
    },
    Column {
        names: &[
            "parent_code",
            "上级代码",
            "上级编码",
            "上级编号",
            "上级单位代码",
            "上级单位编码",
            "上级机构编码",
            "父级代码",
            "父级编码",
        ],
        label: "parent_code（上级代码）",
        needed: true,
    },
    Column {
        names: &["kind", "性质", "单位性质", "单位类别", "类别", "类型"],
        label: "kind（单位性质）",
        needed: false,
    },
    Column {
        names: &["level", "层级", "级别", "单位层级", "单位级别"],
        label: "level（层级）",
        needed: false,
    },
    Column { names: &["sector", "领域", "所属领域"], label: "sector（领域）", needed: false },
    Column { names: &["line", "系统", "条线", "所属系统"], label: "line（系统）", needed: false },
    Column { names: &["short_names", "简称", "别名"], label: "short_names（简称）", needed: false },
    Column { names: &["order", "排序", "序号", "顺序"], label: "order（排序）", needed: false },
];

/// Reads a table of units.
///
/// # Errors
/// `Invalid` when it is no table at all or lacks a needed column. Wrong rows are told in the file's `errors`.
pub fn read_table(name: &str, bytes: &[u8]) -> Result<UnitFile, Error> {
    let mut file = UnitFile::default();
    let nothing = "表头之下没有任何单位，请核对文件内容。";
    each_row(
        (name, bytes),
        &COLUMNS,
        TABLE_ROWS_MAX,
        nothing,
        &mut |line, cell| match read_row(line, cell) {
            Ok(unit) => file.lines.push(unit),
            Err(sentence) => file.errors.push(LineError { line, sentence }),
        },
    )?;
    Ok(file)
}

fn read_row(line: u32, cell: Cell<'_, '_>) -> Result<UnitLine, String> {
    let text = |column: usize| -> Box<str> { cell(column).unwrap_or_default().into() };
    let filled = |column: usize| cell(column).filter(|text| !text.is_empty());
    let coded = |column: usize| filled(column).map(|text| (COLUMNS[column].label, text));
    let order = match filled(8) {
        None => None,
        Some(text) => Some(
            text.parse::<i64>()
                .ok()
                .filter(|order| (0..=ORDER_MAX).contains(order))
                .ok_or_else(|| format!("排序“{text}”不是0到{ORDER_MAX}之间的整数。"))?,
        ),
    };
    Ok(UnitLine {
        line,
        code: text(0),
        name: text(1),
        parent_code: text(2),
        kind: coded(3).map(|(label, text)| one_of::<UnitKind>(label, text)).transpose()?,
        level: coded(4).map(|(label, text)| one_of::<Level>(label, text)).transpose()?,
        sector: cell(5).map(Into::into),
        ministry: cell(6).map(Into::into),
        short_names: cell(7).map(|text| tidy_short_names(text).into()),
        order,
    })
}

/// Everyday words for levels and kinds, with the code they mean.
const EVERYDAY: &[(&str, &str)] = &[
    ("全国", "nation"),
    ("中央", "nation"),
    ("省", "province"),
    ("自治区", "province"),
    ("直辖市", "province"),
    ("市", "city"),
    ("地级", "city"),
    ("地市级", "city"),
    ("县", "county"),
    ("区", "county"),
    ("区县", "county"),
    ("县区", "county"),
    ("区县级", "county"),
    ("乡", "township"),
    ("镇", "township"),
    ("乡镇", "township"),
    ("街道", "township"),
    ("乡镇级", "township"),
    ("镇级", "township"),
    ("乡镇（街道）", "township"),
    ("村", "village"),
    ("社区", "village"),
    ("村（社区）", "village"),
    ("行政村", "village"),
    ("党支部", "branch"),
    ("支部级", "branch"),
    ("地方", "territory"),
    ("党委部门", "party"),
    ("党委机关", "party"),
    ("政府组成部门", "department"),
    ("部门", "department"),
    ("群团", "mass_body"),
    ("国企", "enterprise"),
    ("国有企业", "enterprise"),
    ("公司", "enterprise"),
];

/// A value by its code, its Chinese label or an everyday word for it.
fn one_of<T: Coded>(label: &str, text: &str) -> Result<T, String> {
    let everyday =
        || EVERYDAY.iter().filter(|(word, _)| *word == text).find_map(|(_, code)| T::from_code(code));
    let found = T::from_code(text)
        .or_else(|| T::ALL.iter().copied().find(|value| value.label() == text))
        .or_else(everyday);
    found.ok_or_else(|| {
        let known: Vec<&str> = T::ALL.iter().map(|value| value.label()).collect();
        format!("{label}“{text}”不认识，可以填写：{}。", known.join("、"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSV: &str = "单位代码,单位名称,上级代码,单位性质,层级,简称,排序\n\
        Y1,云溪县,,行政区划,县级,云溪,1\nY2,石桥镇,Y1,territory,township,石桥|桥镇,2\n";

    #[test]
    fn a_table_of_units_is_read_in_utf8_with_chinese_or_coded_values() {
        let file = read_table("units.csv", CSV.as_bytes()).expect("reads");
        assert_eq!((file.lines.len(), file.errors.len()), (2, 0));
        assert_eq!(file.lines[1].kind, Some(UnitKind::Territory));
        assert_eq!(file.lines[1].short_names.as_deref(), Some("石桥、桥镇"));
        assert_eq!(file.lines[1].sector, None, "a column that is not there says nothing");
        assert_eq!(file.lines[1].line, 3);
    }

    #[test]
    fn everyday_words_for_columns_and_levels_are_understood() {
        let csv =
            "编码,单位,上级编码,级别,类型\nA,甲县,,县,\nB,乙镇,A,乡镇,\nC,县丙局,A,县级,部门\nD,丁村,B,村,\n";
        let file = read_table("units.csv", csv.as_bytes()).expect("reads");
        assert_eq!(file.errors, []);
        let levels: Vec<Option<Level>> = file.lines.iter().map(|line| line.level).collect();
        let wanted = [Level::County, Level::Township, Level::County, Level::Village];
        assert_eq!(levels, wanted.map(Some));
        assert_eq!(file.lines[2].kind, Some(UnitKind::Department));
    }

    #[test]
    fn a_wrong_row_is_told_with_its_line_and_a_missing_column_by_its_name() {
        let csv = "code,name,parent_code,level,order\nA,甲县,,大县,1\nB,乙镇,A,乡级,头\n";
        let file = read_table("units.csv", csv.as_bytes()).expect("reads");
        assert_eq!(file.errors.iter().map(|e| e.line).collect::<Vec<_>>(), [2, 3]);
        assert!(file.errors[0].sentence.contains("层级") && file.errors[1].sentence.contains("排序"));
        let wrong = read_table("units.csv", "代码,叫什么\n1,甲\n".as_bytes()).expect_err("no header");
        assert!(wrong.to_string().contains("单位名称"), "{wrong}");
    }
}
