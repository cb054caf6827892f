//! 学员46名 …… 登台发言的学员有49名; 实地查看点位48个，存在问题的点位51个: more of some kind than there are at all.

use super::super::reckon::{all_han, same_unit};
use super::super::{Certainty, ConflictKind, Found};
use super::counted;
use crate::figures::Mention;
use crate::lexicon::{any, ending, find};

/// How far in front of a part its whole may stand, in code points.
const FAR: usize = 2_000;
/// Of how many characters the name of what is counted may be.
const NAME: std::ops::RangeInclusive<usize> = 2..=6;
/// What stands between a name and its number: 学员有49名, 点位共51个.
const LINKS: [&str; 6] = ["一共有", "共有", "一共", "有", "共", "达"];
/// By which some are set apart from the others of their kind.
const SOME: &str = "存在 发现 问题 发言 参加 参与 未 没有 不 超过 达到 办结 完成 整改 受 交 领取 填 签 答 满意 合格 达标 同意 得 开工 建成 建有 查";
/// By which those told later are of more than were told before.
const WIDER: &str = "累计 新增 全县 全市 全省 全区 全国 全乡 全镇 去年 上年 历年 此前 以来 计划 力争 将 要 拟 预计 登记 在册 摸排 排查 每 人次";
/// By which a whole is itself only some.
const SOME_ONLY: &str = "存在 未 没有 抽取 抽查 随机 超过 不 其他 新 另 已 计划 招 引进 表彰 评 选 培训";

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let part = &mentions[i];
    if !counted(part) || !part.exact() {
        return;
    }
    let name =
        set_apart(chars, part).or_else(|| among_these(chars, part)).or_else(|| among_named(chars, part));
    let Some(name) = name else { return };
    let name = &chars[name.0..name.1];
    let mut most: Option<&Mention> = None;
    for whole in mentions {
        if same_unit(chars, whole, part)
            && counted(whole)
            && whole.start != part.start
            && of(chars, whole, name)
        {
            let behind = whole.start > part.start;
            if whole.amount(chars) >= part.amount(chars) || !behind && whole.end + FAR < part.start {
                return;
            }
            most = most
                .filter(|other| behind || other.amount(chars) > whole.amount(chars))
                .or(Some(whole).filter(|_| !behind));
        }
    }
    let Some(whole) = most else { return };
    let front = any(chars, whole.clause.0, whole.start, "其中 新增 另 第");
    if front
        || any(chars, part.sentence.0.max(whole.end), part.start, WIDER)
        || any(chars, whole.clause.0, whole.start, SOME_ONLY)
    {
        return;
    }
    let reason = format!("{}多于全部", name.iter().collect::<String>());
    found.between(&[whole, part], ConflictKind::SubsetExceedsSet, Certainty::Certain, reason);
}

/// 存在问题的点位51个: what those are called that are set apart.
fn set_apart(chars: &[char], part: &Mention) -> Option<(usize, usize)> {
    let end = without_link(chars, part);
    let from = part.clause.0;
    let of = chars[from..end].iter().rposition(|c| *c == '的').map(|n| from + n)?;
    let name = (of + 1, end);
    let called = NAME.contains(&(name.1 - name.0)) && all_han(&chars[name.0..name.1]);
    (called && of >= from + 2 && any(chars, from, of, SOME)).then_some(name)
}

/// 走访的这些村里，挂牌超过十块的有21个: of what was told before.
fn among_these(chars: &[char], part: &Mention) -> Option<(usize, usize)> {
    let end = without_link(chars, part);
    let before = part.clause.0.checked_sub(1)?;
    let begin = part.sentence.0;
    let these = find(chars, begin, before, "这些").filter(|_| chars[before] == '，')?;
    let last = before.checked_sub(1).filter(|at| matches!(chars[*at], '里' | '中'))?;
    let name = (these + 2, last);
    let called = (1..=6).contains(&(name.1.saturating_sub(name.0))) && all_han(&chars[name.0..name.1]);
    (called && end > part.clause.0 && chars[end - 1] == '的').then_some(name)
}

/// 在执业（助理）医师当中，已经注册的有221人: of those that are named in front.
fn among_named(chars: &[char], part: &Mention) -> Option<(usize, usize)> {
    let before = part.clause.0.checked_sub(1).filter(|at| chars[*at] == '，')?;
    let last = ["当中", "之中", "中", "里"].iter().find_map(|word| ending(chars, before, word))?;
    let from = chars[part.sentence.0..last].iter().rposition(|c| matches!(c, '，' | '；' | '。'));
    let from = from.map_or(part.sentence.0, |n| part.sentence.0 + n + 1);
    let from = from + usize::from(chars.get(from) == Some(&'在'));
    let bracket = |c: &char| matches!(c, '（' | '）');
    let called = (4..=12).contains(&last.saturating_sub(from))
        && chars[from..last].iter().all(|c| all_han(&[*c]) || bracket(c));
    called.then_some((from, last))
}

/// Where the words in front of a number end, without the link between.
fn without_link(chars: &[char], part: &Mention) -> usize {
    let link = LINKS.iter().find_map(|link| ending(chars, part.start, link));
    link.filter(|from| *from >= part.clause.0).unwrap_or(part.start)
}

/// Whether a count is of what is called so, and of no part of it: 学员46名, 18个村.
fn of(chars: &[char], whole: &Mention, name: &[char]) -> bool {
    let end = without_link(chars, whole);
    let front = chars[whole.clause.0..end].ends_with(name) && !chars[whole.clause.0..end].contains(&'的');
    let behind = chars[whole.end..].starts_with(name)
        && chars.get(whole.end + name.len()).is_none_or(|c| matches!(c, '，' | '。' | '；' | '、' | '\n'));
    front || behind
}
