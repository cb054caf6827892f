//! 全县12个乡镇 …… 13个乡镇均建立了服务站; 全县有行政村165个 …… 已有178个村建成: more places of a kind than the text says there are.

use super::super::facts::{behind, label};
use super::super::{Found, exceeds};
use super::counted;
use crate::figures::Mention;
use crate::lexicon::{any, stands};

/// How far apart both may be told, in code points.
const FAR: usize = 6_000;
/// How much more may be told and still be meant of the same.
const MEANT: f64 = 1.3;
/// How far in front of its number it is said that these are all.
const SAID: usize = 8;
const KINDS: [&str; 5] = ["乡镇", "行政村", "建制村", "镇街", "社区"];
const ALL: &str = "全县 全区 全镇 全乡 全街道 我县 我区 我镇 我乡 辖 共有 现有";
/// Words by which those told again are others, or told more than once.
const OTHER: &str =
    "全市 全省 全国 累计 次 先后 去年 原有 计划 新 外 以上 原 含 包括 合并 撤并 调整 市内 周边 邻";

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    for kind in KINDS {
        let totals: Vec<&Mention> = (0..mentions.len())
            .filter(|at| is_total(chars, mentions, *at, kind))
            .map(|at| &mentions[at])
            .collect();
        let Some(total) = totals.first() else { continue };
        let all = total.amount(chars);
        if totals.iter().any(|m| (m.amount(chars) - all).abs() > 1e-9) {
            continue;
        }
        let of_all = |m: &&Mention| {
            let (value, near) = (m.amount(chars), m.start.abs_diff(total.start) <= FAR);
            counted(m)
                && near
                && value > all
                && value <= all * MEANT
                && m.plain_unit(chars) == "个"
                && again(chars, m, kind)
        };
        if let Some(more) = mentions.iter().find(of_all).filter(|m| m.start > total.start) {
            exceeds::tell(found, total, more);
        }
    }
}

/// 全县12个乡镇, 全县有行政村165个, and the second of 全县12个乡镇、138个行政村.
fn is_total(chars: &[char], mentions: &[Mention], at: usize, kind: &str) -> bool {
    let m = &mentions[at];
    let named = begins(behind(chars, m), kind) || {
        let name = label(chars, mentions, at);
        behind(chars, m).is_empty()
            && name.len() <= SAID
            && name.len() >= kind.chars().count()
            && stands(name, name.len() - kind.chars().count(), kind)
    };
    let before = at.checked_sub(1).map(|n| &mentions[n]);
    let listed = before.is_some_and(|b| {
        b.sentence == m.sentence
            && chars[b.end.min(m.start)..m.start].last() == Some(&'、')
            && m.start - b.end <= 4
            && any(chars, b.number.start.saturating_sub(4).max(b.clause.0), b.number.start, ALL)
    });
    let from = m.number.start.saturating_sub(SAID).max(m.clause.0);
    // The country around has other numbers.
    let others = any(chars, m.clause.0, m.number.start, "占 其中 已 达 覆盖 等 涉及 以来");
    counted(m)
        && m.plain_unit(chars) == "个"
        && named
        && !others
        && (listed || any(chars, from, m.number.start, ALL))
}

/// 13个乡镇均建立, 已有178个村建成.
fn again(chars: &[char], m: &Mention, kind: &str) -> bool {
    let name = behind(chars, m);
    let village = matches!(kind, "行政村" | "建制村") && name.first() == Some(&'村');
    let length = if begins(name, kind) {
        kind.chars().count()
    } else if village {
        1
    } else {
        return false;
    };
    let next = name.get(length);
    // 178个村民小组, 13个乡镇卫生院 and 13个乡镇、街道 are others.
    let alone = next.is_some_and(|c| "均全都已建实完开设配通成达".contains(*c))
        && !(next == Some(&'建') && name.get(length + 1) == Some(&'筑'));
    let other = any(chars, m.clause.0, m.number.start, OTHER) || chars.get(m.end + length) == Some(&'（');
    alone && !other
}

/// Whether a name begins with a kind and does not go on as another: 社区居民, 乡镇卫生院.
fn begins(name: &[char], kind: &str) -> bool {
    let length = kind.chars().count();
    name.len() >= length
        && stands(name, 0, kind)
        && name.get(length).is_none_or(|c| !"卫民居干党敬中街级（".contains(*c))
}
