//! Figures of a document against the ledger: a stated figure whose definition is recognised is compared with the same
//! figure as of the document's day.

use super::meaning::{CLAUSE_ENDS, Meaning, meaning};
use super::places::Places;
use super::{Finding, FindingKind};
use crate::Error;
use crate::context::{App, Context};
use crate::ledger::LedgerQuery;
use crate::report::{Known, Scope, gather_over, query_words};
use bihuan_domain::campaign::Campaign;
use bihuan_domain::problem::Flow;
use bihuan_domain::report::text::{FigureName, Matter, SlipPart};
use bihuan_domain::unit::Unit;
use bihuan_domain::{Coded, Day, figure};
use bihuan_text::{Figure, stated};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A stated figure beside the ledger's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// First code point of the stated figure.
    pub start: usize,
    /// Code point behind.
    pub end: usize,
    /// As stated.
    pub quote: String,
    /// Name of the figure it was taken for.
    pub name: String,
    /// What that figure counts.
    pub definition: String,
    /// What the ledger says, as it would be printed.
    pub ledger: String,
    /// The day it is told for.
    pub day: Day,
    /// The rows behind it.
    pub link: String,
    /// Both say the same.
    pub agrees: bool,
}

impl Compared {
    pub(super) fn finding(&self) -> Finding {
        Finding {
            start: self.start,
            end: self.end,
            quote: self.quote.clone(),
            kind: FindingKind::Ledger,
            sort: FindingKind::Ledger.label().to_owned(),
            reason: format!(
                "文中“{}”，台账截至{}的“{}”是{}。口径：{}",
                self.quote,
                self.day.in_chinese(),
                self.name,
                self.ledger,
                self.definition
            ),
            expected: Some(self.ledger.clone()),
            link: Some(self.link.clone()),
        }
    }
}

/// Units and days of one document whose figures are counted.
const SCOPES_MAX: usize = 60;

impl App {
    /// The recognised figures of a text with what is counted of the unit, or of a unit below it that the text names.
    /// `period` is what 本期 and 期间 mean.
    pub(super) fn compare_with_ledger(
        &self,
        ctx: &Context,
        unit: &Unit,
        campaign: &Campaign,
        (document, period): (Day, Option<(Day, Day)>),
        text: &str,
    ) -> Result<Vec<Compared>, Error> {
        let chars: Vec<char> = text.chars().collect();
        let exact = stated(text).into_iter().filter(|one| one.approx.is_none());
        let taken: Vec<(Figure, Meaning)> =
            exact.filter_map(|one| meaning(&chars, &one).map(|meaning| (one, meaning))).collect();
        let places =
            self.db.read(|conn| Places::of(conn, &chars, taken.iter().map(|(one, _)| one.start), unit))?;
        let mut known: BTreeMap<(Scope, bool), Option<Known>> = BTreeMap::new();
        let mut compared = Vec::new();
        for (stated, meaning) in taken {
            let Some(place) = places.whose(&chars, stated.start) else { continue };
            let day = day_of_sentence(&chars, stated.start, document);
            let Some((meaning, from, to)) = over(&chars, &stated, meaning, day, period) else { continue };
            if to > ctx.today() {
                continue;
            }
            let deeds = matches!(meaning, Meaning::Figure(name) if name.is_of_deeds());
            let scope = Scope { campaign: campaign.id, unit: place.map_or(unit.id, |one| one.id), from, to };
            if !known.contains_key(&(scope, deeds)) {
                if known.len() >= SCOPES_MAX {
                    continue;
                }
                let counted = self.db.read(|conn| gather_over(self, conn, ctx, scope, None, deeds));
                let counted = match counted {
                    Ok(known) => Some(known),
                    Err(Error::NotFound) => None,
                    Err(error) => return Err(error),
                };
                known.insert((scope, deeds), counted);
            }
            let Some(known) = known.get(&(scope, deeds)).and_then(Option::as_ref) else { continue };
            compared.extend(beside(&stated, meaning, known, (to, place.map(|one| one.name.as_str()))));
        }
        Ok(compared)
    }
}

/// The figure meant and the days it is over: what came within a period is another figure than what there is by its end.
fn over(
    chars: &[char],
    stated: &Figure,
    meaning: Meaning,
    day: Day,
    period: Option<(Day, Day)>,
) -> Option<(Meaning, Day, Day)> {
    use FigureName::{Action, ActionNow, Moved, NewlyLate, Plain, Slip};
    let from = chars[..stated.start].iter().rposition(|c| CLAUSE_ENDS.contains(*c)).map_or(0, |at| at + 1);
    let clause: String = chars[from..stated.start].iter().collect();
    let within = of_a_period(chars, stated.start, &clause);
    let Meaning::Figure(name) = meaning else { return (!within).then_some((meaning, day, day)) };
    let name = match name {
        Plain(code) if within && code == figure::TOTAL.code => Moved(Flow::Registered),
        Plain(code) if within && code == figure::CLOSED.code => Moved(Flow::Closed),
        Plain(code) if within && code == figure::LATE.code => NewlyLate,
        Action(part) if within => ActionNow(part),
        Slip(SlipPart::Sent) if within => Slip(SlipPart::SentNow),
        other => other,
    };
    let of_period = matches!(name, Moved(_) | NewlyLate | ActionNow(_) | Slip(SlipPart::SentNow));
    if !of_period {
        return (!within).then_some((Meaning::Figure(name), day, day));
    }
    let (from, to) = stated_period(chars, stated.start, day.year()).or(period)?;
    Some((Meaning::Figure(name), from, to))
}

/// 2024年1月5日至1月11日 told last before a place in its paragraph.
fn stated_period(chars: &[char], at: usize, year: i32) -> Option<(Day, Day)> {
    const DAY_CHARS: usize = 11;
    let paragraph = chars[..at].iter().rposition(|c| *c == '\n').map_or(0, |end| end + 1);
    let middle = (paragraph..at).rev().filter(|place| matches!(chars[*place], '至' | '—' | '-'));
    for place in middle {
        let starts = place.saturating_sub(DAY_CHARS)..place;
        let first = starts.filter_map(|from| day_at(chars, from, year)).find(|(_, end)| *end == place);
        let Some((first, _)) = first else { continue };
        if let Some((last, _)) = day_at(chars, place + 1, first.year()).filter(|(last, _)| *last >= first) {
            return Some((first, last));
        }
    }
    None
}

/// A day that begins at a place, with or without its year, and where it ends.
fn day_at(chars: &[char], from: usize, year: i32) -> Option<(Day, usize)> {
    let (mut numbers, mut digits, mut at) = (Vec::new(), String::new(), from);
    for c in chars.get(from..)?.iter().take(14) {
        at += 1;
        match c {
            c if c.is_ascii_digit() => digits.push(*c),
            '年' | '月' | '日' if !digits.is_empty() => {
                numbers.push((digits.parse::<i32>().ok()?, *c));
                digits.clear();
                if *c == '日' {
                    break;
                }
            }
            _ => return None,
        }
    }
    let (year, rest) = match numbers.as_slice() {
        [(year, '年'), rest @ ..] => (*year, rest),
        rest => (year, rest),
    };
    let [(month, '月'), (day, '日')] = rest else { return None };
    let day = Day::from_ymd(year, u32::try_from(*month).ok()?, u32::try_from(*day).ok()?)?;
    Some((day, at))
}

/// What came within a period is not what there is by its end: 本期销号17件, 新登记问题15件, and 1月5日至1月11日……销号3件.
fn of_a_period(chars: &[char], at: usize, clause: &str) -> bool {
    const NEW: [&str; 5] = ["新登记", "新排查", "新发现", "新逾期", "新增"];
    const PERIODS: [&str; 14] = [
        "期间",
        "日至",
        "本期",
        "本周",
        "本月",
        "本季度",
        "当月",
        "当周",
        "上周",
        "上月",
        "上季度",
        "今日",
        "一周",
        "当天",
    ];
    const WHOLE: [&str; 4] = ["截至", "截止", "累计", "总数"];
    if NEW.iter().any(|word| clause.contains(word)) {
        return true;
    }
    let from = chars[..at].iter().rposition(|c| "。！？\n".contains(*c)).map_or(0, |end| end + 1);
    let sentence: String = chars[from..at].iter().collect();
    let last = |words: &[&str]| words.iter().filter_map(|word| sentence.rfind(word)).max();
    last(&PERIODS) > last(&WHOLE)
}

/// 截至6月20日 in the sentence before the figure; the document's day otherwise.
fn day_of_sentence(chars: &[char], at: usize, document: Day) -> Day {
    let from = chars[..at].iter().rposition(|c| "。！？\n".contains(*c)).map_or(0, |end| end + 1);
    let sentence: String = chars[from..at].iter().collect();
    let Some(place) = ["截至", "截止"].iter().filter_map(|word| sentence.rfind(word)).max() else {
        return document;
    };
    let rest: Vec<char> = sentence[place..].chars().skip(2).take(12).filter(|c| !c.is_whitespace()).collect();
    let mut numbers: Vec<(i32, char)> = Vec::new();
    let mut digits = String::new();
    for c in rest {
        if c.is_ascii_digit() {
            digits.push(c);
        } else if "年月日".contains(c) && !digits.is_empty() {
            numbers.push((digits.parse().unwrap_or(0), c));
            digits.clear();
        } else {
            break;
        }
    }
    let of = |mark: char| numbers.iter().find(|(_, have)| *have == mark).map(|(number, _)| *number);
    let (Some(month), Some(day)) = (of('月'), of('日')) else { return document };
    let (Ok(month), Ok(day)) = (u32::try_from(month), u32::try_from(day)) else { return document };
    Day::from_ymd(of('年').unwrap_or(document.year()), month, day).unwrap_or(document)
}

/// A stated figure beside the one that is counted; `place` is the unit below that was named.
fn beside(
    stated: &Figure,
    meaning: Meaning,
    known: &Known,
    (day, place): (Day, Option<&str>),
) -> Option<Compared> {
    let name = match meaning {
        Meaning::ClosedRate => FigureName::Plain(figure::CLOSED.code),
        Meaning::Figure(name) => name,
    };
    let own = known.figure(name);
    let definition = own.figure.definition;
    let (label, definition, ledger, agrees) = match meaning {
        Meaning::ClosedRate => {
            let rate = percent(own.figure.value, own.figure.out_of?)?;
            let words = "已销号的问题占问题总数的比例。".to_owned();
            ("销号率".to_owned(), words, rate_text(rate, stated), same_rate(stated, rate))
        }
        Meaning::Figure(name) if name.is_rate() => {
            let part = match &own.rows {
                Some(rows) => rows.iter().map(|row| row.count).sum(),
                None => known.figure(FigureName::Plain(figure::SOLVED.code)).figure.value,
            };
            let rate = percent(part, own.figure.out_of?)?;
            let words = format!("{}分母：{}。", definition.definition, definition.denominator);
            (own.figure.label.clone(), words, rate_text(rate, stated), same_rate(stated, rate))
        }
        Meaning::Figure(_) => {
            let agrees = (stated.value - own.figure.value as f64).abs() < 0.5;
            let text = format!("{}{}", own.figure.value, stated.unit);
            (own.figure.label.clone(), definition.definition.to_owned(), text, agrees)
        }
    };
    Some(Compared {
        start: stated.start,
        end: stated.end,
        quote: stated.quote.clone(),
        name: format!("{}{label}", place.unwrap_or_default()),
        definition,
        ledger,
        day,
        link: link(name, known, &own.figure.query),
        agrees,
    })
}

/// The page that proves it.
fn link(name: FigureName, known: &Known, query: &LedgerQuery) -> String {
    let (campaign, unit) = (known.at.campaign.id, known.at.unit.id);
    match name.matter() {
        Matter::Problems => format!("/ledger?{}", query_words(query)),
        Matter::Actions => format!("/actions?campaign={campaign}&unit={unit}"),
        Matter::Tasks => format!("/tasks?campaign={campaign}&unit={unit}"),
        Matter::Slips => format!("/slips?campaign={campaign}&unit={unit}"),
    }
}

fn percent(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 * 100.0 / whole as f64)
}

fn decimals(stated: &Figure) -> usize {
    let number = stated.quote.trim_end_matches(['%', '％']);
    number.split_once('.').map_or(0, |(_, decimals)| decimals.len())
}

/// As exactly as the document prints it.
fn rate_text(rate: f64, stated: &Figure) -> String {
    format!("{rate:.*}%", decimals(stated))
}

fn same_rate(stated: &Figure, rate: f64) -> bool {
    let half = 0.5 * 0.1_f64.powi(decimals(stated) as i32);
    (stated.value - rate).abs() <= half + 1e-9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_a_sentence_is_read_where_it_is_told() {
        let document = Day::from_ymd(2024, 7, 1).unwrap();
        let day = |text: &str| {
            let chars: Vec<char> = text.chars().collect();
            day_of_sentence(&chars, chars.len(), document)
        };
        assert_eq!(day("截至6月20日，共排查问题"), Day::from_ymd(2024, 6, 20).unwrap());
        assert_eq!(day("截至2023年12月31日，已销号"), Day::from_ymd(2023, 12, 31).unwrap());
        assert_eq!(day("截至目前，已销号"), document);
        assert_eq!(day("截至6月31日，已销号"), document);
    }

    #[test]
    fn the_period_told_last_before_a_figure_is_the_one_it_is_over_m43() {
        let period = |text: &str| {
            let chars: Vec<char> = text.chars().collect();
            stated_period(&chars, chars.len(), 2024)
        };
        let day = |m, d| Day::from_ymd(2024, m, d).unwrap();
        assert_eq!(period("2024年1月5日至1月11日，期间新登记"), Some((day(1, 5), day(1, 11))));
        assert_eq!(period("1月5日至1月11日登记；2月1日至2024年2月9日"), Some((day(2, 1), day(2, 9))));
        assert_eq!(period("截至1月11日"), None);
    }

    #[test]
    fn what_came_within_a_period_is_not_taken_for_what_there_is_by_its_end_m43() {
        let period = |text: &str| {
            let chars: Vec<char> = text.chars().collect();
            let clause = text.rsplit(['，', '。']).next().unwrap_or_default();
            of_a_period(&chars, chars.len(), clause)
        };
        assert!(period("期间新登记问题15件，交办14件，销号"));
        assert!(period("2024年1月5日至1月11日，全县销号"));
        assert!(period("目前逾期未办结38件，其中本期新逾期"));
        assert!(!period("2024年1月5日至1月11日，全县新登记问题3件。截至1月11日，已销号"));
        assert!(!period("本周，各乡镇继续推进，全县累计排查问题"));
        assert!(!period("全县共排查问题"));
    }
}
