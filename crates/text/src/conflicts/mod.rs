//! Figures of one document that cannot, or can hardly, be true together.

mod across;
mod acts;
mod among;
mod average;
mod base;
mod claims;
mod days;
mod definite;
mod doubts;
mod elsewhere;
mod exceeds;
mod explained;
mod facts;
mod fraction;
mod frames;
mod growth;
mod innocent;
mod left;
mod levels;
mod limits;
mod listed;
mod lists;
mod mistaken;
mod named_set;
mod opposites;
mod over_time;
mod parts;
mod pieces;
mod plainly;
mod portion;
mod reasons;
mod reckon;
mod remains;
mod rest;
mod retold;
mod settled;
mod share;
mod slips;
mod standing;
mod suspects;
mod teaching;
mod things;
mod totals;
mod unfinished;
mod wholes;
mod within;

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use crate::figures::{Mention, impossible_rates, mentions};
use crate::lexicon::words;
use crate::numbers::Number;
pub use pieces::FIGURES_TOGETHER_MAX;
pub use teaching::{Told, suspected, told_numbers};
use within::plain;

/// What is wrong between the figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConflictKind {
    /// Parts do not add up to the stated sum.
    Sum,
    /// A stated share is not what the counts give.
    Share,
    /// Shares of one whole do not make 100 %.
    SharesOfWhole,
    /// A part is larger than its whole.
    SubsetExceedsSet,
    /// Said to be all done where something is told as open.
    AllDoneVsUnfinished,
    /// A rate above 100 % of something that cannot exceed it.
    #[serde(rename = "rate-over-100")]
    RateOver100,
    /// A stated change is not what the two values give.
    Change,
    /// The same thing compared with different years.
    BaseYear,
    /// A part of another kind or level than its whole.
    Category,
    /// A place in an order beyond the number of competitors.
    Rank,
    /// The same thing told with different values.
    TwoValues,
    /// An average that total and number do not give.
    Average,
    /// So many of each that do not make the stated total.
    Product,
    /// A number of days that the dates do not give.
    Duration,
    /// What has been done by a later day is less than before.
    Decrease,
}

/// How sure the conflict is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Cannot be true as written.
    Certain,
    /// Somebody should ask; the text may have an explanation.
    Query,
}

/// Figures that disagree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// First code point of the first figure.
    pub start: usize,
    /// Code point behind the first figure.
    pub end: usize,
    /// The figures that disagree, as pairs of first code point and code point behind.
    pub spans: Vec<[usize; 2]>,
    /// Their words.
    pub quotes: Vec<String>,
    /// What is wrong.
    pub kind: ConflictKind,
    /// How sure.
    pub strength: Certainty,
    /// Why, in Chinese, with the numbers that were computed.
    pub reason: String,
}

impl Conflict {
    /// The same further behind in a text, in code points.
    fn shift(&mut self, by: usize) {
        self.start += by;
        self.end += by;
        self.spans.iter_mut().flatten().for_each(|at| *at += by);
    }
}

/// The conflicts of a text, in its order. Of more than [`FIGURES_TOGETHER_MAX`] figures those of one piece of the text are
/// held against one another.
pub fn conflicts(text: &str) -> Vec<Conflict> {
    let chars: Vec<char> = text.chars().collect();
    let figures = mentions(&chars);
    let starts = pieces::pieces(&chars, &figures);
    if starts.len() == 1 {
        return of_piece(&chars, &figures);
    }
    let ends = starts[1..].iter().copied().chain([chars.len()]);
    let piece = |(start, end): (usize, usize)| {
        let mut found = of_piece(&chars[start..end], &mentions(&chars[start..end]));
        found.iter_mut().for_each(|conflict| conflict.shift(start));
        found
    };
    starts.iter().copied().zip(ends).flat_map(piece).collect()
}

/// The conflicts of one piece of a text.
fn of_piece(chars: &[char], mentions: &[Mention]) -> Vec<Conflict> {
    let mut found = Found { chars, conflicts: Vec::new(), by_span: HashMap::new() };
    for (_, number) in impossible_rates(chars) {
        let (mut spans, point) = shifted(chars, mentions, &number);
        spans.push((number.start, number.end + 1));
        let reason = match point {
            Some(right) => format!("比率写作{}%，不会超过100%；按前面两数算为{right:.1}%", number.value),
            None => format!("比率写作{}%，不会超过100%", number.value),
        };
        found.tell(&spans, ConflictKind::RateOver100, Certainty::Certain, reason);
    }
    let (mut from, mut before) = (0, 0);
    while from < mentions.len() {
        let sentence = mentions[from].sentence;
        let to =
            mentions[from..].iter().position(|m| m.sentence != sentence).map_or(mentions.len(), |n| from + n);
        within::sentence(&mut found, &mentions[from..to]);
        levels::sentence(&mut found, &mentions[from..to]);
        rest::sentence(&mut found, &mentions[from..to]);
        rest::parts_behind(&mut found, &mentions[before..from], &mentions[from..to]);
        share::of_whole_before(&mut found, &mentions[..from], &mentions[from..to]);
        growth::sentence(&mut found, &mentions[from..to]);
        average::sentence(&mut found, &mentions[from..to]);
        days::sentence(&mut found, &mentions[from..to]);
        left::all_done_but(&mut found, &mentions[from..to]);
        listed::of_all_in_front(&mut found, mentions, from, to);
        (before, from) = (from, to);
    }
    by_document(&mut found, mentions);
    let mut conflicts = found.conflicts;
    conflicts.retain(|conflict| !innocent::innocent(chars, around(mentions, conflict), conflict));
    let plainly = plainly::document(chars, mentions);
    plainly::join(&mut conflicts, &plainly);
    conflicts.retain(|conflict| !elsewhere::elsewhere(chars, around(mentions, conflict), conflict));
    let mut conflicts = told_once(chars, conflicts);
    asked_only(&mut conflicts);
    for conflict in &mut conflicts {
        first_told(chars, around(mentions, conflict), conflict);
        also_told(chars, around(mentions, conflict), conflict);
    }
    suspects::weigh(chars, mentions, &mut conflicts);
    let plain = |c: &Conflict| plainly.iter().any(|p| p.spans == c.spans);
    conflicts.iter_mut().filter(|c| plain(c)).for_each(|c| c.strength = Certainty::Certain);
    conflicts.iter_mut().for_each(reasons::printed);
    conflicts.sort_by(|a, b| (a.start, a.end, &a.spans).cmp(&(b.start, b.end, &b.spans)));
    conflicts.dedup_by(|b, a| a.spans == b.spans);
    conflicts
}

/// The rules that look at more than a sentence.
fn by_document(found: &mut Found<'_>, mentions: &[Mention]) {
    frames::document(found, mentions);
    left::document(found, mentions);
    lists::document(found, mentions);
    portion::document(found, mentions);
    over_time::document(found, mentions);
    standing::document(found, mentions);
    definite::document(found, mentions);
    exceeds::document(found, mentions);
    remains::document(found, mentions);
    parts::document(found, mentions);
    limits::document(found, mentions);
    retold::document(found, mentions);
    settled::document(found, mentions);
    across::document(found, mentions);
    claims::document(found, mentions);
    acts::document(found, mentions);
    things::document(found, mentions);
    let lists = facts::lists(found.chars, mentions);
    totals::document(found, mentions, &lists);
    listed::document(found, mentions, &lists);
    among::document(found, mentions);
    opposites::document(found, mentions);
    named_set::document(found, mentions);
    unfinished::document(found, mentions);
    slips::document(found, mentions, &lists);
    doubts::document(found, mentions);
}

/// How far from the numbers of a conflict those may stand that explain it, in code points.
const AROUND: usize = 2_500;

/// The numbers around a conflict.
fn around<'a>(mentions: &'a [Mention], conflict: &Conflict) -> &'a [Mention] {
    let (start, end) =
        conflict.spans.iter().fold((usize::MAX, 0), |(s, e), span| (s.min(span[0]), e.max(span[1])));
    let from = mentions.partition_point(|m| m.end + AROUND < start);
    let to = mentions.partition_point(|m| m.start <= end + AROUND);
    &mentions[from.min(to)..to]
}

/// Leaves out what is asked where all its numbers are told for sure.
fn asked_only(conflicts: &mut Vec<Conflict>) {
    let mut sure: HashMap<[usize; 2], Vec<Vec<[usize; 2]>>> = HashMap::new();
    for c in conflicts.iter().filter(|c| c.strength == Certainty::Certain) {
        c.spans.iter().for_each(|span| sure.entry(*span).or_default().push(c.spans.clone()));
    }
    let told = |c: &Conflict| {
        let mut with = sure.get(&c.spans[0]).into_iter().flatten();
        with.any(|spans| c.spans.iter().all(|span| spans.contains(span)))
    };
    // 31件 and 34件 are told for sure: 46件 is no other value of the same.
    let twice: HashSet<[usize; 2]> = conflicts
        .iter()
        .filter(|c| c.strength == Certainty::Certain && c.kind == ConflictKind::TwoValues)
        .filter_map(|c| c.spans.last().copied())
        .collect();
    let of_these = |c: &Conflict| {
        c.kind == ConflictKind::TwoValues && c.spans.last().is_some_and(|again| twice.contains(again))
    };
    conflicts.retain(|c| c.strength == Certainty::Certain || !told(c) && !of_these(c));
}

/// The two counts in front of which a rate without its point would be right: 412家，其中193家，占比达到468%.
fn shifted(chars: &[char], mentions: &[Mention], rate: &Number) -> (Vec<(usize, usize)>, Option<f64>) {
    let end = mentions.partition_point(|m| m.end <= rate.start);
    let Some([whole, part]) = end.checked_sub(2).map(|from| &mentions[from..end]) else {
        return (Vec::new(), None);
    };
    let near = rate.start - whole.end <= FIRST / 10 && reckon::same_unit(chars, whole, part);
    let share = part.amount(chars) / whole.amount(chars).max(1e-9) * 100.0;
    // 2.86万人，已签约3.04万人，签约率106.3%: more were done than there are.
    if near && share > 100.0 && (rate.value - share).abs() < 0.06 {
        return (vec![(whole.start, whole.end), (part.start, part.end)], None);
    }
    let same = [10.0, 100.0].iter().any(|step| (rate.value / step - share).abs() < 0.06);
    // 672具，其中完好658具，完好率102.1%: the whole divided by its part; or any other rate directly behind both.
    let over = (rate.value - 1e4 / share.max(1e-9)).abs() < 0.06;
    let gap = &chars[part.end.min(rate.start)..rate.start];
    let behind = gap.len() <= FIRST / 50 && gap.iter().filter(|c| matches!(c, '，' | '、')).count() == 1;
    let front = (whole.end.min(part.number.start), part.number.start);
    let among = part.sentence == whole.sentence && crate::lexicon::any(chars, front.0, front.1, "其中 已");
    let directly = share <= 100.0 && behind && among && gap.contains(&'率');
    if near && (same || over && share < 100.0 || directly) {
        (vec![(whole.start, whole.end), (part.start, part.end)], Some(share))
    } else {
        (Vec::new(), None)
    }
}

/// How far in front a number may have been told first that is told again where the conflict is, in code points.
const FIRST: usize = 600;

/// 专用库房的81家，这81家中有88家: where the number that is exceeded was told first belongs to it as well.
fn first_told(chars: &[char], mentions: &[Mention], conflict: &mut Conflict) {
    let exceeded = matches!(conflict.kind, ConflictKind::SubsetExceedsSet | ConflictKind::Rank);
    let at = mentions.iter().position(|m| [m.start, m.end] == conflict.spans[0]);
    let Some(again) = at.map(|at| &mentions[at]).filter(|_| exceeded && conflict.spans.len() == 2) else {
        return;
    };
    let these = again.number.start > 0 && matches!(chars[again.number.start - 1], '这' | '在');
    let same = |m: &&Mention| {
        reckon::same_unit(chars, m, again) && (m.amount(chars) - again.amount(chars)).abs() < 1e-9
    };
    let near = |m: &&Mention| again.start - m.end <= FIRST;
    let first = mentions[..at.unwrap_or(0)].iter().rev().take_while(near).find(same);
    // 细化整改措施96条 …… 96条整改措施已落实98条: the noun behind stands in front where the number was told first.
    let noun = chars.get(again.end..again.end + 2).unwrap_or_default();
    let named = |first: &Mention| {
        noun.len() == 2 && chars[first.clause.0..first.number.start].windows(2).any(|two| two == noun)
    };
    if let Some(first) = first.filter(|first| these || named(first)) {
        conflict.spans.insert(0, [first.start, first.end]);
        conflict.quotes.insert(0, words(chars, first.start, first.end));
        (conflict.start, conflict.end) = (first.start, first.end);
    }
}

/// 查摆问题2360个，已整改1982个，尚有378个正在整改 …… 尚未整改的398个: where what should be left was told rightly, that
/// number belongs to it as well.
fn also_told(chars: &[char], mentions: &[Mention], conflict: &mut Conflict) {
    const LEFT: &str = "尚 未 其余 剩余 还有 仍有 正在";
    let figure = |span: &[usize; 2]| mentions.iter().find(|m| [m.start, m.end] == *span);
    let [Some(all), Some(done), Some(told)] = &conflict.spans.iter().map(figure).collect::<Vec<_>>()[..]
    else {
        return;
    };
    let rest = all.amount(chars) - done.amount(chars);
    let right = |m: &&Mention| {
        m.start != told.start
            && m.start > all.start
            && m.start <= all.end + FIRST
            && reckon::same_unit(chars, m, told)
            && (m.amount(chars) - rest).abs() < 1e-9
            && crate::lexicon::any(chars, m.clause.0, m.start, LEFT)
    };
    let right = mentions.iter().find(right).filter(|_| conflict.kind == ConflictKind::Sum && rest > 0.0);
    if let Some(right) = right.filter(|m| !conflict.spans.contains(&[m.start, m.end])) {
        conflict.spans.push([right.start, right.end]);
        conflict.spans.sort_unstable();
        conflict.quotes = quoted(chars, &conflict.spans);
    }
}

/// Where two rules tell that all is done and something open, of the same statement, their numbers are told together.
fn told_once(chars: &[char], conflicts: Vec<Conflict>) -> Vec<Conflict> {
    let mut once: Vec<Conflict> = Vec::new();
    let mut all_done: Vec<usize> = Vec::new();
    for conflict in conflicts {
        let meets = |c: &Conflict| {
            let overlap = |a: &[usize; 2]| conflict.spans.iter().any(|b| a[0] < b[1] && b[0] < a[1]);
            c.spans.iter().any(overlap)
        };
        if conflict.kind != ConflictKind::AllDoneVsUnfinished {
            once.push(conflict);
            continue;
        }
        let Some(at) = all_done.iter().copied().find(|at| meets(&once[*at])) else {
            all_done.push(once.len());
            once.push(conflict);
            continue;
        };
        let known = &mut once[at];
        for span in &conflict.spans {
            match known.spans.iter_mut().find(|k| k[0] < span[1] && span[0] < k[1]) {
                Some(k) => *k = [k[0].min(span[0]), k[1].max(span[1])],
                None => known.spans.push(*span),
            }
        }
        known.spans.sort_unstable();
        known.quotes = quoted(chars, &known.spans);
        [known.start, known.end] = known.spans[0];
        if conflict.strength == Certainty::Certain && known.strength == Certainty::Query {
            (known.strength, known.reason) = (conflict.strength, conflict.reason);
        }
    }
    once
}

/// The words of some stretches.
fn quoted(chars: &[char], spans: &[[usize; 2]]) -> Vec<String> {
    spans.iter().map(|[s, e]| words(chars, *s, *e)).collect()
}

/// The conflict of these figures, of which there is one at least.
fn conflict(
    chars: &[char],
    spans: &[(usize, usize)],
    kind: ConflictKind,
    strength: Certainty,
    reason: String,
) -> Conflict {
    let spans: Vec<[usize; 2]> = spans.iter().map(|(s, e)| [*s, *e]).collect();
    let [start, end] = spans[0];
    Conflict { start, end, quotes: quoted(chars, &spans), spans, kind, strength, reason }
}

struct Found<'a> {
    chars: &'a [char],
    conflicts: Vec<Conflict>,
    /// Which conflicts hold a number, by its place.
    by_span: HashMap<[usize; 2], Vec<usize>>,
}

impl Found<'_> {
    fn tell(&mut self, spans: &[(usize, usize)], kind: ConflictKind, strength: Certainty, reason: String) {
        if spans.is_empty() {
            return;
        }
        // What a rule shows may reach behind the text where that is cut off.
        let inside = |(s, e): &(usize, usize)| ((*s).min(self.chars.len()), (*e).min(self.chars.len()));
        let spans: &[(usize, usize)] = &spans.iter().map(inside).collect::<Vec<_>>();
        // Two rules may see the same numbers: they are told once.
        let known = |c: &Conflict| {
            let shared = spans.iter().filter(|(s, e)| c.spans.contains(&[*s, *e])).count();
            shared > 1 && shared + 1 >= spans.len() && c.strength == strength
        };
        let mut with = spans.iter().filter_map(|(s, e)| self.by_span.get(&[*s, *e])).flatten();
        if with.any(|at| known(&self.conflicts[*at])) {
            return;
        }
        for (s, e) in spans {
            self.by_span.entry([*s, *e]).or_default().push(self.conflicts.len());
        }
        self.conflicts.push(conflict(self.chars, spans, kind, strength, reason));
    }

    /// Whether some conflict holds this number already.
    fn holds(&self, m: &Mention) -> bool {
        self.by_span.contains_key(&[m.start, m.end])
    }

    /// Whether some conflict that is told for sure holds this number already.
    fn is_sure_of(&self, m: &Mention) -> bool {
        let mut with = self.by_span.get(&[m.start, m.end]).into_iter().flatten();
        with.any(|at| self.conflicts[*at].strength == Certainty::Certain)
    }

    /// What is left of a number when another is taken from it, told beside what the text says.
    fn left(&mut self, (all, out, told): (&Mention, &Mention, &Mention), kind: ConflictKind) {
        let value = |m: &Mention| m.amount(self.chars);
        let (all_of, out_of, told_as) = (value(all), value(out), value(told));
        let rest = plain(all_of - out_of);
        let reason = format!("{}减{}应为{rest}，文中为{}", plain(all_of), plain(out_of), plain(told_as));
        let mut figures = [all, out, told];
        figures.sort_by_key(|m| m.start);
        self.between(&figures, kind, Certainty::Certain, reason);
    }

    fn between(&mut self, figures: &[&Mention], kind: ConflictKind, strength: Certainty, reason: String) {
        let spans: Vec<_> = figures.iter().map(|m| (m.start, m.end)).collect();
        self.tell(&spans, kind, strength, reason);
    }
}

/// Half a unit of the last printed digit: how far a rounded number may be from the true one.
fn rounding(chars: &[char], m: &Mention) -> f64 {
    0.5 * 0.1_f64.powi(decimals(chars, m) as i32)
}

/// How many digits of a number are printed behind its point.
fn decimals(chars: &[char], m: &Mention) -> usize {
    let printed = &chars[m.number.start..m.number.end];
    printed.iter().position(|c| matches!(c, '.' | '．')).map_or(0, |i| printed.len() - i - 1)
}
