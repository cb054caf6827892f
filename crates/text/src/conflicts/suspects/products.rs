//! So many of each, and what all of them make: 6个组、每组7人，共46人; 62户发放37.2万元，户均8000元.

use super::super::reckon::parted;
use super::beside::{digits_off, round};
use super::signs::{Sign, Signs, common, sign};
use super::{Doubt, Family, Suspect};
use crate::figures::{FigureKind, Mention};
use crate::lexicon::any;

/// How far apart the first and the last of the three may stand, in code points, and in numbers.
const FAR: usize = 110;
const REACH: usize = 6;
/// By how much what they make may differ from what is told.
const OFF: (f64, f64) = (0.45, 2.2);
/// How far printed numbers may be from what was reckoned with, as a share.
const ROUGH: f64 = 0.012;
/// Words of what is told of each.
const EACH: &str = "每 均 人均 各";

pub(super) fn each(signs: &Signs<'_>, see: &mut dyn FnMut(Suspect)) {
    let numbers = signs.mentions;
    for of in 0..numbers.len() {
        if !told_of_each(signs.chars, numbers, of) {
            continue;
        }
        let from = of.saturating_sub(REACH);
        let to = (of + REACH).min(numbers.len());
        for count in (from..to).filter(|n| *n != of && usable(&numbers[*n])) {
            for whole in (from..to).filter(|n| *n != of && *n != count && usable(&numbers[*n])) {
                if let Some(suspect) = suspect(signs, [of, count, whole]) {
                    see(suspect);
                }
            }
        }
    }
}

fn usable(m: &Mention) -> bool {
    m.exact() && !m.quoted && m.number.value > 1.0 && !matches!(m.kind, FigureKind::Rate | FigureKind::Rank)
}

/// Whether 每, 均 or 各 stands in front of a number, with few words between.
fn told_of_each(chars: &[char], numbers: &[Mention], n: usize) -> bool {
    let m = &numbers[n];
    let before = n.checked_sub(1).map_or(0, |n| numbers[n].end);
    let from = m.clause.0.max(before).max(m.number.start.saturating_sub(12)).min(m.number.start);
    let exact = m.exact() && m.number.value > 0.0;
    exact && !matches!(m.kind, FigureKind::Rate | FigureKind::Rank) && any(chars, from, m.number.start, EACH)
}

fn suspect(signs: &Signs<'_>, of: [usize; 3]) -> Option<Suspect> {
    let chars = signs.chars;
    let [one, count, whole] = of.map(|n| &signs.mentions[n]);
    // What is told of each counts in what the whole counts in.
    let (mine, all) = (one.plain_unit(chars), whole.plain_unit(chars));
    let same = mine == all || all.starts_with(&mine) || mine.starts_with(&all);
    let (from, to) = (of.iter().min()?, of.iter().max()?);
    let (from, to) = (&signs.mentions[*from], &signs.mentions[*to]);
    if !same
        || mine.is_empty()
        || to.number.start.saturating_sub(from.end) > FAR
        || parted(chars, from.end, to.start)
    {
        return None;
    }
    let [x, n, w] = [one, count, whole].map(|m| m.amount(chars));
    let ratio = x * n / w;
    if w <= x || ratio < OFF.0 || ratio > OFF.1 || (ratio - 1.0).abs() <= ROUGH {
        return None;
    }
    let [one, count, whole] = of.map(|n| sign(chars, signs.mentions, n, 0));
    let mut spans = [&one, &count, &whole].map(|s| (s.m.start, s.m.end)).to_vec();
    spans.sort_unstable();
    let features = features(signs, [&one, &count, &whole], ratio);
    Some(Suspect { family: Family::Products, spans, features, doubt: Doubt::Product([x, n, w]) })
}

fn features(signs: &Signs<'_>, [one, count, whole]: [&Sign<'_>; 3], ratio: f64) -> Vec<f64> {
    let chars = signs.chars;
    let product = one.amount * count.amount;
    let mean = whole.amount / count.amount;
    let (digit, swap) = digits(product / whole.scale, whole);
    let (same, swapped) = digits(mean / one.scale, one);
    let from = one.at.min(count.at).min(whole.at).saturating_sub(4);
    let to = (one.at.max(count.at).max(whole.at) + 5).min(signs.mentions.len());
    let around: Vec<f64> = signs.mentions[from..to].iter().map(|m| m.amount(chars)).collect();
    let near = |a: f64, b: f64| (a / b - 1.0).abs() <= ROUGH;
    let explained = around.iter().any(|w| around.iter().any(|n| *n > 1.0 && near(n * one.amount, *w)));
    let whole_made =
        around.iter().any(|x| around.iter().any(|n| *n > 1.0 && *x > 1.0 && near(x * n, whole.amount)));
    let front = (one.from, one.m.number.start);
    let of_it = chars[front.0..front.1].iter().position(|c| matches!(c, '每' | '均')).map_or(0.0, |at| {
        let unit = &chars[count.m.unit.0..count.m.unit.1];
        let words = &chars[(front.0 + at).saturating_sub(2)..front.1.min(front.0 + at + 4)];
        f64::from(unit.last().is_some_and(|c| words.contains(c)))
    });
    let mut features = vec![
        ratio.ln(),
        ratio.ln().abs(),
        digit,
        swap,
        same,
        swapped,
        round(product - whole.amount),
        f64::from(explained),
        f64::from(whole_made),
        of_it,
        one.amount.ln(),
        count.amount.ln(),
        f64::from(one.m.kind == FigureKind::Duration),
        f64::from(one.m.kind == FigureKind::Money),
        f64::from(count.m.kind == FigureKind::Duration),
        f64::from(one.m.clause == count.m.clause),
        f64::from(one.m.clause == whole.m.clause),
        f64::from(count.m.clause == whole.m.clause),
        f64::from(one.m.sentence == count.m.sentence),
        f64::from(one.m.sentence == whole.m.sentence),
        place(one, count),
        place(one, whole),
        place(count, whole),
        f64::from(any(chars, front.0, front.1, "均")),
        f64::from(any(chars, front.0, front.1, "每")),
        f64::from(any(chars, front.0, front.1, "各")),
        f64::from(any(chars, front.0, front.1, "每天 每月 每周 每年 日均 月均 年均 每季")),
        common(&one.all, &whole.all).len().min(4) as f64,
        common(&one.all, &count.all).len().min(4) as f64,
        f64::from(mean.fract() == 0.0),
        one.decimals as f64,
    ];
    for sign in [one, count, whole] {
        features.extend(signs.values(sign));
    }
    features
}

/// How many numbers stand between two, negative where the first stands behind.
fn place(a: &Sign<'_>, b: &Sign<'_>) -> f64 {
    b.at as f64 - a.at as f64
}

/// Whether what was reckoned is what is printed but for a digit or two that changed places.
fn digits(right: f64, sign: &Sign<'_>) -> (f64, f64) {
    let printed = |value: f64| format!("{value:.*}", sign.decimals);
    digits_off(&printed(right), &printed(sign.m.number.value))
}
