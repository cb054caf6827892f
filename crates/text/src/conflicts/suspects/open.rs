//! All told as done in one clause, and something as open in another that speaks of the same.

use std::collections::HashMap;

use super::super::claims::clauses;
use super::super::reckon::{bare, same_unit};
use super::signs::{common, pairs};
use super::{Doubt, Family, Suspect};
use crate::figures::Mention;
use crate::lexicon::{any, find, stands};

/// How far apart both clauses may stand, in clauses.
const FAR: usize = 220;
/// How much they must share, counted by how rare it is in the text.
const SHARED: f64 = 0.2;
/// The shortest clause.
const SHORT: usize = 4;
/// Words by which all is done, and by which something is open.
const ALL: [&str; 22] = [
    "全部",
    "均已",
    "都已",
    "悉数",
    "全数",
    "全都",
    "全覆盖",
    "100%",
    "无一",
    "人人",
    "清零",
    "所有",
    "一律",
    "全面",
    "均",
    "零",
    "全员",
    "已全",
    "逐一",
    "户户",
    "家家",
    "应",
];
const OPEN: [&str; 18] = [
    "尚未", "仍未", "还未", "没有", "未", "尚有", "仍有", "还有", "其余", "剩余", "正在", "只有", "仅有",
    "仍", "尚", "缺", "不", "没",
];
/// Words that tell what is not done, and what may stand between them, or [`ALL`], and the act.
const NOT: [&str; 2] = ["没", "未"];
const LIGHT: &str = "已经有能得到完成实现予以进行按时如期都均全部面数了被由做一";
/// How many characters of an act are looked at, and how far in front of [`ALL`] a word decides whether it is so or wanted.
const ACT: usize = 3;
const CLOSE: usize = 3;
/// Words of what is only wanted.
const AHEAD: &str = "确保 力争 要 将 计划 争取 拟 预计 应 须 督促 推动 下一步 目标 年底前 实现";

/// A clause and what it says.
struct Clause<'a> {
    at: (usize, usize),
    /// Its place among the clauses of the text.
    place: usize,
    pairs: Vec<u64>,
    numbers: &'a [Mention],
    /// The clause before it; also the one before that, where it is short: 18件信访事项，无一遗留，均已化解.
    before: &'a [(usize, usize)],
}

pub(super) fn each(chars: &[char], mentions: &[Mention], see: &mut dyn FnMut(Suspect)) {
    let long = |c: &(usize, usize)| c.1 - c.0 >= SHORT;
    let of: Vec<(usize, usize)> = clauses(chars).into_iter().filter(long).collect();
    let mut known: HashMap<u64, f64> = HashMap::new();
    let words: Vec<Vec<u64>> = of.iter().map(|c| pairs(&chars[c.0..c.1])).collect();
    words.iter().flatten().for_each(|pair| *known.entry(*pair).or_default() += 1.0);
    let clause = |place: usize| {
        let at = of[place];
        let from = mentions.partition_point(|m| m.start < at.0);
        let to = mentions.partition_point(|m| m.start < at.1);
        let short = of[..place].last().is_some_and(|c| c.1 - c.0 <= SHORT + 2);
        let before = &of[place.saturating_sub(if short { 2 } else { 1 })..place];
        Clause { at, place, pairs: words[place].clone(), numbers: &mentions[from..to.max(from)], before }
    };
    let says = |list: &[&str], c: &(usize, usize)| list.iter().any(|w| find(chars, c.0, c.1, w).is_some());
    let done: Vec<Clause<'_>> = (0..of.len()).filter(|n| says(&ALL, &of[*n])).map(clause).collect();
    let open_itself = |n: usize| says(&OPEN, &of[n]);
    let open =
        (0..of.len()).filter(|n| open_itself(*n) || *n > 0 && of_those(chars, of[*n]) && open_itself(n - 1));
    let open: Vec<Clause<'_>> = open.map(clause).collect();
    for all in &done {
        let from = open.partition_point(|o| o.place + FAR < all.place);
        for left in open[from..].iter().take_while(|o| o.place <= all.place + FAR) {
            if left.place != all.place {
                suspect(chars, all, left, &known).into_iter().for_each(&mut *see);
            }
        }
    }
}

/// Whether a clause tells some of those that the one before it counts: 其中立行立改类2个.
fn of_those(chars: &[char], clause: (usize, usize)) -> bool {
    stands(chars, clause.0, "其中")
}

fn suspect(
    chars: &[char],
    all: &Clause<'_>,
    left: &Clause<'_>,
    known: &HashMap<u64, f64>,
) -> Option<Suspect> {
    let word = ALL.iter().filter_map(|w| find(chars, all.at.0, all.at.1, w)).min()?;
    let tail = common(&pairs(&chars[word + 1..all.at.1]), &left.pairs);
    let mut front = pairs(&chars[all.at.0..word]);
    if word - all.at.0 < 5 {
        front.extend(all.before.iter().flat_map(|c| pairs(&chars[c.0..c.1])));
        front.sort_unstable();
        front.dedup();
    }
    let head = common(&front, &left.pairs);
    let mut said = [common(&all.pairs, &left.pairs), head.clone()].concat();
    said.sort_unstable();
    said.dedup();
    let weight = |of: &[u64]| of.iter().filter_map(|pair| known.get(pair)).map(|n| 1.0 / n).sum::<f64>();
    // 尚有48件正在办理 and 246件案件已全部办结: more of the same unit.
    if weight(&said) < SHARED && !counted_more(chars, all, left) {
        return None;
    }
    let shares = [&said, &tail, &head].map(|of| (of.len() as f64, weight(of)));
    let mut spans = vec![all.at, left.at];
    spans.sort_unstable();
    Some(Suspect {
        family: Family::Opens,
        spans,
        features: features(chars, (all, word), left, shares),
        doubt: Doubt::Open,
    })
}

/// Whether the clause that says all counts more of a unit than the other one.
fn counted_more(chars: &[char], all: &Clause<'_>, left: &Clause<'_>) -> bool {
    const LEAST: f64 = 10.0;
    let more = |m: &Mention, other: &Mention| {
        let of = other.amount(chars);
        of >= LEAST && m.exact() && of > m.amount(chars) && bare(chars, m) == bare(chars, other)
    };
    left.numbers.iter().any(|m| all.numbers.iter().any(|other| more(m, other)))
}

/// What the trees look at; of the clause that says all, also where it does.
fn features(
    chars: &[char],
    (all, word): (&Clause<'_>, usize),
    left: &Clause<'_>,
    shares: [(f64, f64); 3],
) -> Vec<f64> {
    let says = |c: (usize, usize), words: &str| f64::from(any(chars, c.0, c.1, words));
    let [(n, weight), (tail, tail_weight), (head, head_weight)] = shares;
    let open: Vec<&Mention> = left.numbers.iter().filter(|m| m.plain_unit(chars) != "%").collect();
    let alike = |m: &&&Mention| all.numbers.iter().any(|other| same_unit(chars, m, other));
    let fewer = |m: &&Mention| {
        let more =
            |other: &Mention| bare(chars, m) == bare(chars, other) && other.amount(chars) > m.amount(chars);
        all.numbers.iter().any(more)
    };
    let length = |c: (usize, usize)| (c.1 - c.0) as f64;
    let together = all.pairs.len() + left.pairs.len() - common(&all.pairs, &left.pairs).len();
    let apart = all.place.abs_diff(left.place);
    let (wanted, wanted_open) = (says(all.at, AHEAD), says(left.at, AHEAD));
    let counted = open.len().min(2) as f64;
    let dated = |c: (usize, usize)| {
        f64::from(chars[c.0..c.1].windows(2).any(|w| w[0].is_ascii_digit() && w[1] == '月'))
    };
    let mut features = vec![
        n.min(8.0),
        weight.min(4.0),
        tail.min(4.0),
        head.min(4.0),
        tail_weight.min(3.0),
        head_weight.min(3.0),
        n / together.max(1) as f64,
        length(all.at),
        length(left.at),
        wanted,
        wanted_open,
        f64::from(all.before.last().is_some_and(|c| any(chars, c.0, c.1, AHEAD))),
        f64::from(left.before.last().is_some_and(|c| any(chars, c.0, c.1, AHEAD))),
        all.numbers.len().min(2) as f64,
        counted,
        f64::from(open.iter().any(|m| m.exact())),
        f64::from(open.iter().any(|m| alike(&m))),
        f64::from(left.place > all.place),
        (apart as f64).ln_1p(),
        f64::from(apart <= 2),
        f64::from(open.iter().any(fewer)),
        says(left.at, "另 此外 其他 其它"),
        says(all.at, "其余 剩余 除"),
        says(left.at, "去年 上年 以前 此前 原 曾"),
        says(all.at, "去年 上年 以前 此前 原"),
        dated(all.at),
        dated(left.at),
        says(left.at, "因 由于"),
        says(left.at, "部分 个别 少数"),
        weight.min(4.0) * counted,
        weight.min(4.0) * (1.0 - wanted) * (1.0 - wanted_open),
    ];
    features.extend(ALL.map(|word| says(all.at, word)));
    features.extend(OPEN.map(|word| says(left.at, word)));
    features.extend(acts(chars, (all.at, word), left.at));
    features.push(f64::from(of_those(chars, left.at)));
    // 94条已经全部办结, 94条里有13条还没办完.
    let again = |m: &Mention| {
        let same = |other: &Mention| same_unit(chars, m, other) && m.amount(chars) == other.amount(chars);
        all.numbers.iter().any(same)
    };
    features.push(f64::from(left.numbers.iter().any(again)));
    features
}

/// How alike what is done everywhere and what is not done are, and what stands beside the words that say so.
fn acts(chars: &[char], (all, word): ((usize, usize), usize), left: (usize, usize)) -> [f64; 7] {
    let behind = |c: (usize, usize), words: &[&str]| {
        let ends = words.iter().filter_map(|w| Some(find(chars, c.0, c.1, w)? + w.chars().count()));
        ends.max().map(|from| act(chars, from, c.1))
    };
    let (done, not_done) = (behind(all, &ALL).unwrap_or_default(), behind(left, &NOT));
    let told = not_done.is_some();
    let not_done = not_done.unwrap_or_default();
    let shared = done.iter().filter(|c| not_done.contains(*c)).count();
    let first = !done.is_empty() && done.first() == not_done.first();
    let close = word.saturating_sub(CLOSE).max(all.0);
    let (wanted, done_so) =
        (any(chars, close, word, AHEAD), any(chars, close, all.1.min(word + ACT + 2), "已 了"));
    let tail = done.len() > 1 && not_done.len() > 1 && done[..2] == not_done[..2];
    [
        f64::from(told),
        f64::from(first),
        f64::from(tail),
        shared as f64,
        f64::from(wanted),
        f64::from(done_so),
        f64::from(chars[left.0..left.1].starts_with(&['其', '余'])),
    ]
}

/// The first characters of an act, behind what only leads to it.
fn act(chars: &[char], from: usize, to: usize) -> &[char] {
    let begin = (from..to).find(|at| !LIGHT.contains(chars[*at])).unwrap_or(to);
    &chars[begin..to.min(begin + ACT)]
}
