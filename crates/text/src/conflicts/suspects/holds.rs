//! In how many relations that hold each number takes part: who is part of many is hardly the one that is wrong.

use super::signs::Signs;

/// How many numbers of its unit behind the first a relation of three may reach.
const THREE: (usize, usize) = (6, 8);
/// How far, in code points, the second and the third.
const FAR: (usize, usize) = (400, 600);
/// The most items of a list, and how far the last of them may stand from the whole.
const ITEMS: (usize, usize, usize) = (9, 700, 500);
/// How far from its two counts a rate may stand, in code points and in numbers.
const RATE: (usize, usize) = (350, 8);
/// A sum of smaller numbers than this may be one by chance.
const SMALL: f64 = 20.0;

/// Counts them for all numbers of a text.
pub(super) fn count(signs: &mut Signs<'_>) {
    let mut lists = 0;
    for unit in signs.units.clone() {
        threes(signs, &unit, &mut lists);
        lists_behind(signs, &unit, &mut lists);
        lists_in_front(signs, &unit, &mut lists);
        rates(signs, &unit);
    }
    points(signs);
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-6 * a.max(b).max(1e-9)
}

fn mark(signs: &mut Signs<'_>, of: &[usize], well: bool) {
    for at in of {
        signs.all[*at].holds += 1;
        signs.all[*at].holds_well += usize::from(well);
    }
}

fn listed(signs: &mut Signs<'_>, of: &[usize], lists: &mut usize) {
    for at in of {
        signs.all[*at].lists.push(*lists);
    }
    *lists += 1;
}

/// Three of which two make the third.
fn threes(signs: &mut Signs<'_>, unit: &[usize], lists: &mut usize) {
    let place = |signs: &Signs<'_>, n: usize| signs.all[unit[n]].m.start;
    for i in 0..unit.len() {
        for j in i + 1..unit.len().min(i + 1 + THREE.0) {
            if place(signs, j) - place(signs, i) > FAR.0 {
                break;
            }
            for l in j + 1..unit.len().min(i + THREE.1) {
                if place(signs, l) - place(signs, i) > FAR.1 {
                    break;
                }
                let [x, y, z] = [i, j, l].map(|n| signs.all[unit[n]].amount);
                let first = near(x, y + z);
                if first || near(y, x + z) || near(z, x + y) {
                    mark(signs, &[unit[i], unit[j], unit[l]], x.max(y).max(z) >= SMALL);
                    if first {
                        listed(signs, &[unit[j], unit[l]], lists);
                    }
                }
            }
        }
    }
}

/// A whole and the list behind it.
fn lists_behind(signs: &mut Signs<'_>, unit: &[usize], lists: &mut usize) {
    for i in 0..unit.len() {
        let (whole, start) = (signs.all[unit[i]].amount, signs.all[unit[i]].m.start);
        let mut sum = 0.0;
        for j in i + 1..unit.len().min(i + 1 + ITEMS.0) {
            let part = &signs.all[unit[j]];
            if part.m.start - start > ITEMS.1 || part.amount >= whole || sum > whole * 1.001 {
                break;
            }
            sum += part.amount;
            if j >= i + 3 && near(sum, whole) {
                mark(signs, &unit[i..=j], true);
                listed(signs, &unit[i + 1..=j], lists);
                break;
            }
        }
    }
}

/// A list and its sum behind.
fn lists_in_front(signs: &mut Signs<'_>, unit: &[usize], lists: &mut usize) {
    for i in 0..unit.len() {
        let (whole, start) = (signs.all[unit[i]].amount, signs.all[unit[i]].m.start);
        let mut sum = 0.0;
        for j in (i.saturating_sub(ITEMS.0)..i).rev() {
            let part = &signs.all[unit[j]];
            if start - part.m.start > ITEMS.2 || part.amount >= whole || sum > whole * 1.001 {
                break;
            }
            sum += part.amount;
            if i >= j + 2 && near(sum, whole) {
                listed(signs, &unit[j..i], lists);
                if i >= j + 3 {
                    mark(signs, &unit[j..=i], true);
                }
                break;
            }
        }
    }
}

/// How far a stated rate may be from the computed one.
pub(super) fn tolerance(decimals: usize) -> f64 {
    0.5 * 0.1_f64.powi(decimals as i32) + 1e-9
}

/// Whether a rate is the share of one count of the other, of the others, or how much it grew.
pub(super) fn makes(x: f64, y: f64, rate: f64, tolerance: f64) -> bool {
    let share = x / y * 100.0;
    if share <= 100.0 {
        (share - rate).abs() <= 2.0 * tolerance || (100.0 - share - rate).abs() <= tolerance
    } else {
        (share - 100.0 - rate).abs() <= 2.0 * tolerance || (share - rate).abs() <= tolerance
    }
}

/// Two counts and the rate they make.
fn rates(signs: &mut Signs<'_>, unit: &[usize]) {
    for r in signs.rates.clone() {
        let (start, at, value, decimals) = {
            let rate = &signs.all[r];
            (rate.m.start, rate.at, rate.amount, rate.decimals)
        };
        let place = |n: &usize| signs.all[*n].m.start;
        let from = unit.partition_point(|n| place(n) + RATE.0 <= start);
        let to = unit.partition_point(|n| place(n) < start + RATE.0).min(from + MOST).max(from);
        for x in &unit[from..to] {
            for y in &unit[from..to] {
                let (one, other) = (&signs.all[*x], &signs.all[*y]);
                if x == y || !makes(one.amount, other.amount, value, tolerance(decimals)) {
                    continue;
                }
                let close = one.at.abs_diff(at) + other.at.abs_diff(at) < RATE.1;
                let well = decimals > 0;
                mark(signs, &[r], well);
                if close {
                    mark(signs, &[*x, *y], well);
                }
            }
        }
    }
}

/// Most counts beside a rate that are looked at.
const MOST: usize = 40;

/// 占3%，比第二季度的5.1%下降2.1个百分点: two rates and how far they lie apart.
fn points(signs: &mut Signs<'_>) {
    let rates = signs.rates.clone();
    for (i, a) in rates.iter().enumerate() {
        for b in rates.iter().skip(i + 1).take(3) {
            let (from, to) = (signs.all[*a].at, signs.all[*b].at + 4);
            let apart = (signs.all[*a].amount - signs.all[*b].amount).abs();
            let told = signs.mentions[from..to.min(signs.mentions.len()).min(from + 12)].iter().any(|m| {
                signs.chars[m.unit.0..m.unit.1].starts_with(&['个', '百', '分', '点'])
                    && (m.number.value - apart).abs() < 0.06
            });
            if told {
                mark(signs, &[*a, *b], true);
            }
        }
    }
}
