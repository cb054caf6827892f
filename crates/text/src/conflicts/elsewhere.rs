//! What is told beside numbers and is of something else: 高新技术企业96家，产值占48.5%; 已办结143件，到期办结率100%; 6个乡镇中，有15个村. Asked
//! of all that is told, however plainly.

use super::facts::behind;
use super::mistaken::other_things;
use super::plainly::opposed::subjects_differ;
use super::reckon::{all_han, holds, of_them, word_before};
use super::{Conflict, ConflictKind};
use crate::figures::Mention;
use crate::lexicon::{any, find};

/// Words in front of 占 that are no subject, or behind it in the name of one.
const EMPTY: [&str; 33] = [
    "目前", "现在", "全年", "合计", "大约", "数量", "人数", "户数", "比例", "比重", "总数", "总量", "总体",
    "分别", "仅仅", "只有", "两者", "其", "约", "各", "共", "比", "只", "仅", "还", "已", "均", "也", "就",
    "则", "所", "总", "的",
];
/// Rates of a part only: what was due, great, of the year, or something else that is done to all.
const RATES: &str = "到期 限时 限期 时限 审限 期限 应完成率 应办结率 应整改率 年度 面商 沟通 响应 受理 重大 首次 及时 按期 按时 如期 见面 走访 回访 签收";

/// Whether the numbers of a conflict are of several things.
pub(super) fn elsewhere(chars: &[char], mentions: &[Mention], conflict: &Conflict) -> bool {
    let figure = |span: &[usize; 2]| mentions.iter().find(|m| [m.start, m.end] == *span);
    let told: Vec<&Mention> = conflict.spans.iter().filter_map(figure).collect();
    match conflict.kind {
        ConflictKind::Share => match told[..] {
            [whole, part, rate] => of_its_own(chars, (whole, part), rate) || of_some(chars, part, rate),
            [whole, part] => of_its_own_in_words(chars, (whole, part), conflict),
            _ => false,
        },
        ConflictKind::SubsetExceedsSet => match told[..] {
            [whole, part] => other_things(chars, whole, part) || of_former_years(chars, whole, part),
            _ => false,
        },
        ConflictKind::Sum => match told[..] {
            [_, one, other] => subjects_differ(chars, one, other),
            _ => false,
        },
        ConflictKind::AllDoneVsUnfinished => conflict.spans.iter().any(|span| rate_of_some(chars, span)),
        _ => false,
    }
}

/// 应收租金120万元，实收租金135万元，主要是清收了历年欠租: with what was due before.
fn of_former_years(chars: &[char], whole: &Mention, part: &Mention) -> bool {
    const BEHIND: usize = 30;
    let due = chars[whole.clause.0..whole.number.start].contains(&'应');
    due && any(
        chars,
        part.end,
        part.sentence.1.min(part.end + BEHIND),
        "欠 历年 积案 跨年 往年 清收 补收 补缴",
    )
}

/// 高新技术企业96家，产值占48.5%: the name between a mark and 占 is none of the part.
fn of_its_own(chars: &[char], (whole, part): (&Mention, &Mention), rate: &Mention) -> bool {
    let (from, to) = (part.end.min(rate.number.start), rate.number.start);
    let Some(at) = word_before(chars, from, to, "占").map(|at| at - 1) else { return false };
    own_subject(chars, (whole, part), at)
}

/// The same of a share in words.
fn of_its_own_in_words(chars: &[char], (whole, part): (&Mention, &Mention), conflict: &Conflict) -> bool {
    let share = conflict.spans.iter().map(|span| span[0]).max().unwrap_or(0);
    let from = part.end.min(share);
    word_before(chars, from, share, "占").is_some_and(|at| own_subject(chars, (whole, part), at - 1))
}

/// Whether the words in front of 占 name something that the words around the part and the whole do not.
fn own_subject(chars: &[char], (whole, part): (&Mention, &Mention), at: usize) -> bool {
    let from = part.end.min(at);
    let mark = |c: &char| matches!(c, '，' | '、' | '；' | '：');
    let Some(from) = chars[from..at].iter().rposition(mark).map(|n| from + n + 1) else { return false };
    let subject = without_empty(&chars[from..at]);
    let Some(end) = subject.len().checked_sub(2).map(|n| &subject[n..]) else { return false };
    let names = |m: &Mention| holds(&chars[m.clause.0..m.end + behind(chars, m).len()], end);
    all_han(subject) && !names(part) && !names(whole) && !any(subject, 0, subject.len(), "其中 以上 以下")
}

fn without_empty(mut words: &[char]) -> &[char] {
    while let Some(shorter) = EMPTY.iter().find_map(|empty| {
        let empty: Vec<char> = empty.chars().collect();
        words.strip_suffix(&empty[..]).or_else(|| words.strip_prefix(&empty[..]))
    }) {
        words = shorter;
    }
    words
}

/// 已办结143件，到期办结率100%: a rate of some of them, where the part itself is not told so.
fn of_some(chars: &[char], part: &Mention, rate: &Mention) -> bool {
    let from = rate.clause.0.max(part.end.min(rate.number.start));
    let Some(end) = find(chars, from, rate.number.start, "率") else { return false };
    RATES.split(' ').any(|word| {
        find(chars, from, end + 1, word).is_some()
            && find(chars, part.clause.0, part.clause.1, word).is_none()
    })
}

/// 到期办结率100%: nothing is said of the others.
fn rate_of_some(chars: &[char], span: &[usize; 2]) -> bool {
    find(chars, span[0], span[1], "率").is_some_and(|end| any(chars, span[0], end + 1, RATES))
}

/// 评为优秀的12名驻村干部, 评为优秀的20名网格员: whether the names behind two numbers have nothing in common.
pub(super) fn other_names(chars: &[char], a: &Mention, b: &Mention) -> bool {
    let (a, b) = (behind(chars, a), behind(chars, b));
    a.len() > 1 && b.len() > 1 && !a.windows(2).any(|w| holds(b, w))
}

/// Whether the sentence of a number tells a whole of its own between both: 西城区抽检45家，对抽检不合格的11家.
pub(super) fn own_whole(chars: &[char], mentions: &[Mention], first: &Mention, again: &Mention) -> bool {
    let to = mentions.partition_point(|m| m.start < again.start);
    mentions[..to].iter().rev().take_while(|m| m.start > first.start && m.sentence == again.sentence).any(
        |m| {
            super::reckon::same_unit(chars, m, again)
                && super::reckon::quantity(m)
                && m.amount(chars) > again.amount(chars)
                && !of_them(chars, m)
        },
    )
}
