//! Obligations in a speech or notice: who shall do what, how much, how often, by when.
//!
//! A text is cut into lines, sentences and clauses. Each clause is read by its front (numbering, connecting
//! words, time, subject, modal verb) and its verb, and gets a role. Neighbouring clauses that carry one action
//! make a group; what speaks for a group (a subject, a count, a named document, an event, a limit) and what
//! speaks against it (an introduction, a purpose, only attitude) is added up, and every reason is told.
//! Nothing is decided here: the page shows drafts, a person accepts them.

mod charge;
mod clause;
mod count;
mod dispatch;
mod fields;
mod fronts;
mod group;
mod join;
mod limits;
mod manner;
mod parties;
mod rhetoric;
mod shape;
mod subject;
pub(crate) mod tense;
mod weigh;
mod words;
pub(crate) mod zone;

use serde::Serialize;

use crate::deadline::{Times, closing_day, year_of};
use crate::segment::numbering_of;
use crate::spaced::closed;
use crate::written::{IssueDay, opening_day, written_in};
use clause::Setting;

pub use parties::parties;

/// Why something was proposed, or how one of its fields was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// Name of the rule.
    pub rule: &'static str,
    /// The words of the text that it went by.
    pub words: String,
}

/// How firmly something is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Hardness {
    /// Checkable: it has a count, a rhythm, a day, a document, an event or a body.
    Hard,
    /// Everything else that lays action on somebody.
    Soft,
}

/// One obligation proposed from a text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Obligation {
    /// First code point of the span.
    pub start: usize,
    /// Code point behind the span.
    pub end: usize,
    /// The words of the span.
    pub quote: String,
    /// Who is asked, in the words of the text, carried over from an earlier clause where this one names nobody.
    pub subject: Option<String>,
    /// leader, member, branch, office, city, county or unit.
    pub subject_level: Option<&'static str>,
    /// What is asked, without subject and modal verb.
    pub action: String,
    /// Strand of the campaign: theory-study, research, development, rectification, organisation,
    /// publicity or institution.
    pub measure: Option<&'static str>,
    /// How many, where a count is asked.
    pub quantity: Option<f64>,
    /// Of what.
    pub quantity_unit: Option<String>,
    /// `>=`, `>` or `<=` where the count is a bound.
    pub comparator: Option<&'static str>,
    /// once, weekly, monthly, quarterly, yearly or continuous.
    pub cadence: Option<&'static str>,
    /// The limit in the words of the text.
    pub deadline: Option<String>,
    /// Its last day, YYYY-MM-DD, where text and year settle it.
    pub deadline_resolved: Option<String>,
    /// Whether one can check that it was done.
    pub hardness: Hardness,
    /// What the proposal rests on.
    pub reasons: Vec<Reason>,
}

/// What an office has taught: data of its own, filled from what people accept and drop.
#[derive(Clone, Debug, Default)]
pub struct OwnTerms {
    /// Names of units and posts that may be asked to do something.
    pub subjects: Vec<String>,
    /// Words that make a draft not worth showing, such as the office's own slogans.
    pub dropped: Vec<String>,
}

/// Proposes the obligations of a text, in its order. `year` is the year in which months and days without one
/// fall, where the text does not tell its own day; without it the year that the text names most often is taken.
pub fn obligations(text: &str, year: Option<i32>) -> Vec<Obligation> {
    obligations_with(text, year, &OwnTerms::default())
}

/// Proposes the obligations of a text, going by an office's own words besides the general ones.
///
/// Spaces that layout left between Chinese and digits are read over; spans and quotes are of the text as given.
pub fn obligations_with(text: &str, year: Option<i32>, own: &OwnTerms) -> Vec<Obligation> {
    over_spaces(text, |text, chars| read(text, chars, times_of(chars, year, None), own))
}

/// Proposes the obligations of a document of a known day: days without a year that would be long past are of the next
/// one, and 两周内 is counted from it. Where the text tells its own day, that one is taken.
pub fn obligations_of_day(text: &str, day: IssueDay, own: &OwnTerms) -> Vec<Obligation> {
    over_spaces(text, |text, chars| read(text, chars, times_of(chars, Some(day.year()), Some(day)), own))
}

/// Reads a text without the spaces of its layout and tells the spans of the text as given.
fn over_spaces(text: &str, read: impl Fn(&str, &[char]) -> Vec<Obligation>) -> Vec<Obligation> {
    let chars: Vec<char> = text.chars().collect();
    let Some(closed) = closed(&chars) else { return read(text, &chars) };
    let text: String = closed.chars.iter().collect();
    let mut found = read(&text, &closed.chars);
    for one in &mut found {
        (one.start, one.end) = closed.given(one.start, one.end);
        one.quote = chars[one.start..one.end].iter().collect();
    }
    found
}

/// By what the times of a text are resolved. The day that the text tells of itself goes before what is said of it.
fn times_of(chars: &[char], year: Option<i32>, day: Option<IssueDay>) -> Times<'static> {
    let written = written_in(chars).or(day);
    let opening = opening_day(chars).filter(|day| year.is_none_or(|year| year == day.year()));
    let about = written.or(opening);
    let year =
        written.map(IssueDay::year).or(year).or(opening.map(IssueDay::year)).or_else(|| year_of(chars));
    Times { year, closing: None, written, about }
}

fn read(text: &str, chars: &[char], times: Times<'_>, own: &OwnTerms) -> Vec<Obligation> {
    let closing = closing_day(chars, times.year);
    let times = Times { closing: closing.as_deref(), ..times };
    let setting = Setting { chars, times, own };
    let numbers = numbering_of(chars);
    let mut found = Vec::new();
    for paragraph in zone::paragraphs(chars, &numbers).1 {
        group::obligations(&setting, &paragraph, &numbers, &mut found);
    }
    if let Some(unit) = issuer(text) {
        found.iter_mut().filter(|one| names_itself(one)).for_each(|one| {
            one.reasons.push(Reason { rule: "issuing unit", words: unit.clone() });
        });
    }
    found.retain(|one| {
        !opens_the_meeting(chars, one)
            && !only_a_topic(chars, one)
            && !speaks_of_itself(&one.quote)
            && !takes_the_floor(&one.quote)
            && !only_a_day(&one.quote)
    });
    found
}

/// The unit whose document it is, as the title names it in front of 关于 or 在, or with the year of a summary behind it.
fn issuer(text: &str) -> Option<String> {
    const ENDS: &str = "局委办院校厅乡镇县市区站所会室心司";
    let title: Vec<char> =
        text.lines().find(|line| !line.trim().is_empty())?.trim().chars().take(60).collect();
    let to =
        ["关于", "在", "202"].iter().filter_map(|w| crate::lexicon::find(&title, 0, title.len(), w)).min()?;
    let name = to >= 3 && ENDS.contains(title[to - 1]);
    name.then(|| title[..to].iter().collect())
}

/// 我局, 我镇, 本单位: the document speaks of the unit that it comes from.
fn names_itself(one: &Obligation) -> bool {
    let subject = one.subject.as_deref().unwrap_or_default();
    let mut words = subject.chars();
    matches!(words.next(), Some('我' | '本'))
        && words.next().is_some_and(|c| "局委办院校厅乡镇站所单会".contains(c))
}

/// 今天我们召开动员会，主要任务是…… tells what the meeting is for and asks nothing yet.
fn opens_the_meeting(chars: &[char], one: &Obligation) -> bool {
    let from = chars[..one.start].iter().rposition(|c| "。！？\n".contains(*c)).map_or(0, |at| at + 1);
    let before: String = chars[from..one.end].iter().collect();
    let before = before.trim_start();
    let today = ["今天", "今日", "这次", "本次", "此次", "刚才"].iter().any(|word| before.starts_with(word))
        || before.contains("今天我们");
    let meeting = ["召开", "会议", "动员会", "推进会", "部署会"].iter().any(|word| before.contains(word));
    today && meeting
}

/// （2026年11月20日）under the title: a day by itself asks nothing.
fn only_a_day(quote: &str) -> bool {
    quote
        .chars()
        .all(|c| c.is_ascii_digit() || "年月日前底初上中下旬午时分（）()〔〕，、—－-至　 ".contains(c))
}

/// 我讲四点意见 announces what is said next.
fn takes_the_floor(quote: &str) -> bool {
    let quote = quote.trim_start_matches("下面").trim_start_matches(['，', '再']);
    let opens = ["我讲", "我谈", "我提", "我强调", "我再讲", "我再强调", "我就", "讲"];
    opens.iter().any(|word| quote.starts_with(word))
        && ["点意见", "点要求", "点建议", "点体会", "点希望", "个问题", "几点", "个方面意见", "句话"]
            .iter()
            .any(|word| quote.contains(word))
}

/// 结合实际，制定本方案 speaks of the document it stands in.
fn speaks_of_itself(quote: &str) -> bool {
    [
        "制定本",
        "制订本",
        "制定如下",
        "制订如下",
        "制定以下",
        "提出如下",
        "提出以下",
        "现制定",
        "通知如下",
        "通报如下",
        "反馈如下",
        "报告如下",
        "汇报如下",
        "纪要如下",
        "公告如下",
    ]
    .iter()
    .any(|words| quote.contains(words))
}

/// 对排查出的隐患，…… names what the next clause is about.
fn only_a_topic(chars: &[char], one: &Obligation) -> bool {
    let topic = one.quote.starts_with("对") || one.quote.starts_with("针对");
    let verbs = ["要", "开展", "进行", "实行", "组织", "建立", "逐", "落实", "予以", "给予", "实施", "全面"];
    let comma = chars.get(one.end) == Some(&'，');
    // 督导反馈的问题，各单位要……
    let thing = ["的问题", "的事项", "的情况", "的单位", "的线索"].iter().any(|end| one.quote.ends_with(end));
    if comma && thing && one.end - one.start <= 14 && !one.quote.contains('要') && one.subject.is_none() {
        return true;
    }
    topic && comma && one.end - one.start <= 14 && !verbs.iter().any(|verb| one.quote.contains(verb))
}
