//! Two values of one thing, and how far they are told to lie apart: 由11.5分钟降到7.2分钟，缩短5.3分钟.

use super::super::reckon::parted;
use super::beside::{round, slip};
use super::signs::{Sign, Signs, common, pairs, sign};
use super::{Doubt, Family, Suspect};
use crate::figures::{FigureKind, Mention};
use crate::lexicon::any;

/// How far from the second value the difference may stand, in code points, and from one another the two values.
const FAR: usize = 40;
const APART: usize = 120;
/// How many numbers may stand between the first value and the difference.
const BETWEEN: usize = 4;
/// By how many times the difference may be what the two values make.
const OFF: f64 = 12.0;
/// What is said of a difference.
const WORDS: [&str; 9] = [
    "增 涨 升 提高",
    "减 降 缩 压",
    "超 高 多 快",
    "低 少 慢 差 欠 缺",
    "相差 相距 悬殊 差距",
    "到 至 为 成",
    "由 从 比 较",
    "计划 目标 任务 应 原定 年初",
    "剩 余 还 尚",
];
/// The groups of [`WORDS`] of which one must stand in front of a difference.
const SAID: usize = 5;

pub(super) fn each(signs: &Signs<'_>, see: &mut dyn FnMut(Suspect)) {
    let numbers = signs.mentions;
    for k in 2..numbers.len() {
        if !told(signs.chars, numbers, k) {
            continue;
        }
        for i in k.saturating_sub(BETWEEN + 2)..k {
            for j in i + 1..k {
                if let Some(suspect) = suspect(signs, [i, j, k]) {
                    see(suspect);
                }
            }
        }
    }
}

/// Whether a number is told as a difference.
fn told(chars: &[char], numbers: &[Mention], k: usize) -> bool {
    let c = &numbers[k];
    let from = numbers[k - 1].end.max(c.number.start.saturating_sub(12)).min(c.number.start);
    usable(c) && WORDS[..SAID].iter().any(|words| any(chars, from, c.number.start, words))
}

fn usable(m: &Mention) -> bool {
    m.exact() && !m.quoted && m.number.value > 0.0 && m.kind != FigureKind::Rank
}

/// The unit in which three numbers agree: points are between rates.
fn unit(chars: &[char], m: &Mention) -> String {
    m.plain_unit(chars)
}

fn suspect(signs: &Signs<'_>, of: [usize; 3]) -> Option<Suspect> {
    let chars = signs.chars;
    let [a, b, c] = of.map(|n| &signs.mentions[n]);
    let [first, second, third] = [a, b, c].map(|m| unit(chars, m));
    let points = first == "%" && second == "%" && third.ends_with("百分点");
    let near = b.number.start.saturating_sub(a.end) < APART && c.number.start.saturating_sub(b.end) < FAR;
    let same = points || first == second && second == third && first != "%";
    if !near || !same || !usable(a) || !usable(b) || parted(chars, a.end, c.start) {
        return None;
    }
    let [x, y, z] = [a, b, c].map(|m| m.amount(chars));
    let right = (x - y).abs();
    let off = (right - z).abs();
    if off < 1e-6 || right < 1e-9 || z > OFF * right || right > OFF * z || z >= x.max(y) && !points {
        return None;
    }
    let [a, b, c] = of.map(|n| sign(chars, signs.mentions, n, 0));
    Some(Suspect {
        family: Family::Gaps,
        spans: [&a, &b, &c].map(|s| (s.m.start, s.m.end)).to_vec(),
        features: features(signs, [&a, &b, &c], of, points),
        doubt: Doubt::Gap(x, y),
    })
}

fn features(signs: &Signs<'_>, [a, b, c]: [&Sign<'_>; 3], [i, j, k]: [usize; 3], points: bool) -> Vec<f64> {
    let chars = signs.chars;
    let right = (a.amount - b.amount).abs();
    let off = c.amount - right;
    let (digit, swap) = slip(right / c.scale, c.m.number.value);
    let (between, behind) = ((a.m.end, b.m.number.start), (b.m.end, c.m.number.start));
    let near = k.saturating_sub(8)..(k + 8).min(signs.mentions.len());
    let amounts: Vec<f64> = near.filter(|n| *n != k).map(|n| signs.mentions[n].amount(chars)).collect();
    let has = |value: f64| f64::from(amounts.iter().any(|x| (x - value).abs() < 1e-6));
    let explained = amounts.iter().any(|x| amounts.iter().any(|y| (x - y - c.amount).abs() < 1e-6 && x > y));
    let grows = f64::from(b.amount > a.amount);
    let (rise, fall) = (says(chars, behind, WORDS[0]), says(chars, behind, WORDS[1]));
    let tight = f64::from(j == i + 1 && k == j + 1);
    let mut features = vec![
        (off.abs() / right).min(12.0),
        f64::from(off > 0.0),
        digit,
        swap,
        round(off),
        f64::from(off.abs() <= 2.01),
        f64::from(explained),
        has(right),
        has(c.amount),
        f64::from(points),
        f64::from(c.m.kind == FigureKind::Duration),
        grows,
        grows * fall,
        (1.0 - grows) * rise,
        tight,
        (j - i) as f64,
        (k - j) as f64,
        ((between.1.saturating_sub(between.0)) as f64).ln_1p(),
        ((behind.1.saturating_sub(behind.0)) as f64).ln_1p(),
        f64::from(a.m.clause == b.m.clause),
        f64::from(b.m.clause == c.m.clause),
        f64::from(a.m.sentence == c.m.sentence),
        common(&pairs(&chars[a.from..a.m.number.start]), &pairs(&chars[b.from..b.m.number.start])).len()
            as f64,
        f64::from((a.decimals.max(b.decimals)) == c.decimals),
        c.amount / a.amount.max(b.amount),
        tight * digit.max(swap),
    ];
    let front = (a.m.number.start.saturating_sub(10).max(a.m.clause.0), a.m.number.start);
    for stretch in [front, between, behind, (c.m.end, c.to)] {
        features.extend(WORDS.map(|words| says(chars, stretch, words)));
        features.extend(["，", "、", "；", "。"].map(|mark| says(chars, stretch, mark)));
    }
    features.extend(signs.values(c));
    features
}

fn says(chars: &[char], (from, to): (usize, usize), words: &str) -> f64 {
    f64::from(from < to && any(chars, from, to, words))
}
