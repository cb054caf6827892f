//! Conflicts of figures that stand apart in a document.

use super::reckon::word_before;
use super::retold::shared_words;
use super::within::plain;
use super::{Certainty, ConflictKind, Found};
use crate::figures::{FigureKind, Mention};
use crate::lexicon::{any, find, stands, words};

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    all_done(found, mentions);
    list_and_found(found, mentions);
    among_fewer(found, mentions);
    two_values(found, mentions);
    more_than_there_are(found, mentions);
}

/// How far in front of a statement that all is done the counts stand that it speaks of, in code points.
const FAR: usize = 3_000;

/// 问题已全部办结 where a part was told as open.
fn all_done(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    not_all(found, mentions);
    for all in said_all(chars) {
        left_open(found, mentions, all);
    }
}

/// 63个单位均已举办读书班 …… 仍有5个单位没有举办读书班.
fn not_all(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    for m in mentions.iter().filter(|m| any(chars, m.clause.0, m.start, "仍有 还有 尚有")) {
        let Some(not) = ["没有", "尚未", "未"]
            .iter()
            .find_map(|w| find(chars, m.end, m.clause.1, w).map(|at| at + w.chars().count()))
        else {
            continue;
        };
        let said = &chars[not..m.clause.1];
        if said.len() < 4 {
            continue;
        }
        let act = words(chars, not, not + 4);
        let mut from = 0;
        while let Some(at) = find(chars, from, m.clause.0, &act) {
            from = at + 4;
            let start =
                chars[..at].iter().rposition(|c| matches!(c, '，' | '。' | '；' | '\n')).map_or(0, |i| i + 1);
            let all = ["均已", "全部", "都已", "全面"].iter().find_map(|w| find(chars, start, at, w));
            // 计划全部建成: wished for.
            if let Some(all) = all.filter(|all| !any(chars, start, *all, "计划 力争 确保 争取 拟 预计"))
            {
                // 52个部门业务系统已全部接入: with the number of them.
                let of = mentions.iter().find(|n| n.start >= start && n.end <= all);
                let all = of.map_or(all, |n| n.start);
                let reason = format!("前文称全部{act}，这里又说还有没有的");
                found.tell(
                    &[(all, from), (m.start, m.end)],
                    ConflictKind::AllDoneVsUnfinished,
                    Certainty::Certain,
                    reason,
                );
                return;
            }
        }
    }
}

/// How far in front of a sentence that tells what is left its thing may be named, in code points.
const NAMED: usize = 120;

/// What is told as open, or as the only part that is done, where a text says later that all is done.
struct Open {
    sentence: (usize, usize),
    spans: Vec<(usize, usize)>,
    /// The whole of which a part is done, if it is told.
    of: Option<f64>,
    sure: Certainty,
    reason: String,
}

fn left_open(found: &mut Found<'_>, mentions: &[Mention], all: (usize, usize)) {
    let chars = found.chars;
    // A statement that all is done speaks of what was told not too far in front of it.
    let near = |m: &Mention| m.start < all.0 && all.0 - m.start <= FAR;
    let clause = chars[..all.0]
        .iter()
        .rposition(|c| matches!(c, '，' | '。' | '；' | '\n' | '：'))
        .map_or(0, |i| i + 1);
    let open: Vec<Open> = (0..mentions.len())
        .filter(|i| near(&mentions[*i]))
        .filter_map(|i| open_at(chars, mentions, i, (clause, all.1)))
        .collect();
    // 查摆的32个问题已全部整改: those of which there are 32; else those told last.
    let said = mentions.iter().find(|m| m.start >= clause && m.end <= all.1 && m.kind == FigureKind::Count);
    let meant = said.and_then(|said| {
        let same = |o: &&Open| o.of.is_some_and(|of| (of - said.amount(chars)).abs() < 1e-9);
        open.iter().rev().find(same)
    });
    // Else the one of which most is said by the same words, of those the last.
    let own = &chars[clause..all.1];
    let said_of = |o: &&Open| {
        let from = o.sentence.0.saturating_sub(NAMED);
        let largest = mentions
            .iter()
            .filter(|m| m.start >= from && m.end <= o.sentence.1 && m.kind == FigureKind::Count)
            .map(|m| m.amount(chars) as usize);
        (shared_words(own, &chars[from..o.sentence.1]).min(3), largest.max())
    };
    let Some(meant) = meant.or_else(|| open.iter().max_by_key(said_of)) else { return };
    // What is done and what is left of it are told together.
    let together = open.iter().filter(|o| o.sentence == meant.sentence);
    let mut spans = vec![meant.spans[0], all];
    spans.extend(meant.spans[1..].iter().copied());
    spans.extend(together.flat_map(|o| o.spans.iter().copied()));
    let mut seen = Vec::new();
    spans.retain(|span| {
        !seen.contains(span) && {
            seen.push(*span);
            true
        }
    });
    found.tell(&spans, ConflictKind::AllDoneVsUnfinished, meant.sure, meant.reason.clone());
}

/// Things that an office has to bring to an end.
const THINGS: &str =
    "问题 难题 事项 任务 诉求 案件 隐患 信访 实事 项目 工程 线索 建议 提案 整改 投诉 举报 工单 纠纷";

/// The count of which a clause says that all is done: 缺水点14处，全部完成整改 says nothing of 3个问题, and 按期办结率98.9% is no count of what is done.
fn counted_there<'a>(chars: &[char], mentions: &'a [Mention], all: (usize, usize)) -> Option<&'a Mention> {
    let named = THINGS.split_whitespace().any(|thing| {
        find(chars, all.0, all.1, thing).is_some_and(|at| !any(chars, all.0, at, "全部 均 都 悉数"))
    });
    let end = mentions.partition_point(|n| n.start < all.1);
    mentions[..end]
        .iter()
        .rev()
        .take_while(|n| n.start >= all.0.saturating_sub(12))
        .find(|n| n.end <= all.1 && n.kind == FigureKind::Count)
        .filter(|n| {
            n.start >= all.0 || !named && n.clause.1 + 1 == all.0 && chars.get(n.clause.1) == Some(&'，')
        })
}

/// Whether the count is told as what is done.
fn is_solved(chars: &[char], m: &Mention) -> bool {
    let done = "得到解决 已解决 已整改 已完成 完成整改 已办结 已化解 已销号 按期办结 按时办结";
    let from = m.clause.0.max(m.number.start.saturating_sub(4));
    any(chars, m.clause.0, m.clause.1, done)
        || word_before(chars, from, m.number.start, "办结 销号 化解 解决").is_some()
}

/// Whether this count is told as open, or as done of more, of what the clause says to be all done.
fn open_at(chars: &[char], mentions: &[Mention], i: usize, all: (usize, usize)) -> Option<Open> {
    let m = &mentions[i];
    let counted = counted_there(chars, mentions, all);
    let other = counted.is_some_and(|n| n.plain_unit(chars) != m.plain_unit(chars));
    if other || m.kind == FigureKind::Rate {
        return None;
    }
    // 排查问题64个。……已销号58个，另有6个: the thing may be named a sentence before.
    let from = if still_left(chars, m) { m.sentence.0.saturating_sub(NAMED) } else { m.sentence.0 };
    let both = |w: &str| find(chars, from, m.clause.1, w).is_some() && find(chars, all.0, all.1, w).is_some();
    if !THINGS.split_whitespace().any(both) {
        return None;
    }
    let open = any(
        chars,
        m.clause.0,
        m.clause.1,
        "未完成 尚未 正在 未解决 未整改 剩余 未办结 有待 在推进 推进中 攻坚中",
    );
    let open = (open || still_left(chars, m)) && m.kind == FigureKind::Count;
    // 还有7个正在推进。7月20日前，这7个已全部完成; 其中学校食堂的74个已全部整改到位: they have been done since, or are others.
    let same = |n: &Mention| n.start > m.start && (n.amount(chars) - m.amount(chars)).abs() < 1e-9;
    let since = counted.is_some_and(same)
        || any(chars, all.0, all.1, "其中")
        || (m.end..m.sentence.1).contains(&all.0) && any(chars, all.0, all.1, "前已 后已 目前已 现已");
    if open && since {
        return None;
    }
    if open {
        return Some(Open {
            sentence: m.sentence,
            spans: vec![(m.start, m.end)],
            of: None,
            sure: Certainty::Query,
            reason: "前文有未完成的，又称全部完成".to_string(),
        });
    }
    let whole = mentions[..i].iter().rev().take(3).find(|w| {
        w.sentence == m.sentence
            && w.plain_unit(chars) == m.plain_unit(chars)
            && any(
                chars,
                w.clause.0,
                w.clause.1,
                "问题 难题 事项 任务 诉求 案件 隐患 信访 投诉 举报 工单 纠纷 线索 建议 提案 实事",
            )
    });
    // 反映问题12个，已全部整改到位 says nothing of 15个.
    let of_others = |w: &Mention| {
        counted.is_some_and(|n| {
            n.start != m.start && n.start >= w.end && (n.amount(chars) - w.amount(chars)).abs() > 1e-9
        })
    };
    let whole =
        whole.filter(|w| is_solved(chars, m) && m.amount(chars) < w.amount(chars) && !of_others(w))?;
    Some(Open {
        sentence: m.sentence,
        spans: vec![(m.start, m.end), (whole.start, whole.end)],
        of: Some(whole.amount(chars)),
        sure: if m.sentence.1 >= all.1 { Certainty::Certain } else { Certainty::Query },
        reason: format!(
            "{}中只完成{}，又称全部完成；若“全部”另有所指应写明",
            plain(whole.amount(chars)),
            plain(m.amount(chars))
        ),
    })
}

/// 已经销号29个，还有7个: what is left, in a sentence that told what is done.
fn still_left(chars: &[char], m: &Mention) -> bool {
    let from = m.clause.0.max(m.number.start.saturating_sub(4));
    word_before(chars, from, m.number.start, "还有 仍有 尚有 还剩 尚余 剩下 另有 其余").is_some()
        && any(chars, m.sentence.0, m.clause.0, "销号 办结 化解 整改 解决")
}

/// Where a text says that all is done.
fn said_all(chars: &[char]) -> Vec<(usize, usize)> {
    const ALL: [&str; 7] = ["全部", "均已", "均得到", "都已", "已全面", "悉数", "全面"];
    let mut all: Vec<(usize, usize)> = Vec::new();
    for at in 0..chars.len() {
        if !matches!(chars[at], '全' | '均' | '都' | '已' | '悉') || !ALL.iter().any(|w| stands(chars, at, w))
        {
            continue;
        }
        let stop = chars[at..]
            .iter()
            .position(|c| matches!(c, '，' | '。' | '；' | '\n'))
            .map_or(chars.len(), |i| at + i);
        let start = chars[..at]
            .iter()
            .rposition(|c| matches!(c, '，' | '。' | '；' | '\n' | '：'))
            .map_or(0, |i| i + 1);
        let finished = any(
            chars,
            at,
            stop,
            "整改到位 整治到位 处置到位 治理到位 落实到位 完成整改 整改完毕 整改完成 整改销号 办结 解决 销号 化解 清零 完成",
        );
        let thing = any(
            chars,
            start,
            stop,
            "问题 事项 任务 诉求 案件 隐患 信访 整改 难题 实事 项目 工程 线索 建议 提案 投诉 举报 工单 纠纷",
        );
        let wished = any(chars, start, stop, "确保 力争 要 将 计划 争取") || at > 0 && chars[at - 1] == '前';
        let open = any(chars, at, stop, "尚未 未能 未完成 制定 开展 纳入 建立 明确");
        // 除6个仍在整改外，其余211个已全部整改完毕
        let others = any(chars, start, at, "其余");
        if finished && !others && thing && !wished && !open && all.last().is_none_or(|(_, to)| *to <= start) {
            all.push((at, stop));
        }
    }
    all.extend(rate_of_all(chars));
    all
}

/// 整改完成率100% says as much as 全部整改.
fn rate_of_all(chars: &[char]) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(at) = find(chars, from, chars.len(), "100%") {
        from = at + 4;
        let start = chars[..at]
            .iter()
            .rposition(|c| matches!(c, '，' | '。' | '；' | '\n' | '：'))
            .map_or(0, |i| i + 1);
        let rate = any(chars, start, at, "整改率 整改完成率 完成率 办结率 销号率 解决率 化解率");
        let wished = any(chars, start, at, "确保 力争 要 将 计划 争取 达到");
        let digit = at > 0 && (chars[at - 1].is_ascii_digit() || chars[at - 1] == '.');
        if rate && !wished && !digit {
            return Some((at, at + 4));
        }
    }
    None
}

/// 纳入清单的问题120个 against 发现问题180个.
fn list_and_found(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    let problem = |m: &&Mention| {
        m.kind == FigureKind::Count
            && m.exact()
            && m.plain_unit(chars) == "个"
            && (stands(chars, m.end, "问题") || m.start >= 2 && stands(chars, m.start - 2, "问题"))
    };
    let Some(list) = mentions
        .iter()
        .filter(problem)
        .find(|m| any(chars, m.clause.0, m.start, "问题清单 清单问题 列入清单 纳入清单 纳入问题清单"))
    else {
        return;
    };
    let more = mentions.iter().filter(problem).find(|m| {
        m.start != list.start
            && m.amount(chars) > list.amount(chars)
            && any(chars, m.sentence.0, m.start, "发现 查摆 梳理 排查 检视")
            && chars[m.clause.0..m.start].contains(&'共')
    });
    if let Some(more) = more {
        let reason = format!(
            "清单只有{}个，别处发现{}个，须说明合并或未列入的口径",
            plain(list.amount(chars)),
            plain(more.amount(chars))
        );
        found.between(&[list, more], ConflictKind::SubsetExceedsSet, Certainty::Query, reason);
    }
}

/// Characters behind a count that name what is counted.
const NOUN: usize = 3;

/// A count, also one in quotes.
fn count(m: &&Mention) -> bool {
    m.kind == FigureKind::Count && m.exact() && !m.rhythm
}

/// 全系统9个党支部 …… 其中11个党支部: some of them are more than all that were told of.
fn among_fewer(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    let noun = |m: &Mention| chars.get(m.end..m.end + NOUN);
    for some in mentions.iter().filter(count) {
        let among = some.start >= 2 && stands(chars, some.start - 2, "其中");
        if !among || mentions.iter().any(|m| m.sentence == some.sentence && m.start < some.start) {
            continue;
        }
        let same = |m: &&Mention| {
            count(m)
                && m.start < some.start
                && noun(m) == noun(some)
                && m.plain_unit(chars) == some.plain_unit(chars)
        };
        let all: Vec<&Mention> = mentions.iter().filter(same).collect();
        let Some(most) = all.iter().max_by(|a, b| a.amount(chars).total_cmp(&b.amount(chars))) else {
            continue;
        };
        if most.amount(chars) < some.amount(chars) {
            let reason =
                format!("“其中”有{}个，前文一共{}个", plain(some.amount(chars)), plain(most.amount(chars)));
            found.between(&[most, some], ConflictKind::SubsetExceedsSet, Certainty::Certain, reason);
        }
    }
}

/// The same words with another number.
fn two_values(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    let mut seen: std::collections::HashMap<(String, String), &Mention> = std::collections::HashMap::new();
    for m in
        mentions.iter().filter(|m| m.kind == FigureKind::Count && m.exact() && !m.number.han && !m.quoted)
    {
        let what = m.named(chars);
        // 31个问题已整改29个: the words behind tell what became of them.
        if what.chars().count() < 5 || what.contains(['已', '中']) {
            continue;
        }
        let key = (what, m.plain_unit(chars));
        match seen.get(&key) {
            Some(first) if (first.amount(chars) - m.amount(chars)).abs() > 1e-9 => {
                let reason =
                    format!("“{}”前后写作{}和{}", key.0, plain(first.amount(chars)), plain(m.amount(chars)));
                found.between(&[first, m], ConflictKind::TwoValues, Certainty::Query, reason);
            }
            Some(_) => {}
            None => {
                seen.insert(key, m);
            }
        }
    }
}

/// 全镇辖14个行政村 …… 全镇16个行政村已通自来水: more of them than the place has.
fn more_than_there_are(found: &mut Found<'_>, mentions: &[Mention]) {
    const HAS: &str = "辖 下辖 现有 共有 所属 下设";
    let chars = found.chars;
    let noun = |m: &Mention| chars.get(m.end..m.end + NOUN);
    let counts = || mentions.iter().filter(count);
    let whole = |m: &Mention| {
        let near = m.start.saturating_sub(3).max(m.clause.0);
        ["全县", "全镇", "全乡", "全市", "全区", "全街道"]
            .iter()
            .find(|w| find(chars, near, m.start, w).is_some())
    };
    for all in counts().filter(|m| m.plain_unit(chars) == "个" && whole(m).is_some()) {
        let same = |m: &&Mention| {
            m.start != all.start && m.plain_unit(chars) == "个" && noun(m) == noun(all) && noun(m).is_some()
        };
        let told = counts()
            .filter(same)
            .find(|m| any(chars, m.clause.0, m.start, HAS) || whole(m) == whole(all) && m.start < all.start);
        if let Some(told) = told.filter(|told| told.amount(chars) < all.amount(chars)) {
            let reason =
                format!("前文共有{}个，这里说{}个", plain(told.amount(chars)), plain(all.amount(chars)));
            found.between(&[told, all], ConflictKind::SubsetExceedsSet, Certainty::Certain, reason);
        }
    }
}
