//! The small language of reports: official prose with fields in double braces, one paragraph a line.
//!
//! ```text
//! 一、总体情况
//! 截至{{止日}}，{{单位}}共登记问题{{问题总数}}件，已销号{{已销号}}件。
//! {{表 单位：问题总数、在办、逾期、已销号}}
//! {{清单 逾期：20}}
//! ```

mod figure_name;
mod limits;
mod typed;
mod wording;

pub use figure_name::{ActionPart, FigureName, PLAIN, SlipPart, TaskPart, speaks_of_deeds};
pub use limits::{LISTED_ROWS_MAX, TABLES_MAX, too_many};
pub use typed::{TypedNumber, typed_in_line, typed_numbers};
pub use wording::{CLOSED_RATE, Matter, Wording};

use crate::Coded;
use crate::figure;

/// Most rows of a list: what a document still holds; a longer ledger is exported whole.
pub const LIST_ROWS_MAX: i64 = 5_000;
/// Rows of a list that says no number.
const LIST_ROWS: i64 = 50;

/// One thing wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextFault {
    /// Line, from 1; 0 for a text of one line.
    pub line: usize,
    /// What is wrong and how to mend it.
    pub sentence: String,
}

impl std::fmt::Display for TextFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.line > 0 {
            write!(f, "第{}行：", self.line)?;
        }
        write!(f, "{}", self.sentence)
    }
}

crate::coded! {
    /// Fields that are words, not figures.
    Value ("文字字段") {
        Unit = "unit", "单位";
        Parent = "parent", "上级单位";
        Campaign = "campaign", "专项";
        From = "from", "起日";
        To = "to", "止日";
        Period = "period", "期间";
        Today = "today", "今天";
        Entry = "entry", "记录号";
        Number = "number", "文号";
    }
}

fn by_label<T: Coded>(label: &str) -> Option<T> {
    T::ALL.iter().copied().find(|one| one.label() == label || one.code() == label)
}

/// Text or a field within a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// As written.
    Text(String),
    /// A word filled in.
    Value(Value),
    /// A figure filled in.
    Figure(FigureName),
}

crate::coded! {
    /// What tables and charts are over.
    Facet ("统计口径") {
        Units = "units", "单位";
        States = "states", "环节";
        Outcomes = "outcomes", "结果";
        Categories = "categories", "类别";
        Sources = "sources", "来源";
        Strands = "strands", "重点措施";
        Ages = "ages", "逾期天数";
        Flows = "flows", "本期变化";
        Actions = "actions", "规定动作";
        Tasks = "tasks", "任务";
        Slips = "slips", "督办单";
    }
}

crate::coded! {
    /// What a list holds: problems, or what is not done of rules, tasks and slips.
    Which ("清单范围") {
        All = "all", "全部";
        Open = "open", "在办";
        Late = "late", "逾期";
        Closed = "closed", "已销号";
        Red = "red", "红";
        NewlyLate = "newly_late", "新逾期";
        Registered = "registered", "本期登记";
        ClosedNow = "closed_now", "本期销号";
        MissedActions = "missed_actions", "逾期未做规定动作";
        Tasks = "tasks", "任务";
        BehindTasks = "behind_tasks", "滞后任务";
        UnansweredSlips = "unanswered_slips", "逾期未答复督办单";
    }
}

/// One paragraph or thing of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// A heading, and what follows it in its paragraph.
    Heading {
        /// 1 to 4.
        level: u8,
        /// The heading.
        pieces: Vec<Piece>,
        /// The rest of the paragraph.
        then: Vec<Piece>,
    },
    /// A paragraph.
    Paragraph(Vec<Piece>),
    /// A table of counts.
    Table {
        /// Over what.
        facet: Facet,
        /// Columns of the table over units.
        columns: Vec<FigureName>,
    },
    /// A chart of counts.
    Chart {
        /// Over what.
        facet: Facet,
        /// The figure of the chart over units.
        figure: FigureName,
    },
    /// A list.
    List {
        /// Which.
        which: Which,
        /// At most so many.
        rows: i64,
    },
    /// A new page.
    PageBreak,
    /// Pages across from here on, or upright again.
    Across(bool),
}

/// Reads a text, line by line.
///
/// # Errors
/// Every fault with its line.
pub fn parse(text: &str) -> Result<Vec<Node>, Vec<TextFault>> {
    let mut nodes = Vec::new();
    let mut faults = Vec::new();
    let mut across = false;
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        match node(line) {
            Ok(Node::Across(now)) if now == across => faults.push(TextFault {
                line: at + 1,
                sentence: format!("这里已经是{}页了，请删去这一行。", if now { "横" } else { "竖" }),
            }),
            Ok(one) => {
                if let Node::Across(now) = one {
                    across = now;
                }
                nodes.push(one);
            }
            Err(sentence) => faults.push(TextFault { line: at + 1, sentence }),
        }
    }
    if faults.is_empty() {
        faults.extend(too_many(nodes.iter()).map(|sentence| TextFault { line: 0, sentence }));
    }
    if faults.is_empty() { Ok(nodes) } else { Err(faults) }
}

/// Reads one line of text and fields.
///
/// # Errors
/// The fault.
pub fn pieces(line: &str) -> Result<Vec<Piece>, TextFault> {
    read_pieces(line).map_err(|sentence| TextFault { line: 0, sentence })
}

fn node(line: &str) -> Result<Node, String> {
    if let Some(inner) = line.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"))
        && !inner.contains("{{")
        && let Some(block) = block(inner.trim())
    {
        return block;
    }
    let Some((level, lead)) = heading(line) else { return Ok(Node::Paragraph(read_pieces(line)?)) };
    // A heading that is a sentence is followed by its paragraph; levels three and four are set like text anyway.
    let end = line[lead..].find('。').map_or(line.len(), |at| lead + at + '。'.len_utf8());
    let (head, then) = line.split_at(end);
    Ok(Node::Heading { level, pieces: read_pieces(head)?, then: read_pieces(then)? })
}

/// The level of a line that begins as a heading does, and where its words begin.
pub fn heading(line: &str) -> Option<(u8, usize)> {
    const NUMERALS: &str = "一二三四五六七八九十百零";
    let count = |text: &str, test: &dyn Fn(char) -> bool| -> usize {
        text.chars().take_while(|c| test(*c)).map(char::len_utf8).sum()
    };
    let chinese = |c: char| NUMERALS.contains(c);
    let digit = |c: char| c.is_ascii_digit();
    let bare = count(line, &chinese);
    if bare > 0 && line[bare..].starts_with('、') {
        return Some((1, bare + '、'.len_utf8()));
    }
    let number = count(line, &digit);
    if number > 0 && number <= 2 {
        for mark in ['．', '.'] {
            if line[number..].starts_with(mark) && !line[number + mark.len_utf8()..].starts_with(digit) {
                return Some((3, number + mark.len_utf8()));
            }
        }
    }
    let open = ['（', '('].into_iter().find(|mark| line.starts_with(*mark))?.len_utf8();
    for (level, test) in [(2u8, &chinese as &dyn Fn(char) -> bool), (4, &digit)] {
        let inner = count(&line[open..], test);
        if inner > 0 {
            let close = line[open + inner..].chars().next().filter(|c| matches!(c, '）' | ')'))?;
            return Some((level, open + inner + close.len_utf8()));
        }
    }
    None
}

/// A block between braces; `None` when it is a field of a line.
fn block(inner: &str) -> Option<Result<Node, String>> {
    match inner {
        "分页" => return Some(Ok(Node::PageBreak)),
        "横排" => return Some(Ok(Node::Across(true))),
        "竖排" => return Some(Ok(Node::Across(false))),
        _ => {}
    }
    let (word, rest) = inner.split_once([' ', '　'])?;
    let (over, rest) = rest.split_once(['：', ':']).unwrap_or((rest, ""));
    let (over, rest) = (over.trim(), rest.trim());
    match word {
        "表" => {
            Some(facet(over).and_then(|facet| Ok(Node::Table { facet, columns: columns(facet, rest)? })))
        }
        "图" => Some(facet(over).and_then(|facet| chart(facet, rest))),
        "清单" => Some(list(over, rest)),
        _ => None,
    }
}

fn facet(word: &str) -> Result<Facet, String> {
    by_label(word).ok_or_else(|| format!("“{word}”不能作表或图的口径，可用的有：{}。", labels::<Facet>()))
}

fn labels<T: Coded>() -> String {
    T::ALL.iter().map(|one| one.label()).collect::<Vec<_>>().join("、")
}

fn columns(facet: Facet, text: &str) -> Result<Vec<FigureName>, String> {
    if facet != Facet::Units {
        if text.is_empty() {
            return Ok(Vec::new());
        }
        return Err(format!("按{}的表没有可选的列，请删去冒号后面的内容。", facet.label()));
    }
    if text.is_empty() {
        let plain = [figure::TOTAL, figure::OPEN, figure::LATE, figure::CLOSED, figure::SOLVED];
        return Ok(plain.iter().map(|one| FigureName::Plain(one.code)).collect());
    }
    text.split('、').map(|name| unit_figure(name.trim())).collect()
}

fn unit_figure(name: &str) -> Result<FigureName, String> {
    FigureName::parse(name).filter(|one| one.is_of_units()).ok_or_else(|| {
        let names: Vec<&str> = PLAIN.iter().map(|one| one.name).collect();
        format!(
            "“{name}”不能分单位统计，可用的列有：{}、解决率，以及“规定动作：应做”“任务：滞后”“督办单：发出”一类的写法。",
            names.join("、")
        )
    })
}

fn chart(facet: Facet, text: &str) -> Result<Node, String> {
    let figure = if facet == Facet::Units && !text.is_empty() {
        unit_figure(text)?
    } else if text.is_empty() {
        FigureName::Plain(figure::TOTAL.code)
    } else {
        return Err(format!("按{}的图没有可选的数字，请删去冒号后面的内容。", facet.label()));
    };
    Ok(Node::Chart { facet, figure })
}

fn list(which: &str, rows: &str) -> Result<Node, String> {
    let which =
        by_label(which).ok_or_else(|| format!("没有“{which}”清单，可用的有：{}。", labels::<Which>()))?;
    let number = rows.trim_start_matches('前').trim_end_matches('件').trim();
    let rows = if number.is_empty() { Ok(LIST_ROWS) } else { number.parse::<i64>() };
    match rows {
        Ok(rows) if (1..=LIST_ROWS_MAX).contains(&rows) => Ok(Node::List { which, rows }),
        _ => Err(format!(
            "清单的件数“{number}”应是1到{LIST_ROWS_MAX}之间的整数；更长的台账请在“台账”页用“导出 Excel”取得全部。"
        )),
    }
}

fn read_pieces(line: &str) -> Result<Vec<Piece>, String> {
    let mut out = Vec::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("{{") {
        if !before.is_empty() {
            out.push(Piece::Text(before.to_owned()));
        }
        let Some((name, behind)) = after.split_once("}}") else {
            return Err("“{{”没有对应的“}}”，请补上。".to_owned());
        };
        out.push(field(name.trim())?);
        rest = behind;
    }
    if rest.contains("}}") {
        return Err("“}}”前面没有“{{”，请补上或者删去。".to_owned());
    }
    if !rest.is_empty() {
        out.push(Piece::Text(rest.to_owned()));
    }
    Ok(out)
}

/// What a field of somebody's own docx stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnField {
    /// Words in a line.
    Piece(Piece),
    /// A table or list in the place of a paragraph.
    Table(Node),
}

/// Reads a field of somebody's own docx; `alone` where it has a paragraph of the running text to itself.
///
/// # Errors
/// What is wrong, with the way out.
pub fn own_field(name: &str, alone: bool) -> Result<OwnField, String> {
    match block(name) {
        Some(Ok(node @ (Node::Table { .. } | Node::List { .. }))) if alone => Ok(OwnField::Table(node)),
        Some(Ok(Node::Table { .. } | Node::List { .. })) => Err(format!(
            "“{{{{{name}}}}}”会排成一张表，在Word文件里要独占正文的一段：前后不能有文字，也不能放在表格、文本框、页眉页脚里。"
        )),
        Some(Ok(_)) => Err(format!(
            "自有Word模板里不能用“{{{{{name}}}}}”：可以用字段、{{{{表 …}}}}和{{{{清单 …}}}}，图、分页和横排请在Word里自己做。"
        )),
        Some(Err(sentence)) => Err(sentence),
        None => field(name).map(OwnField::Piece),
    }
}

/// Reads a field's name.
///
/// # Errors
/// What is wrong, with the names there are.
pub fn field(name: &str) -> Result<Piece, String> {
    if let Some(value) = by_label::<Value>(name) {
        return Ok(Piece::Value(value));
    }
    if let Some(figure) = FigureName::parse(name) {
        return Ok(Piece::Figure(figure));
    }
    if ["表", "图", "清单", "分页", "横排", "竖排"].iter().any(|word| name.starts_with(word)) {
        return Err(format!("“{{{{{name}}}}}”要单独成一行。"));
    }
    let figures: Vec<&str> = PLAIN.iter().map(|one| one.name).collect();
    Err(format!(
        "没有“{name}”这个字段；可用的有：{}，{}、解决率、本期新逾期，以及“环节：整改中”“结果：已解决”“本期：销号”“规定动作：逾期未做”“任务：滞后”“督办单：逾期未答复”一类的写法。",
        labels::<Value>(),
        figures.join("、")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_known_by_their_numbers() {
        let level = |line| heading(line).map(|(level, _)| level);
        assert_eq!(level("一、总体情况"), Some(1));
        assert_eq!(level("（十二）进展"), Some(2));
        assert_eq!(level("3.问题"), Some(3));
        assert_eq!(level("（4）其他"), Some(4));
        assert_eq!(level("3.5个百分点"), None);
        assert_eq!(level("一是抓紧"), None);
        assert_eq!(level("（见附表）"), None);
    }

    #[test]
    fn a_heading_that_is_a_sentence_is_followed_by_its_paragraph() {
        let nodes = parse("（一）总体平稳。全县登记{{问题总数}}件。").expect("a text");
        let Node::Heading { level: 2, pieces, then } = &nodes[0] else { panic!("{nodes:?}") };
        assert_eq!(pieces, &[Piece::Text("（一）总体平稳。".to_owned())]);
        assert_eq!(then.len(), 3);
    }

    #[test]
    fn every_figure_is_read_by_the_name_it_writes() {
        for figure in FigureName::all() {
            assert_eq!(FigureName::parse(&figure.name()), Some(figure), "{}", figure.name());
        }
    }

    #[test]
    fn a_docx_of_one_s_own_takes_tables_and_lists_where_they_stand_alone() {
        assert!(matches!(own_field("表 环节", true), Ok(OwnField::Table(Node::Table { .. }))));
        assert!(matches!(own_field("清单 逾期：5", true), Ok(OwnField::Table(Node::List { rows: 5, .. }))));
        assert!(matches!(own_field("问题总数", true), Ok(OwnField::Piece(Piece::Figure(_)))));
        assert!(own_field("表 环节", false).is_err_and(|sentence| sentence.contains("独占正文的一段")));
        assert!(own_field("分页", true).is_err_and(|sentence| sentence.contains("在Word里自己做")));
        assert!(own_field("清单 天气", true).is_err_and(|sentence| sentence.contains("没有“天气”清单")));
    }

    #[test]
    fn faults_name_their_lines() {
        let faults =
            parse("正文\n{{表 天气}}\n共{{问题总数件\n{{清单 逾期：9999}}\n字{{分页}}").expect_err("faults");
        let lines: Vec<usize> = faults.iter().map(|fault| fault.line).collect();
        assert_eq!(lines, [2, 3, 4, 5]);
    }

    #[test]
    fn typed_numbers_are_found_and_dates_and_numbering_are_not() {
        let text = "3.整改情况\n截至2024年3月5日，{{问题总数}}件中有12件（占3.5%）见云整改办发〔2024〕8号";
        let found: Vec<String> = typed_numbers(text).into_iter().map(|one| one.text).collect();
        assert_eq!(found, ["12件", "3.5%）"]);
    }

    #[test]
    fn numbers_typed_in_words_are_found_and_numerals_that_count_nothing_are_not() {
        let found = |text: &str| -> Vec<String> {
            let places = typed_in_line(text).into_iter();
            places.map(|place| text[place].to_owned()).collect()
        };
        let counts = "惠及三百余户，修路十二公里，走访群众两千多人次，剩三件，百余名干部，完成百分之三十五，投入30万元";
        assert_eq!(found(counts), ["三百余", "十二", "两千多", "三", "百余", "百分之三十五", "30"]);
        assert_eq!(found("上百户、数十人、近千亩、还有一件没有办"), ["百", "数十", "千", "一"]);
        let none = "一是抓紧，二要落实；第三次会议，二〇二四年三月五日，十分重视，进一步，统一部署，千方百计，万一；\
             四个意识、两个维护、三个方面、八项规定，第三十六条，一件一件抓，一户一策，每三天，数个，几名";
        assert_eq!(found(none), Vec::<String>::new());
    }

    #[test]
    fn a_list_holds_up_to_its_most_and_beyond_it_names_the_export() {
        assert!(parse(&format!("{{{{清单 全部：{LIST_ROWS_MAX}}}}}")).is_ok());
        let faults = parse(&format!("{{{{清单 全部：{}}}}}", LIST_ROWS_MAX + 1)).expect_err("one more");
        assert!(
            faults[0].sentence.contains("5000") && faults[0].sentence.contains("导出 Excel"),
            "{faults:?}"
        );
    }
}
