//! A whole and the list that stands behind or in front of it.

use super::super::reckon::bare;
use super::beside::{round, slip};
use super::signs::{EACH, FUTURE, GROWN, OTHER, PAST, REMAINING, STATED, Sign, Signs, WHOLE, plain_unit};
use super::{Doubt, Family, Suspect};
use crate::lexicon::any;

/// How far from its whole the first item may stand, and the items from one another, in code points.
const FAR: (usize, usize) = (260, 100);
/// The most items that count in several units.
const MIXED: usize = 4;
/// The most items.
const ITEMS: usize = 9;
/// How far the sum may be from the whole, as a share of it.
const OFF: f64 = 0.2;
/// The same where one digit makes the difference.
const SLIPPED: f64 = 1.5;
/// How far a number may stand that tells the missing item.
const EXPLAINED: usize = 600;

pub(super) fn each(signs: &Signs<'_>, see: &mut dyn FnMut(Suspect)) {
    for (group, unit) in signs.units.iter().enumerate() {
        for whole in 0..unit.len() {
            of_whole(signs, (group, unit), whole, true, see);
            of_whole(signs, (group, unit), whole, false, see);
        }
    }
    let things = (signs.units.len() + 1, signs.things.as_slice());
    for whole in 0..things.1.len() {
        of_whole(signs, things, whole, true, see);
        of_whole(signs, things, whole, false, see);
    }
}

/// Whether things are counted in one unit: what is, is looked at with its unit.
fn alike(signs: &Signs<'_>, whole: &Sign<'_>, items: &[usize]) -> bool {
    items.iter().all(|n| bare(signs.chars, signs.all[*n].m) == bare(signs.chars, whole.m))
}

/// Lists of one whole to one of its sides.
struct Lists {
    /// Its items, the nearest to the whole first, and what they make.
    lists: Vec<(Vec<usize>, f64)>,
    /// Whether one of the lists makes the whole.
    exact: bool,
}

fn lists(signs: &Signs<'_>, unit: &[usize], at: usize, behind: bool) -> Lists {
    let whole = &signs.all[unit[at]];
    let half =
        if whole.decimals > 0 { 0.5 * 0.1_f64.powi(whole.decimals as i32) * whole.scale } else { 1e-6 };
    let (mut items, mut sum, mut out) = (Vec::new(), 0.0, Lists { lists: Vec::new(), exact: false });
    let mut last = whole;
    for step in 1..=ITEMS {
        let next = if behind { unit.get(at + step) } else { at.checked_sub(step).map(|n| &unit[n]) };
        let Some(next) = next.map(|n| &signs.all[*n]) else { break };
        let gap = if behind {
            next.m.number.start.saturating_sub(last.m.end)
        } else {
            last.m.number.start.saturating_sub(next.m.end)
        };
        let far = if items.is_empty() && behind { FAR.0 } else { FAR.1 };
        if gap > far || next.amount >= 3.0 * whole.amount {
            break;
        }
        items.push(if behind { unit[at + step] } else { unit[at - step] });
        sum += next.amount;
        last = next;
        let off: f64 = (sum - whole.amount).abs();
        out.exact |= off <= half;
        let slipped = || off <= SLIPPED * whole.amount && slips(sum / whole.scale, whole.m.number.value);
        if items.len() > 1 && off > 1e-6 && (off <= OFF * whole.amount || slipped()) {
            out.lists.push((items.clone(), sum));
        }
        if sum > 3.0 * whole.amount {
            break;
        }
    }
    out
}

fn slips(a: f64, b: f64) -> bool {
    let (digit, swap) = slip(a, b);
    digit + swap > 0.0
}

fn of_whole(
    signs: &Signs<'_>,
    unit: (usize, &[usize]),
    at: usize,
    behind: bool,
    see: &mut dyn FnMut(Suspect),
) {
    let lists = lists(signs, unit.1, at, behind);
    let longest = lists.lists.last().map_or(0, |(items, _)| items.len());
    let whole = &signs.all[unit.1[at]];
    let mixed = unit.0 > signs.units.len();
    for (items, sum) in &lists.lists {
        if mixed && (items.len() > MIXED || alike(signs, whole, items)) {
            continue;
        }
        let mut items: Vec<&Sign<'_>> = items.iter().map(|n| &signs.all[*n]).collect();
        items.sort_by_key(|item| item.at);
        let state = [f64::from(behind), f64::from(lists.exact), f64::from(items.len() == longest)];
        let features = features(signs, unit, whole, &items, (*sum, state));
        let mut spans: Vec<_> = items.iter().chain([&whole]).map(|s| (s.m.start, s.m.end)).collect();
        spans.sort_unstable();
        see(Suspect { family: Family::Sums, spans, features, doubt: Doubt::Sum(*sum, whole.amount) });
    }
}

fn features(
    signs: &Signs<'_>,
    (group, unit): (usize, &[usize]),
    whole: &Sign<'_>,
    items: &[&Sign<'_>],
    (sum, [behind, exact, full]): (f64, [f64; 3]),
) -> Vec<f64> {
    let last = items[items.len() - 1];
    let off = sum - whole.amount;
    let (digit, swap) = slip(sum / whole.scale, whole.m.number.value);
    let wording = wording(signs.chars, whole, items, behind > 0.5);
    let [step, single] = [wording[0], wording[1]];
    let start = |n: &usize| signs.all[*n].m.start;
    let near = unit.partition_point(|n| start(n) + EXPLAINED <= whole.m.start);
    let near = unit[near..].iter().take_while(|n| start(n) < whole.m.start + EXPLAINED).take(EXPLAINED / 4);
    let next = unit.partition_point(|n| signs.all[*n].at <= last.at);
    let next = unit.get(next).map_or(300, |n| signs.all[*n].m.number.start.saturating_sub(last.m.end));
    let mut features = vec![
        off.abs() / whole.amount,
        f64::from(items.iter().any(|item| item.amount >= whole.amount)),
        f64::from(group >= signs.units.len()),
        f64::from(off > 0.0),
        digit,
        swap,
        round(off),
        f64::from(off.abs() <= 2.01),
        items.len() as f64,
        behind,
        exact,
        full,
        f64::from(signs.times_told(group, sum) > 0),
        f64::from(signs.times_told(group, whole.amount) > 1),
        f64::from(near.into_iter().any(|n| (signs.all[*n].amount - off.abs()).abs() < 1e-6)),
        plain_unit(signs.chars, whole.m),
        f64::from(items.iter().any(|item| !item.lists.is_empty())),
        f64::from(items.iter().any(|item| item.lists.iter().any(|list| whole.lists.contains(list)))),
        mean(items, |item| item.holds.min(1) as f64),
        mean(items, |item| item.holds_well.min(1) as f64),
        digit.max(swap) * full,
        round(off) * full,
        single * full,
        single * step,
        (next.min(300) as f64).ln_1p(),
    ];
    features.extend(wording);
    features.extend(said(signs, items));
    features.extend(signs.values(whole));
    features
}

/// What stands between a whole and its items, and between them: first how far the list stands from it, and how many of the
/// items are parted by one mark.
fn wording(chars: &[char], whole: &Sign<'_>, items: &[&Sign<'_>], behind: bool) -> Vec<f64> {
    let (first, last) = (items[0], items[items.len() - 1]);
    let (from, to) = if behind {
        (whole.m.end, first.m.number.start.max(whole.m.end))
    } else {
        (last.m.end, whole.m.number.start.max(last.m.end))
    };
    let between = |words: &str| f64::from(any(chars, from, to, words));
    let gaps: Vec<&[char]> =
        items.windows(2).map(|w| &chars[w[0].m.end..w[1].m.number.start.max(w[0].m.end)]).collect();
    let of_gaps = |test: &dyn Fn(&[char]) -> bool| mean(&gaps, |gap| f64::from(test(gap)));
    let marks = |gap: &[char]| gap.iter().filter(|c| matches!(c, '、' | '，' | '；')).count();
    vec![
        ((to - from) as f64).ln_1p(),
        of_gaps(&|gap| marks(gap) == 1),
        gaps.iter().map(|gap| gap.len() as f64).fold(0.0, f64::max).ln_1p(),
        mean(&gaps, |gap| gap.len() as f64),
        between("其中"),
        between("包括 分别 分为 为 即"),
        between("： （"),
        between("共 合计 总 累计"),
        between("。"),
        between("\n"),
        of_gaps(&|gap| gap.first() == Some(&'、')),
        of_gaps(&|gap| gap.contains(&'。')),
        of_gaps(&|gap| gap.contains(&'%')),
        f64::from(any(chars, last.from, last.m.number.start, "其他 其余 其它")),
        (last.at - first.at + 1 - items.len()) as f64,
        f64::from(chars.get(whole.m.end) == Some(&'，')),
    ]
}

/// What the words in front of the items say of them.
fn said(signs: &Signs<'_>, items: &[&Sign<'_>]) -> Vec<f64> {
    let values: Vec<_> = items.iter().map(|item| signs.values(item)).collect();
    let fronts: Vec<f64> = items.iter().map(|item| (item.m.number.start - item.from) as f64).collect();
    let length = |pick: fn(f64, f64) -> f64| fronts.iter().copied().reduce(pick).unwrap_or(0.0);
    let groups = [STATED, REMAINING, GROWN, PAST, OTHER, EACH, FUTURE, WHOLE];
    let mut said: Vec<f64> = groups.iter().map(|group| mean(&values, |values| values[*group])).collect();
    said.extend([mean(&fronts, |front| *front), length(f64::max) - length(f64::min)]);
    said
}

fn mean<T>(of: &[T], value: impl Fn(&T) -> f64) -> f64 {
    of.iter().map(value).sum::<f64>() / of.len().max(1) as f64
}
