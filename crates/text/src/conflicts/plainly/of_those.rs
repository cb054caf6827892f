//! 14笔应收账款均已收回 …… 上述14笔应收账款中，还有3笔未收: just so many told as all done, and of just so many some told as not.

use super::super::{Certainty, ConflictKind, Found};
use super::counted;
use crate::figures::Mention;
use crate::lexicon::{any, find};

/// How far apart both may stand, in code points.
const FAR: usize = 6_000;
/// Of fewer than this many much is told.
const LEAST: f64 = 2.0;
const ALL: [&str; 9] = ["已全部", "均已", "都已", "全部", "悉数", "全数", "全都", "已全", "均"];
const NOT: [&str; 12] =
    ["尚未", "仍未", "还未", "没有", "未能", "未", "没", "无法", "仍在", "正在", "还在", "尚在"];
/// Words by which something is only wished, or was otherwise before.
const WISHED: &str = "确保 力争 要 将 计划 争取 拟 预计 须 督促 推动 未 除 去年 上年 此前 原 当时 起初";
/// Characters that say nothing of what was done.
const EMPTY: &str = "了的已在完成到位有个并其达标";

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let set = &mentions[i];
    // The clause ends with 中: what follows is told of some of them.
    let among = chars[..set.clause.1].last().is_some_and(|c| matches!(c, '中' | '里' | '内'));
    if !counted(set) || set.number.value < LEAST || !among || set.clause.1 < set.end + 2 {
        return;
    }
    let rest = (set.clause.1, set.sentence.1);
    let not = NOT.iter().filter_map(|word| find(chars, rest.0, rest.1, word)).min();
    let Some(not) = not.filter(|_| !any(chars, rest.0, rest.1, "去年 上年 此前 当时")) else {
        return;
    };
    let noun = &chars[set.end..set.clause.1 - 1];
    let mark = |c: &char| matches!(c, '，' | '；' | '、' | '。');
    let to = chars[not..rest.1].iter().position(mark).map_or(rest.1, |n| not + n);
    let from = mentions.partition_point(|m| m.end + FAR < set.start);
    let done = mentions[from..].iter().take_while(|m| m.start < set.end + FAR).find(|m| {
        let same = counted(m) && (m.number.value - set.number.value).abs() < 1e-9;
        same && m.plain_unit(chars) == set.plain_unit(chars)
            && m.sentence != set.sentence
            && all_done(chars, m, noun, &chars[not..to])
    });
    let Some(done) = done else { return };
    let open = mentions.iter().find(|m| m.start >= rest.0 && m.start < to).map_or(not, |m| m.start);
    let mut spans = [(done.start, done.clause.1), (open.min(not), to)];
    spans.sort_unstable();
    let reason = "同一批一处称全部完成，一处说其中还有没有完成的".to_string();
    found.tell(&spans, ConflictKind::AllDoneVsUnfinished, Certainty::Certain, reason);
}

/// 14笔应收账款均已收回: whether so many of the same are told as all done, by what is denied of some.
fn all_done(chars: &[char], m: &Mention, noun: &[char], denied: &[char]) -> bool {
    let word = ALL.iter().filter_map(|word| find(chars, m.end, m.clause.1, word).map(|at| (at, *word))).min();
    let Some((at, word)) = word else { return false };
    let own = &chars[m.end..at];
    let named = noun.len() < 2
        || own.len() < 2
        || own.ends_with(&noun[noun.len() - 2..])
        || noun.windows(2).any(|two| own.windows(2).any(|other| other == two));
    let act = &chars[at + word.chars().count()..m.clause.1];
    let says = |c: &char| !EMPTY.contains(*c) && ('\u{4E00}'..='\u{9FFF}').contains(c);
    named
        && !any(chars, m.clause.0, m.clause.1, WISHED)
        && act.iter().filter(|c| says(c)).any(|c| denied.contains(c))
}
