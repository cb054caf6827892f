//! What the words beside two numbers settle: 13个乡镇中的15个乡镇; 压减至9家……保留的11家; 共432户……走访452户，实现全覆盖;
//! “一般”的11个……为“一般”的9个; 42个问题已整改35个……42个问题已整改33个; 柳溪镇等10个县直单位.

use super::super::days::as_of;
use super::super::elsewhere::{other_names, own_whole};
use super::super::facts::{behind, label};
use super::super::reckon::{holds, in_front, same_unit, without_links};
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found, exceeds};
use super::counted;
use crate::figures::Mention;
use crate::lexicon::{any, find, stands};

/// How far apart both numbers may stand, in code points: among which, and what is kept.
const AMONG: usize = 8;
const KEPT: usize = 160;
/// How far in front the number of all may stand that is covered.
const ALL: usize = 1_500;

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    for i in 1..mentions.len() {
        among(found, mentions, i);
        kept(found, mentions, i);
        covered(found, mentions, i);
        of_these(found, mentions, i);
        graded_again(found, mentions, i);
        done_again(found, mentions, i);
    }
    for m in mentions {
        of_no_level(found, m);
    }
}

/// 13个乡镇中的15个乡镇.
fn among(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let (whole, part) = (&mentions[i - 1], &mentions[i]);
    let gap = (whole.end.min(part.number.start), part.number.start);
    let said = ["中的", "中有", "里有", "中，有"].iter().any(|word| {
        let at = find(chars, gap.0, gap.1, word).filter(|at| gap.1 - at <= 4);
        // 集中的7个 is an item of its own.
        at.is_some_and(|at| !chars[gap.0..at].iter().any(|c| matches!(c, '集' | '、' | '，' | '；')))
    });
    let one = counted(whole) && counted(part) && same_unit(chars, whole, part) && gap.1 - gap.0 <= AMONG;
    if said && one && part.amount(chars) > whole.amount(chars) {
        exceeds::tell(found, whole, part);
    }
}

/// 由126家压减至9家，……保留的11家.
fn kept(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let told = &mentions[i];
    let at = told.number.start.checked_sub(3).filter(|at| stands(chars, *at, "保留的"));
    // 乡镇层面保留的12项, 确需保留的11个: some of them.
    let alone = at.is_some_and(|at| {
        at <= told.clause.0
            || matches!(chars[at - 1], '对' | '将' | '把')
            || chars[..at].ends_with(&['最', '终'])
    });
    if !alone || !counted(told) {
        return;
    }
    let to = |m: &&Mention| {
        let from = m.number.start.saturating_sub(5).max(m.clause.0);
        any(
            chars,
            from,
            m.number.start,
            "压减至 压减到 减少到 减至 压缩到 压缩至 精简到 精简至 缩减到 缩减至",
        )
    };
    let Some(value) = in_front(chars, mentions, i, KEPT).find(to) else { return };
    if (value.amount(chars) - told.amount(chars)).abs() > 1e-9 && !other_names(chars, value, told) {
        let reason = format!("前面减到{}，这里保留{}", plain(value.amount(chars)), plain(told.amount(chars)));
        found.between(&[value, told], ConflictKind::TwoValues, Certainty::Certain, reason);
    }
}

/// 全村共有432户……走访农户452户，实现全覆盖: more than there are.
fn covered(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let told = &mentions[i];
    let went = any(
        chars,
        told.number.start.saturating_sub(6).max(told.clause.0),
        told.number.start,
        "走访 排查 检查 核查 摸排 走遍 入户",
    );
    let all =
        any(chars, told.end, told.sentence.1.min(told.end + 9), "实现全覆盖 ，全覆盖 做到全覆盖 覆盖率100%");
    if !went || !all || !counted(told) {
        return;
    }
    let at = |m: &Mention| mentions.partition_point(|n| n.start < m.start);
    let own = label(chars, mentions, i);
    // 共有规上企业42家, 检查企业58家: a kind of them.
    let a_kind = |m: &Mention| {
        let name = label(chars, mentions, at(m));
        // 8个村民小组432户: the name of the number in front.
        if at(m).checked_sub(1).is_some_and(|n| mentions[n].end + name.len() == m.number.start) {
            return false;
        }
        let name = &name[name.iter().rposition(|c| matches!(c, '有' | '共')).map_or(0, |n| n + 1)..];
        name.len() > own.len().min(2) && !holds(own, name)
    };
    let of_all = |m: &&Mention| {
        any(
            chars,
            m.clause.0,
            m.start,
            "全村共 全镇共 全乡共 全县共 全区共 全市共 辖区共 现有 共有 全村有 全镇有",
        ) && !a_kind(m)
    };
    let wholes: Vec<&Mention> = in_front(chars, mentions, i, ALL).filter(of_all).collect();
    let [whole] = wholes[..] else { return };
    let (some, most) = (told.amount(chars), whole.amount(chars));
    if some > most && some < 1.5 * most {
        exceeds::tell(found, whole, told);
    }
}

/// 县教育局和柳溪镇、双泉乡等10个县直单位: towns are none of them.
fn of_no_level(found: &mut Found<'_>, m: &Mention) {
    let chars = found.chars;
    let Some(at) = m.start.checked_sub(2) else { return };
    let listed = chars[at + 1] == '等' && matches!(chars[at], '镇' | '乡') && counted(m);
    let own = ["县直", "市直", "区直", "省直", "州直"].iter().any(|name| stands(chars, m.end, name));
    if listed
        && own
        && !any(chars, m.end, chars.len().min(m.end + 10), "乡镇 镇（ 乡（ 镇街 街道 园区 开发区")
    {
        let item = |c: &char| matches!(c, '、' | '和' | '对' | '，');
        let begin = chars[m.clause.0..at].iter().rposition(item).map_or(m.clause.0, |n| m.clause.0 + n + 1);
        let reason = "把乡镇算进直属单位，部分与整体不是同一层级".to_string();
        let spans = [(begin, m.start), (m.start, m.end + behind(chars, m).len().min(4))];
        found.tell(&spans, ConflictKind::Category, Certainty::Certain, reason);
    }
}

/// 累计改造286个……这些小区大都……其中2000年底以前建成的就有312个: some of these are more than all.
fn of_these(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let part = &mentions[i];
    let sentence = part.sentence;
    let these = ["这些", "上述"].iter().any(|word| stands(chars, sentence.0, word));
    // 需加装电梯的单元门312个 are other things.
    let name = without_links(chars, sentence.0, part.number.start, &["就"]);
    let among = find(chars, sentence.0, part.start, "其中").is_some() && chars[..name].ends_with(&['的']);
    if !these || !among || !counted(part) || mentions[i - 1].start >= sentence.0 && counted(&mentions[i - 1])
    {
        return;
    }
    let front = super::before(mentions, part.start, ALL);
    let before: Vec<&Mention> = front.iter().filter(|m| m.end <= sentence.0).collect();
    let Some(last) = before.last().map(|m| m.sentence).filter(|s| s.1 + 2 > sentence.0) else { return };
    let most = before
        .iter()
        .filter(|m| m.sentence == last && counted(m) && same_unit(chars, m, part))
        .max_by(|a, b| a.amount(chars).total_cmp(&b.amount(chars)));
    if let Some(whole) =
        most.filter(|m| m.amount(chars) < part.amount(chars) && part.amount(chars) < 1.5 * m.amount(chars))
    {
        exceeds::tell(found, whole, part);
    }
}

/// “一般”的11个 …… 综合评价为“一般”的9个单位: as many of a grade here, others there.
fn graded_again(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let Some((again, grade)) = graded(chars, &mentions[i]).map(|grade| (&mentions[i], grade)) else { return };
    // 对综合评价为“一般”的9个: only a grade told with words of its own; those are the ones of the list.
    let dealt = chars.get(again.clause.0) != Some(&'“');
    if !stands(chars, again.number.start - 1, "的")
        || !dealt
        || any(chars, again.sentence.0, again.start, "上年 去年 上季 上半年 第一轮 上一轮")
    {
        return;
    }
    let listed = |m: &&Mention| {
        m.end < again.sentence.0
            && counted(m)
            && same_unit(chars, m, again)
            && graded(chars, m).is_some_and(|other| other == grade)
    };
    let front = super::before(mentions, again.start, 2 * ALL);
    let before: Vec<&Mention> = front.iter().filter(listed).collect();
    let [first] = before[..] else { return };
    let others = other_names(chars, first, again)
        || own_whole(chars, mentions, first, again)
        || of_others(chars, first, again);
    if (first.amount(chars) - again.amount(chars)).abs() > 1e-9 && counted(again) && !others {
        let reason =
            format!("同一等次前面是{}，这里是{}", plain(first.amount(chars)), plain(again.amount(chars)));
        found.between(&[first, again], ConflictKind::TwoValues, Certainty::Certain, reason);
    }
}

/// 对县直单位被评为“一般”的5个: whether words in front of the grade are new to the sentence of the first.
fn of_others(chars: &[char], first: &Mention, again: &Mention) -> bool {
    const SAID: &str = "责成 要求 约谈 综合 评价 评为 评定 考核 测评 定为 列为 等次 等级 结果 被评";
    let quote = chars[again.clause.0..again.number.start].iter().position(|c| *c == '“');
    let front = &chars[again.clause.0..again.clause.0 + quote.unwrap_or(0)];
    let known = &chars[first.sentence.0..first.start];
    let new = |w: &[char]| {
        let word: String = w.iter().collect();
        !SAID.split(' ').any(|said| said == word) && !holds(known, w)
    };
    let front = front.strip_prefix(&['对']).or(front.strip_prefix(&['被'])).unwrap_or(front);
    front.chunks_exact(2).any(new)
}

/// “一般” directly in front of a number, or with 的, 等次的 between.
fn graded<'a>(chars: &'a [char], m: &Mention) -> Option<&'a [char]> {
    let mut to = m.number.start;
    for word in ["的", "等次", "等级", "有"] {
        let length = word.chars().count();
        if to > length && stands(chars, to - length, word) {
            to -= length;
        }
    }
    let close = to.checked_sub(1).filter(|at| chars[*at] == '”')?;
    /// The longest grade and its quotes.
    const GRADE: usize = 4;
    let from = close.saturating_sub(GRADE);
    let open = from + chars[from..close].iter().rposition(|c| *c == '“')?;
    // “中”、“差”的25个: two of them.
    let front = |n: usize| open.checked_sub(n).map(|at| chars[at]);
    let alone = front(1) != Some('”') && !(matches!(front(1), Some('、' | '和')) && front(2) == Some('”'));
    alone.then(|| &chars[open + 1..close])
}

/// 42个问题……已整改到位35个 …… 42个问题……已整改到位33个: of the same whole, by the same words.
fn done_again(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    /// How far behind its whole what was done may stand.
    const DONE: usize = 30;
    let chars = found.chars;
    let pair = |at: usize| {
        let done = &mentions[at];
        let name = label(chars, mentions, at);
        let told = counted(done) && name.len() >= 4 && name[0] == '已';
        let whole = mentions[..at].iter().rev().take(3).find(|m| same_unit(chars, m, done))?;
        let near = whole.sentence == done.sentence && done.start - whole.end <= DONE && counted(whole);
        let more = whole.amount(chars) > done.amount(chars) && whole.amount(chars) >= 10.0;
        (told && near && more).then_some((whole, done, name))
    };
    let Some((whole, done, name)) = pair(i) else { return };
    let day = |m: &Mention| as_of(chars, m.sentence.0, m.start).map(|day| day.1);
    let same = |(other, before, said): &(&Mention, &Mention, &[char])| {
        (other.amount(chars) - whole.amount(chars)).abs() < 1e-9
            && same_unit(chars, other, whole)
            && *said == name
            && before.sentence != done.sentence
            && day(before).zip(day(done)).is_none_or(|(a, b)| a == b)
            && !told_apart(chars, before, done)
    };
    let first =
        (1..i).rev().take_while(|at| done.start - mentions[*at].end <= 2 * ALL).filter_map(pair).find(same);
    if let Some((_, before, _)) =
        first.filter(|(_, before, _)| (before.amount(chars) - done.amount(chars)).abs() > 1e-9)
    {
        let reason = format!(
            "同是{}中的，前面是{}，这里是{}",
            plain(whole.amount(chars)),
            plain(before.amount(chars)),
            plain(done.amount(chars))
        );
        found.between(&[before, done], ConflictKind::TwoValues, Certainty::Certain, reason);
    }
}

/// Whether two sentences name other years, halves of a year or bodies that found it: 安全生产巡查反馈问题42个.
pub(super) fn told_apart(chars: &[char], one: &Mention, other: &Mention) -> bool {
    const KINDS: [&str; 4] = [
        "上半年 下半年 一季度 二季度 三季度 四季度",
        "2018年 2019年 2020年 2021年 2022年 2023年 2024年 2025年 2026年 去年 今年 上年",
        "巡察 巡视 审计 督察 督查 巡查 督导 信访",
        "第一批 第二批 第三批 第一轮 第二轮 第三轮 首轮 首批",
    ];
    let named = |m: &Mention, words: &'static str| -> Vec<&str> {
        words.split(' ').filter(|word| find(chars, m.sentence.0, m.start, word).is_some()).collect()
    };
    KINDS.into_iter().any(|words| {
        let (a, b) = (named(one, words), named(other, words));
        !a.is_empty() && !b.is_empty() && !a.iter().any(|word| b.contains(word))
    })
}
