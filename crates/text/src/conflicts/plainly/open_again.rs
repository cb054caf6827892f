//! 32件实事已经全部办结 …… 3件实事还在施工; 全体干警均已填报 …… 还有3名干警未填报; 补贴已全部清退 …… 补贴中，还有2人没有退回: what is told as all done,
//! told as open elsewhere by the same act or the same name.

use super::super::claims::clauses;
use super::super::days::{as_of, of_other_years};
use super::super::reckon::{all_han, holds, same_unit};
use super::super::settled::some_done;
use super::super::{Certainty, ConflictKind, Found};
use super::counted;
use crate::figures::Mention;
use crate::lexicon::{any, find, stands};

/// How far apart both may stand, in code points.
const FAR: usize = 5_000;
/// How much of its sentence in front of what is open is looked at.
const FRONT: usize = 60;
/// How many characters of the thing itself both name.
const OBJECT: usize = 4;
/// How many counts stand at most from a whole to what is done of it, both counted.
const MOST_BETWEEN: usize = 12;
/// Most statements of either sort that are held against one another.
const MOST: usize = 60;
const ALL: [&str; 9] = ["已经全部", "已全部", "全部", "均已", "都已", "已悉数", "全数", "全都已", "全都"];
/// Words by which none does so any more, and those by which some still do: 54个班级无一再要求打卡 …… 4个班级还在要求打卡.
const NONE: [&str; 5] = ["无一再", "没有一个再", "均不再", "都不再", "全部不再"];
const STILL: [&str; 4] = ["还在", "仍在", "依然在", "仍然在"];
const NOT: [&str; 11] =
    ["尚未", "仍未", "还未", "没有", "还没", "未能", "未", "还在", "仍在", "依然在", "仍然在"];
/// Words that put something among a number: 列入12件实事的.
const AMONG: &str = "列入 纳入 作为 属于";
/// What is done to the last, said of nearly anything.
const DONE: &str = "整改 销号 办结 完成 解决 化解 到位 完工 竣工 办理 施工 推进 整治 建成";
const WISHED: &str =
    "确保 力争 要 将 计划 争取 拟 预计 须 督促 推动 除 去年 上年 此前 原 当时 起初 责任 措施 方案 明确 制定";
/// By which what is open is of others, or was so before.
const OTHERS: &str = "去年 上年 此前 当时 新增 新发现 新排查 此外 其他 其它 另有 另外 其余 剩余 当初 之前 排查时 检查时 检查发现 发现有";
/// Words that set some apart: what is told of those is told of no others.
const APART: &str = "中央 省 市 第一批 第二批 首批 首轮 上轮 本轮 审计 巡察 巡视 督察 督查 立行立改 重大 重点 一般 限期 年内 可 能 具备 符合 自查 上级 个人 班子 支部 学校 企业 村 乡镇";

/// 32件实事已经全部办结: how it begins, where its act begins, and how many there are.
struct Claim<'a> {
    subject: (usize, usize),
    act: (usize, usize),
    sentence: usize,
    count: Option<&'a Mention>,
    /// Whether none does so any more.
    none: bool,
}

/// 清单上的问题中还有3个尚未整改到位: its front, where it is denied, and how many; whether it says that some still do so.
struct Open<'a> {
    front: (usize, usize),
    not: usize,
    act: (usize, usize),
    count: Option<&'a Mention>,
    still: bool,
}

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    let all = clauses(chars);
    let claims: Vec<Claim<'_>> = all.iter().filter_map(|c| claim(chars, mentions, *c)).take(MOST).collect();
    if claims.is_empty() {
        return;
    }
    let open: Vec<Open<'_>> = all.iter().filter_map(|c| open(chars, mentions, *c)).take(MOST).collect();
    for open in &open {
        let near = |claim: &&Claim<'_>| {
            let sentence = open.front.0 <= claim.act.1 && claim.sentence <= open.act.1;
            !sentence && claim.act.0.abs_diff(open.not) <= FAR
        };
        let same = |claim: &&Claim<'_>| near(claim) && agree(chars, mentions, claim, open);
        if let Some(claim) = claims.iter().find(same) {
            let from = open.count.map_or(open.front.0, |m| m.start.min(open.not));
            let begin = claim.count.map_or(claim.subject.0, |m| m.start);
            let mut spans = [(begin, claim.act.1), (from, open.act.1.max(open.count.map_or(0, |m| m.end)))];
            spans.sort_unstable();
            let reason = "一处称全部完成，另一处说还有没有完成的".to_string();
            found.tell(&spans, ConflictKind::AllDoneVsUnfinished, Certainty::Certain, reason);
        }
    }
}

/// Where the sentence of a place begins, if that is near.
fn sentence(chars: &[char], at: usize) -> usize {
    let from = at.saturating_sub(FRONT);
    let end = chars[from..at].iter().rposition(|c| matches!(c, '。' | '；' | '：' | '\n' | '！'));
    end.map_or(from, |n| from + n + 1)
}

fn in_clause(mentions: &[Mention], from: usize, to: usize) -> Vec<&Mention> {
    let first = mentions.partition_point(|m| m.start < from);
    mentions[first..].iter().take_while(|m| m.end <= to).filter(|m| counted(m)).collect()
}

fn claim<'a>(chars: &[char], mentions: &'a [Mention], clause: (usize, usize)) -> Option<Claim<'a>> {
    let first = |words: &[&'static str]| {
        words.iter().filter_map(|word| find(chars, clause.0, clause.1, word).map(|at| (at, *word))).min()
    };
    let none = first(&NONE);
    let all = none.or_else(|| first(&ALL))?;
    let act = (all.0 + all.1.chars().count(), clause.1);
    let begin = sentence(chars, clause.0);
    let due = any(chars, all.0.saturating_sub(3).max(clause.0), act.0, "应");
    if act.1 < act.0 + 2
        || due
        || none.is_none() && any(chars, clause.0, clause.1, WISHED)
        || any(chars, act.0, act.1, "未 没有")
    {
        return None;
    }
    let count = match in_clause(mentions, clause.0, all.0)[..] {
        [] => None,
        [one] => Some(one),
        _ => return None,
    };
    // 应于年底前完成的15项任务已全部完成 tells of all that were due.
    let due = any(chars, clause.0, all.0, "应");
    if count.is_some_and(|m| !due && some_done(chars, m)) {
        return None;
    }
    Some(Claim { subject: (clause.0, all.0), act, sentence: begin, count, none: none.is_some() })
}

fn open<'a>(chars: &[char], mentions: &'a [Mention], clause: (usize, usize)) -> Option<Open<'a>> {
    let not =
        NOT.iter().filter_map(|word| find(chars, clause.0, clause.1, word).map(|at| (at, *word))).min()?;
    let begin = sentence(chars, clause.0);
    let act = (not.0 + not.1.chars().count(), clause.1);
    let still = STILL.contains(&not.1);
    // 还在要求 wishes for nothing.
    let asks = still && stands(chars, act.0, "要求");
    if any(chars, begin, clause.1, OTHERS) || !asks && any(chars, clause.0, clause.1, WISHED) {
        return None;
    }
    // 没有办结的3件信访件 as well as 3件信访件没有办结.
    let count = match in_clause(mentions, clause.0, clause.1)[..] {
        [one] => Some(one),
        [one, ..] if one.end <= not.0 => Some(one),
        // 积案中，还有3件因诉求差距较大，至今没有化解.
        _ => match in_clause(mentions, begin, clause.0)[..] {
            [one] if any(chars, one.clause.0, one.start, "还有 仍有 尚有") => Some(one),
            _ => None,
        },
    };
    Some(Open { front: (begin, not.0), not: not.0, act, count, still })
}

/// Whether what is denied of some was told of all of the same.
fn agree(chars: &[char], mentions: &[Mention], claim: &Claim<'_>, open: &Open<'_>) -> bool {
    // 无一再要求 is denied by 还在要求 alone, told again word by word.
    if claim.none
        && !(open.still && claim.count.is_some() && open.count.is_some() && told_again(chars, claim, open))
    {
        return false;
    }
    if of_other_years(chars, claim.subject, (open.front.0, open.act.1)) {
        return false;
    }
    let day = |from, to| as_of(chars, from, to);
    if day(claim.sentence, claim.act.1).zip(day(open.front.0, open.act.1)).is_some_and(|(a, b)| a != b) {
        return false;
    }
    // Those that are all done may be some only: the others are told otherwise.
    let apart = |word: &&str| {
        find(chars, claim.subject.0, claim.subject.1, word).is_some()
            && find(chars, open.front.0, open.act.1, word).is_none()
    };
    if APART.split(' ').any(|word| apart(&word)) {
        return false;
    }
    let (done, denied) = (&chars[claim.act.0..claim.act.1], &chars[open.act.0..open.act.1]);
    let act = denied.get(..2).is_some_and(|two| all_han(two) && holds(done, two));
    let finished = |from: usize, to: usize| any(chars, from, to, DONE);
    let any_act = finished(claim.act.0, claim.act.1) && finished(open.act.0, open.act.1.min(open.act.0 + 6));
    let of_set = set(chars, open);
    let same = match (claim.count, open.count) {
        (Some(all), Some(some)) => {
            let (unit, all_amount, amount) =
                (same_unit(chars, all, some), all.amount(chars), some.amount(chars));
            // 列入12件实事的客运站尚未完工: one of the twelve.
            let one = (all_amount - amount).abs() < 1e-9
                && any(chars, some.start.saturating_sub(3).max(open.front.0), some.start, AMONG)
                && some.end < open.not;
            let noun = noun(chars, some).or(of_set.and_then(|set| set.get(set.len().saturating_sub(2)..)));
            let named = noun.is_some_and(|noun| named(chars, mentions, claim, all, noun));
            unit && (one || amount < all_amount)
                && named
                && (act || any_act || same_thing(chars, claim, open))
        }
        (None, _) => {
            let subject = &chars[claim.subject.0..claim.subject.1];
            let last = subject.len().checked_sub(2).map(|from| &subject[from..]).filter(|two| all_han(two));
            let named = last.is_some_and(|last| holds(&chars[open.front.0..open.act.1], last));
            let all = any(chars, claim.subject.0, claim.subject.1, "全体 所有");
            let within = last.zip(of_set).is_some_and(|(last, set)| set.ends_with(last));
            let shared =
                denied.iter().take(3).any(|c| !"了的已在完成到位有个并其".contains(*c) && done.contains(c));
            named && (all && act || within && (act || any_act || shared))
        }
        // 14个便民服务点均已安装自助服务终端 …… 自助服务终端至今没有安装.
        (Some(_), None) => act && (object(chars, claim, open) || the_only_one(chars, claim, open)),
    };
    // Asked last: it looks at every number of the text.
    same && !of_others(chars, mentions, claim, open)
}

/// Whether both acts share a stretch of four characters.
fn told_again(chars: &[char], claim: &Claim<'_>, open: &Open<'_>) -> bool {
    let (done, again) = (&chars[claim.act.0..claim.act.1], &chars[open.act.0..open.act.1]);
    again.windows(OBJECT).any(|w| all_han(w) && holds(done, w))
}

/// 9个小区均已进场施工 …… 是目前唯一没有进场的小区: one of what was counted.
fn the_only_one(chars: &[char], claim: &Claim<'_>, open: &Open<'_>) -> bool {
    let only = any(chars, open.not.saturating_sub(3).max(open.front.0), open.not, "唯一");
    let called = claim.count.and_then(|m| noun(chars, m));
    only && called.is_some_and(|called| holds(&chars[open.act.0..open.act.1], called))
}

/// 17口山塘的巡查责任人均已落实 …… 3口山塘至今没有明确巡查责任人: whether a thing of all is what some have not.
fn same_thing(chars: &[char], claim: &Claim<'_>, open: &Open<'_>) -> bool {
    let thing = |w: &&[char]| all_han(w) && holds(&chars[open.act.0..open.act.1], w);
    let from = claim.count.map_or(claim.subject.0, |m| m.end.min(claim.subject.1));
    chars[from..claim.subject.1].windows(OBJECT).any(|w| thing(&w))
}

/// Whether what was done with all names a thing of which the clause that denies it speaks as well.
fn object(chars: &[char], claim: &Claim<'_>, open: &Open<'_>) -> bool {
    let own = chars[open.front.0..open.not].iter().rposition(|c| matches!(c, '，' | '；' | '：'));
    let front = &chars[own.map_or(open.front.0, |n| open.front.0 + n + 1)..open.not];
    chars[claim.act.0..claim.act.1].windows(OBJECT).any(|w| all_han(w) && holds(front, w))
}

/// Whether what is counted in a claim is called so, there or where as many were told: 46件信访件 …… 46件已全部办结.
fn named(chars: &[char], mentions: &[Mention], claim: &Claim<'_>, all: &Mention, called: &[char]) -> bool {
    let again = |m: &Mention| {
        m.end <= all.start
            && same_unit(chars, m, all)
            && (m.amount(chars) - all.amount(chars)).abs() < 1e-9
            && noun(chars, m) == Some(called)
    };
    holds(&chars[claim.sentence..claim.act.1], called) || mentions.iter().any(again)
}

/// Whether what is open is what is left of another number: 15个项目中，仍有4个未建成; 47个问题，已完成整改41个 …… 尚未完成的6个问题.
fn of_others(chars: &[char], mentions: &[Mention], claim: &Claim<'_>, open: &Open<'_>) -> bool {
    let (Some(all), Some(some)) = (claim.count, open.count) else {
        return false;
    };
    let (all, amount) = (all.amount(chars), some.amount(chars));
    let like = |m: &&Mention| counted(m) && same_unit(chars, m, some);
    let own = in_clause(mentions, open.front.0, some.start)
        .into_iter()
        .filter(like)
        .any(|m| (m.amount(chars) - all).abs() > 1e-9);
    let alike: Vec<&Mention> = mentions.iter().filter(like).collect();
    let leaves = |pair: &[&Mention]| {
        let (first, last) = (pair[0], pair[pair.len() - 1]);
        let (whole, done) = (first.amount(chars), last.amount(chars));
        let left = (whole - all).abs() > 1e-9 && whole > done && (whole - done - amount).abs() < 1e-9;
        left && any(chars, last.clause.0, last.clause.1, DONE)
            && !chars[first.end..last.start].contains(&'\n')
    };
    own || (2..=MOST_BETWEEN).any(|n| alike.windows(n).any(leaves))
}

/// The name of a set of which something is told: 清单上的问题 in 清单上的问题中还有3个.
fn set<'a>(chars: &'a [char], open: &Open<'_>) -> Option<&'a [char]> {
    let front = &chars[open.front.0..open.not];
    let end = ["中，", "中还", "中仍", "中尚", "中有", "中目前", "里还", "里有"]
        .iter()
        .filter_map(|word| (0..front.len()).rev().find(|at| stands(front, *at, word)))
        .max()?;
    let from = front[..end].iter().rposition(|c| !all_han(&[*c])).map_or(0, |n| n + 1);
    (end >= from + 2).then(|| &front[from..end])
}

/// The two characters behind a count that name what is counted: 实事 of 3件实事.
fn noun<'a>(chars: &'a [char], m: &Mention) -> Option<&'a [char]> {
    const GOES_ON: &str = "因正仍尚未没还已需由属被拟待按有在均全都暂";
    let two = chars.get(m.end..m.end + 2)?;
    (all_han(two) && !GOES_ON.contains(two[0])).then_some(two)
}
