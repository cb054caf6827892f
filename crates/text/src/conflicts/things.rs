//! One thing counted twice by its name: 其中重大隐患19条 …… 排查发现的16条重大隐患; 成立7个巡回指导组 …… 区委6个巡回指导组.

use super::reckon::{all_han, digits_changed, of_them, quantity, same_unit, without_links};
use super::retold::{denied, of_other_days, of_other_fields, shared_words};
use super::within::plain;
use super::{Certainty, ConflictKind, Found};
use crate::figures::Mention;
use crate::lexicon::{any, find};

/// How far in front the thing may have been counted first, in code points.
const FAR: usize = 3_000;
/// Most counts in front that are compared.
const TRIED: usize = 120;
/// How far both numbers may be from one another and still be meant as the same, as a share of the larger.
const NEAR: f64 = 0.4;
/// Numbers below it are told of many things.
const SMALL: f64 = 20.0;
/// The longest name that is read, in characters.
const NAME: usize = 10;
/// Shared characters that make two counts those of one thing, and of one thing for sure.
const SHARED: (usize, usize) = (3, 4);
/// Words by which a count is of another time or of a part.
const OTHER: &str = "去年 上年 同期 往年 上月 上季 前年 计划 目标 任务 预算 应检 应到 应办 应参 应缴 应报 应收 力争 新增 增加 减少 净增 本月 当月 当年 其余 剩余 另有 还有 还需 每 均 累计 达标率 拟 前期 第一批 第二批 首批";
/// Words by which all there are of a thing are counted.
const ALL: &str = "共有 现有 共 辖 下辖 设有 共计 总 在册 登记";
/// How the names of those end who have or set up what is counted.
const OFFICES: &str = "委局办院校县市区镇乡厅组司团";

/// What is counted, as it stands directly behind the unit and directly in front of the number.
struct Name<'a> {
    behind: &'a [char],
    front: &'a [char],
}

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    let names: Vec<Option<Name<'_>>> = mentions.iter().map(|m| quantity(m).then(|| name(chars, m))).collect();
    for i in 1..mentions.len() {
        if names[i].is_some() && !any(chars, mentions[i].clause.0, mentions[i].start, OTHER) {
            counted_before(found, mentions, &names, i);
            done_again(found, mentions, i);
        }
    }
}

fn name<'a>(chars: &'a [char], m: &Mention) -> Name<'a> {
    let han = |c: &char| all_han(&[*c]) || c.is_ascii_uppercase();
    let behind = &chars[m.end..chars.len().min(m.end + NAME)];
    let behind = &behind[..behind.iter().position(|c| !han(c) || *c == '的').unwrap_or(behind.len())];
    // 已达, 共有 and the like belong to the number.
    let mut from = without_links(chars, m.clause.0, m.number.start, &[]);
    // 检查“九小场所”1524家
    from -= usize::from(from > m.clause.0 && matches!(chars[from - 1], '”' | '》' | '）'));
    let front = &chars[from.saturating_sub(NAME).max(m.clause.0)..from];
    let front = &front[front.iter().rposition(|c| !han(c) || *c == '的').map_or(0, |at| at + 1)..];
    Name { behind, front }
}

/// How many characters of both names are the same: behind both, in front of both, or behind one and in front of the other.
fn shared(a: &Name<'_>, b: &Name<'_>) -> usize {
    let prefix = |x: &[char], y: &[char]| x.iter().zip(y).take_while(|(x, y)| x == y).count();
    let suffix =
        |x: &[char], y: &[char]| x.iter().rev().zip(y.iter().rev()).take_while(|(x, y)| x == y).count();
    let across = |behind: &[char], front: &[char]| {
        (1..=behind.len().min(front.len())).rev().find(|n| front.ends_with(&behind[..*n])).unwrap_or(0)
    };
    [
        prefix(a.behind, b.behind),
        suffix(a.front, b.front),
        across(a.behind, b.front),
        across(b.behind, a.front),
    ]
    .into_iter()
    .max()
    .unwrap_or(0)
}

fn counted_before(found: &mut Found<'_>, mentions: &[Mention], names: &[Option<Name<'_>>], i: usize) {
    let chars = found.chars;
    let again = &mentions[i];
    let Some(own) = &names[i] else { return };
    let near = |at: &usize| again.start - mentions[*at].end.min(again.start) <= FAR;
    let before: Vec<usize> = (0..i)
        .rev()
        .take_while(near)
        .take(TRIED)
        .filter(|at| names[*at].is_some() && same_unit(chars, &mentions[*at], again))
        .collect();
    let of = again.amount(chars);
    let akin = |at: &&usize| names[**at].as_ref().is_some_and(|other| shared(other, own) >= SHARED.0 - 1);
    let kin: Vec<usize> = before.iter().filter(akin).copied().collect();
    two_together(found, mentions, &kin, again);
    // 已有126家食堂接入 and 仅有121家食堂接入: nothing explains what is said in the same words; a small number stands anywhere.
    let same = kin.iter().any(|at| same_statement(chars, &mentions[*at], again));
    let among = if same || of < SMALL { &kin } else { &before };
    let told = among.iter().any(|at| (mentions[*at].amount(chars) - of).abs() < 1e-9);
    let wished = any(chars, again.sentence.0, again.start, "计划 力争 拟 将于 将在 预计");
    if wished || told || !same && reckoned(chars, mentions, &kin, of) {
        return;
    }
    let like = |at: &usize| {
        let length =
            names[*at].as_ref().map_or(0, |name| shared(name, own).max(modified(chars, name, again)));
        let first = &mentions[*at];
        let (a, b) = (first.amount(chars), of);
        let close =
            (a - b).abs() > 1e-9 && (a - b).abs() <= NEAR * a.max(b) && first.sentence != again.sentence;
        let same_time = !any(chars, first.clause.0, first.start, OTHER)
            && !of_other_days(chars, first, again)
            && !of_other_fields(chars, first, again);
        (length + 1 >= SHARED.0
            && close
            && same_time
            && !sorted_out(chars, first)
            && !of_a_month(chars, first))
        .then_some((first, length))
    };
    // Of several the one whose digits changed places, or by whose words the later one is told.
    let likes: Vec<_> = before.iter().rev().filter_map(like).collect();
    let changed = |(first, _): &&(&Mention, usize)| digits_changed(first.amount(chars), of);
    let told_of = |(first, _): &&(&Mention, usize)| definite(chars, first, again);
    let first = likes.iter().find(changed).or_else(|| likes.iter().find(told_of)).or(likes.first());
    let Some(&(first, length)) = first else { return };
    told_twice(found, (first, again), length, kin.len() == 1);
}

/// The count and the one told again: as another value of the same, or as more than there are, where something says that they are one.
fn told_twice(found: &mut Found<'_>, (first, again): (&Mention, &Mention), length: usize, sole: bool) {
    let chars = found.chars;
    let of = again.amount(chars);
    if found.holds(again) || done_of_begun(chars, first, again) {
        return;
    }
    let known = definite(chars, first, again) || same_statement(chars, first, again);
    // 选取20个项目开展重点评价 and 重点评价的22个项目: two words in front of 的 are those of the first.
    let begin = again.number.start.saturating_sub(12).max(again.clause.0);
    let by_words = of_them(chars, again)
        && shared_words(&chars[begin..again.number.start], &chars[first.clause.0..first.clause.1]) > 0;
    // 87家乡镇卫生院中: all of them.
    let set = chars[first.end..first.clause.1.min(first.end + NAME)].contains(&'中');
    let total = set
        || any(chars, first.clause.0, first.start, ALL)
        || any(chars, first.sentence.0, first.start, "排查 发现 查出");
    let more = of > first.amount(chars)
        && denied(chars, first) == denied(chars, again)
        && total
        && !any(chars, again.clause.0, again.start, "累计 次 带动 共计 合计");
    let changed = digits_changed(first.amount(chars), of) && denied(chars, first) == denied(chars, again);
    // Two characters alone are those of many things: another word of both, or digits that changed places.
    let sure = if length >= SHARED.1 || changed && length + 1 >= SHARED.0 {
        Certainty::Certain
    } else {
        Certainty::Query
    };
    if known && (length >= SHARED.0 || changed || sole || by_words) || changed && of >= 100.0 && sole {
        let reason = format!("同一事物前面是{}，这里是{}", plain(first.amount(chars)), plain(of));
        found.between(&[first, again], ConflictKind::TwoValues, sure, reason);
    } else if more && length >= SHARED.0 {
        let reason = format!("一共{}，这里却有{}", plain(first.amount(chars)), plain(of));
        found.between(&[first, again], ConflictKind::SubsetExceedsSet, sure, reason);
    }
}

/// 开工改造32个 and 改造完工的29个: some of those that were begun.
fn done_of_begun(chars: &[char], first: &Mention, again: &Mention) -> bool {
    const BEGUN: &str = "开工 启动 实施 推进";
    const DONE: [&str; 9] =
        ["完工的", "竣工的", "建成的", "验收的", "投用的", "已整改的", "已化解的", "已办结的", "已销号的"];
    let done = DONE.iter().find(|word| crate::lexicon::ending(chars, again.number.start, word).is_some());
    done.is_some_and(|word| {
        let act = word.trim_end_matches('的').trim_start_matches('已');
        (word.starts_with('已') || any(chars, first.clause.0, first.start, BEGUN))
            && !any(chars, first.clause.0, first.start, act)
            && again.amount(chars) < first.amount(chars)
    })
}

/// 新制定制度7项、修订完善制度11项 …… 新建修订的16项制度: both together are told again as another number.
fn two_together(found: &mut Found<'_>, mentions: &[Mention], kin: &[usize], again: &Mention) {
    let chars = found.chars;
    let of = again.amount(chars);
    for pair in kin.windows(2) {
        let (second, first) = (&mentions[pair[0]], &mentions[pair[1]]);
        let sum = first.amount(chars) + second.amount(chars);
        let beside = first.sentence == second.sentence
            && second.start - first.end <= 16
            && again.sentence != first.sentence;
        let near = (sum - of).abs() <= 0.25 * sum
            && (sum - of).abs() > 1e-9
            && of > first.amount(chars).max(second.amount(chars));
        // Of a list of three no two are meant.
        let third = |at: &&usize| {
            let m = &mentions[**at];
            m.start != first.start
                && m.start != second.start
                && m.sentence == first.sentence
                && m.start.abs_diff(second.start) <= 40
        };
        let kinds = sorted_out(chars, first) || sorted_out(chars, again) || kin.iter().any(|at| third(&at));
        if beside && near && !kinds && definite(chars, first, again) && definite(chars, second, again) {
            let reason = format!("前面两项相加为{}，这里是{}", plain(sum), plain(of));
            found.between(&[first, second, again], ConflictKind::Sum, Certainty::Certain, reason);
            return;
        }
    }
}

/// 11月发现一般隐患1032项: of that month only.
fn of_a_month(chars: &[char], m: &Mention) -> bool {
    let front = &chars[m.sentence.0..m.start];
    front.contains(&'月') && !any(front, 0, front.len(), "截至 至 以来 底 末 累计")
}

/// 按来源分，下属单位14个: the name is that of a kind, and what is counted is told before.
fn sorted_out(chars: &[char], m: &Mention) -> bool {
    find(chars, m.sentence.0, m.start, "按").is_some_and(|at| find(chars, at, m.start, "分").is_some())
}

/// Whether two or three counts in front make this one: added or taken away.
fn reckoned(chars: &[char], mentions: &[Mention], before: &[usize], of: f64) -> bool {
    let value = |at: usize| mentions[at].amount(chars);
    let is = |x: f64| (x - of).abs() < 1e-9;
    before.windows(2).any(|w| is(value(w[0]) + value(w[1])) || is((value(w[0]) - value(w[1])).abs()))
        || before.windows(3).any(|w| is(w.iter().map(|at| value(*at)).sum()))
}

/// 解除医保服务协议的28家机构 and 解除协议18家: what stands in front of 的 holds the name of the first in its order.
fn modified(chars: &[char], first: &Name<'_>, again: &Mention) -> usize {
    let from = again.number.start;
    let begin = from.saturating_sub(14).max(again.clause.0);
    if !of_them(chars, again) || first.front.len() < SHARED.1 {
        return 0;
    }
    let name = &first.front[first.front.len() - SHARED.1..];
    let mut rest = chars[begin..from].iter();
    if name.iter().all(|c| rest.any(|t| t == c)) { SHARED.1 } else { 0 }
}

/// 已有126家食堂接入 and 仅有121家食堂接入: so many have done the same.
fn same_statement(chars: &[char], first: &Mention, again: &Mention) -> bool {
    let has = |m: &Mention| m.number.start > 0 && chars[m.number.start - 1] == '有';
    let said = |m: &Mention| chars.get(m.end..m.end + 4).filter(|said| all_han(said));
    has(first) && has(again) && said(first).is_some() && said(first) == said(again)
}

/// Whether the later count is of those that were counted first: 排查发现的16条, 区委6个, of which the first sentence tells by the same word.
fn definite(chars: &[char], first: &Mention, again: &Mention) -> bool {
    let theme = &chars[first.sentence.0..first.sentence.1];
    let said =
        |words: &[char]| all_han(words) && words[0] != '以' && theme.windows(words.len()).any(|w| w == words);
    let from = again.number.start;
    // 本次大排查发现的16条: a word of what stands in front of 的.
    let begin = from.saturating_sub(10).max(again.clause.0);
    let begin = (begin..from).find(|at| !chars[*at].is_whitespace()).unwrap_or(from);
    let of = of_them(chars, again)
        && chars[begin..from - 1].windows(2).any(said)
        && !any(chars, begin, from, "以上 以下 以内");
    // 区委成立7个, 区委6个: who has them stands directly in front.
    let who = (2..=4).any(|length| {
        from.checked_sub(length).filter(|at| *at >= again.clause.0).is_some_and(|at| {
            let name = &chars[at..from];
            all_han(name)
                && OFFICES.contains(name[length - 1])
                && !chars[..first.start].ends_with(name)
                && chars[first.clause.0..first.start].windows(length).any(|w| w == name)
        })
    });
    let these = any(
        chars,
        from.saturating_sub(4).max(again.clause.0),
        from,
        "这 上述 该 特别是 尤其是 对照 针对 围绕 按照 依托 聚焦",
    );
    // 25批信访件办理情况均已公开: it begins the clause, and all of them are told of.
    let all = begin == from && any(chars, again.end, again.clause.1, "全部 均 都");
    of || who || these || all || beside_the_same(chars, first, again)
}

/// 组建8支应急队，共有队员156名 and 依托8支应急队、128名队员: the same number of the same words stands in front of both.
fn beside_the_same(chars: &[char], first: &Mention, again: &Mention) -> bool {
    /// How far in front the other number may stand, and how many characters of it must be the same.
    const BESIDE: (usize, usize) = (20, 5);
    let front = |m: &Mention| &chars[m.start.saturating_sub(BESIDE.0).max(m.sentence.0)..m.start];
    let (own, other) = (front(first), front(again));
    own.windows(BESIDE.1)
        .any(|w| w[0].is_ascii_digit() && all_han(&w[1..]) && other.windows(BESIDE.1).any(|v| v == w))
}

/// 适老化改造计划300户，已完成320户 …… 已完成适老化改造的350户: what was told as done is told again by the words of its sentence.
fn done_again(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let again = &mentions[i];
    let from = again.number.start;
    let begin = from.saturating_sub(16).max(again.clause.0);
    let words = &chars[begin..from];
    let Some(act) = find(chars, begin, from, "已").and_then(|at| chars.get(at + 1..at + 3)) else { return };
    if !of_them(chars, again) || words.len() < 6 || found.holds(again) {
        return;
    }
    let near = |m: &&Mention| again.start - m.end.min(again.start) <= FAR;
    let same = |m: &&Mention| quantity(m) && same_unit(chars, m, again) && m.sentence != again.sentence;
    let before: Vec<&Mention> = mentions[..i].iter().rev().take_while(near).filter(same).collect();
    let of = again.amount(chars);
    if before.iter().any(|m| (m.amount(chars) - of).abs() < 1e-9) {
        return;
    }
    let done = before.iter().find(|m| {
        let told = chars[..m.number.start].ends_with(act) && any(chars, m.clause.0, m.start, "已");
        let close = (m.amount(chars) - of).abs() <= NEAR / 2.0 * of;
        told && close && shared_words(words, &chars[m.sentence.0..m.start]) > 2
    });
    if let Some(first) = done {
        let reason = format!("前面说已完成{}，这里是{}", plain(first.amount(chars)), plain(of));
        found.between(&[*first, again], ConflictKind::TwoValues, Certainty::Certain, reason);
    }
}
