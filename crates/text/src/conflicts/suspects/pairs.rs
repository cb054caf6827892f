//! Two counts of one unit that may be of the same thing: one twice told, or a part and its whole.

use super::beside::{beside, round, slip};
use super::signs::{STATED, Sign, Signs, WHOLE};
use super::{Doubt, Family, Suspect};

/// How many numbers of its unit in front of it one is held against.
const MOST: usize = 60;
/// Within what factor two values of one thing lie.
const FACTOR: (f64, f64) = (0.4, 2.6);
/// How near, in code points, two numbers stand that need no word in common.
const NEAR: usize = 45;
/// The same of two with none of their unit between them, in one paragraph.
const FOLLOWING: usize = 160;
/// How near one that exceeds another tells of it.
const NEXT: usize = 60;
/// How far around a number the difference may stand that explains it.
const EXPLAINED: usize = 500;

pub(super) fn each(signs: &Signs<'_>, see: &mut dyn FnMut(Suspect)) {
    for (group, unit) in signs.groups().enumerate() {
        for j in 1..unit.len() {
            for i in j.saturating_sub(MOST)..j {
                let (a, b) = (&signs.all[unit[i]], &signs.all[unit[j]]);
                let ratio = b.amount / a.amount;
                let differ = (a.amount - b.amount).abs() > 1e-9 && ratio > FACTOR.0 && ratio < FACTOR.1;
                let gap = b.m.number.start.saturating_sub(a.m.end);
                let next = j == i + 1 && a.paragraph == b.paragraph && gap < FOLLOWING;
                let named = signs.shared(a, b).0 > 0.0;
                let slipped = digits(signs, a) >= LONG && slipped(a, b);
                if (differ && (gap < NEAR || next || named || slipped)) || (named && lost(a, b)) {
                    see(suspect(signs, (group, unit), (i, a), (j, b)));
                }
            }
        }
    }
}

/// How many digits a number has that hardly is another one but for a slip by chance.
const LONG: usize = 3;

fn digits(signs: &Signs<'_>, of: &Sign<'_>) -> usize {
    let printed = &signs.chars[of.m.number.start..of.m.number.end];
    printed.iter().filter(|c| c.is_ascii_digit()).count()
}

/// Whether two digits changed places between them.
fn slipped(a: &Sign<'_>, b: &Sign<'_>) -> bool {
    (a.scale - b.scale).abs() < 1e-9 && slip(a.m.number.value, b.m.number.value).1 > 0.0
}

/// Whether one has lost the last 0 of the other: 1860万 and 186万.
fn lost(a: &Sign<'_>, b: &Sign<'_>) -> bool {
    let (less, more) = (a.amount.min(b.amount), a.amount.max(b.amount));
    (less * 10.0 - more).abs() < 1e-6 && a.m.number.value.max(b.m.number.value) >= 100.0
}

fn suspect(
    signs: &Signs<'_>,
    unit: (usize, &[usize]),
    a: (usize, &Sign<'_>),
    b: (usize, &Sign<'_>),
) -> Suspect {
    let (one, other) = (a.1, b.1);
    let slipped = if (one.scale - other.scale).abs() < 1e-9 {
        slip(one.m.number.value, other.m.number.value)
    } else {
        (0.0, 0.0)
    };
    let more = other.amount > one.amount && slipped.0 + slipped.1 < 0.5;
    Suspect {
        family: Family::Pairs,
        spans: vec![(one.m.start, one.m.end), (other.m.start, other.m.end)],
        features: features(signs, unit, a, b, slipped),
        doubt: if more { Doubt::More } else { Doubt::Twice },
    }
}

fn features(
    signs: &Signs<'_>,
    (group, unit): (usize, &[usize]),
    (i, a): (usize, &Sign<'_>),
    (j, b): (usize, &Sign<'_>),
    (digit, swap): (f64, f64),
) -> Vec<f64> {
    let beside = beside(signs, unit, (i, a), (j, b));
    let (one, other) = (signs.values(a), signs.values(b));
    let difference = (a.amount - b.amount).abs();
    let is = |value: f64| move |n: &&usize| (signs.all[**n].amount - value).abs() < 1e-9;
    let again = |of: &Sign<'_>| (signs.times_told(group, of.amount).max(1) - 1).min(3) as f64;
    let start = |n: &usize| signs.all[*n].m.start;
    let from = unit.partition_point(|n| start(n) + EXPLAINED <= b.m.start);
    let near = unit[from..].iter().take_while(|n| start(n) < b.m.start + EXPLAINED).take(MOST);
    let gap = b.m.number.start.saturating_sub(a.m.end);
    let ratio = (b.amount / a.amount).ln();
    let more = f64::from(ratio > 0.0);
    let slipped = digit.max(swap);
    let mut features = vec![
        more,
        ratio,
        ratio.abs(),
        digit,
        swap,
        round(difference),
        f64::from(difference <= 3.0),
        f64::from(group == signs.units.len()),
        again(a),
        again(b),
        f64::from(near.into_iter().any(|n| is(difference)(&n))),
        f64::from(signs.times_told(group, difference) > 0),
        f64::from(j == i + 1),
        f64::from(a.lists.iter().any(|list| b.lists.contains(list))),
        more * f64::from(gap < NEXT),
        more * beside[1],
        more * beside[9],
        more * other[STATED],
        more * one[WHOLE],
        slipped * beside[1],
        slipped * beside[8],
        f64::from(lost(a, b)),
        digits(signs, a).min(5) as f64,
    ];
    features.extend(beside);
    features.extend(one);
    features.extend(other);
    features
}
