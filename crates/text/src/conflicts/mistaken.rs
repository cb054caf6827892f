//! Still more of what looks like a conflict and is none: other things counted in the same unit, aspects that are no parts, wholes of
//! their own, what was only registered.

use super::facts::behind;
use super::reckon::{Range, is_share, quantity, same_unit};
use super::{Conflict, ConflictKind};
use crate::figures::Mention;
use crate::lexicon::{any, find};

/// How far in front of a count its own whole may stand, in code points.
const OWN: usize = 24;
/// How far around two values the number may stand that makes one of them the other.
const NEAR: usize = 30;
/// How far behind 全部 it stands what was done.
const REGISTERED_AT: usize = 8;
/// How much behind its unit names what is counted.
const NAMED: usize = 6;
/// What is counted as so many 个.
const THINGS: [&str; 30] = [
    "乡镇", "村", "社区", "小区", "支部", "单位", "部门", "网格", "学校", "企业", "课题", "专班", "督",
    "项目", "问题", "点位", "街道", "县", "科室", "标段", "单体", "集体", "隐患", "岗位", "站点", "班级",
    "工程", "案件", "家庭", "任务",
];
/// What is done to all of a set and says nothing of its being finished.
const REGISTERED: &str = "计入 纳入 录入 登记 建档 建立台账 法制审核 建立档案 列入 受理 交办";

/// Whether the numbers say so themselves.
pub(super) fn mistaken(chars: &[char], mentions: &[Mention], conflict: &Conflict, told: &[&Mention]) -> bool {
    match conflict.kind {
        ConflictKind::SubsetExceedsSet => {
            let [whole, part] = told else { return false };
            other_things(chars, whole, part)
                || aspects(chars, whole)
                || beyond_an_aim(chars, whole)
                || carried_over(chars, part)
                || of_the_whole_list(chars, mentions, whole, part)
                || of_another_whole(chars, mentions, whole, part)
                || share_each(chars, whole) && share_each(chars, part)
        }
        ConflictKind::Sum
            if told.iter().any(|m| under_age(chars, m))
                || first_make_it(chars, told)
                || left_of_it(chars, mentions, told)
                || of_the_unmet(chars, told) =>
        {
            true
        }
        ConflictKind::Sum => {
            summed_up(chars, told)
                || told.iter().skip(1).any(|m| aspects(chars, m)) && !told.iter().all(|m| aspects(chars, m))
        }
        ConflictKind::TwoValues => {
            let [one, other] = told else { return false };
            wholes_of_their_own(chars, mentions, one, other)
                || counted_in(chars, mentions, one, other)
                || with_the_next(chars, mentions, one, other)
                || told_beside(chars, mentions, one, other)
                || told_beside(chars, mentions, other, one)
        }
        ConflictKind::AllDoneVsUnfinished => {
            conflict.spans.iter().any(|[start, end]| registered(chars, *start, *end))
                || of_a_set_of_its_own(chars, mentions, conflict)
        }
        ConflictKind::Average => {
            told.iter().any(|m| {
                any(
                    chars,
                    m.number.start.saturating_sub(4).max(m.clause.0),
                    m.number.start,
                    "不少于 至少 不低于",
                )
            }) || told.last().is_some_and(|m| m.start > 0 && compared(chars, m))
                || each_of_them(chars, mentions, told)
                || told.last().is_some_and(|m| any(chars, m.clause.0, m.number.start, "其中 合计"))
        }
        ConflictKind::Change => told.last().is_some_and(|rate| a_level(chars, rate)),
        // 前三类合计占65.0%: they are told already.
        ConflictKind::SharesOfWhole => told.iter().any(|m| {
            any(chars, m.clause.0, m.number.start, "合计 共占 总共占 共计占 两者 三者")
                || several_together(chars, m.clause.0, m.number.start)
        }),
        ConflictKind::Product => with_others(chars, mentions, told),
        ConflictKind::Share => {
            of_all_beside(chars, mentions, told)
                || of_the_one_in_front(chars, mentions, told)
                || of_the_others(chars, told)
                || of_an_uncounted_part(chars, told)
                || of_the_sum_told_first(chars, mentions, told)
                || of_those_asked(chars, mentions, told)
        }
        _ => false,
    }
}

/// 前三类占比, 三类案件占比.
fn several_together(chars: &[char], start: usize, end: usize) -> bool {
    let many = |at: usize| "两二三四五六".contains(chars[at]);
    let kinds = |at: usize| chars.get(at + 1).is_some_and(|c| matches!(c, '类' | '项' | '种' | '者'));
    let others = |at: usize| at > 0 && matches!(chars[at - 1], '第' | '十');
    (start..end).any(|at| many(at) && kinds(at) && !others(at) && any(chars, at, end, "占"))
}

/// （一）……发现问题48个，占30%。（二）……发现问题64个，占40%: each is some of one whole.
fn share_each(chars: &[char], m: &Mention) -> bool {
    let behind = &chars[m.end..chars.len().min(m.end + NAMED + 2)];
    let share = behind.iter().position(|c| *c == '占').filter(|at| *at <= 2);
    share.is_some_and(|at| behind[at + 1..].first().is_some_and(char::is_ascii_digit))
}

/// 18个乡镇……36个村: both are 个 and neither is some of the other.
pub(super) fn other_things(chars: &[char], whole: &Mention, part: &Mention) -> bool {
    let named = |m: &Mention| -> Vec<&str> {
        let words = behind(chars, m);
        // 建立业主委员会的小区98个: the name may stand in front.
        let front = &chars[m.number.start.saturating_sub(2).max(m.clause.0)..m.number.start];
        let words = if words.is_empty() { front } else { &words[..words.len().min(NAMED)] };
        // 位于县城 is no name of a thing.
        let names = |thing: &&&str| {
            let to = if thing.chars().count() == 1 && **thing != "村" { 1 } else { words.len() };
            any(words, 0, to.min(words.len()), thing)
        };
        THINGS.iter().filter(names).copied().collect()
    };
    let (a, b) = (named(whole), named(part));
    whole.plain_unit(chars) == "个"
        && !a.is_empty()
        && !b.is_empty()
        && !a.iter().any(|thing| b.contains(thing))
}

/// 这202项均已计入前述: nothing is said of whether they are finished.
fn registered(chars: &[char], start: usize, end: usize) -> bool {
    ["全部", "均已", "都已"].iter().filter_map(|word| find(chars, start, end, word)).any(|at| {
        let stop = chars.len().min(at + REGISTERED_AT);
        // 全部落实晨午检制度: what is kept to.
        let kept =
            any(chars, at, stop, "落实") && !any(chars, at, chars.len().min(stop + 4), "到位 完毕 整改 完成");
        kept || any(chars, at, stop, REGISTERED)
    })
}

/// 六个方面: how many kinds of things there are.
fn aspects(chars: &[char], m: &Mention) -> bool {
    ["方面", "层面", "环节", "领域"].iter().any(|word| crate::lexicon::stands(chars, m.end, word))
}

/// 超过6500户的目标任务300户: by how much more was done.
fn beyond_an_aim(chars: &[char], whole: &Mention) -> bool {
    any(chars, whole.clause.0, whole.number.start, "超过 超额 超出 多完成")
        && any(chars, whole.clause.0, whole.number.start, "任务 目标 计划")
}

/// 其中2022年74个，2023年93个，今年61个，累计228个，剩余32个: one of the parts counts up those in front of it.
fn summed_up(chars: &[char], told: &[&Mention]) -> bool {
    (3..told.len()).any(|at| {
        let m = told[at];
        let said =
            any(chars, m.number.start.saturating_sub(5).max(m.clause.0), m.number.start, "累计 合计 共 总计");
        let sum: f64 = told[1..at].iter().map(|m| m.amount(chars)).sum();
        said && (sum - m.amount(chars)).abs() < 1e-9 * sum
    })
}

/// 98个乡镇综治中心建成91个，三级应建108个，已建成101个: each is of a whole of its own.
fn wholes_of_their_own(chars: &[char], mentions: &[Mention], one: &Mention, other: &Mention) -> bool {
    let own = |m: &Mention| {
        let at = mentions.partition_point(|n| n.start < m.start).checked_sub(1)?;
        let whole = &mentions[at];
        let fits = quantity(whole) && same_unit(chars, whole, m) && m.start.saturating_sub(whole.end) <= OWN;
        (fits && whole.sentence == m.sentence && whole.amount(chars) >= m.amount(chars))
            .then(|| whole.amount(chars))
    };
    own(one).zip(own(other)).is_some_and(|(a, b)| {
        (a - b).abs() > 1e-9 && (a - one.amount(chars)).abs() > 1e-9 && (b - other.amount(chars)).abs() > 1e-9
    })
}

/// 98个中建成91个，三级共建成101个 …… 建成的91个: the other value was told beside the one, by the word in front of it.
fn told_beside(chars: &[char], mentions: &[Mention], one: &Mention, other: &Mention) -> bool {
    let from = other.number.start.saturating_sub(OWN / 2).max(other.clause.0);
    let said = &chars[from..other.number.start];
    let named = |m: &Mention| {
        let word = &chars[m.number.start.saturating_sub(2).max(m.clause.0)..m.number.start];
        word.len() == 2 && super::reckon::holds(said, word)
    };
    other.sentence != one.sentence
        && mentions.iter().any(|m| {
            m.sentence == one.sentence
                && m.start != one.start
                && same_unit(chars, m, other)
                && m.number.value >= 10.0
                && (m.amount(chars) - other.amount(chars)).abs() < 1e-9
                && named(m)
        })
}

/// 入户宣传21次、集中宣讲14次 …… 35次入户宣传和集中宣讲: with what stands beside it.
fn with_the_next(chars: &[char], mentions: &[Mention], one: &Mention, other: &Mention) -> bool {
    let (first, both) = if one.start < other.start { (one, other) } else { (other, one) };
    let by = both.amount(chars) - first.amount(chars);
    let beside = |m: &&Mention| {
        let gap = m.start.max(first.start).saturating_sub(m.end.min(first.end));
        m.start != first.start && m.sentence == first.sentence && same_unit(chars, m, first) && gap <= NEAR
    };
    let joined = any(chars, both.end, both.clause.1.min(both.end + NEAR / 2), "和 及 与 、");
    joined && by > 0.0 && mentions.iter().filter(beside).any(|m| (m.amount(chars) - by).abs() < 1e-9)
}

/// 全区438个小区党支部（含联合党支部54个）: with those that the text counts in.
fn counted_in(chars: &[char], mentions: &[Mention], one: &Mention, other: &Mention) -> bool {
    let by = (one.amount(chars) - other.amount(chars)).abs();
    mentions.iter().any(|m| {
        let near = m.start > other.end && m.start - other.end <= NEAR
            || m.start > one.end && m.start - one.end <= NEAR;
        near && same_unit(chars, m, one)
            && (m.amount(chars) - by).abs() < 1e-9
            && any(chars, m.number.start.saturating_sub(NEAR / 2), m.number.start, "含 包括 另有 连同")
    })
}

/// 7名成员各领1个课题，46所学校各1个课题，共53个: with others that have as many each.
fn with_others(chars: &[char], mentions: &[Mention], told: &[&Mention]) -> bool {
    let [number, each, total] = told else { return false };
    let more = total.amount(chars) - number.amount(chars) * each.amount(chars);
    more > 0.0
        && mentions.iter().any(|m| {
            m.sentence == total.sentence
                && m.start < total.start
                && m.start != number.start
                && (m.amount(chars) * each.amount(chars) - more).abs() < 1e-9
        })
}

/// 新增14280个，包括小学8460个、初中5820个，占计划20380个的70.1%: another count of the sentence is such a share of that whole.
fn of_all_beside(chars: &[char], mentions: &[Mention], told: &[&Mention]) -> bool {
    let [whole, part, rate] = told else { return false };
    let sharp = chars[rate.number.start..rate.number.end].contains(&'.');
    sharp
        && mentions.iter().any(|m| {
            m.sentence == rate.sentence
                && m.end <= rate.start
                && m.start != part.start
                && m.start != whole.start
                && quantity(m)
                && same_unit(chars, m, whole)
                && m.amount(chars) > part.amount(chars)
                && is_share(chars, m, whole, rate)
        })
}

/// 床位1.24万张，入住6450人，入住率52%: of what stands right in front, in whatever unit.
fn of_the_one_in_front(chars: &[char], mentions: &[Mention], told: &[&Mention]) -> bool {
    let [_, part, rate] = told else { return false };
    let Some(at) = mentions.iter().position(|m| m.start == part.start).and_then(|at| at.checked_sub(1))
    else {
        return false;
    };
    let front = &mentions[at];
    let near =
        part.start.saturating_sub(front.end) <= OWN / 2 && front.sentence == part.sentence && quantity(front);
    let share = Range::of(chars, part).over(Range::of(chars, front)).times(100.0);
    near && front.amount(chars) >= part.amount(chars) && share.meets(Range::told(chars, rate))
}

/// 当月办结数多于受理数，主要是消化了前期结转件: of what came before as well.
fn carried_over(chars: &[char], part: &Mention) -> bool {
    const BEHIND: usize = 40;
    any(chars, part.end, part.sentence.1.min(part.end + BEHIND), "结转 存量 多于受理")
}

/// 包案14件、21件、11件，已化解37件: of all that are listed.
fn of_the_whole_list(chars: &[char], mentions: &[Mention], whole: &Mention, part: &Mention) -> bool {
    let done = any(chars, part.clause.0, part.number.start, "已 共 累计 合计");
    let next = whole.clause.1 + 1 >= part.clause.0 && whole.clause != part.clause;
    let here: Vec<&Mention> = mentions
        .iter()
        .filter(|m| m.sentence == whole.sentence && m.start <= whole.start && same_unit(chars, m, whole))
        .collect();
    // The first of them is what the others make.
    let [all, items @ ..] = &here[..] else { return false };
    let sum: f64 = items.iter().map(|m| m.amount(chars)).sum();
    done && next
        && items.len() > 1
        && (sum - all.amount(chars)).abs() < 1e-9
        && all.amount(chars) >= part.amount(chars)
}

/// 12个乡镇中，……；36个县直单位中，评定为“好”的14个: a nearer whole, of which something is told as well.
fn of_another_whole(chars: &[char], mentions: &[Mention], whole: &Mention, part: &Mention) -> bool {
    mentions.iter().any(|m| {
        m.start > whole.start
            && m.end < part.start
            && part.start - m.end <= 2 * OWN
            && same_unit(chars, m, part)
            && m.amount(chars) >= part.amount(chars)
            && any(chars, m.end, m.clause.1.min(m.end + OWN / 2) + 1, "中，")
    })
}

/// 较2022年的村均22.4万元: what is compared with.
fn compared(chars: &[char], m: &Mention) -> bool {
    any(chars, m.clause.0, m.number.start, "较 比")
        && any(chars, m.clause.0, m.number.start, "年的 年度的 期的")
}

/// 862次、2.35万人次，时长7.05万小时，人次均3小时: another number of the sentence gives the average.
fn each_of_them(chars: &[char], mentions: &[Mention], told: &[&Mention]) -> bool {
    let (Some(total), Some(each)) = (told.iter().rev().nth(1), told.last()) else { return false };
    let given = |n: &Mention| {
        let right = Range::of(chars, total).over(Range::of(chars, n));
        right.meets(Range::told(chars, each))
    };
    let first = told[0].end.min(total.start);
    mentions
        .iter()
        .any(|m| m.start > first && m.end <= each.start && quantity(m) && m.number.value > 1.0 && given(m))
}

/// 由163个增加到185个，覆盖率提高到89.4%: not by how much it grew.
fn a_level(chars: &[char], rate: &Mention) -> bool {
    let front = (rate.number.start.saturating_sub(OWN / 2).max(rate.clause.0), rate.number.start);
    rate.plain_unit(chars) == "%"
        && ["率提高到", "率上升到", "率提升到", "率达到", "率提高至", "率达", "率为"].iter().any(|word| {
            find(chars, front.0, front.1, word).is_some_and(|at| at + word.chars().count() == front.1)
        })
}

/// 其余9件 of 46 …… 县领导包案的14件已全部化解: all of another number than the one of which some are left.
fn of_a_set_of_its_own(chars: &[char], mentions: &[Mention], conflict: &Conflict) -> bool {
    // The statement may be longer than its number.
    let first = |span: &[usize; 2]| mentions.iter().find(|m| m.start >= span[0] && m.end <= span[1]);
    let [Some(one), Some(other)] = conflict.spans.iter().map(first).collect::<Vec<_>>()[..] else {
        return false;
    };
    let set = |all: &Mention, left: &Mention| {
        let leaves = |pair: &[&Mention]| {
            (pair[0].amount(chars) - pair[1].amount(chars) - left.amount(chars)).abs() < 1e-9
        };
        // Every whole of a sentence of which just so many are left beside others.
        let wholes = |sentence: (usize, usize)| -> Vec<f64> {
            let here: Vec<&Mention> = mentions
                .iter()
                .filter(|m| m.sentence == sentence && quantity(m) && same_unit(chars, m, left))
                .collect();
            (0..here.len())
                .flat_map(|i| here[i + 1..].iter().map(move |b| (i, *b)))
                .filter(|(i, b)| b.start != left.start && leaves(&[here[*i], b]))
                .map(|(i, _)| here[i].amount(chars))
                .collect()
        };
        let told = [wholes(left.sentence), wholes(all.sentence)].concat();
        let own = |whole: &f64| (whole - all.amount(chars)).abs() < 1e-9;
        !told.is_empty() && !told.iter().any(own) && all.amount(chars) > left.amount(chars)
    };
    same_unit(chars, one, other) && (set(one, other) || set(other, one))
}

/// 57件积案，仍有11件没有化解，化解率80.7%: the rate is of the others.
fn of_the_others(chars: &[char], told: &[&Mention]) -> bool {
    let [whole, part, rate] = told else { return false };
    let open = any(chars, part.clause.0, part.clause.1, "没有 未 仍有 尚有 剩余 其余");
    let share = Range::of(chars, part).over(Range::of(chars, whole)).times(100.0);
    let of = find(chars, rate.clause.0, rate.number.start, "占").is_some();
    open && !of && Range::exactly(100.0).minus(share).meets(Range::told(chars, rate))
}

/// 吸引观众4.8万人次，其中市外观众约占62%: the share of a part that is not counted.
fn of_an_uncounted_part(chars: &[char], told: &[&Mention]) -> bool {
    let [_, part, rate] = told else { return false };
    let Some(at) = find(chars, part.end, rate.number.start, "其中").filter(|at| *at + 2 < rate.number.start)
    else {
        return false;
    };
    let (name, own) = (&chars[at + 2..rate.number.start], &chars[part.clause.0..part.clause.1.max(part.end)]);
    !name.windows(3).any(|w| super::reckon::all_han(w) && super::reckon::holds(own, w))
}

/// 未成年人57件: nothing is left.
fn under_age(chars: &[char], m: &Mention) -> bool {
    any(chars, m.number.start.saturating_sub(5).max(m.clause.0), m.number.start, "未成年")
}

/// 在建的11所中，7所……，4所……；未开工的2所: without the last they make it.
fn first_make_it(chars: &[char], told: &[&Mention]) -> bool {
    let [whole, parts @ .., last] = told else { return false };
    let Some(before) = parts.last().filter(|_| parts.len() > 1) else { return false };
    let sum: f64 = parts.iter().map(|m| m.amount(chars)).sum();
    let apart = chars[before.end.min(last.start)..last.start].contains(&'；');
    apart && (sum - whole.amount(chars)).abs() < 1e-9
}

/// 168个建制村，其中137个通公交；建成站点156个；还有31个未通: another count beside the whole leaves what is told.
fn left_of_it(chars: &[char], mentions: &[Mention], told: &[&Mention]) -> bool {
    let [whole, out, left] = told else { return false };
    if any(chars, left.sentence.0, left.start, "除上述 除此之外 上一年度") {
        return true;
    }
    let rest = whole.amount(chars) - left.amount(chars);
    mentions.iter().any(|m| {
        m.start > whole.start
            && m.start < out.start
            && m.sentence == whole.sentence
            && same_unit(chars, m, whole)
            && (m.amount(chars) - rest).abs() < 1e-9
    })
}

/// 甲31项达标，乙30项达标，两地未达标的合计3项: they are no parts of what is not met.
fn of_the_unmet(chars: &[char], told: &[&Mention]) -> bool {
    let not = |m: &Mention| any(chars, m.clause.0, m.number.start, "未 不达标 不合格");
    let (unmet, met): (Vec<&&Mention>, Vec<&&Mention>) = told.iter().partition(|m| not(m));
    unmet.len() == 1 && met.len() > 1 && met.iter().any(|m| any(chars, m.end, m.clause.1, "达标 合格 通过"))
}

/// 全市累计收购28.8万吨 …… 3个县收购21.6万吨，占全市收购总量的75%: of what was summed up farther in front.
fn of_the_sum_told_first(chars: &[char], mentions: &[Mention], told: &[&Mention]) -> bool {
    const FAR: usize = 900;
    let [whole, part, rate] = told else { return false };
    let of_all = any(chars, rate.clause.0, rate.number.start, "总量 总数 总额 总面积");
    of_all
        && mentions.iter().any(|m| {
            m.start != whole.start
                && m.end <= part.start
                && part.start - m.end <= FAR
                && quantity(m)
                && same_unit(chars, m, part)
                && any(chars, m.clause.0, m.number.start, "累计 共 总")
                && is_share(chars, part, m, rate)
        })
}

/// 收回有效问卷1425份 …… 认为路程太远的399人，占28%: of all who answered, whatever stands nearer.
fn of_those_asked(chars: &[char], mentions: &[Mention], told: &[&Mention]) -> bool {
    let [_, part, rate] = told else { return false };
    mentions.iter().any(|m| {
        m.end <= part.start
            && quantity(m)
            && any(
                chars,
                m.number.start.saturating_sub(8).max(m.clause.0),
                m.number.start,
                "有效问卷 有效答卷 有效样本",
            )
            && is_share(chars, part, m, rate)
    })
}
