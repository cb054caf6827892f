//! How told numbers are reckoned with: what they may stand for, and which of them can be meant by another.

use super::rounding;
use super::within::plain;
use crate::figures::{FigureKind, Mention};
use crate::lexicon::{ending, stands};

/// The values that a told or computed number may stand for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    pub low: f64,
    pub high: f64,
}

/// How much a number called 约 may be off.
const ABOUT: f64 = 0.12;
/// How far a number called 近 may lie above the true one, as a share of it.
const NEARLY: f64 = 0.2;
/// How far a true number may lie above the one called 多 or 超过, as a share of it.
const MORE: f64 = 0.6;

impl Range {
    /// What an exactly printed number may be before it was rounded. Whole numbers of things are not rounded.
    pub(super) fn of(chars: &[char], m: &Mention) -> Self {
        let value = m.amount(chars);
        let scale = if m.number.value > 0.0 { value / m.number.value } else { 1.0 };
        let half = rounding(chars, m) * scale;
        let measured = scale > 1.0 || half < 0.4 * scale || m.kind == FigureKind::Rate;
        // 3.2亿元 may be rounded, 3200户 is counted.
        let half = if measured { half } else { 0.0 };
        Self { low: value - half, high: value + half }
    }

    /// The same of a number that stands beside another of its unit: 8亿元 beside 9.6亿元 is 8.0.
    pub(super) fn beside(chars: &[char], m: &Mention, other: &Mention) -> Self {
        let half = rounding(chars, m).min(rounding(chars, other));
        let value = m.amount(chars);
        let scale = if m.number.value > 0.0 { value / m.number.value } else { 1.0 };
        let whole = half > 0.4 && scale < 2.0 && m.kind != FigureKind::Rate;
        let half = if whole { 0.0 } else { half * scale };
        Self { low: value - half, high: value + half }
    }

    /// What a number told in the text may mean, with its 近, 约, 余 and the like, rounded or cut off.
    pub(super) fn told(chars: &[char], m: &Mention) -> Self {
        let value = m.amount(chars);
        let scale = if m.number.value > 0.0 { value / m.number.value } else { 1.0 };
        let half = rounding(chars, m) * scale;
        match m.approx.as_deref() {
            // 14% is said of 14.9 %, where the rest was cut off, but not of 15 %.
            None => Self { low: value - half, high: value + 1.998 * half },
            Some("近" | "接近" | "将近" | "不到" | "不足" | "以内" | "以下") => {
                Self { low: value * (1.0 - NEARLY), high: value + half }
            }
            Some("约" | "大约" | "左右" | "上下") => {
                Self { low: value * (1.0 - ABOUT), high: value * (1.0 + ABOUT) }
            }
            Some(_) => Self { low: value - half, high: value * (1.0 + MORE) },
        }
    }

    pub(super) fn exactly(value: f64) -> Self {
        Self { low: value, high: value }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self { low: self.low + other.low, high: self.high + other.high }
    }

    pub(super) fn minus(self, other: Self) -> Self {
        Self { low: self.low - other.high, high: self.high - other.low }
    }

    /// By any factor: the ends change places where it is negative.
    pub(super) fn times(self, factor: f64) -> Self {
        let (one, other) = (self.low * factor, self.high * factor);
        Self { low: one.min(other), high: one.max(other) }
    }

    /// Divided by a positive number.
    pub(super) fn over(self, other: Self) -> Self {
        Self { low: self.low / other.high.max(1e-9), high: self.high / other.low.max(1e-9) }
    }

    /// Whether both can be the same number.
    pub(super) fn meets(self, other: Self) -> bool {
        let slack = 1e-9 * self.high.abs().max(other.high.abs()) + 1e-9;
        self.low <= other.high + slack && other.low <= self.high + slack
    }
}

/// Whether both count in the same unit, 万 and 亿 left out. People are counted as 名, 人 or 位.
pub(super) fn same_unit(chars: &[char], a: &Mention, b: &Mention) -> bool {
    let (a, b) = (bare(chars, a), bare(chars, b));
    let people = |unit: &[char]| matches!(unit, ['名' | '人' | '位']);
    a == b && !a.is_empty() || people(a) && people(b)
}

/// The unit without what multiplies it.
pub(super) fn bare<'a>(chars: &'a [char], m: &Mention) -> &'a [char] {
    let unit = &chars[m.unit.0..m.unit.1];
    let from = unit.iter().position(|c| !matches!(c, '万' | '亿' | '千' | '百' | '余' | '多' | ' '));
    from.map_or(&[], |from| &unit[from..])
}

/// A number that can be a whole or a part: of things, people, money, not a rate, a rank or a rhythm.
pub(super) fn quantity(m: &Mention) -> bool {
    measure(m) && m.kind != FigureKind::Duration
}

/// The same, or a stretch of time.
pub(super) fn measure(m: &Mention) -> bool {
    let counts = !matches!(m.kind, FigureKind::Rate | FigureKind::Rank);
    counts && m.exact() && !m.rhythm && !m.quoted && m.number.value > 0.0
}

/// The quantities of the unit of `mentions[i]` in front of it, the nearest first, no farther than `far` code points.
pub(super) fn in_front<'a>(
    chars: &'a [char],
    mentions: &'a [Mention],
    i: usize,
    far: usize,
) -> impl Iterator<Item = &'a Mention> {
    let of = &mentions[i];
    mentions[..i]
        .iter()
        .rev()
        .take_while(move |m| of.start.saturating_sub(m.end) <= far)
        .filter(move |m| quantity(m) && same_unit(chars, m, of))
}

/// The places of the numbers not farther than `far` code points from a place.
pub(super) fn within(mentions: &[Mention], at: usize, far: usize) -> std::ops::Range<usize> {
    let from = mentions.partition_point(|m| m.start + far < at);
    from..mentions.partition_point(|m| m.start <= at + far).max(from)
}

/// The one of these words that ends directly in front of a place.
pub(super) fn directly_before(chars: &[char], at: usize, words: &[&'static str]) -> Option<&'static str> {
    words.iter().find(|word| ending(chars, at, word).is_some()).copied()
}

/// Words between a name and its number that are no part of the name.
const LINKS: [&str; 25] = [
    "已达到",
    "已经有",
    "达到了",
    "已达",
    "已有",
    "已经",
    "达到",
    "共有",
    "现有",
    "共计",
    "总数",
    "数量",
    "分别",
    "仅有",
    "还有",
    "其中",
    "为",
    "有",
    "达",
    "共",
    "约",
    "近",
    "已",
    "仅",
    "是",
];

/// Where a name ends whose number begins at `to`: in front of [`LINKS`] and of `more` such words, not before `from`.
pub(super) fn without_links(chars: &[char], from: usize, mut to: usize, more: &[&str]) -> usize {
    let link = |to: usize| {
        let begins = |word: &&str| ending(chars, to, word).filter(|at| *at >= from);
        LINKS.iter().chain(more).find_map(begins)
    };
    while let Some(at) = link(to) {
        to = at;
    }
    to
}

/// Whether 的 stands in front of the number: 排查发现的16条.
pub(super) fn of_them(chars: &[char], m: &Mention) -> bool {
    m.number.start.checked_sub(1).is_some_and(|at| chars[at] == '的')
}

/// Whether a new paragraph begins between two places.
pub(super) fn parted(chars: &[char], from: usize, to: usize) -> bool {
    chars[from.min(to)..to].contains(&'\n')
}

/// Where the nearest of the words, parted by white space, ends in front of `end`, not before `start`.
pub(super) fn word_before(chars: &[char], start: usize, end: usize, words: &str) -> Option<usize> {
    let ends = words.split_whitespace().filter_map(|word| {
        let length = word.chars().count();
        (start..=end.checked_sub(length)?).rev().find(|at| stands(chars, *at, word)).map(|at| at + length)
    });
    ends.max()
}

/// Whether two stretches share two characters in a row, both Chinese and none of them a mark.
pub(super) fn alike(chars: &[char], a: (usize, usize), b: (usize, usize)) -> bool {
    let (one, other) = (&chars[a.0.min(a.1)..a.1], &chars[b.0.min(b.1)..b.1]);
    one.windows(2).filter(|w| all_han(w)).any(|w| other.windows(2).any(|v| v == w))
}

/// Whether a word stands in a stretch.
pub(super) fn holds(stretch: &[char], word: &[char]) -> bool {
    stretch.windows(word.len()).any(|w| w == word)
}

/// Whether all characters are Chinese and none of them a mark.
pub(super) fn all_han(words: &[char]) -> bool {
    words.iter().all(|c| ('\u{4e00}'..='\u{9fff}').contains(c))
}

/// Whether the part is such a share of the whole as the rate says, as all three are rounded.
pub(super) fn is_share(chars: &[char], part: &Mention, whole: &Mention, rate: &Mention) -> bool {
    Range::of(chars, part).over(Range::of(chars, whole)).times(100.0).meets(Range::told(chars, rate))
}

/// Whether one number is the other with its digits changed about.
pub(super) fn digits_changed(a: f64, b: f64) -> bool {
    let digits = |value: f64| {
        let mut digits: Vec<char> = plain(value).chars().filter(char::is_ascii_digit).collect();
        digits.sort_unstable();
        digits
    };
    a >= 10.0 && digits(a) == digits(b)
}
