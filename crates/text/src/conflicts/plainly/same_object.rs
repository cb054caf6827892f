//! 9个乡镇全部落实了专职管水员 …… 2个乡镇尚未落实专职管水员: one act and one object, told of all and denied of some.

use super::super::claims::clauses;
use super::super::reckon::{all_han, holds, same_unit};
use super::super::{Certainty, ConflictKind, Found};
use super::counted;
use super::left_here::later;
use super::same_day::named_elsewhere;
use crate::figures::Mention;
use crate::lexicon::{any, find};

/// How far apart both may be told, in code points.
const FAR: usize = 4_000;
/// How much of what was done must be the same.
const OBJECT: usize = 4;
/// Most statements that are held against one another.
const MOST: usize = 60;
const ALL: [&str; 5] = ["已全部", "均已", "都已", "全部", "人人"];
const WISHED: &str =
    "确保 力争 要 将 计划 争取 拟 预计 应 须 督促 推动 除 其余 剩余 去年 上年 首批 第一批 另";
/// What is said of anything.
const PLAIN: [&str; 8] =
    ["整改到位", "全部整改", "整改销号", "完成整改", "整改落实", "对账销号", "落实到位", "整改任务"];

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    let one_in = |clause: (usize, usize)| {
        let from = mentions.partition_point(|m| m.start < clause.0);
        let here: Vec<&Mention> = mentions[from..].iter().take_while(|m| m.end <= clause.1).collect();
        let [one] = here[..] else { return None };
        counted(one).then_some(one)
    };
    let (mut all, mut open) = (Vec::new(), Vec::new());
    for clause in clauses(chars) {
        let denied = chars[clause.0..clause.1].iter().any(|c| matches!(c, '未' | '没'));
        let every = ALL
            .iter()
            .filter_map(|word| Some(find(chars, clause.0, clause.1, word)? + word.chars().count()))
            .max();
        if denied && !any(chars, clause.0, clause.1, WISHED) {
            open.extend(one_in(clause).map(|m| (m, clause)));
        } else if let Some(at) = every.filter(|_| !denied && !any(chars, clause.0, clause.1, WISHED)) {
            all.extend(one_in(clause).filter(|m| m.end <= at).map(|m| (m, clause, at)));
        }
    }
    for (some, own) in open.into_iter().take(MOST) {
        let says = |(m, clause, at): &&(&Mention, (usize, usize), usize)| {
            m.sentence != some.sentence
                && m.start.abs_diff(some.start) <= FAR
                && same_unit(chars, m, some)
                && m.amount(chars) > some.amount(chars)
                && noun(chars, m).is_some_and(|noun| holds(&chars[own.0..own.1], noun))
                && object(&chars[*at..clause.1], &chars[own.0..own.1])
                && !later(chars, some, m)
                && !named_elsewhere(chars, m, some)
        };
        if let Some((m, clause, _)) = all.iter().take(MOST).find(says) {
            let mut spans = [(m.start, clause.1), (some.start, own.1.max(some.end))];
            spans.sort_unstable();
            let reason = "一处称全部如此，另一处说还有没有的".to_string();
            found.tell(&spans, ConflictKind::AllDoneVsUnfinished, Certainty::Certain, reason);
        }
    }
}

fn noun<'a>(chars: &'a [char], m: &Mention) -> Option<&'a [char]> {
    chars.get(m.end..m.end + 2).filter(|noun| all_han(noun))
}

/// Whether four characters of what all have done stand where some have not.
fn object(done: &[char], open: &[char]) -> bool {
    let says = |w: &&[char]| {
        let word: String = w.iter().collect();
        all_han(w) && !PLAIN.contains(&word.as_str())
    };
    done.windows(OBJECT).filter(says).any(|w| holds(open, w))
}
