//! A whole, what is taken from it, and what is told as left.

use super::beside::{beside, round, slip};
use super::signs::{REMAINING, Sign, Signs, plain_unit};
use super::{Doubt, Family, Suspect};

/// How many numbers of its unit in front of what is left are looked at, and how far they may stand, in code points, where
/// something is said to be left and where nothing is.
const MOST: usize = 10;
const FAR: (usize, usize) = (1_500, 150);
/// How far what is left may be from what should be, as a share of the whole.
const OFF: f64 = 0.35;
/// How far around it the numbers may stand that explain it.
const EXPLAINED: usize = 700;
const LEFT: &str = "保留 正在 结余 未 其余 剩 尚 仍";

pub(super) fn each(signs: &Signs<'_>, see: &mut dyn FnMut(Suspect)) {
    for unit in &signs.units {
        (2..unit.len()).for_each(|k| of_left(signs, unit, k, see));
    }
}

/// What the numbers around one say of it.
struct Around {
    /// Whether two of them lie so far apart.
    explained: bool,
    /// Their amounts.
    amounts: Vec<f64>,
}

fn of_left(signs: &Signs<'_>, unit: &[usize], k: usize, see: &mut dyn FnMut(Suspect)) {
    let c = &signs.all[unit[k]];
    let values = signs.values(c);
    let left = values[REMAINING] + values[super::signs::BEHIND_LEFT] > 0.0 || signs.says(c, LEFT);
    let far = if left { FAR.0 } else { FAR.1 };
    let place = |n: &usize| signs.all[*n].m.start;
    let first =
        unit[..k].partition_point(|n| signs.all[*n].m.end + far <= c.m.start).max(k.saturating_sub(MOST));
    let from = unit.partition_point(|n| place(n) + EXPLAINED <= c.m.start);
    let to = unit.partition_point(|n| place(n) < c.m.start + EXPLAINED).max(from);
    let amounts: Vec<f64> = unit[from..to]
        .iter()
        .filter(|n| **n != unit[k])
        .take(4 * MOST)
        .map(|n| signs.all[*n].amount)
        .collect();
    let explained = amounts.iter().any(|x| amounts.iter().any(|y| (x - y - c.amount).abs() < 1e-6));
    let around = Around { explained, amounts };
    for i in first..k {
        for j in i + 1..k {
            let (a, b) = (&signs.all[unit[i]], &signs.all[unit[j]]);
            let off = (a.amount - b.amount - c.amount).abs();
            let wrong = off <= OFF * a.amount || {
                let (digit, swap) = slip((a.amount - b.amount) / c.scale, c.m.number.value);
                off <= a.amount && digit + swap > 0.0
            };
            if a.amount > b.amount && a.amount > c.amount && off > 1e-6 && wrong {
                see(suspect(signs, unit, [i, j, k], left, &around));
            }
        }
    }
}

fn suspect(signs: &Signs<'_>, unit: &[usize], of: [usize; 3], left: bool, around: &Around) -> Suspect {
    let [a, b, c] = of.map(|n| &signs.all[unit[n]]);
    Suspect {
        family: Family::Rests,
        spans: [a, b, c].map(|s| (s.m.start, s.m.end)).to_vec(),
        features: features(signs, unit, of, left, around),
        doubt: Doubt::Rest(a.amount - b.amount),
    }
}

fn features(signs: &Signs<'_>, unit: &[usize], of: [usize; 3], left: bool, around: &Around) -> Vec<f64> {
    let [a, b, c] = of.map(|n| &signs.all[unit[n]]);
    let [i, j, k] = of;
    let right = a.amount - b.amount;
    let off = c.amount - right;
    let (digit, swap) = slip(right / c.scale, c.m.number.value);
    let said = f64::from(left);
    let has = |value: f64| around.amounts.iter().any(|x| (x - value).abs() < 1e-6);
    let together = |x: &Sign<'_>, y: &Sign<'_>| f64::from(x.lists.iter().any(|list| y.lists.contains(list)));
    let between =
        [((i, a), (j, b)), ((j, b), (k, c)), ((i, a), (k, c))].map(|(x, y)| beside(signs, unit, x, y));
    let tight = f64::from(j == i + 1 && k == j + 1);
    let mut features = vec![
        off.abs() / a.amount,
        (off.abs() / right.max(1e-9)).min(2.0),
        digit,
        swap,
        round(off),
        f64::from(off.abs() <= 2.01),
        f64::from(around.explained),
        f64::from(has(c.amount)),
        f64::from(has(a.amount - b.amount - c.amount)),
        f64::from(has(right)),
        together(a, b),
        together(b, c),
        together(a, c),
        said,
        plain_unit(signs.chars, c.m),
        digit.max(swap) * said,
        tight,
        tight * said,
        f64::from(has(c.amount)) * said,
        round(off) * said,
    ];
    for pair in between {
        features.extend([0, 1, 8, 9, 10, 11, 13, 16, 17, 18, 19, 20, 21, 22, 24, 27].map(|n| pair[n]));
    }
    [a, b, c].iter().for_each(|sign| features.extend(signs.values(sign)));
    features
}
