//! Two counts and a rate beside them that is neither the share nor the change that they make.

use super::beside::{digits_off, round};
use super::holds::{makes, tolerance};
use super::signs::{Sign, Signs, common, pairs, plain_unit};
use super::{Doubt, Family, Suspect};
use crate::lexicon::any;

/// How many counts in front of the rate are looked at, and how far they may stand, in code points.
const MOST: usize = 6;
const FAR: usize = 220;
/// How many of them are looked at whatever they are.
const NEXT: usize = 3;
/// How far behind it one may stand.
const BEHIND: usize = 25;
/// How far around it those may stand that make it right.
const EXPLAINED: usize = 500;
/// How far the stated rate may be from the computed one, in points, and the largest change.
const OFF: f64 = 40.0;
const LARGEST: f64 = 400.0;
/// How many numbers of its unit further in front may be the whole.
const WHOLES: usize = 14;
/// Most numbers around the rate that are tried.
const TRIED: usize = 40;
const GROWN: &str = "增长 下降 提高 降低 压缩 减少 增加 上升 缩短 压减 降幅 增幅 增";

pub(super) fn each(signs: &Signs<'_>, see: &mut dyn FnMut(Suspect)) {
    for rate in &signs.rates {
        signs.units.iter().for_each(|unit| of_rate(signs, unit, *rate, see));
    }
}

/// What one rate stands beside, of one unit.
struct Beside<'a> {
    rate: &'a Sign<'a>,
    front: Vec<&'a Sign<'a>>,
    behind: Option<&'a Sign<'a>>,
    /// Whether two counts around it make it.
    explained: bool,
}

fn of_rate(signs: &Signs<'_>, unit: &[usize], rate: usize, see: &mut dyn FnMut(Suspect)) {
    let rate = &signs.all[rate];
    let end = unit.partition_point(|n| signs.all[*n].m.end <= rate.m.number.start);
    let near = |s: &&Sign<'_>| rate.m.number.start - s.m.end < FAR;
    let mut front: Vec<&Sign<'_>> =
        unit[..end].iter().rev().map(|n| &signs.all[*n]).take_while(near).collect();
    // Items of a list are hardly what a rate far behind them is of.
    let mut place = 0;
    front.retain(|s| {
        place += 1;
        place <= NEXT || s.lists.is_empty()
    });
    front.truncate(MOST);
    front.reverse();
    let after = |s: &&Sign<'_>| s.m.start >= rate.m.end && s.m.start - rate.m.end < BEHIND;
    let behind = unit.get(end).map(|n| &signs.all[*n]).filter(after);
    let counts: Vec<&Sign<'_>> = front.iter().copied().chain(behind).collect();
    if counts.is_empty() {
        return;
    }
    let from = unit.partition_point(|n| signs.all[*n].m.start + EXPLAINED <= rate.m.start);
    let around: Vec<f64> = unit[from..]
        .iter()
        .map(|n| &signs.all[*n])
        .take_while(|s| s.m.start < rate.m.start + EXPLAINED)
        .take(TRIED)
        .map(|s| s.amount)
        .collect();
    let near = tolerance(rate.decimals);
    let made = |x: &f64| around.iter().any(|y| (x - y).abs() > 1e-9 && makes(*x, *y, rate.amount, near));
    let beside = Beside { rate, explained: around.iter().any(made), front, behind };
    // 有395人，占42%: the whole may have been told long before.
    if let Some(x) = front_next(&beside) {
        let far = unit[..end].iter().rev().map(|n| &signs.all[*n]).skip(beside.front.len()).take(WHOLES);
        for y in far.filter(|y| y.amount > x.amount) {
            [share, without].iter().filter_map(|of| of(signs, &beside, x, y)).for_each(&mut *see);
        }
    }
    for x in &counts {
        for y in counts.iter().filter(|y| (y.amount - x.amount).abs() > 1e-9) {
            [share, without, change].iter().filter_map(|of| of(signs, &beside, x, y)).for_each(&mut *see);
        }
    }
}

/// Whether a change is spoken of in front of a rate.
fn grown(signs: &Signs<'_>, rate: &Sign<'_>) -> bool {
    let start = rate.m.number.start;
    any(signs.chars, rate.m.clause.0.min(start), start, GROWN)
}

/// The count directly in front of a rate.
fn front_next<'a>(beside: &Beside<'a>) -> Option<&'a Sign<'a>> {
    beside.front.last().copied().filter(|x| x.at + 1 == beside.rate.at)
}

/// What a rate may be of two counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Share,
    Without,
    Change,
}

/// Whether a rate is what the smaller makes of the larger, what is left of it, or how much one grew from the other that is told
/// first or compared with.
fn told_right(x: &Sign<'_>, y: &Sign<'_>, rate: &Sign<'_>) -> bool {
    let near = 2.0 * tolerance(rate.decimals);
    let (less, more) = (x.amount.min(y.amount), x.amount.max(y.amount));
    let share = less / more * 100.0;
    let is = |value: f64| (value - rate.amount).abs() <= near;
    let grown = |from: f64, to: f64| is((to - from).abs() / from * 100.0);
    is(share)
        || is(100.0 - share)
        || grown(y.amount, x.amount)
        || more / less > 2.0 && is(more / less * 100.0)
}

/// Whether it is what the two make the other way round: 672具中完好658具，完好率102.1%.
fn turned_round(x: &Sign<'_>, y: &Sign<'_>, rate: &Sign<'_>) -> bool {
    let near = 2.0 * tolerance(rate.decimals);
    let is = |value: f64| (value - rate.amount).abs() <= near;
    is(y.amount / x.amount * 100.0) || is((x.amount - y.amount).abs() / x.amount * 100.0)
}

fn share(signs: &Signs<'_>, beside: &Beside<'_>, x: &Sign<'_>, y: &Sign<'_>) -> Option<Suspect> {
    let right = x.amount / y.amount * 100.0;
    (x.amount < y.amount).then(|| suspect(signs, beside, (x, y), (right, Of::Share))).flatten()
}

/// 抽检860批次，不合格19批次，合格率98.9%: the share of what is left.
fn without(signs: &Signs<'_>, beside: &Beside<'_>, x: &Sign<'_>, y: &Sign<'_>) -> Option<Suspect> {
    let right = 100.0 - x.amount / y.amount * 100.0;
    (x.amount < y.amount).then(|| suspect(signs, beside, (x, y), (right, Of::Without))).flatten()
}

fn change(signs: &Signs<'_>, beside: &Beside<'_>, x: &Sign<'_>, y: &Sign<'_>) -> Option<Suspect> {
    let right = (x.amount - y.amount).abs() / y.amount * 100.0;
    (right <= LARGEST).then(|| suspect(signs, beside, (x, y), (right, Of::Change))).flatten()
}

fn suspect(
    signs: &Signs<'_>,
    beside: &Beside<'_>,
    (x, y): (&Sign<'_>, &Sign<'_>),
    (right, of): (f64, Of),
) -> Option<Suspect> {
    let rate = beside.rate;
    let off = right - rate.amount;
    let near = tolerance(rate.decimals);
    if told_right(x, y, rate) || off.abs() <= 2.0 * near || off.abs() > OFF {
        return None;
    }
    let mut spans = [x, y, rate].map(|s| (s.m.start, s.m.end)).to_vec();
    spans.sort_unstable();
    let told = [x.amount, y.amount, right, rate.amount];
    let doubt = match of {
        Of::Share => Doubt::Share(told),
        Of::Without => Doubt::Without(told),
        // 合格率 is no change: where none is spoken of, what is left of the larger is told.
        Of::Change if x.amount < y.amount && !grown(signs, rate) => Doubt::Without(told),
        Of::Change => Doubt::Change(told),
    };
    let features = features(signs, beside, (x, y), (right, of));
    Some(Suspect { family: Family::Rates, spans, features, doubt })
}

fn features(
    signs: &Signs<'_>,
    beside: &Beside<'_>,
    (x, y): (&Sign<'_>, &Sign<'_>),
    (right, of): (f64, Of),
) -> Vec<f64> {
    let change = f64::from(of == Of::Change);
    let (chars, rate) = (signs.chars, beside.rate);
    let off = right - rate.amount;
    let (start, clause) = (rate.m.number.start, rate.m.clause.0.min(rate.m.number.start));
    let grown = f64::from(grown(signs, rate));
    let near = start.saturating_sub(12).max(rate.m.sentence.0.min(start));
    let printed = |value: f64| format!("{value:.*}", rate.decimals);
    let (digit, swap) = digits_off(&printed(right), &printed(rate.amount));
    let (shared, weight) = signs.shared(x, y);
    let words = pairs(&chars[clause..start]);
    let explained = f64::from(beside.explained);
    let is = |s: Option<&&Sign<'_>>, of: &Sign<'_>| f64::from(s.is_some_and(|s| s.at == of.at));
    let last = is(beside.front.last(), x);
    let whole_next = is(beside.front.iter().rev().nth(1), y);
    let next = f64::from(rate.at == x.at + 1);
    let sentence = |s: &Sign<'_>| f64::from(s.m.sentence == rate.m.sentence);
    let rates = |at: usize| signs.rates.partition_point(|n| signs.all[*n].at < at);
    let mut features = vec![
        change,
        grown,
        change * grown,
        (1.0 - change) * grown,
        digit,
        swap,
        off.abs(),
        round((off * 100.0).round() / 100.0),
        f64::from((right - right.round()).abs() < 0.02),
        rate.decimals as f64,
        rate.holds.min(4) as f64,
        rate.holds_well.min(4) as f64,
        f64::from(x.lists.iter().any(|list| y.lists.contains(list))),
        explained,
        f64::from(any(chars, near, start, "占")),
        f64::from(any(chars, near, start, "率")),
        f64::from(any(chars, near, start, "比 较")),
        last,
        whole_next,
        next,
        f64::from(y.at < x.at),
        f64::from(x.at.abs_diff(y.at) == 1),
        is(beside.behind.as_ref(), y),
        (start.saturating_sub(x.m.end) as f64).ln_1p(),
        (x.m.number.start.abs_diff(y.m.number.start) as f64).ln_1p(),
        sentence(x),
        sentence(y),
        (rates(rate.at) - rates(x.at.min(y.at) + 1).min(rates(rate.at))).min(4) as f64,
        beside.front.len() as f64,
        f64::from(off < 0.0),
        shared.min(4.0),
        weight.min(2.0),
        common(&words, &x.all).len().min(4) as f64,
        common(&words, &y.all).len().min(4) as f64,
        plain_unit(chars, x.m),
        f64::from(x.m.clause == rate.m.clause),
        digit.max(swap) * next,
        next * whole_next,
        explained * digit.max(swap),
        f64::from(of == Of::Without),
        f64::from(turned_round(x, y, rate)),
        f64::from(any(chars, x.from, x.m.number.start, "不 未 无") || any(chars, x.m.end, x.to, "不 未 无")),
        f64::from(any(chars, near, start, "不 未 无")),
        y.holds_well.min(4) as f64 * f64::from(y.at < x.at),
    ];
    features.extend(marks(chars, beside, x, y));
    features.extend([(x.amount / y.amount).ln(), right, rate.amount, f64::from(words.len() < 2)]);
    features.extend(signs.values(rate));
    features.extend(signs.values(x));
    features.extend(signs.values(y));
    features
}

/// The marks and words between the two counts, and between them and the rate.
fn marks(chars: &[char], beside: &Beside<'_>, x: &Sign<'_>, y: &Sign<'_>) -> Vec<f64> {
    let gap = |from: usize, to: usize| &chars[from.min(to)..to];
    let start = beside.rate.m.number.start;
    let (first, second) = if x.at < y.at { (x, y) } else { (y, x) };
    let between = gap(first.m.end, second.m.number.start);
    let behind = gap(second.m.end, start.max(second.m.end));
    let count = |gap: &[char], mark: char| gap.iter().filter(|c| **c == mark).count().min(4) as f64;
    let mut marks: Vec<f64> = ['、', '，', '。', '；']
        .iter()
        .flat_map(|mark| [count(between, *mark), count(behind, *mark)])
        .collect();
    marks.extend([
        f64::from(any(between, 0, between.len(), "其中")),
        f64::from(any(behind, 0, behind.len(), "其中")),
        f64::from(between.first() == Some(&'中')),
    ]);
    marks
}
