//! Documents checked 校核 (M43): faults of form, figures that contradict each other, figures against the ledger.

mod handing;
mod ledger;
mod meaning;
mod places;
mod removing;
mod report;
mod steps;
mod tables;

pub use ledger::Compared;
pub(crate) use steps::document as document_of;
pub use steps::{CheckInput, CheckView, DecideInput, Told};
pub use tables::tables_of;

use crate::Error;
use crate::context::{App, Context};
use crate::office_word::Words;
use bihuan_domain::Day;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::unit::Unit;
use bihuan_text::tables::{Cell, with_sentences};
use bihuan_text::{Certainty, FaultKind, faults_with};
use serde::{Deserialize, Serialize};

bihuan_domain::coded! {
    /// How a finding was made and how sure it is.
    FindingKind ("校核意见类别") {
        Fault = "fault", "文字差错";
        Certain = "certain", "数字矛盾";
        Query = "query", "数字存疑";
        Ledger = "ledger", "与台账不符";
    }
}

/// Something found in a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// First code point.
    pub start: usize,
    /// Code point behind.
    pub end: usize,
    /// The words there.
    pub quote: String,
    /// How it was made.
    pub kind: FindingKind,
    /// What sort, in words.
    pub sort: String,
    /// Why, in one sentence.
    pub reason: String,
    /// What should stand there, where that is known.
    pub expected: Option<String>,
    /// The page that proves it, where there is one.
    pub link: Option<String>,
}

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findings {
    /// In the order of the text.
    pub findings: Vec<Finding>,
    /// Figures that were compared with the ledger, whether they agree or not.
    pub compared: Vec<Compared>,
    /// Code points of the line ends that part cells of one row of a table.
    #[serde(default)]
    pub row_marks: Vec<usize>,
}

/// A text to be checked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Checked<'a> {
    /// Its words.
    pub text: &'a str,
    /// The cells of each table that stands in it.
    pub tables: &'a [Vec<Cell>],
    /// Places of figures that were filled in, as first code point and code point behind: each is a query with a definition
    /// of its own, so that two of them can differ without contradiction.
    pub made: &'a [(usize, usize)],
}

/// The words of a kind of fault.
fn sort_of(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::Numbering => "序号",
        FaultKind::CountMismatch => "数目与列举不符",
        FaultKind::Quotes => "引号括号",
        FaultKind::Punctuation => "标点",
        FaultKind::Duplicate => "重复",
        FaultKind::Placeholder => "待填内容",
        FaultKind::Substitution => "误替换",
        FaultKind::WrongChar => "错别字或提法",
        FaultKind::Date => "日期",
        FaultKind::Residue => "残留内容",
        FaultKind::Other => "其他",
    }
}

/// The fix for all that is quoted: of a wrong number only the number is told, and the words behind it stay.
fn whole_fix(kind: FaultKind, quote: &str, fix: &str) -> String {
    let (Some(number), Some(right)) = (numbering(quote), numbering(fix)) else { return fix.to_owned() };
    if kind == FaultKind::Numbering && right == fix.len() {
        return format!("{fix}{}", &quote[number..]);
    }
    fix.to_owned()
}

/// Bytes of the number that a text begins with, with what stands around it: （二）, 2., 第二, 二是, 二要.
fn numbering(text: &str) -> Option<usize> {
    const NUMERALS: &str = "一二三四五六七八九十百零";
    let opened = text.strip_prefix(['（', '(', '第']).unwrap_or(text);
    let behind = opened.trim_start_matches(|c: char| c.is_ascii_digit() || NUMERALS.contains(c));
    if behind.len() == opened.len() {
        return None;
    }
    let rest = behind.strip_prefix(['、', '．', '.', '）', ')', '是', '要']).unwrap_or(behind);
    Some(text.len() - rest.len())
}

/// What is wrong in the text itself.
pub fn findings_in(checked: Checked<'_>, words: &Words) -> Vec<Finding> {
    let Checked { text, made, .. } = checked;
    let ignored = |quote: &str| words.ignored.iter().any(|word| quote.contains(word.as_str()));
    let faults =
        faults_with(text, &words.own).into_iter().filter(|fault| !ignored(&fault.quote)).map(|fault| {
            let expected = fault.expected.as_deref().map(|fix| whole_fix(fault.kind, &fault.quote, fix));
            Finding {
                expected,
                start: fault.start,
                end: fault.end,
                quote: fault.quote,
                kind: FindingKind::Fault,
                sort: sort_of(fault.kind).to_owned(),
                reason: fault.reason,
                link: None,
            }
        });
    let conflicts = with_sentences(text, checked.tables)
        .into_iter()
        .filter(|found| !found.quotes.iter().any(|quote| ignored(quote)));
    let conflicts =
        conflicts.filter(|found| !found.spans.iter().all(|[start, end]| is_made(made, *start, *end)));
    let conflicts = conflicts.map(|found| {
        let kind =
            if found.strength == Certainty::Certain { FindingKind::Certain } else { FindingKind::Query };
        let (at, expected) = wrong_number(&found.reason, &found.quotes);
        let others = found.quotes.iter().enumerate().filter(|(other, _)| *other != at);
        let others: Vec<&str> = others.map(|(_, quote)| quote.as_str()).collect();
        let beside =
            if others.is_empty() { String::new() } else { format!("（涉及：{}）", others.join("、")) };
        Finding {
            start: found.spans.get(at).map_or(found.start, |span| span[0]),
            end: found.spans.get(at).map_or(found.end, |span| span[1]),
            quote: found.quotes.get(at).cloned().unwrap_or_default(),
            kind,
            sort: bihuan_domain::Coded::label(kind).to_owned(),
            reason: format!("{}{beside}", found.reason),
            expected,
            link: None,
        }
    });
    let mut all: Vec<Finding> = faults.chain(conflicts).collect();
    all.sort_by_key(|finding| (finding.start, finding.end));
    all
}

/// Which of the figures that disagree the reason takes for the wrong one, the first where it takes none, and what should
/// stand there: 按13÷19算应为68.4%，文中为61.2%.
fn wrong_number(reason: &str, quotes: &[String]) -> (usize, Option<String>) {
    let number = |mark: &str| {
        let (_, rest) = reason.split_once(mark)?;
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        Some(&rest[..end]).filter(|number| !number.is_empty())
    };
    let told = ["文中为", "文中合计为", "总数为", "合计为"].into_iter().find_map(number);
    let Some(told) = told else { return (0, None) };
    let holds = |quote: &String| quote.trim_start_matches(|c: char| !c.is_ascii_digit()).starts_with(told);
    let Some(at) = quotes.iter().rposition(holds) else { return (0, None) };
    let right = number("应为").filter(|_| quotes[at].matches(told).count() == 1);
    (at, right.map(|right| quotes[at].replacen(told, right, 1)))
}

fn is_made(made: &[(usize, usize)], start: usize, end: usize) -> bool {
    made.iter().any(|(from, to)| *from < end && start < *to)
}

impl App {
    /// Everything that a check finds in a text of a unit, of a day and, where it is over one, a period: what runs on every
    /// report before it is issued. Figures that were filled in are what the ledger says: they are not compared with it again.
    ///
    /// # Errors
    /// `NotFound` for a campaign out of sight; faults of the database.
    pub fn findings(
        &self,
        ctx: &Context,
        unit: &Unit,
        campaign: Option<&Campaign>,
        over: (Day, Option<(Day, Day)>),
        checked: Checked<'_>,
    ) -> Result<Findings, Error> {
        let Checked { text, made, .. } = checked;
        let words = self.db.read(|conn| crate::office_word::words_of(conn, &unit.path))?;
        let mut findings = findings_in(checked, &words);
        let mut compared = match campaign {
            Some(campaign) => self.compare_with_ledger(ctx, unit, campaign, over, text)?,
            None => Vec::new(),
        };
        compared.retain(|one| !is_made(made, one.start, one.end));
        findings.extend(compared.iter().filter(|one| !one.agrees).map(Compared::finding));
        findings.sort_by_key(|finding| (finding.start, finding.end));
        Ok(Findings { findings, compared, row_marks: tables::row_marks(checked) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_is_told_at_the_number_that_is_wrong_m43() {
        let text = "全镇共排查问题19个，完成整改13个，整改完成率61.2%。";
        let found = findings_in(Checked { text, ..Checked::default() }, &Words::default());
        let told = found.iter().find(|one| one.kind == FindingKind::Certain).expect("a conflict");
        assert_eq!((told.quote.as_str(), told.expected.as_deref()), ("61.2%", Some("68.4%")));
        assert!(told.reason.contains("19个") && told.reason.contains("13个"), "{}", told.reason);
        let total =
            wrong_number("各部分相加为25，文中合计为26", &["12个", "8个", "5个", "26个"].map(str::to_owned));
        assert_eq!(total, (3, None));
        let none = wrong_number("前面是34个，这里是37个", &["34个".to_owned(), "37个".to_owned()]);
        assert_eq!(none, (0, None));
    }

    #[test]
    fn a_wrong_number_is_put_right_and_the_words_behind_it_stay_m43() {
        let fixed = |quote, fix| whole_fix(FaultKind::Numbering, quote, fix);
        assert_eq!(fixed("四是抓督导", "三是"), "三是抓督导");
        assert_eq!(fixed("四要严把关口", "三要"), "三要严把关口");
        assert_eq!(fixed("第四，抓督导", "第三"), "第三，抓督导");
        assert_eq!(fixed("（四）抓督导", "（三）"), "（三）抓督导");
        assert_eq!(fixed("4.抓督导", "3."), "3.抓督导");
        assert_eq!(fixed("四、", "三、"), "三、");
        assert_eq!(whole_fix(FaultKind::Punctuation, "，，", "，"), "，");
    }
}
