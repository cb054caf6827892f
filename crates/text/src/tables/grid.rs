//! A table as rows and columns of numbers, below what their heads say.

use super::{COLUMNS_MAX, Cell};
use crate::fold::fold;

/// Heads of columns that are not added up.
const NOT_ADDED: &str = "率 比 均 排名 名次 位次 得分 分值 评分 分数 年份 年龄 电话 编号 序号 文号 单价 备注 标准 日期 时间 时限 增速 增幅 %";
/// Heads of columns of rates.
const RATES: &str = "率 占比 比例 比重";
/// What a counted number is followed by in a cell.
const UNITS: &str = "个 件 户 人 人次 次 家 项 处 元 万元 亿元 亩 公里 千米 吨 起 名 条 份 场 天 所 座 台 套 宗 支 只 头 平方米 万亩 户次 %";

/// A number in a cell.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value {
    pub number: f64,
    /// Digits behind the point.
    pub decimals: usize,
    /// A percent sign follows.
    pub percent: bool,
    /// First code point of the cell's words and the one behind them.
    pub span: (usize, usize),
}

/// What a cell says.
#[derive(Clone, Copy, Debug)]
pub(super) enum Said {
    /// Nothing is written.
    Blank,
    /// A dash or 无: none.
    None,
    Number(Value),
    Words,
}

impl Said {
    /// Its number; none is 0. Words have none, and what is blank is not known.
    pub fn number(&self) -> Option<f64> {
        match self {
            Said::None => Some(0.0),
            Said::Number(value) => Some(value.number),
            Said::Blank | Said::Words => None,
        }
    }

    pub fn value(&self) -> Option<Value> {
        if let Said::Number(value) = self { Some(*value) } else { None }
    }
}

/// What a row is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Item,
    /// 小计
    Part,
    /// 合计
    Total,
    /// 其中：
    Within,
}

#[derive(Debug)]
pub(super) struct Row {
    pub kind: Kind,
    /// The first words of the row, or its number where it has none.
    pub label: String,
    /// How deep its number in the list stands: 一 1, （一） 2, 1 3, (1) 4, none 0.
    pub depth: u8,
    pub cells: Vec<Said>,
}

#[derive(Debug)]
pub(super) struct Grid {
    /// The words above each column, in one form.
    pub heads: Vec<String>,
    /// The same as they are written.
    shown: Vec<String>,
    /// Columns of numbers that are added up, from the left.
    pub added: Vec<usize>,
    pub rows: Vec<Row>,
}

impl Grid {
    pub fn of(chars: &[char], cells: &[&Cell]) -> Grid {
        let columns = cells.iter().map(|cell| cell.column + 1).max().unwrap_or(0).min(COLUMNS_MAX);
        let mut lines: Vec<Vec<&Cell>> = Vec::new();
        for cell in cells {
            match lines.last_mut().filter(|line| line[0].row == cell.row) {
                Some(line) => line.push(cell),
                None => lines.push(vec![cell]),
            }
        }
        let said: Vec<Vec<Said>> = lines.iter().map(|line| said(chars, line, columns)).collect();
        let first = said.iter().position(|row| holds_numbers(row)).unwrap_or(said.len());
        let (mut heads, mut shown) = (vec![String::new(); columns], vec![String::new(); columns]);
        // A line of one cell is the table's name, or the unit that it is in.
        for line in lines[..first].iter().filter(|line| line.len() > 1) {
            for cell in line.iter().filter(|cell| cell.column < columns) {
                let to = (cell.column + cell.width).min(columns);
                heads[cell.column..to].iter_mut().for_each(|head| head.push_str(&plain(chars, cell)));
                let written = chars[cell.start..cell.end].iter().filter(|c| !c.is_whitespace());
                shown[cell.column..to].iter_mut().for_each(|head| head.extend(written.clone()));
            }
        }
        let rows = lines.into_iter().zip(said).skip(first).map(|(line, cells)| row(chars, &line, cells));
        let mut grid = Grid { heads, shown, added: Vec::new(), rows: rows.collect() };
        grid.added = (0..columns).filter(|column| grid.is_added(*column)).collect();
        grid
    }

    /// A column by its head: “问题数”; by its place where it has none.
    pub fn named(&self, column: usize) -> String {
        match self.shown[column].as_str() {
            "" => format!("第{}栏", column + 1),
            head => format!("“{head}”"),
        }
    }

    /// Whether words of a list stand in the head of a column.
    pub fn head_has(&self, column: usize, list: &str) -> bool {
        list.split_whitespace().any(|word| self.heads[column].contains(word))
    }

    fn values(&self, column: usize) -> impl Iterator<Item = Value> {
        self.rows.iter().filter_map(move |row| row.cells[column].value())
    }

    /// Columns of rates, in percent.
    pub fn is_rate(&self, column: usize) -> bool {
        self.values(column).next().is_some()
            && (self.head_has(column, RATES) || self.values(column).all(|value| value.percent))
    }

    /// Whether the numbers of a column are added up.
    fn is_added(&self, column: usize) -> bool {
        let year = |value: Value| value.decimals == 0 && (1950.0..=2100.0).contains(&value.number);
        self.values(column).next().is_some()
            && !self.head_has(column, NOT_ADDED)
            && !self.values(column).any(|value| value.percent)
            && !self.values(column).all(year)
            && !self.is_serial(column)
    }

    /// 1, 2, 3 … down the first columns.
    fn is_serial(&self, column: usize) -> bool {
        let numbers: Vec<f64> = self.values(column).map(|value| value.number).collect();
        column < 2
            && (numbers.len() > 2 || self.heads[column].is_empty())
            && numbers.iter().zip(1..).all(|(number, at)| *number == f64::from(at))
    }
}

/// A row of numbers, and not that of the columns' own numbers: 甲 乙 1 2 3.
fn holds_numbers(row: &[Said]) -> bool {
    let numbers: Vec<f64> = row.iter().filter_map(|said| said.value()).map(|value| value.number).collect();
    let counted = numbers.iter().zip(1..).all(|(number, at)| *number == f64::from(at));
    let index = numbers.len() >= 3 && counted;
    !numbers.is_empty() && !index
}

/// The words of a cell without blanks, with marks and digits in one form.
fn plain(chars: &[char], cell: &Cell) -> String {
    chars[cell.start..cell.end].iter().map(|c| fold(*c)).filter(|c| !c.is_whitespace()).collect()
}

fn said(chars: &[char], line: &[&Cell], columns: usize) -> Vec<Said> {
    let mut row = vec![Said::Blank; columns];
    for cell in line.iter().filter(|cell| cell.column < columns) {
        let words = plain(chars, cell);
        row[cell.column] = match words.as_str() {
            "" => Said::Blank,
            "-" | "--" | "/" | "无" => Said::None,
            words => number(words).map_or(Said::Words, |(number, decimals, percent)| {
                Said::Number(Value { number, decimals, percent, span: (cell.start, cell.end) })
            }),
        };
    }
    row
}

/// 1,280, 35.5万元, 68.4%, -3: the number, its digits behind the point, and whether it is in percent.
fn number(words: &str) -> Option<(f64, usize, bool)> {
    let digit = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.');
    let sign = words.strip_prefix('-');
    let rest = sign.unwrap_or(words);
    let end = rest.find(|c| !digit(c)).unwrap_or(rest.len());
    let (digits, unit) = rest.split_at(end);
    if !unit.is_empty() && !UNITS.split_whitespace().any(|known| known == unit) {
        return None;
    }
    let digits: String = digits.chars().filter(|c| *c != ',').collect();
    let number: f64 = digits.parse().ok().filter(|_| digits.starts_with(|c: char| c.is_ascii_digit()))?;
    let decimals = digits.split_once('.').map_or(0, |(_, behind)| behind.len());
    Some((if sign.is_some() { -number } else { number }, decimals, unit == "%"))
}

fn row(chars: &[char], line: &[&Cell], cells: Vec<Said>) -> Row {
    let texts: Vec<String> = line.iter().map(|cell| plain(chars, cell)).collect();
    let words = |at: &usize| line[*at].column < cells.len() && matches!(cells[line[*at].column], Said::Words);
    let label = (0..line.len()).find(words).map(|at| texts[at].clone()).unwrap_or_default();
    let kinds = |texts: &[String]| texts.iter().find_map(|text| kind(text));
    let depth = texts.iter().find(|text| !text.is_empty()).map_or(0, |text| depth(text));
    Row { kind: kinds(&texts).unwrap_or(Kind::Item), label, depth, cells }
}

fn kind(text: &str) -> Option<Kind> {
    let ends = |list: &[&str]| list.iter().any(|word| text.trim_end_matches(':').ends_with(word));
    match text {
        _ if ends(&["小计"]) => Some(Kind::Part),
        _ if ends(&["合计", "总计", "共计"]) => Some(Kind::Total),
        "全县" | "全市" | "全区" | "全镇" | "全乡" | "全省" | "总数" => Some(Kind::Total),
        _ if text.starts_with("其中") || text.starts_with('#') => Some(Kind::Within),
        _ => None,
    }
}

fn depth(text: &str) -> u8 {
    const NUMERALS: &str = "一二三四五六七八九十";
    let (opened, rest) = match text.strip_prefix('(') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let behind = rest.trim_start_matches(|c: char| NUMERALS.contains(c));
    let han = behind.len() < rest.len();
    let behind = if han { behind } else { rest.trim_start_matches(|c: char| c.is_ascii_digit()) };
    let marked = behind.is_empty() || behind.starts_with([',', '.', ')']);
    match (behind.len() < rest.len() && marked, han, opened) {
        (false, ..) => 0,
        (true, true, false) => 1,
        (true, true, true) => 2,
        (true, false, false) => 3,
        (true, false, true) => 4,
    }
}
