//! Characters left out: behind 推动形 reports go on with 成, so 推动形人人 lacks it.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::super::little;
use super::grams::{END, Grams, as_counted, key};
use super::{Run, han};
use crate::faults::{FaultKind, Found, OwnWords};
use crate::lexicon::{Quick, words};

/// What share of the reports that hold three characters go on with the one that is missing: where those in front of it ask for the
/// same as those behind, and where one side asks alone.
const SHARES: [f64; 2] = [0.7, 0.9];
/// In so many reports all four stand at least.
const REPORTS: u16 = 8;
/// How many characters ask for it.
const SIDE: usize = 3;

/// A character that is missing.
struct Missing {
    c: char,
    /// Whether the three characters that ask for it stand in front of the gap.
    behind: bool,
}

/// What nearly always stands behind or in front of three characters, and in what share of the reports.
struct Known {
    behind: HashMap<u64, (char, f64), Quick>,
    front: HashMap<u64, (char, f64), Quick>,
}

impl Known {
    fn of(grams: &Grams) -> Self {
        let mut known = Self { behind: HashMap::default(), front: HashMap::default() };
        let all = |four: &[char]| four.iter().all(|c| han(Some(c)));
        for (four, reports) in grams.of_four().filter(|(four, reports)| *reports >= REPORTS && all(four)) {
            let share = |three: &[char]| f64::from(reports) / f64::from(grams.reports(three).max(1));
            let ([first, .., last], front, behind) = (four, share(&four[..SIDE]), share(&four[1..]));
            if front >= SHARES[0] {
                known.behind.insert(key(&four[..SIDE]), (last, front));
            }
            if behind >= SHARES[0] {
                known.front.insert(key(&four[1..]), (first, behind));
            }
        }
        known
    }
}

/// Tells the characters that are left out beside those that stand alone in their words.
pub(super) fn missing(found: &mut Found<'_>, runs: &[Run<'_>], taken: &[bool], own: &OwnWords) {
    let (chars, grams) = (found.chars, Grams::counted());
    let mut last = 0;
    for run in runs {
        let alone = run.words().filter(|(from, to)| to - from == 1).map(|(from, _)| run.offset + from);
        for (at, gap) in alone.flat_map(|at| [(at, at), (at, at + 1)]) {
            if gap <= last || gap < 1 || gap >= chars.len() || taken[gap - 1] || taken[gap] {
                continue;
            }
            if let Some(missing) = at_gap(grams, chars, gap, little(chars[at])) {
                last = gap;
                tell(found, gap, missing, own);
            }
        }
    }
}

/// What is missing between two characters, if they stand side by side in no report. Beside a little word, 更规范 and 会多次, both
/// sides must ask for it.
fn at_gap(grams: &Grams, chars: &[char], gap: usize, little: bool) -> Option<Missing> {
    static KNOWN: LazyLock<Known> = LazyLock::new(|| Known::of(Grams::counted()));
    let (one, other) = (as_counted(&chars[gap - 1]), as_counted(&chars[gap]));
    // 市场监 at the end of a line: the next line goes on with the word.
    if one == END || other == END {
        return None;
    }
    // 责任落不实: what can or cannot be done stands between the two.
    if grams.holds_pair(one, other) || matches!(other, '不' | '得') {
        return None;
    }
    let of = |known: &'static HashMap<u64, (char, f64), Quick>, from: Option<usize>| {
        let three = chars.get(from?..from? + SIDE)?;
        known.get(&key(three)).filter(|(c, _)| grams.reports(&[one, *c, other]) > 0).copied()
    };
    let (behind, front) = (of(&KNOWN.behind, gap.checked_sub(SIDE)), of(&KNOWN.front, Some(gap)));
    match (behind, front) {
        (Some((c, _)), Some((same, _))) if c == same => Some(Missing { c, behind: true }),
        _ if little => None,
        (Some((c, share)), _) if share >= SHARES[1] => Some(Missing { c, behind: true }),
        (_, Some((c, share))) if share >= SHARES[1] => Some(Missing { c, behind: false }),
        _ => None,
    }
}

fn tell(found: &mut Found<'_>, gap: usize, missing: Missing, own: &OwnWords) {
    let (start, end) = if missing.behind { (gap - SIDE, gap) } else { (gap, gap + SIDE) };
    let written = words(found.chars, start, end);
    let around = words(found.chars, gap - 1, gap + 1);
    if own.phrases.iter().any(|phrase| phrase.contains(&around)) {
        return;
    }
    let c = missing.c;
    let (right, side) =
        if missing.behind { (format!("{written}{c}"), "后") } else { (format!("{c}{written}"), "前") };
    let reason = format!("“{written}”{side}面疑漏“{c}”字，应作“{right}”");
    // The character on the other side of the gap shows where it belongs.
    let (start, end) = if missing.behind { (start, end + 1) } else { (start - 1, end) };
    let written = words(found.chars, start, end);
    let at = gap - start;
    let right = written.chars().take(at).chain([c]).chain(written.chars().skip(at)).collect();
    found.tell(start, end, FaultKind::WrongChar, "character left out", reason, Some(right));
}
