//! All of them done, where by the same act so many are told as done or not done elsewhere: 148个项目全部完工 …… 完工139个;
//! 187个建制村全部通客车 …… 仍有5个建制村尚未通客车; 信访积案已全部化解 …… 68件积案已化解62件，还有6件.

use super::days::as_of;
use super::facts::{behind, label};
use super::reckon::{all_han, quantity, same_unit, within};
use super::retold::of_other_days;
use super::within::plain;
use super::{Certainty, ConflictKind, Found};
use crate::figures::Mention;
use crate::lexicon::{any, find, stands};

/// How far behind a number it may be told as all done, in code points.
const SAID: usize = 16;
/// How far from one another both may be told.
const FAR: usize = 3_000;
/// How far in front of what is open the name of its whole may stand.
const PARAGRAPH: usize = 600;
/// The longest clause whose name is read.
const CLAUSE: usize = 60;
/// Words that say that none is left, longest first.
const ALL: [&str; 9] = ["已全部", "全部", "均已", "都已", "均按期", "全都", "悉数", "均", "都"];
/// Words between them and the act.
const HOW: [&str; 12] =
    ["按期", "按时", "如期", "顺利", "得到", "实现", "已经", "完成", "已", "了", "能", "通过"];
/// Words that say that it is not so, longest first.
const NOT: [&str; 9] = ["至今尚未", "至今仍未", "至今没有", "至今未", "尚未", "仍未", "还未", "没有", "未"];
/// Ways of saying the same act.
const SAME: [&str; 4] =
    ["竣工 完工 建成 投用 建设", "办结 办理", "整改 销号 清零 整治 治理", "化解 解决 调处"];
/// What is only wished, or told of some.
const WISHED: &str = "确保 力争 要 将 计划 争取 拟 预计 应 须 督促 推动 推进 加快 除 其余 剩余 基本";
/// What is told of things that are open.
const OPEN: &str = "其余 剩余 尚有 还有 仍有 另有 正在 尚未 未完成 未整改 未到位 未办结 未化解 在建 推进中";
/// Words of finishing, said without a number.
const FINISHED: &str = "完成 完工 竣工 建成 投用 整改 办结 解决 销号 化解 到位 清零 清退 追回 收回 拆除 兑现 发放 拨付 治理 整治 \
                        处置 上缴 归还 重新签订 案结事了 落实";
/// Names that say nothing of what is done.
const COMMON: &str = "工作 情况 问题 方面 任务 目标 项目 措施 全市 全县 全区 全镇 全省 各类 各项 所有 相关 有关 重点 主要 年度 今年 全年 目前 \
                      截至 以来 上述 这些 其中 整改 完成 已全 部完 部整";

/// A count all of which is told as done: the number and the words of the act behind it.
struct AllDone {
    at: usize,
    act: (usize, usize),
}

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    let all: Vec<AllDone> = (0..mentions.len())
        .filter_map(|at| all_done(chars, mentions, at).or_else(|| as_many(chars, mentions, at)))
        .collect();
    for done in &all {
        some_not(found, mentions, done);
        only_so_many(found, mentions, done);
    }
    without_number(found, mentions);
}

/// 187个建制村全部通客车: the act behind 全部, of which two characters are kept.
fn all_done(chars: &[char], mentions: &[Mention], at: usize) -> Option<AllDone> {
    let m = &mentions[at];
    let next = mentions.get(at + 1).map_or(chars.len(), |next| next.start);
    let stop = m.sentence.1.min(m.end + SAID).min(next);
    let (word, from) = ALL.iter().find_map(|word| find(chars, m.end, stop, word).map(|from| (word, from)))?;
    let act = past(chars, from + word.chars().count(), &HOW);
    let wished = any(chars, m.clause.0, act, WISHED) || any(chars, m.clause.0, m.start, "其中 已");
    let words = chars.get(act..act + 2).filter(|words| all_han(words))?;
    (quantity(m) && m.number.value >= 2.0 && !wished && words[0] != '不' && words[0] != '未')
        .then_some(AllDone { at, act: (act, act + 2) })
}

/// The acts that say the same as this one, itself among them.
fn same_acts(act: &[char]) -> Vec<Vec<char>> {
    let word: String = act.iter().collect();
    let group = SAME.iter().find(|group| group.split_whitespace().any(|w| w == word));
    group.map_or_else(
        || vec![act.to_vec()],
        |group| group.split_whitespace().map(|w| w.chars().collect()).collect(),
    )
}

/// 受理投诉63件，已办结63件: as many are told as done.
fn as_many(chars: &[char], mentions: &[Mention], at: usize) -> Option<AllDone> {
    let (all, done) = (&mentions[at.checked_sub(1)?], &mentions[at]);
    let name = label(chars, mentions, at);
    let act = name.len().checked_sub(2)?;
    let same = same_unit(chars, all, done) && (all.amount(chars) - done.amount(chars)).abs() < 1e-9;
    let next = all.sentence == done.sentence && all.clause.1 + 1 == done.clause.0;
    let said = name.first() == Some(&'已') && all_han(&name[act..]) && quantity(done) && quantity(all);
    let to = done.number.start;
    (same && next && said && done.number.value >= 2.0).then_some(AllDone { at: at - 1, act: (to - 2, to) })
}

/// Behind the words that stand here.
fn past(chars: &[char], mut at: usize, words: &[&str]) -> usize {
    while let Some(word) = words.iter().find(|word| stands(chars, at, word)) {
        at += word.chars().count();
    }
    at
}

/// Whether two counts are of one thing: two characters of the name behind both, or behind one and in front of the other.
fn same_thing(chars: &[char], mentions: &[Mention], a: usize, b: usize) -> bool {
    let (own, other) = (behind(chars, &mentions[a]), behind(chars, &mentions[b]));
    let begin = |name: &[char]| name.get(..2).map(<[char]>::to_vec);
    let ends = |name: &[char], word: &Option<Vec<char>>| word.as_ref().is_some_and(|w| name.ends_with(w));
    let (x, y) = (begin(own), begin(other));
    x.is_some() && x == y
        || ends(label(chars, mentions, a), &y)
        || ends(label(chars, mentions, b), &x)
        || own.len() >= 4
            && other.len() >= 4
            && own[..4].windows(2).any(|w| other[..4].windows(2).any(|v| v == w))
}

/// Whether it is a smaller count of the same unit.
fn fewer(chars: &[char], some: &Mention, all: &Mention) -> bool {
    quantity(some) && same_unit(chars, some, all) && some.amount(chars) < all.amount(chars)
}

/// 仍有5个建制村尚未通客车.
fn some_not(found: &mut Found<'_>, mentions: &[Mention], done: &AllDone) {
    let chars = found.chars;
    let all = &mentions[done.at];
    let act = &chars[done.act.0..done.act.1];
    for at in within(mentions, all.start, FAR) {
        let some = &mentions[at];
        if !fewer(chars, some, all) || some.clause == all.clause || found.holds(some) {
            continue;
        }
        let stop = some.sentence.1.min(some.end + 2 * SAID);
        let not = NOT.iter().find_map(|word| find(chars, some.end, stop, word).map(|n| (word, n)));
        let Some((word, from)) = not else { continue };
        let undone = past(chars, from + word.chars().count(), &HOW);
        // 整顿任务尚未完成: the act stands in front.
        let in_front = chars[some.end..from].windows(2).any(|w| w == act)
            && any(chars, from + word.chars().count(), undone + 2, FINISHED);
        let wished = any(chars, some.clause.0, some.start, "对 凡 如 计划 拟 将");
        let same = chars.get(undone..undone + 2).is_some_and(|w| same_acts(act).iter().any(|a| a == w));
        if (same || in_front)
            && !wished
            && same_thing(chars, mentions, done.at, at)
            && !later(chars, some, all)
        {
            let mut spans = [(all.start, done.act.1), (some.start, (undone + 2).min(some.sentence.1))];
            spans.sort_unstable();
            let reason = format!(
                "一处称{}全部如此，另一处说还有{}没有",
                plain(all.amount(chars)),
                plain(some.amount(chars))
            );
            found.tell(&spans, ConflictKind::AllDoneVsUnfinished, Certainty::Certain, reason);
        }
    }
}

/// 项目开工148个，开工率100%；完工139个: of the same whole fewer are told as done by the same act.
fn only_so_many(found: &mut Found<'_>, mentions: &[Mention], done: &AllDone) {
    let chars = found.chars;
    let all = &mentions[done.at];
    let act = &chars[done.act.0..done.act.1];
    for at in within(mentions, all.start, FAR) {
        let some = &mentions[at];
        if !fewer(chars, some, all) || some.sentence == all.sentence || found.holds(some) {
            continue;
        }
        let name = label(chars, mentions, at);
        // 其他方式安置6人: a kind of its own.
        let bare = name.first() == Some(&'已') || name.len() <= act.len() + 2;
        let said = bare
            && same_acts(act).iter().any(|act| name.ends_with(act))
            && !any(name, 0, name.len(), "未 正在 计划 拟 应 需");
        let of = mentions[..at].iter().rev().take_while(|m| m.sentence == some.sentence).find(|m| {
            quantity(m) && same_unit(chars, m, some) && (m.amount(chars) - all.amount(chars)).abs() < 1e-9
        });
        if said && of.is_some() && !later(chars, some, all) {
            let mut spans = [(all.start, done.act.1), (some.start, some.end)];
            spans.sort_unstable();
            let reason =
                format!("{}中只完成{}，这里称全部完成", plain(all.amount(chars)), plain(some.amount(chars)));
            found.tell(&spans, ConflictKind::AllDoneVsUnfinished, Certainty::Certain, reason);
            return;
        }
    }
}

/// Whether all are told as done on a later day than the others.
fn later(chars: &[char], some: &Mention, all: &Mention) -> bool {
    of_other_days(chars, some, all)
        || any(chars, all.sentence.0, all.start, "随后 最终 此后 至此 现已 如今")
        || as_of(chars, some.sentence.0, some.start).is_some()
            && all.start > some.start
            && any(chars, all.sentence.0, all.start, "目前 到目前")
}

/// 信访积案已全部实现案结事了: all is said to be done, with a name and without a number; what is open stands beside its name.
fn without_number(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    let says = |at: &usize| {
        matches!(chars[*at], '全' | '均') && (stands(chars, *at, "全部") || stands(chars, *at, "均已"))
    };
    for at in (0..chars.len()).filter(says) {
        // 信访积案已全部实现: the word in front belongs to it.
        let at = at - usize::from(at > 0 && matches!(chars[at - 1], '已' | '也'));
        let Some((name, end)) = said_of(chars, mentions, at) else { continue };
        let open = within(mentions, at, FAR).find(|n| {
            let m = &mentions[*n];
            (open(chars, m) || fell_short(chars, mentions, *n))
                && !(m.sentence.0..m.sentence.1).contains(&at)
                && !found.holds(m)
                && tells_of(chars, mentions, *n, &chars[name..at])
        });
        let Some(open) = open.map(|n| &mentions[n]) else { continue };
        let mut spans = [(name, end), (open.start, open.end)];
        spans.sort_unstable();
        let reason = format!("一处称全部完成，另一处还有{}没有完成", plain(open.amount(chars)));
        found.tell(&spans, ConflictKind::AllDoneVsUnfinished, Certainty::Query, reason);
    }
}

/// Where the name begins of which all is said to be done, and where the words end that say it.
fn said_of(chars: &[char], mentions: &[Mention], at: usize) -> Option<(usize, usize)> {
    let begin = |c: &char| matches!(c, '，' | '。' | '；' | '：' | '\n' | '、');
    let low = at.saturating_sub(CLAUSE);
    let front = chars[low..at].iter().rposition(begin).map_or(low, |n| low + n + 1);
    let high = chars.len().min(at + CLAUSE);
    let end = chars[at..high].iter().position(begin).map_or(high, |n| at + n);
    let mut name = front;
    for word in ["目前", "截至目前", "其中", "所有", "查出的", "各类", "年度"] {
        name += if stands(chars, name, word) { word.chars().count() } else { 0 };
    }
    // 移交事项7件，已于5月底前全部办结: of what the clause in front counts.
    let begins = front == 0 || matches!(chars[front - 1], '。' | '；' | '\n') || {
        let low = front.saturating_sub(PARAGRAPH);
        let ends = |c: &char| matches!(c, '。' | '\n');
        let sentence = chars[low..front].iter().rposition(ends).map_or(low, |n| low + n + 1);
        let first = mentions.partition_point(|m| m.start < sentence);
        mentions.get(first).is_none_or(|m| m.end > front)
    };
    let named = !chars[name..at].iter().any(|c| matches!(c, '已' | '于' | '均')) && begins;
    let counted = !named || {
        let first = mentions.partition_point(|m| m.end <= front);
        mentions.get(first).is_some_and(|m| m.start < end)
    };
    let long = (4..=24).contains(&(at.saturating_sub(name)));
    let done = any(chars, at, end.min(at + 12), FINISHED);
    let wished = any(chars, front, end, WISHED) || any(chars, front, at, "未 不");
    (!counted && long && done && !wished).then_some((name, end))
}

/// 还有6件正在攻坚, 其余15个正在推进.
fn open(chars: &[char], m: &Mention) -> bool {
    let from = m.number.start.saturating_sub(8).max(m.clause.0);
    let told = any(chars, from, m.number.start, "其余 剩余 尚有 还有 仍有 另有 剩下 余下 正在");
    let going = any(chars, m.clause.0, m.number.start, "尚未 未完成 未整改 正在")
        || any(chars, m.end, m.sentence.1.min(m.end + SAID), OPEN);
    quantity(m) && told && going && !any(chars, m.end, m.clause.1, "全部 均已完成 均已办结 已转 移送")
}

/// 反映问题28个，已整改25个: some are left, though the text does not say so.
fn fell_short(chars: &[char], mentions: &[Mention], at: usize) -> bool {
    let (Some(all), done) = (at.checked_sub(1).map(|n| &mentions[n]), &mentions[at]) else { return false };
    let name = label(chars, mentions, at);
    let said = name.first() == Some(&'已') && any(name, 0, name.len(), FINISHED) && name.len() <= 8;
    let next = all.sentence == done.sentence && all.clause.1 + 1 == done.clause.0;
    said && next && quantity(all) && same_unit(chars, all, done) && done.amount(chars) < all.amount(chars)
}

/// Whether what is open is told beside the name: all words of it that say something stand in the same paragraph in front.
fn tells_of(chars: &[char], mentions: &[Mention], at: usize, name: &[char]) -> bool {
    let m = &mentions[at];
    let low = m.start.saturating_sub(PARAGRAPH);
    let begin = chars[low..m.start].iter().rposition(|c| *c == '\n').map_or(low, |n| low + n + 1);
    let stop = m.sentence.1;
    // 燃气领域隐患已全部整改，工贸领域尚有2项: each field by itself.
    let field = ["领域", "方面", "系统", "类"]
        .iter()
        .find_map(|word| find(name, 0, name.len(), word))
        .filter(|n| *n >= 2);
    let own = |n: usize| chars[m.sentence.0..m.start].windows(n).any(|w| w == &name[..n]);
    if field.is_some_and(|n| !own(n)) {
        return false;
    }
    let words: Vec<&[char]> = name
        .windows(2)
        .filter(|w| all_han(w) && !w.contains(&'的') && !w.contains(&'已'))
        .filter(|w| !COMMON.split_whitespace().any(|c| c.chars().eq(w.iter().copied())))
        .collect();
    let here = words.iter().filter(|w| chars[begin..stop].windows(2).any(|v| v == **w)).count();
    let quoted = name.contains(&'”');
    (words.len() > 1 || quoted && !words.is_empty()) && here * 3 >= words.len() * 2
}
