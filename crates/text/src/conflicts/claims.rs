//! All told as done where the same is told of some as not done, with or without a number: 白石乡、青石镇等6个乡镇的积案已全部化解
//! …… 白石乡还有3件积案未化解.

use super::days::{as_of, of_other_years};
use super::reckon::all_han;
use super::retold::shared_words;
use super::{Certainty, ConflictKind, Found};
use crate::figures::Mention;
use crate::lexicon::{any, find, stands};

/// How far from one another both may be told, in code points.
const FAR: usize = 4_000;
/// How far behind the word that says that it is all of them what was done may stand.
const ACT: usize = 8;
/// A clause shorter than this tells not of what.
const SHORT: usize = 12;
/// Words that say that none is left.
const ALL: [&str; 8] = ["全部", "均已", "都已", "悉数", "全都", "全数", "全面", "已全"];
/// Words that say that something has not been done.
const NOT: [&str; 6] = ["尚未", "仍未", "还未", "没有", "至今未", "未"];
/// What is done to the last: the same word must stand in both.
const ACTS: &str = "化解 整改 办结 完成 开工 完工 竣工 建成 投用 接入 拆除 清退 退还 追回 收回 销号 兑现 发放 拨付 交付 修复 停用 开放 投运 撤离 搬迁 入住 验收 关闭 取缔 配备 签订 安装 落实 清除 通过 处置 上缴 归还 入库 到位 上岗 到岗 迁移 上云 注销 换发 通车 通水 供水 返岗 复课 录入 归档 公示 备案 起草 印发 出台 退回 缴回 报送 配齐 整顿 签约 挂牌";
/// Those of them that are said of anything.
const PLAIN: &str = "化解 整改 办结 完成 落实 到位 处置 通过 解决 销号";
/// Words that say nothing of what was done.
const WISHED: &str = "确保 力争 要 将 计划 争取 拟 预计 应 须 督促 推动 下一步";

/// A statement and the word for what was done or not.
struct Claim {
    /// The whole clause.
    clause: (usize, usize),
    /// The words that say it, from the number if there is one.
    span: (usize, usize),
    act: (usize, usize),
}

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    let claims = clauses(chars);
    same_words(found, mentions, &claims);
    let all: Vec<Claim> = claims.iter().filter_map(|c| all_done(chars, mentions, *c)).collect();
    if all.is_empty() {
        return;
    }
    for clause in claims {
        let Some(open) = not_done(chars, mentions, clause) else { continue };
        let first = all.partition_point(|all| all.clause.1 + FAR < open.clause.0);
        let near = all[first..].iter().take_while(|all| all.clause.0 <= open.clause.1 + FAR);
        let Some((all, sure)) = near.into_iter().find_map(|all| Some((all, contradicts(chars, all, &open)?)))
        else {
            continue;
        };
        let mut spans = [all.span, open.span];
        spans.sort_unstable();
        let reason = "一处称全部完成，另一处说还有没有完成的".to_string();
        found.tell(&spans, ConflictKind::AllDoneVsUnfinished, sure, reason);
    }
}

/// How many characters behind 尚未 must stand behind 全部 as well.
const PHRASE: usize = 6;

/// 7个县已全部制定全链条监管方案 and 2个县至今尚未制定全链条监管方案: the same words behind 全部 and behind 尚未.
fn same_words(found: &mut Found<'_>, mentions: &[Mention], claims: &[(usize, usize)]) {
    let chars = found.chars;
    let all: Vec<(usize, (usize, usize))> = claims
        .iter()
        .filter_map(|c| Some((all_at(chars, *c)?, *c)))
        .filter(|(_, c)| !any(chars, c.0, c.1, WISHED))
        .collect();
    for clause in claims.iter().filter(|c| denies(chars, **c) && !any(chars, c.0, c.1, WISHED)) {
        let not = ["至今尚未", "至今未", "尚未", "仍未", "没有"]
            .iter()
            .find_map(|word| find(chars, clause.0, clause.1, word).map(|at| at + word.chars().count()));
        let Some(phrase) = not.and_then(|at| chars.get(at..at + PHRASE)).filter(|phrase| all_han(phrase))
        else {
            continue;
        };
        let says = |(at, c): &&(usize, (usize, usize))| {
            c.0 != clause.0
                && c.0.abs_diff(clause.0) <= FAR
                && chars[*at..c.1].windows(PHRASE).any(|w| w == phrase)
        };
        if let Some((at, of)) = all.iter().find(says) {
            let mut spans = [
                (begin(chars, mentions, *of, *at), of.1),
                (begin(chars, mentions, *clause, clause.1), clause.1),
            ];
            spans.sort_unstable();
            let reason = "一处称全部如此，另一处说还有没有的".to_string();
            found.tell(&spans, ConflictKind::AllDoneVsUnfinished, Certainty::Certain, reason);
        }
    }
}

/// Where the first word of a clause stands that says that none is left. Asked of every clause: nearly none has its characters.
fn all_at(chars: &[char], clause: (usize, usize)) -> Option<usize> {
    let may = chars[clause.0..clause.1].iter().any(|c| matches!(c, '全' | '均' | '都' | '悉'));
    may.then(|| ALL.iter().filter_map(|word| find(chars, clause.0, clause.1, word)).min()).flatten()
}

/// Whether a clause has a character with which something is said not to be done.
fn denies(chars: &[char], clause: (usize, usize)) -> bool {
    chars[clause.0..clause.1].iter().any(|c| matches!(c, '未' | '没'))
}

/// The clauses of the text.
pub(super) fn clauses(chars: &[char]) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut from = 0;
    for (at, c) in chars.iter().enumerate() {
        if matches!(c, '，' | '。' | '；' | '：' | '\n' | '！') {
            out.push((from, at));
            from = at + 1;
        }
    }
    out.push((from, chars.len()));
    out
}

/// The word of [`ACTS`] that stands in a stretch.
fn act(chars: &[char], from: usize, to: usize) -> Option<(usize, usize)> {
    ACTS.split_whitespace().filter_map(|word| find(chars, from, to, word)).min().map(|at| (at, at + 2))
}

/// From the first number of the clause in front of a place, or from the begin of the clause.
fn begin(chars: &[char], mentions: &[Mention], clause: (usize, usize), to: usize) -> usize {
    let from = mentions.partition_point(|m| m.start < clause.0);
    let first = (clause.0..to).find(|at| !chars[*at].is_whitespace()).unwrap_or(clause.0);
    mentions.get(from).filter(|m| m.end <= to).map_or(first, |m| m.start)
}

fn all_done(chars: &[char], mentions: &[Mention], clause: (usize, usize)) -> Option<Claim> {
    let at = all_at(chars, clause)?;
    let act = act(chars, at, clause.1.min(at + 2 + ACT))?;
    let wished = any(chars, clause.0, clause.1, WISHED)
        || NOT.iter().any(|word| find(chars, clause.0, act.0, word).is_some());
    let rest = any(chars, clause.0, at, "其余 剩余 除 其他 其它");
    (!wished && !rest).then(|| Claim { clause, span: (begin(chars, mentions, clause, at), act.1), act })
}

fn not_done(chars: &[char], mentions: &[Mention], clause: (usize, usize)) -> Option<Claim> {
    if !denies(chars, clause) {
        return None;
    }
    let (at, length) = NOT
        .iter()
        .filter_map(|word| find(chars, clause.0, clause.1, word).map(|at| (at, word.chars().count())))
        .min()?;
    let act = act(chars, at + length, clause.1.min(at + length + ACT))?;
    let wished = any(chars, clause.0, clause.1, WISHED) || any(chars, clause.0, at, "凡 对 如 因 若 经");
    // Directly behind the word, or with words such as 按期 or 全部 in between.
    (!wished).then(|| Claim { clause, span: (begin(chars, mentions, clause, at), act.1), act })
}

/// Whether the open one is one of all: the same word for what is done, and a place or thing that both name.
fn contradicts(chars: &[char], all: &Claim, open: &Claim) -> Option<Certainty> {
    let same = chars[all.act.0..all.act.1] == chars[open.act.0..open.act.1];
    if !same || all.clause == open.clause || other_day(chars, all, open) {
        return None;
    }
    // 省级重点项目中，某园因征地受阻，至今尚未开工: the sentence tells of what.
    let short = open.act.0 - open.clause.0 < SHORT;
    let begin =
        chars[..open.clause.0].iter().rposition(|c| matches!(c, '。' | '；' | '\n')).map_or(0, |at| at + 1);
    let from = if short { begin } else { open.clause.0 };
    if of_other_years(chars, all.clause, (begin, open.clause.1)) {
        return None;
    }
    let (own, other) = (&chars[all.clause.0..all.act.0], &chars[from..open.act.0]);
    // 白石乡 in both: the place decides whatever else is told.
    let place = places(own).into_iter().any(|name| any_window(other, &name));
    let (named, elsewhere) = (places(own), places(other));
    if !elsewhere.is_empty() && !named.is_empty() && !place {
        return None;
    }
    let words = shared_words(own, other);
    let long = own.windows(4).any(|w| all_han(w) && other.windows(4).any(|v| v == w));
    match (place && words > 0, long && words > 2, words > 3) {
        (true, _, _) | (_, _, true) => Some(Certainty::Certain),
        (_, true, _) => Some(Certainty::Query),
        _ if words > 2 || words > 1 && !PLAIN.split_whitespace().any(|act| stands(chars, all.act.0, act)) => {
            Some(Certainty::Query)
        }
        _ => None,
    }
}

fn any_window(text: &[char], name: &[char]) -> bool {
    text.windows(name.len()).any(|w| w == name)
}

/// The names of places in a stretch: 白石乡, 青石镇. Those that stand for all places of a kind are none.
pub(super) fn places(text: &[char]) -> Vec<Vec<char>> {
    const KINDS: &str = "乡镇村县区";
    let han = |c: &char| all_han(&[*c]);
    (2..text.len())
        .filter(|at| KINDS.contains(text[*at]) && han(&text[at - 1]) && han(&text[at - 2]))
        .filter(|at| {
            let front: Vec<char> = text[at - 2..*at].to_vec();
            ![
                "个", "各", "全", "行政", "乡镇", "社", "地", "矿", "园", "本", "我", "山", "城", "农", "该",
                "等",
            ]
            .iter()
            .any(|w| {
                let w: Vec<char> = w.chars().collect();
                front.windows(w.len()).any(|v| v == w)
            })
        })
        .map(|at| text[at - 2..=at].to_vec())
        .collect()
}

/// Whether one of them is told as of a later day, or as what came of it.
fn other_day(chars: &[char], all: &Claim, open: &Claim) -> bool {
    let begin = |at: usize| chars[..at].iter().rposition(|c| matches!(c, '。' | '\n')).map_or(0, |at| at + 1);
    let day = |claim: &Claim| as_of(chars, begin(claim.clause.0), claim.clause.1);
    let later = day(all).zip(day(open)).is_some_and(|(a, b)| a.1 != b.1);
    later || any(chars, begin(all.clause.0), all.clause.0, "随后 最终 此后 至此")
}
