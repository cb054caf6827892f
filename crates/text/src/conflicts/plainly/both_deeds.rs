//! 新建公厕8座、改造提升23座 …… 35座新改建公厕: what was built and what was rebuilt, told again by one number.

use super::super::facts::{behind, label};
use super::super::reckon::{holds, same_unit};
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found};
use super::counted;
use super::same_day::named_elsewhere;
use crate::figures::Mention;
use crate::lexicon::{any, find, words};

/// How far apart both may be told, in code points.
const FAR: usize = 4_000;
/// How far the second may stand behind the first.
const STEP: usize = 16;
/// How much of the sum the other number is, where the same is meant.
const NEARLY: std::ops::RangeInclusive<f64> = 0.6..=1.6;
const NEW: [&str; 8] = ["新建", "新增", "新购", "新装", "新设", "新开", "新办", "新植"];
const AGAIN: [&str; 11] =
    ["改造提升", "提升改造", "改扩建", "改造", "改建", "扩建", "提升", "更新", "维修", "修缮", "翻新"];
/// Both in one word.
const BOTH: &str = "新改建 新改扩建 新建改建 新建改造 新扩建 新（改）建 新(改)建 新（改、扩）建 新改造";
const OTHER: &str = "去年 上年 累计 计划 目标 近年 三年 两年 五年 以来 力争 将 拟 每 均 其中 预计 下一步";

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    for i in 1..mentions.len() {
        let Some((noun, deeds)) = pair(chars, mentions, i) else { continue };
        let (new, old) = (&mentions[i - 1], &mentions[i]);
        let sum = new.amount(chars) + old.amount(chars);
        let from = mentions.partition_point(|m| m.end + FAR < new.start);
        let near = mentions[from..].iter().enumerate().take_while(|(_, m)| m.start <= old.end + FAR);
        let together = |(at, m): &(usize, &Mention)| {
            counted(m)
                && m.sentence != new.sentence
                && same_unit(chars, m, new)
                && names_both(chars, mentions, from + at, noun, &deeds)
        };
        let told: Vec<&Mention> = near.filter(together).map(|(_, m)| m).collect();
        let [told] = told[..] else { continue };
        let value = told.amount(chars);
        if (value - sum).abs() > 1e-9
            && NEARLY.contains(&(value / sum.max(1e-9)))
            && !named_elsewhere(chars, new, told)
        {
            let reason = format!(
                "{}加{}为{}，另一处为{}",
                plain(new.amount(chars)),
                plain(old.amount(chars)),
                plain(sum),
                plain(value)
            );
            let mut figures = [new, old, told];
            figures.sort_by_key(|m| m.start);
            found.between(&figures, ConflictKind::Sum, Certainty::Certain, reason);
        }
    }
}

/// 新建公厕8座、改造23座: what both are of, and both deeds.
fn pair<'a>(chars: &'a [char], mentions: &'a [Mention], i: usize) -> Option<(&'a [char], [String; 2])> {
    let (new, old) = (&mentions[i - 1], &mentions[i]);
    let gap = &chars[new.end.min(old.number.start)..old.number.start];
    let marks = gap.iter().filter(|c| matches!(c, '、' | '，')).count();
    let beside = new.sentence == old.sentence && counted(new) && counted(old) && same_unit(chars, new, old);
    if !beside || gap.len() > STEP || marks != 1 || any(chars, new.sentence.0, new.start, OTHER) {
        return None;
    }
    // 、维修3座: more than two.
    let third = mentions.get(i + 1).is_some_and(|m| {
        m.sentence == old.sentence
            && same_unit(chars, m, old)
            && m.number.start - old.end.min(m.number.start) <= STEP
    });
    let (first, second) = (label(chars, mentions, i - 1), label(chars, mentions, i));
    let begin = NEW.iter().find_map(|word| find(first, 0, first.len(), word).map(|at| (at + 2, *word)))?;
    let again = AGAIN.iter().find(|word| find(second, 0, second.len(), word) == Some(0))?;
    let mut noun = &first[begin.0..];
    if noun.len() < 2 {
        noun = [behind(chars, new), behind(chars, old)].into_iter().find(|name| name.len() > 1)?;
    }
    let rest = &second[again.chars().count()..];
    let same = rest.is_empty() || holds(rest, noun) || holds(noun, rest);
    (!third && same && noun.len() > 1).then(|| (noun, [begin.1.to_string(), (*again).to_string()]))
}

/// 新改建公厕35座, 35座新改建公厕, 新建、改造公厕35座.
fn names_both(chars: &[char], mentions: &[Mention], at: usize, noun: &[char], deeds: &[String; 2]) -> bool {
    let m = &mentions[at];
    let before = at.checked_sub(1).map_or(0, |n| mentions[n].end).max(m.clause.0).min(m.number.start);
    let after = mentions
        .get(at + 1)
        .map_or(m.clause.1, |next| next.number.start)
        .min(m.clause.1)
        .min(m.end + STEP)
        .max(m.end);
    let (front, back) =
        (&chars[before.max(m.number.start.saturating_sub(STEP))..m.number.start], &chars[m.end..after]);
    let [one, other] = deeds;
    let joined: String = ["", "、", "和", "与", "及"].map(|link| format!("{one}{link}{other}")).join(" ");
    let both =
        |stretch: &[char]| any(stretch, 0, stretch.len(), BOTH) || any(stretch, 0, stretch.len(), &joined);
    let said = both(front) && (holds(front, noun) || holds(back, noun)) || both(back) && holds(back, noun);
    said && !any(chars, m.sentence.0, m.start, OTHER) && !words(chars, before, m.number.start).contains('每')
}
