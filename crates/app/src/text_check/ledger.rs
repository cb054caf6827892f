//! Figures of a document against the ledger: a stated figure whose definition is recognised is compared with the same
//! figure as of the document's day.

use super::{Finding, FindingKind};
use crate::Error;
use crate::context::{App, Context};
use crate::ledger::LedgerQuery;
use crate::overview::Figure as Counted;
use bihuan_domain::campaign::Campaign;
use bihuan_domain::figure::{self, Definition};
use bihuan_domain::unit::Unit;
use bihuan_domain::{Coded, Day};
use bihuan_text::{Figure, FigureKind, figures};
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

/// What a stated figure is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Plain(Definition),
    /// Closed out of all, which has no definition of its own.
    ClosedRate,
}

/// Words before (or, for the total, behind) a number that say which figure it is; the first that fits decides.
const WORDS: [(&str, Definition); 5] = [
    ("未销号 未完成 尚未 正在整改 正在推进 在办 剩余 还有 未办结", figure::OPEN),
    ("逾期 超期 超时限", figure::LATE),
    ("已解决 完成整改 整改完成 已整改 整改到位 已完成", figure::SOLVED),
    ("销号 已办结 办结", figure::CLOSED),
    (
        "问题总数 问题总量 共排查 共梳理 共查摆 共发现 共登记 累计排查 累计梳理 累计查摆 累计发现 累计登记 排查出 梳理出 查摆出 建立台账 排查 梳理 查摆 登记",
        figure::TOTAL,
    ),
];

/// Kinds of places that, named before a figure, make it somebody else's.
const PLACES: [char; 8] = ['镇', '乡', '村', '局', '街', '县', '市', '委'];

impl App {
    /// The recognised figures of a text with what the ledger says of the unit and its subtree.
    pub(super) fn compare_with_ledger(
        &self,
        ctx: &Context,
        unit: &Unit,
        campaign: &Campaign,
        day: Day,
        text: &str,
    ) -> Result<Vec<Compared>, Error> {
        let chars: Vec<char> = text.chars().collect();
        let mut known: BTreeMap<Day, Vec<Counted>> = BTreeMap::new();
        let mut compared = Vec::new();
        for stated in figures(text) {
            let Some(meaning) = meaning(&chars, &stated, unit) else { continue };
            let day = day_of_sentence(&chars, stated.start, day);
            if day > ctx.today() || stated.approx.is_some() {
                continue;
            }
            if let std::collections::btree_map::Entry::Vacant(place) = known.entry(day) {
                place.insert(self.counted_figures(ctx, unit, campaign, day)?);
            }
            let counted = &known[&day];
            compared.extend(beside(&stated, meaning, counted, day));
        }
        Ok(compared)
    }

    fn counted_figures(
        &self,
        ctx: &Context,
        unit: &Unit,
        campaign: &Campaign,
        day: Day,
    ) -> Result<Vec<Counted>, Error> {
        let as_of = (day < ctx.today()).then_some(day);
        let query =
            LedgerQuery { campaign: Some(campaign.id), unit: Some(unit.id), as_of, ..LedgerQuery::default() };
        Ok(self.overview(ctx, &query, None)?.figures)
    }
}

/// What a figure is taken for, if its words say so plainly and it is the unit's own.
fn meaning(chars: &[char], stated: &Figure, unit: &Unit) -> Option<Meaning> {
    let from =
        chars[..stated.start].iter().rposition(|c| "，。；：！？\n、".contains(*c)).map_or(0, |at| at + 1);
    let before: String = chars[from..stated.start].iter().collect();
    let behind: String =
        chars[stated.end..].iter().take(8).take_while(|c| !"，。；\n".contains(**c)).collect();
    if of_another_place(&before, unit) || of_a_period(chars, stated.start, &before) {
        return None;
    }
    if stated.kind == FigureKind::Rate {
        if !stated.quote.ends_with(['%', '％']) || stated.value > 100.0 {
            return None;
        }
        return match () {
            () if before.contains("销号率") => Some(Meaning::ClosedRate),
            () if ["解决率", "整改完成率", "问题整改率"].iter().any(|word| before.contains(word)) => {
                Some(Meaning::Plain(figure::SOLVED_RATE))
            }
            () => None,
        };
    }
    let counts_things =
        stated.kind == FigureKind::Count && ["个", "项", "条", "件"].contains(&stated.unit.as_str());
    if !counts_things {
        return None;
    }
    // 排查问题12个 and 排查12个问题 speak of problems; 排查隐患点12个 does not.
    let problems = before.contains("问题") || behind.starts_with("问题") || behind.contains("问题");
    let (_, definition) =
        WORDS.iter().find(|(words, _)| words.split_whitespace().any(|word| before.contains(word)))?;
    let needs_problem = definition.code == figure::TOTAL.code || definition.code == figure::OPEN.code;
    (problems || !needs_problem && before.chars().count() <= 8).then_some(Meaning::Plain(*definition))
}

/// 石桥镇排查问题12个 in a county's report is the township's figure.
fn of_another_place(before: &str, unit: &Unit) -> bool {
    let before = before.replace(&unit.name, "");
    let chars: Vec<char> = before.chars().collect();
    let general = "全各本我";
    chars.iter().enumerate().any(|(at, c)| {
        PLACES.contains(c) && at >= 2 && !general.contains(chars[at - 1]) && !"乡县市".contains(chars[at - 1])
    })
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

fn beside(stated: &Figure, meaning: Meaning, counted: &[Counted], day: Day) -> Option<Compared> {
    let of = |code: &str| counted.iter().find(|figure| figure.definition.code == code);
    let (name, definition, ledger, agrees, behind) = match meaning {
        Meaning::ClosedRate => {
            let closed = of(figure::CLOSED.code)?;
            let rate = percent(closed.value, closed.out_of?)?;
            let words = "已销号的问题占问题总数的比例。".to_owned();
            ("销号率", words, rate_text(rate, stated), same_rate(stated, rate), closed)
        }
        Meaning::Plain(figure::SOLVED_RATE) => {
            let solved = of(figure::SOLVED.code)?;
            let rate = percent(solved.value, solved.out_of?)?;
            let words =
                format!("{}分母：{}。", figure::SOLVED_RATE.definition, figure::SOLVED_RATE.denominator);
            (figure::SOLVED_RATE.name, words, rate_text(rate, stated), same_rate(stated, rate), solved)
        }
        Meaning::Plain(definition) => {
            let own = of(definition.code)?;
            let agrees = (stated.value - own.value as f64).abs() < 0.5;
            let text = format!("{}{}", own.value, stated.unit);
            (definition.name, definition.definition.to_owned(), text, agrees, own)
        }
    };
    Some(Compared {
        start: stated.start,
        end: stated.end,
        quote: stated.quote.clone(),
        name: name.to_owned(),
        definition,
        ledger,
        day,
        link: link(&behind.query),
        agrees,
    })
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

fn link(query: &LedgerQuery) -> String {
    let pairs: Vec<String> =
        query.pairs().into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("/ledger?{}", pairs.join("&"))
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
