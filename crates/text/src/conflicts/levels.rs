//! Levels mixed up, mostly by a word replaced everywhere: 两个省级园区等5个县级园区, 全县7个县.

use super::reckon::{quantity, same_unit};
use super::{Certainty, ConflictKind, Found};
use crate::figures::Mention;
use crate::lexicon::{any, find, stands};

pub(super) fn sentence(found: &mut Found<'_>, mentions: &[Mention]) {
    level(found, mentions);
    listed_before(found, mentions);
    level_in_brackets(found, mentions);
    these_of_a_level(found, mentions);
    all_of_lower_levels(found, mentions);
    below_level(found, mentions);
    places_of_a_place(found, mentions);
}

const LEVELS: [&str; 6] = [
    "国家级 全国示范 国道",
    "省级 高级法院 高级人民法院 省道",
    "市级 中级法院 中级人民法院",
    "县级 区级 县直 区直 基层法院 基层人民法院 县道",
    "乡级 镇级 街道级 乡镇 乡道",
    "村级 村（社区） 村党 村道",
];

/// The level of what is counted: behind the number, 2个乡镇党委, or in front of its name, 省级青年文明号2个.
fn level_of(chars: &[char], m: &Mention) -> Option<usize> {
    let of = |at: usize| {
        LEVELS.iter().position(|names| names.split_whitespace().any(|name| stands(chars, at, name)))
    };
    let item = |c: &char| matches!(c, '、' | '，' | '；');
    let begin =
        chars[m.clause.0..m.start].iter().rposition(item).map_or(m.clause.0, |at| m.clause.0 + at + 1);
    of(m.end).or_else(|| (begin..m.start.saturating_sub(2)).find_map(of))
}

/// 两个省级园区等5个县级园区: the part is of another level than the whole.
fn level(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    for pair in mentions.windows(2) {
        let [part, whole] = pair else { continue };
        let within =
            chars[..whole.start].ends_with(&['在', '内', '的']) || chars[..whole.start].ends_with(&['等']);
        let own =
            LEVELS.iter().any(|names| names.split_whitespace().any(|name| stands(chars, whole.end, name)));
        let (Some(a), Some(b)) = (level_of(chars, part), level_of(chars, whole)) else { continue };
        if within && own && part.clause == whole.clause && a != b {
            let name = |of: usize| LEVELS[of].split(' ').next().unwrap_or_default();
            let reason = format!("把{}算进{}，部分与整体不是同一层级", name(a), name(b));
            let spans = [(part.start, whole.start), (whole.start, behind_word(chars, whole))];
            found.tell(&spans, ConflictKind::Category, Certainty::Certain, reason);
        }
    }
}

/// Where the words end that name what is counted: 5个县级园区.
fn behind_word(chars: &[char], m: &Mention) -> usize {
    /// How much of them is shown, in code points.
    const SHOWN: usize = 6;
    m.end + super::facts::behind(chars, m).len().min(SHOWN)
}

/// 2家二级医院等9家一级医疗机构, 省级示范街等6条市级示范街: whether a word of a level between two places is of an item of the list
/// in front of 等. 统筹市级补助资金支持县人民医院等3家县级医院 is done with the list.
pub(super) fn is_item(chars: &[char], (from, at): (usize, usize), behind: usize, whole: &Mention) -> bool {
    /// The longest name of an item without its level.
    const NAME: usize = 8;
    let ends = |c: &char| matches!(c, '、' | '和' | '等' | '在' | '，');
    let stop = chars[behind..whole.start].iter().position(ends).map_or(whole.start, |n| behind + n);
    let name = &chars[behind..stop];
    let last = !chars[stop..whole.start].iter().any(|c| matches!(c, '、' | '和'));
    let thing = super::facts::behind(chars, whole);
    let same = name.windows(2).any(|w| super::reckon::holds(thing, w));
    // Two characters in front of the level are the number and its unit.
    let unit = |n: &usize| crate::numbers::number_at(chars, *n).is_some_and(|n| n.end + 1 == at);
    let counted = (from.max(at.saturating_sub(NAME))..at).any(|n| unit(&n));
    let done = any(name, 0, name.len(), "对 将 给 把 支持 培育 配合 完成 申报 推荐");
    name.len() <= NAME && !done && (counted || last && same)
}

/// 文昌街、滨河路两条省级示范街等6条市级示范街: what is listed in front of 等 is of another level.
fn listed_before(found: &mut Found<'_>, mentions: &[Mention]) {
    /// How far in front of 等 the level of what is listed may stand.
    const LISTED: usize = 16;
    let chars = found.chars;
    let level = |at: usize| {
        LEVELS.iter().position(|names| names.split_whitespace().any(|name| stands(chars, at, name)))
    };
    for whole in mentions {
        let known = found.conflicts.iter().any(|c| c.spans.iter().any(|span| span[0] == whole.start));
        let Some(own) = level(whole.end).filter(|_| !known && chars[..whole.start].ends_with(&['等']))
        else {
            continue;
        };
        let from = whole.start.saturating_sub(LISTED).max(whole.clause.0);
        let Some((at, other)) = (from..whole.start - 1).rev().find_map(|at| Some((at, level(at)?))) else {
            continue;
        };
        // 3个市直部门等8个县级单位: the number in front of what is listed belongs to it.
        let begin = chars[from..at]
            .iter()
            .rposition(|c| matches!(c, '、' | '和' | '，' | '对'))
            .map_or(from, |n| from + n + 1);
        let length =
            LEVELS[other].split(' ').find(|name| stands(chars, at, name)).map_or(0, |n| n.chars().count());
        let item = is_item(chars, (from, at), at + length, whole);
        if own != other && item && !any(chars, at, whole.start, "以上") {
            let name = |of: usize| LEVELS[of].split(' ').next().unwrap_or_default();
            let reason = format!("把{}算进{}，部分与整体不是同一层级", name(other), name(own));
            let spans = [(begin, whole.start), (whole.start, behind_word(chars, whole))];
            found.tell(&spans, ConflictKind::Category, Certainty::Certain, reason);
        }
    }
}

/// Names of levels as they stand in front of a thing.
const NAMES: [&str; 8] = ["国家级", "全国", "中央", "省级", "市级", "县级", "区级", "乡级"];
/// How far in front of a number the level of its thing may stand, in code points.
const NAMED: usize = 12;

/// 省级 and 骨干教师 of 省级骨干教师12名: the nearest level in front of a number, and what is of it.
fn named_level<'a>(chars: &'a [char], m: &Mention) -> Option<(&'static str, &'a [char])> {
    let from = m.start.saturating_sub(NAMED).max(m.clause.0);
    (from..m.start).rev().find_map(|at| {
        let name = NAMES.into_iter().find(|name| stands(chars, at, name))?;
        Some((name, &chars[at + name.chars().count()..m.start]))
    })
}

/// 4个省级自然保护地（国家级1个、省级3个）: one of the parts is of another level than the whole.
fn level_in_brackets(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    for (i, whole) in mentions.iter().enumerate() {
        let Some(part) = mentions
            .get(i + 1)
            .filter(|m| m.start.saturating_sub(whole.end) <= 24 && same_unit(chars, m, whole))
        else {
            continue;
        };
        let opened =
            chars[whole.end..part.start].contains(&'（') || any(chars, whole.end, part.start, "其中");
        let behind = NAMES.iter().find(|name| {
            stands(chars, whole.end, name) && !stands(chars, whole.end + name.chars().count(), "以上")
        });
        let short =
            NAMES.iter().find(|name| chars[..part.start].ends_with(&name.chars().collect::<Vec<_>>()));
        // 县级骨干教师150名，其中省级骨干教师12名: the same thing of another level.
        let told = |m: &Mention| named_level(chars, m);
        let pair = match (behind, short) {
            (Some(own), Some(other)) => Some((*own, *other)),
            _ => told(whole).zip(told(part)).and_then(|((own, thing), (other, same))| {
                (thing.len() > 1 && thing == same).then_some((own, other))
            }),
        };
        // 县级资金9.8亿元，其中中央……、省级……、市级……: none of the parts is of the level of the whole.
        let parts: Vec<_> = mentions[i + 1..]
            .iter()
            .take_while(|m| m.sentence == whole.sentence && same_unit(chars, m, whole))
            .take_while(|m| !chars[whole.end..m.start].contains(&'；'))
            .map(told)
            .collect();
        let none = || {
            let (own, _) =
                told(whole).filter(|(own, thing)| *own != "全国" && *own != "中央" && thing.len() == 2)?;
            let others: Vec<&str> =
                parts.iter().map(|part| part.as_ref().map(|(name, _)| *name)).collect::<Option<_>>()?;
            (others.len() > 2 && !others.contains(&own)).then(|| (own, others[0]))
        };
        let pair = pair.or_else(none);
        if let Some((own, other)) = pair.filter(|(own, other)| opened && own != other) {
            let reason = format!("{own}里列出了{other}的，层级不符");
            found.between(&[whole, part], ConflictKind::Category, Certainty::Certain, reason);
        }
    }
}

/// 4处省级以上保护地中，国家级2处、县级1处: a part below the level of its whole.
fn below_level(found: &mut Found<'_>, mentions: &[Mention]) {
    const LEVELS: [(&str, &str); 5] = [
        ("国家级", "国家级以上"),
        ("省级", "省级以上"),
        ("市级", "市级以上"),
        ("县级", "县级以上"),
        ("乡级", "乡级以上"),
    ];
    let chars = found.chars;
    for (i, whole) in mentions.iter().enumerate() {
        let above = |(_, name): &(&str, &str)| stands(chars, whole.end, name);
        let Some(level) = LEVELS.iter().position(above) else { continue };
        for part in mentions[i + 1..].iter().take_while(|m| m.sentence == whole.sentence) {
            let below = LEVELS[level + 1..]
                .iter()
                .find(|(name, _)| chars[..part.start].ends_with(&name.chars().collect::<Vec<_>>()));
            if let Some((name, _)) = below.filter(|_| part.plain_unit(chars) == whole.plain_unit(chars)) {
                let reason = format!("{}里不会有{name}的", LEVELS[level].1);
                found.between(&[whole, part], ConflictKind::Category, Certainty::Certain, reason);
            }
        }
    }
}

/// 全县7个县（市）第2位: no place has several of its own level.
fn places_of_a_place(found: &mut Found<'_>, mentions: &[Mention]) {
    const WITHIN: [(&str, &str); 3] = [("全县", "县"), ("全乡", "乡镇 乡 镇"), ("全镇", "乡镇 镇")];
    let chars = found.chars;
    for m in mentions.iter().filter(|m| quantity(m) && m.number.value > 1.0 && m.plain_unit(chars) == "个") {
        let own = WITHIN.iter().find(|(place, _)| m.start >= 2 && stands(chars, m.start - 2, place));
        let Some((place, names)) = own else { continue };
        let name = names.split(' ').find(|name| stands(chars, m.end, name));
        // 全县12个县直部门 are departments of it.
        let after = chars.get(m.end + name.map_or(0, |n| n.chars().count()));
        let whole = after.is_none_or(|c| matches!(c, '（' | '中' | '第' | '排' | '位' | '，' | '。' | '里'));
        if let Some(name) = name.filter(|_| whole && !any(chars, m.end, m.end + 2, "级")) {
            let reason = format!("{place}里不会有{}个{name}", m.number.value);
            found.tell(&[(m.start - 2, m.end + 1)], ConflictKind::Category, Certainty::Certain, reason);
        }
    }
}

/// 省级示范食堂3个、市级示范食堂8个，这11个县级示范食堂: those just told are of other levels.
fn these_of_a_level(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    for (i, these) in mentions.iter().enumerate().skip(2) {
        let Some(own) = NAMES.iter().find(|name| stands(chars, these.end, name)) else { continue };
        let (one, other) = (&mentions[i - 2], &mentions[i - 1]);
        let sum = one.amount(chars) + other.amount(chars);
        let all = (chars[..these.number.start].ends_with(&['这'])
            || chars[..these.number.start].ends_with(&['上', '述']))
            && (sum - these.amount(chars)).abs() < 1e-9;
        let levels = [one, other].map(|m| named_level(chars, m));
        if all && levels.iter().flatten().filter(|(level, _)| level != own).count() == 2 {
            let reason = format!("前面列出的都不是{own}，这里却称{own}");
            found.between(&[one, other, these], ConflictKind::Category, Certainty::Certain, reason);
        }
    }
}

/// 112个县级便民服务中心……其中乡镇便民服务中心96个、街道便民服务中心16个: the same things, and none of them is of that level.
fn all_of_lower_levels(found: &mut Found<'_>, mentions: &[Mention]) {
    const HIGHER: [&str; 4] = ["省级", "市级", "县级", "区级"];
    const LOWER: [&str; 6] = ["乡镇", "街道", "社区", "村级", "镇级", "乡级"];
    /// The longest name of the thing, in code points.
    const THING: usize = 6;
    let chars = found.chars;
    for (i, whole) in mentions.iter().enumerate() {
        let Some(own) = HIGHER.iter().find(|name| stands(chars, whole.end, name)) else { continue };
        let thing = &chars[whole.end + 2..chars.len().min(whole.end + 2 + THING)];
        let lower = |m: &&Mention| {
            let from = m.clause.0.max(m.start.saturating_sub(THING + 4));
            LOWER.iter().any(|level| {
                let at = find(chars, from, m.start, level).map(|at| at + 2);
                at.is_some_and(|at| m.start > at + 1 && thing.starts_with(&chars[at..m.start]))
            })
        };
        let parts: Vec<&Mention> = mentions[i + 1..]
            .iter()
            .take_while(|m| m.sentence == whole.sentence && same_unit(chars, m, whole))
            .take_while(lower)
            .collect();
        let sum: f64 = parts.iter().map(|m| m.amount(chars)).sum();
        if parts.len() > 1 && (sum - whole.amount(chars)).abs() < 1e-9 {
            let reason = format!("列出的都不是{own}，合起来却称{own}");
            let figures: Vec<&Mention> = [whole].into_iter().chain(parts).collect();
            found.between(&figures, ConflictKind::Category, Certainty::Certain, reason);
        }
    }
}
